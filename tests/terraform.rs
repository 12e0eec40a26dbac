//! Plans and states of Terraform: each says the fleet that the template beside it says, in every field, and gives the same plan. The
//! templates were written by hand from the fields of the provider; that they are read rightly is held elsewhere.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use windtunnel::input::problem::Problems;
use windtunnel::input::tree::Node;
use windtunnel::input::{LoadOptions, Problem, arm, load_text};

/// A file of the tests.
fn file(name: &str) -> PathBuf {
    Path::new("tests/terraform").join(name)
}

/// The resources of a file in normal form, by type and name.
fn resources(path: &Path) -> (Vec<Value>, Problems) {
    let (nodes, problems) = arm::load(path, None, &[]);
    let mut resources: Vec<Value> = nodes.iter().map(Node::to_json).collect();
    resources.sort_by_key(|of| (of["type"].to_string(), of["name"].to_string()));
    (resources, problems)
}

/// Every scalar as text, since a template writes capacities of autoscale in quotes; of an id what follows the group, which a template
/// does not know. A plan does not say by which version of an API the provider writes.
fn texts(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(texts).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().filter(|(key, _)| *key != "apiVersion");
            let sorted: BTreeMap<&String, Value> = entries.map(|(key, value)| (key, texts(value))).collect();
            sorted.into_iter().map(|(key, value)| (key.clone(), value)).collect()
        }
        Value::String(text) => json!(text.find("/providers/").map_or(text.as_str(), |at| &text[at..])),
        other => json!(other.to_string()),
    }
}

/// Whether a plan says the same as the template beside it; what was said of the plan.
#[track_caller]
fn same(plan: &str, template: &str) -> Problems {
    let (of_plan, problems) = resources(&file(plan));
    let (of_template, said) = resources(&file(template));
    let whole = |problem: &&Problem| !["N0402", "N0404", "W0511"].contains(&problem.code);
    let lacks: Vec<&str> = said.iter().filter(whole).map(|problem| problem.message.as_str()).collect();
    assert_eq!(lacks, [""; 0], "{template}");
    let names = |list: &[Value]| list.iter().map(|of| format!("{} {}", of["type"], of["name"])).collect::<Vec<_>>();
    assert_eq!(names(&of_plan), names(&of_template), "{plan}");
    for (a, b) in of_plan.iter().zip(&of_template) {
        let show = |of: &Value| format!("{:#}", texts(of));
        let (a, b) = (show(a), show(b));
        let first = a.lines().zip(b.lines()).find(|(a, b)| a != b);
        assert!(a == b, "{plan}: {first:?} in\n{a}\nand\n{b}");
    }
    problems
}

/// What is said of a code.
fn said<'p>(problems: &'p Problems, code: &str) -> Vec<&'p str> {
    problems.iter().filter(|problem| problem.code == code).map(|problem| problem.message.as_str()).collect()
}

/// The plan of a scenario with a file.
fn planned(name: &str, key: &str) -> String {
    let path = file(name).canonicalize().expect("it is there");
    let scenario = format!(
        "windtunnel: 1\ntitle: t\nhorizon: PT30M\nresources: [{{ {key}: {} }}]\n\
         application: {{ capacity: 100 rps, endpoints: {{ /ready: [{{ when: process, answer: 200 }}] }} }}\n\
         traffic: {{ web/http: {{ demand: 100 rps }} }}\n",
        path.display()
    );
    match load_text("scenario.yaml", scenario, &LoadOptions::default()) {
        Ok(loaded) => format!("{:#?}", loaded.plan("as-written").expect("it always exists").plan),
        Err(report) => panic!("{name}: {:#?}", report.problems().iter().map(|one| &one.message).collect::<Vec<_>>()),
    }
}

#[test]
fn a_plan_is_the_fleet_of_its_template() {
    let problems = same("web.json", "web.arm.json");
    assert_eq!(said(&problems, "W0412"), [""; 0], "every id is followed");
    assert_eq!(planned("web.json", "file"), planned("web.arm.json", "template"));
}

#[test]
fn modules_are_followed_through_their_inputs_and_outputs() {
    let problems = same("modules.json", "modules.arm.json");
    assert_eq!(said(&problems, "W0412"), [""; 0], "every id is followed");
    assert_eq!(said(&problems, "N0414"), [""; 0], "`features` leaves the rollout to Azure, and the mode is Rolling");
}

#[test]
fn a_state_is_the_fleet_of_its_template_however_it_is_stored() {
    for state in ["state.json", "stored.tfstate"] {
        let problems = same(state, "state.arm.json");
        assert_eq!(said(&problems, "W0412"), [""; 0], "{state}");
        assert!(said(&problems, "N0401").iter().any(|text| text.contains("data.azurerm_client_config (1)")), "{state}");
    }
}

#[test]
fn resources_of_azapi_are_those_of_their_bodies() {
    let problems = same("azapi.json", "azapi.arm.json");
    assert_eq!(said(&problems, "W0412"), [""; 0], "every id is followed");
    assert!(said(&problems, "N0401").iter().any(|text| text.contains("Microsoft.Network/virtualNetworks (1)")));
}
