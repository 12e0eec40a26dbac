//! Automatic OS upgrades in words.

use super::{Names, instances};
use windtunnel_sim::world::fact::{NoCall, OsNotice, OsUpgradeFact, Unmet, WaitsFor};

fn prevented(set: &str, image: Option<&str>, why: Unmet) -> String {
    let what = image.map_or_else(
        || format!("automatic OS upgrade does nothing on {set}"),
        |image| format!("automatic OS upgrade does not upgrade {set} to {image}"),
    );
    let because = match why {
        Unmet::Pinned => "its model names a version, not `latest`".to_owned(),
        Unmet::NoHealthSource => "it has neither the health extension nor a health probe".to_owned(),
        Unmet::TwoHealthSources => "it has two health sources, and only one is allowed".to_owned(),
        Unmet::Flexible => "it is Flexible, which does not support it".to_owned(),
        Unmet::FlexibleSurge => "it is Flexible and has maxSurge, which cannot be combined".to_owned(),
        Unmet::BehindModel(count) => {
            format!("its mode is Manual, and {} must first get the model by hand", instances(count))
        }
        Unmet::Excluded => "the version is excluded from `latest`".to_owned(),
        Unmet::EarlierPhase => "not all regions of an earlier phase are on it".to_owned(),
    };
    format!("{what}: {because}")
}

/// A fact as one English sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &OsUpgradeFact) -> String {
    match *fact {
        OsUpgradeFact::Enabled { .. } => format!("automatic OS upgrade is enabled on {who}"),
        OsUpgradeFact::Disabled { .. } => format!("automatic OS upgrade is disabled on {who}"),
        OsUpgradeFact::Prevented { image, why, .. } => prevented(who, image.map(|image| names.image(image)), why),
        OsUpgradeFact::Eligible { image, .. } => {
            format!("{} is available for {who}; Azure has not noticed it yet", names.image(image))
        }
        OsUpgradeFact::Detected { image, .. } => {
            format!("Azure notices that {who} should be upgraded to {}", names.image(image))
        }
        OsUpgradeFact::AlreadyNewest { image, .. } => {
            format!("every instance of {who} already runs {}, and there is no newer version", names.image(image))
        }
        OsUpgradeFact::Waits { image, why, .. } => {
            let image = names.image(image);
            match why {
                WaitsFor::Upgrade => format!("the upgrade of {who} to {image} waits for the running upgrade"),
                WaitsFor::Window => format!("the upgrade of {who} to {image} waits for the next maintenance window"),
                WaitsFor::Approval => format!("the upgrade of {who} to {image} waits for ApproveRollingUpgrade"),
            }
        }
        OsUpgradeFact::Dropped { image, .. } => {
            format!("the upgrade of {who} to {} is withdrawn before it starts", names.image(image))
        }
        OsUpgradeFact::WindowOpened { .. } => format!("a maintenance window of {who} opens"),
        OsUpgradeFact::Tagged { instance } => {
            format!("{} gets the tag Platform.PendingOSUpgrade", names.instance(instance))
        }
        OsUpgradeFact::Approved { count, .. } => {
            format!("the OS upgrade of {} of {who} is approved", instances(count))
        }
        OsUpgradeFact::Requested { image, .. } => {
            format!("an operator starts the OS upgrade of {who} to {}", names.image(image))
        }
        OsUpgradeFact::CallRefused { why, .. } => match why {
            NoCall::NothingToApprove => format!("nothing on {who} waits for approval"),
            NoCall::Pinned => format!("{who} cannot be upgraded: its model names a version"),
            NoCall::NoImage => format!("{who} cannot be upgraded: its region has no version"),
            NoCall::Flexible => format!("{who} is Flexible, which does not support OS upgrades"),
            NoCall::NoneEligible => format!(
                "Azure refuses the OS upgrade of {who}, which needs some unprotected instances whose imageReference.version is latest, and has none"
            ),
        },
        OsUpgradeFact::AttemptEnded { restored: 0, unrestored: 0, .. } => {
            format!("the OS upgrade of {who} enters its history; no instance was rolled back")
        }
        OsUpgradeFact::AttemptEnded { restored, unrestored: 0, .. } => {
            format!("the OS upgrade of {who} enters its history, with {} rolled back", instances(restored))
        }
        OsUpgradeFact::AttemptEnded { restored, unrestored, .. } => format!(
            "the OS upgrade of {who} enters its history, with {} rolled back and {} that could not be",
            instances(restored),
            instances(unrestored)
        ),
        OsUpgradeFact::Logged { image, what, .. } => {
            let image = names.image(image);
            let said = match what {
                OsNotice::Submitted => "was submitted",
                OsNotice::Accepted => "was accepted",
                OsNotice::Refused => "failed, since the gate before its first batch did not pass",
                OsNotice::Succeeded => "is complete",
                OsNotice::Failed => "did not complete",
            };
            format!("the activity log says that the OS upgrade of {who} to {image} {said}")
        }
        OsUpgradeFact::RetryPlanned { image, .. } => {
            format!("Azure will try again to upgrade {who} to {}", names.image(image))
        }
    }
}
