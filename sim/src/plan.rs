//! The checked model that a run is given: names are ids, texts are numbers, every default is filled in.
//!
//! A plan is made by whoever reads scenarios; the simulator trusts that what [`Plan::check`] asserts holds.

mod accept;
mod answers;
mod autoscale;
mod azure_devops;
mod bill;
mod clock;
mod definition;
mod entry_point;
mod extension;
mod faults;
mod front_door;
mod gateway;
mod images;
mod limits;
mod octopus;
mod os_upgrade;
mod pipeline;
mod plain;
mod region;
mod repairs;
mod share;
mod spot;
mod start;
mod template;
mod traffic;
mod traffic_manager;
mod upgrade;
mod upkeep;
mod word;
mod write;

pub use accept::*;
pub use answers::*;
pub use autoscale::*;
pub use azure_devops::*;
pub use bill::*;
pub use clock::*;
pub use definition::*;
pub use entry_point::*;
pub use extension::*;
pub use faults::*;
pub use front_door::*;
pub use gateway::*;
pub use images::*;
pub use limits::{EVENTS_MOST, Limits};
pub use octopus::*;
pub use os_upgrade::*;
pub use pipeline::*;
pub use region::*;
pub use repairs::*;
pub use share::*;
pub use spot::*;
pub use start::*;
pub use template::*;
pub use traffic::*;
pub use traffic_manager::*;
pub use upgrade::*;
pub use upkeep::*;
pub use word::Word;
pub use write::*;

use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::rules::{Assumptions, RuleSet};

/// Everything one policy of one scenario says.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Title of the scenario.
    pub title: String,
    /// Name of the policy, `as-written` for the scenario itself.
    pub policy: String,
    /// Civil time of t = 0, in milliseconds since 1970-01-01T00:00:00Z.
    pub start_unix_ms: i64,
    /// How its civil time is written; what is computed does not look at it.
    pub zone: Zone,
    /// The run ends here; what is still open is open.
    pub horizon: SimTime,
    /// Share of requests that must not be harmed, 0 to 1, where the scenario states one.
    pub objective: Option<f64>,
    /// Initial instances are created at t = 0 instead of being present in steady state.
    pub cold_start: bool,
    /// The open numbers.
    pub assumptions: Assumptions,
    /// Rules switched on; all, but in tests.
    pub rules: RuleSet,
    /// Regions the fleet lives in.
    pub regions: Vec<Region>,
    /// Scale sets.
    pub sets: Vec<ScaleSet>,
    /// Backend pools of load balancers, each as one probe sees it.
    pub pools: Vec<Pool>,
    /// Where requests arrive, those of a pool side by side.
    pub entry_points: Vec<EntryPoint>,
    /// Gateways whose count of instances moves.
    pub gateways: Vec<ScalingGateway>,
    /// Profiles of Traffic Manager.
    pub profiles: Vec<Profile>,
    /// Routes of Front Door.
    pub front_doors: Vec<FrontDoor>,
    /// What the application does.
    pub application: Application,
    /// Names of image definitions.
    pub definitions: Vec<String>,
    /// What definitions say beside their names, by definition; shorter where the last say nothing.
    pub gallery: Vec<Definition>,
    /// Versions of images.
    pub images: Vec<Image>,
    /// Image templates.
    pub builders: Vec<ImageBuilder>,
    /// What bears on automatic OS upgrades beside the policies of the sets.
    pub os_upgrades: OsUpgrades,
    /// Release pipelines.
    pub pipelines: Vec<Pipeline>,
    /// Octopus Deploy, where the fleet has deployment targets.
    pub octopus: Octopus,
    /// Pools of scale set agents, at most one a set.
    pub agent_pools: Vec<AgentPool>,
    /// What happens when, in the order of time and, within an instant, of the file.
    pub timeline: Vec<Action>,
    /// What people noted, in the order of time; nothing follows from it.
    pub notes: Vec<Note>,
    /// What goes wrong at random.
    pub faults: Vec<RandomFault>,
    /// The markets for Spot instances, one a region at most.
    pub markets: Vec<SpotMarket>,
    /// Autoscale settings that are enabled, at most one a set.
    pub autoscale: Vec<Autoscale>,
    /// Metrics that the scenario gives.
    pub metrics: Vec<GivenMetric>,
    /// What was before t = 0.
    pub history: History,
    /// What is billed beside instances.
    pub bill: Bill,
    /// What Azure would refuse of the fleet, and the scenario accepts.
    pub accepted: Vec<Accepted>,
    /// What Azure answers to the writes that it refuses, [`Act::RefusedWrite`].
    pub refusals: Vec<Refusal>,
    /// How much a run may come to.
    pub limits: Limits,
}

crate::words! {
    /// Uniform or Flexible.
    pub enum OrchestrationMode {
        /// Identical instances from one model.
        Uniform => "Uniform",
        /// Virtual machines of their own in a common set.
        Flexible => "Flexible",
    }
}

crate::words! {
    /// How scale-in chooses its victims (SI-01…SI-03).
    pub enum ScaleInPolicy {
        /// Balance zones, then fault domains, then the highest instance id.
        Default => "Default",
        /// Balance zones, then the most recently created.
        NewestVM => "NewestVM",
        /// Balance zones, then the earliest created.
        OldestVM => "OldestVM",
    }
}

/// A scale set.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleSet {
    /// Resource name.
    pub name: String,
    /// Index of its region.
    pub region: u16,
    /// Uniform or Flexible.
    pub mode: OrchestrationMode,
    /// Zones, 1 to 3; empty for a regional set.
    pub zones: Vec<u8>,
    /// Strict zone balance (ZN-06).
    pub zone_balance: bool,
    /// `platformFaultDomainCount`, 1 is max spreading (FD-01).
    pub fault_domains: u8,
    /// One placement group only (PG-04).
    pub single_placement_group: bool,
    /// `sku.capacity`.
    pub capacity: u32,
    /// Cores of an instance, by `sku.name`; what quota is counted in.
    pub cores: u32,
    /// Start surplus instances and delete them once the wanted number stands (OP-01).
    pub overprovision: bool,
    /// OP-05: extensions are launched on the kept instances only.
    pub skip_extensions_on_surplus: bool,
    /// What the model says of its image.
    pub image: ImageReference,
    /// The operating system is Windows.
    pub windows: bool,
    /// How victims are chosen.
    pub scale_in: ScaleInPolicy,
    /// `scaleInPolicy.prioritizeUnhealthyVMs`: who is unhealthy or does not run goes first (SI-09).
    pub unhealthy_first: bool,
    /// `scaleInPolicy.forceDeletion`: victims go at once, untold (SI-09).
    pub force_deletion: bool,
    /// `resiliencyPolicy.resilientVMCreationPolicy`: a system that does not come up is made again (LC-06).
    pub resilient_create: bool,
    /// `resiliencyPolicy.resilientVMDeletionPolicy`: a deletion that fails is tried again (LC-07).
    pub resilient_delete: bool,
    /// How changes reach its instances.
    pub upgrade: UpgradePolicy,
    /// `automaticRepairsPolicy`, where the model has one.
    pub repairs: Option<RepairsPolicy>,
    /// What its instances are given beside the image, by the model as the run begins.
    pub profile: VmProfile,
    /// Pools its instances join when their network interface is created.
    pub pools: Vec<u16>,
    /// `sku.name`.
    pub size: String,
    /// Priority, eviction, price, restore, mix.
    pub spot: SpotPolicy,
    /// What its instances cost, where the scenario has a price for their size.
    pub prices: Option<Prices>,
    /// What keeps it ready and even.
    pub upkeep: Upkeep,
    /// What is known of its instances as the run begins.
    pub start: Start,
}

/// A release of the code: an index into [`Application::releases`], so that older is less.
pub type Code = u16;

/// What the application does: the truth that every observer sees late.
#[derive(Clone, Debug)]
pub struct Application {
    /// Releases of the code, oldest first.
    pub releases: Vec<String>,
    /// What is wrong with them, each in the place of its release; what has no row is fine.
    pub flaws: Vec<Flaw>,
    /// Names of what the application depends on; bit `i` of a [`Needs::dependencies`] is the i-th.
    pub dependencies: Vec<String>,
    /// Requests a second that one instance serves; no limit where absent.
    pub capacity_rps: Option<f64>,
    /// From process start to warm.
    pub warm_up: Dist,
    /// What the endpoints answer, by path; index 0 is TCP: whether the port accepts.
    pub endpoints: Vec<Endpoint>,
    /// What must hold for a user's request to succeed.
    pub serves: Needs,
    /// The code users need, from when, and the share of requests that touch the difference.
    pub requires: Option<Requires>,
    /// Sets of instances, by their numbers within their scale set, that [`Needs::instances`] names.
    pub groups: Vec<Vec<u32>>,
    /// Who is asked, as [`Needs::who`] names it.
    pub who: Vec<Who>,
    /// The bodies of answers, as [`Body::text`] names them.
    pub texts: Vec<String>,
    /// Load makes answers slow: steps of (load above this share of the capacity, delay), rising.
    pub under_load: Vec<LoadStep>,
    /// What it does about Scheduled Events; `None` if it never asks for them.
    pub events: Option<EventListener>,
    /// Long-running work.
    pub jobs: Option<Jobs>,
    /// How the processor follows the load.
    pub cpu: Cpu,
}

/// Users need at least this code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Requires {
    /// Older code harms.
    pub code: Code,
    /// From this instant.
    pub from: SimTime,
    /// Share of requests that touch the difference, 0 to 1 (IN-04).
    pub touches: f64,
}

/// Above this load, answers take this much longer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoadStep {
    /// Load as a share of the capacity.
    pub above: f64,
    /// Added to the latency of every answer.
    pub delay: SimDuration,
}

/// A health probe of a load balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Its name.
    pub name: String,
    /// TCP, or HTTP(S).
    pub protocol: ProbeProtocol,
    /// Index into [`Application::endpoints`]; 0 for TCP.
    pub endpoint: u16,
    /// `intervalInSeconds`.
    pub interval: SimDuration,
    /// `probeThreshold` (LB-07).
    pub threshold: u32,
    /// `numberOfProbes`, which takes nobody out of rotation (LB-06) and says for how long a batch is watched (RU-41).
    pub probes: u32,
}

impl Probe {
    /// `numberOfProbes` where it is not written: what every recorded probe had.
    pub const PROBES: u32 = 2;
}

/// The protocol of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeProtocol {
    /// A handshake.
    Tcp,
    /// A GET that must answer 200, over HTTP or HTTPS.
    Http,
}

/// A version of an image.
#[derive(Clone, Debug)]
pub struct Image {
    /// `web-image/1.0.0`.
    pub name: String,
    /// The code it carries; `None` where releases are not declared.
    pub code: Option<Code>,
    /// How long it takes to boot; `None` for the assumption about the operating system.
    pub boot: Option<Dist>,
    /// How often it fails to boot, 0 to 1.
    pub boot_failure: f64,
    /// From boot to listening process; `None` for the assumption.
    pub process_start: Option<Dist>,
    /// Dependencies it cannot reach.
    pub cannot: u32,
    /// What becomes of it after a while; instances that are present when the run begins are past it.
    pub degrades: Option<Degrades>,
    /// Counted by the blast radius.
    pub bad: bool,
    /// What its gallery knows of it.
    pub version: Version,
}

/// A version that works for a while only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Degrades {
    /// From the start of the process; drawn anew at each start.
    pub after: Dist,
    /// Dependencies that it cannot reach from then on, until its process starts anew.
    pub cannot: u32,
}

/// An entry of the timeline.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its name, which keys the draws of what it causes.
    pub name: String,
    /// When.
    pub at: SimTime,
    /// What.
    pub what: Act,
}

/// What an entry of the timeline does.
#[derive(Clone, Debug)]
pub enum Act {
    /// Write the model of a scale set.
    ChangeModel {
        /// The set.
        set: u16,
        /// What changes.
        change: Box<ModelChange>,
    },
    /// Write something to a set that Azure refuses.
    RefusedWrite {
        /// The set.
        set: u16,
        /// Index into [`Plan::refusals`].
        refusal: u16,
    },
    /// Begin an upgrade of whoever is behind, by a generic update (RS-07).
    StartUpgrade {
        /// The set.
        set: u16,
    },
    /// Cancel the upgrade that runs (RS-05).
    CancelUpgrade {
        /// The set.
        set: u16,
    },
    /// Bring a set to the newest version of its OS image (`osRollingUpgrade`, RS-11).
    StartOsUpgrade {
        /// The set.
        set: u16,
    },
    /// Approve OS upgrades that wait for it (`ApproveRollingUpgrade`, OS-15).
    ApproveOsUpgrade {
        /// The set.
        set: u16,
        /// Which of its instances.
        which: Which,
    },
    /// Bring instances to the newest model (`manualupgrade`, UM-02).
    UpgradeInstances {
        /// The set.
        set: u16,
        /// Which of its instances.
        which: Which,
    },
    /// Protect instances, or protect them no longer (IP-01, IP-02).
    Protect {
        /// The set.
        set: u16,
        /// Which of its instances.
        which: Which,
        /// `protectFromScaleIn`.
        from_scale_in: bool,
        /// `protectFromScaleSetActions`.
        from_scale_set_actions: bool,
    },
    /// Write the capacity of a scale set.
    SetCapacity {
        /// The set.
        set: u16,
        /// Its new capacity.
        capacity: u32,
    },
    /// Users need this code from now on, and these pipelines install it from now on.
    ReleaseCode {
        /// The code.
        code: Code,
        /// The pipelines.
        pipelines: Vec<u16>,
    },
    /// Do something with Octopus.
    Octopus(OctopusAct),
    /// Run a pipeline on every instance of its sets.
    RunPipeline {
        /// The pipeline.
        pipeline: u16,
    },
    /// A dependency is down for a while.
    DependencyDown {
        /// Index into [`Application::dependencies`].
        dependency: u16,
        /// How long; `None` for the rest of the run.
        length: Option<SimDuration>,
    },
    /// The probes of a pool get no answer: a firewall blocks 168.63.129.16 (LB-11).
    BlockProbes {
        /// The pool.
        pool: u16,
        /// How long; `None` for the rest of the run.
        length: Option<SimDuration>,
    },
    /// Write a version of an image, and replicate it.
    Publish(Publication),
    /// Exclude a version from `latest`, or include it again.
    Exclude {
        /// The version, an index into [`Plan::images`].
        image: u16,
        /// In these regions; empty for the flag of the version itself.
        regions: Vec<u16>,
        /// Whether it is excluded from now on.
        excluded: bool,
    },
    /// Delete a version of an image.
    DeleteVersion {
        /// The version, an index into [`Plan::images`].
        image: u16,
    },
    /// Something else happens in a gallery.
    Gallery(GalleryAct),
    /// Run an image template.
    Bake {
        /// The template.
        builder: u16,
        /// The version that comes of it, an index into [`Plan::images`].
        image: u16,
    },
    /// Cancel the run of an image template.
    CancelBake {
        /// The template.
        builder: u16,
    },
    /// Something happens to some instances of a set.
    Disturb {
        /// The set.
        set: u16,
        /// Which of its instances.
        which: Which,
        /// What happens.
        how: Disturbance,
        /// How long; `None` for the rest of the run.
        length: Option<SimDuration>,
    },
    /// Something about Spot instances.
    Spot(SpotAct),
    /// Something about the guests of a set.
    Guest(GuestAct),
    /// An operator calls the machines of instances.
    Power {
        /// The set.
        set: u16,
        /// Which of its instances.
        which: Which,
        /// What is done.
        how: PowerAct,
    },
    /// The platform does something to hosts.
    Maintain(HostWork),
    /// Suspend or resume the repairs of a set (`setOrchestrationServiceState`, AR-11).
    SetRepairs {
        /// The set.
        set: u16,
        /// Which of the two.
        call: ServiceCall,
    },
    /// Zones are lost for a while.
    ZoneOutage(ZoneOutage),
    /// The control plane takes this many percent of its usual time (WT-14).
    SlowControlPlane {
        /// 300 for three times as long.
        percent: u32,
        /// How long; `None` for the rest of the run.
        length: Option<SimDuration>,
    },
    /// Machines of a set boot slowly, or not at all (WT-15).
    WorseBoots {
        /// The set.
        set: u16,
        /// Boots take this many percent of their usual time.
        percent: u32,
        /// The share that fails beside what fails anyway, 0 to 1.
        failing: f64,
        /// How long; `None` for the rest of the run.
        length: Option<SimDuration>,
    },
    /// Write to a resource of the network.
    Write(Write),
    /// Do these one after another.
    Steps(Steps),
    /// Wait before the next step.
    Wait(SimDuration),
    /// Deletes of instances of a set fail (WT-18).
    FailDeletes {
        /// The set.
        set: u16,
        /// The share that fails, 0 to 1.
        failing: f64,
        /// How long; `None` for the rest of the run.
        length: Option<SimDuration>,
    },
}

/// Which instances of a set.
#[derive(Clone, Debug, PartialEq)]
pub enum Which {
    /// All that are present at that instant.
    All,
    /// The instance created as this number of the set, counted from 0. A long timeline is mostly of such.
    One(u32),
    /// The instances created as number 0, 1, … of the set.
    Ordinals(Vec<u32>),
    /// All that are in a place: what shares a zone, a rack (FD-01), or both.
    In {
        /// The zone; any where absent.
        zone: Option<u8>,
        /// The fault domain; any where absent.
        fault_domain: Option<u8>,
    },
    /// One of those that are present, drawn.
    Drawn,
    /// This share of those that are present, 0 to 1, drawn.
    Share(f64),
}

/// What happens to an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disturbance {
    /// Its process is down.
    ProcessDown,
    /// Its process hangs until the instance is restarted.
    Hang,
    /// Its OS disk is broken, and the process does not run until it has another one.
    CorruptDisk,
    /// It is frozen: nothing answers, nothing is refused (MT-04).
    Freeze,
    /// Its endpoints, or one of them, answer later by this much.
    Slow {
        /// By how much.
        by: SimDuration,
        /// Index into [`Application::endpoints`]; all where absent.
        endpoint: Option<u16>,
    },
    /// Its endpoints, or one of them, take the connection and never answer.
    Unresponsive {
        /// Index into [`Application::endpoints`]; all, and users too, where absent.
        endpoint: Option<u16>,
    },
    /// No packet gets to it: probes of balancers and users meet silence, and the guest notices nothing.
    Unreachable,
}
