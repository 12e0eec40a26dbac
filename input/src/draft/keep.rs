//! A draft written a second time over what its user made of the first: what is the user's stays, what is the draft's own is renewed.
//!
//! At its end a written draft has a record: of each of its lines the keys that lead to it and what it said, both as hashes. A line that
//! says today what the record says is the draft's own; any other is the user's, and so is a line that is gone. Lines are found by their
//! keys, so that they may be put in another order. What would not fit is said, and what is the user's is compared before and after.

use super::{COMMENTS, Draft, Guess, Line};
use crate::problem::Problems;
use crate::quantity::rate;
use crate::read;
use crate::tree::{Node, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How each line of the record begins.
const RECORD: &str = "# import 1: ";
const ABOVE: &str =
    "# What import wrote, in hashes: by these it tells its own lines from yours. Leave them as they are.";
/// How many lines a line of the record is of.
const A_LINE: usize = 6;

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The whole text, with its record.
    pub text: String,
    /// What of it is still guessed.
    pub guesses: Vec<Guess>,
    /// Lines of the draft that say something else now, by their keys.
    pub renewed: Vec<String>,
    /// Lines that are new.
    pub added: Vec<String>,
    /// Lines of the draft that nothing in the files asks for any more.
    pub removed: Vec<String>,
    /// What is the user's: lines of the draft that were changed.
    pub kept: Vec<String>,
    /// Lines of the draft that were taken out, and stay out.
    pub left_out: Vec<String>,
    /// Lines that have no place in what the user wrote, each with what it would be.
    pub unplaced: Vec<(String, String)>,
}

/// Why a file cannot be renewed.
#[derive(Debug)]
pub enum Refused {
    /// It has no record, or none that can be read.
    NotOurs,
    /// It is of other files.
    OfOthers,
    /// It is not YAML any more.
    Broken(Problems),
    /// What its user wrote would not stay as it is: these keys.
    WouldChange(Vec<String>),
}

/// A draft that is written for the first time.
#[must_use]
pub fn first(draft: &Draft) -> Kept {
    let record = draft.lines.iter().filter(|line| !line.path.is_empty()).map(|line| (id(&line.path), hash(&line.text)));
    Kept { text: with_record(&draft.text, &record.collect()), guesses: draft.guesses.clone(), ..Kept::default() }
}

/// A draft over a file that an earlier one was written to.
///
/// # Errors
///
/// The file is not of a draft, or not of this one, or cannot be renewed without touching what is its user's.
pub fn again(name: &str, old: &str, draft: &Draft) -> Result<Kept, Refused> {
    let (body, record) = split(old).ok_or(Refused::NotOurs)?;
    let before = places(name, &body)?;
    let is_of =
        |line: &&Line| line.path.len() == 2 && line.path[0] == "resources" && record.contains_key(&id(&line.path));
    if !draft.lines.iter().any(|line| is_of(&line)) {
        return Err(Refused::OfOthers);
    }
    let mut page = Merge::new(&body, record, before);
    page.renew(draft);
    page.remove(draft);
    page.add(draft);
    let kept = page.finish(draft);
    let after = places(name, split(&kept.text).ok_or(Refused::NotOurs)?.0.as_str())?;
    let changed = page.changed(&after);
    if changed.is_empty() { Ok(kept) } else { Err(Refused::WouldChange(changed)) }
}

/// What an instance serves by the text of an earlier draft, in requests a second.
pub fn capacity(old: &str) -> Option<f64> {
    let root = read::read_text("earlier.yaml", old.to_owned(), &mut Problems::new())?;
    let text = root.get("application")?.get("capacity")?.text()?;
    rate(text).ok().filter(|rps| *rps > 0.0)
}

fn short(bytes: &[u8], digits: usize) -> String {
    blake3::hash(bytes).to_hex()[..digits].to_owned()
}

/// The keys that lead to a line.
fn id(path: &[String]) -> String {
    short(path.join("\0").as_bytes(), 8)
}

fn hash(line: &str) -> String {
    short(line.trim().as_bytes(), 6)
}

fn shown(path: &[String]) -> String {
    path.join(".")
}

fn with_record(body: &str, record: &BTreeMap<String, String>) -> String {
    let mut text = format!("{}\n\n{ABOVE}\n", body.trim_end());
    let entries: Vec<String> = record.iter().map(|(id, hash)| format!("{id}{hash}")).collect();
    for line in entries.chunks(A_LINE) {
        _ = writeln!(text, "{RECORD}{}", line.join(" "));
    }
    text
}

/// The text without its record, and the record.
fn split(text: &str) -> Option<(String, BTreeMap<String, String>)> {
    let mut record = BTreeMap::new();
    let mut body = String::new();
    for line in text.lines() {
        if let Some(entries) = line.trim().strip_prefix(RECORD) {
            for entry in entries.split_whitespace() {
                let (id, hash) = entry.split_at_checked(8)?;
                record.insert(id.to_owned(), hash.to_owned());
            }
        } else if line.trim() != ABOVE {
            body += line;
            body.push('\n');
        }
    }
    (!record.is_empty()).then_some((body, record))
}

/// Where something stands in a text.
#[derive(Clone, Debug)]
struct Place {
    path: Vec<String>,
    /// Its first line, and its last.
    lines: (usize, usize),
    /// The column in which what it says begins.
    column: usize,
    /// That of what is within it, where it is written below it.
    within: Option<usize>,
    /// What is below it can be written below it: it is no list or mapping in braces.
    is_block: bool,
    value: Node,
}

/// Every key and element of a text, by the hash of the keys that lead to it.
fn places(name: &str, text: &str) -> Result<BTreeMap<String, Place>, Refused> {
    let mut problems = Problems::new();
    let root = read::read_text(&format!("{name}.yaml"), text.to_owned(), &mut problems);
    let Some(root) = root.filter(|_| !problems.has_errors()) else { return Err(Refused::Broken(problems)) };
    let mut found = BTreeMap::new();
    walk(&root, &mut Vec::new(), &Lines::of(text), &mut found);
    Ok(found)
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    fn line(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at) - 1
    }

    fn place(&self, path: &[String], span: &Span, value: &Node) -> Place {
        let first = self.line(span.start);
        let last = self.line(value.span.end.max(span.end).saturating_sub(1).max(span.start));
        let below = value.entries().first().map(|(key, _)| &key.span).or(value.items().first().map(|item| &item.span));
        let within = below.filter(|_| !is_flow(value)).map(|span| span.start - self.0[self.line(span.start)]);
        Place {
            path: path.to_vec(),
            lines: (first, last.max(first)),
            column: span.start - self.0[first],
            within,
            is_block: value.is_null() || within.is_some(),
            value: value.clone(),
        }
    }
}

fn walk(node: &Node, path: &mut Vec<String>, lines: &Lines, found: &mut BTreeMap<String, Place>) {
    for (key, value) in node.entries() {
        path.push(key.text.clone());
        found.insert(id(path), lines.place(path, &key.span, value));
        walk(value, path, lines, found);
        path.pop();
    }
    for item in node.items() {
        let name = ["template", "file", "code", "name"].iter().find_map(|key| item.get(key)?.text());
        let Some(name) = name else { continue };
        path.push(name.to_owned());
        let mut place = lines.place(path, &item.span, item);
        // What is within an element is written where it begins.
        (place.within, place.is_block) = (Some(place.column), !is_flow(item));
        found.insert(id(path), place);
        walk(item, path, lines, found);
        path.pop();
    }
}

fn is_flow(node: &Node) -> bool {
    node.span.source.text.get(node.span.start..).is_some_and(|text| text.starts_with(['{', '[']))
}

/// What became of a line of the draft before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It is as it was written.
    Own(usize),
    /// Its user wrote something else there.
    Changed(usize),
    /// It is nowhere.
    Gone,
}

struct Merge {
    /// The lines, those that go as nothing, each with those that come behind it.
    lines: Vec<(Option<String>, Vec<String>)>,
    record: BTreeMap<String, String>,
    places: BTreeMap<String, Place>,
    states: BTreeMap<String, State>,
    /// What comes behind a line, in order: of a line that was added, the line that it is behind, and its place among those there.
    behind: BTreeMap<String, (usize, usize)>,
    /// How far a line that was added is indented, beside what the draft has it.
    shift: BTreeMap<String, isize>,
    kept: Kept,
}

impl Merge {
    fn new(body: &str, record: BTreeMap<String, String>, places: BTreeMap<String, Place>) -> Self {
        let lines: Vec<(Option<String>, Vec<String>)> =
            body.lines().map(|line| (Some(line.to_owned()), Vec::new())).collect();
        let text = |at: usize| lines[at].0.as_deref().unwrap_or_default();
        let mut taken: BTreeSet<usize> = places.values().map(|place| place.lines.0).collect();
        let mut states = BTreeMap::new();
        for (id, was) in &record {
            let state = match places.get(id) {
                Some(place) if hash(text(place.lines.0)) == *was => State::Own(place.lines.0),
                Some(place) => State::Changed(place.lines.0),
                // A comment has no keys: it is the line that says so.
                None => {
                    let is_it = |at: &usize| text(*at).trim_start().starts_with('#') && hash(text(*at)) == *was;
                    let at = (0..lines.len()).find(|at| !taken.contains(at) && is_it(at));
                    taken.extend(at);
                    at.map_or(State::Gone, State::Own)
                }
            };
            states.insert(id.clone(), state);
        }
        Self { lines, record, places, states, behind: BTreeMap::new(), shift: BTreeMap::new(), kept: Kept::default() }
    }

    /// Lines of the draft before that say something else now.
    fn renew(&mut self, draft: &Draft) {
        for line in draft.lines.iter().filter(|line| !line.path.is_empty()) {
            let key = id(&line.path);
            match self.states.get(&key).copied() {
                Some(State::Own(at)) => {
                    let old = self.lines[at].0.clone().unwrap_or_default();
                    let indent = old.len() - old.trim_start().len();
                    let new = indented(&line.text, indent);
                    if new != old {
                        self.note(&line.path, |kept| &mut kept.renewed);
                        self.lines[at].0 = Some(new.clone());
                    }
                    self.record.insert(key, hash(&new));
                }
                Some(State::Changed(at)) => {
                    let now = hash(self.lines[at].0.as_deref().unwrap_or_default());
                    if now == hash(&line.text) {
                        self.record.insert(key, now);
                    } else {
                        self.note(&line.path, |kept| &mut kept.kept);
                    }
                }
                Some(State::Gone) => self.note(&line.path, |kept| &mut kept.left_out),
                None => {}
            }
        }
    }

    fn note(&mut self, path: &[String], list: fn(&mut Kept) -> &mut Vec<String>) {
        if !path.contains(&COMMENTS.to_owned()) {
            list(&mut self.kept).push(shown(path));
        }
    }

    /// Lines of the draft before that the new one has not; a key stays while something is below it.
    fn remove(&mut self, draft: &Draft) {
        let wanted: BTreeSet<String> = draft.lines.iter().map(|line| id(&line.path)).collect();
        let mut gone: Vec<(String, usize)> = self
            .states
            .iter()
            .filter_map(|(id, state)| match state {
                State::Own(at) if !wanted.contains(id) => Some((id.clone(), *at)),
                _ => None,
            })
            .collect();
        // What is below goes first.
        gone.sort_by_key(|(id, _)| std::cmp::Reverse(self.places.get(id).map_or(usize::MAX, |place| place.path.len())));
        for (id, at) in gone {
            let place = self.places.get(&id).cloned();
            let is_below = |below: usize| {
                let text = self.lines[below].0.as_deref().unwrap_or_default();
                self.lines[below].0.is_some() && !text.trim().is_empty() && !text.trim_start().starts_with('#')
            };
            let holds = place.as_ref().is_some_and(|place| (place.lines.0 + 1..=place.lines.1).any(is_below));
            if holds {
                continue;
            }
            self.lines[at].0 = None;
            self.record.remove(&id);
            self.states.insert(id, State::Gone);
            if let Some(place) = place {
                self.kept.removed.push(shown(&place.path));
            }
        }
    }

    /// Lines that the draft before had not.
    fn add(&mut self, draft: &Draft) {
        for (at, line) in draft.lines.iter().enumerate() {
            let key = id(&line.path);
            if line.path.is_empty() || self.record.contains_key(&key) {
                continue;
            }
            let is_comment = line.path.contains(&COMMENTS.to_owned());
            if !is_comment && self.places.contains_key(&key) {
                self.note(&line.path, |kept| &mut kept.kept);
                continue;
            }
            match self.spot(draft, at) {
                Some((behind, indent)) => {
                    let text = indented(&line.text, indent);
                    if draft.lines[..at].last().is_some_and(|one| one.path.is_empty()) {
                        self.lines[behind].1.push(String::new());
                    }
                    self.record.insert(key.clone(), hash(&text));
                    let place = (behind, self.lines[behind].1.len());
                    self.lines[behind].1.push(text);
                    let own = line.text.len() - line.text.trim_start().len();
                    self.shift.insert(key.clone(), indent.cast_signed() - own.cast_signed());
                    self.behind.insert(key, place);
                    self.note(&line.path, |kept| &mut kept.added);
                }
                None if is_comment => {}
                None => self.kept.unplaced.push((shown(&line.path), line.text.trim().to_owned())),
            }
        }
    }

    /// Behind which line a new one comes, and how far it is indented. None where what it belongs to was taken out, or is in braces.
    fn spot(&self, draft: &Draft, at: usize) -> Option<(usize, usize)> {
        let line = &draft.lines[at];
        let about = about(&line.path);
        let parent = &about[..about.len() - 1];
        let indent = self.indent(line, parent)?;
        let before = draft.lines[..at].iter().rev().filter(|one| !one.path.is_empty());
        let behind = before.into_iter().find_map(|one| self.behind(one, about));
        let behind = behind.or(self.lines.len().checked_sub(1))?;
        Some((behind, indent))
    }

    /// How far a new line is indented: as what is in the same mapping or list.
    fn indent(&self, line: &Line, parent: &[String]) -> Option<usize> {
        let own = line.text.len() - line.text.trim_start().len();
        let is_gone = |path: &[String]| self.states.get(&id(path)) == Some(&State::Gone);
        if (1..=parent.len()).any(|to| is_gone(&parent[..to])) || is_gone(about(&line.path)) {
            return None;
        }
        let Some(place) = self.places.get(&id(parent)) else {
            let shift = self.shift.get(&id(parent)).copied().unwrap_or_default();
            return Some(own.saturating_add_signed(shift));
        };
        if !place.is_block {
            return None;
        }
        let dash = if line.text.trim_start().starts_with("- ") { 2 } else { 0 };
        Some(place.within.unwrap_or(place.column + 2 + dash).saturating_sub(dash))
    }

    /// Behind which line what is about these keys comes, after a line of the draft that is before it; none where that one does not say.
    fn behind(&self, one: &Line, new: &[String]) -> Option<usize> {
        let (key, old) = (id(&one.path), about(&one.path));
        let parent = &new[..new.len() - 1];
        if parent.is_empty() && old[0] != new[0] {
            // A section comes behind the whole of the one before.
            return self.behind.get(&id(&old[..1])).map(|(at, _)| *at).or_else(|| self.end_of_section(&old[0]));
        }
        if let Some((added, _)) = self.behind.get(&key) {
            return Some(*added);
        }
        let at = match self.states.get(&key) {
            Some(State::Own(at) | State::Changed(at)) => Some(*at),
            _ => self.places.get(&key).map(|place| place.lines.0),
        };
        if old == new || (new.starts_with(old) && old.len() < new.len()) {
            return at;
        }
        let beside = old.get(..new.len()).filter(|beside| beside.starts_with(parent))?;
        self.places.get(&id(beside)).map(|place| place.lines.1)
    }

    /// The last line of a section, with the comments in it.
    fn end_of_section(&self, section: &str) -> Option<usize> {
        let mut last = self.places.get(&id(&[section.to_owned()]))?.lines.1;
        let is_inner = |line: &str| line.starts_with(' ') && line.trim_start().starts_with('#');
        while self.lines.get(last + 1).and_then(|(line, _)| line.as_deref()).is_some_and(is_inner) {
            last += 1;
        }
        Some(last)
    }

    /// The text, and what of the draft is still guessed in it.
    fn finish(&mut self, draft: &Draft) -> Kept {
        let mut text = String::new();
        let mut is_gone = false;
        let mut written = 0;
        // How many lines are written before each line, and before what comes behind it.
        let mut starts: Vec<(usize, usize)> = Vec::with_capacity(self.lines.len());
        for (own, behind) in &self.lines {
            // What went leaves no second empty line.
            let is_left = own.as_ref().is_some_and(|line| line.is_empty() && is_gone && text.ends_with("\n\n"));
            is_gone = own.is_none() || (is_gone && is_left);
            let own = own.iter().filter(|_| !is_left);
            starts.push((written, written + own.clone().count()));
            for line in own.chain(behind) {
                text += line;
                text.push('\n');
                written += 1;
            }
        }
        let at = |key: &str| match (self.behind.get(key), self.states.get(key)) {
            (Some((at, place)), _) => Some(starts[*at].1 + place),
            (None, Some(State::Own(at))) => Some(starts[*at].0),
            (None, _) => None,
        };
        let is_written = |guess: &&Guess| draft.lines.iter().any(|line| line.path == guess.path);
        let guesses = draft.guesses.iter().filter(is_written);
        let guesses = guesses.filter_map(|guess| Some(Guess { line: at(&id(&guess.path))? + 1, ..guess.clone() }));
        self.kept.guesses = guesses.collect();
        self.kept.guesses.sort_by_key(|guess| guess.line);
        let own: Vec<String> = self.added_by_user().map(|place| shown(&place.path)).collect();
        self.kept.kept.extend(own);
        self.kept.text = with_record(&text, &self.record);
        self.kept.clone()
    }

    /// What the user added to the draft, in the order of the file: the outermost keys and entries of it.
    fn added_by_user(&self) -> impl Iterator<Item = &Place> {
        let is_own = |path: &[String]| self.states.contains_key(&id(path));
        let is_changed = |path: &[String]| matches!(self.states.get(&id(path)), Some(State::Changed(_)));
        let is_added = |place: &&Place| {
            let around = &place.path[..place.path.len() - 1];
            let is_known = self.kept.kept.contains(&shown(&place.path));
            !is_own(&place.path)
                && (around.is_empty() || is_own(around))
                && !(1..place.path.len()).any(|to| is_changed(&place.path[..to]))
                && !self.within_own(place)
                && !is_known
        };
        let mut all: Vec<&Place> = self.places.values().filter(is_added).collect();
        all.sort_by_key(|place| place.lines);
        all.into_iter()
    }

    /// What of the user's is not as it was.
    fn changed(&self, after: &BTreeMap<String, Place>) -> Vec<String> {
        let is_users = |id: &String| !matches!(self.states.get(id), Some(State::Own(_) | State::Gone));
        let leaf = |place: &Place| place.value.entries().is_empty() && place.value.items().is_empty();
        let differs = |(id, place): (&String, &Place)| {
            let same = after.get(id).is_some_and(|now| !leaf(place) || now.value == place.value);
            (is_users(id) && !same).then(|| shown(&place.path))
        };
        self.places.iter().filter(|(_, place)| !self.within_own(place)).filter_map(differs).collect()
    }

    /// Whether it is part of a line that is the draft's own.
    fn within_own(&self, place: &Place) -> bool {
        (1..place.path.len()).any(|to| {
            let around = id(&place.path[..to]);
            let line = self.places.get(&around).map(|place| place.lines.0);
            let was_own = self.record.contains_key(&around) || self.kept.removed.contains(&shown(&place.path[..to]));
            was_own && line == Some(place.lines.0) && !matches!(self.states.get(&around), Some(State::Changed(_)))
        })
    }
}

/// The keys that a line is about: those that lead to it, of a comment those of what it is about.
fn about(path: &[String]) -> &[String] {
    let end = path.iter().position(|key| key == COMMENTS).unwrap_or(path.len());
    &path[..end]
}

/// A line, indented so far.
fn indented(line: &str, indent: usize) -> String {
    format!("{:indent$}{}", "", line.trim_start())
}

impl Refused {
    /// What is wrong with the file at `name`, where that is no YAML any more.
    ///
    /// # Errors
    ///
    /// It is another reason, in words.
    pub fn problems(self, name: &str) -> Result<Problems, String> {
        let other = "choose another name with `--name`, or another folder with `--out`";
        Err(match self {
            Self::Broken(problems) => return Ok(problems),
            Self::NotOurs => format!("{name} was not written by import, so it is not touched; {other}"),
            Self::OfOthers => format!("{name} was written by import from other files, so it is not touched; {other}"),
            Self::WouldChange(keys) => {
                let keys = keys.join(", ");
                format!("{name} cannot be renewed without changing what you wrote ({keys}); {other}")
            }
        })
    }
}
