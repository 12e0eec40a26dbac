//! What became of calls of operators, in words.

use super::{Names, pairs};
use windtunnel_sim::plan::PowerAct;
use windtunnel_sim::world::fact::{Call, CallRefusal, OperatorFact};

/// The act of the timeline that a call is.
const fn act(how: PowerAct) -> &'static str {
    match how {
        PowerAct::Deallocate => "deallocate",
        PowerAct::Start => "start",
        PowerAct::Restart => "restart",
        PowerAct::PowerOff => "powerOff",
        PowerAct::Reimage => "reimage",
        PowerAct::ReimageAll => "reimageAll",
        PowerAct::Redeploy => "redeploy",
        PowerAct::PerformMaintenance => "performMaintenance",
        PowerAct::Delete => "deleteInstances",
    }
}

const fn call_code(call: Call) -> &'static str {
    match call {
        Call::Machine(how) => act(how),
        Call::SimulateEviction => "simulateEviction",
        Call::Upgrade => "upgradeInstances",
        Call::Protect => "protect",
    }
}

/// Azure's code for a refusal.
pub const fn refusal_code(why: CallRefusal) -> &'static str {
    match why {
        CallRefusal::NoSuchInstance => "InvalidParameter",
        CallRefusal::NotSpot | CallRefusal::NotRunning | CallRefusal::NoMaintenance => "OperationNotAllowed",
    }
}

/// The kind of such a fact, as written in tables.
pub const fn what(fact: &OperatorFact) -> &'static str {
    match fact {
        OperatorFact::Refused { .. } => "callRefused",
        OperatorFact::Spared { .. } => "spared",
        OperatorFact::PlacedAnew { .. } => "placedAnew",
    }
}

/// Whom it is about, if it is about no instance.
pub fn about<'a>(names: &'a Names<'_>, fact: &OperatorFact) -> Option<&'a str> {
    match *fact {
        OperatorFact::Refused { set, .. } => Some(names.set(set)),
        OperatorFact::Spared { .. } | OperatorFact::PlacedAnew { .. } => None,
    }
}

/// Its details.
pub fn detail(fact: &OperatorFact) -> String {
    match *fact {
        OperatorFact::Refused { ordinal, call, why, .. } => {
            pairs(&[("call", &call_code(call)), ("id", &ordinal), ("error", &refusal_code(why))])
        }
        OperatorFact::Spared { how, .. } => pairs(&[("call", &act(how))]),
        OperatorFact::PlacedAnew { at, .. } => pairs(&[("zone", &at.zone), ("faultDomain", &at.fault_domain)]),
    }
}

/// It as a sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &OperatorFact) -> String {
    match *fact {
        OperatorFact::Refused { set, ordinal, call, why } => {
            let (call, set) = (call_code(call), names.set(set));
            let why = match why {
                CallRefusal::NoSuchInstance => {
                    return format!(
                        "Azure refuses {call} on {set}: the provided instanceId {ordinal} is not an active Virtual Machine \
                         Scale Set VM instanceId"
                    );
                }
                CallRefusal::NotSpot => "it is not a Spot instance",
                CallRefusal::NotRunning => "its machine does not run",
                CallRefusal::NoMaintenance => "no maintenance waits for it",
            };
            format!("Azure refuses {call} on number {ordinal} of {set}: {why}")
        }
        OperatorFact::Spared { how, .. } => {
            format!("{who} is protected from actions on its set, and spared by this {}", act(how))
        }
        OperatorFact::PlacedAnew { at, .. } => {
            format!("{who} stands in fault domain {} from now on", at.fault_domain)
        }
    }
}

/// What an operator asks of machines.
pub const fn verb(how: PowerAct) -> &'static str {
    match how {
        PowerAct::Deallocate => "deallocate",
        PowerAct::Start => "start",
        PowerAct::Restart => "restart",
        PowerAct::PowerOff => "power off",
        PowerAct::Reimage => "reimage",
        PowerAct::ReimageAll => "reimage all disks of",
        PowerAct::Redeploy => "redeploy",
        PowerAct::PerformMaintenance => "do the maintenance now that waits for",
        PowerAct::Delete => "delete",
    }
}
