//! Application gateways: what each of their instances probes, by which numbers, and who takes which part of the requests.

use super::{joins, plan_of, problems, scale_set};
use windtunnel::input::{LoadOptions, Loaded, Report, load_text};
use windtunnel_sim::demand::traffic::shares_at_start;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::{Scope, ScopeKind};
use windtunnel_sim::plan::{Connections, Plan, Prober, Tier};
use windtunnel_sim::world::ids::EntryPointId;
use windtunnel_sim::world::run::{Options, Run};

/// A gateway with two listeners, one by the default probe and one by a probe of its own, before a set of two.
fn text(sku: &str, pools: &str, rest: &str) -> String {
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
          properties: {{ httpListener: {{ id: prod }}, backendAddressPool: {{ id: web }}, backendHttpSettings: {{ id: plain }} }}
        - name: two
          properties: {{ httpListener: {{ id: stage }}, backendAddressPool: {{ id: web }}, backendHttpSettings: {{ id: own }} }}
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

const V2: &str = "sku: { name: Standard_v2, tier: Standard_v2, capacity: 2 }";
const IN_THE_POOL: &str = "applicationGatewayBackendAddressPools: [{ id: gw/web }]";

fn load(text: String) -> Result<Loaded, Report> {
    load_text("scenario.yaml", text, &LoadOptions::default())
}

fn plan(text: String) -> Plan {
    plan_of(load(text))
}

/// What is said: code, and message.
fn said(text: String) -> Vec<(&'static str, String)> {
    problems(&load(text)).iter().map(|problem| (problem.code, problem.message.clone())).collect()
}

/// Two instances and two pairs of pool and setting are four probers; the set is in the pool as each of them sees it.
#[test]
fn each_instance_of_a_gateway_probes_each_pair_of_pool_and_setting() {
    let plan = plan(text(V2, IN_THE_POOL, ""));
    let names: Vec<String> = (0..4).map(|at| plan.pool_name(windtunnel_sim::world::ids::PoolId(at))).collect();
    assert_eq!(names, ["gw/web/default#0", "gw/web/default#1", "gw/web/alive#0", "gw/web/alive#1"]);
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
    assert_eq!(of("sku: { name: Standard_v2 }\n      autoscaleConfiguration: { minCapacity: 0 }"), (Tier::V2, 1));
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
        assert_eq!(plan.capacity_at(entry), Some(50.0));
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

/// A pool of a gateway is none of a balancer.
#[test]
fn a_gateway_is_no_load_balancer() {
    let said = said(text(V2, "loadBalancerBackendAddressPools: [{ id: web }]", ""));
    assert!(said.iter().any(|(code, message)| *code == "E0504" && message.contains("no load balancer")), "{said:?}");
}
