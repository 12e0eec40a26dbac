//! The model is held to what was recorded of the platform: by the project's own summary always, and by the recordings themselves
//! where there is a folder of them (`WINDTUNNEL_RECORDINGS`, or `../shared/recordings`).

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use windtunnel::reality::exceptions::{EXCEPTIONS, why_impossible};
use windtunnel::reality::extract;
use windtunnel::reality::figures::Figures;
use windtunnel::reality::judge::judge;
use windtunnel::reality::recordings;
use windtunnel::reality::table::{Fares, Quantity, Table};
use windtunnel::words::text::wrap;

static TABLE: LazyLock<Table> = LazyLock::new(|| judge(&Figures::bundled()));

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of recordings, where there is one.
fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("WINDTUNNEL_RECORDINGS").map(PathBuf::from);
    let folder = named.clone().unwrap_or_else(|| root().join("../shared/recordings"));
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(named.is_none(), "WINDTUNNEL_RECORDINGS names {}, which is no folder", folder.display());
    println!(
        "SKIPPED: there are no recordings; set WINDTUNNEL_RECORDINGS to their folder. The summary was judged all the same."
    );
    None
}

/// `UPDATE=1` writes the summary anew.
#[test]
fn the_summary_is_that_of_the_recordings() {
    let Some(folder) = folder() else { return };
    let read = recordings::read(&folder).expect("the folder can be read");
    assert_eq!(read.unreadable, []);
    let csv = extract::figures(&read).to_csv();
    let path = root().join("src/reality/figures.csv");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, csv).expect("it can be written");
        return;
    }
    let known = std::fs::read_to_string(&path).expect("it is there").replace("\r\n", "\n");
    let differs = known.lines().zip(csv.lines()).position(|(is, now)| is != now);
    let same = known == csv;
    assert!(same, "{}: differs from line {:?}; UPDATE=1 writes it anew", path.display(), differs.map(|line| line + 1));
}

#[test]
fn every_case_can_be_asked_of_the_model() {
    let asked = |why: &&(String, u32)| why.0.contains("E0") || why.0.contains("stopped at");
    let refused: Vec<_> = TABLE.left.iter().filter(asked).collect();
    assert!(refused.is_empty(), "{refused:?}");
    let without: Vec<&str> = TABLE.quantities.iter().filter(|of| !of.played).map(|of| of.name.as_str()).collect();
    assert!(without.is_empty(), "the model gives no length to {without:?}");
}

#[test]
fn no_recorded_fact_is_wrong_or_impossible() {
    let (right, wrong, impossible) = TABLE.totals.facts;
    assert!(right >= 150 && wrong == 0 && impossible == 0, "{right} right, {wrong} wrong, {impossible} impossible");
}

#[test]
fn recorded_lists_of_instances_are_produced_and_as_often() {
    let placements = &TABLE.placements;
    let (total, impossible) = TABLE.totals.lists;
    assert!(
        total >= 150 && impossible * 50 <= total,
        "{impossible} of {total} are impossible: {:?}",
        placements.impossible
    );
    for (set_up, list, _) in &placements.impossible {
        assert_ne!(why_impossible(set_up, list), "not explained", "{set_up}: {list}");
    }
    assert!(placements.frequencies.len() >= 3, "creates of one, two and five were recorded");
    for of in &placements.frequencies {
        assert!(of.p > 0.01, "{}: p = {}", of.name, of.p);
    }
}

/// What was fitted on one half must hold most of the other: of 90 % bands fitted to 5 to 20 values, 75 to 87 % of new ones.
#[test]
fn what_was_held_out_is_said_with_what_it_covers() {
    let held = &TABLE.held_out;
    let (n, inside90, inside50) = held.totals();
    assert!(n >= 100 && held.kinds.len() >= 8, "{held:#?}");
    assert!(inside90 * 100 >= n * 70 && (30..=65).contains(&(inside50 * 100 / n)), "{held:#?}");
    assert!(held.kinds.iter().all(|of| !of.name.starts_with("create")), "{held:#?}");
    let [first, .., last] = TABLE.summary();
    assert!(TABLE.is_fitted && last.starts_with("The model's defaults were fitted to these same recordings"), "{last}");
    assert!(last.contains(&format!("(n = {n}, ")), "{last}");
    assert!(
        first.contains(&format!("of all years {:.0} %", 100.0 * TABLE.totals.all.1 as f64 / TABLE.totals.all.0 as f64))
    );
}

/// A fact is right if every seed says it, and an upgrade is equal if every seed ends so; a reading made earlier is reported.
#[test]
fn right_is_what_every_seed_says_and_older_readings_are_counted() {
    assert!(TABLE.facts.iter().all(|fact| (fact.fares() == Fares::Right) == (fact.share >= 1.0)));
    let (rolling, facts) = TABLE.totals.older;
    assert_eq!((rolling, facts), (6, 1), "the ones of mode_write and of entry_gate_code");
    let [.., third, _] = TABLE.summary();
    assert!(third.ends_with("; 6 of them are compared with the older behaviour of their year."), "{third}");
}

fn of_quantity(quantity: &Quantity) -> String {
    format!("{}: recorded {:?}, model {:?}", quantity.name, quantity.recorded, quantity.model)
}

#[test]
fn bands_hold_as_many_recorded_values_as_they_say() {
    let (coverage90, coverage50) = TABLE.totals.coverage();
    assert!((0.80..=0.97).contains(&coverage90), "the band of 90 % holds {coverage90}");
    assert!((0.40..=0.60).contains(&coverage50), "the band of 50 % holds {coverage50}");
}

#[test]
fn medians_are_near_but_for_those_that_are_explained() {
    let judged = || TABLE.quantities.iter().filter(|quantity| quantity.has_median());
    let off = judged().filter(|quantity| !quantity.is_near() && quantity.exception().is_none());
    let off: Vec<String> = off.map(of_quantity).collect();
    assert!(off.is_empty(), "{off:#?}");
    for known in EXCEPTIONS.iter().filter(|known| !known.older) {
        let needed = judged().any(|quantity| quantity.name.starts_with(known.quantity) && !quantity.is_near());
        assert!(needed, "{} needs no exception any more", known.quantity);
    }
}

#[test]
fn every_recorded_upgrade_has_its_length_and_its_result() {
    let differ: Vec<_> = TABLE.rolling.iter().filter(|row| !row.is_equal()).collect();
    assert!(differ.is_empty() && TABLE.totals.rolling.0 >= 30, "{differ:#?}");
}

/// With `UPDATE=1`, writes them.
#[test]
fn the_readme_begins_to_say_how_true_it_is_with_the_table() {
    let path = root().join("README.md");
    let text = std::fs::read_to_string(&path).expect("it is there").replace("\r\n", "\n");
    let (head, rest) = text.split_once("## How true it is\n\n").expect("it says how true it is");
    let end = rest.find("\n\n").expect("a paragraph ends");
    let lines = TABLE.summary().map(|line| format!("- {}", wrap(&line, 118).join("\n  ")));
    let wanted = lines.join("\n");
    if std::env::var_os("UPDATE").is_some() {
        let text = format!("{head}## How true it is\n\n{wanted}{}", &rest[end..]);
        std::fs::write(&path, text).expect("it can be written");
        return;
    }
    assert_eq!(&rest[..end], wanted, "UPDATE=1 writes it anew");
}

fn windtunnel(arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (text, output.status.code())
}

const TIMELINE: &str = r#"{ "source_repo": "a/b", "source_path": "c.yaml", "date": "2024-08-26", "what": "x",
    "setup": { "vmss-1": { "orchestrationMode": "Uniform", "capacity": 2, "overprovision": true, "image": { "sku": "22_04" } } },
    "events": [
        { "t_s": 0, "what": "PUT (set)", "vmss": "vmss-1", "code": 201, "capacity": 2 },
        { "t_s": 50, "what": "operation Succeeded", "of": "PUT (set) of vmss-1", "start_s": 0.2, "seconds": 49.5 },
        { "t_s": 60, "what": "instances listed", "vmss": "vmss-1", "instances": [{ "id": "0" }, { "id": "3" }] },
        { "t_s": 61, "what": "a call that nobody knows" },
        { "t_s": 70, "what": "operation Succeeded", "of": "POST /restart of vmss-1", "start_s": 62, "seconds": 8.25 }] }"#;

#[test]
fn a_folder_of_timelines_alone_is_judged_and_what_cannot_be_read_is_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("it can be written");
    write("one.json", TIMELINE);
    write("two.json", "{ \"events\": ");
    let path = folder.path().display().to_string();
    let (text, code) = windtunnel(&["reality", "--recordings", &path, "--format", "json"]);
    assert_eq!(code, Some(0), "{text}");
    let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!((&json["reality"], &json["recordings"]["timelines"]), (&1.into(), &1.into()));
    assert_eq!((&json["fittedToTheseRecordings"], &json["heldOut"]["values"]), (&false.into(), &0.into()));
    let names: Vec<_> =
        json["quantities"].as_array().expect("a list").iter().map(|of| of["quantity"].clone()).collect();
    assert_eq!(names, ["create, Linux Uniform", "restart, Linux Uniform"]);
    assert_eq!(json["quantities"][0]["recorded"]["p50"], 49.5);
    assert_eq!(json["quantities"][0]["judged"], false);
    assert_eq!((&json["placements"]["total"], &json["placements"]["impossible"]), (&1.into(), &serde_json::json!([])));
    let unreadable = json["unreadable"][0]["path"].as_str().expect("a path");
    assert!(unreadable.ends_with("two.json"), "{unreadable}");
}

#[test]
fn a_folder_with_nothing_that_can_be_read_says_so_and_computes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("one.json"), [0xff, 0xfe, 0x00]).expect("it can be written");
    std::fs::write(folder.path().join("durations.csv"), "operation,n\nx,1\n").expect("it can be written");
    let (text, code) = windtunnel(&["reality", "--recordings", &folder.path().display().to_string()]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("one.json: it is not UTF-8; put a regular file"), "{text}");
    assert!(text.contains("durations.csv: row 1: there is no column `seconds`"), "{text}");
    assert!(text.contains("nothing was recorded often enough to be judged") && !text.contains("NaN"), "{text}");
}

/// A pipe has no writer, and `/dev/zero` no end: whoever reads them to their end hangs.
#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_said_and_the_rest_is_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("one.json"), TIMELINE).expect("it can be written");
    std::os::unix::fs::symlink("/dev/zero", at("zero.json")).expect("a link");
    std::os::unix::fs::symlink("/dev/zero", at("placements.csv")).expect("a link");
    std::os::unix::fs::symlink(at("nowhere"), at("rolling.csv")).expect("a link");
    std::fs::create_dir(at("folder.json")).expect("a folder");
    for pipe in ["pipe.json", "durations.csv"] {
        let made = Command::new("mkfifo").arg(at(pipe)).status().expect("mkfifo is there");
        assert!(made.success());
    }
    let (text, code) =
        windtunnel(&["reality", "--recordings", &folder.path().display().to_string(), "--format", "json"]);
    assert_eq!(code, Some(0), "{text}");
    let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(json["recordings"]["timelines"], 1);
    let said = |name: &str| {
        let mut of = json["unreadable"].as_array().expect("a list").iter();
        let of = of.find(|of| of["path"].as_str().is_some_and(|path| path.ends_with(name)));
        of.and_then(|of| of["reason"].as_str()).unwrap_or_else(|| panic!("{name}: {text}")).to_owned()
    };
    for name in ["zero.json", "pipe.json", "durations.csv", "placements.csv"] {
        assert!(said(name).starts_with("it is not a regular file; put a regular"), "{}", said(name));
    }
    assert!(said("rolling.csv").starts_with("it leads to no file; mend the link"), "{}", said("rolling.csv"));
    assert!(said("folder.json").starts_with("it is a folder; put a regular file"), "{}", said("folder.json"));
}

#[test]
fn each_message_says_where_what_and_what_to_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (text, code) = windtunnel(&["reality", "--recordings", &at("nope")]);
    let wanted = format!("error: {}: there is no such folder; name one that has timelines (*.json)", at("nope"));
    assert!(code == Some(2) && text.starts_with(&wanted), "{text}");
    for (name, content) in [("empty.json", ""), ("half.json", "{\n\"events\": ["), ("bad.json", "{\n, }")] {
        std::fs::write(at(name), content).expect("it can be written");
    }
    std::fs::write(at("other.json"), "{}").expect("it can be written");
    let (text, code) = windtunnel(&["reality", "--recordings", &at("bad.json")]);
    let wanted = format!("error: {}: it is no folder; name the folder that it is in\n", at("bad.json"));
    assert!(code == Some(2) && text == wanted, "{text}");
    let (text, code) = windtunnel(&["reality", "--recordings", &at(""), "--format", "json"]);
    assert_eq!(code, Some(0), "{text}");
    let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let reasons: Vec<_> = json["unreadable"].as_array().expect("a list").iter().map(|of| &of["reason"]).collect();
    let wanted = [
        "it is not JSON in line 2, column 1; write it anew, or take it away",
        "it is empty; write it anew, or take it away",
        "it is JSON without its end: it stops in line 2; write it anew, or take it away",
        "it has no list of events; add `events`, or take the file away if it is no timeline",
    ];
    assert_eq!(reasons, wanted);
}

#[test]
fn what_prints_no_json_refuses_to() {
    let (text, code) = windtunnel(&["reality", "--figures", "--format", "json"]);
    assert!(code == Some(2) && text.contains("`--figures` prints CSV, not JSON; remove"), "{text}");
    let (text, code) = windtunnel(&["reality", "--case", "create Linux Uniform 2 2", "--format", "json"]);
    assert!(code == Some(2) && text.contains("`--case` prints YAML, not JSON; remove"), "{text}");
    let (text, code) = windtunnel(&["reality", "--case", "create Linux Uniform 2 2", "--figures"]);
    assert!(code == Some(2) && text.contains("cannot be used with"), "{text}");
}

/// Nothing here is judged: no line may say that so many of none lie anywhere.
#[test]
fn timelines_of_which_nothing_is_judged_compute_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("one.json"), TIMELINE).expect("it can be written");
    let path = folder.path().display().to_string();
    let (text, _) = windtunnel(&["reality", "--recordings", &path]);
    assert!(text.contains("nothing was recorded often enough to be judged") && !text.contains("NaN"), "{text}");
    let (text, _) = windtunnel(&["reality", "--recordings", &path, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let totals = &json["totals"];
    let shares = [
        &totals["coverage90"],
        &totals["coverage50"],
        &totals["allYears"]["coverage90"],
        &json["heldOut"]["coverage90"],
    ];
    assert_eq!(shares, [&serde_json::Value::Null; 4], "{totals}");
}

#[test]
fn a_folder_without_recordings_is_an_error() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (text, code) = windtunnel(&["reality", "--recordings", &folder.path().display().to_string()]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("has neither timelines (*.json) nor a table of them"), "{text}");
}

#[test]
fn the_scenario_of_a_case_can_be_had_and_checked() {
    let case = "os-upgrade Linux Uniform 2 2 probe=15x2 policy=20/20/20";
    let (text, code) = windtunnel(&["reality", "--case", case]);
    assert_eq!(code, Some(0), "{text}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("case.yaml");
    std::fs::write(&path, text).expect("it can be written");
    let (said, code) = windtunnel(&["check", &path.display().to_string()]);
    assert_eq!(code, Some(0), "{said}");
    let (said, code) = windtunnel(&["reality", "--case", "invent Linux Uniform 2 2"]);
    assert_eq!((said.as_str(), code), ("error: no call is named `invent`\n", Some(2)));
}
