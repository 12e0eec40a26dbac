//! Instants and lengths of time. Whole seconds, in UTC.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::{Call, Row, data};
use crate::arm::expression::Outcome;
use crate::tree::Node;

pub(super) const TABLE: &[Row] = &[
    ("utcNow", 0, 1, now),
    ("dateTimeAdd", 2, 3, add),
    ("dateTimeFromEpoch", 1, 1, from_epoch),
    ("dateTimeToEpoch", 1, 1, to_epoch),
];

const DAY: i64 = 86_400;
/// The way in which Azure writes an instant if nobody says another.
const COMPACT: &str = "yyyyMMddTHHmmssZ";
const EXTENDED: &str = "yyyy-MM-ddTHH:mm:ssZ";
const SPACED: &str = "yyyy-MM-dd HH:mm:ssZ";

/// The stand-in, as it is or by a pattern.
fn now(call: &Call<'_>) -> Outcome<Node> {
    let text = call.env.scope.journal.surrounding("utcNow", call.span);
    if !call.has(0) {
        return Ok(data::text(text, call.span));
    }
    let pattern = call.text(0)?;
    let shown = read(&text).map_or(text, |(at, _)| write(at, &pattern));
    Ok(data::text(shown, call.span))
}

/// `dateTimeAdd(base, duration, [pattern])`; without a pattern the result is written as the base is.
fn add(call: &Call<'_>) -> Outcome<Node> {
    let (at, pattern) = instant(call, 0)?;
    let text = call.text(1)?;
    let Some(length) = length(&text) else {
        return Err(call.needs(1, "a length of time such as `PT1H`", &call.value(1)?));
    };
    let pattern = if call.has(2) { call.text(2)? } else { pattern.to_owned() };
    Ok(data::text(write(at.saturating_add(length), &pattern), call.span))
}

fn from_epoch(call: &Call<'_>) -> Outcome<Node> {
    Ok(data::text(write(call.integer(0)?, EXTENDED), call.span))
}

fn to_epoch(call: &Call<'_>) -> Outcome<Node> {
    Ok(data::integer(instant(call, 0)?.0, call.span))
}

fn instant(call: &Call<'_>, at: usize) -> Outcome<(i64, &'static str)> {
    let text = call.text(at)?;
    read(&text)
        .ok_or_else(|| call.wrong(format!("got `{text}`, which is not an instant such as `2026-01-31T08:00:00Z`")))
}

/// The seconds since 1970 of an instant, and how it is written. Without an offset it is in UTC.
fn read(text: &str) -> Option<(i64, &'static str)> {
    let pattern = match (text.get(..10)?.contains('-'), text.get(10..)?.starts_with(' ')) {
        (false, _) => COMPACT,
        (true, true) => SPACED,
        (true, false) => EXTENDED,
    };
    let civil = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let at = text.parse::<Timestamp>().ok().or_else(civil)?;
    Some((at.as_second(), pattern))
}

/// The seconds of an ISO 8601 duration; a year has 365 days and a month 30.
fn length(text: &str) -> Option<i64> {
    let written = text.trim_start_matches('-').starts_with('P').then_some(text)?;
    let span: Span = written.parse().ok()?;
    let months = i64::from(span.get_years()) * 365 + i64::from(span.get_months()) * 30;
    let days = months + i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    let minutes = i64::from(span.get_hours()).checked_mul(60)?.checked_add(span.get_minutes())?;
    days.checked_mul(DAY)?.checked_add(minutes.checked_mul(60)?)?.checked_add(span.get_seconds())
}

/// An instant by a pattern as .NET reads them; a pattern of one letter is a name for another.
fn write(at: i64, pattern: &str) -> String {
    let pattern = match pattern {
        "u" => SPACED,
        "s" => "yyyy-MM-ddTHH:mm:ss",
        "o" | "O" => "yyyy-MM-ddTHH:mm:ss.fffffffZ",
        "r" | "R" => "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        "d" => "M/d/yyyy",
        "D" => "dddd, MMMM d, yyyy",
        "t" => "h:mm tt",
        "T" => "h:mm:ss tt",
        "g" => "M/d/yyyy h:mm tt",
        "G" => "M/d/yyyy h:mm:ss tt",
        other => other,
    };
    let Ok(at) = Timestamp::from_second(at) else { return String::new() };
    let now = at.to_zoned(TimeZone::UTC).datetime();
    let half = if now.hour() < 12 { "AM" } else { "PM" };
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches(letter).len();
        let count = run / letter.len_utf8();
        let padded = |number: i8| if count == 1 { number.to_string() } else { format!("{number:02}") };
        let part = match letter {
            'y' if count <= 2 => format!("{:02}", now.year().rem_euclid(100)),
            'y' => format!("{:0count$}", now.year()),
            'M' if count > 2 => now.strftime(if count == 3 { "%b" } else { "%B" }).to_string(),
            'd' if count > 2 => now.strftime(if count == 3 { "%a" } else { "%A" }).to_string(),
            'M' => padded(now.month()),
            'd' => padded(now.day()),
            'H' => padded(now.hour()),
            'h' => padded((now.hour() + 11) % 12 + 1),
            'm' => padded(now.minute()),
            's' => padded(now.second()),
            'f' => "0".repeat(count),
            'F' => String::new(),
            't' => half[..count.min(2)].to_owned(),
            'K' | 'z' => "Z".to_owned(),
            '\'' | '"' => {
                let quoted = rest[1..].split(letter).next().unwrap_or_default();
                out.push_str(quoted);
                rest = rest.get(quoted.len() + 2..).unwrap_or_default();
                continue;
            }
            '\\' => {
                let mut after = rest[1..].chars();
                out.extend(after.next());
                rest = after.as_str();
                continue;
            }
            other => other.to_string().repeat(count),
        };
        out.push_str(&part);
        rest = &rest[run..];
    }
    out
}
