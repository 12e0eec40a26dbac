//! Autoscale settings: what is refused or warned of is said with the id of its rule, and goes when that is switched off;
//! and how civil time becomes instants.

use super::{plan_of, problems, said};
use windtunnel::input::{LoadOptions, Loaded, Report, Severity, load_text};
use windtunnel_sim::plan::{Act, Change, Metric, Plan, ProfileWhen, ScaleChange, ScaleDirection, Statistic};
use windtunnel_sim::rules::{self, RuleId, RuleSet};

const OUT: &str = "{ metricTrigger: { metricName: Percentage CPU, metricResourceUri: vmss, timeGrain: PT1M, statistic: Average, timeWindow: PT5M, timeAggregation: Average, operator: GreaterThan, threshold: 70 }, scaleAction: { direction: Increase, type: ChangeCount, value: \"1\", cooldown: PT5M } }";

fn profile(rules: &str, when: &str) -> String {
    format!("{{ name: usual, capacity: {{ minimum: \"1\", maximum: \"9\", default: \"2\" }}, rules: [{rules}]{when} }}")
}

/// A set with a setting: `more` is further properties of it, `rest` further keys of the scenario.
fn text(profiles: &str, more: &str, rest: &str) -> String {
    format!(
        "windtunnel: 1
title: t
start: 2026-03-10T06:00:00Z
horizon: P10D
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: {{ name: Standard_D2s_v5, capacity: 2 }}
    properties: {{ orchestrationMode: Uniform, virtualMachineProfile: {{}} }}
  - type: Microsoft.Insights/autoscaleSettings
    name: scale
    properties:
      enabled: true
      targetResourceUri: vmss
      profiles: [{profiles}]
{more}application: {{ capacity: 100 rps }}
{rest}"
    )
}

fn load(text: &str, rules: RuleSet) -> Result<Loaded, Report> {
    load_text("scenario.yaml", text.to_owned(), &LoadOptions { rules })
}

fn plan(text: &str) -> Plan {
    plan_of(load(text, RuleSet::all()))
}

/// The rule says so, with a place, and is silent when it is off.
fn holds(rule: RuleId, severity: Severity, text: &str) {
    let on = load(text, RuleSet::all());
    let all = on.as_ref().err().map(ToString::to_string).unwrap_or_default();
    assert_eq!(said(&on, rule), Some(severity), "{rule} says nothing of\n{text}\n{all}");
    assert_eq!(said(&load(text, RuleSet::without(rule)), rule), None, "{rule} speaks when it is off");
}

/// What is said of a setting, by its code; that the set has no image is not of interest.
fn coded(text: &str) -> Vec<&'static str> {
    let outcome = load(text, RuleSet::all());
    problems(&outcome).iter().map(|problem| problem.code).filter(|code| *code != "N0301").collect()
}

#[test]
fn profiles_and_rules_have_a_number_and_a_set_one_setting() {
    let many = |n: usize| vec![profile(OUT, ""); n].join(", ");
    holds(rules::AS_03, Severity::Error, &text(&many(21), "", ""));
    assert!(load(&text(&many(20), "", ""), RuleSet::all()).is_ok());
    holds(rules::AS_03, Severity::Error, &text(&profile(&[OUT; 11].join(", "), ""), "", ""));
    assert!(load(&text(&profile(&[OUT; 10].join(", "), ""), "", ""), RuleSet::all()).is_ok());
    let again = format!(
        "  - type: Microsoft.Insights/autoscaleSettings\n    name: other\n    properties: {{ enabled: true, targetResourceUri: vmss, profiles: [{}] }}\n",
        profile(OUT, "")
    );
    let two = text(&profile(OUT, ""), &again, "");
    holds(rules::AS_03, Severity::Error, &two);
    assert!(load(&two.replacen("enabled: true", "enabled: false", 1), RuleSet::all()).is_ok());
}

#[test]
fn grains_windows_and_cooldowns_have_ranges() {
    for (from, to) in [
        ("timeGrain: PT1M", "timeGrain: PT30S"),
        ("timeGrain: PT1M", "timeGrain: PT90S"),
        ("timeGrain: PT1M", "timeGrain: PT13H"),
        ("timeWindow: PT5M", "timeWindow: PT4M"),
        ("timeWindow: PT5M", "timeWindow: PT13H"),
        ("cooldown: PT5M", "cooldown: PT30S"),
        ("cooldown: PT5M", "cooldown: P8D"),
        ("value: \"1\"", "value: \"0\""),
    ] {
        holds(rules::AS_08, Severity::Error, &text(&profile(&OUT.replace(from, to), ""), "", ""));
    }
    for (from, to) in [("timeWindow: PT5M", "timeWindow: PT12H"), ("cooldown: PT5M", "cooldown: P7D")] {
        assert!(load(&text(&profile(&OUT.replace(from, to), ""), "", ""), RuleSet::all()).is_ok(), "{to}");
    }
}

const PREDICTIVE: &str = "      predictiveAutoscalePolicy: { scaleMode: Enabled, scaleLookAheadTime: PT10M }\n";

#[test]
fn what_is_not_the_average_processor_is_not_predicted() {
    let other = OUT.replace("statistic: Average", "statistic: Max");
    let both = profile(&[OUT, &other].join(", "), "");
    holds(rules::PA_01, Severity::Warning, &text(&both, PREDICTIVE, ""));
    assert!(coded(&text(&both, "", "")).is_empty());
}

#[test]
fn a_forecast_needs_a_scale_out_rule_on_the_processor() {
    let in_ = OUT.replace("Increase", "Decrease");
    holds(rules::PA_04, Severity::Error, &text(&profile(&in_, ""), PREDICTIVE, ""));
    assert!(load(&text(&profile(&in_, ""), &PREDICTIVE.replace("Enabled", "Disabled"), ""), RuleSet::all()).is_ok());
}

#[test]
fn a_look_ahead_is_from_one_minute_to_an_hour() {
    let ahead = |length: &str| text(&profile(OUT, ""), &PREDICTIVE.replace("PT10M", length), "");
    holds(rules::PA_07, Severity::Error, &ahead("PT61M"));
    holds(rules::PA_07, Severity::Error, &ahead("PT30S"));
    holds(rules::PA_07, Severity::Warning, &ahead("PT4M"));
    assert!(plan(&ahead("PT60M")).autoscale[0].predictive.is_some_and(|predictive| predictive.acts));
}

#[test]
fn a_recurrence_is_weekly_and_a_fixed_date_within_a_year() {
    let daily =
        ", recurrence: { frequency: Day, schedule: { timeZone: UTC, days: [Monday], hours: [6], minutes: [0] } }";
    holds(rules::AS_05, Severity::Error, &text(&profile(OUT, daily), "", ""));
    let long = ", fixedDate: { timeZone: UTC, start: \"2026-01-01T00:00:00\", end: \"2027-01-02T00:00:00\" }";
    holds(rules::AS_05, Severity::Error, &text(&profile(OUT, long), "", ""));
    let backwards = ", fixedDate: { timeZone: UTC, start: \"2026-01-02T00:00:00\", end: \"2026-01-01T00:00:00\" }";
    assert_eq!(coded(&text(&profile(OUT, backwards), "", "")), ["E0110"]);
    let nowhere = ", fixedDate: { timeZone: W. Europ Standard Time, start: \"2026-01-01T00:00:00\", end: \"2026-01-02T00:00:00\" }";
    assert_eq!(coded(&text(&profile(OUT, nowhere), "", "")), ["E0112"]);
}

const HOUR: i64 = 3_600_000;

/// The run begins on Tuesday, 10 March 2026, at 06:00 UTC. In Berlin it is winter until 29 March: 09:00 there is 08:00 UTC,
/// two hours on, and every week. In Los Angeles it has been summer for two days: 09:00 there is 16:00 UTC.
#[test]
fn civil_time_becomes_instants() {
    let weekly = |zone: &str| {
        let when = format!(
            ", recurrence: {{ frequency: Week, schedule: {{ timeZone: {zone}, days: [Tuesday], hours: [9], minutes: [0] }} }}"
        );
        match plan(&text(&profile(OUT, &when), "", "")).autoscale[0].profiles[0].when.clone() {
            ProfileWhen::Recurring { starts_ms } => starts_ms,
            other => panic!("{other:?}"),
        }
    };
    let in_run =
        |starts: Vec<i64>| starts.into_iter().filter(|at| (-168 * HOUR..240 * HOUR).contains(at)).collect::<Vec<_>>();
    assert_eq!(in_run(weekly("W. Europe Standard Time")), [2 - 168, 2, 2 + 168].map(|hour| hour * HOUR));
    // A week before it was winter there, and 09:00 was 17:00 UTC.
    assert_eq!(in_run(weekly("Pacific Standard Time")), [11 - 168, 10, 10 + 168].map(|hour| hour * HOUR));
    let date =
        ", fixedDate: { timeZone: India Standard Time, start: \"2026-03-10T12:00:00\", end: \"2026-03-10T13:30:00Z\" }";
    let fixed = plan(&text(&profile(OUT, date), "", "")).autoscale[0].profiles[0].when.clone();
    // 12:00 in India is 06:30 UTC.
    assert_eq!(fixed, ProfileWhen::Fixed { from_ms: HOUR / 2, until_ms: 2 * HOUR });
}

#[test]
fn a_metric_is_found_by_its_name_and_its_resource() {
    let queue =
        OUT.replace("Percentage CPU, metricResourceUri: vmss", "ApproximateMessageCount, metricResourceUri: jobs");
    let rest =
        "metrics: { jobs/ApproximateMessageCount: { points: [{ at: PT0S, value: 0 }, { at: PT10M, value: 600 }] } }\n";
    let found = plan(&text(&profile(&[OUT, &queue].join(", "), ""), "", rest));
    let triggers: Vec<_> = found.autoscale[0].profiles[0].rules.iter().map(|rule| &rule.trigger).collect();
    assert_eq!((triggers[0].metric, triggers[0].per_instance), (Metric::Cpu(0), false));
    assert_eq!((triggers[1].metric, triggers[1].per_instance), (Metric::Given(0), true));
    assert_eq!(triggers[1].statistic, Statistic::Average);
    // 600 in ten minutes: one a second.
    assert_eq!(found.metrics[0].values[0].slope, 1.0);
    let rule = &found.autoscale[0].profiles[0].rules[0];
    assert_eq!((rule.direction, rule.change), (ScaleDirection::Increase, ScaleChange::Count(1)));
    assert_eq!(coded(&text(&profile(&queue, ""), "", "")), ["W0212"]);
}

#[test]
fn what_is_missing_or_nearly_right_is_said() {
    let usual = profile(OUT, "");
    assert_eq!(coded(&text(&usual, "", "").replace("      enabled: true\n", "")), ["W0211"]);
    assert_eq!(coded(&text(&usual, "", "").replace("targetResourceUri: vmss", "targetResourceUri: vmsss")), ["E0201"]);
    let elsewhere = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/serverFarms/plan";
    let text_elsewhere = text(&usual, "", "").replace("Uri: vmss\n", &format!("Uri: {elsewhere}\n"));
    assert_eq!(coded(&text_elsewhere), ["W0210"]);
    assert_eq!(coded(&text(&usual.replace("threshold: 70", "treshold: 70"), "", "")), ["E0408"]);
    assert_eq!(coded(&text(&usual.replace("GreaterThan,", "GreatrThan,"), "", "")), ["E0503"]);
    assert_eq!(coded(&text(&usual.replace("minimum: \"1\"", "minimum: \"10\""), "", "")), ["E0110"]);
    assert_eq!(coded(&text(&usual, "", "").replace("application: { capacity: 100 rps }\n", "")), ["W0213"]);
}

/// A shape of the day goes back before t = 0, and the history can have one of its own.
#[test]
fn the_history_follows_the_shape_of_the_day() {
    let rest =
        "traffic: { lb: { demand: { daily: { \"06:00\": 60 rps, \"18:00\": 180 rps } } } }\nhistory: { length: P7D }\n";
    let balancer = "  - type: Microsoft.Network/loadBalancers\n    name: lb\n    sku: { name: Standard }\n    properties:\n      backendAddressPools: [{ name: web }]\n      loadBalancingRules: [{ name: http, properties: { protocol: Tcp, frontendPort: 80, backendPort: 80, backendAddressPool: { id: web } } }]\n";
    let network = "virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations: [{ name: nic, properties: { ipConfigurations: [{ name: ip, properties: { loadBalancerBackendAddressPools: [{ id: lb/web }] } }] } }] } }";
    let with =
        |rest: &str| plan(&text(&profile(OUT, ""), balancer, rest).replace("virtualMachineProfile: {}", network));
    let history = with(rest).history;
    assert_eq!(history.length.ms(), 7 * 86_400_000);
    // It begins at 06:00, with 60 and 10 more an hour.
    assert_eq!((history.demand[0][0].rps, history.demand[0][0].slope * 3600.0), (60.0, 10.0));
    let own = rest.replace("length: P7D", "length: P7D, traffic: { lb: 40 rps }");
    assert_eq!(with(&own).history.demand[0].iter().map(|segment| segment.rps).collect::<Vec<_>>(), [40.0]);
}

/// A minimum of 4 is written at PT10M, and a rule with another threshold at PT20M, over what the first write left. A profile that a write
/// leaves as it was keeps its number; one that is another is numbered behind those of the file. Turned off and on, it is the same one.
#[test]
fn a_setting_is_written_during_a_run() {
    let timeline = |writes: &[&str]| {
        let act = |(nth, write): (usize, &&str)| {
            format!(
                "  - {{ name: w{nth}, at: PT{}M, write: {{ scale: {{ properties: {{ {write} }} }} }} }}\n",
                10 * (nth + 1)
            )
        };
        format!("timeline:\n{}", writes.iter().enumerate().map(act).collect::<String>())
    };
    let usual = |what: &str| format!("profiles: [{{ name: usual, {what} }}]");
    let lower = usual(&format!("rules: [{}]", OUT.replace("threshold: 70", "threshold: 50")));
    let writes = [&usual("capacity: { minimum: \"4\" }"), &lower, "enabled: false", "enabled: true"];
    let of = plan(&text(&profile(OUT, ""), "", &timeline(&writes)));
    let written = of.timeline.iter().flat_map(|action| match &action.what {
        Act::Write(write) => write.outcomes[0].changes.clone(),
        _ => Vec::new(),
    });
    let written = written.map(|change| match change {
        Change::Setting { setting: 0, now } => (now.enabled, now.profiles),
        other => panic!("{other:?}"),
    });
    let expected = [(true, vec![1]), (true, vec![2]), (false, vec![2]), (true, vec![2])];
    assert_eq!(written.collect::<Vec<_>>(), expected);
    let setting = &of.autoscale[0];
    let seen = |number| (setting.profile(number).minimum, setting.profile(number).rules[0].trigger.threshold);
    assert_eq!([0, 1, 2].map(seen), [(1, 70.0), (4, 70.0), (4, 50.0)]);
    // One that is off at the start is there where a write turns it on, and is not where none does.
    let off = |writes: &[&str]| {
        text(&profile(OUT, ""), "", &timeline(writes)).replace("enabled: true\n      t", "enabled: false\n      t")
    };
    assert!(!plan(&off(&["enabled: true"])).autoscale[0].enabled);
    // What cannot be written is said, and what Azure refuses is refused in the run.
    let target = text(&profile(OUT, ""), "", &timeline(&["targetResourceUri: other"]));
    assert_eq!(coded(&target), ["E0505"]);
    let soon = OUT.replace("cooldown: PT5M", "cooldown: PT30S");
    let soon = text(&profile(OUT, ""), "", &timeline(&[&usual(&format!("rules: [{soon}]"))]));
    assert_eq!(coded(&soon), ["W0510"]);
    let memory = OUT.replace("Percentage CPU", "Available Memory");
    let memory = text(&profile(OUT, ""), "", &timeline(&[&usual(&format!("rules: [{memory}]"))]));
    assert_eq!(coded(&memory), ["W0212"]);
}
