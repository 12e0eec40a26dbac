//! Attempts: how an OS upgrade begins, by Azure or by a call, and what is kept of it.
//!
//! Rules: OS-06, OS-20, OS-21, OS-24, OS-25, OS-28, UM-11, MS-07, RS-03, RS-11, RU-35, RU-42; `os_upgrade.retry_after`.

use super::{Pending, Stage, conditions, plan_attempt};
use crate::azure::rolling_upgrade::{self, Kind, Progress, Start, Upgrade, Walk};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{ImageReference, OrchestrationMode, RollingPolicy, UpgradeMode};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Conflict, End, Fact, NoCall, OsNotice, OsUpgradeFact, RolloutFact, StartedBy};
use crate::world::ids::{Entry, ImageId, InstanceId, SetId};
use std::collections::BTreeSet;

/// An attempt that ended (RS-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its place among the upgrades of the set.
    pub upgrade: usize,
    /// `targetImageReference`.
    pub image: ImageId,
    /// `startedBy`.
    pub by: StartedBy,
    /// `startTime`.
    pub started: SimTime,
    /// `endTime`.
    pub ended: SimTime,
    /// `runningStatus.code`, and the error.
    pub end: End,
    /// `successfullyRolledbackInstanceCount`.
    pub restored: u32,
    /// `failedRolledbackInstanceCount`.
    pub unrestored: u32,
}

/// How many attempts the history keeps (RS-03).
pub(super) const KEPT: usize = 5;

/// For how long: two months, taken as 60 days (RS-03).
const KEPT_FOR: SimDuration = SimDuration::from_mins(60 * 24 * 60);

impl Attempt {
    /// Whether the history still has it.
    #[must_use]
    pub fn is_recent(&self, now: SimTime) -> bool {
        now <= self.ended + KEPT_FOR
    }
}

/// What an attempt is to do.
pub(super) struct What<'a> {
    pub image: ImageId,
    pub only: &'a BTreeSet<InstanceId>,
    pub again: bool,
}

/// The version that the attempt that runs brings.
pub(super) fn target(world: &World, set: SetId) -> Option<ImageId> {
    let at = world.os_upgrade.sets[set.index()].running?;
    match world.rolling_upgrade.upgrades[set.index()][at].kind {
        Kind::Image { image, .. } => Some(image),
        Kind::Model | Kind::Extension { .. } | Kind::Extensions => None,
    }
}

/// The policy that an OS upgrade of a set runs under, and the rule that chose it; `None` in a world in which mode Manual
/// stands in its way (OS-06, OS-20, OS-21, UM-11, MS-07). It is one policy, whole: that of the set, or the default, which
/// has no surge. What is called by hand was recorded under that of the set, and the flag speaks of what Azure begins.
fn policy(world: &World, cx: &mut Cx<'_>, set: SetId, by: StartedBy) -> Option<(RollingPolicy, RuleId)> {
    let of = world.scale_set.sets[set.index()].upgrade;
    let by_flag = cx.assume(key::OsUpgradePolicy) == choice::OsUpgradePolicy::Flag && by == StartedBy::Platform;
    let own = (of.os.use_rolling_policy || !by_flag) && cx.on(rules::OS_21);
    let numbers = if own { of.rolling } else { RollingPolicy::default() };
    let whole = RollingPolicy { max_batch_percent: 100, ..RollingPolicy::default() };
    let (mut numbers, mut rule) = match numbers == RollingPolicy::default() {
        true if cx.on(rules::OS_20) => (numbers, rules::OS_20),
        true => (whole, rules::OS_20),
        false => (numbers, rules::OS_21),
    };
    match of.mode {
        UpgradeMode::Manual if !cx.on(rules::OS_06) => return None,
        UpgradeMode::Manual => rule = rules::OS_06,
        UpgradeMode::Automatic if !cx.on(rules::UM_11) => numbers = whole,
        UpgradeMode::Automatic => rule = rules::UM_11,
        UpgradeMode::Rolling => {}
    }
    numbers.max_surge &= cx.on(rules::MS_07);
    numbers.rollback_on_breach = false;
    Some((numbers, rule))
}

/// Azure begins an upgrade.
pub(super) fn begin(world: &mut World, cx: &mut Cx<'_>, set: SetId, what: &What<'_>, cause: Entry) {
    let Some((policy, mut rule)) = policy(world, cx, set, StartedBy::Platform) else { return };
    let keeps = world.scale_set.sets[set.index()].upgrade.os.disable_rollback && cx.on(rules::OS_24);
    if conditions::any_on(world, set, what.image) {
        rule = rules::RU_35;
    }
    if keeps {
        rule = rules::OS_24;
    } else if policy.max_surge {
        rule = rules::MS_07;
    }
    if what.again {
        rule = rules::OS_28;
    }
    let kind = Kind::Image { image: what.image, restore: !keeps };
    let start = Start { by: StartedBy::Platform, policy, rule, walk: Walk::Behind };
    run(world, cx, set, (kind, start, what.only), cause);
}

fn run(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (kind, start, only): (Kind, Start, &BTreeSet<InstanceId>),
    cause: Entry,
) {
    let at = world.rolling_upgrade.upgrades[set.index()].len();
    world.os_upgrade.sets[set.index()].running = Some(at);
    let Kind::Image { image, .. } = kind else { return };
    let cause = log(cx, set, (image, OsNotice::Submitted), cause);
    rolling_upgrade::begin_on(world, cx, set, (kind, start), Some(only), cause);
    let upgrade = &world.rolling_upgrade.upgrades[set.index()][at];
    let what = if is_refused(upgrade) { OsNotice::Refused } else { OsNotice::Accepted };
    log(cx, set, (image, what), upgrade.last());
}

/// Whether an upgrade ended before anything was done: the gate before its first batch was closed.
fn is_refused(upgrade: &Upgrade) -> bool {
    upgrade.batches == 0 && matches!(upgrade.ended, Some((End::Faulted { .. }, _)))
}

/// The activity log has a notice (RS-10); returns the entry that what comes next follows from.
fn log(cx: &mut Cx<'_>, set: SetId, (image, what): (ImageId, OsNotice), cause: Entry) -> Entry {
    if !cx.on(rules::RS_10) {
        return cause;
    }
    cx.record(Fact::OsUpgrade(OsUpgradeFact::Logged { set, image, what }), cause, rules::RS_10)
}

/// The attempt that ran may be over: what becomes of it is kept, and it may be tried again (RS-03, OS-28, `os_upgrade.retry_after`).
pub(super) fn settle(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let Some(at) = world.os_upgrade.sets[set.index()].running else { return };
    let upgrade = &world.rolling_upgrade.upgrades[set.index()][at];
    let (Some((end, ended)), Kind::Image { image, restore }) = (upgrade.ended, upgrade.kind) else { return };
    let failed = upgrade.count(|progress| progress == Progress::Failed);
    let restored = upgrade.members.iter().filter(|member| member.restored).count() as u32;
    let unrestored = if restore { failed.saturating_sub(restored) } else { 0 };
    let (by, started, entry, refused) = (upgrade.by, upgrade.started, upgrade.last(), is_refused(upgrade));
    if !refused {
        let what = if end == End::Completed { OsNotice::Succeeded } else { OsNotice::Failed };
        log(cx, set, (image, what), entry);
    }
    world.os_upgrade.sets[set.index()].running = None;
    let mut entry = entry;
    if cx.on(rules::RS_03) {
        let attempt = Attempt { upgrade: at, image, by, started, ended, end, restored, unrestored };
        world.os_upgrade.sets[set.index()].history.push(attempt);
        let said = OsUpgradeFact::AttemptEnded { set, restored, unrestored };
        entry = cx.record(Fact::OsUpgrade(said), entry, rules::RS_03);
    }
    let state = &mut world.os_upgrade.sets[set.index()];
    if state.pending.is_some() || state.enabled.is_none() {
        return;
    }
    let aborted = end != End::Completed || failed > 0;
    if !aborted || !cx.on(rules::OS_28) {
        state.done = Some(image);
        return;
    }
    if conditions::latest(world, cx, set) != Some(image) || conditions::behind(world, cx, set, image).is_empty() {
        return;
    }
    let due = cx.now() + cx.assume(key::OsUpgradeRetryAfter);
    let entry = cx.record(Fact::OsUpgrade(OsUpgradeFact::RetryPlanned { set, image }), entry, rules::OS_28);
    plan_attempt(world, cx, set, Pending { image, stage: Stage::Timed, entry, again: true, waits: None }, due);
}

/// A call on a set that is on the newest version: its batches are walked all the same, and nobody is touched (RU-42). Says
/// whether that is so.
fn walk(world: &mut World, cx: &mut Cx<'_>, set: SetId, image: ImageId, cause: Entry) -> bool {
    let walks = cx.assume(key::RollingCurrentSet) == choice::RollingCurrentSet::Walks && cx.on(rules::RU_42);
    let Some((policy, _)) = policy(world, cx, set, StartedBy::User).filter(|_| walks) else { return false };
    let everyone: BTreeSet<InstanceId> = world.scale_set.sets[set.index()].instances.iter().copied().collect();
    let start = Start { by: StartedBy::User, policy, rule: rules::RU_42, walk: Walk::Everyone };
    run(world, cx, set, (Kind::Image { image, restore: false }, start, &everyone), cause);
    true
}

// Verbs.

/// `osRollingUpgrade`: brings every instance to the newest version at once, without a way back (RS-11, OS-25).
pub fn start(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    if !cx.on(rules::RS_11) {
        return;
    }
    if rolling_upgrade::runs(world, set) {
        let why = Conflict::UpgradeRuns;
        cx.record(Fact::Rollout(RolloutFact::WriteRefused { set, why }), cause, rules::RS_08);
        return;
    }
    let flexible = cx.plan.sets[set.index()].mode == OrchestrationMode::Flexible;
    let pinned = matches!(conditions::reference(world, cx, set), ImageReference::Version(_));
    let latest = conditions::latest(world, cx, set);
    let refused = match latest {
        _ if flexible && !cx.assume(key::OsUpgradeFlexible) => Some((NoCall::Flexible, rules::OS_07)),
        _ if pinned => Some((NoCall::Pinned, rules::RS_11)),
        None => Some((NoCall::NoImage, rules::RS_11)),
        Some(_) if !conditions::any_unprotected(world, cx, set) => Some((NoCall::NoneEligible, rules::RS_11)),
        Some(_) => None,
    };
    if let Some((why, rule)) = refused {
        cx.record(Fact::OsUpgrade(OsUpgradeFact::CallRefused { set, why }), cause, rule);
        return;
    }
    let Some(image) = latest else { return };
    let entry = cx.record(Fact::OsUpgrade(OsUpgradeFact::Requested { set, image }), cause, rules::RS_11);
    let behind = conditions::behind(world, cx, set, image);
    if behind.is_empty() && walk(world, cx, set, image, entry) {
        return;
    }
    if behind.is_empty() {
        cx.record(Fact::OsUpgrade(OsUpgradeFact::AlreadyNewest { set, image }), entry, rules::OS_13);
        return;
    }
    let Some((policy, _)) = policy(world, cx, set, StartedBy::User) else { return };
    let state = &mut world.os_upgrade.sets[set.index()];
    // What was to come of itself is done by this.
    if state.pending.take().is_some() {
        state.epoch += 1;
        state.tagged.clear();
        state.approved.clear();
    }
    let kind = Kind::Image { image, restore: !cx.on(rules::OS_25) };
    let start = Start { by: StartedBy::User, policy, rule: rules::OS_25, walk: Walk::Behind };
    run(world, cx, set, (kind, start, &behind), entry);
}
