//! Resilient create: a new machine whose system does not come up is deleted, and another is made in its place (LC-06). What an
//! upgrade made beyond the capacity is left to the upgrade.

use super::{image_of, new_instance, remove};
use crate::azure::capacity;
use crate::azure::instances::{self, NewInstance, Provisioning};
use crate::azure::spot;
use crate::engine::random::name;
use crate::engine::time::SimDuration;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Deletion, Fact, Operation};
use crate::world::ids::{Entry, InstanceId};

/// For so long after the first of them another machine is made; then it stays Failed (LC-06).
const PATIENCE: SimDuration = SimDuration::from_mins(30);

/// Makes another machine in the place of a new one that failed to boot, where the set asks for it.
pub(super) fn again(world: &mut World, cx: &mut Cx<'_>, old: InstanceId, cause: Entry) {
    let row = world.instances.rows[old.index()];
    let set = row.set;
    let failed = row.state == Provisioning::Failed && row.how == Operation::Create && !row.booted;
    if !failed || !cx.plan.sets[set.index()].resilient_create || !cx.on(rules::LC_06) {
        return;
    }
    let state = &world.scale_set.sets[set.index()];
    if state.surge.contains(&old) {
        return; // the upgrade that made it decides
    }
    let retries = &state.retries;
    let first = retries.iter().find(|&&(of, _)| of == old).map_or(row.created.time(), |&(_, first)| first);
    if cx.now().since(first) >= PATIENCE {
        return;
    }
    let Some((image, why)) = image_of(world, cx, set, 1, cause) else { return };
    remove(world, cx, set, (old, rules::LC_06), Deletion::Retried, cause);
    let at = match capacity::reserve_in(world, cx, set, row.at.zone) {
        Ok((at, _)) => at,
        Err(refusal) => {
            cx.record(Fact::ScaleRefused { set, short: 1, why: refusal }, cause, rules::LC_06);
            return;
        }
    };
    let goal = world.scale_set.sets[set.index()].instances.len() as u32 + 1;
    let as_spot = spot::next_priority(world, cx, set, goal);
    let new = new_instance(world, set, (image, at), row.surplus, name("resilient create"));
    let new = instances::create(world, cx, &NewInstance { spot: as_spot, ..new }, rules::LC_06, why);
    let state = &mut world.scale_set.sets[set.index()];
    state.instances.push(new);
    state.retries.push((new, first));
    let created = state.surplus.iter_mut().flat_map(|surplus| &mut surplus.created);
    created.filter(|created| **created == old).for_each(|created| *created = new);
}
