//! Many runs: every policy of a scenario with the same random numbers.
//!
//! Run `(policy, i)` has the seed `first + i`, whatever else is run, in whatever order, on however many threads; and what
//! it came to is put where it belongs. So the table of results depends on the scenario and the seeds alone.
//!
//! Of a run its values are kept and nothing else, in a [`Table`], which names the bound. Runs on their way to it are few:
//! threads wait where the one that collects and keeps them is slower than they are.

use super::column::Column;
use super::limits::Stopped;
use super::table::{Table, Values};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use windtunnel_sim::measure::{Measure, Measures, Stored};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::assumptions::Used;
use windtunnel_sim::world::run::{Options, Outcome, run};

/// The seed of a replication, by the first one. Whoever reads the first seed holds it to [`check_seeds`], so none is beyond the
/// last.
#[must_use]
pub const fn seed_of(first_seed: u64, replication: usize) -> u64 {
    first_seed + replication as u64
}

/// Holds the first seed to the last one that there is: seeds never begin again at 0.
///
/// # Errors
///
/// So many replications from there on would go beyond it.
pub fn check_seeds(first_seed: u64, replications: usize) -> anyhow::Result<()> {
    let most = u64::MAX - (replications as u64).saturating_sub(1);
    if first_seed > most {
        anyhow::bail!("there are fewer than {replications} seeds from {first_seed} on; begin at {most} or lower");
    }
    Ok(())
}

/// What one run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The hash of its ledger.
    pub digest: u64,
    /// Whether it was stopped since controllers undid each other without end.
    pub looped: bool,
    /// The value of each column of its policy.
    pub values: Vec<Stored>,
}

/// The runs of one policy.
#[derive(Clone, Debug, Default)]
pub struct PolicyRuns {
    /// Its name.
    pub policy: String,
    /// The measures, in the order in which they are shown; empty before the first run.
    pub columns: Arc<[Column]>,
    /// What its runs came to, a row a replication.
    pub runs: Arc<Table>,
    /// What the ledgers of its runs come to together, each with its replication, in whatever order they came.
    pub digests: u64,
    /// The assumptions that its runs leaned on.
    pub used: Used,
}

impl PolicyRuns {
    /// The values of a measure, by replication, from the first on; `None` where the policy has no such measure.
    #[must_use]
    pub fn values(&self, column: &str) -> Option<Values<'_>> {
        let at = self.columns.iter().position(|known| known.name == column)?;
        Some(self.runs.column(at))
    }
}

/// The digest of a run, mixed with which run it is, so that sums of them tell orders apart.
const fn of_run(replication: usize, digest: u64) -> u64 {
    let mixed = (digest ^ (replication as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed ^ mixed >> 31).wrapping_mul(0x94d0_49bb_1331_11eb)
}

/// A run that is done, with all that has to be kept of it.
#[derive(Clone, Debug)]
pub struct Done {
    /// Which policy, by place.
    pub policy: usize,
    /// Which replication, from 0.
    pub replication: usize,
    /// Its measures.
    pub columns: Arc<[Column]>,
    /// What it came to.
    pub row: Row,
    /// The assumptions it leaned on.
    pub used: Used,
}

impl Done {
    /// What a run of a policy and replication came to: its measures, and beside them what only some runs are asked for. `columns` are
    /// those of the run before, and are shared where they are the same.
    #[must_use]
    pub fn of(
        plan: &Plan,
        (policy, replication): (usize, usize),
        outcome: &Outcome,
        (measures, beside): (&[Measure], Option<(Column, Stored)>),
        columns: &mut Arc<[Column]>,
    ) -> Self {
        let (column, value) = beside.unzip();
        let names = measures.iter().map(|one| -> &str { one.name() });
        let names = names.chain(column.iter().map(|of| of.measure.as_str()));
        if !columns.iter().map(|known| known.measure.as_str()).eq(names) {
            *columns = measures.iter().map(|one| Column::of(plan, one)).chain(column).collect();
        }
        let values = measures.iter().map(|measure| measure.value.stored()).chain(value).collect();
        let row = Row { digest: outcome.digest, looped: outcome.looped.is_some(), values };
        Self { policy, replication, columns: Arc::clone(columns), row, used: outcome.used }
    }
}

/// All runs of a comparison.
#[derive(Clone, Debug)]
pub struct Replications {
    /// The seed of replication 0.
    pub first_seed: u64,
    /// A policy each, in the order asked for.
    pub policies: Vec<PolicyRuns>,
}

impl Replications {
    /// No runs yet.
    #[must_use]
    pub fn new(first_seed: u64, policies: &[&str]) -> Self {
        let empty = |policy: &&str| PolicyRuns { policy: (*policy).to_owned(), ..PolicyRuns::default() };
        Self { first_seed, policies: policies.iter().map(empty).collect() }
    }

    /// Puts a run where it belongs.
    ///
    /// # Errors
    ///
    /// Its measures are not those of the other runs of its policy, as they are where the kept runs are of another program.
    pub fn put(&mut self, done: Done) -> Result<(), String> {
        let Some(runs) = self.policies.get_mut(done.policy) else {
            return Err("it has one policy too many".to_owned());
        };
        if runs.columns.is_empty() {
            runs.columns = done.columns;
        } else if !Arc::ptr_eq(&runs.columns, &done.columns) && runs.columns != done.columns {
            return Err(format!("the runs of `{}` have different measures", runs.policy));
        }
        if done.replication >= REPLICATIONS_MAX as usize {
            return Err(format!(
                "it has a replication {}, but at most {REPLICATIONS_MAX} are possible",
                done.replication
            ));
        }
        if done.row.values.len() != runs.columns.len() {
            return Err(format!("a run of `{}` lacks values", runs.policy));
        }
        if !runs.runs.has(done.replication) {
            runs.digests = runs.digests.wrapping_add(of_run(done.replication, done.row.digest));
        }
        Arc::make_mut(&mut runs.runs).put(done.replication, &done.row.values, done.row.looped);
        runs.used.merge(&done.used);
        Ok(())
    }

    /// How many replications have all their runs, from the first on.
    #[must_use]
    pub fn complete(&self) -> usize {
        self.policies.iter().map(|policy| policy.runs.whole()).min().unwrap_or(0)
    }

    /// How many runs there are in all.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.policies.iter().map(|policy| policy.runs.rows()).sum()
    }
}

/// The runs that are missing of the first replications: one replication after the other, each with all its policies, so
/// that what an interrupted comparison has is of use. They are not listed, since there may be millions.
#[derive(Debug)]
pub struct Todo {
    /// By policy, a bit a replication: which runs are there.
    here: Vec<Vec<u64>>,
    count: usize,
    next: AtomicUsize,
}

impl Todo {
    /// What is missing of the first `count`.
    #[must_use]
    pub fn of(runs: &Replications, count: usize) -> Self {
        let here = |policy: &PolicyRuns| {
            let mut bits = vec![0_u64; count.div_ceil(64)];
            for replication in (0..count).filter(|replication| policy.runs.has(*replication)) {
                bits[replication / 64] |= 1 << (replication % 64);
            }
            bits
        };
        Self { here: runs.policies.iter().map(here).collect(), count, next: AtomicUsize::new(0) }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        let here: usize = self.here.iter().flatten().map(|bits| bits.count_ones() as usize).sum();
        self.count * self.here.len() - here
    }

    /// The next of them: policy and replication. Each is given once, to whichever thread asks.
    #[must_use]
    pub fn next(&self) -> Option<(usize, usize)> {
        let policies = self.here.len();
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let (replication, policy) = (at / policies, at % policies);
            if replication >= self.count {
                return None;
            }
            if self.here[policy][replication / 64] >> (replication % 64) & 1 == 0 {
                return Some((policy, replication));
            }
        }
    }
}

/// What is called after each run, in the order in which they end, on the thread of the caller.
pub trait Watcher {
    /// These runs are done; called every fraction of a second, also with none.
    ///
    /// # Errors
    ///
    /// They cannot be kept; then no further run is begun.
    fn done(&mut self, runs: &[Done]) -> anyhow::Result<()>;
}

/// The most runs of a policy that may be asked for: more fit into no memory.
pub const REPLICATIONS_MAX: u64 = 10_000_000;

/// One batch run: only the measures listen.
///
/// # Errors
///
/// It came to more than it may.
pub fn one(plan: &Plan, policy: usize, replication: usize, first_seed: u64) -> Result<Done, Stopped> {
    one_with(plan, policy, replication, first_seed, &mut Arc::default())
}

/// The same; `columns` are those of the run before, and are shared where they are the same.
///
/// # Errors
///
/// As [`one`].
pub fn one_with(
    plan: &Plan,
    policy: usize,
    replication: usize,
    first_seed: u64,
    columns: &mut Arc<[Column]>,
) -> Result<Done, Stopped> {
    one_seeded(plan, (policy, replication), seed_of(first_seed, replication), columns)
}

/// The same with a seed of its own.
///
/// # Errors
///
/// As [`one`].
pub fn one_seeded(
    plan: &Plan,
    (policy, replication): (usize, usize),
    seed: u64,
    columns: &mut Arc<[Column]>,
) -> Result<Done, Stopped> {
    let mut measures = Measures::new(plan);
    let outcome = run(plan, seed, Options::default(), &mut measures);
    Stopped::check(plan, seed, &outcome)?;
    Ok(Done::of(plan, (policy, replication), &outcome, (&measures.measures(), None), columns))
}
