//! How maintenance windows, phases and the calls for OS upgrades are read.

use windtunnel::input::{LoadOptions, Loaded, Report, load_text};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{Act, Plan, Which, Window};
use windtunnel_sim::rules::{self, RuleId, RuleSet};

/// The run begins on a Monday at 00:00.
const HEAD: &str = "windtunnel: 1
title: t
horizon: P3D
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 2 }
    properties:
      orchestrationMode: Uniform
      virtualMachineProfile: { storageProfile: { imageReference: { id: web/1.0.0 } } }
  - type: Microsoft.Maintenance/configurationAssignments
    name: vmss-nightly
    properties: { maintenanceConfigurationId: nightly, resourceId: vmss }
  - type: Microsoft.Maintenance/maintenanceConfigurations
    name: nightly
    location: eastus
    properties:
      maintenanceScope: OSImage
      maintenanceWindow: { startDateTime: \"2026-01-01 22:00\", duration: \"DURATION\", timeZone: UTC, recurEvery: RECURS }
images: { web: { 1.0.0: {} } }
regions: { westus2: { phase: 2 }, eastus: { phase: 1 } }
";

fn load(duration: &str, recurs: &str, rest: &str, rules: RuleSet) -> Result<Loaded, Report> {
    let text = HEAD.replace("DURATION", duration).replace("RECURS", recurs);
    load_text("scenario.yaml", format!("{text}{rest}"), &LoadOptions { rules })
}

fn plan(recurs: &str, rest: &str) -> Plan {
    let loaded = load("05:00", recurs, rest, RuleSet::all()).unwrap_or_else(|report| panic!("{report}"));
    loaded.plan("as-written").expect("it always exists").plan.clone()
}

/// Monday 00:00 is inside the window that opened on Sunday at 22:00; then Monday, Tuesday and Wednesday at 22:00.
#[test]
fn a_maintenance_configuration_becomes_windows_of_the_run() {
    let plan = plan("Day", "");
    let hours = |from: u64, to: u64| Window {
        opens: SimTime::from_ms(from * 3_600_000),
        closes: SimTime::from_ms(to * 3_600_000),
    };
    assert_eq!(plan.os_upgrades.windows(0), Some(&[hours(0, 3), hours(22, 27), hours(46, 51), hours(70, 75)][..]));
}

#[test]
fn the_order_of_regions_is_by_phase() {
    let plan = plan("Day", "");
    let names: Vec<Vec<&str>> = plan
        .os_upgrades
        .phases
        .iter()
        .map(|phase| phase.iter().map(|&region| plan.regions[usize::from(region)].name.as_str()).collect())
        .collect();
    // A region that nothing is in is not of the plan.
    assert_eq!(names, [["eastus"]]);
}

#[test]
fn the_calls_of_os_upgrades_are_acts() {
    let plan = plan(
        "2Weeks",
        "timeline:
  - { name: start, at: PT1H, startOsUpgrade: { scaleSet: vmss } }
  - { name: approve, at: PT2H, approveOsUpgrade: { scaleSet: vmss, instances: [1] } }
",
    );
    assert!(matches!(plan.timeline[0].what, Act::StartOsUpgrade { set: 0 }));
    let Act::ApproveOsUpgrade { set: 0, which: Which::One(1) } = plan.timeline[1].what else {
        panic!("{:?}", plan.timeline[1].what);
    };
}

fn refused(rule: RuleId, duration: &str, recurs: &str) {
    let report = load(duration, recurs, "", RuleSet::all()).err().map(|report| report.to_string()).unwrap_or_default();
    assert!(report.contains(&format!("({rule})")), "{rule}: {report}");
}

#[test]
fn a_window_lasts_five_hours_and_recurs_in_days_or_weeks() {
    refused(rules::OS_14, "04:59", "Day");
    refused(rules::OS_14, "05:00", "Month");
}
