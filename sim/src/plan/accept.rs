//! What of a fleet Azure would refuse today: states that a scenario accepts all the same, and writes of the timeline that
//! are refused.

use crate::rules::RuleId;

/// A state that Azure would refuse, and that a fleet is in all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The resource.
    pub resource: String,
    /// The rule by which Azure would refuse it.
    pub rule: RuleId,
    /// What Azure would say, its own code and text where they are known.
    pub refusal: String,
    /// Why the fleet is in that state, in the words of the scenario.
    pub reason: String,
}

/// What Azure answers to a write that it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule by which it is refused.
    pub rule: RuleId,
    /// Azure's own code, where it is known.
    pub code: Option<&'static str>,
    /// Azure's own text, or what is wrong in our words.
    pub text: String,
}
