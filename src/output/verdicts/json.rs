//! The tests for programs.

use super::Session;
use crate::experiment::suite::{Met, Tested};
use crate::input::formats;
use crate::input::identity::MODEL_VERSION;
use crate::input::patch::diff_json;
use serde_json::{Value, json};

/// The tests as JSON.
pub fn json(session: &Session<'_>) -> Value {
    let counts: serde_json::Map<String, Value> =
        Met::ALL.iter().map(|met| (met.word().to_owned(), session.count(*met).into())).collect();
    json!({
        formats::KEY: formats::TESTS.version,
        "tool": { "name": "windtunnel", "version": env!("CARGO_PKG_VERSION"), "modelVersion": MODEL_VERSION },
        "firstSeed": session.first_seed,
        "partition": session.partition.map(|shard| format!("{}/{}", shard.number, shard.of)),
        "selected": session.selected.0,
        "of": session.selected.1,
        "counts": counts,
        "notes": session.notes,
        "tests": session.tested.iter().map(test_json).collect::<Vec<_>>(),
    })
}

fn test_json(tested: &Tested<'_>) -> Value {
    let name = &tested.case.name;
    let first = tested.moment.as_ref().map(|first| {
        json!({
            "at": first.at,
            "at_s": first.at_s,
            "entry": first.entry.as_ref().map(|(entry, ..)| *entry),
            "sentence": first.entry.as_ref().map(|(_, sentence, _)| sentence),
            "rule": first.entry.as_ref().map(|(.., rule)| rule),
        })
    });
    json!({
        "name": name.to_string(),
        "scenario": name.scenario,
        "policy": name.policy,
        "test": name.test,
        "file": tested.case.file.path.display().to_string(),
        "line": tested.line(),
        "verdict": tested.met.word(),
        "why": tested.why,
        "subject": tested.case.expectation.map(|expectation| expectation.subject.name()),
        "measured": tested.measured,
        "wanted": tested.wanted,
        "replications": tested.runs,
        "missed": tested.missed,
        "seed": tested.seed,
        "firstMissed": first,
        "diff": diff_json(&tested.case.planned.diff),
        "repeat": tested.repeat,
        "replay": tested.replay,
    })
}
