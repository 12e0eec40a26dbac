//! How an upgrade ends, and what it leaves behind.
//!
//! Rules: RU-08, RU-33, RU-34, RS-02, RS-06, RS-12, OS-27; `rolling.surge_unhealthy`.

use super::{Kind, Progress, Upgrade, enlist, extension, gate, surge};
use crate::azure::{instances, scale_set};
use crate::engine::time::SimDuration;
use crate::plan::{OrchestrationMode, Plan};
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{End, Fact, Failure, RolloutFact, UpgradeError};
use crate::world::ids::{Entry, InstanceId, SetId};

/// Too many upgraded instances are unhealthy.
pub(super) fn breach(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (share, limit, rule): (gate::Share, u32, RuleId),
    entry: Entry,
) {
    let upgrade = world.rolling_upgrade.running(set).expect("it was just seen");
    // What was noticed before was counted then (`rolling.health_sampling`).
    let counted = upgrade.noticed.is_none().then(|| gate::unhealthy_upgraded(world, cx, upgrade));
    let upgrade = world.rolling_upgrade.running_mut(set).expect("it was just seen");
    upgrade.unhealthy = counted.unwrap_or_else(|| std::mem::take(&mut upgrade.unhealthy));
    // The halt follows from the first instance that failed.
    let entry = upgrade.first_failed.map_or(entry, |(_, failed)| failed);
    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    end(world, cx, set, End::Faulted { error, measured: share.measured(), limit }, (entry, rule));
}

pub(super) fn complete(world: &mut World, cx: &mut Cx<'_>, set: SetId, entry: Entry) {
    let upgrade = world.rolling_upgrade.running(set).expect("it was just seen");
    // A pause that was not taken was cut off by the end.
    let paused = upgrade.batches > 0 && upgrade.policy.pause > SimDuration::ZERO;
    end(world, cx, set, End::Completed, (entry, if paused { rules::RU_33 } else { rules::RS_02 }));
}

/// A cancel takes effect at once: who is in the batch in hand counts as failed, whatever becomes of its update (RS-12). Says the
/// entry that the end follows from.
pub(super) fn give_up_batch(world: &mut World, cx: &mut Cx<'_>, set: SetId, mut entry: Entry) -> Entry {
    let upgrade = world.rolling_upgrade.running_mut(set).expect("it is being cancelled");
    let mut failed = Vec::new();
    for member in &mut upgrade.members {
        match member.progress {
            Progress::Updating | Progress::Waiting | Progress::Restoring => {
                member.progress = Progress::Failed;
                failed.push(member.instance);
            }
            // Its replacement counts for it.
            Progress::Replacing => member.progress = Progress::Gone,
            Progress::Pending | Progress::Upgraded | Progress::Failed | Progress::Gone => {}
        }
    }
    for instance in failed {
        let why = Failure::Cancelled;
        entry = cx.record(Fact::Rollout(RolloutFact::InstanceFailed { instance, why }), entry, rules::RS_12);
        let upgrade = world.rolling_upgrade.running_mut(set).expect("it is being cancelled");
        upgrade.failed_in_batch += 1;
        upgrade.first_failed.get_or_insert((instance, entry));
    }
    entry
}

/// The upgrade is over.
pub(super) fn end(world: &mut World, cx: &mut Cx<'_>, set: SetId, how: End, (cause, rule): (Entry, RuleId)) {
    // In a world without the codes of RS-02 nobody learns that it is over.
    let recorded = how != End::Completed || cx.on(rules::RS_02);
    let entry =
        if recorded { cx.record(Fact::Rollout(RolloutFact::Ended { set, end: how }), cause, rule) } else { cause };
    let now = cx.now();
    let upgrade = world.rolling_upgrade.running_mut(set).expect("an upgrade ends once");
    (upgrade.ended, upgrade.pausing, upgrade.entry) = (Some((how, now)), false, entry);
    let (kind, policy) = (upgrade.kind, upgrade.policy);
    let failed: Vec<InstanceId> = upgrade
        .members
        .iter()
        .filter(|member| member.progress == Progress::Failed && !member.restored && member.brought)
        .map(|member| member.instance)
        .collect();
    surge::clear(world, cx, set, entry);
    let uniform = cx.plan.sets[set.index()].mode == OrchestrationMode::Uniform;
    let breached = matches!(how, End::Faulted { .. });
    if breached && kind == Kind::Model && policy.rollback_on_breach && uniform && cx.on(rules::RU_08) {
        for instance in failed {
            if instances::is_present(&world.instances.rows[instance.index()]) {
                let _ = instances::roll_back(world, cx, instance, rules::RU_08, entry);
                let upgrade = world.rolling_upgrade.upgrades[set.index()].last_mut().expect("it just ended");
                if let Some(at) = upgrade.find(instance) {
                    upgrade.members[at].restored = true;
                }
            }
        }
    }
    if how != End::Completed {
        left_mixed(world, cx, set, how, entry);
    }
    extension::over(world, cx, set);
}

/// Nothing is rolled back (RU-34, RS-06, OS-27) but what RU-08 says: tells what the set is left with.
fn left_mixed(world: &mut World, cx: &mut Cx<'_>, set: SetId, how: End, cause: Entry) {
    let upgrade = world.rolling_upgrade.upgrades[set.index()].last().expect("it just ended");
    let done = on_target(world, cx.plan, upgrade);
    let is_behind = |member: &&super::Member| {
        member.progress == Progress::Pending && enlist::is_behind(world, cx, member.instance, upgrade.kind)
    };
    let behind = upgrade.members.iter().filter(is_behind).count() as u32;
    let rule = match upgrade.kind {
        Kind::Model => rules::RU_34,
        Kind::Image { .. } => rules::OS_27,
        Kind::Extension { .. } | Kind::Extensions => rules::OS_33,
    };
    if done.is_empty() || behind == 0 {
        return;
    }
    let undone = if how == End::Cancelled { rules::RS_06 } else { rule };
    if cx.on(undone) {
        let upgraded = done.len() as u32;
        cx.record(Fact::Rollout(RolloutFact::LeftMixed { set, upgraded, behind }), cause, rule);
    } else {
        // A world in which an upgrade that stops is undone.
        for instance in done {
            let _ = instances::roll_back(world, cx, instance, rule, cause);
        }
    }
}

/// The instances that an upgrade brought to its target, and that are there still.
fn on_target(world: &World, plan: &Plan, upgrade: &Upgrade) -> Vec<InstanceId> {
    let on_target = |member: &&super::Member| {
        let row = &world.instances.rows[member.instance.index()];
        let is_there = match upgrade.kind {
            Kind::Model => scale_set::latest_model_applied(world, member.instance),
            Kind::Image { image, .. } => row.image == image,
            Kind::Extension { action } => instances::has_release(world, plan, member.instance, action),
            Kind::Extensions => true,
        };
        let there = member.progress == Progress::Upgraded || member.progress == Progress::Failed && is_there;
        there && !member.restored && instances::is_present(row)
    };
    upgrade.members.iter().filter(on_target).map(|member| member.instance).collect()
}
