//! Fits of lengths of time: a lognormal by maximum likelihood or through two quantiles, and two lognormals by the EM
//! algorithm; quantiles of a sample, and the tail of χ².

use windtunnel_sim::engine::luck::Dist;
use windtunnel_sim::engine::time::SimDuration;

/// A lognormal: its median in seconds, and the standard deviation of the natural logarithm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lognormal {
    /// The median, in seconds.
    pub median: f64,
    /// Standard deviation of the natural logarithm.
    pub sigma: f64,
}

/// Two lognormals, of which the second has a share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modes {
    /// The one with the lower median.
    pub first: Lognormal,
    /// The other.
    pub second: Lognormal,
    /// The share of the other.
    pub share: f64,
}

/// A sample as the distribution that is likeliest to give it, by the criterion of Akaike: one mode, or two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fit {
    /// One mode.
    One(Lognormal),
    /// Two.
    Two(Modes),
}

impl Fit {
    /// The same for the simulator.
    #[must_use]
    pub fn dist(&self) -> Dist {
        let time = |seconds: f64| SimDuration::from_ms(libm::round(seconds * 1000.0) as u64);
        match *self {
            Self::One(one) => Dist::LogNormal { median: time(one.median), sigma: one.sigma },
            Self::Two(Modes { first, second, share }) => Dist::TwoModes {
                first: (time(first.median), first.sigma),
                second: (time(second.median), second.sigma),
                share,
            },
        }
    }
}

/// The quantile `q` of a sample, between its values as the seventh definition of Hyndman and Fan has it. `None` of nothing.
#[must_use]
pub fn quantile(sample: &[f64], q: f64) -> Option<f64> {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = q.clamp(0.0, 1.0) * (sorted.len().checked_sub(1)? as f64);
    let low = at as usize;
    let high = (low + 1).min(sorted.len() - 1);
    Some(sorted[low] + (sorted[high] - sorted[low]) * (at - low as f64))
}

/// The lognormal that is likeliest to give a sample of positive values; `None` of fewer than two.
#[must_use]
pub fn lognormal(sample: &[f64]) -> Option<Lognormal> {
    weighted(sample, &vec![1.0; sample.len()])
}

/// The lognormal with this median whose quantile `q`, above the half, is `value`.
#[must_use]
pub fn through(median: f64, q: f64, value: f64) -> Option<Lognormal> {
    let valid = median > 0.0 && value >= median && q > 0.5 && q < 1.0;
    valid.then(|| Lognormal { median, sigma: libm::log(value / median) / normal_quantile(q) })
}

/// The least spread of a mode: one that sits upon a single value would be infinitely likely.
const LEAST_SIGMA: f64 = 0.02;
/// Steps of the EM algorithm; it stands still long before.
const STEPS: usize = 500;

/// The two lognormals that are likeliest to give a sample, by the EM algorithm from the two halves of it; `None` of fewer
/// than six values, of which nothing can be said.
#[must_use]
pub fn two_modes(sample: &[f64]) -> Option<Modes> {
    if sample.len() < 6 || sample.iter().any(|value| *value <= 0.0) {
        return None;
    }
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    // It may stand still at a lesser peak: it is begun from each quarter of the sample, and the likeliest end is taken.
    let starts = [1, 2, 3].map(|quarter| sorted.len() * quarter / 4);
    let ends = starts.into_iter().filter_map(|cut| climb(&sorted, cut));
    ends.max_by(|one, other| likelihood_of_two(&sorted, one).total_cmp(&likelihood_of_two(&sorted, other)))
}

fn climb(sorted: &[f64], cut: usize) -> Option<Modes> {
    let (low, high) = (lognormal(&sorted[..cut])?, lognormal(&sorted[cut..])?);
    let mut modes = Modes { first: low, second: high, share: 1.0 - cut as f64 / sorted.len() as f64 };
    for _ in 0..STEPS {
        let belongs = |value: &f64| {
            let (one, other) = densities(*value, &modes);
            if one + other > 0.0 { other / (one + other) } else { 0.5 }
        };
        let to_second: Vec<f64> = sorted.iter().map(belongs).collect();
        let to_first: Vec<f64> = to_second.iter().map(|share| 1.0 - share).collect();
        let (Some(first), Some(second)) = (weighted(sorted, &to_first), weighted(sorted, &to_second)) else { break };
        modes = Modes { first, second, share: to_second.iter().sum::<f64>() / sorted.len() as f64 };
    }
    Some(match modes.first.median <= modes.second.median {
        true => modes,
        false => Modes { first: modes.second, second: modes.first, share: 1.0 - modes.share },
    })
}

/// One mode or two, whichever has the lower criterion of Akaike; `None` where not even one can be fitted.
#[must_use]
pub fn fit(sample: &[f64]) -> Option<Fit> {
    let one = lognormal(sample)?;
    let of_one = sample.iter().map(|value| libm::log(density(*value, &one))).sum::<f64>();
    match two_modes(sample) {
        // Two modes have three numbers more.
        Some(two) if likelihood_of_two(sample, &two) - 3.0 > of_one => Some(Fit::Two(two)),
        _ => Some(Fit::One(one)),
    }
}

fn likelihood_of_two(sample: &[f64], modes: &Modes) -> f64 {
    let each = |value: &f64| {
        let (one, other) = densities(*value, modes);
        libm::log(one + other)
    };
    sample.iter().map(each).sum()
}

fn densities(value: f64, modes: &Modes) -> (f64, f64) {
    ((1.0 - modes.share) * density(value, &modes.first), modes.share * density(value, &modes.second))
}

fn density(value: f64, of: &Lognormal) -> f64 {
    let sigma = of.sigma.max(LEAST_SIGMA);
    let z = libm::log(value / of.median) / sigma;
    libm::exp(-z * z / 2.0) / (value * sigma * libm::sqrt(std::f64::consts::TAU))
}

fn weighted(sample: &[f64], weights: &[f64]) -> Option<Lognormal> {
    if sample.len() < 2 || sample.iter().any(|value| *value <= 0.0) {
        return None;
    }
    let total: f64 = weights.iter().sum();
    if total <= 1e-9 {
        return None;
    }
    let sum =
        |of: &dyn Fn(f64) -> f64| sample.iter().zip(weights).map(|(value, w)| w * of(libm::log(*value))).sum::<f64>();
    let mean = sum(&|log| log) / total;
    let variance = sum(&|log| (log - mean) * (log - mean)) / total;
    Some(Lognormal { median: libm::exp(mean), sigma: libm::sqrt(variance).max(LEAST_SIGMA) })
}

/// The quantile of the standard normal, by halving: `erfc` is what `libm` has.
fn normal_quantile(q: f64) -> f64 {
    let (mut low, mut high) = (-10.0, 10.0);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        let below = 1.0 - libm::erfc(middle / std::f64::consts::SQRT_2) / 2.0;
        if below < q { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// The chance of a χ² of so many degrees of freedom above `x`.
#[must_use]
pub fn chi_square_above(x: f64, degrees: u32) -> f64 {
    if degrees == 0 || x <= 0.0 {
        return 1.0;
    }
    // From two degrees less: the next term of the series of the incomplete gamma function.
    let half = x / 2.0;
    let (mut tail, mut at) = match degrees % 2 {
        0 => (libm::exp(-half), 2),
        _ => (libm::erfc(libm::sqrt(half)), 1),
    };
    while at < degrees {
        let k = f64::from(at) / 2.0;
        tail += libm::exp(k * libm::log(half) - half - libm::lgamma(k + 1.0));
        at += 2;
    }
    tail.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_sim::engine::luck::{Luck, Purpose, Subject};

    fn near(is: f64, wanted: f64, within: f64) {
        assert!((is - wanted).abs() <= within, "{is} is not {wanted} ± {within}");
    }

    fn draws(dist: Dist, count: usize) -> Vec<f64> {
        let mut stream = Luck::new(7).stream(Purpose::Generator, Subject { place: 0, cause: 0, ordinal: 0 }, 0);
        (0..count).map(|_| stream.duration(&dist).seconds()).collect()
    }

    #[test]
    fn quantiles_lie_between_the_values() {
        // Of 1, 2, 3, 4 the half lies half way from the second to the third, and 5 % at 0.15 of the way from the first.
        assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 0.5), Some(2.5));
        near(quantile(&[4.0, 1.0, 3.0, 2.0], 0.05).expect("some"), 1.15, 1e-12);
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[7.0], 0.95), Some(7.0));
    }

    #[test]
    fn the_likeliest_lognormal_has_the_moments_of_the_logarithms() {
        // Logarithms 1, 2 and 3: mean 2, variance 2/3.
        let fitted = lognormal(&[1.0, 2.0, 3.0].map(libm::exp)).expect("three values");
        near(fitted.median, libm::exp(2.0), 1e-9);
        near(fitted.sigma, libm::sqrt(2.0 / 3.0), 1e-9);
        assert_eq!(lognormal(&[1.0]), None);
        assert_eq!(lognormal(&[1.0, 0.0]), None);
    }

    #[test]
    fn a_lognormal_goes_through_its_quantile() {
        // 1.644854 standard deviations above the mean lie 5 %: 45 s × e^(0.5 × 1.644854) is 102.4 s.
        let fitted = through(45.0, 0.95, 45.0 * libm::exp(0.5 * 1.644_853_627)).expect("above the median");
        near(fitted.sigma, 0.5, 1e-6);
        assert_eq!(through(45.0, 0.95, 40.0), None);
    }

    #[test]
    fn what_was_drawn_of_one_mode_is_found_again() {
        let drawn = draws(Dist::LogNormal { median: SimDuration::from_secs(60), sigma: 0.4 }, 2000);
        let Some(Fit::One(one)) = fit(&drawn) else { panic!("one mode was drawn") };
        // The standard error of the logarithm's mean is 0.4 ÷ √2000 = 0.009, of σ 0.4 ÷ √4000 = 0.0063: four of each.
        near(libm::log(one.median / 60.0), 0.0, 0.036);
        near(one.sigma, 0.4, 0.026);
    }

    #[test]
    fn what_was_drawn_of_two_modes_is_found_again() {
        let second = (SimDuration::from_secs(450), 0.1);
        let dist = Dist::TwoModes { first: (SimDuration::from_secs(90), 0.2), second, share: 0.3 };
        let drawn = draws(dist, 2000);
        let Some(Fit::Two(two)) = fit(&drawn) else { panic!("two modes were drawn") };
        // They are eight deviations apart. Four standard errors: 0.2 ÷ √1400 = 0.0053 and 0.1 ÷ √600 = 0.0041 of the medians,
        // √(0.3 × 0.7 ÷ 2000) = 0.0102 of the share.
        near(libm::log(two.first.median / 90.0), 0.0, 0.022);
        near(libm::log(two.second.median / 450.0), 0.0, 0.017);
        near(two.share, 0.3, 0.041);
        near(two.first.sigma, 0.2, 0.016);
        near(two.second.sigma, 0.1, 0.012);
        let Dist::TwoModes { share, .. } = Fit::Two(two).dist() else { panic!("two modes") };
        near(share, two.share, 0.0);
    }

    #[test]
    fn the_tail_of_chi_square_is_that_of_the_tables() {
        // 5 % lie above 3.841, 5.991, 7.815 and 11.070 with 1, 2, 3 and 5 degrees of freedom.
        for (degrees, at) in [(1, 3.841_459), (2, 5.991_465), (3, 7.814_728), (5, 11.070_498)] {
            near(chi_square_above(at, degrees), 0.05, 1e-6);
        }
        near(chi_square_above(0.0, 4), 1.0, 0.0);
    }
}
