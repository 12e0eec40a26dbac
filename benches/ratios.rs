//! Ratios: what is claimed of the speed of the simulator, each against its yardstick in the same sitting. Both sides of a
//! ratio run by turns, and the least of each counts; times are those of the processor, without what others take of it. A
//! shared machine makes single figures worthless.
//!
//! `cargo bench -p windtunnel-sim --bench ratios` prints the table; with `--test` everything runs once, and
//! `-- spin storm 20` or `-- spin floor 20` runs one thing again and again, for a profiler.

#![allow(missing_docs, reason = "a benchmark is its own documentation")]

#[allow(dead_code, reason = "the other benchmark uses the rest")]
#[path = "storm_by_hand.rs"]
mod storm_by_hand;

use cpu_time::ThreadTime;
use std::hint::black_box;
use std::time::Duration;
use storm_by_hand::{by_hand, failures};
use windtunnel_sim::azure::load_balancer::ProbeEngine;
use windtunnel_sim::generator::storm::{DAY, storm};
use windtunnel_sim::measure::Measures;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::run::{Options, Outcome, run};

/// A whole run: measures and digest, no ledger.
fn whole(plan: &Plan) -> Outcome {
    let mut measures = Measures::new(plan);
    let outcome = run(plan, 1, Options::default(), &mut measures);
    black_box(measures.measures());
    outcome
}

/// What was computed counts as used.
fn used<T>(value: T) {
    black_box(value);
}

fn timed(what: impl FnOnce()) -> Duration {
    let start = ThreadTime::now();
    what();
    start.elapsed()
}

/// The least time of each, over this many turns.
fn by_turns(turns: u32, mut one: impl FnMut(), mut other: impl FnMut()) -> (f64, f64) {
    let (mut least, mut least_other) = (Duration::MAX, Duration::MAX);
    for _ in 0..turns {
        least = least.min(timed(&mut one));
        least_other = least_other.min(timed(&mut other));
    }
    (least.as_secs_f64(), least_other.as_secs_f64())
}

/// The whole model against the loop by hand.
fn floor(turns: u32) {
    let (plan, list) = (storm(1_000, 1), failures(1_000, 1));
    let (ours, floor) = by_turns(turns, || used(whole(&plan)), || used(by_hand(1_000, &list, DAY.ms(), 1)));
    let (outcome, by_hand) = (whole(&plan), by_hand(1_000, &list, DAY.ms(), 1));
    println!("the storm, 1,000 instances, {} events, {} entries:", outcome.events, outcome.entries);
    println!("  whole model {:.3} ms, {:.0} runs a second; digest {:016x}", ours * 1e3, 1.0 / ours, outcome.digest);
    println!("  by hand     {:.3} ms; digest {:016x}", floor * 1e3, by_hand.digest);
    println!("  ratio       {:.2} (to be at most 3.2)", ours / floor);
}

/// How the time of a run grows with the fleet, against n log n.
fn growth(turns: u32, sizes: &[u32]) {
    println!("growth, a run of the storm:");
    let log = |n: u32| f64::from(n) * libm::log2(f64::from(n));
    let mut first = None;
    for &n in sizes {
        let plan = storm(n, 1);
        let least = (0..turns).map(|_| timed(|| used(whole(&plan)))).min().expect("there are turns");
        let least = least.as_secs_f64();
        let &mut (time, size) = first.get_or_insert((least, n));
        println!(
            "  {n:>9} instances {:>10.2} ms, {:.2} µs an instance, {:.2} times n log n from {size}",
            least * 1e3,
            least * 1e6 / f64::from(n),
            least / time / (log(n) / log(size)),
        );
    }
}

/// Probes by counting against probes that are sent.
fn oracle() {
    let plan = storm(1_000, 1);
    let ticking = Options { engine: ProbeEngine::Ticking, ..Options::default() };
    let (counted, ticked) =
        by_turns(1, || used(run(&plan, 1, Options::default(), &mut ())), || used(run(&plan, 1, ticking, &mut ())));
    println!("the oracle that sends every probe, on the same queue (a BinaryHeap):");
    println!("  counted {:.2} ms, ticked {:.2} s, ratio {:.0}", counted * 1e3, ticked, ticked / counted);
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["--test"] => {
            floor(1);
            growth(1, &[100, 1_000]);
        }
        ["spin", what, times] => spin(what, times.parse().expect("a number of times")),
        ["floor"] => floor(300),
        ["growth"] => growth(3, &[1_000, 10_000, 100_000, 1_000_000]),
        ["oracle"] => oracle(),
        _ => {
            floor(300);
            growth(3, &[1_000, 10_000, 100_000, 1_000_000]);
            oracle();
        }
    }
}

fn spin(what: &str, times: u32) {
    let instances = what.split_once('/').map_or(1_000, |(_, n)| n.parse().expect("a number of instances"));
    if what.starts_with("storm") {
        let plan = storm(instances, 1);
        (0..times).for_each(|_| used(whole(&plan)));
    } else {
        let list = failures(instances, 1);
        (0..times).for_each(|_| used(by_hand(instances, &list, DAY.ms(), 1)));
    }
}
