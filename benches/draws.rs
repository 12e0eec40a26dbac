//! Draws: opening a keyed stream with its first draw, and one draw from each distribution.

use criterion::Criterion;
use windtunnel_sim::engine::digest::Digest;
use windtunnel_sim::engine::random::{Dist, Purpose, Randomness, Stream, Subject};
use windtunnel_sim::engine::time::SimDuration;

fn stream(ordinal: u32) -> Stream {
    Randomness::new(7).stream(Purpose::Boot, Subject { place: 1, cause: 2, ordinal }, 0)
}

pub fn define(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("draws");
    let mut ordinal = 0;
    group.bench_function("open a stream, first draw", |bench| {
        bench.iter(|| {
            ordinal += 1;
            stream(ordinal).bits()
        });
    });
    let s = SimDuration::from_secs;
    let kinds = [
        ("uniform", Dist::Uniform { min: s(0), max: s(90) }),
        ("exponential", Dist::Exponential { mean: s(3600) }),
        ("lognormal", Dist::LogNormal { median: s(45), sigma: 0.25 }),
    ];
    for (name, dist) in kinds {
        let mut digest = Digest::default();
        let mut draws = stream(0);
        (0..1000).for_each(|_| digest.word(draws.duration(&dist).ms()));
        println!("draws/{name}: digest {:016x}", digest.finish());
        let mut draws = stream(0);
        group.bench_function(name, |bench| bench.iter(|| draws.duration(&dist)));
    }
    group.finish();
}
