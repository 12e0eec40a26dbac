//! A deployment from the queue to its end: who takes part in it, its steps in sequence, and what its end means.
//!
//! Rules: OC-03, OC-05, OC-08, OC-10. Whether a run of a deployment that was a success before, and now is none, takes it out of
//! what triggers deploy is an assumption: `octopus.failed_rerun`.

use super::queue;
use super::{lifecycle, provision, set_timer, steps, targets};
use crate::engine::time::SimTime;
use crate::plan::{Code, Condition, DeployChild, Of, Plan, Step, StepKind};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, OctopusFact, SkipReason, StepTrouble, TargetHealth, TaskBy, TaskEnd};
use crate::world::ids::{Entry, ProjectId};
use std::collections::VecDeque;

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It waits in the queue.
    Queued,
    /// It runs, or waits for a person.
    Executing,
    /// It is over.
    Ended(TaskEnd),
}

/// A run of a deployment.
#[derive(Clone, Debug)]
pub struct Task {
    /// The project.
    pub project: ProjectId,
    /// The place, by its number in the plan.
    pub place: u16,
    /// The release.
    pub release: Code,
    /// Who asked for it.
    pub by: TaskBy,
    /// When it was queued.
    pub queued: SimTime,
    /// When it began.
    pub began: Option<SimTime>,
    /// When it ended.
    pub ended: Option<SimTime>,
    /// How far it is.
    pub stage: Stage,
    /// Its targets, but for those that were left out.
    pub targets: Vec<u32>,
    /// It waits for a person, because of so many targets.
    pub asks: u32,
    /// The step that it is at.
    pub step: u8,
    pub(super) deployment: usize,
    parent: Option<u32>,
    /// What its step runs on now.
    pub(super) running: Vec<steps::Running>,
    /// What its step has still to run on.
    pub(super) waiting: VecDeque<u32>,
    /// How many at once.
    pub(super) window: usize,
    /// A person had the step, or the step on a target, tried again: once an entry.
    pub(super) retried: Vec<Option<u32>>,
    /// A step failed, and nobody said that it goes on.
    pub(super) failed: bool,
    /// What the check of the scale set named; `None` where it said nothing.
    pub(super) output: Option<Vec<u32>>,
    /// What it said of targets to deploy to.
    pub(super) has_servers: bool,
    /// The check of a scale set that runs.
    pub(super) check: provision::Progress,
    pub(super) timers: Vec<(u32, Timer)>,
    /// The last entry about it.
    pub(super) entry: Entry,
}

impl Task {
    /// The place of its queue.
    pub(super) fn queue(&self, plan: &Plan) -> usize {
        queue::at(plan, self.project, self.place)
    }

    /// A step failed, and nobody says that it goes on: it begins on nobody any more.
    pub(super) fn fail(&mut self) {
        self.failed = true;
        self.waiting.clear();
    }
}

/// What a timer of a task is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// The step ends on a target.
    Target(u32),
    /// A person answers, about a target or about a step that runs on none.
    Answer(Option<u32>),
    /// The health check of the deployment ends.
    Health,
    /// The scale set is looked at again.
    Poll,
    /// The deployment of a child has taken too long.
    Child(u32),
}

/// A deployment that is asked for.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) project: ProjectId,
    pub(super) place: u16,
    pub(super) deployment: usize,
    pub(super) by: TaskBy,
    pub(super) parent: Option<u32>,
    pub(super) targets: Vec<u32>,
}

pub(super) fn task(world: &mut World, number: u32) -> &mut Task {
    &mut world.octopus.tasks[number as usize]
}

/// The step that a task is at.
pub(super) fn step<'p>(world: &World, plan: &'p Plan, number: u32) -> &'p Step {
    let of = &world.octopus.tasks[number as usize];
    &plan.octopus.projects[of.project.index()].steps[usize::from(of.step)]
}

/// A timer of a task is due.
pub(super) fn timer(world: &mut World, cx: &mut Cx<'_>, (number, timer): (u32, u32), cause: Entry) {
    let of = task(world, number);
    let Some(at) = of.timers.iter().position(|(set, _)| *set == timer) else { return };
    let (_, what) = of.timers.remove(at);
    match what {
        Timer::Target(target) => steps::ended_on(world, cx, (number, target), cause),
        Timer::Answer(target) => steps::answered(world, cx, (number, target), cause),
        Timer::Health => check_health(world, cx, number, cause),
        Timer::Poll => provision::poll(world, cx, number, cause),
        Timer::Child(child) => cancel(world, cx, child, cause),
    }
}

/// Puts a task into the queue.
pub(super) fn queue(world: &mut World, cx: &mut Cx<'_>, order: Order, (rule, cause): (RuleId, Entry)) {
    let Order { project, place, deployment, by, parent, targets } = order;
    let queue = queue::at(cx.plan, project, place);
    let of = &mut world.octopus.queues[queue].deployments[deployment];
    of.queued += 1;
    let release = of.release;
    let number = world.octopus.tasks.len() as u32;
    let queued = OctopusFact::Queued { project, task: number, place, release, by, targets: targets.len() as u32 };
    let entry = cx.record(Fact::Octopus(queued), cause, rule);
    world.octopus.tasks.push(Task {
        project,
        place,
        release,
        by,
        queued: cx.now(),
        began: None,
        ended: None,
        stage: Stage::Queued,
        targets,
        asks: 0,
        step: 0,
        deployment,
        parent,
        running: Vec::new(),
        retried: Vec::new(),
        waiting: VecDeque::new(),
        window: 0,
        failed: false,
        output: None,
        has_servers: false,
        check: provision::Progress::default(),
        timers: Vec::new(),
        entry,
    });
    world.octopus.queues[queue].waiting.push_back(number);
    queue::begin_next(world, cx, queue);
}

/// The targets of a place with one of these roles.
pub(super) fn of_place(world: &World, cx: &Cx<'_>, place: u16, roles: u32) -> Vec<u32> {
    let targets = 0..world.octopus.targets.len() as u32;
    let fits = |&target: &u32| {
        let group = targets::group(world, cx.plan, target);
        !world.octopus.targets[target as usize].removed && group.place == place && group.roles & roles != 0
    };
    targets.filter(fits).collect()
}

/// A task begins: who is known to be unavailable or unhealthy may be left out before the first step (OC-08).
pub(super) fn begin(world: &mut World, cx: &mut Cx<'_>, number: u32) {
    let plan = cx.plan;
    let of = task(world, number);
    of.stage = Stage::Executing;
    of.began = Some(cx.now());
    let (project, asked, cause) = (of.project, of.targets.clone(), of.entry);
    let settings = &plan.octopus.projects[project.index()];
    let elastic = cx.on(rules::OC_08);
    let mut missing = false;
    for target in asked {
        let known = &world.octopus.targets[target as usize];
        let why = match known.health {
            _ if known.removed => Some(SkipReason::Removed),
            TargetHealth::Unavailable if settings.skips_unavailable && elastic => Some(SkipReason::Unavailable),
            TargetHealth::Unavailable => {
                missing = true;
                None
            }
            TargetHealth::Unhealthy if settings.excludes_unhealthy && elastic => Some(SkipReason::Unhealthy),
            TargetHealth::Unhealthy | TargetHealth::Unknown | TargetHealth::Healthy | TargetHealth::HasWarnings => None,
        };
        if let Some(why) = why {
            leave_out(world, cx, (number, target), why, (rules::OC_08, cause));
        }
    }
    let targets = task(world, number).targets.len() as u32;
    let rule = if cx.on(rules::OC_04) { rules::OC_04 } else { rules::OC_01 };
    let entry = cx.record(Fact::Octopus(OctopusFact::Started { project, task: number, targets }), cause, rule);
    task(world, number).entry = entry;
    if missing || targets == 0 && !settings.allows_none {
        end(world, cx, number, TaskEnd::Failed, (rules::OC_08, entry));
        return;
    }
    advance(world, cx, number, 0, entry);
}

/// A target takes no part in the rest of a deployment.
pub(super) fn leave_out(
    world: &mut World,
    cx: &mut Cx<'_>,
    (number, target): (u32, u32),
    why: SkipReason,
    (rule, cause): (RuleId, Entry),
) -> Entry {
    let instance = world.octopus.targets[target as usize].instance;
    let of = task(world, number);
    of.targets.retain(|&other| other != target);
    let project = of.project;
    cx.record(Fact::Octopus(OctopusFact::Skipped { instance, project, task: number, why }), cause, rule)
}

/// Begins the first step from this one on that is to run; after the last one the deployment is a success (OC-05).
pub(super) fn advance(world: &mut World, cx: &mut Cx<'_>, number: u32, from: usize, cause: Entry) {
    let plan = cx.plan;
    let of = &world.octopus.tasks[number as usize];
    let project = of.project;
    let skip = world.octopus.queues[of.queue(plan)].deployments[of.deployment].skip;
    let mut cause = cause;
    for (at, step) in plan.octopus.projects[project.index()].steps.iter().enumerate().skip(from) {
        let of = task(world, number);
        of.step = at as u8;
        let wanted = match step.condition {
            Condition::Always => true,
            Condition::HasServersToDeployTo => of.has_servers,
            Condition::Triggered => of.by == TaskBy::Trigger,
        };
        // What was skipped by hand stays skipped where a trigger deploys it again (OC-03).
        let skipped = skip >> at & 1 == 1 && (of.by == TaskBy::Person || cx.on(rules::OC_03));
        if skipped || !wanted {
            let rule = if skipped { rules::OC_03 } else { rules::OC_16 };
            let skipped = OctopusFact::StepSkipped { project, task: number, step: at as u8 };
            cause = cx.record(Fact::Octopus(skipped), cause, rule);
            continue;
        }
        let started = OctopusFact::StepStarted { project, task: number, step: at as u8 };
        cause = cx.record(Fact::Octopus(started), cause, rules::OC_05);
        if run(world, cx, number, &step.what, cause) {
            return;
        }
        // It was done at once; something in it may have ended the deployment.
        if world.octopus.tasks[number as usize].stage != Stage::Executing {
            return;
        }
    }
    end(world, cx, number, TaskEnd::Success, (rules::OC_05, cause));
}

/// Runs a step; whether it goes on, and goes to the next by itself.
fn run(world: &mut World, cx: &mut Cx<'_>, number: u32, what: &StepKind, cause: Entry) -> bool {
    match what {
        StepKind::Targets(on) => steps::begin(world, cx, number, on, cause),
        StepKind::HealthCheck { .. } => {
            let length = cx.assume(key::OctopusHealthCheck);
            set_timer(world, cx, number, (length, Timer::Health), cause);
            true
        }
        StepKind::Provision(check) => provision::begin(world, cx, number, check, cause),
        StepKind::Child(child) => deploy_child(world, cx, number, *child, cause),
    }
}

/// The step that a task is at is done.
pub(super) fn go_on(world: &mut World, cx: &mut Cx<'_>, number: u32, cause: Entry) {
    let next = usize::from(task(world, number).step) + 1;
    advance(world, cx, number, next, cause);
}

/// Another project deploys what it has in the place once more, to the targets of this deployment or to those of the check.
fn deploy_child(world: &mut World, cx: &mut Cx<'_>, number: u32, of: DeployChild, cause: Entry) -> bool {
    let plan = cx.plan;
    let (child, place) = (ProjectId(of.project), task(world, number).place);
    let parent = &world.octopus.tasks[number as usize];
    let wanted = match of.of {
        Of::Deployment => parent.targets.clone(),
        Of::Output => parent.output.clone().unwrap_or_default(),
    };
    let there = of_place(world, cx, place, plan.octopus.projects[child.index()].roles);
    let targets: Vec<u32> = wanted.into_iter().filter(|target| there.contains(target)).collect();
    let queue = &mut world.octopus.queues[queue::at(plan, child, place)];
    let current = queue.current(cx).map(|at| queue.deployments[at].release);
    // What the child cannot deploy, or to nobody, is no error of the parent.
    let Some(release) = current.filter(|_| !targets.is_empty()) else { return false };
    let deployment = queue.add(release, 0);
    let parent = of.waits.map(|_| number);
    let order = Order { project: child, place, deployment, by: TaskBy::Parent, parent, targets };
    // The timer is set first: a child without anything to do ends at once.
    if let Some(timeout) = of.waits {
        let next = world.octopus.tasks.len() as u32;
        set_timer(world, cx, number, (timeout, Timer::Child(next)), cause);
    }
    self::queue(world, cx, order, (rules::OC_04, cause));
    of.waits.is_some()
}

/// The deployment of a child ended.
fn child_ended(world: &mut World, cx: &mut Cx<'_>, (parent, child): (u32, u32), how: TaskEnd, cause: Entry) {
    let of = task(world, parent);
    if of.stage != Stage::Executing {
        return;
    }
    of.timers.retain(|(_, timer)| *timer != Timer::Child(child));
    match how {
        TaskEnd::Success => go_on(world, cx, parent, cause),
        TaskEnd::Failed | TaskEnd::Canceled => {
            steps::fail_step(world, cx, parent, (StepTrouble::Child, rules::OC_05), cause)
        }
    }
}

/// Ends a deployment that has not ended by itself.
fn cancel(world: &mut World, cx: &mut Cx<'_>, number: u32, cause: Entry) {
    let of = &world.octopus.tasks[number as usize];
    let queue = of.queue(cx.plan);
    if let Stage::Ended(_) = of.stage {
        return;
    }
    world.octopus.queues[queue].waiting.retain(|&other| other != number);
    end(world, cx, number, TaskEnd::Canceled, (rules::OC_05, cause));
}

/// The health check within a deployment: drops who does not answer, and adds who was registered since it was queued (OC-10).
fn check_health(world: &mut World, cx: &mut Cx<'_>, number: u32, cause: Entry) {
    let StepKind::HealthCheck { skips_unavailable, includes_new } = step(world, cx.plan, number).what else { return };
    let of = &world.octopus.tasks[number as usize];
    let (project, place, queued) = (of.project, of.place, of.queued);
    if !cx.on(rules::OC_10) {
        go_on(world, cx, number, cause);
        return;
    }
    let mut lost = false;
    for target in of.targets.clone() {
        if targets::answers(world, target) {
            continue;
        }
        if !world.octopus.targets[target as usize].removed {
            targets::find_in(world, cx, target, TargetHealth::Unavailable, (rules::OC_10, cause));
        }
        if skips_unavailable {
            leave_out(world, cx, (number, target), SkipReason::Unavailable, (rules::OC_10, cause));
        } else {
            lost = true;
        }
    }
    if lost {
        steps::fail_step(world, cx, number, (StepTrouble::Unavailable, rules::OC_10), cause);
        return;
    }
    let settings = &cx.plan.octopus.projects[project.index()];
    for target in of_place(world, cx, place, settings.roles) {
        let known = task(world, number).targets.contains(&target);
        let of = &world.octopus.targets[target as usize];
        let is_new = of.created.is_some_and(|at| at >= queued);
        let is_fit = of.health != TargetHealth::Unhealthy || !settings.excludes_unhealthy;
        if includes_new && is_new && is_fit && !known && targets::answers(world, target) {
            task(world, number).targets.push(target);
            let instance = world.octopus.targets[target as usize].instance;
            let added = OctopusFact::Added { instance, project, task: number };
            cx.record(Fact::Octopus(added), cause, rules::OC_10);
        }
    }
    go_on(world, cx, number, cause);
}

/// A deployment is over: its targets have the release if it is a success, and what waited for it goes on.
pub(super) fn end(world: &mut World, cx: &mut Cx<'_>, number: u32, how: TaskEnd, (rule, cause): (RuleId, Entry)) {
    let now = cx.now();
    let keeps = cx.assume(key::OctopusFailedRerun) == choice::OctopusFailedRerun::Keeps;
    let of = task(world, number);
    of.stage = Stage::Ended(how);
    of.ended = Some(now);
    of.timers.clear();
    of.running.clear();
    of.waiting.clear();
    let (project, release, place, parent, deployment) = (of.project, of.release, of.place, of.parent, of.deployment);
    let targets = of.targets.clone();
    let queue = of.queue(cx.plan);
    let entry = cx.record(Fact::Octopus(OctopusFact::Ended { project, task: number, how }), cause, rule);
    let of = &mut world.octopus.queues[queue];
    of.executing.retain(|&other| other != number);
    let deployment = &mut of.deployments[deployment];
    match how {
        TaskEnd::Success => {
            (deployment.good, deployment.finished, deployment.succeeded) = (true, Some(now), true);
        }
        TaskEnd::Failed => (deployment.good, deployment.finished) = (deployment.good && keeps, Some(now)),
        // A cancelled run has no end that the check of a scale set would see.
        TaskEnd::Canceled => deployment.good &= keeps,
    }
    if how == TaskEnd::Success {
        for target in targets {
            world.octopus.targets[target as usize].has[project.index()] = Some(release);
        }
        lifecycle::came_further(world, cx, (project, release, place), entry);
    }
    queue::freed(world, cx, queue);
    if let Some(parent) = parent {
        child_ended(world, cx, (parent, number), how, entry);
    }
}
