//! Autoscale settings and the metrics that the scenario gives.

mod metrics;
mod schedule;
mod zones;

use super::balancers::is_type;
use super::images::Images;
use super::{Context, traffic};
use crate::arm::reference::{reference_name, split_id};
use crate::problem::{Problem, suggest};
use crate::quantity;
use crate::scenario::arm_value as arm;
use crate::scenario::legality::autoscale::{SCALE_RULES, SETTING_RULES, ScaleRuleFacts, SettingFacts, second_setting};
use crate::scenario::legality::{At, Legality};
use crate::tree::{Node, Span};
use metrics::Metrics;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Aggregation, Application, Autoscale, GivenMetric, Metric, MetricTrigger, Operator, Predictive, ProfileWhen,
    ScaleChange, ScaleDirection, ScaleProfile, ScaleRule, ScaleSet, Statistic,
};

/// The type of an autoscale setting.
pub const TYPE: &str = "Microsoft.Insights/autoscaleSettings";

/// What there is of autoscale.
#[derive(Default)]
pub struct Scaling {
    /// The settings that are enabled and scale a set of the scenario.
    pub settings: Vec<Autoscale>,
    /// Metrics that the scenario gives.
    pub metrics: Vec<GivenMetric>,
}

/// What a setting is read with.
struct Reader<'c, 'a> {
    cx: &'c mut Context<'a>,
    sets: &'c [ScaleSet],
    metrics: Metrics,
    clock: traffic::Clock,
    facts: SettingFacts,
}

/// Reads every setting.
pub fn read(sets: &[ScaleSet], application: &Application, images: &Images, cx: &mut Context<'_>) -> Scaling {
    let Some(clock) = traffic::Clock::of_run(cx) else { return Scaling::default() };
    let mut metrics = metrics::read(clock, images, cx);
    let mut settings: Vec<Autoscale> = Vec::new();
    for resource in cx.scenario.get("resources").map_or(&[][..], Node::items) {
        if !is_type(resource, TYPE) || !is_enabled(resource, cx) {
            continue;
        }
        let Some(set) = target(resource, sets, cx) else { continue };
        if settings.iter().any(|other| other.set == set) {
            let name = &sets[usize::from(set)].name;
            let span = resource.arm("name").map_or(&resource.span, |name| &name.span);
            second_setting(span, name, &mut Legality { rules: cx.rules, problems: cx.problems });
            continue;
        }
        let facts = SettingFacts {
            span: resource.arm("name").map_or(&resource.span, |name| &name.span).clone(),
            profiles: 0,
            rules: Vec::new(),
            predictive: None,
            look_ahead: None,
            predictable: false,
            unpredicted: None,
            frequencies: Vec::new(),
            spans: Vec::new(),
        };
        let mut reader = Reader { cx, sets, metrics, clock, facts };
        settings.push(reader.setting(resource, set));
        metrics = reader.metrics;
    }
    let reads_cpu = settings.iter().flat_map(|setting| &setting.profiles).flat_map(|profile| &profile.rules);
    let reads_cpu = reads_cpu.filter(|rule| matches!(rule.trigger.metric, Metric::Cpu(_))).count() > 0;
    if reads_cpu && application.capacity_rps.is_none() && !cx.problems.has_errors() {
        let problem =
            Problem::warning("W0213", "without `application.capacity` the processors stay at their idle load");
        let at = cx.scenario.entry("application").map_or(&cx.scenario.span, |(key, _)| &key.span);
        cx.problems.push(problem.at(at, "what rules on `Percentage CPU` read").help("write `capacity: 250 rps`"));
    }
    Scaling { settings, metrics: metrics.list }
}

/// Whether a setting is enabled. The default of the API became `false` in 2022.
fn is_enabled(resource: &Node, cx: &mut Context<'_>) -> bool {
    if let Some((enabled, _)) = arm::switch(resource, &["properties", "enabled"], cx.problems) {
        return enabled;
    }
    let message = format!("`{}` does not say `enabled`, and is taken to be off", resource.name().unwrap_or_default());
    let problem = Problem::warning("W0211", message).at(&resource.span, "this setting");
    cx.problems.push(
        problem.help("write `enabled: true`; version 2022-10-01 of the API takes it for false, 2015-04-01 for true"),
    );
    false
}

/// The set that a setting scales.
fn target(resource: &Node, sets: &[ScaleSet], cx: &mut Context<'_>) -> Option<u16> {
    let name = resource.name().unwrap_or_default();
    let node = resource.arm_path(&["properties", "targetResourceUri"]);
    let Some((node, text)) = node.and_then(|node| Some((node, node.text()?))) else {
        let problem = Problem::warning("W0210", format!("`{name}` does not say which resource it scales"));
        cx.problems
            .push(problem.at(&resource.span, "has no `targetResourceUri`").help("write the name of a scale set"));
        return None;
    };
    let wanted = reference_name(text);
    if let Some(at) = sets.iter().position(|set| set.name.eq_ignore_ascii_case(wanted)) {
        return u16::try_from(at).ok();
    }
    let kind = split_id(text).map(|(kind, _)| kind);
    if let Some(kind) = kind.filter(|_| text.starts_with('/')) {
        let problem =
            Problem::warning("W0210", format!("`{name}` scales a resource that is not here: {kind} `{wanted}`"));
        cx.problems.push(problem.at(&node.span, "not acted on"));
        return None;
    }
    let problem = Problem::error("E0201", format!("there is no scale set `{wanted}`"));
    let known = sets.iter().map(|set| set.name.as_str());
    cx.problems.push(problem.at(&node.span, "unknown scale set").maybe_help(suggest(wanted, known)));
    None
}

impl Reader<'_, '_> {
    fn setting(&mut self, resource: &Node, set: u16) -> Autoscale {
        let nodes = arm::list(resource, &["properties", "profiles"], self.cx.problems);
        self.facts.profiles = nodes.len();
        let profiles: Vec<ScaleProfile> = nodes.iter().filter_map(|node| self.profile(node, set)).collect();
        let predictive = self.predictive(resource);
        for (rule, check) in SETTING_RULES {
            check(*rule, &self.facts, &mut Legality { rules: self.cx.rules, problems: self.cx.problems });
        }
        if profiles.is_empty() {
            let problem = Problem::error("E0502", format!("`{}` has no profile", resource.name().unwrap_or_default()));
            self.cx
                .problems
                .push(problem.at(&self.facts.span, "this setting").help("a setting has at least one profile"));
        }
        Autoscale { name: resource.name().unwrap_or_default().to_owned(), set, profiles, predictive }
    }

    fn predictive(&mut self, resource: &Node) -> Option<Predictive> {
        let policy = resource.arm_path(&["properties", "predictiveAutoscalePolicy"])?;
        let words = ["Disabled", "ForecastOnly", "Enabled"];
        let (mode, node) = arm::word(policy, &["scaleMode"], &words, self.cx.problems).filter(|(mode, _)| *mode > 0)?;
        self.facts.predictive = Some(node.span.clone());
        let ahead = arm::duration(policy, &["scaleLookAheadTime"], self.cx.problems);
        self.facts.look_ahead = ahead.map(|(value, node)| At { value, span: node.span.clone(), given: true });
        Some(Predictive { acts: mode == 2, look_ahead: ahead.map(|(value, _)| value) })
    }

    fn profile(&mut self, node: &Node, set: u16) -> Option<ScaleProfile> {
        let mut limit = |key| self.limit(node, key);
        let (minimum, maximum, default) = (limit("minimum")?, limit("maximum")?, limit("default")?);
        if minimum > maximum {
            let message = format!("`minimum` is {minimum}, above `maximum` of {maximum}");
            let at = node.arm("capacity").map_or(&node.span, |capacity| &capacity.span);
            self.cx.problems.push(Problem::error("E0110", message).at(at, "these limits").help("exchange the two"));
        }
        let list = arm::list(node, &["rules"], self.cx.problems);
        self.facts.rules.push((node.arm("rules").map_or(&node.span, |rules| &rules.span).clone(), list.len()));
        let when = self.when(node);
        let rules = list.iter().filter_map(|rule| self.rule(rule, set)).collect();
        Some(ScaleProfile { name: node.name().unwrap_or_default().to_owned(), minimum, maximum, default, when, rules })
    }

    fn limit(&mut self, profile: &Node, key: &'static str) -> Option<u32> {
        match arm::whole(profile, &["capacity", key], self.cx.problems) {
            Some((value, node)) => {
                let fits = u32::try_from(value).ok().filter(|value| *value <= 1000);
                if fits.is_none() {
                    let problem =
                        Problem::error("E0110", format!("`{key}` is {value}, outside its range from 0 to 1000"));
                    self.cx.problems.push(problem.at(&node.span, "a scale set holds no more than 1000"));
                }
                fits
            }
            None => self.lacks(
                &profile.span,
                &format!("`capacity.{key}`"),
                "write `capacity: { minimum: \"1\", maximum: \"10\", default: \"1\" }`",
            ),
        }
    }

    fn lacks<T>(&mut self, span: &Span, what: &str, help: &str) -> Option<T> {
        self.cx
            .problems
            .push(Problem::error("E0502", format!("there is no {what}")).at(span, "needed here").help(help));
        None
    }

    /// When a profile rules.
    fn when(&mut self, node: &Node) -> ProfileWhen {
        if let Some(fixed) = node.arm("fixedDate") {
            let dates = schedule::fixed(fixed, self.clock, self.cx.problems);
            if let Some((from_ms, until_ms)) = dates {
                let value = SimDuration::from_ms(u64::try_from(until_ms - from_ms).unwrap_or(0));
                self.facts.spans.push(At { value, span: fixed.span.clone(), given: true });
                return ProfileWhen::Fixed { from_ms, until_ms };
            }
            return ProfileWhen::Fixed { from_ms: 0, until_ms: 0 };
        }
        let Some(recurrence) = node.arm("recurrence") else { return ProfileWhen::Default };
        if let Some(frequency) = recurrence.arm("frequency") {
            let value = frequency.text().is_some_and(|text| text.eq_ignore_ascii_case("Week"));
            self.facts.frequencies.push(At { value, span: frequency.span.clone(), given: true });
        }
        ProfileWhen::Recurring { starts_ms: schedule::starts(recurrence, self.clock, self.cx.problems) }
    }

    fn rule(&mut self, node: &Node, set: u16) -> Option<ScaleRule> {
        let Some(trigger) = node.arm("metricTrigger") else {
            return self.lacks(&node.span, "`metricTrigger`", "a rule has a `metricTrigger` and a `scaleAction`");
        };
        let Some(action) = node.arm("scaleAction") else {
            return self.lacks(&node.span, "`scaleAction`", "a rule has a `metricTrigger` and a `scaleAction`");
        };
        let directions = ["None", "Increase", "Decrease"];
        let direction = match self.word(action, "direction", &directions)? {
            1 => ScaleDirection::Increase,
            2 => ScaleDirection::Decrease,
            _ => ScaleDirection::None,
        };
        let value = match arm::whole(action, &["value"], self.cx.problems) {
            Some((value, node)) => At { value, span: node.span.clone(), given: true },
            None => At { value: 1, span: action.span.clone(), given: false },
        };
        let by = u32::try_from(value.value).unwrap_or(0);
        let kinds = ["ChangeCount", "PercentChangeCount", "ExactCount", "ServiceAllowedNextValue"];
        let change = match self.word(action, "type", &kinds)? {
            0 => ScaleChange::Count(by),
            1 => ScaleChange::Percent(by),
            2 => ScaleChange::Exact(by),
            _ => ScaleChange::NextAllowed,
        };
        let cooldown = self.duration(action, "cooldown")?;
        let (grain, window) = (self.duration(trigger, "timeGrain")?, self.duration(trigger, "timeWindow")?);
        let facts = ScaleRuleFacts { grain, window, cooldown, value };
        for (rule, check) in SCALE_RULES {
            check(*rule, &facts, &mut Legality { rules: self.cx.rules, problems: self.cx.problems });
        }
        let trigger = self.trigger(trigger, &facts, set)?;
        self.note_prediction(node, &trigger, direction, set);
        Some(ScaleRule { trigger, direction, change, cooldown: facts.cooldown.value })
    }

    /// What predictive autoscale would make of a rule.
    fn note_prediction(&mut self, node: &Node, trigger: &MetricTrigger, direction: ScaleDirection, set: u16) {
        if direction != ScaleDirection::Increase {
            return;
        }
        let average = (trigger.statistic, trigger.aggregation) == (Statistic::Average, Aggregation::Average);
        if average && trigger.metric == Metric::Cpu(set) {
            self.facts.predictable = true;
        } else {
            self.facts.unpredicted.get_or_insert_with(|| node.span.clone());
        }
    }

    fn word(&mut self, node: &Node, key: &'static str, words: &[&str]) -> Option<usize> {
        if node.arm(key).is_none() {
            return self.lacks(&node.span, &format!("`{key}`"), &format!("it is one of {}", words.join(", ")));
        }
        arm::word(node, &[key], words, self.cx.problems).map(|(at, _)| at)
    }

    fn duration(&mut self, node: &Node, key: &'static str) -> Option<At<SimDuration>> {
        if node.arm(key).is_none() {
            return self.lacks(&node.span, &format!("`{key}`"), &format!("write `{key}: PT5M`"));
        }
        let (value, node) = arm::duration(node, &[key], self.cx.problems)?;
        Some(At { value, span: node.span.clone(), given: true })
    }

    fn trigger(&mut self, node: &Node, facts: &ScaleRuleFacts, set: u16) -> Option<MetricTrigger> {
        let statistics = ["Average", "Min", "Max", "Sum", "Count"];
        let aggregations = ["Average", "Minimum", "Maximum", "Total", "Count", "Last"];
        let operators = ["Equals", "NotEquals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"];
        let statistic = self.word(node, "statistic", &statistics)?;
        let aggregation = arm_default(node, "timeAggregation", &aggregations, self.cx);
        let operator = self.word(node, "operator", &operators)?;
        let Some(threshold) = node.arm("threshold").and_then(Node::text).and_then(quantity::number_of) else {
            return self.lacks(&node.span, "`threshold`", "write `threshold: 70`");
        };
        let divides = arm::switch(node, &["dividePerInstance"], self.cx.problems).is_some_and(|(on, _)| on);
        let Some(name) = node.arm("metricName") else {
            return self.lacks(&node.span, "`metricName`", "write `metricName: Percentage CPU`");
        };
        let by_nature = name.text().is_some_and(metrics::is_queue);
        use Aggregation as A;
        use Operator as O;
        use Statistic as S;
        Some(MetricTrigger {
            metric: self.metrics.resolve(node, name, (set, self.sets), self.cx),
            grain: facts.grain.value,
            statistic: [S::Average, S::Min, S::Max, S::Sum, S::Count][statistic],
            window: facts.window.value,
            aggregation: [A::Average, A::Minimum, A::Maximum, A::Total, A::Count, A::Last][aggregation],
            operator: [O::Equals, O::NotEquals, O::GreaterThan, O::GreaterThanOrEqual, O::LessThan, O::LessThanOrEqual]
                [operator],
            threshold,
            per_instance: divides || by_nature,
        })
    }
}

/// A word that has the first of its list for a default.
fn arm_default(node: &Node, key: &str, words: &[&str], cx: &mut Context<'_>) -> usize {
    if node.arm(key).is_none() {
        return 0;
    }
    arm::word(node, &[key], words, cx.problems).map_or(0, |(at, _)| at)
}
