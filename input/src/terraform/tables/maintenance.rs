//! Maintenance configurations, and which scale sets have them.

use super::super::row::{Block, Table, Within, block, link, one, value};
use crate::arm::shape::{ASSIGNMENT, MAINTENANCE, SCALE_SET};

pub static CONFIGURATION: Table = Table {
    from: &["azurerm_maintenance_configuration"],
    to: MAINTENANCE,
    within: Within::Group,
    source: "maintenance/maintenance_configuration_resource.go",
    block: block(
        &[
            value("location", "location"),
            value("scope", "properties.maintenanceScope"),
            value("visibility", "properties.visibility").or("Custom"),
            one("window", "properties.maintenanceWindow", &WINDOW),
        ],
        &["in_guest_user_patch_mode", "install_patches", "properties"],
    )
    .always(&[("properties.namespace", "Microsoft.Maintenance")]),
};

static WINDOW: Block = block(
    &[
        value("start_date_time", "startDateTime"),
        value("expiration_date_time", "expirationDateTime"),
        value("duration", "duration"),
        value("time_zone", "timeZone"),
        value("recur_every", "recurEvery"),
    ],
    &[],
);

pub static OF_SET: Table = Table {
    from: &["azurerm_maintenance_assignment_virtual_machine_scale_set"],
    to: ASSIGNMENT,
    within: Within::Group,
    source: "maintenance/maintenance_assignment_virtual_machine_scale_set_resource.go",
    block: block(
        &[
            value("location", "location"),
            link("maintenance_configuration_id", "properties.maintenanceConfigurationId", MAINTENANCE),
            link("virtual_machine_scale_set_id", "properties.resourceId", SCALE_SET),
        ],
        &[],
    ),
};
