//! What was observed of an incident: from the `observed` section and the files that it names to observations.
//!
//! A file is one of Azure Monitor (`az monitor metrics list`), of Log Analytics (the answer of a query, or `az monitor log-analytics
//! query`), or any CSV with a column of instants: each becomes a table, and one reader makes points of tables. An activity log becomes
//! events of the ledger, as far as the ledger has their like.

mod activity;
mod json;
mod points;
mod table;
mod values;

use crate::files::Base;
use crate::problem::{Problem, Problems, suggest};
use crate::quantity;
use crate::scenario::keys::choices::{Aggregation, ObservedUnit};
use crate::scenario::keys::{observation as key, scenario};
use crate::tree::{Node, Span};
use table::Table;
use windtunnel_claims::observed::{Metric, Observation, Observed, Tolerance};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::measure::{Part, Scope, ScopeKind, Unit};
use windtunnel_sim::plan::Plan;
use windtunnel_words::clock::Clock;

/// What an observation is read with.
struct Cx<'a> {
    /// The scenario as written.
    plan: &'a Plan,
    clock: Clock,
    base: Base<'a>,
    problems: &'a mut Problems,
}

/// Reads what was observed; `plan` is that of the scenario as written.
pub fn read(root: &Node, plan: &Plan, base: Base<'_>, problems: &mut Problems) -> Observed {
    let mut cx = Cx { plan, clock: Clock::of(plan), base, problems };
    let mut observed = Observed::default();
    for node in scenario::OBSERVED.items(root) {
        for row in observation(node, &mut cx) {
            if let Some(first) = observed.rows.iter().find(|other| other.name == row.name) {
                let problem = Problem::error("E0212", format!("two observations have the name `{}`", row.name));
                cx.problems.push(problem.at(&row.span, "the second").also(&first.span, "the first"));
            }
            observed.rows.push(row);
        }
    }
    observed
}

/// The observations of an entry: one, or of a log one a kind of operation.
fn observation(node: &Node, cx: &mut Cx<'_>) -> Vec<Observation> {
    let Some(name) = key::NAME.given(node) else { return Vec::new() };
    unread(node, cx);
    let part = part(node, cx);
    if let Some(file) = key::ACTIVITY_LOG.node(node) {
        return activity::read(node, name, file, cx);
    }
    if let Some(list) = key::STATES.node(node) {
        return values::states(node, name, list, cx);
    }
    if let Some(list) = key::EVENTS.node(node) {
        return values::events(node, name, list, cx);
    }
    let Some(metric) = metric(node, cx) else { return Vec::new() };
    let tolerance = key::TOLERANCE.node(node).map(|given| tolerance(given, &metric, cx));
    let (Some(tolerance), Some(part)) = (tolerance.unwrap_or_else(|| Some(metric.tolerance())), part) else {
        return Vec::new();
    };
    let points = match (key::FILE.node(node), key::VALUES.node(node)) {
        (Some(file), _) => Table::read(node, file, cx).and_then(|table| points::of(&table, node, &metric, cx)),
        (None, Some(list)) => values::read(list, &metric, cx),
        (None, None) => None,
    };
    let part_span = ScopeKind::ALL.iter().find_map(|kind| node.get(kind.key())).map(|given| given.span.clone());
    let row = |points| Observation {
        name: name.to_owned(),
        metric,
        part,
        tolerance,
        points,
        span: node.span.clone(),
        part_span,
    };
    points.map(row).into_iter().collect()
}

/// Says which keys nobody reads beside what is given.
fn unread(node: &Node, cx: &mut Cx<'_>) {
    let of_file = [key::TIME.entry.key, key::COLUMN.entry.key, key::OUT_OF.entry.key, key::EVERY.entry.key];
    let is_numbers = key::FILE.is_in(node) || key::VALUES.is_in(node);
    let known = |given: &str| match given {
        "instance" => key::STATES.is_in(node),
        "aggregation" | "clockAhead" => key::FILE.is_in(node) || key::ACTIVITY_LOG.is_in(node),
        "measure" | "unit" | "entryPoint" | "scaleSet" | "zone" => is_numbers,
        of => !of_file.contains(&of) || key::FILE.is_in(node),
    };
    for (given, _) in node.entries().iter().filter(|(given, _)| !known(&given.text)) {
        let problem = Problem::error("E0215", format!("`{}` says nothing of this observation", given.text));
        cx.problems.push(problem.at(&given.span, "nobody reads it").help("remove it"));
    }
}

/// What was measured.
fn metric(node: &Node, cx: &mut Cx<'_>) -> Option<Metric> {
    let Some(given) = key::MEASURE.node(node) else {
        let problem = Problem::error("E0109", "the observation does not say what was measured: it has no `measure`");
        let help =
            format!("write `measure: failedShare`, or one of {}, or `series.in_rotation`", Metric::WORDS.join(", "));
        cx.problems.push(problem.at(node.name_span(), "this observation").help(help));
        return None;
    };
    let text = given.text()?;
    match Metric::parse(text) {
        Ok(metric) => Some(metric),
        Err(near) => {
            let problem = Problem::error("E0208", format!("nothing that is observed is called `{text}`"));
            let help = near.map_or_else(|| suggest("", Metric::WORDS), |near| Some(format!("did you mean `{near}`?")));
            cx.problems.push(problem.at(&given.span, "unknown measure").maybe_help(help));
            None
        }
    }
}

/// The part of the fleet that is named; `Some(None)` where none is.
fn part(node: &Node, cx: &mut Cx<'_>) -> Option<Option<Part>> {
    let mut named = ScopeKind::ALL.into_iter().filter_map(|kind| Some((kind, node.get(kind.key())?)));
    let Some((kind, given)) = named.next() else { return Some(None) };
    if let Some((_, other)) = named.next() {
        let problem = Problem::error("E0215", "two keys say of what part of the fleet it is");
        cx.problems.push(problem.at(&other.span, "the second").help("keep one of the two"));
        return None;
    }
    let name = given.text()?.to_owned();
    if Scope::named(cx.plan, kind, &name).is_empty() {
        let code = match kind {
            ScopeKind::EntryPoint => "E0205",
            ScopeKind::ScaleSet => "E0201",
            ScopeKind::Zone => "E0224",
        };
        let known: Vec<String> = Scope::parts(cx.plan, kind).iter().filter_map(|scope| scope.name(cx.plan)).collect();
        let problem = Problem::error(code, format!("there is no {} `{name}`", kind.words()));
        let help = suggest(&name, known.iter().map(String::as_str));
        cx.problems.push(problem.at(&given.span, "this name").maybe_help(help));
        return None;
    }
    Some(Some(Part { kind, name }))
}

/// How far a value may be from the truth.
fn tolerance(node: &Node, metric: &Metric, cx: &mut Cx<'_>) -> Option<Tolerance> {
    let text = node.text()?;
    let percent = || quantity::percent_points(text).ok();
    let plain = || quantity::number_of(text).or_else(|| quantity::rate(text).ok()).filter(|value| *value >= 0.0);
    let found = match metric {
        Metric::State { .. } | Metric::Health { .. } | Metric::Event { .. } => {
            quantity::duration(text).ok().map(Tolerance::Time)
        }
        _ if metric.is_share() => percent().map(Tolerance::Absolute),
        _ => percent().map(|points| Tolerance::Relative(points / 100.0)).or_else(|| plain().map(Tolerance::Absolute)),
    };
    if found.is_none() {
        let (must, help) = match metric {
            Metric::State { .. } | Metric::Health { .. } | Metric::Event { .. } => {
                ("a duration", "write `tolerance: 1m`")
            }
            _ if metric.is_share() => ("points of a share", "write `tolerance: 3%`"),
            _ => ("a share of the value or a number", "write `tolerance: 5%`, or `tolerance: 1`"),
        };
        let problem = Problem::error("E0111", format!("`tolerance` must be {must}, got `{text}`"));
        cx.problems.push(problem.at(&node.span, "this value").help(help));
    }
    found
}

/// A value that somebody states, in the unit of its metric.
fn stated(node: &Node, metric: &Metric, cx: &mut Cx<'_>) -> Option<f64> {
    let text = node.text()?;
    let plain = quantity::number_of(text);
    let read = match metric.unit() {
        Some(Unit::Percent) => quantity::percent_points(text).map_err(|wrong| (wrong.message, wrong.help)),
        Some(Unit::Count("rps")) if plain.is_none() => {
            quantity::rate(text).map_err(|wrong| (wrong.message, wrong.help))
        }
        _ => plain.ok_or_else(|| (format!("`{text}` is not a number"), Some("write `value: 6`".to_owned()))),
    };
    read.map_err(|(message, help)| {
        cx.problems.push(Problem::error("E0111", message).at(&node.span, "this value").maybe_help(help));
    })
    .ok()
}

/// How far the clock was ahead, in milliseconds.
fn clock_ahead(node: &Node, cx: &mut Cx<'_>) -> i64 {
    let Some(given) = key::CLOCK_AHEAD.node(node) else { return 0 };
    let text = given.text().unwrap_or_default().trim();
    let (sign, rest) = text.strip_prefix(['-', '−']).map_or((1, text.trim_start_matches('+')), |rest| (-1, rest));
    match quantity::duration(rest) {
        Ok(length) => sign * i64::try_from(length.ms()).unwrap_or(0),
        Err(wrong) => {
            let problem = Problem::error("E0111", wrong.message).at(&given.span, wrong.why);
            cx.problems.push(
                problem.help("write `clockAhead: 30s` where the clock was ahead, and `-30s` where it was behind"),
            );
            0
        }
    }
}

/// What is wrong with a file, at a place in it or where it is named.
fn wrong(span: &Span, message: impl Into<String>, label: &str, help: impl Into<String>) -> Problem {
    Problem::error("E0670", message.into()).at(span, label).help(help.into())
}

/// What the numbers of a file are counted in, and from one to the next.
#[derive(Clone, Copy, Debug)]
struct Counted {
    unit: Option<ObservedUnit>,
    every: SimDuration,
}

/// What of a metric counts, where nobody says.
const fn usual(metric: &Metric) -> Aggregation {
    if metric.is_count() { Aggregation::Total } else { Aggregation::Average }
}
