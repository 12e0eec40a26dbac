//! YAML for people: what fits on a line stands on one, and all else is a block.

use super::tree::{Node, Scalar, Value};

/// What is written: words as they stand in the text, quotes and all, in lists and mappings.
pub enum Piece {
    /// A scalar.
    Word(String),
    /// A list.
    List(Vec<Piece>),
    /// A mapping.
    Map(Vec<(String, Piece)>),
}

/// How wide what stands on one line may be.
pub struct Widths {
    /// A mapping or a list behind its key.
    pub value: usize,
    /// A mapping that is an element of a list in block style.
    pub element: usize,
}

/// Those of a file.
const FILE: Widths = Widths { value: 110, element: 110 };

/// The tree as a YAML file. Read again it is the same tree.
#[must_use]
pub fn write(root: &Node) -> String {
    let mut out = String::new();
    match piece(root) {
        Piece::Map(entries) if !entries.is_empty() => FILE.map(&entries, 0, &mut out),
        Piece::List(items) if !items.is_empty() => FILE.list(&items, 0, &mut out),
        other => {
            out += &flow(&other);
            out.push('\n');
        }
    }
    out
}

fn piece(node: &Node) -> Piece {
    match &node.value {
        Value::Null => Piece::Word("null".to_owned()),
        Value::Scalar(Scalar { text: own, quoted }) => Piece::Word(text(own, *quoted)),
        Value::Seq(items) => Piece::List(items.iter().map(piece).collect()),
        Value::Map(entries) => {
            Piece::Map(entries.iter().map(|(key, value)| (text(&key.text, false), piece(value))).collect())
        }
    }
}

impl Widths {
    /// A mapping in block style, so many spaces from the left.
    pub fn map(&self, entries: &[(String, Piece)], indent: usize, out: &mut String) {
        for (at, (key, value)) in entries.iter().enumerate() {
            // The first key of an element of a list stands behind its dash.
            if at > 0 || !out.ends_with("- ") {
                out.extend(std::iter::repeat_n(' ', indent));
            }
            let inner = flow(value);
            let is_wide = indent + key.chars().count() + 2 + inner.chars().count() > self.value;
            *out += key;
            out.push(':');
            match value {
                Piece::Map(of) if !of.is_empty() && is_wide => {
                    out.push('\n');
                    self.map(of, indent + 2, out);
                }
                Piece::List(of) if !of.is_empty() && is_wide => {
                    out.push('\n');
                    self.list(of, indent + 2, out);
                }
                _ => {
                    out.push(' ');
                    *out += &inner;
                    out.push('\n');
                }
            }
        }
    }

    fn list(&self, items: &[Piece], indent: usize, out: &mut String) {
        for item in items {
            out.extend(std::iter::repeat_n(' ', indent));
            *out += "- ";
            let inner = flow(item);
            let is_wide = indent + 2 + inner.chars().count() > self.element;
            match item {
                Piece::Map(of) if !of.is_empty() && is_wide => self.map(of, indent + 2, out),
                _ => {
                    *out += &inner;
                    out.push('\n');
                }
            }
        }
    }
}

/// On one line.
#[must_use]
pub fn flow(piece: &Piece) -> String {
    match piece {
        Piece::Word(word) => word.clone(),
        Piece::List(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Piece::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Piece::Map(entries) => {
            let inner: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {}", flow(value))).collect();
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
