//! The resources of a template, with every expression in a modelled field evaluated.

use std::cell::RefCell;

use super::expression::{Env, Failure};
use super::say::shorten;
use super::shape::{Kind, Shape};
use crate::problem::count;
use crate::tree::{Node, Value};

/// Evaluates one resource, going by its shape, so that what is not modelled need not have a value.
pub(super) struct Resolver {
    path: RefCell<Vec<String>>,
    /// What failed in fields that are kept as they are.
    open: RefCell<Vec<(String, Failure)>>,
}

impl Resolver {
    /// The resource with all values it has.
    pub(super) fn resolve(env: &Env<'_>, node: &Node, shape: &'static Shape, name: &str) -> Node {
        let resolver = Self { path: RefCell::default(), open: RefCell::default() };
        let resolved = resolver.object(env, node, shape);
        let open = resolver.open.into_inner();
        if let Some((_, first)) = open.first() {
            let mut fields: Vec<String> = Vec::new();
            for (path, _) in &open {
                if !fields.contains(path) {
                    fields.push(path.clone());
                }
            }
            let message =
                format!("`{}`: {} not resolved: {}", shorten(name), count(open.len(), "value"), fields.join(", "));
            let advice = first.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
            let help = Some(format!("the first: {}{advice}", first.message));
            env.scope.journal.say_once("N0409", message, Some((&first.span, "treated as absent")), help);
        }
        resolved.unwrap_or_else(|| Node { span: node.span.clone(), value: Value::Map(Vec::new()) })
    }

    fn value(&self, env: &Env<'_>, node: &Node, kind: Kind) -> Option<Node> {
        match (kind, &node.value) {
            (Kind::Object(shape), Value::Map(_)) => self.object(env, node, shape),
            (Kind::List(kind), Value::Seq(items)) => {
                let items = items.iter().filter_map(|item| self.value(env, item, *kind)).collect();
                Some(Node { span: node.span.clone(), value: Value::Seq(items) })
            }
            (Kind::Open, _) => self.leaf(env, node, true),
            _ => self.leaf(env, node, false),
        }
    }

    fn leaf(&self, env: &Env<'_>, node: &Node, open: bool) -> Option<Node> {
        let failures = RefCell::default();
        let value = Env { failures: &failures, ..*env }.resolve_or_report(node);
        let path = self.path.borrow().join(".");
        for failure in failures.into_inner() {
            if open {
                self.open.borrow_mut().push((path.clone(), failure));
            } else {
                env.scope.journal.report(&failure, &path);
            }
        }
        value
    }

    fn object(&self, env: &Env<'_>, node: &Node, shape: &'static Shape) -> Option<Node> {
        let failures = RefCell::default();
        let inner = Env { failures: &failures, ..*env };
        let object = inner.entries(node, &|env, key, child| self.entry(env, key, child, shape));
        let path = self.path.borrow().join(".");
        for failure in failures.into_inner() {
            env.scope.journal.report(&failure, &path);
        }
        match object {
            Ok(object) => Some(object),
            Err(failure) => {
                env.scope.journal.report(&failure, &path);
                None
            }
        }
    }

    fn entry(&self, env: &Env<'_>, key: &str, child: &Node, shape: &'static Shape) -> Option<Node> {
        let under = shape.inner.filter(|_| key.eq_ignore_ascii_case("properties"));
        let row = shape.row(key).or_else(|| shape.inner?.row(key));
        if under.is_none() {
            self.path.borrow_mut().push(key.to_owned());
        }
        let value = match (under, row) {
            (Some(inner), _) if matches!(child.value, Value::Map(_)) => self.object(env, child, inner),
            (Some(_), _) => self.leaf(env, child, false),
            (None, Some(row)) => self.value(env, child, row.kind()),
            // Not modelled: kept as it is written, so that it can be listed.
            (None, None) => Some(child.clone()),
        };
        if under.is_none() {
            self.path.borrow_mut().pop();
        }
        value
    }
}
