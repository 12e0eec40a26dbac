//! The summary of one run, on one screen: what happened, the three moments to look at, the numbers, and how to repeat it.

use super::highlights::Tone;
use super::highlights::moments::Moment;
use super::measure_row::MeasureRow;
use crate::experiment::judge::{Judged, Verdict};
use crate::output::LEAST_WIDTH;
use anstyle::{AnsiColor, Style};
use std::fmt::Display;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::Value;
use windtunnel_words::clock::{Clock, spoken_s};
use windtunnel_words::number::percentage;
use windtunnel_words::text::{BOLD, DIM, FAIR, GOOD, capital, columns, cut, paint, wrap};

/// What is not as it should be.
const BAD: Style = AnsiColor::Red.on_default().bold();
/// A summary is no longer than this, so that it is seen at once.
const LINES: usize = 40;
/// So many measures are shown, the most telling first; the rest is folded into a line that counts them.
const MEASURES_MOST: usize = 12;
/// The sentence of a moment takes so many lines below its first.
const FOLDED_MOST: usize = 2;
/// A headline takes so many lines.
const HEADLINE_MOST: usize = 7;
/// So many windows of harm have a line, or are counted in one.
const WINDOWS_MOST: usize = 3;
/// From this width on, measures stand in two columns.
const TWO_COLUMNS: usize = 110;

/// An expectation and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectationLine {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub verdict: Verdict,
    /// What was measured, with its unit.
    pub measured: String,
    /// What it allows: `at most 1 %`.
    pub limit: String,
}

impl ExpectationLine {
    /// The line of an expectation that was judged.
    pub fn of(judged: &Judged<'_>) -> Self {
        let measured = value(&MeasureRow::new("", judged.expectation.subject.unit(), judged.measured));
        let limit = judged.expectation.wanted();
        Self { name: judged.expectation.name.clone(), verdict: judged.verdict.clone(), measured, limit }
    }
}

/// What is shown of a run.
#[derive(Clone, Debug)]
pub struct Summary<'a> {
    /// Title of the scenario.
    pub title: &'a str,
    /// Name of the policy.
    pub policy: &'a str,
    /// What the policy changes, in one line; empty for the scenario as written.
    pub diff: &'a str,
    /// What the scenario accepts that Azure would refuse, a sentence each.
    pub accepted: &'a [String],
    /// The seed.
    pub seed: u64,
    /// The headline in one sentence, as [`Highlights::sentence`](super::highlights::Highlights::sentence) gives it.
    pub headline: &'a str,
    /// What became of the objective, in one sentence; empty without one.
    pub objective: &'a str,
    /// How near the run comes to what was observed, a sentence each.
    pub observed: &'a [String],
    /// Whether the run is well.
    pub tone: Tone,
    /// The civil time of the run.
    pub clock: Clock,
    /// The moments to look at, as [`Highlights`](super::highlights::Highlights) has them.
    pub moments: &'a [Moment],
    /// The windows of harm, a line each; nothing where there are not several.
    pub windows: &'a [String],
    /// The measures, the most telling first.
    pub measures: &'a [MeasureRow],
    /// The expectations of the scenario for this policy.
    pub expectations: &'a [ExpectationLine],
    /// Assumptions and approximations that the numbers lean on.
    pub notes: &'a [String],
    /// The folder with the files of the run.
    pub folder: &'a str,
    /// The command that repeats the run.
    pub repeat: &'a str,
}

/// Where it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// How many columns.
    pub width: usize,
    /// With colours, which never carry meaning alone.
    pub colour: bool,
}

impl Screen {
    fn paint(self, style: Style, text: impl Display) -> String {
        if self.colour { paint(style, text) } else { text.to_string() }
    }
}

/// Renders a summary on at most a screen. Every line but that of the command, which must stay one, keeps to the width.
pub fn render(summary: &Summary<'_>, screen: Screen) -> String {
    let width = screen.width.max(LEAST_WIDTH);
    let screen = Screen { width, ..screen };
    let head = head(summary, screen);
    let tail = tail(summary, screen);
    let mut lines = head;
    // What is shown in any case leaves this much for the two tables; the expectations come first.
    let spent = lines.len() + tail.len() + columns(summary.repeat) / width;
    let room = LINES.saturating_sub(spent);
    let expectations = expectations(summary.expectations, screen, (room / 2).max(4));
    let room = room.saturating_sub(expectations.len());
    lines.extend(measures(summary.measures, screen, room));
    lines.extend(expectations);
    lines.extend(tail);
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn head(summary: &Summary<'_>, screen: Screen) -> Vec<String> {
    let width = screen.width;
    let mut lines = vec![screen.paint(BOLD, cut(summary.title, width))];
    let diff = if summary.diff.is_empty() { "the scenario as it is written" } else { summary.diff };
    lines.push(cut(&format!("policy {}, seed {}: {diff}", summary.policy, summary.seed), width));
    for accepted in summary.accepted {
        lines.extend(wrap(accepted, width).into_iter().map(|line| screen.paint(FAIR, line)));
    }
    lines.push(String::new());
    let style = match summary.tone {
        Tone::Well => GOOD,
        Tone::Watch => FAIR,
        Tone::Harmed => BAD,
    };
    lines.extend(
        wrap(&format!("{}.", capital(summary.headline)), width)
            .into_iter()
            .take(HEADLINE_MOST)
            .map(|line| screen.paint(style, line)),
    );
    lines.extend(wrap(summary.objective, width).into_iter().filter(|line| !line.is_empty()));
    lines.extend(observed(summary, screen));
    lines.push(String::new());
    let times = || summary.moments.iter().filter_map(|moment| moment.at).map(|(at, _)| at);
    // Where there is little room, the time of day is enough.
    let long = times().map(|at| columns(&summary.clock.moment(at))).max().unwrap_or(1);
    let shown = |at: SimTime| if long * 3 > width { summary.clock.civil(at) } else { summary.clock.moment(at) };
    let clock = times().map(|at| columns(&shown(at))).max().unwrap_or(1);
    for moment in summary.moments {
        let (at, entry) = moment.at.map_or_else(
            || ("–".to_owned(), String::new()),
            |(at, entry)| {
                let why = if moment.is_note() { String::new() } else { format!("  [why {}]", entry.0) };
                (shown(at), why)
            },
        );
        let label = format!("{:<12}", moment.label);
        let room = width.saturating_sub(12 + 1 + clock + 2 + columns(&entry));
        // The number of the entry is on the first line; what does not fit there is folded below it.
        let words = wrap(&moment.sentence, room);
        let (first, rest) = words.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        let first = cut(first, room);
        lines.push(format!("{} {at:<clock$}  {first}{}", screen.paint(DIM, label), screen.paint(DIM, entry)));
        let indent = 12 + 1 + clock + 2;
        let folded = wrap(&rest.join(" "), width.saturating_sub(indent));
        let room = width.saturating_sub(indent);
        for (at, line) in folded.iter().enumerate().take(FOLDED_MOST) {
            // What is left out is said to be.
            let more = at + 1 == FOLDED_MOST && folded.len() > FOLDED_MOST;
            let line = if more { cut(&format!("{line} …"), room) } else { cut(line, room) };
            lines.push(format!("{}{line}", " ".repeat(indent)));
        }
    }
    lines.extend(windows(summary.windows, screen));
    lines
}

/// The windows of harm, a line each; those that do not fit are counted.
fn windows(windows: &[String], screen: Screen) -> Vec<String> {
    let kept = if windows.len() > WINDOWS_MOST { WINDOWS_MOST - 1 } else { windows.len() };
    let mut lines = Vec::new();
    for (at, window) in windows[..kept].iter().enumerate() {
        for (line, text) in wrap(window, screen.width.saturating_sub(13)).iter().enumerate().take(FOLDED_MOST) {
            let label = if line == 0 { format!("window {}", at + 1) } else { String::new() };
            lines.push(format!("{} {text}", screen.paint(DIM, format!("{label:<12}"))));
        }
    }
    if kept < windows.len() {
        lines.push(screen.paint(DIM, format!("… and {} more windows in summary.json", windows.len() - kept)));
    }
    lines
}

/// More observations than this are one line.
const OBSERVED_MOST: usize = 4;

/// How near the run comes to what was observed.
fn observed(summary: &Summary<'_>, screen: Screen) -> Vec<String> {
    let sentences = summary.observed.iter().take(OBSERVED_MOST);
    let mut lines: Vec<String> =
        sentences.flat_map(|sentence| wrap(&format!("Observed: {sentence}."), screen.width)).collect();
    if summary.observed.len() > OBSERVED_MOST {
        let more = summary.observed.len() - OBSERVED_MOST;
        lines.push(cut(&format!("and {more} more in observed.csv"), screen.width));
    }
    lines
}

fn value(row: &MeasureRow) -> String {
    match (row.value, row.unit) {
        // Beyond a minute a length is said as people say it; summary.json has its seconds.
        (Value::Number(seconds), "s") if seconds >= 60.0 => spoken_s(seconds),
        (Value::AtLeast(seconds), "s") if seconds >= 60.0 => format!("≥ {}", spoken_s(seconds)),
        (Value::Number(_) | Value::AtLeast(_), unit) if !unit.is_empty() => {
            format!("{} {unit}", row.shown())
        }
        _ => row.shown(),
    }
}

/// The measures as a table in one column or two, in at most `room` lines with the blank one above.
fn measures(rows: &[MeasureRow], screen: Screen, room: usize) -> Vec<String> {
    if rows.is_empty() || room < 3 {
        return Vec::new();
    }
    let abreast = if screen.width >= TWO_COLUMNS { 2 } else { 1 };
    let cell = (screen.width - 4 * (abreast - 1)) / abreast;
    let fits = ((room - 1) * abreast).min(MEASURES_MOST);
    // What does not fit is counted on a line of its own.
    let shown = if rows.len() <= fits { rows.len() } else { ((room - 2) * abreast).min(MEASURES_MOST) };
    let name_width = rows.iter().map(|row| columns(&row.name)).max().unwrap_or(0).min(cell / 2 + 6);
    let draw = |row: &MeasureRow| {
        let name = cut(&row.name, name_width);
        let text = match (row.value, row.unit) {
            (Value::Number(share), "%") => percentage(share),
            _ => value(row),
        };
        let text = cut(&text, cell.saturating_sub(name_width + 2));
        let pad = cell.saturating_sub(name_width + 2 + columns(&text));
        let style = match row.value {
            Value::NotComputed(_) => DIM,
            Value::AtLeast(_) => FAIR,
            Value::Number(_) | Value::Word(_) => Style::new(),
        };
        format!("{name:<name_width$}  {}{}", screen.paint(style, text), " ".repeat(pad))
    };
    let mut lines = vec![String::new()];
    let half = shown.div_ceil(abreast);
    for line in 0..half {
        let cells: Vec<String> = (0..abreast).filter_map(|n| rows[..shown].get(line + n * half)).map(draw).collect();
        lines.push(cells.join("    ").trim_end().to_owned());
    }
    if shown < rows.len() {
        lines.push(screen.paint(DIM, format!("… and {} more in summary.json", rows.len() - shown)));
    }
    lines
}

/// The expectations, those that are not met first, in at most `room` lines with the blank one above.
fn expectations(rows: &[ExpectationLine], screen: Screen, room: usize) -> Vec<String> {
    if rows.is_empty() {
        return Vec::new();
    }
    let mut sorted: Vec<&ExpectationLine> = rows.iter().collect();
    sorted.sort_by_key(|row| match row.verdict {
        Verdict::Fail(_) => 0,
        Verdict::Inconclusive(_) => 1,
        Verdict::Pass => 2,
    });
    let rendered: Vec<Vec<String>> = sorted.iter().map(|row| expectation(row, screen)).collect();
    // The blank line is above; what does not fit is counted on a line of its own.
    let mut lines = vec![String::new()];
    let whole = rendered.iter().map(Vec::len).sum::<usize>() < room;
    let mut shown = 0;
    for (at, of_row) in rendered.iter().enumerate() {
        if !whole && at > 0 && lines.len() + of_row.len() + 1 > room {
            break;
        }
        lines.extend(of_row.iter().cloned());
        shown += 1;
    }
    if shown < rows.len() {
        lines.push(screen.paint(DIM, format!("… and {} more expectations", rows.len() - shown)));
    }
    lines
}

/// An expectation and what was measured, folded where they do not fit beside one another.
fn expectation(row: &ExpectationLine, screen: Screen) -> Vec<String> {
    let (mark, style) = match row.verdict {
        Verdict::Pass => ("pass", GOOD),
        Verdict::Fail(_) => ("FAIL", BAD),
        Verdict::Inconclusive(_) => ("open", FAIR),
    };
    let room = screen.width.saturating_sub(6);
    let result = format!("{}, wanted {}", row.measured, row.limit);
    let beside = columns(&row.name) + 2 + columns(&result) <= room;
    let text = match beside {
        true => vec![format!("{}: {result}", row.name)],
        false => [wrap(&format!("{}:", row.name), room), wrap(&result, room)].concat(),
    };
    let text = text.into_iter().enumerate();
    text.map(|(at, line)| {
        let start = if at == 0 { screen.paint(style, mark) } else { " ".repeat(columns(mark)) };
        format!("{start}  {}", cut(&line, room))
    })
    .collect()
}

fn tail(summary: &Summary<'_>, screen: Screen) -> Vec<String> {
    let mut lines = vec![String::new()];
    // Notes take at most six lines: the files have the rest.
    let notes: Vec<String> = summary
        .notes
        .iter()
        .flat_map(|note| {
            let wrapped = wrap(note, screen.width - 2).into_iter().enumerate();
            wrapped.map(|(index, line)| format!("{} {line}", if index == 0 { "·" } else { " " }))
        })
        .collect();
    let kept = if notes.len() > 6 { 5 } else { notes.len() };
    lines.extend(notes[..kept].iter().map(|line| screen.paint(DIM, line)));
    if kept < notes.len() {
        // Where the list of assumptions is cut, its end has the hint.
        let hint = "· … the rest is in summary.json; windtunnel assumptions KEY says more";
        lines.push(screen.paint(DIM, cut(hint, screen.width)));
    }
    if kept > 0 {
        lines.push(String::new());
    }
    lines.push(format!("{} {}", screen.paint(DIM, "files "), summary.folder));
    lines.push(format!("{} {}", screen.paint(DIM, "repeat"), summary.repeat));
    lines
}
