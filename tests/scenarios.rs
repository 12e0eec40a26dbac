//! The bundled scenarios load, suit the schema, and survive the way to JSON and back.

use std::path::{Path, PathBuf};
use windtunnel::input::read::read_file;
use windtunnel::input::scenario::schema::schema;
use windtunnel::input::{Colour, LoadOptions, Problems, load, load_effective};

fn yaml_files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

fn json_of(path: &Path) -> serde_json::Value {
    let mut problems = Problems::new();
    read_file(path, &mut problems).expect("it reads").to_json()
}

#[test]
fn every_bundled_scenario_loads_without_a_word() {
    for path in yaml_files("scenarios") {
        let loaded =
            load(&path, &LoadOptions::default()).unwrap_or_else(|report| panic!("{}", report.render(Colour::Plain)));
        let mut problems = loaded.problems.clone();
        // A scenario about what Azure refuses, and about what it may lack, has such a write and such a set.
        let on_purpose = path.ends_with("never-fires.yaml");
        problems.0.retain(|problem| !(on_purpose && matches!(problem.code, "W0501" | "W0510" | "W0560")));
        assert!(problems.is_empty(), "{}", windtunnel::input::Report::from(problems));
        assert_eq!(loaded.policies().next(), Some("as-written"));
    }
}

#[test]
fn every_bundled_scenario_suits_the_schema() {
    let validator = jsonschema::validator_for(&schema()).expect("a schema");
    for path in yaml_files("scenarios") {
        let json = json_of(&path);
        let faults: Vec<String> =
            validator.iter_errors(&json).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
    }
}

#[test]
fn the_effective_scenario_makes_the_same_plan() {
    for path in yaml_files("scenarios") {
        let loaded = load(&path, &LoadOptions::default()).expect("it loads");
        for policy in loaded.policies() {
            let planned = loaded.plan(policy).expect("it is there");
            let text = planned.effective.to_string();
            let json = serde_json::from_str(&text).expect("it is JSON");
            let again = load_effective(&json, &LoadOptions::default()).expect("it loads");
            assert_eq!(format!("{:#?}", planned.plan), format!("{again:#?}"), "{policy} of {}", path.display());
        }
    }
}

#[test]
fn the_stale_image_scenario_is_read_as_it_is_written() {
    let loaded = load(Path::new("scenarios/stale-image-scale-out.yaml"), &LoadOptions::default()).expect("it loads");
    let planned = loaded.plan("as-written").expect("it is there");
    assert!(planned.diff.is_empty());
    insta::assert_debug_snapshot!("stale-image-plan", without_assumptions(&planned.plan));
    let diffs: Vec<String> = loaded
        .policies()
        .flat_map(|policy| {
            loaded.plan(policy).expect("it is there").diff.iter().map(move |change| format!("{policy}: {change}"))
        })
        .collect();
    insta::assert_debug_snapshot!("stale-image-diffs", diffs);
}

fn without_assumptions(plan: &windtunnel_sim::plan::Plan) -> impl std::fmt::Debug + use<> {
    let plan = plan.clone();
    (
        plan.sets,
        plan.pools,
        plan.entry_points,
        plan.application,
        plan.images,
        plan.pipelines,
        plan.timeline,
        plan.regions,
        plan.horizon,
    )
}

#[test]
fn planned_scenarios_fail_only_for_what_comes_later() {
    // The folder is there only while there is such a scenario.
    let waiting = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/planned").is_dir();
    for path in if waiting { yaml_files("docs/planned") } else { Vec::new() } {
        let Err(report) = load(&path, &LoadOptions::default()) else { panic!("{} loads already", path.display()) };
        let other: Vec<_> = report.problems().iter().filter(|p| p.code.starts_with('E') && p.code != "E0190").collect();
        assert!(other.is_empty(), "{}", report.render(Colour::Plain));
        assert!(report.has_errors());
        let lines = std::fs::read_to_string(&path).expect("it reads").lines().count();
        assert!(lines <= 120, "{} has {lines} lines", path.display());
    }
}
