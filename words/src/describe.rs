//! Facts in words: each as one sentence with names, and as the fields that a machine reads.

mod acts;
mod autoscale;
mod azure_devops;
mod builds;
mod codes;
mod faults;
mod field;
mod flows;
mod gateways;
mod guest;
mod images;
mod octopus;
pub mod operator;
mod os_upgrade;
mod places;
mod profiles;
mod repairs;
pub mod rollout;
mod spot;
mod writes;

use acts::selected;
pub use acts::targets;
pub use autoscale::condition;
use codes::{deletion_sentence, instances, place, place_of_zone, refusal_reason};
use windtunnel_sim::plan::{Code, ExtensionNumber, Plan, Refusal};
use windtunnel_sim::world::fact::{Fact, Flows, Operation, ProbeFailure, Service};
use windtunnel_sim::world::ids::{ActionId, EntryPointId, ImageId, InstanceId, PipelineId, PoolId, SetId};

/// The names of everything a fact speaks of.
#[derive(Clone, Debug)]
pub struct Names<'p> {
    plan: &'p Plan,
    instances: Vec<String>,
    /// The set of each instance.
    sets: Vec<SetId>,
    /// A pool goes by its balancer, since that is what people know it by; where a balancer has several, by both.
    pools: Vec<String>,
    /// An entry point by its resource, with the pool or the rule where there are several.
    entry_points: Vec<String>,
}

impl<'p> Names<'p> {
    /// The names of the plan, and those of the instances as [`windtunnel_sim::azure::instances::names`] gives them.
    #[must_use]
    pub fn new(plan: &'p Plan, instances: Vec<(SetId, String)>) -> Self {
        let (sets, instances) = instances.into_iter().unzip();
        let pools = (0..plan.pools.len()).map(|at| plan.pool_name(PoolId(at as u16)));
        let entry_points = plan.entries().map(|(id, _)| plan.entry_point_name(id));
        Self { plan, instances, sets, pools: pools.collect(), entry_points: entry_points.collect() }
    }

    /// The plan they are from.
    #[must_use]
    pub const fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// An instance: `vmss-web_2`.
    #[must_use]
    pub fn instance(&self, id: InstanceId) -> &str {
        self.instances.get(id.index()).map_or("an unknown instance", String::as_str)
    }

    /// Every instance, by id.
    #[must_use]
    pub fn instances(&self) -> &[String] {
        &self.instances
    }

    /// A scale set.
    #[must_use]
    pub fn set(&self, id: SetId) -> &'p str {
        &self.plan.sets[id.index()].name
    }

    /// What Azure answers to a write that it refuses.
    #[must_use]
    pub fn refusal(&self, refusal: u16) -> &'p Refusal {
        &self.plan.refusals[usize::from(refusal)]
    }

    /// A pool: the name of its balancer, with that of the pool where the balancer has several.
    #[must_use]
    pub fn pool(&self, id: PoolId) -> &str {
        &self.pools[id.index()]
    }

    /// An entry point: the name of its balancer, with that of the pool or the rule where the balancer has several.
    #[must_use]
    pub fn entry_point(&self, id: EntryPointId) -> &str {
        &self.entry_points[id.index()]
    }

    /// Every entry point, as in the plan.
    #[must_use]
    pub fn entry_points(&self) -> &[String] {
        &self.entry_points
    }

    /// A pipeline.
    #[must_use]
    pub fn pipeline(&self, id: PipelineId) -> &'p str {
        &self.plan.pipelines[id.index()].name
    }

    /// An entry of the timeline.
    #[must_use]
    pub fn action(&self, id: ActionId) -> &'p str {
        &self.plan.timeline[id.index()].name
    }

    /// A release of the code.
    #[must_use]
    pub fn code(&self, code: Code) -> &'p str {
        self.plan.application.releases.get(usize::from(code)).map_or("undeclared code", String::as_str)
    }

    /// A version of an image.
    #[must_use]
    pub fn image(&self, id: ImageId) -> &'p str {
        &self.plan.images[id.index()].name
    }

    /// A dependency of the application.
    #[must_use]
    pub fn dependency(&self, index: u16) -> &'p str {
        &self.plan.application.dependencies[usize::from(index)]
    }

    /// An extension of the model of an instance.
    #[must_use]
    pub fn extension(&self, instance: InstanceId, number: ExtensionNumber) -> &'p str {
        let set = self.sets.get(instance.index());
        let extension = set.and_then(|set| number.of(self.plan, set.index()));
        extension.map_or("an extension", |extension| &extension.name)
    }
}

/// A fact as one English sentence, without a full stop. The table is long, but it is one: a new fact has one place here.
#[must_use]
pub fn sentence(names: &Names<'_>, fact: &Fact) -> String {
    let who = &*names.subject(fact);
    let pool = |id| names.pool(id);
    let line = |id| names.pipeline(id);
    match *fact {
        Fact::InstancePresent { image, at, .. } => {
            format!("{who} is there from the start, from image {}, in {}", names.image(image), place(at))
        }
        Fact::InstanceCreated { image, at, .. } => {
            format!("{who} is created from image {}, in {}", names.image(image), place(at))
        }
        Fact::InstanceRunning { .. } => format!("{who} runs and starts to boot"),
        Fact::InstanceBooted { .. } => format!("{who} has booted"),
        Fact::BootFailed { .. } => format!("{who} does not come up: OSProvisioningTimedOut"),
        Fact::ExtensionDone { instance, extension } => {
            format!("extension {} finishes on {who}", names.extension(instance, extension))
        }
        Fact::ExtensionFailed { instance, extension } => {
            let name = names.extension(instance, extension);
            format!("extension {name} fails on {who}: VMExtensionProvisioningError")
        }
        Fact::ExtensionsTimedOut { .. } => {
            format!("the extensions of {who} exceed their time budget: VMExtensionProvisioningTimeout")
        }
        Fact::InstanceProvisioned { .. } => format!("{who} is provisioned: its state is Succeeded"),
        Fact::InstanceDeleting { why, .. } => format!("{who} is being deleted{}", deletion_sentence(why)),
        Fact::DeletionFailed { attempt, again: true, .. } => {
            format!("{who} cannot be deleted, attempt {attempt} of 5; Azure tries again")
        }
        Fact::DeletionFailed { .. } => format!(
            "{who} cannot be deleted: it stays Failed and counts toward the \
            capacity"
        ),
        Fact::InstanceDeleted { .. } => format!("{who} is gone"),
        Fact::UpdateStarted { how: Operation::Create, .. } => format!("{who} is being created"),
        Fact::UpdateStarted { how: Operation::Swap, image, .. } => {
            format!("{who} stops, and its OS disk is replaced by one of {}", names.image(image))
        }
        Fact::UpdateStarted { how: Operation::Reimage, image, .. } => {
            format!("{who} stops, and its OS disk is recreated from {}", names.image(image))
        }
        Fact::UpdateStarted { how: Operation::Restore, image, .. } => {
            format!("{who} stops, and its previous OS disk, of {}, is restored", names.image(image))
        }
        Fact::UpdateStarted { how: Operation::Restart, .. } => format!("{who} is restarted"),
        Fact::UpdateStarted { how: Operation::Start, .. } => format!("{who} is started"),
        Fact::UpdateStarted { how: Operation::Heal, .. } => {
            format!("{who} restarts with the same disk")
        }
        Fact::UpdateStarted { how: Operation::Extensions, .. } => format!("{who} gets the newest model"),
        Fact::DiskSwapped { image, .. } => format!("{who} now has an OS disk of {}", names.image(image)),
        Fact::UpdateRefused { why, .. } => {
            format!("{who} cannot get the new model: {}", refusal_reason(why))
        }
        Fact::ModelChanged { revision, .. } => {
            format!("the model of {who} is written: its newest revision is {revision}")
        }
        Fact::ProtectionSet { from_scale_in: false, from_scale_set_actions: false, .. } => {
            format!("the protection of {who} is removed")
        }
        Fact::ProtectionSet { from_scale_set_actions: true, .. } => {
            format!("{who} is protected from scale-in and from actions on the scale set")
        }
        Fact::ProtectionSet { .. } => format!("{who} is protected from scale-in"),
        Fact::HealthCleared { .. } => format!("the health of {who} is unknown until it reports again"),
        Fact::ProcessStarted { .. } => format!("the process on {who} starts and listens"),
        Fact::ProcessStopped { .. } => format!("the process on {who} stops"),
        Fact::Warmed { .. } => format!("{who} is warm"),
        Fact::Degraded { .. } => format!("the version on {who} begins to fail: it has run for as long as it works"),
        Fact::CodeInstalled { code, .. } => format!("{} is installed on {who}", names.code(code)),
        Fact::Frozen { .. } => format!("{who} is frozen"),
        Fact::Thawed { .. } => format!("the freeze of {who} ends"),
        Fact::ServiceChanged { to: Service::Cannot, .. } => format!("{who} cannot serve users"),
        Fact::ServiceChanged { to: Service::Stale, .. } => {
            format!("{who} can serve users, but with code older than they need")
        }
        Fact::ServiceChanged { to: Service::Ready, .. } => format!("{who} can serve users"),
        Fact::JoinedPool { pool: id, .. } => format!("{who} is in the pool of {}", pool(id)),
        Fact::LeftPool { pool: id, .. } => format!("{who} leaves the pool of {}, and its connections close", pool(id)),
        Fact::ProbeUp { pool: id, .. } => format!("{who} answers its probe: {} considers it up", pool(id)),
        Fact::ProbeDown { pool: id, why: ProbeFailure::Refused, .. } => {
            format!("{who} refuses its probe: {} considers it down", pool(id))
        }
        Fact::ProbeDown { pool: id, why: ProbeFailure::Silent, .. } => {
            format!("{who} does not answer its probe: {} considers it down", pool(id))
        }
        Fact::AdminStateSet { pool: id, to, .. } => {
            format!("the admin state of {who} at {} is now {}", pool(id), to.word())
        }
        Fact::InRotation { pool: id, .. } => format!("{} sends new connections to {who}", pool(id)),
        Fact::OutOfRotation { pool: id, flows: Flows::Kept, .. } => {
            format!("{} sends no new connections to {who}; existing ones continue", pool(id))
        }
        Fact::OutOfRotation { pool: id, flows: Flows::Cut, .. } => {
            format!("{} sends no new connections to {who}, and existing ones close", pool(id))
        }
        Fact::ConnectionsClosed { entry_point, .. } => {
            format!("the last connections of {} to {who} close", names.entry_point(entry_point))
        }
        Fact::PipelineTriggered { pipeline, .. } => format!("pipeline {} notices {who}", line(pipeline)),
        Fact::PipelineStarted { pipeline, .. } => format!("pipeline {} starts on {who}", line(pipeline)),
        Fact::PipelineSucceeded { pipeline, .. } => format!("pipeline {} succeeds on {who}", line(pipeline)),
        Fact::PipelineFailed { pipeline, .. } => format!("pipeline {} fails on {who}", line(pipeline)),
        Fact::PipelineLost { pipeline, .. } => {
            format!("pipeline {} loses {who}, which was deleted in the meantime", line(pipeline))
        }
        Fact::HealthChanged { to, .. } => format!("the health extension on {who} reports {}", to.word()),
        Fact::HealthReported { to, .. } => {
            format!("the scale set learns that the health of {who} is {}", to.word())
        }
        Fact::RunStarted => "the run starts, with the fleet as declared".to_owned(),
        Fact::ActionTaken { action } => format!("timeline, “{who}”: {}", names.act(action)),
        Fact::ActionEnded { .. } => format!("timeline: “{who}” ends"),
        Fact::CapacitySet { from, to, .. } => {
            format!("the capacity of {who} is set from {from} to {to}")
        }
        Fact::ScaleRefused { short, why, .. } => {
            format!("{who} is {short} short of its capacity: {}", refusal_reason(why))
        }
        Fact::CodeReleased { .. } => format!("users now need {who}"),
        Fact::DependencyDown { .. } => format!("{who} is down"),
        Fact::DependencyUp { .. } => format!("{who} is up again"),
        Fact::ProbesBlocked { .. } => format!("the probes of {who} get no answers"),
        Fact::ProbesUnblocked { .. } => format!("the probes of {who} get answers again"),
        Fact::FailOpenStarted { .. } => {
            format!("every backend of {who} is probed down, so it sends new connections to all of them")
        }
        Fact::FailOpenEnded { .. } => format!("a backend of {who} is probed up again, so probes decide again"),
        Fact::LoadStepped { step: 0, .. } => format!("the load of {who} is below all steps again"),
        Fact::LoadStepped { step, .. } => format!("the load of {who} is at step {step}: answers are slower"),
        Fact::HarmStarted { .. } => format!("users of {who} begin to be harmed"),
        Fact::HarmEnded { .. } => format!("users of {who} are no longer harmed"),
        Fact::OutageStarted { .. } => format!("no user is served at {who}"),
        Fact::OutageEnded { .. } => format!("users of {who} are served again"),
        Fact::LoopFound { rounds } => {
            format!("controllers undid each other {rounds} times at one instant, so the run stops there")
        }
        Fact::Rollout(ref fact) => rollout::sentence(names, who, fact),
        Fact::OsUpgrade(ref fact) => os_upgrade::sentence(names, who, fact),
        Fact::Repairs(ref fact) => repairs::sentence(names, who, fact),
        Fact::Gallery(ref fact) => images::sentence(names, who, fact),
        Fact::Build(ref fact) => builds::sentence(names, who, fact),
        Fact::Power(ref fact) => spot::power_sentence(who, fact),
        Fact::Spot(ref fact) => spot::spot_sentence(names, who, fact),
        Fact::Notice(ref fact) => spot::notice_sentence(names, who, fact),
        Fact::Maintenance(ref fact) => spot::maintenance_sentence(names, who, fact),
        Fact::Job(ref fact) => spot::job_sentence(names, who, fact),
        Fact::Autoscale(ref fact) => autoscale::sentence(names, fact),
        Fact::QuotaExceeded { .. } => faults::quota_sentence(names, fact),
        Fact::Fault(ref fact) => faults::sentence(names, who, fact),
        Fact::Flow(ref fact) => flows::sentence(names, who, fact),
        Fact::Operator(ref fact) => operator::sentence(names, who, fact),
        Fact::Write(ref fact) => writes::sentence(names, who, fact),
        Fact::Place(ref fact) => places::sentence(names, who, fact),
        Fact::Name(ref fact) => profiles::sentence(names, who, fact),
        Fact::Guest(ref fact) => guest::sentence(names, who, fact),
        Fact::Octopus(ref fact) => octopus::sentence(names, who, fact),
        Fact::Agent(ref fact) => azure_devops::agent_sentence(who, fact),
        Fact::Gateway(ref fact) => gateways::sentence(who, fact),
        Fact::Environment(ref fact) => azure_devops::environment_sentence(names, who, fact),
    }
}
