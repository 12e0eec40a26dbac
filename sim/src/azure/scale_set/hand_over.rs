//! Where an instance that is added comes from: a machine of the standby pool that is ready in its zone, or a create (SB-03, SB-04).

use crate::azure::capacity::{self, Priority};
use crate::azure::standby::{self, Machine};
use crate::rules::RuleId;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Placement, Refusal};
use crate::world::ids::SetId;

/// Finds a place for one more instance of a set, and what is ready there.
///
/// # Errors
/// If there is no place.
pub(super) fn reserve(
    world: &mut World,
    cx: &Cx<'_>,
    set: SetId,
    priority: Priority,
) -> Result<(Placement, RuleId, Option<Machine>), Refusal> {
    let held = standby::held(world, cx, set);
    let (at, rule) = capacity::reserve_beside(world, cx, set, priority, held)?;
    let machine = standby::take(world, cx, set, at.zone);
    if let Some(machine) = machine.filter(|machine| standby::holds(cx, set, machine) && held[at.zone as usize] == 0) {
        // In a world in which a machine that runs is allocated anew (SB-05 switched off).
        capacity::let_go(world, cx, set, machine.zone);
    }
    Ok((at, rule, machine))
}
