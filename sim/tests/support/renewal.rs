//! Renewal: an instance that starts more slowly than its grace lasts is repaired again and again. When, how often and up to
//! which grace follows from the timings alone.

use super::health::of;
use super::repairs::*;
use super::*;
use windtunnel_sim::engine::random::{Dist, Purpose, Randomness, Stream, Subject};
use windtunnel_sim::engine::time::SimDuration;

/// What a slow start is made of, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    pub delete: u64,
    pub provision: u64,
    pub boot: u64,
    /// From the boot to the listening process.
    pub start: u64,
    /// Between probes of the extension.
    pub interval: u64,
    /// The grace of the extension.
    pub initializing: u64,
    /// From the extension to whoever repairs.
    pub delay: u64,
    /// Between looks.
    pub scan: u64,
    /// The grace of repairs.
    pub grace: u64,
}

fn ceil(value: u64, step: u64) -> u64 {
    value.div_ceil(step) * step
}

impl Timing {
    /// From the beginning of a repair to the new instance that is up.
    pub fn renewal(self) -> u64 {
        self.delete + self.provision + self.boot
    }

    /// The number of the first probe at which its Initializing is over: Unknown, whatever the probe says (HD-27).
    pub fn expires(self) -> u64 {
        self.initializing.div_ceil(self.interval)
    }

    /// The number of the first probe after its process listens.
    pub fn answers(self) -> u64 {
        self.start / self.interval + 1
    }

    /// From there, until it is known to be in trouble; `None` if it is healthy before Initializing is over.
    pub fn known_sick(self) -> Option<u64> {
        (self.expires() <= self.answers()).then_some(self.expires() * self.interval + self.delay)
    }

    /// Until it is known to be healthy. Where the probe that ends Initializing is the first to be answered, it takes one more.
    pub fn known_healthy(self) -> u64 {
        (self.answers() + u64::from(self.expires() == self.answers())) * self.interval + self.delay
    }

    /// The first look after an instance is up at this instant at which its grace is over and before which it was known to be
    /// in trouble. `None` if it was known to be healthy before that look.
    pub fn look(self, up: u64) -> Option<u64> {
        let at = ceil(up + self.grace.max(self.known_sick()? + 1), self.scan);
        (at <= up + self.known_healthy()).then_some(at)
    }

    /// From a repair, which begins at a whole step of the looks, to the next.
    pub fn period(self) -> Option<u64> {
        self.look(self.renewal())
    }

    /// When the instance that is created at 0 is first repaired.
    pub fn first(self) -> Option<u64> {
        self.look(self.provision + self.boot)
    }

    /// The last look, counted from the new instance that is up, before which it was not known to be healthy.
    pub fn last_look(self) -> u64 {
        (self.renewal() + self.known_healthy()) / self.scan * self.scan - self.renewal()
    }

    /// The smallest grace of repairs without a loop.
    pub fn smallest_grace(self) -> u64 {
        self.last_look() + 1
    }

    /// The smallest grace of the extension from which on there is none: just above the last probe at which Initializing may
    /// end so that there is a look in time.
    pub fn smallest_initializing(self) -> u64 {
        let ends_at = |probe: u64| Self { initializing: probe * self.interval, ..self };
        let last = (1..=self.answers()).rev().find(|&probe| ends_at(probe).period().is_some());
        last.map_or(0, |probe| probe * self.interval) + 1
    }

    pub fn plan(self, size: u32) -> Plan {
        let mut plan = repaired(RuleSet::all(), size, RepairAction::Replace);
        (plan.cold_start, plan.horizon) = (true, at(4 * 3600));
        of(&mut plan).interval = SimDuration::from_ms(self.interval);
        of(&mut plan).grace = Some(SimDuration::from_ms(self.initializing));
        plan.sets[0].repairs =
            Some(RepairsPolicy { enabled: true, grace: SimDuration::from_ms(self.grace), ..RepairsPolicy::default() });
        plan.images[0].boot = Some(Dist::Constant(SimDuration::from_ms(self.boot)));
        plan.images[0].process_start = Some(Dist::Constant(SimDuration::from_ms(self.start)));
        for (assumption, length) in [(A::HealthPlatformDelay, self.delay), (A::RepairScanPeriod, self.scan)] {
            assume(&mut plan, assumption, Value::Time(SimDuration::from_ms(length)));
        }
        for (assumption, length) in [(A::VmssProvision, self.provision), (A::VmDelete, self.delete)] {
            assume(&mut plan, assumption, Value::Dist(Dist::Constant(SimDuration::from_ms(length))));
        }
        plan
    }
}

/// One instance that is present until its process is lost: what replaces it starts slowly.
pub fn lost(timing: Timing) -> Plan {
    let mut plan = timing.plan(1);
    plan.cold_start = false;
    process_lost(&mut plan, 1, 0);
    plan
}

/// The minutes of a slow starter: up after 130 s, Initializing for 60 s, and listening after a quarter of an hour.
pub const SLOW: Timing = Timing {
    delete: 30_000,
    provision: 60_000,
    boot: 40_000,
    start: 900_000,
    interval: 5_000,
    initializing: 60_000,
    delay: 10_000,
    scan: 60_000,
    grace: 600_000,
};

/// A timing of its own for each number.
pub fn draw(number: u64) -> Timing {
    let subject = Subject { place: 1, cause: number, ordinal: 0 };
    let mut stream = Randomness::new(7).stream(Purpose::Generator, subject, 0);
    let between = |stream: &mut Stream, min: u64, max: u64| min + stream.below(max - min + 1);
    // Every other one lives on a grid of whole steps, so that instants fall together.
    let step = if number.is_multiple_of(2) { 1 } else { 5_000 };
    let mut length = |min: u64, max: u64| ceil(between(&mut stream, min, max), step);
    Timing {
        delete: length(0, 120_000),
        provision: length(0, 200_000),
        boot: length(1_000, 300_000),
        start: length(700_000, 2_400_000),
        interval: ceil(length(5_000, 60_000), 1_000),
        initializing: length(0, 600_000),
        delay: length(0, 60_000),
        scan: length(1_000, 120_000),
        grace: 600_000,
    }
}
