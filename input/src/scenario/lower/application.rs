//! The application: what its endpoints answer, and what its users need.

use super::keys::choices::Standard;
use super::keys::{Condition, Status, answer, application as key, clause, cpu, load_step, release, requires, scenario};
use super::{Context, health, images, spot};
use crate::problem::{Problem, suggest};
use crate::scenario::field::Reads;
use crate::tree::{Node, Value};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{
    Answer, AnswerKind, Application, Body, Clause, Cpu, Endpoint, Flaw, LoadStep, Needs, Requires, Word,
};

/// The key of the bare port among the endpoints.
const BARE_PORT: &str = "tcp";

/// Reads the `application` section; absent, the process is all there is.
pub fn read(cx: &mut Context<'_>) -> Application {
    let empty = Node { span: cx.scenario.span.clone(), value: Value::Null };
    let node = scenario::APPLICATION.node(cx.scenario).unwrap_or(&empty);
    if let Some(extra) = key::DEPENDENCIES.given(node).and_then(|list| list.get(32)) {
        let problem =
            Problem::error("E0213", format!("there can be at most 32 dependencies, got {}", cx.dependencies.0.len()));
        cx.problems.push(problem.at(&extra.span, "one too many").help("merge dependencies that fail together"));
    }
    let mut groups = Vec::new();
    Application {
        capacity_rps: key::CAPACITY.given(node),
        warm_up: key::WARM_UP.read(node),
        endpoints: endpoints(node, &mut groups, cx),
        serves: needs(key::SERVES.read(node), &mut groups, cx),
        requires: key::REQUIRES.node(node).and_then(|node| read_requires(node, cx)),
        under_load: under_load(node, cx),
        cpu: processor(key::CPU.node(node)),
        releases: cx.releases.0.clone(),
        flaws: flaws(node, cx),
        dependencies: cx.dependencies.0.clone(),
        groups,
        events: key::SCHEDULED_EVENTS.node(node).map(spot::listener),
        // Its set is known once the fleet is read.
        jobs: None,
    }
}

/// What is wrong with the releases, where anything is.
fn flaws(node: &Node, cx: &mut Context<'_>) -> Vec<Flaw> {
    let releases = key::RELEASES.items(node);
    if releases.iter().all(|release| release.text().is_some()) {
        return Vec::new();
    }
    let flaw = |node: &Node| Flaw {
        cannot: cx.dependency_bits(release::CANNOT_REACH.given(node)),
        degrades: release::DEGRADES.node(node).and_then(|node| images::degrades(node, cx)),
        bad: release::BAD.read(node),
    };
    releases.iter().map(flaw).collect()
}

/// How the processor follows the load.
fn processor(node: Option<&Node>) -> Cpu {
    Cpu { idle: cpu::IDLE.read(node), at_capacity: cpu::AT_CAPACITY.read(node) }
}

fn endpoints(node: &Node, groups: &mut Groups, cx: &mut Context<'_>) -> Vec<Endpoint> {
    let process = Needs { process: true, ..Needs::default() };
    let accepts = Answer { kind: AnswerKind::Status(200), after: SimDuration::ZERO, body: Body::default() };
    let mut list = vec![Endpoint { path: String::new(), clauses: vec![Clause { when: process, answer: accepts }] }];
    for (path, clauses) in key::ENDPOINTS.entries(node) {
        let clauses = clauses.items().iter().filter_map(|clause| clause_of(clause, groups, cx)).collect();
        if path.text == BARE_PORT {
            list[0].clauses = clauses;
        } else {
            list.push(Endpoint { path: path.text.clone(), clauses });
        }
    }
    list
}

fn clause_of(node: &Node, groups: &mut Groups, cx: &mut Context<'_>) -> Option<Clause> {
    let when = needs(clause::WHEN.given(node)?, groups, cx);
    let node = clause::ANSWER.node(node)?;
    let kind = Status::of(answer::STATUS.node(node).unwrap_or(node))?;
    Some(Clause { when, answer: Answer { kind, after: answer::AFTER.read(node), body: health::body(node, kind, cx) } })
}

/// Sets of instances that conditions name.
type Groups = Vec<Vec<u32>>;

/// All of these conditions.
fn needs(conditions: Vec<Condition<'_>>, groups: &mut Groups, cx: &mut Context<'_>) -> Needs {
    let mut needs = Needs::default();
    for condition in conditions {
        match condition {
            Condition::Is(Standard::Process) => needs.process = true,
            Condition::Is(Standard::Warm) => needs.warm = true,
            Condition::Is(Standard::Current) => needs.current = true,
            Condition::Is(Standard::Draining) => needs.draining = true,
            Condition::Code(code) => {
                let code = cx.releases.resolve(code, "E0203", "release", cx.problems);
                needs.code = needs.code.max(code);
            }
            Condition::Instances(mut named) => {
                if let Some(group) = needs.instances.and_then(|group| groups.get(usize::from(group))) {
                    named.retain(|ordinal| group.contains(ordinal));
                }
                let known = groups.iter().position(|group| *group == named).unwrap_or_else(|| {
                    groups.push(named);
                    groups.len() - 1
                });
                needs.instances = u16::try_from(known).ok();
            }
            Condition::Reaches(node) => needs.dependencies |= reached(node, cx),
        }
    }
    needs
}

/// The dependency that a condition names, as a bit.
fn reached(node: &Node, cx: &mut Context<'_>) -> u32 {
    let name = node.text().unwrap_or_default();
    if let Some(bit) = cx.dependencies.id(name) {
        return 1_u32.checked_shl(u32::from(bit)).unwrap_or(0);
    }
    let known = Standard::WORDS.iter().copied().chain(cx.dependencies.iter());
    let problem = Problem::error("E0202", format!("`{name}` is neither a condition nor a dependency"));
    let help = suggest(name, known).unwrap_or_default();
    let help = format!("{help}; dependencies are declared under `application.dependencies`");
    cx.problems.push(problem.at(&node.span, "unknown condition").help(help));
    0
}

fn read_requires(node: &Node, cx: &mut Context<'_>) -> Option<Requires> {
    let code = cx.releases.resolve(requires::CODE.node(node)?, "E0203", "release", cx.problems)?;
    let from = SimTime::ZERO + requires::FROM.read(node);
    Some(Requires { code, from, touches: requires::TOUCHES.read(node) })
}

fn under_load(node: &Node, cx: &mut Context<'_>) -> Vec<LoadStep> {
    let mut steps: Vec<LoadStep> = Vec::new();
    for step in key::UNDER_LOAD.items(node) {
        let (Some(above), Some(delay)) = (load_step::ABOVE.given(step), load_step::AFTER.given(step)) else {
            continue;
        };
        if let Some(last) = steps.last().filter(|last| last.above >= above) {
            let problem = Problem::error(
                "E0115",
                format!(
                    "the step above {}% must be higher than the one before, {}%",
                    above * 100.0,
                    last.above * 100.0
                ),
            );
            cx.problems.push(problem.at(&step.span, "this step").help("write the steps in ascending order of load"));
        }
        steps.push(LoadStep { above, delay });
    }
    if let (false, None, Some((key, _))) = (steps.is_empty(), key::CAPACITY.node(node), key::UNDER_LOAD.entry_in(node))
    {
        let problem = Problem::error(
            "E0109",
            "`underLoad` needs `capacity`, since its loads are shares of the \
            capacity",
        );
        cx.problems.push(problem.at(&key.span, "this key").help("write `capacity: 250 rps`"));
    }
    steps
}
