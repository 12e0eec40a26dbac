//! The comparison on the terminal: what got worse first, and what did not in a line each.

use super::changes::{SHOWN, some};
use super::{Sheet, difference, how_often, leading, margin, remarks, value};
use crate::experiment::against::{Became, Incident, Row};
use crate::output::rows::{Cell, Heading, lay, plain};
use anstyle::{AnsiColor, Style};
use windtunnel_words::number::count;
use windtunnel_words::text::{BOLD, DIM, FAIR, GOOD, cut, paint, wrap};

/// What got worse.
const BAD: Style = AnsiColor::Red.on_default().bold();

/// A value is cut to this length.
const VALUE: usize = 24;

const HEADINGS: [Heading; 5] = [
    Heading::left("measure", 0),
    Heading::right("before", 0),
    Heading::right("now", 0),
    Heading::right("difference", 0),
    Heading::left("runs", 1),
];

/// The word for what became of an incident, with its style.
pub(crate) const fn mark(became: Became) -> (&'static str, Style) {
    match became {
        Became::Worse => ("WORSE", BAD),
        Became::Unclear => ("unclear", FAIR),
        Became::Better => ("better", GOOD),
        Became::Close => ("close", DIM),
        Became::Same => ("same", DIM),
    }
}

/// The comparison; every line but those of commands keeps to the width.
pub fn render(sheet: &Sheet<'_>, width: usize) -> String {
    let runs = sheet.incidents.first().map_or(0, |incident| incident.file.replications);
    let head = format!(
        "against {}: {} on each side, from seed {}, the same seeds on both",
        sheet.before(),
        count(runs, "run"),
        sheet.first_seed
    );
    let mut lines = wrap(&head, width);
    lines.push(String::new());
    for incident in sheet.worst() {
        lines.extend(of_incident(sheet, incident, width));
    }
    let changed = changed(sheet, width);
    if !changed.is_empty() && lines.last().is_some_and(|line| !line.is_empty()) {
        lines.push(String::new());
    }
    lines.extend(changed);
    if !sheet.unreached.is_empty() {
        let names = format!("not reached by the change, and not run: {}", sheet.unreached.join(", "));
        lines.extend(wrap(&names, width).iter().map(|line| paint(DIM, line)));
    }
    for gone in sheet.gone {
        lines.extend(wrap(&format!("{}: {}", gone.scenario, gone.what), width).iter().map(|line| paint(FAIR, line)));
    }
    lines.extend(sheet.notes.iter().flat_map(|note| wrap(note, width)).map(|line| paint(FAIR, line)));
    let worst = sheet.incidents.iter().map(Incident::became).min().unwrap_or(Became::Same);
    let style = match worst {
        Became::Worse | Became::Unclear => mark(worst).1,
        _ if sheet.gone.is_empty() => GOOD,
        _ => FAIR,
    };
    if lines.last().is_some_and(|line| !line.is_empty()) {
        lines.push(String::new());
    }
    lines.extend(wrap(&sheet.closing(), width).iter().map(|line| paint(style, line)));
    lines.push(format!("{} {}", paint(DIM, "repeat"), sheet.command));
    lines.join("\n") + "\n"
}

/// What of the files was changed that a run reads, with what it made worse.
fn changed(sheet: &Sheet<'_>, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, line) in sheet.lines.iter().take(SHOWN).enumerate() {
        let worse = line.worse(sheet.incidents);
        let worse = if worse.is_empty() { String::new() } else { format!("; worse: {}", some(&worse)) };
        let label = if at == 0 { "changed" } else { "" };
        lines.extend(labelled(label, &(line.sentence() + &worse), width));
    }
    if sheet.lines.len() > SHOWN {
        let more = format!("and {} of the files changed", count(sheet.lines.len() - SHOWN, "other value"));
        lines.extend(labelled("", &more, width));
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// A text beside its label.
fn labelled(label: &str, text: &str, width: usize) -> Vec<String> {
    const LABEL: usize = 11;
    let wrapped = wrap(text, width.saturating_sub(LABEL));
    let label = |at: usize| if at == 0 { label } else { "" };
    let line = |(at, line): (usize, &String)| format!("  {} {line}", paint(DIM, format!("{:<8}", label(at))));
    wrapped.iter().enumerate().map(line).collect()
}

fn of_incident(sheet: &Sheet<'_>, incident: &Incident<'_>, width: usize) -> Vec<String> {
    let (word, style) = match incident.became() {
        Became::Same if incident.is_new() => ("new", DIM),
        became => mark(became),
    };
    let title = format!("{} {}", paint(style, format!("{word:<8}")), paint(BOLD, incident.name()));
    let (rows, more) = leading(incident);
    let said = remarks(incident);
    if rows.is_empty() && said.is_empty() {
        let how = match incident.became() {
            Became::Close => "differs by less than matters, in what is judged",
            _ => "the same in every run, in what is judged",
        };
        return vec![format!("{title}  {}", paint(DIM, how))];
    }
    let mut lines = vec![title];
    if !rows.is_empty() {
        let cells: Vec<Vec<Cell>> = rows.iter().map(|row| of_row(row).into()).collect();
        lines.extend(lay(&HEADINGS, &cells, width, true).0);
        if more > 0 {
            lines.push(paint(DIM, format!("  and {} more", count(more, "measure"))));
        }
    }
    for (label, text) in said {
        lines.extend(labelled(label, &text, width));
    }
    if let Some(first) = sheet.first(incident) {
        lines.extend(labelled("first", &format!("seed {}: {}", first.seed, first.headline), width));
        lines.push(format!("  {} {}", paint(DIM, "replay  "), first.replay));
    }
    lines.push(String::new());
    lines
}

/// A measure on both sides, in a line.
pub(crate) fn of_row(row: &Row) -> [Cell; 5] {
    let often = match margin(row) {
        Some(margin) => format!("{}, margin {margin}", how_often(row)),
        None => how_often(row),
    };
    let unit = &row.column.unit;
    // A long word is cut, and no name of a measure.
    let side = |of| cut(&value(of, unit), VALUE);
    [format!("  {}", row.column.name), side(&row.before), side(&row.now), difference(row), often].map(plain)
}
