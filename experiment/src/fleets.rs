//! Several fleets in the same incidents, by the same seeds.
//!
//! What two fleets come to is compared pair by pair: run `i` of an incident has the same seed in each of them, so that the
//! difference is that of the fleets. [`compare_fleets`] does it for two lists of loaded fleets; a search over many fleets
//! keeps the runs it has in [`Fleets`].

use super::column::Column;
use super::compare::{Comparison, compare_first};
use super::limits::Stopped;
use super::reached::{Followed, Reached};
use super::replicate::{Done, PolicyRuns, Replications, one_with, seed_of};
use super::statistics::{CONFIDENCE, Paired, paired};
use super::workers::{FirstFailed, Workers};
use std::sync::{Arc, Mutex};
use windtunnel_input::{Planned, Report};
use windtunnel_sim::measure::Measures;
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::world::run::{Options, run};

/// A fleet in each of several incidents.
#[derive(Clone, Debug)]
pub struct Fleet<'p> {
    /// Its name.
    pub name: String,
    /// A plan an incident; none where the incident cannot happen to it.
    pub plans: Vec<Option<&'p Planned>>,
}

/// The runs of several fleets in the same incidents.
#[derive(Debug)]
pub struct Fleets<'p> {
    fleets: Vec<Fleet<'p>>,
    /// An incident each: the rollout whose end is looked for.
    followed: Vec<Option<Followed>>,
    /// An incident each, with a policy a fleet.
    runs: Vec<Replications>,
}

/// So many runs of a fleet in an incident.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The incident, by place.
    pub incident: usize,
    /// The fleet, by place.
    pub fleet: usize,
    /// How many runs there must be, those included that there are.
    pub runs: usize,
}

impl<'p> Fleets<'p> {
    /// No runs yet; the seed of the first is `first_seed` in each.
    #[must_use]
    pub fn new(first_seed: u64, fleets: Vec<Fleet<'p>>, followed: Vec<Option<Followed>>) -> Self {
        let names: Vec<&str> = fleets.iter().map(|fleet| fleet.name.as_str()).collect();
        let runs = followed.iter().map(|_| Replications::new(first_seed, &names)).collect();
        Self { fleets, followed, runs }
    }

    /// How many incidents there are.
    #[must_use]
    pub const fn incidents(&self) -> usize {
        self.runs.len()
    }

    /// Whether an incident can happen to a fleet.
    #[must_use]
    pub fn can(&self, incident: usize, fleet: usize) -> bool {
        self.fleets[fleet].plans[incident].is_some()
    }

    /// Makes those of the wanted runs that are not there yet. What they come to depends neither on who makes them nor on when.
    ///
    /// # Errors
    ///
    /// A run came to more than it may: of several the first, by incident, fleet and seed. Or there can be no workers.
    pub fn make(&mut self, wanted: &[Wanted], workers: &dyn Workers) -> anyhow::Result<()> {
        let mut pieces: Vec<(usize, usize, usize)> = Vec::new();
        for one in wanted.iter().filter(|one| self.can(one.incident, one.fleet)) {
            let table = &self.runs[one.incident].policies[one.fleet].runs;
            let missing = (0..one.runs).filter(|replication| !table.has(*replication));
            pieces.extend(missing.map(|replication| (one.incident, one.fleet, replication)));
        }
        pieces.sort_unstable();
        pieces.dedup();
        let kept = Mutex::new(std::mem::take(&mut self.runs));
        let failed: FirstFailed<anyhow::Error> = FirstFailed::default();
        let own = &*self;
        let result = workers.each(pieces.len(), &|piece| {
            if failed.is_behind(piece) {
                return;
            }
            let (incident, fleet, replication) = pieces[piece];
            let (first_seed, mut columns) = {
                let runs = &kept.lock().expect("nobody fails with it")[incident];
                (runs.first_seed, Arc::clone(&runs.policies[fleet].columns))
            };
            let done = own.one((incident, fleet, replication), first_seed, &mut columns);
            let put = done.map_err(anyhow::Error::from).and_then(|done| {
                kept.lock().expect("nobody fails with it")[incident].put(done).map_err(anyhow::Error::msg)
            });
            if let Err(error) = put {
                failed.put(piece, error);
            }
        });
        self.runs = kept.into_inner().expect("nobody fails with it");
        result?;
        failed.into_inner().map_or(Ok(()), |(_, error)| Err(error))
    }

    fn one(
        &self,
        (incident, fleet, replication): (usize, usize, usize),
        first_seed: u64,
        columns: &mut Arc<[Column]>,
    ) -> Result<Done, Report> {
        let Planned { plan, work, .. } =
            self.fleets[fleet].plans[incident].expect("only incidents that can happen are run");
        let Some(followed) = &self.followed[incident] else {
            let done = one_with(plan, fleet, replication, first_seed, columns);
            return done.map_err(|stopped| stopped.report(work));
        };
        let mut sink = (Measures::new(plan), Watched::new(plan, Reached::new(plan, followed)));
        let seed = seed_of(first_seed, replication);
        let outcome = run(plan, seed, Options::default(), &mut sink);
        Stopped::check(plan, seed, &outcome).map_err(|stopped| stopped.report(work))?;
        let reached = (Reached::column(), sink.1.observers.value());
        Ok(Done::of(plan, (fleet, replication), &outcome, (&sink.0.measures(), Some(reached)), columns))
    }

    /// How many runs there are of a fleet in an incident, from the first on.
    #[must_use]
    pub fn made(&self, incident: usize, fleet: usize) -> usize {
        self.runs[incident].policies[fleet].runs.whole()
    }

    /// What a fleet came to in an incident.
    #[must_use]
    pub fn alone(&self, incident: usize, fleet: usize) -> Comparison {
        self.of_first(incident, fleet, usize::MAX)
    }

    /// The same, of its first runs.
    #[must_use]
    pub fn of_first(&self, incident: usize, fleet: usize, runs: usize) -> Comparison {
        let all = &self.runs[incident];
        let of = Replications { first_seed: all.first_seed, policies: vec![all.policies[fleet].clone()] };
        let objective = self.fleets[fleet].plans[incident].and_then(|planned| planned.plan.objective);
        Comparison { objective, ..compare_first(&of, 0, None, runs) }
    }

    /// How a measure of one fleet differs from that of another in an incident, over the seeds that both have; none where one of them
    /// has no such measure.
    #[must_use]
    pub fn difference(&self, incident: usize, before: usize, after: usize, column: &Column) -> Option<Paired> {
        let (before, after) = (self.values(incident, before, column)?, self.values(incident, after, column)?);
        let count = before.len().min(after.len());
        Some(paired(before.first(count), after.first(count), column.direction(), CONFIDENCE))
    }

    fn values(&self, incident: usize, fleet: usize, column: &Column) -> Option<super::table::Values<'_>> {
        let policy: &PolicyRuns = &self.runs[incident].policies[fleet];
        policy.values(&column.name)
    }

    /// The digest of all runs of an incident under a fleet.
    #[must_use]
    pub fn digest(&self, incident: usize, fleet: usize) -> u64 {
        self.runs[incident].policies[fleet].digests
    }

    /// The measures that a fleet has in an incident.
    #[must_use]
    pub fn columns(&self, incident: usize, fleet: usize) -> &[Column] {
        &self.runs[incident].policies[fleet].columns
    }
}

/// What two fleets came to in an incident.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The one fleet, where the incident can happen to it.
    pub before: Option<Comparison>,
    /// The other.
    pub after: Option<Comparison>,
    /// Every measure that both have, with the difference of the other to the one, seed by seed.
    pub differences: Vec<(Column, Paired)>,
}

/// Compares two lists of loaded fleets, a pair an incident, by the same seeds.
///
/// # Errors
///
/// As [`Fleets::make`].
pub fn compare_fleets(
    (before, after): (&[Option<&Planned>], &[Option<&Planned>]),
    followed: &[Option<Followed>],
    (first_seed, runs): (u64, usize),
    workers: &dyn Workers,
) -> anyhow::Result<Vec<Pair>> {
    let fleets = vec![
        Fleet { name: "before".to_owned(), plans: before.to_vec() },
        Fleet { name: "after".to_owned(), plans: after.to_vec() },
    ];
    let mut all = Fleets::new(first_seed, fleets, followed.to_vec());
    let every = (0..all.incidents()).flat_map(|incident| [0, 1].map(|fleet| Wanted { incident, fleet, runs }));
    all.make(&every.collect::<Vec<_>>(), workers)?;
    Ok((0..all.incidents()).map(|incident| all.pair(incident, 0, 1)).collect())
}

impl Fleets<'_> {
    /// Every measure that two fleets have in an incident, with the difference of the other to the one.
    #[must_use]
    pub fn differences(&self, incident: usize, before: usize, after: usize) -> Vec<(Column, Paired)> {
        let columns = self.columns(incident, before).iter();
        let difference = |column: &Column| Some((column.clone(), self.difference(incident, before, after, column)?));
        columns.filter_map(difference).collect()
    }

    /// Two fleets in an incident.
    #[must_use]
    pub fn pair(&self, incident: usize, before: usize, after: usize) -> Pair {
        let of = |fleet: usize| self.can(incident, fleet).then(|| self.alone(incident, fleet));
        Pair { before: of(before), after: of(after), differences: self.differences(incident, before, after) }
    }
}
