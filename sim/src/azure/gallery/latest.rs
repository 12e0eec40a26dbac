//! Which version a reference means in a region, and who is left behind when that changes.
//!
//! Rules: GA-06…GA-10, GA-12, GA-18, GA-19, UM-13.

use super::{Replication, VersionState};
use crate::demand::application;
use crate::plan::ImageReference;
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Aggregate, Fact, GalleryFact, Refusal};
use crate::world::ids::{DefinitionId, Entry, ImageId, RegionId, SetId};

/// The version that a reference means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The version.
    pub image: ImageId,
    /// The rule that decided it.
    pub rule: RuleId,
}

/// The version that a reference means in a region now, or why there is none, with the rule.
pub fn resolve(
    world: &World,
    cx: &Cx<'_>,
    reference: ImageReference,
    region: RegionId,
) -> Result<Resolved, (Refusal, RuleId)> {
    let versions = &world.gallery.versions;
    let found = match reference {
        ImageReference::Version(image) => named(&versions[usize::from(image)], cx, ImageId(image), region),
        ImageReference::Definition(of) | ImageReference::PlatformLatest(of) => {
            let of = DefinitionId(of);
            newest(versions, cx, of, region).ok_or_else(|| {
                // Some region has it, or nothing at all is eligible (GA-09).
                let elsewhere = (0..cx.plan.regions.len() as u16).map(RegionId);
                let elsewhere = elsewhere.filter(|&other| newest(versions, cx, of, other).is_some()).count() > 0;
                let coming = candidates(versions, cx, of).any(|image| !excluded(versions, cx, image, region));
                let refusal = if elsewhere || coming { Refusal::ImageNotInRegion } else { Refusal::NoLatestImage };
                (refusal, rules::GA_09)
            })
        }
    }?;
    // What it means does not change by the loss of a zone, but nothing can be created from it (GA-16).
    let regional = versions[found.image.index()].regions[region.index()].as_ref();
    if regional.is_some_and(|regional| regional.lost.0 > 0) {
        return Err((Refusal::ImageStorageLost, rules::GA_16));
    }
    Ok(found)
}

/// Where the ledger says that a reference means what it means now in a region; `None` if it did from the start.
#[must_use]
pub fn recorded_at(world: &World, reference: ImageReference, region: RegionId) -> Option<Entry> {
    let (ImageReference::Definition(of) | ImageReference::PlatformLatest(of)) = reference else { return None };
    let (_, entry) = world.gallery.latest[usize::from(of)][region.index()];
    (entry != Entry::NONE).then_some(entry)
}

/// A version by its number: it may be excluded, but it must be there.
fn named(version: &VersionState, cx: &Cx<'_>, image: ImageId, region: RegionId) -> Result<Resolved, (Refusal, RuleId)> {
    let regional = version.regions[region.index()].as_ref();
    if version.deleted && cx.on(rules::GA_19) {
        return Err((Refusal::ImageDeleted, rules::GA_19));
    }
    if !usable(version, cx, region) && cx.on(rules::GA_09) {
        return Err((Refusal::ImageNotInRegion, rules::GA_09));
    }
    let excluded = regional.and_then(|regional| regional.excluded).unwrap_or(version.excluded);
    match (excluded, version.ended) {
        (true, _) if !cx.on(rules::GA_10) => Err((Refusal::NoLatestImage, rules::GA_10)),
        (_, true) if !cx.on(rules::GA_18) => Err((Refusal::ImageNotInRegion, rules::GA_18)),
        (true, _) => Ok(Resolved { image, rule: rules::GA_10 }),
        (false, _) => Ok(Resolved { image, rule: rules::GA_09 }),
    }
}

/// Whether a version can be deployed in a region: its replica is complete, whatever other regions do (GA-12).
fn usable(version: &VersionState, cx: &Cx<'_>, region: RegionId) -> bool {
    let complete =
        version.regions[region.index()].as_ref().is_some_and(|at| at.state == Replication::Completed && !at.held);
    complete && (cx.on(rules::GA_12) || version.aggregate != Aggregate::InProgress)
}

/// Whether a version is excluded from `latest` in a region: the flag of the region wins, either way (GA-08).
fn excluded(versions: &[VersionState], cx: &Cx<'_>, image: ImageId, region: RegionId) -> bool {
    let version = &versions[image.index()];
    let own = version.regions[region.index()].as_ref().and_then(|regional| regional.excluded);
    cx.on(rules::GA_08) && own.unwrap_or(version.excluded)
}

/// The versions of a definition that are published and not deleted.
fn candidates<'a>(
    versions: &'a [VersionState],
    cx: &'a Cx<'_>,
    of: DefinitionId,
) -> impl Iterator<Item = ImageId> + Clone + 'a {
    let there = |version: &VersionState| {
        let deleted = version.deleted && cx.on(rules::GA_19);
        let ended = version.ended && !cx.on(rules::GA_18);
        version.published.is_some() && version.number.is_some() && !deleted && !ended
    };
    let of_definition = move |image: &usize| cx.plan.images[*image].version.definition == of.0;
    (0..versions.len())
        .filter(of_definition)
        .filter(move |image| there(&versions[*image]))
        .map(|image| ImageId(image as u16))
}

/// `latest` of a definition in a region: the highest number among what is neither excluded nor absent there (GA-06,
/// GA-07, GA-08), and the rule that decided it.
pub(super) fn newest(versions: &[VersionState], cx: &Cx<'_>, of: DefinitionId, region: RegionId) -> Option<Resolved> {
    let there = |image: &ImageId| !cx.on(rules::GA_07) || usable(&versions[image.index()], cx, region);
    let eligible = |image: &ImageId| there(image) && !excluded(versions, cx, *image, region);
    let number = |image: &ImageId| versions[image.index()].number;
    let published = |image: &ImageId| versions[image.index()].published;
    let all = candidates(versions, cx, of);
    let found = if cx.on(rules::GA_06) {
        all.clone().filter(eligible).max_by_key(number)
    } else {
        all.clone().filter(eligible).max_by_key(|image| (published(image), number(image)))
    };
    // A world in which an image is fetched from wherever it is (GA-09 switched off).
    let image = found.or_else(|| (!cx.on(rules::GA_09)).then(|| all.clone().max_by_key(number)).flatten())?;
    let mut higher = all.clone().filter(|other| number(other) > number(&image));
    let held_back = higher.clone().any(|other| there(&other) && excluded(versions, cx, other, region));
    let own = versions[image.index()].regions[region.index()].as_ref().and_then(|regional| regional.excluded);
    let let_in = versions[image.index()].excluded && own == Some(false);
    let missing = higher.any(|other| !there(&other));
    let later = all.filter(eligible).any(|other| published(&other) > published(&image));
    let ahead = versions[image.index()].aggregate == Aggregate::InProgress;
    let rule = match (held_back || let_in, missing, later, ahead) {
        (true, ..) => rules::GA_08,
        (_, true, ..) => rules::GA_07,
        (_, _, true, _) => rules::GA_06,
        (.., true) => rules::GA_12,
        (false, false, false, false) => rules::GA_07,
    };
    Some(Resolved { image, rule })
}

/// Something changed about a version: says in which regions `latest` is another one now, and which instances stay
/// behind (UM-13).
pub(super) fn announce(world: &mut World, cx: &mut Cx<'_>, image: ImageId, cause: Entry) {
    let of = DefinitionId(cx.plan.images[image.index()].version.definition);
    for region in (0..cx.plan.regions.len() as u16).map(RegionId) {
        let found = newest(&world.gallery.versions, cx, of, region);
        let latest = &mut world.gallery.latest[of.index()][region.index()];
        let now = found.map(|found| found.image);
        if std::mem::replace(&mut latest.0, now) == now {
            continue;
        }
        match found {
            Some(Resolved { image, rule }) => {
                let moved = Fact::Gallery(GalleryFact::LatestMoved { definition: of, region, image });
                let entry = cx.record(moved, cause, rule);
                world.gallery.latest[of.index()][region.index()].1 = entry;
                leave_behind(world, cx, (of, region), image, entry);
            }
            None => {
                let lost = Fact::Gallery(GalleryFact::LatestLost { definition: of, region });
                world.gallery.latest[of.index()][region.index()].1 = cx.record(lost, cause, rules::GA_09);
            }
        }
    }
}

/// A version alone touches no instance (UM-13): says how many stay what they are.
fn leave_behind(
    world: &mut World,
    cx: &mut Cx<'_>,
    (of, region): (DefinitionId, RegionId),
    image: ImageId,
    cause: Entry,
) {
    for (set, plan) in cx.plan.sets.iter().enumerate() {
        let image_of_model = world.scale_set.newest(SetId(set as u16)).image;
        let follows =
            [ImageReference::Definition(of.0), ImageReference::PlatformLatest(of.0)].contains(&image_of_model);
        if !follows || plan.region != region.0 {
            continue;
        }
        let behind = |instance: &&_| {
            let instance: &crate::world::ids::InstanceId = instance;
            world.instances.rows[instance.index()].image != image
        };
        let behind: Vec<_> = world.scale_set.sets[set].instances.iter().filter(behind).copied().collect();
        let (set, count) = (SetId(set as u16), behind.len() as u32);
        if !cx.on(rules::UM_13) {
            // A world in which what is published appears on what runs.
            for instance in behind {
                if let Some(code) = cx.plan.images[image.index()].code {
                    application::install(world, cx, instance, code, cause, rules::UM_13);
                }
            }
        } else if count > 0 {
            cx.record(Fact::Gallery(GalleryFact::InstancesStay { set, count }), cause, rules::UM_13);
        }
    }
}
