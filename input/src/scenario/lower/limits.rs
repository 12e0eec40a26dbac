//! How much a run may come to, and what of a scenario would come to more: that is said before anything runs.

use super::keys::{FOR, agent_pool, job_stream, limits as key, scenario};
use super::named;
use crate::problem::{Problem, Problems};
use crate::scenario::field::{Field, Length};
use crate::tree::{At, Node, Span};
use crate::work::Work;
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{Limits, Plan};
use windtunnel_words::number::grouped;

/// What the scenario says of it.
pub fn read(scenario: &Node) -> Limits {
    let node = scenario::LIMITS.node(scenario);
    Limits { entries: key::ENTRIES.given(node), events: key::EVENTS.read(node) }
}

/// Refuses what comes so often that its entries alone are more than a run may have, and a run of no length; and warns of what
/// comes to nobody.
pub fn check(plan: &Plan, scenario: &Node, problems: &mut Problems) {
    named::check(plan, scenario, problems);
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
        problems.extend(
            too_often(plan, &name, (&fault.every, entries), plan.horizon.since(SimTime::ZERO))
                .map(|problem| at(problem, span)),
        );
    }
    if let Some(jobs) = &plan.application.jobs {
        problems.extend(
            too_often(plan, "a job", (&jobs.every, 1), plan.horizon.since(SimTime::ZERO))
                .map(|problem| at(problem, work.jobs.as_ref())),
        );
    }
    for (pool, stream) in plan.agent_pools.iter().flat_map(|pool| pool.jobs.iter().map(move |stream| (pool, stream))) {
        // Of a stream that ends early, or after a number of jobs, no more come.
        let ends = stream.until.unwrap_or(plan.horizon).min(plan.horizon);
        if stream.count.is_none() && stream.from < ends {
            let name = format!("a job of `{}` of `{}`", stream.name, pool.name);
            let said = too_often(plan, &name, (&stream.every, 1), ends.since(stream.from));
            let place = scenario::AGENT_POOLS.node(scenario).and_then(|of| key_of(of, &pool.name, &stream.name));
            problems.extend(said.map(|problem| at(problem, place.as_ref())));
        }
    }
}

fn at(problem: Problem, span: Option<&Span>) -> Problem {
    match span {
        Some(span) => problem.at(span, "so often"),
        None => problem,
    }
}

/// Where a stream of jobs says how often they come.
fn key_of(pools: &Node, pool: &str, stream: &str) -> Option<Span> {
    let stream = agent_pool::JOBS.node(pools.get(pool)?)?.get(stream)?;
    Some(job_stream::EVERY.node(stream)?.span.clone())
}

fn too_often(plan: &Plan, what: &str, (every, entries): (&Dist, u64), within: SimDuration) -> Option<Problem> {
    let times = (within.ms() as f64 / every.mean_ms().max(1.0)) as u64;
    let (all, most) = (times.saturating_mul(entries), u64::from(plan.entries_most()));
    (all > most).then(|| {
        let message = format!(
            "{what} happens about {} times until the end of the run, and a run can have at most {} entries",
            grouped(times),
            grouped(most)
        );
        Problem::error("E0595", message).help(format!(
            "make it less frequent, shorten the run, or raise the limit with `limits: {{ entries: {} }}`",
            all.saturating_mul(2).min(4_000_000_000)
        ))
    })
}

/// A length between two things that come again and again.
pub fn every((key, node): (&Field<Length>, &Node), what: &str, problems: &mut Problems) -> Option<Dist> {
    let At { value: dist, span, .. } = key.at(node)?;
    if !dist.can_be_zero() {
        return Some(dist);
    }
    let problem = match dist {
        Dist::Constant(_) => Problem::error("E0110", format!("{what} repeat without a pause")),
        _ => Problem::error("E0596", format!("{what} may repeat without a pause: `every` can be zero")),
    };
    let help = "begin above zero, at `PT1M`, or use `exponential: { mean: PT10M }`, which is almost never zero";
    problems.push(problem.at(&span, "this length").help(help));
    None
}

/// How long a fault lasts that comes again and again. One of no length would harm whoever it hits and be over at once.
pub fn lasts((key, node): (&Field<Length>, &Node), name: &str, problems: &mut Problems) -> Option<Dist> {
    let At { value: dist, span, .. } = key.at(node)?;
    if dist.can_be_zero() {
        problems.push(no_length(&span, name));
        return None;
    }
    Some(dist)
}

/// Refuses an entry of the timeline that lasts no time.
pub fn check_length(entry: &Node, name: &str, problems: &mut Problems) {
    let lengths = entry.entries().iter().filter_map(|(_, act)| FOR.at(act));
    problems.extend(lengths.filter(|at| at.value == SimDuration::ZERO).map(|at| no_length(&at.span, name)));
}

fn no_length(span: &Span, name: &str) -> Problem {
    let problem = Problem::error("E0608", format!("`{name}` may last no time: `for` is, or can be, zero"));
    let help = "write how long it lasts, `for: PT10M`, or remove `for` if it lasts until the end";
    problem.at(span, "this length").help(help)
}
