//! The tests for programs: as one document, as names, as a stream of events.

use super::{Session, place};
use crate::experiment::figures::{Figures, Held, Wanted};
use crate::experiment::suite::{Case, Met, Tested};
use crate::input::identity::MODEL_VERSION;
use crate::input::patch::diff_json;
use crate::input::{formats, formats::KEY};
use crate::output::against::json::row_json;
use serde_json::{Map, Value, json};
use windtunnel_claims::expect::{Sense, Test};

/// The tests as JSON.
pub fn json(session: &Session<'_>) -> Value {
    let mut json = json!({ KEY: formats::TESTS.version });
    let head = head(session).into_iter().chain(tail(session));
    for (key, value) in head.chain([("tests", session.tested.iter().map(test_json).collect::<Value>())]) {
        json[key] = value;
    }
    json
}

/// What is known before anything is run.
fn head(session: &Session<'_>) -> Vec<(&'static str, Value)> {
    vec![
        ("tool", json!({ "name": "windtunnel", "version": env!("CARGO_PKG_VERSION"), "modelVersion": MODEL_VERSION })),
        ("firstSeed", session.first_seed.into()),
        ("partition", json!(session.partition.map(|shard| format!("{}/{}", shard.number, shard.of)))),
        ("selected", session.selected.0.into()),
        ("of", session.selected.1.into()),
    ]
}

/// What is known when all is done.
fn tail(session: &Session<'_>) -> Vec<(&'static str, Value)> {
    let counts: Map<String, Value> =
        Met::ALL.iter().map(|met| (met.word().to_owned(), session.count(*met).into())).collect();
    vec![("counts", counts.into()), ("notes", json!(session.notes))]
}

/// One event of the stream.
fn event(name: &str, fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut json = json!({ "event": name });
    for (key, value) in fields {
        json[key] = value;
    }
    json
}

/// The first event: the suite begins.
pub fn begins(session: &Session<'_>) -> Value {
    event("suiteBegins", [(KEY, formats::EVENTS.version.into())].into_iter().chain(head(session)))
}

/// A test has ended.
pub fn ends(tested: &Tested<'_>) -> Value {
    event("testEnds", [("test", test_json(tested))])
}

/// The last event: the suite has ended.
pub fn ended(session: &Session<'_>, code: u8) -> Value {
    event("suiteEnds", tail(session).into_iter().chain([("exitCode", code.into())]))
}

/// The names of tests.
pub fn list(cases: &[Case<'_>]) -> Value {
    json!({ KEY: formats::TEST_NAMES.version, "tests": cases.iter().map(|case| Value::from(named(case))).collect::<Vec<_>>() })
}

/// What a test is called, and where it stands.
fn named(case: &Case<'_>) -> Map<String, Value> {
    let name = &case.name;
    let fields = [
        ("name", name.to_string().into()),
        ("scenario", name.scenario.as_str().into()),
        ("policy", name.policy.as_str().into()),
        ("test", name.test.as_str().into()),
        ("file", case.file.path.display().to_string().into()),
        ("line", case.line().into()),
    ];
    fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// A test with what came of it.
pub(super) fn test_json(tested: &Tested<'_>) -> Value {
    let first = tested.moment.as_ref().map(|first| {
        json!({
            "at": first.at,
            "at_s": first.at_s,
            "entry": first.entry.as_ref().map(|(entry, ..)| *entry),
            "sentence": first.entry.as_ref().map(|(_, sentence, _)| sentence),
            "rule": first.entry.as_ref().map(|(.., rule)| rule),
        })
    });
    let mut json = named(&tested.case);
    let (file, line) = place(tested);
    json.extend([("file".to_owned(), file.into()), ("line".to_owned(), line.into())]);
    let fields = [
        ("verdict", tested.met.word().into()),
        ("why", json!(tested.why)),
        ("subject", json!(tested.case.expectation.map(|expectation| expectation.subject.name()))),
        ("measured", tested.measured.as_str().into()),
        ("wanted", tested.wanted.as_str().into()),
        ("figures", tested.figures.as_ref().map_or(Value::Null, figures)),
        ("measures", tested.rows.iter().map(row_json).collect()),
        ("replications", tested.runs.into()),
        ("missed", tested.missed.into()),
        ("seed", json!(tested.seed)),
        ("firstMissed", json!(first)),
        ("diff", diff_json(&tested.case.planned.diff)),
        ("repeat", tested.repeat.as_str().into()),
        ("replay", json!(tested.replay)),
    ];
    json.extend(fields.map(|(key, value)| (key.to_owned(), value)));
    json.into()
}

fn figures(of: &Figures) -> Value {
    json!({
        "unit": of.unit,
        "statistic": of.statistic,
        "value": of.value,
        "low": of.low,
        "high": of.high,
        "confidence": of.confidence,
        "open": of.open,
        "notComputed": of.not_computed,
        "words": of.words,
        "held": of.held.map(|Held { value, low, high, least }| json!({ "value": value, "low": low, "high": high, "least": least })),
        "wanted": wanted(&of.wanted),
    })
}

/// The bound, under the key that it has in a scenario.
fn wanted(of: &Wanted) -> Value {
    let bound = match &of.test {
        Test::Is(number) => ("is", json!(number)),
        Test::IsWord(word) => ("is", json!(word)),
        Test::IsFlag(flag) => ("is", json!(flag)),
        Test::AtMost(bound) => ("atMost", json!(bound)),
        Test::AtLeast(bound) => ("atLeast", json!(bound)),
        Test::Between(low, high) => ("between", json!([low, high])),
    };
    json!({ "never": of.sense == Sense::Never, bound.0: bound.1 })
}
