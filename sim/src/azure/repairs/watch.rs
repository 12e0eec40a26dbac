//! What is known of each instance: since when it is in trouble, when the last change of its state was completed, and how
//! often its place was repaired without a healthy time in between.
//!
//! Rules: AR-02, AR-08, AR-10, AR-12, AR-15, HD-41.

use super::expect;
use crate::azure::app_health;
use crate::azure::instances::{self, Provisioning, Row};
use crate::demand::application;
use crate::engine::time::SimTime;
use crate::plan::AnswerKind;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Health, Operation, Spared};
use crate::world::ids::{Entry, InstanceId};

/// What is known of an instance.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Watch {
    /// The number of the operation on it that was last seen completed, plus one; 0 for none.
    completed: u32,
    /// When the last change of its state that counts was completed, if one was (AR-08, AR-10).
    pub changed: Option<SimTime>,
    /// Since when it is in trouble, and the entry that says so.
    pub trouble: Option<(SimTime, Entry)>,
    /// Repairs of its place since it was last healthy.
    pub repairs: u32,
    /// A look found it in its grace period.
    pub waited: bool,
    /// A look found no room for it (AR-07).
    pub queued: bool,
    /// Why it is spared, as last said.
    pub reported: Option<Spared>,
}

/// What is known of an instance.
pub(super) fn of(world: &mut World, instance: InstanceId) -> &mut Watch {
    let watches = &mut world.repairs.watches;
    if watches.len() <= instance.index() {
        watches.resize(instance.index() + 1, Watch::default());
    }
    &mut watches[instance.index()]
}

/// Whether what was last done to an instance is a change of its state that starts the grace period (AR-10).
fn counts(cx: &Cx<'_>, row: &Row) -> bool {
    match row.how {
        // It was present before the run began.
        Operation::Create if row.initial => false,
        Operation::Create => true,
        Operation::Swap
        | Operation::Reimage
        | Operation::Restore
        | Operation::Restart
        | Operation::Extensions
        | Operation::Start => cx.on(rules::AR_10),
        // Nobody asked for it on the set.
        Operation::Heal => !cx.on(rules::AR_10),
    }
}

/// Whether an instance is in trouble: what repairs are for, or may be for.
fn in_trouble(world: &World, cx: &Cx<'_>, instance: InstanceId, row: &Row) -> bool {
    match app_health::state(world, instance) {
        Some(Health::Unhealthy) => true,
        Some(Health::Unknown) => cx.on(rules::AR_02),
        Some(Health::Initializing) => !cx.on(rules::AR_02),
        Some(Health::Healthy) => !cx.on(rules::AR_18) && !answers_200(world, cx, instance),
        None => row.state == Provisioning::Deallocated || never_came_up(row),
    }
}

/// In a world without AR-18: whether the extension of version 2, too, gets exactly 200.
fn answers_200(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    let profile = instances::profile(world, cx, &world.instances.rows[instance.index()]);
    let of = profile.health_extension.as_ref();
    of.is_none_or(|of| application::answer(world, cx, instance, of.endpoint).kind == AnswerKind::Status(200))
}

/// Whether the creation of an instance failed (AR-03).
pub(super) fn never_came_up(row: &Row) -> bool {
    row.state == Provisioning::Failed && row.how == Operation::Create
}

/// Takes in what happened to an instance.
pub(super) fn note(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    if !instances::is_present(&row) {
        world.repairs.sets[row.set.index()].sick.remove(&instance);
        return;
    }
    let now = cx.now();
    let is_over = matches!(row.state, Provisioning::Succeeded | Provisioning::Failed);
    let changed = counts(cx, &row);
    let troubled = in_trouble(world, cx, instance, &row);
    let healthy = app_health::state(world, instance) == Some(Health::Healthy);
    let said = app_health::reported_at(world, instance).unwrap_or(cause);
    let watch = of(world, instance);
    if is_over && watch.completed != row.epoch + 1 {
        watch.completed = row.epoch + 1;
        if changed {
            watch.changed = Some(now);
        }
    }
    if healthy {
        watch.repairs = 0;
    }
    if troubled {
        watch.trouble.get_or_insert((now, said));
        world.repairs.sets[row.set.index()].sick.insert(instance);
        expect(world, cx, row.set);
    } else {
        (watch.trouble, watch.waited, watch.queued, watch.reported) = (None, false, false, None);
        world.repairs.sets[row.set.index()].sick.remove(&instance);
    }
}
