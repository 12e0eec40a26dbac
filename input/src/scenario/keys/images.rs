//! Keys about images: what is in a version, where it stands, and how one is built and published.

use super::super::shape::{Entry, Kind, Need, Object};
use super::{DIST, SHARE, TEXTS, key};
use Kind::{Bool, Duration, Either, Integer, List, Number, Text, Word};
use Need::{Default, Optional, Required};

/// Target regions, as names or in full.
const TARGETS: Kind = List(&TARGET);
const TARGET: Kind = Either(&[Text, Kind::Object(&TARGET_REGION)]);
/// GA-03.
const REPLICAS: Kind = Integer(1, 50);

const CODE: Entry = key("code", Text, Optional, "the release it carries; the newest where absent");
const BOOT: Entry =
    key("boot", DIST, Optional, "how long it takes to boot; the assumption about the operating system where absent");
const BOOT_FAILURE: Entry = key("bootFailure", SHARE, Default("0%"), "how often it fails to boot");
const PROCESS_START: Entry =
    key("processStart", DIST, Optional, "from boot to listening process; the assumption where absent");
const CANNOT: Entry = key("cannot", TEXTS, Optional, "dependencies it cannot reach");
const DEGRADES: Entry = key(
    "degrades",
    Kind::Object(&DEGRADES_AFTER),
    Optional,
    "it works for a while only, counted from the start of its process",
);

pub static DEGRADES_AFTER: Object = Object {
    name: "Degrades",
    doc: "A version that works for a while; a new start of its process begins the while anew.",
    one_of: &[],
    entries: &[
        key("after", DIST, Required, "how long it works"),
        key("cannot", TEXTS, Required, "dependencies it cannot reach from then on"),
    ],
};

const BAD: Entry = key("bad", Bool, Default("false"), "counted by the blast radius");
const SIZE: Entry = key("sizeGB", Number(0.0, 32768.0), Default("30"), "how much is copied when it replicates (GA-13)");
const MODE: Entry = key(
    "replicationMode",
    Word(&["Full", "Shallow"]),
    Default("Full"),
    "a Shallow version is not copied: ready sooner, and not for many creates at once (GA-17)",
);

/// A version of an image.
pub static IMAGE: Object = Object {
    name: "ImageVersion",
    doc: "What is in a version of an image, and where it stands when the run begins.",
    one_of: &[],
    entries: &[
        CODE,
        BOOT,
        BOOT_FAILURE,
        PROCESS_START,
        CANNOT,
        DEGRADES,
        BAD,
        SIZE,
        MODE,
        key(
            "replicatedTo",
            TARGETS,
            Optional,
            "regions where it stands when the run begins; absent, all of them, or none where the timeline publishes it",
        ),
        key(
            "replicas",
            REPLICAS,
            Optional,
            "replicas in each region when the run begins; absent, as many as it takes (GA-05)",
        ),
        key("excludeFromLatest", Bool, Default("false"), "no candidate for `latest` (GA-08)"),
        key("endOfLife", Duration, Optional, "when its end of life is; it informs, and is a guard (GA-18, GA-20)"),
        key(
            "blockDeletionBeforeEndOfLife",
            Bool,
            Default("false"),
            "it cannot be deleted before its end of life (GA-20)",
        ),
        key(
            "allowDeletionOfReplicatedLocations",
            Bool,
            Default("true"),
            "where false, it cannot be deleted while it has replicas (GA-20)",
        ),
    ],
};

static TARGET_REGION: Object = Object {
    name: "TargetRegion",
    doc: "A target region of a version, in full.",
    one_of: &[],
    entries: &[
        key("name", Text, Required, "the region"),
        key("regionalReplicaCount", REPLICAS, Optional, "replicas in it, over the common count (GA-15)"),
        key(
            "storageAccountType",
            Word(&["Standard_LRS", "Standard_ZRS", "Premium_LRS"]),
            Default("Standard_LRS"),
            "storage of the replicas; kept, not used before zones can be lost (GA-16)",
        ),
        key("excludeFromLatest", Bool, Optional, "of the region, over that of the version, either way (GA-08)"),
    ],
};

/// Publish a version.
pub static PUBLISH: Object = Object {
    name: "Publish",
    doc: "Write a version to the gallery and replicate it; again, to add regions, change counts or retry one that failed.",
    one_of: &[],
    entries: &[
        key("image", Text, Required, "the image"),
        key("version", Text, Required, "its version, declared under `images`"),
        key("to", TARGETS, Required, "its target regions"),
        key("replicas", REPLICAS, Default("1"), "the common count of replicas a region (GA-15)"),
        key("excludeFromLatest", Bool, Optional, "no candidate for `latest`: published dark (GA-08)"),
    ],
};

/// Exclude a version.
pub static EXCLUDE: Object = Object {
    name: "Exclude",
    doc: "Exclude a version from `latest`, or include it again.",
    one_of: &[],
    entries: &[
        key("image", Text, Required, "the image"),
        key("version", Text, Required, "its version"),
        key("regions", TEXTS, Optional, "in these regions, over the flag of the version; absent, that flag"),
        key("excluded", Bool, Default("true"), "`false` includes it again"),
    ],
};

/// Delete a version.
pub static DELETE_VERSION: Object = Object {
    name: "DeleteVersion",
    doc: "Delete a version: what runs goes on, what needs the image again fails (GA-19).",
    one_of: &[],
    entries: &[key("image", Text, Required, "the image"), key("version", Text, Required, "its version")],
};

/// Restore a version.
pub static RESTORE_VERSION: Object = Object {
    name: "RestoreVersion",
    doc: "Restore a version that was deleted and that its gallery keeps (GA-21).",
    one_of: &[],
    entries: &[key("image", Text, Required, "the image"), key("version", Text, Required, "its version")],
};

const OS_TYPE: Entry = key("osType", Word(&["Linux", "Windows"]), Optional, "the operating system");
const OS_STATE: Entry = key(
    "osState",
    Word(&["Generalized", "Specialized"]),
    Optional,
    "Specialized images boot faster: their first boot was done before (GA-24)",
);
const GENERATION: Entry = key("hyperVGeneration", Word(&["V1", "V2"]), Optional, "of the machines that boot it");
const SECURITY: Entry = key(
    "securityType",
    Word(&["Standard", "TrustedLaunch", "TrustedLaunchSupported", "ConfidentialVM", "ConfidentialVMSupported"]),
    Optional,
    "what machines its versions are for",
);
const IDENTIFIER: Entry = key("identifier", Kind::Object(&IMAGE_IDENTIFIER), Optional, "its publisher, offer and SKU");

/// An image definition.
pub static IMAGE_DEFINITION: Object = Object {
    name: "ImageDefinition",
    doc: "What an image definition is for, which cannot change, and what its gallery does (GA-01).",
    one_of: &[],
    entries: &[
        OS_TYPE,
        OS_STATE,
        GENERATION,
        SECURITY,
        IDENTIFIER,
        key("gallery", Text, Default("gallery"), "the gallery that it is in; an identifier is unique there"),
        key(
            "location",
            Text,
            Optional,
            "the region of the gallery: a target of each version (GA-14), and while it is down nothing can be written (GA-22)",
        ),
        key("softDelete", Kind::Object(&SOFT_DELETE), Optional, "the gallery keeps what is deleted (GA-21)"),
        key(
            "validatesTrustedLaunch",
            Bool,
            Default("false"),
            "a new version is validated for Trusted Launch before it is copied, for an hour or more (GA-23)",
        ),
    ],
};

static IMAGE_IDENTIFIER: Object = Object {
    name: "ImageIdentifier",
    doc: "By what a definition is known beside its name.",
    one_of: &[],
    entries: &[
        key("publisher", Text, Required, "the publisher"),
        key("offer", Text, Required, "the offer"),
        key("sku", Text, Required, "the SKU"),
    ],
};

static SOFT_DELETE: Object = Object {
    name: "SoftDelete",
    doc: "For how long what is deleted can be restored: for both lengths together. Azure's defaults are not published.",
    one_of: &[],
    entries: &[
        key("retention", Duration, Required, "`retentionPeriodInDays`"),
        key("grace", Duration, Default("PT0S"), "`gracePeriodInDays`"),
    ],
};

/// Write an image definition.
pub static WRITE_DEFINITION: Object = Object {
    name: "WriteDefinition",
    doc: "Write an image definition again; Azure refuses another value of what it is for (GA-01).",
    one_of: &[],
    entries: &[
        key("image", Text, Required, "the image, declared under `imageDefinitions`"),
        OS_TYPE,
        OS_STATE,
        GENERATION,
        SECURITY,
        IDENTIFIER,
    ],
};

/// Run an image template.
pub static BAKE: Object = Object {
    name: "Bake",
    doc: "Run an image template, or cancel its run.",
    one_of: &[],
    entries: &[key("builder", Text, Required, "the template, declared under `imageBuilders`")],
};

/// An image template.
pub static IMAGE_BUILDER: Object = Object {
    name: "ImageBuilder",
    doc: "An image template of Azure Image Builder. Each run makes a version `image/template` (`image/template-2` the second \
          time), or `image/version` where the number is explicit.",
    one_of: &[],
    entries: &[
        key("image", Text, Required, "the image it makes versions of"),
        key("source", Text, Optional, "`image/1.0.0` or `image/latest`, which is looked up when it runs (IB-10)"),
        key(
            "location",
            Text,
            Optional,
            "its region, where the source must be (IB-20); absent, the first it distributes to",
        ),
        key("osType", Word(&["Linux", "Windows"]), Default("Linux"), "the operating system"),
        key("produces", Kind::Object(&BAKED), Optional, "what is in the version when every step did its work"),
        key("customize", List(&Kind::Object(&CUSTOMIZER)), Optional, "what is done to the source, in order (IB-04)"),
        key("optimize", Bool, Default("false"), "`optimize.vmBoot.state` is Enabled (IB-13)"),
        key("validate", Kind::Object(&VALIDATE), Optional, "what is tried on a machine made from the image (IB-08)"),
        key("distribute", Kind::Object(&DISTRIBUTE), Required, "where the version goes, and how it is numbered"),
        key(
            "buildTimeoutInMinutes",
            Integer(0, i64::MAX),
            Default("0"),
            "6 to 960, 0 is 240; customizing, validating and distributing count (IB-02)",
        ),
        key("identity", Kind::Object(&IDENTITY), Optional, "what its identity may do (IB-18)"),
        key("vmProfile", Kind::Object(&VM_PROFILE), Optional, "the build machine (IB-14)"),
        key(
            "errorHandling",
            Kind::Object(&ERROR_HANDLING),
            Optional,
            "whether the machine of a run that fails is kept (IB-06)",
        ),
        key("autoRun", Bool, Default("false"), "it runs once when it is created, which is when the run begins (IB-16)"),
        key("triggers", List(&Kind::Object(&TRIGGER)), Optional, "what starts runs by itself; at most one (IB-15)"),
        key("stagingResourceGroup", Kind::Object(&STAGING), Optional, "a staging group of its own (IB-18)"),
    ],
};

static VM_PROFILE: Object = Object {
    name: "BuildVmProfile",
    doc: "The machine that a template builds on.",
    one_of: &[],
    entries: &[
        key(
            "vmSize",
            Text,
            Optional,
            "its size; absent, Standard_D1_v2 of generation 1 and Standard_D2ds_v4 of generation 2",
        ),
        key("osDiskSizeGB", Number(0.0, 32768.0), Optional, "its OS disk, which may grow and never shrink"),
        key("vnetConfig", Bool, Default("false"), "it builds in a subnet, which its identity must be allowed to join"),
    ],
};

static ERROR_HANDLING: Object = Object {
    name: "ErrorHandling",
    doc: "What becomes of the build machine of a run that fails; one that is kept is billed until somebody cleans it up.",
    one_of: &[],
    entries: &[
        key(
            "onCustomizerError",
            Word(&["cleanup", "abort"]),
            Default("cleanup"),
            "where a customizer fails; abort keeps it",
        ),
        key(
            "onValidationError",
            Word(&["cleanup", "abort"]),
            Default("cleanup"),
            "where a validator fails; abort keeps it",
        ),
    ],
};

static TRIGGER: Object = Object {
    name: "BuildTrigger",
    doc: "What starts runs of a template.",
    one_of: &[],
    entries: &[key("kind", Word(&["SourceImage"]), Required, "its source, which is `latest`, is another version")],
};

static STAGING: Object = Object {
    name: "StagingGroup",
    doc: "The staging group that a template names.",
    one_of: &[],
    entries: &[
        key("location", Text, Required, "its region, which must be that of the template"),
        key("empty", Bool, Default("true"), "nothing is in it"),
    ],
};

static BAKED: Object = Object {
    name: "BakedVersion",
    doc: "What is in a version that a template makes.",
    one_of: &[],
    entries: &[CODE, BOOT, BOOT_FAILURE, PROCESS_START, CANNOT, DEGRADES, BAD, SIZE, MODE],
};

static CUSTOMIZER: Object = Object {
    name: "Customizer",
    doc: "A step of a template.",
    one_of: &[],
    entries: &[
        key("name", Text, Required, "its name"),
        key(
            "type",
            Word(&["Shell", "PowerShell", "File", "WindowsRestart", "WindowsUpdate"]),
            Optional,
            "what it is (IB-05); absent, a script of the operating system",
        ),
        key("duration", DIST, Required, "how long it takes"),
        key(
            "restartTimeout",
            Duration,
            Default("PT5M"),
            "of `WindowsRestart`: it fails if the machine is not back by then",
        ),
        key("updateLimit", Integer(1, i64::MAX), Default("1000"), "of `WindowsUpdate`: the most updates, 1000 at most"),
        key("sizeMB", Number(0.0, 1_000_000.0), Optional, "of `File`: its size, below 20"),
        key("destination", Text, Optional, "of `File`: where it is written, on Linux under /tmp"),
        key(
            "fails",
            Either(&[Bool, Word(&["swallowed"])]),
            Default("false"),
            "`true`: it fails, and the run with it. `swallowed`: a command within fails, and without `set -e` the step succeeds",
        ),
        key("leaves", Kind::Object(&FLAW), Optional, "what a failure that is swallowed leaves in the image"),
    ],
};

static FLAW: Object =
    Object { name: "Flaw", doc: "What is wrong with an image.", one_of: &[], entries: &[CANNOT, BAD] };

static VALIDATE: Object = Object {
    name: "Validate",
    doc: "Validation of an image before it is distributed.",
    one_of: &[],
    entries: &[
        key(
            "inVMValidations",
            List(&Kind::Object(&VALIDATOR)),
            Required,
            "in order; the first that fails fails the run",
        ),
        key(
            "continueDistributeOnFailure",
            Bool,
            Default("false"),
            "distribute an image that failed; the run is Failed all the same (IB-08, IB-09)",
        ),
    ],
};

static VALIDATOR: Object = Object {
    name: "Validator",
    doc: "A step of a validation.",
    one_of: &[],
    entries: &[
        key("name", Text, Required, "its name"),
        key("duration", DIST, Optional, "how long it takes; the assumption where absent"),
        key("reaches", TEXTS, Optional, "dependencies it tries; it fails where the image cannot reach one"),
        key("fails", Bool, Default("false"), "it fails whatever the image is"),
    ],
};

static DISTRIBUTE: Object = Object {
    name: "Distribute",
    doc: "Where a version goes, and how it is numbered.",
    one_of: &[],
    entries: &[
        key(
            "type",
            Word(&["SharedImage", "ManagedImage", "VHD"]),
            Default("SharedImage"),
            "a version of a gallery; or a managed image or a file, of which there is no version and no replica",
        ),
        key("to", TARGETS, Required, "its target regions"),
        key("replicas", REPLICAS, Default("1"), "the common count of replicas a region"),
        key("excludeFromLatest", Bool, Default("false"), "no candidate for `latest`: published dark (IB-12)"),
        key("versioning", Kind::Object(&VERSIONING), Optional, "one above the highest version where absent (IB-11)"),
    ],
};

static VERSIONING: Object = Object {
    name: "Versioning",
    doc: "How a version is numbered (IB-11).",
    one_of: &["scheme", "version"],
    entries: &[
        key("scheme", Word(&["Latest", "Source"]), Optional, "one above the highest, or the number of the source"),
        key("major", Integer(0, u32::MAX as i64), Optional, "of scheme Latest: only versions of this major count"),
        key("version", Text, Optional, "this number, which must be new"),
    ],
};

static IDENTITY: Object = Object {
    name: "Identity",
    doc: "What the identity of a template may do (IB-18).",
    one_of: &[],
    entries: &[
        key("readsScripts", Bool, Default("true"), "read the scripts of the customizers; missing, the run fails early"),
        key("writesImages", Bool, Default("true"), "write versions to the gallery; missing, the template is Failed"),
        key("readsSource", Bool, Default("true"), "read the source; missing, the template is Failed"),
        key("joinsSubnet", Bool, Default("true"), "join the subnet of `vnetConfig`; missing, the template is Failed"),
        key(
            "ownsStagingGroup",
            Bool,
            Default("true"),
            "work in `stagingResourceGroup`; missing, the template is Failed",
        ),
    ],
};
