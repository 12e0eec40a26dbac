//! Release pipelines, and what happens when.

use super::gallery::{self, Places};
use super::model::{self, Changes};
use super::traffic::pools_of;
use super::{AT_ONCE, Context, accept, faults, guest, limits, repairs, section, spot, values};
use crate::problem::{Problem, Problems, suggest};
use crate::scenario::legality::{Legality, SET_RULES, SetFacts};
use crate::tree::{At, Node};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{Act, Action, Endpoint, Pipeline, Pool, Trigger};
use windtunnel_sim::rules::{AL_07, Area, key};

/// Reads the `pipelines` section.
pub fn pipelines(cx: &mut Context<'_>) -> Vec<Pipeline> {
    let mut list = Vec::new();
    for (key, node) in section(cx.scenario, "pipelines") {
        let mut sets = Vec::new();
        for set in node.get("scaleSets").map_or(&[][..], Node::items) {
            sets.extend(cx.sets.resolve(set, "E0201", "scale set", cx.problems));
        }
        let trigger = node.get("trigger");
        let on = match trigger.and_then(|trigger| trigger.get("on")).and_then(Node::text) {
            Some("created") => Trigger::Created,
            Some("provisioned") => Trigger::Provisioned,
            Some("never") => Trigger::Never,
            _ => Trigger::Running,
        };
        let installs = node.get("installs").and_then(|code| cx.releases.resolve(code, "E0203", "release", cx.problems));
        list.push(Pipeline {
            name: key.text.clone(),
            sets,
            installs: installs.unwrap_or(0),
            trigger: on,
            delay: trigger.and_then(|trigger| values::duration(trigger, "delay")).unwrap_or_default(),
            duration: values::dist_of(node, "duration", cx.problems).unwrap_or(AT_ONCE),
            failure: values::percent(node, "failure").unwrap_or(0.0),
            parallel: values::whole(node, "parallel")
                .unwrap_or_else(|| cx.assumptions.get(key::PipelineQueueParallel) as u32),
            starts_process: values::flag(node, "startsProcess"),
            admin_down_after: node.get("adminState").and_then(|state| values::duration(state, "downAfter")),
        });
    }
    list
}

/// Reads the `timeline` section, sorted by time.
pub fn read(
    pools: &[Pool],
    facts: &[SetFacts],
    changes: &Changes,
    (places, endpoints): (&mut Places<'_>, &[Endpoint]),
    horizon: SimTime,
    cx: &mut Context<'_>,
) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    let mut names: Vec<&Node> = Vec::new();
    let scenario = cx.scenario;
    for node in scenario.get("timeline").map_or(&[][..], Node::items) {
        let Some(name) = node.get("name") else { continue };
        if let Some(first) = names.iter().find(|other| *other == &name) {
            let problem = Problem::error(
                "E0212",
                format!("two entries of the timeline have the name `{}`", name.text().unwrap_or_default()),
            );
            cx.problems.push(
                problem
                    .at(&name.span, "the second")
                    .also(&first.span, "the first")
                    .help("policies patch entries by name"),
            );
        }
        names.push(name);
        limits::hold_length(node, name.text().unwrap_or_default(), cx.problems);
        let Some(at) = values::duration(node, "at").map(|at| SimTime::ZERO + at) else { continue };
        // Of a horizon that cannot be read, everything would come after it.
        if at > horizon && values::duration(scenario, "horizon").is_some() {
            let problem = Problem::warning(
                "W0204",
                format!("`{}` at {at} comes after the horizon of {horizon}", name.text().unwrap_or_default()),
            );
            cx.problems.push(problem.at(&node.span, "never happens").help("raise `horizon`"));
        }
        if node.get("updateModel").is_some() {
            let what = changes.of(name.text().unwrap_or_default());
            actions.extend(what.map(|what| Action { name: name.text().unwrap_or_default().to_owned(), at, what }));
            continue;
        }
        for what in acts(node, pools, facts, (places, endpoints), cx) {
            actions.push(Action { name: name.text().unwrap_or_default().to_owned(), at, what });
        }
    }
    actions.sort_by_key(|action| action.at);
    actions
}

/// The act of an entry; blocking the probes of a balancer is one act a pool.
fn acts(
    node: &Node,
    pools: &[Pool],
    facts: &[SetFacts],
    (places, endpoints): (&mut Places<'_>, &[Endpoint]),
    cx: &mut Context<'_>,
) -> Vec<Act> {
    if let Some(act) = model::act(node, cx) {
        return vec![act];
    }
    if let Some(act) = gallery::act(node, places, cx) {
        return vec![act];
    }
    if let Some(act) = node.get("blockProbes") {
        return block_probes(act, pools, cx);
    }
    if faults::ACTS.iter().any(|key| node.get(key).is_some()) {
        return faults::act(node, (places, endpoints), cx).into_iter().collect();
    }
    if let Some(act) = spot::act(node, cx).or_else(|| repairs::act(node, cx)).or_else(|| guest::act(node, cx)) {
        return vec![act];
    }
    one_act(node, facts, cx).into_iter().collect()
}

fn one_act(node: &Node, facts: &[SetFacts], cx: &mut Context<'_>) -> Option<Act> {
    if let Some(act) = node.get("setCapacity") {
        return set_capacity(node, act, facts, cx);
    }
    if let Some(act) = node.get("releaseCode") {
        let code = cx.releases.resolve(act.get("code")?, "E0203", "release", cx.problems);
        let mut pipelines = Vec::new();
        for pipeline in act.get("pipelines").map_or(&[][..], Node::items) {
            pipelines.extend(cx.pipelines.resolve(pipeline, "E0204", "pipeline", cx.problems));
        }
        return Some(Act::ReleaseCode { code: code?, pipelines });
    }
    if let Some(act) = node.get("runPipeline") {
        let pipeline = cx.pipelines.resolve(act.get("pipeline")?, "E0204", "pipeline", cx.problems)?;
        return Some(Act::RunPipeline { pipeline });
    }
    if let Some(act) = node.get("dependencyDown") {
        let dependency = cx.dependencies.resolve(act.get("dependency")?, "E0202", "dependency", cx.problems)?;
        return Some(Act::DependencyDown { dependency, length: values::duration(act, "for") });
    }
    None
}

fn set_capacity(node: &Node, act: &Node, facts: &[SetFacts], cx: &mut Context<'_>) -> Option<Act> {
    let set = cx.sets.resolve(act.get("scaleSet")?, "E0201", "scale set", cx.problems)?;
    let capacity: u32 = values::whole(act, "capacity")?;
    let name = node.get("name").and_then(Node::text).unwrap_or_default();
    if let Some(facts) = facts.get(usize::from(set)) {
        // The limits of a capacity hold for one that is written later, too.
        let mut later = facts.clone();
        later.capacity = At { value: i64::from(capacity), span: act.get("capacity")?.span.clone(), given: true };
        let mut said = Problems::new();
        for (rule, check) in
            SET_RULES.iter().filter(|(rule, _)| rule.area() == Area::OR && matches!(rule.number(), 3..=5))
        {
            check(*rule, &later, &mut Legality { rules: cx.rules, problems: &mut said });
        }
        if let Some(refused) = accept::refused(name, set, &said, cx) {
            return Some(refused);
        }
        large_request(&later, i64::from(capacity) - facts.capacity.value, cx);
    }
    Some(Act::SetCapacity { set, capacity })
}

/// A request for very many cores at once is better split (AL-07).
fn large_request(facts: &SetFacts, more: i64, cx: &mut Context<'_>) {
    let cores = more.max(0).saturating_mul(i64::from(super::fleet::cores(facts.size())));
    if cores > MOST_CORES {
        let message =
            format!("this asks for some {cores} cores at once, and above about {MOST_CORES} a request is better split");
        let mut say = Legality { rules: cx.rules, problems: cx.problems };
        say.warn(AL_07, &facts.capacity.span, &message, "raise the capacity in several steps");
    }
}

/// More cores than this are better asked for in several requests (AL-07).
const MOST_CORES: i64 = 500;

fn block_probes(act: &Node, pools: &[Pool], cx: &mut Context<'_>) -> Vec<Act> {
    let length = values::duration(act, "for");
    match (act.get("loadBalancer"), act.get("pool")) {
        (Some(node), _) => {
            let known = pools.iter().map(|pool| pool.balancer.as_str());
            blocked(node, (pools_of(node.text().unwrap_or_default(), pools), known), length, cx)
        }
        (None, Some(node)) => block_pool(node, length, pools, cx),
        (None, None) => Vec::new(),
    }
}

/// The probes of a pool, by its name or as `balancer/pool`, get no answer.
pub fn block_pool(node: &Node, length: Option<SimDuration>, pools: &[Pool], cx: &mut Context<'_>) -> Vec<Act> {
    let text = node.text().unwrap_or_default();
    let by_name = |at: &usize| pools[*at].name.eq_ignore_ascii_case(text);
    let found = if text.contains('/') { pools_of(text, pools) } else { (0..pools.len()).filter(by_name).collect() };
    blocked(node, (found, pools.iter().map(|pool| pool.name.as_str())), length, cx)
}

fn blocked<'a>(
    node: &Node,
    (found, known): (Vec<usize>, impl Iterator<Item = &'a str>),
    length: Option<SimDuration>,
    cx: &mut Context<'_>,
) -> Vec<Act> {
    if found.is_empty() {
        let text = node.text().unwrap_or_default();
        let problem = Problem::error("E0205", format!("there is no load balancer or pool `{text}`"));
        cx.problems.push(problem.at(&node.span, "unknown").maybe_help(suggest(text, known)));
    }
    found.into_iter().filter_map(|at| u16::try_from(at).ok()).map(|pool| Act::BlockProbes { pool, length }).collect()
}
