//! A fit, summed up: ranges, what is excluded, what cannot be distinguished, what does not fit.

use super::{Drawn, Evidence, Extent, Judged};
use crate::workers::Workers;
use std::sync::Mutex;
use windtunnel_infer::identify::{Finding, Tied, finding, tied};
use windtunnel_infer::posterior::{quantile, quantiles};
use windtunnel_infer::profile::Profile;
use windtunnel_infer::sample::Particle;
use windtunnel_input::drawable::Drawable;
use windtunnel_input::unknown::Unknown;
use windtunnel_sim::engine::time::SimTime;

/// A fit.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The policy under which the incident happened.
    pub policy: String,
    /// The unknowns, in the order of the file.
    pub unknowns: Vec<Found>,
    /// Pairs that cannot be distinguished.
    pub tied: Vec<Tied>,
    /// The power of the likelihood; less than 1 where the runs were used up.
    pub power: f64,
    /// How many stages it took.
    pub stages: usize,
    /// How many runs.
    pub runs: usize,
    /// How many particles the draws are of.
    pub particles: usize,
    /// The share of moves that were made in the end.
    pub moved: f64,
    /// Draws of the unknowns and the seed, by shares of the priors.
    pub draws: Vec<Particle>,
    /// The best of all runs, no two of one seed.
    pub best: Vec<Particle>,
    /// The observations beside what the draws make of them.
    pub points: Vec<Point>,
    /// In how many of the runs that were looked at each observation was met.
    pub misfit: Misfit,
}

/// What is found of an unknown.
#[derive(Clone, Debug)]
pub struct Found {
    /// The unknown.
    pub unknown: Unknown,
    /// What the observations tell of it.
    pub finding: Finding,
    /// The 5, 50 and 95 % of its draws; of a choice nothing.
    pub range: Option<[f64; 3]>,
    /// Of a choice, each thing with the share of the draws.
    pub choices: Vec<Choice>,
    /// The profile, a cell each.
    pub cells: Vec<Cell>,
}

/// A thing of a choice.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// Its place in the list.
    pub at: usize,
    /// The share of the draws.
    pub share: f64,
}

/// A cell of a profile.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// From which value; of a choice, its place.
    pub from: f64,
    /// To which value.
    pub to: f64,
    /// The value of the best run in it.
    pub at: f64,
    /// How far its best run lies below the best of all, as a difference of logarithms of the likelihood.
    pub drop: f64,
    /// The share of the observations that its best run misses.
    pub missed: f64,
}

/// By how much a cell must lie below the best to be excluded: half of what χ² of one degree exceeds in 1 % of cases.
const EXCLUDED: f64 = 3.317_448;

impl Cell {
    /// Whether the observations exclude it.
    #[must_use]
    pub fn is_excluded(&self) -> bool {
        self.drop > EXCLUDED
    }
}

/// An observation beside what the draws make of it.
#[derive(Clone, Debug)]
pub struct Point {
    /// What was observed.
    pub name: String,
    /// From when.
    pub from: SimTime,
    /// Until when.
    pub until: SimTime,
    /// The observation.
    pub observed: Option<f64>,
    /// The 5, 50 and 95 % of what the draws make of it.
    pub simulated: Option<[f64; 3]>,
    /// The share of the draws that agree with it.
    pub within: f64,
}

/// How well the draws meet the observations.
#[derive(Clone, Copy, Debug)]
pub struct Misfit {
    /// How many draws were looked at.
    pub draws: usize,
    /// How many observations there are.
    pub observations: usize,
    /// How many of them agree with half of the draws or more.
    pub met: usize,
    /// In how many of the draws all of them agree.
    pub whole: usize,
}

/// So many draws are looked at for what they make of each observation.
const LOOKED: usize = 60;
/// So many of the best runs are named.
const BEST: usize = 5;

/// Sums a fit up.
///
/// # Errors
///
/// There can be no threads.
pub fn summarise(
    drawable: &Drawable,
    evidence: &dyn Evidence,
    extent: &Extent,
    workers: &dyn Workers,
    (posterior, profiles, runs): Drawn,
) -> anyhow::Result<Fit> {
    let draws = posterior.draws;
    let looked: Vec<&Particle> =
        (0..LOOKED.min(draws.len())).map(|at| &draws[at * draws.len() / LOOKED.min(draws.len())]).collect();
    let cells: Vec<&Particle> = profiles.iter().flat_map(|profile| &profile.best).collect();
    let all: Vec<&Particle> = looked.iter().chain(&cells).copied().collect();
    let judged = judged(drawable, evidence, &extent.policy, workers, &all)?;
    let (of_draws, of_cells) = judged.split_at(looked.len());
    let points = points(of_draws);
    let whole = of_draws.iter().filter(|all| all.iter().all(|one| one.within)).count();
    let met = points.iter().filter(|point| point.within >= 0.5).count();
    let misfit = Misfit { draws: looked.len(), observations: points.len(), met, whole };
    let mut of_cells = of_cells.iter();
    let mut unknowns = Vec::new();
    for ((at, unknown), profile) in drawable.unknowns.iter().enumerate().zip(&profiles) {
        let missed: Vec<f64> = of_cells.by_ref().take(profile.best.len()).map(|judged| share_missed(judged)).collect();
        unknowns.push(found(at, unknown, &draws, profile, &missed));
    }
    let values = |(at, one): (usize, &Unknown)| {
        one.prior.count().is_none().then(|| draws.iter().map(|draw| one.value(draw.point.at[at])).collect::<Vec<f64>>())
    };
    let values: Vec<Option<Vec<f64>>> = drawable.unknowns.iter().enumerate().map(values).collect();
    let searched = profiles.iter().flat_map(|profile| &profile.best);
    let best = best(posterior.archive.iter().chain(searched));
    Ok(Fit {
        policy: extent.policy.clone(),
        unknowns,
        tied: tied(&values),
        power: posterior.power,
        stages: posterior.stages,
        runs,
        particles: extent.particles,
        moved: posterior.moved,
        best,
        points,
        misfit,
        draws,
    })
}

/// What runs make of each observation.
fn judged(
    drawable: &Drawable,
    evidence: &dyn Evidence,
    policy: &str,
    workers: &dyn Workers,
    of: &[&Particle],
) -> anyhow::Result<Vec<Vec<Judged>>> {
    let found: Vec<Mutex<Vec<Judged>>> = of.iter().map(|_| Mutex::new(Vec::new())).collect();
    let one = |at: usize| {
        let point = &of[at].point;
        if let Some(plan) = drawable.plan(policy, &point.at) {
            *found[at].lock().unwrap_or_else(std::sync::PoisonError::into_inner) = evidence.judged(&plan, point.seed);
        }
    };
    workers.each(of.len(), &one)?;
    Ok(found.into_iter().map(|one| one.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)).collect())
}

fn share_missed(judged: &[Judged]) -> f64 {
    let missed = judged.iter().filter(|one| !one.within).count();
    missed as f64 / judged.len().max(1) as f64
}

fn points(of_draws: &[Vec<Judged>]) -> Vec<Point> {
    let Some(first) = of_draws.first() else { return Vec::new() };
    let point = |(at, one): (usize, &Judged)| {
        let mut simulated: Vec<f64> = of_draws.iter().filter_map(|all| all.get(at)?.simulated).collect();
        simulated.sort_by(f64::total_cmp);
        let within = of_draws.iter().filter(|all| all.get(at).is_some_and(|one| one.within)).count();
        Point {
            name: one.name.clone(),
            from: one.from,
            until: one.until,
            observed: one.observed,
            simulated: (!simulated.is_empty()).then(|| [0.05, 0.5, 0.95].map(|q| quantile(&simulated, q))),
            within: within as f64 / of_draws.len() as f64,
        }
    };
    first.iter().enumerate().map(point).collect()
}

fn found(at: usize, unknown: &Unknown, draws: &[Particle], profile: &Profile, missed: &[f64]) -> Found {
    let shares: Vec<f64> = draws.iter().map(|draw| draw.point.at[at]).collect();
    let count = unknown.prior.count();
    let range = count.is_none().then(|| quantiles(shares.iter().map(|share| unknown.value(*share)), [0.05, 0.5, 0.95]));
    let mut choices: Vec<Choice> = (0..count.unwrap_or(0))
        .map(|one| {
            let these = shares.iter().filter(|share| unknown.value(**share) as usize == one).count();
            Choice { at: one, share: these as f64 / shares.len() as f64 }
        })
        .collect();
    choices.sort_by(|a, b| b.share.total_cmp(&a.share));
    let width = 1.0 / profile.best.len() as f64;
    let cells =
        profile.best.iter().zip(profile.drops()).zip(missed).enumerate().map(|(cell, ((best, drop), missed))| {
            let (from, to) = match count {
                Some(_) => (cell as f64, cell as f64),
                None => (unknown.prior.at(cell as f64 * width), unknown.prior.at((cell as f64 + 1.0) * width)),
            };
            Cell { from, to, at: unknown.value(best.point.at[at]), drop, missed: *missed }
        });
    Found {
        unknown: unknown.clone(),
        finding: finding(&shares, count, profile),
        range,
        choices,
        cells: cells.collect(),
    }
}

/// The best runs, no two of one seed.
fn best<'p>(all: impl Iterator<Item = &'p Particle>) -> Vec<Particle> {
    let mut sorted: Vec<&Particle> = all.collect();
    sorted.sort_by(|a, b| b.log_likelihood.total_cmp(&a.log_likelihood).then(a.point.seed.cmp(&b.point.seed)));
    let mut best: Vec<Particle> = Vec::new();
    for one in sorted {
        if best.len() == BEST {
            break;
        }
        if !best.iter().any(|known| known.point.seed == one.point.seed) {
            best.push(one.clone());
        }
    }
    best
}
