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
