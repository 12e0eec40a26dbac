//! `windtunnel verify` from outside: any number of random scenarios from any seed, and the bundled ones.

use assert_cmd::Command;
use std::path::Path;
use windtunnel::commands::verify::difference;
use windtunnel::experiment::replay::Replay;
use windtunnel::input::{LoadOptions, load};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::generator;
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::ids::Entry;
use windtunnel_sim::world::run::{Options, run};

fn verify(args: &[&str]) -> String {
    let mut command = Command::cargo_bin("windtunnel").expect("the program is built");
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("verify").args(args).assert().success();
    String::from_utf8(output.get_output().stdout.clone()).expect("UTF-8")
}

#[test]
fn random_scenarios_can_be_tried_from_any_seed() {
    let said = verify(&["--random", "40", "--seed", "123456789"]);
    assert_eq!(
        said,
        "40 random scenarios: a second run, four threads, both engines and a shuffled queue agree, entry for entry\n"
    );
}

#[test]
fn every_policy_of_a_bundled_scenario_is_examined() {
    let said = verify(&["scenarios/stale-image-scale-out.yaml", "--seed", "7"]);
    assert_eq!(said.lines().count(), 6, "one line a policy: {said}");
    assert!(said.lines().all(|line| line.ends_with("equal in all ways")), "{said}");
}

/// A fault is planted into one engine: exit code 6, and the first entry that differs with both sides. The first probe that
/// decides anything comes a second too late there.
#[test]
fn a_planted_fault_is_found_and_ends_with_6() {
    let root = env!("CARGO_MANIFEST_DIR");
    let run = |args: &[&str]| {
        let mut command = Command::cargo_bin("windtunnel").expect("the program is built");
        let output = command.current_dir(root).arg("verify").args(args).arg("--plant-fault").assert().code(6);
        String::from_utf8(output.get_output().stdout.clone()).expect("UTF-8")
    };
    let said = run(&["scenarios/stale-image-scale-out.yaml", "--policy", "as-written", "--seed", "7"]);
    let lines: Vec<&str> = said.lines().map(str::trim).collect();
    assert_eq!(lines[0], "as-written, seed 7: not deterministic");
    assert!(lines[1].starts_with("entry "), "{said}");
    assert!(lines[2].starts_with("the first run: "), "{said}");
    assert!(lines[3].starts_with("the engine that sends every probe: "), "{said}");
    assert_ne!(lines[2].split(": ").nth(1), lines[3].split(": ").nth(1), "the two sides differ");
    let random = run(&["--random", "5", "--seed", "3"]);
    assert!(random.contains("is not deterministic") && random.contains("repeat: windtunnel verify --random 1 --seed "));
}

/// A ledger that was tampered with stands for a run that is not deterministic: there is no such run to be had.
#[test]
fn the_first_entry_that_differs_is_named_with_both_sides() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/stale-image-scale-out.yaml");
    let loaded = load(&path, &LoadOptions::default()).expect("it is bundled");
    let replay = Replay::new(&loaded.plan("as-written").expect("always").plan, 7);
    let found = |change: &dyn Fn(&mut Vec<Record>)| {
        let mut other = replay.ledger.clone();
        change(&mut other);
        difference(&replay.names, &replay.ledger, "another way", &other)
    };
    assert_eq!(found(&|_| {}), None);
    let at =
        replay.ledger.iter().position(|record| matches!(record.fact, Fact::InRotation { .. })).expect("there is one");
    let said = found(&|other| other[at].time += SimDuration::from_secs(5)).expect("they differ");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0].trim(), format!("entry {}", at + 1));
    let record = &replay.ledger[at];
    assert!(lines[1].contains(&format!("the first run: {} ", record.time)), "{said}");
    assert!(lines[2].contains(&format!("another way: {} ", record.time + SimDuration::from_secs(5))), "{said}");
    // A cause alone makes two ledgers differ, and so does an end that comes too soon.
    let cause = found(&|other| other[at].cause = Entry(1)).expect("they differ");
    assert!(cause.contains("(cause 1, "), "{cause}");
    let short = found(&|other| other.truncate(at)).expect("they differ");
    assert!(short.contains("nothing: the ledger has ended"), "{short}");
}

/// Whoever shuffles the queue changes no run.
#[test]
fn a_shuffled_queue_changes_no_digest() {
    let digest = |number: u64, shuffle: Option<u64>| {
        let plan = generator::scenario(number);
        run(&plan, number, Options { shuffle, ..Options::default() }, &mut ()).digest
    };
    for number in 1..=60 {
        assert_eq!(digest(number, Some(number)), digest(number, None), "random scenario {number}");
    }
}
