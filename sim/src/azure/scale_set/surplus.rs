//! How many more are created than were asked for (OP-01, OP-08, `vmss.overprovision_*`), who of them goes (OP-09), and what becomes of
//! strict balance then (ZN-06).

use crate::plan::{OrchestrationMode, ScaleSet};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, PlaceFact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// How many more were seen to be created than one, two, three, four and five that were asked for. Of four nothing was recorded:
/// it is taken for the less of its neighbours.
const RECORDED: [u32; 5] = [1, 2, 4, 3, 3];

/// How many more than `wanted` a request creates.
pub(super) fn extra(cx: &mut Cx<'_>, set: &ScaleSet, wanted: u32) -> u32 {
    if !set.overprovision || set.mode != OrchestrationMode::Uniform || !cx.on(rules::OP_01) || wanted == 0 {
        return 0;
    }
    let share = cx.assume(key::VmssOverprovisionShare);
    if !cx.on(rules::OP_08) {
        return 1;
    }
    let by_share = (libm::ceil(share * f64::from(wanted)) as u32).max(1);
    if cx.assume(key::VmssOverprovisionSmall) == choice::VmssOverprovisionSmall::Share {
        return by_share;
    }
    let last = RECORDED[RECORDED.len() - 1];
    RECORDED.get(wanted as usize - 1).copied().unwrap_or_else(|| by_share.max(last))
}

/// The first so many of these, who are in the order in which they are to go; where zones are kept even, each of a zone that
/// has the most (OP-09).
pub(super) fn victims(
    world: &World,
    cx: &mut Cx<'_>,
    set: SetId,
    mut order: Vec<(InstanceId, RuleId)>,
    excess: usize,
) -> Vec<(InstanceId, RuleId)> {
    let zonal = cx.plan.sets[set.index()].zones.len() > 1 && excess > 0;
    let keeps =
        zonal && cx.assume(key::VmssOverprovisionZones) == choice::VmssOverprovisionZones::Even && cx.on(rules::OP_09);
    if !keeps {
        order.truncate(excess);
        return order;
    }
    let zone = |instance: InstanceId| world.instances.rows[instance.index()].at.zone as usize;
    let mut by_zone = world.capacity.spread[set.index()].by_zone;
    let mut victims = Vec::new();
    while victims.len() < excess {
        let most = order.iter().map(|&(instance, _)| by_zone[zone(instance)]).max().unwrap_or(0);
        let next = order.iter().position(|&(instance, _)| by_zone[zone(instance)] == most).expect("one has the most");
        let (instance, by) = order.remove(next);
        by_zone[zone(instance)] -= 1;
        victims.push((instance, if next > 0 { rules::OP_09 } else { by }));
    }
    victims
}

/// How far the zones of a set are apart.
pub(super) fn gap(world: &World, cx: &Cx<'_>, set: SetId) -> u32 {
    let count = |zone: &u8| world.capacity.spread[set.index()].by_zone[*zone as usize];
    let zones = &cx.plan.sets[set.index()].zones;
    let (most, least) = (zones.iter().map(count).max(), zones.iter().map(count).min());
    most.unwrap_or(0) - least.unwrap_or(0)
}

/// Says that a set is no longer strictly balanced, if it was before: no operation is blocked by what goes of itself.
pub(super) fn say_if_broken(world: &World, cx: &mut Cx<'_>, set: SetId, before: u32, cause: Entry) {
    let by = gap(world, cx, set);
    if cx.plan.sets[set.index()].zone_balance && before <= 1 && by > 1 && cx.on(rules::ZN_06) {
        cx.record(Fact::Place(PlaceFact::ZonesUneven { set, by }), cause, rules::ZN_06);
    }
}
