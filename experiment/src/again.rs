//! How a test is made again, and one of its runs: the commands that are printed beside it.

use super::filter::{only, only_in};
use super::suite::{Case, File, Held};
use windtunnel_input::AS_WRITTEN;
use windtunnel_words::text::quoted;

/// A scenario that lies in no file: a drill on a fleet.
#[derive(Clone, Debug)]
pub struct Drilled {
    /// What a command line says of the tests: `drills --fleet main.json`.
    pub tests: String,
    /// What the command line of `windtunnel drill` says of the fleet: `main.json`.
    pub fleet: String,
}

/// The folder into which a drill is written before a run of it is replayed.
const FOLDER: &str = "windtunnel-drills";

/// The command that repeats a test. A seed that is not given is 1, or that of the baseline.
pub(super) fn repeat(case: &Case<'_>, first_seed: u64, runs: usize) -> String {
    let (what, filter) = match &case.file.drilled {
        None => (quoted(&case.file.path.display().to_string()), only(&case.name)),
        Some(drilled) => (drilled.tests.clone(), only_in(&case.name)),
    };
    let filter = quoted(&filter);
    let baseline = match &case.file.baseline {
        Held::To { folder, worse, .. } if case.expectation.is_none() => {
            let worse: String = worse.iter().map(|given| format!(" --worse {}", quoted(given))).collect();
            format!(" --baseline {}{worse}", quoted(&folder.display().to_string()))
        }
        _ => String::new(),
    };
    let seed = if first_seed == 1 && baseline.is_empty() { String::new() } else { format!(" --seed {first_seed}") };
    format!("windtunnel test {what} -E {filter} --replications {runs}{seed}{baseline}")
}

/// The command that replays one run of it.
pub(super) fn replay(case: &Case<'_>, seed: u64) -> String {
    run(case.file, Some(&case.name.policy), seed)
}

/// The command that makes one run of a scenario; a drill is written as one before.
#[must_use]
pub fn run(file: &File, policy: Option<&str>, seed: u64) -> String {
    if let Some(drilled) = &file.drilled {
        let name = &file.loaded.name;
        let path = quoted(&format!("{FOLDER}/{name}.yaml"));
        let (fleet, name) = (&drilled.fleet, quoted(name));
        let write = format!("windtunnel drill {fleet} --only {name} --replications 1 --out {FOLDER}");
        // What is drilled may be broken, which is no reason not to look at it.
        return format!("{write}; windtunnel run {path} --seed {seed}");
    }
    let path = quoted(&file.path.display().to_string());
    let policy = policy.map_or_else(String::new, |policy| format!(" --policy {}", quoted(policy)));
    format!("windtunnel run {path}{policy} --seed {seed}")
}

/// A policy as a command names it; a run is of the scenario as written where none is named.
#[must_use]
pub fn unless_as_written(policy: &str) -> Option<&str> {
    Some(policy).filter(|policy| *policy != AS_WRITTEN)
}
