//! Scalars in their canonical form.

use super::Kind;
use crate::quantity;

/// A text as its kind wants it; `None` where it is of another kind. Whatever this gives can be read as a value.
pub(super) fn canonical(kind: Kind, text: &str) -> Option<String> {
    match kind {
        Kind::Integer => integer(text),
        Kind::Number => number(text),
        Kind::Boolean => boolean(text),
        Kind::Duration => duration(text).filter(|iso| quantity::duration(iso).is_ok()),
        Kind::Zones => zone(text),
        Kind::Word(words) => {
            words.iter().find(|word| word.eq_ignore_ascii_case(text.trim())).map(|word| (*word).to_owned())
        }
        Kind::Text => Some(text.to_owned()),
        Kind::Object(_) | Kind::List(_) | Kind::Open => None,
    }
}

/// An integer, also as text or with an empty fraction.
fn integer(text: &str) -> Option<String> {
    let text = text.trim();
    let whole =
        text.split_once('.').map_or(text, |(whole, rest)| if rest.bytes().all(|b| b == b'0') { whole } else { "" });
    whole.parse::<i64>().ok().map(|number| number.to_string())
}

/// A number, as JSON writes it.
fn number(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix('+').unwrap_or(text);
    if crate::json::is_number(text) {
        return Some(text.to_owned());
    }
    let parsed = text.parse::<f64>().ok().filter(|number| number.is_finite())?;
    Some(parsed.to_string())
}

/// A boolean, whatever its case.
fn boolean(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    matches!(lower.as_str(), "true" | "false").then_some(lower)
}

/// A length of time in ISO 8601. Also accepts `1.02:03:04`, which PowerShell prints, and `2m`, which scenarios may say.
fn duration(text: &str) -> Option<String> {
    let text = text.trim();
    if text.starts_with(['P', 'p']) {
        let upper = text.to_ascii_uppercase();
        return is_iso(&upper).then_some(upper);
    }
    if text.contains(':') { clock(text) } else { short(text) }
}

fn is_iso(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else { return false };
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let is_some = !date.is_empty() || time.is_some_and(|time| !time.is_empty());
    is_some && parts(date, "YMWD") && time.is_none_or(|time| !time.is_empty() && parts(time, "HMS"))
}

/// Whether a text is numbers, each with one of the letters, in their order.
fn parts(text: &str, letters: &str) -> bool {
    let mut left = letters;
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| !c.is_ascii_digit() && c != '.') {
        let letter = &rest[at..at + rest[at..].chars().next().map_or(0, char::len_utf8)];
        let Some(position) = left.find(letter) else { return false };
        if rest[..at].parse::<f64>().is_err() {
            return false;
        }
        left = &left[position + 1..];
        rest = &rest[at + letter.len()..];
    }
    rest.is_empty()
}

/// `[days.]hours:minutes:seconds[.fraction]`.
fn clock(text: &str) -> Option<String> {
    let mut fields = text.split(':');
    let (hours, minutes, seconds) = (fields.next()?, fields.next()?, fields.next()?);
    if fields.next().is_some() {
        return None;
    }
    let (days, hours) = hours.split_once('.').unwrap_or(("0", hours));
    let (days, hours, minutes) = (days.parse::<u32>().ok()?, hours.parse::<u32>().ok()?, minutes.parse::<u32>().ok()?);
    let seconds = seconds.parse::<f64>().ok().filter(|seconds| (0.0..60.0).contains(seconds))?;
    let mut out = String::from("P");
    let part = |number: u32, letter: &str, out: &mut String| {
        if number > 0 {
            out.push_str(&format!("{number}{letter}"));
        }
    };
    part(days, "D", &mut out);
    let mut time = String::new();
    part(hours, "H", &mut time);
    part(minutes, "M", &mut time);
    if seconds > 0.0 {
        time.push_str(&format!("{seconds}S"));
    }
    if !time.is_empty() {
        out.push('T');
        out.push_str(&time);
    }
    Some(if out == "P" { "PT0S".to_owned() } else { out })
}

/// `90s`, `2m`, `1.5h`, `3d`.
fn short(text: &str) -> Option<String> {
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(at);
    let value = number.parse::<f64>().ok()?;
    match unit.trim() {
        "ms" => Some(format!("PT{}S", value / 1000.0)),
        "s" => Some(format!("PT{number}S")),
        "m" | "min" => Some(format!("PT{number}M")),
        "h" => Some(format!("PT{number}H")),
        "d" => Some(format!("P{number}D")),
        _ => None,
    }
}

/// A zone of a region: a small number.
fn zone(text: &str) -> Option<String> {
    let text = text.trim();
    text.parse::<u8>().ok().filter(|zone| *zone > 0).map(|zone| zone.to_string())
}
