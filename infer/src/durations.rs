//! Durations that a team has measured, as the distribution they are of: lognormal, with a slow tail or without.
//!
//! What was still running when the record ends is *censored*: all that is known is that it takes longer. An operation on several
//! instances ends with the last of them, and says that much of one. The slow tail is a share of which the logarithm is uniform
//! between two multiples of the median, the form that the platform's own recordings have.
//!
//! The posterior is drawn by importance: about the likeliest values with Student's t of 5 degrees, twice, of which the second time
//! goes by what the first has found (Cappé and others, J. Comput. Graph. Stat. 13 (2004) 907).

use crate::matrix::{covariance, root, solve, times};
use crate::posterior::{effective, quantile, resample};
use crate::special::normal_below;
use crate::stream::Stream;

/// A duration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// How long it took, or has taken so far.
    pub seconds: f64,
    /// Of how many at once it is the longest.
    pub of: u32,
    /// Whether it had ended.
    pub ended: bool,
}

/// The tail: from which multiple of the median to which.
pub type Tail = (f64, f64);

/// What is thought of a duration before any is seen.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    /// About where the median lies, in seconds.
    pub about: f64,
    /// How far the logarithm of the median may be from there, as a standard deviation.
    pub spread: f64,
    /// The tail, where there may be one.
    pub tail: Option<Tail>,
}

/// Before anything is seen, σ lies about this, and its logarithm spreads so far.
const SIGMA: (f64, f64) = (0.5, 0.6);
/// Before anything is seen, the share of the tail is a power of a uniform number: a twentieth on average.
const SHARE: f64 = 19.0;

/// From where to where a value lies with 90 %, and its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// 5 % lie below.
    pub low: f64,
    /// Half lie below.
    pub middle: f64,
    /// 5 % lie above.
    pub high: f64,
}

/// What is known of a distribution.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The median, in seconds.
    pub median: Range,
    /// The standard deviation of the logarithm.
    pub sigma: Range,
    /// The share of the tail, where there is one.
    pub share: Option<Range>,
    /// The logarithm of the likelihood where the posterior is highest.
    pub likeliest: f64,
    /// Of how many even draws the posterior is worth.
    pub worth: f64,
    /// Draws of equal weight: median, σ and share.
    pub draws: Vec<[f64; 3]>,
}

/// A point in the space in which what is thought before is standard normal.
type Place = Vec<f64>;

struct Model<'s> {
    seen: &'s [Seen],
    logs: Vec<f64>,
    before: Before,
}

/// What a place means: the logarithm of the median, σ and the share of the tail.
#[derive(Clone, Copy)]
struct Meant {
    middle: f64,
    sigma: f64,
    share: f64,
}

impl Before {
    const fn dimensions(&self) -> usize {
        if self.tail.is_some() { 3 } else { 2 }
    }

    fn meant(&self, place: &[f64]) -> Meant {
        let share = place.get(2).map_or(0.0, |z| 1.0 - libm::pow(normal_below(-z), 1.0 / SHARE));
        Meant {
            middle: libm::log(self.about) + self.spread * place[0],
            sigma: (SIGMA.0 * libm::exp(SIGMA.1 * place[1])).max(0.01),
            share,
        }
    }

    /// A draw of what is thought before: median, σ and share.
    #[must_use]
    pub fn draw(&self, stream: &mut Stream) -> [f64; 3] {
        let place: Place = (0..self.dimensions()).map(|_| stream.normal()).collect();
        let Meant { middle, sigma, share } = self.meant(&place);
        [libm::exp(middle), sigma, share]
    }

    /// A duration of a distribution.
    #[must_use]
    pub fn duration(&self, [median, sigma, share]: [f64; 3], stream: &mut Stream) -> f64 {
        let body = median * libm::exp(sigma * stream.normal());
        let (slow, along) = (stream.unit() < share, stream.unit());
        self.tail.filter(|_| slow).map_or(body, |(from, to)| median * from * libm::exp(libm::log(to / from) * along))
    }
}

impl Model<'_> {
    /// The logarithm of the likelihood.
    fn likelihood(&self, place: &[f64]) -> f64 {
        let meant = self.before.meant(place);
        let tail = self.before.tail.map(|(from, to)| (libm::log(from), libm::log(to / from)));
        self.seen.iter().zip(&self.logs).map(|(seen, log)| one(seen, *log, meant, tail)).sum()
    }

    fn posterior(&self, place: &[f64]) -> f64 {
        self.likelihood(place) - place.iter().map(|z| z * z).sum::<f64>() / 2.0
    }
}

/// What one duration adds. The longest of n has the density n × F^(n−1) × f, and is longer than what was seen with 1 − F^n.
fn one(seen: &Seen, log: f64, Meant { middle, sigma, share }: Meant, tail: Option<(f64, f64)>) -> f64 {
    const LEAST: f64 = 1e-300;
    let z = (log - middle) / sigma;
    let along = tail.map(|(from, width)| ((log - middle - from) / width, width));
    let above = || {
        let slow = along.map_or(0.0, |(at, _)| 1.0 - at.clamp(0.0, 1.0));
        (1.0 - share) * normal_below(-z) + share * slow
    };
    if !seen.ended {
        let above = above();
        let longer = if seen.of == 1 { above } else { -libm::expm1(f64::from(seen.of) * libm::log1p(-above)) };
        return libm::log(longer.max(LEAST));
    }
    let body = libm::exp(-z * z / 2.0) / (sigma * 2.506_628_274_631);
    let slow = along.map_or(0.0, |(at, width)| if (0.0..=1.0).contains(&at) { 1.0 / width } else { 0.0 });
    let density = libm::log(((1.0 - share) * body + share * slow).max(LEAST)) - log;
    if seen.of == 1 {
        return density;
    }
    let others = f64::from(seen.of - 1);
    density + others * libm::log((1.0 - above()).max(LEAST)) + libm::log(f64::from(seen.of))
}

/// Draws of the first time and of the second, and how many of equal weight are kept.
const FIRST: usize = 300;
const SECOND: usize = 1000;
/// How many draws of equal weight there are.
pub const DRAWS: usize = 400;

/// What is known of the distribution of durations; none where none has ended.
#[must_use]
pub fn fit(seen: &[Seen], before: Before, seed: u64) -> Option<Fitted> {
    if !seen.iter().any(|one| one.ended) || seen.iter().any(|one| one.seconds <= 0.0 || one.of == 0) {
        return None;
    }
    let logs = seen.iter().map(|one| libm::log(one.seconds)).collect();
    let model = Model { seen, logs, before };
    let (top, spread) = summit(&model);
    let first = Proposal::new(top.clone(), &spread);
    let drawn = first.draws(FIRST, Stream::new(seed, &[1]));
    let weights = importance(&model, &drawn, |place| first.log_density(place));
    // What the first time found, unless it found too little to go by.
    let second = if effective(&weights) >= 20.0 {
        let (mean, spread) = covariance(&drawn, &weights);
        Proposal::new(mean, &spread)
    } else {
        first.clone()
    };
    // A tenth are drawn of what is thought before, so that nothing is out of reach.
    let mut stream = Stream::new(seed, &[2]);
    let places: Vec<Place> = (0..SECOND)
        .map(|at| {
            if at % 10 == 0 {
                (0..before.dimensions()).map(|_| stream.normal()).collect()
            } else {
                second.draw(&mut stream)
            }
        })
        .collect();
    let mixed = |place: &[f64]| {
        let size = place.len() as f64;
        let prior = -place.iter().map(|z| z * z).sum::<f64>() / 2.0 - size * 0.918_938_533_204_673;
        libm::log(0.9 * libm::exp(second.log_density(place)) + 0.1 * libm::exp(prior))
    };
    let weights = importance(&model, &places, mixed);
    let kept = resample(&weights, DRAWS, Stream::new(seed, &[3]).unit());
    let draws = kept.into_iter().map(|at| before.meant(&places[at]));
    let draws: Vec<[f64; 3]> = draws.map(|one| [libm::exp(one.middle), one.sigma, one.share]).collect();
    let range = |at: usize| {
        weighted(
            places.iter().map(|place| before.meant(place)).map(|one| [libm::exp(one.middle), one.sigma, one.share][at]),
            &weights,
        )
    };
    let likeliest = model.likelihood(&top);
    Some(Fitted {
        median: range(0),
        sigma: range(1),
        share: before.tail.map(|_| range(2)),
        likeliest,
        worth: effective(&weights),
        draws,
    })
}

/// The weights of places that were drawn with this density.
fn importance(model: &Model<'_>, places: &[Place], density: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let logs: Vec<f64> = places.iter().map(|place| model.posterior(place) - density(place)).collect();
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    logs.into_iter().map(|log| libm::exp(log - most)).collect()
}

/// The 5 %, 50 % and 95 % of weighted values.
fn weighted(values: impl Iterator<Item = f64>, weights: &[f64]) -> Range {
    let mut pairs: Vec<(f64, f64)> = values.zip(weights.iter().copied()).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = weights.iter().sum();
    let at = |q: f64| {
        let mut below = 0.0;
        let found = pairs.iter().find(|(_, weight)| {
            below += weight;
            below >= q * total
        });
        found.or(pairs.last()).map_or(f64::NAN, |pair| pair.0)
    };
    Range { low: at(0.05), middle: at(0.5), high: at(0.95) }
}

/// Student's t of 5 degrees about a middle.
#[derive(Clone)]
struct Proposal {
    middle: Place,
    root: Vec<Vec<f64>>,
}

const DEGREES: f64 = 5.0;

impl Proposal {
    fn new(middle: Place, spread: &[Vec<f64>]) -> Self {
        // A fifth wider than what is known, since weights repair what is too wide and not what is too narrow.
        let wider: Vec<Vec<f64>> = spread.iter().map(|row| row.iter().map(|value| 1.44 * value).collect()).collect();
        Self { middle, root: root(&wider, 1e-9) }
    }

    fn draw(&self, stream: &mut Stream) -> Place {
        let normal: Vec<f64> = self.middle.iter().map(|_| stream.normal()).collect();
        // χ² of 5 degrees: two logarithms and the square of a normal number.
        let square = -2.0 * libm::log((1.0 - stream.unit()) * (1.0 - stream.unit()));
        let last = stream.normal();
        let stretch = libm::sqrt(DEGREES / (square + last * last));
        let step = times(&self.root, &normal);
        self.middle.iter().zip(step).map(|(middle, step)| middle + stretch * step).collect()
    }

    fn draws(&self, count: usize, mut stream: Stream) -> Vec<Place> {
        (0..count).map(|_| self.draw(&mut stream)).collect()
    }

    fn log_density(&self, place: &[f64]) -> f64 {
        let size = place.len() as f64;
        let off: Vec<f64> = place.iter().zip(&self.middle).map(|(a, b)| a - b).collect();
        let square: f64 = solve(&self.root, &off).iter().map(|z| z * z).sum();
        let scale: f64 = self.root.iter().enumerate().map(|(at, row)| libm::log(row[at])).sum();
        let front = libm::lgamma((DEGREES + size) / 2.0)
            - libm::lgamma(DEGREES / 2.0)
            - size / 2.0 * libm::log(DEGREES * std::f64::consts::PI);
        front - scale - (DEGREES + size) / 2.0 * libm::log1p(square / DEGREES)
    }
}

/// The likeliest place, and how far the posterior spreads about it: the summit is climbed by steps along each direction that grow where
/// they help and shrink where they do not, and the spread is that of a normal distribution of the same curvature.
fn summit(model: &Model<'_>) -> (Place, Vec<Vec<f64>>) {
    let size = model.before.dimensions();
    let ended: Vec<f64> = {
        let mut logs: Vec<f64> =
            model.seen.iter().zip(&model.logs).filter(|(seen, _)| seen.ended).map(|(_, log)| *log).collect();
        logs.sort_by(f64::total_cmp);
        logs
    };
    let mut at = vec![0.0; size];
    at[0] = ((quantile(&ended, 0.5) - libm::log(model.before.about)) / model.before.spread).clamp(-6.0, 6.0);
    let mut step = vec![0.5; size];
    let mut height = model.posterior(&at);
    for _ in 0..40 {
        for direction in 0..size {
            let tried = [step[direction], -step[direction]].map(|by| {
                let mut there = at.clone();
                there[direction] += by;
                (model.posterior(&there), there)
            });
            let best = if tried[0].0 >= tried[1].0 { &tried[0] } else { &tried[1] };
            if best.0 > height {
                (height, at) = best.clone();
                step[direction] *= 1.6;
            } else {
                step[direction] *= 0.5;
            }
        }
        if step.iter().all(|step| *step < 1e-3) {
            break;
        }
    }
    let spread = curvature(model, &at, height);
    (at, spread)
}

/// The inverse of the curvature, a direction at a time: what goes together the second round of draws finds.
fn curvature(model: &Model<'_>, at: &[f64], height: f64) -> Vec<Vec<f64>> {
    let size = at.len();
    let mut spread = vec![vec![0.0; size]; size];
    for direction in 0..size {
        // How far it goes until the posterior falls to e^−½, on either side.
        let reach = |sign: f64| {
            let (mut near, mut far) = (0.0, 3.0);
            for _ in 0..12 {
                let middle = f64::midpoint(near, far);
                let mut there = at.to_vec();
                there[direction] += sign * middle;
                if height - model.posterior(&there) < 0.5 { near = middle } else { far = middle }
            }
            far
        };
        let reach = f64::midpoint(reach(1.0), reach(-1.0)).max(1e-4);
        spread[direction][direction] = reach * reach;
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranks::{cell, uniform};
    use crate::special::normal_quantile;

    const BEFORE: Before = Before { about: 60.0, spread: 1.5, tail: Some((5.0, 30.0)) };
    const PLAIN: Before = Before { tail: None, ..BEFORE };

    fn seen(seconds: f64) -> Seen {
        Seen { seconds, of: 1, ended: true }
    }

    fn drawn(before: Before, of: [f64; 3], count: usize, seed: u64) -> Vec<Seen> {
        let mut stream = Stream::new(seed, &[9]);
        (0..count).map(|_| seen(before.duration(of, &mut stream))).collect()
    }

    #[track_caller]
    fn near(is: f64, wanted: f64, within: f64) {
        assert!((is - wanted).abs() <= within, "{is} is not {wanted} ± {within}");
    }

    /// Logarithms 1, 2 and 3 a hundred times each: the mean is 2, σ² is 2/3, and the likelihood is known: at μ = 2, σ = 0.5 each triple
    /// gives −(1 + 0 + 1) ÷ 0.5 − 3 ln(0.5 √2π) − 6. Much data leave little to what was thought before: σ ÷ √300 = 0.047 for the mean.
    #[test]
    fn the_likelihood_and_the_posterior_are_those_of_the_hand() {
        let triple: Vec<Seen> = [1.0, 2.0, 3.0].map(|log| seen(libm::exp(log))).to_vec();
        let meant = Meant { middle: 2.0, sigma: 0.5, share: 0.0 };
        let sum: f64 = triple.iter().zip([1.0, 2.0, 3.0]).map(|(seen, log)| one(seen, log, meant, None)).sum();
        near(sum, -4.0 - 3.0 * libm::log(0.5 * libm::sqrt(std::f64::consts::TAU)) - 6.0, 1e-9);
        let many: Vec<Seen> = triple.iter().copied().cycle().take(300).collect();
        let found = fit(&many, PLAIN, 1).expect("it ended");
        near(libm::log(found.median.middle), 2.0, 0.02);
        near(libm::log(found.median.high / found.median.middle), 1.645 * libm::sqrt(2.0 / 3.0 / 300.0), 0.015);
        near(found.sigma.middle, libm::sqrt(2.0 / 3.0), 0.02);
        assert!(found.worth > 400.0, "{}", found.worth);
    }

    /// What still runs at the median of all says only that it takes longer. Half of 400 are cut there: as single values at the cut they
    /// would pull the median down to it.
    #[test]
    fn what_still_runs_is_not_taken_for_its_end() {
        let all = drawn(PLAIN, [100.0, 0.5, 0.0], 400, 4);
        let cut: Vec<Seen> = all
            .iter()
            .map(|one| if one.seconds > 100.0 { Seen { seconds: 100.0, ended: false, ..*one } } else { *one })
            .collect();
        let found = fit(&cut, PLAIN, 1).expect("half of them ended");
        // Errors: 0.5 × 1.25 ÷ √400 = 0.031 of the logarithm, four of them; σ of half a sample some 0.03.
        near(libm::log(found.median.middle / 100.0), 0.0, 0.125);
        near(found.sigma.middle, 0.5, 0.12);
        let naive: Vec<Seen> = cut.iter().map(|one| Seen { ended: true, ..*one }).collect();
        assert!(fit(&naive, PLAIN, 1).expect("all").median.high < 90.0);
        assert!(fit(&[Seen { ended: false, ..seen(3.0) }], PLAIN, 1).is_none(), "nothing has ended");
    }

    /// The longest of three of median 1 and σ 1 lies below its median, F³ = ½, at the quantile 0.7937 of one: e^0.8193.
    #[test]
    fn one_is_found_of_the_longest_of_three() {
        let mut stream = Stream::new(8, &[]);
        let longest = (0..400).map(|_| (0..3).map(|_| libm::exp(0.4 * stream.normal())).fold(0.0, f64::max));
        let sample: Vec<Seen> = longest.map(|longest| Seen { seconds: 50.0 * longest, of: 3, ended: true }).collect();
        let found = fit(&sample, PLAIN, 1).expect("they ended");
        near(libm::log(found.median.middle / 50.0), 0.0, 0.12);
        near(found.sigma.middle, 0.4, 0.08);
        near(libm::log(libm::pow(0.5, 1.0 / 3.0)), -0.231_05, 1e-5);
        near(normal_quantile(libm::pow(0.5, 1.0 / 3.0)), 0.8193, 1e-4);
    }

    /// One in twenty takes 5 to 30 times as long: the tail is found and the body is not widened by it, which it is without a tail. Errors
    /// of 600: √(0.05 × 0.95 ÷ 600) = 0.009 of the share, 0.4 ÷ √1140 = 0.012 of σ.
    #[test]
    fn a_slow_tail_is_found_and_is_likelier() {
        let sample = drawn(BEFORE, [45.0, 0.4, 0.05], 600, 2);
        let found = fit(&sample, BEFORE, 1).expect("they ended");
        near(libm::log(found.median.middle / 45.0), 0.0, 0.07);
        near(found.sigma.middle, 0.4, 0.05);
        near(found.share.expect("there is a tail").middle, 0.05, 0.036);
        let plain = fit(&sample, PLAIN, 1).expect("they ended");
        assert!(plain.sigma.low > 0.5 && found.likeliest > plain.likeliest + 20.0);
    }

    /// Of 1,000 truths that are drawn from what is thought before, each with a few durations of which those above a border are cut, the
    /// rank among the draws of the posterior is uniform.
    #[test]
    fn ranks_are_uniform_over_a_thousand_priors() {
        for (before, most) in [(BEFORE, 12), (PLAIN, 6)] {
            let mut counts = vec![vec![0_usize; 20]; before.dimensions()];
            for case in 0..1000 {
                let mut stream = Stream::new(case, &[0x5bc]);
                let truth = before.draw(&mut stream);
                let border = 90.0 * libm::exp(stream.normal());
                let mut sample = Vec::new();
                while sample.len() < most {
                    let of = 1 + stream.below(2) as u32;
                    let longest = (0..of).map(|_| before.duration(truth, &mut stream)).fold(0.0, f64::max);
                    let ended = longest <= border || sample.is_empty();
                    sample.push(Seen { seconds: if ended { longest } else { border }, of, ended });
                }
                // The first is never cut, whatever it is: that is known of it, and not that it is short.
                let found = fit(&sample, before, case).expect("one has ended");
                for (at, counts) in counts.iter_mut().enumerate() {
                    let draws: Vec<f64> = found.draws.iter().map(|draw| draw[at]).collect();
                    counts[cell(truth[at], &draws, 20, stream.unit())] += 1;
                }
            }
            for counts in counts {
                assert!(uniform(&counts) > 0.005, "{counts:?}");
            }
        }
    }
}
