//! Every key of a scenario file: the one table behind the check, the schema and the reference.

mod accept;
mod autoscale;
mod bill;
mod distribution;
mod expectation;
mod faults;
mod guest;
mod images;
mod limits;
mod operator;
mod rollout;
mod spot;

pub use accept::{ACCEPTANCE, ACCEPTANCES};
use autoscale::{CPU, HISTORY, METRIC};
use bill::PRICE_LIST;
use distribution::DISTRIBUTION;
use expectation::EXPECTATION;
pub use expectation::STATS;
use faults::{
    BLOCK_PROBES, DEPENDENCY_DOWN, DISTURB, FAIL_DELETES, FAULT, QUOTA, SLOW_CONTROL_PLANE, WORSE_BOOTS, ZONE_OUTAGE,
};
use guest::{CUSTOM_DATA, EXPIRE_PAYLOAD, EXTENSION, PUBLISH_EXTENSION, RELEASE};
pub use images::IMAGE;
use images::{
    BAKE, DELETE_VERSION, EXCLUDE, IMAGE_BUILDER, IMAGE_DEFINITION, PUBLISH, RESTORE_VERSION, WRITE_DEFINITION,
};
use rollout::{NAMED_INSTANCES, NAMED_SET, PROTECT, SERVICE_STATE, UPDATE_MODEL};
use spot::{EVICT, JOBS, LISTENER, MAINTENANCE, MARKET, PRICES, SET_MIX};

use super::shape::{Entry, Kind, Names, Need, Object};
use Kind::{Any, Bool, Duration, Either, Integer, Later, List, MapOf, Percent, Rate, Text, Timestamp, Word};
use Need::{Default, Optional, Required};

const fn key(key: &'static str, kind: Kind, need: Need, doc: &'static str) -> Entry {
    Entry { key, kind, need, doc }
}

const fn later(name: &'static str, doc: &'static str) -> Entry {
    Entry { key: name, kind: Later, need: Optional, doc }
}

/// A random length of time.
const DIST: Kind = Either(&[Duration, Kind::Object(&DISTRIBUTION)]);
const SHARE: Kind = Percent(100.0);
const TEXTS: Kind = List(&Text);
const CONDITIONS: Kind = Either(&[CONDITION, List(&CONDITION)]);
const CONDITION: Kind = Either(&[Text, Kind::Object(&CODE_CONDITION)]);

/// The scenario file.
pub static SCENARIO: Object = Object {
    name: "Scenario",
    doc: "A fleet in Azure's own words, the world around it, and the policies to compare.",
    one_of: &[],
    entries: &[
        key("windtunnel", Integer(1, 1), Required, "version of this format"),
        key("title", Text, Required, "what the scenario shows, in a line"),
        key("story", Text, Optional, "what happened, to whom, and what to look at"),
        key("start", Timestamp, Default("2026-01-05T00:00:00Z"), "civil time of t = 0, a Monday by default"),
        key("horizon", Duration, Required, "the run ends here; what is still open is open"),
        key("objective", SHARE, Optional, "share of requests that must not be harmed"),
        key(
            "coldStart",
            Bool,
            Default("false"),
            "initial instances are created at t = 0 instead of standing there in steady state",
        ),
        key(
            "resources",
            List(&Any),
            Required,
            "the fleet: ARM resources inline, `{ template, parameters }` or `{ file }`",
        ),
        key("regions", MapOf(Names::Of("location"), &Kind::Object(&REGION)), Optional, "what is known of the regions"),
        key(
            "application",
            Kind::Object(&APPLICATION),
            Optional,
            "what Azure cannot know: what the application answers, and what its users need",
        ),
        key(
            "images",
            MapOf(Names::Of("image"), &MapOf(Names::Of("version"), &Kind::Object(&IMAGE))),
            Optional,
            "versions of images, and what is in them",
        ),
        key(
            "imageDefinitions",
            MapOf(Names::Of("image"), &Kind::Object(&IMAGE_DEFINITION)),
            Optional,
            "what image definitions are for, and what their galleries do (GA-01)",
        ),
        key(
            "imageBuilders",
            MapOf(Names::Of("image template"), &Kind::Object(&IMAGE_BUILDER)),
            Optional,
            "image templates, which `bake` runs",
        ),
        key(
            "pipelines",
            MapOf(Names::Of("pipeline"), &Kind::Object(&PIPELINE)),
            Optional,
            "release pipelines that work on instances from outside (EX-08)",
        ),
        key(
            "traffic",
            MapOf(Names::Of("load balancer, or balancer/pool,"), &Kind::Object(&TRAFFIC)),
            Optional,
            "what users send to each entry point",
        ),
        key("users", Kind::Object(&USERS), Optional, "the users behind every entry point that names none of its own"),
        key("timeline", List(&Kind::Object(&ACTION)), Optional, "what happens when; sorted by time"),
        key(
            "assumptions",
            MapOf(Names::Of("key of an assumption"), &Any),
            Optional,
            "other values for numbers that Azure does not publish",
        ),
        key(
            "policies",
            MapOf(Names::Of("policy"), &Any),
            Optional,
            "named patches on this file; docs/scenario.md says how they merge",
        ),
        key("expect", List(&Kind::Object(&EXPECTATION)), Optional, "what must hold; each is a named test"),
        key(
            "metrics",
            MapOf(Names::Of("metric, or resource/metric,"), &Kind::Object(&METRIC)),
            Optional,
            "metrics that rules of autoscale read, beside `Percentage CPU`, which follows the load",
        ),
        key("history", Kind::Object(&HISTORY), Optional, "what was before t = 0, for forecasts"),
        key("limits", Kind::Object(&limits::LIMITS), Optional, "how much a run may come to before it is stopped"),
        later("gates", "health gates that a person or a script keeps between waves"),
        key(
            "prices",
            MapOf(Names::Of("size"), &Kind::Object(&PRICES)),
            Optional,
            "what instances of each size cost, in credits; `cost.credits` needs them",
        ),
        key("priceList", Kind::Object(&PRICE_LIST), Optional, "what is billed beside instances costs; credits"),
        key(
            "spot",
            MapOf(Names::Of("location"), &Kind::Object(&MARKET)),
            Optional,
            "how often Azure takes Spot instances back, and what they cost",
        ),
        later("galleries", "how images are replicated to regions"),
        key("faults", MapOf(Names::Of("fault"), &Kind::Object(&FAULT)), Optional, "what goes wrong at random"),
    ],
};

/// What is known of a region.
pub static REGION: Object = Object {
    name: "Region",
    doc: "What is known of a region.",
    one_of: &[],
    entries: &[
        key(
            "quota",
            Either(&[Integer(0, 1_000_000), Kind::Object(&QUOTA)]),
            Optional,
            "how many cores may be in use here, in all or by kind (AL-05); no limit where absent",
        ),
        key(
            "phase",
            Integer(1, 1000),
            Optional,
            "the phase in which new platform images reach it (OS-10); where any region has one, the others come after the last",
        ),
        key("faultDomains", Integer(1, 5), Default("3"), "most fault domains a Flexible set can have here (FD-06)"),
        key(
            "domainsWithRoom",
            Integer(1, 5),
            Optional,
            "in how many fault domains there is room (FD-03); all if absent",
        ),
        key(
            "free",
            MapOf(Names::Of("zone"), &Integer(0, u32::MAX as i64)),
            Optional,
            "how many instances each zone can still take; \"0\" is a regional set",
        ),
    ],
};

/// What the application does.
pub static APPLICATION: Object = Object {
    name: "Application",
    doc: "The truth about an instance, which every probe sees late.",
    one_of: &[],
    entries: &[
        key(
            "releases",
            List(&RELEASE),
            Optional,
            "releases of the code, oldest first: names, or what is wrong with one",
        ),
        key("dependencies", TEXTS, Optional, "what the application depends on, at most 32 names"),
        key("capacity", Rate, Optional, "what one instance serves; no limit where absent"),
        key("warmUp", DIST, Default("PT0S"), "from process start to warm"),
        key(
            "endpoints",
            MapOf(Names::Of("path"), &List(&Kind::Object(&CLAUSE))),
            Optional,
            "what a probe of this path is told; the first clause that holds, and otherwise the port refuses. `tcp` is the bare port",
        ),
        key("serves", CONDITIONS, Default("process"), "what must hold for a user's request to succeed"),
        key("requires", Kind::Object(&REQUIRES), Optional, "the code users need; absent, nothing is ever stale"),
        key("underLoad", List(&Kind::Object(&LOAD_STEP)), Optional, "load makes answers slow: steps, rising"),
        key(
            "extensions",
            MapOf(Names::Of("extension"), &Kind::Object(&EXTENSION)),
            Optional,
            "what the extensions of the models do",
        ),
        key(
            "customData",
            MapOf(Names::Of("scale set"), &Kind::Object(&CUSTOM_DATA)),
            Optional,
            "what cloud-init does with the custom data of the models",
        ),
        key(
            "scheduledEvents",
            Kind::Object(&LISTENER),
            Optional,
            "it asks for scheduled events; absent, it never does",
        ),
        key("jobs", Kind::Object(&JOBS), Optional, "long-running work, which is lost with its instance"),
        key(
            "cpu",
            Kind::Object(&CPU),
            Optional,
            "how the processor follows the load, for the metric that autoscale reads",
        ),
    ],
};

/// A clause of an endpoint.
pub static CLAUSE: Object = Object {
    name: "Clause",
    doc: "When these conditions hold, this is the answer.",
    one_of: &[],
    entries: &[
        key(
            "when",
            CONDITIONS,
            Required,
            "`process`, `warm`, `current`, `draining`, `{ code: c42 }`, `{ instances: [0, 1] }` or a dependency; of a list, all",
        ),
        key(
            "answer",
            Either(&[Integer(100, 599), Word(&["refused", "silent"]), Kind::Object(&ANSWER)]),
            Required,
            "an HTTP status, `refused` or `silent`",
        ),
    ],
};

/// An answer in full.
pub static ANSWER: Object = Object {
    name: "Answer",
    doc: "An answer in full.",
    one_of: &[],
    entries: &[
        key(
            "status",
            Either(&[Integer(100, 599), Word(&["refused", "silent"])]),
            Required,
            "an HTTP status, `refused` or `silent`",
        ),
        key("after", Duration, Default("PT0S"), "how long the answer takes"),
        key(
            "healthState",
            Text,
            Optional,
            "`ApplicationHealthState` in the body: `Healthy` or `Unhealthy`; whatever else it is, health is Unknown (HD-23)",
        ),
        key(
            "customMetrics",
            Any,
            Optional,
            "`customMetrics` in the body: a string that holds JSON; an object makes the body unreadable (HD-36)",
        ),
    ],
};

static CODE_CONDITION: Object = Object {
    name: "CodeCondition",
    doc: "The code is at least this release, or the instance is one of these.",
    one_of: &["code", "instances"],
    entries: &[
        key("code", Text, Optional, "a release"),
        key(
            "instances",
            List(&Integer(0, u32::MAX as i64)),
            Optional,
            "instances by their number within their scale set",
        ),
    ],
};

/// The code that users need.
pub static REQUIRES: Object = Object {
    name: "Requires",
    doc: "Users need at least this code.",
    one_of: &[],
    entries: &[
        key("code", Text, Required, "older code harms"),
        key("from", Duration, Default("PT0S"), "from this instant on"),
        key("touches", SHARE, Default("100%"), "share of requests that touch the difference (IN-04)"),
    ],
};

static LOAD_STEP: Object = Object {
    name: "LoadStep",
    doc: "Above this load, answers take longer.",
    one_of: &[],
    entries: &[
        key("above", Percent(f64::INFINITY), Required, "load as a share of the capacity"),
        key("after", Duration, Required, "added to every answer"),
    ],
};

/// A release pipeline.
pub static PIPELINE: Object = Object {
    name: "Pipeline",
    doc: "A release pipeline that works on instances from outside.",
    one_of: &[],
    entries: &[
        key("scaleSets", TEXTS, Required, "sets it looks after"),
        key("installs", Text, Required, "the release it installs"),
        key("trigger", Kind::Object(&TRIGGER), Optional, "what a new instance is noticed by"),
        key("duration", DIST, Required, "how long a run takes on one instance"),
        key("failure", SHARE, Default("0%"), "how often it fails on an instance"),
        key("parallel", Integer(1, 1000), Default("10"), "how many instances it works on at once"),
        key(
            "startsProcess",
            Bool,
            Default("false"),
            "it starts the process when it is done; until then the process does not run",
        ),
        key(
            "adminState",
            Kind::Object(&ADMIN_STATE),
            Optional,
            "it keeps a new instance out of rotation until it is done (LB-29)",
        ),
    ],
};

static TRIGGER: Object = Object {
    name: "Trigger",
    doc: "What a new instance is noticed by.",
    one_of: &[],
    entries: &[
        key(
            "on",
            Word(&["created", "running", "provisioned", "never"]),
            Default("running"),
            "`never`: it runs only when the timeline says so",
        ),
        key("delay", Duration, Default("PT0S"), "from that to the start of a run"),
    ],
};

static ADMIN_STATE: Object = Object {
    name: "AdminState",
    doc: "The admin state of the backend is set to Down, and back to None when the run ends.",
    one_of: &[],
    entries: &[key("downAfter", Duration, Required, "how long after its creation an instance is set to Down")],
};

/// What users send to an entry point.
pub static TRAFFIC: Object = Object {
    name: "Traffic",
    doc: "What users send to an entry point.",
    one_of: &[],
    entries: &[
        key("demand", Either(&[Rate, Kind::Object(&DEMAND)]), Required, "`300 rps`, or a shape over time"),
        key(
            "connections",
            Word(&["perRequest", "keepAlive"]),
            Default("perRequest"),
            "kept connections stay on their instance (LB-17)",
        ),
        key("users", Kind::Object(&USERS), Optional, "the users behind these requests"),
        bill::BYTES,
    ],
};

static DEMAND: Object = Object {
    name: "Demand",
    doc: "Demand over time.",
    one_of: &["daily", "steps", "points", "trace"],
    entries: &[
        key(
            "daily",
            MapOf(Names::TimesOfDay, &Rate),
            Optional,
            "linear between times of day in UTC, and on over midnight",
        ),
        key("steps", List(&Kind::Object(&STEP)), Optional, "constant from each instant to the next"),
        key("points", List(&Kind::Object(&STEP)), Optional, "linear between instants"),
        key("trace", Text, Optional, "a CSV file with the columns `time,rps`, linear between rows"),
    ],
};

static STEP: Object = Object {
    name: "Step",
    doc: "Demand at an instant.",
    one_of: &[],
    entries: &[key("at", Duration, Required, "when"), key("rps", Rate, Required, "how much")],
};

/// The users behind the requests.
pub static USERS: Object = Object {
    name: "Users",
    doc: "The users behind the requests, for `blast_radius.users_pct`.",
    one_of: &[],
    entries: &[
        key("count", Integer(1, i64::MAX), Required, "how many"),
        key("requestsPerUser", Rate, Required, "requests a second of each"),
    ],
};

/// The acts of a timeline, of which each entry has exactly one.
pub const ACTS: &[&str] = &[
    "setCapacity",
    "updateModel",
    "upgradeInstances",
    "startUpgrade",
    "cancelUpgrade",
    "startOsUpgrade",
    "approveOsUpgrade",
    "protect",
    "setOrchestrationServiceState",
    "releaseCode",
    "runPipeline",
    "dependencyDown",
    "blockProbes",
    "disturb",
    "publish",
    "exclude",
    "deleteVersion",
    "restoreVersion",
    "writeDefinition",
    "bake",
    "cancelBake",
    "evict",
    "simulateEviction",
    "setPriorityMix",
    "deallocate",
    "start",
    "restart",
    "powerOff",
    "reimage",
    "reimageAll",
    "redeploy",
    "performMaintenance",
    "deleteInstances",
    "maintenance",
    "zoneOutage",
    "slowControlPlane",
    "worseBoots",
    "failDeletes",
    "publishExtension",
    "expirePayload",
    "failUpgrade",
    "startExtensionUpgrade",
];

/// An entry of the timeline.
pub static ACTION: Object = Object {
    name: "TimelineEntry",
    doc: "Something that happens at an instant: a name, a time, and exactly one act.",
    one_of: ACTS,
    entries: &[
        key("name", Text, Required, "its name, by which a policy patches it"),
        key("at", Duration, Required, "when"),
        key("setCapacity", Kind::Object(&SET_CAPACITY), Optional, "write `sku.capacity` of a scale set"),
        key(
            "updateModel",
            Kind::Object(&UPDATE_MODEL),
            Optional,
            "write properties of a scale set, as a PATCH does; the upgrade mode says what becomes of its instances",
        ),
        key(
            "upgradeInstances",
            Kind::Object(&NAMED_INSTANCES),
            Optional,
            "bring instances to the newest model at once, as `az vmss update-instances` does (UM-02)",
        ),
        key(
            "startUpgrade",
            Kind::Object(&NAMED_SET),
            Optional,
            "a generic update: whoever is behind the model is upgraded as the mode says (RS-07)",
        ),
        key("cancelUpgrade", Kind::Object(&NAMED_SET), Optional, "cancel the rolling upgrade of a scale set (RS-05)"),
        key(
            "startOsUpgrade",
            Kind::Object(&NAMED_SET),
            Optional,
            "bring a scale set to the newest version of its image, without a way back: `osRollingUpgrade` (RS-11, OS-25)",
        ),
        key(
            "approveOsUpgrade",
            Kind::Object(&NAMED_INSTANCES),
            Optional,
            "approve OS upgrades that wait for it: `ApproveRollingUpgrade` (OS-15)",
        ),
        key("protect", Kind::Object(&PROTECT), Optional, "write the protection policy of instances (IP-01, IP-02)"),
        key(
            "setOrchestrationServiceState",
            Kind::Object(&SERVICE_STATE),
            Optional,
            "suspend or resume the automatic repairs of a scale set (AR-11)",
        ),
        key(
            "releaseCode",
            Kind::Object(&RELEASE_CODE),
            Optional,
            "users need this release from now on, and these pipelines install it",
        ),
        key("runPipeline", Kind::Object(&RUN_PIPELINE), Optional, "run a pipeline on every instance of its sets"),
        key("dependencyDown", Kind::Object(&DEPENDENCY_DOWN), Optional, "a dependency is down for a while"),
        key(
            "blockProbes",
            Kind::Object(&BLOCK_PROBES),
            Optional,
            "a firewall blocks 168.63.129.16: probes get no answer (LB-11)",
        ),
        key("disturb", Kind::Object(&DISTURB), Optional, "something happens to some instances of a set"),
        key("publish", Kind::Object(&PUBLISH), Optional, "publish a version of an image to regions"),
        key("exclude", Kind::Object(&EXCLUDE), Optional, "exclude a version from `latest`, or include it again"),
        key("deleteVersion", Kind::Object(&DELETE_VERSION), Optional, "delete a version of an image"),
        key("restoreVersion", Kind::Object(&RESTORE_VERSION), Optional, "restore a version that was deleted (GA-21)"),
        key("writeDefinition", Kind::Object(&WRITE_DEFINITION), Optional, "write an image definition again (GA-01)"),
        key("bake", Kind::Object(&BAKE), Optional, "run an image template"),
        key("cancelBake", Kind::Object(&BAKE), Optional, "cancel the run of an image template"),
        key("evict", Kind::Object(&EVICT), Optional, "Azure takes Spot instances back"),
        key("simulateEviction", Kind::Object(&NAMED_INSTANCES), Optional, "evict Spot instances, for a test (SP-17)"),
        key("setPriorityMix", Kind::Object(&SET_MIX), Optional, "write `priorityMixPolicy` of a scale set"),
        operator::DEALLOCATE,
        operator::START,
        operator::RESTART,
        operator::POWER_OFF,
        operator::REIMAGE,
        operator::REIMAGE_ALL,
        operator::REDEPLOY,
        operator::PERFORM_MAINTENANCE,
        operator::DELETE_INSTANCES,
        key(
            "maintenance",
            Kind::Object(&MAINTENANCE),
            Optional,
            "the platform maintains hosts, or has trouble with them",
        ),
        key("zoneOutage", Kind::Object(&ZONE_OUTAGE), Optional, "availability zones are lost for a while"),
        key("slowControlPlane", Kind::Object(&SLOW_CONTROL_PLANE), Optional, "the control plane is slow for a while"),
        key("worseBoots", Kind::Object(&WORSE_BOOTS), Optional, "machines boot slowly, or not at all, for a while"),
        key("failDeletes", Kind::Object(&FAIL_DELETES), Optional, "instances cannot be deleted for a while"),
        key("publishExtension", Kind::Object(&PUBLISH_EXTENSION), Optional, "a new release of an extension (OS-33)"),
        key("expirePayload", Kind::Object(&EXPIRE_PAYLOAD), Optional, "what an extension needs cannot be had any more"),
        key("failUpgrade", Kind::Object(&NAMED_SET), Optional, "a fault of the service ends its upgrade (RU-39)"),
        key("startExtensionUpgrade", Kind::Object(&NAMED_SET), Optional, "`extensionRollingUpgrade` (RS-13)"),
        later("swapSlots", "swap two slots"),
    ],
};

static SET_CAPACITY: Object = Object {
    name: "SetCapacity",
    doc: "Write the capacity of a scale set.",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        key("capacity", Integer(0, 1000), Required, "its new capacity"),
    ],
};

static RELEASE_CODE: Object = Object {
    name: "ReleaseCode",
    doc: "Users need this release from now on.",
    one_of: &[],
    entries: &[
        key("code", Text, Required, "the release"),
        key("pipelines", TEXTS, Default("[]"), "pipelines that install it from now on"),
    ],
};

static RUN_PIPELINE: Object = Object {
    name: "RunPipeline",
    doc: "Run a pipeline on every instance of its sets.",
    one_of: &[],
    entries: &[key("pipeline", Text, Required, "the pipeline")],
};
