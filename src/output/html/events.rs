//! The lanes of events under the heat map: facts of the ledger as bars and ticks on the shared time axis.
//!
//! The row of a fact says which lane it has, what it does there and how it is meant (`sim/src/world/fact/`).

use super::ledger::Texts;
use crate::experiment::acts::Act;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use windtunnel_sim::plan::{Note, Plan, Word};
use windtunnel_sim::world::fact::{Fact, FactLane, Field, Fields, FlowFact, LanePart, LanePlace, LaneTone, Record};
use windtunnel_words::describe::Names;

/// The stem of the steps of an upgrade. When an upgrade ends, so does its step.
const STEP: &str = "step";

/// The stem of what is refused.
const REFUSED: &str = "refused";

/// The stem of the capacities of a set: each holds until the next.
const CAPACITY: &str = "capacity";

/// Whether something goes wrong by this fact, as its colour in the lanes says.
pub fn is_trouble(record: &Record) -> bool {
    record.fact.place().is_some_and(|place| place.tone == LaneTone::Bad)
}

/// A bar or a mark.
struct Item {
    lane: FactLane,
    from: u64,
    /// Its end; the same as `from` for a mark, and `None` while it is open.
    until: Option<u64>,
    tone: LaneTone,
    entry: u32,
    end: u32,
    words: String,
}

impl Item {
    fn of_note(note: &Note) -> Self {
        let (from, words) = (note.at.ms(), format!("{} · {}: {}", note.kind.shown(), note.name, note.text));
        Self { lane: FactLane::ALL[0], from, until: Some(from), tone: LaneTone::Act, entry: 0, end: 0, words }
    }
}

/// What the facts of one bar have in common: its lane, its stem and its subject.
type Bar<'n> = (FactLane, &'static str, Cow<'n, str>);

/// At most so many bars and marks in one lane: more cannot be distinguished, and make the file too large.
const MOST: usize = 12_000;

/// The lanes of a run: for each its title and its items in columns, in the order in which they began.
/// Acts that came to less than was meant say so.
pub fn json(names: &Names<'_>, ledger: &[Record], acts: &[Act], horizon_ms: u64) -> Value {
    let mut items: Vec<Item> = Vec::new();
    let mut open: BTreeMap<Bar<'_>, Vec<(Fields, usize)>> = BTreeMap::new();
    let mut left_out = 0_usize;
    let mut counts = [0_usize; FactLane::ALL.len()];
    for record in ledger.iter().filter(|record| !is_of_part(names, &record.fact)) {
        let Some(LanePlace { lane, part, stem, tone }) = record.fact.place() else { continue };
        let (fields, subject) = (record.fact.fields(), names.subject(&record.fact));
        let now = record.time.ms();
        if matches!(part, LanePart::End | LanePart::Stage) {
            if part == LanePart::End && lane == FactLane::Rollout && stem != STEP {
                let step = open.get_mut(&(lane, STEP, subject.clone()));
                if let Some(at) = step.and_then(|began| take(began, &Fields::new())) {
                    (items[at].until, items[at].end) = (Some(now), record.entry.0);
                }
            }
            let began = open.get_mut(&(lane, stem, subject.clone())).and_then(|began| take(began, &fields));
            if let Some(at) = began {
                items[at].until = Some(now);
                // What begins says nothing of how the one before it went.
                items[at].tone = if part == LanePart::End { items[at].tone.max(tone) } else { items[at].tone };
                items[at].end = record.entry.0;
            }
            // What ends though nothing of it began is a mark.
            if part == LanePart::End && began.is_some() {
                continue;
            }
        }
        let count = &mut counts[lane as usize];
        if *count >= MOST {
            left_out += 1;
            continue;
        }
        *count += 1;
        let mut words = words(names, &record.fact, stem);
        let act = acts.binary_search_by_key(&record.entry, |act| act.entry).ok().map(|at| &acts[at]);
        let act = act.filter(|act| act.fate.is_vain());
        let tone = if act.is_some() { LaneTone::Bad } else { tone };
        words.extend(act.map(|act| format!(": {}", act.fate.said())));
        if matches!(part, LanePart::Begin | LanePart::Stage | LanePart::Act) {
            open.entry((lane, stem, subject)).or_default().push((fields, items.len()));
        }
        let until = if matches!(part, LanePart::Begin | LanePart::Stage) { None } else { Some(now) };
        items.push(Item { lane, from: now, until, tone, entry: record.entry.0, end: 0, words });
    }
    let lanes = FactLane::ALL.iter().filter_map(|&lane| {
        let own: Vec<&Item> = items.iter().filter(|item| item.lane == lane).collect();
        (!own.is_empty()).then(|| lane_json(lane.word(), &own, horizon_ms))
    });
    json!({ "lanes": noted(names.plan(), horizon_ms).into_iter().chain(lanes).collect::<Vec<_>>(), "leftOut": left_out })
}

/// The lane of what people noted, which is no entry of the ledger.
fn noted(plan: &Plan, horizon_ms: u64) -> Option<Value> {
    let there = plan.notes.iter().filter(|note| note.at.ms() <= horizon_ms).take(MOST);
    let items: Vec<Item> = there.map(Item::of_note).collect();
    let items: Vec<&Item> = items.iter().collect();
    (!items.is_empty()).then(|| lane_json("noted", &items, horizon_ms))
}

/// Takes the bar that a fact closes: the last with the same fields, such as the region, or else the last.
fn take(open: &mut Vec<(Fields, usize)>, fields: &Fields) -> Option<usize> {
    let same = open.iter().rposition(|(known, _)| known == fields);
    let at = same.or(open.len().checked_sub(1))?;
    Some(open.remove(at).1)
}

/// What is written on a bar: the stage or place where a field says one, and the subject.
fn words(names: &Names<'_>, fact: &Fact, stem: &str) -> String {
    let fields = fact.fields();
    let of = |wanted: &str| fields.iter().find(|(name, _)| *name == wanted).map(|&(_, field)| field);
    let short = ["stage", "batch", "pipeline", "step", "region"].iter().find_map(|name| of(name));
    match short {
        None if stem == STEP => "wait".to_owned(),
        None if stem == REFUSED => format!("refused: {}", names.subject(fact)),
        Some(batch) if stem == STEP => format!("batch {}", names.field(batch)),
        _ if stem == CAPACITY => of("to").map_or_else(String::new, |to| names.field(to).into_owned()),
        Some(Field::Pipeline(id)) => format!("{} · {}", names.pipeline(id), names.subject(fact)),
        Some(step @ Field::Step(..)) => format!("{} · {}", names.field(step), names.subject(fact)),
        Some(short) => names.field(short).into_owned(),
        None => names.subject(fact).into_owned(),
    }
}

/// Whether users of a listener say the same: it is about what one instance of a gateway takes of its requests.
fn is_of_part(names: &Names<'_>, fact: &Fact) -> bool {
    let of = match *fact {
        Fact::HarmStarted { entry_point }
        | Fact::HarmEnded { entry_point }
        | Fact::OutageStarted { entry_point }
        | Fact::OutageEnded { entry_point }
        | Fact::Flow(FlowFact::Outlived { entry_point, .. } | FlowFact::Routed { to: entry_point, .. }) => entry_point,
        _ => return false,
    };
    names.plan().is_part(of)
}

fn lane_json(title: &str, items: &[&Item], horizon_ms: u64) -> Value {
    let mut texts = Texts::default();
    let words: Vec<usize> = items.iter().map(|item| texts.number(item.words.clone())).collect();
    json!({
        "title": title,
        "from": items.iter().map(|item| item.from).collect::<Vec<_>>(),
        "length": items.iter().map(|item| item.until.unwrap_or(horizon_ms) - item.from).collect::<Vec<_>>(),
        "tone": items.iter().map(|item| item.tone as u8).collect::<Vec<_>>(),
        "entry": items.iter().map(|item| item.entry).collect::<Vec<_>>(),
        "end": items.iter().map(|item| item.end).collect::<Vec<_>>(),
        "words": words,
        "texts": texts.list,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_sim::world::ids::RegionId;

    #[test]
    fn a_bar_is_closed_by_the_fact_with_the_same_fields() {
        let region = |at| vec![("region", Field::Region(RegionId(at)))];
        let mut open = vec![(region(0), 0), (region(1), 1)];
        assert_eq!(take(&mut open, &region(0)), Some(0));
        assert_eq!(take(&mut open, &region(2)), Some(1));
        assert_eq!(take(&mut open, &region(2)), None);
    }
}
