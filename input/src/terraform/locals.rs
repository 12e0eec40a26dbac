//! What local values are. A plan does not have them, but a field that is a local value alone has its value beside it.

use super::document::Document;
use crate::tree::{Node, Value};

/// The value of a local value, `local.pool`, of these modules, where every field that is it alone has the same.
pub fn value<'a>(document: &Document<'a>, modules: &[super::address::Step], local: &str) -> Option<&'a str> {
    let mut found: Vec<&'a str> = Vec::new();
    for resource in document.resources.iter().filter(|resource| resource.address.modules == modules) {
        let expressions = document.configuration(&resource.address).and_then(|of| of.get("expressions"));
        expressions.into_iter().for_each(|of| block(of, resource.values, local, &mut found));
    }
    let first = *found.first()?;
    found.iter().all(|one| *one == first).then_some(first)
}

fn block<'a>(expressions: &'a Node, values: &'a Node, local: &str, found: &mut Vec<&'a str>) {
    for (key, expression) in expressions.entries() {
        let Some(value) = values.get(&key.text) else { continue };
        let is_it = |references: &Node| matches!(references.items(), [only] if only.text() == Some(local));
        match (&expression.value, value.text()) {
            (Value::Seq(blocks), _) => {
                for written in blocks {
                    let mut like = value.items().iter().filter(|item| agrees(written, item));
                    // The blocks of a set are in another order than they were written in.
                    if let (Some(only), None) = (like.next(), like.next()) {
                        block(written, only, local, found);
                    }
                }
            }
            (_, Some(text)) if expression.get("references").is_some_and(is_it) => found.push(text),
            _ => {}
        }
    }
}

/// Whether a block can be what was written: the constants of it are the same.
fn agrees(written: &Node, values: &Node) -> bool {
    written.entries().iter().all(|(key, expression)| {
        let constant = expression.get("constant_value");
        constant.is_none_or(|constant| values.get(&key.text).is_some_and(|value| value == constant))
    })
}
