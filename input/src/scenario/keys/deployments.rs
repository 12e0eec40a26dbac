//! The keys of Octopus Deploy, in the words of its guide to scale sets.

use super::*;
use windtunnel_sim::plan::{Calamari, Condition, GuidedAnswer, Of, Registration, TargetName, TriggerOn};

object! {
    /// An Octopus server beside the fleet: its machine policies, who its deployment targets are, and its projects.
    mod octopus "Octopus";
    /// how targets are checked and cleaned up
    MACHINE_POLICIES: Tree = optional("machinePolicies", MapOf(Names::Of("machine policy"), &machine_policy::MAPPING));
    /// whose instances become deployment targets, and how
    DEPLOYMENT_TARGETS: Tree = required("deploymentTargets", MapOf(Names::Of("group of targets"), &target_group::MAPPING));
    /// where the releases of projects go, and in which order (OC-21)
    LIFECYCLES: Tree = optional("lifecycles", MapOf(Names::Of("lifecycle"), &lifecycle::MAPPING));
    /// what is deployed to them
    PROJECTS: Tree = required("projects", MapOf(Names::Of("project"), &project::MAPPING));
}

object! {
    /// A machine policy.
    mod machine_policy "MachinePolicy";
    /// from one health check to the next
    INTERVAL: SomeTime = default("interval", SimDuration::from_mins(60));
    /// a check deletes a target that has been unavailable for this long; absent: nothing is cleaned up (OC-07)
    DELETE_UNAVAILABLE_AFTER: Time = optional("deleteUnavailableAfter");
    /// when Calamari comes to a new target
    CALAMARI_UPDATES: Words<Calamari> = default("calamariUpdates", Calamari::OnDeployment.word());
    /// how often the script of a check warns
    CHECK_WARNS: Share = default("checkWarns", 0.0);
    /// how often it fails: the target is unhealthy
    CHECK_FAILS: Share = default("checkFails", 0.0);
}

object! {
    /// The instances of a scale set as deployment targets.
    mod target_group "DeploymentTargets";
    /// the set
    SCALE_SET: Text = required("scaleSet");
    /// their target roles
    ROLES: SomeTexts = required("roles");
    /// their environment
    ENVIRONMENT: Text = required("environment");
    /// their tenant; absent: none
    TENANT: Text = optional("tenant");
    /// their machine policy; absent: checked every hour, and never cleaned up
    MACHINE_POLICY: Text = optional("machinePolicy");
    /// what registers them: a script after the boot, or an extension of the model
    REGISTERED_BY: Words<Registration> = default("registeredBy", Registration::Script.word());
    /// how long after the boot, or after the extensions
    AFTER: Time = or_assumption("after", key::OctopusRegister);
    /// what registers them may run a second time on an instance (OC-20)
    IDEMPOTENT: Flag = default("idempotent", true);
    /// what they are called (OC-15)
    NAME: Words<TargetName> = default("name", TargetName::ComputerName.word());
}

object! {
    /// A lifecycle: a release goes from phase to phase.
    mod lifecycle "Lifecycle";
    /// its phases, in order
    PHASES: Tree = required("phases", Kind::NonEmpty(&phase::MAPPING));
}

object! {
    /// A phase, in the words of the API of Octopus. Without an environment it has all that are in no phase before.
    mod phase "Phase";
    /// its name
    NAME: Text = required("name");
    /// environments that a person deploys to
    OPTIONAL_DEPLOYMENT_TARGETS: Texts = empty("optionalDeploymentTargets");
    /// environments that are deployed to automatically, as soon as a release comes to the phase (OC-22)
    AUTOMATIC_DEPLOYMENT_TARGETS: Texts = empty("automaticDeploymentTargets");
    /// how many of its environments a release has to be deployed to with success before it may go on; 0: all of them
    MINIMUM_ENVIRONMENTS_BEFORE_PROMOTION: Whole<u32, 0, 1000> = default("minimumEnvironmentsBeforePromotion", 0);
    /// a release may pass it over, and nothing is deployed automatically in it
    IS_OPTIONAL_PHASE: Flag = default("isOptionalPhase", false);
}

object! {
    /// A project.
    mod project "Project";
    /// the release that it has deployed everywhere when the run begins; absent: none
    DEPLOYED: Text = optional("deployed");
    /// the roles that it deploys to: a target has one of them
    ROLES: SomeTexts = required("roles");
    /// without targets there is no deployment
    DEPLOYMENT_TARGETS_REQUIRED: Flag = default("deploymentTargetsRequired", true);
    /// what becomes of a deployment whose targets do not answer (OC-08)
    UNAVAILABLE_DEPLOYMENT_TARGETS: Words<Unavailable> = default("unavailableDeploymentTargets", Unavailable::Fail.word());
    /// whether unhealthy targets are deployed to (OC-08)
    UNHEALTHY_DEPLOYMENT_TARGETS: Words<Unhealthy> = default("unhealthyDeploymentTargets", Unhealthy::DoNotExclude.word());
    /// guided failure mode: a person is asked when something fails (OC-09); absent: the deployment fails
    GUIDED_FAILURE: Tree = optional("guidedFailure", guided_failure::MAPPING);
    /// a deployment target trigger (OC-01)
    TRIGGER: Tree = optional("trigger", target_trigger::MAPPING);
    /// its lifecycle; absent: a release may be deployed anywhere at any time
    LIFECYCLE: Text = optional("lifecycle");
    /// its process: steps in sequence (OC-05)
    STEPS: Tree = required("steps", Kind::NonEmpty(&deployment_step::MAPPING));
}

object! {
    /// What a person says when something fails, and when.
    mod guided_failure "GuidedFailure";
    /// what the person chooses; `octopus.guided_answer` where absent
    ANSWER: Words<GuidedAnswer> = optional("answer");
    /// how long that takes
    DELAY: SomeTime = or_assumption("delay", key::OctopusGuidedDelay);
}

object! {
    /// A trigger: a deployment without anybody asking for it.
    mod target_trigger "DeploymentTargetTrigger";
    /// by which events
    ON: Words<TriggerOn> = default("on", TriggerOn::BecomesAvailable.word());
    /// also to targets that have the release
    REDEPLOY: Flag = default("redeploy", false);
}

object! {
    /// A step: a name, and exactly one thing to do.
    mod deployment_step "DeploymentStep";
    /// its name
    NAME: Text = required("name");
    /// when it runs
    RUN_CONDITION: Words<Condition> = default("runCondition", Condition::Always.word());
    /// run something on targets
    RUN_ON_TARGETS: Tree = choice("runOnTargets", run_on_targets::MAPPING);
    /// check the health of the targets of the deployment (OC-10)
    HEALTH_CHECK: Tree = choice("healthCheck", health_check_step::MAPPING);
    /// the step template "Check VMSS Provision Status" (OC-11)
    CHECK_VMSS_PROVISION_STATUS: Tree = choice("checkVmssProvisionStatus", provision_status::MAPPING);
    /// the step template "Deploy Child Octopus Deploy Project": deploys again what that project has deployed
    DEPLOY_CHILD_PROJECT: Tree = choice("deployChildProject", deploy_child::MAPPING);
}

object! {
    /// What runs on targets.
    mod run_on_targets "RunOnTargets";
    /// how long it takes on one
    DURATION: Length = required("duration");
    /// how often it fails on one
    FAILURE: Share = default("failure", 0.0);
    /// on how many at once
    WINDOW: Whole<u32, 1, 1000> = or_assumption("window", key::PipelineQueueParallel);
    /// it installs the release of the project
    INSTALLS: Flag = default("installs", true);
    /// it starts the process; until then the process of a new instance does not run
    STARTS_PROCESS: Flag = default("startsProcess", false);
    /// roles of which a target has one; absent: those of the project
    ROLES: Texts = empty("roles");
    /// all targets of the deployment, or those that the check of the scale set names
    TARGETS: Words<Of> = default("targets", Of::Deployment.word());
}

object! {
    /// A health check in the middle of a deployment.
    mod health_check_step "HealthCheckStep";
    /// what becomes of targets that do not answer
    UNAVAILABLE: Words<Unavailable> = default("unavailable", Unavailable::Fail.word());
    /// targets that came since are added
    INCLUDE_NEW: Flag = default("includeNew", false);
}

object! {
    /// The parameters of "Check VMSS Provision Status".
    mod provision_status "CheckVmssProvisionStatus";
    /// the set
    SCALE_SET: Text = required("scaleSet");
    /// roles of its targets: one has all of them (OC-14)
    ROLES: Texts = required("roles");
    /// the account may read the set (OC-13)
    ACCESS: Flag = default("access", true);
    /// how long each of its waits takes at most
    TIMEOUT: Time = default("timeout", SimDuration::from_mins(30));
    /// what happens then in the wait for instances
    TIMEOUT_ERROR: Words<TimeoutError> = default("timeoutError", TimeoutError::Proceed.word());
    /// a run that is queued no later than this after the last one ended is a duplicate (OC-16)
    DUPLICATE_TIME: Time = default("duplicateTime", SimDuration::from_mins(3));
    /// what becomes of a duplicate
    DUPLICATE_RUN: Words<DuplicateRun> = default("duplicateRun", DuplicateRun::Proceed.word());
    /// targets that were registered more than 3 min before are not in its output (OC-18)
    EXCLUDE_PRE_EXISTING: Flag = default("excludePreExisting", false);
}

object! {
    /// The parameters of "Deploy Child Octopus Deploy Project".
    mod deploy_child "DeployChildProject";
    /// the project
    PROJECT: Text = required("project");
    /// wait until its deployment has ended
    WAIT: Flag = default("wait", true);
    /// and cancel it when it has not ended after so long
    TIMEOUT: Time = default("timeout", SimDuration::from_mins(30));
    /// to all targets of this deployment, or to those that the check of the scale set names
    TARGETS: Words<Of> = default("targets", Of::Output.word());
}

object! {
    /// A person, or a build, creates a release, and deploys it nowhere: the lifecycle may do that (OC-22).
    mod create_release "CreateRelease";
    /// the project
    PROJECT: Text = required("project");
    /// the release
    RELEASE: Text = required("release");
}

object! {
    /// A person deploys a release, which creates it if it is not there. A lifecycle may refuse it (OC-21).
    mod deploy_release "DeployRelease";
    /// the project
    PROJECT: Text = required("project");
    /// the release
    RELEASE: Text = required("release");
    /// the environment; may be absent where the targets of the tenant are in one
    ENVIRONMENT: Text = optional("environment");
    /// the tenant; absent: none
    TENANT: Text = optional("tenant");
    /// steps that are left out by hand, by name; triggers leave them out, too (OC-03)
    SKIP_STEPS: Texts = empty("skipSteps");
}
