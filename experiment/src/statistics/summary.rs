//! What a measure came to over the runs of one policy.

use super::interval::{Interval, Mean, mean, proportion, quantile_ranks};
use std::collections::BTreeMap;
use windtunnel_sim::measure::Seen;

/// A value at a rank.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ranked {
    /// This number.
    Number(f64),
    /// A run that was still open: at least this.
    AtLeast(f64),
}

/// A quantile of the runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// Which: 0.95.
    pub q: f64,
    /// The least value that this share of the runs does not exceed.
    pub value: Ranked,
    /// Between which values the quantile of infinitely many runs lies; `None` where there are not enough runs to say.
    pub interval: Option<(Ranked, Ranked)>,
}

/// The quantiles of every summary.
const QUANTILES: [f64; 3] = [0.05, 0.5, 0.95];

/// What a measure came to over the runs of one policy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// How many runs there were.
    pub runs: usize,
    /// In how many it was a number.
    pub numbers: usize,
    /// In how many it was still open at the end.
    pub open: usize,
    /// In how many it was not computed.
    pub not_computed: usize,
    /// Why not, where it was not.
    pub why_not: Option<String>,
    /// The mean over the runs that have a number; `None` as soon as one run is open.
    pub mean: Option<Mean>,
    /// The 5th, 50th and 95th percentile of the runs that have a value; empty where none has.
    pub quantiles: Vec<Quantile>,
    /// The least and the greatest value.
    pub range: Option<(Ranked, Ranked)>,
    /// In how many of the runs that have a value it was not zero, and where that share lies.
    pub nonzero: Option<(usize, Interval)>,
    /// For a word: how often each came, and where its share of the runs lies; in the order of the alphabet.
    pub words: Vec<(String, usize, Interval)>,
}

impl Summary {
    /// Runs that have a value, open or not.
    #[must_use]
    pub const fn valued(&self) -> usize {
        self.numbers + self.open
    }

    /// The one value that every run has, if there is one.
    #[must_use]
    pub fn constant(&self) -> Option<f64> {
        match self.range? {
            (Ranked::Number(least), Ranked::Number(most)) if least == most && self.numbers == self.runs => Some(least),
            _ => None,
        }
    }
}

/// Summarises one measure over the runs of one policy.
#[must_use]
pub fn summarise<'o, V: Into<Seen<'o>>>(values: impl IntoIterator<Item = V>, confidence: f64) -> Summary {
    let mut summary = Summary::default();
    let (mut numbers, mut open) = (Vec::new(), Vec::new());
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    for value in values {
        summary.runs += 1;
        match value.into() {
            Seen::Number(number) => numbers.push(number),
            Seen::AtLeast(least) => open.push(least),
            Seen::Word(word) => *words.entry(word).or_default() += 1,
            Seen::NotComputed(why) => {
                summary.not_computed += 1;
                summary.why_not.get_or_insert_with(|| why.to_string());
            }
        }
    }
    (summary.numbers, summary.open) = (numbers.len(), open.len());
    let said = words.values().sum();
    let share = |count| proportion(count, said, confidence);
    summary.words = words.iter().map(|(word, &count)| ((*word).to_owned(), count, share(count))).collect();
    let valued = numbers.len() + open.len();
    if valued == 0 {
        return summary;
    }
    if open.is_empty() {
        summary.mean = mean(&numbers, confidence);
    }
    // What is open counts as harm, however little of it was seen.
    let nonzero = open.len() + numbers.iter().filter(|&&number| number != 0.0).count();
    summary.nonzero = Some((nonzero, proportion(nonzero, valued, confidence)));
    let ranking = Ranking::new(numbers, open);
    summary.range = Some((ranking.at(1), ranking.at(valued)));
    summary.quantiles = QUANTILES.iter().map(|&q| ranking.quantile(q, confidence)).collect();
    summary
}

/// Values by rank: the numbers in order, and beyond them what was still open.
struct Ranking {
    numbers: Vec<f64>,
    /// Every value, an open one with what it had reached: the truth lies at or above it, rank by rank.
    least: Vec<f64>,
}

impl Ranking {
    fn new(mut numbers: Vec<f64>, open: Vec<f64>) -> Self {
        numbers.sort_by(f64::total_cmp);
        let mut least: Vec<f64> = numbers.iter().copied().chain(open).collect();
        least.sort_by(f64::total_cmp);
        Self { numbers, least }
    }

    /// The value of a rank, from 1.
    fn at(&self, rank: usize) -> Ranked {
        match self.numbers.get(rank - 1) {
            Some(&number) => Ranked::Number(number),
            None => Ranked::AtLeast(self.least[rank - 1]),
        }
    }

    fn quantile(&self, q: f64, confidence: f64) -> Quantile {
        let count = self.least.len();
        // A hair less, so that 0.05 × 20 is rank 1 whatever its last bit.
        let rank = ((count as f64 * q - 1e-9).ceil() as usize).clamp(1, count);
        let interval = quantile_ranks(count, q, confidence).map(|(low, high)| (self.at(low), self.at(high)));
        Quantile { q, value: self.at(rank), interval }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_sim::measure::Stored;
    use windtunnel_sim::measure::Value::{AtLeast, NotComputed, Number, Word};

    #[test]
    fn what_is_open_is_ranked_worst_and_leaves_no_mean() {
        let mut values: Vec<Stored> = (1..=18).map(|n| Number(f64::from(n))).collect();
        values.extend([AtLeast(5.0), AtLeast(30.0)]);
        let summary = summarise(&values, 0.95);
        assert_eq!((summary.numbers, summary.open, summary.mean), (18, 2, None));
        assert_eq!(summary.quantiles[1].value, Ranked::Number(10.0));
        assert_eq!(summary.quantiles[1].interval, Some((Ranked::Number(6.0), Ranked::Number(15.0))));
        // Rank 19 of 20 is open; at least 18, since two of the values are certain to be above 17.
        assert_eq!(summary.quantiles[2].value, Ranked::AtLeast(18.0));
        assert_eq!(summary.quantiles[2].interval, None, "not enough runs");
        assert_eq!(summary.range, Some((Ranked::Number(1.0), Ranked::AtLeast(30.0))));
        assert_eq!(summary.constant(), None);
    }

    #[test]
    fn what_is_not_computed_is_counted_and_never_zero() {
        let values: [Stored; 3] = [Number(2.0), NotComputed("nobody was harmed".into()), Number(4.0)];
        let summary = summarise(&values, 0.95);
        assert_eq!((summary.valued(), summary.not_computed), (2, 1));
        assert_eq!(summary.mean.map(|mean| mean.mean), Some(3.0));
        assert_eq!(summary.why_not.as_deref(), Some("nobody was harmed"));
        let none = summarise(&values[1..2], 0.95);
        assert_eq!((none.mean, none.range, none.nonzero, none.quantiles.len()), (None, None, None, 0));
    }

    #[test]
    fn words_are_counted_as_proportions() {
        let values: Vec<Stored> = ["halted", "completed", "halted"].into_iter().map(|word| Word(word.into())).collect();
        let words = summarise(&values, 0.95).words;
        let counts: Vec<_> = words.iter().map(|(word, count, _)| (word.as_str(), *count)).collect();
        assert_eq!(counts, [("completed", 1), ("halted", 2)]);
        assert!(words[1].2.contains(2.0 / 3.0));
    }
}
