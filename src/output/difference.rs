//! What differs between two fleets, for people and for programs.

use crate::input::difference::{Changed, Compared};
use crate::input::formats;
use crate::input::lint::paste;
use crate::input::tree::Span;
use crate::input::{Colour, Report};
use serde_json::{Value, json};
use std::fmt::Write as _;
use windtunnel_words::control::escaped;
use windtunnel_words::number::count;
use windtunnel_words::text::{columns, cut, pad, wrap};

/// So wide a value is shown at most.
const VALUE: usize = 44;

/// A comparison of two fleets, and how it is called.
#[derive(Debug)]
pub struct Sheet<'c> {
    /// What was compared, as the user named them.
    pub names: [String; 2],
    /// What came of it.
    pub compared: &'c Compared,
    /// The name of the policy.
    pub policy: &'c str,
}

/// The policy as YAML, which stands in a scenario or in a file of policies; what it leaves out in comments before it. Empty where nothing
/// changes.
#[must_use]
pub fn patch(sheet: &Sheet<'_>) -> String {
    let remarks = remarks(sheet.compared).into_iter().map(|line| format!("# {}\n", escaped(&line))).collect::<String>();
    if sheet.compared.patch.entries().is_empty() {
        return remarks;
    }
    let text = paste::policy(sheet.policy, &sheet.compared.patch.to_json(), 0);
    remarks + &text.lines().fold(String::new(), |all, line| all + &escaped(line) + "\n")
}

/// What the patch leaves out.
fn remarks(compared: &Compared) -> Vec<String> {
    let mut lines = Vec::new();
    let secret: Vec<String> =
        compared.changes.iter().filter(|one| one.is_secret).map(|one| one.place.to_string()).collect();
    if !secret.is_empty() {
        lines.push(format!("left out of the policy, as it is secret: {}", secret.join(", ")));
    }
    if !compared.several.is_empty() {
        let list = compared.several.join(", ");
        lines.push(format!("left out of the policy, as several resources have one type and name: {list}"));
    }
    lines
}

/// For a person.
#[must_use]
pub fn human(sheet: &Sheet<'_>, all: bool, width: usize, colour: Colour) -> String {
    let Sheet { names: [old, new], compared, .. } = sheet;
    let (read, kept): (Vec<&Changed>, Vec<&Changed>) = compared.changes.iter().partition(|one| one.is_read);
    let mut text = match read.len() {
        0 => format!("Nothing that a run reads differs between {old} and {new}.\n"),
        n => format!(
            "{} between {old} and {new}:\n",
            if n == 1 { "1 value differs".to_owned() } else { format!("{n} values differ") }
        ),
    };
    text = escaped(text.trim_end()).into_owned() + "\n";
    text += &table(&read, width);
    if !kept.is_empty() && all {
        text += "\nOn these nothing acts:\n";
        text += &table(&kept, width);
    } else if !kept.is_empty() {
        let (n, verb) = (count(kept.len(), "more value"), if kept.len() == 1 { "differs" } else { "differ" });
        let _ = writeln!(text, "{n} {verb} on which nothing acts; `--all` shows them");
    }
    for line in remarks(compared) {
        let _ = writeln!(text, "{}", wrap(&escaped(&line), width).join("\n"));
    }
    if !compared.problems.is_empty() {
        let _ = write!(text, "\n{}", Report::from(compared.problems.clone()).render_only(colour));
    }
    text
}

/// A row a value: path, before, after, and where it stands in both. Where that is too wide, the path has a line of its own.
fn table(changes: &[&Changed], width: usize) -> String {
    let rows: Vec<[String; 4]> = changes.iter().map(|one| row(one)).collect();
    let head = ["path", "old", "new", "where"].map(str::to_owned);
    let widest = |at: usize| rows.iter().chain([&head]).map(|row| columns(&row[at])).max().unwrap_or_default();
    let widths = [0, 1, 2, 3].map(widest);
    let mut text = String::new();
    if rows.is_empty() {
        return text;
    }
    let is_wide = widths.iter().sum::<usize>() + 8 > width;
    for [path, old, new, place] in [&head].into_iter().chain(&rows) {
        let values = format!("{}  {}  {place}", pad(old, widths[1]), pad(new, widths[2]));
        let line =
            if is_wide { format!("  {path}\n      {values}") } else { format!("  {}  {values}", pad(path, widths[0])) };
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn row(one: &Changed) -> [String; 4] {
    let [path, old, new] = cells(one);
    let places: Vec<String> = one.at.iter().flatten().filter(|span| !span.source.name.is_empty()).map(place).collect();
    [path, old, new, escaped(&places.join(" → ")).into_owned()]
}

/// The path of a value, and the value before and after, shortened.
pub(crate) fn cells(one: &Changed) -> [String; 3] {
    let value = |value: &Option<Value>| match (value, &one.whole) {
        (None, _) => "–".to_owned(),
        (Some(_), Some(kind)) => kind.rsplit('/').next().unwrap_or_default().to_owned(),
        (Some(Value::String(text)), None) => text.clone(),
        (Some(other), None) => other.to_string(),
    };
    let one_line = |text: &str| escaped(&text.replace(['\n', '\r', '\t'], " ")).into_owned();
    let cell = |text: String| cut(&one_line(&text), VALUE);
    [one_line(&one.place.to_string()), cell(value(&one.values[0])), cell(value(&one.values[1]))]
}

/// A file and a line of it.
pub(crate) fn place(span: &Span) -> String {
    format!("{}:{}", span.source.name, span.line())
}

/// For a program.
#[must_use]
pub fn json(sheet: &Sheet<'_>) -> Value {
    let Sheet { names: [old, new], compared, policy } = sheet;
    let at = |span: &Option<Span>| {
        span.as_ref().map(|span| json!({ "file": span.source.name, "line": span.line(), "column": span.column() }))
    };
    let changes: Vec<Value> = compared
        .changes
        .iter()
        .map(|one| {
            json!({
                "path": one.place.to_string(),
                "old": one.values[0],
                "new": one.values[1],
                "resource": one.whole,
                "oldAt": at(&one.at[0]),
                "newAt": at(&one.at[1]),
                "read": one.is_read,
                "secret": one.is_secret,
            })
        })
        .collect();
    json!({
        formats::KEY: formats::DIFFERENCE.version,
        "old": old,
        "new": new,
        "differs": compared.differs(),
        "changes": changes,
        "policy": { "name": policy, "patch": compared.patch.to_json() },
        "notInThePatch": remarks(compared),
        "problems": Report::from(compared.problems.clone()).to_json(),
    })
}
