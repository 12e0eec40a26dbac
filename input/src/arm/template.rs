//! ARM templates: which resources they deploy, with conditions decided and nested and linked deployments opened.

use std::path::Path;
use std::rc::Rc;

use super::collect::{Collection, Found};
use super::expression::{Deployed, Given, Journal, Scope, Template};
use super::resolve::Resolver;
use super::say::{shorten, shorten_front};
use super::shape;
use crate::tree::Node;

/// The resources of a template, given the values of its parameters.
pub(super) fn deploy(template: &Rc<Template>, given: Given, journal: &Rc<Journal>, collection: &mut Collection) {
    let scope = Scope::new(Rc::clone(template), given, Rc::clone(journal));
    resources(&scope, template, collection);
}

fn resources(scope: &Scope, template: &Template, collection: &mut Collection) {
    for kind in template.items.iter().filter_map(|item| item.plainly_unmodelled()) {
        collection.unmodelled(kind);
    }
    for deployed in &*scope.deployed() {
        resource(deployed, &scope.journal, collection);
    }
}

fn resource(deployed: &Rc<Deployed>, journal: &Journal, collection: &mut Collection) {
    let kind = &deployed.kind;
    let shape = shape::resource(kind).map(|(_, shape)| shape).or_else(|| shape::child(kind).map(|child| child.shape));
    let is_left_out = !deployed.is_deployed();
    if shape.is_some() || deployed.is_deployment() {
        say_condition(deployed, journal);
    }
    match shape {
        None if !deployed.is_deployment() => collection.unmodelled(kind),
        _ if is_left_out => collection.left_out += usize::from(shape.is_some()),
        _ if deployed.is_existing() => collection.existing(kind),
        None => nested(deployed, journal, collection),
        Some(shape) => {
            let name = name_of(deployed, journal, collection);
            let overlay = collection.overlay(kind, &name);
            let body = deployed.within(|env| Resolver::resolve(env, &deployed.item.node, shape, &name, overlay));
            collection.add(Found { kind: kind.clone(), name, body: body.expect("the template is there") });
        }
    }
}

/// Says where the condition of a resource rests on a stand-in, or is none.
fn say_condition(deployed: &Deployed, journal: &Journal) {
    let Some(condition) = deployed.item.node.arm("condition") else { return };
    let (outcome, rests) = journal.resting(|| deployed.key("condition"));
    let what = format!("{} `{}`", shape::without_namespace(&deployed.kind), shorten(&deployed.full_name()));
    match outcome.as_ref().map(|value| value.as_ref().and_then(Node::text).map(str::to_ascii_lowercase)) {
        Ok(Some(text)) if text == "true" || text == "false" => {
            if let Some(first) = rests.first() {
                let is = if text == "true" { "is" } else { "is not" };
                let message = format!("{what} {is} deployed, as its condition rests on {first}");
                let help = format!("give the real value with `set: {{ {}: … }}`", first.key());
                journal.say_once("W0410", message, Some((&condition.span, "this condition")), Some(help));
            }
        }
        Ok(_) => {
            let message = "a condition is neither true nor false; the resource is treated as deployed".to_owned();
            journal.say_once("W0410", message, Some((&condition.span, "this condition")), None);
        }
        Err(failure) => {
            let message =
                format!("a condition is not resolved, so the resource is treated as deployed: {}", failure.message);
            journal.say_once("W0410", message, Some((&failure.span, "not known here")), failure.help.clone());
        }
    }
}

/// The full name; one is assumed where it has no value.
fn name_of(deployed: &Deployed, journal: &Journal, collection: &mut Collection) -> String {
    let own = deployed.key("name");
    if let Err(failure) = &own {
        journal.report(failure, "name");
    }
    let is_known = own.ok().flatten().and_then(|name| name.text().map(|text| !text.is_empty())).unwrap_or(false);
    if !is_known {
        deployed.assume_name(&collection.assume_name(&deployed.kind, &deployed.item.node, journal));
    }
    deployed.full_name()
}

/// A deployment inside the template, or in a file that lies beside.
fn nested(deployed: &Rc<Deployed>, journal: &Journal, collection: &mut Collection) {
    let inner = deployed.inner();
    let address = deployed.address("templateLink");
    match (&inner, &address) {
        (Some(inner), address) => {
            let is_said = |text: &str| match text.strip_prefix(Template::BESIDE) {
                Some(path) => Path::new(path) != inner.file(),
                None => text.contains("://"),
            };
            if let Ok(Some(address)) = address
                && address.text().is_some_and(is_said)
            {
                let address = address.text().unwrap_or_default();
                let address = shorten_front(address.trim_start_matches(Template::BESIDE));
                collection.linked.push((address, deployed.item.node.span.clone()));
            }
            collection.open(deployed);
            resources(inner, inner.template(), collection);
            collection.close();
        }
        (None, Err(failure)) => journal.report(failure, "templateLink"),
        (None, Ok(address)) => {
            let address = address.as_ref().and_then(Node::text).unwrap_or("no file");
            let message = format!(
                "the deployment `{}` links to `{}`, which is not there to be read",
                shorten(&deployed.full_name()),
                shorten_front(address.trim_start_matches(Template::BESIDE))
            );
            let help = "put that file beside the template; it gets the parameters of the deployment from there";
            journal.say_once(
                "N0405",
                message,
                Some((&deployed.item.node.span, "this deployment")),
                Some(help.to_owned()),
            );
        }
    }
}
