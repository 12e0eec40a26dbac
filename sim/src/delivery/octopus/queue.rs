//! The queue of tasks, what is put there by triggers, and which release that is.
//!
//! Rules: OC-01, OC-02, OC-03, OC-04. By project and place one deployment runs at a time. A trigger deploys the deployment anew
//! that is the latest success there, to the targets that made it fire. What becomes of targets that come while one runs is not
//! published: `octopus.trigger_during_deployment`.

use super::tasks::{self, Order, Stage};
use super::{Event, SCAN, State, lifecycle, next_of, targets};
use crate::azure::load_balancer::ProbeEngine;
use crate::engine::time::SimTime;
use crate::plan::{Code, Plan, TriggerOn};
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, Idle, OctopusFact, TargetHealth, TaskBy};
use crate::world::ids::{Entry, ProjectId};
use std::collections::{BTreeMap, VecDeque};

/// The deployments of a project to a place.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    /// What was deployed; a deployment that runs again is still the same.
    pub(super) deployments: Vec<Deployment>,
    /// Tasks that run: one at most (OC-04).
    pub(super) executing: Vec<u32>,
    /// Tasks that wait.
    pub(super) waiting: VecDeque<u32>,
    /// When the last one ended.
    pub(super) freed: Option<SimTime>,
}

/// A deployment of a release to a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deployment {
    /// The release.
    pub(super) release: Code,
    /// Steps that were skipped by hand, as bits.
    pub(super) skip: u32,
    /// Its latest run was a success.
    pub(super) good: bool,
    /// A run of it was a success.
    pub(super) succeeded: bool,
    /// How often it was queued.
    pub(super) queued: u32,
    /// When a run of it last succeeded or failed, within the run of the simulation.
    pub(super) finished: Option<SimTime>,
}

impl Queue {
    /// Nothing waits; this release was deployed before the run.
    pub(super) fn new(deployed: Option<Code>) -> Self {
        let of = |release| Deployment { release, skip: 0, good: true, succeeded: true, queued: 1, finished: None };
        Self { deployments: deployed.map(of).into_iter().collect(), ..Self::default() }
    }

    /// Somebody deploys a release, which is a deployment of its own each time: its number. A trigger runs one again.
    pub(super) fn add(&mut self, release: Code, skip: u32) -> usize {
        self.deployments.push(Deployment { release, skip, good: false, succeeded: false, queued: 0, finished: None });
        self.deployments.len() - 1
    }

    /// Whether a deployment runs or waits.
    fn is_busy(&self) -> bool {
        !self.executing.is_empty() || !self.waiting.is_empty()
    }

    /// The deployment that a trigger runs again: the latest that is a success (OC-03).
    pub(super) fn current(&self, cx: &Cx<'_>) -> Option<usize> {
        self.deployments.iter().rposition(|deployment| deployment.good || !cx.on(rules::OC_03))
    }
}

/// Something happened to a target that triggers may fire by.
#[derive(Clone, Copy, Debug)]
pub(super) enum Happened {
    /// It was registered.
    Created,
    /// A check found it in another state.
    Found(TargetHealth),
}

/// A target that makes a trigger fire at the next scan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    project: ProjectId,
    target: u32,
    at: SimTime,
    cause: Entry,
}

/// The place of the queue of a project and a place in the list of all.
pub(super) fn at(plan: &Plan, project: ProjectId, place: u16) -> usize {
    project.index() * plan.octopus.places.len() + usize::from(place)
}

/// Whether a trigger fires by that (OC-02).
fn fires(cx: &Cx<'_>, on: TriggerOn, what: Happened) -> bool {
    match (on, what) {
        (TriggerOn::BecomesAvailable, Happened::Found(TargetHealth::Healthy | TargetHealth::HasWarnings))
        | (TriggerOn::Created, Happened::Created)
        | (TriggerOn::HealthChanged, Happened::Found(_)) => true,
        (TriggerOn::BecomesAvailable, Happened::Created) => !cx.on(rules::OC_02),
        (TriggerOn::BecomesAvailable, Happened::Found(_)) => false,
        (TriggerOn::Created, Happened::Found(_)) | (TriggerOn::HealthChanged, Happened::Created) => false,
    }
}

/// Something happened to a target: triggers hear of it at the next scan.
pub(super) fn happened(world: &mut World, cx: &mut Cx<'_>, target: u32, what: Happened) {
    let roles = targets::group(world, cx.plan, target).roles;
    let (at, cause) = (cx.now(), world.octopus.targets[target as usize].entry);
    for (index, project) in cx.plan.octopus.projects.iter().enumerate() {
        let fires = project.trigger.is_some_and(|trigger| fires(cx, trigger.on, what));
        if fires && project.roles & roles != 0 {
            world.octopus.pending.push(Pending { project: ProjectId(index as u16), target, at, cause });
        }
    }
    if cx.on(rules::OC_01) {
        expect_scan(&mut world.octopus, cx);
    } else {
        // Without the rule every event is looked at by itself, when it happens.
        fire(world, cx, |_| true);
    }
}

/// With the engine that sends every probe every scan happens; with the other those that have something to look at.
pub(super) fn begin_to_scan(state: &mut State, cx: &mut Cx<'_>) {
    if cx.engine == ProbeEngine::Ticking {
        put_scan(state, cx);
    }
}

pub(super) fn expect_scan(state: &mut State, cx: &mut Cx<'_>) {
    if !state.pending.is_empty() || state.releases.wait() {
        put_scan(state, cx);
    }
}

/// Puts the next scan on the queue, unless it is there.
fn put_scan(state: &mut State, cx: &mut Cx<'_>) {
    if state.scan.is_some() {
        return;
    }
    let next = next_of(cx, state.phase, SCAN);
    state.scan = Some(next);
    cx.at(next, Due::Octopus(Event::Scan));
}

/// Triggers are looked at: those that something made fire since the last time do (OC-01).
pub(super) fn scan(world: &mut World, cx: &mut Cx<'_>) {
    world.octopus.scan = None;
    let now = cx.now();
    fire(world, cx, |pending| pending.at < now);
    lifecycle::promote(world, cx, |at| at < now);
    begin_to_scan(&mut world.octopus, cx);
    // What waits for a deployment to end is looked at again when it has.
    let unseen = |pending: &Pending| pending.at >= now || !queue_of(world, cx, pending).is_busy();
    if world.octopus.pending.iter().any(unseen) || world.octopus.releases.wait() {
        expect_scan(&mut world.octopus, cx);
    }
}

/// Whether a deployment is on its way to where a target is, which has to end first.
fn is_taken(world: &World, cx: &Cx<'_>, pending: &Pending) -> bool {
    let queue = queue_of(world, cx, pending);
    let waits = cx.plan.assumptions.get(key::OctopusTriggerDuringDeployment)
        == choice::OctopusTriggerDuringDeployment::AfterEnd;
    (queue.is_busy() || queue.freed == Some(cx.now())) && waits && cx.on(rules::OC_04)
}

fn queue_of<'w>(world: &'w World, cx: &Cx<'_>, pending: &Pending) -> &'w Queue {
    let place = targets::group(world, cx.plan, pending.target).place;
    &world.octopus.queues[at(cx.plan, pending.project, place)]
}

/// Lets triggers fire by what is pending: one deployment for all targets of a project and a place.
fn fire(world: &mut World, cx: &mut Cx<'_>, seen: impl Fn(&Pending) -> bool) {
    if world.octopus.pending.is_empty() {
        return;
    }
    let _ = cx.assume(key::OctopusTriggerDuringDeployment);
    let mut ready: BTreeMap<(ProjectId, u16), Vec<Pending>> = BTreeMap::new();
    let mut kept = Vec::new();
    for pending in std::mem::take(&mut world.octopus.pending) {
        if seen(&pending) && !is_taken(world, cx, &pending) {
            let place = targets::group(world, cx.plan, pending.target).place;
            ready.entry((pending.project, place)).or_default().push(pending);
        } else {
            kept.push(pending);
        }
    }
    world.octopus.pending = kept;
    for ((project, place), of) in ready {
        deploy_to(world, cx, (project, place), &of);
    }
}

/// A trigger fires: what is current is deployed to those targets that need it.
fn deploy_to(world: &mut World, cx: &mut Cx<'_>, (project, place): (ProjectId, u16), of: &[Pending]) {
    let queue = &world.octopus.queues[at(cx.plan, project, place)];
    let cause = of.last().map_or(Entry::NONE, |pending| pending.cause);
    let Some(deployment) = queue.current(cx) else {
        let idle = OctopusFact::TriggerIdle { project, place, why: Idle::NoRelease };
        cx.record(Fact::Octopus(idle), cause, rules::OC_03);
        return;
    };
    let release = queue.deployments[deployment].release;
    // A later one that is no success is passed over.
    let passes_over = deployment + 1 < queue.deployments.len();
    let redeploys = cx.plan.octopus.projects[project.index()].trigger.is_some_and(|trigger| trigger.redeploys);
    let mut wanted = Vec::new();
    for pending in of {
        let target = &world.octopus.targets[pending.target as usize];
        let needs = redeploys || target.has[project.index()] != Some(release);
        let on_its_way = world.octopus.tasks.iter().any(|task| {
            (task.project, task.place, task.release) == (project, place, release)
                && task.stage == Stage::Queued
                && task.targets.contains(&pending.target)
        });
        if needs && !on_its_way && !target.removed && !wanted.contains(&pending.target) {
            wanted.push(pending.target);
        }
    }
    if !wanted.is_empty() {
        let order = Order { project, place, deployment, by: TaskBy::Trigger, parent: None, targets: wanted };
        let rule = match order.targets.len() {
            _ if passes_over => rules::OC_03,
            1 => rules::OC_02,
            _ => rules::OC_01,
        };
        tasks::queue(world, cx, order, (rule, cause));
    }
}

/// A deployment ended: what waited for that begins, and triggers that waited are looked at again.
pub(super) fn freed(world: &mut World, cx: &mut Cx<'_>, queue: usize) {
    world.octopus.queues[queue].freed = Some(cx.now());
    expect_scan(&mut world.octopus, cx);
    begin_next(world, cx, queue);
}

/// Begins the task that has waited longest, if none runs (OC-04).
pub(super) fn begin_next(world: &mut World, cx: &mut Cx<'_>, queue: usize) {
    let of = &mut world.octopus.queues[queue];
    if !of.executing.is_empty() && cx.on(rules::OC_04) {
        return;
    }
    let Some(task) = of.waiting.pop_front() else { return };
    of.executing.push(task);
    tasks::begin(world, cx, task);
}
