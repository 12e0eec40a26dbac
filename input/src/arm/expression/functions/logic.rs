//! Logic, comparison and conversion.

use std::sync::Arc;

use super::{Call, MANY, Row, data, placed};
use crate::arm::expression::Outcome;
use crate::json::{self, Dialect};
use crate::problem::Problems;
use crate::tree::{Node, Source, Value};

pub(super) const TABLE: &[Row] = &[
    ("if", 3, 3, |call| if call.boolean(0)? { call.value(1) } else { call.value(2) }),
    ("equals", 2, 2, |call| Ok(data::boolean(data::same(&call.value(0)?, &call.value(1)?), call.span))),
    ("not", 1, 1, |call| Ok(data::boolean(!call.boolean(0)?, call.span))),
    ("and", 2, MANY, |call| all(call, true)),
    ("or", 2, MANY, |call| all(call, false)),
    ("true", 0, 0, |call| Ok(data::boolean(true, call.span))),
    ("false", 0, 0, |call| Ok(data::boolean(false, call.span))),
    ("null", 0, 0, |call| Ok(data::null(call.span))),
    ("coalesce", 1, MANY, coalesce),
    ("bool", 1, 1, to_boolean),
    ("int", 1, 1, to_integer),
    ("string", 1, 1, to_text),
    ("json", 1, 1, |call| json_of(call, call.text(0)?)),
    ("greater", 2, 2, |call| compare(call, std::cmp::Ordering::is_gt)),
    ("greaterOrEquals", 2, 2, |call| compare(call, std::cmp::Ordering::is_ge)),
    ("less", 2, 2, |call| compare(call, std::cmp::Ordering::is_lt)),
    ("lessOrEquals", 2, 2, |call| compare(call, std::cmp::Ordering::is_le)),
];

/// `and` for true, `or` for false: stops at the first argument that decides.
fn all(call: &Call<'_>, wanted: bool) -> Outcome<Node> {
    for at in 0..call.arguments.len() {
        if call.boolean(at)? != wanted {
            return Ok(data::boolean(!wanted, call.span));
        }
    }
    Ok(data::boolean(wanted, call.span))
}

fn coalesce(call: &Call<'_>) -> Outcome<Node> {
    for at in 0..call.arguments.len() {
        let value = call.value(at)?;
        if !value.is_null() {
            return Ok(value);
        }
    }
    Ok(data::null(call.span))
}

fn compare(call: &Call<'_>, holds: fn(std::cmp::Ordering) -> bool) -> Outcome<Node> {
    let (a, b) = (call.value(0)?, call.value(1)?);
    let ordering = match (data::as_integer(&a), data::as_integer(&b), data::as_text(&a), data::as_text(&b)) {
        (Some(a), Some(b), _, _) => a.cmp(&b),
        (_, _, Some(a), Some(b)) => a.cmp(b),
        (None, _, None, _) => return Err(call.needs(0, "a whole number or a text", &a)),
        _ => return Err(call.needs(1, "the same kind of value as argument 1", &b)),
    };
    Ok(data::boolean(holds(ordering), call.span))
}

fn to_boolean(call: &Call<'_>) -> Outcome<Node> {
    let value = call.value(0)?;
    let is = match value.text().map(str::to_ascii_lowercase).as_deref() {
        Some("true" | "1") => true,
        Some("false" | "0") => false,
        _ => return Err(call.needs(0, "`true`, `false`, 1 or 0", &value)),
    };
    Ok(data::boolean(is, call.span))
}

fn to_integer(call: &Call<'_>) -> Outcome<Node> {
    let value = call.value(0)?;
    match value.text().and_then(|text| text.trim().parse().ok()) {
        Some(number) => Ok(data::integer(number, call.span)),
        None => Err(call.needs(0, "a whole number", &value)),
    }
}

fn to_text(call: &Call<'_>) -> Outcome<Node> {
    let value = call.value(0)?;
    let text = if value.is_null() { "null".to_owned() } else { data::display(&value) };
    Ok(data::text(text, call.span))
}

pub(super) fn json_of(call: &Call<'_>, text: String) -> Outcome<Node> {
    let source = Arc::new(Source { name: "json()".to_owned(), text, hidden: false });
    let mut problems = Problems::default();
    match json::parse(&source, Dialect::Azure, &mut problems) {
        Some(Node { value: Value::Null, .. }) => Ok(data::null(call.span)),
        Some(value) => Ok(placed(value, call.span)),
        None => {
            let why = problems.0.pop().map(|problem| problem.message).unwrap_or_default();
            Err(call.wrong(format!("got a text that is not JSON: {why}")))
        }
    }
}
