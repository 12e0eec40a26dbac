//! Automatic instance repairs in words.

use super::{Names, pairs};
use windtunnel_sim::plan::{RepairAction, ServiceCall};
use windtunnel_sim::world::fact::{Obstacle, RepairEnd, RepairsFact, Spared};

/// The kind of a fact, as written in tables.
pub const fn what(fact: &RepairsFact) -> &'static str {
    match fact {
        RepairsFact::Enabled { .. } => "repairsEnabled",
        RepairsFact::Disabled { .. } => "repairsDisabled",
        RepairsFact::Prevented { .. } => "repairsPrevented",
        RepairsFact::SuspendedThemselves { .. } => "repairsSuspended",
        RepairsFact::ServiceSet { .. } => "repairsServiceStateSet",
        RepairsFact::CallRefused { .. } => "repairsCallRefused",
        RepairsFact::LeftOut { .. } => "repairLeftOut",
        RepairsFact::Started { .. } => "repairStarted",
        RepairsFact::Replaced { .. } => "repairReplaced",
        RepairsFact::Ended { .. } => "repairEnded",
    }
}

const fn obstacle_code(why: Obstacle) -> &'static str {
    match why {
        Obstacle::NoHealthSource => "noHealthSource",
        Obstacle::TwoHealthSources => "twoHealthSources",
    }
}

const fn spared_code(why: Spared) -> &'static str {
    match why {
        Spared::Protected => "protected",
        Spared::ProvisioningFailed => "provisioningFailed",
        Spared::Deallocated => "deallocated",
        Spared::InBatch => "inBatch",
        Spared::UpgradeRuns => "upgradeRuns",
    }
}

const fn end_code(how: RepairEnd) -> &'static str {
    match how {
        RepairEnd::Done => "done",
        RepairEnd::NotReplaced => "notReplaced",
        RepairEnd::Failed => "failed",
        RepairEnd::Overtaken => "overtaken",
    }
}

/// What a call asks for.
pub const fn call_word(call: ServiceCall) -> &'static str {
    match call {
        ServiceCall::Suspend => "Suspend",
        ServiceCall::Resume => "Resume",
    }
}

/// What a machine reads of a fact beside its kind and its subject.
pub fn detail(names: &Names<'_>, fact: &RepairsFact) -> String {
    match *fact {
        RepairsFact::Prevented { why, .. } => pairs(&[("why", &obstacle_code(why))]),
        RepairsFact::SuspendedThemselves { set, repairs, .. } => {
            pairs(&[("set", &names.set(set)), ("repairs", &repairs)])
        }
        RepairsFact::ServiceSet { call, .. } | RepairsFact::CallRefused { call, .. } => {
            pairs(&[("action", &call_word(call))])
        }
        RepairsFact::LeftOut { why, .. } => pairs(&[("why", &spared_code(why))]),
        RepairsFact::Started { action, nth, .. } => pairs(&[("action", &action.word()), ("nth", &nth)]),
        RepairsFact::Replaced { by, .. } => pairs(&[("by", &names.instance(by))]),
        RepairsFact::Ended { how, .. } => pairs(&[("how", &end_code(how))]),
        RepairsFact::Enabled { .. } | RepairsFact::Disabled { .. } => String::new(),
    }
}

const fn done_to(action: RepairAction) -> &'static str {
    match action {
        RepairAction::Replace => "another instance takes its place",
        RepairAction::Reimage => "its OS disk is made anew",
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
pub fn sentence(names: &Names<'_>, fact: &RepairsFact) -> String {
    let set = fact.set().map_or("", |set| names.set(set));
    let who = fact.instance().map_or("", |instance| names.instance(instance));
    match *fact {
        RepairsFact::Enabled { .. } => format!("automatic repairs run on {set}"),
        RepairsFact::Disabled { .. } => format!("automatic repairs do not run on {set} any more"),
        RepairsFact::Prevented { why: Obstacle::NoHealthSource, .. } => {
            format!("automatic repairs do nothing on {set}: it has neither the health extension nor a probe to go by")
        }
        RepairsFact::Prevented { why: Obstacle::TwoHealthSources, .. } => {
            format!("automatic repairs do nothing on {set}: it has two health sources, and may have one")
        }
        RepairsFact::SuspendedThemselves { repairs, .. } => format!(
            "automatic repairs of {set} suspend themselves: {who} is not healthy after {repairs} of them, and nobody but an \
             operator resumes them"
        ),
        RepairsFact::ServiceSet { call: ServiceCall::Suspend, .. } => {
            format!("automatic repairs of {set} are suspended")
        }
        RepairsFact::ServiceSet { call: ServiceCall::Resume, .. } => format!("automatic repairs of {set} are resumed"),
        RepairsFact::CallRefused { call, .. } => {
            format!("there are no automatic repairs on {set} that a call could {}", call_word(call).to_lowercase())
        }
        RepairsFact::LeftOut { why, .. } => {
            let because = match why {
                Spared::Protected => "it is protected",
                Spared::ProvisioningFailed => "its provisioning failed, and repairs are for what once came up",
                Spared::Deallocated => "it is deallocated",
                Spared::InBatch => "it is in the batch of a running upgrade",
                Spared::UpgradeRuns => "an upgrade of its set runs",
            };
            format!("{who} is in trouble and is not repaired: {because}")
        }
        RepairsFact::Started { action, nth, .. } => format!("{who} is repaired{}: {}", times(nth), done_to(action)),
        RepairsFact::Replaced { by, .. } => format!("{} takes the place of {who}", names.instance(by)),
        RepairsFact::Ended { how: RepairEnd::Done, .. } => format!("the repair of {who} is done"),
        RepairsFact::Ended { how: RepairEnd::NotReplaced, .. } => {
            format!("the repair of {who} leaves its set one short: nothing could take its place")
        }
        RepairsFact::Ended { how: RepairEnd::Failed, .. } => {
            format!("the repair of {who} is over, and what it made did not come up")
        }
        RepairsFact::Ended { how: RepairEnd::Overtaken, .. } => {
            format!("the repair of {who} is over, since something else was done meanwhile")
        }
    }
}
