//! How much a run may come to, and what of a scenario would come to more: that is said before anything runs.

use super::{named, values};
use crate::problem::{Problem, Problems};
use crate::tree::Node;
use crate::work::{Work, grouped};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Limits, Plan};

/// What the scenario says of it.
pub fn read(scenario: &Node) -> Limits {
    let node = scenario.get("limits");
    Limits {
        entries: node.and_then(|node| values::whole(node, "entries")),
        events: node.and_then(|node| values::whole(node, "events")),
    }
}

/// Refuses what comes so often that its entries alone are more than a run may have, and a run of no length; and warns of what
/// comes to nobody.
pub fn hold(plan: &Plan, scenario: &Node, problems: &mut Problems) {
    hold_horizon(plan, scenario, problems);
    named::hold(plan, scenario, problems);
    let work = Work::of(scenario);
    let mut known: Vec<&str> = Vec::new();
    for fault in &plan.faults {
        if known.contains(&fault.name.as_str()) {
            continue;
        }
        known.push(&fault.name);
        // It strikes, and passes unless it ends by itself.
        let entries = if fault.length.is_some() { 2 } else { 1 };
        let span = work.faults.iter().find(|(name, _)| *name == fault.name).map(|(_, span)| span);
        let name = format!("the fault `{}`", fault.name);
        problems.extend(too_often(plan, &name, (&fault.every, entries)).map(|problem| at(problem, span)));
    }
    if let Some(jobs) = &plan.application.jobs {
        problems.extend(too_often(plan, "a job", (&jobs.every, 1)).map(|problem| at(problem, work.jobs.as_ref())));
    }
}

fn at(problem: Problem, span: Option<&crate::tree::Span>) -> Problem {
    match span {
        Some(span) => problem.at(span, "so often"),
        None => problem,
    }
}

fn too_often(plan: &Plan, what: &str, (every, entries): (&Dist, u64)) -> Option<Problem> {
    let times = (plan.horizon.ms() as f64 / every.mean_ms().max(1.0)) as u64;
    let (all, most) = (times.saturating_mul(entries), u64::from(plan.entries_most()));
    (all > most).then(|| {
        let message = format!(
            "{what} comes about {} times until the end of the run, and a run has at most {} entries",
            grouped(times),
            grouped(most)
        );
        Problem::error("E0595", message).help(format!(
            "let it come more seldom, end the run sooner, or raise the limit with `limits: {{ entries: {} }}`",
            all.saturating_mul(2).min(4_000_000_000)
        ))
    })
}

/// A length between two things that come again and again.
pub fn every(node: &Node, what: &str, problems: &mut Problems) -> Option<Dist> {
    let dist = values::dist_of(node, "every", problems)?;
    if !dist.can_be_zero() {
        return Some(dist);
    }
    let problem = match dist {
        Dist::Constant(_) => Problem::error("E0110", format!("{what} come without a pause")),
        _ => Problem::error("E0596", format!("{what} may come without a pause: `every` begins at zero")),
    };
    let help =
        "begin at some length, `PT1M`, or take `exponential: { mean: PT10M }`, which is as seldom zero as you like";
    problems.push(problem.at(&node.get("every").unwrap_or(node).span, "this length").help(help));
    None
}

/// How long a fault lasts that comes again and again. One of no length would harm whoever it hits and be over at once.
pub fn lasts(node: &Node, name: &str, problems: &mut Problems) -> Option<Dist> {
    let dist = values::dist_of(node, "for", problems)?;
    if dist.can_be_zero() {
        problems.push(no_length(node, name));
        return None;
    }
    Some(dist)
}

/// Refuses an entry of the timeline that lasts no time.
pub fn hold_length(entry: &Node, name: &str, problems: &mut Problems) {
    let lasts = |act: &&Node| values::duration(act, "for").is_some_and(|length| length == SimDuration::ZERO);
    let acts = entry.entries().iter().map(|(_, act)| act);
    problems.extend(acts.filter(lasts).map(|act| no_length(act, name)));
}

fn no_length(node: &Node, name: &str) -> Problem {
    let problem = Problem::error("E0608", format!("`{name}` may be over as it begins: `for` is, or begins at, zero"));
    let help = "write how long it lasts, `for: PT10M`, or leave `for` out where it lasts to the end";
    problem.at(&node.get("for").unwrap_or(node).span, "this length").help(help)
}

/// Whether a run has any length.
fn hold_horizon(plan: &Plan, scenario: &Node, problems: &mut Problems) {
    let Some(node) = scenario.get("horizon").filter(|_| plan.horizon.ms() == 0) else { return };
    if values::duration(scenario, "horizon").is_some() {
        let problem = Problem::error("E0110", "the run ends as it begins: `horizon` is zero");
        problems.push(problem.at(&node.span, "no time at all").help("write how long to look, `horizon: PT2H`"));
    }
}
