//! What was observed over what a run has: dots over an area, and below them what is left of each. Where nothing was recorded, nothing is
//! drawn.

use super::axis::{Panel, value_label};
use super::canvas::{Area, Canvas, Fill, Type, ink};
use crate::experiment::observed::{Scored, ScoredPoint, Simulated};
use windtunnel_sim::engine::time::SimTime;

/// A strip of residuals is so high.
pub const STRIP: f64 = 54.0;
/// Between a drawing and the strip below it.
pub const GAP: f64 = 32.0;
/// An interval that is wider than this is drawn as a bar, and not as a dot.
const BAR: f64 = 14.0;

/// The area of a drawing with room for a strip below it, and the area of that.
pub fn with_strip(area: Area) -> (Area, Area) {
    let top = area.y1 - STRIP;
    (Area { y1: top - GAP, ..area }, Area { y0: top, ..area })
}

/// Draws the observed values of an observation over a drawing; `share` is what of the axis a unit is.
pub fn dots(canvas: &mut Canvas, panel: &Panel, scored: &Scored, share: f64) {
    for point in scored.points.iter().filter(|point| point.from <= panel.horizon) {
        let Some(value) = point.observed.number() else { continue };
        mark(canvas, panel, point, (value * share, point.tolerance * share));
    }
}

/// One value: a dot in the middle of its interval, or a bar with its tolerance over a long one. What is out is a ring.
fn mark(canvas: &mut Canvas, panel: &Panel, point: &ScoredPoint, (value, tolerance): (f64, f64)) {
    let (x0, x1) = (panel.x(point.from), panel.x(point.until));
    let y = panel.y(value);
    if x1 - x0 > BAR {
        for edge in [value - tolerance, value + tolerance] {
            canvas.dashed((x0, panel.y(edge)), (x1, panel.y(edge)), ink::DARK, 1.0);
        }
        canvas.line(&[(x0, y), (x1, y)], ink::PAPER, 5.0);
        canvas.line(&[(x0, y), (x1, y)], ink::DARK, 2.5);
        return;
    }
    let at = (f64::midpoint(x0, x1), y);
    let radius = dot_size(x1 - x0);
    canvas.dot(at, radius + 1.2, ink::PAPER, 0.85);
    if point.within == Some(false) {
        canvas.ring(at, radius + 0.6, ink::VERMILLION, 2.0);
    } else {
        canvas.dot(at, radius, ink::DARK, 1.0);
    }
}

/// Dots are smaller where they stand close together.
const fn dot_size(step: f64) -> f64 {
    if step > 0.0 && step < 5.0 { 2.0 } else { 2.8 }
}

/// Draws what is left of each value, in the tolerance of the observation: a band, dots within it, and rings where one is out.
pub fn residuals(canvas: &mut Canvas, area: Area, horizon: SimTime, scored: &Scored, unit: &str) {
    let middle = f64::midpoint(area.y0, area.y1);
    let half = area.height() / 2.0;
    let typical = typical(scored);
    // The band takes half of the strip; what is further out is at its edge.
    let y = |residual: f64, tolerance: f64| middle - (residual / tolerance.max(1e-9)).clamp(-2.0, 2.0) * half / 2.0;
    let band = Area { y0: middle - half / 2.0, y1: middle + half / 2.0, ..area };
    canvas.rect(band, Fill::Plain(ink::FAINT));
    canvas.line(&[(area.x0, middle), (area.x1, middle)], ink::RULE, 1.0);
    let set = Type::new(12.0, ink::SOFT).right();
    for (sign, edge) in [("+", band.y0), ("−", band.y1)] {
        canvas.text((area.x0 - 8.0, edge), &format!("{sign}{}{unit}", value_label(typical)), set);
    }
    let panel = Panel { area, horizon, top: 1.0 };
    for point in scored.points.iter().filter(|point| point.from <= horizon) {
        let Some(residual) = point.residual else { continue };
        let (x0, x1) = (panel.x(point.from), panel.x(point.until));
        let at = (f64::midpoint(x0, x1), y(residual, point.tolerance));
        if point.within == Some(false) {
            canvas.ring(at, 3.4, ink::VERMILLION, 1.8);
        } else {
            canvas.dot(at, dot_size(x1 - x0) - 0.4, ink::DARK, 1.0);
        }
    }
    let words = format!("observed less simulated: {} of {} within", scored.within, scored.of);
    canvas.plate((area.x0 + 4.0, area.y0 - 17.0), &words, Type::new(12.0, ink::SOFT), ink::PAPER);
}

/// The tolerance that most values have.
fn typical(scored: &Scored) -> f64 {
    let mut all: Vec<f64> =
        scored.points.iter().filter(|point| point.within.is_some()).map(|point| point.tolerance).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(0.0)
}

/// Draws a count that was observed over what the run has: the mean of each interval as steps, and dots.
pub fn counts(canvas: &mut Canvas, area: Area, horizon: SimTime, (name, scored): (&str, &Scored)) -> Panel {
    let numbers =
        scored.points.iter().flat_map(|point| [point.observed.number(), point.simulated.and_then(Simulated::number)]);
    let most = numbers.flatten().fold(1.0, f64::max);
    let panel = Panel { area, horizon, top: most * 1.15 };
    for tick in [0.0, most] {
        let y = panel.y(tick);
        canvas.line(&[(area.x0, y), (area.x1, y)], ink::GRID, 1.0);
        canvas.text((area.x0 - 8.0, y), &value_label(tick), Type::new(12.0, ink::SOFT).right());
    }
    for point in &scored.points {
        let Some(value) = point.simulated.and_then(Simulated::number) else { continue };
        let (x0, x1) = (panel.x(point.from), panel.x(point.until));
        canvas.rect(Area { x0, x1: x1.max(x0 + 1.0), y0: panel.y(value), y1: area.y1 }, Fill::Plain(ink::PALE_GREEN));
    }
    dots(canvas, &panel, scored, 1.0);
    let words = format!("{name}: dots observed, area simulated; {} of {} within", scored.within, scored.of);
    canvas.text((area.x0 + 2.0, area.y0 - 9.0), &words, Type::new(12.0, ink::SOFT));
    panel
}

/// Says what the dots are, from `at` on.
pub fn legend(canvas: &mut Canvas, at: (f64, f64)) -> f64 {
    let set = Type::new(13.0, ink::DARK);
    let mut x = at.0;
    for (words, is_out) in [("observed", false), ("observed, out of its tolerance", true)] {
        if is_out {
            canvas.ring((x + 6.0, at.1), 3.6, ink::VERMILLION, 2.0);
        } else {
            canvas.dot((x + 6.0, at.1), 2.8, ink::DARK, 1.0);
        }
        canvas.text((x + 16.0, at.1), words, set);
        x += 16.0 + set.width(words) + 26.0;
    }
    x
}
