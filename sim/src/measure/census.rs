//! Instances: which were hit, how many there were, what they ran, how long.

use super::fleet::{Change, FleetView, InstanceView};
use super::places::Places;
use super::slots::Slots;
use crate::engine::time::{ShortTime, SimDuration, SimTime};
use crate::plan::Plan;
use crate::rules;
use crate::world::fact::{CapacityBy, Deletion, JobFact, Placement, Service, SpotFact};
use crate::world::ids::{ActionId, ImageId, InstanceId, RegionId, SetId};
use std::collections::{BTreeMap, BTreeSet};

/// A scale action that goes the other way so soon after the one before undoes it. Later, the load has changed.
pub const FLAP: SimDuration = SimDuration::from_mins(60);

/// No instant of a run: since when an instance is billed that is not.
const NOT_BILLED: SimTime = SimTime::FAR;

/// Of which instances something is so: a bit for each.
#[derive(Clone, Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn of(&self, instance: InstanceId) -> bool {
        self.0.get(instance.index() / 64).is_some_and(|bits| bits >> (instance.index() % 64) & 1 > 0)
    }

    /// It is so from now on; gives whether it was.
    fn set(&mut self, instance: InstanceId) -> bool {
        let place = instance.index() / 64;
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        let was = self.of(instance);
        self.0[place] |= 1 << (instance.index() % 64);
        was
    }
}

/// What the fleet went through.
#[derive(Clone, Debug)]
pub struct Census<'p> {
    plan: &'p Plan,
    /// Since when each instance is billed; [`NOT_BILLED`] if it is not.
    billed: Vec<ShortTime>,
    /// Those that were hit.
    hit: Bits,
    /// Those that are billed as Spot instances.
    spot: Bits,
    declared: Vec<u32>,
    /// The sum of them.
    declared_now: u32,
    /// The same of the sets that are in a pool.
    declared_in_pools: u32,
    /// How many there are where, and what befell them there.
    pub(super) places: Places<'p>,
    /// Instances in rotation that are ready.
    serving: u32,
    last: SimTime,
    /// Instances that began at this instant to take users that they cannot serve well.
    exposed: (SimTime, Vec<InstanceId>),
    /// The slots of those that were hit.
    pub slots: Slots,
    /// Where they were.
    pub hit_places: BTreeSet<(u16, u8, u16, u8, u8)>,
    /// The largest declared capacity.
    pub declared_max: u32,
    /// The least share of the declared capacity that was in rotation and ready.
    pub serving_share_min: f64,
    stale_instance_ms: u64,
    stale_serving: u32,
    /// Instance-seconds that are billed (LC-03).
    pub billed_s: f64,
    /// Times the capacity was written.
    pub scale_actions: u32,
    /// Instance-seconds that are billed at the Spot price.
    pub spot_s: f64,
    /// What they cost, where prices are known; the sets of which none is known.
    pub credits: f64,
    unpriced: bool,
    /// Who has another size than its set began with: the action that gave it.
    sizes: BTreeMap<InstanceId, usize>,
    /// In a world without CO-08, those beside what they replace.
    beside: Vec<(SetId, InstanceId)>,
    /// The Spot price of each region now, where its market states one.
    prices: Vec<Option<f64>>,
    /// Jobs that began, were done, and were lost.
    pub jobs: [u32; 3],
    /// Seconds of work that were lost.
    pub lost_work_s: f64,
    /// Times it was written the other way within [`FLAP`] of the time before.
    pub scale_flaps: u32,
    /// By set: when the capacity was last written, and whether it rose.
    last_scale: Vec<Option<(SimTime, bool)>>,
}

impl<'p> Census<'p> {
    /// No instances yet.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        let mut census = Self {
            plan,
            billed: Vec::with_capacity(plan.initial_instances()),
            hit: Bits::default(),
            spot: Bits::default(),
            declared: plan.sets.iter().map(|set| set.capacity).collect(),
            declared_now: plan.sets.iter().map(|set| set.capacity).sum(),
            declared_in_pools: plan.sets.iter().filter(|set| !set.pools.is_empty()).map(|set| set.capacity).sum(),
            places: Places::new(plan),
            serving: 0,
            last: SimTime::ZERO,
            exposed: (SimTime::ZERO, Vec::new()),
            slots: Slots::new(plan),
            hit_places: BTreeSet::new(),
            declared_max: 0,
            serving_share_min: f64::INFINITY,
            stale_instance_ms: 0,
            stale_serving: 0,
            billed_s: 0.0,
            scale_actions: 0,
            spot_s: 0.0,
            credits: 0.0,
            unpriced: false,
            sizes: BTreeMap::new(),
            beside: Vec::new(),
            prices: vec![None; plan.regions.len()],
            jobs: [0; 3],
            lost_work_s: 0.0,
            scale_flaps: 0,
            last_scale: vec![None; plan.sets.len()],
        };
        for market in &plan.markets {
            census.prices[market.region as usize] = market.prices.first().map(|&(_, price)| price);
        }
        census.declared_max = census.declared_now;
        census
    }

    /// Instance-seconds in rotation with code older than users need.
    #[must_use]
    pub fn stale_instance_s(&self) -> f64 {
        self.stale_instance_ms as f64 / 1000.0
    }

    /// Whether some are so now.
    #[must_use]
    pub const fn has_stale(&self) -> bool {
        self.stale_serving > 0
    }

    /// Integrates up to this instant, and takes the values that held until then: before any of them changes.
    fn advance(&mut self, to: SimTime) {
        if to <= self.last {
            return;
        }
        let ms = to.since(self.last).ms();
        self.last = to;
        // What is in no pool takes no users, and is short of nothing.
        if self.declared_in_pools > 0 {
            let share = f64::from(self.serving) / f64::from(self.declared_in_pools);
            self.serving_share_min = self.serving_share_min.min(share);
        }
        self.stale_instance_ms += u64::from(self.stale_serving) * ms;
    }

    /// Time has passed: who is still exposed is hit. Who was so for no time, as what leaves its pool at the instant at which
    /// its deletion begins, took nobody. It is asked before the fleet changes.
    #[inline]
    pub fn settle(&mut self, fleet: &FleetView<'_>, now: SimTime) {
        if !self.exposed.1.is_empty() && now != self.exposed.0 {
            self.hit_exposed(fleet);
        }
    }

    fn hit_exposed(&mut self, fleet: &FleetView<'_>) {
        let mut exposed = std::mem::take(&mut self.exposed.1);
        for instance in exposed.drain(..) {
            let unit = &fleet.instances[instance.index()];
            if unit.in_rotation() && unit.said != Some(Service::Ready) {
                self.hit(fleet, instance);
            }
        }
        // The room is used again.
        self.exposed.1 = exposed;
    }

    /// An instance comes: asked for, or up from before the run began.
    pub fn come(&mut self, fleet: &FleetView<'_>, instance: InstanceId, now: SimTime, at_start: bool) {
        let unit = &fleet.instances[instance.index()];
        self.slots.come(unit.set, unit.at);
        let billed_from = if at_start || !self.plan.rules.on(rules::LC_03) { now } else { NOT_BILLED };
        self.billed.push(ShortTime::new(billed_from));
        self.places.step(now, unit.set, unit.at, 1);
        if self.plan.images[unit.image.index()].bad {
            self.hit(fleet, instance);
        }
        self.hit_by_code(fleet, instance);
    }

    /// An instance comes beside the one that it is to replace.
    pub fn surge(&mut self, set: SetId, instance: InstanceId) {
        if !self.plan.rules.on(rules::CO_08) {
            self.beside.push((set, instance));
        }
    }

    /// The machine of an instance runs.
    pub fn run(&mut self, instance: InstanceId, now: SimTime) {
        let is_beside = self.beside.iter().any(|&(_, new)| new == instance);
        if !is_beside && self.plan.rules.on(rules::LC_03) {
            self.bill(instance, now);
        }
    }

    /// An instance has another disk.
    pub fn swap(&mut self, fleet: &FleetView<'_>, instance: InstanceId, image: ImageId) {
        if self.plan.images[image.index()].bad {
            self.hit(fleet, instance);
        }
        self.hit_by_code(fleet, instance);
    }

    /// An instance has this release of an extension.
    pub fn release(&mut self, fleet: &FleetView<'_>, instance: InstanceId, action: ActionId) {
        if self.plan.release(action.index()).1.bad {
            self.hit(fleet, instance);
        }
    }

    /// Something of the Spot market.
    pub fn market(&mut self, fleet: &FleetView<'_>, fact: SpotFact, now: SimTime) {
        match fact {
            SpotFact::Placed { instance } => _ = self.spot.set(instance),
            SpotFact::Evicted { instance, .. } => {
                let unit = &fleet.instances[instance.index()];
                self.places.evict(unit.set, unit.at);
            }
            SpotFact::PriceMoved { region, to } => self.reprice(fleet, region, to as f64 / 1e6, now),
            _ => {}
        }
    }

    /// Something of a job.
    pub fn job(&mut self, fact: JobFact) {
        match fact {
            JobFact::Started { .. } => self.jobs[0] += 1,
            JobFact::Ended { .. } => self.jobs[1] += 1,
            JobFact::Lost { worked_ms, .. } => {
                self.jobs[2] += 1;
                self.lost_work_s += worked_ms as f64 / 1000.0;
            }
            _ => {}
        }
    }

    /// The capacity of a set is written.
    pub fn scale(&mut self, set: SetId, (from, to): (u32, u32), by: CapacityBy, now: SimTime) {
        self.slots.scale(set, to);
        let last = self.last_scale[set.index()].replace((now, to > from));
        let undoes = |(at, rose): (SimTime, bool)| rose != (to > from) && now.since(at) <= FLAP;
        self.scale_flaps += u32::from(last.is_some_and(undoes));
        self.advance(now);
        // What an eviction takes nobody wrote.
        self.scale_actions += u32::from(by != CapacityBy::Eviction);
        let before = std::mem::replace(&mut self.declared[set.index()], to);
        self.declared_now = self.declared_now - before + to;
        if !self.plan.sets[set.index()].pools.is_empty() {
            self.declared_in_pools = self.declared_in_pools - before + to;
        }
        self.declared_max = self.declared_max.max(self.declared_now);
    }

    /// Whoever has a bad release on it is hit, whatever brought it.
    pub fn hit_by_code(&mut self, fleet: &FleetView<'_>, instance: InstanceId) {
        if self.plan.application.flaw(fleet.instances[instance.index()].code()).bad {
            self.hit(fleet, instance);
        }
    }

    fn bill(&mut self, instance: InstanceId, now: SimTime) {
        let from = &mut self.billed[instance.index()];
        *from = ShortTime::new(from.time().min(now));
    }

    /// The deletion of an instance began.
    pub fn leave(&mut self, fleet: &FleetView<'_>, instance: InstanceId, why: Deletion, now: SimTime) {
        let unit = &fleet.instances[instance.index()];
        self.slots.go(instance, now);
        self.places.step(now, unit.set, unit.at, -1);
        if why == Deletion::Surplus && self.plan.rules.on(rules::CO_09) {
            self.billed[instance.index()] = ShortTime::new(NOT_BILLED);
        }
        self.stop_billing(fleet, instance, now);
        if why == Deletion::Surge {
            self.bill_replacement(unit.set, instance, now);
        }
    }

    /// An instance is placed elsewhere than before.
    pub fn place(&mut self, Change { before, .. }: &Change, at: Placement, now: SimTime) {
        self.places.step(now, before.set, before.at, -1);
        self.places.step(now, before.set, at, 1);
    }

    /// The deletion of an instance failed for good.
    pub fn stay(&mut self, fleet: &FleetView<'_>, instance: InstanceId, now: SimTime) {
        let unit = &fleet.instances[instance.index()];
        self.slots.stay(instance);
        self.places.step(now, unit.set, unit.at, 1);
    }

    /// In a world without CO-08, an instance of a surge is billed from when the one goes that it replaces.
    fn bill_replacement(&mut self, set: SetId, gone: InstanceId, now: SimTime) {
        let own = self.beside.iter().position(|&(_, new)| new == gone);
        if let Some(at) = own {
            self.beside.remove(at);
        } else if let Some(at) = self.beside.iter().position(|&(of, _)| of == set) {
            let (_, new) = self.beside.remove(at);
            self.bill(new, now);
        }
    }

    /// An instance is not billed any more.
    pub fn stop_billing(&mut self, fleet: &FleetView<'_>, instance: InstanceId, now: SimTime) {
        let from = &mut self.billed[instance.index()];
        let from = std::mem::replace(from, ShortTime::new(NOT_BILLED)).time();
        if from != NOT_BILLED {
            let (set, spot) = (fleet.instances[instance.index()].set.index(), self.spot.of(instance));
            let seconds = now.since(from).seconds();
            // By the second; in a world without that, each hour begun (CO-01).
            let by_second = self.plan.rules.on(rules::CO_01);
            let seconds = if by_second { seconds } else { libm::ceil(seconds / 3600.0) * 3600.0 };
            *if spot { &mut self.spot_s } else { &mut self.billed_s } += seconds;
            match self.plan.prices(set, self.sizes.get(&instance).copied()) {
                None => self.unpriced = true,
                Some(prices) => {
                    // The Spot price varies, and is never above the regular one (CO-02).
                    let market = self.prices[self.plan.sets[set].region as usize].unwrap_or(prices.spot);
                    let market = if self.plan.rules.on(rules::CO_02) { market.min(prices.regular) } else { market };
                    self.credits += seconds / 3600.0 * if spot { market } else { prices.regular };
                }
            }
        }
    }

    /// The Spot price of a region moves: what was billed until now was billed at the old one.
    fn reprice(&mut self, fleet: &FleetView<'_>, region: RegionId, to: f64, now: SimTime) {
        for (i, unit) in fleet.instances.iter().enumerate() {
            let instance = InstanceId(i as u32);
            let billed = self.spot.of(instance) && self.billed[i].time() != NOT_BILLED;
            if billed && self.plan.sets[unit.set.index()].region == region.0 {
                self.stop_billing(fleet, instance, now);
                self.bill(instance, now);
            }
        }
        self.prices[region.index()] = Some(to);
    }

    /// An instance has another size: what was billed until now was billed as the old one.
    pub fn resize(&mut self, fleet: &FleetView<'_>, instance: InstanceId, by: Option<ActionId>, now: SimTime) {
        let billed = self.billed[instance.index()].time() != NOT_BILLED;
        self.stop_billing(fleet, instance, now);
        match by {
            Some(action) => self.sizes.insert(instance, action.index()),
            None => self.sizes.remove(&instance),
        };
        if billed {
            self.bill(instance, now);
        }
    }

    /// What the instances cost; `None` where no price of theirs is known.
    #[must_use]
    pub fn cost(&self) -> Option<f64> {
        (!self.unpriced).then_some(self.credits)
    }

    /// An instance changed: keeps the counts of those in rotation.
    #[inline(always)]
    pub fn change(&mut self, instance: InstanceId, before: &InstanceView, after: &InstanceView, now: SimTime) {
        if !before.in_rotation() && !after.in_rotation() {
            return;
        }
        self.advance(now);
        if before.in_rotation() {
            self.step(before, -1);
        }
        if after.in_rotation() {
            self.step(after, 1);
            if after.said != Some(Service::Ready) && !self.hit.of(instance) {
                self.exposed.0 = now;
                self.exposed.1.push(instance);
            }
        }
    }

    /// One more like this is in rotation, or one fewer.
    #[inline]
    fn step(&mut self, unit: &InstanceView, by: i32) {
        match unit.said {
            Some(Service::Ready) => self.serving = self.serving.wrapping_add_signed(by),
            Some(Service::Stale) => self.stale_serving = self.stale_serving.wrapping_add_signed(by),
            Some(Service::Cannot) | None => {}
        }
    }

    fn hit(&mut self, fleet: &FleetView<'_>, instance: InstanceId) {
        if self.hit.set(instance) {
            return;
        }
        let unit = &fleet.instances[instance.index()];
        self.places.hit(unit.set, unit.at);
        self.slots.hit(instance);
        let region = self.plan.sets[unit.set.index()].region;
        // The number of a fault domain means something within its placement group only (FD-10).
        let group = if self.plan.rules.on(rules::FD_10) { unit.at.group } else { 0 };
        self.hit_places.insert((region, unit.at.zone, unit.set.0, group, unit.at.fault_domain));
    }

    /// The run is over: what is still billed is billed until then.
    pub fn end(&mut self, fleet: &FleetView<'_>, at: SimTime) {
        self.settle(fleet, at);
        self.advance(at);
        self.places.end(at);
        for i in 0..self.billed.len() {
            self.stop_billing(fleet, InstanceId(i as u32), at);
        }
    }
}
