//! What is written to a set from outside: its model, its capacity, calls that begin or cancel an upgrade.
//!
//! Rules: UM-02…UM-05, UM-08, UM-22, RS-05…RS-08, RS-12; `rolling.cancel`, `rolling.capacity_change`, `rolling.model_change`,
//! `automatic.start_spread`.

use super::{Event, Kind, begin, ends, enlist};
use crate::azure::instances::Row;
use crate::azure::scale_set;
use crate::plan::{ModelChange, RollingPolicy, UpgradeMode};
use crate::rules::{self, RuleId, assumptions::Assumed, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Conflict, End, Fact, LeftOut, RolloutFact, StartedBy, UpgradeError};
use crate::world::ids::{ActionId, Entry, InstanceId, SetId};

/// Who begins an upgrade, under which policy, by which rule.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// Who.
    pub by: StartedBy,
    /// The policy.
    pub policy: RollingPolicy,
    /// The rule.
    pub rule: RuleId,
    /// Who is part of it beside those behind.
    pub walk: Walk,
}

/// Who is part of an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// Those who are behind.
    Behind,
    /// Everyone: who is on the target is not touched, and watched like the others (RU-42).
    Everyone,
    /// The same, all of them in one batch (UM-22).
    Together,
}

/// Whether an upgrade refuses a write to its set (RS-08), and says so.
fn refuses(world: &World, cx: &mut Cx<'_>, set: SetId, write: Assumed<choice::Answer>, cause: Entry) -> bool {
    let Some(upgrade) = world.rolling_upgrade.running(set) else { return false };
    // An upgrade of images cannot take up another model.
    let cannot = upgrade.kind != Kind::Model && write.id == key::RollingModelChange.id;
    let chosen = cx.assume(write);
    let refuses = (cannot || chosen == choice::Answer::Refuse) && cx.on(rules::RS_08);
    if refuses {
        let why = Conflict::UpgradeRuns;
        cx.record(Fact::Rollout(RolloutFact::WriteRefused { set, why }), cause, rules::RS_08);
    }
    refuses
}

// Verbs.

/// The service that upgrades sets fails on the upgrade of this one, which ends there (RU-39).
pub fn fault(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    if world.rolling_upgrade.running(set).is_some() && cx.on(rules::RU_39) {
        let error = UpgradeError::InternalExecutionError;
        ends::end(world, cx, set, End::Faulted { error, measured: 0, limit: 0 }, (cause, rules::RU_39));
    }
}

/// Writes the model of a set; the mode of the set says what becomes of its instances (UM-02, UM-04, UM-05).
pub fn change_model(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (action, change): (ActionId, &ModelChange),
    cause: Entry,
) {
    if refuses(world, cx, set, key::RollingModelChange, cause) {
        return;
    }
    let was = world.scale_set.sets[set.index()].upgrade.mode;
    let entry = scale_set::change_model(world, cx, set, (action, change), rules::UM_08, cause);
    if change.profile.is_some() && !cx.on(rules::EX_05) {
        // A world in which the extensions of the model are those of the instances.
        all_at_once(world, cx, set, entry);
    }
    // Any later write of the model finds whoever is behind (RS-07).
    let behind = |&instance: &InstanceId| !scale_set::latest_model_applied(world, instance);
    if change.reaches_instances() || !cx.on(rules::UM_08) {
        apply(world, cx, set, rules::UM_05, entry);
    } else if cx.on(rules::RS_07) && world.scale_set.sets[set.index()].instances.iter().any(behind) {
        apply(world, cx, set, rules::RS_07, entry);
    } else if was != UpgradeMode::Rolling {
        mode_set(world, cx, set, entry);
    }
}

/// A write that sets mode Rolling where nobody is behind lasts as long as an upgrade that watches everyone and touches nobody
/// (UM-22).
fn mode_set(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let policy = world.scale_set.sets[set.index()].upgrade;
    let present = !world.scale_set.sets[set.index()].instances.is_empty();
    if policy.mode != UpgradeMode::Rolling || !present || !cx.on(rules::UM_22) {
        return;
    }
    let walk = match cx.assume(key::RollingModeWrite) {
        choice::RollingModeWrite::Together => Walk::Together,
        choice::RollingModeWrite::Batches => Walk::Everyone,
        choice::RollingModeWrite::None => return,
    };
    if world.rolling_upgrade.running(set).is_none() {
        let start = Start { by: StartedBy::User, policy: policy.rolling, rule: rules::UM_22, walk };
        begin(world, cx, set, Kind::Model, start, cause);
    }
}

/// A write that Azure refuses, whatever goes on: nothing changes, and the answer is in the plan.
pub fn refuse_write(cx: &mut Cx<'_>, set: SetId, refusal: u16, cause: Entry) {
    let rule = cx.plan.refusals[usize::from(refusal)].rule;
    cx.record(Fact::Rollout(RolloutFact::WriteInvalid { set, refusal }), cause, rule);
}

/// Does what the mode of a set says with the instances that are behind.
fn apply(world: &mut World, cx: &mut Cx<'_>, set: SetId, rule: RuleId, cause: Entry) {
    let policy = world.scale_set.sets[set.index()].upgrade;
    match policy.mode {
        UpgradeMode::Manual if cx.on(rules::UM_02) => {}
        UpgradeMode::Manual | UpgradeMode::Automatic => all_at_once(world, cx, set, cause),
        UpgradeMode::Rolling if !cx.on(rules::UM_05) => all_at_once(world, cx, set, cause),
        UpgradeMode::Rolling => match world.rolling_upgrade.running_mut(set) {
            // Where the change was accepted, the running upgrade takes it up.
            Some(upgrade) if upgrade.kind == Kind::Model => {
                upgrade.changed = true;
                if upgrade.pausing {
                    enlist::take_up(world, cx, set, None, cause);
                }
            }
            Some(_) => {}
            None => {
                let start = Start { by: StartedBy::User, policy: policy.rolling, rule, walk: Walk::Behind };
                begin(world, cx, set, Kind::Model, start, cause);
            }
        },
    }
}

/// Mode Automatic: no order, and perhaps all together (UM-04, `automatic.start_spread`).
fn all_at_once(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let spread = cx.assume(key::AutomaticStartSpread);
    let revision = world.scale_set.revision(set);
    let mut nth = 0;
    for instance in world.scale_set.sets[set.index()].instances.clone() {
        let row = world.instances.rows[instance.index()];
        if row.revision == revision || leaves_out(cx, instance, &row, cause) {
            continue;
        }
        let delay = if cx.on(rules::UM_04) { spread.times(nth) } else { super::wait::HEALTH_WAIT.times(nth) };
        nth += 1;
        if delay.ms() == 0 {
            let _ = scale_set::apply_model(world, cx, instance, rules::UM_04, cause);
        } else {
            cx.after(delay, Due::RollingUpgrade(Event::Turn { instance, revision, cause }));
        }
    }
}

/// Whether an instance is shielded from what is issued on its set (IP-02), and says so.
pub(super) fn leaves_out(cx: &mut Cx<'_>, instance: InstanceId, row: &Row, cause: Entry) -> bool {
    let shielded = row.protection.from_scale_set_actions && cx.on(rules::IP_02);
    if shielded {
        let why = LeftOut::Protected;
        cx.record(Fact::Rollout(RolloutFact::LeftOut { instance, why }), cause, rules::IP_02);
    }
    shielded
}

/// Brings the named instances to the newest model at once: `manualupgrade` (UM-02, UM-03).
pub fn upgrade_instances(world: &mut World, cx: &mut Cx<'_>, set: SetId, named: &[InstanceId], cause: Entry) {
    if refuses(world, cx, set, key::RollingModelChange, cause) {
        return;
    }
    let behind = |instance: &&InstanceId| !scale_set::latest_model_applied(world, **instance);
    let behind: Vec<InstanceId> = named.iter().filter(behind).copied().collect();
    // Several at once have no gate between them.
    let rule = if behind.len() > 1 { rules::UM_03 } else { rules::UM_02 };
    let most = if cx.on(rules::UM_03) { behind.len() } else { 1 };
    for &instance in behind.iter().take(most) {
        let _ = scale_set::apply_model(world, cx, instance, rule, cause);
    }
}

/// A generic update of the model, which compares every instance with it and starts a new upgrade for those behind
/// (RS-07).
pub fn start(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    if !refuses(world, cx, set, key::RollingModelChange, cause) && cx.on(rules::RS_07) {
        apply(world, cx, set, rules::RS_07, cause);
    }
}

/// `rollingUpgrades/cancel`: nothing is rolled back (RS-05, RS-06, `rolling.cancel`).
pub fn cancel(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let now = cx.now();
    let Some(upgrade) = world.rolling_upgrade.running_mut(set).filter(|upgrade| upgrade.cancelled.is_none()) else {
        let why = Conflict::NoUpgradeRuns;
        cx.record(Fact::Rollout(RolloutFact::WriteRefused { set, why }), cause, rules::RS_05);
        return;
    };
    if !cx.on(rules::RS_05) {
        return;
    }
    upgrade.cancelled = Some(now);
    let pausing = upgrade.pausing;
    let entry = cx.record(Fact::Rollout(RolloutFact::CancelRequested { set }), cause, rules::RS_05);
    let at_once = cx.assume(key::RollingCancel) == choice::RollingCancel::AtOnce && cx.on(rules::RS_12);
    if pausing || at_once {
        let rule = if pausing { rules::RS_06 } else { rules::RS_12 };
        let entry = ends::give_up_batch(world, cx, set, entry);
        ends::end(world, cx, set, End::Cancelled, (entry, rule));
    } else if let Some(upgrade) = world.rolling_upgrade.running_mut(set) {
        upgrade.entry = entry;
    }
}

/// Writes the capacity of a set, unless an upgrade refuses it (`rolling.capacity_change`).
pub fn set_capacity(world: &mut World, cx: &mut Cx<'_>, set: SetId, capacity: u32, cause_key: u64, cause: Entry) {
    let runs = world.rolling_upgrade.running(set).is_some();
    if runs && (refuses(world, cx, set, key::RollingCapacityChange, cause) || !cx.on(rules::IX_03)) {
        return;
    }
    scale_set::set_capacity(world, cx, set, capacity, (cause_key, None), cause);
}
