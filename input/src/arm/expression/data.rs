//! Values of the template language, as nodes of the tree: a quoted scalar is a string, any other one a number or a boolean.

use crate::json;
use crate::tree::{Key, Node, Scalar, Span, Value};

/// A string.
#[must_use]
pub fn text(text: impl Into<String>, span: &Span) -> Node {
    Node::quoted(span, text)
}

/// A number.
#[must_use]
pub fn integer(number: i64, span: &Span) -> Node {
    Node { span: span.clone(), value: Value::Scalar(Scalar { text: number.to_string(), quoted: false }) }
}

/// A boolean.
#[must_use]
pub fn boolean(is: bool, span: &Span) -> Node {
    Node { span: span.clone(), value: Value::Scalar(Scalar { text: is.to_string(), quoted: false }) }
}

/// Null.
#[must_use]
pub fn null(span: &Span) -> Node {
    Node { span: span.clone(), value: Value::Null }
}

/// What begins the text of a failure that stands in the place of a value: a letter of private use, which JSON prints as it is, so that a
/// text that is made of the value is known too.
const FAILED: &str = "\u{10f8f3}failed ";

/// A failure in the place of a value, by its number.
pub(super) fn failed(number: usize, span: &Span) -> Node {
    Node { span: span.clone(), value: Value::Scalar(Scalar { text: format!("{FAILED}{number};"), quoted: false }) }
}

/// The number of the failure that a scalar is, or that its text was made of.
pub(super) fn failure_of(node: &Node) -> Option<usize> {
    let Value::Scalar(scalar) = &node.value else { return None };
    let rest = &scalar.text[scalar.text.find(FAILED)? + FAILED.len()..];
    rest.split(';').next()?.parse().ok()
}

/// A list.
pub(super) fn list(items: Vec<Node>, span: &Span) -> Node {
    Node { span: span.clone(), value: Value::Seq(items) }
}

/// An object.
pub(super) fn object(entries: Vec<(String, Node)>, span: &Span) -> Node {
    let entries = entries.into_iter().map(|(text, value)| (Key { text, span: span.clone() }, value)).collect();
    Node { span: span.clone(), value: Value::Map(entries) }
}

/// The string that a node is.
pub(super) fn as_text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar(scalar) if scalar.quoted => Some(&scalar.text),
        _ => None,
    }
}

/// The number that a node is.
pub(super) fn as_integer(node: &Node) -> Option<i64> {
    match &node.value {
        Value::Scalar(scalar) if !scalar.quoted => scalar.text.parse().ok(),
        _ => None,
    }
}

/// The boolean that a node is.
pub(super) fn as_boolean(node: &Node) -> Option<bool> {
    match &node.value {
        Value::Scalar(scalar) if !scalar.quoted => scalar.text.to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

/// What a node is, for messages.
pub(super) fn kind_of(node: &Node) -> &'static str {
    match &node.value {
        Value::Null => "null",
        Value::Seq(_) => "a list",
        Value::Map(_) => "an object",
        Value::Scalar(scalar) if scalar.quoted => "a text",
        Value::Scalar(scalar) if matches!(scalar.text.as_str(), "true" | "false") => "a boolean",
        Value::Scalar(_) => "a number",
    }
}

/// What a scalar looks like in a text. Objects and lists look like their JSON.
pub(super) fn display(node: &Node) -> String {
    match &node.value {
        Value::Null => String::new(),
        Value::Scalar(scalar) if scalar.text == "true" && !scalar.quoted => "True".to_owned(),
        Value::Scalar(scalar) if scalar.text == "false" && !scalar.quoted => "False".to_owned(),
        Value::Scalar(scalar) => scalar.text.clone(),
        _ => json::print(node),
    }
}

/// Whether two values are equal as `equals` means it: type and value, the order of keys apart.
pub(super) fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Scalar(x), Value::Scalar(y)) => x.quoted == y.quoted && x.text == y.text,
        (Value::Seq(x), Value::Seq(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y)),
        (Value::Map(x), Value::Map(y)) => {
            x.len() == y.len()
                && x.iter().all(|(key, value)| {
                    y.iter().any(|(other, node)| other.text.eq_ignore_ascii_case(&key.text) && same(value, node))
                })
        }
        (Value::Null, Value::Null) => true,
        _ => false,
    }
}

/// How large a value is, in nodes, long texts counting for more; counts no further than `limit`.
pub(super) fn size(node: &Node, limit: usize) -> usize {
    let mut size = match &node.value {
        Value::Scalar(scalar) => 1 + scalar.text.len() / 16,
        _ => 1,
    };
    for child in node.items().iter().chain(node.entries().iter().map(|(_, value)| value)) {
        if size >= limit {
            break;
        }
        size += self::size(child, limit - size);
    }
    size
}
