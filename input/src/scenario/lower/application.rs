//! The application: what its endpoints answer, and what its users need.

use super::{AT_ONCE, Context, health, images, spot, values};
use crate::problem::{Problem, suggest};
use crate::quantity;
use crate::tree::Node;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{
    Answer, AnswerKind, Application, Body, Clause, Cpu, Endpoint, Flaw, LoadStep, Needs, Requires,
};

/// The key of the bare port among the endpoints.
const BARE_PORT: &str = "tcp";

/// Reads the `application` section; absent, the process is all there is.
pub fn read(cx: &mut Context<'_>) -> Application {
    let empty = Node { span: cx.scenario.span.clone(), value: crate::tree::Value::Null };
    let node = cx.scenario.get("application").unwrap_or(&empty);
    if let Some(extra) = node.get("dependencies").and_then(|list| list.items().get(32)) {
        let problem = Problem::error("E0213", format!("{} dependencies, and 32 is the limit", cx.dependencies.0.len()));
        cx.problems.push(problem.at(&extra.span, "one too many").help("join dependencies that fail together"));
    }
    let process = Needs { process: true, ..Needs::default() };
    let mut groups = Vec::new();
    Application {
        capacity_rps: capacity(node, cx),
        warm_up: values::dist_of(node, "warmUp", cx.problems).unwrap_or(AT_ONCE),
        endpoints: endpoints(node, &mut groups, cx),
        serves: node.get("serves").map_or(process, |serves| needs(serves, &mut groups, cx)),
        requires: node.get("requires").and_then(|requires| read_requires(requires, cx)),
        under_load: under_load(node, cx),
        cpu: processor(node),
        releases: cx.releases.0.clone(),
        flaws: flaws(node, cx),
        dependencies: cx.dependencies.0.clone(),
        groups,
        events: spot::listener(node),
        // Its set is known once the fleet is read.
        jobs: None,
    }
}

/// What is wrong with the releases, where anything is.
fn flaws(node: &Node, cx: &mut Context<'_>) -> Vec<Flaw> {
    let releases = node.get("releases").map_or(&[][..], Node::items);
    if releases.iter().all(|release| release.text().is_some()) {
        return Vec::new();
    }
    let flaw = |release: &Node| Flaw {
        cannot: images::dependencies(release, "cannot", cx),
        degrades: release.get("degrades").map(|degrades| images::degrades(degrades, cx)),
        bad: values::flag(release, "bad"),
    };
    releases.iter().map(flaw).collect()
}

/// How the processor follows the load.
fn processor(node: &Node) -> Cpu {
    let given = |key| node.get("cpu").and_then(|cpu| values::percent(cpu, key));
    let default = Cpu::default();
    Cpu { idle: given("idle").unwrap_or(default.idle), at_capacity: given("atCapacity").unwrap_or(default.at_capacity) }
}

fn capacity(node: &Node, cx: &mut Context<'_>) -> Option<f64> {
    let rate = values::rate(node, "capacity")?;
    if rate > 0.0 {
        return Some(rate);
    }
    let span = &node.get("capacity")?.span;
    cx.problems.push(
        Problem::error("E0110", "`capacity` is 0 rps, and should be above it")
            .at(span, "this rate")
            .help("leave it out for no limit"),
    );
    None
}

fn endpoints(node: &Node, groups: &mut Groups, cx: &mut Context<'_>) -> Vec<Endpoint> {
    let process = Needs { process: true, ..Needs::default() };
    let accepts = Answer { kind: AnswerKind::Status(200), after: SimDuration::ZERO, body: Body::default() };
    let mut list = vec![Endpoint { path: String::new(), clauses: vec![Clause { when: process, answer: accepts }] }];
    for (path, clauses) in node.get("endpoints").map_or(&[][..], Node::entries) {
        if path.text != BARE_PORT && !path.text.starts_with('/') {
            let problem = Problem::error("E0110", format!("the endpoint `{}` is no path", path.text));
            cx.problems.push(
                problem.at(&path.span, "this key").help(format!("write `/{}`, or `tcp` for the bare port", path.text)),
            );
        }
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
    let when = needs(node.get("when")?, groups, cx);
    let answer = node.get("answer")?;
    let status = answer.get("status").unwrap_or(answer).text()?;
    let kind = match status {
        "refused" => AnswerKind::Refused,
        "silent" => AnswerKind::Silent,
        status => AnswerKind::Status(quantity::integer(status).and_then(|status| u16::try_from(status).ok())?),
    };
    let after = values::duration(answer, "after").unwrap_or_default();
    Some(Clause { when, answer: Answer { kind, after, body: health::body(answer, kind, cx) } })
}

/// Sets of instances that conditions name.
type Groups = Vec<Vec<u32>>;

/// Conditions: one, or all of a list.
fn needs(node: &Node, groups: &mut Groups, cx: &mut Context<'_>) -> Needs {
    let mut needs = Needs::default();
    let one = [node.clone()];
    let items = if node.items().is_empty() { &one[..] } else { node.items() };
    for item in items {
        if let Some(code) = item.get("code") {
            let code = cx.releases.resolve(code, "E0203", "release", cx.problems);
            needs.code = needs.code.max(code);
            continue;
        }
        if let Some(list) = item.get("instances") {
            let named = list.items().iter().filter_map(|item| item.text().and_then(quantity::integer));
            let mut named: Vec<u32> = named.filter_map(|ordinal| u32::try_from(ordinal).ok()).collect();
            if let Some(group) = needs.instances.and_then(|group| groups.get(usize::from(group))) {
                named.retain(|ordinal| group.contains(ordinal));
            }
            let known = groups.iter().position(|group| *group == named).unwrap_or_else(|| {
                groups.push(named);
                groups.len() - 1
            });
            needs.instances = u16::try_from(known).ok();
            continue;
        }
        match item.text() {
            Some("process") => needs.process = true,
            Some("warm") => needs.warm = true,
            Some("current") => needs.current = true,
            Some("draining") => needs.draining = true,
            Some(name) => match cx.dependencies.id(name) {
                Some(bit) => needs.dependencies |= 1_u32.checked_shl(u32::from(bit)).unwrap_or(0),
                None => {
                    let known = ["process", "warm", "current", "draining"].into_iter().chain(cx.dependencies.iter());
                    let problem = Problem::error("E0202", format!("`{name}` is neither a condition nor a dependency"));
                    let help = suggest(name, known).unwrap_or_default();
                    cx.problems.push(
                        problem
                            .at(&item.span, "unknown condition")
                            .help(format!("{help}; dependencies are declared under `application.dependencies`")),
                    );
                }
            },
            None => {}
        }
    }
    needs
}

fn read_requires(node: &Node, cx: &mut Context<'_>) -> Option<Requires> {
    let code = cx.releases.resolve(node.get("code")?, "E0203", "release", cx.problems)?;
    let from = SimTime::ZERO + values::duration(node, "from").unwrap_or_default();
    Some(Requires { code, from, touches: values::percent(node, "touches").unwrap_or(1.0) })
}

fn under_load(node: &Node, cx: &mut Context<'_>) -> Vec<LoadStep> {
    let mut steps: Vec<LoadStep> = Vec::new();
    for step in node.get("underLoad").map_or(&[][..], Node::items) {
        let (Some(above), Some(delay)) = (values::percent(step, "above"), values::duration(step, "after")) else {
            continue;
        };
        if let Some(last) = steps.last().filter(|last| last.above >= above) {
            let problem = Problem::error(
                "E0115",
                format!("the step above {}% does not rise over {}%", above * 100.0, last.above * 100.0),
            );
            cx.problems.push(problem.at(&step.span, "this step").help("write the steps in rising order of load"));
        }
        steps.push(LoadStep { above, delay });
    }
    if let (false, None, Some((key, _))) = (steps.is_empty(), node.get("capacity"), node.entry("underLoad")) {
        let problem = Problem::error("E0109", "`underLoad` needs `capacity`, of which its loads are shares");
        cx.problems.push(problem.at(&key.span, "this key").help("write `capacity: 250 rps`"));
    }
    steps
}
