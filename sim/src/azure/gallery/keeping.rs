//! What a gallery is beside its versions: it has a region of its own, keeps what is deleted, and holds its definitions to what
//! they are for.
//!
//! Rules: GA-01, GA-21, GA-22.

use super::{Event, latest};
use crate::engine::time::SimDuration;
use crate::plan::GalleryAct;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, GalleryFact, WriteRefusal};
use crate::world::ids::{DefinitionId, Entry, ImageId, RegionId};

/// Whether the region of the gallery of a version is down, so that nothing can be written to it (GA-22): all of its zones are
/// lost.
pub(super) fn home_is_down(world: &World, cx: &Cx<'_>, image: ImageId) -> bool {
    let definition = cx.plan.definition(cx.plan.images[image.index()].version.definition);
    let Some(home) = definition.home else { return false };
    world.gallery.zones_lost[usize::from(home)].iter().all(|&count| count > 0) && cx.on(rules::GA_22)
}

/// A zone of a region is lost, or is there again.
pub(super) fn note_zone(world: &mut World, region: RegionId, zone: u8, lost: Lost) {
    let Some(count) = world.gallery.zones_lost[region.index()].get_mut(usize::from(zone) - 1) else { return };
    match lost {
        Lost::Yes => *count += 1,
        Lost::NoMore => *count = count.saturating_sub(1),
    }
}

/// Whether a zone is lost.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// It is.
    Yes,
    /// It is there again.
    NoMore,
}

/// A version was deleted: its gallery keeps it, where it does (GA-21).
pub(super) fn soft_delete(world: &mut World, cx: &mut Cx<'_>, image: ImageId, cause: Entry) {
    let definition = cx.plan.definition(cx.plan.images[image.index()].version.definition);
    let Some(soft) = definition.soft_delete.filter(|_| cx.on(rules::GA_21)) else { return };
    let version = &mut world.gallery.versions[image.index()];
    version.deletions += 1;
    version.kept = true;
    let nth = version.deletions;
    cx.record(Fact::Gallery(GalleryFact::SoftDeleted { image }), cause, rules::GA_21);
    let until: SimDuration = soft.retention + soft.grace;
    cx.after(until, Due::Gallery(Event::HardDeleted { image, nth, cause }));
}

/// What was kept of a version goes, unless it was restored meanwhile.
pub(super) fn forget(world: &mut World, cx: &mut Cx<'_>, image: ImageId, nth: u32, cause: Entry) {
    let version = &mut world.gallery.versions[image.index()];
    if version.kept && version.deletions == nth {
        version.kept = false;
        cx.record(Fact::Gallery(GalleryFact::HardDeleted { image }), cause, rules::GA_21);
    }
}

/// Does what an act says.
pub(super) fn act(world: &mut World, cx: &mut Cx<'_>, act: &GalleryAct, cause: Entry) {
    match *act {
        GalleryAct::Restore { image } => restore(world, cx, ImageId(image), cause),
        GalleryAct::WriteDefinition { definition, changes } => {
            let definition = DefinitionId(definition);
            let fact = match changes.filter(|_| cx.on(rules::GA_01)) {
                Some(field) => GalleryFact::DefinitionRefused { definition, field },
                None => GalleryFact::DefinitionWritten { definition },
            };
            cx.record(Fact::Gallery(fact), cause, rules::GA_01);
        }
    }
}

/// Restores a version that was deleted and is still kept, with all of its replicas.
fn restore(world: &mut World, cx: &mut Cx<'_>, image: ImageId, cause: Entry) {
    let down = home_is_down(world, cx, image);
    let version = &mut world.gallery.versions[image.index()];
    let why = match (version.kept, down) {
        (true, false) => None,
        (true, true) => Some((WriteRefusal::HomeRegionDown, rules::GA_22)),
        (false, _) => Some((WriteRefusal::NotRestorable, rules::GA_21)),
    };
    if let Some((why, rule)) = why {
        cx.record(Fact::Gallery(GalleryFact::WriteRefused { image, why }), cause, rule);
        return;
    }
    (version.kept, version.deleted) = (false, false);
    let entry = cx.record(Fact::Gallery(GalleryFact::Restored { image }), cause, rules::GA_21);
    latest::announce(world, cx, image, entry);
}
