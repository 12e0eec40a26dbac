//! A reader of JSON that keeps places, and can tolerate what Azure's templates carry beside JSON.
//!
//! JSON is nearly YAML, but not quite: tabs, `\/`, pairs of surrogates and strings over several lines differ, and each
//! of them stands in real templates.

use super::problem::{Problem, Problems};
use super::read::{DEPTH_MAX, Json, NODES_MAX, ReadOptions, add_entry};
use super::tree::{Key, Node, Scalar, Source, Span, Value};
use std::sync::Arc;

/// Reads JSON text.
pub(super) fn read(source: &Arc<Source>, options: &ReadOptions, problems: &mut Problems) -> Option<Node> {
    let at = if source.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader { source, options, at, nodes: 0, tolerated: Vec::new(), problems };
    let result = reader.document();
    let tolerated = std::mem::take(&mut reader.tolerated);
    for (what, span, count) in tolerated {
        let more = if count > 1 { format!(" ({count} of them)") } else { String::new() };
        problems.push(
            Problem::note("N0305", format!("{what} are not JSON, and are tolerated as Azure does{more}"))
                .at(&span, "the first"),
        );
    }
    match result {
        Ok(node) => Some(node),
        Err(problem) => {
            problems.push(*problem);
            None
        }
    }
}

type Stop = Box<Problem>;

struct Reader<'a, 'p> {
    source: &'a Arc<Source>,
    options: &'a ReadOptions,
    at: usize,
    nodes: usize,
    /// What was tolerated, where first, and how often.
    tolerated: Vec<(&'static str, Span, usize)>,
    problems: &'p mut Problems,
}

impl Reader<'_, '_> {
    fn rest(&self) -> &str {
        &self.source.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { source: Arc::clone(self.source), start, end }
    }

    fn stop(&self, message: &str) -> Stop {
        let end = self.at + self.peek().map_or(0, char::len_utf8);
        let help = match self.peek() {
            Some('\'') => Some("JSON has double quotes only".to_owned()),
            None => Some("the file may be cut off".to_owned()),
            _ if self.at == 0 => Some("is this the right file, and is it JSON?".to_owned()),
            _ => None,
        };
        Box::new(
            Problem::error("E0104", format!("this is not JSON: {message}"))
                .at(&self.span(self.at, end), "reading stops here")
                .maybe_help(help),
        )
    }

    fn tolerate(&mut self, what: &'static str, start: usize) -> Result<(), Stop> {
        if self.options.json == Json::Strict {
            let problem = Problem::error("E0104", format!("this is not JSON: {what} are not allowed here"));
            let problem = problem.at(&self.span(start, self.at.max(start + 1)), "reading stops here");
            return Err(Box::new(problem.help("write the file as YAML, which has comments")));
        }
        match self.tolerated.iter_mut().find(|(known, ..)| *known == what) {
            Some((_, _, count)) => *count += 1,
            None => self.tolerated.push((what, self.span(start, self.at.max(start + 1)), 1)),
        }
        Ok(())
    }

    fn document(&mut self) -> Result<Node, Stop> {
        self.space()?;
        let node = self.value(0)?;
        self.space()?;
        if self.peek().is_some() { Err(self.stop("something follows the end of the document")) } else { Ok(node) }
    }

    /// Skips white space and comments.
    fn space(&mut self) -> Result<(), Stop> {
        loop {
            self.at += self.rest().len() - self.rest().trim_start().len();
            let start = self.at;
            if self.rest().starts_with("//") {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            } else if self.rest().starts_with("/*") {
                let Some(end) = self.rest().find("*/") else { return Err(self.stop("a comment does not end")) };
                self.at += end + 2;
            } else {
                return Ok(());
            }
            self.tolerate("comments", start)?;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Stop> {
        self.nodes += 1;
        if depth > DEPTH_MAX || self.nodes > NODES_MAX {
            let message =
                format!("too deep or too large to be read: more than {DEPTH_MAX} levels or {NODES_MAX} values");
            return Err(Box::new(
                Problem::error("E0106", message).at(&self.span(self.at, self.at + 1), "the limit is passed here"),
            ));
        }
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"') => {
                let start = self.at;
                let text = self.string()?;
                Ok(Node { span: self.span(start, self.at), value: Value::Scalar(Scalar { text, quoted: true }) })
            }
            Some(_) => self.word(),
            None => Err(self.stop("a value was expected, and the file ends")),
        }
    }

    fn word(&mut self) -> Result<Node, Stop> {
        let start = self.at;
        let end = self.rest().find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')));
        let text = self.rest()[..end.unwrap_or(self.rest().len())].to_owned();
        let legal = matches!(text.as_str(), "true" | "false" | "null")
            || matches!(serde_json::from_str::<serde_json::Value>(&text), Ok(serde_json::Value::Number(_)));
        if !legal {
            return Err(self.stop("a value was expected"));
        }
        self.at += text.len();
        let value = if text == "null" { Value::Null } else { Value::Scalar(Scalar { text, quoted: false }) };
        Ok(Node { span: self.span(start, self.at), value })
    }

    fn object(&mut self, depth: usize) -> Result<Node, Stop> {
        let start = self.at;
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.space()?;
            match self.peek() {
                Some('}') => break,
                Some('"') => {}
                _ => return Err(self.stop("a key in double quotes or `}` was expected")),
            }
            let key_start = self.at;
            let text = self.string()?;
            let key = Key { text, span: self.span(key_start, self.at) };
            self.space()?;
            if self.peek() != Some(':') {
                return Err(self.stop("`:` was expected after the key"));
            }
            self.at += 1;
            self.space()?;
            let value = self.value(depth + 1)?;
            add_entry(&mut entries, key, value, self.options.duplicates, self.problems);
            self.separator('}')?;
        }
        self.at += 1;
        Ok(Node { span: self.span(start, self.at), value: Value::Map(entries) })
    }

    fn array(&mut self, depth: usize) -> Result<Node, Stop> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space()?;
            if self.peek() == Some(']') {
                break;
            }
            items.push(self.value(depth + 1)?);
            self.separator(']')?;
        }
        self.at += 1;
        Ok(Node { span: self.span(start, self.at), value: Value::Seq(items) })
    }

    /// After an element: a comma, or the end, which stays unread.
    fn separator(&mut self, end: char) -> Result<(), Stop> {
        self.space()?;
        match self.peek() {
            Some(',') => {
                let comma = self.at;
                self.at += 1;
                self.space()?;
                if self.peek() == Some(end) { self.tolerate("commas before a closing bracket", comma) } else { Ok(()) }
            }
            Some(c) if c == end => Ok(()),
            _ => Err(self.stop(&format!("`,` or `{end}` was expected"))),
        }
    }

    fn string(&mut self) -> Result<String, Stop> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else {
                self.at = start;
                return Err(self.stop("a string does not end"));
            };
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(text);
                }
                '\\' => text.push(self.escape()?),
                c => {
                    if c == '\n' {
                        self.tolerate("strings over several lines", self.at)?;
                    }
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        let Some(c) = self.rest().chars().nth(1) else { return Err(self.stop("a string does not end")) };
        let plain = match c {
            '"' | '\\' | '/' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(),
            _ => return Err(self.stop(&format!("`\\{c}` is no escape"))),
        };
        self.at += 2;
        Ok(plain)
    }

    fn unicode(&mut self) -> Result<char, Stop> {
        let unit = |at: usize| {
            let text = self.source.text.get(at..at + 6)?.strip_prefix("\\u")?;
            text.chars().all(|c| c.is_ascii_hexdigit()).then(|| u16::from_str_radix(text, 16).ok())?
        };
        let Some(first) = unit(self.at) else { return Err(self.stop("`\\u` needs four hexadecimal digits")) };
        let second = if (0xd800..0xdc00).contains(&first) { unit(self.at + 6) } else { None };
        let units: Vec<u16> = std::iter::once(first).chain(second).collect();
        let Some(Ok(c)) = char::decode_utf16(units.iter().copied()).next() else {
            return Err(self.stop("half of a surrogate pair"));
        };
        self.at += 6 * units.len();
        Ok(c)
    }
}
