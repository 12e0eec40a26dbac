//! A step on targets: as many at once as its window, who is skipped, what fails, and what a person says of it.
//!
//! Rules: OC-05, OC-08, OC-09. A target that does not answer when the step is to begin on it is skipped where the project says
//! so; one that goes while the step runs on it fails it. How long Octopus takes to notice either is not published:
//! `octopus.lost_contact`. While a person is asked, what runs on other targets goes on, and nothing begins.

use super::tasks::{self, Timer, task};
use super::{set_timer, targets};
use crate::delivery::deliver;
use crate::engine::random::{Purpose, name};
use crate::plan::{GuidedAnswer, Of, OnTargets, StepKind};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, OctopusFact, SkipReason, StepTrouble, TaskEnd};
use crate::world::ids::{Entry, InstanceId};

/// A target on which a step runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Running {
    target: u32,
    /// It answered when the step began on it.
    begun: bool,
    /// Its machine went since.
    lost: bool,
}

/// Begins a step on the targets that it is for; whether there is any.
pub(super) fn begin(world: &mut World, cx: &mut Cx<'_>, number: u32, on: &OnTargets, cause: Entry) -> bool {
    let plan = cx.plan;
    let of = &world.octopus.tasks[number as usize];
    let named = of.output.clone().unwrap_or_default();
    let fits = |&target: &u32| {
        let roles = targets::group(world, plan, target).roles;
        let all = plan.octopus.projects[of.project.index()].roles;
        let wanted = if on.roles == 0 { all } else { on.roles };
        roles & wanted != 0 && (on.of == Of::Deployment || named.contains(&target))
    };
    let wanted = of.targets.iter().copied().filter(fits).collect();
    let of = task(world, number);
    of.waiting = wanted;
    of.window = on.window as usize;
    fill(world, cx, number, cause)
}

/// Begins the step on as many targets as there is room for; whether it is still at work, or waits for a person.
fn fill(world: &mut World, cx: &mut Cx<'_>, number: u32, cause: Entry) -> bool {
    loop {
        let of = task(world, number);
        let room = of.running.len() < of.window || !cx.on(rules::OC_05);
        let next = if of.asks == 0 && room { of.waiting.pop_front() } else { None };
        let Some(target) = next else { return !of.running.is_empty() || of.asks > 0 };
        begin_on(world, cx, (number, target), cause);
    }
}

/// Begins the step on a target, or tries to.
fn begin_on(world: &mut World, cx: &mut Cx<'_>, (number, target): (u32, u32), cause: Entry) {
    if world.octopus.targets[target as usize].removed {
        tasks::leave_out(world, cx, (number, target), SkipReason::Removed, (rules::OC_08, cause));
        return;
    }
    let begun = targets::answers(world, target);
    task(world, number).running.push(Running { target, begun, lost: false });
    if !begun {
        let length = cx.assume(key::OctopusLostContact);
        set_timer(world, cx, number, (length, Timer::Target(target)), cause);
        return;
    }
    let StepKind::Targets(on) = &tasks::step(world, cx.plan, number).what else { return };
    let instance = world.octopus.targets[target as usize].instance;
    let of = task(world, number);
    let (project, step) = (of.project, of.step);
    let entry =
        cx.record(Fact::Octopus(OctopusFact::Began { instance, project, task: number, step }), cause, rules::OC_05);
    let subject = world.application.subject(instance);
    let mut length = cx.draw(Purpose::OctopusStep, subject, draw(cx, world, (number, target)), &on.duration);
    if !std::mem::replace(&mut world.octopus.targets[target as usize].calamari, true) {
        length = length + cx.assume(key::OctopusCalamari);
    }
    set_timer(world, cx, number, (length, Timer::Target(target)), entry);
}

/// What the draws of a step are keyed by, beside the instance: the names of project and step, which run of it this is, and which
/// try of that run.
fn draw(cx: &Cx<'_>, world: &World, (number, target): (u32, u32)) -> u64 {
    let of = &world.octopus.tasks[number as usize];
    let step = &tasks::step(world, cx.plan, number).name;
    let runs = world.octopus.tasks[..number as usize].iter().filter(|other| other.project == of.project).count() as u64;
    let tries = of.retried.iter().filter(|retried| retried.is_none_or(|one| one == target)).count() as u64;
    name(&cx.plan.octopus.projects[of.project.index()].name) ^ name(step).rotate_left(1) ^ runs ^ (tries << 32)
}

/// The machine of an instance went: a step that runs on it fails when that is noticed (OC-09).
pub(super) fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let concerns = |world: &World, number: usize| {
        let of = &world.octopus.tasks[number].running;
        let here = |running: &&Running| world.octopus.targets[running.target as usize].instance == instance;
        of.iter().find(here).copied().filter(|running| running.begun && !running.lost)
    };
    for number in 0..world.octopus.tasks.len() {
        let Some(Running { target, .. }) = concerns(world, number) else { continue };
        if targets::answers(world, target) {
            continue;
        }
        let of = &mut world.octopus.tasks[number];
        of.timers.retain(|(_, timer)| *timer != Timer::Target(target));
        for running in of.running.iter_mut().filter(|running| running.target == target) {
            running.lost = true;
        }
        let length = cx.assume(key::OctopusLostContact);
        set_timer(world, cx, number as u32, (length, Timer::Target(target)), cause);
    }
}

/// A step ends on a target, one way or the other.
pub(super) fn ended_on(world: &mut World, cx: &mut Cx<'_>, (number, target): (u32, u32), cause: Entry) {
    let StepKind::Targets(on) = &tasks::step(world, cx.plan, number).what else { return };
    let instance = world.octopus.targets[target as usize].instance;
    let answers = targets::answers(world, target);
    let of = task(world, number);
    let Some(at) = of.running.iter().position(|running| running.target == target) else { return };
    let was = of.running.remove(at);
    let (project, step) = (of.project, of.step);
    let settings = &cx.plan.octopus.projects[project.index()];
    if !was.begun && !answers && settings.skips_unavailable && cx.on(rules::OC_08) {
        let entry = tasks::leave_out(world, cx, (number, target), SkipReason::Unavailable, (rules::OC_08, cause));
        carry_on(world, cx, number, entry);
        return;
    }
    let subject = world.application.subject(instance);
    let fails = || {
        on.failure > 0.0
            && cx.stream(Purpose::OctopusFailure, subject, draw(cx, world, (number, target))).chance(on.failure)
    };
    let trouble = match was {
        Running { begun: false, .. } => Some((StepTrouble::Unavailable, rules::OC_08)),
        Running { lost, .. } if lost || !answers => Some((StepTrouble::Lost, rules::OC_09)),
        Running { .. } => fails().then_some((StepTrouble::Script, rules::OC_09)),
    };
    if let Some((why, rule)) = trouble {
        let failed = OctopusFact::FailedOn { instance, project, task: number, step, why };
        let entry = cx.record(Fact::Octopus(failed), cause, rule);
        ask(world, cx, (number, Some(target)), entry);
        carry_on(world, cx, number, entry);
        return;
    }
    let done = OctopusFact::Done { instance, project, task: number, step };
    let entry = cx.record(Fact::Octopus(done), cause, rules::OC_05);
    let release = task(world, number).release;
    deliver(world, cx, instance, (on.installs.then_some(release), on.starts_process), entry);
    carry_on(world, cx, number, entry);
}

/// A step failed: a person is asked where the project is in guided failure mode; else the deployment fails (OC-09).
fn ask(world: &mut World, cx: &mut Cx<'_>, (number, target): (u32, Option<u32>), cause: Entry) {
    let project = task(world, number).project;
    match cx.plan.octopus.projects[project.index()].guided {
        Some(guided) if cx.on(rules::OC_09) => {
            task(world, number).asks += 1;
            let instance = target.map(|target| world.octopus.targets[target as usize].instance);
            let asked = OctopusFact::Asked { project, task: number, instance };
            let entry = cx.record(Fact::Octopus(asked), cause, rules::OC_09);
            set_timer(world, cx, number, (guided.delay, Timer::Answer(target)), entry);
        }
        _ => task(world, number).fail(),
    }
}

/// A step that runs on no target failed.
pub(super) fn fail_step(
    world: &mut World,
    cx: &mut Cx<'_>,
    number: u32,
    (why, rule): (StepTrouble, RuleId),
    cause: Entry,
) {
    let of = task(world, number);
    let (project, step) = (of.project, of.step);
    let failed = OctopusFact::StepFailed { project, task: number, step, why };
    let entry = cx.record(Fact::Octopus(failed), cause, rule);
    ask(world, cx, (number, None), entry);
    carry_on(world, cx, number, entry);
}

/// The step goes on with who waits; after the last one it is done, or the deployment has failed.
fn carry_on(world: &mut World, cx: &mut Cx<'_>, number: u32, cause: Entry) {
    if fill(world, cx, number, cause) {
        return;
    }
    match task(world, number).failed {
        true => tasks::end(world, cx, number, TaskEnd::Failed, (rules::OC_09, cause)),
        false => tasks::go_on(world, cx, number, cause),
    }
}

/// A person answers, about a target or about a step that runs on none.
pub(super) fn answered(world: &mut World, cx: &mut Cx<'_>, (number, target): (u32, Option<u32>), cause: Entry) {
    let project = task(world, number).project;
    let Some(guided) = cx.plan.octopus.projects[project.index()].guided else { return };
    let instance = target.map(|target| world.octopus.targets[target as usize].instance);
    let given = OctopusFact::Answered { project, task: number, instance, answer: guided.answer };
    let mut entry = cx.record(Fact::Octopus(given), cause, rules::OC_09);
    let of = task(world, number);
    of.asks -= 1;
    if guided.answer == GuidedAnswer::Retry {
        of.retried.push(target);
    }
    match (guided.answer, target) {
        (GuidedAnswer::Fail, _) => of.fail(),
        (GuidedAnswer::Retry, Some(target)) => of.waiting.push_front(target),
        (GuidedAnswer::Retry, None) => {
            let step = usize::from(of.step);
            tasks::advance(world, cx, number, step, entry);
            return;
        }
        (GuidedAnswer::Exclude, Some(target)) => {
            entry = tasks::leave_out(world, cx, (number, target), SkipReason::Excluded, (rules::OC_09, entry));
        }
        // There is nobody to exclude where a step runs on no target, so it is as if it were ignored.
        (GuidedAnswer::Ignore, _) | (GuidedAnswer::Exclude, None) => {}
    }
    carry_on(world, cx, number, entry);
}
