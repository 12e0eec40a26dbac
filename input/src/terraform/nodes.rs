//! Making values of ARM.

use crate::json::{self, Dialect};
use crate::problem::Problems;
use crate::tree::{Key, Node, Source, Span, Value};
use std::sync::Arc;

/// A scalar at the place of another.
pub fn scalar(at: &Node, text: &str) -> Node {
    Node::scalar(&at.span, text.trim())
}

/// An object.
pub fn object<const N: usize>(span: &Span, entries: [(&str, Node); N]) -> Node {
    let entry = |(key, value): (&str, Node)| (Key { text: key.to_owned(), span: span.clone() }, value);
    Node { span: span.clone(), value: Value::Map(entries.into_iter().map(entry).collect()) }
}

/// A list with what is at a path already before it.
pub fn appended(body: &Node, path: &str, items: Vec<Node>, span: &Span) -> Node {
    let before = at(body, path).map_or(&[][..], Node::items).iter().cloned();
    Node { span: span.clone(), value: Value::Seq(before.chain(items).collect()) }
}

/// A list of one.
pub fn listed(node: Node) -> Node {
    Node { span: node.span.clone(), value: Value::Seq(vec![node]) }
}

/// A text that is JSON, as the value that it is.
pub fn read_json(node: &Node) -> Option<Node> {
    let text = node.text()?.to_owned();
    let source = Arc::new(Source { name: node.span.source.name.clone(), text, hidden: true });
    let mut made = json::parse(&source, Dialect::Azure, &mut Problems::new())?;
    respan(&mut made, &node.span);
    Some(made)
}

/// Puts a value and all that is in it at one place.
pub fn respan(node: &mut Node, span: &Span) {
    node.span = span.clone();
    match &mut node.value {
        Value::Seq(items) => items.iter_mut().for_each(|item| respan(item, span)),
        Value::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            key.span = span.clone();
            respan(value, span);
        }),
        Value::Scalar(_) | Value::Null => {}
    }
}

/// The value at a path.
pub fn at<'n>(body: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('.').try_fold(body, |node, key| node.get(key))
}

/// Puts a value at a path. Objects on the way are made; two objects at one path become one.
pub fn put(body: &mut Node, path: &str, value: Node) {
    put_keys(body, &path.split('.').collect::<Vec<_>>(), value);
}

/// The same at these keys.
pub fn put_keys(body: &mut Node, keys: &[impl AsRef<str>], value: Node) {
    let (Value::Map(entries), Some((key, rest))) = (&mut body.value, keys.split_first()) else { return };
    let key = key.as_ref();
    let found = entries.iter().position(|(known, _)| known.text == key).unwrap_or_else(|| {
        let made = Node { span: value.span.clone(), value: Value::Map(Vec::new()) };
        entries.push((Key { text: key.to_owned(), span: value.span.clone() }, made));
        entries.len() - 1
    });
    let node = &mut entries[found].1;
    match (rest.is_empty(), value.value) {
        (false, new) => put_keys(node, rest, Node { span: value.span, value: new }),
        (true, Value::Map(new)) if matches!(node.value, Value::Map(_)) => {
            node.span = value.span;
            for (key, one) in new {
                put_keys(node, &[key.text], one);
            }
        }
        (true, new) => *node = Node { span: value.span, value: new },
    }
}
