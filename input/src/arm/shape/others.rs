//! Resources that are kept for later releases.

use super::{Kind, Shape, TEXTS};
use Kind::{Boolean, Duration, Integer, List, Number, Object, Open, Text, Word};

pub(super) static AUTOSCALE: Shape =
    Shape::new("an autoscale setting", &[("type", Text), ("name", Text), ("id", Text), ("location", Text)])
        .inner(&AUTOSCALE_PROPERTIES);

static AUTOSCALE_PROPERTIES: Shape = Shape::new(
    "the properties of an autoscale setting",
    &[
        ("enabled", Boolean),
        ("targetResourceUri", Text),
        ("targetResourceLocation", Text),
        ("predictiveAutoscalePolicy", Object(&PREDICTIVE)),
        ("profiles", List(&Object(&PROFILE))),
    ],
)
.known(&["name", "namePropertiesName", "notifications"]);

static PREDICTIVE: Shape = Shape::new(
    "a predictive autoscale policy",
    &[("scaleMode", Word(&["Disabled", "ForecastOnly", "Enabled"])), ("scaleLookAheadTime", Duration)],
);

static PROFILE: Shape = Shape::new(
    "an autoscale profile",
    &[
        ("name", Text),
        ("capacity", Object(&CAPACITY)),
        ("rules", List(&Object(&RULE))),
        ("fixedDate", Object(&FIXED_DATE)),
        ("recurrence", Object(&RECURRENCE)),
    ],
);

static CAPACITY: Shape = Shape::new(
    "the capacity of an autoscale profile",
    &[("minimum", Integer), ("maximum", Integer), ("default", Integer)],
);

static RULE: Shape =
    Shape::new("an autoscale rule", &[("metricTrigger", Object(&TRIGGER)), ("scaleAction", Object(&ACTION))]);

static TRIGGER: Shape = Shape::new(
    "a metric trigger",
    &[
        ("metricName", Text),
        ("metricNamespace", Text),
        ("metricResourceUri", Text),
        ("metricResourceLocation", Text),
        ("timeGrain", Duration),
        ("statistic", Word(&["Average", "Min", "Max", "Sum", "Count"])),
        ("timeWindow", Duration),
        ("timeAggregation", Word(&["Average", "Minimum", "Maximum", "Total", "Count", "Last"])),
        (
            "operator",
            Word(&["Equals", "NotEquals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"]),
        ),
        ("threshold", Number),
        ("dimensions", Open),
        ("dividePerInstance", Boolean),
    ],
)
.aliases(&[("metricResourceId", "metricResourceUri")]);

static ACTION: Shape = Shape::new(
    "a scale action",
    &[
        ("direction", Word(&["None", "Increase", "Decrease"])),
        ("type", Word(&["ChangeCount", "PercentChangeCount", "ExactCount", "ServiceAllowedNextValue"])),
        ("value", Integer),
        ("cooldown", Duration),
    ],
)
.aliases(&[("scaleType", "type")]);

static FIXED_DATE: Shape = Shape::new("a fixed date", &[("timeZone", Text), ("start", Text), ("end", Text)]);

static RECURRENCE: Shape = Shape::new(
    "a recurrence",
    &[
        ("frequency", Word(&["None", "Second", "Minute", "Hour", "Day", "Week", "Month", "Year"])),
        ("schedule", Object(&SCHEDULE)),
    ],
);

static SCHEDULE: Shape = Shape::new(
    "a schedule",
    &[("timeZone", Text), ("days", TEXTS), ("hours", List(&Integer)), ("minutes", List(&Integer))],
);

pub(super) static GALLERY_IMAGE: Shape =
    Shape::new("an image definition", &[("type", Text), ("name", Text), ("id", Text), ("location", Text)])
        .inner(&GALLERY_IMAGE_PROPERTIES);

static GALLERY_IMAGE_PROPERTIES: Shape = Shape::new(
    "the properties of an image definition",
    &[
        ("osType", Word(&["Linux", "Windows"])),
        ("osState", Word(&["Generalized", "Specialized"])),
        ("hyperVGeneration", Word(&["V1", "V2"])),
        ("identifier", Open),
        ("features", List(&Open)),
    ],
)
.known(&[
    "allowUpdateImage",
    "architecture",
    "description",
    "disallowed",
    "endOfLifeDate",
    "eula",
    "privacyStatementUri",
    "purchasePlan",
    "recommended",
    "releaseNoteUri",
]);

pub(super) static GALLERY_VERSION: Shape =
    Shape::new("a gallery image version", &[("type", Text), ("name", Text), ("id", Text), ("location", Text)])
        .inner(&GALLERY_VERSION_PROPERTIES);

static GALLERY_VERSION_PROPERTIES: Shape = Shape::new(
    "the properties of a gallery image version",
    &[
        ("publishingProfile", Object(&PUBLISHING)),
        ("storageProfile", Open),
        ("safetyProfile", Open),
        ("replicationStatus", Open),
    ],
)
.known(&["imageMetadataProfiles", "securityProfile", "validationsProfile", "restore"]);

static PUBLISHING: Shape = Shape::new(
    "a publishing profile",
    &[
        ("targetRegions", List(&Object(&REGION))),
        ("replicaCount", Integer),
        ("excludeFromLatest", Boolean),
        ("replicationMode", Word(&["Full", "Shallow"])),
        ("publishedDate", Text),
        ("endOfLifeDate", Text),
        ("storageAccountType", Text),
    ],
)
.known(&["source", "targetExtendedLocations", "storageAccountStrategy", "scaleTier"]);

static REGION: Shape = Shape::new(
    "a target region",
    &[("name", Text), ("regionalReplicaCount", Integer), ("storageAccountType", Text), ("excludeFromLatest", Boolean)],
)
.known(&["additionalReplicaSets", "encryption"]);

pub(super) static IMAGE_TEMPLATE: Shape =
    Shape::new("an image template", &[("type", Text), ("name", Text), ("id", Text), ("location", Text)])
        .inner(&IMAGE_TEMPLATE_PROPERTIES)
        .known(&["identity"]);

static IMAGE_TEMPLATE_PROPERTIES: Shape = Shape::new(
    "the properties of an image template",
    &[
        ("source", Open),
        ("customize", List(&Open)),
        ("validate", Open),
        ("optimize", Open),
        ("distribute", List(&Open)),
        ("buildTimeoutInMinutes", Integer),
        ("autoRun", Open),
        ("errorHandling", Open),
        ("lastRunStatus", Open),
    ],
)
.known(&[
    "additionalDataDisks",
    "exactStagingResourceGroup",
    "managedResourceTags",
    "provisioningError",
    "stagingResourceGroup",
    "vmProfile",
]);

pub(super) static MAINTENANCE: Shape =
    Shape::new("a maintenance configuration", &[("type", Text), ("name", Text), ("id", Text), ("location", Text)])
        .inner(&MAINTENANCE_PROPERTIES);

static MAINTENANCE_PROPERTIES: Shape = Shape::new(
    "the properties of a maintenance configuration",
    &[
        (
            "maintenanceScope",
            Word(&["Host", "Resource", "OSImage", "Extension", "InGuestPatch", "SQLDB", "SQLManagedInstance"]),
        ),
        ("maintenanceWindow", Object(&WINDOW)),
        ("extensionProperties", Open),
        ("installPatches", Open),
        ("visibility", Word(&["Custom", "Public"])),
    ],
)
.known(&["namespace"]);

pub(super) static ASSIGNMENT: Shape = Shape::new(
    "an assignment of a maintenance configuration",
    &[("type", Text), ("name", Text), ("id", Text), ("location", Text), ("scope", Text)],
)
.inner(&ASSIGNMENT_PROPERTIES);

static ASSIGNMENT_PROPERTIES: Shape =
    Shape::new("the properties of an assignment", &[("maintenanceConfigurationId", Text), ("resourceId", Text)])
        .known(&["filter"]);

static WINDOW: Shape = Shape::new(
    "a maintenance window",
    &[
        ("startDateTime", Text),
        ("expirationDateTime", Text),
        ("duration", Text),
        ("timeZone", Text),
        ("recurEvery", Text),
    ],
);
