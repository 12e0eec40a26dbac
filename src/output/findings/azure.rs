//! Findings as issues of a log of Azure Pipelines.

use super::{Outcome, github, unmet};
use crate::input::Severity;
use crate::output::stream::disarmed;
use std::fmt::Write as _;

/// Logging commands. A note is a line of the log: Azure Pipelines has no issue of that kind.
pub(crate) fn issues(outcome: &Outcome<'_>) -> String {
    let mut text = String::new();
    for one in outcome.open() {
        let of = one.finding;
        let kind = match of.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => {
                let _ = writeln!(text, "note {} {}", of.row.code, line(&github::message(one)));
                continue;
            }
        };
        let place = of.span.as_ref().map_or_else(String::new, |span| {
            format!(
                "sourcepath={};linenumber={};columnnumber={};",
                property(&span.source.name),
                span.line(),
                span.column()
            )
        });
        let _ = writeln!(
            text,
            "##vso[task.logissue type={kind};{place}code={};]{}",
            of.row.code,
            data(&github::message(one))
        );
    }
    for allowed in &outcome.unmet {
        let _ = writeln!(text, "note {}", line(&unmet(allowed)));
    }
    text
}

/// A message, as a logging command takes it.
fn data(text: &str) -> String {
    disarmed(text).replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a property, likewise.
fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}

/// A line of the log in which nothing is a command.
fn line(text: &str) -> String {
    disarmed(&text.replace("##", "# #")).replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_message_ends_a_command_or_begins_one() {
        assert_eq!(data("50 %\nnext\r"), "50 %AZP25%0Anext%0D");
        assert_eq!(property("a];b%"), "a%5D%3Bb%AZP25");
        assert_eq!(line("a\n##vso[task.complete]"), "a # #vso[task.complete]");
    }
}
