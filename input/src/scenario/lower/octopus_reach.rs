//! What of Octopus never happens, as far as the scenario shows: roles that no deployment target has, and steps that wait for a check
//! that is not made. Octopus accepts it, and leaves the step out without a word.

use super::keys::{
    SCALE_SET, create_release, deploy_child, deploy_release, deployment_step as step_key, machine_policy as policy_key,
    octopus, project as project_key, provision_status, run_on_targets, scenario as scenario_key,
    target_group as group_key, timeline_entry,
};
use crate::arm::shape::scale_set::EXTENSIONS;
use crate::problem::{Problem, Problems, suggest};
use crate::scenario::legality::SetFacts;
use crate::tree::Node;
use windtunnel_sim::plan::{Condition, Of, Registration};

/// The roles of each group of targets.
type Groups<'n> = [Vec<&'n str>];

/// Says all of it, and that two steps of a project have one name, which Octopus refuses.
pub fn check(node: &Node, (scenario, sets): (&Node, &[SetFacts]), problems: &mut Problems) {
    let entries = octopus::DEPLOYMENT_TARGETS.entries(node);
    policies(node, problems);
    never_deployed(node, scenario, problems);
    entries.iter().for_each(|(_, group)| registered(group, sets, problems));
    let groups: Vec<Vec<&str>> = entries.iter().map(|(_, group)| texts(group_key::ROLES.items(group))).collect();
    // A list without a role is said by itself.
    let groups_known = groups.iter().all(|roles| !roles.is_empty());
    for (name, project) in octopus::PROJECTS.entries(node) {
        let of_project = texts(project_key::ROLES.items(project));
        if of_project.is_empty() || !groups_known {
            continue;
        }
        let reached: Vec<Vec<&str>> = groups.iter().filter(|roles| shares(roles, &of_project)).cloned().collect();
        if let (true, Some(roles)) = (reached.is_empty(), project_key::ROLES.node(project)) {
            let message =
                format!("the project `{}` has nobody to deploy to: no deployment target has its role", name.text);
            say(message, (roles, "the role of no target"), of_others(&of_project, &groups), problems);
            continue;
        }
        steps(project, (&reached, entries), problems);
    }
}

/// Machine policies that no group of targets has, and shares of their checks that come to more than all.
fn policies(node: &Node, problems: &mut Problems) {
    let groups = octopus::DEPLOYMENT_TARGETS.entries(node);
    for (name, policy) in octopus::MACHINE_POLICIES.entries(node) {
        if !groups.iter().any(|(_, group)| group_key::MACHINE_POLICY.given(group) == Some(name.text.as_str())) {
            let problem = Problem::warning("W0642", format!("no deployment target has the policy `{}`", name.text));
            let help = format!("write `machinePolicy: {}` in a group of `deploymentTargets`, or remove it", name.text);
            problems.push(problem.at(&name.span, "of no use").help(help));
        }
        let (fails, warns) = (policy_key::CHECK_FAILS.read(policy), policy_key::CHECK_WARNS.read(policy));
        let written = policy.get(policy_key::CHECK_WARNS.entry.key);
        // The sum of two shares as they are written is as exact as they are.
        if let Some(written) = written.filter(|_| fails + warns > 1.0 + f64::EPSILON) {
            let (sum, most) = (percent(fails + warns), percent(1.0 - fails));
            let message = format!("`checkFails` and `checkWarns` come to {sum} of the checks, and 100% is the most");
            let problem = Problem::error("E0110", message).at(&written.span, format!("at most {most}"));
            problems.push(problem.help("a check either fails, or warns, or does neither: lower one of the two"));
        }
    }
}

/// A share as people write it.
fn percent(share: f64) -> String {
    format!("{}%", (share * 1e6).round() / 1e4)
}

/// Projects of which no release is ever deployed: their triggers, and who deploys them as a child, have nothing to deploy.
fn never_deployed(node: &Node, scenario: &Node, problems: &mut Problems) {
    let named = |project: &str| {
        scenario_key::TIMELINE.items(scenario).iter().any(|entry| {
            let deployed =
                timeline_entry::DEPLOY_RELEASE.node(entry).and_then(|act| deploy_release::PROJECT.given(act));
            let created = timeline_entry::CREATE_RELEASE.node(entry).and_then(|act| create_release::PROJECT.given(act));
            deployed.or(created) == Some(project)
        })
    };
    for (name, project) in octopus::PROJECTS.entries(node) {
        if project_key::DEPLOYED.node(project).is_none() && !named(&name.text) {
            let message = format!("no release of the project `{}` is ever deployed", name.text);
            let problem = Problem::warning("W0642", message).at(&name.span, "of no use");
            let trigger = project_key::TRIGGER.node(project);
            let problem = match trigger {
                Some(trigger) => problem.also(&trigger.span, "has nothing to deploy (OC-03)"),
                None => problem,
            };
            problems.push(problem.help("write `deployed` with the release that it has, or an act `deployRelease`"));
        }
    }
}

fn steps(project: &Node, (reached, groups): (&Groups<'_>, &[(crate::tree::Key, Node)]), problems: &mut Problems) {
    let mut known: Vec<&Node> = Vec::new();
    let mut checked = false;
    for step in project_key::STEPS.items(project) {
        let Some(name) = step_key::NAME.node(step) else { continue };
        let text = name.text().unwrap_or_default();
        let same = |other: &&&Node| other.text().is_some_and(|other| other.eq_ignore_ascii_case(text));
        if let Some(first) = known.iter().find(same) {
            let problem = Problem::error("E0212", format!("two steps of the project have the name `{text}`"));
            let problem = problem.at(&name.span, "the second").also(&first.span, "the first");
            problems.push(problem.help("rename one of them: Octopus compares names of steps without regard to case"));
        }
        known.push(name);
        let awaits = |node: Option<&Node>| node.is_some_and(|node| !checked && node.text().is_some());
        let condition = step.get(step_key::RUN_CONDITION.entry.key);
        if step_key::RUN_CONDITION.read(step) == Condition::HasServersToDeployTo && awaits(condition) {
            unchecked(text, condition.unwrap_or(step), problems);
        }
        if let Some(on) = step_key::RUN_ON_TARGETS.node(step) {
            let roles = texts(run_on_targets::ROLES.read(on));
            if let (Some(node), false) =
                (on.get(run_on_targets::ROLES.entry.key), reached.iter().any(|of| shares(of, &roles)))
                && !roles.is_empty()
            {
                let message = format!("the step `{text}` never runs: no deployment target of the project has its role");
                say(message, (node, "the role of no target"), of_others(&roles, reached), problems);
            }
            let of = on.get(run_on_targets::TARGETS.entry.key);
            if run_on_targets::TARGETS.read(on) == Of::Output && awaits(of) {
                unchecked(text, of.unwrap_or(on), problems);
            }
        }
        if let Some(child) = step_key::DEPLOY_CHILD_PROJECT.node(step)
            && deploy_child::TARGETS.read(child) == Of::Output
            && !checked
        {
            unchecked(text, child.get(deploy_child::TARGETS.entry.key).unwrap_or(child), problems);
        }
        if let Some(check) = step_key::CHECK_VMSS_PROVISION_STATUS.node(step) {
            checked = true;
            finds(check, groups, problems);
        }
    }
}

/// Whether a check of a scale set finds any target: one of the set with all of the roles (OC-14).
fn finds(check: &Node, groups: &[(crate::tree::Key, Node)], problems: &mut Problems) {
    let roles = texts(provision_status::ROLES.items(check));
    let set = SCALE_SET.given(check);
    let found = groups.iter().map(|(_, group)| group).find(|group| SCALE_SET.given(*group) == set);
    let has = found.map(|group| texts(group_key::ROLES.items(group)));
    let place = if has.is_none() { SCALE_SET.node(check) } else { provision_status::ROLES.node(check) };
    let (Some(place), Some(set)) = (place, set) else { return };
    match has {
        None => {
            let message = format!("the check finds no target: the instances of `{set}` are no deployment targets");
            let help = format!("write `scaleSet: {set}` in a group of `deploymentTargets`");
            say(message, (place, "no deployment targets"), Some(help), problems);
        }
        Some(has) if !roles.iter().all(|role| has.contains(role)) => {
            let message = format!("the check finds no target: one of `{set}` does not have each of its roles (OC-14)");
            say(message, (place, "not all of them"), of_others(&roles, &[has]), problems);
        }
        Some(_) => {}
    }
}

/// An extension that registers targets has to be in the model.
fn registered(group: &Node, sets: &[SetFacts], problems: &mut Problems) {
    let Some(set) = SCALE_SET.given(group).and_then(|name| sets.iter().find(|set| set.name() == name)) else { return };
    let by = group.get(group_key::REGISTERED_BY.entry.key);
    let Some(by) = by.filter(|_| group_key::REGISTERED_BY.read(group) == Registration::Extension) else { return };
    if EXTENSIONS.items(&set.resource).is_empty() {
        let message = format!("no extension can register the instances of `{}`: its model has none", set.name());
        let help = "add the extension to `extensionProfile` of the scale set, or write `registeredBy: script`";
        say(message, (by, "no extension in the model"), Some(help.to_owned()), problems);
    }
}

fn unchecked(step: &str, place: &Node, problems: &mut Problems) {
    let message = format!("the step `{step}` never does anything: no `checkVmssProvisionStatus` comes before it");
    let help = "put a step with `checkVmssProvisionStatus` before it, or write `targets: deployment` and no condition";
    say(message, (place, "what a check finds"), Some(help.to_owned()), problems);
}

pub(super) fn say(message: String, (node, label): (&Node, &str), help: Option<String>, problems: &mut Problems) {
    problems.push(Problem::warning("W0642", message).at(&node.span, label).maybe_help(help));
}

fn texts(items: &[Node]) -> Vec<&str> {
    items.iter().filter_map(Node::text).collect()
}

fn shares(these: &[&str], those: &[&str]) -> bool {
    these.iter().any(|role| those.contains(role))
}

/// The role that was probably meant; without targets, that there are none.
fn of_others(roles: &[&str], groups: &Groups<'_>) -> Option<String> {
    let mut known: Vec<&str> = groups.iter().flatten().copied().collect();
    known.sort_unstable();
    known.dedup();
    let missing = roles.iter().find(|role| !known.contains(role))?;
    suggest(missing, known.iter().copied()).or_else(|| Some("declare `deploymentTargets` with this role".to_owned()))
}
