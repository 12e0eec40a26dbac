//! What tells two results apart: the version and the build of the model, and the hash of a scenario.

use serde_json::Value;
use windtunnel_sim::plan::Plan;

/// The version of the model: what a run comes to may change only with it.
pub const MODEL_VERSION: &str = env!("CARGO_PKG_VERSION");

/// The hash of the sources of the model, made when this program was built: of the simulator, and of what makes plans of
/// scenarios. Between two versions there are many builds.
#[must_use]
pub fn model_sources() -> String {
    format!("{}-{}", windtunnel_sim::SOURCES, env!("SOURCES"))
}

/// The hash of what is simulated: of all that a run reads, and of nothing else. What the scenario and the policy are called, a
/// comment, a tag and a property that no run reads change nothing in it.
#[must_use]
pub fn simulated(plan: &Plan) -> String {
    let bare = Plan { title: String::new(), policy: String::new(), ..plan.clone() };
    blake3::hash(format!("{bare:?}").as_bytes()).to_hex()[..32].to_owned()
}

/// The hash of an effective scenario, by which the folder of a run is known. Neither the order of keys nor quotes
/// change anything in it.
#[must_use]
pub fn hash(effective: &Value) -> String {
    blake3::hash(sorted(effective).to_string().as_bytes()).to_hex()[..32].to_owned()
}

/// In one order, every scalar as a text: what is the same whoever wrote it.
#[must_use]
pub fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            entries.into_iter().collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Number(number) => number.to_string().into(),
        Value::Bool(is) => is.to_string().into(),
        Value::String(_) | Value::Null => value.clone(),
    }
}
