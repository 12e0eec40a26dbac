//! How a measure is spread over the runs, a row a policy: a histogram, the middle nine tenths, median and mean.

use super::{Across, MARGIN, headline, left_out, line_of, named, rows, shown, shown_as, threshold};
use crate::experiment::compare::{Comparison, PolicyResult};
use crate::experiment::statistics::Ranked;
use crate::output::plots::axis::{HEIGHT, TOP, WIDTH};
use crate::output::plots::canvas::{Area, Canvas, Fill, Type, ink};
use windtunnel_sim::measure::Seen;
use windtunnel_words::number::{figure, with_unit};

const LEFT: f64 = 240.0;
const RIGHT: f64 = WIDTH - 270.0;
const BOTTOM: f64 = HEIGHT - 92.0;
/// Bars across the whole axis.
const BARS: usize = 110;

/// Draws the spread of a measure.
pub(super) fn svg(title: &str, comparison: &Comparison, at: usize, what: &str) -> String {
    Canvas::svg(WIDTH, HEIGHT, |canvas| {
        headline(canvas, &format!("{what} under each policy"), title, comparison);
        let shown = shown(comparison);
        let values = shown.iter().flat_map(|policy| policy.values(at).iter().filter_map(|value| value.least()));
        let axis = Across::of(LEFT, RIGHT, values.chain(line_of(comparison, at)));
        let bands = rows(shown.len(), TOP + 20.0, BOTTOM);
        let bottom = bands.last().map_or(BOTTOM, |band| band.1);
        axis.draw(canvas, bands.first().map_or(BOTTOM, |band| band.0), bottom, &named(comparison, at));
        for (policy, band) in shown.iter().zip(&bands) {
            row(canvas, comparison, policy, at, &axis, *band);
        }
        let top = bands.first().map_or(BOTTOM, |band| band.0);
        threshold(canvas, comparison, at, &axis, (top, bottom));
        left_out(canvas, comparison.policies.len() - shown.len(), bottom + 40.0);
        let open = shown.iter().any(|policy| policy.summaries[at].open > 0);
        key(canvas, open);
    })
}

fn row(
    canvas: &mut Canvas,
    comparison: &Comparison,
    policy: &PolicyResult,
    at: usize,
    axis: &Across,
    (top, bottom): (f64, f64),
) {
    let middle = f64::midpoint(top, bottom);
    let (color, word_color, words_of) = shown_as(comparison, policy, at);
    let set = Type::new(15.0, ink::DARK).bold();
    canvas.text((MARGIN, middle - 9.0), &set.fit(&policy.name, LEFT - MARGIN - 24.0), set);
    let set = Type::new(13.0, word_color).bold();
    canvas.text((MARGIN, middle + 11.0), &set.fit(&words_of, LEFT - MARGIN - 14.0), set);
    let floor = bottom - 0.24 * (bottom - top);
    canvas.line(&[(axis.x(0.0).min(axis.x0), floor), (axis.x1, floor)], ink::RULE, 1.0);
    bars(canvas, policy, at, axis, (top + 6.0, floor), Fill::Plain(color));
    let summary = &policy.summaries[at];
    let beyond = |ranked: Ranked| match ranked {
        Ranked::Number(number) => axis.x(number),
        Ranked::AtLeast(_) => axis.x1 + 10.0,
    };
    let below = floor + 0.11 * (bottom - top);
    if let [low, median, high] = summary.quantiles[..] {
        canvas.line(&[(beyond(low.value), below), (beyond(high.value), below)], ink::DARK, 2.0);
        let x = beyond(median.value);
        canvas.line(&[(x, below - 5.0), (x, below + 5.0)], ink::DARK, 3.0);
    }
    if let Some(mean) = summary.mean {
        canvas.dot((axis.x(mean.mean), below), 4.5, ink::PAPER, 1.0);
        canvas.dot((axis.x(mean.mean), below), 3.5, ink::DARK, 1.0);
    }
    let unit = &comparison.columns[at].unit;
    let (first, second) = words(policy, at, unit);
    canvas.text((RIGHT + 28.0, middle - 9.0), &first, Type::new(15.0, ink::DARK).bold());
    let set = Type::new(13.0, ink::SOFT);
    canvas.text((RIGHT + 28.0, middle + 11.0), &set.fit(&second, WIDTH - RIGHT - 38.0), set);
}

/// A histogram whose highest bar fills the row; what was open is beyond the axis.
fn bars(canvas: &mut Canvas, policy: &PolicyResult, at: usize, axis: &Across, (top, floor): (f64, f64), fill: Fill) {
    let mut counts = [0_u32; BARS];
    let (mut open, mut none) = (0_u32, 0_u32);
    for value in policy.values(at) {
        match value {
            // On an axis of decades zero stands by itself.
            Seen::Number(number) if axis.log && number < axis.low => none += 1,
            Seen::Number(number) => {
                counts[((axis.share(number) * BARS as f64) as usize).min(BARS - 1)] += 1;
            }
            Seen::AtLeast(_) => open += 1,
            Seen::Word(_) | Seen::NotComputed(_) => {}
        }
    }
    let most = f64::from(counts.iter().copied().max().unwrap_or(0).max(open).max(none).max(1));
    let wide = (axis.x1 - axis.x0) / BARS as f64;
    let high = |count: u32| (floor - top) * f64::from(count) / most;
    for (bar, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let x0 = axis.x0 + bar as f64 * wide;
        canvas.rect(Area { x0: x0 + 0.5, y0: floor - high(count).max(1.0), x1: x0 + wide - 0.5, y1: floor }, fill);
    }
    if none > 0 {
        let x0 = axis.x(0.0) - 4.0;
        canvas.rect(Area { x0, y0: floor - high(none).max(1.0), x1: x0 + 8.0, y1: floor }, fill);
    }
    if open > 0 {
        let x0 = axis.x1 + 4.0;
        canvas.rect(Area { x0, y0: floor - high(open).max(1.0), x1: x0 + 12.0, y1: floor }, Fill::Harm);
    }
}

/// What the row says in numbers, in two lines.
fn words(policy: &PolicyResult, at: usize, unit: &str) -> (String, String) {
    let summary = &policy.summaries[at];
    if let Some(value) = summary.constant() {
        return (with_unit(&figure(value), unit), "in every run".to_owned());
    }
    let high = summary.quantiles.last().map_or_else(String::new, |quantile| match quantile.value {
        Ranked::Number(number) => format!("95th pct {}", figure(number)),
        Ranked::AtLeast(least) => format!("95th pct ≥ {}", figure(least)),
    });
    let first = match summary.mean {
        Some(mean) => format!("mean {}", with_unit(&figure(mean.mean), unit)),
        None if summary.open > 0 => format!("open in {} runs", summary.open),
        None => "not computed".to_owned(),
    };
    let second = match summary.nonzero {
        Some((count, _)) if count < summary.valued() => {
            format!("{high}, zero in {} %", figure(100.0 - 100.0 * count as f64 / summary.valued() as f64))
        }
        _ => high,
    };
    (first, second)
}

fn key(canvas: &mut Canvas, open: bool) {
    let (y, set) = (HEIGHT - 24.0, Type::new(13.0, ink::SOFT));
    let x = MARGIN + 6.0;
    canvas.dot((x, y), 3.5, ink::DARK, 1.0);
    canvas.text((x + 12.0, y), "mean", set);
    canvas.line(&[(x + 84.0, y - 5.0), (x + 84.0, y + 5.0)], ink::DARK, 3.0);
    canvas.text((x + 94.0, y), "median", set);
    canvas.line(&[(x + 176.0, y), (x + 206.0, y)], ink::DARK, 2.0);
    canvas.text((x + 216.0, y), "from the 5th to the 95th percentile", set);
    if open {
        canvas.rect(Area { x0: x + 490.0, y0: y - 7.0, x1: x + 502.0, y1: y + 7.0 }, Fill::Harm);
        canvas.text((x + 512.0, y), "still open at the horizon", set);
    }
    canvas.text((WIDTH - MARGIN, y), "the highest bar of each row fills it", set.right());
}
