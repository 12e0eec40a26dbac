//! The first steps: a scenario from `new` that runs, the demo, completions and the manual page.

use assert_cmd::Command;
use clap::CommandFactory;
use std::fs;
use windtunnel::args::Cli;

fn windtunnel() -> Command {
    let mut command = Command::cargo_bin("windtunnel").expect("the program is built");
    command.env("NO_COLOR", "1").env("COLUMNS", "100");
    command
}

fn printed(command: &mut Command) -> String {
    String::from_utf8(command.assert().success().get_output().stdout.clone()).expect("UTF-8")
}

#[test]
fn a_new_scenario_has_no_problem_and_every_policy_of_it_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let said = printed(windtunnel().current_dir(&folder).args(["new", "checkout"]));
    assert!(said.contains("windtunnel run checkout.yaml"), "{said}");
    let checked = printed(windtunnel().current_dir(&folder).args(["check", "checkout.yaml"]));
    assert!(checked.starts_with("checkout.yaml: no problems"), "{checked}");
    for policy in ["as-written", "one-more", "probe-every-5s"] {
        // An expectation that failed would be in the exit code.
        let summary = printed(windtunnel().current_dir(&folder).args(["run", "checkout.yaml", "--policy", policy]));
        assert!(summary.contains("blast_radius.requests_pct"), "{summary}");
        let report = folder.path().join(format!("reports/checkout/{policy}-1/report.html"));
        assert!(report.is_file(), "{policy} has a report");
    }
    printed(windtunnel().current_dir(&folder).args(["compare", "checkout.yaml", "--replications", "20"]));
}

#[test]
fn a_new_scenario_takes_the_place_of_none_and_its_name_fits_a_resource() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("shop.yaml"), "mine").expect("written");
    windtunnel().current_dir(&folder).args(["new", "shop"]).assert().code(2);
    assert_eq!(fs::read_to_string(folder.path().join("shop.yaml")).expect("it is there"), "mine");
    for name in ["Shop", "../shop", "a b", "-shop", ""] {
        windtunnel().current_dir(&folder).args(["new", "--", name]).assert().code(2);
    }
}

#[test]
fn the_demo_runs_every_incident_and_says_what_to_look_at() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let said = printed(windtunnel().current_dir(&folder).args(["demo", "tour"]));
    let reports: Vec<&str> = said.lines().map(str::trim).filter(|line| line.ends_with("report.html")).collect();
    assert_eq!(reports.len(), 3, "{said}");
    for report in reports {
        assert!(folder.path().join(report).is_file(), "{report}");
    }
    assert_eq!(said.matches("Look at ").count(), 3);
    assert!(said.lines().all(|line| line.chars().count() <= 110), "{said}");
}

#[test]
fn completions_and_the_manual_know_every_verb() {
    let verbs: Vec<String> = Cli::command().get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    assert!(verbs.len() > 10, "{verbs:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = printed(windtunnel().args(["completions", shell]));
        for verb in &verbs {
            assert!(text.contains(verb), "{shell} does not know {verb}");
        }
    }
    let page = printed(windtunnel().arg("man"));
    assert!(page.contains(".TH windtunnel 1"), "{}", &page[..200.min(page.len())]);
    for verb in verbs {
        assert!(page.contains(&format!("WINDTUNNEL {}", verb.to_uppercase())), "{verb} is not in the manual");
    }
}

/// A browser that only notes what it is asked for.
#[cfg(unix)]
#[test]
fn a_report_is_opened_in_the_browser_that_the_user_names() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (browser, asked) = (folder.path().join("browser"), folder.path().join("asked"));
    fs::write(&browser, format!("#!/bin/sh\necho \"$1\" > '{}.new'\nmv '{0}.new' '{0}'\n", asked.display()))
        .expect("written");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).expect("it may run");
    printed(windtunnel().current_dir(&folder).env("BROWSER", &browser).args(["demo", "tour", "--open"]));
    // It is not waited for, so the note may come a little later.
    let noted = (0..100).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        fs::read_to_string(&asked).ok()
    });
    let page = noted.expect("the browser was started");
    assert!(page.trim_end().ends_with("tour/index.html"), "{page}");
    let index = fs::read_to_string(page.trim_end()).expect("the page is there");
    assert_eq!(index.matches("/report.html\"><img").count(), 3, "{index}");
    for link in index.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(folder.path().join("tour").join(link).is_file(), "{link}");
    }
    // Where no browser can be started, the command is not wrong, and says which file to open.
    let none = folder.path().join("none").display().to_string();
    let mut command = windtunnel();
    command.current_dir(&folder).env("BROWSER", &none).env("PATH", "").args(["demo", "tour", "--open"]);
    let said = String::from_utf8(command.assert().success().get_output().stderr.clone()).expect("UTF-8");
    assert!(said.contains("tour/index.html"), "{said}");
}

#[test]
fn rules_and_assumptions_are_counted() {
    let all = |status: &str, mark: &str| {
        let listed = printed(windtunnel().args(["rules", "--status", status]));
        listed.lines().filter(|line| line.split_whitespace().nth(1) == Some(mark) && line.contains('-')).count()
    };
    let counts: serde_json::Value =
        serde_json::from_str(&printed(windtunnel().args(["rules", "--count", "--format", "json"]))).expect("JSON");
    for (status, mark) in [("exact", "●"), ("approximated", "◐"), ("absent", "○")] {
        assert_eq!(counts["rules"][status], all(status, mark), "{status}");
    }
    windtunnel().args(["rules", "--count", "LB"]).assert().code(2);
}

#[test]
fn measures_are_shown_by_name_and_by_their_first_word() {
    let listed = |args: &[&str]| -> Vec<String> {
        let text = printed(windtunnel().arg("measures").args(args).args(["--format", "json"]));
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let rows = json["measures"].as_array().expect("a list").iter();
        rows.map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(listed(&["slo.budget_spent_pct"]), ["slo.budget_spent_pct"]);
    assert_eq!(listed(&["slo"]), ["slo.budget_spent_pct"]);
    assert_eq!(listed(&[]).len(), windtunnel_sim::measure::catalogue::DEFINITIONS.len());
    let text = printed(windtunnel().args(["measures", "downtime"]));
    assert!(text.lines().all(|line| line.chars().count() <= 100) && text.contains("downtime.full_s"), "{text}");
    let refused = windtunnel().args(["measures", "slo.budget_spend_pct"]).assert().code(2);
    let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(said.contains("did you mean slo.budget_spent_pct"), "{said}");
}
