//! `Microsoft.Network/applicationGateways`.

use super::field::{Field, Live, Objects, Optional, Reference, Text, Texts, field, kept, list, object, optional};
use super::{Kind, REFERENCE, matters};
use windtunnel_sim::plan::{
    GATEWAY_INTERVAL, GATEWAY_MOST, GATEWAY_PATIENCE, GATEWAY_THRESHOLD, GATEWAY_TIMEOUT, Reach,
};
use windtunnel_sim::rules::{AG_05, AG_06};

choice! {
    /// `ruleType` of a request routing rule.
    RuleType { Basic, PathBasedRouting }
}

choice! {
    /// `protocol` of a listener.
    ListenerProtocol { Http, Https, Tcp, Tls }
}

choice! {
    /// `cookieBasedAffinity` of a backend setting.
    Affinity { Disabled, Enabled }
}

shape! {
    RESOURCE: "an application gateway" {
        kept("type", Kind::Text); kept("name", Kind::Text); kept("id", Kind::Text); kept("location", Kind::Text);
    }
    .inner(&PROPERTIES)
    .live(Live::Takes(Reach::Nothing))
    .known(&["identity", "zones", "extendedLocation"])
}

shape! {
    PROPERTIES in RESOURCE at "properties": "the properties of an application gateway" {
        object(&SKU);
        object(&AUTOSCALE);
        pub POOLS: Optional<Objects> = list("backendAddressPools", &Kind::Object(&BACKEND_POOL));
        pub SETTINGS: Optional<Objects> = list("backendHttpSettingsCollection", &Kind::Object(&BACKEND_SETTING));
        pub LISTENERS: Optional<Objects> = list("httpListeners", &Kind::Object(&LISTENER));
        pub RULES: Optional<Objects> = list("requestRoutingRules", &Kind::Object(&RULE));
        pub PROBES: Optional<Objects> = list("probes", &Kind::Object(&PROBE));
        pub PATH_MAPS: Optional<Objects> = list("urlPathMaps", &Kind::Object(&PATH_MAP));
        kept("frontendIPConfigurations", Kind::List(&Kind::Open));
        pub FRONTEND_PORTS: Optional<Objects> = list("frontendPorts", &Kind::Object(&FRONTEND_PORT));
        kept("gatewayIPConfigurations", Kind::List(&Kind::Open));
    }
    .live(Live::AtStart)
    .known(&[
        "authenticationCertificates", "backendSettingsCollection", "customErrorConfigurations", "defaultPredefinedSslPolicy",
        "enableFips", "enableHttp2", "entraJWTValidationConfigs", "firewallPolicy", "forceFirewallPolicyAssociation",
        "globalConfiguration", "listeners", "loadDistributionPolicies", "operationalState", "privateEndpointConnections",
        "privateLinkConfigurations", "redirectConfigurations", "rewriteRuleSets", "routingRules", "sslCertificates",
        "sslPolicy", "sslProfiles", "trustedClientCertificates", "trustedRootCertificates",
        "webApplicationFirewallConfiguration",
    ])
}

shape! {
    FRONTEND_PORT: "a frontend port" {
        kept("name", Kind::Text);
    }
    .inner(&FRONTEND_PORT_PROPERTIES)
}

shape! {
    FRONTEND_PORT_PROPERTIES in FRONTEND_PORT at "properties": "the properties of a frontend port" {
        kept("port", Kind::Integer);
    }
}

shape! {
    SKU in PROPERTIES at "sku": "a sku" {
        pub SKU_NAME: Optional<Text> = optional("name");
        pub SKU_TIER: Optional<Text> = optional("tier");
        pub CAPACITY: Optional<u32> = optional("capacity").within(1, 125).live(Live::Apart);
    }
    .known(&["family"])
}

shape! {
    AUTOSCALE in PROPERTIES at "autoscaleConfiguration": "the autoscale configuration of a gateway" {
        pub LEAST: Optional<u32> = optional("minCapacity").within(0, 125);
        pub MOST: Field<u32> = field("maxCapacity", GATEWAY_MOST).within(0, 125);
    }
    .live(Live::Apart)
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
        pub ADDRESSES: Optional<Objects> = list("backendAddresses", &Kind::Object(&BACKEND));
    }
    .live(Live::AtStart)
    .known(&["backendIPConfigurations"])
}

shape! {
    BACKEND: "a backend by address" {
        pub BACKEND_ADDRESS: Optional<Text> = optional("ipAddress");
        pub BACKEND_FQDN: Optional<Text> = optional("fqdn");
    }
}

shape! {
    BACKEND_SETTING: "a backend setting" {
        kept("name", Kind::Text);
    }
    .live(Live::Apart)
    .inner(&BACKEND_SETTING_PROPERTIES)
}

shape! {
    BACKEND_SETTING_PROPERTIES in BACKEND_SETTING at "properties": "the properties of a backend setting" {
        pub SETTING_PROBE: Optional<Reference> = optional("probe").live(Live::Apart);
        pub SETTING_PORT: Optional<i64> = optional("port").within(1, 65_535);
        kept("protocol", Kind::Word(&["Http", "Https", "Tcp", "Tls"]));
        pub AFFINITY: Field<Affinity> = field("cookieBasedAffinity", Affinity::Disabled);
        pub REQUEST_TIMEOUT: Field<u32> = field("requestTimeout", (GATEWAY_PATIENCE.ms() / 1000) as u32).within(1, 86_400).live(Live::Apart);
        object(&DRAINING);
    }
    .live(Live::AtStart)
    .known(&[
        "affinityCookieName", "authenticationCertificates", "dedicatedBackendConnection", "hostName", "path",
        "pickHostNameFromBackendAddress", "probeEnabled", "sniName", "trustedRootCertificates", "validateCertChainAndExpiry",
        "validateSNI",
    ])
}

shape! {
    DRAINING in BACKEND_SETTING_PROPERTIES at "connectionDraining": "the draining of a backend setting" {
        pub DRAINS: Field<bool> = field("enabled", false);
        pub DRAIN_TIMEOUT: Optional<u32> = optional("drainTimeoutInSec").range(AG_06, 1, 3600);
    }
    .live(Live::Apart)
}

shape! {
    LISTENER: "a listener" {
        kept("name", Kind::Text);
    }
    .live(Live::Apart)
    .inner(&LISTENER_PROPERTIES)
}

shape! {
    LISTENER_PROPERTIES in LISTENER at "properties": "the properties of a listener" {
        kept("frontendIPConfiguration", Kind::Object(&REFERENCE));
        pub LISTENER_PORT: Optional<Reference> = optional("frontendPort");
        pub LISTENER_PROTOCOL: Optional<ListenerProtocol> = optional("protocol");
        pub LISTENER_CERTIFICATE: Optional<Reference> = optional("sslCertificate");
        kept("hostName", Kind::Text);
        kept("hostNames", Kind::List(&Kind::Text));
    }
    .live(Live::AtStart)
    .known(&[
        "customErrorConfigurations", "firewallPolicy", "requireServerNameIndication", "sslProfile",
    ])
}

shape! {
    RULE: "a request routing rule" {
        kept("name", Kind::Text);
    }
    .live(Live::Apart)
    .inner(&RULE_PROPERTIES)
}

shape! {
    RULE_PROPERTIES in RULE at "properties": "the properties of a request routing rule" {
        pub RULE_TYPE: Field<RuleType> = field("ruleType", RuleType::Basic);
        pub RULE_LISTENER: Optional<Reference> = optional("httpListener").live(Live::Apart);
        pub RULE_POOL: Optional<Reference> = optional("backendAddressPool").live(Live::Apart);
        pub RULE_SETTING: Optional<Reference> = optional("backendHttpSettings").live(Live::Apart);
        pub RULE_PATHS: Optional<Reference> = optional("urlPathMap");
        pub RULE_REDIRECT: Optional<Reference> = optional("redirectConfiguration");
        pub RULE_PRIORITY: Optional<u32> = optional("priority").within(1, 20_000);
    }
    .live(Live::AtStart)
    .known(&["entraJWTValidationConfig"])
    .matters(&[
        matters("rewriteRuleSet", &[], "requests whose path or headers are rewritten"),
        matters("loadDistributionPolicy", &[], "a pool that gets more of the requests than another"),
    ])
}

shape! {
    PATH_MAP: "a URL path map" {
        kept("name", Kind::Text);
    }
    .inner(&PATH_MAP_PROPERTIES)
}

shape! {
    PATH_MAP_PROPERTIES in PATH_MAP at "properties": "the properties of a URL path map" {
        pub MAP_POOL: Optional<Reference> = optional("defaultBackendAddressPool");
        pub MAP_SETTING: Optional<Reference> = optional("defaultBackendHttpSettings");
        pub MAP_REDIRECT: Optional<Reference> = optional("defaultRedirectConfiguration");
        kept("pathRules", Kind::List(&Kind::Open));
    }
    .matters(&[
        matters("pathRules", &[], "requests that a path leads to a pool of its own; all go to the default pool"),
        matters("defaultRewriteRuleSet", &[], "requests whose path or headers are rewritten"),
        matters("defaultLoadDistributionPolicy", &[], "a pool that gets more of the requests than another"),
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
        kept("protocol", Kind::Word(&["Http", "Https", "Tcp", "Tls"])); kept("host", Kind::Text);
        pub PROBE_PATH: Optional<Text> = optional("path");
        pub PROBE_INTERVAL: Field<u32> = field("interval", (GATEWAY_INTERVAL.ms() / 1000) as u32).within(1, 86_400);
        pub PROBE_TIMEOUT: Field<u32> = field("timeout", (GATEWAY_TIMEOUT.ms() / 1000) as u32).within(1, 86_400);
        pub PROBE_THRESHOLD: Field<u32> = field("unhealthyThreshold", GATEWAY_THRESHOLD).range(AG_05, 0, 20);
        object(&MATCH);
    }
    .known(&["enableProbeProxyProtocolHeader", "pickHostNameFromBackendHttpSettings", "pickHostNameFromBackendSettings", "port"])
    .matters(&[matters("minServers", &["0"], "backends that stay in use although their probes fail")])
}

shape! {
    MATCH in PROBE_PROPERTIES at "match": "what is a good answer to a probe" {
        pub CODES: Optional<Texts> = optional("statusCodes");
        pub BODY: Optional<Text> = optional("body");
    }
}
