//! The error budget over time: how much of the harm that the objective allows for the whole run has been done.

use super::Scene;
use super::axis::{self, HEIGHT, Panel, TOP, WIDTH, value_label, value_ticks};
use super::canvas::{Area, Canvas, Fill, Type, ink};
use super::capacity::empty;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::plan::Plan;
use windtunnel_words::clock::spoken_s;

const AREA: Area = Area { x0: 96.0, y0: TOP + 42.0, x1: WIDTH - 60.0, y1: HEIGHT - 72.0 };
/// So many points have the curve.
const POINTS: u64 = 600;

/// Draws the budget that is spent.
pub fn svg(scene: Scene<'_>) -> String {
    let Scene { caption, series, .. } = scene;
    Canvas::svg(WIDTH, HEIGHT, |canvas| {
        axis::headline(canvas, caption, "Error budget that is spent");
        if caption.plan.entry_points.iter().all(|entry| entry.traffic.is_none()) {
            return empty(canvas, caption, AREA);
        }
        let spent = spent(caption.plan, series);
        let most = spent.last().map_or(0.0, |last| last.1);
        let ticks = value_ticks((1.1 * most).max(1.0) * 100.0);
        let panel = Panel { area: AREA, horizon: caption.plan.horizon, top: ticks[ticks.len() - 1] / 100.0 };
        panel.value_axis(
            canvas,
            &ticks.iter().map(|tick| tick / 100.0).collect::<Vec<_>>(),
            ["share of", "budget"],
            |share| format!("{} %", value_label(share * 100.0)),
        );
        let curve: Vec<(f64, f64)> = spent.iter().map(|&(at, share)| (panel.x(at), panel.y(share))).collect();
        if let ([first, ..], [.., last]) = (&curve[..], &curve[..]) {
            let outline = [&curve[..], &[(last.0, AREA.y1), (first.0, AREA.y1)]].concat();
            canvas.polygon(&outline, Fill::Harm);
            canvas.line(&curve, ink::DARK, 2.0);
        } else {
            axis::nothing(canvas, AREA, "the scenario states no objective below 100 %, or no request was offered");
        }
        let gone = spent.iter().find(|(_, share)| *share > 1.0);
        let words = match gone {
            Some((at, _)) => {
                format!("spent after {}: {} % in the end", spoken_s(at.seconds()), value_label((most * 100.0).round()))
            }
            None => format!("{:.1} % spent in the end", most * 100.0),
        };
        if !spent.is_empty() {
            canvas.text((AREA.x1, 70.0), &words, Type::new(17.0, ink::DARK).bold().right());
            let y = panel.y(1.0);
            canvas.dashed((AREA.x0, y), (AREA.x1, y), ink::DARK, 2.0);
            let set = Type::new(13.0, ink::DARK);
            canvas.plate((AREA.x0 + 8.0, y - 13.0), "all that the objective allows for the run", set, ink::PAPER);
        }
        axis::markers(canvas, caption, &panel);
        panel.time_axis(canvas, caption);
    })
}

/// The share of the budget that is spent, from the start to the end of the run: harmed requests so far, of those that the
/// objective allows of all that are offered. Empty where there is no budget.
pub fn spent(plan: &Plan, series: &Series<'_>) -> Vec<(SimTime, f64)> {
    let entries = || plan.entries().filter(|(_, entry)| entry.is_root()).map(|(id, _)| id);
    let offered: f64 = entries().map(|id| series.totals(id).offered).sum();
    let budget = plan.objective.map_or(0.0, |objective| (1.0 - objective) * offered);
    if budget <= 0.0 {
        return Vec::new();
    }
    let step = plan.horizon.ms().div_ceil(POINTS).max(1);
    let mut harmed = vec![0.0; (plan.horizon.ms() / step + 2) as usize];
    for (row, until) in entries().flat_map(|id| series.spans(id)) {
        let Some(requests) = row.requests else { continue };
        let mut from = row.time;
        while from < until {
            let slice = from.ms() / step;
            let end = until.min(SimTime::from_ms((slice + 1) * step));
            let of = requests.integrate(from, end);
            harmed[slice as usize + 1] += of.failed + of.stale;
            from = end;
        }
    }
    let mut sum = 0.0;
    let points = harmed.iter().zip(0..).map(|(here, at)| {
        sum += here;
        (plan.horizon.min(SimTime::from_ms(at * step)), sum / budget)
    });
    points.collect()
}
