//! The story of one run, on one screen: what happened, the three moments to look at, the numbers, and how to repeat it.

use super::clock::{self, spoken, spoken_s};
use super::measure_row::{self, MeasureRow, MeasureValue, percentage};
use super::moments::Moment;
use super::text::{BOLD, DIM, FAIR, GOOD, columns, cut, paint, wrap};
use crate::experiment::judge::{Judged, Verdict};
use anstyle::{AnsiColor, Style};
use std::collections::BTreeSet;
use std::fmt::Display;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::lanes::{Lane, Lanes};

/// What is not as it should be.
const BAD: Style = AnsiColor::Red.on_default().bold();
/// A story is no longer than this, so that it is seen at once.
const LINES: usize = 40;
/// So many measures are told, the most telling first; the rest is folded into a line that counts them.
const MEASURES_MOST: usize = 12;
/// Narrower than this a table is of no use, so it is as wide as this and the terminal breaks it.
const LEAST_WIDTH: usize = 60;
/// The sentence of a moment takes so many lines below its first.
const FOLDED_MOST: usize = 2;
/// From this width on, measures stand in two columns.
const TWO_COLUMNS: usize = 110;

/// What became of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It cannot be told.
    Inconclusive,
}

/// An expectation and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectationLine {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub met: Met,
    /// What was measured, with its unit.
    pub measured: String,
    /// What it allows: `at most 1 %`.
    pub limit: String,
}

impl ExpectationLine {
    /// The line of an expectation that was judged.
    #[must_use]
    pub fn of(judged: &Judged<'_>) -> Self {
        let met = match judged.verdict {
            Verdict::Pass => Met::Pass,
            Verdict::Fail(_) => Met::Fail,
            Verdict::Inconclusive(_) => Met::Inconclusive,
        };
        let measured = value(&measure_row::of(&judged.measured));
        let limit = judged.expectation.wanted();
        Self { name: judged.expectation.name.clone(), met, measured, limit }
    }
}

/// What there is to tell of a run.
#[derive(Clone, Debug)]
pub struct Story<'a> {
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
    /// The verdict in one sentence, as [`verdict`] gives it.
    pub verdict: &'a str,
    /// Civil time of the start of the run, in milliseconds since 1970.
    pub start_unix_ms: i64,
    /// The moments to look at, as [`moments`](super::moments::moments) gives them.
    pub moments: &'a [Moment],
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

/// Where it is told.
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

/// The verdict in one sentence: how many requests were harmed, and who did it for how long.
#[must_use]
pub fn verdict(lanes: &Lanes<'_>, harmed_pct: Option<&MeasureValue>, lack: Lack<'_>) -> String {
    let stale = culprits(lanes, LaneState::StaleServing)
        .map(|(_, who, how_long)| format!("{who} served stale code {how_long}"));
    let cannot = culprits(lanes, LaneState::NotServing).map(|(count, who, how_long)| {
        let verb = if count == 1 { "was" } else { "were" };
        format!("{who} {verb} in rotation without serving {how_long}")
    });
    let share = match harmed_pct {
        Some(MeasureValue::Number(value)) => Some(format!("{} of requests harmed", short(*value))),
        Some(MeasureValue::AtLeast(value)) => Some(format!("at least {} of requests harmed", short(*value))),
        Some(MeasureValue::NotComputed(_) | MeasureValue::Text(_)) | None => None,
    };
    let none = matches!(harmed_pct, Some(MeasureValue::Number(value)) if *value == 0.0);
    match (stale.is_none() && cannot.is_none(), none, share) {
        (true, true, _) => "no user was harmed".to_owned(),
        (true, false, None) => "no instance harmed users".to_owned(),
        (true, false, Some(share)) => {
            format!("{share}: {}", lack.told().unwrap_or("nobody was in rotation".into()))
        }
        (false, _, share) => {
            // The largest harm first: how many requests, then how long nobody was served, then who it was.
            let parts = share.into_iter().chain(lack.told()).chain(cannot).chain(stale);
            parts.collect::<Vec<_>>().join("; ")
        }
    }
}

/// How long there was nobody to serve users, or too few.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lack<'m> {
    /// `downtime.full_s`: demand, and nothing served.
    pub nobody_s: Option<&'m MeasureValue>,
    /// `capacity.shortfall_s`: demand above what the ready ones can serve.
    pub short_s: Option<&'m MeasureValue>,
}

impl Lack<'_> {
    fn told(self) -> Option<String> {
        let seconds = |value: Option<&MeasureValue>| match value {
            Some(MeasureValue::Number(seconds) | MeasureValue::AtLeast(seconds)) => *seconds,
            Some(MeasureValue::NotComputed(_) | MeasureValue::Text(_)) | None => 0.0,
        };
        let time = |seconds: f64| spoken(SimDuration::from_ms((seconds * 1000.0).round() as u64));
        let (nobody, short) = (seconds(self.nobody_s), seconds(self.short_s));
        // While nobody is there, the demand is above what they could serve as well: a rest of that is told if it is no trifle.
        let rest = short - nobody;
        match (nobody > 0.0, rest > nobody / 20.0) {
            (true, true) => {
                Some(format!("nobody was served for {}, and too few could serve for {} more", time(nobody), time(rest)))
            }
            (true, false) => Some(format!("nobody was served for {}", time(nobody))),
            (false, true) => Some(format!("demand was above what the ready ones could serve for {}", time(short))),
            (false, false) => None,
        }
    }
}

/// Whether a verdict tells of no harm.
#[must_use]
pub fn is_harmless(verdict: &str) -> bool {
    let but = [super::unfinished::AT_THE_END, super::missed::NOBODY];
    verdict.starts_with("no ") && !but.iter().any(|words| verdict.contains(words))
}

fn short(pct: f64) -> String {
    percentage(if pct >= 0.1 { (pct * 10.0).round() / 10.0 } else { pct })
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// How many instances were in a state, who they were, and for how long. Where machines were replaced they are counted in slots,
/// each of which is one of the fleet, however many machines were in it.
fn culprits(lanes: &Lanes<'_>, state: LaneState) -> Option<(usize, String, String)> {
    let spent = |lane: &Lane| {
        let of_state = lane.intervals.iter().filter(|interval| interval.state == state);
        of_state.map(|interval| interval.until.since(interval.from)).fold(SimDuration::ZERO, |sum, next| sum + next)
    };
    let all: BTreeSet<u32> = lanes.lanes.iter().map(|lane| lane.slot).collect();
    let of = lanes.lanes.iter().map(|lane| (lane.slot, spent(lane))).filter(|(_, time)| *time > SimDuration::ZERO);
    let of: Vec<(u32, SimDuration)> = of.collect();
    let longest = of.iter().map(|(_, time)| *time).max()?;
    let slots = of.iter().map(|(slot, _)| slot).collect::<BTreeSet<_>>().len();
    let replaced = all.len() < lanes.lanes.len();
    let word = plural(all.len(), if replaced { "slot" } else { "instance" });
    let machines = match of.len() {
        n if n > slots => format!(" ({n} machines, one after another)"),
        _ => String::new(),
    };
    let (upto, each) = if of.len() == 1 { ("for", "") } else { ("for up to", " each") };
    Some((slots, format!("{slots} of {} {word}{machines}", all.len()), format!("{upto} {}{each}", spoken(longest))))
}

/// Tells the story on at most a screen. Every line but that of the command, which must stay one, keeps to the width.
#[must_use]
pub fn tell(story: &Story<'_>, screen: Screen) -> String {
    let width = screen.width.max(LEAST_WIDTH);
    let screen = Screen { width, ..screen };
    let head = head(story, screen);
    let tail = tail(story, screen);
    let mut lines = head;
    // What is told in any case leaves this much for the two tables; the expectations come first.
    let spent = lines.len() + tail.len() + story.repeat.chars().count() / width;
    let room = LINES.saturating_sub(spent);
    let expectations = expectations(story.expectations, screen, (room / 2).max(4));
    let room = room.saturating_sub(expectations.len());
    lines.extend(measures(story.measures, screen, room));
    lines.extend(expectations);
    lines.extend(tail);
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn head(story: &Story<'_>, screen: Screen) -> Vec<String> {
    let width = screen.width;
    let mut lines = vec![screen.paint(BOLD, cut(story.title, width))];
    let diff = if story.diff.is_empty() { "the scenario as it is written" } else { story.diff };
    lines.push(cut(&format!("policy {}, seed {}: {diff}", story.policy, story.seed), width));
    for accepted in story.accepted {
        lines.extend(wrap(accepted, width).into_iter().map(|line| screen.paint(FAIR, line)));
    }
    lines.push(String::new());
    let style = match (is_harmless(story.verdict), story.verdict.starts_with("no ")) {
        (true, _) => GOOD,
        (false, true) => FAIR,
        (false, false) => BAD,
    };
    let mut verdict = story.verdict.to_owned();
    if let Some(first) = verdict.get(..1) {
        verdict = first.to_uppercase() + &verdict[1..] + ".";
    }
    lines.extend(wrap(&verdict, width).into_iter().take(4).map(|line| screen.paint(style, line)));
    lines.push(String::new());
    let start = story.start_unix_ms;
    let times = || story.moments.iter().filter_map(|moment| moment.at).map(|(at, _)| at);
    // Where there is little room, the time of day is enough.
    let long = times().map(|at| columns(&clock::moment(start, at))).max().unwrap_or(1);
    let shown = |at: SimTime| if long * 3 > width { clock::civil(start, at) } else { clock::moment(start, at) };
    let clock = times().map(|at| columns(&shown(at))).max().unwrap_or(1);
    for moment in story.moments {
        let (at, entry) = moment
            .at
            .map_or_else(|| ("–".to_owned(), String::new()), |(at, entry)| (shown(at), format!("  [why {}]", entry.0)));
        let label = format!("{:<12}", moment.label);
        let room = width.saturating_sub(12 + 1 + clock + 2 + columns(&entry));
        // The number of the entry is on the first line; what does not fit there is folded below it.
        let words = wrap(&moment.sentence, room);
        let (first, rest) = words.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        let first = cut(first, room);
        lines.push(format!("{} {at:<clock$}  {first}{}", screen.paint(DIM, label), screen.paint(DIM, entry)));
        let indent = 12 + 1 + clock + 2;
        let folded = wrap(&rest.join(" "), width.saturating_sub(indent));
        let most = folded.iter().take(FOLDED_MOST);
        lines.extend(most.map(|line| format!("{}{}", " ".repeat(indent), cut(line, width.saturating_sub(indent)))));
    }
    lines
}

fn value(row: &MeasureRow) -> String {
    match (&row.value, row.unit) {
        // Beyond a minute a length is said as people say it; summary.json has its seconds.
        (MeasureValue::Number(seconds), "s") if *seconds >= 60.0 => spoken_s(*seconds),
        (MeasureValue::AtLeast(seconds), "s") if *seconds >= 60.0 => format!("≥ {}", spoken_s(*seconds)),
        (MeasureValue::Number(_) | MeasureValue::AtLeast(_), unit) if !unit.is_empty() => {
            format!("{} {unit}", row.value.shown())
        }
        _ => row.value.shown(),
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
        let text = match (&row.value, row.unit) {
            (MeasureValue::Number(share), "%") => percentage(*share),
            _ => value(row),
        };
        let text = cut(&text, cell.saturating_sub(name_width + 2));
        let pad = cell.saturating_sub(name_width + 2 + columns(&text));
        let style = match row.value {
            MeasureValue::NotComputed(_) => DIM,
            MeasureValue::AtLeast(_) => FAIR,
            MeasureValue::Number(_) | MeasureValue::Text(_) => Style::new(),
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
    sorted.sort_by_key(|row| match row.met {
        Met::Fail => 0,
        Met::Inconclusive => 1,
        Met::Pass => 2,
    });
    let told: Vec<Vec<String>> = sorted.iter().map(|row| expectation(row, screen)).collect();
    // The blank line is above; what does not fit is counted on a line of its own.
    let mut lines = vec![String::new()];
    let whole = told.iter().map(Vec::len).sum::<usize>() < room;
    let mut shown = 0;
    for (at, of_row) in told.iter().enumerate() {
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
    let (mark, style) = match row.met {
        Met::Pass => ("pass", GOOD),
        Met::Fail => ("FAIL", BAD),
        Met::Inconclusive => ("open", FAIR),
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

fn tail(story: &Story<'_>, screen: Screen) -> Vec<String> {
    let mut lines = vec![String::new()];
    // Notes take at most six lines: the files have the rest.
    let notes: Vec<String> = story
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
    lines.push(format!("{} {}", screen.paint(DIM, "files "), story.folder));
    lines.push(format!("{} {}", screen.paint(DIM, "repeat"), story.repeat));
    lines
}
