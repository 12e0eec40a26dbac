//! What Azure refuses of where instances are to stand, beside the number of fault domains.

use super::{refused_by, said};
use windtunnel::input::{LoadOptions, Loaded, Report, Severity, load_text};
use windtunnel_sim::rules::{self, RuleId, RuleSet};

const HEALTH: &str = "extensionProfile: { extensions: [{ name: health, properties: { publisher: \
    Microsoft.ManagedServices, type: ApplicationHealthLinux, typeHandlerVersion: \"1.0\", settings: { protocol: tcp, port: 80 } } }] }";

/// A scenario of one Uniform set with these keys of the resource, of its properties and of its profile.
fn load(resource: &str, properties: &str, profile: &str, rest: &str, rules: RuleSet) -> Result<Loaded, Report> {
    let text = format!(
        "windtunnel: 1
title: t
horizon: PT1H
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    {resource}
    sku: {{ name: Standard_D2s_v5, capacity: 2 }}
    properties:
      orchestrationMode: Uniform
      {properties}
      virtualMachineProfile:
        storageProfile: {{ imageReference: {{ id: web/1.0.0 }} }}
        {profile}
images: {{ web: {{ 1.0.0: {{}} }} }}
{rest}"
    );
    load_text("scenario.yaml", text, &LoadOptions { rules })
}

/// Refused by this rule, and by no other.
fn refused(rule: RuleId, (resource, properties, profile): (&str, &str, &str)) {
    refused_by(rule, |rules| load(resource, properties, profile, "", rules));
}

#[test]
fn automatic_zone_balance_needs_zones_and_health() {
    let zones = "zones: [\"1\", \"2\", \"3\"]";
    let balance = "automaticRepairsPolicy: { enabled: false }
      resiliencyPolicy: { automaticZoneRebalancingPolicy: { enabled: true } }";
    refused(rules::ZN_13, ("", balance, HEALTH));
    refused(rules::ZN_13, ("zones: [\"1\"]", balance, HEALTH));
    refused(rules::ZN_13, (zones, balance, ""));
    let loaded = load(zones, balance, HEALTH, "", RuleSet::all()).unwrap_or_else(|report| panic!("{report}"));
    assert!(loaded.plan("as-written").expect("it always exists").plan.sets[0].upkeep.rebalances);
    assert!(!loaded.problems.iter().any(|problem| problem.code == "W0203"));
    let strict = format!("zoneBalance: true\n      {balance}");
    assert_eq!(said(&load(zones, &strict, HEALTH, "", RuleSet::all()), rules::ZN_13), Some(Severity::Warning));
}

#[test]
fn a_body_without_a_mode_says_what_the_command_line_makes() {
    let text = "windtunnel: 1
title: t
horizon: PT1H
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 2 }
    properties: { virtualMachineProfile: { storageProfile: { imageReference: { id: web/1.0.0 } } } }
images: { web: { 1.0.0: {} } }
";
    let help = |rules: RuleSet| {
        let loaded =
            load_text("scenario.yaml", text.into(), &LoadOptions { rules }).unwrap_or_else(|report| panic!("{report}"));
        let note = loaded.problems.iter().find(|problem| problem.code == "N0302").expect("it is said");
        note.help.clone().unwrap_or_default()
    };
    assert!(help(RuleSet::all()).contains("command line creates Flexible"));
    assert_eq!(help(RuleSet::without(rules::OR_02)), "");
}

#[test]
fn automatic_zone_placement_chooses_the_zones() {
    let auto = "placement: { zonePlacementPolicy: auto }";
    let even = "overprovision: false";
    let loaded = load(auto, even, "", "", RuleSet::all()).unwrap_or_else(|report| panic!("{report}"));
    let set = loaded.plan("as-written").expect("it always exists").plan.sets[0].clone();
    assert_eq!((set.zones, set.upkeep.zone_percent), (vec![1, 2, 3], Some(50)));
    let two = "placement: { zonePlacementPolicy: Auto, excludeZones: [\"1\"] }";
    let seventy = "overprovision: false
      resiliencyPolicy: { zoneAllocationPolicy: { maxInstancePercentPerZonePolicy: { enabled: true, value: 70 } } }";
    let loaded = load(two, seventy, "", "", RuleSet::all()).unwrap_or_else(|report| panic!("{report}"));
    let set = loaded.plan("as-written").expect("it always exists").plan.sets[0].clone();
    assert_eq!((set.zones, set.upkeep.zone_percent), (vec![2, 3], Some(70)));
    refused(rules::ZN_15, (auto, "overprovision: true", ""));
    refused(rules::ZN_15, (&format!("zones: [\"1\", \"2\"]\n    {auto}"), even, ""));
    refused(rules::ZN_15, (two, &seventy.replace("70", "40"), ""));
    refused(rules::ZN_15, (auto, "overprovision: false\n      zoneBalance: true", ""));
}
