//! What was observed: from what Azure exports and from what people state to points, and how near a run comes to them.

use super::{joins, scale_set};
use windtunnel::claims::observed::{Metric, Observation, Value};
use windtunnel::experiment::observed::{Scored, ScoredPoint, Simulated, run, score};
use windtunnel::input::{LoadOptions, Loaded, Report, load};
use windtunnel_sim::engine::time::SimTime;

/// From 09:00 in UTC+1, an hour of 100 rps at two instances of 100 rps each. Users need a database, which is down from 09:10:30 to 09:12,
/// and no probe asks for it: so of the requests of minute 09:10 half fail, of minute 09:11 all, and of the others none.
fn text(observed: &str) -> String {
    let set =
        scale_set("vmss", "orchestrationMode: Uniform", &joins("loadBalancerBackendAddressPools: [{ id: lb/web }]"));
    format!(
        "windtunnel: 1
title: t
start: 2026-11-24T09:00:00+01:00
horizon: 10:00
resources:
  - type: Microsoft.Network/loadBalancers
    name: lb
    sku: {{ name: Standard }}
    properties:
      backendAddressPools: [{{ name: web }}]
      probes: [{{ name: p, properties: {{ protocol: Http, port: 80, requestPath: /live, intervalInSeconds: 5 }} }}]
      loadBalancingRules: [{{ name: http, properties: {{ frontendPort: 80, backendAddressPool: {{ id: web }}, probe: {{ id: p }} }} }}]
{set}
application:
  releases: [r1]
  capacity: 100 rps
  dependencies: [db]
  endpoints: {{ /live: [{{ when: process, answer: 200 }}] }}
  serves: [process, db]
images: {{ web: {{ 1.0.0: {{ code: r1 }} }} }}
traffic: {{ lb: {{ demand: 100 rps }} }}
timeline: [{{ name: db, at: \"09:10:30\", dependencyDown: {{ dependency: db, until: 09:12 }} }}]
observed: {observed}
"
    )
}

/// The scenario with these observations and this file beside it.
fn with(observed: &str, (name, file): (&str, &str)) -> Result<Loaded, Report> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), file).expect("it is written");
    std::fs::write(folder.path().join("s.yaml"), text(observed)).expect("it is written");
    load(&folder.path().join("s.yaml"), &LoadOptions::default())
}

fn loaded(observed: &str, file: (&str, &str)) -> Loaded {
    with(observed, file).unwrap_or_else(|report| panic!("{report}"))
}

fn scored(loaded: &Loaded) -> Vec<Scored> {
    let plan = &loaded.plan("as-written").expect("it always exists").plan;
    score(plan, 1, &loaded.observed).expect("it is small").rows
}

fn numbers(of: &Scored) -> Vec<(f64, Option<f64>, Option<bool>)> {
    let row = |point: &ScoredPoint| {
        let round = |value: f64| (value * 1e6).round() / 1e6;
        let simulated = point.simulated.and_then(Simulated::number).map(round);
        (round(point.observed.number().expect("a number")), simulated, point.within)
    };
    of.points.iter().map(row).collect()
}

fn values(row: &Observation) -> Vec<(u64, u64, f64)> {
    row.points
        .iter()
        .map(|point| (point.from.ms() / 1000, point.until.ms() / 1000, point.value.number().unwrap()))
        .collect()
}

/// A row is of 09:10, 09:11, 09:12 (which has no value) and 09:13, in UTC; the last two were exported in the wrong order.
const CSV: &str = "TimeGenerated [UTC],Requests,Http5xx,ErrorRate %,InstanceCount
\"11/24/2026, 8:10:00.000 AM\",6000,3000,50.0,2
2026-11-24T08:11:00Z,6000,6000,97,2
2026-11-24T08:13:00Z,5000,0,0,3
2026-11-24T08:12:00Z,,,,
";

/// Half of the minute 09:10 and all of 09:11 fail; 97 is three points off, where two are allowed. Of 6000 requests a minute 5000 lack
/// more than twice the error, which is the root of (5 % of 6000 ÷ 2)² + 6000, 168.8. There are two instances throughout.
#[test]
fn minutes_are_compared_with_integrals_of_the_run() {
    let file = ("o.csv", CSV);
    let of = |keys: &str| {
        let all = scored(&loaded(&format!("[{{ name: o, file: o.csv, entryPoint: lb, {keys} }}]"), file));
        numbers(&all[0])
    };
    let (yes, no) = (Some(true), Some(false));
    let shares = [(50.0, Some(50.0), yes), (97.0, Some(100.0), no), (0.0, Some(0.0), yes)];
    assert_eq!(of("column: ErrorRate %, measure: failedShare"), shares);
    let wider = of("column: ErrorRate %, measure: harmedShare, tolerance: 3%");
    assert!(wider.iter().all(|(.., within)| *within == yes));
    let exact = [(50.0, Some(50.0), yes), (100.0, Some(100.0), yes), (0.0, Some(0.0), yes)];
    assert_eq!(of("column: Http5xx, outOf: Requests, measure: failedShare"), exact);
    let requests = [(6000.0, Some(6000.0), yes), (6000.0, Some(6000.0), yes), (5000.0, Some(6000.0), no)];
    assert_eq!(of("column: Requests, measure: requests"), requests);
    let rates = [(100.0, Some(100.0), yes), (100.0, Some(100.0), yes), (83.333_333, Some(100.0), no)];
    assert_eq!(of("column: Requests, measure: series.demand_rps, unit: count"), rates);
    let instances = loaded("[{ name: o, file: o.csv, column: InstanceCount, measure: series.instances }]", file);
    assert_eq!(numbers(&scored(&instances)[0]), [(2.0, Some(2.0), yes), (2.0, Some(2.0), yes), (3.0, Some(2.0), no)]);
}

/// Two minutes of 50 and 100 % are 75 % of equally many requests. An instance that takes 50 of the 100 rps that it can is half busy.
#[test]
fn bands_and_instants_that_somebody_states_are_compared_too() {
    let all = loaded(
        "
  - name: people
    measure: failedShare
    values: [{ from: 09:10, until: 09:12, value: 72%, tolerance: 3% }, { at: db + 31s, value: 100% }]
  - { name: load, measure: cpu, scaleSet: vmss, values: [{ from: 09:20, until: 09:30, value: 52% }] }
  - { name: portal, instance: vmss_0, states: [{ at: 09:11, state: notServing }, { at: 09:13, state: notServing }] }
  - { name: log, events: [{ at: 09:10, fact: dependencyDown, subject: db }, { at: 09:30, fact: harmStarted, tolerance: 1m }] }
  - { name: never, events: [{ at: 09:10, fact: zoneLost }] }",
        ("unused", ""),
    );
    let rows = scored(&all);
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(numbers(&rows[0]), [(72.0, Some(75.0), yes), (100.0, Some(100.0), yes)]);
    assert_eq!(numbers(&rows[1]), [(52.0, Some(50.0), yes)]);
    assert_eq!(rows[2].points.iter().map(|point| point.within).collect::<Vec<_>>(), [yes, no]);
    // ln 0.99 + ln(0.01 ÷ 9) = −0.01005 − 6.80239.
    assert!((rows[2].log_likelihood + 6.812_44).abs() < 1e-4, "{}", rows[2].log_likelihood);
    // 09:10 is half a minute before it went down, and harm began at once, 19.5 minutes before 09:30.
    let log = |name: &str| rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("{name}"));
    assert_eq!(log("log: dependencyDown of db").points[0].residual, Some(-30.0));
    assert_eq!(log("log: harmStarted").points[0].residual, Some(1170.0));
    assert_eq!([log("log: dependencyDown of db").within, log("log: harmStarted").within], [1, 0]);
    // 0.01 of a day: ln(0.01 ÷ 86400).
    let never = log("never");
    assert_eq!(never.points[0].simulated, Some(Simulated::At(None)));
    assert!((never.log_likelihood + 15.971_9).abs() < 1e-3, "{}", never.log_likelihood);
}

#[test]
fn a_run_that_keeps_only_what_is_observed_scores_as_a_whole_one_does() {
    let loaded = loaded("[{ name: o, file: o.csv, column: ErrorRate %, measure: failedShare }]", ("o.csv", CSV));
    let plan = &loaded.plan("as-written").expect("it always exists").plan;
    let replay = windtunnel::experiment::replay::Replay::new(plan, 7);
    let whole = windtunnel::experiment::observed::Seen::of(&replay, &loaded.observed).score(&loaded.observed);
    let apart = run(plan, 7, &loaded.observed).expect("it is small").score(&loaded.observed);
    assert_eq!(whole.rows[0].points, apart.rows[0].points);
    assert_eq!((whole.within, whole.of), (2, 3));
    assert!(whole.log_likelihood.is_finite());
}

/// What lies beyond the end of a run is not compared: the points are there, and count neither as within nor as out.
#[test]
fn what_is_after_the_end_is_not_compared() {
    let observed = "[{ name: o, measure: failedShare, values: [{ from: 09:50, until: 10:10, value: 0% }, { at: 09:50, value: 0% }] }]";
    let rows = scored(&loaded(observed, ("unused", "")));
    assert_eq!((rows[0].points.len(), rows[0].within, rows[0].of), (2, 1, 1));
}

const METRICS: &str = r#"{
  "cost": 59, "interval": "0:01:00", "namespace": "Microsoft.Compute/virtualMachineScaleSets", "resourceregion": "northeurope",
  "timespan": "2026-11-24T08:00:00Z/2026-11-24T09:00:00Z",
  "value": [{
    "id": "/subscriptions/x/providers/Microsoft.Insights/metrics/Percentage CPU", "errorCode": "Success",
    "name": { "localizedValue": "Percentage CPU", "value": "Percentage CPU" }, "type": "Microsoft.Insights/metrics", "unit": "Percent",
    "timeseries": [{ "metadatavalues": [], "data": [
      { "timeStamp": "2026-11-24T08:20:00Z", "average": 51.5, "count": null, "maximum": 61.0 },
      { "timeStamp": "2026-11-24T08:21:00Z", "average": null },
      { "timeStamp": "2026-11-24T08:22:00Z", "average": 49.0 }
    ] }]
  }]
}"#;

const ANSWER: &str = r#"{ "tables": [{ "name": "PrimaryResult",
  "columns": [{ "name": "TimeGenerated", "type": "datetime" }, { "name": "failed", "type": "real" }],
  "rows": [["2026-11-24T08:11:00Z", 1.0], ["2026-11-24T08:10:00Z", 0.5]] }] }"#;

const OBJECTS: &str = r#"[{ "TableName": "PrimaryResult", "TimeGenerated": "2026-11-24T08:10:00Z", "failed": "50" },
  { "TableName": "PrimaryResult", "TimeGenerated": "2026-11-24T08:11:00Z", "failed": "100" }]"#;

/// 08:20Z is 1200 s after the start, 08:10Z 600 s. What has no value is no point.
#[test]
fn files_of_azure_are_read_as_they_are_exported() {
    let row = |keys: &str, file: (&str, &str)| {
        let loaded = loaded(&format!("[{{ name: o, file: {}, {keys} }}]", file.0), file);
        loaded.observed.rows.into_iter().next().expect("an observation")
    };
    let cpu = row("measure: cpu, scaleSet: vmss", ("m.json", METRICS));
    assert_eq!(values(&cpu), [(1200, 1260, 51.5), (1320, 1380, 49.0)]);
    let named = row("measure: cpu, column: percentage cpu, aggregation: maximum", ("m.json", METRICS));
    assert_eq!(values(&named), [(1200, 1260, 61.0)]);
    let answer = row("measure: failedShare, unit: fraction", ("a.json", ANSWER));
    assert_eq!(values(&answer), [(600, 660, 50.0), (660, 720, 100.0)]);
    let objects = row("measure: failedShare, column: failed, clockAhead: 30s", ("b.json", OBJECTS));
    assert_eq!(values(&objects), [(570, 630, 50.0), (630, 690, 100.0)]);
    let behind = row(
        "measure: failedShare, time: when, every: 5m, clockAhead: -1m",
        ("c.csv", "when;value\nPT10M;3\n09:20;4.5\n"),
    );
    assert_eq!(values(&behind), [(660, 960, 3.0), (1260, 1560, 4.5)]);
}

const LOG: &str = r#"[
  { "eventTimestamp": "2026-11-24T08:20:05.1234567Z", "operationName": { "value": "Microsoft.Insights/AutoscaleSettings/Scaleup/Action" },
    "status": { "value": "Succeeded" }, "correlationId": "1",
    "resourceId": "/subscriptions/x/resourceGroups/g/providers/Microsoft.Insights/autoscaleSettings/as",
    "properties": { "ResourceName": "/providers/Microsoft.Compute/virtualMachineScaleSets/vmss", "NewInstancesCount": "3" } },
  { "eventTimestamp": "2026-11-24T09:05:00Z", "operationName": { "value": "Microsoft.Compute/virtualMachineScaleSets/write" },
    "status": { "value": "Failed" }, "correlationId": "2",
    "resourceId": "/subscriptions/x/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/vmss" },
  { "eventTimestamp": "2026-11-24T08:30:00Z", "operationName": { "value": "Microsoft.Compute/virtualMachineScaleSets/restart/action" },
    "status": { "value": "Succeeded" }, "correlationId": "3",
    "resourceId": "/subscriptions/x/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/vmss" }
]"#;

#[test]
fn an_activity_log_is_what_the_ledger_has_the_like_of() {
    let loaded = loaded("[{ name: log, activityLog: l.json }]", ("l.json", LOG));
    let event = |fact: &str| Metric::Event { fact: fact.into(), subject: Some("vmss".into()) };
    let rows: Vec<(&Metric, SimTime)> =
        loaded.observed.rows.iter().map(|row| (&row.metric, row.points[0].from)).collect();
    assert_eq!(
        rows,
        [(&event("capacitySet"), SimTime::from_ms(1_205_123)), (&event("writeRefused"), SimTime::from_ms(3_900_000))]
    );
    assert!(loaded.observed.rows.iter().all(|row| row.points[0].value == Value::Seen));
    let said: Vec<&str> = loaded.problems.iter().map(|problem| problem.code).collect();
    assert!(said.contains(&"N0670"), "{said:?}");
}

/// Each is said once, with the file and the line where it is in a file.
#[test]
fn what_is_wrong_with_observations_is_said_with_its_place() {
    for (observed, csv, words) in [
        ("[{ name: o, measure: failedShar, file: o.csv }]", CSV, "did you mean `failedShare`?"),
        ("[{ name: o, file: o.csv }]", CSV, "it has no `measure`"),
        (
            "[{ name: o, file: o.csv, measure: failedShare }]",
            CSV,
            "several columns, and the observation does not say which",
        ),
        (
            "[{ name: o, file: o.csv, column: Errors, measure: failedShare }]",
            CSV,
            "its columns are TimeGenerated [UTC], Requests",
        ),
        (
            "[{ name: o, file: o.csv, column: v, measure: failedShare }]",
            "time,v\n2026-11-24T08:10:00Z,many\n",
            "o.csv:2:1",
        ),
        (
            "[{ name: o, file: o.csv, measure: failedShare }]",
            "time,v\n2026-11-24T08:10:00Z,1\n2026-11-24T08:10:00Z,2\n",
            "of the same instant",
        ),
        (
            "[{ name: o, file: o.csv, measure: failedShare }]",
            "time,v\n2026-11-24T05:10:00Z,1\n",
            "is before the start of the scenario, which is 2026-11-24 09:00 +01:00",
        ),
        (
            "[{ name: o, file: o.csv, measure: failedShare }]",
            "time,v\n2026-11-24T08:10:00Z,\n",
            "the file has no value",
        ),
        ("[{ name: o, file: o.csv, measure: failedShare }]", "a,b\n1,2\n", "no column of instants"),
        (
            "[{ name: o, measure: failedShare, values: [{ value: 3% }] }]",
            "",
            "a value is of an instant, `at`, or of an interval",
        ),
        ("[{ name: o, measure: requests, values: [{ at: 09:10, value: 3 }] }]", "", "a count is of an interval"),
        (
            "[{ name: o, measure: failedShare, entryPoint: lbb, values: [{ at: 09:10, value: 3% }] }]",
            "",
            "there is no entry point `lbb`",
        ),
        (
            "[{ name: o, measure: failedShare, tolerance: 3, values: [{ at: 09:10, value: 3% }] }]",
            "",
            "`tolerance` must be points of a share",
        ),
        ("[{ name: o, states: [{ at: 09:10, state: failed }] }]", "", "it has no `instance`"),
        ("[{ name: o, events: [{ at: 09:10, fact: harmStart }] }]", "", "did you mean `harmStarted`?"),
    ] {
        let Err(report) = with(observed, ("o.csv", csv)) else { panic!("{observed} loads") };
        assert!(report.to_string().contains(words), "{words} is not in:\n{report}");
        let errors = report.problems().iter().filter(|problem| problem.code.starts_with('E')).count();
        assert_eq!(errors, 1, "{report}");
    }
}
