//! Files that are put together: several templates, modules of a registry, chains and circles of them, and the command line.

use serde_json::{Value, json};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{HealthSource, ProfileWhen};

use super::{BALANCER, balancer, interfaces, joined, loaded, module, plan, read, said, set, template, with};

#[test]
fn a_template_refers_to_what_another_file_has() {
    let network = template(json!([balancer("lb")]));
    let by_id = format!("[reference(resourceId('{BALANCER}', 'lb'), '2024-05-01').backendAddressPools[0].id]");
    let existing = json!({ "type": BALANCER, "name": "lb", "existing": true });
    let by_symbol = template(
        json!({ "known": existing, "web": set(json!(3), interfaces("[reference('known').backendAddressPools[0].id]")) }),
    );
    for (fleet, what) in [(template(json!([set(json!(3), interfaces(&by_id))])), "id"), (by_symbol, "symbol")] {
        let scenario = "windtunnel: 1\ntitle: t\nhorizon: PT30M\n\
            resources: [{ template: fleet.json }, { template: network.json }]\n";
        let outcome = read(scenario, &[("fleet.json", fleet), ("network.json", network.clone())]);
        assert!(said(&outcome, "W0401").is_empty(), "{what}: {:?}", said(&outcome, "W0401"));
        assert_eq!(joined(&plan(&outcome)), ["lb/pool"], "{what}");
    }
}

/// Two modules as a registry publishes them: lists of objects whose keys may be missing, loops over them, a balancer whose pools come
/// back as the resource shows them, a set that is built from what it is given, and a child that is deployed by a module of its own.
#[test]
fn a_balancer_and_a_set_of_a_registry_are_composed() {
    let of = |list: &str, key: &str| format!("[parameters('{list}')[copyIndex('{list}Var')].{key}]");
    let maybe = |list: &str, key: &str, otherwise: &str| {
        format!("[coalesce(tryGet(parameters('{list}')[copyIndex('{list}Var')], '{key}'), {otherwise})]")
    };
    let loop_over = |list: &str, input: Value| json!({ "name": format!("{list}Var"), "count": format!("[length(coalesce(parameters('{list}'), createArray()))]"), "input": input });
    let id = |kind: &str, key: &str| json!({ "id": format!("[resourceId('{BALANCER}/{kind}', parameters('name'), parameters('rules')[copyIndex('rulesVar')].{key})]") });
    let child = template(json!({ "pool": {
        "type": format!("{BALANCER}/backendAddressPools"), "name": "[format('{0}/{1}', parameters('lb'), parameters('name'))]", "properties": {}
    } }));
    let child = with(child, json!({ "parameters": { "lb": { "type": "string" }, "name": { "type": "string" } } }));
    let mut children = module(
        "[format('{0}-pool-{1}', uniqueString(deployment().name), copyIndex())]",
        json!({ "lb": { "value": "[parameters('name')]" }, "name": { "value": "[parameters('pools')[copyIndex()].name]" } }),
        child,
    );
    children["copy"] = json!({ "name": "pools", "count": "[length(parameters('pools'))]" });
    let network = with(
        template(json!({
            "loadBalancer": {
                "type": BALANCER, "name": "[parameters('name')]", "location": "westeurope", "sku": { "name": "Standard" },
                "properties": {
                    "backendAddressPools": "[variables('poolsVar')]", "probes": "[variables('probesVar')]",
                    "loadBalancingRules": "[variables('rulesVar')]",
                    "frontendIPConfigurations": [{ "name": "fe", "properties": { "publicIPAddress": { "id": "[reference('gone').outputs.ip.value]" } } }]
                }
            },
            "pools": children
        })),
        json!({
            "parameters": { "name": { "type": "string" }, "pools": { "type": "array" }, "probes": { "type": "array" }, "rules": { "type": "array" } },
            "variables": { "copy": [
                loop_over("pools", json!({ "name": of("pools", "name") })),
                loop_over("probes", json!({ "name": of("probes", "name"), "properties": {
                    "protocol": maybe("probes", "protocol", "'Tcp'"), "port": maybe("probes", "port", "80"),
                    "intervalInSeconds": maybe("probes", "intervalInSeconds", "5"), "probeThreshold": maybe("probes", "probeThreshold", "1"),
                    "requestPath": maybe("probes", "requestPath", "null()")
                } })),
                loop_over("rules", json!({ "name": of("rules", "name"), "properties": {
                    "backendAddressPool": id("backendAddressPools", "pool"), "probe": id("probes", "probe"),
                    "protocol": "Tcp", "frontendPort": of("rules", "port"), "backendPort": of("rules", "port")
                } }))
            ] },
            "outputs": {
                "backendpools": { "type": "array", "value": "[reference('loadBalancer').backendAddressPools]" },
                "location": { "type": "string", "value": "[reference('loadBalancer', '2024-07-01', 'full').location]" }
            }
        }),
    );
    let mut fleet = set(json!("[parameters('skuCapacity')]"), json!("[parameters('nics')]"));
    fleet["location"] = json!("[parameters('location')]");
    fleet["zones"] = json!("[map(parameters('zones'), lambda('zone', string(lambdaVariables('zone'))))]");
    fleet["properties"]["upgradePolicy"] = json!({
        "mode": "[parameters('mode')]",
        "rollingUpgradePolicy": {
            "maxBatchInstancePercent": "[parameters('batch')]", "pauseTimeBetweenBatches": "[coalesce(parameters('pause'), 'PT0S')]"
        }
    });
    fleet["properties"]["virtualMachineProfile"]["networkProfile"]["healthProbe"] =
        json!("[if(empty(parameters('probeId')), null(), createObject('id', parameters('probeId')))]");
    let fleet = with(
        template(json!({ "vmss": fleet })),
        json!({ "parameters": {
            "skuCapacity": { "type": "int", "defaultValue": 1 }, "nics": { "type": "array" }, "location": { "type": "string" },
            "zones": { "type": "array", "allowedValues": [1, 2, 3], "defaultValue": [1, 2, 3] }, "mode": { "type": "string" },
            "batch": { "type": "int", "defaultValue": 20 }, "pause": { "type": "string", "nullable": true },
            "probeId": { "type": "string", "defaultValue": "" }
        } }),
    );
    let value = |value: Value| json!({ "value": value });
    let given = json!({
        "name": value(json!("lb-web")),
        "pools": value(json!([{ "name": "pool" }])),
        "probes": value(json!([{ "name": "alive", "protocol": "Http", "requestPath": "/healthz", "intervalInSeconds": 10 }])),
        "rules": value(json!([{ "name": "http", "pool": "pool", "probe": "alive", "port": 80 }]))
    });
    let for_fleet = json!({
        "skuCapacity": value(json!(4)), "mode": value(json!("Rolling")), "batch": value(json!(25)), "pause": value(json!("PT2M")),
        "zones": value(json!([1, 2])), "location": value(json!("[reference('network').outputs.location.value]")),
        "nics": value(interfaces("[reference('network').outputs.backendpools.value[0].id]")),
        "probeId": value(json!("[resourceId('Microsoft.Network/loadBalancers/probes', 'lb-web', 'alive')]"))
    });
    let main =
        template(json!({ "network": module("network", given, network), "fleet": module("fleet", for_fleet, fleet) }));
    let outcome = loaded("", &[("main.json", main)]);
    // The address of the frontend is in none of the files: it alone is missing, and nothing that stands beside it.
    let missing = said(&outcome, "W0401");
    assert!(missing.len() == 1 && missing[0].message.contains("`gone`"), "{missing:?}");
    for code in ["W0402", "W0403", "N0403"] {
        assert!(said(&outcome, code).is_empty(), "{code}: {:?}", said(&outcome, code));
    }
    let plan = plan(&outcome);
    let fleet = &plan.sets[0];
    assert_eq!((fleet.capacity, &fleet.zones[..]), (4, &[1, 2][..]));
    assert_eq!((fleet.upgrade.rolling.max_batch_percent, fleet.upgrade.rolling.pause), (25, SimDuration::from_mins(2)));
    assert_eq!(plan.regions[usize::from(fleet.region)].name, "westeurope");
    assert_eq!(joined(&plan), ["lb-web/pool"]);
    assert_eq!(fleet.profile.health_source, HealthSource::Probe(fleet.pools[0]));
    assert_eq!(plan.pools[0].probe.as_ref().expect("a probe").interval, SimDuration::from_secs(10));
}

#[test]
fn references_in_a_circle_are_refused_and_end() {
    let part = |name: &str, other: &str| {
        json!({ "type": BALANCER, "name": name, "location": "westus2", "sku": { "name": "Standard" },
            "properties": { "x": format!("[reference('{other}').x]") } })
    };
    let main = template(json!([part("a", "b"), part("b", "a"), set(json!("[reference('a').x]"), json!([]))]));
    assert_eq!(said(&loaded("", &[("main.json", main)]), "E0415").len(), 1);
    // A chain of modules, each of which gives what the next one has, ends at a depth that no real one reaches.
    let chain = |length: usize| {
        let link = |at: usize| {
            let n = if at == length { json!(4) } else { json!(format!("[reference('m{}').outputs.n.value]", at + 1)) };
            let outputs = json!({ "parameters": { "n": { "type": "int" } }, "outputs": { "n": { "type": "int", "value": "[parameters('n')]" } } });
            module(&format!("m{at}"), json!({ "n": { "value": n } }), with(template(json!([])), outputs))
        };
        let first = set(json!("[reference('m0').outputs.n.value]"), json!([]));
        let resources: Vec<Value> = std::iter::once(first).chain((0..=length).map(link)).collect();
        loaded("", &[("main.json", template(json!(resources)))])
    };
    assert_eq!(plan(&chain(8)).sets[0].capacity, 4);
    assert_eq!(said(&chain(400), "E0416").len(), 1);
}

#[test]
fn check_takes_lists_on_the_command_line_and_says_how_changes_reach_a_fleet() {
    let folder = tempfile::tempdir().expect("a folder");
    let check = |arguments: &[&str]| {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_windtunnel"));
        let output = command
            .current_dir(folder.path())
            .env("COLUMNS", "200")
            .arg("check")
            .args(arguments)
            .output()
            .expect("it runs");
        String::from_utf8(output.stdout).expect("text")
    };
    let mut fleet = set(json!(10), json!([]));
    fleet["zones"] = json!("[parameters('zones')]");
    fleet["properties"]["upgradePolicy"] = json!({ "mode": "Rolling", "rollingUpgradePolicy": {
        "maxBatchInstancePercent": 35, "maxUnhealthyInstancePercent": 40, "maxUnhealthyUpgradedInstancePercent": 40,
        "pauseTimeBetweenBatches": "PT7M"
    } });
    let profile = &mut fleet["properties"]["virtualMachineProfile"];
    profile["priority"] = json!("Spot");
    profile["evictionPolicy"] = json!("Delete");
    profile["billingProfile"] = json!({ "maxPrice": "[float('0.5')]" });
    profile["extensionProfile"] = json!({ "extensions": [{ "name": "health", "properties": {
        "publisher": "Microsoft.ManagedServices", "type": "ApplicationHealthLinux", "typeHandlerVersion": "1.0",
        "settings": { "protocol": "tcp", "port": 22 }
    } }] });
    profile["scheduledEventsProfile"] =
        json!({ "terminateNotificationProfile": { "enable": true, "notBeforeTimeout": "PT7M" } });
    fleet["properties"]["scaleInPolicy"] = json!({ "rules": ["OldestVM"] });
    let rule = |operator: &str, threshold: u32, direction: &str, kind: &str, value: &str| {
        let trigger = json!({
            "metricName": "Percentage CPU", "metricResourceUri": "[resourceId('Microsoft.Compute/virtualMachineScaleSets', 'web')]",
            "timeGrain": "PT1M", "statistic": "Average", "timeWindow": "PT10M", "timeAggregation": "Average",
            "operator": operator, "threshold": threshold,
        });
        let action = json!({ "direction": direction, "type": kind, "value": value, "cooldown": "PT5M" });
        json!({ "metricTrigger": trigger, "scaleAction": action })
    };
    let rules = json!([
        rule("GreaterThan", 70, "Increase", "ChangeCount", "2"),
        rule("LessThan", 30, "Decrease", "PercentChangeCount", "10"),
    ]);
    let setting = json!({ "type": "Microsoft.Insights/autoscaleSettings", "name": "web", "location": "westus2", "properties": {
        "enabled": true, "targetResourceUri": "[resourceId('Microsoft.Compute/virtualMachineScaleSets', 'web')]",
        "profiles": [{ "name": "p", "capacity": { "minimum": "1", "maximum": "30", "default": "1" }, "rules": rules }]
    } });
    let main = with(template(json!([fleet, setting])), json!({ "parameters": { "zones": { "type": "array" } } }));
    std::fs::write(folder.path().join("main.json"), main.to_string()).expect("it is written");
    let said = check(&["main.json", "--set", "zones=[\"1\",\"2\"]"]);
    assert!(!said.contains("E0412") && !said.contains("N0403"), "{said}");
    let scenario =
        "windtunnel: 1\ntitle: t\nhorizon: PT30M\nresources: [{ template: main.json, set: { zones: [1, 2] } }]\n";
    std::fs::write(folder.path().join("scenario.yaml"), scenario).expect("it is written");
    let said = check(&["scenario.yaml"]);
    for line in [
        "scale set web: 10 Uniform of Standard_D2s_v3, westus2, 2 zones",
        "web, upgrades: Rolling, batches of 35 %, pause 7 min, at most 40 % unhealthy and 40 % of the upgraded",
        "web, health: the health extension of two states, Tcp every 5 s, 1 answer to change",
        "web, repairs: none",
        "web, image is not given: taken as one version, which only a change of the model moves",
        "web, Spot: evicted by Delete, at most 0.5 an hour",
        "web, autoscale: 1 to 30 instances, +2 at Percentage CPU > 70 over 10 min (cooldown 5 min), −10 % at Percentage CPU < 30 over 10 min \
         (cooldown 5 min)",
        "web, deletions: OldestVM first, guests are notified 7 min before",
    ] {
        // A line is broken where the terminal ends.
        let whole = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(whole.contains(line), "{line}\n{said}");
    }
    // What is written in another language says so, whatever it holds.
    for (name, code) in [("web.bicep", "E0407"), ("web.bicepparam", "E0407"), ("main.tf", "E0406")] {
        std::fs::write(folder.path().join(name), "param n int = 3\n").expect("it is written");
        assert!(check(&[name]).contains(code), "{name}");
    }
}

/// A profile of autoscale from an instant on, for four hours. The run begins on 5 January, four days after 1 January: in milliseconds, the
/// profile rules from −345,600,000 until 4 × 3,600,000 later.
#[test]
fn instants_are_added_up() {
    let date =
        json!({ "timeZone": "UTC", "start": "[parameters('t')]", "end": "[dateTimeAdd(parameters('t'), 'PT4H')]" });
    let capacity = json!({ "minimum": "1", "maximum": "5", "default": "1" });
    let setting = json!({ "type": "Microsoft.Insights/autoscaleSettings", "name": "scale", "location": "westus2", "properties": {
        "enabled": true, "targetResourceUri": "[resourceId('Microsoft.Compute/virtualMachineScaleSets', 'web')]",
        "profiles": [{ "name": "p", "capacity": capacity, "rules": [], "fixedDate": date }]
    } });
    let t = json!({ "parameters": { "t": { "type": "string", "defaultValue": "[utcNow('yyyy-MM-ddTHH:mm:ssZ')]" } } });
    let main = with(template(json!([set(json!(3), json!([])), setting])), t);
    let plan = plan(&loaded(", set: { utcNow: 20260101T000000Z }", &[("main.json", main)]));
    let when = ProfileWhen::Fixed { from_ms: -345_600_000, until_ms: -331_200_000 };
    assert_eq!(plan.autoscale[0].profiles[0].when, when);
}
