//! Instants that are written in a scenario become lengths of time since its start, in one pass over the tree by the table of keys: so
//! that whoever reads a key of this kind reads a length, and whatever is wrong is said once.
//!
//! What is a length already stays as it is written. Expectations keep theirs, since an entry of the timeline may be at another instant
//! under each policy, and so do observations, which are of what was.

use super::keys::{self, SCENARIO, history, scenario, timeline_entry};
use super::lower::ZONES;
use super::shape::{Kind, Object};
use crate::problem::{Problem, Problems, did_you_mean, suggest};
use crate::tree::{Key, Node, Value};
use jiff::fmt::temporal::Pieces;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::Zone;
use windtunnel_words::clock::Clock;
use windtunnel_words::instant::Instant;
use windtunnel_words::reading::Wrong;

/// What is read where its policies are known.
const APART: [&str; 4] = ["expect", "observed", "policies", "resources"];

/// How the civil time of a scenario is written.
#[must_use]
pub fn zone(scenario: &Node) -> Zone {
    let Some(start) = scenario::START.node(scenario).and_then(Node::text) else { return Zone::NotGiven };
    if let Some((name, rules)) = scenario::TIME_ZONE.given(scenario).and_then(named) {
        return Zone::Rules { name: (*name).to_owned(), rules: (*rules).to_owned() };
    }
    let offset = Pieces::parse(start).ok().and_then(|pieces| pieces.to_numeric_offset());
    Zone::Offset(offset.map_or(0, jiff::tz::Offset::seconds))
}

/// A time zone by its name.
fn named(name: &str) -> Option<&'static (&'static str, &'static str)> {
    ZONES.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(name.trim()))
}

/// The civil time of a scenario.
#[must_use]
pub fn clock(scenario: &Node) -> Clock {
    Clock::new(start(scenario), &zone(scenario))
}

/// Monday, 5 January 2026, 00:00 UTC, in milliseconds since 1970.
const A_MONDAY: i64 = 1_767_571_200_000;

/// Civil time of its start, in milliseconds since 1970: of a scenario that does not say, that of a Monday, for daily shapes and tables.
#[must_use]
pub fn start(scenario: &Node) -> i64 {
    scenario::START.given(scenario).unwrap_or(A_MONDAY)
}

/// Makes lengths since the start of all instants.
pub fn resolve(tree: &mut Node, problems: &mut Problems) {
    check_zone(tree, problems);
    let clock = self::clock(tree);
    let timeline = Timeline::of(tree, clock.clone());
    let mut found = Problems::new();
    let before = history::LENGTH.given(scenario::HISTORY.node(&*tree));
    let Value::Map(entries) = &mut tree.value else { return };
    for (key, value) in entries.iter_mut().filter(|(key, _)| !APART.contains(&key.text.as_str())) {
        let Some(entry) = SCENARIO.entry(&key.text) else { continue };
        // What was before has its own beginning.
        let length = before.filter(|_| key.text == scenario::HISTORY.entry.key);
        let ms = length.map_or(0, |length| i64::try_from(length.ms()).unwrap_or(0));
        let clock = clock.from(clock.start_unix_ms().saturating_sub(ms));
        walk(
            value,
            (&entry.kind, entry.key),
            &mut Walk { clock, timeline: &timeline, before_ms: ms, problems: &mut found },
        );
    }
    problems.merge(&found);
    windows(tree, problems);
}

fn check_zone(tree: &Node, problems: &mut Problems) {
    let Some((key, node)) = scenario::TIME_ZONE.entry_in(tree) else { return };
    let name = node.text().unwrap_or_default();
    if named(name).is_none() {
        let known = ZONES.iter().map(|(windows, _)| *windows);
        let problem = Problem::error("E0112", format!("`timeZone` cannot be `{name}`"));
        let help = suggest(name, known)
            .or_else(|| Some("write a Windows time zone, such as `W. Europe Standard Time`".into()));
        problems.push(problem.at(&node.span, "not a Windows time zone").maybe_help(help));
    } else if scenario::START.node(tree).is_none() {
        let problem = Problem::error("E0109", "`timeZone` needs `start`, the civil time at which the run begins");
        problems.push(problem.at(&key.span, "this key").help("write `start: 2026-11-24T09:00:00+01:00`"));
    }
}

struct Walk<'a> {
    clock: Clock,
    timeline: &'a Timeline,
    /// How long before the start of the run its instants begin.
    before_ms: i64,
    problems: &'a mut Problems,
}

/// Makes lengths of the instants in a value of a kind.
fn walk(node: &mut Node, (kind, key): (&Kind, &str), cx: &mut Walk<'_>) {
    match (kind, &mut node.value) {
        (Kind::Moment | Kind::SomeMoment, Value::Scalar(_)) => instant(node, kind, key, cx),
        (Kind::Object(object), Value::Map(entries)) => {
            for (key, value) in entries {
                if let Some(entry) = object.entry(&key.text) {
                    walk(value, (&entry.kind, entry.key), cx);
                }
            }
        }
        (Kind::MapOf(_, of), Value::Map(entries)) => {
            entries.iter_mut().for_each(|(_, value)| walk(value, (of, key), cx))
        }
        (Kind::List(of) | Kind::NonEmpty(of), Value::Seq(items)) => {
            items.iter_mut().for_each(|item| walk(item, (of, key), cx));
        }
        (Kind::Either(kinds), Value::Map(_)) => {
            let of = kinds.iter().find(|kind| matches!(kind, Kind::Object(_) | Kind::MapOf(..)));
            of.into_iter().for_each(|of| walk(node, (of, key), cx));
        }
        (Kind::Either(kinds), Value::Seq(_)) => {
            let of = kinds.iter().find(|kind| matches!(kind, Kind::List(_) | Kind::NonEmpty(_)));
            of.into_iter().for_each(|of| walk(node, (of, key), cx));
        }
        _ => {}
    }
}

/// Makes a length of an instant, unless it is one.
fn instant(node: &mut Node, kind: &Kind, key: &str, cx: &mut Walk<'_>) {
    // What cannot be read has been reported.
    let Some(Ok(written)) = node.text().map(Instant::parse) else { return };
    if matches!(written, Instant::Since(_)) {
        return;
    }
    let entry =
        |name: &str| cx.timeline.at(name).map(|at| SimTime::from_ms(at.ms().saturating_add_signed(cx.before_ms)));
    match written.resolve(&cx.clock, entry) {
        Ok(at) if at == SimTime::ZERO && matches!(kind, Kind::SomeMoment) => {
            let problem =
                Problem::error("E0110", format!("`{key}` must be {}, got {written}, the start", kind.words()));
            cx.problems.push(problem.at(&node.span, "out of range").help("write an instant after the start"));
        }
        Ok(at) => node.value = Node::scalar(&node.span, at.to_string()).value,
        Err(wrong) => cx.problems.push(cx.timeline.problem(&written, wrong, node)),
    }
}

/// The entries of the timeline that name other instants, and when each is.
struct Timeline {
    clock: Clock,
    /// By name, what is written of each.
    written: BTreeMap<String, Instant>,
    /// What is known of them already.
    known: RefCell<BTreeMap<String, Option<SimTime>>>,
    /// How many are being looked up, one for the sake of the other: who depends on itself comes to the most.
    open: Cell<usize>,
}

/// An entry names another one that names another one, and so on, so often at most.
const NAMES_MOST: usize = 200;

impl Timeline {
    fn of(scenario: &Node, clock: Clock) -> Self {
        let mut written = BTreeMap::new();
        for node in scenario::TIMELINE.items(scenario) {
            let name = timeline_entry::NAME.given(node);
            let at = timeline_entry::AT.node(node).and_then(Node::text).and_then(|text| Instant::parse(text).ok());
            if let (Some(name), Some(at)) = (name, at) {
                written.entry(name.to_owned()).or_insert(at);
            }
        }
        Self { clock, written, known: RefCell::default(), open: Cell::new(0) }
    }

    /// When an entry is; none where there is none, or where it depends on itself.
    fn at(&self, name: &str) -> Option<SimTime> {
        let written = self.written.get(name)?;
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        if self.open.get() >= NAMES_MOST {
            return None;
        }
        self.open.set(self.open.get() + 1);
        let at = written.resolve(&self.clock, |other| self.at(other)).ok();
        self.open.set(self.open.get() - 1);
        self.known.borrow_mut().insert(name.to_owned(), at);
        at
    }

    /// What is said of an instant that is none.
    fn problem(&self, written: &Instant, wrong: Wrong, node: &Node) -> Problem {
        let Instant::Entry { name, .. } = written else {
            return Problem::error("E0111", wrong.message).at(&node.span, wrong.why).maybe_help(wrong.help);
        };
        if !self.written.contains_key(name) {
            let known = self.written.keys().map(String::as_str);
            let near = did_you_mean(name, known).map(|near| format!("did you mean `{near}`?"));
            let problem = Problem::error("E0230", wrong.message).at(&node.span, "unknown entry");
            return problem.maybe_help(near.or(wrong.help));
        }
        if self.at(name).is_some() {
            return Problem::error("E0111", wrong.message).at(&node.span, wrong.why).maybe_help(wrong.help);
        }
        let problem = Problem::error(
            "E0115",
            format!("{written} has no instant: “{name}” depends on itself, on too many others, or is wrong"),
        );
        problem.at(&node.span, "this instant").help("give one of the entries an instant that names no other")
    }
}

/// What begins with an entry of the timeline and lasts until an instant lasts so long.
fn windows(tree: &mut Node, problems: &mut Problems) {
    let Value::Map(entries) = &mut tree.value else { return };
    let timeline = entries.iter_mut().find(|(key, _)| key.text == scenario::TIMELINE.entry.key);
    let Some((_, Node { value: Value::Seq(items), .. })) = timeline else { return };
    for item in items {
        let Some(at) = timeline_entry::AT.given(&*item) else { continue };
        let Value::Map(acts) = &mut item.value else { continue };
        for (key, act) in acts {
            if let Some(Kind::Object(object)) = timeline_entry::OBJECT.entry(&key.text).map(|entry| entry.kind)
                && let Some(until) = until(object, act)
            {
                lasts(act, at.ms(), until, problems);
            }
        }
    }
}

/// The instant until which an act lasts, with its place among the keys.
fn until(object: &Object, act: &Node) -> Option<(usize, u64)> {
    object.entry(keys::UNTIL.entry.key)?;
    let place = act.entries().iter().position(|(key, _)| key.text == keys::UNTIL.entry.key)?;
    Some((place, keys::UNTIL.given(act)?.ms()))
}

fn lasts(act: &mut Node, at: u64, (place, until): (usize, u64), problems: &mut Problems) {
    let given = keys::FOR.node(&*act).map(|node| node.span.clone());
    let Value::Map(entries) = &mut act.value else { return };
    let (key, node) = &mut entries[place];
    if let Some(span) = given {
        let problem = Problem::error("E0113", "`for` and `until` both say how long it lasts");
        problems.push(problem.at(&key.span, "this end").also(&span, "and this length").help("keep one of the two"));
        return;
    }
    if until <= at {
        let problem = Problem::error("E0115", "it ends before it has begun, or as it begins");
        problems.push(problem.at(&node.span, "this end").help("write an instant after `at`"));
        return;
    }
    let length = SimDuration::from_ms(until - at);
    *key = Key { text: keys::FOR.entry.key.to_owned(), span: key.span.clone() };
    node.value = Node::scalar(&node.span, length.to_string()).value;
}
