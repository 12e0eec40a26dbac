//! What a random scenario has of standby pools and of what keeps sets even. Drawn from a stream of its own, so that it moves no
//! other draw of the scenario.

use super::Draw;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, EvictionPolicy, HealthSource, OrchestrationMode, Plan, ScaleSet, SpotAct, SpotPolicy, StandbyPool,
    StandbyState, Which, Word,
};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 105;

impl Plan {
    /// With what keeps sets ready and even; in most scenarios, nothing of it.
    pub(super) fn with_upkeep(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if draw.chance(0.3) {
            let autoscaled: Vec<usize> = self.autoscale.iter().map(|setting| setting.set.into()).collect();
            for (at, set) in self.sets.iter_mut().enumerate() {
                if draw.chance(0.7) {
                    attach(set, autoscaled.contains(&at), &mut draw);
                }
            }
            let word = ["keep", "replace"][draw.below(2) as usize];
            self.set_assumption(A::StandbyOnModelChange, Value::Choice(word));
            for (assumption, most) in [(A::StandbyAttach, 20), (A::StandbyStop, 40), (A::StandbyResume, 30)] {
                let length = SimDuration::from_secs(draw.below(most));
                self.set_assumption(assumption, Value::Time(length));
            }
        }
        if draw.chance(0.2) {
            for set in self.sets.iter_mut().filter(|set| set.zones.len() > 1) {
                (set.overprovision, set.zone_balance) = (false, false);
                set.upkeep.zone_percent = Some(50 + 10 * draw.below(3) as u8);
                // The first zone of a region has no room left, so that the others would hold too much.
                self.regions[usize::from(set.region)].free[1] = Some(0);
            }
        }
        if draw.chance(0.12)
            && let Some(at) = self.sets.iter().position(|set| set.zones.len() > 1)
        {
            self.lopside(at);
        }
        if draw.chance(0.4) {
            self.drift(&mut draw);
        }
        self
    }
}

impl Plan {
    /// A strictly balanced set of Spot instances, of which one zone is evicted.
    fn lopside(&mut self, at: usize) {
        let set = &mut self.sets[at];
        (set.zone_balance, set.capacity, set.upkeep.standby) = (true, 6, None);
        set.spot = SpotPolicy { spot: true, eviction: EvictionPolicy::Delete, ..SpotPolicy::default() };
        let zones = set.zones.len() as u32;
        let which = Which::Ordinals((0..3).map(|nth| nth * zones).collect());
        let act = Act::Spot(SpotAct::Simulate { set: at as u16, which });
        self.timeline.push(Action { name: "evict a zone".into(), at: SimTime::from_ms(1000), what: act });
        self.timeline.sort_by_key(|action| action.at);
    }

    /// A set whose zones drift apart by a scale-in that spares one of them, and that is evened out: for that a run is long enough
    /// to be quiet for an hour.
    fn drift(&mut self, draw: &mut Draw) {
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
        // Nobody else writes its capacity, nor takes anything back.
        (set.capacity, set.overprovision, set.repairs) = (6, false, None);
        set.spot = SpotPolicy::default();
        let zones = set.zones.len() as u32;
        let set = at as u16;
        self.autoscale.retain(|setting| setting.set != set);
        self.timeline.retain(|action| !matches!(action.what, Act::SetCapacity { set: of, .. } if of == set));
        let spared = || Which::Ordinals((0..4).map(|nth| nth * zones).collect());
        let protect = |on| Act::Protect { set, which: spared(), from_scale_in: on, from_scale_set_actions: false };
        let mut then = |name: &str, at_s: u64, what| {
            self.timeline.push(Action { name: name.into(), at: SimTime::from_ms(at_s * 1000), what });
        };
        then("spare a zone", 610, protect(true));
        then("shrink", 620, Act::SetCapacity { set, capacity: 3 });
        then("spare it no more", 630, protect(false));
        if draw.chance(0.5) {
            then("grow", 4240 + draw.below(60), Act::SetCapacity { set, capacity: 4 + draw.below(3) as u32 });
        }
        self.timeline.sort_by_key(|action| action.at);
        self.horizon = SimTime::from_ms([4_800_000, 10_000_000][usize::from(draw.chance(0.2))]);
    }
}

/// A pool for a set, which is Flexible and spread by the platform then (SB-01).
fn attach(set: &mut ScaleSet, autoscaled: bool, draw: &mut Draw) {
    (set.mode, set.fault_domains) = (OrchestrationMode::Flexible, 1);
    let state = StandbyState::ALL[draw.below(3) as usize];
    let state = if autoscaled && state == StandbyState::Running { StandbyState::Deallocated } else { state };
    let min_ready = draw.below(2) as u32;
    let max_ready = min_ready + 2 + draw.below(6) as u32;
    set.upkeep.standby = Some(StandbyPool::new(format!("pool of {}", set.name), (max_ready, min_ready), state));
}
