//! Annotations as a report of code quality, which GitLab shows in a merge request.

use super::{Annotation, relative};
use crate::input::Severity;
use serde_json::{Value, json};
use std::path::Path;

/// The report: a list. What has no place is left out, since GitLab shows nothing without one.
pub(crate) fn report(annotations: &[Annotation], workspace: Option<&Path>) -> Value {
    annotations.iter().filter_map(|one| entry(one, workspace)).collect()
}

fn entry(one: &Annotation, workspace: Option<&Path>) -> Option<Value> {
    let place = one.place.as_ref()?;
    Some(json!({
        "description": format!("{}: {}", one.title, one.message.replace('\n', "; ")),
        "check_name": one.code,
        "fingerprint": one.fingerprint(),
        "severity": match one.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        "location": { "path": relative(Path::new(&place.file), workspace), "lines": { "begin": place.line } },
    }))
}
