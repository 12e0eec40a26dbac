//! What is left of instances that could not be deleted: Failed, out of every pool, and counted to the capacity until it is removed
//! (LC-08). Its place in the region and in the quota went back when its deletion began.

use super::kept;
use crate::azure::instances::{self, Provisioning};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{CapacityBy, Fact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// Counts an instance that could not be deleted. A capacity that was lowered for it, or that others fill by now, grows by it.
pub(super) fn count(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = &world.instances.rows[instance.index()];
    let (set, left) = (row.set, row.state == Provisioning::Stuck);
    let state = &mut world.scale_set.sets[set.index()];
    if !left || state.stuck.contains(&instance) || !cx.on(rules::LC_08) {
        return;
    }
    state.stuck.push(instance);
    state.held.retain(|&other| other != instance);
    let (from, to) = (state.capacity, kept(world, set));
    if to > from {
        world.scale_set.sets[set.index()].capacity = to;
        cx.record(Fact::CapacitySet { set, from, to, by: CapacityBy::FailedDelete }, cause, rules::LC_08);
    }
}

/// A scale-in tries those first that could not be deleted before: nobody is served there.
pub(super) fn remove_again(world: &mut World, cx: &mut Cx<'_>, set: SetId, to: u32, cause: Entry) {
    while kept(world, set) > to && !world.scale_set.sets[set.index()].stuck.is_empty() {
        let old = world.scale_set.sets[set.index()].stuck.remove(0);
        instances::delete_again(world, cx, old, rules::LC_08, cause);
    }
}
