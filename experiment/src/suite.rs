//! The tests of scenarios: every expectation of every policy by its name, run over many seeds.

mod beside;
mod gathered;
pub mod remembered;

use self::gathered::{Gathered, Given};
use self::remembered::{Memory, Nobody, Wanted};
use super::again::{Drilled, repeat, replay};
use super::against::Row;
use super::baseline::Baseline;
use super::column::Column;
use super::figures::{Counts, Figures, figures};
use super::filter::Name;
use super::judge::{Evidence, Verdict, judge_one};
use super::limits::Stopped;
use super::moment::{Moment, first_missed};
use super::never;
use super::overall::{Trial, Trials, judge_all};
use super::replay::Replay;
use super::replicate::seed_of;
use super::rows::Rows;
use super::watch::Watch;
use super::workers::{FirstFailed, Workers};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use windtunnel_claims::expect::{Expectation, Subject};
use windtunnel_input::tree::Span;
use windtunnel_input::{Loaded, Planned};
use windtunnel_sim::measure::Measures;
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::run::{Options, run};
use windtunnel_words::clock::civil;
use windtunnel_words::describe::sentence;

/// The name of the test that holds a policy to its baseline.
pub const BASELINE: &str = "baseline";

/// A scenario under test.
#[derive(Debug)]
pub struct File {
    /// Where it is, as the user gave it.
    pub path: PathBuf,
    /// What it says.
    pub loaded: Loaded,
    /// Runs of each of its policies.
    pub replications: usize,
    /// What it is held to beside its expectations.
    pub baseline: Held,
    /// How it is made, where it lies in no file.
    pub drilled: Option<Drilled>,
}

/// Whether a scenario is held to a baseline.
#[derive(Debug)]
pub enum Held {
    /// It is not.
    No,
    /// To the one in this folder.
    To {
        /// The folder, as the user gave it.
        folder: PathBuf,
        /// The baseline, or why there is none that can be read.
        read: Arc<Result<Baseline, String>>,
        /// With what probability any measure of a policy may be called worse that is not.
        error: f64,
        /// The margins of the command line, as the user gave them.
        worse: Vec<String>,
    },
    /// Its runs become the baseline.
    Becomes,
    /// The runs of these policies, and of no others, are compared with those of other files, seed by seed.
    Compared(Vec<String>),
}

/// A test.
#[derive(Clone, Debug)]
pub struct Case<'f> {
    /// Its name.
    pub name: Name,
    /// Its scenario.
    pub file: &'f File,
    /// Its policy.
    pub planned: &'f Planned,
    /// What must hold; the baseline where nothing is named.
    pub expectation: Option<&'f Expectation>,
}

impl Case<'_> {
    /// The line of the file where the expectation stands; the first where it has none.
    #[must_use]
    pub fn line(&self) -> usize {
        self.expectation.map_or(1, |expectation| expectation.span.line())
    }
}

/// How a test ended, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Met {
    /// It does not hold.
    Fail,
    /// A measure is surely worse than before.
    Worse,
    /// It was tested before, and is no longer, or less strictly.
    Gone,
    /// There is no baseline to hold it to.
    Unusable,
    /// It cannot be judged.
    Inconclusive,
    /// It holds.
    Pass,
}

impl Met {
    /// All of them, the worst first.
    pub const ALL: [Self; 6] = [Self::Fail, Self::Worse, Self::Gone, Self::Unusable, Self::Inconclusive, Self::Pass];

    /// The word for it, as programs read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Worse => "worse",
            Self::Gone => "gone",
            Self::Unusable => "unusable",
            Self::Inconclusive => "inconclusive",
            Self::Pass => "pass",
        }
    }
}

/// What came of a test.
#[derive(Clone, Debug)]
pub struct Tested<'f> {
    /// The test.
    pub case: Case<'f>,
    /// Where it is to be said, if not where the expectation stands: at what somebody changed.
    pub at: Option<Span>,
    /// How it ended.
    pub met: Met,
    /// What was measured, in words.
    pub measured: String,
    /// The same in numbers; nothing for a baseline.
    pub figures: Option<Figures>,
    /// What was asked for, in words.
    pub wanted: String,
    /// The measures beside those of the baseline; none of an expectation.
    pub rows: Vec<Row>,
    /// Why it does not hold, or cannot be judged; one sentence each.
    pub why: Vec<String>,
    /// In how many runs it does not hold by itself, or cannot be judged.
    pub missed: usize,
    /// How many runs there were.
    pub runs: usize,
    /// The first run that speaks against it.
    pub seed: Option<u64>,
    /// When that run first missed it.
    pub moment: Option<First>,
    /// The command that repeats the test.
    pub repeat: String,
    /// The command that replays the run which speaks against it.
    pub replay: Option<String>,
    /// How long its runs took by the clock of whoever watched: those of its policy, shared out among the tests of the policy.
    pub took: Duration,
}

/// The first moment of a failure.
#[derive(Clone, Debug)]
pub struct First {
    /// When, as people read it.
    pub at: String,
    /// When, in seconds.
    pub at_s: f64,
    /// The entry of the ledger, with its sentence and its rule.
    pub entry: Option<(u32, String, String)>,
}

/// Every test of these scenarios, in the order of the files, the policies and the expectations.
#[must_use]
pub fn cases(files: &[File]) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    for file in files {
        for policy in file.loaded.policies() {
            let planned = file.loaded.plan(policy).expect("it was just listed");
            let named = |test: &str, expectation| Case {
                name: Name { scenario: file.loaded.name.clone(), policy: policy.to_owned(), test: test.to_owned() },
                file,
                planned,
                expectation,
            };
            cases.extend(planned.expectations.iter().map(|one| named(&one.name, Some(one))));
            if matches!(file.baseline, Held::To { .. }) {
                cases.push(named(BASELINE, None));
            }
        }
    }
    cases
}

/// The tests of one policy, which share its runs.
struct Group<'c, 'f> {
    file: &'f File,
    planned: &'f Planned,
    cases: Vec<&'c Case<'f>>,
    wants_series: bool,
    wants_row: bool,
}

/// What came of everything that was run.
pub struct Results<'f> {
    /// The tests, in the order of the cases.
    pub tested: Vec<Tested<'f>>,
    /// The values of the runs of scenarios that are compared or become a baseline, a policy each.
    pub rows: Vec<Rows>,
    /// What is to be said beside: policies of which nothing began in some runs.
    pub notes: Vec<String>,
}

/// What came of the tests of a policy.
struct Outcome<'f> {
    tested: Vec<Tested<'f>>,
    note: Option<String>,
    /// The values of its runs, if they are compared or become a baseline.
    rows: Option<Rows>,
}

/// The outcomes of policies, which are handed on in the order of the policies.
struct Ended<'f> {
    outcomes: Vec<Option<Outcome<'f>>>,
    /// How many have been handed on.
    handed_on: usize,
}

impl<'f> Ended<'f> {
    fn put(&mut self, at: usize, outcome: Outcome<'f>, watch: &dyn Watch) {
        self.outcomes[at] = Some(outcome);
        while let Some(Some(next)) = self.outcomes.get(self.handed_on) {
            watch.ended(&next.tested);
            self.handed_on += 1;
        }
    }
}

/// Runs the tests, `first_seed` being that of replication 0.
///
/// # Errors
///
/// A run came to more than it may, or there can be no threads.
pub fn run_all<'f>(
    files: &'f [File],
    cases: &[Case<'f>],
    first_seed: u64,
    workers: &dyn Workers,
    watch: &dyn Watch,
) -> anyhow::Result<Results<'f>> {
    run_or_recall(files, cases, first_seed, (workers, watch), &Nobody)
}

/// The same, but what somebody remembers is not run again.
///
/// # Errors
///
/// As [`run_all`].
pub fn run_or_recall<'f>(
    files: &'f [File],
    cases: &[Case<'f>],
    first_seed: u64,
    (workers, watch): (&dyn Workers, &dyn Watch),
    memory: &dyn Memory,
) -> anyhow::Result<Results<'f>> {
    let groups = groups(files, cases, memory.is_there());
    let ended = Mutex::new(Ended { outcomes: groups.iter().map(|_| None).collect(), handed_on: 0 });
    // All runs in a row: where those of each policy end.
    let mut ends = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let known = memory.is_there().then(|| group.known(first_seed, memory)).flatten();
        let made = if known.is_some() { 0 } else { group.file.replications };
        ends.push(ends.last().unwrap_or(&0) + made);
        if let Some(known) = known {
            watch.known(group.file.replications);
            ended.lock().expect("nobody fails with it").put(at, outcome(group, known, first_seed, None), watch);
        }
    }
    let all = ends.last().copied().unwrap_or(0);
    let gathered: Vec<Mutex<Gathered>> = groups.iter().map(|group| Mutex::new(Gathered::of(group))).collect();
    let left: Vec<AtomicUsize> = groups.iter().map(|group| AtomicUsize::new(group.file.replications)).collect();
    // Of several runs that came to more than they may, the first is named, whichever thread ended first.
    let stopped: FirstFailed<Stopped> = FirstFailed::default();
    // Each run has its place, whoever makes it.
    workers.each(all, &|run| {
        if stopped.is_behind(run) {
            return;
        }
        let at = ends.partition_point(|end| *end <= run);
        let group = &groups[at];
        let (replication, began) = (run + group.file.replications - ends[at], watch.now());
        match one(group, seed_of(first_seed, replication)) {
            Ok(given) => {
                let took = watch.now().saturating_sub(began);
                gathered[at].lock().expect("nobody fails with it").add(replication, given, took);
                watch.ran();
                // Whoever makes the last run of a policy judges its tests.
                if left[at].fetch_sub(1, Ordering::AcqRel) == 1 {
                    let runs = std::mem::take(&mut *gathered[at].lock().expect("nobody fails with it"));
                    let outcome = outcome(group, runs, first_seed, Some(memory).filter(|memory| memory.is_there()));
                    ended.lock().expect("nobody fails with it").put(at, outcome, watch);
                }
            }
            Err(other) => stopped.put(run, other),
        }
    })?;
    if let Some((run, stopped)) = stopped.into_inner() {
        let at = ends.partition_point(|end| *end <= run);
        return Err(stopped.report(&groups[at].planned.work).into());
    }
    let outcomes = ended.into_inner().expect("nobody fails with it").outcomes;
    Ok(collected(cases, outcomes))
}

/// What policies are run for these tests.
#[must_use]
pub fn wanted(files: &[File], cases: &[Case<'_>], first_seed: u64) -> Vec<Wanted> {
    groups(files, cases, true).iter().map(|group| group.wanted(first_seed)).collect()
}

impl Group<'_, '_> {
    /// The runs that somebody remembers, if with all that is asked of them.
    fn known(&self, first_seed: u64, memory: &dyn Memory) -> Option<Gathered> {
        let wanted = self.wanted(first_seed);
        let known = memory.recall(&wanted).filter(|known| known.has(&wanted))?;
        Some(Gathered::from(known, &wanted))
    }

    fn wanted(&self, first_seed: u64) -> Wanted {
        let plan = &self.planned.plan;
        Wanted {
            scenario: self.file.loaded.name.clone(),
            policy: plan.policy.clone(),
            key: remembered::key(plan, first_seed, self.file.replications),
            tests: self.cases.iter().filter_map(|case| case.expectation).map(remembered::of).collect(),
        }
    }
}

fn outcome<'f>(group: &Group<'_, 'f>, mut runs: Gathered, first_seed: u64, memory: Option<&dyn Memory>) -> Outcome<'f> {
    let rows = Rows {
        scenario: group.file.loaded.name.clone(),
        policy: group.planned.plan.policy.clone(),
        first_seed,
        columns: std::mem::take(&mut runs.columns),
        runs: std::mem::take(&mut runs.runs),
        took: runs.took,
    };
    let (tested, note) = (judged(group, &runs, &rows), idle(group, &runs));
    if let Some(memory) = memory {
        let wanted = group.wanted(first_seed);
        memory.keep(&wanted, runs.remembered(&wanted, &rows, &tested));
    }
    let rows = matches!(group.file.baseline, Held::Becomes | Held::Compared(_)).then_some(rows);
    Outcome { tested, note, rows }
}

/// The outcomes of all policies as one, the tests in the order of the cases.
fn collected<'f>(cases: &[Case<'f>], outcomes: Vec<Option<Outcome<'f>>>) -> Results<'f> {
    let mut by_name = BTreeMap::new();
    let (mut all_rows, mut notes) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        let Outcome { tested, note, rows } = outcome.expect("every run was made");
        notes.extend(note);
        all_rows.extend(rows);
        by_name.extend(tested.into_iter().map(|tested| (tested.case.name.to_string(), tested)));
    }
    let tested = cases.iter().filter_map(|case| by_name.remove(&case.name.to_string())).collect();
    Results { tested, rows: all_rows, notes }
}

fn groups<'c, 'f>(files: &'f [File], cases: &'c [Case<'f>], is_remembered: bool) -> Vec<Group<'c, 'f>> {
    let mut groups = Vec::new();
    for file in files {
        for policy in file.loaded.policies() {
            let planned = file.loaded.plan(policy).expect("it was just listed");
            let cases: Vec<&Case<'f>> = cases.iter().filter(|case| std::ptr::eq(case.planned, planned)).collect();
            let is_kept = match &file.baseline {
                Held::Becomes => true,
                Held::Compared(policies) => policies.iter().any(|one| one == policy),
                Held::No | Held::To { .. } => false,
            };
            if cases.is_empty() && !is_kept {
                continue;
            }
            let is_series =
                |case: &&Case<'_>| case.expectation.is_some_and(|one| matches!(one.subject, Subject::Series(_)));
            let wants_series = cases.iter().any(is_series);
            let wants_row = is_kept || is_remembered || cases.iter().any(|case| case.expectation.is_none());
            groups.push(Group { file, planned, cases, wants_series, wants_row });
        }
    }
    groups
}

/// One run, judged by the tests of its policy.
fn one(group: &Group<'_, '_>, seed: u64) -> Result<Given, Stopped> {
    let plan: &Plan = &group.planned.plan;
    let options = Options::default();
    let (measures, series, outcome) = if group.wants_series {
        let mut sink = (Measures::new(plan), Watched::new(plan, Series::new(plan)));
        let outcome = run(plan, seed, options, &mut sink);
        (sink.0.measures(), Some(sink.1.observers), outcome)
    } else {
        let mut measures = Measures::new(plan);
        let outcome = run(plan, seed, options, &mut measures);
        (measures.measures(), None, outcome)
    };
    Stopped::check(plan, seed, &outcome)?;
    let evidence = Evidence { plan, measures: &measures, series: series.as_ref(), end: outcome.end };
    let trial = |expectation: &Expectation| {
        let judged = judge_one(expectation, evidence);
        let about = !expectation.without_rollout && never::met_by_nothing(expectation);
        let never = never::of_run(plan, &measures).filter(|_| about);
        Trial { observed: judged.measured.stored(), verdict: judged.verdict, never }
    };
    let trials = group.cases.iter().filter_map(|case| case.expectation).map(trial).collect();
    let (mut columns, mut row) = (Vec::new(), Vec::new());
    if group.wants_row {
        columns.extend(measures.iter().map(|one| Column::of(plan, one)));
        row.extend(measures.iter().map(|measure| measure.value.stored()));
    }
    Ok(Given { trials, columns, row, idle: never::of_run(plan, &measures) })
}

/// What is to be said of a policy of which nothing began in some runs, and in others something.
fn idle(group: &Group<'_, '_>, runs: &Gathered) -> Option<String> {
    let (_, kept) = runs.idle_by.clone()?;
    let name = format!("{}/{}", group.file.loaded.name, group.planned.plan.policy);
    let all = group.file.replications;
    (runs.idle < all).then(|| never::sentence_of_some(&name, &(runs.idle, kept), all))
}

fn judged<'f>(group: &Group<'_, 'f>, runs: &Gathered, rows: &Rows) -> Vec<Tested<'f>> {
    let mut tested = Vec::new();
    let mut place = 0;
    for case in &group.cases {
        match case.expectation {
            Some(expectation) => {
                let known = runs.firsts.get(place).and_then(Option::as_ref);
                tested.push(of_expectation(case, expectation, (&runs.trials[place], known), rows.first_seed));
                place += 1;
            }
            None => tested.push(beside::of_baseline(case, rows)),
        }
    }
    let share = u32::try_from(tested.len()).map_or(Duration::ZERO, |tests| runs.took / tests.max(1));
    tested.into_iter().map(|one| Tested { took: share, ..one }).collect()
}

fn of_expectation<'f>(
    case: &Case<'f>,
    expectation: &Expectation,
    (trials, known): (&Trials, Option<&Option<First>>),
    first_seed: u64,
) -> Tested<'f> {
    let horizon_s = case.planned.plan.horizon.seconds();
    let finding = judge_all(expectation, trials, horizon_s);
    let (met, why) = match finding.verdict {
        Verdict::Pass => (Met::Pass, Vec::new()),
        Verdict::Fail(why) => (Met::Fail, vec![why]),
        Verdict::Inconclusive(why) => (Met::Inconclusive, vec![why]),
    };
    let counts = Counts { runs: finding.runs, missed: finding.missed, open: finding.open };
    // A statistic may fail although each run passes; then there is no run to look at.
    let seed = finding.first.filter(|_| met != Met::Pass).map(|at| seed_of(first_seed, at));
    Tested {
        case: case.clone(),
        at: None,
        met,
        measured: finding.measured,
        figures: Some(figures(expectation, trials.values(), counts, horizon_s)),
        wanted: expectation.wanted(),
        rows: Vec::new(),
        why,
        missed: finding.missed + finding.open,
        runs: finding.runs,
        seed,
        moment: seed.and_then(|seed| known.cloned().unwrap_or_else(|| moment(case, expectation, seed))),
        repeat: repeat(case, first_seed, finding.runs),
        replay: seed.map(|seed| replay(case, seed)),
        took: Duration::ZERO,
    }
}

fn moment(case: &Case<'_>, expectation: &Expectation, seed: u64) -> Option<First> {
    let replay = Replay::new(&case.planned.plan, seed);
    let Moment { at, entry } = first_missed(expectation, &replay)?;
    let plan = replay.plan();
    let describe = |record: &windtunnel_sim::world::fact::Record| {
        let mut said = sentence(&replay.names, &record.fact);
        // What was missed later may have begun with an earlier entry.
        if record.time != at {
            said += &format!(", at {}", civil(plan, record.time));
        }
        (record.entry.0, said, record.rule.to_string())
    };
    Some(First { at: at.to_string(), at_s: at.seconds(), entry: entry.as_ref().map(describe) })
}
