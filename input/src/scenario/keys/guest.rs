//! The keys of what runs inside the guest beside the system: releases of the code, and what installs them.

use super::*;

/// A release: its name, or what is wrong with it.
pub const RELEASE: Kind = Either(&[Kind::Text, release::MAPPING]);

object! {
    /// A release of the code and what is wrong with it, whatever brings it to an instance: an image, an extension, a
    /// pipeline.
    mod release "Release";
    /// its name
    NAME: Text = required("name");
    /// dependencies it cannot reach
    CANNOT_REACH: Texts = renamed("cannotReach", "cannot", Need::Optional);
    /// it works for a while only, counted from the start of its process
    DEGRADES: Tree = optional("degrades", degrades::MAPPING);
    /// counted by the blast radius
    BAD: Flag = default("bad", false);
}

object! {
    /// What an extension of a model does on an instance.
    mod extension_effect "ExtensionEffect";
    /// how long it takes
    DURATION: Length = or_assumption("duration", key::ExtensionDuration);
    /// how often it fails
    FAILURE: Share = default("failure", 0.0);
    /// dependencies that the instance must reach when it ends: it fails without them (WT-21)
    NEEDS: Texts = optional("needs");
    /// the release it installs; where that hangs on its properties, a list of which the first that holds counts
    INSTALLS: Tree = optional("installs", Either(&[Kind::Text, List(&install::MAPPING)]));
    /// the process is started by it and not by the boot
    STARTS_PROCESS: Flag = default("startsProcess", false);
    /// the process is down while it works, and runs again when it is done; where it fails, it stays down
    STOPS_PROCESS: Flag = default("stopsProcess", false);
}

object! {
    /// What cloud-init does with `osProfile.customData` of a scale set on each new disk. Azure does not wait for it
    /// (EX-01).
    mod custom_data_effect "CustomDataEffect";
    /// how long after the boot it is done
    DURATION: Length = default("duration", SimDuration::ZERO);
    /// how often it fails; the instance is Succeeded all the same
    FAILURE: Share = default("failure", 0.0);
    /// dependencies that the instance must reach when it ends: it fails without them (WT-21)
    NEEDS: Texts = optional("needs");
    /// the release it installs; where that hangs on the custom data, a list with `when: { customData: … }`
    INSTALLS: Tree = optional("installs", Either(&[Kind::Text, List(&install::MAPPING)]));
    /// the process is started by it and not by the boot
    STARTS_PROCESS: Flag = default("startsProcess", false);
}

object! {
    /// A secret, or a file behind a SAS, that an extension needs has expired: it fails wherever it runs anew (RU-40).
    mod expire_payload "ExpirePayload" with [SCALE_SET] then [FOR];
    /// the extension
    EXTENSION: Text = required("extension");
}

object! {
    /// A publisher's release of an extension reaches a scale set: those with `enableAutomaticUpgrade` are upgraded to
    /// it in batches (OS-33), and new disks get it anyway.
    mod publish_extension "PublishExtension" with [SCALE_SET];
    /// the extension
    EXTENSION: Text = required("extension");
    /// its number
    VERSION: Text = required("version");
    /// how long it takes to be put in; what the extension takes where absent
    DURATION: Length = optional("duration");
    /// how often that fails
    FAILURE: Share = default("failure", 0.0);
    /// the process is down meanwhile
    STOPS_PROCESS: Flag = default("stopsProcess", false);
    /// dependencies that instances with it cannot reach
    CANNOT_REACH: Texts = renamed("cannotReach", "cannot", Need::Optional);
    /// counted by the blast radius
    BAD: Flag = default("bad", false);
}

object! {
    /// Where the properties say this, that release is installed.
    mod install "Install";
    /// properties of the extension as ARM spells them, `{ settings: { commandToExecute: ./install r42 } }` or `{
    /// forceUpdateTag: r42 }`; what it does not name may be anything
    WHEN: Tree = required("when", Any);
    /// the release
    CODE: Text = required("code");
}
