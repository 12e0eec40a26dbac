//! `compare --given`: policies under the posterior of a fit.

use crate::disk::file::Disk;
use crate::experiment::compare::Comparison;
use crate::experiment::fit::given::Given;
use crate::input::drawable::Drawable;
use crate::input::{LoadOptions, Problems, Report, read};
use crate::output::fit::FILE;
use crate::output::note::Note;
use anyhow::{Context as _, bail};
use std::path::Path;

/// Reads a scenario of which values are drawn.
///
/// # Errors
///
/// It cannot be read, or nothing in it is unknown.
pub(in crate::commands) fn drawable(scenario: &Path) -> anyhow::Result<Drawable> {
    let mut problems = Problems::new();
    let Some((text, name)) = read::text_of(scenario, None, &mut problems) else {
        return Err(Report::from(problems).into());
    };
    let drawable = Drawable::read(&Disk, &name, text, &LoadOptions::default())?;
    if drawable.unknowns.is_empty() {
        bail!(
            "nothing in `{name}` is unknown: say what is under `unknown`, for example `unknown: {{ pause: {{ path: \
             vmss.properties.upgradePolicy.rollingUpgradePolicy.pauseTimeBetweenBatches, uniform: {{ min: PT0S, max: PT30M }} }} }}`"
        );
    }
    Ok(drawable)
}

/// The fit in a folder, or in a file of it, for this scenario.
pub(super) fn read(fit: &Path, scenario: &Path) -> anyhow::Result<Given> {
    let file = if fit.is_dir() { fit.join(FILE) } else { fit.to_path_buf() };
    let shown = file.display();
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("{shown} cannot be read; --given names the folder that `windtunnel fit` wrote"))?;
    let json = serde_json::from_str(&text).with_context(|| format!("{shown} is not JSON"))?;
    Given::of(drawable(scenario)?, &json).with_context(|| format!("{shown} cannot be used"))
}

/// What tells runs under this fit from others.
pub(super) fn identity(given: &Given, replications: &str) -> String {
    format!("{replications} given {}", given.hash())
}

/// The seeds of so many replications.
pub(super) fn seeds(given: Option<&Given>, count: usize) -> Vec<u64> {
    given.map_or_else(Vec::new, |given| (0..count).map(|at| given.seed(at)).collect())
}

/// What the numbers rest on.
pub(super) fn notes(given: Option<&Given>, comparison: &Comparison) -> Vec<Note> {
    let Some(given) = given else { return Vec::new() };
    let names: Vec<&str> = given.unknowns().collect();
    let mut notes = vec![format!(
        "each replication is a draw of the fit: {}, and the seed of the incident; what differs between policies is what they do",
        names.join(", ")
    )];
    notes.push(
        "the single runs in report.html are of the scenario as it is written, and no draws of the fit".to_owned(),
    );
    if comparison.replications > given.count() {
        notes
            .push(format!("the fit has {} draws: beyond them the unknowns come again with other seeds", given.count()));
    }
    for policy in &comparison.policies {
        let decided = given.decided(&policy.name);
        if !decided.is_empty() {
            notes.push(format!("{} decides {} itself, whatever the fit says", policy.name, decided.join(", ")));
        }
    }
    notes.into_iter().map(Note::Text).collect()
}
