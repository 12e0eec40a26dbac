//! A policy says what one does. One that changes what goes wrong instead, the outage, the traffic or what is assumed of Azure,
//! is another incident: it is compared, and is never recommended.

use super::compare::Comparison;
use serde_json::Value;
use windtunnel_input::Planned;
use windtunnel_input::patch::{Place, Step};

/// What lies outside of what a team decides.
const AROUND: [&str; 3] = ["faults", "traffic", "assumptions"];
/// Entries of the timeline that nobody of the team writes.
const HAPPENS: [&str; 11] = [
    "zoneOutage",
    "slowControlPlane",
    "worseBoots",
    "failDeletes",
    "disturb",
    "maintenance",
    "evict",
    "failUpgrade",
    "expirePayload",
    "dependencyDown",
    "blockProbes",
];

/// Marks the policies of a comparison that are another incident, with the place of the change.
pub fn mark(comparison: &mut Comparison, planned: &[&Planned]) {
    let reference = comparison.reference;
    for (place, policy) in comparison.policies.iter_mut().enumerate().filter(|(place, _)| *place != reference) {
        policy.incident = of(planned[place], planned[reference]);
    }
}

/// Where a policy changes what goes wrong, beside one of the same scenario.
#[must_use]
pub fn of(policy: &Planned, beside: &Planned) -> Option<String> {
    let change = policy.diff.iter().find(|change| is_of_incident(&change.path, &[beside, policy]));
    change.map(|change| change.path.to_string())
}

fn is_of_incident(path: &Place, scenarios: &[&Planned]) -> bool {
    match path.steps() {
        [Step::Key(key), ..] if AROUND.contains(&key.as_str()) => true,
        [Step::Key(key), Step::Element(entry), ..] if key == "timeline" => {
            scenarios.iter().any(|scenario| happens(&scenario.effective, entry))
        }
        _ => false,
    }
}

/// Whether an entry of the timeline, by its name, is something that happens to the team.
fn happens(scenario: &Value, entry: &str) -> bool {
    let entries = scenario["timeline"].as_array().into_iter().flatten();
    let mut named = entries.filter(|one| one["name"].as_str() == Some(entry));
    named.any(is_of_nobody)
}

/// Whether an entry of the timeline, as a scenario has it, is something that nobody of the team does.
#[must_use]
pub fn is_of_nobody(entry: &Value) -> bool {
    HAPPENS.iter().any(|key| entry.get(key).is_some_and(|value| !value.is_null()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_input::scenario::{keys, shape::Object};

    /// A resource may have the name of a key: a change of the balancer `traffic` is what a team decides, a change of the key
    /// `traffic` is another incident.
    #[test]
    fn a_resource_with_the_name_of_a_key_is_of_the_team() {
        let of = |first: Step| [first, Step::Key("sku".to_owned())].into_iter().collect::<Place>();
        assert!(is_of_incident(&of(Step::Key("traffic".to_owned())), &[]));
        assert!(!is_of_incident(&of(Step::Resource("traffic".to_owned())), &[]));
    }

    /// Each of them is a key of the timeline or of the scenario, so that a renamed one is noticed here.
    #[test]
    fn what_happens_is_a_key() {
        let has = |object: &Object, name: &str| object.entries.iter().any(|entry| entry.key == name);
        assert!(AROUND.iter().all(|name| has(&keys::SCENARIO, name)));
        assert!(HAPPENS.iter().all(|name| has(&keys::ACTION, name)));
    }
}
