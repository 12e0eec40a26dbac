//! L00 and L01: what Azure refuses, or accepts without effect. Those with a row of their own have a fix.

use super::super::fleet::{Fleet, health_of};
use super::health::{HEALTHZ, extension};
use super::rows;
use crate::arm::shape::scale_set::{COMMUNITY_IMAGE, IMAGE_ID, IMAGE_VERSION, SHARED_IMAGE};
use crate::scenario::legality::SetFacts;
use serde_json::{Value as Json, json};

rows! {
    "L0001" "refused-by-azure" Error OR_01, Rest(), Refused, Accepted;
        "Azure refuses this deployment";
        "Each rule of the rulebook by which Azure refuses a deployment is checked. The finding names the rule; `windtunnel rules RULE` has its sentence and its source. Suppress one rule with `L0001:RULE`.".
    "L0002" "without-effect" Warning OR_01, Rest(), Refused, Accepted;
        "Azure accepts this, but it has no effect or an unwanted one";
        "What Azure accepts and then ignores, or what its pages warn of. The finding names the rule; suppress one rule with `L0002:RULE`.".
    "L0101" "os-upgrade-of-a-pinned-image" Error OS_01, Said(latest), Refused, Accepted;
        "Automatic OS upgrade needs an image reference to `latest`, and a pinned version never changes";
        "Row 3 of the playbook: a new version is published and the upgrade never fires. Azure refuses the combination when it is deployed. Reference the definition without a version, or `latest` of a platform image.".
    "L0102" "os-upgrade-without-health" Error OS_03, Said(with_health), Refused, Accepted;
        "Automatic OS upgrade needs one health source";
        "Row 5 of the playbook: nothing says whether an instance with the new image works, so Azure refuses the upgrade policy. Add the Application Health extension; a Flexible set has no other source.".
    "L0103" "os-upgrade-with-two-health-sources" Error UM_06, Said(one_source), Refused, Accepted;
        "A scale set has one health source: a probe and an extension together disable repairs and OS upgrades";
        "Row 6 of the playbook: orchestration features do not engage. With automatic OS upgrade Azure refuses the deployment; without it repairs never start, and nothing says so. Keep the extension, which asks each instance from inside.".
    "L0104" "rolling-upgrade-without-health" Error UM_05, Said(with_health), Refused, Accepted;
        "Upgrade mode Rolling needs a health source";
        "A rolling upgrade stops when upgraded instances are unhealthy. Without a source nobody knows, and Azure refuses the mode.".
    "L0105" "repairs-without-health" Error AR_01, Said(with_health), Refused, Accepted;
        "Automatic repairs need a health source";
        "Repairs replace what is unhealthy. Without a source Azure refuses the policy. Add the Application Health extension.".
    "L0106" "surge-with-overprovisioning" Error MS_09, Said(no_surplus), Refused, Accepted;
        "maxSurge needs `overprovision: false`, and a Uniform set overprovisions by default";
        "Surge and overprovisioning both create instances beyond the capacity, and Azure refuses them together.".
}

/// The image reference without its version.
fn latest(fleet: &Fleet, set: &SetFacts) -> Option<Json> {
    let resource = &set.resource;
    let reference = if IMAGE_VERSION.text(resource).is_some() {
        json!({ "version": "latest" })
    } else {
        let (key, id) =
            [("id", &IMAGE_ID), ("sharedGalleryImageId", &SHARED_IMAGE), ("communityGalleryImageId", &COMMUNITY_IMAGE)]
                .into_iter()
                .find_map(|(key, field)| Some((key, field.text(resource)?)))?;
        let lower = id.to_ascii_lowercase();
        let end = lower.find("/versions/").or_else(|| id.rfind('/').filter(|_| !id.starts_with('/')))?;
        json!({ key: id[..end] })
    };
    Some(
        fleet
            .properties(set, json!({ "virtualMachineProfile": { "storageProfile": { "imageReference": reference } } })),
    )
}

fn with_health(fleet: &Fleet, set: &SetFacts) -> Option<Json> {
    health_of(set).is_none().then(|| fleet.properties(set, extension(fleet, set, HEALTHZ)))
}

fn one_source(fleet: &Fleet, set: &SetFacts) -> Option<Json> {
    Some(fleet.properties(set, json!({ "virtualMachineProfile": { "networkProfile": { "healthProbe": null } } })))
}

fn no_surplus(fleet: &Fleet, set: &SetFacts) -> Option<Json> {
    Some(fleet.properties(set, json!({ "overprovision": false })))
}
