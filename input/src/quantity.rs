//! Texts that carry a unit: shares, rates, and with those of time what every reader of a file asks for. Each reader gives the value or
//! what is wrong with it.

pub use windtunnel_words::reading::{Wrong, duration, time_of_day, timestamp};
use windtunnel_words::reading::{is_number, not, wrong};

/// The number before a unit.
fn with_unit(text: &str, unit: &str, what: &str) -> Result<f64, Wrong> {
    let text = text.trim();
    if is_number(text) {
        let apart = if unit == "%" { "" } else { " " };
        return wrong(what, text, "has no unit", format!("write `{text}{apart}{unit}`"));
    }
    let example = if unit == "%" { "`20%`" } else { "`300 rps`, requests per second" };
    let Some(number) = text.strip_suffix(unit).map(str::trim_end) else {
        return not(&format!("a {what}"), text, format!("write it as {example}"));
    };
    match number_of(number) {
        Some(value) if value >= 0.0 && !number.starts_with('-') => Ok(value),
        Some(_) => wrong(what, text, "is negative", format!("a {what} must be zero or more")),
        None => not(&format!("a {what}"), text, format!("write it as {example}")),
    }
}

/// A share in percent points: `20%` is 20.
///
/// # Errors
///
/// No unit, not a number, or negative.
pub fn percent_points(text: &str) -> Result<f64, Wrong> {
    with_unit(text, "%", "share")
}

/// A share: `20%` is 0.2.
///
/// # Errors
///
/// No unit, not a number, or negative.
pub fn percent(text: &str) -> Result<f64, Wrong> {
    percent_points(text).map(|points| points / 100.0)
}

/// The greatest rate that a scenario may have: more than there are, and sums of it over every length of a run are numbers.
pub const MOST_RPS: f64 = 1e12;

/// Requests a second: `300 rps`.
///
/// # Errors
///
/// No unit, not a number, or negative.
pub fn rate(text: &str) -> Result<f64, Wrong> {
    with_unit(text, "rps", "rate")
}

/// A plain number: digits, a sign, a point, an exponent; no `inf`, no `_`.
#[must_use]
pub fn number_of(text: &str) -> Option<f64> {
    if is_number(text) { text.parse::<f64>().ok().filter(|value| value.is_finite()) } else { None }
}

/// A whole number in decimal digits; `010` is refused, since it means eight to some and ten to others.
#[must_use]
pub fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    if plain && (digits == "0" || !digits.starts_with('0')) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_text_until_a_field_asks() {
        assert_eq!(integer("010"), None);
        assert_eq!(integer("12"), Some(12));
        assert_eq!(integer("1_000"), None);
        assert_eq!(number_of("inf"), None);
        assert_eq!(number_of("1.20"), Some(1.2));
    }

    #[test]
    fn shares_and_rates_want_their_unit() {
        assert_eq!(percent("20%"), Ok(0.2));
        assert_eq!(percent("20").unwrap_err().help.as_deref(), Some("write `20%`"));
        assert_eq!(rate("0.02 rps"), Ok(0.02));
        assert!(rate("3 rpm").is_err());
        assert!(rate("-3 rps").is_err());
    }
}
