//! The pictures of a comparison: how harm and downtime are spread under each policy, the differences seed by seed, and
//! harm against the length of rollouts that complete.
//!
//! A row is a policy; its colour says what became of it against the reference, and so do words beside it.

mod distribution;
mod length;
mod paired;

use super::axis::{MARGIN, titled};
use super::canvas::{Canvas, Type, ink};
use crate::experiment::assessment::{Assessments, Keeps, Weight, allowed, weight};
use crate::experiment::compare::{Comparison, PolicyResult};
use crate::experiment::replicate::seed_of;
use crate::experiment::statistics::Verdict;
use plotters::style::RGBColor;
use windtunnel_sim::measure::catalogue::{DEGRADED, EQUIVALENT, FULL, HARMED};
use windtunnel_words::number::percent;

/// A picture, or why there is none.
#[derive(Clone, Debug)]
pub enum Picture {
    /// As SVG.
    Drawn(String),
    /// There is none, for this reason.
    Left(String),
}

/// Measures of downtime, the sternest first that tells policies apart.
const DOWNTIME: [&str; 3] = [FULL, DEGRADED, EQUIVALENT];

/// Every picture by the name of its file.
pub fn pictures(title: &str, comparison: &Comparison) -> [(&'static str, Picture); 4] {
    let apart = |name: &&str| {
        let at = comparison.column(name)?;
        (comparison.is_computed(at) && comparison.constant(at).is_none()).then_some(at)
    };
    let computed = |name: &&str| comparison.column(name).filter(|&at| comparison.is_computed(at));
    let harm = computed(&HARMED);
    let downtime = DOWNTIME.iter().find_map(apart).or_else(|| DOWNTIME.iter().find_map(computed));
    let absent = |name: &str| Picture::Left(format!("{name} is not computed"));
    let spread = |at: Option<usize>, name, what| {
        at.map_or_else(|| absent(name), |at| Picture::Drawn(distribution::svg(title, comparison, at, what)))
    };
    let paired = match harm {
        None => absent(HARMED),
        Some(_) if comparison.policies.len() < 2 => Picture::Left("there is no policy to compare with".to_owned()),
        Some(at) => Picture::Drawn(paired::svg(title, comparison, at)),
    };
    let assessments = Assessments::of(comparison);
    let length = match length::points(comparison, &assessments) {
        Some(points) => Picture::Drawn(length::svg(title, comparison, &assessments, &points)),
        None => Picture::Left(
            "it takes the reference and another policy whose rollouts both complete in every run".to_owned(),
        ),
    };
    [
        ("blast-radius", spread(harm, HARMED, "Harmed requests")),
        ("downtime", spread(downtime, "downtime", "Downtime")),
        ("paired", paired),
        ("length", length),
    ]
}

/// More rows than this are not read.
const MOST_ROWS: usize = 12;

/// Title, and below it the scenario and of how many runs this is.
fn headline(canvas: &mut Canvas, title: &str, scenario: &str, comparison: &Comparison) {
    let Comparison { first_seed: first, replications, .. } = *comparison;
    let last = seed_of(first, replications.saturating_sub(1));
    titled(canvas, title, scenario, &format!("{replications} runs of each policy, seeds {first} to {last}"));
}

/// The colour of a verdict.
const fn color(verdict: Option<Verdict>) -> RGBColor {
    match verdict {
        Some(Verdict::Better) => ink::GREEN,
        Some(Verdict::Worse) => ink::VERMILLION,
        Some(Verdict::More | Verdict::Less | Verdict::Other) => ink::BLUE,
        Some(Verdict::Same | Verdict::NoDifference | Verdict::Inconclusive | Verdict::NeverStarted) => ink::ORANGE,
        None => ink::SOFT,
    }
}

/// The colour of its words, which have to be read on white.
const fn word_color(verdict: Option<Verdict>) -> RGBColor {
    match verdict {
        Some(Verdict::Same | Verdict::NoDifference | Verdict::Inconclusive | Verdict::NeverStarted) => ink::DARK,
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

/// How a policy is shown in a measure: the colour, that of its words, and the words. Where the measure is held to an objective,
/// that counts; else what became of it against the reference, and what is too small to matter is not coloured.
fn shown_as(comparison: &Comparison, policy: &PolicyResult, at: usize) -> (RGBColor, RGBColor, String) {
    let place = comparison.policies.iter().position(|one| one.name == policy.name).unwrap_or(comparison.reference);
    if line_of(comparison, at).is_some() {
        let assessment = &Assessments::of(comparison).of[place];
        let color = match assessment.keeps {
            Keeps::Always => ink::GREEN,
            Keeps::Sometimes => ink::ORANGE,
            Keeps::Never => ink::VERMILLION,
            Keeps::NotStarted | Keeps::Unknown => ink::SOFT,
        };
        let words = match assessment.keeps {
            Keeps::Always | Keeps::Sometimes | Keeps::Never => {
                format!("{}: {} of {}", assessment.keeps.words(), assessment.met, assessment.runs)
            }
            Keeps::NotStarted | Keeps::Unknown => assessment.keeps.words().to_owned(),
        };
        return (color, if assessment.keeps == Keeps::Sometimes { ink::DARK } else { color }, words);
    }
    against(comparison, policy, at)
}

/// How the difference of a policy to the reference is shown.
fn against(comparison: &Comparison, policy: &PolicyResult, at: usize) -> (RGBColor, RGBColor, String) {
    let place = comparison.policies.iter().position(|one| one.name == policy.name).unwrap_or(comparison.reference);
    let verdict = verdict(policy, at);
    match weight(comparison, place, at) {
        Weight::Small => (ink::SOFT, ink::SOFT, format!("{}, too little to matter", verdict_words(verdict))),
        Weight::Matters | Weight::Nothing => (color(verdict), word_color(verdict), verdict_words(verdict).to_owned()),
    }
}

/// The horizontal bands of `count` rows between two heights.
fn rows(count: usize, top: f64, bottom: f64) -> Vec<(f64, f64)> {
    let high = ((bottom - top) / count.max(1) as f64).min(120.0);
    (0..count).map(|row| (top + row as f64 * high, top + (row + 1) as f64 * high)).collect()
}

/// Where values differ by more than this, the axis is one of decades.
const DECADES_FROM: f64 = 100.0;

/// An axis from `low` to `high`: in even steps, or in decades, where zero has a place of its own at the left end.
#[derive(Clone, Copy, Debug)]
struct Across {
    x0: f64,
    x1: f64,
    low: f64,
    high: f64,
    step: f64,
    /// In decades.
    log: bool,
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
        Self { x0, x1, low, high, step, log: false }
    }

    /// For values from 0 on: in decades where those above zero span more than two of them.
    fn of(x0: f64, x1: f64, values: impl Iterator<Item = f64> + Clone) -> Self {
        let most = values.clone().fold(0.0, f64::max);
        // A hair above zero is the noise of a sum and no decade of its own.
        let least = values.filter(|value| *value > most * 1e-7).fold(f64::INFINITY, f64::min);
        if most / least < DECADES_FROM || !least.is_finite() || least <= 0.0 {
            return Self::new(x0, x1, 0.0, if most > 0.0 { most } else { 1.0 });
        }
        let decade = |value: f64| libm::pow(10.0, value);
        let low = decade(libm::floor(libm::log10(least) - 1e-9));
        let high = decade(libm::ceil(libm::log10(most) - 1e-9));
        Self { x0: x0 + ZERO.copysign(x1 - x0), x1, low, high, step: 0.0, log: true }
    }

    /// Where a value lies from the low end to the high one.
    fn share(&self, value: f64) -> f64 {
        if self.log {
            libm::log10(value.max(self.low) / self.low) / libm::log10(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }

    fn x(&self, value: f64) -> f64 {
        if self.log && value < self.low {
            return self.x0 - (0.6 * ZERO).copysign(self.x1 - self.x0);
        }
        self.x0 + self.share(value) * (self.x1 - self.x0)
    }

    fn ticks(&self) -> Vec<f64> {
        if self.log {
            let decades = libm::round(libm::log10(self.high / self.low)) as i32;
            let all = (0..=decades).map(|n| self.low * libm::pow(10.0, f64::from(n)));
            return std::iter::once(0.0).chain(all).collect();
        }
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
    fn draw(&self, canvas: &mut Canvas, top: f64, bottom: f64, name: &str) {
        for tick in self.ticks() {
            let x = self.x(tick);
            canvas.line(&[(x, top), (x, bottom)], ink::GRID, 1.0);
            canvas.text((x, bottom + 16.0), &Self::label(tick), Type::new(13.0, ink::DARK).centred());
        }
        let start = if self.log { self.x(0.0) } else { self.x0 };
        canvas.line(&[(start, bottom), (self.x1, bottom)], ink::RULE, 1.5);
        let name = if self.log { format!("{name}, in decades") } else { name.to_owned() };
        canvas.text((self.x1, bottom + 40.0), &name, Type::new(13.0, ink::SOFT).right());
    }
}

/// How far zero stands from the least decade.
const ZERO: f64 = 44.0;

/// The line that the objective draws through the rows, with its words above them; none for a measure it is not about.
fn threshold(canvas: &mut Canvas, comparison: &Comparison, at: usize, axis: &Across, (top, bottom): (f64, f64)) {
    let Some(allowed) = line_of(comparison, at) else { return };
    let x = axis.x(allowed);
    if x > axis.x1 + 1.0 {
        return;
    }
    canvas.dashed((x, top - 6.0), (x, bottom), ink::DARK, 2.0);
    let words = format!("objective: at most {}", percent(allowed));
    let set = Type::new(13.0, ink::DARK).bold();
    let right = x + 6.0 + set.width(&words) > axis.x1;
    canvas.text((if right { x - 6.0 } else { x + 6.0 }, top - 12.0), &words, if right { set.right() } else { set });
}

/// What the objective allows of a measure.
fn line_of(comparison: &Comparison, at: usize) -> Option<f64> {
    allowed(comparison.objective).filter(|_| comparison.columns[at].measure == HARMED)
}

/// A measure with its unit.
fn named(comparison: &Comparison, at: usize) -> String {
    let column = &comparison.columns[at];
    if column.unit.is_empty() { column.name.clone() } else { format!("{}, {}", column.name, column.unit) }
}

/// The policies that are drawn: with more of them than rows, the reference, the one to take, the best and the worst are
/// among them, and then the others as they rank.
fn shown(comparison: &Comparison) -> Vec<&PolicyResult> {
    let places = Assessments::of(comparison).shown(comparison.reference, MOST_ROWS);
    places.into_iter().map(|place| &comparison.policies[place]).collect()
}

/// What is not shown.
fn left_out(canvas: &mut Canvas, count: usize, y: f64) {
    if count > 0 {
        let words = format!("best, worst and nearest; {count} more policies in summary.csv");
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

    /// From 0.003 to 8 are three decades and a half: the axis runs from 0.001 to 10, a quarter of its width each. Zero stands to
    /// the left of it, and so does the noise of a sum. From 2 to 8 is no decade.
    #[test]
    fn values_that_span_decades_have_an_axis_of_decades() {
        let axis = Across::of(0.0, 444.0, [0.0, 1e-19, 0.003, 8.0].into_iter());
        assert!(axis.log && (axis.low - 0.001).abs() < 1e-12 && (axis.high - 10.0).abs() < 1e-9, "{axis:?}");
        let at: Vec<f64> = [0.0, 0.001, 0.1, 10.0].map(|value| axis.x(value).round()).to_vec();
        assert_eq!(at, [18.0, 44.0, 244.0, 444.0]);
        assert!(!Across::of(0.0, 444.0, [0.0, 2.0, 8.0].into_iter()).log);
        assert!(!Across::of(0.0, 444.0, [0.0, 0.0].into_iter()).log);
    }
}
