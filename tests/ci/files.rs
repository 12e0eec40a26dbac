//! The files say the same, and what they name is there. Each check is tried on a fault planted for it.

use super::{VERSION, ended, root, scalar, steps, text_of, yaml};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const ACTION: &str = "action/action.yml";
const TEMPLATE: &str = "azure-pipelines/windtunnel.yml";
const WORKFLOWS: [&str; 2] = [".github/workflows/ci.yml", ".github/workflows/release.yml"];
const SCRIPTS: [&str; 3] = ["install.sh", "run.sh", "comment.sh"];
/// The pages with pipelines to copy.
const PAGES: [&str; 2] = ["docs/guide/ci.md", "docs/guide/red-check.md"];

/// The texts by their names.
#[derive(Clone)]
struct Files(BTreeMap<String, String>);

impl Files {
    fn on_disk() -> Self {
        let mut names: Vec<String> =
            [ACTION, TEMPLATE, "Containerfile", "pyproject.toml", "README.md", "action/SHA256SUMS"]
                .into_iter()
                .chain(WORKFLOWS)
                .chain(PAGES)
                .map(str::to_owned)
                .collect();
        for folder in ["action", "packaging"] {
            let entries = std::fs::read_dir(root().join(folder)).expect("it is there");
            let paths = entries.map(|entry| entry.expect("listed").file_name().to_string_lossy().into_owned());
            names.extend(
                paths
                    .filter(|name| folder == "packaging" || name.ends_with(".sh"))
                    .map(|name| format!("{folder}/{name}")),
            );
        }
        Self(names.into_iter().map(|name| (name.clone(), text_of(&name))).collect())
    }

    fn text(&self, name: &str) -> &str {
        &self.0[name]
    }

    fn changed(&self, name: &str, from: &str, to: &str) -> Self {
        let mut files = self.clone();
        let text = files.0.get_mut(name).expect("it is there");
        assert!(text.contains(from), "{name} does not hold {from}");
        *text = text.replacen(from, to, 1);
        files
    }

    fn yaml(&self, name: &str) -> Value {
        yaml(name, self.text(name))
    }

    /// The files that are YAML as a whole.
    fn pipelines(&self) -> impl Iterator<Item = &str> {
        [ACTION, TEMPLATE].into_iter().chain(WORKFLOWS)
    }
}

/// Fails unless nothing is wrong, and the check finds the fault that is planted.
fn hold(check: fn(&Files) -> Vec<String>, name: &str, from: &str, to: &str) {
    let files = Files::on_disk();
    let as_is = check(&files);
    assert!(as_is.is_empty(), "{}", as_is.join("\n"));
    assert!(!check(&files.changed(name, from, to)).is_empty(), "the planted fault is not found: {to}");
}

/// Every action of somebody else's is pinned by a commit, with its version beside it; ours by the version.
fn unpinned(files: &Files) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, text) in files.0.iter().filter(|(name, _)| name.ends_with(".yml") || name.ends_with(".md")) {
        for line in text.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("uses: ")) {
            let (what, comment) = line.split_once(" # ").unwrap_or((line, ""));
            let (of, at) = what.split_once('@').unwrap_or((what, ""));
            let is_commit = at.len() == 40 && at.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            let is_ours = of == "windtunnel/windtunnel/action" && at == format!("v{VERSION}");
            if !is_ours && of != "./action" && !(is_commit && comment.starts_with('v')) {
                wrong.push(format!("{name}: {line}"));
            }
        }
    }
    wrong
}

/// No script has an expression of the service in its text: what comes from outside would be code.
fn injected(files: &Files) -> Vec<String> {
    let mut wrong = Vec::new();
    for name in files.pipelines() {
        let document = files.yaml(name);
        let mut found = Vec::new();
        steps(&document, &["run", "bash", "script"], &mut found);
        for text in found.iter().flat_map(|step| ["run", "bash", "script"].map(|key| step[key].as_str())).flatten() {
            if text.contains("${{") {
                wrong.push(format!("{name}: an expression in: {text}"));
            }
            // Azure Pipelines fills `$(name)` in before the shell reads it.
            let macros = text.split("$(").skip(1).filter_map(|rest| rest.split_once(')'));
            let is_name = |name: &str| {
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
            };
            if name == TEMPLATE {
                wrong
                    .extend(macros.filter(|(inner, _)| is_name(inner)).map(|(inner, _)| format!("{name}: $({inner})")));
            }
        }
    }
    wrong
}

/// The words that follow a prefix in a text.
fn after<'t>(text: &'t str, prefix: &str) -> BTreeSet<&'t str> {
    let end = |c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_';
    text.split(prefix).skip(1).filter_map(|rest| rest.split(end).next()).filter(|word| !word.is_empty()).collect()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("a mapping").keys().map(String::as_str).collect()
}

/// `comment-key` as `commentKey`.
fn joined(name: &str) -> String {
    let mut parts = name.split('-');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + &part[..1].to_uppercase() + &part[1..])
}

/// Inputs and parameters are declared and used, the same on both services, with the same defaults.
fn inputs(files: &Files) -> Vec<String> {
    let (action, template) = (files.yaml(ACTION), files.yaml(TEMPLATE));
    let declared = keys(&action["inputs"]);
    let parameters: BTreeMap<&str, &Value> = template["parameters"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["name"].as_str().expect("a name"), &one["default"]))
        .collect();
    let mut wrong = Vec::new();
    let used = after(files.text(ACTION), "inputs.");
    wrong.extend(used.symmetric_difference(&declared).map(|name| format!("{ACTION}: {name}")));
    let used = after(files.text(TEMPLATE), "parameters.");
    let names: BTreeSet<&str> = parameters.keys().copied().collect();
    wrong.extend(used.symmetric_difference(&names).map(|name| format!("{TEMPLATE}: {name}")));
    for name in declared {
        match parameters.get(joined(name).as_str()) {
            // These are of GitHub alone.
            None if ["comment-author", "upload-sarif"].contains(&name) => {}
            None => wrong.push(format!("{TEMPLATE} has no {}", joined(name))),
            // A folder, and a token: each service has its own.
            Some(_) if ["working-directory", "token"].contains(&name) => {}
            Some(default) => {
                let of_action = &action["inputs"][name]["default"];
                if scalar(of_action) != scalar(default) {
                    wrong.push(format!("{name}: {of_action} and {default}"));
                }
            }
        }
    }
    let outputs = after(files.text(ACTION), "steps.run.outputs.");
    let said: BTreeSet<&str> =
        after(files.text("action/run.sh"), "\noutput ").into_iter().chain(["markdown", "junit", "sarif"]).collect();
    let missing = outputs
        .union(&keys(&action["outputs"]))
        .filter(|name| !said.contains(*name))
        .map(|name| format!("run.sh has no output {name}"))
        .collect::<Vec<_>>();
    wrong.extend(missing);
    wrong
}

/// Each step hands its script what the script reads, and nothing else.
fn variables(files: &Files) -> Vec<String> {
    let mut wrong = Vec::new();
    // What the other service has, or what is of the runner or of the script itself.
    let services: [(&str, &str, &[&str]); 2] = [
        (ACTION, "run", &["TOOLS", "MARKER", "SUMS"]),
        (TEMPLATE, "bash", &["TOOLS", "MARKER", "AUTHOR", "PULL_REQUEST"]),
    ];
    for (name, key, elsewhere) in services {
        let document = files.yaml(name);
        let mut found = Vec::new();
        steps(&document, &[key], &mut found);
        if found.len() != SCRIPTS.len() {
            wrong.push(format!("{name} has {} scripts", found.len()));
        }
        for (step, script) in found.iter().zip(SCRIPTS) {
            let script = format!("action/{script}");
            let mut read = after(files.text(&script), "WINDTUNNEL_");
            read.retain(|word| !elsewhere.contains(word));
            let given =
                keys(&step["env"]).into_iter().filter_map(|variable| variable.strip_prefix("WINDTUNNEL_")).collect();
            wrong.extend(read.symmetric_difference(&given).map(|word| format!("{name}: {script}: WINDTUNNEL_{word}")));
            let runs = step[key].as_str().expect("a text");
            if name == ACTION
                && runs != format!("bash \"$GITHUB_ACTION_PATH/{}\"", script.trim_start_matches("action/"))
            {
                wrong.push(format!("{name}: {runs}"));
            }
        }
    }
    wrong
}

/// One version everywhere.
fn versions(files: &Files) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, words) in [
        (ACTION, format!("default: {VERSION}")),
        (TEMPLATE, format!("name: version, type: string, default: {VERSION}")),
        ("Containerfile", format!("ARG VERSION={VERSION}")),
        ("pyproject.toml", "dynamic = [\"version\"".to_owned()),
        ("docs/guide/ci.md", format!("pipx install windtunnel=={VERSION}")),
        ("docs/guide/red-check.md", format!("pipx install windtunnel=={VERSION}")),
        ("README.md", format!("pipx install windtunnel=={VERSION}")),
    ] {
        if !files.text(name).contains(&words) {
            wrong.push(format!("{name} does not say `{words}`"));
        }
    }
    for name in PAGES.into_iter().chain(["README.md"]) {
        let others = files.text(name).split("windtunnel==").skip(1).filter(|rest| !rest.starts_with(VERSION)).count();
        if others > 0 || files.text(name).contains("--git http") {
            wrong.push(format!("{name} installs another version, or none in particular"));
        }
    }
    let (version, _) = ended(Command::new(root().join("packaging/version")).arg(format!("v{VERSION}")));
    if version != 0 {
        wrong.push(format!("packaging/version does not take the tag v{VERSION}"));
    }
    wrong
}

/// What a part of the template is: a script without its first line, and with what it sources.
fn part(files: &Files, name: &str) -> String {
    let text = files.text(name).replace(". \"${BASH_SOURCE[0]%/*}/say.sh\"\n", files.text("action/say.sh"));
    text.strip_prefix("#!/usr/bin/env bash\n").map_or_else(|| text.clone(), str::to_owned)
}

/// The template with the scripts as they are in `action/`.
fn template(files: &Files) -> String {
    let (mut text, mut inside) = (String::new(), None);
    for line in files.text(TEMPLATE).lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let ["#", "end", name] = words[..] {
            assert_eq!(inside.take(), Some(name.to_owned()), "{TEMPLATE}: {line}");
        }
        if inside.is_none() {
            text += line;
            text.push('\n');
        }
        if let ["#", "begin", name] = words[..] {
            let indent = &line[..line.len() - line.trim_start().len()];
            for line in part(files, name).lines() {
                text += format!("{indent}{line}").trim_end();
                text.push('\n');
            }
            inside = Some(name.to_owned());
        }
    }
    assert_eq!(inside, None, "{TEMPLATE}: a part without an end");
    text
}

fn copies(files: &Files) -> Vec<String> {
    let (found, wanted) = (files.text(TEMPLATE), template(files));
    let differs = found.lines().zip(wanted.lines()).find(|(found, wanted)| found != wanted);
    let line = differs.map_or_else(|| "its end".to_owned(), |(_, wanted)| format!("`{wanted}`"));
    (found != wanted)
        .then(|| format!("{TEMPLATE} is out of date at {line}; UPDATE=1 writes it anew"))
        .into_iter()
        .collect()
}

#[test]
fn every_action_is_pinned_by_a_commit() {
    hold(unpinned, ".github/workflows/release.yml", "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7");
    hold(unpinned, "docs/guide/red-check.md", &format!("action@v{VERSION}"), "action@main");
}

#[test]
fn no_input_is_put_into_the_text_of_a_script() {
    hold(injected, ACTION, "bash \"$GITHUB_ACTION_PATH/run.sh\"", "windtunnel test ${{ inputs.paths }}");
    hold(injected, TEMPLATE, "work=$(mktemp -d", "work=$(folder) $(mktemp -d");
}

#[test]
fn inputs_are_declared_and_used_on_both_services() {
    hold(inputs, ACTION, "  gone:\n", "  gones:\n");
    hold(
        inputs,
        TEMPLATE,
        "name: changed, type: boolean, default: true",
        "name: changed, type: boolean, default: false",
    );
    hold(inputs, ACTION, "value: ${{ steps.run.outputs.verdict }}", "value: ${{ steps.run.outputs.word }}");
}

#[test]
fn each_script_is_handed_what_it_reads() {
    hold(variables, ACTION, "WINDTUNNEL_GONE: ", "WINDTUNNEL_GOES: ");
    hold(variables, TEMPLATE, "      WINDTUNNEL_OUT: ${{ parameters.out }}\n", "");
}

#[test]
fn there_is_one_version() {
    hold(versions, "Containerfile", &format!("VERSION={VERSION}"), "VERSION=9.9.9");
    hold(versions, "docs/guide/ci.md", &format!("pip install windtunnel=={VERSION}"), "pip install windtunnel==9.9.9");
}

#[test]
fn the_template_holds_the_scripts_of_the_action() {
    if std::env::var_os("UPDATE").is_some() {
        crate::common::compare(&root().join(TEMPLATE), &template(&Files::on_disk()));
    }
    hold(copies, "action/say.sh", "printf '::%s", "printf '##%s");
}

#[test]
fn every_script_is_one_that_bash_can_read() {
    let files = Files::on_disk();
    let scripts: Vec<&String> =
        files.0.keys().filter(|name| name.ends_with(".sh") || name.starts_with("packaging/")).collect();
    assert!(scripts.len() >= 8, "{scripts:?}");
    for name in scripts {
        let (code, said) = ended(Command::new("bash").arg("-n").arg(root().join(name)));
        assert_eq!(code, 0, "{name}: {said}");
        let is_sourced = name == "action/say.sh";
        assert!(is_sourced || files.text(name).contains("\nset -euo pipefail\n"), "{name} goes on after an error");
    }
    let document = files.yaml(TEMPLATE);
    let mut found = Vec::new();
    steps(&document, &["bash"], &mut found);
    for step in found {
        let (code, said) = ended(Command::new("bash").args(["-n", "-c", step["bash"].as_str().expect("a text")]));
        assert_eq!(code, 0, "{said}");
    }
}
