//! Findings as SARIF 2.1.0.

use super::{Outcome, Shown};
use crate::input::lint::rows::ROWS;
use crate::input::lint::{Row, page};
use crate::input::report::severity_word;
use crate::output::annotations::{sarif, workspace};
use crate::output::proof::Proof;
use serde_json::{Value, json};

/// A log with one run.
pub(crate) fn sarif(outcome: &Outcome<'_>) -> Value {
    let rules: Vec<Value> = ROWS.iter().copied().map(rule).collect();
    let results = outcome.findings.iter().map(|one| result(one, &rules)).collect();
    sarif::log(rules, results)
}

fn rule(row: &Row) -> Value {
    json!({
        "id": row.code,
        "name": row.name,
        "shortDescription": { "text": format!("{}.", row.statement) },
        "fullDescription": { "text": row.page },
        "help": { "text": row.page, "markdown": page::page(row) },
        "defaultConfiguration": { "level": severity_word(row.severity) },
    })
}

fn result(shown: &Shown<'_>, rules: &[Value]) -> Value {
    let of = shown.finding;
    let mut result = sarif::result(&shown.annotation(), rules, workspace().as_deref());
    result["properties"] = json!({
        "rule": of.rule.to_string(),
        "fix": of.fix,
        "proof": shown.proof.as_ref().and_then(|proof| proof.as_ref().ok()).map(Proof::json),
    });
    if of.span.is_some() {
        result["locations"][0]["logicalLocations"] = json!([{ "name": of.resource, "kind": "resource" }]);
    }
    if let Some(allowed) = shown.allowed {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": allowed.reason }]);
    }
    result
}
