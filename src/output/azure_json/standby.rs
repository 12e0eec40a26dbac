//! A standby pool: as the user wrote it, and `runtimeViews/latest`, which counts its machines (SB-03).

use super::View;
use crate::input::arm::shape::STANDBY_POOL;
use crate::input::arm::shape::standby::{ATTACHED_SET, MAX_READY, MIN_READY, STATE};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use windtunnel_sim::azure::standby;
use windtunnel_sim::world::ids::SetId;

/// The name of the pool of a set, if it has one.
pub fn name<'p>(view: &View<'_, 'p>, set: SetId) -> Option<&'p str> {
    view.instant.plan().sets[set.index()].upkeep.standby.as_ref().map(|pool| pool.name.as_str())
}

/// The pool.
pub fn of(view: &View<'_, '_>, set: SetId) -> Option<Value> {
    let planned = view.instant.plan().sets[set.index()].upkeep.standby.as_ref()?;
    let mut body = view.written(STANDBY_POOL, &planned.name).unwrap_or_else(|| json!({ "properties": {} }));
    body["id"] = format!("standbyVirtualMachinePools/{}", planned.name).into();
    body["name"] = planned.name.as_str().into();
    body["type"] = STANDBY_POOL.into();
    if body["location"].is_null() {
        body["location"] = view.location(set).into();
    }
    ATTACHED_SET.put_if_absent(&mut body, format!("virtualMachineScaleSets/{}", view.instant.names.set(set)));
    STATE.put(&mut body, planned.state.word());
    MAX_READY.put(&mut body, planned.max_ready);
    MIN_READY.put(&mut body, planned.min_ready);
    body["properties"]["provisioningState"] = "Succeeded".into();
    Some(body)
}

/// How many of its machines are in which state, by zone, and whether it can make what it is to have.
pub fn view(view: &View<'_, '_>, set: SetId) -> Option<Value> {
    let (world, plan) = (&view.instant.world, view.instant.plan());
    let planned = plan.sets[set.index()].upkeep.standby.as_ref()?;
    let mut zones: BTreeMap<u8, BTreeMap<&str, u32>> = BTreeMap::new();
    for (zone, state) in standby::states(world, plan, set) {
        *zones.entry(zone).or_default().entry(state).or_default() += 1;
    }
    let summary = zones.into_iter().map(|(zone, states)| {
        let counts = states.into_iter().map(|(state, count)| json!({ "state": state, "count": count }));
        let mut of = json!({ "instanceCountsByState": counts.collect::<Vec<_>>() });
        if zone > 0 {
            of["zone"] = i64::from(zone).into();
        }
        of
    });
    let (code, message) = match standby::is_degraded(world, set) {
        true => ("HealthState/degraded", "The pool is degraded."),
        false => ("HealthState/healthy", "The pool is healthy."),
    };
    Some(json!({
        "id": format!("standbyVirtualMachinePools/{}/runtimeViews/latest", planned.name),
        "name": "latest",
        "type": format!("{STANDBY_POOL}/runtimeViews"),
        "properties": {
            "instanceCountSummary": summary.collect::<Vec<_>>(),
            "status": { "code": code, "message": message },
            "provisioningState": "Succeeded",
        },
    }))
}
