//! The fleet heat map: instances by set, zone and fault domain, across time, coloured by what each is.

use super::axis::{self, HEIGHT, Panel, TOP, WIDTH};
use super::canvas::{Area, Canvas, Fill, Type, ink};
use super::{Scene, observed};
use plotters::style::RGBColor;
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::lanes::{Interval, Lane, Lanes};
use windtunnel_sim::plan::Plan;
use windtunnel_words::describe::Names;

const LEFT: f64 = 190.0;
const RIGHT: f64 = WIDTH - 40.0;
/// A row lower than this cannot be distinguished from its neighbours, so rows are merged instead.
const LEAST_ROW: f64 = 3.0;
/// A row is no higher than this, however few there are.
const MOST_ROW: f64 = 54.0;
/// From this height on a row has the name of its instance beside it.
const NAMED_ROW: f64 = 15.0;
/// From this height on a row says in words what harms.
const SPOKEN_ROW: f64 = 18.0;
/// What harms is drawn at least this wide, since it must be seen however short it was.
const LEAST_HARM: f64 = 5.0;
/// Narrower than this nobody sees a pattern, and plain is stronger.
const LEAST_PATTERN: f64 = 9.0;

/// More counts that were observed than this are not drawn below.
const STRIPS_MOST: usize = 2;
/// Each takes so much height.
const STRIP: f64 = 86.0;

/// How a state is drawn.
pub const fn fill(state: LaneState) -> Fill {
    match state {
        LaneState::Creating => Fill::Plain(ink::GREY),
        LaneState::Booting => Fill::Plain(ink::MID_GREY),
        LaneState::Starting => Fill::Plain(ink::PALE_SKY),
        LaneState::Ready => Fill::Plain(ink::SKY),
        LaneState::Serving => Fill::Plain(ink::PALE_GREEN),
        LaneState::StaleServing => Fill::Stale,
        LaneState::NotServing => Fill::Harm,
        LaneState::Out => Fill::Plain(ink::OUTAGE),
        LaneState::Failed => Fill::Plain(ink::DARK),
        LaneState::Deleting => Fill::Plain(ink::FAINT),
    }
}

/// What a picture of the instances shows. Where nothing is in front of them, as of agents, nobody is in rotation.
pub const fn title(plan: &Plan) -> &'static str {
    if plan.pools.is_empty() { "Who is ready, and who is not" } else { "Who is in rotation, and who can serve" }
}

/// What a state is called in the key.
pub const fn meaning(plan: &Plan, state: LaneState) -> &'static str {
    match state {
        LaneState::Starting if plan.pools.is_empty() => "booted, not ready yet",
        LaneState::Ready if plan.pools.is_empty() => "ready",
        LaneState::Out if plan.pools.is_empty() => "not ready",
        LaneState::Creating => "being created",
        LaneState::Booting => "boots",
        LaneState::Starting => "booted, cannot serve yet",
        LaneState::Ready => "could serve, not in rotation",
        LaneState::Serving => "in rotation, serves",
        LaneState::StaleServing => "in rotation with old code",
        LaneState::NotServing => "in rotation, cannot serve",
        LaneState::Out => "out of rotation, cannot serve",
        LaneState::Failed => "failed to come up",
        LaneState::Deleting => "being deleted",
    }
}

/// Which of the states that merged rows hold at once is shown: what harms first, then what is wrong, then what is under
/// way.
const fn weight(state: LaneState) -> u8 {
    match state {
        LaneState::NotServing => 9,
        LaneState::StaleServing => 8,
        LaneState::Failed => 7,
        LaneState::Out => 6,
        LaneState::Starting => 5,
        LaneState::Booting => 4,
        LaneState::Creating => 3,
        LaneState::Ready => 2,
        LaneState::Serving => 1,
        LaneState::Deleting => 0,
    }
}

/// Rows that are together, one a slot: one fault domain of one zone of one set, or more where there is no room for so many groups.
struct Group<'a> {
    set: u16,
    place: String,
    rows: Vec<Vec<&'a Lane>>,
}

/// Draws the heat map.
pub fn svg(scene: Scene<'_>) -> String {
    let Scene { caption, names, lanes, observed: all, .. } = scene;
    let counts = all.map_or_else(Vec::new, |all| all.counts());
    let strips = counts.len().min(STRIPS_MOST) as f64 * STRIP;
    let room = HEIGHT - TOP - 146.0;
    let groups = group(names, lanes, room);
    let merged = merge_factor(&groups, room);
    let bands: usize = groups.iter().map(|group| group.rows.len().div_ceil(merged)).sum();
    let gaps = gap(groups.len()) * groups.len().saturating_sub(1) as f64;
    let row = ((room - gaps) / bands.max(1) as f64).min(MOST_ROW);
    let high = if bands == 0 { 120.0 } else { row * bands as f64 + gaps };
    let states: BTreeSet<LaneState> =
        lanes.lanes.iter().flat_map(|lane| lane.intervals.iter().map(|interval| interval.state)).collect();
    let key: Vec<(Fill, &str)> = states.iter().map(|&state| (fill(state), meaning(caption.plan, state))).collect();
    let lines = axis::legend_lines(36.0, &key);
    let top = TOP + 32.0;
    let bottom = top + high + strips + 72.0;
    let height = bottom + f64::from(lines) * 22.0 + 8.0;
    Canvas::svg(WIDTH, height, |canvas| {
        axis::headline(canvas, caption, title(caption.plan));
        let area = Area { x0: LEFT, y0: top, x1: RIGHT, y1: top + high };
        let panel = Panel { area, horizon: caption.plan.horizon, top: 1.0 };
        let all = lanes.lanes.iter().map(|lane| lane.intervals.len()).sum::<usize>();
        let columns = (MOST_RECTS / bands.max(1)).max(1) as u64;
        let column = if all > MOST_RECTS { caption.plan.horizon.ms().div_ceil(columns) } else { 0 };
        let mut y = top;
        for (index, group) in groups.iter().enumerate() {
            let first_of_set = index == 0 || groups[index - 1].set != group.set;
            y = draw_group(canvas, &panel, names, group, Layout { y, row, merged, first_of_set, column });
            y += gap(groups.len());
        }
        if bands == 0 {
            axis::nothing(canvas, area, "no instance was present or created in this run");
        }
        axis::markers(canvas, caption, &panel);
        for (at, (row, scored)) in counts.iter().take(STRIPS_MOST).enumerate() {
            let y0 = top + high + at as f64 * STRIP + 30.0;
            let area = Area { y0, y1: y0 + STRIP - 34.0, ..area };
            observed::counts(canvas, area, panel.horizon, (&row.name, scored));
        }
        let foot = Panel { area: Area { y1: top + high + strips, ..area }, ..panel };
        foot.time_axis(canvas, caption);
        if merged > 1 {
            let note = format!("each row is up to {merged} slots and shows the worst of them");
            canvas.text((RIGHT, 70.0), &note, Type::new(13.0, ink::SOFT).right());
        }
        axis::legend(canvas, (36.0, bottom), &key);
    })
}

/// The space between groups: less the more there are.
const fn gap(groups: usize) -> f64 {
    match groups {
        0..=10 => 6.0,
        11..=30 => 3.0,
        _ => 1.0,
    }
}

/// The rows in groups: by fault domain if there is room for that many groups, else by zone, else by set.
fn group<'a>(names: &Names<'_>, lanes: &'a Lanes, room: f64) -> Vec<Group<'a>> {
    let mut finest = Vec::new();
    for depth in [2, 1, 0] {
        let mut sorted: Vec<&Lane> = lanes.lanes.iter().collect();
        sorted.sort_by_key(|lane| (lane.set, lane.at.zone, lane.at.fault_domain, lane.instance));
        let mut groups: Vec<Group<'a>> = Vec::new();
        for lane in sorted {
            let set = &names.plan().sets[lane.set.index()];
            let mut place = Vec::new();
            if depth >= 1 && !set.zones.is_empty() {
                place.push(format!("zone {}", lane.at.zone));
            }
            if depth >= 2 && set.fault_domains > 1 {
                place.push(format!("FD {}", lane.at.fault_domain));
            }
            let place = place.join(" · ");
            match groups.last_mut() {
                Some(last) if last.set == lane.set.0 && last.place == place => last.rows[0].push(lane),
                _ => groups.push(Group { set: lane.set.0, place, rows: vec![vec![lane]] }),
            }
        }
        for group in &mut groups {
            let mut rows: BTreeMap<u32, Vec<&Lane>> = BTreeMap::new();
            for lane in std::mem::take(&mut group.rows).concat() {
                rows.entry(lane.slot).or_default().push(lane);
            }
            group.rows = rows.into_values().collect();
        }
        let enough = groups.len() as f64 * (LEAST_ROW + gap(groups.len())) <= room;
        finest = groups;
        if enough {
            break;
        }
    }
    finest
}

/// How many instances share a row, so that rows do not become too low.
fn merge_factor(groups: &[Group<'_>], room: f64) -> usize {
    let room = room - gap(groups.len()) * groups.len() as f64;
    let fits = |factor: &usize| {
        let bands: usize = groups.iter().map(|group| group.rows.len().div_ceil(*factor)).sum();
        bands as f64 * LEAST_ROW <= room
    };
    let most = groups.iter().map(|group| group.rows.len()).max().unwrap_or(1);
    (1..=most).find(fits).unwrap_or(most)
}

#[derive(Clone, Copy)]
struct Layout {
    y: f64,
    row: f64,
    merged: usize,
    first_of_set: bool,
    /// What is shorter than so many milliseconds is drawn together with what is beside it; 0 for nothing.
    column: u64,
}

/// More rectangles than about twice this are too many for a picture: then what is short is drawn together.
const MOST_RECTS: usize = 14_000;

/// Intervals of which those that lie in one column of time are one, as bad as the worst of them.
fn together(intervals: Vec<Interval>, column: u64) -> Vec<Interval> {
    if column == 0 {
        return intervals;
    }
    let mut kept: Vec<(Interval, bool)> = Vec::new();
    for interval in intervals {
        let place = |at: SimTime| at.ms() / column;
        let short = place(interval.from) == place(SimTime::from_ms(interval.until.ms().saturating_sub(1)));
        match kept.last_mut() {
            Some((last, true)) if short && last.until == interval.from && place(last.from) == place(interval.from) => {
                last.until = interval.until;
                if weight(interval.state) > weight(last.state) {
                    last.state = interval.state;
                }
            }
            _ => kept.push((interval, short)),
        }
    }
    kept.into_iter().map(|(interval, _)| interval).collect()
}

/// Draws the rows of a group with its labels, and returns where it ends.
fn draw_group(canvas: &mut Canvas, panel: &Panel, names: &Names<'_>, group: &Group<'_>, at: Layout) -> f64 {
    let mut y = at.y;
    let named = at.row >= NAMED_ROW && at.merged == 1;
    for rows in group.rows.chunks(at.merged) {
        let band = Area { x0: panel.area.x0, y0: y, x1: panel.area.x1, y1: y + at.row };
        draw_band(canvas, panel, band, &together(worst(&rows.concat()), at.column));
        if named {
            let middle = y + at.row / 2.0;
            let size = if at.row >= SPOKEN_ROW { 13.0 } else { 11.0 };
            let set = Type::new(size, ink::DARK).right();
            // The place stands under the name where there is room, else the group's label says it.
            let lower = at.row >= 34.0 && !group.place.is_empty();
            let more = rows[0].len() - 1;
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            let name = set.fit_end(&format!("{}{more}", names.instance(rows[0][0].instance)), LEFT - 30.0);
            canvas.text((LEFT - 10.0, if lower { middle - 8.0 } else { middle }), &name, set);
            if lower {
                let set = Type::new(11.0, ink::SOFT).right();
                canvas.text((LEFT - 10.0, middle + 9.0), &group.place, set);
            }
        }
        y += at.row;
    }
    if !named {
        label_group(canvas, names, group, at, y);
    }
    y
}

/// Beside a group whose rows have no names: the set at its first group, and the place.
fn label_group(canvas: &mut Canvas, names: &Names<'_>, group: &Group<'_>, at: Layout, end: f64) {
    let high = end - at.y;
    canvas.line(&[(LEFT - 6.0, at.y), (LEFT - 6.0, end)], ink::RULE, 2.0);
    let set_name = names.plan().sets[usize::from(group.set)].name.as_str();
    let set = Type::new(13.0, ink::DARK).bold().right();
    let place = Type::new(11.0, ink::SOFT).right();
    let middle = f64::midpoint(at.y, end);
    let count = format!("{} ×", group.rows.len());
    let detail = if group.place.is_empty() { count } else { format!("{} · {count}", group.place) };
    let both = at.first_of_set && high >= 26.0;
    if both {
        canvas.text((LEFT - 14.0, middle - 8.0), &set.fit_end(set_name, LEFT - 24.0), set);
        canvas.text((LEFT - 14.0, middle + 8.0), &place.fit(&detail, LEFT - 40.0), place);
    } else if high >= 11.0 {
        canvas.text((LEFT - 14.0, middle), &place.fit(&detail, LEFT - 40.0), place);
    }
}

/// Draws one row: first what is as it should be, then what harms, so that nothing hides that.
fn draw_band(canvas: &mut Canvas, panel: &Panel, band: Area, intervals: &[Interval]) {
    let gap = if band.height() >= 8.0 { 1.0 } else { 0.0 };
    for harms in [false, true] {
        for interval in intervals.iter().filter(|interval| interval.state.harms() == harms) {
            let (x0, mut x1) = (panel.x(interval.from), panel.x(interval.until));
            if harms {
                x1 = x1.max(x0 + LEAST_HARM);
            }
            let area = Area { x0, y0: band.y0 + gap, x1, y1: band.y1 - gap };
            let narrow = harms && area.width() < LEAST_PATTERN;
            canvas.rect(area, if narrow { Fill::Plain(plain(interval.state)) } else { fill(interval.state) });
            if harms && band.height() >= SPOKEN_ROW {
                say(canvas, area, interval.state);
            }
        }
    }
}

/// The colour of what harms where it is too narrow for a pattern.
const fn plain(state: LaneState) -> RGBColor {
    match state {
        LaneState::StaleServing => ink::ORANGE,
        _ => ink::VERMILLION,
    }
}

/// Says in words what harms, where there is room, so that colour does not carry it alone.
fn say(canvas: &mut Canvas, area: Area, state: LaneState) {
    let set = Type::new(13.0, ink::DARK).bold().centred();
    let at = (f64::midpoint(area.x0, area.x1), f64::midpoint(area.y0, area.y1));
    let words: [&str; 2] = match state {
        LaneState::StaleServing => ["serves old code", "old code"],
        _ => ["in rotation, cannot serve", "cannot serve"],
    };
    if let Some(word) = words.iter().find(|word| set.width(word) + 20.0 <= area.width()) {
        canvas.plate(at, word, set, ink::PAPER);
    }
}

/// What the worst of some instances is, at every instant.
fn worst(lanes: &[&Lane]) -> Vec<Interval> {
    if let [one] = lanes {
        return one.intervals.clone();
    }
    // Changes of how many are in each state, in the order of time.
    let mut changes: Vec<(SimTime, LaneState, i32)> = Vec::new();
    for interval in lanes.iter().flat_map(|lane| &lane.intervals) {
        changes.push((interval.from, interval.state, 1));
        changes.push((interval.until, interval.state, -1));
    }
    changes.sort_unstable_by_key(|&(at, state, step)| (at, state, step));
    let mut counts = [0_i32; LaneState::ALL.len()];
    let mut result: Vec<Interval> = Vec::new();
    let mut open: Option<(SimTime, LaneState)> = None;
    let mut changes = changes.into_iter().peekable();
    while let Some((at, state, step)) = changes.next() {
        counts[state as usize] += step;
        if changes.peek().is_some_and(|&(next, ..)| next == at) {
            continue;
        }
        let there = LaneState::ALL.into_iter().filter(|&state| counts[state as usize] > 0);
        let now = there.max_by_key(|&state| weight(state));
        if open.map(|(_, state)| state) != now {
            result.extend(open.map(|(from, state)| Interval { from, until: at, state }));
            open = now.map(|state| (at, state));
        }
    }
    result
}
