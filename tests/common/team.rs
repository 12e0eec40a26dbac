//! A team's repository: a template, its parameters and three incidents that name it.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("listed") {
        let path = entry.expect("listed").path();
        let target = to.join(path.file_name().expect("named"));
        if path.is_dir() {
            copy(&path, &target)
        } else {
            let _ = fs::copy(&path, &target).expect("copied");
        }
    }
}

/// A team's repository: its template, and three incidents that name it.
pub fn team(at: &Path) {
    copy(&root().join("tests/against/infra"), &at.join("infra"));
    copy(&root().join("tests/against/incidents"), &at.join("incidents"));
}

pub fn windtunnel(at: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    command.current_dir(at).args(args).env("COLUMNS", "120");
    for variable in ["CI", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "BUILD_SOURCESDIRECTORY", "AGENT_TEMPDIRECTORY"] {
        command.env_remove(variable);
    }
    command.output().expect("it starts")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[allow(dead_code, reason = "not every test compares with that folder")]
/// What a comparison with the folder `before` says, as JSON, and its exit code.
pub fn compared(at: &Path, more: &[&str]) -> (Value, Option<i32>) {
    let args = [&["test", "incidents", "--against", "../before", "--format", "json"], more].concat();
    let done = windtunnel(at, &args);
    let said = text(&done.stderr);
    (serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{error}: {said}")), done.status.code())
}

pub fn git(at: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    command
        .current_dir(at)
        .args(["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"])
        .args(args);
    let done = command.env("GIT_CONFIG_GLOBAL", "/dev/null").output().expect("git starts");
    assert!(done.status.success(), "{args:?}: {}", text(&done.stderr));
    text(&done.stdout).trim().to_owned()
}

/// A repository with the team's files in a folder of it, and a commit.
pub fn repository(at: &Path) -> PathBuf {
    let here = at.join("services/web");
    team(&here);
    git(at, &["init", "-q", "-b", "main"]);
    git(at, &["add", "."]);
    git(at, &["commit", "-q", "-m", "first"]);
    here
}
