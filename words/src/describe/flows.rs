//! Connections of clients in words.

use super::Names;
use crate::number::hundredths;
use windtunnel_sim::world::fact::FlowFact;

/// A fact as one English sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &FlowFact) -> String {
    match *fact {
        FlowFact::Remapped { .. } => {
            format!("the clients of {who} are mapped to its backends again, since a backend joined or left the pool")
        }
        FlowFact::Routed { share, .. } => {
            format!("{} % of the users of a name are led to {who}", hundredths(share / 100_000))
        }
        FlowFact::Hung { pool, .. } => {
            let pool = names.pool(pool);
            format!("the connections of {pool} to {who} hang: they get no answers and are not closed")
        }
        FlowFact::Resumed { pool, .. } => format!("the connections of {} to {who} continue", names.pool(pool)),
        FlowFact::Reset { pool, .. } => {
            format!("{who} is back, does not know its connections from {}, and resets them", names.pool(pool))
        }
    }
}
