//! Nothing is allocated for an event once a run is warm: slots are recycled, and tables stand at their high-water mark.
//! This file is a program of its own, so that nobody else allocates while it counts.

use cap::Cap;
use std::alloc::System;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::generator::storm::storm;
use windtunnel_sim::measure::Measures;
use windtunnel_sim::plan::{Act, Action, Connections, Plan};
use windtunnel_sim::world::run::{Options, Run};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// How many bytes a run asks for between two hours of the day, and how many events that is.
fn asked_for(plan: &Plan, from_h: u64, to_h: u64) -> (usize, u64) {
    let mut measures = Measures::new(plan);
    let mut run = Run::new(plan, 1, Options::default(), &mut measures);
    run.advance(SimTime::ZERO + SimDuration::from_mins(60 * from_h), &mut measures);
    let (before, events) = (ALLOCATOR.total_allocated(), run.events());
    run.advance(SimTime::ZERO + SimDuration::from_mins(60 * to_h), &mut measures);
    (ALLOCATOR.total_allocated() - before, run.events() - events)
}

/// One test, so that nobody else asks for memory while it counts.
#[test]
fn a_warm_run_asks_for_nothing_for_an_event_and_for_a_creation_no_more_than_its_lists() {
    standing_fleets_ask_for_nothing();
    instances_that_come_and_go_ask_for_no_more_than_their_lists();
}

fn standing_fleets_ask_for_nothing() {
    let mut plan = storm(1_000, 1);
    let (bytes, events) = asked_for(&plan, 12, 24);
    assert!(events > 15_000, "only {events} events");
    assert_eq!(bytes, 0, "allocated in {events} events of the storm");
    for entry in &mut plan.entry_points {
        entry.traffic.as_mut().expect("the storm has traffic").connections = Connections::KeepAlive;
    }
    let (bytes, events) = asked_for(&plan, 12, 24);
    assert_eq!(bytes, 0, "allocated in {events} events of the storm with kept connections");
}

/// A set of 20 that is scaled to 40 and back every ten minutes of the day.
fn that_come_and_go() -> Plan {
    let mut plan = storm(20, 1);
    let actions = (1..288_u64).map(|nth| {
        let capacity = if nth % 2 == 1 { 40 } else { 20 };
        let at = SimTime::ZERO + SimDuration::from_mins(5 * nth);
        Action { name: format!("scale {nth}"), at, what: Act::SetCapacity { set: 0, capacity } }
    });
    plan.timeline = actions.collect();
    plan
}

/// What comes anew has an id and rows of its own, since ids are never used again, and tables double when they are full. The
/// tables were made for 20 and hold 2,560 after seven times; 1,700 ids were given out after 14 h and 2,420 after 20 h. So
/// between these hours the tables are at their high-water mark. What is asked for then is, for each creation, the order of
/// its extensions, and for each scale-out of 20, the list of what it made: 8 bytes each as such a list grows, some times.
fn instances_that_come_and_go_ask_for_no_more_than_their_lists() {
    let (bytes, events) = asked_for(&that_come_and_go(), 14, 20);
    let creations = 6 * 6 * 20;
    assert!(events > 8 * creations, "only {events} events");
    let each = bytes as u64 / creations;
    assert!(each < 48, "{each} bytes for each of {creations} creations, in {events} events");
}
