//! Lengths of time, instants and times of day as people and Azure write them. Each reader gives the value or what is wrong with it.

use windtunnel_sim::engine::time::{SimDuration, SimTime};

/// What is wrong with a text, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong, in full.
    pub message: String,
    /// What is wrong with it where the value stands beside: "has no unit".
    pub why: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// `what` is wrong with a text, as in "the duration `30` has no unit".
///
/// # Errors
///
/// Always: it is what is said.
pub fn wrong<T>(what: &str, text: &str, why: impl Into<String>, help: impl Into<String>) -> Result<T, Wrong> {
    let why = why.into();
    Err(Wrong { message: format!("the {what} `{text}` {why}"), why, help: Some(help.into()) })
}

/// A text is none at all of what it should be.
///
/// # Errors
///
/// Always: it is what is said.
pub fn not<T>(what: &str, text: &str, help: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { message: format!("`{text}` is not {what}"), why: format!("is not {what}"), help: Some(help.into()) })
}

/// The longest duration: an instant must fit into 48 bits of milliseconds.
const LONGEST_MS: i128 = (SimTime::FAR.ms() - 1) as i128;

/// A length of time: ISO-8601 as Azure writes it (`PT2M`, `P1D`), or `2m`, `1h 30m`. A day has 24 hours.
///
/// # Errors
///
/// Months and years, which have no fixed length; negative lengths; fractions of a millisecond; plain numbers.
pub fn duration(text: &str) -> Result<SimDuration, Wrong> {
    let text = text.trim();
    if is_number(text) {
        return wrong("duration", text, "has no unit", format!("write `{text}s` or `PT{text}S` for seconds"));
    }
    let Ok(span) = text.parse::<jiff::Span>() else {
        if is_too_long(text) {
            return wrong("duration", text, "is longer than 8,900 years", "write a shorter one");
        }
        return not("a duration", text, "write it as `PT2M30S`, as in Azure, or as `2m 30s`");
    };
    if span.get_years() != 0 || span.get_months() != 0 {
        return wrong("duration", text, "has months or years, which have no fixed length", "write it in days: `P30D`");
    }
    if span.is_negative() {
        return wrong("duration", text, "is negative", "a duration must be zero or longer");
    }
    let hours = (i128::from(span.get_weeks()) * 7 + i128::from(span.get_days())) * 24 + i128::from(span.get_hours());
    let seconds = (hours * 60 + i128::from(span.get_minutes())) * 60 + i128::from(span.get_seconds());
    let us = (seconds * 1000 + i128::from(span.get_milliseconds())) * 1000 + i128::from(span.get_microseconds());
    let ns = us * 1000 + i128::from(span.get_nanoseconds());
    if ns % 1_000_000 != 0 {
        return wrong("duration", text, "is finer than a millisecond", "round it to whole milliseconds");
    }
    let ms = ns / 1_000_000;
    if ms > LONGEST_MS {
        return wrong("duration", text, "is longer than 8,900 years", "write a shorter one");
    }
    Ok(SimDuration::from_ms(u64::try_from(ms).unwrap_or(0)))
}

/// Whether a text would be a duration if its numbers were smaller.
fn is_too_long(text: &str) -> bool {
    let mut small = String::new();
    for letter in text.chars() {
        let after_digit = small.ends_with(|last: char| last.is_ascii_digit());
        if !(letter.is_ascii_digit() && after_digit) {
            small.push(if letter.is_ascii_digit() { '1' } else { letter });
        }
    }
    small.parse::<jiff::Span>().is_ok()
}

/// Whether a text is a plain number.
#[must_use]
pub fn is_number(text: &str) -> bool {
    let mut digits = false;
    let legal = text.chars().all(|c| {
        digits |= c.is_ascii_digit();
        c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E')
    });
    legal && digits && text.parse::<f64>().is_ok()
}

/// An instant with its offset: `2026-03-10T09:00:00Z`, in milliseconds since 1970.
///
/// # Errors
///
/// Anything else.
pub fn timestamp(text: &str) -> Result<i64, Wrong> {
    match text.parse::<jiff::Timestamp>() {
        Ok(instant) => Ok(instant.as_millisecond()),
        Err(_) => not(
            "an instant with its offset from UTC",
            text,
            "write it as `2026-03-10T09:00:00Z` or `2026-03-10T10:00:00+01:00`",
        ),
    }
}

/// A time of day, `09:30` or `09:30:15`, in milliseconds since midnight.
///
/// # Errors
///
/// Anything else.
pub fn time_of_day(text: &str) -> Result<u64, Wrong> {
    let parts: Vec<Option<u64>> = text
        .split(':')
        .map(|part| if part.len() == 2 && part.chars().all(|c| c.is_ascii_digit()) { part.parse().ok() } else { None })
        .collect();
    let parsed = match parts.as_slice() {
        [Some(h), Some(m)] => Some((*h, *m, 0)),
        [Some(h), Some(m), Some(s)] => Some((*h, *m, *s)),
        _ => None,
    };
    match parsed {
        Some((h, m, s)) if h < 24 && m < 60 && s < 60 => Ok(((h * 60 + m) * 60 + s) * 1000),
        _ => not("a time of day", text, "write it in quotes as \"09:30\", from \"00:00\" to \"23:59\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_azure_and_people_write_them() {
        for (text, ms) in [
            ("PT2M", 120_000),
            ("2m", 120_000),
            ("P1D", 86_400_000),
            ("P1W", 604_800_000),
            ("PT0S", 0),
            ("0s", 0),
            ("PT1H30M", 5_400_000),
            ("1h 30m", 5_400_000),
            ("PT0.5S", 500),
            ("200ms", 200),
            ("P1DT2H", 93_600_000),
        ] {
            assert_eq!(duration(text).map(SimDuration::ms), Ok(ms), "{text}");
        }
        for text in ["P1M", "P1Y", "-PT5M", "PT-5M", "30", "", "soon", "PT", "PT0.0001S", "P999999W", "1d -2h"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_duration_with_too_large_a_number_is_too_long() {
        for text in ["P365000000D", "PT99999999999999999999S", "P4000000D"] {
            assert!(duration(text).unwrap_err().message.ends_with("is longer than 8,900 years"), "{text}");
        }
        assert_eq!(duration("P1X").unwrap_err().message, "`P1X` is not a duration");
    }

    #[test]
    fn times_of_day_have_two_digits_each() {
        assert_eq!(time_of_day("09:30"), Ok(34_200_000));
        assert!(time_of_day("24:00").is_err());
        assert!(time_of_day("9:30").is_err());
    }
}
