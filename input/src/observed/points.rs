//! From the rows of a table to the points of an observation.

use super::table::{Row, Table};
use super::{Counted, Cx, clock_ahead, wrong};
use crate::problem::Problem;
use crate::quantity;
use crate::scenario::keys::choices::ObservedUnit;
use crate::scenario::keys::observation as key;
use crate::tree::{Node, Span};
use windtunnel_claims::observed::{Metric, Point, Value};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::Unit;
use windtunnel_words::instant::Instant;
use windtunnel_words::number::count;

/// So many wrong rows are named.
const NAMED: usize = 3;

/// A row that has a number: when, in milliseconds after the start or before it, and what.
struct Read<'t> {
    at: i64,
    value: f64,
    out_of: Option<f64>,
    span: &'t Span,
}

/// The columns that are read.
struct Columns {
    time: usize,
    value: usize,
    out_of: Option<usize>,
}

/// The points of a table; `None` where it cannot be read.
pub(super) fn of(table: &Table, node: &Node, metric: &Metric, cx: &mut Cx<'_>) -> Option<Vec<Point>> {
    let columns = columns(table, node, metric, cx)?;
    let ahead = clock_ahead(node, cx);
    let (mut read, mut gaps, mut bad) = (Vec::new(), 0, 0);
    for row in &table.rows {
        match number_of_row(row, &columns, cx) {
            Ok(Some(one)) => read.push(Read { at: one.at - ahead, ..one }),
            Ok(None) => gaps += 1,
            Err(problem) => {
                bad += 1;
                if bad <= NAMED {
                    cx.problems.push(problem);
                }
                // What is wrong with the first instant is wrong with all of them.
                if read.is_empty() && gaps == 0 {
                    return None;
                }
            }
        }
    }
    if bad > 0 {
        return None;
    }
    read.sort_by_key(|one| one.at);
    if let Some(pair) = read.windows(2).find(|pair| pair[0].at == pair[1].at) {
        let help = "one value an instant: summarize the rows by time, `summarize … by bin(TimeGenerated, 1m)`";
        cx.problems.push(
            wrong(pair[1].span, "two rows are of the same instant", "the second", help).also(pair[0].span, "the first"),
        );
        return None;
    }
    if read.is_empty() {
        let help = format!("each of its {} has an empty value; {}", count(table.rows.len(), "row"), table.has());
        cx.problems.push(wrong(&table.named_at, "the file has no value", "named here", help));
        return None;
    }
    let steps = read.windows(2).map(|pair| pair[1].at - pair[0].at).min();
    let steps = steps.and_then(|step| u64::try_from(step).ok()).map(SimDuration::from_ms);
    let every = key::EVERY.given(node).or(table.every).or(steps).unwrap_or(SimDuration::from_mins(1));
    let counted = Counted { unit: key::UNIT.given(node), every };
    let start = read.iter().filter(|one| one.at < 0).count();
    if start == read.len() {
        let message = format!("every row of the file is before the start of the scenario, {}", starts(cx));
        let help = "check `start`, and the zone of the instants: without an offset they are taken for UTC";
        cx.problems.push(wrong(read[start - 1].span, message, "the last of them", help));
        return None;
    }
    let points = read.iter().filter(|one| one.at >= 0).map(|one| point(one, counted, metric));
    Some(points.collect())
}

fn starts(cx: &Cx<'_>) -> String {
    cx.clock.start().map_or_else(|| "which has no civil time".to_owned(), |start| format!("which is {start}"))
}

/// Which columns are read.
fn columns(table: &Table, node: &Node, metric: &Metric, cx: &mut Cx<'_>) -> Option<Columns> {
    let named = |key: &crate::scenario::field::Field<crate::scenario::field::Text>, cx: &mut Cx<'_>| {
        let Some(given) = key.node(node) else { return Some(None) };
        let found = table.column(given.text().unwrap_or_default());
        if found.is_none() {
            let message = format!("the file has no column `{}`", given.text().unwrap_or_default());
            cx.problems.push(wrong(&given.span, message, "this column", table.has()));
        }
        found.map(Some)
    };
    let Some(time) = table.time(key::TIME.given(node)) else {
        let (span, label) =
            key::TIME.node(node).map_or((&table.named_at, "named here"), |node| (&node.span, "this column"));
        let help = format!("name the column of instants with `time`; {}", table.has());
        cx.problems.push(wrong(span, "the file has no column of instants", label, help));
        return None;
    };
    let is_metrics = table.columns.first().is_some_and(|name| name == "timeStamp") && table.columns.len() == 2;
    let (value, out_of) = if is_metrics { (None, None) } else { (named(&key::COLUMN, cx)?, named(&key::OUT_OF, cx)?) };
    if out_of.is_some() && !metric.is_share() {
        let problem = Problem::error("E0215", "`outOf` makes a share of two counts, and the measure is none");
        let given = key::OUT_OF.node(node).map_or(&node.span, |given| &given.span);
        cx.problems.push(problem.at(given, "this column").help("write `measure: failedShare`"));
        return None;
    }
    let others: Vec<usize> = (0..table.columns.len()).filter(|at| *at != time && Some(*at) != out_of).collect();
    match (value, &others[..]) {
        (Some(value), _) => Some(Columns { time, value, out_of }),
        (None, &[value]) => Some(Columns { time, value, out_of }),
        _ => {
            let message = "the file has several columns, and the observation does not say which";
            let help = format!("name it with `column`; {}", table.has());
            cx.problems.push(wrong(&table.named_at, message, "this file", help));
            None
        }
    }
}

/// What a row says; nothing where its value is empty.
#[expect(clippy::result_large_err, reason = "a file has few problems, and each is shown")]
fn number_of_row<'t>(row: &'t Row, columns: &Columns, cx: &Cx<'_>) -> Result<Option<Read<'t>>, Problem> {
    let cell = |at: usize| row.cells.get(at).map_or("", |text| text.trim());
    let at = instant(cell(columns.time), cx).map_err(|(message, help)| wrong(&row.span, message, "this row", help))?;
    let number = |text: &str| match text {
        "" | "-" | "null" | "NaN" | "nan" | "None" => Ok(None),
        text => {
            let plain = text.strip_suffix('%').unwrap_or(text).trim();
            let message = || {
                wrong(
                    &row.span,
                    format!("`{text}` is not a number"),
                    "this row",
                    "write a number, or nothing where there is none",
                )
            };
            quantity::number_of(plain).map(Some).ok_or_else(message)
        }
    };
    let value = number(cell(columns.value))?;
    let out_of = match columns.out_of {
        Some(at) => match number(cell(at))? {
            // A share of no requests is none.
            Some(requests) if requests > 0.0 => Some(requests),
            _ => return Ok(None),
        },
        None => None,
    };
    Ok(value.map(|value| Read { at, value, out_of, span: &row.span }))
}

/// So many milliseconds after the start, or before it.
fn instant(text: &str, cx: &Cx<'_>) -> Result<i64, (String, String)> {
    let said = |wrong: quantity::Wrong| (wrong.message, wrong.help.unwrap_or_default());
    let at = Instant::parse_export(text).map_err(said)?;
    match at {
        Instant::Civil(unix_ms) if cx.clock.zone().is_some() => Ok(unix_ms.saturating_sub(cx.clock.start_unix_ms())),
        Instant::Entry { .. } => {
            let help = "write it as `2026-11-24T09:12:00Z`, `09:12` or `PT12M`";
            Err((format!("`{text}` is not an instant"), help.to_owned()))
        }
        other => {
            let at = other.resolve(&cx.clock, |_| None).map_err(said)?;
            Ok(i64::try_from(at.ms()).unwrap_or(i64::MAX))
        }
    }
}

/// A row as a point, in the unit of the metric.
fn point(read: &Read<'_>, counted: Counted, metric: &Metric) -> Point {
    let from = SimTime::from_ms(u64::try_from(read.at).unwrap_or(0).min(SimTime::FAR.ms()));
    let seconds = counted.every.seconds();
    let value = match (read.out_of, metric.unit(), counted.unit) {
        (Some(requests), ..) => 100.0 * read.value / requests,
        (None, Some(Unit::Percent), Some(ObservedUnit::Fraction)) => 100.0 * read.value,
        (None, Some(Unit::Count("rps")), Some(ObservedUnit::Rpm)) => read.value / 60.0,
        (None, Some(Unit::Count("rps")), Some(ObservedUnit::Count)) => read.value / seconds,
        (None, Some(Unit::Count("requests")), Some(ObservedUnit::Rps)) => read.value * seconds,
        (None, Some(Unit::Count("requests")), Some(ObservedUnit::Rpm)) => read.value * seconds / 60.0,
        _ => read.value,
    };
    Point { from, until: from + counted.every, value: Value::Number(value), requests: read.out_of, tolerance: None }
}
