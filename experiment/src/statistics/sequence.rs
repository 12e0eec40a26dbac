//! An interval that may be looked at after every run.
//!
//! A 95 % interval for a fixed number of runs errs one time in twenty if it is looked at once. Who looks after every run
//! and stops at the first that pleases errs far more often. A confidence sequence is a row of intervals, one after each
//! run, that with the stated probability are *all* right; so one may stop at any of them, for any reason.

use super::interval::Interval;

/// The predictable plug-in empirical-Bernstein confidence sequence for the mean of bounded values: Waudby-Smith and
/// Ramdas, "Estimating means of bounded random variables by betting", J. R. Stat. Soc. B 86 (2024) 1–27, theorem 2. It
/// needs no normality and no known variance, only that every value lies between the bounds, so it holds for mostly-zero
/// and heavy-tailed differences too. The price is width: at small variance it shrinks as the range over the runs.
#[derive(Clone, Debug)]
pub struct EmpiricalBernstein {
    low: f64,
    range: f64,
    /// log(2/α).
    penalty: f64,
    count: f64,
    /// Σ xᵢ and Σ (xᵢ − μ̂ᵢ)², of values scaled to 0 … 1.
    sum: f64,
    squares: f64,
    /// Σ λᵢ, Σ λᵢ xᵢ, Σ vᵢ ψ(λᵢ).
    stakes: f64,
    won: f64,
    spread: f64,
    /// The intersection of all intervals so far, scaled.
    held: Interval,
}

/// The largest stake. The theorem allows any number below 1; a high one suits the small variances of paired differences.
const STAKE_MAX: f64 = 0.9;

impl EmpiricalBernstein {
    /// Of values from `low` to `high`, wrong with probability at most `alpha` over the whole sequence.
    #[must_use]
    pub fn new(low: f64, high: f64, alpha: f64) -> Self {
        assert!(low < high && alpha > 0.0 && alpha < 1.0, "no sequence for {low} … {high} at {alpha}");
        let held = Interval { low: 0.0, high: 1.0 };
        let penalty = libm::log(2.0 / alpha);
        Self {
            low,
            range: high - low,
            penalty,
            count: 0.0,
            sum: 0.0,
            squares: 0.0,
            stakes: 0.0,
            won: 0.0,
            spread: 0.0,
            held,
        }
    }

    /// Takes in the next value.
    pub fn push(&mut self, value: f64) {
        let x = (value - self.low) / self.range;
        assert!((0.0..=1.0).contains(&x), "{value} is outside the bounds of the sequence");
        // The stake may depend on earlier values only.
        let mean_before = (0.5 + self.sum) / (self.count + 1.0);
        let variance_before = (0.25 + self.squares) / (self.count + 1.0);
        let t = self.count + 1.0;
        let stake = (2.0 * self.penalty / (variance_before * t * libm::log1p(t))).sqrt().min(STAKE_MAX);
        let psi = (-libm::log1p(-stake) - stake) / 4.0;
        self.stakes += stake;
        self.won += stake * x;
        self.spread += 4.0 * (x - mean_before) * (x - mean_before) * psi;
        self.count = t;
        self.sum += x;
        let mean = (0.5 + self.sum) / (t + 1.0);
        self.squares += (x - mean) * (x - mean);
        let (centre, half) = (self.won / self.stakes, (self.penalty + self.spread) / self.stakes);
        self.held = Interval { low: self.held.low.max(centre - half), high: self.held.high.min(centre + half) };
    }

    /// How many values there were.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count as usize
    }

    /// Where the mean lies.
    #[must_use]
    pub fn interval(&self) -> Interval {
        let scale = |x: f64| self.low + x * self.range;
        Interval { low: scale(self.held.low), high: scale(self.held.high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_values_it_says_nothing_and_it_only_ever_narrows() {
        let mut sequence = EmpiricalBernstein::new(-100.0, 100.0, 0.05);
        assert_eq!(sequence.interval(), Interval { low: -100.0, high: 100.0 });
        let mut before = sequence.interval();
        for run in 0..5_000_u32 {
            sequence.push(if run % 2 == 0 { 2.0 } else { 4.0 });
            let now = sequence.interval();
            assert!(now.low >= before.low && now.high <= before.high && now.contains(3.0));
            before = now;
        }
        assert_eq!(sequence.count(), 5_000);
        assert!(before.low > 2.7 && before.high < 3.3, "{before:?}");
    }
}
