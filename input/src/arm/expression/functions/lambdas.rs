//! Functions that take a function: `lambda('x', body)`, whose body sees `lambdaVariables('x')`.

use super::{Call, Row, data};
use crate::arm::expression::evaluate::Env;
use crate::arm::expression::parser::{Expression, Kind};
use crate::arm::expression::{Failure, Outcome};
use crate::tree::{Node, Value};

pub(super) const TABLE: &[Row] = &[
    ("map", 2, 2, map),
    ("filter", 2, 2, filter),
    ("reduce", 3, 3, reduce),
    ("sort", 2, 2, sort),
    ("toObject", 2, 3, to_object),
    ("mapValues", 2, 2, map_values),
    ("groupBy", 2, 2, group_by),
    ("lambdaVariables", 1, 1, variable),
    ("lambda", 1, usize::MAX, |call| Err(call.wrong("stands where no function takes it".to_owned()))),
];

/// Applies the lambda at an argument position to values.
fn apply(call: &Call<'_>, at: usize, values: &[&Node]) -> Outcome<Node> {
    let Some((body, names)) = lambda(&call.arguments[at]) else {
        let message = format!("`{}` needs a lambda as argument {}", call.name, at + 1);
        return Err(Failure::new("W0402", message, &call.place.of(&call.arguments[at].at)));
    };
    let mut locals = call.env.locals.to_vec();
    locals.extend(names.into_iter().zip(values).map(|(name, value)| (name, (*value).clone())));
    let env = Env { locals: &locals, ..call.env };
    env.evaluate(body, call.place)
}

/// The body and the names of the arguments of a lambda.
fn lambda(expression: &Expression) -> Option<(&Expression, Vec<String>)> {
    let Kind::Call { name, arguments } = &expression.kind else {
        return None;
    };
    let (body, names) = arguments.split_last().filter(|_| name.eq_ignore_ascii_case("lambda"))?;
    let name = |argument: &Expression| match &argument.kind {
        Kind::Text(name) => Some(name.clone()),
        _ => None,
    };
    Some((body, names.iter().map(name).collect::<Option<_>>()?))
}

fn indices(items: &[Node], call: &Call<'_>) -> Vec<Node> {
    (0_i64..).take(items.len()).map(|index| data::integer(index, call.span)).collect()
}

fn map(call: &Call<'_>) -> Outcome<Node> {
    let items = call.list(0)?;
    let indices = indices(&items, call);
    let mapped = items.iter().zip(&indices).map(|(item, index)| apply(call, 1, &[item, index]));
    Ok(data::list(mapped.collect::<Outcome<_>>()?, call.span))
}

fn filter(call: &Call<'_>) -> Outcome<Node> {
    let items = call.list(0)?;
    let indices = indices(&items, call);
    let mut kept = Vec::new();
    for (item, index) in items.iter().zip(&indices) {
        let keep = apply(call, 1, &[item, index])?;
        if data::as_boolean(&keep).ok_or_else(|| call.needs(1, "a lambda that gives a boolean", &keep))? {
            kept.push(item.clone());
        }
    }
    Ok(data::list(kept, call.span))
}

fn reduce(call: &Call<'_>) -> Outcome<Node> {
    let items = call.list(0)?;
    let indices = indices(&items, call);
    let mut value = call.value(1)?;
    for (item, index) in items.iter().zip(&indices) {
        value = apply(call, 2, &[&value, item, index])?;
    }
    Ok(value)
}

/// The lambda says whether its first argument comes before its second.
fn sort(call: &Call<'_>) -> Outcome<Node> {
    let mut sorted: Vec<Node> = Vec::new();
    for item in call.list(0)? {
        let (mut low, mut high) = (0, sorted.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let before = apply(call, 1, &[&item, &sorted[middle]])?;
            match data::as_boolean(&before) {
                Some(true) => high = middle,
                Some(false) => low = middle + 1,
                None => return Err(call.needs(1, "a lambda that gives a boolean", &before)),
            }
        }
        sorted.insert(low, item);
    }
    Ok(data::list(sorted, call.span))
}

fn map_values(call: &Call<'_>) -> Outcome<Node> {
    let value = |(key, value): (crate::tree::Key, Node)| Ok((key.text, apply(call, 1, &[&value])?));
    let entries = call.object(0)?.into_iter().map(value).collect::<Outcome<_>>()?;
    Ok(data::object(entries, call.span))
}

fn group_by(call: &Call<'_>) -> Outcome<Node> {
    let mut groups: Vec<(String, Vec<Node>)> = Vec::new();
    for item in call.list(0)? {
        let key = apply(call, 1, &[&item])?;
        let Some(key) = data::as_text(&key) else {
            return Err(call.needs(1, "a lambda that gives a text", &key));
        };
        match groups.iter_mut().find(|(known, _)| known == key) {
            Some((_, items)) => items.push(item),
            None => groups.push((key.to_owned(), vec![item])),
        }
    }
    let entries = groups.into_iter().map(|(key, items)| (key, data::list(items, call.span)));
    Ok(data::object(entries.collect(), call.span))
}

fn to_object(call: &Call<'_>) -> Outcome<Node> {
    let mut entries: Vec<(String, Node)> = Vec::new();
    for item in call.list(0)? {
        let key = apply(call, 1, &[&item])?;
        let Value::Scalar(key) = key.value else {
            return Err(call.needs(1, "a lambda that gives a text", &key));
        };
        let value = if call.has(2) { apply(call, 2, &[&item])? } else { item };
        entries.retain(|(old, _)| *old != key.text);
        entries.push((key.text, value));
    }
    Ok(data::object(entries, call.span))
}

fn variable(call: &Call<'_>) -> Outcome<Node> {
    let name = call.text(0)?;
    let found = call.env.locals.iter().rev().find(|(local, _)| local.eq_ignore_ascii_case(&name));
    found.map(|(_, value)| value.clone()).ok_or_else(|| call.wrong(format!("names `{name}`, which no lambda here has")))
}
