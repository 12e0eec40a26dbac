//! `windtunnel doctor` from outside: any number of random scenarios from any seed, and the bundled ones.

use assert_cmd::Command;

fn doctor(args: &[&str]) -> String {
    let mut command = Command::cargo_bin("windtunnel").expect("the program is built");
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).arg("doctor").args(args).assert().success();
    String::from_utf8(output.get_output().stdout.clone()).expect("UTF-8")
}

#[test]
fn random_scenarios_can_be_tried_from_any_seed() {
    let said = doctor(&["--random", "40", "--seed", "123456789"]);
    assert_eq!(said, "40 random scenarios: both engines and a second run agree, entry for entry\n");
}

#[test]
fn every_policy_of_a_bundled_scenario_is_examined() {
    let said = doctor(&["scenarios/stale-image-scale-out.yaml", "--seed", "7"]);
    assert_eq!(said.lines().count(), 6, "one line a policy: {said}");
    assert!(said.lines().all(|line| line.ends_with("the same by all ways")), "{said}");
}
