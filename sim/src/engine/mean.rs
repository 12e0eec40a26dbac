//! What a distribution comes to, without a draw.

use super::random::Dist;
use super::time::SimDuration;

impl Dist {
    /// The mean in milliseconds.
    #[must_use]
    pub fn mean_ms(&self) -> f64 {
        let ms = |length: SimDuration| length.ms() as f64;
        let lognormal = |median: SimDuration, sigma: f64| ms(median) * libm::exp(sigma * sigma / 2.0);
        let log_uniform = |min: SimDuration, max: SimDuration| {
            if min == max || min == SimDuration::ZERO {
                return ms(max);
            }
            (ms(max) - ms(min)) / libm::log(ms(max) / ms(min))
        };
        match *self {
            Self::Constant(length) => ms(length),
            Self::Uniform { min, max } => f64::midpoint(ms(min), ms(max)),
            Self::Exponential { mean } => ms(mean),
            Self::LogNormal { median, sigma } => lognormal(median, sigma),
            Self::LogUniform { min, max } => log_uniform(min, max),
            Self::SlowTail { median, sigma, share, min, max } => {
                (1.0 - share) * lognormal(median, sigma) + share * log_uniform(min, max)
            }
            Self::TwoModes { first, second, share } => {
                (1.0 - share) * lognormal(first.0, first.1) + share * lognormal(second.0, second.1)
            }
        }
    }

    /// Whether it is zero, or begins at zero, by what it says of itself. A draw of less than half a millisecond is rounded to
    /// zero too, which is no more than a coincidence of an exponential.
    #[must_use]
    pub fn can_be_zero(&self) -> bool {
        let none = |length: SimDuration| length == SimDuration::ZERO;
        match *self {
            Self::Constant(length) => none(length),
            Self::Uniform { min, .. } | Self::LogUniform { min, .. } => none(min),
            Self::Exponential { mean } => none(mean),
            Self::LogNormal { median, .. } => none(median),
            Self::SlowTail { median, min, share, .. } => none(median) || (none(min) && share > 0.0),
            Self::TwoModes { first, second, share } => none(first.0) || (none(second.0) && share > 0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the formulas: the middle of 2 and 10 is 6; e^(½) = 1.6487; (100 − 1) ÷ ln 100 = 21.497.
    #[test]
    fn means_are_those_of_the_formulas() {
        let ms = SimDuration::from_ms;
        let close = |dist: Dist, mean: f64| assert!((dist.mean_ms() - mean).abs() < 1e-3 * mean, "{dist:?}");
        close(Dist::Uniform { min: ms(2), max: ms(10) }, 6.0);
        close(Dist::LogNormal { median: ms(1000), sigma: 1.0 }, 1648.7);
        close(Dist::LogUniform { min: ms(1), max: ms(100) }, 21.497);
        close(Dist::TwoModes { first: (ms(10), 0.0), second: (ms(50), 0.0), share: 0.25 }, 20.0);
        assert!(Dist::Uniform { min: ms(0), max: ms(5) }.can_be_zero());
        assert!(!Dist::Exponential { mean: ms(5) }.can_be_zero());
    }
}
