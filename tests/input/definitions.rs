//! How image definitions, and what templates say beyond their steps, are read and refused.

use windtunnel::input::{LoadOptions, Report, load_text};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Act, CustomizerKind, FixedField, GalleryAct, ImageReference, Output, Plan, Right};
use windtunnel_sim::rules::{self, RuleId, RuleSet};

const HEAD: &str = "windtunnel: 1
title: t
horizon: PT2H
resources:
  - type: Microsoft.Compute/virtualMachineScaleSets
    name: vmss
    location: eastus
    sku: { name: Standard_D2s_v5, capacity: 2 }
    properties:
      orchestrationMode: Uniform
      virtualMachineProfile: { storageProfile: { imageReference: { id: REFERENCE } } }
regions: { westus2: {} }
";

fn load(reference: &str, rest: &str, rules: RuleSet) -> Result<Plan, Report> {
    let text = format!("{}{rest}", HEAD.replace("REFERENCE", reference));
    let loaded = load_text("scenario.yaml", text, &LoadOptions { rules })?;
    Ok(loaded.plan("as-written").expect("it always exists").plan.clone())
}

fn plan(rest: &str) -> Plan {
    load("web/1.0.0", rest, RuleSet::all()).unwrap_or_else(|report| panic!("{report}"))
}

/// The scenario is refused by this rule alone, in these words.
fn refused(rule: RuleId, words: &str, rest: &str) {
    let report = load("web/1.0.0", rest, RuleSet::all()).err().map(|report| report.to_string()).unwrap_or_default();
    assert!(report.contains(&format!("{words} ({rule})")), "{rule}: {report}");
    if let Err(report) = load("web/1.0.0", rest, RuleSet::without(rule)) {
        panic!("{rule} is off, and it is refused all the same: {report}");
    }
}

const TWO: &str = "images: { web: { 1.0.0: {} }, base: { 1.0.0: {}, 1.1.0: { replicatedTo: [] } } }\n";

fn template(more: &str) -> String {
    format!(
        "{TWO}imageBuilders: {{ nightly: {{ image: web, source: base/latest, {more}, distribute: {{ to: [eastus] }} }} }}\n"
    )
}

#[test]
fn an_identifier_names_one_definition() {
    let two = |other: &str, gallery: &str| {
        format!(
            "{TWO}imageDefinitions:
  web: {{ identifier: {{ publisher: p, offer: o, sku: s }} }}
  base: {{ identifier: {{ publisher: P, offer: o, sku: {other} }}, gallery: {gallery} }}
"
        )
    };
    refused(rules::GA_01, "another definition of the gallery `gallery` is `p:o:s`", &two("s", "gallery"));
    plan(&two("t", "gallery"));
    plan(&two("s", "another"));
}

#[test]
fn a_subscription_has_so_many_definitions_and_versions() {
    let definitions: Vec<String> = (0..1000).map(|nth| format!("i{nth}: {{ 1.0.0: {{}} }}")).collect();
    let words = "a subscription can have at most 1000 image definitions in a region, got 1001";
    refused(rules::GA_02, words, &format!("images: {{ web: {{ 1.0.0: {{}} }}, {} }}\n", definitions.join(", ")));
    let versions: Vec<String> = (0..=10_000).map(|nth| format!("1.0.{nth}: {{}}")).collect();
    let words = "a subscription can have at most 10000 image versions in a region, got 10001";
    refused(rules::GA_02, words, &format!("images: {{ web: {{ {} }} }}\n", versions.join(", ")));
}

#[test]
fn the_region_of_the_gallery_is_a_target() {
    let publish = |to: &str| {
        format!(
            "{TWO}imageDefinitions: {{ base: {{ location: westus2 }} }}
timeline: [{{ name: p, at: 1m, publish: {{ image: base, version: 1.1.0, to: {to} }} }}]
"
        )
    };
    refused(
        rules::GA_14,
        "the target regions do not include `westus2`, the region of the gallery",
        &publish("[eastus]"),
    );
    plan(&publish("[eastus, westus2]"));
}

#[test]
fn a_write_of_a_definition_says_what_it_changes() {
    let write = |what: &str| {
        let plan = plan(&format!(
            "{TWO}imageDefinitions: {{ base: {{ osState: Generalized, identifier: {{ publisher: p, offer: o, sku: s }} }} }}
timeline: [{{ name: w, at: 1m, writeDefinition: {{ image: base, {what} }} }}]
"
        ));
        let Act::Gallery(GalleryAct::WriteDefinition { definition: 0, changes }) = plan.timeline[0].what else {
            panic!("{:?}", plan.timeline)
        };
        changes
    };
    assert_eq!(write("osState: Generalized"), None);
    assert_eq!(write("identifier: { publisher: P, offer: O, sku: s }"), None);
    assert_eq!(write("osState: Specialized"), Some(FixedField::OsState));
    assert_eq!(write("identifier: { publisher: p, offer: o, sku: t }"), Some(FixedField::Identifier));
    assert_eq!(write("hyperVGeneration: V2"), Some(FixedField::Generation));
}

#[test]
fn a_customizer_fits_its_system_and_its_limits() {
    let step =
        |os: &str, what: &str| template(&format!("osType: {os}, customize: [{{ name: a, duration: 1m, {what} }}]"));
    for (os, what, words) in [
        ("Linux", "type: PowerShell", "there is no customizer `PowerShell` for Linux"),
        ("Linux", "type: WindowsRestart", "there is no customizer `WindowsRestart` for Linux"),
        ("Linux", "type: WindowsUpdate", "there is no customizer `WindowsUpdate` for Linux"),
        ("Windows", "type: Shell", "there is no customizer `Shell` for Windows"),
        ("Windows", "type: WindowsUpdate, updateLimit: 1001", "`updateLimit` is above 1000"),
        ("Linux", "type: File, sizeMB: 20", "a file must be below 20 MB"),
        ("Linux", "type: File, destination: /opt/agent", "on Linux a file can be written only under /tmp"),
    ] {
        refused(rules::IB_05, words, &step(os, what));
    }
    plan(&step("Linux", "type: File, sizeMB: 19, destination: /tmp/agent"));
    plan(&step("Windows", "type: File, destination: C:/agent"));
    let minutes = |text: &str| match plan(&step("Windows", text)).builders[0].customizers[0].kind {
        CustomizerKind::Restart { timeout } => timeout,
        other => panic!("{other:?}"),
    };
    assert_eq!(minutes("type: WindowsRestart"), SimDuration::from_mins(5));
    assert_eq!(minutes("type: WindowsRestart, restartTimeout: PT10M"), SimDuration::from_mins(10));
}

#[test]
fn the_build_machine_has_its_default_size_and_its_disk_does_not_shrink() {
    let size = |more: &str, rules: RuleSet| {
        let rest = format!("{}{more}", template("optimize: false"));
        load("web/1.0.0", &rest, rules).unwrap_or_else(|report| panic!("{report}")).builders[0].more.vm_size.clone()
    };
    assert_eq!(size("", RuleSet::all()), "Standard_D1_v2");
    let v2 = "imageDefinitions: { web: { hyperVGeneration: V2 } }\n";
    assert_eq!(size(v2, RuleSet::all()), "Standard_D2ds_v4");
    assert_eq!(size(v2, RuleSet::without(rules::IB_14)), "Standard_D1_v2");
    let disk = |gb: u32| {
        format!(
            "images: {{ web: {{ 1.0.0: {{}} }}, base: {{ 1.0.0: {{ sizeGB: 64 }} }} }}
imageBuilders:
  nightly:
    image: web
    source: base/1.0.0
    vmProfile: {{ vmSize: Standard_D4s_v5, osDiskSizeGB: {gb} }}
    distribute: {{ to: [eastus] }}
"
        )
    };
    refused(rules::IB_14, "`osDiskSizeGB` is 63, but its source has 64", &disk(63));
    assert_eq!(plan(&disk(64)).builders[0].more.vm_size, "Standard_D4s_v5");
}

#[test]
fn a_trigger_needs_latest_of_another_definition() {
    let with = |source: &str, triggers: &str| {
        format!(
            "{TWO}imageBuilders: {{ nightly: {{ image: web, source: {source}, triggers: {triggers}, distribute: {{ to: [eastus] }} }} }}
timeline: [{{ name: p, at: 1m, publish: {{ image: base, version: 1.1.0, to: [eastus] }} }}]
"
        )
    };
    let one = "[{ kind: SourceImage }]";
    refused(rules::IB_15, "the source of a trigger must be `latest`", &with("base/1.0.0", one));
    refused(rules::IB_15, "the source of a trigger and its output are the same definition", &with("web/latest", one));
    refused(
        rules::IB_15,
        "a template can have only one trigger",
        &with("base/latest", "[{ kind: SourceImage }, { kind: SourceImage }]"),
    );
    // One act can move the source, and one more run is there for what nobody foresaw.
    assert_eq!(plan(&with("base/latest", one)).builders[0].more.triggered.len(), 2);
    let auto = plan(&template("autoRun: true"));
    let made = auto.builders[0].more.auto_run.map(|image| auto.images[usize::from(image)].name.clone());
    assert_eq!(made.as_deref(), Some("web/nightly"));
}

#[test]
fn a_staging_group_is_empty_and_in_the_region_of_the_template() {
    let group = |what: &str| template(&format!("stagingResourceGroup: {{ {what} }}"));
    let elsewhere = "the staging group is in another region than its template";
    refused(rules::IB_18, elsewhere, &group("location: westus2"));
    refused(rules::IB_18, "the staging group is not empty", &group("location: eastus, empty: false"));
    plan(&group("location: eastus"));
}

#[test]
fn a_template_says_what_it_may_do_and_where_its_image_goes() {
    let more = |text: &str| plan(&template(text)).builders[0].more.clone();
    assert_eq!(more("identity: { readsSource: false }").lacks, Some(Right::ReadSource));
    assert_eq!(more("identity: { joinsSubnet: false }").lacks, None);
    let subnet = more("vmProfile: { vnetConfig: true }, identity: { joinsSubnet: false }");
    assert_eq!(subnet.lacks, Some(Right::JoinSubnet));
    let group = more("stagingResourceGroup: { location: eastus }, identity: { ownsStagingGroup: false }");
    assert_eq!(group.lacks, Some(Right::StagingGroup));
    let errors = more("errorHandling: { onCustomizerError: abort }");
    assert_eq!((errors.keeps_on_customizer_error, errors.keeps_on_validation_error), (true, false));
    let managed =
        format!("{TWO}imageBuilders: {{ n: {{ image: web, distribute: {{ type: ManagedImage, to: [eastus] }} }} }}\n");
    assert_eq!(plan(&managed).builders[0].more.output, Output::ManagedImage);
    let far = format!("{}imageDefinitions: {{ web: {{ location: westus2 }} }}\n", template("location: eastus"));
    assert!(plan(&far).builders[0].more.far);
}

/// Named by the id of its version, `latest` tracks, or is 1.0.0, which is the newest that is present when the run begins.
#[test]
fn latest_by_its_number_has_two_readings() {
    let id = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/galleries/g/images/base/versions/latest";
    let image = |more: &str, rules: RuleSet| {
        let rest = format!(
            "{TWO}{more}timeline: [{{ name: p, at: 1m, publish: {{ image: base, version: 1.1.0, to: [eastus] }} }}]\n"
        );
        load(id, &rest, rules).unwrap_or_else(|report| panic!("{report}")).sets[0].image
    };
    let fixed = "assumptions: { gallery.versions_latest: create_time }\n";
    // `base` comes before `web`, and 1.0.0 before 1.1.0.
    assert_eq!(image("", RuleSet::all()), ImageReference::Definition(0));
    assert_eq!(image(fixed, RuleSet::all()), ImageReference::Version(0));
    assert_eq!(image(fixed, RuleSet::without(rules::GA_25)), ImageReference::Definition(0));
}
