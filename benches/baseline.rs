//! The storm by hand: what a careful engineer would write who needs this one answer and nothing else. No ledger, no
//! causes, no rules: for each failure, when the probe takes the backend out and when it comes back, and the share of
//! requests that failed meanwhile. This is the floor that the engine's price is measured against.

use criterion::Criterion;
use std::collections::BinaryHeap;
use windtunnel_sim::engine::digest::Digest;
use windtunnel_sim::engine::luck::{Luck, Purpose, Subject, name};
use windtunnel_sim::generator::storm;

const INTERVAL: u64 = 5_000;
const LATENCY: u64 = 5;
const DOWN: u64 = 45_000;

/// One thing that happens to one instance: packed as time, kind and instance, so that the heap sorts by it.
fn pack(at: u64, kind: u64, instance: u32) -> std::cmp::Reverse<u128> {
    std::cmp::Reverse(u128::from(at) << 64 | u128::from(kind) << 32 | u128::from(instance))
}

/// When the first probe at or after `at` that sees the state since `at` takes effect.
fn seen(phase: u64, at: u64) -> u64 {
    // A probe sent at the very instant still sees what was before.
    let sent = phase + (at.saturating_sub(phase) / INTERVAL + 1) * INTERVAL;
    (if at < phase { phase } else { sent }) + LATENCY
}

/// The storm: returns the harmed requests as a share of all, and a digest of every change.
pub fn by_hand(instances: u32, failures: &[Vec<u64>], horizon: u64, seed: u64) -> (f64, u64) {
    let place = name("vmss");
    let phases: Vec<u64> = (0..instances)
        .map(|ordinal| {
            let subject = Subject { place, cause: name("initial"), ordinal };
            Luck::new(seed).stream(Purpose::ProbePhase, subject, name("pool")).below(INTERVAL) + 1
        })
        .collect();
    let mut heap = BinaryHeap::new();
    for (instance, list) in failures.iter().enumerate() {
        heap.extend(list.first().map(|&at| pack(at, 0, instance as u32)));
    }
    let mut next = vec![0_usize; instances as usize];
    let (mut rotating, mut broken, mut last, mut harmed) = (u64::from(instances), 0_u64, 0_u64, 0.0_f64);
    let mut digest = Digest::default();
    while let Some(std::cmp::Reverse(packed)) = heap.pop() {
        let (at, kind, instance) = ((packed >> 64) as u64, (packed >> 32) as u32, packed as u32);
        if at > horizon {
            break;
        }
        harmed += (at - last) as f64 * broken as f64 / rotating as f64;
        last = at;
        digest.word(at << 24 | u64::from(kind) << 20 | u64::from(instance));
        let phase = phases[instance as usize];
        match kind {
            0 => {
                broken += 1;
                heap.push(pack(seen(phase, at), 1, instance));
                heap.push(pack(at + DOWN, 2, instance));
            }
            1 => {
                broken -= 1;
                rotating -= 1;
            }
            2 => heap.push(pack(seen(phase, at), 3, instance)),
            _ => {
                rotating += 1;
                next[instance as usize] += 1;
                let list = &failures[instance as usize];
                heap.extend(list.get(next[instance as usize]).map(|&at| pack(at, 0, instance)));
            }
        }
    }
    harmed += (horizon - last) as f64 * broken as f64 / rotating as f64;
    (harmed / horizon as f64, digest.finish())
}

pub fn define(criterion: &mut Criterion) {
    let instances = 1_000;
    let failures: Vec<Vec<u64>> =
        (0..instances).map(|ordinal| storm::failures(1, ordinal).iter().map(|at| at.ms()).collect()).collect();
    let horizon = storm::DAY.ms();
    let (harmed, digest) = by_hand(instances, &failures, horizon, 1);
    println!("baseline/storm by hand: harmed share {harmed:.9}, digest {digest:016x}");
    let mut group = criterion.benchmark_group("baseline");
    group.bench_function("storm by hand/1000", |bench| bench.iter(|| by_hand(instances, &failures, horizon, 1)));
    group.finish();
}
