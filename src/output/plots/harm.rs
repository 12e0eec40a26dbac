//! The share of requests that is harmed, over time: failed, and on top of that served by old code.

use super::axis::{self, Caption, HEIGHT, Panel, WIDTH, value_label, value_ticks};
use super::canvas::{Area, Canvas, Fill, Type, ink};
use super::capacity::{MOST_PANELS, between, empty, foot, name_panel, panels};
use super::steps::{Point, busiest, points};
use super::{Scene, observed};
use crate::claims::observed::Observation;
use crate::experiment::observed::Scored;
use windtunnel_words::number::decimals;

const LEFT: f64 = 96.0;
const RIGHT: f64 = WIDTH - 60.0;
/// Harm is drawn at least so wide.
const LEAST: f64 = 3.0;

/// Draws the harmed share, a panel an entry point.
pub fn svg(scene: Scene<'_>) -> String {
    let Scene { caption, names, series, observed: all, .. } = scene;
    let entries = busiest(caption.plan, MOST_PANELS);
    let seen = |id| all.map_or_else(Vec::new, |all| all.shares_at(caption.plan, id, entries.len() == 1));
    Canvas::svg(WIDTH, HEIGHT, |canvas| {
        axis::headline(canvas, caption, "Share of requests that is harmed");
        let areas = panels(entries.len(), LEFT, RIGHT);
        for (index, (&id, &area)) in entries.iter().zip(&areas).enumerate() {
            let points = points(caption.plan, series, id);
            let shares = seen(id);
            let (area, strip) = if shares.is_empty() { (area, None) } else { split(area) };
            let panel = draw(canvas, caption, (&points, &shares), area);
            shares.iter().for_each(|(_, scored)| observed::dots(canvas, &panel, scored, 0.01));
            if entries.len() == 1 {
                canvas.text((RIGHT, 70.0), &verdict(&points), Type::new(17.0, ink::DARK).bold().right());
            }
            if entries.len() > 1 {
                let drawn = |x0: f64, x1: f64| {
                    let is = |pair: &[Point]| panel.x(pair[0].time) < x1 && panel.x(pair[1].time) + LEAST > x0;
                    points.windows(2).any(|pair| pair[0].rates.harmed_share() > 0.0 && is(pair))
                };
                name_panel(canvas, &format!("{}: {}", names.entry_point(id), verdict(&points)), area, drawn);
            }
            below(canvas, caption, (&panel, strip), (index, entries.len()), &shares);
        }
        if entries.is_empty() {
            empty(canvas, caption, areas[0]);
        }
        let totals = || caption.plan.entries().map(|(id, _)| series.totals(id));
        let failed = totals()
            .any(|totals| totals.failed > 0.0)
            .then_some((fails(&entries.iter().flat_map(|id| seen(*id)).collect()), "failed"));
        let stale = totals().any(|totals| totals.stale > 0.0).then_some((Fill::Stale, "served by old code"));
        let key: Vec<_> = failed.into_iter().chain(stale).collect();
        let is_seen = entries.iter().any(|id| !seen(*id).is_empty());
        let x = if is_seen { observed::legend(canvas, (36.0, HEIGHT - 22.0)) } else { 36.0 };
        axis::legend(canvas, (x, HEIGHT - 22.0), &key);
    })
}

/// How requests that failed are drawn.
fn fails(shares: &Shares<'_>) -> Fill {
    if shares.is_empty() { Fill::Harm } else { Fill::Plain(ink::SIMULATED) }
}

/// What was observed at an entry point, and how near the run comes to it.
type Shares<'r> = Vec<(&'r Observation, &'r Scored)>;

fn split(area: Area) -> (Area, Option<Area>) {
    let (above, strip) = observed::with_strip(area);
    (above, Some(strip))
}

/// The axis of time below a drawing, and where something was observed the residuals between them.
fn below(
    canvas: &mut Canvas,
    caption: Caption<'_>,
    (panel, strip): (&Panel, Option<Area>),
    (index, count): (usize, usize),
    shares: &Shares<'_>,
) {
    let Some((area, (_, scored))) = strip.zip(shares.first()) else {
        return foot(canvas, caption, panel, index, count);
    };
    canvas.line(&[(panel.area.x0, panel.area.y1), (panel.area.x1, panel.area.y1)], ink::RULE, 1.5);
    let whole = Panel { area: Area { y0: panel.area.y0, ..area }, ..*panel };
    foot(canvas, caption, &whole, index, count);
    observed::residuals(canvas, area, panel.horizon, scored, "");
}

fn share(point: &Point, part: f64) -> f64 {
    if point.rates.demand > 0.0 { part / point.rates.demand } else { 0.0 }
}

fn draw(canvas: &mut Canvas, caption: Caption<'_>, (points, shares): (&[Point], &Shares<'_>), area: Area) -> Panel {
    // The axis fits what was harmed and what was observed, and shows the objective where that is not far below.
    let seen = shares.iter().flat_map(|(_, scored)| &scored.points).filter_map(|point| point.observed.number());
    let seen = seen.map(|percent| percent / 100.0);
    let most = points.iter().map(|point| point.rates.harmed_share()).chain(seen).fold(0.0, f64::max);
    let allowed = caption.plan.objective.map_or(0.0, |objective| 1.0 - objective);
    let wanted = if most > 0.0 { (1.1 * most.max(allowed)).min(1.0) } else { 1.0 };
    let mut ticks: Vec<f64> = value_ticks(100.0 * wanted).into_iter().map(|tick| tick / 100.0).collect();
    if area.height() < 120.0 {
        ticks = vec![0.0, ticks[ticks.len() - 1]];
    }
    let panel = Panel { area, horizon: caption.plan.horizon, top: ticks[ticks.len() - 1] };
    panel.value_axis(canvas, &ticks, ["share of", "requests"], |value| format!("{} %", value_label(value * 100.0)));
    let failed = |point: &Point| share(point, point.rates.failed);
    let harmed = |point: &Point| point.rates.harmed_share();
    // Dots of what was observed are read on a pale ground, with an edge.
    let fails = fails(shares);
    between(canvas, &panel, points, (|_: &Point| 0.0, failed), fails);
    between(canvas, &panel, points, (failed, harmed), Fill::Stale);
    // Too short to be seen is as wide as can be seen; no outline hides it.
    let mut drawn = None;
    for pair in points.windows(2).filter(|pair| harmed(&pair[0]) > 0.0) {
        let (x0, x1) = (panel.x(pair[0].time), panel.x(pair[1].time));
        if x1 > x0 && x1 - x0 < LEAST {
            let fill = match fails {
                Fill::Plain(pale) if failed(&pair[0]) > 0.0 => pale,
                _ if failed(&pair[0]) > 0.0 => ink::VERMILLION,
                _ => ink::ORANGE,
            };
            // Ten thousand in one place are one.
            let here = Some(((2.0 * x0).round() as i64, panel.y(harmed(&pair[0])).round() as i64, fill));
            if drawn == here {
                continue;
            }
            drawn = here;
            canvas.rect(Area { x0, y0: panel.y(harmed(&pair[0])), x1: x0 + LEAST, y1: area.y1 }, Fill::Plain(fill));
        }
    }
    if !shares.is_empty() {
        let edge: Vec<(f64, f64)> = points.iter().map(|point| (panel.x(point.time), panel.y(failed(point)))).collect();
        canvas.line(&edge, ink::BAD, 1.5);
    }
    objective(canvas, caption, &panel);
    panel
}

/// The worst of an entry point in words.
fn verdict(points: &[Point]) -> String {
    let worst = points.iter().map(|point| point.rates.harmed_share()).fold(0.0, f64::max);
    if worst > 0.0 { format!("{} % at worst", percent(worst)) } else { "no request is harmed".to_owned() }
}

/// A share as a percentage with as many digits as it needs, at most three.
fn percent(share: f64) -> String {
    decimals(share * 100.0, if share >= 0.01 { 1 } else { 3 })
}

/// The line above which the objective is missed.
fn objective(canvas: &mut Canvas, caption: Caption<'_>, panel: &Panel) {
    let Some(objective) = caption.plan.objective else { return };
    let allowed = 1.0 - objective;
    let y = panel.y(allowed);
    canvas.dashed((panel.area.x0, y), (panel.area.x1, y), ink::DARK, 2.0);
    let text = format!("objective: at most {} % harmed", percent(allowed));
    let set = Type::new(13.0, ink::DARK).right();
    canvas.plate((panel.area.x1 - 8.0, y - 13.0), &text, set, ink::PAPER);
}
