//! Lifecycles of Octopus: which places are in which phase, and what of a lifecycle never happens.

use super::keys::{
    deploy_release, lifecycle as lifecycle_key, octopus, phase as phase_key, project as project_key,
    scenario as scenario_key, timeline_entry,
};
use super::octopus_reach::say;
use crate::problem::{Problem, Problems, suggest};
use crate::tree::{Key, Node};
use windtunnel_sim::plan::{Lifecycle, Phase, Place, Required};

/// The most phases of a lifecycle.
const PHASES_MAX: usize = 200;

/// Reads the lifecycles of the section; the places are those of its targets.
pub(super) fn read(node: &Node, places: &[Place], problems: &mut Problems) -> Vec<Lifecycle> {
    let entries = octopus::LIFECYCLES.entries(node);
    entries.iter().map(|entry| lifecycle(entry, node, places, problems)).collect()
}

fn lifecycle((name, node): &(Key, Node), section: &Node, places: &[Place], problems: &mut Problems) -> Lifecycle {
    let used = octopus::PROJECTS.entries(section).iter().map(|(_, project)| project);
    if !used.into_iter().any(|project| project_key::LIFECYCLE.given(project) == Some(name.text.as_str())) {
        let problem = Problem::warning("W0642", format!("no project has the lifecycle `{}`", name.text));
        let help = format!("write `lifecycle: {}` in a project, or remove it", name.text);
        problems.push(problem.at(&name.span, "of no use").help(help));
    }
    let items = lifecycle_key::PHASES.items(node);
    if items.len() > PHASES_MAX {
        let message = format!("a lifecycle can have at most {PHASES_MAX} phases, got {}", items.len());
        problems.push(Problem::error("E0213", message).at(&node.span, "too many phases"));
    }
    let mut taken: Vec<(&str, &Node)> = Vec::new();
    let mut phases: Vec<Phase> = Vec::new();
    for item in items.iter().take(PHASES_MAX) {
        let rest = |place: &u16| !phases.iter().any(|phase| phase.places().any(|other| other == *place));
        let rest: Vec<u16> = (0..places.len() as u16).filter(rest).collect();
        let phase = phase(item, (rest, places), &mut taken, problems);
        phases.push(phase);
    }
    Lifecycle { name: name.text.clone(), phases }
}

/// Says which phases deploy a part of their environments automatically and wait for a person at the others, where nobody comes: then no
/// release gets to the automatic environments of the phases after (OC-21).
pub(super) fn waits(section: &Node, scenario: &Node, problems: &mut Problems) {
    for (name, node) in octopus::LIFECYCLES.entries(section) {
        let projects: Vec<&str> = octopus::PROJECTS
            .entries(section)
            .iter()
            .filter(|(_, project)| project_key::LIFECYCLE.given(project) == Some(name.text.as_str()))
            .map(|(project, _)| project.text.as_str())
            .collect();
        let acts =
            || scenario_key::TIMELINE.items(scenario).iter().filter_map(|of| timeline_entry::DEPLOY_RELEASE.node(of));
        let goes = |project: &str, to: &Node| {
            let is = |act: &Node| {
                deploy_release::PROJECT.given(act) == Some(project)
                    && deploy_release::ENVIRONMENT.given(act).is_none_or(|of| Some(of) == to.text())
            };
            acts().any(is)
        };
        let items = lifecycle_key::PHASES.items(node);
        let is_optional = |phase: &Node| phase_key::IS_OPTIONAL_PHASE.read(phase);
        for (at, phase) in items.iter().enumerate().filter(|(_, phase)| !is_optional(phase)) {
            let manual = phase_key::OPTIONAL_DEPLOYMENT_TARGETS.read(phase);
            let automatic = phase_key::AUTOMATIC_DEPLOYMENT_TARGETS.read(phase).len();
            let needed = match phase_key::MINIMUM_ENVIRONMENTS_BEFORE_PROMOTION.read(phase) {
                0 => automatic + manual.len(),
                least => least as usize,
            };
            let mut after = items[at + 1..].iter().filter(|phase| !is_optional(phase));
            if automatic == 0
                || needed <= automatic
                || !after.any(|of| !phase_key::AUTOMATIC_DEPLOYMENT_TARGETS.read(of).is_empty())
                || projects.is_empty()
            {
                continue;
            }
            let waits = |to: &&Node| !projects.iter().any(|project| goes(project, to));
            let Some(first) = manual.iter().find(waits) else { continue };
            let (of, to) = (phase_key::NAME.given(phase).unwrap_or_default(), first.text().unwrap_or_default());
            let message = format!(
                "the phase `{of}` waits for a person who deploys to `{to}`: no release gets to the phases after it by itself (OC-21)"
            );
            let help = "list it under `automaticDeploymentTargets`, write `deployRelease`, or a `minimumEnvironmentsBeforePromotion` \
                        that the automatic ones reach";
            say(message, (first, "not automatically"), Some(help.to_owned()), problems);
        }
    }
}

fn phase<'n>(
    node: &'n Node,
    (rest, places): (Vec<u16>, &[Place]),
    taken: &mut Vec<(&'n str, &'n Node)>,
    problems: &mut Problems,
) -> Phase {
    let (manual, automatic) =
        (phase_key::OPTIONAL_DEPLOYMENT_TARGETS.read(node), phase_key::AUTOMATIC_DEPLOYMENT_TARGETS.read(node));
    let mut of = |items: &'n [Node]| -> Vec<u16> {
        items.iter().flat_map(|item| environment(item, places, taken, problems)).collect()
    };
    let (manual_places, automatic_places) = (of(manual), of(automatic));
    let any = manual.is_empty() && automatic.is_empty();
    let optional = phase_key::IS_OPTIONAL_PHASE.read(node);
    let name = phase_key::NAME.given(node).unwrap_or_default().to_owned();
    if any && rest.is_empty() {
        let message = format!("the phase `{name}` has no environment: all are in a phase before");
        say(message, (node, "never comes to anything"), Some("remove the phase".to_owned()), problems);
    }
    if let (true, Some(first)) = (optional, automatic.first()) {
        let message = format!("nothing is deployed automatically in the phase `{name}`, since it is optional (OC-22)");
        let help = "leave out `isOptionalPhase`, or deploy to it by `deployRelease`";
        say(message, (first, "not automatically"), Some(help.to_owned()), problems);
    }
    let (least, count) = (phase_key::MINIMUM_ENVIRONMENTS_BEFORE_PROMOTION.read(node), manual.len() + automatic.len());
    let written = node.get(phase_key::MINIMUM_ENVIRONMENTS_BEFORE_PROMOTION.entry.key);
    if let Some(written) = written.filter(|_| !any && least as usize > count) {
        let message =
            format!("a minimum of {least} environments is more than the phase `{name}` has, which is {count}");
        let problem = Problem::error("E0110", message).at(&written.span, "no release gets past it");
        problems.push(problem.help("0 means all of them"));
    }
    let required = match least {
        _ if optional => Required::Nothing,
        0 => Required::All,
        least => Required::Minimum(least),
    };
    Phase { name, manual: if any { rest } else { manual_places }, automatic: automatic_places, required }
}

/// The places in an environment that a phase names.
fn environment<'n>(
    item: &'n Node,
    places: &[Place],
    taken: &mut Vec<(&'n str, &'n Node)>,
    problems: &mut Problems,
) -> Vec<u16> {
    let Some(name) = item.text() else { return Vec::new() };
    if let Some((_, first)) = taken.iter().find(|(known, _)| *known == name) {
        let problem = Problem::error("E0212", format!("the environment `{name}` is in the lifecycle twice"));
        let problem = problem.at(&item.span, "the second").also(&first.span, "the first");
        problems.push(problem.help("leave it in one phase"));
        return Vec::new();
    }
    taken.push((name, item));
    let there = places.iter().enumerate().filter(|(_, place)| place.environment == name);
    let there: Vec<u16> = there.map(|(at, _)| at as u16).collect();
    if there.is_empty() && !places.is_empty() {
        let help = suggest(name, places.iter().map(|place| place.environment.as_str()));
        let problem =
            Problem::error("E0240", format!("there is no environment `{name}`: no deployment target is in it"));
        let help = help.or_else(|| Some("write the environment of a group of `deploymentTargets`".to_owned()));
        problems.push(problem.at(&item.span, "unknown environment").maybe_help(help));
    }
    there
}
