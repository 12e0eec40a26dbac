//! A run that would come to more than it may is refused before it begins, or stopped with an error that says what to mend;
//! never is there half a folder, and never does a program end for want of memory.

use std::path::Path;
use std::process::{Command, Output};
use windtunnel::input::{LoadOptions, load_text};

const FLEET: &str = r#"windtunnel: 1
title: much happens
horizon: HORIZON
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss-x
    location: eastus
    sku: { name: Standard_D2s_v5, tier: Standard, capacity: 2 }
    properties:
      orchestrationMode: Uniform
      upgradePolicy: { mode: Manual }
      virtualMachineProfile:
        storageProfile: { imageReference: { id: web-image } }
"#;

fn scenario(horizon: &str, more: &str) -> String {
    FLEET.replace("HORIZON", horizon) + more
}

/// What is wrong with a scenario; every problem as text, and none is fine.
fn wrong(horizon: &str, more: &str) -> String {
    match load_text("x.yaml", scenario(horizon, more), &LoadOptions::default()) {
        Ok(loaded) => windtunnel::input::Report::from(loaded.problems).to_string(),
        Err(report) => report.to_string(),
    }
}

/// Ten days have 864,000,000 milliseconds; each fault begins and passes. Thirty have three times as many.
#[test]
fn what_the_scenario_says_is_too_much_is_refused_beforehand() {
    let often = "faults: { f: { in: vmss-x, every: PT0.001S, for: PT0.001S, how: processDown } }\n";
    let said = wrong("P10D", often);
    for part in ["E0595", "`f` happens about 864,000,000 times until", "at most 10,000,000", "x.yaml:14:", "limits: {"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
    let jobs = "application: { jobs: { scaleSet: vmss-x, every: PT0.001S, duration: PT1H } }\n";
    let said = wrong("P30D", jobs);
    assert!(said.contains("E0595") && said.contains("a job happens about 2,592,000,000 times"), "{said}");
    // Twice 7,200 seconds are no trouble, and whoever means it may have more.
    let seldom = "faults: { f: { in: vmss-x, every: PT1S, for: PT1S, how: processDown } }\n";
    assert!(!wrong("PT2H", seldom).contains("E0595"));
    assert!(!wrong("P10D", &format!("{often}limits: {{ entries: 2000000000 }}\n")).contains("E0595"));
}

#[test]
fn what_may_come_without_a_pause_is_refused() {
    for (every, code) in [
        ("PT0S", "E0110"),
        ("{ uniform: { min: PT0S, max: PT0S } }", "E0596"),
        ("{ uniform: { min: PT0S, max: PT5M } }", "E0596"),
        ("{ exponential: { mean: PT0S } }", "E0596"),
        ("{ lognormal: { median: PT0S, sigma: 1 } }", "E0596"),
    ] {
        let fault = format!("faults: {{ f: {{ in: vmss-x, every: {every}, for: PT1S, how: processDown }} }}\n");
        let jobs = format!("application: {{ jobs: {{ scaleSet: vmss-x, every: {every}, duration: PT1H }} }}\n");
        for more in [fault, jobs] {
            let said = wrong("PT1H", &more);
            assert!(said.contains(code) && said.contains("help:"), "{every}: {said}");
        }
    }
    let exponential = "faults: { f: { in: vmss-x, every: { exponential: { mean: PT5M } }, for: PT1S, how: hang } }\n";
    assert!(!wrong("PT1H", exponential).contains("error"));
}

#[test]
fn a_horizon_is_some_time_that_there_can_be() {
    assert!(wrong("PT0S", "").contains("`horizon` must be an instant after the start"), "{}", wrong("PT0S", ""));
    let long = wrong("P365000000D", "timeline: [{ at: PT1M, name: n, setCapacity: { scaleSet: vmss-x, to: 3 } }]\n");
    assert!(
        long.contains("got `P365000000D`") && long.contains("is longer than 8,900 years") && !long.contains("W0204"),
        "{long}"
    );
    let bare = wrong("30", "timeline: [{ at: PT1M, name: n, setCapacity: { scaleSet: vmss-x, to: 3 } }]\n");
    assert!(bare.contains("E0111") && !bare.contains("W0204"), "{bare}");
}

fn windtunnel(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    command.args(arguments).current_dir(folder).env_remove("CI").output().expect("it runs")
}

/// A fault every 20 seconds comes 360 times; each makes two entries of its own, and more of the process that stops and starts:
/// 720 may be, and there come to be more than 1,000. The run is stopped. Every verb says so, with the place, the policy and
/// the seed, and leaves nothing.
#[test]
fn a_run_that_comes_to_too_much_is_stopped_by_every_verb() {
    let home = tempfile::tempdir().expect("a folder");
    let more = "faults: { f: { in: vmss-x, every: PT20S, for: PT0.5S, how: processDown } }\n\
                policies: { other: { limits: { entries: 1000 } } }\n\
                expect: [{ name: fine, policy: other, measure: repairs.count, is: 0 }]\n";
    std::fs::write(home.path().join("x.yaml"), scenario("PT2H", more)).expect("it is written");
    for arguments in [
        &["run", "x.yaml", "--policy", "other", "--seed", "7", "--out", "out"][..],
        &["compare", "x.yaml", "--replications", "3", "--jobs", "1", "--out", "out"],
        &["test", "x.yaml", "--replications", "3", "--jobs", "1"],
        &["verify", "x.yaml", "--policy", "other"],
    ] {
        let output = windtunnel(home.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        let seed = if arguments[0] == "run" { "seed 7" } else { "seed 1" };
        for part in
            ["E0597", "policy `other`", seed, "more than 1,000 entries", "x.yaml:14:", "limits: { entries: 10000 }"]
        {
            assert!(said.contains(part), "{arguments:?}: {part} in {said}");
        }
        assert!(!home.path().join("out/plan.json").exists() && !home.path().join("out/compare.json").exists());
        let _ = std::fs::remove_dir_all(home.path().join("out"));
    }
}

/// 114 years of repairs that undo each other end by the limit.
#[test]
fn a_horizon_of_a_hundred_years_ends_by_the_limit() {
    let home = tempfile::tempdir().expect("a folder");
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/repair-cascade.yaml");
    let text = std::fs::read_to_string(bundled).expect("it is bundled");
    let line = text.lines().find(|line| line.starts_with("horizon:")).expect("it has one");
    let long = text.replace(line, "horizon: PT1000000H\nlimits: { entries: 20000 }");
    std::fs::write(home.path().join("x.yaml"), long).expect("it is written");
    let output = windtunnel(home.path(), &["run", "x.yaml"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("E0597") && said.contains("shorten the run"), "{said}");
    assert!(!home.path().join("reports/x/as-written-1").exists());
}
