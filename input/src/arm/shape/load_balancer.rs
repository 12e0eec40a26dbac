//! `Microsoft.Network/loadBalancers`.

use super::field::{Field, Objects, Optional, Reference, References, Text, Zones, field, kept, list, object, optional};
use super::{Kind, Live, REFERENCE, matters};
use windtunnel_sim::plan::{BalancingRule, Distribution, Probe, Reach};
use windtunnel_sim::rules::{LB_02, LB_07, LB_27};

choice! {
    /// `name` of a sku.
    Sku { Basic, Standard, Gateway }
}

choice! {
    /// `protocol` of a probe.
    Protocol { Tcp, Http, Https }
}

choice! {
    /// `protocol` of a load-balancing rule.
    Transport { Tcp, Udp, All, Quic }
}

choice! {
    /// `noHealthyBackendsBehavior` of a probe.
    NoHealthyBackends { AllProbedDown, AllProbedUp }
}

shape! {
    RESOURCE: "a load balancer" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text); kept("location", Kind::Text);
        object(&SKU);
    }
    .inner(&PROPERTIES)
    .live(Live::Takes(Reach::Nothing))
    .known(&["extendedLocation", "zones"])
}

shape! {
    SKU in RESOURCE at "sku": "a sku" {
        pub SKU_NAME: Optional<Sku> = optional("name");
        kept("tier", Kind::Word(&["Regional", "Global"]));
    }
    .matters(&[matters("tier", &["Regional"], "users of several regions use one address")])
}

shape! {
    PROPERTIES in RESOURCE at "properties": "the properties of a load balancer" {
        pub FRONTENDS: Optional<Objects> = list("frontendIPConfigurations", &Kind::Object(&FRONTEND));
        pub POOLS: Optional<Objects> = list("backendAddressPools", &Kind::Object(&BACKEND_POOL));
        pub PROBES: Optional<Objects> = list("probes", &Kind::Object(&PROBE));
        pub RULES: Optional<Objects> = list("loadBalancingRules", &Kind::Object(&RULE));
        kept("inboundNatRules", Kind::List(&Kind::Object(&INBOUND_NAT_RULE)));
        kept("inboundNatPools", Kind::List(&Kind::Object(&INBOUND_NAT_POOL)));
    }
    .live(Live::AtStart)
    .known(&["outboundRules", "outboundNatRules", "scope"])
    .matters(&[matters("mode", &[], "the extra features of the Advanced SKU are not modelled")])
}

shape! {
    FRONTEND: "a frontend IP configuration" {
        kept("name", Kind::Text);
        pub FRONTEND_ZONES: Optional<Zones> = optional("zones");
    }
    .inner(&FRONTEND_PROPERTIES)
}

shape! {
    FRONTEND_PROPERTIES in FRONTEND at "properties": "the properties of a frontend IP configuration" {
        pub FRONTEND_ADDRESS: Optional<Reference> = optional("publicIPAddress").live(Live::Apart);
        kept("publicIPPrefix", Kind::Object(&REFERENCE));
        kept("subnet", Kind::Object(&REFERENCE));
        pub FRONTEND_PRIVATE: Optional<Text> = optional("privateIPAddress");
    }
    .known(&[
        "ddosSettings", "enableConnectionTracking", "inboundNatPools", "inboundNatRules", "loadBalancingRules",
        "outboundRules", "privateIPAddressVersion", "privateIPAllocationMethod",
    ])
    .matters(&[matters("gatewayLoadBalancer", &[], "traffic goes through a chain of other machines")])
}

shape! {
    BACKEND_POOL: "a backend address pool" {
        kept("name", Kind::Text);
    }
    .live(Live::Apart)
    .inner(&BACKEND_POOL_PROPERTIES)
}

shape! {
    BACKEND_POOL_PROPERTIES in BACKEND_POOL at "properties": "the properties of a backend address pool" {
        kept("loadBalancerBackendAddresses", Kind::List(&Kind::Object(&BACKEND_ADDRESS)));
        pub DRAIN_PERIOD: Optional<i64> = optional("drainPeriodInSeconds");
        kept("syncMode", Kind::Word(&["Automatic", "Manual"]));
    }
    .live(Live::AtStart)
    .known(&[
        "backendIPConfigurations", "inboundNatRules", "loadBalancingRules", "location", "outboundRule",
        "outboundRules", "tunnelInterfaces", "virtualNetwork",
    ])
}

shape! {
    BACKEND_ADDRESS: "a backend address" {
        kept("name", Kind::Text);
    }
    .inner(&BACKEND_ADDRESS_PROPERTIES)
}

shape! {
    BACKEND_ADDRESS_PROPERTIES in BACKEND_ADDRESS at "properties": "the properties of a backend address" {
        kept("adminState", Kind::Word(&["None", "Up", "Down"])); kept("ipAddress", Kind::Text);
        kept("networkInterfaceIPConfiguration", Kind::Object(&REFERENCE));
        kept("loadBalancerFrontendIPConfiguration", Kind::Object(&REFERENCE));
    }
    .known(&["inboundNatRulesPortMapping", "subnet", "virtualNetwork"])
    .matters(&[
        matters("adminState", &["None"], "in the model only pipelines set admin states"),
        matters("ipAddress", &[], "backends given by address are not instances of a scale set"),
        matters("loadBalancerFrontendIPConfiguration", &[], "a balancer of another region behind this one"),
    ])
}

shape! {
    PROBE: "a probe" {
        kept("name", Kind::Text);
    }
    .live(Live::Apart)
    .inner(&PROBE_PROPERTIES)
}

shape! {
    PROBE_PROPERTIES in PROBE at "properties": "the properties of a probe" {
        pub PROBE_PROTOCOL: Field<Protocol> = field("protocol", Protocol::Tcp);
        pub PROBE_PORT: Field<i64> = field("port", 80).within(1, 65_535);
        pub PROBE_PATH: Optional<Text> = optional("requestPath");
        pub PROBE_INTERVAL: Optional<u32> = optional("intervalInSeconds").range(LB_02, 5, i64::MAX);
        pub NUMBER_OF_PROBES: Field<u32> = field("numberOfProbes", Probe::PROBES);
        pub PROBE_THRESHOLD: Field<u32> = field("probeThreshold", 1).range(LB_07, 1, 100);
        pub PROBE_NO_HEALTHY: Optional<NoHealthyBackends> = optional("noHealthyBackendsBehavior");
    }
    .live(Live::Apart)
    .known(&["loadBalancingRules", "timeoutInSeconds"])
}

shape! {
    RULE: "a load-balancing rule" {
        kept("name", Kind::Text);
    }
    .live(Live::Apart)
    .inner(&RULE_PROPERTIES)
}

shape! {
    RULE_PROPERTIES in RULE at "properties": "the properties of a load-balancing rule" {
        pub RULE_FRONTEND: Optional<Reference> = optional("frontendIPConfiguration");
        pub RULE_POOL: Optional<Reference> = optional("backendAddressPool").live(Live::Apart);
        pub RULE_POOLS: Optional<References> = optional("backendAddressPools").live(Live::Apart);
        pub RULE_PROBE: Optional<Reference> = optional("probe").live(Live::Apart);
        pub RULE_PROTOCOL: Optional<Transport> = optional("protocol");
        pub FRONTEND_PORT: Optional<i64> = optional("frontendPort").within(0, 65_534);
        pub BACKEND_PORT: Optional<i64> = optional("backendPort").within(0, 65_535);
        pub IDLE_TIMEOUT: Field<u32> =
            field("idleTimeoutInMinutes", (BalancingRule::DEFAULT.idle_timeout.ms() / 60_000) as u32)
                .range(LB_27, 4, 100);
        pub TCP_RESET: Field<bool> = field("enableTcpReset", BalancingRule::DEFAULT.tcp_reset);
        kept("enableConnectionTracking", Kind::Boolean);
        pub DISTRIBUTION: Field<Distribution> = field("loadDistribution", BalancingRule::DEFAULT.distribution);
        kept("disableOutboundSnat", Kind::Boolean);
        pub FLOATING: Field<bool> = field("enableFloatingIP", false);
    }
    .live(Live::AtStart)
    .known(&["allowBackendPortConflict", "enableDestinationServiceEndpoint"])
}

shape! {
    INBOUND_NAT_RULE: "an inbound NAT rule" {
        kept("name", Kind::Text);
    }
    .inner(&INBOUND_NAT_RULE_PROPERTIES)
}

shape! {
    INBOUND_NAT_RULE_PROPERTIES in INBOUND_NAT_RULE at "properties": "the properties of an inbound NAT rule" {
        kept("frontendIPConfiguration", Kind::Object(&REFERENCE));
        kept("backendAddressPool", Kind::Object(&REFERENCE)); kept("protocol", Kind::Word(&["Tcp", "Udp", "All"]));
        kept("frontendPort", Kind::Integer); kept("frontendPortRangeStart", Kind::Integer);
        kept("frontendPortRangeEnd", Kind::Integer); kept("backendPort", Kind::Integer);
        kept("idleTimeoutInMinutes", Kind::Integer); kept("enableTcpReset", Kind::Boolean);
    }
    .known(&[
        "allowBackendPortConflict", "backendIPConfiguration", "enableDestinationServiceEndpoint",
        "enableFloatingIP", "location",
    ])
}

shape! {
    INBOUND_NAT_POOL: "an inbound NAT pool" {
        kept("name", Kind::Text);
    }
    .inner(&INBOUND_NAT_POOL_PROPERTIES)
}

shape! {
    INBOUND_NAT_POOL_PROPERTIES in INBOUND_NAT_POOL at "properties": "the properties of an inbound NAT pool" {
        kept("frontendIPConfiguration", Kind::Object(&REFERENCE));
        kept("protocol", Kind::Word(&["Tcp", "Udp", "All"])); kept("frontendPortRangeStart", Kind::Integer);
        kept("frontendPortRangeEnd", Kind::Integer); kept("backendPort", Kind::Integer);
        kept("idleTimeoutInMinutes", Kind::Integer); kept("enableTcpReset", Kind::Boolean);
    }
    .known(&["allowBackendPortConflict", "enableDestinationServiceEndpoint", "enableFloatingIP"])
}
