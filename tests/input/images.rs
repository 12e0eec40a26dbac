//! How images, galleries and image templates are read.

use super::{plan_of, refused_by};
use windtunnel::input::{LoadOptions, Loaded, Report, load_text};
use windtunnel_sim::plan::{Act, Availability, Failing, ImageReference, Number, Plan, Storage, Versioning};
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
application: { releases: [c1, c2], dependencies: [db, hsm] }
regions: { westus2: {} }
";

fn load(reference: &str, rest: &str, rules: RuleSet) -> Result<Loaded, Report> {
    load_text("scenario.yaml", format!("{}{rest}", HEAD.replace("REFERENCE", reference)), &LoadOptions { rules })
}

fn plan(reference: &str, rest: &str) -> Plan {
    plan_of(load(reference, rest, RuleSet::all()))
}

/// The scenario is refused by this rule alone.
fn refused(rule: RuleId, rest: &str) {
    refused_by(rule, |rules| load("web/1.0.0", rest, rules));
}

#[test]
fn a_version_has_at_most_a_hundred_replicas() {
    let to = "regions: { westus2: {}, northeurope: {} }";
    let rest = format!(
        "images: {{ web: {{ 1.0.0: {{}}, 1.1.0: {{}} }} }}
timeline: [{{ name: p, at: 1m, publish: {{ image: web, version: 1.1.0, to: [eastus, westus2, northeurope], replicas: 34 }} }}]
{to}
"
    );
    let head = HEAD.replace("regions: { westus2: {} }\n", "").replace("REFERENCE", "web/1.0.0");
    let load = |rules| load_text("scenario.yaml", format!("{head}{rest}"), &LoadOptions { rules });
    let report = load(RuleSet::all()).expect_err("102 replicas").to_string();
    assert!(report.contains("at most 100 replicas over all regions, got 102 (GA-03)"), "{report}");
    assert!(load(RuleSet::without(rules::GA_03)).is_ok());
}

#[test]
fn a_version_is_three_numbers() {
    refused(rules::GA_06, "images: { web: { 1.0.0: {}, \"1.1\": {} } }\n");
}

#[test]
fn a_build_timeout_has_its_bounds() {
    for minutes in ["3", "961"] {
        refused(
            rules::IB_02,
            &format!(
                "images: {{ web: {{ 1.0.0: {{}} }} }}
imageBuilders: {{ nightly: {{ image: web, buildTimeoutInMinutes: {minutes}, distribute: {{ to: [eastus] }} }} }}
"
            ),
        );
    }
}

#[test]
fn a_reference_is_a_definition_or_a_version() {
    let images = "images: { web: { 1.9.0: {}, 1.10.0: {} } }\n";
    let definition = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/galleries/g/images/web";
    for (reference, expected) in [
        ("web/latest".to_owned(), ImageReference::Definition(0)),
        ("web".to_owned(), ImageReference::Definition(0)),
        (definition.to_owned(), ImageReference::Definition(0)),
        (format!("{definition}/versions/1.10.0"), ImageReference::Version(1)),
        ("web/1.9.0".to_owned(), ImageReference::Version(0)),
    ] {
        assert_eq!(plan(&reference, images).sets[0].image, expected, "{reference}");
    }
    let platform = HEAD.replace("{ id: REFERENCE }", "{ publisher: C, offer: u, sku: s, version: latest }");
    let text = format!("{platform}images: {{ \"C:u:s\": {{ 22.4.1: {{}} }} }}\n");
    let loaded = load_text("scenario.yaml", text, &LoadOptions { rules: RuleSet::all() }).expect("it loads");
    let plan = &loaded.plan("as-written").expect("it always exists").plan;
    assert_eq!(plan.sets[0].image, ImageReference::PlatformLatest(0));
    assert_eq!(plan.reference_name(plan.sets[0].image), "C:u:s/latest");
}

#[test]
fn a_version_is_in_every_region_unless_the_file_says_otherwise() {
    let plan = plan(
        "web/latest",
        "images:
  web:
    1.0.0: {}
    1.1.0: { replicas: 3 }
    1.2.0: {}
    1.3.0: { replicatedTo: [East US, { name: westus2, regionalReplicaCount: 4, storageAccountType: Standard_ZRS }] }
    1.4.0: { replicatedTo: [], endOfLife: PT1H, excludeFromLatest: true, allowDeletionOfReplicatedLocations: false }
timeline: [{ name: p, at: 1m, publish: { image: web, version: 1.2.0, to: [westus2], excludeFromLatest: false } }]
",
    );
    let available = |image: usize| &plan.images[image].version.availability;
    assert_eq!(*available(0), Availability::Everywhere { replicas: None });
    assert_eq!(*available(1), Availability::Everywhere { replicas: Some(3) });
    assert_eq!(*available(2), Availability::In(Vec::new()));
    let Availability::In(targets) = available(3) else { panic!("{:?}", available(3)) };
    let targets: Vec<_> = targets.iter().map(|target| (target.region, target.replicas, target.storage)).collect();
    assert_eq!(targets, [(0, 1, Storage::StandardLrs), (1, 4, Storage::StandardZrs)]);
    let last = &plan.images[4].version;
    assert!(last.excluded && !last.allow_deletion_of_replicated && last.end_of_life.is_some());
    assert_eq!(last.number, Some(Number([1, 4, 0])));
    let Act::Publish(publication) = &plan.timeline[0].what else { panic!("{:?}", plan.timeline) };
    assert_eq!((publication.image, publication.excluded, publication.targets[0].region), (2, Some(false), 1));
}

#[test]
fn a_bake_is_a_version_with_what_its_steps_leave_in_it() {
    let plan = plan(
        "web/latest",
        "images: { web: { 1.0.0: {} } }
imageBuilders:
  nightly:
    image: web
    source: web/latest
    produces: { code: c2, cannotReach: [db] }
    customize:
      - { name: install, duration: PT5M, fails: true, leaves: { bad: true } }
      - { name: agent, duration: PT1M, fails: swallowed, leaves: { cannotReach: [hsm] } }
    validate: { inVMValidations: [{ name: try, reaches: [hsm] }], continueDistributeOnFailure: true }
    distribute: { to: [westus2], replicas: 2, excludeFromLatest: true, versioning: { scheme: Latest, major: 2 } }
    identity: { writesImages: false }
  release: { image: web, distribute: { to: [eastus], versioning: { version: 3.0.0 } } }
timeline:
  - { name: a, at: 1m, bake: { builder: nightly } }
  - { name: b, at: 2m, bake: { builder: nightly } }
  - { name: c, at: 3m, bake: { builder: release } }
  - { name: d, at: 4m, cancelBake: { builder: release } }
",
    );
    let names: Vec<&str> = plan.images.iter().map(|image| &image.name[..]).collect();
    assert_eq!(names, ["web/1.0.0", "web/nightly", "web/nightly-2", "web/3.0.0"]);
    // What a step that fails would leave is never shipped.
    assert_eq!((plan.images[1].cannot, plan.images[1].bad, plan.images[1].code), (0b11, false, Some(1)));
    let [nightly, release] = &plan.builders[..] else { panic!("{:?}", plan.builders) };
    assert_eq!(
        nightly.customizers.iter().map(|step| step.failure).collect::<Vec<_>>(),
        [Failing::Stops, Failing::Swallowed]
    );
    assert_eq!((nightly.validators[0].reaches, nightly.continue_on_failure), (0b10, true));
    assert_eq!((nightly.region, nightly.targets[0].replicas, nightly.excluded), (1, 2, true));
    assert_eq!(nightly.versioning, Versioning::Latest { major: Some(2) });
    assert_eq!((nightly.reads_scripts, nightly.writes_images), (true, false));
    assert_eq!(release.versioning, Versioning::Explicit(Number([3, 0, 0])));
    assert_eq!(release.timeout.ms(), 240 * 60_000);
    let bakes: Vec<Option<u16>> = plan
        .timeline
        .iter()
        .map(|action| if let Act::Bake { image, .. } = action.what { Some(image) } else { None })
        .collect();
    assert_eq!(bakes, [Some(1), Some(2), Some(3), None]);
}
