//! The platform has a bad day: its control plane is slow, machines boot slowly or not at all, or cannot be deleted.
//!
//! Rules: WT-14, WT-15, WT-18. What is on its way already is not slowed.

use crate::engine::time::SimDuration;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, FaultFact};
use crate::world::ids::{Entry, SetId};

/// What holds the platform now.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// How slow the control plane is, in percent of its usual time, by each fault that makes it so.
    slow: Vec<u32>,
    /// The boots of sets, by each fault.
    boots: Vec<Boots>,
    /// What share of the deletes of sets fails, by each fault.
    deletes: Vec<(SetId, f64)>,
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
    match world.faults.platform.slow.iter().max() {
        Some(&percent) if cx.on(rules::WT_14) => percent_of(length, percent),
        _ => length,
    }
}

/// The boot of an instance of a set that begins now: how long a boot of this length takes, and how likely it fails, of all
/// that do not fail anyway (WT-15).
#[must_use]
pub fn boot(world: &World, cx: &Cx<'_>, set: SetId, length: SimDuration) -> (SimDuration, f64) {
    let (mut percent, mut survives) = (100, 1.0);
    for boots in world.faults.platform.boots.iter().filter(|boots| boots.set == set && cx.on(rules::WT_15)) {
        percent = percent.max(boots.percent);
        survives *= 1.0 - boots.failing;
    }
    (percent_of(length, percent), 1.0 - survives)
}

fn percent_of(length: SimDuration, percent: u32) -> SimDuration {
    SimDuration::from_ms(length.ms() * u64::from(percent) / 100)
}

/// The control plane is slow from now on.
pub(super) fn slow(world: &mut World, cx: &mut Cx<'_>, percent: u32, cause: Entry) {
    world.faults.platform.slow.push(percent);
    cx.record(Fact::Fault(FaultFact::ControlPlaneSlowed { percent }), cause, rules::WT_14);
}

/// One of the faults that made it slow is over.
pub(super) fn recover(world: &mut World, cx: &mut Cx<'_>, percent: u32, cause: Entry) {
    let slow = &mut world.faults.platform.slow;
    let at = slow.iter().position(|&other| other == percent).expect("what is over was begun");
    slow.remove(at);
    let percent = slow.iter().copied().max().unwrap_or(100);
    cx.record(Fact::Fault(FaultFact::ControlPlaneSlowed { percent }), cause, rules::WT_14);
}

/// Machines of a set boot slowly, or not at all.
pub(super) fn worsen(world: &mut World, cx: &mut Cx<'_>, set: SetId, (percent, failing): (u32, f64), cause: Entry) {
    world.faults.platform.boots.push(Boots { set, percent, failing });
    say_boots(world, cx, set, cause);
}

/// One of the faults of the boots of a set is over.
pub(super) fn better(world: &mut World, cx: &mut Cx<'_>, set: SetId, (percent, failing): (u32, f64), cause: Entry) {
    let over = Boots { set, percent, failing };
    let boots = &mut world.faults.platform.boots;
    let at = boots.iter().position(|&other| other == over).expect("what is over was begun");
    boots.remove(at);
    say_boots(world, cx, set, cause);
}

fn say_boots(world: &World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let (length, fails) = boot(world, cx, set, SimDuration::from_ms(100));
    let (percent, failing) = (length.ms() as u32, libm::round(fails * 1000.0) as u32);
    cx.record(Fact::Fault(FaultFact::BootsChanged { set, percent, failing }), cause, rules::WT_15);
}

/// How likely a delete of an instance of a set that would end now fails (WT-18).
#[must_use]
pub fn deletes_failing(world: &World, cx: &Cx<'_>, set: SetId) -> f64 {
    let deletes = world.faults.platform.deletes.iter().filter(|&&(of, _)| of == set && cx.on(rules::WT_18));
    1.0 - deletes.fold(1.0, |survives, (_, failing)| survives * (1.0 - failing))
}

/// Deletes of a set fail from now on.
pub(super) fn fail_deletes(world: &mut World, cx: &mut Cx<'_>, set: SetId, failing: f64, cause: Entry) {
    world.faults.platform.deletes.push((set, failing));
    say_deletes(world, cx, set, cause);
}

/// One of the faults that made deletes fail is over.
pub(super) fn end_deletes(world: &mut World, cx: &mut Cx<'_>, set: SetId, failing: f64, cause: Entry) {
    let deletes = &mut world.faults.platform.deletes;
    let at = deletes.iter().position(|&other| other == (set, failing)).expect("what is over was begun");
    deletes.remove(at);
    say_deletes(world, cx, set, cause);
}

fn say_deletes(world: &World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let failing = libm::round(deletes_failing(world, cx, set) * 1000.0) as u32;
    cx.record(Fact::Fault(FaultFact::DeletesChanged { set, failing }), cause, rules::WT_18);
}
