//! What a scenario accepts of its fleet that Azure would refuse: it stands at the head of everything that tells of a run.

use serde_json::{Value, json};
use windtunnel_sim::plan::Plan;

/// A sentence for each.
pub fn lines(plan: &Plan) -> Vec<String> {
    let line = |one: &windtunnel_sim::plan::Accepted| {
        format!("{} is accepted in a state that Azure refuses. {}. Why: {}", one.resource, one.refusal, one.reason)
    };
    plan.accepted.iter().map(line).collect()
}

/// The same for machines.
pub fn json(plan: &Plan) -> Value {
    let row = |one: &windtunnel_sim::plan::Accepted| {
        json!({
            "resource": one.resource,
            "code": one.rule.to_string(),
            "refusal": one.refusal,
            "reason": one.reason,
        })
    };
    plan.accepted.iter().map(row).collect()
}
