//! How many creates the replicas of a version serve at once in a region.
//!
//! Rules: GA-04, GA-05, GA-15, GA-17, `gallery.throttle`. A create takes a place from its request until its machine runs; what finds
//! none waits, in the order of the requests. The replicas of a region share one queue.

use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, GalleryFact};
use crate::world::ids::{Entry, ImageId, InstanceId, RegionId};

/// What one replica serves by the other advice of the same page: a world without the stricter one (GA-04).
const OTHER_ADVICE: u64 = 50;

/// How many creates from a version a region serves at once; `None` for any number.
fn places(world: &World, cx: &mut Cx<'_>, image: ImageId, region: RegionId) -> Option<u64> {
    let replicas = world.gallery.versions[image.index()].regions[region.index()].as_ref()?.replicas?;
    if !cx.on(rules::GA_05) || !cx.assume(key::GalleryThrottle) {
        return None;
    }
    let shallow = cx.plan.images[image.index()].version.shallow && cx.on(rules::GA_17);
    let each = cx.assume(key::GalleryVmsPerReplica);
    let each = if cx.on(rules::GA_04) { each } else { OTHER_ADVICE };
    // A shallow version has no copies of its own (GA-17).
    Some(each * if shallow { 1 } else { u64::from(replicas.max(1)) })
}

// Verbs.

/// Whether the create of an instance may go on at once; if not, it waits, and goes on when it is said to be admitted.
pub fn admit(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    (image, region): (ImageId, RegionId),
    cause: Entry,
) -> bool {
    let Some(places) = places(world, cx, image, region) else { return true };
    let gallery = &mut world.gallery;
    let Some(regional) = &mut gallery.versions[image.index()].regions[region.index()] else { return true };
    if gallery.creating.len() <= instance.index() {
        gallery.creating.resize(instance.index() + 1, None);
    }
    gallery.creating[instance.index()] = Some((image, region));
    if u64::from(regional.active) < places {
        regional.active += 1;
        return true;
    }
    regional.waiting.push_back(instance);
    cx.record(Fact::Gallery(GalleryFact::CreateQueued { instance }), cause, rules::GA_04);
    false
}

/// The machine of an instance runs, or its create is given up: its place goes to the next that waits.
pub fn release(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let gallery = &mut world.gallery;
    let Some((image, region)) = gallery.creating.get_mut(instance.index()).and_then(Option::take) else { return };
    let Some(regional) = &mut gallery.versions[image.index()].regions[region.index()] else { return };
    if let Some(at) = regional.waiting.iter().position(|&other| other == instance) {
        regional.waiting.remove(at);
        return;
    }
    regional.active -= 1;
    refill(world, cx, image, region, cause);
}

/// Admits as many of those that wait as there are places.
pub(super) fn refill(world: &mut World, cx: &mut Cx<'_>, image: ImageId, region: RegionId, cause: Entry) {
    let places = places(world, cx, image, region).unwrap_or(u64::MAX);
    let Some(regional) = &mut world.gallery.versions[image.index()].regions[region.index()] else { return };
    while u64::from(regional.active) < places
        && let Some(instance) = regional.waiting.pop_front()
    {
        regional.active += 1;
        cx.record(Fact::Gallery(GalleryFact::CreateAdmitted { instance }), cause, rules::GA_05);
    }
}
