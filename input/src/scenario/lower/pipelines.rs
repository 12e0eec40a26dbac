//! Release pipelines.

use super::Context;
use super::keys::{admin_state, pipeline as key, scenario, trigger};
use windtunnel_sim::plan::Pipeline;

/// Reads the `pipelines` section.
pub fn read(cx: &mut Context<'_>) -> Vec<Pipeline> {
    let mut list = Vec::new();
    for (name, node) in scenario::PIPELINES.entries(cx.scenario) {
        let mut sets = Vec::new();
        for set in key::SCALE_SETS.items(node) {
            sets.extend(cx.sets.resolve(set, "E0201", "scale set", cx.problems));
        }
        let begins = key::TRIGGER.node(node);
        let installs = key::INSTALLS.node(node);
        let installs = installs.and_then(|code| cx.releases.resolve(code, "E0203", "release", cx.problems));
        let Some(duration) = key::DURATION.given(node) else { continue };
        list.push(Pipeline {
            name: name.text.clone(),
            sets,
            installs: installs.unwrap_or(0),
            trigger: trigger::ON.read(begins),
            delay: trigger::DELAY.read(begins),
            duration,
            failure: key::FAILURE.read(node),
            parallel: key::PARALLEL.read(node, &cx.assumptions),
            starts_process: key::STARTS_PROCESS.read(node),
            admin_down_after: admin_state::DOWN_AFTER.given(key::ADMIN_STATE.node(node)),
        });
    }
    list
}
