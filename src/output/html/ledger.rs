//! The ledger in columns, so that a hundred thousand entries stay a few megabytes.
//!
//! Sentences repeat but for whom they are about. So a sentence is kept as a *pattern*, in which the name of the subject is
//! replaced by a mark, and each pattern, subject, kind and rule is written once. Numbers are differences: of the entry and
//! the time to those before, of the cause back from the entry.

use crate::output::describe::{Names, sentence, subject, what};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::measure::fleet::instance_of;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::ids::Entry;

/// Stands for the subject in a pattern. No name has it: it is a control character.
const MARK: char = '\u{1}';

/// Texts, each of which is written once.
#[derive(Default)]
struct Texts {
    known: BTreeMap<String, usize>,
    list: Vec<String>,
}

impl Texts {
    fn number(&mut self, text: String) -> usize {
        if let Some(&at) = self.known.get(&text) {
            return at;
        }
        self.list.push(text.clone());
        self.known.insert(text, self.list.len() - 1);
        self.list.len() - 1
    }
}

/// The ledger, at most `most` entries of it.
#[must_use]
pub fn json(names: &Names<'_>, ledger: &[Record], keep: &[Entry], most: usize) -> Value {
    let kept = kept(ledger, keep, most);
    let (mut patterns, mut subjects, mut kinds, mut rules) =
        (Texts::default(), Texts::default(), Texts::default(), Texts::default());
    let mut columns: [Vec<u64>; 7] = Default::default();
    let (mut entry, mut time) = (0, 0);
    for record in &kept {
        let about = subject(names, &record.fact);
        let words = sentence(names, &record.fact).replace(MARK, "\u{FFFD}");
        let pattern = if about.is_empty() { words } else { words.replace(&about, &MARK.to_string()) };
        let values = [
            u64::from(record.entry.0 - entry),
            record.time.ms() - time,
            u64::from(record.entry.0 - record.cause.0),
            subjects.number(about) as u64,
            kinds.number(what(&record.fact).to_owned()) as u64,
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

/// What is kept of a ledger that is too long: what `keep` goes back to, everything that is about no instance, and of the
/// rest as much as there is room for, from the beginning.
fn kept<'l>(ledger: &'l [Record], keep: &[Entry], most: usize) -> Vec<&'l Record> {
    if ledger.len() <= most {
        return ledger.iter().collect();
    }
    let find = |entry: Entry| ledger.binary_search_by_key(&entry, |record| record.entry).ok();
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    for &entry in keep {
        let mut next = find(entry);
        while let Some(at) = next.filter(|&at| chosen.insert(at)) {
            next = find(ledger[at].cause);
        }
    }
    let mut room = most.saturating_sub(chosen.len());
    for own in [false, true] {
        for (at, record) in ledger.iter().enumerate() {
            if room == 0 {
                break;
            }
            if instance_of(&record.fact).is_some() == own && chosen.insert(at) {
                room -= 1;
            }
        }
    }
    chosen.into_iter().map(|at| &ledger[at]).collect()
}
