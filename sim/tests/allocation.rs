//! Nothing is allocated for an event once a run is warm: slots are recycled, and tables stand at their high-water mark.
//! This file is a program of its own, so that nobody else allocates while it counts.

use cap::Cap;
use std::alloc::System;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::generator::storm::{DAY, storm};
use windtunnel_sim::measure::Measures;
use windtunnel_sim::plan::{Connections, Plan};
use windtunnel_sim::world::run::{Options, Run};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// How many bytes a run asks for after the first hours of the day, and how many events that is.
fn asked_for_when_warm(plan: &Plan) -> (usize, u64) {
    let mut measures = Measures::new(plan);
    let mut run = Run::new(plan, 1, Options::default(), &mut measures);
    run.advance(SimTime::ZERO + SimDuration::from_mins(12 * 60), &mut measures);
    let (before, events) = (ALLOCATOR.total_allocated(), run.events());
    run.advance(SimTime::ZERO + DAY, &mut measures);
    (ALLOCATOR.total_allocated() - before, run.events() - events)
}

#[test]
fn a_warm_run_allocates_nothing_for_an_event() {
    let mut plan = storm(1_000, 1);
    let (bytes, events) = asked_for_when_warm(&plan);
    assert!(events > 15_000, "only {events} events");
    assert_eq!(bytes, 0, "allocated in {events} events of the storm");
    for pool in &mut plan.pools {
        pool.traffic.as_mut().expect("the storm has traffic").connections = Connections::KeepAlive;
    }
    let (bytes, events) = asked_for_when_warm(&plan);
    assert_eq!(bytes, 0, "allocated in {events} events of the storm with kept connections");
}
