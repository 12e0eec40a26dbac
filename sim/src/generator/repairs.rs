//! Automatic repairs in random scenarios, with short graces, so that loops come up, and with what people do meanwhile. Drawn
//! from a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Disturbance, HealthSource, ModelChange, Plan, RepairAction, RepairsPolicy, ServiceCall, Which,
};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the other kinds.
const ITEM: u64 = 61;

impl Plan {
    /// With repairs, where a set has a health source; in a third of the scenarios there are none.
    pub(super) fn with_repairs(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        let sourced = self.sets.iter().any(|set| set.profile.health_source != HealthSource::None);
        if !sourced || draw.chance(0.33) {
            return self;
        }
        self.horizon = self.horizon.max(SimTime::from_ms(1_800_000));
        for set in &mut self.sets {
            set.repairs = draw.chance(0.85).then(|| draw.repairs_policy());
            set.capacity = set.capacity.max(draw.below(5) as u32);
            if set.capacity > 0 && draw.chance(0.1) {
                // Large enough for two at a time.
                set.capacity = 40 + draw.below(5) as u32;
            }
        }
        for i in 0..draw.below(6) {
            let set = draw.below(self.sets.len() as u64) as u16;
            let what = draw.repairs_act(set);
            let at = SimTime::ZERO + draw.length(0, 900);
            self.timeline.push(Action { name: format!("repairs {i}"), at, what });
        }
        self.timeline.sort_by_key(|action| action.at);
        let period = draw.length(1, 60);
        for (assumption, value) in [
            (A::RepairScanPeriod, Value::Time(period)),
            (A::RepairSuspendAfter, Value::Count(draw.pick(&[1, 2, 3, 3, 10]))),
            (A::RepairDeallocated, Value::Switch(draw.chance(0.3))),
            (A::RepairOrder, Value::Choice(draw.pick(&["longest_unhealthy", "lowest_id"]))),
            (A::RepairReplacementZone, Value::Choice(draw.pick(&["same", "balanced"]))),
            (A::RepairGraceTrigger, Value::Choice(draw.pick(&["operation", "operation", "health_change"]))),
            (A::RepairDuringUpgrade, Value::Choice(draw.pick(&["outside_batch", "outside_batch", "never", "always"]))),
        ] {
            self.set_assumption(assumption, value);
        }
        self
    }
}

impl Draw {
    fn repairs_policy(&mut self) -> RepairsPolicy {
        RepairsPolicy {
            enabled: self.chance(0.9),
            grace: self.length(0, 180),
            action: self.pick(&[RepairAction::Replace, RepairAction::Reimage, RepairAction::Restart]),
            suspended: self.chance(0.1),
        }
    }

    fn repairs_act(&mut self, set: u16) -> Act {
        let which = if self.chance(0.4) { Which::All } else { Which::Ordinals(vec![self.below(4) as u32]) };
        match self.below(8) {
            0 => Act::SetRepairs { set, call: self.pick(&[ServiceCall::Suspend, ServiceCall::Resume]) },
            1 => {
                let repairs = Some(self.repairs_policy());
                Act::ChangeModel { set, change: Box::new(ModelChange { repairs, ..ModelChange::default() }) }
            }
            2 => {
                let from_scale_set_actions = self.chance(0.3);
                Act::Protect { set, which, from_scale_in: true, from_scale_set_actions }
            }
            3 => Act::SetCapacity { set, capacity: self.below(7) as u32 },
            _ => Act::Disturb {
                set,
                which,
                how: self.pick(&[Disturbance::ProcessDown, Disturbance::Hang, Disturbance::CorruptDisk]),
                length: self.chance(0.6).then(|| SimDuration::from_secs(30) + self.length(0, 600)),
            },
        }
    }
}
