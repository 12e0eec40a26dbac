//! Deployments to the machines of an environment, by the rolling strategy: what teams of Azure DevOps do beside image and model.
//!
//! Rules: DO-07…DO-10, EX-08. A machine registers when it is provisioned, and stays registered when it is gone unless somebody
//! removes it. A deployment goes over those that are registered when it begins, `maxParallel` at a time: `preDeploy`, `deploy`,
//! `routeTraffic` and `postRouteTraffic` are each done on every machine of an iteration before the next begins. A machine on which one of
//! them fails gets none of the later ones. Left out: hooks `on: failure` and `on: success`, time-outs of jobs, approvals and
//! checks, strategies `runOnce` and `canary`. Of several runs of one pipeline, each waits for the end of the one before.

use crate::azure::load_balancer;
use crate::delivery::pipeline;
use crate::demand::application;
use crate::engine::queue::Key;
use crate::engine::time::SimTime;
use crate::plan::{AnswerKind, Environment, MaxParallel};
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{AdminState, DeploymentResult, EnvironmentFact, Fact};
use crate::world::ids::{Entry, InstanceId, PipelineId, SetId};
use std::collections::VecDeque;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// By pipeline; empty where none has an environment.
    pipelines: Vec<PipelineState>,
}

/// The environment of a pipeline, and what is being deployed to it.
#[derive(Clone, Debug, Default)]
struct PipelineState {
    /// The machines that are registered, in the order of their registration.
    targets: Vec<InstanceId>,
    /// The deployment that runs.
    run: Option<Deployment>,
    /// The deployments that wait for its end, each with the entry that asked for it.
    waiting: VecDeque<Entry>,
    /// How many deployments began; what was on its way for an earlier one is stale.
    number: u32,
}

/// A deployment.
#[derive(Clone, Debug)]
struct Deployment {
    /// The targets that are not deployed to yet.
    left: VecDeque<InstanceId>,
    /// Those of the iteration, as far as nothing failed on them.
    in_hand: Vec<InstanceId>,
    /// Those of them on which the hook is not over yet.
    at_work: Vec<InstanceId>,
    /// How many may be in hand at once.
    parallel: u32,
    iteration: u32,
    succeeded: u32,
    failed: u32,
    cause: Entry,
}

/// A step of a deployment.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// `preDeploy` is over on the machines of the iteration.
    Prepared {
        /// The pipeline.
        pipeline: PipelineId,
        /// Which of its deployments.
        number: u32,
    },
    /// `deploy` is over on a machine.
    Deployed {
        /// The pipeline.
        pipeline: PipelineId,
        /// The machine.
        instance: InstanceId,
        /// Which of its deployments.
        number: u32,
        /// The entry at which it began there.
        cause: Entry,
    },
    /// `postRouteTraffic` asks the machines of the iteration.
    Checks {
        /// The pipeline.
        pipeline: PipelineId,
        /// Which of its deployments.
        number: u32,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Deployed { pipeline, instance, .. } => Key::new(time, class, instance.0, 0, pipeline.0.into()),
            Self::Prepared { pipeline, number } => Key::new(time, class, pipeline.0.into(), 1, number),
            Self::Checks { pipeline, number } => Key::new(time, class, pipeline.0.into(), 2, number),
        }
    }
}

impl State {
    /// The environments of the plan, without a machine.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let any = cx.plan.pipelines.iter().any(|pipeline| pipeline.environment.is_some());
        let count = if any { cx.plan.pipelines.len() } else { 0 };
        Self { pipelines: vec![PipelineState::default(); count] }
    }

    /// The deployment of a pipeline that runs.
    fn run(&self, id: PipelineId) -> &Deployment {
        self.pipelines[id.index()].run.as_ref().expect("a deployment runs")
    }

    fn run_mut(&mut self, id: PipelineId) -> &mut Deployment {
        self.pipelines[id.index()].run.as_mut().expect("a deployment runs")
    }
}

fn environment<'p>(cx: &Cx<'p>, id: PipelineId) -> &'p Environment {
    let plan = cx.plan;
    plan.pipelines[id.index()].environment.as_ref().expect("it deploys to an environment")
}

/// A machine registers with the environments of its set once it is provisioned, and is removed from them where somebody sees to it.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let set = world.instances.rows[instance.index()].set;
    let plan = cx.plan;
    for (id, pipeline) in plan.pipelines.iter().enumerate() {
        let Some(environment) = pipeline.environment.as_ref().filter(|_| pipeline.sets.contains(&set.0)) else {
            continue;
        };
        let id = PipelineId(id as u16);
        let exists = application::exists(world, instance);
        let targets = &mut world.environments.pipelines[id.index()].targets;
        if exists {
            if !targets.contains(&instance) {
                targets.push(instance);
            }
            continue;
        }
        if environment.removes_gone {
            targets.retain(|&other| other != instance);
        }
        lose(world, cx, id, instance, cause);
    }
}

/// A machine that is being deployed to is gone.
fn lose(world: &mut World, cx: &mut Cx<'_>, id: PipelineId, instance: InstanceId, cause: Entry) {
    let Some(run) = &world.environments.pipelines[id.index()].run else { return };
    let (in_hand, at_work) = (run.in_hand.contains(&instance), run.at_work.contains(&instance));
    if in_hand {
        cx.record(Fact::PipelineLost { pipeline: id, instance }, cause, rules::DO_08);
        fail(world, id, instance);
    }
    if at_work {
        after_deploy(world, cx, id);
    }
}

/// A hook failed on a machine: it gets none of the later ones.
fn fail(world: &mut World, id: PipelineId, instance: InstanceId) {
    let run = world.environments.run_mut(id);
    run.in_hand.retain(|&other| other != instance);
    run.at_work.retain(|&other| other != instance);
    run.failed += 1;
}

/// Something is due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Prepared { pipeline, number } if is_current(world, pipeline, number) => deploy_all(world, cx, pipeline),
        Event::Deployed { pipeline, instance, number, cause } if is_current(world, pipeline, number) => {
            deployed(world, cx, (pipeline, instance), cause);
        }
        Event::Checks { pipeline, number } if is_current(world, pipeline, number) => check_all(world, cx, pipeline),
        Event::Prepared { .. } | Event::Deployed { .. } | Event::Checks { .. } => {}
    }
}

fn is_current(world: &World, id: PipelineId, number: u32) -> bool {
    let state = &world.environments.pipelines[id.index()];
    state.number == number && state.run.is_some()
}

/// To how many of so many targets a deployment goes at once (DO-07).
fn parallel(cx: &mut Cx<'_>, of: &Environment, targets: u32) -> u32 {
    let at_once = match of.max_parallel {
        MaxParallel::Count(count) => count,
        MaxParallel::Percent(percent) => {
            let hundredths = targets * percent;
            match cx.assume(key::EnvironmentsPercentRound) {
                choice::EnvironmentsPercentRound::Floor => hundredths / 100,
                choice::EnvironmentsPercentRound::Ceiling => hundredths.div_ceil(100),
            }
        }
    };
    if cx.on(rules::DO_07) { at_once.min(targets) } else { targets }
}

fn start(world: &mut World, cx: &mut Cx<'_>, id: PipelineId, cause: Entry) {
    let state = &mut world.environments.pipelines[id.index()];
    state.number += 1;
    let targets: VecDeque<InstanceId> = if cx.on(rules::DO_09) {
        state.targets.iter().copied().collect()
    } else {
        // A world in which a machine is a target whether or not it is registered.
        let sets = cx.plan.pipelines[id.index()].sets.iter();
        sets.flat_map(|&set| world.scale_set.sets[SetId(set).index()].instances.iter().copied()).collect()
    };
    let of = targets.len() as u32;
    let parallel = parallel(cx, environment(cx, id), of);
    let fact = EnvironmentFact::Started { pipeline: id, targets: of, parallel };
    let entry = cx.record(Fact::Environment(fact), cause, rules::DO_09);
    let (in_hand, at_work) = (Vec::new(), Vec::new());
    let run =
        Deployment { left: targets, in_hand, at_work, parallel, iteration: 0, succeeded: 0, failed: 0, cause: entry };
    world.environments.pipelines[id.index()].run = Some(run);
    if parallel == 0 && of > 0 {
        end(world, cx, id, DeploymentResult::NotMet);
    } else {
        next(world, cx, id);
    }
}

/// The next iteration, as far as enough targets stay as they are (DO-08); or the end.
fn next(world: &mut World, cx: &mut Cx<'_>, id: PipelineId) {
    let offline_fails = cx.assume(key::EnvironmentsOffline) == choice::EnvironmentsOffline::Fails;
    loop {
        let run = world.environments.run_mut(id);
        let room = if cx.on(rules::DO_08) { run.parallel.saturating_sub(run.failed) } else { run.parallel };
        if run.left.is_empty() {
            let result = match (run.failed, room) {
                (0, _) => DeploymentResult::Succeeded,
                (_, 0) => DeploymentResult::Failed,
                _ => DeploymentResult::PartiallySucceeded,
            };
            end(world, cx, id, result);
            return;
        }
        if room == 0 {
            end(world, cx, id, DeploymentResult::Failed);
            return;
        }
        let size = (room as usize).min(run.left.len());
        let mut taken: Vec<InstanceId> = run.left.drain(..size).collect();
        run.iteration += 1;
        let (iteration, cause) = (run.iteration, run.cause);
        let fact = EnvironmentFact::Iteration { pipeline: id, iteration, size: size as u32 };
        let entry = cx.record(Fact::Environment(fact), cause, rules::DO_07);
        let mut failed = 0;
        taken.retain(|&instance| {
            let online = world.instances.rows[instance.index()].booted && application::exists(world, instance);
            if !online {
                let fact = EnvironmentFact::TargetOffline { pipeline: id, instance };
                cx.record(Fact::Environment(fact), entry, rules::DO_09);
                failed += u32::from(offline_fails);
            }
            online
        });
        let run = world.environments.run_mut(id);
        run.failed += failed;
        run.cause = entry;
        if !taken.is_empty() {
            run.in_hand = taken;
            prepare(world, cx, id);
            return;
        }
    }
}

/// `preDeploy` begins on the machines of an iteration.
fn prepare(world: &World, cx: &mut Cx<'_>, id: PipelineId) {
    write_admin(world, cx, id, AdminState::Down);
    let number = world.environments.pipelines[id.index()].number;
    cx.after(environment(cx, id).pre_deploy, Due::Environments(Event::Prepared { pipeline: id, number }));
}

/// Writes the admin state of the machines of an iteration, where the environment drains.
fn write_admin(world: &World, cx: &mut Cx<'_>, id: PipelineId, to: AdminState) {
    if environment(cx, id).drains {
        let run = world.environments.run(id);
        for &instance in &run.in_hand {
            load_balancer::write_admin(world, cx, instance, to, run.cause);
        }
    }
}

/// `deploy` begins on the machines of an iteration.
fn deploy_all(world: &mut World, cx: &mut Cx<'_>, id: PipelineId) {
    let number = world.environments.pipelines[id.index()].number;
    let run = world.environments.run_mut(id);
    run.at_work.clone_from(&run.in_hand);
    let (in_hand, cause) = (run.in_hand.clone(), run.cause);
    for instance in in_hand {
        let (entry, length) = pipeline::begin(world, cx, (id, instance), (rules::DO_07, cause));
        let event = Event::Deployed { pipeline: id, instance, number, cause: entry };
        cx.after(length, Due::Environments(event));
    }
    after_deploy(world, cx, id);
}

/// `deploy` is over on a machine.
fn deployed(world: &mut World, cx: &mut Cx<'_>, (id, instance): (PipelineId, InstanceId), cause: Entry) {
    if !world.environments.run(id).at_work.contains(&instance) {
        return;
    }
    if pipeline::fails(world, cx, id, instance) {
        cx.record(Fact::PipelineFailed { pipeline: id, instance }, cause, rules::DO_08);
        fail(world, id, instance);
    } else {
        world.environments.run_mut(id).at_work.retain(|&other| other != instance);
        pipeline::install(world, cx, id, instance, cause);
    }
    after_deploy(world, cx, id);
}

/// When `deploy` is over on every machine of the iteration, their traffic is routed back, and they are checked.
fn after_deploy(world: &World, cx: &mut Cx<'_>, id: PipelineId) {
    if !world.environments.run(id).at_work.is_empty() {
        return;
    }
    write_admin(world, cx, id, AdminState::None);
    let number = world.environments.pipelines[id.index()].number;
    let after = environment(cx, id).check.map(|check| check.after).unwrap_or_default();
    cx.after(after, Due::Environments(Event::Checks { pipeline: id, number }));
}

/// `postRouteTraffic`: a machine that answers with anything but 200 has failed; with that, the iteration is over.
fn check_all(world: &mut World, cx: &mut Cx<'_>, id: PipelineId) {
    let run = world.environments.run(id);
    let (in_hand, cause) = (run.in_hand.clone(), run.cause);
    let check = environment(cx, id).check;
    let ok = |world: &World, cx: &Cx<'_>, instance: InstanceId| {
        check.is_none_or(|check| {
            let answer = application::answer(world, cx, instance, check.endpoint);
            answer.kind == AnswerKind::Status(200)
        })
    };
    for instance in in_hand {
        if ok(world, cx, instance) {
            cx.record(Fact::PipelineSucceeded { pipeline: id, instance }, cause, rules::DO_07);
            world.environments.run_mut(id).succeeded += 1;
        } else {
            let fact = EnvironmentFact::CheckFailed { pipeline: id, instance };
            let entry = cx.record(Fact::Environment(fact), cause, rules::DO_08);
            cx.record(Fact::PipelineFailed { pipeline: id, instance }, entry, rules::DO_08);
            fail(world, id, instance);
        }
    }
    world.environments.run_mut(id).in_hand.clear();
    next(world, cx, id);
}

fn end(world: &mut World, cx: &mut Cx<'_>, id: PipelineId, result: DeploymentResult) {
    let state = &mut world.environments.pipelines[id.index()];
    let run = state.run.take().expect("a deployment runs");
    let (succeeded, failed, left) = (run.succeeded, run.failed, run.left.len() as u32);
    let fact = EnvironmentFact::Ended { pipeline: id, result, succeeded, failed, left };
    cx.record(Fact::Environment(fact), run.cause, rules::DO_08);
    if let Some(cause) = state.waiting.pop_front() {
        start(world, cx, id, cause);
    }
}

// Verbs.

/// Runs a pipeline that deploys to an environment; while a run of it is under way, after that.
pub fn deploy(world: &mut World, cx: &mut Cx<'_>, id: PipelineId, cause: Entry) {
    if world.environments.pipelines[id.index()].run.is_some() {
        world.environments.pipelines[id.index()].waiting.push_back(cause);
    } else {
        start(world, cx, id, cause);
    }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for run in world.environments.pipelines.iter().filter_map(|state| state.run.as_ref()) {
        let most = if cx.on(rules::DO_08) { run.parallel } else { u32::MAX };
        assert!(run.in_hand.len() as u32 <= most, "no more targets are in hand than may be");
        assert!(run.at_work.iter().all(|instance| run.in_hand.contains(instance)), "who is at work is in hand");
    }
}
