//! What Azure's tools print of a fleet that is there, as the fleet of a scenario and as the state in which a run begins.

#[path = "common/files.rs"]
mod files;
mod samples;

use files::{plan, problems, read, said};
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

/// An instance whose provisioning failed is there and counts. Its health says whether it serves; without, it does not.
#[test]
fn an_instance_that_failed_counts_and_is_unhealthy() {
    let failed = |number: u32| with(instance(number, "1", true, "2.0.0"), "/provisioningState", json!("Failed"));
    let mut healthy = failed(1);
    healthy["instanceView"]["vmHealth"] = json!({ "status": { "code": "HealthState/healthy" } });
    let list = json!([failed(0), healthy, instance(2, "1", true, "2.0.0")]);
    let files = [("web.json", set("Uniform", 3, &["1", "2"])), ("list.json", list)];
    let outcome = read(&scenario(&["web.json", "list.json"]), &files);
    let set = &plan(&outcome).sets[0];
    assert_eq!(set.capacity, 3);
    assert_eq!(set.start.instances.iter().map(|known| known.unhealthy).collect::<Vec<_>>(), [true, false, false]);
    let messages: Vec<&str> = said(&outcome, "W0220").iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(
        messages[0].starts_with("of `web`, `web_0` is Failed") && messages[0].contains("unhealthy"),
        "{messages:?}"
    );
    assert!(messages[1].starts_with("of `web`, `web_1` is Failed") && messages[1].ends_with("health is Healthy"));
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
            "of `web`, `web_2` is Creating: a run begins with nothing under way, so with it as if it were Succeeded",
            "the list has 3 instances, but `sku.capacity` of `web` is 2: the set begins with 3",
        ]
    );
    assert_eq!(plan(&outcome).sets[0].capacity, 3);
    // A list without its set is of no use alone.
    let alone = read(&scenario(&["list.json"]), &[("list.json", json!([instance(0, "1", true, "2.0.0")]))]);
    assert_eq!(said(&alone, "W0409").len(), 1);
}

/// A set whose model follows `latest` and that begins with an instance of an earlier model gets another image: how the set began is
/// over by then, and is nothing that the write would change.
#[test]
fn a_set_that_began_with_a_list_gets_another_image() {
    let mut follows = set("Uniform", 2, &["1"]);
    follows["virtualMachineProfile"]["storageProfile"]["imageReference"] =
        json!({ "id": format!("{SUBSCRIPTION}/galleries/g/images/web") });
    let list = json!([instance(0, "1", true, "2.0.0"), instance(1, "1", false, "1.0.0")]);
    let next = format!("{SUBSCRIPTION}/galleries/g/images/web/versions/3.0.0");
    let change = format!(
        "{{ properties: {{ virtualMachineProfile: {{ storageProfile: {{ imageReference: {{ id: {next} }} }} }} }} }}"
    );
    let text = format!(
        "{}images: {{ web: {{ 1.0.0: {{}}, 2.0.0: {{}}, 3.0.0: {{}} }} }}\ntimeline: [{{ name: new, at: PT5M, write: {{ web: {change} }} }}]\n",
        scenario(&["web.json", "list.json"])
    );
    let outcome = read(&text, &[("web.json", follows), ("list.json", list)]);
    let timeline = plan(&outcome).timeline;
    assert!(
        matches!(&timeline[..], [one] if format!("{:?}", one.what).contains("image: Some(")),
        "{timeline:?} {:?}",
        problems(&outcome)
    );
}

/// What is being deleted is not begun with: of six, two go, and four are left of a capacity of four. Of the four that are being updated
/// three are named.
#[test]
fn a_run_begins_without_what_is_being_deleted() {
    let being =
        |number: u32, state: &str| with(instance(number, "1", true, "2.0.0"), "/provisioningState", json!(state));
    let updated = [0, 3, 4, 7].map(|number| being(number, "Updating"));
    let list: Vec<Value> = [being(1, "Deleting"), being(2, "Deleting")].into_iter().chain(updated).collect();
    let files = [("web.json", set("Uniform", 4, &["1", "2"])), ("list.json", json!(list))];
    let outcome = read(&scenario(&["web.json", "list.json"]), &files);
    let set = &plan(&outcome).sets[0];
    assert_eq!(set.start.instances.iter().map(|known| known.ordinal).collect::<Vec<_>>(), [0, 3, 4, 7]);
    assert_eq!(set.capacity, 4);
    let messages: Vec<&str> = said(&outcome, "W0220").iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "of `web`, `web_0` is Updating, `web_3` is Updating, `web_4` is Updating, and 1 more: a run begins with nothing \
             under way, so with them as if they were Succeeded",
            "of `web`, `web_1` is Deleting, `web_2` is Deleting: a run begins without them",
        ]
    );
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

/// A what-if, as `az` prints it and as REST gives it: the balancer stays, the set is made anew, another set goes.
#[test]
fn a_what_if_is_the_fleet_that_will_be() {
    let id = |name: &str| format!("{SUBSCRIPTION}/virtualMachineScaleSets/{name}");
    let mut after = set("Uniform", 7, &[]);
    after["apiVersion"] = "2024-07-01".into();
    let changes = json!([
        { "resourceId": id("web"), "changeType": "Modify", "before": set("Uniform", 3, &[]), "after": after,
          "delta": [{ "path": "sku.capacity", "propertyChangeType": "Modify", "before": 3, "after": 7 }] },
        { "resourceId": id("old"), "changeType": "Delete", "before": set("Uniform", 2, &[]), "after": null },
    ]);
    for root in [
        json!({ "status": "Succeeded", "error": null, "changes": changes.clone() }),
        json!({ "status": "Succeeded", "properties": { "correlationId": "c", "changes": changes } }),
    ] {
        let plan = plan(&read(&scenario(&["whatif.json"]), &[("whatif.json", root)]));
        assert_eq!(plan.sets.iter().map(|set| (set.name.as_str(), set.capacity)).collect::<Vec<_>>(), [("web", 7)]);
    }
    let short = json!({ "status": "Succeeded", "changes": [{ "resourceId": id("web"), "changeType": "Deploy" }] });
    let outcome = read(&scenario(&["whatif.json"]), &[("whatif.json", short)]);
    assert!(said(&outcome, "E0405")[0].help.as_ref().is_some_and(|help| help.contains("FullResourcePayloads")));
}

/// What describes no fleet says what it is and what it is good for.
#[test]
fn files_of_other_kinds_say_what_they_are_for() {
    let operation = json!({
        "startTime": "2023-01-01T00:00:00Z", "endTime": "2023-01-01T00:10:30Z", "status": "Failed", "name": "11111111",
        "error": { "code": "MaxUnhealthyInstancePercentExceededInRollingUpgrade", "message": "…" },
    });
    let status = json!({ "policy": {}, "progress": {}, "runningStatus": { "code": "Completed" } });
    for (body, what, help) in [
        (
            operation,
            "Failed (MaxUnhealthyInstancePercentExceededInRollingUpgrade) after 10 min 30 s",
            "vmss.provision: PT10M30S",
        ),
        (status, "the status of an upgrade", "--against FILE"),
        (json!({ "virtualMachine": {}, "statuses": [] }), "the instance view of a scale set", "az vmss list-instances"),
        (json!({ "error": { "code": "NotFound" } }), "an error answer of Azure, NotFound", "az vmss show"),
        (json!({ "value": [{ "timeseries": [], "name": {} }] }), "metrics of Azure Monitor", "trace"),
        (json!([{ "currentValue": 4, "limit": 10, "name": { "value": "cores" } }]), "a list of quotas", "`quota`"),
        (json!({ "DocumentIncarnation": 1, "Events": [] }), "a document of scheduled events", "scheduledEvents"),
        (
            json!({ "properties": { "outputResources": [{}], "mode": "Incremental" } }),
            "the result of a deployment",
            "az group export",
        ),
    ] {
        let outcome = read(&scenario(&["file.json"]), &[("file.json", body)]);
        let problem = said(&outcome, "E0405")[0];
        assert!(problem.message.contains(what), "{what}: {}", problem.message);
        assert!(problem.help.as_ref().is_some_and(|of| of.contains(help)), "{help}: {:?}", problem.help);
    }
}

/// A log of three operations and what autoscale did, the newest first as Azure gives it. The first notice is at 10:00:00: a restart of
/// instance 3, which takes until 10:02; autoscale is 5 min later, and a write 10 min later that fails at once. The set has six
/// instances.
#[test]
fn an_activity_log_is_a_timeline() {
    let of = |id: &str, at: &str, name: &str, status: &str, resource: &str| {
        json!({
            "operationName": { "value": name }, "eventTimestamp": format!("2026-03-10T10:{at}.1234567Z"), "correlationId": id,
            "status": { "value": status }, "resourceId": format!("{SUBSCRIPTION}/virtualMachineScaleSets/{resource}"),
        })
    };
    let mut scaled = of("c", "05:00", "Microsoft.Insights/AutoscaleSettings/Scaledown/Action", "Succeeded", "web");
    scaled["properties"] = json!({
        "OldInstancesCount": "6", "NewInstancesCount": "5", "ResourceName": format!("{SUBSCRIPTION}/virtualMachineScaleSets/web"),
    });
    let restart = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/restart/action";
    let log = json!({ "value": [
        of("w", "10:00", "Microsoft.Compute/virtualMachineScaleSets/write", "Failed", "web"),
        of("w", "10:00", "Microsoft.Compute/virtualMachineScaleSets/write", "Started", "web"),
        scaled,
        of("r", "02:00", restart, "Succeeded", "web/virtualMachines/3"),
        of("x", "01:00", "Microsoft.Storage/storageAccounts/listKeys/action", "Succeeded", "web"),
        of("r", "00:00", restart, "Started", "web/virtualMachines/3"),
    ] });
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("log.json");
    std::fs::write(&path, log.to_string()).expect("written");
    let lines = windtunnel::input::arm::timeline(&windtunnel::disk::file::Disk, &path).expect("it is a log");
    let expected = [
        "start: 2026-03-10T10:00:00.1234567Z",
        "timeline:",
        "  - { name: restart 1, at: PT0S, restart: { scaleSet: web, instances: [3] } }  # took PT2M",
        "  - { name: setCapacity 2, at: PT5M, setCapacity: { scaleSet: web, capacity: 5 } }  # by autoscale: leave it out where the setting \
         is in `resources`",
        "  - { name: startUpgrade 3, at: PT10M, startUpgrade: { scaleSet: web } }  # a log does not say what was written: `write: { SET: { … \
         } }`; failed",
        "# 1 operation on other resources, or of kinds that no timeline has",
    ];
    assert_eq!(lines, expected);
    // It can be pasted.
    let pasted = format!("{}{}\n", scenario(&["web.json"]), lines.join("\n"));
    let plan = plan(&read(&pasted, &[("web.json", set("Uniform", 6, &[]))]));
    assert_eq!(plan.timeline.iter().map(|action| action.at.ms()).collect::<Vec<_>>(), [0, 300_000, 600_000]);
    assert_eq!(windtunnel::input::arm::timeline(&windtunnel::disk::file::Disk, &path.with_extension("x")), None);
}

/// A file, the capacity of its set, its zones, its pools, and whether it has a health source.
type Values = (&'static str, u32, &'static [u8], &'static [&'static str], bool);

/// Values of files in which something was once wrong, worked out by reading each: the capacity, the zones, the pools that the set joins
/// (as balancer/pool), and the health source.
#[test]
fn files_in_which_something_was_wrong_have_their_values() {
    let Some(folder) = samples::samples().map(|folder| folder.join("../reviews/repro/files")) else { return };
    if !folder.is_dir() {
        return samples::skipped(&format!("{} is not there", folder.display()));
    }
    let lb = &["lb/pool"][..];
    let expected: [Values; 25] = [
        ("appgw", 3, &[], &[], false),
        ("emptypool", 2, &[], &[], false),
        ("lbset", 2, &[], &[], false),
        ("probepath", 2, &[], &[], true),
        ("samename", 2, &[], &[], false),
        ("silent", 3, &[], lb, false),
        ("twoprobes", 2, &[], &["lb/pool", "lb/pool"], true),
        ("features/04-module-output-pool", 3, &[], lb, false),
        ("features/05-module-output-symbolic", 3, &[], lb, false),
        // The module gives back 7.
        ("features/06-module-output-capacity", 7, &[], &[], false),
        ("features/07-reference-lb-pool", 3, &[], lb, false),
        ("features/08-reference-symbolic-lb-pool", 3, &[], lb, false),
        // twice(2)
        ("features/14-user-function", 4, &[], &[], false),
        ("features/15-user-function-bicep", 3, &[], &[], false),
        ("features/21-datetimeadd", 3, &[], &[], false),
        // 2 × 3
        ("features/33-mapvalues-groupby", 6, &[], &[], false),
        ("features/35-base64tojson", 4, &[], &[], false),
        ("features/36-array-allowed-subset", 3, &[1, 2], &[], false),
        // The parameter of the deployment is 9.
        ("features/37-linked-relative", 9, &[], &[], false),
        ("features/38-linked-uri", 9, &[], &[], false),
        // The prefix of 10.0.0.0/29.
        ("features/48-parseCidr-etc", 29, &[], &[], false),
        ("features/54-resourceInfo-id", 3, &[], lb, false),
        // The last of 1, 2, 5, and the last of two zones.
        ("features/56-indexFromEnd", 5, &[2], &[], false),
        ("features/62-healthprobe-reference", 3, &[], lb, true),
        ("features/67-float-maxprice", 3, &[], &[], false),
    ];
    for (name, capacity, zones, pools, healthy) in expected {
        let path = folder.join(format!("{name}.yaml"));
        let loaded = windtunnel::input::load(&path, &windtunnel::input::LoadOptions::default());
        let plan = plan(&loaded);
        let [set] = &plan.sets[..] else { panic!("{name} has one set") };
        let of = |pool: &u16| {
            let pool = &plan.pools[usize::from(*pool)];
            format!("{}/{}", pool.balancer, pool.name)
        };
        assert_eq!((set.name.as_str(), set.capacity, &set.zones[..]), ("web", capacity, zones), "{name}");
        assert_eq!(set.pools.iter().map(of).collect::<Vec<_>>(), pools, "{name}");
        assert_eq!(set.profile.health_source != windtunnel_sim::plan::HealthSource::None, healthy, "{name}");
    }
    // Rolling without a health source is Azure's refusal, whether the probe is missing or empty.
    for name in ["noprobe", "emptyprobe"] {
        let outcome =
            windtunnel::input::load(&folder.join(format!("{name}.yaml")), &windtunnel::input::LoadOptions::default());
        assert_eq!((said(&outcome, "E0513").len(), said(&outcome, "E0501").len()), (1, 1), "{name}");
    }
    let policy = |name: &str| windtunnel::input::arm::load(&folder.join(name), None, &[]);
    let (resources, problems) = policy("objparam-policy.json");
    assert_eq!((resources.len(), problems.0.iter().filter(|problem| problem.code == "W0401").count()), (1, 1));
    let (resources, problems) = policy("cond.json");
    let codes: Vec<&str> = problems.0.iter().map(|problem| problem.code).collect();
    assert!(resources.is_empty() && codes.contains(&"W0410") && codes.contains(&"W0408"), "{codes:?}");
    let (resources, _) = policy("linked/main.json");
    assert_eq!(resources.len(), 1);
}

/// Four instances, each in an update domain of its own, which a batch does not leave: four batches of one. What was recorded is from
/// PowerShell, of a set of eight and batches of a fifth, and took half an hour.
#[test]
fn an_upgrade_of_a_run_is_compared_with_one_that_was_recorded() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let scenario = "windtunnel: 1
title: t
horizon: PT3H
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: web
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 4 }
    properties:
      orchestrationMode: Uniform
      upgradePolicy: { mode: Rolling, rollingUpgradePolicy: { maxBatchInstancePercent: 50 } }
      virtualMachineProfile:
        storageProfile: { imageReference: { id: web/1.0.0 } }
        extensionProfile:
          extensions:
            - name: health
              properties:
                { publisher: Microsoft.ManagedServices, type: ApplicationHealthLinux, typeHandlerVersion: \"1.0\",
                  settings: { protocol: tcp, port: 80 } }
images: { web: { 1.0.0: {}, 2.0.0: {} } }
timeline:
  - name: roll
    at: PT5M
    updateModel: { scaleSet: web, properties: { virtualMachineProfile: { storageProfile: { imageReference: { id: web/2.0.0 } } } } }
";
    let recorded = json!({
        "Policy": { "MaxBatchInstancePercent": 20, "PauseTimeBetweenBatches": "PT0S" },
        "RunningStatus": { "Code": "Completed", "StartTime": "2023-06-30T19:46:17.2677469Z", "EndTime": "2023-06-30T20:16:17.2677469Z" },
        "Progress": { "SuccessfulInstanceCount": 8, "FailedInstanceCount": 0, "InProgressInstanceCount": 0, "PendingInstanceCount": 0 },
    });
    std::fs::write(folder.path().join("s.yaml"), scenario).expect("written");
    std::fs::write(folder.path().join("recorded.json"), recorded.to_string()).expect("written");
    let said = |arguments: &[&str]| {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_windtunnel"));
        let output = command.current_dir(folder.path()).args(arguments).output().expect("it runs");
        let text = [output.stdout, output.stderr].concat();
        (String::from_utf8(text).expect("UTF-8"), output.status.code())
    };
    let (ran, code) = said(&["run", "s.yaml", "--out", "out"]);
    assert_eq!(code, Some(0), "{ran}");
    let ask = ["status", "out", "--at", "PT3H", "web/rollingUpgrades/latest", "--against", "recorded.json"];
    let (rows, code) = said(&ask);
    assert_eq!(code, Some(0), "{rows}");
    let rows: Vec<Value> = serde_json::from_str(&rows).expect("JSON");
    let row = |what: &str| {
        let found = rows.iter().find(|row| row["what"] == what).unwrap_or_else(|| panic!("{what}: {rows:#?}"));
        (found["recorded"].as_str().expect("a text"), found["run"].as_str().expect("a text"))
    };
    assert_eq!(row("state"), ("Completed", "Completed"));
    assert_eq!((row("length").0, row("successful"), row("pending")), ("30 min", ("8", "4"), ("0", "0")));
    assert_eq!(row("batch"), ("20", "50"));
    assert!(row("batch 1").1.starts_with("1 after 0 s, done in "), "{:?}", row("batch 1"));
    assert!(
        row("batch 4").1.starts_with("1 after ") && row("batch 4").1.contains(", done in "),
        "{:?}",
        row("batch 4")
    );
    assert!(!rows.iter().any(|row| row["what"] == "batch 5" || row["what"] == "pause"), "{rows:#?}");
    let (table, _) = said(&[&ask[..], &["--format", "human"]].concat());
    assert!(table.lines().next().is_some_and(|line| line.trim() == "recorded   run"), "{table}");
    let (refused, code) = said(&["status", "out", "--at", "PT3H", "web/virtualMachines", "--against", "recorded.json"]);
    assert!(code == Some(2) && refused.contains("SET/rollingUpgrades/latest"), "{refused}");
}
