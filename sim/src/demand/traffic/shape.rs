//! The shape of demand: what users send at an instant.

use crate::engine::time::SimTime;
use crate::plan::Segment;

/// The demand of a piecewise linear shape at an instant, in requests a second; never below zero.
#[must_use]
#[inline]
pub fn demand_at(demand: &[Segment], at: SimTime) -> f64 {
    level(demand, at).map_or_else(|| shaped_demand_at(demand, at), |level| level.rps.max(0.0))
}

/// The most that users send a second before an instant.
#[must_use]
pub fn peak(demand: &[Segment], until: SimTime) -> f64 {
    let ends = demand.iter().skip(1).map(|next| next.start).chain([until]);
    let at_end = |of: &Segment, end: SimTime| of.rps + of.slope * end.since(of.start).seconds();
    let begun = demand.iter().zip(ends).filter(|(of, _)| of.start < until);
    begun.map(|(of, end)| of.rps.max(at_end(of, end.min(until)))).fold(0.0, f64::max)
}

/// The only segment of a demand that is level and has begun: what most demand is.
#[inline]
pub(super) fn level(demand: &[Segment], at: SimTime) -> Option<&Segment> {
    if let [only] = demand { Some(only).filter(|only| only.slope == 0.0 && only.start <= at) } else { None }
}

fn shaped_demand_at(demand: &[Segment], at: SimTime) -> f64 {
    let after = demand.partition_point(|segment| segment.start <= at);
    let Some(segment) = after.checked_sub(1).map(|i| &demand[i]) else { return 0.0 };
    (segment.rps + segment.slope * at.since(segment.start).seconds()).max(0.0)
}
