//! The first moment at which an expectation was missed in a run: when, and which entry of the ledger says so.
//!
//! A quantity over time says it itself. A measure is asked what it would have been, had the run ended at an instant, and
//! the first at which it was beyond its bound is found by halving: what adds up goes beyond once and stays there. A bound
//! that the measure has yet to reach has no such moment; it is missed at the end.

use super::judge::{Evidence, Verdict, judge_one};
use super::replay::Replay;
use windtunnel_claims::expect::{Expectation, Subject};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::catalogue::Sign;
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
        matches!(judged.verdict, Verdict::Fail(_)) && is_there(&judged.measured)
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
    is_there(&judged(SimTime::from_ms(low)).measured).then(|| SimTime::from_ms(high))
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
    then.measures_within(&measures)
}

/// The entry that says what happened then: the harm that was under way, or else the last entry of the instant.
fn entry(expectation: &Expectation, ledger: &[Record], at: SimTime) -> Option<Record> {
    let until = &ledger[..ledger.partition_point(|record| record.time <= at)];
    let sign = match &expectation.subject {
        Subject::Measure(definition) => definition.sign,
        Subject::Series(quantity) => quantity.sign(),
    };
    if sign != Sign::Instance {
        let began = |record: &&Record| match record.fact {
            Fact::OutageStarted { .. } => sign == Sign::Outage,
            Fact::HarmStarted { .. } => sign == Sign::Harm,
            _ => false,
        };
        return until.iter().rev().find(began).copied();
    }
    // What is counted changes with an instance; users are harmed by it in the same instant.
    let now = until.iter().rev().take_while(|record| record.time == at);
    now.clone().find(|record| record.fact.instance().is_some()).or_else(|| now.clone().next()).copied()
}
