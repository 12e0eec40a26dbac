//! `windtunnel verify`: runs again what must come out the same, and names the first entry that differs.
//!
//! The same scenario, policy and seed are run in several ways that must not matter: a second time, on another thread beside
//! other runs, by the engine that sends every probe, and with a queue that is built in a random order. All ledgers must be
//! the same, entry for entry.
//!
//! Whoever doubts that it would notice plants a fault: `--plant-fault` makes the probes of one engine a second slower.

use crate::args::Verify;
use crate::exit;
use crate::experiment::limits::Stopped;
use crate::input::{LoadOptions, load};
use crate::output::progress::{Progress, Work};
use crate::output::stream;
use anyhow::bail;
use std::io::Write;
use windtunnel_sim::azure::instances;
use windtunnel_sim::azure::load_balancer::ProbeEngine;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::generator;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::run::{Options, Outcome, Run, Sink};
use windtunnel_words::describe::{Names, sentence};

/// Checks a scenario, or random ones.
pub fn verify(args: &Verify) -> anyhow::Result<u8> {
    let mut out = stream::stdout();
    if let Some(count) = args.random {
        let most = u64::MAX - (count - 1);
        if args.seed > most {
            bail!("there are fewer than {count} scenarios from {} on; begin at {most} or lower", args.seed);
        }
        let progress = Progress::of(Work::Scenarios, count, 0);
        for number in args.seed..=args.seed + (count - 1) {
            progress.add(1);
            if let Some(difference) = examine(&generator::scenario(number), number, args.plant_fault, None) {
                progress.end();
                writeln!(out, "random scenario {number} is not deterministic:\n{difference}")?;
                writeln!(out, "\nrepeat: windtunnel verify --random 1 --seed {number}")?;
                return Ok(exit::NOT_DETERMINISTIC);
            }
        }
        progress.end();
        unnoticed(args)?;
        writeln!(out, "{count} random scenarios: {WAYS} agree, entry for entry")?;
        return Ok(exit::OK);
    }
    let path = args.scenario.as_deref().expect("clap asks for a scenario or for --random");
    let loaded = load(path, &LoadOptions::default())?;
    let policies: Vec<&str> = match &args.policy {
        Some(policy) => vec![policy.as_str()],
        None => loaded.policies().collect(),
    };
    let all = policies.iter().filter_map(|policy| Some(loaded.plan(policy).ok()?.plan.horizon.ms())).sum::<u64>();
    let progress = Progress::of(Work::Time, all.saturating_mul(RUNS), 0);
    for policy in policies {
        let planned = loaded.plan(policy)?;
        let plan = &planned.plan;
        for engine in [ProbeEngine::default(), ProbeEngine::Ticking] {
            let options = Options { engine, ..Options::default() };
            let outcome = outcome(plan, args.seed, options, &progress);
            Stopped::check(plan, args.seed, &outcome).map_err(|stopped| stopped.report(&planned.work))?;
        }
        if let Some(difference) = examine(plan, args.seed, args.plant_fault, Some(&progress)) {
            progress.end();
            writeln!(out, "{policy}, seed {}: not deterministic\n{difference}", args.seed)?;
            return Ok(exit::NOT_DETERMINISTIC);
        }
        if args.plant_fault {
            continue;
        }
        let Outcome { digest, entries, .. } = outcome(plan, args.seed, Options::default(), &progress);
        progress.aside(|| {
            writeln!(out, "{policy}, seed {}: {entries} entries, digest {digest:016x}, equal in all ways", args.seed)
        })?;
    }
    unnoticed(args)?;
    Ok(exit::OK)
}

/// A fault that was planted and not found is no agreement.
fn unnoticed(args: &Verify) -> anyhow::Result<()> {
    if args.plant_fault {
        bail!("the planted fault changed nothing: no probe decides anything here; try another scenario or seed");
    }
    Ok(())
}

/// All ways in words.
const WAYS: &str = "a second run, four threads, both engines and a shuffled queue";
/// How many runs are made side by side.
const THREADS: usize = 4;
/// How many runs of a policy are made in all: of each engine to see whether it ends, the first, the other ways, those side
/// by side, and one for its digest.
const RUNS: u64 = 2 + 1 + 4 + THREADS as u64 + 1;

fn ledger<'p>(plan: &'p Plan, seed: u64, options: Options, progress: Option<&Progress>) -> (Vec<Record>, Run<'p>) {
    let mut ledger = Vec::new();
    let mut run = Run::new(plan, seed, options, &mut ledger);
    advance(&mut run, plan.horizon, &mut ledger, progress);
    (ledger, run)
}

/// Carries a run on to its end, and says how far it is.
fn advance<S: Sink>(run: &mut Run<'_>, horizon: SimTime, sink: &mut S, progress: Option<&Progress>) {
    let mut last = SimTime::ZERO;
    for instant in Progress::steps(horizon) {
        run.advance(instant, sink);
        if let Some(progress) = progress {
            progress.add(instant.since(last).ms());
        }
        last = instant;
    }
}

fn outcome(plan: &Plan, seed: u64, options: Options, progress: &Progress) -> Outcome {
    let mut run = Run::new(plan, seed, options, &mut ());
    advance(&mut run, plan.horizon, &mut (), Some(progress));
    run.finish(&mut ())
}

/// The plan with a fault: every probe goes out a second later than it should.
fn faulty(plan: &Plan) -> Plan {
    let mut faulty = plan.clone();
    let late = SimDuration::from_secs(1);
    for probe in faulty.pools.iter_mut().filter_map(|pool| pool.probe.as_mut()) {
        probe.interval = probe.interval + late;
    }
    for extension in faulty.sets.iter_mut().filter_map(|set| set.profile.health_extension.as_mut()) {
        extension.interval = extension.interval + late;
    }
    faulty
}

/// Runs a plan by all ways; the first difference as text, if there is one.
fn examine(plan: &Plan, seed: u64, planted: bool, progress: Option<&Progress>) -> Option<String> {
    let plain = Options { check_every_instant: true, ..Options::default() };
    let (first, run) = ledger(plan, seed, plain, progress);
    let names = Names::new(plan, instances::names(&run.world, plan));
    let ways = [
        ("a second run", plain),
        ("the engine that sends every probe", Options { engine: ProbeEngine::Ticking, ..plain }),
        ("a shuffled queue", Options { shuffle: Some(seed), ..plain }),
        ("a queue shuffled otherwise", Options { shuffle: Some(!seed), ..plain }),
    ];
    let faulty = planted.then(|| faulty(plan));
    for (way, options) in ways {
        let given = faulty.as_ref().filter(|_| options.engine == ProbeEngine::Ticking).unwrap_or(plan);
        let (other, _) = ledger(given, seed, options, progress);
        if let Some(found) = difference(&names, &first, way, &other) {
            return Some(found);
        }
    }
    // Side by side, each with its own seed next to the one in question: what they shared would show.
    let beside = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..THREADS)
            .map(|number| {
                let seed = if number % 2 == 0 { seed } else { seed ^ number as u64 };
                scope.spawn(move || ledger(plan, seed, plain, progress).0)
            })
            .collect();
        runs.into_iter().map(|run| run.join().expect("a run does not fail")).collect::<Vec<_>>()
    });
    beside.iter().step_by(2).find_map(|other| difference(&names, &first, "a run on another thread", other))
}

/// The first entry in which two ledgers differ, with both sides.
pub fn difference(names: &Names<'_>, first: &[Record], way: &str, other: &[Record]) -> Option<String> {
    let longest = first.len().max(other.len());
    let at = (0..longest).find(|&at| first.get(at) != other.get(at))?;
    let show = |record: Option<&Record>| match record {
        Some(record) => {
            format!("{} {} (cause {}, {})", record.time, sentence(names, &record.fact), record.cause.0, record.rule)
        }
        None => "nothing: the ledger has ended".to_owned(),
    };
    let (ours, theirs) = (show(first.get(at)), show(other.get(at)));
    Some(format!("  entry {}\n  the first run: {ours}\n  {way}: {theirs}", at + 1))
}
