//! Whether repairs run on a set: the policy, what they need, and `serviceState`.
//!
//! Rules: AR-01, AR-11, AR-12, AR-16, UM-06; `repair.suspend_after`.

use super::watch::{self, Watch};
use super::{ServiceState, expect};
use crate::plan::{HealthSource, ServiceCall};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, Obstacle, RepairsFact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// The state of repairs as the run begins.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for set in 0..cx.plan.sets.len() {
        reconcile_service(world, cx, SetId(set as u16), cause);
    }
}

/// What keeps repairs from running on a set (AR-01).
fn obstacle(world: &World, cx: &Cx<'_>, set: SetId) -> Option<Obstacle> {
    match world.scale_set.newest(set).profile(cx.plan, set).health_source {
        _ if !cx.on(rules::AR_01) => None,
        HealthSource::None => Some(Obstacle::NoHealthSource),
        HealthSource::Conflict if cx.on(rules::UM_06) => Some(Obstacle::TwoHealthSources),
        HealthSource::Extension | HealthSource::Probe(_) | HealthSource::Conflict => None,
    }
}

/// The model of a set was written: repairs may run now, or not any more.
pub fn reconcile_service(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    if !world.repairs.sets[set.index()].watched {
        return;
    }
    let policy = world.scale_set.sets[set.index()].repairs.unwrap_or_default();
    let enabled = policy.enabled;
    let obstacle = obstacle(world, cx, set).filter(|_| enabled);
    let now = cx.now();
    let state = &mut world.repairs.sets[set.index()];
    if let Some(why) = obstacle
        && state.reported != obstacle
    {
        cx.record(Fact::Repairs(RepairsFact::Prevented { set, why }), cause, rules::AR_01);
    }
    state.reported = obstacle;
    let runs = enabled && obstacle.is_none();
    match (state.service, runs) {
        (ServiceState::NotRunning, true) => {
            let service = if policy.suspended { ServiceState::Suspended } else { ServiceState::Running };
            (state.service, state.enabled, state.asked) = (service, now, policy.suspended);
            let entry = cx.record(Fact::Repairs(RepairsFact::Enabled { set }), cause, rules::AR_11);
            if policy.suspended {
                let call = ServiceCall::Suspend;
                cx.record(Fact::Repairs(RepairsFact::ServiceSet { set, call }), entry, rules::AR_11);
            }
            expect(world, cx, set);
        }
        (ServiceState::Running | ServiceState::Suspended, false) => {
            state.service = ServiceState::NotRunning;
            cx.record(Fact::Repairs(RepairsFact::Disabled { set }), cause, rules::AR_11);
        }
        (ServiceState::Running | ServiceState::Suspended, true) if state.asked != policy.suspended => {
            state.asked = policy.suspended;
            let call = if policy.suspended { ServiceCall::Suspend } else { ServiceCall::Resume };
            set_state(world, cx, set, call, cause);
        }
        (ServiceState::NotRunning, false) | (ServiceState::Running | ServiceState::Suspended, true) => {}
    }
}

/// What repairs made is in trouble still, after so many of them: they suspend themselves (AR-12).
pub(super) fn suspend(world: &mut World, cx: &mut Cx<'_>, set: SetId, instance: InstanceId, watch: &Watch) {
    world.repairs.sets[set.index()].service = ServiceState::Suspended;
    let cause = watch.trouble.expect("it is in trouble").1;
    let suspended = RepairsFact::SuspendedThemselves { set, instance, repairs: watch.repairs };
    cx.record(Fact::Repairs(suspended), cause, rules::AR_12);
}

// Verbs.

/// `setOrchestrationServiceState`: suspends repairs, or resumes them. What is under way goes on. Once resumed, they begin
/// to count anew: else they would suspend themselves with the next look.
pub fn set_state(world: &mut World, cx: &mut Cx<'_>, set: SetId, call: ServiceCall, cause: Entry) {
    if !cx.on(rules::AR_11) {
        return;
    }
    let state = &mut world.repairs.sets[set.index()];
    let (from, to) = match call {
        ServiceCall::Suspend => (ServiceState::Running, ServiceState::Suspended),
        ServiceCall::Resume => (ServiceState::Suspended, ServiceState::Running),
    };
    if state.service != from {
        cx.record(Fact::Repairs(RepairsFact::CallRefused { set, call }), cause, rules::AR_11);
        return;
    }
    state.service = to;
    cx.record(Fact::Repairs(RepairsFact::ServiceSet { set, call }), cause, rules::AR_11);
    if call == ServiceCall::Resume {
        for instance in world.scale_set.sets[set.index()].instances.clone() {
            watch::of(world, instance).repairs = 0;
        }
        expect(world, cx, set);
    }
}
