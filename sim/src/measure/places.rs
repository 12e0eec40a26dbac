//! Where instances are: how many there are in the fleet, in each scale set and in each zone, and what befell them there.

use super::scope::Scope;
use crate::engine::time::SimTime;
use crate::plan::Plan;
use crate::world::fact::Placement;
use crate::world::ids::SetId;

/// The instances of the fleet, or of a part of it. One counts from its creation until its deletion begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    now: u32,
    /// Since when it is that many.
    since: SimTime,
    /// The most at any instant.
    pub(super) most: u32,
    /// The fewest for any time.
    pub(super) least: u32,
    /// Those that ran a bad version, or took users that they could not serve well.
    pub(super) hit: u32,
    /// Spot instances that were evicted.
    pub(super) evicted: u32,
}

impl Place {
    const EMPTY: Self = Self { now: 0, since: SimTime::ZERO, most: 0, least: u32::MAX, hit: 0, evicted: 0 };

    /// What it was until now it was for a while, if time has passed.
    fn pass(&mut self, now: SimTime) {
        if std::mem::replace(&mut self.since, now) < now {
            self.least = self.least.min(self.now);
        }
    }

    fn step(&mut self, now: SimTime, by: i32) {
        self.pass(now);
        self.now = self.now.wrapping_add_signed(by);
        self.most = self.most.max(self.now);
    }
}

/// What is known of every place.
#[derive(Clone, Debug)]
pub(super) struct Places<'p> {
    plan: &'p Plan,
    fleet: Place,
    sets: Vec<Place>,
    /// Four a region: no zone, and zones 1 to 3.
    zones: Vec<Place>,
    /// By set: instances in no zone, and those in zones 1 to 3.
    spread: Vec<[u32; 4]>,
    /// By set: the widest gap between two of its zones that lasted for any time.
    gaps: Vec<u32>,
}

impl<'p> Places<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            fleet: Place::EMPTY,
            sets: vec![Place::EMPTY; plan.sets.len()],
            zones: vec![Place::EMPTY; plan.regions.len() * 4],
            spread: vec![[0; 4]; plan.sets.len()],
            gaps: vec![0; plan.sets.len()],
        }
    }

    fn zone_of(&self, set: SetId, at: Placement) -> usize {
        usize::from(self.plan.sets[set.index()].region) * 4 + usize::from(at.zone)
    }

    /// There is one more instance there, or one fewer.
    pub(super) fn step(&mut self, now: SimTime, set: SetId, at: Placement, by: i32) {
        self.look(now, set);
        let zone = self.zone_of(set, at);
        for place in [&mut self.fleet, &mut self.sets[set.index()], &mut self.zones[zone]] {
            place.step(now, by);
        }
        let spread = &mut self.spread[set.index()][usize::from(at.zone)];
        *spread = spread.wrapping_add_signed(by);
    }

    /// An instance there was hit.
    pub(super) fn hit(&mut self, set: SetId, at: Placement) {
        let zone = self.zone_of(set, at);
        for place in [&mut self.fleet, &mut self.sets[set.index()], &mut self.zones[zone]] {
            place.hit += 1;
        }
    }

    /// An instance there was evicted.
    pub(super) fn evict(&mut self, set: SetId, at: Placement) {
        let zone = self.zone_of(set, at);
        for place in [&mut self.fleet, &mut self.sets[set.index()], &mut self.zones[zone]] {
            place.evicted += 1;
        }
    }

    /// How a set was spread over its zones until now counts, if time has passed.
    fn look(&mut self, now: SimTime, set: SetId) {
        let zones = &self.plan.sets[set.index()].zones;
        if zones.len() > 1 && self.sets[set.index()].since < now {
            let counts = self.spread[set.index()];
            let of = || zones.iter().map(|&zone| counts[usize::from(zone)]);
            let gap = of().max().unwrap_or(0) - of().min().unwrap_or(0);
            let widest = &mut self.gaps[set.index()];
            *widest = gap.max(*widest);
        }
    }

    /// The run is over.
    pub(super) fn end(&mut self, at: SimTime) {
        for set in 0..self.sets.len() {
            self.look(at, SetId(set as u16));
        }
        for place in std::iter::once(&mut self.fleet).chain(&mut self.sets).chain(&mut self.zones) {
            place.pass(at);
        }
    }

    /// What is known of a part of the fleet; where it does not divide the instances, of all.
    pub(super) fn of(&self, scope: Scope) -> &Place {
        match scope {
            Scope::Fleet | Scope::EntryPoint(_) => &self.fleet,
            Scope::ScaleSet(set) => &self.sets[set.index()],
            Scope::Zone(region, zone) => &self.zones[region.index() * 4 + usize::from(zone)],
        }
    }

    /// The widest gap between two zones of a set, or of any; `None` where it has no two.
    pub(super) fn gap(&self, scope: Scope) -> Option<u32> {
        let sets = self.plan.sets.iter().zip(&self.gaps).enumerate();
        let asked = sets.filter(|(at, _)| scope.set().is_none_or(|set| set.index() == *at));
        asked.filter(|(_, (set, _))| set.zones.len() > 1).map(|(_, (_, &gap))| gap).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::testing::minutes;
    use crate::plan::ScaleSet;
    use crate::world::ids::RegionId;

    /// Two in zone 1 and one in zone 2 stand from the start. At 10 min the one of zone 2 goes and two come in zone 1: four in
    /// zone 1 against none for the rest. That at 20 min one more comes and goes at once lasted no time, so the most is 5 and the
    /// gap stays 4; the fewest of zone 2 for any time is 0, and of zone 1 it is 2.
    #[test]
    fn instances_are_counted_where_they_are() {
        let mut plan = Plan::plain("places", minutes(45));
        plan.sets = vec![ScaleSet { zones: vec![1, 2], ..ScaleSet::plain("vmss", 3) }];
        let mut places = Places::new(&plan);
        let (set, at) = (SetId(0), |zone| Placement { zone, ..Placement::default() });
        for zone in [1, 1, 2] {
            places.step(minutes(0), set, at(zone), 1);
        }
        for (zone, by) in [(2, -1), (1, 1), (1, 1)] {
            places.step(minutes(10), set, at(zone), by);
        }
        for by in [1, -1] {
            places.step(minutes(20), set, at(1), by);
        }
        places.hit(set, at(1));
        places.end(minutes(45));
        let of = |scope| {
            let place = places.of(scope);
            (place.least, place.most, place.hit)
        };
        assert_eq!(of(Scope::Zone(RegionId(0), 1)), (2, 5, 1));
        assert_eq!(of(Scope::Zone(RegionId(0), 2)), (0, 1, 0));
        assert_eq!(of(Scope::ScaleSet(set)), (3, 5, 1));
        assert_eq!(of(Scope::Fleet), of(Scope::ScaleSet(set)));
        assert_eq!(places.gap(Scope::Fleet), Some(4));
        assert_eq!(places.gap(Scope::ScaleSet(set)), Some(4));
    }
}
