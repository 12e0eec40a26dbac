//! What a measure came to on both sides, in words: for terminals, pages and the reasons of tests alike.

use super::row::{Became, Row};
use crate::statistics::{Method, Summary};
use windtunnel_words::number::{amount, change, decimals, figure, one_of, with_unit};

/// The words for how many became what, the worst first.
pub const COUNTED: [(Became, &str); 5] = [
    (Became::Worse, "worse"),
    (Became::Unclear, "unclear"),
    (Became::Better, "better"),
    (Became::Close, "with no difference that matters"),
    (Became::Same, "the same"),
];

/// What a measure came to on one side: its mean, or why there is none.
#[must_use]
pub fn value(summary: &Summary, unit: &str) -> String {
    match (&summary.mean, summary.open, &summary.words[..]) {
        (Some(mean), ..) if summary.not_computed == 0 => in_unit(&figure(mean.mean), unit),
        (Some(mean), ..) => {
            format!("{} in {} of {} runs", with_unit(&figure(mean.mean), unit), summary.numbers, summary.runs)
        }
        (None, 0, []) => "not computed".to_owned(),
        (None, 0, words) => {
            let said = words.iter().map(|(word, count, _)| match *count == summary.runs {
                true => word.clone(),
                false => format!("{word} ×{count}"),
            });
            said.collect::<Vec<_>>().join(", ")
        }
        (None, open, _) => format!("open in {open} of {} runs", summary.runs),
    }
}

/// A number with its unit; one of several things is one of them.
fn in_unit(number: &str, unit: &str) -> String {
    let is_one = number.trim_start_matches(['+', '−']) == "1" && unit.len() > 1;
    with_unit(number, if is_one { one_of(unit) } else { unit })
}

/// By how much a measure differs, with the half of its interval; nothing where there is no mean.
#[must_use]
pub fn difference(row: &Row) -> String {
    let Some(mean) = row.paired.difference else { return String::new() };
    let unit = if row.column.unit == "%" { "points" } else { &row.column.unit };
    match row.paired.interval {
        Some(interval) if row.paired.method == Method::Mean && interval.half() > 0.0 => {
            with_unit(&format!("{} ± {}", change(mean.mean), plain(interval.half())), unit)
        }
        _ => in_unit(&change(mean.mean), unit),
    }
}

/// Half an interval without an exponent: two digits that matter where it is small.
fn plain(half: f64) -> String {
    let (mut digits, mut scaled) = (0, half);
    while digits < 9 && scaled < 10.0 {
        (digits, scaled) = (digits + 1, scaled * 10.0);
    }
    if half < 0.001 { decimals(half, digits) } else { figure(half) }
}

/// In how many runs it is worse or better.
#[must_use]
pub fn how_often(row: &Row) -> String {
    let runs = row.paired.pairs + row.paired.missing;
    let of = |count: usize| if count == runs { format!("all {runs} runs") } else { format!("{count} of {runs} runs") };
    if row.unlike > 0 {
        return format!("a value on one side alone in {}", of(row.unlike));
    }
    match (row.worse(), row.better()) {
        (0, 0) => format!("the same in {}", of(runs)),
        (worse, 0) => format!("worse in {}", of(worse)),
        (0, better) => format!("better in {}", of(better)),
        (worse, better) => format!("worse in {worse} and better in {better} of {runs} runs"),
    }
}

/// A margin, where there is one.
#[must_use]
pub fn margin(row: &Row) -> Option<String> {
    row.margin.filter(|margin| *margin > 0.0).map(|margin| amount(margin, &row.column.unit))
}

/// Both sides in a sentence: `downtime.full_s: was 30 s, is 42 s, by +12 ± 0.4 s, worse in all 40 runs`.
#[must_use]
pub fn sentence(row: &Row) -> String {
    let unit = &row.column.unit;
    let (was, is) = (value(&row.before, unit), value(&row.now, unit));
    let by = match difference(row) {
        by if by.is_empty() => String::new(),
        by => format!("by {by}, "),
    };
    let margin = margin(row).map_or_else(String::new, |margin| format!(", margin {margin}"));
    format!("{}: was {was}, is {is}, {by}{}{margin}", row.column.name, how_often(row))
}

/// How many of the measures that are judged became what: `1 worse, 2 better, 69 the same`.
#[must_use]
pub fn tally<'r>(rows: impl IntoIterator<Item = &'r Row>) -> String {
    let judged: Vec<Became> = rows.into_iter().filter(|row| row.margin.is_some()).map(|row| row.became).collect();
    let counted = COUNTED.iter().map(|(became, word)| (judged.iter().filter(|one| *one == became).count(), word));
    let parts: Vec<String> =
        counted.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    parts.join(", ")
}
