//! The ledger in columns, so that a hundred thousand entries stay a few megabytes.
//!
//! Sentences repeat but for what they are about. So a sentence is kept as a *pattern*, in which the name of the subject is
//! replaced by a mark, and each pattern, subject, kind and rule is written once. Numbers are differences: of the entry and
//! the time to those before, of the cause back from the entry.

use crate::output::room::chosen;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::ids::Entry;
use windtunnel_words::describe::{Names, sentence};

/// Marks the subject in a pattern. No name has it: it is a control character.
const MARK: char = '\u{1}';

/// Texts, each of which is written once.
#[derive(Default)]
pub(super) struct Texts {
    known: BTreeMap<String, usize>,
    pub(super) list: Vec<String>,
}

impl Texts {
    pub(super) fn number(&mut self, text: String) -> usize {
        if let Some(&at) = self.known.get(&text) {
            return at;
        }
        self.list.push(text.clone());
        self.known.insert(text, self.list.len() - 1);
        self.list.len() - 1
    }
}

/// The ledger, at most `most` entries of it.
pub fn json(names: &Names<'_>, ledger: &[Record], keep: &[Entry], most: usize) -> Value {
    let all = || ledger.iter().collect();
    let kept: Vec<&Record> = if ledger.len() <= most { all() } else { chosen(ledger, keep, most, |_| 1) };
    let (mut patterns, mut subjects, mut kinds, mut rules) =
        (Texts::default(), Texts::default(), Texts::default(), Texts::default());
    let mut columns: [Vec<u64>; 7] = Default::default();
    let (mut entry, mut time) = (0, 0);
    for record in &kept {
        let about = names.subject(&record.fact).into_owned();
        let words = sentence(names, &record.fact).replace(MARK, "\u{FFFD}");
        let pattern = if about.is_empty() { words } else { words.replace(&about, &MARK.to_string()) };
        let values = [
            u64::from(record.entry.0 - entry),
            record.time.ms() - time,
            u64::from(record.entry.0 - record.cause.0),
            subjects.number(about) as u64,
            kinds.number(record.fact.kind().name.to_owned()) as u64,
            rules.number(record.rule.to_string()) as u64,
            patterns.number(pattern) as u64,
        ];
        for (column, value) in columns.iter_mut().zip(values) {
            column.push(value);
        }
        (entry, time) = (record.entry.0, record.time.ms());
    }
    let [entry, time, cause, subject, kind, rule, pattern] = columns;
    json!({
        "all": ledger.len(),
        "subjects": subjects.list,
        "kinds": kinds.list,
        "rules": rules.list,
        "patterns": patterns.list,
        "entry": entry,
        "time": time,
        "cause": cause,
        "subject": subject,
        "kind": kind,
        "rule": rule,
        "pattern": pattern,
    })
}
