//! What is wrong with the platform now: its control plane is slow, machines boot slowly or not at all or cannot be deleted,
//! and what extensions need from outside is gone.
//!
//! Rules: WT-14, WT-15, WT-18, RU-40. What is on its way already is not slowed. When a fault begins and ends, the timeline
//! says; what it does to single instances is in `application`, and to zones in `azure/zones.rs`.

use crate::engine::time::SimDuration;
use crate::plan::ExtensionNumber;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, FaultFact, GuestFact};
use crate::world::ids::{Entry, SetId};

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// How slow the control plane is, in percent of its usual time, by each fault that makes it so.
    slow: Vec<u32>,
    /// The boots of sets, by each fault.
    boots: Vec<Boots>,
    /// What share of the deletes of sets fails, by each fault.
    deletes: Vec<(SetId, f64)>,
    /// Extensions of sets whose payload cannot be had, by each entry of the timeline.
    expired: Vec<(SetId, String)>,
}

impl State {
    /// Nothing is wrong yet.
    #[must_use]
    pub fn new(_: &mut Cx<'_>) -> Self {
        Self::default()
    }
}

/// What is wrong with the boots of a set.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Boots {
    set: SetId,
    percent: u32,
    failing: f64,
}

/// A length of time that the control plane takes, as it is now: the slowest fault counts (WT-14).
#[must_use]
pub fn stretched(world: &World, cx: &Cx<'_>, length: SimDuration) -> SimDuration {
    match world.faults.slow.iter().max() {
        Some(&percent) if cx.on(rules::WT_14) => percent_of(length, percent),
        _ => length,
    }
}

/// The boot of an instance of a set that begins now: how long a boot of this length takes, and how likely it fails, of all
/// that do not fail anyway (WT-15).
#[must_use]
pub fn boot(world: &World, cx: &Cx<'_>, set: SetId, length: SimDuration) -> (SimDuration, f64) {
    let (mut percent, mut survives) = (100, 1.0);
    for boots in world.faults.boots.iter().filter(|boots| boots.set == set && cx.on(rules::WT_15)) {
        percent = percent.max(boots.percent);
        survives *= 1.0 - boots.failing;
    }
    (percent_of(length, percent), 1.0 - survives)
}

fn percent_of(length: SimDuration, percent: u32) -> SimDuration {
    SimDuration::from_ms(length.ms() * u64::from(percent) / 100)
}

/// Whether an extension of a set finds what it needs gone (RU-40).
#[must_use]
pub fn is_expired(world: &World, cx: &Cx<'_>, set: SetId, extension: &str) -> bool {
    let of = |(other, name): &(SetId, String)| *other == set && name == extension;
    cx.on(rules::RU_40) && world.faults.expired.iter().any(of)
}

/// The control plane is slow from now on.
pub fn slow(world: &mut World, cx: &mut Cx<'_>, percent: u32, cause: Entry) {
    world.faults.slow.push(percent);
    cx.record(Fact::Fault(FaultFact::ControlPlaneSlowed { percent }), cause, rules::WT_14);
}

/// One of the faults that made it slow is over.
pub fn recover(world: &mut World, cx: &mut Cx<'_>, percent: u32, cause: Entry) {
    let slow = &mut world.faults.slow;
    let at = slow.iter().position(|&other| other == percent).expect("what is over was begun");
    slow.remove(at);
    let percent = slow.iter().copied().max().unwrap_or(100);
    cx.record(Fact::Fault(FaultFact::ControlPlaneSlowed { percent }), cause, rules::WT_14);
}

/// Machines of a set boot slowly, or not at all.
pub fn worsen_boots(world: &mut World, cx: &mut Cx<'_>, set: SetId, percent: u32, failing: f64, cause: Entry) {
    world.faults.boots.push(Boots { set, percent, failing });
    record_boots(world, cx, set, cause);
}

/// One of the faults of the boots of a set is over.
pub fn end_boots(world: &mut World, cx: &mut Cx<'_>, set: SetId, percent: u32, failing: f64, cause: Entry) {
    let over = Boots { set, percent, failing };
    let boots = &mut world.faults.boots;
    let at = boots.iter().position(|&other| other == over).expect("what is over was begun");
    boots.remove(at);
    record_boots(world, cx, set, cause);
}

fn record_boots(world: &World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let (length, fails) = boot(world, cx, set, SimDuration::from_ms(100));
    let (percent, failing) = (length.ms() as u32, libm::round(fails * 1000.0) as u32);
    cx.record(Fact::Fault(FaultFact::BootsChanged { set, percent, failing }), cause, rules::WT_15);
}

/// How likely a delete of an instance of a set that would end now fails (WT-18).
#[must_use]
pub fn deletes_failing(world: &World, cx: &Cx<'_>, set: SetId) -> f64 {
    let deletes = world.faults.deletes.iter().filter(|&&(of, _)| of == set && cx.on(rules::WT_18));
    1.0 - deletes.fold(1.0, |survives, (_, failing)| survives * (1.0 - failing))
}

/// Deletes of a set fail from now on.
pub fn fail_deletes(world: &mut World, cx: &mut Cx<'_>, set: SetId, failing: f64, cause: Entry) {
    world.faults.deletes.push((set, failing));
    record_deletes(world, cx, set, cause);
}

/// One of the faults that made deletes fail is over.
pub fn end_deletes(world: &mut World, cx: &mut Cx<'_>, set: SetId, failing: f64, cause: Entry) {
    let deletes = &mut world.faults.deletes;
    let at = deletes.iter().position(|&other| other == (set, failing)).expect("what is over was begun");
    deletes.remove(at);
    record_deletes(world, cx, set, cause);
}

fn record_deletes(world: &World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let failing = libm::round(deletes_failing(world, cx, set) * 1000.0) as u32;
    cx.record(Fact::Fault(FaultFact::DeletesChanged { set, failing }), cause, rules::WT_18);
}

/// The payload of an extension of a set, which the ledger knows by its number, can be had no more.
pub fn expire(world: &mut World, cx: &mut Cx<'_>, set: SetId, name: &str, extension: ExtensionNumber, cause: Entry) {
    world.faults.expired.push((set, name.to_owned()));
    cx.record(Fact::Guest(GuestFact::PayloadExpired { set, extension }), cause, rules::RU_40);
}

/// One of the faults that kept it away is over.
pub fn renew(world: &mut World, cx: &mut Cx<'_>, set: SetId, name: &str, extension: ExtensionNumber, cause: Entry) {
    let expired = &mut world.faults.expired;
    let at = expired.iter().position(|(of, other)| *of == set && other == name).expect("what is over was begun");
    expired.remove(at);
    if !expired.iter().any(|(of, other)| *of == set && other == name) {
        cx.record(Fact::Guest(GuestFact::PayloadRenewed { set, extension }), cause, rules::RU_40);
    }
}

/// # Panics
/// If a share that fails is none.
pub fn check(world: &World, _: &Cx<'_>) {
    let State { boots, deletes, .. } = &world.faults;
    let failing = boots.iter().map(|boots| boots.failing).chain(deletes.iter().map(|&(_, failing)| failing));
    assert!(failing.into_iter().all(|share| (0.0..=1.0).contains(&share)), "what fails is a share");
}
