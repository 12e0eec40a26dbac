//! The tests as a page of Markdown: the summary of a job, or a comment.

use super::Session;
use crate::experiment::suite::Tested;
use crate::output::markdown::{fenced, table};
use std::fmt::Write as _;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_words::clock::moment;

/// So many tests have a row; a page of GitHub takes a megabyte.
const ROWS: usize = 200;

/// The page: how many tests ended how, a row for each that did not pass, and the commands that repeat them.
pub fn page(session: &Session<'_>) -> String {
    let mut text = format!("## Windtunnel\n\n{}\n\n", session.closing());
    let worst = session.worst();
    if worst.is_empty() {
        return text;
    }
    let row = |tested: &&Tested<'_>| {
        let first = tested.moment.as_ref().map_or_else(String::new, |first| {
            let entry = first.entry.as_ref().map(|(entry, said, _)| format!(", entry {entry}: {said}"));
            let at = SimTime::from_ms((first.at_s * 1000.0).round() as u64);
            format!("{}{}", moment(&tested.case.planned.plan, at), entry.unwrap_or_default())
        });
        let name = tested.case.name.to_string();
        [tested.met.word().to_owned(), name, tested.measured.clone(), tested.wanted.clone(), first]
    };
    text += &table(["", "test", "measured", "wanted", "first missed"], worst.iter().take(ROWS).map(row));
    if worst.len() > ROWS {
        let _ = writeln!(text, "\n… and {} more", worst.len() - ROWS);
    }
    let commands: Vec<String> = worst.iter().take(ROWS).map(|tested| commands(tested)).collect();
    let fenced = fenced(&commands.join("\n"));
    text + "\n<details><summary>Commands that repeat them</summary>\n\n" + &fenced + "\n</details>\n"
}

/// The commands of a test, a line each. A break of a line stands in a name, so in quotes: Bash's word for it keeps the line whole, and no
/// line begins as the name does.
fn commands(tested: &Tested<'_>) -> String {
    let all = std::iter::once(&tested.repeat).chain(&tested.replay);
    all.map(|command| command.replace('\n', r"'$'\n''")).collect::<Vec<_>>().join("\n")
}
