//! Why something happened: the chain of causes of one entry of the ledger, newest first, each with its rule.

use anstyle::Style;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Display;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::rules::RuleId;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::ids::Entry;
use windtunnel_words::clock::{Clock, millis, moment, offset, timestamp};
use windtunnel_words::describe::{Names, sentence};
use windtunnel_words::instant::Instant;
use windtunnel_words::reading::Wrong;
use windtunnel_words::suggest::{near, or_meant};
use windtunnel_words::text::{BOLD, DIM, columns, paint, wrap};

/// Narrower than this nothing can be wrapped well, so it is as wide as this and the terminal breaks it.
const LEAST_WIDTH: usize = 60;

/// Which entry is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// The entry of this number.
    Entry(Entry),
    /// The last entry about this subject at or before this instant.
    At {
        /// The name of an instance, an entry point, a set, an action, a release or a dependency.
        subject: String,
        /// The instant.
        time: Instant,
    },
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyError {
    /// The text is no selector.
    #[error("`{text}` is neither the number of an entry nor `NAME@TIME`, such as 'vmss-app_3@PT14M' or 'lb@09:14'")]
    NoSelector {
        /// The text.
        text: String,
    },
    /// The time is no instant of the run.
    #[error("{message}; {help}")]
    NoTime {
        /// What is wrong with it.
        message: String,
        /// What to write instead.
        help: String,
    },
    /// No such entry.
    #[error("the ledger has no entry {entry}: they are numbered from 1 to {last}")]
    NoEntry {
        /// The number.
        entry: u32,
        /// The last there is.
        last: u32,
    },
    /// No entry speaks of it.
    #[error("no entry of the ledger is about `{subject}`{hint}")]
    NoSubject {
        /// The name.
        subject: String,
        /// What may have been meant.
        hint: String,
    },
    /// The first entry about it is later.
    #[error("nothing is on record about {subject} at or before {time}: its first entry is {first}, at {first_time}")]
    TooEarly {
        /// The name.
        subject: String,
        /// The instant asked for.
        time: String,
        /// Its first entry.
        first: u32,
        /// When that is.
        first_time: String,
    },
}

impl Selector {
    /// Reads `23`, or `vmss-app_3@PT14M`.
    pub fn parse(text: &str) -> Result<Self, WhyError> {
        let text = text.trim();
        if let Ok(entry) = text.trim_start_matches('#').parse::<u32>() {
            return Ok(Self::Entry(Entry(entry)));
        }
        // A name may hold an @, a time does not.
        let Some((subject, time)) = text.rsplit_once('@').filter(|(subject, _)| !subject.trim().is_empty()) else {
            return Err(WhyError::NoSelector { text: text.to_owned() });
        };
        Ok(Self::At { subject: subject.trim().to_owned(), time: Instant::parse(time)? })
    }
}

impl From<Wrong> for WhyError {
    fn from(wrong: Wrong) -> Self {
        Self::NoTime { message: wrong.message, help: wrong.help.unwrap_or_default() }
    }
}

/// Finds the entry that is asked for.
///
/// # Errors
/// Where there is none; the error says what there is.
pub fn find<'l>(names: &Names<'_>, ledger: &'l [Record], selector: &Selector) -> Result<&'l Record, WhyError> {
    let (wanted, time) = match selector {
        Selector::Entry(entry) => {
            let last = ledger.last().map_or(0, |record| record.entry.0);
            return by_number(ledger, *entry).ok_or(WhyError::NoEntry { entry: entry.0, last });
        }
        Selector::At { subject, time } => (subject, time.of_plan(names.plan())?),
    };
    let about = || ledger.iter().filter(|record| names.subject(&record.fact) == *wanted);
    if let Some(found) = about().take_while(|record| record.time <= time).last() {
        return Ok(found);
    }
    if let Some(first) = about().next() {
        let [time, first_time] = [time, first.time].map(|at| moment(names.plan(), at));
        let first = first.entry.0;
        return Err(WhyError::TooEarly { subject: wanted.clone(), time, first, first_time });
    }
    let known: BTreeSet<String> = ledger.iter().map(|record| names.subject(&record.fact).into_owned()).collect();
    let hint = or_meant(&near(wanted, known.iter().map(String::as_str)));
    Err(WhyError::NoSubject { subject: wanted.clone(), hint })
}

fn by_number(ledger: &[Record], entry: Entry) -> Option<&Record> {
    ledger.binary_search_by_key(&entry, |record| record.entry).ok().map(|at| &ledger[at])
}

/// An entry and what it followed from, back to what has no cause: newest first.
pub fn chain<'l>(ledger: &'l [Record], from: &'l Record) -> Vec<&'l Record> {
    // A cause comes before what it causes, so this ends.
    std::iter::successors(Some(from), |record| by_number(ledger, record.cause)).collect()
}

/// The statement of a rule in short: its first sentence.
pub(super) fn statement(rule: RuleId) -> &'static str {
    let statement = rule.rule().map_or("a rule that this program does not know", |rule| rule.statement);
    let end = statement.find(". ").map_or(statement.len(), |at| at + 1);
    &statement[..end]
}

/// The chain as text, wrapped to `width`. Colours are decoration.
pub fn text(names: &Names<'_>, chain: &[&Record], width: usize, colour: bool) -> String {
    let width = width.max(LEAST_WIDTH);
    let dress = |style: Style, text: &dyn Display| if colour { paint(style, text) } else { text.to_string() };
    let number = chain.first().map_or(1, |record| record.entry.0.to_string().len());
    let civil = Clock::of(names.plan());
    let full = |at: SimTime| match civil.zone() {
        Some(_) => format!("{} {}", civil.short(at), offset(at)),
        None => offset(at),
    };
    let wide = |shown: &dyn Fn(SimTime) -> String| chain.iter().map(|one| columns(&shown(one.time))).max().unwrap_or(0);
    // Where there is little room, how long after the start is enough.
    let shown = |at: SimTime| if (wide(&full) + number + 4) * 2 > width { offset(at) } else { full(at) };
    let clock = wide(&shown);
    // Number, time, and what stands under them is indented to the sentence, unless that leaves it no room.
    let indent = (number + 2 + clock + 2).min(width / 2);
    let mut out = String::new();
    for (index, record) in chain.iter().enumerate() {
        let words = sentence(names, &record.fact);
        let words = if index == 0 { words } else { format!("because {words}") };
        let front = format!("{:>number$}  {:<clock$}  ", record.entry.0, shown(record.time));
        let style = if index == 0 { BOLD } else { Style::new() };
        for (line, part) in wrap(&words, width - indent).iter().enumerate() {
            let lead = if line == 0 { dress(DIM, &front) } else { " ".repeat(indent) };
            out += &format!("{lead}{}\n", dress(style, part));
        }
        let id = record.rule.to_string();
        let rule = wrap(statement(record.rule), width.saturating_sub(indent + columns(&id) + 2).max(20));
        for (line, part) in rule.iter().enumerate() {
            let lead = if line == 0 { format!("{id}  ") } else { " ".repeat(columns(&id) + 2) };
            out += &format!("{}{}\n", " ".repeat(indent), dress(DIM, &format!("{lead}{part}")));
        }
    }
    out
}

/// The chain as JSON: a list of entries, newest first.
pub fn json(names: &Names<'_>, chain: &[&Record]) -> Value {
    let entry = |record: &&Record| {
        json!({
            "entry": record.entry.0,
            "time": record.time.to_string(),
            "timeSeconds": millis(record.time.ms()).parse::<f64>().unwrap_or_default(),
            "timestamp": timestamp(names.plan().start_unix_ms, record.time),
            "subject": names.subject(&record.fact),
            "what": record.fact.kind().name,
            "detail": names.detail(&record.fact),
            "sentence": sentence(names, &record.fact),
            "cause": (record.cause != Entry::NONE).then_some(record.cause.0),
            "rule": { "id": record.rule.to_string(), "statement": record.rule.rule().map(|rule| rule.statement) },
        })
    };
    Value::Array(chain.iter().map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_sim::engine::time::SimDuration;

    #[test]
    fn selectors_are_numbers_or_names_with_times() {
        assert_eq!(Selector::parse("23"), Ok(Selector::Entry(Entry(23))));
        assert_eq!(Selector::parse("#23"), Ok(Selector::Entry(Entry(23))));
        let at = |subject: &str, time| Ok(Selector::At { subject: subject.into(), time });
        let since = |ms| Instant::Since(SimDuration::from_ms(ms));
        assert_eq!(Selector::parse("vmss-app_3@PT14M"), at("vmss-app_3", since(840_000)));
        assert_eq!(Selector::parse("scale out @ 1m 30s"), at("scale out", since(90_000)));
        assert_eq!(Selector::parse("a@b@PT0.5S"), at("a@b", since(500)));
        assert_eq!(Selector::parse("lb@09:14"), at("lb", Instant::TimeOfDay(33_240_000)));
        assert_eq!(Selector::parse("lb@2026-03-10T09:14:00Z"), at("lb", Instant::Civil(1_773_134_040_000)));
        let after = Instant::Entry { name: "scale out".into(), shift_ms: 120_000 };
        assert_eq!(Selector::parse("lb@scale out + 2m"), at("lb", after));
        assert!(matches!(Selector::parse("vmss-app_3"), Err(WhyError::NoSelector { .. })));
        assert!(matches!(Selector::parse("@PT14M"), Err(WhyError::NoSelector { .. })));
        for time in ["x@24:00", "x@-PT1S", "x@", "x@PT99999999999H"] {
            assert!(matches!(Selector::parse(time), Err(WhyError::NoTime { .. })), "{time}");
        }
    }
}
