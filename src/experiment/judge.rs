//! Judging a run by the expectations of its scenario.

use super::expect::{Expectation, Test};
use windtunnel_sim::measure::{Measure, Value};

/// What became of an expectation.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not hold, or there is no data to hold it to: no data fails.
    Fail(String),
    /// It cannot be told from this run.
    Inconclusive(String),
}

/// An expectation with its verdict.
#[derive(Clone, Debug)]
pub struct Judged<'e> {
    /// The expectation.
    pub expectation: &'e Expectation,
    /// What was measured.
    pub measured: Measure,
    /// What became of it.
    pub verdict: Verdict,
}

/// Judges one run.
#[must_use]
pub fn judge<'e>(expectations: &'e [Expectation], measures: &[Measure]) -> Vec<Judged<'e>> {
    expectations
        .iter()
        .map(|expectation| {
            let name = expectation.measure.name;
            let is_asked_for = |measure: &&Measure| measure.name == name && measure.entry_point.is_none();
            let measured = measures.iter().find(is_asked_for).expect("only what is computed can be asked for").clone();
            let verdict = of_value(&expectation.test, &measured);
            Judged { expectation, measured, verdict }
        })
        .collect()
}

/// One value against one bound. What is still open at the horizon never passes: it may yet grow past any bound.
fn of_value(test: &Test, measure: &Measure) -> Verdict {
    match (&measure.value, test) {
        (Value::NotComputed(why), _) => Verdict::Fail(format!("not computed: {why}")),
        (Value::AtLeast(least), Test::AtMost(bound) | Test::Is(bound) | Test::Between(_, bound)) if least > bound => {
            Verdict::Fail(format!("still open at the horizon, at {least} {} already", measure.unit))
        }
        (Value::AtLeast(least), _) => {
            Verdict::Inconclusive(format!("still open at the horizon, after {least} {}", measure.unit))
        }
        (Value::Word(word), Test::IsWord(expected)) => {
            if word == expected {
                Verdict::Pass
            } else {
                Verdict::Fail(format!("it is `{word}`"))
            }
        }
        (Value::Number(value), test) => match test.holds(*value) {
            Some(true) => Verdict::Pass,
            Some(false) => Verdict::Fail(format!("it is {value} {}", measure.unit)),
            None => Verdict::Fail(format!("it is a number ({value} {}), which this test is not about", measure.unit)),
        },
        (Value::Word(word), _) => Verdict::Fail(format!("it is the word `{word}`, which this test is not about")),
    }
}
