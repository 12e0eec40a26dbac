//! Curves from the rows of the series: steps as steps, and slopes of demand as slopes.

use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::entry_point::Rates;
use windtunnel_sim::measure::series::{EntryRow, Series};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::ids::EntryPointId;

/// A point of a curve of an entry point. Where something jumps there are two at one instant.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// When.
    pub time: SimTime,
    /// What holds.
    pub row: EntryRow,
    /// What becomes of the requests.
    pub rates: Rates,
}

/// More pieces than this a slope across the whole picture does not need.
const PIECES: u64 = 400;

/// The curve of an entry point.
pub fn points(plan: &Plan, series: &Series<'_>, entry_point: EntryPointId) -> Vec<Point> {
    let mut points = Vec::new();
    for (row, until) in series.spans(entry_point) {
        let rates = |at| row.requests.map_or_else(Rates::default, |requests| requests.at(at));
        let mut put = |time, rates| points.push(Point { time, row: *row, rates });
        put(row.time, rates(row.time));
        if until == row.time {
            continue;
        }
        // A segment of demand ends just before the next begins: its last value is that of the millisecond before.
        let last = SimTime::from_ms(until.ms().saturating_sub(1).max(row.time.ms()));
        let span = last.ms() - row.time.ms();
        let slopes = (rates(last).demand - rates(row.time).demand).abs() > 1e-9;
        let moves = slopes || row.requests.is_some_and(|requests| requests.moves_connections());
        let pieces = if moves { (span * PIECES / plan.horizon.ms().max(1)).max(1) } else { 1 };
        for piece in 1..=pieces {
            let at = SimTime::from_ms(row.time.ms() + span * piece / pieces);
            // The millisecond is below what is drawn, and the jump is to be upright.
            put(if piece == pieces { until } else { at }, rates(if moves { at } else { row.time }));
        }
    }
    points
}

/// Demand itself: straight within a segment, and a jump where two do not meet.
pub fn demand_line(plan: &Plan, entry_point: EntryPointId) -> Vec<(SimTime, f64)> {
    let Some(traffic) = &plan.entry_point(entry_point).traffic else { return Vec::new() };
    let mut line = Vec::new();
    for (index, segment) in traffic.demand.iter().enumerate().filter(|(_, segment)| segment.start < plan.horizon) {
        let next = traffic.demand.get(index + 1).map_or(plan.horizon, |next| next.start.min(plan.horizon));
        let length = next.since(segment.start).seconds();
        let end = segment.rps + segment.slope * length;
        line.push((segment.start, segment.rps.max(0.0)));
        // A segment that falls to nothing stays there.
        if end < 0.0 && segment.rps > 0.0 {
            let ms = segment.rps / -segment.slope * 1000.0;
            line.push((SimTime::from_ms(segment.start.ms() + ms as u64), 0.0));
        }
        line.push((next, end.max(0.0)));
    }
    line
}

/// What each backend in rotation takes of the requests of an entry point, in requests a second. All instances of a gateway share a backend,
/// and a name has none of its own.
pub fn capacity_of(plan: &Plan, id: EntryPointId) -> Option<f64> {
    let entry = plan.entry_point(id);
    plan.application.capacity_rps.filter(|_| !entry.is_name() || entry.gateway.is_some())
}

/// The entry points worth a panel: those with traffic, the busiest first where there are more than `most`, in the order
/// of the plan.
pub fn busiest(plan: &Plan, most: usize) -> Vec<EntryPointId> {
    let peak = |id: &EntryPointId| {
        let demand = plan.entry_point(*id).traffic.iter().flat_map(|traffic| &traffic.demand);
        demand.map(|segment| segment.rps).fold(0.0, f64::max)
    };
    let mut busy: Vec<EntryPointId> =
        plan.entries().filter(|(id, of)| of.traffic.is_some() && !plan.is_part(*id)).map(|(id, _)| id).collect();
    busy.sort_by(|a, b| peak(b).total_cmp(&peak(a)));
    busy.truncate(most);
    busy.sort_unstable();
    busy
}
