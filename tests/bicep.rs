//! Bicep by a compiler on the PATH: what it makes is run, what it refuses is shown where it is, and one that hangs is stopped.
//!
//! The compilers are scripts that print what a compiler would.

#![cfg(unix)]

use assert_cmd::Command;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use tempfile::TempDir;

const SCENARIO: &str = "windtunnel: 1
title: t
horizon: PT30M
resources:
  - { template: web.bicep, set: { n: 4 } }
timeline:
  - { name: out, at: PT5M, setCapacity: { scaleSet: web, capacity: 5 } }
";

/// A folder with a scenario, a file of Bicep and nothing to compile it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path();
    fs::create_dir(path.join("bin")).expect("made");
    fs::write(path.join("scenario.yaml"), SCENARIO).expect("written");
    fs::write(path.join("web.bicep"), "param n int\nresource web 'x' = {\n  name: webb\n}\n").expect("written");
    folder
}

/// A program of this name that does this with `sh`.
fn program(folder: &TempDir, name: &str, script: &str) {
    let path = folder.path().join("bin").join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it can be run");
}

const VERSION: &str = "if [ \"$1\" = --version ]; then echo 'Bicep CLI version 0.30.23 (3ed8a1a1b5)'; exit 0; fi";

/// A compiler that prints a file of the folder when it is asked to build, and writes down what it was asked.
fn compiler(folder: &TempDir, printed: &Value) {
    fs::write(folder.path().join("printed.json"), printed.to_string()).expect("written");
    program(folder, "bicep", &format!("{VERSION}\necho \"$@\" >> asked.txt\ncat printed.json"));
}

fn windtunnel(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("windtunnel").expect("the program is built");
    // The scripts need the shell's own tools.
    let path = format!("{}:/bin:/usr/bin", folder.join("bin").display());
    command.current_dir(folder).env("NO_COLOR", "1").env("COLUMNS", "100").env("PATH", path);
    command.env("WINDTUNNEL_BICEP_SECONDS", "20");
    command
}

/// What is printed, and the exit code.
fn said(folder: &TempDir, arguments: &[&str]) -> (String, Option<i32>) {
    let output = windtunnel(folder.path()).args(arguments).output().expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).expect("UTF-8"), output.status.code())
}

fn set(capacity: Value, pool: Value) -> Value {
    let ip = json!([{ "name": "ip", "properties": { "loadBalancerBackendAddressPools": [{ "id": pool }] } }]);
    json!({
        "type": "Microsoft.Compute/virtualMachineScaleSets", "apiVersion": "2024-07-01", "name": "web", "location": "westus2",
        "sku": { "name": "Standard_D2s_v3", "capacity": capacity },
        "properties": {
            "orchestrationMode": "Uniform", "upgradePolicy": { "mode": "Manual" },
            "virtualMachineProfile": { "networkProfile": { "networkInterfaceConfigurations": [
                { "name": "nic", "properties": { "primary": true, "ipConfigurations": ip } },
            ] } },
        },
    })
}

fn balancer() -> Value {
    json!({
        "type": "Microsoft.Network/loadBalancers", "apiVersion": "2023-11-01", "name": "lb", "location": "westus2",
        "sku": { "name": "Standard" },
        "properties": {
            "frontendIPConfigurations": [{ "name": "public" }], "backendAddressPools": [{ "name": "pool" }],
            "probes": [{ "name": "p", "properties": { "protocol": "Tcp", "port": 80, "intervalInSeconds": 5 } }],
            "loadBalancingRules": [{ "name": "http", "properties": {
                "frontendPort": 80, "backendPort": 80, "protocol": "Tcp",
                "frontendIPConfiguration": { "id": "[resourceId('Microsoft.Network/loadBalancers/frontendIPConfigurations', 'lb', 'public')]" },
                "backendAddressPool": { "id": "[resourceId('Microsoft.Network/loadBalancers/backendAddressPools', 'lb', 'pool')]" },
                "probe": { "id": "[resourceId('Microsoft.Network/loadBalancers/probes', 'lb', 'p')]" },
            } }],
        },
    })
}

/// A template as the compiler makes it of two modules: the set is given the pool that the balancer gives back.
fn composed() -> Value {
    let module = |name: &str, parameters: Value, template: Value, needs: Value| {
        json!({
            "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": name, "dependsOn": needs,
            "properties": { "mode": "Incremental", "expressionEvaluationOptions": { "scope": "inner" }, "parameters": parameters,
                "template": template },
        })
    };
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    let lb = json!({
        "$schema": schema, "contentVersion": "1.0.0.0", "resources": [balancer()],
        "outputs": { "pool": { "type": "string",
            "value": "[resourceId('Microsoft.Network/loadBalancers/backendAddressPools', 'lb', 'pool')]" } },
    });
    let web = json!({
        "$schema": schema, "contentVersion": "1.0.0.0", "parameters": { "n": { "type": "int" }, "pool": { "type": "string" } },
        "resources": [set(json!("[parameters('n')]"), json!("[parameters('pool')]"))],
    });
    let pool = "[reference(resourceId('Microsoft.Resources/deployments', 'lb'), '2022-09-01').outputs.pool.value]";
    let given = json!({ "n": { "value": "[parameters('n')]" }, "pool": { "value": pool } });
    json!({
        "$schema": schema, "contentVersion": "1.0.0.0", "parameters": { "n": { "type": "int" } },
        "metadata": { "_generator": { "name": "bicep", "version": "0.30.23.60470", "templateHash": "1" } },
        "resources": [
            module("lb", json!({}), lb, json!([])),
            module("web", given, web, json!(["[resourceId('Microsoft.Resources/deployments', 'lb')]"])),
        ],
    })
}

#[test]
fn a_file_is_compiled_and_run_with_its_modules() {
    let folder = folder();
    compiler(&folder, &composed());
    let (checked, code) = said(&folder, &["check", "scenario.yaml"]);
    assert_eq!(code, Some(0), "{checked}");
    for line in [
        "scale set web: 4 Uniform of Standard_D2s_v3",
        "pool pool of lb, rule http: Tcp probe",
        "`web.bicep` was compiled by Bicep CLI version 0.30.23",
    ] {
        assert!(checked.contains(line), "{line}\n{checked}");
    }
    let (ran, code) = said(&folder, &["run", "scenario.yaml", "--out", "out"]);
    assert_eq!(code, Some(0), "{ran}");
    let plan = fs::read_to_string(folder.path().join("out/plan.json")).expect("it is there");
    let plan: Value = serde_json::from_str(&plan).expect("JSON");
    assert_eq!(plan["compiledBy"], "Bicep CLI version 0.30.23");
    // The folder has all of the plan, so that its run is repeated where there is no compiler.
    fs::remove_file(folder.path().join("bin/bicep")).expect("removed");
    let (repeated, code) = said(&folder, &["status", "out", "--at", "PT10M", "web/virtualMachines"]);
    assert_eq!(code, Some(0), "{repeated}");
    let asked = fs::read_to_string(folder.path().join("asked.txt")).expect("it was asked");
    assert!(asked.lines().all(|line| line == "build web.bicep --stdout --no-restore"), "{asked}");
    assert_eq!(asked.lines().count(), 2, "each program compiles a file once: {asked}");
}

#[test]
fn a_file_alone_is_checked_and_its_parameters_are_those_of_a_template() {
    let folder = folder();
    compiler(&folder, &composed());
    let (checked, code) = said(&folder, &["check", "web.bicep", "--set", "n=3"]);
    assert_eq!(code, Some(0), "{checked}");
    assert!(checked.contains("Microsoft.Compute/virtualMachineScaleSets `web`"), "{checked}");
    let (refused, code) = said(&folder, &["check", "web.bicep", "--set", "n=many"]);
    assert!(code == Some(2) && refused.contains("E0412"), "{refused}");
}

#[test]
fn a_file_of_parameters_brings_its_template() {
    let folder = folder();
    let parameters = json!({ "parameters": { "n": { "value": 7 } } });
    let both = json!({
        "parametersJson": parameters.to_string(), "templateJson": composed().to_string(), "templateSpecId": null,
    });
    compiler(&folder, &both);
    fs::write(folder.path().join("web.bicepparam"), "using 'web.bicep'\nparam n = 7\n").expect("written");
    let scenario = SCENARIO.replace("template: web.bicep, set: { n: 4 }", "template: web.bicepparam");
    fs::write(folder.path().join("scenario.yaml"), scenario).expect("written");
    let (checked, code) = said(&folder, &["check", "scenario.yaml"]);
    assert_eq!(code, Some(0), "{checked}");
    assert!(checked.contains("scale set web: 7 Uniform"), "{checked}");
    let asked = fs::read_to_string(folder.path().join("asked.txt")).expect("it was asked");
    assert_eq!(asked, "build-params web.bicepparam --stdout --no-restore\n");
}

#[test]
fn az_compiles_where_bicep_is_not_on_the_path() {
    let folder = folder();
    fs::write(folder.path().join("printed.json"), composed().to_string()).expect("written");
    let script = "if [ \"$2\" = version ]; then echo 'Bicep CLI version 0.28.1 (ba1e9f8c1e)'; exit 0; fi\n\
                  if [ \"$*\" = 'bicep build --file web.bicep --stdout --no-restore' ]; then cat printed.json; exit 0; fi\nexit 1";
    program(&folder, "az", script);
    let (checked, code) = said(&folder, &["check", "scenario.yaml"]);
    assert_eq!(code, Some(0), "{checked}");
    assert!(checked.contains("compiled by Bicep CLI version 0.28.1"), "{checked}");
}

/// The compiler speaks of line 3, column 9, where the file says `webb`.
#[test]
fn what_the_compiler_refuses_is_shown_where_it_is() {
    let folder = folder();
    let said_by = "$PWD/web.bicep(3,9) : Error BCP057: The name \\\"webb\\\" does not exist in the current context. [https://aka.ms/x]";
    let warned = "$PWD/web.bicep(1,7) : Warning no-unused-params: Parameter \\\"n\\\" is declared but never used.";
    program(&folder, "bicep", &format!("{VERSION}\necho \"{warned}\" >&2\necho \"{said_by}\" >&2\nexit 1"));
    let (checked, code) = said(&folder, &["check", "web.bicep"]);
    assert_eq!(code, Some(2), "{checked}");
    let expected = "error[E0417]: BCP057: The name \"webb\" does not exist in the current context.
 --> web.bicep:3:9
  |
3 |   name: webb
  |         ^^^^ here, says the compiler
";
    assert!(checked.contains(expected) && checked.contains("1 error\n"), "{checked}");
    let module = "$PWD/web.bicep(1,1) : Error BCP190: The artifact with reference \\\"br:x\\\" has not been restored.";
    program(&folder, "bicep", &format!("{VERSION}\necho \"{module}\" >&2\nexit 1"));
    let (checked, _) = said(&folder, &["check", "scenario.yaml"]);
    assert!(checked.contains("bicep restore web.bicep"), "{checked}");
}

#[test]
fn a_compiler_that_hangs_or_prints_something_else_is_said() {
    let folder = folder();
    program(&folder, "bicep", &format!("{VERSION}\nsleep 600"));
    let output =
        windtunnel(folder.path()).env("WINDTUNNEL_BICEP_SECONDS", "1").args(["check", "scenario.yaml"]).output();
    let text = String::from_utf8(output.expect("it runs").stdout).expect("UTF-8");
    assert!(text.contains("E0417") && text.contains("was not done with `web.bicep` after 1 s"), "{text}");
    // It shuts its output, the stream of its remarks and itself after a second each: three seconds, of which it has two.
    program(&folder, "bicep", &format!("{VERSION}\nsleep 1; exec >&-; sleep 1; exec 2>&-; sleep 1"));
    let output =
        windtunnel(folder.path()).env("WINDTUNNEL_BICEP_SECONDS", "2").args(["check", "scenario.yaml"]).output();
    let text = String::from_utf8(output.expect("it runs").stdout).expect("UTF-8");
    assert!(text.contains("was not done with `web.bicep` after 2 s"), "{text}");
    program(&folder, "bicep", &format!("{VERSION}\necho hello"));
    let (text, code) = said(&folder, &["check", "scenario.yaml"]);
    assert!(code == Some(2) && text.contains("`web.bicep (compiled)` is not JSON"), "{text}");
    program(&folder, "bicep", &format!("{VERSION}\necho boom >&2\nexit 3"));
    let (text, code) = said(&folder, &["check", "scenario.yaml"]);
    assert!(code == Some(2) && text.contains("the compiler refuses `web.bicep`: boom"), "{text}");
}

#[test]
fn without_a_compiler_one_sentence_says_what_to_install() {
    let folder = folder();
    // `az` without Bicep does not say a version of it.
    program(&folder, "az", "echo 'ERROR: Bicep CLI not found.' >&2; exit 1");
    let (text, code) = said(&folder, &["check", "scenario.yaml"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("neither `bicep` nor `az bicep` is on the PATH"), "{text}");
    assert!(text.contains("`az bicep install`") && text.contains("`bicep build web.bicep`"), "{text}");
    let (text, code) = said(&folder, &["import", "web.bicep"]);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        code == Some(2) && text.contains("to compile it; install one (`az bicep install`, or the program `bicep`)"),
        "{text}"
    );
    let (text, code) = said(&folder, &["run", "web.bicep"]);
    assert!(code == Some(2) && text.contains("resources: [{ template: web.bicep }]"), "{text}");
}

/// The capacity is on line 3 of both files, and no other line of them differs. Where nothing of a file leads to what differs, the place is
/// that in what was compiled.
#[test]
fn what_differs_is_named_where_it_is_written_in_bicep() {
    let folder = folder();
    let each = "for file in \"$@\"; do case \"$file\" in *.bicep) cat \"$file.json\";; esac; done";
    program(&folder, "bicep", &format!("{VERSION}\n{each}"));
    let pool = "[resourceId('Microsoft.Network/loadBalancers/backendAddressPools', 'lb', 'pool')]";
    for (side, capacity) in [("old", 3), ("new", 5)] {
        let path = folder.path().join(side);
        fs::create_dir(&path).expect("made");
        let text = format!("resource web 'x' = {{\n  sku: {{\n    capacity: {capacity}\n  }}\n}}\n");
        fs::write(path.join("web.bicep"), text).expect("written");
        let template = json!({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
            "resources": [set(json!(capacity), json!(pool)), balancer()],
        });
        fs::write(path.join("web.bicep.json"), template.to_string()).expect("written");
    }
    let (text, code) = said(&folder, &["diff", "old/web.bicep", "new/web.bicep"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("old/web.bicep:3 → new/web.bicep:3"), "{text}");
    let same = fs::read_to_string(folder.path().join("old/web.bicep")).expect("read");
    fs::write(folder.path().join("new/web.bicep"), same).expect("written");
    let (text, _) = said(&folder, &["diff", "old/web.bicep", "new/web.bicep"]);
    assert!(text.contains("new/web.bicep (compiled):1"), "{text}");
}
