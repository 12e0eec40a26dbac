//! Application Gateway: what of it is not as a load balancer has it.
//!
//! Modelled: AG-01…AG-11. Each instance of a gateway is a prober of its own, and its pool a row of its own
//! ([`crate::plan::Prober`]). The pool of a gateway is part of its configuration. So an instance that is created or deleted is known
//! there when the configuration is written, which takes minutes on v1 and mostly seconds on v2; until then the gateway sends requests
//! to a machine that is gone, unless its probes find that out first. A machine that is stopped stays in the pool, and is probed.
//!
//! A backend that is removed is drained: it gets nothing new, and whoever is bound to it stays, by a cookie (AG-09) or a web socket, until
//! the drain is over or it is probed down. Every update drains all: web sockets that are older than the drain end with it (AG-08).

use super::observer::{Cadence, Flip};
use super::ticking::Ticker;
use super::written::probing;
use super::{ControlEvent, Member, leads, rotation};
use crate::demand::{application, faults};
use crate::engine::random::{Item, Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Connections, EntryPoint, Tier, WHOLE};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event;
use crate::world::fact::{Fact, FlowFact, Flows};
use crate::world::ids::{Entry, EntryPointId, InstanceId, MemberId, PoolId};

/// Whether the pool of a membership is that of a gateway.
pub(super) fn looks_at(world: &World, cx: &Cx<'_>, member: MemberId) -> bool {
    let pool = world.load_balancer.members[member.index()].pool;
    cx.plan.pools[pool.index()].prober.gateway().is_some()
}

/// The result of a probe of the ticking engine lands, and a probe that is repeated at once goes out within the same instant (AG-02): what
/// came of it, and the last one that was sent, with when it lands.
pub(super) fn land(
    ticker: &mut Ticker,
    number: u32,
    now: SimTime,
    cadence: &Cadence,
) -> (Option<Flip>, Option<(u32, SimTime)>) {
    let (mut flip, mut last) = (ticker.land(number, now, cadence), None);
    while flip.is_none() && cadence.at_once && ticker.next().0 == now {
        let (number, lands) = ticker.send(cadence);
        last = Some((number, lands));
        if lands > now {
            break;
        }
        flip = ticker.land(number, now, cadence);
    }
    (flip, last)
}

/// A change of a gateway because an instance comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Joins,
    Leaves,
}

/// How long the gateway of a pool takes for a change; the same for all of its instances. `None` for the pool of a balancer.
fn update(
    world: &World,
    cx: &mut Cx<'_>,
    (instance, pool): (InstanceId, PoolId),
    change: Change,
) -> Option<SimDuration> {
    let of = &cx.plan.pools[pool.index()];
    let tier = of.prober.gateway()?.tier;
    let subject = world.application.subject(instance);
    let item = name(&of.balancer).wrapping_add(u64::from(change == Change::Leaves));
    let length = length(cx, tier, subject, item);
    Some(faults::stretched(world, cx, length))
}

/// How long a change of the configuration of a gateway takes.
fn length(cx: &mut Cx<'_>, tier: Tier, subject: Subject, item: Item) -> SimDuration {
    let dist = match tier {
        Tier::V1 => cx.assume(key::AppgwUpdateV1),
        Tier::V2 => cx.assume(key::AppgwUpdateV2),
    };
    cx.draw(Purpose::GatewayUpdate, subject, item, &dist)
}

/// How long a write to a gateway takes, by the name of the act that makes it.
pub fn written(world: &World, cx: &mut Cx<'_>, tier: Tier, act: &str) -> SimDuration {
    let length = length(cx, tier, Subject { place: name(act), cause: 0, ordinal: 0 }, 0);
    faults::stretched(world, cx, length)
}

/// How long after its creation an instance is in a pool.
pub(super) fn join_delay(world: &World, cx: &mut Cx<'_>, instance: InstanceId, pool: PoolId) -> SimDuration {
    update(world, cx, (instance, pool), Change::Joins).unwrap_or_else(|| cx.assume(key::LbJoinDelay))
}

/// How long a gateway takes until it knows that an instance left its pool; `None` for the pool of a balancer.
pub(super) fn leave_delay(world: &World, cx: &mut Cx<'_>, instance: InstanceId, pool: PoolId) -> Option<SimDuration> {
    update(world, cx, (instance, pool), Change::Leaves)
}

/// An instance goes: each gateway that it is a backend of knows when its configuration is written.
pub(super) fn deregister(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let mut next = world.load_balancer.of(instance).next();
    while let Some(member) = next {
        next = world.load_balancer.after(member);
        let row = &world.load_balancer.members[member.index()];
        if !row.left
            && let Some(delay) = leave_delay(world, cx, instance, row.pool)
        {
            cx.after(delay, Event::Balancer(ControlEvent::Deregister { member, cause }));
        }
    }
}

/// How long a backend of this pool is drained (AG-06). `None` for the pool of a balancer.
fn drain(world: &World, cx: &Cx<'_>, pool: PoolId) -> Option<SimDuration> {
    let of = probing(world, cx.plan, pool).1.gateway()?;
    Some(if cx.on(rules::AG_06) { of.drain } else { SimDuration::ZERO })
}

/// What becomes of what is bound to a backend of a gateway that gets nothing new for this reason, and by which rule. Nothing waits for a
/// second backend: the next request goes to another one, or is answered 502 (AG-11).
pub(super) fn flows(
    cx: &mut Cx<'_>,
    rule: RuleId,
    (pool, keeps): (PoolId, bool),
    last: bool,
) -> Option<(Flows, RuleId)> {
    if rule == rules::AG_06 {
        let has_cookie = |entry: &EntryPoint| entry.gateway.is_some_and(|part| part.cookie);
        let bound = keeps && cx.plan.leading_to(pool).any(|(_, entry)| has_cookie(entry));
        return Some((Flows::Kept, if bound { rules::AG_09 } else { rule }));
    }
    if rule == rules::AG_14 {
        return Some((Flows::Cut, rule));
    }
    if rule != rules::AG_02 {
        return None;
    }
    let drains = keeps && (cx.assume(key::AppgwDrainOnUnhealthy) || !cx.on(rules::AG_07));
    let rule = match (last, keeps) {
        (true, _) => rules::AG_11,
        (false, true) => rules::AG_07,
        (false, false) => rule,
    };
    Some((if drains { Flows::Kept } else { Flows::Cut }, rule))
}

/// The configuration of a gateway no longer has a backend: it is drained, if it takes requests, and then it goes.
pub(super) fn deregistered(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let row = &world.load_balancer.members[member.index()];
    let (instance, pool) = (row.instance, row.pool);
    if row.left {
        return;
    }
    if row.draining {
        return rotation::remove(world, cx, member, cause);
    }
    let takes = row.in_rotation;
    match drain(world, cx, pool).filter(|drain| takes && *drain > SimDuration::ZERO) {
        None => rotation::remove(world, cx, member, cause),
        Some(length) => {
            world.load_balancer.members[member.index()].draining = true;
            let entry = cx.record(Fact::Flow(FlowFact::Draining { instance, pool }), cause, rules::AG_06);
            rotation::settle(world, cx, member, entry);
            cx.after(length, Event::Balancer(ControlEvent::Deregister { member, cause: entry }));
        }
    }
    updated(world, cx, pool, cause);
}

/// The gateway of a pool has another configuration: connections that outlive its drain end then (AG-08), at whichever of its listeners.
pub(super) fn updated(world: &mut World, cx: &mut Cx<'_>, pool: PoolId, cause: Entry) {
    let plan = cx.plan;
    if plan.pools[pool.index()].prober.gateway().is_none() || !cx.on(rules::AG_08) {
        return;
    }
    let gateway = &plan.pools[pool.index()].balancer;
    for (entry_point, entry) in plan.entries() {
        let carries = entry.gateway.is_some_and(|part| !part.cookie)
            && entry.traffic.as_ref().is_some_and(|traffic| traffic.connections == Connections::WebSocket);
        let Some(own) = leads(world, entry_point).filter(|own| carries && plan.pools[own.index()].balancer == *gateway)
        else {
            continue;
        };
        // What several pools of it learn at an instant is one update.
        let Some(length) = drain(world, cx, own) else { continue };
        if world.load_balancer.drained.insert(entry_point, cx.now()) != Some(cx.now()) {
            cx.after(length, Event::Balancer(ControlEvent::Outlive { entry_point, length, cause }));
        }
    }
}

/// The drain after an update is over: of connections with a mean life, as many as live longer than that are still there, and end.
pub(super) fn end_what_outlived(cx: &mut Cx<'_>, entry_point: EntryPointId, length: SimDuration, cause: Entry) {
    let length = length.seconds();
    let life = cx.assume(key::ClientKeepalive).seconds().max(1e-3);
    let share = (libm::exp(-length / life) * f64::from(WHOLE)) as u32;
    cx.record(Fact::Flow(FlowFact::Outlived { entry_point, share }), cause, rules::AG_08);
}

/// Whether a backend answers users later than its gateway waits (AG-10). Of a machine that does not run it is what it was.
pub(super) fn is_late(world: &World, cx: &Cx<'_>, member: &Member) -> bool {
    match world.load_balancer.pools[member.pool.index()].patience {
        Some(_) if !application::runs(world, member.instance) => member.late,
        Some(waits) => cx.on(rules::AG_10) && application::waiting(world, cx, member.instance) >= waits,
        None => false,
    }
}

/// What a gateway meets at a backend where a request fails, beside an answer that comes too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing, or that nobody takes the connection.
    None,
    /// It answers with an error, and in time: the gateway passes that on, and does not try again.
    Errs,
    /// It takes the connection and answers nothing, so that the gateway waits.
    Silent,
}

/// What a gateway meets at a backend where a request fails (AG-10).
pub(super) fn trouble(world: &World, cx: &Cx<'_>, member: &Member) -> Trouble {
    match cx.plan.pools[member.pool.index()].prober.gateway() {
        Some(_) if !cx.on(rules::AG_10) => Trouble::None,
        Some(_) if !member.late && application::errs(world, cx, member.instance) => Trouble::Errs,
        Some(_) if application::is_silent(world, cx, member.instance) => Trouble::Silent,
        Some(_) | None => Trouble::None,
    }
}

/// Looks whether a backend answers in time, and whether with errors or not at all.
#[inline]
pub(super) fn wait(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let row = &world.load_balancer.members[member.index()];
    if world.load_balancer.pools[row.pool.index()].patience.is_some() {
        wait_for(world, cx, member, cause);
    }
}

#[inline(never)]
fn wait_for(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let row = &world.load_balancer.members[member.index()];
    let (instance, pool, late) = (row.instance, row.pool, is_late(world, cx, row));
    if row.late != late {
        world.load_balancer.members[member.index()].late = late;
        let fact = if late { FlowFact::TooLate { instance, pool } } else { FlowFact::InTime { instance, pool } };
        cx.record(Fact::Flow(fact), cause, rules::AG_10);
    }
    if !application::runs(world, instance) {
        let _ = cx.assume(key::AppgwVanishedBackend);
    }
    let trouble = trouble(world, cx, &world.load_balancer.members[member.index()]);
    let before = std::mem::replace(&mut world.load_balancer.members[member.index()].trouble, trouble);
    let ends = match before {
        _ if before == trouble => return,
        Trouble::None => None,
        Trouble::Errs => Some(FlowFact::ErrsNoMore { instance, pool }),
        Trouble::Silent => Some(FlowFact::Speaks { instance, pool }),
    };
    let begins = match trouble {
        Trouble::None => None,
        Trouble::Errs => Some(FlowFact::Errs { instance, pool }),
        Trouble::Silent => Some(FlowFact::Silent { instance, pool }),
    };
    for fact in ends.into_iter().chain(begins) {
        cx.record(Fact::Flow(fact), cause, rules::AG_10);
    }
}
