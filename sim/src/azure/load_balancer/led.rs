//! Where entry points lead, which a write may change during a run.
//!
//! Rules: VS-10, VS-11. A rule of a load balancer leads to another pool at once, and what is open stays with its backend (LB-25). A
//! gateway answers nobody at the entry point that it is being led elsewhere. A pool that no rule leads to is not probed: its backends are
//! unknown when one leads there.

use super::{ControlEvent, Member, View, observe, rotation};
use crate::engine::random::Purpose;
use crate::engine::time::SimTime;
use crate::plan::{Change, EntryPoint, Plan};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event;
use crate::world::fact::{Fact, Flows, WriteFact};
use crate::world::ids::{ActionId, Entry, EntryPointId, MemberId, PoolId};

/// Where an entry point leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lead {
    to: Option<PoolId>,
    /// Where its rule says that it leads: the same, but while that is taken over.
    rule: Option<PoolId>,
    /// What became of the connections to where it led before.
    flows: Flows,
    /// The write by which it leads there.
    by: ActionId,
    /// Since when.
    since: SimTime,
}

/// Where each leads when the run begins.
pub(super) fn from_start(plan: &Plan) -> Vec<Lead> {
    let lead = |to| Lead { to, rule: to, flows: Flows::Kept, by: ActionId(u32::MAX), since: SimTime::ZERO };
    plan.entry_points.iter().map(|entry| lead(entry.pool())).collect()
}

/// The pool that an entry point leads to now; `None` where nobody answers.
#[inline]
#[must_use]
pub fn leads(world: &World, entry_point: EntryPointId) -> Option<PoolId> {
    world.load_balancer.leads[entry_point.index()].to
}

/// Whether the connections that an entry point had, before it led where it does, were cut.
#[inline]
#[must_use]
pub fn cut_off(world: &World, entry_point: EntryPointId) -> bool {
    world.load_balancer.leads[entry_point.index()].flows == Flows::Cut
}

/// Whether a pool is not probed: a rule led or will lead to it, and none does now; or there is no instance of the gateway that would.
pub(super) fn sleeps(world: &World, plan: &Plan, pool: PoolId) -> bool {
    if !super::probes(world, pool) {
        return true;
    }
    !is_led_to(world, plan, pool)
}

/// Whether a rule leads to a pool now, or none ever does, so that nobody asks.
#[must_use]
pub fn is_led_to(world: &World, plan: &Plan, pool: PoolId) -> bool {
    let mut leading = plan.leading_to(pool).peekable();
    leading.peek().is_none() || leading.any(|(id, _)| world.load_balancer.leads[id.index()].rule == Some(pool))
}

/// What a write changes of an entry point.
fn change(world: &World, plan: &Plan, action: ActionId, at: u16) -> (EntryPointId, Option<PoolId>, Flows) {
    match super::written::changes(world, plan, action)[usize::from(at)] {
        Change::Rule { entry_point, to, cuts } => {
            (EntryPointId(entry_point), to.map(PoolId), if cuts { Flows::Cut } else { Flows::Kept })
        }
        Change::Probe { .. }
        | Change::Origin { .. }
        | Change::Profile { .. }
        | Change::Setting { .. }
        | Change::Gateway { .. } => {
            unreachable!("only a rule leads somewhere")
        }
    }
}

/// An entry point leads elsewhere, as was written: a gateway answers nobody there meanwhile, and an address not before it has moved.
pub(super) fn take_effect(world: &mut World, cx: &mut Cx<'_>, action: ActionId, at: u16, cause: Entry) {
    let (entry_point, to, flows) = change(world, cx.plan, action, at);
    let (entry, before) = (cx.plan.entry_point(entry_point), world.load_balancer.leads[entry_point.index()]);
    assert!(entry.pool() == to || entry.later.contains(&to.map(|pool| pool.0)), "the plan knows where its writes lead");
    let (rule, until) = match entry.gateway {
        Some(_) if before.to.is_some() && to.is_some() && cx.on(rules::VS_11) => {
            (rules::VS_11, cx.now() + cx.assume(key::AppgwUpdateBlip))
        }
        Some(_) => (rules::VS_11, cx.now()),
        None if entry.is_address && before.to.is_none() && before.by.0 != u32::MAX && cx.on(rules::VS_10) => {
            (rules::VS_10, before.since + cx.assume(key::LbIpSwapDown))
        }
        None if entry.is_address => (rules::VS_10, cx.now()),
        None => (rules::LB_25, cx.now()),
    };
    if until <= cx.now() {
        return lead(world, cx, entry_point, (to, flows, action), (cause, rule));
    }
    let mut cause = cause;
    if before.to.is_some() {
        for id in cx.plan.with_routed(entry_point) {
            let now = &mut world.load_balancer.leads[id.index()];
            (now.to, now.since) = (None, cx.now());
        }
        cause = cx.record(Fact::Write(WriteFact::Off { entry_point, flows: Flows::Kept }), cause, rule);
    }
    for id in cx.plan.with_routed(entry_point) {
        let now = &mut world.load_balancer.leads[id.index()];
        (now.rule, now.by) = (to, action);
    }
    cx.at(until, Event::Balancer(ControlEvent::Lead { action, change: at, cause }));
}

/// What was written is in force, unless something else was written meanwhile.
pub(super) fn goes_on(world: &mut World, cx: &mut Cx<'_>, action: ActionId, at: u16, cause: Entry) {
    let (entry_point, to, flows) = change(world, cx.plan, action, at);
    let rule = if cx.plan.entry_point(entry_point).is_address { rules::VS_10 } else { rules::VS_11 };
    if world.load_balancer.leads[entry_point.index()].by == action {
        lead(world, cx, entry_point, (to, flows, action), (cause, rule));
    }
}

/// An entry point leads there from now on, and with it the users of names that are led to it.
fn lead(
    world: &mut World,
    cx: &mut Cx<'_>,
    entry_point: EntryPointId,
    (to, flows, by): (Option<PoolId>, Flows, ActionId),
    (cause, rule): (Entry, RuleId),
) {
    let now = Lead { to, rule: to, flows, by, since: cx.now() };
    for id in cx.plan.with_routed(entry_point) {
        world.load_balancer.leads[id.index()] = now;
    }
    let fact = match to {
        Some(pool) => WriteFact::Led { entry_point, pool, flows },
        None => WriteFact::Off { entry_point, flows },
    };
    cx.record(Fact::Write(fact), cause, rule);
}

/// A write has its effect: pools that no rule leads to any more are not probed, and those that one leads to now are.
pub(super) fn settle_all(world: &mut World, cx: &mut Cx<'_>, action: ActionId, cause: Entry) {
    let plan = cx.plan;
    let led = super::written::changes(world, plan, action).iter().filter_map(|change| match change {
        Change::Rule { entry_point, .. } => Some(plan.entry_point(EntryPointId(*entry_point))),
        Change::Probe { .. }
        | Change::Origin { .. }
        | Change::Profile { .. }
        | Change::Setting { .. }
        | Change::Gateway { .. } => None,
    });
    for pool in led.flat_map(EntryPoint::pools) {
        settle(world, cx, pool, action, cause);
    }
}

/// The probes of a pool begin or end, where a rule leads to it now or none does any more.
fn settle(world: &mut World, cx: &mut Cx<'_>, pool: PoolId, by: ActionId, cause: Entry) {
    let sleeps = sleeps(world, cx.plan, pool);
    for member in world.load_balancer.pools[pool.index()].members.clone() {
        let view = &world.load_balancer.members[member.index()].view;
        match (sleeps, view) {
            (true, View::Counted(_) | View::Ticked(_)) => {
                end_probes(world, cx, member, cause);
                continue;
            }
            (false, View::Parked(next)) if !world.load_balancer.members[member.index()].parked => {
                let next = *next;
                let phase = world.load_balancer.pools[pool.index()].phases.wrapping_add(u64::from(by.0) << 32);
                observe(world, cx, member, (Purpose::ProbePhaseWritten, phase), (Some(false), next), cause);
            }
            (_, View::Counted(_) | View::Ticked(_) | View::Parked(_) | View::Unprobed) => continue,
        }
        rotation::settle(world, cx, member, cause);
    }
}

/// No probe of a backend goes out any more; says so where its rotation does not, since something else decides on that.
pub(super) fn end_probes(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let Member { instance, pool, in_rotation, .. } = world.load_balancer.members[member.index()];
    let is_held = world.load_balancer.probed_up(member) == Some(true);
    sleep(world, member);
    rotation::settle(world, cx, member, cause);
    if is_held && world.load_balancer.members[member.index()].in_rotation == in_rotation {
        cx.record(Fact::Write(WriteFact::ProbesEnded { instance, pool }), cause, rules::LB_12);
    }
}

/// No probe of a backend goes out any more.
pub(super) fn sleep(world: &mut World, member: MemberId) {
    let row = &mut world.load_balancer.members[member.index()];
    row.epoch += 1;
    row.view = match &row.view {
        View::Unprobed => View::Unprobed,
        View::Parked(next) => View::Parked(*next),
        View::Counted(_) => View::Parked(0),
        // The probe that is on the queue keeps its number to itself.
        View::Ticked(ticker) => View::Parked(ticker.next().1 + 1),
    };
}
