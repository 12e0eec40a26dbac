//! `Microsoft.Network/loadBalancers`.

use super::{Kind, REFERENCE, REFERENCES, Shape};
use Kind::{Boolean, Integer, List, Object, Text, Word, Zones};

pub(super) static RESOURCE: Shape = Shape::new(
    "a load balancer",
    &[("type", Text), ("name", Text), ("id", Text), ("location", Text), ("sku", Object(&SKU))],
)
.inner(&PROPERTIES)
.known(&["extendedLocation", "zones"]);

static SKU: Shape =
    Shape::new("a sku", &[("name", Word(&["Basic", "Standard", "Gateway"])), ("tier", Word(&["Regional", "Global"]))]);

static PROPERTIES: Shape = Shape::new(
    "the properties of a load balancer",
    &[
        ("frontendIPConfigurations", List(&Object(&FRONTEND))),
        ("backendAddressPools", List(&Object(&BACKEND_POOL))),
        ("probes", List(&Object(&PROBE))),
        ("loadBalancingRules", List(&Object(&RULE))),
        ("inboundNatRules", List(&Object(&INBOUND_NAT_RULE))),
        ("inboundNatPools", List(&Object(&INBOUND_NAT_POOL))),
    ],
)
.known(&["outboundRules", "outboundNatRules", "scope"]);

static FRONTEND: Shape =
    Shape::new("a frontend IP configuration", &[("name", Text), ("zones", Zones)]).inner(&FRONTEND_PROPERTIES);

static FRONTEND_PROPERTIES: Shape = Shape::new(
    "the properties of a frontend IP configuration",
    &[
        ("publicIPAddress", Object(&REFERENCE)),
        ("publicIPPrefix", Object(&REFERENCE)),
        ("subnet", Object(&REFERENCE)),
        ("privateIPAddress", Text),
    ],
)
.known(&[
    "ddosSettings",
    "gatewayLoadBalancer",
    "inboundNatPools",
    "inboundNatRules",
    "loadBalancingRules",
    "outboundRules",
    "privateIPAddressVersion",
    "privateIPAllocationMethod",
]);

pub(super) static BACKEND_POOL: Shape =
    Shape::new("a backend address pool", &[("name", Text)]).inner(&BACKEND_POOL_PROPERTIES);

static BACKEND_POOL_PROPERTIES: Shape = Shape::new(
    "the properties of a backend address pool",
    &[
        ("loadBalancerBackendAddresses", List(&Object(&BACKEND_ADDRESS))),
        ("drainPeriodInSeconds", Integer),
        ("syncMode", Word(&["Automatic", "Manual"])),
    ],
)
.known(&[
    "backendIPConfigurations",
    "inboundNatRules",
    "loadBalancingRules",
    "location",
    "outboundRule",
    "outboundRules",
    "tunnelInterfaces",
    "virtualNetwork",
]);

static BACKEND_ADDRESS: Shape = Shape::new("a backend address", &[("name", Text)]).inner(&BACKEND_ADDRESS_PROPERTIES);

static BACKEND_ADDRESS_PROPERTIES: Shape = Shape::new(
    "the properties of a backend address",
    &[
        ("adminState", Word(&["None", "Up", "Down"])),
        ("ipAddress", Text),
        ("networkInterfaceIPConfiguration", Object(&REFERENCE)),
        ("loadBalancerFrontendIPConfiguration", Object(&REFERENCE)),
    ],
)
.known(&["inboundNatRulesPortMapping", "subnet", "virtualNetwork"]);

static PROBE: Shape = Shape::new("a probe", &[("name", Text)]).inner(&PROBE_PROPERTIES);

static PROBE_PROPERTIES: Shape = Shape::new(
    "the properties of a probe",
    &[
        ("protocol", Word(&["Tcp", "Http", "Https"])),
        ("port", Integer),
        ("requestPath", Text),
        ("intervalInSeconds", Integer),
        ("numberOfProbes", Integer),
        ("probeThreshold", Integer),
        ("noHealthyBackendsBehavior", Word(&["AllProbedDown", "AllProbedUp"])),
    ],
)
.known(&["loadBalancingRules", "timeoutInSeconds"]);

static RULE: Shape = Shape::new("a load-balancing rule", &[("name", Text)]).inner(&RULE_PROPERTIES);

static RULE_PROPERTIES: Shape = Shape::new(
    "the properties of a load-balancing rule",
    &[
        ("frontendIPConfiguration", Object(&REFERENCE)),
        ("backendAddressPool", Object(&REFERENCE)),
        ("backendAddressPools", REFERENCES),
        ("probe", Object(&REFERENCE)),
        ("protocol", Word(&["Tcp", "Udp", "All", "Quic"])),
        ("frontendPort", Integer),
        ("backendPort", Integer),
        ("idleTimeoutInMinutes", Integer),
        ("enableTcpReset", Boolean),
        ("enableConnectionTracking", Boolean),
        ("loadDistribution", Word(&["Default", "SourceIP", "SourceIPProtocol"])),
        ("disableOutboundSnat", Boolean),
        ("enableFloatingIP", Boolean),
    ],
)
.known(&["allowBackendPortConflict", "enableDestinationServiceEndpoint"]);

pub(super) static INBOUND_NAT_RULE: Shape =
    Shape::new("an inbound NAT rule", &[("name", Text)]).inner(&INBOUND_NAT_RULE_PROPERTIES);

static INBOUND_NAT_RULE_PROPERTIES: Shape = Shape::new(
    "the properties of an inbound NAT rule",
    &[
        ("frontendIPConfiguration", Object(&REFERENCE)),
        ("backendAddressPool", Object(&REFERENCE)),
        ("protocol", Word(&["Tcp", "Udp", "All"])),
        ("frontendPort", Integer),
        ("frontendPortRangeStart", Integer),
        ("frontendPortRangeEnd", Integer),
        ("backendPort", Integer),
        ("idleTimeoutInMinutes", Integer),
        ("enableTcpReset", Boolean),
    ],
)
.known(&[
    "allowBackendPortConflict",
    "backendIPConfiguration",
    "enableDestinationServiceEndpoint",
    "enableFloatingIP",
    "location",
]);

static INBOUND_NAT_POOL: Shape =
    Shape::new("an inbound NAT pool", &[("name", Text)]).inner(&INBOUND_NAT_POOL_PROPERTIES);

static INBOUND_NAT_POOL_PROPERTIES: Shape = Shape::new(
    "the properties of an inbound NAT pool",
    &[
        ("frontendIPConfiguration", Object(&REFERENCE)),
        ("protocol", Word(&["Tcp", "Udp", "All"])),
        ("frontendPortRangeStart", Integer),
        ("frontendPortRangeEnd", Integer),
        ("backendPort", Integer),
        ("idleTimeoutInMinutes", Integer),
        ("enableTcpReset", Boolean),
    ],
)
.known(&["allowBackendPortConflict", "enableDestinationServiceEndpoint", "enableFloatingIP"]);
