//! How rollouts went, and how soon what harms users was noticed, halted and over.

use super::{Reading, Scope, Value};
use crate::engine::time::SimTime;
use crate::words;

words! {
    /// How a rollout stands at the end of a run.
    pub enum Outcome {
        /// All that was wanted was done.
        Completed => "completed",
        /// It was stopped by its own conditions.
        Halted => "halted",
        /// Somebody stopped it.
        Cancelled => "cancelled",
        /// It was wanted and did not begin.
        NeverStarted => "neverStarted",
        /// It is not over at the horizon.
        Running => "running",
    }
}

pub(super) fn outcome(reading: &Reading<'_>, scope: Scope) -> Value {
    reading.of.rollouts.outcome(scope.set())
}

pub(super) fn never_started_by(reading: &Reading<'_>, scope: Scope) -> Value {
    match reading.of.rollouts.never_started_by(scope.set()) {
        Some(rule) => Value::Word(rule.word()),
        None => Value::NotComputed("no rollout that was wanted failed to begin"),
    }
}

pub(super) fn duration(reading: &Reading<'_>, scope: Scope) -> Value {
    reading.of.rollouts.duration(scope.set(), reading.of.plan.horizon)
}

pub(super) fn batches(reading: &Reading<'_>, scope: Scope) -> Value {
    Value::Number(f64::from(reading.of.rollouts.batches(scope.set())))
}

pub(super) fn error_code(reading: &Reading<'_>, scope: Scope) -> Value {
    match reading.of.rollouts.first_error(scope.set()) {
        Some(code) => Value::Word(code),
        None => Value::NotComputed("no upgrade ended with an error"),
    }
}

/// Seconds from the first harm, by what gives them for when that was.
fn since_harm(reading: &Reading<'_>, of: impl FnOnce(SimTime, &dyn Fn(SimTime) -> f64) -> Value) -> Value {
    match reading.of.moments.first_harm {
        Some(first) => of(first, &|at| at.since(first).seconds()),
        None => Value::NotComputed("nobody was harmed"),
    }
}

pub(super) fn detect(reading: &Reading<'_>, _: Scope) -> Value {
    let Some(window) = reading.of.windows.longest() else { return Value::NotComputed("nobody was harmed") };
    let since = |at: SimTime| at.since(window.from).seconds();
    match (window.noticed, window.ended) {
        (Some((at, _)), _) => Value::Number(since(at)),
        (None, None) => Value::AtLeast(since(reading.of.plan.horizon)),
        (None, Some(_)) => Value::NotComputed("no probe went down before the harm was over"),
    }
}

pub(super) fn halt(reading: &Reading<'_>, _: Scope) -> Value {
    // A halt before anybody was harmed is a rollout that was stopped in time.
    since_harm(reading, |first, since| match reading.of.rollouts.first_halt() {
        Some(at) if at >= first => Value::Number(since(at)),
        Some(_) => Value::NotComputed("the rollout halted before anybody was harmed"),
        None => Value::NotComputed("no rollout halted"),
    })
}

pub(super) fn recover(reading: &Reading<'_>, _: Scope) -> Value {
    since_harm(reading, |_, since| match reading.of.moments.open {
        0 => Value::Number(reading.of.moments.last_end.map_or(0.0, since)),
        _ => Value::AtLeast(since(reading.of.plan.horizon)),
    })
}
