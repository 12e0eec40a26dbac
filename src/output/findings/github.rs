//! Findings as annotations on GitHub.

use super::{Outcome, Shown, unmet};
use crate::input::Severity;
use crate::input::lint::paste;
use crate::output::verdicts::github::{SHOWN, data, property, relative};
use std::fmt::Write as _;
use std::path::Path;

/// Workflow commands: of each severity the first nine, and a count.
pub(crate) fn annotations(outcome: &Outcome<'_>, workspace: Option<&Path>) -> String {
    let mut text = String::new();
    for (severity, level) in [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "notice")] {
        let of: Vec<&Shown<'_>> = outcome.open().filter(|one| one.finding.severity == severity).collect();
        of.iter().take(SHOWN).for_each(|one| text += &annotation(one, level, workspace));
        if of.len() > SHOWN {
            let _ = writeln!(text, "::{level} title=windtunnel::{}", data(&format!("and {} more", of.len() - SHOWN)));
        }
    }
    for allowed in &outcome.unmet {
        let _ = writeln!(text, "::notice title=windtunnel::{}", data(&unmet(allowed)));
    }
    text
}

fn annotation(shown: &Shown<'_>, level: &str, workspace: Option<&Path>) -> String {
    let of = shown.finding;
    let place = of.span.as_ref().map_or_else(String::new, |span| {
        let file = property(&relative(Path::new(&span.source.name), workspace));
        format!("file={file},line={},col={},", span.line(), span.column())
    });
    let title = property(&format!("{} {}", of.row.code, of.row.name));
    format!("::{level} {place}title={title}::{}\n", data(&message(shown)))
}

/// What is so, why that matters, and the fix.
pub(super) fn message(shown: &Shown<'_>) -> String {
    let of = shown.finding;
    let mut text = format!("{}: {}\n{}", of.resource, of.what, of.reason());
    match (&of.fix, &of.help) {
        (Some(fix), _) => text += &format!("\nfix: {}", paste::flow(fix)),
        (None, Some(help)) => text += &format!("\n{help}"),
        (None, None) => {}
    }
    if let Some(Ok(proof)) = &shown.proof {
        text += &format!("\n{}", proof.sentence());
    }
    text
}
