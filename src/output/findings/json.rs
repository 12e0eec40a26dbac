//! Findings for programs.

use super::{Outcome, Shown, unmet};
use crate::input::lint::page;
use crate::input::report::severity_word;
use crate::input::{Report, formats};
use serde_json::{Value, json};

/// All of it.
pub(crate) fn json(outcome: &Outcome<'_>) -> Value {
    json!({
        formats::KEY: formats::FINDINGS.version,
        "tool": { "name": "windtunnel", "version": env!("CARGO_PKG_VERSION") },
        "scaleSets": outcome.sets,
        "findings": outcome.findings.iter().map(finding).collect::<Vec<_>>(),
        "unmet": outcome.unmet.iter().map(|one| json!({ "allow": one.text, "reason": one.reason, "message": unmet(one) })).collect::<Vec<_>>(),
        "problems": Report::from(outcome.problems.clone()).to_json(),
    })
}

fn finding(shown: &Shown<'_>) -> Value {
    let of = shown.finding;
    let place = of.span.as_ref().map(|span| {
        json!({ "file": span.source.name, "line": span.line(), "column": span.column(), "start": span.start, "end": span.end })
    });
    let proof = shown.proof.as_ref().map(|proof| match proof {
        Ok(proof) => proof.json(),
        Err(why) => json!({ "why": why }),
    });
    json!({
        "code": of.row.code,
        "name": of.row.name,
        "severity": severity_word(of.severity),
        "resource": of.resource,
        "rule": of.rule.to_string(),
        "reason": of.row.statement,
        "message": of.what,
        "at": place,
        "fix": of.fix,
        "help": of.help,
        "page": format!("docs/lint/{}", page::file(of.row)),
        "allowed": shown.allowed.map(|one| one.reason.clone()),
        "proof": proof,
    })
}
