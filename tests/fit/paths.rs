//! Values at paths: where a path leads, what is said of one that leads nowhere, and that a scenario is planned with other values.

use windtunnel::input::drawable::Drawable;
use windtunnel::input::files::NoFiles;
use windtunnel::input::{LoadOptions, load_text};
use windtunnel_sim::plan::Plan;

/// A set of four whose rolling upgrade pauses, an image that stops serving, and a policy that decides the pause.
const SCENARIO: &str = r#"windtunnel: 1
title: unknowns
horizon: PT1H
resources:
  - type: Microsoft.Network/loadBalancers
    name: lb
    location: northeurope
    sku: { name: Standard }
    properties:
      backendAddressPools: [{ name: shop }]
      probes: [{ name: live, properties: { protocol: Http, port: 80, requestPath: /live } }]
      loadBalancingRules:
        - name: http
          properties: { protocol: Tcp, frontendPort: 80, backendPort: 80, backendAddressPool: { id: shop }, probe: { id: live } }
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: northeurope
    sku: { name: Standard_D4s_v5, capacity: 4 }
    properties:
      orchestrationMode: Uniform
      overprovision: false
      upgradePolicy:
        mode: Rolling
        rollingUpgradePolicy: { maxBatchInstancePercent: 25, maxUnhealthyInstancePercent: 100, pauseTimeBetweenBatches: PT5M }
      virtualMachineProfile:
        storageProfile: { imageReference: { id: shop/7.0.0 } }
        networkProfile:
          healthProbe: { id: lb/live }
          networkInterfaceConfigurations:
            - name: nic
              properties: { ipConfigurations: [{ name: ip, properties: { loadBalancerBackendAddressPools: [{ id: shop }] } }] }
application:
  releases: [v7, v8]
  dependencies: [db]
  endpoints: { /live: [{ when: process, answer: 200 }] }
  serves: [process, db]
images:
  shop:
    7.0.0: { code: v7 }
    8.0.0: { code: v8, bad: true, degrades: { after: PT7M, cannotReach: [db] } }
traffic:
  lb: { demand: 100 rps, connections: perRequest }
timeline:
  - name: rollout
    at: PT1M
    updateModel: { scaleSet: vmss, properties: { virtualMachineProfile: { storageProfile: { imageReference: { id: shop/8.0.0 } } } } }
policies:
  no-pause: { vmss: { properties: { upgradePolicy: { rollingUpgradePolicy: { pauseTimeBetweenBatches: PT0S } } } } }
"#;

fn read(unknown: &str) -> Result<Drawable, String> {
    let text = format!("{SCENARIO}unknown:\n{unknown}");
    Drawable::read(&NoFiles, "unknowns.yaml", text, &LoadOptions::default()).map_err(|report| report.to_string())
}

const PAUSE: &str = "vmss.properties.upgradePolicy.rollingUpgradePolicy.pauseTimeBetweenBatches";

/// Half way from PT5M to PT15M is ten minutes, a quarter of the way from PT1M to PT16M in ratio is PT2M, and of three words the second.
#[test]
fn a_draw_is_planned_as_if_it_were_written() {
    let unknown = format!(
        "  pause: {{ path: {PAUSE}, uniform: {{ min: PT5M, max: PT15M }} }}\n\
         \x20 failure: {{ path: images.shop.8.0.0.degrades.after, logUniform: {{ min: PT1M, max: PT16M }} }}\n\
         \x20 boot: {{ path: assumptions.vm.boot_linux.slowTail.median, uniform: {{ min: PT10S, max: PT30S }} }}\n\
         \x20 order: {{ path: assumptions.rolling.instance_order, oneOf: [ascending, descending] }}\n\
         \x20 when: {{ path: 'timeline[rollout].at', uniform: {{ min: PT0S, max: PT2M }} }}\n"
    );
    let drawable = read(&unknown).expect("it reads");
    let plan = drawable.plan("as-written", &[0.5, 0.25, 0.5, 0.75, 0.5]).expect("it is planned");
    let written = SCENARIO
        .replace("pauseTimeBetweenBatches: PT5M", "pauseTimeBetweenBatches: PT10M")
        .replace("after: PT7M", "after: PT2M")
        + "assumptions:\n  vm.boot_linux: { slowTail: { median: PT20S, sigma: 0.5, share: 1%, min: PT5M, max: PT22M } }\n  rolling.instance_order: descending\n";
    let wanted = load_text("unknowns.yaml", written, &LoadOptions::default()).expect("it loads");
    let bare = |plan: &Plan| format!("{plan:?}");
    assert_eq!(bare(&plan), bare(&wanted.plan("as-written").expect("there").plan));
}

/// `no-pause` writes the pause, and nothing else that is unknown.
#[test]
fn what_a_policy_decides_is_not_drawn_under_it() {
    let unknown = format!(
        "  pause: {{ path: {PAUSE}, uniform: {{ min: PT5M, max: PT15M }} }}\n\
         \x20 failure: {{ path: images.shop.8.0.0.degrades.after, uniform: {{ min: PT1M, max: PT16M }} }}\n"
    );
    let drawable = read(&unknown).expect("it reads");
    assert_eq!((drawable.decided("no-pause"), drawable.decided("as-written")), (vec!["pause"], Vec::new()));
    let one = |share: f64| format!("{:?}", drawable.plan("no-pause", &[share, 0.5]).expect("it is planned"));
    assert_eq!(one(0.1), one(0.9));
    let other = format!("{:?}", drawable.plan("no-pause", &[0.1, 0.7]).expect("it is planned"));
    assert_ne!(one(0.1), other);
}

#[track_caller]
fn refused(unknown: &str, words: &[&str]) {
    let said = read(unknown).expect_err("it is refused");
    for word in words {
        assert!(said.contains(word), "no `{word}` in\n{said}");
    }
}

#[test]
fn a_path_that_leads_nowhere_is_said_with_what_was_meant() {
    let of = |path: &str| format!("  one: {{ path: \"{path}\", uniform: {{ min: PT5M, max: PT15M }} }}\n");
    let pause = PAUSE.replace("pauseTime", "puaseTime");
    refused(
        &of(&pause),
        &[
            "E0310",
            "there is no `puaseTimeBetweenBatches`",
            "did you mean `pauseTimeBetweenBatches`?",
            "unknowns.yaml:",
        ],
    );
    refused(&of("vms.properties"), &["there is no `vms`", "did you mean `vmss`?"]);
    refused(&of("timeline[rolout].at"), &["there is no `[rolout]`", "did you mean `rollout`?"]);
    refused(&of("assumptions.vm.boot_linus"), &["did you mean `vm.boot_linux`?"]);
    refused(&of("images.shop.9.0.0.degrades.after"), &["there is no `9`", "8.0.0"]);
    refused(&of("vmss"), &["name a value of it"]);
}

#[test]
fn a_prior_that_cannot_be_is_refused() {
    let of = |prior: &str| format!("  one: {{ path: {PAUSE}, {prior} }}\n");
    refused(&of("uniform: { min: PT15M, max: PT5M }"), &["E0663", "is empty"]);
    refused(&of("uniform: { min: PT5M, max: 20% }"), &["E0663", "two units"]);
    refused(&of("logUniform: { min: PT0S, max: PT5M }"), &["E0663", "no ratio"]);
    refused(&of("oneOf: [PT5M]"), &["E0663", "it is known"]);
    refused(&of("oneOf: [PT5M, PT5M]"), &["E0663", "twice"]);
    refused(&of("uniform: { min: soon, max: PT5M }"), &["E0663", "`soon` is no duration"]);
    let two = of("oneOf: [PT5M, PT6M]") + &of("oneOf: [PT5M, PT6M]").replace("one:", "two:");
    refused(&two, &["E0665", "`one` and `two` set the same value"]);
    let batch = "vmss.properties.upgradePolicy.rollingUpgradePolicy.maxBatchInstancePercent";
    refused(&format!("  one: {{ path: {batch}, uniform: {{ min: 1, max: 50 }} }}\n"), &["E0664", "`one` cannot be 1"]);
}
