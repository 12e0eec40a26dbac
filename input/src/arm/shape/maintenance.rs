//! `Microsoft.Maintenance`: configurations and their assignments.

use super::Kind;
use super::field::{Optional, Text, kept, object, optional};

choice! {
    /// `maintenanceScope` of a maintenance configuration.
    Scope { Host, Resource, OSImage, Extension, InGuestPatch, SQLDB, SQLManagedInstance }
}

shape! {
    MAINTENANCE: "a maintenance configuration" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text); kept("location", Kind::Text);
    }
    .inner(&MAINTENANCE_PROPERTIES)
}

shape! {
    MAINTENANCE_PROPERTIES in MAINTENANCE at "properties": "the properties of a maintenance configuration" {
        pub SCOPE: Optional<Scope> = optional("maintenanceScope");
        object(&WINDOW);
        kept("extensionProperties", Kind::Open); kept("installPatches", Kind::Open);
        kept("visibility", Kind::Word(&["Custom", "Public"]));
    }
    .known(&["namespace"])
}

shape! {
    ASSIGNMENT: "an assignment of a maintenance configuration" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text); kept("location", Kind::Text);
        pub ASSIGNED_SCOPE: Optional<Text> = optional("scope");
    }
    .inner(&ASSIGNMENT_PROPERTIES)
}

shape! {
    ASSIGNMENT_PROPERTIES in ASSIGNMENT at "properties": "the properties of an assignment" {
        pub CONFIGURATION: Optional<Text> = optional("maintenanceConfigurationId");
        pub ASSIGNED_TO: Optional<Text> = optional("resourceId");
    }
    .known(&["filter"])
}

shape! {
    WINDOW in MAINTENANCE_PROPERTIES at "maintenanceWindow": "a maintenance window" {
        pub START: Optional<Text> = optional("startDateTime");
        pub EXPIRATION: Optional<Text> = optional("expirationDateTime");
        pub DURATION: Optional<Text> = optional("duration");
        pub TIME_ZONE: Optional<Text> = optional("timeZone");
        pub RECUR_EVERY: Optional<Text> = optional("recurEvery");
    }
}
