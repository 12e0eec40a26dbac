//! `test --against`: what is said of a change, from the files of before and those of now.
//!
//! The team's three incidents and the nineteen changes of its template are those that reviewers tried by hand; what each truly does was
//! found by comparing the runs of two checkouts seed by seed, outside of this program.
#![cfg(unix)]

#[path = "against/baselines.rs"]
mod baselines;
#[path = "against/review.rs"]
mod review;
#[path = "common/team.rs"]
mod team;

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Output;
use team::{compared, copy, git, repository, root, team, text, windtunnel};
use windtunnel::experiment::against::{Became, Before, judge};
use windtunnel::experiment::suite::{File, Held, run_all};
use windtunnel::input::{LoadOptions, load_text};
use windtunnel::threads::Threads;

fn template(at: &Path, edit: impl FnOnce(&mut Value)) {
    let path = at.join("infra/main.json");
    let mut template: Value = serde_json::from_str(&fs::read_to_string(&path).expect("read")).expect("JSON");
    edit(&mut template);
    fs::write(&path, format!("{template:#}")).expect("written");
}

fn rolling(template: &mut Value) -> &mut Value {
    &mut template["resources"]["vmss"]["properties"]["upgradePolicy"]["rollingUpgradePolicy"]
}

/// A change of the template; what is surely worse, as incident and measure, or nothing where the change is harmless.
type Change = (&'static str, fn(&mut Value), &'static [(&'static str, &'static str)]);

fn probe(template: &mut Value, path: &str) {
    let resources = &mut template["resources"];
    resources["lb"]["properties"]["probes"][0]["properties"]["requestPath"] = path.into();
    let extensions = &mut resources["vmss"]["properties"]["virtualMachineProfile"]["extensionProfile"]["extensions"];
    extensions[0]["properties"]["settings"]["requestPath"] = path.into();
}

fn batch(template: &mut Value, percent: u64) {
    let rolling = rolling(template);
    rolling["maxBatchInstancePercent"] = percent.into();
    for share in ["maxUnhealthyInstancePercent", "maxUnhealthyUpgradedInstancePercent"] {
        rolling[share] = percent.max(20).into();
    }
}

fn grace(template: &mut Value, seconds: u64) {
    let profile = &mut template["resources"]["vmss"]["properties"]["virtualMachineProfile"];
    profile["extensionProfile"]["extensions"][0]["properties"]["settings"]["gracePeriod"] = seconds.into();
}

fn repairs(template: &mut Value, length: &str) {
    template["resources"]["vmss"]["properties"]["automaticRepairsPolicy"]["gracePeriod"] = length.into();
}

fn cooldown(template: &mut Value, length: &str) {
    let rules = &mut template["resources"]["autoscale"]["properties"]["profiles"][0]["rules"];
    rules[0]["scaleAction"]["cooldown"] = length.into();
}

fn image(template: &mut Value, image: &str) {
    let profile = &mut template["resources"]["vmss"]["properties"]["virtualMachineProfile"];
    profile["storageProfile"]["imageReference"]["id"] = image.into();
}

/// So many instances are regular ones, and of the others this share.
fn floor(template: &mut Value, count: u64, percent: u64) {
    let mix = &mut template["resources"]["vmss"]["properties"]["priorityMixPolicy"];
    mix["baseRegularPriorityCount"] = count.into();
    mix["regularPriorityPercentageAboveBase"] = percent.into();
}

const HARM: &str = "blast_radius.requests_pct";
const HIT: &str = "blast_radius.instances";

const CHANGES: [Change; 19] = [
    ("batches of 50 %", |of| batch(of, 50), &[("bad-deploy", HIT)]),
    ("batches of 10 %", |of| batch(of, 10), &[]),
    ("no pause", |of| rolling(of)["pauseTimeBetweenBatches"] = "PT0S".into(), &[]),
    ("a longer pause", |of| rolling(of)["pauseTimeBetweenBatches"] = "PT10M".into(), &[]),
    ("a probe of the process", |of| probe(of, "/healthz"), &[("bad-deploy", HARM), ("bad-deploy", HIT)]),
    ("a short grace of the extension", |of| grace(of, 60), &[]),
    ("a long grace of the extension", |of| grace(of, 1200), &[]),
    ("a short grace of repairs", |of| repairs(of, "PT10M"), &[]),
    ("a long grace of repairs", |of| repairs(of, "PT30M"), &[]),
    ("a cooldown of 10 minutes", |of| cooldown(of, "PT10M"), &[("morning-peak", HARM), ("lost-zone", HARM)]),
    ("a cooldown of 6 minutes", |of| cooldown(of, "PT6M"), &[("morning-peak", HARM), ("lost-zone", HARM)]),
    ("a cooldown of 4 minutes", |of| cooldown(of, "PT4M"), &[]),
    ("an image that boots for longer", |of| image(of, "web/1.0.1"), &[("morning-peak", HARM)]),
    ("an image of the same content", |of| image(of, "web/1.0.2"), &[]),
    ("no floor below Spot", |of| floor(of, 0, 0), &[("lost-zone", HARM)]),
    ("a floor of 8", |of| floor(of, 8, 50), &[("lost-zone", HARM)]),
    ("no surge", |of| rolling(of)["maxSurge"] = false.into(), &[("bad-deploy", HIT), ("bad-deploy", HARM)]),
    ("one zone", |of| of["resources"]["vmss"]["zones"] = json!(["1"]), &[("lost-zone", HARM)]),
    ("two zones", |of| of["resources"]["vmss"]["zones"] = json!(["1", "2"]), &[("lost-zone", HARM)]),
];

/// The measures of an incident that became so.
fn that<'j>(json: &'j Value, scenario: &str, verdict: &str) -> Vec<&'j Value> {
    let incidents = json["incidents"].as_array().expect("a list").iter();
    let of = incidents.filter(|incident| incident["scenario"] == scenario);
    let measures = of.flat_map(|incident| incident["measures"].as_array().expect("a list"));
    measures.filter(|row| row["judged"] == true && row["verdict"] == verdict).collect()
}

#[test]
fn harmful_changes_of_a_template_are_red_and_harmless_ones_are_green() {
    let place = tempfile::tempdir().expect("a folder");
    team(&place.path().join("before"));
    let mut wrong = Vec::new();
    for (name, edit, worse) in CHANGES {
        let now = place.path().join("now");
        team(&now);
        template(&now, edit);
        let (json, code) = compared(&now, &[]);
        let is_red = matches!(code, Some(3 | 5));
        if is_red == worse.is_empty() || (worse.is_empty() && code != Some(0)) {
            wrong.push(format!("{name}: exit code {code:?}: {}", json["closing"]));
        }
        for (scenario, measure) in worse {
            let rows = that(&json, scenario, "worse");
            let row = rows.iter().find(|row| row["measure"] == *measure);
            // With its size, and in how many runs.
            let is_told = row.is_some_and(|row| row["low"].as_f64() > Some(0.0) && row["worse"].as_u64() > Some(0));
            if !is_told {
                let all: Vec<&Value> = rows.iter().map(|row| &row["measure"]).collect();
                wrong.push(format!("{name}: {scenario}: {measure} is not among {all:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The length of a good rollout is no harm; with a margin it counts.
#[test]
fn a_margin_makes_a_measure_count() {
    let place = tempfile::tempdir().expect("a folder");
    team(&place.path().join("before"));
    let now = place.path().join("now");
    team(&now);
    template(&now, |of| grace(of, 1200));
    assert_eq!(compared(&now, &["-n", "30"]).1, Some(0));
    // It grows by some 600 of some 1,100 seconds.
    let (json, code) = compared(&now, &["-n", "30", "--worse", "rollout.duration_s=10%"]);
    assert_eq!((code, that(&json, "bad-deploy", "worse").len()), (Some(5), 1), "{}", json["closing"]);
    assert_eq!(compared(&now, &["-n", "30", "--worse", "rollout.duration_s=90%"]).1, Some(0));
    // The scenario may say the same itself.
    let path = now.join("incidents/bad-deploy.yaml");
    let text = fs::read_to_string(&path).expect("read");
    fs::write(&path, text + "worse: { rollout.*: 10% }\n").expect("written");
    assert_eq!(compared(&now, &["-n", "30"]).1, Some(5));
}

#[test]
fn files_that_are_the_same_differ_in_nothing() {
    let place = tempfile::tempdir().expect("a folder");
    for side in ["before", "now"] {
        team(&place.path().join(side));
    }
    let now = place.path().join("now");
    let (json, code) = compared(&now, &["-n", "20"]);
    assert_eq!(code, Some(0));
    let incidents = json["incidents"].as_array().expect("a list");
    assert_eq!(incidents.len(), 3);
    for incident in incidents {
        assert_eq!((&incident["verdict"], &incident["reach"]), (&json!("same"), &json!("same")));
        let measures = incident["measures"].as_array().expect("a list");
        assert!(measures.len() > 20);
        for row in measures {
            assert!(row["difference"].is_null() || row["difference"] == 0.0, "{row}");
            assert_eq!((&row["worse"], &row["better"], &row["unlike"]), (&json!(0), &json!(0), &json!(0)), "{row}");
        }
    }
    // What the change does not reach need not be run; a title and a comment reach nothing.
    let path = now.join("incidents/lost-zone.yaml");
    let text = fs::read_to_string(&path).expect("read");
    fs::write(&path, text.replacen("title: ", "# a comment\ntitle: Again, ", 1)).expect("written");
    template(&now, |of| cooldown(of, "PT6M"));
    let (json, _) = compared(&now, &["-n", "20", "--changed"]);
    assert_eq!(json["notReached"], json!([]), "the template is of all three");
    template(&now, |of| cooldown(of, "PT5M"));
    let (json, code) = compared(&now, &["-n", "20", "--changed"]);
    assert_eq!((code, &json["notReached"]), (Some(0), &json!(["bad-deploy", "lost-zone", "morning-peak"])));
}

/// The boot of the image takes 60.05 s and not 60 s: harm rises by a 2,500th of itself.
#[test]
fn a_rise_of_harm_by_a_twentieth_of_a_percent_is_found() {
    let place = tempfile::tempdir().expect("a folder");
    for side in ["before", "now"] {
        team(&place.path().join(side));
    }
    let now = place.path().join("now");
    let path = now.join("incidents/morning-peak.yaml");
    let text = fs::read_to_string(&path).expect("read");
    let slower = text.replacen("median: PT1M,", "median: PT60.05S,", 1);
    assert_ne!(slower, text);
    fs::write(&path, slower).expect("written");
    let (json, code) = compared(&now, &["-E", "morning-peak", "-n", "100"]);
    let rows = that(&json, "morning-peak", "worse");
    let row = rows.iter().find(|row| row["measure"] == HARM).unwrap_or_else(|| panic!("{json:#}"));
    let share = row["difference"].as_f64().expect("a number") / row["before"]["mean"].as_f64().expect("a number");
    assert!((0.0002..0.0006).contains(&share), "{share}");
    assert_eq!(code, Some(5));
}

/// Two fleets; the one named is scaled out.
fn alike(set: &str) -> File {
    let path = root().join("tests/against/alike.yaml");
    let text = fs::read_to_string(&path).expect("read").replace("SCALED-OUT", set);
    let loaded = load_text(&path.display().to_string(), text, &LoadOptions::default()).expect("it loads");
    File { path, loaded, replications: 100, baseline: Held::Compared(vec!["as-written".to_owned()]), drilled: None }
}

/// Two fleets of one law that draw apart: 200 comparisons of 100 runs, each in both orders.
#[test]
fn of_fleets_that_are_alike_one_comparison_in_a_hundred_is_red_at_most() {
    let before = Before { files: vec![alike("vmss-a")], unreadable: Vec::new() };
    let now = [alike("vmss-b")];
    let (mut red, mut undecided) = (0, 0);
    for of in 0..200 {
        let first = 1 + 100 * of;
        let was = run_all(&before.files, &[], first, &Threads(2), &|| ()).expect("it runs");
        let is = run_all(&now, &[], first, &Threads(2), &|| ()).expect("it runs");
        let incidents = judge(&before, &now, (&was, &is));
        let rows = || incidents[0].rows.iter().filter(|row| row.margin.is_some());
        assert!(rows().any(|row| row.worse() > 10 && row.better() > 10), "they draw apart");
        // What is better in one order is worse in the other.
        red += usize::from(rows().any(|row| row.became == Became::Worse));
        red += usize::from(rows().any(|row| row.became == Became::Better));
        undecided += usize::from(rows().any(|row| row.became == Became::Unclear));
    }
    assert!(red <= 4, "{red} of 400");
    assert!(undecided <= 20, "{undecided} of 200 cannot be told");
}

fn against(at: &Path, reference: &str, more: &[&str]) -> (String, Option<i32>) {
    let done = windtunnel(at, &[&["test", "incidents", "--against", reference, "-n", "12"], more].concat());
    (text(&done.stdout) + &text(&done.stderr), done.status.code())
}

#[test]
fn a_revision_is_read_from_the_repository_and_nothing_is_touched() {
    let place = tempfile::tempdir().expect("a folder");
    let here = repository(place.path());
    git(place.path(), &["checkout", "-q", "-b", "change"]);
    template(&here, |of| batch(of, 50));
    fs::write(here.join("note.txt"), "mine").expect("written");
    let status = git(place.path(), &["status", "--porcelain"]);
    for reference in ["main", "main...", "HEAD", &git(place.path(), &["rev-parse", "HEAD"])] {
        let (said, code) = against(&here, reference, &["-E", "scenario(=bad-deploy)"]);
        // Four instances are more than the three that the team expects at most.
        assert_eq!(code, Some(3), "{said}");
        assert!(said.contains("WORSE    bad-deploy") && said.contains("worse in all 12 runs"), "{said}");
    }
    assert_eq!(git(place.path(), &["status", "--porcelain"]), status);
    // The template of before through a link, and from elsewhere in the repository by a path of the whole machine.
    let (said, code) = against(place.path(), "main", &[]);
    assert!(code == Some(2) && said.contains("there is no file or folder incidents"), "{said}");
    let args = ["test", "services/web/incidents/bad-deploy.yaml", "--against", "main", "-n", "12"];
    assert_eq!(windtunnel(place.path(), &args).status.code(), Some(3));
    git(place.path(), &["checkout", "-q", "--", "."]);
    assert_eq!(against(&here, "main", &[]).1, Some(0));
}

#[test]
fn a_link_in_a_revision_is_followed() {
    let place = tempfile::tempdir().expect("a folder");
    let here = repository(place.path());
    fs::rename(here.join("infra/main.json"), here.join("infra/real.json")).expect("renamed");
    std::os::unix::fs::symlink("real.json", here.join("infra/main.json")).expect("linked");
    git(place.path(), &["add", "."]);
    git(place.path(), &["commit", "-q", "-m", "a link"]);
    assert_eq!(against(&here, "HEAD", &[]).1, Some(0));
    std::os::unix::fs::symlink("/etc/hostname", here.join("infra/out.json")).expect("linked");
    let path = here.join("incidents/lost-zone.yaml");
    let scenario = fs::read_to_string(&path).expect("read").replace("../infra/main.json", "../infra/out.json");
    let good = fs::read_to_string(&path).expect("read");
    fs::write(&path, scenario).expect("written");
    git(place.path(), &["add", "."]);
    git(place.path(), &["commit", "-q", "-m", "a link out of it"]);
    fs::write(&path, good).expect("written");
    let (said, code) = against(&here, "HEAD", &["-E", "lost-zone"]);
    assert!(code == Some(7) && said.contains("cannot be run"), "{code:?} {said}");
    assert_eq!(against(&here, "HEAD", &["-E", "lost-zone", "--inconclusive", "warn"]).1, Some(0));
}

#[test]
fn what_is_no_revision_is_said_with_what_to_do() {
    let place = tempfile::tempdir().expect("a folder");
    let here = repository(place.path());
    for (reference, words) in [
        ("nowhere", &["no folder and no revision `nowhere`"][..]),
        ("--upload-pack=x", &["unexpected", "--upload-pack"]),
        ("nowhere...", &["no revision `nowhere"]),
    ] {
        let (said, code) = against(&here, reference, &[]);
        assert!(code == Some(2) && words.iter().all(|word| said.contains(word)), "{said}");
    }
    // As a build's checkout is: one commit of one branch.
    template(&here, |of| batch(of, 50));
    git(place.path(), &["commit", "-q", "-a", "-m", "second"]);
    let clone = tempfile::tempdir().expect("a folder");
    let from = format!("file://{}", place.path().display());
    git(clone.path(), &["clone", "-q", "--depth", "1", &from, "c"]);
    let (said, code) = against(&clone.path().join("c/services/web"), "HEAD~1", &[]);
    assert!(code == Some(2) && said.contains("fetch-depth: 0") && said.contains("shallow"), "{said}");
    // A whole one has the branch under its remote.
    git(place.path(), &["branch", "-q", "base", "HEAD~1"]);
    git(clone.path(), &["clone", "-q", &from, "w"]);
    let whole = clone.path().join("w/services/web");
    let (said, code) = against(&whole, "base", &[]);
    assert!(code == Some(2) && said.contains("did you mean `origin/base`?"), "{said}");
    assert_eq!(against(&whole, "origin/base", &["-E", "scenario(=bad-deploy)"]).1, Some(3));
    let outside = tempfile::tempdir().expect("a folder");
    team(outside.path());
    let (said, code) = against(outside.path(), "main", &[]);
    assert!(code == Some(2) && said.contains("in no git repository"), "{said}");
}

/// Removing what is tested, or asking for less, makes nothing green.
#[test]
fn what_is_no_longer_tested_is_named() {
    let place = tempfile::tempdir().expect("a folder");
    let before = place.path().join("before");
    team(&before);
    let path = before.join("incidents/bad-deploy.yaml");
    let text = fs::read_to_string(&path).expect("read") + "policies: { wide: { pause: null } }\n";
    let text = text.replace(
        "{ pause: null }",
        "{ vmss-web: { properties: { upgradePolicy: { rollingUpgradePolicy: { maxBatchInstancePercent: 10 } } } } }",
    );
    fs::write(&path, &text).expect("written");
    type Edit = fn(&Path);
    let edits: [(Edit, &str); 6] = [
        (
            |now| edit(now, |text| format!("{text}worse: {{ blast_radius.*: 50% }}\n")),
            "`blast_radius.requests_pct` may get worse by 50 %, before by 0 %",
        ),
        (
            |now| edit(now, |text| text.replace("objective: 99.9%", "objective: 99%")),
            "the objective asks for less: 99 %, before 99.9 %",
        ),
        (
            |now| fs::remove_file(now.join("incidents/lost-zone.yaml")).expect("removed"),
            "the incident is no longer tested",
        ),
        (
            |now| edit(now, |text| text.split("policies:").next().unwrap_or_default().to_owned()),
            "the policy `wide` is no longer tested",
        ),
        (|now| edit(now, |text| text.replace("atMost: 1%", "atMost: 90%")), "`hardly a request` expects less"),
        (|now| edit(now, |text| without(text, "name: few instances")), "nothing expects `few instances` any more"),
    ];
    for (change, words) in edits {
        let now = place.path().join("now");
        let _ = fs::remove_dir_all(&now);
        copy(&before, &now);
        change(&now);
        let args = ["test", "incidents", "--against", "../before", "-n", "12"];
        let done = windtunnel(&now, &args);
        let said = text_of(&done);
        assert!(done.status.code() == Some(8) && said.contains(words), "{words}: {said}");
        let warned = windtunnel(&now, &[&args[..], &["--gone", "warn", "--inconclusive", "warn"]].concat());
        assert_eq!(warned.status.code(), Some(0), "{words}");
        // The command that is printed comes to the same.
        assert!(
            text_of(&warned).contains(" --gone warn --inconclusive warn --replications 12"),
            "{}",
            text_of(&warned)
        );
    }
    let now = place.path().join("now");
    fs::remove_file(now.join("incidents/lost-zone.yaml")).expect("removed");
    let said = text_of(&windtunnel(&now, &["test", "incidents", "--against", "../before", "-n", "12"]));
    assert!(said.contains("2 things are no longer tested, or less strictly"), "{said}");
    // What only has another name is still expected.
    let _ = fs::remove_dir_all(&now);
    copy(&before, &now);
    edit(&now, |text| text.replace("name: few instances", "name: some instances"));
    let renamed = windtunnel(&now, &["test", "incidents", "--against", "../before", "-n", "12"]);
    assert!(renamed.status.code() != Some(8) && !text_of(&renamed).contains("any more"), "{}", text_of(&renamed));
    // A flag that would say nothing is refused.
    let alone = windtunnel(&now, &["test", "incidents", "--gone", "warn"]);
    assert!(alone.status.code() == Some(2) && text_of(&alone).contains("--against"), "{}", text_of(&alone));
}

/// What is expected is a part of an incident: where it is new or asks for more, `--changed` runs it. On both sides two instances of twelve
/// are hit, so that 99 and at most 1 do not hold.
#[test]
fn a_changed_expectation_reaches_its_incident() {
    let place = tempfile::tempdir().expect("a folder");
    let (before, now) = (place.path().join("before"), place.path().join("now"));
    team(&before);
    for (from, to) in [
        ("\nexpect:\n", "\nexpect:\n  - { name: impossible, measure: blast_radius.instances, is: 99 }\n"),
        ("stat: p95, atMost: 3", "stat: p95, atMost: 1"),
    ] {
        team(&now);
        edit(&now, |text| text.replace(from, to));
        let (json, code) = compared(&now, &["-n", "80", "--changed"]);
        assert_eq!((code, &json["notReached"]), (Some(3), &json!(["lost-zone", "morning-peak"])), "{to}: {json:#}");
    }
}

/// A folder without the incidents is no folder of before, an incident that is new is called so, and no report takes the place of a
/// scenario.
#[test]
fn nothing_to_compare_with_is_not_the_same() {
    let place = tempfile::tempdir().expect("a folder");
    let (before, now) = (place.path().join("before"), place.path().join("now"));
    team(&before);
    team(&now);
    fs::create_dir(place.path().join("empty")).expect("made");
    let done = windtunnel(&now, &["test", "incidents", "--against", "../empty", "-n", "12"]);
    assert!(
        done.status.code() == Some(2) && text_of(&done).contains("has none of these scenarios"),
        "{}",
        text_of(&done)
    );
    fs::copy(now.join("incidents/morning-peak.yaml"), now.join("incidents/evening-peak.yaml")).expect("copied");
    let said = text_of(&windtunnel(
        &now,
        &["test", "incidents", "--against", "../before", "-n", "12", "--inconclusive", "warn"],
    ));
    assert!(said.contains("new      evening-peak") && said.contains("3 the same, 1 new"), "{said}");
    let path = "incidents/bad-deploy.yaml";
    let scenario = fs::read(now.join(path)).expect("read");
    let done = windtunnel(&now, &["test", "incidents", "--markdown", path]);
    assert!(done.status.code() == Some(2) && text_of(&done).contains("would be lost"), "{}", text_of(&done));
    assert!(fs::read(now.join(path)).expect("read") == scenario);
}

fn text_of(done: &Output) -> String {
    text(&done.stdout) + &text(&done.stderr)
}

/// A scenario without the lines in which this stands.
fn without(text: &str, what: &str) -> String {
    text.lines().filter(|line| !line.contains(what)).fold(String::new(), |all, line| all + line + "\n")
}

fn edit(now: &Path, change: impl FnOnce(&str) -> String) {
    let path = now.join("incidents/bad-deploy.yaml");
    let text = fs::read_to_string(&path).expect("read");
    fs::write(&path, change(&text)).expect("written");
}

/// The comment is Markdown in which no name of a stranger's becomes more than a name.
#[test]
fn the_comment_says_what_got_worse_and_how_to_repeat_it() {
    let place = tempfile::tempdir().expect("a folder");
    team(&place.path().join("before"));
    let now = place.path().join("now");
    team(&now);
    template(&now, |of| batch(of, 50));
    let (_, code) = compared(&now, &["-n", "12", "--markdown", "comment.md"]);
    assert_eq!(code, Some(3));
    let comment = fs::read_to_string(now.join("comment.md")).expect("written");
    for words in [
        "### ❌ Windtunnel: this change makes 1 of 3 incidents worse",
        "| ❌ **bad-deploy**<br>blast\\_radius",
        "worse in all 12 runs",
        "windtunnel run incidents/bad-deploy.yaml --seed 1",
        "windtunnel test incidents --against ../before --replications 12",
    ] {
        assert!(comment.contains(words), "{words}: {comment}");
    }
}

/// As written, the scale-in kills at least one job in every run, and with protection none, as the scenario expects. Nine hours are billed
/// as written: six workers for one hour, and three for another. Protected workers stay until their jobs of 14 minutes at most are done.
#[test]
fn two_policies_are_judged_by_what_before_and_now_are_judged_by() {
    let place = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(root().join("scenarios/scale-in-kills-the-job.yaml")).expect("read");
    let exit = |reference: &str, other: &str, worse: &str| {
        fs::write(place.path().join("s.yaml"), format!("{text}{worse}")).expect("written");
        let policies = format!("{reference},{other}");
        let args = [
            "compare",
            "s.yaml",
            "-n",
            "10",
            "--reference",
            reference,
            "--policies",
            &policies,
            "--out",
            "c",
            "--force",
        ];
        let done = windtunnel(place.path(), &[&args[..], &["--fail-if", "worse"]].concat());
        (done.status.code(), text_of(&done))
    };
    let (code, said) = exit("protected", "as-written", "");
    assert!(code == Some(5) && said.contains("as-written is worse in jobs.lost"), "{said}");
    assert_eq!(exit("as-written", "protected", "").0, Some(0));
    // Hours are judged where the scenario says by how much they may grow.
    let (code, said) = exit("as-written", "protected", "worse: { cost.regular_h: 5% }\n");
    assert!(code == Some(5) && said.contains("protected is worse in cost.regular_h"), "{said}");
    assert_eq!(exit("as-written", "protected", "worse: { cost.regular_h: 50% }\n").0, Some(0));
}
