//! Backends whose machine is stopped: they stay in their pools, are not probed, and get nothing new until they run again (LB-12).
//!
//! How soon a balancer knows of a stop is not published: `lb.leave_delay` says so for a stop as it does for a deletion.
//! When the machine runs again the balancer knows nothing of it, and its probes have a phase of their own.

use super::{ControlEvent, View, gateway, led, observe, rotation};
use crate::azure::instances::Provisioning;
use crate::engine::random::Purpose;
use crate::engine::time::SimDuration;
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event;
use crate::world::ids::{Entry, InstanceId, MemberId};

/// Whether the machine of a backend is stopped, and its pool does not know yet.
pub(super) fn waits(world: &World, cx: &Cx<'_>, member: MemberId) -> bool {
    let row = &world.load_balancer.members[member.index()];
    !row.parked && is_stopped(world, row.instance) && cx.on(rules::LB_12)
}

fn is_stopped(world: &World, instance: InstanceId) -> bool {
    world.instances.rows[instance.index()].state == Provisioning::Deallocated
}

/// Its pools are to know now that an instance is stopped, unless it was started meanwhile.
pub(super) fn due(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, epoch: u32, cause: Entry) {
    if world.instances.rows[instance.index()].epoch == epoch && is_stopped(world, instance) {
        take_out(world, cx, instance, cause);
    }
}

/// The memberships that an instance has not left, lowest first.
fn memberships(world: &World, instance: InstanceId) -> Vec<MemberId> {
    let balancer = &world.load_balancer;
    let mut of: Vec<MemberId> = balancer.of(instance).filter(|member| !balancer.members[member.index()].left).collect();
    of.sort_unstable();
    of
}

fn take_out(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    for member in memberships(world, instance) {
        if gateway::looks_at(world, cx, member) {
            continue;
        }
        let row = &mut world.load_balancer.members[member.index()];
        row.parked = true;
        // Where its pools know at once, it follows from the stop.
        if cx.assume(key::LbLeaveDelay) == SimDuration::ZERO {
            led::sleep(world, member);
            rotation::settle(world, cx, member, cause);
        } else {
            led::end_probes(world, cx, member, cause);
        }
    }
}

/// Whether a pool of an instance knows that its machine is stopped.
#[must_use]
pub fn is_parked(world: &World, instance: InstanceId) -> bool {
    world.load_balancer.of(instance).any(|member| world.load_balancer.members[member.index()].parked)
}

// Verbs.

/// The machine of an instance was stopped before the run began: its pools know.
pub fn know_stopped(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if cx.on(rules::LB_12) {
        take_out(world, cx, instance, cause);
    }
}

/// The machine of an instance stops: its pools know after the assumed delay.
pub fn park(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if !cx.on(rules::LB_12) || world.load_balancer.of(instance).next().is_none() {
        return;
    }
    let delay = cx.assume(key::LbLeaveDelay);
    if delay == SimDuration::ZERO {
        take_out(world, cx, instance, cause);
    } else {
        let epoch = world.instances.rows[instance.index()].epoch;
        cx.after(delay, Event::Balancer(ControlEvent::Park { instance, epoch, cause }));
    }
}

/// The machine of an instance runs again: its probes begin anew.
pub fn resume(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if !is_parked(world, instance) {
        return;
    }
    for member in memberships(world, instance) {
        let row = &mut world.load_balancer.members[member.index()];
        if !std::mem::take(&mut row.parked) {
            continue;
        }
        let pool = row.pool;
        if let View::Parked(next) = row.view
            && !led::sleeps(world, cx.plan, pool)
        {
            let start = u64::from(world.instances.rows[instance.index()].epoch);
            let phase = world.load_balancer.pools[pool.index()].phases.wrapping_add(start);
            observe(world, cx, member, (Purpose::ProbePhaseAgain, phase), (Some(false), next), cause);
        }
        rotation::settle(world, cx, member, cause);
    }
}
