//! `osUpgradeHistory`: the last five OS upgrades within two months (RS-03), the newest first, the running one among them.

use super::View;
use super::upgrade::{TYPE, code, error, progress};
use serde_json::{Value, json};
use windtunnel_sim::azure::rolling_upgrade::{Kind, Upgrade};
use windtunnel_sim::plan::ImageReference;
use windtunnel_sim::world::fact::StartedBy;
use windtunnel_sim::world::ids::SetId;

/// How many attempts are listed.
const KEPT: usize = 5;

/// The history of a set.
pub fn of(view: &View<'_, '_>, set: SetId) -> Value {
    let world = &view.instant.world;
    let upgrades = &world.rolling_upgrade.upgrades[set.index()];
    let is_running = |upgrade: &&Upgrade| upgrade.ended.is_none() && matches!(upgrade.kind, Kind::Image { .. });
    let running = upgrades.last().filter(is_running).map(|_| (upgrades.len() - 1, (0, 0)));
    let mut ended: Vec<_> = world.os_upgrade.history(set, view.instant.at).collect();
    ended.reverse();
    let ended = ended.into_iter().map(|attempt| (attempt.upgrade, (attempt.restored, attempt.unrestored)));
    let all = running.into_iter().chain(ended).take(KEPT);
    json!({ "value": all.map(|(number, rolled_back)| attempt(view, set, number, rolled_back)).collect::<Vec<_>>() })
}

/// An attempt, by its number among the upgrades of the set, and how many instances got their old disk back or did not.
fn attempt(view: &View<'_, '_>, set: SetId, number: usize, (back, stuck): (u32, u32)) -> Value {
    let upgrade = &view.instant.world.rolling_upgrade.upgrades[set.index()][number];
    let mut running = json!({ "code": code(upgrade), "startTime": view.time(upgrade.started) });
    if let Some((_, ended)) = upgrade.ended {
        running["endTime"] = view.time(ended).into();
    }
    let mut properties = json!({ "runningStatus": running, "progress": progress(upgrade) });
    if let Some(error) = error(view, set, number) {
        properties["error"] = error;
    }
    properties["startedBy"] = match upgrade.by {
        StartedBy::User | StartedBy::Extensions => "User",
        StartedBy::Platform => "Platform",
    }
    .into();
    if let Kind::Image { image, .. } = upgrade.kind {
        properties["targetImageReference"] = view.image_reference(ImageReference::Version(image.0), image);
    }
    // While it runs, what is back already counts.
    let back = back.max(upgrade.members.iter().filter(|member| member.restored).count() as u32);
    properties["rollbackInfo"] =
        json!({ "successfullyRolledbackInstanceCount": back, "failedRolledbackInstanceCount": stuck });
    json!({ "properties": properties, "type": TYPE, "location": view.location(set) })
}
