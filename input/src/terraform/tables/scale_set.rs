//! Scale sets, their extensions and standby pools.

use super::super::row::{
    Block, Table, Within, block, json, link, links, listed, many, not, one, positive, present, secret, value, word,
};
use super::{EXTENSION_TYPE, GATEWAY_POOL, NAT_POOL, POOL, PROBE};
use crate::arm::shape::{SCALE_SET, STANDBY_POOL};

macro_rules! properties {
    ($path:literal) => {
        concat!("properties.", $path)
    };
}

macro_rules! profile {
    ($path:literal) => {
        concat!("properties.virtualMachineProfile.", $path)
    };
}

static ROLLING: Block = block(
    &[
        value("max_batch_instance_percent", "maxBatchInstancePercent"),
        value("max_unhealthy_instance_percent", "maxUnhealthyInstancePercent"),
        value("max_unhealthy_upgraded_instance_percent", "maxUnhealthyUpgradedInstancePercent"),
        value("pause_time_between_batches", "pauseTimeBetweenBatches"),
        // Sent only with zones; without them the provider refuses `true`.
        value("cross_zone_upgrades_enabled", "enableCrossZoneUpgrade").or("false"),
        value("prioritize_unhealthy_instances_enabled", "prioritizeUnhealthyInstances").or("false"),
        value("maximum_surge_instances_enabled", "maxSurge").or("false"),
    ],
    &[],
);

static OS_UPGRADE: Block = block(
    &[
        value("automatic_os_upgrade_enabled", "enableAutomaticOSUpgrade").also(&["enable_automatic_os_upgrade"]),
        not("automatic_rollback_enabled", "disableAutomaticRollback"),
        // 3.x has it as ARM does.
        value("disable_automatic_rollback", "disableAutomaticRollback"),
    ],
    &[],
);

static REPAIRS: Block =
    block(&[value("enabled", "enabled"), value("grace_period", "gracePeriod"), value("action", "repairAction")], &[]);

static TERMINATION: Block = block(&[value("enabled", "enable"), value("timeout", "notBeforeTimeout").or("PT5M")], &[]);

static IMAGE: Block = block(
    &[value("publisher", "publisher"), value("offer", "offer"), value("sku", "sku"), value("version", "version")],
    &[],
);

static OS_DISK: Block = block(
    &[
        value("disk_size_gb", "diskSizeGB"),
        value("storage_account_type", "managedDisk.storageAccountType"),
        one("diff_disk_settings", "diffDiskSettings", &EPHEMERAL),
    ],
    &[
        "caching",
        "disk_encryption_set_id",
        "secure_vm_disk_encryption_set_id",
        "security_encryption_type",
        "write_accelerator_enabled",
    ],
);

static EPHEMERAL: Block = block(&[value("option", "option"), value("placement", "placement").or("CacheDisk")], &[]);

static DATA_DISK: Block = block(
    &[
        value("lun", "lun"),
        value("create_option", "createOption").or("Empty"),
        value("disk_size_gb", "diskSizeGB"),
        value("storage_account_type", "managedDisk.storageAccountType"),
    ],
    &[
        "caching",
        "disk_encryption_set_id",
        "disk_iops_read_write",
        "disk_mbps_read_write",
        "name",
        "ultra_ssd_disk_iops_read_write",
        "ultra_ssd_disk_mbps_read_write",
        "write_accelerator_enabled",
    ],
);

static INTERFACE: Block = block(
    &[value("name", "name"), many("ip_configuration", "properties.ipConfigurations", &IP)],
    &[
        "accelerated_networking_enabled",
        "auxiliary_mode",
        "auxiliary_sku",
        "dns_servers",
        "enable_accelerated_networking",
        "enable_ip_forwarding",
        "ip_forwarding_enabled",
        "network_security_group_id",
        "primary",
        "tags",
    ],
);

static IP: Block = block(
    &[
        value("name", "name"),
        links("load_balancer_backend_address_pool_ids", "properties.loadBalancerBackendAddressPools", POOL),
        links("load_balancer_inbound_nat_rules_ids", "properties.loadBalancerInboundNatPools", NAT_POOL),
        links(
            "application_gateway_backend_address_pool_ids",
            "properties.applicationGatewayBackendAddressPools",
            GATEWAY_POOL,
        ),
    ],
    &["application_security_group_ids", "primary", "public_ip_address", "subnet_id", "version"],
);

/// What an extension has in each of the three resources that can have one.
static EXTENSION: Block = block(
    &[
        value("publisher", "properties.publisher"),
        value("type", "properties.type"),
        value("type_handler_version", "properties.typeHandlerVersion"),
        json("settings", "properties.settings"),
        secret("protected_settings", "properties.protectedSettings"),
    ],
    &["protected_settings_from_key_vault"],
);

static EXTENSION_OF_UNIFORM: Block = block(
    &[
        value("name", "name"),
        value("auto_upgrade_minor_version", "properties.autoUpgradeMinorVersion").or("true"),
        value("automatic_upgrade_enabled", "properties.enableAutomaticUpgrade").or("false"),
        value("force_update_tag", "properties.forceUpdateTag"),
        value("provision_after_extensions", "properties.provisionAfterExtensions"),
    ],
    &[],
)
.with(&[&EXTENSION]);

static EXTENSION_OF_FLEXIBLE: Block = block(
    &[
        value("name", "name"),
        value("auto_upgrade_minor_version_enabled", "properties.autoUpgradeMinorVersion").or("true"),
        value("failure_suppression_enabled", "properties.suppressFailures").or("false"),
        value("force_extension_execution_on_change", "properties.forceUpdateTag"),
        value("extensions_to_provision_after_vm_creation", "properties.provisionAfterExtensions"),
    ],
    &[],
)
.with(&[&EXTENSION]);

/// What both kinds of sets have in common.
static COMMON: Block = block(
    &[
        value("location", "location"),
        value("zones", "zones"),
        value("upgrade_mode", properties!("upgradePolicy.mode")).or("Manual"),
        one("rolling_upgrade_policy", properties!("upgradePolicy.rollingUpgradePolicy"), &ROLLING),
        value("platform_fault_domain_count", properties!("platformFaultDomainCount")),
        value("zone_balance", properties!("zoneBalance")).or("false"),
        one("automatic_instance_repair", properties!("automaticRepairsPolicy"), &REPAIRS),
        value("proximity_placement_group_id", properties!("proximityPlacementGroup.id")),
        value("priority", profile!("priority")).or("Regular"),
        value("eviction_policy", profile!("evictionPolicy")),
        positive("max_bid_price", profile!("billingProfile.maxPrice")).or("-1"),
        value("capacity_reservation_group_id", profile!("capacityReservation.capacityReservationGroup.id")),
        one("termination_notification", profile!("scheduledEventsProfile.terminateNotificationProfile"), &TERMINATION)
            .also(&["terminate_notification"]),
        value("source_image_id", profile!("storageProfile.imageReference.id")),
        one("source_image_reference", profile!("storageProfile.imageReference"), &IMAGE),
        one("os_disk", profile!("storageProfile.osDisk"), &OS_DISK),
        many("data_disk", profile!("storageProfile.dataDisks"), &DATA_DISK),
        many("network_interface", profile!("networkProfile.networkInterfaceConfigurations"), &INTERFACE),
        value("extensions_time_budget", profile!("extensionProfile.extensionsTimeBudget")).or("PT1H30M"),
        value("extension_operations_enabled", profile!("osProfile.allowExtensionOperations")).or("true"),
        value("encryption_at_host_enabled", profile!("securityProfile.encryptionAtHost")),
    ],
    &[
        "additional_capabilities",
        "boot_diagnostics",
        "identity",
        "license_type",
        "plan",
        "unique_id",
        "user_data",
        "user_data_base64",
    ],
);

static UNIFORM: Block = block(
    &[
        value("instances", "sku.capacity").or("0"),
        value("sku", "sku.name"),
        one("automatic_os_upgrade_policy", properties!("upgradePolicy.automaticOSUpgradePolicy"), &OS_UPGRADE),
        present(
            "rolling_upgrade_policy",
            properties!("upgradePolicy.automaticOSUpgradePolicy.useRollingUpgradePolicy"),
        ),
        value("overprovision", properties!("overprovision")).or("true"),
        value(
            "do_not_run_extensions_on_overprovisioned_machines",
            properties!("doNotRunExtensionsOnOverprovisionedVMs"),
        )
        .or("false"),
        value("single_placement_group", properties!("singlePlacementGroup")).or("true"),
        one("scale_in", properties!("scaleInPolicy"), &SCALE_IN),
        // Before 4.0.
        listed("scale_in_policy", properties!("scaleInPolicy.rules")),
        one("spot_restore", properties!("spotRestorePolicy"), &SPOT_RESTORE),
        value("resilient_vm_creation_enabled", properties!("resiliencyPolicy.resilientVMCreationPolicy.enabled"))
            .or("false"),
        value("resilient_vm_deletion_enabled", properties!("resiliencyPolicy.resilientVMDeletionPolicy.enabled"))
            .or("false"),
        value("host_group_id", properties!("hostGroup.id")),
        link("health_probe_id", profile!("networkProfile.healthProbe"), PROBE),
        many("extension", profile!("extensionProfile.extensions"), &EXTENSION_OF_UNIFORM),
        many("gallery_application", profile!("applicationProfile.galleryApplications"), &GALLERY_APPLICATION)
            .also(&["gallery_applications"]),
        value("computer_name_prefix", profile!("osProfile.computerNamePrefix")),
        word("os_disk.security_encryption_type", profile!("securityProfile.securityType"), CONFIDENTIAL),
        word("secure_boot_enabled", profile!("securityProfile.securityType"), TRUSTED),
        word("vtpm_enabled", profile!("securityProfile.securityType"), TRUSTED),
    ],
    &["admin_password", "admin_username", "custom_data", "edge_zone", "secret"],
)
.always(&[("properties.orchestrationMode", "Uniform")]);

/// What the provider makes of an encrypted disk, and of either switch of Trusted Launch without one.
const CONFIDENTIAL: &[(&str, &str)] =
    &[("VMGuestStateOnly", "ConfidentialVM"), ("DiskWithVMGuestState", "ConfidentialVM")];
const TRUSTED: &[(&str, &str)] = &[("true", "TrustedLaunch")];

static SCALE_IN: Block =
    block(&[listed("rule", "rules").or("Default"), value("force_deletion_enabled", "forceDeletion").or("false")], &[]);

static SPOT_RESTORE: Block =
    block(&[value("enabled", "enabled").or("false"), value("timeout", "restoreTimeout").or("PT1H")], &[]);

static GALLERY_APPLICATION: Block = block(
    &[value("version_id", "packageReferenceId").also(&["package_reference_id"])],
    &["configuration_blob_uri", "configuration_reference_blob_uri", "order", "tag"],
);

pub static LINUX: Table = Table {
    from: &["azurerm_linux_virtual_machine_scale_set"],
    to: SCALE_SET,
    within: Within::Group,
    source: "compute/linux_virtual_machine_scale_set_resource.go",
    block: block(
        &[value("provision_vm_agent", profile!("osProfile.linuxConfiguration.provisionVMAgent")).or("true")],
        &["admin_ssh_key", "disable_password_authentication"],
    )
    .with(&[&UNIFORM, &COMMON]),
};

pub static WINDOWS: Table = Table {
    from: &["azurerm_windows_virtual_machine_scale_set"],
    to: SCALE_SET,
    within: Within::Group,
    source: "compute/windows_virtual_machine_scale_set_resource.go",
    block: block(
        &[
            value("provision_vm_agent", profile!("osProfile.windowsConfiguration.provisionVMAgent")).or("true"),
            value("automatic_updates_enabled", profile!("osProfile.windowsConfiguration.enableAutomaticUpdates"))
                .also(&["enable_automatic_updates"])
                .or("true"),
        ],
        &["additional_unattend_content", "timezone", "winrm_listener"],
    )
    .with(&[&UNIFORM, &COMMON]),
};

pub static FLEXIBLE: Table = Table {
    from: &["azurerm_orchestrated_virtual_machine_scale_set"],
    to: SCALE_SET,
    within: Within::Group,
    source: "compute/orchestrated_virtual_machine_scale_set_resource.go",
    block: block(
        &[
            // The provider computes it after the set is there; what it sends at creation is 0.
            value("instances", "sku.capacity").or("0"),
            value("sku_name", "sku.name"),
            one("sku_profile", properties!("skuProfile"), &SKU_PROFILE),
            one("priority_mix", properties!("priorityMixPolicy"), &PRIORITY_MIX),
            value("single_placement_group", properties!("singlePlacementGroup")),
            many("extension", profile!("extensionProfile.extensions"), &EXTENSION_OF_FLEXIBLE),
            one("os_profile", profile!("osProfile"), &OS_PROFILE),
        ],
        &["network_api_version"],
    )
    .with(&[&COMMON])
    .always(&[("properties.orchestrationMode", "Flexible")]),
};

static SKU_PROFILE: Block =
    block(&[value("allocation_strategy", "allocationStrategy")], &["virtual_machine_size", "vm_sizes"]);

static PRIORITY_MIX: Block = block(
    &[
        value("base_regular_count", "baseRegularPriorityCount").or("0"),
        value("regular_percentage_above_base", "regularPriorityPercentageAboveBase").or("0"),
    ],
    &[],
);

static OS_PROFILE: Block = block(
    &[
        value("linux_configuration.computer_name_prefix", "computerNamePrefix"),
        value("windows_configuration.computer_name_prefix", "computerNamePrefix"),
        one("linux_configuration", "linuxConfiguration", &LINUX_OF_FLEXIBLE),
        one("windows_configuration", "windowsConfiguration", &WINDOWS_OF_FLEXIBLE),
    ],
    &["custom_data"],
);

static LINUX_OF_FLEXIBLE: Block = block(
    &[
        value("provision_vm_agent", "provisionVMAgent").or("true"),
        value("patch_mode", "patchSettings.patchMode").or("ImageDefault"),
    ],
    &[
        "admin_password",
        "admin_ssh_key",
        "admin_username",
        "computer_name_prefix",
        "disable_password_authentication",
        "patch_assessment_mode",
        "secret",
    ],
);

static WINDOWS_OF_FLEXIBLE: Block = block(
    &[
        value("provision_vm_agent", "provisionVMAgent").or("true"),
        value("automatic_updates_enabled", "enableAutomaticUpdates").also(&["enable_automatic_updates"]).or("true"),
        value("patch_mode", "patchSettings.patchMode").or("AutomaticByOS"),
    ],
    &[
        "additional_unattend_content",
        "admin_password",
        "admin_username",
        "computer_name_prefix",
        "hotpatching_enabled",
        "patch_assessment_mode",
        "secret",
        "timezone",
        "winrm_listener",
    ],
);

pub static EXTENSION_RESOURCE: Table = Table {
    from: &["azurerm_virtual_machine_scale_set_extension"],
    to: EXTENSION_TYPE,
    within: Within::Id("virtual_machine_scale_set_id"),
    source: "compute/virtual_machine_scale_set_extension_resource.go",
    block: block(
        &[
            value("auto_upgrade_minor_version", "properties.autoUpgradeMinorVersion").or("true"),
            value("automatic_upgrade_enabled", "properties.enableAutomaticUpgrade"),
            value("failure_suppression_enabled", "properties.suppressFailures").or("false"),
            value("force_update_tag", "properties.forceUpdateTag"),
            value("provision_after_extensions", "properties.provisionAfterExtensions"),
        ],
        &[],
    )
    .with(&[&EXTENSION]),
};

pub static STANDBY: Table = Table {
    from: &["azurerm_virtual_machine_scale_set_standby_pool"],
    to: STANDBY_POOL,
    within: Within::Group,
    source: "compute/virtual_machine_scale_set_standby_pool_resource.go",
    block: block(
        &[
            value("location", "location"),
            link("attached_virtual_machine_scale_set_id", "properties.attachedVirtualMachineScaleSetId", SCALE_SET),
            one("elasticity_profile", "properties.elasticityProfile", &ELASTICITY),
            value("virtual_machine_state", "properties.virtualMachineState"),
        ],
        &[],
    ),
};

static ELASTICITY: Block =
    block(&[value("max_ready_capacity", "maxReadyCapacity"), value("min_ready_capacity", "minReadyCapacity")], &[]);
