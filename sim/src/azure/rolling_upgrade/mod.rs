//! Rolling upgrades: instances are brought to the model, or to another image, in batches behind gates of health.
//!
//! Rules: UM-01…UM-05, UM-08, RU-01…RU-09, RU-11…RU-13, RU-20…RU-36, RU-38, RS-02, RS-04…RS-08, IX-01, IX-03, HD-38, HD-39, HD-41, MS-01…MS-05, OS-20, OS-23…OS-27;
//! P-04…P-17, P-19, P-20, P-36, P-43. The gates are in `gate.rs`, the choice of a batch in `batch.rs`, the health wait in `wait.rs`, surge in
//! `surge.rs`, and what is written to a set from outside in `write.rs`. What an upgrade is for (the model, or an image) is told by whoever begins it; automatic OS
//! upgrades are in a room of their own.
//!
//! An instance that is created while an upgrade runs has the new model (OR-18) and is no part of it; it counts in the
//! total of every gate (P-17). Left out: resizing (RU-37), faults of the service itself (RU-39), credentials that expired
//! (RU-40).

pub mod batch;
pub mod gate;
pub mod progress;
mod surge;
mod wait;
mod window;
mod write;

pub use window::{go_on, is_held, runs};
pub use write::{Start, cancel, change_model, set_capacity, start, upgrade_instances};

use crate::azure::instances::{self, Provisioning, Update};
use crate::azure::scale_set;
use crate::demand::application;
use crate::engine::queue::Key;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{HealthSource, OrchestrationMode, RollingPolicy};
use crate::rules::{self, A, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{End, Fact, Failure, LeftOut, Operation, RolloutFact, StartedBy, UpgradeError};
use crate::world::ids::{Entry, ImageId, InstanceId, SetId};
use std::collections::BTreeSet;
use wait::Wait;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// By set: its upgrades, the latest last.
    pub upgrades: Vec<Vec<Upgrade>>,
}

/// What an upgrade brings instances to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The newest model of the set.
    Model,
    /// This version of the image, the model being what it is. Whether an instance that does not become healthy gets its
    /// old disk back is told by whoever begins the upgrade (OS-23…OS-25).
    Image {
        /// The version.
        image: ImageId,
        /// Put the old disk back under an instance that failed.
        restore: bool,
    },
}

/// An upgrade of a set.
#[derive(Clone, Debug)]
pub struct Upgrade {
    /// What it brings instances to.
    pub kind: Kind,
    /// Who began it.
    pub by: StartedBy,
    /// The policy it runs under.
    pub policy: RollingPolicy,
    /// When it began.
    pub started: SimTime,
    /// When somebody asked for its cancellation.
    pub cancelled: Option<SimTime>,
    /// How it ended, and when; `None` while it runs: RollingForward.
    pub ended: Option<(End, SimTime)>,
    /// The instances it is about, by id.
    pub members: Vec<Member>,
    /// Batches that were begun.
    pub batches: u32,
    /// The first instance that failed, and the entry that says so.
    pub first_failed: Option<(InstanceId, Entry)>,
    /// Who is left out of it, for good.
    pub left_out: u32,
    /// The upgraded instances were once too unhealthy between two looks (P-14).
    noticed: Option<(gate::Share, u32, RuleId)>,
    /// What is open of the running batch.
    open: u32,
    /// Instances that failed in the running batch.
    failed_in_batch: u32,
    /// When the running batch began.
    batch_began: SimTime,
    /// No batch surges any more (P-19).
    in_place: bool,
    /// It waits between batches.
    pausing: bool,
    /// It waits for the next maintenance window (OS-14).
    held: bool,
    /// The entry that the next step follows from.
    entry: Entry,
    /// Raised at each pause.
    epoch: u32,
}

/// An instance in an upgrade.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The instance.
    pub instance: InstanceId,
    /// How far it is.
    pub progress: Progress,
    /// It has its old disk again.
    pub restored: bool,
    /// Its phase: lower ones come first (RU-23).
    phase: u32,
    /// The instance that goes when this one is healthy (MS-01).
    partner: Option<InstanceId>,
    /// The entry that what becomes of it follows from.
    entry: Entry,
    wait: Wait,
}

/// How far an instance is in an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It waits for its batch.
    Pending,
    /// It is being brought to the target.
    Updating,
    /// It is to become healthy.
    Waiting,
    /// Its old disk is being put back.
    Restoring,
    /// Its replacement is being made, or it is being deleted for that.
    Replacing,
    /// It was healthy on the target.
    Upgraded,
    /// It was not.
    Failed,
    /// It is gone.
    Gone,
}

/// Something about an upgrade falls due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The health wait of an instance ends.
    WaitEnds {
        /// The instance.
        instance: InstanceId,
        /// The epoch the timer was set under.
        epoch: u32,
    },
    /// The pause between two batches ends.
    PauseEnds {
        /// The set.
        set: SetId,
        /// The epoch the timer was set under.
        epoch: u32,
    },
    /// The upgrade has taken as long as it may (P-15).
    TimeIsUp {
        /// The set.
        set: SetId,
        /// Which of its upgrades.
        number: u32,
    },
    /// An instance of a set in mode Automatic has its turn (P-43).
    Turn {
        /// The instance.
        instance: InstanceId,
        /// The revision it is to be brought to.
        revision: u32,
        /// The entry of the change.
        cause: Entry,
    },
}

impl Event {
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::WaitEnds { instance, epoch } => Key::new(time, class, instance.0, 0, epoch),
            Self::Turn { instance, revision, .. } => Key::new(time, class, instance.0, 1, revision),
            Self::PauseEnds { set, epoch } => Key::new(time, class, set.0.into(), 2, epoch),
            Self::TimeIsUp { set, number } => Key::new(time, class, set.0.into(), 3, number),
        }
    }
}

impl State {
    /// No upgrade yet.
    #[must_use]
    pub fn new(cx: &Cx<'_>) -> Self {
        Self { upgrades: vec![Vec::new(); cx.plan.sets.len()] }
    }

    /// The upgrade that runs on a set.
    #[must_use]
    pub fn running(&self, set: SetId) -> Option<&Upgrade> {
        self.upgrades[set.index()].last().filter(|upgrade| upgrade.ended.is_none())
    }

    fn running_mut(&mut self, set: SetId) -> Option<&mut Upgrade> {
        self.upgrades[set.index()].last_mut().filter(|upgrade| upgrade.ended.is_none())
    }
}

impl Upgrade {
    fn find(&self, instance: InstanceId) -> Option<usize> {
        self.members.binary_search_by_key(&instance, |member| member.instance).ok()
    }

    /// The last entry about it as a whole.
    #[must_use]
    pub const fn last(&self) -> Entry {
        self.entry
    }

    /// How many instances are as far as this.
    #[must_use]
    pub fn count(&self, is: impl Fn(Progress) -> bool) -> u32 {
        self.members.iter().filter(|member| is(member.progress)).count() as u32
    }
}

/// Whether anything that happens to an instance may concern an upgrade.
#[must_use]
pub fn concerns(world: &World, instance: InstanceId) -> bool {
    let set = world.instances.rows[instance.index()].set;
    world.rolling_upgrade.running(set).is_some_and(|upgrade| upgrade.find(instance).is_some())
}

/// Whether an instance is in the batch that runs now.
#[must_use]
pub fn in_batch(world: &World, instance: InstanceId) -> bool {
    let set = world.instances.rows[instance.index()].set;
    let Some(upgrade) = world.rolling_upgrade.running(set) else { return false };
    upgrade.find(instance).is_some_and(|at| {
        let progress = upgrade.members[at].progress;
        !matches!(progress, Progress::Pending | Progress::Upgraded | Progress::Failed | Progress::Gone)
    })
}

/// Something falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::WaitEnds { instance, epoch } => wait::ends(world, cx, instance, epoch),
        Event::PauseEnds { set, epoch } => {
            if world.rolling_upgrade.running(set).is_some_and(|upgrade| upgrade.pausing && upgrade.epoch == epoch) {
                next_batch(world, cx, set);
            }
        }
        Event::TimeIsUp { set, number } => {
            let last = world.rolling_upgrade.upgrades[set.index()].len() as u32;
            if last == number
                && let Some(upgrade) = world.rolling_upgrade.running(set)
            {
                let entry = upgrade.entry;
                let error = UpgradeError::RollingUpgradeTimeoutError;
                end(world, cx, set, End::Faulted { error, measured: 0, limit: 0 }, (entry, rules::RU_38));
            }
        }
        Event::Turn { instance, revision, cause } => {
            let row = &world.instances.rows[instance.index()];
            if instances::stands(row) && row.revision < revision {
                let _ = scale_set::bring(world, cx, instance, rules::UM_04, cause);
            }
        }
    }
}

/// Looks at an instance to which something happened: it may be a step further, and its batch may be done.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    let Some(upgrade) = world.rolling_upgrade.running_mut(row.set) else { return };
    let Some(at) = upgrade.find(instance) else { return };
    let member = &mut upgrade.members[at];
    if !instances::stands(&row) {
        match member.progress {
            Progress::Gone => return,
            Progress::Replacing => {
                // An old partner is replaced once it is really gone (MS-01).
                if row.state == Provisioning::Deleted {
                    member.progress = Progress::Gone;
                    close(world, cx, row.set, cause);
                }
                return;
            }
            Progress::Pending | Progress::Upgraded | Progress::Failed => {
                member.progress = Progress::Gone;
                return;
            }
            Progress::Updating | Progress::Waiting | Progress::Restoring => {}
        }
        let partner = member.partner;
        member.progress = Progress::Gone;
        let why = Failure::Deleted;
        let entry = cx.say(Fact::Rollout(RolloutFact::InstanceFailed { instance, why }), cause, rules::RU_29);
        surge::give_up(world, row.set, partner);
        close(world, cx, row.set, entry);
        return;
    }
    match (member.progress, row.state) {
        (Progress::Updating, Provisioning::Failed) if cx.on(rules::OS_29) => {
            member.entry = cause;
            failed(world, cx, instance, Failure::ProvisioningFailed, rules::OS_29);
        }
        (Progress::Updating, Provisioning::Succeeded | Provisioning::Failed) => {
            wait::begins(world, cx, instance, cause)
        }
        (Progress::Waiting, Provisioning::Succeeded | Provisioning::Failed) => wait::look(world, cx, instance, cause),
        (Progress::Restoring, Provisioning::Succeeded | Provisioning::Failed) => {
            member.progress = Progress::Failed;
            member.restored = row.state == Provisioning::Succeeded;
            close(world, cx, row.set, cause);
        }
        (Progress::Upgraded, _) => notice(world, cx, row.set),
        _ => {}
    }
}

/// An upgraded instance is not what it was: too many may be unhealthy now, which counts at the next look (P-14).
fn notice(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let Some(upgrade) = world.rolling_upgrade.running(set) else { return };
    if cx.plan.assumptions.choice(cx.assume(A::RollingHealthSampling)) == "continuous"
        && upgrade.noticed.is_none()
        && let Some(found) = gate::breached(world, cx, set, upgrade)
        && let Some(upgrade) = world.rolling_upgrade.running_mut(set)
    {
        upgrade.noticed = Some(found);
    }
}

/// Begins an upgrade. There must be none on the set.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, set: SetId, kind: Kind, start: Start, cause: Entry) {
    begin_on(world, cx, set, (kind, start), None, cause);
}

/// Begins an upgrade, where `only` is given on no instance but these. There must be none on the set.
pub fn begin_on(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (kind, start): (Kind, Start),
    only: Option<&BTreeSet<InstanceId>>,
    cause: Entry,
) {
    let Start { by, policy, rule } = start;
    assert!(world.rolling_upgrade.running(set).is_none(), "one upgrade at a time");
    let image = match kind {
        Kind::Image { image, .. } => Some(image),
        Kind::Model => None,
    };
    let entry = cx.say(Fact::Rollout(RolloutFact::Started { set, image, by }), cause, rule);
    let (members, left_out) = enlist(world, cx, set, (kind, only), entry);
    world.rolling_upgrade.upgrades[set.index()].push(Upgrade {
        kind,
        by,
        policy,
        started: cx.now(),
        cancelled: None,
        ended: None,
        members,
        batches: 0,
        first_failed: None,
        left_out,
        noticed: None,
        open: 0,
        failed_in_batch: 0,
        batch_began: cx.now(),
        in_place: false,
        pausing: false,
        held: false,
        entry,
        epoch: 0,
    });
    if cx.plan.assumptions.switch(cx.assume(A::RollingTimeoutEnabled)) && cx.on(rules::RU_38) {
        let length = cx.plan.assumptions.time(cx.assume(A::RollingTimeout));
        let number = world.rolling_upgrade.upgrades[set.index()].len() as u32;
        cx.after(length, Due::RollingUpgrade(Event::TimeIsUp { set, number }));
    }
    next_batch(world, cx, set);
}

/// Who is behind, and is not left out.
fn enlist(
    world: &World,
    cx: &mut Cx<'_>,
    set: SetId,
    (kind, only): (Kind, Option<&BTreeSet<InstanceId>>),
    cause: Entry,
) -> (Vec<Member>, u32) {
    let plan = cx.plan;
    let (mut members, mut left_out) = (Vec::new(), 0);
    // Where the applications speak of phases, everybody is asked once, now (HD-35, HD-37).
    let phased = plan.application.endpoints.iter().flat_map(|endpoint| &endpoint.clauses);
    let phased = phased.clone().any(|clause| clause.answer.body.rolling.is_some()) && cx.on(rules::HD_37);
    for &instance in &world.scale_set.sets[set.index()].instances {
        let row = &world.instances.rows[instance.index()];
        // A deallocated instance keeps its old model until it is started (P-09).
        let named = only.is_none_or(|only| only.contains(&instance));
        if !named || row.state == Provisioning::Deallocated || !is_behind(world, cx, instance, kind) {
            continue;
        }
        let mut leave = |why, rule| {
            left_out += 1;
            cx.say(Fact::Rollout(RolloutFact::LeftOut { instance, why }), cause, rule);
        };
        let protection = row.protection;
        if protection.from_scale_set_actions && plan.rules.on(rules::RU_36) {
            leave(LeftOut::Protected, rules::RU_36);
            continue;
        }
        if protection.from_scale_in && !plan.rules.on(rules::IX_01) {
            leave(LeftOut::Protected, rules::IX_01);
            continue;
        }
        let mut phase = u32::MAX;
        if phased && let Some(of) = &instances::profile(world, cx, row).health_extension {
            let said = application::answer(world, cx, instance, of.endpoint).body.rolling.unwrap_or_default();
            if said.skip && cx.on(rules::HD_38) {
                left_out += 1;
                let why = LeftOut::SkipUpgrade;
                cx.say(Fact::Rollout(RolloutFact::LeftOut { instance, why }), cause, rules::HD_38);
                continue;
            }
            if gate::standing(world, cx, instance) != gate::Standing::Healthy && cx.on(rules::HD_39) {
                left_out += 1;
                let why = LeftOut::NotHealthy;
                cx.say(Fact::Rollout(RolloutFact::LeftOut { instance, why }), cause, rules::HD_39);
                continue;
            }
            phase = said.phase.unwrap_or(u32::MAX);
        }
        members.push(Member {
            instance,
            progress: Progress::Pending,
            restored: false,
            phase,
            partner: None,
            entry: cause,
            wait: Wait::default(),
        });
    }
    (members, left_out)
}

/// Whether an instance has yet to be brought to what an upgrade is for (RU-35).
fn is_behind(world: &World, cx: &Cx<'_>, instance: InstanceId, kind: Kind) -> bool {
    match kind {
        Kind::Model => !scale_set::latest_model_applied(world, instance),
        Kind::Image { image, .. } => world.instances.rows[instance.index()].image != image || !cx.on(rules::RU_35),
    }
}

/// Looks at the gates, and begins the next batch if they are open.
fn next_batch(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let Some(upgrade) = world.rolling_upgrade.running_mut(set) else { return };
    upgrade.pausing = false;
    let entry = upgrade.entry;
    let waits = upgrade.count(|progress| progress == Progress::Pending) > 0;
    if !waits {
        complete(world, cx, set, entry);
        return;
    }
    if window::hold(world, cx, set) {
        return;
    }
    let upgrade = world.rolling_upgrade.running(set).expect("it was just seen");
    // What was noticed during the pause (P-14), then the gate of the whole set.
    let noticed = upgrade.noticed.or_else(|| {
        let watches = cx.plan.assumptions.choice(cx.assume(A::RollingHealthSampling)) == "continuous";
        (watches && upgrade.batches > 0).then(|| gate::breached(world, cx, set, upgrade)).flatten()
    });
    if let Some((share, limit, rule)) = noticed {
        breach(world, cx, set, (share, limit, rule), entry);
        return;
    }
    if let Some((share, limit, rule)) = gate::closed(world, cx, set, upgrade) {
        let error = if upgrade.batches == 0 {
            UpgradeError::MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade
        } else {
            UpgradeError::MaxUnhealthyInstancePercentExceededInRollingUpgrade
        };
        let entry = wait::first_unhealthy(world, cx, set).unwrap_or(entry);
        end(world, cx, set, End::Faulted { error, measured: share.measured(), limit }, (entry, rule));
        return;
    }
    let Some(batch) = batch::choose(world, cx, set, upgrade) else {
        complete(world, cx, set, entry);
        return;
    };
    if cx.on(rules::RU_21) && cx.on(rules::RU_11) {
        let size = world.scale_set.sets[set.index()].instances.len() as u32;
        let (most, _) = batch::ceiling(cx, size, upgrade.policy.max_batch_percent);
        batch::check(&cx.plan.sets[set.index()], world, &batch, most, upgrade.policy.cross_zone);
    }
    run(world, cx, set, batch);
}

/// Begins a batch.
fn run(world: &mut World, cx: &mut Cx<'_>, set: SetId, batch: batch::Batch) {
    let now = cx.now();
    let size = batch.instances.len() as u32;
    let surges = surge::applies(world, cx, set, size);
    let upgrade = world.rolling_upgrade.running_mut(set).expect("a batch is of a running upgrade");
    upgrade.batches += 1;
    (upgrade.open, upgrade.failed_in_batch, upgrade.batch_began) = (size, 0, now);
    let (number, entry, kind) = (upgrade.batches, upgrade.entry, upgrade.kind);
    let rule = if surges { rules::MS_02 } else { batch.rule };
    let began = RolloutFact::BatchBegan { set, batch: number, size, zone: batch.zone, surge: surges };
    let entry = cx.say(Fact::Rollout(began), entry, rule);
    upgrade.entry = entry;
    if surges {
        surge::run(world, cx, set, &batch.instances, entry);
        return;
    }
    for instance in batch.instances {
        let member = member(world, instance).expect("a batch is of members");
        (member.progress, member.entry) = (Progress::Updating, entry);
        let brought = bring(world, cx, instance, kind, entry);
        let member = self::member(world, instance).expect("it was just seen");
        match brought {
            Ok(entry) => member.entry = entry,
            Err(entry) => {
                member.entry = entry;
                failed(world, cx, instance, Failure::ProvisioningFailed, rules::OS_29);
            }
        }
    }
}

/// Brings an instance to what the upgrade is for (RU-25).
fn bring(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, kind: Kind, cause: Entry) -> Result<Entry, Entry> {
    let row = world.instances.rows[instance.index()];
    if row.state == Provisioning::Deallocated {
        // It was deallocated since it was counted in; there is no machine to bring to anything.
        return Err(cause);
    }
    let shielded = row.protection.from_scale_in && !row.protection.from_scale_set_actions;
    match kind {
        Kind::Model => {
            let rule = if shielded { rules::IX_01 } else { rules::RU_25 };
            scale_set::bring(world, cx, instance, rule, cause)
        }
        Kind::Image { image, .. } => {
            let to = Update { how: Operation::Swap, image, revision: row.revision };
            Ok(instances::update(world, cx, instance, to, rules::OS_22, cause))
        }
    }
}

fn member(world: &mut World, instance: InstanceId) -> Option<&mut Member> {
    let set = world.instances.rows[instance.index()].set;
    let upgrade = world.rolling_upgrade.running_mut(set)?;
    let at = upgrade.find(instance)?;
    Some(&mut upgrade.members[at])
}

/// An instance is healthy on the target.
fn upgraded(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, rule: RuleId) {
    let set = world.instances.rows[instance.index()].set;
    let Some(member) = member(world, instance) else { return };
    member.progress = Progress::Upgraded;
    let (cause, partner) = (member.entry, member.partner);
    let entry = cx.say(Fact::Rollout(RolloutFact::InstanceUpgraded { instance }), cause, rule);
    if let Some(old) = partner {
        surge::replaced(world, cx, set, (old, instance), entry);
        return;
    }
    close(world, cx, set, entry);
}

/// An instance failed to be upgraded: it keeps what it has, or gets its old disk back (P-12, OS-23).
fn failed(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, why: Failure, rule: RuleId) {
    let set = world.instances.rows[instance.index()].set;
    let Some(member) = member(world, instance) else { return };
    member.progress = Progress::Failed;
    let (cause, partner) = (member.entry, member.partner);
    let entry = cx.say(Fact::Rollout(RolloutFact::InstanceFailed { instance, why }), cause, rule);
    let upgrade = world.rolling_upgrade.running_mut(set).expect("it was just seen");
    upgrade.failed_in_batch += 1;
    upgrade.first_failed.get_or_insert((instance, entry));
    let restore = matches!(upgrade.kind, Kind::Image { restore: true, .. }) && cx.on(rules::OS_23);
    if restore && partner.is_none() && instances::restore(world, cx, instance, rules::OS_23, entry).is_some() {
        self::member(world, instance).expect("it was just seen").progress = Progress::Restoring;
        return;
    }
    if !surge::unhealthy(world, cx, set, (partner, instance), entry) {
        close(world, cx, set, entry);
    }
}

/// One thing less is open of the running batch; with the last, the batch is done.
fn close(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let Some(upgrade) = world.rolling_upgrade.running_mut(set) else { return };
    upgrade.open -= 1;
    if upgrade.open > 0 {
        return;
    }
    let (batch, failed) = (upgrade.batches, upgrade.failed_in_batch);
    let entry = cx.say(Fact::Rollout(RolloutFact::BatchEnded { set, batch, failed }), cause, rules::RU_26);
    upgrade.entry = entry;
    after_batch(world, cx, set, failed, entry);
}

/// The gate after a batch; then the pause, the next batch, or the end.
fn after_batch(world: &mut World, cx: &mut Cx<'_>, set: SetId, failed: u32, entry: Entry) {
    let upgrade = world.rolling_upgrade.running(set).expect("its batch just ended");
    if let Some(found) = upgrade.noticed.or_else(|| gate::breached(world, cx, set, upgrade)) {
        breach(world, cx, set, found, entry);
        return;
    }
    let at_limit = gate::upgraded(world, cx, upgrade, set).is_at(upgrade.policy.max_unhealthy_upgraded_percent);
    if upgrade.cancelled.is_some() {
        end(world, cx, set, End::Cancelled, (entry, rules::RS_06));
        return;
    }
    let stops = cx.plan.assumptions.choice(cx.assume(A::RollingUnhealthyAfterWait)) == "stop" || !cx.on(rules::RU_32);
    if failed > 0 && stops && upgrade.kind == Kind::Model {
        let share = gate::upgraded(world, cx, upgrade, set);
        breach(world, cx, set, (share, upgrade.policy.max_unhealthy_upgraded_percent, rules::RU_32), entry);
        return;
    }
    let waits = upgrade.count(|progress| progress == Progress::Pending) > 0;
    let pause = upgrade.policy.pause;
    if !waits && (cx.on(rules::RU_33) || pause == SimDuration::ZERO) {
        complete(world, cx, set, entry);
        return;
    }
    let mut entry = entry;
    if failed > 0 {
        let rule = if at_limit { rules::RU_09 } else { rules::RU_32 };
        entry = cx.say(Fact::Rollout(RolloutFact::WentOn { set, failed }), entry, rule);
    }
    let upgrade = world.rolling_upgrade.running_mut(set).expect("it was just seen");
    upgrade.entry = entry;
    if pause > SimDuration::ZERO && cx.on(rules::RU_04) {
        upgrade.pausing = true;
        upgrade.epoch += 1;
        upgrade.entry = cx.say(Fact::Rollout(RolloutFact::Paused { set }), entry, rules::RU_04);
        let epoch = upgrade.epoch;
        cx.after(pause, Due::RollingUpgrade(Event::PauseEnds { set, epoch }));
    } else {
        next_batch(world, cx, set);
    }
}

/// Too many upgraded instances are unhealthy.
fn breach(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (share, limit, rule): (gate::Share, u32, RuleId),
    entry: Entry,
) {
    let upgrade = world.rolling_upgrade.running(set).expect("it was just seen");
    // The halt follows from the first instance that failed.
    let entry = upgrade.first_failed.map_or(entry, |(_, failed)| failed);
    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    end(world, cx, set, End::Faulted { error, measured: share.measured(), limit }, (entry, rule));
}

fn complete(world: &mut World, cx: &mut Cx<'_>, set: SetId, entry: Entry) {
    let upgrade = world.rolling_upgrade.running(set).expect("it was just seen");
    let rule = if upgrade.policy.pause > SimDuration::ZERO { rules::RU_33 } else { rules::RS_02 };
    end(world, cx, set, End::Completed, (entry, rule));
}

/// The upgrade is over.
fn end(world: &mut World, cx: &mut Cx<'_>, set: SetId, how: End, (cause, rule): (Entry, RuleId)) {
    let entry = cx.say(Fact::Rollout(RolloutFact::Ended { set, end: how }), cause, rule);
    let now = cx.now();
    let upgrade = world.rolling_upgrade.running_mut(set).expect("an upgrade ends once");
    (upgrade.ended, upgrade.entry) = (Some((how, now)), entry);
    let (kind, policy) = (upgrade.kind, upgrade.policy);
    let failed: Vec<InstanceId> = upgrade
        .members
        .iter()
        .filter(|member| member.progress == Progress::Failed && !member.restored && member.partner.is_none())
        .map(|member| member.instance)
        .collect();
    surge::clear(world, cx, set, entry);
    let uniform = cx.plan.sets[set.index()].mode == OrchestrationMode::Uniform;
    let breached = matches!(how, End::Faulted { .. });
    if breached && kind == Kind::Model && policy.rollback_on_breach && uniform && cx.on(rules::RU_08) {
        for instance in failed {
            if instances::stands(&world.instances.rows[instance.index()]) {
                let _ = instances::restore(world, cx, instance, rules::RU_08, entry);
            }
        }
    } else if how != End::Completed {
        left_mixed(world, cx, set, entry);
    }
}

/// Nothing is rolled back (RU-34, OS-27): says what the set is left with.
fn left_mixed(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let upgrade = world.rolling_upgrade.upgrades[set.index()].last().expect("it just ended");
    let on_target = |member: &&Member| {
        matches!(member.progress, Progress::Upgraded | Progress::Failed) && !member.restored && member.partner.is_none()
    };
    let done: Vec<InstanceId> = upgrade.members.iter().filter(on_target).map(|member| member.instance).collect();
    let behind = upgrade.count(|progress| progress == Progress::Pending);
    let rule = if upgrade.kind == Kind::Model { rules::RU_34 } else { rules::OS_27 };
    if done.is_empty() || behind == 0 {
        return;
    }
    if cx.on(rule) {
        let upgraded = done.len() as u32;
        cx.say(Fact::Rollout(RolloutFact::LeftMixed { set, upgraded, behind }), cause, rule);
    } else {
        // A world in which an upgrade that stops is undone.
        for instance in done {
            let _ = instances::restore(world, cx, instance, rule, cause);
        }
    }
}

/// Whether health says anything on a set, and who.
fn has_source(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    let row = &world.instances.rows[instance.index()];
    matches!(instances::profile(world, cx, row).health_source, HealthSource::Extension | HealthSource::Probe(_))
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World) {
    for upgrade in world.rolling_upgrade.upgrades.iter().flatten() {
        let in_hand = upgrade.count(|progress| {
            matches!(progress, Progress::Updating | Progress::Waiting | Progress::Restoring | Progress::Replacing)
        });
        assert!(upgrade.ended.is_some() || in_hand > 0 || upgrade.pausing, "an upgrade that runs does something");
        assert!(upgrade.members.is_sorted_by_key(|member| member.instance), "members are found by their instance");
    }
    for upgrades in &world.rolling_upgrade.upgrades {
        let running = upgrades.iter().filter(|upgrade| upgrade.ended.is_none()).count();
        assert!(running <= 1, "a set has one upgrade at a time, and what ended stays ended");
    }
}
