//! The data of the report: what the page draws, without a browser.

mod support;

use serde_json::Value;
use support::{fleet, minutes, quiet, run, stale, two_pools};
use windtunnel::experiment::replay::Replay;
use windtunnel::input::Planned;
use windtunnel::output::highlights::Highlights;
use windtunnel::output::html::run::RunPage;
use windtunnel::output::html::{ENTRIES_MOST, Scenario, events, of_run};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::{End, Fact, Record, RolloutFact, StartedBy};
use windtunnel_sim::world::ids::{Entry, SetId};

fn page(plan: Plan, entries: usize) -> (String, usize) {
    let planned = Planned {
        plan,
        diff: Vec::new(),
        effective: Value::Null,
        expectations: Vec::new(),
        work: Default::default(),
        compiled_by: None,
    };
    let replay = Replay::new(&planned.plan, 1);
    let scenario = Scenario { name: "example", title: "An example", description: None };
    let page = RunPage { command: "windtunnel run example.yaml", notes: &[], entries, advice: "" };
    (of_run(scenario, &planned, &Highlights::of(&replay), &[], page), replay.ledger.len())
}

/// The data in a page.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once(r#"id="data">"#).expect("the page has data");
    let (text, _) = rest.split_once("</script>").expect("they end");
    serde_json::from_str(text).expect("they are JSON")
}

fn list<'v>(value: &'v Value, path: &str) -> &'v Vec<Value> {
    value.pointer(path).and_then(Value::as_array).unwrap_or_else(|| panic!("{path} is a list"))
}

#[test]
fn the_same_run_is_the_same_page_and_columns_are_equally_long() {
    for plan in [stale(), fleet(30), quiet(), two_pools()] {
        let (text, entries) = page(plan.clone(), ENTRIES_MOST);
        assert_eq!(text, page(plan, ENTRIES_MOST).0);
        let data = data(&text);
        for column in ["entry", "time", "cause", "subject", "kind", "rule", "pattern"] {
            assert_eq!(list(&data, &format!("/runs/0/ledger/{column}")).len(), entries, "{column}");
        }
        let units = list(&data, "/runs/0/lanes/name").len();
        for (name, column) in data["runs"][0]["lanes"].as_object().expect("columns") {
            assert_eq!(column.as_array().map(Vec::len), Some(units), "{name}");
        }
        for pool in list(&data, "/runs/0/pools") {
            let rows = pool["time"].as_array().expect("times").len();
            let columns = pool.as_object().expect("columns").iter().filter(|(_, column)| column.is_array());
            assert!(columns.clone().all(|(_, column)| column.as_array().map(Vec::len) == Some(rows)), "{pool}");
        }
    }
}

#[test]
fn a_ledger_that_is_too_long_keeps_the_causes_of_the_moments_and_says_how_much_there_was() {
    let (_, all) = page(stale(), ENTRIES_MOST);
    let most = all * 3 / 4;
    let data = data(&page(stale(), most).0);
    let run = &data["runs"][0];
    assert_eq!(run["ledger"]["all"], all as u64);
    let kept = list(&data, "/runs/0/ledger/entry");
    assert_eq!(kept.len(), most);
    // Numbers of entries are differences.
    let mut at = 0;
    let numbers: Vec<u64> = kept
        .iter()
        .map(|delta| {
            at += delta.as_u64().expect("a number");
            at
        })
        .collect();
    for moment in list(&data, "/runs/0/moments").iter().filter(|moment| !moment["entry"].is_null()) {
        assert!(numbers.contains(&moment["entry"].as_u64().expect("a number")), "{moment}");
    }
}

#[test]
fn sentences_come_back_from_patterns_and_subjects() {
    let plan = fleet(12);
    let ran = run(&plan, 1);
    let data = data(&page(plan.clone(), ENTRIES_MOST).0);
    let text = |list: &str, at: &Value| {
        data["runs"][0]["ledger"][list][usize::try_from(at.as_u64().expect("a place")).expect("small")]
            .as_str()
            .expect("a text")
            .to_owned()
    };
    let (patterns, subjects) = (list(&data, "/runs/0/ledger/pattern"), list(&data, "/runs/0/ledger/subject"));
    for (at, record) in ran.ledger.iter().enumerate() {
        let sentence = text("patterns", &patterns[at]).replace('\u{1}', &text("subjects", &subjects[at]));
        assert_eq!(sentence, windtunnel::words::describe::sentence(&ran.names, &record.fact));
    }
    let written = list(&data, "/runs/0/ledger/patterns").len();
    assert!(written < ran.ledger.len() / 3, "{written} patterns for {} entries", ran.ledger.len());
}

#[test]
fn an_upgrade_is_a_bar_with_its_batches_and_waits_below_it() {
    let plan = stale();
    let names = run(&plan, 1).names;
    let set = SetId(0);
    let shown = [
        (0, RolloutFact::Started { set, image: None, by: StartedBy::User }),
        (1, RolloutFact::BatchStarted { set, batch: 1, size: 1, zone: 0, surge: false }),
        (4, RolloutFact::BatchEnded { set, batch: 1, failed: 0 }),
        (4, RolloutFact::Paused { set }),
        (6, RolloutFact::BatchStarted { set, batch: 2, size: 1, zone: 0, surge: false }),
        (9, RolloutFact::BatchEnded { set, batch: 2, failed: 1 }),
        (9, RolloutFact::Paused { set }),
        (10, RolloutFact::Ended { set, end: End::Cancelled }),
    ];
    let ledger: Vec<Record> = shown
        .into_iter()
        .zip(1_u32..)
        .map(|((minute, fact), number)| Record {
            entry: Entry(number),
            time: minutes(minute),
            cause: Entry(number - 1),
            rule: rules::WT_01,
            fact: Fact::Rollout(fact),
        })
        .collect();
    let json = events::json(&names, &ledger, &[], minutes(45).ms());
    let lane = &json["lanes"][0];
    assert_eq!(lane["title"], "rollout");
    let column = |name: &str| list(lane, &format!("/{name}")).iter().map(|v| v.as_u64().unwrap()).collect::<Vec<_>>();
    let words: Vec<&str> =
        column("words").iter().map(|&at| lane["texts"][at as usize].as_str().expect("a text")).collect();
    assert_eq!(words[1..], ["batch 1", "wait", "batch 2", "wait"]);
    let from: Vec<u64> = column("from").iter().map(|ms| ms / 60_000).collect();
    let length: Vec<u64> = column("length").iter().map(|ms| ms / 60_000).collect();
    // The upgrade from 0 to 10; batches from 1 to 4 and from 6 to 9; waits from 4 to 6 and from 9 to the end at 10.
    assert_eq!((from, length), (vec![0, 1, 4, 6, 9], vec![10, 3, 2, 3, 1]));
    // It was cancelled, and an instance of batch 2 failed: 3 is what went wrong, 2 waits, 1 went well.
    assert_eq!(column("tone"), [3, 1, 2, 3, 2]);
}
