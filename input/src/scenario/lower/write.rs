//! Writes of the timeline to resources, and steps in sequence: merge patches as in a policy, from an instant on.
//!
//! A write is read as the resource that it leaves: Azure would refuse it by what refuses such a resource at the start, and what of it
//! the model acts on during a run is the column `live` of its properties. It leaves another one of each that it may find.

mod orders;
mod outside;
mod parts;
mod settings;

use super::addresses::{self, Moves, State};
use super::balancers::{self, Adopted, Balancers, Read, is_type};
use super::fleet::region_name;
use super::keys::{act_step as step_key, scenario, timeline_entry as entry};
use super::{Context, accept, gateways, reach};
use crate::arm::reference;
use crate::arm::shape::field::{Live, Row};
use crate::arm::shape::{self, GATEWAY, Kind, LOAD_BALANCER, Shape, gateway, load_balancer};
use crate::patch;
use crate::problem::{About, Answer, Problem, Problems, Severity, did_you_mean, suggest};
use crate::scenario::legality::Legality;
use crate::scenario::resources;
use crate::tree::{Key, Node, Span, Value};
use orders::{Course, Made, crossing_models};
pub use outside::read as outside;
pub use settings::read as settings;
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Act, Application, Change, Pool, follows};

/// A write of one resource.
pub struct Part<'n> {
    /// When its entry begins.
    pub at: SimDuration,
    /// When it begins: a step at the earliest, since the writes before it take their time.
    pub begins: SimDuration,
    /// The name of its entry.
    entry: &'n str,
    /// The name of its entry, or of its step.
    pub name: String,
    /// The resource, as the write names it.
    pub key: &'n Key,
    /// It, as it is when the run begins; or why nothing can be written to what has that name.
    pub resource: Result<&'n Node, Box<Problem>>,
    /// What is written.
    pub patch: &'n Node,
    /// It is a step of several.
    pub is_step: bool,
    /// Whoever does the steps lives to do it.
    pub is_done: bool,
    /// Azure refuses it whatever the resource is like then: what it answers.
    pub refused: Option<Problem>,
}

impl<'n> Part<'n> {
    /// The resource, if it is of this type.
    pub fn of_type(&self, kind: &str) -> Option<&'n Node> {
        self.resource.as_ref().ok().copied().filter(|resource| is_type(resource, kind))
    }
}

/// The name of a step of an entry.
pub fn step_name(entry: &str, number: usize) -> String {
    format!("{entry}/{}", number + 1)
}

/// Every write of the timeline, in the order in which they begin; those of one entry in the order of its steps.
pub fn parts<'n>(scenario: &'n Node) -> Vec<Part<'n>> {
    let mut parts: Vec<Part<'n>> = Vec::new();
    let resources = scenario::RESOURCES.items(scenario);
    for node in scenario::TIMELINE.items(scenario) {
        let (at, name) = (entry::AT.given(node).unwrap_or_default(), entry::NAME.given(node).unwrap_or_default());
        let dies_after = entry::DIES_AFTER.given(node);
        let mut add = |of: &str, written: &'n [(Key, Node)], begins: SimDuration, step: Option<usize>| {
            let is_done = step.is_none_or(|step| dies_after.is_none_or(|most| step < most as usize));
            parts.extend(written.iter().map(|(key, patch)| {
                let (entry, name) = (name, of.to_owned());
                let resource = named(key, resources).and_then(|found| writable(found, (key, patch)));
                let refused = resource.as_ref().ok().and_then(|found| never_written(found, (key, patch)));
                Part { at, begins, entry, name, key, resource, patch, is_step: step.is_some(), is_done, refused }
            }));
        };
        add(name, entry::WRITE.entries(node), at, None);
        let mut begins = at;
        for (number, step) in entry::STEPS.items(node).iter().enumerate() {
            add(&step_name(name, number), step_key::WRITE.entries(step), begins, Some(number));
            begins = begins + step_key::WAIT.given(step).unwrap_or_default();
        }
    }
    parts.sort_by_key(|part| part.begins);
    parts
}

/// What is in front of the backends and is read together, as writes make it, and the addresses.
#[derive(Clone)]
struct Network {
    /// What is written, by its name. A balancer and a gateway may have one.
    resources: BTreeMap<Named, Node>,
    addresses: State,
}

impl PartialEq for Network {
    /// The addresses follow from the resources.
    fn eq(&self, other: &Self) -> bool {
        self.resources == other.resources
    }
}

/// Whether it is a gateway, and its name.
type Named = (bool, String);

fn key_of(resource: &Node) -> Named {
    (is_type(resource, GATEWAY), resource.name().unwrap_or_default().to_owned())
}

/// The writes to what is in front of the backends, each group with those that are read together: those of one resource, and those of all
/// balancers where a write may take the address of one and give it to another.
fn groups(start: &State, parts: &[Part<'_>]) -> Vec<(Vec<usize>, Course<Network>)> {
    let mut groups: Vec<(Option<Named>, Vec<usize>, Network)> = Vec::new();
    let moves = parts.iter().any(|part| part.of_type(LOAD_BALANCER).is_some() && addresses::may_move(part.patch));
    for (at, part) in parts.iter().enumerate() {
        let Some(resource) = part.of_type(GATEWAY).or_else(|| part.of_type(LOAD_BALANCER)) else { continue };
        let own = key_of(resource);
        let key = (own.0 || !moves).then(|| own.clone());
        let known = groups.iter().position(|(other, ..)| *other == key).unwrap_or(groups.len());
        if known == groups.len() {
            groups.push((key, Vec::new(), Network { resources: BTreeMap::new(), addresses: start.clone() }));
        }
        let (_, writes, network) = &mut groups[known];
        writes.push(at);
        network.resources.insert(own, resource.clone());
    }
    let numbered = (0..).zip(groups);
    numbered.map(|(number, (_, writes, network))| (writes, Course::new(number, network))).collect()
}

/// Reads the writes to what is in front of the backends, and says of which resource nothing can be written. The pools and entry points
/// that only they make join those of the balancers.
pub fn in_front(balancers: &mut Balancers, application: &mut Application, cx: &mut Context<'_>) {
    let parts = cx.parts;
    let mut moves = Moves::from_start(balancers, cx);
    let mut groups = groups(&moves.start, parts);
    let mut write = |at: usize, found: &Network, cx: &mut Context<'_>| {
        of_network(&parts[at], found, (balancers, &mut *application), cx)
    };
    for (at, part) in parts.iter().enumerate() {
        if let Err(problem) = &part.resource {
            cx.problems.push(Problem::clone(problem));
        }
        // `model.rs` reads what is written of a model, `outside` of a profile, and `settings` of autoscale.
        if let Some((_, course)) = groups.iter_mut().find(|(writes, _)| writes.contains(&at)) {
            course.write(at, cx, &mut write);
        }
    }
    groups.iter_mut().for_each(|(_, course)| course.in_other_orders(cx, &mut write));
    for (at, part) in parts.iter().enumerate() {
        let Some((_, course)) = groups.iter().find(|(writes, _)| writes.contains(&at)) else { continue };
        for (nth, found) in course.steps_of(at) {
            moves.note((balancers.written.len(), nth), found.map(|network| &network.addresses), &part.patch.span);
        }
        balancers.written.extend(course.act(at, cx));
    }
    moves.into_entry_points(balancers, cx);
    for (_, act) in &balancers.written {
        let Act::Write(write) = act else { continue };
        for change in write.outcomes.iter().flat_map(|outcome| &outcome.changes) {
            let Change::Rule { entry_point, to, .. } = *change else { continue };
            // What is led there goes with it.
            for at in 0..balancers.entry_points.len() as u16 {
                if at == entry_point || follows(&balancers.entry_points, at, entry_point) {
                    balancers.entry_points[usize::from(at)].may_lead(to);
                }
            }
        }
    }
    crossing_models(cx);
}

/// Whether a write in the middle of a run changes something of a resource of this type.
fn is_written(kind: &str) -> bool {
    shape::resource(kind).is_some_and(|(_, shape)| !changed(shape).is_empty())
}

/// The properties of a resource that a write in the middle of a run changes, by their tables.
fn changed(shape: &'static Shape) -> Vec<String> {
    let mut found = Vec::new();
    changed_in(shape, Live::AtStart, &mut found);
    found
}

fn changed_in(shape: &'static Shape, around: Live, found: &mut Vec<String>) {
    let live = shape.live.unwrap_or(around);
    for row in shape.rows {
        let own = row.live().unwrap_or(live);
        let inner = match row.kind() {
            Kind::Object(inner) => Some(inner),
            Kind::List(Kind::Object(inner)) => Some(*inner),
            _ => None,
        };
        if let Some(inner) = inner.filter(|inner| !inner.is_reference()) {
            changed_in(inner, own, found);
        } else if matches!(row, Row::ActedOn(..)) && own != Live::AtStart {
            found.push(format!("`{}`", row.key()));
        }
    }
    if let Some(inner) = shape.inner {
        changed_in(inner, live, found);
    }
}

/// The resource that a write names, or why nothing can be written to what has that name.
fn named<'n>(key: &Key, all: &'n [Node]) -> Result<&'n Node, Box<Problem>> {
    let text = &key.text;
    let is = |one: &&Node| reference::is_meant(one, text);
    let meant: Vec<(&Node, &str)> =
        all.iter().filter(is).filter_map(|one| Some((one, one.arm("type")?.text()?))).collect();
    let written: Vec<&Node> = meant.iter().filter(|(_, kind)| is_written(kind)).map(|(one, _)| *one).collect();
    let problem = match (&written[..], meant.first()) {
        ([found], _) => return Ok(found),
        ([_, _, ..], _) => patch::ambiguous(text, &written),
        ([], Some((_, kind))) => {
            let message = format!("`{text}` is of type {kind}, which is not written during a run");
            let kinds: Vec<&str> = shape::RESOURCES.iter().map(|(kind, _)| *kind).filter(|of| is_written(of)).collect();
            let help = format!("{} are; what else changes is a policy, which applies from the start", kinds.join(", "));
            Problem::error("E0505", message).help(help)
        }
        ([], None) => {
            let problem = Problem::error("E0301", format!("the write of `{text}` matches nothing"));
            problem.maybe_help(suggest(text, all.iter().filter_map(Node::name)))
        }
    };
    Err(Box::new(problem.at(&key.span, "this resource")))
}

/// What a write says of a resource as a whole is what Azure lets be said: not another name or place.
fn writable<'n>(found: &'n Node, (key, patch): (&Key, &Node)) -> Result<&'n Node, Box<Problem>> {
    if !matches!(patch.value, Value::Map(_)) {
        let message = format!("the write of `{}` is {}, and should be a mapping", key.text, patch.kind());
        let problem = Problem::error("E0306", message).at(&patch.span, "this write");
        return Err(Box::new(problem.help("write what changes: `{ properties: { … } }`, or `tags: { … }`")));
    }
    let is_new = |of: &str| {
        let (was, now) = (found.arm(of), patch.arm(of)?);
        (was.map(Node::text) != Some(now.text())).then_some(now)
    };
    for of in ["name", "type", "id"] {
        if let Some(node) = is_new(of) {
            let problem = Problem::error("E0505", format!("a write does not change the {of} of `{}`", key.text));
            return Err(Box::new(problem.at(&node.span, "this is another one").help(format!("remove `{of}`"))));
        }
    }
    if let Some(tags) = patch.arm("tags").filter(|tags| !matches!(tags.value, Value::Map(_)) && !tags.is_null()) {
        let problem = Problem::error("E0503", format!("`tags` must be a mapping, got {}", tags.kind()));
        return Err(Box::new(problem.at(&tags.span, "this value").help("write `tags: { ActiveSlot: \"1\" }`")));
    }
    Ok(found)
}

/// What a write says of a resource that Azure fixes at its creation.
fn never_written(found: &Node, (key, patch): (&Key, &Node)) -> Option<Problem> {
    let place = |node: &Node| node.text().map(region_name);
    let location =
        patch.arm("location").filter(|node| found.arm("location").is_none_or(|was| place(was) != place(node)));
    if let Some(node) = location {
        let message = format!("`{}` exists in another location", key.text);
        let answer = Answer::new("InvalidResourceLocation", message.clone());
        let problem = Problem::error("E0501", message).at(&node.span, "Azure refuses this").answered(answer);
        return Some(problem.help("remove `location`; what is elsewhere is another resource"));
    }
    let sku = |node: &Node| load_balancer::SKU_NAME.get(node).map(|at| at.value);
    let node =
        load_balancer::SKU_NAME.node(patch).filter(|_| is_type(found, LOAD_BALANCER) && sku(found) != sku(patch))?;
    let message = format!("Azure fixes the SKU of the load balancer `{}` at its creation", key.text);
    let problem = Problem::error("E0501", message).at(&node.span, "Azure refuses this");
    Some(problem.help("write another load balancer, and move the address to it"))
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

/// The items of a list of a resource that only writes add, each as it is there first. What is wrong with a write is said where it is read.
pub fn added(resource: &Node, items: impl Fn(&Node) -> Vec<Node>, cx: &Context<'_>) -> Vec<Node> {
    let mut all = items(resource);
    let (first, mut now) = (all.len(), resource.clone());
    for part in cx.parts.iter().filter(|part| part.resource.as_ref().is_ok_and(|of| std::ptr::eq(*of, resource))) {
        let (after, normal) = patched(&now, part.patch, &mut Problems::new());
        let is_new = |item: &Node| item.name().is_some_and(|name| !all.iter().any(|known| known.is_named(name)));
        let new: Vec<Node> = items(&normal).into_iter().filter(is_new).collect();
        all.extend(new);
        if part.is_done {
            now = after;
        }
    }
    all.split_off(first)
}

/// What Azure refuses of a resource after a write. What else is wrong with it is said; its notes and warnings were given when it was
/// read first.
pub fn refused_of(mut said: Problems, problems: &mut Problems) -> Problems {
    said.0.retain(|problem| problem.severity == Severity::Error);
    let (refused, wrong): (Vec<_>, Vec<_>) = said.0.into_iter().partition(Problem::azure_refuses);
    problems.merge(&Problems(wrong));
    Problems(refused)
}

/// What is said of a resource after a write, at the place of the write where it is of what was there before.
pub fn by((patch, at): (&Node, &Span), mut said: Problems) -> Problems {
    for problem in &mut said.0 {
        let Some((span, label)) = problem.primary.take() else { continue };
        if is_in(patch, &span) {
            problem.primary = Some((span, label));
        } else {
            problem.primary = Some((at.clone(), "after this write".to_owned()));
            problem.secondary.insert(0, (span, label));
        }
    }
    said
}

/// Whether a place is within a node.
fn is_in(node: &Node, span: &Span) -> bool {
    let is = |of: &Span| of.start == span.start && of.source.name == span.source.name;
    is(&node.span)
        || node.entries().iter().any(|(key, inner)| is(&key.span) || is_in(inner, span))
        || node.items().iter().any(|inner| is_in(inner, span))
}

/// A probe that is new has a port: else a name is misspelt, or Azure refuses it.
fn new_probes(part: &Part<'_>, [before, after]: [&Node; 2], said: &mut Problems) {
    let known: Vec<&str> = load_balancer::PROBES.items(before).iter().filter_map(Node::name).collect();
    for probe in load_balancer::PROBES.items(after) {
        let Some(name) = probe.name().filter(|name| !known.iter().any(|known| known.eq_ignore_ascii_case(name))) else {
            continue;
        };
        if is_type(before, LOAD_BALANCER) && load_balancer::PROBE_PORT.node(probe).is_none() {
            let problem = Problem::error("E0502", format!("the write adds a probe `{name}`, which has no `port`"));
            let problem = match did_you_mean(name, known.iter().copied()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help("write `port` and `protocol`").about(About::Parts),
            };
            let place = if is_in(part.patch, &probe.span) { &probe.span } else { &part.key.span };
            said.push(problem.at(place, "this probe"));
        }
    }
}

/// Says which properties are written that stay as they were when the run began.
pub fn keep_from_start(
    what: &str,
    keys: &[String],
    (shape, written): (&'static Shape, &Node),
    problems: &mut Problems,
) {
    let mut live = changed(shape);
    live.sort_unstable();
    live.dedup();
    // Those of a scale set are too many for a line.
    let others = match live.len() {
        0..20 => format!("a write changes {}", live.join(", ")),
        _ => "`docs/properties.md` lists what a write changes".to_owned(),
    };
    let keys: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    let message = format!("{what} changes {}, which the model does not change during a run", keys.join(", "));
    let problem = Problem::error("E0505", message).at(&written.span, "this write");
    problems.push(problem.help(format!("make it a policy, which applies from the start; {others}")));
}

/// What a write makes of a balancer or a gateway.
fn of_network(
    part: &Part<'_>,
    found: &Network,
    (balancers, application): (&mut Balancers, &mut Application),
    cx: &mut Context<'_>,
) -> Option<Made<Network>> {
    let key = key_of(part.resource.as_ref().ok()?);
    let before = &found.resources[&key];
    let (is_gateway, name) = (key.0, key.1.as_str());
    let shape = if is_gateway { &gateway::RESOURCE } else { &load_balancer::RESOURCE };
    let mut addresses = found.addresses.clone();
    let read = |resource: &Node, cx: &mut Context<'_>| {
        let mut one = balancers.around();
        if is_gateway {
            gateways::one(resource, application, &mut one, cx);
        } else {
            balancers::one(resource, application, &mut one, cx);
        }
        addresses.take_in(name, resource);
        addresses.check(part, &mut Legality { rules: cx.rules, problems: cx.problems });
        Read { balancers: one, pools: balancers.pools.len(), entry_points: balancers.entry_points.len() }
    };
    if !is_gateway {
        parts::ignored_number(part, before, cx);
        let after = patched(before, part.patch, &mut Problems::new()).0;
        if let Some(problem) = parts::pool_in_use_goes(part, [before, &after], cx) {
            return Some(Made::refused(accept::refused_change(&part.name, &Problems(vec![problem]), cx)));
        }
    }
    let (after, read) = match one(part, before, shape, read, cx)? {
        Ok(written) => written,
        Err(refusal) => return Some(Made::refused(Some(refusal))),
    };
    if is_gateway && parts::counts_of_v1(part, [before, &after], cx) {
        return None;
    }
    let [was, now] = read.map(|read| balancers.adopt(read));
    if let Some((name, unlike)) = &now.unlike {
        let message = format!("the write leads `{name}` {unlike}, which the model does not do during a run");
        let problem = Problem::error("E0505", message).at(&part.patch.span, "this write");
        cx.problems.push(problem.help(unlike.help()));
        return None;
    }
    if !is_gateway {
        addresses.lead(name, &now.entry_points, balancers);
    }
    let mut resources = found.resources.clone();
    resources.insert(key, after);
    Some(Made { after: Some(Network { resources, addresses }), changes: changes(&was, &now), refusal: None })
}

/// A resource after a write, with what is read of it before and after; or what Azure answers where it refuses it.
fn one<T>(
    part: &Part<'_>,
    before: &Node,
    shape: &'static Shape,
    mut read: impl FnMut(&Node, &mut Context<'_>) -> T,
    cx: &mut Context<'_>,
) -> Option<Result<(Node, [T; 2]), u16>> {
    let known = cx.problems.count(Severity::Error);
    if let Some(problem) = &part.refused {
        return accept::refused_change(&part.name, &Problems(vec![problem.clone()]), cx).map(Err);
    }
    let (after, normal) = patched(before, part.patch, cx.problems);
    let [mut before_it, mut said] = [Problems::new(), Problems::new()];
    let was = read(before, &mut Context { problems: &mut before_it, ..cx.again() });
    let now = read(&normal, &mut Context { problems: &mut said, ..cx.again() });
    // What was wrong, or accepted, before it is no more so by it.
    said.0.retain(|problem| !before_it.iter().any(|of| (of.code, &of.message) == (problem.code, &problem.message)));
    let mut said = by((part.patch, &part.key.span), said);
    new_probes(part, [before, &after], &mut said);
    let refused = refused_of(said, cx.problems);
    if cx.problems.count(Severity::Error) > known {
        return None;
    }
    if let Some(refusal) = accept::refused_change(&part.name, &refused, cx) {
        return Some(Err(refusal));
    }
    let keys = reach::at_start(&reach::changes(shape, before, &after));
    if !keys.is_empty() {
        keep_from_start("the write", &keys, (shape, part.patch), cx.problems);
        return None;
    }
    Some(Ok((after, [was, now])))
}

/// The probes that are other ones after a write, of every pool that they look at, the entry points that lead elsewhere, and how many
/// instances a gateway may have.
fn changes(was: &Adopted, now: &Adopted) -> Vec<Change> {
    let same = |a: &Pool, b: &Pool| (&a.probe, a.all_probed_up, &a.prober) == (&b.probe, b.all_probed_up, &b.prober);
    let written = now.pools.iter().filter(|(at, is)| !was.pools.iter().any(|(of, was)| of == at && same(was, is)));
    let probe = |(pool, is): &(u16, Pool)| {
        let (probe, prober) = (Box::new(is.probe.clone()?), Box::new(is.prober.clone()));
        Some(Change::Probe { pool: *pool, probe, prober, all_probed_up: is.all_probed_up })
    };
    let gone = was.entry_points.keys().filter(|at| !now.entry_points.contains_key(at)).map(|at| (*at, None));
    let all = now.entry_points.iter().map(|(at, to)| (*at, Some(*to))).chain(gone);
    let led = all.filter(|(at, to)| was.entry_points.get(at).copied() != *to);
    let rule = |(entry_point, to)| Change::Rule { entry_point, to, cuts: false };
    let bounds = now.bounds.filter(|_| now.bounds != was.bounds);
    let bounds = bounds.map(|(gateway, least, most)| Change::Gateway { gateway, least, most });
    written.filter_map(probe).chain(led.map(rule)).chain(bounds).collect()
}
