//! Plans with autoscale. The engine runs once a minute on the minute, and sees what is a minute old: the run at 60 s sees
//! what was before the start, which is what was there then. A rule looks at the last five minutes.

use super::*;
use windtunnel_sim::world::fact::AutoscaleFact;
use windtunnel_sim::world::ids::AutoscaleId;

pub const OUT: ScaleDirection = ScaleDirection::Increase;
pub const IN: ScaleDirection = ScaleDirection::Decrease;
pub const MORE: Operator = Operator::GreaterThan;
pub const LESS: Operator = Operator::LessThan;

/// So many instances of 100 requests a second each, whose processors are at 0 without load and at 100 % at capacity,
/// behind one entry point with this demand; and a setting with these rules, from 1 to 10 instances.
pub fn scaled(capacity: u32, rps: f64, scale: Vec<ScaleRule>) -> Plan {
    let mut plan = plan();
    plan.sets[0].capacity = capacity;
    plan.application.capacity_rps = Some(100.0);
    plan.entry_points = vec![EntryPoint::plain("lb", 0, rps)];
    assume(&mut plan, A::AutoscalePhase, Value::Choice("aligned"));
    plan.autoscale = vec![Autoscale::plain("scale", 0, vec![profile(scale)])];
    plan
}

pub fn profile(rules: Vec<ScaleRule>) -> ScaleProfile {
    let when = ProfileWhen::Default;
    ScaleProfile { name: "usual".into(), minimum: 1, maximum: 10, default: 1, when, rules }
}

/// A write that gives the first setting of a plan this profile alone; or turns it off.
pub fn setting_written(plan: &mut Plan, to: Option<ScaleProfile>) -> Act {
    let setting = &mut plan.autoscale[0];
    let mut now = setting.at_start();
    now.enabled = to.is_some();
    if let Some(to) = to {
        now.profiles = vec![(setting.profiles.len() + setting.later.len()) as u16];
        setting.later.push(to);
    }
    write("scale", vec![Change::Setting { setting: 0, now }])
}

pub fn rule(metric: Metric, operator: Operator, threshold: f64, direction: ScaleDirection, by: u32) -> ScaleRule {
    let trigger = MetricTrigger {
        metric,
        grain: s(60),
        statistic: Statistic::Average,
        window: s(300),
        aggregation: Aggregation::Average,
        operator,
        threshold,
        per_instance: false,
    };
    ScaleRule { trigger, direction, change: ScaleChange::Count(by), cooldown: s(3600) }
}

pub fn cpu(operator: Operator, threshold: f64, direction: ScaleDirection, by: u32) -> ScaleRule {
    rule(Metric::Cpu(0), operator, threshold, direction, by)
}

/// A rule on the first metric that the plan gives.
pub fn given(operator: Operator, threshold: f64, direction: ScaleDirection, by: u32) -> ScaleRule {
    rule(Metric::Given(0), operator, threshold, direction, by)
}

/// The same rule over the last minute alone.
pub fn last_minute(rule: ScaleRule) -> ScaleRule {
    ScaleRule { trigger: MetricTrigger { window: s(60), ..rule.trigger }, ..rule }
}

/// A metric with these values from these seconds on.
pub fn metric(steps: &[(u64, f64)]) -> GivenMetric {
    let values = steps.iter().map(|&(start, rps)| Segment { start: at(start), rps, slope: 0.0 }).collect();
    GivenMetric { name: "metric".into(), values, missing: Vec::new(), not_sent_by: Vec::new() }
}

/// What the engine said, as far as `is` finds it, with the seconds.
pub fn said<T>(ledger: &[Record], is: impl Fn(AutoscaleFact) -> Option<T>) -> Vec<(f64, T)> {
    let found = |record: &Record| match record.fact {
        Fact::Autoscale(fact) => is(fact).map(|found| (record.time.seconds(), found)),
        _ => None,
    };
    ledger.iter().filter_map(found).collect()
}

/// What the engine decided: when, from and to.
pub fn decisions(ledger: &[Record]) -> Vec<(f64, (u16, u16))> {
    said(ledger, |fact| match fact {
        AutoscaleFact::Decided { setting: AutoscaleId(0), from, to, .. } => Some((from, to)),
        _ => None,
    })
}
