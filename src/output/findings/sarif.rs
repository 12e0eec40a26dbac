//! Findings as SARIF 2.1.0.

use super::{Outcome, Shown, github};
use crate::input::lint::rows::ROWS;
use crate::input::lint::{Row, page};
use crate::input::report::severity_word;
use crate::input::tree::Span;
use crate::output::proof::Proof;
use serde_json::{Value, json};
use std::path::Path;

/// A log with one run.
pub(crate) fn sarif(outcome: &Outcome<'_>) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "windtunnel",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": ROWS.iter().copied().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": outcome.findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
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

fn result(shown: &Shown<'_>) -> Value {
    let of = shown.finding;
    let mut result = json!({
        "ruleId": of.row.code,
        "ruleIndex": ROWS.iter().position(|row| row.code == of.row.code),
        "level": severity_word(of.severity),
        "message": { "text": github::message(shown) },
        "partialFingerprints": { "windtunnel/v1": fingerprint(shown) },
        "properties": {
            "rule": of.rule.to_string(),
            "fix": of.fix,
            "proof": shown.proof.as_ref().and_then(|proof| proof.as_ref().ok()).map(Proof::json),
        },
    });
    if let Some(span) = &of.span {
        result["locations"] = json!([{
            "physicalLocation": { "artifactLocation": { "uri": uri(&span.source.name) }, "region": region(span) },
            "logicalLocations": [{ "name": of.resource, "kind": "resource" }],
        }]);
    }
    if let Some(allowed) = shown.allowed {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": allowed.reason }]);
    }
    result
}

/// What tells a finding apart from others wherever its lines move: code, rule, file, resource.
fn fingerprint(shown: &Shown<'_>) -> String {
    let of = shown.finding;
    let file = of.span.as_ref().map_or("", |span| span.source.name.as_str());
    blake3::hash(format!("{}\0{}\0{file}\0{}", of.row.code, of.rule, of.resource).as_bytes()).to_hex()[..32].to_owned()
}

fn region(span: &Span) -> Value {
    let end = Span { start: span.end, ..span.clone() };
    json!({ "startLine": span.line(), "startColumn": span.column(), "endLine": end.line(), "endColumn": end.column() })
}

/// A path as a reference of a URI: relative as it was given, or `file:` where it is absolute.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let text = path.replace('\\', "/");
    let coded: String = text
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    match (Path::new(path).is_absolute(), text.starts_with('/')) {
        (true, true) => format!("file://{coded}"),
        (true, false) => format!("file:///{coded}"),
        (false, _) => coded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference() {
        assert_eq!(uri("infra/a b:c#.json"), "infra/a%20b%3Ac%23.json");
        assert_eq!(uri("/é.json"), "file:///%C3%A9.json");
    }
}
