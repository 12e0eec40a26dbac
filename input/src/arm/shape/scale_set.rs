//! `Microsoft.Compute/virtualMachineScaleSets`.

use super::field::{
    Field, Holds, Live, Objects, Open, Optional, Reference, References, Row, Text, Texts, Words, Zones, field, kept,
    list, object, optional, word_list,
};
use super::instance::INSTANCE;
use super::{Kind, matters};
use crate::tree::Node;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    EvictionPolicy, OrchestrationMode, Reach, RepairAction, RepairsPolicy, RollingPolicy, ScaleInPolicy, UpgradeMode,
};
use windtunnel_sim::rules::{AR_08, EX_06, OR_01, OR_17, OR_20, OS_16, PG_02, RU_01, RU_02, RU_03, TN_01, ZN_10};

// What a write takes on the instances. The page on upgrade policies has a closed list of what needs a restart, a reimage or a
// redeploy: passwords and SSH keys, custom data, the image, the size, zones, the proximity placement group; of these, passwords and
// custom data are written without a restart and are in force after the next reimage. All else "can be completed without disrupting
// scale set instances".
const OF_THE_SET: Live = Live::Takes(Reach::Nothing);
const IN_PLACE: Live = Live::Takes(Reach::InPlace);
const REIMAGE: Live = Live::Takes(Reach::NextReimage);
const RESTART: Live = Live::Takes(Reach::Restart);

/// Modes in which no patch comes between rollouts, and what comes in the others.
const PATCHED_BY_NOBODY: &[&str] = &["ImageDefault", "Manual"];
const PATCHES: &str = "patches between rollouts, and the restarts they need";

/// The defaults of a rolling upgrade are those of the plan.
const UPGRADE: RollingPolicy = RollingPolicy::DEFAULT;

choice! {
    /// `priority` of a profile.
    Priority { Regular, Low, Spot }
}

choice! {
    /// `serviceState` of automatic repairs.
    ServiceState { Running, Suspended }
}

choice! {
    /// `osType` of a disk.
    OsType { Linux, Windows }
}

choice! {
    /// `patchMode` of patch settings.
    PatchMode { ImageDefault, AutomaticByPlatform, AutomaticByOS, Manual }
}

choice! {
    /// `zonePlacementPolicy` of a placement.
    Placement { Auto }
}

choice! {
    /// `option` of an ephemeral disk.
    DiskOption { Local }
}

shape! {
    RESOURCE: "a scale set" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text);
        pub LOCATION: Optional<Text> = optional("location");
        pub API_VERSION: Optional<Text> = optional("apiVersion");
        object(&SKU);
        pub ZONES: Optional<Zones> = optional("zones").live(Live::AtStart).fixed_by(ZN_10);
        object(&IDENTITY);
        object(&PLACEMENT);
    }
    .inner(&PROPERTIES)
    .live(OF_THE_SET)
    .known(&["plan", "extendedLocation", "kind", "managedBy"])
    .matters(&[matters("placement", &[], "Azure chooses the zones, but the model uses the zones in the file")])
}

shape! {
    PLACEMENT in RESOURCE at "placement": "a placement" {
        pub ZONE_PLACEMENT: Optional<Placement> = optional("zonePlacementPolicy");
        pub INCLUDE_ZONES: Optional<Texts> = optional("includeZones");
        pub EXCLUDE_ZONES: Optional<Texts> = optional("excludeZones");
    }
    .live(Live::AtStart)
}

shape! {
    ALLOCATION in RESILIENCY at "zoneAllocationPolicy": "a zone allocation policy" {
        pub MAX_ZONE_COUNT: Optional<i64> = optional("maxZoneCount");
        object(&PERCENT);
    }
}

shape! {
    PERCENT in ALLOCATION at "maxInstancePercentPerZonePolicy": "a percentage of a zone" {
        pub ZONE_PERCENT_ENABLED: Optional<bool> = optional("enabled");
        pub ZONE_PERCENT: Field<i64> = field("value", 50);
    }
}

shape! {
    SKU in RESOURCE at "sku": "a sku" {
        pub SIZE: Optional<Text> = optional("name").live(RESTART);
        kept("tier", Kind::Text);
        pub CAPACITY: Optional<i64> = optional("capacity").within(0, i64::MAX).live(Live::Apart);
    }
    .known(&["size", "family", "model"])
}

shape! {
    IDENTITY in RESOURCE at "identity": "an identity" {
        pub IDENTITY_TYPE: Optional<Text> = optional("type");
    }
    .known(&["userAssignedIdentities", "principalId", "tenantId"])
}

shape! {
    PROPERTIES in RESOURCE at "properties": "the properties of a scale set" {
        pub ORCHESTRATION_MODE: Optional<OrchestrationMode> = optional("orchestrationMode").live(Live::AtStart).fixed_by(OR_01);
        pub OVERPROVISION: Optional<bool> = optional("overprovision").live(Live::AtStart);
        pub SKIP_EXTENSIONS_ON_SURPLUS: Field<bool> = field("doNotRunExtensionsOnOverprovisionedVMs", false).live(Live::AtStart);
        pub SINGLE_PLACEMENT_GROUP: Optional<bool> = optional("singlePlacementGroup").live(Live::AtStart).fixed_by(PG_02);
        pub FAULT_DOMAINS: Optional<i64> = optional("platformFaultDomainCount").live(Live::AtStart).fixed_by(OR_17);
        pub ZONE_BALANCE: Field<bool> = field("zoneBalance", false).live(Live::AtStart);
        object(&UPGRADE_POLICY);
        object(&REPAIRS);
        object(&SCALE_IN);
        object(&SPOT_RESTORE);
        object(&PRIORITY_MIX);
        object(&RESILIENCY);
        pub PROXIMITY: Optional<Reference> = optional("proximityPlacementGroup").live(RESTART).fixed_by(OR_20);
        pub HOST_GROUP: Optional<Reference> = optional("hostGroup");
        object(&PROFILE);
        // No key of Azure's, which has them in a list of their own.
        pub INSTANCES: Optional<Objects> = list("virtualMachines", &Kind::Object(&INSTANCE)).live(Live::AtStart);
    }
    .known(&[
        "additionalCapabilities", "constrainedMaximumCapacity", "highSpeedInterconnectPlacement",
        "zonalPlatformFaultDomainAlignMode",
    ])
    .matters(&[
        matters("largeScaleEnabled", &["false"], "a set may be larger than the limits that are checked here"),
        matters("scheduledEventsPolicy", &[], "restarts and redeployments that a user requests can have their own events"),
        matters("skuProfile", &[], "instances can have several sizes, but the model uses one"),
        matters("proximityPlacementGroup", &[], "instances are allocated close together, so allocations fail more often"),
        matters("hostGroup", &[], "instances are allocated only on dedicated hosts"),
        matters("externalHealthPolicy", &[], "health reported from outside is not a health source in the model"),
        matters("lifecycleHooksProfile", &[], "Azure asks before it acts on instances, and waits for an answer"),
    ])
}

shape! {
    UPGRADE_POLICY in PROPERTIES at "upgradePolicy": "an upgrade policy" {
        pub UPGRADE_MODE: Field<UpgradeMode> = field("mode", UpgradeMode::Manual);
        object(&ROLLING);
        object(&OS_UPGRADE);
        // Before 2018-10-01 a plain switch.
        kept("automaticOSUpgrade", Kind::Boolean);
    }
    .matters(&[matters("automaticOSUpgrade", &["false"], "the switch used before 2018-10-01; write `automaticOSUpgradePolicy`")])
}

shape! {
    ROLLING in UPGRADE_POLICY at "rollingUpgradePolicy": "a rolling upgrade policy" {
        pub MAX_BATCH: Field<u32> = field("maxBatchInstancePercent", UPGRADE.max_batch_percent).range(RU_01, 5, 100);
        pub MAX_UNHEALTHY: Field<u32> =
            field("maxUnhealthyInstancePercent", UPGRADE.max_unhealthy_percent).range(RU_02, 5, 100);
        pub MAX_UNHEALTHY_UPGRADED: Field<u32> =
            field("maxUnhealthyUpgradedInstancePercent", UPGRADE.max_unhealthy_upgraded_percent).range(RU_03, 0, 100);
        pub PAUSE: Field<SimDuration> = field("pauseTimeBetweenBatches", UPGRADE.pause);
        pub CROSS_ZONE: Field<bool> = field("enableCrossZoneUpgrade", UPGRADE.cross_zone);
        pub PRIORITIZE_UNHEALTHY: Field<bool> = field("prioritizeUnhealthyInstances", UPGRADE.prioritize_unhealthy);
        pub ROLLBACK_ON_BREACH: Field<bool> =
            field("rollbackFailedInstancesOnPolicyBreach", UPGRADE.rollback_on_breach);
        pub MAX_SURGE: Field<bool> = field("maxSurge", UPGRADE.max_surge);
    }
}

shape! {
    OS_UPGRADE in UPGRADE_POLICY at "automaticOSUpgradePolicy": "an automatic OS upgrade policy" {
        pub OS_UPGRADE_ENABLED: Field<bool> = field("enableAutomaticOSUpgrade", false);
        pub OS_ROLLBACK_DISABLED: Field<bool> = field("disableAutomaticRollback", false);
        pub OS_USES_ROLLING_POLICY: Field<bool> = field("useRollingUpgradePolicy", false);
        pub OS_DEFERRAL: Field<bool> = field("osRollingUpgradeDeferral", false);
    }
    .aliases(&[("disableAutoRollback", "disableAutomaticRollback")])
}

shape! {
    REPAIRS in PROPERTIES at "automaticRepairsPolicy": "an automatic repairs policy" {
        pub REPAIRS_ENABLED: Optional<bool> = optional("enabled");
        pub GRACE_PERIOD: Field<SimDuration> =
            field("gracePeriod", RepairsPolicy::DEFAULT.grace).minutes(AR_08, 10, 90);
        pub REPAIR_ACTION: Field<RepairAction> = field("repairAction", RepairsPolicy::DEFAULT.action);
        pub SERVICE_STATE: Field<ServiceState> = field("serviceState", ServiceState::Running);
    }
}

shape! {
    SCALE_IN in PROPERTIES at "scaleInPolicy": "a scale-in policy" {
        pub SCALE_IN_RULES: Optional<Words> = word_list("rules", &<ScaleInPolicy as Holds>::KIND);
        pub FORCE_DELETION: Field<bool> = field("forceDeletion", false);
        pub UNHEALTHY_FIRST: Field<bool> = field("prioritizeUnhealthyVMs", false);
    }
    .live(Live::AtStart)
}

shape! {
    SPOT_RESTORE in PROPERTIES at "spotRestorePolicy": "a spot restore policy" {
        pub RESTORE_ENABLED: Field<bool> = field("enabled", false);
        pub RESTORE_TIMEOUT: Field<SimDuration> = field("restoreTimeout", SimDuration::from_mins(60));
    }
    .live(Live::AtStart)
}

shape! {
    PRIORITY_MIX in PROPERTIES at "priorityMixPolicy": "a priority mix policy" {
        pub MIX_BASE: Field<u32> = field("baseRegularPriorityCount", 0);
        pub MIX_PERCENT: Field<u32> = field("regularPriorityPercentageAboveBase", 0);
    }
    .live(OF_THE_SET)
}

shape! {
    RESILIENCY in PROPERTIES at "resiliencyPolicy": "a resiliency policy" {
        object(&RESILIENT_CREATION);
        object(&RESILIENT_DELETION);
        object(&REBALANCING);
        object(&ALLOCATION);
    }
    .live(Live::AtStart)
    .matters(&[
        matters("zoneAllocationPolicy", &[], "Azure distributes the capacity over zones by other rules"),
        matters("operationRecoverySettings", &[], "a failed reimage, restart or start is retried"),
    ])
}

shape! {
    RESILIENT_CREATION in RESILIENCY at "resilientVMCreationPolicy": "a policy of resilient creation" {
        pub RESILIENT_CREATE: Field<bool> = field("enabled", false);
    }
}

shape! {
    RESILIENT_DELETION in RESILIENCY at "resilientVMDeletionPolicy": "a policy of resilient deletion" {
        pub RESILIENT_DELETE: Field<bool> = field("enabled", false);
    }
}

shape! {
    REBALANCING in RESILIENCY at "automaticZoneRebalancingPolicy": "a zone rebalancing policy" {
        pub REBALANCES: Field<bool> = field("enabled", false);
        kept("rebalanceStrategy", Kind::Word(&["Recreate"]));
        kept("rebalanceBehavior", Kind::Word(&["CreateBeforeDelete"]));
    }
}

shape! {
    PROFILE in PROPERTIES at "virtualMachineProfile": "a virtual machine profile" {
        pub PRIORITY: Field<Priority> = field("priority", Priority::Regular).live(Live::AtStart);
        pub EVICTION_POLICY: Field<EvictionPolicy> = field("evictionPolicy", EvictionPolicy::Deallocate).live(Live::AtStart);
        object(&BILLING);
        object(&OS);
        object(&STORAGE);
        object(&NETWORK);
        object(&EXTENSION_PROFILE);
        object(&SCHEDULED_EVENTS);
        kept("applicationProfile", Kind::Open); kept("diagnosticsProfile", Kind::Open);
        kept("licenseType", Kind::Open);
        // Not in the list of the page: a machine gets Trusted Launch or encryption at host only while it is stopped.
        pub SECURITY_PROFILE: Optional<Open> = optional("securityProfile").live(RESTART);
        kept("userData", Kind::Open);
        object(&RESERVATION);
    }
    .live(IN_PLACE)
    .known(&["hardwareProfile", "interconnectBlockProfile"])
    .matters(&[
        matters("applicationProfile", &[], "the model does not know what gallery applications install"),
        matters("capacityReservation", &[], "reserved capacity is available even if no other capacity is"),
        matters("securityPostureReference", &[], "it adds extensions to every instance"),
        matters("serviceArtifactReference", &[], "it sets the version of the image instead of `latest`"),
    ])
}

shape! {
    RESERVATION in PROFILE at "capacityReservation": "a capacity reservation" {
        pub RESERVATION_GROUP: Optional<Reference> = optional("capacityReservationGroup");
    }
}

shape! {
    BILLING in PROFILE at "billingProfile": "a billing profile" {
        pub MAX_PRICE: Field<f64> = field("maxPrice", -1.0).live(Live::AtStart);
    }
}

shape! {
    OS in PROFILE at "osProfile": "an OS profile" {
        pub COMPUTER_NAME_PREFIX: Optional<Text> = optional("computerNamePrefix");
        pub CUSTOM_DATA: Optional<Open> = optional("customData").live(REIMAGE);
        object(&WINDOWS);
        object(&LINUX);
        pub ADMIN_USERNAME: Optional<Open> = optional("adminUsername").live(REIMAGE);
        pub ADMIN_PASSWORD: Optional<Open> = optional("adminPassword").live(REIMAGE);
        kept("secrets", Kind::Open);
    }
    .matters(&[
        matters("allowExtensionOperations", &["true"], "without extensions nothing is installed"),
        matters("requireGuestProvisionSignal", &["true"], "provisioning ends without the guest"),
    ])
}

shape! {
    WINDOWS in OS at "windowsConfiguration": "a Windows configuration" {
        pub AUTOMATIC_UPDATES: Field<bool> = field("enableAutomaticUpdates", false);
        kept("provisionVMAgent", Kind::Boolean);
        object(&WINDOWS_PATCHES);
    }
    .known(&["additionalUnattendContent", "enableVMAgentPlatformUpdates", "timeZone", "winRM"])
    .matters(&[matters("provisionVMAgent", &["true"], "without an agent no extension runs")])
}

shape! {
    LINUX in OS at "linuxConfiguration": "a Linux configuration" {
        kept("provisionVMAgent", Kind::Boolean);
        object(&LINUX_PATCHES);
        pub SSH: Optional<Open> = optional("ssh").live(REIMAGE);
    }
    .known(&["disablePasswordAuthentication", "enableVMAgentPlatformUpdates"])
    .matters(&[matters("provisionVMAgent", &["true"], "without an agent no extension runs")])
}

shape! {
    WINDOWS_PATCHES in WINDOWS at "patchSettings": "patch settings" {
        pub PATCH_MODE: Optional<PatchMode> = optional("patchMode");
        kept("assessmentMode", Kind::Word(&["ImageDefault", "AutomaticByPlatform"]));
        kept("enableHotpatching", Kind::Boolean); kept("automaticByPlatformSettings", Kind::Open);
    }
    .matters(&[matters("patchMode", PATCHED_BY_NOBODY, PATCHES)])
}

shape! {
    LINUX_PATCHES in LINUX at "patchSettings": "patch settings" {
        kept("patchMode", Kind::Word(&["ImageDefault", "AutomaticByPlatform", "AutomaticByOS", "Manual"]));
        kept("assessmentMode", Kind::Word(&["ImageDefault", "AutomaticByPlatform"]));
        kept("enableHotpatching", Kind::Boolean); kept("automaticByPlatformSettings", Kind::Open);
    }
    .matters(&[matters("patchMode", PATCHED_BY_NOBODY, PATCHES)])
}

shape! {
    STORAGE in PROFILE at "storageProfile": "a storage profile" {
        object(&IMAGE_REFERENCE);
        object(&OS_DISK);
        pub DATA_DISKS: Optional<Open> = optional("dataDisks");
    }
    .known(&["diskApiVersion", "diskControllerType"])
}

shape! {
    IMAGE_REFERENCE in STORAGE at "imageReference": "an image reference" {
        pub IMAGE_ID: Optional<Text> = optional("id");
        pub IMAGE_PUBLISHER: Optional<Text> = optional("publisher");
        pub IMAGE_OFFER: Optional<Text> = optional("offer");
        pub IMAGE_SKU: Optional<Text> = optional("sku");
        pub IMAGE_VERSION: Optional<Text> = optional("version");
        kept("exactVersion", Kind::Text);
        pub COMMUNITY_IMAGE: Optional<Text> = optional("communityGalleryImageId");
        pub SHARED_IMAGE: Optional<Text> = optional("sharedGalleryImageId");
    }
    .live(Live::Apart)
}

shape! {
    /// That a write of it waits for a reimage is not in the list of the page: a disk has the size and the caching that it was made with.
    OS_DISK in STORAGE at "osDisk": "an OS disk" {
        pub OS_TYPE: Optional<OsType> = optional("osType");
        kept("caching", Kind::Word(&["None", "ReadOnly", "ReadWrite"]));
        object(&EPHEMERAL);
        kept("createOption", Kind::Open);
        Row::ActedOn("DISK_SIZE", &DISK_SIZE.declared, &());
        Row::ActedOn("MANAGED_DISK", &MANAGED_DISK.declared, &());
        pub OS_DISK_IMAGE: Optional<Open> = optional("image");
        pub VHD_CONTAINERS: Optional<Open> = optional("vhdContainers");
    }
    .live(REIMAGE)
    .known(&["deleteOption", "encryptionSettings", "name", "storageFaultDomainAlignment", "writeAcceleratorEnabled"])
    .matters(&[matters("diffDiskSettings", &[], "an ephemeral OS disk is lost with its host, and is recreated faster")])
}

shape! {
    EPHEMERAL in OS_DISK at "diffDiskSettings": "ephemeral disk settings" {
        pub EPHEMERAL_OPTION: Optional<DiskOption> = optional("option");
        kept("placement", Kind::Word(&["CacheDisk", "ResourceDisk", "NvmeDisk"]));
    }
    .known(&["enableFullCaching"])
}

shape! {
    NETWORK in PROFILE at "networkProfile": "a network profile" {
        pub HEALTH_PROBE: Optional<Reference> = optional("healthProbe").live(Live::Apart);
        pub INTERFACES: Optional<Objects> = list("networkInterfaceConfigurations", &Kind::Object(&NIC));
    }
    .known(&["interconnectGroupProfile", "networkApiVersion"])
}

shape! {
    NIC: "a network interface configuration" {
        kept("name", Kind::Text);
    }
    .inner(&NIC_PROPERTIES)
}

shape! {
    NIC_PROPERTIES in NIC at "properties": "the properties of a network interface configuration" {
        kept("primary", Kind::Boolean);
        pub IP_CONFIGURATIONS: Optional<Objects> = list("ipConfigurations", &Kind::Object(&IP));
    }
    .known(&[
        "auxiliaryMode", "auxiliarySku", "deleteOption", "disableTcpStateTracking", "dnsSettings",
        "enableAcceleratedNetworking", "enableFpga", "enableIPForwarding", "networkSecurityGroup",
    ])
}

shape! {
    IP: "an IP configuration" {
        kept("name", Kind::Text);
    }
    .inner(&IP_PROPERTIES)
}

shape! {
    IP_PROPERTIES in IP at "properties": "the properties of an IP configuration" {
        kept("primary", Kind::Boolean);
        pub BACKEND_POOLS: Optional<References> = optional("loadBalancerBackendAddressPools");
        pub NAT_POOLS: Optional<References> = optional("loadBalancerInboundNatPools");
        pub GATEWAY_POOLS: Optional<References> = optional("applicationGatewayBackendAddressPools");
    }
    .known(&[
        "applicationSecurityGroups", "privateIPAddressPrefixLength", "privateIPAddressVersion",
        "publicIPAddressConfiguration", "subnet",
    ])
}

shape! {
    EXTENSION_PROFILE in PROFILE at "extensionProfile": "an extension profile" {
        pub EXTENSIONS_BUDGET: Field<SimDuration> =
            field("extensionsTimeBudget", SimDuration::from_mins(90)).minutes(EX_06, 15, 120);
        pub EXTENSIONS: Optional<Objects> = list("extensions", &Kind::Object(&EXTENSION));
    }
    .live(Live::Apart)
}

shape! {
    EXTENSION: "an extension" {
        kept("name", Kind::Text);
    }
    .inner(&EXTENSION_PROPERTIES)
}

shape! {
    EXTENSION_PROPERTIES in EXTENSION at "properties": "the properties of an extension" {
        pub EXTENSION_PUBLISHER: Optional<Text> = optional("publisher");
        pub EXTENSION_TYPE: Optional<Text> = optional("type");
        pub HANDLER_VERSION: Optional<Text> = optional("typeHandlerVersion");
        kept("autoUpgradeMinorVersion", Kind::Boolean);
        pub AUTOMATIC_UPGRADE: Field<bool> = field("enableAutomaticUpgrade", false);
        pub FORCE_UPDATE_TAG: Optional<Text> = optional("forceUpdateTag");
        pub PROVISION_AFTER: Optional<Texts> = optional("provisionAfterExtensions");
        kept("suppressFailures", Kind::Boolean);
        pub SETTINGS: Optional<Open> = optional("settings");
        pub PROTECTED_SETTINGS: Optional<Open> = optional("protectedSettings");
    }
    .known(&["protectedSettingsFromKeyVault", "location"])
    .aliases(&[("typePropertiesType", "type"), ("type1", "type"), ("type_properties_type", "type")])
    .matters(&[matters("suppressFailures", &["false"], "the model counts a failure anyway")])
}

shape! {
    SCHEDULED_EVENTS in PROFILE at "scheduledEventsProfile": "a scheduled events profile" {
        object(&TERMINATE_NOTICE);
        object(&OS_IMAGE_NOTICE);
    }
}

shape! {
    TERMINATE_NOTICE in SCHEDULED_EVENTS at "terminateNotificationProfile": "a notification profile" {
        pub TERMINATE_NOTICE_ENABLED: Field<bool> = field("enable", false);
        pub TERMINATE_TIMEOUT: Field<SimDuration> =
            field("notBeforeTimeout", SimDuration::from_mins(5)).minutes(TN_01, 5, 15);
    }
    .switch(&TERMINATE_NOTICE_ENABLED)
}

shape! {
    OS_IMAGE_NOTICE in SCHEDULED_EVENTS at "osImageNotificationProfile": "a notification profile" {
        pub OS_IMAGE_NOTICE_ENABLED: Field<bool> = field("enable", false);
        pub OS_IMAGE_TIMEOUT: Field<SimDuration> =
            field("notBeforeTimeout", SimDuration::from_mins(15)).minutes(OS_16, 15, 15);
    }
    .switch(&OS_IMAGE_NOTICE_ENABLED)
}

shape! {
    /// What is read of an OS disk and of each data disk; the rest of them stays as it is written.
    DISK: "a disk" {
        pub DISK_SIZE: Optional<i64> = optional("diskSizeGB");
        pub MANAGED_DISK: Optional<Open> = optional("managedDisk");
    }
}

/// The IP configurations of the network interfaces of a scale set.
pub fn ip_configurations(resource: &Node) -> impl Iterator<Item = &Node> {
    INTERFACES.items(resource).iter().flat_map(|interface| IP_CONFIGURATIONS.items(interface))
}

/// Whether the machines of a scale set run Windows: its profile says so, or the disk, or else who publishes the image.
pub fn is_windows(resource: &Node) -> bool {
    if WINDOWS.find(resource).is_some() || LINUX.find(resource).is_some() {
        return WINDOWS.find(resource).is_some();
    }
    match OS_TYPE.get(resource) {
        Some(os) => os.value == OsType::Windows,
        None => {
            IMAGE_PUBLISHER.text(resource).is_some_and(|name| name.to_ascii_lowercase().starts_with("microsoftwindows"))
        }
    }
}
