//! The share of requests that is harmed, over time: failed, and on top of that served by old code.

use super::axis::{self, Caption, HEIGHT, Panel, WIDTH};
use super::canvas::{Area, Canvas, Fill, Type, ink};
use super::capacity::{MOST_PANELS, between, empty, foot, name_panel, panels};
use super::steps::{Point, busiest, points};
use crate::output::describe::Names;
use windtunnel_sim::measure::series::Series;

const LEFT: f64 = 96.0;
const RIGHT: f64 = WIDTH - 60.0;

/// Draws the harmed share, a panel an entry point.
#[must_use]
pub fn svg(caption: Caption<'_>, names: &Names<'_>, series: &Series<'_>) -> String {
    let pools = busiest(caption.plan, MOST_PANELS);
    Canvas::svg(WIDTH, HEIGHT, |canvas| {
        axis::headline(canvas, caption, "Share of requests that is harmed");
        let areas = panels(pools.len(), LEFT, RIGHT);
        for (index, (&pool, &area)) in pools.iter().zip(&areas).enumerate() {
            let points = points(caption.plan, series, pool);
            let panel = draw(canvas, caption, &points, area);
            if pools.len() > 1 {
                name_panel(canvas, names, pool, area);
            }
            foot(canvas, caption, &panel, index, pools.len());
        }
        if pools.is_empty() {
            empty(canvas, caption, areas[0]);
        }
    })
}

fn share(point: &Point, part: f64) -> f64 {
    if point.flow.demand > 0.0 { part / point.flow.demand } else { 0.0 }
}

fn draw(canvas: &mut Canvas<'_>, caption: Caption<'_>, points: &[Point], area: Area) -> Panel {
    let panel = Panel { area, horizon: caption.plan.horizon, top: 1.0 };
    let ticks = if area.height() < 120.0 { vec![0.0, 0.5, 1.0] } else { vec![0.0, 0.25, 0.5, 0.75, 1.0] };
    panel.value_axis(canvas, &ticks, "of the requests", |value| format!("{:.0} %", value * 100.0));
    let failed = |point: &Point| share(point, point.flow.failed);
    let harmed = |point: &Point| point.flow.harmed_share();
    let any_failed = between(canvas, &panel, points, (|_: &Point| 0.0, failed), Fill::Harm);
    let any_stale = between(canvas, &panel, points, (failed, harmed), Fill::Stale);
    let outline: Vec<(f64, f64)> = points.iter().map(|point| (panel.x(point.time), panel.y(harmed(point)))).collect();
    canvas.line(&outline, ink::DARK, 1.5);
    objective(canvas, caption, &panel);
    let worst = points.iter().max_by(|a, b| harmed(a).total_cmp(&harmed(b)).then(b.time.cmp(&a.time)));
    if let Some(worst) = worst.filter(|worst| harmed(worst) > 0.0) {
        let kind = match (any_failed, any_stale) {
            (true, true) => "failed or served by old code",
            (true, false) => "failed",
            (false, _) => "served by old code",
        };
        let text = format!("{} % at worst: {kind}", percent(harmed(worst)));
        annotate(canvas, &panel, worst, harmed(worst), &text);
    } else {
        let at = (f64::midpoint(area.x0, area.x1), f64::midpoint(area.y0, area.y1));
        canvas.text(at, "no request was harmed", Type::new(17.0, ink::SOFT).centred());
    }
    if any_failed && any_stale {
        let key = [(Fill::Harm, "failed"), (Fill::Stale, "served by old code")];
        axis::legend(canvas, (area.x1 - 300.0, area.y0 - 16.0), &key);
    }
    panel
}

/// Writes the worst value beside the point where it is reached first, on the side that has room.
fn annotate(canvas: &mut Canvas<'_>, panel: &Panel, worst: &Point, value: f64, text: &str) {
    let set = Type::new(15.0, ink::DARK).bold();
    let (x, y) = (panel.x(worst.time), panel.y(value));
    // Above the step if there is room above, else below its top, inside.
    let y = if y - panel.area.y0 >= 26.0 { y - 14.0 } else { y + 18.0 };
    if x + set.width(text) + 16.0 <= panel.area.x1 {
        canvas.plate((x + 8.0, y), text, set, ink::PAPER);
    } else {
        canvas.plate((panel.area.x1 - 8.0, y), text, set.right(), ink::PAPER);
    }
}

/// A share as a percentage with as many digits as it needs, at most three.
fn percent(share: f64) -> String {
    let text = if share >= 0.01 { format!("{:.1}", share * 100.0) } else { format!("{:.3}", share * 100.0) };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The line above which the objective is missed.
fn objective(canvas: &mut Canvas<'_>, caption: Caption<'_>, panel: &Panel) {
    let Some(objective) = caption.plan.objective else { return };
    let allowed = 1.0 - objective;
    let y = panel.y(allowed);
    canvas.dashed((panel.area.x0, y), (panel.area.x1, y), ink::BLUE, 2.0);
    let text = format!("objective: at most {} % harmed", percent(allowed));
    let set = Type::new(13.0, ink::BLUE).right();
    canvas.plate((panel.area.x1 - 8.0, y - 13.0), &text, set, ink::PAPER);
}
