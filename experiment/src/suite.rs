//! The tests of scenarios: every expectation of every policy by its name, run over many seeds.

use super::again::{Drilled, repeat, replay};
use super::baseline::{self, Baseline, Check, Drift, Kept};
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
use super::table::{Table, Values};
use super::watch::Watch;
use super::workers::{FirstFailed, Workers};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use windtunnel_claims::expect::{Expectation, Subject};
use windtunnel_input::identity::{MODEL_VERSION, hash};
use windtunnel_input::tree::Span;
use windtunnel_input::{Loaded, Planned};
use windtunnel_sim::measure::Measures;
use windtunnel_sim::measure::Stored;
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::run::{Options, run};
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
        read: Box<Result<Baseline, String>>,
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
    /// It is surely worse than with the files of before.
    Worse,
    /// The measures have left their baseline.
    Drift,
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
    pub const ALL: [Self; 7] =
        [Self::Fail, Self::Worse, Self::Drift, Self::Gone, Self::Unusable, Self::Inconclusive, Self::Pass];

    /// The word for it, as programs read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Worse => "worse",
            Self::Drift => "drift",
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
    /// The measures that have left their baseline.
    pub drift: Vec<Drift>,
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

/// What one run gives its tests.
struct Given {
    trials: Vec<Trial>,
    columns: Vec<Column>,
    row: Vec<Stored>,
    /// What kept a rollout from beginning that was wanted.
    idle: Option<never::Kept>,
}

/// What all runs of a policy gave its tests.
#[derive(Default)]
struct Gathered {
    /// A test each, but for the baseline.
    trials: Vec<Trials>,
    columns: Vec<Column>,
    runs: Table,
    /// In how many runs a rollout did not begin that was wanted, and what kept it in the first of them.
    idle: usize,
    idle_by: Option<(usize, never::Kept)>,
    /// How long the runs took.
    took: Duration,
}

impl Gathered {
    fn of(group: &Group<'_, '_>) -> Self {
        let tests = group.cases.iter().filter(|case| case.expectation.is_some()).count();
        Self { trials: vec![Trials::default(); tests], ..Self::default() }
    }

    /// Takes in a run; they come in any order.
    fn add(&mut self, replication: usize, given: Given, took: Duration) {
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

/// What came of everything that was run.
pub struct Results<'f> {
    /// The tests, in the order of the cases.
    pub tested: Vec<Tested<'f>>,
    /// The baselines that the runs make, for scenarios whose runs become one.
    pub baselines: Vec<Baseline>,
    /// The values of the runs of scenarios that are compared, a policy each.
    pub rows: Vec<Rows>,
    /// What is to be said beside: policies of which nothing began in some runs.
    pub notes: Vec<String>,
}

/// What the runs of a policy came to.
pub struct Rows {
    /// The name of the scenario.
    pub scenario: String,
    /// The policy.
    pub policy: String,
    /// The measures.
    pub columns: Vec<Column>,
    /// A row a replication.
    pub runs: Table,
    /// How long they took.
    pub took: Duration,
}

impl Rows {
    /// The values of a measure, by replication.
    #[must_use]
    pub fn values(&self, column: &Column) -> Option<Values<'_>> {
        let at = self.columns.iter().position(|known| known.name == column.name)?;
        Some(self.runs.column(at))
    }

    /// The values of a measure, of the whole fleet or of a scale set.
    #[must_use]
    pub fn of(&self, measure: &str, set: Option<&str>) -> Option<Values<'_>> {
        let at = self.columns.iter().position(|column| column.is(measure, set))?;
        Some(self.runs.column(at))
    }
}

/// What came of the tests of a policy.
struct Outcome<'f> {
    tested: Vec<Tested<'f>>,
    note: Option<String>,
    /// What a baseline keeps of its runs, if they become one.
    kept: Option<Kept>,
    /// The values of its runs, if they are compared.
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
    let groups = groups(files, cases);
    // All runs in a row: where those of each policy end.
    let mut ends = Vec::new();
    for group in &groups {
        ends.push(ends.last().unwrap_or(&0) + group.file.replications);
    }
    let all = ends.last().copied().unwrap_or(0);
    let gathered: Vec<Mutex<Gathered>> = groups.iter().map(|group| Mutex::new(Gathered::of(group))).collect();
    let left: Vec<AtomicUsize> = groups.iter().map(|group| AtomicUsize::new(group.file.replications)).collect();
    let ended = Mutex::new(Ended { outcomes: groups.iter().map(|_| None).collect(), handed_on: 0 });
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
                    let outcome = outcome(group, runs, first_seed);
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
    Ok(collected(&groups, cases, outcomes, first_seed))
}

fn outcome<'f>(group: &Group<'_, 'f>, runs: Gathered, first_seed: u64) -> Outcome<'f> {
    let (tested, note) = (judged(group, &runs, first_seed), idle(group, &runs));
    let kept = matches!(group.file.baseline, Held::Becomes).then(|| kept(group, &runs));
    let rows = matches!(group.file.baseline, Held::Compared(_)).then(|| {
        let (scenario, policy) = (group.file.loaded.name.clone(), group.planned.plan.policy.clone());
        Rows { scenario, policy, columns: runs.columns, runs: runs.runs, took: runs.took }
    });
    Outcome { tested, note, kept, rows }
}

/// The outcomes of all policies as one, the tests in the order of the cases.
fn collected<'f>(
    groups: &[Group<'_, 'f>],
    cases: &[Case<'f>],
    outcomes: Vec<Option<Outcome<'f>>>,
    first_seed: u64,
) -> Results<'f> {
    let (mut by_name, mut baselines) = (BTreeMap::new(), BTreeMap::new());
    let (mut all_rows, mut notes) = (Vec::new(), Vec::new());
    for (group, outcome) in groups.iter().zip(outcomes) {
        let Outcome { tested, note, kept, rows } = outcome.expect("every run was made");
        notes.extend(note);
        all_rows.extend(rows);
        by_name.extend(tested.into_iter().map(|tested| (tested.case.name.to_string(), tested)));
        if let Some(kept) = kept {
            let baseline = baselines.entry(group.file.loaded.name.clone()).or_insert_with(|| Baseline {
                scenario: group.file.loaded.name.clone(),
                rulebook: MODEL_VERSION.to_owned(),
                first_seed,
                replications: group.file.replications,
                policies: BTreeMap::new(),
            });
            baseline.policies.insert(group.planned.plan.policy.clone(), kept);
        }
    }
    let tested = cases.iter().filter_map(|case| by_name.remove(&case.name.to_string())).collect();
    Results { tested, baselines: baselines.into_values().collect(), rows: all_rows, notes }
}

fn groups<'c, 'f>(files: &'f [File], cases: &'c [Case<'f>]) -> Vec<Group<'c, 'f>> {
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
            let wants_row = is_kept || cases.iter().any(|case| case.expectation.is_none());
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

/// What a baseline keeps of the runs of a policy.
fn kept(group: &Group<'_, '_>, runs: &Gathered) -> Kept {
    Kept { hash: hash(&group.planned.effective), lines: baseline::lines(&runs.columns, &runs.runs) }
}

fn judged<'f>(group: &Group<'_, 'f>, runs: &Gathered, first_seed: u64) -> Vec<Tested<'f>> {
    let mut tested = Vec::new();
    let mut place = 0;
    for case in &group.cases {
        match case.expectation {
            Some(expectation) => {
                tested.push(of_expectation(case, expectation, &runs.trials[place], first_seed));
                place += 1;
            }
            None => tested.push(of_baseline(case, &kept(group, runs), first_seed)),
        }
    }
    let share = u32::try_from(tested.len()).map_or(Duration::ZERO, |tests| runs.took / tests.max(1));
    tested.into_iter().map(|one| Tested { took: share, ..one }).collect()
}

fn of_expectation<'f>(case: &Case<'f>, expectation: &Expectation, trials: &Trials, first_seed: u64) -> Tested<'f> {
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
        drift: Vec::new(),
        why,
        missed: finding.missed + finding.open,
        runs: finding.runs,
        seed,
        moment: seed.and_then(|seed| moment(case, expectation, seed)),
        repeat: repeat(case, first_seed, finding.runs),
        replay: seed.map(|seed| replay(case, seed)),
        took: Duration::ZERO,
    }
}

fn moment(case: &Case<'_>, expectation: &Expectation, seed: u64) -> Option<First> {
    let replay = Replay::new(&case.planned.plan, seed);
    let Moment { at, entry } = first_missed(expectation, &replay)?;
    let describe = |record: &windtunnel_sim::world::fact::Record| {
        (record.entry.0, sentence(&replay.names, &record.fact), record.rule.to_string())
    };
    Some(First { at: at.to_string(), at_s: at.seconds(), entry: entry.as_ref().map(describe) })
}

fn of_baseline<'f>(case: &Case<'f>, now: &Kept, first_seed: u64) -> Tested<'f> {
    let runs = case.file.replications;
    let check = match &case.file.baseline {
        Held::To { read, .. } => match &**read {
            Ok(baseline) => baseline.check(&case.name.policy, now, MODEL_VERSION, runs, first_seed),
            Err(why) => Check::Unusable(why.clone()),
        },
        Held::No | Held::Becomes | Held::Compared(_) => Check::Unusable("nobody asked for a baseline".to_owned()),
    };
    let (met, why, drift, measured) = match check {
        Check::Same(count) => (Met::Pass, Vec::new(), Vec::new(), format!("{count} measures are unchanged")),
        Check::Drift(list) => {
            let measured = format!("{} of {} measures differ", list.len(), now.lines.len());
            (Met::Drift, list.iter().map(|one| one.sentence.clone()).collect(), list, measured)
        }
        Check::Unusable(why) => (Met::Unusable, vec![why], Vec::new(), "nothing to compare with".to_owned()),
    };
    let missed = if met == Met::Pass { 0 } else { runs };
    Tested {
        case: case.clone(),
        at: None,
        met,
        measured,
        figures: None,
        wanted: "within the intervals of the baseline".to_owned(),
        drift,
        why,
        missed,
        runs,
        seed: None,
        moment: None,
        repeat: repeat(case, first_seed, runs),
        replay: None,
        took: Duration::ZERO,
    }
}
