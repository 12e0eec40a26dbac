//! Instances: which were hit, how many there were, what they ran, how long.

use crate::engine::time::SimTime;
use crate::plan::Plan;
use crate::rules;
use crate::world::fact::{Fact, Placement, Record, Service};
use crate::world::ids::{ImageId, InstanceId, SetId};
use std::collections::BTreeSet;

/// One instance, as the measures know it.
#[derive(Clone, Copy, Debug)]
struct Instance {
    set: SetId,
    at: Placement,
    code: Option<u16>,
    service: Service,
    /// Pools in which it is in rotation.
    taking: u16,
    hit: bool,
    billed_from: Option<SimTime>,
}

/// What the fleet went through.
#[derive(Clone, Debug)]
pub struct Census<'p> {
    plan: &'p Plan,
    instances: Vec<Instance>,
    declared: Vec<u32>,
    /// The sum of them.
    declared_now: u32,
    standing: u32,
    /// Instances in rotation that are ready.
    serving: u32,
    /// Instances in rotation, by code; the last is "no code known".
    by_code: Vec<u32>,
    /// How many releases of the code are in rotation.
    releases: u32,
    last: SimTime,
    /// Instances hit: they ran a bad version, or took users that they could not serve well.
    pub hit: u32,
    /// Where they stood.
    pub hit_places: BTreeSet<(u16, u8, u16, u8, u8)>,
    /// The largest declared capacity.
    pub declared_max: u32,
    /// The least share of the declared capacity that was in rotation and ready.
    pub serving_share_min: f64,
    /// The most instances that stood at once.
    pub standing_max: u32,
    mixed_ms: u64,
    stale_instance_ms: u64,
    stale_serving: u32,
    /// Instance-seconds that are billed (LC-03).
    pub billed_s: f64,
    /// Times the capacity was written.
    pub scale_actions: u32,
}

impl<'p> Census<'p> {
    /// No instances yet.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        let mut census = Self {
            plan,
            instances: Vec::new(),
            declared: plan.sets.iter().map(|set| set.capacity).collect(),
            declared_now: plan.sets.iter().map(|set| set.capacity).sum(),
            standing: 0,
            serving: 0,
            by_code: vec![0; plan.application.releases.len() + 1],
            releases: 0,
            last: SimTime::ZERO,
            hit: 0,
            hit_places: BTreeSet::new(),
            declared_max: 0,
            serving_share_min: f64::INFINITY,
            standing_max: 0,
            mixed_ms: 0,
            stale_instance_ms: 0,
            stale_serving: 0,
            billed_s: 0.0,
            scale_actions: 0,
        };
        census.declared_max = census.declared_now;
        census
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
        if self.declared_now > 0 {
            let share = f64::from(self.serving) / f64::from(self.declared_now);
            self.serving_share_min = self.serving_share_min.min(share);
        }
        self.mixed_ms += if self.releases > 1 { ms } else { 0 };
        self.stale_instance_ms += u64::from(self.stale_serving) * ms;
    }

    /// Takes in a fact.
    pub fn record(&mut self, record: &Record) {
        let now = record.time;
        match record.fact {
            Fact::InstanceStood { set, image, at, .. } => self.add(record.time, set, image, at, true),
            Fact::InstanceCreated { set, image, at, .. } => self.add(record.time, set, image, at, false),
            Fact::InstanceRunning { instance } if self.plan.rules.on(rules::LC_03) => self.bill(instance, record.time),
            Fact::InstanceDeleting { instance, .. } => {
                self.standing -= 1;
                self.stop_billing(instance, record.time);
            }
            Fact::DiskSwapped { instance, image } => {
                let image = &self.plan.images[image.index()];
                self.change(now, instance, |row| row.code = image.code);
                if image.bad {
                    self.hit(instance);
                }
            }
            Fact::CodeInstalled { instance, code } => self.change(now, instance, |row| row.code = Some(code)),
            Fact::ServiceChanged { instance, to } => self.change(now, instance, |row| row.service = to),
            Fact::InRotation { instance, .. } => self.change(now, instance, |row| row.taking += 1),
            Fact::OutOfRotation { instance, .. } => self.change(now, instance, |row| row.taking -= 1),
            Fact::LeftPool { instance, .. } => {
                self.change(now, instance, |row| row.taking = row.taking.saturating_sub(1));
            }
            Fact::CapacitySet { set, to, .. } => {
                self.advance(now);
                self.scale_actions += 1;
                self.declared_now = self.declared_now - self.declared[set.index()] + to;
                self.declared[set.index()] = to;
                self.declared_max = self.declared_max.max(self.declared_now);
            }
            _ => {}
        }
    }

    fn add(&mut self, now: SimTime, set: SetId, image: ImageId, at: Placement, stood: bool) {
        let image = &self.plan.images[image.index()];
        let service = Service::Cannot;
        let billed_from = (stood || !self.plan.rules.on(rules::LC_03)).then_some(now);
        self.instances.push(Instance { set, at, code: image.code, service, taking: 0, hit: false, billed_from });
        self.standing += 1;
        self.standing_max = self.standing_max.max(self.standing);
        if image.bad {
            self.hit(InstanceId(self.instances.len() as u32 - 1));
        }
    }

    fn bill(&mut self, instance: InstanceId, now: SimTime) {
        self.instances[instance.index()].billed_from.get_or_insert(now);
    }

    fn stop_billing(&mut self, instance: InstanceId, now: SimTime) {
        if let Some(from) = self.instances[instance.index()].billed_from.take() {
            self.billed_s += now.since(from).seconds();
        }
    }

    /// Changes what is known of an instance, and keeps the counts.
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
            if after.service != Service::Ready {
                self.hit(instance);
            }
        }
    }

    fn gain(&mut self, row: &Instance) {
        match row.service {
            Service::Ready => self.serving += 1,
            Service::Stale => self.stale_serving += 1,
            Service::Cannot => {}
        }
        let of_code = self.of_code(row);
        *of_code += 1;
        let first = *of_code == 1;
        self.releases += u32::from(first);
    }

    fn lose(&mut self, row: &Instance) {
        match row.service {
            Service::Ready => self.serving -= 1,
            Service::Stale => self.stale_serving -= 1,
            Service::Cannot => {}
        }
        let of_code = self.of_code(row);
        *of_code -= 1;
        let last = *of_code == 0;
        self.releases -= u32::from(last);
    }

    fn of_code(&mut self, row: &Instance) -> &mut u32 {
        let code = row.code.map_or(self.by_code.len() - 1, usize::from);
        &mut self.by_code[code]
    }

    fn hit(&mut self, instance: InstanceId) {
        let row = &mut self.instances[instance.index()];
        if std::mem::replace(&mut row.hit, true) {
            return;
        }
        self.hit += 1;
        let region = self.plan.sets[row.set.index()].region;
        self.hit_places.insert((region, row.at.zone, row.set.0, row.at.group, row.at.fault_domain));
    }

    /// The run is over: what is still billed is billed until then.
    pub fn end(&mut self, at: SimTime) {
        self.advance(at);
        for i in 0..self.instances.len() {
            self.stop_billing(InstanceId(i as u32), at);
        }
    }
}
