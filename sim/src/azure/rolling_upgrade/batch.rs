//! Which instances are in the next batch.
//!
//! Rules: RU-01, RU-05, RU-06, RU-09, RU-11, RU-12, RU-21, RU-22, RU-23, RU-24, RU-36, UM-22; `rolling.*`. The documents give
//! the ceiling and the borders; order and packing within them are assumptions.

use super::enlist;
use super::gate::{self, GateReading};
use super::{Progress, Upgrade, Walk};
use crate::azure::instances;
use crate::plan::OrchestrationMode;
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::ids::{InstanceId, SetId};

/// The next batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its instances, in the order in which they are begun.
    pub instances: Vec<InstanceId>,
    /// Their zone, or 0 where the batch is not held to one.
    pub zone: u8,
    /// The rule that made it what it is: the most particular one.
    pub rule: RuleId,
}

/// How many update domains a Uniform set with fixed spreading has (`rolling.batch_crosses_update_domains`).
pub const UPDATE_DOMAINS: u32 = 5;

/// An instance that waits to be upgraded.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    instance: InstanceId,
    phase: u32,
    zone: u8,
    domain: u32,
    unhealthy: bool,
}

/// The instances of an upgrade that wait, and stand.
fn candidates(world: &World, cx: &mut Cx<'_>, id: SetId, upgrade: &Upgrade) -> Vec<Candidate> {
    let set = &cx.plan.sets[id.index()];
    let has_domains = set.mode == OrchestrationMode::Uniform
        && set.fault_domains > 1
        && cx.on(rules::RU_22)
        && !cx.assume(key::RollingCrossesUpdateDomains);
    let mut found = Vec::new();
    for member in upgrade.members.iter().filter(|member| member.progress == Progress::Pending) {
        let row = &world.instances.rows[member.instance.index()];
        if instances::is_present(row) {
            found.push(Candidate {
                instance: member.instance,
                phase: member.phase,
                zone: row.at.zone,
                domain: if has_domains { row.ordinal % UPDATE_DOMAINS } else { 0 },
                unhealthy: gate::reading(world, cx, member.instance) == GateReading::Unhealthy,
            });
        }
    }
    found
}

/// The ceiling of a batch in a set of this size, and the rule (RU-01, RU-11, RU-12, `rolling.percent_round`).
#[must_use]
pub fn ceiling(cx: &mut Cx<'_>, size: u32, percent: u32) -> (u32, RuleId) {
    let (percent, is_set) = gate::limit(cx, percent, rules::RU_01);
    let hundredfold = u64::from(size) * u64::from(percent);
    let how = cx.assume(key::RollingPercentRound);
    let how = if cx.on(rules::RU_12) { how } else { choice::RollingPercentRound::Ceiling };
    let whole = match how {
        choice::RollingPercentRound::Ceiling => hundredfold.div_ceil(100),
        choice::RollingPercentRound::Nearest => (hundredfold + 50) / 100,
        choice::RollingPercentRound::Floor => hundredfold / 100,
    } as u32;
    match (whole, hundredfold % 100) {
        (0, _) if cx.on(rules::RU_11) => (1, rules::RU_11),
        (_, 1..) => (whole, rules::RU_12),
        _ if is_set => (whole, rules::RU_01),
        _ => (whole, rules::RU_20),
    }
}

/// The next batch of an upgrade; `None` if nobody waits.
pub fn choose(world: &World, cx: &mut Cx<'_>, id: SetId, upgrade: &Upgrade) -> Option<Batch> {
    let policy = &upgrade.policy;
    let mut open = candidates(world, cx, id, upgrade);
    if upgrade.walk == Walk::Together {
        return together(&open);
    }
    // Phases run one after another (RU-23).
    let phase = open.iter().map(|candidate| candidate.phase).min()?;
    open.retain(|candidate| candidate.phase == phase || !cx.on(rules::RU_23));
    let phased = open.len() < upgrade.members.iter().filter(|member| member.progress == Progress::Pending).count();
    let sick = open.iter().filter(|candidate| candidate.unhealthy).count();
    // All unhealthy instances come before any healthy one, if the policy says so (RU-05).
    let first_sick = policy.prioritize_unhealthy && cx.on(rules::RU_05) || !cx.on(rules::RU_24);
    let prioritized = first_sick && sick > 0 && sick < open.len();
    if first_sick && sick > 0 {
        open.retain(|candidate| candidate.unhealthy);
    }
    let crosses = policy.cross_zone && cx.on(rules::RU_06) || !cx.on(rules::RU_21);
    let descending = cx.assume(key::RollingZoneOrder) == choice::Order::Descending;
    let zone_of = |candidate: &Candidate| match (crosses, descending) {
        (true, _) => 0,
        (false, true) => u8::MAX - candidate.zone,
        (false, false) => candidate.zone,
    };
    let last_first = cx.assume(key::RollingInstanceOrder) == choice::Order::Descending;
    let place = |candidate: &Candidate| if last_first { u32::MAX - candidate.instance.0 } else { candidate.instance.0 };
    open.sort_by_key(|candidate| (zone_of(candidate), candidate.domain, place(candidate)));
    let head = *open.first()?;
    let waiting = open.len();
    let zones_cut = open.iter().any(|candidate| zone_of(candidate) != zone_of(&head));
    open.retain(|candidate| zone_of(candidate) == zone_of(&head));
    let domains_cut = open.iter().any(|candidate| candidate.domain != head.domain);
    open.retain(|candidate| candidate.domain == head.domain);

    let (most, rounding) = ceiling(cx, size(world, id), policy.max_batch_percent);
    let full = open.len().min(most as usize);
    let length = shrunk(world, cx, id, upgrade, &open[..full]);
    if length == 0 {
        return None;
    }
    let batch = &open[..length];
    let whole_set = waiting.min(most as usize);
    let spans = batch.iter().any(|candidate| candidate.zone != head.zone);
    let overall = gate::overall(world, cx, id);
    let at_limit = overall.is_at(policy.max_unhealthy_percent);
    let undecided = gate::initializing(world, cx, id);
    let decided = gate::Share { unhealthy: overall.unhealthy + undecided, ..overall };
    let waited_for = undecided > 0 && decided.exceeds(cx, policy.max_unhealthy_percent);
    let purpose = (upgrade.kind, *policy);
    let other_now = |candidate: &Candidate| {
        let now = enlist::metrics(world, cx, candidate.instance, purpose);
        now.is_some_and(|now| (now.skip, now.phase.unwrap_or(u32::MAX)) != (false, candidate.phase))
    };
    let outdated = batch.iter().any(other_now);
    let rule = match () {
        () if waited_for => rules::HD_41,
        () if outdated => rules::HD_37,
        () if at_limit => rules::RU_09,
        () if phased => rules::RU_23,
        () if prioritized && policy.prioritize_unhealthy => rules::RU_05,
        () if length < full => rules::RU_01,
        () if spans && policy.cross_zone => rules::RU_06,
        () if length < whole_set && domains_cut => rules::RU_22,
        () if length < whole_set && zones_cut => rules::RU_21,
        () if sick > 0 && !first_sick && !batch[0].unhealthy => rules::RU_24,
        () => rounding,
    };
    let instances = batch.iter().map(|candidate| candidate.instance).collect();
    Some(Batch { instances, zone: if crosses { 0 } else { head.zone }, rule })
}

/// All that wait and that an upgrade only watches.
fn together(open: &[Candidate]) -> Option<Batch> {
    let instances: Vec<InstanceId> = open.iter().map(|candidate| candidate.instance).collect();
    (!instances.is_empty()).then_some(Batch { instances, zone: 0, rule: rules::UM_22 })
}

/// How many of these a batch may take, so that the gate of the next one can still be met: what is unhealthy outside of it
/// takes room within it (RU-01, `rolling.batch_shrink`).
fn shrunk(world: &World, cx: &mut Cx<'_>, id: SetId, upgrade: &Upgrade, open: &[Candidate]) -> usize {
    let shrinks = cx.assume(key::RollingBatchShrink) == choice::RollingBatchShrink::UnhealthyOutside;
    if !shrinks || !cx.on(rules::RU_01) {
        return open.len();
    }
    let share = gate::overall(world, cx, id);
    let allowed = u64::from(share.of) * u64::from(upgrade.policy.max_unhealthy_percent) / 100;
    let mut length = open.len();
    while length > 1 {
        let inside = open[..length].iter().filter(|candidate| candidate.unhealthy).count() as u64;
        let outside = u64::from(share.unhealthy) - inside;
        // Nobody unhealthy elsewhere, and the ceiling stands as it is: the reference speaks of unhealthy instances only.
        if outside == 0 || length as u64 <= allowed.saturating_sub(outside).max(1) {
            break;
        }
        length -= 1;
    }
    length
}

/// How many instances a set has, those aside that are beyond its capacity while they replace others.
fn size(world: &World, id: SetId) -> u32 {
    let set = &world.scale_set.sets[id.index()];
    (set.instances.len() - set.surge.len()) as u32
}

/// Invariant: a batch stays within its limit, and in one zone unless that is allowed.
pub(super) fn check(world: &World, cx: &Cx<'_>, id: SetId, upgrade: &Upgrade, batch: &Batch) {
    if upgrade.walk == Walk::Together {
        return;
    }
    let (set, rows) = (&cx.plan.sets[id.index()], &world.instances.rows);
    let floors = cx.plan.assumptions.get(key::RollingPercentRound) == choice::RollingPercentRound::Floor;
    if floors && cx.on(rules::RU_12) && cx.on(rules::RU_01) {
        let (length, size) = (batch.instances.len() as u32, size(world, id));
        let within = length == 1 || length * 100 <= size * upgrade.policy.max_batch_percent;
        assert!(within, "no batch of {} exceeds its limit", set.name);
    }
    if cx.on(rules::RU_21) && !upgrade.policy.cross_zone {
        let zone = |instance: &InstanceId| rows[instance.index()].at.zone;
        let mixed = batch.instances.iter().any(|instance| zone(instance) != zone(&batch.instances[0]));
        assert!(!mixed, "no batch of {} mixes zones", set.name);
    }
}
