//! Instances that repairs replace: the place of the old one is kept for the new one (AR-05, AR-14, `repair.replacement_zone`).

use super::{image_of, kept, remove};
use crate::azure::capacity::{self, Priority, quota};
use crate::azure::instances::{self, NewInstance, Row};
use crate::azure::spot;
use crate::engine::random::name;
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Deletion, Fact, Placement, Refusal, RepairEnd, RepairsFact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// How many instances a set is to have, those aside that are beyond its capacity.
#[must_use]
pub fn size(world: &World, set: SetId) -> u32 {
    kept(world, set)
}

/// Deletes an instance whose place is kept for another. A set that shrinks meanwhile gives such places up first.
pub fn free_place(world: &mut World, cx: &mut Cx<'_>, set: SetId, old: InstanceId, (rule, cause): (RuleId, Entry)) {
    let state = &mut world.scale_set.sets[set.index()];
    // What was one of the instances of a scale-out that is not settled stands beside it from now on. If nobody of those is
    // wanted any more, it was surplus, and its place is nobody's.
    let mut held = true;
    if let Some(surplus) = state.surplus.as_mut()
        && let Some(at) = surplus.created.iter().position(|&created| created == old)
    {
        surplus.created.remove(at);
        held = surplus.wanted > 0;
        surplus.wanted = surplus.wanted.saturating_sub(1);
    }
    if held {
        state.held.push(old);
    } else {
        let over = RepairsFact::Ended { instance: old, how: RepairEnd::Overtaken };
        cx.record(Fact::Repairs(over), cause, rules::AR_05);
    }
    remove(world, cx, set, (old, rule), Deletion::Repair, cause);
}

/// Whether the place of an instance that was deleted is still kept.
#[must_use]
pub fn is_held(world: &World, set: SetId, old: InstanceId) -> bool {
    world.scale_set.sets[set.index()].held.contains(&old)
}

/// Creates an instance in the place that is kept of another; `None` if it cannot be had, and then the set is one short.
pub fn create_replacement(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    old: InstanceId,
    (rule, cause): (RuleId, Entry),
) -> Option<InstanceId> {
    let goal = kept(world, set);
    world.scale_set.sets[set.index()].held.retain(|&other| other != old);
    let Row { image: had, revision, ordinal, at, .. } = world.instances.rows[old.index()];
    let (image, why) = image_of(world, cx, set, 1, cause)?;
    // In a world without that rule, what an instance was is made again.
    let image = if cx.on(rules::AR_05) { image } else { had };
    let as_spot = spot::next_priority(world, cx, set, goal);
    if let Some(refusal) = as_spot.and_then(|_| spot::refuses(world, cx, set)) {
        super::refuse(cx, set, 1, refusal, cause);
        return None;
    }
    // While the guest of the old one is waited for, both are there (AR-14).
    let both = 1 + u32::from(world.instances.leaving(old).is_some());
    let needed = if as_spot.is_some() { (0, both) } else { (both, 0) };
    if let Some(exceeded) = quota::exceeded(world, cx, set, needed).filter(|exceeded| cx.on(exceeded.rule())) {
        let entry = quota::say(cx, set, exceeded, exceeded.rule(), cause);
        super::refuse(cx, set, 1, Refusal::QuotaExceeded, entry);
        return None;
    }
    let priority = if as_spot.is_some() { Priority::Spot } else { Priority::Regular };
    let at = match place(world, cx, set, at, priority) {
        Ok(at) => at,
        Err(refusal) => {
            super::refuse(cx, set, 1, refusal, cause);
            return None;
        }
    };
    let state = &mut world.scale_set.sets[set.index()];
    let next = state.next_ordinal;
    state.next_ordinal += 1;
    // Keyed by the instance that it replaces, so that one repair more shifts no other draws.
    let cause_key = name(&format!("repair of {ordinal}"));
    let new =
        NewInstance { set, ordinal: next, image, at, surplus: false, cause_key, nth: 0, spot: as_spot, surges: false };
    let instance = instances::create(world, cx, &new, rule, why);
    if !cx.on(rules::AR_05) {
        instances::keep_revision(world, instance, revision);
    }
    world.scale_set.sets[set.index()].instances.push(instance);
    Some(instance)
}

/// The place that is kept of an instance is given up.
pub fn release(world: &mut World, set: SetId, old: InstanceId) {
    world.scale_set.sets[set.index()].held.retain(|&other| other != old);
}

/// Where the new instance stands: where the old one did (`repair.replacement_zone`), or if that zone has no room now, as any new one
/// (ZN-09).
fn place(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    was: Placement,
    priority: Priority,
) -> Result<Placement, Refusal> {
    let same = cx.assume(key::RepairReplacementZone) == choice::RepairReplacementZone::Same && cx.on(rules::AR_22);
    if !same {
        return capacity::reserve(world, cx, set, priority).map(|(at, _)| at);
    }
    let region = cx.plan.sets[set.index()].region;
    if priority == Priority::Spot && spot::is_shut(world, region, was.zone) {
        return Err(Refusal::NoSpotCapacity);
    }
    match capacity::reserve_in(world, cx, set, was.zone) {
        Err(_) if cx.plan.sets[set.index()].zones.len() > 1 => capacity::reserve(world, cx, set, priority),
        found => found,
    }
    .map(|(at, _)| at)
}

/// A scale-in takes the places first that are kept and not filled: they are empty.
pub(super) fn give_up(world: &mut World, cx: &mut Cx<'_>, set: SetId, to: u32, cause: Entry) {
    while kept(world, set) > to {
        let Some(old) = world.scale_set.sets[set.index()].held.pop() else { return };
        let given_up = RepairsFact::Ended { instance: old, how: RepairEnd::Overtaken };
        cx.record(Fact::Repairs(given_up), cause, rules::AR_05);
    }
}
