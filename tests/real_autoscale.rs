//! Real autoscale settings, as they are: each that scales a scale set runs for a day over a set of that name.
//!
//! The collection is not part of the repository; see `tests/real_files.rs`. What of a file is not acted on is printed.

mod samples;

use samples::{index, samples};
use windtunnel::input::tree::{Node, Value};
use windtunnel::input::{LoadOptions, Severity, arm, load_text};
use windtunnel_sim::plan::ProfileWhen;
use windtunnel_sim::world::fact::{AutoscaleFact, Fact, Record};
use windtunnel_sim::world::run::{Options, run};

const SETTING: &str = "Microsoft.Insights/autoscaleSettings";

fn settings(resources: &[Node]) -> Vec<&Node> {
    resources.iter().filter(|resource| resource.get("type").and_then(Node::text) == Some(SETTING)).collect()
}

/// A scale set of this name, and the setting as the file has it.
fn scenario(setting: &Node, set: &str) -> String {
    let mut json = setting.to_json();
    json["properties"]["targetResourceUri"] = set.into();
    format!(
        "windtunnel: 1\ntitle: a real setting\nhorizon: P1D\nresources:\n  - type: Microsoft.Compute/virtualMachineScaleSets\n    name: {set:?}\n    location: eastus\n    sku: {{ name: Standard_D2s_v5, capacity: 2 }}\n    properties: {{ orchestrationMode: Uniform, virtualMachineProfile: {{}} }}\n  - {json}\napplication: {{ capacity: 100 rps }}\n"
    )
}

#[test]
fn real_autoscale_settings_run_for_a_day() {
    let Some(folder) = samples() else { return };
    let (mut ran, mut acted, mut elsewhere, mut refused) = (0, 0, 0, Vec::new());
    for (file, _) in index(&folder) {
        let (resources, _) = arm::load(&folder.join(&file), None, &[]);
        for setting in settings(&resources) {
            let target =
                setting.arm_path(&["properties", "targetResourceUri"]).and_then(Node::text).unwrap_or_default();
            if !target.to_ascii_lowercase().contains("virtualmachinescalesets") {
                elsewhere += 1;
                continue;
            }
            let has_profiles = matches!(
                setting.arm_path(&["properties", "profiles"]).map(|node| &node.value),
                Some(Value::Seq(list)) if !list.is_empty()
            );
            let loaded = match load_text(
                "scenario.yaml",
                scenario(setting, target.rsplit('/').next().unwrap_or_default()),
                &LoadOptions::default(),
            ) {
                Ok(loaded) => loaded,
                Err(report) => {
                    let errors = report.problems().iter().filter(|problem| problem.severity == Severity::Error);
                    refused
                        .push(format!("{file}: {}", errors.map(|e| e.message.clone()).collect::<Vec<_>>().join("; ")));
                    assert!(has_profiles || report.has_errors());
                    continue;
                }
            };
            let plan = &loaded.plan("as-written").expect("it always exists").plan;
            let mut ledger: Vec<Record> = Vec::new();
            let outcome = run(plan, 1, Options { check_every_instant: true, ..Options::default() }, &mut ledger);
            assert!(outcome.looped.is_none(), "{file} runs in a loop");
            let count = |is: fn(&AutoscaleFact) -> bool| {
                ledger.iter().filter(|r| matches!(&r.fact, Fact::Autoscale(fact) if is(fact))).count()
            };
            let decided = count(|fact| matches!(fact, AutoscaleFact::Decided { .. }));
            println!(
                "{file}: {} settings on, {decided} decisions, {} problems",
                plan.autoscale.len(),
                loaded.problems.iter().count()
            );
            for autoscale in &plan.autoscale {
                let always = autoscale.profiles.iter().any(|profile| profile.when == ProfileWhen::Default);
                let chosen = count(|fact| matches!(fact, AutoscaleFact::ProfileChosen { .. }));
                assert!(!always || chosen > 0, "{file}: a default profile rules");
            }
            ran += 1;
            acted += usize::from(decided > 0);
        }
    }
    println!("{ran} settings ran, {acted} of them acted, {elsewhere} scale something else; refused: {refused:#?}");
    assert!(ran >= 10, "only {ran} settings ran");
}
