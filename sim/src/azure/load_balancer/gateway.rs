//! Application Gateway: what of it is not as a load balancer has it.
//!
//! Modelled: AG-01…AG-05, AG-10, AG-11. Each instance of a gateway is a prober of its own, and its pool a row of its own
//! ([`crate::plan::Prober`]). The pool of a gateway is part of its configuration. So an instance that is created or deleted is known
//! there when the configuration is written, which takes minutes on v1 and mostly seconds on v2; until then the gateway sends requests
//! to a machine that is gone, unless its probes find that out first. A machine that is stopped stays in the pool, and is probed.
//!
//! Left out: what is in flight when a backend goes (AG-06…AG-09): a request takes no time here.

use super::ControlEvent;
use super::observer::{Cadence, Flip};
use super::ticking::Ticker;
use crate::engine::random::{Purpose, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::Tier;
use crate::rules::key;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event;
use crate::world::ids::{Entry, InstanceId, MemberId, PoolId};

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
    let dist = match of.prober.gateway()?.tier {
        Tier::V1 => cx.assume(key::AppgwUpdateV1),
        Tier::V2 => cx.assume(key::AppgwUpdateV2),
    };
    let subject = world.application.subject(instance);
    let item = name(&of.balancer).wrapping_add(u64::from(change == Change::Leaves));
    Some(cx.draw(Purpose::GatewayUpdate, subject, item, &dist))
}

/// How long after its creation an instance is in a pool.
pub(super) fn join_delay(world: &World, cx: &mut Cx<'_>, instance: InstanceId, pool: PoolId) -> SimDuration {
    update(world, cx, (instance, pool), Change::Joins).unwrap_or_else(|| cx.assume(key::LbJoinDelay))
}

/// An instance goes: each gateway that it is a backend of knows when its configuration is written.
pub(super) fn deregister(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let mut next = world.load_balancer.of(instance).next();
    while let Some(member) = next {
        next = world.load_balancer.after(member);
        let row = &world.load_balancer.members[member.index()];
        if !row.left
            && let Some(delay) = update(world, cx, (instance, row.pool), Change::Leaves)
        {
            cx.after(delay, Event::Balancer(ControlEvent::Deregister { member, cause }));
        }
    }
}
