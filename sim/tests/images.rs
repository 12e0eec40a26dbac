//! Properties of images over the random scenarios: what an observer who only reads the ledger and the plan can tell of
//! where a version may run, held against what was created.

use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::generator;
use windtunnel_sim::plan::{Act, Availability, ImageReference, Plan, Start};
use windtunnel_sim::rules::{self, Area, RuleSet, key};
use windtunnel_sim::world::fact::{Fact, GalleryFact, Operation, Record};
use windtunnel_sim::world::ids::{ImageId, SetId};
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
    /// OS disks that were swapped.
    swapped: usize,
    set_of: Vec<SetId>,
    /// Instances whose set follows `latest`.
    followed: usize,
    refused: usize,
    /// What is not as it should be.
    wrong: Vec<String>,
}

impl<'p> Observer<'p> {
    fn new(plan: &'p Plan) -> Self {
        let one = |image: &windtunnel_sim::plan::Image| {
            let mut seen = Seen { excluded: image.version.excluded, ..Seen::default() };
            seen.complete =
                vec![matches!(image.version.availability, Availability::Everywhere { .. }); plan.regions.len()];
            seen.own = vec![None; plan.regions.len()];
            if let Availability::In(targets) = &image.version.availability {
                for target in targets {
                    seen.complete[usize::from(target.region)] = true;
                    seen.own[usize::from(target.region)] = target.excluded;
                }
            }
            seen
        };
        Self {
            plan,
            seen: plan.images.iter().map(one).collect(),
            created: 0,
            swapped: 0,
            set_of: Vec::new(),
            followed: 0,
            refused: 0,
            wrong: Vec::new(),
        }
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
                // Where a replica needs time until it can be used, it is there when that is said (`gallery.usable_delay`).
                let waits = self.plan.assumptions.get(key::GalleryUsableDelay) != Dist::Constant(SimDuration::ZERO);
                self.seen[image.index()].complete[region.index()] = !waits;
            }
            Fact::Gallery(GalleryFact::Usable { image, region }) => {
                self.seen[image.index()].complete[region.index()] = true;
            }
            Fact::Gallery(GalleryFact::ExclusionSet { image, region, excluded }) => match region {
                Some(region) => self.seen[image.index()].own[region.index()] = Some(excluded),
                None => self.seen[image.index()].excluded = excluded,
            },
            Fact::Gallery(GalleryFact::VersionDeleted { image }) => self.seen[image.index()].deleted = true,
            Fact::Gallery(GalleryFact::Restored { image }) => self.seen[image.index()].deleted = false,
            Fact::InstanceCreated { set, image, .. } | Fact::InstancePresent { set, image, .. } => {
                self.created += 1;
                self.set_of.push(set);
                // A machine of a standby pool was made earlier, from what was the newest then (IX-05).
                if record.rule.area() != Area::SB && record.rule != rules::IX_05 {
                    self.created_from(record, set, image);
                }
            }
            Fact::UpdateStarted { instance, how: Operation::Swap, image } => {
                self.swapped += 1;
                let set = self.set_of[instance.index()];
                self.made_from(record, set, image);
            }
            Fact::ScaleRefused { .. } => self.refused += 1,
            _ => {}
        }
    }

    /// A disk is made from a version that is complete in the region and not deleted.
    fn made_from(&mut self, record: &Record, set: SetId, image: ImageId) {
        let region = usize::from(self.plan.sets[set.index()].region);
        let seen = &self.seen[image.index()];
        // What a publisher publishes is in every region at once.
        let is_platform = self.plan.sets.iter().any(|set| matches!(set.image, ImageReference::PlatformLatest(_)));
        if !seen.complete[region] && !is_platform {
            self.wrong.push(format!("{record:?}: no replica is complete in the region"));
        }
        if seen.deleted {
            self.wrong.push(format!("{record:?}: the version was deleted"));
        }
    }

    /// An instance comes from a version that is complete in its region and not deleted; where its set follows `latest`, from
    /// the highest that is not excluded there.
    fn created_from(&mut self, record: &Record, set_id: SetId, image: ImageId) {
        let set = &self.plan.sets[set_id.index()];
        let region = usize::from(set.region);
        let number = |image: usize| self.plan.images[image].version.number;
        let excluded = |seen: &Seen| seen.own[region].unwrap_or(seen.excluded);
        let eligible = |seen: &Seen| seen.complete[region] && !seen.deleted && !excluded(seen);
        self.made_from(record, set_id, image);
        let seen = &self.seen[image.index()];
        let mut wrong = Vec::new();
        if matches!(set.image, ImageReference::Definition(_)) {
            self.followed += 1;
            if excluded(seen) {
                wrong.push("latest is an excluded version");
            }
            // What a build makes has a number above all of these.
            let below = |other: &usize| number(image.index()).is_some() && number(*other) > number(image.index());
            if (0..self.seen.len()).filter(below).any(|other| eligible(&self.seen[other])) {
                wrong.push("a higher version was eligible");
            }
        }
        self.wrong.extend(wrong.iter().map(|what| format!("{record:?}: {what}")));
    }
}

/// What the random scenarios met.
#[derive(Debug, Default)]
struct Met {
    created: usize,
    swapped: usize,
    followed: usize,
    refused: usize,
    queued: usize,
    moved: usize,
    wrong: Vec<String>,
}

/// Observes so many random scenarios, and none after the first in which something is wrong.
fn observe(scenarios: u64, rules: &RuleSet) -> Met {
    let mut met = Met::default();
    for number in 0..scenarios {
        if !met.wrong.is_empty() {
            break;
        }
        let mut plan = Plan { rules: rules.clone(), ..generator::scenario(number) };
        // The observer takes the images of the sets from the plan: nobody writes others meanwhile, nor begins with an earlier one.
        plan.sets.iter_mut().for_each(|set| set.start = Start::default());
        for action in plan.timeline.iter_mut().filter(|action| matches!(action.what, Act::ChangeModel { .. })) {
            action.what = Act::Wait(SimDuration::ZERO);
        }
        let mut ledger: Vec<Record> = Vec::new();
        run(&plan, 7, Options { check_every_instant: number % 10 == 0, ..Options::default() }, &mut ledger);
        let mut observer = Observer::new(&plan);
        for record in &ledger {
            observer.take_in(record, &ledger);
            match record.fact {
                Fact::Gallery(GalleryFact::CreateQueued { .. }) => met.queued += 1,
                Fact::Gallery(GalleryFact::LatestMoved { .. }) => met.moved += 1,
                _ => {}
            }
        }
        met.created += observer.created;
        met.swapped += observer.swapped;
        met.followed += observer.followed;
        met.refused += observer.refused;
        met.wrong.extend(observer.wrong);
    }
    met
}

#[test]
fn a_region_runs_a_version_only_when_its_replica_is_complete_and_latest_is_never_excluded_nor_absent() {
    let Met { created, swapped, followed, refused, queued, moved, wrong } = observe(3_000, &RuleSet::all());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (kind, count) in [
        ("instances", created),
        ("swaps of disks", swapped),
        ("instances of latest", followed),
        ("refusals", refused),
        ("creates that waited", queued),
        ("moves of latest", moved),
    ] {
        println!("{kind}: {count}");
        assert!(count >= 50, "the random scenarios met only {count} {kind}");
    }
}

/// The observer has eyes: in a world without one of the rules it sees what is wrong.
#[test]
fn without_the_rules_it_does_not_hold() {
    for rule in [rules::GA_06, rules::GA_07, rules::GA_08, rules::GA_09, rules::GA_19] {
        assert!(!observe(1_000, &RuleSet::without(rule)).wrong.is_empty(), "{rule} makes no difference");
    }
}
