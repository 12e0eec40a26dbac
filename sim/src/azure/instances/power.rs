//! The power of an instance: deallocate and start again, and what becomes of it when its host has to be left.
//!
//! Rules: AL-01, AL-02, LB-12, LC-03, SP-02, TN-01…TN-05, SE-20, MT-08. A deallocated instance stays in its set and counts
//! to the capacity; its network interface stays in its pools, and is not probed there. Its guest shuts down at once, and its
//! place is given back when it has stopped, which takes a while. A start is an allocation that may be refused, takes as long
//! as that of a create, and runs no extension again; what was only stopped has its place still.
//!
//! What happens to a machine while something is being done to it: an operation on a machine that is deallocated came to
//! nothing, and the instance has the disk and the model that it had. A machine whose host fails comes back with the disk
//! that was to be put in, and goes on. What runs once on a new disk, and had not ended, runs from its beginning.

use super::{Event, Leaving, Provisioning, Row, is_present, making, profile, releases, size, update};
use crate::azure::capacity::Priority;
use crate::azure::{app_health, capacity, gallery, load_balancer};
use crate::demand::{application, faults};
use crate::engine::random::Purpose;
use crate::engine::time::SimDuration;
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Deletion, Fact, NoticeFact, Operation, OperatorFact, PowerFact, Refusal};
use crate::world::ids::{Entry, InstanceId, SetId};

/// Why an instance has no machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// It was deallocated; its place went back to the region.
    GivenBack,
    /// It was evicted; Azure keeps its place.
    Taken,
    /// It was stopped and not deallocated: its place is its own.
    Stopped,
}

/// A machine that is on its way down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopping {
    /// A start that was asked for meanwhile, and waits for the end of it.
    start: Option<(RuleId, Entry)>,
}

/// How an instance that is to be deleted is still waited for.
#[must_use]
pub fn notice(world: &World, cx: &Cx<'_>, row: &Row, why: Deletion) -> (Option<SimDuration>, Option<RuleId>) {
    let asked = profile(world, cx, row).terminate;
    let newest = world.scale_set.newest(row.set).profile(cx.plan, row.set).terminate;
    // Surplus of overprovisioning was never anybody's, and an eviction has a notice of its own.
    if matches!(why, Deletion::Surplus | Deletion::RolledBack | Deletion::Retried | Deletion::Evicted)
        || !cx.on(rules::TN_01)
        || !cx.on(rules::SE_20)
    {
        return (None, None);
    }
    if why == Deletion::Surge && !cx.on(rules::MS_10) {
        return (None, None);
    }
    if row.spot && cx.on(rules::TN_04) {
        return (None, asked.map(|_| rules::TN_04));
    }
    match (asked, newest) {
        (None, Some(late)) if !cx.on(rules::TN_05) => (Some(late), None),
        (None, Some(_)) => (None, Some(rules::TN_05)),
        (asked, _) => (asked, None),
    }
}

/// Whether an evicted system goes without shutting down in order, so that it ends none of its connections.
pub(super) fn eviction_is_abrupt(cx: &mut Cx<'_>) -> bool {
    cx.plan.keeps_connections() && !cx.assume(key::SpotEvictionIsOrderly)
}

fn is_windows(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    cx.plan.sets[world.instances.rows[instance.index()].set.index()].windows
}

/// Whether the machine of an instance is gone, and only the rest of it stands.
pub(super) fn is_without_machine(world: &World, instance: InstanceId) -> bool {
    let off = world.instances.rows[instance.index()].off;
    matches!(off, Some(Off::GivenBack | Off::Taken)) && !world.instances.stopping.contains_key(&instance)
}

// Verbs.

/// Deallocates an instance: its machine goes, its disk and its place in the set stay.
pub fn deallocate(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, off: Off, rule: RuleId, cause: Entry) {
    let row = &world.instances.rows[instance.index()];
    assert!(is_present(row), "what is deleted is not deallocated");
    let is_off = row.off.is_some_and(|now| now != Off::Stopped || off == Off::Stopped);
    if !is_off {
        stop(world, cx, instance, off, rule, cause);
    }
}

/// The machine of an instance stops: it serves nothing more, and its balancers know (LB-12).
fn stop(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, off: Off, rule: RuleId, cause: Entry) {
    let (entry, epoch) = go_down(world, cx, instance, off, (rule, cause));
    world.instances.stopping.insert(instance, Stopping { start: None });
    let assumption = match (off == Off::Stopped, is_windows(world, cx, instance)) {
        (true, false) => key::VmPowerOffLinux,
        (true, true) => key::VmPowerOffWindows,
        (false, false) => key::VmDeallocateLinux,
        (false, true) => key::VmDeallocateWindows,
    };
    let dist = cx.assume(assumption);
    let length = cx.draw(Purpose::Stop, world.application.subject(instance), epoch.into(), &dist);
    let length = faults::stretched(world, cx, length);
    if length == SimDuration::ZERO {
        stopped(world, cx, instance, rule, entry);
    } else {
        cx.after(length, Due::Instances(Event::Stopped { instance, epoch, rule, cause: entry }));
    }
}

/// A machine was off before the run began.
pub(super) fn was_off(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, off: Off, cause: Entry) {
    let (entry, _) = go_down(world, cx, instance, off, (rules::WT_08, cause));
    say_stopped(cx, instance, off, (rules::WT_08, entry));
}

/// The guest of an instance goes down. What is stated of it, and the operation that it is.
fn go_down(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    off: Off,
    (rule, cause): (RuleId, Entry),
) -> (Entry, u32) {
    let from = undo(world, instance);
    let row = &mut world.instances.rows[instance.index()];
    row.epoch += 1;
    let (epoch, ran) = (row.epoch, row.off.is_none());
    (row.state, row.booted, row.off) = (Provisioning::Deallocated, false, Some(off));
    let fact = match off {
        Off::Stopped => PowerFact::Stopping { instance },
        Off::GivenBack | Off::Taken => PowerFact::Deallocating { instance },
    };
    let entry = cx.record(Fact::Power(fact), cause, rule);
    size::say(world, cx, instance, from, entry);
    gallery::release(world, cx, instance, entry);
    if off == Off::Taken && ran && eviction_is_abrupt(cx) {
        load_balancer::abandon(world, instance);
    }
    if ran {
        application::halt(world, cx, instance, entry);
        if off == Off::Stopped {
            app_health::silence(world, instance);
        } else {
            app_health::stop(world, cx, instance, entry);
        }
        update::turn(world, cx, instance, from, entry);
        load_balancer::park(world, cx, instance, entry);
    }
    (entry, epoch)
}

/// The machine of an instance has stopped; where it was deallocated, its place goes back to the region.
pub(super) fn stopped(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, rule: RuleId, cause: Entry) {
    let Row { set, at, off, .. } = world.instances.rows[instance.index()];
    let stopping = world.instances.stopping.remove(&instance).expect("it was on its way down");
    if off == Some(Off::GivenBack) {
        capacity::give_back(world, cx, set, at);
    }
    say_stopped(cx, instance, off.expect("it is off"), (rule, cause));
    if let Some((rule, cause)) = stopping.start {
        start(world, cx, instance, rule, cause);
    }
}

fn say_stopped(cx: &mut Cx<'_>, instance: InstanceId, off: Off, (rule, cause): (RuleId, Entry)) {
    let fact = match off {
        Off::Stopped => PowerFact::Stopped { instance },
        Off::GivenBack | Off::Taken => PowerFact::Deallocated { instance },
    };
    cx.record(Fact::Power(fact), cause, rule);
}

/// Whether an instance takes up a place of its region.
pub(super) fn holds_place(world: &World, instance: InstanceId) -> bool {
    match world.instances.rows[instance.index()].off {
        None | Some(Off::Stopped) => true,
        Some(Off::GivenBack) => world.instances.stopping.contains_key(&instance),
        Some(Off::Taken) => false,
    }
}

/// What was being done to an instance, or was to be, comes to nothing. Returns the revision that it was to be brought to.
fn undo(world: &mut World, instance: InstanceId) -> u32 {
    update::forget(world, instance);
    releases::forget(world, instance);
    let between = update::is_between_disks(world, instance);
    let on = world.application.truths[instance.index()].image;
    let row = &mut world.instances.rows[instance.index()];
    let to = row.revision;
    let same_disk =
        row.state == Provisioning::Updating && matches!(row.how, Operation::Extensions | Operation::Restart);
    if between || same_disk {
        (row.image, row.revision) = (on, row.came_from);
    }
    if between && row.how != Operation::Restore {
        row.fresh = world.instances.taken_out.remove(&instance).is_some_and(|disk| disk.was_fresh());
    }
    to
}

/// Starts an instance that is off: a machine is allocated for it, as for a new one, unless it has one still. `None` if it is
/// refused. What is on its way down is started when it is there.
pub fn start(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, rule: RuleId, cause: Entry) -> Option<Entry> {
    let row = world.instances.rows[instance.index()];
    if row.state != Provisioning::Deallocated {
        return None;
    }
    if let Some(stopping) = world.instances.stopping.get_mut(&instance) {
        stopping.start = Some((rule, cause));
        return None;
    }
    if row.off != Some(Off::Stopped) {
        let priority = if row.spot { Priority::Spot } else { Priority::Regular };
        if let Err(why) = capacity::take_again(world, cx, row.set, row.at, priority) {
            let rule = match why {
                Refusal::FixedSpreading => rules::FD_03,
                _ if row.at.zone == 0 => rules::AL_01,
                _ => rules::AL_02,
            };
            cx.record(Fact::Power(PowerFact::StartRefused { instance, why }), cause, rule);
            return None;
        }
    }
    Some(come_back(world, cx, instance, rule, cause))
}

/// Whether no instance of a set has a machine, or a place that is kept for it.
#[must_use]
pub fn is_wholly_off(world: &World, set: SetId) -> bool {
    let is_off = |instance: &InstanceId| {
        let off = world.instances.rows[instance.index()].off;
        off == Some(Off::GivenBack) && !world.instances.stopping.contains_key(instance)
    };
    world.scale_set.sets[set.index()].instances.iter().all(is_off)
}

/// The instances of a set that has no machine get places anew, each in its zone, as if they were new: an uneven spread over fault
/// domains is even then (FD-15).
pub fn place_anew(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let of = world.scale_set.sets[set.index()].instances.clone();
    for instance in &of {
        capacity::forget(world, set, world.instances.rows[instance.index()].at);
    }
    for instance in of {
        let was = world.instances.rows[instance.index()].at;
        let at = capacity::put_in(world, cx, set, was.zone);
        if at != was {
            world.instances.rows[instance.index()].at = at;
            cx.record(Fact::Operator(OperatorFact::PlacedAnew { instance, at }), cause, rules::FD_15);
        }
    }
}

/// The platform gives an evicted instance a machine again, of the capacity it took.
pub fn restore_power(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    rule: RuleId,
    cause: Entry,
) -> Option<Entry> {
    let off = world.instances.rows[instance.index()].off;
    (off == Some(Off::Taken)).then(|| come_back(world, cx, instance, rule, cause))
}

/// An instance cannot be started for this reason.
pub fn refuse_start(cx: &mut Cx<'_>, instance: InstanceId, why: Refusal, (rule, cause): (RuleId, Entry)) {
    cx.record(Fact::Power(PowerFact::StartRefused { instance, why }), cause, rule);
}

fn come_back(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, rule: RuleId, cause: Entry) -> Entry {
    world.instances.stopping.remove(&instance);
    let row = &mut world.instances.rows[instance.index()];
    let had = row.off;
    row.epoch += 1;
    (row.state, row.how, row.off) = (Provisioning::Updating, Operation::Start, None);
    let (epoch, set) = (row.epoch, row.set);
    let entry = cx.record(Fact::Power(PowerFact::Starting { instance }), cause, rule);
    let subject = world.application.subject(instance);
    let length = if had == Some(Off::Stopped) {
        let windows = is_windows(world, cx, instance);
        let dist = cx.assume(if windows { key::VmPowerOnWindows } else { key::VmPowerOnLinux });
        cx.draw(Purpose::OutOfService, subject, epoch.into(), &dist)
    } else {
        let call = cx.stream(Purpose::CreateCall, subject, epoch.into());
        making::length(cx, set, call, cx.stream(Purpose::Provision, subject, epoch.into()))
    };
    let length = faults::stretched(world, cx, length);
    cx.after(length, Due::Instances(Event::Running { instance, epoch, cause: entry }));
    entry
}

/// The machine of an instance is away for a while, and comes back on the disk that it had: to the guest it is a reboot,
/// after which no extension runs again (MT-08).
pub fn heal(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    away: SimDuration,
    (rule, cause): (RuleId, Entry),
) -> Entry {
    let between = update::is_between_disks(world, instance);
    let row = &mut world.instances.rows[instance.index()];
    assert!(is_present(row), "what is deleted is not healed");
    match row.how {
        _ if between => {}
        Operation::Extensions | Operation::Restart if row.state == Provisioning::Updating => {
            row.how = Operation::Restart;
        }
        _ => (row.how, row.came_from) = (Operation::Heal, row.revision),
    }
    row.epoch += 1;
    (row.state, row.booted) = (Provisioning::Updating, false);
    let (epoch, image) = (row.epoch, row.image);
    let entry = cx.record(Fact::UpdateStarted { instance, how: Operation::Heal, image }, cause, rule);
    application::halt(world, cx, instance, entry);
    app_health::stop(world, cx, instance, entry);
    cx.after(away, Due::Instances(Event::Running { instance, epoch, cause: entry }));
    entry
}

/// An instance is to be deleted, but its guest is notified first: it runs on until it approves or the time is over (TN-01).
pub(super) fn defer(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (leaving, cause): (Leaving, Entry)) {
    let row = &mut world.instances.rows[instance.index()];
    row.state = Provisioning::Deleting;
    let (set, at) = (row.set, row.at);
    update::forget(world, instance);
    let rule = if leaving.why == Deletion::Surge { rules::MS_10 } else { rules::SE_20 };
    world.instances.leaving.insert(instance, leaving);
    capacity::forget(world, set, at);
    cx.record(Fact::Notice(NoticeFact::DeletionDeferred { instance }), cause, rule);
}

/// The deletion of an instance that waited begins.
pub fn leave(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let Some(leaving) = world.instances.leaving.remove(&instance) else { return };
    let row = &world.instances.rows[instance.index()];
    let (set, at) = (row.set, row.at);
    if holds_place(world, instance) {
        capacity::give_back(world, cx, set, at);
    }
    super::removal::vanish(world, cx, instance, leaving.why, leaving.chosen, cause);
}
