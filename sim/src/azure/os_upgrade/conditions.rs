//! What must hold for an automatic OS upgrade, and which version a set is to go to.
//!
//! Rules: OS-01, OS-03, OS-05, OS-07, OS-08, OS-10, OS-13, UM-06, MS-07. A set only ever goes forward: where `latest` falls
//! back, because the newest version was excluded or deleted, nobody is brought back to it.

use crate::azure::gallery::{self, Replication, VersionState};
use crate::plan::{HealthSource, ImageReference, OrchestrationMode, UpgradeMode};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Aggregate, Unmet};
use crate::world::ids::{ImageId, InstanceId, RegionId, SetId};
use std::collections::BTreeSet;

/// The region of a set.
pub(super) fn region(cx: &Cx<'_>, set: SetId) -> RegionId {
    RegionId(cx.plan.sets[set.index()].region)
}

/// What the model of a set says of its image; a version by its number is followed in a world without OS-01.
pub(super) fn reference(world: &World, cx: &Cx<'_>, set: SetId) -> ImageReference {
    match world.scale_set.newest(set).image {
        ImageReference::Version(image) if !cx.on(rules::OS_01) => {
            ImageReference::Definition(cx.plan.images[usize::from(image)].version.definition)
        }
        reference => reference,
    }
}

/// The definition that the image of a set is of.
fn definition(world: &World, cx: &Cx<'_>, set: SetId) -> u16 {
    match world.scale_set.newest(set).image {
        ImageReference::Version(image) => cx.plan.images[usize::from(image)].version.definition,
        ImageReference::Definition(of) | ImageReference::PlatformLatest(of) => of,
    }
}

/// The newest version there is for a set, whether its model follows it or not.
pub(super) fn latest(world: &World, cx: &Cx<'_>, set: SetId) -> Option<ImageId> {
    if !cx.on(rules::OS_08) {
        // A world in which an excluded version is rolled out as well.
        return highest(world, cx, set, |_| true);
    }
    let followed = match world.scale_set.newest(set).image {
        ImageReference::Version(_) => ImageReference::Definition(definition(world, cx, set)),
        reference => reference,
    };
    gallery::resolve(world, cx, followed, region(cx, set)).ok().map(|found| found.image)
}

/// The highest version in the region of a set of which this holds.
fn highest(world: &World, cx: &Cx<'_>, set: SetId, is: impl Fn(&VersionState) -> bool) -> Option<ImageId> {
    let (of, at) = (definition(world, cx, set), region(cx, set));
    let there = |image: &ImageId| {
        let version = &world.gallery.versions[image.index()];
        cx.plan.images[image.index()].version.definition == of
            && !version.deleted
            && gallery::replication(world, *image, at) == Replication::Completed
            && is(version)
    };
    let all = (0..world.gallery.versions.len() as u16).map(ImageId).filter(there);
    all.max_by_key(|image| world.gallery.versions[image.index()].number)
}

/// A version in the region that is newer than the newest and excluded from `latest` (OS-08).
pub(super) fn held_back(world: &World, cx: &Cx<'_>, set: SetId, latest: Option<ImageId>) -> Option<ImageId> {
    let at = region(cx, set);
    let number = |image: ImageId| world.gallery.versions[image.index()].number;
    let found = highest(world, cx, set, |version| is_excluded(version, at))?;
    (cx.on(rules::OS_08) && number(found) > latest.and_then(number)).then_some(found)
}

fn is_excluded(version: &VersionState, region: RegionId) -> bool {
    let own = version.regions[region.index()].as_ref().and_then(|regional| regional.excluded);
    own.unwrap_or(version.excluded)
}

/// Whether a version was excluded or deleted.
pub(super) fn is_withdrawn(world: &World, cx: &Cx<'_>, set: SetId, image: ImageId) -> bool {
    let version = &world.gallery.versions[image.index()];
    version.deleted || is_excluded(version, region(cx, set))
}

/// Whether a version is still on its way to some region.
pub(super) fn still_replicates(world: &World, image: ImageId) -> bool {
    world.gallery.versions[image.index()].aggregate == Aggregate::InProgress
}

/// What keeps automatic OS upgrade from working on a set, with the rules.
pub(super) fn unmet(world: &World, cx: &mut Cx<'_>, set: SetId) -> Vec<(Unmet, RuleId)> {
    let plan = cx.plan;
    let policy = world.scale_set.sets[set.index()].upgrade;
    let model = world.scale_set.newest(set);
    let mut found = Vec::new();
    if matches!(reference(world, cx, set), ImageReference::Version(_)) {
        found.push((Unmet::Pinned, rules::OS_01));
    }
    match model.profile(plan, set).health_source {
        HealthSource::None => found.push((Unmet::NoHealthSource, rules::OS_03)),
        HealthSource::Conflict => found.push((Unmet::TwoHealthSources, rules::UM_06)),
        HealthSource::Extension | HealthSource::Probe(_) => {}
    }
    if plan.sets[set.index()].mode == OrchestrationMode::Flexible {
        if !cx.assume(key::OsUpgradeFlexible) {
            found.push((Unmet::Flexible, rules::OS_07));
        }
        if policy.rolling.max_surge {
            found.push((Unmet::FlexibleSurge, rules::MS_07));
        }
    }
    let rows = &world.instances.rows;
    let lacks = |instance: &&InstanceId| rows[instance.index()].revision < brought_from(world, set);
    let lacking = world.scale_set.sets[set.index()].instances.iter().filter(lacks).count();
    if lacking > 0 {
        found.push((Unmet::BehindModel(lacking as u32), rules::OS_05));
    }
    found.retain(|(_, rule)| cx.on(*rule));
    found
}

/// The revision that an instance must have been brought to by hand under mode Manual, since automatic OS upgrade was
/// enabled with it (OS-05).
fn brought_from(world: &World, set: SetId) -> u32 {
    let manual = world.scale_set.sets[set.index()].upgrade.mode == UpgradeMode::Manual;
    let enabled = world.os_upgrade.sets[set.index()].enabled.filter(|_| manual);
    enabled.map_or(0, |enabled| enabled.revision)
}

/// The instances of a set that an upgrade to this version is about: those on an older one, by a model that follows the
/// same image.
pub(super) fn behind(world: &World, cx: &Cx<'_>, set: SetId, image: ImageId) -> BTreeSet<InstanceId> {
    let state = &world.scale_set.sets[set.index()];
    if !cx.on(rules::OS_13) && all_on(world, set, image) {
        return state.instances.iter().copied().collect();
    }
    if !cx.on(rules::RU_35) && any_older(world, set, image) {
        // A world in which those that are there are brought there again.
        return state.instances.iter().copied().collect();
    }
    let newest = world.scale_set.newest(set).image;
    let follows = |instance: &&InstanceId| {
        let row = &world.instances.rows[instance.index()];
        world.scale_set.model(set, row.revision).image == newest && is_older(world, **instance, image)
    };
    state.instances.iter().filter(follows).copied().collect()
}

/// Whether any instance that is not shielded from actions on the set follows `latest`, as the call for an upgrade wants it
/// (RS-11).
pub(super) fn any_unprotected(world: &World, cx: &Cx<'_>, set: SetId) -> bool {
    world.scale_set.sets[set.index()].instances.iter().any(|&instance| {
        let row = &world.instances.rows[instance.index()];
        let shielded = row.protection.from_scale_set_actions && cx.on(rules::IP_02);
        let pinned = matches!(world.scale_set.model(set, row.revision).image, ImageReference::Version(_));
        !shielded && (!pinned || !cx.on(rules::OS_01))
    })
}

fn is_older(world: &World, instance: InstanceId, image: ImageId) -> bool {
    let number = |image: ImageId| world.gallery.versions[image.index()].number;
    number(world.instances.rows[instance.index()].image) < number(image)
}

/// Whether any instance of a set runs an older version.
pub(super) fn any_older(world: &World, set: SetId, image: ImageId) -> bool {
    world.scale_set.sets[set.index()].instances.iter().any(|&instance| is_older(world, instance, image))
}

/// Whether any instance of a set runs this version already.
pub(super) fn any_on(world: &World, set: SetId, image: ImageId) -> bool {
    world.scale_set.sets[set.index()].instances.iter().any(|i| world.instances.rows[i.index()].image == image)
}

/// Whether every instance of a set runs this version, and there is one.
pub(super) fn all_on(world: &World, set: SetId, image: ImageId) -> bool {
    let instances = &world.scale_set.sets[set.index()].instances;
    !instances.is_empty() && instances.iter().all(|instance| world.instances.rows[instance.index()].image == image)
}

/// Whether a set in a region of an earlier phase is to go to this platform image and is not on it (OS-10).
pub(super) fn earlier_phase_is_behind(world: &World, cx: &mut Cx<'_>, set: SetId, image: ImageId) -> bool {
    let followed = world.scale_set.newest(set).image;
    let phase = |cx: &Cx<'_>, of: SetId| cx.plan.os_upgrades.phase(region(cx, of).0);
    let mine = phase(cx, set);
    (0..cx.plan.sets.len() as u16).map(SetId).any(|other| {
        phase(cx, other) < mine
            && world.scale_set.newest(other).image == followed
            && world.os_upgrade.sets[other.index()].enabled.is_some()
            && unmet(world, cx, other).is_empty()
            && (!behind(world, cx, other, image).is_empty() || super::attempt::target(world, other) == Some(image))
    })
}
