//! `trace.json` is what its format asks for: <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>,
//! the format that Perfetto and Chrome read.

mod support;

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use support::{fleet, quiet, stale, two_pools};
use windtunnel::experiment::replay::Replay;
use windtunnel::output::highlights::Highlights;
use windtunnel::output::trace;
use windtunnel_sim::plan::Plan;

fn written(plan: &Plan, most: usize) -> (String, Value) {
    let mut out = Vec::new();
    trace::write(&Highlights::of(&Replay::new(plan, 1)), most, &mut out).expect("memory can be written");
    let text = String::from_utf8(out).expect("UTF-8");
    let value = serde_json::from_str(&text).expect("it is JSON");
    (text, value)
}

fn events(trace: &Value) -> &Vec<Value> {
    trace["traceEvents"].as_array().expect("the events are a list")
}

#[test]
fn every_event_has_the_fields_that_its_phase_requires() {
    for plan in [stale(), fleet(30), quiet(), two_pools()] {
        let (_, trace) = written(&plan, trace::EVENTS_MOST);
        assert_eq!(trace["displayTimeUnit"], "ms");
        assert!(trace["otherData"]["note"].is_null());
        let mut phases = BTreeSet::new();
        for event in events(&trace) {
            let phase = event["ph"].as_str().expect("a phase");
            phases.insert(phase);
            assert!(event["name"].is_string() && event["pid"].is_u64() && event["tid"].is_u64(), "{event}");
            assert!(event["ts"].is_u64(), "{event}");
            match phase {
                "X" => assert!(event["dur"].as_u64().is_some_and(|dur| dur > 0), "{event}"),
                "C" => {
                    let args = event["args"].as_object().expect("a counter has series");
                    assert!(!args.is_empty() && args.values().all(Value::is_number), "{event}");
                }
                "i" => assert!(["g", "p", "t"].contains(&event["s"].as_str().unwrap_or_default()), "{event}"),
                "M" => {
                    assert!(["process_name", "thread_name"].contains(&event["name"].as_str().unwrap_or_default()));
                    assert!(event["args"]["name"].is_string(), "{event}");
                }
                other => panic!("nothing is written of phase {other}"),
            }
        }
        assert!(phases.contains("X") && phases.contains("M"), "{phases:?}");
    }
}

#[test]
fn a_thread_has_one_name_and_slices_that_do_not_overlap() {
    let (_, trace) = written(&fleet(30), trace::EVENTS_MOST);
    let mut threads: BTreeMap<(u64, u64), Vec<(u64, u64)>> = BTreeMap::new();
    let mut names: BTreeMap<(u64, u64), u32> = BTreeMap::new();
    for event in events(&trace) {
        let key = (event["pid"].as_u64().unwrap(), event["tid"].as_u64().unwrap());
        match event["ph"].as_str().unwrap() {
            "X" => {
                threads.entry(key).or_default().push((event["ts"].as_u64().unwrap(), event["dur"].as_u64().unwrap()))
            }
            "M" if event["name"] == "thread_name" => *names.entry(key).or_default() += 1,
            _ => {}
        }
    }
    assert!(threads.len() >= 30, "a thread an instance");
    for (key, slices) in &threads {
        assert_eq!(names.get(key), Some(&1), "{key:?}");
        assert!(slices.windows(2).all(|pair| pair[0].0 + pair[0].1 == pair[1].0), "{slices:?}");
    }
}

#[test]
fn the_stale_instance_is_a_slice_and_the_harm_a_counter() {
    // Instance 2 is created at 10 min.
    let (_, trace) = written(&stale(), trace::EVENTS_MOST);
    let find = |is: &dyn Fn(&Value) -> bool| events(&trace).iter().find(|event| is(event)).cloned();
    let created = find(&|event| event["ph"] == "X" && event["name"] == "being created").expect("it is created");
    assert_eq!(created["ts"], 600_000_000_u64);
    assert!(find(&|event| event["name"] == "in rotation with old code" && event["cat"] == "harm").is_some());
    let harmed = find(&|event| event["ph"] == "C" && event["args"]["harmed"].as_f64().is_some_and(|share| share > 0.3));
    assert!(harmed.is_some(), "a third of the requests is harmed");
    assert!(find(&|event| event["ph"] == "i" && event["name"].as_str().unwrap().starts_with("first harm")).is_some());
}

#[test]
fn a_trace_that_is_too_long_is_cut_and_says_so() {
    let (text, whole) = written(&fleet(60), trace::EVENTS_MOST);
    let most = events(&whole).len() / 2;
    let (_, cut) = written(&fleet(60), most);
    assert!(events(&cut).len() <= most + 1, "{} of {most}", events(&cut).len());
    let note = cut["otherData"]["note"].as_str().expect("a note");
    assert!(note.starts_with("capped at"), "{note}");
    assert!(events(&cut).iter().any(|event| event["name"] == note), "the first track says it too");
    assert_eq!(text, written(&fleet(60), trace::EVENTS_MOST).0, "the same run is the same bytes");
}
