//! The pools that an instance is to be in by its model, and how it comes to be in others.
//!
//! Rules: VS-12. A pool is a property of the network interface: another one in the model is in force on an instance when that is brought
//! to the model. The instance leaves its old pools and joins the new ones; a gateway knows of either when its configuration is written.
//! What is open to a backend that leaves a pool of a balancer is cut; a gateway drains it.

use super::{ControlEvent, gateway, join};
use crate::demand::application;
use crate::engine::time::SimDuration;
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event;
use crate::world::ids::{Entry, InstanceId, MemberId, PoolId};

/// The membership of an instance in a pool that it has not left.
pub(super) fn member(world: &World, instance: InstanceId, pool: PoolId) -> Option<MemberId> {
    let row = |member: &MemberId| &world.load_balancer.members[member.index()];
    world.load_balancer.of(instance).find(|member| row(member).pool == pool && !row(member).left)
}

/// Whether an instance is there, and its model has it in a pool.
pub(super) fn is_wanted(world: &World, cx: &Cx<'_>, instance: InstanceId, pool: PoolId) -> bool {
    let row = &world.instances.rows[instance.index()];
    let model = world.scale_set.model(row.set, row.revision);
    application::exists(world, instance) && model.pools(cx.plan, row.set).contains(&pool.0)
}

// Verbs.

/// An instance was brought from this revision of its model to another one, which has other pools.
pub fn change_pools(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, from: u32, cause: Entry) {
    if !cx.on(rules::VS_12) {
        return;
    }
    let row = &world.instances.rows[instance.index()];
    let plan = cx.plan;
    let [had, has] = [from, row.revision].map(|revision| world.scale_set.model(row.set, revision).pools(plan, row.set));
    for pool in had.iter().filter(|pool| !has.contains(pool)) {
        leave_one(world, cx, instance, PoolId(*pool), cause);
    }
    for pool in has.iter().filter(|pool| !had.contains(pool)) {
        join(world, cx, instance, PoolId(*pool), cause);
    }
}

/// An instance leaves a pool, when that is known there.
fn leave_one(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, pool: PoolId, cause: Entry) {
    let Some(member) = member(world, instance, pool) else { return };
    let delay = gateway::leave_delay(world, cx, instance, pool).unwrap_or_else(|| cx.assume(key::LbLeaveDelay));
    if delay == SimDuration::ZERO {
        gateway::deregistered(world, cx, member, cause);
    } else {
        cx.after(delay, Event::Balancer(ControlEvent::Deregister { member, cause }));
    }
}
