//! The same outputs of `test --against`, with names in them that would end a field of each.

use super::{EVIL, FILE, Place, SCENARIO, azure, code_quality, disarmed, files, github, keys, said, scenario, valid};
use crate::junit;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Before, the fleet had at most four instances, and everything but `undecided` held. Now it has six by an entry with a hostile name, so
/// that three expectations hold no more; and `is 5` asks for other numbers than `is 4` did, so that it counts as gone, too.
fn place(file: &str) -> Place {
    let place = Place::new(file);
    let now = scenario()
        .replace("capacity: 4 }", "capacity: 6 }")
        .replace("name: grow", &format!("name: {}", Value::from(EVIL.replace('\n', " "))));
    let before = scenario().replace("atMost: 1 }", "atMost: 9 }").replace("is: 5 }", "is: 4 }");
    let before = before
        .replace("between: [1, 2]", "between: [1, 9]")
        .replace("holdsIn: 90%, atMost: 4", "holdsIn: 90%, atMost: 5");
    fs::write(place.path(file), now).expect("written");
    fs::create_dir(place.path("was")).expect("made");
    fs::write(place.path("was").join(file), before).expect("written");
    place
}

fn args<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["test", file, "--against", "was", "-n", "3"], more].concat()
}

/// Two policies with five expectations each. Of each policy `FAILS`, `LONG` and `of many` held and hold no more; `undecided` was
/// undecided (3 of 3 runs are at least 29 %) and fails now, as six are more than four; `holds` must never have five or more, and has six.
/// So five fail, a policy, and `LONG` asks for less.
#[test]
fn junit_and_sarif_of_a_comparison_are_valid_by_their_schemas() {
    let place = place(FILE);
    place.said(&args(FILE, &files()), 3);
    place.said(&args(FILE, &["--junit", "warned.xml", "--gone", "warn"]), 3);
    let xml = place.read("out.xml");
    let failed = xml.matches("<failure ").count();
    assert_eq!((failed, xml.matches("<error ").count()), (10, 1), "{xml}");
    assert_eq!((xml.matches("<testsuite ").count(), place.read("warned.xml").matches("<skipped ").count()), (1, 1));
    let log: Value = place.json("out.sarif");
    let results = log["runs"][0]["results"].as_array().expect("a list");
    assert_eq!(results.len(), 11, "{log:#}");
    let Some((well, said)) = valid(&place, &["out.xml", "warned.xml", "out.sarif"]) else { return };
    assert!(well && said.ends_with("3 files, 0 errors\n"), "{said}");
}

/// The line of the entry that is new; nothing of a comparison is said elsewhere but what is gone, which has no line of its own.
fn changed_line(place: &Place) -> usize {
    let text = place.read(FILE);
    text.lines().position(|line| line.contains("setCapacity")).expect("it is there") + 1
}

#[test]
fn code_quality_and_annotations_of_a_comparison_follow_their_grammars() {
    let place = place(FILE);
    let line = changed_line(&place);
    place.said(&args(FILE, &["--code-quality", "out.json"]), 3);
    let report = place.json("out.json");
    let validator = jsonschema::validator_for(&code_quality()).expect("a schema");
    let wrong: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let issues = report.as_array().expect("a list");
    let prints: BTreeSet<&str> = issues.iter().map(|one| one["fingerprint"].as_str().expect("one")).collect();
    assert_eq!((issues.len(), prints.len()), (11, 11));

    let run = |flag: &str, workspace: &str| {
        let mut command = place.command(&args(FILE, &[flag]));
        let command = command.env(workspace, place.0.path()).env("AGENT_TEMPDIRECTORY", place.0.path());
        said(&command.output().expect("it runs"), 3)
    };
    let at = |properties: &BTreeMap<String, String>, file: &str, number: &str| {
        (properties[file].clone(), properties[number].clone())
    };
    let changed = (FILE.to_owned(), line.to_string());
    let text = run("--github", "GITHUB_WORKSPACE");
    let commands: Vec<_> = text.lines().filter(|line| line.starts_with("::")).map(github).collect();
    // Nine errors with their places, one that counts the others, and what is gone.
    assert_eq!(commands.len(), 11, "{text}");
    for (level, properties, message) in commands.iter().filter(|(_, of, _)| of.contains_key("file")) {
        let is_gone = level == "warning";
        assert!(is_gone || at(properties, "file", "line") == changed, "{properties:?}");
        assert!(message.contains("wanted: ") && message.contains("repeat: windtunnel test "), "{message}");
    }
    let name = disarmed(EVIL);
    assert!(commands.iter().any(|(_, of, _)| of["title"].ends_with(&name)), "{text}");
    let text = run("--azure-pipelines", "BUILD_SOURCESDIRECTORY");
    let commands: Vec<_> = text.lines().filter(|line| line.starts_with("##vso[")).map(azure).collect();
    let (upload, issues) = commands.split_last().expect("there are some");
    assert_eq!((issues.len(), upload.0.as_str()), (11, "task.uploadsummary"), "{text}");
    for (command, properties, _) in issues {
        assert_eq!(command, "task.logissue");
        assert!(
            properties["type"] == "warning" || at(properties, "sourcepath", "linenumber") == changed,
            "{properties:?}"
        );
    }
    for line in text.lines().filter(|line| !line.starts_with("##vso[task.")) {
        assert!(!line.contains("##vso[") && !line.contains("##["), "{line}");
    }
    // In the comment no name begins a row, a heading or a block.
    let comment = place.read("windtunnel.md");
    let words =
        ["### ", "| ", "- ", "The objective", "<details>", "</details>", "Not reached", "```", "windtunnel ", ""];
    let body = comment.split("```").step_by(2).collect::<String>();
    for line in body.lines().filter(|line| !line.is_empty()) {
        let is_ours =
            words.iter().any(|word| !word.is_empty() && line.starts_with(word)) || line.contains("of each incident");
        assert!(is_ours || line == "sh", "{line}");
    }
}

/// The names of `--list` are those of the verdicts, in their order; the events say the same as JUnit, SARIF and the exit code.
#[test]
fn the_list_and_the_events_of_a_comparison_are_those_of_its_verdicts() {
    let place = place("s.yaml");
    let list = place.said(&args("s.yaml", &["--list", "--format", "json"]), 0);
    let list: Value = serde_json::from_str(&list).expect("JSON");
    let listed: Vec<&Value> = list["tests"].as_array().expect("a list").iter().map(|test| &test["name"]).collect();
    let out = place.said(&args("s.yaml", &["--events", "out.ndjson", "--junit", "out.xml", "--format", "json"]), 3);
    let whole: Value = serde_json::from_str(&out).expect("JSON");
    let text = place.read("out.ndjson");
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let (first, last) = (&events[0], &events[events.len() - 1]);
    assert_eq!((&first["event"], &last["event"]), (&json!("suiteBegins"), &json!("suiteEnds")));
    let tests: Vec<&Value> = events[1..events.len() - 1].iter().map(|event| &event["test"]).collect();
    assert_eq!(tests.iter().map(|test| &test["name"]).collect::<Vec<_>>(), listed);
    assert_eq!((&first["selected"], &last["exitCode"]), (&json!(listed.len()), &json!(3)));
    assert_eq!((&last["counts"]["fail"], &last["counts"]["gone"]), (&json!(10), &json!(1)));
    assert_eq!(place.read("out.xml").matches("<testcase ").count(), listed.len());
    assert_eq!(keys(tests[0]), super::documented("### A test"));
    // What is judged of an incident has a row each: so many as the whole says, and those without a value in any run.
    let judged =
        |of: &Value| of["measures"].as_array().expect("a list").iter().filter(|row| row["judged"] == true).count();
    let valued: usize = whole["incidents"].as_array().expect("a list").iter().map(judged).sum();
    let is_valued = |test: &&&Value| {
        let name = test["test"].as_str().expect("a name");
        let is_row = name.starts_with("no worse: ") && name != "no worse: the rollout begins";
        is_row && test["measured"] != "it has no value in any run, before or now"
    };
    assert_eq!((tests.iter().filter(is_valued).count(), valued > 0), (valued, true));
    // On standard output the events are alone.
    let alone = place.said(&args("s.yaml", &["--events", "-", "--github"]), 3);
    assert_eq!(alone, text);
    place.said(&args("s.yaml", &["--events", "-", "--format", "json"]), 2);
    place.said(&args("s.yaml", &["--list", "--junit", "x.xml"]), 2);
    place.said(&args("s.yaml", &["--baseline", "kept"]), 2);
    assert_eq!(SCENARIO.matches("measure: ").count(), 5);
}

#[test]
fn threads_change_no_byte_of_a_comparison_but_those_of_the_time() {
    let place = place("s.yaml");
    let mut seen: Vec<String> = Vec::new();
    for jobs in ["1", "4"] {
        let more = ["--events", "out.ndjson", "--format", "json", "--jobs", jobs];
        let mut all = place.said(&args("s.yaml", &[&more[..], &files()[..]].concat()), 3);
        for name in ["out.sarif", "out.json", "out.md", "out.ndjson"] {
            all += &place.read(name);
        }
        seen.push(all + &junit::timeless(&place.read("out.xml")));
    }
    assert!(seen[0] == seen[1], "an output depends on threads or a clock");
}
