//! A tree as YAML for people: what fits on a line stands on one, and all else is a block.

use super::tree::{Key, Node, Scalar, Value};

/// A mapping or a list that is no wider stands on one line.
const WIDTH: usize = 110;

/// The tree as a YAML file. Read again it is the same tree.
#[must_use]
pub fn write(root: &Node) -> String {
    let mut out = String::new();
    match &root.value {
        Value::Map(entries) if !entries.is_empty() => map(entries, 0, &mut out),
        Value::Seq(items) if !items.is_empty() => list(items, 0, &mut out),
        _ => {
            out += &flow(root);
            out.push('\n');
        }
    }
    out
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

fn map(entries: &[(Key, Node)], depth: usize, out: &mut String) {
    for (at, (key, value)) in entries.iter().enumerate() {
        // The first key of an element of a list stands behind its dash.
        if at > 0 || !out.ends_with("- ") {
            indent(depth, out);
        }
        let key = text(&key.text, false);
        let inner = flow(value);
        let is_wide = 2 * depth + key.chars().count() + 2 + inner.chars().count() > WIDTH;
        *out += &key;
        out.push(':');
        match &value.value {
            Value::Map(of) if !of.is_empty() && is_wide => {
                out.push('\n');
                map(of, depth + 1, out);
            }
            Value::Seq(of) if !of.is_empty() && is_wide => {
                out.push('\n');
                list(of, depth + 1, out);
            }
            _ => {
                out.push(' ');
                *out += &inner;
                out.push('\n');
            }
        }
    }
}

fn list(items: &[Node], depth: usize, out: &mut String) {
    for item in items {
        indent(depth, out);
        *out += "- ";
        let inner = flow(item);
        let is_wide = 2 * depth + 2 + inner.chars().count() > WIDTH;
        match &item.value {
            Value::Map(of) if !of.is_empty() && is_wide => map(of, depth + 1, out),
            _ => {
                *out += &inner;
                out.push('\n');
            }
        }
    }
}

/// On one line.
fn flow(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Scalar(Scalar { text: own, quoted }) => text(own, *quoted),
        Value::Seq(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Map(entries) => {
            let inner: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", text(&key.text, false), flow(value))).collect();
            format!("{{ {} }}", inner.join(", "))
        }
    }
}

/// A text, in quotes where it was or where it needs them. Within brackets it may stand, too.
fn text(text: &str, quoted: bool) -> String {
    let first = |letter: char| letter.is_alphanumeric() || matches!(letter, '/' | '_' | '.' | '$' | '(' | '−' | '≥');
    let plain = text.starts_with(first)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains([',', '[', ']', '{', '}', '"', '\'', '\n', '\r', '\t'])
        && !text.chars().any(char::is_control)
        && !["null", "Null", "NULL"].contains(&text);
    if plain && !quoted {
        return text.to_owned();
    }
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::problem::Problems;
    use super::super::read::read_text;
    use super::*;

    #[test]
    fn what_is_written_reads_as_the_same_tree() {
        let texts = [
            "a: 1\nb: { c: [x, y, { d: \"2\" }], \"e: f\": ~ }\n",
            "- { name: 'a, b', at: PT1H }\n- [1, 2]\n- \"null\"\n- \"\"\n- \"- no\"\n- \"#c\"\n",
            "long:\n  - name: the first of several things that happen\n    writes: { scaleSet: vmss-web, properties: { virtualMachineProfile: { storageProfile: { imageReference: { id: web/1 } } } } }\n  - [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccc]\n",
            "{}\n",
            "[]\n",
            "alone\n",
            "t: \"two\\nlines \\u00e9 \\\\ \\\"\"\n\"09:00\": 10 rps\nx: {}\ny: []\n",
        ];
        for text in texts {
            let read = |text: &str| {
                let mut problems = Problems::new();
                let node = read_text("a.yaml", text.to_owned(), &mut problems);
                node.unwrap_or_else(|| panic!("{text}\n{problems:?}"))
            };
            let node = read(text);
            let written = write(&node);
            assert_eq!(node, read(&written), "{text} became\n{written}");
        }
    }
}
