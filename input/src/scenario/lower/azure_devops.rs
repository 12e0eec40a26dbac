//! Azure DevOps: pools of scale set agents with their jobs, and deployments to environments.

use super::balancers::endpoint_of;
use super::fleet::Fleet;
use super::keys::{
    SCALE_SET, agent_pool as key, environment, job_stream as stream, post_route_traffic as check, scenario,
    timeline_entry as entry,
};
use super::timeline::{capacity_refused, late};
use super::{Context, limits};
use crate::problem::Problem;
use crate::scenario::legality::agents::{PoolFacts, check as check_pool, protects};
use crate::scenario::legality::{Legality, SetFacts};
use crate::tree::{At, Key, Node};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{AgentPool, Application, DeployCheck, Environment, JobStream};

/// Reads the `agentPools` section.
pub fn pools(fleet: &Fleet, application: &Application, cx: &mut Context<'_>) -> Vec<AgentPool> {
    let mut list: Vec<AgentPool> = Vec::new();
    for (name, node) in scenario::AGENT_POOLS.entries(cx.scenario) {
        let Some(set) = cx.set_of(node) else { continue };
        let Some(facts) = fleet.facts.get(usize::from(set)) else { continue };
        let other = list.iter().find(|pool| pool.set == set).map(|pool| pool.name.as_str());
        let shared = other.is_some();
        let of = PoolFacts { span: name.span.clone(), set: facts, other };
        check_pool(&of, &mut Legality { rules: cx.rules, problems: cx.problems });
        sizes(node, facts, cx);
        late(&name.text, key::CREATED_AT.node(node).zip(key::CREATED_AT.given(node)), cx);
        if !shared && application.jobs.as_ref().is_some_and(|jobs| jobs.set == set) {
            let message =
                format!("the instances of `{}` are agents, so the jobs of the application find nobody", facts.name());
            let problem = Problem::error("E0640", message).at(&name.span, "this pool");
            cx.problems
                .push(problem.help("move them to `jobs` of the pool, or name another scale set in `application.jobs`"));
        }
        let (Some(max_capacity), Some(desired_idle)) = (key::MAX_CAPACITY.given(node), key::DESIRED_IDLE.given(node))
        else {
            continue;
        };
        list.push(AgentPool {
            name: name.text.clone(),
            set,
            max_capacity,
            desired_idle,
            recycle: key::RECYCLE_AFTER_EACH_USE.read(node),
            time_to_live: SimDuration::from_mins(key::TIME_TO_LIVE_MINUTES.read(node).into()),
            max_saved: key::MAX_SAVED_NODE_COUNT.read(node),
            created: key::CREATED_AT.given(node).map(|at| SimTime::ZERO + at),
            jobs: key::JOBS.entries(node).iter().filter_map(|(name, node)| jobs(name, node, cx)).collect(),
        });
        if !shared {
            protections(set, facts.name(), cx);
        }
    }
    list
}

fn jobs(name: &Key, node: &Node, cx: &mut Context<'_>) -> Option<JobStream> {
    let every = limits::every((&stream::EVERY, node), "jobs", cx.problems)?;
    let from = node.get(stream::FROM.entry.key);
    late(&name.text, from.map(|place| (place, stream::FROM.read(node))), cx);
    if let Some(until) = stream::UNTIL.at(node).filter(|until| until.value <= stream::FROM.read(node)) {
        let message = format!("`{}` ends at {}, and begins no earlier: no job comes", name.text, until.value);
        let problem = Problem::error("E0115", message).at(&until.span, "before the first job");
        let problem = from.map_or(problem.clone(), |from| problem.also(&from.span, "when the first comes"));
        cx.problems.push(problem.help("write a later `until`, or leave it out"));
    }
    Some(JobStream {
        name: name.text.clone(),
        from: SimTime::ZERO + stream::FROM.read(node),
        until: stream::UNTIL.given(node).map(|at| SimTime::ZERO + at),
        every,
        count: stream::COUNT.given(node),
        duration: stream::DURATION.given(node)?,
    })
}

/// Warns of a set that has more machines at first than its pool may have, and of a pool that may have more than its set can.
fn sizes(pool: &Node, set: &SetFacts, cx: &mut Context<'_>) {
    let Some(most) = key::MAX_CAPACITY.at(pool) else { return };
    if set.capacity.value > i64::from(most.value) {
        let (name, capacity) = (set.name(), set.capacity.value);
        let message = format!("`{name}` has {capacity} instances at first, more than the pool may have");
        let problem =
            Problem::warning("W0643", message).at(&most.span, "the most").also(&set.capacity.span, "at first");
        cx.problems.push(problem.help("raise `maxCapacity`, or lower `sku.capacity`"));
    }
    let written = At { value: i64::from(most.value), span: most.span.clone(), given: true };
    let said = capacity_refused(&SetFacts { capacity: written, ..set.clone() }, cx);
    let known = |problem: &Problem| cx.problems.iter().any(|known| known.is_refusal() && known.rule == problem.rule);
    if let Some(refused) = said.iter().find(|problem| problem.is_refusal() && !known(problem)) {
        let message = format!("Azure refuses what the pool writes at its most: {}", refused.message);
        let problem = Problem::warning("W0510", message).at(&most.span, "the most");
        let help = "lower `maxCapacity`, or write `singlePlacementGroup: false` in the scale set";
        cx.problems.push(Problem { rule: refused.rule, ..problem }.help(help));
    }
}

/// Warns of entries of the timeline that protect the machines of a pool.
fn protections(set: u16, name: &str, cx: &mut Context<'_>) {
    let scenario = cx.scenario;
    for act in scenario::TIMELINE.items(scenario).iter().filter_map(|node| entry::PROTECT.node(node)) {
        if SCALE_SET.given(act).and_then(|name| cx.sets.id(name)) == Some(set) {
            protects(&act.span, name, &mut Legality { rules: cx.rules, problems: cx.problems });
        }
    }
}

/// The environment of a pipeline.
pub fn environment(node: &Node, application: &mut Application, cx: &mut Context<'_>) -> Option<Environment> {
    let check = environment::POST_ROUTE_TRAFFIC.node(node).and_then(|node| {
        let endpoint = endpoint_of(check::PATH.node(node)?, "this check", application, cx)?;
        Some(DeployCheck { endpoint, after: check::AFTER.read(node) })
    });
    Some(Environment {
        max_parallel: environment::MAX_PARALLEL.given(node)?,
        drains: environment::DRAINS.read(node),
        pre_deploy: environment::PRE_DEPLOY.read(node),
        check,
        removes_gone: environment::REMOVES_GONE.read(node),
    })
}
