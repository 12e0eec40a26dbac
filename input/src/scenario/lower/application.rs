//! The application: what its endpoints answer, and what its users need.

use super::keys::choices::{Own, Standard};
use super::keys::{Condition, Status, answer, application as key, clause, cpu, load_step, release, requires, scenario};
use super::{Context, health, images, place, spot};
use crate::problem::{Problem, suggest};
use crate::scenario::field::Reads;
use crate::tree::{Node, Value};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{
    Answer, AnswerKind, Application, Body, Clause, Cpu, Endpoint, Flaw, LoadStep, Needs, Number, Requires, Who, Word,
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
    let mut named = Named::default();
    Application {
        capacity_rps: key::CAPACITY.given(node),
        warm_up: key::WARM_UP.read(node),
        endpoints: endpoints(node, &mut named, cx),
        serves: serves(node, &mut named, cx),
        requires: key::REQUIRES.node(node).and_then(|node| read_requires(node, cx)),
        under_load: under_load(node, cx),
        cpu: processor(key::CPU.node(node)),
        releases: cx.releases.0.clone(),
        flaws: flaws(node, cx),
        dependencies: cx.dependencies.0.clone(),
        groups: named.groups,
        who: named.who,
        texts: named.texts,
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

/// What must hold for a user's request to succeed; nobody knows what users ask for.
fn serves(node: &Node, named: &mut Named, cx: &mut Context<'_>) -> Needs {
    let conditions = key::SERVES.read(node);
    let asks = |condition: &Condition<'_>| matches!(condition, Condition::Query(_) | Condition::AsksForOwn(_));
    if let Some(at) = node.get(key::SERVES.entry.key).filter(|_| conditions.iter().any(asks)) {
        let problem = Problem::error("E0231", "`serves` has a condition on a query, and users' requests have none");
        cx.problems.push(problem.at(&at.span, "these conditions").help("write such a condition under `endpoints`"));
        return Needs::default();
    }
    needs(conditions, &[], named, cx).unwrap_or_default()
}

fn endpoints(node: &Node, named: &mut Named, cx: &mut Context<'_>) -> Vec<Endpoint> {
    let process = Needs { process: true, ..Needs::default() };
    let accepts = Answer { kind: AnswerKind::Status(200), after: SimDuration::ZERO, body: Body::default() };
    let mut list = vec![Endpoint { path: String::new(), clauses: vec![Clause { when: process, answer: accepts }] }];
    for (path, clauses) in key::ENDPOINTS.entries(node) {
        let (_, query) = parts(&path.text);
        let clauses = clauses.items().iter().filter_map(|clause| clause_of(clause, &query, named, cx)).collect();
        if path.text == BARE_PORT {
            list[0].clauses = clauses;
        } else {
            list.push(Endpoint { path: path.text.clone(), clauses });
        }
    }
    list
}

/// A path and the keys and values of its query.
fn parts(path: &str) -> (&str, Vec<(&str, &str)>) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    (path, pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect())
}

/// What a path with a query answers, where the scenario says what the path without it does.
pub fn with_query(text: &str, application: &mut Application, cx: &mut Context<'_>) -> Option<usize> {
    let (bare, query) = parts(text);
    let described = key::ENDPOINTS.entries(scenario::APPLICATION.node(cx.scenario));
    let (_, clauses) = described.iter().find(|(path, _)| text.contains('?') && path.text == bare)?;
    let mut named = Named {
        groups: std::mem::take(&mut application.groups),
        who: std::mem::take(&mut application.who),
        texts: std::mem::take(&mut application.texts),
    };
    // What is wrong with the clauses is wrong with the path without the query, too, and is said once.
    let before = std::mem::take(cx.problems);
    let clauses = clauses.items().iter().filter_map(|clause| clause_of(clause, &query, &mut named, cx)).collect();
    let said = std::mem::replace(cx.problems, before);
    cx.problems.merge(&said);
    (application.groups, application.who, application.texts) = (named.groups, named.who, named.texts);
    application.endpoints.push(Endpoint { path: text.to_owned(), clauses });
    Some(application.endpoints.len() - 1)
}

/// Whether the sets that conditions and slots name are there.
pub fn check_names(cx: &mut Context<'_>) {
    let node = scenario::APPLICATION.node(cx.scenario);
    for (set, _) in key::SLOTS.entries(node) {
        if !cx.sets.iter().any(|known| known == set.text) {
            let problem = Problem::error("E0201", format!("there is no scale set `{}`", set.text));
            let problem = problem.at(&set.span, "unknown scale set");
            cx.problems.push(problem.maybe_help(suggest(&set.text, cx.sets.iter())));
        }
    }
    let slots: Vec<&str> = key::SLOTS.entries(node).iter().filter_map(|(_, slot)| slot.text()).collect();
    let clauses = key::ENDPOINTS.entries(node).iter().flat_map(|(_, clauses)| clauses.items());
    let asked = clauses.filter_map(|clause| clause::WHEN.given(clause)).flatten();
    for condition in asked.chain(node.map(|node| key::SERVES.read(node)).into_iter().flatten()) {
        match condition {
            Condition::ScaleSet(set) => {
                cx.sets.resolve(set, "E0201", "scale set", cx.problems);
            }
            Condition::Slot(slot) if slot.text().is_some_and(|text| !slots.contains(&text)) => {
                let text = slot.text().unwrap_or_default();
                let problem = Problem::error("E0232", format!("no scale set has the slot `{text}`"));
                let help = suggest(text, slots.iter().copied());
                let help = help.unwrap_or_else(|| format!("write `slots: {{ SET: {text} }}` under `application`"));
                cx.problems.push(problem.at(&slot.span, "unknown slot").help(help));
            }
            _ => {}
        }
    }
}

/// A clause; none where nobody who asks so can be given its answer.
fn clause_of(node: &Node, query: &[(&str, &str)], named: &mut Named, cx: &mut Context<'_>) -> Option<Clause> {
    let when = needs(clause::WHEN.given(node)?, query, named, cx)?;
    let node = clause::ANSWER.node(node)?;
    let kind = Status::of(answer::STATUS.node(node).unwrap_or(node))?;
    let body = health::body(node, kind, &mut named.texts, cx);
    Some(Clause { when, answer: Answer { kind, after: answer::AFTER.read(node), body } })
}

/// The instances that conditions name, and the bodies of answers.
#[derive(Default)]
struct Named {
    groups: Vec<Vec<u32>>,
    who: Vec<Who>,
    texts: Vec<String>,
}

/// What is left of a list where both must hold.
fn both<T: PartialEq>(list: &mut Option<Vec<T>>, other: Vec<T>) {
    match list {
        Some(list) => list.retain(|one| other.contains(one)),
        None => *list = Some(other),
    }
}

/// The scale sets of a slot.
fn of_slot(slot: &str, cx: &Context<'_>) -> Vec<String> {
    let slots = key::SLOTS.entries(scenario::APPLICATION.node(cx.scenario));
    slots.iter().filter(|(_, own)| own.text() == Some(slot)).map(|(set, _)| set.text.clone()).collect()
}

/// An image, and its number where it is named, too; false where another one is wanted already.
fn of_image(who: &mut Who, text: &str) -> bool {
    let (name, number) = text.split_once('/').map_or((text, None), |(name, number)| (name, Number::parse(number)));
    let same = who.image.as_deref().is_none_or(|known| known == name);
    who.image = Some(name.to_owned());
    same && number.is_none_or(|number| who.version.replace(number).is_none_or(|known| known == number))
}

/// Whoever has this of its own; false where nobody can have it.
fn own(who: &mut Who, own: Own, value: &str, cx: &Context<'_>) -> bool {
    match own {
        Own::Slot => both(&mut who.sets, of_slot(value, cx)),
        Own::ScaleSet => both(&mut who.sets, vec![value.to_owned()]),
        Own::Zone => match value.parse() {
            Ok(zone) => both(&mut who.zones, vec![zone]),
            Err(_) => return false,
        },
        Own::Image => return of_image(who, value),
        Own::Version => match Number::parse(value) {
            Some(number) => return who.version.replace(number).is_none_or(|known| known == number),
            None => return false,
        },
        Own::Code => match cx.releases.id(value) {
            Some(code) => return who.code.replace(code).is_none_or(|known| known == code),
            None => return false,
        },
    }
    true
}

/// All of these conditions, of whoever asks with this query; none where they can never hold.
fn needs(
    conditions: Vec<Condition<'_>>,
    query: &[(&str, &str)],
    named: &mut Named,
    cx: &mut Context<'_>,
) -> Option<Needs> {
    let asked = |key: &str| query.iter().find(|(own, _)| *own == key).map(|(_, value)| *value);
    let (mut needs, mut who) = (Needs::default(), Who::default());
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
            Condition::Instances(mut these) => {
                if let Some(group) = needs.instances.and_then(|group| named.groups.get(usize::from(group))) {
                    these.retain(|ordinal| group.contains(ordinal));
                }
                needs.instances = u16::try_from(place(&mut named.groups, these)).ok();
            }
            Condition::Query(wanted) => {
                if wanted.entries().iter().any(|(key, value)| asked(&key.text) != value.text()) {
                    return None;
                }
            }
            Condition::AsksForOwn(what) => {
                if !own(&mut who, what, asked(what.word())?, cx) {
                    return None;
                }
            }
            Condition::ScaleSet(set) => both(&mut who.sets, vec![set.text()?.to_owned()]),
            Condition::Slot(slot) => both(&mut who.sets, of_slot(slot.text()?, cx)),
            Condition::Zone(zone) => both(&mut who.zones, vec![zone]),
            Condition::Image(image) => {
                if !of_image(&mut who, image) {
                    return None;
                }
            }
            Condition::Reaches(node) => needs.dependencies |= reached(node, cx),
        }
    }
    if who != Who::default() {
        needs.who = u16::try_from(place(&mut named.who, who)).ok();
    }
    Some(needs)
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
