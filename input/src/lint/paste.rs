//! A fix as text that a user pastes into a scenario: block style for the way to what changes, flow style for that.

use serde_json::Value as Json;
use std::fmt::Write as _;

/// A policy as YAML, its first line indented by so many spaces.
#[must_use]
pub fn policy(name: &str, fix: &Json, indent: usize) -> String {
    let mut text = format!("{:indent$}policies:\n", "");
    let _ = writeln!(text, "{:indent$}  {name}:", "");
    block(fix, indent + 4, &mut text);
    text
}

/// A mapping in block style, down to what fits a line.
fn block(json: &Json, indent: usize, into: &mut String) {
    let Json::Object(entries) = json else { return };
    for (key, value) in entries {
        let (key, line) = (scalar(key), flow(value));
        let is_short = indent + key.len() + line.len() < 100;
        match value {
            Json::Object(inner) if !is_short && !inner.is_empty() => {
                let _ = writeln!(into, "{:indent$}{key}:", "");
                block(value, indent + 2, into);
            }
            Json::Array(items) if !is_short && !items.is_empty() => {
                let _ = writeln!(into, "{:indent$}{key}:", "");
                for item in items {
                    let mut inner = String::new();
                    block(item, indent + 4, &mut inner);
                    let first = inner.trim_start();
                    let (is_short, line) = (indent + 4 < 100 && first.is_empty(), flow(item));
                    let text = if is_short { format!("{line}\n") } else { first.to_owned() };
                    let _ = write!(into, "{:indent$}  - {text}", "");
                }
            }
            _ => {
                let _ = writeln!(into, "{:indent$}{key}: {line}", "");
            }
        }
    }
}

/// A value in flow style, on one line.
#[must_use]
pub fn flow(json: &Json) -> String {
    match json {
        Json::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Json::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", scalar(key), flow(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Json::String(text) => scalar(text),
        other => other.to_string(),
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
