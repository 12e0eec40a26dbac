//! The storm by hand, as a benchmark.

use crate::storm_by_hand::{Storm, by_hand, failures};
use criterion::Criterion;
use windtunnel_sim::generator::storm;

pub fn define(criterion: &mut Criterion) {
    let instances = 1_000;
    let failures = failures(instances, 1);
    let horizon = storm::DAY.ms();
    let Storm { harmed, unhealthy_s, digest } = by_hand(instances, &failures, horizon, 1);
    println!("baseline/storm by hand: harmed share {harmed:.9}, unhealthy {unhealthy_s:.3} s, digest {digest:016x}");
    let mut group = criterion.benchmark_group("baseline");
    group.bench_function("storm by hand/1000", |bench| bench.iter(|| by_hand(instances, &failures, horizon, 1)));
    group.finish();
}
