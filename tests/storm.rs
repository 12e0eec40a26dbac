//! The storm against the loop that was written by hand for it: two ways to the same number.

#[path = "../benches/baseline.rs"]
#[allow(dead_code, reason = "the benchmark uses the rest")]
mod baseline;

use windtunnel_sim::azure::load_balancer::ProbeEngine;
use windtunnel_sim::generator::storm::{DAY, failures, storm};
use windtunnel_sim::measure::{Measures, Value};
use windtunnel_sim::world::run::{Options, run};

#[test]
fn the_whole_model_and_the_loop_by_hand_harm_the_same_share_of_requests() {
    for (instances, seed) in [(10, 1), (100, 2), (1_000, 3)] {
        let plan = storm(instances, seed);
        let mut measures = Measures::new(&plan);
        run(&plan, seed, Options::default(), &mut measures);
        let measured = measures.measures();
        let value = &measured.iter().find(|m| m.name == "blast_radius.requests_pct").expect("it is computed").value;
        let Value::Number(pct) = *value else { panic!("{value:?}") };
        let list: Vec<Vec<u64>> =
            (0..instances).map(|ordinal| failures(seed, ordinal).iter().map(|at| at.ms()).collect()).collect();
        let (share, _) = baseline::by_hand(instances, &list, DAY.ms(), seed);
        let off = (pct / 100.0 - share).abs() / share;
        assert!(off < 1e-9, "{instances} instances: {pct} % by the model, {} % by hand", share * 100.0);
    }
}

#[test]
fn both_engines_tell_the_same_storm() {
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
