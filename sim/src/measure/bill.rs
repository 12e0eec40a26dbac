//! The bill beside instances: disks, replicas of images, what is copied between regions, builds, rules of balancers (CO-03 to
//! CO-07). Quantities are ours, prices are those of the scenario or samples (CO-10).

use super::Value;
use crate::engine::time::SimTime;
use crate::plan::{Act, Availability, Disks, EntryPoint, HOURS_A_MONTH, Plan, Target, tier_gb};
use crate::rules;
use crate::world::fact::{BuildFact, Deletion, GalleryFact, Stage};
use crate::world::ids::{ActionId, BuilderId, ImageId, InstanceId, RegionId, SetId};
use std::collections::BTreeMap;

/// What accrues at a level that changes now and then: gigabytes over time.
#[derive(Clone, Copy, Debug, Default)]
struct Level {
    now: f64,
    hours: f64,
    since: SimTime,
}

impl Level {
    fn add(&mut self, by: f64, at: SimTime) {
        self.advance(at);
        self.now += by;
    }

    fn advance(&mut self, to: SimTime) {
        self.hours += self.now * hours(to.since(self.since).seconds());
        self.since = to;
    }
}

fn hours(seconds: f64) -> f64 {
    seconds / 3600.0
}

/// What is billed of a run.
#[derive(Clone, Debug)]
pub(super) struct Bill<'p> {
    plan: &'p Plan,
    /// By set: disks of instances that are present.
    disks: Vec<Level>,
    /// When instances of sets that overprovision were created: surplus is not billed (CO-09).
    maybe_surplus: BTreeMap<InstanceId, SimTime>,
    /// Instances of which the disks are billed no more.
    surplus: Vec<InstanceId>,
    replicas: Level,
    /// The replicas that a version is to have in each region, as last written; the source region first.
    wanted: BTreeMap<u16, Vec<Target>>,
    /// Those that are billed, by version and region.
    stand: BTreeMap<(u16, u16), u32>,
    /// Somewhere stand replicas of which the scenario does not say how many.
    uncounted: bool,
    egress_gb: f64,
    /// Since when a template has a build machine, by template.
    building: BTreeMap<u16, (SimTime, ImageId)>,
    /// Build machines that were kept for somebody to look at, from when, with what they made (IB-06).
    kept: Vec<(SimTime, ImageId)>,
    /// The version that a run of a template is to make.
    makes: BTreeMap<u16, ImageId>,
    build_h: f64,
    build_disk_gb_h: f64,
    end: SimTime,
}

impl<'p> Bill<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let mut bill = Self {
            plan,
            disks: vec![Level::default(); plan.sets.len()],
            maybe_surplus: BTreeMap::new(),
            surplus: Vec::new(),
            replicas: Level::default(),
            wanted: BTreeMap::new(),
            stand: BTreeMap::new(),
            uncounted: false,
            egress_gb: 0.0,
            building: BTreeMap::new(),
            kept: Vec::new(),
            makes: BTreeMap::new(),
            build_h: 0.0,
            build_disk_gb_h: 0.0,
            end: SimTime::ZERO,
        };
        for (image, row) in plan.images.iter().enumerate() {
            match &row.version.availability {
                Availability::Everywhere { replicas: None } => bill.uncounted = true,
                Availability::Everywhere { replicas: Some(count) } => {
                    for region in 0..plan.regions.len() {
                        bill.replicate(image as u16, region as u16, *count, SimTime::ZERO);
                    }
                }
                Availability::In(targets) => {
                    for target in targets {
                        bill.replicate(image as u16, target.region, target.replicas, SimTime::ZERO);
                    }
                }
            }
        }
        bill
    }

    /// An instance of this set comes: asked for, or up from before the run began.
    pub(super) fn come(&mut self, instance: InstanceId, set: SetId, now: SimTime, at_start: bool) {
        if !at_start && self.plan.sets[set.index()].overprovision {
            self.maybe_surplus.insert(instance, now);
        }
        self.disks[set.index()].add(1.0, now);
    }

    /// The deletion of an instance of this set began.
    pub(super) fn leave(&mut self, instance: InstanceId, set: SetId, why: Deletion, now: SimTime) {
        let created = self.maybe_surplus.remove(&instance);
        if let Some(created) = created.filter(|_| why == Deletion::Surplus) {
            let level = &mut self.disks[set.index()];
            level.add(-1.0, now);
            level.hours -= hours(now.since(created).seconds());
            self.surplus.push(instance);
        }
    }

    /// An instance of this set is gone.
    pub(super) fn gone(&mut self, instance: InstanceId, set: SetId, now: SimTime) {
        if let Some(at) = self.surplus.iter().position(|&other| other == instance) {
            self.surplus.swap_remove(at);
        } else {
            self.disks[set.index()].add(-1.0, now);
        }
    }

    /// An entry of the timeline.
    pub(super) fn action(&mut self, action: ActionId) {
        if let Act::Publish(publication) = &self.plan.timeline[action.index()].what {
            self.wanted.insert(publication.image, publication.targets.clone());
        }
    }

    /// Something of the images.
    pub(super) fn gallery(&mut self, fact: GalleryFact, now: SimTime) {
        match fact {
            // Written again, perhaps with other counts.
            GalleryFact::VersionPublished { image } => {
                for target in self.wanted.get(&image.0).cloned().unwrap_or_default() {
                    if self.stand.contains_key(&(image.0, target.region)) {
                        self.replicate(image.0, target.region, target.replicas, now);
                    }
                }
            }
            GalleryFact::ReplicationCompleted { image, region } => self.copied(image, region, now),
            GalleryFact::Restored { image } => {
                let regions: Vec<u16> = self.stand.keys().filter(|key| key.0 == image.0).map(|key| key.1).collect();
                for region in regions {
                    let target = self.wanted.get(&image.0).and_then(|list| list.iter().find(|at| at.region == region));
                    let replicas = target.map_or(1, |target| target.replicas);
                    self.replicate(image.0, region, replicas, now);
                }
            }
            GalleryFact::VersionDeleted { image } => {
                let regions: Vec<u16> = self.stand.keys().filter(|key| key.0 == image.0).map(|key| key.1).collect();
                for region in regions {
                    self.replicate(image.0, region, 0, now);
                }
            }
            _ => {}
        }
    }

    /// A version is complete in a region. Where it came from another, it crossed once, however many replicas it has (CO-05); a
    /// shallow version is not copied at all (GA-17).
    fn copied(&mut self, image: ImageId, region: RegionId, now: SimTime) {
        let targets = self.wanted.get(&image.0);
        let replicas = targets.and_then(|list| list.iter().find(|target| target.region == region.0));
        let (source, replicas) = (targets.and_then(|list| list.first()), replicas.map(|target| target.replicas));
        let version = &self.plan.images[image.index()].version;
        if source.is_some_and(|source| source.region != region.0)
            && !version.shallow
            && self.plan.rules.on(rules::CO_05)
        {
            self.egress_gb += version.size_gb;
        }
        self.replicate(image.0, region.0, replicas.unwrap_or(1), now);
    }

    /// A version has so many replicas in a region from now on, each a snapshot of what the image occupies (CO-04).
    fn replicate(&mut self, image: u16, region: u16, replicas: u32, now: SimTime) {
        let before = self.stand.insert((image, region), replicas).unwrap_or(0);
        let more = f64::from(replicas) - f64::from(before);
        self.replicas.add(more * self.plan.images[usize::from(image)].version.size_gb, now);
    }

    /// Something of a build.
    pub(super) fn build(&mut self, fact: BuildFact, now: SimTime) {
        match fact {
            BuildFact::Started { builder, image } => {
                self.makes.insert(builder.0, image);
                let template = &self.plan.builders[builder.index()];
                // The template's own region is where the version comes from.
                let mut targets = template.targets.clone();
                targets.sort_by_key(|target| target.region != template.region);
                self.wanted.insert(image.0, targets);
            }
            BuildFact::StageEntered { builder, stage: Stage::Building } => {
                if let Some(&image) = self.makes.get(&builder.0) {
                    self.building.insert(builder.0, (now, image));
                }
            }
            // The build machine is gone when its image is distributed.
            BuildFact::StageEntered { builder, stage: Stage::Distributing } | BuildFact::Ended { builder, .. } => {
                self.built(builder, now);
            }
            BuildFact::MachineKept { builder } => {
                self.kept.extend(self.makes.get(&builder.0).map(|&image| (now, image)));
            }
            _ => {}
        }
    }

    fn built(&mut self, builder: BuilderId, now: SimTime) {
        let Some((since, image)) = self.building.remove(&builder.0) else { return };
        self.machine(since, image, now);
    }

    /// A build machine was there for so long.
    fn machine(&mut self, since: SimTime, image: ImageId, now: SimTime) {
        let hours = hours(now.since(since).seconds());
        self.build_h += hours;
        self.build_disk_gb_h += hours * tier_gb(self.plan.images[image.index()].version.size_gb);
    }

    pub(super) fn end(&mut self, at: SimTime) {
        self.end = at;
        for level in &mut self.disks {
            level.advance(at);
        }
        self.replicas.advance(at);
        for builder in self.building.keys().copied().collect::<Vec<_>>() {
            self.built(BuilderId(builder), at);
        }
        for (since, image) in std::mem::take(&mut self.kept) {
            self.machine(since, image, at);
        }
    }

    pub(super) fn disk_gb_h(&self) -> Value {
        self.of_disks(|level, disks| level.hours * disks.provisioned_gb)
    }

    pub(super) fn disks(&self) -> Value {
        self.of_disks(|level, disks| {
            let month = disks.month.unwrap_or(disks.provisioned_gb * self.plan.bill.prices.disk_gb_month);
            level.hours * month / HOURS_A_MONTH
        })
    }

    pub(super) fn replica_gb_h(&self) -> Value {
        self.of_replicas(self.replicas.hours)
    }

    pub(super) fn replicas(&self) -> Value {
        self.of_replicas(self.replicas.hours * self.plan.bill.prices.snapshot_gb_month / HOURS_A_MONTH)
    }

    pub(super) const fn egress_gb(&self) -> f64 {
        self.egress_gb
    }

    pub(super) fn egress(&self) -> f64 {
        self.egress_gb * self.plan.bill.prices.egress_gb
    }

    pub(super) fn build_h(&self) -> Value {
        self.of_builds(self.build_h)
    }

    pub(super) fn builds(&self) -> Value {
        let prices = &self.plan.bill.prices;
        let disk = self.build_disk_gb_h * prices.disk_gb_month / HOURS_A_MONTH;
        self.of_builds(self.build_h * prices.build_vm_hour + disk)
    }

    pub(super) fn rule_h(&self) -> Value {
        self.of_rules(self.rule_hours())
    }

    /// Rules and what they process; the requests of each entry point.
    pub(super) fn balancers(&self, offered: &[f64]) -> Value {
        let prices = &self.plan.bill.prices;
        match self.processed_gb(offered) {
            Ok(gb) => self.of_rules(self.rule_hours() * prices.lb_rule_hour + gb * prices.lb_processed_gb),
            Err(why) => Value::NotComputed(why),
        }
    }

    fn of_disks(&self, of: impl Fn(&Level, &Disks) -> f64) -> Value {
        if !self.plan.rules.on(rules::CO_03) {
            return Value::Number(0.0);
        }
        let mut sum = 0.0;
        for (set, level) in self.disks.iter().enumerate() {
            let Some(disks) = self.plan.bill.disks.get(set).copied().flatten() else {
                return Value::NotComputed("a model does not say how large its disks are");
            };
            sum += of(level, &disks);
        }
        Value::Number(sum)
    }

    fn of_replicas(&self, value: f64) -> Value {
        match self.uncounted {
            true => Value::NotComputed("the scenario does not say how many replicas its images have"),
            false if !self.plan.rules.on(rules::CO_04) => Value::Number(0.0),
            false => Value::Number(value),
        }
    }

    fn of_builds(&self, value: f64) -> Value {
        match self.plan.builders.is_empty() {
            true => Value::NotComputed("the scenario has no image template"),
            false if !self.plan.rules.on(rules::CO_06) => Value::Number(0.0),
            false => Value::Number(value),
        }
    }

    fn of_rules(&self, value: f64) -> Value {
        match self.plan.bill.rules.is_empty() {
            true => Value::NotComputed("the scenario has no load balancer"),
            false if !self.plan.rules.on(rules::CO_07) => Value::Number(0.0),
            false => Value::Number(value),
        }
    }

    fn rule_hours(&self) -> f64 {
        f64::from(self.plan.bill.rules.iter().sum::<u32>()) * hours(self.end.since(SimTime::ZERO).seconds())
    }

    /// What the balancers process, in gigabytes of 10⁹ bytes.
    pub(super) fn processed_gb(&self, offered: &[f64]) -> Result<f64, &'static str> {
        let mut bytes = 0.0;
        let by_users = |entry: &EntryPoint| entry.traffic.is_some() && !entry.is_name();
        for (id, _) in self.plan.entries().filter(|(_, entry)| by_users(entry)) {
            let each = self.plan.bill.bytes_per_request.get(id.index()).copied().flatten();
            bytes += each.ok_or("the scenario does not say how many bytes a request carries")? * offered[id.index()];
        }
        Ok(bytes / 1e9)
    }
}
