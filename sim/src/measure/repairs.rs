//! Repairs: how many were begun, and whether they undid each other.
//!
//! A repair follows from another where what was made by the other is in trouble again without a healthy time in between, or
//! where the ledger leads back from the trouble to the other: it took capacity away, the rest slowed down, and one of them
//! was next. Three repairs of which each follows from the one before are a loop: what was repaired came back twice.

use super::fleet::{Change, FleetView, Observer};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, Plan, RepairAction};
use crate::world::fact::{Fact, Record, RepairsFact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// So many repairs in a row are a loop.
pub const LOOP: u32 = 3;

/// What is known of the repairs of a run.
#[derive(Clone, Debug, Default)]
pub struct Repairs {
    /// Some set may have repairs; else nothing is kept.
    watched: bool,
    /// The entries that follow from a repair, in order, with that repair, counted from 1. All others follow from none.
    from: Vec<(u32, u32)>,
    /// By instance: the entry of its creation, and the repair that made it or was last done to it.
    instances: Vec<Origin>,
    /// Every repair, in order.
    repairs: Vec<Repair>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Origin {
    created: u32,
    made_by: u32,
}

/// A repair.
#[derive(Clone, Copy, Debug)]
struct Repair {
    instance: InstanceId,
    set: SetId,
    at: SimTime,
    entry: Entry,
    action: RepairAction,
    /// The repair that it follows from, counted from 1; 0 for none.
    follows: u32,
    /// How many there are in a row, with this one.
    depth: u32,
}

/// Repairs that undid each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepairLoop {
    /// The scale set.
    pub set: SetId,
    /// What is done to the instances.
    pub action: RepairAction,
    /// Repairs in it, over all the places that are caught in it.
    pub repairs: u32,
    /// The longest row of them. In a loop of one place each is of what the one before made.
    pub row: Vec<Step>,
    /// The places that are caught in it: of each row that came to a loop, the instances that were in it, the latest last.
    pub places: Vec<Vec<InstanceId>>,
    /// It is the same place every time, and not one instance after another.
    pub in_place: bool,
}

/// A repair in a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Who was repaired.
    pub instance: InstanceId,
    /// When.
    pub at: SimTime,
    /// Where the ledger says so.
    pub entry: Entry,
}

/// Who was repaired in a row, each once where it was the same again and again.
fn targets(row: &[Step]) -> Vec<InstanceId> {
    let mut targets: Vec<InstanceId> = row.iter().map(|step| step.instance).collect();
    targets.dedup();
    targets
}

impl RepairLoop {
    /// From one repair to the next in its longest row: the mean, and whether it is the same every time.
    #[must_use]
    pub fn period(&self) -> (SimDuration, bool) {
        let steps: Vec<SimDuration> = self.row.windows(2).map(|pair| pair[1].at.since(pair[0].at)).collect();
        let all: u64 = steps.iter().map(|step| step.ms()).sum();
        let even = steps.windows(2).all(|pair| pair[0] == pair[1]);
        (SimDuration::from_ms(all / steps.len().max(1) as u64), even)
    }
}

impl Repairs {
    /// No repair yet.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let changes = |act: &Act| matches!(act, Act::ChangeModel { change, .. } if change.repairs.is_some());
        let watched = plan.sets.iter().any(|set| set.repairs.is_some())
            || plan.timeline.iter().any(|action| changes(&action.what));
        Self { watched, ..Self::default() }
    }

    /// Takes in a record; all have to be, since any may come between one repair and the next.
    #[inline]
    pub(super) fn record(&mut self, fleet: &FleetView<'_>, record: &Record) {
        if self.watched {
            self.follow(fleet, record);
        }
    }

    fn follow(&mut self, fleet: &FleetView<'_>, record: &Record) {
        let mut from = self.of(record.cause.0);
        match record.fact {
            Fact::InstancePresent { .. } | Fact::InstanceCreated { .. } => {
                self.instances.push(Origin { created: record.entry.0, made_by: 0 });
            }
            Fact::Repairs(RepairsFact::Started { instance, action, nth }) => {
                let origin = &mut self.instances[instance.index()];
                // Where it was not healthy since the repair that made it, that is what it follows from.
                let follows = if nth > 1 && origin.made_by > 0 { origin.made_by } else { from };
                let depth = 1 + follows.checked_sub(1).map_or(0, |at| self.repairs[at as usize].depth);
                let (set, at, entry) = (fleet.instances[instance.index()].set, record.time, record.entry);
                self.repairs.push(Repair { instance, set, at, entry, action, follows, depth });
                from = self.repairs.len() as u32;
                origin.made_by = from;
            }
            Fact::Repairs(RepairsFact::Replaced { instance, by }) => {
                from = self.instances[instance.index()].made_by;
                let new = &mut self.instances[by.index()];
                new.made_by = from;
                // Its creation may name what moved `latest` as its cause; it is the doing of the repair all the same.
                let created = new.created;
                match self.from.binary_search_by_key(&created, |&(entry, _)| entry) {
                    Ok(at) => self.from[at].1 = from,
                    Err(at) => self.from.insert(at, (created, from)),
                }
            }
            _ => {}
        }
        if from > 0 {
            self.from.push((record.entry.0, from));
        }
    }

    /// The repair that an entry follows from, counted from 1; 0 for none.
    fn of(&self, entry: u32) -> u32 {
        self.from.binary_search_by_key(&entry, |&(other, _)| other).map_or(0, |at| self.from[at].1)
    }

    /// How many there were, of one set or of all.
    pub(super) fn count(&self, set: Option<SetId>) -> usize {
        self.repairs.iter().filter(|repair| set.is_none_or(|set| repair.set == set)).count()
    }

    /// Whether repairs undid each other.
    #[must_use]
    pub fn looped(&self) -> bool {
        self.repairs.iter().any(|repair| repair.depth >= LOOP)
    }

    /// The loops, each by the repair that it began with.
    #[must_use]
    pub fn loops(&self) -> Vec<RepairLoop> {
        let root = |mut at: u32| {
            while self.repairs[at as usize - 1].follows > 0 {
                at = self.repairs[at as usize - 1].follows;
            }
            at
        };
        let roots: Vec<u32> = (1..=self.repairs.len() as u32).map(root).collect();
        let followed: std::collections::BTreeSet<u32> = self.repairs.iter().map(|repair| repair.follows).collect();
        let mut by_set: Vec<RepairLoop> = Vec::new();
        let mut deepest: Vec<u32> = Vec::new();
        for (at, repair) in (1..).zip(&self.repairs) {
            if followed.contains(&at) || repair.depth < LOOP {
                continue;
            }
            // The end of a row that came to a loop. What goes on in one set is one loop with several places.
            let repairs = roots.iter().filter(|&&root| root == roots[at as usize - 1]).count() as u32;
            let new_root = !deepest.iter().any(|&other| roots[other as usize - 1] == roots[at as usize - 1]);
            deepest.push(at);
            match by_set.iter_mut().find(|found| found.set == repair.set) {
                Some(found) => {
                    let (row, in_place) = self.row(at);
                    found.places.push(targets(&row));
                    found.repairs += if new_root { repairs } else { 0 };
                    if row.len() > found.row.len() {
                        (found.row, found.in_place) = (row, in_place);
                    }
                }
                None => {
                    let (row, in_place) = self.row(at);
                    let (set, action, places) = (repair.set, repair.action, vec![targets(&row)]);
                    by_set.push(RepairLoop { set, action, repairs, row, places, in_place });
                }
            }
        }
        by_set
    }

    /// The row that ends with this repair, from its beginning, and whether it is of one place.
    fn row(&self, end: u32) -> (Vec<Step>, bool) {
        let (mut row, mut in_place, mut at) = (Vec::new(), true, end);
        while at > 0 {
            let repair = &self.repairs[at as usize - 1];
            row.push(Step { instance: repair.instance, at: repair.at, entry: repair.entry });
            if repair.follows > 0 {
                let before = self.repairs[repair.follows as usize - 1].instance;
                in_place &= before == repair.instance || self.made(repair.follows, repair.instance);
            }
            at = repair.follows;
        }
        row.reverse();
        (row, in_place)
    }

    /// Whether an instance is what a repair made.
    fn made(&self, repair: u32, instance: InstanceId) -> bool {
        self.of(self.instances[instance.index()].created) == repair
    }
}

impl Observer for Repairs {
    #[inline]
    fn after(&mut self, fleet: &FleetView<'_>, record: &Record, _: Option<&Change>) {
        self.record(fleet, record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::fleet::Watched;
    use crate::plan::{Image, Number, RepairsPolicy, ScaleSet, Version};
    use crate::rules;
    use crate::world::fact::{Health, Placement};
    use crate::world::ids::{EntryPointId, ImageId};
    use crate::world::run::Sink;

    /// Facts, each with the place in the list, from 1, of what it follows from.
    fn taken_in(facts: &[(u32, Fact)]) -> Repairs {
        let mut plan = Plan::plain("a test", SimTime::from_ms(3_600_000));
        let repairs = Some(RepairsPolicy { enabled: true, ..RepairsPolicy::default() });
        plan.images = vec![Image::plain("image/1.0.0".into(), Version::everywhere(0, Number([1, 0, 0])))];
        plan.sets = vec![ScaleSet { repairs, ..ScaleSet::plain("vmss", 2) }];
        let mut found = Watched::new(&plan, Repairs::new(&plan));
        for (entry, &(cause, fact)) in (1..).zip(facts) {
            let time = SimTime::from_ms(u64::from(entry) * 1000);
            found.record(&Record { entry: Entry(entry), time, cause: Entry(cause), rule: rules::WT_01, fact });
        }
        found.observers
    }

    fn present(of: u32) -> Fact {
        let at = Placement::default();
        Fact::InstancePresent { instance: InstanceId(of), set: SetId(0), image: ImageId(0), at }
    }

    fn repaired(of: u32, nth: u32) -> Fact {
        let (instance, action) = (InstanceId(of), RepairAction::Restart);
        Fact::Repairs(RepairsFact::Started { instance, action, nth })
    }

    const SLOWER: Fact = Fact::LoadStepped { entry_point: EntryPointId(0), step: 1 };

    const fn sick(of: u32) -> Fact {
        Fact::HealthReported { instance: InstanceId(of), to: Health::Unhealthy }
    }

    /// Number 0 is repaired, its load makes number 1 sick, whose repair makes number 0 sick that was well meanwhile.
    #[test]
    fn repairs_that_pass_from_one_to_another_are_a_loop() {
        let facts = [
            (0, present(0)),     // 1
            (0, present(1)),     // 2
            (0, repaired(0, 1)), // 3, at 3 s
            (3, SLOWER),         // 4
            (4, sick(1)),        // 5
            (5, repaired(1, 1)), // 6, at 6 s
            (6, SLOWER),         // 7
            (7, sick(0)),        // 8
            (8, repaired(0, 1)), // 9, at 9 s
        ];
        let found = taken_in(&facts);
        let [one] = &found.loops()[..] else { panic!("{:?}", found.loops()) };
        assert_eq!((one.repairs, one.in_place), (3, false));
        let of = |list: &[u32]| list.iter().map(|&instance| InstanceId(instance)).collect::<Vec<_>>();
        assert_eq!(one.places, [of(&[0, 1, 0])]);
        assert_eq!(one.period(), (SimDuration::from_secs(3), true));
        // Without the last they followed from each other and did not come back.
        assert!(!taken_in(&facts[..8]).looped());
    }

    /// The same instances, each for a reason of its own: the database, at entry 3.
    #[test]
    fn repairs_for_one_cause_are_no_loop() {
        let facts = [
            (0, present(0)),
            (0, present(1)),
            (0, Fact::DependencyDown { dependency: 0 }),
            (3, sick(0)),
            (4, repaired(0, 1)),
            (3, sick(1)),
            (6, repaired(1, 1)),
            (3, sick(0)),
            (8, repaired(0, 1)),
        ];
        let found = taken_in(&facts);
        assert_eq!((found.count(None), found.count(Some(SetId(0))), found.looped()), (3, 3, false));
    }

    /// For that cause, too, it is one if nobody was healthy in between.
    #[test]
    fn what_is_repaired_in_vain_is_a_loop() {
        let facts =
            [(0, present(0)), (0, repaired(0, 1)), (0, repaired(0, 2)), (0, repaired(0, 3)), (0, repaired(0, 4))];
        let found = taken_in(&facts);
        let [one] = &found.loops()[..] else { panic!("{:?}", found.loops()) };
        assert_eq!((one.repairs, one.row.len(), one.in_place), (4, 4, true));
        assert_eq!(one.places, [[InstanceId(0)]]);
    }
}
