//! An interval that may be looked at again and again.
//!
//! A 95 % interval for a fixed number of runs errs one time in twenty if it is looked at once. Who looks after every run
//! and stops at the first that pleases errs far more often. A confidence sequence is a row of intervals, one after each
//! run, that with the stated probability are *all* right; so one may stop at any of them, for any reason.

use super::interval::Interval;

/// The asymptotic confidence sequence of Robbins's normal mixture for a mean: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas,
/// "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52 (2024) 2613–2640, theorem
/// 2.2. It needs no bounds, and is as wide as what the values themselves spread asks for. As every statement that rests on
/// the central limit theorem it takes some dozen values to hold, and more where few of them make up most of the sum: one looks
/// from [`FIRST_LOOK`] on.
#[derive(Clone, Debug)]
pub struct MixtureSequence {
    alpha: f64,
    /// The variance of the mixture over that of the values.
    mixture: f64,
    count: f64,
    mean: f64,
    /// Σ (xᵢ − mean)².
    squares: f64,
}

/// Nobody looks before so many values: the central limit theorem does not hold yet.
pub const FIRST_LOOK: usize = 100;

/// The sequence is narrowest, beside the best interval for a fixed count, at about so many values.
const NARROWEST_AT: f64 = 300.0;

impl MixtureSequence {
    /// Wrong with probability at most about `alpha` over the whole sequence.
    #[must_use]
    pub fn new(alpha: f64) -> Self {
        assert!(alpha > 0.0 && alpha < 1.0, "no sequence at {alpha}");
        // The appendix of the paper: where −2 log α + log(−2 log α + 1) is divided by the count, it is narrowest there.
        let penalty = -2.0 * libm::log(alpha);
        let mixture = (penalty + libm::log1p(penalty)) / NARROWEST_AT;
        Self { alpha, mixture, count: 0.0, mean: 0.0, squares: 0.0 }
    }

    /// Takes in the next value.
    pub fn push(&mut self, value: f64) {
        // Welford's sums, which lose nothing where the mean is large beside the spread.
        self.count += 1.0;
        let before = value - self.mean;
        self.mean += before / self.count;
        self.squares += before * (value - self.mean);
    }

    /// How many values there were.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count as usize
    }

    /// Where the mean lies; anywhere before there are two values.
    #[must_use]
    pub fn interval(&self) -> Interval {
        if self.count < 2.0 {
            return Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
        }
        let variance = self.squares / (self.count - 1.0);
        let grown = self.count * self.mixture + 1.0;
        let factor = 2.0 * grown / (self.count * self.count * self.mixture) * libm::log(grown.sqrt() / self.alpha);
        let half = (variance * factor).sqrt();
        Interval { low: self.mean - half, high: self.mean + half }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_formula() {
        // α = e^(−1/2): penalty 1, mixture variance (1 + log 2) ÷ 300 = 0.005643824. Of 0 and 2 a hundred times each: mean 1,
        // variance 200 ÷ 199. 200 × 0.005643824 + 1 = 2.128765; 2 × 2.128765 ÷ (40,000 × 0.005643824) = 0.018859242;
        // log √2.128765 + ½ = 0.877771; √(200 ÷ 199 × 0.018859242 × 0.877771) = 0.128986.
        let mut sequence = MixtureSequence::new(libm::exp(-0.5));
        for run in 0..200 {
            sequence.push(if run % 2 == 0 { 0.0 } else { 2.0 });
        }
        let found = sequence.interval();
        assert!((found.low - 0.871_014).abs() < 2e-6 && (found.high - 1.128_986).abs() < 2e-6, "{found:?}");
        assert_eq!(sequence.count(), 200);
    }

    #[test]
    fn without_values_it_says_nothing_and_equal_ones_leave_no_doubt() {
        let mut sequence = MixtureSequence::new(0.05);
        assert!(sequence.interval().low.is_infinite());
        sequence.push(3.0);
        assert!(sequence.interval().high.is_infinite(), "one value has no spread");
        sequence.push(3.0);
        assert_eq!(sequence.interval(), Interval { low: 3.0, high: 3.0 });
    }
}
