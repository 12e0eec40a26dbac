//! Virtual Machine Scale Sets: the model, the count, and who goes when the count falls.
//!
//! Rules: GA-07, GA-09, OR-03, OR-04, OR-06, OR-13, OR-18, OP-01, OP-05, OP-06, SI-01…SI-06, SI-08, SI-11, ZN-05, ZN-08, IN-01.
//! New instances always take the current model, and never what a pipeline did to the others (IN-01). Left out: changes of
//! the model while running, protection (SI-07), attach and detach.

use crate::azure::capacity;
use crate::azure::gallery::{self, Resolved};
use crate::azure::instances::{self, Birth, Provisioning, Row};
use crate::engine::luck::name;
use crate::engine::time::SimTime;
use crate::plan::{ImageReference, OrchestrationMode, ScaleInPolicy, ScaleSet};
use crate::rules::{self, A, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Deletion, Fact, GalleryFact, Placement, Refusal};
use crate::world::ids::{Entry, ImageId, InstanceId, RegionId, SetId};

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The sets of the plan.
    pub sets: Vec<SetState>,
}

/// One scale set.
#[derive(Clone, Debug, Default)]
pub struct SetState {
    /// The capacity as last written.
    pub capacity: u32,
    /// Its instances that are not being deleted, in the order of creation.
    pub instances: Vec<InstanceId>,
    next_ordinal: u32,
    /// Instances created so far by the cause with this name.
    births: Vec<(u64, u32)>,
    /// A scale-out that started more than it was asked for, until the surplus is gone.
    surplus: Option<Surplus>,
}

/// A scale-out with overprovisioning (OP-01).
#[derive(Clone, Debug)]
struct Surplus {
    /// The instances it created.
    created: Vec<InstanceId>,
    /// How many of them are wanted.
    wanted: u32,
}

/// The most instances a set may hold, and the rule that says so.
#[must_use]
pub fn limit(set: &ScaleSet) -> (u32, RuleId) {
    match (set.mode, set.single_placement_group) {
        (OrchestrationMode::Uniform, true) => (100, rules::OR_04),
        (OrchestrationMode::Uniform, false) => (1000, rules::OR_04),
        (OrchestrationMode::Flexible, _) => (1000, rules::OR_03),
    }
}

impl State {
    /// The sets of the plan, empty.
    #[must_use]
    pub fn new(cx: &Cx<'_>) -> Self {
        Self { sets: vec![SetState::default(); cx.plan.sets.len()] }
    }
}

/// The instances that stand there when the run begins, or their creation if the scenario starts cold.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for id in 0..cx.plan.sets.len() {
        let set = SetId(id as u16);
        let capacity = cx.plan.sets[id].capacity;
        world.scale_set.sets[id].capacity = capacity;
        if cx.plan.cold_start || !cx.on(rules::WT_08) {
            scale_out(world, cx, set, capacity, name("cold start"), cause);
            continue;
        }
        let Some((image, cause)) = image_of(world, cx, set, capacity, cause) else { continue };
        for _ in 0..capacity {
            let at = capacity::stand(world, cx, set);
            let birth = birth(world, set, (image, at), false, name("initial"));
            let instance = instances::stand(world, cx, &birth, cause);
            world.scale_set.sets[id].instances.push(instance);
        }
    }
}

/// The version that the model of a set means now, for this many new instances (GA-07, OR-18). Where there is none they
/// are refused, and so is what cannot be had in the region (GA-09, GA-19). With it goes the entry from which the instances
/// follow: where `latest` moved, what moved it is why they are what they are.
fn image_of(world: &World, cx: &mut Cx<'_>, set: SetId, wanted: u32, cause: Entry) -> Option<(ImageId, Entry)> {
    let ScaleSet { image: reference, region, .. } = cx.plan.sets[set.index()];
    match gallery::resolve(world, cx, reference, RegionId(region)) {
        Ok(Resolved { image, rule }) => {
            // A version by its number goes without saying, unless it is excluded from `latest` (GA-10).
            let named = matches!(reference, ImageReference::Version(_));
            if wanted > 0 && cx.now() > SimTime::ZERO && (!named || rule == rules::GA_10) {
                let why = gallery::said(world, reference, RegionId(region)).unwrap_or(cause);
                let entry = cx.say(Fact::Gallery(GalleryFact::ImageResolved { set, image }), why, rule);
                return Some((image, entry));
            }
            Some((image, cause))
        }
        Err((why, rule)) => {
            if wanted > 0 {
                cx.say(Fact::ScaleRefused { set, short: wanted, why }, cause, rule);
            }
            None
        }
    }
}

fn birth(world: &mut World, set: SetId, (image, at): (ImageId, Placement), surplus: bool, born_of: u64) -> Birth {
    let state = &mut world.scale_set.sets[set.index()];
    let ordinal = state.next_ordinal;
    state.next_ordinal += 1;
    let of_cause = state.births.iter().position(|&(cause, _)| cause == born_of).unwrap_or_else(|| {
        state.births.push((born_of, 0));
        state.births.len() - 1
    });
    let nth = state.births[of_cause].1;
    state.births[of_cause].1 += 1;
    Birth { set, ordinal, image, at, surplus, born_of, nth }
}

/// Looks at instances that were provisioned: each may complete a scale-out of its set.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instances: &[(u32, Entry)]) {
    for &(instance, cause) in instances {
        let instance = InstanceId(instance);
        join_when_provisioned(world, cx, instance, cause);
        let set = world.instances.rows[instance.index()].set;
        settle_surplus(world, cx, set, cause);
    }
}

/// Once the wanted number is provisioned, the surplus goes (OP-01).
fn settle_surplus(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let Some(surplus) = &world.scale_set.sets[set.index()].surplus else { return };
    let rows = &world.instances.rows;
    // Where extensions run on the kept instances only, one without them cannot be kept (OP-05).
    let plain = cx.plan.sets[set.index()].skip_extensions_on_surplus && cx.on(rules::OP_05);
    let succeeds = |row: &Row| row.state == Provisioning::Succeeded && !(plain && row.surplus);
    let succeeded = |instance: &InstanceId| succeeds(&rows[instance.index()]);
    let standing: Vec<InstanceId> =
        surplus.created.iter().copied().filter(|instance| instances::stands(&rows[instance.index()])).collect();
    if standing.iter().filter(|instance| succeeded(instance)).count() < surplus.wanted as usize {
        return;
    }
    // The slowest go: those still provisioning first, then the highest ids (P-27).
    let slowest = cx.plan.assumptions.choice(cx.assume(A::VmssOverprovisionVictims)) == "slowest";
    let mut order = standing.clone();
    order.sort_unstable_by_key(|instance| (slowest && succeeded(instance), std::cmp::Reverse(*instance)));
    let excess = standing.len() - surplus.wanted as usize;
    world.scale_set.sets[set.index()].surplus = None;
    for &instance in &order[..excess] {
        remove(world, cx, set, (instance, rules::OP_01), Deletion::Surplus, cause);
    }
}

fn remove(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (instance, chosen): (InstanceId, RuleId),
    why: Deletion,
    cause: Entry,
) {
    world.scale_set.sets[set.index()].instances.retain(|&other| other != instance);
    instances::delete(world, cx, instance, why, chosen, cause);
}

// Verbs.

/// Writes the capacity of a set; what it causes is keyed by the name `born_of`.
pub fn set_capacity(world: &mut World, cx: &mut Cx<'_>, id: SetId, to: u32, born_of: u64, cause: Entry) {
    let set = &cx.plan.sets[id.index()];
    let from = world.scale_set.sets[id.index()].capacity;
    // A set without instances is legal (OR-06).
    let to = if cx.on(rules::OR_06) { to } else { to.max(1) };
    let (limit, rule) = limit(set);
    if to > limit && cx.on(rule) {
        cx.say(Fact::ScaleRefused { set: id, short: to - from.min(to), why: Refusal::TooMany }, cause, rule);
        return;
    }
    if to == from && to == kept(world, id) {
        // An operation that fell short is tried again when the same capacity is written again.
        return;
    }
    world.scale_set.sets[id.index()].capacity = to;
    let rule = match to {
        0 => rules::OR_06,
        _ if to > from => rules::WT_01,
        _ => rules::SI_06,
    };
    let entry = cx.say(Fact::CapacitySet { set: id, from, to }, cause, rule);
    let kept = kept(world, id);
    if to > kept {
        scale_out(world, cx, id, to - kept, born_of, entry);
    } else {
        scale_in(world, cx, id, to, entry);
    }
}

/// Instances of a set that count to its capacity: all but the surplus that is still to go.
fn kept(world: &World, id: SetId) -> u32 {
    let state = &world.scale_set.sets[id.index()];
    let excess = state.surplus.as_ref().map_or(0, |surplus| {
        let rows = &world.instances.rows;
        let standing = surplus.created.iter().filter(|instance| instances::stands(&rows[instance.index()])).count();
        standing.saturating_sub(surplus.wanted as usize)
    });
    (state.instances.len() - excess) as u32
}

/// Creates `wanted` instances, and a surplus where the set overprovisions (OP-01, P-27).
fn scale_out(world: &mut World, cx: &mut Cx<'_>, id: SetId, wanted: u32, born_of: u64, cause: Entry) {
    let Some((image, why)) = image_of(world, cx, id, wanted, cause) else { return };
    let set = &cx.plan.sets[id.index()];
    let overprovisions =
        set.overprovision && set.mode == OrchestrationMode::Uniform && cx.on(rules::OP_01) && wanted > 0;
    let extra = if overprovisions {
        let share = cx.plan.assumptions.share(cx.assume(A::VmssOverprovisionShare));
        (libm::ceil(share * f64::from(wanted)) as u32).max(1)
    } else {
        0
    };
    let mut created = Vec::new();
    for i in 0..wanted + extra {
        let (at, placed) = match capacity::reserve(world, cx, id) {
            Ok(found) => found,
            Err(refusal) => {
                if i < wanted {
                    refuse(cx, id, wanted - i, refusal, cause);
                }
                break;
            }
        };
        let birth = birth(world, id, (image, at), i >= wanted, born_of);
        let instance = instances::create(world, cx, &birth, placed, why);
        world.scale_set.sets[id.index()].instances.push(instance);
        created.push(instance);
    }
    if overprovisions && created.len() > wanted as usize {
        // A scale-out that overtakes another takes its surplus over.
        let state = &mut world.scale_set.sets[id.index()];
        let earlier = state.surplus.take();
        let wanted = wanted + earlier.as_ref().map_or(0, |earlier| earlier.wanted);
        created.extend(earlier.into_iter().flat_map(|earlier| earlier.created));
        state.surplus = Some(Surplus { created, wanted });
    }
}

fn refuse(cx: &mut Cx<'_>, set: SetId, short: u32, why: Refusal, cause: Entry) {
    let rule = match why {
        Refusal::TooMany => rules::OR_04,
        Refusal::AllocationFailed => rules::AL_01,
        Refusal::ZonalAllocationFailed => rules::AL_02,
        Refusal::ZoneBalance => rules::ZN_06,
        Refusal::ZonesUnavailable => rules::ZN_04,
        Refusal::NoLatestImage | Refusal::ImageNotInRegion => rules::GA_09,
        Refusal::ImageDeleted => rules::GA_19,
    };
    cx.say(Fact::ScaleRefused { set, short, why }, cause, rule);
}

/// Deletes instances down to this count, one choice at a time (SI-04).
fn scale_in(world: &mut World, cx: &mut Cx<'_>, id: SetId, to: u32, cause: Entry) {
    while kept(world, id) > to {
        let Some(victim) = victim(world, cx, id) else { break };
        remove(world, cx, id, victim, Deletion::ScaleIn, cause);
        // A scale-out under way wants one fewer, if it loses one.
        if let Some(surplus) = &mut world.scale_set.sets[id.index()].surplus
            && surplus.created.contains(&victim.0)
        {
            surplus.wanted = surplus.wanted.saturating_sub(1);
        }
    }
    settle_surplus(world, cx, id, cause);
}

/// The next instance to go, and by which rule: of the fullest zones, by the policy of the set.
fn victim(world: &World, cx: &Cx<'_>, id: SetId) -> Option<(InstanceId, RuleId)> {
    let set = &cx.plan.sets[id.index()];
    let spread = &world.capacity.spread[id.index()];
    let rows = &world.instances.rows;
    let list = &world.scale_set.sets[id.index()].instances;
    let fullest = list.iter().map(|instance| spread.by_zone[rows[instance.index()].at.zone as usize]).max()?;
    let balances = cx.on(rules::SI_04);
    let candidates = list
        .iter()
        .copied()
        .filter(|instance| !balances || spread.by_zone[rows[instance.index()].at.zone as usize] == fullest);
    // Lowered by hand or by autoscale, the policy picks (SI-06).
    let policy = if cx.on(rules::SI_06) { set.scale_in } else { ScaleInPolicy::Default };
    let narrowed = candidates.clone().count() < list.len();
    let (victim, rule) = match policy {
        ScaleInPolicy::OldestVM if cx.on(rules::SI_03) => (candidates.min(), rules::SI_03),
        ScaleInPolicy::NewestVM if cx.on(rules::SI_02) => (candidates.max(), rules::SI_02),
        _ => {
            // Under max spreading the platform shows no fault domains to balance (FD-02, P-28).
            let cell = |instance: &InstanceId| {
                let at = rows[instance.index()].at;
                let fixed = set.fault_domains > 1 && cx.on(rules::SI_01);
                if fixed { spread.in_fault_domain(at.zone, at.fault_domain) } else { 0 }
            };
            let named = set.mode == OrchestrationMode::Flexible;
            let name = |instance: &InstanceId| {
                let by_name = named && !cx.on(rules::SI_11);
                by_name.then(|| instances::name_of(world, cx.plan, *instance))
            };
            let victim = candidates.max_by_key(|instance| (cell(instance), name(instance), *instance));
            (victim, if named { rules::SI_11 } else { rules::SI_01 })
        }
    };
    // Where some zones are poorer than others, that is what spared their instances.
    victim.map(|victim| (victim, if narrowed { rules::SI_04 } else { rule }))
}

/// Joins a provisioned instance to its pools, in a world where the balancer waits for that (LB-16 switched off).
fn join_when_provisioned(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    if !cx.on(rules::LB_16) && instances::stands(&row) && world.load_balancer.of(instance).next().is_none() {
        instances::join_pools(world, cx, instance, row.set, cause);
    }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for (id, state) in world.scale_set.sets.iter().enumerate() {
        let set = &cx.plan.sets[id];
        for &instance in &state.instances {
            let row = &world.instances.rows[instance.index()];
            assert_eq!(row.set.index(), id, "an instance belongs to the set that lists it");
            assert!(instances::stands(row), "a set lists only what stands");
            let pinned = !set.zones.is_empty() && cx.on(rules::ZN_01);
            assert!(!pinned || set.zones.contains(&row.at.zone), "an instance stands in a zone of its set");
        }
        let kept = kept(world, SetId(id as u16));
        assert!(kept <= state.capacity, "a set keeps no more instances than its capacity");
        assert!(state.instances.is_sorted(), "instances are listed in the order of creation");
    }
}
