//! `test --against`: which values of the user's files changed, and where; policies in files of their own and templates as policies,
//! read from the files of before.
#![cfg(unix)]

#[path = "common/team.rs"]
mod team;

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use team::{compared, git, repository, team, text, windtunnel};

/// The folder `now` with the team's files, beside `before`.
fn both(place: &Path) -> std::path::PathBuf {
    team(&place.join("before"));
    team(&place.join("now"));
    place.join("now")
}

/// Replaces a text that occurs in a file.
fn edit(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).expect("read");
    assert!(text.contains(old), "{old}: {text}");
    fs::write(path, text.replace(old, new)).expect("written");
}

/// The line, from 1, on which a text first stands.
fn line(path: &Path, of: &str) -> usize {
    let text = fs::read_to_string(path).expect("read");
    text.lines().position(|line| line.contains(of)).unwrap_or_else(|| panic!("{of}: {text}")) + 1
}

fn said(at: &Path, more: &[&str]) -> String {
    let done = windtunnel(at, &[&["test", "incidents", "--against", "../before", "-n", "12"], more].concat());
    text(&done.stdout) + &text(&done.stderr)
}

const ROLLING: &str = "vmss-web.properties.upgradePolicy.rollingUpgradePolicy";

/// All three shares of the template are 20, and become 50: three changed lines. Three incidents have the template, and one gets worse.
fn wider(now: &Path) -> usize {
    let path = now.join("infra/main.json");
    edit(&path, "Percent\": 20", "Percent\": 50");
    line(&path, "maxBatchInstancePercent")
}

#[test]
fn a_changed_line_of_a_template_is_named_once_with_what_it_made_worse() {
    let place = tempfile::tempdir().expect("a folder");
    let now = both(place.path());
    let at = wider(&now);
    let path = format!("{ROLLING}.maxBatchInstancePercent");
    let (json, code) = compared(&now, &["-n", "12", "--markdown", "comment.md"]);
    assert_eq!(code, Some(3));
    let changes = json["changes"].as_array().expect("a list");
    assert_eq!(changes.len(), 3, "{changes:#?}");
    let wanted = json!({
        "path": path,
        "before": 20,
        "now": 50,
        "beforeAt": { "file": "../before/infra/main.json", "line": at },
        "nowAt": { "file": "infra/main.json", "line": at },
        "secret": false,
        "incidents": ["bad-deploy", "lost-zone", "morning-peak"],
        "worse": ["bad-deploy"],
    });
    // Numbers of a template are texts in the tree, and stay what they were in JSON.
    assert_eq!(changes[0], wanted);
    let comment = fs::read_to_string(now.join("comment.md")).expect("written");
    let row = format!("- `infra/main.json:{at}` · `{path}` · `20` → `50` · worse: **bad-deploy**\n");
    assert_eq!(comment.matches(&row).count(), 1, "{row}: {comment}");
    // On the terminal its lines keep to the width.
    let shown = said(&now, &[]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains(&format!("changed infra/main.json:{at}: {path}: 20 → 50; worse: bad-deploy")), "{shown}");
}

/// What got worse is said at the changed line, since a build service shows what stands in the difference; what nothing in a file brought
/// about, where it is expected.
#[test]
fn annotations_stand_at_the_changed_line() {
    let place = tempfile::tempdir().expect("a folder");
    let now = both(place.path());
    let at = wider(&now);
    let files = ["--sarif", "out.sarif", "--code-quality", "out.json", "--junit", "out.xml"];
    let text = said(&now, &[&["--github"], &files[..]].concat());
    let errors: Vec<&str> = text.lines().filter(|line| line.starts_with("::error ")).collect();
    assert!(!errors.is_empty(), "{text}");
    for error in &errors {
        assert!(error.starts_with(&format!("::error file=infra/main.json,line={at},title=bad-deploy")), "{error}");
    }
    assert!(
        errors.iter().any(|error| error.contains("title=bad-deploy%3A%3Aas-written%3A%3Afew instances::")),
        "{text}"
    );
    // Three measures got worse, and are one annotation.
    let together =
        errors.iter().find(|error| error.contains("title=bad-deploy%3A%3Aas-written%3A worse by 3 measures::"));
    let said_of = |measure: &str| together.is_some_and(|error| error.contains(&format!("no worse: {measure}: ")));
    assert!(said_of("blast_radius.instances") && said_of("blast_radius.fault_domains"), "{text}");
    let text = said(&now, &["--azure-pipelines"]);
    let issues: Vec<&str> = text.lines().filter(|line| line.starts_with("##vso[task.logissue type=error;")).collect();
    let start = format!("##vso[task.logissue type=error;sourcepath=infra/main.json;linenumber={at};code=");
    assert!(!issues.is_empty() && issues.iter().all(|issue| issue.starts_with(&start)), "{text}");
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(now.join(name)).expect("written")).expect("JSON")
    };
    for result in read("out.sarif")["runs"][0]["results"].as_array().expect("a list") {
        let place = &result["locations"][0]["physicalLocation"];
        let (uri, line) = (&place["artifactLocation"]["uri"], &place["region"]["startLine"]);
        assert_eq!((uri, line), (&json!("infra/main.json"), &json!(at)), "{result:#}");
    }
    for issue in read("out.json").as_array().expect("a list") {
        assert_eq!(issue["location"], json!({ "path": "infra/main.json", "lines": { "begin": at } }));
    }
    let junit = fs::read_to_string(now.join("out.xml")).expect("written");
    assert!(junit.contains(&format!("where: infra/main.json:{at}")), "{junit}");

    // An expectation that is new and does not hold, while nothing that is simulated changed.
    let now = both(place.path());
    let path = now.join("incidents/bad-deploy.yaml");
    edit(
        &path,
        "  - { name: few instances,",
        "  - { name: none, measure: blast_radius.instances, atMost: 0 }\n  - { name: few instances,",
    );
    let text = said(&now, &["--github"]);
    let start = format!("::error file=incidents/bad-deploy.yaml,line={},", line(&path, "name: none"));
    assert!(text.lines().any(|line| line.starts_with(&start)), "{start}: {text}");
}

/// An expression that stays as it is leads to what was changed: the default of a parameter, and a file of parameters.
#[test]
fn a_changed_parameter_is_where_it_is_written() {
    let place = tempfile::tempdir().expect("a folder");
    let now = both(place.path());
    for side in ["before", "now"] {
        let path = place.path().join(side).join("infra/main.json");
        edit(&path, "\"pauseTimeBetweenBatches\": \"PT5M\"", "\"pauseTimeBetweenBatches\": \"[parameters('pause')]\"");
        edit(
            &path,
            "    \"capacity\": {\n",
            "    \"pause\": {\n      \"type\": \"string\",\n      \"defaultValue\": \"PT5M\"\n    },\n    \"capacity\": {\n",
        );
    }
    let path = now.join("infra/main.json");
    edit(&path, "\"PT5M\"\n    },\n    \"capacity\"", "\"PT0S\"\n    },\n    \"capacity\"");
    edit(&now.join("infra/prod.parameters.json"), ":12}", ":13}");
    let (json, _) = compared(&now, &["-n", "1", "--inconclusive", "warn", "-E", "bad-deploy"]);
    let changes = json["changes"].as_array().expect("a list");
    let of = |end: &str| changes.iter().find(|one| one["path"].as_str().expect("a path").ends_with(end)).expect("one");
    let pause = of("pauseTimeBetweenBatches");
    assert_eq!((&pause["before"], &pause["now"]), (&json!("PT5M"), &json!("PT0S")));
    assert_eq!(pause["nowAt"], json!({ "file": "infra/main.json", "line": line(&path, "\"PT0S\"") }));
    assert_eq!(of("sku.capacity")["nowAt"], json!({ "file": "infra/prod.parameters.json", "line": 1 }));
    // The profile of autoscale has the parameter twice, as its minimum and as its default.
    assert_eq!(changes.len(), 4, "{changes:#?}");
}

/// The image is a secret of the template: that it changes is said, and neither of the two. What is long is cut, and a name with letters
/// that Markdown and a terminal obey stays a name. Of twelve more versions of an image ten lines are shown.
#[test]
fn secrets_stay_hidden_and_what_is_much_is_counted() {
    let place = tempfile::tempdir().expect("a folder");
    let now = both(place.path());
    for side in ["before", "now"] {
        let path = place.path().join(side).join("infra/main.json");
        edit(&path, "\"id\": \"web/1.0.0\"", "\"id\": \"[parameters('image')]\"");
        edit(
            &path,
            "    \"capacity\": {\n",
            "    \"image\": {\n      \"type\": \"securestring\",\n      \"defaultValue\": \"web/1.0.0\"\n    },\n    \"capacity\": {\n",
        );
    }
    edit(&now.join("infra/main.json"), "web/1.0.0", "web/1.0.1");
    let scenario = now.join("incidents/morning-peak.yaml");
    let long = "a`|b ".to_owned() + &"long ".repeat(40);
    let more: String = (0..12).map(|at| format!("    3.0.{at}: {{ code: r1 }}\n")).collect();
    edit(&scenario, "images:\n  web:\n", &format!("images:\n  web:\n{more}"));
    edit(&scenario, "title: ", &format!("timeline:\n  - {{ name: \"{long}\", at: PT1M, note: here }}\ntitle: "));
    let text = fs::read_to_string(&scenario).expect("read");
    fs::write(&scenario, text.replacen("note: here", "setCapacity: { scaleSet: vmss-web, capacity: 12 }", 1))
        .expect("written");
    let args = "-E morning-peak --inconclusive warn --markdown c.md --github --junit j.xml";
    let args: Vec<&str> = args.split(' ').collect();
    let shown = said(&now, &args);
    let comment = fs::read_to_string(now.join("c.md")).unwrap_or_else(|error| panic!("{error}: {shown}"));
    let junit = fs::read_to_string(now.join("j.xml")).expect("written");
    for text in [&shown, &comment, &junit] {
        assert!(!text.contains("web/1.0.0") && !text.contains("web/1.0.1"), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
    assert!(comment.contains("imageReference.id` · `(secret 1)` → `(secret 2)`"), "{comment}");
    // Twelve versions, an entry of the timeline and the image: four of fourteen are not shown.
    assert!(comment.contains("- and 4 other values of the files changed"), "{comment}");
    assert!(shown.contains("and 4 other values of the files changed"), "{shown}");
    for line in comment.lines().filter(|line| line.starts_with("- `")) {
        assert!(line.chars().count() < 400, "{line}");
    }
}

/// A policy that lies in a file of its own: its text is that of the revision on one side, and that of the folder on the other.
#[test]
fn policies_in_files_are_those_of_the_revision() {
    let place = tempfile::tempdir().expect("a folder");
    let here = repository(place.path());
    let policy = |percent: u32, most: u32| {
        format!(
            "vmss-web:\n  properties:\n    upgradePolicy:\n      rollingUpgradePolicy:\n        maxBatchInstancePercent: {percent}\n        \
             maxUnhealthyInstancePercent: {most}\n        maxUnhealthyUpgradedInstancePercent: {most}\n"
        )
    };
    fs::create_dir(here.join("policies")).expect("made");
    for name in ["narrow", "other"] {
        fs::write(here.join(format!("policies/{name}.yaml")), policy(10, 25)).expect("written");
    }
    edit(&here.join("incidents/bad-deploy.yaml"), "expect:", "policies: { file: ../policies/*.yaml }\nexpect:");
    git(place.path(), &["add", "."]);
    git(place.path(), &["commit", "-q", "-m", "policies"]);
    let run = |more: &[&str]| {
        let args = ["test", "incidents/bad-deploy.yaml", "--against", "HEAD", "-n", "12", "--format", "json"];
        let done = windtunnel(&here, &[&args, more].concat());
        let (out, said) = (text(&done.stdout), text(&done.stderr));
        let json: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{said}"));
        (json, done.status.code())
    };
    let of = |json: &Value, policy: &str, key: &str| {
        let all = json["incidents"].as_array().expect("a list");
        all.iter().find(|one| one["policy"] == policy).unwrap_or_else(|| panic!("{policy}: {json:#}"))[key].clone()
    };
    assert_eq!(run(&[]).1, Some(0));
    // Batches of 50 % instead of 10 %: more instances are hit, in this policy alone.
    fs::write(here.join("policies/narrow.yaml"), policy(50, 50)).expect("written");
    let (json, code) = run(&[]);
    assert_eq!((of(&json, "narrow", "verdict"), of(&json, "other", "verdict")), (json!("worse"), json!("same")));
    assert_eq!((of(&json, "as-written", "verdict"), code), (json!("same"), Some(5)));
    let change = &json["changes"][0];
    assert_eq!(change["nowAt"], json!({ "file": "policies/narrow.yaml", "line": 5 }));
    assert_eq!((&change["before"], &change["now"]), (&json!(10), &json!(50)));
    assert_eq!(change["worse"], json!(["bad-deploy::narrow"]));
    // One that is new has nothing to be compared with; one that is removed is named.
    fs::rename(here.join("policies/narrow.yaml"), here.join("policies/new.yaml")).expect("renamed");
    let (json, code) = run(&[]);
    assert_eq!((of(&json, "new", "reach"), of(&json, "new", "verdict")), (json!("new"), json!("same")));
    let gone = json!([{ "scenario": "bad-deploy", "what": "the policy `narrow` is no longer tested" }]);
    assert_eq!((&json["noLongerTested"], code), (&gone, Some(8)));
    assert_eq!(run(&["--gone", "warn"]).1, Some(0));
}

/// A policy that is a template of its own is read on both sides from where its side is.
#[test]
fn a_template_that_is_a_policy_is_that_of_the_revision() {
    let place = tempfile::tempdir().expect("a folder");
    let here = repository(place.path());
    let new = here.join("infra/new.json");
    let _ = fs::copy(here.join("infra/main.json"), &new).expect("copied");
    edit(&new, "\"maxBatchInstancePercent\": 20", "\"maxBatchInstancePercent\": 10");
    let policies =
        "policies:\n  pr: { template: ../infra/new.json, parameters: ../infra/prod.parameters.json }\nexpect:";
    let scenario = here.join("incidents/bad-deploy.yaml");
    let before = fs::read_to_string(&scenario).expect("read");
    edit(&scenario, "expect:", policies);
    let run = || {
        let args = ["test", "incidents/bad-deploy.yaml", "--against", "HEAD", "-n", "12", "--format", "json"];
        let done = windtunnel(&here, &args);
        let (out, said) = (text(&done.stdout), text(&done.stderr));
        (serde_json::from_str::<Value>(&out).unwrap_or_else(|error| panic!("{error}: {said}")), done.status.code())
    };
    // Neither the template nor the policy is in the revision yet.
    let (json, code) = run();
    assert_eq!((&json["incidents"][1]["policy"], &json["incidents"][1]["reach"]), (&json!("pr"), &json!("new")));
    assert_eq!(code, Some(0));
    git(place.path(), &["add", "."]);
    git(place.path(), &["commit", "-q", "-m", "a template"]);
    assert_eq!(run().1, Some(0));
    edit(&new, "\"maxBatchInstancePercent\": 10", "\"maxBatchInstancePercent\": 50");
    edit(&new, "Percent\": 20", "Percent\": 50");
    let (json, code) = run();
    assert_eq!((&json["incidents"][0]["verdict"], &json["incidents"][1]["verdict"]), (&json!("same"), &json!("worse")));
    let change = &json["changes"][0];
    let at = json!({ "file": "infra/new.json", "line": line(&new, "maxBatchInstancePercent") });
    assert_eq!((&change["nowAt"], &change["now"], code), (&at, &json!(50), Some(5)));
    // It is removed with its policy: that is named, and the template of the revision is not asked for.
    fs::remove_file(&new).expect("removed");
    fs::write(&scenario, before).expect("written");
    let (json, code) = run();
    let gone = json!([{ "scenario": "bad-deploy", "what": "the policy `pr` is no longer tested" }]);
    assert_eq!((&json["noLongerTested"], code), (&gone, Some(8)));
    // A policy whose template is missing now is an error with its place, whatever the revision has.
    edit(&scenario, "expect:", policies);
    let done = windtunnel(&here, &["test", "incidents/bad-deploy.yaml", "--against", "HEAD", "-n", "12"]);
    assert!(done.status.code() == Some(2) && text(&done.stderr).contains("infra/new.json"), "{}", text(&done.stderr));
}
