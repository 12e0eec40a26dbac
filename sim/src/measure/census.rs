//! Instances: which were hit, how many there were, what they ran, how long.

use super::places::Places;
use super::requests::{Backend, Keeper};
use super::slots::Slots;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::Plan;
use crate::rules;
use crate::world::fact::{
    CapacityBy, Deletion, Fact, GuestFact, JobFact, PlaceFact, Placement, PowerFact, Record, Service, SpotFact,
};
use crate::world::ids::{ActionId, ImageId, InstanceId, RegionId, SetId};
use std::collections::{BTreeMap, BTreeSet};

/// A scale action that goes the other way so soon after the one before undoes it. Later, the load has changed.
pub const FLAP: SimDuration = SimDuration::from_mins(60);

/// A release of the code in two bytes; the greatest number is for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CodeId(u16);

impl CodeId {
    fn of(code: Option<u16>) -> Self {
        assert!(code != Some(u16::MAX), "there are fewer releases");
        Self(code.unwrap_or(u16::MAX))
    }

    fn known(self) -> Option<u16> {
        (self.0 < u16::MAX).then_some(self.0)
    }
}

/// One instance, as the measures know it. One is kept for every instance there ever was: half a line of memory.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(super) struct Instance {
    requests: Backend,
    /// Since when it is billed; [`NOT_BILLED`] if it is not.
    billed_from: Since,
    set: SetId,
    at: Placement,
    code: CodeId,
    /// Pools in which it is in rotation.
    taking: u16,
    hit: bool,
    spot: bool,
}

/// An instant that takes its place between halves of words.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed(4))]
struct Since(SimTime);

impl Since {
    const fn time(self) -> SimTime {
        self.0
    }
}

/// No instant of a run.
const NOT_BILLED: SimTime = SimTime::FAR;

const _: () = assert!(size_of::<Instance>() <= 32);

impl Keeper for Census<'_> {
    fn backend(&mut self, instance: InstanceId) -> &mut Backend {
        &mut self.instances[instance.index()].requests
    }
}

impl Instance {
    /// Its set.
    pub(super) const fn set(&self) -> SetId {
        self.set
    }
}

/// What the fleet went through.
#[derive(Clone, Debug)]
pub struct Census<'p> {
    plan: &'p Plan,
    instances: Vec<Instance>,
    declared: Vec<u32>,
    /// The sum of them.
    declared_now: u32,
    /// The same of the sets that are in a pool.
    declared_in_pools: u32,
    /// How many there are where, and what befell them there.
    pub(super) places: Places<'p>,
    /// Instances in rotation that are ready.
    serving: u32,
    /// Instances in rotation, by code; the last is "no code known".
    by_code: Vec<u32>,
    /// How many releases of the code are in rotation.
    releases: u32,
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
    mixed_ms: u64,
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
            instances: Vec::with_capacity(plan.initial_instances()),
            declared: plan.sets.iter().map(|set| set.capacity).collect(),
            declared_now: plan.sets.iter().map(|set| set.capacity).sum(),
            declared_in_pools: plan.sets.iter().filter(|set| !set.pools.is_empty()).map(|set| set.capacity).sum(),
            places: Places::new(plan),
            serving: 0,
            by_code: vec![0; plan.application.releases.len() + 1],
            releases: 0,
            last: SimTime::ZERO,
            exposed: (SimTime::ZERO, Vec::new()),
            slots: Slots::new(plan),
            hit_places: BTreeSet::new(),
            declared_max: 0,
            serving_share_min: f64::INFINITY,
            mixed_ms: 0,
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

    /// What is known of an instance.
    pub(super) fn known(&mut self, instance: InstanceId) -> &mut Instance {
        &mut self.instances[instance.index()]
    }

    /// Seconds with more than one release of the code in rotation.
    #[must_use]
    pub fn mixed_s(&self) -> f64 {
        self.mixed_ms as f64 / 1000.0
    }

    /// Instance-seconds in rotation with code older than users need.
    #[must_use]
    pub fn stale_instance_s(&self) -> f64 {
        self.stale_instance_ms as f64 / 1000.0
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
        self.mixed_ms += if self.releases > 1 { ms } else { 0 };
        self.stale_instance_ms += u64::from(self.stale_serving) * ms;
    }

    /// Time has passed: who is still exposed is hit. Who was so for no time, as what leaves its pool at the instant at which
    /// its deletion begins, took nobody.
    #[inline]
    fn settle(&mut self, now: SimTime) {
        if !self.exposed.1.is_empty() && now != self.exposed.0 {
            self.hit_exposed();
        }
    }

    fn hit_exposed(&mut self) {
        let mut exposed = std::mem::take(&mut self.exposed.1);
        for instance in exposed.drain(..) {
            let row = &self.instances[instance.index()];
            if row.taking > 0 && row.requests.service != Some(Service::Ready) {
                self.hit(instance);
            }
        }
        // The room is used again.
        self.exposed.1 = exposed;
    }

    /// Takes in a fact of how an instance serves, or of whether it takes users: what most facts are that count.
    pub fn record_service(&mut self, record: &Record) {
        let now = record.time;
        self.settle(now);
        match record.fact {
            Fact::ServiceChanged { instance, to } => self.change(now, instance, |row| row.requests.service = Some(to)),
            Fact::InRotation { instance, .. } => self.change(now, instance, |row| row.taking += 1),
            Fact::OutOfRotation { instance, .. } => self.change(now, instance, |row| row.taking -= 1),
            _ => {}
        }
    }

    /// Takes in a fact.
    pub fn record(&mut self, record: &Record) {
        let now = record.time;
        self.settle(now);
        self.slots.take(record);
        match record.fact {
            Fact::InstancePresent { set, image, at, .. } => self.add(record.time, set, image, at, true),
            Fact::InstanceCreated { instance, set, image, at, surges } => {
                self.add(record.time, set, image, at, false);
                if surges && !self.plan.rules.on(rules::CO_08) {
                    self.beside.push((set, instance));
                }
            }
            Fact::InstanceRunning { instance } if self.beside.iter().any(|&(_, new)| new == instance) => {}
            Fact::InstanceRunning { instance } if self.plan.rules.on(rules::LC_03) => self.bill(instance, record.time),
            Fact::InstanceDeleting { instance, why } => self.leave(instance, why, now),
            Fact::DeletionFailed { instance, again: false, .. } => self.step(instance, now, 1),
            Fact::DiskSwapped { instance, image, code } => {
                let image = &self.plan.images[image.index()];
                self.change(now, instance, |row| row.code = CodeId::of(code));
                if image.bad {
                    self.hit(instance);
                }
                self.hit_by_code(instance);
            }
            Fact::CodeInstalled { instance, code } => {
                self.change(now, instance, |row| row.code = CodeId::of(Some(code)));
                self.hit_by_code(instance);
            }
            Fact::Guest(GuestFact::ReleaseChanged { instance, action, back: false, .. })
                if self.plan.release(action.index()).1.bad =>
            {
                self.hit(instance);
            }
            Fact::ServiceChanged { .. } | Fact::InRotation { .. } | Fact::OutOfRotation { .. } => {
                self.record_service(record);
            }
            Fact::LeftPool { instance, .. } => {
                self.change(now, instance, |row| row.taking = row.taking.saturating_sub(1));
            }
            Fact::Power(PowerFact::Deallocating { instance }) => self.stop_billing(instance, record.time),
            Fact::Place(PlaceFact::Sized { instance, by, .. }) => self.resize(instance, by, now),
            Fact::Spot(SpotFact::Placed { instance }) => self.instances[instance.index()].spot = true,
            Fact::Spot(SpotFact::Evicted { instance, .. }) => {
                let row = &self.instances[instance.index()];
                self.places.evict(row.set, row.at);
            }
            Fact::Spot(SpotFact::PriceMoved { region, to }) => self.reprice(region, to as f64 / 1e6, record.time),
            Fact::Job(JobFact::Started { .. }) => self.jobs[0] += 1,
            Fact::Job(JobFact::Ended { .. }) => self.jobs[1] += 1,
            Fact::Job(JobFact::Lost { worked_ms, .. }) => {
                self.jobs[2] += 1;
                self.lost_work_s += worked_ms as f64 / 1000.0;
            }
            Fact::CapacitySet { set, from, to, by } => {
                let last = self.last_scale[set.index()].replace((record.time, to > from));
                let undoes = |(at, rose): (SimTime, bool)| rose != (to > from) && record.time.since(at) <= FLAP;
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
            _ => {}
        }
    }

    fn add(&mut self, now: SimTime, set: SetId, image: ImageId, at: Placement, at_start: bool) {
        let image = &self.plan.images[image.index()];
        let billed_from = if at_start || !self.plan.rules.on(rules::LC_03) { now } else { NOT_BILLED };
        self.instances.push(Instance {
            set,
            at,
            code: CodeId::of(image.code),
            taking: 0,
            hit: false,
            billed_from: Since(billed_from),
            requests: Backend::NEW,
            spot: false,
        });
        let instance = InstanceId(self.instances.len() as u32 - 1);
        self.places.step(now, set, at, 1);
        if image.bad {
            self.hit(instance);
        }
        self.hit_by_code(instance);
    }

    /// Whoever has a bad release on it is hit, whatever brought it.
    fn hit_by_code(&mut self, instance: InstanceId) {
        if self.plan.application.flaw(self.instances[instance.index()].code.known()).bad {
            self.hit(instance);
        }
    }

    fn bill(&mut self, instance: InstanceId, now: SimTime) {
        let row = &mut self.instances[instance.index()];
        row.billed_from = Since(row.billed_from.time().min(now));
    }

    /// There is an instance more, or fewer, where this one is.
    fn step(&mut self, instance: InstanceId, now: SimTime, by: i32) {
        let row = &self.instances[instance.index()];
        self.places.step(now, row.set, row.at, by);
    }

    /// The deletion of an instance began.
    fn leave(&mut self, instance: InstanceId, why: Deletion, now: SimTime) {
        self.step(instance, now, -1);
        if why == Deletion::Surplus && self.plan.rules.on(rules::CO_09) {
            self.instances[instance.index()].billed_from = Since(NOT_BILLED);
        }
        self.stop_billing(instance, now);
        if why == Deletion::Surge {
            self.bill_replacement(instance, now);
        }
    }

    /// In a world without CO-08, an instance of a surge is billed from when the one goes that it replaces.
    fn bill_replacement(&mut self, gone: InstanceId, now: SimTime) {
        let set = self.instances[gone.index()].set;
        let own = self.beside.iter().position(|&(_, new)| new == gone);
        if let Some(at) = own {
            self.beside.remove(at);
        } else if let Some(at) = self.beside.iter().position(|&(of, _)| of == set) {
            let (_, new) = self.beside.remove(at);
            self.bill(new, now);
        }
    }

    fn stop_billing(&mut self, instance: InstanceId, now: SimTime) {
        let row = self.instances[instance.index()];
        let from = std::mem::replace(&mut self.instances[instance.index()].billed_from, Since(NOT_BILLED)).time();
        if from != NOT_BILLED {
            let seconds = now.since(from).seconds();
            // By the second; in a world without that, each hour begun (CO-01).
            let by_second = self.plan.rules.on(rules::CO_01);
            let seconds = if by_second { seconds } else { libm::ceil(seconds / 3600.0) * 3600.0 };
            *if row.spot { &mut self.spot_s } else { &mut self.billed_s } += seconds;
            let set = &self.plan.sets[row.set.index()];
            match self.plan.prices(row.set.index(), self.sizes.get(&instance).copied()) {
                None => self.unpriced = true,
                Some(prices) => {
                    // The Spot price varies, and is never above the regular one (CO-02).
                    let market = self.prices[set.region as usize].unwrap_or(prices.spot);
                    let market = if self.plan.rules.on(rules::CO_02) { market.min(prices.regular) } else { market };
                    self.credits += seconds / 3600.0 * if row.spot { market } else { prices.regular };
                }
            }
        }
    }

    /// The Spot price of a region moves: what was billed until now was billed at the old one.
    fn reprice(&mut self, region: RegionId, to: f64, now: SimTime) {
        for i in 0..self.instances.len() {
            let row = self.instances[i];
            let instance = InstanceId(i as u32);
            if row.spot && row.billed_from.time() != NOT_BILLED && self.plan.sets[row.set.index()].region == region.0 {
                self.stop_billing(instance, now);
                self.bill(instance, now);
            }
        }
        self.prices[region.index()] = Some(to);
    }

    /// An instance has another size: what was billed until now was billed as the old one.
    fn resize(&mut self, instance: InstanceId, by: Option<ActionId>, now: SimTime) {
        let billed = self.instances[instance.index()].billed_from.time() != NOT_BILLED;
        self.stop_billing(instance, now);
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

    /// Changes what is known of an instance, and keeps the counts.
    #[inline]
    fn change(&mut self, now: SimTime, instance: InstanceId, how: impl FnOnce(&mut Instance)) {
        let row = &mut self.instances[instance.index()];
        let before = *row;
        how(row);
        let after = *row;
        if before.taking == 0 && after.taking == 0 {
            return;
        }
        self.advance(now);
        if before.taking > 0 {
            self.lose(&before);
        }
        if after.taking > 0 {
            self.gain(&after);
            if after.requests.service != Some(Service::Ready) && !after.hit {
                self.exposed.0 = now;
                self.exposed.1.push(instance);
            }
        }
    }

    fn gain(&mut self, row: &Instance) {
        match row.requests.service {
            Some(Service::Ready) => self.serving += 1,
            Some(Service::Stale) => self.stale_serving += 1,
            Some(Service::Cannot) | None => {}
        }
        let of_code = self.of_code(row);
        *of_code += 1;
        let first = *of_code == 1;
        self.releases += u32::from(first);
    }

    fn lose(&mut self, row: &Instance) {
        match row.requests.service {
            Some(Service::Ready) => self.serving -= 1,
            Some(Service::Stale) => self.stale_serving -= 1,
            Some(Service::Cannot) | None => {}
        }
        let of_code = self.of_code(row);
        *of_code -= 1;
        let last = *of_code == 0;
        self.releases -= u32::from(last);
    }

    fn of_code(&mut self, row: &Instance) -> &mut u32 {
        let code = row.code.known().map_or(self.by_code.len() - 1, usize::from);
        &mut self.by_code[code]
    }

    fn hit(&mut self, instance: InstanceId) {
        let row = &mut self.instances[instance.index()];
        if std::mem::replace(&mut row.hit, true) {
            return;
        }
        self.places.hit(row.set, row.at);
        self.slots.hit(instance);
        let region = self.plan.sets[row.set.index()].region;
        // The number of a fault domain means something within its placement group only (FD-10).
        let group = if self.plan.rules.on(rules::FD_10) { row.at.group } else { 0 };
        self.hit_places.insert((region, row.at.zone, row.set.0, group, row.at.fault_domain));
    }

    /// The run is over: what is still billed is billed until then.
    pub fn end(&mut self, at: SimTime) {
        self.settle(at);
        self.advance(at);
        self.places.end(at);
        for i in 0..self.instances.len() {
            self.stop_billing(InstanceId(i as u32), at);
        }
    }
}
