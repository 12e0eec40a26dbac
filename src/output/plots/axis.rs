//! Axes, titles and the frame that all plots share.

use super::canvas::{Area, Canvas, Fill, Type, ink};
use plotters::style::RGBColor;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::ids::ActionId;
use windtunnel_words::clock::{self, Clock, offset};
use windtunnel_words::number::decimals;

/// Width of every plot, in pixels.
pub const WIDTH: f64 = 1280.0;
/// Height of every plot that need not be lower, in pixels: sixteen to nine.
pub const HEIGHT: f64 = 720.0;
/// Where the drawing begins below title and subtitle.
pub const TOP: f64 = 104.0;
/// How far from the edge words begin.
pub const MARGIN: f64 = 36.0;

/// Which run a plot is of.
#[derive(Clone, Copy, Debug)]
pub struct Caption<'a> {
    /// The plan that was run.
    pub plan: &'a Plan,
    /// The seed it was run with.
    pub seed: u64,
    /// Acts of the timeline that were refused.
    pub refused: &'a [ActionId],
}

/// Title, and below it the scenario, the policy and the seed.
pub fn headline(canvas: &mut Canvas, caption: Caption<'_>, title: &str) {
    titled(canvas, title, &caption.plan.title, &format!("{} · seed {}", caption.plan.policy, caption.seed));
}

/// Title, and below it the scenario and of which runs this is.
pub fn titled(canvas: &mut Canvas, title: &str, scenario: &str, runs: &str) {
    let set = Type::new(25.0, ink::DARK).bold();
    canvas.text((MARGIN, 40.0), &set.fit(title, WIDTH - 2.0 * MARGIN), set);
    let set = Type::new(15.0, ink::SOFT);
    let tail = format!(" · {runs}");
    let scenario = set.fit(scenario, WIDTH - 2.0 * MARGIN - set.width(&tail));
    canvas.text((MARGIN, 70.0), &format!("{scenario}{tail}"), set);
}

/// A length as an axis says it: `1 h 30 min`.
pub fn tick_label(ms: u64) -> String {
    let mut left = ms;
    let mut parts = Vec::new();
    for (unit, name) in clock::UNITS.into_iter().chain([(1, "ms")]) {
        if left >= unit {
            parts.push(format!("{} {name}", left / unit));
            left %= unit;
        }
    }
    if parts.is_empty() { "0".to_owned() } else { parts.join(" ") }
}

/// Steps between the ticks of time, in milliseconds; the report takes those of a second and more.
pub const STEPS: [u64; 27] = [
    1,
    10,
    100,
    1000,
    2000,
    5000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
    604_800_000,
    1_209_600_000,
    2_419_200_000,
    4_838_400_000,
    31_536_000_000,
];

/// The instants that get a tick: round ones, at most nine steps, in milliseconds.
pub fn time_ticks(horizon: SimTime) -> Vec<u64> {
    let horizon = horizon.ms();
    let fits = |step: &&u64| horizon / **step <= 9;
    let step = STEPS.iter().find(fits).copied().unwrap_or(horizon / 9);
    (0..=horizon / step).map(|n| n * step).collect()
}

/// The values that get a tick: from 0 on in at most six or so steps of 1, 2 or 5 times a power of
/// ten, up to the first at or above `top`.
pub fn value_ticks(top: f64) -> Vec<f64> {
    let top = if top > 0.0 { top } else { 1.0 };
    let mut step = 1e-6;
    'search: loop {
        for factor in [1.0, 2.0, 5.0] {
            if top / (step * factor) <= 6.0 {
                step *= factor;
                break 'search;
            }
        }
        step *= 10.0;
    }
    let steps = (top / step).ceil() as u32;
    (0..=steps).map(|n| f64::from(n) * step).collect()
}

/// A value with as many digits as its step needs and thin groups of three.
pub fn value_label(value: f64) -> String {
    let text = decimals(value, 6);
    let (whole, rest) =
        text.split_once('.').map_or((text.as_str(), String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped + &rest
}

/// A drawing area with time across, and perhaps values up.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    /// Where it is.
    pub area: Area,
    /// The instant at its right edge.
    pub horizon: SimTime,
    /// The value at its top.
    pub top: f64,
}

impl Panel {
    /// Where an instant lies across.
    pub fn x(&self, at: SimTime) -> f64 {
        self.x_ms(at.ms() as f64)
    }

    /// Where a number of milliseconds lies across.
    pub fn x_ms(&self, ms: f64) -> f64 {
        let share = ms / (self.horizon.ms().max(1)) as f64;
        self.area.x0 + share.clamp(0.0, 1.0) * self.area.width()
    }

    /// Where a value lies up.
    pub fn y(&self, value: f64) -> f64 {
        self.area.y1 - (value / self.top).clamp(0.0, 1.0) * self.area.height()
    }

    /// Draws the values up the left side, with light lines across, and says above them, in two short lines, what
    /// they are.
    pub fn value_axis(&self, canvas: &mut Canvas, ticks: &[f64], name: [&str; 2], label: impl Fn(f64) -> String) {
        for &tick in ticks {
            let y = self.y(tick);
            canvas.line(&[(self.area.x0, y), (self.area.x1, y)], ink::GRID, 1.0);
            canvas.text((self.area.x0 - 8.0, y), &label(tick), Type::new(13.0, ink::SOFT).right());
        }
        for (line, up) in name.into_iter().zip([36.0, 21.0]) {
            canvas.text((self.area.x0 - 8.0, self.area.y0 - up), line, Type::new(12.0, ink::SOFT).right());
        }
    }

    /// Draws the time below.
    pub fn time_axis(&self, canvas: &mut Canvas, caption: Caption<'_>) {
        let time = self.time_line(canvas, caption);
        let set = Type::new(11.0, ink::SOFT).centred();
        for (ms, elapsed) in time.ticks().into_iter().filter_map(|tick| Some((tick.ms, tick.elapsed?))) {
            canvas.text((self.x_ms(ms as f64), self.area.y1 + 34.0), &elapsed, set);
        }
        let right = Type::new(13.0, ink::SOFT).right();
        canvas.text((self.area.x1, self.area.y1 + time.foot()), &time.note(), right);
    }

    /// Draws the ticks of time with their labels, and no more.
    pub fn time_line(&self, canvas: &mut Canvas, caption: Caption<'_>) -> Time {
        let y = self.area.y1;
        canvas.line(&[(self.area.x0, y), (self.area.x1, y)], ink::RULE, 1.5);
        let time = Time { horizon: self.horizon, ..Time::of(caption.plan) };
        for Tick { ms, label, .. } in time.ticks() {
            let x = self.x_ms(ms as f64);
            canvas.line(&[(x, y), (x, y + 6.0)], ink::RULE, 1.5);
            canvas.text((x, y + 19.0), &label, Type::new(13.0, ink::DARK).centred());
        }
        time
    }
}

/// A tick of an axis of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Where, in milliseconds since the start.
    pub ms: u64,
    /// The time of day, or how long after the start it is where the scenario has no civil time.
    pub label: String,
    /// How long after the start it is, where the label is a time of day.
    pub elapsed: Option<String>,
}

/// What an axis of time is made from.
#[derive(Clone, Debug)]
pub struct Time {
    clock: Clock,
    horizon: SimTime,
}

/// A day, in milliseconds.
const DAY: u64 = 86_400_000;

impl Time {
    /// That of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self { clock: Clock::of(plan), horizon: plan.horizon }
    }

    /// The ticks: round times of day, or round lengths since the start.
    pub fn ticks(&self) -> Vec<Tick> {
        let round = time_ticks(self.horizon);
        let step = round.get(1).copied().unwrap_or(1);
        let Some(start) = self.clock.zoned(SimTime::ZERO) else {
            return round.into_iter().map(|ms| Tick { ms, label: tick_label(ms), elapsed: None }).collect();
        };
        let local = start.timestamp().as_millisecond() + i64::from(start.offset().seconds()) * 1000;
        let into = u64::try_from(local.rem_euclid(i64::try_from(step).unwrap_or(i64::MAX))).unwrap_or(0);
        let first = if into == 0 { 0 } else { step - into };
        let all = (first..=self.horizon.ms()).step_by(usize::try_from(step).unwrap_or(usize::MAX));
        all.map(|ms| self.tick(ms, step)).collect()
    }

    fn tick(&self, ms: u64, step: u64) -> Tick {
        let at = SimTime::from_ms(ms);
        let Some(now) = self.clock.zoned(at) else { return Tick { ms, label: tick_label(ms), elapsed: None } };
        let form = match () {
            () if step < 1000 => "%H:%M:%S%.3f",
            () if step < 60_000 => "%H:%M:%S",
            () if step >= DAY => "%-d %b",
            () if self.horizon.ms() > DAY + DAY / 2 => "%a %H:%M",
            () => "%H:%M",
        };
        let elapsed = (ms > 0).then(|| offset(at));
        Tick { ms, label: now.strftime(form).to_string(), elapsed }
    }

    /// What the axis is of: the day and the zone, or that it counts from the start.
    pub fn note(&self) -> String {
        let Some(start) = self.clock.zoned(SimTime::ZERO) else { return "time since the start".to_owned() };
        let zone = self.clock.zone_at(SimTime::ZERO).unwrap_or_default();
        format!("{}, {zone}; below, time since {}", start.strftime("%-d %B %Y"), start.strftime("%H:%M"))
    }

    /// How far below the axis its note stands.
    fn foot(&self) -> f64 {
        if self.clock.zone().is_some() { 52.0 } else { 44.0 }
    }
}

/// A name beside the line of a marker, and how high up the line goes for it.
#[derive(Clone, Copy, Debug)]
struct Placed {
    x: f64,
    left: f64,
    right: f64,
    row: usize,
}

/// Rows for the names of markers, the lowest first.
const MARKER_ROWS: usize = 3;

/// The lowest row in which a name is crossed by no line and crosses no name, if there is one. `placed` are the markers
/// that have theirs already.
fn marker_row(x: f64, left: f64, right: f64, placed: &[Placed]) -> Option<usize> {
    (0..MARKER_ROWS).find(|&row| {
        placed.iter().all(|other| {
            let crossed = (left - 3.0..right + 3.0).contains(&other.x) && other.row >= row;
            let crosses = (other.left - 3.0..other.right + 3.0).contains(&x) && other.row <= row;
            let overlaps = other.row == row && left < other.right + 8.0 && other.left < right + 8.0;
            !crossed && !crosses && !overlaps
        })
    })
}

/// Lines are no nearer than this.
const NEAREST: f64 = 3.0;
/// Of more entries than this the lines are further apart: so many dashes are a grey plane.
const MANY: usize = 200;
/// So far.
const NEAREST_OF_MANY: f64 = 12.0;

/// An entry of the timeline as a plot shows it.
struct Marker<'a> {
    at: SimTime,
    name: &'a str,
    /// It was only noted: it has a ring before its name.
    is_note: bool,
    /// It was refused.
    is_refused: bool,
}

/// So much room a ring takes before a name.
const RING: f64 = 13.0;

/// Entries of the timeline, as lines down the drawing with their names above it. Names stand in up to three rows; what
/// fits in none of them keeps its line and loses its name.
pub fn markers(canvas: &mut Canvas, caption: Caption<'_>, panel: &Panel) {
    let set = Type::new(12.0, ink::SOFT);
    let plan = caption.plan;
    let is_refused = |number: usize| caption.refused.iter().any(|refused| refused.index() == number);
    let acts = plan.timeline.iter().enumerate().map(|(number, act)| Marker {
        at: act.at,
        name: &act.name,
        is_note: false,
        is_refused: is_refused(number),
    });
    let notes =
        plan.notes.iter().map(|note| Marker { at: note.at, name: &note.name, is_note: true, is_refused: false });
    let mut all: Vec<Marker<'_>> = acts.chain(notes).filter(|marker| marker.at <= panel.horizon).collect();
    all.sort_by_key(|marker| marker.at);
    let mut placed: Vec<Placed> = Vec::new();
    let mut last = f64::INFINITY;
    let nearest = if all.len() > MANY { NEAREST_OF_MANY } else { NEAREST };
    // From the right, so that a name makes room for the lines that pass through where it would stand.
    for marker in all.iter().rev() {
        let x = panel.x(marker.at);
        // Ten thousand entries are no ten thousand lines: those that share a place are one.
        if last - x < nearest {
            continue;
        }
        last = x;
        let name = set.fit(marker.name, 240.0) + if marker.is_refused { ": refused" } else { "" };
        let ring = if marker.is_note { RING } else { 0.0 };
        let width = set.width(&name) + ring;
        // Near the right edge the name stands to the left of its line.
        let left = if x + 4.0 + width > WIDTH - 12.0 { x - 4.0 - width } else { x + 4.0 };
        let row = marker_row(x, left, left + width, &placed);
        let y = |row: usize| panel.area.y0 - 10.0 - 15.0 * row as f64;
        canvas.dashed((x, row.map_or(panel.area.y0, |row| y(row) - 6.0)), (x, panel.area.y1), ink::SOFT, 1.0);
        if let Some(row) = row {
            canvas.text((left + ring, y(row)), &name, set);
            if marker.is_note {
                canvas.ring((left + 5.0, y(row) + 0.5), 4.0, ink::SOFT, 1.5);
            }
            placed.push(Placed { x, left, right: left + width, row });
        }
    }
}

/// A key of fills with their meanings, from `at` on to the right and on as many lines as it takes.
pub fn legend(canvas: &mut Canvas, at: (f64, f64), entries: &[(Fill, &str)]) {
    let (mut x, mut y) = at;
    for &(fill, meaning) in entries {
        let width = entry_width(fill, meaning);
        if x + width > WIDTH - 10.0 && x > at.0 {
            (x, y) = (at.0, y + 22.0);
        }
        canvas.rect(Area { x0: x, y0: y - 8.0, x1: x + 18.0, y1: y + 8.0 }, fill);
        canvas.text((x + 24.0, y), meaning, entry_type(fill));
        x += width;
    }
}

/// What means harm is in bold.
fn entry_type(fill: Fill) -> Type {
    let set = Type::new(13.0, ink::DARK);
    match fill {
        Fill::Stale | Fill::Harm => set.bold(),
        Fill::Plain(_) | Fill::Old => set,
    }
}

fn entry_width(fill: Fill, meaning: &str) -> f64 {
    24.0 + entry_type(fill).width(meaning) + 26.0
}

/// How many lines [`legend`] takes from `x` on.
pub fn legend_lines(x: f64, entries: &[(Fill, &str)]) -> u32 {
    let (mut at, mut lines) = (x, 1);
    for &(fill, meaning) in entries {
        let width = entry_width(fill, meaning);
        if at + width > WIDTH - 10.0 && at > x {
            (at, lines) = (x, lines + 1);
        }
        at += width;
    }
    lines
}

/// Says in the middle of an empty drawing why it is empty.
pub fn nothing(canvas: &mut Canvas, area: Area, why: &str) {
    let at = (f64::midpoint(area.x0, area.x1), f64::midpoint(area.y0, area.y1));
    canvas.text(at, why, Type::new(17.0, ink::SOFT).centred());
}

/// A label beside the right end of something drawn.
#[derive(Clone, Debug)]
pub struct EndLabel {
    /// The height it would like to have.
    pub y: f64,
    /// What it says.
    pub text: String,
    /// Its colour.
    pub color: RGBColor,
}

/// Writes labels to the right of `x`, moved apart where they would overlap, within `area`.
pub fn end_labels(canvas: &mut Canvas, x: f64, area: Area, mut labels: Vec<EndLabel>) {
    const APART: f64 = 17.0;
    labels.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut least = area.y0 + 6.0;
    for label in &mut labels {
        label.y = label.y.max(least);
        least = label.y + APART;
    }
    let mut most = area.y1;
    for label in labels.iter_mut().rev() {
        label.y = label.y.min(most);
        most = label.y - APART;
    }
    let set = Type::new(14.0, ink::DARK).bold();
    for label in &labels {
        let text = set.fit(&label.text, WIDTH - 12.0 - x);
        canvas.text((x, label.y), &text, Type { color: label.color, ..set });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_of_time_are_round_and_few() {
        let labels = |ms| time_ticks(SimTime::from_ms(ms)).into_iter().map(tick_label).collect::<Vec<_>>();
        assert_eq!(labels(2_700_000)[..3], ["0", "5 min", "10 min"]);
        assert_eq!(labels(2_700_000).len(), 10);
        assert_eq!(labels(3 * 3_600_000)[1..4], ["30 min", "1 h", "1 h 30 min"]);
        assert_eq!(labels(86_400_000)[1], "3 h");
        assert_eq!(labels(0), ["0"]);
    }

    #[test]
    fn no_line_crosses_a_name() {
        // Two markers close together: the left one's name would be crossed by the right one's line, so it stands higher,
        // where that line does not go.
        let right = Placed { x: 110.0, left: 114.0, right: 160.0, row: 0 };
        assert_eq!(marker_row(100.0, 104.0, 150.0, &[right]), Some(1));
        assert_eq!(marker_row(20.0, 24.0, 70.0, &[right]), Some(0));
        // Where every row is taken there is no place.
        let full = [0, 1, 2].map(|row| Placed { row, ..right });
        assert_eq!(marker_row(100.0, 104.0, 150.0, &full), None);
    }

    #[test]
    fn ticks_of_value_reach_the_top() {
        assert_eq!(value_ticks(750.0), [0.0, 200.0, 400.0, 600.0, 800.0]);
        assert_eq!(value_ticks(3.0), [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]);
        assert_eq!(value_ticks(0.0).last(), Some(&1.0));
        assert_eq!([value_label(12_500.0), value_label(0.5), value_label(300.0)], ["12 500", "0.5", "300"]);
    }
}
