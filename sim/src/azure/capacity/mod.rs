//! Where instances are placed: zones, fault domains, placement groups, and what is left of them.
//!
//! Rules: FD-01, FD-03, FD-11, PG-01, ZN-01, ZN-03…ZN-06, ZN-09, AL-01, AL-02, and the assignment that Azure promises to
//! be even and does not publish. How much of a region may be used is in `quota.rs`. Left out: clusters (AL-03, AL-04,
//! PG-04), sizes.

pub mod quota;

use crate::azure::instances::{Provisioning, Row};
use crate::azure::spot;
use crate::plan::{OrchestrationMode, ScaleSet};
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Placement, Refusal};
use crate::world::ids::SetId;

/// Fault domains that max spreading uses, if the platform has its way (FD-01: possibly more or fewer than five).
const MAX_SPREAD: u8 = 5;
/// Instances in a placement group, at most (PG-01).
const GROUP_SIZE: u32 = 100;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Per set: how its instances are spread.
    pub spread: Vec<Spread>,
    /// Per region and zone (0 for regional instances): how many more instances fit; `None` for no limit.
    free: Vec<[Option<u32>; 4]>,
    /// Per region and zone: how many outages hold it.
    lost: Vec<[u8; 4]>,
}

/// How the instances of a set are spread.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    /// Instances by zone.
    pub by_zone: [u32; 4],
    /// Instances by placement group, zone and fault domain; grown by need.
    cells: Vec<[[u32; MAX_SPREAD as usize]; 4]>,
}

impl State {
    /// Nothing is placed yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        Self {
            spread: vec![Spread::default(); cx.plan.sets.len()],
            free: cx.plan.regions.iter().map(|region| region.free).collect(),
            lost: vec![[0; 4]; cx.plan.regions.len()],
        }
    }
}

impl Spread {
    /// Instances in a fault domain, over all placement groups.
    #[must_use]
    pub fn in_fault_domain(&self, zone: u8, fault_domain: u8) -> u32 {
        self.cells.iter().map(|group| group[zone as usize][fault_domain as usize]).sum()
    }
}

/// How many fault domains the platform spreads a set over within a zone or region: as many as the model asks for (FD-03), or
/// as it can under max spreading (FD-01).
#[must_use]
pub fn domains(cx: &Cx<'_>, set: &ScaleSet) -> u8 {
    if all_spot(cx, set) {
        return 1;
    }
    if set.fault_domains == 1 && cx.on(rules::FD_01) { MAX_SPREAD } else { set.fault_domains }
}

/// Whether a set has a fixed number of fault domains, and there is room in fewer (FD-03).
fn spreads_too_wide(cx: &Cx<'_>, set: &ScaleSet) -> bool {
    let room = cx.plan.regions[usize::from(set.region)].domains_with_room;
    let fixed = set.fault_domains > 1 && !all_spot(cx, set);
    cx.on(rules::FD_03) && fixed && room.is_some_and(|room| set.fault_domains > room)
}

/// Whether a set is of Spot instances alone, which stand in one fault domain (SP-14, FD-14).
fn all_spot(cx: &Cx<'_>, set: &ScaleSet) -> bool {
    set.spot.spot && set.spot.mix.is_none() && cx.on(rules::SP_14) && cx.on(rules::FD_14)
}

/// For what an instance is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// A regular instance.
    Regular,
    /// A Spot instance, for which a zone may have no capacity though it has some for others.
    Spot,
}

/// Places one more instance of a set, of this priority, and says by which rule, or says why it cannot be.
pub fn reserve(world: &mut World, cx: &Cx<'_>, id: SetId, priority: Priority) -> Result<(Placement, RuleId), Refusal> {
    reserve_beside(world, cx, id, priority, [0; 4])
}

/// Places one more instance of a set, as [`reserve`] does; in each zone, so many need nothing of what is free there, since
/// machines of a standby pool hold it already (SB-05).
pub fn reserve_beside(
    world: &mut World,
    cx: &Cx<'_>,
    id: SetId,
    priority: Priority,
    held: [u32; 4],
) -> Result<(Placement, RuleId), Refusal> {
    let set = &cx.plan.sets[id.index()];
    if spreads_too_wide(cx, set) {
        return Err(Refusal::FixedSpreading);
    }
    let mut free = world.capacity.free[set.region as usize];
    for (zone, free) in (0..).zip(&mut free) {
        let shut = priority == Priority::Spot && spot::is_shut(world, set.region, zone);
        if shut || is_lost(world, cx, set.region, zone) {
            *free = Some(0);
        }
        if held[zone as usize] > 0 && free.is_some() {
            *free = Some(held[zone as usize]);
        }
    }
    let full = share_full(world, cx, id);
    let had_room = (1..=3).any(|zone: usize| full[zone] && free[zone] != Some(0));
    for (_, free) in free.iter_mut().enumerate().filter(|&(zone, _)| full[zone]) {
        *free = Some(0);
    }
    let groups = world.capacity.spread[id.index()].cells.len();
    let (zone, by) = if zones(cx, set).is_empty() {
        (regional(cx, free)?, None)
    } else {
        let (idle, all) = (idle(world, id), world.capacity.spread[id.index()].by_zone);
        let active = std::array::from_fn(|zone| all[zone] - idle[zone]);
        let counted = zone(if cx.on(rules::ZN_03) { all } else { active }, free, cx, set);
        // Where the zones are there and have no capacity, it is that which Azure says (AL-02).
        let short = counted == Err(Refusal::ZonesUnavailable) && zones_lost(world, cx, id) < 2;
        let counted = if short { Err(Refusal::ZonalAllocationFailed) } else { counted };
        let counted = counted.map_err(|why| if had_room { Refusal::ZoneShare } else { why })?;
        // Those that do not work decided, by counting all the same (ZN-03).
        let by_idle = idle != [0; 4] && zone(active, free, cx, set) != Ok(counted);
        (counted, by_idle.then_some(rules::ZN_03))
    };
    if held[zone as usize] == 0
        && let Some(left) = &mut world.capacity.free[set.region as usize][zone as usize]
    {
        // Nothing is left only in a world without the limit (AL-01, AL-02 switched off).
        *left = left.saturating_sub(1);
    }
    let at = put_in(world, cx, id, zone);
    let opens_group = groups > 0 && world.capacity.spread[id.index()].cells.len() > groups;
    let avoids = set.zones.iter().any(|&zone| is_lost(world, cx, set.region, zone));
    let rule = match by {
        Some(rule) => rule,
        None if avoids => rules::ZN_09,
        None if all_spot(cx, set) && set.zones.is_empty() => rules::SP_14,
        None => decided_by(set, opens_group),
    };
    Ok((at, rule))
}

/// Places one more instance of a set in this zone.
pub fn reserve_in(world: &mut World, cx: &Cx<'_>, id: SetId, zone: u8) -> Result<(Placement, RuleId), Refusal> {
    take(world, cx, id, zone, Priority::Regular)?;
    Ok((put_in(world, cx, id, zone), decided_by(&cx.plan.sets[id.index()], false)))
}

/// Whether a zone of a region is lost, so that what is added goes elsewhere (ZN-09).
#[must_use]
pub fn is_lost(world: &World, cx: &Cx<'_>, region: u16, zone: u8) -> bool {
    world.capacity.lost[region as usize][zone as usize] > 0 && cx.on(rules::ZN_09)
}

/// How many of the zones of a set are lost.
#[must_use]
pub fn zones_lost(world: &World, cx: &Cx<'_>, id: SetId) -> usize {
    let set = &cx.plan.sets[id.index()];
    set.zones.iter().filter(|&&zone| is_lost(world, cx, set.region, zone)).count()
}

/// The instances of a set that are in each zone and do not work: deallocated, or failed.
#[must_use]
pub fn idle(world: &World, id: SetId) -> [u32; 4] {
    let mut idle = [0; 4];
    for instance in &world.scale_set.sets[id.index()].instances {
        let row: &Row = &world.instances.rows[instance.index()];
        if matches!(row.state, Provisioning::Deallocated | Provisioning::Failed) {
            idle[row.at.zone as usize] += 1;
        }
    }
    idle
}

/// The rule that decided where a new instance stands: the most particular one.
fn decided_by(set: &ScaleSet, opens_group: bool) -> RuleId {
    match (set.zones.len(), set.fault_domains, set.mode) {
        _ if opens_group => rules::PG_01,
        (2.., ..) => rules::ZN_05,
        (1, ..) => rules::ZN_01,
        (0, 0 | 1, _) => rules::FD_01,
        (0, _, OrchestrationMode::Flexible) => rules::FD_11,
        // How Uniform assigns fixed fault domains is not published; what it clones is.
        (0, _, OrchestrationMode::Uniform) => rules::IN_01,
    }
}

/// The zones that instances of a set are pinned to (ZN-01).
fn zones<'p>(cx: &Cx<'_>, set: &'p ScaleSet) -> &'p [u8] {
    if cx.on(rules::ZN_01) { &set.zones } else { &[] }
}

/// Places an instance that is present when the run begins, where it is known to be.
pub fn place_at_start(world: &mut World, cx: &Cx<'_>, id: SetId, known: Option<u8>, domain: Option<u8>) -> Placement {
    let set = &cx.plan.sets[id.index()];
    let spread = &world.capacity.spread[id.index()];
    let poorest = || zones(cx, set).iter().copied().min_by_key(|&zone| (spread.by_zone[zone as usize], zone));
    let zone = known.or_else(poorest).unwrap_or(0);
    put(world, cx, id, zone, domain)
}

fn regional(cx: &Cx<'_>, free: [Option<u32>; 4]) -> Result<u8, Refusal> {
    if free[0] == Some(0) && cx.on(rules::AL_01) { Err(Refusal::AllocationFailed) } else { Ok(0) }
}

/// The zone for one more instance: the poorest (ZN-05). A zone without capacity is unavailable: best effort tolerates
/// one (ZN-04), strict balance none that would leave the set more than one apart (ZN-06).
fn zone(by_zone: [u32; 4], free: [Option<u32>; 4], cx: &Cx<'_>, set: &ScaleSet) -> Result<u8, Refusal> {
    let available = |zone: u8| free[zone as usize] != Some(0) || !cx.on(rules::AL_02);
    let count = |zone: u8| by_zone[zone as usize];
    let lost = set.zones.iter().filter(|&&zone| !available(zone)).count();
    let poorest = set.zones.iter().copied().filter(|&zone| available(zone)).min_by_key(|&zone| {
        let count = if cx.on(rules::ZN_05) { count(zone) } else { 0 };
        (count, zone)
    });
    let chosen_by_azure = set.upkeep.zone_percent.is_some() && cx.on(rules::ZN_15);
    if set.zones.len() > 1 && !set.zone_balance && lost >= 2 && !chosen_by_azure && cx.on(rules::ZN_04) {
        return Err(Refusal::ZonesUnavailable);
    }
    let Some(chosen) = poorest else { return Err(Refusal::ZonalAllocationFailed) };
    let least = set.zones.iter().map(|&zone| count(zone)).min().unwrap_or(0);
    if set.zone_balance && cx.on(rules::ZN_06) && count(chosen) > least {
        return Err(Refusal::ZoneBalance);
    }
    Ok(chosen)
}

/// A place in this zone for one more instance, without a look at what is left of the zone.
pub fn put_in(world: &mut World, cx: &Cx<'_>, id: SetId, zone: u8) -> Placement {
    put(world, cx, id, zone, None)
}

/// Counts an instance in the first placement group that has room (PG-01), in this fault domain or the emptiest (FD-11).
fn put(world: &mut World, cx: &Cx<'_>, id: SetId, zone: u8, domain: Option<u8>) -> Placement {
    let set = &cx.plan.sets[id.index()];
    let domains = domains(cx, set) as usize;
    let spread = &mut world.capacity.spread[id.index()];
    let size = |group: &[[u32; MAX_SPREAD as usize]; 4]| group.iter().flatten().sum::<u32>();
    let limit = if set.single_placement_group || !cx.on(rules::PG_01) { u32::MAX } else { GROUP_SIZE };
    let group = spread.cells.iter().position(|group| size(group) < limit).unwrap_or_else(|| {
        spread.cells.push(Default::default());
        spread.cells.len() - 1
    });
    let cells = &mut spread.cells[group][zone as usize];
    let fault_domain = (0..domains).min_by_key(|&domain| (cells[domain], domain)).unwrap_or(0);
    // That a spread is even is promised for Flexible; for Uniform it is assumed.
    let even = set.mode == OrchestrationMode::Uniform || cx.on(rules::FD_11);
    let fault_domain = domain.map_or(if even { fault_domain } else { 0 }, usize::from);
    cells[fault_domain] += 1;
    spread.by_zone[zone as usize] += 1;
    let group = u8::try_from(group).expect("at most 10 placement groups of 100 instances");
    Placement { zone, fault_domain: fault_domain as u8, group }
}

/// An instance no longer counts to where its set stands.
pub fn forget(world: &mut World, id: SetId, at: Placement) {
    let spread = &mut world.capacity.spread[id.index()];
    spread.cells[at.group as usize][at.zone as usize][at.fault_domain as usize] -= 1;
    spread.by_zone[at.zone as usize] -= 1;
}

/// Gives back the place of a machine that is gone.
pub fn give_back(world: &mut World, cx: &Cx<'_>, id: SetId, at: Placement) {
    if let Some(left) = &mut world.capacity.free[cx.plan.sets[id.index()].region as usize][at.zone as usize] {
        *left += 1;
    }
}

/// The zones that hold as much of a set as automatic zone placement allows: ⌈percent × capacity⌉ (ZN-15).
fn share_full(world: &World, cx: &Cx<'_>, id: SetId) -> [bool; 4] {
    let Some(percent) = cx.plan.sets[id.index()].upkeep.zone_percent.filter(|_| cx.on(rules::ZN_15)) else {
        return [false; 4];
    };
    let most = (u32::from(percent) * world.scale_set.sets[id.index()].capacity).div_ceil(100);
    let by_zone = world.capacity.spread[id.index()].by_zone;
    std::array::from_fn(|zone| zone > 0 && by_zone[zone] >= most)
}

/// Whether one more instance of a set would find a place in a zone.
#[must_use]
pub fn has_room(world: &World, cx: &Cx<'_>, id: SetId, zone: u8) -> bool {
    lacks(world, cx, id, zone, Priority::Regular).is_none()
}

/// Takes a place for a machine of the standby pool of a set; says whether there was one.
pub fn hold(world: &mut World, cx: &Cx<'_>, id: SetId, zone: u8) -> bool {
    take(world, cx, id, zone, Priority::Regular).is_ok()
}

/// Gives back the place of a machine of a standby pool.
pub fn let_go(world: &mut World, cx: &Cx<'_>, id: SetId, zone: u8) {
    give_back(world, cx, id, Placement { zone, ..Placement::default() });
}

/// Takes a place again for an instance that stays where it is.
pub fn take_again(world: &mut World, cx: &Cx<'_>, id: SetId, at: Placement, priority: Priority) -> Result<(), Refusal> {
    take(world, cx, id, at.zone, priority)
}

/// Takes a place in a zone, where one more machine of a set can be had there.
fn take(world: &mut World, cx: &Cx<'_>, id: SetId, zone: u8, priority: Priority) -> Result<(), Refusal> {
    if let Some(why) = lacks(world, cx, id, zone, priority) {
        return Err(why);
    }
    let region = cx.plan.sets[id.index()].region;
    let left = &mut world.capacity.free[region as usize][zone as usize];
    *left = left.map(|left| left.saturating_sub(1));
    Ok(())
}

/// Why one more machine of a set cannot be had in a zone, or in its region for 0, if it cannot.
#[must_use]
pub fn lacks(world: &World, cx: &Cx<'_>, id: SetId, zone: u8, priority: Priority) -> Option<Refusal> {
    let set = &cx.plan.sets[id.index()];
    let region = set.region;
    if spreads_too_wide(cx, set) {
        return Some(Refusal::FixedSpreading);
    }
    if priority == Priority::Spot && spot::is_shut(world, region, zone) {
        return Some(Refusal::NoSpotCapacity);
    }
    let (why, rule) = match zone {
        0 => (Refusal::AllocationFailed, rules::AL_01),
        _ => (Refusal::ZonalAllocationFailed, rules::AL_02),
    };
    let none = world.capacity.free[region as usize][zone as usize] == Some(0);
    ((none || is_lost(world, cx, region, zone)) && cx.on(rule)).then_some(why)
}

/// A zone of a region is lost: nothing new can be placed in it.
pub fn lose(world: &mut World, region: u16, zone: u8) {
    world.capacity.lost[region as usize][zone as usize] += 1;
}

/// A zone of a region is there again.
pub fn regain(world: &mut World, region: u16, zone: u8) {
    let lost = &mut world.capacity.lost[region as usize][zone as usize];
    *lost = lost.checked_sub(1).expect("a zone comes back as often as it is lost");
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for (set, spread) in world.capacity.spread.iter().enumerate() {
        let placed: u32 = spread.by_zone.iter().sum();
        let cells: u32 = spread.cells.iter().flatten().flatten().sum();
        assert_eq!(placed, cells, "an instance stands in one zone and one fault domain");
        let listed = world.scale_set.sets[set].instances.len();
        assert_eq!(placed as usize, listed, "instances are conserved: each placed instance belongs to its set");
    }
}
