//! Priors: what is thought of an unknown before anything is observed. A prior is a map from the unit interval to values, so that a draw
//! from all priors together is a point of the unit cube.

use crate::special::{normal_below, normal_quantile};

/// What is thought of an unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Prior {
    /// Every value from one to another is equally likely.
    Uniform {
        /// The least.
        low: f64,
        /// The greatest.
        high: f64,
    },
    /// Every ratio is: each doubling is as likely as another. From above zero.
    LogUniform {
        /// The least.
        low: f64,
        /// The greatest.
        high: f64,
    },
    /// Normal, cut at two bounds.
    Normal {
        /// Its mean, were it not cut.
        mean: f64,
        /// Its standard deviation, were it not cut.
        sd: f64,
        /// The least.
        low: f64,
        /// The greatest.
        high: f64,
    },
    /// One of so many things, which have no order.
    Choice(usize),
}

impl Prior {
    /// The value below which this share of the prior lies; of a choice, the number of the thing.
    #[must_use]
    pub fn at(&self, share: f64) -> f64 {
        match *self {
            Self::Uniform { low, high } => low + (high - low) * share,
            Self::LogUniform { low, high } => low * libm::exp(libm::log(high / low) * share),
            Self::Normal { mean, sd, low, high } => {
                let (from, to) = (normal_below((low - mean) / sd), normal_below((high - mean) / sd));
                (mean + sd * normal_quantile(from + (to - from) * share)).clamp(low, high)
            }
            Self::Choice(count) => ((share * count as f64) as usize).min(count.saturating_sub(1)) as f64,
        }
    }

    /// Which share of the prior lies below a value; of a choice, the middle of its cell.
    #[must_use]
    pub fn below(&self, value: f64) -> f64 {
        let share = match *self {
            Self::Uniform { low, high } => (value - low) / (high - low),
            Self::LogUniform { low, high } => libm::log(value / low) / libm::log(high / low),
            Self::Normal { mean, sd, low, high } => {
                let (from, to) = (normal_below((low - mean) / sd), normal_below((high - mean) / sd));
                (normal_below((value - mean) / sd) - from) / (to - from)
            }
            Self::Choice(count) => (value + 0.5) / count as f64,
        };
        share.clamp(0.0, 1.0)
    }

    /// Of how many things it is one, where it is.
    #[must_use]
    pub const fn count(&self) -> Option<usize> {
        match self {
            Self::Choice(count) => Some(*count),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half way from 4 to 64 in ratio is 16. Of a normal about 10, cut at 10, the half lies 0.6745 deviations above.
    #[test]
    fn the_middle_of_each_prior_is_known() {
        let near = |is: f64, wanted: f64| assert!((is - wanted).abs() < 1e-3, "{is} is not {wanted}");
        near(Prior::Uniform { low: 5.0, high: 12.0 }.at(0.5), 8.5);
        near(Prior::LogUniform { low: 4.0, high: 64.0 }.at(0.5), 16.0);
        near(Prior::Normal { mean: 10.0, sd: 2.0, low: 10.0, high: 100.0 }.at(0.5), 11.349);
        let choice = Prior::Choice(3);
        assert_eq!([0.0, 0.34, 0.99, 1.0].map(|u| choice.at(u)), [0.0, 1.0, 2.0, 2.0]);
    }

    #[test]
    fn what_lies_below_a_value_leads_back_to_it() {
        let all = [
            Prior::Uniform { low: 5.0, high: 12.0 },
            Prior::LogUniform { low: 0.5, high: 64.0 },
            Prior::Normal { mean: 3.0, sd: 2.0, low: 0.0, high: 9.0 },
        ];
        for prior in all {
            for share in [0.01, 0.2, 0.5, 0.77, 0.99] {
                assert!((prior.below(prior.at(share)) - share).abs() < 1e-9, "{prior:?} {share}");
            }
        }
    }
}
