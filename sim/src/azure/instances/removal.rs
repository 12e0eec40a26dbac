//! The end of an instance: how its machine goes, and what becomes of a deletion that fails.
//!
//! Rules: LC-07, LC-08, SI-09. What is to go serves no more from the first attempt on, whatever comes of it. The next attempt of a
//! resilient delete begins when the last has failed, since no pause is published.

use super::{Event, Provisioning, subject, update};
use crate::azure::{gallery, load_balancer};
use crate::demand::{application, faults};
use crate::engine::random::Purpose;
use crate::engine::time::SimDuration;
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Deletion, Fact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// How often a resilient delete tries (LC-07).
const ATTEMPTS: u8 = 5;

/// How often the deletion of an instance failed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Failures {
    /// Ever: each attempt has a draw of its own.
    ever: u32,
    /// Since somebody last asked for it.
    now: u8,
}

/// Whether the set forces the deletion of what scale-in chose (SI-09).
pub(super) fn is_forced(cx: &Cx<'_>, set: SetId, why: Deletion) -> bool {
    why == Deletion::ScaleIn && cx.plan.sets[set.index()].force_deletion && cx.on(rules::SI_09)
}

/// The machine of an instance goes, and everything on it.
pub(super) fn vanish(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    why: Deletion,
    chosen: RuleId,
    cause: Entry,
) {
    world.instances.rows[instance.index()].state = Provisioning::Deleting;
    update::forget(world, instance);
    let entry = cx.record(Fact::InstanceDeleting { instance, why }, cause, chosen);
    gallery::release(world, cx, instance, entry);
    let set = world.instances.rows[instance.index()].set;
    let forced = is_forced(cx, set, why);
    if forced || why == Deletion::Evicted && super::power::eviction_is_abrupt(cx) {
        load_balancer::abandon(world, instance);
    }
    application::power_off(world, cx, instance, entry);
    load_balancer::leave(world, cx, instance, entry);
    // What is forced is not waited for. An eviction by policy Delete can fail like any other delete.
    attempt(world, cx, instance, forced, (!forced, entry));
}

/// An instance whose deletion failed is deleted again.
pub fn delete_again(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, rule: RuleId, cause: Entry) {
    let row = &mut world.instances.rows[instance.index()];
    assert!(row.state == Provisioning::Stuck, "only what could not be deleted is deleted again");
    row.state = Provisioning::Deleting;
    let forced = is_forced(cx, row.set, Deletion::ScaleIn);
    world.instances.undeleted.entry(instance).or_default().now = 0;
    let entry = cx.record(Fact::InstanceDeleting { instance, why: Deletion::ScaleIn }, cause, rule);
    attempt(world, cx, instance, forced, (!forced, entry));
}

/// An attempt to delete begins.
fn attempt(world: &World, cx: &mut Cx<'_>, instance: InstanceId, forced: bool, (can_fail, cause): (bool, Entry)) {
    let gone = super::power::is_without_machine(world, instance);
    let dist = cx.assume(if gone { key::VmDeleteDeallocated } else { key::VmDelete });
    let nth = world.instances.undeleted.get(&instance).map_or(0, |failures| failures.ever);
    let length = cx.draw(Purpose::Deletion, subject(world, instance), nth.into(), &dist);
    let length = if forced { SimDuration::ZERO } else { faults::stretched(world, cx, length) };
    cx.after(length, Due::Instances(Event::Gone { instance, can_fail, cause }));
}

/// An attempt to delete comes to its end: the instance is gone, or that failed.
pub(super) fn gone(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (can_fail, cause): (bool, Entry)) {
    let set = world.instances.rows[instance.index()].set;
    let failing = if can_fail { faults::deletes_failing(world, cx, set) } else { 0.0 };
    let nth = world.instances.undeleted.get(&instance).map_or(0, |failures| failures.ever);
    if failing == 0.0 || !cx.stream(Purpose::DeleteFailure, subject(world, instance), nth.into()).chance(failing) {
        world.instances.undeleted.remove(&instance);
        world.instances.rows[instance.index()].state = Provisioning::Deleted;
        cx.record(Fact::InstanceDeleted { instance }, cause, rules::LC_02);
        return;
    }
    let failures = world.instances.undeleted.entry(instance).or_default();
    failures.ever += 1;
    failures.now += 1;
    let attempt_was = failures.now;
    let resilient = cx.plan.sets[set.index()].resilient_delete && cx.on(rules::LC_07);
    let again = resilient && attempt_was < ATTEMPTS;
    let rule = if resilient { rules::LC_07 } else { rules::LC_08 };
    if !again {
        world.instances.rows[instance.index()].state = Provisioning::Stuck;
    }
    let entry = cx.record(Fact::DeletionFailed { instance, attempt: attempt_was, again }, cause, rule);
    if again {
        attempt(world, cx, instance, false, (true, entry));
    }
}
