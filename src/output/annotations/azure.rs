//! Annotations as issues of a log of Azure Pipelines. An issue has no title, so its message begins with it.

use super::{Annotation, relative};
use crate::input::Severity;
use crate::output::stream::disarmed;
use std::path::Path;

/// Logging commands. A note is a line of the log: Azure Pipelines has no issue of that kind.
pub(crate) fn issues(annotations: &[Annotation], workspace: Option<&Path>) -> String {
    annotations.iter().map(|one| issue(one, workspace)).collect()
}

fn issue(one: &Annotation, workspace: Option<&Path>) -> String {
    let kind = match one.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => return note(&format!("{}: {}", one.title, one.message)),
    };
    let place = one.place.as_ref().map_or_else(String::new, |place| {
        let file = property(&relative(Path::new(&place.file), workspace));
        let column = place.column.map_or_else(String::new, |column| format!("columnnumber={column};"));
        format!("sourcepath={file};linenumber={};{column}", place.line)
    });
    let message = data(&format!("{}: {}", one.title, one.message));
    format!("##vso[task.logissue type={kind};{place}code={};]{message}\n", property(one.code))
}

/// What is said without an issue: a line of the log in which nothing is a command.
pub(crate) fn note(text: &str) -> String {
    format!("note {}\n", disarmed(&text.replace("##", "# #")).replace(['\n', '\r'], " "))
}

/// Adds a file in Markdown to the summary of the run.
pub(crate) fn upload(summary: &Path) -> String {
    let whole = std::path::absolute(summary).unwrap_or_else(|_| summary.to_owned());
    format!("##vso[task.uploadsummary]{}\n", data(&whole.display().to_string()))
}

/// A message, as a logging command takes it.
fn data(text: &str) -> String {
    disarmed(text).replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a property, likewise.
fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_message_ends_a_command_or_begins_one() {
        assert_eq!(data("50 %\nnext\r"), "50 %AZP25%0Anext%0D");
        assert_eq!(property("a];b%"), "a%5D%3Bb%AZP25");
        assert_eq!(note("a\n##vso[task.complete]"), "note a # #vso[task.complete]\n");
    }
}
