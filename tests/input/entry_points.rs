//! The rules, frontends, pools and probes of balancers: which entry points they make, by which names traffic finds them, and whose
//! probe is a health source.

use super::{plan_of, problems, scale_set};
use std::path::Path;
use windtunnel::input::{LoadOptions, Loaded, Report, load as load_path, load_text};
use windtunnel_sim::plan::{AnswerKind, Clause, HealthSource, Number, Plan, Who};

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
