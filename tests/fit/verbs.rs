//! `fit` and `compare --given` as a user calls them.

use super::common::{Minutes, incident, truth};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

fn said(place: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let done =
        Command::new(env!("CARGO_BIN_EXE_windtunnel")).current_dir(place).args(args).env("COLUMNS", "80").output();
    let done = done.expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

/// An incident with its unknowns in a folder, and what a hidden variant of it left to see: a share a minute.
fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a temporary folder");
    let (drawable, text) = incident("scale-out");
    let (shares, seed) = truth(3, drawable.unknowns.len());
    let minutes = Minutes::of(&drawable, &shares, seed, 3);
    let mut table = String::from("time,share\n");
    for (minute, share) in minutes.observed.iter().enumerate() {
        let (hour, minute) = (9 + minute / 60, minute % 60);
        table += &format!("2026-11-24T{hour:02}:{minute:02}:00Z,{:.2}\n", share.clamp(0.0, 100.0));
    }
    let observed = "observed:\n  - { name: error rate, file: observed.csv, column: share, measure: harmedShare, entryPoint: lb, tolerance: 4% }\n";
    fs::write(place.path().join("observed.csv"), table).expect("written");
    fs::write(place.path().join("incident.yaml"), format!("{text}{observed}")).expect("written");
    place
}

/// Few runs leave a lesser power, which is exit code 7; the draws are such that both policies are played on each of them.
#[test]
fn a_fit_is_kept_and_policies_are_judged_under_it() {
    let place = place();
    let (code, out, trouble) =
        said(place.path(), &["fit", "incident.yaml", "--runs", "1500", "--draws", "60", "--out", "fit"]);
    assert!([Some(0), Some(7)].contains(&code), "{out}{trouble}");
    for word in
        ["pause", "swap", "failure", "now, with 90 %", "best runs", "seed ", "compare incident.yaml --given fit"]
    {
        assert!(out.contains(word), "no `{word}` in\n{out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let kept = fs::read_to_string(place.path().join("fit/fit.json")).expect("it is kept");
    let json: Value = serde_json::from_str(&kept).expect("it is JSON");
    let names: Vec<&str> =
        json["unknowns"].as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["pause", "swap", "failure"]);
    let draws = json["draws"].as_array().expect("a list");
    let draws_csv = fs::read_to_string(place.path().join("fit/draws.csv")).expect("it is kept");
    assert_eq!(draws_csv.lines().count(), draws.len() + 1);
    assert!(draws_csv.starts_with("seed,log_likelihood,pause,swap,failure\n"), "{draws_csv}");
    let compare = |out: &str, jobs: &str| {
        let args = [
            "compare",
            "incident.yaml",
            "--given",
            "fit",
            "-n",
            "16",
            "--policies",
            "no-scale-out",
            "--jobs",
            jobs,
            "--out",
            out,
        ];
        let (code, said, trouble) = said(place.path(), &args);
        assert_eq!(code, Some(0), "{said}{trouble}");
        (said, fs::read_to_string(place.path().join(out).join("runs.csv")).expect("it is kept"))
    };
    let (text, one) = compare("one", "1");
    let (_, two) = compare("two", "2");
    assert_eq!(one, two, "whatever the number of threads");
    assert!(text.replace('\n', " ").contains("each replication is a draw of the fit"), "{text}");
    let (code, _, trouble) = said(place.path(), &["compare", "incident.yaml", "--given", "nowhere"]);
    assert!(code == Some(2) && trouble.contains("--given names the folder"), "{trouble}");
    let scenario = fs::read_to_string(place.path().join("incident.yaml")).expect("it reads");
    fs::write(place.path().join("other.yaml"), scenario.replace("PT40M", "PT45M")).expect("written");
    let (code, _, trouble) = said(place.path(), &["compare", "other.yaml", "--given", "fit"]);
    assert!(code == Some(2) && trouble.contains("another prior"), "{trouble}");
}

#[test]
fn what_a_fit_needs_is_asked_for() {
    let place = place();
    let scenario = fs::read_to_string(place.path().join("incident.yaml")).expect("it reads");
    let without = |key: &str, next: &str| {
        let (before, rest) = scenario.split_once(&format!("\n{key}:\n")).expect("it has the key");
        let rest =
            rest.split_once(&format!("{next}:\n")).map_or(String::new(), |(_, rest)| format!("\n{next}:\n{rest}"));
        fs::write(place.path().join("short.yaml"), format!("{before}\n{rest}")).expect("written");
        let (code, _, trouble) = said(place.path(), &["fit", "short.yaml"]);
        (code, trouble)
    };
    let (code, trouble) = without("unknown", "observed");
    assert!(code == Some(2) && trouble.contains("nothing in `short.yaml` is unknown"), "{trouble}");
    fs::write(place.path().join("blind.yaml"), scenario.split_once("observed:\n").expect("it has the key").0)
        .expect("written");
    let (code, _, trouble) = said(place.path(), &["fit", "blind.yaml"]);
    assert!(code == Some(2) && trouble.contains("nothing was observed in `blind.yaml`"), "{trouble}");
}
