//! Automatic OS upgrades in words.

use super::{Names, pairs};
use windtunnel_sim::world::fact::{NoCall, OsNotice, OsUpgradeFact, Unmet, WaitsFor};

/// The kind of a fact, as written in tables.
pub const fn what(fact: &OsUpgradeFact) -> &'static str {
    match fact {
        OsUpgradeFact::Enabled { .. } => "osUpgradeEnabled",
        OsUpgradeFact::Disabled { .. } => "osUpgradeDisabled",
        OsUpgradeFact::Prevented { .. } => "osUpgradePrevented",
        OsUpgradeFact::Eligible { .. } => "osUpgradeEligible",
        OsUpgradeFact::Detected { .. } => "osUpgradeDetected",
        OsUpgradeFact::AlreadyNewest { .. } => "alreadyNewest",
        OsUpgradeFact::Waits { .. } => "osUpgradeWaits",
        OsUpgradeFact::Dropped { .. } => "osUpgradeDropped",
        OsUpgradeFact::WindowOpened { .. } => "maintenanceWindowOpened",
        OsUpgradeFact::Tagged { .. } => "pendingOSUpgradeTagged",
        OsUpgradeFact::Approved { .. } => "osUpgradeApproved",
        OsUpgradeFact::Requested { .. } => "osUpgradeRequested",
        OsUpgradeFact::CallRefused { .. } => "osUpgradeCallRefused",
        OsUpgradeFact::AttemptEnded { .. } => "osUpgradeAttemptEnded",
        OsUpgradeFact::RetryPlanned { .. } => "osUpgradeRetryPlanned",
        OsUpgradeFact::Logged { .. } => "osUpgradeLogged",
    }
}

const fn unmet_code(why: Unmet) -> &'static str {
    match why {
        Unmet::Pinned => "versionPinned",
        Unmet::NoHealthSource => "noHealthSource",
        Unmet::TwoHealthSources => "twoHealthSources",
        Unmet::Flexible => "flexible",
        Unmet::FlexibleSurge => "maxSurgeOnFlexible",
        Unmet::BehindModel(_) => "instancesBehindModel",
        Unmet::Excluded => "excludedFromLatest",
        Unmet::EarlierPhase => "earlierPhase",
    }
}

const fn wait_code(why: WaitsFor) -> &'static str {
    match why {
        WaitsFor::Upgrade => "runningUpgrade",
        WaitsFor::Window => "maintenanceWindow",
        WaitsFor::Approval => "approval",
    }
}

const fn notice_code(what: OsNotice) -> &'static str {
    match what {
        OsNotice::Submitted => "submitted",
        OsNotice::Accepted => "accepted",
        OsNotice::Refused => "refused",
        OsNotice::Succeeded => "succeeded",
        OsNotice::Failed => "failed",
    }
}

const fn refusal_code(why: NoCall) -> &'static str {
    match why {
        NoCall::NothingToApprove => "nothingToApprove",
        NoCall::Pinned => "versionPinned",
        NoCall::NoImage => "noImage",
        NoCall::Flexible => "flexible",
        NoCall::NoneEligible => "noUnprotectedInstanceOnLatest",
    }
}

/// What a machine reads of a fact beside its kind and its subject.
pub fn detail(names: &Names<'_>, fact: &OsUpgradeFact) -> String {
    match *fact {
        OsUpgradeFact::Prevented { image, why, .. } => {
            let image = image.map_or("", |image| names.image(image));
            match (why, image) {
                (Unmet::BehindModel(count), "") => pairs(&[("why", &unmet_code(why)), ("instances", &count)]),
                (Unmet::BehindModel(count), image) => {
                    pairs(&[("why", &unmet_code(why)), ("instances", &count), ("image", &image)])
                }
                (_, "") => pairs(&[("why", &unmet_code(why))]),
                (_, image) => pairs(&[("why", &unmet_code(why)), ("image", &image)]),
            }
        }
        OsUpgradeFact::Eligible { image, .. }
        | OsUpgradeFact::Detected { image, .. }
        | OsUpgradeFact::AlreadyNewest { image, .. }
        | OsUpgradeFact::Dropped { image, .. }
        | OsUpgradeFact::Requested { image, .. }
        | OsUpgradeFact::RetryPlanned { image, .. } => pairs(&[("image", &names.image(image))]),
        OsUpgradeFact::Waits { image, why, .. } => pairs(&[("image", &names.image(image)), ("for", &wait_code(why))]),
        OsUpgradeFact::Approved { count, .. } => pairs(&[("instances", &count)]),
        OsUpgradeFact::Logged { image, what, .. } => {
            pairs(&[("image", &names.image(image)), ("what", &notice_code(what))])
        }
        OsUpgradeFact::CallRefused { why, .. } => pairs(&[("why", &refusal_code(why))]),
        OsUpgradeFact::AttemptEnded { restored, unrestored, .. } => {
            pairs(&[("restored", &restored), ("unrestored", &unrestored)])
        }
        OsUpgradeFact::Enabled { .. }
        | OsUpgradeFact::Disabled { .. }
        | OsUpgradeFact::WindowOpened { .. }
        | OsUpgradeFact::Tagged { .. } => String::new(),
    }
}

fn instances(count: u32) -> String {
    if count == 1 { "1 instance".to_owned() } else { format!("{count} instances") }
}

fn prevented(set: &str, image: Option<&str>, why: Unmet) -> String {
    let what = image.map_or_else(
        || format!("automatic OS upgrade does nothing on {set}"),
        |image| format!("automatic OS upgrade does not bring {set} to {image}"),
    );
    let because = match why {
        Unmet::Pinned => "its model names a version, and not `latest`".to_owned(),
        Unmet::NoHealthSource => "it has neither the health extension nor a probe to go by".to_owned(),
        Unmet::TwoHealthSources => "it has two health sources, and may have one".to_owned(),
        Unmet::Flexible => "it is Flexible, which does not support it".to_owned(),
        Unmet::FlexibleSurge => "it is Flexible and has maxSurge, which exclude each other here".to_owned(),
        Unmet::BehindModel(count) => {
            format!("its mode is Manual, and {} must first be brought to the model by hand", instances(count))
        }
        Unmet::Excluded => "the version is excluded from `latest`".to_owned(),
        Unmet::EarlierPhase => "the regions of an earlier phase are not all on it".to_owned(),
    };
    format!("{what}: {because}")
}

/// A fact as one English sentence.
pub fn sentence(names: &Names<'_>, fact: &OsUpgradeFact) -> String {
    let set = fact.set().map_or("", |set| names.set(set));
    match *fact {
        OsUpgradeFact::Enabled { .. } => format!("automatic OS upgrade is enabled on {set}"),
        OsUpgradeFact::Disabled { .. } => format!("automatic OS upgrade is disabled on {set}"),
        OsUpgradeFact::Prevented { image, why, .. } => prevented(set, image.map(|image| names.image(image)), why),
        OsUpgradeFact::Eligible { image, .. } => {
            format!("{} is there for {set}; Azure has yet to notice", names.image(image))
        }
        OsUpgradeFact::Detected { image, .. } => {
            format!("Azure notices that {set} is to go to {}", names.image(image))
        }
        OsUpgradeFact::AlreadyNewest { image, .. } => {
            format!("every instance of {set} runs {} already, and nothing newer is there", names.image(image))
        }
        OsUpgradeFact::Waits { image, why, .. } => {
            let image = names.image(image);
            match why {
                WaitsFor::Upgrade => format!("the way of {set} to {image} waits for the upgrade that runs"),
                WaitsFor::Window => format!("the way of {set} to {image} waits for the next maintenance window"),
                WaitsFor::Approval => format!("the way of {set} to {image} waits for ApproveRollingUpgrade"),
            }
        }
        OsUpgradeFact::Dropped { image, .. } => {
            format!("{set} is not to go to {} any more, and had not begun to", names.image(image))
        }
        OsUpgradeFact::WindowOpened { .. } => format!("a maintenance window of {set} opens"),
        OsUpgradeFact::Tagged { instance } => {
            format!("{} gets the tag Platform.PendingOSUpgrade", names.instance(instance))
        }
        OsUpgradeFact::Approved { count, .. } => {
            format!("the OS upgrade of {} of {set} is approved", instances(count))
        }
        OsUpgradeFact::Requested { image, .. } => {
            format!("somebody starts the OS upgrade of {set} to {} by hand", names.image(image))
        }
        OsUpgradeFact::CallRefused { why, .. } => match why {
            NoCall::NothingToApprove => format!("nothing on {set} waits for approval"),
            NoCall::Pinned => format!("{set} has no newest version to go to: its model names one"),
            NoCall::NoImage => format!("{set} has no newest version to go to: none is in its region"),
            NoCall::Flexible => format!("{set} is Flexible, which does not support OS upgrades"),
            NoCall::NoneEligible => format!(
                "Azure refuses the OS upgrade of {set}, which needs some unprotected instances whose imageReference.version is latest, and has none"
            ),
        },
        OsUpgradeFact::AttemptEnded { restored: 0, unrestored: 0, .. } => {
            format!("the OS upgrade of {set} goes into its history; nobody was put back")
        }
        OsUpgradeFact::AttemptEnded { restored, unrestored: 0, .. } => {
            format!("the OS upgrade of {set} goes into its history, with {} put back", instances(restored))
        }
        OsUpgradeFact::AttemptEnded { restored, unrestored, .. } => format!(
            "the OS upgrade of {set} goes into its history, with {} put back and {} that could not be",
            instances(restored),
            instances(unrestored)
        ),
        OsUpgradeFact::Logged { image, what, .. } => {
            let image = names.image(image);
            let said = match what {
                OsNotice::Submitted => "was submitted",
                OsNotice::Accepted => "was accepted",
                OsNotice::Refused => "came to nothing, since the gate before its first batch is closed",
                OsNotice::Succeeded => "is complete",
                OsNotice::Failed => "did not complete",
            };
            format!("the activity log has that the OS upgrade of {set} to {image} {said}")
        }
        OsUpgradeFact::RetryPlanned { image, .. } => {
            format!("Azure will try again to bring {set} to {}", names.image(image))
        }
    }
}
