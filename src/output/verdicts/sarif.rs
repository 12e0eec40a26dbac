//! The tests that did not pass as SARIF 2.1.0: a rule for each way of not passing.

use super::{Session, json};
use crate::experiment::suite::Met;
use crate::input::report::severity_word;
use crate::output::annotations::{sarif, workspace};
use serde_json::{Value, json};

/// What is said of a way of not passing.
const fn meaning(met: Met) -> &'static str {
    match met {
        Met::Fail => "An expectation of a scenario does not hold under a policy.",
        Met::Worse => "Something is surely worse in an incident than it was before.",
        Met::Gone => "Something was tested before, and is no longer, or less strictly.",
        Met::Unusable => "There is no baseline, or none that can be compared with.",
        Met::Inconclusive => {
            "The runs do not decide whether an expectation holds; more replications, or more data, would."
        }
        Met::Pass => "It holds.",
    }
}

/// A log with one run.
pub(crate) fn sarif(session: &Session<'_>) -> Value {
    let rules: Vec<Value> = Met::ALL.into_iter().filter(|met| *met != Met::Pass).map(rule).collect();
    let root = workspace();
    let result = |tested| {
        let mut result = sarif::result(&super::annotation(tested), &rules, root.as_deref());
        let name = tested.case.name.to_string();
        result["locations"][0]["logicalLocations"] = json!([{ "fullyQualifiedName": name, "kind": "resource" }]);
        result["properties"] = json::test_json(tested);
        result
    };
    let results = session.worst().into_iter().map(result).collect();
    sarif::log(rules, results)
}

fn rule(met: Met) -> Value {
    json!({
        "id": met.word(),
        "shortDescription": { "text": meaning(met) },
        "help": { "text": "https://github.com/windtunnel/windtunnel/blob/main/docs/guide/ci.md" },
        "defaultConfiguration": { "level": severity_word(super::severity(met)) },
    })
}
