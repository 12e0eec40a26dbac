//! One run as Markdown, to be pasted where people read of an incident: the headline, what happened, who did what and what became of it,
//! the windows of harm, expectations, measures, and the command that repeats it.

use super::highlights::{Highlights, Objective, windows};
use super::markdown::{cell, fenced, table};
use super::measure_row::MeasureRow;
use super::summary::ExpectationLine;
use crate::experiment::judge::Verdict;
use windtunnel_words::clock::civil;
use windtunnel_words::text::capital;

/// What the page says beside the run.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The title of the scenario.
    pub title: &'a str,
    /// The measures, the most telling first.
    pub measures: &'a [MeasureRow],
    /// The expectations of the scenario for this policy.
    pub expectations: &'a [ExpectationLine],
    /// What the numbers lean on.
    pub notes: &'a [String],
    /// The command that repeats the run.
    pub command: &'a str,
}

/// So many measures are in the table.
const MEASURES_MOST: usize = 12;

/// The page.
pub fn page(run: &Highlights<'_>, about: About<'_>) -> String {
    let replay = run.replay;
    let (names, plan) = (&replay.names, replay.plan());
    let mut out = format!("## {}\n\n", cell(about.title));
    out += &format!("{}.\n", cell(&capital(&run.sentence())));
    if let Some(objective) = run.objective {
        out += &format!("\n{}\n", cell(&Objective::sentence(objective)));
    }
    let moments = run.moments.iter().map(|moment| {
        let (at, entry) = moment.at.map_or_else(Default::default, |(at, entry)| (civil(plan, at), entry.0.to_string()));
        [moment.label.to_owned(), at, moment.sentence.clone(), entry]
    });
    out += &format!("\n{}", table(["", "time", "what", "entry"], moments));
    let acts = run.headline.acts.iter().map(|act| {
        let at = civil(plan, act.at);
        let fate = act.words(names).unwrap_or_else(|| act.fate.word().to_owned());
        [at, names.action(act.action).to_owned(), fate]
    });
    if !run.headline.acts.is_empty() {
        out += &format!("\n{}", table(["time", "act", "what became of it"], acts));
    }
    for window in &run.windows {
        out += &format!("\n- harm {}", cell(&windows::words(names, window)));
    }
    out += if run.windows.is_empty() { "" } else { "\n" };
    if !about.expectations.is_empty() {
        let rows = about.expectations.iter().map(|row| {
            let verdict = match row.verdict {
                Verdict::Pass => "pass",
                Verdict::Fail(_) => "FAIL",
                Verdict::Inconclusive(_) => "open",
            };
            [verdict.to_owned(), row.name.clone(), row.measured.clone(), row.limit.clone()]
        });
        out += &format!("\n{}", table(["", "expectation", "measured", "wanted"], rows));
    }
    let measures = about.measures.iter().take(MEASURES_MOST);
    let rows = measures.map(|row| [row.name.clone(), format!("{} {}", row.shown(), row.unit).trim().to_owned()]);
    out += &format!("\n{}", table(["measure", "value"], rows));
    for note in about.notes {
        out += &format!("\n- {}", cell(note));
    }
    out +=
        &format!("\n\nPolicy {}, seed {}, digest `{:016x}`.\n", cell(&plan.policy), replay.seed, replay.outcome.digest);
    out + &format!("\n{}", fenced(about.command))
}
