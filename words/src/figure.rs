//! Numbers for people: three digits that matter, and a minus sign that is one.

/// A number with three digits that matter and none that say nothing. What is not
/// zero does not look like it.
#[must_use]
pub fn figure(value: f64) -> String {
    let size = value.abs();
    let decimals = match size {
        _ if size >= 99.95 => 0,
        _ if size >= 9.995 => 1,
        _ if size >= 0.9995 => 2,
        _ if size >= 0.099_95 => 3,
        _ if size >= 0.000_999_5 => 4,
        _ => {
            let text = if value == 0.0 { "0".to_owned() } else { format!("{size:.1e}") };
            return sign(value) + &text;
        }
    };
    let text = format!("{size:.decimals$}");
    let text = if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    sign(value) + text
}

fn sign(value: f64) -> String {
    if value < 0.0 { "−".to_owned() } else { String::new() }
}

/// A difference, with its sign.
#[must_use]
pub fn change(value: f64) -> String {
    if value > 0.0 { format!("+{}", figure(value)) } else { figure(value) }
}

/// The ends of an interval.
#[must_use]
pub fn span(low: &str, high: &str) -> String {
    if low == high { low.to_owned() } else { format!("{low} … {high}") }
}

/// A unit as it follows a number; nothing for a word.
#[must_use]
pub fn with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() { number.to_owned() } else { format!("{number} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_matter() {
        let shown = [0.0, 3.056, 33.333, 100.0, 1234.5, 0.5, 0.012_34, 0.000_02, 9.999].map(figure);
        assert_eq!(shown, ["0", "3.06", "33.3", "100", "1234", "0.5", "0.0123", "2.0e-5", "10"]);
        assert_eq!([-3.0, 0.0, 2.5].map(change), ["−3", "0", "+2.5"]);
        assert_eq!([span("1", "2"), span("1", "1")], ["1 … 2", "1"]);
    }
}
