//! Two runs beside each other: the first entry that differs, the acts whose fates differ, and the windows of harm of both.
//!
//! Entries are the same if they say the same at the same instant by the same rule. Up to the first that is not, both runs went the
//! same way, whatever the two scenarios, policies or seeds are.

use super::acts::{self, Act};
use super::harm::{self, HarmWindow, chain};
use super::replay::Replay;
use windtunnel_sim::measure::{Scope, Unit, Value};
use windtunnel_sim::world::fact::Record;
use windtunnel_words::describe::sentence;

/// What differs between two runs.
#[derive(Clone, Debug)]
pub struct Divergence<'r> {
    /// So many entries are the same before anything differs.
    pub common: usize,
    /// The first entry that differs on each side; `None` where that run has no more.
    pub first: [Option<&'r Record>; 2],
    /// Acts by name and instant that are in one run alone, or whose fates differ.
    pub acts: Vec<[Option<Act>; 2]>,
    /// The windows of harm of each.
    pub windows: [Vec<HarmWindow>; 2],
    /// Measures of the whole fleet that differ, by name.
    pub measures: Vec<(&'static str, Unit, [Value; 2])>,
}

impl<'r> Divergence<'r> {
    /// What differs between two runs.
    #[must_use]
    pub fn of(sides: [&'r Replay<'r>; 2]) -> Self {
        let [left, right] = sides;
        let same = |&(one, other): &(&Record, &Record)| is_same((left, one), (right, other));
        let common = left.ledger.iter().zip(&right.ledger).take_while(same).count();
        Self {
            common,
            first: [left.ledger.get(common), right.ledger.get(common)],
            acts: acts_that_differ(sides),
            windows: [harm::windows(left), harm::windows(right)],
            measures: measures_that_differ(sides),
        }
    }

    /// Whether both went the same way to the end.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        matches!(self.first, [None, None])
    }
}

/// Whether two entries say the same at the same instant by the same rule.
fn is_same((left, one): (&Replay<'_>, &Record), (right, other): (&Replay<'_>, &Record)) -> bool {
    one.time == other.time
        && one.rule == other.rule
        && one.fact.kind().name == other.fact.kind().name
        && sentence(&left.names, &one.fact) == sentence(&right.names, &other.fact)
}

/// The entry of another run that says what this one says at the same instant.
#[must_use]
pub fn counterpart<'r>(of: (&Replay<'_>, &Record), other: &'r Replay<'r>) -> Option<&'r Record> {
    let from = other.ledger.partition_point(|record| record.time < of.1.time);
    let mut now = other.ledger[from..].iter().take_while(|record| record.time == of.1.time);
    now.find(|record| is_same(of, (other, *record)))
}

/// In the chain of causes of an entry, the first, from the beginning of the run, that another run does not have.
#[must_use]
pub fn parted<'l>(of: &'l Replay<'_>, entry: &'l Record, other: &Replay<'_>) -> Option<&'l Record> {
    let chain: Vec<&Record> = chain(&of.ledger, entry).collect();
    chain.into_iter().rev().find(|record| counterpart((of, *record), other).is_none())
}

fn acts_that_differ(sides: [&Replay<'_>; 2]) -> Vec<[Option<Act>; 2]> {
    let [left, right] = sides;
    let (mut others, mut differing) = (acts::of(right), Vec::new());
    let name = |replay: &Replay<'_>, act: &Act| (replay.names.action(act.action).to_owned(), act.at);
    for act in acts::of(left) {
        let own = name(left, &act);
        let other = others.iter().position(|other| name(right, other) == own).map(|at| others.remove(at));
        let differs = other.is_none_or(|other| {
            other.fate.word() != act.fate.word() || act.words(&left.names) != other.words(&right.names)
        });
        if differs {
            differing.push([Some(act), other]);
        }
    }
    differing.extend(others.into_iter().map(|other| [None, Some(other)]));
    differing.sort_by_key(|pair| pair.iter().flatten().map(|act| act.at).min());
    differing
}

fn measures_that_differ(sides: [&Replay<'_>; 2]) -> Vec<(&'static str, Unit, [Value; 2])> {
    let [left, right] = sides;
    let of_fleet = left.measures.iter().filter(|measure| measure.scope == Scope::Fleet);
    let pairs = of_fleet.filter_map(|measure| {
        let other = right.measure(measure.name())?;
        (other != measure.value).then_some((measure.name(), measure.unit(), [measure.value, other]))
    });
    pairs.collect()
}
