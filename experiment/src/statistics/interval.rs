//! Intervals for a mean, a proportion and a quantile.

use super::special::{incomplete_beta, inverse_incomplete_beta, student_t};

/// From where to where, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// From here.
    pub low: f64,
    /// To here.
    pub high: f64,
}

impl Interval {
    /// Whether `value` lies within.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Half of its width.
    #[must_use]
    pub fn half(&self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// A mean with how far the values spread, and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// Of how many values.
    pub count: usize,
    /// The mean.
    pub mean: f64,
    /// The standard deviation of the values.
    pub sd: f64,
    /// Where the mean of infinitely many would be, by Student's t; `None` for one value.
    pub interval: Option<Interval>,
}

/// The mean of `values`, with Student's interval; `None` where there are none.
///
/// The interval is exact for values from a normal distribution, and good for a few dozen of moderate skew. For means of
/// mostly zeros it is too narrow; by how much, `tests/statistics.rs` measures and the guide to `compare` prints.
#[must_use]
pub fn mean(values: &[f64], confidence: f64) -> Option<Mean> {
    let &first = values.first()?;
    let count = values.len();
    let n = count as f64;
    // Equal values have exactly their value as mean, whatever rounding would make of it.
    let (mean, sd) = if values.iter().all(|&value| value == first) {
        (first, 0.0)
    } else {
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        (mean, (squares / (n - 1.0)).sqrt())
    };
    let interval = (count > 1).then(|| {
        let half = student_t(confidence, n - 1.0) * sd / n.sqrt();
        Interval { low: mean - half, high: mean + half }
    });
    Some(Mean { count, mean, sd, interval })
}

/// Clopper and Pearson's interval for a proportion of which `hits` of `count` were seen (Biometrika 26 (1934) 404). It
/// covers at least as often as it says, at any count.
#[must_use]
pub fn proportion(hits: usize, count: usize, confidence: f64) -> Interval {
    assert!(hits <= count, "{hits} of {count} is not a proportion");
    let tail = (1.0 - confidence) / 2.0;
    let (k, rest) = (hits as f64, (count - hits) as f64);
    let low = if hits == 0 { 0.0 } else { inverse_incomplete_beta(k, rest + 1.0, tail) };
    let high = if hits == count { 1.0 } else { inverse_incomplete_beta(k + 1.0, rest, 1.0 - tail) };
    Interval { low, high }
}

/// The ranks, from 1 to `count`, between whose values the quantile `q` lies with at least this confidence, whatever the
/// distribution; `None` where there are not enough runs for any. Each side errs at most half as often as both may.
#[must_use]
pub fn quantile_ranks(count: usize, q: f64, confidence: f64) -> Option<(usize, usize)> {
    assert!(q > 0.0 && q < 1.0, "{q} is not a quantile");
    let tail = (1.0 - confidence) / 2.0;
    // P(fewer than `rank` of the values are at or below the quantile).
    let fewer = |rank: usize| match rank {
        0 => 0.0,
        _ if rank > count => 1.0,
        _ => 1.0 - incomplete_beta(rank as f64, (count - rank + 1) as f64, q),
    };
    // Both chances grow with the rank, so each limit is found by halving.
    let low = last(count, |rank| fewer(rank) <= tail);
    let high = last(count, |rank| 1.0 - fewer(rank) > tail) + 1;
    (low >= 1 && high <= count).then_some((low, high))
}

/// The last rank from 0 to `count` for which `holds`, which holds up to it and not beyond.
fn last(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count + 1);
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: f64, wanted: f64, within: f64) {
        assert!((found - wanted).abs() <= within, "{found} is not {wanted}");
    }

    /// Known values: the rule `1 − (α/2)^(1/n)` where nothing was seen, and those that R's `binom.test` and the tables of
    /// Clopper and Pearson's paper give.
    #[test]
    fn proportions_are_those_of_the_tables() {
        for (hits, count, low, high) in [
            (0, 10, 0.0, 0.308_497),
            (10, 10, 0.691_503, 1.0),
            (1, 10, 0.002_529, 0.445_016),
            (5, 10, 0.187_086, 0.812_914),
            (3, 20, 0.032_071, 0.378_927),
            (10, 100, 0.049_005, 0.176_223),
        ] {
            let found = proportion(hits, count, 0.95);
            near(found.low, low, 2e-6);
            near(found.high, high, 2e-6);
        }
        assert_eq!(proportion(0, 0, 0.95), Interval { low: 0.0, high: 1.0 });
    }

    #[test]
    fn a_mean_has_the_interval_that_is_worked_by_hand() {
        // 1 … 5: mean 3, standard deviation √2.5, t = 2.776, half-width 1.963.
        let found = mean(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.95).expect("there are values");
        near(found.sd, 1.581_139, 1e-6);
        near(found.interval.expect("of five").half(), 1.963_243, 1e-5);
        assert!(mean(&[], 0.95).is_none());
        assert!(mean(&[3.0], 0.95).is_some_and(|one| one.interval.is_none() && one.mean == 3.0));
        let same = mean(&[0.1; 7], 0.95).expect("there are values");
        assert_eq!((same.mean, same.sd, same.interval), (0.1, 0.0, Some(Interval { low: 0.1, high: 0.1 })));
    }

    /// Conover, Practical Nonparametric Statistics: for the median, from the binomial table.
    #[test]
    fn ranks_for_a_median_are_those_of_the_table() {
        assert_eq!(quantile_ranks(5, 0.5, 0.95), None, "1 − 2/32 is less than 95 %");
        assert_eq!(quantile_ranks(6, 0.5, 0.95), Some((1, 6)));
        assert_eq!(quantile_ranks(10, 0.5, 0.95), Some((2, 9)));
        assert_eq!(quantile_ranks(20, 0.5, 0.95), Some((6, 15)));
        assert_eq!(quantile_ranks(100, 0.5, 0.95), Some((40, 61)));
    }

    #[test]
    fn high_quantiles_need_many_runs() {
        // The largest of n is above the 95th percentile too seldom until 0.95^n ≤ 0.025.
        assert_eq!(quantile_ranks(71, 0.95, 0.95), None);
        assert!(quantile_ranks(72, 0.95, 0.95).is_some_and(|(_, high)| high == 72));
        assert_eq!(quantile_ranks(0, 0.95, 0.95), None);
    }
}
