//! Automatic OS image upgrades: when Azure itself begins an upgrade of a set, what it waits for, and what it never says.
//!
//! Rules: OS-01, OS-03, OS-05…OS-08, OS-10…OS-15, OS-20, OS-21, OS-24, OS-25, OS-28, UM-06, UM-11, MS-07, RS-03, RS-11;
//! `os_upgrade.detection`, `os_upgrade.retry_after`, `os_upgrade.window_end`, `os_upgrade.phase_length`. The upgrade itself, with the disk
//! that is swapped and put back (OS-22, OS-23, OS-26, OS-27, OS-29), is that of `rolling_upgrade`. What must hold, and which version a set
//! is to go to, is in `conditions.rs`; how an attempt begins and what is kept of it in `attempt.rs`.
//!
//! A set goes through: eligible (its region has the version), detected (`os_upgrade.detection`), then what it may have to wait for, then
//! the attempt. Where a requirement is not met, Azure does nothing and says nothing; here a fact names it, when it first holds
//! and again for every version that comes. A fleet in steady state had the feature enabled long before the run, so that
//! its next upgrade is not its first; under `coldStart`, or enabled by the timeline, the next one is the first.
//!
//! Left out: the notification of an instance before its upgrade (OS-16), Service Fabric (OS-31), drive letters (OS-30). A
//! set of a platform image takes it for new instances as soon as it is published, also where its phase is yet to come.

mod attempt;
mod conditions;

pub use attempt::{Attempt, start};

use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{ImageReference, Window};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, NoCall, OsUpgradeFact, Unmet, WaitsFor};
use crate::world::ids::{Entry, ImageId, InstanceId, SetId};
use std::collections::BTreeSet;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The sets of the plan.
    sets: Vec<SetState>,
}

/// Automatic OS upgrade on one set.
#[derive(Clone, Debug, Default)]
struct SetState {
    /// It is enabled.
    enabled: Option<Enabled>,
    /// The newest version of its image as last seen, and since when.
    seen: Option<(ImageId, SimTime)>,
    /// The upgrade that is to come.
    pending: Option<Pending>,
    /// What was said to keep it from working.
    reported: Vec<(Unmet, Option<ImageId>)>,
    /// Instances with the tag `Platform.PendingOSUpgrade` (OS-15).
    tagged: BTreeSet<InstanceId>,
    /// Those of them that may be upgraded.
    approved: BTreeSet<InstanceId>,
    /// The place of the attempt that runs among the upgrades of the set.
    running: Option<usize>,
    /// The attempts that ended, oldest first.
    history: Vec<Attempt>,
    /// The version that was rolled out; who was left out of that is not asked again.
    done: Option<ImageId>,
    /// The version whose phase is timed, and when that comes (OS-10).
    phase_timed: Option<(ImageId, SimTime)>,
    /// Raised whenever another phase is timed.
    phase_epoch: u32,
    /// The window whose opening is timed (OS-14).
    window_timed: bool,
    /// Raised whenever the upgrade to come is another.
    epoch: u32,
}

/// Since when automatic OS upgrade is enabled.
#[derive(Clone, Copy, Debug)]
struct Enabled {
    since: SimTime,
    /// The revision of the model that has it (OS-05).
    revision: u32,
    /// No upgrade began since (OS-12).
    first: bool,
}

/// An upgrade that is to come.
#[derive(Clone, Copy, Debug)]
struct Pending {
    image: ImageId,
    stage: Stage,
    /// The entry that what comes next follows from.
    entry: Entry,
    /// It is another try of the same version (OS-28).
    again: bool,
    /// What it was last said to wait for.
    waits: Option<WaitsFor>,
}

/// How far an upgrade is that is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Azure has yet to notice it, or to try it again.
    Timed,
    /// It is due.
    Due,
}

/// Something about an automatic OS upgrade falls due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Azure notices a version, or tries it again.
    Noticed {
        /// The set.
        set: SetId,
        /// The epoch the timer was set under.
        epoch: u32,
    },
    /// The phase of a region comes.
    PhaseCame {
        /// The set.
        set: SetId,
        /// The version.
        image: ImageId,
        /// The epoch the timer was set under.
        epoch: u32,
    },
    /// A maintenance window opens.
    WindowOpens {
        /// The set.
        set: SetId,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::PhaseCame { set, epoch, .. } => Key::new(time, class, set.0.into(), 0, epoch),
            Self::WindowOpens { set } => Key::new(time, class, set.0.into(), 1, 0),
            Self::Noticed { set, epoch } => Key::new(time, class, set.0.into(), 2, epoch),
        }
    }
}

impl State {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        Self { sets: vec![SetState::default(); cx.plan.sets.len()] }
    }

    /// The history of OS upgrades of a set: the last five attempts within two months, the latest last (RS-03).
    pub fn history(&self, set: SetId, now: SimTime) -> impl Iterator<Item = &Attempt> {
        let recent = self.sets[set.index()].history.iter().filter(move |attempt| attempt.is_recent(now));
        let skip = recent.clone().count().saturating_sub(attempt::KEPT);
        recent.skip(skip)
    }
}

/// What the run begins with: which sets have it enabled, and what keeps it from working there.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for set in (0..cx.plan.sets.len() as u16).map(SetId) {
        if !is_wanted(world, cx, set) {
            continue;
        }
        let first = cx.plan.cold_start;
        world.os_upgrade.sets[set.index()].enabled = Some(Enabled { since: SimTime::ZERO, revision: 0, first });
        let latest = conditions::latest(world, cx, set);
        world.os_upgrade.sets[set.index()].seen = latest.map(|image| (image, SimTime::ZERO));
        reconcile(world, cx, set, cause);
    }
}

/// Whether the policy of a set says that it is enabled (OS-01).
fn is_wanted(world: &World, cx: &Cx<'_>, set: SetId) -> bool {
    world.scale_set.sets[set.index()].upgrade.os.enabled || !cx.on(rules::OS_01)
}

/// Whether anything that happens to a set may concern its OS upgrades.
#[must_use]
pub fn concerns(world: &World, set: SetId) -> bool {
    let state = &world.os_upgrade.sets[set.index()];
    world.scale_set.sets[set.index()].upgrade.os.enabled || state.enabled.is_some() || state.running.is_some()
}

/// Whether an instance that was brought to the model may be what OS upgrades of its set wait for (OS-05).
#[must_use]
pub fn waits_for_model(world: &World, set: SetId) -> bool {
    let reported = &world.os_upgrade.sets[set.index()].reported;
    reported.iter().any(|(why, _)| matches!(why, Unmet::BehindModel(_)))
}

/// Something falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Noticed { set, epoch } => {
            let state = &mut world.os_upgrade.sets[set.index()];
            let Some(pending) = state.pending.filter(|pending| pending.stage == Stage::Timed && state.epoch == epoch)
            else {
                return;
            };
            // What happened at this very instant counts: a version that was just excluded is not noticed.
            reconcile(world, cx, set, pending.entry);
            let state = &world.os_upgrade.sets[set.index()];
            if state.epoch == epoch && state.pending.is_some() {
                notice(world, cx, set);
            }
        }
        Event::PhaseCame { set, image, epoch } => {
            let state = &mut world.os_upgrade.sets[set.index()];
            if state.phase_epoch != epoch {
                return;
            }
            state.phase_timed = None;
            let reference = conditions::reference(world, cx, set);
            let region = conditions::region(cx, set);
            let said = crate::azure::gallery::recorded_at(world, reference, region).unwrap_or(Entry(1));
            if world.os_upgrade.sets[set.index()].seen.is_some_and(|(seen, _)| seen == image) {
                reconcile(world, cx, set, said);
            }
        }
        Event::WindowOpens { set } => {
            world.os_upgrade.sets[set.index()].window_timed = false;
            if crate::azure::rolling_upgrade::go_on(world, cx, set) {
                return;
            }
            let state = &mut world.os_upgrade.sets[set.index()];
            if let Some(pending) = state.pending.as_mut().filter(|pending| pending.waits == Some(WaitsFor::Window)) {
                pending.waits = None;
                pending.entry =
                    cx.record(Fact::OsUpgrade(OsUpgradeFact::WindowOpened { set }), pending.entry, rules::OS_14);
                go(world, cx, set);
            }
        }
    }
}

/// Looks at a set: what ended, what its policy says, what its image is, and what it is to wait for.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    attempt::settle(world, cx, set);
    let cause = agree(world, cx, set, cause);
    if world.os_upgrade.sets[set.index()].enabled.is_some() {
        look(world, cx, set, cause);
    }
    time_window(world, cx, set);
}

/// Follows the policy of the set; returns the entry that what comes of it follows from.
fn agree(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) -> Entry {
    let wanted = is_wanted(world, cx, set);
    let (now, revision) = (cx.now(), world.scale_set.revision(set));
    let state = &mut world.os_upgrade.sets[set.index()];
    match (state.enabled, wanted) {
        (None, true) => {
            state.enabled = Some(Enabled { since: now, revision, first: true });
            state.reported.clear();
            (state.seen, state.done) = (None, None);
            cx.record(Fact::OsUpgrade(OsUpgradeFact::Enabled { set }), cause, rules::OS_01)
        }
        (Some(_), false) => {
            (state.enabled, state.pending) = (None, None);
            state.epoch += 1;
            state.tagged.clear();
            state.approved.clear();
            cx.record(Fact::OsUpgrade(OsUpgradeFact::Disabled { set }), cause, rules::OS_01)
        }
        _ => cause,
    }
}

fn look(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let latest = conditions::latest(world, cx, set);
    let unmet = conditions::unmet(world, cx, set);
    let met = |why: &Unmet| !unmet.iter().any(|(other, _)| other.is_same(*why));
    let about_set = |why: &Unmet| !matches!(why, Unmet::Excluded | Unmet::EarlierPhase);
    world.os_upgrade.sets[set.index()].reported.retain(|(why, _)| !(about_set(why) && met(why)));
    if !unmet.is_empty() {
        let older = latest.filter(|&image| conditions::any_older(world, set, image));
        for (why, rule) in unmet {
            report(world, cx, set, (why, older), (rule, cause));
        }
        clear_pending(world, cx, set, cause);
        return;
    }
    if let Some(image) = conditions::held_back(world, cx, set, latest) {
        report(world, cx, set, (Unmet::Excluded, Some(image)), (rules::OS_08, cause));
    }
    let Some(image) = latest else {
        clear_pending(world, cx, set, cause);
        return;
    };
    let state = &mut world.os_upgrade.sets[set.index()];
    let is_new = state.seen.is_none_or(|(seen, _)| seen != image);
    if is_new {
        state.seen = Some((image, cx.now()));
    }
    let behind = conditions::behind(world, cx, set, image);
    let state = &world.os_upgrade.sets[set.index()];
    if state.pending.is_some_and(|pending| pending.image != image || behind.is_empty()) {
        clear_pending(world, cx, set, cause);
    }
    if behind.is_empty() {
        let runs = world.os_upgrade.sets[set.index()].running.is_some();
        if is_new && !runs && conditions::all_on(world, set, image) && cx.on(rules::OS_13) {
            cx.record(Fact::OsUpgrade(OsUpgradeFact::AlreadyNewest { set, image }), cause, rules::OS_13);
        }
        if !is_new || cx.on(rules::OS_13) {
            return;
        }
    }
    if attempt::target(world, set) == Some(image) || world.os_upgrade.sets[set.index()].done == Some(image) {
        return;
    }
    match world.os_upgrade.sets[set.index()].pending {
        Some(Pending { stage: Stage::Due, .. }) => go(world, cx, set),
        Some(Pending { stage: Stage::Timed, .. }) => {}
        None => become_eligible(world, cx, set, image, cause),
    }
}

/// Says what keeps a set from being upgraded: once, and once for every version that comes.
fn report(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (why, image): (Unmet, Option<ImageId>),
    (rule, cause): (RuleId, Entry),
) {
    let reported = &mut world.os_upgrade.sets[set.index()].reported;
    let known =
        |about: Option<ImageId>| move |&(other, of): &(Unmet, Option<ImageId>)| other.is_same(why) && of == about;
    if reported.iter().any(known(image)) {
        return;
    }
    reported.push((why, image));
    if image.is_some() && !reported.iter().any(known(None)) {
        reported.push((why, None));
    }
    cx.record(Fact::OsUpgrade(OsUpgradeFact::Prevented { set, image, why }), cause, rule);
}

/// What was to come does not.
fn clear_pending(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let state = &mut world.os_upgrade.sets[set.index()];
    let Some(Pending { image, .. }) = state.pending.take() else { return };
    state.epoch += 1;
    state.tagged.clear();
    state.approved.clear();
    let rule = if conditions::is_withdrawn(world, cx, set, image) { rules::OS_08 } else { rules::OS_11 };
    cx.record(Fact::OsUpgrade(OsUpgradeFact::Dropped { set, image }), cause, rule);
}

/// The region of a set has a newer version (OS-11), or its phase came (OS-10): Azure may notice from now on.
fn become_eligible(world: &mut World, cx: &mut Cx<'_>, set: SetId, image: ImageId, cause: Entry) {
    let reference = conditions::reference(world, cx, set);
    let rule = match reference {
        ImageReference::PlatformLatest(_) if cx.on(rules::OS_10) => {
            let state = &world.os_upgrade.sets[set.index()];
            let (_, came) = state.seen.expect("it was just seen");
            let length = cx.assume(key::OsUpgradePhaseLength);
            let turn = came + length.times(cx.plan.os_upgrades.phase(conditions::region(cx, set).0) as u64);
            if cx.now() < turn {
                let state = &mut world.os_upgrade.sets[set.index()];
                if state.phase_timed != Some((image, turn)) {
                    state.phase_timed = Some((image, turn));
                    state.phase_epoch += 1;
                    let epoch = state.phase_epoch;
                    cx.at(turn, Due::OsUpgrade(Event::PhaseCame { set, image, epoch }));
                }
                return;
            }
            if conditions::earlier_phase_is_behind(world, cx, set, image) {
                report(world, cx, set, (Unmet::EarlierPhase, Some(image)), (rules::OS_10, cause));
                return;
            }
            rules::OS_10
        }
        ImageReference::PlatformLatest(_) => rules::OS_11,
        _ if !cx.on(rules::OS_11) && conditions::still_replicates(world, image) => return,
        _ => rules::OS_11,
    };
    let entry = cx.record(Fact::OsUpgrade(OsUpgradeFact::Eligible { set, image }), cause, rule);
    let now = cx.now();
    let detection = cx.assume(key::OsUpgradeDetection);
    let enabled = world.os_upgrade.sets[set.index()].enabled.expect("only where it is enabled");
    let due = if enabled.first {
        let first = enabled.since + first_detection(cx, set, enabled.since);
        // What was there when it was enabled is only waited for once.
        if now == enabled.since { first } else { first.max(now + detection) }
    } else {
        now + detection
    };
    plan_attempt(world, cx, set, Pending { image, stage: Stage::Timed, entry, again: false, waits: None }, due);
}

/// How long the first roll-out takes to begin after it was enabled at this instant (`os_upgrade.detection`). A world without OS-12 does not
/// wait.
fn first_detection(cx: &mut Cx<'_>, set: SetId, since: SimTime) -> SimDuration {
    let length = cx.assume(key::OsUpgradeFirstDetection);
    let place = name(&cx.plan.sets[set.index()].name);
    let subject = Subject { place, cause: name("enabled"), ordinal: 0 };
    cx.draw(Purpose::FirstDetection, subject, since.ms(), &length)
}

/// An attempt is to come at this instant.
fn plan_attempt(world: &mut World, cx: &mut Cx<'_>, set: SetId, pending: Pending, due: SimTime) {
    let state = &mut world.os_upgrade.sets[set.index()];
    state.pending = Some(pending);
    state.epoch += 1;
    if due <= cx.now() || !pending.again && !cx.on(rules::OS_12) {
        notice(world, cx, set);
    } else {
        cx.at(due, Due::OsUpgrade(Event::Noticed { set, epoch: state.epoch }));
    }
}

/// Azure notices the version, or tries it again.
fn notice(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let Some(pending) = &mut world.os_upgrade.sets[set.index()].pending else { return };
    let rule = if pending.again { rules::OS_28 } else { rules::OS_12 };
    let detected = OsUpgradeFact::Detected { set, image: pending.image };
    pending.entry = cx.record(Fact::OsUpgrade(detected), pending.entry, rule);
    pending.stage = Stage::Due;
    go(world, cx, set);
}

/// Begins the upgrade that is due, unless it has to wait.
fn go(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let Some(pending) = world.os_upgrade.sets[set.index()].pending else { return };
    let behind = conditions::behind(world, cx, set, pending.image);
    if crate::azure::rolling_upgrade::runs(world, set) {
        wait(world, cx, set, WaitsFor::Upgrade);
        return;
    }
    let deferred = world.scale_set.sets[set.index()].upgrade.os.deferral && cx.on(rules::OS_15);
    let chosen: BTreeSet<InstanceId> = if deferred {
        tag(world, cx, set, &behind, pending.entry);
        let approved = &world.os_upgrade.sets[set.index()].approved;
        behind.intersection(approved).copied().collect()
    } else {
        behind.clone()
    };
    if deferred && chosen.is_empty() {
        wait(world, cx, set, WaitsFor::Approval);
        return;
    }
    if is_closed(cx, set) {
        wait(world, cx, set, WaitsFor::Window);
        time_window(world, cx, set);
        return;
    }
    let rest = behind.len() > chosen.len();
    let state = &mut world.os_upgrade.sets[set.index()];
    for instance in &chosen {
        state.tagged.remove(instance);
        state.approved.remove(instance);
    }
    if let Some(enabled) = &mut state.enabled {
        enabled.first = false;
    }
    if rest {
        // Who is not approved goes on waiting.
        state.pending = Some(Pending { waits: Some(WaitsFor::Approval), ..pending });
    } else {
        state.pending = None;
        state.epoch += 1;
    }
    let what = attempt::What { image: pending.image, only: &chosen, again: pending.again };
    attempt::begin(world, cx, set, &what, pending.entry);
}

/// Says what the upgrade that is due waits for, if that is news.
fn wait(world: &mut World, cx: &mut Cx<'_>, set: SetId, why: WaitsFor) {
    let Some(pending) = &mut world.os_upgrade.sets[set.index()].pending else { return };
    if pending.waits == Some(why) {
        return;
    }
    pending.waits = Some(why);
    let rule = match why {
        WaitsFor::Upgrade => rules::RS_08,
        WaitsFor::Window => rules::OS_14,
        WaitsFor::Approval => rules::OS_15,
    };
    let waits = OsUpgradeFact::Waits { set, image: pending.image, why };
    pending.entry = cx.record(Fact::OsUpgrade(waits), pending.entry, rule);
}

/// Tags who is to wait for approval (OS-15).
fn tag(world: &mut World, cx: &mut Cx<'_>, set: SetId, behind: &BTreeSet<InstanceId>, cause: Entry) {
    let state = &mut world.os_upgrade.sets[set.index()];
    // An instance that something else, such as a repair, gave the version meanwhile is out of it.
    state.tagged.retain(|instance| behind.contains(instance));
    state.approved.retain(|instance| behind.contains(instance));
    for &instance in behind {
        if state.tagged.insert(instance) {
            cx.record(Fact::OsUpgrade(OsUpgradeFact::Tagged { instance }), cause, rules::OS_15);
        }
    }
}

/// Whether the maintenance windows of a set keep an upgrade from beginning now (OS-14).
fn is_closed(cx: &Cx<'_>, set: SetId) -> bool {
    let now = cx.now();
    let open = |window: &Window| window.opens <= now && now < window.closes;
    cx.on(rules::OS_14) && cx.plan.os_upgrades.windows(set.0).is_some_and(|windows| !windows.iter().any(open))
}

/// Whether the end of its window keeps an upgrade that runs from a further batch (`os_upgrade.window_end`).
pub fn holds(cx: &mut Cx<'_>, set: SetId) -> bool {
    is_closed(cx, set) && cx.assume(key::OsUpgradeWindowEnd) == choice::OsUpgradeWindowEnd::FinishBatch
}

/// Where an upgrade waits for the next window, its opening is put on the queue.
fn time_window(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let state = &mut world.os_upgrade.sets[set.index()];
    let waits = state.pending.is_some_and(|pending| pending.waits == Some(WaitsFor::Window));
    if state.window_timed || !waits && !crate::azure::rolling_upgrade::is_held(&world.rolling_upgrade, set) {
        return;
    }
    let now = cx.now();
    let windows = cx.plan.os_upgrades.windows(set.0).unwrap_or_default();
    if let Some(next) = windows.iter().find(|window| window.opens > now) {
        state.window_timed = true;
        cx.at(next.opens, Due::OsUpgrade(Event::WindowOpens { set }));
    }
}

// Verbs.

/// `ApproveRollingUpgrade`, of these instances of a set (OS-15).
pub fn approve(world: &mut World, cx: &mut Cx<'_>, set: SetId, named: &[InstanceId], cause: Entry) {
    let state = &mut world.os_upgrade.sets[set.index()];
    let waiting: Vec<InstanceId> = named.iter().copied().filter(|instance| state.tagged.contains(instance)).collect();
    if waiting.is_empty() {
        let why = NoCall::NothingToApprove;
        cx.record(Fact::OsUpgrade(OsUpgradeFact::CallRefused { set, why }), cause, rules::OS_15);
        return;
    }
    let count = waiting.len() as u32;
    state.approved.extend(waiting);
    cx.record(Fact::OsUpgrade(OsUpgradeFact::Approved { set, count }), cause, rules::OS_15);
    go(world, cx, set);
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for state in &world.os_upgrade.sets {
        assert!(state.pending.is_none() || state.enabled.is_some(), "only what is enabled is to be upgraded");
        assert!(state.approved.is_subset(&state.tagged), "only what waits for approval is approved");
        assert!(state.history.is_sorted_by_key(|attempt| attempt.ended), "the history is in the order of time");
    }
}
