//! Facts about images in words: the gallery and the runs of image templates.

use super::Names;
use std::fmt::Write as _;
use windtunnel_sim::plan::{Act, GalleryAct, ImageBuilder, Publication, Right, Target};
use windtunnel_sim::world::fact::{BuildEnd, BuildFact, GalleryFact, RunRefusal, RunState, WriteRefusal};
use windtunnel_sim::world::ids::{BuilderId, DefinitionId, ImageId, RegionId};

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

    /// An image template.
    #[must_use]
    pub fn builder(&self, id: BuilderId) -> &'p str {
        &self.template(id).name
    }

    fn template(&self, id: BuilderId) -> &'p ImageBuilder {
        &self.plan.builders[id.index()]
    }

    pub(super) fn customizer(&self, id: BuilderId, step: u16) -> &'p str {
        self.template(id).customizers.get(usize::from(step)).map_or("a customizer", |step| &step.name)
    }

    pub(super) fn validator(&self, id: BuilderId, step: u16) -> &'p str {
        self.template(id).validators.get(usize::from(step)).map_or("a validator", |step| &step.name)
    }
}

fn publication(names: &Names<'_>, publication: &Publication) -> String {
    let region = |target: &Target| names.region(RegionId(target.region)).to_owned();
    let to: Vec<String> = publication.targets.iter().map(region).collect();
    let mut text = format!("publish {} to {}", names.image(ImageId(publication.image)), to.join(", "));
    if publication.excluded == Some(true) {
        text += ", excluded from latest";
    }
    text
}

/// What an act about images does; `None` for any other.
pub fn act(names: &Names<'_>, act: &Act) -> Option<String> {
    let text = match act {
        Act::Publish(what) => publication(names, what),
        Act::Exclude { image, regions, excluded } => {
            let verb = if *excluded { "exclude" } else { "include" };
            let preposition = if *excluded { "from" } else { "in" };
            let mut text = format!("{verb} {} {preposition} latest", names.image(ImageId(*image)));
            for (i, region) in regions.iter().enumerate() {
                let before = if i == 0 { " in" } else { "," };
                let _ = write!(text, "{before} {}", names.region(RegionId(*region)));
            }
            text
        }
        Act::Gallery(GalleryAct::Restore { image }) => format!("restore {}", names.image(ImageId(*image))),
        Act::Gallery(GalleryAct::WriteDefinition { definition, .. }) => {
            format!("write the definition {}", names.definition(DefinitionId(*definition)))
        }
        Act::DeleteVersion { image } => format!("delete {}", names.image(ImageId(*image))),
        Act::Bake { builder, .. } => format!("run the image template {}", names.builder(BuilderId(*builder))),
        Act::CancelBake { builder } => format!("cancel the image template {}", names.builder(BuilderId(*builder))),
        Act::ChangeModel { .. }
        | Act::RefusedWrite { .. }
        | Act::StartUpgrade { .. }
        | Act::CancelUpgrade { .. }
        | Act::StartOsUpgrade { .. }
        | Act::ApproveOsUpgrade { .. }
        | Act::UpgradeInstances { .. }
        | Act::Protect { .. }
        | Act::SetCapacity { .. }
        | Act::ReleaseCode { .. }
        | Act::RunPipeline { .. }
        | Act::DependencyDown { .. }
        | Act::BlockProbes { .. }
        | Act::Spot(_)
        | Act::Guest(_)
        | Act::Power { .. }
        | Act::Maintain(_)
        | Act::SetRepairs { .. }
        | Act::ZoneOutage(_)
        | Act::SlowControlPlane { .. }
        | Act::WorseBoots { .. }
        | Act::FailDeletes { .. }
        | Act::Disturb { .. } => return None,
    };
    Some(text)
}

/// A fact of the gallery as one English sentence, without a full stop.
pub fn gallery_sentence(names: &Names<'_>, fact: &GalleryFact) -> String {
    let image = |id| names.image(id);
    let region = |id| names.region(id);
    match *fact {
        GalleryFact::VersionPublished { image: id } => format!("{} is written to the gallery", image(id)),
        GalleryFact::ReplicationStarted { image: id, region: to } => {
            format!("{} begins to replicate to {}", image(id), region(to))
        }
        GalleryFact::ReplicationCompleted { image: id, region: to } => {
            format!("{} is complete in {}, and can be deployed there", image(id), region(to))
        }
        GalleryFact::ReplicationFailed { image: id, region: to } => {
            format!("the replication of {} to {} fails", image(id), region(to))
        }
        GalleryFact::AggregateChanged { image: id, to } => {
            format!("the replication of {} over all its regions is {}", image(id), to.word())
        }
        GalleryFact::ExclusionSet { image: id, region: to, excluded } => {
            let how = if excluded { "excluded from latest" } else { "a candidate for latest again" };
            let place = to.map_or_else(String::new, |to| format!(" in {}", region(to)));
            format!("{} is {how}{place}", image(id))
        }
        GalleryFact::LatestMoved { definition, region: to, image: id } => {
            format!("latest of {} in {} is {} from now on", names.definition(definition), region(to), image(id))
        }
        GalleryFact::LatestLost { definition, region: to } => {
            format!("{} has no latest version in {} any more", names.definition(definition), region(to))
        }
        GalleryFact::InstancesStay { set, count: 1 } => {
            format!("1 instance of {} stays on the version it has", names.set(set))
        }
        GalleryFact::InstancesStay { set, count } => {
            format!("{count} instances of {} stay on the versions they have", names.set(set))
        }
        GalleryFact::ImageResolved { set, image: id } => {
            format!("the image of {} is {} for its next instances", names.set(set), image(id))
        }
        GalleryFact::CreateQueued { instance } => {
            format!("the create of {} waits: the replicas of its image are busy", names.instance(instance))
        }
        GalleryFact::CreateAdmitted { instance } => {
            format!("the create of {} goes on: a replica of its image is free", names.instance(instance))
        }
        GalleryFact::EndOfLifePassed { image: id } => {
            format!("the end of life of {} has passed; it can still be deployed", image(id))
        }
        GalleryFact::VersionDeleted { image: id } => format!("{} is deleted from the gallery", image(id)),
        GalleryFact::Usable { .. }
        | GalleryFact::SoftDeleted { .. }
        | GalleryFact::Restored { .. }
        | GalleryFact::HardDeleted { .. }
        | GalleryFact::ValidationStarted { .. }
        | GalleryFact::DefinitionWritten { .. }
        | GalleryFact::DefinitionRefused { .. } => kept_sentence(names, fact),
        GalleryFact::WriteRefused { image: id, why } => {
            let why = match why {
                WriteRefusal::BeforeEndOfLife => "not to be deleted before its end of life",
                WriteRefusal::Replicated => "not to be deleted while it has replicas",
                WriteRefusal::Deleted => "deleted, and takes no change",
                WriteRefusal::NotPublished => "not published there",
                WriteRefusal::HomeRegionDown => "in a gallery whose region is down",
                WriteRefusal::NotRestorable => "not deleted, or can no longer be restored",
            };
            format!("the gallery refuses: {} is {why}", image(id))
        }
    }
}

/// The same of what a gallery keeps, and of its definitions.
fn kept_sentence(names: &Names<'_>, fact: &GalleryFact) -> String {
    let image = |id| names.image(id);
    let region = |id| names.region(id);
    match *fact {
        GalleryFact::Usable { image: id, region: to } => format!("{} can be used in {}", image(id), region(to)),
        GalleryFact::SoftDeleted { image: id } => {
            format!("{} is deleted, and the gallery keeps it for a while", image(id))
        }
        GalleryFact::Restored { image: id } => format!("{} is restored in the gallery", image(id)),
        GalleryFact::HardDeleted { image: id } => format!("what the gallery kept of {} is gone", image(id)),
        GalleryFact::ValidationStarted { image: id } => {
            format!("{} is validated for Trusted Launch before it is copied", image(id))
        }
        GalleryFact::DefinitionWritten { definition } => {
            format!("the definition {} is written", names.definition(definition))
        }
        GalleryFact::DefinitionRefused { definition, field } => {
            format!("the gallery refuses: {} of {} cannot change", field.word(), names.definition(definition))
        }
        // These have their sentences in the caller.
        GalleryFact::VersionPublished { .. }
        | GalleryFact::ReplicationStarted { .. }
        | GalleryFact::ReplicationCompleted { .. }
        | GalleryFact::ReplicationFailed { .. }
        | GalleryFact::AggregateChanged { .. }
        | GalleryFact::ExclusionSet { .. }
        | GalleryFact::LatestMoved { .. }
        | GalleryFact::LatestLost { .. }
        | GalleryFact::InstancesStay { .. }
        | GalleryFact::ImageResolved { .. }
        | GalleryFact::CreateQueued { .. }
        | GalleryFact::CreateAdmitted { .. }
        | GalleryFact::EndOfLifePassed { .. }
        | GalleryFact::VersionDeleted { .. }
        | GalleryFact::WriteRefused { .. } => String::new(),
    }
}

/// A fact of a build as one English sentence, without a full stop.
pub fn build_sentence(names: &Names<'_>, who: &str, fact: &BuildFact) -> String {
    match *fact {
        BuildFact::Started { image, .. } => {
            format!("image template {who} begins a run for {}, and is queued", names.image(image))
        }
        BuildFact::StageEntered { stage, .. } => format!("image template {who} is {}", stage.word()),
        BuildFact::SourceResolved { image, .. } => {
            format!("image template {who} starts from {}", names.image(image))
        }
        BuildFact::CustomizerDone { builder, step } => {
            format!("customizer {} of {who} reports success", names.customizer(builder, step))
        }
        BuildFact::FailureSwallowed { builder, step } => {
            let step = names.customizer(builder, step);
            format!("a command within customizer {step} of {who} fails, and the script goes on")
        }
        BuildFact::CustomizerFailed { builder, step } => {
            format!("customizer {} of {who} fails", names.customizer(builder, step))
        }
        BuildFact::ValidatorPassed { builder, step } => {
            format!("validator {} of {who} finds nothing wrong", names.validator(builder, step))
        }
        BuildFact::ValidatorFailed { builder, step } => {
            format!("validator {} of {who} fails", names.validator(builder, step))
        }
        BuildFact::Numbered { image, number, .. } => {
            format!("{} of {who} gets the number {number}", names.image(image))
        }
        BuildFact::CancelAsked { .. } => format!("image template {who} is Canceling"),
        BuildFact::Ended { state, why, .. } => ended(who, state, why),
        BuildFact::Refused { why, .. } => match why {
            RunRefusal::Running => format!("image template {who} does not run again: it runs already"),
            RunRefusal::NothingToCancel => format!("image template {who} has no run to cancel"),
            RunRefusal::TemplateFailed => {
                format!("image template {who} does not run: it is Failed since it was submitted")
            }
        },
        BuildFact::TemplateFailed { why, .. } => {
            let lacks = match why {
                Right::WriteImages => "write image versions to its gallery",
                Right::ReadSource => "read its source",
                Right::JoinSubnet => "join its subnet",
                Right::StagingGroup => "work in its staging group",
            };
            format!("image template {who} is Failed when it is submitted: its identity may not {lacks}")
        }
        BuildFact::MachineKept { .. } => format!("the build machine of {who} is kept, and goes on to cost"),
        BuildFact::Generalized { .. } => format!("the build machine of {who} is generalized"),
        BuildFact::TriggerFired { .. } => {
            format!("the source of image template {who} is another one: its trigger fires")
        }
        BuildFact::TriggerDisabled { .. } => {
            format!("the trigger of image template {who} is disabled until a run by hand succeeds")
        }
        BuildFact::CopyStarted { .. } => {
            format!("what {who} made is copied to the region of its definition")
        }
        BuildFact::CopyEnded { image, .. } => {
            format!("{}, which {who} made, is in the region of its definition", names.image(image))
        }
    }
}

fn ended(who: &str, state: RunState, why: BuildEnd) -> String {
    let why = match why {
        BuildEnd::Done => "",
        BuildEnd::Customizer => ": a customizer failed",
        BuildEnd::Validation => ": the validation failed",
        BuildEnd::Timeout => ": context deadline exceeded",
        BuildEnd::NoRightToScripts => ": its identity may not read the scripts",
        BuildEnd::NoRightToImages => ": its identity may not write image versions",
        BuildEnd::NoSource => ": its source is not in the region of the template",
        BuildEnd::NumberTaken => ": the number of the version is taken",
        BuildEnd::Replication => ": the replication failed",
        BuildEnd::Cancel => ": what it had distributed stays as it is",
        BuildEnd::NoRight => ": its identity lacks a right",
        BuildEnd::GalleryRefused => ": the gallery takes no write",
    };
    format!("image template {who} ends as {}{why}", state.word())
}
