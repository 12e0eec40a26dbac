//! The folder of a run is explained only by the build that made it, and only as the run that it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use windtunnel::input::identity::{hash, model_sources};
use windtunnel::input::{LoadOptions, Problems, load, read};

#[path = "../sim/build.rs"]
#[allow(dead_code, reason = "its main is for Cargo")]
mod build;

/// A run of a small scenario, and what is said when its folder is asked.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let made = |args: &[&str]| {
            let done = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
                .current_dir(folder.path())
                .args(args)
                .output()
                .expect("it runs");
            assert!(matches!(done.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&done.stderr));
        };
        made(&["new", "small"]);
        made(&["run", "small.yaml", "--out", "run"]);
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("run").join(name)
    }

    fn change(&self, name: &str, from: &str, to: &str) {
        let path = self.path(name);
        let text = fs::read_to_string(&path).expect("it is there");
        assert!(text.contains(from), "{name} has no {from}");
        fs::write(&path, text.replacen(from, to, 1)).expect("written");
    }

    /// What each verb says that repeats the run, with its exit code.
    fn asked(&self) -> [(String, Option<i32>); 2] {
        [&["why", "run", "3"][..], &["status", "run", "--at", "PT5M"]].map(|args| {
            let done = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
                .current_dir(self.0.path())
                .args(args)
                .output()
                .expect("it runs");
            (String::from_utf8_lossy(&done.stderr).into_owned(), done.status.code())
        })
    }

    fn refused(&self, words: &[&str]) {
        for (said, code) in self.asked() {
            assert_eq!(code, Some(2), "{said}");
            for word in words {
                assert!(said.contains(word), "no `{word}` in\n{said}");
            }
        }
    }
}

#[test]
fn a_folder_of_this_build_is_explained() {
    for (said, code) in Folder::new().asked() {
        assert_eq!(code, Some(0), "{said}");
    }
}

/// Another seed is another run: its answers are not those of the folder.
#[test]
fn a_plan_that_was_changed_is_not_explained_as_the_run_of_the_folder() {
    let folder = Folder::new();
    folder.change("plan.json", "\"seed\": 1", "\"seed\": 2");
    folder.refused(&["error[E0603]", "another run", "run/summary.json:", "run the scenario again"]);
}

/// Neither a name nor a later end changes what has happened until then, nor the digest of a run that came to rest before.
#[test]
fn a_plan_with_another_name_or_another_end_is_not_that_of_the_folder() {
    let folder = Folder::new();
    let plan = fs::read_to_string(folder.path("plan.json")).expect("it is there");
    let line =
        |key: &str| plan.lines().find(|line| line.trim_start().starts_with(&format!("\"{key}\":"))).expect("a line");
    for (key, to) in [("horizon", "PT90M"), ("policy", "other"), ("scenario", "other.yaml")] {
        folder.change("plan.json", line(key), &format!("\"{key}\": \"{to}\","));
        let shown = if key == "horizon" { "its `effective`".to_owned() } else { format!("its `{key}` is `{to}`") };
        folder.refused(&["error[E0603]", "another run", &shown, "run/summary.json:", "run the scenario again"]);
        fs::write(folder.path("plan.json"), &plan).expect("written");
    }
    folder.change("plan.json", "\"accepted\":", "\"acceptet\":");
    folder.refused(&["error[E0603]", "it has no `accepted`"]);
}

/// What a folder keeps of every bundled scenario is known again when it is read back.
#[test]
fn what_a_run_was_given_has_the_same_hash_when_it_is_read_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for entry in fs::read_dir(folder).expect("it is there") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        let loaded = load(&path, &LoadOptions::default()).expect("a scenario");
        for policy in loaded.policies() {
            let given = &loaded.plan(policy).expect("it is there").effective;
            let mut problems = Problems::new();
            let node = read::read_text("plan.json", format!("{given:#}"), &mut problems).expect("JSON");
            assert_eq!(hash(&node.to_json()), hash(given), "{}: {policy}", path.display());
        }
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_folder_is_called_by_what_it_is() {
    let folder = Folder::new();
    let done = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
        .current_dir(folder.0.path())
        .args(["why", "/dev/zero", "1"])
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(said.contains("/dev/zero is a device or a pipe") && said.contains("give the folder"), "{said}");
}

#[test]
fn a_folder_of_another_build_or_format_is_refused_by_what_it_says_of_itself() {
    let folder = Folder::new();
    folder.change("plan.json", &model_sources(), "0123456789abcdef-0123456789abcdef");
    folder.refused(&["error[E0602]", "another build", "0123456789abcdef", "run/plan.json:4:"]);
    let folder = Folder::new();
    folder.change("plan.json", "\"modelVersion\": \"", "\"modelVersion\": \"9.");
    folder.refused(&["error[E0602]", "was run by model version 9.", "run/plan.json:3:"]);
    let folder = Folder::new();
    folder.change("plan.json", "\"schemaVersion\": 2", "\"schemaVersion\": 3");
    folder.refused(&["error[E0601]", "format 3", "run/plan.json:2:"]);
    let folder = Folder::new();
    folder.change("summary.json", "\"schemaVersion\": 2", "\"schemaVersion\": 3");
    folder.refused(&["error[E0601]", "format 3", "run/summary.json:2:"]);
}

/// The place of what is wrong is that in the file as it is, with the folder it lies in.
#[test]
fn what_is_wrong_with_a_plan_is_said_at_its_line() {
    let folder = Folder::new();
    let text = fs::read_to_string(folder.path("plan.json")).expect("it is there");
    let line = text.lines().position(|line| line.trim_start().starts_with("\"horizon\"")).expect("a horizon") + 1;
    let was = text.lines().nth(line - 1).expect("it is there").trim().to_owned();
    folder.change("plan.json", &was, "\"horizon\": \"soon\",");
    folder.refused(&["error[E0230]", &format!("run/plan.json:{line}:"), "the timeline has no entry “soon”"]);
}

#[cfg(unix)]
#[test]
fn a_plan_without_end_is_not_read() {
    let folder = Folder::new();
    fs::remove_file(folder.path("plan.json")).expect("removed");
    std::os::unix::fs::symlink("/dev/zero", folder.path("plan.json")).expect("linked");
    folder.refused(&["error[E0101]", "name a regular file"]);
}

/// A checkout with other line ends is the same build, and a change of one letter is another.
#[test]
fn a_build_is_known_by_its_sources_whatever_their_line_ends() {
    let hash = |text: &str| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("b")).expect("made");
        fs::write(folder.path().join("b/a.rs"), text).expect("written");
        fs::write(folder.path().join("b.rs"), "mod a;").expect("written");
        fs::write(folder.path().join("b/notes.txt"), text.len().to_string()).expect("written");
        build::hash(folder.path())
    };
    assert_eq!(hash("one\ntwo\n"), hash("one\r\ntwo\r\n"));
    assert_ne!(hash("one\ntwo\n"), hash("one\ntwo!\n"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = format!("{:016x}-{:016x}", build::hash(&root.join("sim/src")), build::hash(&root.join("input/src")));
    assert_eq!(model_sources(), own);
}
