//! A team's own durations as values of assumptions: for each the distribution that they are of, with how sure that is.

use windtunnel_infer::durations::{Before, Fitted, Seen, fit};
use windtunnel_input::measured::Measured;
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::rules::{A, Range, Value};

/// What durations say of one assumption.
#[derive(Clone, Debug)]
pub struct Row {
    /// The assumption.
    pub assumption: A,
    /// How many durations there are, and how many of them had not ended.
    pub count: usize,
    /// How many had not ended.
    pub running: usize,
    /// The operations that they are of, each once.
    pub operations: Vec<String>,
    /// What is known of the distribution; none where nothing has ended.
    pub fitted: Option<Fitted>,
    /// By how much a slow tail makes the durations likelier, as a difference of logarithms; none where nothing has ended.
    pub tail_gain: Option<f64>,
    /// The value for a scenario; none where it lies outside of what one may give, or where nothing has ended.
    pub value: Option<Value>,
}

/// Where a tail begins and ends, in multiples of the median, where the assumption has none of its own.
const TAIL: (f64, f64) = (4.0, 30.0);
/// By so much a tail must make the durations likelier, since it has a number more (Akaike's criterion).
const GAIN: f64 = 1.0;

/// A row for each assumption that has durations, in the order of the table.
#[must_use]
pub fn calibrate(measured: &[Measured], seed: u64) -> Vec<Row> {
    let mut assumptions: Vec<A> = measured.iter().map(|one| one.assumption).collect();
    assumptions.sort_by_key(|one| *one as usize);
    assumptions.dedup();
    assumptions.into_iter().map(|one| row(one, measured, seed)).collect()
}

fn row(assumption: A, measured: &[Measured], seed: u64) -> Row {
    let these: Vec<&Measured> = measured.iter().filter(|one| one.assumption == assumption).collect();
    let seen: Vec<Seen> = these.iter().map(|one| Seen { seconds: one.seconds, of: one.of, ended: one.ended }).collect();
    let mut operations: Vec<String> =
        these.iter().map(|one| one.operation.clone()).filter(|one| !one.is_empty()).collect();
    operations.sort();
    operations.dedup();
    let default = assumption.row().default;
    let plain = Before { about: about(default), spread: SPREAD, tail: None };
    let tailed = Before { tail: Some(tail(default)), ..plain };
    let seed = seed ^ assumption as u64;
    let (plain, tailed) = (fit(&seen, plain, seed), fit(&seen, tailed, seed));
    let tail_gain = plain.as_ref().zip(tailed.as_ref()).map(|(plain, tailed)| tailed.likeliest - plain.likeliest);
    // Of a constant nothing but its median is asked.
    let has_tail = tail_gain.is_some_and(|gain| gain > GAIN) && matches!(default, Value::Dist(_));
    let fitted = if has_tail { tailed } else { plain };
    let value =
        fitted.as_ref().map(|fitted| value(default, fitted)).filter(|value| assumption.row().range.allows(*value));
    Row {
        assumption,
        count: these.len(),
        running: these.iter().filter(|one| !one.ended).count(),
        operations,
        fitted,
        tail_gain,
        value,
    }
}

/// Before anything is measured, the median may be this many standard deviations of a logarithm from that of the default: 90 % within a
/// factor of 12.
const SPREAD: f64 = 1.5;

/// The median of a value, in seconds; a minute where it has none.
fn about(value: Value) -> f64 {
    let seconds = match value {
        Value::Time(time) => time.seconds(),
        Value::Dist(
            Dist::LogNormal { median, .. } | Dist::SlowTail { median, .. } | Dist::TwoModes { first: (median, _), .. },
        ) => median.seconds(),
        Value::Dist(Dist::Constant(time)) => time.seconds(),
        Value::Dist(Dist::Exponential { mean }) => mean.seconds() * std::f64::consts::LN_2,
        Value::Dist(Dist::Uniform { min, max } | Dist::LogUniform { min, max }) => {
            f64::midpoint(min.seconds(), max.seconds())
        }
        _ => 0.0,
    };
    if seconds > 0.0 { seconds } else { 60.0 }
}

fn tail(value: Value) -> (f64, f64) {
    match value {
        Value::Dist(Dist::SlowTail { median, min, max, .. }) if median > SimDuration::ZERO && max > min => {
            (min.seconds() / median.seconds(), max.seconds() / median.seconds())
        }
        _ => TAIL,
    }
}

/// What a scenario is given: the middle of what is known, to three digits that count.
fn value(default: Value, fitted: &Fitted) -> Value {
    let time = |seconds: f64| {
        let step = if seconds >= 60.0 {
            1000.0
        } else if seconds >= 10.0 {
            100.0
        } else {
            10.0
        };
        SimDuration::from_ms((libm::round(seconds * 1000.0 / step) * step) as u64)
    };
    let thousandth = |number: f64| libm::round(number * 1000.0) / 1000.0;
    let (median, sigma) = (time(fitted.median.middle), thousandth(fitted.sigma.middle));
    if !matches!(default, Value::Dist(_)) {
        return Value::Time(median);
    }
    Value::Dist(match fitted.share {
        None => Dist::LogNormal { median, sigma },
        Some(share) => {
            let (from, to) = tail(default);
            let of = |multiple: f64| time(fitted.median.middle * multiple);
            Dist::SlowTail { median, sigma, share: thousandth(share.middle), min: of(from), max: of(to) }
        }
    })
}

/// Why a row has no value.
#[must_use]
pub fn why_none(row: &Row) -> Option<String> {
    if row.value.is_some() {
        return None;
    }
    Some(match (&row.fitted, row.assumption.row().range) {
        (None, _) => "none of them has ended, so nothing bounds it from above".to_owned(),
        (Some(_), Range::Dist { min, max, .. } | Range::Time { min, max }) => {
            format!("a scenario may give {min} to {max}, σ at most 2: is it another operation?")
        }
        (Some(_), range) => format!("a scenario may give {range}"),
    })
}
