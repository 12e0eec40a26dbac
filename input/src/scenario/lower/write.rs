//! Writes of the timeline to resources, and steps in sequence: merge patches as in a policy, from an instant on.
//!
//! A write is read as the resource that it leaves: Azure would refuse it by what refuses such a resource at the start, and what of it
//! the model acts on during a run is the column `live` of its properties.

use super::balancers::{self, Balancers, is_type};
use super::keys::{act_step as step_key, scenario, timeline_entry as entry};
use super::{Context, accept, front_door, reach};
use crate::arm::reference;
use crate::arm::shape::{self, FRONT_DOOR, LOAD_BALANCER, SCALE_SET, Shape, load_balancer};
use crate::patch;
use crate::problem::{Problem, Problems, Severity, suggest};
use crate::scenario::resources;
use crate::tree::{Key, Node};
use std::collections::BTreeMap;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Act, Application, Change, FrontDoor, Pool, Write};

/// A write of one resource.
pub struct Part<'n> {
    /// When.
    pub at: SimDuration,
    /// The name of its entry, or of its step.
    pub name: String,
    /// The resource, by its name.
    pub resource: &'n Key,
    /// What is written.
    pub patch: &'n Node,
    /// It is a step of several.
    pub is_step: bool,
    /// Whoever does the steps lives to do it.
    pub is_done: bool,
}

/// The name of a step of an entry.
pub fn step_name(entry: &str, number: usize) -> String {
    format!("{entry}/{}", number + 1)
}

/// Every write of the timeline, in the order of time; those of one entry in the order of its steps.
pub fn parts<'n>(scenario: &'n Node) -> Vec<Part<'n>> {
    let mut parts: Vec<Part<'n>> = Vec::new();
    for node in scenario::TIMELINE.items(scenario) {
        let (at, name) = (entry::AT.given(node).unwrap_or_default(), entry::NAME.given(node).unwrap_or_default());
        let dies_after = entry::DIES_AFTER.given(node);
        let mut add = |name: &str, written: &'n [(Key, Node)], step: Option<usize>| {
            let is_done = step.is_none_or(|step| dies_after.is_none_or(|most| step < most as usize));
            let is_step = step.is_some();
            let part = |(resource, patch)| Part { at, name: name.to_owned(), resource, patch, is_step, is_done };
            parts.extend(written.iter().map(|(resource, patch)| part((resource, patch))));
        };
        add(name, entry::WRITE.entries(node), None);
        for (number, step) in entry::STEPS.items(node).iter().enumerate() {
            add(&step_name(name, number), step_key::WRITE.entries(step), Some(number));
        }
    }
    parts.sort_by_key(|part| part.at);
    parts
}

/// Reads the writes to load balancers and Front Doors, and says of which resource nothing can be written. Each changes what the ones before it left.
pub fn read(balancers: &Balancers, application: &mut Application, cx: &mut Context<'_>) -> Vec<(String, Act)> {
    let mut left: BTreeMap<String, Node> = BTreeMap::new();
    let mut acts = Vec::new();
    for part in parts(cx.scenario) {
        let Some(resource) = named(&part, cx) else { continue };
        if is_type(resource, SCALE_SET) {
            continue; // Its model is written; `model.rs` reads that.
        }
        let name = resource.name().unwrap_or_default();
        let before = left.get(name).unwrap_or(resource).clone();
        let written = match is_type(resource, FRONT_DOOR) {
            true => front_door(&part, (name, &before), (balancers, &mut *application), cx),
            false => balancer(&part, (name, &before), (balancers, &mut *application), cx),
        };
        if let Some((after, write)) = written {
            if write.refusal.is_none() && part.is_done {
                left.insert(name.to_owned(), after);
            }
            acts.push((part.name, Act::Write(write)));
        }
    }
    acts
}

/// The resource that a write names, if something of it can be written.
fn named<'a>(part: &Part<'_>, cx: &mut Context<'a>) -> Option<&'a Node> {
    let text = &part.resource.text;
    let all = scenario::RESOURCES.items(cx.scenario);
    let is = |one: &&Node| reference::is_meant(one, text);
    let is_written = |one: &&Node| [SCALE_SET, LOAD_BALANCER, FRONT_DOOR].iter().any(|kind| is_type(one, kind));
    let written: Vec<&Node> = all.iter().filter(|one| is(one) && is_written(one)).collect();
    if let [found] = written[..] {
        return Some(found);
    }
    if written.len() > 1 {
        cx.problems.push(patch::ambiguous(text, &written).at(&part.resource.span, "this resource"));
        return None;
    }
    let problem = match all.iter().find(is).and_then(|one| one.arm("type")).and_then(Node::text) {
        Some(kind) => {
            let message = format!("`{text}` is of type {kind}, which is not written during a run");
            let help = "scale sets, load balancers and Front Doors are; what else changes is a policy, which applies \
                        from the start";
            Problem::error("E0505", message).help(help)
        }
        None => {
            let problem = Problem::error("E0301", format!("the write of `{text}` matches nothing"));
            problem.maybe_help(suggest(text, all.iter().filter_map(Node::name)))
        }
    };
    cx.problems.push(problem.at(&part.resource.span, "this resource"));
    None
}

/// A resource after a write, as it is and in normal form.
pub fn patched(before: &Node, patch: &Node, problems: &mut Problems) -> (Node, Node) {
    let mut after = before.clone();
    patch::resource(&mut after, patch, problems);
    // What the tables of resources do not know in it is found here, as in any other resource.
    let mut found = Problems::new();
    let normal = resources::normalise(after.clone(), &mut found);
    problems.merge(&found);
    (after, normal)
}

/// What Azure refuses of a resource after a write. What else is wrong with it is said; its notes and warnings were given when it was
/// read first.
pub fn refused_of(mut said: Problems, problems: &mut Problems) -> Problems {
    said.0.retain(|problem| problem.severity == Severity::Error);
    let (refused, wrong): (Vec<_>, Vec<_>) = said.0.into_iter().partition(Problem::is_refusal);
    problems.merge(&Problems(wrong));
    Problems(refused)
}

/// Says which properties are written that stay as they were when the run began.
pub fn keep_from_start(what: &str, keys: &[String], written: &Node, problems: &mut Problems) {
    let message = format!("{what} changes {}, which the model does not change during a run", keys.join(", "));
    let problem = Problem::error("E0505", message).at(&written.span, "this write");
    problems.push(problem.help("make it a policy, which applies from the start"));
}

/// A load balancer after a write, and what that changes.
fn balancer(
    part: &Part<'_>,
    (name, before): (&str, &Node),
    (balancers, application): (&Balancers, &mut Application),
    cx: &mut Context<'_>,
) -> Option<(Node, Write)> {
    let read = |resource: &Node, cx: &mut Context<'_>| {
        let mut one = Balancers::default();
        balancers::one(resource, application, &mut one, cx);
        one
    };
    let differ = |was: &Balancers, now: &Balancers| changes(name, balancers, was, now);
    one(part, (name, before), &load_balancer::RESOURCE, (read, differ), cx)
}

/// A profile of Front Door after a write, and what that changes: the origins of its routes.
fn front_door(
    part: &Part<'_>,
    (name, before): (&str, &Node),
    (balancers, application): (&Balancers, &mut Application),
    cx: &mut Context<'_>,
) -> Option<(Node, Write)> {
    let read = |resource: &Node, cx: &mut Context<'_>| front_door::one(resource, application, balancers, cx);
    let differ = |was: &Vec<FrontDoor>, now: &Vec<FrontDoor>| {
        let own = (0_u16..).zip(&balancers.front_doors).filter(|(_, route)| route.profile == name);
        let pairs = own.zip(was.iter().zip(now)).flat_map(|((route, _), (was, now))| {
            let origins = (0_u16..).zip(was.origins.iter().zip(&now.origins));
            origins.map(move |(origin, (was, now))| (route, origin, was.setting, now.setting))
        });
        let other = pairs.filter(|(.., was, now)| was != now);
        other.map(|(front_door, origin, _, setting)| Change::Origin { front_door, origin, setting }).collect()
    };
    one(part, (name, before), &shape::front_door::RESOURCE, (read, differ), cx)
}

/// A resource after a write, and what that changes of what is read of it.
fn one<T>(
    part: &Part<'_>,
    (name, before): (&str, &Node),
    shape: &'static Shape,
    (mut read, changes): (impl FnMut(&Node, &mut Context<'_>) -> T, impl Fn(&T, &T) -> Vec<Change>),
    cx: &mut Context<'_>,
) -> Option<(Node, Write)> {
    let known = cx.problems.count(Severity::Error);
    let (after, normal) = patched(before, part.patch, cx.problems);
    let was = read(before, &mut Context { problems: &mut Problems::new(), ..cx.again() });
    let mut said = Problems::new();
    let now = read(&normal, &mut Context { problems: &mut said, ..cx.again() });
    let refused = refused_of(said, cx.problems);
    if cx.problems.count(Severity::Error) > known {
        return None;
    }
    let resource = name.to_owned();
    if let Some(refusal) = accept::refused_change(&part.name, &refused, cx) {
        return Some((after, Write { resource, changes: Vec::new(), refusal: Some(refusal) }));
    }
    // A step that finds what it would write is done all the same.
    if before == &after && !part.is_step {
        let problem = Problem::error("E0302", format!("the write of `{name}` changes nothing"));
        let at = problem.at(&part.patch.span, "the resource already has all of its values");
        cx.problems.push(at.help("write another value, or remove the write"));
        return None;
    }
    let keys = reach::at_start(&reach::changes(shape, before, &after));
    if !keys.is_empty() {
        keep_from_start("the write", &keys, part.patch, cx.problems);
        return None;
    }
    Some((after, Write { resource, changes: changes(&was, &now), refusal: None }))
}

/// The probes that are other ones after a write, of every pool that they look at.
fn changes(name: &str, all: &Balancers, before: &Balancers, now: &Balancers) -> Vec<Change> {
    let own = (0_u16..).zip(&all.pools).filter(|(_, pool)| pool.balancer == name).map(|(at, _)| at);
    let pairs = own.zip(before.pools.iter().zip(&now.pools));
    let same = |was: &Pool, is: &Pool| (&was.probe, was.all_probed_up) == (&is.probe, is.all_probed_up);
    let written = pairs.filter(|(_, (was, is))| !same(was, is));
    let change = |(pool, (_, is)): (u16, (&Pool, &Pool))| {
        let probe = Box::new(is.probe.clone()?);
        Some(Change::Probe { pool, probe, all_probed_up: is.all_probed_up })
    };
    written.filter_map(change).collect()
}
