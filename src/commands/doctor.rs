//! `windtunnel doctor`: runs again what must come out the same, and names the first entry that differs.
//!
//! The same scenario, policy and seed are run twice by the engine that counts probes, and once by the engine that sends
//! every one. All three ledgers must be the same, entry for entry.

use crate::args::Doctor;
use crate::exit;
use crate::input::{LoadOptions, load};
use crate::output::describe::{Names, sentence};
use std::io::Write;
use windtunnel_sim::azure::instances;
use windtunnel_sim::azure::load_balancer::ProbeEngine;
use windtunnel_sim::generator;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::run::{Options, Run};

/// Checks a scenario, or random ones.
///
/// # Errors
///
/// The scenario cannot be read, or has no such policy.
pub fn doctor(args: &Doctor) -> anyhow::Result<u8> {
    let mut out = anstream::stdout();
    if let Some(count) = args.random {
        for number in args.seed..args.seed.saturating_add(count) {
            if let Some(difference) = examine(&generator::scenario(number), number) {
                writeln!(out, "random scenario {number} is not deterministic:\n{difference}")?;
                writeln!(out, "\nrepeat: windtunnel doctor --random 1 --seed {number}")?;
                return Ok(exit::NOT_DETERMINISTIC);
            }
        }
        writeln!(out, "{count} random scenarios: both engines and a second run agree, entry for entry")?;
        return Ok(exit::OK);
    }
    let path = args.scenario.as_deref().expect("clap asks for a scenario or for --random");
    let loaded = load(path, &LoadOptions::default())?;
    let policies: Vec<&str> = match &args.policy {
        Some(policy) => vec![policy.as_str()],
        None => loaded.policies().collect(),
    };
    for policy in policies {
        let plan = &loaded.plan(policy)?.plan;
        if let Some(difference) = examine(plan, args.seed) {
            writeln!(out, "{policy}, seed {}: not deterministic\n{difference}", args.seed)?;
            return Ok(exit::NOT_DETERMINISTIC);
        }
        let (digest, entries) = digest(plan, args.seed);
        writeln!(out, "{policy}, seed {}: {entries} entries, digest {digest:016x}, the same by all ways", args.seed)?;
    }
    Ok(exit::OK)
}

fn ledger<'p>(plan: &'p Plan, seed: u64, engine: ProbeEngine) -> (Vec<Record>, Run<'p>) {
    let mut ledger = Vec::new();
    let options = Options { engine, check_every_instant: true, ..Options::default() };
    let mut run = Run::new(plan, seed, options, &mut ledger);
    run.advance(plan.horizon, &mut ledger);
    (ledger, run)
}

fn digest(plan: &Plan, seed: u64) -> (u64, u32) {
    let outcome = windtunnel_sim::world::run::run(plan, seed, Options::default(), &mut ());
    (outcome.digest, outcome.entries)
}

/// Runs a plan by all ways; the first difference as text, if there is one.
fn examine(plan: &Plan, seed: u64) -> Option<String> {
    let (counted, run) = ledger(plan, seed, ProbeEngine::Counting);
    let names = Names::new(plan, instances::names(&run.world, plan));
    let again = [("a second run", ProbeEngine::Counting), ("the engine that sends every probe", ProbeEngine::Ticking)];
    for (way, engine) in again {
        let (other, _) = ledger(plan, seed, engine);
        let longest = counted.len().max(other.len());
        if let Some(i) = (0..longest).find(|&i| counted.get(i) != other.get(i)) {
            let show = |record: Option<&Record>| match record {
                Some(record) => format!("{} {} ({})", record.time, sentence(&names, &record.fact), record.rule),
                None => "nothing: the ledger has ended".to_owned(),
            };
            let (ours, theirs) = (show(counted.get(i)), show(other.get(i)));
            return Some(format!("  entry {}\n  the counting engine: {ours}\n  {way}: {theirs}", i + 1));
        }
    }
    None
}
