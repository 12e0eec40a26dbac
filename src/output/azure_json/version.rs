//! A version of an image in a gallery, with `$expand=ReplicationStatus` (GA-11).

use super::View;
use serde_json::{Value, json};
use windtunnel_sim::azure::gallery::{Regional, Replication, VersionState};
use windtunnel_sim::world::fact::{Aggregate, Fact, GalleryFact};
use windtunnel_sim::world::ids::{ImageId, RegionId};

/// A version; `None` if it is not published, or deleted.
pub fn of(view: &View<'_, '_>, image: ImageId) -> Option<Value> {
    let state = &view.instant.world.gallery.versions[image.index()];
    let published = state.published.filter(|_| !state.deleted)?;
    let plan = &view.instant.plan().images[image.index()].version;
    let regions = || {
        let list = state.regions.iter().enumerate();
        list.filter_map(|(at, regional)| Some((RegionId(at as u16), regional.as_ref()?)))
    };
    let targets: Vec<Value> = regions().map(|(region, regional)| target(view, region, regional)).collect();
    let mut profile = json!({ "targetRegions": targets, "excludeFromLatest": state.excluded });
    profile["publishedDate"] = view.time(published).into();
    if let Some(end) = plan.end_of_life {
        profile["endOfLifeDate"] = view.time(end).into();
    }
    profile["replicationMode"] = if plan.shallow { "Shallow" } else { "Full" }.into();
    let summary: Vec<Value> = regions().map(|(region, regional)| summary(view, region, regional)).collect();
    // The disk is what is copied; where it came from has no name here.
    let size = plan.size_gb.ceil() as u64;
    let mut body = json!({
        "name": view.number(image),
        "id": format!("images/{}/versions/{}", definition(view, image), view.number(image).unwrap_or_default()),
        "type": "Microsoft.Compute/galleries/images/versions",
        "properties": {
            "publishingProfile": profile,
            "safetyProfile": {
                "allowDeletionOfReplicatedLocations": plan.allow_deletion_of_replicated,
                "blockDeletionBeforeEndOfLife": plan.block_deletion_before_end_of_life,
            },
            "provisioningState": provisioning(view, image, state),
            "storageProfile": { "osDiskImage": { "sizeInGB": size } },
            "replicationStatus": { "aggregatedState": state.aggregate.word(), "summary": summary },
        },
    });
    // The region of a gallery is among the targets of its versions; the first stands for it.
    if let Some((home, _)) = regions().next() {
        body["location"] = view.region(home).into();
    }
    Some(body)
}

/// The name of the definition of a version.
pub fn definition<'p>(view: &View<'_, 'p>, image: ImageId) -> &'p str {
    let plan = view.instant.plan();
    &plan.definitions[usize::from(plan.images[image.index()].version.definition)]
}

/// `Creating` from its first write on, `Updating` after a later one, until every region has come to rest.
fn provisioning(view: &View<'_, '_>, image: ImageId, state: &VersionState) -> &'static str {
    let writes = view.instant.ledger.iter().filter(
        |record| matches!(record.fact, Fact::Gallery(GalleryFact::VersionPublished { image: of }) if of == image),
    );
    let initial = view.instant.plan().images[image.index()].version.availability
        != windtunnel_sim::plan::Availability::In(Vec::new());
    match state.aggregate {
        Aggregate::InProgress if initial || writes.count() > 1 => "Updating",
        Aggregate::InProgress => "Creating",
        Aggregate::Failed => "Failed",
        Aggregate::Completed | Aggregate::Unknown => "Succeeded",
    }
}

fn target(view: &View<'_, '_>, region: RegionId, regional: &Regional) -> Value {
    let mut target = json!({ "name": view.region(region) });
    // A version that is there with as many replicas as it takes has no number of them.
    if let Some(replicas) = regional.replicas {
        target["regionalReplicaCount"] = replicas.into();
    }
    target["storageAccountType"] = regional.storage.word().into();
    if let Some(excluded) = regional.excluded {
        target["excludeFromLatest"] = excluded.into();
    }
    target
}

fn summary(view: &View<'_, '_>, region: RegionId, regional: &Regional) -> Value {
    let (state, details) = match regional.state {
        Replication::Unknown => ("Unknown", None),
        Replication::Replicating => ("Replicating", None),
        Replication::Completed => ("Completed", None),
        Replication::Failed => ("Failed", Some("Replication to the region failed. Publish to it again.")),
    };
    let mut summary = json!({ "region": view.region(region), "state": state });
    if let Some(details) = details {
        summary["details"] = details.into();
    }
    summary["progress"] = regional.progress(view.instant.at).into();
    summary
}
