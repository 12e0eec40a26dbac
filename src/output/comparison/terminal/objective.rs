//! Who meets the objective, in one table: what fits a screen.

use super::{BAD, TerminalContext, own};
use crate::experiment::assessment::{Assessment, Assessments, Keeps, Weight, weight};
use crate::experiment::compare::{Comparison, PolicyResult};
use crate::experiment::statistics::Verdict;
use crate::experiment::without_harm::{leads, unharmed};
use crate::output::rows::{Cell, Heading, lay, plain, styled};
use anstyle::Style;
use std::iter::once;
use windtunnel_sim::measure::catalogue::{HARMED, OUTCOME, Outcome, tables};
use windtunnel_words::clock::spoken_s;
use windtunnel_words::number::percent;
use windtunnel_words::text::{BOLD, DIM, FAIR, GOOD, cut, wrap};

/// More policies than this are not shown at once.
const ROWS_MOST: usize = 16;
const HEADINGS: [Heading; 7] = [
    Heading::left("policy", 0),
    Heading::left("meets it", 0),
    Heading::left("95 % of all runs", 2),
    Heading::left("harmed", 0),
    Heading::left("worst run", 1),
    Heading::left("rollout", 3),
    Heading::left("difference", 0),
];

/// The table.
pub(super) fn table(comparison: &Comparison, context: &TerminalContext<'_>) -> Vec<String> {
    if unharmed(comparison).is_some() {
        return measured(comparison, context);
    }
    let assessments = Assessments::of(comparison);
    let shown = assessments.shown(comparison.reference, if context.all { usize::MAX } else { ROWS_MOST });
    let ranked = assessments.ranked().into_iter().filter(|place| shown.contains(place));
    let rows: Vec<Vec<Cell>> = ranked.map(|place| row(comparison, &assessments, place)).collect();
    let mut lines = vec![String::new()];
    lines.extend(lay(&HEADINGS, &rows, context.width, context.colour).0);
    let left = comparison.policies.len() - shown.len();
    if left > 0 {
        lines.push(context.paint(DIM, &format!("and {left} more (--all); the best and the worst are above")));
    }
    lines
}

/// The same for a document: the headings, and a row a policy.
pub(super) fn cells(comparison: &Comparison) -> Vec<Vec<String>> {
    let texts = |row: Vec<Cell>| row.into_iter().map(|cell| cell.text).collect::<Vec<String>>();
    if unharmed(comparison).is_some() {
        let leads = leads(comparison);
        let head: Vec<String> =
            once("policy".to_owned()).chain(leads.iter().map(|(name, _)| (*name).to_owned())).collect();
        let row = |policy: &PolicyResult| -> Vec<String> {
            let mean = |&(_, at): &(&str, usize)| own(&policy.summaries[at])[0].text.clone();
            once(policy.name.clone()).chain(leads.iter().map(mean)).collect()
        };
        return once(head).chain(comparison.policies.iter().map(row)).collect();
    }
    let assessments = Assessments::of(comparison);
    let head: Vec<String> = HEADINGS.iter().map(|heading| heading.text().to_owned()).collect();
    let rows = assessments.ranked().into_iter().map(|place| texts(row(comparison, &assessments, place)));
    once(head).chain(rows).collect()
}

/// Where nobody can be harmed: what the policies differ in, the mean of all runs.
fn measured(comparison: &Comparison, context: &TerminalContext<'_>) -> Vec<String> {
    let leads = leads(comparison);
    let named = leads.iter().zip(0_u8..).map(|(&(name, _), at)| Heading::right(name, at));
    let headings: Vec<Heading> = once(Heading::left("policy", 0)).chain(named).collect();
    let rows = comparison.policies.iter().map(|policy| {
        let mean = |&(_, at): &(&str, usize)| own(&policy.summaries[at])[0].clone();
        once(plain(cut(&policy.name, 28))).chain(leads.iter().map(mean)).collect()
    });
    let rows: Vec<Vec<Cell>> = if leads.is_empty() { Vec::new() } else { rows.collect() };
    let mut lines = vec![String::new()];
    lines.extend(lay(&headings, &rows, context.width, context.colour).0);
    lines
}

fn row(comparison: &Comparison, assessments: &Assessments, place: usize) -> Vec<Cell> {
    let assessment: &Assessment = &assessments.of[place];
    let name = &comparison.policies[place].name;
    let take = if Some(place) == assessments.chosen || assessments.alike.contains(&place) { " ←" } else { "" };
    let style = match assessment.keeps {
        Keeps::Always => GOOD,
        Keeps::Never => BAD,
        Keeps::Sometimes => FAIR,
        Keeps::NotStarted | Keeps::Unknown => DIM,
    };
    let (met, runs) = (assessment.met, assessment.runs);
    let meets = match assessment.keeps {
        Keeps::NotStarted => "never started".to_owned(),
        Keeps::Unknown => "–".to_owned(),
        Keeps::Always | Keeps::Sometimes | Keeps::Never => format!("{met} of {runs}"),
    };
    let share = assessment
        .share
        .map_or_else(|| "–".to_owned(), |share| format!("{:.0} to {:.0} %", 100.0 * share.low, 100.0 * share.high));
    let judged = assessment.keeps != Keeps::NotStarted;
    let harm = |of: fn((f64, f64, f64)) -> f64| {
        assessment.harm.filter(|_| judged).map_or_else(|| "–".to_owned(), |harm| percent(of(harm)))
    };
    let rollout = assessment.length.map_or_else(|| outcome(comparison, place), |length| spoken_s(length.mean));
    let difference = if judged { difference(comparison, place) } else { styled("no verdict", DIM) };
    vec![
        styled(format!("{}{take}", cut(name, 28)), if take.is_empty() { Style::new() } else { BOLD }),
        styled(meets, style),
        plain(share),
        plain(harm(|harm| harm.1)),
        plain(harm(|harm| harm.2)),
        plain(rollout),
        difference,
    ]
}

/// How rollouts ended, the commonest first.
fn outcome(comparison: &Comparison, place: usize) -> String {
    let Some(at) = comparison.column(OUTCOME) else { return "–".to_owned() };
    let words = &comparison.policies[place].summaries[at].words;
    let most = words.iter().filter(|word| word.0 != Outcome::NeverStarted.word()).max_by_key(|word| word.1);
    most.map_or_else(
        || "–".to_owned(),
        |(word, count, _)| {
            if words.len() == 1 { word.clone() } else { format!("{word} in {count}") }
        },
    )
}

/// What the difference in harm says.
fn difference(comparison: &Comparison, place: usize) -> Cell {
    let Some(at) = comparison.column(HARMED) else { return plain("–") };
    let Some(paired) = comparison.policies[place].paired.get(at) else { return styled("reference", DIM) };
    let size = paired.difference.map_or_else(String::new, |one| super::change(one.mean));
    if let Some(twin) = &comparison.policies[place].twin {
        return styled(format!("same as {}", comparison.policies[twin.of].name), DIM);
    }
    match (paired.verdict, weight(comparison, place, at)) {
        (Verdict::Same, _) => styled("the same", DIM),
        (Verdict::NoDifference, _) => styled("no difference", DIM),
        (_, Weight::Nothing) => styled("not decided", FAIR),
        (_, Weight::Small) => styled(format!("{size}, too small to matter"), DIM),
        (Verdict::Better, Weight::Matters) => styled(format!("{size} points, better"), GOOD),
        (_, Weight::Matters) => styled(format!("{size} points, worse"), BAD),
    }
}

/// In which other measures policies differ so that it matters, a line a measure.
pub(super) fn others(comparison: &Comparison, context: &TerminalContext<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for name in tables().filter(|name| *name != HARMED) {
        let Some(at) = comparison.column(name) else { continue };
        let of = |wanted: Verdict| -> Vec<&str> {
            let is = |place: &usize| {
                comparison.policies[*place].paired.get(at).is_some_and(|paired| paired.verdict == wanted)
                    && weight(comparison, *place, at) == Weight::Matters
            };
            (0..comparison.policies.len()).filter(is).map(|place| comparison.policies[place].name.as_str()).collect()
        };
        let parts: Vec<String> = [Verdict::Better, Verdict::Worse]
            .into_iter()
            .filter_map(|verdict| {
                let names = of(verdict);
                (!names.is_empty())
                    .then(|| format!("{}: {}", verdict.words(), crate::experiment::assessment::listed(&names)))
            })
            .collect();
        if !parts.is_empty() {
            lines.extend(wrap(&format!("{name}: {}", parts.join("; ")), context.width));
        }
    }
    if !lines.is_empty() {
        lines.insert(0, String::new());
        lines.push(
            context.paint(DIM, "--all shows a table for each measure; summary.csv and paired.csv have every one"),
        );
    }
    lines
}
