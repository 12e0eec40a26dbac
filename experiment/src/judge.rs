//! Judging one run by the expectations of its scenario.

use super::never;
use super::replay::Replay;
use windtunnel_claims::expect::{Expectation, Instant, Sense, Subject, Test, When};
use windtunnel_claims::quantity::Curve;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::catalogue::Definition;
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::measure::{Measure, Part, Scope, Unit, Value};
use windtunnel_sim::plan::Plan;
use windtunnel_words::clock::moment;
use windtunnel_words::number::amount;

/// What became of an expectation.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not hold, or there is no data to hold it to: no data fails.
    Fail(String),
    /// This run does not decide it.
    Inconclusive(String),
}

/// An expectation with its verdict.
#[derive(Clone, Debug)]
pub struct Judged<'e> {
    /// The expectation.
    pub expectation: &'e Expectation,
    /// What was measured.
    pub measured: Value,
    /// What became of it.
    pub verdict: Verdict,
    /// For a quantity over time: when it was so, or first was not so.
    pub at: Option<SimTime>,
}

/// What a run leaves to judge it by.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'r> {
    /// What was run.
    pub plan: &'r Plan,
    /// Its measures.
    pub measures: &'r [Measure],
    /// Its series; only expectations on quantities over time need them.
    pub series: Option<&'r Series<'r>>,
    /// When it ended.
    pub end: SimTime,
}

impl<'r> Evidence<'r> {
    /// What a replay leaves.
    #[must_use]
    pub fn of(replay: &'r Replay<'r>) -> Self {
        let (plan, series) = (replay.plan(), Some(&replay.series));
        Self { plan, measures: &replay.measures, series, end: replay.outcome.end }
    }
}

/// Judges a replay by the expectations that one run can meet; those that speak of many are left out.
#[must_use]
pub fn judge<'e>(expectations: &'e [Expectation], replay: &Replay<'_>) -> Vec<Judged<'e>> {
    let evidence = Evidence::of(replay);
    expectations.iter().filter(|one| one.is_of_one_run()).map(|one| judge_one(one, evidence)).collect()
}

/// Judges one run by one expectation.
#[must_use]
pub fn judge_one<'e>(expectation: &'e Expectation, evidence: Evidence<'_>) -> Judged<'e> {
    let judged = judge_alone(expectation, evidence);
    let void = || never::of_run(evidence.plan, evidence.measures).filter(|_| never::met_by_nothing(expectation));
    match judged.verdict {
        Verdict::Pass if !expectation.without_rollout => match void() {
            Some(kept) => Judged { verdict: Verdict::Inconclusive(never::why(&kept)), ..judged },
            None => judged,
        },
        _ => judged,
    }
}

/// The same, whether a rollout began or not.
fn judge_alone<'e>(expectation: &'e Expectation, evidence: Evidence<'_>) -> Judged<'e> {
    match &expectation.subject {
        Subject::Measure(definition) => {
            let measured = measured(definition, expectation, evidence);
            let verdict = of_value(&expectation.test, expectation.sense, measured, definition.unit);
            Judged { expectation, measured, verdict, at: None }
        }
        Subject::Series(_) => of_series(expectation, evidence),
    }
}

/// The measure that is asked for. Where the part that is named is all there is, its measures are those of the whole.
fn measured(definition: &Definition, expectation: &Expectation, evidence: Evidence<'_>) -> Value {
    let of = |scope: Scope| Measure::find(evidence.measures, definition.name, scope);
    let Some(Part { kind, name }) = &expectation.part else { return of(Scope::Fleet).unwrap_or(NO_PART) };
    let [scope] = Scope::named(evidence.plan, *kind, name)[..] else { return NO_PART };
    let is_whole = Scope::parts(evidence.plan, *kind) == [scope];
    of(scope).or_else(|| of(Scope::Fleet).filter(|_| is_whole)).unwrap_or(NO_PART)
}

/// What is measured of a part that no measure is of.
const NO_PART: Value = Value::NotComputed("the entry point has no traffic");

/// One value against one bound. What is still open at the horizon never passes: it may yet grow past any bound.
fn of_value(test: &Test, sense: Sense, value: Value, unit: Unit) -> Verdict {
    let shown = |value: f64| amount(value, unit.symbol());
    let passes = sense == Sense::Holds;
    match (&value, test) {
        (Value::NotComputed(why), _) => Verdict::Fail(format!("not computed: {why}")),
        (Value::AtLeast(least), Test::AtMost(bound) | Test::Is(bound) | Test::Between(_, bound))
            if least > bound && passes =>
        {
            Verdict::Fail(format!("still open at the horizon, already at {}", shown(*least)))
        }
        (Value::AtLeast(least), Test::AtLeast(bound)) if least >= bound && !passes => {
            Verdict::Fail(format!("still open at the horizon, already at {}", shown(*least)))
        }
        (Value::AtLeast(least), _) => {
            Verdict::Inconclusive(format!("still open at the horizon, after {}", shown(*least)))
        }
        (Value::Word(word), Test::IsWord(expected)) if (word == expected) == passes => Verdict::Pass,
        (Value::Word(word), Test::IsFlag(flag)) if (*word == flag.to_string()) == passes => Verdict::Pass,
        (Value::Word(word), Test::IsWord(_) | Test::IsFlag(_)) => Verdict::Fail(format!("it is `{word}`")),
        (Value::Number(value), test) => match test.holds(*value) {
            Some(holds) if holds == passes => Verdict::Pass,
            Some(_) => Verdict::Fail(format!("it is {}", shown(*value))),
            None => Verdict::Fail(format!("it is a number ({value} {unit}), but the test expects a word")),
        },
        (Value::Word(word), _) => Verdict::Fail(format!("it is the word `{word}`, but the test expects a number")),
    }
}

/// What came of a look at a quantity over time: the value that tells, when it was so, and the verdict.
struct Look {
    value: Option<f64>,
    at: Option<SimTime>,
    verdict: Verdict,
}

impl Look {
    fn pass(value: f64, at: Option<SimTime>) -> Self {
        Self { value: Some(value), at, verdict: Verdict::Pass }
    }

    fn fail(value: f64, at: SimTime, why: String) -> Self {
        Self { value: Some(value), at: Some(at), verdict: Verdict::Fail(why) }
    }
}

fn of_series<'e>(expectation: &'e Expectation, evidence: Evidence<'_>) -> Judged<'e> {
    let look = look(expectation, evidence);
    let look =
        look.unwrap_or_else(|why| Look { value: None, at: None, verdict: Verdict::Fail(format!("no data: {why}")) });
    let measured = look.value.map_or(Value::NotComputed("there is no data at this time"), Value::Number);
    Judged { expectation, measured, verdict: look.verdict, at: look.at }
}

/// Looks at a quantity over time.
fn look(expectation: &Expectation, evidence: Evidence<'_>) -> Result<Look, String> {
    let Subject::Series(quantity) = &expectation.subject else { return Err("it is not a quantity over time".into()) };
    let series = evidence.series.ok_or("the series were not recorded")?;
    let end = evidence.end;
    let curve = Curve::new(evidence.plan, series, quantity, expectation.part.as_ref())?;
    let (test, passes) = (&expectation.test, expectation.sense == Sense::Holds);
    let unit = expectation.subject.unit();
    let said = |at: SimTime| moment(evidence.plan, at);
    let when = |instant: &Instant| -> Result<SimTime, String> {
        let at = instant.of_plan(evidence.plan).map_err(|wrong| wrong.message)?;
        if at > end { Err(format!("the run ended at {}, before {}", said(end), said(at))) } else { Ok(at) }
    };
    let start = |from: &Option<Instant>| from.as_ref().map_or(Ok(SimTime::ZERO), when);
    let is = |value: f64, at: SimTime| format!("it is {} at {}", amount(value, unit.symbol()), said(at));
    Ok(match &expectation.when {
        When::At(at) => {
            let at = when(at)?;
            let value = curve.value(at)?;
            if test.holds(value) == Some(passes) {
                Look::pass(value, Some(at))
            } else {
                Look::fail(value, at, is(value, at))
            }
        }
        When::Throughout { from, until } => {
            let (from, until) = (start(from)?, until.as_ref().map_or(Ok(end), when)?);
            match curve.first(from, until, test, !passes) {
                Some((at, value)) => Look::fail(value, at, is(value, at)),
                None => Look::pass(nearest(&curve, from, until, test, passes)?, None),
            }
        }
        When::Within { from, length } => {
            let from = start(from)?;
            let limit = from + *length;
            match curve.first(from, limit.min(end), test, passes) {
                Some((at, value)) => Look::pass(value, Some(at)),
                None => {
                    let value = nearest(&curve, from, limit.min(end), test, !passes)?;
                    let verdict = if limit > end {
                        Verdict::Inconclusive(format!("the run ended at {}, before {}", said(end), said(limit)))
                    } else {
                        Verdict::Fail(format!("it did not hold at any instant up to {}", said(limit)))
                    };
                    Look { value: Some(value), at: Some(limit.min(end)), verdict }
                }
            }
        }
    })
}

/// The value that came nearest to a bound which was never crossed; the last one where there is no such side.
fn nearest(curve: &Curve<'_>, from: SimTime, until: SimTime, test: &Test, kept: bool) -> Result<f64, String> {
    let (least, most) = curve.range(from, until);
    match (test, kept) {
        (Test::AtMost(_), true) | (Test::AtLeast(_), false) => Ok(most),
        (Test::AtLeast(_), true) | (Test::AtMost(_), false) => Ok(least),
        _ => curve.value(until),
    }
}
