//! The settings of the Application Health extension: what is refused or warned of is said with the id of its rule, and
//! goes when that is switched off; and what an application says of its health.

use super::{plan_of, said, said_by};
use windtunnel::input::{LoadOptions, Loaded, Report, Severity, load_text};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Body, HealthExtension, HealthSource, HealthVersion, HealthWord, Needs, Plan, ProbeProtocol, RollingMetrics, Said,
    ScaleSet,
};
use windtunnel_sim::rules::{self, RuleId, RuleSet};

/// A Flexible set with the extension; `handler` is the line of its version.
fn text(handler: &str, settings: &str, answer: &str) -> String {
    format!(
        "windtunnel: 1
title: t
horizon: PT1H
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: {{ name: Standard_D2s_v5, capacity: 2 }}
    properties:
      orchestrationMode: Flexible
      virtualMachineProfile:
        extensionProfile:
          extensions:
            - name: install
              properties: {{ publisher: p, type: CustomScript, typeHandlerVersion: \"2.1\", settings: {{}} }}
            - name: health
              properties:
                publisher: Microsoft.ManagedServices
                type: ApplicationHealthLinux
                {handler}
                provisionAfterExtensions: [install]
                settings: {{ {settings} }}
application:
  endpoints:
    /ready: [{{ when: process, answer: {answer} }}]
  extensions: {{ install: {{ duration: PT1M }} }}
"
    )
}

const RICH: &str = "typeHandlerVersion: \"2.0\"";
const BINARY: &str = "typeHandlerVersion: \"1.0\"";
const HTTP: &str = "protocol: http, port: 80, requestPath: /ready";
const ANSWER: &str = "{ status: 200, healthState: Healthy }";

fn load(text: &str, rules: RuleSet) -> Result<Loaded, Report> {
    load_text("scenario.yaml", text.to_owned(), &LoadOptions { rules })
}

#[track_caller]
fn holds(rule: RuleId, text: &str, severity: Severity) {
    said_by(rule, severity, |rules| load(text, rules));
}

#[track_caller]
fn refused(rule: RuleId, handler: &str, settings: &str) {
    holds(rule, &text(handler, settings, ANSWER), Severity::Error);
}

#[track_caller]
fn warned(rule: RuleId, handler: &str, settings: &str) {
    holds(rule, &text(handler, settings, ANSWER), Severity::Warning);
}

/// Nothing is said by a rule.
#[track_caller]
fn legal(rule: RuleId, handler: &str, settings: &str) {
    assert_eq!(said(&load(&text(handler, settings, ANSWER), RuleSet::all()), rule), None, "{settings}");
}

#[track_caller]
fn plan(text: &str) -> Plan {
    plan_of(load(text, RuleSet::all()))
}

#[track_caller]
fn set(handler: &str, settings: &str) -> ScaleSet {
    plan(&text(handler, settings, ANSWER)).sets.swap_remove(0)
}

#[test]
fn the_extension_is_read_as_it_is_written() {
    let settings = format!("{HTTP}, intervalInSeconds: 10, numberOfProbes: \"3\", gracePeriod: 600");
    let set = set(RICH, &settings);
    let expected = HealthExtension {
        extension: 1,
        version: HealthVersion::Rich,
        protocol: Some(ProbeProtocol::Http),
        endpoint: 1,
        interval: SimDuration::from_secs(10),
        probes: 3,
        grace: Some(SimDuration::from_secs(600)),
    };
    assert_eq!(set.profile.health_extension, Some(expected));
    assert_eq!((set.profile.health_source, &set.profile.extensions[1].after[..]), (HealthSource::Extension, &[0][..]));
}

#[test]
fn what_is_left_out_has_its_default() {
    let found = set(RICH, HTTP).profile.health_extension.expect("it is there");
    assert_eq!((found.interval, found.probes, found.grace), (SimDuration::from_secs(5), 1, None));
}

#[test]
fn without_a_protocol_a_warning() {
    warned(rules::HD_01, RICH, "port: 80");
    assert_eq!(set(RICH, "port: 80").profile.health_extension.expect("it is there").protocol, None);
}

#[test]
fn the_port_is_checked() {
    refused(rules::HD_02, RICH, "protocol: tcp");
    refused(rules::HD_02, RICH, "protocol: http, requestPath: /ready, port: 70000");
    legal(rules::HD_02, RICH, "protocol: https, requestPath: /ready");
}

#[test]
fn the_path_goes_with_the_protocol() {
    refused(rules::HD_03, RICH, "protocol: http, port: 80");
    refused(rules::HD_03, RICH, "protocol: tcp, port: 80, requestPath: /ready");
    legal(rules::HD_03, RICH, "protocol: tcp, port: 80");
}

#[test]
fn the_interval_has_a_range() {
    refused(rules::HD_04, RICH, &format!("{HTTP}, intervalInSeconds: 4"));
    refused(rules::HD_04, RICH, &format!("{HTTP}, intervalInSeconds: 61"));
    legal(rules::HD_04, RICH, &format!("{HTTP}, intervalInSeconds: 60"));
}

#[test]
fn the_number_of_probes_has_a_range() {
    refused(rules::HD_05, RICH, &format!("{HTTP}, numberOfProbes: 0"));
    refused(rules::HD_05, RICH, &format!("{HTTP}, numberOfProbes: 25"));
    legal(rules::HD_05, RICH, &format!("{HTTP}, numberOfProbes: 24"));
}

#[test]
fn the_grace_period_has_a_maximum() {
    refused(rules::HD_06, RICH, &format!("{HTTP}, gracePeriod: 14401"));
    legal(rules::HD_06, RICH, &format!("{HTTP}, gracePeriod: 14400"));
}

#[test]
fn the_grace_period_has_a_minimum() {
    refused(rules::HD_07, RICH, &format!("{HTTP}, gracePeriod: 0"));
    legal(rules::HD_07, RICH, &format!("{HTTP}, gracePeriod: 5"));
}

/// 60 × 24 is 1440; 240 and 120 are the limits.
#[test]
fn interval_times_probes_has_a_limit() {
    refused(rules::HD_08, RICH, &format!("{HTTP}, intervalInSeconds: 60, numberOfProbes: 24"));
    refused(rules::HD_08, BINARY, &format!("{HTTP}, intervalInSeconds: 11, numberOfProbes: 11"));
    legal(rules::HD_08, RICH, &format!("{HTTP}, intervalInSeconds: 10, numberOfProbes: 24"));
    legal(rules::HD_08, BINARY, &format!("{HTTP}, intervalInSeconds: 10, numberOfProbes: 12"));
}

#[test]
fn the_version_says_which_states_there_are() {
    let version = |handler| set(handler, HTTP).profile.health_extension.expect("it is there").version;
    assert_eq!((version(BINARY), version(RICH)), (HealthVersion::Binary, HealthVersion::Rich));
    refused(rules::HD_09, "typeHandlerVersion: \"3.0\"", HTTP);
    warned(rules::HD_09, "autoUpgradeMinorVersion: true", HTTP);
    warned(rules::HD_09, BINARY, &format!("{HTTP}, gracePeriod: 600"));
    assert_eq!(
        set(BINARY, &format!("{HTTP}, gracePeriod: 600")).profile.health_extension.expect("it is there").grace,
        None
    );
}

#[test]
fn a_disputed_grace_period_is_a_warning() {
    warned(rules::HD_11, RICH, &format!("{HTTP}, gracePeriod: 7201"));
    legal(rules::HD_11, RICH, &format!("{HTTP}, gracePeriod: 7200"));
}

#[test]
fn a_default_grace_period_is_a_warning() {
    warned(rules::HD_31, RICH, &format!("{HTTP}, numberOfProbes: 3"));
    legal(rules::HD_31, RICH, HTTP);
    legal(rules::HD_31, RICH, &format!("{HTTP}, numberOfProbes: 3, gracePeriod: 600"));
    legal(rules::HD_31, BINARY, &format!("{HTTP}, numberOfProbes: 3"));
}

#[test]
fn a_path_that_nobody_answers_on_is_an_error() {
    let report = load(&text(RICH, "protocol: http, requestPath: /reedy", ANSWER), RuleSet::all()).expect_err("refused");
    let problem = report.problems().iter().find(|problem| problem.code == "E0217").expect("the path is unknown");
    assert!(format!("{report}").contains("did you mean `/ready`?"), "{}", problem.message);
}

#[test]
fn an_answer_says_what_health_is() {
    let body = |answer: &str| plan(&text(RICH, HTTP, answer)).application.endpoints[1].clauses[0].answer.body;
    let state = |word| Body { state: Some(word), ..Body::default() };
    assert_eq!(body("200"), Body::default());
    assert_eq!(body("{ status: 200, healthState: Unhealthy }"), state(HealthWord::Exact(Said::Unhealthy)));
    assert_eq!(body("{ status: 200, healthState: healthy }"), state(HealthWord::OtherCase(Said::Healthy)));
    assert_eq!(body("{ status: 200, healthState: Initializing }"), state(HealthWord::Other));
    let metrics = "{ status: 200, healthState: Healthy, customMetrics: { rollingUpgrade: { SkipUpgrade: false } } }";
    assert_eq!(body(metrics), Body { metrics_object: true, ..state(HealthWord::Exact(Said::Healthy)) });
    assert_eq!(body("{ status: 200, customMetrics: '{}' }"), Body::default());
}

#[test]
fn a_body_that_cannot_be_read_is_a_warning() {
    let with = |answer| text(RICH, HTTP, answer);
    holds(rules::HD_23, &with("{ status: 200, healthState: healthy }"), Severity::Warning);
    holds(rules::HD_36, &with("{ status: 200, customMetrics: { a: 1 } }"), Severity::Warning);
}

#[test]
fn custom_metrics_are_a_string_that_holds_json() {
    let rolling = |metrics: &str, rules| {
        let answer = format!("{{ status: 200, customMetrics: '{metrics}' }}");
        let loaded = load(&text(RICH, HTTP, &answer), rules).expect("it loads");
        loaded.plan("as-written").expect("it always exists").plan.application.endpoints[1].clauses[0]
            .answer
            .body
            .rolling
    };
    let full = r#"{"rollingUpgrade":{"PhaseOrderingNumber":3,"SkipUpgrade":true}}"#;
    let all = RuleSet::all;
    assert_eq!(rolling(full, all()), Some(RollingMetrics { phase: Some(3), skip: true }));
    assert_eq!(rolling(full, RuleSet::without(rules::HD_35)), None);
    assert_eq!(rolling(r#"{"rollingUpgrade":{}}"#, all()), Some(RollingMetrics::default()));
    assert_eq!(rolling("{}", all()), None);
    assert_eq!(rolling("none", all()), None);
    holds(rules::HD_36, &text(RICH, HTTP, "{ status: 200, customMetrics: none }"), Severity::Warning);
}

#[test]
fn an_answer_may_be_that_of_some_instances() {
    let text = text(RICH, HTTP, ANSWER).replace("when: process", "when: [process, { instances: [0, 3] }]");
    let application = plan(&text).application;
    let when = application.endpoints[1].clauses[0].when;
    assert_eq!(when, Needs { process: true, instances: Some(0), ..Needs::default() });
    assert_eq!(application.groups, [[0, 3]]);
}

/// Two balancers, each with a pool `p` and a probe `up`; the set is in the pool of the second.
const TWO_BALANCERS: &str = "windtunnel: 1
title: t
horizon: PT1H
resources:
  - type: Microsoft.Network/loadBalancers
    name: one
    location: eastus
    sku: { name: Standard }
    properties: &balancer
      backendAddressPools: [{ name: p }]
      probes: [{ name: up, properties: { protocol: Http, port: 80, requestPath: /up, intervalInSeconds: 5 } }]
      loadBalancingRules:
        - name: r
          properties: { protocol: Tcp, frontendPort: 80, backendPort: 80, backendAddressPool: { id: p }, probe: { id: up } }
  - { type: Microsoft.Network/loadBalancers, name: two, location: eastus, sku: { name: Standard }, properties: *balancer }
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 2 }
    properties:
      orchestrationMode: Uniform
      overprovision: false
      virtualMachineProfile:
        storageProfile: { imageReference: { id: web/1.0.0 } }
        networkProfile:
          healthProbe: { id: PROBE }
          networkInterfaceConfigurations:
            - name: n
              properties: { ipConfigurations: [{ name: i, properties: { loadBalancerBackendAddressPools: [{ id: two/p }] } }] }
application: { endpoints: { /up: [{ when: process, answer: 200 }] } }
images: { web: { 1.0.0: {} } }
";

/// A probe that two load balancers have is not the first one's (as a pool is not): which one is meant has to be said.
#[test]
fn a_probe_of_several_balancers_has_to_be_named_with_one() {
    use windtunnel::input::{LoadOptions, load_text};
    let load = |probe: &str| load_text("scenario.yaml", TWO_BALANCERS.replace("PROBE", probe), &LoadOptions::default());
    let Err(report) = load("up") else { panic!("it is refused") };
    let said = report.to_string();
    assert!(said.contains("several load balancers have a probe `up`") && said.contains("one/up or two/up"), "{said}");
    let loaded = load("two/up").unwrap_or_else(|report| panic!("{report}"));
    let source = loaded.plan("as-written").expect("always").plan.sets[0].profile.health_source;
    assert_eq!(source, windtunnel_sim::plan::HealthSource::Probe(1));
}

/// Whether something is said with this code.
fn coded(text: &str, code: &str) -> bool {
    let loaded = load(text, RuleSet::all()).unwrap_or_else(|report| panic!("{report}"));
    loaded.problems.iter().any(|problem| problem.code == code)
}

/// To version 2 a bare 200 says nothing (HD-21): the fleet is Unknown from the start, and stays so. Version 1 takes it.
#[test]
fn an_answer_without_a_state_leaves_version_2_without_one() {
    let bare = text(RICH, HTTP, "200");
    assert!(coded(&bare, "W0555"));
    for shown in [text(RICH, HTTP, ANSWER), text(BINARY, HTTP, "200"), text(RICH, "protocol: tcp, port: 80", "200")] {
        assert!(!coded(&shown, "W0555"), "{shown}");
    }
    // A state that it does not take is none, and so is one in the body of a failure.
    assert!(coded(&text(RICH, HTTP, "{ status: 200, healthState: healthy }"), "W0555"));
    assert!(coded(&text(RICH, HTTP, "{ status: 503, healthState: Unhealthy }"), "W0555"));
    let mut ledger = Vec::new();
    windtunnel_sim::world::run::run(&plan(&bare), 7, windtunnel_sim::world::run::Options::default(), &mut ledger);
    let health = |record: &windtunnel_sim::world::fact::Record| match record.fact {
        windtunnel_sim::world::fact::Fact::HealthReported { to, .. } => Some((record.time.seconds(), to)),
        _ => None,
    };
    let unknown = windtunnel_sim::world::fact::Health::Unknown;
    assert_eq!(ledger.iter().filter_map(health).collect::<Vec<_>>(), [(0.0, unknown), (0.0, unknown)]);
}

#[test]
fn a_204_has_no_body() {
    let with = text(RICH, HTTP, "{ status: 204, healthState: Healthy }");
    assert!(coded(&with, "W0554") && coded(&with, "W0555"));
    assert_eq!(plan(&with).application.endpoints[1].clauses[0].answer.body, Body { text: Some(0), ..Body::default() });
    assert!(!coded(&text(BINARY, HTTP, "204"), "W0554"));
}
