//! What happened: acts with their fate, what was observed, and what the platform did, each with the share of users that fail after it.

use super::{Block, Line, Sources, Span, Table, clock, text, zone};
use crate::experiment::acts::{Act, Fate};
use crate::experiment::harm::chain;
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{Act as Does, ImageReference, Note};
use windtunnel_sim::world::fact::{Fact, Record, RolloutFact, Service};
use windtunnel_sim::world::ids::{EntryPointId, ImageId, InstanceId, SetId};
use windtunnel_words::clock::spoken;
use windtunnel_words::describe::{Names, sentence};
use windtunnel_words::number::{count, percent};

/// Instances that stop serving within so long of each other are one row.
pub(super) const TOGETHER: SimDuration = SimDuration::from_mins(1);
/// A share that holds for less is left out, where another holds longer.
const SHORT: SimDuration = SimDuration::from_secs(15);
/// So many rows there are at most.
const ROWS: usize = 60;

/// What happened: when, of what kind, in a word or two, and in full.
type Said = (SimTime, Mark, String, Line);

/// What is to be seen in the picture of the fleet.
const FLEET: &str = "Every instance of the fleet as a line over time, from the left to the right. Striped red: it takes requests and \
                     cannot serve them, so that users fail. Marks above: what people did, and what was refused.";

/// What kind of row it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Somebody did something; the word says what became of it.
    Act(&'static str),
    /// Somebody noted or measured something.
    Observed,
    /// The platform did something.
    Simulated,
}

impl Mark {
    /// As tables have it.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Act("done") => "act".to_owned(),
            Self::Act("noEffect") => "act, no effect".to_owned(),
            Self::Act("refused") => "act ✗ refused".to_owned(),
            Self::Act(fate) => format!("act, {fate}"),
            Self::Observed => "[o]".to_owned(),
            Self::Simulated => "[s]".to_owned(),
        }
    }
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// What happened.
    pub what: Line,
    /// The share of users that fail after it.
    pub after: String,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at: SimTime,
    /// What kind it is.
    pub mark: Mark,
    /// In a word or two, for a drawing.
    pub label: String,
    /// In full.
    pub row: Row,
}

/// What happened, in the order of time.
pub(super) fn events(of: &Sources<'_>) -> Vec<Event> {
    let replay = of.run.replay;
    let names = &replay.names;
    let ledger = &replay.ledger;
    let mut all: Vec<Said> = Vec::new();
    all.extend(of.run.headline.acts.iter().map(|act| of_act(names, act)));
    all.extend(noted(of));
    all.extend(rollouts(names, ledger, |instance| replay.lanes.lanes[instance.index()].set));
    all.extend(stops(names, ledger));
    all.extend(scaled(names, ledger));
    all.extend(unexplained(of, &all));
    all.sort_by_key(|(at, mark, ..)| (*at, *mark == Mark::Simulated));
    all.truncate(ROWS);
    let entry = of.main().map(|main| main.course.entry_point);
    let times: Vec<SimTime> = all.iter().map(|(at, ..)| *at).collect();
    let end = replay.outcome.end;
    let with = |(place, (at, mark, label, what)): (usize, Said)| {
        let next = times[place + 1..].iter().find(|next| **next > at).copied().unwrap_or(end);
        let after = entry.map_or_else(String::new, |entry| share(of, entry, at, next));
        Event { at, mark, label, row: Row { what, after } }
    };
    all.into_iter().enumerate().map(with).collect()
}

pub(super) fn blocks(of: &Sources<'_>, events: &[Event]) -> Vec<Block> {
    let plan = of.plan();
    let ends = plan.entries().filter(|(id, _)| !plan.is_part(*id)).count();
    let after = match of.main().filter(|_| ends > 1) {
        Some(main) => format!("users of {} failing after it", of.run.replay.names.entry_point(main.course.entry_point)),
        None => "users failing after it".to_owned(),
    };
    let mut table = Table {
        head: [&zone(plan), "", "what", &after].map(str::to_owned).to_vec(),
        numbers: vec![3],
        ..Table::default()
    };
    let mut number = 0;
    for event in events {
        // What people did and noted has the number that it has in the drawing.
        let mark = if event.mark == Mark::Simulated {
            event.mark.words()
        } else {
            number += 1;
            format!("{number} · {}", event.mark.words())
        };
        if event.mark == Mark::Act("refused") {
            table.marked.push(table.rows.len());
        }
        let Row { what, after } = event.row.clone();
        table.rows.push(vec![text(clock(plan, event.at)), text(mark), what, text(after)]);
    }
    vec![
        Block::Table(table),
        Block::Figure { name: "fleet", caption: FLEET.to_owned() },
        Block::Figure {
            name: "harm",
            caption: "The share of requests that fails at each instant. 100 % means that nobody is served.".to_owned(),
        },
    ]
}

fn of_act(names: &Names<'_>, act: &Act) -> Said {
    let name = names.action(act.action).to_owned();
    let to = match &names.plan().timeline[act.action.index()].what {
        Does::ChangeModel { change, .. } => match change.image {
            Some(ImageReference::Version(of)) => format!(", with the image {}", names.image(ImageId(of))),
            _ => String::new(),
        },
        _ => String::new(),
    };
    let mut line = vec![Span::Text(format!("“{name}”: {}{to}", names.act(act.action)))];
    match act.fate {
        Fate::Refused(by) | Fate::Short(by) => {
            line.push(Span::Text("; ".to_owned()));
            line.push(Span::Strong(sentence(names, &by.fact)));
            line.push(Span::Text(format!(" ({})", by.rule)));
        }
        Fate::Overtaken(other, _) => line.push(Span::Text(format!("; overtaken by “{}”", names.action(other)))),
        Fate::Missed | Fate::Idle => line.push(Span::Text("; nothing came of it".to_owned())),
        Fate::Done => {}
    }
    (act.at, Mark::Act(act.fate.word()), name, line)
}

/// What people noted.
fn noted(of: &Sources<'_>) -> Vec<Said> {
    let said = |note: &Note| {
        let text = if note.text.is_empty() { note.name.clone() } else { format!("{}: {}", note.name, note.text) };
        (note.at, Mark::Observed, note.name.clone(), vec![Span::Text(format!("{} · {text}", note.kind.shown()))])
    };
    of.plan().notes.iter().map(said).collect()
}

/// Batches with their instances, pauses, and how upgrades end.
fn rollouts(names: &Names<'_>, ledger: &[Record], set_of: impl Fn(InstanceId) -> SetId) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    let mut open: BTreeMap<SetId, (SimTime, u32, Vec<InstanceId>)> = BTreeMap::new();
    let mut done: BTreeMap<SetId, (u32, u32)> = BTreeMap::new();
    let mut ended: Vec<(SetId, SimTime, u32, Vec<InstanceId>)> = Vec::new();
    let simulated = |at: SimTime, text: String| (at, Mark::Simulated, String::new(), vec![Span::Text(text)]);
    for record in ledger {
        match record.fact {
            Fact::Rollout(RolloutFact::BatchStarted { set, batch, .. }) => {
                ended.extend(open.remove(&set).map(|(at, batch, who)| (set, at, batch, who)));
                open.insert(set, (record.time, batch, Vec::new()));
            }
            Fact::UpdateStarted { instance, .. } => {
                // A batch is of one set, and so are its instances.
                open.get_mut(&set_of(instance)).into_iter().for_each(|(.., who)| who.push(instance));
            }
            Fact::Rollout(RolloutFact::BatchEnded { set, batch, failed }) => {
                ended.extend(open.remove(&set).map(|(at, batch, who)| (set, at, batch, who)));
                done.insert(set, (batch, failed));
            }
            Fact::Rollout(RolloutFact::Paused { set }) => {
                let (batch, failed) = done.get(&set).copied().unwrap_or_default();
                let pause = spoken(names.plan().sets[set.index()].upgrade.rolling.pause);
                let healthy = if failed == 0 { "counts as healthy" } else { "is over, not all of it healthy" };
                all.push(simulated(
                    record.time,
                    format!("batch {batch} of {} {healthy}; the upgrade pauses for {pause}", names.set(set)),
                ));
            }
            Fact::Rollout(RolloutFact::Ended { .. } | RolloutFact::CancelRequested { .. }) => {
                all.push(simulated(record.time, sentence(names, &record.fact)));
            }
            _ => {}
        }
    }
    ended.extend(open.into_iter().map(|(set, (at, batch, who))| (set, at, batch, who)));
    let began = |(set, at, batch, who): (SetId, SimTime, u32, Vec<InstanceId>)| {
        let (at, mark, _, line) = simulated(at, format!("batch {batch} of {}: {}", names.set(set), list(names, &who)));
        (at, mark, format!("batch {batch}"), line)
    };
    all.extend(ended.into_iter().map(began));
    all
}

/// Instances by name: all of a few, the first of many.
fn list(names: &Names<'_>, who: &[InstanceId]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<&str> = who.iter().take(SHOWN).map(|one| names.instance(*one)).collect();
    match (who.len(), shown.split_last()) {
        (0, _) => "no instance".to_owned(),
        (all, _) if all > SHOWN => format!("{} and {} more", shown.join(", "), all - SHOWN),
        (_, Some((last, rest))) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => shown.concat(),
    }
}

/// Instances that stop serving while nobody works on them, those of about one time together.
fn stops(names: &Names<'_>, ledger: &[Record]) -> Vec<Said> {
    let mut working: BTreeSet<InstanceId> = BTreeSet::new();
    let mut groups: Vec<(Record, SimTime, Vec<InstanceId>)> = Vec::new();
    for record in ledger {
        match record.fact {
            Fact::UpdateStarted { instance, .. } | Fact::InstanceDeleting { instance, .. } => {
                working.insert(instance);
            }
            Fact::Rollout(
                RolloutFact::InstanceUpgraded { instance } | RolloutFact::InstanceFailed { instance, .. },
            ) => {
                working.remove(&instance);
            }
            Fact::ServiceChanged { instance, to: Service::Ready } => {
                working.remove(&instance);
            }
            Fact::ServiceChanged { instance, .. } if !working.contains(&instance) => {
                match groups.last_mut().filter(|(_, last, _)| record.time.since(*last) <= TOGETHER) {
                    Some((_, last, who)) => {
                        *last = record.time;
                        who.push(instance);
                    }
                    None => groups.push((*record, record.time, vec![instance])),
                }
            }
            _ => {}
        }
    }
    let said = |(first, last, who): (Record, SimTime, Vec<InstanceId>)| {
        let by = chain(ledger, &first).nth(1).map_or_else(String::new, |by| format!(": {}", sentence(names, &by.fact)));
        let last = clock(names.plan(), last);
        let until = if who.len() > 1 && last != clock(names.plan(), first.time) {
            format!(", the last of them at {last}")
        } else {
            String::new()
        };
        let verb = if who.len() == 1 { "stops" } else { "stop" };
        let mut who = who;
        who.sort();
        let text = format!("{} {verb} serving users well{until}{by}", list(names, &who));
        (first.time, Mark::Simulated, count(who.len(), "instance") + " fail", vec![Span::Text(text)])
    };
    groups.into_iter().map(said).collect()
}

/// What autoscale does to a capacity; what people do is an act.
fn scaled(names: &Names<'_>, ledger: &[Record]) -> Vec<Said> {
    let is_act =
        |record: &Record| chain(ledger, record).skip(1).any(|one| matches!(one.fact, Fact::ActionTaken { .. }));
    let own = ledger.iter().filter(|record| matches!(record.fact, Fact::CapacitySet { .. }) && !is_act(record));
    own.map(|record| (record.time, Mark::Simulated, "scaled".to_owned(), text(sentence(names, &record.fact)))).collect()
}

/// Where harm begins and no other row says why.
fn unexplained(of: &Sources<'_>, known: &[Said]) -> Vec<Said> {
    let names = &of.run.replay.names;
    let windows = of.run.windows.iter().map(|window| window.course.began);
    let is_near = |at: SimTime| known.iter().any(|(other, ..)| at >= *other && at.since(*other) <= TOGETHER);
    let own = windows.filter(|began| !is_near(began.time));
    own.map(|began| (began.time, Mark::Simulated, "harm".to_owned(), text(sentence(names, &began.fact)))).collect()
}

/// The share of the requests of an entry point that fails from an instant to the next.
fn share(of: &Sources<'_>, entry: EntryPointId, from: SimTime, until: SimTime) -> String {
    let mut pieces: Vec<(String, SimDuration)> = Vec::new();
    for (row, end) in of.run.replay.series.spans(entry) {
        let Some(stretch) = row.requests else { continue };
        let (mut at, end) = (row.time.max(from), end.min(until));
        while at < end {
            let next = if stretch.moves() { (at + TOGETHER).min(end) } else { end };
            let said = whole(stretch.at(at).harmed_share());
            match pieces.last_mut().filter(|(known, _)| *known == said) {
                Some((_, length)) => *length = *length + next.since(at),
                None => pieces.push((said, next.since(at))),
            }
            at = next;
        }
    }
    let ends = pieces.last().is_some_and(|(said, _)| said == "0 %");
    let harmed = pieces.iter().filter(|(said, _)| said != "0 %").map(|(_, length)| *length);
    let harmed = harmed.fold(SimDuration::ZERO, |sum, length| sum + length);
    if pieces.iter().any(|(_, length)| *length > SHORT) {
        let mut at = 0;
        // What holds as the row happens is said, however short.
        pieces.retain(|(_, length)| {
            at += 1;
            at == 1 || *length > SHORT
        });
    }
    pieces.dedup_by(|after, before| {
        let same = after.0 == before.0;
        if same {
            before.1 = before.1 + after.1;
        }
        same
    });
    match &pieces[..] {
        [] => String::new(),
        [(only, _)] => only.clone(),
        [(first, _), (last, _)] if last == "0 %" && ends => format!("{first} for {}", spoken(harmed)),
        [(first, _), (last, _)] => format!("{first}, then {last}"),
        [(first, _), .., (last, _)] => format!("{first} … {last}"),
    }
}

/// A share in whole percent; what is not nothing does not look like it.
fn whole(share: f64) -> String {
    match 100.0 * share {
        none if none <= 0.0 => "0 %".to_owned(),
        little if little < 0.95 => percent(little),
        some => format!("{some:.0} %"),
    }
}
