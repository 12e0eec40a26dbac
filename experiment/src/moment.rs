//! The first moment at which an expectation was missed in a run: when, and which entry of the ledger says so.
//!
//! A quantity over time says it itself. A measure is asked what it would have been, had the run ended at an instant, and
//! the first at which it was beyond its bound is found by halving: what adds up goes beyond once and stays there. A bound
//! that the measure has yet to reach has no such moment; it is missed at the end.

use super::judge::{Evidence, Verdict, judge_one};
use super::replay::Replay;
use windtunnel_claims::expect::{Expectation, Subject};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::{Measure, Measures, Value};
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::run::Sink;

/// A moment of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// When.
    pub at: SimTime,
    /// The entry that says so, where one does.
    pub entry: Option<Record>,
}

/// When a replay first missed an expectation; `None` where it did not, or only at its end.
#[must_use]
pub fn first_missed(expectation: &Expectation, replay: &Replay<'_>) -> Option<Moment> {
    let evidence = Evidence::of(replay);
    let judged = judge_one(expectation, evidence);
    if judged.verdict == Verdict::Pass {
        return None;
    }
    let at = match expectation.subject {
        Subject::Series(_) => judged.at?,
        Subject::Measure(_) => crossing(expectation, replay)?,
    };
    Some(Moment { at, entry: entry(expectation, &replay.ledger, at) })
}

/// The first millisecond at which a measure is beyond its bound.
fn crossing(expectation: &Expectation, replay: &Replay<'_>) -> Option<SimTime> {
    let judged = |at: SimTime| {
        let measures = measures_at(replay, at);
        judge_one(expectation, Evidence { measures: &measures, end: at, ..Evidence::of(replay) })
    };
    let is_there = |value: &Value| !matches!(value, Value::NotComputed(_));
    let missed = |at: SimTime| {
        let judged = judged(at);
        // What is not computed yet is not missed yet.
        matches!(judged.verdict, Verdict::Fail(_)) && is_there(&judged.measured.value)
    };
    let (mut low, mut high) = (0, replay.outcome.end.ms());
    if missed(SimTime::ZERO) || !missed(replay.outcome.end) {
        return None;
    }
    while high - low > 1 {
        let middle = u64::midpoint(low, high);
        if missed(SimTime::from_ms(middle)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    // What was missed as soon as it could be computed was never met: there is no moment at which that changed.
    is_there(&judged(SimTime::from_ms(low)).measured.value).then(|| SimTime::from_ms(high))
}

/// What the measures would be, had the run ended at `at`. Shares of requests are of those of the whole run, so that they
/// only grow.
fn measures_at(replay: &Replay<'_>, at: SimTime) -> Vec<Measure> {
    let mut measures = Measures::new(replay.plan());
    let mut whole = None;
    for record in &replay.ledger {
        if record.time > at && whole.is_none() {
            whole = Some(measures.clone());
        }
        measures.record(record);
    }
    let mut then = whole.unwrap_or_else(|| measures.clone());
    then.end(at);
    measures.end(replay.outcome.end);
    let offered = |of: &Measures<'_>, name: Option<&str>| -> f64 {
        let totals = of.totals();
        let these = totals.iter().filter(|(known, _)| name.is_none_or(|name| *known == name));
        these.map(|(_, totals)| totals.offered).sum()
    };
    let mut list = then.measures();
    for measure in &mut list {
        if let ("blast_radius.requests_pct" | "slo.budget_spent_pct", Value::Number(value)) =
            (measure.name, &mut measure.value)
        {
            let name = measure.entry_point.as_deref();
            *value *= offered(&then, name) / offered(&measures, name);
        }
    }
    list
}

/// The entry that says what happened then: the harm that was under way, or else the last entry of the instant.
fn entry(expectation: &Expectation, ledger: &[Record], at: SimTime) -> Option<Record> {
    let name = expectation.subject.name();
    let until = &ledger[..ledger.partition_point(|record| record.time <= at)];
    let (area, which) = name.split_once('.').unwrap_or((&name, ""));
    let is_of_harm = match area {
        "downtime" | "slo" | "time_to" => true,
        "blast_radius" => which.starts_with("requests") || which.starts_with("users"),
        "series" => ["harmed_pct", "failed_rps", "stale_rps", "served_rps"].contains(&which),
        _ => false,
    };
    if is_of_harm {
        let outage = name == "downtime.full_s";
        let began = |record: &&Record| match record.fact {
            Fact::OutageStarted { .. } => outage,
            Fact::HarmStarted { .. } => !outage,
            _ => false,
        };
        return until.iter().rev().find(began).copied();
    }
    // What is counted changes with an instance; users are harmed by it in the same instant.
    let now = until.iter().rev().take_while(|record| record.time == at);
    now.clone().find(|record| record.fact.instance().is_some()).or_else(|| now.clone().next()).copied()
}
