//! The verb: what can be named, what is refused, and how it is shown.

use crate::plans::*;
use crate::support::*;
use assert_cmd::Command;
use std::path::{Path, PathBuf};
use windtunnel::experiment::instant::Instant;
use windtunnel::output::azure_json::{self, AskError, View, human};
use windtunnel_sim::plan::*;

fn windtunnel(args: &[&str]) -> (i32, String, String) {
    let output =
        Command::cargo_bin("windtunnel").expect("it is built").env("NO_COLOR", "1").args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// A run of a bundled scenario, in a folder of its own.
fn run(scenario: &str, folder: &Path) -> String {
    let scenario = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(scenario);
    let to = folder.join("run").to_string_lossy().into_owned();
    let (code, _, err) = windtunnel(&["run", &scenario.to_string_lossy(), "--seed", "1", "--out", &to]);
    assert!(code == 0 || code == 3, "{err}");
    to
}

#[test]
fn a_run_answers_for_any_instant_and_refuses_what_it_does_not_reach() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = run("stale-image-scale-out.yaml", folder.path());
    let status = |args: &[&str]| windtunnel(&[&["status", run.as_str()], args].concat());
    let (code, out, err) = status(&["--at", "PT30M"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let all: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    let requests: Vec<&str> =
        all["answers"].as_array().unwrap().iter().map(|of| of["request"].as_str().unwrap()).collect();
    assert_eq!(requests[0], "GET virtualMachineScaleSets/vmss-web");
    assert_eq!(requests[1], "GET virtualMachineScaleSets/vmss-web/rollingUpgrades/latest");
    assert_eq!(status(&["--at", "PT30M"]).1, out, "twice the same");
    // Flags may stand anywhere, and times may be civil.
    let instance = status(&["vmss-web_2", "--at", "30m"]);
    assert!(instance.1.contains("\"instanceId\": \"2\""), "{}", instance.1);
    assert_eq!(status(&["--at", all["time"].as_str().unwrap(), "vmss-web_2"]), instance);

    let refused = |args: &[&str], expected: &str| {
        let (code, out, err) = status(args);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(expected), "{err}");
    };
    refused(&["--at", "PT3H"], "the run does not reach PT3H: it lasts 45 min");
    refused(&["--at", "-PT1M"], "");
    refused(&["--at", "noon"], "the timeline has no entry “noon”");
    refused(&["--at", "PT5M", "vmss-wep"], "there is no `vmss-wep`; did you mean vmss-web");
    refused(
        &["--at", "PT5M", "vmss-web_2"],
        "vmss-web_2 does not exist at 09:05:00 UTC, +5 min: it is created at 09:10:00 UTC, +10 min",
    );
    refused(&["--at", "PT5M", "lb-web/probes"], "is no answer of ARM: Azure shows it as the metric DipAvailability");
    refused(&["--at", "PT5M", "activitylogz"], "did you mean activityLog");
    refused(&["--at", "PT5M", "activitylogs/vmss"], "there is vmss-web");

    let plan = Path::new(&run).join("plan.json");
    let text = std::fs::read_to_string(&plan).unwrap();
    let version = format!("\"modelVersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
    std::fs::write(&plan, text.replace(&version, "\"modelVersion\": \"0.0.1\"")).unwrap();
    refused(&["--at", "PT5M"], "was run by model version 0.0.1");
    let (code, _, err) = windtunnel(&["status", "no-such-folder", "--at", "PT5M"]);
    assert!(code == 2 && err.contains("is not the folder of a run"), "{err}");
}

fn count(plan: &Plan, name: &str) -> usize {
    let instant = Instant::new(plan, 7, at(50)).expect("it comes that far");
    azure_json::ask(&View::new(&instant), name).map_or(0, |questions| questions.len())
}

/// A set has five answers: itself, its last upgrade, its history, its view, its instances. An image has its definition and each
/// version.
#[test]
fn a_resource_is_named_shortly_by_type_or_in_full() {
    let plan = rolling(2, RollingPolicy::default());
    let full = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/vmss";
    for name in ["vmss", "VMSS", "virtualMachineScaleSets/vmss", "Microsoft.Compute/virtualMachineScaleSets/vmss", full]
    {
        assert_eq!(count(&plan, name), 5, "{name}");
    }
    let upgrade = format!("{full}/rollingUpgrades/latest?api-version=2024-07-01");
    let instance = format!("{full}/virtualMachines/1");
    let others = ["vmss/resource", "activityLog", "vmss/activityLog", "vmss_1/scheduledEvents"];
    let names = [&upgrade, &instance, "vmss/instanceView", "vmss_1", "virtualMachines/vmss_1", "app/1.1.0"];
    for name in names.into_iter().chain(others) {
        assert_eq!(count(&plan, name), 1, "{name}");
    }
    let version = "Microsoft.Compute/galleries/gallery/images/app/versions/1.0.0";
    assert_eq!(count(&plan, version), 1);
    assert_eq!(count(&plan, "app"), 3, "the definition and all versions");
    assert_eq!(count(&plan, "vmss_2"), 0);
}

#[test]
fn a_flexible_set_has_no_view_to_ask_for() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.sets[0].mode = OrchestrationMode::Flexible;
    let instant = Instant::new(&plan, 7, at(50)).expect("it comes that far");
    let error = azure_json::ask(&View::new(&instant), "vmss/instanceView").unwrap_err();
    assert!(matches!(&error, AskError::Flexible { set, .. } if set == "vmss"), "{error}");
}

/// The tables keep to the width, and say what the JSON says.
#[test]
fn tables_keep_to_the_width() {
    let plan = sick(5, RollingPolicy::default());
    for (plan, at_s, holds) in [
        (&plan, 300, "0 successful, 1 in progress, 4 pending, 0 failed"),
        (&plan, 1000, "Faulted since 2026-03-10T09:01:40.000Z"),
        (&replicating(), 340, "Replicating  40 %"),
        (&baking(Failing::Never), 400, "Running, Customizing from 2026-03-10T09:01:40.000Z"),
    ] {
        let instant = Instant::new(plan, 7, at(at_s)).expect("it comes that far");
        let view = View::new(&instant);
        let questions = azure_json::everything(&view).expect("there is something");
        let answers: Vec<_> = questions.into_iter().map(|question| view.answer(question)).collect();
        for width in [80, 120] {
            let text = anstream::adapter::strip_str(&human::text(&view, &answers, width)).to_string();
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(widest <= width, "{widest} columns:\n{text}");
            assert!(text.contains(holds), "{text}");
        }
    }
}
