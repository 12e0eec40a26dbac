//! Connections of clients in words.

use super::Names;
use windtunnel_sim::world::fact::FlowFact;

/// A fact as one English sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &FlowFact) -> String {
    match *fact {
        FlowFact::Remapped { .. } => {
            format!("the clients of {who} are mapped to its backends anew, since somebody joined or left the pool")
        }
        FlowFact::Hung { pool, .. } => {
            let pool = names.pool(pool);
            format!("the connections of {pool} to {who} hang: nobody answers on them, and nobody ends them")
        }
        FlowFact::Resumed { pool, .. } => format!("the connections of {} to {who} go on", names.pool(pool)),
        FlowFact::Reset { pool, .. } => {
            format!("{who} is back, knows nothing of its connections from {}, and resets them", names.pool(pool))
        }
    }
}
