//! What the user wrote: the resources of the scenario, and what the timeline has written to them by an instant.

use super::View;
use crate::input::arm;
use crate::input::arm::reference::means;
use crate::input::arm::shape::scale_set::INSTANCES;
use crate::input::arm::shape::{GATEWAY, SCALE_SET, SECRET};
use crate::input::patch;
use crate::input::problem::Problems;
use crate::input::read;
use crate::input::tree::{Node, Value as Tree};
use serde_json::{Value, json};
use windtunnel_sim::plan::{Act, ImageReference};
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::ids::{Entry, SetId};

/// The scenario of a run, as its folder keeps it.
#[derive(Clone, Debug)]
pub struct Resources(Node);

impl Resources {
    /// Of the effective scenario; `None` if it cannot be read.
    pub fn of(effective: &Value) -> Option<Self> {
        read::read_text("plan.json", format!("{effective:#}"), &mut Problems::new()).map(Self)
    }

    /// A resource, by its type and name.
    pub fn find(&self, kind: &str, name: &str) -> Option<&Node> {
        let is = |node: &Node, key, text: &str| {
            node.arm(key).and_then(Node::text).is_some_and(|found| found.eq_ignore_ascii_case(text))
        };
        let items = self.0.get("resources").map_or(&[][..], Node::items);
        items.iter().find(|node| is(node, "type", kind) && is(node, "name", name))
    }

    /// What an act writes of a resource, by the name of its entry or of its step.
    fn written(&self, act: &str, (kind, name): (&str, &str)) -> Option<Node> {
        let timeline = self.0.get("timeline").map_or(&[][..], Node::items);
        let named = |name: &str| timeline.iter().find(|entry| entry.name() == Some(name));
        let entry = named(act).or_else(|| {
            let (of, number) = act.rsplit_once('/')?;
            named(of)?.get("steps")?.items().get(number.parse::<usize>().ok()?.checked_sub(1)?)
        })?;
        if let Some(update) = entry.get("updateModel") {
            let mut update = update.clone();
            if let Tree::Map(entries) = &mut update.value {
                entries.retain(|(key, _)| key.text != "scaleSet");
            }
            return Some(update);
        }
        let Tree::Map(resources) = &entry.get("write")?.value else { return None };
        let of_it = resources.iter().find(|(key, _)| means(&key.text, kind, name));
        of_it.map(|(_, patch)| patch.clone())
    }

    /// A resource after an act, with what that writes of it.
    fn after(&self, mut node: Node, act: &str, of: (&str, &str)) -> Node {
        let Some(patch) = self.written(act, of) else { return node };
        // It was checked when the scenario was read.
        patch::resource(&mut node, &patch, &mut Problems::new());
        arm::normalise(node, &mut Problems::new())
    }
}

/// A resource as Azure shows it: without what it never shows, and without what only a template has.
pub fn shown(node: &Node) -> Value {
    let mut body = node.to_json();
    if let Some(entries) = body.as_object_mut() {
        entries.remove("apiVersion");
        if let Some(unread) = entries.remove(arm::UNREAD) {
            add(&mut body, unread);
        }
    }
    // Azure has the instances of a set in a list of their own.
    if let Some(properties) = body["properties"].as_object_mut() {
        properties.remove(INSTANCES.key);
    }
    hide(&mut body);
    body
}

/// Puts what no table models in its place again; elements of lists are matched by their names, and one that is gone stays so.
fn add(body: &mut Value, rest: Value) {
    match (body, rest) {
        (Value::Object(body), Value::Object(rest)) => {
            for (key, value) in rest {
                match body.get_mut(&key) {
                    Some(known) => add(known, value),
                    None => _ = body.insert(key, value),
                }
            }
        }
        (Value::Array(body), Value::Array(rest)) => {
            for value in rest {
                if let Some(known) = body.iter_mut().find(|known| known["name"] == value["name"]) {
                    add(known, value);
                }
            }
        }
        _ => {}
    }
}

/// Gives the parts of a resource what Azure shows of each: an id within the resource, and a state. What is null is not shown.
pub fn name_parts(body: &mut Value, lists: &[&str]) {
    let id = body["id"].as_str().unwrap_or_default().to_owned();
    for list in lists {
        for part in parts(body, list) {
            part["id"] = format!("{id}/{list}/{}", part["name"].as_str().unwrap_or_default()).into();
            part["properties"]["provisioningState"] = "Succeeded".into();
        }
    }
    if let Some(properties) = body["properties"].as_object_mut() {
        properties.retain(|_, value| !value.is_null());
    }
}

/// The parts in one list of a resource; none where it has no such list.
pub fn parts<'b>(body: &'b mut Value, list: &str) -> impl Iterator<Item = &'b mut Value> {
    body["properties"].get_mut(list).and_then(Value::as_array_mut).into_iter().flatten()
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            entries.retain(|key, _| !SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(key)));
            entries.values_mut().for_each(hide);
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}

/// The resource of a set under a revision of its model; `None` where no resource is at hand.
pub fn of_set(view: &View<'_, '_>, set: SetId, revision: u32) -> Option<Value> {
    let resources = view.resources?;
    let name = view.instant.names.set(set);
    let mut node = resources.find(SCALE_SET, name)?.clone();
    for record in &view.instant.ledger {
        let Fact::ModelChanged { set: of, revision: new } = record.fact else { continue };
        if of != set || new > revision {
            continue;
        }
        let act = action(&view.instant.ledger, record.cause);
        if let Some(act) = act {
            node = resources.after(node, &view.instant.plan().timeline[act].name, (SCALE_SET, name));
        }
    }
    Some(shown(&node))
}

/// A balancer or a gateway with what was written to it by now: ARM has it as soon as it has accepted the write.
pub fn as_written(view: &View<'_, '_>, resources: &Resources, (kind, name): (&str, &str)) -> Option<Value> {
    let (plan, mut node) = (view.instant.plan(), resources.find(kind, name)?.clone());
    for record in &view.instant.ledger {
        let Fact::ActionTaken { action } = record.fact else { continue };
        let planned = &plan.timeline[action.index()];
        let Act::Write(write) = &planned.what else { continue };
        let is_it = write.resource == name && write.gateway.is_some() == (kind == GATEWAY);
        if !is_it || view.instant.world.timeline.outcome(plan, action).refusal.is_some() {
            continue;
        }
        node = resources.after(node, &planned.name, (kind, name));
    }
    Some(shown(&node))
}

/// The entry of the timeline that an entry of the ledger follows from.
fn action(ledger: &[Record], mut entry: Entry) -> Option<usize> {
    loop {
        let record = ledger.get((entry.0 as usize).checked_sub(1)?)?;
        if let Fact::ActionTaken { action } = record.fact {
            return Some(action.index());
        }
        entry = record.cause;
    }
}

/// `imageReference` of a model, as it is written.
pub fn reference(view: &View<'_, '_>, reference: ImageReference) -> Value {
    let plan = view.instant.plan();
    let (of, number) = match reference {
        ImageReference::Definition(of) | ImageReference::PlatformLatest(of) => (of, None),
        ImageReference::Version(image) => {
            let image = windtunnel_sim::world::ids::ImageId(image);
            (plan.images[image.index()].version.definition, view.number(image))
        }
    };
    let definition = &plan.definitions[usize::from(of)];
    // The name of a platform image is its three parts.
    if let [publisher, offer, sku] = definition.split(':').collect::<Vec<_>>()[..] {
        let version = number.unwrap_or_else(|| "latest".to_owned());
        return json!({ "publisher": publisher, "offer": offer, "sku": sku, "version": version });
    }
    let version = number.map_or_else(String::new, |number| format!("/versions/{number}"));
    json!({ "id": format!("images/{definition}{version}") })
}
