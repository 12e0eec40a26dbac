//! Who goes when the count of a set falls (SI-01…SI-07, SI-09…SI-11, SP-10, `scale_in.default_tie`, `scale_in.too_few_victims`).

use super::{kept, remove, repair, settle_surplus, stuck, surge_in};
use crate::azure::{app_health, instances, spot};
use crate::engine::random::name;
use crate::plan::{OrchestrationMode, ScaleInPolicy};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{CapacityBy, Deletion, Fact, Health, Refusal};
use crate::world::ids::{Entry, InstanceId, SetId};

/// Deletes instances down to this count, one choice at a time (SI-04).
pub(super) fn scale_in(world: &mut World, cx: &mut Cx<'_>, id: SetId, to: u32, cause: Entry) {
    repair::give_up(world, cx, id, to, cause);
    stuck::remove_again(world, cx, id, to, cause);
    let set = &cx.plan.sets[id.index()];
    let by_cell = set.fault_domains <= 1 || cx.assume(key::ScaleInDefaultTie) == choice::ScaleInDefaultTie::FullestCell;
    let oldest = set.mode == OrchestrationMode::Flexible
        && cx.assume(key::ScaleInFlexibleOrder) == choice::ScaleInFlexibleOrder::Oldest;
    let order = Order { by_cell, oldest };
    if is_refused(world, cx, id, to) {
        settle_at(world, cx, id, to, cause);
        return;
    }
    while kept(world, id) > to {
        let mut list = std::mem::take(&mut world.scale_set.scratch);
        let victim = victim(world, cx, (id, to, order), &mut list);
        world.scale_set.scratch = list;
        let Some(victim) = victim else {
            // `scale_in.too_few_victims`: the capacity settles where nobody else may go.
            settle_at(world, cx, id, to, cause);
            break;
        };
        // What is left uneven stays so: nobody is moved (SI-08).
        let last = kept(world, id) == to + 1;
        let uneven = last && gap_without(world, cx, id, victim.0) > 1;
        let victim = if uneven { (victim.0, rules::SI_08) } else { victim };
        remove(world, cx, id, victim, Deletion::ScaleIn, cause);
        if uneven && !cx.on(rules::SI_08) {
            relocate(world, cx, id, cause);
        }
        // A scale-out under way wants one fewer, if it loses one.
        if let Some(surplus) = &mut world.scale_set.sets[id.index()].surplus
            && surplus.created.contains(&victim.0)
        {
            surplus.wanted = surplus.wanted.saturating_sub(1);
        }
    }
    settle_surplus(world, cx, id, cause);
}

/// The capacity goes back to what is reached, since the others are protected.
fn settle_at(world: &mut World, cx: &mut Cx<'_>, id: SetId, to: u32, cause: Entry) {
    let reached = kept(world, id);
    let fact = Fact::ScaleRefused { set: id, short: reached - to, why: Refusal::Protected };
    let entry = cx.record(fact, cause, rules::SI_07);
    world.scale_set.sets[id.index()].capacity = reached;
    cx.record(Fact::CapacitySet { set: id, from: to, to: reached, by: CapacityBy::Request }, entry, rules::SI_07);
}

/// Whether a scale-in is refused as a whole, because protection leaves too few to remove (`scale_in.too_few_victims`).
fn is_refused(world: &World, cx: &mut Cx<'_>, id: SetId, to: u32) -> bool {
    let instances = &world.scale_set.sets[id.index()].instances;
    let protected = |instance: &&InstanceId| world.instances.rows[instance.index()].protection.from_scale_in;
    let kept_back = instances.iter().filter(protected).count() as u32;
    kept(world, id) > to
        && kept_back > to
        && cx.on(rules::SI_07)
        && cx.assume(key::ScaleInTooFewVictims) == choice::ScaleInTooFewVictims::Refuse
}

/// What the policy Default does with ties.
#[derive(Clone, Copy)]
struct Order {
    /// The fullest cells come first (`scale_in.default_tie`).
    by_cell: bool,
    /// Of equals the oldest goes (SI-11).
    oldest: bool,
}

/// Who goes, and by which rule, if there is anyone.
type Victim = Option<(InstanceId, RuleId)>;

/// The next instance to go, and by which rule: of the fullest zones, by the policy of the set. The list is one that is used
/// again.
fn victim(world: &World, cx: &Cx<'_>, (id, to, order): (SetId, u32, Order), list: &mut Vec<InstanceId>) -> Victim {
    let set = &cx.plan.sets[id.index()];
    let spread = &world.capacity.spread[id.index()];
    let rows = &world.instances.rows;
    // Protected instances are not considered (SI-07, IP-01).
    let free = |instance: &InstanceId| {
        let protected = rows[instance.index()].protection.from_scale_in && cx.on(rules::SI_07) && cx.on(rules::IP_01);
        let running = rows[instance.index()].off.is_none() || cx.on(rules::SI_10);
        !protected && running && !world.scale_set.sets[id.index()].surge.contains(instance)
    };
    list.clear();
    list.extend(world.scale_set.sets[id.index()].instances.iter().copied().filter(free));
    let split = spot::by_split(world, cx, id, to, list);
    let fullest = list.iter().map(|instance| spread.by_zone[rows[instance.index()].at.zone as usize]).max()?;
    let balances = cx.on(rules::SI_04);
    let narrowed = list.len();
    list.retain(|instance| !balances || spread.by_zone[rows[instance.index()].at.zone as usize] == fullest);
    let narrowed = list.len() < narrowed;
    let sick = set.unhealthy_first && cx.on(rules::SI_09) && list.iter().any(|&instance| is_sick(world, instance));
    if sick {
        list.retain(|&instance| is_sick(world, instance));
    }
    // Under max spreading the platform shows no fault domains to balance (FD-02, `scale_in.default_tie`).
    let cell = |instance: &InstanceId| {
        let at = rows[instance.index()].at;
        if set.fault_domains > 1 { spread.in_fault_domain(at.zone, at.fault_domain) } else { 0 }
    };
    let crowded = list.iter().map(cell).max().unwrap_or(0);
    let regional = set.zones.is_empty();
    if regional && set.scale_in != ScaleInPolicy::Default && !cx.on(rules::SI_05) {
        // A world in which the policy picks within the fullest fault domain only.
        list.retain(|instance| cell(instance) == crowded);
    }
    let candidates = list.iter().copied();
    // Lowered by hand or by autoscale, the policy picks (SI-06).
    let policy = if cx.on(rules::SI_06) { set.scale_in } else { ScaleInPolicy::Default };
    let (victim, rule) = match policy {
        ScaleInPolicy::OldestVM if cx.on(rules::SI_03) => (candidates.min(), rules::SI_03),
        ScaleInPolicy::NewestVM if cx.on(rules::SI_02) => (candidates.max(), rules::SI_02),
        _ => {
            let named = set.mode == OrchestrationMode::Flexible;
            let name = |instance: &InstanceId| {
                let by_name = named && !cx.on(rules::SI_11);
                by_name.then(|| instances::name_of(world, cx.plan, *instance))
            };
            let oldest = order.oldest && cx.on(rules::SI_11);
            let victim = candidates.max_by_key(|instance| {
                let cell = if cx.on(rules::SI_01) && order.by_cell { cell(instance) } else { 0 };
                (cell, name(instance), if oldest { u32::MAX - instance.0 } else { instance.0 })
            });
            (victim, if named { rules::SI_11 } else { rules::SI_01 })
        }
    };
    // Where some zones are poorer than others, that is what spared their instances.
    let rule = if narrowed { rules::SI_04 } else { rule };
    victim.map(|victim| {
        let off = rows[victim.index()].off.is_some();
        // The whole set was picked from, though a fault domain was fuller than that of the victim.
        let whole = regional && policy != ScaleInPolicy::Default && cell(&victim) < crowded;
        let rule = match () {
            () if split => rules::SP_10,
            () if sick => rules::SI_09,
            () if off => rules::SI_10,
            () if whole => rules::SI_05,
            () => rule,
        };
        (victim, rule)
    })
}

/// How far the zones of a set are apart once this instance is gone.
fn gap_without(world: &World, cx: &Cx<'_>, id: SetId, victim: InstanceId) -> u32 {
    let mut by_zone = world.capacity.spread[id.index()].by_zone;
    by_zone[world.instances.rows[victim.index()].at.zone as usize] -= 1;
    let count = |zone: &u8| by_zone[*zone as usize];
    let zones = &cx.plan.sets[id.index()].zones;
    zones.iter().map(count).max().unwrap_or(0) - zones.iter().map(count).min().unwrap_or(0)
}

/// In a world without SI-08: one of the fullest zone goes, and another is created in the emptiest.
fn relocate(world: &mut World, cx: &mut Cx<'_>, id: SetId, cause: Entry) {
    let (by_zone, zones) = (world.capacity.spread[id.index()].by_zone, &cx.plan.sets[id.index()].zones);
    let Some(&to) = zones.iter().min_by_key(|&&zone| by_zone[zone as usize]) else { return };
    let Some(&from) = zones.iter().max_by_key(|&&zone| by_zone[zone as usize]) else { return };
    let there = |instance: &&InstanceId| world.instances.rows[instance.index()].at.zone == from;
    let Some(&old) = world.scale_set.sets[id.index()].instances.iter().rev().find(there) else { return };
    if let Some((new, _)) = surge_in(world, cx, id, to, name("relocation"), (rules::SI_08, cause)) {
        world.scale_set.sets[id.index()].surge.retain(|&other| other != new);
        remove(world, cx, id, (old, rules::SI_08), Deletion::ScaleIn, cause);
    }
}

/// Whether an instance is unhealthy, failed or has no machine (SI-09).
fn is_sick(world: &World, instance: InstanceId) -> bool {
    let row = &world.instances.rows[instance.index()];
    row.off.is_some()
        || row.state == instances::Provisioning::Failed
        || app_health::state(world, instance) == Some(Health::Unhealthy)
}
