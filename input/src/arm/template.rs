//! ARM templates: which resources they deploy, with loops unrolled, conditions decided and nested deployments opened.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::collect::{Collection, Found};
use super::expression::{Env, Journal, Loop, Outcome, Scope, text};
use super::resolve::Resolver;
use super::shape;
use crate::tree::{Node, Value, by_name};

const DEPLOYMENT: &str = "Microsoft.Resources/deployments";

/// The resources of a template, given the values of its parameters by name in lower case.
pub(super) fn deploy(
    template: &Node,
    given: BTreeMap<String, Outcome<Node>>,
    journal: &Journal,
    collection: &mut Collection,
) {
    let scope = Scope::new(template, given, journal);
    let failures = RefCell::default();
    let env = Env { scope: &scope, failures: &failures, loops: &[], locals: &[], depth: 0 };
    resources(&env, template.arm("resources"), None, collection);
}

/// The type and name of the resource that another one stands inside.
type Parent<'a> = Option<(&'a str, &'a str)>;

fn resources(env: &Env<'_>, list: Option<&Node>, parent: Parent<'_>, collection: &mut Collection) {
    let Some(list) = list else { return };
    // Since language version 2.0 an object by symbolic name, whose order means nothing.
    let mut named: Vec<_> = list.entries().iter().collect();
    named.sort_by(|(a, _), (b, _)| by_name(&a.text, &b.text));
    for item in list.items().iter().chain(named.into_iter().map(|(_, resource)| resource)) {
        if is_plainly_unmodelled(item, parent) {
            // Its loop and condition need not have a value, nor its parameters a placeholder.
            let kind = item.arm("type").and_then(Node::text).unwrap_or_default();
            collection.unmodelled(kind.split('@').next().unwrap_or_default());
            continue;
        }
        let copy = item.arm("copy").filter(|copy| matches!(copy.value, Value::Map(_)));
        let Some(copy) = copy else {
            resource(env, item, parent, collection);
            continue;
        };
        let count = match env.copy_count(copy) {
            Ok(count) => count,
            Err(failure) => {
                env.scope.journal.report(&failure, "copy");
                continue;
            }
        };
        let name = copy.arm("name").and_then(|name| env.resolve(name).ok());
        let name = name.as_ref().and_then(Node::text).unwrap_or_default().to_owned();
        for index in 0..count {
            let mut loops = env.loops.to_vec();
            loops.push(Loop { name: name.clone(), index, of_resource: true });
            resource(&Env { loops: &loops, ..*env }, item, parent, collection);
        }
    }
}

/// Whether a resource is, without evaluating anything, of a type that is not modelled.
fn is_plainly_unmodelled(node: &Node, parent: Parent<'_>) -> bool {
    let Some(kind) = node.arm("type").and_then(Node::text) else { return false };
    let kind = kind.split('@').next().unwrap_or_default();
    parent.is_none()
        && !kind.starts_with('[')
        && node.arm("resources").is_none()
        && !kind.eq_ignore_ascii_case(DEPLOYMENT)
        && shape::resource(kind).is_none()
        && shape::child(kind).is_none()
}

fn resource(env: &Env<'_>, node: &Node, parent: Parent<'_>, collection: &mut Collection) {
    let Some(written) = node.arm("type") else { return };
    // Loops in loops are bounded by this alone.
    if let Err(failure) = env.scope.journal.steps(1, &written.span) {
        return env.scope.journal.report(&failure, "");
    }
    let kind = match env.resolve(written) {
        Ok(kind) => kind.text().unwrap_or_default().to_owned(),
        Err(failure) => return env.scope.journal.report(&failure, "type"),
    };
    // Bicep writes `Type@version` for type and version together.
    let kind = kind.split('@').next().unwrap_or_default();
    let kind = match parent {
        Some((outer, _)) if !kind.split('/').next().is_some_and(|first| first.contains('.')) => {
            format!("{outer}/{kind}")
        }
        _ => kind.to_owned(),
    };
    let shape = shape::resource(&kind).map(|(_, shape)| shape).or_else(|| shape::child(&kind).map(|child| child.shape));
    let is_deployment = kind.eq_ignore_ascii_case(DEPLOYMENT);
    let children = node.arm("resources");
    if shape.is_none() && !is_deployment && children.is_none() {
        return collection.unmodelled(&kind);
    }
    if !is_deployed(env, node) {
        return;
    }
    if node.arm("existing").and_then(Node::text) == Some("true") {
        return collection.existing(&kind, node);
    }
    if is_deployment {
        return nested(env, node, collection);
    }
    let name = name_of(env, node, &kind, parent, collection);
    match shape {
        Some(shape) => {
            let body = Resolver::resolve(env, node, shape, &name);
            collection.add(Found { kind: kind.clone(), name: name.clone(), body });
        }
        None => collection.unmodelled(&kind),
    }
    resources(env, children, Some((&kind, &name)), collection);
}

fn is_deployed(env: &Env<'_>, node: &Node) -> bool {
    let Some(condition) = node.arm("condition") else { return true };
    let outcome = env.resolve(condition);
    match outcome.as_ref().map(|value| value.text().map(str::to_ascii_lowercase)) {
        Ok(Some(text)) if text == "true" => true,
        Ok(Some(text)) if text == "false" => false,
        Ok(_) => {
            let message = "a condition is neither true nor false; the resource is treated as deployed".to_owned();
            env.scope.journal.say_once("W0410", message, Some((&condition.span, "this condition")), None);
            true
        }
        Err(failure) => {
            let message =
                format!("a condition is not resolved, so the resource is treated as deployed: {}", failure.message);
            let help = failure.help.clone();
            env.scope.journal.say_once("W0410", message, Some((&failure.span, "not known here")), help);
            true
        }
    }
}

/// The full name: `vmss/extension` for a child, however it is written.
fn name_of(env: &Env<'_>, node: &Node, kind: &str, parent: Parent<'_>, collection: &mut Collection) -> String {
    let resolved = node.arm("name").map(|name| env.resolve(name));
    let name = match resolved {
        Some(Ok(name)) if name.text().is_some_and(|text| !text.is_empty()) => name.text().map(str::to_owned),
        Some(Err(failure)) => {
            env.scope.journal.report(&failure, "name");
            None
        }
        _ => None,
    };
    let name = name.unwrap_or_else(|| collection.assume_name(kind, node, env.scope.journal));
    let depth = kind.split('/').count() - 1;
    match parent {
        Some((_, outer)) if name.split('/').count() < depth => format!("{outer}/{name}"),
        _ => name,
    }
}

/// A deployment inside the template.
fn nested(env: &Env<'_>, node: &Node, collection: &mut Collection) {
    let journal = env.scope.journal;
    let template = node.arm_path(&["properties", "template"]);
    let Some(template) = template.filter(|template| matches!(template.value, Value::Map(_))) else {
        let message = "a deployment links to another file, which is not followed".to_owned();
        let help = Some("read that file too if it has scale sets or load balancers".to_owned());
        return journal.say_once("N0405", message, Some((&node.span, "this deployment")), help);
    };
    let scope = node.arm_path(&["properties", "expressionEvaluationOptions", "scope"]).and_then(Node::text);
    if !scope.is_some_and(|scope| scope.eq_ignore_ascii_case("inner")) {
        return resources(env, template.arm("resources"), None, collection);
    }
    let given = node.arm_path(&["properties", "parameters"]).map(|given| inner_parameters(env, given));
    let inner = Scope::new(template, given.unwrap_or_default(), journal);
    let failures = RefCell::default();
    let inner = Env { scope: &inner, failures: &failures, loops: &[], locals: &[], depth: env.depth };
    resources(&inner, template.arm("resources"), None, collection);
}

/// The values that an outer template gives the parameters of an inner one.
fn inner_parameters(env: &Env<'_>, given: &Node) -> BTreeMap<String, Outcome<Node>> {
    let computed = (!matches!(given.value, Value::Map(_))).then(|| env.resolve(given).ok()).flatten();
    let entries = computed.as_ref().unwrap_or(given).entries();
    let mut values = BTreeMap::new();
    for (key, entry) in entries {
        let value = entry.entries().iter().find(|(k, _)| k.text.eq_ignore_ascii_case("value")).map(|(_, value)| value);
        match value {
            Some(value) => _ = values.insert(key.text.to_ascii_lowercase(), env.resolve(value)),
            // A whole entry may be an expression that makes `{ "value": … }`.
            None if entry.text().is_some() => {
                let made =
                    env.resolve(entry).map(|made| made.arm("value").cloned().unwrap_or_else(|| text("", &entry.span)));
                values.insert(key.text.to_ascii_lowercase(), made);
            }
            None => {}
        }
    }
    values
}
