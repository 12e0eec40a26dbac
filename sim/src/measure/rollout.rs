//! How upgrades went.

use super::Value;
use super::catalogue::Outcome;
use crate::engine::time::SimTime;
use crate::rules::{self, RuleId};
use crate::world::fact::{End, Field, OsUpgradeFact, Record, RolloutFact};
use crate::world::ids::SetId;

/// What is known of the upgrades of each set.
#[derive(Clone, Debug, Default)]
pub struct Rollouts {
    sets: Vec<Sums>,
    /// The set whose upgrade began last.
    last: Option<SetId>,
}

/// The upgrades of one set.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    upgrades: u32,
    completed: u32,
    cancelled: u32,
    halted: u32,
    batches: u32,
    /// From the beginning of each upgrade to its end, added up.
    length_s: f64,
    running: Option<SimTime>,
    first_error: Option<&'static str>,
    first_halt: Option<SimTime>,
    /// Batches of the last upgrade, and the rule by which somebody was left out of it.
    of_last: (u32, Option<RuleId>),
    /// The rule by which an upgrade that was wanted did not begin, or had nobody to bring; the last one.
    kept: Option<RuleId>,
    /// The rule by which its instances stay on what they run although a newer version was published, where no automatic upgrade
    /// is enabled that would bring them there.
    stays: Option<RuleId>,
    /// Automatic OS upgrade is enabled.
    automatic: bool,
    /// Somebody brought an instance to another image, or a new one came up.
    moved: bool,
}

impl Sums {
    /// No upgrade began, and none was wanted.
    fn untouched(&self) -> bool {
        self.upgrades == 0 && self.kept_by().is_none()
    }

    /// The rule that keeps it from what was wanted: what was published and reached nobody was wanted, too.
    fn kept_by(&self) -> Option<RuleId> {
        self.kept.or(self.stays.filter(|_| !self.moved))
    }

    /// The rule that kept a set from a rollout, where there was none at all.
    fn never(&self) -> Option<RuleId> {
        self.kept_by().filter(|_| self.batches == 0)
    }
}

impl Rollouts {
    /// No upgrade yet, on these sets: whether automatic OS upgrade is enabled on each.
    #[must_use]
    pub fn new(automatic: impl Iterator<Item = bool>) -> Self {
        let sums = |automatic| Sums { automatic, ..Sums::default() };
        Self { sets: automatic.map(sums).collect(), last: None }
    }

    /// An instance of a set comes to an image otherwise than by an upgrade in batches.
    pub fn moved(&mut self, set: SetId) {
        self.sets[set.index()].moved = true;
    }

    /// What a set runs it stays on, by this rule, although a newer version was published.
    pub fn stay(&mut self, set: SetId, rule: RuleId) {
        let sums = &mut self.sets[set.index()];
        sums.stays = Some(rule).filter(|_| !sums.automatic).or(sums.stays);
    }

    /// Something of the automatic upgrades, by this rule.
    pub fn automatic(&mut self, fact: OsUpgradeFact, rule: RuleId) {
        match fact {
            OsUpgradeFact::Enabled { set } => self.sets[set.index()].automatic = true,
            OsUpgradeFact::Disabled { set } => self.sets[set.index()].automatic = false,
            fact => {
                if let Some(set) = fact.subject().and_then(Field::set).filter(|_| fact.keeps_from_beginning()) {
                    let kept = &mut self.sets[set.index()].kept;
                    // That everybody is on the newest is what remains after another version was kept from them.
                    match fact {
                        OsUpgradeFact::AlreadyNewest { .. } => _ = kept.get_or_insert(rule),
                        _ => *kept = Some(rule),
                    }
                }
            }
        }
    }

    /// Something of an upgrade in batches.
    pub fn upgrade(&mut self, fact: RolloutFact, record: &Record) {
        if let RolloutFact::LeftOut { .. } = fact {
            // It is said right after the upgrade that it is of; nobody else begins one in between.
            if let Some(sums) = self.last.and_then(|set| self.sets.get_mut(set.index())) {
                sums.of_last.1 = Some(record.rule);
            }
            return;
        }
        let Some(set) = fact.subject().and_then(Field::set) else { return };
        let sums = &mut self.sets[set.index()];
        match fact {
            RolloutFact::Started { .. } => {
                sums.upgrades += 1;
                sums.running = Some(record.time);
                sums.of_last = (0, None);
                self.last = Some(set);
            }
            RolloutFact::BatchStarted { .. } => {
                sums.batches += 1;
                sums.of_last.0 += 1;
            }
            RolloutFact::Ended { end, .. } => {
                if let Some(since) = sums.running.take() {
                    sums.length_s += record.time.since(since).seconds();
                }
                if sums.of_last.0 == 0 && end != End::Cancelled {
                    let nobody = sums.of_last.1.unwrap_or(rules::RU_35);
                    sums.kept = Some(if end == End::Completed { nobody } else { record.rule });
                }
                match end {
                    // What had nobody to bring completed nothing.
                    End::Completed => sums.completed += u32::from(sums.of_last.0 > 0),
                    End::Cancelled => sums.cancelled += 1,
                    End::Faulted { error, .. } => {
                        sums.halted += 1;
                        sums.first_error.get_or_insert(error.word());
                        sums.first_halt.get_or_insert(record.time);
                    }
                }
            }
            _ => {}
        }
    }

    /// When an upgrade of any set first halted.
    #[must_use]
    pub fn first_halt(&self) -> Option<SimTime> {
        self.sets.iter().filter_map(|sums| sums.first_halt).min()
    }

    /// Those of one set, or of all.
    fn of(&self, set: Option<SetId>) -> &[Sums] {
        set.map_or(&self.sets[..], |set| std::slice::from_ref(&self.sets[set.index()]))
    }

    fn sum(&self, set: Option<SetId>, of: fn(&Sums) -> u32) -> u32 {
        self.of(set).iter().map(of).sum()
    }

    fn is_running(&self, set: Option<SetId>) -> bool {
        self.of(set).iter().any(|sums| sums.running.is_some())
    }

    /// How those of a set ended, or of all: then the worst.
    pub(super) fn outcome(&self, set: Option<SetId>) -> Value {
        if set.is_some() && self.of(set).iter().all(Sums::untouched) {
            return Value::NotComputed("no rollout of this scale set was wanted");
        }
        let outcome = match () {
            () if self.sum(set, |sums| sums.halted) > 0 => Outcome::Halted,
            () if self.sum(set, |sums| sums.cancelled) > 0 => Outcome::Cancelled,
            () if self.is_running(set) => Outcome::Running,
            () if self.sum(set, |sums| sums.completed) > 0 => Outcome::Completed,
            () => Outcome::NeverStarted,
        };
        Value::Word(outcome.word())
    }

    /// The rule by which one that was wanted did not begin.
    pub(super) fn never_started_by(&self, set: Option<SetId>) -> Option<RuleId> {
        self.of(set).iter().find_map(Sums::never)
    }

    /// From the start of each to its end, added up.
    pub(super) fn duration(&self, set: Option<SetId>, horizon: SimTime) -> Value {
        if self.sum(set, |sums| sums.upgrades) == 0 {
            return Value::NotComputed("no upgrade started");
        }
        let sets = self.of(set).iter();
        let open: f64 = sets.clone().filter_map(|sums| sums.running).map(|since| horizon.since(since).seconds()).sum();
        let length: f64 = sets.map(|sums| sums.length_s).sum();
        Value::so_far(length + open, self.is_running(set))
    }

    pub(super) fn batches(&self, set: Option<SetId>) -> u32 {
        self.sum(set, |sums| sums.batches)
    }

    /// Azure's own code of the first that halted.
    pub(super) fn first_error(&self, set: Option<SetId>) -> Option<&'static str> {
        self.of(set).iter().find_map(|sums| sums.first_error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::testing::{minutes, records};
    use crate::world::fact::{Fact, GalleryFact, LeftOut, StartedBy, Unmet, UpgradeError};

    fn taken_in(rollouts: &mut Rollouts, record: &Record) {
        match record.fact {
            Fact::Rollout(fact) => rollouts.upgrade(fact, record),
            Fact::OsUpgrade(fact) => rollouts.automatic(fact, record.rule),
            Fact::Gallery(GalleryFact::InstancesStay { set, .. }) => rollouts.stay(set, record.rule),
            fact => panic!("{fact:?}"),
        }
    }

    /// Two upgrades of the first set, of 20 and 10 minutes, the second halted; one of the other set is still on its way
    /// after 15 minutes.
    #[test]
    fn the_worst_outcome_counts_and_lengths_are_added_up() {
        let (a, b, by, image) = (SetId(0), SetId(1), StartedBy::User, None);
        let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
        let batch = |set, batch| RolloutFact::BatchStarted { set, batch, size: 1, zone: 0, surge: false };
        let faulted = End::Faulted { error, measured: 10_000, limit: 20 };
        let facts = [
            (0, RolloutFact::Started { set: a, image, by }),
            (0, batch(a, 1)),
            (10, batch(a, 2)),
            (20, RolloutFact::Ended { set: a, end: End::Completed }),
            (20, RolloutFact::Started { set: a, image, by }),
            (20, batch(a, 1)),
            (30, RolloutFact::Ended { set: a, end: faulted }),
            (30, RolloutFact::Started { set: b, image, by }),
            (30, batch(b, 1)),
        ]
        .map(|(minute, fact)| (minute, Fact::Rollout(fact)));
        let mut rollouts = Rollouts::new([false; 3].into_iter());
        for record in records(&facts) {
            taken_in(&mut rollouts, &record);
        }
        assert_eq!(rollouts.outcome(None), Value::Word("halted"));
        assert_eq!(rollouts.outcome(Some(b)), Value::Word("running"));
        assert!(matches!(rollouts.outcome(Some(SetId(2))), Value::NotComputed(_)));
        assert_eq!(rollouts.duration(Some(a), minutes(45)), Value::Number(1800.0));
        assert_eq!(rollouts.duration(None, minutes(45)), Value::AtLeast(2700.0));
        assert_eq!(rollouts.batches(None), 4);
        assert_eq!((rollouts.first_error(None), rollouts.first_error(Some(b))), (Some(error.word()), None));
        assert_eq!(rollouts.first_halt(), Some(minutes(30)));
        assert_eq!(rollouts.never_started_by(None), None);
    }

    /// An upgrade that completes without a batch has completed nothing: everybody was protected (RU-36). Of the next set the
    /// gate was closed before the first batch (RU-20), and the last is Flexible (OS-07).
    #[test]
    fn what_was_wanted_and_never_began_names_its_rule() {
        let (by, image) = (StartedBy::User, None);
        let error = UpgradeError::MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade;
        let (a, b, c, instance) = (SetId(0), SetId(1), SetId(2), crate::world::ids::InstanceId(0));
        let facts = [
            (Fact::Rollout(RolloutFact::Started { set: a, image, by }), rules::RS_11),
            (Fact::Rollout(RolloutFact::LeftOut { instance, why: LeftOut::Protected }), rules::RU_36),
            (Fact::Rollout(RolloutFact::Ended { set: a, end: End::Completed }), rules::RS_02),
            (Fact::Rollout(RolloutFact::Started { set: b, image, by }), rules::RS_11),
            (
                Fact::Rollout(RolloutFact::Ended { set: b, end: End::Faulted { error, measured: 10_000, limit: 20 } }),
                rules::RU_20,
            ),
            (Fact::OsUpgrade(OsUpgradeFact::Prevented { set: c, image: None, why: Unmet::Flexible }), rules::OS_07),
        ];
        let mut rollouts = Rollouts::new([false; 3].into_iter());
        for (mut record, (_, rule)) in records(&facts.map(|(fact, _)| (0, fact))).into_iter().zip(facts) {
            record.rule = rule;
            taken_in(&mut rollouts, &record);
        }
        let all = [(a, "neverStarted", rules::RU_36), (b, "halted", rules::RU_20), (c, "neverStarted", rules::OS_07)];
        for (set, outcome, rule) in all {
            assert_eq!(rollouts.outcome(Some(set)), Value::Word(outcome));
            assert_eq!(rollouts.never_started_by(Some(set)), Some(rule));
        }
    }

    /// Both follow what is published (UM-13), and nobody upgrades them. The first stays where it is, which the rule says;
    /// of the second an instance is created from the new version, and of the third automatic upgrade has yet to begin.
    #[test]
    fn what_is_published_and_reaches_nobody_never_started() {
        let stay = |set| (1, Fact::Gallery(GalleryFact::InstancesStay { set: SetId(set), count: 2 }));
        let mut rollouts = Rollouts::new([false, false, true].into_iter());
        for mut record in records(&[stay(0), stay(1), stay(2)]) {
            record.rule = rules::UM_13;
            taken_in(&mut rollouts, &record);
        }
        rollouts.moved(SetId(1));
        let of = |set| (rollouts.outcome(Some(SetId(set))), rollouts.never_started_by(Some(SetId(set))));
        assert_eq!(of(0), (Value::Word("neverStarted"), Some(rules::UM_13)));
        for set in [1, 2] {
            assert!(matches!(of(set), (Value::NotComputed(_), None)), "{set}");
        }
    }
}
