//! The instances of a gateway whose count moves: how many take requests, and how many probe.
//!
//! Rules: AG-12, AG-13, AG-14. They are counted from 0, and those of the highest numbers come last and go first. One that is drained
//! probes and keeps what is open, and takes nothing new. A new one is there when it is ready to take requests: it knows its backends as
//! they answer then, and probes them at phases of its own.

use super::{View, led, observe, rotation};
use crate::engine::random::Purpose;
use crate::plan::{Plan, ScalingGateway};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, GatewayFact};
use crate::world::ids::{Entry, GatewayId, MemberId, PoolId};

/// How many instances of a gateway there are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    /// Those that take requests.
    taking: u16,
    /// Those that probe: with those that are drained.
    probing: u16,
    /// The fewest that it may have, and the most.
    bounds: (u16, u16),
}

/// Those of the plan: the fewest, until their load is known.
pub(super) fn from_start(plan: &Plan) -> Vec<Count> {
    let count = |of: &ScalingGateway| Count { taking: of.least, probing: of.least, bounds: (of.least, of.most) };
    plan.gateways.iter().map(count).collect()
}

/// How many instances of a gateway take requests.
#[must_use]
pub fn instances(world: &World, gateway: GatewayId) -> u16 {
    world.load_balancer.scaled[gateway.index()].taking
}

/// The fewest instances that a gateway may have now, and the most.
#[must_use]
pub fn bounds(world: &World, gateway: GatewayId) -> (u16, u16) {
    world.load_balancer.scaled[gateway.index()].bounds
}

/// How many probe, with those that are drained.
#[must_use]
pub fn there(world: &World, gateway: GatewayId) -> u16 {
    world.load_balancer.scaled[gateway.index()].probing
}

/// Whether the instance of a gateway is there that probes a pool; so it is where their count does not move.
#[inline]
#[must_use]
pub fn probes(world: &World, pool: PoolId) -> bool {
    let of = world.load_balancer.pools[pool.index()].of;
    of.is_none_or(|(gateway, number)| number < world.load_balancer.scaled[gateway.index()].probing)
}

/// Whether it takes requests, too.
#[inline]
#[must_use]
pub fn takes(world: &World, pool: PoolId) -> bool {
    let of = world.load_balancer.pools[pool.index()].of;
    of.is_none_or(|(gateway, number)| number < world.load_balancer.scaled[gateway.index()].taking)
}

/// Invariants.
pub(super) fn check(world: &World, plan: &Plan) {
    for (count, of) in world.load_balancer.scaled.iter().zip(&plan.gateways) {
        assert!(count.taking <= count.bounds.1, "a gateway has no more instances than it may have");
        assert!((count.taking..=of.ever).contains(&count.probing), "who takes requests probes");
    }
}

/// A write gives a gateway other bounds; what comes of it the gateway sees to.
pub(super) fn bound(world: &mut World, cx: &mut Cx<'_>, gateway: GatewayId, to: (u16, u16), cause: Entry) {
    world.load_balancer.scaled[gateway.index()].bounds = to;
    cx.record(Fact::Gateway(GatewayFact::Bounded { gateway, least: to.0, most: to.1 }), cause, rules::AG_12);
}

// Verbs.

/// So many instances of a gateway take requests from now on.
pub fn set_taking(world: &mut World, gateway: GatewayId, instances: u16) {
    world.load_balancer.scaled[gateway.index()].taking = instances;
}

/// So many instances of a gateway are there from now on, and probe.
pub fn set_probing(world: &mut World, cx: &mut Cx<'_>, gateway: GatewayId, instances: u16, cause: Entry) {
    let before = std::mem::replace(&mut world.load_balancer.scaled[gateway.index()].probing, instances);
    let changed = before.min(instances)..before.max(instances);
    for pool in (0..cx.plan.pools.len()).map(|at| PoolId(at as u16)) {
        let of = world.load_balancer.pools[pool.index()].of;
        if of.is_none_or(|(of, number)| of != gateway || !changed.contains(&number)) {
            continue;
        }
        for member in world.load_balancer.pools[pool.index()].members.clone() {
            if instances > before {
                wake(world, cx, member, cause);
                rotation::settle(world, cx, member, cause);
            } else {
                led::end_probes(world, cx, member, cause);
            }
        }
    }
}

/// The probes of a backend begin, of an instance that knows it already.
fn wake(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let row = &world.load_balancer.members[member.index()];
    let pool = row.pool;
    if let View::Parked(next) = row.view
        && !led::sleeps(world, cx.plan, pool)
    {
        let phase = world.load_balancer.pools[pool.index()].phases.wrapping_add(cx.now().ms());
        // One that is drained is on its way out, and gets nothing.
        let up = world.load_balancer.members[member.index()].draining.then_some(false);
        observe(world, cx, member, (Purpose::GatewayProbePhase, phase), (up, next), cause);
    }
}
