//! A scenario drafted from files alone: one that is checked and runs of every real file with a scale set and of every bundled fleet, and
//! figures worked out by hand.

mod samples;

use samples::{Shape, index, samples};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use windtunnel::disk::file::Disk;
use windtunnel::input::draft::{Draft, Element, draft};
use windtunnel::input::files::{Files, Unreadable};
use windtunnel::input::tree::Node;
use windtunnel::input::{AS_WRITTEN, LoadOptions, Loaded, Problems, Severity, arm, load, load_over, read};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{End, Fact, Record, RolloutFact};
use windtunnel_sim::world::run::{Options, run};

const SCALE_SET: &str = "Microsoft.Compute/virtualMachineScaleSets";

/// Files at hand.
struct Shelf(BTreeMap<PathBuf, String>);

impl Files for Shelf {
    fn read(&self, path: &Path, _: u64) -> Result<Vec<u8>, Unreadable> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or(Unreadable::Missing)
    }
}

fn shelf(file: &str, text: &str) -> Shelf {
    Shelf(BTreeMap::from([(PathBuf::from(file), text.to_owned())]))
}

fn plan(loaded: &Loaded) -> &Plan {
    &loaded.plan(AS_WRITTEN).expect("it always exists").plan
}

fn ledger(plan: &Plan) -> Vec<Record> {
    let mut ledger = Vec::new();
    let outcome = run(plan, 1, Options { check_every_instant: true, ..Options::default() }, &mut ledger);
    assert!(outcome.looped.is_none(), "it runs in a loop");
    assert_eq!(outcome.end, plan.horizon);
    ledger
}

/// The run of a draft in which its sets come to the next versions of their images.
fn rolled_out(files: &dyn Files, draft: &Draft) -> (Loaded, Vec<Record>) {
    let mut timeline = String::new();
    for (at, set) in draft.sets.iter().enumerate() {
        let Some(image) = &set.image else { continue };
        for act in draft.rollout(at, &image.next, SimDuration::from_mins(10)).into_iter().map(|act| act.yaml) {
            timeline += &format!("  - {}\n", act.replace("{ name: ", &format!("{{ name: {at} ")));
        }
    }
    let over = read::read_text("rollout", format!("timeline:\n{timeline}"), &mut Problems::new());
    let over = [over.expect("it is YAML")];
    let loaded = load_over(files, "draft.yaml", draft.text.clone(), &over, &LoadOptions::default());
    let loaded = loaded.unwrap_or_else(|report| panic!("{report}\n{}\n{timeline}", draft.text));
    let ledger = ledger(plan(&loaded));
    (loaded, ledger)
}

fn ends(ledger: &[Record]) -> Vec<End> {
    let end = |record: &Record| match record.fact {
        Fact::Rollout(RolloutFact::Ended { end, .. }) => Some(end),
        _ => None,
    };
    ledger.iter().filter_map(end).collect()
}

/// What of a draft is so of every one: nothing is wrong with it, each guess is on its line, and it and its rollout run to the end.
fn holds(what: &str, files: &dyn Files, draft: &Draft) {
    assert!(!draft.problems.has_errors(), "{what}");
    for guess in &draft.guesses {
        let line = draft.text.lines().nth(guess.line - 1).unwrap_or_default();
        assert!(line.ends_with(&format!("# guess: {}", guess.text)), "{what}: line {} is `{line}`", guess.line);
    }
    assert!(
        ledger(&draft.plan).iter().all(|record| !matches!(record.fact, Fact::Rollout(_))),
        "{what}: nothing is acted"
    );
    let (loaded, ledger) = rolled_out(files, draft);
    let refused = loaded.problems.iter().find(|problem| problem.code == "W0510");
    assert!(refused.is_none(), "{what}: Azure refuses a write of the rollout: {refused:?}");
    let planned = plan(&loaded).sets.len();
    assert_eq!(planned, draft.sets.len(), "{what}");
    // What begins ends, before the horizon.
    let begun =
        ledger.iter().filter(|record| matches!(record.fact, Fact::Rollout(RolloutFact::Started { .. }))).count();
    assert_eq!(ends(&ledger).len(), begun, "{what}: a rollout goes on at the horizon of {}", plan(&loaded).horizon);
}

fn element(file: &Path, shape: Shape) -> Element {
    let parameters = file.with_extension("parameters.json");
    let is_template = shape == Shape::Template;
    let parameters = (is_template && parameters.is_file()).then(|| parameters.display().to_string());
    Element { file: file.display().to_string(), is_template, parameters, ..Element::default() }
}

fn of_file(name: &str) -> Element {
    Element { file: name.to_owned(), ..Element::default() }
}

#[test]
fn every_real_file_with_a_scale_set_becomes_a_scenario_that_runs() {
    let Some(folder) = samples() else { return };
    let mut refused: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut drafted, mut with_set) = (0, 0);
    for (file, kind) in index(&folder) {
        let path = folder.join(&file);
        let shape = Shape::of(&path, &kind);
        let (resources, _) = arm::load(&path, None, &[]);
        if !resources.iter().any(|one| one.get("type").and_then(Node::text) == Some(SCALE_SET)) {
            continue;
        }
        with_set += 1;
        match draft(&Disk, "draft.yaml", &[element(&path, shape)], &LoadOptions::default()) {
            Ok(draft) => {
                drafted += 1;
                if std::env::var_os("WINDTUNNEL_VERBOSE").is_some() {
                    println!("== {file}\n{}", draft.text);
                }
                holds(&file, &Disk, &draft);
            }
            Err(report) => {
                // A refusal is Azure's own, or says how to give what is missing.
                for problem in report.problems().iter().filter(|problem| problem.severity == Severity::Error) {
                    assert!(problem.is_refusal() || problem.help.is_some(), "{file}: {problem:?}");
                    let what = problem.rule.map_or_else(|| problem.code.to_owned(), |rule| rule.to_string());
                    refused.entry(what).or_default().push(format!("{file}: {}", problem.message));
                }
            }
        }
    }
    println!("{drafted} of {with_set} files become a scenario");
    for (what, files) in &refused {
        println!("{what}: {} times, the first {}", files.len(), files[0]);
    }
    assert!(drafted * 100 >= with_set * 94, "{drafted} of {with_set}");
}

/// The resources of a scenario as one file of Azure's.
fn fleet_of(scenario: &Path) -> String {
    let loaded = load(scenario, &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    let mut effective = loaded.plan(AS_WRITTEN).expect("it always exists").effective.clone();
    for resource in effective["resources"].as_array_mut().expect("a list") {
        let resource = resource.as_object_mut().expect("an object");
        resource.retain(|key, _| !["unread", "accept"].contains(&key.as_str()));
    }
    serde_json::json!({ "value": effective["resources"] }).to_string()
}

/// `slow-failure` has 10 instances behind one rule: 60 % of 1,000 rps. `cve-patch-without-a-gate` has 20 in each of two regions, each
/// behind a balancer of its own: 60 % of 2,000 rps twice. `stale-image-scale-out` has 2: 120 rps.
#[test]
fn every_bundled_fleet_becomes_a_scenario_that_runs() {
    let by_hand = [
        ("slow-failure", &[("lb-feed", 600.0)][..]),
        ("cve-patch-without-a-gate", &[("lb-authz-eastus", 1200.0), ("lb-authz-westus3", 1200.0)]),
        ("stale-image-scale-out", &[("lb-web", 120.0)]),
    ];
    let mut seen = 0;
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).expect("there are some") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let files = shelf("fleet.json", &fleet_of(&path));
        let draft = draft(&files, "draft.yaml", &[of_file("fleet.json")], &LoadOptions::default())
            .unwrap_or_else(|report| panic!("{stem}: {report}"));
        holds(&stem, &files, &draft);
        if let Some((_, expected)) = by_hand.iter().find(|(name, _)| *name == stem) {
            let entries: Vec<(&str, f64)> = draft.entries.iter().map(|of| (of.key.as_str(), of.rps)).collect();
            assert_eq!(entries, *expected, "{stem}");
            seen += 1;
        }
    }
    assert_eq!(seen, by_hand.len());
}
