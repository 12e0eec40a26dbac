//! Facts of autoscale in words.

use super::Names;
use crate::number::decimals;
use windtunnel_sim::plan::{Autoscale, Metric, Operator, Plan, ScaleRule};
use windtunnel_sim::world::fact::{AutoscaleFact, Reason, Why};
use windtunnel_sim::world::ids::AutoscaleId;

impl<'p> Names<'p> {
    pub(super) fn setting(&self, id: AutoscaleId) -> &'p Autoscale {
        &self.plan.autoscale[id.index()]
    }

    /// The name of the set that a setting scales.
    fn scaled(&self, id: AutoscaleId) -> &'p str {
        &self.plan.sets[usize::from(self.setting(id).set)].name
    }

    pub(super) fn profile(&self, id: AutoscaleId, profile: u16) -> &'p str {
        &self.setting(id).profile(profile).name
    }

    pub(super) fn scale_rule(&self, id: AutoscaleId, profile: u16, rule: u16) -> &'p ScaleRule {
        &self.setting(id).profile(profile).rules[usize::from(rule)]
    }

    fn metric(&self, metric: Metric) -> &'p str {
        metric_of(self.plan, metric)
    }

    /// `Percentage CPU > 70`.
    pub(super) fn condition(&self, rule: &ScaleRule) -> String {
        condition(self.plan, rule)
    }
}

fn metric_of(plan: &Plan, metric: Metric) -> &str {
    match metric {
        Metric::Cpu(_) => "Percentage CPU",
        Metric::Given(index) => &plan.metrics[usize::from(index)].name,
        Metric::Missing => "a metric without a source",
    }
}

/// What a rule looks for: `Percentage CPU > 70`.
#[must_use]
pub fn condition(plan: &Plan, rule: &ScaleRule) -> String {
    let sign = match rule.trigger.operator {
        Operator::Equals => "=",
        Operator::NotEquals => "≠",
        Operator::GreaterThan => ">",
        Operator::GreaterThanOrEqual => "≥",
        Operator::LessThan => "<",
        Operator::LessThanOrEqual => "≤",
    };
    format!("{} {sign} {}", metric_of(plan, rule.trigger.metric), rule.trigger.threshold)
}

/// A value to two digits, without those that say nothing.
pub(super) fn short(value: f32) -> String {
    decimals(f64::from(value), 2)
}

/// A fact of autoscale as one English sentence.
pub fn sentence(names: &Names<'_>, fact: &AutoscaleFact) -> String {
    let set = |setting| names.scaled(setting);
    let rule = |setting, profile, rule| names.condition(names.scale_rule(setting, profile, rule));
    match *fact {
        AutoscaleFact::Started { setting } => format!("autoscale looks at {} for the first time", set(setting)),
        AutoscaleFact::Written { setting } => {
            format!("the autoscale setting of {} is as was written, from its next run on", set(setting))
        }
        AutoscaleFact::ProfileChosen { setting, profile } => {
            format!("profile “{}” now applies to {}", names.profile(setting, profile), set(setting))
        }
        AutoscaleFact::DemandSeen { entry_point, rps } => {
            format!("demand at {} is now {} rps", names.entry_point(entry_point), short(rps))
        }
        AutoscaleFact::MetricRead { setting, profile, rule: at, value } => {
            let metric = names.metric(names.scale_rule(setting, profile, at).trigger.metric);
            format!("autoscale reads {metric} of {}: {}", set(setting), short(value))
        }
        AutoscaleFact::MetricLost { setting, profile, rule: at } => {
            let metric = names.metric(names.scale_rule(setting, profile, at).trigger.metric);
            format!("autoscale of {} cannot read {metric}", set(setting))
        }
        AutoscaleFact::MetricRecovered { setting, profile, rule: at } => {
            let metric = names.metric(names.scale_rule(setting, profile, at).trigger.metric);
            format!("autoscale of {} can read {metric} again", set(setting))
        }
        AutoscaleFact::Evaluated { setting, profile, rule: at, observed, capacity, fires } => {
            let (rule, verb) = (rule(setting, profile, at), if fires { "fires" } else { "does not fire" });
            format!("the rule {rule} {verb}, at {} with {capacity} instances", short(observed))
        }
        AutoscaleFact::Decided { setting, from, to, why, reason } => {
            let why = match why {
                Why::Out => "to scale out",
                Why::In => "to scale in",
                Why::Minimum => "to stay above the minimum",
                Why::Maximum => "to stay below the maximum",
                Why::Default => "to reach the default, since a metric is missing",
                Why::Forecast => "to scale out for the forecast",
            };
            let mut text = format!("autoscale decides {why}: {} from {from} to {to}", set(setting));
            if let Some(Reason { observed, projected, .. }) = reason {
                text += &format!(", where {} would be {}", short(observed), short(projected));
            }
            text
        }
        AutoscaleFact::Deferred { setting, to, left_s } => {
            format!("autoscale of {} wants {to} instances, and waits {left_s} s for its cooldown", set(setting))
        }
        AutoscaleFact::FlappingOccurred { setting, wanted, got, projected } => format!(
            "autoscale of {} goes to {got}, not to {wanted}, where it would read {} and scale out again",
            set(setting),
            short(projected)
        ),
        AutoscaleFact::Flapping { setting, wanted, projected, .. } => format!(
            "autoscale of {} does not scale in: at {wanted} it would read {} and scale out again",
            set(setting),
            short(projected)
        ),
        AutoscaleFact::ActionRecorded { setting, to, short: 0 } => {
            format!("autoscale writes the capacity of {}: {to}", set(setting))
        }
        AutoscaleFact::ActionRecorded { setting, to, short } => {
            format!("autoscale writes the capacity of {}: {to}, but {short} cannot be allocated", set(setting))
        }
        AutoscaleFact::ActionFailed { setting, to } => {
            format!("the action of autoscale on {} to {to} instances fails while a zone is lost", set(setting))
        }
        AutoscaleFact::BeingTrained { setting } => {
            format!("the forecast for {} is being trained: it has less than seven days of history", set(setting))
        }
        AutoscaleFact::Trained { setting } => format!("a forecast for {} is available", set(setting)),
        AutoscaleFact::Forecast { setting, ahead_s, total, each, crosses, .. } => {
            let verb = if crosses { "crosses the threshold" } else { "does not cross the threshold" };
            let each = short(each);
            format!(
                "the forecast for {} in {ahead_s} s {verb}: {} % in total, {each} % each",
                set(setting),
                short(total)
            )
        }
    }
}
