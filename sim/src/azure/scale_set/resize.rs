//! An instance that is brought to a model with another size needs a machine of that size (RU-37).
//!
//! Rules: RU-37, AL-01, AL-02, AL-05, SP-15. Where the region or zone has none left, or a quota does not allow it, the instance stays
//! what it is, runs on, and is Failed.

use crate::azure::capacity::{self, Priority, quota};
use crate::azure::instances;
use crate::plan::{family, same_family};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::Refusal;
use crate::world::ids::{Entry, InstanceId};

/// Whether an instance cannot have the size of the newest model; then it is Failed, and the entry says so.
pub(super) fn refuses(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) -> Option<Entry> {
    let row = world.instances.rows[instance.index()];
    let (set, plan) = (row.set.index(), cx.plan);
    let had = world.scale_set.model(row.set, row.revision).by_size();
    let to = world.scale_set.newest(row.set).by_size();
    let (old, new) = (plan.size(set, had), plan.size(set, to));
    if had == to || old == new || !cx.on(rules::RU_37) {
        return None;
    }
    if let Some(exceeded) = quota::resize_exceeds(world, cx, &row, (had, to)) {
        let entry = quota::say(cx, row.set, exceeded, exceeded.rule(), cause);
        let refused = (rules::RU_37, entry);
        return Some(instances::fail(world, cx, instance, Refusal::QuotaExceeded, refused));
    }
    // What is no larger, and of one family, fits where the instance stands.
    let fits = plan.cores(set, to) <= plan.cores(set, had) && same_family(&family(old), &family(new));
    let priority = if row.spot { Priority::Spot } else { Priority::Regular };
    let why = capacity::lacks(world, cx, row.set, row.at.zone, priority).filter(|_| !fits)?;
    Some(instances::fail(world, cx, instance, why, (rules::RU_37, cause)))
}
