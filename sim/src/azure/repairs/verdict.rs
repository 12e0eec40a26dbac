//! Who of those in trouble is repaired now, who is spared, and who waits.
//!
//! Rules: AR-02, AR-03, AR-07…AR-10, AR-12, AR-13, AR-15…AR-18, AR-20…AR-22, IX-04; `repair.during_upgrade`, `repair.suspend_after`,
//! `repair.deallocated`, `repair.order`.

use super::watch::{self, Watch};
use super::{act, limit, service};
use crate::azure::instances::{self, Off, Provisioning, Row};
use crate::azure::{app_health, rolling_upgrade, scale_set};
use crate::demand::application;
use crate::engine::time::SimTime;
use crate::plan::{AnswerKind, HealthVersion, RepairAction, RepairsPolicy};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, Health, Operation, RepairsFact, Spared};
use crate::world::ids::{InstanceId, SetId};

/// What becomes of an instance in trouble.
enum Verdict {
    /// It is repaired, by this rule.
    Repair(RuleId),
    /// Its time has not come: something is done to it, or its grace period runs.
    Wait,
    /// The same, and nothing but its grace period keeps it.
    Grace,
    /// It is not repaired.
    Spare(Spared, RuleId),
    /// Its place was repaired often enough: repairs suspend themselves (AR-12).
    Suspend,
}

/// Looks at everybody who is in trouble, and begins repairs.
pub(super) fn look(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let Some(policy) = world.scale_set.sets[set.index()].repairs else { return };
    let mut due = Vec::new();
    for instance in world.repairs.sets[set.index()].sick.clone() {
        let watch = *watch::of(world, instance);
        match verdict(world, cx, set, instance, &policy) {
            Verdict::Repair(rule) => due.push((instance, watch, rule)),
            Verdict::Wait => {}
            Verdict::Grace => watch::of(world, instance).waited = true,
            Verdict::Spare(why, rule) => {
                if watch.reported != Some(why) {
                    watch::of(world, instance).reported = Some(why);
                    let cause = watch.trouble.expect("it is in trouble").1;
                    cx.record(Fact::Repairs(RepairsFact::LeftOut { instance, why }), cause, rule);
                }
            }
            Verdict::Suspend => {
                service::suspend(world, cx, set, instance, &watch);
                return;
            }
        }
    }
    if too_many(world, cx, set) {
        return;
    }
    let since = |watch: &Watch| watch.trouble.map(|(since, _)| since);
    if !cx.on(rules::AR_22) {
        // A world in which the newest comes first.
        due.reverse();
    } else if cx.assume(key::RepairOrder) == choice::RepairOrder::LongestUnhealthy {
        due.sort_by_key(|(instance, watch, _)| (since(watch), *instance));
    }
    let room = limit(world, cx, set).saturating_sub(world.repairs.sets[set.index()].going.len());
    let lowest = due.iter().map(|(instance, ..)| *instance).min();
    for (place, (instance, watch, rule)) in due.into_iter().enumerate() {
        if place >= room {
            watch::of(world, instance).queued = true;
            continue;
        }
        let rule = match () {
            () if watch.queued => rules::AR_07,
            () if matches!(rule, rules::AR_16 | rules::AR_17) => rule,
            // Somebody with a lower id waits for it.
            () if place == 0 && Some(instance) != lowest => rules::AR_22,
            () => rule,
        };
        act::start(world, cx, set, instance, policy.action, (&watch, rule));
    }
}

/// In a world without AR-17: more than a fifth of the set in trouble, and nothing is done.
fn too_many(world: &World, cx: &Cx<'_>, set: SetId) -> bool {
    !cx.on(rules::AR_17) && is_most(world, set)
}

fn is_most(world: &World, set: SetId) -> bool {
    let sick = world.repairs.sets[set.index()].sick.len() as u32;
    sick > 1 && sick * 5 > scale_set::size(world, set)
}

/// What is to become of an instance in trouble.
fn verdict(world: &World, cx: &mut Cx<'_>, set: SetId, instance: InstanceId, policy: &RepairsPolicy) -> Verdict {
    let row = &world.instances.rows[instance.index()];
    let state = &world.repairs.sets[set.index()];
    let under_way = state.going.iter().any(|repair| repair.instance == instance || repair.new == Some(instance));
    // An instance beyond the capacity is the business of the upgrade that made it.
    if under_way || world.scale_set.sets[set.index()].surge.contains(&instance) {
        return Verdict::Wait;
    }
    if let Some((why, rule)) = spared(world, cx, instance, row, policy) {
        return Verdict::Spare(why, rule);
    }
    if !matches!(row.state, Provisioning::Succeeded | Provisioning::Failed | Provisioning::Deallocated) {
        return Verdict::Wait;
    }
    let watch = &world.repairs.watches[instance.index()];
    let (since, _) = watch.trouble.expect("it is in trouble");
    if since < state.enabled && !cx.on(rules::AR_16) {
        return Verdict::Wait;
    }
    let (grace_from, rule) = grace(cx, row, watch, since);
    if grace_from.is_some_and(|from| cx.now() < from + policy.grace) {
        return Verdict::Grace;
    }
    let most = cx.assume(key::RepairSuspendAfter) as u32;
    if watch.repairs >= most && cx.on(rules::AR_12) {
        return Verdict::Suspend;
    }
    Verdict::Repair(match () {
        () if since < state.enabled => rules::AR_16,
        () if watch.waited => rule,
        () if is_most(world, set) => rules::AR_17,
        () if says_2xx(world, cx, instance) => rules::AR_18,
        () if app_health::state(world, instance) == Some(Health::Unknown) => rules::AR_02,
        () => rules::AR_09,
    })
}

/// From when the grace period of an instance counts, if one does, and the rule that says so.
fn grace(cx: &mut Cx<'_>, row: &Row, watch: &Watch, since: SimTime) -> (Option<SimTime>, RuleId) {
    let chosen = cx.assume(key::RepairGraceTrigger) == choice::RepairGraceTrigger::HealthChange;
    // A world without that rule is the other reading of the documents.
    let by_health = chosen == cx.on(rules::AR_09);
    let is_new_set = row.how == Operation::Create && row.created.time() == SimTime::ZERO;
    let by_operation = match row.how {
        _ if !cx.on(rules::AR_08) => None,
        _ if is_new_set && !cx.on(rules::AR_15) => None,
        _ => watch.changed,
    };
    let rule = match row.how {
        Operation::Create if is_new_set => rules::AR_15,
        Operation::Create => rules::AR_08,
        _ => rules::AR_10,
    };
    if by_health && by_operation.is_none_or(|from| from < since) {
        return (Some(since), rules::AR_09);
    }
    (by_operation, rule)
}

/// Why an instance in trouble is not repaired, if it is not.
fn spared(
    world: &World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    row: &Row,
    policy: &RepairsPolicy,
) -> Option<(Spared, RuleId)> {
    let protected = row.protection.from_scale_in || row.protection.from_scale_set_actions;
    if protected && cx.on(rules::AR_13) {
        return Some((Spared::Protected, rules::AR_13));
    }
    if row.state == Provisioning::Deallocated {
        let assumption = if row.off == Some(Off::Stopped) { key::RepairStopped } else { key::RepairDeallocated };
        let repaired = cx.assume(assumption) || !cx.on(rules::AR_20);
        // There is no machine whose disk or system could be made anew.
        let possible = policy.action == RepairAction::Replace;
        return (!repaired || !possible).then_some((Spared::Deallocated, rules::AR_20));
    }
    if watch::never_came_up(row) && cx.on(rules::AR_03) {
        return Some((Spared::ProvisioningFailed, rules::AR_03));
    }
    let meanwhile = cx.assume(key::RepairDuringUpgrade);
    let shields = cx.on(rules::AR_21);
    match meanwhile {
        choice::RepairDuringUpgrade::Never if shields && rolling_upgrade::runs(world, row.set) => {
            Some((Spared::UpgradeRuns, rules::AR_21))
        }
        choice::RepairDuringUpgrade::OutsideBatch if shields && rolling_upgrade::in_batch(world, instance) => {
            Some((Spared::InBatch, rules::AR_21))
        }
        _ => None,
    }
}

/// Whether the extension of version 1 calls an instance unhealthy that answers 2xx, and not 200 (AR-18).
fn says_2xx(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    let profile = instances::profile(world, cx, &world.instances.rows[instance.index()]);
    profile.health_extension.as_ref().is_some_and(|of| {
        let answer = application::answer(world, cx, instance, of.endpoint);
        of.version == HealthVersion::Binary && matches!(answer.kind, AnswerKind::Status(201..=299))
    })
}
