//! What the files of now come to beside those of before, as it is shown and written.

pub mod as_tests;
mod changes;
pub mod json;
pub mod markdown;
pub mod terminal;

pub use crate::experiment::against::said::{difference, how_often, margin, value};
pub use changes::{Line, lines};

use crate::experiment::again;
use crate::experiment::against::said::COUNTED;
use crate::experiment::against::{Became, Gone, Incident, Reach, Row};
use crate::experiment::replay::Replay;
use crate::output::highlights::Highlights;
use windtunnel_words::number::{count, counted};

/// The label of an expectation that broke.
const EXPECTS: &str = "expects";
/// So many measures of an incident are shown; the JSON has all.
const SHOWN: usize = 4;

/// A comparison with the files of before.
pub struct Sheet<'s> {
    /// What came of the incidents that were run.
    pub incidents: &'s [Incident<'s>],
    /// The first run of each that got worse.
    pub firsts: &'s [Option<First>],
    /// What of the files was changed that a run reads.
    pub lines: &'s [Line],
    /// What was tested before, and no longer is.
    pub gone: &'s [Gone],
    /// Incidents that the change does not reach, and which were not run.
    pub unreached: &'s [String],
    /// What it is compared with: a revision or a folder, as the user said it.
    pub against: &'s str,
    /// The commit, where it is a revision.
    pub commit: Option<&'s str>,
    /// The seed of replication 0.
    pub first_seed: u64,
    /// What is to be said beside.
    pub notes: &'s [String],
    /// The command that repeats it.
    pub command: &'s str,
}

/// The first run of an incident that got worse.
pub struct First {
    /// Its seed.
    pub seed: u64,
    /// What it comes to now, in a sentence.
    pub headline: String,
    /// The command that replays it.
    pub replay: String,
}

impl Sheet<'_> {
    /// The incidents that became so.
    pub fn that(&self, became: Became) -> impl Iterator<Item = &Incident<'_>> {
        self.incidents.iter().filter(move |incident| incident.became() == became)
    }

    /// How many incidents are new, and hold what is expected of them.
    pub fn newcomers(&self) -> usize {
        self.that(Became::Same).filter(|incident| incident.is_new()).count()
    }

    /// The first run of an incident that got worse.
    pub fn first(&self, incident: &Incident<'_>) -> Option<&First> {
        self.firsts.get(self.place(incident)?)?.as_ref()
    }

    /// Its place among the incidents.
    fn place(&self, incident: &Incident<'_>) -> Option<usize> {
        self.incidents.iter().position(|one| std::ptr::eq(one, incident))
    }

    /// What was changed that a run of an incident reads.
    pub fn lines_of(&self, incident: &Incident<'_>) -> impl Iterator<Item = &Line> {
        let at = self.place(incident);
        self.lines.iter().filter(move |line| at.is_some_and(|at| line.incidents.contains(&at)))
    }

    /// The incidents, the worst first; those that became the same in the order of the files.
    pub fn worst(&self) -> Vec<&Incident<'_>> {
        let mut all: Vec<&Incident<'_>> = self.incidents.iter().collect();
        all.sort_by_key(|incident| incident.became());
        all
    }

    /// `3 incidents: 1 worse, 2 the same`, and what is no longer tested.
    pub fn closing(&self) -> String {
        let new = self.newcomers();
        let counted_as = |became: Became| self.that(became).count() - if became == Became::Same { new } else { 0 };
        let each = COUNTED.iter().map(|(became, word)| (counted_as(*became), *word)).chain([(new, "new")]);
        let mut parts: Vec<String> =
            each.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        if !self.unreached.is_empty() {
            parts.push(format!("{} not reached by the change", self.unreached.len()));
        }
        let all = count(self.incidents.len() + self.unreached.len(), "incident");
        let gone = match self.gone.len() {
            0 => String::new(),
            gone => {
                let things = counted(u32::try_from(gone).unwrap_or(u32::MAX), "thing is", "things are");
                format!("; {things} no longer tested, or less strictly")
            }
        };
        if parts.is_empty() { all + &gone } else { format!("{all}: {}{gone}", parts.join(", ")) }
    }

    /// What it is compared with: `main (1a2b3c4)`.
    pub fn before(&self) -> String {
        match self.commit {
            Some(commit) => format!("{} ({})", self.against, commit.get(..7).unwrap_or(commit)),
            None => self.against.to_owned(),
        }
    }
}

/// The rows that say most: those that are worse, unclear or better, the first ones, and how many others there are.
pub fn leading<'i>(incident: &'i Incident<'_>) -> (Vec<&'i Row>, usize) {
    let mut rows: Vec<&Row> = Vec::new();
    for became in [Became::Worse, Became::Unclear, Became::Better] {
        rows.extend(incident.that(became));
    }
    let more = rows.len().saturating_sub(SHOWN);
    rows.truncate(SHOWN);
    (rows, more)
}

/// Makes the first run that got worse again: in the first measure that did, or in the first expectation that broke.
pub fn first(incident: &Incident<'_>) -> Option<First> {
    let of_rows = [Became::Worse, Became::Unclear].into_iter().flat_map(|became| incident.that(became));
    let of_tests = incident.broken().filter_map(|test| test.now.seed);
    let seed = of_rows.filter_map(|row| row.first).next().or_else(|| of_tests.into_iter().next())?;
    let plan = &incident.now.plan;
    let replay = Replay::new(plan, seed);
    Some(First {
        seed,
        headline: Highlights::of(&replay).sentence(),
        replay: again::run(incident.file, again::unless_as_written(&plan.policy), seed),
    })
}

/// What is to be said of an incident beside its measures; a label and a sentence each.
pub fn remarks(incident: &Incident<'_>) -> Vec<(&'static str, String)> {
    let mut said = Vec::new();
    if let Reach::Unreadable(why) = &incident.reach {
        said.push(("before", format!("with the files of before it cannot be run: {why}")));
    }
    if incident.is_new() {
        said.push(("before", "there was no such incident".to_owned()));
    }
    if let Some(kept) = &incident.stopped {
        said.push((
            "rollout",
            format!("{}, and before one did: that nobody is harmed then says nothing", kept.sentence()),
        ));
    }
    for test in incident.broken() {
        let was = if test.before.is_none() { "new" } else { "held before" };
        let (name, wanted, measured) = (&test.now.case.name.test, &test.now.wanted, &test.now.measured);
        said.push((EXPECTS, format!("{name}: wanted {wanted}, measured {measured} ({was})")));
    }
    said
}
