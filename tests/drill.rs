//! `windtunnel drill`: the library, its fit to fleets, what is computed, and what is advised.

#[allow(dead_code, reason = "a module of several tests")]
mod samples;

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use windtunnel::experiment::drill::card::Verdict;
use windtunnel::experiment::replicate::one;
use windtunnel::input::drill::fit::{Fleet, fit};
use windtunnel::input::drill::{Drill, Handle, Handles, LIBRARY, Need, Value as Given};
use windtunnel::input::{AS_WRITTEN, LoadOptions, Problems, load, read};
use windtunnel_sim::engine::time::SimDuration;

fn windtunnel() -> Command {
    let mut command = Command::cargo_bin("windtunnel").expect("the program is built");
    command.env("NO_COLOR", "1").env("COLUMNS", "80");
    command
}

fn fleet(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drill").join(format!("{name}.json"))
}

/// The scorecard of a fleet, and the exit code.
fn drilled(name: &str, more: &[&str]) -> (Value, i32) {
    let done =
        windtunnel().arg("drill").arg(fleet(name)).args(["--format", "json"]).args(more).output().expect("it runs");
    let code = done.status.code().expect("an exit code");
    let json = serde_json::from_slice(&done.stdout);
    (json.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&done.stderr))), code)
}

fn incident<'c>(card: &'c Value, name: &str) -> &'c Value {
    let all = card["incidents"].as_array().expect("a list");
    all.iter().find(|one| one["drill"] == name).unwrap_or_else(|| panic!("no {name}"))
}

fn mean(card: &Value, name: &str, measure: &str) -> f64 {
    incident(card, name)["fleet"][measure]["mean"].as_f64().unwrap_or_else(|| panic!("{measure} of {name}"))
}

/// Four instances, no probe, mode Manual. Every run is eight hours, and everything begins after thirty minutes.
///
/// A quarter of four processes is one. It hangs from minute 30 to the end, and nothing takes it out of rotation: 25 % of the requests
/// for 450 of 480 minutes, 23.4375 % of all.
///
/// An image that crashes comes to instance 0 by hand at minute 35 and to all at minute 65; a new disk takes less than five minutes.
/// So at least (480 − 70) ÷ 480 + ¼ × 25 ÷ 480 = 86.7 % are harmed, and at most (480 − 65) ÷ 480 + ¼ × 30 ÷ 480 = 88.1 %. All four
/// instances run it, and there is no batch that could halt.
#[test]
fn what_nobody_looks_at_comes_to_every_instance_and_cannot_halt() {
    let (card, code) = drilled("by-hand", &["-n", "8"]);
    assert_eq!(code, 3);
    assert!((mean(&card, "processes-hang", "harmedPct") - 23.4375).abs() < 1e-9);
    assert!((mean(&card, "processes-hang", "downtimeDegradedS") - 27_000.0).abs() < 1e-6);
    let crashes = &incident(&card, "image-crashes")["fleet"];
    assert_eq!((&crashes["instances"]["least"], &crashes["instances"]["most"]), (&4.0.into(), &4.0.into()));
    let harmed = mean(&card, "image-crashes", "harmedPct");
    assert!((86.7..=88.1).contains(&harmed), "{harmed}");
    assert_eq!(crashes["rollout"], serde_json::json!({ "completed": 0, "halted": 0, "running": 0 }));
    assert_eq!(crashes["verdict"], Verdict::Broke.key());
}

/// Four instances in batches of a fifth: one at a time. The first that does not become healthy is all of those upgraded, more than
/// the 20 % allowed: the rollout halts with one instance on the image. One that hangs before is 25 % of the fleet, and the rollout
/// of a good image does not begin (RU-13).
#[test]
fn a_rolling_upgrade_halts_at_its_first_batch_and_one_of_four_keeps_it_from_beginning() {
    let (card, _) = drilled("small", &["-n", "8"]);
    let crashes = &incident(&card, "image-crashes")["fleet"];
    assert_eq!(crashes["instances"]["most"], 1.0);
    assert_eq!(crashes["rollout"]["halted"], 8);
    let sick = &incident(&card, "one-unhealthy")["fleet"];
    assert_eq!(sick["verdict"], Verdict::NeverStarted.key());
    assert!(sick["why"].as_str().is_some_and(|why| why.contains("RU-13")), "{sick}");
    for name in ["zone-lost", "spot-wave", "no-quota-to-surge", "autoscale-flap", "repair-loop"] {
        let row = &incident(&card, name)["fleet"];
        assert_eq!((&row["verdict"], &row["runs"]), (&Verdict::CannotHappen.key().into(), &0.into()), "{name}");
    }
    assert_eq!(incident(&card, "spot-wave")["fleet"]["why"], "no Spot instances");
}

/// A drill that no fleet feels would always be green.
#[test]
fn every_drill_harms_a_sample_fleet() {
    let shows = [
        ("by-hand", &["image-crashes", "image-fails-later", "image-breaks-unseen", "slow-boots", "one-unhealthy"][..]),
        ("by-hand", &["processes-hang", "load-peak", "stale-image", "dependency-blip", "image-not-in-region"]),
        ("rolling", &["no-quota-to-surge", "autoscale-flap", "zone-lost"]),
        ("repaired", &["repair-loop"]),
        ("spot", &["spot-wave"]),
    ];
    let mut shown: Vec<&str> = Vec::new();
    for (name, drills) in shows {
        let (card, _) = drilled(name, &["-n", "6", "--only", &drills.join(",")]);
        let good = mean(&card, "good-image", "harmedPct");
        for drill in drills {
            let harmed = mean(&card, drill, "harmedPct");
            assert!(harmed > good + 0.003, "{drill} on {name}: {harmed} % where a good image has {good} %");
        }
        shown.extend(drills);
    }
    let all: Vec<&str> = LIBRARY.iter().map(|(name, _)| *name).skip(1).collect();
    assert!(all.iter().all(|name| shown.contains(name)) && all.len() == shown.len(), "{all:?}");
}

#[test]
fn the_scorecard_does_not_depend_on_threads() {
    let (alone, _) = drilled("small", &["-n", "5", "-j", "1"]);
    let (many, _) = drilled("small", &["-n", "5", "-j", "5"]);
    assert_eq!(alone, many);
}

/// What the scorecard says of an incident is what the scenario beside it comes to.
#[test]
fn the_numbers_are_those_of_the_fitted_scenarios() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("card");
    let to = out.to_str().expect("a path");
    let (card, _) = drilled("small", &["-n", "4", "--out", to]);
    let written: Value =
        serde_json::from_str(&fs::read_to_string(out.join("scorecard.json")).expect("it is there")).expect("JSON");
    assert_eq!(card["incidents"], written["incidents"]);
    let mut compared = 0;
    for row in card["incidents"].as_array().expect("a list").iter().filter(|row| row["fleet"]["runs"] == 4) {
        let name = row["drill"].as_str().expect("a name");
        let loaded = load(&out.join(format!("{name}.yaml")), &LoadOptions::default())
            .unwrap_or_else(|report| panic!("{report}"));
        let plan = &loaded.plan(AS_WRITTEN).expect("it is there").plan;
        for (measure, key) in [
            ("blast_radius.requests_pct", "harmedPct"),
            ("downtime.full_s", "downtimeFullS"),
            ("downtime.degraded_s", "downtimeDegradedS"),
            ("blast_radius.instances", "instances"),
        ] {
            let value = |replication: usize| {
                let done = one(plan, 0, replication, 1).expect("it runs");
                let at = done.columns.iter().position(|column| column.name == measure).expect("a measure");
                done.row.values[at].least().expect("a number")
            };
            let own = (0..4).map(value).sum::<f64>() / 4.0;
            let said = row["fleet"][key]["mean"].as_f64().expect("a number");
            assert!((own - said).abs() < 1e-9 * own.abs().max(1.0), "{measure} of {name}: {said}, and is {own}");
            compared += 1;
        }
    }
    assert!(compared >= 40, "{compared}");
    // The page stands alone: it fetches nothing, runs nothing, names every incident, and has a size of paper.
    let page = fs::read_to_string(out.join("scorecard.html")).expect("it is there");
    for foreign in ["http://", "https://", "<script", "url(data", "@import", " src="] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    for wanted in ["default-src 'none'", "@page", "light-dark(", "role=\"table\"", "url(#p-harm)", "<html lang=\"en\">"]
    {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert!(Drill::library().iter().skip(1).all(|drill| page.contains(&drill.title)));
}

/// A change that keeps the good rollout from its end is not advised, however little harm there is then.
#[test]
fn no_change_is_advised_that_stops_the_rollout_and_none_without_its_cost() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("stop.yaml");
    let text = "drill: 1\ntitle: T\ndescription: D\nrollout: bad\nscenario:\n  application: { dependencies: [orders], serves: [process, orders] }\n  images: { $(image): { $(nextVersion): { code: r2, bad: true, cannotReach: [orders] } } }\n  policies:\n    by-hand: { $(set): { properties: { upgradePolicy: { mode: Manual } } } }\n    slower: { $(set): { properties: { upgradePolicy: { rollingUpgradePolicy: { pauseTimeBetweenBatches: PT1H } } } } }\n";
    fs::write(&own, text).expect("written");
    let (card, _) = drilled("small", &["-n", "6", "--drills", own.to_str().expect("a path")]);
    let tried = card["tried"].as_array().expect("a list");
    let of =
        |name: &str| tried.iter().find(|one| one["change"] == name).unwrap_or_else(|| panic!("{name} was not tried"));
    assert!(of("by-hand")["notAdvised"].is_string(), "{card:#}");
    assert!(of("slower")["notAdvised"].is_null());
    // Three pauses of an hour between four batches of one instance.
    let longer = of("slower")["rolloutLongerS"]["difference"].as_f64().expect("a number");
    assert!((longer - 10_800.0).abs() < 300.0, "{longer}");
    assert!(of("slower")["instanceHoursMore"].is_number());
    assert_ne!(card["best"]["change"], "by-hand");
    assert!(incident(&card, "stop")["wouldHelp"]["change"] != "by-hand");
}

#[test]
fn the_best_change_is_better_by_its_own_runs() {
    let (card, _) = drilled("small", &["-n", "12"]);
    let best = &card["best"];
    assert_eq!(best["seeds"], 12);
    assert!(best["held"].as_u64() > card["held"].as_u64(), "{best}");
    let helped = &incident(&card, "image-fails-later")["wouldHelp"];
    assert!(helped["harm"]["interval"][1].as_f64().is_some_and(|high| high < 0.0), "{helped}");
}

/// A fleet against itself differs in nothing; one without pauses and gates against one that has them does, and is surely worse.
#[test]
fn against_another_fleet_only_what_differs_differs() {
    let small = fleet("small");
    let (same, code) = drilled("small", &["-n", "8", "--against", small.to_str().expect("a path")]);
    assert_eq!(code, 0);
    for row in same["incidents"].as_array().expect("a list") {
        assert_eq!(row["fleet"], row["before"], "{row}");
        assert_eq!(row["differences"].as_array().map(Vec::len), Some(0));
    }
    // Demand stays that of the fleet before: 240 rps, and 360 at the peak, an hour long. Three instances serve 300, so that 60 rps are
    // turned away: 216,000 of some 7.4 million requests, 2.9 % of all. Four serve 400.
    let folder = tempfile::tempdir().expect("a folder");
    let worse = folder.path().join("small.json");
    let text = fs::read_to_string(&small).expect("it is there");
    fs::write(&worse, text.replace("\"capacity\": 4", "\"capacity\": 3")).expect("written");
    let done = windtunnel()
        .args(["drill", worse.to_str().expect("a path"), "--against", small.to_str().expect("a path")])
        .args(["-n", "8", "--format", "json"])
        .output()
        .expect("it runs");
    assert_eq!(done.status.code(), Some(3), "{}", String::from_utf8_lossy(&done.stderr));
    let card: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(card["fleet"]["demand"], "240 rps");
    let peak = incident(&card, "load-peak")["differences"].as_array().expect("a list");
    let harm = peak.iter().find(|one| one["measure"] == "blast_radius.requests_pct").expect("it differs");
    assert_eq!(harm["verdict"], "worse");
    assert!(harm["difference"].as_f64().is_some_and(|more| (2.0..4.0).contains(&more)), "{harm}");
}

#[test]
fn what_is_wrong_with_a_drill_is_said_with_its_line_and_the_fix() {
    let said = |text: &str| {
        let report = Drill::read("mine.yaml", text.to_owned()).expect_err("it is wrong");
        report.render(windtunnel::input::Colour::Plain)
    };
    let head = "drill: 1\ntitle: T\ndescription: D\n";
    let wrong = said(&format!("{head}needs: [zone]\n"));
    assert!(wrong.contains("mine.yaml:4") && wrong.contains("zones"), "{wrong}");
    let wrong = said(&format!("{head}parameters: {{ after: {{ is: duration, default: 30, meaning: M }} }}\n"));
    assert!(wrong.contains("E0251") && wrong.contains("mine.yaml:4") && wrong.contains("`30s`"), "{wrong}");
    let wrong = said(&format!("{head}parameters: {{ capacity: {{ is: number, default: 3, meaning: M }} }}\n"));
    assert!(wrong.contains("a name that the fleet gives"), "{wrong}");
    let wrong = said(&format!("{head}scenario: {{ resources: [] }}\n"));
    assert!(wrong.contains("E0252"), "{wrong}");
    let wrong = said("windtunnel: 1\ntitle: T\nhorizon: PT1H\n");
    assert!(wrong.contains("is a scenario, not a drill"), "{wrong}");
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("mine.yaml");
    for (line, wanted) in [
        ("  horizon: $(strat)\n", "did you mean `start`?"),
        ("  horizon: $(start * 2h)\n", "E0251"),
        ("  horizon: $(start\n", "has no `)`"),
        ("  horizn: PT2H\n", "did you mean `horizon`?"),
        (
            "  timeline: [{ name: x, at: PT1H, setCapacity: { scaleSet: $(set), capcity: 3 } }]\n",
            "did you mean `capacity`?",
        ),
    ] {
        fs::write(&own, format!("{head}scenario:\n{line}")).expect("written");
        let done = windtunnel()
            .arg("drill")
            .arg(fleet("small"))
            .args(["-n", "1", "--drills"])
            .arg(&own)
            .output()
            .expect("it runs");
        let said = String::from_utf8(done.stderr).expect("UTF-8");
        assert_eq!(done.status.code(), Some(2), "{said}");
        assert!(said.contains(wanted) && said.contains("mine.yaml:5:"), "{line}{said}");
    }
}

/// Each run of a drill that may have 1,000 entries comes to more. Of 14 runs of two drills, on one thread or on four, the first is named:
/// that of the first drill with the first seed.
#[test]
fn of_runs_that_are_stopped_the_first_is_named_with_its_line_whoever_makes_them() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, limits) in
        [("one", ""), ("two", "  limits: { entries: 1000 }\n"), ("three", "  limits: { entries: 1000 }\n")]
    {
        let fault = "  faults: { f: { in: $(set), every: PT2M, for: PT1M, how: processDown } }\n";
        let text = format!("drill: 1\ntitle: T\ndescription: D\nscenario:\n{fault}{limits}");
        fs::write(folder.path().join(format!("{name}.yaml")), text).expect("written");
    }
    for jobs in ["1", "4"] {
        let mut command = windtunnel();
        command.arg("drill").arg(fleet("small")).args(["-n", "7", "-j", jobs]);
        for name in ["one", "two", "three"] {
            command.arg("--drills").arg(folder.path().join(format!("{name}.yaml")));
        }
        let done = command.output().expect("it runs");
        let said = String::from_utf8(done.stderr).expect("UTF-8");
        assert_eq!(done.status.code(), Some(2), "{said}");
        for part in ["E0597", "with seed 1 ", "more than 1,000 entries", "two.yaml:5:"] {
            assert!(said.contains(part), "{jobs} threads: {part} in {said}");
        }
    }
}

#[test]
fn the_terminal_keeps_to_its_width() {
    for width in ["80", "120"] {
        let done = windtunnel()
            .env("COLUMNS", width)
            .arg("drill")
            .arg(fleet("rolling"))
            .args(["-n", "3"])
            .output()
            .expect("it runs");
        let text = String::from_utf8(done.stdout).expect("UTF-8");
        for line in text.lines().filter(|line| !line.starts_with("page ")) {
            assert!(line.chars().count() <= width.parse().expect("a number"), "{line}");
        }
        assert!(text.contains("The one change that would help most") && text.contains("cannot happen"), "{text}");
    }
}

/// A fleet of up to so many instances is drilled within so many seconds of one core.
const INSTANCES: u64 = 100;
const LONGEST_S: f64 = 10.0;

/// The processor time of the processes that this one has waited for, in seconds: what others do on the machine changes it little.
fn waited_for_s() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name in brackets the first is field 3; 16 is the time of children in their own code, in hundredths of a second.
    let field = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(16 - 3));
    field.and_then(|ticks| ticks.parse::<f64>().ok()).map_or(f64::NAN, |ticks| ticks / 100.0)
}

/// Drills every `step`-th real file with a scale set: each ends with a scorecard, or with a refusal that has a code. In a release build
/// the whole drill of each is timed.
fn sweep(step: usize) {
    let Some(folder) = samples::samples() else { return };
    let mut files: Vec<PathBuf> = ["templates", "cli-generated-templates", "rest-bodies", "recorded"]
        .iter()
        .flat_map(|name| {
            fs::read_dir(folder.join(name)).expect("a folder").map(|entry| entry.expect("an entry").path())
        })
        .collect();
    files.sort();
    let has_set = |path: &PathBuf| {
        let text = fs::read(path).expect("it reads");
        String::from_utf8_lossy(&text).to_ascii_lowercase().contains("microsoft.compute/virtualmachinescalesets\"")
    };
    let is_timed = step == 1 && !cfg!(debug_assertions);
    let runs = if is_timed { "100" } else { "2" };
    let (mut cards, mut refused, mut slow) = (0, 0, Vec::new());
    for file in files.iter().filter(|path| has_set(path)).step_by(step) {
        let before = waited_for_s();
        let line = ["-n", runs, "-j", "1", "--format", "json"];
        let done = windtunnel().arg("drill").arg(file).args(line).output().expect("it runs");
        let took = waited_for_s() - before;
        let (code, said) = (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned());
        match code {
            Some(0 | 3 | 4) => cards += 1,
            Some(2) if said.contains("error[E") || said.contains("error: no file here describes a fleet") => {
                refused += 1
            }
            _ => panic!("{}: {code:?} {said}", file.display()),
        }
        if is_timed && code != Some(2) {
            let card: Value = serde_json::from_slice(&done.stdout).expect("JSON");
            let instances = card["instances"].as_u64().expect("a number");
            println!("{took:.1} s, {instances} instances: {}", file.display());
            if instances <= INSTANCES && took.is_nan() | (took > LONGEST_S) {
                slow.push(format!("{took:.1} s for {instances} instances of {}", file.display()));
            }
        }
    }
    assert!(cards > refused, "{cards} scorecards, {refused} refused");
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn real_files_end_with_a_scorecard_or_a_refusal() {
    sweep(12);
}

#[test]
#[ignore = "takes minutes: .ci/long"]
fn every_real_file_ends_with_a_scorecard_or_a_refusal() {
    sweep(1);
}

/// The comparison of two lists of fleets: the same plans differ in nothing, and of two that differ each pair is of one seed.
#[test]
fn two_lists_of_fleets_are_compared_pair_by_pair() {
    use windtunnel::experiment::fleets::compare_fleets;
    use windtunnel::threads::Threads;
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("card");
    drilled("small", &["-n", "1", "--out", out.to_str().expect("a path"), "--only", "image-crashes,image-fails-later"]);
    let loaded = |name: &str| load(&out.join(format!("{name}.yaml")), &LoadOptions::default()).expect("it loads");
    let (crashes, later) = (loaded("image-crashes"), loaded("image-fails-later"));
    let before = [&crashes, &later].map(|of| of.plan(AS_WRITTEN).expect("it is there"));
    let slower = later.plan("pause-30-minutes-between-batches").expect("it is there");
    let after = [before[0], slower];
    let sides = ([Some(before[0]), Some(before[1]), None], [Some(after[0]), Some(after[1]), Some(after[0])]);
    let pairs = compare_fleets((&sides.0, &sides.1), &[None, None, None], (1, 7), &Threads(2)).expect("it runs");
    assert!(pairs[0].differences.iter().all(|(_, paired)| paired.less + paired.more == 0));
    let (_, harm) =
        pairs[1].differences.iter().find(|(column, _)| column.name == "blast_radius.requests_pct").expect("harm");
    assert_eq!((harm.pairs, harm.less), (7, 7));
    for replication in 0..7 {
        let of = |planned: &windtunnel::input::Planned| {
            let done = one(&planned.plan, 0, replication, 1).expect("it runs");
            let at =
                done.columns.iter().position(|column| column.name == "blast_radius.requests_pct").expect("a measure");
            done.row.values[at].number().expect("a number")
        };
        assert!(of(after[1]) < of(before[1]), "seed {}", replication + 1);
    }
    assert!(pairs[2].before.is_none() && pairs[2].after.is_some() && pairs[2].differences.is_empty());
}

/// A sample fleet with some of it changed, in a folder of its own.
fn changed(name: &str, change: impl Fn(&mut Value)) -> (tempfile::TempDir, String) {
    let mut file: Value = serde_json::from_str(&fs::read_to_string(fleet(name)).expect("it is there")).expect("JSON");
    change(&mut file);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("fleet.json");
    fs::write(&path, file.to_string()).expect("written");
    let path = path.to_str().expect("a path").to_owned();
    (folder, path)
}

fn card_of(args: &[&str]) -> (Value, i32) {
    let done = windtunnel().arg("drill").args(args).args(["--format", "json"]).output().expect("it runs");
    let json = serde_json::from_slice(&done.stdout);
    let card = json.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&done.stderr)));
    (card, done.status.code().expect("an exit code"))
}

/// Of 12 instances 3 are regular. When all others are evicted, 3 × 100 rps are served of 60 % × 1,200 = 720 rps, for an hour of eight: at
/// least (720 − 300) ÷ 720 ÷ 8 = 7.3 % of all requests are harmed, in every run. Without Spot instances that cannot happen: the count
/// of what holds is the same, 0 of 0 and 0 of 1, and the change is worse all the same.
#[test]
fn what_becomes_possible_and_breaks_is_worse_and_in_the_headline() {
    let (_folder, regular) = changed("spot", |file| {
        for resource in file["resources"].as_array_mut().expect("a list") {
            if let Some(properties) = resource["properties"].as_object_mut() {
                properties.remove("priorityMixPolicy");
            }
            if let Some(profile) = resource["properties"]["virtualMachineProfile"].as_object_mut() {
                for key in ["priority", "evictionPolicy", "billingProfile"] {
                    profile.remove(key);
                }
            }
        }
    });
    let only = ["--only", "spot-wave", "--set", "share=100%", "-n", "6"];
    let (card, code) = drilled("spot", &[&["--against", &regular][..], &only].concat());
    let wave = incident(&card, "spot-wave");
    assert_eq!(wave["before"]["verdict"], Verdict::CannotHappen.key());
    assert_eq!(wave["fleet"]["verdict"], Verdict::Broke.key());
    assert!(mean(&card, "spot-wave", "harmedPct") >= 7.2, "{wave}");
    assert_eq!((code, &wave["worse"]), (3, &"newlyPossible".into()));
    let finding = card["finding"].as_str().expect("a sentence");
    assert!(finding.ends_with(". Worse: wave of Spot evictions (could not happen before)"), "{finding}");
    // The same against itself is not.
    let own = fleet("spot");
    let (same, code) = drilled("spot", &[&["--against", own.to_str().expect("a path")][..], &only].concat());
    assert_eq!((code, &incident(&same, "spot-wave")["worse"]), (0, &Value::Null));
}

/// A third more: 4 ÷ 3 of 6 are 8, of 4 and 10 what is above 5.3 and 13.3, and of 12 exactly 16.
#[test]
fn a_third_more_is_a_third_more() {
    let library = Drill::library();
    let drill = library.iter().find(|drill| drill.name == "zone-lost").expect("it is there");
    let rollout = read::read_text("r", "{ name: new image }".to_owned(), &mut Problems::new()).expect("it is YAML");
    for (own, wanted) in [(6, 8), (4, 6), (10, 14), (12, 16)] {
        let mut handles = Handles::default();
        handles.put(Handle::Set, Some(Given::Text("web".to_owned())));
        handles.put(Handle::Capacity, Some(Given::Count(own)));
        handles.put(Handle::Region, Some(Given::Text("eastus".to_owned())));
        handles.put(Handle::Zone, Some(Given::Count(3)));
        handles.put(Handle::Middle, Some(Given::Time(SimDuration::from_mins(40))));
        let (rollout, has) = (vec![rollout.clone()], vec![Need::Zones]);
        let fleet = Fleet { handles, has, endpoints: None, rollout, way: None, sets: 1 };
        let fitted = fit(drill, &fleet).unwrap_or_else(|unfit| panic!("{unfit:?}"));
        let (name, change) = &fitted.policies[0];
        let capacity = change.entries()[0].1.get("sku").and_then(|sku| sku.get("capacity"));
        assert_eq!(name, "a-third-more-instances");
        assert_eq!(capacity.and_then(|node| node.text()), Some(wanted.to_string().as_str()), "of {own}");
    }
}

/// A fifth instance is needed, and boots or not by chance; a pause between batches has nothing to do with it. So with it as many
/// incidents are held as without, by the same seeds, whatever a hundred other seeds come to.
#[test]
fn a_change_is_given_no_credit_for_what_its_seeds_held_without_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("chance.yaml");
    let text = "drill: 1\ntitle: T\ndescription: D\nscenario:\n  images: { $(image): { $(currentVersion): { code: r1, bootFailure: 4% } } }\n  traffic: { $(entryPoint): { demand: { steps: [{ at: PT0S, rps: $(demand) }, { at: $(start + 40m), rps: $(demand * 1.8) }] } } }\n  timeline: [{ name: grow, at: $(start), setCapacity: { scaleSet: $(set), capacity: $(capacity + 1) } }]\n  policies:\n    pause: { $(set): { properties: { upgradePolicy: { rollingUpgradePolicy: { pauseTimeBetweenBatches: PT1H } } } } }\n";
    fs::write(&own, text).expect("written");
    let (card, _) = drilled("small", &["-n", "60", "--drills", own.to_str().expect("a path")]);
    let row = &incident(&card, "chance")["fleet"];
    assert_eq!(row["verdict"], Verdict::Depends.key(), "{row}");
    let tried = card["tried"].as_array().expect("a list");
    let pause = tried.iter().find(|one| one["change"] == "pause").expect("it was tried");
    assert_eq!(
        (&pause["seeds"], &pause["of"], &pause["held"], &pause["heldWithout"]),
        (&6.into(), &1.into(), &1.into(), &1.into())
    );
}

/// The model of one names a version, and the other follows the latest and is called to it 30 minutes after it is published. The batches
/// are the same, one of four instances each, and each takes minutes: the wait is no part of the rollout.
#[test]
fn a_rollout_takes_as_long_whatever_was_waited_for_before() {
    let (_folder, latest) = changed("small", |file| {
        for resource in file["resources"].as_array_mut().expect("a list") {
            if let Some(image) =
                resource.pointer_mut("/properties/virtualMachineProfile/storageProfile/imageReference/id")
            {
                let text = image.as_str().expect("a text");
                *image = text.split("/versions/").next().expect("it begins").to_owned().into();
            }
        }
    });
    let took = |card: &Value| mean(card, "good-image", "everyInstanceAfterS");
    let only = ["--only", "processes-hang", "-n", "6"];
    let (named, _) = drilled("small", &only);
    let (called, _) = card_of(&[&[latest.as_str()][..], &only].concat());
    assert!(
        took(&called) < 1800.0 && (took(&called) - took(&named)).abs() < 120.0,
        "{} {}",
        took(&called),
        took(&named)
    );
}

/// A version that cannot reach the database. A probe of `/ready` notices it on the first of four instances, and the rollout halts there;
/// `/` is a page of the server, which is there without a database: all four come to run it. `lint` says the same of `/` (L0309).
#[test]
fn a_page_of_the_server_notices_nothing_in_a_drill_either() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("cut-off.yaml");
    let text = "drill: 1\ntitle: T\ndescription: D\nrollout: bad\nprobesAskFor: [database]\nscenario:\n  application: { dependencies: [database], serves: [process, database] }\n  images: { $(image): { $(nextVersion): { code: r2, bad: true, cannotReach: [database] } } }\n";
    fs::write(&own, text).expect("written");
    // The probe and the health extension ask the same path.
    let (_folder, shallow) = changed("small", |file| {
        *file = serde_json::from_str(&file.to_string().replace("\"/ready\"", "\"/\"")).expect("JSON");
    });
    let only = ["--drills", own.to_str().expect("a path"), "-n", "6"];
    let (deep, _) = drilled("small", &only);
    let one = &incident(&deep, "cut-off")["fleet"];
    assert_eq!((&one["instances"]["most"], &one["rollout"]["halted"]), (&1.0.into(), &6.into()));
    let (page, _) = card_of(&[&[shallow.as_str()][..], &only].concat());
    let one = &incident(&page, "cut-off")["fleet"];
    assert_eq!((&one["instances"]["least"], &one["rollout"]["completed"]), (&4.0.into(), &6.into()));
    let done = windtunnel().args(["drill", &shallow]).args(only).output().expect("it runs");
    let said = String::from_utf8(done.stdout).expect("UTF-8");
    assert!(said.contains("`/` is taken for a page of the server"), "{said}");
}

/// The set without users is Spot; the one that is drilled is not.
#[test]
fn what_a_fleet_lacks_is_said_of_the_set_that_is_drilled() {
    let (_folder, path) = changed("small", |file| {
        let all = file["resources"].as_array_mut().expect("a list");
        let mut batch = all[1].clone();
        batch["name"] = "vmss-batch".into();
        batch["properties"]["virtualMachineProfile"]["priority"] = "Spot".into();
        let network = &mut batch["properties"]["virtualMachineProfile"]["networkProfile"];
        if let Some(network) = network.as_object_mut() {
            network.remove("healthProbe");
        }
        let address =
            &mut network["networkInterfaceConfigurations"][0]["properties"]["ipConfigurations"][0]["properties"];
        *address = serde_json::json!({});
        batch["properties"]["upgradePolicy"] = serde_json::json!({ "mode": "Manual" });
        all.push(batch);
    });
    let (card, _) = card_of(&[&path, "--only", "spot-wave", "-n", "1"]);
    let why = &incident(&card, "spot-wave")["fleet"]["why"];
    assert_eq!(why, "no Spot instances in vmss-small, the set that is drilled");
}

/// The same set in two folders: `drill` and `lint` say which counts, and that is the first.
#[test]
fn of_two_descriptions_of_a_set_it_is_said_which_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a", "b"] {
        fs::create_dir(folder.path().join(name)).expect("made");
        fs::copy(fleet("small"), folder.path().join(name).join("plan.json")).expect("copied");
    }
    for verb in [&["drill", ".", "-n", "1", "--only", "processes-hang"][..], &["lint", "."]] {
        let done = windtunnel().current_dir(folder.path()).args(verb).output().expect("it runs");
        let said = String::from_utf8(done.stderr).expect("UTF-8").split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted = "b/plan.json is not used: a/plan.json has its loadBalancers lb-small already, and counts";
        assert!(said.contains(wanted), "{said}");
    }
}
