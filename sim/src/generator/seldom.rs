//! What would come up too seldom if it were left to the other draws: checks of baked images, versions that wear out or reach the
//! end of their life, short budgets of extensions, approvals and windows that meet an upgrade that waits, forecasts of a demand
//! that grows, sets that are off as a whole. Drawn from a stream of its own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::{Dist, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, Aggregation, Autoscale, CustomizerKind, Degrades, Disks, Flaw, GuestAct, HealthSource, Maintenance,
    Metric, ModelChange, Number, Operator, OrchestrationMode, Output, Plan, PowerAct, PriceList, Prices, ProfileWhen,
    Reach, ScaleDirection, ScaleProfile, ScaleSet, Size, Statistic, Validator, Versioning, Which, Window,
};
use crate::rules::{A, ASSUMPTIONS, Range, Value};

/// The item of the stream, beside those of the other kinds.
const ITEM: u64 = 126;

impl Plan {
    /// With what is seldom met.
    pub(super) fn with_seldom(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        self.shrink_while_moving(&mut draw);
        self.wear_out(&mut draw);
        self.check_what_is_baked(&mut draw);
        if draw.chance(0.05) {
            for set in &mut self.sets {
                set.profile.extensions_budget = draw.length(5, 60);
            }
        }
        self.let_upgrades_wait(&mut draw);
        self.scale_by_rare_rules(&mut draw);
        self.forecast_growth(&mut draw);
        if draw.chance(0.04) {
            self.turn_off_and_on(&mut draw);
        }
        self.put_back(&mut draw);
        self.watch_empty_domains(&mut draw);
        self.price(&mut draw);
        if draw.chance(0.25) {
            self.ask_for_extensions(&mut draw);
        }
        if draw.chance(0.18) {
            self.resize(&mut draw);
        }
        if draw.chance(0.2) {
            self.narrow();
        }
        self.make_by_modes(&mut draw);
        self.run_windows(&mut draw);
        self.timeline.sort_by_key(|action| action.at);
        self
    }

    /// One in ten of the choices that nothing else has drawn may be any of its words, each by a stream of its own.
    pub(super) fn with_choices(mut self, number: u64) -> Self {
        for row in ASSUMPTIONS.iter().filter(|row| row.modelled) {
            let mut draw = Draw::of(number, name(row.key));
            if self.assumptions.value(row.id) != row.default || !draw.chance(0.1) {
                continue;
            }
            match row.range {
                Range::Switch => self.set_assumption(row.id, Value::Switch(draw.chance(0.5))),
                Range::Words(words) => self.set_assumption(row.id, Value::Choice(draw.pick(words))),
                _ => {}
            }
        }
        self
    }

    /// Some sets run Windows, whose agent waits on a new disk and whose machines stop and start in a time of their own; and what has no
    /// machine is deleted sooner.
    fn run_windows(&mut self, draw: &mut Draw) {
        for (assumption, most_s) in [
            (A::ExtensionWindowsWait, 60),
            (A::VmDeallocateWindows, 90),
            (A::VmPowerOffWindows, 30),
            (A::VmPowerOnWindows, 30),
            (A::VmDeleteDeallocated, 10),
        ] {
            let length = draw.length(0, most_s);
            self.set_assumption(assumption, Value::Dist(Dist::Constant(length)));
        }
        for set in &mut self.sets {
            set.windows = draw.chance(0.2);
        }
    }

    /// A create call of a Flexible set takes what one of a Uniform set does; off the grid of whole seconds either has two modes at
    /// times.
    fn make_by_modes(&mut self, draw: &mut Draw) {
        let (first, second) = (draw.length(1, 40), draw.length(20, 90));
        if draw.chance(0.3) && !draw.on_grid {
            let modes = Dist::TwoModes { first: (first, 0.3), second: (second, 0.2), share: 0.3 };
            self.set_assumption(A::VmssProvision, Value::Dist(modes));
        }
        let whole = self.assumptions.value(A::VmssProvision);
        self.set_assumption(A::VmssProvisionFlexible, whole);
    }

    /// Room in one fault domain only, where regional sets of a fixed spreading stand alone.
    fn narrow(&mut self) {
        for (at, region) in self.regions.iter_mut().enumerate() {
            let mut here = self.sets.iter().filter(|set| usize::from(set.region) == at);
            if here.all(|set| set.zones.is_empty() && set.fault_domains > 1) {
                region.domains_with_room = Some(1);
            }
        }
    }

    /// Calls for the newest extensions of a set without a health source and a policy of its own, which is not over several zones:
    /// domains in which nobody is are watched (RU-43).
    fn ask_for_extensions(&mut self, draw: &mut Draw) {
        let plain = |set: &ScaleSet| {
            let upkeep = &set.upkeep;
            let kept = upkeep.standby.is_some() || upkeep.rebalances;
            let restores = set.upgrade.os.enabled || set.upgrade.rolling.rollback_on_breach;
            set.zones.is_empty() && !kept && !restores && set.repairs.is_none()
        };
        let Some(at) = self.sets.iter().position(plain) else { return };
        let set = &mut self.sets[at];
        (set.mode, set.capacity) = (OrchestrationMode::Uniform, set.capacity.max(2));
        set.profile.health_source = HealthSource::None;
        set.upgrade.rolling_given = false;
        let watch = Value::Time(draw.length(1, 30));
        self.set_assumption(A::RollingWatchUnsourced, watch);
        self.set_assumption(A::RollingWatchEmptyDomains, Value::Choice("without_policy"));
        self.set_assumption(A::RollingCurrentSet, Value::Choice("walks"));
        for nth in 0..3 {
            let what = Act::Guest(GuestAct::UpgradeExtensions { set: at as u16 });
            let at = SimTime::ZERO + draw.length(1 + 300 * nth, 200 + 300 * nth);
            self.timeline.push(Action { name: format!("extensions {nth}"), at, what });
        }
    }

    /// Versions and releases that work only for a while, and versions whose life ends, which may guard them until then.
    fn wear_out(&mut self, draw: &mut Draw) {
        if draw.chance(0.15) {
            let degrades = Some(Degrades { after: draw.dist(20, 400), cannot: draw.pick(&[1, 2, 3]) });
            if draw.chance(0.5) {
                let image = draw.pick(&[0, 1]);
                self.images[image].degrades = degrades;
            } else {
                self.application.flaws.resize(self.application.releases.len(), Flaw::default());
                let release = draw.below(self.application.flaws.len() as u64) as usize;
                self.application.flaws[release].degrades = degrades;
            }
        }
        for image in &mut self.images {
            if draw.chance(0.1) {
                image.version.end_of_life = Some(SimTime::ZERO + draw.length(1, 600));
                image.version.block_deletion_before_end_of_life = draw.chance(0.5);
            }
            image.version.allow_deletion_of_replicated = draw.chance(0.9);
        }
    }

    /// Another size where there is no capacity for it, or no quota.
    fn resize(&mut self, draw: &mut Draw) {
        let set = draw.below(self.sets.len() as u64) as u16;
        let region = self.sets[usize::from(set)].region;
        if draw.chance(0.8) {
            self.regions[usize::from(region)].free[0] = Some(0);
            self.set_assumption(A::AutoscaleRetriesShortfall, Value::Switch(draw.chance(0.5)));
        } else {
            let here = self.sets.iter().filter(|set| set.region == region);
            let cores: u32 = here.map(|set| set.capacity * set.cores).sum();
            self.regions[usize::from(region)].quota.total = Some(cores + draw.below(8) as u32);
        }
        let size = Some(Size { name: "Standard_L8s_v3".into(), cores: 8, prices: None });
        let change = Box::new(ModelChange { size, rest: Reach::Restart, ..ModelChange::default() });
        let at = SimTime::ZERO + draw.length(0, 600);
        let acts = [Act::ChangeModel { set, change }, Act::UpgradeInstances { set, which: Which::All }];
        for (nth, what) in acts.into_iter().enumerate() {
            self.timeline.push(Action { name: format!("resize {nth}"), at, what });
        }
    }

    /// Validators of what is baked, and what is baked for other places than a gallery.
    fn check_what_is_baked(&mut self, draw: &mut Draw) {
        for builder in &mut self.builders {
            for nth in 0..draw.below(3) {
                builder.validators.push(Validator {
                    name: format!("validator {nth}"),
                    duration: draw.chance(0.7).then(|| draw.dist(0, 60)),
                    fails: draw.chance(0.2),
                    reaches: draw.pick(&[0, 0, 1, 2]),
                });
            }
            builder.continue_on_failure = draw.chance(0.4);
            builder.optimize = draw.chance(0.3);
            builder.more.far |= draw.chance(0.3);
            if draw.chance(0.2) {
                builder.customizers[0].kind = CustomizerKind::Update;
            }
            if draw.chance(0.3) {
                let number = Number([1, draw.pick(&[1, 2, 7]), 0]);
                builder.versioning = draw.pick(&[Versioning::Source, Versioning::Explicit(number)]);
            }
            builder.more.output = match draw.below(8) {
                0 => Output::ManagedImage,
                1 => Output::Vhd,
                _ => Output::SharedImage,
            };
        }
    }

    /// Approvals again and again where upgrades wait for one, and windows that come again where they do not.
    fn let_upgrades_wait(&mut self, draw: &mut Draw) {
        let enabled = |set: usize, plan: &Self| plan.sets[set].upgrade.os.enabled;
        let upgraded: Vec<usize> = (0..self.sets.len()).filter(|&set| enabled(set, self)).collect();
        let Some(&set) = upgraded.first() else { return };
        if draw.chance(0.25) {
            self.sets[set].upgrade.os.deferral = true;
        }
        if self.sets[set].upgrade.os.deferral {
            for nth in 1..8 {
                let what = Act::ApproveOsUpgrade { set: set as u16, which: Which::All };
                let at = SimTime::ZERO + draw.length(nth * 300, nth * 300 + 200);
                self.timeline.push(Action { name: format!("approve {nth}"), at, what });
            }
        } else if self.os_upgrades.maintenance.is_empty() && draw.chance(0.8) {
            let (mut windows, mut from) = (Vec::new(), SimTime::ZERO);
            while from < self.horizon {
                let opens = from + draw.length(100, 500);
                from = opens + draw.length(20, 200);
                windows.push(Window { opens, closes: from });
            }
            self.os_upgrades.maintenance = vec![Maintenance { name: "often".into(), sets: vec![set as u16], windows }];
        }
    }

    /// Statistics, operators and directions that few people use, and a metric that nothing gives.
    fn scale_by_rare_rules(&mut self, draw: &mut Draw) {
        if draw.chance(0.7) {
            return;
        }
        let profiles = self.autoscale.iter_mut().flat_map(|setting| &mut setting.profiles);
        for rule in profiles.flat_map(|profile| &mut profile.rules) {
            let trigger = &mut rule.trigger;
            match draw.below(10) {
                0 => trigger.statistic = draw.pick(&[Statistic::Sum, Statistic::Count]),
                1 => trigger.aggregation = draw.pick(&[Aggregation::Minimum, Aggregation::Total, Aggregation::Count]),
                2 => trigger.operator = draw.pick(&[Operator::Equals, Operator::NotEquals]),
                3 => trigger.metric = Metric::Missing,
                4 => rule.direction = ScaleDirection::None,
                _ => {}
            }
        }
    }

    /// Upgrades to versions that are no good, under policies that put the old disks back.
    fn put_back(&mut self, draw: &mut Draw) {
        let share = if self.sets.iter().any(|set| set.upgrade.os.enabled) { 0.5 } else { 0.2 };
        if !draw.chance(share) {
            return;
        }
        for set in self.sets.iter_mut().filter(|set| set.upkeep.standby.is_none() && !set.upkeep.rebalances) {
            set.mode = OrchestrationMode::Uniform;
            (set.upgrade.os.disable_rollback, set.upgrade.os.use_rolling_policy) = (false, true);
            let rolling = &mut set.upgrade.rolling;
            (rolling.rollback_on_breach, rolling.max_surge) = (true, false);
            (rolling.max_unhealthy_percent, rolling.max_unhealthy_upgraded_percent) = (100, draw.pick(&[0, 20]));
        }
        for image in self.images.iter_mut().skip(1) {
            image.cannot = 3;
        }
    }

    /// Releases of extensions on a set in update domains that nobody watches by health.
    fn watch_empty_domains(&mut self, draw: &mut Draw) {
        let of = |action: &Action| match &action.what {
            Act::Guest(GuestAct::PublishExtension { set, .. }) => Some(usize::from(*set)),
            _ => None,
        };
        let released = |set: usize, plan: &Self| plan.timeline.iter().any(|action| of(action) == Some(set));
        let Some(at) = (0..self.sets.len()).find(|&set| released(set, self)) else { return };
        if !draw.chance(0.5) {
            return;
        }
        let set = &mut self.sets[at];
        (set.mode, set.upkeep.standby, set.upkeep.rebalances) = (OrchestrationMode::Uniform, None, false);
        (set.zones, set.zone_balance) = (Vec::new(), false);
        (set.profile.health_source, set.profile.health_extension) = (HealthSource::None, None);
        set.capacity = set.capacity.max(2);
        let rolling = &mut set.upgrade.rolling;
        (rolling.max_unhealthy_percent, rolling.max_unhealthy_upgraded_percent) = (100, 100);
        self.set_assumption(A::RollingWatchEmptyDomains, Value::Choice("of_several"));
        self.set_assumption(A::RollingWatchUnsourced, Value::Time(draw.length(1, 40)));
    }

    /// A history of more than a week that says that much is to come, and rules that look at it.
    fn forecast_growth(&mut self, draw: &mut Draw) {
        let predicts = self.autoscale.iter().any(|setting| setting.predictive.is_some());
        if !predicts || self.history.demand.is_empty() || draw.chance(0.2) {
            return;
        }
        self.application.capacity_rps = Some(100.0);
        self.history.length = SimDuration::from_mins(draw.pick(&[8, 14]) * 24 * 60);
        for segment in self.history.demand.iter_mut().flatten() {
            segment.rps = draw.pick(&[300.0, 900.0, 2000.0]);
        }
        for setting in self.autoscale.iter_mut().filter(|setting| setting.predictive.is_some()) {
            for rule in setting.profiles.iter_mut().flat_map(|profile| &mut profile.rules) {
                if rule.direction == ScaleDirection::Increase && draw.chance(0.8) {
                    rule.trigger.metric = Metric::Cpu(setting.set);
                    rule.trigger.per_instance = false;
                    (rule.trigger.statistic, rule.trigger.aggregation) = (Statistic::Average, Aggregation::Average);
                }
            }
        }
    }

    /// A set that lost instances out of the middle, and is then off as a whole for a while: it is placed anew.
    fn turn_off_and_on(&mut self, draw: &mut Draw) {
        let set = &mut self.sets[0];
        (set.mode, set.fault_domains, set.upkeep.standby) = (OrchestrationMode::Flexible, 3, None);
        (set.zones, set.zone_balance, set.overprovision) = (Vec::new(), false, false);
        set.upkeep.rebalances = false;
        set.capacity = 6;
        let from = SimTime::ZERO + draw.length(20, 200);
        let which = Which::Ordinals(if draw.chance(0.5) { vec![0, 3] } else { vec![1, 4] });
        let acts = [
            ("take some out", from, which, PowerAct::Delete),
            ("off as a whole", from + draw.length(60, 120), Which::All, PowerAct::Deallocate),
            ("on as a whole", from + draw.length(220, 400), Which::All, PowerAct::Start),
        ];
        for (name, at, which, how) in acts {
            self.timeline.push(Action { name: name.into(), at, what: Act::Power { set: 0, which, how } });
        }
    }

    /// Autoscale of a set that is evened out: a profile of a while asks for less while a move may be under way.
    fn shrink_while_moving(&mut self, draw: &mut Draw) {
        let sole = |set: usize, plan: &Self| plan.autoscale.iter().all(|setting| usize::from(setting.set) != set);
        let drifts =
            (0..self.sets.len()).find(|&set| self.sets[set].upkeep.rebalances && sole(set, self)).map(|set| set as u16);
        let Some(set) = drifts.filter(|_| draw.chance(0.5)) else { return };
        // Nothing else is asked of it in the hour before, and the new machine takes its time.
        self.timeline.retain(|action| action.at.ms() <= 630_000);
        self.set_assumption(A::VmssProvision, Value::Dist(Dist::Constant(draw.length(60, 120))));
        let profile = |when: ProfileWhen, maximum| ScaleProfile {
            name: format!("{when:?}"),
            minimum: 0,
            maximum,
            default: maximum,
            when,
            rules: Vec::new(),
        };
        let from_ms = 4_231_000 + draw.length(0, 90).ms().cast_signed();
        let while_moving = ProfileWhen::Fixed { from_ms, until_ms: from_ms + 300_000 };
        let profiles = vec![profile(ProfileWhen::Default, 10), profile(while_moving, 1)];
        self.autoscale.push(Autoscale::plain(&format!("shrinks {set}"), set, profiles));
    }

    /// Prices of its own, and disks: they move nothing in a run, and must not.
    fn price(&mut self, draw: &mut Draw) {
        if draw.chance(0.2) {
            self.bill.prices = PriceList { disk_gb_month: 0.1, ..PriceList::default() };
            self.bill.disks = self.sets.iter().map(|_| Some(Disks { provisioned_gb: 32.0, month: None })).collect();
            for set in &mut self.sets {
                set.prices = Some(Prices { regular: 1.0, spot: 0.2 });
            }
        }
    }
}
