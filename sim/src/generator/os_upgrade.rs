//! Automatic OS upgrades in random scenarios: sets that follow `latest` are brought to what is published meanwhile, under
//! random policies, windows and phases, while people approve, call, enable and disable. Drawn from a stream of its own, so
//! that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, HealthSource, ImageReference, Maintenance, ModelChange, OsUpgradePolicy, Plan, Publication, Storage,
    Target, UpgradeMode, UpgradePolicy, Which, Window,
};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the other kinds.
const ITEM: u64 = 11;

impl Plan {
    /// With automatic OS upgrades, where there are images to follow; in two of five of those, none.
    pub(super) fn with_os_upgrades(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        let follows = |set: &crate::plan::ScaleSet| matches!(set.image, ImageReference::Definition(_));
        if !self.sets.iter().any(follows) || draw.chance(0.4) {
            return self;
        }
        self.horizon = self.horizon.max(SimTime::from_ms(3_000_000));
        if draw.chance(0.5) {
            // Nothing is above the first version but what is published.
            self.images[1].version.availability = crate::plan::Availability::In(Vec::new());
        }
        let platform = draw.chance(0.2);
        for set in self.sets.iter_mut().filter(|set| follows(set)) {
            set.upgrade.os = draw.os_policy(0.8);
            set.capacity = set.capacity.max(draw.below(6) as u32);
            if set.profile.health_source == HealthSource::None && draw.chance(0.8) {
                draw.health(set);
            }
            if platform {
                set.image = ImageReference::PlatformLatest(0);
            }
        }
        if platform && self.sets.len() > 1 && draw.chance(0.5) {
            self.sets[1].region = 1;
            self.os_upgrades.phases = vec![vec![0], vec![1]];
        }
        for image in self.images.iter_mut().skip(1) {
            if draw.chance(0.5) {
                image.cannot = 3;
            }
        }
        self.with_windows(&mut draw);
        for i in 0..2 + draw.below(5) {
            let set = draw.below(self.sets.len() as u64) as u16;
            let what = draw.os_act(&self, set);
            let at = SimTime::ZERO + draw.length(0, 1500);
            self.timeline.push(Action { name: format!("os upgrade {i}"), at, what });
        }
        self.timeline.sort_by_key(|action| action.at);
        draw.os_assumptions(&mut self);
        for set in &mut self.sets {
            // The guest is notified before it gets another disk.
            set.profile.os_image = draw.chance(0.4).then(|| draw.length(10, 200));
        }
        self.with_all_protected(&mut draw)
    }

    /// With a call for an upgrade of a set whose instances are all protected, in three of ten.
    fn with_all_protected(mut self, draw: &mut Draw) -> Self {
        let set = draw.below(self.sets.len() as u64) as u16;
        let at = SimTime::ZERO + draw.length(0, 1500);
        if draw.chance(0.3) {
            let which = Which::All;
            let protect = Act::Protect { set, which, from_scale_in: true, from_scale_set_actions: true };
            for (name, what) in [("protect all", protect), ("upgrade nobody", Act::StartOsUpgrade { set })] {
                self.timeline.push(Action { name: name.to_owned(), at, what });
            }
            self.timeline.sort_by_key(|action| action.at);
        }
        self
    }

    /// With maintenance windows, in three of ten.
    fn with_windows(&mut self, draw: &mut Draw) {
        if !draw.chance(0.3) {
            return;
        }
        let (mut windows, mut from) = (Vec::new(), SimTime::ZERO);
        for _ in 0..1 + draw.below(4) {
            let opens = from + draw.length(0, 600);
            from = opens + draw.length(20, 400);
            windows.push(Window { opens, closes: from });
            from += draw.length(1, 10);
        }
        let sets = if draw.chance(0.5) { vec![0] } else { (0..self.sets.len() as u16).collect() };
        self.os_upgrades.maintenance = vec![Maintenance { name: "nights".into(), sets, windows }];
    }
}

impl Draw {
    fn os_policy(&mut self, enabled: f64) -> OsUpgradePolicy {
        OsUpgradePolicy {
            enabled: self.chance(enabled),
            disable_rollback: self.chance(0.3),
            use_rolling_policy: self.chance(0.6),
            deferral: self.chance(0.25),
        }
    }

    fn os_act(&mut self, plan: &Plan, set: u16) -> Act {
        let which = if self.chance(0.6) { Which::All } else { Which::Ordinals(vec![self.below(5) as u32]) };
        match self.below(10) {
            0..=2 => {
                let image = 1 + self.below(plan.images.len().min(3) as u64 - 1) as u16;
                let target = |region| Target { region, replicas: 2, storage: Storage::StandardLrs, excluded: None };
                let targets = (0..plan.regions.len() as u16).map(target).collect();
                Act::Publish(Publication { image, targets, excluded: None })
            }
            3 => Act::StartOsUpgrade { set },
            4 | 5 => Act::ApproveOsUpgrade { set, which },
            6 => {
                let image = 1 + self.below(plan.images.len().min(3) as u64 - 1) as u16;
                let excluded = Act::Exclude { image, regions: Vec::new(), excluded: true };
                if self.chance(0.6) { excluded } else { Act::DeleteVersion { image } }
            }
            7 => Act::CancelUpgrade { set },
            _ => {
                let policy = plan.sets[usize::from(set)].upgrade;
                let mode = self.pick(&[UpgradeMode::Manual, UpgradeMode::Rolling, UpgradeMode::Automatic]);
                let upgrade = Some(UpgradePolicy { mode, os: self.os_policy(0.7), ..policy });
                Act::ChangeModel { set, change: Box::new(ModelChange { upgrade, ..ModelChange::default() }) }
            }
        }
    }

    fn os_assumptions(&mut self, plan: &mut Plan) {
        plan.set_assumption(A::OsUpgradeFlexible, Value::Switch(self.chance(0.9)));
        for (assumption, ordinary, other) in
            [(A::OsUpgradePolicy, "flag", "rolling_policy"), (A::OsUpgradeWindowEnd, "finish_batch", "finish_upgrade")]
        {
            plan.set_assumption(assumption, Value::Choice(if self.chance(0.6) { ordinary } else { other }));
        }
        let first = Dist::Uniform { min: SimDuration::ZERO, max: self.length(0, 300) };
        plan.set_assumption(A::OsUpgradeFirstDetection, Value::Dist(first));
        for (assumption, most_s) in [
            (A::OsUpgradeDetection, 200),
            (A::OsUpgradeRetryAfter, 400),
            (A::OsUpgradePhaseLength, 300),
            (A::VmOsDiskSwap, 90),
            (A::VmOsDiskRestore, 90),
        ] {
            let length = self.length(0, most_s);
            let swaps = matches!(assumption, A::VmOsDiskSwap | A::VmOsDiskRestore);
            plan.set_assumption(
                assumption,
                if swaps { Value::Dist(Dist::Constant(length)) } else { Value::Time(length) },
            );
        }
    }
}
