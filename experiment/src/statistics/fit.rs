//! Fits of lengths of time: a lognormal by maximum likelihood or through two quantiles, one of which only the longest of
//! several was seen, and two lognormals by the EM algorithm; how far a distribution is from the likeliest; quantiles of a
//! sample, and the tail of χ².

use windtunnel_infer::special::normal_quantile;
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::SimDuration;

/// A lognormal: its median in seconds, and the standard deviation of the natural logarithm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lognormal {
    /// The median, in seconds.
    pub median: f64,
    /// Standard deviation of the natural logarithm.
    pub sigma: f64,
}

impl Lognormal {
    /// Its quantile `q`, in seconds.
    #[must_use]
    pub fn quantile(&self, q: f64) -> f64 {
        self.median * libm::exp(self.sigma * normal_quantile(q))
    }

    /// The quantile `q` of the longest of so many: all of them are shorter with the chance that one is, to their power.
    #[must_use]
    pub fn quantile_of_longest(&self, q: f64, count: u32) -> f64 {
        self.quantile(libm::pow(q, 1.0 / f64::from(count.max(1))))
    }
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
/// Steps of the EM algorithm; it converges long before.
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

/// A length of time that was seen, and of how many it is the longest: an operation on several instances ends with the last.
pub type Longest = (f64, u32);

/// The lognormal of one that is likeliest to give a sample of longest ones; `None` of fewer than two values.
#[must_use]
pub fn of_longest(sample: &[Longest]) -> Option<Lognormal> {
    let values: Vec<f64> = sample.iter().map(|(value, _)| *value).collect();
    let about = lognormal(&values)?;
    // The longest of several lies above the median of one, by no more than a few deviations.
    let (low, high) = (libm::log(about.median) - 3.0 * about.sigma - 0.5, libm::log(about.median) + about.sigma + 0.5);
    let at = |middle: f64, sigma: f64| Lognormal { median: libm::exp(middle), sigma };
    let of = |one: Lognormal| likelihood(sample, &Fit::One(one).parts());
    let best_sigma = |middle: f64| peak(LEAST_SIGMA, 3.0, |sigma| of(at(middle, sigma)));
    let middle = peak(low, high, |middle| of(at(middle, best_sigma(middle))));
    Some(at(middle, best_sigma(middle)))
}

/// Twice by how much the logarithm of the likelihood of `dist` falls short of that of the likeliest lognormal. If `dist` is what
/// the sample was drawn of, it is about χ² of two degrees: beyond 5.99 in one of twenty samples. `None` where nothing can be fitted,
/// or `dist` is no lognormal or mixture of some.
#[must_use]
pub fn deviance(sample: &[Longest], dist: &Dist) -> Option<f64> {
    let best = Fit::One(of_longest(sample)?);
    Some(2.0 * (likelihood(sample, &best.parts()) - likelihood(sample, &parts(dist)?)))
}

/// What a distribution is mixed of: shares of lognormals, and one of a logarithm that is uniform.
#[derive(Clone, Debug, Default)]
struct Parts {
    modes: Vec<(f64, Lognormal)>,
    tail: Option<(f64, f64, f64)>,
}

impl Fit {
    fn parts(&self) -> Parts {
        let modes = match *self {
            Self::One(one) => vec![(1.0, one)],
            Self::Two(Modes { first, second, share }) => vec![(1.0 - share, first), (share, second)],
        };
        Parts { modes, tail: None }
    }
}

fn parts(dist: &Dist) -> Option<Parts> {
    let one = |median: SimDuration, sigma: f64| Lognormal { median: median.seconds(), sigma };
    match *dist {
        Dist::LogNormal { median, sigma } => Some(Fit::One(one(median, sigma)).parts()),
        Dist::TwoModes { first, second, share } => {
            let modes = Modes { first: one(first.0, first.1), second: one(second.0, second.1), share };
            Some(Fit::Two(modes).parts())
        }
        Dist::SlowTail { median, sigma, share, min, max } => Some(Parts {
            modes: vec![(1.0 - share, one(median, sigma))],
            tail: Some((share, min.seconds(), max.seconds())),
        }),
        _ => None,
    }
}

impl Parts {
    fn density(&self, value: f64) -> f64 {
        let modes = self.modes.iter().map(|(share, of)| share * density(value, of)).sum::<f64>();
        let tail = self.tail.filter(|(_, min, max)| (min..=max).contains(&&value));
        modes + tail.map_or(0.0, |(share, min, max)| share / (value * libm::log(max / min)))
    }

    fn below(&self, value: f64) -> f64 {
        let of = |of: &Lognormal| {
            let z = libm::log(value / of.median) / of.sigma.max(LEAST_SIGMA);
            libm::erfc(-z / std::f64::consts::SQRT_2) / 2.0
        };
        let modes = self.modes.iter().map(|(share, one)| share * of(one)).sum::<f64>();
        let tail = |(share, min, max): (f64, f64, f64)| {
            share * (libm::log(value / min) / libm::log(max / min)).clamp(0.0, 1.0)
        };
        modes + self.tail.map_or(0.0, tail)
    }
}

/// The longest of n has the density n × F^(n−1) × f.
fn likelihood(sample: &[Longest], of: &Parts) -> f64 {
    // Smaller than any that matters: the logarithm of zero is no number to reckon with.
    let log = |x: f64| libm::log(x.max(1e-200));
    let each =
        |&(value, n): &Longest| log(of.density(value)) + f64::from(n - 1) * log(of.below(value)) + log(f64::from(n));
    sample.iter().map(each).sum()
}

/// Where a function of one peak has it, by the golden section.
fn peak(mut low: f64, mut high: f64, of: impl Fn(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    for _ in 0..40 {
        let (left, right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        if of(left) < of(right) { low = left } else { high = right }
    }
    (low + high) / 2.0
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

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_sim::engine::random::{Purpose, Randomness, Subject};

    fn near(is: f64, wanted: f64, within: f64) {
        assert!((is - wanted).abs() <= within, "{is} is not {wanted} ± {within}");
    }

    fn draws(dist: Dist, count: usize) -> Vec<f64> {
        let mut stream = Randomness::new(7).stream(Purpose::Generator, Subject { place: 0, cause: 0, ordinal: 0 }, 0);
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
    fn the_longest_of_two_has_its_quantiles_further_out() {
        // Of a median of 1 and σ 1: the standard normal has 0.75 at 0.674490, and 0.9 = √0.81 at 1.281552.
        let one = Lognormal { median: 1.0, sigma: 1.0 };
        near(libm::log(one.quantile(0.75)), 0.674_490, 1e-6);
        near(libm::log(one.quantile_of_longest(0.81, 2)), 1.281_552, 1e-6);
        near(one.quantile_of_longest(0.5, 1), 1.0, 1e-9);
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

    /// Of two, the longest is drawn 400 times: three deviations of the estimates, which are at least those of single draws, make
    /// 3 × 0.4 ÷ √400 = 0.06 of the median and 3 × 0.4 ÷ √800 = 0.042 of σ; a half more for what the shorter would have said.
    #[test]
    fn one_is_found_of_the_longest_of_two() {
        let one = Dist::LogNormal { median: SimDuration::from_secs(30), sigma: 0.4 };
        let drawn = draws(one, 800);
        let sample: Vec<Longest> = drawn.chunks(2).map(|two| (two[0].max(two[1]), 2)).collect();
        let fitted = of_longest(&sample).expect("many values");
        near(libm::log(fitted.median / 30.0), 0.0, 0.09);
        near(fitted.sigma, 0.4, 0.063);
        // As single values they are too long, and the likeliest of singles is what `lognormal` gives.
        let singles: Vec<Longest> = sample.iter().map(|(value, _)| (*value, 1)).collect();
        let values: Vec<f64> = sample.iter().map(|(value, _)| *value).collect();
        let (peak, moments) = (of_longest(&singles).expect("many"), lognormal(&values).expect("many"));
        near(peak.median, moments.median, 1e-3);
        near(peak.sigma, moments.sigma, 1e-4);
        let far = deviance(&singles, &one).expect("a lognormal");
        assert!(deviance(&sample, &one).expect("a lognormal") < 5.99 && far > 50.0, "{far}");
    }

    /// Two values e and e³: σ is 1 and the median e². With σ twice as large, each logarithm of the density falls by log 2 and rises
    /// by (1 − 1/4) ÷ 2 = 0.375: 2 × 2 × (0.6931 − 0.375) = 1.2726.
    #[test]
    fn the_deviance_is_twice_what_the_likelihood_falls_short() {
        let sample = [(libm::exp(1.0), 1), (libm::exp(3.0), 1)];
        let median = SimDuration::from_ms(libm::round(libm::exp(2.0) * 1000.0) as u64);
        near(deviance(&sample, &Dist::LogNormal { median, sigma: 1.0 }).expect("fits"), 0.0, 1e-6);
        near(deviance(&sample, &Dist::LogNormal { median, sigma: 2.0 }).expect("fits"), 1.272_589, 1e-5);
        // A tail that holds a hundredth, and none of the two: each density is 0.99 of it.
        let (min, max) = (SimDuration::from_secs(100), SimDuration::from_secs(200));
        let tailed = Dist::SlowTail { median, sigma: 1.0, share: 0.01, min, max };
        near(deviance(&sample, &tailed).expect("fits"), -4.0 * libm::log(0.99), 1e-6);
        assert_eq!(deviance(&sample, &Dist::Constant(median)), None);
    }
}
