//! A new OS disk of which the guest is notified before: the machine runs on until the event starts.
//!
//! Rules: OS-16. What is to be done waits here, and the state of the instance stays as it is; whoever waits for the disk asks
//! [`is_announced`]. What comes in between (its host, its power) happens to the machine as it is.

use super::update::{self, Waiting};
use super::{Provisioning, Row, is_present, profile};
use crate::azure::gallery;
use crate::engine::time::SimDuration;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, NoticeFact, Operation, Refusal};
use crate::world::ids::{Entry, InstanceId};

/// Whether a new OS disk of an instance waits for its event.
#[must_use]
pub fn is_announced(world: &World, instance: InstanceId) -> bool {
    world.instances.announced.contains_key(&instance)
}

/// Every instance whose new OS disk waits for its event.
pub fn all_announced(world: &World) -> impl Iterator<Item = InstanceId> + '_ {
    world.instances.announced.keys().copied()
}

/// How long the guest of an instance may take before it gets a new OS disk; `None` where it is not notified, or there is none.
#[must_use]
pub fn image_notice(world: &World, cx: &Cx<'_>, row: &Row) -> Option<SimDuration> {
    profile(world, cx, row).os_image.filter(|_| row.booted && cx.on(rules::OS_16))
}

/// Whether an operation waits until the guest was notified of it.
pub(super) fn notifies(world: &World, cx: &Cx<'_>, row: &Row, how: Operation) -> bool {
    matches!(how, Operation::Swap | Operation::Reimage) && image_notice(world, cx, row).is_some()
}

/// A new disk is to be put in, and the guest is notified first.
pub(super) fn defer(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, what: Waiting) -> Entry {
    let entry = cx.record(Fact::Notice(NoticeFact::DiskDeferred { instance }), what.cause, rules::OS_16);
    world.instances.announced.insert(instance, what);
    entry
}

// Verbs.

/// The event has started: what was announced is done. An instance was brought to a later model meanwhile, and stays on it.
pub fn change_disk(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let Some(Waiting { mut to, rule, .. }) = world.instances.announced.remove(&instance) else { return };
    let row = &world.instances.rows[instance.index()];
    to.revision = to.revision.max(row.revision);
    if to.how == Operation::Swap && gallery::is_deleted(world, to.image) && cx.on(rules::GA_19) {
        // Meanwhile there is nothing left to make a disk from.
        update::fail(world, cx, instance, Refusal::ImageDeleted, (rules::GA_19, cause));
        return;
    }
    update::at_once(world, cx, instance, to, (rule, cause));
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub(super) fn check(world: &World) {
    for instance in all_announced(world) {
        let row = &world.instances.rows[instance.index()];
        assert!(
            is_present(row) && row.state != Provisioning::Deallocated,
            "a new disk waits only where there is a machine"
        );
    }
}
