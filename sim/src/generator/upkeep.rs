//! What a random scenario has of standby pools and of what keeps sets even. Drawn from a stream of its own, so that it moves no
//! other draw of the scenario.

use crate::engine::luck::{Luck, Purpose, Stream, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, Action, HealthSource, OrchestrationMode, Plan, ScaleSet, StandbyPool, StandbyState, Which};
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
        if stream.chance(0.15) {
            self.drift(&mut stream);
        }
        self
    }
}

impl Plan {
    /// A set whose zones drift apart by a scale-in that spares one of them, and that is evened out: for that a run is long enough
    /// to be quiet for an hour.
    fn drift(&mut self, stream: &mut Stream) {
        let watched =
            |set: &ScaleSet| !matches!(set.profile.health_source, HealthSource::None | HealthSource::Conflict);
        let Some(at) = self.sets.iter().position(|set| set.zones.len() > 1) else { return };
        let set = &mut self.sets[at];
        if !watched(set) {
            // The first pool that has a probe says who is healthy.
            let Some(pool) = set.pools.iter().find(|&&pool| self.pools[usize::from(pool)].probe.is_some()) else {
                return;
            };
            (set.mode, set.upkeep.standby) = (OrchestrationMode::Uniform, None);
            (set.profile.health_source, set.profile.health_extension) = (HealthSource::Probe(*pool), None);
        }
        (set.zone_balance, set.upkeep.rebalances) = (false, true);
        set.capacity = set.capacity.max(6);
        let zones = set.zones.len() as u32;
        let set = at as u16;
        let spared = || Which::Ordinals((0..4).map(|nth| nth * zones).collect());
        let protect = |on| Act::Protect { set, which: spared(), from_scale_in: on, from_scale_set_actions: false };
        let mut then = |name: &str, at_s: u64, what| {
            self.timeline.push(Action { name: name.into(), at: SimTime::from_ms(at_s * 1000), what });
        };
        then("spare a zone", 610, protect(true));
        then("shrink", 620, Act::SetCapacity { set, capacity: 3 });
        then("spare it no more", 630, protect(false));
        if stream.chance(0.5) {
            then("grow", 4240 + stream.below(60), Act::SetCapacity { set, capacity: 4 + stream.below(3) as u32 });
        }
        self.timeline.sort_by_key(|action| action.at);
        self.horizon = SimTime::from_ms([4_800_000, 10_000_000][usize::from(stream.chance(0.2))]);
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
