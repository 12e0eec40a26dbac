//! The time series of a run: what users met at each entry point, and what the fleet was made of, at every change.
//!
//! A row of an entry point holds until the next one of it. Its requests are a [`Stretch`], which is asked for any instant in between
//! and summed up over it, so that the series and the measures are one model.

use super::answers::Answers;
use super::entry_point::{Rates, Stretch, Totals};
use super::fleet::{Change, FleetView, InstanceView, LaneState, Observer};
use super::requests::Requests;
use crate::demand::traffic::room;
use crate::engine::time::SimTime;
use crate::plan::{Code, HealthSource, Plan};
use crate::rules;
use crate::world::fact::{Fact, FlowFact, Health, Record, Service};
use crate::world::ids::{EntryPointId, PoolId, SetId};

/// Backends in rotation, by what they do with a request: cannot, stale, ready.
pub type ByService = [u32; 3];

/// What holds at an entry point from an instant on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EntryRow {
    /// From when.
    pub time: SimTime,
    /// The entry point.
    pub entry_point: EntryPointId,
    /// What becomes of the requests until the next row; `None` where the scenario gives no traffic.
    pub requests: Option<Stretch>,
    /// Who new connections go to.
    pub backends: ByService,
    /// Backends that the probe holds up; `None` without a probe.
    pub probed_up: Option<u32>,
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

impl EntryRow {
    /// One without backends and requests.
    const fn none(time: SimTime, entry_point: EntryPointId) -> Self {
        Self {
            time,
            entry_point,
            requests: None,
            backends: [0; 3],
            probed_up: None,
            healthy: None,
            ready: 0,
            members: 0,
            capacity: None,
        }
    }

    /// How many backends are in rotation.
    #[must_use]
    pub fn in_rotation(&self) -> u32 {
        self.backends.iter().sum()
    }

    /// What becomes of the requests at the instant of the row.
    #[must_use]
    pub fn rates(&self) -> Option<Rates> {
        self.requests.map(|requests| requests.at(self.time))
    }

    /// What a gateway answers to the requests of an instant that fail; `None` where no gateway answers.
    #[must_use]
    pub fn answers(&self, at: SimTime) -> Option<Answers> {
        self.requests.filter(|requests| requests.by_gateway).map(|requests| requests.at(at).answers)
    }

    /// Whether this row says at its instant what the one before says, and goes on saying it.
    fn is_same(&self, before: &Self) -> bool {
        let counts = |row: &Self| (row.backends, row.probed_up, row.healthy, row.ready, row.members);
        let moves = |row: &Self| row.requests.is_some_and(|requests| requests.moves_connections());
        // A name has no backends of its own: what there is room for changes by where its users are led.
        let room = |row: &Self| row.requests.map(|of| (of.room, of.ready_room));
        let stays = counts(self) == counts(before) && room(self) == room(before);
        stays && self.rates() == before.rates() && !moves(self) && !moves(before)
    }
}

/// What the fleet is made of from an instant on. An instance counts until its deletion begins, but in `by_lane` until it
/// is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetRow {
    /// From when.
    pub time: SimTime,
    /// Instances that are present.
    pub present: u32,
    /// Of those, with this release of the code; the last is for those without a declared code.
    pub by_code: Vec<u32>,
    /// Of those in rotation, likewise; what is being deleted counts as long as it is in rotation.
    pub rotation_by_code: Vec<u32>,
    /// Of those that are present, with this version of an image.
    pub by_image: Vec<u32>,
    /// Instances by what they are, as numbered by [`LaneState`](super::fleet::LaneState).
    pub by_lane: [u32; 10],
    /// The code users need.
    pub required: Option<Code>,
}

/// What an instance counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Its deletion has not begun.
    pub present: bool,
    /// What it is.
    pub lane: LaneState,
}

/// An instance counts as something else from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// From when.
    pub time: SimTime,
    /// Its scale set.
    pub set: SetId,
    /// Its availability zone, 0 for a regional set.
    pub zone: u8,
    /// What it counted as before; `None` before it was there.
    pub from: Option<Tally>,
    /// What it counts as; `None` once it is gone.
    pub to: Option<Tally>,
}

/// What is counted of a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct PoolCount {
    backends: ByService,
    probed_up: u32,
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

/// The entry points whose rows show what is counted of a pool: those that lead there, and the listener of a gateway before them.
fn looking_at(plan: &Plan, pool: PoolId) -> Vec<EntryPointId> {
    let mut all = Vec::new();
    for (id, entry) in plan.leading_to(pool) {
        all.push(id);
        let from = entry.routed.map(|routed| EntryPointId(routed.from));
        all.extend(from.filter(|from| plan.entry_point(*from).gateway.is_some()));
    }
    all
}

/// Turns facts into the time series.
#[derive(Clone, Debug)]
pub struct Series<'p> {
    plan: &'p Plan,
    requests: Requests<'p>,
    now: SimTime,
    /// By pool.
    counts: Vec<PoolCount>,
    /// By pool, the entry points that lead to it.
    leading: Vec<Vec<EntryPointId>>,
    /// Pools whose members have a health source.
    sourced: Vec<bool>,
    /// What is to be written before the instant ends, by entry point; the fleet comes last.
    due: Vec<Due>,
    state: FleetRow,
    /// Starts of segments of demand that are still to come, the last first.
    boundaries: Vec<(SimTime, EntryPointId)>,
    last: Vec<Option<usize>>,
    /// One row an instant and entry point that changed, in the order of time and then of the entry points.
    pub entries: Vec<EntryRow>,
    /// One row an instant at which the fleet changed.
    pub fleets: Vec<FleetRow>,
    /// Every change of what an instance counts as: what is known of scale sets and zones, each by itself.
    pub moves: Vec<Move>,
    /// What the instance of the record in hand counted as before it.
    was: Option<Tally>,
}

impl<'p> Series<'p> {
    /// Nothing yet.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        let (pools, entries) = (plan.pools.len(), plan.entry_points.len());
        let mut boundaries: Vec<(SimTime, EntryPointId)> = Vec::new();
        for (id, entry) in plan.entries() {
            let starts = entry.traffic.iter().flat_map(|traffic| &traffic.demand).map(|segment| segment.start);
            boundaries.extend(starts.filter(|start| start.ms() > 0).map(|start| (start, id)));
        }
        boundaries.sort_unstable_by(|a, b| b.cmp(a));
        let state = FleetRow {
            time: SimTime::ZERO,
            present: 0,
            by_code: vec![0; plan.application.releases.len() + 1],
            rotation_by_code: vec![0; plan.application.releases.len() + 1],
            by_image: vec![0; plan.images.len()],
            by_lane: [0; 10],
            required: FleetView::new(plan).required,
        };
        Self {
            plan,
            requests: Requests::new(plan),
            now: SimTime::ZERO,
            counts: vec![PoolCount::default(); pools],
            leading: (0..pools).map(|at| looking_at(plan, PoolId(at as u16))).collect(),
            sourced: (0..pools).map(|pool| has_source(plan, pool)).collect(),
            due: vec![Due::Surely; entries + 1],
            state,
            boundaries,
            last: vec![None; entries],
            entries: Vec::new(),
            fleets: Vec::new(),
            moves: Vec::new(),
            was: None,
        }
    }

    /// The rows of one entry point, in the order of time.
    pub fn of(&self, entry_point: EntryPointId) -> impl Iterator<Item = &EntryRow> {
        self.entries.iter().filter(move |row| row.entry_point == entry_point)
    }

    /// The rows of one entry point, each with the instant until which it holds: that of the next one or, of the last, its own.
    pub fn spans(&self, entry_point: EntryPointId) -> impl Iterator<Item = (&EntryRow, SimTime)> {
        let next = self.of(entry_point).skip(1).map(|row| Some(row.time)).chain([None]);
        self.of(entry_point).zip(next).map(|(row, next)| (row, next.unwrap_or(row.time)))
    }

    /// What came of the requests of an entry point: the sum over its rows.
    #[must_use]
    pub fn totals(&self, entry_point: EntryPointId) -> Totals {
        let spans = self.spans(entry_point);
        spans
            .filter_map(|(row, until)| Some(row.requests?.integrate(row.time, until)))
            .fold(Totals::default(), Totals::and)
    }

    /// Moves on to `to`, with a row wherever demand begins a new segment on the way, or a place of a name begins to shed.
    fn advance(&mut self, to: SimTime) {
        while let Some((start, entry_point)) = self.next(to) {
            if start > self.now {
                self.flush();
                self.now = start;
            }
            self.due[entry_point.index()] = Due::Surely;
        }
        if to > self.now {
            self.flush();
            self.now = to;
        }
    }

    /// The first of these instants up to `to`.
    fn next(&mut self, to: SimTime) -> Option<(SimTime, EntryPointId)> {
        let turn = self.requests.turn(self.now, to);
        let boundary = self.boundaries.last().copied().filter(|&(start, _)| start <= to);
        if boundary.is_some_and(|boundary| turn.is_none_or(|turn| boundary <= turn)) {
            self.boundaries.pop()
        } else {
            turn
        }
    }

    /// Writes the rows of the instant.
    fn flush(&mut self) {
        let fleet = self.last.len();
        for entry_point in self.requests.take_changed() {
            self.due[entry_point.index()] = self.due[entry_point.index()].max(Due::IfNew);
        }
        for index in 0..fleet {
            let due = std::mem::take(&mut self.due[index]);
            if due == Due::No {
                continue;
            }
            let row = self.row(EntryPointId(index as u16));
            let same = self.last[index].is_some_and(|at| row.is_same(&self.entries[at]));
            if !same || due == Due::Surely {
                self.last[index] = Some(self.entries.len());
                self.entries.push(row);
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

    fn row(&self, entry_point: EntryPointId) -> EntryRow {
        let requests = self.requests.of(entry_point).map(|backends| backends.now(self.now));
        // Of a listener, what the instance of the gateway holds that has the fewest backends in use.
        let in_use = |pool: &PoolId| self.counts[pool.index()].backends.iter().sum::<u32>();
        let parts = self.plan.with_parts(entry_point).filter(|part| *part == entry_point || self.requests.takes(*part));
        let now = parts.filter_map(|part| self.requests.leads(part));
        let Some(pool) = now.min_by_key(in_use) else {
            // A name has no backends of its own, and who leads nowhere has none.
            return EntryRow { requests, ..EntryRow::none(self.now, entry_point) };
        };
        let plan = &self.plan.pools[pool.index()];
        let count = self.counts[pool.index()];
        let capacity = self.requests.capacity(entry_point);
        EntryRow {
            time: self.now,
            entry_point,
            requests,
            backends: count.backends,
            probed_up: plan.probe.as_ref().map(|_| count.probed_up),
            healthy: self.sourced[pool.index()].then_some(count.healthy),
            ready: count.ready,
            members: count.members,
            capacity: capacity.map(|capacity| room(Some(capacity), count.backends.iter().sum())),
        }
    }

    /// Notes what the instance of a record counted as before, if it counts as something else now.
    fn note(&mut self, fleet: &FleetView<'_>, record: &Record) {
        let (from, to) = (self.was.take(), tally(fleet, record));
        let unit = record.fact.instance().and_then(|instance| fleet.unit(instance));
        if let Some(unit) = unit.filter(|_| from != to) {
            self.moves.push(Move { time: self.now, set: unit.set, zone: unit.at.zone, from, to });
        }
    }

    /// Those that users meet from now on, or no longer, as they are led elsewhere, count as something else.
    fn turn(&mut self, fleet: &FleetView<'_>) {
        for (instance, before) in fleet.turned() {
            let unit = &fleet.instances[instance.index()];
            count_unit(&mut self.state, before, |cell| *cell -= 1);
            count_unit(&mut self.state, unit, |cell| *cell += 1);
            let (from, to) = (tally_of(before), tally_of(unit));
            self.moves.push(Move { time: self.now, set: unit.set, zone: unit.at.zone, from, to });
        }
        if !fleet.turned().is_empty() {
            self.look_at(self.last.len());
        }
    }

    /// Adds what an instance counts for, or takes it away.
    fn count(&mut self, fleet: &FleetView<'_>, record: &Record, add: bool) {
        let Some(unit) = record.fact.instance().and_then(|instance| fleet.unit(instance)) else { return };
        let step = |cell: &mut u32| *cell = if add { *cell + 1 } else { *cell - 1 };
        for membership in fleet.pools(unit) {
            let count = &mut self.counts[membership.pool.index()];
            step(&mut count.members);
            if membership.in_rotation {
                step(&mut count.backends[unit.service() as usize]);
            }
            if membership.held_up {
                step(&mut count.probed_up);
            }
            if unit.health == Some(Health::Healthy) {
                step(&mut count.healthy);
            }
            if unit.service() == Service::Ready {
                step(&mut count.ready);
            }
            for entry_point in &self.leading[membership.pool.index()] {
                let due = &mut self.due[entry_point.index()];
                *due = (*due).max(Due::IfNew);
            }
        }
        count_unit(&mut self.state, unit, step);
        self.look_at(self.last.len());
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

/// What the instance of a record counts as.
fn tally(fleet: &FleetView<'_>, record: &Record) -> Option<Tally> {
    tally_of(fleet.unit(record.fact.instance()?)?)
}

fn tally_of(unit: &InstanceView) -> Option<Tally> {
    Some(Tally { present: unit.is_present(), lane: unit.lane()? })
}

fn count_unit(row: &mut FleetRow, unit: &InstanceView, step: impl Fn(&mut u32)) {
    let code = unit.code().map_or(row.by_code.len() - 1, usize::from);
    if unit.is_present() {
        step(&mut row.present);
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

impl Observer for Series<'_> {
    fn before(&mut self, fleet: &FleetView<'_>, record: &Record) {
        self.advance(record.time);
        self.was = tally(fleet, record);
        self.count(fleet, record, false);
    }

    fn after(&mut self, fleet: &FleetView<'_>, record: &Record, change: Option<&Change>) {
        self.requests.record(record, fleet, change);
        self.count(fleet, record, true);
        self.note(fleet, record);
        self.turn(fleet);
        match record.fact {
            Fact::CodeReleased { code } => {
                self.state.required = Some(code);
                self.look_at(self.last.len());
            }
            // Demand alone may have crossed a line: the numbers of that instant are worth a row.
            Fact::HarmStarted { entry_point }
            | Fact::HarmEnded { entry_point }
            | Fact::OutageStarted { entry_point }
            | Fact::OutageEnded { entry_point }
            | Fact::LoadStepped { entry_point, .. }
            | Fact::Flow(
                FlowFact::Routed { to: entry_point, .. }
                | FlowFact::Retried { entry_point, .. }
                | FlowFact::Waits { entry_point, .. }
                | FlowFact::WaitsNoMore { entry_point },
            ) => self.look_at(entry_point.index()),
            _ => {}
        }
    }

    fn end(&mut self, _: &FleetView<'_>, at: SimTime) {
        self.advance(at);
        // A run that ends where its last change was has its last rows already: once is enough.
        for index in 0..self.last.len() {
            let written = self.last[index].is_some_and(|last| self.entries[last].time == at);
            self.due[index] = if written { self.due[index] } else { Due::Surely };
        }
        let fleet = self.last.len();
        let written = self.fleets.last().is_some_and(|last| last.time == at);
        self.due[fleet] = if written { self.due[fleet] } else { Due::Surely };
        self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::fleet::LaneState;
    use crate::measure::testing::{minutes, play, stale_ledger, stale_plan};
    use crate::plan::Segment;

    #[test]
    fn the_stale_ledger_has_a_row_at_each_change() {
        let plan = stale_plan();
        let series = play(&plan, Series::new(&plan), &stale_ledger());
        // Changes of the pool: two steady at 0, a third member at 10, in rotation and stale at 13, ready at 18, the end.
        // At 12 it could serve, but stale and out of rotation: no number of the pool changes.
        let seen: Vec<_> = series
            .entries
            .iter()
            .map(|row| (row.time, row.backends, row.members, row.ready, row.rates().unwrap().stale))
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
        assert_eq!(series.entries[2].capacity, Some(750.0));
        // No probe is declared, so nobody holds anything up.
        assert_eq!(series.entries[2].probed_up, None);
        let last = series.fleets.last().unwrap();
        assert_eq!((last.present, &last.by_code[..], &last.by_image[..]), (3, &[0, 3, 0][..], &[3][..]));
        let stale = series.fleets.iter().find(|row| row.time == minutes(13)).unwrap();
        assert_eq!(stale.rotation_by_code, [1, 2, 0]);
        assert_eq!(stale.by_lane[LaneState::StaleServing as usize], 1);
        assert_eq!(stale.by_lane.iter().sum::<u32>(), 3);
    }

    #[test]
    fn a_segment_of_demand_begins_a_row() {
        let mut plan = stale_plan();
        // 300 rps, from 20 min on rising by 1 rps a second: at 45 min, 25 × 60 s later, 300 + 1500 = 1800.
        plan.entry_points[0].traffic.as_mut().unwrap().demand.push(Segment {
            start: minutes(20),
            rps: 300.0,
            slope: 1.0,
        });
        let series = play(&plan, Series::new(&plan), &stale_ledger());
        let rows: Vec<_> = series.of(EntryPointId(0)).map(|row| (row.time, row.rates().unwrap().demand)).collect();
        assert_eq!(rows[rows.len() - 3..], [(minutes(18), 300.0), (minutes(20), 300.0), (minutes(45), 1800.0)]);
    }

    #[test]
    fn a_run_of_nothing_has_a_first_row_and_a_last() {
        let plan = stale_plan();
        let series = play(&plan, Series::new(&plan), &[]);
        let seen: Vec<_> = series.entries.iter().map(|row| (row.time, row.rates().unwrap().failed)).collect();
        assert_eq!(seen, [(minutes(0), 300.0), (minutes(45), 300.0)]);
        assert_eq!(series.fleets.len(), 2);
    }
}
