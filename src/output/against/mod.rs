//! What the files of now come to beside those of before, as it is shown and written.

pub mod as_tests;
mod changes;
pub mod json;
pub mod markdown;
pub mod terminal;

pub use changes::{Line, lines};

use crate::experiment::again;
use crate::experiment::against::{Became, Gone, Incident, Reach, Row};
use crate::experiment::replay::Replay;
use crate::experiment::statistics::{Method, Summary};
use crate::output::highlights::Highlights;
use windtunnel_words::number::{amount, change, count, counted, decimals, figure, one_of, with_unit};

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

    /// The first run of an incident that got worse.
    pub fn first(&self, incident: &Incident<'_>) -> Option<&First> {
        let all = self.incidents.iter().zip(self.firsts);
        all.filter(|(one, _)| std::ptr::eq(*one, incident)).find_map(|(_, first)| first.as_ref())
    }

    /// What was changed that a run of an incident reads.
    pub fn lines_of(&self, incident: &Incident<'_>) -> impl Iterator<Item = &Line> {
        let at = self.incidents.iter().position(|one| std::ptr::eq(one, incident));
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
        let words = [
            (Became::Worse, "worse"),
            (Became::Unclear, "unclear"),
            (Became::Better, "better"),
            (Became::Close, "with no difference that matters"),
            (Became::Same, "the same"),
        ];
        let each = words.iter().map(|(became, word)| (self.that(*became).count(), word));
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

/// What a measure came to on one side: its mean, or why there is none.
pub fn value(summary: &Summary, unit: &str) -> String {
    match (&summary.mean, summary.open, &summary.words[..]) {
        (Some(mean), ..) if summary.not_computed == 0 => in_unit(&figure(mean.mean), unit),
        (Some(mean), ..) => {
            format!("{} in {} of {} runs", with_unit(&figure(mean.mean), unit), summary.numbers, summary.runs)
        }
        (None, 0, []) => "not computed".to_owned(),
        (None, 0, words) => {
            let said = words.iter().map(|(word, count, _)| match *count == summary.runs {
                true => word.clone(),
                false => format!("{word} ×{count}"),
            });
            said.collect::<Vec<_>>().join(", ")
        }
        (None, open, _) => format!("open in {open} of {} runs", summary.runs),
    }
}

/// A number with its unit; one of several things is one of them.
fn in_unit(number: &str, unit: &str) -> String {
    let is_one = number.trim_start_matches(['+', '−']) == "1" && unit.len() > 1;
    with_unit(number, if is_one { one_of(unit) } else { unit })
}

/// By how much a measure differs, with the half of its interval; nothing where there is no mean.
pub fn difference(row: &Row) -> String {
    let Some(mean) = row.paired.difference else { return String::new() };
    let unit = if row.column.unit == "%" { "points" } else { &row.column.unit };
    match row.paired.interval {
        Some(interval) if row.paired.method == Method::Mean && interval.half() > 0.0 => {
            with_unit(&format!("{} ± {}", change(mean.mean), plain(interval.half())), unit)
        }
        _ => in_unit(&change(mean.mean), unit),
    }
}

/// Half an interval without an exponent: two digits that matter where it is small.
fn plain(half: f64) -> String {
    let (mut digits, mut scaled) = (0, half);
    while digits < 9 && scaled < 10.0 {
        (digits, scaled) = (digits + 1, scaled * 10.0);
    }
    if half < 0.001 { decimals(half, digits) } else { figure(half) }
}

/// In how many runs it is worse or better.
pub fn how_often(row: &Row) -> String {
    let runs = row.paired.pairs + row.paired.missing;
    let of = |count: usize| if count == runs { format!("all {runs} runs") } else { format!("{count} of {runs} runs") };
    if row.unlike > 0 {
        return format!("a value on one side alone in {}", of(row.unlike));
    }
    match (row.worse(), row.better()) {
        (0, 0) => format!("the same in {}", of(runs)),
        (worse, 0) => format!("worse in {}", of(worse)),
        (0, better) => format!("better in {}", of(better)),
        (worse, better) => format!("worse in {worse} and better in {better} of {runs} runs"),
    }
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
    if matches!(incident.reach, Reach::New) {
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

/// A margin, where there is one.
pub fn margin(row: &Row) -> Option<String> {
    row.margin.filter(|margin| *margin > 0.0).map(|margin| amount(margin, &row.column.unit))
}
