//! What came of the tests of scenarios, as it is shown and written.

pub(crate) mod github;
pub(crate) mod json;
pub(crate) mod junit;
pub mod terminal;

use crate::experiment::filter::Partition;
use crate::experiment::suite::{File, Met, Tested};
use crate::input::Change;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_words::clock::moment;

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
            (Met::Drift, "drifted"),
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
            let missed = b.share_missed().total_cmp(&a.share_missed());
            a.met.cmp(&b.met).then(missed)
        });
        worst
    }
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
        let at = moment(tested.case.planned.plan.start_unix_ms, at);
        lines.push(("first", format!("at {at} with seed {seed}{}", entry.unwrap_or_default())));
    } else if let Some(seed) = tested.seed {
        lines.push(("first", format!("with seed {seed}, at the end of the run")));
    }
    lines.extend(diff(&tested.case.planned.diff).into_iter().map(|change| ("policy", change)));
    lines.push(("where", format!("{}:{}", tested.case.file.path.display(), tested.line())));
    lines
}
