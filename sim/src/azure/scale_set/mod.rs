//! Virtual Machine Scale Sets: the model, the count, and who goes when the count falls.
//!
//! Rules: LC-06, LC-07, LC-08, OP-03, OP-08, ZN-04,
//! GA-07, GA-09, OR-03, OR-04, OR-06, OR-13, OR-18, OP-01, OP-05, OP-06, SI-01…SI-06, SI-08, SI-11, ZN-05, ZN-08, IN-01.
//! New instances always take the current model, and never what a pipeline did to the others (IN-01). A change of the model
//! makes a new revision; instances stay at theirs until something brings them to the newest (UM-02, UM-08). Left out:
//! attach and detach.

mod hand_over;
mod model;
mod named;
mod refused;
mod repair;
mod resize;
mod retry;
mod scale_in;
mod stuck;
mod surge;
mod surplus;

pub use model::Model;
pub use named::{delete_named, reimage, stuck};
pub use repair::{create_replacement, free_place, is_held, release, size};
pub use surge::{remove_surge, surge, surge_in, take_over};

use crate::azure::capacity::{self, Priority};
use crate::azure::gallery::{self, Resolved};
use crate::azure::instances::{self, NewInstance, Provisioning, Row, Update};
use crate::azure::spot;
use crate::engine::random::name;
use crate::engine::time::SimTime;
use crate::plan::{
    ImageReference, ModelChange, OrchestrationMode, Quota, Reach, RepairsPolicy, ScaleSet, UpgradeMode, UpgradePolicy,
};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{CapacityBy, Deletion, Fact, GalleryFact, Operation, Placement, Refusal};
use crate::world::ids::{ActionId, Entry, ImageId, InstanceId, RegionId, SetId};

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The sets of the plan.
    pub sets: Vec<SetState>,
    scratch: Vec<InstanceId>,
}

/// One scale set.
#[derive(Clone, Debug, Default)]
pub struct SetState {
    /// The capacity as last written.
    pub capacity: u32,
    /// Those of them that stand beyond the capacity while they replace others (MS-03).
    pub surge: Vec<InstanceId>,
    /// Instances that repairs deleted and whose places are kept for those that are to replace them.
    held: Vec<InstanceId>,
    /// What is left of instances that could not be deleted: it counts, and is of no use (LC-08).
    stuck: Vec<InstanceId>,
    /// `automaticRepairsPolicy` as last written.
    pub repairs: Option<RepairsPolicy>,
    /// The revisions of the model, the newest last.
    pub models: Vec<Model>,
    /// How changes reach the instances now.
    pub upgrade: UpgradePolicy,
    /// Its instances that are not being deleted, in the order of creation.
    pub instances: Vec<InstanceId>,
    next_ordinal: u32,
    /// Instances created so far by the cause with this name.
    created: Vec<(u64, u32)>,
    /// What resilient create made, each with the instant of the first of its row (LC-06).
    retries: Vec<(InstanceId, SimTime)>,
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
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let set = |set: &ScaleSet| {
            let first = Model::first(set);
            let mut models: Vec<Model> = set.start.earlier.iter().map(|&image| Model { image, ..first }).collect();
            models.push(first);
            SetState { models, upgrade: set.upgrade, repairs: set.repairs, ..SetState::default() }
        };
        Self { sets: cx.plan.sets.iter().map(set).collect(), scratch: Vec::new() }
    }

    /// A revision of the model of a set.
    #[must_use]
    pub fn model(&self, set: SetId, revision: u32) -> &Model {
        &self.sets[set.index()].models[revision as usize]
    }

    /// The newest model of a set.
    ///
    /// # Panics
    /// Never: a set has a model.
    #[must_use]
    pub fn newest(&self, set: SetId) -> &Model {
        self.sets[set.index()].models.last().expect("a set has a model")
    }

    /// The number of the newest revision.
    #[must_use]
    pub fn revision(&self, set: SetId) -> u32 {
        self.sets[set.index()].models.len() as u32 - 1
    }
}

/// Begins a set. What its instances are that are there when the run begins: their version, and the entry they follow from.
/// None are there if the scenario starts cold; then their creation begins.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) -> Option<(ImageId, Entry)> {
    let id = set.index();
    let capacity = cx.plan.sets[id].capacity;
    world.scale_set.sets[id].capacity = capacity;
    if cx.plan.cold_start || !cx.on(rules::WT_08) {
        scale_out(world, cx, set, capacity, name("cold start"), cause);
        return None;
    }
    world.scale_set.sets[id].instances.reserve_exact(capacity as usize);
    image_of(world, cx, set, capacity, cause)
}

/// The next of the instances that are in a set when the run begins.
pub fn start_steady(world: &mut World, cx: &mut Cx<'_>, set: SetId, (image, cause): (ImageId, Entry)) {
    let id = set.index();
    let plan = cx.plan;
    let known = plan.sets[id].start.instances.get(world.scale_set.sets[id].instances.len());
    let (zone, domain) = known.map_or((None, None), |known| (known.zone, known.fault_domain));
    let at = capacity::place_at_start(world, cx, set, zone, domain);
    let priority = spot::next_priority(world, cx, set, plan.sets[id].capacity);
    let mut new = NewInstance { spot: priority, ..new_instance(world, set, (image, at), false, name("initial")) };
    if let Some(known) = known {
        new.ordinal = known.ordinal;
        new.image = known.image.map_or(image, ImageId);
        world.scale_set.sets[id].next_ordinal = known.ordinal + 1;
    }
    let instance = instances::start_steady(world, cx, &new, known, cause);
    world.scale_set.sets[id].instances.push(instance);
}

/// The version that the model of a set means now, for this many new instances (GA-07, OR-18). Where there is none they
/// are refused, and so is what cannot be had in the region (GA-09, GA-19). With it goes the entry from which the instances
/// follow: where `latest` moved, what moved it is why they are what they are.
fn image_of(world: &World, cx: &mut Cx<'_>, set: SetId, wanted: u32, cause: Entry) -> Option<(ImageId, Entry)> {
    let (reference, region) = (world.scale_set.newest(set).image, cx.plan.sets[set.index()].region);
    match gallery::resolve(world, cx, reference, RegionId(region)) {
        Ok(Resolved { image, rule }) => {
            // A version by its number goes without saying, unless it is excluded from `latest` (GA-10).
            let named = matches!(reference, ImageReference::Version(_));
            if wanted > 0 && cx.now() > SimTime::ZERO && (!named || rule == rules::GA_10) {
                let why = gallery::recorded_at(world, reference, RegionId(region)).unwrap_or(cause);
                let entry = cx.record(Fact::Gallery(GalleryFact::ImageResolved { set, image }), why, rule);
                return Some((image, entry));
            }
            Some((image, cause))
        }
        Err((why, rule)) => {
            if wanted > 0 {
                cx.record(Fact::ScaleRefused { set, short: wanted, why }, cause, rule);
            }
            None
        }
    }
}

fn new_instance(
    world: &mut World,
    set: SetId,
    (image, at): (ImageId, Placement),
    surplus: bool,
    cause_key: u64,
) -> NewInstance {
    let state = &mut world.scale_set.sets[set.index()];
    let ordinal = state.next_ordinal;
    state.next_ordinal += 1;
    let of_cause = state.created.iter().position(|&(cause, _)| cause == cause_key).unwrap_or_else(|| {
        state.created.push((cause_key, 0));
        state.created.len() - 1
    });
    let nth = state.created[of_cause].1;
    state.created[of_cause].1 += 1;
    NewInstance { set, ordinal, image, at, surplus, cause_key, nth, spot: None, surges: false }
}

/// Looks at instances that were provisioned: each may complete a scale-out of its set.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instances: &[(u32, Entry)]) {
    for &(instance, cause) in instances {
        let instance = InstanceId(instance);
        join_when_provisioned(world, cx, instance, cause);
        let set = world.instances.rows[instance.index()].set;
        retry::again(world, cx, instance, cause);
        stuck::count(world, cx, instance, cause);
        settle_surplus(world, cx, set, cause);
    }
}

/// Once the wanted number is provisioned, the surplus goes (OP-01).
fn settle_surplus(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let Some(settling) = &world.scale_set.sets[set.index()].surplus else { return };
    let rows = &world.instances.rows;
    // Where extensions run on the kept instances only, one without them cannot be kept (OP-05).
    let plain = cx.plan.sets[set.index()].skip_extensions_on_surplus && cx.on(rules::OP_05);
    let succeeds = |row: &Row| row.state == Provisioning::Succeeded && !(plain && row.surplus);
    let succeeded = |instance: &InstanceId| succeeds(&rows[instance.index()]);
    let present = settling.created.iter().copied().filter(|instance| instances::is_present(&rows[instance.index()]));
    if present.clone().filter(succeeded).count() < settling.wanted as usize {
        return;
    }
    // The slowest go: those still provisioning first, then the highest ids (`vmss.overprovision_*`).
    let slowest = cx.assume(key::VmssOverprovisionVictims) == choice::VmssOverprovisionVictims::Slowest;
    let mut order: Vec<InstanceId> = present.collect();
    order.sort_unstable_by_key(|instance| (slowest && succeeded(instance), std::cmp::Reverse(*instance)));
    let cell = |instance: &InstanceId| {
        let at = rows[instance.index()].at;
        world.capacity.spread[set.index()].in_fault_domain(at.zone, at.fault_domain)
    };
    let crowded = order.iter().map(cell).max().unwrap_or(0);
    if !cx.on(rules::OP_06) {
        // A world in which the surplus is chosen so that the domains stay even.
        order.sort_by_key(|instance| std::cmp::Reverse(cell(instance)));
    }
    let excess = order.len() - settling.wanted as usize;
    let by = |instance: &InstanceId| if cell(instance) < crowded { rules::OP_06 } else { rules::OP_01 };
    let by: Vec<(InstanceId, RuleId)> = order.iter().map(|instance| (*instance, by(instance))).collect();
    let victims = surplus::victims(world, cx, set, by, excess);
    world.scale_set.sets[set.index()].surplus = None;
    let gap = surplus::gap(world, cx, set);
    for (instance, by) in victims {
        remove(world, cx, set, (instance, by), Deletion::Surplus, cause);
    }
    surplus::say_if_broken(world, cx, set, gap, cause);
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

/// Writes the capacity of a set; what it causes is keyed by `cause_key`. Where a service of Azure writes it, it is by its
/// rule.
pub fn set_capacity(
    world: &mut World,
    cx: &mut Cx<'_>,
    id: SetId,
    to: u32,
    (cause_key, by): (u64, Option<RuleId>),
    cause: Entry,
) {
    let set = &cx.plan.sets[id.index()];
    let from = world.scale_set.sets[id.index()].capacity;
    // A set without instances is legal (OR-06).
    let to = if cx.on(rules::OR_06) { to } else { to.max(1) };
    let (limit, rule) = limit(set);
    if to > limit && cx.on(rule) {
        cx.record(Fact::ScaleRefused { set: id, short: to - from.min(to), why: Refusal::TooMany }, cause, rule);
        return;
    }
    if to == from && to == kept(world, id) {
        return; // an operation that fell short is tried again
    }
    if refused::refuses(world, cx, id, (from, to), cause) {
        return;
    }
    world.scale_set.sets[id.index()].capacity = to;
    let rule = match (by, to) {
        (Some(by), _) => by,
        (None, 0) => rules::OR_06,
        (None, _) if to >= from => rules::WT_01,
        (None, _) => rules::SI_06,
    };
    // A failed instance stays, and counts (LC-08).
    let is_failed = |instance: &&InstanceId| world.instances.rows[instance.index()].state == Provisioning::Failed;
    let failed: Vec<InstanceId> =
        world.scale_set.sets[id.index()].instances.iter().filter(is_failed).copied().collect();
    let is_short = !failed.is_empty() || !world.scale_set.sets[id.index()].stuck.is_empty();
    let rule = if to > from && is_short { rules::LC_08 } else { rule };
    let entry = cx.record(Fact::CapacitySet { set: id, from, to, by: CapacityBy::Request }, cause, rule);
    if !cx.on(rules::LC_08) {
        // A world in which a scale-out begins with the removal of what failed.
        for instance in failed {
            remove(world, cx, id, (instance, rules::LC_08), Deletion::ScaleIn, entry);
        }
    }
    let kept = kept(world, id);
    if to > kept {
        scale_out(world, cx, id, to - kept, cause_key, entry);
    } else {
        scale_in::scale_in(world, cx, id, to, entry);
    }
}

/// Instances of a set that count to its capacity, with the places that are kept and what could not be deleted: all but the
/// surplus that is still to go.
fn kept(world: &World, id: SetId) -> u32 {
    let state = &world.scale_set.sets[id.index()];
    (state.instances.len() + state.held.len() + state.stuck.len() - state.surge.len()) as u32 - surplus(world, id)
}

/// Instances of a set that are there beyond the number that was wanted, until it stands (OP-01).
#[must_use]
pub fn surplus(world: &World, id: SetId) -> u32 {
    let state = &world.scale_set.sets[id.index()];
    let excess = state.surplus.as_ref().map_or(0, |surplus| {
        let rows = &world.instances.rows;
        let present = surplus.created.iter().filter(|instance| instances::is_present(&rows[instance.index()])).count();
        present.saturating_sub(surplus.wanted as usize)
    });
    excess as u32
}

/// A Spot instance is evicted for good, and the capacity falls with it (SP-03).
pub fn evict(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let set = world.instances.rows[instance.index()].set;
    world.scale_set.sets[set.index()].surge.retain(|&other| other != instance);
    let gap = surplus::gap(world, cx, set);
    remove(world, cx, set, (instance, rules::SP_03), Deletion::Evicted, cause);
    surplus::say_if_broken(world, cx, set, gap, cause);
    let (kept, state) = (kept(world, set), &mut world.scale_set.sets[set.index()]);
    let from = state.capacity;
    if kept < from && cx.on(rules::SP_03) {
        state.capacity = from - 1;
        if let Some(surplus) = state.surplus.as_mut().filter(|surplus| surplus.created.contains(&instance)) {
            surplus.wanted = surplus.wanted.saturating_sub(1);
        }
        cx.record(Fact::CapacitySet { set, from, to: from - 1, by: CapacityBy::Eviction }, cause, rules::SP_03);
    }
}

/// Writes the model of a set. Only what instances have to be brought to makes a new revision (UM-08); no instance is
/// touched by it.
pub fn change_model(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (action, change): (ActionId, &ModelChange),
    rule: RuleId,
    cause: Entry,
) -> Entry {
    let newest = *world.scale_set.newest(set);
    let state = &mut world.scale_set.sets[set.index()];
    // Under mode Manual, instances have to be brought to a model that enables automatic OS upgrade (OS-05).
    let enables = change.upgrade.is_some_and(|policy| {
        policy.os.enabled && !state.upgrade.os.enabled && policy.mode == UpgradeMode::Manual && cx.on(rules::OS_05)
    });
    let mut rule = rule;
    if let Some(policy) = change.upgrade {
        // The mode can be changed at any time (UM-01).
        let mode = if cx.on(rules::UM_01) { policy.mode } else { state.upgrade.mode };
        if policy.mode != state.upgrade.mode {
            rule = rules::UM_01;
        }
        state.upgrade = UpgradePolicy { mode, ..policy };
    }
    if let Some(policy) = change.repairs {
        state.repairs = Some(policy);
    }
    let mut revision = state.models.len() as u32 - 1;
    if change.reaches_instances() || enables {
        revision += 1;
        state.models.push(Model {
            image: change.image.unwrap_or(newest.image),
            profile: if change.profile.is_some() { Some(action) } else { newest.profile },
            pools: if change.pools.is_some() { Some(action) } else { newest.pools },
            size: if change.size.is_some() { Some(action) } else { newest.size },
            rest: change.rest,
            said: Entry::NONE,
        });
    }
    let entry = cx.record(Fact::ModelChanged { set, revision }, cause, rule);
    if (change.reaches_instances() || enables)
        && let Some(model) = world.scale_set.sets[set.index()].models.last_mut()
    {
        model.said = entry;
    }
    entry
}

/// Whether an instance was brought to the newest model of its set: `latestModelApplied`.
#[must_use]
pub fn latest_model_applied(world: &World, instance: InstanceId) -> bool {
    let row = &world.instances.rows[instance.index()];
    row.revision == world.scale_set.revision(row.set)
}

/// Brings an instance to the newest model of its set (RU-25). Where the model means another image than before, its OS disk
/// is swapped for one of the version that the model means now.
///
/// # Errors
/// If there is no such version in the region, or no machine of the new size (RU-37): then the instance is Failed, and the entry says so.
pub fn apply_model(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    rule: RuleId,
    cause: Entry,
) -> Result<Entry, Entry> {
    let row = world.instances.rows[instance.index()];
    if row.state == Provisioning::Deallocated {
        return Err(cause); // it keeps its model until it is started (`rolling.*_health`)
    }
    let (had, to) = (*world.scale_set.model(row.set, row.revision), *world.scale_set.newest(row.set));
    let revision = world.scale_set.revision(row.set);
    let image = if had.image == to.image {
        row.image
    } else {
        match gallery::resolve(world, cx, to.image, RegionId(cx.plan.sets[row.set.index()].region)) {
            Ok(found) => found.image,
            Err((why, rule)) => return Err(instances::fail(world, cx, instance, why, (rule, cause))),
        }
    };
    if let Some(refused) = resize::refuses(world, cx, instance, cause) {
        return Err(refused);
    }
    let since = &world.scale_set.sets[row.set.index()].models[row.revision as usize + 1..];
    let rest = since.iter().map(|model| model.rest).max().unwrap_or_default();
    let how = match rest {
        _ if image != row.image && cx.on(rules::RU_25) => Operation::Swap,
        Reach::Restart => Operation::Restart,
        // A world in which whatever is not an image or an extension restarts.
        Reach::InPlace | Reach::NextReimage if !cx.on(rules::UM_09) => Operation::Restart,
        Reach::Nothing | Reach::InPlace | Reach::NextReimage => Operation::Extensions,
    };
    let image = if how == Operation::Swap { image } else { row.image };
    let by_rest = how == Operation::Restart || how == Operation::Extensions && had.profile == to.profile;
    let rule = if by_rest && rest != Reach::Nothing { rules::UM_09 } else { rule };
    Ok(instances::update(world, cx, instance, Update { how, image, revision }, rule, cause))
}

/// Creates `wanted` instances, and a surplus where the set overprovisions (OP-01, `vmss.overprovision_*`).
fn scale_out(world: &mut World, cx: &mut Cx<'_>, id: SetId, wanted: u32, cause_key: u64, cause: Entry) {
    let Some((image, why)) = image_of(world, cx, id, wanted, cause) else { return };
    let set = &cx.plan.sets[id.index()];
    let extra = surplus::extra(cx, set, wanted);
    let (mut created, mut refused) = (Vec::new(), None);
    let goal = kept(world, id) + wanted;
    let uncounted = cx.plan.regions[set.region as usize].quota != Quota::default() && cx.on(rules::OP_03);
    for i in 0..wanted + extra {
        let as_spot = spot::next_priority(world, cx, id, goal);
        if let Some(why) = as_spot.and_then(|_| spot::refuses(world, cx, id)) {
            // Surplus that cannot be had falls short of nothing.
            if i < wanted {
                refused = Some(refuse(cx, id, wanted - i, why, cause));
            }
            break;
        }
        let priority = if as_spot.is_some() { Priority::Spot } else { Priority::Regular };
        let (at, placed, from_pool) = match hand_over::reserve(world, cx, id, priority) {
            Ok(found) => found,
            Err(refusal) => {
                if i < wanted {
                    refused = Some(refuse(cx, id, wanted - i, refusal, cause));
                }
                break;
            }
        };
        let placed = match i >= wanted {
            true if uncounted => rules::OP_03,
            true => rules::OP_08,
            false => placed,
        };
        let new = NewInstance { spot: as_spot, ..new_instance(world, id, (image, at), i >= wanted, cause_key) };
        let instance = match from_pool {
            Some(machine) => instances::adopt(world, cx, &new, machine, why),
            None => instances::create(world, cx, &new, placed, why),
        };
        world.scale_set.sets[id.index()].instances.push(instance);
        created.push(instance);
    }
    if let Some(refused) = refused {
        roll_back(world, cx, id, &created, refused);
        return;
    }
    if extra > 0 && created.len() > wanted as usize {
        // A scale-out that overtakes another takes its surplus over.
        let state = &mut world.scale_set.sets[id.index()];
        let earlier = state.surplus.take();
        let wanted = wanted + earlier.as_ref().map_or(0, |earlier| earlier.wanted);
        created.extend(earlier.into_iter().flat_map(|earlier| earlier.created));
        state.surplus = Some(Surplus { created, wanted });
    }
}

/// A scale-out fell short. What it got stays, or goes again, which is not documented (AL-08, `vmss.partial_allocation`).
fn roll_back(world: &mut World, cx: &mut Cx<'_>, id: SetId, created: &[InstanceId], cause: Entry) {
    let rolls_back = cx.assume(key::VmssPartialAllocation) == choice::VmssPartialAllocation::RollBack;
    if !rolls_back || !cx.on(rules::AL_08) {
        return;
    }
    for &instance in created {
        remove(world, cx, id, (instance, rules::AL_08), Deletion::RolledBack, cause);
    }
    let (from, to) = (world.scale_set.sets[id.index()].capacity, kept(world, id));
    world.scale_set.sets[id.index()].capacity = to;
    cx.record(Fact::CapacitySet { set: id, from, to, by: CapacityBy::Request }, cause, rules::AL_08);
}

fn refuse(cx: &mut Cx<'_>, set: SetId, short: u32, why: Refusal, cause: Entry) -> Entry {
    let rule = match why {
        Refusal::TooMany => rules::OR_04,
        Refusal::AllocationFailed => rules::AL_01,
        Refusal::ZonalAllocationFailed => rules::AL_02,
        Refusal::FixedSpreading => rules::FD_03,
        Refusal::ZoneBalance => rules::ZN_06,
        Refusal::ZonesUnavailable => rules::ZN_04,
        Refusal::NoLatestImage | Refusal::ImageNotInRegion => rules::GA_09,
        Refusal::ImageDeleted => rules::GA_19,
        Refusal::Protected => rules::SI_07,
        Refusal::SpotPrice => rules::SP_04,
        Refusal::NoSpotCapacity => rules::SP_01,
        Refusal::QuotaExceeded => rules::AL_05,
        Refusal::ImageStorageLost => rules::GA_16,
        Refusal::ZoneShare => rules::ZN_15,
    };
    cx.record(Fact::ScaleRefused { set, short, why }, cause, rule)
}

/// Joins a provisioned instance to its pools, in a world where the balancer waits for that (LB-16 switched off).
fn join_when_provisioned(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    if !cx.on(rules::LB_16) && instances::is_present(&row) && world.load_balancer.of(instance).next().is_none() {
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
            assert!(instances::is_present(row), "a set lists only what stands");
            let pinned = !set.zones.is_empty() && cx.on(rules::ZN_01);
            assert!(!pinned || set.zones.contains(&row.at.zone), "an instance stands in a zone of its set");
        }
        let kept = kept(world, SetId(id as u16));
        assert!(kept <= state.capacity, "a set keeps no more instances than its capacity");
        assert!(state.instances.is_sorted(), "instances are listed in the order of creation");
    }
}
