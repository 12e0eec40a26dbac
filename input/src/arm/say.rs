//! Shorthand for writing problems down.

use crate::problem::{Problem, Problems, Severity};
use crate::tree::Span;

/// Writes a problem down; its severity follows from the letter of its code.
pub(super) fn say(problems: &mut Problems, code: &'static str, message: String, primary: Option<(&Span, &str)>) {
    say_with_help(problems, code, message, primary, None);
}

/// Writes a problem down with what to do about it.
pub(super) fn say_with_help(
    problems: &mut Problems,
    code: &'static str,
    message: String,
    primary: Option<(&Span, &str)>,
    help: Option<String>,
) {
    problems.push(problem(code, message, primary, help));
}

/// A problem whose severity follows from the letter of its code.
pub(super) fn problem(
    code: &'static str,
    message: String,
    primary: Option<(&Span, &str)>,
    help: Option<String>,
) -> Problem {
    let severity = match code.as_bytes()[0] {
        b'E' => Severity::Error,
        b'W' => Severity::Warning,
        _ => Severity::Note,
    };
    let problem = Problem::new(severity, code, message).maybe_help(help);
    match primary {
        Some((span, label)) => problem.at(span, label),
        None => problem,
    }
}

/// How much of a name a message shows.
const LONGEST: usize = 60;

/// A name as a message shows it: whole when short, its beginning otherwise.
pub(super) fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.len() == text.len() && text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = line.chars().take(LONGEST).collect();
    format!("{start}…")
}

/// An address as a message shows it: whole when short, its end otherwise.
pub(super) fn shorten_front(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        return shorten(text);
    }
    format!("…{}", shorten(&text.chars().skip(length - LONGEST).collect::<String>()))
}
