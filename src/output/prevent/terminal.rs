//! What would have prevented an incident, on the terminal.

use super::{NAMED, Sheet};
use crate::experiment::prevent::{Tried, Worth};
use anstyle::{AnsiColor, Style};
use windtunnel_words::text::{BOLD, DIM, FAIR, GOOD, columns, cut, pad, paint, wrap};

const BAD: Style = AnsiColor::Red.on_default().bold();

/// The mark and style of what a change is worth: the letter says what the colour says.
const fn mark(worth: Worth) -> (&'static str, Style) {
    match worth {
        Worth::Prevents => ("+", GOOD),
        Worth::Most | Worth::Part => ("~", FAIR),
        Worth::Undecided => ("?", FAIR),
        Worth::Little => ("-", DIM),
        Worth::Worse => ("x", BAD),
        Worth::Barred => ("!", FAIR),
    }
}

/// The page, no line wider than `width`.
#[must_use]
pub fn render(sheet: &Sheet<'_>, width: usize) -> String {
    let mut lines: Vec<String> = wrap(&format!("What would have prevented: {}", sheet.title), width)
        .into_iter()
        .map(|line| paint(BOLD, line))
        .collect();
    lines.extend(sheet.about().iter().flat_map(|said| dim(0, said, width)));
    lines.push(String::new());
    lines.extend(wrap(&format!("{}.", sheet.finding()), width));
    if sheet.is_unharmed() {
        return lines.join("\n") + "\n";
    }
    lines.push(String::new());
    lines.push(paint(DIM, head(sheet)));
    let own = [sheet.share(&sheet.found.standing), String::new(), String::new(), String::new(), String::new()];
    lines.push(paint(DIM, format!("  {}as it was", cells(&own, &widths(sheet)))));
    let shown = |worth: Worth| worth.helps() || matches!(worth, Worth::Undecided | Worth::Worse);
    for (tried, effects) in sheet.of(shown) {
        lines.extend(row(sheet, tried, effects, width));
    }
    lines.push(String::new());
    lines.extend(last(sheet, width));
    lines.extend(rest(sheet, width));
    lines.push(String::new());
    lines.push(format!("again  {}", sheet.command));
    lines.join("\n") + "\n"
}

/// A paragraph beside the point, so many spaces from the left.
fn dim(indent: usize, text: &str, width: usize) -> Vec<String> {
    let lines = wrap(text, width.saturating_sub(indent)).into_iter();
    lines.map(|line| format!("{:indent$}{}", "", paint(DIM, line))).collect()
}

/// The columns before the change itself; money only where the scenario has prices.
fn widths(sheet: &Sheet<'_>) -> [usize; 5] {
    let money = sheet.found.tried.iter().any(|tried| tried.credits.is_some());
    [8, 9, 8, 8, if money { 9 } else { 0 }]
}

fn head(sheet: &Sheet<'_>) -> String {
    let texts = ["harmed", "less", "rollout", "inst. h", "credits"].map(str::to_owned);
    format!("  {}change", cells(&texts, &widths(sheet)))
}

fn cells(texts: &[String; 5], widths: &[usize; 5]) -> String {
    let shown = texts.iter().zip(widths).filter(|(_, wide)| **wide > 0);
    shown.map(|(text, wide)| format!("{} ", pad(&cut(text, *wide), *wide))).collect()
}

fn row(sheet: &Sheet<'_>, tried: &Tried, effects: &[String], width: usize) -> Vec<String> {
    let (sign, style) = mark(tried.worth);
    let texts = [
        sheet.share(&tried.standing),
        sheet.removed(tried),
        sheet.longer(tried),
        sheet.hours(tried),
        sheet.credits(tried).unwrap_or_else(|| "–".to_owned()),
    ];
    let start = cells(&texts, &widths(sheet));
    let indent = columns(&start) + 2;
    let room = width.saturating_sub(indent).max(20);
    let mut lines: Vec<String> = wrap(&tried.change.title, room)
        .into_iter()
        .enumerate()
        .map(|(at, line)| match at {
            0 => format!("{} {start}{line}", paint(style, sign)),
            _ => format!("{:indent$}{line}", ""),
        })
        .collect();
    lines.extend(effects.iter().flat_map(|effect| dim(indent, &format!("· {effect}"), width)));
    lines
}

/// The last moment.
fn last(sheet: &Sheet<'_>, width: usize) -> Vec<String> {
    let Some(lead) = sheet.lead() else { return Vec::new() };
    let mut lines = vec![paint(BOLD, "The last moment")];
    lines.extend(wrap(&format!("{lead}:"), width));
    lines.extend(sheet.last().iter().flat_map(|said| {
        let lines = wrap(&format!("{said}."), width.saturating_sub(2));
        lines.into_iter().map(|line| format!("  {line}")).collect::<Vec<_>>()
    }));
    lines.push(String::new());
    lines
}

/// What does not help, what is not advised, and what cannot be had.
fn rest(sheet: &Sheet<'_>, width: usize) -> Vec<String> {
    let little: Vec<&str> =
        sheet.of(|worth| worth == Worth::Little).map(|(one, _)| one.change.title.as_str()).collect();
    let mut lines = Vec::new();
    if !little.is_empty() {
        let more = little.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let names = little.iter().take(NAMED).copied().collect::<Vec<_>>().join("; ");
        lines.extend(wrap(&format!("No help, or little: {names}{more}."), width));
    }
    for (tried, _) in sheet.of(|worth| worth == Worth::Barred) {
        let why = tried.barred.as_deref().unwrap_or("not known");
        lines.extend(wrap(&format!("Not advised: {}, since {why}.", tried.change.title), width));
    }
    for (policy, path) in &sheet.found.incidents {
        lines.extend(wrap(&format!("Not tried: the policy {policy} changes the incident ({path})."), width));
    }
    for (title, why) in sheet.found.dropped.iter().take(NAMED) {
        lines.extend(dim(0, &format!("Cannot be had here: {title}: {why}."), width));
    }
    lines
}
