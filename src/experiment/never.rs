//! Rollouts that were wanted and of which nothing began: what harms nobody then is no merit of a policy.

use super::expect::{Expectation, Sense, Subject};
use super::observed::Seen;
use super::statistics::{Direction, direction};
use super::table::Values;
use windtunnel_sim::measure::{Measure, Value};

/// The measure that names the rule which kept a rollout from beginning.
const RULE: &str = "rollout.never_started_by";
/// The measure that counts what began.
const BATCHES: &str = "rollout.batches";

/// The rule that kept every rollout of a run from beginning; `None` where one began, or none was wanted.
#[must_use]
pub fn of_run(measures: &[Measure]) -> Option<&'static str> {
    let whole = |name: &str| {
        let of = |measure: &&Measure| measure.name == name && measure.entry_point.is_none();
        measures.iter().find(of).map(|measure| &measure.value)
    };
    let idle = !matches!(whole(BATCHES), Some(Value::Number(batches)) if *batches > 0.0);
    match whole(RULE) {
        Some(Value::Word(rule)) if idle => Some(rule),
        _ => None,
    }
}

/// The same over the runs of a policy: the rule where nothing began in any of them. `values` gives the values of a measure,
/// none where it is not there.
#[must_use]
pub fn of_runs<'v>(values: impl Fn(&str) -> Option<Values<'v>>) -> Option<String> {
    let rules = values(RULE)?;
    let idle = values(BATCHES).is_none_or(|batches| batches.iter().all(|one| one.number() == Some(0.0)));
    let all = !rules.is_empty() && rules.iter().all(|one| matches!(one, Seen::Word(_)));
    match rules.get(0) {
        Some(Seen::Word(rule)) if idle && all => Some(rule.to_string()),
        _ => None,
    }
}

/// In how many runs of a policy nothing began, where that is so in some of them and not in all; and the first rule that kept
/// one from beginning.
#[must_use]
pub fn in_some<'v>(values: impl Fn(&str) -> Option<Values<'v>>) -> Option<(usize, String)> {
    let (rules, batches) = (values(RULE)?, values(BATCHES));
    let idle =
        |at: &usize| batches.as_ref().is_none_or(|batches| batches.get(*at).and_then(|one| one.number()) == Some(0.0));
    let mut of = (0..rules.len()).filter(idle).filter_map(|at| match rules.get(at) {
        Some(Seen::Word(rule)) => Some(rule.to_string()),
        _ => None,
    });
    let first = of.next()?;
    let count = 1 + of.count();
    (count < rules.len()).then_some((count, first))
}

/// What is to be said of a policy of which nothing began in some runs.
#[must_use]
pub fn some_told(policy: &str, (count, rule): &(usize, String), runs: usize) -> String {
    format!("{policy}: in {count} of {runs} runs no rollout began ({rule}), and what is not rolled out harms nobody")
}

/// Whether an expectation is about harm, and such that a run in which nothing happens at all meets it.
#[must_use]
pub fn met_by_nothing(expectation: &Expectation) -> bool {
    let best = match &expectation.subject {
        Subject::Measure(definition) => of_measure(definition.name),
        Subject::Series(quantity) => quantity.is_harm().then_some(0.0),
    };
    best.is_some_and(|best| expectation.test.holds(best) == Some(expectation.sense == Sense::Holds))
}

/// What a measure of harm is where nobody is harmed.
fn of_measure(name: &str) -> Option<f64> {
    let is_harm = ["blast_radius.", "downtime.", "slo.", "capacity.min_pct", "capacity.shortfall_s"];
    if !is_harm.iter().any(|family| name.starts_with(family)) {
        return None;
    }
    match direction(name) {
        Direction::Lower => Some(0.0),
        Direction::Higher => Some(100.0),
        Direction::Neutral => None,
    }
}

/// Why an expectation is open that is met since nothing began.
#[must_use]
pub fn why(rule: &str) -> String {
    format!(
        "no rollout began ({rule}), and what is not rolled out harms nobody; `rollout: none` says that this is meant"
    )
}
