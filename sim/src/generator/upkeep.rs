//! What a random scenario has of standby pools and of what keeps sets even. Drawn from a stream of its own, so that it moves no
//! other draw of the scenario.

use crate::engine::luck::{Luck, Purpose, Stream, Subject, name};
use crate::engine::time::SimDuration;
use crate::plan::{OrchestrationMode, Plan, ScaleSet, StandbyPool, StandbyState};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 105;

impl Plan {
    /// With what keeps sets ready and even; in most scenarios, nothing of it.
    pub(super) fn with_upkeep(mut self, number: u64) -> Self {
        let subject = Subject { place: name("generator"), cause: number, ordinal: 0 };
        let mut stream = Luck::new(number).stream(Purpose::Generator, subject, ITEM);
        if stream.chance(0.3) {
            let autoscaled: Vec<usize> = self.autoscale.iter().map(|setting| setting.set.into()).collect();
            for (at, set) in self.sets.iter_mut().enumerate() {
                if stream.chance(0.7) {
                    attach(set, autoscaled.contains(&at), &mut stream);
                }
            }
            let word = ["keep", "replace"][stream.below(2) as usize];
            self.set_assumption(A::StandbyOnModelChange, Value::Choice(word));
            for (assumption, most) in [(A::StandbyAttach, 20), (A::StandbyStop, 40), (A::StandbyResume, 30)] {
                let length = SimDuration::from_secs(stream.below(most));
                self.set_assumption(assumption, Value::Time(length));
            }
        }
        self
    }
}

/// A pool for a set, which is Flexible and spread by the platform then (SB-01).
fn attach(set: &mut ScaleSet, autoscaled: bool, stream: &mut Stream) {
    (set.mode, set.fault_domains) = (OrchestrationMode::Flexible, 1);
    let state = StandbyState::ALL[stream.below(3) as usize];
    let state = if autoscaled && state == StandbyState::Running { StandbyState::Deallocated } else { state };
    let min_ready = stream.below(2) as u32;
    let max_ready = min_ready + 2 + stream.below(6) as u32;
    set.upkeep.standby = Some(StandbyPool { name: format!("pool of {}", set.name), max_ready, min_ready, state });
}
