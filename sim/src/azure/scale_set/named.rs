//! What is done to instances of a set that somebody names: deleted for good, or made anew on their own image.
//!
//! Rules: LC-08, SI-12, UM-12, ZN-06.

use super::{kept, remove, settle_surplus, surplus};
use crate::azure::gallery;
use crate::azure::instances::{self, Update};
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{CapacityBy, Deletion, Fact, Operation};
use crate::world::ids::{Entry, InstanceId, RegionId, SetId};

/// Deletes these instances, and those `again` that could not be deleted before: the capacity falls by as many (SI-12). Who named
/// them is said by the reason and the rule.
pub fn delete_named(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (named, again): (&[InstanceId], &[InstanceId]),
    (why, rule): (Deletion, RuleId),
    cause: Entry,
) {
    let state = &mut world.scale_set.sets[set.index()];
    let beyond = named.iter().filter(|instance| state.surge.contains(instance)).count();
    state.surge.retain(|instance| !named.contains(instance));
    let from = state.capacity;
    let fewer = (named.len() + again.len() - beyond) as u32;
    let to = from.saturating_sub(fewer);
    let mut entry = cause;
    if to < from && cx.on(rules::SI_12) {
        world.scale_set.sets[set.index()].capacity = to;
        entry = cx.record(Fact::CapacitySet { set, from, to, by: CapacityBy::DeleteByHand }, cause, rules::SI_12);
    }
    let gap = surplus::gap(world, cx, set);
    for &instance in named {
        remove(world, cx, set, (instance, rule), why, entry);
        // A scale-out under way wants one fewer, if it loses one.
        if let Some(surplus) = &mut world.scale_set.sets[set.index()].surplus
            && surplus.created.contains(&instance)
        {
            surplus.wanted = surplus.wanted.saturating_sub(1);
        }
    }
    surplus::say_if_broken(world, cx, set, gap, entry);
    for &instance in again {
        world.scale_set.sets[set.index()].stuck.retain(|&other| other != instance);
        instances::delete_again(world, cx, instance, rules::LC_08, entry);
    }
    // What is there of a surplus counts no more than before, and what was asked for and not had stays asked for.
    let least = kept(world, set);
    let state = &mut world.scale_set.sets[set.index()];
    if least > state.capacity {
        let from = std::mem::replace(&mut state.capacity, least);
        cx.record(Fact::CapacitySet { set, from, to: least, by: CapacityBy::DeleteByHand }, entry, rules::SI_12);
    }
    settle_surplus(world, cx, set, entry);
}

/// A new OS disk, of the version that the model of the instance means now (UM-12).
pub fn reimage(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, plain: RuleId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    let meant = world.scale_set.model(row.set, row.revision).image;
    let region = RegionId(cx.plan.sets[row.set.index()].region);
    let found = gallery::resolve(world, cx, meant, region).map_or(row.image, |found| found.image);
    let image = if cx.on(rules::UM_12) { found } else { row.image };
    let rule = if image == row.image { plain } else { rules::UM_12 };
    let to = Update { how: Operation::Reimage, image, revision: row.revision };
    instances::update(world, cx, instance, to, rule, cause);
}

/// What could not be deleted of a set, and is left.
#[must_use]
pub fn stuck(world: &World, set: SetId) -> &[InstanceId] {
    &world.scale_set.sets[set.index()].stuck
}
