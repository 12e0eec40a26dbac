//! Resources that are kept, and on which nothing acts.

use super::field::kept;
use super::{Kind, matters};

shape! {
    GALLERY_IMAGE: "an image definition" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text); kept("location", Kind::Text);
    }
    .inner(&GALLERY_IMAGE_PROPERTIES)
    .elsewhere()
    .matters(&[matters("location", &[], "`location` in `imageDefinitions`")])
}

shape! {
    GALLERY_IMAGE_PROPERTIES in GALLERY_IMAGE at "properties": "the properties of an image definition" {
        kept("osType", Kind::Word(&["Linux", "Windows"]));
        kept("osState", Kind::Word(&["Generalized", "Specialized"]));
        kept("hyperVGeneration", Kind::Word(&["V1", "V2"])); kept("identifier", Kind::Open);
        kept("features", Kind::List(&Kind::Open));
    }
    .known(&[
        "allowUpdateImage", "description", "endOfLifeDate", "eula", "privacyStatementUri", "recommended",
        "releaseNoteUri",
    ])
    .matters(&[
        matters("osType", &[], "`osType` in `imageDefinitions`"),
        matters("osState", &["Generalized"], "`osState` in `imageDefinitions`"),
        matters("hyperVGeneration", &[], "`hyperVGeneration` in `imageDefinitions`"),
        matters("features", &[], "`securityType` in `imageDefinitions`"),
        matters("identifier", &[], "`identifier` in `imageDefinitions`"),
        matters("architecture", &["x64"], "no key: a size of another architecture is not refused"),
        matters("disallowed", &[], "no key: disks of these types are not refused"),
        matters("purchasePlan", &[], "no key: a set without the plan is not refused"),
    ])
}

shape! {
    GALLERY_VERSION: "a gallery image version" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text); kept("location", Kind::Text);
    }
    .inner(&GALLERY_VERSION_PROPERTIES)
    .elsewhere()
}

shape! {
    GALLERY_VERSION_PROPERTIES in GALLERY_VERSION at "properties": "the properties of a gallery image version" {
        kept("publishingProfile", Kind::Object(&PUBLISHING)); kept("storageProfile", Kind::Open);
        kept("safetyProfile", Kind::Open); kept("replicationStatus", Kind::Open);
    }
    .known(&["imageMetadataProfiles", "validationsProfile"])
    .matters(&[
        matters("storageProfile", &[], "`sizeGB` in `images`"),
        matters("safetyProfile", &[], "`allowDeletionOfReplicatedLocations` and `blockDeletionBeforeEndOfLife` in `images`"),
        matters("securityProfile", &[], "`bootFailure` in `images`, where keys of its own keep it from booting"),
        matters("replicationStatus", &[], "`replicatedTo` in `images`: it stands there when the run begins"),
        matters("restore", &[], "`restoreVersion` in the timeline"),
    ])
}

shape! {
    PUBLISHING: "a publishing profile" {
        kept("targetRegions", Kind::List(&Kind::Object(&REGION))); kept("replicaCount", Kind::Integer);
        kept("excludeFromLatest", Kind::Boolean); kept("replicationMode", Kind::Word(&["Full", "Shallow"]));
        kept("publishedDate", Kind::Text); kept("endOfLifeDate", Kind::Text); kept("storageAccountType", Kind::Text);
    }
    .known(&["source", "scaleTier"])
    .matters(&[
        matters("targetRegions", &[], "`replicatedTo` in `images`"),
        matters("targetExtendedLocations", &[], "no key: edge zones hold no replicas"),
        matters("replicaCount", &[], "`replicas` in `images`"),
        matters("excludeFromLatest", &["false"], "`excludeFromLatest` in `images`"),
        matters("replicationMode", &["Full"], "`replicationMode` in `images`"),
        matters("endOfLifeDate", &[], "`endOfLife` in `images`"),
        matters("storageAccountType", &["Standard_LRS"], "`storageAccountType` of `replicatedTo` in `images`"),
        matters("storageAccountStrategy", &[], "`storageAccountType` of `replicatedTo` in `images`"),
    ])
}

shape! {
    REGION: "a target region" {
        kept("name", Kind::Text); kept("regionalReplicaCount", Kind::Integer); kept("storageAccountType", Kind::Text);
        kept("excludeFromLatest", Kind::Boolean);
    }
    .known(&["additionalReplicaSets", "encryption"])
}

shape! {
    IMAGE_TEMPLATE: "an image template" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text); kept("location", Kind::Text);
    }
    .inner(&IMAGE_TEMPLATE_PROPERTIES)
    .elsewhere()
    .matters(&[
        matters("location", &[], "`location` in `imageBuilders`"),
        matters("identity", &[], "`identity` in `imageBuilders`, by what it may do"),
    ])
}

shape! {
    IMAGE_TEMPLATE_PROPERTIES in IMAGE_TEMPLATE at "properties": "the properties of an image template" {
        kept("source", Kind::Open); kept("customize", Kind::List(&Kind::Open)); kept("validate", Kind::Open);
        kept("optimize", Kind::Open); kept("distribute", Kind::List(&Kind::Open));
        kept("buildTimeoutInMinutes", Kind::Integer); kept("autoRun", Kind::Open); kept("errorHandling", Kind::Open);
        kept("lastRunStatus", Kind::Open);
    }
    .known(&["exactStagingResourceGroup", "managedResourceTags"])
    .matters(&[
        matters("source", &[], "`source` in `imageBuilders`"),
        matters("customize", &[], "`customize` in `imageBuilders`"),
        matters("validate", &[], "`validate` in `imageBuilders`"),
        matters("optimize", &[], "`optimize` in `imageBuilders`"),
        matters("distribute", &[], "`distribute` in `imageBuilders`"),
        matters("buildTimeoutInMinutes", &["0", "240"], "`buildTimeoutInMinutes` in `imageBuilders`"),
        matters("autoRun", &[], "`autoRun` in `imageBuilders`"),
        matters("errorHandling", &[], "`errorHandling` in `imageBuilders`"),
        matters("vmProfile", &[], "`vmProfile` in `imageBuilders`"),
        matters("additionalDataDisks", &[], "`sizeGB` of what it `produces`: data disks are copied too"),
        matters("stagingResourceGroup", &[], "`stagingResourceGroup` in `imageBuilders`"),
        matters("lastRunStatus", &[], "no key: a run that is under way is not there when a run begins"),
        matters("provisioningError", &[], "`identity` in `imageBuilders`: a template that lacks a right is Failed"),
    ])
}
