//! What sets got out of their standby pools, and what these cost.

use crate::engine::time::SimTime;
use crate::plan::{Act, Action, Plan, StandbyState};
use crate::world::fact::PlaceFact;
use crate::world::ids::SetId;
use std::collections::BTreeMap;

/// What happened in the pools of a run.
#[derive(Clone, Debug)]
pub struct Standby<'p> {
    plan: &'p Plan,
    /// The machines that run now, since when.
    running: BTreeMap<(SetId, u32), SimTime>,
    /// Instances that came out of a pool.
    pub(super) taken: u32,
    /// Instances of a set with a pool that were created all the same.
    pub(super) cold: u32,
    /// How long machines ran in pools.
    pub(super) running_s: f64,
    credits: f64,
    unpriced: bool,
}

impl<'p> Standby<'p> {
    /// Nothing has happened yet.
    #[must_use]
    pub const fn new(plan: &'p Plan) -> Self {
        let running = BTreeMap::new();
        Self { plan, running, taken: 0, cold: 0, running_s: 0.0, credits: 0.0, unpriced: false }
    }

    fn state(&self, set: SetId) -> Option<StandbyState> {
        self.plan.sets[set.index()].upkeep.standby.as_ref().map(|pool| pool.state)
    }

    /// An instance of a set is created.
    pub fn create(&mut self, set: SetId) {
        self.cold += u32::from(self.state(set).is_some());
    }

    /// Something of where machines are.
    pub fn place(&mut self, fact: PlaceFact, now: SimTime) {
        match fact {
            PlaceFact::StandbyCreated { set, machine, .. } => _ = self.running.insert((set, machine), now),
            PlaceFact::StandbyReady { set, machine, .. } => match self.state(set) {
                Some(StandbyState::Running) => _ = self.running.entry((set, machine)).or_insert(now),
                _ => self.stop(set, machine, now),
            },
            PlaceFact::StandbyTaken { set, machine, .. } => {
                // The instance that was just said to be created is this machine.
                self.cold = self.cold.saturating_sub(1);
                self.taken += 1;
                self.stop(set, machine, now);
            }
            PlaceFact::StandbyDeleted { set, machine, .. } => self.stop(set, machine, now),
            _ => {}
        }
    }

    /// A machine runs no more, or is an instance from now on.
    fn stop(&mut self, set: SetId, machine: u32, now: SimTime) {
        let Some(from) = self.running.remove(&(set, machine)) else { return };
        let (seconds, of) = (now.since(from).seconds(), &self.plan.sets[set.index()]);
        self.running_s += seconds;
        // Nobody says which machines of a pool have which size, where the model gets another one.
        let resized = |action: &Action| match &action.what {
            Act::ChangeModel { set: other, change } => *other == set.0 && change.size.is_some(),
            _ => false,
        };
        let resized = self.plan.timeline.iter().any(resized);
        match of.prices.filter(|_| !resized) {
            None => self.unpriced = true,
            Some(prices) => {
                let spot = of.spot.spot && of.spot.mix.is_none();
                self.credits += seconds / 3600.0 * if spot { prices.spot } else { prices.regular };
            }
        }
    }

    /// The run is over: what still runs is billed until then.
    pub fn end(&mut self, at: SimTime) {
        for (set, machine) in self.running.keys().copied().collect::<Vec<_>>() {
            self.stop(set, machine, at);
        }
    }

    /// What the machines that ran in pools cost; `None` where no price of theirs is known.
    #[must_use]
    pub fn cost(&self) -> Option<f64> {
        (!self.unpriced).then_some(self.credits)
    }
}
