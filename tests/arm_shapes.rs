//! Every shape that Azure's tools print comes to one normal form, and what is no description of a fleet is refused.

use std::path::Path;
use std::sync::Arc;

use windtunnel::input::arm::{load, normalise, reference, reference_name};
use windtunnel::input::json::{self, Dialect};
use windtunnel::input::problem::{Problem, Problems, Severity};
use windtunnel::input::tree::{Node, Source, Value};

fn load_text(name: &str, text: &str) -> (Vec<Node>, Problems) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, text).expect("the file is written");
    load(&path, None, &[])
}

fn node(text: &str) -> Node {
    let source = Arc::new(Source { name: "test".to_owned(), text: text.to_owned(), hidden: false });
    json::parse(&source, Dialect::Azure, &mut Problems::default()).expect("the test is JSON")
}

fn code<'a>(problems: &'a Problems, code: &str) -> Option<&'a Problem> {
    problems.0.iter().find(|problem| problem.code == code)
}

const NORMAL: &str = concat!(
    r#"{"type":"Microsoft.Compute/virtualMachineScaleSets","name":"web","sku":{"name":"B2s""#,
    r#","capacity":2},"zones":["1","2"],"properties":{"overprovision":false"#,
    r#","upgradePolicy":{"mode":"Rolling""#,
    r#","rollingUpgradePolicy":{"maxBatchInstancePercent":25"#,
    r#","pauseTimeBetweenBatches":"PT10S","maxSurge":true}"#,
    r#","automaticOSUpgradePolicy":{"enableAutomaticOSUpgrade":true}}"#,
    r#","virtualMachineProfile":{"extensionProfile":{"extensions":[{"name":"health""#,
    r#","properties":{"type":"ApplicationHealthLinux","settings":{"port":80}}}]}}}}"#,
);

const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  // the fleet
  "parameters": { "count": { "type": "int", "defaultValue": "[add(1, 1)]" } },
  "resources": [{
    "type": "microsoft.compute/virtualmachinescalesets", "apiVersion": "2024-07-01", "name": "[toLower('WEB')]",
    "sku": { "name": "B2s", "capacity": "[parameters('count')]" }, "zones": [1, 2],
    "properties": {
      "overProvision": "False",
      "upgradePolicy": {
        "mode": "rolling",
        "rollingUpgradePolicy": { "MaxSurge": "true", "maxBatchInstancePercent": "25", "pauseTimeBetweenBatches": "PT10S" },
        "automaticOSUpgradePolicy": { "enableAutomaticOSUpgrade": true },
      },
    },
  }, {
    "type": "Microsoft.Compute/virtualMachineScaleSets/extensions", "name": "web/health",
    "properties": { "type": "ApplicationHealthLinux", "settings": { "port": 80 } }
  }]
}"#;

const SYMBOLIC: &str = r#"{ "languageVersion": "2.0", "resources": { "outer": {
  "type": "Microsoft.Resources/deployments", "name": "inner",
  "properties": {
    "expressionEvaluationOptions": { "scope": "inner" }, "parameters": { "mode": { "value": "[concat('roll', 'ing')]" } },
    "template": { "parameters": { "mode": { "type": "string" } }, "resources": [{
      "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "web", "sku": { "name": "B2s", "capacity": 2 },
      "zones": ["1", "2"],
      "resources": [{ "type": "extensions", "name": "health",
        "properties": { "type": "ApplicationHealthLinux", "settings": { "port": 80 } } }],
      "properties": { "overprovision": false, "upgradePolicy": {
        "mode": "[parameters('mode')]",
        "rollingUpgradePolicy": { "maxBatchInstancePercent": 25, "pauseTimeBetweenBatches": "PT10S", "maxSurge": true },
        "automaticOSUpgradePolicy": { "enableAutomaticOSUpgrade": true } } }
    }] } } } } }"#;

const FLATTENED: &str = r#"{ "name": "web", "type": "Microsoft.Compute/virtualMachineScaleSets", "resourceGroup": "g",
  "automaticRepairsPolicy": null, "overprovision": false, "sku": { "capacity": 2, "name": "B2s", "tier": null },
  "upgradePolicy": { "automaticOsUpgradePolicy": { "enableAutomaticOsUpgrade": true }, "mode": "Rolling",
    "rollingUpgradePolicy": { "maxBatchInstancePercent": 25, "maxSurge": true, "pauseTimeBetweenBatches": "PT10S" } },
  "virtualMachineProfile": { "extensionProfile": { "extensions": [
    { "name": "health", "type": null, "typePropertiesType": "ApplicationHealthLinux", "settings": { "port": 80, "x": null } } ] } },
  "zones": ["1", "2"] }"#;

const POWERSHELL: &str = r#"{ "Name": "web", "Type": "Microsoft.Compute/virtualMachineScaleSets", "Sku": { "Name": "B2s", "Capacity": 2 },
  "UpgradePolicy": { "Mode": "Rolling", "AutomaticOSUpgradePolicy": { "EnableAutomaticOSUpgrade": true },
    "RollingUpgradePolicy": { "MaxBatchInstancePercent": 25, "MaxSurge": true, "PauseTimeBetweenBatches": "00:00:10" } },
  "Overprovision": false, "Zones": ["1", "2"],
  "VirtualMachineProfile": { "ExtensionProfile": { "Extensions": [
    { "Name": "health", "Type": "ApplicationHealthLinux", "Settings": { "port": 80 } } ] } } }"#;

/// A body in the form of REST, without name and type.
fn rest(id: &str) -> String {
    let body = node(NORMAL);
    let entries: Vec<String> = ["sku", "zones", "properties"]
        .iter()
        .map(|key| format!("\"{key}\":{}", json::print(body.get(key).expect("the key is there"))))
        .collect();
    format!("{{{id}{}}}", entries.join(","))
}

#[test]
fn every_shape_comes_to_one_normal_form() {
    let id = r#""id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/web","#;
    let body = rest(id);
    let export = body.replacen("\"sku\"", "\"ResourceType\":\"Microsoft.Compute/virtualMachineScaleSets\",\"Sku\"", 1);
    for (shape, text) in [
        ("template", TEMPLATE.to_owned()),
        ("symbolic names and an inner deployment", SYMBOLIC.to_owned()),
        ("request of a deployment", format!("{{\"properties\": {{\"template\": {TEMPLATE}}}}}")),
        ("az vmss show", FLATTENED.to_owned()),
        ("PowerShell", POWERSHELL.to_owned()),
        ("REST body", body.clone()),
        ("REST body without id", rest("")),
        ("REST list", format!("{{\"value\":[{body}]}}")),
        ("bare list", format!("[{body}]")),
        ("az vmss create", format!("{{\"vmss\":{}}}", rest(""))),
        ("Get-AzResource", format!("[{export}]")),
        ("byte-order mark", format!("\u{feff}{body}")),
    ] {
        let (resources, problems) = load_text("web.json", &text);
        let printed: Vec<String> = resources.iter().map(json::print).collect();
        let wanted = node(NORMAL);
        let mut got = resources.clone();
        for resource in &mut got {
            drop_id(resource);
            // Only a template says which version of the API it is written for.
            if let Value::Map(entries) = &mut resource.value {
                entries.retain(|(key, _)| key.text != "apiVersion");
            }
        }
        assert_eq!(got, vec![wanted], "{shape}: {printed:?} {problems:?}");
        let worst = problems.0.iter().map(|problem| problem.severity).min();
        assert!(worst.is_none_or(|worst| worst == Severity::Note), "{shape}: {problems:?}");
    }
}

fn drop_id(resource: &mut Node) {
    if let windtunnel::input::tree::Value::Map(entries) = &mut resource.value {
        entries.retain(|(key, _)| key.text != "id");
    }
}

#[test]
fn other_files_are_refused_with_what_they_are() {
    for (text, expected, what) in [
        ("", "E0402", "empty"),
        ("  // nothing\n", "E0402", "empty"),
        ("{}", "E0405", "empty object"),
        ("[]", "E0405", "empty list"),
        ("{\"resources\": }", "E0104", "expected a value"),
        ("{\"resources\" 1}", "E0104", "`:`"),
        ("{\"resources\": \"b", "E0104", "not closed"),
        ("{\"resources\": 1} x", "E0104", "the end of the file"),
        // Of what may be anything, not even a letter is shown.
        ("{\"a\": secret}", "E0104", "file.json` is not JSON"),
        ("resources:\n  - type: x\n", "E0407", "YAML"),
        ("resource \"azurerm_lb\" \"x\" {\n}\n", "E0406", "Terraform"),
        ("param name string\n", "E0407", "Bicep"),
        ("<html></html>", "E0407", "XML"),
        (
            "{\"@level\":\"info\",\"@message\":\"Terraform 1.9.8\"}\n{\"@level\"",
            "E0406",
            "the log of `terraform plan -json`",
        ),
        ("\nTerraform used …\n\nTerraform will perform the following actions:\n", "E0406", "prints for people"),
        (r#"{"terraform": {}, "resource": {}}"#, "E0406", "a Terraform configuration"),
        (r#"{"format_version": "1.2", "planned_values": {}}"#, "W0408", "no resource"),
        (r#"{"version": 4, "terraform_version": "1.9", "resources": []}"#, "W0408", "no resource"),
        (r#"{"contentVersion": "1.0.0.0", "parameters": {"a": {"value": 1}}}"#, "E0405", "a parameters file"),
        (r#"{"value": [{"operationName": {}, "eventTimestamp": ""}]}"#, "E0405", "an activity log"),
        (r#"{"virtualMachine": {}, "statuses": []}"#, "E0405", "the instance view of a scale set"),
        (r#"{"vmAgent": {}, "statuses": [{}]}"#, "E0405", "the instance view of an instance"),
        (r#"{"policy": {}, "progress": {}, "runningStatus": {}}"#, "E0405", "the status of an upgrade"),
        (r#"{"properties": {"publisher": "p", "typeHandlerVersion": "1.0"}}"#, "E0405", "an extension"),
        (r#"{"value": [{"instanceId": "0"}, {"instanceId": "1"}]}"#, "E0405", "an instance that does not say"),
        (r#"{"error": {"code": "NotFound"}}"#, "E0405", "an error"),
        (r#"{"location": "eastus"}"#, "E0405", "an unknown kind"),
    ] {
        let (resources, problems) = load_text("file.json", text);
        assert!(resources.is_empty(), "{text}");
        let problem = code(&problems, expected).unwrap_or_else(|| panic!("{text}: {problems:?}"));
        assert!(problem.message.contains(what), "{text}: {}", problem.message);
    }
    let (_, problems) = load(Path::new("/nowhere/at/all.json"), None, &[]);
    assert!(code(&problems, "E0101").is_some());
}

fn normalised(properties: &str) -> (Node, Problems) {
    let mut problems = Problems::default();
    let text = format!(
        r#"{{"type": "Microsoft.Compute/virtualMachineScaleSets", "name": "web", "properties": {properties}}}"#
    );
    (normalise(node(&text), &mut problems), problems)
}

#[test]
fn a_key_or_word_nearly_right_is_an_error() {
    for (properties, expected, help) in [
        (r#"{"upgradePolicy": {"mdoe": "Manual"}}"#, "E0408", "`mode`"),
        (r#"{"upgradPolicy": {}}"#, "E0408", "`upgradePolicy`"),
        (r#"{"upgradePolicy": {"mode": "Roling"}}"#, "E0503", "`Rolling`"),
        (
            r#"{"upgradePolicy": {"rollingUpgradePolicy": {"maxBatchInstancesPercent": 20}}}"#,
            "E0408",
            "`maxBatchInstancePercent`",
        ),
    ] {
        let (_, problems) = normalised(properties);
        let problem = code(&problems, expected).unwrap_or_else(|| panic!("{properties}: {problems:?}"));
        assert!(problem.help.as_ref().is_some_and(|text| text.contains(help)), "{problem:?}");
        assert!(problem.primary.is_some());
    }
}

const NONSENSE: &str = r#"{"hostGroup": {"id": "x"}, "virtualMachineProfile": {"hardwareProfile": {}, "priority": "7"},
    "automaticRepairsPolicy": {"gracePeriod": "aaaaaaaaaaaa", "enabled": "TRUE"}, "somethingElse": 1}"#;

#[test]
fn unknown_keys_are_one_note_and_nonsense_of_ones_own_is_an_error() {
    let (resource, problems) = normalised(NONSENSE);
    let notes: Vec<&Problem> = problems.0.iter().filter(|problem| problem.code == "N0402").collect();
    let [note] = notes.as_slice() else { panic!("{problems:?}") };
    // What no table knows comes first; of what cannot change a rollout, only how much it is.
    assert_eq!(
        note.message,
        "scale set `web`: ignored, and not known here: somethingElse; 1 key ignored that cannot change a rollout: hardwareProfile"
    );
    let wrong: Vec<&str> =
        problems.0.iter().filter(|problem| problem.code == "E0503").map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        wrong,
        [
            "`priority` must be one of `Regular`, `Low`, `Spot`, got `7`",
            "`gracePeriod` must be a duration from PT10M to PT1H30M, got `aaaaaaaaaaaa`",
        ]
    );
    let repairs = resource.arm_path(&["properties", "automaticRepairsPolicy"]).expect("the policy stays");
    assert_eq!(json::print(repairs), r#"{"enabled":true}"#);
}

// What Azure printed cannot keep a fleet from running; a word that is nearly right was meant, in whatever file.
#[test]
fn nonsense_in_a_file_of_azures_counts_as_absent() {
    let of = |properties: &str| {
        let text = format!(
            r#"{{"type": "Microsoft.Compute/virtualMachineScaleSets", "name": "web", "location": "eastus", "properties": {properties}}}"#
        );
        load_text("web.json", &text)
    };
    let (resources, problems) = of(NONSENSE);
    assert_eq!(problems.0.iter().filter(|problem| problem.code == "W0405").count(), 2, "{problems:?}");
    let repairs = resources[0].arm_path(&["properties", "automaticRepairsPolicy"]).expect("the policy stays");
    assert_eq!(json::print(repairs), r#"{"enabled":true}"#);
    let (_, problems) = of(r#"{"upgradePolicy": {"mode": "Roling"}}"#);
    assert!(code(&problems, "E0409").is_some(), "{problems:?}");
}

#[test]
fn placeholders_and_stand_ins_are_listed() {
    let text = r#"{ "parameters": { "count": { "type": "int", "minValue": 3 }, "name": { "type": "string" }, "unused": { "type": "int" },
        "mode": { "type": "string", "allowedValues": ["Rolling", "Manual"] } },
      "resources": [{ "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "[parameters('name')]",
        "location": "[resourceGroup().location]", "sku": { "capacity": "[parameters('count')]", "name": "[reference('x').y]" },
        "properties": { "upgradePolicy": { "mode": "[parameters('mode')]" } } },
        { "type": "Microsoft.Web/sites", "name": "x" }, { "type": "microsoft.web/sites", "name": "y" }] }"#;
    let (resources, problems) = load_text("t.json", text);
    let wanted = r#"{"type":"Microsoft.Compute/virtualMachineScaleSets","name":"name","location":"eastus","sku":{"capacity":3},"properties":{"upgradePolicy":{"mode":"Rolling"}}}"#;
    assert_eq!(resources.iter().map(json::print).collect::<Vec<_>>(), [wanted]);
    let placeholders: Vec<&str> =
        problems.0.iter().filter(|problem| problem.code == "N0403").map(|problem| problem.message.as_str()).collect();
    assert_eq!(placeholders.len(), 3, "{placeholders:?}");
    assert!(placeholders.iter().all(|message| !message.contains("unused")));
    assert!(code(&problems, "N0404").is_some());
    assert!(
        code(&problems, "W0401")
            .is_some_and(|problem| problem.message.contains("only a running Azure knows 'y' of 'x'"))
    );
    assert!(code(&problems, "N0401").is_some_and(|problem| problem.message.contains("Microsoft.Web/sites (2)")));
}

#[test]
fn parameters_are_given_by_file_and_by_set() {
    let folder = tempfile::tempdir().expect("a folder");
    let (template, parameters) = (folder.path().join("t.json"), folder.path().join("p.json"));
    let text = r#"{ "parameters": { "count": { "type": "int" }, "mode": { "type": "string", "allowedValues": ["Rolling", "Manual"] } },
      "resources": [{ "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "web", "location": "[resourceGroup().location]",
        "sku": { "capacity": "[parameters('count')]" }, "properties": { "upgradePolicy": { "mode": "[parameters('mode')]" } } }] }"#;
    std::fs::write(&template, text).expect("written");
    std::fs::write(
        &parameters,
        r#"{"parameters": {"count": {"value": 5}, "mode": {"value": "Manual"}, "cuont": {"value": 1}}}"#,
    )
    .expect("written");
    let set = [("count".to_owned(), node("\"7\"")), ("resourceGroup.location".to_owned(), node("\"westeurope\""))];
    let (resources, problems) = load(&template, Some(&parameters), &set);
    assert_eq!(resources[0].arm_path(&["sku", "capacity"]).and_then(Node::text), Some("7"));
    assert_eq!(resources[0].arm("location").and_then(Node::text), Some("westeurope"));
    assert_eq!(resources[0].arm_path(&["properties", "upgradePolicy", "mode"]).and_then(Node::text), Some("Manual"));
    assert!(code(&problems, "W0411").is_some_and(|problem| problem.help.as_deref() == Some("did you mean `count`?")));
    let wrong =
        [("count".to_owned(), node("\"many\"")), ("cuont".to_owned(), node("1")), ("mode".to_owned(), node("\"Off\""))];
    let (_, problems) = load(&template, None, &wrong);
    assert_eq!(problems.0.iter().filter(|problem| problem.code == "E0412").count(), 2, "{problems:?}");
    assert!(code(&problems, "E0411").is_some());
}

#[test]
fn loops_and_conditions_decide_what_is_deployed() {
    let text = r#"{ "resources": [
      { "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "[concat('web', copyIndex(1))]", "copy": { "name": "sets", "count": 2 },
        "properties": { "virtualMachineProfile": { "networkProfile": { "copy": [{ "name": "networkInterfaceConfigurations", "count": 2,
          "input": { "name": "[concat('nic', copyIndex('networkInterfaceConfigurations'))]",
                     "properties": { "primary": "[equals(copyIndex('networkInterfaceConfigurations'), 0)]" } } }] } } } },
      { "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "off", "condition": "[not(true())]", "properties": {} },
      { "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "perhaps", "condition": "[reference('x').y]", "properties": {} },
      { "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "old", "existing": true } ] }"#;
    let (resources, problems) = load_text("t.json", text);
    let names: Vec<&str> = resources.iter().filter_map(|resource| resource.get("name")?.text()).collect();
    assert_eq!(names, ["web1", "web2", "perhaps"]);
    let nics = resources[0].arm_path(&["properties", "virtualMachineProfile", "networkProfile"]).expect("the profile");
    assert_eq!(
        json::print(nics),
        r#"{"networkInterfaceConfigurations":[{"name":"nic0","properties":{"primary":true}},{"name":"nic1","properties":{"primary":false}}]}"#
    );
    assert!(code(&problems, "W0410").is_some() && code(&problems, "N0411").is_some(), "{problems:?}");
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    let (resources, problems) = load_text("web.json", r#"{"upgradePolicy": {"mode": "Manual", "mode": "Rolling"}}"#);
    assert_eq!(resources[0].arm_path(&["properties", "upgradePolicy", "mode"]).and_then(Node::text), Some("Rolling"));
    assert!(code(&problems, "N0306").is_some_and(|problem| problem.secondary.len() == 1));
}

#[test]
fn wide_files_of_windows_powershell_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("web.json");
    let bytes: Vec<u8> =
        "\u{feff}{\"upgradePolicy\": {\"mode\": \"Manual\"}}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&path, bytes).expect("written");
    assert_eq!(load(&path, None, &[]).0.len(), 1);
}

#[test]
fn references_are_compared_by_name() {
    let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/LoadBalancers/lb/probes/http";
    assert_eq!(reference_name(id), "http");
    assert_eq!(reference::probe(id), Some((Some("lb"), "http")));
    assert_eq!(reference::probe("http"), Some((None, "http")));
    assert_eq!(reference::backend_pool("lb/pool"), Some((Some("lb"), "pool")));
    assert_eq!(reference::backend_pool(id), None);
}
