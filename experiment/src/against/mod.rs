//! The same incidents with the files of before and with those of now: what got worse, and how surely.
//!
//! Run `i` of an incident has the same seed on both sides, so that what the change did not touch is the same to the bit. Each measure
//! that is judged is one hypothesis, "it did not get worse by more than its margin", and any of them is rejected wrongly in at most one
//! comparison of a hundred ([`super::statistics::holm`]).

mod gone;
mod row;
pub mod said;

pub use gone::{Gone, WasTested, gone, is_held_to_the_same};
pub use row::{Became, Row, margin};

use super::column::Column;
use super::never::{self, Kept};
use super::rows::Rows;
use super::statistics::{holm, paired};
use super::suite::{File, Met, Results, Tested};
use std::time::Duration;
use windtunnel_claims::margin::Margins;
use windtunnel_input::identity::simulated;
use windtunnel_input::{AS_WRITTEN, Planned};
use windtunnel_sim::measure::catalogue::{BATCHES, DEFINITIONS, Definition};

/// In what share of comparisons something may be called worse that is not.
pub const ERROR: f64 = 0.01;

/// What came of an incident under a policy.
pub struct Incident<'f> {
    /// The scenario, with the files of now.
    pub file: &'f File,
    /// The policy, with the files of now.
    pub now: &'f Planned,
    /// The same with the files of before.
    pub reach: Reach<'f>,
    /// Every measure of the whole fleet that both sides have.
    pub rows: Vec<Row>,
    /// The expectations.
    pub tests: Vec<Test<'f>>,
    /// What keeps a rollout from beginning that is wanted, and began before.
    pub stopped: Option<Kept>,
    /// How long its runs took, on both sides.
    pub took: Duration,
}

/// What the change has to do with an incident.
#[derive(Clone, Debug)]
pub enum Reach<'f> {
    /// What is simulated differs.
    Changed(&'f Planned),
    /// The same is simulated on both sides.
    Same(&'f Planned),
    /// There was no such incident, or no such policy of it.
    New,
    /// With the files of before it cannot be run: the first problem.
    Unreadable(String),
}

/// An expectation on both sides.
pub struct Test<'f> {
    /// With the files of before, where it stood there.
    pub before: Option<Met>,
    /// With those of now.
    pub now: Tested<'f>,
}

impl Test<'_> {
    /// What the change did to it.
    #[must_use]
    pub const fn became(&self) -> Became {
        match (self.before, self.now.met) {
            (Some(Met::Fail), Met::Pass) => Became::Better,
            (_, Met::Pass) => Became::Same,
            // What did not hold before is no fault of the change.
            (Some(Met::Fail), _) | (Some(Met::Inconclusive), Met::Inconclusive) => Became::Same,
            (_, Met::Inconclusive) => Became::Unclear,
            _ => Became::Worse,
        }
    }
}

/// The measures by which a change of a scenario is judged.
pub fn judged(file: &File) -> impl Iterator<Item = &'static Definition> {
    DEFINITIONS.iter().filter(|row| file.loaded.margins.of(row).is_some())
}

/// The name of an incident: the scenario, and the policy where it is not that of the file as written.
#[must_use]
pub fn name(scenario: &str, policy: &str) -> String {
    if policy == AS_WRITTEN { scenario.to_owned() } else { format!("{scenario}::{policy}") }
}

impl Incident<'_> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> String {
        name(&self.file.loaded.name, &self.now.plan.policy)
    }

    /// Whether there was no such incident before.
    #[must_use]
    pub const fn is_new(&self) -> bool {
        matches!(self.reach, Reach::New)
    }

    /// What became of it: the worst of what became of its measures and expectations.
    #[must_use]
    pub fn became(&self) -> Became {
        let unreadable = matches!(self.reach, Reach::Unreadable(_)).then_some(Became::Unclear);
        let rows = worst(&self.rows, self.stopped.as_ref());
        self.tests.iter().map(Test::became).chain(unreadable).fold(rows, Became::min)
    }

    /// The rows that became so, of those that are judged.
    pub fn that(&self, became: Became) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.margin.is_some() && row.became == became)
    }

    /// Expectations that held before and hold no more, or are new and do not hold.
    pub fn broken(&self) -> impl Iterator<Item = &Test<'_>> {
        self.tests.iter().filter(|test| test.became() == Became::Worse)
    }
}

/// The scenarios with the files of before.
#[derive(Debug, Default)]
pub struct Before {
    /// Those that can be run.
    pub files: Vec<File>,
    /// Those that cannot: their names, and the first problem of each.
    pub unreadable: Vec<(String, String)>,
}

/// Whether two plans are of one simulation, whatever they are called.
#[must_use]
pub fn is_same(before: &Planned, now: &Planned) -> bool {
    simulated(&before.plan) == simulated(&now.plan)
}

/// What became of an incident by its measures: the worst of those that are judged.
#[must_use]
pub fn worst(rows: &[Row], stopped: Option<&Kept>) -> Became {
    let rows = rows.iter().filter(|row| row.margin.is_some()).map(|row| row.became);
    // Of a rollout that never begins nobody can be harmed.
    rows.chain(stopped.map(|_| Became::Worse)).min().unwrap_or(Became::Same)
}

/// How an incident stands to that of before.
#[must_use]
pub fn reach<'f>(before: &'f Before, file: &File, policy: &str) -> Reach<'f> {
    let name = &file.loaded.name;
    if let Some((_, why)) = before.unreadable.iter().find(|(of, _)| of == name) {
        return Reach::Unreadable(why.clone());
    }
    let was = before.files.iter().find(|of| of.loaded.name == *name).and_then(|of| of.loaded.plan(policy).ok());
    let now = file.loaded.plan(policy).expect("it is one of its policies");
    match was {
        Some(was) if is_same(was, now) => Reach::Same(was),
        Some(was) => Reach::Changed(was),
        None => Reach::New,
    }
}

/// Judges the runs of both sides.
#[must_use]
pub fn judge<'f>(before: &'f Before, now: &'f [File], (was, is): (&Results<'_>, &Results<'f>)) -> Vec<Incident<'f>> {
    let mut incidents = Vec::new();
    for rows in &is.rows {
        let file = now.iter().find(|file| file.loaded.name == rows.scenario).expect("it was run");
        let planned = file.loaded.plan(&rows.policy).expect("it was run");
        let others = was.rows.iter().find(|other| other.scenario == rows.scenario && other.policy == rows.policy);
        let of_tests = is
            .tested
            .iter()
            .filter(|tested| tested.case.name.scenario == rows.scenario && tested.case.name.policy == rows.policy);
        let test = |now: &Tested<'f>| Test {
            before: was.tested.iter().find(|one| one.case.name == now.case.name).map(|one| one.met),
            now: now.clone(),
        };
        incidents.push(Incident {
            file,
            now: planned,
            reach: reach(before, file, &rows.policy),
            rows: others
                .map_or_else(Vec::new, |others| compared(&file.loaded.margins, planned.plan.objective, (others, rows))),
            tests: of_tests.map(test).collect(),
            stopped: others.and_then(|others| stopped(others, rows)),
            took: rows.took + others.map_or(Duration::ZERO, |others| others.took),
        });
    }
    let mut rows: Vec<&mut Row> = incidents.iter_mut().flat_map(|incident| &mut incident.rows).collect();
    decide(&mut rows, ERROR);
    incidents
}

/// The measures of the whole fleet on both sides, for the seeds that both have.
#[must_use]
pub fn compared(margins: &Margins, objective: Option<f64>, (was, is): (&Rows, &Rows)) -> Vec<Row> {
    let Some(seeds) = was.shared(is) else { return Vec::new() };
    let whole = |column: &&Column| column.part.is_none();
    let rows = is.columns.iter().filter(whole).filter_map(|column| {
        let (before, now) = (was.of_seeds(column, seeds)?, is.of_seeds(column, seeds)?);
        let paired = paired(before, now, column.direction(), super::statistics::CONFIDENCE);
        Row::of(column, (before, now), paired, (margins, objective), seeds.0)
    });
    rows.collect()
}

/// What keeps a rollout from beginning now, where it began before.
#[must_use]
pub fn stopped(was: &Rows, is: &Rows) -> Option<Kept> {
    let sets = never::sets(&is.columns);
    let began = |rows: &Rows, set: Option<&str>| {
        rows.of(BATCHES, set).is_some_and(|batches| batches.iter().any(|one| one.number() > Some(0.0)))
    };
    let moves = |set: Option<&str>| began(was, set) || began(is, set);
    let never = |rows: &Rows| never::Runs::new(&sets, |measure, set| rows.of(measure, set), moves).never();
    never(is).filter(|_| never(was).is_none())
}

/// Decides all rows that are judged together, of which any is called worse wrongly with at most the probability `error`; of the others
/// each alone.
pub fn decide(rows: &mut [&mut Row], error: f64) {
    let room = |p_value: &dyn Fn(&Row) -> f64| {
        let open = rows.iter().filter(|row| row.is_open());
        holm(&open.map(|row| (p_value(row), row.weight())).collect::<Vec<_>>(), error)
    };
    let (worse, better) = (room(&Row::p_worse), room(&Row::p_better));
    let mut sure = worse.into_iter().zip(better);
    for row in rows.iter_mut() {
        if row.is_open() {
            let (worse, better) = sure.next().expect("one a row");
            row.decide(worse, better);
        } else if row.margin.is_none() {
            row.decide(row.p_worse() <= ERROR, row.p_better() <= ERROR);
        }
    }
}
