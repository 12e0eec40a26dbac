//! Galleries, image definitions and versions. A scenario says in keys of its own what of them matters.

use super::super::row::{Block, Table, Within, block, feature, many, one, value, word};

const GENERALIZED: &[(&str, &str)] = &[("true", "Specialized"), ("false", "Generalized")];

/// Nothing of it is read but its id.
pub static GALLERY: Table = Table {
    from: &["azurerm_shared_image_gallery"],
    to: "Microsoft.Compute/galleries",
    within: Within::Group,
    source: "compute/shared_image_gallery_resource.go",
    block: block(&[], &[]),
};

pub static IMAGE: Table = Table {
    from: &["azurerm_shared_image"],
    to: "Microsoft.Compute/galleries/images",
    within: Within::Names(&["gallery_name"]),
    source: "compute/shared_image_resource.go",
    block: block(
        &[
            value("location", "location"),
            value("os_type", "properties.osType"),
            word("specialized", "properties.osState", GENERALIZED).or("false"),
            value("hyper_v_generation", "properties.hyperVGeneration").or("V1"),
            one("identifier", "properties.identifier", &IDENTIFIER),
            value("architecture", "properties.architecture").or("x64"),
            feature("trusted_launch_enabled", "properties.features", "TrustedLaunch"),
            feature("trusted_launch_supported", "properties.features", "TrustedLaunchSupported"),
            feature("confidential_vm_enabled", "properties.features", "ConfidentialVM"),
            feature("confidential_vm_supported", "properties.features", "ConfidentialVMSupported"),
            value("disk_types_not_allowed", "properties.disallowed.diskTypes"),
            one("purchase_plan", "properties.purchasePlan", &PURCHASE),
        ],
        &[
            "accelerated_network_support_enabled",
            "description",
            "disk_controller_type_nvme_enabled",
            "end_of_life_date",
            "eula",
            "hibernation_enabled",
            "max_recommended_memory_in_gb",
            "max_recommended_vcpu_count",
            "min_recommended_memory_in_gb",
            "min_recommended_vcpu_count",
            "privacy_statement_uri",
            "release_note_uri",
        ],
    ),
};

static IDENTIFIER: Block = block(&[value("publisher", "publisher"), value("offer", "offer"), value("sku", "sku")], &[]);

static PURCHASE: Block =
    block(&[value("name", "name"), value("publisher", "publisher"), value("product", "product")], &[]);

pub static VERSION: Table = Table {
    from: &["azurerm_shared_image_version"],
    to: "Microsoft.Compute/galleries/images/versions",
    within: Within::Names(&["gallery_name", "image_name"]),
    source: "compute/shared_image_version_resource.go",
    block: block(
        &[
            value("location", "location"),
            many("target_region", "properties.publishingProfile.targetRegions", &REGION),
            value("exclude_from_latest", "properties.publishingProfile.excludeFromLatest").or("false"),
            value("replication_mode", "properties.publishingProfile.replicationMode").or("Full"),
            value("end_of_life_date", "properties.publishingProfile.endOfLifeDate"),
            value(
                "deletion_of_replicated_locations_enabled",
                "properties.safetyProfile.allowDeletionOfReplicatedLocations",
            )
            .or("false"),
        ],
        &["blob_uri", "managed_image_id", "os_disk_snapshot_id", "storage_account_id"],
    ),
};

static REGION: Block = block(
    &[
        value("name", "name"),
        value("regional_replica_count", "regionalReplicaCount"),
        value("storage_account_type", "storageAccountType").or("Standard_LRS"),
        value("exclude_from_latest_enabled", "excludeFromLatest").or("false"),
    ],
    &["disk_encryption_set_id"],
);
