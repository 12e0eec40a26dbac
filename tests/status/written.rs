//! What the user wrote is what the set answers with, but for secrets; and what the timeline writes later is in it.

use serde_json::{Value, json};
use windtunnel::experiment::instant::Instant;
use windtunnel::input::{LoadOptions, Loaded, load_text};
use windtunnel::output::azure_json::{Resources, View, ask};
use windtunnel_sim::engine::time::SimTime;

const SCENARIO: &str = r#"
windtunnel: 1
title: a size that is rolled out
start: 2026-03-10T09:00:00Z
horizon: PT2H
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: web
    location: eastus
    tags: { team: edge }
    sku: { name: Standard_D2s_v5, capacity: 4 }
    identity: { type: UserAssigned, userAssignedIdentities: { id-web: {} } }
    properties:
      orchestrationMode: Uniform
      overprovision: false
      upgradePolicy: { mode: Manual }
      virtualMachineProfile:
        userData: c2VjcmV0
        licenseType: RHEL_BYOS
        osProfile: { computerNamePrefix: web, adminUsername: azure, adminPassword: hidden, customData: aGlkZGVu }
        storageProfile:
          imageReference: { id: img/1.0.0 }
          osDisk: { osType: Linux, createOption: FromImage, diskSizeGB: 64 }
        extensionProfile:
          extensions:
            - name: setup
              properties:
                publisher: Microsoft.Azure.Extensions
                type: CustomScript
                typeHandlerVersion: "2.1"
                protectedSettings: { commandToExecute: hidden }
  - type: Microsoft.Insights/autoscaleSettings
    name: scale-web
    location: eastus
    properties:
      enabled: true
      targetResourceUri: web
      notifications: [{ operation: Scale, email: { sendToSubscriptionAdministrator: true } }]
      profiles: [{ name: default, capacity: { minimum: 2, maximum: 8, default: 4 }, rules: [] }]
application:
  releases: [r1]
  endpoints: { /ready: [{ when: process, answer: 200 }] }
  serves: [process]
images:
  img: { 1.0.0: { code: r1 } }
timeline:
  - { name: size, at: PT10M, updateModel: { scaleSet: web, sku: { name: Standard_D4s_v5 } } }
  - { name: one, at: PT20M, upgradeInstances: { scaleSet: web, instances: [1] } }
  - { name: more, at: PT40M, setCapacity: { scaleSet: web, capacity: 5 } }
policies:
  other-tags: { web: { sku: { capacity: 6 } } }
  by-write: { timeline: [{ name: size, updateModel: null, write: { web: { sku: { name: Standard_D4s_v5 } } } }] }
  by-step:
    timeline: [{ name: size, updateModel: null, steps: [{ wait: PT1M }, { write: { web: { sku: { name: Standard_D4s_v5 } } } }] }]
"#;

fn loaded() -> Loaded {
    let found = load_text("size.yaml", SCENARIO.to_owned(), &LoadOptions::default());
    found.unwrap_or_else(|report| panic!("{report:?}"))
}

fn asked(policy: &str, at_s: u64, name: &str) -> Value {
    let loaded = loaded();
    let planned = loaded.plan(policy).expect("it is there");
    let resources = Resources::of(&planned.effective).expect("it can be read");
    let instant = Instant::new(&planned.plan, 7, SimTime::from_ms(at_s * 1000)).expect("it comes that far");
    let view = View::new(&instant).with(&resources);
    let questions = ask(&view, name).expect("it is there");
    view.answer(questions[0]).body
}

/// Everything that was written comes back: what is acted on, and what plays no part. What Azure never shows does not.
#[test]
fn a_set_answers_with_what_was_written() {
    let body = asked("as-written", 0, "web/resource");
    assert_eq!(body["sku"], json!({ "name": "Standard_D2s_v5", "capacity": 4, "tier": "Standard" }));
    assert_eq!(body["tags"], json!({ "team": "edge" }));
    assert_eq!(body["identity"], json!({ "type": "UserAssigned", "userAssignedIdentities": { "id-web": {} } }));
    let profile = &body["properties"]["virtualMachineProfile"];
    assert_eq!(profile["licenseType"], "RHEL_BYOS");
    assert_eq!(profile["osProfile"], json!({ "computerNamePrefix": "web", "adminUsername": "azure" }));
    let disk = json!({ "osType": "Linux", "createOption": "FromImage", "diskSizeGB": 64 });
    assert_eq!(profile["storageProfile"]["osDisk"], disk);
    let text = body.to_string();
    assert!(!text.contains("hidden") && !text.contains("c2VjcmV0") && !text.contains("unread"), "{text}");
    // A policy that changes another key leaves it alone.
    assert_eq!(asked("other-tags", 0, "web/resource")["tags"], json!({ "team": "edge" }));
    assert_eq!(asked("other-tags", 0, "web/resource")["sku"]["capacity"], 6);
}

/// The model has the new size from 600 s on; number 1 is brought to it at 1,200 s, and the fifth instance of 2,400 s is made of it.
#[test]
fn a_size_that_is_rolled_out_is_seen() {
    let size = |at_s, name: &str| asked("as-written", at_s, name)["sku"]["name"].clone();
    assert_eq!([599, 600].map(|at_s| size(at_s, "web/resource")), ["Standard_D2s_v5", "Standard_D4s_v5"]);
    assert_eq!([1199, 7000].map(|at_s| size(at_s, "web_1")), ["Standard_D2s_v5", "Standard_D4s_v5"]);
    assert_eq!(["web_0", "web_4"].map(|name| size(7000, name)), ["Standard_D2s_v5", "Standard_D4s_v5"]);
    assert_eq!(asked("as-written", 7000, "web/resource")["sku"]["capacity"], 5);
    let setup = asked("as-written", 7000, "web_0")["properties"]["instanceView"].clone();
    let kind = |value: &Value| (value["type"].clone(), value["typeHandlerVersion"].clone());
    let expected = (Value::from("Microsoft.Azure.Extensions.CustomScript"), Value::from("2.1"));
    assert_eq!(kind(&setup["extensions"][0]), expected);
    assert_eq!(kind(&setup["vmAgent"]["extensionHandlers"][0]), expected);
    // web and 0 in base 36.
    assert_eq!(setup["computerName"], "web000000");
}

/// Azure answers with the numbers of a capacity as texts, and with what it does not act on here.
#[test]
fn a_setting_answers_with_what_was_written() {
    let body = asked("as-written", 100, "scale-web");
    let properties = &body["properties"];
    assert_eq!(properties["profiles"][0]["capacity"], json!({ "minimum": "2", "maximum": "8", "default": "4" }));
    assert_eq!(properties["notifications"][0]["operation"], "Scale");
    assert_eq!(properties["predictiveAutoscalePolicy"], json!({ "scaleMode": "Disabled" }));
    assert_eq!(properties["name"], "scale-web");
}

/// The bundled pool has six machines in state Deallocated before the sale takes them, and is healthy.
#[test]
fn a_standby_pool_says_what_its_machines_are_in() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/standby-pool-against-cold-scale-out.yaml");
    let loaded = windtunnel::input::load(&path, &LoadOptions::default()).expect("a bundled scenario");
    let planned = loaded.plan("deallocated-pool").expect("it is there");
    let resources = Resources::of(&planned.effective).expect("it can be read");
    let instant = Instant::new(&planned.plan, 1, SimTime::ZERO).expect("it comes that far");
    let view = View::new(&instant).with(&resources);
    let answers: Vec<Value> =
        ask(&view, "standby-shop").expect("it is there").into_iter().map(|of| view.answer(of).body).collect();
    assert_eq!(answers[0]["properties"]["virtualMachineState"], "Deallocated");
    let pool = &answers[1]["properties"];
    assert_eq!(pool["status"]["code"], "HealthState/healthy");
    assert_eq!(
        pool["instanceCountSummary"],
        json!([{ "instanceCountsByState": [{ "state": "Deallocated", "count": 6 }] }])
    );
}

/// An `updateModel`, a `write` and a step are one write to the model: a step after a minute is in it by then and half a minute more.
#[test]
fn a_write_is_in_the_answer_as_an_update_of_the_model_is() {
    for (policy, before_s, after_s) in [("as-written", 599, 601), ("by-write", 599, 601), ("by-step", 659, 720)] {
        let size = |at_s| asked(policy, at_s, "web/resource")["sku"]["name"].clone();
        assert_eq!(size(before_s), "Standard_D2s_v5", "{policy}");
        assert_eq!(size(after_s), "Standard_D4s_v5", "{policy}");
    }
}

/// The swap of the sample at 10 min: the probe of prod asks for slot 1 from the first write on, whose answer is the resource as it was put,
/// with the keys that it had before and no others. A rule and a probe are asked for by their names, and one that is not there is not.
#[test]
fn a_rule_and_a_probe_are_asked_for_as_the_writes_have_made_them() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/vip-swap-by-probe.yaml");
    let loaded = windtunnel::input::load(&path, &LoadOptions::default()).expect("a bundled scenario");
    let planned = loaded.plan("as-written").expect("it is there");
    let resources = Resources::of(&planned.effective).expect("it can be read");
    let asked = |at_s: u64, name: &str| {
        let instant = Instant::new(&planned.plan, 7, SimTime::from_ms(at_s * 1000)).expect("it comes that far");
        let view = View::new(&instant).with(&resources);
        ask(&view, name).map(|questions| view.answer(questions[0]).body)
    };
    let probe = |at_s| asked(at_s, "api-prod-vmss-lb/http-probe").expect("it is there")["properties"].clone();
    let (before, after) = (probe(599), probe(601));
    assert_eq!([&before, &after].map(|of| of["requestPath"].clone()), ["/api/ping?slot=slot0", "/api/ping?slot=slot1"]);
    let keys = |of: &Value| of.as_object().expect("it has some").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&before), keys(&after));
    let rule = asked(0, "loadBalancers/api-prod-vmss-lb/loadBalancingRules/api-prod-vmss-lbrule").expect("it is there");
    assert_eq!(rule["type"], "Microsoft.Network/loadBalancers/loadBalancingRules");
    assert_eq!(rule["properties"]["frontendPort"], 80);
    assert!(asked(0, "api-prod-vmss-lb/nope").is_err());
}
