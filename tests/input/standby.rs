//! How a standby pool is read, and what Azure refuses of one.

use super::{refused_by, scale_set};
use windtunnel::input::{LoadOptions, Loaded, Report, load_text};
use windtunnel_sim::plan::{StandbyPool, StandbyState};
use windtunnel_sim::rules::{self, RuleId, RuleSet};

/// A scenario of one set with these keys and this profile, and the pool with these.
fn load(set: &str, profile: &str, pool: &str, rest: &str, rules: RuleSet) -> Result<Loaded, Report> {
    let set = scale_set("vmss", set, profile);
    let text = format!(
        "windtunnel: 1
title: t
horizon: PT1H
resources:
{set}
  - type: Microsoft.StandbyPool/standbyVirtualMachinePools
    name: ready
    {pool}
{rest}
images: {{ web: {{ 1.0.0: {{}} }} }}
"
    );
    load_text("scenario.yaml", text, &LoadOptions { rules })
}

const FLEXIBLE: &str = "orchestrationMode: Flexible";

fn pool(state: &str, max_ready: u32) -> String {
    format!(
        "location: East US
    properties:
      attachedVirtualMachineScaleSetId: /subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/vmss
      elasticityProfile: {{ maxReadyCapacity: {max_ready}, minReadyCapacity: 1 }}
      virtualMachineState: {state}"
    )
}

/// Refused by this rule alone.
fn refused(rule: RuleId, set: &str, profile: &str, pool: &str, rest: &str) {
    refused_by(rule, |rules| load(set, profile, pool, rest, rules));
}

#[test]
fn a_pool_is_attached_to_the_set_that_it_names() {
    let loaded =
        load(FLEXIBLE, "", &pool("Deallocated", 9), "", RuleSet::all()).unwrap_or_else(|report| panic!("{report}"));
    let plan = &loaded.plan("as-written").expect("it always exists").plan;
    let expected = StandbyPool::new("ready".into(), (9, 1), StandbyState::Deallocated);
    assert_eq!(plan.sets[0].upkeep.standby, Some(expected));
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
}

#[test]
fn a_pool_has_the_delay_that_it_names() {
    let with = |delay: &str| {
        let text = pool("Deallocated", 9)
            .replace("maxReadyCapacity", &format!("postProvisioningDelay: {delay}, maxReadyCapacity"));
        load(FLEXIBLE, "", &text, "", RuleSet::all())
    };
    let loaded = with("PT5M").unwrap_or_else(|report| panic!("{report}"));
    let pool = loaded.plan("as-written").expect("it always exists").plan.sets[0].upkeep.standby.clone();
    assert_eq!(pool.map(|pool| pool.delay.seconds()), Some(300.0));
    let wrong = with("later").expect_err("no duration").to_string();
    assert!(wrong.contains("`postProvisioningDelay` must be a duration such as `PT10M`, got `later`"), "{wrong}");
}

#[test]
fn a_pool_goes_with_one_flexible_set_of_its_region() {
    let rule = rules::SB_01;
    refused(rule, "orchestrationMode: Uniform", "", &pool("Running", 9), "");
    let fixed = format!("{FLEXIBLE}\n      platformFaultDomainCount: 2");
    refused(rule, &fixed, "", &pool("Running", 9), "");
    refused(rule, FLEXIBLE, "", &pool("Running", 9).replace("East US", "westus"), "");
    refused(rule, FLEXIBLE, "", &pool("Running", 1001), "");
    let second = format!(
        "  - type: Microsoft.StandbyPool/standbyVirtualMachinePools\n    name: other\n    {}",
        pool("Running", 3)
    );
    refused(rule, FLEXIBLE, "", &pool("Running", 9), &second);
}

#[test]
fn a_pool_of_spot_instances_is_of_nothing_else() {
    let rule = rules::SB_03;
    let spot = |eviction: &str| format!("priority: Spot\n        evictionPolicy: {eviction}");
    let mixed = format!(
        "{FLEXIBLE}\n      priorityMixPolicy: {{ baseRegularPriorityCount: 1, regularPriorityPercentageAboveBase: 50 }}"
    );
    refused(rule, &mixed, &spot("Delete"), &pool("Running", 9), "");
    refused(rule, FLEXIBLE, &spot("Deallocate"), &pool("Running", 9), "");
    refused(rule, FLEXIBLE, &spot("Delete"), &pool("Hibernated", 9), "");
    let loaded = load(FLEXIBLE, &spot("Delete"), &pool("Running", 9), "", RuleSet::all());
    assert!(loaded.is_ok_and(|loaded| loaded.problems.iter().any(|problem| problem.code == "W0562")));
}

#[test]
fn a_pool_that_runs_does_not_go_with_autoscale() {
    let setting = "  - type: Microsoft.Insights/autoscaleSettings
    name: scale
    properties:
      enabled: true
      targetResourceUri: vmss
      profiles: [{ name: p, capacity: { minimum: 1, maximum: 5, default: 1 }, rules: [] }]";
    refused(rules::SB_06, FLEXIBLE, "", &pool("Running", 9), setting);
    assert!(load(FLEXIBLE, "", &pool("Deallocated", 9), setting, RuleSet::all()).is_ok());
}

#[test]
fn a_policy_adds_a_pool() {
    let text = "windtunnel: 1
title: t
horizon: PT1H
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 2 }
    properties:
      orchestrationMode: Flexible
      virtualMachineProfile: { storageProfile: { imageReference: { id: web/1.0.0 } } }
images: { web: { 1.0.0: {} } }
policies:
  standby:
    ready:
      type: Microsoft.StandbyPool/standbyVirtualMachinePools
      properties:
        attachedVirtualMachineScaleSetId: vmss
        elasticityProfile: { maxReadyCapacity: 4 }
        virtualMachineState: Running
";
    let loaded =
        load_text("scenario.yaml", text.into(), &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    let of = |policy: &str| loaded.plan(policy).expect("a policy").plan.sets[0].upkeep.standby.clone();
    assert_eq!(of("as-written"), None);
    assert_eq!(of("standby").map(|pool| (pool.name, pool.max_ready)), Some(("ready".into(), 4)));
}
