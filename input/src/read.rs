//! Reading text into the spanned tree.
//!
//! YAML goes through the events of granit-parser, which carry the text, the style and the bytes of every scalar,
//! so that nothing is typed before the field it lands in is known. JSON has a reader of its own ([`super::json`]).

use super::arm;
use super::files::{Files, Unreadable, plain};
use super::json;
use super::problem::{Problem, Problems};
use super::terraform;
use super::tree::{Key, Node, Scalar, Source, Span, Value};
use granit_parser::{Event, Parser, ScalarStyle};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use windtunnel_words::control::is_control;

/// What a duplicate key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Duplicates {
    /// An error with both places.
    Refuse,
    /// A note; the last one counts, as in Azure.
    LastCounts,
}

/// No file is larger; the largest real template seen has 0.5 MB.
const BYTES_MAX: u64 = 32 << 20;
/// No tree has more nodes, aliases written out.
pub(super) const NODES_MAX: usize = 400_000;
/// No tree is deeper.
pub(super) const DEPTH_MAX: usize = 128;

/// Reads a file: JSON where its name ends so, YAML otherwise.
pub fn read_file(files: &dyn Files, path: &Path, problems: &mut Problems) -> Option<Node> {
    let (text, name) = text_of(files, path, None, problems)?;
    read_text(&name, text, problems)
}

/// Reads text that came from a file of this name: JSON where the name ends so, YAML otherwise.
pub fn read_text(name: &str, text: String, problems: &mut Problems) -> Option<Node> {
    let is_json = Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let source = Arc::new(Source { name: name.to_owned(), text, hidden: false });
    if is_json { json::parse(&source, json::Dialect::Strict, problems) } else { read_yaml(&source, problems) }
}

/// How many bytes of a text are a byte order mark.
fn mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// A reader of the rows of a table, its header among them, and how many bytes of the source stand before what it reads. Lines that begin
/// with `#` are comments.
pub fn rows_of(source: &Source, delimiter: u8) -> (csv::Reader<&[u8]>, usize) {
    let start = mark(&source.text);
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(&source.text.as_bytes()[start..]);
    (reader, start)
}

/// The text of a file and the name under which messages show it.
pub fn text_of(
    files: &dyn Files,
    path: &Path,
    named_at: Option<&Span>,
    problems: &mut Problems,
) -> Option<(String, String)> {
    let name = plain(path).display().to_string().replace('\\', "/");
    let mut refuse = |problem: Problem, help: &str| {
        let mut problem = problem.help(help);
        if let Some(span) = named_at {
            problem = problem.at(span, "named here");
        }
        problems.push(problem);
        None::<(String, String)>
    };
    if let Some(letter) = name.chars().find(|letter| is_control(*letter)) {
        let message = format!("the path `{name}` contains the control character U+{:04X}", u32::from(letter));
        return refuse(Problem::error("E0117", message), "rename the file or the folder");
    }
    let bytes = match files.read(path, BYTES_MAX) {
        Ok(bytes) => bytes,
        Err(Unreadable::Missing) => {
            let help = "paths are relative to the file that names them";
            return refuse(Problem::error("E0101", format!("there is no file `{name}`")), help);
        }
        Err(Unreadable::Folder) => return refuse(Problem::other("E0101", &name, "a directory"), "name a file in it"),
        Err(Unreadable::Special) => {
            return refuse(Problem::other("E0101", &name, "not a regular file"), "name a regular file");
        }
        Err(Unreadable::TooLong(length)) => {
            let message = format!("`{name}` has {length} bytes, more than the {BYTES_MAX} that are read");
            return refuse(
                Problem::error("E0106", message),
                "move large resources to files of their own, and name them with \
                `template` or `file`",
            );
        }
        Err(Unreadable::Other(why)) => {
            let message = format!("`{name}` cannot be read: {why}");
            return refuse(Problem::error("E0101", message), "check its permissions");
        }
    };
    if terraform::is_binary_plan(&bytes) {
        return refuse(Problem::other("E0406", &name, "a Terraform plan in its binary form"), terraform::SHOW);
    }
    match decode(&bytes) {
        Ok(text) => Some((text, name)),
        Err((why, at)) => {
            let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            refuse(Problem::other("E0102", &name, format!("not {why}, in line {line}")), "save it as UTF-8")
        }
    }
}

/// The text of a file: UTF-8, or the UTF-16 that Windows PowerShell redirects to. Otherwise, what it is not, and from which byte on.
fn decode(bytes: &[u8]) -> Result<String, (String, usize)> {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        let mut text = String::new();
        for (at, letter) in char::decode_utf16(units).enumerate() {
            text.push(
                letter.map_err(|_| ("UTF-16, as its first bytes say".to_owned(), (2 + 2 * at).min(bytes.len())))?,
            );
        }
        Ok(text)
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err((format!("UTF-8 at byte {}", error.valid_up_to()), error.valid_up_to())),
        },
    }
}

/// Refuses control characters in the keys and texts of a tree that was read from JSON, where escapes put them. What is kept
/// of Azure's files and not read may hold any; scripts in them have carriage returns.
pub fn refuse_controls(root: &Node, may: fn(char) -> bool, problems: &mut Problems) {
    let mut hold = |text: &str, span: &Span| {
        if let Some(letter) = text.chars().find(|letter| is_control(*letter) && !may(*letter)) {
            problems.push(control_in(letter, span));
        }
    };
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        node.text().into_iter().for_each(|text| hold(text, &node.span));
        open.extend(node.items());
        for (key, value) in node.entries().iter().filter(|(key, _)| key.text != arm::UNREAD) {
            hold(&key.text, &key.span);
            open.push(value);
        }
    }
}

fn control_in(letter: char, span: &Span) -> Problem {
    let message = format!("the control character U+{:04X} in a text", u32::from(letter));
    let problem = Problem::error("E0117", message).at(span, "in this text");
    problem.help("remove the character; write a line break in a block text")
}

fn read_yaml(source: &Arc<Source>, problems: &mut Problems) -> Option<Node> {
    let mut limits = granit_parser::Options::default();
    limits.set_emit_comments(false);
    limits.flow_nesting_limit = DEPTH_MAX;
    limits.block_nesting_limit = DEPTH_MAX;
    // A byte order mark is skipped by hand: offsets must stay those of the file.
    let skipped = mark(&source.text);
    let mut builder = Yaml {
        source,
        skipped,
        events: Parser::new_from_str_with_options(&source.text[skipped..], limits),
        anchors: BTreeMap::new(),
        nodes: 0,
        kept: 0,
        problems,
    };
    match builder.stream() {
        Ok(node) => Some(node),
        Err(problem) => {
            builder.problems.push(*problem);
            None
        }
    }
}

/// Reading stops at this problem; boxed, since it is large and rare.
type Stop = Box<Problem>;

struct Yaml<'a, 'p> {
    source: &'a Arc<Source>,
    skipped: usize,
    events: Parser<'a, granit_parser::StrInput<'a>>,
    /// What each anchor stands for, and how many nodes that is.
    anchors: BTreeMap<usize, (Node, usize)>,
    nodes: usize,
    /// How many values the anchors hold.
    kept: usize,
    problems: &'p mut Problems,
}

impl<'a> Yaml<'a, '_> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Stop> {
        match self.events.next_event() {
            Some(Ok((event, at))) => {
                let range = at.byte_range().unwrap_or_default();
                Ok((event, self.span(range.start, range.end)))
            }
            Some(Err(error)) => Err(Box::new(self.syntax(&error))),
            None => Ok((Event::StreamEnd, self.span(self.source.text.len(), self.source.text.len()))),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { source: Arc::clone(self.source), start: start + self.skipped, end: end.max(start) + self.skipped }
    }

    fn syntax(&self, error: &granit_parser::ScanError) -> Problem {
        let at = error.marker().byte_offset().unwrap_or_default();
        let span = self.span(at, at + 1);
        let info = error.info();
        let problem = if info.contains("nesting") || info.contains("limit") {
            Problem::error("E0106", format!("too deep or too large to be read: {info}"))
        } else {
            Problem::error("E0103", format!("this is not YAML: {info}"))
        };
        let line = self.source.text.get(..span.start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        let tab = line.contains('\t') && line.trim().is_empty();
        problem.at(&span, "reading stops here").maybe_help(tab.then(|| "indent with spaces, not with tabs".into()))
    }

    /// The one document of the stream.
    fn stream(&mut self) -> Result<Node, Stop> {
        let mut document = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(..) if document.is_some() => {
                    return Err(Box::new(
                        Problem::error("E0114", "a second document in one file")
                            .at(&span, "begins here")
                            .help("write one scenario per file"),
                    ));
                }
                Event::DocumentStart(..) => {
                    let (event, span) = self.next()?;
                    document = Some(self.node(event, span, 0)?);
                }
                _ => {}
            }
        }
        Ok(document.unwrap_or_else(|| Node { span: self.span(0, 0), value: Value::Null }))
    }

    /// Control characters are in no name and no text: they would steer the terminals that show them.
    fn refuse_controls(&mut self, text: &str, span: &Span) {
        if let Some(letter) = text.chars().find(|letter| is_control(*letter)) {
            self.problems.push(control_in(letter, span));
        }
    }

    fn count(&mut self, more: usize, depth: usize, span: &Span) -> Result<(), Stop> {
        self.nodes += more;
        let limit = if self.nodes > NODES_MAX {
            format!("more than {NODES_MAX} values, with aliases expanded")
        } else if depth > DEPTH_MAX {
            format!("more than {DEPTH_MAX} levels")
        } else {
            return Ok(());
        };
        Err(Box::new(
            Problem::error("E0106", format!("too deep or too large to be read: {limit}"))
                .at(span, "the limit is passed here"),
        ))
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Stop> {
        let before = self.nodes;
        self.count(1, depth, &span)?;
        if let Some(tag) = event.tag()
            && !tag.is_yaml_core_schema()
        {
            let message = format!("the tag `{}` has no meaning here", tag.original());
            return Err(Box::new(Problem::error("E0114", message).at(&span, "tagged").help("remove the tag")));
        }
        let forced_text = event.tag().and_then(|tag| tag.core_suffix()) == Some("str");
        let anchor = event.anchor_id();
        let node = match event {
            Event::Scalar(text, style, ..) => {
                let quoted = style != ScalarStyle::Plain || forced_text;
                self.refuse_controls(&text, &span);
                if !quoted && matches!(text.as_ref(), "" | "~" | "null") {
                    Node { span, value: Value::Null }
                } else {
                    Node { span, value: Value::Scalar(Scalar { text: text.into_owned(), quoted }) }
                }
            }
            Event::SequenceStart(..) => self.sequence(span, depth)?,
            Event::MappingStart(..) => self.mapping(span, depth)?,
            Event::Alias(id) => return self.alias(id, &span),
            _ => {
                return Err(Box::new(
                    Problem::error("E0103", "this is not YAML: a value was expected").at(&span, "here"),
                ));
            }
        };
        if let Some(id) = anchor {
            // A copy is kept, which counts: anchors within anchors would hold the same values many times.
            self.kept += self.nodes - before;
            if self.kept > NODES_MAX {
                let limit = format!("the anchors contain more than {NODES_MAX} values");
                let problem = Problem::error("E0106", format!("too deep or too large to be read: {limit}"));
                return Err(Box::new(problem.at(&node.span, "the limit is passed here").help("use fewer anchors")));
            }
            self.anchors.insert(id, (node.clone(), self.nodes - before));
        }
        Ok(node)
    }

    fn alias(&mut self, id: usize, span: &Span) -> Result<Node, Stop> {
        let Some((node, size)) = self.anchors.get(&id).cloned() else {
            return Err(Box::new(
                Problem::error("E0103", "this is not YAML: an alias refers to a value that contains it")
                    .at(span, "the alias"),
            ));
        };
        self.count(size, 0, span)?;
        Ok(node)
    }

    fn sequence(&mut self, mut span: Span, depth: usize) -> Result<Node, Stop> {
        let mut items = Vec::new();
        loop {
            let (event, at) = self.next()?;
            if event == Event::SequenceEnd {
                span.end = self.end_of(span.start, at.end);
                return Ok(Node { span, value: Value::Seq(items) });
            }
            items.push(self.node(event, at, depth + 1)?);
        }
    }

    fn mapping(&mut self, mut span: Span, depth: usize) -> Result<Node, Stop> {
        let mut entries = Entries::default();
        loop {
            let (event, at) = self.next()?;
            let text = match event {
                Event::MappingEnd => {
                    span.end = self.end_of(span.start, at.end);
                    return Ok(Node { span, value: Value::Map(entries.list) });
                }
                Event::Scalar(text, ..) => {
                    self.refuse_controls(&text, &at);
                    text.into_owned()
                }
                _ => {
                    let problem = Problem::error("E0114", "a key must be a plain word").at(&at, "this key");
                    return Err(Box::new(problem.help("put a key with braces, brackets or an alias in quotes")));
                }
            };
            let key = Key { text, span: at };
            let (event, at) = self.next()?;
            let value = self.node(event, at, depth + 1)?;
            entries.add(key, value, Duplicates::Refuse, self.problems);
        }
    }

    /// The end of a collection: the parser's mark, without the white space before it.
    fn end_of(&self, start: usize, end: usize) -> usize {
        let end = end.clamp(start, self.source.text.len());
        self.source.text.get(start..end).map_or(end, |text| start + text.trim_end().len())
    }
}

/// The entries of a mapping that is being read.
#[derive(Default)]
pub(super) struct Entries {
    /// In the order of the file.
    pub(super) list: Vec<(Key, Node)>,
    /// Where each key stands in the list: a mapping may have many.
    at: BTreeMap<String, usize>,
}

impl Entries {
    /// Adds an entry; a key that is there already is refused or replaces the earlier one.
    pub(super) fn add(&mut self, key: Key, value: Node, duplicates: Duplicates, problems: &mut Problems) {
        let Some(&at) = self.at.get(&key.text) else {
            self.at.insert(key.text.clone(), self.list.len());
            self.list.push((key, value));
            return;
        };
        let first = self.list[at].0.span.clone();
        match duplicates {
            Duplicates::Refuse => problems.push(
                Problem::error("E0105", format!("duplicate key `{}`", key.text))
                    .at(&key.span, "the second time")
                    .also(&first, "the first time")
                    .help("keep one of the two"),
            ),
            Duplicates::LastCounts => {
                let message = format!("duplicate key `{}`; the last one is used", key.text);
                let problem = Problem::note("N0306", message).at(&key.span, "this one is used");
                problems.push(problem.also(&first, "this one is ignored"));
                self.list[at] = (key, value);
            }
        }
    }
}
