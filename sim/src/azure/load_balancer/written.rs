//! Probes, and what else of balancers and gateways is written during a run.
//!
//! Rules: VS-05, VS-16. From when a write takes effect each backend is asked by the new probe at its own phase: the next probe goes out
//! when it would have gone out. A probe whose interval is another one begins anew, at a phase of its own. What the balancer holds of a
//! backend it holds until a result says otherwise.

use super::observer::Cadence;
use super::{ControlEvent, UnderWay, View, cadence, forecast, gateway, led, observe, reply, rotation, scaled};
use crate::demand::timeline::write_of;
use crate::engine::random::Purpose;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Change, Plan, Pool, Probe, Prober};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event;
use crate::world::fact::{Fact, WriteFact};
use crate::world::ids::{ActionId, Entry, GatewayId, MemberId, PoolId};

/// The probe of a pool, as it is now.
#[must_use]
#[inline]
pub fn probe<'p>(world: &World, plan: &'p Plan, pool: PoolId) -> Option<&'p Probe> {
    probing(world, plan, pool).0
}

/// The probe of a pool, and who sends it, as it judges now.
#[inline]
pub(super) fn probing<'p>(world: &World, plan: &'p Plan, pool: PoolId) -> (Option<&'p Probe>, &'p Prober) {
    if let Some(by) = world.load_balancer.pools[pool.index()].written {
        return written(world, plan, by);
    }
    let Pool { probe, prober, .. } = &plan.pools[pool.index()];
    (probe.as_ref(), prober)
}

/// How long what is bound to a backend of a pool stays when the gateway takes it out of use; `None` of a balancer.
#[must_use]
pub fn drains_for(world: &World, plan: &Plan, pool: PoolId) -> Option<SimDuration> {
    probing(world, plan, pool).1.gateway().map(|of| of.drain)
}

/// The same as this write has it.
#[inline(never)]
fn written<'p>(world: &World, plan: &'p Plan, (action, change): (ActionId, u8)) -> (Option<&'p Probe>, &'p Prober) {
    let Change::Probe { probe, prober, .. } = &changes(world, plan, action)[usize::from(change)] else {
        unreachable!("a pool is written by a change of its probe")
    };
    (Some(probe), prober)
}

/// What a write changes.
pub(super) fn changes<'p>(world: &World, plan: &'p Plan, action: ActionId) -> &'p [Change] {
    &world.timeline.outcome(plan, action).changes
}

/// The first write of those under way to the resources of this one takes effect.
pub(super) fn take_effect(world: &mut World, cx: &mut Cx<'_>, action: ActionId) {
    let group = write_of(cx.plan, action).group;
    let under_way = world.load_balancer.under_way.get_mut(&group);
    let Some(first) = under_way.and_then(|writes| writes.pop_front()) else { unreachable!("it is under way") };
    let UnderWay { action, cause, .. } = first;
    let write = write_of(cx.plan, action);
    for (at, change) in changes(world, cx.plan, action).iter().enumerate() {
        let (pool, probe, prober, all_probed_up) = match change {
            Change::Probe { pool, probe, prober, all_probed_up } => (pool, probe, prober, all_probed_up),
            Change::Rule { .. } => {
                led::take_effect(world, cx, action, at as u16, cause);
                continue;
            }
            Change::Gateway { gateway, least, most } => {
                scaled::bound(world, cx, GatewayId(*gateway), (*least, *most), cause);
                continue;
            }
            Change::Origin { .. } | Change::Profile { .. } | Change::Setting { .. } => continue,
        };
        let pool = PoolId(*pool);
        let (was, by) = probing(world, cx.plan, pool);
        let (asks, waits) = (was == Some(&**probe) && by.asks_like(prober), prober.gateway().map(|of| of.patience));
        let before = world.load_balancer.pools[pool.index()].cadence.expect("only a probe is written over");
        let now = cadence(cx, prober, probe);
        let state = &mut world.load_balancer.pools[pool.index()];
        (state.written, state.cadence, state.all_probed_up) = (Some((action, at as u8)), Some(now), *all_probed_up);
        let other_waits = std::mem::replace(&mut state.patience, waits) != waits;
        if asks && waits.is_some() {
            let rule = if other_waits { rules::AG_10 } else { rules::AG_06 };
            let entry = cx.record(Fact::Write(WriteFact::SettingWritten { pool }), cause, rule);
            for member in world.load_balancer.pools[pool.index()].members.clone() {
                gateway::wait(world, cx, member, entry);
            }
            continue;
        }
        let rule = if write.outcomes.len() > 1 { rules::VS_16 } else { rules::VS_05 };
        let entry = cx.record(Fact::Write(WriteFact::ProbeWritten { pool }), cause, rule);
        for member in world.load_balancer.pools[pool.index()].members.clone() {
            if before.interval != now.interval {
                begin_anew(world, cx, member, entry);
            } else {
                ask_otherwise(world, cx, member, &before, entry);
            }
            rotation::settle(world, cx, member, entry);
            gateway::wait(world, cx, member, entry);
        }
    }
    led::settle_all(world, cx, action, cause);
    let is_of = |pool: &Pool| pool.prober.gateway().is_some() && pool.balancer == write.resource;
    if let Some(at) = cx.plan.pools.iter().position(|pool| write.gateway.is_some() && is_of(pool)) {
        gateway::updated(world, cx, PoolId(at as u16), cause);
    }
}

/// The probes of a backend ask for something else from now on.
fn ask_otherwise(world: &mut World, cx: &mut Cx<'_>, member: MemberId, before: &Cadence, cause: Entry) {
    let row = &world.load_balancer.members[member.index()];
    if matches!(row.view, View::Parked(_)) {
        return;
    }
    let answer = reply(world, cx, row.pool, row.instance);
    // In a world without VS-05 the balancer knows at once.
    let at_once = !cx.on(rules::VS_05);
    match &mut world.load_balancer.members[member.index()].view {
        View::Ticked(ticker) => {
            if ticker.reply != answer {
                (ticker.reply, ticker.reply_cause) = (answer, cause);
            }
            ticker.up = if at_once { answer.result.is_ok() } else { ticker.up };
        }
        View::Counted(observer) => {
            let early = observer.fold(cx.now(), before);
            assert!(early.is_none(), "a probe changed the balancer's mind unforecast");
            if !observer.has_reply(answer) {
                observer.set_reply(answer, cause);
            }
            observer.up = if at_once { answer.result.is_ok() } else { observer.up };
            let (row, cadence) = world.load_balancer.probed(member);
            forecast(cx, member, row, cadence);
        }
        View::Parked(_) | View::Unprobed => {}
    }
}

/// The probes of a backend begin anew: nothing is on its way, and nothing is counted yet.
fn begin_anew(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let row = &world.load_balancer.members[member.index()];
    let known = match &row.view {
        View::Counted(observer) => (Some(observer.up), 0),
        // The probe that is on the queue keeps its number to itself.
        View::Ticked(ticker) => (Some(ticker.up), ticker.next().1 + 1),
        View::Parked(_) | View::Unprobed => return,
    };
    let pool = &world.load_balancer.pools[row.pool.index()];
    let written = pool.written.map_or(0, |(action, _)| u64::from(action.0));
    let phase = (Purpose::ProbePhaseWritten, pool.phases.wrapping_add(written << 32));
    observe(world, cx, member, phase, known, cause);
}

// Verbs.

/// Somebody writes to a balancer: it takes effect when the control plane has spread it, or when the gateway is done with it, and not
/// before those that were made before it.
pub fn write(world: &mut World, cx: &mut Cx<'_>, action: ActionId, cause: Entry) {
    let write = write_of(cx.plan, action);
    let delay = match write.gateway {
        None => super::propagation(world, cx),
        Some(tier) => gateway::written(world, cx, tier, &cx.plan.timeline[action.index()].name),
    };
    let under_way = world.load_balancer.under_way.entry(write.group).or_default();
    let at = under_way.back().map_or(SimTime::ZERO, |before| before.at).max(cx.now() + delay);
    under_way.push_back(UnderWay { action, at, cause });
    cx.at(at, Event::Balancer(ControlEvent::Write { action }));
}
