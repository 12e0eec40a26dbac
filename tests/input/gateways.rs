//! Application gateways: what each of their instances probes, by which numbers, and who takes which part of the requests.

use super::{joins, plan_of, problems, scale_set};
use windtunnel::input::{LoadOptions, Loaded, Report, load_text};
use windtunnel_sim::demand::traffic::shares_at_start;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::{Scope, ScopeKind};
use windtunnel_sim::plan::{Connections, Plan, Prober, Tier, WHOLE};
use windtunnel_sim::world::ids::EntryPointId;
use windtunnel_sim::world::run::{Options, Run};

/// A gateway with two listeners, one by the default probe and one by a probe of its own, before a set of two.
pub(super) fn text(sku: &str, pools: &str, rest: &str) -> String {
    let set = scale_set("vmss", "orchestrationMode: Uniform", &joins(pools));
    format!(
        "windtunnel: 1
title: t
horizon: PT1H
resources:
  - type: Microsoft.Network/applicationGateways
    name: gw
    properties:
      {sku}
      backendAddressPools: [{{ name: web }}]
      backendHttpSettingsCollection:
        - {{ name: plain, properties: {{ port: 80, requestTimeout: 5 }} }}
        - {{ name: own, properties: {{ port: 80, probe: {{ id: alive }} }} }}
      httpListeners: [{{ name: prod, properties: {{ protocol: Http }} }}, {{ name: stage, properties: {{ protocol: Http }} }}]
      requestRoutingRules:
        - name: one
          properties:
            {{ httpListener: {{ id: prod }}, priority: 1, backendAddressPool: {{ id: web }}, backendHttpSettings: {{ id: plain }} }}
        - name: two
          properties:
            {{ httpListener: {{ id: stage }}, priority: 2, backendAddressPool: {{ id: web }}, backendHttpSettings: {{ id: own }} }}
      probes:
        - name: alive
          properties:
            {{ path: /ping, interval: 15, timeout: 20, unhealthyThreshold: 0, match: {{ statusCodes: [\"200-204\", \"404\"] }} }}
{set}
images: {{ web: {{ 1.0.0: {{}} }} }}
application: {{ capacity: 100 rps, endpoints: {{ /: [{{ when: process, answer: 200 }}], /ping: [{{ when: process, answer: 200 }}] }} }}
{rest}"
    )
}

pub(super) const V2: &str = "sku: { name: Standard_v2, tier: Standard_v2, capacity: 2 }";
pub(super) const IN_THE_POOL: &str = "applicationGatewayBackendAddressPools: [{ id: gw/web }]";

pub(super) fn load(text: String) -> Result<Loaded, Report> {
    load_text("scenario.yaml", text, &LoadOptions::default())
}

pub(super) fn plan(text: String) -> Plan {
    plan_of(load(text))
}

/// What is said: code, and message.
pub(super) fn said(text: String) -> Vec<(&'static str, String)> {
    problems(&load(text)).iter().map(|problem| (problem.code, problem.message.clone())).collect()
}

/// Two instances and two pairs of pool and setting are four probers; the set is in the pool as each of them sees it.
#[test]
fn each_instance_of_a_gateway_probes_each_pair_of_pool_and_setting() {
    let plan = plan(text(V2, IN_THE_POOL, ""));
    let names: Vec<String> = (0..4).map(|at| plan.pool_name(windtunnel_sim::world::ids::PoolId(at))).collect();
    assert_eq!(names, ["gw/web/plain#0", "gw/web/plain#1", "gw/web/own#0", "gw/web/own#1"]);
    assert_eq!(plan.sets[0].pools, [0, 1, 2, 3]);
    let entries: Vec<&str> = plan.entry_points.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(entries, ["prod", "prod#0", "prod#1", "stage", "stage#0", "stage#1"]);
}

/// The default probe asks for `/` every 30 s, waits 30 s, and wants three failures (AG-01). A probe waits no longer than its interval.
#[test]
fn a_probe_is_the_default_one_or_that_of_the_setting() {
    let plan = plan(text(V2, IN_THE_POOL, ""));
    let numbers = |at: usize| {
        let probe = plan.pools[at].probe.as_ref().expect("every pool of a gateway is probed");
        let Prober::Gateway(of) = &plan.pools[at].prober else { panic!("of a gateway") };
        let path = plan.application.endpoints[usize::from(probe.endpoint)].path.clone();
        (path, probe.interval, of.timeout, probe.threshold, of.codes.clone())
    };
    let s = SimDuration::from_secs;
    assert_eq!(numbers(0), ("/".into(), s(30), s(30), 3, vec![]));
    assert_eq!(numbers(2), ("/ping".into(), s(15), s(15), 0, vec![(200, 204), (404, 404)]));
}

#[test]
fn the_sku_says_the_generation_and_the_count_of_instances() {
    let of = |sku: &str| {
        let part = plan(text(sku, IN_THE_POOL, "")).entry_points[0].gateway.expect("a part of a gateway");
        (part.tier, part.instances)
    };
    assert_eq!(of(V2), (Tier::V2, 2));
    assert_eq!(of("sku: { name: Standard_Medium, tier: Standard, capacity: 3 }"), (Tier::V1, 3));
    assert_eq!(of("sku: { name: WAF_Large }"), (Tier::V1, 1));
    let scaled =
        "sku: { name: WAF_v2, tier: WAF_v2 }\n      autoscaleConfiguration: { minCapacity: 4, maxCapacity: 9 }";
    assert_eq!(of(scaled), (Tier::V2, 4));
    assert_eq!(
        of("sku: { name: Standard_v2 }\n      autoscaleConfiguration: { minCapacity: 0 }"),
        (Tier::V2, 2),
        "there are always two"
    );
}

/// An instance takes 10 units of 50 requests a second. 1,200 requests a second at most need three instances: of a gateway that may have
/// two to nine. One with a maximum of two, or a capacity of two, has too few at the peak, which is said, and their count is followed.
/// With 10 requests a unit, as of a firewall, they need twelve, of which nine may be.
#[test]
fn a_gateway_scales_by_itself_as_far_as_its_traffic_can_need() {
    let sku = |tier: &str, most: u32| {
        format!(
            "sku: {{ name: {tier}, tier: {tier} }}\n      autoscaleConfiguration: {{ minCapacity: 2, maxCapacity: {most} }}"
        )
    };
    let traffic =
        "traffic: { gw/prod: { demand: { points: [{ at: PT0S, rps: 0 rps }, { at: PT30M, rps: 1200 rps }] } } }\n";
    let of = |sku: &str, rest: &str| {
        let plan = plan(text(sku, IN_THE_POOL, rest));
        let scaled = plan.gateways.iter().map(|of| (of.name.clone(), of.least, of.most, of.waf)).collect::<Vec<_>>();
        (scaled, plan.entry_points[0].gateway.expect("a part of a gateway").instances)
    };
    let named = |most, waf| vec![("gw".to_owned(), 2, most, waf)];
    assert_eq!(of(&sku("Standard_v2", 9), traffic), (named(3, false), 3));
    assert_eq!(of(&sku("WAF_v2", 9), traffic), (named(9, true), 9));
    let fixed = (vec![("gw".to_owned(), 2, 2, false)], 2);
    assert_eq!(of(&sku("Standard_v2", 2), traffic), fixed);
    assert_eq!(of(V2, traffic), fixed);
    assert_eq!(of(&V2.replace("capacity: 2", "capacity: 3"), traffic), (vec![], 3), "three are enough");
    assert_eq!(
        of("sku: { name: Standard_Large, tier: Standard, capacity: 2 }", traffic),
        (vec![], 2),
        "units are of v2"
    );
    assert_eq!(of(&sku("Standard_v2", 9), ""), (vec![], 2));
    let bytes = traffic.replace("demand:", "bytesPerRequest: 11100, demand:");
    // 25 requests a second of 11,100 bytes are a unit of 277,500.
    assert_eq!(of(&sku("Standard_v2", 9), &bytes), (named(5, false), 5));
    let said_of = |sku: &str, code: &str| said(text(sku, IN_THE_POOL, traffic)).iter().any(|(known, _)| *known == code);
    assert!(said_of(&sku("Standard_v2", 9), "N0311") && !said_of(&sku("Standard_v2", 2), "N0311"));
    assert!(said_of(&sku("Standard_v2", 2), "W0515") && said_of(V2, "W0515") && said_of(&sku("WAF_v2", 9), "W0515"));
    assert!(!said_of(&sku("Standard_v2", 9), "W0515") && !said_of(&sku("WAF_v2", 12), "W0515"));
    assert!(said_of(&sku("Standard_v2", 1), "E0501"), "the most is less than the least");
    assert!(
        said_of(&sku("Standard_Large", 9).replace("tier: Standard_Large", "tier: Standard"), "E0501"),
        "v1 does not"
    );
}

/// A listener of two instances has the users; each instance takes half of what they send, and half of what a backend can serve. The
/// gateway ends the connections of its clients.
#[test]
fn a_listener_has_the_users_and_its_instances_share_their_requests() {
    let traffic = "traffic: { gw/prod: { demand: 100 rps, connections: keepAlive, users: { count: 10, requestsPerUser: 1 rps } } }\n";
    let plan = plan(text(V2, IN_THE_POOL, traffic));
    let mut run = Run::new(&plan, 1, Options::default(), &mut Vec::new());
    run.advance(SimTime::ZERO, &mut Vec::new());
    let led = shares_at_start(&run.world);
    for (id, entry) in plan.entries().take(3) {
        let traffic = entry.traffic.as_ref().expect("it is given");
        assert!((traffic.demand[0].rps - 100.0).abs() < 1e-9, "{:?}", traffic.demand);
        assert_eq!(traffic.connections, Connections::PerRequest);
        assert!(traffic.users.is_some_and(|users| (users.count - 10.0).abs() < 1e-9));
        assert_eq!(plan.capacity_at(entry, |_| 1), Some(if id.0 == 0 { 100.0 } else { 50.0 }));
        assert!(id.0 == 0 || (led[id.index()] - 0.5).abs() < 1e-9, "{led:?}");
    }
    assert!(plan.entry_points[3..].iter().all(|entry| entry.traffic.is_none()));
    assert_eq!(
        Scope::parts(&plan, ScopeKind::EntryPoint),
        [Scope::EntryPoint(EntryPointId(0))],
        "nobody asks for a part"
    );
    let of = |name: &str| plan.entry_points_named(name);
    assert_eq!([of("gw/prod"), of("gw/prod#1")], [vec![EntryPointId(0)], vec![EntryPointId(2)]]);
    assert_eq!(of("gw/web"), [EntryPointId(0), EntryPointId(3)], "both listeners lead there");
    // The gateway alone may be either listener, and a part has no users of its own.
    let of = |key: &str| {
        said(text(V2, IN_THE_POOL, &format!("traffic: {{ {key}: {{ demand: 1 rps, connections: perRequest }} }}\n")))
    };
    assert!(of("gw").iter().any(|(code, _)| *code == "E0214"), "{:?}", of("gw"));
    assert!(of("gw/prod#1").iter().any(|(code, _)| *code == "E0205"), "{:?}", of("gw/prod#1"));
}

/// A listener is led from one pool of scale sets to another, and not to a pool of addresses, be it of one instance or of two: what can be
/// written instead is said.
#[test]
fn a_listener_is_not_led_from_scale_sets_to_addresses() {
    for instances in [1, 2] {
        let internal = "  - type: Microsoft.Network/loadBalancers
    name: lb
    sku: { name: Standard }
    properties:
      frontendIPConfigurations: [{ name: private, properties: { privateIPAddress: 10.0.0.9 } }]
      backendAddressPools: [{ name: web }]
      loadBalancingRules:
        - name: http
          properties: { frontendIPConfiguration: { id: private }, frontendPort: 80, backendAddressPool: { id: web } }
images:";
        let write = "timeline: [{ name: w, at: PT5M, write: { gw: { properties: { requestRoutingRules: \
                     [{ name: one, properties: { backendAddressPool: { id: other } } }] } } } }]\n";
        let text = text(&V2.replace("capacity: 2", &format!("capacity: {instances}")), IN_THE_POOL, write)
            .replacen("images:", internal, 1)
            .replacen(
                "[{ name: web }]",
                "[{ name: web }, { name: other, properties: { backendAddresses: [{ ipAddress: 10.0.0.9 }] } }]",
                1,
            );
        let outcome = load(text);
        let problem = problems(&outcome).iter().find(|problem| problem.code == "E0505");
        let problem = problem.unwrap_or_else(|| panic!("{instances}: {:?}", problems(&outcome)));
        assert!(
            problem.message.contains("`gw/prod` from a pool of scale sets to a pool of addresses"),
            "{}",
            problem.message
        );
        assert!(problem.help.as_deref().is_some_and(|help| help.contains("where the listener follows")));
    }
}

/// Users come by the public IP of a gateway: by the listener of their port, or by the only one that leads to backends. Where several do,
/// which one is to be said.
#[test]
fn the_public_ip_of_a_gateway_leads_to_its_listeners() {
    let with = |stage: &str, key: &str, section: &str| {
        let listener = |name: &str, port: u16| {
            format!(
                "{{ name: {name}, properties: {{ protocol: Http, frontendIPConfiguration: {{ id: public }}, frontendPort: {{ id: p{port} }} }} }}"
            )
        };
        let listeners = format!(
            "frontendIPConfigurations: [{{ name: public, properties: {{ publicIPAddress: {{ id: pip-gw }} }} }}]
      frontendPorts: [{{ name: p80, properties: {{ port: 80 }} }}, {{ name: p443, properties: {{ port: 443 }} }}]
      httpListeners: [{}, {}]",
            listener("prod", 443),
            listener("stage", 80)
        );
        let text = text(
            V2,
            IN_THE_POOL,
            &format!("{section}traffic: {{ {key}: {{ demand: 100 rps, connections: perRequest }} }}\n"),
        );
        let (start, rest) = text.split_once("httpListeners:").expect("it has listeners");
        let (_, rest) = rest.split_once('\n').expect("on one line");
        let text = format!("{start}{listeners}\n{rest}");
        text.replace("priority: 2, backendAddressPool: { id: web }, backendHttpSettings: { id: own }", stage)
    };
    let routed = "priority: 2, backendAddressPool: { id: web }, backendHttpSettings: { id: own }";
    let asked = |text: String| {
        let plan = plan(text);
        let roots = plan.entry_points.iter().filter(|entry| entry.is_root() && entry.traffic.is_some());
        roots.map(|entry| entry.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(asked(with(routed, "pip-gw/443", "")), ["prod"]);
    assert_eq!(asked(with(routed, "pip-gw/80", "")), ["stage"]);
    assert_eq!(asked(with("priority: 2, redirectConfiguration: { id: https }", "pip-gw", "")), ["prod"]);
    let outcome = load(with(routed, "pip-gw", ""));
    let problem = problems(&outcome).iter().find(|problem| problem.code == "E0214").expect("it is said");
    assert_eq!(problem.help.as_deref(), Some("write `gw/prod` and `gw/stage`"));
    let history = "history: { length: P1D, traffic: { pip-gw/80: 50 rps } }\n";
    let plan = plan(with(routed, "pip-gw/443", history));
    let before: Vec<f64> = plan.history.demand.iter().map(|of| of.first().map_or(0.0, |of| of.rps)).collect();
    assert_eq!(before, [100.0, 100.0, 100.0, 50.0, 50.0, 50.0], "each listener with its two parts");
}

/// 30 s are drained where nothing is enabled (AG-06), whatever the time-out says; a cookie is of the setting that a rule uses.
#[test]
fn a_setting_says_how_long_a_backend_is_drained_and_whether_a_cookie_binds() {
    let of = |setting: &str| {
        let traffic = "traffic: { gw/prod: { demand: 1 rps, connections: webSocket } }\n";
        let plan = plan(text(V2, IN_THE_POOL, traffic).replace("requestTimeout: 5", setting));
        let of = plan.pools[0].prober.gateway().expect("of a gateway");
        let (drain, waits) = (of.drain, if setting.starts_with("requestTimeout") { 5 } else { 20 });
        assert_eq!(of.patience, SimDuration::from_secs(waits));
        let entry = &plan.entry_points[1];
        assert!(entry.keeps() && entry.traffic.as_ref().expect("it is given").connections == Connections::WebSocket);
        (drain.ms() / 1000, [0, 1, 3].map(|at| plan.entry_points[at].gateway.expect("of a gateway").cookie))
    };
    assert_eq!(of("requestTimeout: 5"), (30, [false; 3]));
    assert_eq!(of("connectionDraining: { enabled: false, drainTimeoutInSec: 5 }"), (30, [false; 3]));
    let bound = "connectionDraining: { enabled: true, drainTimeoutInSec: 300 }, cookieBasedAffinity: Enabled";
    assert_eq!(of(bound), (300, [true, true, false]), "the other listener has another setting");
    let long = "connectionDraining: { enabled: true, drainTimeoutInSec: 3601 }";
    let said = said(text(V2, IN_THE_POOL, "").replace("requestTimeout: 5", long));
    assert!(said.iter().any(|(code, message)| *code == "E0501" && message.contains("3601")), "{said:?}");
}

#[test]
fn a_set_refers_to_a_gateway_that_is_there() {
    let refers = |id: &str| said(text(V2, &format!("applicationGatewayBackendAddressPools: [{{ id: {id} }}]"), ""));
    let full = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/applicationGateways";
    assert!(refers(&format!("{full}/gw/backendAddressPools/web")).iter().all(|(code, _)| !code.starts_with('E')));
    let said = refers(&format!("{full}/another/backendAddressPools/web"));
    assert!(said.iter().any(|(code, message)| *code == "W0207" && message.contains("`another`")), "{said:?}");
    let said = refers("gw/wbe");
    assert!(said.iter().any(|(code, message)| *code == "E0504" && message.contains("`wbe`")), "{said:?}");
}

/// All requests of a listener go to the default pool of its path map, and whoever is redirected goes nowhere; both are said.
#[test]
fn a_path_map_leads_to_its_default_pool_and_a_redirect_nowhere() {
    let basic = "{ httpListener: { id: prod }, priority: 1, backendAddressPool: { id: web }, backendHttpSettings: { id: plain } }";
    let paths = "{ ruleType: PathBasedRouting, httpListener: { id: prod }, priority: 1, urlPathMap: { id: paths } }";
    let map = |rest: &str| {
        format!(
            "      urlPathMaps: [{{ name: paths, properties: {{ {rest}, pathRules: [{{ name: api, properties: {{ paths: [/api/*] }} }}] }} }}]\n      probes:"
        )
    };
    let to_pool = map("defaultBackendAddressPool: { id: web }, defaultBackendHttpSettings: { id: plain }");
    let with = |rule: &str, map: &str| text(V2, IN_THE_POOL, "").replace(basic, rule).replace("      probes:", map);
    let listeners = |plan: &Plan| {
        let named = plan.entry_points.iter().filter(|entry| entry.is_root()).map(|entry| entry.name.clone());
        named.collect::<Vec<_>>()
    };
    assert_eq!(listeners(&plan(with(paths, &to_pool))), ["prod", "stage"]);
    let said_of = |text: String, of: &str| {
        let said = said(text);
        assert!(said.iter().all(|(code, _)| !code.starts_with('E')), "{said:?}");
        said.iter().any(|(code, message)| *code == "W0511" && message.contains(of))
    };
    assert!(said_of(with(paths, &to_pool), "pathRules"));
    let redirect = "{ httpListener: { id: prod }, priority: 1, redirectConfiguration: { id: https } }";
    assert_eq!(listeners(&plan(with(redirect, "      probes:"))), ["stage"]);
    assert!(said_of(with(redirect, "      probes:"), "redirects requests"));
    assert!(said_of(with(paths, &map("defaultRedirectConfiguration: { id: https }")), "redirects requests"));
    assert!(said_of(
        with(&basic.replace("}, backendHttp", "}, rewriteRuleSet: { id: r }, backendHttp"), "      probes:"),
        "rewriteRuleSet"
    ));
}

/// An address of a frontend leads to the rules of its balancer at the port of the setting, whoever else is in the pool being as likely.
#[test]
fn a_backend_by_address_is_a_balancer_of_the_scenario() {
    let balancer = |name: &str, frontend: &str| {
        format!(
            "  - type: Microsoft.Network/loadBalancers
    name: {name}
    properties:
      frontendIPConfigurations: [{{ name: fe, properties: {{ {frontend} }} }}]
      backendAddressPools: [{{ name: {name}-pool }}]
      probes: [{{ name: probe, properties: {{ protocol: Tcp, port: 80, intervalInSeconds: 5 }} }}]
      loadBalancingRules:
        - name: http
          properties:
            {{ frontendIPConfiguration: {{ id: fe }}, frontendPort: 80, backendAddressPool: {{ id: {name}-pool }}, probe: {{ id: probe }} }}
"
        )
    };
    let public = "  - { type: Microsoft.Network/publicIPAddresses, name: pip, properties: { dnsSettings: { fqdn: web.example.com } } }\n";
    let others =
        balancer("lb", "privateIPAddress: 10.0.0.4") + &balancer("lb2", "publicIPAddress: { id: pip }") + public;
    let in_both = "loadBalancerBackendAddressPools: [{ id: lb-pool }, { id: lb2-pool }]";
    let with = |addresses: &str, pools: &str, rest: &str| {
        let pool = format!("{{ name: web, properties: {{ backendAddresses: [{addresses}] }} }}");
        let text = text(V2, pools, rest).replace("[{ name: web }]", &format!("[{pool}]"));
        text.replacen("resources:\n", &format!("resources:\n{others}"), 1)
    };
    let traffic = "traffic: { gw/prod: { demand: 90 rps, connections: perRequest } }\n";
    let both = "{ ipAddress: 10.0.0.4 }, { fqdn: web.example.com }";
    let plan = plan(with(both, in_both, traffic));
    let at = |name: &str| plan.entry_points_named(name)[0];
    let (lb, lb2, prod) = (at("lb"), at("lb2"), at("gw/prod"));
    let led: Vec<(u16, u32)> = plan.routed_from(prod).map(|(_, of)| (of.to, of.part_of(WHOLE, of.part.1))).collect();
    assert_eq!(led, [(lb.0, WHOLE / 2), (lb2.0, WHOLE / 2)]);
    let says = |text: String, code: &str, of: &str| {
        let said = said(text);
        assert!(said.iter().any(|(known, message)| *known == code && message.contains(of)), "{said:?}");
    };
    says(with(both, in_both, traffic), "W0511", "whatever its probes find");
    says(with("{ ipAddress: 10.9.9.9 }", in_both, traffic), "E0504", "10.9.9.9");
    says(with("{ ipAddress: 10.9.9.9 }", in_both, ""), "W0511", "10.9.9.9");
    says(
        with(both, in_both, traffic).replace("port: 80, requestTimeout", "port: 81, requestTimeout"),
        "E0504",
        "port 81",
    );
    says(with(both, &format!("{in_both}, {IN_THE_POOL}"), traffic), "E0505", "by address");
}

/// What Azure refuses of a gateway is an error, and what of it leads nowhere is said.
#[test]
fn a_gateway_that_azure_refuses_is_refused() {
    let one = "{ httpListener: { id: prod }, priority: 1";
    let written = text(V2, IN_THE_POOL, "");
    let ports = "      frontendPorts: [{ name: port80, properties: { port: 80 } }]\n      backendAddressPools";
    let written = written.replacen("      backendAddressPools", ports, 1);
    let (listeners, at_one_port) = (
        "{ name: prod, properties: { protocol: Http } }, { name: stage, properties: { protocol: Http } }",
        |hosts: [&str; 2]| {
            let listener = |name: &str, host: &str| {
                format!("{{ name: {name}, properties: {{ protocol: Http, frontendPort: {{ id: port80 }}{host} }} }}")
            };
            format!("{}, {}", listener("prod", hosts[0]), listener("stage", hosts[1]))
        },
    );
    const SAME_PORT: &str = "ApplicationGatewayHttpListenersUsingSameFrontendPortAndFrontendIpConfiguration";
    for hosts in [
        [", hostName: a.example.com", ", hostName: b.example.com"],
        [", hostNames: [a.example.com]", ""],
        [", frontendIPConfiguration: { id: public }", ", frontendIPConfiguration: { id: private }"],
    ] {
        let said = said(written.replacen(listeners, &at_one_port(hosts), 1));
        assert!(!said.iter().any(|(code, _)| *code == "E0501"), "{hosts:?}: {said:?}");
    }
    let (two, port) = ("{ httpListener: { id: stage }, priority: 2", "{ name: stage, properties: { protocol: Http } }");
    for (from, to, code, of) in [
        ("tier: Standard_v2", "tier: Standard", "E0501", "not of `Standard`"),
        ("name: Standard_v2", "name: Standrad_v2", "E0503", "`Standrad_v2`"),
        (
            "Standard_v2, tier: Standard_v2, capacity: 2",
            "Standard_Large, tier: Standard, capacity: 40",
            "E0501",
            "at most 32",
        ),
        (", capacity: 2", "", "W0511", "how many instances"),
        (one, "{ httpListener: { id: prod }, priority: 20001", "E0110", "20001"),
        (two, "{ httpListener: { id: stage }, priority: 1", "E0501", "the same priority 1"),
        (two, "{ httpListener: { id: stage }", "E0501", "ApplicationGatewayRequestRoutingRulePriorityCannotBeEmpty"),
        (two, one, "E0501", "ApplicationGatewayRequestRoutingRulesUsingSameHttpListener"),
        (two, one, "W0511", "the listener `stage`"),
        (port, "{ name: stage, properties: { frontendPort: { id: port81 } } }", "E0504", "`port81`"),
        (listeners, &at_one_port(["", ""]), "E0501", SAME_PORT),
        ("port: 80, requestTimeout", "port: 70000, requestTimeout", "E0110", "70000"),
        (
            port,
            "{ name: stage, properties: { protocol: Https } }",
            "E0501",
            "ApplicationGatewayHttpsListenerMustReferenceSslCert",
        ),
        ("port: 80, probe: { id: alive }", "port: 80", "W0513", "the probe `alive`"),
        ("timeout: 20", "timeout: 21", "W0511", "waits 21 s and goes out every 15 s"),
        ("path: /ping", "path: ping", "E0501", "does not begin with `/`"),
        ("requestTimeout: 5", "requestTimeout: 0", "E0110", "`requestTimeout`"),
    ] {
        assert!(written.contains(from), "{from}");
        let changed = written.replacen(from, to, 1);
        let said = said(changed);
        assert!(said.iter().any(|(known, message)| *known == code && message.contains(of)), "{to}: {said:?}");
    }
}

/// The probe of the setting looks for `ok`. What the scenario says of a body is compared with it, by who is asked as the status is: a 204
/// is good, and has no body. Where it says no body of an answer that is good by its code (503 is not), that is a warning with the key to
/// write.
#[test]
fn a_probe_looks_for_a_text_in_the_bodies_that_a_scenario_says() {
    let written = text(V2, IN_THE_POOL, "").replace("match: {", "match: { body: ok,");
    let of = |answers: &str| written.replace("/ping: [{ when: process, answer: 200 }]", &format!("/ping: [{answers}]"));
    let starting = "{ when: warm, answer: { status: 200, body: 'is ok' } }, { when: process, answer: 503 }";
    let no_body = "{ when: { zone: 1 }, answer: 204 }, { when: process, answer: { status: 200, body: 'is ok' } }";
    for (answers, bodies) in [(starting, [Some("is ok"), None]), (no_body, [Some(""), Some("is ok")])] {
        assert!(!said(of(answers)).iter().any(|(code, _)| *code == "W0228"), "{:?}", said(of(answers)));
        let plan = plan(of(answers));
        let Prober::Gateway(prober) = &plan.pools[2].prober else { panic!("of a gateway") };
        assert_eq!(prober.text, "ok");
        let asked = plan.application.endpoints.iter().find(|endpoint| endpoint.path == "/ping").expect("described");
        let text = |at: u16| plan.application.texts[usize::from(at)].as_str();
        let is: Vec<_> = asked.clauses.iter().map(|clause| clause.answer.body.text.map(text)).collect();
        assert_eq!(is, bodies);
    }
    let warned = problems(&load(of("{ when: process, answer: 200 }"))).iter().find(|of| of.code == "W0228").cloned();
    let help = warned.and_then(|problem| problem.help).unwrap_or_default();
    assert!(help.contains("/ping: [{ when: …, answer: { status: 200, body: \"ok\" } }]"), "{help}");
    let too_long = of(starting).replace("body: ok,", &format!("body: {},", "x".repeat(4091)));
    assert!(said(too_long).iter().any(|(code, message)| *code == "E0501" && message.contains("4091")));
}

/// A pool of a gateway is none of a balancer.
#[test]
fn a_gateway_is_no_load_balancer() {
    let said = said(text(V2, "loadBalancerBackendAddressPools: [{ id: web }]", ""));
    assert!(said.iter().any(|(code, message)| *code == "E0504" && message.contains("no load balancer")), "{said:?}");
}
