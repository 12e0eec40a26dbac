//! What of a resource no table here models. It plays no part in a run; the answers of `status` pass it through.

use super::walk::{SILENT, is_absent};
use super::{Kind, Shape};
use crate::tree::{Key, Node, Value};

/// What Azure takes and never shows again: it is not kept either.
pub const SECRET: [&str; 6] =
    ["adminPassword", "customData", "protectedSettings", "userData", "storageAccountKey", "additionalUnattendContent"];

/// What of a resource is not modelled, in the places where it stands; `None` where all of it is.
pub fn unread(node: &Node, shape: &'static Shape) -> Option<Node> {
    object(node, shape).filter(|rest| !rest.entries().is_empty())
}

fn object(node: &Node, shape: &'static Shape) -> Option<Node> {
    let Value::Map(entries) = &node.value else { return None };
    let wrapped =
        node.arm("properties").filter(|wrapped| matches!(wrapped.value, Value::Map(_)) && shape.inner.is_some());
    let (mut own, mut under) = (Vec::new(), Vec::new());
    for (key, value) in entries {
        let is_wrapped = wrapped.is_some() && key.text.eq_ignore_ascii_case("properties");
        // What a tool printed without `properties` belongs there, unless the object itself has it.
        let inside =
            shape.inner.filter(|_| wrapped.is_none() && shape.row(&key.text).is_none() && !shape.knows(&key.text));
        match inside.filter(|inner| inner.row(&key.text).is_some() || inner.knows(&key.text)) {
            _ if is_wrapped => {}
            Some(inner) => under.extend(entry(key, value, inner)),
            None => own.extend(entry(key, value, shape)),
        }
    }
    if let (Some(wrapped), Some(inner)) = (wrapped, shape.inner) {
        under.extend(wrapped.entries().iter().filter_map(|(key, value)| entry(key, value, inner)));
    }
    if !under.is_empty() {
        let key = Key { text: "properties".to_owned(), span: node.span.clone() };
        own.push((key, Node { span: node.span.clone(), value: Value::Map(under) }));
    }
    Some(Node { span: node.span.clone(), value: Value::Map(own) })
}

/// What of one entry is not modelled.
fn entry(key: &Key, value: &Node, shape: &'static Shape) -> Option<(Key, Node)> {
    if SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(&key.text)) {
        return None;
    }
    if let Some(row) = shape.row(&key.text) {
        let rest = below(value, row.kind())?;
        return Some((Key { text: row.key().to_owned(), span: key.span.clone() }, rest));
    }
    // Of the keys that say nothing of a fleet, Azure shows the tags as they were given.
    let silent = SILENT.iter().any(|silent| silent.eq_ignore_ascii_case(&key.text));
    if is_absent(value) || (silent && !key.text.eq_ignore_ascii_case("tags")) {
        return None;
    }
    Some((key.clone(), plain(value)?))
}

/// What of a modelled value is not modelled. The elements of a list are matched by their names.
fn below(value: &Node, kind: Kind) -> Option<Node> {
    match (kind, &value.value) {
        (Kind::Object(shape), Value::Map(_)) => unread(value, shape),
        (Kind::List(Kind::Object(shape)), Value::Seq(items)) => {
            let item = |item: &Node| {
                let (key, name) = item.entries().iter().find(|(key, _)| key.text.eq_ignore_ascii_case("name"))?;
                let mut rest = unread(item, shape)?;
                let Value::Map(entries) = &mut rest.value else { return None };
                entries.insert(0, (Key { text: "name".to_owned(), span: key.span.clone() }, name.clone()));
                Some(rest)
            };
            let items: Vec<Node> = items.iter().filter_map(item).collect();
            (!items.is_empty()).then(|| Node { span: value.span.clone(), value: Value::Seq(items) })
        }
        _ => None,
    }
}

/// A value without secrets, and without what a template would have to compute first.
fn plain(node: &Node) -> Option<Node> {
    let value = match &node.value {
        Value::Scalar(scalar) if scalar.text.starts_with('[') && scalar.text.ends_with(']') => return None,
        Value::Map(entries) => {
            let secret = |key: &Key| SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(&key.text));
            let kept = entries.iter().filter(|(key, value)| !secret(key) && !value.is_null());
            Value::Map(kept.filter_map(|(key, value)| Some((key.clone(), plain(value)?))).collect())
        }
        Value::Seq(items) => Value::Seq(items.iter().map(plain).collect::<Option<Vec<_>>>()?),
        other => other.clone(),
    };
    Some(Node { span: node.span.clone(), value })
}
