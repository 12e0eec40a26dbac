//! Safety against speed, or against cost where there is no rollout to time: a point a policy, and the front that no other
//! policy beats in both.

use super::{Across, MARGIN, headline, named};
use crate::experiment::compare::{Comparison, PolicyResult};
use crate::input::AS_WRITTEN;
use crate::output::comparison::figure::{figure, with_unit};
use crate::output::plots::axis::{HEIGHT, TOP, WIDTH};
use crate::output::plots::canvas::{Canvas, Fill, Type, ink};
use crate::output::text::cut;

const LEFT: f64 = 110.0;
const RIGHT: f64 = WIDTH - 60.0;
const UPPER: f64 = TOP + 44.0;
const LOWER: f64 = HEIGHT - 104.0;
/// Points nearer than this share their label.
const NEAR: f64 = 15.0;

/// Where a policy stands.
#[derive(Clone, Debug)]
struct Point {
    x: f64,
    y: f64,
    /// Ends of the intervals across and up.
    across: (f64, f64),
    up: (f64, f64),
    on_front: bool,
    reference: bool,
    /// Its place among the policies.
    place: usize,
    name: String,
}

/// Draws policies by two measures of which less is better.
#[must_use]
pub(super) fn svg(title: &str, comparison: &Comparison, axes: (usize, usize)) -> String {
    let (across, up) = scales(comparison, axes);
    let points = points(comparison, axes, &across, &up);
    Canvas::svg(WIDTH, HEIGHT, |canvas| {
        let speed = comparison.columns[axes.0].name.starts_with("rollout.");
        headline(canvas, if speed { "Safety against speed" } else { "Safety against cost" }, title, comparison);
        across.draw(canvas, UPPER, LOWER, &format!("{}, mean", named(comparison, axes.0)));
        for tick in up.ticks() {
            let y = up.x(tick);
            canvas.line(&[(LEFT, y), (RIGHT, y)], ink::GRID, 1.0);
            canvas.text((LEFT - 10.0, y), &Across::label(tick), Type::new(13.0, ink::DARK).right());
        }
        let set = Type::new(13.0, ink::SOFT);
        canvas.text((MARGIN, UPPER - 22.0), &format!("{}, mean", named(comparison, axes.1)), set);
        let stairs = stairs(&points);
        front(canvas, &stairs);
        // Those on the front come last: they are seen where points share a place.
        for on_front in [false, true] {
            points.iter().filter(|point| point.on_front == on_front).for_each(|point| draw(canvas, point));
        }
        labels(canvas, comparison, axes, &points, &stairs);
        missing(canvas, comparison, axes, &points);
        key(canvas);
    })
}

fn scales(comparison: &Comparison, (x, y): (usize, usize)) -> (Across, Across) {
    let ends = |at: usize| {
        let of = |policy: &PolicyResult| {
            let mean = policy.summaries[at].mean?;
            Some(mean.interval.map_or([mean.mean; 2], |interval| [interval.low, interval.high]))
        };
        let all: Vec<f64> = comparison.policies.iter().filter_map(of).flatten().collect();
        (all.iter().copied().fold(f64::INFINITY, f64::min), all.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    };
    let (least, most) = ends(x);
    // Policies that cost the same stand above one another, and not at the ends of a hair's breadth.
    let room = ((most - least) * 0.12).max(0.04 * most.abs());
    // What cannot be negative is not drawn as if it could.
    let low = if least >= 0.0 { (least - room).max(0.0) } else { least - room };
    let across = Across::new(LEFT, RIGHT, low, most + room);
    let most = ends(y).1;
    (across, Across::new(LOWER, UPPER, 0.0, if most > 0.0 { most * 1.05 } else { 1.0 }))
}

fn points(comparison: &Comparison, (x, y): (usize, usize), across: &Across, up: &Across) -> Vec<Point> {
    let front = comparison.front((x, y));
    // Who lacks one of the two has no place.
    let there = |(_, policy): &(usize, &PolicyResult)| [x, y].iter().all(|&at| policy.summaries[at].mean.is_some());
    let of = |(place, policy): (usize, &PolicyResult)| {
        let mean = |at: usize| policy.summaries[at].mean.expect("it was just seen");
        let ends = |at: usize, axis: &Across| {
            mean(at).interval.map_or((axis.x(mean(at).mean), axis.x(mean(at).mean)), |interval| {
                (axis.x(interval.low), axis.x(interval.high))
            })
        };
        Point {
            x: across.x(mean(x).mean),
            y: up.x(mean(y).mean),
            across: ends(x, across),
            up: ends(y, up),
            on_front: front[place],
            reference: place == comparison.reference,
            place,
            name: policy.name.clone(),
        }
    };
    comparison.policies.iter().enumerate().filter(there).map(of).collect()
}

/// The stairs of what is out of reach: to the left of and below them there is no policy.
fn stairs(points: &[Point]) -> Vec<(f64, f64)> {
    let mut on: Vec<(f64, f64)> =
        points.iter().filter(|point| point.on_front).map(|point| (point.x, point.y)).collect();
    on.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (Some(&first), Some(&last)) = (on.first(), on.last()) else { return Vec::new() };
    let mut stairs = vec![(first.0, UPPER)];
    for pair in on.windows(2) {
        stairs.extend([pair[0], (pair[1].0, pair[0].1)]);
    }
    stairs.extend([last, (RIGHT, last.1)]);
    stairs
}

fn front(canvas: &mut Canvas<'_>, stairs: &[(f64, f64)]) {
    let mut beyond = vec![(LEFT, UPPER)];
    beyond.extend(stairs);
    beyond.extend([(RIGHT, LOWER), (LEFT, LOWER)]);
    canvas.polygon(&beyond, Fill::Plain(ink::FAINT));
    canvas.line(stairs, ink::SKY, 2.5);
}

fn draw(canvas: &mut Canvas<'_>, point: &Point) {
    canvas.line(&[(point.across.0, point.y), (point.across.1, point.y)], ink::SOFT, 2.0);
    canvas.line(&[(point.x, point.up.0), (point.x, point.up.1)], ink::SOFT, 2.0);
    if point.on_front {
        canvas.dot((point.x, point.y), 7.0, ink::BLUE, 1.0);
    } else {
        canvas.dot((point.x, point.y), 6.0, ink::PAPER, 1.0);
        canvas.ring((point.x, point.y), 6.0, ink::SOFT, 2.0);
    }
    if point.reference {
        canvas.ring((point.x, point.y), 13.0, ink::DARK, 2.0);
    }
}

/// Which policies have no point.
fn missing(canvas: &mut Canvas<'_>, comparison: &Comparison, (x, _): (usize, usize), points: &[Point]) {
    let lacks = |(place, _): &(usize, &PolicyResult)| points.iter().all(|point| point.place != *place);
    let names: Vec<&str> =
        comparison.policies.iter().enumerate().filter(lacks).map(|(_, policy)| policy.name.as_str()).collect();
    if names.is_empty() {
        return;
    }
    let set = Type::new(13.0, ink::SOFT);
    let text =
        cut(&format!("without {} and so without a point: {}", comparison.columns[x].name, names.join(", ")), 140);
    canvas.text((RIGHT, UPPER - 22.0), &text, set.right());
}

/// Points that stand on one another.
fn groups(points: &[Point]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, point) in points.iter().enumerate() {
        let near = |group: &&mut Vec<usize>| {
            let other = &points[group[0]];
            (other.x - point.x).abs() < NEAR && (other.y - point.y).abs() < NEAR
        };
        match groups.iter_mut().find(near) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

/// Names beside the points; those that stand on one another share a label. What matters most has its label first; where
/// there is no room, the numbers go, and then the name.
fn labels(
    canvas: &mut Canvas<'_>,
    comparison: &Comparison,
    (x, y): (usize, usize),
    points: &[Point],
    stairs: &[(f64, f64)],
) {
    let mut taken: Vec<[f64; 4]> = points.iter().map(|p| [p.x - 9.0, p.y - 9.0, p.x + 9.0, p.y + 9.0]).collect();
    taken.extend(stairs.windows(2).map(|pair| {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        [ax.min(bx) - 3.0, ay.min(by) - 3.0, ax.max(bx) + 3.0, ay.max(by) + 3.0]
    }));
    let mut groups = groups(points);
    groups.sort_by_key(|group| !group.iter().any(|&index| points[index].reference || points[index].on_front));
    let set = Type::new(14.0, ink::DARK).bold();
    for group in &groups {
        let name = |&index: &usize| {
            points[index].name.clone() + if points[index].name == AS_WRITTEN { " (today)" } else { "" }
        };
        let names: Vec<String> = group.iter().map(name).collect();
        let first = &comparison.policies[points[group[0]].place];
        let mean = |at: usize| first.summaries[at].mean.map_or(0.0, |mean| mean.mean);
        let shown = |at: usize| with_unit(&figure(mean(at)), &comparison.columns[at].unit);
        let numbers = format!("{} harmed, {}", shown(y), shown(x));
        let plenty = points.len() <= 10 && group.len() == 1;
        let whole: Vec<&str> = names.iter().map(String::as_str).chain(plenty.then_some(numbers.as_str())).collect();
        let fewer: Vec<&str> = names.iter().map(String::as_str).collect();
        let fits = |lines: &[&str]| {
            let wide = lines.iter().map(|line| set.width(line)).fold(0.0, f64::max);
            place(&points[group[0]], wide, 18.0 * lines.len() as f64, &taken)
        };
        let found = fits(&whole).map(|place| (place, whole.len()));
        let Some((place, count)) = found.or_else(|| fits(&fewer).map(|place| (place, fewer.len()))) else { continue };
        taken.push(place);
        for (index, line) in whole[..count].iter().enumerate() {
            let at = (place[0], place[1] + 9.0 + 18.0 * index as f64);
            canvas.text(at, line, if index < names.len() { set } else { Type::new(13.0, ink::SOFT) });
        }
    }
}

/// Where a label of this size stands beside a point, if there is a place that is free.
fn place(at: &Point, wide: f64, high: f64, taken: &[[f64; 4]]) -> Option<[f64; 4]> {
    let heights = [at.y - high - 8.0, at.y + 8.0, at.y - high / 2.0, at.y - high - 26.0, at.y + 26.0];
    let lefts = [at.x + 18.0, at.x - 18.0 - wide, at.x - wide / 2.0];
    let tried = heights.into_iter().flat_map(|top| lefts.map(|left| [left, top, left + wide, top + high]));
    let mut inside = tried.filter(|[left, top, right, bottom]| {
        *left >= LEFT && *right <= WIDTH - 10.0 && *top >= UPPER - 14.0 && *bottom <= LOWER
    });
    inside.find(|tried| {
        let apart = |other: &[f64; 4]| {
            tried[0] >= other[2] || other[0] >= tried[2] || tried[1] >= other[3] || other[1] >= tried[3]
        };
        taken.iter().all(apart)
    })
}

fn key(canvas: &mut Canvas<'_>) {
    let (y, set) = (HEIGHT - 24.0, Type::new(13.0, ink::SOFT));
    let mut x = MARGIN + 8.0;
    canvas.dot((x, y), 6.0, ink::BLUE, 1.0);
    canvas.text((x + 16.0, y), "on the front: no other policy is as good in both", set);
    x += 16.0 + set.width("on the front: no other policy is as good in both") + 36.0;
    canvas.ring((x, y), 6.0, ink::SOFT, 2.0);
    canvas.text((x + 16.0, y), "beaten by another", set);
    x += 16.0 + set.width("beaten by another") + 36.0;
    canvas.ring((x, y), 11.0, ink::DARK, 2.0);
    canvas.text((x + 20.0, y), "the reference", set);
    x += 20.0 + set.width("the reference") + 36.0;
    canvas.line(&[(x, y), (x + 26.0, y)], ink::SOFT, 2.0);
    canvas.text((x + 36.0, y), "95 % interval of the mean", set);
}
