//! What operators do to single instances in random scenarios, and how long that takes. Drawn from a stream of its own, so
//! that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::luck::{Dist, Luck, Purpose, Subject, name};
use crate::plan::Plan;
use crate::rules::{A, Value};

/// The item of the stream, beside those of the other kinds.
const ITEM: u64 = 60;

impl Plan {
    /// With what operators do to instances.
    pub(super) fn with_acts(mut self, number: u64) -> Self {
        let subject = Subject { place: name("generator"), cause: number, ordinal: 0 };
        let stream = Luck::new(number).stream(Purpose::Generator, subject, ITEM);
        let mut draw = Draw { stream, grid: number % 2 == 1 };
        for (assumption, most_s) in
            [(A::VmRestart, 60), (A::VmReimage, 90), (A::VmDeallocate, 90), (A::VmPowerOff, 30), (A::VmPowerOn, 30)]
        {
            let length = draw.length(0, most_s);
            self.set_assumption(assumption, Value::Dist(Dist::Constant(length)));
        }
        self
    }
}
