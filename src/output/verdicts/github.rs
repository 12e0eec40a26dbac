//! The tests on GitHub: annotations at the lines of the expectations, and the summary of a job.

use super::{Session, details};
use crate::experiment::suite::{Met, Tested};
use crate::output::stream::disarmed;
use std::fmt::Write as _;
use std::path::Path;
use windtunnel_words::control::escaped;

/// GitHub shows ten annotations of a kind a step; the tenth says how many there are.
pub(crate) const SHOWN: usize = 9;

/// Workflow commands: the worst nine, and a count. Paths are relative to the workspace, as GitHub wants them.
pub fn annotations(session: &Session<'_>, workspace: Option<&Path>) -> String {
    let worst = session.worst();
    let mut text = String::new();
    for tested in worst.iter().take(SHOWN) {
        let level = if matches!(tested.met, Met::Inconclusive | Met::Unusable) { "warning" } else { "error" };
        let lines: Vec<String> = details(tested).iter().map(|(label, text)| format!("{label}: {text}")).collect();
        let message = format!("{}\nrepeat: {}", lines.join("\n"), tested.repeat);
        let _ = writeln!(
            text,
            "::{level} file={},line={},title={}::{}",
            property(&relative(&tested.case.file.path, workspace)),
            tested.line(),
            property(&tested.case.name.to_string()),
            data(&message),
        );
    }
    if worst.len() > SHOWN {
        let level = if session.count(Met::Fail) + session.count(Met::Drift) > 0 { "error" } else { "warning" };
        let more = worst.len() - SHOWN;
        let _ =
            writeln!(text, "::{level} title=windtunnel::{}", data(&format!("and {more} more; {}", session.closing())));
    }
    text
}

/// A path as GitHub knows it.
pub(crate) fn relative(path: &Path, workspace: Option<&Path>) -> String {
    let inside = || {
        let whole = std::path::absolute(path).ok()?;
        let within = whole.strip_prefix(workspace?).ok()?;
        Some(within.display().to_string())
    };
    inside().unwrap_or_else(|| path.display().to_string()).replace('\\', "/")
}

/// A message, as a workflow command takes it.
pub(crate) fn data(text: &str) -> String {
    disarmed(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a property, likewise.
pub(crate) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The summary of a job, in Markdown.
pub fn summary(session: &Session<'_>) -> String {
    let mut text = format!("## Windtunnel\n\n{}\n\n", session.closing());
    let worst = session.worst();
    if worst.is_empty() {
        return text;
    }
    text += "| | test | measured | wanted | first missed |\n| --- | --- | --- | --- | --- |\n";
    for tested in worst.iter().take(200) {
        let first = tested.moment.as_ref().map_or_else(String::new, |first| {
            let entry = first.entry.as_ref().map(|(entry, said, _)| format!(", entry {entry}: {said}"));
            format!("{}{}", first.at, entry.unwrap_or_default())
        });
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            tested.met.word(),
            cell(&tested.case.name.to_string()),
            cell(&tested.measured),
            cell(&tested.wanted),
            cell(&first)
        );
    }
    if worst.len() > 200 {
        let _ = writeln!(text, "\n… and {} more", worst.len() - 200);
    }
    let commands: Vec<String> = worst.iter().take(200).map(|tested| commands(tested)).collect();
    let fenced = fenced(&commands.join("\n"));
    text + "\n<details><summary>Commands that repeat them</summary>\n\n" + &fenced + "\n</details>\n"
}

/// A block of commands, in a fence that nothing in it ends. A name with a line break breaks a command over two lines, as a shell
/// takes it.
pub(crate) fn fenced(commands: &str) -> String {
    let longest = commands.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    format!("{fence}sh\n{}\n{fence}\n", escaped(commands))
}

fn commands(tested: &Tested<'_>) -> String {
    let replay = tested.replay.as_ref().map(|replay| format!("\n{replay}"));
    format!("{}{}", tested.repeat, replay.unwrap_or_default())
}

/// A text within a table of Markdown.
pub(crate) fn cell(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => out.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    escaped(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_message_ends_a_command() {
        assert_eq!(data("50 %\nnext\r"), "50 %25%0Anext%0D");
        assert_eq!(property("a::b, c"), "a%3A%3Ab%2C c");
        assert_eq!(cell("a\u{1b}[31m\u{7}"), "a\\u001b\\[31m\\u0007");
        assert_eq!(fenced("a\n```\nb"), "````sh\na\n```\nb\n````\n");
        assert_eq!(fenced("a\u{9b}"), "```sh\na\\u009b\n```\n");
        assert_eq!(cell("a|b\n<i>_x_"), "a\\|b \\<i\\>\\_x\\_");
    }

    #[test]
    fn paths_are_those_of_the_workspace() {
        let here = std::env::current_dir().expect("there is a folder");
        assert_eq!(relative(Path::new("scenarios/a.yaml"), Some(&here)), "scenarios/a.yaml");
        assert_eq!(relative(&here.join("scenarios/a.yaml"), Some(&here)), "scenarios/a.yaml");
        assert_eq!(
            relative(Path::new("a.yaml"), here.parent()),
            format!("{}/a.yaml", here.file_name().expect("named").to_string_lossy())
        );
        assert_eq!(relative(Path::new("../a.yaml"), Some(Path::new("/elsewhere"))), "../a.yaml");
    }
}
