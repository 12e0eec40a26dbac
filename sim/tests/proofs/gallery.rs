//! Versions of images. A region alone gets a version of 30 GB in 300 + 30 × 6 = 480 s; each of two regions takes a tenth
//! longer, 528 s. The spread of a replication is switched off. Version 1.0.0 (image 0) stands in both regions from the
//! start, 1.1.0 (image 1) nowhere. The sets `vmss` in the east and `west` in the west follow `latest`.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Aggregate, Fact, GalleryFact, Record, Refusal, WriteRefusal};
use windtunnel_sim::world::run::{Options, Run};

type Proved = Result<Vec<Record>, String>;

proofs! { "gallery":
    GA_01 what_a_definition_is_for_cannot_change,
    GA_21 what_is_deleted_softly_can_be_restored_for_a_while,
    GA_22 nothing_is_published_while_the_region_of_the_gallery_is_down,
    GA_23 a_version_is_validated_before_it_is_copied,
    GA_24 a_specialized_image_boots_faster,
    GA_04 one_replica_serves_twenty_creates,
    GA_05 creates_beyond_the_replicas_wait,
    GA_06 latest_is_the_highest_number_and_not_the_newest,
    GA_07 latest_is_what_is_complete_in_the_region,
    GA_08 the_exclusion_of_a_region_wins_both_ways,
    GA_09 an_image_that_is_not_there_creates_nothing,
    GA_10 an_excluded_version_is_deployed_by_its_number,
    GA_11 a_version_has_a_state_in_each_region_and_over_all,
    GA_12 a_region_is_usable_while_others_replicate,
    GA_13 replication_takes_longer_with_size_and_regions,
    GA_15 a_region_has_as_many_replicas_as_it_is_given,
    GA_17 a_shallow_version_is_ready_sooner_and_serves_fewer,
    GA_18 the_end_of_life_only_informs,
    GA_19 a_deleted_version_breaks_scale_out_and_nothing_that_runs,
    GA_20 guards_hold_a_version_back_from_deletion,
    UM_13 a_new_version_touches_no_instance,
}

const EAST: u16 = 0;
const WEST: u16 = 1;

fn with(rules: RuleSet) -> Plan {
    let mut plan = two_regions();
    plan.rules = rules;
    plan
}

/// A plan whose only set is `vmss`, empty, of a version with this many replicas.
fn throttled(rules: RuleSet, replicas: u32) -> Plan {
    let mut plan = with(rules);
    plan.images[0].version.availability = Availability::Everywhere { replicas: Some(replicas) };
    plan.sets.truncate(1);
    plan.sets[0].capacity = 0;
    plan
}

fn publish(at_s: u64, image: u16, targets: Vec<Target>) -> Action {
    publish_as(at_s, image, targets, None)
}

fn publish_as(at_s: u64, image: u16, targets: Vec<Target>, excluded: Option<bool>) -> Action {
    action(&format!("publish {image} at {at_s}"), at_s, Act::Publish(Publication { image, targets, excluded }))
}

fn grow(at_s: u64, set: u16, capacity: u32) -> Action {
    action(&format!("scale {set} at {at_s}"), at_s, Act::SetCapacity { set, capacity })
}

/// The set and the image of each instance that was created.
fn created(ledger: &[Record]) -> Vec<(u16, u16)> {
    let made = |record: &Record| match record.fact {
        Fact::InstanceCreated { set, image, .. } => Some((set.0, image.0)),
        _ => None,
    };
    ledger.iter().filter_map(made).collect()
}

/// How many machines ran at which instant.
fn running(ledger: &[Record]) -> Vec<(f64, usize)> {
    let all = times(ledger, |fact| matches!(fact, Fact::InstanceRunning { .. }));
    all.chunk_by(|a, b| a == b).map(|group| (group[0], group.len())).collect()
}

fn gallery<T>(ledger: &[Record], is: impl Fn(GalleryFact) -> Option<T>) -> Vec<(f64, T)> {
    let found = |record: &Record| match record.fact {
        Fact::Gallery(fact) => is(fact).map(|found| (record.time.seconds(), found)),
        _ => None,
    };
    ledger.iter().filter_map(found).collect()
}

fn completed(ledger: &[Record]) -> Vec<(f64, (u16, u16))> {
    gallery(ledger, |fact| match fact {
        GalleryFact::ReplicationCompleted { image, region } => Some((image.0, region.0)),
        _ => None,
    })
}

fn refused(ledger: &[Record]) -> Vec<(u16, Refusal)> {
    let found = |record: &Record| match record.fact {
        Fact::ScaleRefused { set, why, .. } => Some((set.0, why)),
        _ => None,
    };
    ledger.iter().filter_map(found).collect()
}

/// 21 creates at 100 s from one replica: 20 run at 160 s, and the last begins only then.
fn one_replica_serves_twenty_creates(rules: RuleSet) -> Proved {
    let mut plan = throttled(rules, 1);
    plan.timeline = vec![scale(100, 21)];
    let ledger = ledger(&plan);
    same("running", running(&ledger), vec![(160.0, 20), (220.0, 1)])?;
    Ok(ledger)
}

/// 50 creates: one replica serves 20, 20 and 10; two serve 40 and 10, which is twice as many at once.
fn creates_beyond_the_replicas_wait(rules: RuleSet) -> Proved {
    let mut one = throttled(rules.clone(), 1);
    one.timeline = vec![scale(100, 50)];
    same("one", running(&ledger(&one)), vec![(160.0, 20), (220.0, 20), (280.0, 10)])?;
    let mut two = throttled(rules, 2);
    two.timeline = vec![scale(100, 50)];
    let ledger = ledger(&two);
    same("two", running(&ledger), vec![(160.0, 40), (220.0, 10)])?;
    Ok(ledger)
}

/// 1.10.0 stands; 1.2.9 is published later, complete at 50 + 480 = 530 s, and changes nothing.
fn latest_is_the_highest_number_and_not_the_newest(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images = vec![image("app/1.10.0", 0), absent("app/1.2.9")];
    plan.timeline = vec![publish(50, 1, vec![Target::new(EAST)]), grow(600, 0, 3)];
    let ledger = ledger(&plan);
    same("complete", completed(&ledger), vec![(530.0, (1, EAST))])?;
    same("created", created(&ledger), vec![(0, 0)])?;
    Ok(ledger)
}

/// 1.1.0 is complete in the east at 100 + 480 = 580 s and not yet sent to the west: at 700 s the two differ, and nobody
/// is said.
fn latest_is_what_is_complete_in_the_region(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline = vec![publish(100, 1, vec![Target::new(EAST)]), grow(700, 0, 3), grow(700, 1, 2)];
    let ledger = ledger(&plan);
    same("created", created(&ledger), vec![(0, 1), (1, 0)])?;
    same("refused", refused(&ledger), vec![])?;
    Ok(ledger)
}

/// 1.1.0 is excluded, but for the west: complete at 100 + 528 = 628 s. At 800 s the flags of the regions change places.
fn the_exclusion_of_a_region_wins_both_ways(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let west = Target { excluded: Some(false), ..Target::new(WEST) };
    let flag = |at_s, region, excluded| {
        let what = Act::Exclude { image: 1, regions: vec![region], excluded };
        action(&format!("flag {region}"), at_s, what)
    };
    plan.timeline = vec![
        publish_as(100, 1, vec![Target::new(EAST), west], Some(true)),
        grow(700, 0, 3),
        grow(700, 1, 2),
        flag(800, EAST, false),
        flag(800, WEST, true),
        grow(900, 0, 4),
        grow(900, 1, 3),
    ];
    let ledger = ledger(&plan);
    same("created", created(&ledger), vec![(0, 0), (1, 1), (0, 1), (1, 0)])?;
    Ok(ledger)
}

/// The only version of `app` is excluded, that of `other` is in the east alone: neither by `latest` nor by its number is
/// it there for the west.
fn an_image_that_is_not_there_creates_nothing(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.definitions.push("other".into());
    plan.images[0].version.excluded = true;
    let mut other = image("other/1.0.0", 0);
    other.version = Version { availability: Availability::In(vec![Target::new(EAST)]), ..other.version };
    other.version.definition = 1;
    plan.images[1] = other;
    let west = |image| ScaleSet { region: WEST, capacity: 0, image, pools: vec![], ..set("other") };
    plan.sets[0].capacity = 0;
    plan.sets[1] = west(ImageReference::Definition(1));
    plan.sets.push(west(ImageReference::Version(1)));
    plan.timeline = vec![grow(100, 0, 1), grow(100, 1, 1), grow(100, 2, 1)];
    let ledger = ledger(&plan);
    let expected = vec![(0, Refusal::NoLatestImage), (1, Refusal::ImageNotInRegion), (2, Refusal::ImageNotInRegion)];
    same("refused", refused(&ledger), expected)?;
    same("created", created(&ledger), vec![])?;
    Ok(ledger)
}

fn an_excluded_version_is_deployed_by_its_number(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images[1].version.availability = Availability::Everywhere { replicas: None };
    plan.images[1].version.excluded = true;
    plan.sets[0] = ScaleSet { capacity: 0, image: ImageReference::Version(1), ..set("vmss") };
    plan.timeline = vec![grow(100, 0, 1), grow(100, 1, 2)];
    let ledger = ledger(&plan);
    same("created", created(&ledger), vec![(0, 1), (1, 0)])?;
    Ok(ledger)
}

/// Every replication fails: that to the west, at 100 + 480 = 580 s. At 340 s half of it is copied.
fn a_version_has_a_state_in_each_region_and_over_all(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images[1].version.availability = Availability::In(vec![Target::new(EAST)]);
    assume(&mut plan, A::GalleryFailProbability, Value::Share(1.0));
    plan.timeline = vec![publish(100, 1, vec![Target::new(WEST)])];
    let mut ledger = Vec::new();
    let mut run = Run::new(&plan, 7, Options::default(), &mut ledger);
    run.advance(at(340), &mut ledger);
    let west = run.world.gallery.versions[1].regions[usize::from(WEST)].clone();
    same("progress", west.map(|regional| regional.progress(at(340))), Some(50))?;
    run.advance(plan.horizon, &mut ledger);
    run.finish(&mut ledger);
    let over_all = gallery(&ledger, |fact| match fact {
        GalleryFact::AggregateChanged { to, .. } => Some(to),
        _ => None,
    });
    same("over all", over_all, vec![(100.0, Aggregate::InProgress), (580.0, Aggregate::Failed)])?;
    same("complete", completed(&ledger), vec![])?;
    Ok(ledger)
}

/// The east is complete at 580 s; the west begins at 400 s and is complete at 880 s.
fn a_region_is_usable_while_others_replicate(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let to = |at_s, region| publish(at_s, 1, vec![Target::new(region)]);
    plan.timeline = vec![to(100, EAST), to(400, WEST), grow(700, 0, 3), grow(900, 1, 2)];
    let ledger = ledger(&plan);
    same("complete", completed(&ledger), vec![(580.0, (1, EAST)), (880.0, (1, WEST))])?;
    same("created", created(&ledger), vec![(0, 1), (1, 1)])?;
    Ok(ledger)
}

/// 30 GB to two regions: (300 + 180) × 1.1 = 528 s. 130 GB to one: 300 + 780 = 1,080 s.
fn replication_takes_longer_with_size_and_regions(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let mut large = absent("app/1.2.0");
    large.version.size_gb = 130.0;
    plan.images.push(large);
    let both = vec![Target::new(EAST), Target::new(WEST)];
    plan.timeline = vec![publish(100, 1, both), publish(100, 2, vec![Target::new(EAST)])];
    let ledger = ledger(&plan);
    same("complete", completed(&ledger), vec![(628.0, (1, EAST)), (628.0, (1, WEST)), (1180.0, (2, EAST))])?;
    Ok(ledger)
}

/// Two replicas in the east serve 40 of 41 creates at once.
fn a_region_has_as_many_replicas_as_it_is_given(rules: RuleSet) -> Proved {
    let mut plan = throttled(rules, 1);
    plan.timeline = vec![publish(100, 1, vec![Target { replicas: 2, ..Target::new(EAST) }]), scale(600, 41)];
    let ledger = ledger(&plan);
    same("running", running(&ledger), vec![(660.0, 40), (720.0, 1)])?;
    Ok(ledger)
}

/// Nothing is copied, so it is complete after 45 s; it serves 20 creates at once, whatever its replicas.
fn a_shallow_version_is_ready_sooner_and_serves_fewer(rules: RuleSet) -> Proved {
    let mut plan = throttled(rules, 1);
    plan.images[1].version.shallow = true;
    plan.timeline = vec![publish(100, 1, vec![Target { replicas: 3, ..Target::new(EAST) }]), scale(600, 21)];
    let ledger = ledger(&plan);
    same("complete", completed(&ledger), vec![(145.0, (1, EAST))])?;
    same("running", running(&ledger), vec![(660.0, 20), (720.0, 1)])?;
    Ok(ledger)
}

fn the_end_of_life_only_informs(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images[0].version.end_of_life = Some(at(200));
    plan.sets[0].image = ImageReference::Version(0);
    plan.timeline = vec![grow(300, 0, 3), grow(300, 1, 2)];
    let ledger = ledger(&plan);
    same("created", created(&ledger), vec![(0, 0), (1, 0)])?;
    Ok(ledger)
}

/// The set names the version; it is deleted at 100 s. What runs goes on, and no instance comes.
fn a_deleted_version_breaks_scale_out_and_nothing_that_runs(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].image = ImageReference::Version(0);
    plan.timeline = vec![action("delete", 100, Act::DeleteVersion { image: 0 }), grow(200, 0, 3)];
    let ledger = ledger(&plan);
    same("refused", refused(&ledger), vec![(0, Refusal::ImageDeleted)])?;
    same("created", created(&ledger), vec![])?;
    same("out", times(&ledger, |fact| matches!(fact, Fact::OutOfRotation { .. })), vec![])?;
    Ok(ledger)
}

/// 1.0.0 is held until its end of life at 1,000 s, 1.1.0 as long as it has replicas. What is deleted is not written again.
fn guards_hold_a_version_back_from_deletion(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let delete = |at_s, image| action(&format!("delete {image} at {at_s}"), at_s, Act::DeleteVersion { image });
    plan.images[0].version.end_of_life = Some(at(1000));
    plan.images[0].version.block_deletion_before_end_of_life = true;
    plan.images[1].version.availability = Availability::Everywhere { replicas: None };
    plan.images[1].version.allow_deletion_of_replicated = false;
    let again = publish(1200, 0, vec![Target::new(EAST)]);
    plan.timeline = vec![delete(100, 0), delete(200, 1), delete(1100, 0), again];
    let ledger = ledger(&plan);
    let refusals = gallery(&ledger, |fact| match fact {
        GalleryFact::WriteRefused { why, .. } => Some(why),
        _ => None,
    });
    let expected = vec![
        (100.0, WriteRefusal::BeforeEndOfLife),
        (200.0, WriteRefusal::Replicated),
        (1200.0, WriteRefusal::Deleted),
    ];
    same("refused", refusals, expected)?;
    let deleted = |fact: &Fact| matches!(fact, Fact::Gallery(GalleryFact::VersionDeleted { .. }));
    same("deleted", times(&ledger, deleted), vec![1100.0])?;
    Ok(ledger)
}

/// `latest` moves in the east at 580 s: its two instances stay what they are.
fn a_new_version_touches_no_instance(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline = vec![publish(100, 1, vec![Target::new(EAST)])];
    let ledger = ledger(&plan);
    let stay = gallery(&ledger, |fact| match fact {
        GalleryFact::InstancesStay { set, count } => Some((set.0, count)),
        _ => None,
    });
    same("stay", stay, vec![(580.0, (0, 2))])?;
    same("code", times(&ledger, |fact| matches!(fact, Fact::CodeInstalled { .. })), vec![])?;
    Ok(ledger)
}

/// What a definition says here, of the only one there is.
fn declared(rules: RuleSet, definition: Definition) -> Plan {
    Plan { rules, gallery: vec![definition], ..two_regions() }
}

/// Another osState is refused, a write of the rest is not.
fn what_a_definition_is_for_cannot_change(rules: RuleSet) -> Proved {
    let write = |at_s, changes| {
        let act = GalleryAct::WriteDefinition { definition: 0, changes };
        action(&format!("write at {at_s}"), at_s, Act::Gallery(act))
    };
    let mut plan = declared(rules, Definition::default());
    plan.timeline = vec![write(100, None), write(200, Some(FixedField::OsState))];
    let ledger = ledger(&plan);
    let written = |fact: &Fact| matches!(fact, Fact::Gallery(GalleryFact::DefinitionWritten { .. }));
    same("written", times(&ledger, written), vec![100.0])?;
    let refused =
        |fact: &Fact| matches!(fact, Fact::Gallery(GalleryFact::DefinitionRefused { field: FixedField::OsState, .. }));
    same("refused", times(&ledger, refused), vec![200.0])?;
    Ok(ledger)
}

/// 1.0.0 is deleted at 100 s and kept for 500 + 100 s. A scale-out at 200 s finds no image; restored at 300 s, it serves the next
/// at 400 s. Deleted again at 500 s, it is gone at 1,100 s, and cannot be restored at 1,200 s.
fn what_is_deleted_softly_can_be_restored_for_a_while(rules: RuleSet) -> Proved {
    let soft_delete = Some(SoftDelete { retention: s(500), grace: s(100) });
    let mut plan = declared(rules, Definition { soft_delete, ..Definition::default() });
    let delete = |at_s| action(&format!("delete at {at_s}"), at_s, Act::DeleteVersion { image: 0 });
    let restore = |at_s| action(&format!("restore at {at_s}"), at_s, Act::Gallery(GalleryAct::Restore { image: 0 }));
    let grow = |at_s, capacity| action(&format!("grow at {at_s}"), at_s, Act::SetCapacity { set: 0, capacity });
    plan.timeline = vec![delete(100), grow(200, 3), restore(300), grow(400, 3), delete(500), restore(1200)];
    let ledger = ledger(&plan);
    let is =
        |wanted: fn(GalleryFact) -> bool| times(&ledger, |fact| matches!(fact, Fact::Gallery(fact) if wanted(*fact)));
    same("kept", is(|fact| matches!(fact, GalleryFact::SoftDeleted { .. })), vec![100.0, 500.0])?;
    same("restored", is(|fact| matches!(fact, GalleryFact::Restored { .. })), vec![300.0])?;
    same("gone", is(|fact| matches!(fact, GalleryFact::HardDeleted { .. })), vec![1100.0])?;
    let late = |fact| matches!(fact, GalleryFact::WriteRefused { why: WriteRefusal::NotRestorable, .. });
    same("too late", is(late), vec![1200.0])?;
    same("created", times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })), vec![400.0])?;
    Ok(ledger)
}

/// The gallery is in the west, all of whose zones are lost from 50 s to 450 s: 1.1.0 cannot be published at 100 s, and 1.0.0 is
/// created from in the east all the same, at 200 s. At 500 s it is published.
fn nothing_is_published_while_the_region_of_the_gallery_is_down(rules: RuleSet) -> Proved {
    let mut plan = declared(rules, Definition { home: Some(1), ..Definition::default() });
    let outage = ZoneOutage {
        region: 1,
        zones: vec![1, 2, 3],
        share: 1.0,
        allocates: false,
        length: Some(s(400)),
        tail: None,
        autoscale_success: 1.0,
    };
    let publish = |at_s| {
        let publication = Publication { image: 1, targets: vec![Target::new(0)], excluded: None };
        action(&format!("publish at {at_s}"), at_s, Act::Publish(publication))
    };
    let grow = action("grow", 200, Act::SetCapacity { set: 0, capacity: 3 });
    plan.timeline = vec![action("the west", 50, Act::ZoneOutage(outage)), publish(100), grow, publish(500)];
    let ledger = ledger(&plan);
    let down = |fact: &Fact| {
        matches!(fact, Fact::Gallery(GalleryFact::WriteRefused { why: WriteRefusal::HomeRegionDown, .. }))
    };
    same("refused", times(&ledger, down), vec![100.0])?;
    let published = |fact: &Fact| matches!(fact, Fact::Gallery(GalleryFact::VersionPublished { .. }));
    same("published", times(&ledger, published), vec![500.0])?;
    same("created", times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })), vec![200.0])?;
    Ok(ledger)
}

/// An hour of validation and 480 s for 30 GB: published at 100 s, complete at 100 + 3,600 + 480 = 4,180 s.
fn a_version_is_validated_before_it_is_copied(rules: RuleSet) -> Proved {
    let mut plan = declared(rules, Definition { validated: true, ..Definition::default() });
    plan.horizon = at(5000);
    let publication = Publication { image: 1, targets: vec![Target::new(0)], excluded: None };
    plan.timeline = vec![action("publish", 100, Act::Publish(publication))];
    let ledger = ledger(&plan);
    let complete = |fact: &Fact| matches!(fact, Fact::Gallery(GalleryFact::ReplicationCompleted { .. }));
    same("complete", times(&ledger, complete), vec![4180.0])?;
    Ok(ledger)
}

/// Created at 100 s, running at 160 s. Where the assumed boot is 100 s, a specialized image takes 70 of them, by the assumed share.
fn a_specialized_image_boots_faster(rules: RuleSet) -> Proved {
    let mut plan = declared(rules, Definition { specialized: true, ..Definition::default() });
    plan.images[0].boot = None;
    assume(&mut plan, A::VmBootLinux, Value::Dist(constant(100)));
    plan.timeline = vec![action("grow", 100, Act::SetCapacity { set: 0, capacity: 3 })];
    let ledger = ledger(&plan);
    same("booted", times(&ledger, |fact| matches!(fact, Fact::InstanceBooted { .. })), vec![230.0])?;
    Ok(ledger)
}
