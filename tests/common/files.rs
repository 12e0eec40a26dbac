//! Scenarios whose files are in memory.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use windtunnel::input::files::{Files, Unreadable};
use windtunnel::input::{LoadOptions, Loaded, Problem, Problems, Report};
use windtunnel_input::load_text;
use windtunnel_sim::plan::Plan;

/// Files in memory.
struct Memory(BTreeMap<String, String>);

impl Files for Memory {
    fn read(&self, path: &Path, _: u64) -> Result<Vec<u8>, Unreadable> {
        let name = path.display().to_string().replace('\\', "/");
        self.0.get(&name).map(|text| text.clone().into_bytes()).ok_or(Unreadable::Missing)
    }
}

/// A scenario, and the files beside it.
pub fn read(scenario: &str, files: &[(&str, Value)]) -> Result<Loaded, Report> {
    let files = files.iter().map(|(name, value)| ((*name).to_owned(), value.to_string())).collect();
    load_text(&Memory(files), "scenario.yaml", scenario.to_owned(), &LoadOptions::default())
}

/// What is said, whether it is refused or not.
pub fn problems(outcome: &Result<Loaded, Report>) -> &Problems {
    match outcome {
        Ok(loaded) => &loaded.problems,
        Err(report) => report.problems(),
    }
}

/// The problems with a code.
pub fn said<'a>(outcome: &'a Result<Loaded, Report>, code: &str) -> Vec<&'a Problem> {
    problems(outcome).iter().filter(|problem| problem.code == code).collect()
}

/// The plan of the scenario as it is written.
pub fn plan(outcome: &Result<Loaded, Report>) -> Plan {
    let loaded = outcome.as_ref().unwrap_or_else(|report| panic!("{:#?}", report.problems().0));
    loaded.plan("as-written").expect("it always exists").plan.clone()
}
