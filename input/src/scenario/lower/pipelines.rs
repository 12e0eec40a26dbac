//! Release pipelines.

use super::keys::{admin_state, pipeline as key, scenario, trigger};
use super::{Context, azure_devops};
use crate::problem::Problem;
use windtunnel_sim::plan::{Application, Pipeline, Trigger};

/// Reads the `pipelines` section.
pub fn read(application: &mut Application, cx: &mut Context<'_>) -> Vec<Pipeline> {
    let mut list = Vec::new();
    for (name, node) in scenario::PIPELINES.entries(cx.scenario) {
        let mut sets = Vec::new();
        for set in key::SCALE_SETS.items(node) {
            sets.extend(cx.sets.resolve(set, "E0201", "scale set", cx.problems));
        }
        let begins = key::TRIGGER.node(node);
        let of = key::ENVIRONMENT.node(node);
        let environment = of.and_then(|node| azure_devops::environment(node, application, cx));
        let other = [key::TRIGGER.entry.key, key::ADMIN_STATE.entry.key, key::PARALLEL.entry.key]
            .into_iter()
            .find_map(|key| Some((key, node.get(key)?)));
        if let (Some(of), Some((key, other))) = (of, other) {
            let message = format!("`{}` deploys to an environment, where `{key}` has no meaning", name.text);
            let problem = Problem::error("E0641", message).at(&other.span, "this").also(&of.span, "the environment");
            cx.problems.push(
                problem.help("remove it: the timeline runs the pipeline, and `maxParallel` and `drains` say the rest"),
            );
        }
        let installs = key::INSTALLS.node(node);
        let installs = installs.and_then(|code| cx.releases.resolve(code, "E0203", "release", cx.problems));
        let deployed = key::DEPLOYED.node(node);
        let deployed = deployed.and_then(|code| cx.releases.resolve(code, "E0203", "release", cx.problems));
        let trigger = if of.is_some() { Trigger::Never } else { trigger::ON.read(begins) };
        let Some(duration) = key::DURATION.given(node) else { continue };
        list.push(Pipeline {
            name: name.text.clone(),
            sets,
            installs: installs.unwrap_or(0),
            // What the timeline alone runs, it has yet to install.
            deployed: deployed.or(installs.filter(|_| trigger != Trigger::Never)),
            trigger,
            delay: trigger::DELAY.read(begins),
            duration,
            failure: key::FAILURE.read(node),
            needs: cx.dependency_bits(key::NEEDS.given(node)),
            parallel: key::PARALLEL.read(node, &cx.assumptions),
            starts_process: key::STARTS_PROCESS.read(node),
            admin_down_after: admin_state::DOWN_AFTER.given(key::ADMIN_STATE.node(node)),
            environment,
        });
    }
    list
}
