//! The most likely run of a fit as a scenario of its own, so that it can be run, compared and written up.

use crate::experiment::fit::Fit;
use crate::input::draft::relative;
use crate::input::drawable::Drawable;
use crate::input::{AS_WRITTEN, LoadOptions, Problems, load_text, read};
use serde_json::{Value, json};
use std::path::{Path, absolute};
use windtunnel_sim::plan::Plan;

/// Keys under which files are named, in observations and policies.
const FILES: [&str; 4] = ["file", "template", "parameters", "activityLog"];

/// A scenario, and the file in the folder of the fit that holds it.
pub(super) struct Replay {
    pub name: String,
    pub scenario: Value,
}

/// The most likely run; none where there is none, or where its values cannot stand in a file.
///
/// # Errors
///
/// The scenario of the fit cannot be read, or the folder of work is gone.
pub(super) fn of(
    scenario: &Path,
    name: &str,
    (drawable, fit): (&Drawable, &Fit),
    folder: &Path,
) -> anyhow::Result<Option<Replay>> {
    let Some(best) = fit.best.first() else { return Ok(None) };
    let Some(mut json) = drawable.scenario(&fit.policy, &best.point.at) else { return Ok(None) };
    let mut problems = Problems::new();
    let written = read::text_of(scenario, None, &mut problems)
        .and_then(|(text, name)| read::read_text(&name, text, &mut problems));
    if let Some(policies) = written.as_ref().and_then(|root| root.get("policies")) {
        json["policies"] = policies.to_json();
    }
    // Files are named from the scenario so far: the folder of the fit may not be there yet.
    let beside = scenario.with_file_name(format!("{name}-fitted.json"));
    let loaded = |json: &Value| load_text(&beside.display().to_string(), format!("{json:#}"), &LoadOptions::default());
    let mut read = loaded(&json);
    if read.is_err() {
        // Policies may decide what is unknown, or name what the fleet of another policy does not have.
        json.as_object_mut().map(|keys| keys.remove("policies"));
        read = loaded(&json);
    }
    let own = drawable.plan(&fit.policy, &best.point.at);
    let digest = |plan: &Plan| crate::experiment::replay::Replay::new(plan, best.point.seed).outcome.digest;
    let read = read.ok().and_then(|read| Some(digest(&read.plan(AS_WRITTEN).ok()?.plan)));
    if read != own.as_ref().map(digest) {
        return Ok(None);
    }
    let from = absolute(scenario.parent().unwrap_or(Path::new("")).join("."))?;
    let to = absolute(folder)?;
    for key in ["policies", "observed"] {
        if let Some(section) = json.get_mut(key) {
            move_files(section, &|file| relative(&to, &from.join(file)));
        }
    }
    let about = format!("The most likely run of a fit of {}: seed {}.", scenario.display(), best.point.seed);
    let told = json["description"].as_str().map_or_else(|| about.clone(), |own| format!("{own} {about}"));
    json["description"] = json!(told);
    Ok(Some(Replay { name: format!("{name}-fitted.json"), scenario: json }))
}

/// Names files as they are to be named elsewhere.
fn move_files(json: &mut Value, moved: &dyn Fn(&str) -> String) {
    match json {
        Value::Object(entries) => {
            for (key, value) in entries {
                match value {
                    Value::String(file) if FILES.contains(&key.as_str()) => *file = moved(file),
                    Value::Array(files) if FILES.contains(&key.as_str()) => {
                        for file in files {
                            if let Value::String(file) = file {
                                *file = moved(file);
                            }
                        }
                    }
                    other => move_files(other, moved),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| move_files(item, moved)),
        _ => {}
    }
}
