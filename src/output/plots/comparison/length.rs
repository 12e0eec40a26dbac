//! Harm against the length of the rollout, for policies whose rollout completes in every run as that of the reference does: a
//! rollout that halts early is short and not fast.

use super::{Across, MARGIN, headline, line_of, named};
use crate::experiment::assessment::Assessments;
use crate::experiment::compare::Comparison;
use crate::output::plots::axis::{HEIGHT, TOP, WIDTH};
use crate::output::plots::canvas::{Canvas, Type, ink};
use windtunnel_sim::measure::catalogue::HARMED;
use windtunnel_words::clock::spoken_s;
use windtunnel_words::number::percent;

const LEFT: f64 = 110.0;
const RIGHT: f64 = WIDTH - 60.0;
const UPPER: f64 = TOP + 44.0;
const LOWER: f64 = HEIGHT - 104.0;
/// Points nearer than this share their label.
const NEAR: f64 = 15.0;
/// More policies than this are not drawn; the best and the worst always are.
const MOST: usize = 16;

/// Where a policy stands.
#[derive(Clone, Debug)]
pub(super) struct Point {
    place: usize,
    length_s: f64,
    harm: f64,
}

/// The policies that have a place; `None` unless there are two, the reference among them.
pub(super) fn points(comparison: &Comparison, assessments: &Assessments) -> Option<Vec<Point>> {
    let reference = comparison.reference;
    assessments.of[reference].length?;
    let point = |place: usize| {
        let assessment = &assessments.of[place];
        Some(Point { place, length_s: assessment.length?.mean, harm: assessment.harm?.1 })
    };
    let points: Vec<Point> = (0..assessments.of.len()).filter_map(point).collect();
    (points.len() > 1 && points.iter().any(|point| point.place == reference)).then_some(points)
}

/// Draws them.
pub(super) fn svg(title: &str, comparison: &Comparison, assessments: &Assessments, points: &[Point]) -> String {
    let kept = assessments.shown(comparison.reference, MOST);
    let shown: Vec<&Point> = points.iter().filter(|point| kept.contains(&point.place)).collect();
    let at = comparison.column(HARMED).unwrap_or(0);
    let allowed = line_of(comparison, at);
    let lengths = shown.iter().map(|point| point.length_s / 60.0);
    let (least, most) = (lengths.clone().fold(f64::INFINITY, f64::min), lengths.clone().fold(0.0, f64::max));
    let across = if most > 20.0 * least.max(1e-9) {
        Across::of(LEFT, RIGHT, lengths)
    } else {
        let room = ((most - least) * 0.2).max(0.05 * most);
        Across::new(LEFT, RIGHT, (least - room).max(0.0), most + room)
    };
    let up = Across::of(LOWER, UPPER, shown.iter().map(|point| point.harm).chain(allowed));
    Canvas::svg(WIDTH, HEIGHT, |canvas| {
        headline(canvas, "Harm against the length of the rollout, where it completes", title, comparison);
        across.draw(canvas, UPPER, LOWER, "length of the rollout, min, mean");
        for tick in up.ticks() {
            let y = up.x(tick);
            canvas.line(&[(LEFT, y), (RIGHT, y)], ink::GRID, 1.0);
            canvas.text((LEFT - 10.0, y), &Across::label(tick), Type::new(13.0, ink::DARK).right());
        }
        canvas.text((MARGIN, UPPER - 22.0), &format!("{}, mean", named(comparison, at)), Type::new(13.0, ink::SOFT));
        if let Some(allowed) = allowed {
            let y = up.x(allowed);
            canvas.dashed((LEFT, y), (RIGHT, y), ink::DARK, 2.0);
            let words = format!("objective: at most {}", percent(allowed));
            canvas.plate((RIGHT - 8.0, y - 13.0), &words, Type::new(13.0, ink::DARK).bold().right(), ink::PAPER);
        }
        let places: Vec<(f64, f64)> = shown.iter().map(|one| (across.x(one.length_s / 60.0), up.x(one.harm))).collect();
        for (point, &at) in shown.iter().zip(&places) {
            let meets = allowed.is_some_and(|allowed| point.harm <= allowed);
            canvas.dot(at, 7.0, if meets { ink::GREEN } else { ink::VERMILLION }, 1.0);
            if point.place == comparison.reference {
                canvas.ring(at, 13.0, ink::DARK, 2.0);
            }
        }
        labels(canvas, comparison, &shown, &places);
        foot(canvas, comparison, points.len() - shown.len(), assessments);
    })
}

/// Names beside the points; those that are on one another share a label. Where there is no room for the numbers, they go;
/// where there is none for the name, it stands at the end of a line that leads to its point.
fn labels(canvas: &mut Canvas, comparison: &Comparison, points: &[&Point], places: &[(f64, f64)]) {
    let mut taken: Vec<[f64; 4]> = places.iter().map(|p| [p.0 - 9.0, p.1 - 9.0, p.0 + 9.0, p.1 + 9.0]).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, &(x, y)) in places.iter().enumerate() {
        let near = |group: &&mut Vec<usize>| {
            let other = places[group[0]];
            (other.0 - x).abs() < NEAR && (other.1 - y).abs() < NEAR
        };
        match groups.iter_mut().find(near) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    let set = Type::new(14.0, ink::DARK).bold();
    for group in &groups {
        let names: Vec<&str> =
            group.iter().map(|&index| comparison.policies[points[index].place].name.as_str()).collect();
        let first = points[group[0]];
        let numbers = format!("{} harmed, {}", percent(first.harm), spoken_s(first.length_s));
        let whole: Vec<&str> = names.iter().copied().chain((group.len() == 1).then_some(numbers.as_str())).collect();
        let at = places[group[0]];
        for lines in [&whole, &names] {
            let wide = lines.iter().map(|line| set.width(line)).fold(0.0, f64::max);
            let Some(found) = place(at, wide, 18.0 * lines.len() as f64, &taken) else { continue };
            if (found[1] - at.1).abs() > 60.0 {
                canvas.line(
                    &[at, (found[0].max(at.0.min(found[2])), f64::midpoint(found[1], found[3]))],
                    ink::RULE,
                    1.0,
                );
            }
            taken.push(found);
            for (index, line) in lines.iter().enumerate() {
                let at = (found[0], found[1] + 9.0 + 18.0 * index as f64);
                canvas.text(at, line, if index < names.len() { set } else { Type::new(13.0, ink::SOFT) });
            }
            break;
        }
    }
}

/// The nearest place beside a point that is free for a label of this size.
fn place(at: (f64, f64), wide: f64, high: f64, taken: &[[f64; 4]]) -> Option<[f64; 4]> {
    let lefts = [at.0 + 18.0, at.0 - 18.0 - wide, at.0 - wide / 2.0];
    let steps = (0..14).flat_map(|n| [f64::from(n) * 20.0, -f64::from(n) * 20.0]);
    let tried = steps.flat_map(|step| {
        lefts.map(|left| {
            let top = at.1 - high / 2.0 + step;
            [left, top, left + wide, top + high]
        })
    });
    let mut inside =
        tried.filter(|one| one[0] >= LEFT && one[2] <= WIDTH - 10.0 && one[1] >= UPPER - 14.0 && one[3] <= LOWER);
    inside.find(|one| {
        let apart =
            |other: &[f64; 4]| one[0] >= other[2] || other[0] >= one[2] || one[1] >= other[3] || other[1] >= one[3];
        taken.iter().all(apart)
    })
}

fn foot(canvas: &mut Canvas, comparison: &Comparison, left: usize, assessments: &Assessments) {
    let (y, set) = (HEIGHT - 24.0, Type::new(13.0, ink::SOFT));
    let mut x = MARGIN + 8.0;
    for (color, words) in
        [(ink::GREEN, "the mean meets the objective"), (ink::VERMILLION, "it does not, or none is stated")]
    {
        canvas.dot((x, y), 6.0, color, 1.0);
        canvas.text((x + 16.0, y), words, set);
        x += 16.0 + set.width(words) + 32.0;
    }
    canvas.ring((x, y), 11.0, ink::DARK, 2.0);
    canvas.text((x + 20.0, y), "the reference", set);
    x += 20.0 + set.width("the reference") + 32.0;
    let without = assessments.of.iter().filter(|one| one.length.is_none()).count();
    let mut words = Vec::new();
    if without > 0 {
        words.push(format!("{without} of {} do not complete in every run", comparison.policies.len()));
    }
    if left > 0 {
        words.push(format!("{left} more in summary.csv"));
    }
    canvas.text((x, y), &set.fit(&words.join("; "), WIDTH - x - 10.0), set);
}
