//! `test --baseline`: the judge of `--against`, with the values that a baseline keeps as the side of before.

use super::{CHANGES, HARM, HIT, batch, edit, team, template, text, text_of, windtunnel};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

/// With few runs the expectations of the team are undecided.
const BASELINE: [&str; 7] = ["test", "incidents", "--baseline", "kept", "--inconclusive", "warn", "--format"];

/// The team's files with a baseline of so many runs.
pub(super) fn kept(at: &Path, runs: &str) {
    team(at);
    let args = ["test", "incidents", "--baseline", "kept", "--update-baseline", "-n", runs];
    let done = windtunnel(at, &args);
    assert!(text_of(&done).contains("3 new, 0 changed, 0 the same"), "{}", text_of(&done));
}

/// What is said of the files beside their baselines, as JSON, and the exit code.
fn held(at: &Path, more: &[&str]) -> (Value, Option<i32>) {
    let done = windtunnel(at, &[&BASELINE[..], &["json"], more].concat());
    let said = text(&done.stderr);
    (serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{error}: {said}")), done.status.code())
}

fn tests(json: &Value) -> &[Value] {
    json["tests"].as_array().expect("a list")
}

/// The judged measures of a scenario's baseline that became so.
fn measures(json: &Value, scenario: &str, verdict: &str) -> Vec<String> {
    let of = tests(json).iter().filter(|test| test["scenario"] == scenario && test["test"] == "baseline");
    let rows = of.flat_map(|test| test["measures"].as_array().expect("a list"));
    let is_so = |row: &&Value| row["judged"] == true && row["verdict"] == verdict;
    rows.filter(is_so).map(|row| row["measure"].as_str().expect("a name").to_owned()).collect()
}

/// What each change truly does was found outside of this program; the baseline was made before it.
#[test]
fn a_changed_template_is_compared_and_only_what_is_worse_is_red() {
    let place = tempfile::tempdir().expect("a folder");
    kept(&place.path().join("before"), "40");
    let mut wrong = Vec::new();
    for (name, change, worse) in CHANGES {
        let now = place.path().join("now");
        let _ = fs::remove_dir_all(&now);
        super::copy(&place.path().join("before"), &now);
        template(&now, change);
        let (json, code) = held(&now, &["-E", "test(=baseline)"]);
        let expected = if worse.is_empty() { Some(0) } else { Some(5) };
        if code != expected {
            wrong.push(format!("{name}: exit code {code:?}"));
        }
        for (scenario, measure) in worse {
            let found = measures(&json, scenario, "worse");
            if !found.iter().any(|one| one == measure) {
                wrong.push(format!("{name}: {scenario}: {measure} is not among {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Batches of 10 % hit one instance where those of 20 % hit two.
#[test]
fn an_improvement_is_said_and_is_green() {
    let place = tempfile::tempdir().expect("a folder");
    kept(place.path(), "12");
    template(place.path(), |of| batch(of, 10));
    let (json, code) = held(place.path(), &[]);
    assert_eq!(code, Some(0));
    assert!(measures(&json, "bad-deploy", "better").contains(&HIT.to_owned()), "{json:#}");
    let row = tests(&json)
        .iter()
        .flat_map(|test| test["measures"].as_array().expect("a list"))
        .find(|row| row["measure"] == HIT && row["verdict"] == "better")
        .expect("it is there");
    assert_eq!((&row["before"]["mean"], &row["now"]["mean"]), (&json!(2.0), &json!(1.0)));
}

/// Titles, tags, versions of the interface and names of users are read by no run.
#[test]
fn what_no_run_reads_changes_no_byte_of_a_baseline() {
    let place = tempfile::tempdir().expect("a folder");
    let at = place.path();
    kept(at, "3");
    template(at, |of| {
        let set = &mut of["resources"]["vmss"];
        set["apiVersion"] = "2024-11-01".into();
        set["tags"] = json!({ "team": "web" });
        set["properties"]["virtualMachineProfile"]["osProfile"] =
            json!({ "computerNamePrefix": "other", "adminUsername": "other" });
    });
    for name in ["bad-deploy", "lost-zone", "morning-peak"] {
        let path = at.join(format!("incidents/{name}.yaml"));
        let of = fs::read_to_string(&path).expect("read");
        let of = of.replacen("title: ", "# a comment\ndescription: another one\n\ntitle: Again, ", 1);
        fs::write(&path, of).expect("written");
    }
    let update = ["test", "incidents", "--baseline", "kept", "--update-baseline", "-n", "3"];
    let said = text_of(&windtunnel(at, &update));
    assert!(said.contains("0 new, 0 changed, 3 the same"), "{said}");
    // What a run reads changes it: the hash alone, where the values stay.
    template(at, |of| super::rolling(of)["pauseTimeBetweenBatches"] = "PT7M".into());
    let said = text_of(&windtunnel(at, &update));
    assert!(said.contains("0 new, 3 changed, 0 the same"), "{said}");
}

/// The values are kept to the last bit: without a change, every difference is exactly zero.
#[test]
fn of_files_that_are_the_same_every_difference_is_zero() {
    let place = tempfile::tempdir().expect("a folder");
    kept(place.path(), "20");
    let (json, code) = held(place.path(), &[]);
    assert_eq!(code, Some(0));
    let of_baseline: Vec<&Value> = tests(&json).iter().filter(|test| test["test"] == "baseline").collect();
    assert_eq!(of_baseline.len(), 3);
    for row in of_baseline.iter().flat_map(|test| test["measures"].as_array().expect("a list")) {
        assert!(row["difference"].is_null() || row["difference"] == 0.0, "{row}");
        assert_eq!((&row["verdict"], &row["unlike"]), (&json!("same"), &json!(0)), "{row}");
    }
    // Seeds 11 to 30 share ten with the baseline's 1 to 20; 21 and later none.
    let (json, code) = held(place.path(), &["--seed", "11", "-E", "test(=baseline)"]);
    assert_eq!((code, &tests(&json)[0]["replications"]), (Some(0), &json!(10)));
    let (json, code) = held(place.path(), &["--seed", "21", "-E", "test(=baseline)"]);
    let why = &tests(&json)[0]["why"][0];
    assert_eq!((code, why), (Some(8), &json!("the baseline has the seeds 1 to 20, and none of 21 to 40")));
}

/// Removing what the baseline has, or expecting less, makes nothing green.
#[test]
fn what_the_baseline_has_and_is_no_longer_tested_is_named() {
    let place = tempfile::tempdir().expect("a folder");
    let before = place.path().join("before");
    team(&before);
    edit(&before, |of| {
        format!(
            "{of}policies: {{ wide: {{ vmss-web: {{ properties: {{ upgradePolicy: {{ rollingUpgradePolicy: {{ maxBatchInstancePercent: 10 }} }} }} }} }} }}\n"
        )
    });
    windtunnel(&before, &["test", "incidents", "--baseline", "kept", "--update-baseline", "-n", "6"]);
    type Edit = fn(&Path);
    let edits: [(Edit, &str, &str); 4] = [
        (
            |now| fs::remove_file(now.join("incidents/lost-zone.yaml")).expect("removed"),
            "lost-zone::as-written",
            "the incident is no longer tested",
        ),
        (
            |now| edit(now, |of| of.split("policies:").next().unwrap_or_default().to_owned()),
            "bad-deploy::wide",
            "the policy `wide` is no longer tested",
        ),
        (
            |now| edit(now, |of| of.replace("atMost: 1%", "atMost: 90%")),
            "bad-deploy::as-written",
            "`hardly a request` expects less: mean at most 90 %, and was mean at most 1 %",
        ),
        (
            |now| edit(now, |of| super::without(of, "name: few instances")),
            "bad-deploy::as-written",
            "nothing expects `few instances` any more",
        ),
    ];
    for (change, of, words) in edits {
        let now = place.path().join("now");
        let _ = fs::remove_dir_all(&now);
        super::copy(&before, &now);
        change(&now);
        let (json, code) = held(&now, &["--junit", "out.xml", "--sarif", "out.sarif"]);
        let gone: Vec<&Value> = tests(&json).iter().filter(|test| test["verdict"] == "gone").collect();
        assert_eq!((code, gone.len()), (Some(8), 1), "{words}: {json:#}");
        assert_eq!(gone[0]["name"], json!(format!("{of}::{words}")));
        for file in ["out.xml", "out.sarif"] {
            let report = fs::read_to_string(now.join(file)).expect("written");
            assert!(report.contains(&words.replace('`', "")) || report.contains(words), "{file}: {report}");
        }
        assert_eq!(held(&now, &["--gone", "warn"]).1, Some(0), "{words}");
        // Who asks for some tests does not ask for the others.
        assert_eq!(held(&now, &["-E", "scenario(=morning-peak)"]).1, Some(0), "{words}");
        // Of several shards one says it.
        let said = ["1/2", "2/2"].map(|shard| {
            let (json, _) = held(&now, &["--partition", shard]);
            tests(&json).iter().filter(|test| test["verdict"] == "gone").count()
        });
        assert_eq!(said.iter().sum::<usize>(), 1, "{words}");
    }
    // One file says nothing of the others, and another folder's incidents are not missed.
    let warn = ["--inconclusive", "warn"];
    let alone = ["test", "incidents/bad-deploy.yaml", "--baseline", "kept"];
    assert_eq!(windtunnel(&before, &[&alone[..], &warn].concat()).status.code(), Some(0));
    fs::create_dir(before.join("others")).expect("made");
    fs::rename(before.join("incidents/morning-peak.yaml"), before.join("others/morning-peak.yaml")).expect("moved");
    let others = ["test", "others", "--baseline", "kept"];
    assert_eq!(windtunnel(&before, &[&others[..], &warn].concat()).status.code(), Some(0));
    assert_eq!(held(&before, &[]).1, Some(8));
    // From elsewhere it is the same.
    let elsewhere = ["test", "../incidents", "--baseline", "../kept"];
    assert_eq!(windtunnel(&before.join("others"), &elsewhere).status.code(), Some(8));
}

/// A margin of the command line counts, and the printed command has it.
#[test]
fn the_command_that_is_printed_repeats_what_it_says() {
    let place = tempfile::tempdir().expect("a folder");
    kept(place.path(), "12");
    template(place.path(), |of| batch(of, 50));
    let (json, code) = held(place.path(), &["--worse", "cost.*=5%", "-E", "test(=baseline)"]);
    assert_eq!(code, Some(5));
    let test = tests(&json).iter().find(|test| test["scenario"] == "bad-deploy").expect("it is tested");
    assert_eq!(test["verdict"], "worse");
    let why = test["why"][0].as_str().expect("a reason");
    assert!(why.contains("worse in all 12 runs"), "{why}");
    let repeat = test["repeat"].as_str().expect("a command");
    assert!(repeat.ends_with("--baseline kept --worse 'cost.*=5%'"), "{repeat}");
    for (command, code) in [(repeat, Some(5)), (test["replay"].as_str().expect("a command"), Some(0))] {
        let program = format!("'{}'", env!("CARGO_BIN_EXE_windtunnel"));
        let mut shell = Command::new("sh");
        shell.args(["-c", &command.replacen("windtunnel", &program, 1)]).current_dir(place.path()).env_remove("CI");
        assert_eq!(shell.output().expect("a shell").status.code(), code, "{command}");
    }
    // An unclear difference is exit code 7, or green where that is asked for: two runs tell nothing.
    let two = ["test", "incidents", "--baseline", "kept", "-n", "2", "-E", "test(=baseline) & scenario(=bad-deploy)"];
    let unclear = windtunnel(place.path(), &two);
    assert!(unclear.status.code() == Some(7) && text_of(&unclear).contains("1 inconclusive"), "{}", text_of(&unclear));
    assert_eq!(windtunnel(place.path(), &[&two[..], &["--inconclusive", "warn"]].concat()).status.code(), Some(0));
}

#[test]
fn what_a_hand_made_of_a_baseline_is_refused_or_compared() {
    let place = tempfile::tempdir().expect("a folder");
    kept(place.path(), "6");
    let path = place.path().join("kept/morning-peak.json");
    let good = fs::read_to_string(&path).expect("written");
    let why = |of: &str| {
        fs::write(&path, of).expect("written");
        let (json, code) = held(place.path(), &["-E", "test(=baseline) & scenario(=morning-peak)"]);
        (code, tests(&json)[0]["why"][0].as_str().unwrap_or_default().to_owned())
    };
    // What people read follows from the values.
    let line = good.lines().find(|line| line.contains(HARM) && line.contains(" to ")).expect("harm has a mean");
    let (code, said) = why(&good.replacen(line, &line.replacen(" to ", " to 1", 1), 1));
    assert!(code == Some(8) && said.contains(&format!("policies.as-written.means.{HARM}")), "{said}");
    let (code, said) = why(&good.replace("\"schemaVersion\": 3", "\"schemaVersion\": 2"));
    assert!(code == Some(8) && said.contains("of format 2, but this program reads format 3"), "{said}");
    assert!(said.contains("record it again with --update-baseline"), "{said}");
    let (code, said) = why(&good.replace("\"rulebookVersion\": \"", "\"rulebookVersion\": \"0."));
    assert!(code == Some(8) && said.contains("was made with rulebook 0."), "{said}");
    let (code, said) = why(&good[..good.len() / 2]);
    assert!(code == Some(8) && said.contains("is not JSON"), "{said}");
    assert_eq!(why(&good), (Some(0), String::new()));
    assert_eq!(why(&good.replace('\n', "\r\n")), (Some(0), String::new()));
}
