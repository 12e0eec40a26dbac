//! `Microsoft.Network/trafficManagerProfiles`.

use super::field::{Field, Objects, Optional, Text, Texts, field, kept, list, object, optional};
use super::{Kind, Live};
use windtunnel_sim::plan::{Reach, RoutingMethod};
use windtunnel_sim::rules::{TM_02, TM_04, TM_07, TM_10};

choice! {
    /// `profileStatus`, `endpointStatus` and `alwaysServe`.
    Switch { Enabled, Disabled }
}

windtunnel_sim::words! {
    /// `protocol` of the probes.
    pub enum MonitorProtocol {
        /// `HTTP`.
        Http => "HTTP",
        /// `HTTPS`.
        Https => "HTTPS",
        /// `TCP`.
        Tcp => "TCP",
    }
}

shape! {
    RESOURCE: "a Traffic Manager profile" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text); kept("location", Kind::Text);
    }
    .inner(&PROPERTIES)
    .live(Live::Takes(Reach::Nothing))
}

shape! {
    PROPERTIES in RESOURCE at "properties": "the properties of a Traffic Manager profile" {
        pub PROFILE_STATUS: Field<Switch> = field("profileStatus", Switch::Enabled).live(Live::Apart);
        pub METHOD: Field<RoutingMethod> = field("trafficRoutingMethod", RoutingMethod::Performance).live(Live::Apart);
        object(&DNS);
        object(&MONITOR);
        pub ENDPOINTS: Optional<Objects> = list("endpoints", &Kind::Object(&ENDPOINT));
        pub MAX_RETURN: Field<u32> = field("maxReturn", 2).range(TM_10, 1, 8).live(Live::Apart);
    }
    .live(Live::AtStart)
    .known(&["trafficViewEnrollmentStatus", "allowedEndpointRecordTypes"])
}

shape! {
    DNS in PROPERTIES at "dnsConfig": "the DNS settings of a profile" {
        kept("relativeName", Kind::Text);
        pub TTL: Field<u32> = field("ttl", 30).range(TM_07, 0, 2_147_483_647).live(Live::Apart);
    }
    .known(&["fqdn"])
}

shape! {
    MONITOR in PROPERTIES at "monitorConfig": "the monitor settings of a profile" {
        pub PROTOCOL: Field<MonitorProtocol> = field("protocol", MonitorProtocol::Http).live(Live::Apart);
        pub PORT: Field<i64> = field("port", 80).within(1, 65_535).live(Live::Apart);
        pub PATH: Optional<Text> = optional("path").live(Live::Apart);
        pub INTERVAL: Field<u32> = field("intervalInSeconds", 30).live(Live::Apart);
        pub TIMEOUT: Optional<u32> = optional("timeoutInSeconds").live(Live::Apart);
        pub TOLERATED: Field<u32> = field("toleratedNumberOfFailures", 3).range(TM_02, 0, 9).live(Live::Apart);
        pub CODES: Optional<Objects> = list("expectedStatusCodeRanges", &Kind::Object(&CODE_RANGE)).live(Live::Apart);
    }
    .known(&["customHeaders", "profileMonitorStatus"])
}

shape! {
    CODE_RANGE: "a range of status codes" {
        pub CODE_MIN: Optional<u32> = optional("min").range(TM_04, 100, 999);
        pub CODE_MAX: Optional<u32> = optional("max").range(TM_04, 100, 999);
    }
}

shape! {
    ENDPOINT: "an endpoint of a profile" {
        kept("name", Kind::Text); kept("type", Kind::Text); kept("id", Kind::Text);
    }
    .inner(&ENDPOINT_PROPERTIES)
    .live(Live::Apart)
}

shape! {
    ENDPOINT_PROPERTIES in ENDPOINT at "properties": "the properties of an endpoint" {
        pub TARGET_ID: Optional<Text> = optional("targetResourceId");
        pub TARGET: Optional<Text> = optional("target");
        pub ENDPOINT_STATUS: Field<Switch> = field("endpointStatus", Switch::Enabled).live(Live::Apart);
        pub ALWAYS_SERVE: Field<Switch> = field("alwaysServe", Switch::Disabled).live(Live::Apart);
        pub WEIGHT: Field<u32> = field("weight", 1).range(TM_10, 1, 1000).live(Live::Apart);
        pub PRIORITY: Optional<u32> = optional("priority").range(TM_10, 1, 1000).live(Live::Apart);
        pub LEAST_CHILDREN: Field<u32> = field("minChildEndpoints", 1).range(TM_10, 1, 200).live(Live::Apart);
        pub GEOGRAPHY: Optional<Texts> = optional("geoMapping").live(Live::Apart);
        pub SUBNETS: Optional<Objects> = list("subnets", &Kind::Object(&SUBNET)).live(Live::Apart);
        kept("endpointLocation", Kind::Text);
    }
    .live(Live::AtStart)
    .known(&["customHeaders", "endpointMonitorStatus", "minChildEndpointsIPv4", "minChildEndpointsIPv6"])
}

shape! {
    SUBNET: "a range of addresses" {
        pub SUBNET_FIRST: Optional<Text> = optional("first");
        pub SUBNET_LAST: Optional<Text> = optional("last");
        pub SUBNET_SCOPE: Optional<u32> = optional("scope");
    }
}
