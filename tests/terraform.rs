//! Plans and states of Terraform: each says the fleet that the template beside it says, in every field, and gives the same plan. The
//! templates were written by hand from the fields of the provider; that they are read rightly is held elsewhere.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
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

/// What is said can matter of each is the same, too: a global balancer, backends by address, a cache.
#[test]
fn what_is_in_front_of_a_fleet_and_its_images_are_those_of_the_template() {
    let problems = same("front.json", "front.arm.json");
    assert_eq!(said(&problems, "W0412"), [""; 0], "every id is followed");
    let (_, of_template) = resources(&file("front.arm.json"));
    // The last key of each path: a part that is a resource of its own has a name of its own.
    let key = |text: &str| text.split('`').nth(1).and_then(|path| path.rsplit('.').next()).map(str::to_owned);
    let keys = |problems: &Problems| said(problems, "W0511").into_iter().filter_map(key).collect::<BTreeSet<_>>();
    assert_eq!(keys(&problems), keys(&of_template));
}

/// What a plan does not know yet is named, each with its line and what to write; what can be meant by one resource alone is taken so.
#[test]
fn what_is_known_only_after_apply_is_named_with_its_place() {
    let (resources, problems) = resources(&file("unknown.json"));
    let at = |code: &str, part: &str| {
        let found = problems.iter().find(|problem| problem.code == code && problem.message.contains(part));
        let problem = found.unwrap_or_else(|| panic!("{code} {part}: {:#?}", messages(&problems)));
        let (span, _) = problem.primary.as_ref().expect("it has a place");
        let line = span.source.text[..span.start].lines().last().unwrap_or_default().trim().to_owned();
        (problem.message.as_str(), line, problem.help.as_deref().unwrap_or_default())
    };
    // `instances` comes from a random number; its expression in the configuration is the place.
    let (message, line, help) = at("W0412", "`instances`");
    assert!(message.contains("of `azurerm_linux_virtual_machine_scale_set.web`"), "{message}");
    assert!(message.ends_with("it comes from `random_integer.size.result`"), "{message}");
    assert_eq!(line, "\"instances\":");
    assert_eq!(help, "give it beside the file: `overlay: { web: { sku: { capacity: … } } }`");
    // A dynamic block hides what its pool is, and there are two.
    let (_, line, help) = at("W0412", "`network_interface.ip_configuration.load_balancer_backend_address_pool_ids`");
    assert_eq!(line, "\"address\":");
    let wanted = "`overlay: { web: { properties: { virtualMachineProfile: { networkProfile: { \
        networkInterfaceConfigurations: [{ name: nic, properties: { ipConfigurations: [{ name: ip, properties: { \
        loadBalancerBackendAddressPools: … } }] } }] } } } } }`";
    assert!(help.ends_with(wanted), "{help}");
    // A local value hides which probe it is; there is one.
    let (message, ..) = at("N0413", "`health_probe_id`");
    assert!(message.contains("/loadBalancers/lb/probes/up"), "{message}");
    assert_eq!(
        resources[0]["properties"]["virtualMachineProfile"]["networkProfile"]["healthProbe"]["id"],
        json!(
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Network/loadBalancers/lb/probes/up"
        )
    );
    // A part of a balancer that a data source knows is part of nothing here.
    at("W0412", "`azurerm_lb_rule.elsewhere` is part of a resource that is not known before apply");
    // What nobody wrote and Azure finds out has its default, without a word.
    assert!(!messages(&problems).iter().any(|text| text.contains("platform_fault_domain_count")));
    // A name that is made later.
    at("N0407", "the name of `azurerm_lb_backend_address_pool.b` is known only after apply; `b` is used for it");
    // A key that no table knows has its name; of a sensitive value only that it was read.
    at("N0402", "ignored, and not known here: brand_new");
    at("N0413", "marked sensitive, and read all the same: source_image_id");
    // What the plan takes away, and what it does itself.
    at("W0413", "`azurerm_linux_virtual_machine_scale_set.old` is destroyed by this plan");
    let (message, ..) = at("W0413", "`azurerm_linux_virtual_machine_scale_set.web` is replaced, because of `zones`");
    assert!(message.ends_with("the old set is deleted with all instances before the new one is there"), "{message}");
    at("W0413", "the plan ended with an error");
    let (message, _, help) = at("N0414", "`azurerm_linux_virtual_machine_scale_set.web`");
    assert!(
        message.ends_with("brings instances to it one after another, without a look at their health in between"),
        "{message}"
    );
    assert!(help.contains("roll_instances_when_required"), "{help}");
    assert_eq!(said(&problems, "W0412").len(), 3, "and nothing else is unknown: {:#?}", messages(&problems));
}

fn messages(problems: &Problems) -> Vec<String> {
    problems.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect()
}

/// The lines that the help gives make the plan whole.
#[test]
fn an_overlay_gives_what_a_plan_does_not_know() {
    let path = file("unknown.json").canonicalize().expect("it is there");
    let overlay = "{ web: { sku: { capacity: 3 }, properties: { virtualMachineProfile: { networkProfile: { \
        networkInterfaceConfigurations: [{ name: nic, properties: { ipConfigurations: [{ name: ip, properties: { \
        loadBalancerBackendAddressPools: [lb/a] } }] } }] } } } } }";
    let scenario = format!(
        "windtunnel: 1\ntitle: t\nhorizon: PT30M\nresources:\n  - file: {}\n    overlay: {overlay}\n\
         application: {{ capacity: 100 rps }}\ntraffic: {{ lb: {{ demand: 100 rps }} }}\n",
        path.display()
    );
    let loaded = load_text("scenario.yaml", scenario, &LoadOptions::default());
    let loaded = loaded.unwrap_or_else(|report| panic!("{:#?}", messages(&Problems(report.problems().0.clone()))));
    let plan = &loaded.plan("as-written").expect("it always exists").plan;
    assert_eq!((plan.sets[0].capacity, plan.sets[0].pools.len()), (3, 1));
}

/// A part whose name a local value has is named for that, where it is declared and where it is meant. Where the file has the value of it
/// in another field, it is that: of two pools the set joins the one that a path of its gateway leads to by the same local value. And the
/// scale set of the provider before 4.0.
#[test]
fn names_that_are_made_later_hold_a_gateway_together() {
    let problems = same("names.json", "names.arm.json");
    assert_eq!(said(&problems, "W0412"), [""; 0], "every name has one that it is known by");
    let changed = "`azurerm_virtual_machine_scale_set.old` is changed by this plan: `overprovision`, `sku`";
    assert_eq!(said(&problems, "N0414"), [changed]);
}

#[test]
fn other_forms_of_a_plan_say_what_to_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tfplan");
    std::fs::write(&path, b"PK\x03\x04\x14\x00\x08\x00tfplan\xff\xfe").expect("written");
    let (_, problems) = arm::load(&path, None, &[]);
    let problem = problems.iter().find(|problem| problem.code == "E0406").expect("it is known");
    assert!(problem.message.ends_with("is a Terraform plan in its binary form"), "{}", problem.message);
    assert!(problem.help.as_ref().is_some_and(|help| help.contains("terraform show -json tfplan > plan.json")));
}

/// What a plan does not know yet, its changes say. One that was cut down to its values and its configuration leads to the same resources.
#[test]
fn a_plan_without_its_changes_leads_to_the_same_resources() {
    let text = std::fs::read_to_string(file("web.json")).expect("it is there");
    let mut plan: Value = serde_json::from_str(&text).expect("JSON");
    plan.as_object_mut().expect("an object").remove("resource_changes");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("web.json");
    std::fs::write(&path, plan.to_string()).expect("written");
    let links = |resources: &[Value]| {
        let mut ids = Vec::new();
        resources.iter().for_each(|of| ids_of(of, &mut ids));
        ids.sort();
        ids
    };
    let (whole, cut) = (links(&resources(&file("web.json")).0), links(&resources(&path).0));
    assert!(whole.iter().any(|id| id.ends_with("/loadBalancers/web/backendAddressPools/web")), "{whole:?}");
    assert_eq!(cut, whole);
}

/// Of what a plan was cut down to, what it does not know yet is named all the same: the values have no key where the configuration writes
/// one by what something else comes to. A value that is known to be null has its key, and is none of them. What a dynamic block makes
/// cannot be known from what the provider's version does not have, and is not named.
#[test]
fn what_a_cut_plan_does_not_know_is_named() {
    let text = std::fs::read_to_string(file("unknown.json")).expect("it is there");
    let mut plan: Value = serde_json::from_str(&text).expect("JSON");
    let object = plan.as_object_mut().expect("an object");
    object.remove("resource_changes");
    object.remove("errored");
    let folder = tempfile::tempdir().expect("a folder");
    let load = |plan: &Value| {
        let path = folder.path().join("plan.json");
        std::fs::write(&path, plan.to_string()).expect("written");
        arm::load(&path, None, &[]).1
    };
    let (_, whole) = arm::load(&file("unknown.json"), None, &[]);
    let cut = load(&plan);
    assert!(said(&whole, "W0412").iter().any(|message| message.starts_with("`instances` of ")), "{whole:?}");
    let traced = |text: &&str| !text.starts_with("`network_interface.");
    let (cut, whole): (Vec<&str>, Vec<&str>) = (said(&cut, "W0412"), said(&whole, "W0412"));
    assert_eq!(cut, whole.iter().copied().filter(traced).collect::<Vec<_>>());
    assert_eq!((cut.len(), whole.len()), (2, 3));
    let set = plan["planned_values"]["root_module"]["resources"].as_array_mut().expect("a list");
    let set = set.iter_mut().find(|one| one["type"] == "azurerm_linux_virtual_machine_scale_set").expect("a set");
    set["values"]["instances"] = Value::Null;
    let known = load(&plan);
    assert_eq!(said(&known, "W0412").len(), 1);
}

/// A plan of some resources alone (`-target`) names those of its configuration that it lacks; what a count may leave out is not taken for
/// lacking.
#[test]
fn a_plan_of_some_resources_names_those_that_it_lacks() {
    let text = std::fs::read_to_string(file("web.json")).expect("it is there");
    let mut plan: Value = serde_json::from_str(&text).expect("JSON");
    let is_setting = |one: &Value| one["type"] == "azurerm_monitor_autoscale_setting";
    let without = |list: &mut Value| list.as_array_mut().expect("a list").retain(|one| !is_setting(one));
    without(&mut plan["planned_values"]["root_module"]["resources"]);
    without(&mut plan["resource_changes"]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("web.json");
    let lacks = |plan: &Value| {
        std::fs::write(&path, plan.to_string()).expect("written");
        said(&arm::load(&path, None, &[]).1, "W0413").iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()
    };
    let all = &plan["configuration"]["root_module"]["resources"];
    let setting = all.as_array().expect("a list").iter().find(|one| is_setting(one)).expect("it is configured");
    let name = format!("azurerm_monitor_autoscale_setting.{}", setting["name"].as_str().expect("a name"));
    assert_eq!(lacks(&plan), [format!("the plan lacks what its configuration has: `{name}`")]);
    let all = plan["configuration"]["root_module"]["resources"].as_array_mut().expect("a list");
    let setting = all.iter_mut().find(|one| is_setting(one)).expect("it is configured");
    setting["count_expression"] = serde_json::json!({ "references": ["var.autoscale"] });
    assert_eq!(lacks(&plan), [""; 0]);
}

/// The ids of balancers in a value, and in what is within.
fn ids_of(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| ids_of(item, ids)),
        Value::Object(entries) => entries.values().for_each(|item| ids_of(item, ids)),
        Value::String(text) if text.contains("/loadBalancers/") => ids.push(text.clone()),
        _ => {}
    }
}
