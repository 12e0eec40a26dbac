//! What the reader of scenarios is held to.

#[path = "input/agents.rs"]
mod agents;
#[path = "input/autoscale.rs"]
mod autoscale;
#[path = "input/bill.rs"]
mod bill;
#[path = "input/definitions.rs"]
mod definitions;
#[path = "input/entry_points.rs"]
mod entry_points;
#[path = "input/extensions.rs"]
mod extensions;
#[path = "input/front_door.rs"]
mod front_door;
#[path = "input/gateway_writes.rs"]
mod gateway_writes;
#[path = "input/gateways.rs"]
mod gateways;
#[path = "input/health.rs"]
mod health;
#[path = "input/images.rs"]
mod images;
#[path = "input/instants.rs"]
mod instants;
#[path = "input/legality.rs"]
mod legality;
#[path = "input/names.rs"]
mod names;
#[path = "input/observed.rs"]
mod observed;
#[path = "input/os_upgrade.rs"]
mod os_upgrade;
#[path = "input/placement.rs"]
mod placement;
#[path = "input/published.rs"]
mod published;
#[path = "input/refusals.rs"]
mod refusals;
#[path = "input/repairs.rs"]
mod repairs;
#[path = "input/standby.rs"]
mod standby;
#[path = "input/upgrades.rs"]
mod upgrades;
#[path = "input/writes.rs"]
mod writes;

use windtunnel::input::{Loaded, Problems, Report, Severity};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::{RuleId, RuleSet};

/// A scale set of two that run `web/1.0.0`, as an item of `resources`, with these lines of its properties and of its profile.
fn scale_set(name: &str, properties: &str, profile: &str) -> String {
    format!(
        "  - type: Microsoft.Compute/virtualMachineScaleSets
    name: {name}
    location: eastus
    sku: {{ name: Standard_D2s_v5, capacity: 2 }}
    properties:
      {properties}
      virtualMachineProfile:
        storageProfile: {{ imageReference: {{ id: web/1.0.0 }} }}
        {profile}"
    )
}

/// A line of a profile by which the network interface of a set joins pools.
fn joins(pools: &str) -> String {
    let ip = format!("{{ name: ip, properties: {{ {pools} }} }}");
    let nic = format!("{{ name: nic, properties: {{ primary: true, ipConfigurations: [{ip}] }} }}");
    format!("networkProfile: {{ networkInterfaceConfigurations: [{nic}] }}")
}

/// A balancer with a public IP, `lb-west` and `pip-west` of `west`, before a set that asks for `/ready`.
fn region(name: &str) -> String {
    let joins = joins(&format!("loadBalancerBackendAddressPools: [{{ id: lb-{name}/web }}]"));
    let set = scale_set(&format!("vmss-{name}"), "orchestrationMode: Uniform", &joins);
    format!(
        "
  - type: Microsoft.Network/loadBalancers
    name: lb-{name}
    sku: {{ name: Standard }}
    properties:
      frontendIPConfigurations: [{{ name: public, properties: {{ publicIPAddress: {{ id: pip-{name} }} }} }}]
      backendAddressPools: [{{ name: web }}]
      probes: [{{ name: p, properties: {{ protocol: Http, port: 80, requestPath: /ready, intervalInSeconds: 5 }} }}]
      loadBalancingRules:
        - name: http
          properties:
            {{ frontendIPConfiguration: {{ id: public }}, frontendPort: 80, backendAddressPool: {{ id: web }}, probe: {{ id: p }} }}
{set}"
    )
}

/// A scenario of two regions, west and east, what leads users to them, and the traffic at that.
fn two_regions(leads: &str, traffic: &str) -> String {
    format!(
        "windtunnel: 1
title: t
horizon: PT1H
resources:{}{}{leads}
application: {{ releases: [r1], endpoints: {{ /ready: [{{ when: process, answer: 200 }}] }} }}
images: {{ web: {{ 1.0.0: {{ code: r1 }} }} }}
traffic: {{ {traffic} }}
",
        region("west"),
        region("east")
    )
}

/// The plan of the scenario as written.
#[track_caller]
fn plan_of(outcome: Result<Loaded, Report>) -> Plan {
    let loaded = outcome.unwrap_or_else(|report| panic!("{report}"));
    loaded.plan("as-written").expect("it always exists").plan.clone()
}

/// What is said, whether it is refused or not.
fn problems(outcome: &Result<Loaded, Report>) -> &Problems {
    match outcome {
        Ok(loaded) => &loaded.problems,
        Err(report) => report.problems(),
    }
}

/// It is refused, and what is said has all of these words.
#[track_caller]
fn refused_with(outcome: Result<Loaded, Report>, words: &[&str]) {
    let Err(report) = outcome else { panic!("it loads") };
    let said = report.to_string();
    for words in words {
        assert!(said.contains(words), "{words} is not in:\n{said}");
    }
}

/// How bad what a rule says is, where it says something.
fn said(outcome: &Result<Loaded, Report>, rule: RuleId) -> Option<Severity> {
    let is = |message: &str| message.ends_with(&format!("({rule})"));
    problems(outcome).iter().find(|problem| is(&problem.full())).map(|problem| problem.severity)
}

/// A rule says something of what is loaded, this bad. Where the rule is off it says nothing, and nothing else is refused.
#[track_caller]
fn said_by(rule: RuleId, severity: Severity, load: impl Fn(RuleSet) -> Result<Loaded, Report>) {
    let on = load(RuleSet::all());
    assert_eq!(said(&on, rule), Some(severity), "{rule}: {:?}", problems(&on));
    let off = load(RuleSet::without(rule));
    assert_eq!(said(&off, rule), None, "{rule} speaks when it is off");
    if let Err(report) = off {
        panic!("{rule} is off, and it is refused all the same: {report}");
    }
}

/// What is loaded is refused by this rule, and by no other.
#[track_caller]
fn refused_by(rule: RuleId, load: impl Fn(RuleSet) -> Result<Loaded, Report>) {
    said_by(rule, Severity::Error, load);
}
