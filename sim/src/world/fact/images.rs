//! What happened to images: in the gallery, and in the runs of image templates.

use super::field::Field;
use super::row::facts;
use crate::plan::{FixedField, Number, Right};
use crate::words;
use crate::world::ids::{BuilderId, DefinitionId, ImageId, InstanceId, RegionId, SetId};

facts! {
    /// What happened in a gallery.
    GalleryFact:

    /// A version was written, or written again with other target regions.
    70 "versionPublished" VersionPublished { image: ImageId => subject } in Images Tick "published" Act;
    /// A version began to be copied to a region.
    71 "replicationStarted" ReplicationStarted { image: ImageId => subject, region: RegionId }
        in Images Begin "replication" Work;
    /// A version is complete in a region, and can be deployed there.
    72 "replicationCompleted" ReplicationCompleted { image: ImageId => subject, region: RegionId }
        in Images End "replication" Good;
    /// The copy of a version to a region failed.
    73 "replicationFailed" ReplicationFailed { image: ImageId => subject, region: RegionId }
        in Images End "replication" Bad;
    /// The aggregate state of a version over its regions changed.
    74 "aggregateChanged" AggregateChanged { image: ImageId => subject, to: Aggregate };
    /// A version was excluded from `latest` or included again: in a region, or in all that have no flag of their own.
    75 "exclusionSet" ExclusionSet {
        image: ImageId => subject,
        region: Option<RegionId> => ["region" = region.map_or(Field::Word("all"), Field::Region)], excluded: bool,
    } in Images Tick "exclusion" Act;
    /// `latest` of a definition is another version in a region from now on.
    76 "latestMoved" LatestMoved { definition: DefinitionId => subject, region: RegionId, image: ImageId => "to" }
        in Images Tick "latest" Good;
    /// `latest` of a definition is no version at all in a region from now on.
    77 "latestLost" LatestLost { definition: DefinitionId => subject, region: RegionId } in Images Tick "latest" Bad;
    /// The instances of a set stay on the versions they have, though `latest` of their model moved on.
    78 "instancesStay" InstancesStay { set: SetId => subject, count: u32 };
    /// A set looked up the version that its next instances are created from.
    79 "imageResolved" ImageResolved { set: SetId => subject, image: ImageId } in Images Tick "resolved" Work;
    /// A create waits, since the replicas of its image are busy with as many as they can serve.
    80 "createQueued" CreateQueued { instance: InstanceId => subject };
    /// A create that waited goes on.
    81 "createAdmitted" CreateAdmitted { instance: InstanceId => subject };
    /// The end-of-life date of a version passed.
    82 "endOfLifePassed" EndOfLifePassed { image: ImageId => subject } in Images Tick "life" Wait;
    /// A version was deleted.
    83 "versionDeleted" VersionDeleted { image: ImageId => subject } in Images Tick "deleted" Act;
    /// A write to a version was refused.
    84 "versionWriteRefused" WriteRefused { image: ImageId => subject, why: WriteRefusal } in Images Tick "refused" Bad;
    /// A version that was complete in a region can be used there from now on.
    256 "versionUsable" Usable { image: ImageId => subject, region: RegionId } in Images Tick "usable" Work;
    /// A version was deleted, and the gallery keeps it for a while.
    257 "versionSoftDeleted" SoftDeleted { image: ImageId => subject } in Images Tick "deleted" Act;
    /// A version that was deleted is there again.
    258 "versionRestored" Restored { image: ImageId => subject } in Images Tick "restored" Act;
    /// What the gallery kept of a version is gone.
    259 "versionHardDeleted" HardDeleted { image: ImageId => subject } in Images Tick "deleted" Work;
    /// The validation of a version for Trusted Launch began.
    260 "versionValidationStarted" ValidationStarted { image: ImageId => subject } in Images Tick "validation" Work;
    /// A definition was written with what can change.
    261 "definitionWritten" DefinitionWritten { definition: DefinitionId => subject } in Images Tick "definition" Act;
    /// A write that changes what a definition is for was refused.
    262 "definitionRefused" DefinitionRefused { definition: DefinitionId => subject, field: FixedField }
        in Images Tick "refused" Bad;
}

words! {
    /// The replication state of a version over its regions (GA-11).
    pub enum Aggregate {
        /// It has no regions.
        Unknown = 0 => "Unknown",
        /// Some region still replicates.
        InProgress = 1 => "InProgress",
        /// Every region is complete.
        Completed = 2 => "Completed",
        /// No region replicates any more, and some failed.
        Failed = 3 => "Failed",
    }
}

words! {
    /// Why a write to a version was refused.
    pub enum WriteRefusal {
        /// `blockDeletionBeforeEndOfLife`, and the end of life is not reached.
        BeforeEndOfLife = 0 => "blockDeletionBeforeEndOfLife",
        /// `allowDeletionOfReplicatedLocations` is false, and there are replicas.
        Replicated = 1 => "allowDeletionOfReplicatedLocations",
        /// The version was deleted.
        Deleted = 2 => "deleted",
        /// The version was never published.
        NotPublished = 3 => "notPublished",
        /// The region of the gallery is down (GA-22).
        HomeRegionDown = 4 => "homeRegionDown",
        /// It is not deleted, or the time in which it could be restored is over (GA-21).
        NotRestorable = 5 => "notRestorable",
    }
}

facts! {
    /// What happened in the run of an image template.
    BuildFact:

    /// A run began; its state is Running and it is queued.
    90 "buildStarted" Started { builder: BuilderId => subject, image: ImageId } in Images Begin "build" Work;
    /// The run entered another sub-state.
    91 "buildStageEntered" StageEntered { builder: BuilderId => subject, stage: Stage } in Images Stage "build" Work;
    /// The run looked up the version that it starts from.
    92 "buildSourceResolved" SourceResolved { builder: BuilderId => subject, image: ImageId };
    /// A customizer is done.
    93 "customizerDone" CustomizerDone {
        builder: BuilderId => subject, step: u16 => ["customizer" = Field::Customizer(builder, step)],
    };
    /// A command within a customizer failed, and the step reported success.
    94 "failureSwallowed" FailureSwallowed {
        builder: BuilderId => subject, step: u16 => ["customizer" = Field::Customizer(builder, step)],
    } in Images Tick "customizer" Bad;
    /// A customizer failed.
    95 "customizerFailed" CustomizerFailed {
        builder: BuilderId => subject, step: u16 => ["customizer" = Field::Customizer(builder, step)],
    } in Images Tick "customizer" Bad;
    /// A validator found nothing wrong.
    96 "validatorPassed" ValidatorPassed {
        builder: BuilderId => subject, step: u16 => ["validator" = Field::Validator(builder, step)],
    };
    /// A validator failed.
    97 "validatorFailed" ValidatorFailed {
        builder: BuilderId => subject, step: u16 => ["validator" = Field::Validator(builder, step)],
    } in Images Tick "validator" Bad;
    /// The version got its number.
    98 "versionNumbered" Numbered { builder: BuilderId => subject, image: ImageId, number: Number };
    /// The run is to be cancelled; its state is Canceling.
    99 "buildCancelAsked" CancelAsked { builder: BuilderId => subject } in Images Tick "cancel" Act;
    /// The run is over.
    100 "buildEnded" Ended { builder: BuilderId => subject, state: RunState, why: BuildEnd }
        in Images End "build" LaneTone::good_if(state == RunState::Succeeded);
    /// A template does not do what it was asked for.
    101 "buildRefused" Refused { builder: BuilderId => subject, why: RunRefusal } in Images Tick "refused" Bad;
    /// A template is Failed from its submission, since its identity lacks a right.
    105 "templateFailed" TemplateFailed { builder: BuilderId => subject, why: Right => "error" }
        in Images Tick "template" Bad;
    /// The build machine of a run that failed is kept.
    103 "buildMachineKept" MachineKept { builder: BuilderId => subject } in Images Tick "machine" Work;
    /// The machine was generalized.
    104 "buildGeneralized" Generalized { builder: BuilderId => subject } in Images Tick "machine" Work;
    /// The trigger of a template starts a run.
    106 "buildTriggerFired" TriggerFired { builder: BuilderId => subject } in Images Tick "trigger" Work;
    /// The trigger of a template is disabled.
    107 "buildTriggerDisabled" TriggerDisabled { builder: BuilderId => subject } in Images Tick "trigger" Wait;
    /// The image is copied to the home region of its definition.
    108 "buildCopyStarted" CopyStarted { builder: BuilderId => subject } in Images Tick "copy" Work;
    /// It is in the home region of its definition.
    263 "buildCopyEnded" CopyEnded { builder: BuilderId => subject, image: ImageId } in Images Tick "copy" Good;
}

words! {
    /// The sub-state of a run (IB-01).
    #[derive(PartialOrd, Ord)]
    #[expect(missing_docs, reason = "the words are Azure's own")]
    pub enum Stage {
        Queued = 0 => "Queued",
        Building = 1 => "Building",
        Customizing = 2 => "Customizing",
        Optimizing = 3 => "Optimizing",
        Validating = 4 => "Validating",
        Distributing = 5 => "Distributing",
    }
}

words! {
    /// The state in which a run ended (IB-01).
    #[expect(missing_docs, reason = "the words are Azure's own")]
    pub enum RunState {
        Succeeded = 0 => "Succeeded",
        PartiallySucceeded = 1 => "PartiallySucceeded",
        Failed = 2 => "Failed",
        Canceled = 3 => "Canceled",
    }
}

words! {
    /// Why a template refuses to run, or to cancel.
    pub enum RunRefusal {
        /// It runs already.
        Running = 0 => "running",
        /// It has no run that could be cancelled.
        NothingToCancel = 1 => "nothingToCancel",
        /// It is Failed since it was submitted.
        TemplateFailed = 2 => "templateFailed",
    }
}

words! {
    /// What ended a run.
    pub enum BuildEnd {
        /// Everything was done.
        Done = 0 => "done",
        /// A customizer failed.
        Customizer = 1 => "customizer",
        /// A validator failed.
        Validation = 2 => "validation",
        /// `context deadline exceeded` (IB-02).
        Timeout = 3 => "timeout",
        /// The identity may not read the scripts (IB-18).
        NoRightToScripts = 4 => "noRightToScripts",
        /// The identity may not write to the gallery (IB-18).
        NoRightToImages = 5 => "noRightToImages",
        /// The source is not in the region of the template (IB-20).
        NoSource = 6 => "noSource",
        /// The number is taken (IB-11).
        NumberTaken = 7 => "numberTaken",
        /// The replication failed in some or all regions.
        Replication = 8 => "replication",
        /// It was cancelled.
        Cancel = 9 => "cancel",
        /// The identity lacks another right (IB-18).
        NoRight = 10 => "noRight",
        /// The gallery takes no write (GA-22).
        GalleryRefused = 11 => "galleryRefused",
    }
}
