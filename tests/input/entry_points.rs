//! The rules, frontends, pools and probes of balancers: which entry points they make, by which names traffic finds them, and whose
//! probe is a health source.

use super::{plan_of, problems, scale_set};
use std::collections::BTreeSet;
use std::path::Path;
use windtunnel::input::scenario::lower::{cores, known_cores};
use windtunnel::input::{LoadOptions, Loaded, Report, load as load_path, load_text};
use windtunnel::words::describe::Names;
use windtunnel_sim::measure::{Measures, Scope, ScopeKind, Value};
use windtunnel_sim::plan::{AnswerKind, Clause, HealthSource, Number, Plan, Who};
use windtunnel_sim::world::run::{Options, run};

/// A public balancer with the set-up of a VIP swap, two probes of one pool, and an internal one with a pool of the same name; the sets have
/// two network interfaces. `rest` is the end of the scenario, `network` a key of the network profile.
fn text(network: &str, rest: &str) -> String {
    let network = format!(
        "networkProfile:
          {network}
          networkInterfaceConfigurations:
            - name: nic0
              properties:
                primary: true
                ipConfigurations: [{{ name: ip, properties: {{ loadBalancerBackendAddressPools: [{{ id: public/web }}] }} }}]
            - name: nic1
              properties:
                ipConfigurations: [{{ name: ip, properties: {{ loadBalancerBackendAddressPools: [{{ id: internal/web }}] }} }}]"
    );
    let set = |name: &str| scale_set(name, "orchestrationMode: Uniform", &network);
    format!(
        "windtunnel: 1
title: t
horizon: PT1H
resources:
  - type: Microsoft.Network/loadBalancers
    name: public
    sku: {{ name: Standard }}
    properties:
      frontendIPConfigurations: [{{ name: vip }}, {{ name: vip-stage }}]
      backendAddressPools: [{{ name: web }}]
      probes:
        - {{ name: prod, properties: {{ protocol: Http, port: 80, requestPath: /ping, intervalInSeconds: 5 }} }}
        - {{ name: stage, properties: {{ protocol: Http, port: 40080, requestPath: /stage, intervalInSeconds: 15 }} }}
      loadBalancingRules:
        - name: http
          properties:
            {{ frontendIPConfiguration: {{ id: vip }}, frontendPort: 80, backendAddressPool: {{ id: web }}, probe: {{ id: prod }} }}
        - name: https
          properties:
            {{ frontendIPConfiguration: {{ id: vip }}, frontendPort: 443, backendAddressPool: {{ id: web }}, probe: {{ id: prod }} }}
        - name: staging
          properties:
            frontendIPConfiguration: {{ id: vip-stage }}
            frontendPort: 40080
            backendAddressPool: {{ id: web }}
            probe: {{ id: stage }}
  - type: Microsoft.Network/loadBalancers
    name: internal
    sku: {{ name: Standard }}
    properties:
      backendAddressPools: [{{ name: web }}]
      loadBalancingRules:
        - {{ name: ha, properties: {{ protocol: All, frontendPort: 0, backendAddressPool: {{ id: web }} }} }}
{}
{}
images: {{ web: {{ 1.0.0: {{}} }} }}
application:
  {{ capacity: 100 rps, endpoints: {{ /ping: [{{ when: process, answer: 200 }}], /stage: [{{ when: process, answer: 200 }}] }} }}
{rest}",
        set("slot0"),
        set("slot1"),
    )
}

fn load(network: &str, rest: &str) -> Result<Loaded, Report> {
    load_text("scenario.yaml", text(network, rest), &LoadOptions::default())
}

fn plan(network: &str, rest: &str) -> Plan {
    plan_of(load(network, rest))
}

/// One rotation a pool and probe, one entry point a rule; each set joins every pool of each of its interfaces.
#[test]
fn every_rule_is_an_entry_point_and_every_probe_of_a_pool_a_rotation() {
    let plan = plan("", "");
    let pools: Vec<_> = plan
        .pools
        .iter()
        .map(|pool| (pool.balancer.as_str(), pool.name.as_str(), pool.probe.as_ref().map(|probe| probe.name.as_str())))
        .collect();
    assert_eq!(pools, [("public", "web", Some("prod")), ("public", "web", Some("stage")), ("internal", "web", None)]);
    let entries: Vec<_> = plan
        .entry_points
        .iter()
        .map(|entry| {
            (
                entry.resource.as_str(),
                entry.name.as_str(),
                entry.frontend.as_deref(),
                entry.pool().expect("a rule has a pool").0,
            )
        })
        .collect();
    assert_eq!(
        entries,
        [
            ("public", "http", Some("vip"), 0),
            ("public", "https", Some("vip"), 0),
            ("public", "staging", Some("vip-stage"), 1),
            ("internal", "ha", None, 2)
        ]
    );
    assert!(plan.sets.iter().all(|set| set.pools == [0, 1, 2]));
}

/// Traffic finds a rule, a frontend whose rules are alike, or a balancer with one rule; what is met by two rules alike is met by the
/// first. A pool with two probes, and its balancer, mean no one thing.
#[test]
fn traffic_goes_by_a_rule_a_frontend_or_what_leads_to_one() {
    for (name, at) in [
        ("public/https", 1),
        ("public/vip", 0),
        ("Public/VIP-stage", 2),
        ("internal", 3),
        ("internal/web", 3),
        ("internal/ha", 3),
    ] {
        let plan = plan("", &format!("traffic: {{ {name}: {{ demand: 10 rps }} }}\n"));
        let busy: Vec<_> = (0..4).filter(|at| plan.entry_points[*at].traffic.is_some()).collect();
        assert_eq!(busy, [at], "{name}");
    }
    for name in ["public", "public/web"] {
        let outcome = load("", &format!("traffic: {{ {name}: {{ demand: 10 rps }} }}\n"));
        let problem = problems(&outcome).iter().find(|problem| problem.code == "E0214").expect("it says so");
        assert_eq!(problem.help.as_deref(), Some("write `public/http`, `public/https` and `public/staging`"));
    }
}

/// The health source is the probe that the set names, whichever rule uses it.
#[test]
fn any_probe_of_a_rule_can_be_the_health_source() {
    for (probe, pool) in [("prod", 0), ("stage", 1), ("public/stage", 1)] {
        let plan = plan(&format!("healthProbe: {{ id: {probe} }}"), "");
        assert_eq!(plan.sets[0].profile.health_source, HealthSource::Probe(pool), "{probe}");
    }
}

/// Where two entry points of one set have traffic, a note says that each meets the whole capacity.
#[test]
fn entry_points_that_share_instances_get_a_note() {
    let notes = |rest: &str| {
        let loaded = load("", rest).unwrap_or_else(|report| panic!("{report}"));
        loaded.problems.iter().filter(|problem| problem.code == "N0309").count()
    };
    assert_eq!(notes("traffic: { public/http: { demand: 10 rps }, internal: { demand: 5 rps } }\n"), 2, "one a set");
    assert_eq!(notes("traffic: { public/http: { demand: 10 rps } }\n"), 0);
}

/// Two slots behind one pool; the probe of `prod` asks for slot 0, that of `stage` for slot 1.
fn slots(endpoints: &str, rest: &str) -> Result<Loaded, Report> {
    let text = text("", rest)
        .replace("requestPath: /ping,", "requestPath: /api/ping?slot=slot0,")
        .replace("requestPath: /stage,", "requestPath: \"/api/ping?slot=slot1&trace=1\",");
    let from = text.find("endpoints: ").expect("it has some");
    let end = from + text[from..].find(" } }\n").expect("they end");
    let text = format!(
        "{}slots: {{ slot0: slot0, slot1: slot1 }}, endpoints: {{ {endpoints} }}{}",
        &text[..from],
        &text[end + 2..]
    );
    load_text("scenario.yaml", text, &LoadOptions::default())
}

/// A path with a query is an endpoint of its own, of which what is asked for is known: whoever is of the slot.
#[test]
fn what_a_query_asks_for_says_who_answers() {
    let loaded = slots(
        "/api/ping: [{ when: [process, { asksForOwn: slot }], answer: 200 }, { when: { query: { trace: \"1\" } }, answer: 503 }, \
         { when: process, answer: 404 }]",
        "",
    );
    let application = plan_of(loaded).application;
    let endpoint = |path: &str| application.endpoints.iter().find(|of| of.path == path).expect("it is there");
    let given = |path: &str| -> Vec<(Option<Vec<String>>, AnswerKind)> {
        let who = |of: &Clause| of.when.who.and_then(|at| application.who[usize::from(at)].sets.clone());
        endpoint(path).clauses.iter().map(|of| (who(of), of.answer.kind)).collect()
    };
    let own = |set: &str| (Some(vec![set.to_owned()]), AnswerKind::Status(200));
    let none = (None, AnswerKind::Status(404));
    assert_eq!(given("/api/ping?slot=slot0"), [own("slot0"), none.clone()]);
    let traced = (None, AnswerKind::Status(503));
    assert_eq!(given("/api/ping?slot=slot1&trace=1"), [own("slot1"), traced, none.clone()]);
    assert_eq!(given("/api/ping"), [none], "who asks for nothing is answered by what asks for nothing");
}

/// The other conditions on who is asked; two of them are both.
#[test]
fn an_answer_may_depend_on_who_is_asked() {
    let conditions = "{ scaleSet: slot1 }, { zone: 2 }, { image: web/1.0.0 }";
    let loaded = slots(&format!("/api/ping: [{{ when: [{conditions}], answer: 200 }}]"), "");
    let plan = plan_of(loaded);
    let expected = Who {
        sets: Some(vec!["slot1".into()]),
        zones: Some(vec![2]),
        image: Some("web".into()),
        version: Number::parse("1.0.0"),
        code: None,
    };
    assert_eq!(plan.application.who, [expected]);
}

/// The set-up of the sample of a VIP swap, whose Terraform gives no interval: 15 s by the API, and one good answer is enough.
#[test]
fn a_probe_without_an_interval_goes_out_every_15_s() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/idle-slot-under-repairs.yaml");
    let pools = plan_of(load_path(&path, &LoadOptions::default())).pools;
    let probes: Vec<_> = pools.iter().filter_map(|pool| pool.probe.as_ref()).collect();
    let numbers: Vec<_> =
        probes.iter().map(|probe| (probe.name.as_str(), probe.interval.ms(), probe.threshold)).collect();
    assert_eq!(numbers, [("http-probe", 15_000, 1), ("http-probe-stage", 15_000, 1)]);
}

/// The two balancers of before, a gateway of two listeners and so many instances, and a name and an edge that lead to one rule and to one
/// listener. Nobody is in the pool of the gateway, and the name leads there all the same.
fn every_kind(instances: u32) -> Plan {
    let listener = |name: &str, port: u16| {
        format!(
            "{{ name: {name}, properties: {{ frontendIPConfiguration: {{ id: public }}, frontendPort: {{ id: p{port} }} }} }}"
        )
    };
    let rule = |name: &str, priority: u32| {
        format!(
            "{{ name: {name}, properties: {{ priority: {priority}, httpListener: {{ id: {name} }}, \
             backendAddressPool: {{ id: web }}, backendHttpSettings: {{ id: http }} }} }}"
        )
    };
    let more = format!(
        "  - type: Microsoft.Network/applicationGateways
    name: gw
    properties:
      sku: {{ name: Standard_v2, tier: Standard_v2, capacity: {instances} }}
      frontendIPConfigurations: [{{ name: public, properties: {{ publicIPAddress: {{ id: pip-gw }} }} }}]
      frontendPorts: [{{ name: p80, properties: {{ port: 80 }} }}, {{ name: p81, properties: {{ port: 81 }} }}]
      backendAddressPools: [{{ name: web }}]
      backendHttpSettingsCollection: [{{ name: http, properties: {{ port: 80, probe: {{ id: p }} }} }}]
      probes: [{{ name: p, properties: {{ path: /ping }} }}]
      httpListeners: [{}, {}]
      requestRoutingRules: [{}, {}]
  - type: Microsoft.Network/trafficManagerProfiles
    name: tm
    properties:
      trafficRoutingMethod: Weighted
      monitorConfig: {{ path: /ping }}
      endpoints:
        - {{ name: one, properties: {{ targetResourceId: internal }} }}
        - {{ name: two, properties: {{ targetResourceId: pip-gw, alwaysServe: Enabled }} }}
  - type: Microsoft.Cdn/profiles
    name: fd
    sku: {{ name: Standard_AzureFrontDoor }}
    properties:
      originGroups:
        - name: g
          properties:
            healthProbeSettings: {{ probePath: /ping, probeIntervalInSeconds: 30 }}
            origins: [{{ name: one, properties: {{ hostName: internal }} }}, {{ name: two, properties: {{ hostName: pip-gw }} }}]
      afdEndpoints: [{{ name: shop, properties: {{ routes: [{{ name: all, properties: {{ originGroup: {{ id: g }} }} }}] }} }}]
images:",
        listener("prod", 80),
        listener("stage", 81),
        rule("prod", 1),
        rule("stage", 2),
    );
    let demand = "{ demand: 100 rps, connections: perRequest }";
    let named = ["public/http", "public/staging", "gw/stage", "tm", "shop"].map(|name| format!("{name}: {demand}"));
    let text = text("", &format!("traffic: {{ {} }}\n", named.join(", "))).replacen("images:", &more, 1);
    plan_of(load_text("scenario.yaml", text, &LoadOptions::default()))
}

/// Three rules of `public` lead to one pool, and `gw` has two listeners: each has its own name, whether users come there or not. What users
/// of a name are led to has one name, whether one instance of the gateway takes it or two share it: then each has a part of it.
#[test]
fn an_entry_point_has_one_name_in_every_output() {
    for instances in [1, 2] {
        let plan = every_kind(instances);
        let names = Names::new(&plan, Vec::new());
        let parts = Scope::parts(&plan, ScopeKind::EntryPoint);
        let named: Vec<String> = parts.iter().filter_map(|scope| scope.name(&plan)).collect();
        let expected = [
            "public/http",
            "public/staging",
            "gw/stage",
            "tm",
            "shop",
            "tm/internal",
            "tm/gw/prod",
            "shop/internal",
            "shop/gw/prod",
        ];
        assert_eq!(named.iter().collect::<BTreeSet<_>>().len(), named.len());
        assert_eq!(named.iter().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(expected));
        for (scope, name) in parts.iter().zip(&named) {
            assert_eq!(Scope::named(&plan, ScopeKind::EntryPoint, name), [*scope], "{name}");
        }
        let mut all: Vec<&str> = plan.entries().map(|(id, _)| names.entry_point(id)).collect();
        for (id, entry) in plan.entries() {
            assert_eq!(Some(names.entry_point(id)), Scope::EntryPoint(id).name(&plan).as_deref());
            assert_eq!(plan.is_part(id), entry.name.contains('#'), "{}", names.entry_point(id));
        }
        let shared = ["gw/prod", "gw/stage", "tm/gw/prod", "shop/gw/prod"];
        let each = |name: &str| (0..2).map(|number| format!("{name}#{number}")).collect::<Vec<_>>();
        let shared: Vec<String> =
            if instances == 1 { Vec::new() } else { shared.iter().flat_map(|of| each(of)).collect() };
        all.sort_unstable();
        let mut every: Vec<&str> = expected.iter().copied().chain(["public/https", "internal", "gw/prod"]).collect();
        every.extend(shared.iter().map(String::as_str));
        every.sort_unstable();
        assert_eq!(all, every);
    }
}

/// Half of the users of `tm` are led to the gateway, whose pool is empty: all of theirs fail, half of those of the name, and the same be it
/// one instance or two that share them.
#[test]
fn what_a_name_leads_to_a_listener_fares_alike_however_many_instances_share_it() {
    for instances in [1, 2] {
        let plan = every_kind(instances);
        let mut measures = Measures::new(&plan);
        run(&plan, 7, Options { check_every_instant: true, ..Options::default() }, &mut measures);
        let harmed = |name: &str| {
            let [scope] = Scope::named(&plan, ScopeKind::EntryPoint, name)[..] else { panic!("{name}") };
            let all = measures.measures();
            let found = all.iter().find(|of| of.name() == "blast_radius.requests_pct" && of.scope == scope);
            match found.expect("it is computed").value {
                Value::Number(share) => share,
                other => panic!("{name}: {other:?}"),
            }
        };
        for (name, share) in [("tm", 50.0), ("tm/gw/prod", 100.0), ("tm/internal", 0.0)] {
            assert!((harmed(name) - share).abs() < 1e-9, "{name} by {instances}: {}", harmed(name));
        }
    }
}

/// 200 is a good answer to a load balancer, and no other one is: of `/ping` that never gives it is spoken, and of `/stage` nothing is said.
#[test]
fn a_probe_that_nobody_answers_well_is_said() {
    let of = |answer: &str| {
        let text = text("", "").replace("/ping: [{ when: process, answer: 200 }]", &format!("/ping: [{answer}]"));
        let outcome = load_text("scenario.yaml", text, &LoadOptions::default());
        let said = problems(&outcome).iter().filter(|problem| problem.code == "W0229");
        said.map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    let never = ["no answer of `/ping` is one that this probe takes for a good one"];
    assert_eq!(of("{ when: process, answer: 204 }"), never);
    assert_eq!(of("{ when: warm, answer: 503 }, { when: process, answer: 404 }"), never);
    assert!(of("{ when: warm, answer: 503 }, { when: process, answer: 200 }").is_empty());
}

/// By the pages of the sizes: the oldest series have a number in their names that is not that of their cores.
#[test]
fn a_size_has_the_cores_that_its_page_says() {
    let known = [
        ("Standard_D4as_v5", 4),
        ("Standard_D2_v3", 2),
        ("Standard_B1ls", 1),
        ("Standard_A8m_v2", 8),
        ("Standard_D3_v2", 4),
        ("Standard_DS12_v2", 4),
        ("Standard_D15_v2", 20),
        ("Standard_DS4", 8),
        ("Standard_A7", 8),
        ("Basic_A3", 4),
        ("Standard_GS5", 32),
        ("Standard_E64-16s_v5", 64),
    ];
    for (size, cores) in known {
        assert_eq!(known_cores(size), Some(cores), "{size}");
    }
    assert_eq!((known_cores("Standard_Ds_v5"), cores("Standard_Ds_v5")), (None, 1));
}
