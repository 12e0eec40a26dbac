//! What Azure's tools print of a fleet that is there, as the fleet of a scenario and as the state in which a run begins.

#[path = "common/files.rs"]
mod files;
mod samples;

use files::{plan, read, said};
use serde_json::{Value, json};
use std::path::Path;
use windtunnel_sim::plan::{ImageReference, PowerAtStart, Present, Start};

const SUBSCRIPTION: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute";

/// A scenario of these files, each as it is.
fn scenario(files: &[&str]) -> String {
    let lines: String = files.iter().map(|file| format!("  - {{ file: {file} }}\n")).collect();
    format!("windtunnel: 1\ntitle: t\nhorizon: PT30M\nresources:\n{lines}")
}

fn image(version: &str) -> Value {
    json!({ "id": format!("{SUBSCRIPTION}/galleries/g/images/web/versions/{version}"), "exactVersion": version })
}

/// The set, as `az vmss show` prints it.
fn set(mode: &str, capacity: u32, zones: &[&str]) -> Value {
    json!({
        "id": format!("{SUBSCRIPTION}/virtualMachineScaleSets/web"), "name": "web", "location": "westeurope",
        "type": "Microsoft.Compute/virtualMachineScaleSets", "zones": zones, "orchestrationMode": mode,
        "sku": { "name": "Standard_D2s_v5", "capacity": capacity }, "upgradePolicy": { "mode": "Manual" },
        "virtualMachineProfile": { "storageProfile": { "imageReference": image("2.0.0") } },
    })
}

/// An instance, as `az vmss list-instances --expand instanceView` prints it.
fn instance(number: u32, zone: &str, latest: bool, version: &str) -> Value {
    json!({
        "id": format!("{SUBSCRIPTION}/virtualMachineScaleSets/web/virtualMachines/{number}"), "name": format!("web_{number}"),
        "instanceId": number.to_string(), "zones": [zone], "latestModelApplied": latest, "hardwareProfile": {},
        "provisioningState": "Succeeded", "storageProfile": { "imageReference": image(version) },
        "instanceView": { "platformFaultDomain": 0, "statuses": [{ "code": "ProvisioningState/succeeded" }] },
    })
}

/// The same with another value at a path of keys.
fn with(mut of: Value, path: &str, value: Value) -> Value {
    *of.pointer_mut(path).expect("there is such a key") = value;
    of
}

fn powered(of: Value, state: &str) -> Value {
    with(of, "/instanceView/statuses", json!([{ "code": "ProvisioningState/succeeded" }, { "code": state }]))
}

/// The model means 2.0.0. Instance 4 runs 1.0.0 and is behind: its model meant that. 0 is at the newest, 3 is deallocated, 9 unhealthy
/// and protected. Versions are in the order in which they are met: 0 has the first, 4 the second.
#[test]
fn a_run_begins_with_the_instances_of_a_list() {
    let mut unhealthy = instance(9, "1", true, "2.0.0");
    unhealthy["instanceView"]["vmHealth"] = json!({ "status": { "code": "HealthState/unhealthy" } });
    unhealthy["protectionPolicy"] = json!({ "protectFromScaleIn": true, "protectFromScaleSetActions": null });
    let list = json!([
        powered(instance(0, "1", true, "2.0.0"), "PowerState/running"),
        instance(4, "2", false, "1.0.0"),
        powered(instance(3, "1", true, "2.0.0"), "PowerState/deallocated"),
        unhealthy,
    ]);
    let outcome = read(
        &scenario(&["web.json", "list.json"]),
        &[("web.json", set("Uniform", 4, &["1", "2"])), ("list.json", list)],
    );
    let set = &plan(&outcome).sets[0];
    let known = |ordinal, zone| Present { ordinal, zone: Some(zone), image: Some(0), ..Present::default() };
    let expected = Start {
        earlier: vec![ImageReference::Version(1)],
        instances: vec![
            known(0, 1),
            Present { power: PowerAtStart::Deallocated, ..known(3, 1) },
            Present { image: Some(1), model: Some(0), ..known(4, 2) },
            Present { unhealthy: true, protect_from_scale_in: true, ..known(9, 1) },
        ],
    };
    assert_eq!((set.capacity, &set.start), (4, &expected));
    assert_eq!(set.image, ImageReference::Version(0));
    assert_eq!(said(&outcome, "N0310").len(), 1);
    assert!(said(&outcome, "W0220").is_empty(), "{:?}", said(&outcome, "W0220"));
}

/// The instances are read the same in a list of REST, in the data of a query, and from PowerShell.
#[test]
fn lists_are_known_in_every_form() {
    let flat = instance(1, "2", true, "2.0.0");
    let rest = json!({
        "id": flat["id"], "name": "web_1", "instanceId": "1", "zones": ["2"],
        "type": "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
        "properties": {
            "latestModelApplied": true, "provisioningState": "Succeeded", "storageProfile": flat["storageProfile"],
            "instanceView": flat["instanceView"],
        },
    });
    let shell = json!({
        "Id": flat["id"], "Name": "web_1", "InstanceId": "1", "Zones": ["2"], "LatestModelApplied": true,
        "StorageProfile": { "ImageReference": { "Id": flat["storageProfile"]["imageReference"]["id"], "ExactVersion": "2.0.0" } },
    });
    let begins = |list: Value| {
        let files = [("web.json", set("Uniform", 1, &["1", "2"])), ("list.json", list)];
        plan(&read(&scenario(&["list.json", "web.json"]), &files)).sets[0].start.clone()
    };
    let expected = Present { ordinal: 1, zone: Some(2), image: Some(0), ..Present::default() };
    for list in [json!([flat]), json!({ "value": [rest.clone()] }), json!({ "data": [rest.clone()] }), rest, shell] {
        assert_eq!(begins(list.clone()).instances, std::slice::from_ref(&expected), "{list:#}");
    }
}

/// Machines of a Flexible set are listed with others (`az vm list`): their names are their own, and their numbers are their places.
#[test]
fn machines_of_a_flexible_set_are_its_instances() {
    let machine = |name: &str, of: Value| {
        json!({
            "id": format!("{SUBSCRIPTION}/virtualMachines/{name}"), "name": name, "location": "westeurope",
            "type": "Microsoft.Compute/virtualMachines", "hardwareProfile": { "vmSize": "Standard_D2s_v5" },
            "virtualMachineScaleSet": of, "powerState": "VM deallocated", "zones": ["1"],
        })
    };
    let own = json!({ "id": format!("{SUBSCRIPTION}/virtualMachineScaleSets/web") });
    let list =
        json!([machine("jumpbox", Value::Null), machine("web_1a2b3c4d", own.clone()), machine("web_00ff00ff", own)]);
    let files = [("web.json", set("Flexible", 2, &["1"])), ("list.json", list)];
    let outcome = read(&scenario(&["web.json", "list.json"]), &files);
    let known = |ordinal, name: &str| Present {
        ordinal,
        name: Some(name.to_owned()),
        zone: Some(1),
        power: PowerAtStart::Deallocated,
        ..Present::default()
    };
    assert_eq!(plan(&outcome).sets[0].start.instances, [known(0, "web_1a2b3c4d"), known(1, "web_00ff00ff")]);
}

/// What does not fit is said: three of a capacity of two, one of a zone that the set lacks, one that is being created.
#[test]
fn a_list_of_another_time_is_said() {
    let creating = with(instance(2, "1", true, "2.0.0"), "/provisioningState", json!("Creating"));
    let list = json!([instance(0, "1", true, "2.0.0"), instance(1, "3", true, "2.0.0"), creating]);
    let files = [("web.json", set("Uniform", 2, &["1", "2"])), ("list.json", list)];
    let outcome = read(&scenario(&["web.json", "list.json"]), &files);
    let messages: Vec<&str> = said(&outcome, "W0220").iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`web_1` is in zone 3, but `web` has the zones 1, 2",
            "of `web`, `web_2` is Creating: a run begins with them as if they were Succeeded",
            "the list has 3 instances, but `sku.capacity` of `web` is 2: the set begins with 3",
        ]
    );
    assert_eq!(plan(&outcome).sets[0].capacity, 3);
    // A list without its set is of no use alone.
    let alone = read(&scenario(&["list.json"]), &[("list.json", json!([instance(0, "1", true, "2.0.0")]))]);
    assert_eq!(said(&alone, "W0409").len(), 1);
}

/// Every recorded list of instances is taken for what it is, and those of the same recording as a set begin a run of it.
#[test]
fn recorded_lists_begin_runs() {
    let Some(folder) = samples::samples() else { return };
    let mut begun = 0;
    for (file, kind) in samples::index(&folder).into_iter().filter(|(_, kind)| kind == "vmss-vm-list") {
        let list: Value = body(&folder.join(&file));
        let instances = list["value"].as_array().map_or(0, Vec::len);
        let (recording, number) = recorded(&file);
        let set = samples::index(&folder).into_iter().filter(|(other, kind)| {
            let (of, at) = recorded(other);
            kind == "vmss-get-body" && of == recording && at < number
        });
        let Some((set, _)) = set.max_by_key(|(other, _)| recorded(other).1) else { continue };
        let files = [("web.json", body(&folder.join(&set))), ("list.json", list)];
        let outcome = read(&scenario(&["web.json", "list.json"]), &files);
        let loaded = match &outcome {
            Ok(loaded) => loaded,
            Err(report) => {
                println!("{file} with {set}: {report}");
                continue;
            }
        };
        let plan = &loaded.plan("as-written").expect("it always exists").plan;
        if plan.sets.len() == 1 && plan.sets[0].start.instances.len() == instances {
            begun += 1;
        } else {
            panic!("{kind} {file} with {set}: {:?}", plan.sets.iter().map(|set| &set.start).collect::<Vec<_>>());
        }
    }
    println!("{begun} recorded lists begin runs");
    // Of the other recordings, the collection has no body of the set.
    assert!(begun >= 9, "only {begun} lists begin a run");
}

/// The name of a recording, and which of its calls a file has.
fn recorded(file: &str) -> (String, u32) {
    let name = file.rsplit('/').next().unwrap_or(file);
    let mut parts = name.splitn(3, '.');
    (parts.next().unwrap_or_default().to_owned(), parts.next().and_then(|at| at.parse().ok()).unwrap_or(0))
}

fn body(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a file of the collection");
    serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("JSON")
}
