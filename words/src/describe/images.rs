//! Acts and facts about images in words.

use super::Names;
use windtunnel_sim::plan::{GalleryAct, Publication, Target};
use windtunnel_sim::world::fact::{GalleryFact, WriteRefusal};
use windtunnel_sim::world::ids::{DefinitionId, ImageId, RegionId};

impl<'p> Names<'p> {
    /// A region.
    #[must_use]
    pub fn region(&self, id: RegionId) -> &'p str {
        &self.plan.regions[id.index()].name
    }

    /// A definition of images.
    #[must_use]
    pub fn definition(&self, id: DefinitionId) -> &'p str {
        &self.plan.definitions[id.index()]
    }
}

/// The publication of a version.
pub fn publication(names: &Names<'_>, publication: &Publication) -> String {
    let region = |target: &Target| names.region(RegionId(target.region)).to_owned();
    let to: Vec<String> = publication.targets.iter().map(region).collect();
    let mut text = format!("publish {} to {}", names.image(ImageId(publication.image)), to.join(", "));
    if publication.excluded == Some(true) {
        text += ", excluded from latest";
    }
    text
}

/// Whether a version is one of those that `latest` may be.
pub fn exclusion(names: &Names<'_>, image: ImageId, regions: &[u16], excluded: bool) -> String {
    let (verb, preposition) = if excluded { ("exclude", "from") } else { ("include", "in") };
    let regions: Vec<&str> = regions.iter().map(|region| names.region(RegionId(*region))).collect();
    let place = if regions.is_empty() { String::new() } else { format!(" in {}", regions.join(", ")) };
    format!("{verb} {} {preposition} latest{place}", names.image(image))
}

/// What another act in a gallery does.
pub fn act(names: &Names<'_>, act: &GalleryAct) -> String {
    match act {
        GalleryAct::Restore { image } => format!("restore {}", names.image(ImageId(*image))),
        GalleryAct::WriteDefinition { definition, .. } => {
            format!("write the definition {}", names.definition(DefinitionId(*definition)))
        }
    }
}

/// A fact of the gallery as one English sentence, without a full stop.
pub fn sentence(names: &Names<'_>, who: &str, fact: &GalleryFact) -> String {
    let region = |id| names.region(id);
    match *fact {
        GalleryFact::VersionPublished { .. } => format!("{who} is written to the gallery"),
        GalleryFact::ReplicationStarted { region: to, .. } => format!("{who} starts to replicate to {}", region(to)),
        GalleryFact::ReplicationCompleted { region: to, .. } => {
            format!("{who} is replicated to {} and can be deployed there", region(to))
        }
        GalleryFact::ReplicationFailed { region: to, .. } => {
            format!("the replication of {who} to {} fails", region(to))
        }
        GalleryFact::AggregateChanged { to, .. } => {
            format!("the replication of {who} over all its regions is {}", to.word())
        }
        GalleryFact::ExclusionSet { region: to, excluded, .. } => {
            let how = if excluded { "excluded from latest" } else { "a candidate for latest again" };
            let place = to.map_or_else(String::new, |to| format!(" in {}", region(to)));
            format!("{who} is {how}{place}")
        }
        GalleryFact::LatestMoved { region: to, image, .. } => {
            format!("latest of {who} in {} is now {}", region(to), names.image(image))
        }
        GalleryFact::LatestLost { region: to, .. } => format!("{who} no longer has a latest version in {}", region(to)),
        GalleryFact::InstancesStay { count: 1, .. } => format!("1 instance of {who} stays on its version"),
        GalleryFact::InstancesStay { count, .. } => {
            format!("{count} instances of {who} stay on their versions")
        }
        GalleryFact::ImageResolved { image, .. } => {
            format!("the image of {who} is {} for its next instances", names.image(image))
        }
        GalleryFact::CreateQueued { .. } => {
            format!("the create of {who} waits: the replicas of its image are busy")
        }
        GalleryFact::CreateAdmitted { .. } => {
            format!("the create of {who} continues: a replica of its image is free")
        }
        GalleryFact::EndOfLifePassed { .. } => {
            format!("{who} is past its end of life; it can still be deployed")
        }
        GalleryFact::VersionDeleted { .. } => format!("{who} is deleted from the gallery"),
        GalleryFact::WriteRefused { why, .. } => {
            let why = match why {
                WriteRefusal::BeforeEndOfLife => "not to be deleted before its end of life",
                WriteRefusal::Replicated => "not to be deleted while it has replicas",
                WriteRefusal::Deleted => "deleted, and takes no change",
                WriteRefusal::NotPublished => "not published there",
                WriteRefusal::HomeRegionDown => "in a gallery whose region is down",
                WriteRefusal::NotRestorable => "not deleted, or can no longer be restored",
            };
            format!("the gallery refuses: {who} is {why}")
        }
        GalleryFact::Usable { region: to, .. } => format!("{who} can be used in {}", region(to)),
        GalleryFact::SoftDeleted { .. } => format!("{who} is deleted, and the gallery keeps it for a retention period"),
        GalleryFact::Restored { .. } => format!("{who} is restored in the gallery"),
        GalleryFact::HardDeleted { .. } => format!("the gallery removes the deleted {who} for good"),
        GalleryFact::ValidationStarted { .. } => {
            format!("{who} is validated for Trusted Launch before it is copied")
        }
        GalleryFact::DefinitionWritten { .. } => format!("the definition {who} is written"),
        GalleryFact::DefinitionRefused { field, .. } => {
            format!("the gallery refuses: {} of {who} cannot change", field.word())
        }
    }
}
