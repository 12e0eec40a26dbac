//! Annotations as workflow commands of GitHub.

use super::{Annotation, relative};
use crate::input::Severity;
use crate::output::stream::disarmed;
use std::fmt::Write as _;
use std::path::Path;

/// GitHub shows ten annotations of a kind a step; the tenth says how many there are.
const SHOWN: usize = 9;

/// The commands: of each severity the first nine, and a count with what there is to say of all.
pub(crate) fn commands(annotations: &[Annotation], closing: Option<&str>, workspace: Option<&Path>) -> String {
    let mut text = String::new();
    for (severity, level) in [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "notice")] {
        let of: Vec<&Annotation> = annotations.iter().filter(|one| one.severity == severity).collect();
        of.iter().take(SHOWN).for_each(|one| text += &command(one, level, workspace));
        if of.len() > SHOWN {
            let closing = closing.map_or_else(String::new, |closing| format!("; {closing}"));
            let more = format!("and {} more{closing}", of.len() - SHOWN);
            let _ = writeln!(text, "::{level} title=windtunnel::{}", data(&more));
        }
    }
    text
}

fn command(one: &Annotation, level: &str, workspace: Option<&Path>) -> String {
    let place = one.place.as_ref().map_or_else(String::new, |place| {
        let file = property(&relative(Path::new(&place.file), workspace));
        let column = place.column.map_or_else(String::new, |column| format!("col={column},"));
        format!("file={file},line={},{column}", place.line)
    });
    format!("::{level} {place}title={}::{}\n", property(&one.title), data(&one.message))
}

/// A message, as a workflow command takes it.
pub(crate) fn data(text: &str) -> String {
    disarmed(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a property, likewise.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_message_ends_a_command() {
        assert_eq!(data("50 %\nnext\r"), "50 %25%0Anext%0D");
        assert_eq!(property("a::b, c"), "a%3A%3Ab%2C c");
    }
}
