//! The time series of a run: what users met at each entry point, and what the fleet was made of, at every change.
//!
//! Requests are counted one by one, as if each were a connection of its own: demand is spread evenly over the backends
//! in rotation, each serves no more than its capacity, one that cannot serve fails all of its share, and one with old
//! code harms as much of it as touches the difference. Without a backend in rotation all demand fails. For pools with
//! kept connections that is an approximation: connections which stay on a backend that left rotation, or which were made
//! before one came, are not followed here, so the series shows where new connections go.

use super::fleet::{Fleet, Unit, instance_of};
use crate::demand::traffic::demand_at;
use crate::engine::time::SimTime;
use crate::plan::{Code, HealthSource, Plan};
use crate::rules;
use crate::world::fact::{Fact, Health, Record, Service};
use crate::world::ids::{InstanceId, PoolId};
use crate::world::run::Sink;

/// Backends in rotation, by what they do with a request: cannot, stale, ready.
pub type Backends = [u32; 3];

/// What becomes of the requests of an instant, in requests a second. The three parts sum to the demand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Flow {
    /// What users send.
    pub demand: f64,
    /// Served well.
    pub served: f64,
    /// Not served: no backend, a backend that cannot, or more than it can take.
    pub failed: f64,
    /// Served by code older than users need.
    pub stale: f64,
}

impl Flow {
    /// The share of the requests that is harmed, 0 to 1; 0 without demand.
    #[must_use]
    pub fn harmed_share(&self) -> f64 {
        if self.demand > 0.0 { (self.failed + self.stale) / self.demand } else { 0.0 }
    }
}

/// How requests turn into what users meet: the part of the plan that the split needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// Requests a second that one backend serves; no limit where absent.
    pub capacity: Option<f64>,
    /// Share of the requests that touch what stale code gets wrong.
    pub touches: f64,
}

impl Split {
    /// What the plan says.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let capacity = plan.application.capacity_rps.filter(|_| plan.rules.on(rules::WT_10));
        Self { capacity, touches: plan.application.requires.map_or(1.0, |requires| requires.touches) }
    }

    /// What becomes of `demand` with these backends in rotation.
    #[must_use]
    pub fn flow(&self, demand: f64, backends: Backends) -> Flow {
        let [_, stale, ready] = backends.map(f64::from);
        let all: u32 = backends.iter().sum();
        if all == 0 {
            return Flow { demand, served: 0.0, failed: demand, stale: 0.0 };
        }
        let each = demand / f64::from(all);
        let taken = self.capacity.map_or(each, |capacity| each.min(capacity));
        let harmed = taken * stale * self.touches;
        let served = taken * (ready + stale) - harmed;
        Flow { demand, served, failed: (demand - served - harmed).max(0.0), stale: harmed }
    }
}

/// What holds at an entry point from an instant on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoolRow {
    /// From when.
    pub time: SimTime,
    /// The entry point.
    pub pool: PoolId,
    /// What becomes of the requests; `None` where the scenario gives no traffic.
    pub flow: Option<Flow>,
    /// Who new connections go to.
    pub backends: Backends,
    /// Backends that the probe holds up; `None` without a probe.
    pub held_up: Option<u32>,
    /// Members that are Healthy as their health source says and the controllers of their set know; `None` where no
    /// member has a health source, or only sets with two, which say nothing (UM-06).
    pub healthy: Option<u32>,
    /// Members of the pool that would serve a request well.
    pub ready: u32,
    /// Members of the pool.
    pub members: u32,
    /// What those in rotation are declared to take, in requests a second; `None` where nothing is declared.
    pub capacity: Option<f64>,
}

impl PoolRow {
    /// How many backends are in rotation.
    #[must_use]
    pub fn in_rotation(&self) -> u32 {
        self.backends.iter().sum()
    }
}

/// What the fleet is made of from an instant on. An instance counts until its deletion begins, but in `by_lane` until it
/// is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetRow {
    /// From when.
    pub time: SimTime,
    /// Instances that stand.
    pub standing: u32,
    /// Of those, with this release of the code; the last is for those without a declared code.
    pub by_code: Vec<u32>,
    /// Of those in rotation, likewise; what is being deleted counts as long as it is in rotation.
    pub rotation_by_code: Vec<u32>,
    /// Of those that stand, with this version of an image.
    pub by_image: Vec<u32>,
    /// Instances by what they are, as numbered by [`LaneState`](super::fleet::LaneState).
    pub by_lane: [u32; 10],
    /// The code users need.
    pub required: Option<Code>,
}

/// What is counted of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct PoolCount {
    backends: Backends,
    held_up: u32,
    healthy: u32,
    ready: u32,
    members: u32,
}

/// Whether an instant gets a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// No.
    #[default]
    No,
    /// If its values are new.
    IfNew,
    /// In any case.
    Surely,
}

/// Turns facts into the time series.
#[derive(Clone, Debug)]
pub struct Series<'p> {
    fleet: Fleet<'p>,
    split: Split,
    now: SimTime,
    counts: Vec<PoolCount>,
    /// Pools whose members have a health source.
    sourced: Vec<bool>,
    /// What is to be written before the instant ends, by entry point; the fleet comes last.
    due: Vec<Due>,
    state: FleetRow,
    /// Starts of segments of demand that are still to come, the last first.
    boundaries: Vec<(SimTime, PoolId)>,
    last: Vec<Option<usize>>,
    /// One row an instant and entry point that changed, in the order of time and then of the entry points.
    pub pools: Vec<PoolRow>,
    /// One row an instant at which the fleet changed.
    pub fleets: Vec<FleetRow>,
}

impl<'p> Series<'p> {
    /// Nothing yet.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        let pools = plan.pools.len();
        let mut boundaries: Vec<(SimTime, PoolId)> = Vec::new();
        for (index, pool) in plan.pools.iter().enumerate() {
            let starts = pool.traffic.iter().flat_map(|traffic| &traffic.demand).map(|segment| segment.start);
            boundaries.extend(starts.filter(|start| start.ms() > 0).map(|start| (start, PoolId(index as u16))));
        }
        boundaries.sort_unstable_by(|a, b| b.cmp(a));
        let fleet = Fleet::new(plan);
        let state = FleetRow {
            time: SimTime::ZERO,
            standing: 0,
            by_code: vec![0; plan.application.releases.len() + 1],
            rotation_by_code: vec![0; plan.application.releases.len() + 1],
            by_image: vec![0; plan.images.len()],
            by_lane: [0; 10],
            required: fleet.required,
        };
        Self {
            fleet,
            split: Split::of(plan),
            now: SimTime::ZERO,
            counts: vec![PoolCount::default(); pools],
            sourced: (0..pools).map(|pool| has_source(plan, pool)).collect(),
            due: vec![Due::Surely; pools + 1],
            state,
            boundaries,
            last: vec![None; pools],
            pools: Vec::new(),
            fleets: Vec::new(),
        }
    }

    /// How requests are split, for what is drawn between two rows.
    #[must_use]
    pub const fn split(&self) -> Split {
        self.split
    }

    /// The rows of one entry point, in the order of time.
    pub fn of(&self, pool: PoolId) -> impl Iterator<Item = &PoolRow> {
        self.pools.iter().filter(move |row| row.pool == pool)
    }

    /// Moves on to `to`, with a row wherever demand begins a new segment on the way.
    fn advance(&mut self, to: SimTime) {
        while let Some(&(start, pool)) = self.boundaries.last()
            && start <= to
        {
            self.boundaries.pop();
            if start > self.now {
                self.flush();
                self.now = start;
            }
            self.due[pool.index()] = Due::Surely;
        }
        if to > self.now {
            self.flush();
            self.now = to;
        }
    }

    /// Writes the rows of the instant.
    fn flush(&mut self) {
        let fleet = self.counts.len();
        for index in 0..fleet {
            let due = std::mem::take(&mut self.due[index]);
            if due == Due::No {
                continue;
            }
            let row = self.row(PoolId(index as u16));
            let same = self.last[index].is_some_and(|at| PoolRow { time: row.time, ..self.pools[at] } == row);
            if !same || due == Due::Surely {
                self.last[index] = Some(self.pools.len());
                self.pools.push(row);
            }
        }
        let due = std::mem::take(&mut self.due[fleet]);
        if due == Due::No {
            return;
        }
        self.state.time = self.now;
        let same = self.fleets.last().is_some_and(|last| FleetRow { time: self.now, ..last.clone() } == self.state);
        if !same || due == Due::Surely {
            self.fleets.push(self.state.clone());
        }
    }

    fn look_at(&mut self, index: usize) {
        self.due[index] = self.due[index].max(Due::IfNew);
    }

    fn row(&self, pool: PoolId) -> PoolRow {
        let plan = &self.fleet.plan().pools[pool.index()];
        let count = self.counts[pool.index()];
        let all: u32 = count.backends.iter().sum();
        let demand = plan.traffic.as_ref().map(|traffic| demand_at(&traffic.demand, self.now));
        PoolRow {
            time: self.now,
            pool,
            flow: demand.map(|demand| self.split.flow(demand, count.backends)),
            backends: count.backends,
            held_up: plan.probe.as_ref().map(|_| count.held_up),
            healthy: self.sourced[pool.index()].then_some(count.healthy),
            ready: count.ready,
            members: count.members,
            capacity: self.fleet.plan().application.capacity_rps.map(|capacity| capacity * f64::from(all)),
        }
    }

    /// Adds what an instance counts for, or takes it away.
    fn count(&mut self, instance: InstanceId, add: bool) {
        let Some(unit) = self.fleet.unit(instance) else { return };
        let step = |cell: &mut u32| *cell = if add { *cell + 1 } else { *cell - 1 };
        let fleet = self.counts.len();
        for membership in &unit.pools {
            let count = &mut self.counts[membership.pool.index()];
            step(&mut count.members);
            if membership.in_rotation {
                step(&mut count.backends[unit.service as usize]);
            }
            if membership.held_up {
                step(&mut count.held_up);
            }
            if unit.health == Some(Health::Healthy) {
                step(&mut count.healthy);
            }
            if unit.service == Service::Ready {
                step(&mut count.ready);
            }
            let due = &mut self.due[membership.pool.index()];
            *due = (*due).max(Due::IfNew);
        }
        count_unit(&mut self.state, unit, step);
        self.look_at(fleet);
    }
}

/// Whether somebody says whether the members of a pool are healthy.
fn has_source(plan: &Plan, pool: usize) -> bool {
    plan.sets.iter().filter(|set| set.pools.iter().any(|joined| usize::from(*joined) == pool)).any(|set| {
        match set.profile.health_source {
            HealthSource::Extension | HealthSource::Probe(_) => true,
            HealthSource::Conflict => !plan.rules.on(rules::UM_06),
            HealthSource::None => false,
        }
    })
}

fn count_unit(row: &mut FleetRow, unit: &Unit, step: impl Fn(&mut u32)) {
    let code = unit.code.map_or(row.by_code.len() - 1, usize::from);
    if unit.stands() {
        step(&mut row.standing);
        step(&mut row.by_code[code]);
        step(&mut row.by_image[unit.image.index()]);
    }
    if unit.in_rotation() {
        step(&mut row.rotation_by_code[code]);
    }
    if let Some(lane) = unit.lane() {
        step(&mut row.by_lane[lane as usize]);
    }
}

impl Sink for Series<'_> {
    fn record(&mut self, record: &Record) {
        self.advance(record.time);
        let instance = instance_of(&record.fact);
        if let Some(instance) = instance {
            self.count(instance, false);
        }
        self.fleet.take(record);
        if let Some(instance) = instance {
            self.count(instance, true);
        }
        match record.fact {
            Fact::CodeReleased { code } => {
                self.state.required = Some(code);
                self.look_at(self.counts.len());
            }
            // Demand alone may have crossed a line: the numbers of that instant are worth a row.
            Fact::HarmBegan { pool }
            | Fact::HarmEnded { pool }
            | Fact::OutageBegan { pool }
            | Fact::OutageEnded { pool }
            | Fact::LoadStepped { pool, .. } => self.look_at(pool.index()),
            _ => {}
        }
    }

    fn end(&mut self, at: SimTime) {
        self.advance(at);
        // A run that ends where its last change was has its last rows already: once is enough.
        for index in 0..self.counts.len() {
            let written = self.last[index].is_some_and(|last| self.pools[last].time == at);
            self.due[index] = if written { self.due[index] } else { Due::Surely };
        }
        let fleet = self.counts.len();
        let written = self.fleets.last().is_some_and(|last| last.time == at);
        self.due[fleet] = if written { self.due[fleet] } else { Due::Surely };
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::fleet::LaneState;
    use crate::measure::testing::{minutes, play, stale_plan, stale_story};
    use crate::plan::Segment;

    #[test]
    fn requests_split_as_worked_out_by_hand() {
        let split = Split { capacity: Some(250.0), touches: 1.0 };
        // Two ready and one stale, 300 rps: 100 each; 200 served well, 100 stale.
        assert_eq!(split.flow(300.0, [0, 1, 2]), Flow { demand: 300.0, served: 200.0, failed: 0.0, stale: 100.0 });
        // One that cannot and one ready, 600 rps: 300 each; one fails its 300, the other serves 250 and sheds 50.
        assert_eq!(split.flow(600.0, [1, 0, 1]), Flow { demand: 600.0, served: 250.0, failed: 350.0, stale: 0.0 });
        // Nobody: all fails.
        assert_eq!(split.flow(300.0, [0, 0, 0]), Flow { demand: 300.0, served: 0.0, failed: 300.0, stale: 0.0 });
        // A quarter of the requests touch the difference: of 300 on a stale backend without limit, 75 are harmed.
        let touched = Split { capacity: None, touches: 0.25 };
        assert_eq!(touched.flow(300.0, [0, 1, 0]), Flow { demand: 300.0, served: 225.0, failed: 0.0, stale: 75.0 });
        // Without demand nobody is harmed.
        assert!(split.flow(0.0, [0, 0, 0]).harmed_share().abs() < f64::EPSILON);
    }

    #[test]
    fn the_stale_story_has_a_row_at_each_change() {
        let plan = stale_plan();
        let series = play(Series::new(&plan), &stale_story());
        // Changes of the pool: two steady at 0, a third member at 10, in rotation and stale at 13, ready at 18, the end.
        // At 12 it could serve, but stale and out of rotation: no number of the pool changes.
        let seen: Vec<_> = series
            .pools
            .iter()
            .map(|row| (row.time, row.backends, row.members, row.ready, row.flow.unwrap().stale))
            .collect();
        assert_eq!(
            seen,
            [
                (minutes(0), [0, 0, 2], 2, 2, 0.0),
                (minutes(10), [0, 0, 2], 3, 2, 0.0),
                (minutes(13), [0, 1, 2], 3, 2, 100.0),
                (minutes(18), [0, 0, 3], 3, 3, 0.0),
                (minutes(45), [0, 0, 3], 3, 3, 0.0),
            ]
        );
        // 3 × 250.
        assert_eq!(series.pools[2].capacity, Some(750.0));
        // No probe is declared, so nobody holds anything up.
        assert_eq!(series.pools[2].held_up, None);
        let last = series.fleets.last().unwrap();
        assert_eq!((last.standing, &last.by_code[..], &last.by_image[..]), (3, &[0, 3, 0][..], &[3][..]));
        let stale = series.fleets.iter().find(|row| row.time == minutes(13)).unwrap();
        assert_eq!(stale.rotation_by_code, [1, 2, 0]);
        assert_eq!(stale.by_lane[LaneState::StaleServing as usize], 1);
        assert_eq!(stale.by_lane.iter().sum::<u32>(), 3);
    }

    #[test]
    fn a_segment_of_demand_begins_a_row() {
        let mut plan = stale_plan();
        // 300 rps, from 20 min on rising by 1 rps a second: at 45 min, 25 × 60 s later, 300 + 1500 = 1800.
        plan.pools[0].traffic.as_mut().unwrap().demand.push(Segment { start: minutes(20), rps: 300.0, slope: 1.0 });
        let series = play(Series::new(&plan), &stale_story());
        let rows: Vec<_> = series.of(PoolId(0)).map(|row| (row.time, row.flow.unwrap().demand)).collect();
        assert_eq!(rows[rows.len() - 3..], [(minutes(18), 300.0), (minutes(20), 300.0), (minutes(45), 1800.0)]);
    }

    #[test]
    fn a_run_of_nothing_has_a_first_row_and_a_last() {
        let plan = stale_plan();
        let series = play(Series::new(&plan), &[]);
        let seen: Vec<_> = series.pools.iter().map(|row| (row.time, row.flow.unwrap().failed)).collect();
        assert_eq!(seen, [(minutes(0), 300.0), (minutes(45), 300.0)]);
        assert_eq!(series.fleets.len(), 2);
    }
}
