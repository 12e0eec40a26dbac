//! Octopus Deploy.

use super::keys::choices::{DuplicateRun, TimeoutError, Unavailable, Unhealthy};
use super::keys::{
    create_release, deploy_child, deploy_release, deployment_step, guided_failure, health_check_step,
    machine_policy as policy_key, octopus, project as project_key, provision_status as check_key, run_on_targets,
    scenario, target_group, target_trigger, timeline_entry,
};
use super::{Context, Names, octopus_lifecycles, octopus_reach, on_a_circle, place};
use crate::arm::shape::scale_set::COMPUTER_NAME_PREFIX;
use crate::problem::Problem;
use crate::scenario::legality::SetFacts;
use crate::tree::{Key, Node};
use windtunnel_sim::plan::{
    Act, DeployChild, DeploymentTrigger, Guided, GuidedAnswer, MachinePolicy, Octopus, OctopusAct, OnTargets, Place,
    Project, ProvisionCheck, STEPS_MAX, Step, StepKind, TargetGroup,
};
use windtunnel_sim::rules::key;

/// The most roles that a plan can tell apart.
const ROLES_MAX: usize = 32;

/// What the parts of the section share.
struct Reader<'c, 'a> {
    cx: &'c mut Context<'a>,
    roles: Vec<String>,
    policies: Names,
    projects: Names,
    lifecycles: Names,
}

/// Reads the `octopus` section.
pub fn read(sets: &[SetFacts], cx: &mut Context<'_>) -> Octopus {
    let Some(node) = scenario::OCTOPUS.node(cx.scenario) else { return Octopus::default() };
    let policies = octopus::MACHINE_POLICIES.entries(node);
    let projects = octopus::PROJECTS.entries(node);
    let (policies_known, projects_known) = (Names::keys(policies), Names::keys(projects));
    let lifecycles = Names::keys(octopus::LIFECYCLES.entries(node));
    let mut reader = Reader { cx, roles: Vec::new(), policies: policies_known, projects: projects_known, lifecycles };
    let mut plan = Octopus {
        policies: policies.iter().map(|(name, node)| machine_policy(&name.text, Some(node))).collect(),
        ..Octopus::default()
    };
    for (name, node) in octopus::DEPLOYMENT_TARGETS.entries(node) {
        reader.group(&name.text, node, sets, &mut plan);
    }
    plan.lifecycles = octopus_lifecycles::read(node, &plan.places, reader.cx.problems);
    plan.projects = projects.iter().map(|(name, node)| reader.project(&name.text, node)).collect();
    circles(projects, &plan.projects, reader.cx);
    octopus_lifecycles::waits(node, reader.cx.scenario, reader.cx.problems);
    octopus_reach::check(node, (reader.cx.scenario, sets), reader.cx.problems);
    plan.roles = reader.roles;
    if plan.roles.len() > ROLES_MAX {
        let message = format!("there can be at most {ROLES_MAX} roles, got {}", plan.roles.len());
        cx.problems.push(Problem::error("E0213", message).at(&node.span, "too many roles"));
    }
    plan
}

/// A project that deploys itself, be it through others, would never come to an end.
fn circles(nodes: &[(Key, Node)], projects: &[Project], cx: &mut Context<'_>) {
    let children = |of: usize| {
        projects[of].steps.iter().filter_map(|step| match &step.what {
            StepKind::Child(child) => Some(usize::from(child.project)),
            StepKind::Targets(_) | StepKind::HealthCheck { .. } | StepKind::Provision(_) => None,
        })
    };
    let Some(at) = on_a_circle(projects.len(), children) else { return };
    let (name, _) = &nodes[at];
    let problem = Problem::error("E0242", format!("`{}` deploys itself", name.text)).at(&name.span, "in a circle");
    cx.problems.push(problem.help("let one of the projects of the circle deploy to targets instead"));
}

/// A machine policy; without a node, what is not written of one.
fn machine_policy(name: &str, node: Option<&Node>) -> MachinePolicy {
    MachinePolicy {
        name: name.to_owned(),
        interval: policy_key::INTERVAL.read(node),
        delete_after: policy_key::DELETE_UNAVAILABLE_AFTER.given(node),
        calamari: policy_key::CALAMARI_UPDATES.read(node),
        warns: policy_key::CHECK_WARNS.read(node),
        fails: policy_key::CHECK_FAILS.read(node),
    }
}

/// The policy of targets that name none.
const DEFAULT_POLICY: &str = "default";

impl Reader<'_, '_> {
    /// Roles as bits.
    fn roles(&mut self, items: &[Node]) -> u32 {
        let mut bits = 0_u32;
        for name in items.iter().filter_map(Node::text) {
            let at = place(&mut self.roles, name.to_owned());
            bits |= 1_u32.checked_shl(at as u32).unwrap_or(0);
        }
        bits
    }

    fn group(&mut self, name: &str, node: &Node, sets: &[SetFacts], plan: &mut Octopus) {
        let Some(set_node) = target_group::SCALE_SET.node(node) else { return };
        let Some(set) = self.cx.sets.resolve(set_node, "E0201", "scale set", self.cx.problems) else { return };
        if let Some(other) = plan.targets.iter().find(|group| group.set == set) {
            let message = format!("the instances of this scale set are targets of `{}` already", other.name);
            let problem = Problem::error("E0241", message).at(&set_node.span, "the second group of the set");
            self.cx.problems.push(problem.help("give one group all of its roles"));
            return;
        }
        let environment = target_group::ENVIRONMENT.given(node).unwrap_or_default().to_owned();
        let tenant = target_group::TENANT.given(node).map(str::to_owned);
        let policy = target_group::MACHINE_POLICY.node(node);
        let policy = policy.and_then(|name| self.policies.resolve(name, "E0240", "machine policy", self.cx.problems));
        let policy = policy.unwrap_or_else(|| {
            let at = plan.policies.iter().position(|known| known.name == DEFAULT_POLICY).unwrap_or_else(|| {
                plan.policies.push(machine_policy(DEFAULT_POLICY, None));
                plan.policies.len() - 1
            });
            at as u16
        });
        let prefix = sets
            .get(usize::from(set))
            .map(|facts| COMPUTER_NAME_PREFIX.text(&facts.resource).unwrap_or_else(|| facts.name()).to_owned());
        plan.targets.push(TargetGroup {
            name: name.to_owned(),
            set,
            roles: self.roles(target_group::ROLES.items(node)),
            place: place(&mut plan.places, Place { environment, tenant }) as u16,
            policy,
            by: target_group::REGISTERED_BY.read(node),
            after: target_group::AFTER.read(node, &self.cx.assumptions),
            idempotent: target_group::IDEMPOTENT.read(node),
            naming: target_group::NAME.read(node),
            prefix: prefix.unwrap_or_default(),
        });
    }

    fn project(&mut self, name: &str, node: &Node) -> Project {
        let deployed = project_key::DEPLOYED.node(node);
        let deployed = deployed.and_then(|code| self.cx.releases.resolve(code, "E0203", "release", self.cx.problems));
        let guided = project_key::GUIDED_FAILURE.node(node).map(|node| Guided {
            answer: guided_failure::ANSWER
                .given(node)
                .unwrap_or_else(|| GuidedAnswer::from(self.cx.assumptions.get(key::OctopusGuidedAnswer))),
            delay: guided_failure::DELAY.read(node, &self.cx.assumptions),
        });
        let trigger = project_key::TRIGGER.node(node).map(|node| DeploymentTrigger {
            on: target_trigger::ON.read(node),
            redeploys: target_trigger::REDEPLOY.read(node),
        });
        let lifecycle = project_key::LIFECYCLE.node(node);
        let lifecycle = lifecycle.and_then(|of| self.lifecycles.resolve(of, "E0240", "lifecycle", self.cx.problems));
        let steps = project_key::STEPS.items(node);
        if steps.len() > STEPS_MAX {
            let message = format!("a project can have at most {STEPS_MAX} steps, got {}", steps.len());
            self.cx.problems.push(Problem::error("E0213", message).at(&node.span, "too many steps"));
        }
        Project {
            name: name.to_owned(),
            deployed,
            roles: self.roles(project_key::ROLES.items(node)),
            allows_none: !project_key::DEPLOYMENT_TARGETS_REQUIRED.read(node),
            skips_unavailable: project_key::UNAVAILABLE_DEPLOYMENT_TARGETS.read(node) == Unavailable::SkipAndContinue,
            excludes_unhealthy: project_key::UNHEALTHY_DEPLOYMENT_TARGETS.read(node) == Unhealthy::Exclude,
            guided,
            trigger,
            lifecycle,
            steps: steps.iter().filter_map(|step| self.step(step)).collect(),
        }
    }

    fn step(&mut self, node: &Node) -> Option<Step> {
        Some(Step {
            name: deployment_step::NAME.given(node)?.to_owned(),
            condition: deployment_step::RUN_CONDITION.read(node),
            what: self.kind(node)?,
        })
    }

    fn kind(&mut self, node: &Node) -> Option<StepKind> {
        if let Some(on) = deployment_step::RUN_ON_TARGETS.node(node) {
            return Some(StepKind::Targets(OnTargets {
                duration: run_on_targets::DURATION.given(on)?,
                failure: run_on_targets::FAILURE.read(on),
                window: run_on_targets::WINDOW.read(on, &self.cx.assumptions),
                installs: run_on_targets::INSTALLS.read(on),
                starts_process: run_on_targets::STARTS_PROCESS.read(on),
                roles: self.roles(run_on_targets::ROLES.read(on)),
                of: run_on_targets::TARGETS.read(on),
            }));
        }
        if let Some(health) = deployment_step::HEALTH_CHECK.node(node) {
            return Some(StepKind::HealthCheck {
                skips_unavailable: health_check_step::UNAVAILABLE.read(health) == Unavailable::SkipAndContinue,
                includes_new: health_check_step::INCLUDE_NEW.read(health),
            });
        }
        if let Some(check) = deployment_step::CHECK_VMSS_PROVISION_STATUS.node(node) {
            return Some(StepKind::Provision(ProvisionCheck {
                set: self.cx.set_of(check)?,
                readable: check_key::ACCESS.read(check),
                roles: self.roles(check_key::ROLES.items(check)),
                timeout: check_key::TIMEOUT.read(check),
                fails_at_timeout: check_key::TIMEOUT_ERROR.read(check) == TimeoutError::Error,
                duplicate_time: check_key::DUPLICATE_TIME.read(check),
                cancels_duplicates: check_key::DUPLICATE_RUN.read(check) == DuplicateRun::Cancel,
                excludes_existing: check_key::EXCLUDE_PRE_EXISTING.read(check),
            }));
        }
        let child = deployment_step::DEPLOY_CHILD_PROJECT.node(node)?;
        let project = deploy_child::PROJECT.node(child)?;
        let project = self.projects.resolve(project, "E0240", "project", self.cx.problems)?;
        let timeout = deploy_child::TIMEOUT.read(child);
        let waits = deploy_child::WAIT.read(child).then_some(timeout);
        Some(StepKind::Child(DeployChild { project, waits, of: deploy_child::TARGETS.read(child) }))
    }
}

/// An act about Octopus, if it is one.
pub fn act(node: &Node, cx: &mut Context<'_>) -> Option<Act> {
    let plan = &cx.octopus;
    let projects = Names(plan.projects.iter().map(|project| project.name.clone()).collect());
    if let Some(act) = timeline_entry::CREATE_RELEASE.node(node) {
        let written = create_release::PROJECT.node(act)?;
        let project = projects.resolve(written, "E0240", "project", cx.problems)?;
        let release = create_release::RELEASE.node(act)?;
        let release = cx.releases.resolve(release, "E0203", "release", cx.problems)?;
        if !plan.promotes(project) {
            let name = &plan.projects[usize::from(project)].name;
            let message = format!("nothing comes of the release: no phase of a lifecycle of `{name}` is automatic");
            let help = "write a lifecycle with `automaticDeploymentTargets`, or `deployRelease`";
            octopus_reach::say(message, (written, "deploys nothing"), Some(help.to_owned()), cx.problems);
        }
        return Some(Act::Octopus(OctopusAct::Create { project, release }));
    }
    let act = timeline_entry::DEPLOY_RELEASE.node(node)?;
    let project = projects.resolve(deploy_release::PROJECT.node(act)?, "E0240", "project", cx.problems)?;
    let release = cx.releases.resolve(deploy_release::RELEASE.node(act)?, "E0203", "release", cx.problems)?;
    let environment = deploy_release::ENVIRONMENT.given(act);
    let tenant = deploy_release::TENANT.given(act);
    let fits =
        |place: &Place| environment.is_none_or(|name| place.environment == name) && place.tenant.as_deref() == tenant;
    let there: Vec<&Place> = plan.places.iter().filter(|place| fits(place)).collect();
    if there.len() > 1 {
        let names: Vec<String> = there.iter().map(|place| format!("`{}`", place.environment)).collect();
        let message = format!("`deployRelease` names no environment, and there are targets in {}", names.join(" and "));
        let problem = Problem::error("E0109", message).at(&act.span, "to which environment");
        cx.problems.push(problem.help(format!("add `environment: {}`", there[0].environment)));
        return None;
    }
    let place = plan.places.iter().position(fits);
    if place.is_none() {
        let places: Vec<String> = plan.places.iter().map(Place::name).collect();
        let message = "no deployment target is in this environment and of this tenant";
        let problem = Problem::error("E0240", message).at(&act.span, "nobody to deploy to");
        cx.problems.push(problem.help(format!("there are targets in {}", places.join(", "))));
    }
    if let (Some(place), Some(of)) = (place, plan.lifecycle(project))
        && !of.phases.iter().any(|phase| phase.places().any(|other| usize::from(other) == place))
    {
        let message = format!("`{}` is in no phase of the lifecycle `{}`", plan.places[place].name(), of.name);
        let problem = Problem::warning("W0642", message).at(&act.span, "Octopus refuses it (OC-21)");
        cx.problems.push(problem.help("add the environment to a phase"));
    }
    let steps = Names(plan.projects[usize::from(project)].steps.iter().map(|step| step.name.clone()).collect());
    let mut skip = 0;
    for name in deploy_release::SKIP_STEPS.read(act) {
        skip |= steps.resolve(name, "E0240", "step", cx.problems).map_or(0, |at| 1_u32 << at);
    }
    Some(Act::Octopus(OctopusAct::Deploy { project, release, place: place? as u16, skip }))
}
