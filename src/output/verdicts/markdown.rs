//! The tests as a page of Markdown: the summary of a job, or a comment.

use super::Session;
use crate::experiment::suite::Tested;
use std::fmt::Write as _;
use windtunnel_words::control::escaped;

/// So many tests have a row; a page of GitHub takes a megabyte.
const ROWS: usize = 200;

/// The page: how many tests ended how, a row for each that did not pass, and the commands that repeat them.
pub fn page(session: &Session<'_>) -> String {
    let mut text = format!("## Windtunnel\n\n{}\n\n", session.closing());
    let worst = session.worst();
    if worst.is_empty() {
        return text;
    }
    text += "| | test | measured | wanted | first missed |\n| --- | --- | --- | --- | --- |\n";
    for tested in worst.iter().take(ROWS) {
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
    if worst.len() > ROWS {
        let _ = writeln!(text, "\n… and {} more", worst.len() - ROWS);
    }
    let commands: Vec<String> = worst.iter().take(ROWS).map(|tested| commands(tested)).collect();
    let fenced = fenced(&commands.join("\n"));
    text + "\n<details><summary>Commands that repeat them</summary>\n\n" + &fenced + "\n</details>\n"
}

/// A block of commands, in a fence that nothing in it ends.
pub(crate) fn fenced(commands: &str) -> String {
    let longest = commands.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    format!("{fence}sh\n{}\n{fence}\n", escaped(commands))
}

/// The commands of a test, a line each. A break of a line stands in a name, so in quotes: Bash's word for it keeps the line whole, and no
/// line begins as the name does.
fn commands(tested: &Tested<'_>) -> String {
    let all = std::iter::once(&tested.repeat).chain(&tested.replay);
    all.map(|command| command.replace('\n', r"'$'\n''")).collect::<Vec<_>>().join("\n")
}

/// A text as code within a line, in a fence that nothing in it ends.
pub(crate) fn code(text: &str) -> String {
    let text = escaped(&text.replace(['\n', '\r'], " ")).into_owned();
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A text within a table of Markdown.
pub(crate) fn cell(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => out.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '&' | '$' => {
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
    fn nothing_in_a_name_is_markdown() {
        assert_eq!(cell("a\u{1b}[31m\u{7}"), "a\\u001b\\[31m\\u0007");
        assert_eq!(cell("a|b\n<i>_x_"), "a\\|b \\<i\\>\\_x\\_");
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("`a\n``b"), "``` `a ``b ```");
        assert_eq!(fenced("a\n```\nb"), "````sh\na\n```\nb\n````\n");
        assert_eq!(fenced("a\u{9b}"), "```sh\na\\u009b\n```\n");
    }
}
