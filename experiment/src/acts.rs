//! What became of each act of the timeline: it was done, Azure refused it or some of it, another act overtook it, or it hit nobody.
//!
//! A refusal stands at the end of a chain of causes that begins with the act, at the same instant. An act that begins an
//! upgrade is overtaken by the act that cancels the upgrade.

use super::replay::Replay;
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::{FleetView, InstanceView, Observer, Watched};
use windtunnel_sim::plan::{Plan, Which};
use windtunnel_sim::world::fact::{
    BuildFact, End, Fact, GalleryFact, OctopusFact, OperatorFact, OsUpgradeFact, Record, RepairsFact, RolloutFact,
    WriteFact,
};
use windtunnel_sim::world::ids::{ActionId, Entry, SetId};
use windtunnel_sim::world::run::Sink;
use windtunnel_words::clock::civil;
use windtunnel_words::describe::{Names, sentence, targets};

/// An act of the timeline, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Act {
    /// The entry of the timeline.
    pub action: ActionId,
    /// When it came.
    pub at: SimTime,
    /// The entry of the ledger.
    pub entry: Entry,
    /// What became of it.
    pub fate: Fate,
}

/// What became of an act.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    /// It was done.
    Done,
    /// It was refused, as this entry says.
    Refused(Record),
    /// Azure made fewer instances than it asked for, as this entry says.
    Short(Record),
    /// What it began was cancelled by a later act, as this entry says.
    Overtaken(ActionId, Record),
    /// It named instances of which none was there.
    Missed,
    /// Nothing came of it.
    Idle,
}

impl Fate {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused(_) => "refused",
            Self::Short(_) => "short",
            Self::Overtaken(..) => "overtaken",
            Self::Missed | Self::Idle => "noEffect",
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Missed | Self::Idle => "no effect",
            other => other.word(),
        }
    }

    /// Whether it came to less than was meant at once.
    #[must_use]
    pub const fn is_vain(self) -> bool {
        matches!(self, Self::Refused(_) | Self::Short(_) | Self::Missed | Self::Idle)
    }

    /// The entry that says so, where one does.
    #[must_use]
    pub const fn by(self) -> Option<Record> {
        match self {
            Self::Refused(by) | Self::Short(by) | Self::Overtaken(_, by) => Some(by),
            Self::Done | Self::Missed | Self::Idle => None,
        }
    }
}

impl Act {
    /// What became of it in words; nothing of what was done.
    #[must_use]
    pub fn words(self, names: &Names<'_>) -> Option<String> {
        let name = names.action(self.action);
        let at = civil(names.plan(), self.at);
        match self.fate {
            Fate::Done => None,
            Fate::Refused(by) => {
                Some(format!("“{name}” of {at} was refused: {} ({})", sentence(names, &by.fact), by.rule))
            }
            Fate::Short(by) => {
                Some(format!("“{name}” of {at} came short: {} ({})", sentence(names, &by.fact), by.rule))
            }
            Fate::Overtaken(other, by) => {
                let then = civil(names.plan(), by.time);
                Some(format!("“{name}” of {at} was overtaken by “{}”: cancelled at {then}", names.action(other)))
            }
            Fate::Missed => Some(format!("“{name}” had no effect: {} at {at}", missing(self.action, names))),
            Fate::Idle => Some(format!("“{name}” of {at} had no effect")),
        }
    }
}

/// Which instances an act did not find, in words.
fn missing(action: ActionId, names: &Names<'_>) -> String {
    let act = &names.plan().timeline[action.index()].what;
    let (set, which) = targets(act).expect("only what names instances can miss them");
    let set = names.set(set);
    match which {
        Which::All | Which::Drawn | Which::Share(_) => format!("{set} had no instance"),
        Which::In { zone, fault_domain } => {
            let zone = zone.map(|zone| format!(" in zone {zone}")).unwrap_or_default();
            let rack = fault_domain.map(|rack| format!(" in fault domain {rack}")).unwrap_or_default();
            format!("{set} had no instance{zone}{rack}")
        }
        Which::One(_) | Which::Ordinals(_) => format!("{set} had no {}", names.selected(which)),
    }
}

/// The acts of a run, entry by entry.
#[derive(Clone, Debug, Default)]
pub struct Collector {
    acts: Vec<Act>,
    refusals: Vec<Record>,
    /// The entry with which the upgrade of each set began that runs.
    running: BTreeMap<SetId, Entry>,
    /// That of each upgrade that was cancelled, with the entry that says so.
    cancelled: Vec<(Entry, Record)>,
}

/// The acts of a run, in the order in which they came.
#[must_use]
pub fn of(replay: &Replay<'_>) -> Vec<Act> {
    of_ledger(replay.plan(), &replay.ledger)
}

/// Those of a whole ledger.
#[must_use]
pub fn of_ledger(plan: &Plan, ledger: &[Record]) -> Vec<Act> {
    let mut walk = Watched::new(plan, Collector::default());
    ledger.iter().for_each(|record| walk.record(record));
    walk.observers.finish(ledger)
}

impl Observer for Collector {
    /// What an act finds is asked of the fleet as it was before.
    fn before(&mut self, fleet: &FleetView<'_>, record: &Record) {
        match record.fact {
            Fact::ActionTaken { action } => {
                let fate = if misses(fleet, action) { Fate::Missed } else { Fate::Done };
                self.acts.push(Act { action, at: record.time, entry: record.entry, fate });
            }
            Fact::Rollout(RolloutFact::Started { set, .. }) => {
                self.running.insert(set, record.entry);
            }
            Fact::Rollout(RolloutFact::Ended { set, end }) => {
                let began = self.running.remove(&set).filter(|_| end == End::Cancelled);
                self.cancelled.extend(began.map(|began| (began, *record)));
            }
            ref fact if refuses(fact) => self.refusals.push(*record),
            _ => {}
        }
    }
}

impl Collector {
    /// What became of them, in the order in which they came.
    #[must_use]
    pub fn finish(mut self, ledger: &[Record]) -> Vec<Act> {
        for by in &self.refusals {
            let Some(behind) = behind(ledger, by.cause) else { continue };
            // What is refused later is what somebody else asked for.
            let is_answered = |act: &&mut Act| act.entry == behind && act.at == by.time && act.fate == Fate::Done;
            let Some(act) = self.acts.iter_mut().find(is_answered) else { continue };
            act.fate = match by.fact {
                Fact::ScaleRefused { .. } => Fate::Short(*by),
                _ => Fate::Refused(*by),
            };
        }
        for (began, by) in &self.cancelled {
            let (Some(first), Some(second)) = (behind(ledger, *began), behind(ledger, by.entry)) else {
                continue;
            };
            let Some(other) = self.acts.iter().find(|act| act.entry == second).map(|act| act.action) else { continue };
            if let Some(act) = self.acts.iter_mut().find(|act| act.entry == first && first != second) {
                act.fate = Fate::Overtaken(other, *by);
            }
        }
        if !self.acts.is_empty() {
            let causes: BTreeSet<Entry> = ledger.iter().map(|record| record.cause).collect();
            let is_idle = |act: &&mut Act| act.fate == Fate::Done && !causes.contains(&act.entry);
            self.acts.iter_mut().filter(is_idle).for_each(|act| act.fate = Fate::Idle);
        }
        self.acts
    }
}

/// The act at the beginning of the chain of causes that leads to an entry.
fn behind(ledger: &[Record], mut entry: Entry) -> Option<Entry> {
    loop {
        let record = ledger.get((entry.0 as usize).checked_sub(1)?)?;
        match record.fact {
            Fact::ActionTaken { .. } => return Some(entry),
            _ if record.cause.0 < entry.0 => entry = record.cause,
            _ => return None,
        }
    }
}

/// Whether Azure, or a product around it, refuses what somebody asked for.
const fn refuses(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::ScaleRefused { .. }
            | Fact::Operator(OperatorFact::Refused { .. })
            | Fact::Rollout(RolloutFact::WriteRefused { .. } | RolloutFact::WriteInvalid { .. })
            | Fact::OsUpgrade(OsUpgradeFact::CallRefused { .. })
            | Fact::Repairs(RepairsFact::CallRefused { .. })
            | Fact::Gallery(GalleryFact::WriteRefused { .. } | GalleryFact::DefinitionRefused { .. })
            | Fact::Build(BuildFact::Refused { .. })
            | Fact::Write(WriteFact::Refused { .. })
            | Fact::Octopus(OctopusFact::Refused { .. })
    )
}

/// Whether an entry of the timeline names instances of which none is there.
fn misses(fleet: &FleetView<'_>, action: ActionId) -> bool {
    let Some((set, which)) = targets(&fleet.plan().timeline[action.index()].what) else { return false };
    let is_meant = |(number, unit): (u32, &InstanceView)| {
        !unit.is_gone()
            && match which {
                Which::One(one) => number == *one,
                Which::Ordinals(numbers) => numbers.contains(&number),
                Which::In { zone, fault_domain } => {
                    zone.is_none_or(|zone| zone == unit.at.zone)
                        && fault_domain.is_none_or(|rack| rack == unit.at.fault_domain)
                }
                Which::All | Which::Drawn | Which::Share(_) => true,
            }
    };
    // The number of an instance in its set is how many there were in it before.
    let of_set = fleet.instances.iter().filter(|unit| unit.set == set);
    !(0..).zip(of_set).any(is_meant)
}
