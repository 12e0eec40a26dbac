//! As many replications as it takes: until every difference is decided or known well enough.

use super::compare::Settled;
use super::replicate::seed_of;
use super::replicate::{Replications, one};
use super::statistics::{CONFIDENCE, FIRST_LOOK, Interval, LEAST_DIFFERING, MixtureSequence, SAME_WITHIN, difference};
use anyhow::bail;
use windtunnel_sim::measure::Seen;
use windtunnel_sim::plan::Plan;

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
    /// How narrow the interval of each difference has to be, to each side, where that is given.
    pub precision: Option<f64>,
    /// What the objective of the scenario allows of the measure; 0 without one.
    pub allowed: f64,
    /// At most this many replications.
    pub most: usize,
}

/// Looks at the differences as the runs come in.
#[derive(Debug)]
pub struct Looking {
    target: Target,
    reference: usize,
    sequences: Vec<MixtureSequence>,
    /// A policy each: in how many pairs it differs from the reference.
    differing: Vec<usize>,
    /// Of the values of the reference.
    sum: f64,
    seen: usize,
}

impl Looking {
    /// Before the first run. All differences together are wrong no more often than one would be allowed to. Half of that is kept
    /// in reserve for what the sequence takes from the central limit theorem.
    #[must_use]
    pub fn new(target: Target, reference: usize, policies: usize) -> Self {
        let alpha = (1.0 - CONFIDENCE) / 2.0 / policies.saturating_sub(1).max(1) as f64;
        let sequences = vec![MixtureSequence::new(alpha); policies];
        Self { target, reference, sequences, differing: vec![0; policies], sum: 0.0, seen: 0 }
    }

    /// How many replications there should be before the next look.
    #[must_use]
    pub fn next(&self) -> usize {
        let next = if self.seen == 0 { FIRST_LOOK } else { self.seen + (self.seen / 8).max(25) };
        next.min(self.target.most)
    }

    /// A difference within this of zero is none: what is given, or else a share of what the reference has, or of what the objective
    /// allows if that is more.
    #[must_use]
    pub fn margin(&self) -> f64 {
        let mean = self.sum.abs() / self.seen.max(1) as f64;
        self.target.precision.unwrap_or(SAME_WITHIN * mean.max(self.target.allowed))
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
                let difference = difference(*reference, *policy);
                sequence.push(difference);
                self.differing[place] += usize::from(difference != 0.0);
            }
        }
        self.sum += values[self.reference].iter().sum::<f64>();
        self.seen = count;
        Ok(())
    }

    /// Whether every difference is decided, or narrow enough.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let margin = self.margin();
        let settled = |(place, sequence): (usize, &MixtureSequence)| {
            let (interval, differing) = (sequence.interval(), self.differing[place]);
            let decided = interval.low > 0.0 || interval.high < 0.0 || interval.half() <= margin;
            differing == 0 || differing >= LEAST_DIFFERING && decided
        };
        let others = self.sequences.iter().enumerate().filter(|(place, _)| *place != self.reference);
        self.seen > 0 && others.into_iter().all(settled)
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
        let of = |(place, sequence): (usize, &MixtureSequence)| {
            if place == self.reference { zero } else { sequence.interval() }
        };
        Settled {
            measure: self.target.measure.clone(),
            margin: self.margin(),
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
