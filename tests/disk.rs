//! Nothing of a user's is lost: what stands in the way, two writers at once, and every call that changes the disk made to
//! fail in turn.
#![cfg(unix)]

#[path = "common/junit.rs"]
mod junit;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use windtunnel::output::plots::PLOTS;

const SCENARIO: &str = "scenarios/probe-returns-204.yaml";

fn windtunnel(at: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    // A baseline is written here, which is refused where CI is set.
    command.current_dir(at).args(args).stdin(Stdio::null()).env_remove("CI").env_remove("TF_BUILD");
    command
}

fn ran(at: &Path, args: &[&str]) -> Output {
    windtunnel(at, args).output().expect("it starts")
}

#[track_caller]
fn refused(output: &Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for word in words {
        assert!(said.contains(word), "no {word:?} in: {said}");
    }
    assert!(!said.contains("os error"), "a raw error of the system: {said}");
}

/// A folder to work in, with a scenario `s.yaml`.
fn workplace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(SCENARIO), folder.path().join("s.yaml"))
        .expect("it is bundled");
    folder
}

/// Every file below, by its path, hidden ones too; the path of a folder has no content.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("listed") {
            let path = entry.expect("listed").path();
            let inner = path.strip_prefix(folder).expect("it is below").to_owned();
            if fs::symlink_metadata(&path).expect("it is there").is_dir() {
                open.push(path);
                found.insert(inner, Vec::new());
            } else {
                found.insert(inner, fs::read(&path).unwrap_or_default());
            }
        }
    }
    found
}

/// A1: `plan.json` is what `terraform show -json` is usually called; it makes a folder no more ours than a note does.
#[test]
fn a_folder_of_somebody_else_is_refused_by_name_and_left_as_it_is() {
    let place = workplace();
    let infra = place.path().join("infra");
    fs::create_dir_all(infra.join(".git")).expect("made");
    fs::write(infra.join("plan.json"), "{}").expect("written");
    fs::write(infra.join("main.tf"), "x").expect("written");
    let before = tree(&infra);
    for verb in [&["run", "s.yaml", "--out", "infra"][..], &["compare", "s.yaml", "--out", "infra"], &["demo", "infra"]]
    {
        refused(&ran(place.path(), verb), &["infra", "main.tf", "move them away"]);
        assert_eq!(tree(&infra), before);
    }
    // Force does not replace what is not ours either.
    refused(
        &ran(place.path(), &["run", "s.yaml", "--out", "infra", "--force"]),
        &["infra/plan.json", "was not written by windtunnel"],
    );
    assert_eq!(tree(&infra), before);
}

/// A1, A6: a note put into a folder of ours, and a file of ours that was changed.
#[test]
fn a_note_or_a_changed_file_in_a_folder_of_ours_is_kept() {
    let place = workplace();
    let run = ["run", "s.yaml", "--out", "r"];
    assert!(ran(place.path(), &run).status.success());
    let note = place.path().join("r/deep/NOTES.md");
    fs::create_dir_all(note.parent().expect("a parent")).expect("made");
    fs::write(&note, "mine").expect("written");
    let before = tree(place.path());
    refused(&ran(place.path(), &run), &["r has files that windtunnel did not write", "deep/NOTES.md"]);
    assert_eq!(tree(place.path()), before, "nothing is left beside it");
    let force = ran(place.path(), &["run", "s.yaml", "--seed", "2", "--out", "r", "--force"]);
    assert!(force.status.success(), "{}", String::from_utf8_lossy(&force.stderr));
    assert_eq!(fs::read_to_string(&note).expect("it stands"), "mine");
    assert!(fs::read_to_string(place.path().join("r/plan.json")).expect("read").contains("\"seed\": 2"));
    fs::remove_dir_all(note.parent().expect("a parent")).expect("removed");
    // With the note gone the folder is replaced again, and then a change of one of its own files is noticed.
    assert!(ran(place.path(), &run).status.success());
    fs::write(place.path().join("r/ledger.csv"), "annotated").expect("written");
    refused(&ran(place.path(), &run), &["changed since it was written (ledger.csv)", "--force"]);
    assert!(ran(place.path(), &["run", "s.yaml", "--out", "r", "--force"]).status.success());
    assert!(fs::read_to_string(place.path().join("r/ledger.csv")).expect("read").starts_with("entry,"));
}

/// A marker from elsewhere, as in a folder that somebody sent: what it names outside its folder is not removed, nor what lies
/// in a folder that it calls a draft, nor what somebody put into a journal.
#[test]
fn no_marker_gives_up_what_is_not_of_its_folder() {
    let place = workplace();
    let at = |name: &str| place.path().join(name);
    fs::write(at("thesis.txt"), "mine").expect("written");
    fs::create_dir(at("docs")).expect("made");
    fs::write(at("docs/1.json"), "mine").expect("written");
    let absolute = at("docs").display().to_string();
    let edits: [(&str, &str, String); 5] = [
        ("run", "\"files\": {", "\"files\": { \"../thesis.txt\": [4, \"00\"],".to_owned()),
        ("run", "\"files\": {", format!("\"files\": {{ \"{absolute}/1.json\": [4, \"00\"],")),
        ("compare", "\"journals\": [", "\"journals\": [\"../docs\",".to_owned()),
        ("compare", "\"journals\": [", format!("\"journals\": [\"{absolute}\",")),
        ("run", "\"windtunnel\": \"run\"", "\"windtunnel\": \"draft\"".to_owned()),
    ];
    for (verb, was, is) in edits {
        let out = [verb, "s.yaml", "--out", "r"];
        assert!(ran(place.path(), &out).status.code().is_some_and(|code| code != 2));
        let marker = fs::read_to_string(at("r/.windtunnel")).expect("read");
        assert!(marker.contains(was), "{marker}");
        fs::write(at("r/.windtunnel"), marker.replacen(was, &is, 1)).expect("written");
        let before = tree(place.path());
        refused(&ran(place.path(), &out), &["r has files that windtunnel did not write"]);
        assert_eq!(tree(place.path()), before, "{is}");
        let force = ran(place.path(), &[&out[..], &["--force"]].concat());
        assert!(at("thesis.txt").is_file() && at("docs/1.json").is_file(), "{is}: {force:?}");
        fs::remove_dir_all(at("r")).expect("removed");
    }
    // A folder of the run that was replaced by a link to somebody's.
    let compare = ["compare", "s.yaml", "--replications", "2", "--out", "c"];
    assert!(ran(place.path(), &compare).status.success());
    fs::remove_dir_all(at("c/blocks")).expect("removed");
    std::os::unix::fs::symlink(at("docs"), at("c/blocks")).expect("linked");
    refused(&ran(place.path(), &compare), &["windtunnel did not write (blocks)"]);
    let _ = ran(place.path(), &[&compare[..], &["--force"]].concat());
    assert!(at("docs/1.json").is_file(), "nothing is removed through a link");
    fs::remove_file(at("c/blocks")).expect("removed");
    // And a note in a journal.
    let compare = ["compare", "s.yaml", "--replications", "2", "--out", "n"];
    assert!(ran(place.path(), &compare).status.success());
    fs::write(at("n/blocks/mine.txt"), "mine").expect("written");
    refused(&ran(place.path(), &compare), &["windtunnel did not write (blocks/mine.txt)"]);
    let _ = ran(place.path(), &[&compare[..], &["--force"]].concat());
    assert!(at("n/blocks/mine.txt").is_file());
}

/// A comparison that was cut off can be carried on, and so it is not given up for a run or a demo.
#[test]
fn runs_that_were_kept_are_not_replaced_by_another_verb() {
    let place = workplace();
    let many = ["compare", "s.yaml", "--replications", "6", "--out", "c"];
    let calls = count(place.path(), &many);
    fs::remove_dir_all(place.path().join("c")).expect("removed");
    let cut = windtunnel(place.path(), &many).env("WINDTUNNEL_FAULT", format!("kill:{}", calls / 2)).output();
    assert!(!cut.expect("it starts").status.success());
    let before = tree(&place.path().join("c"));
    assert!(before.keys().any(|path| path.starts_with("unfinished/blocks")), "{:?}", before.keys());
    for verb in [&["run", "s.yaml", "--out", "c"][..], &["demo", "c"]] {
        refused(&ran(place.path(), verb), &["c is the folder of a comparison, not of a", "--force"]);
    }
    assert_eq!(tree(&place.path().join("c")), before);
    let resumed = ran(place.path(), &[&many[..], &["--resume"]].concat());
    assert!(resumed.status.success(), "{}", String::from_utf8_lossy(&resumed.stderr));
}

/// A6: the scenarios of the demo lie there to be changed.
#[test]
fn the_demo_does_not_write_over_a_scenario_that_was_changed() {
    let place = tempfile::tempdir().expect("a folder");
    assert!(ran(place.path(), &["demo", "d"]).status.success());
    let edited = place.path().join("d/stale-image-scale-out.yaml");
    let text = fs::read_to_string(&edited).expect("read") + "# my edit\n";
    fs::write(&edited, &text).expect("written");
    refused(&ran(place.path(), &["demo", "d"]), &["stale-image-scale-out.yaml", "--force"]);
    assert_eq!(fs::read_to_string(&edited).expect("read"), text);
}

/// A5, A9: links, files and devices are not replaced.
#[test]
fn what_is_no_folder_and_what_is_no_file_is_refused_and_stays() {
    let place = workplace();
    let at = |name: &str| place.path().join(name);
    fs::write(at("afile"), "kept").expect("written");
    fs::create_dir(at("dir")).expect("made");
    std::os::unix::fs::symlink("dir", at("link")).expect("linked");
    std::os::unix::fs::symlink("nowhere", at("dangling")).expect("linked");
    let before = tree(place.path());
    for verb in ["run", "compare"] {
        refused(&ran(place.path(), &[verb, "s.yaml", "--out", "afile"]), &["afile is a file, not a folder"]);
        refused(&ran(place.path(), &[verb, "s.yaml", "--out", "link"]), &["link is a link"]);
        refused(&ran(place.path(), &[verb, "s.yaml", "--out", "dangling"]), &["dangling is a link"]);
        refused(&ran(place.path(), &[verb, "s.yaml", "--out", "afile/below"]), &["afile"]);
    }
    refused(&ran(place.path(), &["test", "s.yaml", "--replications", "2", "--junit", "dir"]), &["dir is a folder"]);
    refused(&ran(place.path(), &["test", "s.yaml", "--replications", "2", "--junit", "dangling"]), &["is a link"]);
    refused(&ran(place.path(), &["new", "s"]), &["s.yaml already exists and is not replaced"]);
    assert_eq!(tree(place.path()), before);
    let test = ran(place.path(), &["test", "s.yaml", "--replications", "2", "--junit", "/dev/stdout"]);
    assert!(String::from_utf8_lossy(&test.stdout).contains("<testsuites"), "a stream takes it");
    assert!(!fs::symlink_metadata("/dev/null").expect("it stands").is_file());
}

/// A2: a folder that is mounted (`docker run -v $PWD/out:/out … --out /out`) cannot be renamed: its files are replaced in it.
#[cfg(target_os = "linux")]
#[test]
fn a_mount_point_takes_one_run_after_the_other_and_keeps_what_is_foreign() {
    let place = workplace();
    let steps = "set -eu; mkdir out; mount -t tmpfs tmpfs out
        \"$1\" run s.yaml --seed 1 --out out >/dev/null; grep -q '\"seed\": 1' out/plan.json
        \"$1\" run s.yaml --seed 2 --out out >/dev/null; grep -q '\"seed\": 2' out/plan.json
        \"$1\" why out 3 >/dev/null
        if ls -A out | grep -q writing; then exit 91; fi
        echo mine >out/notes.txt
        if \"$1\" run s.yaml --seed 3 --out out 2>refused; then exit 90; fi
        grep -q notes.txt refused; grep -q '\"seed\": 2' out/plan.json; cat out/notes.txt";
    for unshare in [&["unshare", "-m"][..], &["unshare", "-rm"], &["sudo", "-n", "unshare", "-m"]] {
        let inside = |steps: &str| {
            let mut command = Command::new(unshare[0]);
            command.args(&unshare[1..]).args(["sh", "-c", steps, "sh", env!("CARGO_BIN_EXE_windtunnel")]);
            command.current_dir(place.path()).output()
        };
        if inside("mkdir -p t && mount -t tmpfs tmpfs t").is_ok_and(|tried| tried.status.success()) {
            let done = inside(steps).expect("it starts");
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success() && done.stdout == b"mine\n", "{:?}: {said}", done.status);
            return;
        }
    }
    println!("SKIPPED: nothing can be mounted here; run it where `unshare -m` or `sudo unshare -m` may");
    assert!(std::env::var_os("CI").is_none(), "no test skips in CI");
}

/// A4: one whole folder and one clear refusal.
#[test]
fn of_two_writers_at_once_one_is_refused_and_the_folder_is_of_the_other() {
    let place = workplace();
    for round in 0..6 {
        let start = |seed: &str| {
            let mut run = windtunnel(place.path(), &["run", "s.yaml", "--seed", seed, "--out", "cc"]);
            run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts")
        };
        let ended = ["1", "2"].map(start).map(|child| child.wait_with_output().expect("it ends"));
        let done: Vec<bool> = ended.iter().map(|output| output.status.success()).collect();
        assert!(done.contains(&true), "round {round}: somebody wins");
        for output in ended.iter().filter(|output| !output.status.success()) {
            refused(output, &["another windtunnel is writing cc"]);
        }
        let plan = fs::read_to_string(place.path().join("cc/plan.json")).expect("read");
        let seed = if plan.contains("\"seed\": 1") { "seed 1" } else { "seed 2" };
        for picture in PLOTS.iter().map(|plot| format!("{}.svg", plot.name)) {
            let text = fs::read_to_string(place.path().join("cc").join(&picture)).expect("read");
            assert!(text.contains(seed), "round {round}: {picture} is of the same run");
        }
        let hidden = tree(place.path()).into_keys().filter(|path| path.starts_with(".cc")).count();
        assert!(!place.path().join(".cc.lock").exists() && hidden == 0, "round {round}: nothing is left beside it");
    }
}

/// A7, D3: names become names of files that stay in `reports/`, and another scenario of the same stem takes nothing over.
#[test]
fn default_folders_stay_in_reports_and_do_not_collide() {
    let place = workplace();
    let scenario = fs::read_to_string(place.path().join("s.yaml")).expect("read");
    for folder in ["s1", "s2"] {
        fs::create_dir(place.path().join(folder)).expect("made");
        fs::write(place.path().join(folder).join("fleet.yaml"), &scenario).expect("written");
    }
    assert!(ran(place.path(), &["run", "s1/fleet.yaml"]).status.success());
    let first = tree(&place.path().join("reports/fleet"));
    assert!(ran(place.path(), &["run", "s2/fleet.yaml"]).status.success());
    assert!(place.path().join("reports/s2-fleet/as-written-1/plan.json").is_file());
    assert_eq!(tree(&place.path().join("reports/fleet")), first);
    // The path of a third comes to the same name: it is refused, and the second stays.
    fs::write(place.path().join("s2-fleet.yaml"), &scenario).expect("written");
    let before = tree(&place.path().join("reports"));
    refused(
        &ran(place.path(), &["run", "s2-fleet.yaml"]),
        &["belongs to s2/fleet.yaml, not to s2-fleet.yaml", "--out"],
    );
    assert_eq!(tree(&place.path().join("reports")), before);
    let escape = scenario.replace("policies:\n", "policies:\n  \"../../../ESC\": { objective: 98% }\n");
    assert_ne!(escape, scenario, "the scenario has policies");
    fs::write(place.path().join("s1/e.yaml"), escape).expect("written");
    let run = ran(&place.path().join("s1"), &["run", "e.yaml", "--policy", "../../../ESC"]);
    assert!(run.status.code() != Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(!tree(place.path()).keys().any(|path| path.to_string_lossy().starts_with("ESC")));
}

/// A8: the finished comparison stands until the new one does, and a new one that was cut off is carried on.
#[test]
fn a_comparison_that_is_cut_off_keeps_the_finished_one() {
    let place = workplace();
    let few = ["compare", "s.yaml", "--replications", "4", "--out", "c"];
    assert!(ran(place.path(), &few).status.success());
    let before = tree(&place.path().join("c"));
    let many = ["compare", "s.yaml", "--replications", "6", "--out", "c"];
    let calls = count(place.path(), &many);
    restore(place.path(), "c", &before);
    // Cut off before the last calls, which put the new one in place.
    let cut = windtunnel(place.path(), &many).env("WINDTUNNEL_FAULT", format!("kill:{}", calls / 2)).output();
    assert!(!cut.expect("it starts").status.success());
    for (path, bytes) in &before {
        if !path.starts_with(".windtunnel") {
            assert_eq!(tree(&place.path().join("c")).get(path), Some(bytes), "{}", path.display());
        }
    }
}

/// How many calls that change the disk a command makes.
fn count(at: &Path, args: &[&str]) -> u64 {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let output = windtunnel(at, args).env("WINDTUNNEL_FAULT_COUNT", file.path()).output().expect("it starts");
    assert!(output.status.code().is_some_and(|code| code != 1), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(file.path()).expect("it was written").parse().expect("a number")
}

/// Makes a folder what it was, and removes what lies beside it.
fn restore(at: &Path, name: &str, before: &BTreeMap<PathBuf, Vec<u8>>) {
    let folder = at.join(name);
    let _ = fs::remove_dir_all(&folder);
    let _ = fs::remove_file(&folder);
    for entry in fs::read_dir(at).expect("listed") {
        let path = entry.expect("listed").path();
        if path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(&format!(".{name}."))) {
            let _ = fs::remove_dir_all(&path);
            let _ = fs::remove_file(&path);
        }
    }
    if before.contains_key(Path::new("")) {
        fs::write(&folder, &before[Path::new("")]).expect("written");
        return;
    }
    if before.is_empty() {
        return;
    }
    fs::create_dir_all(&folder).expect("made");
    let folders: std::collections::BTreeSet<&Path> = before.keys().filter_map(|path| path.parent()).collect();
    for path in folders {
        fs::create_dir_all(folder.join(path)).expect("made");
    }
    for (path, bytes) in before {
        if !folder.join(path).is_dir() {
            fs::write(folder.join(path), bytes).expect("written");
        }
    }
}

/// What a command leaves at `name`: the tree of a folder, a file as the empty path. How long tests took is left out.
fn left(at: &Path, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let path = at.join(name);
    if path.is_file() {
        let text = fs::read_to_string(path).expect("read");
        return BTreeMap::from([(PathBuf::new(), junit::timeless(&text).into_bytes())]);
    }
    if path.is_dir() { tree(&path) } else { BTreeMap::new() }
}

/// Makes each call that changes the disk fail, and ends the program there: the old stands whole or the new does. Then the
/// command is run again in what was left, and ends as it does without trouble.
/// Of the calls each `step`-th fails, another one in each way to fail.
fn every_fault(name: &str, prepare: impl Fn(&Path), second: &[&str], step: u64) {
    let place = workplace();
    let at = place.path();
    prepare(at);
    let old = left(at, name);
    let calls = count(at, second);
    let new = left(at, name);
    assert!(!new.is_empty() && new != old, "{second:?} writes {name}");
    let whole = |now: &BTreeMap<PathBuf, Vec<u8>>| {
        // What grows while a comparison runs is in a folder of its own, and the marker names it.
        let plain = |tree: &BTreeMap<PathBuf, Vec<u8>>| -> BTreeMap<PathBuf, Vec<u8>> {
            let keep = |path: &Path| {
                let name = path.to_string_lossy();
                !path.starts_with("unfinished") && !name.starts_with(".windtunnel") && !name.ends_with(".writing")
            };
            tree.iter().filter(|(path, _)| keep(path)).map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
        };
        let now = plain(now);
        now == plain(&old) || now == plain(&new)
    };
    for (way, how) in (0..).zip(["error", "kill", "dead"]) {
        for call in (1..=calls).filter(|call| (call + way) % step == 0) {
            restore(at, name, &old);
            let output = windtunnel(at, second).env("WINDTUNNEL_FAULT", format!("{how}:{call}")).output();
            let output = output.expect("it starts");
            let said = String::from_utf8_lossy(&output.stderr);
            let now = left(at, name);
            assert!(whole(&now), "{second:?} with {how} at call {call} of {calls} left {:?}\n{said}", now.keys());
            if how == "kill" {
                let again = ran(at, second);
                let resumed = || ran(at, &[second, &["--resume"]].concat());
                let refused = String::from_utf8_lossy(&again.stderr).contains("carry it on with --resume");
                let last = if refused { resumed() } else { again };
                let now = left(at, name);
                let said = String::from_utf8_lossy(&last.stderr);
                assert!(now == new, "{second:?} after {how} at call {call} of {calls}: {:?}\n{said}", now.keys());
            } else if output.status.code() == Some(2) {
                assert!(!said.contains("os error") && said.contains("error: "), "{said}");
            }
        }
    }
}

const fn nothing(_at: &Path) {}

fn first<'a>(args: &'a [&'a str]) -> impl Fn(&Path) + 'a {
    move |at| assert!(ran(at, args).status.success())
}

/// What CI takes of the calls; `.ci/long` takes each.
const SAMPLED: u64 = 4;

fn a_run(step: u64) {
    every_fault("r", first(&["run", "s.yaml", "--out", "r"]), &["run", "s.yaml", "--seed", "2", "--out", "r"], step);
}

fn a_first_run(step: u64) {
    every_fault("r", nothing, &["run", "s.yaml", "--out", "r"], step);
}

fn a_comparison(step: u64) {
    let few = ["compare", "s.yaml", "--replications", "3", "--jobs", "1", "--out", "c"];
    let more = ["compare", "s.yaml", "--replications", "4", "--jobs", "1", "--out", "c"];
    every_fault("c", first(&few), &more, step);
}

fn files(step: u64) {
    let old = |at: &Path| fs::write(at.join("j.xml"), "<old/>").expect("written");
    every_fault("j.xml", old, &["test", "s.yaml", "--replications", "2", "--junit", "j.xml"], step);
    every_fault("fresh.yaml", nothing, &["new", "fresh"], step);
    let update = ["test", "s.yaml", "--replications", "2", "--baseline", "b", "--update-baseline"];
    every_fault("b", nothing, &update, step);
}

#[test]
fn a_run_is_whole_whatever_call_fails() {
    a_run(SAMPLED);
}

#[test]
fn a_first_run_is_whole_whatever_call_fails() {
    a_first_run(SAMPLED);
}

#[test]
fn a_comparison_is_whole_whatever_call_fails() {
    a_comparison(SAMPLED);
}

/// These make few calls.
#[test]
fn files_are_whole_whatever_call_fails() {
    files(1);
}

#[test]
#[ignore = "takes minutes: .ci/long"]
fn all_is_whole_whatever_call_fails() {
    a_run(1);
    a_first_run(1);
    a_comparison(1);
}
