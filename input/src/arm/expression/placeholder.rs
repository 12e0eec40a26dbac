//! What stands in for a parameter that nobody gave.

use super::data;
use crate::tree::{Node, Value};

/// The first allowed value, the smallest value, or one by type. A string gets the name of its parameter, so that two resources
/// named by two parameters keep two names.
pub(super) fn placeholder(name: &str, declaration: &Node, definitions: Option<&Node>) -> Node {
    let declaration = defined(declaration, definitions);
    let span = &declaration.span;
    let kind = declaration.arm("type").and_then(Node::text).unwrap_or("string").to_ascii_lowercase();
    if let Some(first) = declaration.arm("allowedValues").and_then(|allowed| allowed.items().first()) {
        let is_item = kind == "array" && !matches!(first.value, Value::Seq(_));
        return if is_item { data::list(vec![first.clone()], span) } else { first.clone() };
    }
    match kind.as_str() {
        "int" => {
            let smallest = declaration.arm("minValue").and_then(data::as_integer);
            data::integer(smallest.unwrap_or(1), span)
        }
        "bool" => data::boolean(false, span),
        "array" => data::list(Vec::new(), span),
        "object" | "secureobject" => Node { span: span.clone(), value: Value::Map(Vec::new()) },
        _ => data::text(of_length(name, declaration), span),
    }
}

/// The declaration that a `$ref` to a type definition leads to.
fn defined<'a>(declaration: &'a Node, definitions: Option<&'a Node>) -> &'a Node {
    let mut at = declaration;
    for _ in 0..16 {
        let name = at.arm("$ref").and_then(Node::text).and_then(|path| path.strip_prefix("#/definitions/"));
        let Some(next) = name.and_then(|name| definitions?.arm(name)) else {
            break;
        };
        at = next;
    }
    at
}

fn of_length(name: &str, declaration: &Node) -> String {
    const LONGEST_MINIMUM: usize = 256;
    let bound = |key| declaration.arm(key).and_then(data::as_integer).and_then(|n| usize::try_from(n).ok());
    let shortest = bound("minLength").unwrap_or(0).min(LONGEST_MINIMUM);
    let longest = bound("maxLength").unwrap_or(usize::MAX).max(shortest);
    let mut text: String = name.chars().take(longest).collect();
    while text.chars().count() < shortest {
        text.push('x');
    }
    text
}
