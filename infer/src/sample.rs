//! Draws from a posterior by sequential Monte Carlo with tempering (Del Moral, Doucet and Jasra, J. R. Stat. Soc. B 68 (2006) 411).
//!
//! A particle is a point of the unit cube, one coordinate an unknown, and a *seed*: the chance in what is simulated is one more unknown,
//! of which nothing is known beforehand. The likelihood of the observations is known exactly for a point *and* a seed, so what is drawn
//! is the exact posterior of both, and the seed is summed out by looking at the points alone. This is the limit of one draw of the
//! pseudo-marginal method (Andrieu and Roberts, Ann. Stat. 37 (2009) 697), and no estimate of a likelihood is averaged anywhere. Moves
//! that keep the seed compare points under common random numbers, and where a seed has [`Variations`], moves change a part of the chance
//! alone (the block pseudo-marginal sampler of Tran, Kohn, Quiroz and Villani, arXiv 1603.02485): a seed whose chance is like that of the
//! incident in all of it is rare, one that is like it in one part more is not.
//!
//! The likelihood comes in by its power, from 0 to 1: each stage takes the largest step that leaves half of the particles their worth,
//! resamples, and moves every particle by Metropolis and Hastings' rule: along the covariance of the population, along the difference of
//! two others (ter Braak, Stat. Comput. 16 (2006) 239), to a new seed, to another choice, and rarely anywhere. If the runs are used up
//! before the power is 1, the posterior is that of the lesser power: wider than it need be, and that is said.

use crate::matrix::{covariance, root, times};
use crate::posterior::{effective, resample};
use crate::stream::{Stream, latin};

/// A point of the unit cube, and the seed under which it is evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// A share of each prior.
    pub at: Vec<f64>,
    /// The seed.
    pub seed: u64,
}

/// A point with what it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Particle {
    /// The point.
    pub point: Point,
    /// The logarithm of the likelihood of the observations.
    pub log_likelihood: f64,
}

/// How a posterior is drawn.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many particles there are.
    pub particles: usize,
    /// How many evaluations there may be.
    pub runs: usize,
    /// The seed of all draws; not of what is simulated.
    pub seed: u64,
    /// The first of the seeds of what is simulated, and how many there are of them.
    pub seeds: (u64, u64),
    /// Which bits of a seed change a part of the chance, where some do.
    pub variations: Option<Variations>,
    /// Of each unknown, among how many things it is a choice, where it is one.
    pub choices: Vec<Option<usize>>,
}

/// Bits of a seed that change a part of the chance each, and keep the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variations {
    /// The place of the lowest of them; seeds without variation are below.
    pub shift: u32,
    /// How many parts there are.
    pub groups: u32,
    /// How many bits each has.
    pub bits: u32,
}

impl Variations {
    /// The same chance with one part of it, or two, drawn anew.
    pub(crate) fn varied(self, seed: u64, stream: &mut Stream) -> u64 {
        let mut seed = seed;
        for _ in 0..=stream.below(2) {
            let at = self.shift + stream.below(self.groups as usize) as u32 * self.bits;
            let own = stream.bits() >> (64 - self.bits);
            seed = seed & !(((1 << self.bits) - 1) << at) | own << at;
        }
        seed
    }
}

/// Evaluates points, all at once: the logarithm of the likelihood of each, in their order; −∞ where a point is impossible.
pub trait Evaluate {
    /// Why it cannot.
    type Error;

    /// Does so.
    ///
    /// # Errors
    ///
    /// A point cannot be evaluated.
    fn evaluate(&mut self, points: &[Point]) -> Result<Vec<f64>, Self::Error>;
}

/// Draws from a posterior.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// Draws of it, of equal weight.
    pub draws: Vec<Particle>,
    /// The power of the likelihood: 1, or less where the runs were used up.
    pub power: f64,
    /// How many stages it took.
    pub stages: usize,
    /// How many points were evaluated.
    pub runs: usize,
    /// The share of moves that were made, in the last stage.
    pub moved: f64,
    /// Every point that was evaluated, in order.
    pub archive: Vec<Particle>,
}

/// Rounds of moves in a stage, and in the last one, of which the later half are kept.
const ROUNDS: usize = 10;
const LAST_ROUNDS: usize = 32;
/// Which share of their worth the particles keep in a stage.
const KEPT: f64 = 0.5;

/// Draws from the posterior.
///
/// # Errors
///
/// A point cannot be evaluated.
pub fn sample<E: Evaluate>(settings: &Settings, evaluate: &mut E) -> Result<Posterior, E::Error> {
    let dimensions = settings.choices.len();
    let start = latin(settings.particles, dimensions, settings.seed);
    let mut stream = Stream::new(settings.seed, &[0x5eed]);
    let points = start.into_iter().map(|at| Point { at, seed: settings.seed_of(&mut stream) }).collect();
    let mut running = Running { settings, evaluate, archive: Vec::new(), scale: 1.0, moved: 0.0, round: 0 };
    let mut population = running.evaluated(points)?;
    let (mut power, mut stages) = (0.0, 0);
    while power < 1.0 && running.has_room(ROUNDS) {
        stages += 1;
        let next = next_power(&population, power);
        let weights = weights(&population, next - power);
        let mut stream = Stream::new(settings.seed, &[0x7e5a, stages as u64]);
        let places = resample(&weights, population.len(), stream.unit());
        population = places.into_iter().map(|at| population[at].clone()).collect();
        power = next;
        for _ in 0..ROUNDS {
            running.moves(&mut population, power)?;
        }
    }
    let mut draws = population.clone();
    if running.has_room(LAST_ROUNDS) {
        draws.clear();
        for round in 0..LAST_ROUNDS {
            running.moves(&mut population, power)?;
            if round >= LAST_ROUNDS / 2 && round % 4 == 3 {
                draws.extend(population.iter().cloned());
            }
        }
    }
    let Running { archive, moved, .. } = running;
    Ok(Posterior { draws, power, stages, runs: archive.len(), moved, archive })
}

impl Settings {
    fn seed_of(&self, stream: &mut Stream) -> u64 {
        let (first, count) = self.seeds;
        let plain = first + ((u128::from(stream.bits()) * u128::from(count)) >> 64) as u64;
        let varied = |of: Variations, stream: &mut Stream| stream.bits() >> (64 - of.groups * of.bits) << of.shift;
        plain | self.variations.map_or(0, |of| varied(of, stream))
    }

    /// The unknowns that have an order.
    fn ordered(&self) -> Vec<usize> {
        (0..self.choices.len()).filter(|at| self.choices[*at].is_none()).collect()
    }

    fn chosen(&self) -> Vec<usize> {
        (0..self.choices.len()).filter(|at| self.choices[*at].is_some()).collect()
    }
}

/// The weights that a step of the power gives.
fn weights(population: &[Particle], step: f64) -> Vec<f64> {
    let most = population.iter().map(|one| one.log_likelihood).fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return vec![1.0; population.len()];
    }
    population.iter().map(|one| libm::exp(step * (one.log_likelihood - most))).collect()
}

/// The largest power that leaves the particles their worth.
fn next_power(population: &[Particle], power: f64) -> f64 {
    let wanted = KEPT * population.len() as f64;
    let keeps = |to: f64| effective(&weights(population, to - power)) >= wanted;
    if keeps(1.0) {
        return 1.0;
    }
    let (mut low, mut high) = (power, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if keeps(middle) { low = middle } else { high = middle }
    }
    // Where points are impossible no step keeps the half: a hair of a step takes them out.
    if low > power { low } else { (power + 1e-6).min(1.0) }
}

struct Running<'s, E> {
    settings: &'s Settings,
    evaluate: &'s mut E,
    archive: Vec<Particle>,
    /// How far moves go, against what is best for a normal distribution.
    scale: f64,
    moved: f64,
    round: u64,
}

/// What the moves of a round go by: the population before it.
struct Ground<'p> {
    population: &'p [Particle],
    ordered: Vec<usize>,
    chosen: Vec<usize>,
    root: Vec<Vec<f64>>,
}

impl<E: Evaluate> Running<'_, E> {
    /// Whether so many rounds can still be paid for.
    fn has_room(&self, rounds: usize) -> bool {
        self.archive.len() + rounds * self.settings.particles <= self.settings.runs
    }

    fn evaluated(&mut self, points: Vec<Point>) -> Result<Vec<Particle>, E::Error> {
        let logs = self.evaluate.evaluate(&points)?;
        let of = |(point, log): (Point, f64)| Particle {
            point,
            log_likelihood: if log.is_nan() { f64::NEG_INFINITY } else { log },
        };
        let particles: Vec<Particle> = points.into_iter().zip(logs).map(of).collect();
        self.archive.extend(particles.iter().cloned());
        Ok(particles)
    }

    /// One round: every particle proposes once, and all proposals are evaluated together.
    fn moves(&mut self, population: &mut [Particle], power: f64) -> Result<(), E::Error> {
        self.round += 1;
        let settings = self.settings;
        let ordered = settings.ordered();
        let rows: Vec<Vec<f64>> =
            population.iter().map(|one| ordered.iter().map(|at| one.point.at[*at]).collect()).collect();
        let (_, spread) = covariance(&rows, &vec![1.0; rows.len()]);
        let ground = Ground { population, chosen: settings.chosen(), root: root(&spread, 1e-8), ordered };
        let mut streams: Vec<Stream> =
            (0..population.len()).map(|at| Stream::new(settings.seed, &[0x30ce, self.round, at as u64])).collect();
        let proposals = streams.iter_mut().enumerate().map(|(at, stream)| self.proposal(&ground, at, stream)).collect();
        let proposals = self.evaluated(proposals)?;
        let mut made = 0;
        for ((own, proposal), stream) in population.iter_mut().zip(proposals).zip(&mut streams) {
            let is_possible = proposal.log_likelihood > f64::NEG_INFINITY;
            let gain = power * (proposal.log_likelihood - own.log_likelihood);
            if is_possible && (own.log_likelihood == f64::NEG_INFINITY || libm::log(1.0 - stream.unit()) < gain) {
                made += 1;
                *own = proposal;
            }
        }
        self.moved = f64::from(made) / population.len() as f64;
        // A quarter of moves made is about what is best.
        self.scale = (self.scale * libm::exp(0.8 * (self.moved - 0.25))).clamp(0.05, 2.0);
        Ok(())
    }

    fn proposal(&self, ground: &Ground<'_>, own: usize, stream: &mut Stream) -> Point {
        let settings = self.settings;
        let mut point = ground.population[own].point.clone();
        let kind = stream.unit();
        if kind < 0.04 {
            // Anywhere.
            point.at.iter_mut().for_each(|share| *share = stream.unit());
            point.seed = settings.seed_of(stream);
            return point;
        }
        let is_new = match settings.variations {
            None => kind < 0.24,
            Some(_) => kind < 0.10,
        };
        let has_changed = if is_new {
            point.seed = settings.seed_of(stream);
            true
        } else if let Some(of) = settings.variations.filter(|_| kind < 0.45) {
            point.seed = of.varied(point.seed, stream);
            true
        } else {
            false
        };
        // Two of three change the seed alone.
        if has_changed && (ground.ordered.is_empty() || stream.below(3) > 0) {
            return point;
        }
        if let Some(at) = pick(&ground.chosen, stream).filter(|_| ground.ordered.is_empty() || stream.unit() < 0.35) {
            point.at[at] = stream.unit();
            if ground.ordered.is_empty() || stream.unit() < 0.5 {
                return point;
            }
        }
        let size = ground.ordered.len();
        if size == 0 {
            return point;
        }
        let steps = if stream.unit() < 0.6 {
            let normal: Vec<f64> = (0..size).map(|_| stream.normal()).collect();
            // Short and long steps by turns: a narrow peak within a wide one is met, too.
            let length = [1.0, 0.3, 0.1][stream.below(3)] * self.scale * 2.38 / libm::sqrt(size as f64);
            times(&ground.root, &normal).into_iter().map(|step| step * length).collect::<Vec<_>>()
        } else {
            let two = [stream.below(ground.population.len()), stream.below(ground.population.len())];
            let [a, b] = two.map(|at| &ground.population[at].point.at);
            let length = if stream.unit() < 0.15 { 1.0 } else { self.scale * 2.38 / libm::sqrt(2.0 * size as f64) };
            ground.ordered.iter().map(|at| (a[*at] - b[*at]) * length + 1e-5 * stream.normal()).collect()
        };
        for (at, step) in ground.ordered.iter().zip(steps) {
            point.at[*at] = reflected(point.at[*at] + step);
        }
        point
    }
}

fn pick(from: &[usize], stream: &mut Stream) -> Option<usize> {
    (!from.is_empty()).then(|| from[stream.below(from.len())])
}

/// A share that went beyond its bounds comes back as from a mirror, which keeps moves even.
#[must_use]
pub fn reflected(share: f64) -> f64 {
    let folded = share.rem_euclid(2.0);
    if folded > 1.0 { 2.0 - folded } else { folded }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::posterior::{correlation, quantiles};
    use crate::ranks::{cell, uniform};
    use std::convert::Infallible;

    /// A likelihood that is a function of the point.
    pub(crate) struct Of<F>(pub(crate) F);

    impl<F: FnMut(&Point) -> f64> Evaluate for Of<F> {
        type Error = Infallible;

        fn evaluate(&mut self, points: &[Point]) -> Result<Vec<f64>, Infallible> {
            Ok(points.iter().map(&mut self.0).collect())
        }
    }

    fn settings(particles: usize, choices: &[Option<usize>]) -> Settings {
        Settings {
            particles,
            runs: 1_000_000,
            seed: 11,
            seeds: (1, 1 << 40),
            variations: None,
            choices: choices.to_vec(),
        }
    }

    fn drawn(settings: &Settings, log: impl FnMut(&Point) -> f64) -> Posterior {
        match sample(settings, &mut Of(log)) {
            Ok(posterior) => posterior,
        }
    }

    /// A normal likelihood about 0.6 and 0.3 with deviations 0.02 and 0.05 and a correlation of 0.8, far from the bounds: the posterior is
    /// the same normal. 1,600 draws of 400 particles are worth some 200: four standard errors of the means are 0.006 and 0.014.
    #[test]
    fn a_normal_posterior_is_found() {
        let log = |point: &Point| {
            let (x, y) = ((point.at[0] - 0.6) / 0.02, (point.at[1] - 0.3) / 0.05);
            -(x * x - 1.6 * x * y + y * y) / (2.0 * 0.36)
        };
        let found = drawn(&settings(400, &[None, None]), log);
        assert_eq!(found.power, 1.0);
        let of = |at: usize| found.draws.iter().map(|one| one.point.at[at]).collect::<Vec<f64>>();
        let (x, y) = (of(0), of(1));
        let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
        assert!((mean(&x) - 0.6).abs() < 0.006 && (mean(&y) - 0.3).abs() < 0.014, "{} {}", mean(&x), mean(&y));
        // 90 % lie within 1.645 deviations.
        let [low, high] = quantiles(x.iter().copied(), [0.05, 0.95]);
        assert!((low - 0.567).abs() < 0.008 && (high - 0.633).abs() < 0.008, "{low} {high}");
        assert!((correlation(&x, &y) - 0.8).abs() < 0.12);
    }

    /// A choice of three with likelihoods 1, 2 and 7, whatever the seed, has these shares: within four errors of 200 draws, 0.13.
    #[test]
    fn a_choice_has_the_shares_of_its_likelihoods() {
        let log = |point: &Point| [1.0, 2.0, 7.0_f64].map(libm::log)[(point.at[0] * 3.0) as usize];
        let found = drawn(&settings(400, &[Some(3)]), log);
        let share = |of: usize| {
            let these = found.draws.iter().filter(|one| (one.point.at[0] * 3.0) as usize == of).count();
            these as f64 / found.draws.len() as f64
        };
        for (of, wanted) in [(0, 0.1), (1, 0.2), (2, 0.7)] {
            assert!((share(of) - wanted).abs() < 0.13, "{of}: {}", share(of));
        }
    }

    #[test]
    fn two_far_peaks_are_both_found() {
        let near = |x: f64, middle: f64| -(x - middle) * (x - middle) / (2.0 * 0.0001);
        let log = |point: &Point| {
            let (a, b) = (near(point.at[0], 0.2), near(point.at[0], 0.8));
            a.max(b)
        };
        let found = drawn(&settings(400, &[None]), log);
        let left = found.draws.iter().filter(|one| one.point.at[0] < 0.5).count() as f64 / found.draws.len() as f64;
        assert!((0.3..0.7).contains(&left), "{left}");
    }

    #[test]
    fn few_runs_leave_a_lesser_power_and_are_never_exceeded() {
        let few = Settings { runs: 3000, ..settings(400, &[None]) };
        let found = drawn(&few, |point| -1e6 * (point.at[0] - 0.5) * (point.at[0] - 0.5));
        assert!(found.power < 1.0 && found.runs <= 3000, "{} {}", found.power, found.runs);
        let again = drawn(&few, |point| -1e6 * (point.at[0] - 0.5) * (point.at[0] - 0.5));
        assert_eq!(found.draws, again.draws);
    }

    #[test]
    fn impossible_points_are_left_behind() {
        let log = |point: &Point| if point.at[0] < 0.9 { f64::NEG_INFINITY } else { 0.0 };
        let found = drawn(&settings(200, &[None]), log);
        assert!(found.draws.iter().all(|one| one.point.at[0] >= 0.9));
    }

    /// What a seed adds to a point: two normal numbers of deviation 0.1.
    fn chance(seed: u64) -> [f64; 2] {
        let mut stream = Stream::new(seed, &[0xcafe]);
        [0.1 * stream.normal(), 0.1 * stream.normal()]
    }

    /// Ranks of 200 truths of the prior among the draws from data that a seed of their own and an error have shaped: what is observed
    /// are x + s₁, x + y + s₂ and y, each with an error of 0.05. Only where the seed is summed out are the ranks uniform.
    #[test]
    fn ranks_are_uniform_where_chance_is_an_unknown() {
        let model = |at: &[f64], seed: u64| {
            let [first, second] = chance(seed);
            [at[0] + first, at[0] + at[1] + second, at[1]]
        };
        let mut counts = [[0_usize; 10]; 2];
        for case in 0..200 {
            let mut stream = Stream::new(case, &[0x5bc]);
            let truth = [stream.unit(), stream.unit()];
            let clean = model(&truth, stream.bits() >> 20);
            let observed = clean.map(|value| value + 0.05 * stream.normal());
            let log = |point: &Point| {
                let simulated = model(&point.at, point.seed);
                let off = simulated.iter().zip(observed).map(|(a, b)| (a - b) / 0.05);
                off.map(|z| -z * z / 2.0).sum()
            };
            let found = drawn(&Settings { seed: case, ..settings(150, &[None, None]) }, log);
            for (unknown, counts) in counts.iter_mut().enumerate() {
                // Draws of one particle go together: each third of the population is one.
                let draws: Vec<f64> = found.draws.iter().map(|one| one.point.at[unknown]).collect();
                counts[cell(truth[unknown], &draws, 10, stream.unit())] += 1;
            }
        }
        for counts in counts {
            assert!(uniform(&counts) > 0.005, "{counts:?}");
        }
    }

    #[test]
    fn what_goes_beyond_a_bound_comes_back() {
        let near = |is: f64, wanted: f64| assert!((is - wanted).abs() < 1e-12, "{is} is not {wanted}");
        near(reflected(1.2), 0.8);
        near(reflected(-0.3), 0.3);
        near(reflected(2.1), 0.1);
        near(reflected(0.4), 0.4);
    }
}
