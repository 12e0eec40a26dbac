//! A capacity that Azure refuses before anything is done (AL-05, GA-09, ZN-04).

use super::kept;
use crate::azure::capacity::{self, quota};
use crate::azure::{gallery, spot, standby};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, Refusal};
use crate::world::ids::{Entry, RegionId, SetId};

/// Whether a capacity is refused up front: what it takes is beyond the quota (AL-05), its image cannot be had (GA-09),
/// or two zones of a set are lost and it
/// would go by best effort (ZN-04).
pub(super) fn refuses(world: &World, cx: &mut Cx<'_>, id: SetId, (from, to): (u32, u32), cause: Entry) -> bool {
    let (set, kept) = (&cx.plan.sets[id.index()], kept(world, id));
    let wanted = to.saturating_sub(kept);
    // What waits in a standby pool counts already.
    let split = spot::split(world, cx, id, wanted.saturating_sub(standby::ready(world, cx, id)), to);
    if let Some(exceeded) = quota::exceeded(world, cx, id, split).filter(|exceeded| cx.on(exceeded.rule())) {
        let rule = exceeded.rule();
        let entry = quota::say(cx, id, exceeded, rule, cause);
        cx.record(Fact::ScaleRefused { set: id, short: wanted, why: Refusal::QuotaExceeded }, entry, rule);
        return true;
    }
    // A create that Azure answers with 404 changes nothing (GA-09).
    if wanted > 0
        && let Err((why, rule)) = gallery::resolve(world, cx, world.scale_set.newest(id).image, RegionId(set.region))
        && matches!(why, Refusal::NoLatestImage | Refusal::ImageNotInRegion | Refusal::ImageDeleted)
    {
        cx.record(Fact::ScaleRefused { set: id, short: wanted, why }, cause, rule);
        return true;
    }
    let blocked = set.zones.len() > 1 && !set.zone_balance && capacity::zones_lost(world, cx, id) >= 2;
    if to < kept && blocked && cx.on(rules::ZN_04) {
        let short = from.max(kept) - to;
        cx.record(Fact::ScaleRefused { set: id, short, why: Refusal::ZonesUnavailable }, cause, rules::ZN_04);
        return true;
    }
    false
}
