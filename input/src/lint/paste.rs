//! A fix as text that a user pastes into a scenario: block style for the way to what changes, flow style for that.

use crate::yaml::{self, Piece, Widths};
use serde_json::Value as Json;
use std::fmt::Write as _;

/// An element of a list is a block, however short it is: a person goes through them.
const WIDTHS: Widths = Widths { value: 101, element: 0 };

/// A policy as YAML, its first line indented by so many spaces.
#[must_use]
pub fn policy(name: &str, fix: &Json, indent: usize) -> String {
    let mut text = format!("{:indent$}policies:\n", "");
    let _ = writeln!(text, "{:indent$}  {name}:", "");
    if let Piece::Map(entries) = piece(fix) {
        WIDTHS.map(&entries, indent + 4, &mut text);
    }
    text
}

/// A value in flow style, on one line.
#[must_use]
pub fn flow(json: &Json) -> String {
    yaml::flow(&piece(json))
}

fn piece(json: &Json) -> Piece {
    match json {
        Json::Object(entries) => Piece::Map(entries.iter().map(|(key, value)| (scalar(key), piece(value))).collect()),
        Json::Array(items) => Piece::List(items.iter().map(piece).collect()),
        Json::String(text) => Piece::Word(scalar(text)),
        other => Piece::Word(other.to_string()),
    }
}

/// A text without quotes where it is surely a text so.
fn scalar(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/');
    let word = text.chars().all(plain) && text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let meant =
        ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_ascii_lowercase().as_str());
    if word && !meant { text.to_owned() } else { Json::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_pasted_is_what_was_meant() {
        let fix = json!({ "vmss: \"web\"\n": { "properties": {
            "zones": ["1", "2"], "on": true, "word": "no", "gone": null, "number": "20",
            "long": { "a": "x".repeat(60), "b": [{ "name": "y".repeat(50), "properties": { "c": "z".repeat(60) } }, { "name": "s" }] },
        } } });
        let text = policy("L0001", &fix, 0);
        let mut problems = crate::Problems::new();
        let root = crate::read::read_text("p.yaml", text.clone(), &mut problems).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(root.to_json(), json!({ "policies": { "L0001": fix } }), "{text}");
    }
}
