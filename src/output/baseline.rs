//! What would change in the baselines, on the terminal and for programs.

use super::against::json::row_json;
use super::against::terminal::{mark, of_row};
use crate::experiment::against::{Became, Row, said, worst};
use crate::experiment::baseline::Compared;
use crate::experiment::baseline::changes::{Change, Kind};
use crate::input::formats;
use crate::output::rows::{Cell, Heading, lay, plain};
use anstyle::Style;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use windtunnel_words::number::count;
use windtunnel_words::text::{BOLD, DIM, FAIR, GOOD, paint, quoted, wrap};

const HEADINGS: [Heading; 6] = [
    Heading::left("measure", 0),
    Heading::right("before", 0),
    Heading::right("now", 0),
    Heading::right("difference", 0),
    Heading::left("verdict", 0),
    Heading::left("runs", 1),
];
/// So many changes are named in the command that accepts them.
const NAMED: usize = 8;

/// What became of the measures of a change that are judged; nothing of what is no change of values.
pub fn became(change: &Change) -> Option<Became> {
    match &change.kind {
        Kind::Values { compared, .. } => Some(worst(&compared.rows, compared.stopped.as_ref())),
        Kind::New | Kind::Gone(_) | Kind::Anew(_) | Kind::Expected(_) => None,
    }
}

/// Every change, and the command that accepts them, of these scenarios where they are named.
pub fn human(changes: &[Change], folder: &Path, scenarios: &[PathBuf], width: usize) -> String {
    let mut lines: Vec<String> = changes.iter().flat_map(|change| one(change, width)).collect();
    lines.extend(closing(changes, folder, scenarios, width));
    lines.join("\n") + "\n"
}

/// One change.
pub fn one(change: &Change, width: usize) -> Vec<String> {
    let (word, style): (&str, Style) = match (&change.kind, became(change)) {
        (_, Some(became)) => mark(became),
        (Kind::New, None) => ("new", GOOD),
        (Kind::Gone(_), None) => ("gone", FAIR),
        (Kind::Anew(_), None) => ("anew", FAIR),
        (Kind::Expected(_) | Kind::Values { .. }, None) => ("expects", FAIR),
    };
    let mut lines = vec![format!("{} {}", paint(style, format!("{word:<8}")), paint(BOLD, change.name()))];
    let said = |text: &str| {
        wrap(text, width.saturating_sub(2)).into_iter().map(|line| format!("  {line}")).collect::<Vec<_>>()
    };
    match &change.kind {
        Kind::New => lines.extend(said("nothing is kept of it yet")),
        Kind::Gone(what) => lines.extend(said(what)),
        Kind::Anew(why) => lines.extend(said(&format!("written anew: {why}"))),
        Kind::Expected(what) => lines.extend(what.iter().flat_map(|what| said(what))),
        Kind::Values { compared, words } => lines.extend(values(compared, words, width)),
    }
    lines.push(String::new());
    lines
}

/// The measures that differ, those that are judged first, the worst of them first.
fn differing(compared: &Compared) -> Vec<&Row> {
    let mut rows: Vec<&Row> = compared.rows.iter().filter(|row| row.became != Became::Same).collect();
    rows.sort_by_key(|row| (row.margin.is_none(), row.became));
    rows
}

fn values(compared: &Compared, words: &[String], width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let rows = differing(compared);
    if !rows.is_empty() {
        let cells = |row: &&Row| -> Vec<Cell> {
            let [measure, before, now, difference, runs] = of_row(row);
            let became = row.became.word();
            let verdict = if row.margin.is_some() { became.to_owned() } else { format!("{became}, not judged") };
            vec![measure, before, now, difference, plain(verdict), runs]
        };
        let cells: Vec<Vec<Cell>> = rows.iter().map(cells).collect();
        lines.extend(lay(&HEADINGS, &cells, width, true).0);
    }
    let kept = compared.stopped.iter().map(|kept| format!("{}, and before one did", kept.sentence()));
    let same = (rows.is_empty() && words.is_empty()).then(|| {
        let how = if compared.is_same { "the same is simulated" } else { "another plan is simulated" };
        format!("{how}, and every measure is the same in every run")
    });
    for text in kept.chain(words.iter().cloned()).chain(same) {
        lines.extend(wrap(&text, width.saturating_sub(2)).into_iter().map(|line| format!("  {line}")));
    }
    if compared.is_same && !(rows.is_empty() && words.is_empty()) {
        lines.push(paint(
            DIM,
            "  the same is simulated: this program comes to something else than the one that wrote the baseline",
        ));
    }
    lines
}

/// How many changes there are of which kind, and how they are accepted.
fn closing(changes: &[Change], folder: &Path, scenarios: &[PathBuf], width: usize) -> Vec<String> {
    let folder = quoted(&folder.display().to_string());
    if changes.is_empty() {
        return wrap(&format!("nothing would change in {folder}"), width)
            .iter()
            .map(|line| paint(GOOD, line))
            .collect();
    }
    let kinds = ["new", "gone", "anew", "expected"];
    let of_kind = kinds.iter().map(|kind| (changes.iter().filter(|one| one.kind.word() == *kind).count(), *kind));
    let of_values = said::COUNTED
        .iter()
        .map(|(became, word)| (changes.iter().filter(|one| self::became(one) == Some(*became)).count(), *word));
    let parts: Vec<String> = of_values
        .chain(of_kind)
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let text = format!("{}: {}", count(changes.len(), "change"), parts.join(", "));
    let mut lines: Vec<String> = wrap(&text, width).iter().map(|line| paint(FAIR, line)).collect();
    let names: Vec<String> = changes.iter().filter(|one| !one.is_gone()).map(|one| quoted(&one.name())).collect();
    if !names.is_empty() {
        let names = if names.len() > NAMED { "--all".to_owned() } else { names.join(" ") };
        // What is new stands in no baseline yet that would lead to its scenario.
        let is_new = changes.iter().any(|one| matches!(one.kind, Kind::New));
        let paths = scenarios.iter().filter(|_| is_new).map(|path| quoted(&path.display().to_string()));
        let paths: String = paths.map(|path| format!(" --scenarios {path}")).collect();
        lines.push(format!("{} windtunnel baseline accept --baseline {folder}{paths} {names}", paint(DIM, "accept")));
    }
    if changes.iter().any(Change::is_gone) {
        lines.push(format!(
            "{} windtunnel baseline accept --baseline {folder} --unreferenced delete",
            paint(DIM, "remove")
        ));
    }
    lines
}

/// The changes for programs.
pub fn json(changes: &[Change], folder: &Path) -> Value {
    let one = |change: &Change| {
        let (what, rows, is_same) = match &change.kind {
            Kind::New => (Vec::new(), Vec::new(), None),
            Kind::Gone(what) | Kind::Anew(what) => (vec![what.clone()], Vec::new(), None),
            Kind::Expected(what) => (what.clone(), Vec::new(), None),
            Kind::Values { compared, words } => (words.clone(), differing(compared), Some(compared.is_same)),
        };
        json!({
            "name": change.name(),
            "scenario": change.scenario,
            "policy": change.policy,
            "kind": change.kind.word(),
            "verdict": became(change).map(Became::word),
            "sameSimulated": is_same,
            "what": what,
            "measures": rows.into_iter().map(row_json).collect::<Vec<_>>(),
        })
    };
    json!({
        formats::KEY: formats::BASELINE_CHANGES.version,
        "baseline": folder.display().to_string(),
        "changes": changes.iter().map(one).collect::<Vec<_>>(),
    })
}
