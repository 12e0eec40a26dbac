//! What happens inside guests, in words.

use super::Names;
use windtunnel_sim::azure::instances::published;
use windtunnel_sim::plan::{ExtensionNumber, GuestAct};
use windtunnel_sim::world::fact::GuestFact;
use windtunnel_sim::world::ids::{ActionId, SetId};

/// What an act about guests does.
pub fn act(names: &Names<'_>, act: &GuestAct) -> String {
    match act {
        GuestAct::ExpirePayload { set, extension, .. } => {
            format!(
                "a secret or download that extension {extension} of {} needs is not available",
                names.set(SetId(*set))
            )
        }
        GuestAct::PublishExtension { set, extension, release } => {
            format!("{} of extension {extension} reaches {}", release.version, names.set(SetId(*set)))
        }
        GuestAct::UpgradeExtensions { set } => format!("upgrade the extensions of {}", names.set(SetId(*set))),
        GuestAct::FailUpgrade { set } => {
            format!("a fault of the service hits the upgrade of {}", names.set(SetId(*set)))
        }
    }
}

pub(super) fn extension<'p>(names: &Names<'p>, set: SetId, number: ExtensionNumber) -> &'p str {
    number.of(names.plan(), set.index()).map_or("an extension", |extension| &extension.name)
}

/// Extension and number of what an entry of the timeline published.
pub(super) fn release<'p>(names: &Names<'p>, action: ActionId) -> (&'p str, &'p str) {
    let (extension, release) = published(names.plan(), action);
    (extension, &release.version)
}

/// It as a sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &GuestFact) -> String {
    match *fact {
        GuestFact::CustomDataDone { .. } => format!("cloud-init on {who} finishes the custom data"),
        GuestFact::CustomDataFailed { .. } => {
            format!("cloud-init on {who} fails on the custom data, which Azure does not notice")
        }
        GuestFact::ReleasePublished { set, action } => {
            let (extension, version) = release(names, action);
            format!("version {version} of extension {extension} is available for {}", names.set(set))
        }
        GuestFact::ReleaseChanged { action, back, .. } => {
            let (extension, version) = release(names, action);
            let has = if back { "is back on version" } else { "has version" };
            format!("extension {extension} on {who} {has} {version}")
        }
        GuestFact::PayloadExpired { set, extension: number } => {
            let (name, set_name) = (extension(names, set, number), names.set(set));
            format!(
                "a secret or download that extension {name} of {set_name} needs has expired: from now on it fails on \
                 every instance"
            )
        }
        GuestFact::PayloadRenewed { set, extension: number } => {
            format!(
                "the secret or download that extension {} of {} needs is available again",
                extension(names, set, number),
                names.set(set)
            )
        }
    }
}
