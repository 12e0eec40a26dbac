//! Rules that the platform refuses or warns by: each is said with its id, and goes when it is switched off.

use super::{plan_of, refused_by, said};
use std::fmt::Write as _;
use windtunnel::input::{LoadOptions, Loaded, Report, Severity, load_text};
use windtunnel_sim::plan::{Act, HealthSource, Plan};
use windtunnel_sim::rules::{self, RULES, RuleId, RuleSet};
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::run::{Options, run};

/// A scenario with one scale set behind one balancer.
struct Scenario<'a> {
    mode: &'a str,
    capacity: u32,
    /// Further keys of the scale set itself, on lines of their own.
    set: &'a str,
    properties: &'a str,
    profile: &'a str,
    sku: &'a str,
    probe: &'a str,
    /// A second rule and probe of the balancer.
    second: bool,
    rest: &'a str,
}

const UNIFORM: Scenario<'static> = Scenario {
    mode: "Uniform",
    capacity: 2,
    set: "",
    properties: "",
    profile: "",
    sku: "Standard",
    probe: "protocol: Http, port: 80, requestPath: /alive",
    second: false,
    rest: "",
};
const FLEXIBLE: Scenario<'static> = Scenario { mode: "Flexible", ..UNIFORM };

impl Scenario<'_> {
    fn text(&self) -> String {
        let mut rules = vec![("web", "alive")];
        let mut probes = format!("\n        - {{ name: alive, properties: {{ {} }} }}", self.probe);
        if self.second {
            rules.push(("too", "other"));
            probes += "\n        - { name: other, properties: { protocol: Tcp, port: 80 } }";
        }
        let mut text = format!(
            "windtunnel: 1\ntitle: t\nhorizon: PT1H\nresources:\n  - type: Microsoft.Network/loadBalancers\n    name: lb\n    sku: {{ name: {} }}\n    properties:\n      backendAddressPools: [{{ name: web }}]\n      probes:{probes}\n      loadBalancingRules:\n",
            self.sku
        );
        for (rule, probe) in rules {
            let leads = format!("backendAddressPool: {{ id: web }}, probe: {{ id: {probe} }}");
            _ = writeln!(text, "        - {{ name: {rule}, properties: {{ {leads} }} }}");
        }
        let line = |text: &mut String, indent: usize, lines: &str| {
            for line in lines.lines() {
                _ = writeln!(text, "{:indent$}{line}", "");
            }
        };
        _ = writeln!(text, "  - type: Microsoft.Compute/virtualMachineScaleSets\n    name: vmss\n    location: eastus");
        _ = writeln!(text, "    sku: {{ name: Standard_D2s_v5, capacity: {} }}", self.capacity);
        line(&mut text, 4, self.set);
        _ = writeln!(text, "    properties:\n      orchestrationMode: {}", self.mode);
        line(&mut text, 6, self.properties);
        text += "      virtualMachineProfile:\n";
        line(&mut text, 8, self.profile);
        if !self.profile.contains("networkProfile") {
            line(&mut text, 8, NETWORK);
        }
        text + self.rest
    }

    fn load(&self, rules: RuleSet) -> Result<Loaded, Report> {
        load_text("scenario.yaml", self.text(), &LoadOptions { rules })
    }
}

const NETWORK: &str = "\
networkProfile:
  networkInterfaceConfigurations:
    - name: nic
      properties: { ipConfigurations: [{ name: ip, properties: { loadBalancerBackendAddressPools: [{ id: lb/web }] } }] }
";

fn holds(rule: RuleId, scenario: &Scenario<'_>, severity: Severity) {
    let on = scenario.load(RuleSet::all());
    let all = on.as_ref().err().map(ToString::to_string).unwrap_or_default();
    assert_eq!(said(&on, rule), Some(severity), "{rule} says nothing: {all}");
    assert_eq!(said(&scenario.load(RuleSet::without(rule)), rule), None, "{rule} speaks when it is off");
}

/// The scenario is refused by this rule alone.
fn refused(rule: RuleId, scenario: &Scenario<'_>) {
    refused_by(rule, |rules| scenario.load(rules));
}

/// The scenario is warned by this rule, and can be run.
fn warned(rule: RuleId, scenario: &Scenario<'_>) {
    holds(rule, scenario, Severity::Warning);
    assert!(scenario.load(RuleSet::all()).is_ok(), "a warning of {rule} keeps from running");
}

fn plan(scenario: &Scenario<'_>, rules: RuleSet) -> Plan {
    plan_of(scenario.load(rules))
}

#[test]
fn the_orchestration_mode_never_changes() {
    let rest = "policies: { p: { vmss: { properties: { orchestrationMode: Flexible } } } }\n";
    refused(rules::OR_01, &Scenario { rest, ..UNIFORM });
}

#[test]
fn a_flexible_set_holds_a_thousand_or_two_hundred() {
    refused(rules::OR_03, &Scenario { capacity: 1001, ..FLEXIBLE });
    // Such a size is not updated under a running instance, so that its fault domains limit the set.
    let text = Scenario { capacity: 201, properties: "platformFaultDomainCount: 2", ..FLEXIBLE }.text();
    let large = text.replace("Standard_D2s_v5", "Standard_L8s_v3");
    let load = |rules| load_text("scenario.yaml", large.clone(), &LoadOptions { rules });
    assert_eq!(said(&load(RuleSet::all()), rules::OR_03), Some(Severity::Error));
    assert!(load(RuleSet::without(rules::OR_03)).is_ok());
}

#[test]
fn a_uniform_set_holds_a_hundred_or_a_thousand() {
    refused(rules::OR_04, &Scenario { capacity: 101, ..UNIFORM });
    refused(rules::OR_04, &Scenario { capacity: 1001, properties: "singlePlacementGroup: false", ..UNIFORM });
    let rest = "timeline: [{ name: a, at: 1m, setCapacity: { scaleSet: vmss, capacity: 500 } }]\n";
    warned(rules::OR_04, &Scenario { rest, ..UNIFORM });
    let refused = plan(&Scenario { rest, ..UNIFORM }, RuleSet::all());
    assert!(matches!(refused.timeline[0].what, Act::RefusedWrite { .. }), "Azure refuses the write, and not the file");
}

#[test]
fn extensions_wait_for_what_is_there_and_not_in_a_circle() {
    let extension = |name: &str, after: &str| {
        format!("    - {{ name: {name}, properties: {{ provisionAfterExtensions: [{after}] }} }}\n")
    };
    let profile = |extensions: String| format!("extensionProfile:\n  extensions:\n{extensions}");
    refused(rules::EX_03, &Scenario { profile: &profile(extension("a", "b")), ..UNIFORM });
    let circle = profile(extension("a", "b") + &extension("b", "a"));
    holds(rules::EX_03, &Scenario { profile: &circle, ..UNIFORM }, Severity::Error);
}

#[test]
fn the_budget_of_extensions_has_its_bounds() {
    for budget in ["PT3H", "PT14M"] {
        let profile = format!("extensionProfile: {{ extensionsTimeBudget: {budget} }}");
        refused(rules::EX_06, &Scenario { profile: &profile, ..UNIFORM });
    }
}

#[test]
fn a_uniform_set_mixes_no_priorities() {
    let properties = "priorityMixPolicy: { baseRegularPriorityCount: 1 }";
    refused(rules::OR_07, &Scenario { properties, ..UNIFORM });
    assert_eq!(said(&Scenario { properties, ..FLEXIBLE }.load(RuleSet::all()), rules::OR_07), None);
}

#[test]
fn a_flexible_set_lacks_what_it_does_not_support() {
    refused(rules::OR_08, &Scenario { properties: "overprovision: true", ..FLEXIBLE });
    refused(rules::OR_08, &Scenario { set: "identity: { type: SystemAssigned }", ..FLEXIBLE });
    let profile = "networkProfile: { healthProbe: { id: alive } }";
    refused(rules::OR_08, &Scenario { profile, ..FLEXIBLE });
    let profile = NETWORK.replace("loadBalancerBackendAddressPools", "loadBalancerInboundNatPools");
    refused(rules::OR_08, &Scenario { profile: &profile, ..FLEXIBLE });
    holds(rules::OR_08, &Scenario { sku: "Basic", ..FLEXIBLE }, Severity::Error);
}

#[test]
fn a_flexible_set_in_one_placement_group_is_doubtful() {
    warned(rules::OR_12, &Scenario { properties: "singlePlacementGroup: true", ..FLEXIBLE });
}

#[test]
fn the_fault_domain_count_is_fixed_at_creation() {
    let rest = "policies: { p: { vmss: { properties: { platformFaultDomainCount: 2 } } } }\n";
    refused(rules::OR_17, &Scenario { properties: "platformFaultDomainCount: 3", rest, ..UNIFORM });
}

#[test]
fn a_regional_uniform_set_has_up_to_five_fault_domains() {
    refused(rules::FD_04, &Scenario { properties: "platformFaultDomainCount: 6", ..UNIFORM });
    refused(rules::FD_04, &Scenario { properties: "platformFaultDomainCount: 0", ..UNIFORM });
    assert_eq!(plan(&UNIFORM, RuleSet::all()).sets[0].fault_domains, 5);
}

#[test]
fn a_zonal_uniform_set_has_one_fault_domain_or_five() {
    let zonal = Scenario { set: "zones: [\"1\"]", ..UNIFORM };
    refused(rules::FD_05, &Scenario { properties: "platformFaultDomainCount: 4", ..zonal });
    let five = Scenario { set: "zones: [\"1\"]", properties: "platformFaultDomainCount: 5", ..UNIFORM };
    assert_eq!(plan(&five, RuleSet::all()).sets[0].fault_domains, 5);
    assert_eq!(plan(&Scenario { set: "zones: [\"1\"]", ..UNIFORM }, RuleSet::all()).sets[0].fault_domains, 1);
}

#[test]
fn a_regional_flexible_set_has_up_to_three_fault_domains() {
    refused(rules::FD_06, &Scenario { properties: "platformFaultDomainCount: 4", ..FLEXIBLE });
    assert_eq!(plan(&FLEXIBLE, RuleSet::all()).sets[0].fault_domains, 1);
}

#[test]
fn a_zonal_flexible_set_has_one_fault_domain() {
    refused(rules::FD_07, &Scenario { set: "zones: [\"1\"]", properties: "platformFaultDomainCount: 5", ..FLEXIBLE });
}

#[test]
fn two_or_three_fault_domains_do_not_go_with_zones() {
    let properties = "platformFaultDomainCount: 2";
    refused(rules::FD_08, &Scenario { set: "zones: [\"1\"]", properties, ..UNIFORM });
    refused(rules::FD_08, &Scenario { set: "zones: [\"1\"]", properties, ..FLEXIBLE });
    let rest = "regions: { eastus: { faultDomains: 2 } }\n";
    refused(rules::FD_08, &Scenario { properties: "platformFaultDomainCount: 3", rest, ..FLEXIBLE });
}

#[test]
fn max_spreading_wants_several_placement_groups() {
    let properties = "platformFaultDomainCount: 1\nsinglePlacementGroup: true";
    warned(rules::FD_09, &Scenario { properties, ..UNIFORM });
}

#[test]
fn a_single_placement_group_does_not_come_back() {
    let rest = "policies: { p: { vmss: { properties: { singlePlacementGroup: true } } } }\n";
    refused(rules::PG_02, &Scenario { properties: "singlePlacementGroup: false", rest, ..UNIFORM });
}

#[test]
fn a_regional_set_has_one_placement_group_by_default() {
    let single = |scenario: &Scenario<'_>, rules: RuleSet| plan(scenario, rules).sets[0].single_placement_group;
    assert!(single(&UNIFORM, RuleSet::all()));
    assert!(!single(&UNIFORM, RuleSet::without(rules::PG_03)));
    assert!(!single(&Scenario { set: "zones: [\"1\"]", ..UNIFORM }, RuleSet::all()));
    // The default is what limits the set, so a hundred and one are refused.
    let large = Scenario { capacity: 101, ..UNIFORM };
    assert_eq!(said(&large.load(RuleSet::all()), rules::OR_04), Some(Severity::Error));
    assert_eq!(said(&large.load(RuleSet::without(rules::PG_03)), rules::OR_04), None);
}

#[test]
fn several_placement_groups_need_a_standard_balancer() {
    let properties = "singlePlacementGroup: false";
    // The Basic balancer is refused for being one, too.
    holds(rules::PG_05, &Scenario { sku: "Basic", properties, ..UNIFORM }, Severity::Error);
    assert_eq!(said(&Scenario { sku: "Basic", ..UNIFORM }.load(RuleSet::all()), rules::PG_05), None);
}

#[test]
fn zone_balance_needs_zones() {
    refused(rules::ZN_07, &Scenario { properties: "zoneBalance: true", ..UNIFORM });
    let balanced = Scenario { set: "zones: [\"1\", \"2\"]", properties: "zoneBalance: true", ..UNIFORM };
    assert_eq!(said(&balanced.load(RuleSet::all()), rules::ZN_07), None);
}

#[test]
fn zones_are_only_added() {
    let rest = "policies: { p: { vmss: { zones: [\"1\", \"3\"] } } }\n";
    refused(rules::ZN_10, &Scenario { set: "zones: [\"1\", \"2\"]", rest, ..UNIFORM });
    let rest = "policies: { p: { vmss: { zones: [\"1\", \"2\", \"3\"] } } }\n";
    let more = Scenario { set: "zones: [\"1\", \"2\"]", rest, ..UNIFORM };
    assert_eq!(said(&more.load(RuleSet::all()), rules::ZN_10), None);
}

#[test]
fn a_uniform_set_is_overprovisioned_by_default() {
    let surplus = |scenario: &Scenario<'_>, rules: RuleSet| plan(scenario, rules).sets[0].overprovision;
    assert!(surplus(&UNIFORM, RuleSet::all()));
    assert!(!surplus(&UNIFORM, RuleSet::without(rules::OP_02)));
    assert!(!surplus(&Scenario { properties: "overprovision: false", ..UNIFORM }, RuleSet::all()));
    assert!(!surplus(&FLEXIBLE, RuleSet::all()));
}

#[test]
fn surge_and_surplus_exclude_each_other() {
    let properties = "overprovision: true\nupgradePolicy: { rollingUpgradePolicy: { maxSurge: true } }";
    refused(rules::OP_07, &Scenario { properties, ..UNIFORM });
}

/// Properties of a set with this rolling policy.
fn rolling(policy: &str) -> String {
    format!("overprovision: false\nupgradePolicy: {{ rollingUpgradePolicy: {{ {policy} }} }}")
}

#[test]
fn surge_needs_the_surplus_switched_off() {
    refused(
        rules::MS_09,
        &Scenario { properties: "upgradePolicy: { rollingUpgradePolicy: { maxSurge: true } }", ..UNIFORM },
    );
}

#[test]
fn the_percentages_of_a_policy_have_their_ranges() {
    for (rule, policy) in [
        (rules::RU_01, "maxBatchInstancePercent: 4"),
        (rules::RU_02, "maxUnhealthyInstancePercent: 101"),
        (rules::RU_03, "maxUnhealthyUpgradedInstancePercent: 101"),
    ] {
        refused(rule, &Scenario { properties: &rolling(policy), ..UNIFORM });
    }
    let least = "maxBatchInstancePercent: 5, maxUnhealthyInstancePercent: 5, maxUnhealthyUpgradedInstancePercent: 0";
    plan(&Scenario { properties: &rolling(least), ..UNIFORM }, RuleSet::all());
}

#[test]
fn a_batch_above_what_may_be_unhealthy_is_a_warning() {
    let policy = rolling("maxBatchInstancePercent: 40, maxUnhealthyInstancePercent: 35");
    warned(rules::RU_10, &Scenario { properties: &policy, ..UNIFORM });
}

#[test]
fn the_second_protection_implies_the_first() {
    let protect = |flags: &str| {
        format!("timeline: [{{ name: p, at: PT1M, protect: {{ scaleSet: vmss, instances: [0], {flags} }} }}]\n")
    };
    let rest = protect("protectFromScaleIn: false, protectFromScaleSetActions: true");
    warned(rules::IP_03, &Scenario { rest: &rest, ..UNIFORM });
    let refused = plan(&Scenario { rest: &rest, ..UNIFORM }, RuleSet::all());
    assert!(matches!(refused.timeline[0].what, Act::RefusedWrite { .. }), "Azure refuses the write, and not the file");
    plan(&Scenario { rest: &protect("protectFromScaleSetActions: true"), ..UNIFORM }, RuleSet::all());
}

#[test]
fn a_basic_balancer_is_refused() {
    refused(rules::LB_01, &Scenario { sku: "Basic", ..UNIFORM });
}

#[test]
fn a_probe_goes_out_every_five_seconds_at_most() {
    refused(rules::LB_02, &Scenario { probe: "protocol: Tcp, port: 80, intervalInSeconds: 4", ..UNIFORM });
    let default = plan(&Scenario { probe: "protocol: Tcp, port: 80", ..UNIFORM }, RuleSet::all());
    assert_eq!(default.pools[0].probe.as_ref().expect("a probe").interval.seconds(), 15.0);
}

#[test]
fn the_number_of_probes_has_no_effect() {
    warned(rules::LB_06, &Scenario { probe: "protocol: Tcp, port: 80, numberOfProbes: 7", ..UNIFORM });
    let many = plan(&Scenario { probe: "protocol: Tcp, port: 80, numberOfProbes: 7", ..UNIFORM }, RuleSet::all());
    assert_eq!(many.pools[0].probe.as_ref().expect("a probe").threshold, 1);
}

#[test]
fn an_http_probe_refuses_ports_of_other_services() {
    refused(rules::LB_13, &Scenario { probe: "protocol: Http, port: 25, requestPath: /alive", ..UNIFORM });
    let tcp = Scenario { probe: "protocol: Tcp, port: 25", ..UNIFORM };
    assert_eq!(said(&tcp.load(RuleSet::all()), rules::LB_13), None);
}

#[test]
fn nothing_drains() {
    let text = UNIFORM.text().replace("{ name: web }", "{ name: web, properties: { drainPeriodInSeconds: 60 } }");
    let load = |rules| load_text("scenario.yaml", text.clone(), &LoadOptions { rules });
    assert_eq!(said(&load(RuleSet::all()), rules::LB_22), Some(Severity::Warning));
    assert_eq!(said(&load(RuleSet::without(rules::LB_22)), rules::LB_22), None);
}

#[test]
fn a_flow_is_idle_after_four_to_a_hundred_minutes() {
    let text = |minutes| {
        let rule = format!("backendAddressPool: {{ id: web }}, idleTimeoutInMinutes: {minutes}");
        UNIFORM.text().replace("backendAddressPool: { id: web }", &rule)
    };
    let load = |minutes, rules| load_text("scenario.yaml", text(minutes), &LoadOptions { rules });
    for minutes in [3, 101] {
        assert_eq!(said(&load(minutes, RuleSet::all()), rules::LB_27), Some(Severity::Error));
        assert!(load(minutes, RuleSet::without(rules::LB_27)).is_ok());
    }
    let loaded = load(100, RuleSet::all()).expect("within the range");
    let rule = loaded.plan("as-written").expect("it always exists").plan.entry_points[0].rule;
    assert_eq!(rule.idle_timeout.seconds(), 6000.0);
}

#[test]
fn a_pool_holds_two_and_its_frontend_is_in_every_zone() {
    let rest = "traffic: { lb: { demand: 1 rps } }\napplication: { endpoints: { /alive: [{ when: process, answer: 200 }] } }\n";
    warned(rules::LB_30, &Scenario { capacity: 1, rest, ..UNIFORM });
    assert_eq!(said(&Scenario { rest, ..UNIFORM }.load(RuleSet::all()), rules::LB_30), None);
    let frontend = |zones: &str| {
        let frontends =
            format!("frontendIPConfigurations: [{{ name: f, zones: {zones} }}]\n      backendAddressPools:");
        UNIFORM.text().replace("backendAddressPools:", &frontends)
    };
    let load = |zones, rules| load_text("scenario.yaml", frontend(zones), &LoadOptions { rules });
    assert_eq!(said(&load("[\"1\"]", RuleSet::all()), rules::LB_30), Some(Severity::Warning));
    assert_eq!(said(&load("[\"1\"]", RuleSet::without(rules::LB_30)), rules::LB_30), None);
    assert_eq!(said(&load("[\"1\", \"2\", \"3\"]", RuleSet::all()), rules::LB_30), None);
}

#[test]
fn one_probe_a_port() {
    refused(rules::LB_15, &Scenario { second: true, ..UNIFORM });
    // Who allows it gets a rotation for each.
    let allowed = Scenario { second: true, rest: "assumptions: { lb.two_probes_one_port: allow }\n", ..UNIFORM };
    let loaded = allowed.load(RuleSet::all()).expect("it is allowed");
    assert_eq!(loaded.plan("as-written").expect("it always exists").plan.pools.len(), 2);
}

const EXTENSION: &str = "extensionProfile:
  extensions:
    - name: health
      properties: { publisher: Microsoft.ManagedServices, type: ApplicationHealthLinux, typeHandlerVersion: \"1.0\" }
";
const PROBED: &str = "networkProfile:
  healthProbe: { id: alive }
  networkInterfaceConfigurations:
    - name: nic
      properties: { ipConfigurations: [{ name: ip, properties: { loadBalancerBackendAddressPools: [{ id: lb/web }] } }] }
";

#[test]
fn two_health_sources_are_a_conflict() {
    warned(rules::UM_06, &Scenario { profile: &format!("{EXTENSION}{PROBED}"), ..UNIFORM });
    // A probe that only routes is no health source.
    assert_eq!(said(&Scenario { profile: EXTENSION, ..UNIFORM }.load(RuleSet::all()), rules::UM_06), None);
}

/// When each instance came into rotation and went out of it.
fn rotation(scenario: &Scenario<'_>) -> Vec<(u64, String)> {
    let plan = plan(scenario, RuleSet::all());
    let mut ledger: Vec<Record> = Vec::new();
    run(&plan, 1, Options { check_every_instant: true, ..Options::default() }, &mut ledger);
    let is_rotation = |record: &&Record| matches!(record.fact, Fact::InRotation { .. } | Fact::OutOfRotation { .. });
    ledger.iter().filter(is_rotation).map(|record| (record.time.ms(), format!("{:?}", record.fact))).collect()
}

#[test]
fn a_routing_probe_is_no_health_source() {
    let rest = "application: { endpoints: { /alive: [{ when: process, answer: 200 }] } }
timeline:
  - { name: out, at: PT5M, setCapacity: { scaleSet: vmss, capacity: 4 } }
  - { name: crash, at: PT40M, disturb: { scaleSet: vmss, instances: [0], how: processDown, for: PT2M } }
";
    let both = &*format!("{EXTENSION}{PROBED}");
    let of = |profile| Scenario { profile, rest, ..UNIFORM };
    let source = |profile| plan(&of(profile), RuleSet::all()).sets[0].profile.health_source;
    assert_eq!(source(""), HealthSource::None);
    assert_eq!(source(EXTENSION), HealthSource::Extension);
    assert_eq!(source(PROBED), HealthSource::Probe(0));
    assert_eq!(source(both), HealthSource::Conflict);
    let conflict = of(both).load(RuleSet::all());
    assert_eq!(said(&conflict, rules::UM_06), Some(Severity::Warning));
    // Rotation is the doing of the routing probe alone.
    let expected = rotation(&of(""));
    assert!(expected.iter().any(|(_, fact)| fact.starts_with("OutOfRotation")), "{expected:?}");
    assert!(expected.iter().filter(|(_, fact)| fact.starts_with("InRotation")).count() >= 5, "{expected:?}");
    for profile in [EXTENSION, PROBED, both] {
        assert_eq!(rotation(&of(profile)), expected);
    }
}

#[test]
fn a_priority_mix_is_of_spot_and_of_several_placement_groups() {
    let properties = "priorityMixPolicy: { baseRegularPriorityCount: 1 }";
    refused(rules::SP_12, &Scenario { properties, ..FLEXIBLE });
    let both = "priorityMixPolicy: { baseRegularPriorityCount: 1 }\nsinglePlacementGroup: true";
    refused(rules::SP_12, &Scenario { properties: both, profile: "priority: Spot", ..FLEXIBLE });
    let spot = Scenario { properties, profile: "priority: Spot", ..FLEXIBLE };
    assert_eq!(said(&spot.load(RuleSet::all()), rules::SP_12), None);
    let mix = plan(&spot, RuleSet::all()).sets[0].spot.mix.expect("it has one");
    assert_eq!((mix.base, mix.percent), (1, 0));
}

#[test]
fn spot_of_the_b_series_in_a_set_is_a_warning() {
    let text = Scenario { profile: "priority: Spot", ..FLEXIBLE }.text().replace("Standard_D2s_v5", "Standard_B2s");
    let load = |rules| load_text("scenario.yaml", text.clone(), &LoadOptions { rules });
    assert_eq!(said(&load(RuleSet::all()), rules::SP_16), Some(Severity::Warning));
    assert!(load(RuleSet::all()).is_ok());
    assert_eq!(said(&load(RuleSet::without(rules::SP_16)), rules::SP_16), None);
}

#[test]
fn a_set_that_pays_less_than_the_price_is_not_deployed() {
    let profile = "priority: Spot\nbillingProfile: { maxPrice: 0.05 }";
    let rest = "spot: { eastus: { evictionRate: 10%, prices: [{ at: PT0S, price: 0.09 }] } }\n";
    refused(rules::SP_04, &Scenario { profile, rest, ..FLEXIBLE });
    let rest = "spot: { eastus: { prices: [{ at: PT0S, price: 0.04 }, { at: PT1H, price: 0.09 }] } }\n";
    assert_eq!(said(&Scenario { profile, rest, ..FLEXIBLE }.load(RuleSet::all()), rules::SP_04), None);
}

#[test]
fn a_notice_of_termination_has_its_bounds() {
    for timeout in ["PT4M", "PT16M"] {
        let profile = format!(
            "scheduledEventsProfile: {{ terminateNotificationProfile: {{ enable: true, notBeforeTimeout: {timeout} }} }}"
        );
        refused(rules::TN_01, &Scenario { profile: &profile, ..UNIFORM });
    }
    let profile = "scheduledEventsProfile: { terminateNotificationProfile: { enable: true } }";
    let notice = plan(&Scenario { profile, ..UNIFORM }, RuleSet::all()).sets[0].profile.terminate;
    assert_eq!(notice.expect("it is on").seconds(), 300.0);
}

#[test]
fn spot_instances_get_no_notice_of_their_deletion() {
    let notice = "scheduledEventsProfile: { terminateNotificationProfile: { enable: true } }";
    warned(rules::SE_23, &Scenario { profile: &format!("priority: Spot\n{notice}"), ..FLEXIBLE });
    assert_eq!(said(&Scenario { profile: notice, ..FLEXIBLE }.load(RuleSet::all()), rules::SE_23), None);
}

#[test]
fn autoscale_does_not_go_with_evicted_instances_that_stay() {
    let rest = "  - type: Microsoft.Insights/autoscaleSettings
    name: scale
    location: eastus
    properties:
      enabled: true
      targetResourceUri: vmss
      profiles: [{ name: default, capacity: { minimum: '1', maximum: '3', default: '1' }, rules: [] }]
";
    warned(rules::SP_18, &Scenario { profile: "priority: Spot", rest, ..FLEXIBLE });
    let deletes = Scenario { profile: "priority: Spot\nevictionPolicy: Delete", rest, ..FLEXIBLE };
    assert_eq!(said(&deletes.load(RuleSet::all()), rules::SP_18), None);
}

#[test]
fn autoscale_switches_try_restore_off() {
    let rest = "  - type: Microsoft.Insights/autoscaleSettings
    name: scale
    location: eastus
    properties:
      enabled: true
      targetResourceUri: vmss
      profiles: [{ name: default, capacity: { minimum: '1', maximum: '3', default: '1' }, rules: [] }]
";
    let restores =
        Scenario { properties: "spotRestorePolicy: { enabled: true }", profile: "priority: Spot", ..FLEXIBLE };
    assert!(plan(&restores, RuleSet::all()).sets[0].spot.restore.is_some());
    let scaled = Scenario { rest, ..restores };
    assert!(plan(&scaled, RuleSet::all()).sets[0].spot.restore.is_none());
    for rule in [rules::AS_28, rules::SP_13] {
        assert!(plan(&scaled, RuleSet::without(rule)).sets[0].spot.restore.is_some(), "{rule} is off");
    }
}

#[test]
fn resilient_create_and_delete_are_off_unless_the_set_asks_for_them() {
    let asks = |properties| {
        let set = plan(&Scenario { properties, ..FLEXIBLE }, RuleSet::all()).sets[0].clone();
        (set.resilient_create, set.resilient_delete)
    };
    assert_eq!(asks(""), (false, false));
    assert_eq!(asks("resiliencyPolicy: { resilientVMCreationPolicy: { enabled: true } }"), (true, false));
    assert_eq!(asks("resiliencyPolicy: { resilientVMDeletionPolicy: { enabled: true } }"), (false, true));
}

#[test]
fn the_tests_that_rules_name_are_here() {
    let source = include_str!("legality.rs");
    for rule in RULES {
        for name in rule.tests.iter().filter_map(|test| test.strip_prefix("input::legality::")) {
            assert!(source.contains(&format!("fn {name}()")), "{} names a test `{name}` that is not here", rule.id);
        }
    }
}

#[test]
fn what_else_patches_windows_excludes_automatic_os_upgrade() {
    let properties = "upgradePolicy: { automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true } }";
    for windows in ["enableAutomaticUpdates: true", "patchSettings: { patchMode: AutomaticByPlatform }"] {
        let profile = format!("osProfile: {{ windowsConfiguration: {{ {windows} }} }}\n{EXTENSION}");
        refused(rules::OS_04, &Scenario { properties, profile: &profile, ..UNIFORM });
        let without = Scenario { profile: &profile, ..UNIFORM };
        assert_eq!(
            said(&without.load(RuleSet::all()), rules::OS_04),
            None,
            "without automatic OS upgrade it is nobody's concern"
        );
    }
    let profile = &*format!(
        "osProfile: {{ windowsConfiguration: {{ enableAutomaticUpdates: false, patchSettings: {{ patchMode: Manual }} }} }}\n{EXTENSION}"
    );
    let fine = Scenario { properties, profile, ..UNIFORM };
    assert_eq!(said(&fine.load(RuleSet::all()), rules::OS_04), None);
}
