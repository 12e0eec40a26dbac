//! Policies and the platform's rules, on small scenarios written out here.

use windtunnel::claims::expect::Test;
use windtunnel::input::arm::shape::{Kind, KnownBy, autoscale};
use windtunnel::input::patch::diff_json;
use windtunnel::input::{LoadOptions, Loaded, Report, Severity, load_effective, load_text};
use windtunnel_sim::plan::{Act, AnswerKind, HealthSource, ImageReference, Which};

const HEAD: &str = "windtunnel: 1\ntitle: t\nhorizon: P2D\nstart: 2026-03-10T06:00:00Z\n";

const BALANCER: &str = "
  - type: Microsoft.Network/loadBalancers
    name: lb
    sku: { name: Standard }
    properties:
      backendAddressPools: [{ name: web }]
      probes: [{ name: alive, properties: { protocol: Tcp, port: 80 } }]
      loadBalancingRules: [{ name: r, properties: { backendAddressPool: { id: web }, probe: { id: alive } } }]";

fn scale_set(properties: &str, profile: &str) -> String {
    format!(
        "
  - type: microsoft.compute/virtualmachinescalesets
    name: vmss
    location: East US
    sku: {{ name: Standard_D2s_v5, capacity: \"2\" }}
    properties:
      orchestrationMode: uniform
      {properties}
      virtualMachineProfile:
        storageProfile: {{ imageReference: {{ id: web/1.0.0 }} }}
        networkProfile:
          healthProbe: {{ id: alive }}
          networkInterfaceConfigurations:
            - name: n
              properties:
                ipConfigurations: [{{ name: i, properties: {{ loadBalancerBackendAddressPools: [{{ id: lb/web }}] }} }}]
        {profile}
images: {{ web: {{ 1.0.0: {{ code: c1 }}, 1.10.0: {{}}, 1.9.0: {{ cannotReach: [db] }} }} }}
"
    )
}

fn text(properties: &str, profile: &str, rest: &str) -> String {
    let application = if rest.contains("application:") {
        ""
    } else {
        "application: { releases: [c1, c2], dependencies: [hsm, db], capacity: 100 rps }\n"
    };
    format!("{HEAD}resources:{BALANCER}{}{application}{rest}", scale_set(properties, profile))
}

fn load(text: &str) -> Result<Loaded, Report> {
    load_text("scenario.yaml", text.to_owned(), &LoadOptions::default())
}

fn loads(rest: &str) -> Loaded {
    load(&text("overprovision: false", "", rest)).unwrap_or_else(|report| panic!("{report}"))
}

fn fails(text: &str) -> Vec<(String, String)> {
    let report = load(text).expect_err("it fails");
    let errors = report.problems().iter().filter(|problem| problem.severity == Severity::Error);
    errors.map(|problem| (problem.code.to_owned(), problem.message.clone())).collect()
}

#[test]
fn resources_are_read_in_any_case_and_with_numbers_in_quotes() {
    let loaded = loads("");
    let plan = &loaded.plan("as-written").expect("it is there").plan;
    let set = &plan.sets[0];
    assert_eq!((set.capacity, set.fault_domains, set.single_placement_group), (2, 5, true));
    assert_eq!((set.profile.health_source, &plan.regions[0].name[..]), (HealthSource::Probe(0), "eastus"));
    let probe = plan.pools[0].probe.as_ref().expect("a probe");
    assert_eq!((probe.interval.ms(), probe.threshold, probe.endpoint), (15_000, 1, 0));
}

#[test]
fn patches_merge_by_name_remove_and_append() {
    let loaded = loads(
        "timeline:
  - { name: a, at: PT2M, setCapacity: { scaleSet: vmss, capacity: 3 } }
  - { name: b, at: PT1M, setCapacity: { scaleSet: vmss, capacity: 4 } }
policies:
  p:
    VMSS: { SKU: { CAPACITY: 7 }, properties: { overprovision: null } }
    timeline:
      - { name: a, $remove: true }
      - { name: b, at: PT3M }
      - { name: c, at: PT1M, disturb: { scaleSet: vmss, instances: [0, 1], how: freeze, for: 10s } }
  newest: { vmss: { properties: { virtualMachineProfile: { storageProfile: { imageReference: { id: web/latest } } } } } }
",
    );
    let planned = loaded.plan("p").expect("it is there");
    assert_eq!((planned.plan.sets[0].capacity, planned.plan.sets[0].overprovision), (7, true));
    let names: Vec<(&str, u64)> = planned.plan.timeline.iter().map(|a| (&a.name[..], a.at.ms() / 1000)).collect();
    assert_eq!(names, [("c", 60), ("b", 180)]);
    assert!(
        matches!(&planned.plan.timeline[0].what, Act::Disturb { which: Which::Ordinals(list), .. } if list == &[0, 1])
    );
    let paths: Vec<String> = planned.diff.iter().map(|change| change.path.to_string()).collect();
    assert_eq!(
        paths,
        ["vmss.sku.capacity", "vmss.properties.overprovision", "timeline[a]", "timeline[b].at", "timeline[c]"]
    );
    assert_eq!(planned.diff[0].to_string(), "vmss.sku.capacity: 2 → 7");
    assert_eq!(diff_json(&planned.diff)[1]["new"], serde_json::Value::Null);
    let newest = &loaded.plan("newest").expect("it is there").plan;
    assert_eq!(newest.sets[0].image, ImageReference::Definition(0));
    assert!(loaded.plan("q").is_err());
}

/// A set that two rules scale, one out and one in.
const SCALED: &str = "
  - type: Microsoft.Insights/autoscaleSettings
    name: scale
    properties:
      enabled: true
      targetResourceUri: vmss
      profiles:
        - name: usual
          capacity: { minimum: '2', maximum: '9', default: '2' }
          rules:
            - metricTrigger: &cpu
                { metricName: Percentage CPU, timeGrain: PT1M, statistic: Average, timeWindow: PT5M, operator: GreaterThan, threshold: 70 }
              scaleAction: { direction: Increase, type: ChangeCount, value: '2', cooldown: PT5M }
            - metricTrigger:
                { metricName: Percentage CPU, timeGrain: PT1M, statistic: Average, timeWindow: PT5M, operator: LessThan, threshold: 30 }
              scaleAction: { direction: Decrease, type: ChangeCount, value: '1', cooldown: PT6M }";

/// A policy changes one rule of two by its metric and its direction, or by its place; a list that is written out whole replaces the old
/// one, as one does that begins with `$replace`. In minutes, the cooldowns of the rules, as the plan has them.
#[test]
fn a_rule_is_patched_by_its_metric_and_direction() {
    let policy =
        |name: &str, profiles: &str| format!("  {name}: {{ scale: {{ properties: {{ profiles: [{profiles}] }} }} }}\n");
    let rules = |name: &str, rules: &str| policy(name, &format!("{{ name: usual, rules: [{rules}] }}"));
    let whole = |minutes: u32| {
        let action = format!("{{ direction: Increase, type: ChangeCount, cooldown: PT{minutes}M }}");
        format!("{{ metricTrigger: *cpu, scaleAction: {action} }}")
    };
    let by_key =
        "{ metricTrigger: { metricName: percentage cpu }, scaleAction: { direction: decrease, cooldown: PT10M } }";
    let increase = "{ scaleAction: { direction: Increase, cooldown: PT8M } }";
    let policies = [
        rules("by-key", by_key),
        policy("by-place", "{ $at: 0, rules: [{ $at: 1, scaleAction: { cooldown: PT10M } }] }"),
        rules("without", "{ scaleAction: { direction: Decrease }, $remove: true }"),
        rules("whole", &whole(7)),
        policy(
            "replaced",
            "{ $replace: true }, { name: other, capacity: { minimum: '3', maximum: '4', default: '3' } }",
        ),
        rules("more", &format!("{increase}, {}", whole(9))),
    ];
    let policies = format!("policies:\n{}", policies.concat());
    let with = format!("{}{policies}", text("", "", "")).replace("resources:", &format!("resources:{SCALED}"));
    // Of the last one the second element is written out whole, and by its key it is the first rule, too: it changes that again.
    let loaded = load(&with).unwrap_or_else(|report| panic!("{report}"));
    let minutes = |policy: &str| {
        let plan = &loaded.plan(policy).expect("it is there").plan;
        let profile = &plan.autoscale[0].profiles[0];
        profile.rules.iter().map(|rule| rule.cooldown.ms() / 60_000).collect::<Vec<_>>()
    };
    assert_eq!(minutes("as-written"), [5, 6]);
    assert_eq!((minutes("by-key"), minutes("by-place")), (vec![5, 10], vec![5, 10]));
    assert_eq!((minutes("without"), minutes("whole"), minutes("more")), (vec![5], vec![7], vec![9, 6]));
    let plan = &loaded.plan("replaced").expect("it is there").plan.autoscale[0];
    assert_eq!((plan.profiles.len(), plan.profiles[0].minimum, plan.profiles[0].rules.len()), (1, 3, 0));
    let diff: Vec<String> = loaded.plan("by-key").expect("it is there").diff.iter().map(ToString::to_string).collect();
    assert_eq!(
        diff,
        ["scale.properties.profiles[usual].rules[Percentage CPU, Decrease].scaleAction.cooldown: PT6M → PT10M"]
    );
}

/// An element without one of these is a change of a rule that is there, since alone it is refused as incomplete: the table says of a rule
/// what the reader of rules wants.
#[test]
fn a_rule_is_whole_where_it_can_stand_alone() {
    let KnownBy::Values(keyed) = Kind::Object(&autoscale::RULE).known_by() else { panic!("rules have a key") };
    let sound = load(&text("", "", "").replace("resources:", &format!("resources:{SCALED}")));
    assert!(sound.is_ok());
    for path in keyed.whole {
        let key = path.last().expect("a key");
        let mut lines: Vec<String> = SCALED.lines().map(str::to_owned).collect();
        // The lines of the first rule.
        for line in &mut lines[11..13] {
            let Some(at) = line.find(&format!(" {key}:")) else { continue };
            let end = line[at + 1..].find([',', '}']).map_or(line.len(), |end| at + 1 + end);
            let end = if line[end..].starts_with(',') { end + 1 } else { end };
            line.replace_range(at + 1..end, "");
        }
        let broken = text("", "", "").replace("resources:", &format!("resources:{}", lines.join("\n")));
        let codes = fails(&broken);
        assert!(
            codes.iter().any(|(code, message)| code == "E0502" && message.contains(*key)),
            "{key}: {codes:?}\n{broken}"
        );
    }
}

#[test]
fn what_a_patch_breaks_is_said_at_the_patch() {
    let report = load(&text("", "", "policies: { p: { vmss: { sku: { capacity: 101 } } } }\n")).expect_err("it fails");
    let problem = &report.problems().0[0];
    assert!(problem.full().contains("(OR-04)"), "{report}");
    assert!(problem.primary.as_ref().is_some_and(|(span, _)| span.source.text[span.start..].starts_with("101")));
    for (policy, code) in [
        ("p: { vmss: 3 }", "E0306"),
        ("p: { vmss: { properties: { zoneBalance: null } } }", "E0304"),
        ("as-written: { vmss: { sku: { capacity: 3 } } }", "E0303"),
        ("p: { windtunnel: 2 }", "E0301"),
    ] {
        let codes: Vec<String> =
            fails(&text("", "", &format!("policies: {{ {policy} }}\n"))).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, [code], "{policy}");
    }
}

#[test]
fn daily_demand_is_linear_and_goes_on_over_midnight() {
    let loaded = loads("traffic: { lb: { demand: { daily: { \"00:00\": 100 rps, \"12:00\": 340 rps } } } }\n");
    let plan = &loaded.plan("as-written").expect("it is there").plan;
    let demand = &plan.entry_points[0].traffic.as_ref().expect("traffic").demand;
    // It starts at 06:00, half of the way up.
    assert_eq!((demand[0].start.ms(), demand[0].rps), (0, 220.0));
    assert_eq!((demand[1].start.seconds(), demand[1].rps), (6.0 * 3600.0, 340.0));
    assert_eq!((demand[2].start.seconds(), demand[2].rps), (18.0 * 3600.0, 100.0));
    assert!((demand[0].slope - 120.0 / (6.0 * 3600.0)).abs() < 1e-12);
    assert!(demand.last().is_some_and(|segment| segment.start >= plan.horizon));
    assert!(demand.windows(2).all(|pair| pair[0].start < pair[1].start));
}

/// Half of the way up from 100 to 340 it is 220, and twice of that 440; what was before t = 0 is doubled, too: a day earlier, at
/// 06:00, it was the same.
#[test]
fn a_factor_multiplies_demand_throughout() {
    let shape = "{ daily: { \"00:00\": 100 rps, \"12:00\": 340 rps } }";
    let loaded = loads(&format!(
        "history: {{ length: P1D }}\ntraffic: {{ lb: {{ demand: {shape} }} }}\n\
         policies: {{ twice: {{ traffic: {{ lb: {{ demand: {{ factor: 2 }} }} }} }} }}\n"
    ));
    let plan = &loaded.plan("twice").expect("it is there").plan;
    let demand = &plan.entry_points[0].traffic.as_ref().expect("traffic").demand;
    assert_eq!([demand[0].rps, demand[1].rps, demand[2].rps], [440.0, 680.0, 200.0]);
    assert!((demand[0].slope - 240.0 / (6.0 * 3600.0)).abs() < 1e-12);
    assert_eq!(plan.history.demand[0][0].rps, 440.0);
}

#[test]
fn traces_are_written_into_the_effective_scenario() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("day.csv"), "rps, time\n120,0\n# lunch\n300, PT5M\n60.5,600\n").expect("written");
    let text = text(
        "",
        "",
        "traffic: { lb: { demand: { trace: day.csv }, users: { count: 10, requestsPerUser: 0.5 rps } } }\n",
    );
    let name = folder.path().join("scenario.yaml").display().to_string();
    let loaded = load_text(&name, text, &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    let planned = loaded.plan("as-written").expect("it is there");
    let demand = &planned.plan.entry_points[0].traffic.as_ref().expect("traffic").demand;
    let points: Vec<(u64, f64, f64)> =
        demand.iter().map(|segment| (segment.start.ms(), segment.rps, segment.slope)).collect();
    assert_eq!(points, [(0, 120.0, 0.6), (300_000, 300.0, -239.5 / 300.0), (600_000, 60.5, 0.0)]);
    assert!(planned.effective["traffic"]["lb"]["demand"]["points"].is_array());
    let again = load_effective(&planned.effective, &LoadOptions::default()).expect("it loads");
    assert_eq!(format!("{:?}", planned.plan), format!("{again:?}"));
}

#[test]
fn conditions_and_answers_become_needs() {
    let loaded = loads(
        "application:
  releases: [c1, c2]
  dependencies: [hsm, db]
  endpoints:
    tcp: [{ when: warm, answer: silent }]
    /x: [{ when: [process, db, { code: c2 }], answer: { status: 503, after: 200ms } }, { when: { code: c1 }, answer: refused }]
  serves: [process, hsm]
",
    );
    let application = &loaded.plan("as-written").expect("it is there").plan.application;
    assert_eq!(application.endpoints[0].clauses[0].answer.kind, AnswerKind::Silent);
    let clause = application.endpoints[1].clauses[0];
    assert_eq!((clause.when.code, clause.when.dependencies, clause.when.process), (Some(1), 0b10, true));
    assert_eq!((clause.answer.kind, clause.answer.after.ms()), (AnswerKind::Status(503), 200));
    assert_eq!(application.endpoints[1].clauses[1].when.code, Some(0));
    assert_eq!(application.serves.dependencies, 1);
}

#[test]
fn unknown_names_are_each_said_with_what_there_is() {
    let text = text(
        "",
        "",
        "traffic: { lbx: { demand: 3 rps } }
pipelines: { deploy: { scaleSets: [vms], installs: c3, duration: 1m } }
timeline:
  - { name: a, at: 1m, runPipeline: { pipeline: deplo } }
  - { name: b, at: 1m, dependencyDown: { dependency: hsn } }
  - { name: c, at: 1m, blockProbes: { pool: wbe } }
  - { name: c, at: 1m, releaseCode: { code: c9, pipelines: [deploy] } }
assumptions: { lb.nothing: 3 }
expect:
  - { name: e, policy: p, measure: downtime.full_s, is: 0 }
  - { name: e, measure: rollout.outcome, atMost: 3 }
",
    );
    let mut codes: Vec<String> = fails(&text).into_iter().map(|(code, _)| code).collect();
    codes.sort();
    assert_eq!(
        codes,
        ["E0201", "E0202", "E0203", "E0203", "E0204", "E0205", "E0205", "E0209", "E0210", "E0212", "E0215"]
    );
}

#[test]
fn bounds_are_read_in_the_unit_of_the_measure() {
    let expect =
        |measure: &str, bound: &str| text("", "", &format!("expect: [{{ name: e, measure: {measure}, {bound} }}]\n"));
    let test = |measure: &str, bound: &str| {
        let loaded = load(&expect(measure, bound)).unwrap_or_else(|report| panic!("{report}"));
        loaded.expectations[0].test.clone()
    };
    assert_eq!(test("blast_radius.requests_pct", "is: 0%"), Test::Is(0.0));
    assert_eq!(test("blast_radius.requests_pct", "between: [33.3%, 33.4%]"), Test::Between(33.3, 33.4));
    assert_eq!(test("downtime.full_s", "atMost: 5m"), Test::AtMost(300.0));
    assert_eq!(test("downtime.full_s", "atMost: 300"), Test::AtMost(300.0));
    assert_eq!(test("versions.stale_instance_s", "atLeast: PT1H"), Test::AtLeast(3600.0));
    assert_eq!(test("cost.regular_h", "is: 12.5"), Test::Is(12.5));
    for (measure, bound, code) in [
        ("blast_radius.requests_pct", "is: 0", "E0111"),
        ("blast_radius.requests_pct", "between: [34%, 33%]", "E0110"),
        ("blast_radius.requests_pct", "between: [34%]", "E0108"),
        ("downtime.full_s", "atMost: -5m", "E0111"),
        ("capacity.peak_instances", "atMost: 5m", "E0111"),
    ] {
        let errors: Vec<String> = fails(&expect(measure, bound)).into_iter().map(|(code, _)| code).collect();
        assert_eq!(errors, [code], "{measure}, {bound}");
    }
    let errors: Vec<String> = fails(&expect("rollout.outcome", "is: complete")).into_iter().map(|(c, _)| c).collect();
    assert_eq!(errors, ["E0112"]);
}
