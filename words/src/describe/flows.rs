//! Connections of clients in words.

use super::{Names, pairs};
use windtunnel_sim::world::fact::FlowFact;

/// The kind of a fact, as written in tables.
pub const fn what(fact: &FlowFact) -> &'static str {
    match fact {
        FlowFact::Remapped { .. } => "clientsRemapped",
        FlowFact::Hung { .. } => "connectionsHung",
        FlowFact::Resumed { .. } => "connectionsResumed",
        FlowFact::Reset { .. } => "connectionsReset",
    }
}

/// What a machine reads of a fact beside its kind and its subject.
pub fn detail(names: &Names<'_>, fact: &FlowFact) -> String {
    match fact {
        FlowFact::Remapped { .. } => String::new(),
        FlowFact::Hung { pool, .. } | FlowFact::Resumed { pool, .. } | FlowFact::Reset { pool, .. } => {
            pairs(&[("pool", &names.pool(*pool))])
        }
    }
}

/// A fact as one English sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &FlowFact) -> String {
    let pool = names.pool(fact.pool());
    match fact {
        FlowFact::Remapped { .. } => {
            format!("the clients of {pool} are mapped to its backends anew, since somebody joined or left the pool")
        }
        FlowFact::Hung { .. } => {
            format!("the connections of {pool} to {who} hang: nobody answers on them, and nobody ends them")
        }
        FlowFact::Resumed { .. } => format!("the connections of {pool} to {who} go on"),
        FlowFact::Reset { .. } => {
            format!("{who} is back, knows nothing of its connections from {pool}, and resets them")
        }
    }
}
