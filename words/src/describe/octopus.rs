//! What happens in Octopus, in words.

use super::Names;
use crate::number::counted;
use windtunnel_sim::plan::{Code, GuidedAnswer, OctopusAct};
use windtunnel_sim::world::fact::{OctopusFact, SkipReason, StepTrouble, TargetEnd, TargetHealth, TaskBy, TaskEnd};
use windtunnel_sim::world::ids::{InstanceId, ProjectId};

impl Names<'_> {
    /// A project of Octopus.
    #[must_use]
    pub fn project(&self, id: ProjectId) -> &str {
        &self.plan.octopus.projects[id.index()].name
    }

    /// A step of a project.
    #[must_use]
    pub fn step(&self, project: ProjectId, step: u8) -> &str {
        &self.plan.octopus.projects[project.index()].steps[usize::from(step)].name
    }

    /// A phase of the lifecycle of a project.
    pub(super) fn phase(&self, project: ProjectId, phase: u8) -> &str {
        let lifecycle = self.plan.octopus.lifecycle(project.0);
        lifecycle.and_then(|of| of.phases.get(usize::from(phase))).map_or("?", |phase| &phase.name)
    }

    /// What a person does with Octopus.
    pub(super) fn octopus_act(&self, act: &OctopusAct) -> String {
        match *act {
            OctopusAct::Create { project, release } => {
                format!("create release {} of {}", self.code(release), self.project(ProjectId(project)))
            }
            OctopusAct::Deploy { project, release, place, .. } => {
                let place = self.plan.octopus.places[usize::from(place)].name();
                format!("deploy {} of {} to {place}", self.code(release), self.project(ProjectId(project)))
            }
        }
    }
}

/// It as a sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &OctopusFact) -> String {
    let step = |project, step| names.step(project, step);
    match *fact {
        OctopusFact::Registered { .. } => format!("{who} is a deployment target of Octopus"),
        OctopusFact::Reregistered { .. } => format!("{who} is registered again, as the target that it was"),
        OctopusFact::RegistrationFailed { .. } => {
            format!("{who} cannot be registered: Octopus has a target of this name already")
        }
        OctopusFact::Found { to, .. } => format!("Octopus finds {who} {}", health(to)),
        OctopusFact::Removed { by: TargetEnd::CleanedUp, .. } => {
            format!("Octopus deletes the target {who}, which has been unavailable for long enough")
        }
        OctopusFact::Removed { by: TargetEnd::Reconciled, .. } => {
            format!("Octopus deletes the target {who}, since the scale set has no machine of this name")
        }
        OctopusFact::Kept { by, .. } => {
            let by = names.instance(by);
            format!("the target {who} has no machine and stays, since its name and that of {by} contain each other")
        }
        OctopusFact::TriggerIdle { place, .. } => {
            let place = names.plan.octopus.places[usize::from(place)].name();
            format!("the trigger of {who} fires, and {place} has no successful release that it could deploy")
        }
        OctopusFact::Queued { task, place, release, by, targets, .. } => {
            queued(names, who, (task, place), (release, by, targets))
        }
        OctopusFact::Started { task, targets, .. } => {
            format!("deployment {task} of {who} starts with {}", targets_of(targets))
        }
        OctopusFact::Ended { task, how, .. } => format!("deployment {task} of {who} {}", ended(how)),
        OctopusFact::StepStarted { project, task, step: at } => {
            format!("deployment {task} of {who} comes to “{}”", step(project, at))
        }
        OctopusFact::StepSkipped { project, task, step: at } => {
            format!("deployment {task} of {who} leaves out “{}”", step(project, at))
        }
        OctopusFact::StepFailed { project, task, step: at, why } => {
            format!("“{}” fails in deployment {task} of {who}: {}", step(project, at), trouble(why))
        }
        OctopusFact::Began { project, step: at, .. } => format!("“{}” starts on {who}", step(project, at)),
        OctopusFact::Done { project, step: at, .. } => format!("“{}” is done on {who}", step(project, at)),
        OctopusFact::FailedOn { project, step: at, why, .. } => {
            format!("“{}” fails on {who}: {}", step(project, at), trouble(why))
        }
        OctopusFact::Skipped { task, why, .. } => format!("deployment {task} goes on without {who}: {}", skipped(why)),
        OctopusFact::Added { task, .. } => format!("deployment {task} goes on with {who}, which came since"),
        OctopusFact::Asked { task, instance, .. } => {
            format!("deployment {task} of {who} waits for a person{}", about(names, instance))
        }
        OctopusFact::Answered { task, instance, answer, .. } => {
            format!("a person answers deployment {task} of {who}{}: {}", about(names, instance), chosen(answer))
        }
        OctopusFact::Duplicate { task, canceled, .. } => {
            let then = if canceled { "cancelled" } else { "carried on with nothing to deploy to" };
            format!("deployment {task} of {who} is taken for a duplicate, and is {then}")
        }
        OctopusFact::Unreadable { task, .. } => {
            format!("deployment {task} of {who} cannot read the scale set, and goes on as if all were well")
        }
        OctopusFact::WaitGivenUp { task, .. } => {
            format!(
                "deployment {task} of {who} has waited long enough for machines that are being created, and goes on"
            )
        }
        OctopusFact::PreExisting { task, .. } => format!("deployment {task} leaves {who} out: it was there before"),
        OctopusFact::Checked { task, targets, deploys, .. } => {
            let found = targets_of(targets);
            let then = if deploys { "to deploy to" } else { "and says that there is nothing to deploy to" };
            format!("the check of the scale set in deployment {task} of {who} names {found} {then}")
        }
        OctopusFact::ReleaseCreated { release, .. } => {
            format!("{who} has release {}, which begins its lifecycle", names.code(release))
        }
        OctopusFact::PhaseCompleted { project, release, place, phase } => {
            let tenant = names.plan.octopus.places[usize::from(place)].tenant.as_ref();
            let of = tenant.map_or_else(String::new, |tenant| format!(" for {tenant}"));
            let phase = names.phase(project, phase);
            format!("release {} of {who} has completed the phase “{phase}”{of}", names.code(release))
        }
        OctopusFact::Refused { project, release, place, phase } => {
            let (release, place) = (names.code(release), names.plan.octopus.places[usize::from(place)].name());
            let why = match phase {
                Some(phase) => format!("the phase “{}” is not complete", names.phase(project, phase)),
                None => "it is in no phase of the lifecycle".to_owned(),
            };
            format!("Octopus refuses to deploy {release} of {who} to {place}: {why}")
        }
    }
}

fn queued(
    names: &Names<'_>,
    who: &str,
    (task, place): (u32, u16),
    (release, by, targets): (Code, TaskBy, u32),
) -> String {
    let place = names.plan.octopus.places[usize::from(place)].name();
    let by = match by {
        TaskBy::Person => "a person asks for",
        TaskBy::Trigger => "a trigger asks for",
        TaskBy::Parent => "a step of another project asks for",
        TaskBy::Lifecycle => "the lifecycle asks for",
    };
    format!("{by} deployment {task}: {} of {who} to {} in {place}", names.code(release), targets_of(targets))
}

const fn ended(how: TaskEnd) -> &'static str {
    match how {
        TaskEnd::Success => "succeeds",
        TaskEnd::Failed => "fails",
        TaskEnd::Canceled => "is cancelled",
    }
}

const fn health(state: TargetHealth) -> &'static str {
    match state {
        TargetHealth::Unknown => "in an unknown state",
        TargetHealth::Healthy => "healthy",
        TargetHealth::HasWarnings => "healthy, with warnings",
        TargetHealth::Unhealthy => "unhealthy",
        TargetHealth::Unavailable => "unavailable",
    }
}

const fn trouble(why: StepTrouble) -> &'static str {
    match why {
        StepTrouble::Script => "its script fails",
        StepTrouble::Unavailable => "no answer",
        StepTrouble::Lost => "the machine went in the middle of it",
        StepTrouble::Timeout => "it has waited for too long",
        StepTrouble::Child => "the deployment that it waited for did not succeed",
    }
}

const fn skipped(why: SkipReason) -> &'static str {
    match why {
        SkipReason::Unavailable => "it is unavailable",
        SkipReason::Unhealthy => "it is unhealthy",
        SkipReason::Removed => "Octopus has it no more",
        SkipReason::Excluded => "a person excluded it",
    }
}

const fn chosen(answer: GuidedAnswer) -> &'static str {
    match answer {
        GuidedAnswer::Fail => "it has failed",
        GuidedAnswer::Retry => "try again",
        GuidedAnswer::Ignore => "ignore it",
        GuidedAnswer::Exclude => "go on without the machine",
    }
}

fn about(names: &Names<'_>, instance: Option<InstanceId>) -> String {
    instance.map_or_else(String::new, |instance| format!(", because of {}", names.instance(instance)))
}

fn targets_of(number: u32) -> String {
    counted(number, "target", "targets")
}
