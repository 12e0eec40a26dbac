//! Instance views.

use crate::plans::*;
use crate::support::*;
use serde_json::{Value, json};
use windtunnel_sim::plan::*;

fn code(status: &Value) -> &str {
    status["code"].as_str().unwrap_or("none")
}

fn view(plan: &Plan, at_s: u64, name: &str) -> Value {
    asked(plan, at_s, name)["properties"]["instanceView"].clone()
}

/// Number 0 of five is the first batch, from 100 s on: its machine is off until 175 s, its system is up at 215 s, and the
/// health extension starts then. Its first probe, at once, finds it unhealthy.
#[test]
fn an_instance_under_upgrade_shows_power_health_and_model() {
    let plan = sick(5, RollingPolicy::default());
    let before = asked(&plan, 99, "vmss_0");
    assert_eq!(before["properties"]["latestModelApplied"], true);
    assert_eq!(before["properties"]["modelDefinitionApplied"], "VirtualMachineScaleSet");
    assert_eq!((&before["instanceId"], &before["name"]), (&json!("0"), &json!("vmss_0")));
    let codes = |at_s| {
        let view = view(&plan, at_s, "vmss_0");
        let statuses = &view["statuses"];
        let of = [&statuses[0], &statuses[1], &view["vmAgent"]["statuses"][0], &view["vmHealth"]["status"]];
        of.map(|status| code(status).to_owned())
    };
    let (ok, running) = ("ProvisioningState/succeeded", "PowerState/running");
    assert_eq!(codes(99), [ok, running, ok, "HealthState/healthy"]);
    let (updating, unavailable) = ("ProvisioningState/updating", "ProvisioningState/Unavailable");
    assert_eq!(codes(150), [updating, "PowerState/stopped", unavailable, "none"]);
    assert_eq!(codes(200), [updating, running, unavailable, "none"]);
    assert_eq!(codes(300), [ok, running, ok, "HealthState/unhealthy"]);
    // The change has reached it, and not the others.
    assert_eq!(asked(&plan, 300, "vmss_0")["properties"]["latestModelApplied"], true);
    assert_eq!(asked(&plan, 300, "vmss_1")["properties"]["latestModelApplied"], false);
    let image =
        |name| asked(&plan, 300, name)["properties"]["storageProfile"]["imageReference"]["exactVersion"].clone();
    assert_eq!([image("vmss_0"), image("vmss_1")], ["1.1.0", "1.0.0"]);
}

/// Health is missing until the instance runs the model with the extension: one that is created at 100 s runs at 160 s, is
/// up at 200 s, and then has the extension, whose first probe ends at once.
#[test]
fn vm_health_is_missing_until_the_extension_has_run() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.timeline = vec![scale(100, 3)];
    watch(&mut plan);
    for (at_s, expected) in [(120, "none"), (180, "none"), (215, "HealthState/healthy")] {
        assert_eq!(code(&view(&plan, at_s, "vmss_2")["vmHealth"]["status"]), expected, "at {at_s} s");
    }
    let mut plan = rolling(2, RollingPolicy::default());
    plan.timeline = Vec::new();
    assert_eq!(view(&plan, 1000, "vmss_0")["vmHealth"], Value::Null, "without a source nobody says");
}

/// Protection lives on the instance (IP-04): it is there from the call on, and nowhere else.
#[test]
fn protection_is_shown_where_it_was_set() {
    let mut plan = rolling(3, RollingPolicy::default());
    let protect =
        Act::Protect { set: 0, which: Which::Ordinals(vec![1]), from_scale_in: true, from_scale_set_actions: true };
    plan.timeline = vec![action("protect", 50, protect)];
    let policy = |at_s, name| asked(&plan, at_s, name)["properties"]["protectionPolicy"].clone();
    assert_eq!(policy(49, "vmss_1"), Value::Null);
    assert_eq!(policy(50, "vmss_1"), json!({ "protectFromScaleIn": true, "protectFromScaleSetActions": true }));
    assert_eq!(policy(50, "vmss_0"), Value::Null);
}

/// At 150 s one of five is being upgraded, and its extension has not reported since: the set is Updating. At 1,000 s the
/// upgrade has long failed, and all five have come to rest.
#[test]
fn the_view_of_a_set_counts_codes() {
    let plan = sick(5, RollingPolicy::default());
    let view = asked(&plan, 150, "vmss/instanceView");
    let (ok, updating) = ("ProvisioningState/succeeded", "ProvisioningState/updating");
    let codes = json!([{ "code": updating, "count": 1 }, { "code": ok, "count": 4 }]);
    assert_eq!(view["virtualMachine"]["statusesSummary"], codes);
    let extensions = json!([{ "name": "health", "statusesSummary": [{ "code": ok, "count": 4 }] }]);
    assert_eq!(view["extensions"], extensions);
    assert_eq!(view["statuses"], json!([{ "code": updating, "level": "Info", "displayStatus": "Updating" }]));
    let view = asked(&plan, 1000, "vmss/instanceView");
    assert_eq!(view["virtualMachine"]["statusesSummary"], json!([{ "code": ok, "count": 5 }]));
    // The upgrade ended at 515 s, which is 09:08:35.
    assert_eq!(view["statuses"][0]["time"], "2026-03-10T09:08:35.000Z");
}

/// Half of what is created fails in the end: the code says why.
#[test]
fn a_failed_extension_is_named() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.timeline = vec![scale(100, 3)];
    plan.sets[0].profile.extensions = vec![Extension { failure: 1.0, ..extension("setup", 30) }];
    let instance = asked(&plan, 300, "vmss_2");
    assert_eq!(instance["properties"]["provisioningState"], "Failed");
    let view = &instance["properties"]["instanceView"];
    // Created at 100 s, up at 200 s, failed at 230 s: 09:03:50.
    let failed = json!({
        "code": "ProvisioningState/failed/VMExtensionProvisioningError",
        "level": "Error",
        "displayStatus": "Provisioning failed",
        "time": "2026-03-10T09:03:50.000Z",
        "message": "VM has reported a failure when processing an extension.",
    });
    assert_eq!(view["statuses"][0], failed);
    assert_eq!(view["extensions"][0]["statuses"][0]["code"], "ProvisioningState/failed");
}

/// A Flexible set has machines of their own, and no instance view (its list has none either).
#[test]
fn a_flexible_set_has_machines_of_its_own() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.sets[0].mode = OrchestrationMode::Flexible;
    plan.sets[0].zones = vec![1, 2];
    let list = asked(&plan, 50, "vmss/virtualMachines");
    let first = &list["value"][0];
    assert_eq!(first["instanceId"], first["name"]);
    assert_eq!(first["properties"]["instanceView"], Value::Null);
    assert_eq!(first["zones"], json!(["1"]));
    let machine = asked(&plan, 50, first["name"].as_str().unwrap());
    assert_eq!(machine["type"], "Microsoft.Compute/virtualMachines");
    assert_eq!(machine["properties"]["virtualMachineScaleSet"]["id"], "virtualMachineScaleSets/vmss");
    assert_eq!(machine["properties"]["instanceView"]["platformUpdateDomain"], Value::Null);
    assert_eq!(code(&machine["properties"]["instanceView"]["statuses"][1]), "PowerState/running");
}

/// Repairs run until a call suspends them at 200 s; it resumes them at 300 s, and the model disables them at 400 s.
#[test]
fn a_set_shows_the_state_of_its_repairs() {
    let mut plan = repaired(plan());
    watch(&mut plan);
    let call = |call| Act::SetRepairs { set: 0, call };
    let off = ModelChange { repairs: Some(RepairsPolicy::default()), ..ModelChange::default() };
    plan.timeline = vec![
        action("suspend", 200, call(ServiceCall::Suspend)),
        action("resume", 300, call(ServiceCall::Resume)),
        action("off", 400, Act::ChangeModel { set: 0, change: Box::new(off) }),
    ];
    for (at_s, state) in [(100, "Running"), (250, "Suspended"), (350, "Running"), (450, "NotRunning")] {
        let services = asked(&plan, at_s, "vmss/instanceView")["orchestrationServices"].clone();
        assert_eq!(services, json!([{ "serviceName": "AutomaticRepairs", "serviceState": state }]), "at {at_s} s");
    }
    plan.sets[0].repairs = None;
    plan.timeline.clear();
    assert_eq!(asked(&plan, 100, "vmss/instanceView")["orchestrationServices"], Value::Null, "nobody speaks of them");
}

/// The model means 1.1.0 from 100 s on, under mode Manual; a third instance is created at 200 s. It alone has the newest model
/// (OR-18).
#[test]
fn a_new_instance_has_the_current_model() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.sets[0].upgrade.mode = UpgradeMode::Manual;
    plan.timeline.push(action("scale", 200, Act::SetCapacity { set: 0, capacity: 3 }));
    let newest =
        ["vmss_0", "vmss_1", "vmss_2"].map(|name| asked(&plan, 1000, name)["properties"]["latestModelApplied"].clone());
    assert_eq!(newest, [false, false, true].map(Value::from));
}

/// A Uniform instance is named for its number, a Flexible one for eight hexadecimal digits of its own (OR-13).
#[test]
fn names_are_formed_by_the_mode() {
    let mut plan = rolling(3, RollingPolicy::default());
    let names = |plan: &Plan| {
        let run =
            windtunnel_sim::world::run::Run::new(plan, 7, windtunnel_sim::world::run::Options::default(), &mut ());
        let named = windtunnel_sim::azure::instances::names(&run.world, plan);
        named.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
    };
    assert_eq!(names(&plan), ["vmss_0", "vmss_1", "vmss_2"]);
    plan.sets[0].mode = OrchestrationMode::Flexible;
    let named = names(&plan);
    for name in &named {
        let suffix = name.strip_prefix("vmss_").expect("the name of the set");
        let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        assert!(suffix.len() == 8 && suffix.chars().all(is_digit), "{name}");
    }
    assert!(named[0] != named[1] && named[1] != named[2], "{named:?}");
}
