//! What happens in Octopus: to targets, in the queue of tasks, and on targets in the steps of deployments.

use super::field::Field;
use super::row::facts;
use crate::plan::{Code, GuidedAnswer};
use crate::words;
use crate::world::ids::{InstanceId, ProjectId};

words! {
    /// The health of a target.
    pub enum TargetHealth {
        /// Nobody has checked it yet.
        Unknown = 0 => "Unknown",
        /// Healthy.
        Healthy = 1 => "Healthy",
        /// Healthy, with warnings.
        HasWarnings = 2 => "HasWarnings",
        /// It answers, and its script fails.
        Unhealthy = 3 => "Unhealthy",
        /// It does not answer.
        Unavailable = 4 => "Unavailable",
    }
}

words! {
    /// What removed a target.
    pub enum TargetEnd {
        /// The clean-up of its machine policy.
        CleanedUp = 0 => "cleanUp",
        /// "Check VMSS Provision Status", which found no machine for it.
        Reconciled = 1 => "reconciled",
    }
}

words! {
    /// What asked for a deployment.
    pub enum TaskBy {
        /// A person.
        Person = 0 => "person",
        /// A deployment target trigger.
        Trigger = 1 => "trigger",
        /// A step of another project.
        Parent = 2 => "parent",
        /// A phase of a lifecycle whose environment is deployed to automatically.
        Lifecycle = 3 => "lifecycle",
    }
}

words! {
    /// How a deployment ended.
    pub enum TaskEnd {
        /// Well.
        Success = 0 => "Success",
        /// Not.
        Failed = 1 => "Failed",
        /// It was cancelled.
        Canceled = 2 => "Canceled",
    }
}

words! {
    /// Why a target is left out of a deployment.
    pub enum SkipReason {
        /// It does not answer, and such targets are skipped.
        Unavailable = 0 => "unavailable",
        /// It is unhealthy, and such targets are left out.
        Unhealthy = 1 => "unhealthy",
        /// Octopus has it no more.
        Removed = 2 => "removed",
        /// A person excluded it.
        Excluded = 3 => "excluded",
    }
}

words! {
    /// Why a step fails.
    pub enum StepTrouble {
        /// What runs on a target fails.
        Script = 0 => "script",
        /// A target does not answer when the step is to begin on it.
        Unavailable = 1 => "unavailable",
        /// A target went while the step ran on it.
        Lost = 2 => "lost",
        /// It waited too long.
        Timeout = 3 => "timeout",
        /// The deployment of the child failed, or was cancelled.
        Child = 4 => "child",
    }
}

words! {
    /// Why a trigger fires and nothing is deployed.
    pub enum Idle {
        /// No deployment of the project to this place is a success.
        NoRelease = 0 => "noSuccessfulRelease",
    }
}

facts! {
    /// Something happened in Octopus.
    OctopusFact:

    /// An instance is a deployment target from now on.
    320 "targetRegistered" Registered { instance: InstanceId => subject, target: u32 };
    /// A target was registered anew, as what registers it may run twice.
    321 "targetReregistered" Reregistered { instance: InstanceId => subject, target: u32 };
    /// What registers an instance ran a second time, and failed.
    322 "registrationFailed" RegistrationFailed { instance: InstanceId => subject, target: u32 }
        in Repairs Tick "registration" Bad;
    /// A health check found a target in another state.
    323 "targetFound" Found { instance: InstanceId => subject, target: u32, to: TargetHealth };
    /// Octopus has this target no more.
    324 "targetRemoved" Removed { instance: InstanceId => subject, target: u32, by: TargetEnd };
    /// A target whose machine is gone stays, since its name and that of another machine contain each other.
    325 "targetKept" Kept { instance: InstanceId => subject, target: u32, by: InstanceId => "name" };
    /// A trigger fired, and there is nothing that it could deploy.
    326 "triggerIdle" TriggerIdle { project: ProjectId => subject, place: u16, why: Idle } in Pipelines Tick "trigger" Bad;
    /// A deployment is in the queue of tasks.
    327 "deploymentQueued" Queued {
        project: ProjectId => subject, task: u32, place: u16, release: Code => ["release" = Field::Code(release)], by: TaskBy,
        targets: u32,
    } in Pipelines Begin "queue" Wait;
    /// A deployment began.
    328 "deploymentStarted" Started { project: ProjectId => subject, task: u32, targets: u32 }
        in Pipelines Stage "queue" Work;
    /// A deployment ended.
    329 "deploymentEnded" Ended { project: ProjectId => subject, task: u32, how: TaskEnd }
        in Pipelines End "queue" (LaneTone::good_if(how == TaskEnd::Success));
    /// A step of a deployment began.
    330 "stepStarted" StepStarted {
        project: ProjectId => [subject, "step" = Field::Step(project, step)], task: u32, step: u8 => _,
    };
    /// A step of a deployment did not run.
    331 "stepSkipped" StepSkipped {
        project: ProjectId => [subject, "step" = Field::Step(project, step)], task: u32, step: u8 => _,
    };
    /// A step that runs on no target failed.
    332 "stepFailed" StepFailed {
        project: ProjectId => [subject, "step" = Field::Step(project, step)], task: u32, step: u8 => _,
        why: StepTrouble,
    };
    /// A step began on a target.
    333 "stepBegan" Began {
        instance: InstanceId => subject, project: ProjectId => ["project" = Field::Project(project),
        "step" = Field::Step(project, step)], task: u32, step: u8 => _,
    } in Pipelines Begin "target" Work;
    /// A step was done on a target.
    334 "stepDone" Done { instance: InstanceId => subject, project: ProjectId, task: u32, step: u8 => _ }
        in Pipelines End "target" Good;
    /// A step failed on a target.
    335 "stepFailedOn" FailedOn {
        instance: InstanceId => subject, project: ProjectId, task: u32, step: u8 => _, why: StepTrouble,
    } in Pipelines End "target" Bad;
    /// A target is left out of the rest of a deployment.
    336 "targetSkipped" Skipped { instance: InstanceId => subject, project: ProjectId, task: u32, why: SkipReason };
    /// A target was added to a deployment that runs.
    337 "targetAdded" Added { instance: InstanceId => subject, project: ProjectId, task: u32 };
    /// A deployment waits for a person, because of this target.
    338 "guidanceAsked" Asked { project: ProjectId => subject, task: u32, instance: Option<InstanceId> }
        in Pipelines Begin "guidance" Wait;
    /// The person chose.
    339 "guidanceGiven" Answered {
        project: ProjectId => subject, task: u32, instance: Option<InstanceId>, answer: GuidedAnswer,
    }
        in Pipelines End "guidance" Wait;
    /// The check of a scale set takes a deployment for a duplicate.
    340 "duplicateFound" Duplicate { project: ProjectId => subject, task: u32, canceled: bool }
        in Pipelines Tick "duplicate" Bad;
    /// The check of a scale set cannot read the set, and is done.
    341 "setUnreadable" Unreadable { project: ProjectId => subject, task: u32 } in Pipelines Tick "check" Bad;
    /// The second wait of the check is over before all instances are made, and it goes on.
    342 "waitGivenUp" WaitGivenUp { project: ProjectId => subject, task: u32 } in Pipelines Tick "check" Bad;
    /// The check of a scale set leaves out a target that was there before.
    343 "preExisting" PreExisting { instance: InstanceId => subject, project: ProjectId, task: u32 };
    /// The check of a scale set is done, and named so many targets.
    344 "provisionChecked" Checked { project: ProjectId => subject, task: u32, targets: u32, deploys: bool };
    /// A project with a lifecycle has a release from now on.
    453 "octopusReleaseCreated" ReleaseCreated { project: ProjectId => subject, release: Code => ["release" = Field::Code(release)] };
    /// A release has what it needs in a phase of the lifecycle, for the tenant of a place: it may go on.
    454 "phaseCompleted" PhaseCompleted {
        project: ProjectId => subject, release: Code => ["release" = Field::Code(release)], place: u16,
        phase: u8 => ["phase" = Field::Phase(project, phase)],
    } in Pipelines Tick "phase" Good;
    /// A deployment is refused, as a phase before that of the environment is not complete, or since none has it.
    455 "deploymentRefused" Refused {
        project: ProjectId => subject, release: Code => ["release" = Field::Code(release)], place: u16,
        phase: Option<u8> => {phase.map(|phase| ("phase", Field::Phase(project, phase)))},
    } in Pipelines Tick "phase" Bad;
}
