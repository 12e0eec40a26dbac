//! Resources of the provider `azapi`: their type and body are ARM's. Version 1 writes the body as a text that is JSON, version 2 as an
//! object. What updates a resource is laid over it.

use super::document::Resource;
use super::links::{self, Scope};
use super::map::Known;
use super::nodes::{put, put_keys, read_json};
use super::{Fleet, Found};
use crate::arm::reference::split_id;
use crate::arm::shape;
use crate::problem::{Problem, Problems};
use crate::tree::{Node, Value};

const RESOURCE: &str = "azapi_resource";
const UPDATE: &str = "azapi_update_resource";

/// Whether a type is one of these.
pub fn is(kind: &str) -> bool {
    kind == RESOURCE || kind == UPDATE
}

/// The ARM type of a resource, without the version behind it.
pub fn kind_of<'a>(resource: &Resource<'a>) -> Option<&'a str> {
    if !is(&resource.address.kind) {
        return None;
    }
    let text = resource.values.get("type")?.text()?;
    Some(text.split_once('@').map_or(text, |(kind, _)| kind))
}

/// Keys of ARM whose value is an id, and what that is of.
const LINKS: &[(&str, &str)] = &[
    ("healthProbe", "Microsoft.Network/loadBalancers/probes"),
    ("probe", "Microsoft.Network/loadBalancers/probes"),
    ("backendAddressPool", "Microsoft.Network/loadBalancers/backendAddressPools"),
    ("backendAddressPools", "Microsoft.Network/loadBalancers/backendAddressPools"),
    ("loadBalancerBackendAddressPools", "Microsoft.Network/loadBalancers/backendAddressPools"),
    ("loadBalancerInboundNatPools", "Microsoft.Network/loadBalancers/inboundNatPools"),
    ("applicationGatewayBackendAddressPools", "Microsoft.Network/applicationGateways/backendAddressPools"),
    ("frontendIPConfiguration", "Microsoft.Network/loadBalancers/frontendIPConfigurations"),
    ("publicIPAddress", "Microsoft.Network/publicIPAddresses"),
    ("targetResourceUri", shape::SCALE_SET),
    ("metricResourceUri", shape::SCALE_SET),
    ("attachedVirtualMachineScaleSetId", shape::SCALE_SET),
    ("originGroup", "Microsoft.Cdn/profiles/originGroups"),
];

/// The resource at a place of the document; none where its type is not modelled.
pub fn found(known: Known<'_, '_>, at: usize, fleet: &mut Fleet, problems: &mut Problems) -> Option<Found> {
    let resource = &known.0.resources[at];
    let kind = kind_of(resource)?;
    if shape::resource(kind).is_none() && shape::child(kind).is_none() {
        fleet.unmodelled.push(kind.to_owned());
        return None;
    }
    let (_, name) = known.1.get(at).and_then(|(_, id)| split_id(id))?;
    let written = resource.values.get("body");
    let mut body = match written {
        Some(node) if matches!(node.value, Value::Map(_)) => node.clone(),
        Some(node) => read_json(node)?,
        None => Node { span: resource.span.clone(), value: Value::Map(Vec::new()) },
    };
    let unknown = resource.unknown.and_then(|of| of.get("body"));
    if unknown.and_then(Node::text) == Some("true") {
        let message = format!("the body of `{}` is known only after apply", resource.address);
        let help = "its text is made of values that are not known yet; in version 2 of `azapi` write `body` as an \
            object, of which the plan shows what is known";
        problems.push(Problem::warning("W0412", message).at(resource.span, "nothing of it is known").help(help));
    }
    if let Some(unknown) = unknown {
        let mut links = Vec::new();
        marked(unknown, &mut Vec::new(), &mut links);
        for path in links {
            link(known, resource, &path, &mut body, problems);
        }
    }
    if let Some(location) = resource.values.get("location").filter(|node| node.text().is_some()) {
        put(&mut body, "location", location.clone());
    }
    if let Some((node, (_, version))) =
        resource.values.get("type").and_then(|node| Some((node, node.text()?.split_once('@')?)))
    {
        put(&mut body, "apiVersion", Node::quoted(&node.span, version));
    }
    Some(Found { kind: kind.to_owned(), name, body })
}

/// The paths that are marked; an item of a list is its number.
fn marked(node: &Node, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let items = node.items().iter().enumerate().map(|(at, item)| (at.to_string(), item));
    let entries = node.entries().iter().map(|(key, value)| (key.text.clone(), value));
    for (key, inner) in items.chain(entries) {
        path.push(key);
        marked(inner, path, found);
        path.pop();
    }
    if node.text() == Some("true") && !path.is_empty() {
        found.push(path.clone());
    }
}

/// Puts the id that is meant at a path whose value is known only after apply.
fn link(known: Known<'_, '_>, resource: &Resource<'_>, path: &[String], body: &mut Node, problems: &mut Problems) {
    let keys: Vec<&str> = path.iter().map(String::as_str).filter(|key| key.parse::<usize>().is_err()).collect();
    let key = keys.iter().rev().find(|key| !key.eq_ignore_ascii_case("id")).copied().unwrap_or_default();
    let full = keys.join(".");
    let configuration = known.0.configuration(&resource.address);
    let expression = configuration.and_then(|of| of.get("expressions")?.get("body"));
    let kind = LINKS.iter().find(|(link, _)| link.eq_ignore_ascii_case(key)).map(|(_, kind)| *kind);
    let (mut ids, mut lost) = (Vec::new(), true);
    if let (Some(kind), Some(expression)) = (kind, expression) {
        let found = links::follow(known.0, &Scope::of(resource, configuration), expression);
        for (of, rest) in &found.targets {
            ids.extend(known.1.of_type(known.0, of, rest, kind));
        }
        lost = !found.lost.is_empty();
    }
    if let (Some(kind), true, true) = (kind, ids.is_empty(), lost) {
        ids = known.1.candidates(known.0, resource, kind);
    }
    ids.sort();
    ids.dedup();
    let span = expression.map_or(resource.span, |expression| &expression.span);
    match ids.as_slice() {
        [only] => put_at(body, path, Node::quoted(span, only)),
        _ => {
            let message = format!("`{full}` of `{}` is known only after apply, and counts as absent", resource.address);
            let help = "the references of a body do not say which of its values is which; give it in an `overlay`";
            problems.push(Problem::warning("W0412", message).at(span, "known only after apply").help(help));
        }
    }
}

/// Puts a value at a path with numbers of items, made where they are missing.
fn put_at(node: &mut Node, path: &[String], value: Node) {
    let Some((key, rest)) = path.split_first() else {
        *node = value;
        return;
    };
    let empty = |span| Node { span, value: Value::Map(Vec::new()) };
    if let Ok(at) = key.parse::<usize>() {
        if !matches!(node.value, Value::Seq(_)) {
            node.value = Value::Seq(Vec::new());
        }
        let span = node.span.clone();
        let Value::Seq(items) = &mut node.value else { return };
        while items.len() <= at {
            items.push(empty(span.clone()));
        }
        put_at(&mut items[at], rest, value);
    } else {
        let Value::Map(_) = node.value else {
            *node = empty(node.span.clone());
            return put_at(node, path, value);
        };
        if node.get(key).is_none() {
            let span = value.span.clone();
            if let Value::Map(entries) = &mut node.value {
                entries.retain(|(known, _)| known.text != *key);
            }
            put_keys(node, &[key], empty(span));
        }
        let Value::Map(entries) = &mut node.value else { return };
        if let Some((_, inner)) = entries.iter_mut().find(|(known, _)| known.text == *key) {
            put_at(inner, rest, value);
        }
    }
}

/// Whether a resource only updates another.
pub fn is_update(resource: &Resource<'_>) -> bool {
    resource.address.kind == UPDATE
}

/// Lays what updates a resource over it, as the provider does: objects key by key, lists of one length item by item, other lists whole.
pub fn lay_over(fleet: &mut Fleet, updates: Vec<(String, Found)>, problems: &mut Problems) {
    for (address, update) in updates {
        let is_meant =
            |of: &&mut Found| of.kind.eq_ignore_ascii_case(&update.kind) && of.name.eq_ignore_ascii_case(&update.name);
        match fleet.found.iter_mut().find(is_meant) {
            Some(of) => over(&mut of.body, update.body),
            None => {
                let message = format!("`{address}` updates `{}`, which is not in this file", update.name);
                let help = "load the file of that resource, with what this says as its `overlay`";
                problems.push(Problem::warning("W0409", message).at(&update.body.span, "has no effect").help(help));
            }
        }
    }
}

fn over(old: &mut Node, new: Node) {
    match (&mut old.value, new.value) {
        (Value::Map(entries), Value::Map(changes)) => {
            for (key, value) in changes {
                match entries.iter_mut().find(|(known, _)| known.text.eq_ignore_ascii_case(&key.text)) {
                    Some((_, known)) => over(known, value),
                    None => entries.push((key, value)),
                }
            }
        }
        (Value::Seq(items), Value::Seq(changes)) if items.len() == changes.len() => {
            items.iter_mut().zip(changes).for_each(|(item, change)| over(item, change));
        }
        (_, value) => *old = Node { span: new.span, value },
    }
}
