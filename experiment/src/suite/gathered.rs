//! What the runs of a policy give its tests, while they come in.

use super::remembered::{Asked, Remembered, Wanted};
use super::{First, Group, Tested};
use crate::column::Column;
use crate::never;
use crate::overall::{Trial, Trials};
use crate::rows::Rows;
use crate::table::Table;
use std::time::Duration;
use windtunnel_sim::measure::Stored;

/// What one run gives its tests.
pub(super) struct Given {
    pub trials: Vec<Trial>,
    pub columns: Vec<Column>,
    pub row: Vec<Stored>,
    /// What kept a rollout from beginning that was wanted.
    pub idle: Option<never::Kept>,
}

/// What all runs of a policy gave its tests.
#[derive(Default)]
pub(super) struct Gathered {
    /// A test each, but for the baseline.
    pub trials: Vec<Trials>,
    pub columns: Vec<Column>,
    pub runs: Table,
    /// In how many runs a rollout did not begin that was wanted, and what kept it in the first of them.
    pub idle: usize,
    pub idle_by: Option<(usize, never::Kept)>,
    /// How long the runs took.
    pub took: Duration,
    /// A test each, but for the baseline: the moment of the first run that speaks against it, where somebody looked for it before.
    pub firsts: Vec<Option<Option<First>>>,
}

impl Gathered {
    pub fn of(group: &Group<'_, '_>) -> Self {
        let tests = group.cases.iter().filter(|case| case.expectation.is_some()).count();
        Self { trials: vec![Trials::default(); tests], firsts: vec![None; tests], ..Self::default() }
    }

    /// Of runs that are known, for what is asked here of them.
    pub fn from(known: Remembered, wanted: &Wanted) -> Self {
        let Remembered { mut tests, columns, runs, idle, idle_by, took } = known;
        // Two tests may ask the same.
        let asked = |(at, test): (usize, &String)| {
            let is_last = !wanted.tests[at + 1..].contains(test);
            if is_last { tests.remove(test) } else { tests.get(test).cloned() }
        };
        let asked = wanted.tests.iter().enumerate().map(asked);
        let (trials, firsts) = asked.map(|one| one.expect("it is known")).map(|one| (one.trials, one.first)).unzip();
        Self { trials, columns, runs, idle, idle_by, took, firsts }
    }

    /// What is to be remembered of it, once its tests are judged.
    pub fn remembered(&self, wanted: &Wanted, rows: &Rows, tested: &[Tested<'_>]) -> Remembered {
        let of_runs = tested.iter().filter(|tested| tested.case.expectation.is_some());
        let first = |tested: &Tested<'_>| tested.seed.map(|_| tested.moment.clone());
        let asked = self.trials.iter().cloned().zip(of_runs.map(first)).map(|(trials, first)| Asked { trials, first });
        Remembered {
            tests: wanted.tests.iter().cloned().zip(asked).collect(),
            columns: rows.columns.clone(),
            runs: rows.runs.clone(),
            idle: self.idle,
            idle_by: self.idle_by.clone(),
            took: rows.took,
        }
    }

    /// Takes in a run; they come in any order.
    pub fn add(&mut self, replication: usize, given: Given, took: Duration) {
        self.took += took;
        for (trials, trial) in self.trials.iter_mut().zip(given.trials) {
            trials.add(replication, trial);
        }
        if let Some(kept) = given.idle {
            self.idle += 1;
            let this = (replication, kept);
            self.idle_by = Some(self.idle_by.take().map_or_else(|| this.clone(), |known| known.min(this.clone())));
        }
        if !given.row.is_empty() {
            self.runs.put(replication, &given.row, false);
            self.columns = given.columns;
        }
    }
}
