//! Deployment targets: how instances become some, and what health checks make of them.
//!
//! Rules: OC-06, OC-07, OC-20. What registers an instance runs once on every new disk, after the boot (a script) or as an
//! extension. An instance with a new disk does not answer until it is registered anew, which Octopus takes for the same target.

use super::{Event, next_of, phase, queue};
use crate::azure::instances::{self, Provisioning};
use crate::demand::application;
use crate::engine::random::{Purpose, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Calamari, Code, Plan, Registration, TargetGroup, TargetName};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, OctopusFact, Operation, TargetEnd, TargetHealth};
use crate::world::ids::{Entry, InstanceId};

/// What is known of the registration of an instance.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Slot {
    /// The operation that gave the instance the disk that it has.
    disk: u32,
    /// What registers it was begun on that disk.
    begun: Option<u32>,
    /// Its target, as long as Octopus has it.
    pub(super) target: Option<u32>,
}

/// A deployment target.
#[derive(Clone, Debug)]
pub struct Target {
    /// The instance.
    pub instance: InstanceId,
    /// The group that it belongs to, by its place in the plan.
    pub group: u16,
    /// When it was registered; `None` for before the run.
    pub created: Option<SimTime>,
    /// Its state of health, as Octopus has it.
    pub health: TargetHealth,
    /// When it was found in that state.
    pub since: SimTime,
    /// Octopus has it no more.
    pub removed: bool,
    /// Its Tentacle is the one that Octopus knows.
    pub(super) answers: bool,
    /// Calamari is on it.
    pub(super) calamari: bool,
    /// The release that Octopus takes it to have, by project.
    pub has: Vec<Option<Code>>,
    /// The last entry about it.
    pub(super) entry: Entry,
    /// How often it was registered.
    registered: u32,
    /// How often it was checked: numbers the draws.
    checked: u32,
}

/// The target of an instance, if Octopus has one.
#[must_use]
pub fn find(world: &World, instance: InstanceId) -> Option<u32> {
    world.octopus.slots.get(instance.index()).and_then(|slot| slot.target)
}

/// The group of a target.
pub(super) fn group<'p>(world: &World, plan: &'p Plan, target: u32) -> &'p TargetGroup {
    &plan.octopus.targets[usize::from(world.octopus.targets[target as usize].group)]
}

/// What an instance is called as a host, as Azure answers.
pub(super) fn host(world: &World, plan: &Plan, of: &TargetGroup, instance: InstanceId) -> String {
    let ordinal = world.instances.rows[instance.index()].ordinal;
    match (of.naming, plan.sets[usize::from(of.set)].mode) {
        (TargetName::Numbered, _) => format!("{}{ordinal}", of.prefix),
        (_, crate::plan::OrchestrationMode::Uniform) => instances::host_name(&of.prefix, ordinal),
        (_, crate::plan::OrchestrationMode::Flexible) => instances::name_of(world, plan, instance),
    }
}

/// What a target is called.
#[must_use]
pub fn target_name(world: &World, plan: &Plan, target: u32) -> String {
    let (of, instance) = (group(world, plan, target), world.octopus.targets[target as usize].instance);
    match of.naming {
        TargetName::InstanceName => instances::name_of(world, plan, instance),
        TargetName::ComputerName | TargetName::Numbered => host(world, plan, of, instance),
    }
}

/// Whether a target would answer now: its machine runs, its system is up, and its Tentacle is the one that is known.
pub(super) fn answers(world: &World, target: u32) -> bool {
    let of = &world.octopus.targets[target as usize];
    let row = &world.instances.rows[of.instance.index()];
    !of.removed
        && of.answers
        && row.booted
        && application::runs(world, of.instance)
        && !application::is_dark(world, of.instance)
        && !application::is_cut_off(world, of.instance)
}

/// An instance came further: is it to be registered? Or did its Tentacle go with its disk?
pub(super) fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    let Some(number) = cx.plan.octopus.group(row.set.0) else { return };
    let of = &cx.plan.octopus.targets[usize::from(number)];
    let slots = &mut world.octopus.slots;
    if slots.len() <= instance.index() {
        slots.resize(instance.index() + 1, Slot::default());
    }
    let slot = &mut slots[instance.index()];
    if row.initial && slot.begun.is_none() && cx.now() == SimTime::ZERO {
        slot.begun = Some(0);
        start_steady(world, cx, instance, number, cause);
        return;
    }
    let new_disk = instances::is_fresh(&row) && slot.disk != row.epoch;
    if new_disk {
        slot.disk = row.epoch;
    }
    let put_back = row.how == Operation::Restore && !instances::is_fresh(&row);
    if let Some(target) = slot.target.filter(|_| new_disk && row.how != Operation::Create || put_back) {
        world.octopus.targets[target as usize].answers = put_back;
    }
    let ripe = match of.by {
        Registration::Script => row.booted,
        Registration::Extension => row.state == Provisioning::Succeeded,
    };
    let slot = &mut world.octopus.slots[instance.index()];
    if ripe && instances::is_present(&row) && slot.begun != Some(slot.disk) {
        slot.begun = Some(slot.disk);
        let epoch = slot.disk;
        cx.after(of.after, Due::Octopus(Event::Register { instance, epoch, cause }));
    }
}

/// A target for an instance that stands when the run begins, with all that was done to it before.
fn start_steady(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, group: u16, cause: Entry) {
    let roles = cx.plan.octopus.targets[usize::from(group)].roles;
    let has = cx.plan.octopus.projects.iter().map(|project| project.deployed.filter(|_| project.roles & roles != 0));
    let target = add(world, cx, (instance, group), (has.collect(), None), (rules::WT_08, cause));
    let of = &mut world.octopus.targets[target as usize];
    (of.health, of.calamari) = (TargetHealth::Healthy, true);
}

/// Octopus has a target from now on.
fn add(
    world: &mut World,
    cx: &mut Cx<'_>,
    (instance, group): (InstanceId, u16),
    (has, created): (Vec<Option<Code>>, Option<SimTime>),
    (rule, cause): (RuleId, Entry),
) -> u32 {
    let target = world.octopus.targets.len() as u32;
    let entry = cx.record(Fact::Octopus(OctopusFact::Registered { instance, target }), cause, rule);
    world.octopus.targets.push(Target {
        instance,
        group,
        created,
        health: TargetHealth::Unknown,
        since: cx.now(),
        removed: false,
        answers: true,
        calamari: false,
        has,
        entry,
        registered: 1,
        checked: 0,
    });
    world.octopus.slots[instance.index()].target = Some(target);
    expect_check(world, cx, cx.plan.octopus.targets[usize::from(group)].policy);
    target
}

/// What registers an instance is done.
pub(super) fn register(world: &mut World, cx: &mut Cx<'_>, (instance, epoch): (InstanceId, u32), cause: Entry) {
    let row = world.instances.rows[instance.index()];
    let slot = world.octopus.slots[instance.index()];
    if slot.disk != epoch || !row.booted || !application::runs(world, instance) {
        // Its machine stopped meanwhile, or has another disk: what registers it begins anew, or never.
        if slot.disk == epoch {
            world.octopus.slots[instance.index()].begun = None;
        }
        return;
    }
    let Some(group) = cx.plan.octopus.group(row.set.0) else { return };
    let Some(target) = slot.target else {
        let has = vec![None; cx.plan.octopus.projects.len()];
        let target = add(world, cx, (instance, group), (has, Some(cx.now())), (rules::OC_06, cause));
        queue::happened(world, cx, target, queue::Happened::Created);
        expect_first_check(world, cx, target);
        return;
    };
    if !cx.plan.octopus.targets[usize::from(group)].idempotent && cx.on(rules::OC_20) {
        let failed = OctopusFact::RegistrationFailed { instance, target };
        world.octopus.targets[target as usize].entry = cx.record(Fact::Octopus(failed), cause, rules::OC_20);
        return;
    }
    let entry = cx.record(Fact::Octopus(OctopusFact::Reregistered { instance, target }), cause, rules::OC_20);
    let of = &mut world.octopus.targets[target as usize];
    (of.answers, of.calamari, of.entry) = (true, false, entry);
    of.registered += 1;
    expect_first_check(world, cx, target);
}

/// A target that was just registered is checked at once, and gets Calamari then if its policy says so (OC-06).
fn expect_first_check(world: &World, cx: &mut Cx<'_>, target: u32) {
    if !cx.on(rules::OC_06) {
        return;
    }
    let of = &world.octopus.targets[target as usize];
    let calamari = policy(world, cx, target).calamari == Calamari::Always;
    let install = if calamari { cx.assume(key::OctopusCalamari) } else { SimDuration::ZERO };
    let length = cx.assume(key::OctopusHealthCheck) + install;
    cx.after(length, Due::Octopus(Event::FirstCheck { target, nth: of.registered, cause: of.entry }));
}

fn policy<'p>(world: &World, cx: &Cx<'p>, target: u32) -> &'p crate::plan::MachinePolicy {
    &cx.plan.octopus.policies[usize::from(group(world, cx.plan, target).policy)]
}

/// The first check of a target.
pub(super) fn first_check(world: &mut World, cx: &mut Cx<'_>, (target, nth): (u32, u32), cause: Entry) {
    let of = &world.octopus.targets[target as usize];
    if !of.removed && of.registered == nth {
        let found = look(world, cx, target);
        find_in(world, cx, target, found, (rules::OC_06, cause));
    }
}

/// Puts the next check of a policy on the queue, unless it is there.
fn expect_check(world: &mut World, cx: &mut Cx<'_>, number: u16) {
    if world.octopus.checks[usize::from(number)].is_some() {
        return;
    }
    let interval = cx.plan.octopus.policies[usize::from(number)].interval;
    let how = cx.assume(key::OctopusHealthCheckPhase);
    let phase = phase(cx, how, (name("health check"), number.into()), interval);
    let next = next_of(cx, phase, interval);
    world.octopus.checks[usize::from(number)] = Some(next);
    cx.at(next, Due::Octopus(Event::HealthCheck { policy: number }));
}

/// What a check finds of a target now.
fn look(world: &mut World, cx: &mut Cx<'_>, target: u32) -> TargetHealth {
    let answers = answers(world, target);
    let policy = policy(world, cx, target);
    let of = &mut world.octopus.targets[target as usize];
    of.checked += 1;
    if !answers {
        return TargetHealth::Unavailable;
    }
    // The first check says that Calamari is to be installed, and installs it where the policy says so, whatever else it finds.
    of.calamari |= policy.calamari == Calamari::Always;
    let has_calamari = of.calamari;
    let (nth, subject) = (of.checked, world.application.subject(of.instance));
    if policy.warns + policy.fails > 0.0 {
        let drawn = cx.stream(Purpose::OctopusCheck, subject, nth.into()).unit();
        if drawn < policy.fails {
            return TargetHealth::Unhealthy;
        }
        if drawn < policy.fails + policy.warns {
            return TargetHealth::HasWarnings;
        }
    }
    if has_calamari { TargetHealth::Healthy } else { TargetHealth::HasWarnings }
}

/// A check found a target in some state: whoever is concerned by a change of it hears of it.
pub(super) fn find_in(
    world: &mut World,
    cx: &mut Cx<'_>,
    target: u32,
    found: TargetHealth,
    (rule, cause): (RuleId, Entry),
) {
    let now = cx.now();
    let of = &mut world.octopus.targets[target as usize];
    if of.health == found {
        return;
    }
    let instance = of.instance;
    let entry = cx.record(Fact::Octopus(OctopusFact::Found { instance, target, to: found }), cause, rule);
    let of = &mut world.octopus.targets[target as usize];
    (of.health, of.since, of.entry) = (found, now, entry);
    queue::happened(world, cx, target, queue::Happened::Found(found));
}

/// The check of a policy: of all of its targets, and those that have been unavailable for long enough go (OC-07).
pub(super) fn health_check(world: &mut World, cx: &mut Cx<'_>, number: u16) {
    world.octopus.checks[usize::from(number)] = None;
    let mut left = false;
    for target in 0..world.octopus.targets.len() as u32 {
        if world.octopus.targets[target as usize].removed || group(world, cx.plan, target).policy != number {
            continue;
        }
        let found = look(world, cx, target);
        let of = &world.octopus.targets[target as usize];
        let since = (of.health == TargetHealth::Unavailable).then_some(of.since);
        let entry = of.entry;
        find_in(world, cx, target, found, (rules::OC_06, entry));
        let limit = cx.plan.octopus.policies[usize::from(number)].delete_after;
        // Without the rule the clean-up does not wait for a check that finds the target gone for long enough.
        let since = if cx.on(rules::OC_07) { since } else { Some(SimTime::ZERO) };
        let over = limit.zip(since).is_some_and(|(limit, since)| cx.now().since(since) >= limit);
        if found == TargetHealth::Unavailable && over {
            remove(world, cx, target, TargetEnd::CleanedUp, (rules::OC_07, entry));
        }
        left |= !world.octopus.targets[target as usize].removed;
    }
    if left {
        expect_check(world, cx, number);
    }
}

/// Octopus has a target no more.
pub(super) fn remove(world: &mut World, cx: &mut Cx<'_>, target: u32, by: TargetEnd, (rule, cause): (RuleId, Entry)) {
    let of = &mut world.octopus.targets[target as usize];
    of.removed = true;
    let instance = of.instance;
    world.octopus.slots[instance.index()].target = None;
    cx.record(Fact::Octopus(OctopusFact::Removed { instance, target, by }), cause, rule);
}
