//! What one run says to change: the policies of its scenario that keep the objective with common random numbers.
//!
//! One seed proves nothing, and the sentence says so; it points to what is worth a comparison.

use super::highlights::Highlights;
use crate::experiment::assessment::{keeps, listed};
use crate::experiment::incident;
use crate::experiment::replay::Replay;
use crate::input::{Loaded, Planned};
use windtunnel_words::number::percent;
use windtunnel_words::text::quoted;

/// A run with more entries than this is not repeated under other policies only to advise.
const ENTRIES_MOST: usize = 30_000;
/// Nor are there more runs than this.
const POLICIES_MOST: usize = 12;

const NO_TRAFFIC: &str = "the scenario gives no traffic, so nobody is harmed";

/// What to change, in a sentence; `file` is the scenario as a shell takes it.
pub fn of_run(loaded: &Loaded, planned: &Planned, highlights: &Highlights<'_>, file: &str) -> String {
    let replay = highlights.replay;
    let compare = format!("windtunnel compare {}", quoted(file));
    let others: Vec<&str> = loaded.policies().filter(|name| *name != planned.plan.policy).collect();
    if planned.plan.entry_points.iter().all(|entry| entry.traffic.is_none()) {
        return format!("{NO_TRAFFIC}; {compare} shows what the policies differ in");
    }
    let Some(objective) = highlights.objective else {
        let own = replay.harmed_pct();
        let harm =
            own.map_or("harm is not computed".to_owned(), |harm| format!("{} of requests are harmed", percent(harm)));
        return format!("{harm}; the scenario has no objective to compare it with (objective: 99.9 %)");
    };
    let Some(own) = objective.harmed else {
        return "harm is not computed, so nothing can be held to the objective".to_owned();
    };
    let allowed = objective.allowed;
    let line = percent(allowed);
    let is_met = keeps(own, allowed);
    if is_met && highlights.headline.goes_on() {
        return format!(
            "the objective is met ({} harmed, {line} allowed), but does not cover what still goes on at the end; one \
             run is one random sample, and {compare} makes many",
            percent(own)
        );
    }
    if is_met {
        return format!(
            "nothing in this run: {} harmed, {line} allowed; one run is one random sample, and {compare} makes many",
            percent(own)
        );
    }
    if others.is_empty() {
        return format!("the scenario has no other policy: add one under policies, and {compare} says what it does");
    }
    if replay.ledger.len() > ENTRIES_MOST || others.len() > POLICIES_MOST {
        return format!("the scenario has {} other policies; {compare} says which keep the objective", others.len());
    }
    let mut tried: Vec<(f64, &str)> = Vec::new();
    for name in others.iter().copied() {
        let Ok(other) = loaded.plan(name) else { continue };
        // What changes the incident is nothing to do about it.
        if incident::of(other, planned).is_some() {
            continue;
        }
        let again = Replay::new(&other.plan, replay.seed);
        let of_no_use = again.never_started() || again.outcome.spent.is_some();
        if let (Some(harm), false) = (again.harmed_pct(), of_no_use) {
            tried.push((harm, name));
        }
    }
    tried.sort_by(|a, b| a.0.total_cmp(&b.0));
    let able: Vec<&str> = tried.iter().filter(|one| keeps(one.0, allowed)).map(|one| one.1).collect();
    match (&able[..], tried.first()) {
        ([], None) => format!("no other policy of the scenario can be judged; {compare} shows them"),
        ([], Some(&(harm, best))) => format!(
            "none of the {} other policies keeps harm within {line} with this seed; the nearest is {best} ({}). \
             {compare} shows more",
            others.len(),
            percent(harm)
        ),
        (names, _) => format!(
            "with the same seed {} {} harm within {line} ({} with {}); {compare} shows with what confidence",
            listed(names),
            if names.len() == 1 { "keeps" } else { "keep" },
            percent(tried[0].0),
            tried[0].1
        ),
    }
}
