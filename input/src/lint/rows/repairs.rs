//! L04: what becomes of an instance that is sick.

use super::super::Found;
use super::super::fleet::{Fleet, mode_of};
use super::guest::sets_itself_up;
use super::rows;
use crate::arm::shape::scale_set::{GRACE_PERIOD, REPAIR_ACTION, REPAIRS_ENABLED, SERVICE_STATE, ServiceState};
use crate::scenario::legality::SetFacts;
use crate::tree::Span;
use serde_json::{Value as Json, json};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{RepairAction, UpgradeMode};
use windtunnel_words::clock::spoken;

rows! {
    "L0401" "repaired-before-it-is-ready" Warning AR_08, Set(short_grace), SlowStart, Harm;
        "The grace period of repairs is shorter than a set-up at boot can take, so that instances are replaced before they are ready, again and again";
        "Row 7 of the playbook. Instances of this set run scripts when they boot, and such set-ups take 10 to 30 minutes (DI-06). The repair loop ends when Azure suspends repairs, and until then the capacity is missing. Raise `gracePeriod`, or bake the image.".
    "L0402" "sick-instances-stay" Note AR_01, Set(no_repairs), Hangs, Harm;
        "The set has a health source and no automatic repairs, so that an instance that hangs stays so until a person comes";
        "The balancer takes the instance out if its probe notices; its capacity is missing for as long as nobody acts. `repairAction: Restart` keeps the disk and the version.".
    "L0403" "repairs-spread-the-newest-model" Warning AR_05, Set(spreads), SickAfter, Harm;
        "Repair by Replace builds from the newest model, so that repairs carry a halted or half-tested rollout on";
        "A rollout that its gate has stopped leaves the bad version in the model. Every instance that is replaced afterwards gets it, without a batch or a gate. `Restart` cures most of what a replacement cures and keeps the version; or put the old model back at once.".
    "L0404" "repairs-are-suspended" Warning AR_11, Set(suspended), Hangs, Harm;
        "Automatic repairs are enabled and suspended: nothing is repaired";
        "Azure suspends repairs after repeated failures, and people do for maintenance. Somebody must resume them.".
}

fn enabled(set: &SetFacts) -> Option<Span> {
    REPAIRS_ENABLED.on(&set.resource).filter(|_| set.has_health())
}

fn repairs(fleet: &Fleet, set: &SetFacts, change: Json) -> Json {
    // Other actions than Replace came with this version.
    fleet.modern(set, "2021-11-01", json!({ "properties": { "automaticRepairsPolicy": change } }))
}

fn short_grace(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let at = GRACE_PERIOD.read(&set.resource);
    let script = sets_itself_up(set).filter(|_| at.value < SimDuration::from_mins(30))?;
    enabled(set)?;
    let what = format!("`gracePeriod` is {}, and {script} runs at boot", spoken(at.value));
    Some(Found::new(&at.span, what, repairs(fleet, set, json!({ "gracePeriod": "PT30M" }))))
}

fn no_repairs(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    if !set.has_health() || REPAIRS_ENABLED.on(&set.resource).is_some() || set.service_fabric.is_some() {
        return None;
    }
    let both = set.health_extension.is_some() && set.health_probe.is_some();
    if both {
        return None; // Repairs would not work (L0103).
    }
    let at = REPAIRS_ENABLED.or(&set.resource, false);
    let change = json!({ "enabled": true, "gracePeriod": "PT30M", "repairAction": "Restart" });
    Some(Found::new(&at.span, "it has no enabled `automaticRepairsPolicy`", repairs(fleet, set, change)))
}

fn spreads(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let span = enabled(set)?;
    let action = REPAIR_ACTION.read(&set.resource);
    if action.value != RepairAction::Replace || mode_of(set) == UpgradeMode::Automatic {
        return None;
    }
    let span = if action.given { action.span } else { span };
    let what = "`repairAction` is Replace";
    Some(Found::new(&span, what, repairs(fleet, set, json!({ "repairAction": "Restart" }))))
}

fn suspended(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    enabled(set)?;
    let state = SERVICE_STATE.get(&set.resource).filter(|state| state.value == ServiceState::Suspended)?;
    let what = "`serviceState` is Suspended";
    Some(Found::new(&state.span, what, repairs(fleet, set, json!({ "serviceState": "Running" }))))
}
