//! What is known of an instance as the run begins: which model it has, what protects it, whether it runs and is healthy.
//!
//! Rules: WT-08, IP-01, IP-02. Why an instance is unhealthy is not known: `start.unhealthy` says what ails it.

use super::{Off, Protection, power, update};
use crate::demand::application;
use crate::plan::{PowerAtStart, Present};
use crate::rules::{choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::ids::{Entry, InstanceId};

/// Makes an instance that is in steady state what it is known to be. It is in no pool yet.
pub(super) fn begin(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, known: &Present, cause: Entry) {
    if let Some(model) = known.model {
        let row = &mut world.instances.rows[instance.index()];
        (row.revision, row.came_from) = (model.into(), model.into());
    }
    let protection = Protection {
        from_scale_in: known.protect_from_scale_in,
        from_scale_set_actions: known.protect_from_scale_set_actions,
    };
    update::protect(world, cx, instance, protection, cause);
    let off = match known.power {
        PowerAtStart::Running => None,
        PowerAtStart::Stopped => Some(Off::Stopped),
        PowerAtStart::Deallocated => Some(Off::GivenBack),
    };
    if let Some(off) = off {
        power::was_off(world, cx, instance, off, cause);
    } else if known.unhealthy {
        let disk = cx.assume(key::StartUnhealthy) == choice::StartUnhealthy::CorruptDisk;
        application::set_process_fault(world, cx, instance, disk, true, cause);
    }
    application::reconcile(world, cx, instance, cause);
}
