//! The shapes of the answers against those of real bodies: what we give is there too, nested and typed alike; and what is
//! there is given, or left out for a reason.

use crate::plans::*;
use crate::samples::samples;
use crate::support::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use windtunnel_sim::plan::*;

type Shape = BTreeMap<String, &'static str>;

fn walk(value: &Value, path: &str, shape: &mut Shape) {
    let kind = match value {
        Value::Null => return,
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    if let Some(other) = shape.insert(path.to_owned(), kind) {
        assert_eq!(other, kind, "{path} is of two types");
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, &format!("{path}[]"), shape)),
        Value::Object(keys) => keys.iter().for_each(|(key, value)| {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            walk(value, &path, shape);
        }),
        _ => {}
    }
}

fn shape<'v>(values: impl IntoIterator<Item = &'v Value>) -> Shape {
    let mut shape = Shape::new();
    values.into_iter().for_each(|value| walk(value, "", &mut shape));
    shape
}

fn read(folder: &Path, file: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Holds our answers against real ones. `left_out` has what is there and not given, `added` what is given and not there:
/// each a path, and all below it, with the reason.
fn holds(ours: &[Value], theirs: &[Value], left_out: &[(&str, &str)], added: &[(&str, &str)]) {
    let (ours, theirs) = (shape(ours), shape(theirs));
    let below = |path: &str, list: &[(&str, &str)]| {
        list.iter()
            .any(|(of, _)| path == *of || path.starts_with(&format!("{of}.")) || path.starts_with(&format!("{of}[")))
    };
    let mut wrong = Vec::new();
    for (path, kind) in &ours {
        match theirs.get(path) {
            Some(other) if other == kind => {}
            Some(other) => wrong.push(format!("{path} is {kind} here and {other} there")),
            None if below(path, added) => {}
            None => wrong.push(format!("{path} is not there")),
        }
    }
    for path in theirs.keys() {
        if !ours.contains_key(path) && !below(path, left_out) {
            wrong.push(format!("{path} is there and not given, and no reason says why"));
        }
    }
    // A reason for what is no longer so is none.
    for (path, _) in left_out {
        if ours.contains_key(*path) || !theirs.contains_key(*path) {
            wrong.push(format!("{path} is not left out"));
        }
    }
    for (path, _) in added {
        if theirs.contains_key(*path) || !ours.contains_key(*path) {
            wrong.push(format!("{path} is not added"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const NO_GROUP: &str = "a scenario has no subscription and no resource group";
const NO_INNER: &str = "errors of the service itself are not modelled (RU-39)";

#[test]
fn a_rolling_upgrade_has_the_shape_of_a_real_one() {
    let Some(folder) = samples() else { return };
    let real =
        read(&folder, "rest-bodies/VirtualMachineScaleSetRollingUpgrade_GetLatest_MaximumSet_Gen.2024-07-01.200.json");
    let ours = [latest(&rolling(10, RollingPolicy::default()), 400), latest(&sick(5, RollingPolicy::default()), 600)];
    let left_out = [
        ("id", "null in every answer on record, though the reference has it"),
        ("name", "null in every answer on record, though the reference has it"),
        ("tags", "the user's, and nothing changes them"),
        ("properties.error.innererror", NO_INNER),
        ("properties.error.target", "null in the answers on record"),
    ];
    holds(&ours, &[real], &left_out, &[]);
}

/// The command line prints the same without `properties`, and with the counts of a set of ten.
#[test]
fn a_documented_answer_of_the_command_line_has_the_same_values() {
    let Some(folder) = samples() else { return };
    let real = read(&folder, "doc-snippets/azure-docs__rolling-upgrade-get-latest.json");
    // 2 in progress, 8 successful: the fifth batch of five, from 560 s on. Its page leaves enableCrossZoneUpgrade out.
    let policy = RollingPolicy { prioritize_unhealthy: true, ..RollingPolicy::default() };
    let mut ours = latest(&rolling(10, policy), 600);
    let ours_of = |ours: &mut Value, key: &str| ours["properties"][key].take();
    assert_eq!(ours_of(&mut ours, "progress"), real["progress"]);
    let mut policy = ours_of(&mut ours, "policy");
    assert_eq!(policy.as_object_mut().and_then(|policy| policy.remove("enableCrossZoneUpgrade")), Some(false.into()));
    assert_eq!(policy, real["policy"]);
    assert_eq!((&ours["type"], &ours["location"]), (&real["type"], &real["location"]));
}

#[test]
fn an_upgrade_history_has_the_shape_of_a_real_one() {
    let Some(folder) = samples() else { return };
    let real =
        read(&folder, "rest-bodies/VirtualMachineScaleSet_GetOSUpgradeHistory_MaximumSet_Gen.2024-07-01.200.json");
    let mut platform = by_call();
    platform.definitions[0] = "Canonical:ubuntu-24_04-lts:server".into();
    let ours = [
        asked(&automatic_and_sick(), 9_000, "vmss/osUpgradeHistory"),
        asked(&platform, 2_000, "vmss/osUpgradeHistory"),
    ];
    let left_out = [
        ("nextLink", "five attempts fit on one page"),
        ("value[].properties.error.innererror", NO_INNER),
        ("value[].properties.error.target", "null in the answers on record"),
        ("value[].properties.rollbackInfo.rollbackError", "what goes wrong with a rollback has no published code"),
        (
            "value[].properties.targetImageReference.sharedGalleryImageId",
            "galleries are not shared between tenants here",
        ),
    ];
    holds(&ours, &[real], &left_out, &[]);
}

#[test]
fn the_view_of_a_set_has_the_shape_of_a_real_one() {
    let Some(folder) = samples() else { return };
    let files = [
        "rest-bodies/VirtualMachineScaleSet_GetInstanceView_MaximumSet_Gen.2024-07-01.200.json",
        "recorded/azcli__test_vmss_create_and_modify.55.vmss-instance-view.json",
    ];
    let real = files.map(|file| read(&folder, file));
    let plan = repaired(sick(5, RollingPolicy::default()));
    let ours = [asked(&plan, 150, "vmss/instanceView"), asked(&plan, 1000, "vmss/instanceView")];
    let left_out = [("statuses[].message", "absent in the recorded answers")];
    holds(&ours, &real, &left_out, &[]);
}

const MACHINE: &str = "nothing is known of the machine beyond what the scenario says";

#[test]
fn an_instance_has_the_shape_of_a_real_one() {
    let Some(folder) = samples() else { return };
    let list = read(&folder, "recorded/azcli__test_vmss_disk_encryption_e2e.42.vmss-vm-list.json");
    let mut real: Vec<Value> = list.get("value").unwrap_or(&list).as_array().expect("a list").clone();
    real.push(read(&folder, "rest-bodies/VirtualMachineScaleSetVM_Get_WithVMSizeProperties.2024-07-01.200.json"));
    let mut plan = sick(5, RollingPolicy::default());
    plan.sets[0].zones = vec![1, 2, 3];
    plan.definitions[0] = "Canonical:ubuntu-24_04-lts:server".into();
    let protect = Act::Protect { set: 0, which: Which::All, from_scale_in: true, from_scale_set_actions: false };
    plan.timeline.insert(0, action("protect", 50, protect));
    let ours = [99, 150, 600].map(|at_s| asked(&plan, at_s, "vmss_0"));
    let view = "properties.instanceView";
    let view_of = |key: &str| format!("{view}.{key}");
    let absent = ["placementGroupId", "osName", "osVersion", "disks", "hyperVGeneration"].map(view_of);
    let agent = ["vmAgent.extensionHandlers"].map(view_of);
    let extension =
        ["type", "typeHandlerVersion", "statuses[].message"].map(|key| view_of(&format!("extensions[].{key}")));
    let mut left_out: Vec<(&str, &str)> =
        absent.iter().chain(&agent).chain(&extension).map(|path| (path.as_str(), MACHINE)).collect();
    for path in [
        "properties.networkProfileConfiguration",
        "properties.hardwareProfile",
        "properties.storageProfile.osDisk",
        "properties.storageProfile.dataDisks",
        "properties.osProfile",
        "properties.userData",
        "properties.networkProfile",
        "properties.diagnosticsProfile",
        "resources",
        "etag",
        "tags",
    ] {
        left_out.push((path, MACHINE));
    }
    let added = [
        ("zones", "of the type VirtualMachineScaleSetVM; no sample is zonal"),
        ("properties.protectionPolicy", "of the type VirtualMachineScaleSetVMProperties; no sample is protected"),
        (
            "properties.timeCreated",
            "of the type VirtualMachineScaleSetVMProperties since 2021-11-01; the samples lack it",
        ),
        ("properties.instanceView.vmHealth", "as an issue of the command line has it (HD-34); no sample has health"),
        ("properties.instanceView.extensions[].substatuses", "of the type VirtualMachineExtensionInstanceView (HD-33)"),
        ("properties.resilientVMDeletionStatus", "of the type VirtualMachineScaleSetVMProperties since 2024-03-01"),
        ("sku", "of the type VirtualMachineScaleSetVM; these samples lack it"),
    ];
    holds(&ours, &real, &left_out, &added);
}

#[test]
fn a_version_has_the_shape_of_a_real_one() {
    let Some(folder) = samples() else { return };
    let files = [
        "recorded/netsdk__CanCreateUpdateGetDeleteGalleryImageVersion.63.gallery-version.json",
        "rest-bodies/GalleryImageVersion_Get_WithVhdAsSource.2023-07-03.200.json",
    ];
    let real = files.map(|file| read(&folder, file));
    let mut plan = replicating();
    let Act::Publish(publication) = &mut plan.timeline[0].what else { unreachable!("it publishes") };
    publication.targets[1].excluded = Some(false);
    let ours = [asked(&plan, 340, "app/1.1.0"), asked(&plan, 800, "app/1.1.0")];
    let left_out = [
        ("properties.storageProfile.source", "where a disk came from has no name here"),
        ("properties.storageProfile.dataDiskImages", "data disks are not modelled"),
        ("properties.storageProfile.osDiskImage.hostCaching", "caching is not modelled"),
        ("properties.storageProfile.osDiskImage.source", "where a disk came from has no name here"),
        ("properties.publishingProfile.targetRegions[].encryption", "encryption is not modelled"),
        ("properties.publishingProfile.replicaCount", "each region has a count of its own"),
        ("properties.publishingProfile.storageAccountType", "each region has a type of its own"),
        ("properties.safetyProfile.reportedForPolicyViolation", "violations are not modelled"),
        ("properties.safetyProfile.policyViolations", "violations are not modelled"),
    ];
    let added = [
        ("properties.publishingProfile.replicationMode", "of the type GalleryImageVersionPublishingProfile (GA-17)"),
        (
            "properties.safetyProfile.blockDeletionBeforeEndOfLife",
            "of the type GalleryImageVersionSafetyProfile (GA-20)",
        ),
    ];
    holds(&ours, &real, &left_out, &added);
}

#[test]
fn a_template_has_the_shape_of_a_real_one() {
    let Some(folder) = samples() else { return };
    let files = [
        "recorded/azcli__test_image_builder_cancel.14.image-template.json",
        "rest-bodies/GetImageTemplate.2024-02-01.200.json",
    ];
    let real = files.map(|file| read(&folder, file));
    let plan = baking(Failing::Never);
    let ours = [asked(&plan, 400, "nightly"), asked(&plan, 2000, "nightly")];
    let written = "written by the user, and not in a scenario";
    let left_out = [
        ("properties.source.exactVersion", "what a template found is in the version that it made"),
        ("properties.source.offer", "ours is a version of a gallery"),
        ("properties.source.publisher", "ours is a version of a gallery"),
        ("properties.source.sku", "ours is a version of a gallery"),
        ("properties.source.version", "ours is a version of a gallery"),
        ("properties.source.imageId", "ours is a version of a gallery"),
        ("properties.customize[].scriptUri", written),
        ("properties.distribute[].artifactTags", written),
        ("properties.distribute[].imageId", "ours goes to a gallery"),
        ("properties.distribute[].location", "ours goes to a gallery"),
        ("properties.vmProfile", written),
        ("properties.stagingResourceGroup", NO_GROUP),
        ("properties.exactStagingResourceGroup", NO_GROUP),
        ("identity.userAssignedIdentities", written),
        ("tags", written),
    ];
    let gallery = "of the type ImageTemplateSharedImageDistributor";
    let added = [
        ("properties.lastRunStatus.runSubState", "of the type ImageTemplateLastRunStatus (IB-01)"),
        ("properties.distribute[].excludeFromLatest", gallery),
        ("properties.distribute[].galleryImageId", gallery),
        ("properties.distribute[].targetRegions", gallery),
        ("properties.source.imageVersionId", "of the type ImageTemplateSharedImageVersionSource"),
    ];
    holds(&ours, &real, &left_out, &added);
}
