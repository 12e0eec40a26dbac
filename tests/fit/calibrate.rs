//! Durations as values of assumptions, from their files to the block for a scenario.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use windtunnel::experiment::calibrate::{Row, calibrate, why_none};
use windtunnel::input::assumed::written;
use windtunnel::input::measured::Measured;
use windtunnel::input::tree::{Source, Span};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::rules::{A, Value};

fn rows(assumption: A, seconds: &[f64], running: &[f64]) -> Vec<Row> {
    let source = Arc::new(Source { name: "a.csv".to_owned(), text: String::new(), hidden: false });
    let one = |seconds: f64, ended: bool| Measured {
        assumption,
        operation: "restart".to_owned(),
        seconds,
        of: 1,
        ended,
        span: Span { source: Arc::clone(&source), start: 0, end: 0 },
    };
    let all: Vec<Measured> =
        seconds.iter().map(|s| one(*s, true)).chain(running.iter().map(|s| one(*s, false))).collect();
    calibrate(&all, 1)
}

/// Logarithms of 1, 2 and 3 above that of 10 s, twenty times each: the median is 10 s × e² = 73.9 s, σ √(2/3) = 0.816. What was
/// thought before moves it by a few hundredths, and what still runs by less.
#[test]
fn durations_become_a_value_that_a_scenario_takes() {
    let seconds: Vec<f64> = [1.0, 2.0, 3.0].into_iter().cycle().take(60).map(|log| 10.0 * libm::exp(log)).collect();
    let rows = rows(A::VmRestart, &seconds, &[20.0, 20.0]);
    assert_eq!((rows.len(), rows[0].count, rows[0].running), (1, 62, 2));
    let Some(Value::Dist(Dist::LogNormal { median, sigma })) = rows[0].value else { panic!("{:?}", rows[0].value) };
    assert!((70.0..=80.0).contains(&median.seconds()) && (0.75..0.9).contains(&sigma), "{median} {sigma}");
    let text = written(rows[0].value.expect("it has one"));
    assert!(text.starts_with("{ lognormal: { median: PT1M1") && text.ends_with(" } }"), "{text}");
    assert_eq!(why_none(&rows[0]), None);
}

/// Five of a hundred take nine times as long and more.
#[test]
fn a_slow_tail_is_written_where_it_is_seen() {
    let mut seconds: Vec<f64> = (0..95).map(|at| 30.0 * libm::exp(0.2 * (f64::from(at % 5) - 2.0))).collect();
    seconds.extend([300.0, 500.0, 450.0, 260.0, 800.0]);
    let rows = rows(A::VmRestart, &seconds, &[]);
    let Some(Value::Dist(Dist::SlowTail { median, share, .. })) = rows[0].value else { panic!("{:?}", rows[0]) };
    assert!((28.0..32.0).contains(&median.seconds()) && (0.02..0.11).contains(&share), "{median} {share}");
}

#[test]
fn what_no_scenario_may_give_is_said() {
    let days = rows(A::VmDelete, &[400_000.0, 500_000.0, 600_000.0], &[]);
    assert!(days[0].value.is_none() && why_none(&days[0]).is_some_and(|why| why.contains("another operation")));
    let open = rows(A::VmDelete, &[], &[5.0]);
    assert!(why_none(&open[0]).is_some_and(|why| why.starts_with("none of them has ended")));
}

/// The block that the verb prints is one that `check` takes in a scenario.
#[test]
fn the_block_stands_in_a_scenario_as_it_is() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let said = |args: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_windtunnel")).current_dir(place.path()).args(args).output();
        let done = done.expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    };
    assert_eq!(said(&["new", "small"]).0, Some(0));
    let mut table = String::from("assumption,seconds,status\n");
    for at in 0..40 {
        table += &format!("vm.restart,{},Succeeded\nvm.boot_linux,{},Succeeded\n", 20 + at % 7 * 5, 10 + at % 5);
    }
    table += "vm.boot_linux,400,Succeeded\nvm.boot_linux,900,Running\n";
    fs::write(place.path().join("ours.csv"), table).expect("written");
    let (code, block, trouble) = said(&["calibrate", "ours.csv", "--format", "yaml"]);
    assert_eq!((code, trouble.as_str()), (Some(0), ""), "{block}");
    assert!(block.starts_with("assumptions:\n") && block.contains("  vm.restart: { lognormal: {"), "{block}");
    assert!(
        block.contains("42 durations, 1 of them still running") && block.contains("  vm.boot_linux: { slowTail: {"),
        "{block}"
    );
    let scenario = fs::read_to_string(place.path().join("small.yaml")).expect("it reads");
    assert!(!scenario.contains("\nassumptions:"), "the starter has none");
    fs::write(place.path().join("small.yaml"), format!("{scenario}\n{block}")).expect("written");
    let (code, out, trouble) = said(&["check", "small.yaml"]);
    assert_eq!(code, Some(0), "{out}{trouble}");
    let (code, out, _) = said(&["calibrate", "ours.csv", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!((code, json["assumptions"][1]["running"].as_u64()), (Some(0), Some(1)), "{out}");
    let (code, out, _) = said(&["calibrate", "ours.csv"]);
    assert!(code == Some(0) && out.contains("82 durations of 2 assumptions"), "{out}");
    // What is above the block keeps to the terminal; the block is for a file.
    let above = out.split("for a scenario").next().unwrap_or_default();
    assert!(above.lines().all(|line| line.chars().count() <= 100), "{out}");
    fs::write(place.path().join("broken.csv"), "assumption,seconds\nvm.restrat,3\n").expect("written");
    let (code, _, trouble) = said(&["calibrate", "broken.csv"]);
    assert_eq!(code, Some(2));
    assert!(trouble.contains("broken.csv:2") && trouble.contains("did you mean `vm.restart`?"), "{trouble}");
}
