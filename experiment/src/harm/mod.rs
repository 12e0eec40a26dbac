//! Windows of harm: each time in which users of an entry point are harmed, with what began it, what was first done about it, who
//! noticed it, what ended it, and how much it was. What was done before a window or after it does not count for it.
//!
//! Harm that ceases for less than a minute is one window ([`GAP`]). The parts of an entry point have no windows of their own: what
//! they meet is what its users meet.

mod deeds;
mod extent;

use super::replay::Replay;
use deeds::Deed;
pub use extent::{Extent, STEP, Step};
use std::collections::BTreeSet;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::{FleetView, Observer, Watched};
pub use windtunnel_sim::measure::windows::GAP;
use windtunnel_sim::measure::windows::{Window, Windows};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{AutoscaleFact, End, Fact, Health, Record, RolloutFact};
use windtunnel_sim::world::ids::{Entry, EntryPointId, PoolId, SetId};
use windtunnel_sim::world::run::Sink;

/// A window of harm, as the ledger tells it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// The entry point.
    pub entry_point: EntryPointId,
    /// The entry with which it began.
    pub began: Record,
    /// The entry with which it ended; `None` where it goes on when the run ends.
    pub ended: Option<Record>,
    /// When it ended, or the run.
    pub until: SimTime,
    /// What was first done about it in it, by a probe, a controller, a pipeline or a person.
    pub act: Option<Record>,
    /// Who first noticed it, and with which entry.
    pub noticed: Option<(Noticed, Record)>,
    /// What it ended by, where somebody or something brought that about.
    pub relieved: Option<Record>,
}

/// A window of harm, and how much it was.
#[derive(Clone, Debug, PartialEq)]
pub struct HarmWindow {
    /// How it went.
    pub course: Course,
    /// How much it was.
    pub extent: Extent,
}

/// Who notices harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noticed {
    /// The probe of a balancer.
    Probe,
    /// The health that is reported of an instance.
    Health,
    /// The conditions of a rolling upgrade.
    Gate,
    /// Autoscale.
    Autoscale,
}

impl Noticed {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Health => "health",
            Self::Gate => "gate",
            Self::Autoscale => "autoscale",
        }
    }

    /// As a sentence names it.
    #[must_use]
    pub const fn shown(self) -> &'static str {
        match self {
            Self::Probe => "a probe",
            Self::Health => "the health of an instance",
            Self::Gate => "the conditions of the upgrade",
            Self::Autoscale => "autoscale",
        }
    }
}

impl Course {
    /// When it began.
    #[must_use]
    pub const fn from(&self) -> SimTime {
        self.began.time
    }

    /// Seconds from its beginning until it was noticed.
    #[must_use]
    pub fn detect_s(&self) -> Option<f64> {
        self.noticed.map(|(_, by)| by.time.since(self.from()).seconds())
    }
}

/// The windows of harm of a run, in the order in which they began.
#[must_use]
pub fn windows(replay: &Replay<'_>) -> Vec<HarmWindow> {
    let courses = courses(replay.plan(), &replay.ledger, replay.outcome.end);
    courses.into_iter().map(|course| HarmWindow { extent: extent::of(replay, &course), course }).collect()
}

/// The longest, the first of several.
#[must_use]
pub fn longest(courses: &[Course]) -> Option<usize> {
    let length = |at: &usize| courses[*at].until.since(courses[*at].from());
    (0..courses.len()).rev().max_by_key(length)
}

/// The course of the harm of a run that was the longest; none where nobody was harmed.
#[must_use]
pub fn main(replay: &Replay<'_>) -> Option<Course> {
    let all = courses(replay.plan(), &replay.ledger, replay.outcome.end);
    longest(&all).map(|at| all[at])
}

/// The windows of harm of a ledger, in the order in which they began.
#[must_use]
pub fn courses(plan: &Plan, ledger: &[Record], end: SimTime) -> Vec<Course> {
    let mut walk = Watched::new(plan, Walk { windows: Windows::new(plan), deeds: Vec::new(), notices: Vec::new() });
    ledger.iter().for_each(|record| walk.record(record));
    let Walk { windows, deeds, notices } = walk.observers;
    let own = windows.all().iter().filter(|window| !plan.is_part(window.entry_point));
    own.map(|window| Walked { plan, ledger, deeds: &deeds, notices: &notices, end }.course(window)).collect()
}

/// Gathers what windows are made of.
struct Walk<'p> {
    windows: Windows<'p>,
    deeds: Vec<Deed>,
    notices: Vec<(Noticed, SetId, Record)>,
}

impl Observer for Walk<'_> {
    fn before(&mut self, fleet: &FleetView<'_>, record: &Record) {
        self.windows.take(fleet, record);
        self.deeds.extend(Deed::of(fleet, record));
        self.notices.extend(notice(fleet, record).map(|(by, set)| (by, set, *record)));
    }
}

/// Who notices with an entry that something is wrong with a set, beside the probes.
fn notice(fleet: &FleetView<'_>, record: &Record) -> Option<(Noticed, SetId)> {
    match record.fact {
        Fact::HealthReported { instance, to: Health::Unhealthy } => {
            let unit = fleet.unit(instance)?;
            (unit.is_up() && unit.lane().is_some_and(|lane| lane.harms())).then_some((Noticed::Health, unit.set))
        }
        Fact::Rollout(RolloutFact::Ended { set, end: End::Faulted { .. } }) => Some((Noticed::Gate, set)),
        Fact::Autoscale(AutoscaleFact::Decided { setting, from, to, .. }) if to > from => {
            Some((Noticed::Autoscale, SetId(fleet.plan().autoscale[usize::from(setting.0)].set)))
        }
        _ => None,
    }
}

/// What is known of a run.
struct Walked<'a> {
    plan: &'a Plan,
    ledger: &'a [Record],
    deeds: &'a [Deed],
    notices: &'a [(Noticed, SetId, Record)],
    end: SimTime,
}

impl Walked<'_> {
    fn course(&self, window: &Window) -> Course {
        let record = |entry: Entry| self.ledger[entry.0 as usize - 1];
        let began = record(window.began);
        let ended = window.ended.map(|(_, entry)| record(entry));
        let until = ended.map_or(self.end, |ended| ended.time);
        let last = ended.map_or(Entry(u32::MAX), |ended| ended.entry);
        let pools: Vec<PoolId> = self.plan.pools_behind(window.entry_point).collect();
        let sets: Vec<SetId> = (0..self.plan.sets.len())
            .filter(|set| pools.iter().any(|pool| self.plan.joins(*set, pool.0)))
            .map(|set| SetId(set as u16))
            .collect();
        // What the harm came of is nothing that was done about it.
        let causes: BTreeSet<Entry> = chain(self.ledger, &began).map(|record| record.entry).collect();
        let within = |record: &Record| record.time >= began.time && record.entry <= last;
        let concerns =
            |deed: &&Deed| deed.pool.is_some_and(|p| pools.contains(&p)) || deed.sets.iter().any(|s| sets.contains(s));
        let from = self.deeds.partition_point(|deed| deed.record.time < began.time);
        let mut deeds = self.deeds[from..].iter().take_while(|deed| within(&deed.record));
        let act = deeds.find(|deed| concerns(deed) && !causes.contains(&deed.record.entry)).map(|deed| deed.record);
        let relieved = ended.and_then(|ended| {
            let mut back = chain(self.ledger, &ended).skip(1).take_while(|record| record.time >= began.time);
            back.find(|record| deeds::relieves(&record.fact)).filter(|record| !causes.contains(&record.entry)).copied()
        });
        let probe = window.noticed.map(|(_, entry)| (Noticed::Probe, record(entry)));
        let from = self.notices.partition_point(|(.., record)| record.time < began.time);
        let mut others = self.notices[from..].iter().take_while(|(.., record)| within(record));
        let other = others.find(|(_, set, record)| sets.contains(set) && !causes.contains(&record.entry));
        let noticed = probe.into_iter().chain(other.map(|(by, _, record)| (*by, *record)));
        Course {
            entry_point: window.entry_point,
            began,
            ended,
            until,
            act: act.or(relieved),
            noticed: noticed.min_by_key(|(_, record)| record.entry),
            relieved,
        }
    }
}

/// An entry and what it followed from, back to what has no cause: newest first.
pub fn chain<'l>(ledger: &'l [Record], from: &'l Record) -> impl Iterator<Item = &'l Record> {
    // A cause comes before what it causes, so this ends.
    std::iter::successors(Some(from), |record| ledger.get((record.cause.0 as usize).checked_sub(1)?))
}
