//! Every real file of the sample collection is loaded or refused with a problem.
//!
//! The collection is not part of the repository. `WINDTUNNEL_AZURE_SAMPLES` names its folder.

mod samples;

use samples::{index, samples};
use std::collections::BTreeMap;

use windtunnel::disk::file::Disk;
use windtunnel::input::arm::load;
use windtunnel::input::draft::gather;
use windtunnel::input::json;
use windtunnel::input::problem::{Problems, Severity};
use windtunnel::input::tree::Node;

const SCALE_SET: &str = "Microsoft.Compute/virtualMachineScaleSets";

/// What came of a file.
#[derive(Default)]
struct Outcome {
    scale_sets: usize,
    with_capacity: usize,
    balancers: usize,
    others: usize,
    worst: Option<Severity>,
}

fn outcome(resources: &[Node], problems: &Problems) -> Outcome {
    let mut outcome = Outcome { worst: problems.0.iter().map(|problem| problem.severity).min(), ..Outcome::default() };
    for resource in resources {
        let kind = resource.get("type").and_then(Node::text).expect("a resource has its type");
        assert!(resource.get("name").and_then(Node::text).is_some(), "a resource has a name");
        match kind {
            SCALE_SET => {
                outcome.scale_sets += 1;
                let capacity = resource.arm_path(&["sku", "capacity"]).and_then(Node::text);
                outcome.with_capacity += usize::from(capacity.is_some_and(|text| text.parse::<u32>().is_ok()));
            }
            "Microsoft.Network/loadBalancers" => outcome.balancers += 1,
            _ => outcome.others += 1,
        }
    }
    outcome
}

/// The column of the table that an outcome falls into.
fn column(outcome: &Outcome) -> &'static str {
    let any = outcome.scale_sets + outcome.balancers + outcome.others > 0;
    match (any, outcome.worst) {
        (true, Some(Severity::Error)) => "loaded, errors",
        (true, Some(Severity::Warning)) => "loaded, warnings",
        (true, _) => "loaded",
        (false, Some(Severity::Error)) => "refused",
        (false, Some(Severity::Warning)) => "nothing modelled",
        (false, _) => "silent",
    }
}

#[test]
fn every_sample_is_loaded_or_refused() {
    let Some(folder) = samples() else { return };
    let rows = index(&folder);
    let mut table: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut sets, mut with_capacity) = (0, BTreeMap::<String, usize>::new());
    for (file, kind) in &rows {
        let (resources, problems) = load(&folder.join(file), None, &[]);
        let outcome = outcome(&resources, &problems);
        assert!(!resources.is_empty() || !problems.0.is_empty(), "{file} gives nothing and says nothing");
        for problem in &problems.0 {
            *codes.entry(problem.code).or_default() += 1;
        }
        if std::env::var_os("WINDTUNNEL_VERBOSE").is_some() {
            println!("== {file} [{kind}]: {}", column(&outcome));
            for problem in problems.0.iter().filter(|problem| problem.severity != Severity::Note) {
                println!("   {} {} | {:?}", problem.code, problem.message, problem.help);
            }
        }
        *table.entry((kind.clone(), column(&outcome))).or_default() += 1;
        sets += usize::from(outcome.scale_sets > 0);
        let shape = if kind.starts_with("arm-template") { "templates" } else { kind };
        *with_capacity.entry(shape.to_owned()).or_default() += usize::from(outcome.with_capacity > 0);
    }
    for ((kind, column), n) in &table {
        println!("{n:4}  {kind:40} {column}");
    }
    let known: usize = with_capacity.values().sum();
    println!("{} files, {sets} with a scale set, {known} with a capacity known", rows.len());
    println!("with a capacity: {with_capacity:?}");
    println!("problems: {codes:?}");
    assert!(sets >= 250, "{sets} files yield a scale set");
    for shape in ["templates", "vmss-get-body", "vmss-cli-show-flattened"] {
        assert!(with_capacity.get(shape).is_some_and(|n| *n > 0), "no capacity from {shape}");
    }
    assert!(known >= 30, "{known} files yield a scale set with a known capacity");
}

#[test]
fn a_template_resolves_with_the_parameters_beside_it() {
    let Some(folder) = samples() else { return };
    let mut resolved = 0;
    for (file, _) in index(&folder) {
        let Some(template) = file.strip_suffix(".parameters.json") else { continue };
        let template = folder.join(format!("{template}.json"));
        if !template.is_file() {
            continue;
        }
        let (resources, problems) = load(&template, Some(&folder.join(&file)), &[]);
        assert!(!resources.is_empty() || !problems.0.is_empty(), "{file} gives nothing and says nothing");
        resolved += usize::from(resources.iter().any(|resource| resource.arm_path(&["sku", "capacity"]).is_some()));
    }
    println!("{resolved} templates resolve a capacity with their parameters file");
    assert!(resolved >= 10, "{resolved} templates resolve with their parameters file");
}

#[test]
fn probes_resolve_to_the_name_on_the_other_side() {
    let Some(folder) = samples() else { return };
    let (mut met, mut linked) = (0, 0);
    for (file, kind) in index(&folder) {
        if !(kind.contains("arm-template") && kind.contains("lb-probes")) {
            continue;
        }
        let (resources, _) = load(&folder.join(&file), None, &[]);
        for balancer in
            resources.iter().filter(|resource| resource.arm_path(&["properties", "loadBalancingRules"]).is_some())
        {
            let probes = balancer.arm_path(&["properties", "probes"]).map_or(&[][..], Node::items);
            for rule in balancer.arm_path(&["properties", "loadBalancingRules"]).map_or(&[][..], Node::items) {
                let Some(id) = rule.arm_path(&["properties", "probe", "id"]).and_then(Node::text) else { continue };
                met += 1;
                let name = windtunnel::input::arm::reference_name(id);
                let is_name = |probe: &&Node| {
                    probe.get("name").and_then(Node::text).is_some_and(|n| n.eq_ignore_ascii_case(name))
                };
                let found = probes.iter().find(is_name).is_some();
                if !found {
                    println!("{file}: {id}");
                }
                linked += usize::from(found);
            }
        }
    }
    println!("{linked} of {met} probe references of rules find their probe");
    assert!(linked * 10 >= met * 9, "{linked} of {met} probe references find their probe");
}

#[test]
fn what_was_loaded_is_in_normal_form() {
    let Some(folder) = samples() else { return };
    for (file, _) in index(&folder) {
        let (resources, _) = load(&folder.join(&file), None, &[]);
        for resource in resources {
            let mut problems = Problems::default();
            let again = windtunnel::input::arm::normalise(resource.clone(), &mut problems);
            assert_eq!(json::print(&again), json::print(&resource), "{file}");
            // What can matter and is kept is said as often as it is read.
            problems.0.retain(|problem| problem.code != "W0511");
            assert!(problems.0.is_empty(), "{file}: {:?}", problems.0);
        }
    }
}

/// A file without a scale set says what it is, and what would be of use: nobody is left with a path and a shrug.
#[test]
fn every_sample_without_a_fleet_says_what_it_is() {
    let Some(folder) = samples() else { return };
    // Examples of the REST interface that hold next to nothing: `{ "location": "westus" }`.
    let (mut said, mut of_no_kind) = (0, 0);
    for (file, kind) in index(&folder) {
        let path = folder.join(&file);
        let gathered = gather(&Disk, &folder, std::slice::from_ref(&path), &[]);
        if gathered.has_set() {
            continue;
        }
        said += 1;
        match (gathered.left_out.as_slice(), gathered.resources.as_slice()) {
            ([one], []) => {
                assert!(!one.why.contains("/azure-samples/"), "{file}: its own path again: {}", one.why);
                assert!(one.why.len() > 15, "{file} [{kind}]: {}", one.why);
                of_no_kind += usize::from(one.why == "an object of an unknown kind");
            }
            ([], [first, ..]) => assert!(!first.kind.is_empty() && path.ends_with(&first.file), "{file}"),
            other => panic!("{file}: {other:?}"),
        }
    }
    assert!(said > 150, "{said} files of {} have none", index(&folder).len());
    assert!(of_no_kind <= 3, "{of_no_kind} files are of an unknown kind");
}
