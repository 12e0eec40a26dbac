//! Text on a terminal of a given width.
//!
//! Widths are counted in columns: titles and names are the user's, and a letter of them may take two or none.

use crate::control::is_control;
use anstyle::{AnsiColor, Style};
use std::borrow::Cow;
use std::fmt::{Display, Write as _};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Headings, and what names a row.
pub const BOLD: Style = Style::new().bold();
/// What matters less.
pub const DIM: Style = Style::new().dimmed();
/// What is as it should be.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What has a catch.
pub const FAIR: Style = AnsiColor::Yellow.on_default();

/// Shows `text` in `style`. The caller's stream strips the codes where colour is unwelcome; meaning never hangs on it.
pub fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// The text with control characters escaped as JSON has them, `\u001b`. Colours (`ESC [ … m`) pass, which only we write:
/// names and files with control characters are refused, and errors escape all of them.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let colour = colour(rest);
        let taken = colour.unwrap_or(letter.len_utf8());
        if colour.is_none() && is_control(letter) {
            let _ = write!(out, "\\u{:04x}", u32::from(letter));
        } else {
            out += &rest[..taken];
        }
        rest = &rest[taken..];
    }
    Cow::Owned(out)
}

/// How long the colour is with which `text` begins (`ESC [ … m`).
#[must_use]
pub fn colour(text: &str) -> Option<usize> {
    let codes = text.strip_prefix("\u{1b}[")?;
    let end = codes.find(|code: char| !code.is_ascii_digit() && code != ';')?;
    codes[end..].starts_with('m').then_some(2 + end + 1)
}

/// How many columns `text` takes.
#[must_use]
pub fn columns(text: &str) -> usize {
    text.width()
}

/// Cuts `text` to `width` columns, with an ellipsis in the last one where something is missing.
#[must_use]
pub fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let fits = |letter: &char| {
        let rest = left.checked_sub(letter.width().unwrap_or(0));
        left = rest.unwrap_or(left);
        rest.is_some()
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

/// The text with spaces behind it, up to so many columns.
#[must_use]
pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// The text without the backticks that pages set code with; a terminal shows them as they are.
#[must_use]
pub fn unticked(text: &str) -> String {
    text.replace('`', "")
}

/// Breaks `text` at spaces into lines of at most `width` columns; a word longer than that has a line of its own. A number and
/// its `%` stay together.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let sign = words.peek().filter(|next| next.starts_with('%')).map_or(0, |next| 1 + columns(next));
        if !line.is_empty() && !word.starts_with('%') && columns(&line) + 1 + columns(word) + sign > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// With a capital.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

/// A word as a shell takes it.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_keep_to_the_width_and_lose_nothing() {
        let text = "one two three — four  five sixseveneight";
        let lines = wrap(text, 9);
        assert_eq!(lines, ["one two", "three —", "four five", "sixseveneight"]);
        assert_eq!(lines.join(" "), text.replace("  ", " "));
        assert!(wrap("", 10).is_empty());
    }

    /// A letter of Chinese takes two columns, and an accent of its own none.
    #[test]
    fn letters_take_the_columns_that_a_terminal_gives_them() {
        assert_eq!([columns("东京"), columns("e\u{301}"), columns("…")], [4, 1, 1]);
        assert_eq!([cut("东京都", 5), cut("东京都", 4)], ["东京…", "东…"]);
        assert_eq!(pad("东京", 6), "东京  ");
        assert_eq!(wrap("东京 大阪", 8), ["东京", "大阪"]);
    }

    #[test]
    fn a_cut_says_that_it_is_one() {
        assert_eq!(cut("abc def", 7), "abc def");
        assert_eq!(cut("abc def", 5), "abc…");
    }
}
