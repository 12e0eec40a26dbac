//! Memory: the most that a run of the storm holds at once, for each instance, by an allocator that counts. The plan is
//! what a run is given and is counted apart.
//!
//! `cargo bench -p windtunnel-sim --bench memory` goes to a million instances; with `--test` to a thousand.

#![allow(missing_docs, reason = "a benchmark is its own documentation")]

use cap::Cap;
use std::alloc::System;
use windtunnel_sim::generator::storm::storm;
use windtunnel_sim::measure::Measures;
use windtunnel_sim::world::run::{Options, Run};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

fn main() {
    let test = std::env::args().any(|argument| argument == "--test");
    println!("bytes an instance: the most at once in a run, what stands after its start; the plan it is given");
    for n in if test { vec![1_000] } else { vec![1_000, 10_000, 100_000, 1_000_000] } {
        let empty = ALLOCATOR.allocated();
        let plan = storm(n, 1);
        let (given, most_before) = (ALLOCATOR.allocated(), ALLOCATOR.max_allocated());
        let mut measures = Measures::new(&plan);
        let mut run = Run::new(&plan, 1, Options::default(), &mut measures);
        let (started, most_at_start) = (ALLOCATOR.allocated(), ALLOCATOR.max_allocated());
        run.advance(plan.horizon, &mut measures);
        run.finish(&mut measures);
        drop(measures.measures());
        let each = |bytes: usize| bytes as f64 / f64::from(n);
        let most = ALLOCATOR.max_allocated();
        let exact = if most > most_before { "" } else { " at most, since making the plan took as much" };
        println!(
            "{n:>9} instances: {:.0}{exact}, of which {:.0} at the start; {:.0}; {:.0}",
            each(most - given),
            each(most_at_start - given),
            each(started - given),
            each(given - empty),
        );
    }
}
