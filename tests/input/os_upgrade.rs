//! How maintenance windows, phases and the calls for OS upgrades are read.

use super::plan_of;
use windtunnel::input::{LoadOptions, Loaded, Report, load_text};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{Act, ImageReference, Plan, Which, Window};
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
    plan_of(load("05:00", recurs, rest, RuleSet::all()))
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

fn with_profile(size: &str, policy: &str, profile: &str, rest: &str) -> String {
    HEAD.replace("DURATION", "05:00").replace("RECURS", "Day").replace("Standard_D2s_v5", size).replace(
        "      virtualMachineProfile: { ",
        &format!("      upgradePolicy: {{ {policy} }}\n      virtualMachineProfile: {{ {profile}"),
    ) + rest
}

fn said(text: String, rules: RuleSet) -> (Option<Plan>, String) {
    match load_text("scenario.yaml", text, &LoadOptions { rules }) {
        Ok(loaded) => {
            let plan = loaded.plan("as-written").expect("it always exists").plan.clone();
            (Some(plan), Report::from(loaded.problems).to_string())
        }
        Err(report) => (None, report.to_string()),
    }
}

const NOTICE: &str = "scheduledEventsProfile: { osImageNotificationProfile: { enable: true } }, ";

/// REST: the value must be PT15M; disabled, or not written, there is no notice at all.
#[test]
fn an_image_notice_lasts_a_quarter_of_an_hour() {
    let notice = |profile: &str, rules| {
        let (plan, said) = said(with_profile("Standard_D2s_v5", "mode: Manual", profile, ""), rules);
        (plan.map(|plan| plan.sets[0].profile.os_image), said)
    };
    let quarter = windtunnel_sim::engine::time::SimDuration::from_mins(15);
    assert_eq!(notice("", RuleSet::all()).0, Some(None));
    assert_eq!(notice(&NOTICE.replace("true", "false"), RuleSet::all()).0, Some(None));
    assert_eq!(notice(NOTICE, RuleSet::all()).0, Some(Some(quarter)));
    let shorter = NOTICE.replace("enable: true", "enable: true, notBeforeTimeout: PT5M");
    let (refused, said) = notice(&shorter, RuleSet::all());
    assert!(refused.is_none() && said.contains("must be a duration of PT15M, got `PT5M` (OS-16)"), "{said}");
    assert!(notice(&shorter, RuleSet::without(rules::OS_16)).0.is_some());
}

/// SCHED: not for the G, M, N and H series.
#[test]
fn an_image_notice_needs_a_size_that_has_it() {
    let of = |size: &str, rules| {
        let (plan, said) = said(with_profile(size, "mode: Manual", NOTICE, ""), rules);
        (plan.expect("it loads").sets[0].profile.os_image.is_some(), said.contains("(SE-16)"))
    };
    assert_eq!(of("Standard_D2s_v5", RuleSet::all()), (true, false));
    for size in ["Standard_GS5", "Standard_M64s", "Standard_NC6s_v3", "Standard_HB120rs_v3"] {
        assert_eq!(of(size, RuleSet::all()), (false, true), "{size}");
    }
    assert_eq!(of("Standard_M64s", RuleSet::without(rules::SE_16)), (true, false));
}

/// The set says 10 % and a pause, without the flag: that is said, with whose numbers the run uses. With the flag, or with no
/// policy of its own, both readings come to the same.
#[test]
fn whose_numbers_an_os_upgrade_uses_is_said() {
    const OWN: &str = "rollingUpgradePolicy: { maxBatchInstancePercent: 10 }, automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true }";
    let of = |policy: &str, rest: &str, rules| said(with_profile("Standard_D2s_v5", policy, "", rest), rules).1;
    let flag = "assumptions: { os_upgrade.policy: flag }\n";
    assert!(of(OWN, "", RuleSet::all()).contains("are assumed to use these numbers"));
    assert!(of(OWN, flag, RuleSet::all()).contains("do not use these numbers"));
    assert!(!of(OWN, "", RuleSet::without(rules::OS_21)).contains("W0559"));
    let with_flag = OWN.replace("Upgrade: true", "Upgrade: true, useRollingUpgradePolicy: true");
    assert!(!of(&with_flag, flag, RuleSet::all()).contains("W0559"));
    assert!(!of(&OWN.replace("10", "20"), flag, RuleSet::all()).contains("W0559"));
}

/// On a Flexible set it never begins: unless Flexible supports it, and then not with surge.
#[test]
fn an_os_upgrade_that_never_begins_is_said() {
    const ON: &str = "automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true }";
    let of = |policy: &str, rest: &str| {
        let text = with_profile("Standard_D2s_v5", policy, "", rest).replace("Uniform", "Flexible");
        said(text, RuleSet::all()).1
    };
    let supported = "assumptions: { os_upgrade.flexible: true }\n";
    assert!(of(ON, "").contains("will never start: the set is Flexible, which does not support it (OS-07)"));
    assert!(!of(ON, supported).contains("W0560"));
    let surge = format!("rollingUpgradePolicy: {{ maxSurge: true }}, {ON}");
    assert!(of(&surge, supported).contains("in Flexible it cannot be combined with `maxSurge` (MS-07)"));
    assert!(!of("mode: Manual", "").contains("W0560"));
    // What a policy alone switches on names the policy; what is so as written is said once, without one.
    let policies = format!("policies: {{ eager: {{ vmss: {{ properties: {{ upgradePolicy: {{ {ON} }} }} }} }} }}\n");
    assert!(
        of("mode: Manual", &policies).contains("under the policy `eager`, automatic OS upgrade is enabled on `vmss`")
    );
    let other = "policies: { larger: { vmss: { sku: { capacity: 3 } } } }\n";
    assert_eq!(of(ON, other).matches("W0560").count(), 1);
    assert!(!of(ON, other).contains("under the policy"));
}

/// OS-01, OS-08: `latest` is followed whether or not `images` says what is in it; a version that is named, and a managed image, which
/// has none, are what they are.
#[test]
fn what_is_latest_is_followed_undeclared_too() {
    let of = |reference: &str| {
        let text = format!(
            "windtunnel: 1\ntitle: t\nhorizon: PT1H\nresources:\n  - type: Microsoft.Compute/virtualMachineScaleSets\n    name: vmss\n    \
             location: eastus\n    sku: {{ name: Standard_D2s_v5, capacity: 1 }}\n    properties: {{ orchestrationMode: Uniform, \
             virtualMachineProfile: {{ storageProfile: {{ imageReference: {{ {reference} }} }} }} }}\n"
        );
        let (plan, said) = said(text, RuleSet::all());
        (plan.unwrap_or_else(|| panic!("{said}")).sets[0].image, said.contains("in its only version"))
    };
    let gallery = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/pics/images/web";
    assert_eq!(of(&format!("id: {gallery}")), (ImageReference::Definition(0), true));
    assert_eq!(of(&format!("id: {gallery}/versions/1.2.0")), (ImageReference::Version(0), false));
    let platform = "publisher: Canonical, offer: ubuntu-24_04-lts, sku: server";
    assert_eq!(of(&format!("{platform}, version: latest")), (ImageReference::PlatformLatest(0), true));
    assert_eq!(of(&format!("{platform}, version: 24.04.202405010")), (ImageReference::Version(0), false));
    let managed = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/golden";
    assert_eq!(of(&format!("id: {managed}")), (ImageReference::Version(0), false));
}

/// A Windows set with data disks, whose OS disk is swapped by automatic OS upgrades, is warned of its drive letters; one
/// without such disks, one of Linux and one that is not upgraded automatically are not.
#[test]
fn drive_letters_may_change_with_the_os_disk() {
    let warns = |disks: &str, system: &str, enabled: bool, rules: RuleSet| {
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
      upgradePolicy: {{ mode: Manual, automaticOSUpgradePolicy: {{ enableAutomaticOSUpgrade: {enabled} }} }}
      virtualMachineProfile:
        osProfile: {{ {system}: {{}} }}
        storageProfile: {{ imageReference: {{ id: web }}, dataDisks: {disks} }}
        extensionProfile:
          extensions:
            - name: health
              properties:
                publisher: Microsoft.ManagedServices
                type: ApplicationHealthWindows
                typeHandlerVersion: \"1.0\"
                settings: {{ protocol: tcp, port: 80 }}
images: {{ web: {{ 1.0.0: {{}} }} }}
"
        );
        let text = text.replace("windowsConfiguration: {}", "windowsConfiguration: { enableAutomaticUpdates: false }");
        let loaded =
            load_text("scenario.yaml", text, &LoadOptions { rules }).unwrap_or_else(|report| panic!("{report}"));
        loaded.problems.iter().any(|problem| problem.full().ends_with("(OS-30)"))
    };
    let disks = "[{ lun: 0, createOption: Empty, diskSizeGB: 64 }]";
    assert!(warns(disks, "windowsConfiguration", true, RuleSet::all()));
    assert!(!warns(disks, "windowsConfiguration", true, RuleSet::without(rules::OS_30)));
    assert!(!warns("[]", "windowsConfiguration", true, RuleSet::all()));
    assert!(!warns(disks, "linuxConfiguration", true, RuleSet::all()));
    assert!(!warns(disks, "windowsConfiguration", false, RuleSet::all()));
}
