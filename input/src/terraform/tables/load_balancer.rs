//! Load balancers, whose parts are resources of their own in the provider.

use super::super::row::{Table, Within, block, link, links, many, part, value};
use super::{NAT_POOL, POOL, PROBE, PUBLIC_IP};
use crate::arm::shape::LOAD_BALANCER;

const FRONTENDS: &str = "frontendIPConfigurations";

pub static BALANCER: Table = Table {
    from: &["azurerm_lb"],
    to: LOAD_BALANCER,
    within: Within::Group,
    source: "loadbalancer/lb_resource.go",
    block: block(
        &[
            value("location", "location"),
            // 3.x sends Basic.
            value("sku", "sku.name").or("Standard"),
            value("sku_tier", "sku.tier").or("Regional"),
            many(
                "frontend_ip_configuration",
                "properties.frontendIPConfigurations",
                &block(
                    &[
                        value("name", "name"),
                        value("zones", "zones"),
                        link("public_ip_address_id", "properties.publicIPAddress", PUBLIC_IP),
                        value("private_ip_address", "properties.privateIPAddress"),
                        link(
                            "gateway_load_balancer_frontend_ip_configuration_id",
                            "properties.gatewayLoadBalancer",
                            "Microsoft.Network/loadBalancers/frontendIPConfigurations",
                        ),
                    ],
                    &[
                        "availability_zone",
                        "id",
                        "inbound_nat_rules",
                        "load_balancer_rules",
                        "outbound_rules",
                        "private_ip_address_allocation",
                        "private_ip_address_version",
                        "public_ip_prefix_id",
                        "subnet_id",
                    ],
                ),
            ),
        ],
        &["edge_zone", "private_ip_address", "private_ip_addresses"],
    ),
};

/// Nothing of it is read but its id.
pub static PUBLIC_ADDRESS: Table = Table {
    from: &["azurerm_public_ip"],
    to: PUBLIC_IP,
    within: Within::Group,
    source: "network/public_ip_resource.go",
    block: block(&[], &[]),
};

pub static BACKEND_POOL: Table = Table {
    from: &["azurerm_lb_backend_address_pool"],
    to: POOL,
    within: Within::Id("loadbalancer_id"),
    source: "loadbalancer/lb_backend_address_pool_resource.go",
    block: block(
        &[],
        &[
            "backend_address",
            "backend_ip_configurations",
            "inbound_nat_rules",
            "load_balancing_rules",
            "outbound_rules",
            "synchronous_mode",
            "tunnel_interface",
            "virtual_network_id",
        ],
    ),
};

/// A backend that is given by address, or a balancer of another region.
pub static ADDRESS: Table = Table {
    from: &["azurerm_lb_backend_address_pool_address"],
    to: "Microsoft.Network/loadBalancers/backendAddressPools/loadBalancerBackendAddresses",
    within: Within::Id("backend_address_pool_id"),
    source: "loadbalancer/lb_backend_address_pool_address_resource.go",
    block: block(
        &[
            value("ip_address", "properties.ipAddress"),
            link(
                "backend_address_ip_configuration_id",
                "properties.loadBalancerFrontendIPConfiguration",
                "Microsoft.Network/loadBalancers/frontendIPConfigurations",
            ),
        ],
        &["inbound_nat_rule_port_mapping", "virtual_network_id"],
    ),
};

pub static PROBES: Table = Table {
    from: &["azurerm_lb_probe"],
    to: PROBE,
    within: Within::Id("loadbalancer_id"),
    source: "loadbalancer/lb_probe_resource.go",
    block: block(
        &[
            value("protocol", "properties.protocol").or("Tcp"),
            value("port", "properties.port"),
            value("request_path", "properties.requestPath"),
            value("interval_in_seconds", "properties.intervalInSeconds").or("15"),
            value("number_of_probes", "properties.numberOfProbes").or("2"),
            value("probe_threshold", "properties.probeThreshold").or("1"),
        ],
        &["load_balancer_rules"],
    ),
};

pub static RULE: Table = Table {
    from: &["azurerm_lb_rule"],
    to: "Microsoft.Network/loadBalancers/loadBalancingRules",
    within: Within::Id("loadbalancer_id"),
    source: "loadbalancer/lb_rule_resource.go",
    block: block(
        &[
            part("frontend_ip_configuration_name", "properties.frontendIPConfiguration", FRONTENDS),
            links("backend_address_pool_ids", "properties.backendAddressPools", POOL),
            // Before 3.0.
            link("backend_address_pool_id", "properties.backendAddressPool", POOL),
            link("probe_id", "properties.probe", PROBE),
            value("protocol", "properties.protocol"),
            value("frontend_port", "properties.frontendPort"),
            value("backend_port", "properties.backendPort"),
            value("idle_timeout_in_minutes", "properties.idleTimeoutInMinutes").or("4"),
            value("tcp_reset_enabled", "properties.enableTcpReset").also(&["enable_tcp_reset"]).or("false"),
            value("load_distribution", "properties.loadDistribution").or("Default"),
        ],
        &["disable_outbound_snat", "enable_floating_ip", "floating_ip_enabled", "frontend_ip_configuration_id"],
    ),
};

pub static NAT_POOLS: Table = Table {
    from: &["azurerm_lb_nat_pool"],
    to: NAT_POOL,
    within: Within::Id("loadbalancer_id"),
    source: "loadbalancer/lb_nat_pool_resource.go",
    block: block(
        &[
            part("frontend_ip_configuration_name", "properties.frontendIPConfiguration", FRONTENDS),
            value("protocol", "properties.protocol"),
            value("frontend_port_start", "properties.frontendPortRangeStart"),
            value("frontend_port_end", "properties.frontendPortRangeEnd"),
            value("backend_port", "properties.backendPort"),
        ],
        &[
            "enable_floating_ip",
            "enable_tcp_reset",
            "floating_ip_enabled",
            "frontend_ip_configuration_id",
            "idle_timeout_in_minutes",
            "tcp_reset_enabled",
        ],
    ),
};

pub static NAT_RULE: Table = Table {
    from: &["azurerm_lb_nat_rule"],
    to: "Microsoft.Network/loadBalancers/inboundNatRules",
    within: Within::Id("loadbalancer_id"),
    source: "loadbalancer/lb_nat_rule_resource.go",
    block: block(
        &[
            part("frontend_ip_configuration_name", "properties.frontendIPConfiguration", FRONTENDS),
            link("backend_address_pool_id", "properties.backendAddressPool", POOL),
            value("protocol", "properties.protocol"),
            value("frontend_port", "properties.frontendPort"),
            value("frontend_port_start", "properties.frontendPortRangeStart"),
            value("frontend_port_end", "properties.frontendPortRangeEnd"),
            value("backend_port", "properties.backendPort"),
        ],
        &[
            "backend_ip_configuration_id",
            "enable_floating_ip",
            "enable_tcp_reset",
            "floating_ip_enabled",
            "frontend_ip_configuration_id",
            "idle_timeout_in_minutes",
            "tcp_reset_enabled",
        ],
    ),
};
