//! Durations as values of assumptions, for people, for a scenario and for programs.

use crate::experiment::calibrate::{Row, why_none};
use crate::infer::durations::Range;
use crate::input::assumed::written;
use crate::input::measured::{Left, Reading};
use serde_json::{Value, json};
use std::fmt::Write as _;
use windtunnel_words::control::escaped;
use windtunnel_words::number::{count, decimals, figure};
use windtunnel_words::text::{BOLD, DIM, columns, pad, paint, wrap};

/// The version of the JSON.
const FORMAT: u32 = 1;

/// The block for a scenario, each value with what it rests on in a comment.
#[must_use]
pub fn block(rows: &[Row]) -> String {
    let mut text = String::from("assumptions:\n");
    for row in rows {
        let key = row.assumption.row().key;
        let _ = writeln!(text, "  # {}", rests_on(row));
        match (row.value, why_none(row)) {
            (Some(value), _) => _ = writeln!(text, "  {key}: {}", written(value)),
            (None, why) => _ = writeln!(text, "  # {key} is left as it is: {}", why.unwrap_or_default()),
        }
    }
    text
}

/// `34 durations, 2 of them still running; median 19.3 s (17.1 to 22), σ 0.41 (0.33 to 0.52)`.
fn rests_on(row: &Row) -> String {
    let running = if row.running > 0 { format!(", {} of them still running", row.running) } else { String::new() };
    let mut text = format!("{}{running}", count(row.count, "duration"));
    if let Some(fitted) = &row.fitted {
        let _ = write!(text, "; 90 % intervals: median {} s, σ {}", ranged(fitted.median, 1), ranged(fitted.sigma, 2));
        if let Some(share) = fitted.share {
            let of = |share: f64| decimals(share * 100.0, 1);
            let _ = write!(text, ", slow {} % ({} to {})", of(share.middle), of(share.low), of(share.high));
        }
    }
    text
}

fn ranged(range: Range, digits: usize) -> String {
    let show = |value: f64| if value >= 100.0 { figure(value) } else { decimals(value, digits) };
    format!("{} ({} to {})", show(range.middle), show(range.low), show(range.high))
}

/// For a person.
#[must_use]
pub fn human(reading: &Reading, rows: &[Row], width: usize) -> String {
    let mut text = String::new();
    let left: usize = reading.left.iter().map(|one| one.count).sum();
    let _ = writeln!(
        text,
        "{} of {}{}",
        count(reading.durations.len(), "duration"),
        count(rows.len(), "assumption"),
        if left > 0 { format!("; {} left out", count(left, "operation")) } else { String::new() }
    );
    let key = rows.iter().map(|row| columns(row.assumption.row().key)).max().unwrap_or(0);
    for row in rows {
        let of = row.assumption.row();
        let mut lines = vec![rests_on(row), format!("default: {}", of.default)];
        if let Some(gain) = row.tail_gain.filter(|_| row.fitted.as_ref().is_some_and(|one| one.share.is_some())) {
            lines.push(format!("a slow tail makes these durations e^{} times as likely as none", decimals(gain, 1)));
        }
        lines.extend(why_none(row).map(|why| format!("no value: {why}")));
        if !row.operations.is_empty() {
            lines.push(format!("of {}", row.operations.join(", ")));
        }
        let mut head = paint(BOLD, pad(of.key, key));
        for line in lines.iter().flat_map(|line| wrap(&escaped(line), width.saturating_sub(key + 2).max(30))) {
            let _ = writeln!(text, "{head}  {line}");
            head = " ".repeat(key);
        }
    }
    if !reading.left.is_empty() {
        let _ = writeln!(text, "\n{}", paint(BOLD, "left out"));
    }
    for one in &reading.left {
        let line = format!("{} × {}: {}", one.count, one.operation, one.why);
        let _ = writeln!(text, "  {}", paint(DIM, wrap(&escaped(&line), width.saturating_sub(4)).join("\n    ")));
    }
    if !rows.is_empty() {
        let _ = writeln!(text, "\n{}\n\n{}", paint(BOLD, "for a scenario"), escaped_lines(&block(rows)).trim_end());
    }
    text
}

fn escaped_lines(text: &str) -> String {
    text.lines().fold(String::new(), |all, line| all + &escaped(line) + "\n")
}

/// For a program.
#[must_use]
pub fn json(reading: &Reading, rows: &[Row]) -> Value {
    let range = |range: Range| json!({ "low": range.low, "median": range.middle, "high": range.high });
    let row = |row: &Row| {
        json!({
            "assumption": row.assumption.row().key,
            "durations": row.count,
            "running": row.running,
            "operations": row.operations,
            "medianSeconds": row.fitted.as_ref().map(|one| range(one.median)),
            "sigma": row.fitted.as_ref().map(|one| range(one.sigma)),
            "slowShare": row.fitted.as_ref().and_then(|one| one.share).map(range),
            "slowTailGain": row.tail_gain,
            "value": row.value.map(written),
            "whyNone": why_none(row),
        })
    };
    let left = |one: &Left| json!({ "operation": one.operation, "why": one.why, "count": one.count });
    json!({
        "format": FORMAT,
        "confidence": 0.9,
        "assumptions": rows.iter().map(row).collect::<Vec<_>>(),
        "leftOut": reading.left.iter().map(left).collect::<Vec<_>>(),
    })
}
