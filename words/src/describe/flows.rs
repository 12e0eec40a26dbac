//! Connections of clients in words.

use super::Names;
use crate::number::hundredths;
use windtunnel_sim::world::fact::FlowFact;
use windtunnel_sim::world::ids::EntryPointId;

/// A fact as one English sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &FlowFact) -> String {
    match *fact {
        FlowFact::Remapped { .. } => {
            format!("the clients of {who} are mapped to its backends again, since a backend joined or left the pool")
        }
        FlowFact::Routed { to, share } => {
            let plan = names.plan();
            let entry = plan.entry_point(to);
            let listener = entry.routed.filter(|_| plan.is_part(to)).map(|of| plan.entry_point(EntryPointId(of.from)));
            let of = match listener {
                Some(listener) => format!("requests of {}", listener.own_name()),
                None => format!("users of {}", entry.resource),
            };
            match share {
                0 => format!("none of the {of} are led to {who}"),
                _ => format!("{} % of the {of} are led to {who}", hundredths(share / 100_000)),
            }
        }
        FlowFact::Draining { pool, .. } => {
            format!(
                "{} drains {who}: nothing new goes there, and what is bound to it stays for a while",
                names.pool(pool)
            )
        }
        FlowFact::TooLate { pool, .. } => {
            format!("{who} answers later than {} waits: its requests fail", names.pool(pool))
        }
        FlowFact::InTime { pool, .. } => format!("{who} answers {} in time again", names.pool(pool)),
        FlowFact::Errs { pool, .. } => {
            format!("{who} answers requests of {} with errors, which the gateway passes on", names.pool(pool))
        }
        FlowFact::ErrsNoMore { pool, .. } => {
            format!("{who} answers no requests of {} with errors now", names.pool(pool))
        }
        FlowFact::Silent { pool, .. } => {
            format!("{who} does not answer what {} sends: the gateway waits for each request", names.pool(pool))
        }
        FlowFact::Speaks { pool, .. } => format!("{} does not wait for {who} any more", names.pool(pool)),
        FlowFact::Outlived { share, .. } => format!(
            "the drain after an update of the gateway is over: the {} % of the connections of {who} that outlived it end",
            hundredths(share / 100_000)
        ),
        FlowFact::Hung { pool, .. } => {
            let pool = names.pool(pool);
            format!("the connections of {pool} to {who} hang: they get no answers and are not closed")
        }
        FlowFact::Retried { rate: 0, .. } => format!("no request is sent to {who} a second time any more"),
        FlowFact::Retried { rate, .. } => {
            format!("clients of {who} send {} requests a second again that failed", hundredths(rate / 10))
        }
        FlowFact::Waits { late, full, .. } => {
            let wait = if late {
                "longer than their clients do: the answers come too late"
            } else {
                "until a backend has time for them"
            };
            let full = if full { "; the queue is full, and what comes beside that fails" } else { "" };
            format!("requests to {who} wait {wait}{full}")
        }
        FlowFact::WaitsNoMore { .. } => format!("no request to {who} waits any more"),
        FlowFact::Resumed { pool, .. } => format!("the connections of {} to {who} continue", names.pool(pool)),
        FlowFact::Reset { pool, .. } => {
            format!("{who} is back, does not know its connections from {}, and resets them", names.pool(pool))
        }
    }
}
