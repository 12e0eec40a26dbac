//! Azure Compute Gallery: definitions and versions of images, where each version stands, and who may create from it.
//!
//! Rules: GA-04…GA-13, GA-15, GA-17…GA-23, UM-13, `gallery.*`. What a version is (`latest`, excluded, in the region) is in
//! `latest.rs`; how many creates its replicas serve at once is in `replicas.rs`. What the scenario declares stands in
//! every region when the run begins, with as many replicas as it takes, unless the scenario says otherwise. The loss of a
//! zone takes the LRS replicas in it (GA-16, `gallery.lrs_zone`): until it is back nothing can be created from them.
//!
//! The region of the gallery, what it keeps of what is deleted, and its definitions are in `keeping.rs`. Left out: resource
//! locks.

mod keeping;
mod latest;
mod replicas;
mod storage;

pub use latest::{Resolved, recorded_at, resolve};
pub use replicas::{admit, release};
pub use storage::{lose_zone, regain_zone};

use crate::engine::queue::Key;
use crate::engine::random::{Dist, Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Availability, GalleryAct, ImageReference, Number, Publication, Storage, Target};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Aggregate, Fact, GalleryFact, WriteRefusal};
use crate::world::ids::{DefinitionId, Entry, ImageId, InstanceId, RegionId};
use std::collections::VecDeque;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Every version, by image.
    pub versions: Vec<VersionState>,
    /// By definition and region: `latest`, as last said, and where the ledger says it.
    latest: Vec<Vec<(Option<ImageId>, Entry)>>,
    /// By definition: it is a platform image, so that what is published is in every region at once.
    platform: Vec<bool>,
    /// By instance: whose replicas it is being created from, where these are counted.
    creating: Vec<Option<(ImageId, RegionId)>>,
    /// By region: how many outages hold each of its three zones.
    zones_lost: Vec<[u8; 3]>,
}

/// A version of an image.
#[derive(Clone, Debug)]
pub struct VersionState {
    /// Its number; what a build makes has none before it is distributed.
    pub number: Option<Number>,
    /// When it was first written; `None` if it is not there yet.
    pub published: Option<SimTime>,
    /// It was deleted.
    pub deleted: bool,
    /// It was deleted, and can be restored (GA-21).
    pub kept: bool,
    /// How often it was deleted.
    deletions: u32,
    /// Its end of life passed.
    pub ended: bool,
    /// `excludeFromLatest` of the version.
    pub excluded: bool,
    /// The state over all regions (GA-11).
    pub aggregate: Aggregate,
    /// By region: its replica there, if the region is a target.
    pub regions: Vec<Option<Regional>>,
}

/// A version in a region.
#[derive(Clone, Debug)]
pub struct Regional {
    /// How far its replication is.
    pub state: Replication,
    /// When the replication began.
    pub since: SimTime,
    /// When it is to end.
    pub until: SimTime,
    /// How often it was begun; numbers the draws, and tells a stale end from a current one.
    attempt: u32,
    /// Replicas; `None` for as many as it takes.
    pub replicas: Option<u32>,
    /// Their storage (GA-16).
    pub storage: Storage,
    /// Their storage is in zones that are lost: how many outages hold it, and the entry of the last.
    lost: (u8, Entry),
    /// It is complete, and cannot be used yet.
    held: bool,
    /// `excludeFromLatest` of the region, where it has a value of its own.
    pub excluded: Option<bool>,
    /// Instances that are being created from it.
    active: u32,
    /// Instances that wait to be.
    waiting: VecDeque<InstanceId>,
}

/// The replication state of a region (GA-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replication {
    /// The region is no target.
    Unknown,
    /// On its way.
    Replicating,
    /// It can be deployed.
    Completed,
    /// It failed; publishing to the region again tries again.
    Failed,
}

/// A date of a version.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The replication to a region ends.
    Replicated {
        /// The version.
        image: ImageId,
        /// The region.
        region: RegionId,
        /// Which attempt.
        attempt: u32,
        /// The entry at which it began.
        cause: Entry,
    },
    /// A replica that is complete can be used.
    Usable {
        /// The version.
        image: ImageId,
        /// The region.
        region: RegionId,
        /// Which attempt.
        attempt: u32,
        /// The entry at which it was complete.
        cause: Entry,
    },
    /// What was kept of a deleted version goes.
    HardDeleted {
        /// The version.
        image: ImageId,
        /// Which of its deletions.
        nth: u32,
        /// The entry at which it was deleted.
        cause: Entry,
    },
    /// The end of life is reached.
    EndOfLife {
        /// The version.
        image: ImageId,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::EndOfLife { image } => Key::new(time, class, image.0.into(), 0, 0),
            Self::Replicated { image, region, attempt, .. } => {
                Key::new(time, class, u32::from(region.0) << 16 | u32::from(image.0), 1, attempt)
            }
            Self::Usable { image, region, attempt, .. } => {
                Key::new(time, class, u32::from(region.0) << 16 | u32::from(image.0), 2, attempt)
            }
            Self::HardDeleted { image, nth, .. } => Key::new(time, class, image.0.into(), 3, nth),
        }
    }
}

impl State {
    /// The versions that are present when the run begins.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let plan = cx.plan;
        let mut platform = vec![false; plan.definitions.len()];
        let sources = plan.builders.iter().filter_map(|builder| builder.source);
        for reference in plan.sets.iter().map(|set| set.image).chain(sources) {
            if let ImageReference::PlatformLatest(of) = reference {
                platform[usize::from(of)] = true;
            }
        }
        let versions = plan.images.iter().map(|image| VersionState::at_start(&image.version, plan.regions.len()));
        let latest = vec![vec![(None, Entry::NONE); plan.regions.len()]; plan.definitions.len()];
        let zones_lost = vec![[0; 3]; plan.regions.len()];
        let mut state = Self { versions: versions.collect(), latest, platform, creating: Vec::new(), zones_lost };
        for (of, latest) in state.latest.iter_mut().enumerate() {
            for (region, latest) in latest.iter_mut().enumerate() {
                let found = latest::newest(&state.versions, cx, DefinitionId(of as u16), RegionId(region as u16));
                latest.0 = found.map(|found| found.image);
            }
        }
        for (image, version) in plan.images.iter().enumerate() {
            if let Some(at) = version.version.end_of_life.filter(|&at| at <= plan.horizon) {
                cx.at(at, Due::Gallery(Event::EndOfLife { image: ImageId(image as u16) }));
            }
        }
        state
    }
}

impl VersionState {
    fn at_start(version: &crate::plan::Version, regions: usize) -> Self {
        let mut list = vec![None; regions];
        match &version.availability {
            Availability::Everywhere { replicas } => {
                list.fill(Some(Regional::complete(*replicas, Storage::default(), None)))
            }
            Availability::In(targets) => {
                for target in targets {
                    let complete = Regional::complete(Some(target.replicas), target.storage, target.excluded);
                    list[usize::from(target.region)] = Some(complete);
                }
            }
        }
        let present = list.iter().any(Option::is_some) && version.number.is_some();
        Self {
            number: version.number,
            published: present.then_some(SimTime::ZERO),
            deleted: false,
            kept: false,
            deletions: 0,
            ended: false,
            excluded: version.excluded,
            aggregate: if present { Aggregate::Completed } else { Aggregate::Unknown },
            regions: list,
        }
    }

    fn aggregate(&self) -> Aggregate {
        let mut states = self.regions.iter().flatten().map(|regional| regional.state).peekable();
        if states.peek().is_none() {
            return Aggregate::Unknown;
        }
        let (mut busy, mut failed) = (false, false);
        for state in states {
            busy |= state == Replication::Replicating;
            failed |= state == Replication::Failed;
        }
        match (busy, failed) {
            (true, _) => Aggregate::InProgress,
            (false, true) => Aggregate::Failed,
            (false, false) => Aggregate::Completed,
        }
    }
}

impl Regional {
    const fn complete(replicas: Option<u32>, storage: Storage, excluded: Option<bool>) -> Self {
        Self {
            state: Replication::Completed,
            since: SimTime::ZERO,
            until: SimTime::ZERO,
            attempt: 0,
            replicas,
            storage,
            lost: (0, Entry::NONE),
            held: false,
            excluded,
            active: 0,
            waiting: VecDeque::new(),
        }
    }

    /// How much of it is copied, in percent.
    #[must_use]
    pub fn progress(&self, now: SimTime) -> u8 {
        let total = self.until.since(self.since).ms();
        match self.state {
            Replication::Completed => 100,
            Replication::Replicating if total > 0 => (now.since(self.since).ms() * 100 / total).min(99) as u8,
            Replication::Replicating | Replication::Failed | Replication::Unknown => 0,
        }
    }
}

/// The replication state of a version in a region.
#[must_use]
pub fn replication(world: &World, image: ImageId, region: RegionId) -> Replication {
    let regional = &world.gallery.versions[image.index()].regions[region.index()];
    regional.as_ref().map_or(Replication::Unknown, |regional| regional.state)
}

/// Whether a version was deleted, so that no disk can be made from it any more (GA-19).
#[must_use]
pub fn is_deleted(world: &World, image: ImageId) -> bool {
    world.gallery.versions[image.index()].deleted
}

/// A date of a version is reached.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Replicated { image, region, attempt, cause } => replicated(world, cx, image, region, (attempt, cause)),
        Event::Usable { image, region, attempt, cause } => {
            let version = &mut world.gallery.versions[image.index()];
            let Some(regional) = &mut version.regions[region.index()] else { return };
            if regional.held && regional.attempt == attempt {
                regional.held = false;
                let entry = cx.record(Fact::Gallery(GalleryFact::Usable { image, region }), cause, rules::GA_12);
                latest::announce(world, cx, image, entry);
            }
        }
        Event::HardDeleted { image, nth, cause } => keeping::forget(world, cx, image, nth, cause),
        Event::EndOfLife { image } => {
            let version = &mut world.gallery.versions[image.index()];
            if version.published.is_some() && !version.deleted {
                version.ended = true;
                let entry = cx.record(Fact::Gallery(GalleryFact::EndOfLifePassed { image }), Entry(1), rules::GA_18);
                latest::announce(world, cx, image, entry);
            }
        }
    }
}

fn replicated(world: &mut World, cx: &mut Cx<'_>, image: ImageId, region: RegionId, (attempt, cause): (u32, Entry)) {
    let version = &mut world.gallery.versions[image.index()];
    let Some(regional) = &mut version.regions[region.index()] else { return };
    if version.deleted || regional.state != Replication::Replicating || regional.attempt != attempt {
        return;
    }
    let chance = cx.assume(key::GalleryFailProbability);
    let subject = subject(cx, image, region, attempt);
    let fails =
        chance > 0.0 && cx.on(rules::GA_11) && cx.stream(Purpose::ReplicationFailure, subject, 0).chance(chance);
    let (state, fact, rule) = if fails {
        (Replication::Failed, GalleryFact::ReplicationFailed { image, region }, rules::GA_11)
    } else {
        (Replication::Completed, GalleryFact::ReplicationCompleted { image, region }, rules::GA_12)
    };
    regional.state = state;
    let delay = cx.assume(key::GalleryUsableDelay);
    let delay = cx.draw(Purpose::UsableDelay, subject, 0, &delay);
    regional.held = state == Replication::Completed && delay > SimDuration::ZERO;
    let held = regional.held;
    let entry = cx.record(Fact::Gallery(fact), cause, rule);
    if held {
        cx.after(delay, Due::Gallery(Event::Usable { image, region, attempt, cause: entry }));
    }
    aggregate(world, cx, image, entry);
    latest::announce(world, cx, image, entry);
}

/// The draws of a replication are keyed by the version, the region and the attempt.
fn subject(cx: &Cx<'_>, image: ImageId, region: RegionId, attempt: u32) -> Subject {
    let (region, image) = (&cx.plan.regions[region.index()].name, &cx.plan.images[image.index()].name);
    Subject { place: name(region), cause: name(image), ordinal: attempt }
}

/// Says so if the state over all regions changed (GA-11).
fn aggregate(world: &mut World, cx: &mut Cx<'_>, image: ImageId, cause: Entry) {
    let version = &mut world.gallery.versions[image.index()];
    let to = version.aggregate();
    if std::mem::replace(&mut version.aggregate, to) != to && cx.on(rules::GA_11) {
        cx.record(Fact::Gallery(GalleryFact::AggregateChanged { image, to }), cause, rules::GA_11);
    }
}

/// How long the replication of a version to one of this many regions takes (GA-13, `gallery.replication_*`).
fn duration(cx: &mut Cx<'_>, image: ImageId, region: RegionId, (attempt, regions): (u32, usize)) -> SimDuration {
    let version = &cx.plan.images[image.index()].version;
    // A shallow version is not copied (GA-17).
    let shallow = version.shallow && cx.on(rules::GA_17);
    let base = if shallow { key::GalleryReplicationShallow } else { key::GalleryReplicationBase };
    let base = cx.assume(base);
    if !cx.on(rules::GA_13) {
        return base + validation(cx, image, attempt);
    }
    let per_gb = cx.assume(key::GalleryReplicationPerGb);
    let factor = cx.assume(key::GalleryReplicationRegionFactor);
    let sigma = cx.assume(key::GalleryReplicationSigma);
    let cap = cx.assume(key::GalleryReplicationCap);
    let copied = if shallow { 0.0 } else { version.size_gb };
    let one = base.ms() as f64 + copied * per_gb.ms() as f64;
    let median = one * (1.0 + factor * (regions.saturating_sub(1)) as f64);
    let share = cx.assume(key::GalleryReplicationSlowShare);
    let slow = cx.assume(key::GalleryReplicationSlowFrom).min(cap);
    let median = SimDuration::from_ms(libm::round(median) as u64);
    let dist = Dist::SlowTail { median, sigma, share, min: slow, max: cap };
    let subject = subject(cx, image, region, attempt);
    cx.draw(Purpose::Replication, subject, 0, &dist).min(cap) + validation(cx, image, attempt)
}

/// How long a version is validated for Trusted Launch before it is copied for the first time (GA-23).
fn validation(cx: &mut Cx<'_>, image: ImageId, attempt: u32) -> SimDuration {
    let version = &cx.plan.images[image.index()];
    if attempt != 1 || !cx.plan.definition(version.version.definition).validated || !cx.on(rules::GA_23) {
        return SimDuration::ZERO;
    }
    let length = cx.assume(key::GalleryTrustedLaunchValidation);
    let subject = Subject { place: name("validation"), cause: name(&version.name), ordinal: 0 };
    cx.draw(Purpose::VersionValidation, subject, 0, &length)
}

// Verbs.

/// Writes a version with its target regions, by the rule that the caller goes by. Regions it reached before stay; one
/// that failed is tried again (GA-13). The entry it is known by, or `None` where it is refused.
pub fn publish(
    world: &mut World,
    cx: &mut Cx<'_>,
    publication: &Publication,
    rule: RuleId,
    cause: Entry,
) -> Option<Entry> {
    let image = ImageId(publication.image);
    if keeping::home_is_down(world, cx, image) {
        refuse_down(cx, image, cause);
        return None;
    }
    let version = &mut world.gallery.versions[image.index()];
    if version.deleted && cx.on(rules::GA_20) {
        refuse(cx, image, WriteRefusal::Deleted, cause);
        return None;
    }
    version.deleted = false;
    let first = version.published.is_none();
    version.published.get_or_insert(cx.now());
    version.excluded = publication.excluded.unwrap_or(version.excluded);
    let entry = cx.record(Fact::Gallery(GalleryFact::VersionPublished { image }), cause, rule);
    if world.gallery.platform[usize::from(cx.plan.images[image.index()].version.definition)] {
        for region in 0..cx.plan.regions.len() {
            let slot = &mut world.gallery.versions[image.index()].regions[region];
            let regional = slot.get_or_insert_with(|| Regional::complete(None, Storage::default(), None));
            // Whoever waits for a place goes on.
            (regional.state, regional.replicas) = (Replication::Completed, None);
            replicas::refill(world, cx, image, RegionId(region as u16), entry);
        }
    } else {
        let validated = cx.plan.definition(cx.plan.images[image.index()].version.definition).validated;
        if first && validated && cx.on(rules::GA_23) {
            cx.record(Fact::Gallery(GalleryFact::ValidationStarted { image }), entry, rules::GA_23);
        }
        replicate(world, cx, image, &publication.targets, entry);
    }
    aggregate(world, cx, image, entry);
    latest::announce(world, cx, image, entry);
    Some(entry)
}

/// Writes the target regions of a version, and begins the copies that are not there.
fn replicate(world: &mut World, cx: &mut Cx<'_>, image: ImageId, targets: &[Target], cause: Entry) {
    let wanted = |regional: &Option<Regional>| {
        let state = regional.as_ref().map_or(Replication::Unknown, |regional| regional.state);
        matches!(state, Replication::Unknown | Replication::Failed)
    };
    let regions = &world.gallery.versions[image.index()].regions;
    let copies = targets.iter().filter(|target| wanted(&regions[usize::from(target.region)])).count();
    for target in targets {
        let region = RegionId(target.region);
        let slot = &mut world.gallery.versions[image.index()].regions[region.index()];
        let begins = wanted(slot);
        let regional = slot.get_or_insert_with(|| Regional::complete(Some(1), Storage::default(), None));
        // The count of a region overrides the common one (GA-15).
        let count = if cx.on(rules::GA_15) { target.replicas } else { 1 };
        (regional.replicas, regional.storage) = (Some(count), target.storage);
        regional.excluded = target.excluded.or(regional.excluded);
        if begins {
            regional.attempt += 1;
            (regional.state, regional.since) = (Replication::Replicating, cx.now());
            let attempt = regional.attempt;
            let length = duration(cx, image, region, (attempt, copies));
            let shallow = cx.plan.images[image.index()].version.shallow;
            let rule = if shallow { rules::GA_17 } else { rules::GA_13 };
            let entry = cx.record(Fact::Gallery(GalleryFact::ReplicationStarted { image, region }), cause, rule);
            if let Some(regional) = &mut world.gallery.versions[image.index()].regions[region.index()] {
                regional.until = cx.now() + length;
            }
            cx.after(length, Due::Gallery(Event::Replicated { image, region, attempt, cause: entry }));
        } else {
            replicas::refill(world, cx, image, region, cause);
        }
    }
}

fn refuse_down(cx: &mut Cx<'_>, image: ImageId, cause: Entry) {
    let why = WriteRefusal::HomeRegionDown;
    cx.record(Fact::Gallery(GalleryFact::WriteRefused { image, why }), cause, rules::GA_22);
}

fn refuse(cx: &mut Cx<'_>, image: ImageId, why: WriteRefusal, cause: Entry) {
    cx.record(Fact::Gallery(GalleryFact::WriteRefused { image, why }), cause, rules::GA_20);
}

/// Why a version cannot be written, if it cannot.
fn unwritable(version: &VersionState) -> Option<WriteRefusal> {
    match (version.deleted, version.published) {
        (true, _) => Some(WriteRefusal::Deleted),
        (false, None) => Some(WriteRefusal::NotPublished),
        (false, Some(_)) => None,
    }
}

/// Excludes a version from `latest` or includes it again: in some of its regions, or in all that have no flag of their
/// own (GA-08).
pub fn exclude(world: &mut World, cx: &mut Cx<'_>, image: ImageId, (regions, excluded): (&[u16], bool), cause: Entry) {
    if keeping::home_is_down(world, cx, image) {
        return refuse_down(cx, image, cause);
    }
    let version = &mut world.gallery.versions[image.index()];
    if let Some(why) = unwritable(version) {
        refuse(cx, image, why, cause);
        return;
    }
    let mut said = cause;
    if regions.is_empty() {
        version.excluded = excluded;
        said =
            cx.record(Fact::Gallery(GalleryFact::ExclusionSet { image, region: None, excluded }), cause, rules::GA_08);
    }
    for &region in regions {
        let Some(regional) = &mut version.regions[usize::from(region)] else {
            refuse(cx, image, WriteRefusal::NotPublished, cause);
            continue;
        };
        regional.excluded = Some(excluded);
        let region = Some(RegionId(region));
        said = cx.record(Fact::Gallery(GalleryFact::ExclusionSet { image, region, excluded }), cause, rules::GA_08);
    }
    latest::announce(world, cx, image, said);
}

/// Deletes a version, unless a guard holds it (GA-20). What runs goes on; what needs the image again fails (GA-19).
pub fn delete(world: &mut World, cx: &mut Cx<'_>, image: ImageId, cause: Entry) {
    if keeping::home_is_down(world, cx, image) {
        return refuse_down(cx, image, cause);
    }
    let declared = &cx.plan.images[image.index()].version;
    let version = &mut world.gallery.versions[image.index()];
    let guarded = cx.on(rules::GA_20);
    let early = declared.end_of_life.is_some_and(|end| cx.now() < end);
    let replicated = version.regions.iter().flatten().any(|regional| regional.state == Replication::Completed);
    let held = match unwritable(version) {
        Some(why) => Some(why),
        None if guarded && declared.block_deletion_before_end_of_life && early => Some(WriteRefusal::BeforeEndOfLife),
        None if guarded && !declared.allow_deletion_of_replicated && replicated => Some(WriteRefusal::Replicated),
        None => None,
    };
    if let Some(why) = held {
        refuse(cx, image, why, cause);
        return;
    }
    version.deleted = true;
    let entry = cx.record(Fact::Gallery(GalleryFact::VersionDeleted { image }), cause, rules::GA_19);
    keeping::soft_delete(world, cx, image, entry);
    latest::announce(world, cx, image, entry);
}

/// Does what an act says about what is kept and about definitions (GA-01, GA-21).
pub fn act(world: &mut World, cx: &mut Cx<'_>, act: &GalleryAct, cause: Entry) {
    keeping::act(world, cx, act, cause);
}

/// Gives a version its number, before it is published.
pub fn number(world: &mut World, image: ImageId, number: Number) {
    world.gallery.versions[image.index()].number = Some(number);
}

/// Stops the copies of a version that are under way, by the rule that the caller goes by: those regions fail.
pub fn abandon(world: &mut World, cx: &mut Cx<'_>, image: ImageId, rule: RuleId, cause: Entry) {
    for region in 0..cx.plan.regions.len() {
        let Some(regional) = &mut world.gallery.versions[image.index()].regions[region] else { continue };
        if regional.state == Replication::Replicating {
            regional.state = Replication::Failed;
            let region = RegionId(region as u16);
            cx.record(Fact::Gallery(GalleryFact::ReplicationFailed { image, region }), cause, rule);
        }
    }
    aggregate(world, cx, image, cause);
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for version in &world.gallery.versions {
        assert_eq!(version.aggregate, version.aggregate(), "the aggregate state is that of the regions");
        assert!(!version.deleted || version.published.is_some(), "only what was published is deleted");
        for regional in version.regions.iter().flatten() {
            assert!(regional.waiting.is_empty() || regional.active > 0, "nobody waits for replicas that are idle");
        }
    }
    if [rules::GA_07, rules::GA_09, rules::GA_12].iter().all(|&rule| cx.on(rule)) {
        for row in &world.instances.rows {
            if row.initial && !cx.plan.sets[row.set.index()].start.instances.is_empty() {
                continue; // what was there before may run a version that cannot be had any more
            }
            let region = RegionId(cx.plan.sets[row.set.index()].region);
            let complete = replication(world, row.image, region) == Replication::Completed;
            assert!(complete, "an instance is created from a version only where its replica is complete");
        }
    }
}
