//! What differs between two runs, for people and for programs: the first entry that differs with what each followed from, what followed,
//! acts whose fates differ, windows of harm, measures.

use super::highlights::windows;
use super::markdown;
use super::measure_row::MeasureRow;
use super::why;
use crate::experiment::acts::Act;
use crate::experiment::after::followed;
use crate::experiment::divergence::Divergence;
use crate::experiment::replay::Replay;
use serde_json::{Value, json};
use windtunnel_sim::measure::{self, Unit};
use windtunnel_sim::world::fact::Record;
use windtunnel_words::clock::civil;
use windtunnel_words::describe::sentence;
use windtunnel_words::number::count;
use windtunnel_words::text::{columns, pad, wrap};

/// So many measures are shown to people.
const MEASURES_MOST: usize = 16;

/// Two runs, and how they are called.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'r> {
    /// What was compared, as the user named them.
    pub names: [&'r str; 2],
    /// The runs.
    pub runs: [&'r Replay<'r>; 2],
    /// What differs.
    pub found: &'r Divergence<'r>,
}

/// A part of the comparison in words: its heading, and its lines by side.
struct Part {
    title: String,
    lines: Vec<String>,
}

impl Sheet<'_> {
    /// One of the sides.
    fn run(&self, side: usize) -> &Replay<'_> {
        self.runs[side]
    }

    /// An entry of a side in words, with its time and number.
    fn entry(&self, side: usize, record: &Record) -> String {
        let run = self.run(side);
        let at = civil(run.plan(), record.time);
        format!("{at} {} ({}) [why {}]", sentence(&run.names, &record.fact), record.rule, record.entry.0)
    }

    fn act(&self, side: usize, act: &Act) -> String {
        let names = &self.run(side).names;
        act.words(names).unwrap_or_else(|| {
            let at = civil(names.plan(), act.at);
            format!("“{}” of {at} was done", names.action(act.action))
        })
    }

    /// The parts of the comparison.
    fn parts(&self) -> Vec<Part> {
        let mut parts = vec![self.beginning()];
        let each = |side: usize, text: &str| format!("{}: {text}", self.names[side]);
        let mut acts = Vec::new();
        for pair in &self.found.acts {
            for (side, act) in pair.iter().enumerate() {
                let words = act.map_or_else(|| "there is no such act".to_owned(), |act| self.act(side, &act));
                acts.push(each(side, &words));
            }
        }
        parts.push(Part { title: "acts that came to something else".to_owned(), lines: acts });
        let mut lines = Vec::new();
        for (side, own) in self.found.windows.iter().enumerate() {
            let words = own.iter().map(|window| windows::words(&self.run(side).names, window));
            let none = own.is_empty().then(|| "nobody was harmed".to_owned());
            lines.extend(words.chain(none).map(|text| each(side, &text)));
        }
        if self.found.windows[0] != self.found.windows[1] {
            parts.push(Part { title: "windows of harm".to_owned(), lines });
        }
        parts.retain(|part| !part.lines.is_empty());
        parts
    }

    /// Where the runs part, with the causes on both sides.
    fn beginning(&self) -> Part {
        let found = self.found;
        let same = match found.common {
            0 => "the runs differ from the first entry on".to_owned(),
            common => format!("the first {} are the same; then", count(common, "entry")),
        };
        let mut lines = Vec::new();
        for (side, first) in found.first.iter().enumerate() {
            let name = self.names[side];
            let Some(first) = first else {
                lines.push(format!("{name}: nothing more happens"));
                continue;
            };
            lines.push(format!("{name}: {}", self.entry(side, first)));
            let ledger = &self.run(side).ledger;
            for cause in why::chain(ledger, first).into_iter().skip(1).filter(|cause| cause.entry.0 > 1).take(3) {
                lines.push(format!("    because {}", self.entry(side, cause)));
            }
            lines.push(format!("    {} followed from it", count(followed(ledger, first).len(), "entry")));
        }
        Part { title: same, lines }
    }

    /// The measures that differ, those of harm first as in the catalogue.
    fn measures(&self) -> impl Iterator<Item = [String; 3]> {
        self.found.measures.iter().map(|&(name, unit, of)| {
            let [left, right] = of.map(|value| shown(name, unit, value));
            [name.to_owned(), left, right]
        })
    }
}

fn shown(name: &str, unit: Unit, value: measure::Value) -> String {
    let row = MeasureRow::new(name, unit, value);
    match value {
        measure::Value::Number(_) | measure::Value::AtLeast(_) => {
            format!("{} {}", row.shown(), row.unit).trim().to_owned()
        }
        measure::Value::NotComputed(_) => "not computed".to_owned(),
        measure::Value::Word(_) => row.shown(),
    }
}

/// Where the way to an entry of the first run leaves the second, in a sentence.
pub fn way(sheet: &Sheet<'_>, record: &Record, parted: Option<&Record>) -> String {
    let (own, other) = (sheet.entry(0, record), sheet.names[1]);
    match parted {
        None => format!("{other} has {own} as well, by the same way"),
        Some(parted) if parted.entry == record.entry => {
            format!("{other} does not have {own}, though it has all that this followed from")
        }
        Some(parted) => format!("the way to {own} leaves {other} at {}", sheet.entry(0, parted)),
    }
}

/// That nothing differs.
fn nothing(sheet: &Sheet<'_>) -> String {
    let [left, right] = sheet.names;
    let entries = count(sheet.found.common, "entry");
    format!("{left} and {right} are the same run: all {entries} say the same at the same instants")
}

/// For a person.
pub fn human(sheet: &Sheet<'_>, width: usize) -> String {
    let width = width.max(super::LEAST_WIDTH);
    let mut out = String::new();
    if sheet.found.is_none() {
        out += &format!("{}\n", nothing(sheet));
    } else {
        for part in sheet.parts() {
            out += &format!("{}\n", part.title);
            for line in part.lines {
                let indent = 2 + line.len() - line.trim_start().len();
                for (at, text) in wrap(line.trim_start(), width - indent - 2).iter().enumerate() {
                    out += &format!("{}{text}\n", " ".repeat(if at == 0 { indent } else { indent + 2 }));
                }
            }
            out += "\n";
        }
    }
    let rows: Vec<[String; 3]> = sheet.measures().collect();
    if !rows.is_empty() {
        let [name, left] = [0, 1].map(|at| rows.iter().map(|row| columns(&row[at])).max().unwrap_or(0));
        let left = left.max(columns(sheet.names[0]));
        out += &format!("{}  {}  {}\n", pad("measure", name), pad(sheet.names[0], left), sheet.names[1]);
        for row in rows.iter().take(MEASURES_MOST) {
            out += &format!("{}  {}  {}\n", pad(&row[0], name), pad(&row[1], left), row[2]);
        }
        if rows.len() > MEASURES_MOST {
            out += &format!("… and {}\n", count(rows.len() - MEASURES_MOST, "more measure"));
        }
    }
    out
}

/// As Markdown.
pub fn page(sheet: &Sheet<'_>) -> String {
    let mut out = String::new();
    if sheet.found.is_none() {
        out += &format!("{}\n", markdown::cell(&nothing(sheet)));
    } else {
        for part in sheet.parts() {
            out += &format!("**{}**\n\n", markdown::cell(&part.title));
            for line in part.lines {
                let indent = if line.starts_with(' ') { "  " } else { "" };
                out += &format!("{indent}- {}\n", markdown::cell(line.trim_start()));
            }
            out += "\n";
        }
    }
    let head = ["measure", sheet.names[0], sheet.names[1]];
    if !sheet.found.measures.is_empty() {
        out += &markdown::table(head, sheet.measures());
    }
    out
}

/// As JSON.
pub fn json(sheet: &Sheet<'_>) -> Value {
    let side = |side: usize| {
        let run = sheet.run(side);
        let first = sheet.found.first[side];
        json!({
            "run": sheet.names[side],
            "digest": format!("{:016x}", run.outcome.digest),
            "entries": run.ledger.len(),
            "first": first.map(|first| why::json(&run.names, &why::chain(&run.ledger, first))),
            "followed": first.map(|first| followed(&run.ledger, first).len()),
            "windows": sheet.found.windows[side].iter().map(|one| windows::json(&run.names, one)).collect::<Vec<_>>(),
        })
    };
    let act = |pair: &[Option<Act>; 2]| {
        let of = |at: usize| pair[at].map(|act| super::folder::act_json(&sheet.run(at).names, &act));
        json!([of(0), of(1)])
    };
    let measure = |&(name, unit, of): &(&str, Unit, [measure::Value; 2])| {
        let [left, right] = of.map(|value| super::folder::value_json(name, unit, None, value));
        json!({ "measure": name, "values": [left, right] })
    };
    json!({
        "same": sheet.found.is_none(),
        "common": sheet.found.common,
        "runs": [side(0), side(1)],
        "acts": sheet.found.acts.iter().map(act).collect::<Vec<_>>(),
        "measures": sheet.found.measures.iter().map(measure).collect::<Vec<_>>(),
    })
}
