//! What became of calls of operators, in words.

use super::Names;
use windtunnel_sim::plan::PowerAct;
use windtunnel_sim::world::fact::{CallRefusal, OperatorFact};

/// It as a sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &OperatorFact) -> String {
    match *fact {
        OperatorFact::Refused { set, ordinal, call, why } => {
            let (call, set) = (call.word(), names.set(set));
            let why = match why {
                CallRefusal::NoSuchInstance => {
                    return format!(
                        "Azure refuses {call} on {set}: the provided instanceId {ordinal} is not an active Virtual Machine \
                         Scale Set VM instanceId"
                    );
                }
                CallRefusal::NotSpot => "it is not a Spot instance",
                CallRefusal::NotRunning => "its machine is not running",
                CallRefusal::NoMaintenance => "it has no pending maintenance",
            };
            format!("Azure refuses {call} on number {ordinal} of {set}: {why}")
        }
        OperatorFact::Spared { how, .. } => {
            format!("{who} is protected from actions on its set, so this {} skips it", how.word())
        }
        OperatorFact::PlacedAnew { at, .. } => {
            format!("{who} is in fault domain {} from now on", at.fault_domain)
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
        PowerAct::PerformMaintenance => "perform the pending maintenance of",
        PowerAct::Delete => "delete",
    }
}
