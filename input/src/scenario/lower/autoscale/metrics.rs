//! Metrics: those that the scenario gives, and which of them a rule means.

use super::super::Context;
use super::super::images::Images;
use super::super::keys::{Reading, metric as key, metric_step, missing, scenario};
use super::super::traffic::{Clock, joined, over_days};
use crate::arm::reference::reference_name;
use crate::arm::shape::autoscale::METRIC_RESOURCE;
use crate::problem::{Problem, meant};
use crate::quantity;
use crate::scenario::field::Reads;
use crate::tree::Node;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{GivenMetric, Metric, ScaleSet, Segment};

/// The metric that follows the load.
const CPU: &str = "Percentage CPU";

/// The metrics of a scenario.
#[derive(Default)]
pub struct Metrics {
    /// In the order of the file; their places are their ids.
    pub list: Vec<GivenMetric>,
}

/// Lengths of queues, which are divided by the instances by nature (AS-14).
pub fn is_queue(name: &str) -> bool {
    ["ApproximateMessageCount", "MessageCount", "ActiveMessageCount"]
        .iter()
        .any(|queue| queue.eq_ignore_ascii_case(name))
}

/// Reads the section `metrics`.
pub fn read(clock: Clock, images: &Images, cx: &mut Context<'_>) -> Metrics {
    let mut list = Vec::new();
    for (name, node) in scenario::METRICS.entries(cx.scenario) {
        let values = shape(node, clock, cx).unwrap_or_default();
        let missing = key::MISSING.items(node).iter().filter_map(|part| {
            let from = SimTime::ZERO + missing::FROM.given(part)?;
            let until = missing::UNTIL.given(part).map_or(SimTime::FAR, |until| SimTime::ZERO + until);
            Some((from, until))
        });
        let missing = missing.collect();
        let mut not_sent_by = Vec::new();
        for version in key::NOT_SENT_BY.items(node) {
            let (image, number) = version.text().unwrap_or_default().split_once('/').unwrap_or_default();
            not_sent_by.extend(images.version(image, number, &version.span, cx));
        }
        list.push(GivenMetric { name: name.text.clone(), values, missing, not_sent_by });
    }
    Metrics { list }
}

fn shape(node: &Node, clock: Clock, cx: &mut Context<'_>) -> Option<Vec<Segment>> {
    if let Some(value) = key::VALUE.given(node) {
        return Some(vec![Segment { start: SimTime::ZERO, rps: value, slope: 0.0 }]);
    }
    if let Some(daily) = key::DAILY.node(node) {
        let mut points = Vec::new();
        for (key, value) in daily.entries() {
            points.push((quantity::time_of_day(&key.text).ok()?, Reading::of(value)?));
        }
        return over_days(points, clock, daily, cx);
    }
    let (list, straight) = match key::STEPS.node(node) {
        Some(steps) => (steps, false),
        None => (key::POINTS.node(node)?, true),
    };
    let mut rows: Vec<(SimTime, f64)> = Vec::new();
    for item in list.items() {
        let at = SimTime::ZERO + metric_step::AT.given(item)?;
        let rises = rows.last().map_or(at == SimTime::ZERO, |(last, _)| at > *last);
        if !rises {
            let problem = Problem::error("E0115", format!("the value at {at} is out of order"));
            cx.problems.push(problem.at(&item.span, "this row").help(
                "begin with `at: PT0S`, and write the times in \
                ascending order",
            ));
            return None;
        }
        rows.push((at, metric_step::VALUE.given(item)?));
    }
    if straight {
        return Some(joined(&rows));
    }
    Some(rows.into_iter().map(|(start, rps)| Segment { start, rps, slope: 0.0 }).collect())
}

impl Metrics {
    /// The metric that the trigger of a rule means: one that the scenario gives, or the processors of a set.
    pub fn resolve(&self, rule: &Node, name: &Node, (set, sets): (u16, &[ScaleSet]), cx: &mut Context<'_>) -> Metric {
        let text = name.text().unwrap_or_default();
        let resource = METRIC_RESOURCE.text(rule).map(reference_name);
        let matches = |given: &GivenMetric| match given.name.split_once('/') {
            Some((owner, metric)) if resource.is_some_and(|resource| resource.eq_ignore_ascii_case(owner)) => {
                metric.eq_ignore_ascii_case(text)
            }
            _ => given.name.eq_ignore_ascii_case(text),
        };
        if let Some(at) = self.list.iter().position(matches) {
            return u16::try_from(at).map_or(Metric::Missing, Metric::Given);
        }
        if text.eq_ignore_ascii_case(CPU) {
            let of = |resource: &str| sets.iter().position(|set| set.name.eq_ignore_ascii_case(resource));
            match resource {
                None | Some("") => return Metric::Cpu(set),
                Some(resource) => {
                    if let Some(at) = of(resource) {
                        return Metric::Cpu(at as u16);
                    }
                }
            }
        }
        let known = self.list.iter().map(|given| given.name.as_str()).chain([CPU]);
        let message = format!("the scenario does not give the metric `{text}`, so it is always missing");
        let problem = Problem::warning("W0212", message).at(&name.span, "this metric");
        let how = format!("give it: `metrics: {{ {text}: {{ value: 50 }} }}`");
        cx.problems.push(problem.help(meant(text, known).unwrap_or(how)));
        Metric::Missing
    }
}
