//! What a repair does, step by step.
//!
//! Rules: AR-05, AR-06, AR-14, AR-21, IX-04.

use super::watch::{self, Watch};
use super::{Repair, expect};
use crate::azure::instances::{self, Provisioning};
use crate::azure::{rolling_upgrade, scale_set};
use crate::plan::RepairAction;
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, RepairEnd, RepairsFact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// Begins the repair of an instance, because a rule says so.
pub(super) fn start(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    instance: InstanceId,
    action: RepairAction,
    (watch, rule): (&Watch, RuleId),
) {
    let cause = watch.trouble.expect("it is in trouble").1;
    let nth = watch.repairs + 1;
    let entry = cx.record(Fact::Repairs(RepairsFact::Started { instance, action, nth }), cause, rule);
    world.repairs.sets[set.index()].going.push(Repair { instance, new: None, action });
    let known = watch::of(world, instance);
    (known.repairs, known.waited, known.queued) = (nth, false, false);
    match action {
        RepairAction::Replace => {
            scale_set::free_place(world, cx, set, instance, (rules::AR_05, entry));
            // Nobody waits for the guest of the old one (AR-14).
            let leaves = world.instances.leaving(instance).is_some();
            if leaves && cx.on(rules::AR_14) {
                replace(world, cx, set, instance, (rules::AR_14, entry));
            }
        }
        RepairAction::Reimage if cx.on(rules::AR_06) => {
            scale_set::reimage(world, cx, instance, rules::AR_06, entry);
        }
        RepairAction::Reimage | RepairAction::Restart => {
            instances::restart(world, cx, instance, rules::AR_06, entry);
        }
    }
}

/// Makes the instance that takes the place of another.
fn replace(world: &mut World, cx: &mut Cx<'_>, set: SetId, old: InstanceId, (rule, cause): (RuleId, Entry)) {
    let Some(new) = scale_set::create_replacement(world, cx, set, old, (rule, cause)) else {
        scale_set::release(world, set, old);
        end(world, cx, set, old, Some(RepairEnd::NotReplaced), cause);
        return;
    };
    let repairs = watch::of(world, old).repairs;
    watch::of(world, new).repairs = repairs;
    cx.record(Fact::Repairs(RepairsFact::Replaced { instance: old, by: new }), cause, rule);
    let going = &mut world.repairs.sets[set.index()].going;
    going.iter_mut().filter(|repair| repair.instance == old).for_each(|repair| repair.new = Some(new));
}

/// Something happened to an instance: its repair may be a step further, or over.
pub(super) fn proceed(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let set = world.instances.rows[instance.index()].set;
    let of = |repair: &&Repair| repair.instance == instance || repair.new == Some(instance);
    let Some(repair) = world.repairs.sets[set.index()].going.iter().find(of).copied() else { return };
    let old = world.instances.rows[repair.instance.index()];
    let is_gone = instances::is_over(&old);
    match (repair.action, repair.new) {
        // It could not be deleted, and its place is its own again (LC-08).
        (RepairAction::Replace, None) if old.state == Provisioning::Stuck => {
            scale_set::release(world, set, repair.instance);
            end(world, cx, set, repair.instance, Some(RepairEnd::Failed), cause);
        }
        (RepairAction::Replace, None) if is_gone && scale_set::is_held(world, set, repair.instance) => {
            replace(world, cx, set, repair.instance, (rules::AR_05, cause));
        }
        // A scale-in took its place, and said so.
        (RepairAction::Replace, None) if is_gone => end(world, cx, set, repair.instance, None, cause),
        (RepairAction::Replace, None) => {}
        (RepairAction::Replace, Some(new)) => settle(world, cx, set, repair.instance, (new, is_gone), cause),
        (RepairAction::Reimage | RepairAction::Restart, _) => {
            settle(world, cx, set, repair.instance, (repair.instance, true), cause);
        }
    }
}

/// The repair of `old` is over once `what` it came to is there and, where it was replaced, the old instance is gone.
fn settle(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    old: InstanceId,
    (what, is_gone): (InstanceId, bool),
    cause: Entry,
) {
    let how = match world.instances.rows[what.index()].state {
        _ if instances::is_announced(world, what) => return,
        Provisioning::Succeeded => RepairEnd::Done,
        Provisioning::Failed | Provisioning::Stuck => RepairEnd::Failed,
        Provisioning::Deallocated | Provisioning::Deleting | Provisioning::Deleted => RepairEnd::Overtaken,
        Provisioning::Creating | Provisioning::Updating => return,
    };
    if is_gone {
        end(world, cx, set, old, Some(how), cause);
        if how == RepairEnd::Done {
            rolling_upgrade::repaired(world, cx, (old, what), cause);
        }
    }
}

/// A repair is over.
fn end(world: &mut World, cx: &mut Cx<'_>, set: SetId, instance: InstanceId, how: Option<RepairEnd>, cause: Entry) {
    let going = &mut world.repairs.sets[set.index()].going;
    let rule = match going.iter().find(|repair| repair.instance == instance).map(|repair| repair.action) {
        Some(RepairAction::Reimage | RepairAction::Restart) => rules::AR_06,
        Some(RepairAction::Replace) | None => rules::AR_05,
    };
    going.retain(|repair| repair.instance != instance);
    if let Some(how) = how {
        cx.record(Fact::Repairs(RepairsFact::Ended { instance, how }), cause, rule);
    }
    expect(world, cx, set);
}
