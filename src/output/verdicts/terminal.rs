//! The tests on the terminal: one line each, and below what there is to say of those that did not pass.

use super::{Session, details};
use crate::experiment::suite::{Met, Tested};
use anstyle::{AnsiColor, Style};
use windtunnel_words::number::count;
use windtunnel_words::text::{BOLD, DIM, FAIR, GOOD, columns, cut, paint, wrap};

/// What does not hold.
const BAD: Style = AnsiColor::Red.on_default().bold();
/// So many tests that did not pass are shown in full.
const SHOWN: usize = 20;

/// The word for how a test ended, with its style.
const fn mark(met: Met) -> (&'static str, Style) {
    match met {
        Met::Pass => ("pass", GOOD),
        Met::Fail => ("FAIL", BAD),
        Met::Worse => ("WORSE", BAD),
        Met::Gone => ("gone", FAIR),
        Met::Unusable => ("none", FAIR),
        Met::Inconclusive => ("open", FAIR),
    }
}

/// Tells the tests; every line but those of commands keeps to the width.
pub fn render(session: &Session<'_>, width: usize) -> String {
    let mut lines = Vec::new();
    for file in session.files {
        let of_file: Vec<&Tested<'_>> =
            session.tested.iter().filter(|tested| std::ptr::eq(tested.case.file, file)).collect();
        if of_file.is_empty() {
            continue;
        }
        let runs = count(file.replications, "run");
        let about = format!("{}, {runs} of each policy from seed {}", file.loaded.title, session.first_seed);
        lines.push(paint(BOLD, &file.loaded.name));
        lines.extend(wrap(&about, width).iter().map(|line| paint(DIM, line)));
        let mut policy = "";
        for tested in of_file {
            if tested.case.name.policy != policy {
                policy = &tested.case.name.policy;
                lines.push(format!("  {policy}"));
            }
            lines.extend(line(tested, width));
        }
        lines.push(String::new());
    }
    let worst = session.worst();
    for tested in worst.iter().take(SHOWN) {
        lines.extend(lines_of(tested, width));
    }
    if worst.len() > SHOWN {
        lines.push(format!("… and {} more", worst.len() - SHOWN));
        lines.push(String::new());
    }
    lines.extend(closing(session, width));
    lines.join("\n") + "\n"
}

/// One test in one line: how it ended, its name, what was measured; in more where they do not fit beside one another.
fn line(tested: &Tested<'_>, width: usize) -> Vec<String> {
    let (word, style) = mark(tested.met);
    let room = width.saturating_sub(11);
    let result = match tested.met {
        Met::Pass => tested.measured.clone(),
        _ => format!("{}, wanted {}", tested.measured, tested.wanted),
    };
    let name = &tested.case.name.test;
    let start = format!("    {}{}  ", paint(style, word), " ".repeat(5 - columns(word)));
    if columns(name) + 2 + columns(&result) <= room {
        let gap = " ".repeat(room - columns(name) - columns(&result));
        return vec![format!("{start}{name}{gap}{}", paint(DIM, result))];
    }
    let below = |line: &String| format!("{}{}", " ".repeat(13), paint(DIM, line));
    let names = wrap(name, room).into_iter().enumerate();
    let mut lines: Vec<String> = names
        .map(|(at, part)| if at == 0 { format!("{start}{part}") } else { format!("{}{part}", " ".repeat(11)) })
        .collect();
    lines.extend(wrap(&result, room.saturating_sub(2)).iter().map(below));
    lines
}

/// A test that did not pass, in full.
fn lines_of(tested: &Tested<'_>, width: usize) -> Vec<String> {
    const LABEL: usize = 11;
    let (word, style) = mark(tested.met);
    let mut lines: Vec<String> = Vec::new();
    let name = wrap(&tested.case.name.to_string(), width.saturating_sub(columns(word) + 1));
    for (at, part) in name.iter().enumerate() {
        let start = if at == 0 { paint(style, word) } else { " ".repeat(columns(word)) };
        lines.push(format!("{start} {}", paint(BOLD, part)));
    }
    let mut last = "";
    for (label, text) in details(tested) {
        for (at, part) in wrap(&text, width.saturating_sub(LABEL)).iter().enumerate() {
            let label = if at == 0 && label != last { label } else { "" };
            lines.push(format!(
                "  {} {}",
                paint(DIM, format!("{label:<width$}", width = LABEL - 3)),
                cut(part, width - LABEL)
            ));
        }
        last = label;
    }
    // Commands stay on one line, so that they can be copied.
    for (label, command) in [("repeat", Some(&tested.repeat)), ("replay", tested.replay.as_ref())] {
        lines.extend(command.map(|command| format!("  {} {command}", paint(DIM, format!("{label:<8}")))));
    }
    lines.push(String::new());
    lines
}

/// Whether a test is that of a baseline, or of something that only the baseline still has.
fn is_of_baseline(tested: &Tested<'_>) -> bool {
    tested.case.expectation.is_none()
}

fn closing(session: &Session<'_>, width: usize) -> Vec<String> {
    let mut text = session.closing();
    let (run, all) = session.selected;
    if run < all {
        let shard = session.partition.map(|shard| format!(" in shard {} of {}", shard.number, shard.of));
        text += &format!("; {run} of {all} were selected{}", shard.unwrap_or_default());
    }
    let worst = session.tested.iter().map(|tested| tested.met).min().unwrap_or(Met::Pass);
    let style = if worst == Met::Pass { GOOD } else { mark(worst).1 };
    let notes = session.notes.iter().flat_map(|note| wrap(note, width));
    let mut lines: Vec<String> = notes.map(|line| paint(FAIR, line)).collect();
    lines.extend(wrap(&text, width).iter().map(|line| paint(style, line)));
    lines.extend(session.written.map(str::to_owned));
    if session.inconclusive.is_warning() && session.count(Met::Inconclusive) > 0 {
        lines.push("an inconclusive test counts as passed, by --inconclusive warn".to_owned());
    }
    if session.count(Met::Unusable) > 0
        || session.tested.iter().any(|tested| is_of_baseline(tested) && tested.met != Met::Pass)
    {
        lines.push("`windtunnel baseline diff` shows what would change in the baseline, and `baseline accept` writes what is good".to_owned());
    }
    lines
}
