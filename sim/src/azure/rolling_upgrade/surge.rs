//! Surge: new instances are made and become healthy before old ones go (`maxSurge`).
//!
//! Rules: RU-07, MS-01…MS-05, MS-11, IP-04, IX-03; `rolling.surge_quota_fallback`, `rolling.surge_unhealthy`. The batch is paired: each new
//! instance replaces one old instance, in its zone, and the old one goes as soon as the new one is healthy. The batch is done when they
//! are gone, so that no more than one batch is beyond the capacity.

use super::{Member, Progress, Wait, close, member};
use crate::azure::capacity::quota;
use crate::azure::instances::{self, Row};
use crate::azure::scale_set;
use crate::engine::random::name;
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Deletion, Fact, Failure, RolloutFact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// Whether the next batch of this many surges: the policy says so, and the quota has room (MS-05).
pub(super) fn applies(world: &mut World, cx: &mut Cx<'_>, set: SetId, size: u32) -> bool {
    let upgrade = world.rolling_upgrade.running(set).expect("a batch is of a running upgrade");
    if !upgrade.policy.max_surge || upgrade.in_place || !cx.on(rules::RU_07) || !cx.on(rules::MS_01) {
        return false;
    }
    let cause = upgrade.entry;
    let Some((exceeded, short)) = quota::surge_exceeds(world, cx, set, size).filter(|_| cx.on(rules::MS_05)) else {
        return true;
    };
    let entry = quota::say(cx, set, exceeded, rules::AL_06, cause);
    let entry = cx.record(Fact::Rollout(RolloutFact::SurgeInPlace { set, short }), entry, rules::MS_05);
    let rest = cx.assume(key::RollingSurgeQuotaFallback) == choice::RollingSurgeQuotaFallback::Rest;
    let upgrade = world.rolling_upgrade.running_mut(set).expect("it was just seen");
    (upgrade.entry, upgrade.in_place) = (entry, rest);
    false
}

/// Makes a new instance for each of the batch.
pub(super) fn run(world: &mut World, cx: &mut Cx<'_>, set: SetId, batch: &[InstanceId], cause: Entry) {
    for &old in batch {
        member(world, old).expect("a batch is of members").progress = Progress::Replacing;
        let epoch = world.rolling_upgrade.running(set).map_or(0, |upgrade| upgrade.epoch);
        match scale_set::surge(world, cx, set, old, name("surge"), cause) {
            Ok(instance) => {
                let mut new = Member::new(instance, u32::MAX, Wait::after(epoch), cause);
                (new.progress, new.partner) = (Progress::Updating, Some(old));
                let upgrade = world.rolling_upgrade.running_mut(set).expect("a batch is of a running upgrade");
                upgrade.members.push(new);
                if !cx.on(rules::MS_03) {
                    // A world in which the old one goes first.
                    member(world, old).expect("a batch is of members").progress = Progress::Gone;
                    scale_set::take_over(world, cx, set, (old, instance), Deletion::Surge, (rules::MS_01, cause));
                }
            }
            Err(entry) => {
                // No room: the old instance stays as it is, and counts as failed.
                let why = Failure::ProvisioningFailed;
                let said = RolloutFact::InstanceFailed { instance: old, why };
                let entry = cx.record(Fact::Rollout(said), entry, rules::MS_04);
                let member = member(world, old).expect("a batch is of members");
                (member.progress, member.short, member.entry) = (Progress::Failed, true, entry);
                let upgrade = world.rolling_upgrade.running_mut(set).expect("a batch is of a running upgrade");
                upgrade.failed_in_batch += 1;
                upgrade.first_failed.get_or_insert((old, entry));
                close(world, cx, set, entry);
            }
        }
    }
}

/// A new instance is healthy: the old one goes (MS-01, MS-03).
pub(super) fn replaced(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (old, new): (InstanceId, InstanceId),
    cause: Entry,
) {
    let protected = world.instances.rows[old.index()].protection.from_scale_in;
    let rule = if protected { rules::IP_04 } else { rules::RU_07 };
    if !cx.on(rules::MS_03) {
        close(world, cx, set, cause);
    } else if !scale_set::take_over(world, cx, set, (old, new), Deletion::Surge, (rule, cause)) {
        // The old one is on its way out by itself: nobody is left to be replaced.
        lost(world, cx, set, (old, new), cause);
    }
}

/// An old instance leaves while it is being replaced: because it was, or by itself.
pub(super) fn leaves(world: &mut World, cx: &mut Cx<'_>, old: InstanceId, row: &Row, cause: Entry) {
    let Some(upgrade) = world.rolling_upgrade.running(row.set) else { return };
    let replacement = upgrade.members.iter().find(|member| member.partner == Some(old));
    match replacement.map(|member| (member.instance, member.progress)) {
        Some((new, Progress::Updating | Progress::Waiting)) => lost(world, cx, row.set, (old, new), cause),
        // An old partner is replaced once it is really gone (MS-01), or is left since it could not be deleted (LC-08).
        _ if instances::is_over(row) => {
            if let Some(member) = member(world, old) {
                member.progress = Progress::Gone;
            }
            close(world, cx, row.set, cause);
        }
        _ => {}
    }
}

/// The instance that was to be replaced left by itself: its replacement would be beyond the capacity, and goes (MS-03).
fn lost(world: &mut World, cx: &mut Cx<'_>, set: SetId, (old, new): (InstanceId, InstanceId), cause: Entry) {
    for instance in [old, new] {
        if let Some(member) = member(world, instance) {
            member.progress = Progress::Gone;
        }
    }
    scale_set::remove_surge(world, cx, set, new, (rules::IX_03, cause));
    close(world, cx, set, cause);
}

/// A new instance is not healthy: its old partner is kept, and what is left of the new one goes when the upgrade ends; or
/// the old one goes all the same (`rolling.surge_unhealthy`). Says whether the batch waits for that.
pub(super) fn unhealthy(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    pair: (Option<InstanceId>, InstanceId),
    cause: Entry,
) -> bool {
    let (Some(old), new) = pair else { return false };
    let keeps = cx.assume(key::RollingSurgeUnhealthy) == choice::RollingSurgeUnhealthy::KeepOld && cx.on(rules::MS_11);
    if !keeps
        && cx.on(rules::MS_03)
        && scale_set::take_over(world, cx, set, (old, new), Deletion::Surge, (rules::MS_11, cause))
    {
        return true;
    }
    give_up(world, set, Some(old));
    false
}

/// The replacement of an old instance comes to nothing.
pub(super) fn give_up(world: &mut World, set: SetId, partner: Option<InstanceId>) {
    let Some(upgrade) = world.rolling_upgrade.running_mut(set) else { return };
    if let Some(at) = partner.and_then(|old| upgrade.find(old))
        && upgrade.members[at].progress == Progress::Replacing
    {
        upgrade.members[at].progress = Progress::Gone;
    }
}

/// The upgrade is over: new instances that never became healthy go (`rolling.surge_unhealthy`).
pub(super) fn clear(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    for instance in world.scale_set.sets[set.index()].surge.clone() {
        scale_set::remove_surge(world, cx, set, instance, (rules::MS_11, cause));
    }
}
