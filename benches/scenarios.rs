//! Whole runs without artefacts: what comparing policies takes thousands of.

use criterion::Criterion;
use std::path::{Path, PathBuf};
use windtunnel::input::{LoadOptions, load};
use windtunnel_sim::azure::load_balancer::ProbeEngine;
use windtunnel_sim::generator::storm::storm;
use windtunnel_sim::measure::{Measures, Value};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::run::{Options, Outcome, run};

/// A batch run: the facts go to the measures and to nowhere else.
fn measured(plan: &Plan, seed: u64) -> (Outcome, f64) {
    let mut measures = Measures::new(plan);
    let outcome = run(plan, seed, Options::default(), &mut measures);
    let harmed = measures.measures().into_iter().find(|measure| measure.name == "blast_radius.requests_pct");
    let Some(Value::Number(harmed)) = harmed.map(|measure| measure.value) else { panic!("it has traffic") };
    (outcome, harmed)
}

/// The bundled scenarios, every one.
fn bundled() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = std::fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("it can be read").path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|kind| kind == "yaml")).collect();
    files.sort();
    files
}

pub fn define(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scenarios");
    for path in bundled() {
        let loaded = load(&path, &LoadOptions::default()).expect("a bundled scenario loads");
        let plan = &loaded.plan("as-written").expect("it always exists").plan;
        let (outcome, harmed) = measured(plan, 1);
        println!("{}: {} events, {harmed:.6} % harmed, digest {:016x}", loaded.name, outcome.events, outcome.digest);
        group.bench_function(loaded.name.as_str(), |bench| bench.iter(|| measured(plan, 1)));
    }
    for instances in [1_000, 10_000] {
        let plan = storm(instances, 1);
        let (outcome, harmed) = measured(&plan, 1);
        println!(
            "storm/{instances}: {} events, {} entries, {harmed:.6} % harmed, digest {:016x}",
            outcome.events, outcome.entries, outcome.digest
        );
        group.bench_function(format!("storm/{instances}"), |bench| bench.iter(|| measured(&plan, 1)));
    }
    let plan = storm(1_000, 1);
    group.bench_function("storm by the engine that sends every probe/1000", |bench| {
        bench.iter(|| run(&plan, 1, Options { engine: ProbeEngine::Ticking, ..Options::default() }, &mut ()));
    });
    group.finish();
}
