//! What is shipped for build services: the action, the template, the release, the image and the wheel are of one version and name each
//! other rightly; their scripts do what they say, with the variables that the services set; and the pipelines of the guide run as written,
//! but for the installation. Nothing is installed for it: no network, no runner, no registry.
#![cfg(unix)]

mod common;
#[path = "ci/files.rs"]
mod files;
#[path = "ci/guide.rs"]
mod guide;
#[path = "ci/scripts.rs"]
mod scripts;

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use windtunnel::input::Problems;
use windtunnel::input::read::read_text;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A text of the repository.
fn text_of(name: &str) -> String {
    let text = fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    text.replace("\r\n", "\n")
}

/// A YAML text as JSON.
fn yaml(name: &str, text: &str) -> Value {
    let mut problems = Problems::new();
    let node = read_text(name, text.to_owned(), &mut problems);
    assert!(!problems.has_errors(), "{}", windtunnel::input::Report::from(problems));
    node.expect("it is YAML").to_json()
}

/// A scalar as the services hand it on.
fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Every mapping at any depth that has one of some keys, as steps of a pipeline have.
fn steps<'v>(value: &'v Value, keys: &[&str], found: &mut Vec<&'v Value>) {
    if keys.iter().any(|key| value.get(key).is_some_and(|text| !text.is_object())) {
        found.push(value);
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| steps(item, keys, found)),
        Value::Object(entries) => entries.values().for_each(|item| steps(item, keys, found)),
        _ => {}
    }
}

/// The blocks of a kind on a page, without their fences.
fn blocks(page: &str, kind: &str) -> Vec<String> {
    let fence = format!("```{kind}\n");
    let text = text_of(page);
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// The version of the program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A command with nothing of this machine's environment but what it needs to find programs.
fn clean(program: &str, folder: &Path) -> Command {
    let own = Path::new(env!("CARGO_BIN_EXE_windtunnel")).parent().expect("it lies in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command.current_dir(folder).env_clear().env("PATH", format!("{}:{path}", own.display()));
    command.env("HOME", folder).env("NO_COLOR", "1").env("LC_ALL", "C").env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "a person").env(format!("GIT_{who}_EMAIL"), "person@example.com");
    }
    command
}

/// Runs a command to its end: its exit code, and what it printed.
fn ended(command: &mut Command) -> (i32, String) {
    let output = command.output().expect("it starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().expect("it ends by itself"), format!("{out}{err}"))
}
