//! Lanes: for each instance the intervals of what it is, and the dates of its life.

use super::fleet::{Change, FleetView, LaneState, Observer};
use super::slots::Slots;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Code, Plan};
use crate::world::fact::{Deletion, Fact, Placement, Record, Service, SpotFact};
use crate::world::ids::{ImageId, InstanceId, SetId};

/// From `from` on, until the next interval of the lane begins, the instance is `state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Its beginning.
    pub from: SimTime,
    /// Its end.
    pub until: SimTime,
    /// What the instance is in it.
    pub state: LaneState,
}

/// How long users got code older than they need from an instance, counted from its first time in rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaleWindow {
    /// Users need no code in particular, or none that this scenario states.
    NotAsked,
    /// It was never in rotation.
    NeverInRotation,
    /// From its first time in rotation to the code users need, or to its deletion; zero if the code came first.
    Closed(SimDuration),
    /// It still has old code at the end of the run; so long for now.
    Open(SimDuration),
}

/// The life of an instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Who it is.
    pub instance: InstanceId,
    /// Its scale set.
    pub set: SetId,
    /// Where it stands.
    pub at: Placement,
    /// Its slot, which that has had before which it replaced.
    pub slot: u32,
    /// The images on its OS disk, from when; the first is that of its creation.
    pub images: Vec<(SimTime, ImageId)>,
    /// The code on it, from when; the first is that of its image or, if it was present at the start, of its steady state. `None` where
    /// another disk took it away.
    pub codes: Vec<(SimTime, Option<Code>)>,
    /// It was present when the run began.
    pub at_start: bool,
    /// It is a Spot instance.
    pub spot: bool,
    /// When it was asked for.
    pub created: SimTime,
    /// When it could first serve with the code users need.
    pub ready: Option<SimTime>,
    /// When it was first in rotation.
    pub first_in_rotation: Option<SimTime>,
    /// When a pipeline first succeeded on it.
    pub pipeline_done: Option<SimTime>,
    /// When it last left rotation, if it did not come back.
    pub out: Option<SimTime>,
    /// When its deletion began, and why.
    pub deletion: Option<(SimTime, Deletion)>,
    /// When it was gone.
    pub end: Option<SimTime>,
    /// When it first had the code that users needed then.
    pub current: Option<SimTime>,
    /// How long users got old code from it.
    pub stale: StaleWindow,
    /// What it was, without gaps, from its creation to its end or that of the run.
    pub intervals: Vec<Interval>,
}

/// Turns facts into lanes.
#[derive(Clone, Debug)]
pub struct Lanes {
    slots: Slots,
    /// One an instance, by id. The last interval of each is still open until the run ends.
    pub lanes: Vec<Lane>,
    /// When the run ended.
    pub end: SimTime,
}

impl Lanes {
    /// No instance yet.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self { slots: Slots::new(plan), lanes: Vec::new(), end: SimTime::ZERO }
    }

    /// Brings the lane of an instance up to what the fleet says.
    fn follow(&mut self, fleet: &FleetView<'_>, instance: InstanceId, record: &Record) {
        let now = record.time;
        let unit = &fleet.instances[instance.index()];
        if self.lanes.len() <= instance.index() {
            self.lanes.push(Lane {
                instance,
                set: unit.set,
                at: unit.at,
                slot: self.slots.slot(instance),
                images: vec![(now, unit.image)],
                codes: Vec::new(),
                at_start: matches!(record.fact, Fact::InstancePresent { .. }),
                spot: false,
                created: now,
                ready: None,
                first_in_rotation: None,
                pipeline_done: None,
                out: None,
                deletion: None,
                end: None,
                current: None,
                stale: StaleWindow::NotAsked,
                intervals: Vec::new(),
            });
        }
        let lane = &mut self.lanes[instance.index()];
        match record.fact {
            Fact::InstanceDeleting { why, .. } => lane.deletion = Some((now, why)),
            Fact::Spot(SpotFact::Placed { .. }) => lane.spot = true,
            Fact::DeletionFailed { again: false, .. } => (lane.deletion, lane.slot) = (None, self.slots.slot(instance)),
            Fact::InstanceDeleted { .. } => lane.end = Some(now),
            Fact::PipelineSucceeded { .. } => lane.pipeline_done = lane.pipeline_done.or(Some(now)),
            _ => {}
        }
        if lane.images.last().is_some_and(|&(_, last)| last != unit.image) {
            lane.images.push((now, unit.image));
        }
        if lane.codes.last().and_then(|&(_, last)| last) != unit.code() {
            // What was installed before the run began is there from its start.
            if lane.at_start && now == lane.created {
                lane.codes.clear();
            }
            lane.codes.push((now, unit.code()));
        }
        if unit.service() == Service::Ready {
            lane.ready = lane.ready.or(Some(now));
        }
        if fleet.is_current(unit) {
            lane.current = lane.current.or(Some(now));
        }
        if unit.in_rotation() {
            lane.first_in_rotation = lane.first_in_rotation.or(Some(now));
            lane.out = None;
        } else if lane.first_in_rotation.is_some() {
            lane.out = lane.out.or(Some(now));
        }
        mark(&mut lane.intervals, now, unit.lane());
    }

    fn stale(&self, fleet: &FleetView<'_>, lane: &Lane) -> StaleWindow {
        let asked = fleet.required.is_some();
        match (asked, lane.first_in_rotation, lane.current, lane.deletion) {
            (false, ..) => StaleWindow::NotAsked,
            (true, None, ..) => StaleWindow::NeverInRotation,
            (true, Some(first), Some(current), _) => StaleWindow::Closed(current.since(first)),
            (true, Some(first), None, Some((deleted, _))) => StaleWindow::Closed(deleted.since(first)),
            (true, Some(first), None, None) => StaleWindow::Open(self.end.since(first)),
        }
    }
}

/// Ends the open interval and begins the next, if the state is new. What lasted no time leaves no trace.
fn mark(intervals: &mut Vec<Interval>, now: SimTime, state: Option<LaneState>) {
    if let Some(last) = intervals.last_mut() {
        if Some(last.state) == state {
            return;
        }
        last.until = now;
        if last.from == now {
            intervals.pop();
        }
    }
    let Some(state) = state else { return };
    match intervals.last_mut() {
        Some(last) if last.state == state && last.until == now => last.until = SimTime::FAR,
        _ => intervals.push(Interval { from: now, until: SimTime::FAR, state }),
    }
}

impl Observer for Lanes {
    fn after(&mut self, fleet: &FleetView<'_>, record: &Record, _: Option<&Change>) {
        self.slots.take(record);
        for &(instance, _) in fleet.turned() {
            self.follow(fleet, instance, record);
        }
        if let Some(instance) = record.fact.instance() {
            self.follow(fleet, instance, record);
        } else if let Fact::CodeReleased { .. } = record.fact {
            // What users need changed, and with it who has it.
            for (lane, unit) in self.lanes.iter_mut().zip(&fleet.instances) {
                if lane.current.is_none() && unit.is_present() && fleet.is_current(unit) {
                    lane.current = Some(record.time);
                }
            }
        }
    }

    fn end(&mut self, fleet: &FleetView<'_>, at: SimTime) {
        self.end = at;
        for index in 0..self.lanes.len() {
            self.lanes[index].stale = self.stale(fleet, &self.lanes[index]);
            if let Some(last) = self.lanes[index].intervals.last_mut() {
                last.until = last.until.min(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::testing::{minutes, play, stale_ledger, stale_plan};

    #[test]
    fn the_stale_instance_differs_from_the_two_steady_ones() {
        // Instances 0 and 1 stand with c42 (index 1). Instance 2 is created at 10 min with c41, runs at 11, is booted at
        // 12, serves stale at 12 (and in the same instant its process starts), is in rotation at 13, has c42 at 18.
        let plan = stale_plan();
        let lanes = play(&plan, Lanes::new(&plan), &stale_ledger());
        let [one, _, three] = &lanes.lanes[..] else { panic!("three instances") };
        let at = |from, until, state| Interval { from: minutes(from), until: minutes(until), state };
        assert_eq!(one.intervals, [at(0, 45, LaneState::Serving)]);
        assert_eq!(one.stale, StaleWindow::Closed(SimDuration::ZERO));
        assert_eq!(
            three.intervals,
            [
                at(10, 11, LaneState::Creating),
                at(11, 12, LaneState::Booting),
                at(12, 13, LaneState::Ready),
                at(13, 18, LaneState::StaleServing),
                at(18, 45, LaneState::Serving),
            ]
        );
        // 18 − 13 = 5 minutes.
        assert_eq!(three.stale, StaleWindow::Closed(SimDuration::from_mins(5)));
        assert_eq!(three.codes, [(minutes(10), Some(0)), (minutes(18), Some(1))]);
        assert_eq!(
            (three.ready, three.first_in_rotation, three.pipeline_done),
            (Some(minutes(18)), Some(minutes(13)), Some(minutes(18)))
        );
        assert_eq!(three.out, None);
    }

    #[test]
    fn a_window_without_an_end_is_open() {
        let plan = stale_plan();
        let ledger = stale_ledger();
        let cut = ledger.iter().take_while(|record| record.time < minutes(18)).copied().collect::<Vec<_>>();
        let lanes = play(&plan, Lanes::new(&plan), &cut);
        // In rotation at 13, the run ends at 45: 32 minutes for now.
        assert_eq!(lanes.lanes[2].stale, StaleWindow::Open(SimDuration::from_mins(32)));
    }

    #[test]
    fn a_state_that_lasts_no_time_leaves_no_trace() {
        let mut intervals = Vec::new();
        mark(&mut intervals, minutes(0), Some(LaneState::Serving));
        mark(&mut intervals, minutes(5), Some(LaneState::NotServing));
        mark(&mut intervals, minutes(5), Some(LaneState::Serving));
        mark(&mut intervals, minutes(9), None);
        assert_eq!(intervals, [Interval { from: minutes(0), until: minutes(9), state: LaneState::Serving }]);
    }
}
