//! Rollouts in random scenarios: changes of the model under the three modes with random policies, and whatever people do
//! meanwhile. Drawn from a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Extension, HealthSource, ImageReference, ModelChange, OsUpgradePolicy, Plan, Prices, Quota, Reach,
    Refusal, RollingMetrics, RollingPolicy, ScaleSet, Size, UpgradeMode, UpgradePolicy, VmProfile, Which,
};
use crate::rules::{self, A, Value};

/// The item of the stream, beside those of the other kinds.
const ITEM: u64 = 7;

impl Plan {
    /// With rollouts; in half of the scenarios there is none.
    pub(super) fn with_rollouts(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if draw.chance(0.5) {
            return self;
        }
        self.horizon = SimTime::from_ms(2_400_000);
        for set in &mut self.sets {
            set.upgrade = draw.upgrade_policy();
            if draw.chance(0.5) && matches!(set.image, ImageReference::Version(_)) {
                set.image = ImageReference::Version(0);
            }
            set.capacity = set.capacity.max(draw.below(6) as u32);
        }
        if draw.chance(0.5) {
            let cores: u32 = self.sets.iter().map(|set| set.capacity * set.cores).sum();
            let spot = |set: &ScaleSet| match (set.spot.spot, set.spot.mix) {
                (false, _) => 0,
                (true, mix) => set.cores * (set.capacity - mix.map_or(0, |mix| mix.regular(set.capacity))),
            };
            let spot: u32 = self.sets.iter().map(spot).sum();
            let more = 2 * draw.below(3) as u32;
            self.regions[0].quota =
                Quota { total: Some(cores - spot + more), spot: Some(spot + more), ..Quota::default() };
        }
        if draw.chance(0.4) {
            // The newer image is no good.
            self.images[1].cannot = 3;
        }
        if draw.chance(0.4) {
            for endpoint in self.application.endpoints.iter_mut().skip(1) {
                for clause in &mut endpoint.clauses {
                    clause.answer.body.rolling = draw.metrics();
                }
            }
        }
        for i in 0..2 + draw.below(7) {
            let set = draw.below(self.sets.len() as u64) as u16;
            let what = if i == 0 { draw.model_change(&self, set) } else { draw.rollout_act(&self, set) };
            let at = SimTime::ZERO + draw.length(0, 1200);
            let changes = matches!(what, Act::ChangeModel { .. });
            self.timeline.push(Action { name: format!("rollout {i}"), at, what });
            // Somebody changes his mind, and perhaps again.
            if changes && draw.chance(0.35) {
                let at = at + draw.length(0, 250);
                self.timeline.push(Action { name: format!("cancel {i}"), at, what: Act::CancelUpgrade { set } });
                let at = at + draw.length(0, 250);
                self.timeline.push(Action { name: format!("restart {i}"), at, what: Act::StartUpgrade { set } });
            }
        }
        self.timeline.sort_by_key(|action| action.at);
        draw.rollout_assumptions(&mut self);
        self.with_refusals(&mut draw)
    }

    /// With a write that Azure refuses, in one of five.
    fn with_refusals(mut self, draw: &mut Draw) -> Self {
        let set = draw.below(self.sets.len() as u64) as u16;
        if draw.chance(0.2) {
            let text = "Changing property 'platformFaultDomainCount' is not allowed.".to_owned();
            self.refusals.push(Refusal { rule: rules::OR_17, code: Some("PropertyChangeNotAllowed"), text });
            let what = Act::RefusedWrite { set, refusal: 0 };
            self.timeline.push(Action { name: "refused".to_owned(), at: SimTime::ZERO + draw.length(0, 1200), what });
        }
        self.timeline.sort_by_key(|action| action.at);
        self
    }
}

impl Draw {
    fn upgrade_policy(&mut self) -> UpgradePolicy {
        let mode = self.pick(&[
            UpgradeMode::Rolling,
            UpgradeMode::Rolling,
            UpgradeMode::Rolling,
            UpgradeMode::Automatic,
            UpgradeMode::Manual,
        ]);
        let rolling = RollingPolicy {
            max_batch_percent: self.pick(&[5, 20, 20, 34, 50, 100]),
            max_unhealthy_percent: self.pick(&[5, 20, 50, 100, 100]),
            max_unhealthy_upgraded_percent: self.pick(&[0, 20, 50, 100, 100]),
            pause: if self.chance(0.4) { self.length(1, 200) } else { SimDuration::ZERO },
            prioritize_unhealthy: self.chance(0.3),
            cross_zone: self.chance(0.3),
            max_surge: self.chance(0.35),
            rollback_on_breach: self.chance(0.6),
        };
        UpgradePolicy { mode, rolling, rolling_given: true, os: OsUpgradePolicy::default() }
    }

    fn metrics(&mut self) -> Option<RollingMetrics> {
        let phase = self.chance(0.7).then(|| self.below(3) as u32);
        self.chance(0.7).then(|| RollingMetrics { phase, skip: self.chance(0.2) })
    }

    fn model_change(&mut self, plan: &Plan, set: u16) -> Act {
        let of = &plan.sets[usize::from(set)];
        let image = self.chance(0.7).then(|| ImageReference::Version(self.pick(&[0, 1, 1, 1])));
        let profile = self.chance(0.35).then(|| self.changed_profile(of));
        let upgrade = self.chance(0.2).then(|| self.upgrade_policy());
        let rest = match self.below(20) {
            0 | 1 => Reach::Restart,
            2 | 3 => Reach::InPlace,
            4 => Reach::NextReimage,
            _ => Reach::Nothing,
        };
        let size = (rest == Reach::Restart && self.chance(0.6)).then(|| self.size());
        Act::ChangeModel {
            set,
            change: Box::new(ModelChange { image, profile, upgrade, rest, size, ..ModelChange::default() }),
        }
    }

    fn size(&mut self) -> Size {
        let (name, cores) = self.pick(&[("Standard_D2as_v5", 2), ("Standard_D4as_v5", 4), ("Standard_L8s_v3", 8)]);
        let prices = self.chance(0.5).then(|| Prices { regular: f64::from(cores) / 10.0, spot: 0.1 });
        Size { name: name.into(), cores, prices }
    }

    fn changed_profile(&mut self, set: &ScaleSet) -> VmProfile {
        let mut profile = set.profile.clone();
        match self.below(4) {
            0 => {
                let added = Extension::plain("added", Dist::Constant(self.length(0, 30)));
                let failure = if self.chance(0.3) { 0.3 } else { 0.0 };
                profile.extensions.push(Extension { failure, ..added });
            }
            1 => {
                if let Some(of) = &mut profile.health_extension {
                    of.interval = SimDuration::from_secs(self.pick(&[5, 10, 20]));
                }
            }
            2 => {
                // The health extension is the last one, if there is one.
                if profile.health_extension.take().is_some() {
                    profile.extensions.pop();
                }
                let probe = HealthSource::Probe(set.pools[0]);
                profile.health_source = self.pick(&[HealthSource::None, probe]);
            }
            _ => {
                if profile.health_extension.is_some() {
                    profile.health_source = self.pick(&[HealthSource::Conflict, HealthSource::Extension]);
                } else {
                    let mut with = set.clone();
                    self.health(&mut with);
                    profile = with.profile;
                }
            }
        }
        profile
    }

    fn rollout_act(&mut self, plan: &Plan, set: u16) -> Act {
        let which = if self.chance(0.4) { Which::All } else { Which::Ordinals(vec![self.below(5) as u32]) };
        match self.below(12) {
            0..=3 => self.model_change(plan, set),
            4 => Act::StartUpgrade { set },
            5 | 6 => Act::CancelUpgrade { set },
            7 => Act::UpgradeInstances { set, which },
            8 | 9 => {
                let actions = self.chance(0.5);
                let from_scale_in = actions || self.chance(0.7);
                Act::Protect { set, which, from_scale_in, from_scale_set_actions: actions }
            }
            _ => Act::SetCapacity { set, capacity: self.below(8) as u32 },
        }
    }

    fn rollout_assumptions(&mut self, plan: &mut Plan) {
        for (assumption, ordinary, other) in [
            (A::RollingModelChange, "refuse", "accept"),
            (A::RollingCapacityChange, "accept", "refuse"),
            (A::RollingCancel, "at_once", "finish_batch"),
            (A::RollingSurgeUnhealthy, "keep_old", "delete_old"),
            (A::RollingSurgeQuotaFallback, "batch", "rest"),
            (A::RollingHealthSampling, "continuous", "batch_end"),
            (A::RollingUpgradedUnhealthyOf, "upgraded", "all"),
            (A::RollingHealthWaitFrom, "instance_updated", "batch_started"),
            (A::RollingUnhealthyAfterWait, "keep_new_model", "stop"),
            (A::RollingZoneOrder, "ascending", "descending"),
            (A::RollingNotReportingHealth, "unhealthy", "left_out"),
            (A::RollingUnmonitoredHealth, "unhealthy", "skipped"),
        ] {
            plan.set_assumption(assumption, Value::Choice(if self.chance(0.7) { ordinary } else { other }));
        }
        plan.set_assumption(A::RollingInitializingStopsClock, Value::Switch(self.chance(0.7)));
        plan.set_assumption(A::RollingTimeoutEnabled, Value::Switch(self.chance(0.2)));
        plan.set_assumption(A::RollingTimeout, Value::Time(SimDuration::from_mins(10)));
        let spread = if self.chance(0.3) { self.length(0, 20) } else { SimDuration::ZERO };
        plan.set_assumption(A::AutomaticStartSpread, Value::Time(spread));
        plan.set_assumption(A::VmOsDiskSwap, Value::Dist(Dist::Constant(self.length(0, 90))));
        plan.set_assumption(A::VmOsDiskRestore, Value::Dist(Dist::Constant(self.length(0, 90))));
        self.recorded_assumptions(plan);
    }

    /// What recordings say of upgrades, and what else fits.
    fn recorded_assumptions(&mut self, plan: &mut Plan) {
        for (assumption, readings) in [
            (A::RollingWatchProbe, &["twice_probes", "four_intervals", "none"]),
            (A::RollingWatchEmptyDomains, &["without_policy", "of_several", "never"]),
            (A::RollingModeWrite, &["together", "batches", "none"]),
            (A::VmssOverprovisionZones, &["even", "even", "any"]),
            (A::ScaleInFlexibleOrder, &["oldest", "oldest", "newest"]),
            (A::ExtensionUpgradePolicy, &["by_mode", "default", "rolling_policy"]),
        ] {
            plan.set_assumption(assumption, Value::Choice(self.pick(readings)));
        }
        for assumption in [A::RollingWatchUnsourced, A::RollingWatchExtension] {
            let length = if self.chance(0.5) { SimDuration::ZERO } else { self.length(0, 300) };
            plan.set_assumption(assumption, Value::Time(length));
        }
        let work = self.length(0, 60);
        plan.set_assumption(A::ExtensionUpgradeWork, Value::Dist(Dist::Constant(work)));
        let current = if self.chance(0.8) { "walks" } else { "nothing" };
        plan.set_assumption(A::RollingCurrentSet, Value::Choice(current));
        let code = if self.chance(0.8) { "before_upgrade" } else { "in_upgrade" };
        plan.set_assumption(A::RollingEntryGateCode, Value::Choice(code));
        for set in &mut plan.sets {
            set.upgrade.rolling_given = self.chance(0.6);
        }
    }
}
