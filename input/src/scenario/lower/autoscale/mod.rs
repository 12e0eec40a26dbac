//! Autoscale settings and the metrics that the scenario gives.

mod metrics;
mod schedule;
mod zones;

pub use zones::ZONES;

use super::images::Images;
use super::model::Changes;
use super::{Context, traffic, write};
use crate::arm::reference::{reference_name, split_id};
use crate::arm::shape::autoscale::{
    ACTION, CAPACITY, CHANGE, COOLDOWN, ChangeKind, DEFAULT, DIRECTION, DIVIDES, ENABLED, FIXED_DATE, FREQUENCY,
    LOOK_AHEAD, MAXIMUM, METRIC_NAME, MINIMUM, OPERATOR, PROFILES, RECURRENCE, RULES, SCALE_MODE, STATISTIC, ScaleMode,
    TARGET, THRESHOLD, TIME_AGGREGATION, TIME_GRAIN, TIME_WINDOW, TRIGGER, VALUE,
};
use crate::arm::shape::field::{Optional, Value};
use crate::arm::shape::{AUTOSCALE, autoscale as shape};
use crate::problem::{About, Problem, suggest};
use crate::scenario::legality::autoscale::{SETTING_RULES, SettingFacts, grain as check_grain, second_setting};
use crate::scenario::legality::{self, Legality};
use crate::tree::{At, Node, Span};
use metrics::Metrics;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Aggregation, Application, Autoscale, GivenMetric, Metric, MetricTrigger, Predictive, ProfileWhen, ScaleChange,
    ScaleDirection, ScaleProfile, ScaleRule, ScaleSet, Statistic,
};

/// What there is of autoscale.
#[derive(Default)]
pub struct Scaling {
    /// The settings that are enabled at some time and scale a set of the scenario.
    pub settings: Vec<Autoscale>,
    /// Metrics that the scenario gives.
    pub metrics: Vec<GivenMetric>,
}

/// What a setting is read with.
struct Reader<'c, 'a> {
    cx: &'c mut Context<'a>,
    sets: &'c [ScaleSet],
    metrics: &'c Metrics,
    clock: traffic::Clock,
    facts: SettingFacts,
}

/// Reads every setting, and what the timeline writes to them.
pub fn read(
    (sets, application, images): (&[ScaleSet], &Application, &Images),
    changes: &mut Changes,
    cx: &mut Context<'_>,
) -> Scaling {
    let Some(clock) = traffic::Clock::of_run(cx) else { return Scaling::default() };
    let metrics = metrics::read(clock, images, cx);
    let mut settings: Vec<Autoscale> = Vec::new();
    for resource in cx.resources(AUTOSCALE) {
        let is_written =
            cx.parts.iter().any(|part| part.of_type(AUTOSCALE).is_some_and(|of| of.name() == resource.name()));
        if !is_enabled(resource, cx) && !is_written {
            continue;
        }
        let Some(set) = target(resource, sets, cx) else { continue };
        if settings.iter().any(|other| other.set == set) {
            let name = &sets[usize::from(set)].name;
            let span = resource.name_span();
            second_setting(span, name, &mut Legality { rules: cx.rules, problems: cx.problems });
            continue;
        }
        settings.push(one(resource, set, (sets, &metrics, clock), cx));
    }
    let read = |resource: &Node, set: u16, cx: &mut Context<'_>| one(resource, set, (sets, &metrics, clock), cx);
    changes.add(write::settings(&mut settings, read, cx));
    let reads_cpu = settings.iter().flat_map(|setting| setting.ever()).flat_map(|profile| &profile.rules);
    let reads_cpu = reads_cpu.filter(|rule| matches!(rule.trigger.metric, Metric::Cpu(_))).count() > 0;
    if reads_cpu && application.capacity_rps.is_none() && !cx.problems.has_errors() {
        let problem = Problem::warning("W0213", "without `application.capacity` the CPU load stays at its idle value");
        let at = cx.scenario.entry("application").map_or(&cx.scenario.span, |(key, _)| &key.span);
        cx.problems.push(problem.at(at, "what rules on `Percentage CPU` read").help("write `capacity: 250 rps`"));
    }
    Scaling { settings, metrics: metrics.list }
}

/// Reads one, which scales this set.
fn one(
    resource: &Node,
    set: u16,
    (sets, metrics, clock): (&[ScaleSet], &Metrics, traffic::Clock),
    cx: &mut Context<'_>,
) -> Autoscale {
    let facts = SettingFacts {
        span: resource.name_span().clone(),
        profiles: 0,
        rules: Vec::new(),
        predictive: None,
        look_ahead: None,
        predictable: false,
        unpredicted: None,
        frequencies: Vec::new(),
        spans: Vec::new(),
    };
    Reader { cx, sets, metrics, clock, facts }.setting(resource, set)
}

/// Whether a setting is enabled. The default of the API became `false` in 2022.
fn is_enabled(resource: &Node, cx: &mut Context<'_>) -> bool {
    if let Some(enabled) = ENABLED.get(resource) {
        return enabled.value;
    }
    let message = format!("`{}` has no `enabled`, so it is treated as disabled", resource.name().unwrap_or_default());
    let problem = Problem::warning("W0211", message).at(&resource.span, "this setting");
    cx.problems.push(problem.help(
        "write `enabled: true`; the default is false in version 2022-10-01 of the API, and true in \
            2015-04-01",
    ));
    false
}

/// The set that a setting scales.
fn target(resource: &Node, sets: &[ScaleSet], cx: &mut Context<'_>) -> Option<u16> {
    let name = resource.name().unwrap_or_default();
    let node = TARGET.node(resource);
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
        let problem = Problem::warning(
            "W0210",
            format!(
                "`{name}` scales a resource that the scenario does not have: {kind} \
                `{wanted}`"
            ),
        );
        cx.problems.push(problem.at(&node.span, "ignored"));
        return None;
    }
    let problem = Problem::error("E0201", format!("there is no scale set `{wanted}`"));
    let known = sets.iter().map(|set| set.name.as_str());
    cx.problems.push(problem.at(&node.span, "unknown scale set").maybe_help(suggest(wanted, known)));
    None
}

impl Reader<'_, '_> {
    fn setting(&mut self, resource: &Node, set: u16) -> Autoscale {
        let mut say = Legality { rules: self.cx.rules, problems: self.cx.problems };
        legality::check_ranges(resource, &shape::RESOURCE, &mut say);
        let nodes = PROFILES.items(resource);
        self.facts.profiles = nodes.len();
        let profiles: Vec<ScaleProfile> = nodes.iter().filter_map(|node| self.profile(node, set)).collect();
        let predictive = self.predictive(resource);
        for (rule, check) in SETTING_RULES {
            check(*rule, &self.facts, &mut Legality { rules: self.cx.rules, problems: self.cx.problems });
        }
        if profiles.is_empty() {
            let problem = Problem::error("E0502", format!("`{}` has no profile", resource.name().unwrap_or_default()));
            let problem = problem.at(&self.facts.span, "this setting").about(About::Parts);
            self.cx.problems.push(problem.help("a setting has at least one profile"));
        }
        let enabled = ENABLED.get(resource).is_some_and(|enabled| enabled.value);
        Autoscale { predictive, enabled, ..Autoscale::plain(resource.name().unwrap_or_default(), set, profiles) }
    }

    fn predictive(&mut self, resource: &Node) -> Option<Predictive> {
        let mode = SCALE_MODE.get(resource).filter(|mode| mode.value != ScaleMode::Disabled)?;
        self.facts.predictive = Some(mode.span);
        self.facts.look_ahead = LOOK_AHEAD.get(resource);
        let look_ahead = self.facts.look_ahead.as_ref().map(|at| at.value);
        Some(Predictive { acts: mode.value == ScaleMode::Enabled, look_ahead })
    }

    fn profile(&mut self, node: &Node, set: u16) -> Option<ScaleProfile> {
        let (minimum, maximum) = (self.limit(node, &MINIMUM)?, self.limit(node, &MAXIMUM)?);
        let default = self.limit(node, &DEFAULT)?;
        if minimum > maximum {
            let message = format!("`minimum` is {minimum}, above `maximum` of {maximum}");
            let at = &CAPACITY.find(node).unwrap_or(node).span;
            self.cx.problems.push(Problem::error("E0110", message).at(at, "these limits").help("swap the two"));
        }
        let list = RULES.items(node);
        self.facts.rules.push((RULES.node(node).unwrap_or(node).span.clone(), list.len()));
        let when = self.when(node);
        let rules = list.iter().filter_map(|rule| self.rule(rule, set)).collect();
        Some(ScaleProfile { name: node.name().unwrap_or_default().to_owned(), minimum, maximum, default, when, rules })
    }

    fn limit(&mut self, profile: &Node, field: &Optional<u32>) -> Option<u32> {
        let found = field.get(profile).map(|at| at.value);
        found.or_else(|| {
            let help = "write `capacity: { minimum: \"1\", maximum: \"10\", default: \"1\" }`";
            self.lacks(&profile.span, &format!("`capacity.{}`", field.key), help)
        })
    }

    fn lacks<T>(&mut self, span: &Span, what: &str, help: &str) -> Option<T> {
        let problem = Problem::error("E0502", format!("there is no {what}")).about(About::Parts);
        self.cx.problems.push(problem.at(span, "needed here").help(help));
        None
    }

    /// When a profile rules.
    fn when(&mut self, node: &Node) -> ProfileWhen {
        if let Some(fixed) = FIXED_DATE.find(node) {
            let dates = schedule::fixed(node, self.clock, self.cx.problems);
            if let Some((from_ms, until_ms)) = dates {
                let value = SimDuration::from_ms(u64::try_from(until_ms - from_ms).unwrap_or(0));
                self.facts.spans.push(At { value, span: fixed.span.clone(), given: true });
                return ProfileWhen::Fixed { from_ms, until_ms };
            }
            return ProfileWhen::Fixed { from_ms: 0, until_ms: 0 };
        }
        if RECURRENCE.find(node).is_none() {
            return ProfileWhen::Default;
        }
        self.facts.frequencies.extend(FREQUENCY.get(node));
        ProfileWhen::Recurring { starts_ms: schedule::starts(node, self.clock, self.cx.problems) }
    }

    fn rule(&mut self, node: &Node, set: u16) -> Option<ScaleRule> {
        for (found, what) in [(TRIGGER.find(node), "`metricTrigger`"), (ACTION.find(node), "`scaleAction`")] {
            if found.is_none() {
                return self.lacks(&node.span, what, "a rule has a `metricTrigger` and a `scaleAction`");
            }
        }
        let direction = self.needs(node, &DIRECTION)?;
        let by = VALUE.value(node);
        let change = match self.needs(node, &CHANGE)? {
            ChangeKind::ChangeCount => ScaleChange::Count(by),
            ChangeKind::PercentChangeCount => ScaleChange::Percent(by),
            ChangeKind::ExactCount => ScaleChange::Exact(by),
            ChangeKind::ServiceAllowedNextValue => ScaleChange::NextAllowed,
        };
        let cooldown = self.needs(node, &COOLDOWN)?;
        let trigger = self.trigger(node, set)?;
        self.note_prediction(node, &trigger, direction, set);
        Some(ScaleRule { trigger, direction, change, cooldown })
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

    /// The value of a property that has no default.
    fn needs<T: Value>(&mut self, rule: &Node, field: &Optional<T>) -> Option<T> {
        let found = field.get(rule).map(|at| at.value);
        found.or_else(|| self.lacks(&rule.span, &format!("`{}`", field.key), &format!("write {}", field.wanted())))
    }

    fn trigger(&mut self, rule: &Node, set: u16) -> Option<MetricTrigger> {
        let (grain, window) = (self.needs(rule, &TIME_GRAIN)?, self.needs(rule, &TIME_WINDOW)?);
        if let Some(at) = TIME_GRAIN.get(rule) {
            check_grain(&at, &mut Legality { rules: self.cx.rules, problems: self.cx.problems });
        }
        let (statistic, operator) = (self.needs(rule, &STATISTIC)?, self.needs(rule, &OPERATOR)?);
        let threshold = self.needs(rule, &THRESHOLD)?;
        let Some(name) = METRIC_NAME.node(rule) else {
            return self.lacks(&rule.span, "`metricName`", "write `metricName: Percentage CPU`");
        };
        let by_nature = name.text().is_some_and(metrics::is_queue);
        Some(MetricTrigger {
            metric: self.metrics.resolve(rule, name, (set, self.sets), self.cx),
            grain,
            statistic,
            window,
            aggregation: TIME_AGGREGATION.value(rule),
            operator,
            threshold,
            per_instance: DIVIDES.value(rule) || by_nature,
        })
    }
}
