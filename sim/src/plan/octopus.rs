//! Octopus Deploy beside a fleet: how instances become deployment targets, who checks them, and what projects do with them.

use super::Code;
use crate::engine::random::Dist;
use crate::engine::time::SimDuration;
use std::collections::BTreeSet;

/// The most steps of a project: a deployment remembers those that were skipped by hand as bits.
pub const STEPS_MAX: usize = 32;

/// An Octopus server with what it looks after. Without targets there is none.
#[derive(Clone, Debug, Default)]
pub struct Octopus {
    /// Machine policies.
    pub policies: Vec<MachinePolicy>,
    /// Whose instances become targets, at most one a scale set.
    pub targets: Vec<TargetGroup>,
    /// Where projects deploy to, at least one where there are targets: an environment, and a tenant in it, if there is one.
    pub places: Vec<Place>,
    /// Names of roles.
    pub roles: Vec<String>,
    /// Projects.
    pub projects: Vec<Project>,
    /// Lifecycles.
    pub lifecycles: Vec<Lifecycle>,
}

/// A lifecycle: where a release of a project goes, and in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifecycle {
    /// Its name.
    pub name: String,
    /// Its phases, in order.
    pub phases: Vec<Phase>,
}

/// A phase of a lifecycle. A place is in one phase at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// The places in its environments to which a person deploys, as indices into [`Octopus::places`].
    pub manual: Vec<u16>,
    /// Those that a release is deployed to as soon as it comes to the phase.
    pub automatic: Vec<u16>,
    /// What it takes to go on to the next phase.
    pub required: Required,
}

/// What a release needs in a phase before it may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    /// A success in every environment.
    All,
    /// A success in so many.
    Minimum(u32),
    /// Nothing.
    Nothing,
}

/// An environment, and a tenant in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The environment.
    pub environment: String,
    /// The tenant, if deployments are for one.
    pub tenant: Option<String>,
}

impl Place {
    /// How it is shown: `production`, or `production/contoso`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.tenant {
            None => self.environment.clone(),
            Some(tenant) => format!("{}/{tenant}", self.environment),
        }
    }
}

/// A machine policy.
#[derive(Clone, Debug, PartialEq)]
pub struct MachinePolicy {
    /// Its name.
    pub name: String,
    /// From one health check to the next.
    pub interval: SimDuration,
    /// A check deletes a target that has been unavailable for as long as this.
    pub delete_after: Option<SimDuration>,
    /// When Calamari is installed on a new target.
    pub calamari: Calamari,
    /// How often the script of a health check warns, 0 to 1.
    pub warns: f64,
    /// How often it fails: the target is unhealthy, 0 to 1.
    pub fails: f64,
}

crate::words! {
    /// When Calamari is installed on a new target.
    pub enum Calamari {
        /// In its first deployment.
        OnDeployment => "onDeployment",
        /// In its first health check.
        Always => "always",
    }
}

/// How the instances of a scale set become targets.
#[derive(Clone, Debug)]
pub struct TargetGroup {
    /// Its name.
    pub name: String,
    /// The set.
    pub set: u16,
    /// The roles of its targets, as bits.
    pub roles: u32,
    /// Index into [`Octopus::places`].
    pub place: u16,
    /// Index into [`Octopus::policies`].
    pub policy: u16,
    /// What registers them.
    pub by: Registration,
    /// How long after that.
    pub after: SimDuration,
    /// What registers them may run twice on an instance.
    pub idempotent: bool,
    /// What targets are called.
    pub naming: TargetName,
    /// What the host names of the set begin with.
    pub prefix: String,
}

crate::words! {
    /// What registers an instance as a target.
    pub enum Registration {
        /// A script that runs once the operating system is up; Azure does not wait for it (EX-01).
        Script => "script",
        /// An extension of the model: an instance is provisioned when it is done.
        Extension => "extension",
    }
}

crate::words! {
    /// What a target is called.
    pub enum TargetName {
        /// By the host name of its machine, as Azure forms it.
        ComputerName => "computerName",
        /// By the name of the instance within its set, which is another one.
        InstanceName => "instanceName",
        /// By a host name of prefix and number without zeros, as of machines that people named: web1, web10.
        Numbered => "numbered",
    }
}

/// A project.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// The release that every place has when the run begins, if it has one.
    pub deployed: Option<Code>,
    /// Roles that it deploys to, as bits: a target has one of them.
    pub roles: u32,
    /// Deployments without a target are allowed.
    pub allows_none: bool,
    /// Targets that are unavailable are skipped; else they fail a deployment.
    pub skips_unavailable: bool,
    /// Targets that are unhealthy are left out; else they are deployed to.
    pub excludes_unhealthy: bool,
    /// What goes wrong waits for a person, who answers so after so long.
    pub guided: Option<Guided>,
    /// What deploys without anybody asking.
    pub trigger: Option<DeploymentTrigger>,
    /// Index into [`Octopus::lifecycles`]; without one a release may go anywhere at any time.
    pub lifecycle: Option<u16>,
    /// Its process, at most [`STEPS_MAX`] steps.
    pub steps: Vec<Step>,
}

/// Guided failure mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guided {
    /// What the person chooses.
    pub answer: GuidedAnswer,
    /// How long it takes until then.
    pub delay: SimDuration,
}

crate::words! {
    /// What a person chooses in a guided failure.
    pub enum GuidedAnswer {
        /// The deployment has failed.
        Fail => "fail",
        /// The step runs on the target again.
        Retry => "retry",
        /// The target goes on with the next step.
        Ignore => "ignore",
        /// The rest of the deployment is without the target.
        Exclude => "exclude",
    }
}

impl From<crate::rules::choice::OctopusGuidedAnswer> for GuidedAnswer {
    fn from(assumed: crate::rules::choice::OctopusGuidedAnswer) -> Self {
        use crate::rules::choice::OctopusGuidedAnswer as Assumed;
        match assumed {
            Assumed::Exclude => Self::Exclude,
            Assumed::Fail => Self::Fail,
            Assumed::Retry => Self::Retry,
            Assumed::Ignore => Self::Ignore,
        }
    }
}

/// A deployment target trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeploymentTrigger {
    /// The events that it fires by.
    pub on: TriggerOn,
    /// It deploys to targets that have the release, too.
    pub redeploys: bool,
}

crate::words! {
    /// A group of events of targets.
    pub enum TriggerOn {
        /// Found healthy, or with warnings.
        BecomesAvailable => "becomesAvailable",
        /// Registered.
        Created => "created",
        /// Found in another state of health.
        HealthChanged => "healthChanged",
    }
}

/// A step of a process.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// When it runs.
    pub condition: Condition,
    /// What it does.
    pub what: StepKind,
}

crate::words! {
    /// When a step runs.
    pub enum Condition {
        /// Always.
        Always => "always",
        /// If the check of the scale set found targets to deploy to.
        HasServersToDeployTo => "hasServersToDeployTo",
        /// If a trigger began the deployment.
        Triggered => "triggered",
    }
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// It runs on targets.
    Targets(OnTargets),
    /// It checks the health of the targets of the deployment, and drops and adds some (OC-10).
    HealthCheck {
        /// Targets that are unavailable are dropped; else they fail it.
        skips_unavailable: bool,
        /// Targets that the deployment does not have are added.
        includes_new: bool,
    },
    /// "Check VMSS Provision Status" (OC-11).
    Provision(ProvisionCheck),
    /// "Deploy Child Octopus Deploy Project": redeploys what another project has in the environment.
    Child(DeployChild),
}

/// A step that runs on targets.
#[derive(Clone, Debug)]
pub struct OnTargets {
    /// How long it takes on one.
    pub duration: Dist,
    /// How often it fails on one, 0 to 1.
    pub failure: f64,
    /// How many at once.
    pub window: u32,
    /// It installs the release.
    pub installs: bool,
    /// It starts the process; until then the process of a new instance does not run.
    pub starts_process: bool,
    /// Roles of which a target has one, as bits; all of the project where 0.
    pub roles: u32,
    /// Which of the targets of the deployment.
    pub of: Of,
}

crate::words! {
    /// Which targets.
    pub enum Of {
        /// All of the deployment.
        Deployment => "deployment",
        /// Those that the check of the scale set names.
        Output => "output",
    }
}

/// The parameters of "Check VMSS Provision Status".
#[derive(Clone, Debug)]
pub struct ProvisionCheck {
    /// The set.
    pub set: u16,
    /// The account may read it (OC-13).
    pub readable: bool,
    /// Roles that a target of the set has, all of them, as bits.
    pub roles: u32,
    /// How long each of the two waits takes at most.
    pub timeout: SimDuration,
    /// Whether the second wait fails when it is over; else it goes on (OC-12).
    pub fails_at_timeout: bool,
    /// A run that was queued no later than this after the last one ended is a duplicate (OC-16).
    pub duplicate_time: SimDuration,
    /// Whether a duplicate is cancelled; else it goes on, and has nothing to deploy to.
    pub cancels_duplicates: bool,
    /// Whether targets that were there before are left out (OC-18).
    pub excludes_existing: bool,
}

/// The parameters of "Deploy Child Octopus Deploy Project".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeployChild {
    /// Index into [`Octopus::projects`].
    pub project: u16,
    /// It waits until the deployment of the child ends, and cancels it after so long.
    pub waits: Option<SimDuration>,
    /// Which targets.
    pub of: Of,
}

/// What a person does with Octopus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OctopusAct {
    /// Create a release of a project, and deploy it nowhere.
    Create {
        /// The project.
        project: u16,
        /// The release.
        release: Code,
    },
    /// Deploy a release of a project.
    Deploy {
        /// The project.
        project: u16,
        /// The release.
        release: Code,
        /// Index into [`Octopus::places`].
        place: u16,
        /// Steps that are skipped, as bits.
        skip: u32,
    },
}

impl Octopus {
    /// The lifecycle of a project, if it has one.
    #[must_use]
    pub fn lifecycle(&self, project: u16) -> Option<&Lifecycle> {
        self.projects[usize::from(project)].lifecycle.map(|at| &self.lifecycles[usize::from(at)])
    }

    /// Whether anything is deployed by itself as a release goes on.
    #[must_use]
    pub fn promotes(&self, project: u16) -> bool {
        self.lifecycle(project).is_some_and(|of| of.phases.iter().any(|phase| !phase.automatic.is_empty()))
    }

    /// How many phases a release of a project has to complete, those of each tenant counted by themselves.
    #[must_use]
    pub fn phases_to_complete(&self, project: u16) -> u32 {
        let Some(lifecycle) = self.lifecycle(project) else { return 0 };
        let tenants = |phase: &Phase| {
            let tenants: BTreeSet<_> = phase.places().map(|place| &self.places[usize::from(place)].tenant).collect();
            tenants.len() as u32
        };
        lifecycle.phases.iter().filter(|phase| phase.required != Required::Nothing).map(tenants).sum()
    }

    /// Whether there is anything for it to do.
    #[must_use]
    pub const fn is_there(&self) -> bool {
        !self.targets.is_empty()
    }

    /// The group whose targets the instances of a set are.
    #[must_use]
    pub fn group(&self, set: u16) -> Option<u16> {
        self.targets.iter().position(|group| group.set == set).map(|at| at as u16)
    }

    /// The release that the instances of a set have when the run begins, where a project has installed one.
    #[must_use]
    pub fn deployed(&self, set: u16) -> Option<Code> {
        let group = &self.targets[usize::from(self.group(set)?)];
        let of = |project: &&Project| project.roles & group.roles != 0 && project.steps.iter().any(Step::installs);
        self.projects.iter().rev().filter(of).find_map(|project| project.deployed)
    }

    /// Whether a project starts the processes of the instances of a set.
    #[must_use]
    pub fn starts_process(&self, set: u16) -> bool {
        let Some(group) = self.group(set) else { return false };
        let roles = self.targets[usize::from(group)].roles;
        let starts = |step: &Step| matches!(&step.what, StepKind::Targets(on) if on.starts_process);
        self.projects.iter().any(|project| project.roles & roles != 0 && project.steps.iter().any(starts))
    }
}

impl Phase {
    /// All of its places.
    pub fn places(&self) -> impl Iterator<Item = u16> + '_ {
        self.manual.iter().chain(&self.automatic).copied()
    }
}

impl Step {
    /// Whether it installs the release of its project.
    #[must_use]
    pub const fn installs(&self) -> bool {
        matches!(&self.what, StepKind::Targets(on) if on.installs)
    }
}

impl Project {
    /// A project with this name and process that says no more than it must, for targets of the first role.
    #[must_use]
    pub fn plain(name: &str, steps: Vec<Step>) -> Self {
        Self {
            name: name.into(),
            deployed: None,
            roles: 1,
            allows_none: true,
            skips_unavailable: true,
            excludes_unhealthy: true,
            guided: None,
            trigger: None,
            lifecycle: None,
            steps,
        }
    }
}
