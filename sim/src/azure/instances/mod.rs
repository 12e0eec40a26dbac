//! Instances: the life of a virtual machine from its create request to its end.
//!
//! Rules: LC-01, LC-02, LC-04, LC-05, LC-07, LC-08, OR-13, OR-14, OR-18. What is done to an instance later (new OS disk, restart,
//! old disk put back, extensions alone) is in `update.rs`, its power in `power.rs`, its end in `removal.rs`; the extensions of
//! the model are in `extensions.rs`. A failed instance stays, and counts to the capacity (LC-08). Which
//! size it has is in `size.rs`. Left out: billing (LC-03).

mod adopt;
mod announce;
mod boot;
mod cloud_init;
pub(in crate::azure) mod extensions;
pub(in crate::azure) mod making;
mod naming;
mod power;
mod releases;
mod removal;
mod size;
mod start;
mod update;

pub use adopt::adopt;
pub use announce::{all_announced, change_disk, image_notice, is_announced};
pub use naming::{display_name, host_name, name_of, names};
pub use power::{Off, deallocate, heal, is_wholly_off, leave, place_anew, refuse_start, restore_power, start};
pub use releases::{cut_by_extensions, has_release, published, put_release, take_release_out};
pub use removal::delete_again;
pub use size::size;
pub(in crate::azure) use update::keep_revision;
pub use update::{Update, fail, is_busy, protect, restart, restore, roll_back, update};

use crate::azure::{app_health, capacity, gallery, load_balancer};
use crate::delivery;
use crate::demand::{application, faults};
use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{ShortTime, SimDuration, SimTime};
use crate::plan::{Present, VmProfile};
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Deletion, Fact, Operation, Placement, SpotFact};
use crate::world::ids::{Entry, ImageId, InstanceId, PoolId, RegionId, SetId};
use std::collections::{BTreeMap, BTreeSet};

/// An instance.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The scale set it belongs to.
    pub set: SetId,
    /// Its number within the set: the instance id of a Uniform set (OR-13).
    pub ordinal: u32,
    /// The image it was created from.
    pub image: ImageId,
    /// Where it stands.
    pub at: Placement,
    /// Its provisioning state.
    pub state: Provisioning,
    /// It was present when the run began.
    pub initial: bool,
    /// Its operating system is up.
    pub booted: bool,
    /// It was created beyond the wanted number (OP-01).
    pub surplus: bool,
    /// When its create request was made.
    pub created: ShortTime,
    /// The revision of the model of its set that it was last brought to: `latestModelApplied` is whether that is the
    /// newest.
    pub revision: u32,
    /// How many operations were begun on it after its creation. What was on its way for an earlier one is stale, and
    /// each has draws of its own.
    pub epoch: u32,
    /// What is being done to it, or was last.
    pub how: Operation,
    /// The revision of the model before that.
    pub came_from: u32,
    /// The user protected it (IP-01, IP-02).
    pub protection: Protection,
    /// What runs once on a new disk has not come to its end yet: it begins anew when the machine comes back.
    pub(super) fresh: bool,
    /// It is a Spot instance.
    pub spot: bool,
    /// Why its machine does not run, if it is deallocated or stopped.
    pub off: Option<Off>,
}

/// A deletion that waits for the guest.
#[derive(Clone, Copy, Debug)]
pub struct Leaving {
    /// It waits no longer than this.
    pub not_before: SimTime,
    /// Why the instance is deleted.
    pub why: Deletion,
    /// The rule that chose it.
    pub chosen: RuleId,
}

/// Instance protection, which only the instance itself carries (IP-04).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Protection {
    /// `protectFromScaleIn`.
    pub from_scale_in: bool,
    /// `protectFromScaleSetActions`.
    pub from_scale_set_actions: bool,
}

/// The provisioning state of an instance (LC-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provisioning {
    /// On its way.
    Creating,
    /// Something is done to it.
    Updating,
    /// Its operating system is up and its extensions are done.
    Succeeded,
    /// Its operating system did not come up, or an extension failed.
    Failed,
    /// It is deallocated, or stopped, or on its way there: its power state, since Azure leaves the provisioning state as it
    /// was. `off` says which.
    Deallocated,
    /// Being deleted.
    Deleting,
    /// It could not be deleted, and is left: Failed, and good for nothing but another delete (LC-08).
    Stuck,
    /// Gone.
    Deleted,
}

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Every instance there ever was.
    pub rows: Vec<Row>,
    /// What is to be done to an instance when what is being done to it has come to its end.
    waiting: BTreeMap<InstanceId, update::Waiting>,
    /// A new OS disk of which the guest was notified, and that waits for its event (OS-16).
    announced: BTreeMap<InstanceId, update::Waiting>,
    /// Those whose machine is on its way down.
    stopping: BTreeMap<InstanceId, power::Stopping>,
    /// Those that are deleted once their guest approves, or after their timeout (TN-01).
    leaving: BTreeMap<InstanceId, Leaving>,
    /// cloud-init, on those whose models have custom data that does something.
    cloud: BTreeMap<InstanceId, cloud_init::Cloud>,
    /// Whether any model has custom data that does something.
    gives_data: bool,
    /// Those that have another release of an extension than that of their model.
    releases: BTreeMap<InstanceId, releases::Releases>,
    /// Those whose deletion failed, and how often.
    undeleted: BTreeMap<InstanceId, removal::Failures>,
    /// Those that come from a standby pool with their process up, and are not in their set yet.
    awake: BTreeSet<InstanceId>,
    /// What was on the OS disks that were taken out.
    taken_out: BTreeMap<InstanceId, update::Disk>,
}

// What few instances have belongs in a list beside the rows, as `leaving` is.
const _: () = assert!(size_of::<Row>() <= 40);

impl State {
    /// No instance yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let gives_data = cloud_init::is_used(cx.plan);
        Self { rows: Vec::with_capacity(cx.plan.initial_instances()), gives_data, ..Self::default() }
    }

    /// How the deletion of an instance waits for its guest, if it does.
    #[must_use]
    pub fn leaving(&self, instance: InstanceId) -> Option<&Leaving> {
        self.leaving.get(&instance)
    }

    /// Whether the machine of an instance is on its way down.
    #[must_use]
    pub fn is_stopping(&self, instance: InstanceId) -> bool {
        self.stopping.contains_key(&instance)
    }

    /// Every instance whose deletion waits for its guest.
    pub fn all_leaving(&self) -> impl Iterator<Item = InstanceId> + '_ {
        self.leaving.keys().copied()
    }
}

/// A step in the life of an instance.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The virtual machine runs.
    Running {
        /// The instance.
        instance: InstanceId,
        /// The operation.
        epoch: u32,
        /// The entry of its creation.
        cause: Entry,
    },
    /// The operating system is up, or is given up.
    Booted {
        /// The instance.
        instance: InstanceId,
        /// The operation.
        epoch: u32,
        /// It is given up.
        fails: bool,
        /// The entry at which it began to boot.
        cause: Entry,
    },
    /// An extension is done.
    Extended {
        /// The instance.
        instance: InstanceId,
        /// The operation.
        epoch: u32,
        /// Which step of its order.
        step: u16,
        /// The entry at which it began.
        cause: Entry,
        /// When the extensions of this instance began.
        since: SimTime,
    },
    /// cloud-init is done with the custom data.
    CustomData {
        /// The instance.
        instance: InstanceId,
        /// Which of its runs.
        run: u32,
        /// The entry of the boot.
        cause: Entry,
    },
    /// The machine has stopped.
    Stopped {
        /// The instance.
        instance: InstanceId,
        /// The operation.
        epoch: u32,
        /// The rule by which it was stopped.
        rule: RuleId,
        /// The entry at which that began.
        cause: Entry,
    },
    /// The deletion is done.
    Gone {
        /// The instance.
        instance: InstanceId,
        /// It is one that can fail.
        can_fail: bool,
        /// The entry at which it began.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Running { instance, epoch, .. } => Key::new(time, class, instance.0, 0, epoch),
            Self::Booted { instance, epoch, .. } => Key::new(time, class, instance.0, 1, epoch),
            Self::Extended { instance, epoch, step, .. } => {
                Key::new(time, class, instance.0, 2, epoch << 10 | u32::from(step))
            }
            Self::Gone { instance, .. } => Key::new(time, class, instance.0, 3, 0),
            Self::CustomData { instance, run, .. } => Key::new(time, class, instance.0, 4, run),
            Self::Stopped { instance, epoch, .. } => Key::new(time, class, instance.0, 5, epoch),
        }
    }
}

/// Whether what runs once on a new disk of an instance has still to run.
#[must_use]
pub const fn is_fresh(row: &Row) -> bool {
    row.fresh
}

/// Whether nobody waits for the end of an instance any more: it is gone, or could not be deleted and is left.
#[must_use]
pub fn is_over(row: &Row) -> bool {
    matches!(row.state, Provisioning::Deleted | Provisioning::Stuck)
}

/// Whether an instance is there: not deleted, nor being deleted, nor left of a failed deletion.
#[must_use]
pub fn is_present(row: &Row) -> bool {
    !matches!(row.state, Provisioning::Deleting | Provisioning::Stuck | Provisioning::Deleted)
}

/// Whether an instance stands and has a machine, be it stopped.
#[must_use]
pub fn has_machine(row: &Row) -> bool {
    is_present(row) && matches!(row.off, None | Some(Off::Stopped))
}

/// What an instance is given beside its image: by the model it was last brought to.
#[must_use]
pub fn profile<'p>(world: &World, cx: &Cx<'p>, row: &Row) -> &'p VmProfile {
    world.scale_set.model(row.set, row.revision).profile(cx.plan, row.set)
}

/// A step falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    let (Event::Running { instance, .. }
    | Event::Booted { instance, .. }
    | Event::Extended { instance, .. }
    | Event::CustomData { instance, .. }
    | Event::Stopped { instance, .. }
    | Event::Gone { instance, .. }) = event;
    let row = world.instances.rows[instance.index()];
    // Where the zone is lost, nothing goes on; what was under way is taken up by a reboot when it is back.
    let current = |epoch: u32| is_present(&row) && row.epoch == epoch && !application::is_dark(world, instance);
    match event {
        Event::Gone { can_fail, cause, .. } => removal::gone(world, cx, instance, (can_fail, cause)),
        Event::Running { epoch, cause, .. } if current(epoch) => running(world, cx, instance, row, cause),
        Event::Booted { epoch, fails, cause, .. } if current(epoch) => booted(world, cx, instance, row, (fails, cause)),
        Event::Extended { epoch, step, cause, since, .. } if current(epoch) => {
            extensions::done(world, cx, instance, row, (step, cause, since));
        }
        Event::CustomData { run, cause, .. } if !application::is_dark(world, instance) => {
            cloud_init::done(world, cx, instance, &row, (run, cause));
        }
        // It goes down whatever its zone does.
        Event::Stopped { epoch, rule, cause, .. } if is_present(&row) && row.epoch == epoch => {
            power::stopped(world, cx, instance, rule, cause);
        }
        Event::Running { .. }
        | Event::Booted { .. }
        | Event::Extended { .. }
        | Event::CustomData { .. }
        | Event::Stopped { .. } => {}
    }
}

/// A create that waited for a replica of its image may go on (GA-05), unless the instance was evicted at the very instant
/// at which it was let in.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if world.instances.rows[instance.index()].state == Provisioning::Creating {
        provision(world, cx, instance, cause);
    }
}

fn subject(world: &World, instance: InstanceId) -> Subject {
    world.application.subject(instance)
}

/// The machine runs and boots.
fn running(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: Row, cause: Entry) {
    if row.epoch == 0 && world.instances.awake.remove(&instance) {
        adopt::arrive(world, cx, instance, row, cause);
        return;
    }
    let cause = update::attach(world, cx, instance, cause);
    application::power_on(world, instance);
    let changed = matches!(row.how, Operation::Swap | Operation::Restore);
    let rule = if changed { rules::OS_32 } else { rules::LC_02 };
    let entry = cx.record(Fact::InstanceRunning { instance }, cause, rule);
    load_balancer::resume(world, cx, instance, entry);
    gallery::release(world, cx, instance, entry);
    let (_, more) = faults::boot(world, cx, row.set, SimDuration::ZERO);
    let fails = boot::boot_fails(world, cx, instance, &row, more);
    let length = match fails {
        true => boot::patience(cx, &row),
        false if cx.on(rules::LC_02) => {
            let boot = boot::boot(world, cx, instance, &row);
            faults::boot(world, cx, row.set, boot).0
        }
        false => SimDuration::ZERO,
    };
    cx.after(length, Due::Instances(Event::Booted { instance, epoch: row.epoch, fails, cause: entry }));
}

/// The operating system is up, or did not come up; then the extensions run.
fn booted(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: Row, (fails, cause): (bool, Entry)) {
    if fails {
        cx.record(Fact::BootFailed { instance }, cause, rules::LC_05);
        update::ended(world, cx, instance, Provisioning::Failed);
        return;
    }
    world.instances.rows[instance.index()].booted = true;
    let rule = if boot::boots_early(cx, &row) { rules::GA_24 } else { rules::LC_02 };
    let entry = cx.record(Fact::InstanceBooted { instance }, cause, rule);
    cloud_init::boot(world, cx, instance, &row, entry);
    let is_set_up = matches!(row.how, Operation::Restart | Operation::Restore | Operation::Start)
        || row.how == Operation::Heal && cx.on(rules::MT_08)
        || row.how == Operation::Swap && !cx.on(rules::OS_22);
    if is_set_up && !row.fresh {
        update::resume(world, cx, instance, &row, entry);
        return;
    }
    let starts_elsewhere = extensions::of(world, cx, &row).iter().any(|extension| extension.starts_process)
        || cloud_init::of(world, cx, instance, &row).is_some_and(|data| data.starts_process)
        || delivery::starts_process(cx.plan, row.set.0);
    if !starts_elsewhere && cx.on(rules::WT_02) {
        application::start(world, cx, instance, entry, rules::WT_02);
    }
    extensions::begin(world, cx, instance, row, (0, entry, cx.now()));
}

// Verbs.

/// What a new instance is to be.
#[derive(Clone, Copy, Debug)]
pub struct NewInstance {
    /// Its scale set.
    pub set: SetId,
    /// Its number within the set.
    pub ordinal: u32,
    /// The version that its model means now.
    pub image: ImageId,
    /// Where it stands.
    pub at: Placement,
    /// It is created beyond the wanted number.
    pub surplus: bool,
    /// The cause of its creation, by name.
    pub cause_key: u64,
    /// Its ordinal within that cause.
    pub nth: u32,
    /// It is a Spot instance, by this rule.
    pub spot: Option<RuleId>,
    /// It is created beside the one that it is to replace.
    pub surges: bool,
}

fn add(world: &mut World, cx: &Cx<'_>, new: &NewInstance, state: Provisioning) -> InstanceId {
    let instance = InstanceId(u32::try_from(world.instances.rows.len()).expect("fewer than 2³² instances"));
    let set = &cx.plan.sets[new.set.index()];
    world.instances.rows.push(Row {
        set: new.set,
        ordinal: new.ordinal,
        image: new.image,
        at: new.at,
        state,
        initial: state == Provisioning::Succeeded,
        booted: state == Provisioning::Succeeded,
        surplus: new.surplus,
        created: ShortTime::new(cx.now()),
        revision: world.scale_set.revision(new.set),
        epoch: 0,
        how: Operation::Create,
        came_from: world.scale_set.revision(new.set),
        protection: Protection::default(),
        fresh: state == Provisioning::Creating,
        spot: new.spot.is_some(),
        off: None,
    });
    let subject = Subject { place: name(&set.name), cause: new.cause_key, ordinal: new.nth };
    application::create(world, cx, instance, new.image, subject);
    let row = world.instances.rows[instance.index()];
    cloud_init::give(world, instance, &row);
    instance
}

/// Creates an instance from the model (OR-18): its network interface joins its pools at once (LB-16), and its machine
/// runs when the platform has made it.
///
/// Where a pipeline looks after the set, what matters of a new instance is that it is cloned without the pipeline's work
/// (IN-01); else it is the rule that `placed` it.
pub fn create(world: &mut World, cx: &mut Cx<'_>, new: &NewInstance, placed: RuleId, cause: Entry) -> InstanceId {
    let instance = add(world, cx, new, Provisioning::Creating);
    let (set, image, at) = (new.set, new.image, new.at);
    let looked_after = delivery::looks_after(cx.plan, set.0);
    let rule = if looked_after { rules::IN_01 } else { placed };
    let surges = new.surges;
    let entry = cx.record(Fact::InstanceCreated { instance, set, image, at, surges }, cause, rule);
    place_spot(cx, instance, new, entry);
    size::say(world, cx, instance, 0, entry);
    if !cx.on(rules::IN_01) || !cx.on(rules::EX_08) {
        // A world in which what a pipeline did to one instance is there on the next one too.
        if let Some(code) = delivery::initial_code(cx.plan, set.0) {
            application::install(world, cx, instance, code, entry, rules::IN_01);
        }
    }
    if cx.on(rules::LB_16) {
        join_pools(world, cx, instance, set, entry);
    }
    app_health::expect(world, cx, instance, entry);
    let region = RegionId(cx.plan.sets[set.index()].region);
    if gallery::admit(world, cx, instance, (image, region), entry) {
        provision(world, cx, instance, entry);
    }
    instance
}

/// Says that an instance is a Spot instance, if it is one.
fn place_spot(cx: &mut Cx<'_>, instance: InstanceId, new: &NewInstance, cause: Entry) {
    if let Some(rule) = new.spot {
        cx.record(Fact::Spot(SpotFact::Placed { instance }), cause, rule);
    }
}

/// The platform makes the machine of an instance.
fn provision(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let who = subject(world, instance);
    // All machines of one call are made together: what the call takes is drawn once for all of them.
    let call = cx.stream(Purpose::CreateCall, Subject { ordinal: 0, ..who }, 0);
    let set = world.instances.rows[instance.index()].set;
    let length = making::length(cx, set, call, cx.stream(Purpose::Provision, who, 0));
    let length = faults::stretched(world, cx, length);
    let epoch = world.instances.rows[instance.index()].epoch;
    cx.after(length, Due::Instances(Event::Running { instance, epoch, cause }));
}

/// Joins an instance to the pools of its model.
pub fn join_pools(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, set: SetId, cause: Entry) {
    let revision = world.instances.rows[instance.index()].revision;
    for &pool in world.scale_set.model(set, revision).pools(cx.plan, set) {
        load_balancer::join(world, cx, instance, PoolId(pool), cause);
    }
}

/// An instance that is present when the run begins, in steady state, or as it is known to be.
pub fn start_steady(
    world: &mut World,
    cx: &mut Cx<'_>,
    new: &NewInstance,
    known: Option<&Present>,
    cause: Entry,
) -> InstanceId {
    let instance = add(world, cx, new, Provisioning::Succeeded);
    let (set, image, at) = (new.set, new.image, new.at);
    let entry = cx.record(Fact::InstancePresent { instance, set, image, at }, cause, rules::WT_08);
    place_spot(cx, instance, new, entry);
    // What the extensions and the pipelines did to it, they did before the run began.
    let plan = cx.plan;
    let by_extension = plan.sets[set.index()].profile.extensions.iter().rev().find_map(|extension| extension.installs);
    let by_data = plan.sets[set.index()].profile.custom_data.as_ref().and_then(|data| data.installs);
    let code = delivery::initial_code(plan, set.0).or(by_extension).or(by_data);
    application::start_steady(world, cx, instance, code, entry);
    if let Some(known) = known {
        start::begin(world, cx, instance, known, entry);
    }
    for &pool in &plan.sets[set.index()].pools {
        load_balancer::start_steady(world, cx, instance, PoolId(pool), entry);
    }
    if world.instances.rows[instance.index()].off.is_some() {
        load_balancer::know_stopped(world, cx, instance, entry);
    } else {
        app_health::start_steady(world, cx, instance, entry);
    }
    instance
}

/// Deletes an instance that a rule chose. Where the model asks for it, its guest is notified and it runs on for a while
/// (TN-01); else it serves no more from now on, and is gone after the assumed time.
pub fn delete(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, why: Deletion, chosen: RuleId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    assert!(is_present(&row), "an instance is deleted once");
    let (notice, instead) = power::notice(world, cx, &row, why);
    if let Some(timeout) = notice.filter(|_| row.off.is_none() && !removal::is_forced(cx, row.set, why)) {
        let leaving = Leaving { not_before: cx.now() + timeout, why, chosen };
        power::defer(world, cx, instance, (leaving, cause));
        return;
    }
    capacity::forget(world, row.set, row.at);
    if power::holds_place(world, instance) && why != Deletion::Evicted {
        capacity::give_back(world, cx, row.set, row.at);
    }
    removal::vanish(world, cx, instance, why, instead.unwrap_or(chosen), cause);
    world.instances.stopping.remove(&instance);
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    let present = world.instances.rows.iter().filter(|row| is_present(row)).count();
    let listed: usize = world.scale_set.sets.iter().map(|set| set.instances.len()).sum();
    assert_eq!(present, listed, "instances are conserved: who stands belongs to one set, and nobody else does");
    for (index, row) in world.instances.rows.iter().enumerate() {
        if row.state == Provisioning::Succeeded {
            assert!(row.booted && !row.fresh, "what is provisioned is up, and all that runs on a new disk has run");
            let on = world.application.truths[index].image;
            assert_eq!(row.image, on, "an instance runs the version that it is said to run");
        }
    }
    for instance in world.instances.waiting.keys() {
        let row = &world.instances.rows[instance.index()];
        assert!(update::is_busy(row), "an operation waits only for another");
    }
    announce::check(world);
}
