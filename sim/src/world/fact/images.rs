//! What happened to images: in the gallery, and in the runs of image templates.

use crate::plan::{FixedField, Number, Right};
use crate::world::ids::{BuilderId, DefinitionId, ImageId, InstanceId, RegionId, SetId};

/// What happened in a gallery.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum GalleryFact {
    /// A version was written, or written again with other target regions.
    VersionPublished { image: ImageId },
    /// A version began to be copied to a region.
    ReplicationBegan { image: ImageId, region: RegionId },
    /// A version is complete in a region, and can be deployed there.
    ReplicationCompleted { image: ImageId, region: RegionId },
    /// The copy of a version to a region failed.
    ReplicationFailed { image: ImageId, region: RegionId },
    /// The aggregate state of a version over its regions changed.
    AggregateChanged { image: ImageId, to: Aggregate },
    /// A version was excluded from `latest` or included again: in a region, or in all that have no flag of their own.
    ExclusionSet { image: ImageId, region: Option<RegionId>, excluded: bool },
    /// `latest` of a definition is another version in a region from now on.
    LatestMoved { region: RegionId, image: ImageId },
    /// `latest` of a definition is no version at all in a region from now on.
    LatestLost { definition: DefinitionId, region: RegionId },
    /// The instances of a set stay on the versions they have, though `latest` of their model moved on.
    InstancesStay { set: SetId, count: u32 },
    /// A set looked up the version that its next instances are created from.
    ImageResolved { set: SetId, image: ImageId },
    /// A create waits, since the replicas of its image are busy with as many as they can serve.
    CreateQueued { instance: InstanceId },
    /// A create that waited goes on.
    CreateAdmitted { instance: InstanceId },
    /// The end-of-life date of a version passed.
    EndOfLifePassed { image: ImageId },
    /// A version was deleted.
    VersionDeleted { image: ImageId },
    /// A write to a version was refused.
    WriteRefused { image: ImageId, why: WriteRefusal },
    /// A version that was complete in a region can be used there from now on.
    Usable { image: ImageId, region: RegionId },
    /// A version was deleted, and the gallery keeps it for a while.
    SoftDeleted { image: ImageId },
    /// A version that was deleted is there again.
    Restored { image: ImageId },
    /// What the gallery kept of a version is gone.
    HardDeleted { image: ImageId },
    /// The validation of a version for Trusted Launch began.
    ValidationBegan { image: ImageId },
    /// A definition was written with what can change.
    DefinitionWritten { definition: DefinitionId },
    /// A write that changes what a definition is for was refused.
    DefinitionRefused { definition: DefinitionId, field: FixedField },
}

/// The replication state of a version over its regions (GA-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Aggregate {
    /// It has no regions.
    Unknown = 0,
    /// Some region still replicates.
    InProgress = 1,
    /// Every region is complete.
    Completed = 2,
    /// No region replicates any more, and some failed.
    Failed = 3,
}

/// Why a write to a version was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum WriteRefusal {
    /// `blockDeletionBeforeEndOfLife`, and the end of life is not reached.
    BeforeEndOfLife = 0,
    /// `allowDeletionOfReplicatedLocations` is false, and there are replicas.
    Replicated = 1,
    /// The version was deleted.
    Deleted = 2,
    /// The version was never published.
    NotPublished = 3,
    /// The region of the gallery is down (GA-22).
    HomeRegionDown = 4,
    /// It is not deleted, or the time in which it could be restored is over (GA-21).
    NotRestorable = 5,
}

/// What happened in the run of an image template.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum BuildFact {
    /// A run began; its state is Running and it is queued.
    Began { builder: BuilderId, image: ImageId },
    /// The run entered another sub-state.
    StageEntered { builder: BuilderId, stage: Stage },
    /// The run looked up the version that it starts from.
    SourceResolved { builder: BuilderId, image: ImageId },
    /// A customizer is done.
    CustomizerDone { builder: BuilderId, step: u16 },
    /// A command within a customizer failed, and the step reported success.
    FailureSwallowed { builder: BuilderId, step: u16 },
    /// A customizer failed.
    CustomizerFailed { builder: BuilderId, step: u16 },
    /// A validator found nothing wrong.
    ValidatorPassed { builder: BuilderId, step: u16 },
    /// A validator failed.
    ValidatorFailed { builder: BuilderId, step: u16 },
    /// The version got its number.
    Numbered { builder: BuilderId, image: ImageId, number: Number },
    /// The run is to be cancelled; its state is Canceling.
    CancelAsked { builder: BuilderId },
    /// The run is over.
    Ended { builder: BuilderId, state: RunState, why: BuildEnd },
    /// A template does not do what it was asked for.
    Refused { builder: BuilderId, why: RunRefusal },
    /// A template is Failed from its submission, since its identity lacks a right.
    TemplateFailed { builder: BuilderId, why: Right },
    /// The build machine of a run that failed is kept.
    MachineKept { builder: BuilderId },
    /// The machine was generalized.
    Generalized { builder: BuilderId },
    /// The trigger of a template starts a run.
    TriggerFired { builder: BuilderId },
    /// The trigger of a template is disabled.
    TriggerDisabled { builder: BuilderId },
    /// The image is copied to the home region of its definition.
    CopyBegan { builder: BuilderId },
}

/// The sub-state of a run (IB-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
#[expect(missing_docs, reason = "the words are Azure's own")]
pub enum Stage {
    Queued = 0,
    Building = 1,
    Customizing = 2,
    Optimizing = 3,
    Validating = 4,
    Distributing = 5,
}

/// The state in which a run ended (IB-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "the words are Azure's own")]
pub enum RunState {
    Succeeded = 0,
    PartiallySucceeded = 1,
    Failed = 2,
    Canceled = 3,
}

/// Why a template refuses to run, or to cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum RunRefusal {
    /// It runs already.
    Running = 0,
    /// It has no run that could be cancelled.
    NothingToCancel = 1,
    /// It is Failed since it was submitted.
    TemplateFailed = 2,
}

/// What ended a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum BuildEnd {
    /// Everything was done.
    Done = 0,
    /// A customizer failed.
    Customizer = 1,
    /// A validator failed.
    Validation = 2,
    /// `context deadline exceeded` (IB-02).
    Timeout = 3,
    /// The identity may not read the scripts (IB-18).
    NoRightToScripts = 4,
    /// The identity may not write to the gallery (IB-18).
    NoRightToImages = 5,
    /// The source is not in the region of the template (IB-20).
    NoSource = 6,
    /// The number is taken (IB-11).
    NumberTaken = 7,
    /// The replication failed in some or all regions.
    Replication = 8,
    /// It was cancelled.
    Cancel = 9,
    /// The identity lacks another right (IB-18).
    NoRight = 10,
    /// The gallery takes no write (GA-22).
    GalleryRefused = 11,
}

impl GalleryFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::CreateQueued { instance } | Self::CreateAdmitted { instance } => Some(instance),
            Self::VersionPublished { .. }
            | Self::ReplicationBegan { .. }
            | Self::ReplicationCompleted { .. }
            | Self::ReplicationFailed { .. }
            | Self::AggregateChanged { .. }
            | Self::ExclusionSet { .. }
            | Self::LatestMoved { .. }
            | Self::LatestLost { .. }
            | Self::InstancesStay { .. }
            | Self::ImageResolved { .. }
            | Self::EndOfLifePassed { .. }
            | Self::VersionDeleted { .. }
            | Self::WriteRefused { .. }
            | Self::Usable { .. }
            | Self::SoftDeleted { .. }
            | Self::Restored { .. }
            | Self::HardDeleted { .. }
            | Self::ValidationBegan { .. }
            | Self::DefinitionWritten { .. }
            | Self::DefinitionRefused { .. } => None,
        }
    }

    /// The words of the digest; the kinds are 70 to 84, and 109 with a number of its own in the third word.
    pub(super) fn words(self) -> [u64; 3] {
        let w = |kind: u64, a: u32, b: u64| [kind, u64::from(a), b];
        match self {
            Self::VersionPublished { image } => w(70, image.0.into(), 0),
            Self::ReplicationBegan { image, region } => w(71, image.0.into(), region.0.into()),
            Self::ReplicationCompleted { image, region } => w(72, image.0.into(), region.0.into()),
            Self::ReplicationFailed { image, region } => w(73, image.0.into(), region.0.into()),
            Self::AggregateChanged { image, to } => w(74, image.0.into(), to as u64),
            Self::ExclusionSet { image, region, excluded } => {
                let region = region.map_or(0, |region| u64::from(region.0) + 1);
                w(75, image.0.into(), region << 1 | u64::from(excluded))
            }
            Self::LatestMoved { region, image } => w(76, region.0.into(), image.0.into()),
            Self::LatestLost { definition, region } => w(77, region.0.into(), definition.0.into()),
            Self::InstancesStay { set, count } => w(78, set.0.into(), count.into()),
            Self::ImageResolved { set, image } => w(79, set.0.into(), image.0.into()),
            Self::CreateQueued { instance } => w(80, instance.0, 0),
            Self::CreateAdmitted { instance } => w(81, instance.0, 0),
            Self::EndOfLifePassed { image } => w(82, image.0.into(), 0),
            Self::VersionDeleted { image } => w(83, image.0.into(), 0),
            Self::WriteRefused { image, why } => w(84, image.0.into(), why as u64),
            Self::Usable { image, region } => w(109, image.0.into(), u64::from(region.0) << 8),
            Self::SoftDeleted { image } => w(109, image.0.into(), 1),
            Self::Restored { image } => w(109, image.0.into(), 2),
            Self::HardDeleted { image } => w(109, image.0.into(), 3),
            Self::ValidationBegan { image } => w(109, image.0.into(), 4),
            Self::DefinitionWritten { definition } => w(109, definition.0.into(), 5),
            Self::DefinitionRefused { definition, field } => w(109, definition.0.into(), 6 | (field as u64) << 8),
        }
    }
}

impl BuildFact {
    /// The template it concerns.
    #[must_use]
    pub const fn builder(&self) -> BuilderId {
        match *self {
            Self::Began { builder, .. }
            | Self::StageEntered { builder, .. }
            | Self::SourceResolved { builder, .. }
            | Self::CustomizerDone { builder, .. }
            | Self::FailureSwallowed { builder, .. }
            | Self::CustomizerFailed { builder, .. }
            | Self::ValidatorPassed { builder, .. }
            | Self::ValidatorFailed { builder, .. }
            | Self::Numbered { builder, .. }
            | Self::CancelAsked { builder }
            | Self::Ended { builder, .. }
            | Self::TemplateFailed { builder, .. }
            | Self::MachineKept { builder }
            | Self::Generalized { builder }
            | Self::TriggerFired { builder }
            | Self::TriggerDisabled { builder }
            | Self::CopyBegan { builder }
            | Self::Refused { builder, .. } => builder,
        }
    }

    /// The words of the digest; the kinds are 90 to 101, and 103 to 108.
    pub(super) fn words(self) -> [u64; 3] {
        let w = |kind: u64, b: u64| [kind, u64::from(self.builder().0), b];
        match self {
            Self::Began { image, .. } => w(90, image.0.into()),
            Self::StageEntered { stage, .. } => w(91, stage as u64),
            Self::SourceResolved { image, .. } => w(92, image.0.into()),
            Self::CustomizerDone { step, .. } => w(93, step.into()),
            Self::FailureSwallowed { step, .. } => w(94, step.into()),
            Self::CustomizerFailed { step, .. } => w(95, step.into()),
            Self::ValidatorPassed { step, .. } => w(96, step.into()),
            Self::ValidatorFailed { step, .. } => w(97, step.into()),
            Self::Numbered { image, number: Number([major, minor, patch]), .. } => {
                // The kind takes the top byte; the patch, which moves most, keeps all of its bits.
                w(98, u64::from(image.0) << 48 ^ u64::from(major) << 40 ^ u64::from(minor) << 32 ^ u64::from(patch))
            }
            Self::CancelAsked { .. } => w(99, 0),
            Self::Ended { state, why, .. } => w(100, (state as u64) << 8 | why as u64),
            Self::Refused { why, .. } => w(101, why as u64),
            Self::MachineKept { .. } => w(103, 0),
            Self::Generalized { .. } => w(104, 0),
            Self::TemplateFailed { why, .. } => w(105, why as u64),
            Self::TriggerFired { .. } => w(106, 0),
            Self::TriggerDisabled { .. } => w(107, 0),
            Self::CopyBegan { .. } => w(108, 0),
        }
    }
}
