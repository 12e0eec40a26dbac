//! Application gateways, all of whose parts are blocks of one resource.

use super::super::row::{Block, Table, Within, block, each, link, many, one, part, value};
use super::PUBLIC_IP;
use crate::arm::shape::GATEWAY;

pub static GATEWAYS: Table = Table {
    from: &["azurerm_application_gateway"],
    to: GATEWAY,
    within: Within::Group,
    source: "network/application_gateway_resource.go",
    block: block(
        &[
            value("location", "location"),
            one("sku", "properties.sku", &SKU),
            one("autoscale_configuration", "properties.autoscaleConfiguration", &AUTOSCALE),
            many("gateway_ip_configuration", "properties.gatewayIPConfigurations", &OWN_ADDRESS),
            many("frontend_ip_configuration", "properties.frontendIPConfigurations", &FRONTEND),
            many("frontend_port", "properties.frontendPorts", &PORT),
            many("backend_address_pool", "properties.backendAddressPools", &POOL),
            many("backend_http_settings", "properties.backendHttpSettingsCollection", &SETTING),
            many("http_listener", "properties.httpListeners", &LISTENER),
            many("request_routing_rule", "properties.requestRoutingRules", &RULE),
            many("probe", "properties.probes", &PROBE),
            many("url_path_map", "properties.urlPathMaps", &PATH_MAP),
        ],
        &[
            "authentication_certificate",
            "backend",
            "custom_error_configuration",
            "enable_http2",
            "fips_enabled",
            "firewall_policy_id",
            "force_firewall_policy_association",
            "global",
            "http2_enabled",
            "identity",
            "listener",
            "private_endpoint_connection",
            "private_link_configuration",
            "redirect_configuration",
            "rewrite_rule_set",
            "routing_rule",
            "ssl_certificate",
            "ssl_policy",
            "ssl_profile",
            "trusted_client_certificate",
            "trusted_root_certificate",
            "waf_configuration",
            "zones",
        ],
    ),
};

static SKU: Block = block(&[value("name", "name"), value("tier", "tier"), value("capacity", "capacity")], &[]);

static AUTOSCALE: Block = block(&[value("min_capacity", "minCapacity"), value("max_capacity", "maxCapacity")], &[]);

static OWN_ADDRESS: Block = block(&[value("name", "name")], &["id", "subnet_id"]);

static FRONTEND: Block = block(
    &[
        value("name", "name"),
        link("public_ip_address_id", "properties.publicIPAddress.id", PUBLIC_IP),
        value("private_ip_address", "properties.privateIPAddress"),
    ],
    &[
        "id",
        "private_ip_address_allocation",
        "private_link_configuration_id",
        "private_link_configuration_name",
        "subnet_id",
    ],
);

static PORT: Block = block(&[value("name", "name"), value("port", "properties.port")], &["id"]);

static POOL: Block = block(
    &[
        value("name", "name"),
        each("fqdns", "properties.backendAddresses", "fqdn"),
        each("ip_addresses", "properties.backendAddresses", "ipAddress"),
    ],
    &["id"],
);

static SETTING: Block = block(
    &[
        value("name", "name"),
        part("probe_name", "properties.probe", "probes"),
        value("port", "properties.port"),
        value("protocol", "properties.protocol"),
        value("cookie_based_affinity", "properties.cookieBasedAffinity"),
        value("request_timeout", "properties.requestTimeout").or("30"),
        one("connection_draining", "properties.connectionDraining", &DRAINING),
    ],
    &[
        "affinity_cookie_name",
        "authentication_certificate",
        "certificate_chain_validation_enabled",
        "dedicated_backend_connection_enabled",
        "host_name",
        "id",
        "path",
        "pick_host_name_from_backend_address",
        "probe_id",
        "sni_name",
        "sni_validation_enabled",
        "trusted_root_certificate_names",
    ],
);

static DRAINING: Block = block(&[value("enabled", "enabled"), value("drain_timeout_sec", "drainTimeoutInSec")], &[]);

static LISTENER: Block = block(
    &[
        value("name", "name"),
        part("frontend_ip_configuration_name", "properties.frontendIPConfiguration", "frontendIPConfigurations"),
        part("frontend_port_name", "properties.frontendPort", "frontendPorts"),
        value("protocol", "properties.protocol"),
        value("host_name", "properties.hostName"),
        part("ssl_certificate_name", "properties.sslCertificate", "sslCertificates"),
    ],
    &[
        "custom_error_configuration",
        "firewall_policy_id",
        "frontend_ip_configuration_id",
        "frontend_port_id",
        "host_names",
        "id",
        "require_sni",
        "ssl_certificate_id",
        "ssl_profile_id",
        "ssl_profile_name",
    ],
);

static RULE: Block = block(
    &[
        value("name", "name"),
        value("rule_type", "properties.ruleType"),
        part("http_listener_name", "properties.httpListener", "httpListeners"),
        part("backend_address_pool_name", "properties.backendAddressPool", "backendAddressPools"),
        part("backend_http_settings_name", "properties.backendHttpSettings", "backendHttpSettingsCollection"),
        part("url_path_map_name", "properties.urlPathMap", "urlPathMaps"),
        part("redirect_configuration_name", "properties.redirectConfiguration", "redirectConfigurations"),
        part("rewrite_rule_set_name", "properties.rewriteRuleSet", "rewriteRuleSets"),
        value("priority", "properties.priority"),
    ],
    &[
        "backend_address_pool_id",
        "backend_http_settings_id",
        "http_listener_id",
        "id",
        "redirect_configuration_id",
        "rewrite_rule_set_id",
        "url_path_map_id",
    ],
);

static PROBE: Block = block(
    &[
        value("name", "name"),
        value("protocol", "properties.protocol"),
        value("host", "properties.host"),
        value("path", "properties.path"),
        value("interval", "properties.interval"),
        value("timeout", "properties.timeout"),
        value("unhealthy_threshold", "properties.unhealthyThreshold"),
        value("minimum_servers", "properties.minServers").or("0"),
        one("match", "properties.match", &MATCH),
    ],
    &["id", "pick_host_name_from_backend_http_settings", "port", "proxy_protocol_header_enabled"],
);

static MATCH: Block = block(&[value("status_code", "statusCodes"), value("body", "body")], &[]);

static PATH_MAP: Block = block(
    &[
        value("name", "name"),
        part("default_backend_address_pool_name", "properties.defaultBackendAddressPool", "backendAddressPools"),
        part(
            "default_backend_http_settings_name",
            "properties.defaultBackendHttpSettings",
            "backendHttpSettingsCollection",
        ),
        part(
            "default_redirect_configuration_name",
            "properties.defaultRedirectConfiguration",
            "redirectConfigurations",
        ),
        part("default_rewrite_rule_set_name", "properties.defaultRewriteRuleSet", "rewriteRuleSets"),
        many("path_rule", "properties.pathRules", &PATH_RULE),
    ],
    &[
        "default_backend_address_pool_id",
        "default_backend_http_settings_id",
        "default_redirect_configuration_id",
        "default_rewrite_rule_set_id",
        "id",
    ],
);

static PATH_RULE: Block = block(
    &[
        value("name", "name"),
        value("paths", "properties.paths"),
        part("backend_address_pool_name", "properties.backendAddressPool.id", "backendAddressPools"),
        part("backend_http_settings_name", "properties.backendHttpSettings.id", "backendHttpSettingsCollection"),
        part("redirect_configuration_name", "properties.redirectConfiguration.id", "redirectConfigurations"),
    ],
    &[
        "backend_address_pool_id",
        "backend_http_settings_id",
        "firewall_policy_id",
        "id",
        "redirect_configuration_id",
        "rewrite_rule_set_id",
        "rewrite_rule_set_name",
    ],
);
