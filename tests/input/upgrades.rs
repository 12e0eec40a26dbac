//! How changes of the model are read that are about upgrades.

use windtunnel::input::{LoadOptions, load_text};
use windtunnel_sim::plan::Act;

/// A change of the `forceUpdateTag` of an extension and of nothing else is a change of the model (UM-10), and reaches the
/// plan with the extension.
#[test]
fn a_force_update_tag_alone_is_a_change() {
    let extension = |tag: &str| {
        format!(
            "{{ name: setup, properties: {{ publisher: p, type: CustomScript, typeHandlerVersion: \"2.1\", forceUpdateTag: \"{tag}\" }} }}"
        )
    };
    let text = format!(
        "windtunnel: 1
title: t
horizon: PT1H
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: {{ name: Standard_D2s_v5, capacity: 2 }}
    properties:
      orchestrationMode: Uniform
      virtualMachineProfile:
        storageProfile: {{ imageReference: {{ id: web/1.0.0 }} }}
        extensionProfile: {{ extensions: [{}] }}
application: {{ extensions: {{ setup: {{ duration: PT1M }} }} }}
images: {{ web: {{ 1.0.0: {{}} }} }}
timeline:
  - name: again
    at: PT10M
    updateModel: {{ scaleSet: vmss, properties: {{ virtualMachineProfile: {{ extensionProfile: {{ extensions: [{}] }} }} }} }}
",
        extension("1"),
        extension("2")
    );
    let loaded = load_text("scenario.yaml", text, &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    let plan = &loaded.plan("as-written").expect("it always exists").plan;
    assert_eq!(plan.sets[0].profile.extensions[0].tag.as_deref(), Some("1"));
    let Act::ChangeModel { change, .. } = &plan.timeline[0].what else { panic!("a change of the model") };
    let profile = change.profile.as_ref().expect("what instances are given changes");
    assert_eq!(profile.extensions[0].tag.as_deref(), Some("2"));
}
