//! Differences to the reference, seed by seed: a dot a seed, and the mean with its interval.

use super::{Across, MARGIN, against, headline, left_out, line_of, named, rows, shown};
use crate::experiment::compare::{Comparison, PolicyResult};
use crate::experiment::statistics::{Direction, Method, difference};
use crate::output::plots::axis::{HEIGHT, TOP, WIDTH};
use crate::output::plots::canvas::{Canvas, Type, ink};
use plotters::style::RGBColor;
use windtunnel_words::number::{change, span};

const LEFT: f64 = 240.0;
const RIGHT: f64 = WIDTH - 250.0;
const BOTTOM: f64 = HEIGHT - 92.0;
/// More dots than this become a smear.
const MOST_DOTS: usize = 400;

/// Draws the differences of a measure.
pub(super) fn svg(title: &str, comparison: &Comparison, at: usize) -> String {
    let others = comparison.policies.iter().filter(|policy| !policy.paired.is_empty()).count();
    let shown: Vec<&PolicyResult> = shown(comparison).into_iter().filter(|policy| !policy.paired.is_empty()).collect();
    let line = line(comparison, at);
    let differences: Vec<Vec<f64>> = shown.iter().map(|policy| differences(comparison, policy, at)).collect();
    Canvas::svg(WIDTH, HEIGHT, |canvas| {
        let headed = format!("Harmed requests against {}, seed by seed", comparison.reference_name());
        headline(canvas, &headed, title, comparison);
        let all = || differences.iter().flatten().copied();
        // Intervals that are wider than the dots are spread belong to it.
        let ends = shown.iter().filter_map(|policy| policy.paired[at].interval);
        let ends: Vec<f64> = ends.flat_map(|interval| [interval.low, interval.high]).collect();
        let least = all().chain(ends.iter().copied()).chain(line).fold(0.0, f64::min);
        let most = all().chain(ends.iter().copied()).fold(0.0, f64::max);
        let room = 0.02 * (most - least);
        let axis = Across::new(LEFT, RIGHT, least - room, most + room);
        let bands = rows(shown.len(), TOP + 42.0, BOTTOM);
        let (top, bottom) = (bands[0].0, bands[bands.len() - 1].1);
        let name = format!("difference in {}", named(comparison, at));
        axis.draw(canvas, top, bottom, &name);
        let zero = axis.x(0.0);
        canvas.line(&[(zero, top - 4.0), (zero, bottom)], ink::DARK, 2.0);
        if let Some(line) = line {
            let x = axis.x(line);
            canvas.dashed((x, top - 4.0), (x, bottom), ink::DARK, 2.0);
            let set = Type::new(13.0, ink::DARK).bold();
            let words = "the mean meets the objective to the left";
            let right = x + 6.0 + set.width(words) > RIGHT;
            canvas.text(
                (if right { x - 6.0 } else { x + 6.0 }, top - 34.0),
                words,
                if right { set.right() } else { set },
            );
        }
        ways(canvas, comparison.columns[at].direction(), zero, top);
        for ((policy, differences), band) in shown.iter().zip(&differences).zip(&bands) {
            row(canvas, policy, (at, against(comparison, policy, at)), &axis, differences, *band);
        }
        left_out(canvas, others - shown.len(), bottom + 40.0);
        key(canvas, comparison.replications);
    })
}

/// Up to which difference the mean of a policy keeps the objective, where the reference misses it.
fn line(comparison: &Comparison, at: usize) -> Option<f64> {
    let mean = comparison.policies[comparison.reference].summaries[at].mean?.mean;
    line_of(comparison, at).map(|allowed| allowed - mean).filter(|line| *line < 0.0)
}

fn differences(comparison: &Comparison, policy: &PolicyResult, at: usize) -> Vec<f64> {
    let reference = comparison.policies[comparison.reference].values(at);
    let pairs = reference.iter().zip(policy.values(at));
    pairs.filter_map(|(reference, policy)| Some(difference(reference.number()?, policy.number()?))).collect()
}

/// Which way is the good one.
fn ways(canvas: &mut Canvas, direction: Direction, zero: f64, top: f64) {
    let (left, right) = match direction {
        Direction::Lower => ("← better", "worse →"),
        Direction::Higher => ("← worse", "better →"),
        Direction::Neutral => ("← less", "more →"),
    };
    let set = Type::new(14.0, ink::SOFT).bold();
    if zero > LEFT + 90.0 {
        canvas.text((zero - 10.0, top - 16.0), left, set.right());
    }
    if zero < RIGHT - 90.0 {
        canvas.text((zero + 10.0, top - 16.0), right, set);
    }
}

fn row(
    canvas: &mut Canvas,
    policy: &PolicyResult,
    (at, (color, word_color, words_of)): (usize, (RGBColor, RGBColor, String)),
    axis: &Across,
    differences: &[f64],
    (top, bottom): (f64, f64),
) {
    let paired = &policy.paired[at];
    let middle = f64::midpoint(top, bottom);
    canvas.line(&[(axis.x0, bottom), (axis.x1, bottom)], ink::GRID, 1.0);
    let set = Type::new(15.0, ink::DARK).bold();
    canvas.text((MARGIN, middle - 9.0), &set.fit(&policy.name, LEFT - MARGIN - 24.0), set);
    let set = Type::new(13.0, word_color).bold();
    canvas.text((MARGIN, middle + 11.0), &set.fit(&words_of, LEFT - MARGIN - 14.0), set);
    let every = differences.len().div_ceil(MOST_DOTS).max(1);
    let (high, radius) = ((bottom - top) * 0.34, ((bottom - top) / 24.0).clamp(2.0, 3.5));
    for (index, difference) in differences.iter().enumerate().step_by(every) {
        // The golden ratio spreads neighbours apart, and is the same each time.
        let spread = (index as f64 * 0.618_033_988_749_895).fract() - 0.5;
        canvas.dot((axis.x(*difference), middle + 2.0 * high * spread), radius, color, 0.35);
    }
    if let (Some(difference), Some(interval)) = (paired.difference, paired.interval) {
        let ends = [(axis.x(interval.low), middle), (axis.x(interval.high), middle)];
        canvas.line(&ends, ink::PAPER, 8.0);
        canvas.line(&ends, ink::DARK, 4.0);
        for (x, _) in ends {
            canvas.line(&[(x, middle - 8.0), (x, middle + 8.0)], ink::PAPER, 7.0);
            canvas.line(&[(x, middle - 7.0), (x, middle + 7.0)], ink::DARK, 3.0);
        }
        canvas.dot((axis.x(difference.mean), middle), 6.5, ink::PAPER, 1.0);
        canvas.dot((axis.x(difference.mean), middle), 5.0, ink::DARK, 1.0);
    }
    let first = match (paired.method, paired.difference) {
        (Method::Sign, _) => format!("less in {}, more in {}", paired.less, paired.more),
        (_, Some(difference)) => change(difference.mean),
        (_, None) => "not computed".to_owned(),
    };
    canvas.text((RIGHT + 28.0, middle - 9.0), &first, Type::new(15.0, ink::DARK).bold());
    if let Some(interval) = paired.interval.filter(|_| paired.method != Method::Sign) {
        // The same for every seed, but for the last bit.
        let alike = interval.half() <= 1e-9 * interval.low.abs();
        let words = if alike {
            "the same for every seed".to_owned()
        } else {
            span(&change(interval.low), &change(interval.high))
        };
        canvas.text((RIGHT + 28.0, middle + 11.0), &words, Type::new(13.0, ink::SOFT));
    }
}

fn key(canvas: &mut Canvas, runs: usize) {
    let (y, set) = (HEIGHT - 24.0, Type::new(13.0, ink::SOFT));
    let x = MARGIN + 6.0;
    canvas.dot((x, y), 3.5, ink::SOFT, 0.5);
    let every = runs.div_ceil(MOST_DOTS).max(1);
    let dots = if every == 1 { "one seed".to_owned() } else { format!("one seed, every {every}th shown") };
    canvas.text((x + 12.0, y), &dots, set);
    let x = x + 12.0 + set.width(&dots) + 36.0;
    canvas.line(&[(x, y), (x + 40.0, y)], ink::DARK, 4.0);
    for end in [x, x + 40.0] {
        canvas.line(&[(end, y - 7.0), (end, y + 7.0)], ink::DARK, 3.0);
    }
    canvas.dot((x + 20.0, y), 5.0, ink::DARK, 1.0);
    canvas.text((x + 52.0, y), "mean of the differences and its 95 % interval", set);
}
