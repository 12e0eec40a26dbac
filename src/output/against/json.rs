//! The comparison for programs: every measure of every incident that was run, in numbers.

use super::{Line, Sheet, remarks};
use crate::experiment::against::{ERROR, Incident, Reach, Row, Test};
use crate::experiment::statistics::{CONFIDENCE, Summary};
use crate::input::difference::Changed;
use crate::input::formats;
use crate::input::identity::MODEL_VERSION;
use crate::input::tree::Span;
use serde_json::{Value, json};

/// The comparison as JSON.
pub fn json(sheet: &Sheet<'_>) -> Value {
    json!({
        formats::KEY: formats::AGAINST.version,
        "tool": { "name": "windtunnel", "version": env!("CARGO_PKG_VERSION"), "modelVersion": MODEL_VERSION },
        "against": sheet.against,
        "commit": sheet.commit,
        "firstSeed": sheet.first_seed,
        "confidence": CONFIDENCE,
        "error": ERROR,
        "closing": sheet.closing(),
        "incidents": sheet.incidents.iter().map(|incident| incident_json(sheet, incident)).collect::<Vec<_>>(),
        "changes": sheet.lines.iter().map(|line| line_json(sheet, line)).collect::<Vec<_>>(),
        "notReached": sheet.unreached,
        "noLongerTested": sheet.gone.iter().map(|gone| json!({ "scenario": gone.scenario, "what": gone.what })).collect::<Vec<_>>(),
        "notes": sheet.notes,
        "repeat": sheet.command,
    })
}

fn line_json(sheet: &Sheet<'_>, line: &Line) -> Value {
    let Changed { place, values: [before, now], at: [was, is], is_secret, .. } = &line.changed;
    let at = |span: &Option<Span>| span.as_ref().map(|span| json!({ "file": span.source.name, "line": span.line() }));
    let names: Vec<String> = line.incidents.iter().map(|at| sheet.incidents[*at].name()).collect();
    json!({
        "path": place.to_string(),
        "before": before,
        "now": now,
        "beforeAt": at(was),
        "nowAt": at(is),
        "secret": is_secret,
        "incidents": names,
        "worse": line.worse(sheet.incidents),
    })
}

fn incident_json(sheet: &Sheet<'_>, incident: &Incident<'_>) -> Value {
    let reach = match &incident.reach {
        Reach::Changed(_) => "changed",
        Reach::Same(_) => "same",
        Reach::New => "new",
        Reach::Unreadable(_) => "unreadable",
    };
    let first = sheet.first(incident);
    json!({
        "scenario": incident.file.loaded.name,
        "policy": incident.now.plan.policy,
        "file": incident.file.path.display().to_string(),
        "replications": incident.file.replications,
        "reach": reach,
        "verdict": incident.became().word(),
        "remarks": remarks(incident).into_iter().map(|(_, said)| said).collect::<Vec<_>>(),
        "measures": incident.rows.iter().map(row_json).collect::<Vec<_>>(),
        "tests": incident.tests.iter().map(test_json).collect::<Vec<_>>(),
        "first": first.map(|first| json!({ "seed": first.seed, "headline": first.headline, "replay": first.replay })),
    })
}

/// A measure on both sides.
pub(crate) fn row_json(row: &Row) -> Value {
    let interval = row.paired.interval;
    json!({
        "measure": row.column.name,
        "unit": row.column.unit,
        "judged": row.margin.is_some(),
        "margin": row.margin,
        "verdict": row.became.word(),
        "before": side_json(&row.before),
        "now": side_json(&row.now),
        "difference": row.paired.difference.map(|mean| mean.mean),
        "low": interval.map(|interval| interval.low),
        "high": interval.map(|interval| interval.high),
        "method": row.paired.method.words(),
        "worse": row.worse(),
        "better": row.better(),
        "unlike": row.unlike,
        "objectiveMet": row.kept.map(|[before, now]| json!({ "before": before, "now": now })),
        "firstWorse": row.first,
    })
}

fn side_json(summary: &Summary) -> Value {
    let words: serde_json::Map<String, Value> =
        summary.words.iter().map(|(word, count, _)| (word.clone(), (*count).into())).collect();
    json!({
        "mean": summary.mean.map(|mean| mean.mean),
        "open": summary.open,
        "notComputed": summary.not_computed,
        "words": if words.is_empty() { Value::Null } else { words.into() },
    })
}

fn test_json(test: &Test<'_>) -> Value {
    json!({
        "name": test.now.case.name.test,
        "before": test.before.map(|met| met.word()),
        "now": test.now.met.word(),
        "verdict": test.became().word(),
        "measured": test.now.measured,
        "wanted": test.now.wanted,
    })
}
