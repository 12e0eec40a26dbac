//! What must hold of each kind of mutant, whatever it says.

use crate::trial::{Bench, Enough};
use fastrand::Rng;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use windtunnel::claims::margin::Margins;
use windtunnel::disk::file::Disk;
use windtunnel::experiment::baseline::Baseline;
use windtunnel::experiment::replicate::Replications;
use windtunnel::experiment::statistics::{CONFIDENCE, summarise};
use windtunnel::input::tree::{Node, Value as Tree};
use windtunnel::input::{
    AS_WRITTEN, Colour, LoadOptions, Loaded, Problems, Report, Severity, arm, bare, json, load_effective, load_text,
    read,
};
use windtunnel::output::journal::{Identity, Journal, opened, sealed};
use windtunnel::threads::replicate;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::{Measures, Unit, Value};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::run::{Options, Run, Sink};

/// Entries after which a run is left.
const ENTRIES_MAX: u32 = 100_000;
/// Runs are looked at for so long.
const HORIZON_MAX: SimTime = SimTime::from_ms(6 * 3_600_000);

/// Whether it was accepted, or what is wrong, in a sentence.
pub(crate) type Tried = Result<bool, String>;

/// Leaves a run that goes on and on.
#[derive(Default)]
struct Guard(u32);

impl Sink for Guard {
    fn record(&mut self, _: &Record) {
        self.0 += 1;
        if self.0 > ENTRIES_MAX {
            std::panic::resume_unwind(Box::new(Enough));
        }
    }
    fn end(&mut self, _: SimTime) {}
}

/// A scenario is refused with problems that help, or every run of it comes to measures that can be, and its plan as JSON
/// is the same plan, and so is that of the same keys in another order.
pub(crate) fn scenario(path: &Path, text: String, rng: &mut Rng) -> Tried {
    let options = LoadOptions::default();
    let loaded = match load_text(&path.to_string_lossy(), text.clone(), &options) {
        Ok(loaded) => loaded,
        Err(report) => return refused(&report),
    };
    let policies: Vec<String> = loaded.policies().map(str::to_owned).collect();
    let policy = &policies[rng.usize(..policies.len())];
    let planned = loaded.plan(policy).map_err(|_| format!("policy `{policy}` is listed and is not there"))?;
    let seed = rng.u64(..);
    let again = match load_effective(&planned.effective, &options) {
        Ok(plan) => plan,
        Err(report) => return Err(format!("the plan of `{policy}` cannot be read back: {}", said(&report))),
    };
    let (mut first, mut second) = (planned.plan.clone(), again);
    let (one, other) = (run(&mut first, seed)?, run(&mut second, seed)?);
    if one != other {
        return Err(format!("policy `{policy}`, seed {seed}: digest {one:x}, and {other:x} of the plan read back"));
    }
    let mut shuffled = reordered(path, text, rng)?.plan(policy).map_err(|report| said(&report))?.plan.clone();
    let other = run(&mut shuffled, seed)?;
    if one != other {
        return Err(format!(
            "policy `{policy}`, seed {seed}: digest {one:x}, and {other:x} with keys in another order"
        ));
    }
    Ok(true)
}

/// The same scenario with the keys of every mapping in another order.
fn reordered(path: &Path, text: String, rng: &mut Rng) -> Result<Loaded, String> {
    let root = read::read_text(&path.to_string_lossy(), text, &mut Problems::new());
    let mut root = root.ok_or("it was read once, and not again")?;
    shuffle(&mut root, rng);
    let name = path.with_extension("json");
    let loaded = load_text(&name.to_string_lossy(), json::print(&root), &LoadOptions::default());
    loaded.map_err(|report| format!("with keys in another order: {}", said(&report)))
}

fn shuffle(node: &mut Node, rng: &mut Rng) {
    match &mut node.value {
        Tree::Map(entries) => {
            rng.shuffle(entries);
            entries.iter_mut().for_each(|(_, value)| shuffle(value, rng));
        }
        Tree::Seq(items) => items.iter_mut().for_each(|item| shuffle(item, rng)),
        Tree::Null | Tree::Scalar(_) => {}
    }
}

/// Azure's files are read, with problems that help.
pub(crate) fn azure(bench: &Bench, text: &str) -> Tried {
    let path = bench.file("mutant.json", text);
    let (resources, mut found) = arm::load(&path, None, &[]);
    found.merge(&bare(resources, &LoadOptions::default()));
    let report = Report::from(found);
    if report.has_errors() { refused(&report) } else { Ok(true) }
}

/// A plan is refused, or runs.
pub(crate) fn plan(text: &str, rng: &mut Rng) -> Tried {
    let Ok(json) = serde_json::from_str(text) else { return Ok(false) };
    match load_effective(&json, &LoadOptions::default()) {
        Ok(mut plan) => run(&mut plan, rng.u64(..)).map(|_| true),
        Err(report) => refused(&report),
    }
}

fn said(report: &Report) -> String {
    report
        .problems()
        .iter()
        .map(|problem| format!("{} {}", problem.code, problem.message))
        .collect::<Vec<_>>()
        .join("; ")
}

fn refused(report: &Report) -> Tried {
    if !report.has_errors() {
        return Err("refused without an error".to_owned());
    }
    if let Some(problem) = report.problems().iter().find(|one| one.severity == Severity::Error && one.help.is_none()) {
        return Err(format!("{} has no fix: {}", problem.code, problem.message));
    }
    let rendered = report.render(Colour::Plain);
    if rendered.trim().is_empty() {
        return Err("refused without a word".to_owned());
    }
    let _ = report.to_json().to_string();
    Ok(false)
}

/// Runs a plan for some hours; its digest.
pub(crate) fn run(plan: &mut Plan, seed: u64) -> Result<u64, String> {
    plan.horizon = plan.horizon.min(HORIZON_MAX);
    let mut sink = (Guard::default(), Measures::new(plan));
    let mut run = Run::new(plan, seed, Options::default(), &mut sink);
    run.advance(plan.horizon, &mut sink);
    let outcome = run.finish(&mut sink);
    for measure in sink.1.measures() {
        let (Value::Number(value) | Value::AtLeast(value)) = measure.value else { continue };
        let name = measure.name();
        // A budget can be spent more than once.
        let least = 0.0;
        let most = match measure.unit() {
            Unit::Percent if name != "slo.budget_spent_pct" => 100.0 + 1e-6,
            _ => f64::MAX,
        };
        if !(least..=most).contains(&value) && !name.starts_with("cost.") {
            return Err(format!("policy `{}`, seed {seed}: {name} is {value}", plan.policy));
        }
        if !value.is_finite() {
            return Err(format!("policy `{}`, seed {seed}: {name} is {value}", plan.policy));
        }
    }
    Ok(outcome.digest)
}

/// A comparison whose runs are kept: of what they are, and their block.
struct Comparison {
    identity: Identity,
    block: String,
}

fn comparison() -> &'static Comparison {
    static KEPT: OnceLock<Comparison> = OnceLock::new();
    KEPT.get_or_init(|| {
        let path = crate::corpus::root().join("scenarios/one-of-four.yaml");
        let loaded = windtunnel::input::load(&path, &LoadOptions::default()).expect("a bundled scenario loads");
        let plan = &loaded.plan(AS_WRITTEN).expect("it is there").plan;
        let identity = Identity {
            model_version: "0".to_owned(),
            scenario: "one-of-four".to_owned(),
            policies: vec![(AS_WRITTEN.to_owned(), "0".to_owned())],
            first_seed: 1,
            replications: "8".to_owned(),
        };
        let folder = tempfile::tempdir().expect("a folder");
        let mut journal = Journal::create(folder.path(), &identity).expect("a journal");
        let mut runs = Replications::new(1, &[AS_WRITTEN]);
        replicate(None, &[plan], &mut runs, 8, 1, &AtomicBool::new(false), &mut journal).expect("eight runs");
        journal.flush().expect("a block");
        let block = std::fs::read_to_string(folder.path().join("000000.json")).expect("the block");
        // Mutants are of what stands behind the checksum, and get one that fits: else all of them would be refused by it.
        let block = opened(&block).expect("it was just written").to_owned();
        Comparison { identity, block }
    })
}

/// The block that mutants of journals are made of.
pub(crate) fn journal() -> &'static str {
    &comparison().block
}

/// A block is refused, or its runs can be summed up.
pub(crate) fn block(bench: &Bench, text: &str) -> Tried {
    let kept = comparison();
    let folder = bench.folder("journal");
    let mut journal = Journal::create(&folder, &kept.identity).map_err(|error| error.to_string())?;
    journal.flush().map_err(|error| error.to_string())?;
    std::fs::write(folder.join("000000.json"), sealed(text)).map_err(|error| error.to_string())?;
    let mut runs = Replications::new(1, &[AS_WRITTEN]);
    if Journal::resume(&folder, &kept.identity, &mut runs).is_err() {
        return Ok(false);
    }
    for policy in &runs.policies {
        for column in 0..policy.columns.len() {
            let _ = summarise(policy.runs.column(column), CONFIDENCE);
        }
    }
    Ok(true)
}

/// A baseline is refused, or is the same when it is written and read again.
pub(crate) fn baseline(bench: &Bench, text: &str) -> Tried {
    let path = bench.file("baseline.json", text);
    let Ok(Some(read)) = Baseline::read(&Disk, &path) else { return Ok(false) };
    let again = Baseline::read(&Disk, &bench.file("again.json", &read.text()));
    match again {
        Ok(Some(again)) if again.text() == read.text() => {}
        Ok(_) => return Err("a baseline is another one when it is written and read again".to_owned()),
        Err(error) => return Err(format!("a baseline cannot be read again: {error:#}")),
    }
    for kept in read.policies.values() {
        let _ = read.compare(&kept.rows, &kept.simulated, (&Margins::default(), None), 0.01);
    }
    Ok(true)
}
