//! What the program says of files that are wrong: the place, the fix, exit code 2; nothing is written and nothing panics.

mod samples;

use assert_cmd::Command;
use std::fs;
use std::path::Path;

const SOUND: &str = "windtunnel: 1
title: A sound scenario
horizon: PT30M
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss-web
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 2 }
    properties:
      orchestrationMode: Uniform
      virtualMachineProfile: { storageProfile: { imageReference: { id: web/1.0.0 } } }
images: { web: { 1.0.0: { code: c1 } } }
application: { releases: [c1] }
timeline:
  - { name: out, at: PT5M, setCapacity: { scaleSet: vmss-web, capacity: 4 } }
expect:
  - { name: few stand, measure: capacity.peak_instances, atMost: 6 }
";

/// A mistake: what it changes in the sound scenario, and what must be said of it.
struct Mistake {
    name: &'static str,
    sound: &'static str,
    wrong: &'static str,
    code: &'static str,
    /// File, line and column.
    place: &'static str,
    fix: &'static str,
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        name: "a typo three levels deep",
        sound: "orchestrationMode: Uniform",
        wrong: "orchestrationMod: Uniform",
        code: "E0408",
        place: "scenario.yaml:10:7",
        fix: "did you mean `orchestrationMode`?",
    },
    Mistake {
        name: "a typo in the timeline",
        sound: "capacity: 4",
        wrong: "capcity: 4",
        code: "E0107",
        place: "scenario.yaml:15:63",
        fix: "did you mean `capacity`?",
    },
    Mistake {
        name: "an unknown measure",
        sound: "capacity.peak_instances",
        wrong: "capacity.peak_instance",
        code: "E0208",
        place: "scenario.yaml:17:33",
        fix: "did you mean `capacity.peak_instances`?",
    },
    Mistake {
        name: "a negative duration",
        sound: "at: PT5M",
        wrong: "at: -PT5M",
        code: "E0111",
        place: "scenario.yaml:15:22",
        fix: "a duration must be zero or longer",
    },
    Mistake {
        name: "a duplicate key",
        sound: "horizon: PT30M",
        wrong: "horizon: PT30M\nhorizon: PT40M",
        code: "E0105",
        place: "scenario.yaml:4:1",
        fix: "keep one of the two",
    },
    Mistake {
        name: "a missing file",
        sound: "application:",
        wrong: "traffic: { lb: { demand: { trace: day.csv } } }\napplication:",
        code: "E0101",
        place: "scenario.yaml:13:35",
        fix: "paths are relative to the file that names them",
    },
    Mistake {
        name: "a missing template",
        sound: "resources:\n",
        wrong: "resources:\n  - template: no.json\n",
        code: "E0101",
        place: "scenario.yaml:5:15",
        fix: "paths are relative to the file that names them",
    },
    Mistake {
        name: "a template that is not JSON",
        sound: "resources:\n",
        wrong: "resources:\n  - template: broken.json\n",
        code: "E0104",
        place: "broken.json:1:17",
        fix: "write a text in double quotes",
    },
];

/// A folder with the scenario in it, and what the program says of it.
fn said_of(text: &str) -> (tempfile::TempDir, std::process::Output) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("scenario.yaml"), text).expect("written");
    fs::write(folder.path().join("broken.json"), "{ \"resources\" : none }\n").expect("written");
    let mut command = Command::cargo_bin("windtunnel").expect("the program is built");
    command.current_dir(folder.path()).args(["run", "scenario.yaml", "--out", "out"]);
    let output = command.output().expect("it runs");
    (folder, output)
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_sound_scenario_runs_and_leaves_its_folder() {
    let (folder, output) = said_of(SOUND);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(entries(folder.path()), ["broken.json", "out", "scenario.yaml"]);
}

#[test]
fn every_mistake_gets_its_place_and_its_fix() {
    for mistake in MISTAKES {
        assert!(SOUND.contains(mistake.sound), "{}", mistake.name);
        let (folder, output) = said_of(&SOUND.replacen(mistake.sound, mistake.wrong, 1));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{}: {said}", mistake.name);
        assert!(output.stdout.is_empty(), "{}", mistake.name);
        for part in [&format!("error[{}]", mistake.code), mistake.place, mistake.fix] {
            assert!(said.contains(part), "{}: no `{part}` in\n{said}", mistake.name);
        }
        assert!(!said.contains("panicked"), "{}: {said}", mistake.name);
        assert_eq!(entries(folder.path()), ["broken.json", "scenario.yaml"], "{} leaves something", mistake.name);
    }
}

#[test]
fn a_scenario_that_is_not_there_is_a_problem() {
    let mut command = Command::cargo_bin("windtunnel").expect("the program is built");
    let output = command.args(["run", "no-such-scenario.yaml"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("error[E0101]: there is no file `no-such-scenario.yaml`"), "{said}");
}

#[test]
fn a_scenario_in_json_is_checked_as_one() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("s.json"), "{ \"windtunnel\": 1, \"titel\": \"t\" }").expect("written");
    let mut command = Command::cargo_bin("windtunnel").expect("the program is built");
    let output = command.current_dir(folder.path()).args(["check", "s.json"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("error[E0107]") && said.contains("did you mean `title`?"), "{said}");
}

#[test]
fn every_real_file_gets_a_clear_answer() {
    let Some(folder) = samples::samples() else { return };
    let files: Vec<String> = samples::index(&folder).into_iter().map(|(file, _)| file).collect();
    let mut command = Command::cargo_bin("windtunnel").expect("the program is built");
    let output = command.current_dir(&folder).args(["check", "--format", "json"]).args(&files).output();
    let output = output.expect("it runs");
    assert!(matches!(output.status.code(), Some(0 | 2)), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the answer is JSON");
    let answers = answer["files"].as_array().expect("one answer a file");
    assert_eq!(answers.len(), files.len());
    let list = |of: &serde_json::Value, key: &str| of[key].as_array().map_or(0, Vec::len);
    for answer in answers {
        let (understood, problems) = (list(answer, "understood"), list(answer, "problems"));
        assert!(understood + problems > 0, "{answer} says nothing");
        let explained = answer["problems"].as_array().is_some_and(|problems| {
            problems.iter().all(|problem| problem["message"].as_str().is_some_and(|message| !message.is_empty()))
        });
        assert!(explained, "{answer}");
    }
    println!("{} real files were checked", answers.len());
}

/// Who stops reading does not turn a failure into a success (`windtunnel test … | head -1`).
#[test]
fn a_pipe_that_nobody_reads_changes_no_exit_code() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("scenario.yaml");
    fs::write(&path, SOUND.replace("atMost: 6", "atMost: 1")).expect("written");
    for (args, code) in [(&["test", "--replications", "20"][..], 3), (&["run"], 3)] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_windtunnel"))
            .current_dir(folder.path())
            .args(args)
            .arg(&path)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("it starts");
        drop(child.stdout.take());
        assert_eq!(child.wait().expect("it ends").code(), Some(code), "{args:?}");
    }
}

/// What is no file is not waited for, and what is without end is not read.
#[cfg(unix)]
#[test]
fn devices_pipes_and_links_in_circles_are_refused_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("suite")).expect("made");
    fs::write(at("suite/sound.yaml"), SOUND).expect("written");
    std::os::unix::fs::symlink(".", at("suite/a")).expect("linked");
    std::os::unix::fs::symlink(".", at("suite/b")).expect("linked");
    let fifo = std::process::Command::new("mkfifo").arg(at("suite/pipe.yaml")).status().expect("mkfifo is there");
    assert!(fifo.success());
    let program = || Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    let done = program().arg("test").arg(at("suite")).args(["--replications", "2"]).assert().success();
    let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    assert!(said.contains("skipped: 2 links ("), "{said}");
    assert!(
        said.contains("skipped: 1 name (") && said.contains("suite/pipe.yaml), since only regular files"),
        "{said}"
    );
    for path in ["/dev/zero".to_owned(), at("suite/pipe.yaml").display().to_string()] {
        let refused = program().arg("check").arg(&path).assert().code(2);
        let said = String::from_utf8_lossy(&refused.get_output().stdout).into_owned();
        assert!(said.contains("name a regular file"), "{said}");
    }
}

/// Of a folder, what is no scenario is named, and what was meant to be one is not passed over.
#[test]
fn a_folder_says_what_it_leaves_out_and_misses_no_misspelt_scenario() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    let test = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
        let done = program.args(["test", ".", "--replications", "2"]).current_dir(folder.path()).assert();
        let output = done.get_output();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    write("sound.yaml", SOUND);
    assert_eq!(test(), (Some(0), String::new()));
    for name in ["a", "b", "c", "d"] {
        write(&format!("{name}.yaml"), "apiVersion: v1\nkind: Secret\ndata: { windtunnel: abc }\n");
    }
    let (code, said) = test();
    let line = "skipped: 4 files (./a.yaml, ./b.yaml, ./c.yaml, …), since no line begins with `windtunnel:`";
    assert!(code == Some(0) && said.contains(line) && !said.contains("abc"), "{said}");
    write("bad.yaml", &SOUND.replace("windtunnel: 1", "windtunel: 1"));
    let (code, said) = test();
    assert!(code == Some(2) && said.contains("bad.yaml:1:1") && said.contains("did you mean `windtunnel`?"), "{said}");
    write("bad.yaml", "windtunel: 1\n");
    let (code, said) = test();
    assert!(code == Some(2) && said.contains("error[E0605]: `bad.yaml` is not a scenario"), "{said}");
}

/// Of a test, no part of its name is cut, however narrow the screen.
#[test]
fn long_names_of_tests_are_folded() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let name = "no more than six stand ".repeat(8).trim_end().to_owned();
    fs::write(folder.path().join("s.yaml"), SOUND.replace("few stand", &name)).expect("written");
    let mut program = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    let done = program.args(["test", "s.yaml", "-n", "2"]).current_dir(folder.path()).assert().success();
    let said = String::from_utf8_lossy(&done.get_output().stdout).into_owned();
    assert!(said.split_whitespace().collect::<Vec<_>>().join(" ").contains(&format!("pass {name} ")), "{said}");
    assert!(!said.contains('…') && said.lines().all(|line| line.chars().count() <= 120), "{said}");
}

/// 126 anchors around one another, each of which holds everything inside it.
#[test]
fn anchors_within_anchors_are_counted_by_what_they_hold() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bomb.yaml");
    let open: String = (0..126).map(|n| format!("&a{n} [")).collect();
    let ones = vec!["1"; 100_000].join(",");
    fs::write(&path, format!("windtunnel: 1\nx: {open}{ones}{}\n", "]".repeat(126))).expect("written");
    let refused = Command::new(env!("CARGO_BIN_EXE_windtunnel")).arg("check").arg(&path).assert().code(2);
    let said = String::from_utf8_lossy(&refused.get_output().stdout).into_owned();
    assert!(said.contains("E0106") && said.contains("use fewer anchors"), "{}", &said[..said.len().min(600)]);
}

fn said_by_check(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join(name), bytes).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    let refused = command.current_dir(folder.path()).args(["check", name]).assert().code(2);
    String::from_utf8_lossy(&refused.get_output().stdout).into_owned()
}

/// The third line has the byte; before it stand 1 + 12 + 9 bytes, or two bytes a letter behind the first two.
#[test]
fn what_is_no_text_and_what_is_empty_is_said_with_its_place() {
    let said = said_by_check("s.yaml", b"windtunnel: 1\ntitle: x\nhorizon: \xffPT1H\n");
    assert!(said.contains("E0102") && said.contains("at byte 32, in line 3"), "{said}");
    let said = said_by_check("t.json", b"\xff\xfe[\0\n\0\0\xd8]\0");
    assert!(said.contains("E0102") && said.contains("UTF-16, as its first bytes say, in line 2"), "{said}");
    let said = said_by_check("empty.json", b" \n");
    assert!(
        said.contains("E0402") && said.contains("`empty.json` is empty") && said.contains("--> empty.json:"),
        "{said}"
    );
}

/// What could be there is said where nothing is near, and no help says what is untrue.
#[test]
fn an_unknown_key_gets_the_keys_and_a_list_what_would_be_one() {
    let said = said_by_check("s.yaml", SOUND.replace("releases: [c1]", "releases: [c1], qqqqqqqq: 1").as_bytes());
    assert!(said.contains("E0107") && said.contains("help: the keys are `releases`"), "{said}");
    let said = said_by_check("s.yaml", SOUND.replace("releases: [c1]", "releases: c1").as_bytes());
    assert!(said.contains("E0108") && said.contains("write one as `[c1]`"), "{said}");
    let said = said_by_check("s.yaml", SOUND.replace("releases: [c1]", "releases: { c1: x }").as_bytes());
    assert!(said.contains("E0108") && !said.contains("write one as"), "{said}");
    let said = said_by_check("s.yaml", SOUND.replace("timeline:\n  - {", "timeline:\n  {").as_bytes());
    assert!(said.contains("E0108") && said.contains("begin it with `- `"), "{said}");
}

/// A full disk is said with what could not be written.
#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_named() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has one");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    let done = command.arg("rules").stdout(full).output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot write to standard output: No space left on device"), "{said}");
}

/// Pipes and devices are not waited for wherever a file is read: baselines, the journal, what a folder holds.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read_wherever_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    let link = |name: &str| {
        let _ = fs::remove_file(at(name));
        std::os::unix::fs::symlink("/dev/zero", at(name)).expect("linked");
    };
    fs::write(at("s.yaml"), SOUND).expect("written");
    let ran = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
            .current_dir(folder.path())
            .args(args)
            .timeout(std::time::Duration::from_secs(20))
            .output()
            .expect("it runs");
        let said = [&output.stdout[..], &output.stderr[..]].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    fs::create_dir(at("baseline")).expect("made");
    link("baseline/s.json");
    let (code, said) = ran(&["test", "s.yaml", "-n", "2", "--baseline", "baseline"]);
    assert_eq!(code, Some(8), "{said}");
    assert!(said.contains("is not a regular file"), "{said}");
    assert_eq!(ran(&["run", "s.yaml", "--out", "run"]).0, Some(0));
    for name in ["summary.json", "plan.json"] {
        link(&format!("run/{name}"));
        let (code, said) = ran(&["why", "run", "1"]);
        assert!(code == Some(2) && said.contains("name a regular file"), "{said}");
    }
    assert_eq!(ran(&["compare", "s.yaml", "-n", "2", "--out", "c"]).0, Some(0));
    link("c/blocks/000000.json");
    let (code, said) = ran(&["compare", "s.yaml", "-n", "2", "--out", "c", "--resume"]);
    // A journal has no links, so it is not one of ours.
    assert!(code == Some(2) && said.contains("files that windtunnel did not write (blocks/000000.json)"), "{said}");
}

/// What takes long for few takes for ever for many: two minutes here, where each policy was compared key by key.
#[test]
fn many_unknown_keys_beside_policies_are_reported_in_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("s.yaml");
    let policies = "policies: { one: { horizon: PT1H }, two: { horizon: PT2H } }\n";
    let unknown: String = (0..60_000).map(|number| format!("unknown{number}: 1\n")).collect();
    fs::write(&path, format!("{SOUND}{policies}{unknown}")).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    command.arg("check").arg(&path).timeout(std::time::Duration::from_secs(30)).assert().code(2);
}

/// A file of another language is named as such by its ending, with what to do; a file that stands for a folder is said to be one.
#[test]
fn files_of_other_languages_and_files_for_folders_get_advice() {
    let home = tempfile::tempdir().expect("a folder");
    for (name, text) in
        [("main.bicep", "param x string\n"), ("main.tf", "resource \"a\" \"b\" {}\n"), ("x.yaml", "a: 1\n")]
    {
        std::fs::write(home.path().join(name), text).expect("it is written");
    }
    let said = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_windtunnel"));
        let output = command.args(arguments).current_dir(home.path()).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    for verb in ["check", "run"] {
        let bicep = said(&[verb, "main.bicep"]);
        assert!(bicep.contains("E0407") && bicep.contains("main.bicep"), "{bicep}");
        let terraform = said(&[verb, "main.tf"]);
        assert!(terraform.contains("E0406") && terraform.contains("terraform show -json"), "{terraform}");
    }
    for arguments in [&["why", "x.yaml", "1"][..], &["status", "x.yaml", "--at", "PT1M"]] {
        let file = said(arguments);
        assert!(file.contains("x.yaml is a file, and not the folder of a run") && !file.contains("os error"), "{file}");
    }
    for list in ["rules", "assumptions"] {
        let unknown = said(&[list, "bogus"]);
        assert!(unknown.contains(&format!("`windtunnel {list}` lists them")), "{unknown}");
    }
}
