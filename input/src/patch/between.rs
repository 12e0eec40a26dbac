//! The patch that makes one fleet of another. What it writes is applied and compared before it is given: where a change of parts does not
//! come to the same, the whole stands there, marked with `$replace`.

use super::changes::{Pair, Paired, by_place, pairs};
use super::lists::at_place;
use super::{Match, REMOVE, REPLACE, merge};
use crate::arm::shape;
use crate::problem::Problems;
use crate::tree::{Key, Node, Value};

/// A patch, and the resources that no patch can tell apart.
#[derive(Debug)]
pub struct Patch {
    /// From the resources to their changes; empty where nothing changes.
    pub entries: Vec<(Key, Node)>,
    /// Several of one type have the name, and they are not the same: of each the type and the name.
    pub several: Vec<String>,
}

/// The patch of resources in normal form; `known` are the keys of a scenario, which a new resource is never taken for.
#[must_use]
pub fn resources(old: &[Node], new: &[Node], known: &[&str]) -> Patch {
    let mut patch = Patch { entries: Vec::new(), several: Vec::new() };
    let mut done: Vec<(String, String)> = Vec::new();
    for one in old.iter().chain(new) {
        let of = identity(one);
        if done.contains(&of) {
            continue;
        }
        let group =
            |list: &[Node]| -> Vec<Node> { list.iter().filter(|other| identity(other) == of).cloned().collect() };
        let (before, after) = (group(old), group(new));
        let key = key_of(one, (old, new), known);
        match (&before[..], &after[..]) {
            ([before], [after]) => {
                patch.entries.extend(between(before, after, Match::of(before)).map(|node| (key, node)))
            }
            ([before], []) => patch.entries.push((key, only(before, REMOVE))),
            ([], [after]) => patch.entries.push((key, after.clone())),
            _ if before == after => {}
            _ => patch.several.push(format!("{}/{}", shape::without_namespace(&of.0), of.1)),
        }
        done.push(of);
    }
    patch
}

/// The type and the name of a resource, in lower case.
fn identity(resource: &Node) -> (String, String) {
    let text = |key| resource.arm(key).and_then(Node::text).unwrap_or_default().to_lowercase();
    (text("type"), text("name"))
}

/// The first key of a patch that means a resource and no other.
fn key_of(one: &Node, (old, new): (&[Node], &[Node]), known: &[&str]) -> Key {
    let name = one.name().unwrap_or_default();
    let of = identity(one);
    let is_alone = old.iter().chain(new).map(identity).all(|other| other.1 != of.1 || other.0 == of.0);
    let kind = one.arm("type").and_then(Node::text).unwrap_or_default();
    let text = if is_alone && !known.contains(&name) {
        name.to_owned()
    } else {
        format!("{}/{name}", shape::without_namespace(kind))
    };
    Key { text, span: one.name_span().clone() }
}

fn key(text: &str, beside: &Node) -> Key {
    Key { text: text.to_owned(), span: beside.span.clone() }
}

/// A mapping with a mark and nothing else.
fn only(of: &Node, mark: &str) -> Node {
    Node { span: of.span.clone(), value: Value::Map(vec![(key(mark, of), Node::scalar(&of.span, "true"))]) }
}

/// A mapping with these entries before its own.
fn with(first: Vec<(Key, Node)>, node: Node) -> Node {
    let Value::Map(own) = node.value else { return node };
    Node { span: node.span, value: Value::Map(first.into_iter().chain(own).collect()) }
}

/// The patch that makes `new` of `old`; none where they say the same.
fn between(old: &Node, new: &Node, how: Match) -> Option<Node> {
    if old.sorted() == new.sorted() {
        return None;
    }
    Some(match (&old.value, &new.value) {
        (Value::Map(_), Value::Map(_)) => map(old, new, how),
        (Value::Seq(a), Value::Seq(b)) => list((old, a), (new, b), how),
        _ => new.clone(),
    })
}

/// Whether a patch does what it is for.
fn makes(old: &Node, patch: &Node, new: &Node, how: Match) -> bool {
    let (mut made, mut problems) = (old.clone(), Problems::new());
    merge(&mut made, patch, how, &mut problems);
    problems.is_empty() && made.sorted() == new.sorted()
}

fn map(old: &Node, new: &Node, how: Match) -> Node {
    let mut entries = Vec::new();
    for (key, before) in old.entries() {
        match new.entry(&key.text) {
            Some((_, after)) => {
                entries.extend(between(before, after, how.at(&key.text)).map(|node| (key.clone(), node)))
            }
            None => entries.push((key.clone(), Node { span: before.span.clone(), value: Value::Null })),
        }
    }
    let is_new = |(key, _): &&(Key, Node)| old.entry(&key.text).is_none();
    entries.extend(new.entries().iter().filter(is_new).cloned());
    let patch = Node { span: new.span.clone(), value: Value::Map(entries) };
    if makes(old, &patch, new, how) {
        patch
    } else {
        with(vec![(key(REPLACE, new), Node::scalar(&new.span, "true"))], new.clone())
    }
}

fn list((old, a): (&Node, &[Node]), (new, b): (&Node, &[Node]), how: Match) -> Node {
    let seq = |items: Vec<Node>| Node { span: new.span.clone(), value: Value::Seq(items) };
    let element = how.element();
    let parts = [pairs(a, b, element), by_place(a, b)];
    let parts = parts.into_iter().flatten().filter_map(|(paired, pairs)| elements(pairs, paired, element).map(seq));
    let whole = [seq(b.to_vec())];
    let mut tried = parts.chain(whole);
    tried.find(|patch| makes(old, patch, new, how)).unwrap_or_else(|| {
        let first = only(new, REPLACE);
        seq(std::iter::once(first).chain(b.iter().cloned()).collect())
    })
}

/// What each element becomes; none where one is no mapping, which no patch can mean.
fn elements(pairs: Vec<Pair<'_>>, paired: Paired, how: Match) -> Option<Vec<Node>> {
    let mut all = Vec::new();
    for (place, Pair { old, new, .. }) in pairs.into_iter().enumerate() {
        let one = old.or(new)?;
        matches!(one.value, Value::Map(_)).then_some(())?;
        match (old, new) {
            (Some(before), Some(after)) => {
                let Some(change) = between(before, after, how) else { continue };
                matches!(change.value, Value::Map(_)).then_some(())?;
                all.push(if paired == Paired::ByPlace { at_place(place, &change) } else { means(before, change, how) });
            }
            (Some(before), None) => all.push(means(before, only(before, REMOVE), how)),
            (None, Some(after)) => all.push(after.clone()),
            (None, None) => {}
        }
    }
    Some(all)
}

/// A change with what tells the element that it means from the others.
fn means(element: &Node, change: Node, how: Match) -> Node {
    let name = element.entries().iter().find(|(key, _)| key.text.eq_ignore_ascii_case("name"));
    let shape::KnownBy::Values(keyed) = how.known_by() else {
        return with(name.cloned().into_iter().filter(|(key, _)| change.arm(&key.text).is_none()).collect(), change);
    };
    keyed.by.iter().rev().fold(change, |change, path| match element.arm_path(path) {
        Some(value) => put(change, path, value),
        None => change,
    })
}

/// A value at a path of a patch, before what is there; one that is there stays.
fn put(node: Node, path: &[&'static str], value: &Node) -> Node {
    let [first, rest @ ..] = path else { return node };
    let Value::Map(mut entries) = node.value else { return node };
    let span = node.span;
    let at = entries.iter().position(|(key, _)| key.text.eq_ignore_ascii_case(first));
    match (at, rest.is_empty()) {
        (Some(at), false) => {
            let inner = std::mem::replace(&mut entries[at].1, Node::scalar(&span, ""));
            entries[at].1 = put(inner, rest, value);
        }
        (Some(_), true) => {}
        (None, _) => {
            let empty = Node { span: span.clone(), value: Value::Map(Vec::new()) };
            let inner = if rest.is_empty() { value.clone() } else { put(empty, rest, value) };
            entries.insert(0, (Key { text: (*first).to_owned(), span: span.clone() }, inner));
        }
    }
    Node { span, value: Value::Map(entries) }
}
