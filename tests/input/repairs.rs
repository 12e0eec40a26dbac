//! How automatic repairs are read, and what Azure refuses of them.

use super::{plan_of, refused_by, said};
use windtunnel::input::{LoadOptions, Loaded, Report, load_text};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Act, ModelChange, Plan, RepairAction, RepairsPolicy, ServiceCall};
use windtunnel_sim::rules::{self, RuleId, RuleSet};

const HEALTH: &str = "extensionProfile: { extensions: [{ name: health, properties: { publisher: \
    Microsoft.ManagedServices, type: ApplicationHealthLinux, typeHandlerVersion: \"1.0\" } }] }";

/// A scenario of one set, with these keys of the resource, properties and profile.
fn load(resource: &str, properties: &str, profile: &str, rest: &str, rules: RuleSet) -> Result<Loaded, Report> {
    let text = format!(
        "windtunnel: 1
title: t
horizon: PT3H
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

fn with(policy: &str) -> String {
    format!("      automaticRepairsPolicy: {{ {policy} }}")
}

fn plan(properties: &str, rest: &str) -> Plan {
    plan_of(load("", properties, HEALTH, rest, RuleSet::all()))
}

/// Refused by this rule alone.
fn refused(rule: RuleId, resource: &str, properties: &str, profile: &str, rest: &str) {
    refused_by(rule, |rules| load(resource, properties, profile, rest, rules));
}

const MINUTES_10: SimDuration = SimDuration::from_mins(10);

#[test]
fn a_policy_has_the_defaults_that_azure_documents() {
    assert_eq!(plan("", "").sets[0].repairs, None);
    let off = RepairsPolicy { enabled: false, grace: MINUTES_10, action: RepairAction::Replace, suspended: false };
    assert_eq!(plan(&with("gracePeriod: PT10M"), "").sets[0].repairs, Some(off));
    assert_eq!(plan(&with("enabled: true"), "").sets[0].repairs, Some(RepairsPolicy { enabled: true, ..off }));
    let all = "enabled: true, gracePeriod: PT90M, repairAction: Reimage, serviceState: Suspended";
    let (grace, action) = (SimDuration::from_mins(90), RepairAction::Reimage);
    let policy = RepairsPolicy { enabled: true, grace, action, suspended: true };
    assert_eq!(plan(&with(all), "").sets[0].repairs, Some(policy));
}

#[test]
fn repairs_need_somebody_who_says_what_is_unhealthy() {
    refused(rules::AR_01, "", &with("enabled: true"), "", "");
    // Nobody asks where they are off.
    assert!(load("", &with("enabled: false"), "", "", RuleSet::all()).is_ok());
}

#[test]
fn repairs_need_a_version_of_the_api_that_has_them() {
    let version = |date: &str| format!("    apiVersion: {date}");
    refused(rules::AR_01, &version("2017-12-01"), &with("enabled: true"), HEALTH, "");
    refused(rules::AR_01, &version("2021-07-01"), &with("enabled: true, repairAction: Restart"), HEALTH, "");
    for (date, policy) in [
        ("2018-10-01", "enabled: true"),
        ("2021-11-01", "enabled: true, repairAction: Reimage"),
        ("2017-12-01", "enabled: false"),
    ] {
        assert_eq!(
            said(&load(&version(date), &with(policy), HEALTH, "", RuleSet::all()), rules::AR_01),
            None,
            "{date}"
        );
    }
}

#[test]
fn repairs_do_not_go_with_service_fabric() {
    let fabric = HEALTH.replace(
        "[{",
        "[{ name: fabric, properties: { publisher: Microsoft.Azure.ServiceFabric, type: ServiceFabricLinuxNode } }, {",
    );
    refused(rules::AR_01, "", &with("enabled: true"), &fabric, "");
}

#[test]
fn the_grace_period_has_its_range() {
    for wrong in ["PT9M59S", "PT91M"] {
        refused(rules::AR_08, "", &with(&format!("enabled: true, gracePeriod: {wrong}")), HEALTH, "");
    }
}

fn patch(at: &str, policy: &str) -> String {
    let act = format!("updateModel: {{ scaleSet: vmss, properties: {{ automaticRepairsPolicy: {{ {policy} }} }} }}");
    format!("  - {{ name: at {at}, at: {at}, {act} }}\n")
}

#[test]
fn the_action_changes_only_while_repairs_are_disabled() {
    let on = with("enabled: true");
    let at_once = format!("timeline:\n{}", patch("PT1M", "repairAction: Restart"));
    let refused = self::plan(&on, &at_once);
    assert!(matches!(refused.timeline[0].what, Act::RefusedWrite { .. }), "{:?}", refused.timeline[0]);
    assert_eq!(refused.refusals[0].rule, rules::AR_04);
    let steps = [patch("PT1M", "enabled: false"), patch("PT2M", "enabled: true, repairAction: Restart")];
    let plan = plan(&on, &format!("timeline:\n{}", steps.concat()));
    let written = |index: usize| match &plan.timeline[index].what {
        Act::ChangeModel { change, .. } => ModelChange::clone(change),
        other => panic!("{other:?}"),
    };
    let first = RepairsPolicy { enabled: false, ..RepairsPolicy::default() };
    assert_eq!(written(0), ModelChange { repairs: Some(first), ..ModelChange::default() });
    let second = RepairsPolicy { enabled: true, action: RepairAction::Restart, ..first };
    assert_eq!(written(1).repairs, Some(second));
    assert!(!written(1).reaches_instances(), "no instance has to be brought to it");
}

#[test]
fn repairs_are_suspended_and_resumed_by_azures_own_call() {
    let call = |at: &str, action: &str| {
        format!(
            "  - {{ name: {action}, at: {at}, setOrchestrationServiceState: {{ scaleSet: vmss, action: {action} }} }}\n"
        )
    };
    let rest = format!("timeline:\n{}{}", call("PT1M", "Suspend"), call("PT2M", "Resume"));
    let plan = plan(&with("enabled: true"), &rest);
    let calls = plan.timeline.iter().map(|action| match action.what {
        Act::SetRepairs { set: 0, call } => call,
        ref other => panic!("{other:?}"),
    });
    assert_eq!(calls.collect::<Vec<_>>(), [ServiceCall::Suspend, ServiceCall::Resume]);
}

#[test]
fn zone_balance_turns_repairs_on_unless_somebody_says_otherwise() {
    let balance = "      resiliencyPolicy: { automaticZoneRebalancingPolicy: { enabled: true } }\n";
    let plan = |properties: &str, rules: RuleSet| {
        let zones = "    zones: [\"1\", \"2\"]";
        let loaded = load(zones, properties, HEALTH, "", rules).unwrap_or_else(|report| panic!("{report}"));
        loaded.plan("as-written").expect("it always exists").plan.clone()
    };
    let on = plan(balance, RuleSet::all()).sets[0].repairs.expect("they are on");
    assert_eq!(on, RepairsPolicy { enabled: true, ..RepairsPolicy::default() });
    let off =
        plan(&format!("{balance}{}", with("enabled: false")), RuleSet::all()).sets[0].repairs.expect("it is written");
    assert!(!off.enabled);
    assert_eq!(plan(balance, RuleSet::without(rules::AR_19)).sets[0].repairs, None);
}
