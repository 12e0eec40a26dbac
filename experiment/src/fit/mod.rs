//! What observations tell of what is unknown: the posterior of the unknowns of a scenario, and of the seed of the incident.
//!
//! A draw of the unknowns and a seed are one run, played exactly, and the observations are so likely under it as their errors say. The
//! seed is an unknown like the others ([`windtunnel_infer::sample`]): the incident happened once, under chance that nobody knows.
//! Draws with their seeds are therefore the incident as it may have been, and a policy is judged on each of them: what would have
//! happened under it, with the same chance.

pub mod given;
pub mod observed;
mod summary;

pub use summary::{Cell, Choice, Fit, Found, Misfit, Point, summarise};

use super::workers::Workers;
use std::sync::atomic::{AtomicU64, Ordering};
use windtunnel_infer::profile::profiles;
use windtunnel_infer::sample::{self, Evaluate, Posterior};
use windtunnel_input::drawable::Drawable;
use windtunnel_sim::engine::random::VARIATIONS;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::Plan;

/// What was observed, by how likely a run makes it.
pub trait Evidence: Sync {
    /// The logarithm of the likelihood of everything that was observed, under a run of this plan with this seed; finite.
    fn log_likelihood(&self, plan: &Plan, seed: u64) -> f64;

    /// Every observation beside what the run makes of it.
    fn judged(&self, plan: &Plan, seed: u64) -> Vec<Judged>;
}

/// An observation beside what a run makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What was observed.
    pub name: String,
    /// From when.
    pub from: SimTime,
    /// Until when; the same where it is of an instant.
    pub until: SimTime,
    /// The observation, where it is a number.
    pub observed: Option<f64>,
    /// What the run makes of it; none where it has no such thing.
    pub simulated: Option<f64>,
    /// Whether the two agree within what the author allows.
    pub within: bool,
}

/// How a fit is made.
#[derive(Clone, Debug)]
pub struct Extent {
    /// The policy under which the incident happened.
    pub policy: String,
    /// How many particles there are.
    pub particles: usize,
    /// How many runs there may be.
    pub runs: usize,
    /// The seed of the draws of the fit.
    pub seed: u64,
}

/// The seeds of which the incident's is one, each with all of its [`VARIATIONS`]: few enough to be written, many enough that no draw meets
/// another's.
pub const SEEDS: (u64, u64) = (1, 1_000_000);

/// Called after each batch of runs how many there were so far; false stops the fit.
pub type Watch<'w> = dyn FnMut(usize) -> bool + 'w;

/// Fits what is unknown to what was observed. None where that was stopped.
///
/// # Errors
///
/// There can be no threads.
pub fn fit(
    drawable: &Drawable,
    evidence: &dyn Evidence,
    extent: &Extent,
    workers: &dyn Workers,
    watch: &mut Watch<'_>,
) -> anyhow::Result<Option<Fit>> {
    let choices: Vec<Option<usize>> = drawable.unknowns.iter().map(|one| one.prior.count()).collect();
    let settings = sample::Settings {
        particles: extent.particles,
        runs: extent.runs,
        seed: extent.seed,
        seeds: SEEDS,
        variations: Some(sample::Variations {
            shift: VARIATIONS.shift,
            groups: VARIATIONS.groups,
            bits: VARIATIONS.bits,
        }),
        choices,
    };
    let mut replays = Replays { drawable, evidence, policy: &extent.policy, workers, watch, done: 0 };
    let stopped = |error: Stop| match error {
        Stop::Asked => Ok(None),
        Stop::Failed(error) => Err(error),
    };
    let posterior = match sample::sample(&settings, &mut replays) {
        Ok(posterior) => posterior,
        Err(stop) => return stopped(stop),
    };
    let profiles = match profiles(&settings, &posterior.archive, &mut replays) {
        Ok(profiles) => profiles,
        Err(stop) => return stopped(stop),
    };
    let runs = replays.done;
    summarise(drawable, evidence, extent, workers, (posterior, profiles, runs)).map(Some)
}

/// Why a fit ends early.
enum Stop {
    Asked,
    Failed(anyhow::Error),
}

/// Runs, as many at once as there are workers.
struct Replays<'r, 'w> {
    drawable: &'r Drawable,
    evidence: &'r dyn Evidence,
    policy: &'r str,
    workers: &'r dyn Workers,
    watch: &'r mut Watch<'w>,
    done: usize,
}

impl Evaluate for Replays<'_, '_> {
    type Error = Stop;

    fn evaluate(&mut self, points: &[sample::Point]) -> Result<Vec<f64>, Stop> {
        let found: Vec<AtomicU64> = points.iter().map(|_| AtomicU64::new(0)).collect();
        let (drawable, evidence, policy) = (self.drawable, self.evidence, self.policy);
        let one = |at: usize| {
            let point = &points[at];
            let plan = drawable.plan(policy, &point.at);
            let log = plan.map_or(f64::NEG_INFINITY, |plan| evidence.log_likelihood(&plan, point.seed));
            found[at].store(log.to_bits(), Ordering::Relaxed);
        };
        self.workers.each(points.len(), &one).map_err(Stop::Failed)?;
        self.done += points.len();
        if !(self.watch)(self.done) {
            return Err(Stop::Asked);
        }
        Ok(found.into_iter().map(|bits| f64::from_bits(bits.into_inner())).collect())
    }
}

/// How many runs a fit may take at most, profiles included.
#[must_use]
pub fn most(drawable: &Drawable, extent: &Extent) -> usize {
    let cells =
        |one: &windtunnel_input::unknown::Unknown| one.prior.count().unwrap_or(windtunnel_infer::profile::CELLS);
    extent.runs + drawable.unknowns.iter().map(|one| windtunnel_infer::profile::runs(cells(one))).sum::<usize>()
}

/// The draws of which a summary is made: those of the posterior.
type Drawn = (Posterior, Vec<windtunnel_infer::profile::Profile>, usize);
