//! The storm by hand: what a careful engineer would write who needs these two answers and nothing else. No ledger, no
//! causes, no rules: for each failure, when the probe takes the backend out and when it comes back, when the health
//! extension notices and when that is known, and what came of it: the share of requests that failed, and how long
//! instances were known to be unhealthy. This is the floor that the engine's price is measured against.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use windtunnel_sim::engine::digest::Digest;
use windtunnel_sim::engine::random::{Purpose, Randomness, Subject, name};
use windtunnel_sim::generator::storm;

/// Of the balancer's probe, and of the extension's.
const INTERVAL: u64 = 5_000;
const LATENCY: u64 = 5;
const DOWN: u64 = 45_000;
/// How often the agent of an instance reports.
const AGENT: u64 = 6_000;
/// From a report to whoever is to know it.
const REPORT: u64 = 10_000;

/// One thing that happens to one instance: packed as time, kind and instance, so that the heap sorts by it.
fn pack(at: u64, kind: u64, instance: u32) -> Reverse<u128> {
    Reverse(u128::from(at) << 64 | u128::from(kind) << 32 | u128::from(instance))
}

/// When the first probe at or after `at` that sees the state since `at` takes effect.
fn seen(phase: u64, at: u64) -> u64 {
    // A probe sent at the very instant still sees what was before.
    let sent = phase + (at.saturating_sub(phase) / INTERVAL + 1) * INTERVAL;
    (if at < phase { phase } else { sent }) + LATENCY
}

/// When it is known what the extension says since `at`: the agent reports it at its next turn after `at`.
fn known(phase: u64, at: u64) -> u64 {
    at + AGENT - (at + AGENT - phase) % AGENT + REPORT
}

/// The phases of what looks at one instance.
pub struct Phases {
    pub balancer: u64,
    pub extension: u64,
    pub agent: u64,
}

pub fn phases(random: Randomness, ordinal: u32) -> Phases {
    let subject = Subject { place: name("vmss"), cause: name("initial"), ordinal };
    Phases {
        balancer: random.stream(Purpose::ProbePhase, subject, name("pool")).below(INTERVAL) + 1,
        extension: random.stream(Purpose::HealthPhase, subject, 0).below(INTERVAL) + 1,
        agent: random.stream(Purpose::AgentPhase, subject, 0).below(AGENT),
    }
}

/// What came of the storm.
pub struct Storm {
    /// The harmed requests as a share of all.
    pub harmed: f64,
    /// Instance-seconds known to be unhealthy.
    pub unhealthy_s: f64,
    /// A digest of every change.
    pub digest: u64,
}

/// The storm.
pub fn by_hand(instances: u32, failures: &[Vec<u64>], horizon: u64, seed: u64) -> Storm {
    let random = Randomness::new(seed);
    let phases: Vec<Phases> = (0..instances).map(|ordinal| phases(random, ordinal)).collect();
    let mut heap = BinaryHeap::new();
    for (instance, list) in failures.iter().enumerate() {
        heap.extend(list.first().map(|&at| pack(at, 0, instance as u32)));
    }
    let mut next = vec![0_usize; instances as usize];
    let (mut rotating, mut broken, mut last, mut harmed) = (u64::from(instances), 0_u64, 0_u64, 0.0_f64);
    let (mut unhealthy, mut unhealthy_ms) = (0_u64, 0_u64);
    let mut digest = Digest::default();
    while let Some(Reverse(packed)) = heap.pop() {
        let (at, kind, instance) = ((packed >> 64) as u64, (packed >> 32) as u32, packed as u32);
        if at > horizon {
            break;
        }
        harmed += (at - last) as f64 * broken as f64 / rotating as f64;
        unhealthy_ms += (at - last) * unhealthy;
        last = at;
        digest.word(at << 24 | u64::from(kind) << 20 | u64::from(instance));
        let phases = &phases[instance as usize];
        match kind {
            0 => {
                broken += 1;
                heap.push(pack(seen(phases.balancer, at), 1, instance));
                heap.push(pack(seen(phases.extension, at), 4, instance));
                heap.push(pack(at + DOWN, 2, instance));
            }
            1 => {
                broken -= 1;
                rotating -= 1;
            }
            2 => {
                heap.push(pack(seen(phases.balancer, at), 3, instance));
                heap.push(pack(seen(phases.extension, at), 5, instance));
            }
            3 => {
                rotating += 1;
                next[instance as usize] += 1;
                let list = &failures[instance as usize];
                heap.extend(list.get(next[instance as usize]).map(|&at| pack(at, 0, instance)));
            }
            4 | 5 => heap.push(pack(known(phases.agent, at), u64::from(kind) + 2, instance)),
            6 => unhealthy += 1,
            _ => unhealthy -= 1,
        }
    }
    harmed += (horizon - last) as f64 * broken as f64 / rotating as f64;
    unhealthy_ms += (horizon - last) * unhealthy;
    Storm { harmed: harmed / horizon as f64, unhealthy_s: unhealthy_ms as f64 / 1000.0, digest: digest.finish() }
}

/// The failures that the storm of this many instances is made of, in milliseconds from the start.
pub fn failures(instances: u32, seed: u64) -> Vec<Vec<u64>> {
    (0..instances).map(|ordinal| storm::failures(seed, ordinal).iter().map(|at| at.ms()).collect()).collect()
}
