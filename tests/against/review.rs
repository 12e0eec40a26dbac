//! `windtunnel baseline`: what would change in the baselines, and what is written of it.

use super::baselines::kept;
use super::{HIT, batch, edit, template, text, text_of, windtunnel};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The changes as JSON.
fn changes(at: &Path, more: &[&str]) -> (Vec<Value>, Option<i32>) {
    let args = [&["baseline", "diff", "--baseline", "kept", "--exit-code", "--format", "json"], more].concat();
    let done = windtunnel(at, &args);
    let said = text(&done.stderr);
    let json: Value = serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
    (json["changes"].as_array().expect("a list").clone(), done.status.code())
}

fn names(changes: &[Value]) -> Vec<&str> {
    changes.iter().map(|change| change["name"].as_str().expect("a name")).collect()
}

fn files(at: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(at.join("kept")).expect("listed").map(|entry| entry.expect("listed").path());
    entries
        .map(|path| {
            (path.file_name().expect("named").to_string_lossy().into_owned(), fs::read_to_string(&path).expect("read"))
        })
        .collect()
}

fn accept(at: &Path, more: &[&str]) -> (String, Option<i32>) {
    let done = windtunnel(at, &[&["baseline", "accept", "--baseline", "kept"], more].concat());
    (text_of(&done), done.status.code())
}

/// Batches of 50 % hit four instances of the bad release, where those of 20 % hit two; in the other incidents nothing is rolled out.
#[test]
fn a_change_is_shown_on_both_sides_and_accepted_by_its_name() {
    let place = tempfile::tempdir().expect("a folder");
    let at = place.path();
    kept(at, "12");
    assert_eq!(changes(at, &[]), (Vec::new(), Some(0)));
    template(at, |of| batch(of, 50));
    let (found, code) = changes(at, &["incidents"]);
    assert_eq!(names(&found), ["bad-deploy::as-written", "lost-zone::as-written", "morning-peak::as-written"]);
    assert_eq!((code, &found[0]["verdict"], &found[0]["sameSimulated"]), (Some(5), &json!("worse"), &json!(false)));
    let rows = found[0]["measures"].as_array().expect("a list");
    let row = rows.iter().find(|row| row["measure"] == HIT).expect("it is there");
    assert_eq!(
        (&row["before"]["mean"], &row["now"]["mean"], &row["verdict"]),
        (&json!(2.0), &json!(4.0), &json!("worse"))
    );
    assert_eq!((&found[1]["verdict"], &found[1]["measures"]), (&json!("same"), &json!([])));
    let said = text_of(&windtunnel(at, &["baseline", "diff", "--baseline", "kept"]));
    let line = said.lines().find(|line| line.trim_start().starts_with("blast_radius.instances ")).expect("it is shown");
    assert_eq!(
        line.split_whitespace().collect::<Vec<_>>().join(" "),
        "blast_radius.instances 2 instances 4 instances +2 instances worse"
    );
    for words in [
        "WORSE    bad-deploy::as-written",
        "another plan is simulated, and every measure is the same in every run",
        "3 changes: 1 worse, 2 the same",
        "windtunnel baseline accept --baseline kept bad-deploy::as-written lost-zone::as-written morning-peak::as-written",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // What is named is written, and nothing else.
    let before = files(at);
    let (said, code) = accept(at, &["bad-deploy::as-written"]);
    assert!(code == Some(0) && said.contains("0 new, 1 changed, 0 the same"), "{said}");
    let after = files(at);
    assert_ne!(after["bad-deploy.json"], before["bad-deploy.json"]);
    assert_eq!(
        (&after["lost-zone.json"], &after["morning-peak.json"]),
        (&before["lost-zone.json"], &before["morning-peak.json"])
    );
    assert_eq!(names(&changes(at, &[]).0), ["lost-zone::as-written", "morning-peak::as-written"]);
    // A name that is none writes nothing, whatever else is named.
    let (said, code) = accept(at, &["lost-zone", "morning-paek::as-written"]);
    assert!(code == Some(2) && said.contains("did you mean `morning-peak::as-written`?"), "{said}");
    assert_eq!(files(at), after);
    assert_eq!(accept(at, &[]).1, Some(2), "nothing is named");
    assert_eq!(accept(at, &["--all"]).1, Some(0));
    assert_eq!(changes(at, &[]), (Vec::new(), Some(0)));
    // It is the same file that `test --update-baseline` writes.
    let accepted = files(at);
    let said = text_of(&windtunnel(at, &["test", "incidents", "--baseline", "kept", "--update-baseline", "-n", "12"]));
    assert!(said.contains("0 new, 0 changed, 3 the same"), "{said}");
    assert_eq!(files(at), accepted);
}

#[test]
fn what_no_scenario_has_is_said_refused_or_removed() {
    let place = tempfile::tempdir().expect("a folder");
    let at = place.path();
    kept(at, "4");
    edit(at, |of| format!("{of}policies: {{ longer: {{ horizon: PT5H }} }}\n"));
    let (found, _) = changes(at, &["incidents"]);
    assert_eq!((names(&found), &found[0]["kind"]), (vec!["bad-deploy::longer"], &json!("new")));
    assert_eq!(accept(at, &["bad-deploy::longer"]).1, Some(0));
    edit(at, |of| of.split("policies:").next().unwrap_or_default().to_owned());
    fs::remove_file(at.join("incidents/lost-zone.yaml")).expect("removed");
    let (found, code) = changes(at, &["incidents"]);
    assert_eq!((names(&found), code), (vec!["bad-deploy::longer", "lost-zone"], Some(5)));
    assert!(found.iter().all(|change| change["kind"] == "gone"), "{found:?}");
    let diff = |more: &[&str]| {
        windtunnel(at, &[&["baseline", "diff", "incidents", "--baseline", "kept"], more].concat()).status.code()
    };
    assert_eq!((diff(&[]), diff(&["--unreferenced", "reject"])), (Some(0), Some(8)));
    assert_eq!(diff(&["--unreferenced", "delete"]), Some(2), "a look changes nothing");
    let before = files(at);
    let (said, code) = accept(at, &["--all", "--unreferenced", "reject"]);
    assert!(code == Some(8) && said.contains("no scenario has bad-deploy::longer, lost-zone"), "{said}");
    assert_eq!(files(at), before, "nothing is removed that nobody asked to remove");
    let (said, code) = accept(at, &["--unreferenced", "delete"]);
    assert!(code == Some(0) && said.contains("1 changed") && said.contains("1 removed"), "{said}");
    assert_eq!(files(at).keys().collect::<Vec<_>>(), ["bad-deploy.json", "morning-peak.json"]);
    assert_eq!(changes(at, &["incidents"]), (Vec::new(), Some(0)));
}

#[test]
fn what_is_expected_is_part_of_a_baseline() {
    let place = tempfile::tempdir().expect("a folder");
    let at = place.path();
    kept(at, "4");
    edit(at, |of| of.replace("atMost: 1%", "atMost: 0.5%"));
    let (found, code) = changes(at, &[]);
    assert_eq!((names(&found), code, &found[0]["kind"]), (vec!["bad-deploy"], Some(5), &json!("expected")));
    let what = "`hardly a request` expects mean at most 0.5 %, and expected mean at most 1 %";
    assert_eq!(found[0]["what"], json!([what]));
    assert_eq!(accept(at, &["bad-deploy"]).1, Some(0));
    assert_eq!(changes(at, &[]), (Vec::new(), Some(0)));
    // A baseline that cannot be read is written anew, where the scenarios are named.
    let path = at.join("kept/bad-deploy.json");
    let old = fs::read_to_string(&path).expect("read").replace("\"schemaVersion\": 3", "\"schemaVersion\": 2");
    fs::write(&path, old).expect("written");
    let said = text_of(&windtunnel(at, &["baseline", "diff", "--baseline", "kept"]));
    assert!(said.contains("format 2") && said.contains("name the scenarios"), "{said}");
    let (found, _) = changes(at, &["incidents"]);
    assert_eq!((names(&found), &found[0]["kind"]), (vec!["bad-deploy"], &json!("anew")));
    assert_eq!(accept(at, &["--scenarios", "incidents", "--all", "-n", "4"]).1, Some(0));
    assert_eq!(changes(at, &[]), (Vec::new(), Some(0)));
}

#[test]
fn nothing_is_written_where_nobody_watches() {
    let place = tempfile::tempdir().expect("a folder");
    kept(place.path(), "2");
    for (variable, what) in [("CI", "accept"), ("TF_BUILD", "review")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
        command.current_dir(place.path()).args(["baseline", what, "--baseline", "kept"]);
        command.env_remove("CI").env_remove("TF_BUILD").env(variable, "true");
        let done = command.output().expect("it starts");
        let said = text(&done.stderr);
        assert!(
            done.status.code() == Some(2)
                && said.contains(&format!("`baseline {what}` is refused if {variable} is set")),
            "{said}"
        );
    }
    let done = windtunnel(place.path(), &["baseline", "review", "--baseline", "kept"]);
    let said = text_of(&done);
    assert!(done.status.code() == Some(2) && said.contains("windtunnel baseline diff --baseline kept"), "{said}");
}

/// On a terminal, which `script` makes: the first change is accepted, the second rejected, the third skipped.
#[test]
fn a_review_asks_for_each_change() {
    if Command::new("script").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "there is no `script`");
        eprintln!("SKIPPED: there is no `script` that makes a terminal");
        return;
    }
    let place = tempfile::tempdir().expect("a folder");
    let at = place.path();
    kept(at, "4");
    let before = files(at);
    template(at, |of| batch(of, 50));
    let line = format!("'{}' baseline review --baseline kept", env!("CARGO_BIN_EXE_windtunnel"));
    let mut script = Command::new("script");
    script
        .args(["-qec", &line, "/dev/null"])
        .current_dir(at)
        .env_remove("CI")
        .env_remove("TF_BUILD")
        .env("TERM", "dumb");
    let mut child = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    child.stdin.take().expect("a pipe").write_all(b"what\na\nreject\ns\n").expect("written");
    let done = child.wait_with_output().expect("it ends");
    let said = text(&done.stdout);
    assert!(said.contains("1 of 3") && said.contains("3 changes: 1 accepted, 1 rejected, 1 skipped"), "{said}");
    assert_eq!(
        said.matches("accept (a), reject (r), skip (s) or quit (q)?").count(),
        4,
        "what is no answer is asked again"
    );
    assert_eq!(done.status.code(), Some(5), "one is rejected");
    let after = files(at);
    let changed: Vec<&String> = before.keys().filter(|name| before[*name] != after[*name]).collect();
    assert_eq!(changed, ["bad-deploy.json"]);
}
