//! Autoscale in random scenarios: settings that read the processors of their set or a metric that comes and goes, with
//! thresholds close enough to each other to flap. Drawn from a stream of its own, so that it moves no other draw.

use super::Draw;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Aggregation, Autoscale, Cpu, GivenMetric, History, Metric, MetricTrigger, Operator, Plan, Predictive, ProfileWhen,
    ScaleChange, ScaleDirection, ScaleProfile, ScaleRule, Segment, Statistic,
};
use crate::rules::{A, Value};

/// The item of the stream.
const ITEM: u64 = 45;

impl Plan {
    /// With autoscale, in three scenarios of five.
    pub(super) fn with_autoscale(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        if draw.chance(0.4) {
            return self;
        }
        self.application.cpu = Cpu { idle: 0.05, at_capacity: 0.9 };
        self.metrics = vec![draw.metric()];
        let sets = self.sets.len() as u16;
        self.autoscale = (0..sets)
            .filter(|_| draw.chance(0.8))
            .collect::<Vec<_>>()
            .into_iter()
            .map(|set| draw.setting(set))
            .collect();
        if draw.chance(0.5) {
            let demand =
                self.entry_points.iter().map(|_| vec![Segment { start: SimTime::ZERO, rps: 300.0, slope: 0.0 }]);
            self.history =
                History { length: SimDuration::from_mins(draw.pick(&[6, 8, 14]) * 24 * 60), demand: demand.collect() };
        }
        let period = draw.pick(&[30, 60]);
        let delay = draw.pick(&[0, 60]);
        for (assumption, value) in [
            (A::AutoscalePeriod, Value::Time(SimDuration::from_secs(period))),
            (A::AutoscaleMetricDelay, Value::Time(SimDuration::from_secs(delay))),
            (A::AutoscalePhase, Value::Choice(if draw.on_grid { "aligned" } else { "seeded" })),
            (A::AutoscaleAverageCountsBooting, Value::Switch(draw.chance(0.7))),
            (A::AutoscaleCooldownFrom, Value::Choice(draw.pick(&["decision", "completion"]))),
            (A::AutoscaleProjectionCounts, Value::Choice(draw.pick(&["capacity", "running"]))),
            (A::AutoscalePercentRound, Value::Choice(draw.pick(&["towards_capacity", "nearest", "floor"]))),
            (A::AutoscaleClampIgnoresCooldown, Value::Switch(draw.chance(0.5))),
            (A::AutoscaleFailedActionCooldown, Value::Switch(draw.chance(0.5))),
        ] {
            self.set_assumption(assumption, value);
        }
        self
    }
}

impl Draw {
    /// A queue that swells and empties, and is not delivered for a while.
    fn metric(&mut self) -> GivenMetric {
        let at = |minute: u64| SimTime::from_ms(minute * 60_000);
        let turn = 2 + self.stream.below(6);
        let lost = self.stream.below(10);
        let missing = if self.chance(0.4) { vec![(at(lost), at(lost + 1 + self.stream.below(8)))] } else { Vec::new() };
        let up = Segment { start: at(0), rps: 0.0, slope: self.pick(&[0.5, 1.0, 4.0]) };
        let down = Segment { start: at(turn), rps: up.slope * (turn * 60) as f64, slope: -up.slope };
        GivenMetric { name: "queue".into(), values: vec![up, down], missing, not_sent_by: Vec::new() }
    }

    fn setting(&mut self, set: u16) -> Autoscale {
        let mut profiles = vec![self.profile(set, ProfileWhen::Default)];
        if self.chance(0.3) {
            let from_ms = self.pick(&[0, 120_000, 300_000]);
            profiles.push(self.profile(set, ProfileWhen::Fixed { from_ms, until_ms: from_ms + 240_000 }));
        }
        if self.chance(0.3) {
            profiles.push(self.profile(set, ProfileWhen::Recurring { starts_ms: vec![-500_000_000, 200_000] }));
            profiles.push(self.profile(set, ProfileWhen::Recurring { starts_ms: vec![-400_000_000, 500_000] }));
        }
        let predictive = self.chance(0.3).then(|| Predictive {
            acts: self.chance(0.7),
            look_ahead: self.chance(0.5).then(|| SimDuration::from_mins(5)),
        });
        Autoscale { predictive, ..Autoscale::plain(&format!("autoscale-{set}"), set, profiles) }
    }

    fn profile(&mut self, set: u16, when: ProfileWhen) -> ScaleProfile {
        let minimum = self.pick(&[0, 1, 2]);
        let maximum = minimum + self.pick(&[2, 4, 6]);
        let default = self.pick(&[minimum, maximum]);
        let mut rules = vec![self.rule(set, ScaleDirection::Increase), self.rule(set, ScaleDirection::Decrease)];
        for _ in 0..self.stream.below(3) {
            let direction = self.pick(&[ScaleDirection::Increase, ScaleDirection::Decrease]);
            rules.push(self.rule(set, direction));
        }
        ScaleProfile { name: format!("{when:?}"), minimum, maximum, default, when, rules }
    }

    fn rule(&mut self, set: u16, direction: ScaleDirection) -> ScaleRule {
        let out = direction == ScaleDirection::Increase;
        let queue = self.chance(0.3);
        let more = [Operator::GreaterThan, Operator::GreaterThanOrEqual];
        let less = [Operator::LessThan, Operator::LessThanOrEqual];
        let trigger = MetricTrigger {
            metric: if queue { Metric::Given(0) } else { Metric::Cpu(set) },
            grain: SimDuration::from_mins(self.pick(&[1, 1, 2])),
            statistic: self.pick(&[Statistic::Average, Statistic::Average, Statistic::Min, Statistic::Max]),
            window: SimDuration::from_mins(self.pick(&[2, 5])),
            aggregation: self.pick(&[Aggregation::Average, Aggregation::Maximum, Aggregation::Last]),
            operator: if out { self.pick(&more) } else { self.pick(&less) },
            threshold: if out { self.pick(&[40.0, 60.0, 80.0]) } else { self.pick(&[30.0, 50.0, 70.0]) },
            per_instance: queue,
        };
        let change = match self.stream.below(8) {
            0 => ScaleChange::Percent(self.pick(&[20, 50, 100])),
            1 => ScaleChange::Exact(self.pick(&[1, 3, 5])),
            2 => ScaleChange::NextAllowed,
            _ => ScaleChange::Count(self.pick(&[1, 2, 4])),
        };
        ScaleRule { trigger, direction, change, cooldown: SimDuration::from_mins(self.pick(&[1, 2, 5])) }
    }
}
