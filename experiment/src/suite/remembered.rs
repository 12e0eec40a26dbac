//! Runs of a policy that are remembered, so that they are not made again: those of a shard for the whole, and those of a cache.
//!
//! They are known by a key: the hash of all that they depend on, which is what is simulated, the seeds, and the sources of whatever
//! makes and judges runs. What they are called is no part of it.

use super::First;
use crate::baseline::asks;
use crate::cells::{self, column_json, column_of};
use crate::column::Column;
use crate::never::Kept;
use crate::overall::Trials;
use crate::table::{Table, Values};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use windtunnel_claims::asks::Asks;
use windtunnel_claims::expect::{Expectation, Policies};
use windtunnel_input::identity::{model_sources, simulated};
use windtunnel_sim::measure::{Seen, Stored};
use windtunnel_sim::plan::Plan;

/// The sources of all that makes and judges runs, by their hashes.
#[must_use]
pub fn sources() -> String {
    let others = [windtunnel_words::SOURCES, windtunnel_claims::SOURCES, windtunnel_infer::SOURCES, crate::SOURCES];
    format!("{}-{}", model_sources(), others.join("-"))
}

/// The runs of one policy, and what is asked of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The scenario.
    pub scenario: String,
    /// The policy.
    pub policy: String,
    /// The hash of all that the runs depend on.
    pub key: String,
    /// What is asked of them, each by [`of`].
    pub tests: Vec<String>,
}

/// The hash of all that runs of a plan depend on.
pub(super) fn key(plan: &Plan, first_seed: u64, replications: usize) -> String {
    let all = format!("{}\n{}\n{first_seed}\n{replications}", sources(), simulated(plan));
    blake3::hash(all.as_bytes()).to_hex()[..32].to_owned()
}

/// What an expectation asks of a run, whatever it is called and of whichever policies it is asked.
#[must_use]
pub fn of(expectation: &Expectation) -> String {
    asks::json(&Asks { policies: Policies::All, ..Asks::from(expectation) }).to_string()
}

/// Who remembers runs.
pub trait Memory: Sync {
    /// The runs, if they are known with all that is asked of them.
    fn recall(&self, _: &Wanted) -> Option<Remembered> {
        None
    }

    /// Keeps runs that were made.
    fn keep(&self, _: &Wanted, _: Remembered) {}

    /// Whether it keeps anything.
    fn is_there(&self) -> bool {
        true
    }
}

/// Who remembers nothing.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Memory for Nobody {
    fn is_there(&self) -> bool {
        false
    }
}

/// The runs of a policy.
#[derive(Clone, Debug, Default)]
pub struct Remembered {
    pub(super) tests: BTreeMap<String, Asked>,
    pub(super) columns: Vec<Column>,
    pub(super) runs: Table,
    /// In how many runs a rollout did not begin that was wanted, and what kept it in the first of them.
    pub(super) idle: usize,
    pub(super) idle_by: Option<(usize, Kept)>,
    /// How long they took.
    pub took: Duration,
}

/// What something that is asked came to.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub trials: Trials,
    /// The moment of the first run that speaks against it; `None` where nobody looked for one.
    pub first: Option<Option<First>>,
}

impl Remembered {
    /// Whether all that is asked is known.
    #[must_use]
    pub fn has(&self, wanted: &Wanted) -> bool {
        wanted.tests.iter().all(|test| self.tests.contains_key(test))
    }

    /// How many runs there are.
    #[must_use]
    pub const fn replications(&self) -> usize {
        self.runs.whole()
    }

    /// Takes in what others know of the same runs.
    pub fn merge(&mut self, other: Self) {
        for (test, asked) in other.tests {
            self.tests.entry(test).or_insert(asked);
        }
    }

    /// As JSON without its beginning, under a key.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        let idle = self.idle_by.as_ref().map(|(at, kept)| kept_json(*at, kept));
        let head = json!({
            "key": key,
            "tookMs": u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
            "replications": self.runs.whole(),
            "idle": self.idle,
            "idleBy": idle,
        });
        let mut text = inside(&head)[1..].to_owned();
        text += ",\n\"measures\":[";
        for (at, column) in self.columns.iter().enumerate() {
            text += if at == 0 { "\n[" } else { ",\n[" };
            text += &column_json(column).to_string();
            text.push(',');
            values_text(&mut text, self.runs.column(at));
            text.push(']');
        }
        text += "],\n\"tests\":[";
        for (at, (test, asked)) in self.tests.iter().enumerate() {
            text += if at == 0 { "\n" } else { ",\n" };
            text += &asked.text(test);
        }
        text + "]}\n"
    }

    /// What the JSON says; `None` where it is of another key, or no such thing.
    #[must_use]
    pub fn of(json: &Value, key: &str) -> Option<Self> {
        if json["key"] != key {
            return None;
        }
        let count = |value: &Value| usize::try_from(value.as_u64()?).ok();
        let rows = count(&json["replications"])?;
        let (mut columns, mut cells) = (Vec::new(), Vec::new());
        for measure in json["measures"].as_array()? {
            columns.push(column_of(&measure[0])?);
            cells.push(values_of(&measure[1], rows)?);
        }
        let row = |at: usize| cells.iter().map(|values| values[at.min(values.len() - 1)].clone()).collect::<Vec<_>>();
        let runs: Table = (0..rows).map(row).collect();
        let mut tests = BTreeMap::new();
        for test in json["tests"].as_array()? {
            tests.insert(test["of"].as_str()?.to_owned(), Asked::of(test, rows)?);
        }
        let idle_by = if json["idleBy"].is_null() { None } else { Some(kept_of(&json["idleBy"])?) };
        let took = Duration::from_millis(json["tookMs"].as_u64()?);
        Some(Self { tests, columns, runs, idle: count(&json["idle"])?, idle_by, took })
    }
}

impl Asked {
    fn text(&self, test: &str) -> String {
        let mut json = json!({ "of": test });
        if let Some(first) = &self.first {
            json["first"] = first.as_ref().map_or(Value::Null, first_json);
        }
        let mut text = inside(&json);
        text += ",\"trials\":";
        text += &self.trials.counts_json().to_string();
        text += ",\"values\":";
        values_text(&mut text, self.trials.values());
        text + "}"
    }

    fn of(json: &Value, rows: usize) -> Option<Self> {
        let values = values_of(&json["values"], rows)?;
        let at = |at: usize| [values[at.min(values.len() - 1)].clone()];
        let trials = Trials::of((0..rows).map(at).collect(), &json["trials"])?;
        let first = match json.get("first") {
            None => None,
            Some(Value::Null) => Some(None),
            Some(first) => Some(Some(first_of(first)?)),
        };
        Some(Self { trials, first })
    }
}

/// An object without its end.
fn inside(json: &Value) -> String {
    let text = json.to_string();
    text.strip_suffix('}').map_or_else(|| text.clone(), str::to_owned)
}

/// The values by run, or the one that all have.
fn values_text(text: &mut String, values: Values<'_>) {
    let first = values.get(0);
    let is_same = |one: Seen<'_>| first.is_some_and(|first| alike(first, one));
    match first.filter(|_| values.iter().all(is_same)) {
        Some(one) => cells::write(text, one),
        None => {
            text.push('[');
            for (at, value) in values.iter().enumerate() {
                *text += if at == 0 { "" } else { "," };
                cells::write(text, value);
            }
            text.push(']');
        }
    }
}

/// Whether two values are one, to the last bit.
fn alike(one: Seen<'_>, other: Seen<'_>) -> bool {
    match (one, other) {
        (Seen::Number(a), Seen::Number(b)) | (Seen::AtLeast(a), Seen::AtLeast(b)) => a.to_bits() == b.to_bits(),
        (one, other) => one == other,
    }
}

/// The values of what [`values_text`] wrote: one for all runs, or one for each.
fn values_of(json: &Value, rows: usize) -> Option<Vec<Stored>> {
    match json {
        Value::Array(list) if list.len() == rows => list.iter().map(cells::value_of).collect(),
        Value::Array(_) => None,
        one => cells::value_of(one).map(|one| vec![one]),
    }
}

/// What kept a rollout from beginning in a run.
pub(crate) fn kept_json(at: usize, kept: &Kept) -> Value {
    json!([at, kept.rule, kept.set])
}

/// The same, read back.
pub(crate) fn kept_of(json: &Value) -> Option<(usize, Kept)> {
    let set = if json[2].is_null() { None } else { Some(json[2].as_str()?.to_owned()) };
    let at = usize::try_from(json[0].as_u64()?).ok()?;
    Some((at, Kept { rule: json[1].as_str()?.to_owned(), set }))
}

fn first_json(first: &First) -> Value {
    json!([first.at, first.at_s, first.entry.as_ref().map(|(entry, said, rule)| json!([entry, said, rule]))])
}

fn first_of(json: &Value) -> Option<First> {
    let text = |json: &Value| json.as_str().map(str::to_owned);
    let entry = match &json[2] {
        Value::Null => None,
        entry => Some((u32::try_from(entry[0].as_u64()?).ok()?, text(&entry[1])?, text(&entry[2])?)),
    };
    Some(First { at: text(&json[0])?, at_s: json[1].as_f64()?, entry })
}
