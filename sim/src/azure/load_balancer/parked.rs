//! Backends whose machine is stopped: they stay in their pools, are not probed, and get nothing new until they run again (LB-12).
//!
//! How soon a balancer knows of a stop is not published: `lb.leave_delay` says so for a stop as it does for a deletion.
//! When the machine runs again the balancer knows nothing of it, and its probes have a phase of their own.

use super::observer::Observer;
use super::ticking::Ticker;
use super::{ControlEvent, ProbeEngine, View, forecast, gateway, reply, rotation, tick};
use crate::azure::instances::Provisioning;
use crate::engine::random::Purpose;
use crate::engine::time::{SimDuration, SimTime};
use crate::rules::{self, choice, key};
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
        row.epoch += 1;
        row.view = match &row.view {
            View::Unprobed => View::Unprobed,
            View::Parked(next) => View::Parked(*next),
            View::Counted(_) => View::Parked(0),
            // The probe that is on the queue keeps its number to itself.
            View::Ticked(ticker) => View::Parked(ticker.next().1 + 1),
        };
        rotation::settle(world, cx, member, cause);
    }
}

/// The first probe of a backend that runs again.
fn first_probe(world: &World, cx: &mut Cx<'_>, instance: InstanceId, member: MemberId) -> SimTime {
    let pool = world.load_balancer.members[member.index()].pool;
    let interval = super::probe(world, cx.plan, pool).expect("only probed backends are parked").interval;
    let aligned = cx.assume(key::LbProbePhase) == choice::Phase::Aligned;
    if aligned || !cx.on(rules::LB_08) {
        return cx.now() + interval;
    }
    let item = world.load_balancer.pools[pool.index()]
        .phases
        .wrapping_add(world.instances.rows[instance.index()].epoch.into());
    let subject = world.application.subject(instance);
    let phase = cx.stream(Purpose::ProbePhaseAgain, subject, item).below(interval.ms()) + 1;
    cx.now() + SimDuration::from_ms(phase)
}

/// Whether a pool of an instance knows that its machine is stopped.
#[must_use]
pub fn is_parked(world: &World, instance: InstanceId) -> bool {
    world.load_balancer.of(instance).any(|member| world.load_balancer.members[member.index()].parked)
}

// Verbs.

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
        if let View::Parked(next) = row.view {
            let pool = row.pool;
            let reply = reply(world, cx, pool, instance);
            let first = first_probe(world, cx, instance, member);
            let row = &mut world.load_balancer.members[member.index()];
            if cx.engine == ProbeEngine::Counting {
                row.view = View::Counted(Observer::new(first, false, reply, cause));
                let (row, cadence) = world.load_balancer.probed(member);
                forecast(cx, member, row, cadence);
            } else {
                row.view = View::Ticked(Box::new(Ticker::again(first, reply, cause, next)));
                tick(cx, member, first, next);
            }
        }
        rotation::settle(world, cx, member, cause);
    }
}
