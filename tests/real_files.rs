//! Real files of Azure's users, as they are: each with a scale set becomes a scenario and runs a scale-out to the end.
//!
//! The collection is not part of the repository. `WINDTUNNEL_AZURE_SAMPLES` names its folder. What a file lacked, and what
//! was assumed in its place, is printed: `cargo test --test real_files -- --nocapture`.

mod samples;

use samples::{Shape, index, samples};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use windtunnel::input::tree::Node;
use windtunnel::input::{LoadOptions, Problem, Problems, Severity, arm, load_text};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::run::{Options, run};

const SCALE_SET: &str = "Microsoft.Compute/virtualMachineScaleSets";
const BALANCER: &str = "Microsoft.Network/loadBalancers";

/// How many instances each set grows by.
const MORE: u32 = 2;

fn of_type<'a>(resources: &'a [Node], kind: &'a str) -> impl Iterator<Item = &'a Node> {
    resources.iter().filter(move |resource| resource.get("type").and_then(Node::text) == Some(kind))
}

/// The scenario that scales every set of a file out, and sends users to every balancer that leads somewhere.
fn scenario(file: &Path, parameters: Option<&Path>, resources: &[Node], shape: Shape, pools: &[String]) -> String {
    let quoted = |text: &str| serde_json::to_string(text).expect("a text is JSON");
    let path = |path: &Path| quoted(&path.display().to_string());
    let key = if shape == Shape::Template { "template" } else { "file" };
    let mut text = format!("windtunnel: 1\ntitle: a real file\nhorizon: PT2H\nresources:\n  - {key}: {}\n", path(file));
    if let Some(parameters) = parameters {
        _ = writeln!(text, "    parameters: {}", path(parameters));
    }
    if !pools.is_empty() {
        text += "traffic:\n";
        for pool in pools {
            _ = writeln!(text, "  {}: {{ demand: 100 rps }}", quoted(pool));
        }
    }
    text += "timeline:\n";
    for (at, set) in of_type(resources, SCALE_SET).enumerate() {
        let capacity = set.arm_path(&["sku", "capacity"]).and_then(Node::text).and_then(|text| text.parse().ok());
        let wanted = capacity.unwrap_or(0_u32) + MORE;
        let name = quoted(set.name().unwrap_or_default());
        _ = writeln!(
            text,
            "  - {{ name: out-{at}, at: PT5M, setCapacity: {{ scaleSet: {name}, capacity: {wanted} }} }}"
        );
    }
    text
}

/// The entry points of a plan, as traffic names them.
fn entry_points(plan: &Plan) -> Vec<String> {
    plan.entry_points.iter().map(|of| format!("{}/{}", of.resource, of.name)).collect()
}

/// What came of a file.
enum Came {
    /// It holds no scale set; what it is was said.
    NoScaleSet,
    /// It ran to the end, with these things assumed.
    Ran(Vec<String>),
    /// It cannot be run: the first errors.
    Refused(Vec<Problem>),
}

fn assumed(problems: &Problems) -> Vec<String> {
    problems.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect()
}

fn errors(problems: &Problems) -> Vec<Problem> {
    problems.iter().filter(|problem| problem.severity == Severity::Error).cloned().collect()
}

fn try_file(file: &Path, shape: Shape) -> Came {
    let parameters = file.with_extension("parameters.json");
    let parameters = Some(parameters.as_path()).filter(|path| shape == Shape::Template && path.is_file());
    let (resources, problems) = arm::load(file, parameters, &[]);
    if of_type(&resources, SCALE_SET).next().is_none() {
        let says = !problems.is_empty() || !resources.is_empty();
        assert!(says, "{} has no scale set, and nothing is said", file.display());
        return Came::NoScaleSet;
    }
    let load = |pools: &[String]| {
        let text = scenario(file, parameters, &resources, shape, pools);
        load_text("scenario.yaml", text, &LoadOptions::default())
    };
    let mut loaded = match load(&[]) {
        Ok(loaded) => loaded,
        Err(report) => return Came::Refused(errors(report.problems())),
    };
    let pools = entry_points(&loaded.plan("as-written").expect("it always exists").plan);
    if of_type(&resources, BALANCER).next().is_some() && !pools.is_empty() {
        loaded = load(&pools).unwrap_or_else(|report| panic!("{}: {report}", file.display()));
    }
    let refusals = scales_out(file, &loaded.plan("as-written").expect("it always exists").plan);
    Came::Ran([refusals, assumed(&loaded.problems)].concat())
}

/// Runs a plan to its horizon; every set has its new instances provisioned, or the refusal names its rule.
/// Gives the refusals.
fn scales_out(file: &Path, plan: &Plan) -> Vec<String> {
    let mut refusals = Vec::new();
    let mut ledger: Vec<Record> = Vec::new();
    let options = Options { check_every_instant: true, ..Options::default() };
    let outcome = run(plan, 1, options, &mut ledger);
    assert!(outcome.looped.is_none(), "{} runs in a loop", file.display());
    assert_eq!(outcome.end, plan.horizon, "{}", file.display());
    for (at, wanted) in plan.sets.iter().enumerate() {
        let is_this = |set: windtunnel_sim::world::ids::SetId| set.index() == at;
        let created: Vec<_> = ledger
            .iter()
            .filter_map(|record| match record.fact {
                Fact::InstanceCreated { instance, set, .. } if is_this(set) => Some(instance),
                _ => None,
            })
            .collect();
        let refusal =
            ledger.iter().find(|record| matches!(record.fact, Fact::ScaleRefused { set, .. } if is_this(set)));
        if let Some(refusal) = refusal {
            assert!(refusal.rule.rule().is_some(), "{}: a refusal by no rule", file.display());
            refusals.push(format!("`{}`: the scale-out is refused by {}", wanted.name, refusal.rule));
            continue;
        }
        let provisioned = ledger
            .iter()
            .filter(
                |record| matches!(record.fact, Fact::InstanceProvisioned { instance } if created.contains(&instance)),
            )
            .count();
        let name = &wanted.name;
        if provisioned < MORE as usize && plan.autoscale.iter().any(|setting| usize::from(setting.set) == at) {
            // What is written by hand, autoscale undoes (AS-06).
            refusals.push(format!("`{name}`: autoscale has the last word on its capacity"));
            continue;
        }
        assert!(provisioned >= MORE as usize, "{}: {provisioned} instances of `{name}` came up", file.display());
    }
    refusals
}

#[test]
fn real_files_run_a_scale_out_to_the_end() {
    let Some(folder) = samples() else { return };
    let mut ran: BTreeMap<Shape, usize> = BTreeMap::new();
    let mut with_set: BTreeMap<Shape, usize> = BTreeMap::new();
    let mut obstacles: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut files, mut no_set) = (0, 0);
    for (file, kind) in index(&folder) {
        files += 1;
        let path = folder.join(&file);
        let shape = Shape::of(&path, &kind);
        match try_file(&path, shape) {
            Came::NoScaleSet => no_set += 1,
            Came::Ran(assumed) => {
                println!("{file}: {shape}, ran to the end");
                for line in &assumed {
                    println!("    {line}");
                }
                *ran.entry(shape).or_default() += 1;
                *with_set.entry(shape).or_default() += 1;
            }
            Came::Refused(problems) => {
                println!("{file}: {shape}, refused");
                for problem in &problems {
                    println!("    {} {}", problem.code, problem.message);
                }
                // A refusal is Azure's own, or says how to give what is missing; E0201 only follows from one.
                for problem in problems.iter().filter(|problem| problem.code != "E0201") {
                    let says_how = problem.is_refusal() || problem.help.is_some();
                    assert!(says_how, "{file}: {} {} says no way out", problem.code, problem.message);
                }
                *with_set.entry(shape).or_default() += 1;
                let codes: std::collections::BTreeSet<&str> = problems.iter().map(|problem| problem.code).collect();
                let key = codes.into_iter().collect::<Vec<_>>().join(" ");
                obstacles.entry(key).or_default().push(format!("{file}: {}", problems[0].message));
            }
        }
    }
    println!("\n{files} files, {no_set} of them without a scale set");
    for (shape, n) in &with_set {
        println!("{shape}: {} of {n} ran a scale-out to the end", ran.get(shape).copied().unwrap_or(0));
    }
    for (codes, list) in &obstacles {
        println!("{codes}: {} kept from running, the first {}", list.len(), list[0]);
    }
    let all: usize = ran.values().sum();
    let everything: usize = with_set.values().sum();
    assert!(all * 10 >= everything * 9, "{all} of {everything} files ran to the end");
    for (shape, n) in &with_set {
        let ran = ran.get(shape).copied().unwrap_or(0);
        // Of a shape that the folder hardly has, one is enough.
        assert!(ran >= if *n < 5 { 1 } else { 5 }, "{ran} of {n} files of the shape {shape} ran to the end");
    }
}
