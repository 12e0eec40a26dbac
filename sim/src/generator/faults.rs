//! What goes wrong in a random scenario beside its instances: zones that are lost. Drawn from a stream of its own, so that it
//! moves no other draw of the scenario.

use crate::engine::luck::{Dist, Luck, Purpose, Stream, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, Action, Plan, ZoneOutage};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 70;

impl Plan {
    /// With what goes wrong beside instances; in half of the scenarios, nothing of it.
    pub(super) fn with_faults(mut self, number: u64, on_grid: bool) -> Self {
        let subject = Subject { place: name("generator"), cause: number, ordinal: 0 };
        let mut draw = Draw { stream: Luck::new(number).stream(Purpose::Generator, subject, ITEM), on_grid };
        if draw.chance(0.8) {
            return self;
        }
        if draw.chance(0.15) {
            self.regions[0].free = std::array::from_fn(|_| Some(draw.below(4) as u32));
        }
        for i in 0..1 + draw.below(3) {
            let (at, what) = (SimTime::ZERO + draw.length(0, 700), draw.act());
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
}

struct Draw {
    stream: Stream,
    on_grid: bool,
}

impl Draw {
    fn below(&mut self, n: u64) -> u64 {
        self.stream.below(n)
    }

    fn chance(&mut self, p: f64) -> bool {
        self.stream.chance(p)
    }

    fn length(&mut self, min_s: u64, max_s: u64) -> SimDuration {
        if self.on_grid {
            SimDuration::from_secs(min_s + self.below(max_s - min_s + 1))
        } else {
            SimDuration::from_ms(min_s * 1000 + self.below((max_s - min_s) * 1000 + 1))
        }
    }

    fn act(&mut self) -> Act {
        let zones: Vec<u8> = (1..4).filter(|_| self.chance(0.5)).collect();
        Act::ZoneOutage(ZoneOutage {
            region: 0,
            zones: if zones.is_empty() { vec![1] } else { zones },
            share: [1.0, 1.0, 0.5][self.below(3) as usize],
            allocates: self.chance(0.3),
            length: self.chance(0.8).then(|| self.length(10, 400)),
            tail: self.chance(0.5).then(|| Dist::Uniform { min: SimDuration::ZERO, max: self.length(0, 90) }),
        })
    }
}
