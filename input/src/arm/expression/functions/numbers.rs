//! Whole numbers.

use super::{Call, MANY, Row, data};
use crate::arm::expression::Outcome;
use crate::tree::{Node, Scalar, Value};

pub(super) const TABLE: &[Row] = &[
    ("add", 2, 2, |call| of_two(call, i64::checked_add)),
    ("sub", 2, 2, |call| of_two(call, i64::checked_sub)),
    ("mul", 2, 2, |call| of_two(call, i64::checked_mul)),
    ("div", 2, 2, |call| of_two(call, i64::checked_div)),
    ("mod", 2, 2, |call| of_two(call, i64::checked_rem)),
    ("min", 1, MANY, |call| extreme(call, |numbers| numbers.iter().min().copied())),
    ("max", 1, MANY, |call| extreme(call, |numbers| numbers.iter().max().copied())),
    ("range", 2, 2, range),
    ("copyIndex", 0, 2, copy_index),
    ("float", 1, 1, float),
];

/// How long a range may be, as in Azure.
const LONGEST_RANGE: i64 = 10_000;

/// A number that need not be whole.
fn float(call: &Call<'_>) -> Outcome<Node> {
    let value = call.value(0)?;
    let number = value.text().and_then(|text| text.trim().parse::<f64>().ok()).filter(|number| number.is_finite());
    let text = number.map(|number| number.to_string()).ok_or_else(|| call.needs(0, "a number", &value))?;
    Ok(Node { span: call.span.clone(), value: Value::Scalar(Scalar { text, quoted: false }) })
}

fn of_two(call: &Call<'_>, apply: fn(i64, i64) -> Option<i64>) -> Outcome<Node> {
    let (a, b) = (call.integer(0)?, call.integer(1)?);
    match apply(a, b) {
        Some(number) => Ok(data::integer(number, call.span)),
        None => Err(call.wrong(format!("of {a} and {b} has no value"))),
    }
}

fn extreme(call: &Call<'_>, choose: fn(&[i64]) -> Option<i64>) -> Outcome<Node> {
    let first = call.value(0)?;
    let values = match first.value {
        Value::Seq(items) if call.arguments.len() == 1 => items,
        _ => call.values()?,
    };
    let mut numbers = Vec::new();
    for value in &values {
        numbers.push(data::as_integer(value).ok_or_else(|| call.needs(0, "whole numbers or a list of them", value))?);
    }
    match choose(&numbers) {
        Some(number) => Ok(data::integer(number, call.span)),
        None => Err(call.wrong("of an empty list has no value".to_owned())),
    }
}

fn range(call: &Call<'_>) -> Outcome<Node> {
    let (start, count) = (call.integer(0)?, call.integer(1)?);
    let end = start.checked_add(count).filter(|_| (0..=LONGEST_RANGE).contains(&count));
    let Some(end) = end else {
        return Err(call.wrong(format!("of {count} numbers is out of bounds; 0 to {LONGEST_RANGE} are possible")));
    };
    Ok(data::list((start..end).map(|number| data::integer(number, call.span)).collect(), call.span))
}

/// `copyIndex()`, `copyIndex(offset)`, `copyIndex(name)`, `copyIndex(name, offset)`.
fn copy_index(call: &Call<'_>) -> Outcome<Node> {
    let first = if call.has(0) { Some(call.value(0)?) } else { None };
    let name = first.as_ref().and_then(data::as_text);
    let offset = match &first {
        Some(value) if name.is_none() => {
            data::as_integer(value).ok_or_else(|| call.needs(0, "the name of a loop or a whole number", value))?
        }
        _ if call.has(1) => call.integer(1)?,
        _ => 0,
    };
    let loops = call.env.loops;
    let found = match name {
        Some(name) => loops.iter().rev().find(|each| each.name.eq_ignore_ascii_case(name)),
        None => loops.iter().rev().find(|each| each.of_resource).or_else(|| loops.last()),
    };
    match (found, name) {
        (Some(each), _) => Ok(data::integer(each.index.saturating_add(offset), call.span)),
        (None, Some(name)) => Err(call.wrong(format!("names the loop `{name}`, which does not run here"))),
        (None, None) => Err(call.wrong("stands outside of any `copy`".to_owned())),
    }
}
