//! What runs inside the guest beside the system: releases of the code, and what installs them.

use super::super::shape::{Kind, Need, Object};
use super::images::DEGRADES_AFTER;
use super::{DIST, SHARE, TEXTS, key};
use Kind::{Any, Bool, Either, List, Text};
use Need::{Default, Optional, Required};

/// A release: its name, or what is wrong with it.
pub const RELEASE: Kind = Either(&[Text, Kind::Object(&FLAWED)]);

static FLAWED: Object = Object {
    name: "Release",
    doc: "A release of the code and what is wrong with it, whatever brings it to an instance: an image, an extension, a pipeline.",
    one_of: &[],
    entries: &[
        key("name", Text, Required, "its name"),
        key("cannot", TEXTS, Optional, "dependencies it cannot reach"),
        key(
            "degrades",
            Kind::Object(&DEGRADES_AFTER),
            Optional,
            "it works for a while only, counted from the start of its process",
        ),
        key("bad", Bool, Default("false"), "counted by the blast radius"),
    ],
};

pub static EXTENSION: Object = Object {
    name: "ExtensionEffect",
    doc: "What an extension of a model does on an instance.",
    one_of: &[],
    entries: &[
        key("duration", DIST, Default("PT0S"), "how long it takes"),
        key("failure", SHARE, Default("0%"), "how often it fails"),
        key(
            "installs",
            Either(&[Text, List(&Kind::Object(&INSTALL))]),
            Optional,
            "the release it installs; where that hangs on its properties, a list of which the first that holds counts",
        ),
        key("startsProcess", Bool, Default("false"), "the process is started by it and not by the boot"),
        key(
            "stopsProcess",
            Bool,
            Default("false"),
            "the process is down while it works, and runs again when it is done; where it fails, it stays down",
        ),
    ],
};

/// cloud-init.
pub static CUSTOM_DATA: Object = Object {
    name: "CustomDataEffect",
    doc: "What cloud-init does with `osProfile.customData` of a scale set on each new disk. Azure does not wait for it (EX-01).",
    one_of: &[],
    entries: &[
        key("duration", DIST, Default("PT0S"), "how long after the boot it is done"),
        key("failure", SHARE, Default("0%"), "how often it fails; the instance is Succeeded all the same"),
        key(
            "installs",
            Either(&[Text, List(&Kind::Object(&INSTALL))]),
            Optional,
            "the release it installs; where that hangs on the custom data, a list with `when: { customData: … }`",
        ),
        key("startsProcess", Bool, Default("false"), "the process is started by it and not by the boot"),
    ],
};

/// What an extension needs cannot be had.
pub static EXPIRE_PAYLOAD: Object = Object {
    name: "ExpirePayload",
    doc: "A secret, or a file behind a SAS, that an extension needs has expired: it fails wherever it runs anew (RU-40).",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        key("extension", Text, Required, "the extension"),
        key("for", Kind::Duration, Optional, "how long; to the end where absent"),
    ],
};

/// A release of an extension.
pub static PUBLISH_EXTENSION: Object = Object {
    name: "PublishExtension",
    doc: "A publisher's release of an extension reaches a scale set: those with `enableAutomaticUpgrade` are upgraded to it in \
          batches (OS-33), and new disks get it anyway.",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        key("extension", Text, Required, "the extension"),
        key("version", Text, Required, "its number"),
        key("duration", DIST, Optional, "how long it takes to be put in; what the extension takes where absent"),
        key("failure", SHARE, Default("0%"), "how often that fails"),
        key("stopsProcess", Bool, Default("false"), "the process is down meanwhile"),
        key("cannot", TEXTS, Optional, "dependencies that it keeps from whoever has it"),
        key("bad", Bool, Default("false"), "counted by the blast radius"),
    ],
};

static INSTALL: Object = Object {
    name: "Install",
    doc: "Where the properties say this, that release is installed.",
    one_of: &[],
    entries: &[
        key(
            "when",
            Any,
            Required,
            "properties of the extension as ARM spells them, `{ settings: { commandToExecute: ./install r42 } }` or \
             `{ forceUpdateTag: r42 }`; what it does not name may be anything",
        ),
        key("code", Text, Required, "the release"),
    ],
};
