//! `updateModel` and the other writes of the timeline to a scale set: a PATCH of the resource, shown as what it changes.

use super::balancers::Balancers;
use super::fleet::{self, Fleet};
use super::images::Images;
use super::keys::{INSTANCES, SCALE_SET, protect, scenario, timeline_entry as entry};
use super::{Context, accept, reach, write};
use crate::arm::reference::is_resource;
use crate::arm::shape;
use crate::arm::shape::scale_set::{self, ORCHESTRATION_MODE};
use crate::problem::{Problem, Problems};
use crate::scenario::legality::{self, Legality, SetFacts, fixed};
use crate::tree::{Node, Value};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Accepted, Act, Application, ModelChange, OrchestrationMode, ScaleSet, Size, SpotAct, SpotPolicy,
};
use windtunnel_sim::words;

/// What each `updateModel` of the timeline changes, by the name of its entry.
#[derive(Default)]
pub struct Changes(Vec<(String, Act)>);

impl Changes {
    /// The pools that instances join by a write of their model.
    pub fn pools(&self) -> Vec<u16> {
        let of = |(_, act): &(String, Act)| act.change().and_then(|change| change.pools.clone());
        self.0.iter().filter_map(of).flatten().collect()
    }

    /// With the acts that write what is read later.
    pub fn add(&mut self, acts: Vec<(String, Act)>) {
        self.0.extend(acts);
    }

    /// The acts of an entry, or a step, that writes resources.
    pub fn of(&self, entry: &str) -> Vec<Act> {
        self.0.iter().filter(|(name, _)| name == entry).map(|(_, act)| act.clone()).collect()
    }
}

/// What is written to a set, and by which act.
#[derive(Clone, Copy)]
struct Patch<'n> {
    of: &'n Node,
    verb: Verb,
    is_step: bool,
    is_done: bool,
    /// Azure refuses it whatever the set is like then.
    refused: Option<&'n Problem>,
}

words! {
    /// The acts that write to a set.
    pub enum Verb {
        /// Its model alone.
        UpdateModel => "updateModel",
        /// What of it there is.
        Write => "write",
    }
}

/// A set as the writes so far have left it.
struct Written {
    resource: Node,
    set: ScaleSet,
    facts: SetFacts,
    /// What of it Azure would refuse, and the scenario accepts.
    accepted: Vec<Accepted>,
}

/// Reads every `updateModel`, in the order of time: each changes what the ones before it left.
pub fn read(
    balancers: &Balancers,
    application: &mut Application,
    images: &mut Images,
    fleet: &mut Fleet,
    cx: &mut Context<'_>,
) -> Changes {
    let scenario = cx.scenario;
    let mut writes: Vec<(SimDuration, String, u16, Patch<'_>)> = Vec::new();
    for node in scenario::TIMELINE.items(scenario) {
        let at = entry::AT.given(node).unwrap_or_default();
        if let (Some(name), Some(act)) = (entry::NAME.given(node), entry::UPDATE_MODEL.node(node)) {
            let patch = Patch { of: act, verb: Verb::UpdateModel, is_step: false, is_done: true, refused: None };
            writes.extend(cx.set_of(act).map(|set| (at, name.to_owned(), set, patch)));
        }
    }
    for part in cx.parts {
        let set = part.of_type(shape::SCALE_SET).and_then(Node::name).and_then(|name| cx.sets.id(name));
        let refused = part.refused.as_ref();
        let patch = Patch { of: part.patch, verb: Verb::Write, is_step: part.is_step, is_done: part.is_done, refused };
        writes.extend(set.map(|set| (part.begins, part.name.clone(), set, patch)));
    }
    writes.sort_by_key(|(at, ..)| *at);
    let mut written: Vec<Option<Written>> = fleet.sets.iter().map(|_| None).collect();
    let mut changes = Changes::default();
    let mut accepted = Vec::new();
    for (_, name, set, act) in writes {
        let at = usize::from(set);
        let before = match written[at].take() {
            Some(before) => before,
            None => {
                let resources = scenario::RESOURCES.items(scenario);
                let same = |item: &&Node| is_resource(item, shape::SCALE_SET, &fleet.sets[at].name);
                let Some(resource) = resources.iter().find(same) else { continue };
                Written {
                    resource: resource.clone(),
                    set: fleet.sets[at].clone(),
                    facts: fleet.facts[at].clone(),
                    accepted: Vec::new(),
                }
            }
        };
        let after = match apply(&before, act, (balancers, &mut *application), images, fleet, cx) {
            Ok(mut after) => {
                accepted.append(&mut after.accepted);
                after
            }
            Err(said) => {
                let refused = said.and_then(|said| accept::refused(&name, set, &said, cx));
                changes.0.extend(refused.map(|act| (name, act)));
                written[at] = Some(before);
                continue;
            }
        };
        if let Some(change) = change(&before, &after, act, cx) {
            changes.0.push((name.clone(), Act::ChangeModel { set, change: Box::new(change) }));
        }
        if let Some(mix) = after.set.spot.mix.filter(|mix| before.set.spot.mix != Some(*mix)) {
            changes.0.push((name.clone(), Act::Spot(SpotAct::SetMix { set, mix })));
        }
        if act.verb == Verb::Write && before.set.capacity != after.set.capacity {
            changes.0.push((name, Act::SetCapacity { set, capacity: after.set.capacity }));
        }
        written[at] = Some(if act.is_done { after } else { before });
    }
    fleet.accepted.append(&mut accepted);
    changes.0.extend(balancers.written.iter().cloned());
    changes.0.extend(write::outside(balancers, application, cx));
    changes
}

/// The set after a write. Otherwise what is refused of it by the platform, or nothing where it could not be read.
fn apply(
    before: &Written,
    patch: Patch<'_>,
    (balancers, application): (&Balancers, &mut Application),
    images: &mut Images,
    fleet: &Fleet,
    cx: &mut Context<'_>,
) -> Result<Written, Option<Problems>> {
    if let Some(problem) = patch.refused {
        return Err(Some(Problems(vec![problem.clone()])));
    }
    let act = patch.of;
    let mut patch = act.clone();
    if let Value::Map(entries) = &mut patch.value {
        entries.retain(|(key, _)| key.text != SCALE_SET.entry.key);
    }
    let errors = |problems: &Problems| problems.count(crate::problem::Severity::Error);
    let known = errors(cx.problems);
    let (resource, normal) = write::patched(&before.resource, &patch, cx.problems);
    let mut one = Fleet { regions: fleet.regions.clone(), ..Fleet::default() };
    let mut said = Problems::new();
    {
        let mut cx = Context { problems: &mut said, ..cx.again() };
        fleet::one(&normal, (balancers, application), images, &mut one, &mut cx);
    }
    if let (Some(set), Some(facts)) = (one.sets.last(), one.facts.last()) {
        let mut say = Legality { rules: cx.rules, problems: &mut said };
        fixed::irreversible(&before.facts, facts, &mut say);
        legality::repairs::change(before.set.repairs.as_ref(), set.repairs.as_ref(), &act.span, &mut say);
    }
    let refused = write::refused_of(write::by((act, &act.span), said), cx.problems);
    if errors(cx.problems) > known {
        return Err(None);
    }
    if !refused.is_empty() {
        return Err(Some(refused));
    }
    match (one.sets.pop(), one.facts.pop()) {
        (Some(set), Some(facts)) => Ok(Written { resource, set, facts, accepted: one.accepted }),
        _ => Err(None),
    }
}

/// What a write changes, in terms of the model.
fn change(before: &Written, after: &Written, patch: Patch<'_>, cx: &mut Context<'_>) -> Option<ModelChange> {
    let (was, now, act, verb) = (&before.set, &after.set, patch.of, patch.verb.word());
    let image = (was.image != now.image).then_some(now.image);
    let profile = (was.profile != now.profile).then(|| now.profile.clone());
    let upgrade = (was.upgrade != now.upgrade).then_some(now.upgrade);
    let pools = (was.pools != now.pools).then(|| now.pools.clone());
    // A policy that is gone enables nothing.
    let repairs = (was.repairs != now.repairs).then(|| now.repairs.unwrap_or_default());
    let resized = was.capacity != now.capacity;
    if resized && patch.verb == Verb::UpdateModel {
        let problem = Problem::error("E0505", "`updateModel` changes `sku.capacity`");
        cx.problems.push(problem.at(&act.span, "this write").help("write `setCapacity` in an entry of its own"));
        return None;
    }
    let mut changes = reach::changes(&scale_set::RESOURCE, &before.resource, &after.resource);
    // These are acts of their own.
    let mixed = was.spot.mix != now.spot.mix;
    let own = |key: &str| {
        resized && key == scale_set::CAPACITY.key
            || mixed && [scale_set::MIX_BASE.key, scale_set::MIX_PERCENT.key].contains(&key)
    };
    changes.retain(|(key, _)| !own(key));
    if !is_otherwise_the_same(was, now) {
        let keys = reach::at_start(&changes);
        debug_assert!(!keys.is_empty(), "what a run does not change is declared: {changes:?}");
        write::keep_from_start(&format!("`{verb}`"), &keys, (&scale_set::RESOURCE, act), cx.problems);
        return None;
    }
    let rest = reach::of(&changes);
    let size = (was.size != now.size).then(|| Size { name: now.size.clone(), cores: now.cores, prices: now.prices });
    let change = ModelChange { image, profile, pools, upgrade, repairs, size, rest };
    if before.resource == after.resource && patch.verb == Verb::Write {
        // It is made all the same, and takes its time.
        if !patch.is_step {
            let problem = Problem::warning("W0225", "the write changes nothing");
            let problem = problem.at(&act.span, "the scale set already has all of its values");
            cx.problems.push(problem.help("write another value, or remove the write"));
        }
        return Some(change);
    }
    if before.resource == after.resource {
        let problem = Problem::error("E0302", format!("`{verb}` changes nothing"));
        cx.problems.push(
            problem
                .at(&act.span, "the model already has all of its values")
                .help("to start an upgrade without a change, write `startUpgrade`"),
        );
        return None;
    }
    (!changes.is_empty()).then_some(change)
}

/// Whether a set is what it was, but for what a write may change in the middle of a run.
fn is_otherwise_the_same(was: &ScaleSet, now: &ScaleSet) -> bool {
    // A mix can become another one.
    let spot = SpotPolicy { mix: now.spot.mix.or(was.spot.mix), ..was.spot };
    // How it began is read with the model of now, and is over.
    let ScaleSet { start, image, profile, pools, size, cores, prices, windows, capacity, upgrade, repairs, .. } =
        now.clone();
    *now == ScaleSet {
        start,
        image,
        profile,
        pools,
        spot,
        size,
        cores,
        prices,
        windows,
        capacity,
        upgrade,
        repairs,
        ..was.clone()
    }
}

/// The acts that need no more than names.
pub fn act(node: &Node, cx: &mut Context<'_>) -> Option<Act> {
    if let Some(act) = entry::UPGRADE_INSTANCES.node(node) {
        return Some(Act::UpgradeInstances { set: cx.set_of(act)?, which: INSTANCES.read(act) });
    }
    if let Some(act) = entry::START_UPGRADE.node(node) {
        return Some(Act::StartUpgrade { set: cx.set_of(act)? });
    }
    if let Some(act) = entry::START_OS_UPGRADE.node(node) {
        return Some(Act::StartOsUpgrade { set: cx.set_of(act)? });
    }
    if let Some(act) = entry::APPROVE_OS_UPGRADE.node(node) {
        return Some(Act::ApproveOsUpgrade { set: cx.set_of(act)?, which: INSTANCES.read(act) });
    }
    if let Some(act) = entry::CANCEL_UPGRADE.node(node) {
        return Some(Act::CancelUpgrade { set: cx.set_of(act)? });
    }
    let act = entry::PROTECT.node(node)?;
    let set = cx.set_of(act)?;
    old_api(act, set, cx);
    let from_scale_set_actions = protect::PROTECT_FROM_SCALE_SET_ACTIONS.read(act);
    // The second implies the first, and asking for it without is refused (IP-03).
    let from_scale_in = protect::PROTECT_FROM_SCALE_IN.given(act).unwrap_or(from_scale_set_actions);
    if from_scale_set_actions && !from_scale_in && cx.rules.on(windtunnel_sim::rules::IP_03) {
        let mut said = Problems::new();
        Legality { rules: cx.rules, problems: &mut said }.refuse(
            windtunnel_sim::rules::IP_03,
            &act.span,
            "`protectFromScaleSetActions` without `protectFromScaleIn`",
            "the second protection implies the first: remove `protectFromScaleIn`, or set it to true",
        );
        let name = entry::NAME.given(node).unwrap_or_default();
        return accept::refused(name, set, &said, cx);
    }
    Some(Act::Protect { set, which: INSTANCES.read(act), from_scale_in, from_scale_set_actions })
}

/// Protection came with a version of the API (IP-05).
fn old_api(act: &Node, set: u16, cx: &mut Context<'_>) {
    let name = cx.sets.0.get(usize::from(set));
    let mut resources = scenario::RESOURCES.items(cx.scenario).iter();
    let Some(resource) = resources.find(|one| name.is_some_and(|name| is_resource(one, shape::SCALE_SET, name))) else {
        return;
    };
    let mode = ORCHESTRATION_MODE.get(resource).map(|at| at.value);
    let flexible = mode == Some(OrchestrationMode::Flexible);
    let needed = if flexible { "2023-09-01" } else { "2019-03-01" };
    if let Some((version, _)) = fleet::api_version(resource).filter(|(version, _)| version.as_str() < needed) {
        let message = format!("instance protection needs apiVersion {needed}, but the set has {version}");
        let mut say = Legality { rules: cx.rules, problems: cx.problems };
        say.warn(windtunnel_sim::rules::IP_05, &act.span, &message, "the call needs a newer version than the template");
    }
}
