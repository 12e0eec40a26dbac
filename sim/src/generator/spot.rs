//! What a random scenario does with Spot, power, notices, hosts and jobs. Drawn from a stream of its own, so that it moves no
//! other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, EventListener, EvictionPolicy, HostWork, Jobs, MaintenanceKind, OrchestrationMode, Plan, PowerAct,
    PriorityMix, SpotAct, SpotMarket, SpotPolicy, Which,
};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 50;

impl Plan {
    /// With Spot and what goes with it; in half of the scenarios, nothing of it.
    pub(super) fn with_spot(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if draw.chance(0.5) {
            return self;
        }
        for set in &mut self.sets {
            if draw.chance(0.6) {
                let mix = PriorityMix { base: draw.below(3) as u32, percent: 25 * draw.below(5) as u32 };
                set.spot = SpotPolicy {
                    spot: true,
                    eviction: [EvictionPolicy::Deallocate, EvictionPolicy::Delete][draw.below(2) as usize],
                    max_price: draw.chance(0.5).then_some(1.0),
                    restore: draw.chance(0.5).then(|| draw.length(60, 600)),
                    mix: (set.mode == OrchestrationMode::Flexible && draw.chance(0.6)).then_some(mix),
                };
            }
            if draw.chance(0.5) {
                set.profile.terminate = Some(draw.length(300, 900));
            }
        }
        let prices = vec![(SimTime::ZERO, 0.5), (SimTime::ZERO + draw.length(100, 800), 2.0)];
        let prices = if draw.chance(0.4) { prices } else { Vec::new() };
        self.markets = vec![SpotMarket { region: 0, hourly: [0.0, 0.5, 0.95][draw.below(3) as usize], prices }];
        self.application.events = draw.chance(0.7).then(|| draw.listener());
        if draw.chance(0.5) {
            self.application.jobs = Some(draw.jobs());
        }
        if let Some(endpoint) = self.application.endpoints.last_mut().filter(|_| draw.chance(0.5)) {
            endpoint.clauses[0].when.draining = true;
        }
        for i in 0..1 + draw.below(6) {
            let set = draw.below(self.sets.len() as u64) as u16;
            let (what, at) = (draw.spot_act(set), SimTime::ZERO + draw.length(0, 600));
            self.timeline.push(Action { name: format!("spot {i}"), at, what });
        }
        self.timeline.sort_by_key(|action| action.at);
        for (assumption, value) in [
            (A::SpotGroupCorrelation, Value::Share([0.0, 0.5, 1.0][draw.below(3) as usize])),
            (A::SpotNoticeProbability, Value::Share([0.5, 1.0][draw.below(2) as usize])),
            (A::SpotRestorePeriod, Value::Time(draw.length(10, 120))),
            (A::AppEventsFirstPoll, Value::Time(draw.length(0, 120))),
            (A::FreezeNotice, Value::Dist(Dist::Constant(draw.length(0, 120)))),
            (A::SpotWaveWindow, Value::Time([SimDuration::ZERO, draw.length(0, 180)][draw.below(2) as usize])),
        ] {
            self.set_assumption(assumption, value);
        }
        self
    }
}

impl Draw {
    fn listener(&mut self) -> EventListener {
        EventListener {
            poll: Some(self.length(1, 30)),
            on: self.below(32) as u8,
            admin_down: self.chance(0.3),
            approve_after: self.chance(0.6).then(|| self.length(0, 60)),
            when_idle: self.chance(0.4),
            unfiltered: false,
        }
    }

    fn jobs(&mut self) -> Jobs {
        let every = Dist::Constant(self.length(10, 120));
        let duration = Dist::Uniform { min: self.length(10, 60), max: self.length(60, 300) };
        Jobs { set: 0, every, duration, protects: self.chance(0.3) }
    }

    fn spot_which(&mut self) -> Which {
        if self.chance(0.5) { Which::All } else { Which::Ordinals(vec![self.below(4) as u32]) }
    }

    fn spot_act(&mut self, set: u16) -> Act {
        let which = self.spot_which();
        match self.below(7) {
            0 | 1 => {
                let length = self.chance(0.5).then(|| self.length(30, 300));
                Act::Spot(SpotAct::Evict { set, zones: Vec::new(), share: 0.5, length })
            }
            2 => Act::Spot(SpotAct::Simulate { set, which }),
            3 => Act::Spot(SpotAct::SetMix { set, mix: PriorityMix { base: 1, percent: 50 } }),
            4 | 5 => {
                let how = [PowerAct::Deallocate, PowerAct::Start, PowerAct::Restart][self.below(3) as usize];
                Act::Power { set, which, how }
            }
            _ => {
                let kind = [
                    MaintenanceKind::Freeze,
                    MaintenanceKind::LiveMigration,
                    MaintenanceKind::Reboot,
                    MaintenanceKind::HostFault,
                    MaintenanceKind::HostDead,
                    MaintenanceKind::StorageOut,
                ][self.below(6) as usize];
                let length = Some(self.length(1, 200));
                Act::Maintain(HostWork { set, kind, which, length })
            }
        }
    }
}
