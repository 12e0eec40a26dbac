//! The split of a set between regular and Spot instances (SP-08 to SP-11).

use crate::engine::time::SimTime;
use crate::plan::PriorityMix;
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, SpotFact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// Instances of a set that count to its capacity: the regular ones and the Spot ones, deallocated or not (SP-09).
fn by_priority(world: &World, id: SetId) -> (u32, u32) {
    let instances = &world.scale_set.sets[id.index()].instances;
    let spot = instances.iter().filter(|instance| world.instances.rows[instance.index()].spot).count();
    ((instances.len() - spot) as u32, spot as u32)
}

/// Whether the next instance of a set that is to have `goal` instances is a Spot instance, and the rule that says so.
#[must_use]
pub fn next_priority(world: &World, cx: &Cx<'_>, id: SetId, goal: u32) -> Option<RuleId> {
    if !cx.plan.sets[id.index()].spot.spot {
        return None;
    }
    let all_spot = Some(rules::SP_02);
    let Some(mix) = world.spot.mixes[id.index()] else { return all_spot };
    if !cx.on(rules::SP_08) {
        return all_spot;
    }
    let (regular, spot) = by_priority(world, id);
    let rule = if cx.now() == SimTime::ZERO { rules::SP_08 } else { rules::SP_09 };
    let fits = if cx.on(rules::SP_09) {
        // What is short against the split at the new count.
        regular >= mix.regular(goal)
    } else {
        // A world in which each further instance is one of each in turn, whatever stands.
        (regular + spot) % 2 == 1
    };
    fits.then_some(rule)
}

/// Of this many instances more of a set that is to have `goal` of them, how many are regular and how many Spot.
#[must_use]
pub fn split(world: &World, cx: &Cx<'_>, id: SetId, wanted: u32, goal: u32) -> (u32, u32) {
    if !cx.plan.sets[id.index()].spot.spot {
        return (wanted, 0);
    }
    let Some(mix) = world.spot.mixes[id.index()].filter(|_| cx.on(rules::SP_08)) else { return (0, wanted) };
    let (regular, _) = by_priority(world, id);
    let more = mix.regular(goal).saturating_sub(regular).min(wanted);
    (more, wanted - more)
}

/// Keeps of the candidates for a scale-in those whose kind is beyond its share at the count to come (SP-10); says whether
/// that ruled anyone out.
pub fn by_split(world: &World, cx: &Cx<'_>, id: SetId, to: u32, list: &mut Vec<InstanceId>) -> bool {
    let Some(mix) = world.spot.mixes[id.index()].filter(|_| cx.on(rules::SP_10)) else { return false };
    let (regular, spot) = by_priority(world, id);
    let target = mix.regular(to);
    let (regular_goes, spot_goes) = (regular > target, spot > to - target);
    let before = list.len();
    let may = |instance: &InstanceId| {
        if world.instances.rows[instance.index()].spot { spot_goes } else { regular_goes }
    };
    if list.iter().any(may) {
        list.retain(may);
    }
    list.len() < before
}

/// Writes the priority mix of a set. It touches no instance, and steers the next scale actions (SP-11).
pub fn set_mix(world: &mut World, cx: &mut Cx<'_>, set: SetId, mix: PriorityMix, cause: Entry) {
    if cx.on(rules::SP_11) {
        world.spot.mixes[set.index()] = Some(mix);
        let PriorityMix { base, percent } = mix;
        cx.record(Fact::Spot(SpotFact::MixSet { set, base, percent }), cause, rules::SP_11);
    }
}
