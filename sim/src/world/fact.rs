//! Facts: what happened. Past tense, appended to the ledger with a cause and a rule, hashed, streamed to the measures.

mod autoscale;
mod faults;
mod flows;
mod guest;
mod images;
mod operator;
mod os_upgrade;
mod places;
mod repairs;
mod rollout;
mod spot;

pub use autoscale::{AutoscaleFact, Reason, Why};
pub use faults::{FaultFact, QuotaPool};
pub use flows::FlowFact;
pub use guest::GuestFact;
pub use images::{Aggregate, BuildEnd, BuildFact, GalleryFact, RunRefusal, RunState, Stage, WriteRefusal};
pub use operator::{Call, CallRefusal, OperatorFact};
pub use os_upgrade::{NoCall, OsNotice, OsUpgradeFact, Unmet, WaitsFor};
pub use places::{MoveEnd, PlaceFact, StandbyEnd, StandbyTrouble};
pub use repairs::{Obstacle, RepairEnd, RepairsFact, Spared};
pub use rollout::{Conflict, End, Failure, LeftOut, RolloutFact, StartedBy, UpgradeError};
pub use spot::{EvictionCause, JobFact, MaintenanceFact, NoticeFact, NoticeKind, PowerFact, SpotFact};

use super::ids::{ActionId, Entry, ImageId, InstanceId, PipelineId, PoolId, SetId};
use crate::engine::digest::Digest;
use crate::engine::time::SimTime;
use crate::plan::{Code, ExtensionNumber};
use crate::rules::RuleId;

/// One entry of the ledger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// Its number.
    pub entry: Entry,
    /// When it happened.
    pub time: SimTime,
    /// The entry it followed from; [`Entry::NONE`] for the first.
    pub cause: Entry,
    /// The rule by which it followed.
    pub rule: RuleId,
    /// What happened.
    pub fact: Fact,
}

/// What an instance would do with a user's request now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Service {
    /// It cannot serve it.
    #[default]
    Cannot = 0,
    /// It serves it with code older than users need.
    Stale = 1,
    /// It serves it well.
    Ready = 2,
}

/// Where an instance was placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// Availability zone, 0 for a regional set.
    pub zone: u8,
    /// Fault domain, within zone and placement group.
    pub fault_domain: u8,
    /// Placement group.
    pub group: u8,
}

/// Why the balancer's probe failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ProbeFailure {
    /// The connection was refused, or the answer was not 200.
    Refused = 0,
    /// No answer in time.
    Silent = 1,
}

/// The health of an application, as the Application Health extension or a probe has it (HD-14, HD-20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Health {
    /// The extension runs and has not made up its mind; rich states only.
    Initializing = 0,
    /// Healthy.
    Healthy = 1,
    /// Unhealthy.
    Unhealthy = 2,
    /// Nothing that could be read; rich states over HTTP only.
    Unknown = 3,
}

/// The admin state of a backend (LB-29).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum AdminState {
    /// The probe decides.
    #[default]
    None = 0,
    /// Always in rotation.
    Up = 1,
    /// No new connections.
    Down = 2,
}

/// What becomes of the established connections of a backend that leaves rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Flows {
    /// They go on (LB-17).
    Kept = 0,
    /// They are cut (LB-19, LB-23).
    Cut = 1,
}

/// Why an instance is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Deletion {
    /// The capacity was lowered.
    ScaleIn = 0,
    /// It was surplus of overprovisioning.
    Surplus = 1,
    /// A new instance takes its place, or it was to take another's and did not become healthy.
    Surge = 2,
    /// Repairs replace it (AR-05).
    Repair = 3,
    /// The scale-out that made it failed, and what it got goes with it (P-38).
    RolledBack = 11,
    /// Its system did not come up, and another is made in its place (LC-06).
    Retried = 12,
    /// It was a Spot instance that Azure took back (SP-03).
    Evicted = 10,
    /// A new instance in a poorer zone stands for it (ZN-13).
    Moved = 40,
    /// An operator named it (SI-12).
    ByHand = 58,
}

/// What is done to an instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Operation {
    /// It is created.
    #[default]
    Create = 0,
    /// Its OS disk is replaced by one made from another image (OS-22).
    Swap = 1,
    /// Its OS disk is made anew from its image (UM-12).
    Reimage = 2,
    /// The OS disk it had before is put back (OS-23).
    Restore = 3,
    /// It restarts.
    Restart = 4,
    /// Extensions are added to it, changed or run again.
    Extensions = 5,
    /// It is started again after it was deallocated.
    Start = 10,
    /// Its machine goes on or comes back on a host of the platform's choice, on the disk that it had (MT-08).
    Heal = 11,
}

/// Why a scale operation was not carried out, or not wholly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Refusal {
    /// More instances than the set may hold.
    TooMany = 0,
    /// No capacity in the region (AL-01).
    AllocationFailed = 1,
    /// No capacity in the zone the instance must go to (AL-02).
    ZonalAllocationFailed = 2,
    /// Strict zone balance forbids it (ZN-06).
    ZoneBalance = 3,
    /// Two or more zones are unavailable (ZN-04).
    ZonesUnavailable = 4,
    /// No version of the image is eligible for `latest` anywhere (GA-09).
    NoLatestImage = 5,
    /// The image is not in the region (GA-09).
    ImageNotInRegion = 6,
    /// The version that the model names was deleted (GA-19).
    ImageDeleted = 7,
    /// Everyone who is left is protected from it (SI-07).
    Protected = 8,
    /// The price of Spot instances is above what the set pays at most (SP-04).
    SpotPrice = 20,
    /// Azure has no capacity for Spot instances there now (SP-01).
    NoSpotCapacity = 21,
    /// More cores than the subscription may use (AL-05).
    QuotaExceeded = 22,
    /// The replica of the image is on storage of a zone that is lost (GA-16).
    ImageStorageLost = 23,
    /// Automatic zone placement puts no more into the zones that have room (ZN-15).
    ZoneShare = 40,
    /// There is room in fewer fault domains than fixed spreading asks for (FD-03).
    FixedSpreading = 41,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum Fact {
    /// The run began, with the fleet in steady state.
    RunBegan,
    /// An entry of the timeline took effect.
    ActionTaken { action: ActionId },
    /// An entry of the timeline that lasts came to its end.
    ActionEnded { action: ActionId },
    /// The capacity of a set was written.
    CapacitySet { set: SetId, from: u32, to: u32 },
    /// A scale operation was refused, or ended short by some instances.
    ScaleRefused { set: SetId, short: u32, why: Refusal },
    /// A request would take more cores than a quota of the subscription has left.
    QuotaExceeded { set: SetId, pool: QuotaPool, limit: u32, usage: u32, needed: u32 },
    /// An instance stood there when the run began.
    InstanceStood { instance: InstanceId, set: SetId, image: ImageId, at: Placement },
    /// An instance was created.
    InstanceCreated { instance: InstanceId, set: SetId, image: ImageId, at: Placement },
    /// Its virtual machine runs and begins to boot.
    InstanceRunning { instance: InstanceId },
    /// Its operating system is up.
    InstanceBooted { instance: InstanceId },
    /// Its operating system did not come up: `OSProvisioningTimedOut`.
    BootFailed { instance: InstanceId },
    /// An extension of the model was done.
    ExtensionDone { instance: InstanceId, extension: ExtensionNumber },
    /// An extension of the model failed: `VMExtensionProvisioningError`.
    ExtensionFailed { instance: InstanceId, extension: ExtensionNumber },
    /// The extensions took longer than their budget: `VMExtensionProvisioningTimeout`.
    ExtensionsTimedOut { instance: InstanceId },
    /// Its provisioning state is Succeeded.
    InstanceProvisioned { instance: InstanceId },
    /// Its deletion began; it serves no more.
    InstanceDeleting { instance: InstanceId, why: Deletion },
    /// Its deletion failed for the time that is said, and is tried again at once; or it is left, and is Failed.
    DeletionFailed { instance: InstanceId, attempt: u8, again: bool },
    /// It is gone.
    InstanceDeleted { instance: InstanceId },
    /// Something began to be done to it, after which it is to run this image.
    UpdateBegan { instance: InstanceId, how: Operation, image: ImageId },
    /// Its OS disk is another one now, made from this image.
    DiskSwapped { instance: InstanceId, image: ImageId },
    /// It could not be brought to the model, and is Failed.
    UpdateRefused { instance: InstanceId, why: Refusal },
    /// The model of a set was written; this is the newest revision now.
    ModelChanged { set: SetId, revision: u32 },
    /// The protection of an instance was written.
    ProtectionSet { instance: InstanceId, from_scale_in: bool, from_scale_set_actions: bool },
    /// The controllers of the set know nothing of its health any more.
    HealthCleared { instance: InstanceId },
    /// The process started and listens.
    ProcessStarted { instance: InstanceId },
    /// The process stopped.
    ProcessStopped { instance: InstanceId },
    /// The warm-up of the process is over.
    Warmed { instance: InstanceId },
    /// The version on it has worked as long as it does.
    Degraded { instance: InstanceId },
    /// Code was installed.
    CodeInstalled { instance: InstanceId, code: Code },
    /// Users need this code from now on.
    CodeReleased { code: Code },
    /// A dependency is down.
    DependencyDown { dependency: u16 },
    /// A dependency is up again.
    DependencyUp { dependency: u16 },
    /// An instance is frozen.
    Frozen { instance: InstanceId },
    /// An instance goes on after a freeze.
    Thawed { instance: InstanceId },
    /// What the instance would do with a user's request changed.
    ServiceChanged { instance: InstanceId, to: Service },
    /// The probes of a pool get no answer.
    ProbesBlocked { pool: PoolId },
    /// The probes of a pool get answers again.
    ProbesUnblocked { pool: PoolId },
    /// The network interface of an instance is in the pool.
    JoinedPool { instance: InstanceId, pool: PoolId },
    /// It left the pool, and its connections went with it.
    LeftPool { instance: InstanceId, pool: PoolId },
    /// The balancer holds the backend up.
    ProbeUp { instance: InstanceId, pool: PoolId },
    /// The balancer holds the backend down.
    ProbeDown { instance: InstanceId, pool: PoolId, why: ProbeFailure },
    /// The admin state of a backend took effect.
    AdminStateSet { instance: InstanceId, pool: PoolId, to: AdminState },
    /// New connections go to the backend.
    InRotation { instance: InstanceId, pool: PoolId },
    /// No new connections go to the backend.
    OutOfRotation { instance: InstanceId, pool: PoolId, flows: Flows },
    /// The last established connections of a backend out of rotation closed.
    ConnectionsClosed { instance: InstanceId, pool: PoolId },
    /// Every backend of the pool is probed down, and new packets are spread over all of them.
    FailedOpen { pool: PoolId },
    /// A backend is probed up again, and the rotation decides as usual.
    FailedOpenEnded { pool: PoolId },
    /// The load of the backends of a pool went above or below a step.
    LoadStepped { pool: PoolId, step: u8 },
    /// Users of an entry point began to be harmed.
    HarmBegan { pool: PoolId },
    /// Users of an entry point ceased to be harmed.
    HarmEnded { pool: PoolId },
    /// Nobody is served at an entry point.
    OutageBegan { pool: PoolId },
    /// Somebody is served again.
    OutageEnded { pool: PoolId },
    /// A pipeline noticed an instance.
    PipelineTriggered { pipeline: PipelineId, instance: InstanceId },
    /// A pipeline began its run on an instance.
    PipelineStarted { pipeline: PipelineId, instance: InstanceId },
    /// A pipeline ended its run on an instance well.
    PipelineSucceeded { pipeline: PipelineId, instance: InstanceId },
    /// A pipeline failed on an instance.
    PipelineFailed { pipeline: PipelineId, instance: InstanceId },
    /// The instance a pipeline worked on, or waited for, was deleted.
    PipelineLost { pipeline: PipelineId, instance: InstanceId },
    /// The health extension of an instance committed this state.
    HealthChanged { instance: InstanceId, to: Health },
    /// The controllers of the set learnt that the health of an instance is this.
    HealthReported { instance: InstanceId, to: Health },
    /// Controllers undid each other at one instant without end; the run was stopped there.
    LoopFound { rounds: u32 },
    /// Something happened in an upgrade.
    Rollout(RolloutFact),
    /// Something happened around an automatic upgrade of OS images.
    OsUpgrade(OsUpgradeFact),
    /// Something happened around automatic instance repairs.
    Repairs(RepairsFact),
    /// Something happened in a gallery.
    Gallery(GalleryFact),
    /// Something happened in the run of an image template.
    Build(BuildFact),
    /// Something happened to the power of an instance.
    Power(PowerFact),
    /// Something happened about Spot.
    Spot(SpotFact),
    /// A guest was told something, or did something about it.
    Notice(NoticeFact),
    /// Something happened to a host.
    Maintenance(MaintenanceFact),
    /// Something happened to a job.
    Job(JobFact),
    /// Something happened in the engine of autoscale.
    Autoscale(AutoscaleFact),
    /// Something went wrong in the world outside, or is right again.
    Fault(FaultFact),
    /// Something happened to the connections of clients.
    Flow(FlowFact),
    /// Something became of a call of an operator.
    Operator(OperatorFact),
    /// Something happened in a standby pool, or to the spread of a set.
    Place(PlaceFact),
    /// Something happened inside a guest.
    Guest(GuestFact),
}

impl Fact {
    /// The fact as three words for the digest: kind, and what it is about. The kinds are numbered here and only here;
    /// a number is never reused.
    #[must_use]
    pub fn words(&self) -> [u64; 3] {
        let w = |kind: u64, a: u32, b: u64| [kind, u64::from(a), b];
        let place = |set: SetId, image: ImageId, at: Placement| {
            u64::from(set.0)
                | u64::from(image.0) << 16
                | u64::from(at.zone) << 32
                | u64::from(at.fault_domain) << 40
                | u64::from(at.group) << 48
        };
        match *self {
            Self::RunBegan => w(1, 0, 0),
            Self::ActionTaken { action } => w(2, action.0, 0),
            Self::ActionEnded { action } => w(3, action.0, 0),
            Self::CapacitySet { set, from, to } => w(4, set.0.into(), u64::from(from) << 32 | u64::from(to)),
            Self::ScaleRefused { set, short, why } => w(5, set.0.into(), u64::from(short) << 8 | why as u64),
            Self::InstanceStood { instance, set, image, at } => w(6, instance.0, place(set, image, at)),
            Self::InstanceCreated { instance, set, image, at } => w(7, instance.0, place(set, image, at)),
            Self::InstanceRunning { instance } => w(8, instance.0, 0),
            Self::InstanceBooted { instance } => w(9, instance.0, 0),
            Self::BootFailed { instance } => w(10, instance.0, 0),
            Self::ExtensionDone { instance, extension } => w(11, instance.0, extension.0.into()),
            Self::ExtensionFailed { instance, extension } => w(12, instance.0, extension.0.into()),
            Self::ExtensionsTimedOut { instance } => w(13, instance.0, 0),
            Self::InstanceProvisioned { instance } => w(14, instance.0, 0),
            Self::InstanceDeleting { instance, why } => w(15, instance.0, why as u64),
            Self::InstanceDeleted { instance } => w(16, instance.0, 0),
            Self::DeletionFailed { instance, attempt, again } => {
                w(118, instance.0, u64::from(attempt) << 1 | u64::from(again))
            }
            Self::ProcessStarted { instance } => w(17, instance.0, 0),
            Self::ProcessStopped { instance } => w(18, instance.0, 0),
            Self::Warmed { instance } => w(19, instance.0, 0),
            Self::Degraded { instance } => w(116, instance.0, 0),
            Self::CodeInstalled { instance, code } => w(20, instance.0, code.into()),
            Self::CodeReleased { code } => w(21, code.into(), 0),
            Self::DependencyDown { dependency } => w(22, dependency.into(), 0),
            Self::DependencyUp { dependency } => w(23, dependency.into(), 0),
            Self::Frozen { instance } => w(24, instance.0, 0),
            Self::Thawed { instance } => w(25, instance.0, 0),
            Self::ServiceChanged { instance, to } => w(26, instance.0, to as u64),
            Self::ProbesBlocked { pool } => w(27, pool.0.into(), 0),
            Self::ProbesUnblocked { pool } => w(28, pool.0.into(), 0),
            Self::JoinedPool { instance, pool } => w(29, instance.0, pool.0.into()),
            Self::LeftPool { instance, pool } => w(30, instance.0, pool.0.into()),
            Self::ProbeUp { instance, pool } => w(31, instance.0, pool.0.into()),
            Self::ProbeDown { instance, pool, why } => w(32, instance.0, u64::from(pool.0) << 8 | why as u64),
            Self::AdminStateSet { instance, pool, to } => w(33, instance.0, u64::from(pool.0) << 8 | to as u64),
            Self::InRotation { instance, pool } => w(34, instance.0, pool.0.into()),
            Self::OutOfRotation { instance, pool, flows } => w(35, instance.0, u64::from(pool.0) << 8 | flows as u64),
            Self::ConnectionsClosed { instance, pool } => w(36, instance.0, pool.0.into()),
            Self::FailedOpen { pool } => w(37, pool.0.into(), 0),
            Self::FailedOpenEnded { pool } => w(38, pool.0.into(), 0),
            Self::LoadStepped { pool, step } => w(39, pool.0.into(), step.into()),
            Self::HarmBegan { pool } => w(40, pool.0.into(), 0),
            Self::HarmEnded { pool } => w(41, pool.0.into(), 0),
            Self::OutageBegan { pool } => w(42, pool.0.into(), 0),
            Self::OutageEnded { pool } => w(43, pool.0.into(), 0),
            Self::PipelineTriggered { pipeline, instance } => w(44, instance.0, pipeline.0.into()),
            Self::PipelineStarted { pipeline, instance } => w(45, instance.0, pipeline.0.into()),
            Self::PipelineSucceeded { pipeline, instance } => w(46, instance.0, pipeline.0.into()),
            Self::PipelineFailed { pipeline, instance } => w(47, instance.0, pipeline.0.into()),
            Self::PipelineLost { pipeline, instance } => w(48, instance.0, pipeline.0.into()),
            Self::LoopFound { rounds } => w(49, rounds, 0),
            Self::HealthChanged { instance, to } => w(50, instance.0, to as u64),
            Self::HealthReported { instance, to } => w(51, instance.0, to as u64),
            Self::UpdateBegan { instance, how, image } => w(110, instance.0, u64::from(image.0) << 8 | how as u64),
            Self::DiskSwapped { instance, image } => w(111, instance.0, image.0.into()),
            Self::HealthCleared { instance } => w(112, instance.0, 0),
            Self::UpdateRefused { instance, why } => w(113, instance.0, why as u64),
            Self::ModelChanged { set, revision } => w(114, set.0.into(), revision.into()),
            Self::ProtectionSet { instance, from_scale_in, from_scale_set_actions } => {
                w(115, instance.0, u64::from(from_scale_in) << 1 | u64::from(from_scale_set_actions))
            }
            Self::Rollout(fact) => fact.words(),
            Self::OsUpgrade(fact) => fact.words(),
            Self::Repairs(fact) => fact.words(),
            Self::Gallery(fact) => fact.words(),
            Self::Build(fact) => fact.words(),
            Self::Power(fact) => fact.words(),
            Self::Spot(fact) => fact.words(),
            Self::Notice(fact) => fact.words(),
            Self::Maintenance(fact) => fact.words(),
            Self::Job(fact) => fact.words(),
            Self::Autoscale(fact) => fact.words(),
            Self::Fault(fact) => fact.words(),
            Self::Operator(fact) => fact.words(),
            Self::Flow(fact) => fact.words(),
            Self::Place(fact) => fact.words(),
            Self::Guest(fact) => fact.words(),
            Self::QuotaExceeded { set, pool, limit, usage, needed } => {
                let cores = u64::from(limit) << 42 ^ u64::from(usage) << 21 ^ u64::from(needed);
                w(117, pool.word() << 16 | u32::from(set.0), cores)
            }
        }
    }
}

impl Record {
    /// Takes the record into a digest.
    #[inline]
    pub fn hash_into(&self, digest: &mut Digest) {
        let [kind, subject, value] = self.fact.words();
        digest.word(self.time.ms() << 16 | u64::from(self.rule.packed()));
        digest.word(subject << 32 | u64::from(self.cause.0));
        digest.word(kind << 56 ^ value);
    }
}
