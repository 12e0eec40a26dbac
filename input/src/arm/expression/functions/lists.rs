//! Lists and objects.

use super::{Call, End, MANY, Row, data};
use crate::arm::expression::Outcome;
use crate::arm::expression::parser::{Expression, Kind};
use crate::tree::{Key, Node, Value};

pub(super) const TABLE: &[Row] = &[
    ("array", 1, 1, array),
    ("createArray", 0, MANY, |call| Ok(data::list(call.values()?, call.span))),
    ("createObject", 0, MANY, create_object),
    ("length", 1, 1, length),
    ("empty", 1, 1, empty),
    ("contains", 2, 2, contains),
    ("first", 1, 1, |call| end(call, End::First)),
    ("last", 1, 1, |call| end(call, End::Last)),
    ("take", 2, 2, |call| part(call, End::First)),
    ("skip", 2, 2, |call| part(call, End::Last)),
    ("union", 2, MANY, union),
    ("intersection", 2, MANY, intersection),
    ("shallowMerge", 1, 1, shallow_merge),
    ("flatten", 1, 1, flatten),
    ("items", 1, 1, items),
    ("objectKeys", 1, 1, keys),
    ("tryGet", 2, MANY, try_get),
    ("indexFromEnd", 2, 2, |call| from_end(call, |call, why| Err(call.wrong(why)))),
    ("tryIndexFromEnd", 2, 2, |call| from_end(call, |call, _| Ok(data::null(call.span)))),
];

fn array(call: &Call<'_>) -> Outcome<Node> {
    let value = call.value(0)?;
    let is_list = matches!(value.value, Value::Seq(_));
    Ok(if is_list { value } else { data::list(vec![value], call.span) })
}

fn create_object(call: &Call<'_>) -> Outcome<Node> {
    if !call.arguments.len().is_multiple_of(2) {
        return Err(call.wrong(format!("needs a value for every key, but has {} arguments", call.arguments.len())));
    }
    let mut entries = Vec::new();
    for at in (0..call.arguments.len()).step_by(2) {
        entries.push((call.text(at)?, call.value(at + 1)?));
    }
    Ok(data::object(entries, call.span))
}

fn length(call: &Call<'_>) -> Outcome<Node> {
    let value = call.value(0)?;
    let length = match (&value.value, data::as_text(&value)) {
        (Value::Seq(items), _) => items.len(),
        (Value::Map(entries), _) => entries.len(),
        (_, Some(text)) => text.chars().count(),
        _ => return Err(call.needs(0, "a text, a list or an object", &value)),
    };
    Ok(data::integer(i64::try_from(length).unwrap_or(i64::MAX), call.span))
}

fn empty(call: &Call<'_>) -> Outcome<Node> {
    let value = call.value(0)?;
    let is_empty = match (&value.value, data::as_text(&value)) {
        (Value::Null, _) => true,
        (Value::Seq(items), _) => items.is_empty(),
        (Value::Map(entries), _) => entries.is_empty(),
        (_, Some(text)) => text.is_empty(),
        _ => return Err(call.needs(0, "a text, a list or an object", &value)),
    };
    Ok(data::boolean(is_empty, call.span))
}

fn contains(call: &Call<'_>) -> Outcome<Node> {
    let (of, wanted) = (call.value(0)?, call.value(1)?);
    let holds = match (&of.value, data::as_text(&of)) {
        (Value::Seq(items), _) => items.iter().any(|item| data::same(item, &wanted)),
        (Value::Map(entries), _) => {
            let name = data::as_text(&wanted).ok_or_else(|| call.needs(1, "a key", &wanted))?;
            entries.iter().any(|(key, _)| key.text.eq_ignore_ascii_case(name))
        }
        (_, Some(text)) => text.contains(&data::display(&wanted)),
        _ => return Err(call.needs(0, "a text, a list or an object", &of)),
    };
    Ok(data::boolean(holds, call.span))
}

fn end(call: &Call<'_>, which: End) -> Outcome<Node> {
    let of = call.value(0)?;
    match (&of.value, data::as_text(&of)) {
        (Value::Seq(items), _) => {
            let item = match which {
                End::First => items.first(),
                End::Last => items.last(),
            };
            Ok(item.cloned().unwrap_or_else(|| data::null(call.span)))
        }
        (_, Some(text)) => {
            let c = match which {
                End::First => text.chars().next(),
                End::Last => text.chars().next_back(),
            };
            Ok(data::text(c.map(String::from).unwrap_or_default(), call.span))
        }
        _ => Err(call.needs(0, "a text or a list", &of)),
    }
}

/// What is before a place, or what is behind it.
fn part(call: &Call<'_>, which: End) -> Outcome<Node> {
    let of = call.value(0)?;
    let count = usize::try_from(call.integer(1)?).unwrap_or(0);
    match (&of.value, data::as_text(&of)) {
        (Value::Seq(items), _) => {
            let count = count.min(items.len());
            let part = match which {
                End::First => &items[..count],
                End::Last => &items[count..],
            };
            Ok(data::list(part.to_vec(), call.span))
        }
        (_, Some(text)) => {
            let part: String = match which {
                End::First => text.chars().take(count).collect(),
                End::Last => text.chars().skip(count).collect(),
            };
            Ok(data::text(part, call.span))
        }
        _ => Err(call.needs(0, "a text or a list", &of)),
    }
}

/// Of lists every item once, of objects every key, the last value of each; objects in objects are united too.
fn union(call: &Call<'_>) -> Outcome<Node> {
    let mut united = call.value(0)?;
    for at in 1..call.arguments.len() {
        let more = call.value(at)?;
        match (&mut united.value, more.value) {
            (Value::Map(entries), Value::Map(more)) => merge(entries, more, Merge::Deep),
            (Value::Seq(items), Value::Seq(more)) => items.extend(more),
            (_, value) => return Err(call.needs(at, "lists only or objects only", &Node { value, span: more.span })),
        }
    }
    if let Value::Seq(items) = &mut united.value {
        let mut once: Vec<Node> = Vec::new();
        for item in items.drain(..) {
            if !once.iter().any(|other| data::same(other, &item)) {
                once.push(item);
            }
        }
        *items = once;
    } else if !matches!(united.value, Value::Map(_)) {
        return Err(call.needs(0, "a list or an object", &united));
    }
    Ok(united)
}

/// Whether objects in objects are united too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Merge {
    Deep,
    Shallow,
}

fn merge(entries: &mut Vec<(Key, Node)>, more: Vec<(Key, Node)>, how: Merge) {
    for (key, value) in more {
        let Some((_, old)) = entries.iter_mut().find(|(old, _)| old.text.eq_ignore_ascii_case(&key.text)) else {
            entries.push((key, value));
            continue;
        };
        match (&mut old.value, value.value) {
            (Value::Map(old), Value::Map(new)) if how == Merge::Deep => merge(old, new, how),
            (_, new) => *old = Node { span: value.span, value: new },
        }
    }
}

fn intersection(call: &Call<'_>) -> Outcome<Node> {
    let mut common = call.value(0)?;
    for at in 1..call.arguments.len() {
        let other = call.value(at)?;
        match (&mut common.value, &other.value) {
            (Value::Seq(items), Value::Seq(others)) => {
                items.retain(|item| others.iter().any(|other| data::same(item, other)));
            }
            (Value::Map(entries), Value::Map(_)) => entries.retain(|(key, value)| {
                let mut others = other.entries().iter();
                others.any(|(k, v)| k.text.eq_ignore_ascii_case(&key.text) && data::same(value, v))
            }),
            _ => return Err(call.needs(at, "lists only or objects only", &other)),
        }
    }
    Ok(common)
}

fn shallow_merge(call: &Call<'_>) -> Outcome<Node> {
    let mut merged = Vec::new();
    for item in call.list(0)? {
        match item.value {
            Value::Map(entries) => merge(&mut merged, entries, Merge::Shallow),
            _ => return Err(call.needs(0, "a list of objects", &item)),
        }
    }
    Ok(Node { span: call.span.clone(), value: Value::Map(merged) })
}

fn flatten(call: &Call<'_>) -> Outcome<Node> {
    let mut flat = Vec::new();
    for item in call.list(0)? {
        match item.value {
            Value::Seq(items) => flat.extend(items),
            _ => return Err(call.needs(0, "a list of lists", &item)),
        }
    }
    Ok(data::list(flat, call.span))
}

fn items(call: &Call<'_>) -> Outcome<Node> {
    let mut entries = call.object(0)?;
    entries.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
    let item = |(key, value): (Key, Node)| {
        data::object(vec![("key".to_owned(), data::text(key.text, call.span)), ("value".to_owned(), value)], call.span)
    };
    Ok(data::list(entries.into_iter().map(item).collect(), call.span))
}

fn keys(call: &Call<'_>) -> Outcome<Node> {
    let keys = call.object(0)?.into_iter().map(|(key, _)| data::text(key.text, call.span)).collect();
    Ok(data::list(keys, call.span))
}

/// `tryGet(a, 'b', 'c')` is `a.?b.?c`.
fn try_get(call: &Call<'_>) -> Outcome<Node> {
    let (of, keys) = call.arguments.split_at(1);
    let access = |of: Expression, key: &Expression| Expression {
        at: of.at.clone(),
        kind: Kind::Access { of: Box::new(of), key: Box::new(key.clone()), safe: true },
    };
    call.env.evaluate(&keys.iter().fold(of[0].clone(), access), call.place)
}

/// The item so many places from the end; the last is 1.
fn from_end(call: &Call<'_>, otherwise: fn(&Call<'_>, String) -> Outcome<Node>) -> Outcome<Node> {
    let items = call.list(0)?;
    let back = call.integer(1)?;
    let at = usize::try_from(back).ok().filter(|back| *back > 0).and_then(|back| items.len().checked_sub(back));
    match at.and_then(|at| items.get(at)) {
        Some(item) => Ok(item.clone()),
        None => otherwise(call, format!("of {back} leaves a list of {}", items.len())),
    }
}
