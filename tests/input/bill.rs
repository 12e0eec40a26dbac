//! How the bill is read: price list, bytes of a request and disks, from a scenario and from Azure's own file, held against bills
//! that are worked out by hand (CO-03 to CO-07).

use windtunnel::input::{LoadOptions, load};
use windtunnel_sim::measure::{Measures, Scope, Value};
use windtunnel_sim::plan::{Disks, Plan};
use windtunnel_sim::world::run::{Options, run};

const SET: &str = r#"{
  "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "vmss", "location": "eastus",
  "sku": { "name": "Standard_D2s_v5", "capacity": 2 },
  "properties": { "orchestrationMode": "Uniform", "overprovision": false, "virtualMachineProfile": {
    "storageProfile": {
      "imageReference": { "id": "web/1.0.0" },
      "osDisk": { "diskSizeGB": 30, "managedDisk": { "storageAccountType": "Premium_LRS" } EPHEMERAL },
      "dataDisks": [{ "lun": 0, "diskSizeGB": 100, "managedDisk": { "storageAccountType": "StandardSSD_LRS" } }]
    },
    "networkProfile": { "networkInterfaceConfigurations": [{ "name": "nic", "properties": { "ipConfigurations": [
      { "name": "ip", "properties": { "loadBalancerBackendAddressPools": [{ "id": "web" }] } }] } }] }
  } }
}"#;

const BALANCER: &str = r#"{
  "type": "Microsoft.Network/loadBalancers", "name": "lb", "location": "eastus", "sku": { "name": "Standard" },
  "properties": {
    "backendAddressPools": [{ "name": "web" }],
    "probes": [{ "name": "alive", "properties": { "protocol": "Tcp", "port": 80, "intervalInSeconds": 5 } }],
    "loadBalancingRules": [
      { "name": "http", "properties": { "protocol": "Tcp", "frontendPort": 80, "backendPort": 80,
        "backendAddressPool": { "id": "web" }, "probe": { "id": "alive" } } },
      { "name": "https", "properties": { "protocol": "Tcp", "frontendPort": 443, "backendPort": 443,
        "backendAddressPool": { "id": "web" }, "probe": { "id": "alive" } } }
    ]
  }
}"#;

/// The prices are no samples, so that each shows whether it is read.
const REST: &str = "
regions: { eastus: {}, westus: {} }
application: { releases: [r1], capacity: 100 rps, endpoints: { /: [{ when: process, answer: 200 }] } }
images:
  web:
    1.0.0: { sizeGB: 10, replicatedTo: [{ name: eastus, regionalReplicaCount: 2 }, westus] }
    1.1.0: { sizeGB: 20, replicatedTo: [eastus] }
imageBuilders:
  nightly:
    image: web
    source: web/1.0.0
    customize: [{ name: install, duration: PT5M }]
    distribute: { to: [eastus], versioning: { version: 2.0.0 } }
traffic: { lb: { demand: 100 rps, connections: perRequest, bytesPerRequest: 50000 } }
assumptions: { aib.queue: PT1M, aib.build_vm: PT3M }
priceList:
  { diskGbMonth: 0.1, disks: { Premium_LRS: 0.2 }, snapshotGbMonth: 0.06, egressGb: 0.03, buildVmHour: 2, lbRuleHour: 0.05,
    lbProcessedGb: 0.01 }
";

/// The plan of an hour, with the resources in the scenario, or in a template of Azure's.
fn plan(name: &str, ephemeral: bool, in_template: bool, timeline: &str) -> Plan {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bill-{name}"));
    std::fs::create_dir_all(&folder).expect("a folder for tests");
    let word = if ephemeral { r#", "diffDiskSettings": { "option": "Local" }"# } else { "" };
    let resources = format!("[{}, {BALANCER}]", SET.replace("EPHEMERAL", word));
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    let template = format!(r#"{{ "$schema": "{schema}", "contentVersion": "1.0.0.0", "resources": {resources} }}"#);
    std::fs::write(folder.join("template.json"), template).expect("a file for tests");
    let listed = if in_template { "[{ template: template.json }]".to_owned() } else { resources };
    let text = format!("windtunnel: 1\ntitle: t\nhorizon: PT1H\nresources: {listed}\n{REST}{timeline}");
    let path = folder.join("scenario.yaml");
    std::fs::write(&path, text).expect("a file for tests");
    let loaded = load(&path, &LoadOptions::default());
    let loaded = loaded.unwrap_or_else(|report| panic!("{:#?}", report.problems()));
    loaded.plan("as-written").expect("it always exists").plan.clone()
}

fn is(plan: &Plan, expected: &[(&str, f64)]) {
    let mut measures = Measures::new(plan);
    run(plan, 1, Options::default(), &mut measures);
    let all = measures.measures();
    for &(name, expected) in expected {
        match all.iter().find(|one| one.name() == name && one.scope == Scope::Fleet).map(|one| &one.value) {
            Some(&Value::Number(got)) => assert!((got - expected).abs() < 1e-9, "{name}: {got}, not {expected}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

/// An instance has a disk of 30 GB in the tier of 32 at 0.2 and one of 100 GB in that of 128 at the price of the list, 0.1: 6.4 + 12.8 =
/// 19.2 credits a month, of 730 hours; two stand for an hour. There are two replicas of 10 GB in one region and one in another, and one
/// of 20 GB: 50 GB at 0.06. Two rules for an hour at 0.05, and 100 requests a second of 50 kB, which are 18 GB, at 0.01.
#[test]
fn disks_replicas_and_rules_cost_what_the_list_says() {
    for (name, in_template) in [("yaml", false), ("arm", true)] {
        let plan = plan(name, false, in_template, "");
        assert_eq!(plan.bill.disks, vec![Some(Disks { provisioned_gb: 160.0, month: Some(6.4 + 12.8) })], "{name}");
        assert_eq!(
            (&plan.bill.rules[..], &plan.bill.bytes_per_request[..]),
            (&[1, 1][..], &[Some(50_000.0), None][..])
        );
        is(
            &plan,
            &[
                ("cost.disk_gb_h", 320.0),
                ("cost.disks", 2.0 * 19.2 / 730.0),
                ("cost.replica_gb_h", 50.0),
                ("cost.replicas", 50.0 * 0.06 / 730.0),
                ("cost.rule_h", 2.0),
                ("cost.processed_gb", 18.0),
                ("cost.balancers", 2.0 * 0.05 + 18.0 * 0.01),
            ],
        );
    }
}

/// An ephemeral OS disk costs nothing (CO-03): what is left is the data disk, 128 GB at 0.1, of two instances for an hour.
#[test]
fn an_ephemeral_os_disk_is_not_on_the_bill() {
    for (name, in_template) in [("yaml-ephemeral", false), ("arm-ephemeral", true)] {
        let plan = plan(name, true, in_template, "");
        is(&plan, &[("cost.disk_gb_h", 256.0), ("cost.disks", 25.6 / 730.0)]);
    }
}

/// 20 GB cross once into the other region, at 0.03. The template leaves the queue after a minute, has its machine after three more and
/// customizes for five: the machine, and a disk in the tier of 32 at 0.1 a month, are billed for those eight minutes.
#[test]
fn egress_and_builds_cost_what_the_list_says() {
    let timeline = "timeline:
  - { name: again, at: PT10M, publish: { image: web, version: 1.1.0, to: [eastus, westus] } }
  - { name: bake, at: PT20M, bake: { builder: nightly } }
";
    let plan = plan("builds", false, false, timeline);
    let hours = 480.0 / 3600.0;
    is(
        &plan,
        &[
            ("cost.egress_gb", 20.0),
            ("cost.egress", 20.0 * 0.03),
            ("cost.build_h", hours),
            ("cost.builds", hours * (2.0 + 32.0 * 0.1 / 730.0)),
        ],
    );
}
