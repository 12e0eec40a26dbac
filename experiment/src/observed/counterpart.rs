//! What a run has where something was observed.

use super::{Seen, Simulated, is_within};
use windtunnel_claims::observed::{Metric, Observation, Point, Value};
use windtunnel_claims::quantity::{Curve, Quantity};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::columns::COLUMNS;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::lanes::Lane;
use windtunnel_sim::measure::series::{EntryRow, Tally};
use windtunnel_sim::measure::{Part, Scope};
use windtunnel_sim::world::fact::Health;
use windtunnel_sim::world::ids::{InstanceId, PoolId, SetId};

/// What is compared with one observation.
pub(super) struct Counterpart<'s> {
    end: SimTime,
    of: Of<'s>,
}

enum Of<'s> {
    /// Requests: how many, and how many or which share of them did not fare well.
    Requests(Curve<'s>, Metric),
    Mean(Curve<'s>),
    Cpu(Vec<Processors<'s>>),
    Lane(Option<&'s Lane>),
    Health(Vec<(SimTime, Option<Health>)>),
    Times(Vec<SimTime>),
}

impl<'s> Counterpart<'s> {
    /// What a run has of it.
    ///
    /// # Errors
    ///
    /// The scenario does not give what it needs.
    pub(super) fn new(seen: &'s Seen<'_, '_>, row: &Observation) -> Result<Self, String> {
        let curve = |quantity: &Quantity| Curve::new(seen.plan, &seen.series, quantity, row.part.as_ref());
        let of = match &row.metric {
            Metric::Requests | Metric::Failures | Metric::FailedShare | Metric::HarmedShare => {
                let demand = COLUMNS.iter().find(|column| column.name == "demand_rps").expect("it is a column");
                Of::Requests(curve(&Quantity::Pool(demand))?, row.metric.clone())
            }
            Metric::Mean(quantity) => Of::Mean(curve(quantity)?),
            Metric::Cpu => Of::Cpu(processors(seen, row.part.as_ref())?),
            Metric::State { instance } => {
                let id =
                    instance_named(seen, instance).ok_or_else(|| format!("this run has no instance {instance}"))?;
                Of::Lane(seen.lanes.iter().find(|lane| lane.instance == id))
            }
            Metric::Health { instance } => {
                let id =
                    instance_named(seen, instance).ok_or_else(|| format!("this run has no instance {instance}"))?;
                let own = seen.health.iter().filter(|(_, of, _)| *of == id);
                Of::Health(own.map(|&(at, _, health)| (at, health)).collect())
            }
            Metric::Event { fact, subject } => {
                let is_it = |record: &&windtunnel_sim::world::fact::Record| {
                    let about = || seen.names.subject(&record.fact);
                    record.fact.kind().name == fact && subject.as_deref().is_none_or(|subject| about() == subject)
                };
                Of::Times(seen.events.iter().filter(is_it).map(|record| record.time).collect())
            }
        };
        Ok(Self { end: seen.end, of })
    }

    /// What the run has of a point; `None` where it lies beyond the end, or is a share of nothing.
    pub(super) fn at(&self, point: &Point) -> Option<Simulated> {
        let (from, until) = (point.from, point.until);
        if !is_within(point, self.end) {
            return None;
        }
        match &self.of {
            Of::Requests(curve, metric) => requests(curve, metric, (from, until)).map(Simulated::Number),
            Of::Mean(curve) => curve.mean(from, until).ok().map(Simulated::Number),
            Of::Cpu(sets) => cpu(sets, (from, until)).map(Simulated::Number),
            Of::Lane(lane) => {
                let at = |lane: &&Lane| {
                    lane.intervals.iter().find(|one| one.from <= from && from < one.until).map(|one| one.state)
                };
                Some(Simulated::Value(lane.as_ref().and_then(at).map(Value::State)))
            }
            Of::Health(changes) => {
                let now = changes.iter().rev().find(|(at, _)| *at <= from).and_then(|(_, health)| *health);
                Some(Simulated::Value(now.map(Value::Health)))
            }
            Of::Times(times) => {
                let away = |at: &&SimTime| at.ms().abs_diff(from.ms());
                Some(Simulated::At(times.iter().min_by_key(away).copied()))
            }
        }
    }
}

/// What came of requests.
fn requests(curve: &Curve<'_>, metric: &Metric, (from, until): (SimTime, SimTime)) -> Option<f64> {
    // An instant is its millisecond: demand and shares are level in it.
    let until = if until > from { until } else { SimTime::from_ms(from.ms() + 1) };
    let totals = curve.totals(from, until);
    let share = |part: f64| (totals.offered > 0.0).then(|| 100.0 * part / totals.offered);
    match metric {
        Metric::Requests => Some(totals.offered),
        Metric::Failures => Some(totals.failed),
        Metric::FailedShare => share(totals.failed),
        _ => share(totals.failed + totals.stale),
    }
}

fn instance_named(seen: &Seen<'_, '_>, name: &str) -> Option<InstanceId> {
    let at = seen.names.instances().iter().position(|known| known.eq_ignore_ascii_case(name))?;
    u32::try_from(at).ok().map(InstanceId)
}

/// The processors of a scale set.
struct Processors<'s> {
    /// From an instant on, how many of its instances take load, and how many are counted.
    counts: Vec<(SimTime, u32, u32)>,
    /// The rows of each entry point that leads to its pools.
    load: Vec<Vec<&'s EntryRow>>,
    /// In percent: without load, and a request a second more.
    line: (f64, f64),
}

/// The processors of the sets of a part of the fleet, as autoscale sees them (AS-15): who serves or could serve counts, and who is in
/// rotation has its part of the load.
fn processors<'s>(seen: &'s Seen<'_, '_>, part: Option<&Part>) -> Result<Vec<Processors<'s>>, String> {
    let plan = seen.plan;
    let scopes = part.map(|Part { kind, name }| Scope::named(plan, *kind, name));
    let is_of = |set: SetId| match &scopes {
        None => true,
        Some(scopes) => scopes.contains(&Scope::ScaleSet(set)),
    };
    let sets = (0..plan.sets.len()).map(|at| SetId(at as u16)).filter(|set| is_of(*set));
    let capacity = plan.application.capacity_rps.ok_or("the scenario does not say what an instance can serve")?;
    let cpu = plan.application.cpu;
    let line = (100.0 * cpu.idle, 100.0 * (cpu.at_capacity - cpu.idle) / capacity);
    let of = |set: SetId| {
        let pools = plan.sets[set.index()].pools.iter().map(|pool| PoolId(*pool));
        let entries = pools.flat_map(|pool| plan.leading_to(pool)).filter(|(_, entry)| entry.traffic.is_some());
        let load = entries.map(|(id, _)| seen.series.of(id).collect()).collect();
        Processors { counts: counts(seen, set), load, line }
    };
    let all: Vec<Processors<'s>> = sets.map(of).collect();
    if all.is_empty() { Err("it is of no scale set".to_owned()) } else { Ok(all) }
}

/// From each change on, how many instances of a set take load, and how many are counted.
fn counts(seen: &Seen<'_, '_>, set: SetId) -> Vec<(SimTime, u32, u32)> {
    let loaded = |of: Option<Tally>| {
        u32::from(of.is_some_and(|of| matches!(of.lane, LaneState::Serving | LaneState::StaleServing)))
    };
    let counted = |of: Option<Tally>| loaded(of) + u32::from(of.is_some_and(|of| of.lane == LaneState::Ready));
    let (mut load, mut all) = (0, 0);
    let moves = seen.series.moves.iter().filter(|one| one.set == set);
    moves
        .map(|one| {
            load = load + loaded(one.to) - loaded(one.from);
            all = all + counted(one.to) - counted(one.from);
            (one.time, load, all)
        })
        .collect()
}

/// The mean over the instances that count, and over the time in which there are any.
fn cpu(sets: &[Processors<'_>], (from, until): (SimTime, SimTime)) -> Option<f64> {
    let until = if until > from { until } else { SimTime::from_ms(from.ms() + 1) };
    let mut times = vec![from, until];
    for set in sets {
        times.extend(set.counts.iter().map(|(at, ..)| *at));
        times.extend(set.load.iter().flatten().map(|row| row.time));
    }
    times.retain(|at| *at >= from && *at <= until);
    times.sort_unstable();
    times.dedup();
    let (mut sum, mut seconds) = (0.0, 0.0);
    for pair in times.windows(2) {
        let length = pair[1].since(pair[0]).seconds();
        let (mut load, mut instances) = (0.0, 0.0);
        for set in sets {
            let (of, count) = set.between(pair[0], pair[1]);
            (load, instances) = (load + of, instances + count);
        }
        if instances > 0.0 {
            (sum, seconds) = (sum + load / instances * length, seconds + length);
        }
    }
    (seconds > 0.0).then(|| sum / seconds)
}

impl Processors<'_> {
    /// The sum over its instances of what their processors do between two changes, and how many they are.
    fn between(&self, from: SimTime, until: SimTime) -> (f64, f64) {
        let after = self.counts.partition_point(|(at, ..)| *at <= from);
        let Some(&(_, loaded, all)) = after.checked_sub(1).map(|last| &self.counts[last]) else { return (0.0, 0.0) };
        let (idle, slope) = self.line;
        let last = SimTime::from_ms(until.ms() - 1);
        let at = |time: SimTime| {
            let of = |rows: &Vec<&EntryRow>| {
                let after = rows.partition_point(|row| row.time <= from);
                let row = after.checked_sub(1).map(|last| rows[last])?;
                Some(row.requests?.at(time).demand / f64::from(row.in_rotation().max(1)))
            };
            idle + slope * self.load.iter().filter_map(of).sum::<f64>()
        };
        let busy = under(at(from), at(last), 100.0);
        (f64::from(loaded) * busy + f64::from(all - loaded) * idle, f64::from(all))
    }
}

/// The mean of a straight line from one value to another, cut off at a limit.
fn under(a: f64, b: f64, limit: f64) -> f64 {
    let (low, high) = (a.min(b), a.max(b));
    if high <= limit {
        return f64::midpoint(low, high);
    }
    if low >= limit {
        return limit;
    }
    let below = (limit - low) / (high - low);
    below * f64::midpoint(low, limit) + (1.0 - below) * limit
}

#[cfg(test)]
mod tests {
    use super::under;

    /// From 80 to 120 the first half is below 100, with a mean of 90, and the second is cut off: 95.
    #[test]
    fn a_processor_is_never_busier_than_wholly() {
        assert!((under(80.0, 120.0, 100.0) - 95.0).abs() < 1e-12);
        assert!((under(120.0, 80.0, 100.0) - 95.0).abs() < 1e-12);
        assert!((under(10.0, 20.0, 100.0) - 15.0).abs() < 1e-12);
        assert!((under(130.0, 150.0, 100.0) - 100.0).abs() < 1e-12);
    }
}
