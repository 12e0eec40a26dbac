//! Columns and values of runs as JSON, so that they are read back to the last bit: for whatever keeps runs, a journal or a cache.

use super::column::Column;
use serde_json::{Value, json};
use std::fmt::Write as _;
use windtunnel_sim::measure::{Part, ScopeKind, Seen, Stored};

/// A column: the measure, its unit, and the kind and name of the part that it is of.
#[must_use]
pub fn column_json(column: &Column) -> Value {
    match &column.part {
        Some(Part { kind, name }) => json!([column.measure, column.unit, kind.key(), name]),
        None => json!([column.measure, column.unit]),
    }
}

/// The column of what [`column_json`] gave; `None` where it is none.
#[must_use]
pub fn column_of(json: &Value) -> Option<Column> {
    let part = match &json[2] {
        Value::Null => None,
        key => {
            let kind = ScopeKind::ALL.into_iter().find(|kind| *key == kind.key())?;
            Some(Part { kind, name: json[3].as_str()?.to_owned() })
        }
    };
    Some(Column::new(json[0].as_str()?, part, json[1].as_str()?))
}

/// Writes a value behind a text.
pub fn write(text: &mut String, value: Seen<'_>) {
    // Numbers are written so that they are read back to the last bit.
    let _ = match value {
        Seen::Number(number) => write!(text, "{number:?}"),
        Seen::AtLeast(least) => write!(text, "{{\"atLeast\":{least:?}}}"),
        Seen::Word(word) => write!(text, "{}", json!({ "word": word })),
        Seen::NotComputed(why) => write!(text, "{}", json!({ "notComputed": why })),
    };
}

/// The value of what [`write`] wrote; `None` where it is none.
#[must_use]
pub fn value_of(json: &Value) -> Option<Stored> {
    let text = |key: &str| json[key].as_str().map(str::to_owned);
    if let Some(number) = json.as_f64() {
        return Some(Stored::Number(number));
    }
    let open = json["atLeast"].as_f64().map(Stored::AtLeast);
    let word = || text("word").map(|word| Stored::Word(word.into()));
    open.or_else(word).or_else(|| text("notComputed").map(|why| Stored::NotComputed(why.into())))
}
