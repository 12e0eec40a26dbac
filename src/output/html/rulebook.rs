//! The rows of the rulebook and of the assumptions that a page cites.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use windtunnel_sim::rules::{Assumption, RuleId};

/// The rules with these ids: text, status, sources with their addresses.
pub fn rules(ids: &BTreeSet<RuleId>) -> Value {
    let row = |id: &RuleId| {
        let rule = id.rule()?;
        let source = |source: &windtunnel_sim::rules::Source| json!({ "title": source.title, "url": source.url() });
        let row = json!({
            "area": id.area().title(),
            "statement": rule.statement,
            "status": rule.status.word(),
            "deviation": rule.status.deviation(),
            "confidence": rule.confidence.word(),
            "sources": rule.sources().map(source).collect::<Vec<_>>(),
            "premises": rule.premises().map(|id| id.to_string()).collect::<Vec<_>>(),
        });
        Some((id.to_string(), row))
    };
    Value::Object(ids.iter().filter_map(row).collect::<Map<String, Value>>())
}

/// The assumptions with these keys: meaning, default, range, reason.
pub fn assumptions<'k>(keys: impl Iterator<Item = &'k str>) -> Value {
    let row = |key: &str| {
        let row = Assumption::by_key(key)?;
        let json = json!({
            "meaning": row.meaning,
            "default": row.default.to_string(),
            "range": row.range.to_string(),
            "reason": row.reason,
        });
        Some((key.to_owned(), json))
    };
    Value::Object(keys.filter_map(row).collect::<Map<String, Value>>())
}
