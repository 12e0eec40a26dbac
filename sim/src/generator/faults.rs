//! What goes wrong in a random scenario beside processes: zones that are lost, blips, slow endpoints, a slow platform, and faults
//! that come at random themselves. Drawn from a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, Action, Disturbance, Plan, RandomFault, Which, ZoneOutage};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 70;

/// The item of what is drawn about deletes.
const DELETES: u64 = 71;

impl Plan {
    /// With what goes wrong beside instances; in half of the scenarios, nothing of it.
    pub(super) fn with_faults(mut self, number: u64) -> Self {
        self.fail_deletes(Draw::of(number, DELETES));
        let mut draw = Draw::of(number, ITEM);
        for set in &mut self.sets {
            (set.resilient_create, set.unhealthy_first) = (draw.chance(0.6), draw.chance(0.2));
            set.force_deletion = draw.chance(0.1);
        }
        if draw.chance(0.5) {
            let patience = draw.length(60, 300);
            self.set_assumption(A::VmOsProvisioningTimeout, Value::Time(patience));
        }
        if draw.chance(0.3) {
            // Short and harmless to what else the scenario is about.
            let sets = self.sets.len() as u64;
            for i in 0..1 + draw.below(3) {
                let (at, set) = (SimTime::ZERO + draw.length(0, 700), draw.below(sets) as u16);
                let (which, how) = (draw.fault_which(), draw.disturbance());
                let length = Some(draw.length(1, 60));
                let what = Act::Disturb { set, which, how, length };
                self.timeline.push(Action { name: format!("blip {i}"), at, what });
            }
            let (every, length) = (draw.length(30, 400), draw.length(1, 60));
            let (set, which, how) = (draw.below(sets) as u16, draw.fault_which(), draw.disturbance());
            self.faults.push(RandomFault {
                name: "random".into(),
                every: if draw.on_grid { Dist::Constant(every) } else { Dist::Exponential { mean: every } },
                length: Some(Dist::Constant(length)),
                what: Act::Disturb { set, which, how, length: None },
            });
            self.timeline.sort_by_key(|action| action.at);
        }
        if draw.chance(0.8) {
            return self;
        }
        if draw.chance(0.4) {
            self.regions[0].free = std::array::from_fn(|_| Some(draw.below(4) as u32));
        }
        for i in 0..1 + draw.below(3) {
            let (at, what) = (SimTime::ZERO + draw.length(0, 700), draw.fault_act(self.sets.len() as u64));
            self.timeline.push(Action { name: format!("fault {i}"), at, what });
        }
        self.timeline.sort_by_key(|action| action.at);
        let partial = ["keep", "roll_back"][draw.below(2) as usize];
        for (assumption, value) in [
            (A::ZoneOutageHealthDelay, Value::Time(draw.length(0, 120))),
            (A::ZoneOutageReboots, Value::Switch(draw.chance(0.7))),
            (A::VmssPartialAllocation, Value::Choice(partial)),
        ] {
            self.set_assumption(assumption, value);
        }
        self
    }

    /// In some scenarios, deletes fail for a while or to the end.
    fn fail_deletes(&mut self, mut draw: Draw) {
        if draw.chance(0.8) {
            return;
        }
        for set in 0..self.sets.len() as u16 {
            self.sets[usize::from(set)].resilient_delete = draw.chance(0.5);
            let failing = [0.5, 1.0][draw.below(2) as usize];
            let at = SimTime::ZERO + draw.length(0, 500);
            let length = draw.chance(0.7).then(|| draw.length(60, 500));
            let what = Act::FailDeletes { set, failing, length };
            self.timeline.push(Action { name: format!("deletes {set}"), at, what });
        }
        self.timeline.sort_by_key(|action| action.at);
    }
}

impl Draw {
    fn fault_which(&mut self) -> Which {
        match self.below(5) {
            0 => Which::All,
            1 => Which::Share(0.5),
            2 => Which::In { zone: Some(1), fault_domain: None },
            3 => Which::In { zone: None, fault_domain: Some(0) },
            _ => Which::Drawn,
        }
    }

    fn disturbance(&mut self) -> Disturbance {
        let endpoint = [None, None, Some(1), Some(2)][self.below(4) as usize];
        match self.below(4) {
            0 => Disturbance::Slow { by: self.length(1, 12), endpoint },
            1 => Disturbance::Unresponsive { endpoint },
            _ => Disturbance::Unreachable,
        }
    }

    fn fault_act(&mut self, sets: u64) -> Act {
        let length = self.chance(0.9).then(|| self.length(10, 300));
        match self.below(4) {
            0 => return Act::SlowControlPlane { percent: 100 + 50 * self.below(7) as u32, length },
            1 => {
                let failing = [0.0, 0.3][self.below(2) as usize];
                let percent = 100 + 100 * self.below(3) as u32;
                return Act::WorseBoots { set: self.below(sets) as u16, percent, failing, length };
            }
            _ => {}
        }
        let zones: Vec<u8> = (1..4).filter(|_| self.chance(0.5)).collect();
        Act::ZoneOutage(ZoneOutage {
            region: 0,
            zones: if zones.is_empty() { vec![1] } else { zones },
            share: [1.0, 1.0, 0.5][self.below(3) as usize],
            allocates: self.chance(0.3),
            length: self.chance(0.8).then(|| self.length(10, 400)),
            tail: self.chance(0.5).then(|| Dist::Uniform { min: SimDuration::ZERO, max: self.length(0, 90) }),
            autoscale_success: [1.0, 0.5, 0.0][self.below(3) as usize],
        })
    }
}
