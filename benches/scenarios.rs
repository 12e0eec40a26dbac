//! Whole runs without artefacts: what comparing policies takes thousands of.

use cpu_time::ThreadTime;
use criterion::Criterion;
use std::path::{Path, PathBuf};
use std::time::Duration;
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
    let harmed = measures.measures().into_iter().find(|measure| measure.name() == "blast_radius.requests_pct");
    // A scenario without traffic has no such share.
    let harmed = if let Some(Value::Number(harmed)) = harmed.map(|measure| measure.value) { harmed } else { f64::NAN };
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

/// Runs a second of every bundled scenario under every policy: the least time of the processor of many turns, since a
/// shared machine takes its part of the others.
pub fn rates() {
    println!(
        "| scenario | policy | instances, most | events | µs a run | runs a second |\n| --- | --- | --: | --: | --: | --: |"
    );
    for path in bundled() {
        let loaded = load(&path, &LoadOptions::default()).expect("a bundled scenario loads");
        for policy in loaded.policies() {
            let plan = &loaded.plan(policy).expect("it was just listed").plan;
            let mut measures = Measures::new(plan);
            let outcome = run(plan, 1, Options::default(), &mut measures);
            let most = measures.measures().into_iter().find(|measure| measure.name() == "capacity.peak_instances");
            let Some(Value::Number(most)) = most.map(|measure| measure.value) else { panic!("it has instances") };
            let mut least = Duration::MAX;
            let all = ThreadTime::now();
            let mut seed = 0;
            while seed < 20 || all.elapsed() < Duration::from_millis(300) {
                seed += 1;
                let start = ThreadTime::now();
                std::hint::black_box(measured(plan, 1 + seed % 20));
                least = least.min(start.elapsed());
            }
            let us = least.as_secs_f64() * 1e6;
            println!("| {} | {policy} | {most} | {} | {us:.0} | {:.0} |", loaded.name, outcome.events, 1e6 / us);
        }
    }
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
