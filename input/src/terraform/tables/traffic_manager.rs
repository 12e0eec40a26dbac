//! Profiles of Traffic Manager and their endpoints.

use super::super::row::{Block, Table, Within, block, link, many, one, ranges, value, word};
use super::{ON, PUBLIC_IP};
use crate::arm::shape::TRAFFIC_MANAGER;

pub static PROFILE: Table = Table {
    from: &["azurerm_traffic_manager_profile"],
    to: TRAFFIC_MANAGER,
    within: Within::Group,
    source: "trafficmanager/traffic_manager_profile_resource.go",
    block: block(
        &[
            value("profile_status", "properties.profileStatus").or("Enabled"),
            value("traffic_routing_method", "properties.trafficRoutingMethod"),
            one("dns_config", "properties.dnsConfig", &DNS),
            one("monitor_config", "properties.monitorConfig", &MONITOR),
            value("max_return", "properties.maxReturn"),
        ],
        &["fqdn", "traffic_view_enabled"],
    )
    .always(&[("location", "global")]),
};

static DNS: Block = block(&[value("relative_name", "relativeName"), value("ttl", "ttl")], &[]);

static MONITOR: Block = block(
    &[
        value("protocol", "protocol"),
        value("port", "port"),
        value("path", "path"),
        value("interval_in_seconds", "intervalInSeconds").or("30"),
        value("timeout_in_seconds", "timeoutInSeconds").or("10"),
        value("tolerated_number_of_failures", "toleratedNumberOfFailures").or("3"),
        ranges("expected_status_code_ranges", "expectedStatusCodeRanges"),
    ],
    &["custom_header"],
);

/// What every endpoint has.
static ENDPOINT: Block = block(
    &[
        value("weight", "properties.weight").or("1"),
        value("priority", "properties.priority"),
        word("enabled", "properties.endpointStatus", ON).or("true"),
        value("geo_mappings", "properties.geoMapping"),
        many("subnet", "properties.subnets", &SUBNET),
    ],
    &["custom_header"],
);

static SUBNET: Block = block(&[value("first", "first"), value("last", "last"), value("scope", "scope")], &[]);

pub static AZURE_ENDPOINT: Table = Table {
    from: &["azurerm_traffic_manager_azure_endpoint"],
    to: "Microsoft.Network/trafficManagerProfiles/azureEndpoints",
    within: Within::Id("profile_id"),
    source: "trafficmanager/traffic_manager_azure_endpoint_resource.go",
    block: block(
        &[
            link("target_resource_id", "properties.targetResourceId", PUBLIC_IP),
            word("always_serve_enabled", "properties.alwaysServe", ON).or("false"),
        ],
        &[],
    )
    .with(&[&ENDPOINT]),
};

pub static EXTERNAL_ENDPOINT: Table = Table {
    from: &["azurerm_traffic_manager_external_endpoint"],
    to: "Microsoft.Network/trafficManagerProfiles/externalEndpoints",
    within: Within::Id("profile_id"),
    source: "trafficmanager/traffic_manager_external_endpoint_resource.go",
    block: block(
        &[
            link("target", "properties.target", PUBLIC_IP),
            word("always_serve_enabled", "properties.alwaysServe", ON).or("false"),
            value("endpoint_location", "properties.endpointLocation"),
        ],
        &[],
    )
    .with(&[&ENDPOINT]),
};

pub static NESTED_ENDPOINT: Table = Table {
    from: &["azurerm_traffic_manager_nested_endpoint"],
    to: "Microsoft.Network/trafficManagerProfiles/nestedEndpoints",
    within: Within::Id("profile_id"),
    source: "trafficmanager/traffic_manager_nested_endpoint_resource.go",
    block: block(
        &[
            link("target_resource_id", "properties.targetResourceId", TRAFFIC_MANAGER),
            value("minimum_child_endpoints", "properties.minChildEndpoints"),
            value("endpoint_location", "properties.endpointLocation"),
        ],
        &["minimum_required_child_endpoints_ipv4", "minimum_required_child_endpoints_ipv6"],
    )
    .with(&[&ENDPOINT]),
};
