//! The keys of images: what is in a version, where it is, and how one is published.

use super::*;
use windtunnel_sim::plan::{SIZE_GB, Storage};

/// Target regions, as names or in full.
pub const TARGETS: Kind = Kind::NonEmpty(&TARGET);
const TARGET: Kind = Either(&[Kind::Text, target_region::MAPPING]);

fields! {
    /// the release it carries; the newest where absent
    CODE: Text = optional("code");
    /// how long it takes to boot; the assumption about the operating system where absent
    BOOT: Length = optional("boot");
    /// how often it fails to boot
    BOOT_FAILURE: Share = default("bootFailure", 0.0);
    /// from boot to listening process; the assumption where absent
    PROCESS_START: Length = optional("processStart");
    /// dependencies it cannot reach
    CANNOT_REACH: Texts = renamed("cannotReach", "cannot", Need::Optional);
    /// it works for a while only, counted from the start of its process
    DEGRADES: Tree = optional("degrades", degrades::MAPPING);
    /// counted by the blast radius
    BAD: Flag = default("bad", false);
    /// how much is copied when it replicates (GA-13)
    SIZE: Number<0, 32768> = default("sizeGB", SIZE_GB);
    /// a Shallow version is not copied: ready sooner, and not for many creates at once (GA-17)
    MODE: Words<Replication> = default("replicationMode", Replication::Full.word());
}

fields! {
    /// the operating system
    OS_TYPE: Words<OsType> = optional("osType");
    /// Specialized images boot faster: their first boot was done before (GA-24)
    OS_STATE: Words<OsState> = optional("osState");
    /// of the machines that boot it
    GENERATION: Words<Generation> = optional("hyperVGeneration");
    /// what machines its versions are for
    SECURITY: Words<SecurityType> = optional("securityType");
    /// its publisher, offer and SKU
    IDENTIFIER: Tree = optional("identifier", image_identifier::MAPPING);
}

object! {
    /// A version that works for a while; a new start of its process begins the while anew.
    mod degrades "Degrades";
    /// how long it works
    AFTER: Length = required("after");
    /// dependencies it cannot reach from then on
    CANNOT_REACH: Texts = renamed("cannotReach", "cannot", Need::Required);
}

object! {
    /// What is in a version of an image, and where it stands when the run begins.
    mod image_version "ImageVersion" with [CODE, BOOT, BOOT_FAILURE, PROCESS_START, CANNOT_REACH, DEGRADES, BAD, SIZE, MODE];
    /// regions where it stands when the run begins; absent, all of them, or none where the timeline publishes it
    REPLICATED_TO: Tree = optional("replicatedTo", List(&TARGET));
    /// replicas in each region when the run begins; absent, as many as it takes (GA-05)
    REPLICAS: Replicas = optional("replicas");
    /// no candidate for `latest` (GA-08)
    EXCLUDE_FROM_LATEST: Flag = default("excludeFromLatest", false);
    /// when its end of life is; it informs, and is a guard (GA-18, GA-20)
    END_OF_LIFE: Moment = optional("endOfLife");
    /// it cannot be deleted before its end of life (GA-20)
    BLOCK_DELETION_BEFORE_END_OF_LIFE: Flag = default("blockDeletionBeforeEndOfLife", false);
    /// where false, it cannot be deleted while it has replicas (GA-20)
    ALLOW_DELETION_OF_REPLICATED_LOCATIONS: Flag = default("allowDeletionOfReplicatedLocations", true);
}

object! {
    /// A target region of a version, in full.
    mod target_region "TargetRegion";
    /// the region
    NAME: Text = required("name");
    /// replicas in it, over the common count (GA-15)
    REGIONAL_REPLICA_COUNT: Replicas = optional("regionalReplicaCount");
    /// storage of the replicas; kept, not used before zones can be lost (GA-16)
    STORAGE_ACCOUNT_TYPE: Words<Storage> = default("storageAccountType", Storage::StandardLrs.word());
    /// of the region, over that of the version, either way (GA-08)
    EXCLUDE_FROM_LATEST: Flag = optional("excludeFromLatest");
}

object! {
    /// Write a version to the gallery and replicate it; again, to add regions, change counts or retry one that failed.
    mod publish "Publish";
    /// the image
    IMAGE: Text = required("image");
    /// its version, declared under `images`
    VERSION: Text = required("version");
    /// its target regions
    TO: Tree = required("to", TARGETS);
    /// the common count of replicas a region (GA-15)
    REPLICAS: Replicas = default("replicas", 1);
    /// no candidate for `latest`: published dark (GA-08)
    EXCLUDE_FROM_LATEST: Flag = optional("excludeFromLatest");
}

object! {
    /// Exclude a version from `latest`, or include it again.
    mod exclude "Exclude";
    /// the image
    IMAGE: Text = required("image");
    /// its version
    VERSION: Text = required("version");
    /// in these regions, over the flag of the version; absent, that flag
    REGIONS: Texts = optional("regions");
    /// `false` includes it again
    EXCLUDED: Flag = default("excluded", true);
}

object! {
    /// Delete a version: what runs goes on, what needs the image again fails (GA-19).
    mod delete_version "DeleteVersion";
    /// the image
    IMAGE: Text = required("image");
    /// its version
    VERSION: Text = required("version");
}

object! {
    /// Restore a version that was deleted and that its gallery keeps (GA-21).
    mod restore_version "RestoreVersion";
    /// the image
    IMAGE: Text = required("image");
    /// its version
    VERSION: Text = required("version");
}

object! {
    /// What an image definition is for, which cannot change, and what its gallery does (GA-01).
    mod image_definition "ImageDefinition" with [OS_TYPE, OS_STATE, GENERATION, SECURITY, IDENTIFIER];
    /// the gallery that it is in; an identifier is unique there
    GALLERY: Text = default("gallery", "gallery");
    /// the region of the gallery: a target of each version (GA-14), and while it is down nothing can be written (GA-22)
    LOCATION: Text = optional("location");
    /// the gallery keeps what is deleted (GA-21)
    SOFT_DELETE: Tree = optional("softDelete", soft_delete::MAPPING);
    /// a new version is validated for Trusted Launch before it is copied, for an hour or more (GA-23)
    VALIDATES_TRUSTED_LAUNCH: Flag = default("validatesTrustedLaunch", false);
}

object! {
    /// By what a definition is known beside its name.
    mod image_identifier "ImageIdentifier";
    /// the publisher
    PUBLISHER: Text = required("publisher");
    /// the offer
    OFFER: Text = required("offer");
    /// the SKU
    SKU: Text = required("sku");
}

object! {
    /// For how long what is deleted can be restored: for both lengths together. Azure's defaults are not published.
    mod soft_delete "SoftDelete";
    /// `retentionPeriodInDays`
    RETENTION: Time = required("retention");
    /// `gracePeriodInDays`
    GRACE: Time = default("grace", SimDuration::ZERO);
}

object! {
    /// Write an image definition again; Azure refuses another value of what it is for (GA-01).
    mod write_definition "WriteDefinition" with [OS_TYPE, OS_STATE, GENERATION, SECURITY, IDENTIFIER];
    /// the image, declared under `imageDefinitions`
    IMAGE: Text = required("image");
}
