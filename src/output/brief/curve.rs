//! Harm over time as areas, one above the other on one scale, with the objective as a line.

use super::{Brief, Panel};
use crate::experiment::replay::Replay;
use crate::output::html::escaped;
use crate::output::plots::axis::Time;
use crate::output::plots::steps::{busiest, points};
use std::fmt::Write as _;
use windtunnel_words::number::percent;

/// So many slices of time.
const SLICES: usize = 240;
/// So many entry points are added up.
const POOLS: usize = 16;

/// The harmed share of all requests in each slice of time: its worst instant, so that what is short is seen.
pub(in crate::output) fn shares(replay: &Replay<'_>) -> Vec<f64> {
    let plan = replay.plan();
    let pools = busiest(plan, POOLS);
    let mut changes: Vec<(u64, usize, f64, f64)> = Vec::new();
    for (index, &pool) in pools.iter().enumerate() {
        let of = points(plan, &replay.series, pool);
        changes
            .extend(of.iter().map(|one| (one.time.ms(), index, one.rates.failed + one.rates.stale, one.rates.demand)));
    }
    changes.sort_by_key(|change| change.0);
    let horizon = plan.horizon.ms().max(1);
    let slice = |ms: u64| ((u128::from(ms) * SLICES as u128 / u128::from(horizon)) as usize).min(SLICES - 1);
    let mut now = vec![(0.0, 0.0); pools.len()];
    let mut shares = vec![0.0_f64; SLICES];
    for (at, &(time, pool, harmed, demand)) in changes.iter().enumerate() {
        now[pool] = (harmed, demand);
        let until = changes.get(at + 1).map_or(horizon, |next| next.0);
        if until == time {
            continue;
        }
        let (harmed, demand) = now.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let share = if demand > 0.0 { harmed / demand } else { 0.0 };
        for place in &mut shares[slice(time)..=slice(until - 1)] {
            *place = place.max(share);
        }
    }
    shares
}

/// What an axis says across a horizon.
pub(in crate::output) fn ticks(replay: &Replay<'_>) -> Vec<(f64, String)> {
    let plan = replay.plan();
    let horizon = plan.horizon.ms().max(1);
    Time::of(plan).ticks().into_iter().map(|tick| (tick.ms as f64 / horizon as f64, tick.label)).collect()
}

/// The least round share at or above, as an axis ends at it.
fn round_up(share: f64) -> f64 {
    if share <= 0.0 {
        return 0.01;
    }
    let base = libm::pow(10.0, libm::floor(libm::log10(share)));
    let steps = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    steps.into_iter().map(|step| step * base).find(|end| *end >= share * 0.999_999).unwrap_or(base * 10.0).min(1.0)
}

/// The figure.
pub(super) fn figure(brief: &Brief) -> String {
    let most = brief.panels.iter().flat_map(|panel| panel.shares.iter().copied()).fold(0.0, f64::max);
    let top = round_up((most * 1.02).min(1.0));
    let mut out = format!("<figure><figcaption>{}</figcaption>\n", escaped(&brief.caption));
    for panel in &brief.panels {
        out += &one(panel, top, brief);
    }
    out += "<div class=\"times\">";
    for (at, words) in &brief.ticks {
        // The last stands before the edge, and not across it.
        let shift = if *at > 0.95 { ";transform:translateX(-100%)" } else { "" };
        let _ = write!(out, "<span style=\"left:{:.2}%{shift}\">{words}</span>", 100.0 * at);
    }
    out + "</div></figure>\n"
}

fn one(panel: &Panel, top: f64, brief: &Brief) -> String {
    let mut out = format!(
        "<div class=\"panel\"><div class=\"label\"><b>{}</b><span>{}</span></div><div class=\"scale\">",
        escaped(&panel.name),
        escaped(&panel.note)
    );
    for part in [1.0, 0.5, 0.0] {
        let words = if part == 0.0 { "0".to_owned() } else { percent(100.0 * top * part) };
        let _ = write!(out, "<span style=\"top:{:.1}%\">{words}</span>", 100.0 - 100.0 * part);
    }
    out += "</div><div class=\"box\">";
    for (at, _) in &brief.ticks {
        let _ = write!(out, "<i style=\"left:{:.2}%\"></i>", 100.0 * at);
    }
    out += "<u style=\"top:50%\"></u>";
    let _ = write!(
        out,
        "<svg viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}: share of requests that fails, at most {}\">",
        escaped(&panel.name),
        percent(100.0 * panel.shares.iter().copied().fold(0.0, f64::max))
    );
    let wide = 1000.0 / panel.shares.len().max(1) as f64;
    let mut path = String::new();
    let mut at = 0;
    // Equal neighbours are one piece, and what is harmed is at least as high as can be seen.
    while at < panel.shares.len() {
        let end = (at..panel.shares.len()).find(|&n| panel.shares[n] != panel.shares[at]).unwrap_or(panel.shares.len());
        if panel.shares[at] > 0.0 {
            let high = (100.0 * panel.shares[at] / top).clamp(1.2, 100.0);
            let (x0, x1) = (at as f64 * wide, end as f64 * wide);
            let _ = write!(path, "M{x0:.1} 100V{:.1}H{x1:.1}V100Z", 100.0 - high);
        }
        at = end;
    }
    let empty = path.is_empty();
    let _ = write!(out, "<path d=\"{path}\"/></svg>");
    if empty {
        out += "<em class=\"none\">no request is harmed</em>";
    }
    if let Some(allowed) = brief.allowed.filter(|allowed| *allowed < top) {
        let _ = write!(out, "<s style=\"bottom:{:.2}%\"></s>", (100.0 * allowed / top).max(0.8));
    }
    out + "</div></div>\n"
}
