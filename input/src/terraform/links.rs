//! What a value comes from: a plan does not know ids before they are there, but its configuration says what each refers to, through
//! the inputs and outputs of modules.

use super::address::{Chain, Modules, Step};
use super::document::{Document, Resource};
use crate::tree::Node;

/// How many inputs, outputs and loops a link goes through at most.
const DEEPEST: usize = 32;

/// Where an expression stands.
#[derive(Clone, Default)]
pub struct Scope<'a> {
    /// The modules that hold it. One without a key means all of its instances.
    pub modules: Modules,
    /// The key of the instance that it is of, `count.index` or `each.key`.
    pub key: Option<String>,
    /// The key that is asked for: of an expression that names one of these, the one above.
    asked: Option<String>,
    /// What `for_each` goes over there.
    pub each: Option<&'a Node>,
}

impl<'a> Scope<'a> {
    /// That of a resource.
    pub fn of(resource: &Resource<'a>, configuration: Option<&'a Node>) -> Self {
        Self {
            modules: resource.address.modules.clone(),
            key: resource.address.own.key.clone(),
            asked: None,
            each: configuration.and_then(|of| of.get("for_each_expression")),
        }
    }
}

/// What references lead to.
#[derive(Default)]
pub struct Found<'d, 'a> {
    /// Instances of resources, each with the attribute that is meant of it.
    pub targets: Vec<(&'d Resource<'a>, Vec<Step>)>,
    /// What the file does not say the source of.
    pub lost: Vec<String>,
}

/// Follows the references of an expression.
pub fn follow<'d, 'a>(document: &'d Document<'a>, scope: &Scope<'a>, expression: &'a Node) -> Found<'d, 'a> {
    let mut found = Found::default();
    expressions(document, scope, expression, DEEPEST, &mut found);
    found
}

/// An expression, or the expressions of a block.
fn expressions<'d, 'a>(
    document: &'d Document<'a>,
    scope: &Scope<'a>,
    expression: &'a Node,
    depth: usize,
    found: &mut Found<'d, 'a>,
) {
    let Some(deeper) = depth.checked_sub(1) else { return };
    let list: Vec<&str> = references(expression).collect();
    let by_key = |text: &&str| text.starts_with("each.") || *text == "count.index";
    let asked = if list.iter().any(by_key) { scope.key.clone() } else { scope.asked.clone() };
    let scope = Scope { asked, ..scope.clone() };
    for text in longest(&list) {
        one(document, &scope, text, deeper, found);
    }
}

/// What an expression refers to.
pub fn references(expression: &Node) -> impl Iterator<Item = &str> {
    expression.get("references").map_or(&[][..], Node::items).iter().filter_map(Node::text)
}

/// The references without those that only begin others: beside `azurerm_lb.web.id` there is `azurerm_lb.web`.
pub fn longest<'t>(list: &[&'t str]) -> Vec<&'t str> {
    let begins = |short: &str, long: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with(['.', '[']));
    list.iter().copied().filter(|short| !list.iter().any(|long| begins(short, long))).collect()
}

fn one<'d, 'a>(document: &'d Document<'a>, scope: &Scope<'a>, text: &str, depth: usize, found: &mut Found<'d, 'a>) {
    let chain = Chain::of(text);
    match chain.name(0) {
        "var" => input(document, scope, &chain, text, depth, found),
        "module" => output(document, scope, &chain, text, depth, found),
        "each" if chain.name(1) == "value" => match scope.each {
            Some(each) => expressions(document, scope, each, depth, found),
            None => found.lost.push(text.to_owned()),
        },
        "local" => found.lost.push(text.to_owned()),
        // What a data source leads to is in no plan.
        "" | "data" | "count" | "each" | "path" | "self" | "terraform" => {}
        kind => resources(document, scope, kind, &chain, found),
    }
}

/// An input of a module: what its call gives.
fn input<'d, 'a>(
    document: &'d Document<'a>,
    scope: &Scope<'a>,
    chain: &Chain,
    text: &str,
    depth: usize,
    found: &mut Found<'d, 'a>,
) {
    let Some((own, around)) = scope.modules.split_last() else { return found.lost.push(text.to_owned()) };
    let call = document.module_configuration(&scope.modules).and_then(|(_, call)| call);
    let Some(call) = call else { return found.lost.push(text.to_owned()) };
    let each = call.get("for_each_expression");
    let outside = Scope { modules: around.to_vec(), key: own.key.clone(), asked: scope.asked.clone(), each };
    if let Some(expression) = call.get("expressions").and_then(|of| of.get(chain.name(1))) {
        expressions(document, &outside, expression, depth, found);
    }
}

/// An output of a module.
fn output<'d, 'a>(
    document: &'d Document<'a>,
    scope: &Scope<'a>,
    chain: &Chain,
    text: &str,
    depth: usize,
    found: &mut Found<'d, 'a>,
) {
    let Some(step) = chain.0.get(1) else { return };
    let mut modules = scope.modules.clone();
    modules.push(step.clone());
    let is_there = |key: &Option<String>| {
        let wanted = Step { name: step.name.clone(), key: key.clone() };
        let at = modules.len() - 1;
        document.resources.iter().any(|of| of.address.modules.get(at) == Some(&wanted) && lies_in(of, &scope.modules))
    };
    if step.key.is_none() && is_there(&scope.asked) {
        modules.last_mut().expect("just pushed").key.clone_from(&scope.asked);
    }
    let inside = document.module_configuration(&modules).and_then(|(module, _)| module.get("outputs"));
    let expression = inside.and_then(|outputs| outputs.get(chain.name(2))?.get("expression"));
    let Some(expression) = expression else { return found.lost.push(text.to_owned()) };
    expressions(
        document,
        &Scope { modules, key: None, asked: scope.asked.clone(), each: None },
        expression,
        depth,
        found,
    );
}

/// Whether a resource is in these modules, or in modules within them.
fn lies_in(resource: &Resource<'_>, modules: &[Step]) -> bool {
    let own = &resource.address.modules;
    let same = |(a, b): (&Step, &Step)| a.name == b.name && (b.key.is_none() || a.key == b.key);
    own.len() >= modules.len() && own.iter().zip(modules).all(same)
}

/// The instances of a resource that a reference means: the one of its key; without one, that of the key that is asked for, or all.
fn resources<'d, 'a>(
    document: &'d Document<'a>,
    scope: &Scope<'a>,
    kind: &str,
    chain: &Chain,
    found: &mut Found<'d, 'a>,
) {
    let Some(step) = chain.0.get(1) else { return };
    let is_meant = |of: &&Resource<'_>| {
        let own = &of.address;
        own.kind == kind
            && own.own.name == step.name
            && own.modules.len() == scope.modules.len()
            && lies_in(of, &scope.modules)
    };
    let all: Vec<&Resource<'a>> = document.resources.iter().filter(is_meant).collect();
    let of_key = |key: &Option<String>| {
        let is = |of: &&&Resource<'a>| key.is_some() && of.address.own.key == *key;
        all.iter().filter(is).copied().collect::<Vec<_>>()
    };
    let mut meant = of_key(&step.key);
    if meant.is_empty() {
        meant = of_key(&scope.asked);
    }
    if meant.is_empty() && (step.key.is_none() || all.len() == 1) {
        meant = all;
    }
    found.targets.extend(meant.into_iter().map(|of| (of, chain.0[2..].to_vec())));
}
