//! The storage of replicas, which is in a zone that may be lost (GA-16, `gallery.lrs_zone`).

use super::keeping::{Lost, note_zone};
use super::subject;
use crate::engine::random::Purpose;
use crate::plan::Storage;
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::ids::{Entry, ImageId, RegionId};

/// Whether the zone with the storage of a replica is this one (GA-16, `gallery.lrs_zone`). Platform images are no replicas of ours.
fn is_in(world: &World, cx: &mut Cx<'_>, (image, region): (ImageId, RegionId), zone: u8) -> bool {
    let definition = cx.plan.images[image.index()].version.definition;
    let Some(regional) = &world.gallery.versions[image.index()].regions[region.index()] else { return false };
    let local = regional.storage != Storage::StandardZrs && !world.gallery.platform[usize::from(definition)];
    if !local || !cx.on(rules::GA_16) || cx.assume(key::GalleryLrsZone) == choice::GalleryLrsZone::None {
        return false;
    }
    let subject = subject(cx, image, region, 0);
    cx.stream(Purpose::ReplicaZone, subject, 0).below(3) as u8 + 1 == zone
}

/// A zone of a region is lost, and with it the replicas whose storage is there.
pub fn lose_zone(world: &mut World, cx: &mut Cx<'_>, region: RegionId, zone: u8, cause: Entry) {
    note_zone(world, region, zone, Lost::Yes);
    for image in (0..world.gallery.versions.len() as u16).map(ImageId) {
        if is_in(world, cx, (image, region), zone)
            && let Some(regional) = &mut world.gallery.versions[image.index()].regions[region.index()]
        {
            regional.lost = (regional.lost.0 + 1, cause);
        }
    }
}

/// A zone of a region is there again.
pub fn regain_zone(world: &mut World, cx: &mut Cx<'_>, region: RegionId, zone: u8) {
    note_zone(world, region, zone, Lost::NoMore);
    for image in (0..world.gallery.versions.len() as u16).map(ImageId) {
        if is_in(world, cx, (image, region), zone)
            && let Some(regional) = &mut world.gallery.versions[image.index()].regions[region.index()]
        {
            // A replica that was written meanwhile was written where there was storage.
            regional.lost.0 = regional.lost.0.saturating_sub(1);
        }
    }
}
