//! Types of whose resources nothing is acted on: what of them can matter to a rollout, and where a scenario says it. One warning
//! (W0511) a resource lists what of it is met.

use super::matters::{Matters, matters};

/// A type, what of it can matter, and the names of its keys that cannot.
#[derive(Debug)]
pub struct Elsewhere {
    /// The type.
    pub kind: &'static str,
    /// What can matter; `why` is where a scenario says it, or why that cannot be said.
    pub matters: &'static [Matters],
    /// Keys that cannot matter.
    pub idle: &'static [&'static str],
}

/// All of them.
pub static ELSEWHERE: &[Elsewhere] = &[
    Elsewhere { kind: "Microsoft.Compute/galleries/images", matters: DEFINITION, idle: IDLE_OF_DEFINITION },
    Elsewhere { kind: "Microsoft.Compute/galleries/images/versions", matters: VERSION, idle: &["publishedDate"] },
    Elsewhere { kind: "Microsoft.VirtualMachineImages/imageTemplates", matters: TEMPLATE, idle: &[] },
];

/// What there is to say of a type, whatever its case.
#[must_use]
pub fn of(kind: &str) -> Option<&'static Elsewhere> {
    ELSEWHERE.iter().find(|one| one.kind.eq_ignore_ascii_case(kind))
}

const DEFINITION: &[Matters] = &[
    matters("location", &[], "`location` in `imageDefinitions`"),
    matters("osType", &[], "`osType` in `imageDefinitions`"),
    matters("osState", &["Generalized"], "`osState` in `imageDefinitions`"),
    matters("hyperVGeneration", &[], "`hyperVGeneration` in `imageDefinitions`"),
    matters("features", &[], "`securityType` in `imageDefinitions`"),
    matters("identifier", &[], "`identifier` in `imageDefinitions`"),
    matters("architecture", &["x64"], "no key: a size of another architecture is not refused"),
    matters("disallowed", &[], "no key: disks of these types are not refused"),
    matters("purchasePlan", &[], "no key: a set without the plan is not refused"),
];

const IDLE_OF_DEFINITION: &[&str] = &[
    "allowUpdateImage",
    "description",
    "endOfLifeDate",
    "eula",
    "privacyStatementUri",
    "recommended",
    "memory",
    "vCPUs",
    "min",
    "max",
    "releaseNoteUri",
];

const VERSION: &[Matters] = &[
    matters("publishingProfile.targetRegions", &[], "`replicatedTo` in `images`"),
    matters("publishingProfile.targetExtendedLocations", &[], "no key: edge zones hold no replicas"),
    matters("publishingProfile.replicaCount", &[], "`replicas` in `images`"),
    matters("publishingProfile.excludeFromLatest", &["false"], "`excludeFromLatest` in `images`"),
    matters("publishingProfile.replicationMode", &["Full"], "`replicationMode` in `images`"),
    matters("publishingProfile.endOfLifeDate", &[], "`endOfLife` in `images`"),
    matters(
        "publishingProfile.storageAccountType",
        &["Standard_LRS"],
        "`storageAccountType` of `replicatedTo` in `images`",
    ),
    matters("publishingProfile.storageAccountStrategy", &[], "`storageAccountType` of `replicatedTo` in `images`"),
    matters("storageProfile", &[], "`sizeGB` in `images`"),
    matters(
        "safetyProfile",
        &[],
        "`allowDeletionOfReplicatedLocations` and `blockDeletionBeforeEndOfLife` in `images`",
    ),
    matters("securityProfile", &[], "`bootFailure` in `images`, where keys of its own keep it from booting"),
    matters("replicationStatus", &[], "`replicatedTo` in `images`: it stands there when the run begins"),
    matters("restore", &[], "`restoreVersion` in the timeline"),
];

const TEMPLATE: &[Matters] = &[
    matters("location", &[], "`location` in `imageBuilders`"),
    matters("identity", &[], "`identity` in `imageBuilders`, by what it may do"),
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
];
