//! What came of the tests of scenarios, as it is shown and written.

pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod markdown;
pub mod outputs;
pub(crate) mod sarif;
pub(crate) mod terminal;

use crate::experiment::filter::Partition;
use crate::experiment::suite::{File, Met, Tested};
use crate::input::{Change, Severity};
use crate::output::annotations::{self, Annotation, Place, workspace};
use serde_json::Value;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_words::clock::moment;

/// What follows from something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Grade {
    /// An exit code that is not 0.
    Fail,
    /// It is said, and no more.
    Warn,
}

impl Grade {
    /// Whether it is only to be warned of.
    pub(crate) const fn is_warning(self) -> bool {
        matches!(self, Self::Warn)
    }
}

/// One call of `test`.
#[derive(Clone, Copy)]
pub struct Session<'s> {
    /// What came of each test.
    pub tested: &'s [Tested<'s>],
    /// The scenarios.
    pub files: &'s [File],
    /// The seed of replication 0.
    pub first_seed: u64,
    /// How many tests were run, of how many there are.
    pub selected: (usize, usize),
    /// The shard, if there are several.
    pub partition: Option<Partition>,
    /// What became of the baselines that were written.
    pub written: Option<&'s str>,
    /// What is to be said beside the tests.
    pub notes: &'s [String],
    /// Whether it fails that a test is inconclusive.
    pub inconclusive: Grade,
    /// Whether it fails that something is no longer tested.
    pub gone: Grade,
    /// The page in Markdown, where it is another one than that of the tests.
    pub page: Option<&'s str>,
}

impl Session<'_> {
    /// How many tests ended so.
    pub fn count(&self, met: Met) -> usize {
        self.tested.iter().filter(|tested| tested.met == met).count()
    }

    /// `24 tests: 22 passed, 1 failed, 1 inconclusive`.
    pub fn closing(&self) -> String {
        let words = [
            (Met::Pass, "passed"),
            (Met::Fail, "failed"),
            (Met::Worse, "worse"),
            (Met::Gone, "no longer tested"),
            (Met::Unusable, "without a baseline"),
            (Met::Inconclusive, "inconclusive"),
        ];
        let counted = words.iter().map(|(met, word)| (self.count(*met), word)).filter(|(count, _)| *count > 0);
        let parts: Vec<String> = counted.map(|(count, word)| format!("{count} {word}")).collect();
        let tests = windtunnel_words::number::count(self.tested.len(), "test");
        if parts.is_empty() { tests } else { format!("{tests}: {}", parts.join(", ")) }
    }

    /// The tests that did not pass, the worst first.
    pub fn worst(&self) -> Vec<&Tested<'_>> {
        let mut worst: Vec<&Tested<'_>> = self.tested.iter().filter(|tested| tested.met != Met::Pass).collect();
        worst.sort_by(|a, b| {
            let missed = share_missed(b).total_cmp(&share_missed(a));
            a.met.cmp(&b.met).then(missed)
        });
        worst
    }

    /// The page in Markdown.
    pub fn page(&self) -> String {
        self.page.map_or_else(|| markdown::page(self), str::to_owned)
    }

    /// Whether it is only to be warned that a test ended so.
    pub(crate) const fn is_warning(&self, met: Met) -> bool {
        match met {
            Met::Inconclusive => self.inconclusive.is_warning(),
            Met::Gone => self.gone.is_warning(),
            Met::Fail | Met::Worse | Met::Unusable | Met::Pass => false,
        }
    }
}

/// The share of the runs that speak against a test.
fn share_missed(tested: &Tested<'_>) -> f64 {
    if tested.runs == 0 { 1.0 } else { tested.missed as f64 / tested.runs as f64 }
}

/// Where a test is said: at what somebody changed, or else at its expectation.
pub(crate) fn place(tested: &Tested<'_>) -> (String, usize) {
    match &tested.at {
        Some(span) => (span.source.name.clone(), span.line()),
        None => (tested.case.file.path.display().to_string(), tested.case.line()),
    }
}

/// How bad it is that a test ended so, for who reads annotations.
const fn severity(met: Met) -> Severity {
    match met {
        Met::Fail | Met::Worse => Severity::Error,
        Met::Inconclusive | Met::Gone | Met::Unusable => Severity::Warning,
        Met::Pass => Severity::Note,
    }
}

/// A test as it is said at its line.
fn annotation(tested: &Tested<'_>) -> Annotation {
    let lines: Vec<String> = details(tested).iter().map(|(label, text)| format!("{label}: {text}")).collect();
    let name = tested.case.name.to_string();
    let (file, line) = place(tested);
    Annotation {
        severity: severity(tested.met),
        place: Some(Place { file, line, column: None, end: None }),
        code: tested.met.word(),
        message: format!("{}\nrepeat: {}", lines.join("\n"), tested.repeat),
        identity: name.clone(),
        title: name,
    }
}

/// The tests that did not pass, the worst first.
fn annotated(session: &Session<'_>) -> Vec<Annotation> {
    session.worst().into_iter().map(annotation).collect()
}

/// The same for people: of an incident that got worse by several measures, all in one.
fn for_people(session: &Session<'_>) -> Vec<Annotation> {
    let mut groups: Vec<Vec<&Tested<'_>>> = Vec::new();
    for tested in session.worst() {
        let is_with = |of: &&mut Vec<&Tested<'_>>| {
            let (one, name) = (&of[0].case.name, &tested.case.name);
            let is_alike = of[0].met == Met::Worse && tested.met == Met::Worse && place(of[0]) == place(tested);
            is_alike && (&one.scenario, &one.policy) == (&name.scenario, &name.policy)
        };
        match groups.iter_mut().find(is_with) {
            Some(group) => group.push(tested),
            None => groups.push(vec![tested]),
        }
    }
    groups.iter().map(|group| together(group)).collect()
}

/// Tests of one incident as they are said at their line: what each measured, and once what is said of all.
fn together(group: &[&Tested<'_>]) -> Annotation {
    let first = annotation(group[0]);
    let [one, _, ..] = group else { return first };
    let measured = group.iter().map(|tested| format!("{}: {}", tested.case.name.test, tested.measured));
    let mut why: Vec<&String> = Vec::new();
    for reason in group.iter().flat_map(|tested| &tested.why) {
        if !why.contains(&reason) {
            why.push(reason);
        }
    }
    let why = why.into_iter().map(|reason| format!("because: {reason}"));
    let (file, line) = place(one);
    let end = [format!("where: {file}:{line}"), format!("repeat: {}", one.repeat)];
    let lines: Vec<String> = measured.chain(why).chain(end).collect();
    let name = &one.case.name;
    let title = format!("{}::{}: worse by {} measures", name.scenario, name.policy, group.len());
    Annotation { title, message: lines.join("\n"), ..first }
}

/// Workflow commands of GitHub.
pub(crate) fn github(session: &Session<'_>) -> String {
    annotations::github::commands(&for_people(session), Some(&session.closing()), workspace().as_deref())
}

/// Logging commands of Azure Pipelines.
pub(crate) fn azure(session: &Session<'_>) -> String {
    annotations::azure::issues(&for_people(session), workspace().as_deref())
}

/// A report of code quality for GitLab.
fn code_quality(session: &Session<'_>) -> Value {
    annotations::code_quality::report(&annotated(session), workspace().as_deref())
}

/// What a policy changes, one line a change; nothing for the scenario as written.
pub fn diff(changes: &[Change]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

/// Everything that is to be said of a test that did not pass, but for its name: label and text.
pub fn details(tested: &Tested<'_>) -> Vec<(&'static str, String)> {
    let mut lines: Vec<(&'static str, String)> = Vec::new();
    lines.push(("wanted", tested.wanted.clone()));
    lines.push(("measured", tested.measured.clone()));
    lines.extend(tested.why.iter().map(|why| ("because", why.clone())));
    if let (Some(first), Some(seed)) = (&tested.moment, tested.seed) {
        let entry = first.entry.as_ref().map(|(entry, said, rule)| format!(", entry {entry}: {said} ({rule})"));
        let at = SimTime::from_ms((first.at_s * 1000.0).round() as u64);
        let at = moment(&tested.case.planned.plan, at);
        lines.push(("first", format!("at {at} with seed {seed}{}", entry.unwrap_or_default())));
    } else if let Some(seed) = tested.seed.filter(|_| tested.case.expectation.is_some()) {
        lines.push(("first", format!("with seed {seed}, at the end of the run")));
    }
    lines.extend(diff(&tested.case.planned.diff).into_iter().map(|change| ("policy", change)));
    let (file, line) = place(tested);
    lines.push(("where", format!("{file}:{line}")));
    lines
}
