//! Facts: what happened. Past tense, appended to the ledger with a cause and a rule, hashed, streamed to the measures.

mod autoscale;
mod azure_devops;
mod faults;
mod field;
mod flows;
mod gateways;
mod guest;
mod images;
mod lane;
mod names;
mod octopus;
mod operator;
mod os_upgrade;
mod places;
mod repairs;
mod rollout;
mod row;
mod spot;
mod writes;

pub use autoscale::{AutoscaleFact, Reason, Why};
pub use azure_devops::{AgentFact, EnvironmentFact, Result as DeploymentResult, WentOffline, WhyUnhealthy};
pub use faults::{FaultFact, QuotaPool};
pub use field::{Field, Fields, Pack};
pub use flows::FlowFact;
pub use gateways::GatewayFact;
pub use guest::GuestFact;
pub use images::{Aggregate, BuildEnd, BuildFact, GalleryFact, RunRefusal, RunState, Stage, WriteRefusal};
pub use lane::{FactLane, LanePart, LanePlace, LaneTone};
pub use names::{MonitorStatus, NameFact, OriginHealth};
pub use octopus::{Idle, OctopusFact, SkipReason, StepTrouble, TargetEnd, TargetHealth, TaskBy, TaskEnd};
pub use operator::{Call, CallRefusal, OperatorFact};
pub use os_upgrade::{NoCall, OsNotice, OsUpgradeFact, Unmet, WaitsFor};
pub use places::{MoveEnd, PlaceFact, StandbyEnd, StandbyTrouble};
pub use repairs::{Obstacle, RepairEnd, RepairsFact, Spared};
pub use rollout::{Conflict, End, Failure, LeftOut, RolloutFact, StartedBy, UpgradeError};
pub use row::FactKind;
pub use spot::{EvictionCause, JobFact, MaintenanceFact, NoticeFact, NoticeKind, PowerFact, SpotFact};
pub use writes::WriteFact;

use super::ids::{ActionId, Entry, EntryPointId, ImageId, InstanceId, PipelineId, PoolId, SetId};
use crate::engine::digest::Digest;
use crate::engine::time::SimTime;
use crate::plan::{Code, ExtensionNumber};
use crate::rules::RuleId;
use crate::words;
use row::facts;

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

words! {
    /// What an instance would do with a user's request now.
    #[derive(Default, PartialOrd, Ord)]
    pub enum Service {
        /// It cannot serve it.
        #[default]
        Cannot = 0 => "cannot",
        /// It serves it with code older than users need.
        Stale = 1 => "stale",
        /// It serves it well.
        Ready = 2 => "ready",
    }
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

words! {
    /// Why the balancer's probe failed.
    pub enum ProbeFailure {
        /// The connection was refused, or the answer was not 200.
        Refused = 0 => "refused",
        /// No answer in time.
        Silent = 1 => "silent",
    }
}

words! {
    /// The health of an application, as the Application Health extension or a probe has it (HD-14, HD-20).
    pub enum Health {
        /// The extension runs and has not made up its mind; rich states only.
        Initializing = 0 => "Initializing",
        /// Healthy.
        Healthy = 1 => "Healthy",
        /// Unhealthy.
        Unhealthy = 2 => "Unhealthy",
        /// Nothing that could be read; rich states over HTTP only.
        Unknown = 3 => "Unknown",
    }
}

words! {
    /// The admin state of a backend (LB-29).
    #[derive(Default)]
    pub enum AdminState {
        /// The probe decides.
        #[default]
        None = 0 => "None",
        /// Always in rotation.
        Up = 1 => "Up",
        /// No new connections.
        Down = 2 => "Down",
    }
}

words! {
    /// What becomes of the established connections of a backend that leaves rotation.
    pub enum Flows {
        /// They go on (LB-17).
        Kept = 0 => "kept",
        /// They are cut (LB-19, LB-23).
        Cut = 1 => "cut",
    }
}

words! {
    /// Why an instance is deleted.
    pub enum Deletion {
        /// The capacity was lowered.
        ScaleIn = 0 => "scaleIn",
        /// It was surplus of overprovisioning.
        Surplus = 1 => "surplus",
        /// A new instance takes its place, or it was to take another's and did not become healthy.
        Surge = 2 => "surge",
        /// Repairs replace it (AR-05).
        Repair = 3 => "repair",
        /// The scale-out that made it failed, and what it got goes with it (`vmss.partial_allocation`).
        RolledBack = 11 => "rolledBack",
        /// Its system did not come up, and another is made in its place (LC-06).
        Retried = 12 => "retried",
        /// It was a Spot instance that Azure took back (SP-03).
        Evicted = 10 => "evicted",
        /// A new instance in a poorer zone takes its place (ZN-13).
        Moved = 40 => "moved",
        /// An operator named it (SI-12).
        ByHand = 58 => "byHand",
        /// The pool of agents that it belongs to named it (DO-06).
        AgentPool = 59 => "agentPool",
    }
}

words! {
    /// What is done to an instance.
    #[derive(Default)]
    pub enum Operation {
        /// It is created.
        #[default]
        Create = 0 => "create",
        /// Its OS disk is replaced by one made from another image (OS-22).
        Swap = 1 => "osDiskSwap",
        /// Its OS disk is made anew from its image (UM-12).
        Reimage = 2 => "reimage",
        /// The OS disk it had before is put back (OS-23).
        Restore = 3 => "osDiskRestore",
        /// It restarts.
        Restart = 4 => "restart",
        /// Extensions are added to it, changed or run again.
        Extensions = 5 => "extensions",
        /// It is started again after it was deallocated.
        Start = 10 => "start",
        /// Its machine goes on or comes back on a host of the platform's choice, on the disk that it had (MT-08).
        Heal = 11 => "serviceHealing",
    }
}

words! {
    /// Why a scale operation was not carried out, or not wholly.
    pub enum Refusal {
        /// More instances than the set may hold.
        TooMany = 0 => "TooManyInstances",
        /// No capacity in the region (AL-01).
        AllocationFailed = 1 => "AllocationFailed",
        /// No capacity in the zone the instance must go to (AL-02).
        ZonalAllocationFailed = 2 => "ZonalAllocationFailed",
        /// Strict zone balance forbids it (ZN-06).
        ZoneBalance = 3 => "ZoneBalance",
        /// Two or more zones are unavailable (ZN-04).
        ZonesUnavailable = 4 => "ZonesUnavailable",
        /// No version of the image is eligible for `latest` anywhere (GA-09).
        NoLatestImage = 5 => "NoLatestImageVersion",
        /// The image is not in the region (GA-09).
        ImageNotInRegion = 6 => "ImageNotAvailableInRegion",
        /// The version that the model names was deleted (GA-19).
        ImageDeleted = 7 => "ImageVersionDeleted",
        /// Everyone who is left is protected from it (SI-07).
        Protected = 8 => "Protected",
        /// The price of Spot instances is above what the set pays at most (SP-04).
        SpotPrice = 20 => "SpotPriceAboveMaxPrice",
        /// Azure has no capacity for Spot instances there now (SP-01).
        NoSpotCapacity = 21 => "SkuNotAvailable",
        /// More cores than the subscription may use (AL-05).
        QuotaExceeded = 22 => "QuotaExceeded",
        /// The replica of the image is on storage of a zone that is lost (GA-16).
        ImageStorageLost = 23 => "ImageStorageUnavailable",
        /// Automatic zone placement puts no more into the zones that have room (ZN-15).
        ZoneShare = 40 => "PartialAllocationFailed",
        /// There is room in fewer fault domains than fixed spreading asks for (FD-03).
        FixedSpreading = 41 => "AllocationFailed",
    }
}

/// What a capacity follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapacityBy {
    /// Whoever wanted another one.
    Request,
    /// An eviction (SP-03).
    Eviction,
    /// The delete of an instance that somebody named (SI-12).
    DeleteByHand,
    /// A delete that failed (LC-08).
    FailedDelete,
}

facts! {
    /// What happened.
    Fact:

    /// The run began, with the fleet in steady state.
    1 "runStarted" RunStarted;
    /// An entry of the timeline took effect.
    2 "actionTaken" ActionTaken { action: ActionId => [subject, "" = Field::Act(action)] } in Timeline Act "action" Act;
    /// An entry of the timeline that lasts came to its end.
    3 "actionEnded" ActionEnded { action: ActionId => subject } in Timeline End "action" Act;
    /// The capacity of a set was written, or an eviction took from it.
    4 "capacitySet" CapacitySet { set: SetId => subject, from: u32, to: u32, by: CapacityBy => derived }
        in Scaling Stage "capacity" Work;
    /// A scale operation was refused, or ended short by some instances.
    5 "scaleRefused" ScaleRefused { set: SetId => subject, short: u32, why: Refusal } in Scaling Tick "refused" Bad;
    /// A request would take more cores than a quota of the subscription has left.
    117 "quotaExceeded" QuotaExceeded {
        set: SetId => subject, pool: QuotaPool => ["quota" = Field::Quota(set, pool)], limit: u32, usage: u32,
        needed: u32,
    } in Scaling Tick "quota" Bad;
    /// An instance was there when the run started.
    6 "instancePresent" InstancePresent { instance: InstanceId => subject, set: SetId, image: ImageId, at: Placement };
    /// An instance was created; where it surges, it stands beside the one that it is to replace.
    7 "instanceCreated" InstanceCreated {
        instance: InstanceId => subject, set: SetId, image: ImageId, at: Placement, surges: bool => derived,
    };
    /// Its virtual machine runs and begins to boot.
    8 "instanceRunning" InstanceRunning { instance: InstanceId => subject };
    /// Its operating system is up.
    9 "instanceBooted" InstanceBooted { instance: InstanceId => subject };
    /// Its operating system did not come up: `OSProvisioningTimedOut`.
    10 "bootFailed" BootFailed { instance: InstanceId => subject } in Repairs Tick "boot" Bad;
    /// An extension of the model was done.
    11 "extensionDone" ExtensionDone {
        instance: InstanceId => subject,
        extension: ExtensionNumber => ["extension" = Field::ExtensionOn(instance, extension)],
    };
    /// An extension of the model failed: `VMExtensionProvisioningError`.
    12 "extensionFailed" ExtensionFailed {
        instance: InstanceId => subject,
        extension: ExtensionNumber => ["extension" = Field::ExtensionOn(instance, extension)],
    } in Repairs Tick "extension" Bad;
    /// The extensions took longer than their budget: `VMExtensionProvisioningTimeout`.
    13 "extensionsTimedOut" ExtensionsTimedOut { instance: InstanceId => subject } in Repairs Tick "extension" Bad;
    /// Its provisioning state is Succeeded.
    14 "instanceProvisioned" InstanceProvisioned { instance: InstanceId => subject };
    /// Its deletion began; it serves no more.
    15 "instanceDeleting" InstanceDeleting { instance: InstanceId => subject, why: Deletion };
    /// Its deletion failed for the time that is said, and is tried again at once; or it is left, and is Failed.
    118 "deletionFailed" DeletionFailed { instance: InstanceId => subject, attempt: u8, again: bool }
        in Repairs Tick "delete" Bad;
    /// It is gone.
    16 "instanceDeleted" InstanceDeleted { instance: InstanceId => subject };
    /// Something began to be done to it, after which it is to run this image.
    110 "updateStarted" UpdateStarted { instance: InstanceId => subject, how: Operation, image: ImageId };
    /// Its OS disk is another one now, made from this image, with this code on it.
    111 "diskSwapped" DiskSwapped {
        instance: InstanceId => subject, image: ImageId, code: Option<Code> => derived,
    };
    /// It could not be brought to the model, and is Failed.
    113 "updateRefused" UpdateRefused { instance: InstanceId => subject, why: Refusal } in Rollout Tick "instance" Bad;
    /// The model of a set was written; this is the newest revision now.
    114 "modelChanged" ModelChanged { set: SetId => subject, revision: u32 };
    /// The protection of an instance was written.
    115 "protectionSet" ProtectionSet {
        instance: InstanceId => subject, from_scale_in: bool => "protectFromScaleIn",
        from_scale_set_actions: bool => "protectFromScaleSetActions",
    };
    /// The controllers of the set know nothing of its health any more.
    112 "healthCleared" HealthCleared { instance: InstanceId => subject };
    /// The process started and listens.
    17 "processStarted" ProcessStarted { instance: InstanceId => subject };
    /// The process stopped.
    18 "processStopped" ProcessStopped { instance: InstanceId => subject };
    /// The warm-up of the process is over.
    19 "warmed" Warmed { instance: InstanceId => subject };
    /// The version on it has worked as long as it does.
    116 "degraded" Degraded { instance: InstanceId => subject };
    /// Code was installed.
    20 "codeInstalled" CodeInstalled { instance: InstanceId => subject, code: Code => ["code" = Field::Code(code)] };
    /// Users need this code from now on.
    21 "codeReleased" CodeReleased { code: Code => (Field::Code(code)) };
    /// A dependency is down.
    22 "dependencyDown" DependencyDown { dependency: u16 => (Field::Dependency(dependency)) }
        in Timeline Begin "dependency" Bad;
    /// A dependency is up again.
    23 "dependencyUp" DependencyUp { dependency: u16 => (Field::Dependency(dependency)) }
        in Timeline End "dependency" Bad;
    /// An instance is frozen.
    24 "frozen" Frozen { instance: InstanceId => subject };
    /// An instance goes on after a freeze.
    25 "thawed" Thawed { instance: InstanceId => subject };
    /// What the instance would do with a user's request changed.
    26 "serviceChanged" ServiceChanged { instance: InstanceId => subject, to: Service };
    /// The probes of a pool get no answer.
    27 "probesBlocked" ProbesBlocked { pool: PoolId => subject } in Timeline Begin "blocked" Wait;
    /// The probes of a pool get answers again.
    28 "probesUnblocked" ProbesUnblocked { pool: PoolId => subject } in Timeline End "blocked" Wait;
    /// The network interface of an instance is in the pool.
    29 "joinedPool" JoinedPool { instance: InstanceId => subject, pool: PoolId };
    /// It left the pool, and its connections went with it.
    30 "leftPool" LeftPool { instance: InstanceId => subject, pool: PoolId };
    /// The balancer holds the backend up.
    31 "probeUp" ProbeUp { instance: InstanceId => subject, pool: PoolId };
    /// The balancer holds the backend down.
    32 "probeDown" ProbeDown { instance: InstanceId => subject, pool: PoolId, why: ProbeFailure };
    /// The admin state of a backend took effect.
    33 "adminStateSet" AdminStateSet { instance: InstanceId => subject, pool: PoolId, to: AdminState };
    /// New connections go to the backend, which the balancer's probe holds up or not.
    34 "inRotation" InRotation { instance: InstanceId => subject, pool: PoolId, probed_up: bool => derived };
    /// No new connections go to the backend, which the balancer's probe holds up all the same or not.
    35 "outOfRotation" OutOfRotation { instance: InstanceId => subject, pool: PoolId, flows: Flows, probed_up: bool => derived };
    /// The last connections of an entry point to a backend out of rotation closed.
    36 "connectionsClosed" ConnectionsClosed { instance: InstanceId => subject, entry_point: EntryPointId => "pool" };
    /// Every backend of the pool is probed down, and new packets are spread over all of them.
    37 "failOpenStarted" FailOpenStarted { pool: PoolId => subject } in Users Begin "open" Wait;
    /// A backend is probed up again, and the rotation decides as usual.
    38 "failOpenEnded" FailOpenEnded { pool: PoolId => subject } in Users End "open" Wait;
    /// The load of the backends of an entry point went above or below a step.
    39 "loadStepped" LoadStepped { entry_point: EntryPointId => subject, step: u8 };
    /// Users of an entry point began to be harmed.
    40 "harmStarted" HarmStarted { entry_point: EntryPointId => subject } in Users Begin "harm" Bad;
    /// Users of an entry point ceased to be harmed.
    41 "harmEnded" HarmEnded { entry_point: EntryPointId => subject } in Users End "harm" Bad;
    /// Nobody is served at an entry point.
    42 "outageStarted" OutageStarted { entry_point: EntryPointId => subject } in Users Begin "outage" Bad;
    /// Somebody is served again.
    43 "outageEnded" OutageEnded { entry_point: EntryPointId => subject } in Users End "outage" Bad;
    /// A pipeline noticed an instance.
    44 "pipelineTriggered" PipelineTriggered { pipeline: PipelineId, instance: InstanceId => subject };
    /// A pipeline began its run on an instance.
    45 "pipelineStarted" PipelineStarted { pipeline: PipelineId, instance: InstanceId => subject }
        in Pipelines Begin "pipeline" Work;
    /// A pipeline ended its run on an instance well.
    46 "pipelineSucceeded" PipelineSucceeded { pipeline: PipelineId, instance: InstanceId => subject }
        in Pipelines End "pipeline" Good;
    /// A pipeline failed on an instance.
    47 "pipelineFailed" PipelineFailed { pipeline: PipelineId, instance: InstanceId => subject }
        in Pipelines End "pipeline" Bad;
    /// The instance a pipeline worked on, or waited for, was deleted.
    48 "pipelineLost" PipelineLost { pipeline: PipelineId, instance: InstanceId => subject }
        in Pipelines End "pipeline" Bad;
    /// The health extension of an instance committed this state.
    50 "healthChanged" HealthChanged { instance: InstanceId => subject, to: Health };
    /// The controllers of the set learnt that the health of an instance is this.
    51 "healthReported" HealthReported { instance: InstanceId => subject, to: Health };
    /// Controllers undid each other at one instant without end; the run was stopped there.
    49 "loopFound" LoopFound { rounds: u32 } in Other Tick "loop" Bad;
    rooms {
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
        /// A guest got a notice, or did something about it.
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
        /// Something happened in Octopus.
        Octopus(OctopusFact),
        /// Something happened in a pool of agents.
        Agent(AgentFact),
        /// Something happened in a deployment to an environment.
        Environment(EnvironmentFact),
        /// Something became of a write.
        Write(WriteFact),
        /// Something happened to a name, or to an endpoint of it.
        Name(NameFact),
        /// Something happened to the count of instances of a gateway.
        Gateway(GatewayFact),
    }
}

/// The numbers of facts that are gone: 109 was that of seven facts of galleries.
const RETIRED: [u16; 1] = [109];

// Numbers and names are unique over all rooms, and a fact is no larger than it was.
const _: () = assert!(row::are_unique(Fact::ROOMS), "two facts have one number or one name");
const _: () = assert!(row::are_retired(Fact::ROOMS, &RETIRED), "the number of a fact that is gone is never used again");
const _: () = assert!(size_of::<Fact>() <= 32, "the ledger of a large fleet is mostly facts");

impl Record {
    /// Takes the record into a digest.
    #[inline]
    pub fn hash_into(&self, digest: &mut Digest) {
        digest.word(self.time.ms() << 16 | u64::from(self.rule.packed()));
        self.fact.hash_into(digest, self.cause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;
    use crate::world::ids::{EntryPointId, InstanceId, PoolId};

    fn digest(fact: Fact) -> u64 {
        let mut digest = Digest::default();
        let (entry, time) = (Entry(7), SimTime::from_ms(1000));
        Record { entry, time, cause: Entry(6), rule: rules::LB_16, fact }.hash_into(&mut digest);
        digest.finish()
    }

    fn of_words(words: [u64; 3]) -> u64 {
        let mut digest = Digest::default();
        words.into_iter().for_each(|word| digest.word(word));
        digest.finish()
    }

    // Time and rule are the first word. The cause takes 32 bits of the second, the number 16. An instance has 32 bits, which
    // do not fit into the 16 that are left, and so begins the third, with the pool above it.
    #[test]
    fn a_fact_is_hashed_field_after_field_each_whole_in_one_word() {
        let first = 1000 << 16 | u64::from(rules::LB_16.packed());
        let up = Fact::ProbeUp { instance: InstanceId(5), pool: PoolId(2) };
        assert_eq!(digest(up), of_words([first, 31 << 32 | 6, 2 << 32 | 5]));
        // An entry point has 16 bits, which do fit.
        let stepped = Fact::LoadStepped { entry_point: EntryPointId(3), step: 1 };
        assert_eq!(digest(stepped), of_words([first, 3 << 48 | 39 << 32 | 6, 1]));
    }

    // The number of a rule was cut to four bits once: rule 17 was rule 1.
    #[test]
    fn facts_that_differ_in_a_high_bit_of_a_field_are_hashed_apart() {
        let setting = crate::world::ids::AutoscaleId(0);
        let lost = |rule| digest(Fact::Autoscale(AutoscaleFact::MetricLost { setting, profile: 0, rule }));
        assert_ne!(lost(1), lost(17));
    }

    #[test]
    fn a_number_or_a_name_that_two_facts_have_is_found() {
        let kind = |number, name| FactKind { number, name, variant: "A" };
        let here = [kind(1, "one"), kind(256, "two")];
        assert!(row::are_unique(&[("", &here), ("There", &[kind(257, "three")])]));
        assert!(!row::are_unique(&[("", &here), ("There", &[kind(1, "three")])]));
        assert!(!row::are_unique(&[("", &here), ("There", &[kind(257, "two")])]));
        assert!(row::are_retired(&[("", &here)], &[109]) && !row::are_retired(&[("", &here)], &[109, 256]));
    }

    #[test]
    fn a_fact_says_what_it_is_about_and_what_else() {
        let (instance, pool) = (InstanceId(5), PoolId(2));
        let down = Fact::ProbeDown { instance, pool, why: ProbeFailure::Silent };
        assert_eq!((down.subject(), down.instance()), (Some(Field::Instance(instance)), Some(instance)));
        assert_eq!(down.fields(), [("pool", Field::Pool(pool)), ("why", Field::Word("silent"))]);
        let entry_point = EntryPointId(2);
        let began = Fact::HarmStarted { entry_point };
        assert_eq!((began.subject(), began.instance()), (Some(Field::EntryPoint(entry_point)), None));
        assert_eq!(Fact::RunStarted.subject(), None);
        let slow = Fact::Fault(FaultFact::ControlPlaneSlowed { percent: 200 });
        assert_eq!(slow.subject(), Some(Field::Word("control plane")));
    }
}
