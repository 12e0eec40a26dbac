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
    /// The resource with all values it has. What an overlay gives need not have one.
    pub(super) fn resolve(
        env: &Env<'_>,
        node: &Node,
        shape: &'static Shape,
        name: &str,
        overlay: Option<&Node>,
    ) -> Node {
        let resolver = Self { path: RefCell::default(), open: RefCell::default() };
        let resolved = resolver.object(env, node, shape, overlay);
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

    fn value(&self, env: &Env<'_>, node: &Node, kind: Kind, over: Option<&Node>) -> Option<Node> {
        match (kind, &node.value) {
            (Kind::Object(shape), Value::Map(_)) => self.object(env, node, shape, over),
            (Kind::List(kind), Value::Seq(items)) => {
                let item = |item: &Node| {
                    let named = |over: &&Node| over.name().is_some() && over.name() == item.name();
                    self.value(env, item, *kind, over.and_then(|over| over.items().iter().find(named)))
                };
                let items = items.iter().filter_map(item).collect();
                Some(Node { span: node.span.clone(), value: Value::Seq(items) })
            }
            (Kind::Open, _) => self.leaf(env, node, true, over),
            _ => self.leaf(env, node, false, over),
        }
    }

    fn leaf(&self, env: &Env<'_>, node: &Node, open: bool, over: Option<&Node>) -> Option<Node> {
        let value = env.resolve_or_keep(node);
        let path = self.path.borrow().join(".");
        env.scope.journal.settled(value, &mut |failure| match (over, open) {
            (Some(_), _) => {}
            (None, true) => self.open.borrow_mut().push((path.clone(), failure.clone())),
            (None, false) => env.scope.journal.report(failure, &path),
        })
    }

    fn object(&self, env: &Env<'_>, node: &Node, shape: &'static Shape, over: Option<&Node>) -> Option<Node> {
        let object = env.entries(node, &|env, key, child| self.entry(env, key, child, shape, over));
        let path = self.path.borrow().join(".");
        let failed = |failure: &Failure| env.scope.journal.report(failure, &path);
        match object {
            // What has no value here are keys, and lists that a loop makes.
            Ok(object) => env.scope.journal.settled(object, &mut |failure| failed(failure)),
            Err(failure) => {
                failed(&failure);
                None
            }
        }
    }

    fn entry(
        &self,
        env: &Env<'_>,
        key: &str,
        child: &Node,
        shape: &'static Shape,
        over: Option<&Node>,
    ) -> Option<Node> {
        let under = shape.inner.filter(|_| key.eq_ignore_ascii_case("properties"));
        let row = shape.row(key).or_else(|| shape.inner?.row(key));
        let over = over.and_then(|over| over.arm(key));
        if under.is_none() {
            self.path.borrow_mut().push(key.to_owned());
        }
        let value = match (under, row) {
            (Some(inner), _) if matches!(child.value, Value::Map(_)) => self.object(env, child, inner, over),
            (Some(_), _) => self.leaf(env, child, false, over),
            (None, Some(row)) => self.value(env, child, row.kind(), over),
            // Not modelled: kept as it is written, so that it can be listed. Whether it says anything is asked where it can matter.
            (None, None) => match (shape.weighty(key).or_else(|| shape.inner?.weighty(key)), &child.value) {
                (Some(_), Value::Scalar(_)) => Some(env.resolve(child).unwrap_or_else(|_| child.clone())),
                _ => Some(child.clone()),
            },
        };
        if under.is_none() {
            self.path.borrow_mut().pop();
        }
        value
    }
}
