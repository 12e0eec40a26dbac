//! Properties of images over the random scenarios: what an observer who only reads the ledger and the plan can tell of
//! where a version may run, held against what was created.

use windtunnel_sim::generator;
use windtunnel_sim::plan::{Act, ImageReference, Plan, Standing};
use windtunnel_sim::world::fact::{Fact, GalleryFact, Record};
use windtunnel_sim::world::run::{Options, run};

/// What the observer holds of one version.
#[derive(Clone, Default)]
struct Seen {
    /// By region: its replica is complete.
    complete: Vec<bool>,
    /// By region: the flag of the region.
    own: Vec<Option<bool>>,
    excluded: bool,
    deleted: bool,
}

struct Observer<'p> {
    plan: &'p Plan,
    seen: Vec<Seen>,
    created: usize,
    /// Instances whose set follows `latest`.
    followed: usize,
    refused: usize,
}

impl<'p> Observer<'p> {
    fn new(plan: &'p Plan) -> Self {
        let one = |image: &windtunnel_sim::plan::Image| {
            let mut seen = Seen { excluded: image.version.excluded, ..Seen::default() };
            seen.complete = vec![matches!(image.version.stands, Standing::Everywhere { .. }); plan.regions.len()];
            seen.own = vec![None; plan.regions.len()];
            if let Standing::In(targets) = &image.version.stands {
                for target in targets {
                    seen.complete[usize::from(target.region)] = true;
                    seen.own[usize::from(target.region)] = target.excluded;
                }
            }
            seen
        };
        Self { plan, seen: plan.images.iter().map(one).collect(), created: 0, followed: 0, refused: 0 }
    }

    fn take_in(&mut self, record: &Record, entries: &[Record]) {
        match record.fact {
            Fact::Gallery(GalleryFact::VersionPublished { image }) => {
                // The flags that go with it are those of the act it came from.
                if let Fact::ActionTaken { action } = entries[record.cause.0 as usize - 1].fact
                    && let Act::Publish(what) = &self.plan.timeline[action.index()].what
                {
                    let seen = &mut self.seen[image.index()];
                    seen.excluded = what.excluded.unwrap_or(seen.excluded);
                    for target in &what.targets {
                        let own = &mut seen.own[usize::from(target.region)];
                        *own = target.excluded.or(*own);
                    }
                } else {
                    let seen = &mut self.seen[image.index()];
                    seen.excluded = self.plan.builders[0].excluded;
                    for target in &self.plan.builders[0].targets {
                        seen.own[usize::from(target.region)] = target.excluded;
                    }
                }
            }
            Fact::Gallery(GalleryFact::ReplicationCompleted { image, region }) => {
                self.seen[image.index()].complete[region.index()] = true;
            }
            Fact::Gallery(GalleryFact::ExclusionSet { image, region, excluded }) => match region {
                Some(region) => self.seen[image.index()].own[region.index()] = Some(excluded),
                None => self.seen[image.index()].excluded = excluded,
            },
            Fact::Gallery(GalleryFact::VersionDeleted { image }) => self.seen[image.index()].deleted = true,
            Fact::InstanceCreated { set, image, .. } | Fact::InstanceStood { set, image, .. } => {
                let set = &self.plan.sets[set.index()];
                let (region, seen) = (usize::from(set.region), &self.seen[image.index()]);
                self.created += 1;
                assert!(seen.complete[region], "{record:?}: no replica is complete in the region");
                assert!(!seen.deleted, "{record:?}: the version was deleted");
                if matches!(set.image, ImageReference::Definition(_)) {
                    let excluded = seen.own[region].unwrap_or(seen.excluded);
                    assert!(!excluded, "{record:?}: latest resolved to an excluded version");
                    let higher = (0..self.seen.len()).filter(|&other| {
                        let seen = &self.seen[other];
                        let number = |image: usize| self.plan.images[image].version.number;
                        let eligible = seen.complete[region] && !seen.deleted;
                        let candidate = eligible && !seen.own[region].unwrap_or(seen.excluded);
                        candidate && number(other).is_some() && number(other) > number(image.index())
                    });
                    // The version that a build makes has a number of its own, above all of these.
                    let built = self.plan.images[image.index()].version.number.is_none();
                    assert!(built || higher.count() == 0, "{record:?}: a higher version was eligible");
                    self.followed += 1;
                }
            }
            Fact::ScaleRefused { .. } => self.refused += 1,
            _ => {}
        }
    }
}

#[test]
fn a_region_runs_a_version_only_when_its_replica_is_complete_and_latest_is_never_excluded_nor_absent() {
    let (mut created, mut followed, mut refused, mut queued, mut moved) = (0, 0, 0, 0, 0);
    for number in 0..3_000 {
        let plan = generator::scenario(number);
        let mut ledger: Vec<Record> = Vec::new();
        run(&plan, 7, Options { check_every_instant: number % 10 == 0, ..Options::default() }, &mut ledger);
        let mut observer = Observer::new(&plan);
        for record in &ledger {
            observer.take_in(record, &ledger);
            match record.fact {
                Fact::Gallery(GalleryFact::CreateQueued { .. }) => queued += 1,
                Fact::Gallery(GalleryFact::LatestMoved { .. }) => moved += 1,
                _ => {}
            }
        }
        created += observer.created;
        followed += observer.followed;
        refused += observer.refused;
    }
    for (kind, count) in [
        ("instances", created),
        ("instances of latest", followed),
        ("refusals", refused),
        ("creates that waited", queued),
        ("moves of latest", moved),
    ] {
        println!("{kind}: {count}");
        assert!(count >= 50, "the random scenarios met only {count} {kind}");
    }
}
