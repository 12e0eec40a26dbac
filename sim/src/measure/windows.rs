//! Windows of harm: the times in which users of an entry point are harmed, each from its beginning to its end, and when a
//! probe noticed it. Harm that ceases for less than a minute is one window: who reads metrics by the minute sees no gap.

use super::fleet::FleetView;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::Plan;
use crate::world::fact::{Fact, Record};
use crate::world::ids::{Entry, EntryPointId, InstanceId, PoolId};
use std::collections::BTreeSet;

/// Harm that begins again within this time after its end goes on: Azure Monitor keeps its metrics by the minute.
pub const GAP: SimDuration = SimDuration::from_ms(60_000);

/// A run has seldom more windows: there is room for so many from the start.
const USUAL: usize = 512;

/// A time in which users of an entry point are harmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The entry point.
    pub entry_point: EntryPointId,
    /// When it began.
    pub from: SimTime,
    /// The entry with which it began.
    pub began: Entry,
    /// When it ended, and the entry that says so; `None` while it goes on.
    pub ended: Option<(SimTime, Entry)>,
    /// When a probe first went down in it on a machine that harms, and the entry that says so.
    pub noticed: Option<(SimTime, Entry)>,
    /// A machine on which nobody works harmed in it.
    pub of_itself: bool,
}

impl Window {
    /// When it ended, or so far.
    #[must_use]
    pub fn until(&self, horizon: SimTime) -> SimTime {
        self.ended.map_or(horizon, |(at, _)| at)
    }
}

/// The windows of a run, record by record.
#[derive(Clone, Debug)]
pub struct Windows<'p> {
    plan: &'p Plan,
    all: Vec<Window>,
    /// By entry point, the place of its last one.
    last: Vec<Option<usize>>,
    /// A machine that harmed of itself when that was last asked.
    witness: Option<InstanceId>,
    /// By region, whether users were harmed at an entry point that leads to no other.
    regions: Vec<bool>,
}

impl<'p> Windows<'p> {
    /// None yet.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        let last = vec![None; plan.entry_points.len()];
        Self { plan, all: Vec::with_capacity(USUAL), last, witness: None, regions: vec![false; plan.regions.len()] }
    }

    /// Takes a record, with the fleet as it was before.
    pub fn take(&mut self, fleet: &FleetView<'_>, record: &Record) {
        match record.fact {
            Fact::HarmStarted { entry_point } => self.begin(fleet, entry_point, record),
            Fact::HarmEnded { entry_point } => {
                if let Some(at) = self.last[entry_point.index()] {
                    self.all[at].ended = Some((record.time, record.entry));
                }
            }
            Fact::ProbeDown { instance, pool, .. } => self.probe(fleet, (instance, pool), record),
            _ => {}
        }
    }

    fn begin(&mut self, fleet: &FleetView<'_>, entry_point: EntryPointId, record: &Record) {
        let last = &mut self.last[entry_point.index()];
        if let Some(before) = last.map(|at| &mut self.all[at])
            && before.ended.is_none_or(|(end, _)| record.time.since(end) < GAP)
        {
            before.ended = None;
            return;
        }
        *last = Some(self.all.len());
        let (from, began) = (record.time, record.entry);
        let of_itself = self.harms_of_itself(fleet, entry_point);
        self.all.push(Window { entry_point, from, began, ended: None, noticed: None, of_itself });
        let mut regions = of_sets(self.plan, entry_point);
        if let Some(region) = regions.next()
            && regions.all(|other| other == region)
        {
            self.regions[usize::from(region)] = true;
        }
    }

    /// A probe goes down on a machine that takes users. On one that somebody works on, it tells nothing of what else harms.
    fn probe(&mut self, fleet: &FleetView<'_>, (instance, pool): (InstanceId, PoolId), record: &Record) {
        for entry_point in 0..self.last.len() {
            let Some(at) = self.last[entry_point] else { continue };
            let window = self.all[at];
            let is_asked = window.ended.is_none() && window.noticed.is_none();
            if !is_asked || !self.plan.pools_behind(window.entry_point).any(|of| of == pool) {
                continue;
            }
            let Some(unit) = fleet.unit(instance).filter(|unit| unit.in_rotation()) else { continue };
            if !unit.is_up() {
                self.all[at].of_itself |= self.harms_of_itself(fleet, window.entry_point);
            }
            if unit.is_up() || !self.all[at].of_itself {
                self.all[at].noticed = Some((record.time, record.entry));
            }
        }
    }

    /// Whether a machine harms at an entry point on which nobody works: it is up.
    fn harms_of_itself(&mut self, fleet: &FleetView<'_>, entry_point: EntryPointId) -> bool {
        let plan = self.plan;
        let is_behind = |pool: PoolId| plan.pools_behind(entry_point).any(|of| of == pool);
        let does = |instance: InstanceId| {
            fleet.unit(instance).is_some_and(|unit| {
                unit.is_up()
                    && unit.lane().is_some_and(|lane| lane.harms())
                    && fleet.pools(unit).any(|of| of.in_rotation && is_behind(of.pool))
            })
        };
        if !self.witness.is_some_and(does) {
            self.witness = (0..fleet.instances.len()).map(|at| InstanceId(at as u32)).find(|one| does(*one));
        }
        self.witness.is_some()
    }

    /// All of them, in the order in which they began.
    #[must_use]
    pub fn all(&self) -> &[Window] {
        &self.all
    }

    /// The longest of them, the first of several; what goes on is as long as it is at the horizon.
    pub(super) fn longest(&self) -> Option<&Window> {
        let length = |window: &&Window| window.until(self.plan.horizon).since(window.from);
        self.all.iter().rev().max_by_key(length)
    }

    /// The regions whose users were harmed at an entry point that leads to no other.
    pub(super) fn regions(&self) -> impl Iterator<Item = u16> {
        self.regions.iter().enumerate().filter(|(_, is_harmed)| **is_harmed).map(|(region, _)| region as u16)
    }
}

/// The regions of the sets behind an entry point, each once.
pub fn regions(plan: &Plan, entry_point: EntryPointId) -> impl Iterator<Item = u16> + use<> {
    of_sets(plan, entry_point).collect::<BTreeSet<u16>>().into_iter()
}

/// The region of each set behind an entry point.
fn of_sets(plan: &Plan, entry_point: EntryPointId) -> impl Iterator<Item = u16> {
    let is_behind = move |set: usize| plan.pools_behind(entry_point).any(|pool| plan.joins(set, pool.0));
    plan.sets.iter().enumerate().filter(move |(set, _)| is_behind(*set)).map(|(_, set)| set.region)
}
