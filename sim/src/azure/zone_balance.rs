//! Automatic zone balance: a set whose zones have drifted apart is evened out, one machine at a time.
//!
//! Rules: ZN-13, ZN-14. Where a zone has two instances more than another, one is created in the poorest zone; once it is
//! healthy, one of the richest goes. At most one is moved in 12 h, nothing is begun within an hour of anything that was asked
//! of the set, and what somebody asks for meanwhile goes first. It replaces nothing that a lost zone took. An upgrade that
//! begins ends a move as a capacity does, which no page says; a set whose move cannot be begun now is looked at again after an
//! assumed time.

use crate::azure::capacity::{self, quota};
use crate::azure::instances::{self, Provisioning, Row};
use crate::azure::{app_health, rolling_upgrade, scale_set};
use crate::engine::queue::Key;
use crate::engine::random::name;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::HealthSource;
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Deletion, Fact, Health, MoveEnd, PlaceFact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// Nothing is moved within this time of anything that was asked of the set.
const QUIET: SimDuration = SimDuration::from_mins(60);
/// Nor within this of the last move.
const BETWEEN: SimDuration = SimDuration::from_mins(12 * 60);
/// So long a new machine may take to be healthy.
const PATIENCE: SimDuration = SimDuration::from_mins(90);

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// By set; empty if no set is balanced.
    sets: Vec<Balance>,
}

/// The balance of a set.
#[derive(Clone, Debug, Default)]
struct Balance {
    /// When something was last asked of the set, if it was.
    written: Option<SimTime>,
    /// When the last move began.
    moved: Option<SimTime>,
    /// How many moves began.
    moves: u32,
    /// The move under way.
    going: Option<Move>,
    /// The look that counts; one that was planned before it means nothing.
    look: u32,
    /// A scale-in of autoscale that waits for the end of the move: the capacity, its randomness, its entry.
    held_back: Option<(u32, u64, Entry)>,
}

/// A move under way.
#[derive(Clone, Copy, Debug)]
struct Move {
    /// Who is to go.
    source: InstanceId,
    /// Who is to stand for it.
    new: InstanceId,
    /// The entry of its beginning.
    said: Entry,
}

/// Something about the balance of a set is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A set is looked at again.
    Look {
        /// The set.
        set: SetId,
        /// Which look.
        number: u32,
        /// The entry from which it follows.
        cause: Entry,
    },
    /// A new machine has had its time to be healthy.
    Late {
        /// The set.
        set: SetId,
        /// Which move.
        number: u32,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Look { set, number, .. } => Key::new(time, class, set.0.into(), 0, number),
            Self::Late { set, number } => Key::new(time, class, set.0.into(), 1, number),
        }
    }
}

impl State {
    /// Nothing has been moved.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let any = cx.plan.sets.iter().any(|set| set.upkeep.rebalances);
        Self { sets: if any { vec![Balance::default(); cx.plan.sets.len()] } else { Vec::new() } }
    }
}

/// Whether a set is balanced.
#[must_use]
pub fn concerns(cx: &Cx<'_>, set: SetId) -> bool {
    cx.plan.sets[set.index()].upkeep.rebalances
}

/// Whether any set is balanced.
#[must_use]
pub fn any(world: &World) -> bool {
    !world.zone_balance.sets.is_empty()
}

/// Whether an instance is one of the two of a move.
#[must_use]
pub fn is_in_hand(world: &World, set: SetId, instance: InstanceId) -> bool {
    let going = world.zone_balance.sets.get(set.index()).and_then(|balance| balance.going);
    going.is_some_and(|going| going.source == instance || going.new == instance)
}

/// The machine that is to stand for another, if a move is under way.
#[must_use]
pub fn new_one(world: &World, set: SetId) -> Option<InstanceId> {
    world.zone_balance.sets.get(set.index())?.going.map(|going| going.new)
}

/// Something falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Look { set, number, cause } if world.zone_balance.sets[set.index()].look == number => {
            consider(world, cx, set, cause);
        }
        Event::Late { set, number } if world.zone_balance.sets[set.index()].moves == number => late(world, cx, set),
        Event::Look { .. } | Event::Late { .. } => {}
    }
}

/// Something was asked of a set: nothing is moved for an hour (ZN-13).
pub fn reconcile_write(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    world.zone_balance.sets[set.index()].written = Some(cx.now());
    if world.zone_balance.sets[set.index()].going.is_none() {
        consider(world, cx, set, cause);
    } else if rolling_upgrade::runs(world, set) {
        cancel(world, cx, set, cause);
    }
}

/// Looks at the move of a set: the new machine may be healthy, or one of the two be gone.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let Some(Move { source, new, .. }) = world.zone_balance.sets[set.index()].going else { return };
    let rows = &world.instances.rows;
    let (there, present) = (instances::is_present(&rows[source.index()]), instances::is_present(&rows[new.index()]));
    if !there || !present || rows[source.index()].off.is_some() {
        cancel(world, cx, set, cause);
    } else if is_healthy(world, new) {
        swap(world, cx, set, MoveEnd::Moved, cause);
    }
}

/// Whether the application on an instance is said to be healthy.
fn is_healthy(world: &World, instance: InstanceId) -> bool {
    let row = &world.instances.rows[instance.index()];
    row.state == Provisioning::Succeeded && app_health::state(world, instance) == Some(Health::Healthy)
}

/// The new machine was not healthy in time: the worse of the two goes (ZN-13).
fn late(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let Some(Move { source, said, .. }) = world.zone_balance.sets[set.index()].going else { return };
    if is_healthy(world, source) {
        delete_new(world, cx, set, MoveEnd::NewUnhealthy, (rules::ZN_13, said));
    } else {
        swap(world, cx, set, MoveEnd::BothUnhealthy, said);
    }
}

/// The old machine goes, and the new one stands for it.
fn swap(world: &mut World, cx: &mut Cx<'_>, set: SetId, how: MoveEnd, cause: Entry) {
    let Some(Move { source, new, .. }) = world.zone_balance.sets[set.index()].going.take() else { return };
    let ended = PlaceFact::MoveEnded { set, source, new, how };
    let entry = cx.record(Fact::Place(ended), cause, rules::ZN_13);
    scale_set::take_over(world, cx, set, (source, new), Deletion::Moved, (rules::ZN_13, entry));
    over(world, cx, set);
}

/// The new machine goes, and nothing was moved.
fn delete_new(world: &mut World, cx: &mut Cx<'_>, set: SetId, how: MoveEnd, (rule, cause): (RuleId, Entry)) {
    let Some(Move { source, new, .. }) = world.zone_balance.sets[set.index()].going.take() else { return };
    let entry = cx.record(Fact::Place(PlaceFact::MoveEnded { set, source, new, how }), cause, rule);
    scale_set::remove_surge(world, cx, set, new, (rule, entry));
    over(world, cx, set);
}

/// A move is over: what autoscale asked for meanwhile is done now (ZN-14).
fn over(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    if let Some((to, cause_key, cause)) = world.zone_balance.sets[set.index()].held_back.take() {
        scale_set::set_capacity(world, cx, set, to, (cause_key, Some(rules::AS_25)), cause);
    }
}

/// A move gives way.
fn cancel(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    delete_new(world, cx, set, MoveEnd::Cancelled, (rules::ZN_14, cause));
}

/// Begins a move, if the set wants one and may have it; else it is looked at when that can be otherwise.
fn consider(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    if world.zone_balance.sets[set.index()].going.is_some() || !cx.on(rules::ZN_13) {
        return;
    }
    let Some((to, from)) = apart(world, cx, set) else { return };
    let balance = &world.zone_balance.sets[set.index()];
    let ready = [balance.written.map(|at| at + QUIET), balance.moved.map(|at| at + BETWEEN)];
    let ready = ready.into_iter().flatten().max().unwrap_or(SimTime::ZERO);
    if cx.now() < ready {
        look_at(world, cx, set, ready, cause);
        return;
    }
    if !begin(world, cx, set, (to, from), cause) {
        let period = cx.assume(key::ZoneBalancePeriod);
        let again = cx.now() + period;
        look_at(world, cx, set, again, cause);
    }
}

fn look_at(world: &mut World, cx: &mut Cx<'_>, set: SetId, at: SimTime, cause: Entry) {
    let balance = &mut world.zone_balance.sets[set.index()];
    balance.look += 1;
    cx.at(at, Due::ZoneBalance(Event::Look { set, number: balance.look, cause }));
}

/// The poorest zone and the richest, where they are more than one apart (ZN-03) and the poorest has fewer that run (ZN-14).
fn apart(world: &World, cx: &Cx<'_>, set: SetId) -> Option<(u8, u8)> {
    let of = &cx.plan.sets[set.index()];
    let all = world.capacity.spread[set.index()].by_zone;
    let idle = capacity::idle(world, set);
    let active = |zone: u8| all[zone as usize] - idle[zone as usize];
    let count = |zone: u8| all[zone as usize];
    let to = of.zones.iter().copied().min_by_key(|&zone| (count(zone), active(zone), zone))?;
    let from = of.zones.iter().copied().max_by_key(|&zone| (count(zone), active(zone), std::cmp::Reverse(zone)))?;
    let improves = active(to) < active(from) || !cx.on(rules::ZN_14);
    // A set with instances in no zone does not qualify.
    (count(from) > count(to) + 1 && improves && all[0] == 0).then_some((to, from))
}

/// Who is moved out of a zone: nobody who is protected, or has no machine (ZN-14).
fn source(world: &World, cx: &mut Cx<'_>, set: SetId, from: u8) -> Option<InstanceId> {
    let oldest = cx.assume(key::ZoneBalanceSource) == choice::ZoneBalanceSource::Oldest;
    let may = |instance: &InstanceId| {
        let row: &Row = &world.instances.rows[instance.index()];
        let protected = row.protection.from_scale_in || row.protection.from_scale_set_actions;
        row.at.zone == from && row.off.is_none() && !(protected && cx.on(rules::ZN_14))
    };
    let mut all = world.scale_set.sets[set.index()].instances.iter().copied().filter(may);
    if oldest { all.next() } else { all.next_back() }
}

/// Begins to move one machine from a zone to another; says whether that could be.
fn begin(world: &mut World, cx: &mut Cx<'_>, set: SetId, (to, from): (u8, u8), cause: Entry) -> bool {
    let watched = world.scale_set.newest(set).profile(cx.plan, set).health_source != HealthSource::None;
    let Some(source) = source(world, cx, set, from).filter(|_| watched) else { return false };
    let full = quota::surge_exceeds(world, cx, set, 1).is_some();
    if full || rolling_upgrade::runs(world, set) || !capacity::has_room(world, cx, set, to) {
        return false;
    }
    let cause_key = name("zone balance");
    let Some((new, entry)) = scale_set::surge_in(world, cx, set, to, cause_key, (rules::ZN_13, cause)) else {
        return false;
    };
    let said = cx.record(Fact::Place(PlaceFact::MoveStarted { set, source, new }), entry, rules::ZN_13);
    let balance = &mut world.zone_balance.sets[set.index()];
    (balance.moved, balance.moves) = (Some(cx.now()), balance.moves + 1);
    balance.going = Some(Move { source, new, said });
    let number = balance.moves;
    cx.after(PATIENCE, Due::ZoneBalance(Event::Late { set, number }));
    true
}

// Verbs.

/// Somebody writes a capacity: a move that is under way is given up for it (ZN-14).
pub fn give_way(world: &mut World, cx: &mut Cx<'_>, set: SetId, to: u32, cause: Entry) {
    let changes = world.scale_set.sets[set.index()].capacity != to;
    if new_one(world, set).is_some() && changes && cx.on(rules::ZN_14) {
        // What was held back is overtaken.
        world.zone_balance.sets[set.index()].held_back = None;
        cancel(world, cx, set, cause);
    }
}

/// Autoscale is to write a capacity: while a move is under way, a scale-in waits for its end (ZN-14), and anything else goes
/// first. Says whether it waits.
pub fn holds_back(world: &mut World, cx: &mut Cx<'_>, set: SetId, (to, cause_key): (u32, u64), cause: Entry) -> bool {
    if new_one(world, set).is_none() || to >= world.scale_set.sets[set.index()].capacity || !cx.on(rules::ZN_14) {
        give_way(world, cx, set, to, cause);
        return false;
    }
    let held = world.zone_balance.sets[set.index()].held_back;
    if held.is_none_or(|(before, ..)| before != to) {
        let entry = cx.record(Fact::Place(PlaceFact::ScaleInHeldBack { set, to }), cause, rules::ZN_14);
        world.zone_balance.sets[set.index()].held_back = Some((to, cause_key, entry));
    }
    true
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for (set, balance) in world.zone_balance.sets.iter().enumerate() {
        if let Some(Move { new, .. }) = balance.going {
            let surge = &world.scale_set.sets[set].surge;
            assert!(surge.contains(&new), "who is to stand for another is beyond the capacity");
        }
        assert!(balance.going.is_some() || balance.held_back.is_none(), "nothing waits for a move that is over");
    }
}
