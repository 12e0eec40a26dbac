//! Metrics as Azure Monitor keeps them: one record a minute, of one sample for each resource that sends any.
//!
//! The processor of an instance follows demand, which is piecewise linear between two changes of the rotation, so a
//! sample is an integral and not a tick: the mean over the part of the minute in which the machine ran. Before t = 0 the
//! fleet stood as it stands then. Minutes are those of civil time.

use crate::azure::{instances, load_balancer};
use crate::demand::{application, traffic};
use crate::engine::time::SimTime;
use crate::plan::{EntryPoint, GivenMetric, Plan, Segment};
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::Service;
use crate::world::ids::{Entry, EntryPointId, InstanceId, PoolId, SetId};
use std::collections::VecDeque;

/// A minute, in milliseconds.
pub const MINUTE: i64 = 60_000;

/// What is kept of a minute.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Minute {
    /// The sum of the samples.
    pub sum: f64,
    /// How many there are.
    pub count: u32,
    /// The least of them.
    pub min: f64,
    /// The greatest of them.
    pub max: f64,
    /// How many are of instances that nobody sends requests to.
    pub idle: u32,
}

impl Minute {
    /// With one more sample.
    #[must_use]
    pub fn and(self, sample: f64, idle: bool) -> Self {
        let first = self.count == 0;
        Self {
            sum: self.sum + sample,
            count: self.count + 1,
            min: if first { sample } else { self.min.min(sample) },
            max: if first { sample } else { self.max.max(sample) },
            idle: self.idle + u32::from(idle),
        }
    }

    /// Together with the samples of another minute.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        match (self.count, other.count) {
            (_, 0) => self,
            (0, _) => other,
            _ => Self {
                sum: self.sum + other.sum,
                count: self.count + other.count,
                min: self.min.min(other.min),
                max: self.max.max(other.max),
                idle: self.idle + other.idle,
            },
        }
    }
}

/// An instance, and what it has sent of the minute that is not over.
#[derive(Clone, Copy, Debug)]
struct Row {
    instance: InstanceId,
    /// The pools that it takes load from, as last looked at; none where it has ceased to run.
    load: Option<u16>,
    sent: Sent,
}

/// What an instance has sent of a minute.
#[derive(Clone, Copy, Debug)]
struct Sent {
    integral: f64,
    ms: i64,
    idle: bool,
}

impl Sent {
    const NOTHING: Self = Self { integral: 0.0, ms: 0, idle: true };
}

/// Where an entry point leads, the share of its traffic that it gets, and the requests a second that are sent there again.
type Led = (Option<PoolId>, f64, f64);

/// `Percentage CPU` of a set.
#[derive(Clone, Debug)]
pub struct Meter {
    /// The set.
    pub set: SetId,
    /// The entry that last changed who carries the load.
    pub cause: Entry,
    /// Up to here the integrals are made, in milliseconds since t = 0.
    at_ms: i64,
    /// The instances that run, or ran in the minute that is not over, in the order of their ids.
    rows: Vec<Row>,
    /// The sets of pools that some instance takes load from, each with its number of takers; the first is none at all.
    loads: Vec<Vec<(PoolId, u32)>>,
    /// By entry point, where it leads, the share of its traffic that it gets, and what is sent there again; empty without names, writes
    /// and retries, where all get the whole.
    led: Vec<Led>,
    minutes: VecDeque<Minute>,
    /// The number of the first minute that is kept, counted in civil time.
    first: i64,
    /// How many minutes are kept.
    kept: usize,
    /// What every minute before the run was like; `None` where nothing ran.
    before: Option<Minute>,
}

impl Meter {
    /// A meter that has seen nothing.
    #[must_use]
    pub fn new(set: SetId, plan: &Plan, kept: usize) -> Self {
        let first = plan.start_unix_ms.div_euclid(MINUTE);
        Self {
            set,
            cause: Entry(1),
            at_ms: first * MINUTE - plan.start_unix_ms,
            rows: Vec::new(),
            loads: vec![Vec::new()],
            led: Vec::new(),
            minutes: VecDeque::new(),
            first,
            kept,
            before: None,
        }
    }

    /// Takes the fleet as it stands at t = 0 for what it was before.
    pub fn begin(&mut self, world: &World, cx: &Cx<'_>, counted: Counted) {
        self.look(world, cx, counted);
        if cx.plan.cold_start || self.rows.is_empty() {
            return;
        }
        let samples: Vec<f64> = self.loads.iter().map(|load| processor(cx.plan, load, &self.led, -1, 0)).collect();
        let running = self.rows.iter().filter_map(|row| row.load);
        let of = |minute: Minute, load: u16| minute.and(samples[load as usize], load == 0);
        self.before = Some(running.fold(Minute::default(), of));
    }

    /// Looks who runs and who takes load now. The integrals are made up to now.
    pub fn look(&mut self, world: &World, cx: &Cx<'_>, counted: Counted) {
        self.loads.truncate(1);
        let tries = |entry: &EntryPoint| entry.traffic.as_ref().is_some_and(|traffic| traffic.retries.is_some());
        let moves = |entry: &EntryPoint| entry.routed.is_some() || !entry.later.is_empty() || tries(entry);
        if cx.plan.entry_points.iter().any(moves) {
            let led = |id| (load_balancer::leads(world, id), traffic::share(world, cx, id), traffic::again(world, id));
            self.led = cx.plan.entries().map(|(id, _)| led(id)).collect();
        }
        let mut now: Vec<(InstanceId, u16)> = Vec::with_capacity(self.rows.len());
        let mut load = Vec::new();
        for &instance in &world.scale_set.sets[self.set.index()].instances {
            let row = &world.instances.rows[instance.index()];
            let off = counted.deallocated && row.off.is_some();
            if !instances::is_present(row) || !(application::runs(world, instance) || off) {
                continue;
            }
            let serves = world.application.truths[instance.index()].service != Service::Cannot;
            if !serves && !counted.booting && !off {
                continue;
            }
            load.clear();
            for member in world.load_balancer.of(instance).filter(|_| serves) {
                let row = &world.load_balancer.members[member.index()];
                if row.in_rotation {
                    load.push((row.pool, world.load_balancer.pools[row.pool.index()].in_rotation));
                }
            }
            let known = self.loads.iter().position(|other| *other == load);
            let at = known.unwrap_or_else(|| {
                self.loads.push(load.clone());
                self.loads.len() - 1
            });
            now.push((instance, at as u16));
        }
        // Idle instances pull the average down (AS-15).
        if !cx.on(rules::AS_15) && now.iter().any(|&(_, load)| load > 0) {
            now.retain(|&(_, load)| load > 0);
        }
        now.sort_unstable_by_key(|&(instance, _)| instance);
        self.rows = joined(&self.rows, &now);
    }

    /// Makes the integrals up to an instant, under what was last looked at.
    pub fn advance(&mut self, plan: &Plan, to: SimTime) {
        let to = to.ms().cast_signed();
        while self.at_ms < to {
            let next = self.end_of_minute(plan);
            let until = next.min(to);
            let length = until - self.at_ms;
            let integrals: Vec<f64> = self
                .loads
                .iter()
                .map(|load| processor(plan, load, &self.led, self.at_ms, until) * length as f64)
                .collect();
            for Row { load, sent, .. } in &mut self.rows {
                let Some(load) = *load else { continue };
                sent.integral += integrals[load as usize];
                sent.ms += length;
                sent.idle &= load == 0;
            }
            self.at_ms = until;
            if until == next {
                let and =
                    |minute: Minute, Row { sent, .. }: &Row| minute.and(sent.integral / sent.ms as f64, sent.idle);
                let minute = self.rows.iter().fold(Minute::default(), and);
                self.rows.retain(|row| row.load.is_some());
                self.rows.iter_mut().for_each(|row| row.sent = Sent::NOTHING);
                self.minutes.push_back(minute);
                if self.minutes.len() > self.kept {
                    self.minutes.pop_front();
                    self.first += 1;
                }
            }
        }
    }

    fn end_of_minute(&self, plan: &Plan) -> i64 {
        let now = plan.start_unix_ms + self.at_ms;
        (now.div_euclid(MINUTE) + 1) * MINUTE - plan.start_unix_ms
    }

    /// The record of a minute of civil time, which is over.
    #[must_use]
    pub fn minute(&self, number: i64) -> Minute {
        let started = usize::try_from(number - self.first).ok();
        match started {
            Some(at) => self.minutes.get(at).copied().unwrap_or_default(),
            None => self.before.unwrap_or_default(),
        }
    }
}

/// The rows of those that run now, each with what it has sent, and of those that have sent something and do not run any more. Both
/// lists are in the order of ids.
fn joined(before: &[Row], now: &[(InstanceId, u16)]) -> Vec<Row> {
    let mut rows = Vec::with_capacity(before.len().max(now.len()));
    let ceased = |row: &Row| (row.sent.ms > 0).then_some(Row { load: None, ..*row });
    let mut before = before.iter().peekable();
    for &(instance, load) in now {
        while let Some(row) = before.next_if(|row| row.instance < instance) {
            rows.extend(ceased(row));
        }
        let sent = before.next_if(|row| row.instance == instance).map_or(Sent::NOTHING, |row| row.sent);
        rows.push(Row { instance, load: Some(load), sent });
    }
    rows.extend(before.filter_map(ceased));
    rows
}

/// The mean processor load of an instance over an interval, in percent, with these pools and their takers, and the share of its
/// traffic that each entry point gets.
fn processor(plan: &Plan, load: &[(PoolId, u32)], led: &[Led], from_ms: i64, until_ms: i64) -> f64 {
    let cpu = plan.application.cpu;
    let slope = plan.application.capacity_rps.map_or(0.0, |capacity| 100.0 * (cpu.at_capacity - cpu.idle) / capacity);
    let there = |id: EntryPointId, pool: PoolId| led.get(id.index()).filter(|(to, ..)| *to == Some(pool));
    let again = |&(pool, takers): &(PoolId, u32)| {
        let of = plan.leading_to(pool).filter_map(|(id, _)| there(id, pool));
        of.map(|(.., again)| again).sum::<f64>() * slope / f64::from(takers.max(1))
    };
    let again: f64 = load.iter().map(again).sum();
    let part = |&(pool, takers): &(PoolId, u32)| {
        let traffic = plan.leading_to(pool).filter_map(|(id, entry)| Some((id, entry.traffic.as_ref()?)));
        let share = move |id: EntryPointId| match led.get(id.index()) {
            Some(_) => there(id, pool).map_or(0.0, |(_, share, _)| *share),
            None => 1.0,
        };
        traffic.map(move |(id, traffic)| (&traffic.demand[..], share(id) * slope / f64::from(takers.max(1))))
    };
    let parts: Vec<(&[Segment], f64)> = load.iter().flat_map(part).collect();
    mean(&parts, 100.0 * cpu.idle + again, 100.0, from_ms, until_ms)
}

/// The record of a minute of a metric that the scenario gives: one sample, over the part in which it is delivered.
#[must_use]
pub fn given(plan: &Plan, metric: &GivenMetric, number: i64) -> Minute {
    let from = number * MINUTE - plan.start_unix_ms;
    let mut parts = vec![(from, from + MINUTE)];
    for &(lost, back) in &metric.missing {
        let (lost, back) = (lost.ms().cast_signed(), back.ms().cast_signed());
        // What is missing from the start was missing before it.
        let lost = if lost == 0 { i64::MIN } else { lost };
        parts = parts.into_iter().flat_map(|(a, b)| [(a, b.min(lost)), (a.max(back), b)]).collect();
        parts.retain(|(a, b)| a < b);
    }
    let length: i64 = parts.iter().map(|(a, b)| b - a).sum();
    if length == 0 {
        return Minute::default();
    }
    let sum: f64 =
        parts.iter().map(|&(a, b)| mean(&[(&metric.values, 1.0)], 0.0, f64::INFINITY, a, b) * (b - a) as f64).sum();
    Minute::default().and(sum / length as f64, false)
}

/// The mean over an interval of the sum of these shapes, each times its weight, above a base and cut off at a limit.
/// Before t = 0 a shape is what it is then.
#[must_use]
pub fn mean(parts: &[(&[Segment], f64)], base: f64, limit: f64, from_ms: i64, until_ms: i64) -> f64 {
    let mut cuts = vec![from_ms as f64, until_ms as f64];
    for (shape, _) in parts {
        let first = shape.partition_point(|segment| segment.start.ms().cast_signed() <= from_ms).saturating_sub(1);
        for (i, segment) in shape.iter().enumerate().skip(first) {
            let start = segment.start.ms() as f64;
            let end = shape.get(i + 1).map_or(f64::INFINITY, |next| next.start.ms() as f64);
            if start >= until_ms as f64 {
                break;
            }
            // Where demand would fall below zero it stays there.
            let zero = start - 1000.0 * segment.rps / segment.slope;
            let within = |cut: &f64| *cut > from_ms as f64 && *cut < until_ms as f64;
            cuts.extend([start, end.min(zero).max(start)].into_iter().filter(within));
        }
    }
    cuts.sort_unstable_by(f64::total_cmp);
    let mut sum = 0.0;
    for piece in cuts.windows(2) {
        let (a, b) = (piece[0], piece[1]);
        // Between two cuts the sum is a straight line, which is known by its middle and its slope.
        let middle = f64::midpoint(a, b);
        let (mut value, mut slope) = (base, 0.0);
        for (shape, weight) in parts {
            let (v, s) = line(shape, middle);
            value += weight * v;
            slope += weight * s;
        }
        sum += cut_off(value, slope * (b - a) / 2.0, limit) * (b - a);
    }
    sum / (until_ms - from_ms) as f64
}

/// The value of a shape at an instant in milliseconds, and its change a millisecond.
fn line(shape: &[Segment], at: f64) -> (f64, f64) {
    let after = shape.partition_point(|segment| segment.start.ms() as f64 <= at.max(0.0));
    let Some(segment) = after.checked_sub(1).map(|i| &shape[i]) else { return (0.0, 0.0) };
    if at < 0.0 {
        return (segment.rps.max(0.0), 0.0);
    }
    let value = segment.rps + segment.slope * (at - segment.start.ms() as f64) / 1000.0;
    if value > 0.0 { (value, segment.slope / 1000.0) } else { (0.0, 0.0) }
}

/// The mean of a straight line from `middle − half` to `middle + half`, cut off at a limit.
fn cut_off(middle: f64, half: f64, limit: f64) -> f64 {
    let half = half.abs();
    let (low, high) = (middle - half, middle + half);
    if high <= limit {
        middle
    } else if low >= limit {
        limit
    } else {
        let below = (limit - low) / (high - low);
        below * f64::midpoint(low, limit) + (1.0 - below) * limit
    }
}

/// Who is in the average of a metric beside those that serve (`autoscale.average_counts_*`).
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// Whoever boots or warms up.
    booting: bool,
    /// Whoever is deallocated, as idle.
    deallocated: bool,
}

impl Counted {
    /// As assumed.
    #[must_use]
    pub fn assumed(cx: &mut Cx<'_>) -> Self {
        Self {
            booting: cx.assume(key::AutoscaleAverageCountsBooting),
            deallocated: cx.assume(key::AutoscaleAverageCountsDeallocated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(start_s: u64, rps: f64, slope: f64) -> Segment {
        Segment { start: SimTime::from_ms(start_s * 1000), rps, slope }
    }

    #[test]
    fn the_mean_of_a_rising_line_is_its_middle_and_beyond_the_limit_it_is_flat() {
        // From 0 to 120 in two minutes. The first minute: 30. The second: 90. Cut off at 100: the last 20 s are flat, so
        // 40 s with a mean of 80 and 20 s of 100: (3200 + 2000) / 60 = 86.67.
        let shape = [segment(0, 0.0, 1.0)];
        let of = |limit, from, until| mean(&[(&shape, 1.0)], 0.0, limit, from, until);
        assert!((of(f64::INFINITY, 0, 60_000) - 30.0).abs() < 1e-9);
        assert!((of(f64::INFINITY, 60_000, 120_000) - 90.0).abs() < 1e-9);
        assert!((of(100.0, 60_000, 120_000) - 5200.0 / 60.0).abs() < 1e-9);
    }

    #[test]
    fn segments_join_within_an_interval_and_nothing_falls_below_zero() {
        // 60 for 30 s, then from 30 down by 1 a second to 0 at 60 s and there on: (1800 + 450 + 0) / 90 = 25.
        let shape = [segment(0, 60.0, 0.0), segment(30, 30.0, -1.0)];
        assert!((mean(&[(&shape, 1.0)], 0.0, f64::INFINITY, 0, 90_000) - 25.0).abs() < 1e-9);
        // Two of them at half weight above a base of 5; before t = 0 the value is that of t = 0.
        let both = [(&shape[..], 0.5), (&shape[..], 0.5)];
        assert!((mean(&both, 5.0, f64::INFINITY, 0, 90_000) - 30.0).abs() < 1e-9);
        assert!((mean(&both, 5.0, f64::INFINITY, -60_000, 0) - 65.0).abs() < 1e-9);
    }

    #[test]
    fn a_metric_that_comes_back_within_a_minute_has_the_mean_of_what_came() {
        // Rising by 1 a second; missing for the first 40 s: the mean of 40 to 60 is 50. The minute before: missing too.
        let plan = Plan::plain("a test", SimTime::from_ms(600_000));
        let metric = GivenMetric {
            name: "m".into(),
            values: vec![segment(0, 0.0, 1.0)],
            missing: vec![(SimTime::ZERO, SimTime::from_ms(40_000))],
            not_sent_by: Vec::new(),
        };
        assert!((given(&plan, &metric, 0).sum - 50.0).abs() < 1e-9);
        assert_eq!(given(&plan, &metric, -1).count, 0);
        assert_eq!(given(&plan, &metric, 1).count, 1);
    }
}
