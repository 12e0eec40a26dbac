//! How a text becomes a mutant: by its lines, by its tree where it is JSON, and now and then by its bytes.

use crate::corpus::Corpus;
use fastrand::Rng;
use serde_json::{Map, Value};

/// Scalars at the ends of what is legal, and beyond.
const EXTREMES: &[&str] = &[
    "0",
    "-1",
    "1",
    "2",
    "65535",
    "65536",
    "4294967295",
    "4294967296",
    "18446744073709551615",
    "18446744073709551616",
    "1e308",
    "-1e308",
    "1e-308",
    ".nan",
    ".inf",
    "NaN",
    "null",
    "~",
    "true",
    "no",
    "",
    "\"\"",
    "[]",
    "{}",
    "*",
    "&a",
    "!!binary aGk=",
    "0x10",
    "0o17",
    "1_000",
    "+5",
    "00",
    "01",
    "1.5",
    "0.1",
    "100 %",
    "101 %",
    "-1 %",
    "0 %",
    "1e9 %",
    "PT0S",
    "PT1S",
    "PT0.001S",
    "PT1M",
    "P1D",
    "P9999D",
    "P99999999999D",
    "-PT1M",
    "PT",
    "P1Y",
    "P1M",
    "PT1H1S",
    "2026-03-10T09:35:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:60Z",
    "2026-02-30T00:00:00Z",
    "10:39",
    "24:00",
    "a",
    "a/../../b",
    "\u{202e}abc",
    "é",
    "日本",
    "\u{1b}[31m",
    "::error::x",
    "=1+1",
    "|",
    ">",
    "- -",
    "? :",
    "'",
    "[resourceId('a','b')]",
    "[parameters('x')]",
    "[concat(",
    "[[x]",
    "[copyIndex()]",
    "[variables('x')]",
    "lognormal(1 min, 3)",
    "uniform(1 s, 0 s)",
    "exponential(0 s)",
    "constant(0 s)",
    "1 min ± 2",
    "1000000",
    "1000001",
    "every 1 s",
    "1/0",
    "0/0",
    "100000000",
    "1.2.3",
    "v1.0.0",
    "latest",
    "1.0.*",
    "regular",
    "Spot",
    "-",
    "..",
];

/// A word to put in place of a scalar.
pub(crate) fn word(rng: &mut Rng, corpus: &Corpus) -> String {
    match rng.u8(0..10) {
        0..=4 => EXTREMES[rng.usize(..EXTREMES.len())].to_owned(),
        5..=8 => corpus.scalars[rng.usize(..corpus.scalars.len())].clone(),
        _ => "x".repeat(rng.usize(..5_000)),
    }
}

fn key(rng: &mut Rng, corpus: &Corpus) -> String {
    corpus.keys[rng.usize(..corpus.keys.len())].clone()
}

/// A mutant of YAML: one to four changes, each to lines and what hangs below them.
pub(crate) fn yaml(rng: &mut Rng, corpus: &Corpus, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // One change is taken more often than four.
    for _ in 0..[1, 1, 1, 1, 2, 2, 3, 4][rng.usize(..8)] {
        if lines.is_empty() {
            break;
        }
        line(rng, corpus, &mut lines);
    }
    let mut text = lines.join("\n") + "\n";
    match rng.u16(0..400) {
        0 => text = nested(rng),
        1 => text.insert(0, '\u{feff}'),
        2 => text = text.replace('\n', "\r\n"),
        3 => text = anchors(rng) + &text,
        4..=8 => text = bytes(rng, text),
        _ => {}
    }
    text
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ']).len()
}

/// A line with those that are indented deeper.
fn block(lines: &[String], at: usize) -> std::ops::Range<usize> {
    let deep = indent(&lines[at]);
    let below = lines[at + 1..].iter().take_while(|line| line.trim().is_empty() || indent(line) > deep).count();
    at..at + 1 + below
}

fn line(rng: &mut Rng, corpus: &Corpus, lines: &mut Vec<String>) {
    let at = rng.usize(..lines.len());
    match rng.u8(0..14) {
        // Another value.
        0..=3 => {
            number(rng, &mut lines[at]);
        }
        4 | 5 => {
            if let Some(colon) = lines[at].find(": ") {
                let value = word(rng, corpus);
                lines[at].replace_range(colon + 2.., &value);
            } else if let Some(dash) = lines[at].find("- ") {
                let value = word(rng, corpus);
                lines[at].replace_range(dash + 2.., &value);
            }
        }
        // Another key.
        6 => {
            if let Some(colon) = lines[at].find(':') {
                let from = indent(&lines[at]);
                if from < colon {
                    lines[at].replace_range(from..colon, &key(rng, corpus));
                }
            }
        }
        // One more key.
        7 => {
            let line = format!("{}{}: {}", " ".repeat(indent(&lines[at])), key(rng, corpus), word(rng, corpus));
            lines.insert(at, line);
        }
        8 => {
            lines.remove(at);
        }
        9 => {
            lines.drain(block(lines, at));
        }
        // The same again.
        10 => {
            let copy = lines[block(lines, at)].to_vec();
            lines.splice(at..at, copy);
        }
        // Something from elsewhere, of this file or another.
        11 | 12 => {
            let other: Vec<String> = if rng.bool() {
                lines.clone()
            } else {
                corpus.scenarios[rng.usize(..corpus.scenarios.len())].text.lines().map(str::to_owned).collect()
            };
            if other.is_empty() {
                return;
            }
            let from = rng.usize(..other.len());
            let (was, is) = (indent(&other[from]), indent(&lines[at]));
            let moved = other[block(&other, from)].iter().map(|line| {
                let deep = (indent(line) + is).saturating_sub(was);
                " ".repeat(deep) + line.trim_start()
            });
            let moved: Vec<String> = moved.collect();
            let range = if rng.bool() { at..at } else { block(lines, at) };
            lines.splice(range, moved);
        }
        _ => {
            let deeper = rng.bool();
            let line = &mut lines[at];
            if deeper {
                line.insert_str(0, "  ");
            } else if line.starts_with("  ") {
                line.replace_range(..2, "");
            }
        }
    }
}

/// The numbers of a line become others, so that quantities stay quantities.
fn number(rng: &mut Rng, line: &mut String) {
    let digits: Vec<usize> = line.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    if digits.is_empty() {
        return;
    }
    let at = digits[rng.usize(..digits.len())];
    match rng.u8(0..3) {
        0 => line.replace_range(at..=at, &rng.u8(0..10).to_string()),
        1 => line.insert_str(at, &rng.u32(0..1_000).to_string()),
        _ => drop(line.remove(at)),
    }
}

/// Brackets within brackets.
fn nested(rng: &mut Rng) -> String {
    let deep = rng.usize(10..20_000);
    let open = ["[", "{a: ", "- ", "{\"a\":"][rng.usize(..4)];
    "a: ".to_owned() + &open.repeat(deep)
}

/// Anchors of anchors.
fn anchors(rng: &mut Rng) -> String {
    let mut text = String::from("x0: &x0 [a, b, c]\n");
    for level in 1..rng.usize(2..30) {
        let before = level - 1;
        text += &format!("x{level}: &x{level} [*x{before}, *x{before}, *x{before}]\n");
    }
    text
}

/// A few bytes changed, where the text stays text.
pub(crate) fn bytes(rng: &mut Rng, text: String) -> String {
    let mut bytes = text.into_bytes();
    for _ in 0..rng.usize(1..8) {
        if bytes.is_empty() {
            break;
        }
        let at = rng.usize(..bytes.len());
        match rng.u8(0..4) {
            0 => bytes[at] = rng.u8(..),
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, rng.u8(b' '..0x7f)),
            _ => bytes.truncate(at),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A mutant of JSON: one to four changes to its tree, or to its bytes.
pub(crate) fn json(rng: &mut Rng, corpus: &Corpus, text: &str) -> String {
    let parsed = serde_json::from_str::<Value>(text).ok().filter(|_| rng.u8(0..20) > 0);
    let Some(mut tree) = parsed else { return bytes(rng, text.to_owned()) };
    for _ in 0..[1, 1, 1, 1, 2, 2, 3, 4][rng.usize(..8)] {
        let mut left = rng.usize(..count(&tree));
        change(rng, corpus, &mut tree, &mut left);
    }
    format!("{tree:#}")
}

fn count(tree: &Value) -> usize {
    1 + match tree {
        Value::Object(entries) => entries.values().map(count).sum(),
        Value::Array(items) => items.iter().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// Changes the node that is `left` nodes on; whether it was in this tree.
fn change(rng: &mut Rng, corpus: &Corpus, tree: &mut Value, left: &mut usize) -> bool {
    if *left == 0 {
        *tree = changed(rng, corpus, tree);
        return true;
    }
    *left -= 1;
    match tree {
        Value::Object(entries) => entries.values_mut().any(|value| change(rng, corpus, value, left)),
        Value::Array(items) => items.iter_mut().any(|value| change(rng, corpus, value, left)),
        _ => false,
    }
}

fn changed(rng: &mut Rng, corpus: &Corpus, tree: &Value) -> Value {
    let word = |rng: &mut Rng| {
        let text = word(rng, corpus);
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    };
    match tree {
        Value::Object(entries) if !entries.is_empty() && rng.u8(0..6) > 0 => {
            let mut entries = entries.clone();
            let at = rng.usize(..entries.len());
            let (name, value) = entries.iter().nth(at).map(|(key, value)| (key.clone(), value.clone())).expect("it is");
            match rng.u8(0..4) {
                0 => drop(entries.remove(&name)),
                1 => drop(entries.insert(key(rng, corpus), value)),
                2 => drop(entries.insert(key(rng, corpus), word(rng))),
                _ => {
                    entries.remove(&name);
                    entries.insert(key(rng, corpus), value);
                }
            }
            Value::Object(entries)
        }
        Value::Array(items) if !items.is_empty() && rng.u8(0..6) > 0 => {
            let mut items = items.clone();
            let at = rng.usize(..items.len());
            match rng.u8(0..4) {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                2 => items.insert(at, word(rng)),
                _ => items.reverse(),
            }
            Value::Array(items)
        }
        _ => match rng.u8(0..12) {
            0 => Value::Object(Map::new()),
            1 => Value::Array(vec![tree.clone()]),
            2 => Value::Null,
            3 => Value::from(rng.i64(..)),
            4 => Value::from(rng.f64() * 1e6),
            5 => Value::Bool(rng.bool()),
            _ => word(rng),
        },
    }
}
