//! The runs of image templates in words.

use super::Names;
use windtunnel_sim::plan::{ImageBuilder, Right};
use windtunnel_sim::world::fact::{BuildEnd, BuildFact, RunRefusal, RunState};
use windtunnel_sim::world::ids::BuilderId;

impl<'p> Names<'p> {
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

/// A fact of a build as one English sentence, without a full stop.
pub fn sentence(names: &Names<'_>, who: &str, fact: &BuildFact) -> String {
    match *fact {
        BuildFact::Started { image, .. } => {
            format!("image template {who} starts a run for {}, which is queued", names.image(image))
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
            format!("a command in customizer {step} of {who} fails, and the script continues")
        }
        BuildFact::CustomizerFailed { builder, step } => {
            format!("customizer {} of {who} fails", names.customizer(builder, step))
        }
        BuildFact::ValidatorPassed { builder, step } => {
            format!("validator {} of {who} succeeds", names.validator(builder, step))
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
            RunRefusal::Running => format!("image template {who} does not run again: it is already running"),
            RunRefusal::NothingToCancel => format!("image template {who} has no run to cancel"),
            RunRefusal::TemplateFailed => {
                format!("image template {who} does not run: it has been Failed since its submission")
            }
        },
        BuildFact::TemplateFailed { why, .. } => {
            let lacks = match why {
                Right::WriteImages => "write image versions to its gallery",
                Right::ReadSource => "read its source",
                Right::JoinSubnet => "join its subnet",
                Right::StagingGroup => "work in its staging group",
            };
            format!("image template {who} fails at submission: its identity may not {lacks}")
        }
        BuildFact::MachineKept { .. } => format!("the build machine of {who} is kept, and is still billed"),
        BuildFact::Generalized { .. } => format!("the build machine of {who} is generalized"),
        BuildFact::TriggerFired { .. } => {
            format!("the source of image template {who} has changed: its trigger fires")
        }
        BuildFact::TriggerDisabled { .. } => {
            format!("the trigger of image template {who} is disabled until a run by hand succeeds")
        }
        BuildFact::CopyStarted { .. } => {
            format!("the image of {who} is copied to the region of its definition")
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
        BuildEnd::Cancel => ": the versions it has distributed stay",
        BuildEnd::NoRight => ": its identity lacks a right",
        BuildEnd::GalleryRefused => ": the gallery takes no write",
    };
    format!("image template {who} ends as {}{why}", state.word())
}
