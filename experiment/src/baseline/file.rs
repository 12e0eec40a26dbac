//! The file of a baseline. It is written by hand and not as a tree, so that it has one line a measure: a number, a word or `null`
//! (not computed) that all runs have, or a list of them by seed; `{ "open": 60 }` is a value that was still open at the horizon.

use super::{Baseline, Kept, asks, is_kept};
use crate::against::said;
use crate::column::Column;
use crate::rows::Rows;
use crate::statistics::{CONFIDENCE, summarise};
use crate::table::{Table, Values};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;
use windtunnel_input::formats::{BASELINE, KEY};
use windtunnel_sim::measure::{Seen, Stored};
use windtunnel_words::number::figure;

/// Why a value that is not computed is not: that is not kept.
const NOT_KEPT: &str = "the baseline does not say why";

pub(super) fn text(of: &Baseline) -> String {
    let mut text = String::from("{\n");
    let _ = writeln!(text, "  \"{KEY}\": {},", BASELINE.version);
    for (key, value) in [("scenario", &of.scenario), ("file", &of.file), ("rulebookVersion", &of.rulebook)] {
        let _ = writeln!(text, "  \"{key}\": {},", json!(value));
    }
    let _ = writeln!(text, "  \"firstSeed\": {},\n  \"replications\": {},", of.first_seed, of.replications);
    let expects = of.expects.iter().map(|(name, asks)| (name.as_str(), asks::json(asks).to_string()));
    text += "  \"expects\": ";
    lines(&mut text, 4, expects);
    text += ",\n  \"policies\": {";
    for (at, (policy, kept)) in of.policies.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(text, "{comma}\n    {}: {{\n", json!(policy));
        let _ = write!(text, "      \"simulated\": {},\n      \"means\": ", json!(kept.simulated));
        let columns = sorted(&kept.rows);
        lines(
            &mut text,
            8,
            columns.iter().filter_map(|(column, values)| Some((column.name.as_str(), mean(column, *values)?))),
        );
        text += ",\n      \"runs\": ";
        lines(&mut text, 8, columns.iter().map(|(column, values)| (column.name.as_str(), by_seed(*values))));
        text += "\n    }";
    }
    text + "\n  }\n}\n"
}

/// An object with a line an entry.
fn lines<'l>(text: &mut String, indent: usize, entries: impl Iterator<Item = (&'l str, String)>) {
    text.push('{');
    let mut is_empty = true;
    for (key, value) in entries {
        let comma = if is_empty { "" } else { "," };
        let _ = write!(text, "{comma}\n{:indent$}{}: {value}", "", json!(key));
        is_empty = false;
    }
    if !is_empty {
        let _ = write!(text, "\n{:indent$}", "", indent = indent - 2);
    }
    text.push('}');
}

/// The columns that are kept with their values, by name.
fn sorted(rows: &Rows) -> Vec<(&Column, Values<'_>)> {
    let all = rows.columns.iter().enumerate().filter(|(_, column)| is_kept(column));
    let mut all: Vec<_> = all.map(|(at, column)| (column, rows.runs.column(at))).collect();
    all.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    all
}

/// What the file says of each column, by name.
pub(super) fn by_name(rows: &Rows) -> Vec<(String, String)> {
    sorted(rows).into_iter().map(|(column, values)| (column.name.clone(), by_seed(values))).collect()
}

/// What people read of a measure that is not the same in every run.
fn mean(column: &Column, values: Values<'_>) -> Option<String> {
    let first = values.get(0)?;
    if column.part.is_some() || values.iter().all(|value| is_alike(value, first)) {
        return None;
    }
    let summary = summarise(values, CONFIDENCE);
    let interval = summary.mean.and_then(|mean| mean.interval).filter(|interval| interval.half() > 0.0);
    let interval = interval.map(|at| format!(" ({} to {})", figure(at.low), figure(at.high)));
    let json = json!(said::value(&summary, &column.unit) + &interval.unwrap_or_default());
    Some(json.to_string())
}

/// Whether two values are one in the file.
pub(super) fn is_alike(one: Seen<'_>, other: Seen<'_>) -> bool {
    match (one, other) {
        (Seen::Number(a), Seen::Number(b)) | (Seen::AtLeast(a), Seen::AtLeast(b)) => a.to_bits() == b.to_bits(),
        (Seen::Word(a), Seen::Word(b)) => a == b,
        (Seen::NotComputed(_), Seen::NotComputed(_)) => true,
        _ => false,
    }
}

/// The values by seed, or the one that all seeds have.
fn by_seed(values: Values<'_>) -> String {
    let Some(first) = values.get(0) else { return "[]".to_owned() };
    if values.iter().all(|value| is_alike(value, first)) {
        return cell(first);
    }
    let cells: Vec<String> = values.iter().map(cell).collect();
    format!("[{}]", cells.join(", "))
}

fn cell(value: Seen<'_>) -> String {
    match value {
        Seen::Number(value) => digits(value),
        Seen::AtLeast(least) => format!("{{ \"open\": {} }}", digits(least)),
        Seen::Word(word) => json!(word).to_string(),
        Seen::NotComputed(_) => "null".to_owned(),
    }
}

/// A number so that it is read back to the last bit, and no longer than that takes.
fn digits(value: f64) -> String {
    let is_whole = value.fract() == 0.0 && value.abs() < 1e15 && !(value == 0.0 && value.is_sign_negative());
    if is_whole { format!("{value:.0}") } else { format!("{value:?}") }
}

/// What the JSON says; `None` where something lacks.
pub(super) fn of(json: &Value) -> Option<Baseline> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let replications = usize::try_from(json["replications"].as_u64()?).ok().filter(|count| *count > 0)?;
    let (scenario, first_seed) = (text(&json["scenario"])?, json["firstSeed"].as_u64()?);
    // No seed is beyond the last.
    first_seed.checked_add(replications as u64 - 1)?;
    let mut expects = Vec::new();
    for (name, json) in json["expects"].as_object()? {
        expects.push((name.clone(), asks::of(json)?));
    }
    let mut policies = BTreeMap::new();
    for (policy, kept) in json["policies"].as_object()? {
        let (columns, runs) = runs(&kept["runs"], replications)?;
        let rows = Rows {
            scenario: scenario.clone(),
            policy: policy.clone(),
            first_seed,
            columns,
            runs,
            took: Duration::ZERO,
        };
        policies.insert(policy.clone(), Kept { simulated: text(&kept["simulated"])?, rows });
    }
    let (file, rulebook) = (text(&json["file"])?, text(&json["rulebookVersion"])?);
    Some(Baseline { scenario, file, rulebook, first_seed, replications, expects, policies })
}

/// The columns and the values, a row a seed.
fn runs(json: &Value, replications: usize) -> Option<(Vec<Column>, Table)> {
    let (mut columns, mut cells) = (Vec::new(), Vec::new());
    for (name, json) in json.as_object()? {
        columns.push(Column::named(name).filter(is_kept)?);
        let values: Vec<Stored> = match json {
            Value::Array(list) if list.len() == replications => list.iter().map(value).collect::<Option<_>>()?,
            Value::Array(_) => return None,
            one => vec![value(one)?],
        };
        cells.push(values);
    }
    let row = |at: usize| cells.iter().map(|values| values.get(at).unwrap_or(&values[0]).clone()).collect::<Vec<_>>();
    Some((columns, (0..replications).map(row).collect()))
}

fn value(json: &Value) -> Option<Stored> {
    match json {
        Value::Null => Some(Stored::NotComputed(NOT_KEPT.into())),
        Value::String(word) => Some(Stored::Word(word.clone().into())),
        Value::Object(_) => json["open"].as_f64().map(Stored::AtLeast),
        number => number.as_f64().map(Stored::Number),
    }
}

/// Where two trees first differ, in the order of the first.
pub(super) fn first_difference(own: &Value, other: &Value, place: &str) -> Option<String> {
    let below = |key: &str| if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
    match (own, other) {
        (Value::Object(own), Value::Object(other)) => {
            let missing = other.keys().find(|key| !own.contains_key(*key)).map(|key| below(key));
            let each = own
                .iter()
                .find_map(|(key, value)| first_difference(value, other.get(key).unwrap_or(&Value::Null), &below(key)));
            each.or(missing)
        }
        (Value::Array(own), Value::Array(other)) if own.len() == other.len() => {
            own.iter().zip(other).find_map(|(own, other)| first_difference(own, other, place))
        }
        (Value::Number(own), Value::Number(other)) if own.as_f64() == other.as_f64() => None,
        _ => (own != other).then(|| place.to_owned()),
    }
}
