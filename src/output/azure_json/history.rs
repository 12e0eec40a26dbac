//! `osUpgradeHistory`: the last five OS upgrades within two months (RS-03), the newest first.

use super::upgrade::{TYPE, code, error, progress};
use super::{View, facts};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde_json::{Value, json};
use windtunnel_sim::azure::rolling_upgrade::{Kind, Upgrade};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::ImageReference;
use windtunnel_sim::world::fact::{Fact, Operation, StartedBy};
use windtunnel_sim::world::ids::{ImageId, SetId};

/// How many attempts are kept.
const KEPT: usize = 5;

/// The history of a set.
pub fn of(view: &View<'_, '_>, set: SetId) -> Value {
    let upgrades = &view.instant.world.rolling_upgrade.upgrades[set.index()];
    let since = two_months_before(view);
    let attempts = upgrades.iter().enumerate().rev().filter_map(|(number, upgrade)| match upgrade.kind {
        Kind::Image { image, .. } => Some((number, upgrade, image)),
        Kind::Model => None,
    });
    let kept = attempts.filter(|(_, upgrade, _)| upgrade.started >= since).take(KEPT);
    let value: Vec<Value> = kept.map(|(number, upgrade, image)| attempt(view, set, (number, upgrade), image)).collect();
    json!({ "value": value })
}

/// The first instant of which the history still tells.
fn two_months_before(view: &View<'_, '_>) -> SimTime {
    let start = view.instant.plan().start_unix_ms;
    let at = i64::try_from(view.instant.at.ms()).ok().and_then(|at| start.checked_add(at));
    let now = at.and_then(|at| Timestamp::from_millisecond(at).ok());
    let then = now.and_then(|now| now.to_zoned(TimeZone::UTC).checked_sub(2.months()).ok());
    let offset = then.map_or(0, |then| then.timestamp().as_millisecond().saturating_sub(start));
    SimTime::from_ms(u64::try_from(offset).unwrap_or(0))
}

fn attempt(view: &View<'_, '_>, set: SetId, (number, upgrade): (usize, &Upgrade), image: ImageId) -> Value {
    let mut running = json!({ "code": code(upgrade), "startTime": view.time(upgrade.started) });
    if let Some((_, ended)) = upgrade.ended {
        running["endTime"] = view.time(ended).into();
    }
    let mut properties = json!({ "runningStatus": running, "progress": progress(upgrade) });
    if let Some(error) = error(view, set, number) {
        properties["error"] = error;
    }
    properties["startedBy"] = match upgrade.by {
        StartedBy::User => "User",
        StartedBy::Platform => "Platform",
    }
    .into();
    properties["targetImageReference"] = view.image_reference(ImageReference::Version(image.0), image);
    let (back, stuck) = put_back(view, set, (number, upgrade));
    properties["rollbackInfo"] =
        json!({ "successfullyRolledbackInstanceCount": back, "failedRolledbackInstanceCount": stuck });
    json!({ "properties": properties, "type": TYPE, "location": view.location(set) })
}

/// How many instances got their old disk back, and how many did not though it was tried.
fn put_back(view: &View<'_, '_>, set: SetId, (number, upgrade): (usize, &Upgrade)) -> (usize, usize) {
    let back = upgrade.members.iter().filter(|member| member.restored).count();
    let tried = |member: &&windtunnel_sim::azure::rolling_upgrade::Member| {
        let entries = facts::of_upgrade(&view.instant.ledger, set, number);
        let began = entries.iter().any(|record| {
            matches!(record.fact, Fact::UpdateBegan { instance, how: Operation::Restore, .. } if instance == member.instance)
        });
        let done = member.progress == windtunnel_sim::azure::rolling_upgrade::Progress::Failed;
        began && done && !member.restored
    };
    (back, upgrade.members.iter().filter(tried).count())
}
