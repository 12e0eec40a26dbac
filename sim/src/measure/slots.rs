//! Slots: the places of a fleet. A machine that replaces another takes its slot, so a fleet of 24 has 24 slots however often its
//! machines were replaced. What was hit is counted in slots, and the map of the fleet has a row for each.

use crate::engine::time::{ShortTime, SimTime};
use crate::plan::Plan;
use crate::world::fact::{Fact, Placement, Record};
use crate::world::ids::{InstanceId, SetId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Where a machine is, as far as a replacement must be there too: its set, its zone, its fault domain.
type Place = (u16, u8, u8);

/// One slot. It is held, or free; a free one is no longer wanted where its set has as many others as it wants.
#[derive(Clone, Copy, Debug)]
struct Slot {
    place: Place,
    /// Since when it is free.
    since: ShortTime,
    held: bool,
    wanted: bool,
    hit: bool,
}

const _: () = assert!(size_of::<Slot>() <= 14);

/// The slots of one set.
#[derive(Clone, Debug, Default)]
struct Of {
    /// The capacity as it is written.
    capacity: u32,
    /// Slots that are wanted or held.
    slots: u32,
    /// Those that are free, and wanted still: the one that is free longest comes first.
    spare: BTreeSet<(SimTime, u32)>,
    /// Slots hit that are wanted or held.
    hit: u32,
    /// Slots hit that are not wanted any more.
    hit_and_gone: u32,
}

/// The slots of a fleet, as the facts tell them.
#[derive(Clone, Debug)]
pub struct Slots {
    slots: Vec<Slot>,
    /// By instance: its slot.
    of: Vec<u32>,
    sets: Vec<Of>,
    /// Free slots by place. Of those that became free last the first is taken next.
    free: BTreeMap<Place, BTreeSet<(SimTime, Reverse<u32>)>>,
    /// The greatest share of the slots that was hit, at the instants at which one was.
    share_max: f64,
}

impl Slots {
    /// No machine yet.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let set = |set: &crate::plan::ScaleSet| Of { capacity: set.capacity, ..Of::default() };
        Self {
            slots: Vec::with_capacity(plan.initial_instances()),
            of: Vec::with_capacity(plan.initial_instances()),
            sets: plan.sets.iter().map(set).collect(),
            free: BTreeMap::new(),
            share_max: 0.0,
        }
    }

    /// The slot of an instance that is known.
    #[must_use]
    pub fn slot(&self, instance: InstanceId) -> u32 {
        self.of[instance.index()]
    }

    /// The greatest share of the slots that were hit, 0 to 1: of those that were wanted when one was hit, with those that were
    /// hit before and are not wanted any more.
    #[must_use]
    pub const fn share_max(&self) -> f64 {
        self.share_max
    }

    /// Takes in a fact.
    pub fn take(&mut self, record: &Record) {
        match record.fact {
            Fact::InstancePresent { set, at, .. } | Fact::InstanceCreated { set, at, .. } => self.come(set, at),
            Fact::InstanceDeleting { instance, .. } => self.go(instance, record.time),
            Fact::DeletionFailed { instance, again: false, .. } => self.stay(instance),
            Fact::CapacitySet { set, to, .. } => self.scale(set, to),
            _ => {}
        }
    }

    /// The capacity of a set is written.
    pub(super) fn scale(&mut self, set: SetId, to: u32) {
        self.sets[set.index()].capacity = to;
        self.settle(set.index());
    }

    /// An instance was hit, and with it its slot.
    pub fn hit(&mut self, instance: InstanceId) {
        let slot = &mut self.slots[self.of[instance.index()] as usize];
        let of = &mut self.sets[usize::from(slot.place.0)];
        if std::mem::replace(&mut slot.hit, true) {
            return;
        }
        *if slot.wanted { &mut of.hit } else { &mut of.hit_and_gone } += 1;
        // Of a surge, more may stand than are wanted.
        let hit: u32 = self.sets.iter().map(|of| of.hit.min(of.capacity) + of.hit_and_gone).sum();
        let all: u32 = self.sets.iter().map(|of| of.capacity + of.hit_and_gone).sum();
        if all > 0 {
            self.share_max = self.share_max.max(f64::from(hit) / f64::from(all));
        }
    }

    /// A machine comes.
    pub(super) fn come(&mut self, set: SetId, at: Placement) {
        let place = (set.0, at.zone, at.fault_domain);
        let slot = match self.free.get_mut(&place).and_then(BTreeSet::pop_last) {
            Some((_, Reverse(slot))) => slot,
            None => {
                self.slots.push(Slot {
                    place,
                    since: ShortTime::new(SimTime::ZERO),
                    held: false,
                    wanted: false,
                    hit: false,
                });
                self.slots.len() as u32 - 1
            }
        };
        self.hold(slot);
        self.of.push(slot);
    }

    /// A slot, which is in no list any more of those that are free, is held.
    fn hold(&mut self, slot: u32) {
        let row = &mut self.slots[slot as usize];
        let of = &mut self.sets[usize::from(row.place.0)];
        if row.wanted {
            of.spare.remove(&(row.since.time(), slot));
        } else {
            of.slots += 1;
            (of.hit, of.hit_and_gone) = (of.hit + u32::from(row.hit), of.hit_and_gone - u32::from(row.hit));
        }
        (row.held, row.wanted) = (true, true);
    }

    /// The slot of an instance is free for another when its deletion begins.
    pub(super) fn go(&mut self, instance: InstanceId, now: SimTime) {
        let slot = self.of[instance.index()];
        let row = &mut self.slots[slot as usize];
        (row.held, row.since) = (false, ShortTime::new(now));
        let place = row.place;
        self.free.entry(place).or_default().insert((now, Reverse(slot)));
        self.sets[usize::from(place.0)].spare.insert((now, slot));
        self.settle(usize::from(place.0));
    }

    /// The deletion of an instance failed: it has its slot again, or another where that was taken.
    pub(super) fn stay(&mut self, instance: InstanceId) {
        let slot = self.of[instance.index()];
        let Slot { held, place, since, .. } = self.slots[slot as usize];
        if held {
            self.come(SetId(place.0), Placement { zone: place.1, fault_domain: place.2, group: 0 });
            let new = self.of.pop().expect("a slot was just given");
            self.of[instance.index()] = new;
        } else {
            self.free.entry(place).or_default().remove(&(since.time(), Reverse(slot)));
            self.hold(slot);
        }
    }

    /// Where a set has more slots than it wants, those that are free longest are not wanted any more.
    fn settle(&mut self, set: usize) {
        let of = &mut self.sets[set];
        while of.slots > of.capacity
            && let Some((_, slot)) = of.spare.pop_first()
        {
            let row = &mut self.slots[slot as usize];
            row.wanted = false;
            of.slots -= 1;
            (of.hit, of.hit_and_gone) = (of.hit - u32::from(row.hit), of.hit_and_gone + u32::from(row.hit));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::testing::{records, stale_plan};
    use crate::world::fact::{CapacityBy, Deletion};
    use crate::world::ids::ImageId;

    fn created(number: u32) -> Fact {
        let (set, image, at) = (SetId(0), ImageId(0), Placement::default());
        Fact::InstanceCreated { instance: InstanceId(number), set, image, at, surges: false }
    }

    fn deleting(number: u32) -> Fact {
        Fact::InstanceDeleting { instance: InstanceId(number), why: Deletion::ScaleIn }
    }

    fn after(facts: &[(u64, Fact)]) -> Slots {
        let mut slots = Slots::new(&stale_plan());
        records(facts).iter().for_each(|record| slots.take(record));
        slots
    }

    fn of(slots: &Slots) -> Vec<u32> {
        (0..slots.of.len()).map(|number| slots.slot(InstanceId(number as u32))).collect()
    }

    /// Two stand from the beginning. One goes at 10, and who comes at 12 takes its slot; who comes at 15 while both are held has
    /// a third. The other of the first goes at 20, and who comes at 25 has its slot.
    #[test]
    fn a_replacement_takes_the_slot_of_the_one_it_replaces() {
        let records_by_hand = [
            (0, created(0)),
            (0, created(1)),
            (10, deleting(0)),
            (12, created(2)),
            (15, created(3)),
            (20, deleting(1)),
            (25, created(4)),
        ];
        assert_eq!(of(&after(&records_by_hand)), [0, 1, 0, 2, 1]);
    }

    /// The deletion of 0 fails when 2 has its slot, that of 1 when nobody has it.
    #[test]
    fn who_is_not_deleted_after_all_has_its_slot_again_or_another() {
        let stays = |number| Fact::DeletionFailed { instance: InstanceId(number), attempt: 1, again: false };
        let records_by_hand = [
            (0, created(0)),
            (0, created(1)),
            (10, deleting(0)),
            (11, deleting(1)),
            (11, stays(1)),
            (12, created(2)),
            (13, stays(0)),
        ];
        assert_eq!(of(&after(&records_by_hand)), [2, 1, 0]);
    }

    /// Two are wanted. Three machines after each other in the first slot are bad: one of two. A surge: a third machine stands
    /// beside the two and is bad too: both of two, and no more. Then the set wants one; the slots of 3 and 1, which is good,
    /// are let go, and nobody else is hit.
    #[test]
    fn slots_that_were_hit_are_never_more_than_there_are() {
        let mut slots = after(&[(0, created(0)), (0, created(1))]);
        let mut play = |facts: &[(u64, Fact)], hit: u32, share: f64| {
            records(facts).iter().for_each(|record| slots.take(record));
            slots.hit(InstanceId(hit));
            assert_eq!(slots.share_max(), share);
        };
        play(&[], 0, 0.5);
        play(&[(1, deleting(0)), (2, created(2))], 2, 0.5);
        play(&[(3, deleting(2)), (4, created(3))], 3, 0.5);
        play(&[(5, created(4))], 4, 1.0);
        let set = SetId(0);
        play(
            &[
                (6, Fact::CapacitySet { set, from: 2, to: 1, by: CapacityBy::Request }),
                (6, deleting(3)),
                (6, deleting(1)),
            ],
            1,
            1.0,
        );
    }

    /// Of two that are present one is let go, and takes users for a while when it cannot serve them: one of the two slots that there were.
    #[test]
    fn a_slot_that_is_let_go_counts_beside_those_that_are_wanted() {
        let set = SetId(0);
        let mut slots = after(&[
            (0, created(0)),
            (0, created(1)),
            (9, Fact::CapacitySet { set, from: 2, to: 1, by: CapacityBy::Request }),
            (9, deleting(1)),
        ]);
        slots.hit(InstanceId(1));
        assert_eq!(slots.share_max(), 0.5);
    }
}
