//! The storm against the loop that was written by hand for it: two ways to the same number.

#[path = "../benches/storm_by_hand.rs"]
#[allow(dead_code, reason = "the benchmarks use the rest")]
mod storm_by_hand;

use windtunnel_sim::azure::load_balancer::ProbeEngine;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::generator::storm::{DAY, storm};
use windtunnel_sim::measure::{Measures, Value};
use windtunnel_sim::world::fact::{Fact, Health, Record};
use windtunnel_sim::world::run::{Options, Sink, run};

/// How long instances were known to be unhealthy, all together.
#[derive(Default)]
struct Unhealthy {
    last: SimTime,
    now: u64,
    ms: u64,
}

impl Sink for Unhealthy {
    fn record(&mut self, record: &Record) {
        self.end(record.time);
        match record.fact {
            Fact::HealthReported { to: Health::Healthy, .. } => self.now = self.now.saturating_sub(1),
            Fact::HealthReported { .. } => self.now += 1,
            _ => {}
        }
    }

    fn end(&mut self, at: SimTime) {
        self.ms += at.since(self.last).ms() * self.now;
        self.last = at;
    }
}

#[test]
fn the_whole_model_and_the_loop_by_hand_come_to_the_same_harm_and_the_same_health() {
    for (instances, seed) in [(10, 1), (100, 2), (1_000, 3)] {
        let plan = storm(instances, seed);
        let mut sinks = (Measures::new(&plan), Unhealthy::default());
        run(&plan, seed, Options::default(), &mut sinks);
        let measured = sinks.0.measures();
        let value = &measured.iter().find(|m| m.name() == "blast_radius.requests_pct").expect("it is computed").value;
        let Value::Number(pct) = *value else { panic!("{value:?}") };
        let by_hand = storm_by_hand::by_hand(instances, &storm_by_hand::failures(instances, seed), DAY.ms(), seed);
        let share = by_hand.harmed;
        let off = (pct / 100.0 - share).abs() / share;
        assert!(off < 1e-9, "{instances} instances: {pct} % by the model, {} % by hand", share * 100.0);
        assert_eq!(sinks.1.ms as f64 / 1000.0, by_hand.unhealthy_s, "{instances} instances: known to be unhealthy");
    }
}

#[test]
fn both_engines_give_the_same_storm() {
    let plan = storm(30, 4);
    let ledger = |engine| {
        let mut ledger = Vec::new();
        run(&plan, 4, Options { engine, ..Options::default() }, &mut ledger);
        ledger
    };
    let (counted, ticked) = (ledger(ProbeEngine::Counting), ledger(ProbeEngine::Ticking));
    assert!(counted.len() > 300, "only {} entries", counted.len());
    assert!(counted == ticked, "the ledgers differ");
}
