//! Facts in words: each as one sentence with names, and as the fields that a machine reads.

mod acts;
mod autoscale;
mod codes;
mod faults;
mod flows;
mod guest;
mod images;
pub mod operator;
mod os_upgrade;
mod places;
mod repairs;
pub mod rollout;
mod spot;

pub use acts::targets;
use acts::whom;
pub use codes::deletion_code;
use codes::{
    admin_code, deletion_sentence, flows_code, health_word, operation_code, place, place_of_zone, probe_code,
    refusal_code, refusal_reason, service_code,
};
pub use images::right_code;
use std::fmt::Display;
use windtunnel_sim::measure::fleet::instance_of;
use windtunnel_sim::plan::{Code, ExtensionNumber, Plan, Refusal};
use windtunnel_sim::world::fact::{Fact, Flows, Operation, Placement, ProbeFailure, Service};
use windtunnel_sim::world::ids::{ActionId, ImageId, InstanceId, PipelineId, PoolId, SetId};

/// The names of everything a fact speaks of.
#[derive(Clone, Debug)]
pub struct Names<'p> {
    plan: &'p Plan,
    instances: Vec<String>,
    /// The set of each instance, by its place in the plan.
    sets: Vec<Option<usize>>,
    /// A pool goes by its balancer, since that is what people know it by; where a balancer has several, by both.
    pools: Vec<String>,
}

impl<'p> Names<'p> {
    /// The names of the plan, and those of the instances as [`windtunnel_sim::azure::instances::names`] gives them.
    #[must_use]
    pub fn new(plan: &'p Plan, instances: Vec<String>) -> Self {
        // The name of an instance is that of its set, `_`, and something without one.
        let set_of = |name: &String| {
            let (set, _) = name.rsplit_once('_')?;
            plan.sets.iter().position(|row| row.name == set)
        };
        let sets = instances.iter().map(set_of).collect();
        let alone = |name: &str| plan.pools.iter().filter(|pool| pool.balancer == name).count() == 1;
        let pool_name = |pool: &windtunnel_sim::plan::Pool| {
            if alone(&pool.balancer) { pool.balancer.clone() } else { format!("{}/{}", pool.balancer, pool.name) }
        };
        Self { plan, instances, sets, pools: plan.pools.iter().map(pool_name).collect() }
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

    /// Every pool, as in the plan.
    #[must_use]
    pub fn pools(&self) -> &[String] {
        &self.pools
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
        let set = self.sets.get(instance.index()).copied().flatten();
        let extension = set.and_then(|set| number.of(self.plan, set));
        extension.map_or("an extension", |extension| &extension.name)
    }
}

/// What a machine reads of a fact, besides when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// Whom it is about: the instance, or else the entry point, the set, the action, the code or the dependency.
    pub subject: String,
    /// The kind: `instanceCreated`.
    pub what: &'static str,
    /// The rest, as `key=value` joined by `; `.
    pub detail: String,
}

/// The fields of a fact.
#[must_use]
pub fn fields(names: &Names<'_>, fact: &Fact) -> Fields {
    Fields { subject: subject(names, fact), what: what(fact), detail: detail(names, fact) }
}

/// The kind of a fact, as written in tables.
#[must_use]
pub const fn what(fact: &Fact) -> &'static str {
    match fact {
        Fact::RunBegan => "runBegan",
        Fact::ActionTaken { .. } => "actionTaken",
        Fact::ActionEnded { .. } => "actionEnded",
        Fact::CapacitySet { .. } => "capacitySet",
        Fact::ScaleRefused { .. } => "scaleRefused",
        Fact::InstanceStood { .. } => "instanceStood",
        Fact::InstanceCreated { .. } => "instanceCreated",
        Fact::InstanceRunning { .. } => "instanceRunning",
        Fact::InstanceBooted { .. } => "instanceBooted",
        Fact::BootFailed { .. } => "bootFailed",
        Fact::ExtensionDone { .. } => "extensionDone",
        Fact::ExtensionFailed { .. } => "extensionFailed",
        Fact::ExtensionsTimedOut { .. } => "extensionsTimedOut",
        Fact::InstanceProvisioned { .. } => "instanceProvisioned",
        Fact::InstanceDeleting { .. } => "instanceDeleting",
        Fact::DeletionFailed { .. } => "deletionFailed",
        Fact::InstanceDeleted { .. } => "instanceDeleted",
        Fact::UpdateBegan { .. } => "updateBegan",
        Fact::DiskSwapped { .. } => "diskSwapped",
        Fact::UpdateRefused { .. } => "updateRefused",
        Fact::ModelChanged { .. } => "modelChanged",
        Fact::ProtectionSet { .. } => "protectionSet",
        Fact::HealthCleared { .. } => "healthCleared",
        Fact::ProcessStarted { .. } => "processStarted",
        Fact::ProcessStopped { .. } => "processStopped",
        Fact::Warmed { .. } => "warmed",
        Fact::Degraded { .. } => "degraded",
        Fact::CodeInstalled { .. } => "codeInstalled",
        Fact::CodeReleased { .. } => "codeReleased",
        Fact::DependencyDown { .. } => "dependencyDown",
        Fact::DependencyUp { .. } => "dependencyUp",
        Fact::Frozen { .. } => "frozen",
        Fact::Thawed { .. } => "thawed",
        Fact::ServiceChanged { .. } => "serviceChanged",
        Fact::ProbesBlocked { .. } => "probesBlocked",
        Fact::ProbesUnblocked { .. } => "probesUnblocked",
        Fact::JoinedPool { .. } => "joinedPool",
        Fact::LeftPool { .. } => "leftPool",
        Fact::ProbeUp { .. } => "probeUp",
        Fact::ProbeDown { .. } => "probeDown",
        Fact::AdminStateSet { .. } => "adminStateSet",
        Fact::InRotation { .. } => "inRotation",
        Fact::OutOfRotation { .. } => "outOfRotation",
        Fact::ConnectionsClosed { .. } => "connectionsClosed",
        Fact::FailedOpen { .. } => "failedOpen",
        Fact::FailedOpenEnded { .. } => "failedOpenEnded",
        Fact::LoadStepped { .. } => "loadStepped",
        Fact::HarmBegan { .. } => "harmBegan",
        Fact::HarmEnded { .. } => "harmEnded",
        Fact::OutageBegan { .. } => "outageBegan",
        Fact::OutageEnded { .. } => "outageEnded",
        Fact::PipelineTriggered { .. } => "pipelineTriggered",
        Fact::PipelineStarted { .. } => "pipelineStarted",
        Fact::PipelineSucceeded { .. } => "pipelineSucceeded",
        Fact::PipelineFailed { .. } => "pipelineFailed",
        Fact::PipelineLost { .. } => "pipelineLost",
        Fact::HealthChanged { .. } => "healthChanged",
        Fact::HealthReported { .. } => "healthReported",
        Fact::LoopFound { .. } => "loopFound",
        Fact::Rollout(fact) => rollout::what(fact),
        Fact::OsUpgrade(fact) => os_upgrade::what(fact),
        Fact::Repairs(fact) => repairs::what(fact),
        Fact::Gallery(fact) => images::gallery_what(fact),
        Fact::Build(fact) => images::build_what(fact),
        Fact::Power(fact) => spot::power_what(fact),
        Fact::Spot(fact) => spot::spot_what(fact),
        Fact::Notice(fact) => spot::notice_what(fact),
        Fact::Maintenance(fact) => spot::maintenance_what(fact),
        Fact::Job(fact) => spot::job_what(fact),
        Fact::Autoscale(fact) => autoscale::what(fact),
        Fact::QuotaExceeded { .. } => "quotaExceeded",
        Fact::Fault(fact) => faults::what(fact),
        Fact::Flow(fact) => flows::what(fact),
        Fact::Operator(fact) => operator::what(fact),
        Fact::Place(fact) => places::what(fact),
        Fact::Guest(fact) => guest::what(fact),
    }
}

/// Whom a fact is about.
#[must_use]
pub fn subject(names: &Names<'_>, fact: &Fact) -> String {
    if let Some(instance) = instance_of(fact) {
        return names.instance(instance).to_owned();
    }
    about(names, fact).unwrap_or("run").to_owned()
}

/// Whom a fact is about that is about no instance, if it is about anyone.
fn about<'a>(names: &'a Names<'_>, fact: &Fact) -> Option<&'a str> {
    match *fact {
        Fact::ActionTaken { action } | Fact::ActionEnded { action } => Some(names.action(action)),
        Fact::CapacitySet { set, .. }
        | Fact::ScaleRefused { set, .. }
        | Fact::QuotaExceeded { set, .. }
        | Fact::ModelChanged { set, .. } => Some(names.set(set)),
        Fact::Fault(ref fact) => faults::about(names, fact),
        Fact::Flow(ref fact) => Some(names.pool(fact.pool())),
        Fact::Operator(ref fact) => operator::about(names, fact),
        Fact::Place(ref fact) => Some(names.set(fact.set())),
        Fact::Guest(ref fact) => guest::about(names, fact),
        Fact::CodeReleased { code } => Some(names.code(code)),
        Fact::DependencyDown { dependency } | Fact::DependencyUp { dependency } => Some(names.dependency(dependency)),
        Fact::ProbesBlocked { pool }
        | Fact::ProbesUnblocked { pool }
        | Fact::FailedOpen { pool }
        | Fact::FailedOpenEnded { pool }
        | Fact::LoadStepped { pool, .. }
        | Fact::HarmBegan { pool }
        | Fact::HarmEnded { pool }
        | Fact::OutageBegan { pool }
        | Fact::OutageEnded { pool } => Some(names.pool(pool)),
        Fact::Rollout(ref fact) => fact.set().map(|set| names.set(set)),
        Fact::OsUpgrade(ref fact) => fact.set().map(|set| names.set(set)),
        Fact::Repairs(ref fact) => fact.set().map(|set| names.set(set)),
        Fact::Gallery(ref fact) => images::gallery_about(names, fact),
        Fact::Build(ref fact) => Some(names.builder(fact.builder())),
        Fact::Spot(ref fact) => spot::spot_about(names, fact),
        Fact::Maintenance(ref fact) => spot::maintenance_about(names, fact),
        Fact::Autoscale(ref fact) => Some(autoscale::about(names, fact)),
        Fact::RunBegan
        | Fact::LoopFound { .. }
        | Fact::Power(_)
        | Fact::Notice(_)
        | Fact::Job(_)
        | Fact::InstanceStood { .. }
        | Fact::InstanceCreated { .. }
        | Fact::InstanceRunning { .. }
        | Fact::InstanceBooted { .. }
        | Fact::BootFailed { .. }
        | Fact::ExtensionDone { .. }
        | Fact::ExtensionFailed { .. }
        | Fact::ExtensionsTimedOut { .. }
        | Fact::InstanceProvisioned { .. }
        | Fact::InstanceDeleting { .. }
        | Fact::DeletionFailed { .. }
        | Fact::InstanceDeleted { .. }
        | Fact::UpdateBegan { .. }
        | Fact::DiskSwapped { .. }
        | Fact::UpdateRefused { .. }
        | Fact::ProtectionSet { .. }
        | Fact::HealthCleared { .. }
        | Fact::ProcessStarted { .. }
        | Fact::ProcessStopped { .. }
        | Fact::Warmed { .. }
        | Fact::Degraded { .. }
        | Fact::CodeInstalled { .. }
        | Fact::Frozen { .. }
        | Fact::Thawed { .. }
        | Fact::ServiceChanged { .. }
        | Fact::JoinedPool { .. }
        | Fact::LeftPool { .. }
        | Fact::ProbeUp { .. }
        | Fact::ProbeDown { .. }
        | Fact::AdminStateSet { .. }
        | Fact::InRotation { .. }
        | Fact::OutOfRotation { .. }
        | Fact::ConnectionsClosed { .. }
        | Fact::PipelineTriggered { .. }
        | Fact::PipelineStarted { .. }
        | Fact::PipelineSucceeded { .. }
        | Fact::PipelineFailed { .. }
        | Fact::PipelineLost { .. }
        | Fact::HealthChanged { .. }
        | Fact::HealthReported { .. } => None,
    }
}

fn pairs(parts: &[(&str, &dyn Display)]) -> String {
    let parts: Vec<String> = parts.iter().map(|(key, value)| format!("{key}={value}")).collect();
    parts.join("; ")
}

fn birth(names: &Names<'_>, set: SetId, image: ImageId, at: Placement) -> String {
    pairs(&[
        ("set", &names.set(set)),
        ("image", &names.image(image)),
        ("zone", &at.zone),
        ("faultDomain", &at.fault_domain),
        ("placementGroup", &at.group),
    ])
}

fn detail(names: &Names<'_>, fact: &Fact) -> String {
    match *fact {
        Fact::InstanceStood { set, image, at, .. } | Fact::InstanceCreated { set, image, at, .. } => {
            birth(names, set, image, at)
        }
        Fact::ActionTaken { action } => names.act(action),
        Fact::CapacitySet { from, to, .. } => pairs(&[("from", &from), ("to", &to)]),
        Fact::ScaleRefused { short, why, .. } => pairs(&[("short", &short), ("why", &refusal_code(why))]),
        Fact::ExtensionDone { instance, extension } | Fact::ExtensionFailed { instance, extension } => {
            pairs(&[("extension", &names.extension(instance, extension))])
        }
        Fact::UpdateBegan { how, image, .. } => pairs(&[("how", &operation_code(how)), ("image", &names.image(image))]),
        Fact::DiskSwapped { image, .. } => pairs(&[("image", &names.image(image))]),
        Fact::UpdateRefused { why, .. } => pairs(&[("why", &refusal_code(why))]),
        Fact::ModelChanged { revision, .. } => pairs(&[("revision", &revision)]),
        Fact::ProtectionSet { from_scale_in, from_scale_set_actions, .. } => {
            pairs(&[("protectFromScaleIn", &from_scale_in), ("protectFromScaleSetActions", &from_scale_set_actions)])
        }
        Fact::InstanceDeleting { why, .. } => pairs(&[("why", &deletion_code(why))]),
        Fact::DeletionFailed { attempt, again, .. } => pairs(&[("attempt", &attempt), ("again", &again)]),
        Fact::CodeInstalled { code, .. } => pairs(&[("code", &names.code(code))]),
        Fact::ServiceChanged { to, .. } => pairs(&[("to", &service_code(to))]),
        Fact::ProbeDown { pool, why, .. } => pairs(&[("pool", &names.pool(pool)), ("why", &probe_code(why))]),
        Fact::AdminStateSet { pool, to, .. } => pairs(&[("pool", &names.pool(pool)), ("to", &admin_code(to))]),
        Fact::OutOfRotation { pool, flows, .. } => pairs(&[("pool", &names.pool(pool)), ("flows", &flows_code(flows))]),
        Fact::JoinedPool { pool, .. }
        | Fact::LeftPool { pool, .. }
        | Fact::ProbeUp { pool, .. }
        | Fact::InRotation { pool, .. }
        | Fact::ConnectionsClosed { pool, .. } => pairs(&[("pool", &names.pool(pool))]),
        Fact::LoadStepped { step, .. } => pairs(&[("step", &step)]),
        Fact::PipelineTriggered { pipeline, .. }
        | Fact::PipelineStarted { pipeline, .. }
        | Fact::PipelineSucceeded { pipeline, .. }
        | Fact::PipelineFailed { pipeline, .. }
        | Fact::PipelineLost { pipeline, .. } => pairs(&[("pipeline", &names.pipeline(pipeline))]),
        Fact::HealthChanged { to, .. } | Fact::HealthReported { to, .. } => pairs(&[("to", &health_word(to))]),
        Fact::LoopFound { rounds } => pairs(&[("rounds", &rounds)]),
        Fact::Rollout(ref fact) => rollout::detail(names, fact),
        Fact::OsUpgrade(ref fact) => os_upgrade::detail(names, fact),
        Fact::Repairs(ref fact) => repairs::detail(names, fact),
        Fact::Gallery(ref fact) => images::gallery_detail(names, fact),
        Fact::Build(ref fact) => images::build_detail(names, fact),
        Fact::Power(ref fact) => spot::power_detail(fact),
        Fact::Spot(ref fact) => spot::spot_detail(fact),
        Fact::Notice(ref fact) => spot::notice_detail(names, fact),
        Fact::Maintenance(ref fact) => spot::maintenance_detail(fact),
        Fact::Job(ref fact) => spot::job_detail(fact),
        Fact::Autoscale(ref fact) => autoscale::detail(names, fact),
        Fact::QuotaExceeded { .. } => faults::quota_detail(names, fact),
        Fact::Fault(ref fact) => faults::detail(names, fact),
        Fact::Flow(ref fact) => flows::detail(names, fact),
        Fact::Operator(ref fact) => operator::detail(fact),
        Fact::Place(ref fact) => places::detail(names, fact),
        Fact::Guest(ref fact) => guest::detail(names, fact),
        Fact::RunBegan
        | Fact::ActionEnded { .. }
        | Fact::InstanceRunning { .. }
        | Fact::InstanceBooted { .. }
        | Fact::BootFailed { .. }
        | Fact::ExtensionsTimedOut { .. }
        | Fact::InstanceProvisioned { .. }
        | Fact::InstanceDeleted { .. }
        | Fact::HealthCleared { .. }
        | Fact::ProcessStarted { .. }
        | Fact::ProcessStopped { .. }
        | Fact::Warmed { .. }
        | Fact::Degraded { .. }
        | Fact::CodeReleased { .. }
        | Fact::DependencyDown { .. }
        | Fact::DependencyUp { .. }
        | Fact::Frozen { .. }
        | Fact::Thawed { .. }
        | Fact::ProbesBlocked { .. }
        | Fact::ProbesUnblocked { .. }
        | Fact::FailedOpen { .. }
        | Fact::FailedOpenEnded { .. }
        | Fact::HarmBegan { .. }
        | Fact::HarmEnded { .. }
        | Fact::OutageBegan { .. }
        | Fact::OutageEnded { .. } => String::new(),
    }
}

/// A fact as one English sentence, without a full stop. The table is long, but it is one: a new fact has one place here.
#[must_use]
pub fn sentence(names: &Names<'_>, fact: &Fact) -> String {
    let who = instance_of(fact).map_or("", |instance| names.instance(instance));
    let pool = |id| names.pool(id);
    let line = |id| names.pipeline(id);
    match *fact {
        Fact::InstanceStood { image, at, .. } => {
            format!("{who} stands there from the start, from image {}, in {}", names.image(image), place(at))
        }
        Fact::InstanceCreated { image, at, .. } => {
            format!("{who} is created from image {}, in {}", names.image(image), place(at))
        }
        Fact::InstanceRunning { .. } => format!("{who} runs and begins to boot"),
        Fact::InstanceBooted { .. } => format!("{who} has booted"),
        Fact::BootFailed { .. } => format!("{who} does not come up: OSProvisioningTimedOut"),
        Fact::ExtensionDone { instance, extension } => {
            format!("extension {} is done on {who}", names.extension(instance, extension))
        }
        Fact::ExtensionFailed { instance, extension } => {
            let name = names.extension(instance, extension);
            format!("extension {name} fails on {who}: VMExtensionProvisioningError")
        }
        Fact::ExtensionsTimedOut { .. } => {
            format!("the extensions of {who} outlast their budget: VMExtensionProvisioningTimeout")
        }
        Fact::InstanceProvisioned { .. } => format!("{who} is provisioned: its state is Succeeded"),
        Fact::InstanceDeleting { why, .. } => format!("{who} is being deleted{}", deletion_sentence(why)),
        Fact::DeletionFailed { attempt, again: true, .. } => {
            format!("{who} could not be deleted, attempt {attempt} of 5; it is tried again")
        }
        Fact::DeletionFailed { .. } => format!("{who} could not be deleted: it stays Failed, and counts"),
        Fact::InstanceDeleted { .. } => format!("{who} is gone"),
        Fact::UpdateBegan { how: Operation::Create, .. } => format!("{who} is being made"),
        Fact::UpdateBegan { how: Operation::Swap, image, .. } => {
            format!("{who} stops, and its OS disk is swapped for one of {}", names.image(image))
        }
        Fact::UpdateBegan { how: Operation::Reimage, image, .. } => {
            format!("{who} stops, and its OS disk is made anew from {}", names.image(image))
        }
        Fact::UpdateBegan { how: Operation::Restore, image, .. } => {
            format!("{who} stops, and its previous OS disk, of {}, is put back", names.image(image))
        }
        Fact::UpdateBegan { how: Operation::Restart, .. } => format!("{who} is restarted"),
        Fact::UpdateBegan { how: Operation::Start, .. } => format!("{who} is started"),
        Fact::UpdateBegan { how: Operation::Heal, .. } => {
            format!("{who} goes down, to come back on the disk that it has")
        }
        Fact::UpdateBegan { how: Operation::Extensions, .. } => format!("{who} is brought to the newest model"),
        Fact::DiskSwapped { image, .. } => format!("{who} has an OS disk of {} from now on", names.image(image)),
        Fact::UpdateRefused { why, .. } => {
            format!("{who} cannot be brought to the model: {}", refusal_reason(why))
        }
        Fact::ModelChanged { set, revision } => {
            format!("the model of {} is written: revision {revision} is the newest", names.set(set))
        }
        Fact::ProtectionSet { from_scale_in: false, from_scale_set_actions: false, .. } => {
            format!("{who} is protected from nothing any more")
        }
        Fact::ProtectionSet { from_scale_set_actions: true, .. } => {
            format!("{who} is protected from scale-in and from actions on the scale set")
        }
        Fact::ProtectionSet { .. } => format!("{who} is protected from scale-in"),
        Fact::HealthCleared { .. } => format!("nobody knows the health of {who} until it reports again"),
        Fact::ProcessStarted { .. } => format!("the process on {who} starts and listens"),
        Fact::ProcessStopped { .. } => format!("the process on {who} stops"),
        Fact::Warmed { .. } => format!("{who} is warm"),
        Fact::Degraded { .. } => format!("the version on {who} has worked as long as it does"),
        Fact::CodeInstalled { code, .. } => format!("{} is installed on {who}", names.code(code)),
        Fact::Frozen { .. } => format!("{who} is frozen"),
        Fact::Thawed { .. } => format!("{who} goes on after its freeze"),
        Fact::ServiceChanged { to: Service::Cannot, .. } => format!("{who} cannot serve users"),
        Fact::ServiceChanged { to: Service::Stale, .. } => {
            format!("{who} can serve users, but with code older than they need")
        }
        Fact::ServiceChanged { to: Service::Ready, .. } => format!("{who} can serve users well"),
        Fact::JoinedPool { pool: id, .. } => format!("{who} is in the pool of {}", pool(id)),
        Fact::LeftPool { pool: id, .. } => format!("{who} leaves the pool of {}, and its connections end", pool(id)),
        Fact::ProbeUp { pool: id, .. } => format!("{who} answers its probe: the balancer {} holds it up", pool(id)),
        Fact::ProbeDown { pool: id, why: ProbeFailure::Refused, .. } => {
            format!("{who} refuses its probe: the balancer {} holds it down", pool(id))
        }
        Fact::ProbeDown { pool: id, why: ProbeFailure::Silent, .. } => {
            format!("{who} does not answer its probe: the balancer {} holds it down", pool(id))
        }
        Fact::AdminStateSet { pool: id, to, .. } => {
            format!("the admin state of {who} at {} is {} from now on", pool(id), admin_code(to))
        }
        Fact::InRotation { pool: id, .. } => format!("{} sends new connections to {who}", pool(id)),
        Fact::OutOfRotation { pool: id, flows: Flows::Kept, .. } => {
            format!("{} sends no new connections to {who}; those there are go on", pool(id))
        }
        Fact::OutOfRotation { pool: id, flows: Flows::Cut, .. } => {
            format!("{} sends no new connections to {who}, and those there are end", pool(id))
        }
        Fact::ConnectionsClosed { pool: id, .. } => format!("the last connections of {} to {who} close", pool(id)),
        Fact::PipelineTriggered { pipeline, .. } => format!("pipeline {} notices {who}", line(pipeline)),
        Fact::PipelineStarted { pipeline, .. } => format!("pipeline {} starts on {who}", line(pipeline)),
        Fact::PipelineSucceeded { pipeline, .. } => format!("pipeline {} succeeds on {who}", line(pipeline)),
        Fact::PipelineFailed { pipeline, .. } => format!("pipeline {} fails on {who}", line(pipeline)),
        Fact::PipelineLost { pipeline, .. } => {
            format!("pipeline {} has lost {who}: it was deleted meanwhile", line(pipeline))
        }
        Fact::HealthChanged { to, .. } => format!("the health extension on {who} says {}", health_word(to)),
        Fact::HealthReported { to, .. } => {
            format!("the scale set learns that the health of {who} is {}", health_word(to))
        }
        Fact::RunBegan => "the run begins, with the fleet as declared".to_owned(),
        Fact::ActionTaken { action } => format!("timeline, “{}”: {}", names.action(action), names.act(action)),
        Fact::ActionEnded { action } => format!("timeline, “{}” is over", names.action(action)),
        Fact::CapacitySet { set, from, to } => {
            format!("the capacity of {} is set from {from} to {to}", names.set(set))
        }
        Fact::ScaleRefused { set, short, why } => {
            format!("{} is left {short} short: {}", names.set(set), refusal_reason(why))
        }
        Fact::CodeReleased { code } => format!("users need {} from now on", names.code(code)),
        Fact::DependencyDown { dependency } => format!("{} is down", names.dependency(dependency)),
        Fact::DependencyUp { dependency } => format!("{} is up again", names.dependency(dependency)),
        Fact::ProbesBlocked { pool: id } => format!("the probes of {} get no answer from anyone", pool(id)),
        Fact::ProbesUnblocked { pool: id } => format!("the probes of {} get through again", pool(id)),
        Fact::FailedOpen { pool: id } => {
            format!("every backend of {} is probed down, and it sends new connections to all of them", pool(id))
        }
        Fact::FailedOpenEnded { pool: id } => {
            format!("a backend of {} is probed up again, and probes decide", pool(id))
        }
        Fact::LoadStepped { pool: id, step: 0 } => format!("the load of {} is below every step again", pool(id)),
        Fact::LoadStepped { pool: id, step } => {
            format!("the load of {} is at step {step}: answers slow down", pool(id))
        }
        Fact::HarmBegan { pool: id } => format!("users of {} begin to be harmed", pool(id)),
        Fact::HarmEnded { pool: id } => format!("users of {} are no longer harmed", pool(id)),
        Fact::OutageBegan { pool: id } => format!("nobody is served at {}", pool(id)),
        Fact::OutageEnded { pool: id } => format!("users of {} are served again", pool(id)),
        Fact::LoopFound { rounds } => {
            format!("controllers undid each other {rounds} times at one instant; the run was stopped there")
        }
        Fact::Rollout(ref fact) => rollout::sentence(names, fact),
        Fact::OsUpgrade(ref fact) => os_upgrade::sentence(names, fact),
        Fact::Repairs(ref fact) => repairs::sentence(names, fact),
        Fact::Gallery(ref fact) => images::gallery_sentence(names, fact),
        Fact::Build(ref fact) => images::build_sentence(names, fact),
        Fact::Power(ref fact) => spot::power_sentence(who, fact),
        Fact::Spot(ref fact) => spot::spot_sentence(names, who, fact),
        Fact::Notice(ref fact) => spot::notice_sentence(names, who, fact),
        Fact::Maintenance(ref fact) => spot::maintenance_sentence(names, who, fact),
        Fact::Job(ref fact) => spot::job_sentence(who, fact),
        Fact::Autoscale(ref fact) => autoscale::sentence(names, fact),
        Fact::QuotaExceeded { .. } => faults::quota_sentence(names, fact),
        Fact::Fault(ref fact) => faults::sentence(names, who, fact),
        Fact::Flow(ref fact) => flows::sentence(names, who, fact),
        Fact::Operator(ref fact) => operator::sentence(names, who, fact),
        Fact::Place(ref fact) => places::sentence(names, who, fact),
        Fact::Guest(ref fact) => guest::sentence(names, who, fact),
    }
}
