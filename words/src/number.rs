//! Numbers as people read them.

use super::clock::spoken_s;

/// So many of a thing: `1 run`, `2 runs`, `3 entries`.
#[must_use]
pub fn count(n: usize, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if n == 1 => format!("1 {noun}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{n} {stem}ies"),
        _ => format!("{n} {noun}s"),
    }
}

/// One of several things: `1 batch`, `1 instance`. The `s` of `rps` is seconds.
#[must_use]
pub fn one_of(things: &str) -> &str {
    match (things.strip_suffix("ches"), things.strip_suffix('s')) {
        (Some(stem), _) => &things[..stem.len() + 2],
        (None, Some(one)) if things != "rps" => one,
        _ => things,
    }
}

/// A value to so many decimals, without those that say nothing.
#[must_use]
pub fn decimals(value: f64, most: usize) -> String {
    let text = format!("{value:.most$}");
    let text = if most > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Hundredths of a percent without its sign: `33.33`, `50`.
#[must_use]
pub fn hundredths(of: u32) -> String {
    decimals(f64::from(of) / 100.0, 2)
}

/// So many of something: `1 target`, `2 targets`.
#[must_use]
pub fn counted(count: u32, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// A number with at most three decimals, and none that say nothing. What is not zero does not look like it.
#[must_use]
pub fn number(value: f64) -> String {
    if value != 0.0 && value.abs() < 0.0005 { format!("{value:.1e}") } else { decimals(value, 3) }
}

/// A percentage as people read it: from a thousand on it is rounded and its digits stand in threes, and what is too little to be
/// distinguished from zero is said to be so.
#[must_use]
pub fn percentage(value: f64) -> String {
    match value.abs() {
        size if size != 0.0 && size < 0.0005 => "under 0.001 %".to_owned(),
        size if (1000.0..1e15).contains(&size) => format!("{} %", in_threes(value)),
        _ => format!("{} %", number(value)),
    }
}

/// A share of at least this, from 0 to 1, in percent: rounded down, and with as many nines as it has, so that what is short of
/// all does not look like all.
#[must_use]
pub fn at_least(share: f64) -> String {
    let short = 1.0 - share;
    let (mut digits, mut step) = (1, 10.0);
    while digits < 9 && short > 0.0 && short * 100.0 * step < 10.0 {
        (digits, step) = (digits + 1, step * 10.0);
    }
    // The last bit of a product takes nothing off.
    let shown = (100.0 * share * step * (1.0 + 1e-12)).floor() / step;
    format!("{} %", decimals(shown, digits))
}

/// A share of requests as people read it: two digits that count, at most three decimals, and a word for nothing.
#[must_use]
pub fn percent(value: f64) -> String {
    share(value, "under ")
}

/// The same in a narrow cell.
#[must_use]
pub fn percent_in_cell(value: f64) -> String {
    share(value, "<")
}

fn share(value: f64, under: &str) -> String {
    let size = value.abs();
    let most = match () {
        () if size == 0.0 => return "none".to_owned(),
        () if size < 0.0005 => return format!("{under}0.001 %"),
        () if size >= 99.95 => 0,
        () if size >= 0.995 => 1,
        () if size >= 0.0995 => 2,
        () => 3,
    };
    format!("{} %", decimals(value, most))
}

/// A number beside the limit that it may not be above, in percent: where it is above and `shown` does not show it, with as many
/// decimals as do.
#[must_use]
pub fn beside_limit(value: f64, limit: Option<f64>, shown: impl Fn(f64) -> String) -> String {
    let said = shown(value);
    let Some(limit) = limit.filter(|limit| value > *limit && shown(*limit) == said) else { return said };
    let digits = (3..=9).find(|most| decimals(value, *most) != decimals(limit, *most));
    digits.map_or(said, |most| format!("{} %", decimals(value, most)))
}

/// A length in one unit: 35 s, 74 min, 2.8 h.
#[must_use]
pub fn in_one_unit(seconds: f64) -> String {
    match seconds {
        s if s < 9.95 => format!("{} s", decimals(s, 1)),
        s if s < 90.0 => format!("{s:.0} s"),
        s if s < 99.5 * 60.0 => format!("{:.0} min", s / 60.0),
        s if s < 9.95 * 3600.0 => format!("{} h", decimals(s / 3600.0, 1)),
        s => format!("{:.0} h", s / 3600.0),
    }
}

/// The whole number nearest to a value, with a narrow space before each three digits.
fn in_threes(value: f64) -> String {
    apart(&format!("{value:.0}"), '\u{202f}')
}

/// A whole number with its thousands apart: `10,000,000`.
#[must_use]
pub fn grouped(number: u64) -> String {
    apart(&number.to_string(), ',')
}

/// Digits with a sign between each three of them.
fn apart(digits: &str, sign: char) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && !text.ends_with('-') {
            text.push(sign);
        }
        text.push(digit);
    }
    text
}

/// A number with its unit: `3.9 s`, `1 instance`.
#[must_use]
pub fn amount(value: f64, unit: &str) -> String {
    let shown = number(value);
    // Beyond a minute a length is said as people say it, and to the second beside that where this rounds it.
    if unit == "s" && value.abs() >= 60.0 && value.is_finite() {
        let (sign, said) = (if value < 0.0 { "−" } else { "" }, spoken_s(value.abs()));
        let step = match value.abs() {
            under if under < 3600.0 => 1.0,
            under if under < 172_800.0 => 60.0,
            _ => 3600.0,
        };
        let whole = value % step == 0.0;
        return if whole { format!("{sign}{said}") } else { format!("{sign}{said} ({shown} s)") };
    }
    let unit = if shown == "1" && unit.len() > 1 && !unit.ends_with(" s") { one_of(unit) } else { unit };
    format!("{shown} {unit}").trim_end().to_owned()
}

/// A number with three digits that matter and none that say nothing. What is not
/// zero does not look like it.
#[must_use]
pub fn figure(value: f64) -> String {
    let size = value.abs();
    let most = match size {
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
    sign(value) + &decimals(size, most)
}

fn sign(value: f64) -> String {
    if value < 0.0 { "−".to_owned() } else { String::new() }
}

/// A difference, with its sign. What only rounding leaves of one is none.
#[must_use]
pub fn change(value: f64) -> String {
    if value.abs() < 1e-12 {
        return figure(0.0);
    }
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
    fn thousands_are_separated() {
        assert_eq!([7, 1000, 864_000_000].map(grouped), ["7", "1,000", "864,000,000"]);
    }

    #[test]
    fn a_share_of_at_least_is_never_rounded_up() {
        // (α/2)^(1/n) at 5 %: 0.025^(1/6) = 0.54074, ^(1/200) = 0.98172, ^(1/10,000) = 0.99963118.
        let shown = [0.540_74, 0.981_72, 0.999_631_18, 0.9, 1.0, 0.0].map(at_least);
        assert_eq!(shown, ["54 %", "98.1 %", "99.963 %", "90 %", "100 %", "0 %"]);
    }

    #[test]
    fn values_are_as_short_as_they_can_be() {
        assert_eq!(
            [3.9, 0.0, -0.0, 1200.0, 33.333_33, 0.000_02].map(number),
            ["3.9", "0", "0", "1200", "33.333", "2.0e-5"]
        );
        assert_eq!(amount(1.0, "fault domains") + &amount(2.0, "instances"), "1 fault domain2 instances");
        assert_eq!(
            [180.0, 180.4, 5400.0, 5401.0].map(|s| amount(s, "s")),
            ["3 min", "3 min (180.4 s)", "1 h 30 min", "1 h 30 min (5401 s)"]
        );
        assert_eq!([amount(1.0, "s"), amount(1.0, "rps"), amount(1.0, "instance s")], ["1 s", "1 rps", "1 instance s"]);
        assert_eq!(
            [76_971.737, 1000.0, 2_358_656.4, -4488.5, 999.5, 93.432, 0.000_000_022, 0.0005, 0.0].map(percentage),
            [
                "76\u{202f}972 %",
                "1\u{202f}000 %",
                "2\u{202f}358\u{202f}656 %",
                "-4\u{202f}488 %",
                "999.5 %",
                "93.432 %",
                "under 0.001 %",
                "0.001 %",
                "0 %"
            ]
        );
    }

    /// 0.125 is above 0.1 and would be rounded to it; 0.1 is not above, 0.16 is rounded to 0.2, and of 0.1004 the fourth decimal shows.
    #[test]
    fn what_misses_a_limit_does_not_look_like_it() {
        let one = |value: f64| format!("{} %", decimals(value, 1));
        let shown = [0.125, 0.1, 0.16, 0.04].map(|value| beside_limit(value, Some(0.1), one));
        assert_eq!(shown, ["0.125 %", "0.1 %", "0.2 %", "0 %"]);
        assert_eq!(beside_limit(0.1004, Some(0.1), percent), "0.1004 %");
        assert_eq!(beside_limit(0.125, None, one), "0.1 %");
    }

    #[test]
    fn three_digits_matter() {
        let shown = [0.0, 3.056, 33.333, 100.0, 1234.5, 0.5, 0.012_34, 0.000_02, 9.999].map(figure);
        assert_eq!(shown, ["0", "3.06", "33.3", "100", "1234", "0.5", "0.0123", "2.0e-5", "10"]);
        assert_eq!([-3.0, 0.0, 2.5].map(change), ["−3", "0", "+2.5"]);
        assert_eq!([span("1", "2"), span("1", "1")], ["1 … 2", "1"]);
    }

    #[test]
    fn things_are_counted() {
        assert_eq!([count(1, "run"), count(0, "run"), count(2, "entry")], ["1 run", "0 runs", "2 entries"]);
        assert_eq!([count(2, "day"), one_of("batches").to_owned()], ["2 days", "batch"]);
    }
}
