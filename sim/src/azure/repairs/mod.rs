//! Automatic instance repairs: who is in trouble, who is repaired, and when repairs stop.
//!
//! Rules: AR-01…AR-03, AR-05…AR-18, AR-20…AR-22, IX-04, UM-12; `repair.*`. What is known of an
//! instance is kept in `watch.rs`, whether it may be repaired is decided in `verdict.rs`, what a repair does is in `act.rs`, and
//! whether repairs run at all in `service.rs`.
//!
//! Azure looks at the health of a set every so often (`repair.scan_period`), here at whole periods from t = 0, and only while somebody is
//! in trouble, since else nothing comes of it. As a probe does, a look sees what was known just before its instant. A
//! repair is over when what it began is done: the new instance is provisioned and the old one gone, or the instance is up
//! again; until then it counts against the limit (AR-07). Whether it helped shows in the health of the instance, and the
//! next repair by its grace period.
//!
//! Left out: instances that are stopped but allocated (`repair.stopped`), of which there are none; moves of resources (AR-01); what is
//! refused at deployment (AR-01, AR-04, AR-08) is refused where scenarios are read.

mod act;
mod service;
mod verdict;
mod watch;

pub use service::{begin, reconcile_service, set_state};

use crate::azure::{instances, scale_set};
use crate::engine::queue::Key;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, Plan, RepairAction, RepairsPolicy};
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::Obstacle;
use crate::world::ids::{Entry, InstanceId, SetId};
use std::collections::BTreeSet;
use watch::Watch;

/// `serviceState` of the orchestration service `AutomaticRepairs` (AR-11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServiceState {
    /// The policy does not enable repairs, or they cannot run.
    #[default]
    NotRunning,
    /// They run.
    Running,
    /// They were suspended, by themselves (AR-12) or by a call.
    Suspended,
}

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The sets of the plan.
    sets: Vec<SetState>,
    /// Of each instance of a set that repairs may run on, what is known of it.
    watches: Vec<Watch>,
}

/// Repairs of one set.
#[derive(Clone, Debug, Default)]
struct SetState {
    /// They are enabled at some time of the run; else nobody looks.
    watched: bool,
    /// Whether they run.
    service: ServiceState,
    /// Since when they are enabled.
    enabled: SimTime,
    /// What was last said to keep them from running.
    reported: Option<Obstacle>,
    /// Instances that are in trouble, whether they may be repaired or not.
    sick: BTreeSet<InstanceId>,
    /// The model asks for them to be suspended.
    asked: bool,
    /// A look is on the queue.
    expected: bool,
    /// The last one.
    looked: Option<SimTime>,
    /// Repairs under way.
    going: Vec<Repair>,
}

/// A repair under way.
#[derive(Clone, Copy, Debug)]
struct Repair {
    /// Who is repaired.
    instance: InstanceId,
    /// Who takes its place, once it is made.
    new: Option<InstanceId>,
    action: RepairAction,
}

/// Azure looks at the health of a set.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// The set.
    pub set: SetId,
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        // The set that the scenario names last is looked at first; the order is part of every result.
        Key::new(time, class, u32::MAX - u32::from(self.set.0), 0, 0)
    }
}

impl State {
    /// Nobody is known yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let watched = may_run(cx.plan).into_iter().map(|watched| SetState { watched, ..SetState::default() });
        Self { sets: watched.collect(), watches: Vec::new() }
    }

    /// `serviceState` of a set; `None` where its model says nothing of repairs.
    #[must_use]
    pub fn service(&self, world: &World, set: SetId) -> Option<ServiceState> {
        world.scale_set.sets[set.index()].repairs.map(|_| self.sets[set.index()].service)
    }
}

/// Whether repairs may run on each set at some time of a run.
fn may_run(plan: &Plan) -> Vec<bool> {
    let enables = |policy: Option<RepairsPolicy>| policy.is_some_and(|policy| policy.enabled);
    let mut may: Vec<bool> = plan.sets.iter().map(|set| enables(set.repairs)).collect();
    for action in &plan.timeline {
        if let Act::ChangeModel { set, change } = &action.what {
            may[usize::from(*set)] |= enables(change.repairs);
        }
    }
    may
}

/// Whether anything that happens to an instance may concern repairs.
#[must_use]
pub fn concerns(world: &World, instance: InstanceId) -> bool {
    concerns_set(world, world.instances.rows[instance.index()].set)
}

/// Whether repairs may run on a set.
#[must_use]
pub fn concerns_set(world: &World, set: SetId) -> bool {
    world.repairs.sets[set.index()].watched
}

/// Something happened to an instance: it may be in trouble, or not any more, and its repair may be a step further.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    watch::note(world, cx, instance, cause);
    act::proceed(world, cx, instance, cause);
}

/// Puts the next look at a set on the queue, if there is anything to look at.
fn expect(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let period = cx.assume(key::RepairScanPeriod).ms();
    let state = &mut world.repairs.sets[set.index()];
    if state.expected || state.sick.is_empty() || state.service != ServiceState::Running {
        return;
    }
    state.expected = true;
    let now = cx.now();
    let whole = SimTime::from_ms((now.ms() / period + 1) * period);
    // In a world without that rule Azure looks as soon as somebody is in trouble, and a period after each look.
    let at = match cx.on(rules::AR_22) {
        true => whole,
        false if state.looked == Some(now) => now + SimDuration::from_ms(period),
        false => now,
    };
    cx.at(at, Due::Repairs(Event { set }));
}

/// Azure looks at a set: repairs are begun, as many as may be.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    let Event { set } = event;
    let state = &mut world.repairs.sets[set.index()];
    (state.expected, state.looked) = (false, Some(cx.now()));
    if state.service == ServiceState::Running {
        verdict::look(world, cx, set);
        expect(world, cx, set);
    }
}

/// How many instances of a set may be under repair at once (AR-07).
fn limit(world: &World, cx: &Cx<'_>, set: SetId) -> usize {
    let size = scale_set::size(world, set);
    if cx.on(rules::AR_07) { (size as usize * 5 / 100).max(1) } else { usize::MAX }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for (index, state) in world.repairs.sets.iter().enumerate() {
        assert!(state.watched || state.going.is_empty() && state.sick.is_empty(), "repairs are of sets that have them");
        for instance in &state.sick {
            let row = &world.instances.rows[instance.index()];
            assert!(row.set.index() == index && instances::is_present(row), "who is in trouble stands in the set");
        }
        let mut going: Vec<InstanceId> = state.going.iter().map(|repair| repair.instance).collect();
        going.sort_unstable();
        assert!(going.windows(2).all(|pair| pair[0] != pair[1]), "an instance is repaired once at a time");
        for repair in &state.going {
            let in_place = repair.action != RepairAction::Replace;
            assert!(!in_place || repair.new.is_none(), "only Replace makes an instance");
        }
    }
}
