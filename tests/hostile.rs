//! What a user's names and files may do to whoever is shown them: nothing. They cannot steer a terminal, and no line begins
//! with a command of a build service.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Names that are legal and look like commands; one breaks a line.
const SCENARIO: &str = r###"windtunnel: 1
title: "::stop-commands::x"
description: "one\n##[error]two\n::set-output name=a::b"
horizon: PT30M
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: "##vso[task.complete]"
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 2 }
    properties:
      orchestrationMode: Uniform
      virtualMachineProfile: { storageProfile: { imageReference: { id: web/1.0.0 } } }
images: { web: { 1.0.0: { code: "::c" } } }
application: { releases: ["::c"] }
timeline:
  - { name: "::debug::out", at: PT5M, setCapacity: { scaleSet: "##vso[task.complete]", capacity: 4 } }
policies:
  "::error::x": { horizon: PT20M }
  "\n::warning::y\n```": { horizon: PT25M }
expect:
  - { name: "few\n::add-mask::stand\n```", measure: capacity.peak_instances, atMost: 1 }
  - { name: "::group::many", measure: capacity.peak_instances, atMost: 2 }
"###;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a temporary folder"));
        place.write("s.yaml", SCENARIO);
        place
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).expect("written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).expect("it was written")
    }

    /// What is said, on a pipe and as on a terminal, with the exit code; what is no annotation is harmless.
    fn said(&self, args: &[&str]) -> (Option<i32>, String) {
        let mut plain = (None, String::new());
        for colours in [true, false] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
            command.current_dir(self.0.path()).args(args).env("GITHUB_STEP_SUMMARY", self.0.path().join("summary.md"));
            command.env_remove("AGENT_TEMPDIRECTORY");
            if colours {
                command.env("CLICOLOR_FORCE", "1");
            }
            let done = command.output().expect("it runs");
            let text = String::from_utf8(done.stdout).expect("UTF-8") + &String::from_utf8(done.stderr).expect("UTF-8");
            harmless(&text, colours, args);
            plain = (done.status.code(), text);
        }
        plain
    }

    fn refused(&self, args: &[&str], words: &str) {
        let (code, said) = self.said(args);
        assert_eq!(code, Some(2), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: no `{words}` in\n{said}");
    }
}

fn harmless(text: &str, colours: bool, args: &[&str]) {
    let mut bare = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        assert!(colours, "{args:?} steers a pipe: {text:?}");
        bare += &rest[..at];
        let codes = rest[at..].strip_prefix("\u{1b}[").unwrap_or_else(|| panic!("{args:?}: {:?}", &rest[at..]));
        let end = codes.find(|code: char| !code.is_ascii_digit() && code != ';').expect("it ends");
        // Ours are bold, dim and the plain colours; what the files hold is purple.
        assert!(codes[end..].starts_with('m') && !codes.starts_with("35m"), "{args:?}: {:?}", &rest[at..]);
        rest = &codes[end + 1..];
    }
    bare += rest;
    for letter in bare.chars() {
        let steers = letter.is_control() && !"\n\t".contains(letter);
        assert!(!steers && !"\u{202e}\u{2028}\u{2066}".contains(letter), "{args:?}: {letter:?} in {text:?}");
    }
    for line in bare.lines() {
        let begins = line.trim_start();
        let meant =
            args.contains(&"--github") && ["::error file=", "::warning file="].iter().any(|m| line.starts_with(m));
        assert!(meant || !begins.starts_with("::"), "{args:?}: {line:?}");
        // Azure Pipelines and older runners of GitHub find these anywhere in a line.
        let is_issue = args.contains(&"--azure-pipelines") && line.starts_with("##vso[task.logissue type=");
        let line = if is_issue { &line["##vso[".len()..] } else { line };
        assert!(!line.contains("##[") && !line.contains("##vso["), "{args:?}: {line:?}");
    }
}

#[test]
fn no_line_of_any_verb_begins_with_a_command_of_a_build_service() {
    let place = Place::new();
    for args in [
        &["check", "s.yaml"][..],
        &["run", "s.yaml", "--out", "run"],
        &["run", "s.yaml", "--policy", "::error::x", "--out", "other"],
        &["compare", "s.yaml", "-n", "5", "--all", "--out", "compare"],
        &["test", "s.yaml", "-n", "5"],
        &["test", "s.yaml", "-n", "5", "--github", "--junit", "junit.xml"],
        &["test", "s.yaml", "-n", "5", "--junit", "/dev/stdout"],
        &["test", "s.yaml", "-n", "5", "--sarif", "/dev/stdout"],
        &["test", "s.yaml", "-n", "5", "--code-quality", "/dev/stdout"],
        &["test", "s.yaml", "-n", "5", "--markdown", "/dev/stdout"],
        &["test", "s.yaml", "-n", "5", "--events", "/dev/stdout"],
        &["test", "s.yaml", "-n", "5", "--events", "-"],
        &["test", "s.yaml", "-n", "5", "--azure-pipelines"],
        &["test", "s.yaml", "--list"],
        &["test", "s.yaml", "--list", "--format", "json"],
        &["why", "run", "5"],
        &["status", "run", "--at", "PT10M", "--format", "human"],
        &["status", "run", "--at", "PT10M"],
        &["verify", "s.yaml"],
        &["run", "s.yaml", "--policy", "::error::z"],
        &["test", "s.yaml", "-E", "policy(::error::z)"],
    ] {
        let (code, said) = place.said(args);
        assert!(!said.is_empty() && code != Some(101), "{args:?}: {said}");
    }
    // What is JSON stays so, and says the same.
    let done = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
        .current_dir(place.0.path())
        .args(["status", "run", "--at", "PT10M"])
        .output()
        .expect("it runs");
    let answers: serde_json::Value = serde_json::from_slice(&done.stdout).expect("it is JSON");
    assert!(answers.to_string().contains("##vso[task.complete]"), "{answers}");
    // The block of commands ends where it is meant to, though a name holds three backticks.
    let summary = place.read("summary.md");
    let (_, block) = summary.split_once("````sh\n").expect("the fence is longer than any in it");
    assert!(block.contains("\n````\n\n</details>"), "{summary}");
    let junit = place.read("junit.xml");
    assert!(junit.lines().all(|line| !line.trim_start().starts_with("::")), "{junit}");
}

#[test]
fn control_characters_are_refused_wherever_a_text_comes_from() {
    let place = Place::new();
    // ESC in JSON is written as an escape, too; U+009B, U+202E and U+2028 as they are.
    for (letter, shown) in
        [("\\u001b[35m", "U+001B"), ("\u{9b}35m", "U+009B"), ("\u{202e}", "U+202E"), ("\u{2028}", "U+2028")]
    {
        place.write(
            "s.json",
            &format!("{{\"windtunnel\": 1, \"title\": \"a{letter}b\", \"horizon\": \"PT1H\", \"resources\": []}}"),
        );
        place.refused(&["check", "s.json"], &format!("the control character {shown} in a text"));
        place.refused(&["run", "s.json"], "E0117");
        let template = format!(
            "{{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \"resources\": [{{\
             \"type\": \"Microsoft.Compute/virtualMachineScaleSets\", \"name\": \"web{letter}\", \"location\": \"eastus\", \
             \"sku\": {{ \"name\": \"Standard_D2s_v5\", \"capacity\": 2 }}, \"tags\": {{ \"t{letter}\": \"x\" }}, \
             \"properties\": {{ \"orchestrationMod{letter}\": \"x\", \"upgradePolicy\": {{ \"mode\": \"Rol{letter}\" }} }} }}]}}"
        );
        place.write("t.json", &template);
        place.refused(&["check", "t.json"], "E0117");
        place.write("of.yaml", "windtunnel: 1\ntitle: t\nhorizon: PT1H\nresources: [{ template: t.json }]\n");
        for verb in ["check", "run", "compare", "test", "verify"] {
            place.refused(&[verb, "of.yaml"], "E0117");
        }
    }
}

#[cfg(unix)]
#[test]
fn control_characters_in_arguments_and_names_of_files_are_shown_escaped() {
    let place = Place::new();
    let evil = "a\u{1b}[35m\u{9b}\r::error::b";
    let shown = "\\u001b[35m\\u009b\\u000d";
    let file = format!("{evil}.yaml");
    place.write(&file, SCENARIO);
    fs::create_dir(place.0.path().join("suite")).expect("made");
    place.write(&format!("suite/{file}"), SCENARIO);
    for args in [&["check", &file][..], &["run", &file], &["test", &file], &["test", "suite"], &["compare", &file]] {
        place.refused(args, "contains the control character U+001B");
    }
    assert_eq!(place.said(&["run", "s.yaml", "--out", "run"]).0, Some(3));
    place.write(&format!("run/{evil}"), "");
    place.refused(&["run", "s.yaml", "--out", "run"], shown);
    fs::remove_file(place.0.path().join("run").join(evil)).expect("removed");
    for args in [
        &["run", "s.yaml", "--policy", evil][..],
        &["verify", "s.yaml", "--policy", evil],
        &["compare", "s.yaml", "--reference", evil],
        &["check", evil],
        &["check", "s.yaml", "--set", evil],
        &["test", evil],
        &["test", "s.yaml", "-E", evil],
        &["why", evil, "1"],
        &["why", "run", evil],
        &["status", "run", "--at", evil],
        &["status", "run", evil, "--at", "PT5M"],
        &["rules", evil],
        &["assumptions", evil],
        &["new", evil],
        &["run", "s.yaml", "--out", "s.yaml/x"],
    ] {
        let (code, said) = place.said(args);
        assert!(matches!(code, Some(2 | 4)), "{args:?}: {said}");
    }
    assert!(Path::new(&place.0.path().join("run/plan.json")).exists());
}

/// Names that a spreadsheet would run are texts in every table, and numbers stay numbers.
#[test]
fn no_spreadsheet_runs_a_cell() {
    let place = Place::new();
    let text = SCENARIO
        .replace("\"::error::x\"", "\"=cmd|' /C calc'!A0\"")
        .replace("\"\\n::warning::y\\n```\"", "\"+1\"")
        .replace("\"::debug::out\"", "\"@SUM(1)\"")
        .replace("##vso[task.complete]", "-vmss")
        .replace("\"::c\"", "\"=c\"");
    place.write("s.yaml", &text);
    assert_eq!(place.said(&["run", "s.yaml", "--policy", "+1", "--out", "run"]).0, Some(0));
    let compared = place.said(&["compare", "s.yaml", "-n", "5", "--vary-assumptions", "--out", "compare"]);
    assert_eq!(compared.0, Some(0), "{}", compared.1);
    let mut found = 0;
    for folder in ["run", "compare"] {
        for entry in fs::read_dir(place.0.path().join(folder)).expect("it is there") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|end| end != "csv") {
                continue;
            }
            let mut table = csv::ReaderBuilder::new().has_headers(false).from_path(&path).expect("it is CSV");
            for row in table.records() {
                for cell in &row.expect("a row") {
                    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
                    assert!(!runs, "{}: {cell:?}", path.display());
                    found += usize::from(cell.starts_with('\''));
                }
            }
        }
    }
    assert!(found > 20, "only {found} cells were named like that");
}
