//! The bundled scenarios, run whole: their expectations, their bytes, and the causes behind what happened.

#[path = "../sim/tests/support/harm.rs"]
mod harm;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use windtunnel::disk::folder::{Draft, Foreigners, Wanted};
use windtunnel::disk::marker::{self, Kind};
use windtunnel::experiment::judge::{Verdict, judge};
use windtunnel::experiment::replay::Replay;
use windtunnel::input::identity::model_sources;
use windtunnel::input::{AS_WRITTEN, LoadOptions, Loaded, load};
use windtunnel::output::folder::write_tables;
use windtunnel::output::highlights::Highlights;
use windtunnel::output::room::Room;
use windtunnel::output::why;
use windtunnel_sim::world::fact::{Fact, Record};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn bundled() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(root().join("scenarios")).expect("scenarios are bundled");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("a folder can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    assert!(!paths.is_empty(), "there are scenarios");
    paths
}

fn loaded(path: &Path) -> Loaded {
    load(path, &LoadOptions::default()).unwrap_or_else(|report| panic!("{}:\n{report}", path.display()))
}

fn stale_image() -> Loaded {
    loaded(&root().join("scenarios/stale-image-scale-out.yaml"))
}

#[test]
fn every_expectation_of_every_bundled_scenario_holds_for_twenty_seeds() {
    let mut broken = String::new();
    for path in bundled() {
        let scenario = loaded(&path);
        let policies: Vec<String> = scenario.policies().map(str::to_owned).collect();
        for policy in &policies {
            let planned = scenario.plan(policy).expect("it was just listed");
            for seed in 1..=20 {
                let replay = Replay::new(&planned.plan, seed);
                for judged in judge(&planned.expectations, &replay) {
                    if judged.verdict != Verdict::Pass {
                        let (name, verdict) = (&judged.expectation.name, &judged.verdict);
                        let _ = writeln!(broken, "{} {policy} seed {seed}: {name}: {verdict:?}", scenario.name);
                    }
                }
            }
        }
        assert!(!scenario.expectations.is_empty(), "{} expects something", scenario.name);
    }
    assert!(broken.is_empty(), "{broken}");
}

#[test]
fn the_harm_of_the_ledger_of_every_bundled_scenario_is_that_of_its_measures() {
    for path in bundled() {
        let scenario = loaded(&path);
        for policy in scenario.policies() {
            let plan = &scenario.plan(policy).expect("it was just listed").plan;
            for seed in 1..=3 {
                harm::is_of_the_measures(plan, seed, &format!("{} {policy} seed {seed}", scenario.name));
            }
        }
    }
}

/// The stale window of an instance in each policy's ledger: from its first rotation to the code that users need.
#[test]
fn the_stale_window_is_what_the_pipeline_took_beyond_the_first_good_probe() {
    let scenario = stale_image();
    for policy in ["as-written", "slow-trigger"] {
        for seed in 1..=50 {
            let plan = &scenario.plan(policy).expect("it is bundled").plan;
            let replay = Replay::new(plan, seed);
            let at = |is: &dyn Fn(&Fact) -> bool| {
                let found = replay.ledger.iter().find(|record| record.time.ms() > 0 && is(&record.fact));
                found.expect("it happened").time.ms()
            };
            let probe = at(&|fact| matches!(fact, Fact::ProbeUp { .. }));
            let done = at(&|fact| matches!(fact, Fact::PipelineSucceeded { .. }));
            let began = at(&|fact| matches!(fact, Fact::HarmStarted { .. }));
            let ended = at(&|fact| matches!(fact, Fact::HarmEnded { .. }));
            assert_eq!((began, ended - began), (probe, done.saturating_sub(probe)), "{policy}, seed {seed}");
            let stale =
                replay.measures.iter().find(|m| m.name() == "versions.stale_instance_s").expect("it is computed");
            let windtunnel_sim::measure::Value::Number(stale) = stale.value else { panic!("{stale:?}") };
            assert!((stale - (done - probe) as f64 / 1000.0).abs() < 1e-9);
        }
    }
}

#[test]
fn a_different_policy_moves_no_boot_of_an_instance_that_both_runs_create() {
    let scenario = stale_image();
    let boot = |policy: &str, seed: u64| {
        let replay = Replay::new(&scenario.plan(policy).expect("it is bundled").plan, seed);
        let find =
            |is: &dyn Fn(&Fact) -> bool| replay.ledger.iter().find(|record| is(&record.fact)).map(|r| r.time.ms());
        (find(&|f| matches!(f, Fact::InstanceRunning { .. })), find(&|f| matches!(f, Fact::InstanceBooted { .. })))
    };
    let policies: Vec<String> = scenario.policies().map(str::to_owned).collect();
    for seed in 1..=20 {
        let as_written = boot("as-written", seed);
        assert!(as_written.0.is_some() && as_written.1.is_some());
        for policy in &policies {
            assert_eq!(boot(policy, seed), as_written, "{policy}, seed {seed}");
        }
    }
    assert_ne!(boot("as-written", 1), boot("as-written", 2), "random numbers depend on the seed");
}

#[test]
fn the_first_harm_goes_back_to_the_timeline_through_at_least_four_causes_each_with_a_rule() {
    let scenario = stale_image();
    let replay = Replay::new(&scenario.plan("as-written").expect("it always exists").plan, 7);
    let harm = replay.ledger.iter().find(|record| matches!(record.fact, Fact::HarmStarted { .. })).expect("it harms");
    let chain = why::chain(&replay.ledger, harm);
    let action = chain.iter().position(|record| matches!(record.fact, Fact::ActionTaken { .. }));
    let action = action.expect("the chain reaches the action");
    assert!(action >= 5, "{} causes between the harm and the action", action - 1);
    for record in &chain {
        assert!(record.rule.rule().is_some(), "{} is in the rulebook", record.rule);
    }
    // In order: the rotation, the probe, the process, the boot, the machine, its creation from the image.
    let kinds: Vec<&str> = chain[1..=action].iter().map(|record| record.fact.kind().name).collect();
    let expected = [
        "inRotation",
        "probeUp",
        "processStarted",
        "instanceBooted",
        "instanceRunning",
        "instanceCreated",
        "capacitySet",
        "actionTaken",
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn every_entry_of_every_bundled_run_has_a_cause_before_it_and_a_rule_of_the_rulebook() {
    for path in bundled() {
        let scenario = loaded(&path);
        for policy in scenario.policies().map(str::to_owned).collect::<Vec<_>>() {
            let replay = Replay::new(&scenario.plan(&policy).expect("listed").plan, 1);
            for (i, record) in replay.ledger.iter().enumerate() {
                let Record { entry, cause, rule, .. } = *record;
                assert_eq!(entry.0 as usize, i + 1, "entries are numbered in order");
                assert!(cause < entry && (cause.0 > 0 || i == 0), "{policy}: entry {} has cause {}", entry.0, cause.0);
                assert!(rule.rule().is_some(), "{rule} is in the rulebook");
            }
        }
    }
}

/// The scenarios whose pictures and reports are held as well. They take most of the time of a run, and three show whatever
/// the pictures and the page have: stale code, upgrades and images in two regions, evictions.
const DRAWN: [&str; 3] = ["bad-bake-canary", "spot-reclaim", "stale-image-scale-out"];
const SEED: u64 = 7;

type Files = BTreeMap<String, Vec<u8>>;

fn files(folder: &Path) -> Files {
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("listed").path();
        (path.file_name().expect("named").to_string_lossy().into_owned(), std::fs::read(&path).expect("readable"))
    };
    let mut files: Files = std::fs::read_dir(folder).expect("the folder is there").map(read).collect();
    // The marker repeats the hashes of the others.
    assert!(files.remove(marker::NAME).is_some(), "the folder has its marker");
    files
}

/// The path of a bundled scenario, as a command at the root of the repository has it.
fn shown(scenario: &Path) -> &str {
    scenario.strip_prefix(root()).expect("it is bundled").to_str().expect("UTF-8")
}

/// What a run leaves for programs, by file name.
fn tables(path: &Path, scenario: &Loaded, policy: &str) -> Files {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let planned = scenario.plan(policy).expect("it was just listed");
    let replay = Replay::new(&planned.plan, SEED);
    let judged = judge(&planned.expectations, &replay);
    let wanted = Wanted { kind: Kind::Run, of: shown(path), named: true, foreigners: Foreigners::Refuse };
    let mut draft = Draft::begin(&folder.path().join("run"), wanted).expect("an empty place");
    write_tables(&mut draft, shown(path), planned, &Highlights::of(&replay), &judged, &Room::whole(&replay))
        .expect("they can be written");
    draft.finish().expect("it takes its place");
    files(&folder.path().join("run"))
}

/// Everything that the program leaves of a run, by file name.
fn everything(path: &Path, policy: &str) -> Files {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = temporary.path().join("run");
    let done = Command::new(env!("CARGO_BIN_EXE_windtunnel"))
        .current_dir(root())
        .args(["run", shown(path), "--policy", policy, "--seed", &SEED.to_string(), "--out"])
        .arg(&folder)
        .output()
        .expect("the program starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    files(&folder)
}

/// `plan.json` without the build that wrote it.
fn without_sources(plan: &str) -> String {
    let line = format!("  \"modelSources\": \"{}\",\n", model_sources());
    assert!(plan.contains(&line), "a plan says of which sources the model was");
    plan.replace(&line, "")
}

/// The files of a bundled scenario under each policy, a hash a line. Everything is made twice: the tables of all, and the
/// whole folder of those that are drawn, as written.
fn hashes(path: &Path) -> String {
    let scenario = loaded(path);
    let mut lines = String::new();
    for policy in scenario.policies() {
        let drawn = policy == AS_WRITTEN && DRAWN.contains(&scenario.name.as_str());
        let first = tables(path, &scenario, policy);
        let again = if drawn { everything(path, policy) } else { tables(path, &scenario, policy) };
        for (name, bytes) in &first {
            assert!(again.get(name) == Some(bytes), "{} {policy}: {name} differs between two runs", scenario.name);
        }
        if drawn {
            assert!(
                again == everything(path, policy),
                "{}: a picture or the page differs between two runs",
                scenario.name
            );
        }
        for (name, bytes) in &again {
            // Of which sources the model is changes with each of them; that the results do not is what is held here.
            let text = std::str::from_utf8(bytes).ok().filter(|_| name == "plan.json");
            let bytes = text.map_or(bytes.clone(), |text| without_sources(text).into_bytes());
            let hash = blake3::hash(&bytes).to_hex();
            let _ = writeln!(lines, "{} {} {policy} {name}", &hash[..16], scenario.name);
        }
    }
    lines
}

/// The golden file has one line a file of a run with seed 7. It was made by a release build; that a debug build agrees
/// shows that the two write the same bytes. It guards against drift and proves nothing else: when it moves, the
/// changelog says why. `UPDATE=1` writes it anew.
#[test]
fn seed_7_writes_the_same_bytes_twice_and_in_debug_and_release() {
    let lines: String = bundled().iter().map(|path| hashes(path)).collect();
    for name in DRAWN {
        assert!(lines.contains(&format!(" {name} {AS_WRITTEN} report.html")), "{name} is bundled, and was drawn");
    }
    let golden = root().join("tests/golden/seed-7.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(golden.parent().expect("it has one")).expect("created");
        std::fs::write(&golden, &lines).expect("written");
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    let changed: Vec<&str> = lines.lines().filter(|line| !expected.lines().any(|known| known == *line)).collect();
    assert!(
        changed.is_empty() && lines.lines().count() == expected.lines().count(),
        "these files changed:\n{}",
        changed.join("\n")
    );
}
