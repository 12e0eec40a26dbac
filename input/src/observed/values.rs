//! What somebody states in the scenario itself: values, states of instances, events.

use super::{Cx, stated, tolerance};
use crate::problem::{Problem, suggest};
use crate::scenario::keys::{
    observation as key, observed_event as event, observed_state as state, observed_value as value,
};
use crate::tree::Node;
use windtunnel_claims::observed::{Metric, Observation, Point, Tolerance, Value};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::world::fact::Fact;
use windtunnel_words::instant::Instant;

/// When an instant is; what is wrong with it is said.
fn when(at: Option<Instant>, node: Option<&Node>, cx: &mut Cx<'_>) -> Option<SimTime> {
    match at?.of_plan(cx.plan) {
        Ok(at) => Some(at),
        Err(wrong) => {
            let span = node.map(|node| node.span.clone())?;
            let problem = Problem::error("E0111", wrong.message).at(&span, wrong.why);
            cx.problems.push(problem.maybe_help(wrong.help));
            None
        }
    }
}

/// The points of a list of values.
pub(super) fn read(list: &Node, metric: &Metric, cx: &mut Cx<'_>) -> Option<Vec<Point>> {
    let mut points = Vec::new();
    for node in list.items() {
        let has = [value::AT.is_in(node), value::FROM.is_in(node), value::UNTIL.is_in(node)];
        if !matches!(has, [true, false, false] | [false, true, true]) {
            let problem =
                Problem::error("E0113", "a value is of an instant, `at`, or of an interval, `from` and `until`");
            cx.problems
                .push(problem.at(&node.span, "this value").help("write `{ from: 09:12, until: 09:40, value: 33% }`"));
            return None;
        }
        let (from, until) = if has[0] {
            let at = when(value::AT.given(node), value::AT.node(node), cx)?;
            (at, at)
        } else {
            let from = when(value::FROM.given(node), value::FROM.node(node), cx)?;
            (from, when(value::UNTIL.given(node), value::UNTIL.node(node), cx)?)
        };
        if has[1] && until <= from {
            let problem = Problem::error("E0115", "the interval ends before it has begun, or as it begins");
            cx.problems.push(problem.at(&node.span, "this value").help("write an `until` after `from`"));
            return None;
        }
        if has[0] && metric.is_count() {
            let problem = Problem::error("E0215", "a count is of an interval, and not of an instant");
            cx.problems.push(
                problem
                    .at(&node.span, "this value")
                    .help("write `from` and `until`, or give a rate: `series.demand_rps`"),
            );
            return None;
        }
        let number = stated(value::VALUE.node(node)?, metric, cx)?;
        let own = match value::TOLERANCE.node(node) {
            Some(given) => Some(tolerance(given, metric, cx)?),
            None => None,
        };
        points.push(Point { from, until, value: Value::Number(number), requests: None, tolerance: own });
    }
    points.sort_by_key(|point| point.from);
    Some(points)
}

/// An observation without numbers.
fn plain(node: &Node, name: &str, metric: Metric, points: Vec<Point>) -> Observation {
    Observation {
        name: name.to_owned(),
        tolerance: metric.tolerance(),
        metric,
        part: None,
        points,
        span: node.span.clone(),
        part_span: None,
    }
}

/// What an instance was: its states, and its health.
pub(super) fn states(node: &Node, name: &str, list: &Node, cx: &mut Cx<'_>) -> Vec<Observation> {
    let Some(instance) = key::INSTANCE.given(node).map(str::to_owned) else {
        let problem =
            Problem::error("E0109", "the observation does not say of which instance it is: it has no `instance`");
        cx.problems.push(problem.at(node.name_span(), "this observation").help("write `instance: vmss-web_3`"));
        return Vec::new();
    };
    let (mut lanes, mut health) = (Vec::new(), Vec::new());
    for item in list.items() {
        let Some(at) = when(state::AT.given(item), state::AT.node(item), cx) else { return Vec::new() };
        let point = |value| Point { from: at, until: at, value, requests: None, tolerance: None };
        lanes.extend(state::STATE.given(item).map(|of| point(Value::State(of))));
        health.extend(state::HEALTH.given(item).map(|of| point(Value::Health(of))));
    }
    let both = !lanes.is_empty() && !health.is_empty();
    let mut rows = Vec::new();
    if !lanes.is_empty() {
        rows.push(plain(node, name, Metric::State { instance: instance.clone() }, lanes));
    }
    if !health.is_empty() {
        let name = if both { format!("{name}: health") } else { name.to_owned() };
        rows.push(plain(node, &name, Metric::Health { instance }, health));
    }
    for row in &mut rows {
        row.points.sort_by_key(|point| point.from);
    }
    rows
}

/// What happened: an observation a kind of fact and subject.
pub(super) fn events(node: &Node, name: &str, list: &Node, cx: &mut Cx<'_>) -> Vec<Observation> {
    let all = match key::TOLERANCE.node(node) {
        Some(given) => tolerance(given, &Metric::Event { fact: String::new(), subject: None }, cx),
        None => None,
    };
    let mut rows: Vec<Observation> = Vec::new();
    for item in list.items() {
        let Some(fact) = event::FACT.given(item) else { continue };
        if !kinds().any(|known| known == fact) {
            let problem = Problem::error("E0208", format!("the ledger has no fact `{fact}`"));
            let help = suggest(fact, kinds()).unwrap_or_else(|| "docs/model.md lists the facts".to_owned());
            let span = event::FACT.node(item).map_or(&item.span, |node| &node.span);
            cx.problems.push(problem.at(span, "unknown fact").help(help));
            continue;
        }
        let Some(at) = when(event::AT.given(item), event::AT.node(item), cx) else { continue };
        let own = event::TOLERANCE.given(item).map(Tolerance::Time);
        let metric = Metric::Event { fact: fact.to_owned(), subject: event::SUBJECT.given(item).map(str::to_owned) };
        add(
            &mut rows,
            node,
            name,
            metric,
            Point { from: at, until: at, value: Value::Seen, requests: None, tolerance: own.or(all) },
        );
    }
    named_apart(&mut rows, name);
    rows
}

/// Every name of a fact.
fn kinds() -> impl Iterator<Item = &'static str> {
    Fact::ROOMS.iter().flat_map(|(_, kinds)| kinds.iter()).map(|kind| kind.name)
}

/// Adds a point to the observation of its metric.
pub(super) fn add(rows: &mut Vec<Observation>, node: &Node, name: &str, metric: Metric, point: Point) {
    match rows.iter_mut().find(|row| row.metric == metric) {
        Some(row) => row.points.push(point),
        None => rows.push(plain(node, name, metric, vec![point])),
    }
}

/// Several observations of one entry go by what they are of.
pub(super) fn named_apart(rows: &mut [Observation], name: &str) {
    let several = rows.len() > 1;
    for row in rows {
        row.points.sort_by_key(|point| point.from);
        if several {
            row.name = format!("{name}: {}", row.metric.words());
        }
    }
}
