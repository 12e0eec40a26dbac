//! Texts. Positions and lengths count characters.

use super::digest;
use super::{Call, End, MANY, Row, data};
use crate::arm::expression::Outcome;
use crate::arm::say::shorten;
use crate::tree::{Node, Value};

pub(super) const TABLE: &[Row] = &[
    ("concat", 0, MANY, concat),
    ("toLower", 1, 1, |call| Ok(data::text(call.text(0)?.to_lowercase(), call.span))),
    ("toUpper", 1, 1, |call| Ok(data::text(call.text(0)?.to_uppercase(), call.span))),
    ("trim", 1, 1, |call| Ok(data::text(call.text(0)?.trim(), call.span))),
    ("replace", 3, 3, replace),
    ("split", 2, 2, split),
    ("join", 2, 2, join),
    ("substring", 2, 3, substring),
    ("startsWith", 2, 2, |call| folded(call, |text, part| text.starts_with(part))),
    ("endsWith", 2, 2, |call| folded(call, |text, part| text.ends_with(part))),
    ("indexOf", 2, 2, |call| position(call, End::First)),
    ("lastIndexOf", 2, 2, |call| position(call, End::Last)),
    ("padLeft", 2, 3, pad_left),
    ("format", 1, MANY, format),
    ("base64", 1, 1, |call| Ok(data::text(digest::base64(call.text(0)?.as_bytes()), call.span))),
    ("base64ToString", 1, 1, |call| Ok(data::text(from_base64(call, &call.text(0)?)?, call.span))),
    ("base64ToJson", 1, 1, |call| super::logic::json_of(call, from_base64(call, &call.text(0)?)?)),
    ("dataUri", 1, 1, data_uri),
    ("dataUriToString", 1, 1, data_uri_to_text),
    ("uniqueString", 1, MANY, |call| Ok(data::text(digest::unique(&texts(call)?), call.span))),
    ("guid", 1, MANY, |call| Ok(data::text(digest::guid(&texts(call)?), call.span))),
    ("uri", 2, 2, uri),
    ("uriComponent", 1, 1, |call| Ok(data::text(digest::uri_component(&call.text(0)?), call.span))),
    ("uriComponentToString", 1, 1, |call| Ok(data::text(unescaped(call, &call.text(0)?)?, call.span))),
    ("fail", 1, 1, |call| Err(call.wrong(format!("is reached: {}", shorten(&call.text(0)?))))),
];

fn texts(call: &Call<'_>) -> Outcome<Vec<String>> {
    (0..call.arguments.len()).map(|at| call.text(at)).collect()
}

/// Of lists a list, of anything else a text.
fn concat(call: &Call<'_>) -> Outcome<Node> {
    let values = call.values()?;
    if values.iter().any(|value| matches!(value.value, Value::Seq(_))) {
        let mut items = Vec::new();
        for (at, value) in values.into_iter().enumerate() {
            match value.value {
                Value::Seq(more) => items.extend(more),
                _ => return Err(call.needs(at, "a list, as another argument is one", &value)),
            }
        }
        return Ok(data::list(items, call.span));
    }
    let mut text = String::new();
    for (at, value) in values.iter().enumerate() {
        match value.value {
            Value::Map(_) => return Err(call.needs(at, "a text or a list", value)),
            _ => text.push_str(&data::display(value)),
        }
    }
    Ok(data::text(text, call.span))
}

fn replace(call: &Call<'_>) -> Outcome<Node> {
    let (text, old, new) = (call.text(0)?, call.text(1)?, call.text(2)?);
    if old.is_empty() {
        return Err(call.wrong("cannot look for an empty text".to_owned()));
    }
    Ok(data::text(text.replace(&old, &new), call.span))
}

fn split(call: &Call<'_>) -> Outcome<Node> {
    let text = call.text(0)?;
    let by = call.value(1)?;
    let marks: Vec<&str> = match &by.value {
        Value::Seq(items) => items.iter().filter_map(data::as_text).collect(),
        _ => data::as_text(&by).into_iter().collect(),
    };
    let marks: Vec<&str> = marks.into_iter().filter(|mark| !mark.is_empty()).collect();
    if marks.is_empty() {
        return Err(call.needs(1, "a text or a list of texts to split at", &by));
    }
    let mut parts = Vec::new();
    let mut rest = text.as_str();
    while let Some((at, mark)) = marks.iter().filter_map(|mark| Some((rest.find(mark)?, *mark))).min() {
        parts.push(data::text(&rest[..at], call.span));
        rest = &rest[at + mark.len()..];
    }
    parts.push(data::text(rest, call.span));
    Ok(data::list(parts, call.span))
}

fn join(call: &Call<'_>) -> Outcome<Node> {
    let parts: Vec<String> = call.list(0)?.iter().map(data::display).collect();
    Ok(data::text(parts.join(&call.text(1)?), call.span))
}

fn substring(call: &Call<'_>) -> Outcome<Node> {
    let text = call.text(0)?;
    let start = call.integer(1)?;
    let size = text.chars().count();
    let first = usize::try_from(start).ok().filter(|first| *first <= size);
    let length = if call.has(2) { Some(call.integer(2)?) } else { None };
    let taken = first.and_then(|first| match length {
        Some(length) => usize::try_from(length).ok().filter(|length| *length <= size - first),
        None => Some(size - first),
    });
    match (first, taken) {
        (Some(first), Some(taken)) => {
            let part: String = text.chars().skip(first).take(taken).collect();
            Ok(data::text(part, call.span))
        }
        _ => {
            let length = length.map_or_else(String::new, |length| format!(" and length {length}"));
            Err(call.wrong(format!("from {start}{length} leaves a text of {size} characters")))
        }
    }
}

/// `startsWith` and `endsWith` do not tell cases apart.
fn folded(call: &Call<'_>, holds: fn(&str, &str) -> bool) -> Outcome<Node> {
    let (text, part) = (call.text(0)?.to_lowercase(), call.text(1)?.to_lowercase());
    Ok(data::boolean(holds(&text, &part), call.span))
}

fn position(call: &Call<'_>, which: End) -> Outcome<Node> {
    let of = call.value(0)?;
    let index = match &of.value {
        Value::Seq(items) => {
            let wanted = call.value(1)?;
            let found = |item: &Node| data::same(item, &wanted);
            match which {
                End::First => items.iter().position(found),
                End::Last => items.iter().rposition(found),
            }
        }
        _ => {
            let text = data::as_text(&of).ok_or_else(|| call.needs(0, "a text or a list", &of))?.to_lowercase();
            let part = call.text(1)?.to_lowercase();
            let at = match which {
                End::First => text.find(&part),
                End::Last => text.rfind(&part),
            };
            at.map(|at| text[..at].chars().count())
        }
    };
    let index = index.and_then(|index| i64::try_from(index).ok()).unwrap_or(-1);
    Ok(data::integer(index, call.span))
}

/// How long `padLeft` may make a text.
const LONGEST: i64 = 4096;

fn pad_left(call: &Call<'_>) -> Outcome<Node> {
    let value = call.value(0)?;
    if !matches!(value.value, Value::Scalar(_)) {
        return Err(call.needs(0, "a text or a number", &value));
    }
    let text = data::display(&value);
    let length = call.integer(1)?;
    let Some(length) = usize::try_from(length).ok().filter(|_| length <= LONGEST) else {
        return Err(call.wrong(format!("to length {length} is out of bounds; 0 to {LONGEST} are possible")));
    };
    let fill = if call.has(2) { call.text(2)? } else { " ".to_owned() };
    let mut fill = fill.chars();
    let (Some(fill), None) = (fill.next(), fill.next()) else {
        return Err(call.needs(2, "a single character", &call.value(2)?));
    };
    let missing = length.saturating_sub(text.chars().count());
    let padded: String = std::iter::repeat_n(fill, missing).chain(text.chars()).collect();
    Ok(data::text(padded, call.span))
}

/// `{0}` is the first argument, `{1:D3}` the second with at least three digits; `{{` and `}}` are braces.
fn format(call: &Call<'_>) -> Outcome<Node> {
    let template = call.text(0)?;
    let mut text = String::new();
    let mut rest = template.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
            continue;
        }
        let hole = rest.find('}').filter(|_| brace == "{");
        let Some(end) = hole else {
            return Err(call.wrong(format!("has a lone `{brace}` in its text")));
        };
        text.push_str(&fill(call, &rest[..end])?);
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    Ok(data::text(text, call.span))
}

fn fill(call: &Call<'_>, hole: &str) -> Outcome<String> {
    let (index, style) = hole.split_once(':').unwrap_or((hole, ""));
    let at = index.trim().parse::<usize>().ok().and_then(|at| at.checked_add(1)).filter(|at| call.has(*at));
    let Some(at) = at else {
        return Err(call.wrong(format!("has no argument for `{{{hole}}}`")));
    };
    let value = call.value(at)?;
    let shown = data::display(&value);
    let digits = style.strip_prefix(['D', 'd']).and_then(|digits| digits.parse::<usize>().ok());
    match (style, digits, data::as_integer(&value)) {
        ("", _, _) => Ok(shown),
        (_, Some(digits), Some(number)) if digits <= 64 => Ok(format!("{number:0digits$}")),
        _ if style.bytes().all(|b| b == b'0') => Ok(format!("{shown:0>width$}", width = style.len().min(64))),
        _ => Err(call.wrong(format!("does not evaluate the style `{style}`"))),
    }
}

fn uri(call: &Call<'_>) -> Outcome<Node> {
    let (base, relative) = (call.text(0)?, call.text(1)?);
    if relative.contains("://") {
        return Ok(data::text(relative, call.span));
    }
    let authority = base.find("://").map_or(0, |at| at + 3);
    let directory = base[authority..].rfind('/').map_or(base.as_str(), |at| &base[..authority + at]);
    Ok(data::text(format!("{directory}/{}", relative.trim_start_matches('/')), call.span))
}

fn from_base64(call: &Call<'_>, text: &str) -> Outcome<String> {
    let decoded = digest::from_base64(text).and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.ok_or_else(|| call.wrong("got a text that is not base64 of a text".to_owned()))
}

fn unescaped(call: &Call<'_>, text: &str) -> Outcome<String> {
    digest::from_uri_component(text).ok_or_else(|| call.wrong("got a text with a broken `%`".to_owned()))
}

fn data_uri(call: &Call<'_>) -> Outcome<Node> {
    let value = call.value(0)?;
    let encoded = digest::base64(data::display(&value).as_bytes());
    let kind = if matches!(value.value, Value::Scalar(_)) { "text/plain" } else { "application/json" };
    Ok(data::text(format!("data:{kind};charset=utf8;base64,{encoded}"), call.span))
}

fn data_uri_to_text(call: &Call<'_>) -> Outcome<Node> {
    let text = call.text(0)?;
    let Some((head, body)) = text.strip_prefix("data:").and_then(|rest| rest.split_once(',')) else {
        return Err(call.wrong("got a text that is not a data URI".to_owned()));
    };
    let plain = if head.ends_with(";base64") { from_base64(call, body)? } else { unescaped(call, body)? };
    Ok(data::text(plain, call.span))
}
