//! A comparison on the terminal: who meets the objective, and where it is asked for a table a measure, a row a policy.

mod objective;

use super::robustness;
use crate::experiment::assessment::{Assessments, advice, finding};
use crate::experiment::compare::{Comparison, PolicyResult};
use crate::experiment::statistics::{Method, Paired, Ranked, Summary, Verdict};
use crate::experiment::vary::Varied;
use crate::output::markdown;
use crate::output::note::Note;
use crate::output::rows::{Cell, Heading, lay, plain, styled};
use anstyle::{AnsiColor, Style};
use windtunnel_sim::measure::catalogue::tables;
use windtunnel_words::number::{change, figure, span, with_unit};
use windtunnel_words::text::{BOLD, DIM, FAIR, GOOD, capital, columns, cut, paint, wrap};

/// What is worse.
const BAD: Style = AnsiColor::Red.on_default();

/// What there is to tell beside the numbers.
#[derive(Clone, Debug)]
pub struct TerminalContext<'a> {
    /// Title of the scenario.
    pub title: &'a str,
    /// What the numbers lean on, and what is wrong with them.
    pub notes: &'a [Note],
    /// The folder with the files.
    pub folder: &'a str,
    /// The command that repeats the comparison.
    pub repeat: &'a str,
    /// How many columns there are.
    pub width: usize,
    /// With colours, which never carry meaning alone.
    pub colour: bool,
    /// With a table for every measure, and not only who meets the objective.
    pub all: bool,
}

impl TerminalContext<'_> {
    pub(super) fn paint(&self, style: Style, text: &str) -> String {
        if self.colour { paint(style, text) } else { text.to_owned() }
    }
}

/// Tells a comparison. Every line but that of the command, which must stay one, keeps to the width.
pub fn render(comparison: &Comparison, varied: Option<&Varied>, context: &TerminalContext<'_>) -> String {
    let mut lines = head(comparison, context);
    let (mut same, mut absent) = (Vec::new(), Vec::new());
    lines.extend(objective::table(comparison, context));
    if !context.all {
        lines.extend(objective::others(comparison, context));
    }
    for name in tables().filter(|_| context.all) {
        let Some(at) = comparison.column(name) else { continue };
        let spoken = comparison.policies.iter().any(|policy| !policy.summaries[at].words.is_empty());
        if spoken {
            lines.extend(words(comparison, at, context));
        } else if !comparison.is_computed(at) {
            let why = comparison.policies.iter().find_map(|policy| policy.summaries[at].why_not.as_deref());
            absent.push(format!("{name} ({})", why.unwrap_or("no runs")));
        } else if let Some(value) = comparison.constant(at) {
            same.push(format!("{name} {}", with_unit(&figure(value), &comparison.columns[at].unit)));
        } else {
            lines.extend(table(comparison, at, context));
        }
    }
    for (what, list) in [("The same in every run:", same), ("Not computed:", absent)] {
        if !list.is_empty() {
            lines.push(String::new());
            lines.extend(wrap(&format!("{what} {}", list.join(", ")), context.width));
        }
    }
    if let Some(varied) = varied {
        lines.extend(robustness::render(comparison, varied, context));
    }
    lines.push(String::new());
    for note in context.notes.iter().filter(|note| context.all || !matches!(note, Note::AssumptionsUsed(_))) {
        for (index, line) in wrap(&note.to_string(), context.width - 2).into_iter().enumerate() {
            lines.push(context.paint(DIM, &format!("{} {line}", if index == 0 { "·" } else { " " })));
        }
    }
    lines.push(String::new());
    lines.push(format!("{} {}", context.paint(DIM, "files "), context.folder));
    lines.push(format!("{} {}", context.paint(DIM, "repeat"), context.repeat));
    lines.join("\n") + "\n"
}

/// A comparison as Markdown: what was found, and who meets the objective.
pub fn page(comparison: &Comparison, context: &TerminalContext<'_>) -> String {
    let assessments = Assessments::of(comparison);
    let found = [finding(comparison, &assessments), advice(comparison, &assessments)];
    let [found, advice] = found.map(|text| markdown::cell(&text));
    let mut out = format!("## {}\n\n{}.\n\n{advice}\n\n", markdown::cell(context.title), capital(&found));
    out += &markdown::rows(&objective::cells(comparison));
    for note in context.notes {
        out += &format!("\n- {}", markdown::cell(&note.to_string()));
    }
    out + &format!("\n\n{}", markdown::fenced(context.repeat))
}

fn head(comparison: &Comparison, context: &TerminalContext<'_>) -> Vec<String> {
    let mut lines = vec![context.paint(BOLD, &cut(context.title, context.width))];
    let count = comparison.policies.len();
    let about = format!(
        "{count} {}, {} {} each, {}; differences are to {}, seed by seed",
        if count == 1 { "policy" } else { "policies" },
        comparison.replications,
        if comparison.replications == 1 { "replication" } else { "replications" },
        comparison.seeds(),
        comparison.reference_name(),
    );
    lines.extend(wrap(&about, context.width));
    let assessments = Assessments::of(comparison);
    let sentence = |text: String| text.get(..1).map_or(String::new(), |first| first.to_uppercase()) + &text[1..];
    lines.push(String::new());
    let finding = sentence(finding(comparison, &assessments)) + ".";
    lines.extend(wrap(&finding, context.width).iter().map(|line| context.paint(BOLD, line)));
    lines.extend(wrap(&advice(comparison, &assessments), context.width));
    lines
}

const HEADINGS: [Heading; 8] = [
    Heading::left("policy", 0),
    Heading::right("mean", 0),
    Heading::right("95 % interval", 4),
    Heading::right("median", 3),
    Heading::right("95th pct", 2),
    Heading::right("difference", 0),
    Heading::right("95 % interval", 1),
    Heading::left("verdict", 0),
];
/// The column of the 95th percentile, the last that is of one policy alone.
const HIGH: usize = 4;

/// The table of one measure.
fn table(comparison: &Comparison, at: usize, context: &TerminalContext<'_>) -> Vec<String> {
    let column = &comparison.columns[at];
    let direction = column.direction();
    let mut rows = Vec::new();
    let mut remarks: Vec<(String, Vec<&str>)> = Vec::new();
    let mut few = false;
    for policy in &comparison.policies {
        let summary = &policy.summaries[at];
        few |= summary.quantiles.last().is_some_and(|quantile| quantile.interval.is_none());
        let mut row = vec![plain(cut(&policy.name, 24))];
        row.extend(own(summary));
        row.extend(against(policy.paired.get(at)));
        rows.push(row);
        if let Some(why) = policy.paired.get(at).and_then(|paired| paired.why.as_deref()) {
            match remarks.iter_mut().find(|(known, _)| known == why) {
                Some((_, names)) => names.push(policy.name.as_str()),
                None => remarks.push((why.to_owned(), vec![policy.name.as_str()])),
            }
        }
    }
    let title = format!("{}{}, {}", column.name, unit_of(&column.unit), direction.words());
    let mut lines = vec![String::new(), context.paint(BOLD, &cut(&title, context.width))];
    // A policy alone is compared with nothing.
    let headings = if rows.len() == 1 { &HEADINGS[..=HIGH] } else { &HEADINGS[..] };
    let (table, shown) = lay(headings, &rows, context.width, context.colour);
    lines.extend(table);
    let mut remarks: Vec<String> =
        remarks.into_iter().map(|(why, names)| format!("{}: {why}", names.join(", "))).collect();
    remarks.extend(mostly_zero(comparison, at));
    if few && shown.contains(&HIGH) {
        remarks.push("* not enough runs for an interval of this percentile".to_owned());
    }
    for remark in remarks {
        lines.extend(wrap(&remark, context.width - 2).iter().map(|line| context.paint(DIM, &format!("  {line}"))));
    }
    lines
}

/// With fewer values than this that are not zero, Student's interval of a mean is too narrow to be trusted.
const NONZERO_LEAST: usize = 30;

/// Which policies have too few values that are not zero for the interval of their mean.
fn mostly_zero(comparison: &Comparison, at: usize) -> Option<String> {
    let few = |policy: &&PolicyResult| {
        let summary = &policy.summaries[at];
        let rest = |(count, _)| summary.valued() - count;
        summary.mean.is_some()
            && summary.nonzero.is_some_and(|found| (1..NONZERO_LEAST).contains(&found.0) && rest(found) > found.0)
    };
    let names: Vec<&str> = comparison.policies.iter().filter(few).map(|policy| policy.name.as_str()).collect();
    let words = "zero in most runs, so the interval of the mean is too narrow";
    (!names.is_empty()).then(|| format!("{}: {words}", names.join(", ")))
}

fn unit_of(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" ({unit})") }
}

fn ranked(value: Ranked) -> String {
    match value {
        Ranked::Number(number) => figure(number),
        Ranked::AtLeast(least) => format!("≥ {}", figure(least)),
    }
}

/// The policy's own cells: mean, interval, median, 95th percentile.
fn own(summary: &Summary) -> [Cell; 4] {
    let quantile = |which: usize| summary.quantiles.get(which);
    let mean = match summary.mean {
        Some(mean) => plain(figure(mean.mean)),
        None if summary.open > 0 => styled(format!("{} open", summary.open), FAIR),
        None => styled("–", DIM),
    };
    let interval = summary.mean.and_then(|mean| mean.interval);
    let interval = interval.map_or_else(|| "–".to_owned(), |found| span(&figure(found.low), &figure(found.high)));
    let median = quantile(1).map_or_else(|| "–".to_owned(), |quantile| ranked(quantile.value));
    let high = quantile(2).map_or_else(
        || "–".to_owned(),
        |quantile| ranked(quantile.value) + if quantile.interval.is_none() { "*" } else { "" },
    );
    [mean, plain(interval), plain(median), plain(high)]
}

/// The cells against the reference: difference, interval, verdict.
fn against(paired: Option<&Paired>) -> [Cell; 3] {
    let Some(paired) = paired else {
        return [plain(String::new()), plain(String::new()), styled("reference", DIM)];
    };
    let difference = match (paired.method, paired.difference) {
        (Method::Sign, _) => format!("{} less, {} more", paired.less, paired.more),
        (_, Some(difference)) => change(difference.mean),
        (_, None) => "–".to_owned(),
    };
    let interval = match paired.interval {
        Some(found) if paired.method != Method::Sign => span(&change(found.low), &change(found.high)),
        _ => "–".to_owned(),
    };
    let style = match paired.verdict {
        Verdict::Better => GOOD,
        Verdict::Worse => BAD,
        Verdict::Inconclusive | Verdict::NeverStarted => FAIR,
        Verdict::Same | Verdict::NoDifference => DIM,
        Verdict::More | Verdict::Less | Verdict::Other => Style::new(),
    };
    [plain(difference), plain(interval), styled(paired.verdict.words(), style)]
}

/// A measure of words: how often each came.
fn words(comparison: &Comparison, at: usize, context: &TerminalContext<'_>) -> Vec<String> {
    let title = format!("{}, share of runs with 95 % interval", comparison.columns[at].name);
    let mut lines = vec![String::new(), context.paint(BOLD, &cut(&title, context.width))];
    let name = comparison.policies.iter().map(|policy| columns(&policy.name)).max().unwrap_or(0).min(24);
    for policy in &comparison.policies {
        let PolicyResult { summaries, paired, .. } = policy;
        let percent = |share: f64| figure(100.0 * share);
        let said: usize = summaries[at].words.iter().map(|(_, count, _)| count).sum();
        let words = summaries[at].words.iter().map(|(word, count, interval)| {
            let share = percent(*count as f64 / said as f64);
            format!("{word} {share} % ({})", span(&percent(interval.low), &percent(interval.high)))
        });
        let verdict = paired.get(at).map_or("reference", |paired| paired.verdict.words());
        let row = format!("{}; {verdict}", words.collect::<Vec<_>>().join(", "));
        for (index, line) in wrap(&row, context.width.saturating_sub(name + 2)).into_iter().enumerate() {
            let label = if index == 0 { cut(&policy.name, name) } else { String::new() };
            lines.push(format!("{label:<name$}  {line}"));
        }
    }
    lines
}
