//! Instants: as people and Azure write them, wherever one is read.

use super::{plan_of, refused_with, region};
use windtunnel::input::{LoadOptions, Loaded, Report, load, load_text};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{Act, NoteKind, Plan, Zone};

const fn s(seconds: u64) -> SimTime {
    SimTime::from_ms(seconds * 1000)
}

/// A region that starts on 24 November 2026 at 09:00 in UTC+1, and ends after two hours, with these lines.
fn text(start: &str, rest: &str) -> String {
    let resources = region("west");
    format!(
        "windtunnel: 1
title: t
{start}
horizon: 11:00
resources:{resources}
application: {{ releases: [r1], dependencies: [db], endpoints: {{ /ready: [{{ when: [process, db], answer: 200 }}] }} }}
images: {{ web: {{ 1.0.0: {{ code: r1 }} }} }}
{rest}
"
    )
}

const START: &str = "start: 2026-11-24T09:00:00+01:00";

fn read(rest: &str) -> Result<Loaded, Report> {
    load_text("scenario.yaml", text(START, rest), &LoadOptions::default())
}

fn times(plan: &Plan) -> Vec<(&str, SimTime)> {
    plan.timeline.iter().map(|action| (action.name.as_str(), action.at)).collect()
}

/// 08:12Z is 09:12 there. The third is 2 min 30 s after 09:20, the fourth a minute before that, the last a second after the start.
#[test]
fn the_timeline_takes_every_form_of_an_instant() {
    let set = |capacity: u32| format!("setCapacity: {{ scaleSet: vmss-west, capacity: {capacity} }}");
    let plan = plan_of(read(&format!(
        "timeline:
  - {{ name: alarm, at: 2026-11-24T08:12:00Z, note: {{ kind: alarm, text: error rate above 10 % }} }}
  - {{ name: scale out, at: 09:20, {} }}
  - {{ name: more, at: scale out + 2m30s, {} }}
  - {{ name: before more, at: more - PT1M, {} }}
  - {{ name: after the alarm, at: alarm + 3m, {} }}
  - {{ name: at once, at: \"09:00:01\", {} }}",
        set(3),
        set(4),
        set(5),
        set(6),
        set(7)
    )));
    let wanted = [
        ("at once", s(1)),
        ("after the alarm", s(900)),
        ("scale out", s(1200)),
        ("before more", s(1290)),
        ("more", s(1350)),
    ];
    assert_eq!(times(&plan), wanted);
    assert_eq!((plan.horizon, &plan.zone), (s(7200), &Zone::Offset(3600)));
    let [note] = &plan.notes[..] else { panic!("one note") };
    assert_eq!((note.name.as_str(), note.at, note.kind), ("alarm", s(720), NoteKind::Alarm));
}

/// From 09:10 until 09:40 is half an hour, and `for` says the same.
#[test]
fn what_goes_wrong_lasts_until_an_instant() {
    let down =
        |until: &str| format!("timeline: [{{ name: db, at: 09:10, dependencyDown: {{ dependency: db, {until} }} }}]");
    for until in ["until: 09:40", "until: db + 30m", "for: 30m", "until: 2026-11-24T08:40:00Z"] {
        let plan = plan_of(read(&down(until)));
        let Act::DependencyDown { length, .. } = plan.timeline[0].what else { panic!("it is down") };
        assert_eq!(length, Some(SimDuration::from_mins(30)), "{until}");
    }
    refused_with(read(&down("until: 09:40, for: 30m")), &["E0113", "`for` and `until` both say how long it lasts"]);
    refused_with(read(&down("until: PT10M")), &["E0115", "it ends before it has begun, or as it begins"]);
}

#[test]
fn steps_of_demand_and_of_metrics_and_instants_of_the_rest_are_read_alike() {
    let plan = plan_of(read(
        "traffic: { lb-west: { demand: { steps: [{ at: 09:00, rps: 100 rps }, { at: 2026-11-24T08:30:00Z, rps: 50 rps }, \
         { at: peak + 5m, rps: 10 rps }] } } }
metrics: { queue: { value: 3, missing: [{ from: 09:30, until: 09:45 }] } }
timeline: [{ name: peak, at: 10:00, note: { text: most users } }]",
    ));
    let demand = &plan.entry_points[0].traffic.as_ref().expect("it has traffic").demand;
    let starts: Vec<SimTime> = demand.iter().map(|segment| segment.start).collect();
    assert_eq!(starts, [s(0), s(1800), s(3900)]);
    assert_eq!(plan.metrics[0].missing, [(s(1800), s(2700))]);
}

/// What was before begins an hour earlier, at 08:00: 08:30 is half an hour into it.
#[test]
fn what_was_before_has_its_own_beginning() {
    let plan = plan_of(read(
        "traffic: { lb-west: { demand: 100 rps } }
history: { length: 1h, traffic: { lb-west: { steps: [{ at: 08:00, rps: 10 rps }, { at: 08:30, rps: 20 rps }] } } }",
    ));
    let starts: Vec<SimTime> = plan.history.demand[0].iter().map(|segment| segment.start).collect();
    assert_eq!(starts, [s(0), s(1800)]);
}

/// Summer time begins on 29 March 2026 at 02:00: 04:00 is three hours after 00:00, and 02:30 there is not.
#[test]
fn a_time_zone_has_its_changes() {
    let at = |at: &str| {
        let start = "start: 2026-03-29T00:00:00+01:00\ntimeZone: W. Europe Standard Time";
        let note = format!("timeline: [{{ name: n, at: {at}, note: {{ text: x }} }}]");
        load_text("scenario.yaml", text(start, &note), &LoadOptions::default())
    };
    assert_eq!(plan_of(at("04:00")).notes[0].at, s(3 * 3600));
    // Its horizon is 11:00, ten hours after midnight.
    assert_eq!(plan_of(at("04:00")).horizon, s(10 * 3600));
    refused_with(at("02:30"), &["E0111", "there is no 02:30 on 2026-03-29"]);
    let alone = text("timeZone: W. Europe Standard Time", "").replace("horizon: 11:00", "horizon: PT1H");
    refused_with(load_text("s.yaml", alone, &LoadOptions::default()), &["E0109", "`timeZone` needs `start`"]);
}

#[test]
fn what_is_no_instant_is_said_once_and_with_what_to_write() {
    let note = |at: &str| {
        format!(
            "timeline: [{{ name: n, at: {at}, note: {{ text: x }} }}, {{ name: m, at: PT5M, note: {{ text: y }} }}]"
        )
    };
    for (at, words) in [
        ("30", "has no unit"),
        ("m - 10m", "“m” − 10 min is 5 min before the start"),
        ("nn", "the timeline has no entry “nn”"),
        ("n + 1m", "“n” depends on itself"),
        ("2026-11-24T08:55:00+01:00", "is 5 min before the start, which is 2026-11-24 09:00 +01:00"),
        ("2026-11-24T09:12:00", "has no offset from UTC"),
    ] {
        let Err(report) = read(&note(at)) else { panic!("{at} loads") };
        assert!(report.to_string().contains(words), "{at}: {report}");
        assert_eq!(report.problems().iter().count(), 1, "{at}: {report}");
    }
    let without = text("", &note("09:12")).replace("horizon: 11:00", "horizon: PT1H");
    let Err(report) = load_text("s.yaml", without, &LoadOptions::default()) else { panic!("it loads") };
    let said = "09:12 is a civil time, and the scenario does not say when it starts";
    assert!(report.to_string().contains(said) && report.to_string().contains("write `start: "), "{report}");
    assert_eq!(report.problems().iter().count(), 1, "{report}");
}

/// A note does nothing: without it the plan is the same.
#[test]
fn an_expectation_may_name_a_note_and_a_policy_may_move_it() {
    let loaded = read(
        "timeline: [{ name: alarm, at: 09:12, note: { kind: page, text: x } }]
policies: { later: { timeline: [{ name: alarm, at: 09:30 }] } }
expect: [{ name: e, policy: all, measure: series.instances, at: alarm + 1m, atLeast: 2 }]",
    );
    let loaded = loaded.unwrap_or_else(|report| panic!("{report}"));
    let at = |policy: &str| {
        let planned = loaded.plan(policy).expect("there is such a policy");
        let windtunnel::claims::expect::When::At(at) = &planned.expectations[0].when else { panic!("at an instant") };
        at.of_plan(&planned.plan).expect("it has the note")
    };
    assert_eq!([at("as-written"), at("later")], [s(780), s(1860)]);
}

/// A trace with civil times begins before the run: at 09:00 demand is between the rows of 08:59 and 09:01.
#[test]
fn a_trace_may_have_the_times_of_an_export() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = folder.path().join("s.yaml");
    std::fs::write(&scenario, text(START, "traffic: { lb-west: { demand: { trace: t.csv } } }"))
        .expect("it is written");
    let with = |csv: &str| {
        std::fs::write(folder.path().join("t.csv"), csv).expect("it is written");
        load(&scenario, &LoadOptions::default())
    };
    let plan = plan_of(with("TimeGenerated [UTC],rps\n2026-11-24T07:59:00Z,100\n\"11/24/2026, 8:01:00.000 AM\",200\n"));
    let demand = &plan.entry_points[0].traffic.as_ref().expect("it has traffic").demand;
    let points: Vec<(SimTime, f64)> = demand.iter().map(|segment| (segment.start, segment.rps)).collect();
    assert_eq!(points, [(s(0), 150.0), (s(60), 200.0)]);
    for (csv, words) in [
        ("TimeGenerated [UTC],Requests\n2026-11-24T08:00:00Z,1\n", "must name its columns, `time` and `rps`"),
        ("time,rps\n2026-11-24T08:05:00Z,1\n", "must begin at the start of the run, got 09:05:00 +01:00, +5 min"),
        ("time,rps\nsoon,1\nPT5M,2\n", "`soon` is not a duration"),
        ("time,rps\n", "has no rows"),
        ("", "is empty"),
    ] {
        let Err(report) = with(csv) else { panic!("{csv} loads") };
        assert!(report.to_string().contains(words), "{csv}: {report}");
        assert_eq!(report.problems().iter().count(), 1, "{csv}: {report}");
    }
}
