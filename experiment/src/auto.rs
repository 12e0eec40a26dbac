//! As many replications as it takes: until every difference is decided or known well enough.

use super::compare::Settled;
use super::replicate::seed_of;
use super::replicate::{Replications, one};
use super::statistics::{CONFIDENCE, EmpiricalBernstein, Interval, difference};
use anyhow::bail;
use windtunnel_sim::measure::Seen;
use windtunnel_sim::measure::catalogue::{DEFINITIONS, definition};
use windtunnel_sim::plan::Plan;

/// The measures that can tell when to stop: those with bounds.
pub fn measures() -> impl Iterator<Item = &'static str> {
    DEFINITIONS.iter().filter(|row| row.bound.is_some()).map(|row| row.name)
}

/// The greatest value of a measure; the least is 0.
#[must_use]
pub fn greatest(measure: &str, horizon_s: f64) -> Option<f64> {
    Some(definition(measure)?.bound?.most(horizon_s))
}

/// Runs once, to see whether a measure has a number at all.
///
/// # Errors
///
/// It has none.
pub fn check(plan: &Plan, measure: &str, seed: u64) -> anyhow::Result<()> {
    let done = one(plan, 0, 0, seed)?;
    let at = done.columns.iter().position(|column| column.name == measure);
    number(at.map(|at| done.row.values[at].seen()), measure, &plan.policy, seed).map(|_| ())
}

/// When to stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The measure that is looked at.
    pub measure: String,
    /// Its greatest value.
    pub greatest: f64,
    /// How narrow the interval of each difference has to be, to each side.
    pub precision: f64,
    /// At most this many replications.
    pub most: usize,
}

/// Looks at the differences as the runs come in.
#[derive(Debug)]
pub struct Looking {
    target: Target,
    reference: usize,
    sequences: Vec<EmpiricalBernstein>,
    seen: usize,
}

impl Looking {
    /// Before the first run. All differences together are wrong no more often than one would be allowed to.
    #[must_use]
    pub fn new(target: Target, reference: usize, policies: usize) -> Self {
        let alpha = (1.0 - CONFIDENCE) / policies.saturating_sub(1).max(1) as f64;
        let sequence = EmpiricalBernstein::new(-target.greatest, target.greatest, alpha);
        Self { target, reference, sequences: vec![sequence; policies], seen: 0 }
    }

    /// How many replications there should be before the next look.
    #[must_use]
    pub fn next(&self) -> usize {
        (self.seen + (self.seen / 4).max(50)).min(self.target.most)
    }

    /// Takes in the runs up to `count`.
    ///
    /// # Errors
    ///
    /// The measure has no value in one of them.
    pub fn look(&mut self, runs: &Replications, count: usize) -> anyhow::Result<()> {
        let measure = &self.target.measure;
        let mut values = Vec::new();
        for policy in &runs.policies {
            let column = policy.columns.iter().position(|column| column.name == *measure);
            let of = |row: usize| policy.runs.get(row, column?);
            let mut numbers = Vec::new();
            for row in self.seen..count {
                numbers.push(number(of(row), measure, &policy.policy, seed_of(runs.first_seed, row))?);
            }
            values.push(numbers);
        }
        for (place, sequence) in self.sequences.iter_mut().enumerate().filter(|(place, _)| *place != self.reference) {
            for (policy, reference) in values[place].iter().zip(&values[self.reference]) {
                // The bounds hold but for the last bit of a rounded sum.
                sequence.push(difference(*reference, *policy).clamp(-self.target.greatest, self.target.greatest));
            }
        }
        self.seen = count;
        Ok(())
    }

    /// Whether every difference is decided, or narrow enough.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let settled = |interval: Interval| {
            interval.low > 0.0
                || interval.high < 0.0
                || (interval.low >= -self.target.precision && interval.high <= self.target.precision)
                || interval.half() <= self.target.precision
        };
        let others = self.sequences.iter().enumerate().filter(|(place, _)| *place != self.reference);
        self.seen > 0 && others.map(|(_, sequence)| sequence.interval()).all(settled)
    }

    /// Whether no more runs are allowed.
    #[must_use]
    pub const fn is_spent(&self) -> bool {
        self.seen >= self.target.most
    }

    /// What was found.
    #[must_use]
    pub fn settled(&self) -> Settled {
        let zero = Interval { low: 0.0, high: 0.0 };
        let of = |(place, sequence): (usize, &EmpiricalBernstein)| {
            if place == self.reference { zero } else { sequence.interval() }
        };
        Settled {
            measure: self.target.measure.clone(),
            precision: self.target.precision,
            intervals: self.sequences.iter().enumerate().map(of).collect(),
            done: self.is_settled(),
        }
    }
}

fn number(value: Option<Seen<'_>>, measure: &str, policy: &str, seed: u64) -> anyhow::Result<f64> {
    let why = match value {
        Some(Seen::Number(number)) => return Ok(number),
        Some(Seen::NotComputed(why)) => format!("is not computed: {why}"),
        Some(Seen::AtLeast(_)) => "is still open at the horizon".to_owned(),
        Some(Seen::Word(_)) => "is a word".to_owned(),
        None => "is not measured".to_owned(),
    };
    bail!(
        "`{measure}` cannot decide when to stop: under `{policy}` with seed {seed} it {why}; choose another with \
         --measure, or set a number with --replications"
    )
}
