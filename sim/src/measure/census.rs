//! Instances: which were hit, how many there were, what they ran, how long.

use crate::engine::time::{SimDuration, SimTime};
use crate::plan::Plan;
use crate::rules;
use crate::world::fact::{Fact, Placement, Record, Service};
use crate::world::ids::{ImageId, InstanceId, SetId};
use std::collections::BTreeSet;

/// A scale action that goes the other way so soon after the one before undoes it. Later, the load has changed.
pub const FLAP: SimDuration = SimDuration::from_mins(60);

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
    standing: u32,
    /// Instances in rotation that are ready.
    serving: u32,
    /// Instances in rotation, by code; the last is "no code known".
    by_code: Vec<u32>,
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
    /// Seconds with more than one release of the code in rotation.
    pub mixed_s: f64,
    /// Instance-seconds in rotation with code older than users need.
    pub stale_instance_s: f64,
    stale_serving: u32,
    /// Instance-seconds that are billed (LC-03).
    pub billed_s: f64,
    /// Times the capacity was written.
    pub scale_actions: u32,
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
            instances: Vec::new(),
            declared: plan.sets.iter().map(|set| set.capacity).collect(),
            standing: 0,
            serving: 0,
            by_code: vec![0; plan.application.releases.len() + 1],
            last: SimTime::ZERO,
            hit: 0,
            hit_places: BTreeSet::new(),
            declared_max: 0,
            serving_share_min: f64::INFINITY,
            standing_max: 0,
            mixed_s: 0.0,
            stale_instance_s: 0.0,
            stale_serving: 0,
            billed_s: 0.0,
            scale_actions: 0,
            scale_flaps: 0,
            last_scale: vec![None; plan.sets.len()],
        };
        census.declared_max = census.declared.iter().sum();
        census
    }

    /// Integrates up to this instant, and takes the values that held until then.
    pub fn advance(&mut self, to: SimTime) {
        if to <= self.last {
            return;
        }
        let seconds = to.since(self.last).seconds();
        self.last = to;
        let declared: u32 = self.declared.iter().sum();
        if declared > 0 {
            self.serving_share_min = self.serving_share_min.min(f64::from(self.serving) / f64::from(declared));
        }
        self.mixed_s += if self.by_code.iter().filter(|&&count| count > 0).count() > 1 { seconds } else { 0.0 };
        self.stale_instance_s += f64::from(self.stale_serving) * seconds;
    }

    /// Takes in a fact. The caller has advanced to its instant.
    pub fn record(&mut self, record: &Record) {
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
                self.change(instance, |row| row.code = image.code);
                if image.bad {
                    self.hit(instance);
                }
            }
            Fact::CodeInstalled { instance, code } => self.change(instance, |row| row.code = Some(code)),
            Fact::ServiceChanged { instance, to } => self.change(instance, |row| row.service = to),
            Fact::InRotation { instance, .. } => self.change(instance, |row| row.taking += 1),
            Fact::OutOfRotation { instance, .. } => self.change(instance, |row| row.taking -= 1),
            Fact::LeftPool { instance, .. } => self.change(instance, |row| row.taking = row.taking.saturating_sub(1)),
            Fact::CapacitySet { set, from, to } => {
                let last = self.last_scale[set.index()].replace((record.time, to > from));
                let undoes = |(at, rose): (SimTime, bool)| rose != (to > from) && record.time.since(at) <= FLAP;
                self.scale_flaps += u32::from(last.is_some_and(undoes));
                self.scale_actions += 1;
                self.declared[set.index()] = to;
                self.declared_max = self.declared_max.max(self.declared.iter().sum());
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
    fn change(&mut self, instance: InstanceId, how: impl FnOnce(&mut Instance)) {
        let mut row = self.instances[instance.index()];
        self.count(&row, false);
        how(&mut row);
        self.instances[instance.index()] = row;
        self.count(&row, true);
        if row.taking > 0 && row.service != Service::Ready {
            self.hit(instance);
        }
    }

    fn count(&mut self, row: &Instance, add: bool) {
        if row.taking == 0 {
            return;
        }
        let code = row.code.map_or(self.by_code.len() - 1, usize::from);
        let cells = [
            (row.service == Service::Ready, &mut self.serving),
            (row.service == Service::Stale, &mut self.stale_serving),
            (true, &mut self.by_code[code]),
        ];
        for (counts, cell) in cells {
            if counts {
                *cell = if add { *cell + 1 } else { *cell - 1 };
            }
        }
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
