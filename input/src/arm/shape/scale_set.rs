//! `Microsoft.Compute/virtualMachineScaleSets`.

use super::{Kind, REFERENCE, REFERENCES, Shape, TEXTS};
use Kind::{Boolean, Duration, Integer, List, Number, Object, Open, Text, Word, Zones};

pub(super) static RESOURCE: Shape = Shape::new(
    "a scale set",
    &[
        ("type", Text),
        ("name", Text),
        ("id", Text),
        ("location", Text),
        ("apiVersion", Text),
        ("sku", Object(&SKU)),
        ("zones", Zones),
        ("identity", Object(&IDENTITY)),
        ("placement", Object(&PLACEMENT)),
    ],
)
.inner(&PROPERTIES)
.known(&["plan", "extendedLocation", "kind", "managedBy"]);

static PLACEMENT: Shape = Shape::new(
    "a placement",
    &[("zonePlacementPolicy", Word(&["Auto"])), ("includeZones", TEXTS), ("excludeZones", TEXTS)],
);

static ALLOCATION: Shape = Shape::new(
    "a zone allocation policy",
    &[("maxZoneCount", Integer), ("maxInstancePercentPerZonePolicy", Object(&PERCENT))],
);

static PERCENT: Shape = Shape::new("a percentage of a zone", &[("enabled", Boolean), ("value", Integer)]);

static SKU: Shape =
    Shape::new("a sku", &[("name", Text), ("tier", Text), ("capacity", Integer)]).known(&["size", "family", "model"]);

static IDENTITY: Shape =
    Shape::new("an identity", &[("type", Text)]).known(&["userAssignedIdentities", "principalId", "tenantId"]);

static PROPERTIES: Shape = Shape::new(
    "the properties of a scale set",
    &[
        ("orchestrationMode", Word(&["Uniform", "Flexible"])),
        ("overprovision", Boolean),
        ("doNotRunExtensionsOnOverprovisionedVMs", Boolean),
        ("singlePlacementGroup", Boolean),
        ("platformFaultDomainCount", Integer),
        ("zoneBalance", Boolean),
        ("upgradePolicy", Object(&UPGRADE_POLICY)),
        ("automaticRepairsPolicy", Object(&REPAIRS)),
        ("scaleInPolicy", Object(&SCALE_IN)),
        ("spotRestorePolicy", Object(&SPOT_RESTORE)),
        ("priorityMixPolicy", Object(&PRIORITY_MIX)),
        ("resiliencyPolicy", Object(&RESILIENCY)),
        ("proximityPlacementGroup", Object(&REFERENCE)),
        ("hostGroup", Object(&REFERENCE)),
        ("virtualMachineProfile", Object(&PROFILE)),
    ],
)
.known(&[
    "additionalCapabilities",
    "constrainedMaximumCapacity",
    "externalHealthPolicy",
    "highSpeedInterconnectPlacement",
    "largeScaleEnabled",
    "lifecycleHooksProfile",
    "scheduledEventsPolicy",
    "skuProfile",
    "zonalPlatformFaultDomainAlignMode",
]);

static UPGRADE_POLICY: Shape = Shape::new(
    "an upgrade policy",
    &[
        ("mode", Word(&["Manual", "Automatic", "Rolling"])),
        ("rollingUpgradePolicy", Object(&ROLLING)),
        ("automaticOSUpgradePolicy", Object(&OS_UPGRADE)),
        // Before 2018-10-01 a plain switch.
        ("automaticOSUpgrade", Boolean),
    ],
);

static ROLLING: Shape = Shape::new(
    "a rolling upgrade policy",
    &[
        ("maxBatchInstancePercent", Integer),
        ("maxUnhealthyInstancePercent", Integer),
        ("maxUnhealthyUpgradedInstancePercent", Integer),
        ("pauseTimeBetweenBatches", Duration),
        ("enableCrossZoneUpgrade", Boolean),
        ("prioritizeUnhealthyInstances", Boolean),
        ("rollbackFailedInstancesOnPolicyBreach", Boolean),
        ("maxSurge", Boolean),
    ],
);

static OS_UPGRADE: Shape = Shape::new(
    "an automatic OS upgrade policy",
    &[
        ("enableAutomaticOSUpgrade", Boolean),
        ("disableAutomaticRollback", Boolean),
        ("useRollingUpgradePolicy", Boolean),
        ("osRollingUpgradeDeferral", Boolean),
    ],
)
.aliases(&[("disableAutoRollback", "disableAutomaticRollback")]);

static REPAIRS: Shape = Shape::new(
    "an automatic repairs policy",
    &[
        ("enabled", Boolean),
        ("gracePeriod", Duration),
        ("repairAction", Word(&["Replace", "Restart", "Reimage"])),
        ("serviceState", Word(&["Running", "Suspended"])),
    ],
);

static SCALE_IN: Shape = Shape::new(
    "a scale-in policy",
    &[
        ("rules", List(&Word(&["Default", "OldestVM", "NewestVM"]))),
        ("forceDeletion", Boolean),
        ("prioritizeUnhealthyVMs", Boolean),
    ],
);

static SPOT_RESTORE: Shape = Shape::new("a spot restore policy", &[("enabled", Boolean), ("restoreTimeout", Duration)]);

static PRIORITY_MIX: Shape = Shape::new(
    "a priority mix policy",
    &[("baseRegularPriorityCount", Integer), ("regularPriorityPercentageAboveBase", Integer)],
);

static RESILIENCY: Shape = Shape::new(
    "a resiliency policy",
    &[
        ("resilientVMCreationPolicy", Object(&SWITCH)),
        ("resilientVMDeletionPolicy", Object(&SWITCH)),
        ("automaticZoneRebalancingPolicy", Object(&REBALANCING)),
        ("zoneAllocationPolicy", Object(&ALLOCATION)),
    ],
)
.known(&["operationRecoverySettings"]);

static SWITCH: Shape = Shape::new("a switch", &[("enabled", Boolean)]);

static REBALANCING: Shape = Shape::new(
    "a zone rebalancing policy",
    &[
        ("enabled", Boolean),
        ("rebalanceStrategy", Word(&["Recreate"])),
        ("rebalanceBehavior", Word(&["CreateBeforeDelete"])),
    ],
);

static PROFILE: Shape = Shape::new(
    "a virtual machine profile",
    &[
        ("priority", Word(&["Regular", "Low", "Spot"])),
        ("evictionPolicy", Word(&["Deallocate", "Delete"])),
        ("billingProfile", Object(&BILLING)),
        ("osProfile", Object(&OS)),
        ("storageProfile", Object(&STORAGE)),
        ("networkProfile", Object(&NETWORK)),
        ("extensionProfile", Object(&EXTENSION_PROFILE)),
        ("scheduledEventsProfile", Object(&SCHEDULED_EVENTS)),
        // A change of these during a run takes something on the instances (UM-09).
        ("applicationProfile", Open),
        ("diagnosticsProfile", Open),
        ("licenseType", Open),
        ("securityProfile", Open),
        ("userData", Open),
        ("capacityReservation", Object(&RESERVATION)),
    ],
)
.known(&["hardwareProfile", "interconnectBlockProfile", "securityPostureReference", "serviceArtifactReference"]);

static RESERVATION: Shape = Shape::new("a capacity reservation", &[("capacityReservationGroup", Object(&REFERENCE))]);

static BILLING: Shape = Shape::new("a billing profile", &[("maxPrice", Number)]);

static OS: Shape = Shape::new(
    "an OS profile",
    &[
        ("computerNamePrefix", Text),
        ("customData", Open),
        ("windowsConfiguration", Object(&WINDOWS)),
        ("linuxConfiguration", Object(&LINUX)),
        ("adminUsername", Open),
        ("adminPassword", Open),
        ("secrets", Open),
    ],
)
.known(&["allowExtensionOperations", "requireGuestProvisionSignal"]);

static WINDOWS: Shape = Shape::new(
    "a Windows configuration",
    &[("enableAutomaticUpdates", Boolean), ("provisionVMAgent", Boolean), ("patchSettings", Object(&PATCHES))],
)
.known(&["additionalUnattendContent", "enableVMAgentPlatformUpdates", "timeZone", "winRM"]);

static LINUX: Shape = Shape::new(
    "a Linux configuration",
    &[("provisionVMAgent", Boolean), ("patchSettings", Object(&PATCHES)), ("ssh", Open)],
)
.known(&["disablePasswordAuthentication", "enableVMAgentPlatformUpdates"]);

static PATCHES: Shape = Shape::new(
    "patch settings",
    &[
        ("patchMode", Word(&["ImageDefault", "AutomaticByPlatform", "AutomaticByOS", "Manual"])),
        ("assessmentMode", Word(&["ImageDefault", "AutomaticByPlatform"])),
        ("enableHotpatching", Boolean),
        ("automaticByPlatformSettings", Open),
    ],
);

static STORAGE: Shape = Shape::new(
    "a storage profile",
    &[("imageReference", Object(&IMAGE_REFERENCE)), ("osDisk", Object(&OS_DISK)), ("dataDisks", Open)],
)
.known(&["diskApiVersion", "diskControllerType"]);

static IMAGE_REFERENCE: Shape = Shape::new(
    "an image reference",
    &[
        ("id", Text),
        ("publisher", Text),
        ("offer", Text),
        ("sku", Text),
        ("version", Text),
        ("exactVersion", Text),
        ("communityGalleryImageId", Text),
        ("sharedGalleryImageId", Text),
    ],
);

static OS_DISK: Shape = Shape::new(
    "an OS disk",
    &[
        ("osType", Word(&["Linux", "Windows"])),
        ("caching", Word(&["None", "ReadOnly", "ReadWrite"])),
        ("diffDiskSettings", Object(&EPHEMERAL)),
        ("createOption", Open),
        ("diskSizeGB", Open),
        ("managedDisk", Open),
        ("image", Open),
        ("vhdContainers", Open),
    ],
)
.known(&["deleteOption", "encryptionSettings", "name", "storageFaultDomainAlignment", "writeAcceleratorEnabled"]);

static EPHEMERAL: Shape = Shape::new(
    "ephemeral disk settings",
    &[("option", Word(&["Local"])), ("placement", Word(&["CacheDisk", "ResourceDisk", "NvmeDisk"]))],
)
.known(&["enableFullCaching"]);

static NETWORK: Shape = Shape::new(
    "a network profile",
    &[("healthProbe", Object(&REFERENCE)), ("networkInterfaceConfigurations", List(&Object(&NIC)))],
)
.known(&["interconnectGroupProfile", "networkApiVersion"]);

static NIC: Shape = Shape::new("a network interface configuration", &[("name", Text)]).inner(&NIC_PROPERTIES);

static NIC_PROPERTIES: Shape = Shape::new(
    "the properties of a network interface configuration",
    &[("primary", Boolean), ("ipConfigurations", List(&Object(&IP)))],
)
.known(&[
    "auxiliaryMode",
    "auxiliarySku",
    "deleteOption",
    "disableTcpStateTracking",
    "dnsSettings",
    "enableAcceleratedNetworking",
    "enableFpga",
    "enableIPForwarding",
    "networkSecurityGroup",
]);

static IP: Shape = Shape::new("an IP configuration", &[("name", Text)]).inner(&IP_PROPERTIES);

static IP_PROPERTIES: Shape = Shape::new(
    "the properties of an IP configuration",
    &[
        ("primary", Boolean),
        ("loadBalancerBackendAddressPools", REFERENCES),
        ("loadBalancerInboundNatPools", REFERENCES),
        ("applicationGatewayBackendAddressPools", REFERENCES),
    ],
)
.known(&[
    "applicationSecurityGroups",
    "privateIPAddressPrefixLength",
    "privateIPAddressVersion",
    "publicIPAddressConfiguration",
    "subnet",
]);

static EXTENSION_PROFILE: Shape = Shape::new(
    "an extension profile",
    &[("extensionsTimeBudget", Duration), ("extensions", List(&Object(&EXTENSION)))],
);

pub(super) static EXTENSION: Shape = Shape::new("an extension", &[("name", Text)]).inner(&EXTENSION_PROPERTIES);

static EXTENSION_PROPERTIES: Shape = Shape::new(
    "the properties of an extension",
    &[
        ("publisher", Text),
        ("type", Text),
        ("typeHandlerVersion", Text),
        ("autoUpgradeMinorVersion", Boolean),
        ("enableAutomaticUpgrade", Boolean),
        ("forceUpdateTag", Text),
        ("provisionAfterExtensions", TEXTS),
        ("suppressFailures", Boolean),
        ("settings", Open),
        ("protectedSettings", Open),
    ],
)
.known(&["protectedSettingsFromKeyVault", "location"])
.aliases(&[("typePropertiesType", "type"), ("type1", "type"), ("type_properties_type", "type")]);

static SCHEDULED_EVENTS: Shape = Shape::new(
    "a scheduled events profile",
    &[("terminateNotificationProfile", Object(&NOTIFICATION)), ("osImageNotificationProfile", Object(&NOTIFICATION))],
);

static NOTIFICATION: Shape =
    Shape::new("a notification profile", &[("enable", Boolean), ("notBeforeTimeout", Duration)]);
