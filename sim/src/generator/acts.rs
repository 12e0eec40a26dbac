//! What operators do to single instances in random scenarios, and how long that takes. Drawn from a stream of its own, so
//! that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::SimTime;
use crate::plan::{Act, Action, Plan, PowerAct, SpotAct, Which};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the other kinds.
const ITEM: u64 = 60;

impl Plan {
    /// With what operators do to instances.
    pub(super) fn with_acts(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        for (assumption, most_s) in [
            (A::VmRestart, 60),
            (A::VmReimage, 90),
            (A::VmDeallocateLinux, 90),
            (A::VmPowerOffLinux, 30),
            (A::VmPowerOnLinux, 30),
            (A::VmRedeploy, 90),
        ] {
            let length = draw.length(0, most_s);
            self.set_assumption(assumption, Value::Dist(Dist::Constant(length)));
        }
        // In two thirds of the scenarios nobody does anything to a machine.
        if !draw.chance(0.34) {
            return self;
        }
        for nth in 0..1 + draw.below(6) {
            let what = draw.call(self.sets.len() as u64);
            let at = SimTime::ZERO + draw.length(0, 700);
            self.timeline.push(Action { name: format!("call {nth}"), at, what });
        }
        if draw.chance(0.3) {
            // A set that is off as a whole for a while is placed anew.
            let from = SimTime::ZERO + draw.length(20, 300);
            let until = from + draw.length(100, 300);
            for (name, at, how) in [("all off", from, PowerAct::Deallocate), ("all on", until, PowerAct::Start)] {
                self.timeline.push(Action {
                    name: name.into(),
                    at,
                    what: Act::Power { set: 0, which: Which::All, how },
                });
            }
        }
        self.timeline.sort_by_key(|action| action.at);
        self
    }
}

impl Draw {
    fn call(&mut self, sets: u64) -> Act {
        let set = self.below(sets) as u16;
        let which = match self.below(4) {
            0 => Which::All,
            1 => Which::In { zone: Some(1 + self.below(3) as u8), fault_domain: None },
            2 => Which::One(self.below(5) as u32),
            _ => Which::Ordinals(vec![self.below(3) as u32, 3 + self.below(4) as u32]),
        };
        let how = self.pick(&[
            PowerAct::Deallocate,
            PowerAct::Start,
            PowerAct::Start,
            PowerAct::Restart,
            PowerAct::PowerOff,
            PowerAct::Reimage,
            PowerAct::ReimageAll,
            PowerAct::Redeploy,
            PowerAct::PerformMaintenance,
            PowerAct::Delete,
            PowerAct::Delete,
        ]);
        match self.below(12) {
            0 => Act::Spot(SpotAct::Simulate { set, which }),
            1 => Act::Protect { set, which, from_scale_in: true, from_scale_set_actions: true },
            _ => Act::Power { set, which, how },
        }
    }
}
