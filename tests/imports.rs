//! `windtunnel import` on the disk: what it finds in a folder, what it writes, and what it does not touch.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn windtunnel(at: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    command.current_dir(at).args(args).stdin(Stdio::null()).env("COLUMNS", "80").env("NO_COLOR", "1");
    command.output().expect("it starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn imported(at: &Path, args: &[&str]) -> String {
    let output = windtunnel(at, &[&["import"], args].concat());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}\n{}", said(&output));
    said(&output)
}

/// Refused, with these words, and without a raw error of the system.
#[track_caller]
fn refused(at: &Path, args: &[&str], words: &[&str]) {
    let output = windtunnel(at, &[&["import"], args].concat());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    for word in words {
        assert!(errors.contains(word), "no {word:?} in: {errors}");
    }
    assert!(!errors.contains("os error"), "{errors}");
}

/// A template of a set behind a balancer, whose capacity is a parameter without a default.
const TEMPLATE: &str = r##"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": { "instances": { "type": "int" }, "path": { "type": "string", "defaultValue": "/healthz" } },
  "resources": [
    { "type": "Microsoft.Network/loadBalancers", "apiVersion": "2023-09-01", "name": "lb-web", "location": "eastus",
      "sku": { "name": "Standard" },
      "properties": {
        "frontendIPConfigurations": [{ "name": "front", "properties": {} }],
        "backendAddressPools": [{ "name": "web" }],
        "probes": [{ "name": "up", "properties": { "protocol": "Http", "port": 8080, "requestPath": "[parameters('path')]", "intervalInSeconds": 5 } }],
        "loadBalancingRules": [{ "name": "http", "properties": { "protocol": "Tcp", "frontendPort": 80, "backendPort": 8080,
          "backendAddressPool": { "id": "[resourceId('Microsoft.Network/loadBalancers/backendAddressPools', 'lb-web', 'web')]" },
          "probe": { "id": "[resourceId('Microsoft.Network/loadBalancers/probes', 'lb-web', 'up')]" } } }] } },
    { "type": "Microsoft.Compute/virtualMachineScaleSets", "apiVersion": "2024-03-01", "name": "vmss-web", "location": "eastus",
      "sku": { "name": "Standard_D2s_v5", "capacity": "[parameters('instances')]" },
      "properties": {
        "orchestrationMode": "Uniform", "overprovision": false,
        "upgradePolicy": { "mode": "Rolling", "rollingUpgradePolicy": { "maxBatchInstancePercent": 20, "pauseTimeBetweenBatches": "PT5M" } },
        "virtualMachineProfile": {
          "storageProfile": { "imageReference": { "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/shop/images/web/versions/1.4.0" } },
          "networkProfile": {
            "healthProbe": { "id": "[resourceId('Microsoft.Network/loadBalancers/probes', 'lb-web', 'up')]" },
            "networkInterfaceConfigurations": [{ "name": "nic", "properties": { "primary": true, "ipConfigurations": [{ "name": "ip", "properties": {
              "loadBalancerBackendAddressPools": [{ "id": "[resourceId('Microsoft.Network/loadBalancers/backendAddressPools', 'lb-web', 'web')]" }] } }] } }] } } } }
  ]
}"##;

const PARAMETERS: &str = r#"{ "parameters": { "instances": { "value": 10 } } }"#;

/// A folder with a template, two files of parameters, and things that are of no use.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("made");
        fs::write(path, text).expect("written");
    };
    write("shop/infra/main.json", TEMPLATE);
    write("shop/infra/main.prod.parameters.json", PARAMETERS);
    write("shop/infra/main.dev.parameters.json", &PARAMETERS.replace("10", "2"));
    write("shop/infra/other.parameters.json", r#"{ "parameters": { "colour": { "value": "red" } } }"#);
    write("shop/package.json", r#"{ "name": "shop", "version": "1.0.0" }"#);
    write("shop/node_modules/lib/package.json", r#"{ "name": "lib" }"#);
    write("shop/readme.md", "hello");
    folder
}

fn scenario(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("it is there")
}

/// By hand: 10 instances of 100 rps, of which 60 % is used, are 600 rps; batches of two instances are five, each 10 min and the pause
/// of 5 min, after 10 min: 85 min, half as much again is 127.5 min, so three hours.
#[test]
fn a_folder_becomes_a_scenario_that_runs() {
    let folder = repository();
    let at = folder.path();
    let text = imported(at, &["shop"]);
    assert!(
        text.starts_with("windtunnel/shop.yaml: 1 scale set, 10 instances, 1 entry point, from 1 file\n"),
        "{text}"
    );
    for words in [
        "horizon: PT3H (a rollout to the whole fleet ends before)",
        "package.json: an object of an unknown kind",
        "main.dev.parameters.json: main.json takes its values from another file of",
        "other.parameters.json: parameters of a template that is not among these files",
        "1 other file: no JSON",
        "windtunnel run windtunnel/shop.yaml",
    ] {
        assert!(text.contains(words), "no {words:?} in:\n{text}");
    }
    assert!(!text.contains("lib"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let made = scenario(at, "windtunnel/shop.yaml");
    for line in [
        "  - template: ../shop/infra/main.json",
        "    parameters: ../shop/infra/main.prod.parameters.json",
        "    # asked by probe up of lb-web, port 8080 every 5 s",
        "    1.4.0: { code: r1 }",
        "    1.4.1: { code: r2 }",
        "  lb-web: { demand: 600 rps }",
        "  # - { name: new image, at: PT10M, updateModel: { scaleSet: vmss-web,",
    ] {
        assert!(made.contains(line), "no {line:?} in:\n{made}");
    }
    assert_eq!(windtunnel(at, &["check", "windtunnel/shop.yaml"]).status.code(), Some(0));
    let run = said(&windtunnel(at, &["run", "windtunnel/shop.yaml"]));
    assert!(run.contains("No user was harmed."), "{run}");
    // With the `#` off, the rollout that the file has in its comments.
    fs::write(at.join("windtunnel/shop.yaml"), made.replace("  # - {", "  - {")).expect("written");
    let run = said(&windtunnel(at, &["run", "windtunnel/shop.yaml"]));
    assert!(run.contains("pass  the rollout ends well"), "{run}");
}

#[test]
fn run_again_it_keeps_what_was_changed_and_renews_the_rest() {
    let folder = repository();
    let at = folder.path();
    imported(at, &["shop"]);
    let first = scenario(at, "windtunnel/shop.yaml");
    assert!(imported(at, &["shop"]).contains("nothing new"));
    assert_eq!(scenario(at, "windtunnel/shop.yaml"), first);
    let mine = first.replace("lb-web: { demand: 600 rps }", "lb-web: { demand: 450 rps }");
    fs::write(at.join("windtunnel/shop.yaml"), &mine).expect("written");
    fs::write(at.join("shop/infra/main.json"), TEMPLATE.replace("/healthz", "/alive")).expect("written");
    let text = imported(at, &["shop"]);
    for words in ["added            application.endpoints./alive", "removed          application.endpoints./healthz"] {
        assert!(text.contains(words), "no {words:?} in:\n{text}");
    }
    assert!(text.contains("yours, kept      traffic.lb-web"), "{text}");
    let now = scenario(at, "windtunnel/shop.yaml");
    assert!(now.contains("demand: 450 rps") && now.contains("/alive:") && !now.contains("/healthz"), "{now}");
    assert_eq!(windtunnel(at, &["check", "windtunnel/shop.yaml"]).status.code(), Some(0));
}

/// What the user wrote may name what is gone from the files: it stays, and is said.
#[test]
fn what_no_longer_fits_is_said_and_stays() {
    let folder = repository();
    let at = folder.path();
    imported(at, &["shop"]);
    let mine = scenario(at, "windtunnel/shop.yaml").replace("600 rps", "450 rps");
    fs::write(at.join("windtunnel/shop.yaml"), mine).expect("written");
    fs::write(at.join("shop/infra/main.json"), TEMPLATE.replace("lb-web", "lb-shop")).expect("written");
    let output = windtunnel(at, &["import", "shop"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("E0205") && errors.contains("lb-web"), "{errors}");
    let now = scenario(at, "windtunnel/shop.yaml");
    assert!(now.contains("  lb-web: { demand: 450 rps }") && now.contains("  lb-shop: { demand: 600 rps }"), "{now}");
}

#[test]
fn a_file_of_somebody_else_is_not_touched() {
    let folder = repository();
    let at = folder.path();
    fs::create_dir(at.join("windtunnel")).expect("made");
    fs::write(at.join("windtunnel/shop.yaml"), "windtunnel: 1\ntitle: mine\n").expect("written");
    refused(at, &["shop"], &["windtunnel/shop.yaml was not written by import, so it is not touched", "`--name`"]);
    assert_eq!(scenario(at, "windtunnel/shop.yaml"), "windtunnel: 1\ntitle: mine\n");
    imported(at, &["shop", "--name", "web"]);
    // Of other files of the same name.
    fs::create_dir(at.join("web")).expect("made");
    fs::write(at.join("web/main.json"), TEMPLATE).expect("written");
    refused(at, &["web"], &["windtunnel/web.yaml was written by import from other files"]);
    imported(at, &["web", "--out", "elsewhere"]);
    let other = scenario(at, "elsewhere/web.yaml");
    assert!(other.contains("  - template: ../web/main.json") && other.contains("instances: 3"), "{other}");
}

#[test]
fn what_is_no_fleet_is_refused_with_a_way_out() {
    let folder = repository();
    let at = folder.path();
    refused(at, &["shop/package.json"], &["no file here describes a fleet", "an object of an unknown kind"]);
    refused(at, &["nowhere"], &["there is no file or folder nowhere"]);
    refused(at, &["shop", "--name", "../x"], &["cannot be the name of a scenario"]);
    refused(at, &["shop/readme.md"], &["no file here describes a fleet"]);
    // A refusal of Azure's own: repairs without a source of health.
    let without = TEMPLATE
        .replace("\"orchestrationMode\"", "\"automaticRepairsPolicy\": { \"enabled\": true }, \"orchestrationMode\"");
    let without =
        without.replace("\"healthProbe\"", "\"noProbe\"").replace("\"mode\": \"Rolling\"", "\"mode\": \"Manual\"");
    fs::write(at.join("shop/infra/main.json"), without).expect("written");
    refused(at, &["shop"], &["AR-01"]);
    assert!(!at.join("windtunnel").exists(), "nothing is written");
}

/// The one refusal with one way out: a Basic balancer becomes a Standard one, as a guess with a line of its own. The set has the name of
/// the balancer here, so that the overlay says which of the two it means.
#[test]
fn a_balancer_that_azure_retired_is_mended_beside_the_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let basic = |text: &str| text.replace(r#""sku": { "name": "Standard" }"#, r#""sku": { "name": "Basic" }"#);
    let given = |text: &str| {
        text.replace(r#""instances": { "type": "int" }"#, r#""instances": { "type": "int", "defaultValue": 4 }"#)
    };
    fs::write(at.join("main.json"), basic(&given(TEMPLATE))).expect("written");
    let text = imported(at, &["main.json"]);
    let says = "lb-web: { sku: { name: Standard } } (Azure refuses Basic, which retired on 30 September 2025)";
    assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(says), "{text}");
    assert!(scenario(at, "windtunnel/main.yaml").contains("      lb-web: { sku: { name: Standard } }"));
    assert_eq!(windtunnel(at, &["check", "windtunnel/main.yaml"]).status.code(), Some(0));
    let again = imported(at, &["main.json"]);
    assert!(again.contains("nothing new"), "{again}");
    fs::write(at.join("main.json"), basic(&given(TEMPLATE)).replace("vmss-web", "lb-web")).expect("written");
    imported(at, &["main.json", "--name", "both"]);
    let made = scenario(at, "windtunnel/both.yaml");
    assert!(made.contains("      loadBalancers/lb-web: { sku: { name: Standard } }"), "{made}");
    assert_eq!(windtunnel(at, &["check", "windtunnel/both.yaml"]).status.code(), Some(0));
}

/// A plan can be mended before it is applied, so that what Azure refuses of it is refused; a resource group may have the name of a type.
#[test]
fn plans_and_states_of_terraform_are_taken_as_they_are() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    for file in ["azapi.json", "web.json", "modules.json"] {
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform").join(file), at.join(file))
            .expect("copied");
    }
    refused(at, &["azapi.json"], &["UM-05"]);
    let text = imported(at, &["web.json"]);
    assert!(text.contains("web: { demand: 300 rps } (50 % of what 6 instances serve)"), "{text}");
    let made = scenario(at, "windtunnel/web.yaml");
    assert!(made.contains("  - file: ../web.json") && made.contains("healthState: Healthy"), "{made}");
    imported(at, &["modules.json"]);
    assert!(!scenario(at, "windtunnel/modules.yaml").contains("  providers:"), "an image is not called `providers`");
}

/// What instances there are belongs to their set, whichever file comes first.
#[test]
fn a_list_of_instances_goes_with_its_set() {
    let folder = repository();
    let at = folder.path();
    let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/vmss-web/virtualMachines/0";
    let list = format!(
        r#"[{{ "id": "{id}", "instanceId": "0", "name": "vmss-web_0", "zones": null, "latestModelApplied": true }}]"#
    );
    fs::write(at.join("shop/a-instances.json"), &list).expect("written");
    let text = imported(at, &["shop"]);
    assert!(text.contains("from 2 files"), "{text}");
    let made = scenario(at, "windtunnel/shop.yaml");
    assert!(made.find("template: ../shop/infra/main.json") < made.find("file: ../shop/a-instances.json"), "{made}");
    fs::write(at.join("alone.json"), list).expect("written");
    refused(at, &["alone.json"], &["no file here describes a fleet", "instances of vmss-web"]);
}

/// What the files leave open is given once, and stands in the scenario as the user's; it goes before a file of parameters.
#[test]
fn parameters_are_set_on_the_command_line() {
    let folder = repository();
    let at = folder.path();
    let text = imported(at, &["shop", "--set", "instances=6", "--set", "path=/up"]);
    assert!(text.contains("1 scale set, 6 instances"), "{text}");
    let made = scenario(at, "windtunnel/shop.yaml");
    assert!(made.contains("    instances: 6") && made.contains("    path: /up"), "{made}");
    // A fleet that is there only if a parameter says so.
    let on_demand = TEMPLATE
        .replace(
            r#""instances": { "type": "int" }"#,
            r#""instances": { "type": "int" }, "deploy": { "type": "bool", "defaultValue": false }"#,
        )
        .replace(
            r#"virtualMachineScaleSets", "apiVersion""#,
            r#"virtualMachineScaleSets", "condition": "[parameters('deploy')]", "apiVersion""#,
        );
    fs::write(at.join("demand.json"), on_demand).expect("written");
    refused(at, &["demand.json", "--set", "instances=4"], &["no file here has a scale set"]);
    let text = imported(at, &["demand.json", "--set", "instances=4", "--set", "deploy=true"]);
    assert!(text.contains("1 scale set, 4 instances"), "{text}");
    refused(at, &["shop", "--set", "instance=6"], &["no template here declares a parameter `instance`"]);
    refused(at, &["shop", "--set", "path=a", "--set", "PATH=b"], &["`--set PATH` is given twice"]);
}

/// Each file that has no fleet says what it is, and what would be of use.
#[test]
fn files_without_a_fleet_say_what_they_are() {
    let folder = repository();
    let at = folder.path();
    let write = |name: &str, text: &str| fs::write(at.join(name), text).expect("written");
    let around = |resource: &str| {
        format!(
            r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "resources": [{resource}] }}"#
        )
    };
    write(
        "scale.json",
        &around(
            r#"{ "type": "Microsoft.Insights/autoscaleSettings", "name": "as1", "location": "eastus", "properties": { "profiles": [] } }"#,
        ),
    );
    refused(at, &["scale.json"], &["no file here has a scale set; scale.json has the autoscaleSettings as1"]);
    write(
        "form.json",
        r#"{ "handler": "Microsoft.Azure.CreateUIDef", "version": "0.1.2-preview", "parameters": { "basics": [] } }"#,
    );
    refused(at, &["form.json"], &["form.json: the definition of a form of the portal; give the template"]);
    write("values.json", PARAMETERS);
    refused(at, &["values.json"], &["values.json: parameters of a template that is not among these files"]);
    write("site.json", &around(r#"{ "type": "Microsoft.Web/sites", "name": "s", "location": "eastus" }"#));
    refused(at, &["site.json"], &["nothing in it bears on a scale set: Microsoft.Web/sites (1)"]);
    write(
        "resize.json",
        &around(
            r#"{ "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "web", "location": "eastus", "sku": { "name": "Standard_D2s_v5", "capacity": 4 } }"#,
        ),
    );
    refused(at, &["resize.json"], &["E0505", "give that set (`az vmss show`) with the change as its `overlay`"]);
}

/// A scenario in a folder of its own names its files by `..`; what is said of them names them as whoever reads it would.
#[test]
fn what_is_said_names_files_without_detours() {
    let folder = repository();
    let at = folder.path();
    let set = at.join("shop/infra/main.json");
    fs::write(
        &set,
        fs::read_to_string(&set)
            .expect("read")
            .replace("\"probeThreshold\"", "")
            .replace("\"overprovision\": false", "\"overprovision\": true"),
    )
    .expect("written");
    imported(at, &["shop"]);
    let output = windtunnel(at, &["check", "windtunnel/shop.yaml", "--format", "json"]);
    let text = said(&output);
    assert!(text.contains("shop/infra/main.json") && !text.contains(".."), "{text}");
}

/// By hand: 10 instances of 140 rps, of which 60 % is used, are 840 rps. What the user wrote is named: the capacity, the act that lost
/// its `#`, and a policy of theirs.
#[test]
fn demand_follows_what_an_instance_serves_and_all_that_is_the_users_is_named() {
    let folder = repository();
    let at = folder.path();
    imported(at, &["shop"]);
    let first = scenario(at, "windtunnel/shop.yaml");
    let mine = first
        .replace("capacity: 100 rps", "capacity: 140 rps")
        .replace("  # - { name: new image", "  - { name: new image");
    let mine =
        mine.replacen("\nexpect:", "\npolicies:\n  slower: { vmss-web: { sku: { capacity: 12 } } }\n\nexpect:", 1);
    fs::write(at.join("windtunnel/shop.yaml"), &mine).expect("written");
    let text = imported(at, &["shop"]);
    let said = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("renewed traffic.lb-web"), "{text}");
    for words in ["application.capacity", "timeline.new image", "policies"] {
        let (_, kept) = said.split_once("yours, kept").expect("it is said");
        assert!(kept.contains(words), "no {words:?} in:\n{text}");
    }
    let now = scenario(at, "windtunnel/shop.yaml");
    assert!(now.contains("lb-web: { demand: 840 rps }") && now.contains("capacity: 140 rps"), "{now}");
    assert!(imported(at, &["shop"]).contains("nothing new"));
}
