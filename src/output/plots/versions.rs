//! Versions over time: instances in rotation by release of the code, and the release that users need; where the code is one
//! and the images are several, the instances that are present by version of the image.

use super::Scene;
use super::axis::{self, EndLabel, HEIGHT, Panel, TOP, WIDTH};
use super::canvas::{Area, Canvas, Fill, Type, ink};
use plotters::style::RGBColor;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::series::FleetRow;
use windtunnel_sim::plan::{Code, Plan};
use windtunnel_words::describe::Names;

const LEFT: f64 = 96.0;
const RIGHT: f64 = WIDTH - 170.0;

/// Tints of the house colours, since they cover large areas. The newest release is blue, those before it take the next
/// colour; a long history comes round again.
const COLORS: [RGBColor; 6] = [
    RGBColor(0x7F, 0xC4, 0xEC),
    RGBColor(0xF3, 0xD3, 0x7A),
    RGBColor(0xDD, 0xA9, 0xC7),
    RGBColor(0x7C, 0xC9, 0xB1),
    RGBColor(0xE0, 0x8A, 0x4E),
    ink::MID_GREY,
];

/// What distinguishes instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Releases of the code, in rotation; the last is for those without a declared one.
    Code,
    /// Versions of images, of those that are present.
    Image,
}

impl Kind {
    fn of(rows: &[FleetRow]) -> Self {
        let several = |kind: Self| {
            let count = rows.first().map_or(0, |row| kind.counts(row).len());
            (0..count).filter(|&at| rows.iter().any(|row| kind.counts(row)[at] > 0)).count() > 1
        };
        if !several(Self::Code) && several(Self::Image) { Self::Image } else { Self::Code }
    }

    fn counts(self, row: &FleetRow) -> &[u32] {
        match self {
            Self::Code => &row.rotation_by_code,
            Self::Image => &row.by_image,
        }
    }

    /// How many have a name, and so a place in the order of colours.
    fn named(self, plan: &Plan) -> usize {
        match self {
            Self::Code => plan.application.releases.len(),
            Self::Image => plan.images.len(),
        }
    }

    fn name<'a>(self, names: &Names<'a>, at: usize) -> &'a str {
        match self {
            Self::Code => names.plan().application.releases.get(at).map_or("undeclared", String::as_str),
            Self::Image => {
                // The number alone, where all are versions of one image.
                let images = &names.plan().images;
                let parts = |name: &'a str| name.rsplit_once('/').unwrap_or(("", name));
                let own = parts(&images[at].name);
                if images.iter().all(|image| parts(&image.name).0 == own.0) { own.1 } else { &images[at].name }
            }
        }
    }
}

/// Draws versions over time.
pub fn svg(scene: Scene<'_>) -> String {
    let Scene { caption, names, series, .. } = scene;
    let area = Area { x0: LEFT, y0: TOP + 68.0, x1: RIGHT, y1: HEIGHT - 72.0 };
    let rows = &series.fleets;
    let kind = Kind::of(rows);
    let count = rows.first().map_or(0, |row| kind.counts(row).len());
    let most = rows.iter().map(|row| kind.counts(row).iter().sum::<u32>()).max().unwrap_or(0);
    let ticks = if most <= 5 { (0..=most.max(1)).map(f64::from).collect() } else { axis::value_ticks(f64::from(most)) };
    let top = ticks.last().copied().unwrap_or(1.0);
    let panel = Panel { area, horizon: caption.plan.horizon, top };
    Canvas::svg(WIDTH, HEIGHT, |canvas| {
        let [title, unit] = match kind {
            Kind::Code => ["Versions in rotation", "in rotation"],
            Kind::Image => ["Versions of the images of instances", "that stand"],
        };
        axis::headline(canvas, caption, title);
        panel.value_axis(canvas, &ticks, ["instances", unit], axis::value_label);
        let end = caption.plan.horizon;
        let mut labels = Vec::new();
        let mut old_seen = false;
        for at in 0..count {
            old_seen |= layer(canvas, &panel, (rows, end), (kind, at), kind.named(caption.plan));
            labels.extend(end_label(&panel, names, rows, (kind, at)));
        }
        for at in 0..count {
            inner_label(canvas, &panel, names, (rows, end), (kind, at));
        }
        if most == 0 {
            axis::nothing(canvas, area, "no instance was in rotation in this run");
        }
        axis::markers(canvas, caption, &Panel { area: Area { y0: area.y0 - 26.0, ..area }, ..panel });
        // Over the lines of the markers, which would cross its words.
        if kind == Kind::Code {
            ribbon(canvas, &panel, names, (rows, end));
        }
        panel.time_axis(canvas, caption);
        axis::end_labels(canvas, RIGHT + 10.0, area, labels);
        if old_seen {
            let key = [(Fill::Old, "older than users need")];
            axis::legend(canvas, (36.0, HEIGHT - 22.0), &key);
        }
    })
}

fn color(code: usize, releases: usize) -> RGBColor {
    match releases.checked_sub(code + 1) {
        Some(age) => COLORS[age % COLORS.len()],
        None => ink::GREY,
    }
}

/// How many there are below a version in the stack, and with it.
fn stack(row: &FleetRow, (kind, at): (Kind, usize)) -> (f64, f64) {
    let counts = kind.counts(row);
    let below: u32 = counts[..at].iter().sum();
    (f64::from(below), f64::from(below + counts[at]))
}

/// The rows with the instant at which each ends.
fn spans(rows: &[FleetRow], end: SimTime) -> impl Iterator<Item = (&FleetRow, SimTime)> {
    let ends = rows.iter().skip(1).map(|row| row.time).chain([end]);
    rows.iter().zip(ends)
}

/// Fills what one release takes of the stack, striped where users need a newer one. Says whether that was so.
fn layer(
    canvas: &mut Canvas,
    panel: &Panel,
    (rows, end): (&[FleetRow], SimTime),
    (kind, at): (Kind, usize),
    named: usize,
) -> bool {
    let mut old_seen = false;
    let spans: Vec<(&FleetRow, SimTime)> = spans(rows, end).filter(|(row, until)| *until > row.time).collect();
    let is_old = |row: &FleetRow| {
        kind == Kind::Code && row.required.is_some_and(|required| at == named || at < usize::from(required))
    };
    let there = |row: &FleetRow| kind.counts(row)[at] > 0;
    for stretch in spans.chunk_by(|(a, _), (b, _)| there(a) == there(b) && is_old(a) == is_old(b)) {
        if !there(stretch[0].0) {
            continue;
        }
        let edge = |pick: fn((f64, f64)) -> f64| {
            stretch.iter().flat_map(move |&(row, until)| {
                let y = panel.y(pick(stack(row, (kind, at))));
                [(panel.x(row.time), y), (panel.x(until), y)]
            })
        };
        let mut outline: Vec<(f64, f64)> = edge(|(_, above)| above).collect();
        let below: Vec<(f64, f64)> = edge(|(below, _)| below).collect();
        outline.extend(below.into_iter().rev());
        canvas.polygon(&outline, Fill::Plain(color(at, named)));
        if is_old(stretch[0].0) {
            old_seen = true;
            canvas.polygon(&outline, Fill::Old);
        }
    }
    old_seen
}

fn end_label(panel: &Panel, names: &Names<'_>, rows: &[FleetRow], (kind, at): (Kind, usize)) -> Option<EndLabel> {
    let last = rows.last().filter(|row| kind.counts(row)[at] > 0)?;
    let (below, above) = stack(last, (kind, at));
    let text = format!("{} · {}", kind.name(names, at), kind.counts(last)[at]);
    Some(EndLabel { y: panel.y(f64::midpoint(below, above)), text, color: ink::DARK })
}

/// Names a release inside its area, at its longest stretch, if it is gone at the end and so has no name there.
fn inner_label(
    canvas: &mut Canvas,
    panel: &Panel,
    names: &Names<'_>,
    (rows, end): (&[FleetRow], SimTime),
    (kind, at): (Kind, usize),
) {
    if rows.last().is_some_and(|row| kind.counts(row)[at] > 0) {
        return;
    }
    let there = spans(rows, end).filter(|(row, _)| kind.counts(row)[at] > 0);
    // The longest stretch without a change, the earliest of equals.
    let widest = there.max_by_key(|(row, until)| (until.since(row.time), std::cmp::Reverse(row.time)));
    let Some((row, until)) = widest else { return };
    let set = Type::new(14.0, ink::DARK).bold();
    let name = kind.name(names, at);
    let (x0, x1) = (panel.x(row.time), panel.x(until));
    let (below, above) = stack(row, (kind, at));
    let (y0, y1) = (panel.y(above), panel.y(below));
    if x1 - x0 >= set.width(name) + 14.0 && y1 - y0 >= 20.0 {
        let at = (f64::midpoint(x0, x1), f64::midpoint(y0, y1));
        canvas.plate(at, name, set.centred(), ink::PAPER);
    } else {
        // No room inside: beside it, on the ground or on its neighbour.
        canvas.plate((x1 + 10.0, f64::midpoint(y0, y1).max(panel.area.y0 + 12.0)), name, set, ink::PAPER);
    }
}

/// The release that users need, as a ribbon above the drawing.
fn ribbon(canvas: &mut Canvas, panel: &Panel, names: &Names<'_>, (rows, end): (&[FleetRow], SimTime)) {
    let releases = names.plan().application.releases.len();
    let strip = Area { y0: panel.area.y0 - 24.0, y1: panel.area.y0 - 6.0, ..panel.area };
    let spans: Vec<(&FleetRow, SimTime)> = spans(rows, end).collect();
    let set = Type::new(13.0, ink::DARK).bold().centred();
    for stretch in spans.chunk_by(|(a, _), (b, _)| a.required == b.required) {
        let (Some((first, _)), Some((_, until))) = (stretch.first(), stretch.last()) else { continue };
        let area = Area { x0: panel.x(first.time), x1: panel.x(*until), ..strip };
        let needed: Option<Code> = first.required;
        let Some(code) = needed else { continue };
        canvas.rect(area, Fill::Plain(color(usize::from(code), releases)));
        let at = (f64::midpoint(area.x0, area.x1), f64::midpoint(area.y0, area.y1));
        let long = format!("users need {}", names.code(code));
        let text = [long.as_str(), names.code(code)].into_iter().find(|text| set.width(text) + 8.0 < area.width());
        if let Some(text) = text {
            canvas.text(at, text, set);
        }
    }
}
