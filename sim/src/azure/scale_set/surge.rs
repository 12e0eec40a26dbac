//! Instances beyond the capacity, which replace others (MS-01, MS-03, MS-04, MS-06).

use super::{image_of, new_instance, remove};
use crate::azure::capacity;
use crate::azure::instances::{self, NewInstance, Row};
use crate::azure::rolling_upgrade::batch::UPDATE_DOMAINS;
use crate::azure::spot;
use crate::plan::OrchestrationMode;
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Deletion, Fact, Placement};
use crate::world::ids::{Entry, InstanceId, SetId};

/// Creates an instance beyond the capacity, in the zone of another, to replace it (MS-01, MS-04).
///
/// # Errors
/// If it cannot be had; the entry says why.
pub fn surge(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    old: InstanceId,
    cause_key: u64,
    cause: Entry,
) -> Result<InstanceId, Entry> {
    let Some((image, why)) = image_of(world, cx, set, 1, cause) else { return Err(cause) };
    let Row { at: Placement { zone, .. }, protection, ordinal, .. } = world.instances.rows[old.index()];
    let (at, _) = match capacity::reserve_in(world, cx, set, zone) {
        Ok(found) => found,
        Err(refusal) => {
            let entry = cx.record(Fact::ScaleRefused { set, short: 1, why: refusal }, cause, rules::MS_04);
            return Err(entry);
        }
    };
    let goal = world.scale_set.sets[set.index()].instances.len() as u32 + 1;
    let as_spot = spot::next_priority(world, cx, set, goal);
    let has_domains =
        cx.plan.sets[set.index()].mode == OrchestrationMode::Uniform && cx.plan.sets[set.index()].fault_domains > 1;
    while !cx.on(rules::MS_06)
        && world.scale_set.sets[set.index()].next_ordinal % UPDATE_DOMAINS != ordinal % UPDATE_DOMAINS
    {
        // A world in which a replacement stands in the update domain of the one that it replaces.
        world.scale_set.sets[set.index()].next_ordinal += 1;
    }
    let new = NewInstance { spot: as_spot, surges: true, ..new_instance(world, set, (image, at), false, cause_key) };
    let moves = has_domains && new.ordinal % UPDATE_DOMAINS != ordinal % UPDATE_DOMAINS;
    let rule = if moves { rules::MS_06 } else { rules::MS_04 };
    let instance = instances::create(world, cx, &new, rule, why);
    if !cx.on(rules::IP_04) {
        // A world in which protection is not of the instance alone.
        instances::protect(world, cx, instance, protection, why);
    }
    let state = &mut world.scale_set.sets[set.index()];
    state.instances.push(instance);
    state.surge.push(instance);
    Ok(instance)
}

/// Creates an instance beyond the capacity in this zone, and says the entry from which that follows; `None` if it cannot be had.
pub fn surge_in(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    zone: u8,
    cause_key: u64,
    (rule, cause): (RuleId, Entry),
) -> Option<(InstanceId, Entry)> {
    let (image, why) = image_of(world, cx, set, 1, cause)?;
    let (at, _) = capacity::reserve_in(world, cx, set, zone).ok()?;
    let goal = world.scale_set.sets[set.index()].instances.len() as u32 + 1;
    let as_spot = spot::next_priority(world, cx, set, goal);
    let new = NewInstance { spot: as_spot, ..new_instance(world, set, (image, at), false, cause_key) };
    let instance = instances::create(world, cx, &new, rule, why);
    let state = &mut world.scale_set.sets[set.index()];
    state.instances.push(instance);
    state.surge.push(instance);
    Some((instance, why))
}

/// A new instance takes the place of an old one in the capacity, and the old one goes. Says whether it was still there.
pub fn take_over(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (old, new): (InstanceId, InstanceId),
    why: Deletion,
    (rule, cause): (RuleId, Entry),
) -> bool {
    if !instances::is_present(&world.instances.rows[old.index()]) {
        // Its place was given up; the new one is beyond the capacity still, and goes with the next look at it.
        return false;
    }
    let state = &mut world.scale_set.sets[set.index()];
    state.surge.retain(|&other| other != new);
    // It stands for the old one in a scale-out that is not settled, too.
    let surplus = state.surplus.iter_mut().flat_map(|surplus| &mut surplus.created);
    surplus.filter(|created| **created == old).for_each(|created| *created = new);
    remove(world, cx, set, (old, rule), why, cause);
    true
}

/// An instance beyond the capacity goes.
pub fn remove_surge(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    instance: InstanceId,
    (rule, cause): (RuleId, Entry),
) {
    world.scale_set.sets[set.index()].surge.retain(|&other| other != instance);
    if instances::is_present(&world.instances.rows[instance.index()]) {
        remove(world, cx, set, (instance, rule), Deletion::Surge, cause);
    }
}
