//! `test --fleet`: the drills as the tests of a fleet, without a scenario.
#![cfg(unix)]

#[path = "common/team.rs"]
mod team;

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use team::{copy, git, repository, root, team, text as text_of, windtunnel};

/// Standard output as JSON, standard error, and the exit code.
fn ran(at: &Path, args: &[&str]) -> (Value, String, i32) {
    let done = windtunnel(at, &[args, &["--format", "json"]].concat());
    let (out, said) = (text_of(&done.stdout), text_of(&done.stderr));
    let json = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{args:?}: {error}: {out}{said}"));
    (json, said, done.status.code().expect("it ends"))
}

/// What is said, and the exit code.
fn said(at: &Path, args: &[&str]) -> (String, Option<i32>) {
    let done = windtunnel(at, args);
    (text_of(&done.stdout) + &text_of(&done.stderr), done.status.code())
}

fn list<'j>(json: &'j Value, key: &str) -> &'j Vec<Value> {
    json[key].as_array().unwrap_or_else(|| panic!("{key}: {json:#}"))
}

/// A fleet that holds an incident passes, and one that does not with every seed fails; of a rollout that never began nothing is known;
/// what cannot happen is no test, and said beside. The exit code is that of any suite.
#[test]
fn the_verdicts_are_those_of_the_scorecard() {
    for fleet in
        ["tests/drill/rolling.json", "tests/drill/by-hand.json", "tests/drill/spot.json", "tests/terraform/web.json"]
    {
        let (card, ..) = ran(root(), &["drill", fleet, "-n", "3"]);
        let (suite, _, code) = ran(root(), &["test", "drills", "--fleet", fleet, "-n", "3"]);
        let mut verdicts = Vec::new();
        for incident in list(&card, "incidents") {
            let name = incident["drill"].as_str().expect("a name");
            let wanted = match incident["fleet"]["verdict"].as_str().expect("a word") {
                "held" => Some("pass"),
                "broke" | "depends" => Some("fail"),
                "neverStarted" => Some("inconclusive"),
                _ => None,
            };
            let found = list(&suite, "tests").iter().find(|test| test["scenario"] == name);
            let found = found.map(|test| test["verdict"].as_str().expect("a word"));
            assert_eq!(found, wanted, "{fleet}: {name}: {:#}", incident["fleet"]);
            if wanted.is_none() {
                let is_said = |note: &Value| note.as_str().is_some_and(|note| note.starts_with(name));
                assert!(list(&suite, "notes").iter().any(is_said), "{fleet}: {name}: {:#}", suite["notes"]);
            }
            verdicts.extend(wanted);
        }
        let wanted = if verdicts.contains(&"fail") { 3 } else { 7 * i32::from(verdicts.contains(&"inconclusive")) };
        assert!(verdicts.len() > 3, "{fleet}: {verdicts:?}");
        assert_eq!(code, wanted, "{fleet}: {verdicts:?}");
        // A filter takes some of them, and the list runs none.
        let (listed, _, _) =
            ran(root(), &["test", "drills", "--fleet", fleet, "--list", "-E", "scenario(=image-crashes)"]);
        let names: Vec<&Value> = list(&listed, "tests").iter().map(|test| &test["scenario"]).collect();
        assert_eq!(names, [&json!("image-crashes")], "{fleet}");
    }
}

/// The commands that are printed come to what they stand beside, from the folder of the fleet.
#[test]
fn a_drill_is_repeated_and_replayed_by_its_commands() {
    let place = tempfile::tempdir().expect("a folder");
    let _ = fs::copy(root().join("tests/drill/by-hand.json"), place.path().join("my fleet.json")).expect("copied");
    let (suite, _, _) = ran(place.path(), &["test", "drills", "--fleet", "my fleet.json", "-n", "3", "--seed", "5"]);
    let failed = list(&suite, "tests").iter().find(|test| test["verdict"] == "fail").expect("one fails");
    let program = format!("'{}'", env!("CARGO_BIN_EXE_windtunnel"));
    let shell = |command: &Value| {
        let command = command.as_str().expect("a command").replace("windtunnel drill", &format!("{program} drill"));
        let command = command
            .replace("windtunnel run", &format!("{program} run"))
            .replace("windtunnel test", &format!("{program} test"));
        let done = Command::new("sh").args(["-c", &command]).current_dir(place.path()).env("NO_COLOR", "1").output();
        let done = done.expect("a shell");
        (text_of(&done.stdout) + &text_of(&done.stderr), done.status.code())
    };
    let (said, code) = shell(&failed["repeat"]);
    assert!(code == Some(3) && said.contains("1 test: 1 failed"), "{}: {said}", failed["repeat"]);
    // What the drill is held to stands in its scenario, which its run does not meet.
    let (said, code) = shell(&failed["replay"]);
    assert!(code == Some(3) && said.contains("The objective is missed"), "{}: {said}", failed["replay"]);
}

/// The three shares of the template become 50 %: more instances are hit when a new image crashes, by the same seeds on both sides. The
/// fleet of before is in a folder, or in a revision.
#[test]
fn a_fleet_is_compared_with_what_it_was() {
    let place = tempfile::tempdir().expect("a folder");
    team(&place.path().join("before"));
    let here = repository(place.path());
    let path = here.join("infra/main.json");
    let fleet =
        ["test", "drills", "--fleet", "infra/main.json", "--parameters", "infra/prod.parameters.json", "-n", "16"];
    let (same, _, code) = ran(&here, &[&fleet[..], &["--against", "HEAD", "--changed"]].concat());
    assert_eq!((code, list(&same, "incidents").len()), (0, 0), "{same:#}");
    assert!(list(&same, "notReached").len() > 5, "{same:#}");
    let text = fs::read_to_string(&path).expect("read");
    fs::write(&path, text.replace("Percent\": 20", "Percent\": 50")).expect("written");
    let line = text.lines().position(|line| line.contains("maxBatchInstancePercent")).expect("it is there") + 1;
    let mut seen = Vec::new();
    let before = place.path().join("before").display().to_string();
    for reference in ["HEAD", "main", &before] {
        let args = [&fleet[..], &["--against", reference, "--junit", "out.xml", "--sarif", "out.sarif"]].concat();
        let (json, said, code) = ran(&here, &args);
        assert!([3, 5].contains(&code), "{reference}: {code}: {said}");
        let crashes =
            list(&json, "incidents").iter().find(|one| one["scenario"] == "image-crashes").expect("it can happen");
        assert_eq!(crashes["verdict"], "worse", "{crashes:#}");
        let change = &list(&json, "changes")[0];
        assert_eq!(change["nowAt"], json!({ "file": "infra/main.json", "line": line }));
        assert!(list(change, "worse").contains(&json!("image-crashes")), "{change:#}");
        // What is guessed of the fleet stands in no file of the user's.
        for change in list(&json, "changes") {
            assert_eq!(change["nowAt"]["file"], "infra/main.json", "{change:#}");
        }
        let sarif: Value =
            serde_json::from_str(&fs::read_to_string(here.join("out.sarif")).expect("written")).expect("JSON");
        let result = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(
            (&result["artifactLocation"]["uri"], &result["region"]["startLine"]),
            (&json!("infra/main.json"), &json!(line))
        );
        seen.push(
            list(&json, "incidents")
                .iter()
                .map(|one| (one["scenario"].clone(), one["measures"].clone()))
                .collect::<Vec<_>>(),
        );
    }
    assert!(seen[0] == seen[1] && seen[0] == seen[2], "a revision and a folder are the same fleet");
    // In a revision in which it was not there yet nothing can be worse, and that is said.
    fs::create_dir(here.join("new")).expect("made");
    copy(&here.join("infra"), &here.join("new"));
    let args = [
        "test",
        "--fleet",
        "new/main.json",
        "--parameters",
        "new/prod.parameters.json",
        "--against",
        "HEAD",
        "-n",
        "2",
    ];
    let (json, ..) = ran(&here, &args);
    assert!(list(&json, "incidents").iter().all(|one| one["reach"] == "new"), "{json:#}");
    assert!(json["notes"].to_string().contains("there was no such fleet"), "{}", json["notes"]);
    git(place.path(), &["checkout", "-q", "--", "."]);
}

/// Half of the instances are there now. What is measured by the fleet (demand, a share of it) is that of the fleet of before on both sides,
/// so that its replay is that of a drill against it: the scenario that `drill --against` writes harms as much.
#[test]
fn a_run_of_a_comparison_is_replayed_as_it_was() {
    let place = tempfile::tempdir().expect("a folder");
    let here = repository(place.path());
    let path = here.join("infra/prod.parameters.json");
    let text = fs::read_to_string(&path).expect("read");
    assert!(text.contains(":12}"), "{text}");
    fs::write(&path, text.replace(":12}", ":6}")).expect("written");
    let args =
        ["test", "drills", "--fleet", "infra/main.json", "--parameters", "infra/prod.parameters.json", "-n", "12"];
    let more = ["--against", "HEAD", "-E", "scenario(=processes-hang)", "--inconclusive", "warn"];
    let (json, ..) = ran(&here, &[&args[..], &more].concat());
    let incident = &list(&json, "incidents")[0];
    assert_eq!(incident["verdict"], "worse", "{incident:#}");
    let first = &incident["first"];
    let command = first["replay"].as_str().expect("a command");
    assert!(command.contains(" --against HEAD "), "{command}");
    let program = format!("'{}'", env!("CARGO_BIN_EXE_windtunnel"));
    let command = command
        .replace("windtunnel drill", &format!("{program} drill"))
        .replace("windtunnel run", &format!("{program} run"));
    let done = Command::new("sh").args(["-c", &command]).current_dir(&here).output().expect("a shell");
    let shown = text_of(&done.stdout) + &text_of(&done.stderr);
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let headline = first["headline"].as_str().expect("a sentence").to_lowercase();
    assert!(shown.contains(&headline), "{headline}: {shown}");
}

/// `drills` is a word only where nothing has that name, and means nothing without a fleet.
#[test]
fn a_folder_of_the_name_goes_before_the_word() {
    let place = tempfile::tempdir().expect("a folder");
    let at = place.path();
    let _ = fs::copy(root().join("tests/drill/rolling.json"), at.join("main.json")).expect("copied");
    let (text, code) = said(at, &["test", "drills"]);
    assert!(code == Some(2) && text.contains("the drills need a fleet: `--fleet main.json`"), "{text}");
    let (text, code) = said(at, &["test", "--fleet", "none.json"]);
    assert!(code == Some(2) && text.contains("there is no file or folder none.json"), "{text}");
    let (text, code) = said(at, &["test", "drills", "--parameters", "p.json"]);
    assert!(code == Some(2) && text.contains("--fleet"), "{text}");
    let names = |args: &[&str]| -> (Vec<String>, String) {
        let (json, said, _) = ran(at, &[&["test", "--fleet", "main.json", "--list"], args].concat());
        (list(&json, "tests").iter().map(|test| test["scenario"].as_str().expect("a name").to_owned()).collect(), said)
    };
    let library = names(&[]).0;
    assert!(library.len() > 5, "{library:?}");
    assert_eq!(names(&["drills"]), (library.clone(), String::new()));
    fs::create_dir(at.join("drills")).expect("made");
    let own = fs::read_to_string(root().join("scenarios/drills/image-crashes.yaml")).expect("read");
    fs::write(at.join("drills/ours.yaml"), &own).expect("written");
    let (found, said_of_it) = names(&["drills"]);
    assert_eq!(found, ["good-image", "ours"]);
    assert!(said_of_it.contains("note: `drills` is here, so it is read and the library is not"), "{said_of_it}");
    assert_eq!(names(&[]).0, library);
    // A drill of one's own may expect something itself; a scenario is no drill.
    let expects = "scenario:\n  expect: [{ name: nobody, measure: blast_radius.instances, atMost: 0 }]\n";
    fs::write(at.join("drills/ours.yaml"), own.replace("scenario:\n", expects)).expect("written");
    let (json, _, code) = ran(at, &["test", "drills", "--fleet", "main.json", "-n", "2", "-E", "scenario(=ours)"]);
    assert_eq!((list(&json, "tests")[0]["test"].clone(), code), (json!("nobody"), 3), "{json:#}");
    let _ = fs::copy(root().join("scenarios/never-fires.yaml"), at.join("drills/scenario.yaml")).expect("copied");
    let (text, code) = said(at, &["test", "drills", "--fleet", "main.json"]);
    assert!(code == Some(2) && text.contains("E0252"), "{text}");
    // Parameters that no template takes would change nothing.
    let _ = fs::copy(root().join("tests/terraform/web.json"), at.join("plan.json")).expect("copied");
    let (text, code) = said(at, &["test", "--fleet", "plan.json", "--parameters", "main.json"]);
    assert!(code == Some(2) && text.contains("none of these files is a template"), "{text}");
}
