//! Capacity against demand: what the backends in rotation are declared to take, by what they do with it, and what users
//! send.

use super::Scene;
use super::axis::{self, Caption, EndLabel, HEIGHT, Panel, TOP, WIDTH};
use super::canvas::{Area, Canvas, Fill, Type, ink};
use super::steps::{Point, busiest, capacity_of, demand_line, points};
use windtunnel_sim::world::ids::EntryPointId;

const LEFT: f64 = 96.0;
const RIGHT: f64 = WIDTH - 190.0;
/// More panels than this are not read.
pub(super) const MOST_PANELS: usize = 4;

/// Draws capacity against demand, a panel an entry point.
pub fn svg(scene: Scene<'_>) -> String {
    let Scene { caption, names, series, .. } = scene;
    let entries = busiest(caption.plan, MOST_PANELS);
    Canvas::svg(WIDTH, HEIGHT, |canvas| {
        let declared = entries.iter().any(|id| capacity_of(caption.plan, *id).is_some());
        let title = match (declared, caption.plan.application.capacity_rps) {
            (true, _) => "Capacity in rotation against demand",
            (false, Some(_)) => "What becomes of demand",
            (false, None) => "What becomes of demand (no capacity is declared)",
        };
        axis::headline(canvas, caption, title);
        let areas = panels(entries.len(), LEFT, RIGHT);
        for (index, (&id, &area)) in entries.iter().zip(&areas).enumerate() {
            let points = points(caption.plan, series, id);
            let panel = draw(canvas, caption, (id, &points), area);
            if entries.len() > 1 {
                name_panel(canvas, names.entry_point(id), area, |_, _| false);
            }
            foot(canvas, caption, &panel, index, entries.len());
        }
        if entries.is_empty() {
            empty(canvas, caption, areas[0]);
        }
        let any = |which: usize| series.entries.iter().any(|row| row.backends[which] > 0);
        let key =
            [(any(1), Fill::Stale, "in rotation with old code"), (any(0), Fill::Harm, "in rotation, cannot serve")];
        let key: Vec<_> = key.into_iter().filter(|entry| entry.0).map(|(_, fill, words)| (fill, words)).collect();
        if declared {
            axis::legend(canvas, (36.0, HEIGHT - 22.0), &key);
        }
    })
}

/// Areas of equal height for `count` panels, at least one.
pub(super) fn panels(count: usize, left: f64, right: f64) -> Vec<Area> {
    let count = count.max(1);
    let (top, bottom, gap) = (TOP + 42.0, HEIGHT - 72.0, 72.0);
    let high = (bottom - top - gap * (count - 1) as f64) / count as f64;
    let at = |index: usize| top + index as f64 * (high + gap);
    (0..count).map(|index| Area { x0: left, y0: at(index), x1: right, y1: at(index) + high }).collect()
}

/// Markers above the first panel and the time axis below the last; ticks alone between.
pub(super) fn foot(canvas: &mut Canvas, caption: Caption<'_>, panel: &Panel, index: usize, count: usize) {
    if index == 0 {
        axis::markers(canvas, caption, panel);
    }
    if index + 1 == count {
        panel.time_axis(canvas, caption);
    } else {
        panel.time_line(canvas, caption);
    }
}

/// What there is to say of a panel, where there are several: on the left, or where nothing is drawn below it.
pub(super) fn name_panel(canvas: &mut Canvas, words: &str, area: Area, drawn: impl Fn(f64, f64) -> bool) {
    let set = Type::new(14.0, ink::DARK).bold();
    let (first, width) = (area.x0 + 10.0, set.width(words));
    let last = area.x1 - 10.0 - width;
    let free = [first, f64::midpoint(first, last), last].into_iter().find(|x| !drawn(x - 4.0, x + width + 4.0));
    canvas.plate((free.unwrap_or(first), area.y0 + 13.0), words, set, ink::PAPER);
}

/// A picture of no traffic.
pub(super) fn empty(canvas: &mut Canvas, caption: Caption<'_>, area: Area) {
    let panel = Panel { area, horizon: caption.plan.horizon, top: 1.0 };
    axis::nothing(canvas, area, "the scenario gives no traffic");
    axis::markers(canvas, caption, &panel);
    panel.time_axis(canvas, caption);
}

/// Fills between two curves, and returns whether there was anything between them.
pub(super) fn between(
    canvas: &mut Canvas,
    panel: &Panel,
    points: &[Point],
    (lower, upper): (impl Fn(&Point) -> f64, impl Fn(&Point) -> f64),
    fill: Fill,
) -> bool {
    // Where there is nothing between them the outline returns on itself, and no pixel is covered.
    let mut outline: Vec<(f64, f64)> =
        points.iter().map(|point| (panel.x(point.time), panel.y(upper(point)))).collect();
    outline.extend(points.iter().rev().map(|point| (panel.x(point.time), panel.y(lower(point)))));
    let any = points.iter().any(|point| upper(point) > lower(point));
    if any {
        canvas.polygon(&outline, fill);
    }
    any
}

/// One panel.
fn draw(canvas: &mut Canvas, caption: Caption<'_>, (id, points): (EntryPointId, &[Point]), area: Area) -> Panel {
    let each = capacity_of(caption.plan, id);
    // Without a declared capacity the layers are what becomes of the requests themselves.
    let takes = |point: &Point, from: usize| match each {
        Some(each) => each * f64::from(point.row.backends[from..].iter().sum::<u32>()),
        None => [point.rates.failed, point.rates.stale, point.rates.served][from..].iter().sum(),
    };
    let most = points.iter().map(|point| takes(point, 0).max(point.rates.demand)).fold(0.0, f64::max);
    let ticks = axis::value_ticks(most);
    let panel = Panel { area, horizon: caption.plan.horizon, top: ticks.last().copied().unwrap_or(1.0) };
    panel.value_axis(canvas, &ticks, ["requests", "a second"], axis::value_label);
    let words = match each {
        Some(_) => ["capacity: serves", "capacity: old code", "capacity: cannot"],
        None => ["served", "served by old code", "failed"],
    };
    let mut labels = Vec::new();
    let mut layer = |canvas: &mut Canvas, (from, fill, name, color)| {
        let upper = |point: &Point| takes(point, from);
        let lower = |point: &Point| takes(point, from + 1);
        between(canvas, &panel, points, (lower, upper), fill);
        if let Some(last) = points.last().filter(|last| upper(last) > lower(last)) {
            let y = panel.y(f64::midpoint(upper(last), lower(last)));
            labels.push(EndLabel { y, text: String::from(name), color });
        }
    };
    layer(canvas, (2, Fill::Plain(ink::PALE_GREEN), words[0], ink::GREEN));
    layer(canvas, (1, Fill::Stale, words[1], ink::DARK));
    layer(canvas, (0, Fill::Harm, words[2], ink::VERMILLION));
    inner_labels(canvas, &panel, points, takes);
    let demand = match caption.plan.entry_point(id).routed {
        None => demand_line(caption.plan, id),
        // Of the users of a name a share comes here, which moves.
        Some(_) => points.iter().map(|point| (point.time, point.rates.demand)).collect(),
    };
    let demand: Vec<(f64, f64)> = demand.into_iter().map(|(at, rps)| (panel.x(at), panel.y(rps))).collect();
    canvas.line(&demand, ink::PAPER, 6.0);
    canvas.line(&demand, ink::DARK, 3.0);
    if let Some(last) = points.last() {
        labels.push(EndLabel { y: panel.y(last.rates.demand), text: "demand".into(), color: ink::DARK });
    }
    axis::end_labels(canvas, area.x1 + 10.0, Area { y1: area.y1 - 4.0, ..area }, labels);
    panel
}

/// Says in words what harms, at its widest stretch, where there is room for that.
fn inner_labels(canvas: &mut Canvas, panel: &Panel, points: &[Point], takes: impl Fn(&Point, usize) -> f64) {
    let set = Type::new(13.0, ink::DARK).bold().centred();
    for (from, words) in [(1, "old code"), (0, "cannot serve")] {
        let widest = points
            .windows(2)
            .filter(|pair| takes(&pair[0], from) > takes(&pair[0], from + 1))
            .max_by_key(|pair| pair[1].time.since(pair[0].time));
        let Some([first, second]) = widest else { continue };
        let (x0, x1) = (panel.x(first.time), panel.x(second.time));
        let (y0, y1) = (panel.y(takes(first, from)), panel.y(takes(first, from + 1)));
        if x1 - x0 >= set.width(words) + 16.0 && y1 - y0 >= 22.0 {
            canvas.plate((f64::midpoint(x0, x1), f64::midpoint(y0, y1)), words, set, ink::PAPER);
        }
    }
}
