//! Waves: capacity that is taken back from a place, from many at once (SP-06, SP-07).
//!
//! The published eviction rate p is a chance within the hour, so that the hazard of a member is λ = −ln(1−p). A group has
//! waves at the rate λ/ρ, each of which takes a member with the chance ρ (`spot.group_correlation`): the hazard of a member is λ whatever ρ
//! is, and with ρ = 1 all go together: within a window of minutes, each at an instant of its own. Without any correlation
//! every slot has waves of its own. The times of waves are counted from the start of the run, whichever instances there are, and the
//! draws are keyed by place, number and slot.

use super::{Event, Group, SpotSlot, decide, is_notified};
use crate::engine::random::{Dist, Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{EvictionCause, Fact, SpotFact};
use crate::world::ids::{Entry, InstanceId, RegionId, SetId};

/// The chance that a member leaves when a wave hits its group.
fn correlation(cx: &mut Cx<'_>) -> f64 {
    let share = cx.assume(key::SpotGroupCorrelation);
    if cx.on(rules::SP_07) { share } else { 0.0 }
}

/// The mean time between the evictions of a member.
fn mean(cx: &Cx<'_>, region: u16) -> Option<f64> {
    let hourly = cx.plan.markets.iter().find(|market| market.region == region)?.hourly;
    // In a world without the rule, the published number is taken for a rate.
    let hazard = if cx.on(rules::SP_06) { -libm::log(1.0 - hourly) } else { hourly };
    (hazard > 0.0).then(|| 3_600_000.0 / hazard)
}

/// The lowest free slot of its group is an instance's.
pub(super) fn take_slot(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId) {
    let row = &world.instances.rows[instance.index()];
    let set = &cx.plan.sets[row.set.index()];
    let (region, zone) = (set.region, row.at.zone);
    let groups = &mut world.spot.groups;
    let same = |group: &Group| {
        group.region == region && group.zone == zone && cx.plan.sets[group.size as usize].size == set.size
    };
    let group = groups.iter().position(same).unwrap_or_else(|| {
        let place = name(&format!("{}/{zone}/{}", cx.plan.regions[region as usize].name, set.size));
        groups.push(Group { region, zone, size: row.set.0, place, slots: Vec::new(), alone: 0 });
        groups.len() - 1
    });
    let slots = &mut groups[group].slots;
    let slot = slots.iter().position(Option::is_none).unwrap_or_else(|| {
        slots.push(None);
        slots.len() - 1
    });
    slots[slot] = Some(instance);
    world.spot.taken[instance.index()] = Some(SpotSlot { group: group as u16, slot: slot as u32 });
    let share = correlation(cx);
    let group = &mut world.spot.groups[group];
    let is_new = slot as u32 >= group.alone;
    let (spot_slot, first) = (world.spot.taken[instance.index()].expect("it just took one"), group.alone == 0);
    group.alone = group.alone.max(slot as u32 + 1);
    if share == 0.0 && is_new {
        next(cx, group, (spot_slot.group, Some(spot_slot.slot)), 0, SimTime::ZERO);
    } else if share > 0.0 && first {
        next(cx, group, (spot_slot.group, None), 0, SimTime::ZERO);
    }
}

/// Puts the first wave after now on the queue, counting on from the one with this number and time.
fn next(cx: &mut Cx<'_>, group: &Group, (id, slot): (u16, Option<u32>), mut nth: u32, mut at: SimTime) {
    let Some(mean) = mean(cx, group.region) else { return };
    let share = if slot.is_some() { 1.0 } else { correlation(cx) };
    let dist = Dist::Exponential { mean: SimDuration::from_ms(libm::round(mean * share) as u64) };
    let cause = slot.map_or(name("wave"), |slot| name("wave of a slot") ^ u64::from(slot));
    loop {
        let subject = Subject { place: group.place, cause, ordinal: nth };
        at += cx.draw(Purpose::EvictionWave, subject, 0, &dist);
        if at > cx.plan.horizon {
            return;
        }
        if at > cx.now() {
            cx.at(at, Due::Spot(Event::Wave { group: id, slot, nth }));
            return;
        }
        nth += 1;
    }
}

/// A wave comes.
pub(super) fn come(world: &mut World, cx: &mut Cx<'_>, id: u16, slot: Option<u32>, nth: u32) {
    let group = world.spot.groups[id as usize].clone();
    next(cx, &group, (id, slot), nth + 1, cx.now());
    let hit: Vec<InstanceId> = match slot {
        Some(slot) => group.slots[slot as usize].into_iter().collect(),
        None => {
            let share = correlation(cx);
            let hits = |slot: usize| {
                let subject = Subject { place: group.place, cause: name("hit"), ordinal: slot as u32 };
                cx.stream(Purpose::EvictionHit, subject, nth.into()).chance(share)
            };
            let hit = (0..group.slots.len()).filter(|&slot| hits(slot)).filter_map(|slot| group.slots[slot]);
            let hit: Vec<InstanceId> = hit.collect();
            ordered(cx, hit, group.slots.iter().copied().flatten().collect())
        }
    };
    if group.slots.iter().all(Option::is_none) || slot.is_some() && hit.is_empty() {
        return;
    }
    let rule = if slot.is_some() { rules::SP_06 } else { rules::SP_07 };
    let entry = record_wave(cx, &group, Entry(1), rule);
    if slot.is_some() {
        return take(world, cx, hit, (rules::SP_06, entry));
    }
    let window = cx.assume(key::SpotWaveWindow);
    let mut at_once = Vec::new();
    for instance in hit {
        let Some(spot_slot) = world.spot.taken[instance.index()] else { continue };
        let subject = Subject { place: group.place, cause: name("hit"), ordinal: spot_slot.slot };
        let later = cx.stream(Purpose::EvictionDelay, subject, nth.into()).below(window.ms() + 1);
        match SimDuration::from_ms(later) {
            SimDuration::ZERO => at_once.push(instance),
            later => cx.after(later, Due::Spot(Event::Hit { instance, nth, cause: entry })),
        }
    }
    take(world, cx, at_once, (rules::SP_06, entry));
}

/// The instant has come at which a wave takes an instance, if its machine is still there.
pub(super) fn strike(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if world.spot.taken[instance.index()].is_some() {
        take(world, cx, vec![instance], (rules::SP_06, cause));
    }
}

fn record_wave(cx: &mut Cx<'_>, group: &Group, cause: Entry, rule: RuleId) -> Entry {
    cx.record(Fact::Spot(SpotFact::WaveCame { region: RegionId(group.region), zone: group.zone }), cause, rule)
}

fn take(world: &mut World, cx: &mut Cx<'_>, hit: Vec<InstanceId>, (rule, cause): (RuleId, Entry)) {
    for instance in hit {
        let notified = is_notified(world, cx, instance);
        decide(world, cx, instance, EvictionCause::Capacity, (notified, rule), cause);
    }
}

/// As many as were hit, but those of the assumed order (`spot.eviction_order`).
fn ordered(cx: &mut Cx<'_>, hit: Vec<InstanceId>, mut of: Vec<InstanceId>) -> Vec<InstanceId> {
    let order = cx.assume(key::SpotEvictionOrder);
    of.sort_unstable();
    match order {
        choice::SpotEvictionOrder::Newest => of.into_iter().rev().take(hit.len()).collect(),
        choice::SpotEvictionOrder::Oldest => of.into_iter().take(hit.len()).collect(),
        choice::SpotEvictionOrder::Seeded => hit,
    }
}

// Verbs.

/// Azure takes a share of the Spot instances of a set in each of these zones, or in all; drawn for the name of the cause.
pub fn evict_share(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (zones, share, cause_key): (&[u8], f64, u64),
    cause: Entry,
) {
    for index in 0..world.spot.groups.len() {
        let group = world.spot.groups[index].clone();
        if !zones.is_empty() && !zones.contains(&group.zone) {
            continue;
        }
        let of_set = |(slot, instance): (usize, &Option<InstanceId>)| {
            let instance = (*instance)?;
            (world.instances.rows[instance.index()].set == set).then_some((slot as u32, instance))
        };
        let mut members: Vec<(u64, InstanceId)> = Vec::new();
        for (slot, instance) in group.slots.iter().enumerate().filter_map(of_set) {
            let subject = Subject { place: group.place, cause: cause_key, ordinal: slot };
            members.push((cx.stream(Purpose::EvictionHit, subject, 0).bits(), instance));
        }
        if members.is_empty() {
            continue;
        }
        members.sort_unstable();
        let count = libm::round(share * members.len() as f64) as usize;
        let all: Vec<InstanceId> = members.iter().map(|&(_, instance)| instance).collect();
        let hit = ordered(cx, all[..count].to_vec(), all);
        let entry = record_wave(cx, &group, cause, rules::SP_01);
        take(world, cx, hit, (rules::SP_01, entry));
    }
}

/// There is no Spot capacity in these zones of the region of a set, or there is again.
pub fn close(world: &mut World, cx: &mut Cx<'_>, set: SetId, (zones, shut): (&[u8], Shut), cause: Entry) {
    let plan = &cx.plan.sets[set.index()];
    let region = plan.region;
    let own: &[u8] = if plan.zones.is_empty() { &[0] } else { &plan.zones };
    for &zone in if zones.is_empty() { own } else { zones } {
        let count = &mut world.spot.shut[region as usize][zone as usize];
        let before = *count > 0;
        *count = if shut == Shut::Shut { *count + 1 } else { *count - 1 };
        let region = RegionId(region);
        match (before, *count > 0) {
            (false, true) => cx.record(Fact::Spot(SpotFact::CapacityShut { region, zone }), cause, rules::SP_01),
            (true, false) => cx.record(Fact::Spot(SpotFact::CapacityOpened { region, zone }), cause, rules::SP_01),
            _ => continue,
        };
    }
}

/// Whether there is Spot capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// There is none.
    Shut,
    /// There is.
    Open,
}
