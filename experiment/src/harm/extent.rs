//! How much a window of harm was: requests, the harmed share and how it grew, instances, regions.

use super::super::replay::Replay;
use super::Course;
use std::collections::BTreeSet;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::entry_point::{Stretch, Totals};
use windtunnel_sim::measure::windows::regions;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::ids::{Entry, EntryPointId, InstanceId, PoolId};

/// Harm grows with each step of so much of all requests.
pub const STEP: f64 = 0.1;

/// Where shares move by themselves, they are looked at this often.
const LOOK: SimDuration = SimDuration::from_ms(60_000);

/// How much a window of harm was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extent {
    /// Requests that were offered in it.
    pub offered: f64,
    /// Requests that failed in it.
    pub failed: f64,
    /// Requests in it that were served by code older than users need.
    pub stale: f64,
    /// The greatest harmed share, 0 to 1.
    pub peak: f64,
    /// How the harmed share grew, from its first value on.
    pub steps: Vec<Step>,
    /// Instances behind the entry point that were in rotation in it and did not serve users well.
    pub instances: Vec<InstanceId>,
    /// The regions of the sets behind the entry point.
    pub regions: Vec<u16>,
}

/// The harmed share has grown by [`STEP`] or more since it last did so, or since it was least in between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// When.
    pub at: SimTime,
    /// From what, 0 to 1; nothing for the beginning.
    pub from: f64,
    /// To what.
    pub to: f64,
    /// The entry of the ledger by which it came, unless demand alone did it.
    pub entry: Option<Entry>,
}

impl Extent {
    /// The share of the requests of the window that was harmed, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.offered > 0.0 { (self.failed + self.stale) / self.offered } else { 0.0 }
    }
}

pub(super) fn of(replay: &Replay<'_>, course: &Course) -> Extent {
    let (plan, from, until) = (replay.plan(), course.from(), course.until);
    let mut totals = Totals::default();
    let mut growth = Growth::default();
    for (row, end) in replay.series.spans(course.entry_point) {
        let (start, end) = (row.time.max(from), end.min(until));
        let Some(stretch) = row.requests.filter(|_| start < end) else { continue };
        totals = totals.and(stretch.integrate(start, end));
        growth.watch(&stretch, start, end);
    }
    let pools: Vec<PoolId> = plan.pools_behind(course.entry_point).collect();
    let lanes = replay.lanes.lanes.iter().filter(|lane| is_behind(plan, &pools, lane.set.index()));
    let harmed = lanes.filter(|lane| {
        let mut of = lane.intervals.iter().filter(|of| of.state.harms());
        of.any(|of| of.from < until && of.until > from)
    });
    let mut steps = growth.steps;
    for step in &mut steps {
        step.entry = behind(replay, course.entry_point, step.at).map(|record| record.entry);
    }
    Extent {
        offered: totals.offered,
        failed: totals.failed,
        stale: totals.stale,
        peak: totals.peak,
        steps,
        instances: harmed.map(|lane| lane.instance).collect(),
        regions: regions(plan, course.entry_point).collect(),
    }
}

/// Whether a set is in one of these pools.
fn is_behind(plan: &Plan, pools: &[PoolId], set: usize) -> bool {
    pools.iter().any(|pool| plan.joins(set, pool.0))
}

/// How the harmed share grows.
#[derive(Default)]
struct Growth {
    least: f64,
    steps: Vec<Step>,
}

impl Growth {
    fn watch(&mut self, stretch: &Stretch, start: SimTime, end: SimTime) {
        let mut at = start;
        while at < end {
            let share = stretch.at(at).harmed_share();
            if self.steps.is_empty() || share >= self.least + STEP - 1e-9 {
                self.steps.push(Step { at, from: self.least, to: share, entry: None });
                self.least = share;
            }
            self.least = self.least.min(share);
            at = if stretch.moves() { at + LOOK } else { end };
        }
    }
}

/// The last entry of an instant that changes what users of an entry point meet.
fn behind(replay: &Replay<'_>, entry_point: EntryPointId, at: SimTime) -> Option<Record> {
    let plan = replay.plan();
    let pools: Vec<PoolId> = plan.pools_behind(entry_point).collect();
    let ledger = &replay.ledger;
    let from = ledger.partition_point(|record| record.time < at);
    let now = ledger[from..].iter().take_while(|record| record.time == at);
    let here: BTreeSet<usize> = (0..plan.sets.len()).filter(|set| is_behind(plan, &pools, *set)).collect();
    let counts = |record: &&Record| match record.fact {
        Fact::ServiceChanged { instance, .. } => here.contains(&replay.lanes.lanes[instance.index()].set.index()),
        Fact::InRotation { pool, .. } | Fact::OutOfRotation { pool, .. } | Fact::LeftPool { pool, .. } => {
            pools.contains(&pool)
        }
        Fact::LoadStepped { entry_point: of, .. } => of == entry_point,
        Fact::Flow(_) | Fact::Write(_) => true,
        _ => false,
    };
    now.filter(counts).last().copied()
}
