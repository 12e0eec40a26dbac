//! What Azure refuses, Windtunnel refuses: with Azure's own code and text where public reports quote them, when a scenario
//! is read, and as a refused write in a run; and what a scenario may accept all the same.

use super::problems;
use windtunnel::input::{LoadOptions, Loaded, Problem, Report, Severity, arm, bare, load_effective, load_text};
use windtunnel::words::describe::{Names, sentence};
use windtunnel_sim::plan::Act;
use windtunnel_sim::rules::{self, RULES, RuleId, RuleSet};
use windtunnel_sim::world::fact::{Fact, OsUpgradeFact, Record, RolloutFact, Unmet};
use windtunnel_sim::world::run::{Options, run};

/// A Uniform set behind one balancer, with the Application Health extension.
#[derive(Clone)]
struct Fleet {
    mode: &'static str,
    /// Keys of the set itself.
    set: &'static str,
    properties: &'static str,
    image: &'static str,
    extension: bool,
    /// Further extensions.
    extensions: &'static str,
    health_probe: &'static str,
    pool: &'static str,
    /// The rule of the balancer uses its probe.
    ruled: bool,
    interval: u32,
    rest: &'static str,
}

const FLEET: Fleet = Fleet {
    mode: "Uniform",
    set: "",
    properties: "upgradePolicy: { mode: Manual }",
    image: "{ id: web }",
    extension: true,
    extensions: "",
    health_probe: "",
    pool: "{ id: lb/web }",
    ruled: true,
    interval: 5,
    rest: "",
};

const AUTOMATIC: &str = "upgradePolicy: { mode: Manual, automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true } }";

impl Fleet {
    fn text(&self) -> String {
        let probe = if self.ruled { ", probe: { id: alive }" } else { "" };
        let health = "{ name: health, properties: { publisher: Microsoft.ManagedServices, type: ApplicationHealthLinux, \
                      typeHandlerVersion: '1.0', settings: { protocol: tcp, port: 80 } } }";
        let extensions: Vec<&str> = [if self.extension { health } else { "" }, self.extensions]
            .into_iter()
            .filter(|one| !one.is_empty())
            .collect();
        let health_probe =
            if self.health_probe.is_empty() { String::new() } else { format!("healthProbe: {}, ", self.health_probe) };
        format!(
            "windtunnel: 1\ntitle: t\nhorizon: PT8H\nresources:\n\
             \x20 - type: Microsoft.Network/loadBalancers\n    name: lb\n    sku: {{ name: Standard }}\n    properties:\n\
             \x20     backendAddressPools: [{{ name: web }}]\n\
             \x20     probes: [{{ name: alive, properties: {{ protocol: Tcp, port: 80, intervalInSeconds: {} }} }}]\n\
             \x20     loadBalancingRules: [{{ name: web, properties: {{ backendAddressPool: {{ id: web }}{probe} }} }}]\n\
             \x20 - type: Microsoft.Compute/virtualMachineScaleSets\n    name: vmss\n    location: eastus\n\
             \x20   sku: {{ name: Standard_D2s_v5, capacity: 5 }}\n{}\
             \x20   properties:\n      orchestrationMode: {}\n      {}\n      virtualMachineProfile:\n\
             \x20       storageProfile: {{ imageReference: {} }}\n\
             \x20       networkProfile: {{ {health_probe}networkInterfaceConfigurations: [{{ name: nic, properties: {{ \
             ipConfigurations: [{{ name: ip, properties: {{ loadBalancerBackendAddressPools: [{}] }} }}] }} }}] }}\n\
             \x20       extensionProfile: {{ extensions: [{}] }}\n\
             images: {{ web: {{ 1.0.0: {{}}, 1.1.0: {{}} }} }}\n{}",
            self.interval,
            if self.set.is_empty() { String::new() } else { format!("    {}\n", self.set) },
            self.mode,
            self.properties,
            self.image,
            self.pool,
            extensions.join(", "),
            self.rest
        )
    }

    fn load(&self, rules: RuleSet) -> Result<Loaded, Report> {
        load_text("scenario.yaml", self.text(), &LoadOptions { rules })
    }
}

fn said(outcome: &Result<Loaded, Report>, rule: RuleId) -> Option<Problem> {
    problems(outcome).iter().find(|problem| problem.rule == Some(rule)).cloned()
}

/// The fleet is refused by this rule alone, and what Azure answers is this.
fn refused(rule: RuleId, fleet: &Fleet, code: &str, answer: Option<(&str, &str)>) {
    let problem = said(&fleet.load(RuleSet::all()), rule).unwrap_or_else(|| panic!("{rule} says nothing"));
    assert_eq!((problem.code, problem.severity), (code, Severity::Error));
    let answered = problem.answer.as_ref().map(|answer| (answer.code, answer.text.as_str()));
    assert_eq!(answered, answer);
    let without = fleet.load(RuleSet::without(rule));
    assert!(without.is_ok(), "{rule} is off: {}", without.unwrap_err());
}

fn warned(rule: RuleId, fleet: &Fleet) {
    let problem = said(&fleet.load(RuleSet::all()), rule).unwrap_or_else(|| panic!("{rule} says nothing"));
    assert_eq!(problem.severity, Severity::Warning);
    assert!(said(&fleet.load(RuleSet::without(rule)), rule).is_none());
}

fn fine(rule: RuleId, fleet: &Fleet) {
    let outcome = fleet.load(RuleSet::all());
    assert!(said(&outcome, rule).is_none(), "{rule} speaks: {:?}", problems(&outcome));
}

const LATEST: &str = "virtualMachineScaleSets with Automatic OS Upgrade enabled must use Platform or Gallery Image with version set to 'latest'.";

// The text: terraform-provider-azurerm #11398 and #8301.
#[test]
fn a_pinned_version_is_refused_with_automatic_os_upgrade() {
    let pinned = Fleet { properties: AUTOMATIC, image: "{ id: web/1.0.0 }", ..FLEET };
    refused(rules::OS_01, &pinned, "E0510", Some(("BadRequest", LATEST)));
    fine(rules::OS_01, &Fleet { properties: AUTOMATIC, ..FLEET });
    fine(rules::OS_01, &Fleet { image: "{ id: web/1.0.0 }", ..FLEET });
    let platform = "{ publisher: Canonical, offer: ubuntu, sku: server, version: 24.04.20260101 }";
    let at = said(&Fleet { properties: AUTOMATIC, image: platform, ..FLEET }.load(RuleSet::all()), rules::OS_01);
    assert_eq!(at.expect("a platform image can be pinned, too").code, "E0510");
    let old = Fleet { properties: AUTOMATIC, set: "apiVersion: 2017-12-01", ..FLEET };
    refused(rules::OS_01, &old, "E0501", None);
}

#[test]
fn only_images_of_the_platform_or_a_gallery_are_upgraded() {
    let managed = "{ id: /subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/web }";
    refused(
        rules::OS_02,
        &Fleet { properties: AUTOMATIC, image: managed, ..FLEET },
        "E0515",
        Some(("BadRequest", LATEST)),
    );
    fine(rules::OS_02, &Fleet { image: managed, ..FLEET });
    let gallery = "{ id: /subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/web }";
    fine(rules::OS_02, &Fleet { properties: AUTOMATIC, image: gallery, ..FLEET });
}

// The text: Azure-Samples/open-source-labs #46; of Service Fabric, microsoft/service-fabric #618.
#[test]
fn automatic_os_upgrade_without_health_is_refused() {
    let text = "Automatic OS Upgrade is not supported for this Virtual Machine Scale Set because a health probe or health extension was not specified.";
    let without = Fleet { properties: AUTOMATIC, extension: false, ..FLEET };
    refused(rules::OS_03, &without, "E0511", Some(("BadRequest", text)));
    fine(rules::OS_03, &Fleet { health_probe: "{ id: alive }", ..without.clone() });
    // A probe that is named by nothing, or by nothing that is known, is none.
    for empty in ["{}", "{ id: '' }", "{ id: null }"] {
        refused(rules::OS_03, &Fleet { health_probe: empty, ..without.clone() }, "E0511", Some(("BadRequest", text)));
    }
    let fabric = "{ name: sf, properties: { publisher: Microsoft.Azure.ServiceFabric, type: ServiceFabricNode, typeHandlerVersion: '1.0' } }";
    let text = "Service Fabric VM Extension version should be 1.1 or above for Auto OS Upgrade support";
    let mode = "upgradePolicy: { mode: Automatic, automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true } }";
    let set = Fleet { properties: mode, extension: false, extensions: fabric, ..FLEET };
    refused(rules::OS_03, &set, "E0511", Some(("OperationNotAllowed", text)));
}

// The text: azure-docs #114432, "enforced at scaleset deployment time".
#[test]
fn two_health_sources_are_refused_with_automatic_os_upgrade() {
    let text = "Automatic OS Upgrade is not supported for this Virtual Machine Scale Set because both a health probe and a health extension were provided. Remove the health probe or health extension prior to enabling automatic OS upgrade.";
    let both = Fleet { properties: AUTOMATIC, health_probe: "{ id: alive }", ..FLEET };
    refused(rules::UM_06, &both, "E0512", Some(("BadRequest", text)));
    warned(rules::UM_06, &Fleet { health_probe: "{ id: alive }", ..FLEET });
    fine(rules::UM_06, &FLEET);
}

// The text: azure-myriad #30, terraform-provider-azurerm pull request 5430.
#[test]
fn mode_rolling_without_health_is_refused() {
    let text = "Rolling Upgrade mode is not supported for this Virtual Machine Scale Set because a health probe or health extension was not provided.";
    let rolling = Fleet { properties: "upgradePolicy: { mode: Rolling }", extension: false, ..FLEET };
    refused(rules::UM_05, &rolling, "E0513", Some(("BadRequest", text)));
    fine(rules::UM_05, &Fleet { extension: true, ..rolling.clone() });
    fine(rules::UM_05, &Fleet { health_probe: "{ id: alive }", ..rolling.clone() });
    refused(rules::UM_05, &Fleet { health_probe: "{}", ..rolling }, "E0513", Some(("BadRequest", text)));
}

#[test]
fn automatic_os_upgrade_of_flexible_is_a_warning() {
    let flexible = Fleet { mode: "Flexible", properties: AUTOMATIC, ..FLEET };
    let warns = |fleet: &Fleet, rules: RuleSet| {
        problems(&fleet.load(rules))
            .iter()
            .any(|problem| problem.code == "W0560" && problem.message.contains("(OS-07)"))
    };
    assert!(warns(&flexible, RuleSet::all()) && flexible.load(RuleSet::all()).is_ok());
    assert!(!warns(&flexible, RuleSet::without(rules::OS_07)));
    assert!(!warns(&Fleet { rest: "assumptions: { os_upgrade.flexible: true }\n", ..flexible }, RuleSet::all()));
}

#[test]
fn a_slow_probe_is_a_poor_health_source() {
    let slow = Fleet { properties: AUTOMATIC, extension: false, health_probe: "{ id: alive }", interval: 120, ..FLEET };
    warned(rules::OS_34, &slow);
    fine(rules::OS_34, &Fleet { interval: 119, ..slow });
}

#[test]
fn service_fabric_takes_mode_automatic_only() {
    let fabric = "{ name: sf, properties: { publisher: Microsoft.Azure.ServiceFabric, type: ServiceFabricNode, typeHandlerVersion: '1.1' } }";
    let manual = Fleet { extensions: fabric, ..FLEET };
    refused(rules::UM_07, &manual, "E0501", None);
    fine(rules::UM_07, &Fleet { properties: "upgradePolicy: { mode: Automatic }", ..manual.clone() });
    fine(rules::UM_07, &Fleet { properties: "overprovision: false", ..manual });
}

// ARO-RP #547 and the Terraform modules of PaloAltoNetworks quote this text.
#[test]
fn a_health_probe_belongs_to_a_balancer_of_the_set() {
    let text = "VM scale set vmss cannot use probe lb/alive as a HealthProbe because primary IP configuration of the scale set does not use load balancing. LoadBalancerBackendAddressPools property of the IP configuration must reference backend address pool of the load balancer that contains the probe.";
    let outside = Fleet { pool: "", extension: false, health_probe: "{ id: alive }", ..FLEET };
    refused(rules::UM_20, &outside, "E0514", Some(("CannotUseHealthProbeWithoutLoadBalancing", text)));
    for pool in ["{ id: lb/web }", "{ id: web }"] {
        fine(rules::UM_20, &Fleet { pool, ..outside.clone() });
    }
}

#[test]
fn a_health_probe_is_used_by_a_rule() {
    let idle = Fleet { ruled: false, extension: false, health_probe: "{ id: lb/alive }", ..FLEET };
    let text = "You can't have a probe that's not used by any rule configured for Virtual Machine Scale Set health.";
    refused(rules::UM_21, &idle, "E0514", Some(("CannotUseInactiveHealthProbe", text)));
    // Whether anybody takes it for a health source or not, nobody is asked by it.
    let unused = Fleet { ruled: false, ..FLEET }.load(RuleSet::all());
    assert!(problems(&unused).iter().any(|problem| problem.code == "W0513"));
}

// OR-05 by its sources: 600 from a managed image, 100 from storage accounts, 20 or 40 advised for an image of one's own there.
#[test]
fn where_an_image_comes_from_limits_the_set() {
    let of = |capacity: u32, image: &str, disk: &str| {
        let large = Fleet { properties: "singlePlacementGroup: false", image: "IMAGE", ..FLEET };
        let text = large.text().replace("capacity: 5", &format!("capacity: {capacity}"));
        let text = text.replace("imageReference: IMAGE", &format!("imageReference: {image}{disk}"));
        let load = |rules| load_text("scenario.yaml", text.clone(), &LoadOptions { rules });
        let all = load(RuleSet::all());
        assert!(load(RuleSet::without(rules::OR_05)).is_ok());
        said(&all, rules::OR_05).map(|problem| problem.severity)
    };
    let managed = "{ id: /subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/web }";
    assert_eq!(of(601, managed, ""), Some(Severity::Error));
    assert_eq!(of(600, managed, ""), None);
    assert_eq!(of(1000, "{ id: web }", ""), None);
    let containers = ", osDisk: { vhdContainers: ['https://a.blob.core.windows.net/vhds'] }";
    assert_eq!(of(101, "{ id: web }", containers), Some(Severity::Error));
    assert_eq!(of(100, "{ id: web }", containers), None);
    let own = ", osDisk: { image: { uri: 'https://a.blob.core.windows.net/vhds/web.vhd' } }";
    assert_eq!(of(21, "{ id: web }", own), Some(Severity::Warning));
    assert_eq!(of(20, "{ id: web }", own), None);
}

#[test]
fn flexible_has_all_three_modes() {
    for properties in
        ["upgradePolicy: { mode: Rolling }", "upgradePolicy: { mode: Automatic }", "upgradePolicy: { mode: Manual }"]
    {
        let flexible = Fleet { mode: "Flexible", properties, ..FLEET };
        assert!(flexible.load(RuleSet::all()).is_ok());
        assert!(flexible.load(RuleSet::without(rules::OR_09)).is_err(), "by the other list there is no policy");
    }
}

/// What the run says of the writes that Azure refuses: when, by which rule, in words.
fn refusals(loaded: &Loaded) -> Vec<(f64, RuleId, String)> {
    let plan = &loaded.plan("as-written").expect("it is there").plan;
    let mut ledger: Vec<Record> = Vec::new();
    run(plan, 1, Options { check_every_instant: true, ..Options::default() }, &mut ledger);
    let names = Names::new(plan, Vec::new());
    let is_refused = |record: &&Record| matches!(record.fact, Fact::Rollout(RolloutFact::WriteInvalid { .. }));
    let refused = ledger.iter().filter(is_refused);
    refused.map(|record| (record.time.seconds(), record.rule, sentence(&names, &record.fact))).collect()
}

/// A timeline with one write, and one after it that finds the set as it was.
fn write(act: &str) -> String {
    format!(
        "timeline:\n  - {{ name: wrong, at: PT10M, updateModel: {{ scaleSet: vmss, {act} }} }}\n  - {{ name: right, at: PT20M, updateModel: {{ scaleSet: vmss, properties: {{ upgradePolicy: {{ mode: Automatic }} }} }} }}\n"
    )
}

// 600 s into the run the write is sent and refused; 1,200 s into it another is accepted, of the set as it was before.
#[test]
fn a_write_that_azure_refuses_changes_nothing() {
    let zoned = Fleet { set: "zones: ['1', '2']", ..FLEET };
    let flexible = Fleet { mode: "Flexible", properties: "proximityPlacementGroup: { id: near }", ..FLEET };
    let several = Fleet { properties: "singlePlacementGroup: false", ..FLEET };
    let cases = [
        (
            &FLEET,
            "properties: { upgradePolicy: { automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true } }, virtualMachineProfile: { storageProfile: { imageReference: { id: web/1.0.0 } } } }",
            rules::OS_01,
            "BadRequest: virtualMachineScaleSets",
        ),
        (
            &FLEET,
            "properties: { platformFaultDomainCount: 3 }",
            rules::OR_17,
            "PropertyChangeNotAllowed: Changing property 'platformFaultDomainCount' is not allowed",
        ),
        (
            &FLEET,
            "properties: { orchestrationMode: Flexible }",
            rules::OR_01,
            "PropertyChangeNotAllowed: Changing property 'orchestrationMode' is not allowed",
        ),
        (
            &several,
            "properties: { singlePlacementGroup: true }",
            rules::PG_02,
            "PropertyChangeNotAllowed: Changing property 'singlePlacementGroup' is not allowed",
        ),
        (&zoned, "zones: ['1']", rules::ZN_10, "PropertyChangeNotAllowed: Changing property 'zones' is not allowed"),
        (
            &flexible,
            "properties: { proximityPlacementGroup: { id: far } }",
            rules::OR_20,
            "PropertyChangeNotAllowed: Changing property 'proximityPlacementGroup' is not allowed",
        ),
        (
            &FLEET,
            "properties: { upgradePolicy: { rollingUpgradePolicy: { maxBatchInstancePercent: 4 } } }",
            rules::RU_01,
            "`maxBatchInstancePercent` must be a whole number from 5 to 100, got `4`",
        ),
    ];
    for (fleet, act, rule, answer) in cases {
        let text = fleet.text() + &write(act);
        let outcome = load_text("scenario.yaml", text, &LoadOptions::default());
        let warning = problems(&outcome).into_iter().find(|problem| problem.code == "W0510");
        let warning = warning.unwrap_or_else(|| panic!("{act} is not said at the reading: {:?}", problems(&outcome)));
        assert!(warning.message.starts_with("Azure refuses the write `wrong`: "), "{}", warning.message);
        let loaded = outcome.unwrap_or_else(|report| panic!("{report}"));
        let found = refusals(&loaded);
        let [(at, by, words)] = &found[..] else { panic!("{act}: {found:?}") };
        assert_eq!((*at, *by), (600.0, rule), "{act}");
        assert!(words.contains(answer), "{act}: {words}");
        let timeline = &loaded.plan("as-written").expect("it is there").plan.timeline;
        assert!(matches!(timeline[0].what, Act::RefusedWrite { .. }));
        assert!(
            matches!(&timeline[1].what, Act::ChangeModel { change, .. } if change.upgrade.is_some() && change.image.is_none())
        );
    }
}

#[test]
fn the_proximity_placement_group_of_a_flexible_set_is_fixed() {
    let policy = "policies: { p: { vmss: { properties: { proximityPlacementGroup: { id: far } } } } }\n";
    let with = |mode| Fleet { mode, properties: "proximityPlacementGroup: { id: near }", rest: policy, ..FLEET };
    let problem = said(&with("Flexible").load(RuleSet::all()), rules::OR_20).expect("it is fixed");
    assert_eq!(problem.code, "E0305");
    assert!(with("Flexible").load(RuleSet::without(rules::OR_20)).is_ok());
    // A Uniform set can be moved to another, once its instances are deallocated.
    fine(rules::OR_20, &with("Uniform"));
}

#[test]
fn not_every_set_gains_a_zone() {
    let policy = "policies: { p: { vmss: { zones: ['1', '2'] } } }\n";
    let of = |properties, set, extensions| Fleet { properties, set, extensions, rest: policy, ..FLEET };
    let fabric = "{ name: sf, properties: { publisher: Microsoft.Azure.ServiceFabric, type: ServiceFabricNode, typeHandlerVersion: '1.1' } }";
    for fleet in [
        of("platformFaultDomainCount: 3", "", ""),
        of("hostGroup: { id: hosts }", "zones: ['1']", ""),
        of("overprovision: false", "zones: ['1']", fabric),
    ] {
        let problem = said(&fleet.load(RuleSet::all()), rules::ZN_12).expect("Azure adds no zone to it");
        assert_eq!(problem.answer.expect("known").code, "PropertyChangeNotAllowed");
        assert!(said(&fleet.load(RuleSet::without(rules::ZN_12)), rules::ZN_12).is_none());
    }
    fine(rules::ZN_12, &of("overprovision: false", "zones: ['1']", ""));
}

#[test]
fn protection_needs_a_newer_api() {
    let rest = "timeline: [{ name: p, at: PT1M, protect: { scaleSet: vmss, protectFromScaleIn: true } }]\n";
    warned(rules::IP_05, &Fleet { set: "apiVersion: 2018-10-01", rest, ..FLEET });
    fine(rules::IP_05, &Fleet { set: "apiVersion: 2019-03-01", rest, ..FLEET });
    warned(rules::IP_05, &Fleet { mode: "Flexible", set: "apiVersion: 2023-07-01", rest, ..FLEET });
}

// Two cores an instance: 250 more are 500 cores, and 251 more are above that.
#[test]
fn a_very_large_request_is_better_split() {
    let to = |rest| Fleet { properties: "singlePlacementGroup: false", rest, ..FLEET };
    warned(rules::AL_07, &to("timeline: [{ name: out, at: PT1M, setCapacity: { scaleSet: vmss, capacity: 256 } }]\n"));
    fine(rules::AL_07, &to("timeline: [{ name: out, at: PT1M, setCapacity: { scaleSet: vmss, capacity: 255 } }]\n"));
}

const PINNED: Fleet = Fleet { properties: AUTOMATIC, image: "{ id: web/1.0.0 }", ..FLEET };

// S1's silent no-op: a newer version stands in the region for eight hours, and nothing at all happens but what the ledger
// says of it.
#[test]
fn what_is_accepted_is_run_as_it_is() {
    let accepted = Fleet { set: "accept: [{ code: OS-01, reason: pinned by a script }]", ..PINNED };
    let loaded = accepted.load(RuleSet::all()).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(problems(&Ok(loaded)).iter().filter(|problem| problem.severity == Severity::Error).count(), 0);
    let loaded = accepted.load(RuleSet::all()).expect("it loads");
    let planned = loaded.plan("as-written").expect("it is there");
    let [one] = &planned.plan.accepted[..] else { panic!("{:?}", planned.plan.accepted) };
    assert_eq!((one.resource.as_str(), one.rule, one.reason.as_str()), ("vmss", rules::OS_01, "pinned by a script"));
    assert!(one.refusal.contains("version set to 'latest'"), "{}", one.refusal);
    let again = load_effective(&planned.effective, &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(again.accepted, planned.plan.accepted, "a run's folder keeps it");
    let mut ledger: Vec<Record> = Vec::new();
    run(&planned.plan, 1, Options::default(), &mut ledger);
    let prevented = ledger.iter().filter_map(|record| match record.fact {
        Fact::OsUpgrade(OsUpgradeFact::Prevented { why, .. }) => Some(why),
        _ => None,
    });
    assert_eq!(prevented.collect::<Vec<_>>(), [Unmet::Pinned]);
    let moves = |record: &Record| matches!(record.fact, Fact::UpdateStarted { .. } | Fact::Rollout(_));
    assert!(!ledger.iter().any(moves), "nobody is upgraded");
}

#[test]
fn an_acceptance_loosens_nothing_else() {
    // The version is accepted, and that nobody says what is healthy is not.
    let accept = "accept: [{ code: OS-01, reason: pinned by a script }]";
    let outcome = Fleet { set: accept, extension: false, ..PINNED }.load(RuleSet::all());
    assert!(said(&outcome, rules::OS_01).is_none());
    assert_eq!(said(&outcome, rules::OS_03).expect("it is refused").severity, Severity::Error);
    // And that of one set is not that of another.
    let text = Fleet { set: accept, ..PINNED }.text();
    let start = text.find("  - type: Microsoft.Compute").expect("the set");
    let end = text.find("images:").expect("the images");
    let second = text[start..end].replace("name: vmss\n", "name: vmss2\n").replace(&format!("    {accept}\n"), "");
    let outcome =
        load_text("scenario.yaml", format!("{}{second}{}", &text[..end], &text[end..]), &LoadOptions::default());
    assert_eq!(said(&outcome, rules::OS_01).expect("the other set is refused").code, "E0510");
}

#[test]
fn an_acceptance_that_nothing_needs_is_an_error() {
    let code = |set, fleet: Fleet| {
        let outcome = Fleet { set, ..fleet }.load(RuleSet::all());
        problems(&outcome).iter().map(|problem| problem.code).filter(|code| code.starts_with('E')).collect::<Vec<_>>()
    };
    assert_eq!(code("accept: [{ code: OS-01, reason: because }]", FLEET), ["E0519"]);
    assert_eq!(code("accept: [{ code: RU-01, reason: because }]", FLEET), ["E0520"]);
    assert_eq!(code("accept: [{ code: BadRequest, reason: because }]", FLEET), ["E0520"]);
    assert_eq!(code("accept: [{ code: OS-01 }]", PINNED), ["E0109"]);
    // A policy that mends the state need not take the acceptance out; one that brings the state brings its acceptance.
    let mends = "policies: { mended: { vmss: { properties: { virtualMachineProfile: { storageProfile: { imageReference: { id: web } } } } } } }\n";
    let accept = "accept: [{ code: OS-01, reason: pinned by a script }]";
    let loaded =
        Fleet { set: accept, rest: mends, ..PINNED }.load(RuleSet::all()).unwrap_or_else(|report| panic!("{report}"));
    assert!(loaded.plan("mended").expect("it is there").plan.accepted.is_empty());
    let brings = "policies: { pins: { vmss: { accept: [{ code: OS-01, reason: by a script }], properties: { virtualMachineProfile: { storageProfile: { imageReference: { id: web/1.0.0 } } } } } } }\n";
    let loaded = Fleet { properties: AUTOMATIC, rest: brings, ..FLEET }
        .load(RuleSet::all())
        .unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(loaded.plan("pins").expect("it is there").plan.accepted.len(), 1);
    assert!(loaded.plan("as-written").expect("it is there").plan.accepted.is_empty());
    let needless = "policies: { needless: { vmss: { accept: [{ code: OS-03, reason: by a script }] } } }\n";
    assert_eq!(code("", Fleet { properties: AUTOMATIC, rest: needless, ..FLEET }), ["E0519"]);
}

#[test]
fn a_write_can_be_accepted() {
    let accept = "accept: [{ code: OS-01, reason: an older version of the API took it }]";
    let act = "properties: { virtualMachineProfile: { storageProfile: { imageReference: { id: web/1.0.0 } } } }";
    let text = Fleet { set: accept, properties: AUTOMATIC, ..FLEET }.text() + &write(act);
    let loaded = load_text("scenario.yaml", text, &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    assert!(refusals(&loaded).is_empty());
    assert_eq!(loaded.plan("as-written").expect("it is there").plan.accepted.len(), 1);
}

// The file of a set with mode Rolling and without a health source, and of one that names a version: `check` of the bare file
// says what a scenario with it says.
#[test]
fn a_bare_file_is_held_to_what_a_scenario_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("vmss.json");
    let set = |policy: &str, extensions: &str| {
        format!(
            r#"{{ "type": "Microsoft.Compute/virtualMachineScaleSets", "name": "web", "location": "eastus",
                "sku": {{ "name": "Standard_D2s_v5", "capacity": 3 }},
                "properties": {{ "orchestrationMode": "Uniform", "upgradePolicy": {policy},
                    "virtualMachineProfile": {{
                        "storageProfile": {{ "imageReference": {{
                            "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/web/versions/1.0.0" }} }},
                        "extensionProfile": {{ "extensions": [{extensions}] }} }} }} }}"#
        )
    };
    let health = r#"{ "name": "health", "properties": { "publisher": "Microsoft.ManagedServices",
        "type": "ApplicationHealthLinux", "typeHandlerVersion": "1.0", "settings": { "protocol": "tcp", "port": 80 } } }"#;
    let os = r#"{ "automaticOSUpgradePolicy": { "enableAutomaticOSUpgrade": true } }"#;
    for (text, code) in [
        (set(r#"{ "mode": "Rolling" }"#, ""), Some("E0513")),
        (set(os, health), Some("E0510")),
        (set(r#"{ "mode": "Rolling" }"#, health), None),
    ] {
        std::fs::write(&path, &text).expect("it can be written");
        let (resources, read) = arm::load(&path, None, &[]);
        assert!(!read.has_errors(), "{read:?}");
        let errors: Vec<&str> = bare(resources, &LoadOptions::default())
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| problem.code)
            .collect();
        assert_eq!(errors, code.into_iter().collect::<Vec<_>>());
        let mut check = assert_cmd::Command::new(env!("CARGO_BIN_EXE_windtunnel"));
        check.arg("check").arg(&path).assert().code(if code.is_some() { 2 } else { 0 });
    }
}

// A gateway has pools and probes as a balancer has, and is none: what a resource says of itself is never overruled.
#[test]
fn a_stated_type_is_never_overruled() {
    let text = "windtunnel: 1\ntitle: t\nhorizon: PT1H\nresources:\n  - { type: Microsoft.Network/applicationGateways, name: gw, location: eastus, properties: { backendAddressPools: [{ name: be }], probes: [{ name: p, properties: { protocol: Http, path: / } }] } }\n  - { type: Microsoft.Compute/virtualMachineScaleSets, name: vmss, location: eastus, sku: { name: Standard_D2s_v5, capacity: 2 }, properties: { orchestrationMode: Uniform, virtualMachineProfile: { storageProfile: { imageReference: { id: web/1.0.0 } } } } }\nimages: { web: { 1.0.0: {} } }\n";
    let loaded = load_text("scenario.yaml", text.to_owned(), &LoadOptions::default());
    let codes: Vec<&str> = problems(&loaded).iter().map(|problem| problem.code).collect();
    assert!(!codes.contains(&"E0502") && !codes.contains(&"N0402"), "{codes:?}");
    assert!(loaded.expect("it loads").plan("as-written").expect("it is there").plan.pools.is_empty());
    // Traffic that names it gets a problem.
    let outcome = load_text(
        "scenario.yaml",
        format!("{text}traffic: {{ gw: {{ demand: 1 rps, connections: perRequest }} }}\n"),
        &LoadOptions::default(),
    );
    let help = problems(&outcome)
        .into_iter()
        .find(|problem| problem.code == "E0205")
        .and_then(|problem| problem.help.as_deref());
    assert!(help.is_some_and(|help| help.contains("applicationGateways") && help.contains("no rule")), "{help:?}");
}

#[test]
fn two_probes_on_one_port_can_be_allowed() {
    let two = |rest: &str| {
        let text = Fleet { rest: "", ..FLEET }.text();
        let probes = text.replace(
            "intervalInSeconds: 5 } }]",
            "intervalInSeconds: 5 } }, { name: too, properties: { protocol: Tcp, port: 80 } }]",
        );
        let rule = "{ name: too, properties: { backendAddressPool: { id: web }, probe: { id: too } } }";
        let rules = probes.replace("probe: { id: alive } } }]", &format!("probe: {{ id: alive }} }} }}, {rule}]"));
        load_text("scenario.yaml", format!("{rules}{rest}"), &LoadOptions::default())
    };
    assert_eq!(said(&two(""), rules::LB_15).expect("it is refused").severity, Severity::Error);
    let allowed = two("assumptions: { lb.two_probes_one_port: allow }\n");
    let plan =
        &allowed.unwrap_or_else(|report| panic!("{report}")).plan("as-written").expect("it is there").plan.clone();
    let probe = |at: usize| plan.pools[at].probe.as_ref().map(|probe| probe.name.as_str());
    assert_eq!([0, 1].map(probe), [Some("alive"), Some("too")]);
}

#[test]
fn the_tests_that_rules_name_are_here() {
    let source = include_str!("refusals.rs");
    for rule in RULES {
        for name in rule.tests.iter().filter_map(|test| test.strip_prefix("input::refusals::")) {
            assert!(source.contains(&format!("fn {name}()")), "{} names a test `{name}` that is not here", rule.id);
        }
    }
}
