//! JSON into the spanned tree: as the standard has it, or as Azure's tools read it.

use std::fmt::Write as _;
use std::sync::Arc;

use super::problem::{Problem, Problems};
use super::read::{DEPTH_MAX, Duplicates, Entries, NODES_MAX};
use super::tree::{Key, Node, Scalar, Source, Span, Value};

/// What is taken for JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// What the standard says; a key that occurs twice is an error.
    Strict,
    /// What real templates have as well: `//` and `/* */` comments, trailing commas, line breaks inside strings, `\'`, and
    /// duplicate keys (the last one counts, with a note).
    Azure,
}

/// Parses a text. `None` means that a problem says why not.
pub fn parse(source: &Arc<Source>, dialect: Dialect, problems: &mut Problems) -> Option<Node> {
    let mut parser = Parser { source, text: source.text.as_bytes(), at: 0, depth: 0, nodes: 0, dialect, problems };
    if source.text.starts_with('\u{feff}') {
        parser.at = '\u{feff}'.len_utf8();
    }
    let outcome = parser.document();
    match outcome {
        Ok(node) => Some(node),
        Err(problem) => {
            problems.0.push(*problem);
            None
        }
    }
}

type Outcome<T> = Result<T, Box<Problem>>;

struct Parser<'a> {
    source: &'a Arc<Source>,
    text: &'a [u8],
    at: usize,
    depth: usize,
    nodes: usize,
    dialect: Dialect,
    problems: &'a mut Problems,
}

impl Parser<'_> {
    fn document(&mut self) -> Outcome<Node> {
        self.skip_blank()?;
        if self.at == self.text.len() {
            let problem = Problem::other("E0402", &self.source.name, "empty").at(&self.here(), "");
            return Err(Box::new(problem.help("expected a JSON object or list")));
        }
        let node = self.value()?;
        self.skip_blank()?;
        if self.at < self.text.len() {
            return Err(self.expected("the end of the file"));
        }
        Ok(node)
    }

    fn value(&mut self) -> Outcome<Node> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(self.wrong("E0106", format!("more than {NODES_MAX} values"), "the limit is passed here"));
        }
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'"') => {
                let start = self.at;
                let text = self.string()?;
                Ok(Node { span: self.span(start), value: Value::Scalar(Scalar { text, quoted: true }) })
            }
            Some(b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => self.word(),
            _ => Err(self.expected("a value")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Outcome<Node>) -> Outcome<Node> {
        if self.depth == DEPTH_MAX {
            let message = format!("objects and lists are nested deeper than {DEPTH_MAX}");
            return Err(self.wrong("E0106", message, "one level too many"));
        }
        self.depth += 1;
        let outcome = read(self);
        self.depth -= 1;
        outcome
    }

    fn object(&mut self) -> Outcome<Node> {
        let start = self.at;
        self.at += 1;
        let mut entries = Entries::default();
        loop {
            self.skip_blank()?;
            match self.peek() {
                Some(b'}') => break,
                Some(b'"') => {}
                _ => return Err(self.expected_inside("a key in double quotes, or `}`", start, "this object is open")),
            }
            let key_start = self.at;
            let text = self.string()?;
            let key = Key { text, span: self.span(key_start) };
            self.skip_blank()?;
            if self.peek() != Some(b':') {
                return Err(self.expected("`:` after the key"));
            }
            self.at += 1;
            self.skip_blank()?;
            let value = self.value()?;
            let duplicates = match self.dialect {
                Dialect::Strict => Duplicates::Refuse,
                Dialect::Azure => Duplicates::LastCounts,
            };
            entries.add(key, value, duplicates, self.problems);
            self.skip_blank()?;
            match self.peek() {
                Some(b',') => self.comma(b'}')?,
                Some(b'}') => break,
                _ => return Err(self.expected_inside("`,` or `}`", start, "this object is open")),
            }
        }
        self.at += 1;
        Ok(Node { span: self.span(start), value: Value::Map(entries.list) })
    }

    fn list(&mut self) -> Outcome<Node> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_blank()?;
            if self.peek() == Some(b']') {
                break;
            }
            items.push(self.value()?);
            self.skip_blank()?;
            match self.peek() {
                Some(b',') => self.comma(b']')?,
                Some(b']') => break,
                _ => return Err(self.expected_inside("`,` or `]`", start, "this list is open")),
            }
        }
        self.at += 1;
        Ok(Node { span: self.span(start), value: Value::Seq(items) })
    }

    /// A comma, which only Azure lets stand before the end.
    fn comma(&mut self, end: u8) -> Outcome<()> {
        let start = self.at;
        self.at += 1;
        self.skip_blank()?;
        if self.peek() == Some(end) { self.beyond_json(start, "commas before a closing bracket") } else { Ok(()) }
    }

    /// Something from `start` on that is not JSON by the standard.
    fn beyond_json(&mut self, start: usize, what: &str) -> Outcome<()> {
        if self.dialect == Dialect::Azure {
            return Ok(());
        }
        self.at = start;
        let mut problem = self.wrong("E0104", format!("not JSON: {what} are not allowed here"), "reading stops here");
        problem.help = Some("write the file as YAML, which has comments".to_owned());
        Err(problem)
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Outcome<Node> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.' | b'_')) {
            self.at += 1;
        }
        let text = &self.source.text[start..self.at];
        let value = match text {
            "null" => Value::Null,
            "true" | "false" => Value::Scalar(Scalar { text: text.to_owned(), quoted: false }),
            _ if is_number(text) => Value::Scalar(Scalar { text: text.to_owned(), quoted: false }),
            _ => {
                self.at = start;
                let mut problem = self.expected("a value");
                problem.help = Some(format!("write a text in double quotes: \"{text}\""));
                return Err(problem);
            }
        };
        Ok(Node { span: self.span(start), value })
    }

    fn string(&mut self) -> Outcome<String> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut run = self.at;
        loop {
            match self.peek() {
                None => {
                    self.at = start;
                    return Err(self.wrong("E0104", "a text is not closed".to_owned(), "expected a closing `\"`"));
                }
                Some(b'"') => {
                    text.push_str(&self.source.text[run..self.at]);
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    text.push_str(&self.source.text[run..self.at]);
                    self.escape(&mut text)?;
                    run = self.at;
                }
                Some(b'\n') => {
                    self.beyond_json(self.at, "strings over several lines")?;
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Outcome<()> {
        let plain = match self.text.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'\'') if self.dialect == Dialect::Azure => '\'',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.hex(self.at + 2);
                let Some(first) = first else {
                    return Err(self.expected("four hexadecimal digits after `\\u`"));
                };
                self.at += 6;
                text.push(self.surrogate(first));
                return Ok(());
            }
            _ => {
                let mut problem = self.expected("an escape");
                problem.help = Some("write a backslash in a text as `\\\\`".to_owned());
                return Err(problem);
            }
        };
        text.push(plain);
        self.at += 2;
        Ok(())
    }

    /// The character of a `\u` escape, together with the low half that may follow it.
    fn surrogate(&mut self, first: u32) -> char {
        if (0xd800..0xdc00).contains(&first)
            && self.text[self.at..].starts_with(b"\\u")
            && let Some(second) = self.hex(self.at + 2).filter(|low| (0xdc00..0xe000).contains(low))
        {
            self.at += 6;
            let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 4)?;
        let digits = std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u32::from_str_radix(digits, 16).ok()
    }

    fn skip_blank(&mut self) -> Outcome<()> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                // A no-break space and a second byte-order mark come from copying out of web pages.
                Some(0xc2) if self.text[self.at..].starts_with("\u{a0}".as_bytes()) => self.at += 2,
                Some(0xef) if self.text[self.at..].starts_with("\u{feff}".as_bytes()) => self.at += 3,
                Some(b'/') if self.text.get(self.at + 1) == Some(&b'/') => {
                    self.beyond_json(self.at, "comments")?;
                    while self.peek().is_some_and(|b| b != b'\n') {
                        self.at += 1;
                    }
                }
                Some(b'/') if self.text.get(self.at + 1) == Some(&b'*') => {
                    self.beyond_json(self.at, "comments")?;
                    // The `/` of `/*/` does not close the comment that it opens.
                    let rest = &self.source.text[self.at + 2..];
                    let Some(length) = rest.find("*/") else {
                        return Err(self.wrong(
                            "E0104",
                            "a comment is not closed".to_owned(),
                            "expected `*/` after this",
                        ));
                    };
                    self.at += length + 4;
                }
                _ => return Ok(()),
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn span(&self, start: usize) -> Span {
        Span { source: Arc::clone(self.source), start, end: self.at }
    }

    /// The character that is here, as a place.
    fn here(&self) -> Span {
        let length = self.source.text[self.at..].chars().next().map_or(0, char::len_utf8);
        Span { source: Arc::clone(self.source), start: self.at, end: self.at + length }
    }

    fn expected(&self, what: &str) -> Box<Problem> {
        let message = match self.source.text[self.at..].chars().next() {
            Some(met) if met.is_control() => format!("not JSON: expected {what}, met `{}`", met.escape_debug()),
            Some(met) => format!("not JSON: expected {what}, met `{met}`"),
            None => format!("not JSON: expected {what}, met the end of the file"),
        };
        self.wrong("E0104", message, &format!("expected {what}"))
    }

    fn expected_inside(&self, what: &str, start: usize, label: &str) -> Box<Problem> {
        let mut problem = self.expected(what);
        let opening = Span { source: Arc::clone(self.source), start, end: start + 1 };
        problem.secondary.push((opening, label.to_owned()));
        problem
    }

    fn wrong(&self, code: &'static str, message: String, label: &str) -> Box<Problem> {
        Box::new(Problem::error(code, message).at(&self.here(), label))
    }
}

/// Whether a word is a number as JSON writes them; a leading `+` and leading zeros are not.
#[must_use]
pub fn is_number(text: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// Writes a tree as JSON on one line. Scalars that were in quotes, and those that JSON has no other way to write, are texts.
#[must_use]
pub fn print(node: &Node) -> String {
    let mut out = String::new();
    print_into(&node.value, &mut out);
    out
}

fn print_into(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Scalar(scalar) if !scalar.quoted && is_bare(&scalar.text) => out.push_str(&scalar.text),
        Value::Scalar(scalar) => print_text(&scalar.text, out),
        Value::Seq(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                print_into(&item.value, out);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (i, (key, value)) in entries.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                print_text(&key.text, out);
                out.push(':');
                print_into(&value.value, out);
            }
            out.push('}');
        }
    }
}

fn is_bare(text: &str) -> bool {
    matches!(text, "true" | "false") || is_number(text)
}

fn print_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => _ = write!(out, "\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
}
