//! Where a scenario says how much happens in a run, for whoever has to say that it is too much.

use super::tree::{Node, Span};

/// The places of what makes work.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// `horizon`.
    pub horizon: Option<Span>,
    /// `application.jobs.every`.
    pub jobs: Option<Span>,
    /// `every` of each fault, by its name.
    pub faults: Vec<(String, Span)>,
}

impl Work {
    /// The places in a scenario.
    #[must_use]
    pub fn of(scenario: &Node) -> Self {
        let span = |node: Option<&Node>| node.map(|node| node.span.clone());
        let faults = scenario.get("faults").map_or(&[][..], Node::entries).iter();
        Self {
            horizon: span(scenario.get("horizon")),
            jobs: span(scenario.get("application").and_then(|of| of.get("jobs")?.get("every"))),
            faults: faults.filter_map(|(key, node)| Some((key.text.clone(), span(node.get("every"))?))).collect(),
        }
    }
}

/// A whole number with its thousands apart: `10,000,000`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_separated() {
        assert_eq!([7, 1000, 864_000_000].map(super::grouped), ["7", "1,000", "864,000,000"]);
    }
}
