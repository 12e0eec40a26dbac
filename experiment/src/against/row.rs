//! A measure of an incident on both sides, and what became of it.

use crate::assessment::{MATTERS_FROM, allowed, keeps};
use crate::column::Column;
use crate::replicate::seed_of;
use crate::statistics::{
    CONFIDENCE, LEAST_DIFFERING, Method, Paired, Summary, coins_at_least, difference, proportion, student_above,
    summarise,
};
use crate::table::Values;
use windtunnel_claims::margin::Margins;
use windtunnel_sim::measure::Seen;
use windtunnel_sim::measure::catalogue::{Direction, HARMED};

/// What became of a measure, or of an incident; of several, the first of these counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Became {
    /// Surely worse, by more than its margin.
    Worse,
    /// It may be: more runs would tell.
    Unclear,
    /// Surely better.
    Better,
    /// It differs, and not by what matters.
    Close,
    /// The same in every run.
    Same,
}

impl Became {
    /// The word for it, as programs read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::Unclear => "unclear",
            Self::Better => "better",
            Self::Close => "close",
            Self::Same => "same",
        }
    }
}

/// A measure on both sides.
#[derive(Clone, Debug)]
pub struct Row {
    /// The measure.
    pub column: Column,
    /// What it came to before.
    pub before: Summary,
    /// What it comes to now.
    pub now: Summary,
    /// Now − before, seed by seed.
    pub paired: Paired,
    /// By how much it may get worse, in its own unit; `None` where it is not judged.
    pub margin: Option<f64>,
    /// In how many runs it is a value on one side, and none, or one of another kind, on the other.
    pub unlike: usize,
    /// The seed of the first run in which it is worse by more than its margin.
    pub first: Option<u64>,
    /// What became of it.
    pub became: Became,
    /// In how many runs harm kept within the objective before and now, where this is harm and there is one.
    pub kept: Option<[usize; 2]>,
    /// A difference up to this does not matter.
    tolerance: f64,
    /// The greatest difference of any run, in either direction.
    greatest: f64,
}

/// By how much a measure may get worse, in its own unit, where it came to `had`; `None` where no change of it is judged. What is judged
/// between the files of before and those of now is judged between two policies, too.
#[must_use]
pub fn margin(margins: &Margins, column: &Column, had: f64, objective: Option<f64>) -> Option<f64> {
    let share = margins.of(column.definition().filter(|_| column.part.is_none())?)?;
    Some(share * tolerated(column, objective).unwrap_or(had))
}

/// What an objective allows of a measure, where it limits it.
fn tolerated(column: &Column, objective: Option<f64>) -> Option<f64> {
    allowed(objective).filter(|_| column.measure == HARMED)
}

impl Row {
    /// Of a measure that has a value in some run of either side, given by how much it may get worse and the objective.
    pub(super) fn of(
        column: &Column,
        (before, now): (Values<'_>, Values<'_>),
        paired: Paired,
        (margins, objective): (&Margins, Option<f64>),
        first_seed: u64,
    ) -> Option<Self> {
        let summaries = (summarise(before, CONFIDENCE), summarise(now, CONFIDENCE));
        let valued = |summary: &Summary| summary.valued() > 0 || !summary.words.is_empty();
        if !valued(&summaries.0) && !valued(&summaries.1) {
            return None;
        }
        let direction = column.direction();
        let had = summaries.0.mean.map_or(0.0, |mean| mean.mean.abs());
        let allowed = tolerated(column, objective);
        let margin = margin(margins, column, had, objective);
        let within = |values: Values<'_>, allowed: f64| {
            values.iter().filter(|value| value.number().is_some_and(|harmed| keeps(harmed, allowed))).count()
        };
        let mut row = Self {
            column: column.clone(),
            before: summaries.0,
            now: summaries.1,
            margin,
            unlike: 0,
            first: None,
            became: Became::Same,
            kept: allowed.map(|allowed| [before, now].map(|values| within(values, allowed))),
            tolerance: margin.unwrap_or(0.0).max(MATTERS_FROM * had.max(allowed.unwrap_or(0.0))),
            greatest: 0.0,
            paired,
        };
        for (replication, (before, now)) in before.iter().zip(now).enumerate() {
            row.take(direction, (before, now), seed_of(first_seed, replication));
        }
        if row.unlike > 0 {
            row.became = Became::Unclear;
        }
        Some(row)
    }

    /// Takes in a run of both sides.
    fn take(&mut self, direction: Direction, (before, now): (Seen<'_>, Seen<'_>), seed: u64) {
        use windtunnel_sim::measure::Value::{AtLeast, NotComputed, Number, Word};
        // What is open lies beyond every number.
        let more = match (before, now) {
            (Number(a), Number(b)) => difference(a, b),
            (Number(_), AtLeast(_)) => f64::INFINITY,
            (AtLeast(_), Number(_)) => f64::NEG_INFINITY,
            (AtLeast(_), AtLeast(_)) | (NotComputed(_), NotComputed(_)) | (Word(_), Word(_)) => 0.0,
            _ => {
                self.unlike += 1;
                return;
            }
        };
        let worse = if direction == Direction::Higher { -more } else { more };
        if worse.is_finite() {
            self.greatest = self.greatest.max(worse.abs());
        }
        if worse > self.margin.unwrap_or(0.0) && self.first.is_none() && direction != Direction::Neutral {
            self.first = Some(seed);
        }
    }

    /// In how many runs it is worse; more, where neither way of it is better.
    #[must_use]
    pub fn worse(&self) -> usize {
        if self.column.direction() == Direction::Higher { self.paired.less } else { self.paired.more }
    }

    /// In how many runs it is better.
    #[must_use]
    pub fn better(&self) -> usize {
        self.differing() - self.worse()
    }

    /// In how many runs it is not the same.
    const fn differing(&self) -> usize {
        self.paired.less + self.paired.more
    }

    /// Whether there is something to decide.
    pub(super) const fn is_open(&self) -> bool {
        self.margin.is_some() && self.unlike == 0 && self.differing() > 0
    }

    /// By how much it got worse in the mean, and by how much a mean of so many runs errs; `None` where a run is open.
    fn moved(&self) -> Option<(f64, f64, usize)> {
        let mean = self.paired.difference?;
        let sign = if self.column.direction() == Direction::Higher { -1.0 } else { 1.0 };
        Some((sign * mean.mean, mean.sd / (mean.count as f64).sqrt(), mean.count))
    }

    /// How much room it has among those that are judged together: what an objective limits has most.
    pub(super) fn weight(&self) -> f64 {
        if self.column.measure == HARMED { 10.0 } else { 1.0 }
    }

    /// How probable so great a difference is if it did not get worse by more than its margin.
    pub(super) fn p_worse(&self) -> f64 {
        self.p_value(self.worse(), |worse| worse - self.margin.unwrap_or(0.0))
    }

    /// The same if it did not get better.
    pub(super) fn p_better(&self) -> f64 {
        self.p_value(self.better(), |worse| -worse)
    }

    fn p_value(&self, on_this_side: usize, by: impl Fn(f64) -> f64) -> f64 {
        let differing = self.differing();
        if differing < LEAST_DIFFERING {
            return 1.0;
        }
        if self.paired.method == Method::Sign {
            return coins_at_least(on_this_side, differing);
        }
        let Some((worse, error, count)) = self.moved().filter(|(.., count)| *count > 1) else { return 1.0 };
        // However equal the differences are, so many runs on one side come by chance with this probability.
        let least = coins_at_least(differing, differing);
        match (by(worse), error > 0.0) {
            (by, true) => student_above(by / error, count as f64 - 1.0).max(least),
            (by, false) if by > 0.0 => least,
            _ => 1.0,
        }
    }

    /// Says what became of it, where the difference is too great for chance to one side or not.
    pub(super) fn decide(&mut self, is_worse: bool, is_better: bool) {
        self.became = match () {
            () if self.unlike > 0 => Became::Unclear,
            () if is_worse => Became::Worse,
            () if is_better => Became::Better,
            () if self.differing() == 0 => Became::Same,
            () if self.worse() == 0 || self.is_close() => Became::Close,
            () => Became::Unclear,
        };
    }

    /// Whether it is no worse than does not matter, with the confidence of every interval.
    fn is_close(&self) -> bool {
        let Some((worse, ..)) = self.moved() else { return false };
        let differing = self.differing();
        let most = if differing < LEAST_DIFFERING {
            // Too few differ for a mean: at most this share of all runs does, by what was the most.
            proportion(differing, self.paired.pairs, CONFIDENCE).high * self.greatest
        } else {
            self.paired.interval.map_or(f64::INFINITY, |interval| worse + interval.half())
        };
        most <= self.tolerance
    }
}
