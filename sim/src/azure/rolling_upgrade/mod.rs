//! Rolling upgrades: instances are brought to the model, or to another image, in batches behind gates of health.
//!
//! Rules: UM-01…UM-05, UM-08, UM-22, RU-01…RU-09, RU-11…RU-13, RU-20…RU-36, RU-38, RU-41…RU-43, RS-02, RS-04…RS-08,
//! RS-12, IX-01, IX-03, HD-38, HD-39, HD-41, MS-01…MS-05, OS-20, OS-23…OS-27; `rolling.*`, `automatic.start_spread`. The
//! gates are in `gate.rs`, the choice of a batch in `batch.rs`, the health wait in `wait.rs`, how long a batch is watched in
//! `watch.rs`, surge in `surge.rs`, and what is written to a set from outside in `write.rs`. What an upgrade is for (the
//! model, or an image) is given by what starts it; automatic OS upgrades are in a room of their own.
//!
//! An instance that is created while an upgrade runs has the new model (OR-18) and is no part of it; it counts in the
//! total of every gate (`rolling.capacity_change`).

pub mod batch;
mod ends;
mod enlist;
mod extension;
pub mod gate;
pub mod progress;
mod steps;
mod surge;
mod wait;
mod watch;
mod window;
mod write;

pub use enlist::{begin, begin_on, repaired};
pub use extension::{publish, start_extensions};
pub use window::{go_on, is_held, runs};
pub use write::{Start, Walk, cancel, change_model, fault, refuse_write, set_capacity, start, upgrade_instances};

use crate::azure::instances::{self, Provisioning, Row};
use crate::azure::{scale_set, zone_balance};
use crate::engine::queue::Key;
use crate::engine::time::SimTime;
use crate::plan::RollingPolicy;
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{End, Fact, Failure, RolloutFact, StartedBy, UpgradeError};
use crate::world::ids::{ActionId, Entry, ImageId, InstanceId, SetId};
use steps::{close, failed, next_batch};
use wait::Wait;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// By set: its upgrades, the latest last.
    pub upgrades: Vec<Vec<Upgrade>>,
    /// By set: what publishers of its extensions brought out.
    releases: Vec<extension::Releases>,
}

/// What an upgrade brings instances to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The newest model of the set.
    Model,
    /// This version of the image, the model being what it is. Whether an instance that does not become healthy gets its
    /// old disk back is given by what starts the upgrade (OS-23…OS-25).
    Image {
        /// The version.
        image: ImageId,
        /// Put the old disk back under an instance that failed.
        restore: bool,
    },
    /// This release of an extension, the model and the disks being what they are (OS-33).
    Extension {
        /// The entry of the timeline that published it.
        action: ActionId,
    },
    /// The newest release of every extension, where every instance has it: nobody is touched (RS-13).
    Extensions,
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
    /// Who is part of it beside those behind.
    walk: Walk,
    /// Update domains without an instance were watched, or need not be (RU-43).
    empty_watched: bool,
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
    /// The upgraded instances were once too unhealthy between two looks (`rolling.health_sampling`).
    noticed: Option<(gate::Share, u32, RuleId)>,
    /// The instances that the gate counted as unhealthy when it ended the upgrade, by id.
    pub unhealthy: Vec<InstanceId>,
    /// What is open of the running batch.
    open: u32,
    /// Instances that failed in the running batch.
    failed_in_batch: u32,
    /// When the running batch began.
    batch_began: SimTime,
    /// No batch surges any more (`rolling.surge_quota_fallback`).
    in_place: bool,
    /// The running batch surges.
    surges: bool,
    /// It waits between batches.
    pausing: bool,
    /// It waits for the next maintenance window (OS-14).
    held: bool,
    /// The model changed, and whoever is in hand has to be looked at again (`rolling.model_change`).
    changed: bool,
    /// The entry that the next step follows from.
    entry: Entry,
    /// Raised at each pause; no two upgrades of a set share one.
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
    /// Something was done to it, which can be undone.
    brought: bool,
    /// Its phase: lower ones come first (RU-23).
    phase: u32,
    /// It failed since no instance could be had to replace it.
    short: bool,
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
    /// It is gone, or stays as it is, since its replacement came to nothing.
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
    /// An instance was watched for as long as its batch is (RU-41).
    WatchEnds {
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
    /// The upgrade has taken as long as it may (`rolling.timeout`).
    TimeIsUp {
        /// The set.
        set: SetId,
        /// Which of its upgrades.
        number: u32,
    },
    /// A release of an extension waited for the end of an upgrade.
    ReleaseIsDue {
        /// The set.
        set: SetId,
    },
    /// An instance of a set in mode Automatic has its turn (`automatic.start_spread`).
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
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::WaitEnds { instance, epoch } => Key::new(time, class, instance.0, 0, epoch),
            Self::Turn { instance, cause, .. } => Key::new(time, class, instance.0, 1, cause.0),
            Self::PauseEnds { set, epoch } => Key::new(time, class, set.0.into(), 2, epoch),
            Self::TimeIsUp { set, number } => Key::new(time, class, set.0.into(), 3, number),
            Self::ReleaseIsDue { set } => Key::new(time, class, set.0.into(), 4, 0),
            Self::WatchEnds { instance, epoch } => Key::new(time, class, instance.0, 5, epoch),
        }
    }
}

impl State {
    /// No upgrade yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let sets = cx.plan.sets.len();
        Self { upgrades: vec![Vec::new(); sets], releases: vec![extension::Releases::default(); sets] }
    }

    /// The releases of extensions of a set that were published, oldest first.
    #[must_use]
    pub fn published(&self, set: SetId) -> &[ActionId] {
        &self.releases[set.index()].published
    }

    /// The upgrade that runs on a set.
    #[inline]
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

impl Member {
    const fn new(instance: InstanceId, phase: u32, wait: Wait, entry: Entry) -> Self {
        let progress = Progress::Pending;
        Self { instance, progress, restored: false, brought: false, phase, short: false, partner: None, entry, wait }
    }
}

fn member(world: &mut World, instance: InstanceId) -> Option<&mut Member> {
    let set = world.instances.rows[instance.index()].set;
    let upgrade = world.rolling_upgrade.running_mut(set)?;
    let at = upgrade.find(instance)?;
    Some(&mut upgrade.members[at])
}

/// Whether anything that happens to an instance may concern an upgrade.
#[inline]
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
        Event::WatchEnds { instance, epoch } => wait::was_watched(world, cx, instance, epoch),
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
                ends::end(world, cx, set, End::Faulted { error, measured: 0, limit: 0 }, (entry, rules::RU_38));
            }
        }
        Event::ReleaseIsDue { set } => extension::due(world, cx, set),
        Event::Turn { instance, revision, cause } => {
            let row = world.instances.rows[instance.index()];
            if instances::is_present(&row) && row.revision < revision && !write::leaves_out(cx, instance, &row, cause) {
                let _ = scale_set::apply_model(world, cx, instance, rules::UM_04, cause);
            }
        }
    }
}

/// Looks at an instance to which something happened: it may be a step further, and its batch may be done.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    let waits_for_guest = instances::is_announced(world, instance);
    let Some(upgrade) = world.rolling_upgrade.running_mut(row.set) else { return };
    let Some(at) = upgrade.find(instance) else { return };
    if !instances::is_present(&row) {
        gone(world, cx, instance, &row, cause);
        return;
    }
    let (kind, progress) = (upgrade.kind, upgrade.members[at].progress);
    if progress == Progress::Updating && waits_for_guest {
        return;
    }
    if (progress, row.state) == (Progress::Updating, Provisioning::Failed) && watch::holds_failed(world, cx, instance) {
        wait::begins(world, cx, instance, cause);
        return;
    }
    let member = member(world, instance).expect("it was just seen");
    match (member.progress, row.state) {
        (Progress::Updating, Provisioning::Failed)
        // Its machine was taken away under the upgrade.
        | (Progress::Updating | Progress::Waiting, Provisioning::Deallocated) if cx.on(rules::OS_29) => {
            member.entry = cause;
            failed(world, cx, instance, Failure::ProvisioningFailed, steps::provisioning(kind));
        }
        (Progress::Updating, Provisioning::Succeeded | Provisioning::Failed) => {
            wait::begins(world, cx, instance, cause)
        }
        (Progress::Waiting, Provisioning::Succeeded | Provisioning::Failed) => wait::look(world, cx, instance, cause),
        (Progress::Restoring, Provisioning::Succeeded | Provisioning::Failed | Provisioning::Deallocated) => {
            member.progress = Progress::Failed;
            member.restored = row.state == Provisioning::Succeeded;
            close(world, cx, row.set, cause);
        }
        (Progress::Upgraded, _) => notice(world, cx, row.set),
        _ => {}
    }
}

/// An instance of an upgrade is on its way out, or gone.
fn gone(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: &Row, cause: Entry) {
    let Some(member) = member(world, instance) else { return };
    let (progress, partner) = (member.progress, member.partner);
    match progress {
        Progress::Gone => {}
        Progress::Pending | Progress::Upgraded | Progress::Failed => member.progress = Progress::Gone,
        Progress::Replacing => surge::leaves(world, cx, instance, row, cause),
        Progress::Updating | Progress::Waiting | Progress::Restoring => {
            member.progress = Progress::Gone;
            let why = Failure::Deleted;
            let entry = cx.record(Fact::Rollout(RolloutFact::InstanceFailed { instance, why }), cause, rules::IX_03);
            surge::give_up(world, row.set, partner);
            close(world, cx, row.set, entry);
        }
    }
}

/// An upgraded instance is not what it was: too many may be unhealthy now, which counts at the next look (`rolling.health_sampling`).
fn notice(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let Some(upgrade) = world.rolling_upgrade.running(set) else { return };
    if cx.assume(key::RollingHealthSampling) == choice::RollingHealthSampling::Continuous
        && upgrade.noticed.is_none()
        && let Some(found) = gate::breached(world, cx, set, upgrade)
    {
        let unhealthy = gate::unhealthy_upgraded(world, cx, upgrade);
        let upgrade = world.rolling_upgrade.running_mut(set).expect("it was just seen");
        (upgrade.noticed, upgrade.unhealthy) = (Some(found), unhealthy);
    }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for (set, upgrades) in world.rolling_upgrade.upgrades.iter().enumerate() {
        for upgrade in upgrades {
            assert!(upgrade.members.is_sorted_by_key(|member| member.instance), "members are found by their instance");
        }
        let running = upgrades.iter().filter(|upgrade| upgrade.ended.is_none()).count();
        assert!(running <= 1, "a set has one upgrade at a time, and what ended stays ended");
        // But for who is to stand for another in another zone (ZN-13).
        let moved = zone_balance::new_one(world, SetId(set as u16));
        let surge = world.scale_set.sets[set].surge.iter().filter(|&&instance| Some(instance) != moved);
        let surge: Vec<InstanceId> = surge.copied().collect();
        let Some(upgrade) = upgrades.last().filter(|upgrade| upgrade.ended.is_none()) else {
            assert!(surge.is_empty(), "nothing stands beyond the capacity but for an upgrade");
            continue;
        };
        let in_hand = upgrade.count(|progress| {
            matches!(progress, Progress::Updating | Progress::Waiting | Progress::Restoring | Progress::Replacing)
        });
        assert!(in_hand > 0 || upgrade.pausing, "an upgrade that runs does something");
        assert!(upgrade.pausing == (upgrade.open == 0), "an upgrade has a batch in hand, or pauses");
        for instance in surge {
            let at = upgrade.find(instance).expect("a new instance is part of the upgrade it is made for");
            assert!(upgrade.members[at].partner.is_some(), "a new instance replaces another");
        }
    }
}
