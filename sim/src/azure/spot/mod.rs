//! Spot instances: who takes them back, when, and whether they come again.
//!
//! Rules: SP-01…SP-11, SP-13, SP-14, SP-17; SP-08 to SP-11 are in `mix.rs`, the coming back is in `restore.rs`, what makes
//! capacity scarce in `waves.rs`. Evictions belong to the world and not to an instance: a *group* is a place (region, zone)
//! and a size, it has numbered *slots*, and its waves and what they take are drawn for place, time and slot. Whatever stands
//! in a slot then is taken, so that policies under one seed meet the same waves. An instance takes the lowest free slot
//! when it is placed or started, and leaves it when its machine goes.

mod mix;
mod restore;
mod waves;

pub use mix::{by_split, next_priority, set_mix, split};
pub use waves::{Shut, close, evict_share};

use crate::azure::instances::{self, Off, Provisioning};
use crate::azure::{scale_set, scheduled_events};
use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{EvictionPolicy, PriorityMix};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{EvictionCause, Fact, NoticeKind, Refusal, SpotFact};
use crate::world::ids::{Entry, InstanceId, RegionId, SetId};

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Per set: its priority mix.
    pub(super) mixes: Vec<Option<PriorityMix>>,
    /// The places and sizes at which there were Spot instances, in the order of their first.
    groups: Vec<Group>,
    /// Per instance: where it sits.
    taken: Vec<Option<SpotSlot>>,
    /// Per instance: why it is to be evicted, if it is.
    leaving: Vec<Option<EvictionCause>>,
    /// Evicted instances that are tried to be brought back.
    waiting: Vec<restore::Waiting>,
    /// Per region: its price now, if it has one.
    prices: Vec<Option<f64>>,
    /// Per region and zone: how many acts say that there is no Spot capacity.
    shut: Vec<[u8; 4]>,
}

/// A place and a size.
#[derive(Clone, Debug)]
struct Group {
    region: u16,
    zone: u8,
    /// A set of its size.
    size: u16,
    /// What its draws are keyed by.
    place: u64,
    /// Who sits in its slots.
    slots: Vec<Option<InstanceId>>,
    /// Slots that have waves of their own, where members do not leave together.
    alone: u32,
}

/// A slot of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SpotSlot {
    group: u16,
    slot: u32,
}

/// What is due about Spot.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A wave of a group, or of one slot of it.
    Wave {
        /// The group.
        group: u16,
        /// The slot, where slots go alone.
        slot: Option<u32>,
        /// Its number.
        nth: u32,
    },
    /// An instance that a wave takes is to be evicted.
    Hit {
        /// The instance.
        instance: InstanceId,
        /// The number of the wave.
        nth: u32,
        /// The entry of the wave.
        cause: Entry,
    },
    /// The price of a market moves.
    Price {
        /// The market.
        market: u16,
        /// The number of the price.
        nth: u32,
    },
    /// Evicted instances of a set are tried to be brought back.
    Restore {
        /// The set.
        set: SetId,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Price { market, nth } => Key::new(time, class, market.into(), 0, nth),
            Self::Wave { group, slot: None, nth } => Key::new(time, class, group.into(), 1, nth),
            Self::Wave { group, slot: Some(slot), nth } => Key::new(time, class, u32::from(group) << 16 | slot, 2, nth),
            Self::Restore { set } => Key::new(time, class, set.0.into(), 3, 0),
            Self::Hit { instance, nth, .. } => Key::new(time, class, instance.0, 4, nth),
        }
    }
}

impl State {
    /// No Spot instance yet; the prices as they are at the start, and those to come on the queue.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let mut prices = vec![None; cx.plan.regions.len()];
        for (index, market) in cx.plan.markets.iter().enumerate() {
            for (nth, &(at, price)) in market.prices.iter().enumerate() {
                if at == SimTime::ZERO {
                    prices[market.region as usize] = Some(price);
                } else {
                    cx.at(at, Due::Spot(Event::Price { market: index as u16, nth: nth as u32 }));
                }
            }
        }
        Self {
            mixes: cx.plan.sets.iter().map(|set| set.spot.mix).collect(),
            shut: vec![[0; 4]; cx.plan.regions.len()],
            prices,
            ..Self::default()
        }
    }
}

/// Whether there is no capacity for Spot instances in a zone.
#[must_use]
pub fn is_shut(world: &World, region: u16, zone: u8) -> bool {
    world.spot.shut[region as usize][zone as usize] > 0
}

/// Why no Spot instance of a set can be placed now, if its price is the reason (SP-04).
#[must_use]
pub fn refuses(world: &World, cx: &Cx<'_>, set: SetId) -> Option<Refusal> {
    let set = &cx.plan.sets[set.index()];
    let price = world.spot.prices[set.region as usize]?;
    (set.spot.max_price.is_some_and(|max| max < price) && cx.on(rules::SP_04)).then_some(Refusal::SpotPrice)
}

/// Something is due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Wave { group, slot, nth } => waves::come(world, cx, group, slot, nth),
        Event::Hit { instance, cause, .. } => waves::strike(world, cx, instance, cause),
        Event::Price { market, nth } => price(world, cx, market, nth),
        Event::Restore { set } => restore::attempt(world, cx, set),
    }
}

/// Looks at an instance that was placed, started, deallocated or deleted, or whose notice is over.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    if !row.spot {
        return;
    }
    make_room(world, instance);
    let has_machine = instances::has_machine(&row);
    match (world.spot.taken[instance.index()], has_machine) {
        (None, true) => waves::take_slot(world, cx, instance),
        (Some(spot_slot), false) => {
            world.spot.groups[spot_slot.group as usize].slots[spot_slot.slot as usize] = None;
            world.spot.taken[instance.index()] = None;
        }
        _ => {}
    }
    if let Some(why) = world.spot.leaving[instance.index()]
        && !scheduled_events::is_pending(world, instance, NoticeKind::Preempt)
    {
        world.spot.leaving[instance.index()] = None;
        if has_machine {
            evict(world, cx, instance, why, cause);
        }
    }
}

/// Makes room for an instance in what is kept by instance.
fn make_room(world: &mut World, instance: InstanceId) {
    if world.spot.taken.len() <= instance.index() {
        world.spot.taken.resize(instance.index() + 1, None);
        world.spot.leaving.resize(instance.index() + 1, None);
    }
}

/// The price of a market moves: who pays less at most is evicted (SP-04), and who was does not come back (SP-05).
fn price(world: &mut World, cx: &mut Cx<'_>, market: u16, nth: u32) {
    let market = &cx.plan.markets[market as usize];
    let (region, to) = (market.region, market.prices[nth as usize].1);
    let from = world.spot.prices[region as usize].replace(to);
    let rows = &world.instances.rows;
    let max = |set: SetId| cx.plan.sets[set.index()].spot.max_price;
    let of_region = |set: SetId| cx.plan.sets[set.index()].region == region;
    let present: Vec<InstanceId> = world.scale_set.sets.iter().flat_map(|set| set.instances.iter().copied()).collect();
    let concerned = |has: fn(&instances::Row) -> bool, pays: fn(f64, f64) -> bool| {
        let is = |instance: &&InstanceId| {
            let row = &rows[instance.index()];
            row.spot && of_region(row.set) && has(row) && max(row.set).is_some_and(|max| pays(max, to))
        };
        present.iter().filter(is).copied().collect::<Vec<_>>()
    };
    let priced_out = concerned(instances::has_machine, |max, price| max < price);
    let down = concerned(|row| !instances::has_machine(row), |max, price| max >= price);
    let falls = from.is_some_and(|from| to < from);
    let rule = if falls && !down.is_empty() { rules::SP_05 } else { rules::SP_04 };
    let to = (to * 1e6) as u64;
    let entry = cx.record(Fact::Spot(SpotFact::PriceMoved { region: RegionId(region), to }), Entry(1), rule);
    if cx.on(rules::SP_04) {
        for instance in priced_out {
            decide(world, cx, instance, EvictionCause::Price, (true, rules::SP_04), entry);
        }
    }
    if !cx.on(rules::SP_05) {
        for instance in down {
            instances::restore_power(world, cx, instance, rules::SP_05, entry);
        }
    }
}

/// An instance is to be evicted; its guest may be notified before.
fn decide(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    why: EvictionCause,
    (notified, rule): (bool, RuleId),
    cause: Entry,
) {
    let row = &world.instances.rows[instance.index()];
    let there = instances::has_machine(row);
    let leaves = world.spot.leaving.get(instance.index()).copied().flatten().is_some();
    if !row.spot || !there || leaves {
        return;
    }
    let entry = cx.record(Fact::Spot(SpotFact::EvictionDecided { instance, why }), cause, rule);
    let notice = cx.assume(key::SpotNoticeSeconds);
    if !notified || notice == SimDuration::ZERO || !cx.on(rules::SP_01) {
        evict(world, cx, instance, why, entry);
        return;
    }
    make_room(world, instance);
    world.spot.leaving[instance.index()] = Some(why);
    scheduled_events::raise(world, cx, instance, (NoticeKind::Preempt, notice), (rules::SP_01, entry));
}

/// Whether a guest gets notice of its eviction: drawn for the slot and the time.
fn is_notified(world: &World, cx: &mut Cx<'_>, instance: InstanceId) -> bool {
    let chance = cx.assume(key::SpotNoticeProbability);
    let Some(spot_slot) = world.spot.taken.get(instance.index()).copied().flatten() else { return chance > 0.0 };
    let place = world.spot.groups[spot_slot.group as usize].place;
    let subject = Subject { place, cause: name("notice"), ordinal: spot_slot.slot };
    cx.stream(Purpose::EvictionNotice, subject, cx.now().ms()).chance(chance)
}

/// An instance is evicted.
fn evict(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, why: EvictionCause, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    let policy = &cx.plan.sets[row.set.index()].spot;
    let deletes = policy.eviction == EvictionPolicy::Delete || !cx.on(rules::SP_02);
    let rule = if deletes { rules::SP_03 } else { rules::SP_02 };
    let entry = cx.record(Fact::Spot(SpotFact::Evicted { instance, why }), cause, rule);
    if deletes {
        scale_set::evict(world, cx, instance, entry);
        return;
    }
    instances::deallocate(world, cx, instance, Off::Taken, rules::SP_02, entry);
    if why != EvictionCause::Price {
        restore::expect(world, cx, instance, entry);
    }
}

// Verbs.

/// `simulateEviction`: behaves as an eviction does (SP-17).
pub fn simulate(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if cx.on(rules::SP_17) {
        let notified = is_notified(world, cx, instance);
        decide(world, cx, instance, EvictionCause::Simulated, (notified, rules::SP_17), cause);
    }
}

/// An operator starts a set. Where nothing of it has a machine any more, its instances are placed anew (FD-15).
pub fn start_set(world: &mut World, cx: &mut Cx<'_>, set: SetId, of: &[InstanceId], cause: Entry) {
    if instances::is_wholly_off(world, set) && cx.on(rules::FD_15) {
        instances::place_anew(world, cx, set, cause);
    }
    for &instance in of {
        start(world, cx, instance, cause);
    }
}

/// An operator starts an instance; a Spot instance is refused while its price is too high (SP-04).
pub fn start(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    match refuses(world, cx, row.set).filter(|_| row.spot && row.state == Provisioning::Deallocated) {
        Some(why) => instances::refuse_start(cx, instance, why, (rules::SP_04, cause)),
        None => {
            instances::start(world, cx, instance, rules::WT_01, cause);
        }
    }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for (instance, spot_slot) in world.spot.taken.iter().enumerate() {
        let row = &world.instances.rows[instance];
        let has_machine = row.spot && instances::has_machine(row);
        assert_eq!(spot_slot.is_some(), has_machine, "a Spot instance has a slot just while it has a machine");
    }
    for (index, group) in world.spot.groups.iter().enumerate() {
        for (slot, instance) in group.slots.iter().enumerate() {
            let Some(instance) = instance else { continue };
            let spot_slot = SpotSlot { group: index as u16, slot: slot as u32 };
            assert_eq!(world.spot.taken[instance.index()], Some(spot_slot), "who has a slot knows it");
        }
    }
}
