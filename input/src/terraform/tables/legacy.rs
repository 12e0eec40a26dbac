//! The scale set of the provider before 4.0, for Linux and Windows alike.

use super::super::row::{Block, Table, Within, block, json, link, links, many, one, secret, value};
use super::{GATEWAY_POOL, NAT_POOL, POOL, PROBE};
use crate::arm::shape::SCALE_SET;

macro_rules! profile {
    ($path:literal) => {
        concat!("properties.virtualMachineProfile.", $path)
    };
}

pub static SET: Table = Table {
    from: &["azurerm_virtual_machine_scale_set"],
    to: SCALE_SET,
    within: Within::Group,
    source: "compute/virtual_machine_scale_set_resource.go, before 4.0",
    block: block(
        &[
            value("location", "location"),
            value("zones", "zones"),
            one("sku", "sku", &SKU),
            value("upgrade_policy_mode", "properties.upgradePolicy.mode"),
            one("rolling_upgrade_policy", "properties.upgradePolicy.rollingUpgradePolicy", &ROLLING),
            value("automatic_os_upgrade", "properties.upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade"),
            value("overprovision", "properties.overprovision").or("true"),
            value("single_placement_group", "properties.singlePlacementGroup").or("true"),
            value("proximity_placement_group_id", "properties.proximityPlacementGroup.id"),
            value("priority", profile!("priority")),
            value("eviction_policy", profile!("evictionPolicy")),
            link("health_probe_id", profile!("networkProfile.healthProbe"), PROBE),
            many("network_profile", profile!("networkProfile.networkInterfaceConfigurations"), &INTERFACE),
            many("extension", profile!("extensionProfile.extensions"), &EXTENSION),
            one("storage_profile_image_reference", profile!("storageProfile.imageReference"), &IMAGE),
            one("storage_profile_os_disk", profile!("storageProfile.osDisk"), &OS_DISK),
            many("storage_profile_data_disk", profile!("storageProfile.dataDisks"), &DATA_DISK),
            value("os_profile.computer_name_prefix", profile!("osProfile.computerNamePrefix")),
            one("os_profile_windows_config", profile!("osProfile.windowsConfiguration"), &WINDOWS),
            one("os_profile_linux_config", profile!("osProfile.linuxConfiguration"), &LINUX),
        ],
        &["boot_diagnostics", "identity", "license_type", "os_profile", "os_profile_secrets", "plan"],
    )
    .always(&[("properties.orchestrationMode", "Uniform")]),
};

static SKU: Block = block(&[value("name", "name"), value("capacity", "capacity")], &["tier"]);

static ROLLING: Block = block(
    &[
        value("max_batch_instance_percent", "maxBatchInstancePercent"),
        value("max_unhealthy_instance_percent", "maxUnhealthyInstancePercent"),
        value("max_unhealthy_upgraded_instance_percent", "maxUnhealthyUpgradedInstancePercent"),
        value("pause_time_between_batches", "pauseTimeBetweenBatches"),
    ],
    &[],
);

static INTERFACE: Block = block(
    &[value("name", "name"), many("ip_configuration", "properties.ipConfigurations", &IP)],
    &["accelerated_networking", "dns_settings", "ip_forwarding", "network_security_group_id", "primary"],
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
    &["application_security_group_ids", "primary", "public_ip_address_configuration", "subnet_id"],
);

static EXTENSION: Block = block(
    &[
        value("name", "name"),
        value("publisher", "properties.publisher"),
        value("type", "properties.type"),
        value("type_handler_version", "properties.typeHandlerVersion"),
        value("auto_upgrade_minor_version", "properties.autoUpgradeMinorVersion"),
        value("provision_after_extensions", "properties.provisionAfterExtensions"),
        json("settings", "properties.settings"),
        secret("protected_settings", "properties.protectedSettings"),
    ],
    &[],
);

static IMAGE: Block = block(
    &[
        value("id", "id"),
        value("publisher", "publisher"),
        value("offer", "offer"),
        value("sku", "sku"),
        value("version", "version"),
    ],
    &[],
);

static OS_DISK: Block = block(
    &[
        value("os_type", "osType"),
        value("managed_disk_type", "managedDisk.storageAccountType"),
        value("image", "image.uri"),
        value("vhd_containers", "vhdContainers"),
    ],
    &["caching", "create_option", "name"],
);

static DATA_DISK: Block = block(
    &[
        value("lun", "lun"),
        value("create_option", "createOption"),
        value("disk_size_gb", "diskSizeGB"),
        value("managed_disk_type", "managedDisk.storageAccountType"),
    ],
    &["caching"],
);

static WINDOWS: Block = block(
    &[value("provision_vm_agent", "provisionVMAgent"), value("enable_automatic_upgrades", "enableAutomaticUpdates")],
    &["additional_unattend_config", "winrm"],
);

static LINUX: Block = block(&[], &["disable_password_authentication", "ssh_keys"]);
