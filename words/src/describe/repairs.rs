//! Automatic instance repairs in words.

use super::Names;
use windtunnel_sim::plan::{RepairAction, ServiceCall};
use windtunnel_sim::world::fact::{Obstacle, RepairEnd, RepairsFact, Spared};

const fn done_to(action: RepairAction) -> &'static str {
    match action {
        RepairAction::Replace => "another instance replaces it",
        RepairAction::Reimage => "its OS disk is recreated",
        RepairAction::Restart => "it is restarted",
    }
}

fn times(nth: u32) -> String {
    if nth > 1 { format!(", for the {nth}{} time without a healthy one between", ordinal(nth)) } else { String::new() }
}

const fn ordinal(nth: u32) -> &'static str {
    match (nth % 10, nth % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

/// A fact as one English sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &RepairsFact) -> String {
    match *fact {
        RepairsFact::Enabled { .. } => format!("automatic repairs run on {who}"),
        RepairsFact::Disabled { .. } => format!("automatic repairs no longer run on {who}"),
        RepairsFact::Prevented { why: Obstacle::NoHealthSource, .. } => {
            format!("automatic repairs do nothing on {who}: it has neither the health extension nor a health probe")
        }
        RepairsFact::Prevented { why: Obstacle::TwoHealthSources, .. } => {
            format!("automatic repairs do nothing on {who}: it has two health sources, and only one is allowed")
        }
        RepairsFact::SuspendedThemselves { repairs, .. } => format!(
            "automatic repairs of {who} suspend themselves: {who} is not healthy after {repairs} repairs, and only \
             an operator can resume them"
        ),
        RepairsFact::ServiceSet { call: ServiceCall::Suspend, .. } => {
            format!("automatic repairs of {who} are suspended")
        }
        RepairsFact::ServiceSet { call: ServiceCall::Resume, .. } => format!("automatic repairs of {who} are resumed"),
        RepairsFact::CallRefused { call, .. } => {
            format!("there are no automatic repairs on {who} that a call could {}", call.word().to_lowercase())
        }
        RepairsFact::LeftOut { why, .. } => {
            let because = match why {
                Spared::Protected => "it is protected",
                Spared::ProvisioningFailed => {
                    "its provisioning failed, and repairs apply only to instances that \
                    came up once"
                }
                Spared::Deallocated => "it is deallocated",
                Spared::InBatch => "it is in the batch of a running upgrade",
                Spared::UpgradeRuns => "an upgrade of its set is running",
            };
            format!("{who} is unhealthy and is not repaired: {because}")
        }
        RepairsFact::Started { action, nth, .. } => format!("{who} is repaired{}: {}", times(nth), done_to(action)),
        RepairsFact::Replaced { by, .. } => format!("{} replaces {who}", names.instance(by)),
        RepairsFact::Ended { how: RepairEnd::Done, .. } => format!("the repair of {who} ends"),
        RepairsFact::Ended { how: RepairEnd::NotReplaced, .. } => {
            format!("the repair of {who} leaves its set one short: no replacement could be created")
        }
        RepairsFact::Ended { how: RepairEnd::Failed, .. } => {
            format!("the repair of {who} ends, and its replacement did not come up")
        }
        RepairsFact::Ended { how: RepairEnd::Overtaken, .. } => {
            format!("the repair of {who} ends, since another operation came first")
        }
    }
}
