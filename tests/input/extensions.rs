//! What extensions install by their settings, and what a change of the model takes on an instance.

use windtunnel::input::{LoadOptions, load_text};
use windtunnel_sim::plan::{Act, Flaw, GuestAct, ModelChange, Plan, Reach};
use windtunnel_sim::world::fact::{Fact, Operation, Record};
use windtunnel_sim::world::run::{Options, run};

/// A set of two in mode Automatic whose model has a password, user data, an extension and the like, and one write at ten
/// minutes.
fn text(write: &str, application: &str) -> String {
    format!(
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
      overprovision: false
      upgradePolicy: {{ mode: Automatic }}
      virtualMachineProfile:
        storageProfile: {{ imageReference: {{ id: web/1.0.0 }} }}
        extensionProfile:
          extensions:
            - name: app
              properties:
                publisher: Microsoft.Azure.Extensions
                type: CustomScript
                typeHandlerVersion: \"2.1\"
                settings: {{ commandToExecute: ./install r1, fileUris: [https://x/a.sh] }}
images: {{ web: {{ 1.0.0: {{ code: r1 }} }} }}
application:
  releases: [r1, {{name: r2, cannotReach: [db], bad: true}}, r3]
  dependencies: [db]
  extensions: {{ app: {application} }}
timeline:
  - name: write
    at: PT10M
    updateModel: {{ scaleSet: vmss, {write} }}
"
    )
}

fn plan(write: &str, application: &str) -> Result<Plan, String> {
    let loaded = load_text("scenario.yaml", text(write, application), &LoadOptions::default());
    let loaded = loaded.map_err(|report| report.to_string())?;
    Ok(loaded.plan("as-written").expect("it always exists").plan.clone())
}

fn changed(plan: &Plan) -> &ModelChange {
    let Act::ChangeModel { change, .. } = &plan.timeline[0].what else { panic!("a change of the model") };
    change
}

fn ledger(plan: &Plan) -> Vec<Record> {
    let mut ledger = Vec::new();
    run(plan, 7, Options { check_every_instant: true, ..Options::default() }, &mut ledger);
    ledger
}

/// The page on upgrade policies: a restart, a reimage or a redeploy for passwords, SSH keys, custom data, the image, the size
/// and the proximity placement group, where passwords and custom data wait for the reimage; nothing else disturbs.
#[test]
fn what_a_change_takes_is_the_documented_list() {
    let profile = |what: &str| format!("properties: {{ virtualMachineProfile: {{ {what} }} }}");
    let rows = [
        ("sku: { name: Standard_D4s_v5 }".to_owned(), Reach::Restart),
        ("properties: { proximityPlacementGroup: { id: ppg } }".to_owned(), Reach::Restart),
        (profile("securityProfile: { securityType: TrustedLaunch }"), Reach::Restart),
        (profile("osProfile: { adminPassword: other }"), Reach::NextReimage),
        (profile("osProfile: { adminUsername: other }"), Reach::NextReimage),
        (profile("osProfile: { linuxConfiguration: { ssh: { publicKeys: [{ keyData: k }] } } }"), Reach::NextReimage),
        (profile("osProfile: { customData: I2Nsb3VkLWNvbmZpZwo= }"), Reach::NextReimage),
        (profile("storageProfile: { osDisk: { createOption: FromImage, diskSizeGB: 64 } }"), Reach::NextReimage),
        (profile("storageProfile: { dataDisks: [{ lun: 0, createOption: Empty, diskSizeGB: 64 }] }"), Reach::InPlace),
        (profile("userData: YQ=="), Reach::InPlace),
        (profile("licenseType: RHEL_BYOS"), Reach::InPlace),
        (profile("diagnosticsProfile: { bootDiagnostics: { enabled: true } }"), Reach::InPlace),
        (profile("applicationProfile: { galleryApplications: [] }"), Reach::InPlace),
        (
            profile(
                "scheduledEventsProfile: { terminateNotificationProfile: { enable: true, notBeforeTimeout: PT5M } }",
            ),
            Reach::InPlace,
        ),
        (
            profile("networkProfile: { networkInterfaceConfigurations: [{ name: n, properties: { primary: true } }] }"),
            Reach::InPlace,
        ),
        ("tags: { team: web }".to_owned(), Reach::Nothing),
        (
            profile("extensionProfile: { extensions: [{ name: app, properties: { forceUpdateTag: two } }] }"),
            Reach::Nothing,
        ),
    ];
    for (write, reach) in rows {
        let plan = plan(&write, "{ duration: PT1M }").unwrap_or_else(|report| panic!("{write}: {report}"));
        assert_eq!(changed(&plan).rest, reach, "{write}");
        let ledger = ledger(&plan);
        let restarts = ledger.iter().filter(|record| {
            matches!(record.fact, Fact::UpdateStarted { how: Operation::Restart, .. } | Fact::ProcessStopped { .. })
        });
        // Two instances restart, and the process of each stops with it.
        assert_eq!(restarts.count(), if reach == Reach::Restart { 4 } else { 0 }, "{write}");
        let brought = ledger.iter().filter(|record| matches!(record.fact, Fact::UpdateStarted { .. })).count();
        let concerns = reach != Reach::Nothing || write.contains("extensionProfile");
        assert_eq!(brought, if concerns { 2 } else { 0 }, "{write}");
    }
}

/// A new script in the settings, of either kind, and another version of the extension are changes of the model, and it runs
/// again for the minute that it takes; a write that says what is there already is none.
#[test]
fn other_settings_are_a_change_of_the_model() {
    let extension = |what: &str| {
        format!(
            "properties: {{ virtualMachineProfile: {{ extensionProfile: {{ extensions: [{{ name: app, properties: {{ {what} }} }}] }} }} }}"
        )
    };
    for other in [
        "settings: { commandToExecute: ./install r2 }",
        "settings: { fileUris: [https://x/b.sh] }",
        "protectedSettings: { storageAccountKey: k }",
        "typeHandlerVersion: \"2.2\"",
    ] {
        let plan = plan(&extension(other), "{ duration: PT1M }").unwrap_or_else(|report| panic!("{other}: {report}"));
        let done: Vec<f64> = ledger(&plan)
            .iter()
            .filter(|record| matches!(record.fact, Fact::ExtensionDone { .. }))
            .map(|record| record.time.seconds())
            .collect();
        assert_eq!(done, [660.0, 660.0], "{other}");
    }
    let same = extension("settings: { commandToExecute: ./install r1 }");
    assert!(plan(&same, "{ duration: PT1M }").is_err_and(|report| report.contains("E0302")));
}

/// The first row of `installs` that holds counts; what is wrong with the release goes with it.
#[test]
fn an_extension_installs_by_its_properties() {
    let installs = "{ duration: PT1M, stopsProcess: true, installs: [{ when: { settings: { commandToExecute: ./install r1 } }, \
                    code: r1 }, { when: { settings: { commandToExecute: ./install r2 } }, code: r2 }, { when: { forceUpdateTag: \
                    three }, code: r3 }] }";
    let write = |what: &str| {
        format!(
            "properties: {{ virtualMachineProfile: {{ extensionProfile: {{ extensions: [{{ name: app, properties: {{ {what} }} }}] }} }} }}"
        )
    };
    let installed = |what: &str| {
        let plan = plan(&write(what), installs).unwrap_or_else(|report| panic!("{what}: {report}"));
        assert_eq!((plan.application.flaw(Some(1)).cannot, plan.application.flaw(Some(1)).bad), (1, true));
        assert_eq!(plan.application.flaw(Some(2)), Flaw::default());
        assert_eq!(plan.sets[0].profile.extensions[0].installs, Some(0));
        changed(&plan).profile.as_ref().expect("the extension is another").extensions[0].installs
    };
    assert_eq!(installed("settings: { commandToExecute: ./install r2 }"), Some(1));
    assert_eq!(installed("forceUpdateTag: three, settings: { commandToExecute: other }"), Some(2));
    // No row holds: nothing is installed, with a warning.
    assert_eq!(installed("settings: { commandToExecute: other }"), None);
}

/// Of the bundled incident: as written it harms, and under each of the four remedies it harms nobody (IN-03).
#[test]
fn each_remedy_of_the_incident_is_a_policy_that_holds() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/stale-image-scale-out.yaml");
    let loaded = windtunnel::input::load(&path, &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    let stale = |policy: &str| {
        let mut ledger = Vec::new();
        run(&loaded.plan(policy).expect("it is bundled").plan, 7, Options::default(), &mut ledger);
        ledger.iter().filter(|record| matches!(record.fact, Fact::HarmStarted { .. })).count()
    };
    assert_eq!(stale("as-written"), 1);
    for remedy in ["baked-image", "version-probe", "extension-installs", "admin-state-down"] {
        assert_eq!(stale(remedy), 0, "{remedy}");
    }
}

/// What cloud-init does goes with the custom data of the model, which a write can change; and the acts about guests.
#[test]
fn custom_data_and_acts_about_guests_are_read() {
    let write = "properties: { virtualMachineProfile: { osProfile: { customData: dHdv } } }";
    let text = text(write, "{ duration: PT1M }")
        .replace("        extensionProfile:", "        osProfile: { customData: b25l }\n        extensionProfile:")
        + "  - { name: expired, at: PT20M, expirePayload: { scaleSet: vmss, extension: app, for: PT5M } }
  - { name: service, at: PT21M, failUpgrade: { scaleSet: vmss } }
";
    let text = text.replace(
        "application:\n",
        "application:\n  customData: { vmss: { duration: PT4M, startsProcess: true, installs: [{ when: { customData: b25l }, \
         code: r1 }, { when: { customData: dHdv }, code: r3 }] } }\n",
    );
    let read =
        |text: String| load_text("scenario.yaml", text, &LoadOptions::default()).map_err(|report| report.to_string());
    let loaded = read(text.clone()).unwrap_or_else(|report| panic!("{report}"));
    let plan = &loaded.plan("as-written").expect("it always exists").plan;
    let data = plan.sets[0].profile.custom_data.as_ref().expect("it is described");
    assert_eq!((data.installs, data.starts_process), (Some(0), true));
    let change = changed(plan);
    assert_eq!(change.rest, Reach::NextReimage);
    assert_eq!(change.profile.as_ref().and_then(|of| of.custom_data.as_ref()).map(|of| of.installs), Some(Some(2)));
    let length = Some(windtunnel_sim::engine::time::SimDuration::from_mins(5));
    let expire = GuestAct::ExpirePayload { set: 0, extension: "app".into(), length };
    assert!(matches!(&plan.timeline[1].what, Act::Guest(act) if *act == expire));
    assert!(matches!(&plan.timeline[2].what, Act::Guest(GuestAct::FailUpgrade { set: 0 })));
    // No custom data, no such extension, no such set.
    let without = read(text.replace("        osProfile: { customData: b25l }\n", "")).map(|_| ());
    assert!(without.is_err_and(|report| report.contains("E0555")));
    let other = read(text.replace("extension: app,", "extension: apq,")).map(|_| ());
    assert!(other.is_err_and(|report| report.contains("E0207") && report.contains("`app`")));
    let nobody = read(text.replace("customData: { vmss:", "customData: { vmsz:")).map(|_| ());
    assert!(nobody.is_err_and(|report| report.contains("E0201")));
}

/// A release of an extension reaches a set: the extension says whether Azure puts it on the instances by itself.
#[test]
fn a_release_of_an_extension_is_read() {
    let write = "properties: { virtualMachineProfile: { userData: YQ== } }";
    let text = text(write, "{ duration: PT1M }").replace(
        "                typeHandlerVersion: \"2.1\"",
        "                typeHandlerVersion: \"2.1\"\n                enableAutomaticUpgrade: true",
    ) + "  - { name: next, at: PT20M, publishExtension: { scaleSet: vmss, extension: app, version: 2.1.13, duration: PT2M, cannotReach: \
         [db], bad: true } }
";
    let loaded = load_text("scenario.yaml", text, &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    let plan = &loaded.plan("as-written").expect("it always exists").plan;
    assert!(plan.sets[0].profile.extensions[0].automatic);
    let Act::Guest(GuestAct::PublishExtension { set: 0, extension, release }) = &plan.timeline[1].what else {
        panic!("{:?}", plan.timeline[1])
    };
    assert_eq!((extension.as_str(), release.version.as_str(), release.cannot, release.bad), ("app", "2.1.13", 1, true));
    let ledger = ledger(plan);
    let began = ledger.iter().filter(|record| {
        let by_itself = record.rule == windtunnel_sim::rules::OS_33;
        by_itself && matches!(record.fact, Fact::UpdateStarted { how: Operation::Extensions, .. })
    });
    // 20 % of two is one at a time; what it keeps from the instance shows in its service, and no gate asks for that. A set
    // without a health source is watched for ten minutes after the two of the extension (`rolling.watch_unsourced`).
    assert_eq!(began.map(|record| record.time.seconds()).collect::<Vec<_>>(), [1200.0, 1920.0]);
}

/// The table of what boots where: generation and security type of the definition against those of the machines.
#[test]
fn an_image_boots_where_its_definition_fits() {
    let refused = |definition: &str, machine: &str, rules| {
        let write = "properties: { virtualMachineProfile: { userData: YQ== } }";
        let security = format!("        securityProfile: {{ securityType: {machine} }}\n        extensionProfile:");
        let mut text = text(write, "{ duration: PT1M }");
        if machine != "none" {
            text = text.replace("        extensionProfile:", &security);
        }
        let text = format!("{text}imageDefinitions: {{ web: {{ {definition} }} }}\n");
        match load_text("scenario.yaml", text, &LoadOptions { rules }) {
            Ok(_) => false,
            Err(report) => {
                assert!(report.to_string().contains("(LC-09)"), "{report}");
                true
            }
        }
    };
    let all = windtunnel_sim::rules::RuleSet::all;
    let machines = ["none", "Standard", "TrustedLaunch", "ConfidentialVM"];
    for (definition, boots) in [
        ("securityType: Standard", [true, true, false, false]),
        ("securityType: TrustedLaunchSupported, hyperVGeneration: V2", [true, true, true, false]),
        ("securityType: TrustedLaunch, hyperVGeneration: V2", [false, false, true, false]),
        ("securityType: ConfidentialVMSupported, hyperVGeneration: V2", [true, true, true, true]),
        ("hyperVGeneration: V1", [true, true, false, false]),
        ("hyperVGeneration: V2", [true, true, true, true]),
    ] {
        for (machine, boots) in machines.iter().zip(boots) {
            assert_eq!(!refused(definition, machine, all()), boots, "{definition} on {machine}");
        }
    }
    let without = windtunnel_sim::rules::RuleSet::without(windtunnel_sim::rules::LC_09);
    assert!(!refused("hyperVGeneration: V1", "TrustedLaunch", without));
}
