//! From a team's files to a scenario that runs at once: the fleet as it is in the files, and around it what no file of Azure's says,
//! each such value a guess with a line of its own.
//!
//! [`draft`] writes the whole text. It first reads the files alone, and takes from their plan what asks the application, where users
//! come in and how a new image reaches the fleet; then it reads its own text again, so that a draft is never one that cannot be run.

mod asks;
mod fleet;
mod gather;
mod keep;
mod page;
mod rollout;
mod sections;
#[cfg(test)]
mod tests;
mod wanted;

use crate::files::Files;
use crate::load::{AS_WRITTEN, LoadOptions, Loaded, load_text};
use crate::problem::Problems;
use crate::report::Report;
use serde_json::Value;
use windtunnel_sim::plan::Plan;

pub use asks::Asks;
pub use fleet::{DraftEntry, DraftImage, DraftSet};
pub use gather::{Gathered, LeftOut, Named, gather, relative};
pub use keep::{Kept, Refused, again, first};
pub use page::{COMMENTS, Line, scalar};
pub use rollout::Way;

/// What a scenario names of the files of a fleet: an element of its `resources`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// The file, as the scenario names it: relative to its own folder, with `/`.
    pub file: String,
    /// It is a template, which has parameters.
    pub is_template: bool,
    /// It is a plan of what is not there yet, so that what Azure would refuse of it can be mended.
    pub is_planned: bool,
    /// The file of their values.
    pub parameters: Option<String>,
    /// Parameters that are given beside that, each with its value as YAML.
    pub set: Vec<(String, String)>,
}

/// A value that no file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The line of the draft, counted from 1.
    pub line: usize,
    /// Of what: the keys that lead to it.
    pub path: Vec<String>,
    /// What was guessed, and from what.
    pub text: String,
}

/// A scenario made of a team's files.
#[derive(Debug)]
pub struct Draft {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Its text.
    pub text: String,
    /// What of it was guessed.
    pub guesses: Vec<Guess>,
    /// What a run of it is given: nothing happens in it.
    pub plan: Plan,
    /// Its scale sets, in the order of the plan.
    pub sets: Vec<DraftSet>,
    /// Where users come in.
    pub entries: Vec<DraftEntry>,
    /// What was said of it.
    pub problems: Problems,
}

/// Drafts the scenario that will be at `name`, which need not be there yet.
///
/// # Errors
///
/// What Azure refuses of the files, what they lack that nobody can guess, or what cannot be read.
pub fn draft(files: &dyn Files, name: &str, elements: &[Element], options: &LoadOptions) -> Result<Draft, Report> {
    draft_beside(files, name, elements, options, None)
}

/// The same beside what its user wrote of an earlier one: demand is guessed from what an instance serves there.
///
/// # Errors
///
/// As above.
pub fn draft_beside(
    files: &dyn Files,
    name: &str,
    elements: &[Element],
    options: &LoadOptions,
    old: Option<&str>,
) -> Result<Draft, Report> {
    let read = |text: String| load_text(files, name, text, options);
    let (resources, bare) = wanted::fill(elements, &read)?;
    let each_rps = old.and_then(keep::capacity).unwrap_or(fleet::CAPACITY_RPS);
    let fleet = fleet::Fleet::of(&bare, each_rps);
    let lines = sections::write(&fleet, &resources);
    let text: String = lines.iter().map(|line| format!("{}\n", line.text)).collect();
    let loaded = read(text.clone())?;
    let guessed = lines
        .iter()
        .enumerate()
        .filter_map(|(at, line)| Some(Guess { line: at + 1, path: line.path.clone(), text: line.guess.clone()? }));
    let guesses = guessed.collect();
    let fleet::Fleet { sets, entries, .. } = fleet;
    let plan = as_written(&loaded).0.clone();
    Ok(Draft { guesses, lines, text, plan, sets, entries, problems: loaded.problems })
}

/// A scenario of the files alone, in which nothing happens.
#[must_use]
pub fn files_alone(elements: &[Element]) -> String {
    wanted::skeleton(&elements.iter().map(wanted::Resource::of).collect::<Vec<_>>())
}

/// The plan of a scenario as written, and the scenario with its resources in normal form.
fn as_written(loaded: &Loaded) -> (&Plan, &Value) {
    let planned = loaded.plan(AS_WRITTEN).unwrap_or_else(|_| unreachable!("it always exists"));
    (&planned.plan, &planned.effective)
}
