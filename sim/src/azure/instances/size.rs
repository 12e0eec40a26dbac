//! Which size an instance has: that of the model it was last brought to.
//!
//! Rules: UM-09, RU-37.

use super::Row;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, PlaceFact};
use crate::world::ids::{ActionId, Entry, InstanceId};

/// The action that gave an instance its size.
fn given_by(world: &World, row: &Row, revision: u32) -> Option<ActionId> {
    world.scale_set.model(row.set, revision).size
}

/// The name of the size of an instance.
#[must_use]
pub fn size<'p>(world: &World, cx: &Cx<'p>, instance: InstanceId) -> &'p str {
    let row = &world.instances.rows[instance.index()];
    cx.plan.size(row.set.index(), given_by(world, row, row.revision).map(ActionId::index))
}

/// Says that an instance, which had the size of this revision, has another one now.
pub(super) fn say(world: &World, cx: &mut Cx<'_>, instance: InstanceId, had: u32, cause: Entry) {
    let row = &world.instances.rows[instance.index()];
    let by = given_by(world, row, row.revision);
    if by != given_by(world, row, had) {
        cx.record(Fact::Place(PlaceFact::Sized { set: row.set, instance, by }), cause, rules::UM_09);
    }
}
