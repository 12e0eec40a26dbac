//! Resources that are kept, and on which nothing acts.

use super::Kind;
use super::field::kept;

shape! {
    GALLERY_IMAGE: "an image definition" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text); kept("location", Kind::Text);
    }
    .inner(&GALLERY_IMAGE_PROPERTIES)
}

shape! {
    GALLERY_IMAGE_PROPERTIES in GALLERY_IMAGE at "properties": "the properties of an image definition" {
        kept("osType", Kind::Word(&["Linux", "Windows"]));
        kept("osState", Kind::Word(&["Generalized", "Specialized"]));
        kept("hyperVGeneration", Kind::Word(&["V1", "V2"])); kept("identifier", Kind::Open);
        kept("features", Kind::List(&Kind::Open));
    }
    .known(&[
        "allowUpdateImage", "architecture", "description", "disallowed", "endOfLifeDate", "eula",
        "privacyStatementUri", "purchasePlan", "recommended", "releaseNoteUri",
    ])
}

shape! {
    GALLERY_VERSION: "a gallery image version" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text); kept("location", Kind::Text);
    }
    .inner(&GALLERY_VERSION_PROPERTIES)
}

shape! {
    GALLERY_VERSION_PROPERTIES in GALLERY_VERSION at "properties": "the properties of a gallery image version" {
        kept("publishingProfile", Kind::Object(&PUBLISHING)); kept("storageProfile", Kind::Open);
        kept("safetyProfile", Kind::Open); kept("replicationStatus", Kind::Open);
    }
    .known(&["imageMetadataProfiles", "securityProfile", "validationsProfile", "restore"])
}

shape! {
    PUBLISHING: "a publishing profile" {
        kept("targetRegions", Kind::List(&Kind::Object(&REGION))); kept("replicaCount", Kind::Integer);
        kept("excludeFromLatest", Kind::Boolean); kept("replicationMode", Kind::Word(&["Full", "Shallow"]));
        kept("publishedDate", Kind::Text); kept("endOfLifeDate", Kind::Text); kept("storageAccountType", Kind::Text);
    }
    .known(&["source", "targetExtendedLocations", "storageAccountStrategy", "scaleTier"])
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
    .known(&["identity"])
}

shape! {
    IMAGE_TEMPLATE_PROPERTIES in IMAGE_TEMPLATE at "properties": "the properties of an image template" {
        kept("source", Kind::Open); kept("customize", Kind::List(&Kind::Open)); kept("validate", Kind::Open);
        kept("optimize", Kind::Open); kept("distribute", Kind::List(&Kind::Open));
        kept("buildTimeoutInMinutes", Kind::Integer); kept("autoRun", Kind::Open); kept("errorHandling", Kind::Open);
        kept("lastRunStatus", Kind::Open);
    }
    .known(&[
        "additionalDataDisks", "exactStagingResourceGroup", "managedResourceTags", "provisioningError",
        "stagingResourceGroup", "vmProfile",
    ])
}
