//! The whole answer to `why`: the chain of causes of an entry, what else it takes, what did not happen; and, of an entry point that is
//! asked for at an instant, all of the harm there is then.

use super::markdown;
use super::why;
use crate::experiment::after::Followed;
use crate::experiment::causes::{HarmAt, Kind, Reason};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use windtunnel_sim::world::fact::Record;
use windtunnel_words::clock::{civil, offset};
use windtunnel_words::describe::{Names, sentence};
use windtunnel_words::number::count;
use windtunnel_words::text::{DIM, columns, paint, wrap};

/// So many of the entries that followed are shown to people.
const FOLLOWED_MOST: usize = 60;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer<'l> {
    /// The entry and what it followed from, newest first.
    pub chain: Vec<&'l Record>,
    /// What else is to be said of the entry.
    pub reasons: Vec<Reason>,
    /// The harm at the entry point that was asked for.
    pub harm: Option<HarmAt>,
}

/// The answer as text.
pub fn text(names: &Names<'_>, answer: &Answer<'_>, width: usize, colour: bool) -> String {
    let width = width.max(super::LEAST_WIDTH);
    let mut out = String::new();
    if let Some(harm) = &answer.harm {
        for line in wrap(&harm.words(names), width) {
            out += &format!("{line}\n");
        }
        out += &listed(&harm.reasons, width, colour);
        out += "\nthe last entry about it:\n";
    }
    out += &why::text(names, &answer.chain, width, colour);
    if !answer.reasons.is_empty() {
        out += "\nand of the first of these:\n";
        out += &listed(&answer.reasons, width, colour);
    }
    out
}

/// Reasons, each with its rule below it.
fn listed(reasons: &[Reason], width: usize, colour: bool) -> String {
    let dim = |text: String| if colour { paint(DIM, text) } else { text };
    let mut out = String::new();
    for (at, reason) in reasons.iter().enumerate() {
        let lead = if at == 0 && reason.kind == Kind::Cause { "because " } else { reason.kind.lead() };
        let entry = reason.entry.map_or_else(String::new, |(_, entry)| format!("  [why {}]", entry.0));
        for (line, part) in wrap(&format!("{lead}{}{entry}", reason.text), width - 4).iter().enumerate() {
            out += &format!("{}{part}\n", if line == 0 { "  " } else { "    " });
        }
        let id = reason.rule.to_string();
        let rule = wrap(why::statement(reason.rule), width.saturating_sub(6 + columns(&id) + 2).max(20));
        for (line, part) in rule.iter().enumerate() {
            let lead = if line == 0 { format!("{id}  ") } else { " ".repeat(columns(&id) + 2) };
            out += &format!("{}\n", dim(format!("      {lead}{part}")));
        }
    }
    out
}

/// The answer as JSON: the entries of the chain, newest first; the first has what else is to be said.
pub fn json(names: &Names<'_>, answer: &Answer<'_>) -> Value {
    let mut chain = why::json(names, &answer.chain);
    if let Some(first) = chain.get_mut(0) {
        first["reasons"] = answer.reasons.iter().map(reason_json).collect();
        if let Some(harm) = &answer.harm {
            first["harm"] = json!({
                "entryPoint": names.entry_point(harm.entry_point),
                "at_s": harm.at.seconds(),
                "harmed_pct": 100.0 * harm.share,
                "sentence": harm.words(names),
                "reasons": harm.reasons.iter().map(reason_json).collect::<Vec<_>>(),
            });
        }
    }
    chain
}

/// A reason as data.
pub fn reason_json(reason: &Reason) -> Value {
    json!({
        "kind": reason.kind.word(),
        "sentence": reason.text,
        "entry": reason.entry.map(|(_, entry)| entry.0),
        "rule": reason.rule.word(),
    })
}

/// The answer as Markdown.
pub fn page(names: &Names<'_>, answer: &Answer<'_>) -> String {
    let mut out = String::new();
    if let Some(harm) = &answer.harm {
        out += &format!("{}:\n\n{}\n", markdown::cell(&harm.words(names)), bullets(&harm.reasons));
    }
    out += &entries(names, &answer.chain, "because");
    if !answer.reasons.is_empty() {
        out += &format!("\n{}", bullets(&answer.reasons));
    }
    out
}

/// Reasons as a list in Markdown.
fn bullets(reasons: &[Reason]) -> String {
    let line = |(at, reason): (usize, &Reason)| {
        let lead = if at == 0 && reason.kind == Kind::Cause { "because " } else { reason.kind.lead() };
        format!("- {lead}{} ({})\n", markdown::cell(&reason.text), reason.rule)
    };
    reasons.iter().enumerate().map(line).collect()
}

/// Entries as a table in Markdown; before each sentence but the first stands a word.
fn entries(names: &Names<'_>, entries: &[&Record], word: &str) -> String {
    let plan = names.plan();
    let row = |(at, record): (usize, &&Record)| {
        let lead = if at == 0 || word.is_empty() { String::new() } else { format!("{word} ") };
        let what = lead + &sentence(names, &record.fact);
        [record.entry.0.to_string(), civil(plan, record.time), what, record.rule.to_string()]
    };
    markdown::table(["entry", "time", "what", "rule"], entries.iter().enumerate().map(row))
}

/// What followed from an entry, as text: each entry below what it came of, further in; what is more is counted by its kind.
pub fn followed(names: &Names<'_>, from: &Record, after: &[Followed<'_>], width: usize) -> String {
    let width = width.max(super::LEAST_WIDTH);
    let plan = names.plan();
    let mut out = format!("{}  {}  {}\n", from.entry.0, civil(plan, from.time), sentence(names, &from.fact));
    if after.is_empty() {
        return out + "nothing followed from it\n";
    }
    for Followed { depth, record } in after.iter().take(FOLLOWED_MOST) {
        let depth = (*depth as usize).min(8);
        let front = format!("{}{}  {}  ", "  ".repeat(depth), record.entry.0, offset(record.time));
        let indent = columns(&front).min(width / 2);
        for (line, part) in wrap(&sentence(names, &record.fact), width - indent).iter().enumerate() {
            let lead = if line == 0 { front.clone() } else { " ".repeat(indent) };
            out += &format!("{lead}{part}\n");
        }
    }
    if after.len() > FOLLOWED_MOST {
        out += &format!("… and {}\n", rest(&after[FOLLOWED_MOST..]));
    }
    out
}

/// Entries that are not shown, counted by what they are: `40 more entries: 12 × serviceChanged, …`.
fn rest(after: &[Followed<'_>]) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for Followed { record, .. } in after {
        *kinds.entry(record.fact.kind().name).or_default() += 1;
    }
    let mut kinds: Vec<(&str, usize)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(name, times)| (std::cmp::Reverse(*times), *name));
    let listed: Vec<String> = kinds.iter().take(6).map(|(name, times)| format!("{times} × {name}")).collect();
    let dots = if kinds.len() > 6 { ", …" } else { "" };
    format!("{}: {}{dots}", count(after.len(), "more entry"), listed.join(", "))
}

/// The same as JSON: all entries, each with how many causes away it is.
pub fn followed_json(names: &Names<'_>, from: &Record, after: &[Followed<'_>]) -> Value {
    let one = |record: &Record| why::json(names, &[record])[0].take();
    let follow = |followed: &Followed<'_>| {
        let mut json = one(followed.record);
        json["depth"] = followed.depth.into();
        json
    };
    json!({ "from": one(from), "followed": after.iter().map(follow).collect::<Vec<_>>() })
}

/// The same as Markdown.
pub fn followed_page(names: &Names<'_>, from: &Record, after: &[Followed<'_>]) -> String {
    let all: Vec<&Record> =
        std::iter::once(from).chain(after.iter().take(FOLLOWED_MOST).map(|one| one.record)).collect();
    let mut out = entries(names, &all, "");
    if after.len() > FOLLOWED_MOST {
        out += &format!("\n… and {}\n", markdown::cell(&rest(&after[FOLLOWED_MOST..])));
    }
    out
}
