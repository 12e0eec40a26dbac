//! The pictures of a comparison: how harm and downtime are spread under each policy, the differences seed by seed, and
//! safety against speed or cost.
//!
//! A row is a policy; its colour says what became of it against the reference, and so do words beside it.

mod distribution;
mod front;
mod paired;

use super::axis::WIDTH;
use super::canvas::{Canvas, Type, ink};
use crate::experiment::compare::{Comparison, PolicyResult, SAFETY};
use crate::experiment::statistics::Verdict;
use plotters::style::RGBColor;

/// A picture, or why there is none.
#[derive(Clone, Debug)]
pub enum Picture {
    /// As SVG.
    Drawn(String),
    /// There is none, for this reason.
    Left(String),
}

/// Measures of downtime, the sternest first that tells policies apart.
const DOWNTIME: [&str; 3] = ["downtime.full_s", "downtime.degraded_s", "downtime.equivalent_s"];

/// Every picture by the name of its file.
#[must_use]
pub fn pictures(title: &str, comparison: &Comparison) -> [(&'static str, Picture); 4] {
    let apart = |name: &&str| {
        let at = comparison.column(name)?;
        (comparison.is_computed(at) && comparison.constant(at).is_none()).then_some(at)
    };
    let computed = |name: &&str| comparison.column(name).filter(|&at| comparison.is_computed(at));
    let harm = computed(&SAFETY);
    let downtime = DOWNTIME.iter().find_map(apart).or_else(|| DOWNTIME.iter().find_map(computed));
    let absent = |name: &str| Picture::Left(format!("{name} is not computed"));
    let spread = |at: Option<usize>, name, what| {
        at.map_or_else(|| absent(name), |at| Picture::Drawn(distribution::svg(title, comparison, at, what)))
    };
    let paired = match harm {
        None => absent(SAFETY),
        Some(_) if comparison.policies.len() < 2 => Picture::Left("there is no policy to compare with".to_owned()),
        Some(at) => Picture::Drawn(paired::svg(title, comparison, at)),
    };
    let front = match comparison.axes() {
        Some(axes) => Picture::Drawn(front::svg(title, comparison, axes)),
        None => Picture::Left("no measure of harm, or none of speed or cost, has a mean under every policy".to_owned()),
    };
    [
        ("blast-radius", spread(harm, SAFETY, "Harmed requests")),
        ("downtime", spread(downtime, "downtime", "Downtime")),
        ("paired", paired),
        ("front", front),
    ]
}

const MARGIN: f64 = 36.0;
/// More rows than this are not read.
const MOST_ROWS: usize = 12;

/// Title, and below it the scenario and of how many runs this is.
fn headline(canvas: &mut Canvas<'_>, title: &str, scenario: &str, comparison: &Comparison) {
    let set = Type::new(25.0, ink::DARK).bold();
    canvas.text((MARGIN, 40.0), &set.fit(title, WIDTH - 2.0 * MARGIN), set);
    let set = Type::new(15.0, ink::SOFT);
    let last = comparison.first_seed.wrapping_add(comparison.replications.saturating_sub(1) as u64);
    let first = comparison.first_seed;
    let tail = format!(" · {} runs of each policy, seeds {first} to {last}", comparison.replications);
    let scenario = set.fit(scenario, WIDTH - 2.0 * MARGIN - set.width(&tail));
    canvas.text((MARGIN, 70.0), &format!("{scenario}{tail}"), set);
}

/// The colour of a verdict.
const fn color(verdict: Option<Verdict>) -> RGBColor {
    match verdict {
        Some(Verdict::Better) => ink::GREEN,
        Some(Verdict::Worse) => ink::VERMILLION,
        Some(Verdict::More | Verdict::Less | Verdict::Other) => ink::BLUE,
        Some(Verdict::NoDifference | Verdict::Inconclusive) => ink::ORANGE,
        None => ink::SOFT,
    }
}

/// The colour of its words, which have to be read on white.
const fn word_color(verdict: Option<Verdict>) -> RGBColor {
    match verdict {
        Some(Verdict::NoDifference | Verdict::Inconclusive) => ink::DARK,
        other => color(other),
    }
}

/// What became of a policy in a measure; `None` for the reference.
fn verdict(policy: &PolicyResult, at: usize) -> Option<Verdict> {
    policy.paired.get(at).map(|paired| paired.verdict)
}

fn verdict_words(verdict: Option<Verdict>) -> &'static str {
    verdict.map_or("reference", Verdict::words)
}

/// The horizontal bands of `count` rows between two heights.
fn rows(count: usize, top: f64, bottom: f64) -> Vec<(f64, f64)> {
    let high = ((bottom - top) / count.max(1) as f64).min(120.0);
    (0..count).map(|row| (top + row as f64 * high, top + (row + 1) as f64 * high)).collect()
}

/// An axis across from `low` to `high`.
#[derive(Clone, Copy, Debug)]
struct Across {
    x0: f64,
    x1: f64,
    low: f64,
    high: f64,
    step: f64,
}

impl Across {
    /// With room for these values, in round steps.
    fn new(x0: f64, x1: f64, least: f64, most: f64) -> Self {
        // Values that only rounding tells apart still get an axis that has a width.
        let scale = least.abs().max(most.abs()).max(1.0);
        let (least, most) =
            if most - least > 1e-9 * scale { (least, most) } else { (least - 0.5 * scale, most + 0.5 * scale) };
        let mut step = 1e-9;
        while (most - least) / step > 8.0 {
            step = [2.0, 5.0, 10.0]
                .map(|factor| factor * step)
                .into_iter()
                .find(|step| (most - least) / step <= 8.0)
                .unwrap_or(step * 10.0);
        }
        let (low, high) = ((least / step + 1e-9).floor() * step, (most / step - 1e-9).ceil() * step);
        Self { x0, x1, low, high, step }
    }

    fn x(&self, value: f64) -> f64 {
        self.x0 + (value - self.low) / (self.high - self.low) * (self.x1 - self.x0)
    }

    fn ticks(&self) -> Vec<f64> {
        let steps = ((self.high - self.low) / self.step).round() as u32;
        let tidy = |value: f64| if value.abs() < self.step * 1e-6 { 0.0 } else { value };
        (0..=steps).map(|n| tidy(self.low + f64::from(n) * self.step)).collect()
    }

    /// A tick as the axis says it.
    fn label(value: f64) -> String {
        let size = super::axis::value_label(value.abs());
        if value < 0.0 { format!("−{size}") } else { size }
    }

    /// Draws lines down from `top` to `bottom`, and what the values are below.
    fn draw(&self, canvas: &mut Canvas<'_>, top: f64, bottom: f64, name: &str) {
        for tick in self.ticks() {
            let x = self.x(tick);
            canvas.line(&[(x, top), (x, bottom)], ink::GRID, 1.0);
            canvas.text((x, bottom + 16.0), &Self::label(tick), Type::new(13.0, ink::DARK).centred());
        }
        canvas.line(&[(self.x0, bottom), (self.x1, bottom)], ink::RULE, 1.5);
        canvas.text((self.x1, bottom + 40.0), name, Type::new(13.0, ink::SOFT).right());
    }
}

/// A measure with its unit.
fn named(comparison: &Comparison, at: usize) -> String {
    let column = &comparison.columns[at];
    if column.unit.is_empty() { column.name.clone() } else { format!("{}, {}", column.name, column.unit) }
}

/// What is not shown.
fn left_out(canvas: &mut Canvas<'_>, count: usize, y: f64) {
    if count > MOST_ROWS {
        let words = format!("and {} more policies in summary.csv", count - MOST_ROWS);
        canvas.text((MARGIN, y), &words, Type::new(13.0, ink::SOFT));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_round_and_hold_what_they_show() {
        let axis = Across::new(0.0, 100.0, -3.2, 1.1);
        assert_eq!(axis.ticks(), [-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0]);
        let axis = Across::new(0.0, 100.0, 2.08, 2.09);
        assert!(axis.low <= 2.08 && axis.high >= 2.09 && axis.ticks().len() <= 11, "{axis:?}");
        assert!(Across::new(0.0, 1.0, 5.0, 5.0).high > 5.0);
        assert_eq!(Across::new(0.0, 1.0, 0.0, 11.2).low, 0.0);
        assert_eq!([-0.5, 0.0, 1500.0].map(Across::label), ["−0.5", "0", "1 500"]);
    }
}
