//! How rollouts ended, and why one that was wanted never began.

use crate::experiment::replay::Replay;
use windtunnel_sim::measure::catalogue::NEVER_STARTED_BY;
use windtunnel_sim::measure::{Measure, Scope, Value};
use windtunnel_sim::rules::RuleId;
use windtunnel_sim::world::fact::{End, Fact, Field, GalleryFact, OsUpgradeFact, Record, RolloutFact};
use windtunnel_sim::world::ids::SetId;
use windtunnel_words::describe::{Names, sentence};

/// The last rollout of a set with the first that was stopped before it, or what kept the set from one.
#[derive(Clone, Copy, Debug)]
pub enum Rollout {
    /// An upgrade began.
    Upgrade {
        /// The set.
        set: SetId,
        /// How many batches it began.
        batches: u32,
        /// What became of it.
        state: UpgradeState,
        /// The first before it that halted or was cancelled, if one did: its batches, and what became of it.
        before: Option<(u32, UpgradeState)>,
    },
    /// None began.
    NeverStarted {
        /// The set.
        set: SetId,
        /// What kept it from one, the last time.
        by: Record,
    },
}

/// What became of an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpgradeState {
    /// It still runs, between two batches.
    Running,
    /// It is still in a batch.
    InBatch,
    /// It completed.
    Completed,
    /// It completed without a batch, since this rule left out all who are behind.
    AllLeftOut(RuleId),
    /// It was cancelled.
    Cancelled,
    /// It halted.
    Halted,
}

impl Rollout {
    /// Whether it goes on when the run ends.
    pub const fn is_running(&self) -> bool {
        matches!(self, Self::Upgrade { state: UpgradeState::Running | UpgradeState::InBatch, .. })
    }

    /// It in words.
    pub fn words(&self, names: &Names<'_>) -> String {
        let (set, of, before) = match self {
            Self::NeverStarted { by, .. } => return cited(names, by),
            Self::Upgrade { set, batches, state, before } => (names.set(*set), (*batches, *state), before),
        };
        match before {
            None => upgrade(&format!("the upgrade of {set}"), of),
            Some(first) => {
                format!(
                    "{}, and {}",
                    upgrade(&format!("the upgrade of {set}"), *first),
                    upgrade("the one after it", of)
                )
            }
        }
    }
}

/// What became of an upgrade, in words.
fn upgrade(who: &str, (count, state): (u32, UpgradeState)) -> String {
    let batches = match count {
        0 => "before its first batch".to_owned(),
        1 => "after 1 batch".to_owned(),
        n => format!("after {n} batches"),
    };
    match state {
        UpgradeState::InBatch => format!("at the end {who} is still in batch {count}"),
        UpgradeState::Running => format!("at the end {who} still runs, {batches}"),
        UpgradeState::AllLeftOut(rule) => {
            format!("{who} brought nobody anywhere, since all who are behind are left out ({rule})")
        }
        UpgradeState::Completed if count == 0 => format!("{who} had nobody to bring: nobody is behind"),
        UpgradeState::Completed => format!("{who} completed {batches}"),
        UpgradeState::Cancelled => format!("{who} was cancelled {batches}"),
        UpgradeState::Halted => format!("{who} halted {batches}"),
    }
}

/// A fact in words, with its rule.
fn cited(names: &Names<'_>, record: &Record) -> String {
    format!("{} ({})", sentence(names, &record.fact), record.rule)
}

/// The last upgrade of a set.
#[derive(Clone, Copy, Debug)]
struct Last {
    set: SetId,
    batches: u32,
    /// A batch is under way.
    within: bool,
    end: Option<End>,
    left_out: Option<RuleId>,
    /// The first before it that halted or was cancelled.
    before: Option<(u32, UpgradeState)>,
}

impl Last {
    /// How far it came, if it did not come to its end.
    fn stopped(self) -> Option<(u32, UpgradeState)> {
        let state = self.state();
        matches!(state, UpgradeState::Halted | UpgradeState::Cancelled).then_some((self.batches, state))
    }

    const fn state(self) -> UpgradeState {
        match (self.end, self.batches, self.left_out) {
            (None, ..) if self.within => UpgradeState::InBatch,
            (None, ..) => UpgradeState::Running,
            (Some(End::Completed), 0, Some(rule)) => UpgradeState::AllLeftOut(rule),
            (Some(End::Completed), ..) => UpgradeState::Completed,
            (Some(End::Cancelled), ..) => UpgradeState::Cancelled,
            (Some(End::Faulted { .. }), ..) => UpgradeState::Halted,
        }
    }
}

/// The rollouts of a run, record by record.
#[derive(Clone, Debug, Default)]
pub(super) struct Rollouts {
    last: Vec<Last>,
    kept: Vec<(SetId, Record)>,
    begun: Option<SetId>,
}

impl Rollouts {
    pub(super) fn take(&mut self, record: &Record) {
        match record.fact {
            Fact::Rollout(RolloutFact::LeftOut { .. }) => {
                let begun = self.begun;
                let of = self.last.iter_mut().find(|one| Some(one.set) == begun);
                of.into_iter().for_each(|one| one.left_out = Some(record.rule));
            }
            Fact::Rollout(fact) => self.upgrade(fact),
            Fact::OsUpgrade(fact) => {
                let is_idle = matches!(fact, OsUpgradeFact::AlreadyNewest { .. });
                let Some(set) = fact.subject().and_then(Field::set).filter(|_| fact.keeps_from_beginning()) else {
                    return;
                };
                let known = self.kept.iter().any(|(other, _)| *other == set);
                // That everybody is on the newest is what remains after another version was kept from them.
                if !(is_idle && known) {
                    self.kept.retain(|(other, _)| *other != set);
                    self.kept.push((set, *record));
                }
            }
            _ => {}
        }
    }

    fn upgrade(&mut self, fact: RolloutFact) {
        let Some(set) = fact.subject().and_then(Field::set) else { return };
        if let RolloutFact::Started { .. } = fact {
            self.begun = Some(set);
            let new = Last { set, batches: 0, within: false, end: None, left_out: None, before: None };
            match self.last.iter_mut().find(|one| one.set == set) {
                Some(one) => *one = Last { before: one.before.or_else(|| one.stopped()), ..new },
                None => self.last.push(new),
            }
        }
        let Some(one) = self.last.iter_mut().find(|one| one.set == set) else { return };
        match fact {
            RolloutFact::BatchStarted { batch, .. } => (one.batches, one.within) = (batch, true),
            RolloutFact::BatchEnded { .. } => one.within = false,
            RolloutFact::Ended { end, .. } => one.end = Some(end),
            _ => {}
        }
    }

    /// How the last rollout of each set ended, and of a set that had none what kept it from one.
    pub(super) fn finish(self) -> Vec<Rollout> {
        let never = self.kept.iter().filter(|(set, _)| !self.last.iter().any(|one| one.set == *set));
        let never = never.map(|&(set, by)| Rollout::NeverStarted { set, by });
        let upgrade = |one: &Last| {
            let (set, batches, before) = (one.set, one.batches, one.before);
            Rollout::Upgrade { set, batches, state: one.state(), before }
        };
        let upgrades = self.last.iter().map(upgrade);
        upgrades.chain(never).collect()
    }
}

/// A set whose instances stay on the versions they have, since nobody and nothing upgrades it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unreached(Record);

impl Unreached {
    pub(super) fn words(&self, names: &Names<'_>) -> String {
        cited(names, &self.0)
    }
}

/// The last entry, by set and rule, that says that what was published does not reach the set.
#[derive(Clone, Debug, Default)]
pub(super) struct Published(Vec<(SetId, Record)>);

impl Published {
    pub(super) fn take(&mut self, record: &Record) {
        let Fact::Gallery(GalleryFact::InstancesStay { set, .. }) = record.fact else { return };
        match self.0.iter_mut().find(|(of, known)| *of == set && known.rule == record.rule) {
            Some(one) => one.1 = *record,
            None => self.0.push((set, *record)),
        }
    }

    /// Of each set that nothing published ever reached, the last entry of the rule that says so.
    pub(super) fn finish(self, replay: &Replay<'_>) -> Vec<Unreached> {
        let plan = replay.plan();
        let of = |at: usize| {
            let scope = if plan.sets.len() > 1 { Scope::ScaleSet(SetId(at as u16)) } else { Scope::Fleet };
            let rule = Measure::find(&replay.measures, NEVER_STARTED_BY, scope)?;
            let is_it = |one: &&(SetId, Record)| one.0.index() == at && rule == Value::Word(one.1.rule.word());
            self.0.iter().find(is_it).map(|one| Unreached(one.1))
        };
        (0..plan.sets.len()).filter_map(of).collect()
    }
}
