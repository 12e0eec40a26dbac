//! Front Door Standard and Premium.

use super::super::row::{Block, Table, Within, block, link, one, value, word};
use super::{ON, PUBLIC_IP};
use crate::arm::shape::FRONT_DOOR;

const ORIGIN_GROUP: &str = "Microsoft.Cdn/profiles/originGroups";

pub static PROFILE: Table = Table {
    from: &["azurerm_cdn_frontdoor_profile"],
    to: FRONT_DOOR,
    within: Within::Group,
    source: "cdn/cdn_frontdoor_profile_resource.go",
    block: block(
        &[value("sku_name", "sku.name")],
        &["identity", "log_scrubbing_rule", "resource_guid", "response_timeout_seconds"],
    )
    .always(&[("location", "global")]),
};

pub static ENDPOINT: Table = Table {
    from: &["azurerm_cdn_frontdoor_endpoint"],
    to: "Microsoft.Cdn/profiles/afdEndpoints",
    within: Within::Id("cdn_frontdoor_profile_id"),
    source: "cdn/cdn_frontdoor_endpoint_resource.go",
    block: block(&[word("enabled", "properties.enabledState", ON).or("true")], &["host_name"])
        .always(&[("location", "global")]),
};

pub static GROUP: Table = Table {
    from: &["azurerm_cdn_frontdoor_origin_group"],
    to: ORIGIN_GROUP,
    within: Within::Id("cdn_frontdoor_profile_id"),
    source: "cdn/cdn_frontdoor_origin_group_resource.go",
    block: block(
        &[
            one("health_probe", "properties.healthProbeSettings", &PROBE),
            one("load_balancing", "properties.loadBalancingSettings", &BALANCING),
            word("session_affinity_enabled", "properties.sessionAffinityState", ON).or("true"),
        ],
        &["restore_traffic_time_to_healed_or_new_endpoint_in_minutes"],
    ),
};

static PROBE: Block = block(
    &[
        value("path", "probePath").or("/"),
        value("request_type", "probeRequestType").or("HEAD"),
        value("protocol", "probeProtocol"),
        value("interval_in_seconds", "probeIntervalInSeconds"),
    ],
    &[],
);

static BALANCING: Block = block(
    &[
        value("sample_size", "sampleSize").or("4"),
        value("successful_samples_required", "successfulSamplesRequired").or("3"),
        value("additional_latency_in_milliseconds", "additionalLatencyInMilliseconds").or("50"),
    ],
    &[],
);

pub static ORIGIN: Table = Table {
    from: &["azurerm_cdn_frontdoor_origin"],
    to: "Microsoft.Cdn/profiles/originGroups/origins",
    within: Within::Id("cdn_frontdoor_origin_group_id"),
    source: "cdn/cdn_frontdoor_origin_resource.go",
    block: block(
        &[
            link("host_name", "properties.hostName", PUBLIC_IP),
            value("http_port", "properties.httpPort").or("80"),
            value("https_port", "properties.httpsPort").or("443"),
            value("origin_host_header", "properties.originHostHeader"),
            value("priority", "properties.priority").or("1"),
            value("weight", "properties.weight").or("500"),
            // 3.x had the second name, too.
            word("enabled", "properties.enabledState", ON).also(&["health_probes_enabled"]).or("true"),
        ],
        &["certificate_name_check_enabled", "private_link"],
    ),
};

pub static ROUTE: Table = Table {
    from: &["azurerm_cdn_frontdoor_route"],
    to: "Microsoft.Cdn/profiles/afdEndpoints/routes",
    within: Within::Id("cdn_frontdoor_endpoint_id"),
    source: "cdn/cdn_frontdoor_route_resource.go",
    block: block(
        &[
            link("cdn_frontdoor_origin_group_id", "properties.originGroup", ORIGIN_GROUP),
            word("enabled", "properties.enabledState", ON).or("true"),
            value("forwarding_protocol", "properties.forwardingProtocol").or("MatchRequest"),
            value("patterns_to_match", "properties.patternsToMatch"),
            value("cdn_frontdoor_rule_set_ids", "properties.ruleSets"),
            one("cache", "properties.cacheConfiguration", &CACHE),
        ],
        &[
            "cdn_frontdoor_custom_domain_ids",
            "cdn_frontdoor_origin_ids",
            "cdn_frontdoor_origin_path",
            "https_redirect_enabled",
            "link_to_default_domain",
            "supported_protocols",
        ],
    ),
};

static CACHE: Block = block(
    &[value("query_string_caching_behavior", "queryStringCachingBehavior").or("IgnoreQueryString")],
    &["compression_enabled", "content_types_to_compress", "query_strings"],
);
