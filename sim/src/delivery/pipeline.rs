//! Release pipelines that work on instances from outside: run command, SSH, a deployment agent.
//!
//! Rules: EX-07, EX-08, EX-09, IN-01, IN-03, OC-05, LB-29. A pipeline notices a new instance after its trigger delay, waits
//! for a free place, works on the instance for a while, and installs its code. What it did is on the instance and nowhere
//! else: the next instance is cloned from the image (EX-08). It may keep an instance out of rotation while it works
//! (admin state Down). Left out: steps, targets and health checks of a product; those have
//! rooms of their own, as deployments to environments of Azure DevOps do.

use crate::azure::{instances, load_balancer};
use crate::demand::application;
use crate::engine::queue::Key;
use crate::engine::random::{Purpose, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Code, Trigger};
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{AdminState, Fact};
use crate::world::ids::{Entry, InstanceId, PipelineId};
use std::collections::VecDeque;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The pipelines of the plan.
    pub pipelines: Vec<PipelineState>,
}

/// One pipeline.
#[derive(Clone, Debug)]
pub struct PipelineState {
    /// The code it installs now.
    pub installs: Code,
    /// Instances that wait for it, with the entry that put them there.
    waiting: VecDeque<(InstanceId, Entry)>,
    /// Instances it works on, with the number of the operation that was the last on each when it began.
    working: Vec<(InstanceId, u32)>,
    /// Which instances it has noticed.
    noticed: Vec<bool>,
    /// On which instances it has ended a run.
    done: Vec<bool>,
    /// How many runs it has begun; numbers the draws.
    runs: Vec<u32>,
}

/// A step of a pipeline.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The trigger delay is over.
    Due {
        /// The pipeline.
        pipeline: PipelineId,
        /// The instance.
        instance: InstanceId,
        /// The entry that triggered it.
        cause: Entry,
    },
    /// It is done with an instance.
    Done {
        /// The pipeline.
        pipeline: PipelineId,
        /// The instance.
        instance: InstanceId,
        /// The entry at which it began.
        cause: Entry,
    },
    /// It writes admin state Down for a new instance.
    TakeDown {
        /// The pipeline.
        pipeline: PipelineId,
        /// The instance.
        instance: InstanceId,
        /// The entry of its creation.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::TakeDown { pipeline, instance, .. } => Key::new(time, class, instance.0, 0, pipeline.0.into()),
            Self::Done { pipeline, instance, .. } => Key::new(time, class, instance.0, 1, pipeline.0.into()),
            Self::Due { pipeline, instance, cause } => {
                Key::new(time, class, instance.0, 2, u32::from(pipeline.0) << 24 ^ cause.0)
            }
        }
    }
}

impl State {
    /// The pipelines of the plan, at rest.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let at_rest = |pipeline: &crate::plan::Pipeline| PipelineState {
            installs: pipeline.installs,
            waiting: VecDeque::new(),
            working: Vec::new(),
            noticed: Vec::new(),
            done: Vec::new(),
            runs: Vec::new(),
        };
        Self { pipelines: cx.plan.pipelines.iter().map(at_rest).collect() }
    }
}

/// Whether a pipeline has noticed an instance, or will when it comes further, and has not yet ended its first run.
#[must_use]
pub fn is_due(world: &World, cx: &Cx<'_>, instance: InstanceId) -> bool {
    let row = &world.instances.rows[instance.index()];
    let states = cx.plan.pipelines.iter().zip(&world.pipeline.pipelines);
    states
        .filter(|(plan, _)| plan.trigger != Trigger::Never && plan.sets.contains(&row.set.0))
        .any(|(_, state)| !row.initial && !state.done.get(instance.index()).copied().unwrap_or(false))
}

/// Whether the run on an instance that is at its end fails.
#[must_use]
pub fn fails(world: &World, cx: &Cx<'_>, id: PipelineId, instance: InstanceId) -> bool {
    let (plan, run) = (&cx.plan.pipelines[id.index()], world.pipeline.pipelines[id.index()].runs[instance.index()]);
    let item = name(&plan.name) ^ u64::from(run);
    let draws = || cx.stream(Purpose::PipelineFailure, world.application.subject(instance), item);
    plan.failure > 0.0 && draws().chance(plan.failure)
}

/// Marks an instance in a list by instance; true if it was marked before.
fn mark(list: &mut Vec<bool>, instance: InstanceId) -> bool {
    if list.len() <= instance.index() {
        list.resize(instance.index() + 1, false);
    }
    std::mem::replace(&mut list[instance.index()], true)
}

/// An instance came further: does a pipeline notice it now?
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    if !instances::is_present(&row) {
        return;
    }
    for (index, pipeline) in cx.plan.pipelines.iter().enumerate() {
        let ripe = match pipeline.trigger {
            Trigger::Created => true,
            Trigger::Running => row.booted,
            Trigger::Provisioned => row.state == instances::Provisioning::Succeeded,
            Trigger::Never => false,
        };
        if !pipeline.sets.contains(&row.set.0) {
            continue;
        }
        let id = PipelineId(index as u16);
        if let Some(after) = pipeline.admin_down_after
            && row.state == instances::Provisioning::Creating
            && !row.booted
            && row.created.time() == cx.now()
        {
            cx.after(after, Due::Pipeline(Event::TakeDown { pipeline: id, instance, cause }));
        }
        if ripe && !mark(&mut world.pipeline.pipelines[index].noticed, instance) {
            let entry = cx.record(Fact::PipelineTriggered { pipeline: id, instance }, cause, rules::EX_08);
            let delay = cx.draw(
                Purpose::PipelineDelay,
                world.application.subject(instance),
                name(&pipeline.name),
                &pipeline.delay,
            );
            cx.after(delay, Due::Pipeline(Event::Due { pipeline: id, instance, cause: entry }));
        }
        // What waited for the machine waits no longer.
        if row.booted && world.pipeline.pipelines[index].waiting.iter().any(|(waits, _)| *waits == instance) {
            begin_waiting(world, cx, id);
        }
    }
}

/// Whether the machine of an instance runs, with its system up, so that somebody can work on it from outside (EX-07).
fn answers(world: &World, instance: InstanceId) -> bool {
    application::runs(world, instance) && world.instances.rows[instance.index()].booted
}

/// A step falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Due { pipeline, instance, cause } => enqueue(world, cx, pipeline, instance, cause),
        Event::Done { pipeline, instance, cause } => {
            let state = &mut world.pipeline.pipelines[pipeline.index()];
            let at = state.working.iter().position(|(other, _)| *other == instance);
            let (_, epoch) = state.working.remove(at.expect("a run that ends has begun"));
            mark(&mut state.done, instance);
            finish(world, cx, (pipeline, instance, epoch), cause);
            begin_waiting(world, cx, pipeline);
        }
        Event::TakeDown { instance, cause, .. } => {
            load_balancer::write_admin(world, cx, instance, AdminState::Down, cause);
        }
    }
}

fn enqueue(world: &mut World, cx: &mut Cx<'_>, pipeline: PipelineId, instance: InstanceId, cause: Entry) {
    world.pipeline.pipelines[pipeline.index()].waiting.push_back((instance, cause));
    begin_waiting(world, cx, pipeline);
}

/// Begins as many waiting runs as there are free places (OC-05), one at a time on each instance.
fn begin_waiting(world: &mut World, cx: &mut Cx<'_>, id: PipelineId) {
    let plan = &cx.plan.pipelines[id.index()];
    loop {
        let state = &world.pipeline.pipelines[id.index()];
        if cx.on(rules::OC_05) && state.working.len() >= plan.parallel as usize {
            return;
        }
        let is_bound = cx.on(rules::EX_07);
        // What is gone is found to be lost when its turn comes.
        let free = |&(instance, _): &(InstanceId, Entry)| {
            let is_idle = || state.working.iter().all(|(other, _)| *other != instance);
            !is_bound || is_idle() && (!application::exists(world, instance) || answers(world, instance))
        };
        let Some(at) = state.waiting.iter().position(free) else { return };
        let waiting = &mut world.pipeline.pipelines[id.index()].waiting;
        let (instance, cause) = waiting.remove(at).expect("it was just found");
        if !application::exists(world, instance) {
            cx.record(Fact::PipelineLost { pipeline: id, instance }, cause, rules::EX_07);
            continue;
        }
        let epoch = world.instances.rows[instance.index()].epoch;
        world.pipeline.pipelines[id.index()].working.push((instance, epoch));
        let (entry, length) = begin(world, cx, (id, instance), (rules::OC_05, cause));
        cx.after(length, Due::Pipeline(Event::Done { pipeline: id, instance, cause: entry }));
    }
}

/// A run is at its end, on an instance on which the operation of this number was the last when it began.
fn finish(world: &mut World, cx: &mut Cx<'_>, (id, instance, epoch): (PipelineId, InstanceId, u32), cause: Entry) {
    if !application::exists(world, instance) {
        cx.record(Fact::PipelineLost { pipeline: id, instance }, cause, rules::EX_07);
        return;
    }
    let plan = &cx.plan.pipelines[id.index()];
    if let Some(cause) = application::lacks(world, cx, instance, plan.needs, cause) {
        cx.record(Fact::PipelineFailed { pipeline: id, instance }, cause, rules::WT_21);
        return;
    }
    // A machine that went down meanwhile, or was given another disk, took the run with it.
    let is_broken = !answers(world, instance) || world.instances.rows[instance.index()].epoch != epoch;
    if cx.on(rules::EX_07) && is_broken || fails(world, cx, id, instance) {
        cx.record(Fact::PipelineFailed { pipeline: id, instance }, cause, rules::EX_07);
        return;
    }
    let entry = cx.record(Fact::PipelineSucceeded { pipeline: id, instance }, cause, rules::EX_07);
    install(world, cx, id, instance, entry);
    if plan.admin_down_after.is_some() {
        load_balancer::write_admin(world, cx, instance, AdminState::None, entry);
    }
}

// Verbs.

/// A run begins on an instance; what follows from it, and how long it works there.
pub fn begin(
    world: &mut World,
    cx: &mut Cx<'_>,
    (id, instance): (PipelineId, InstanceId),
    (rule, cause): (RuleId, Entry),
) -> (Entry, SimDuration) {
    let (plan, state) = (&cx.plan.pipelines[id.index()], &mut world.pipeline.pipelines[id.index()]);
    if state.runs.len() <= instance.index() {
        state.runs.resize(instance.index() + 1, 0);
    }
    let run = state.runs[instance.index()];
    state.runs[instance.index()] += 1;
    let entry = cx.record(Fact::PipelineStarted { pipeline: id, instance }, cause, rule);
    let item = name(&plan.name) ^ u64::from(run);
    let length = cx.draw(Purpose::PipelineRun, world.application.subject(instance), item, &plan.duration);
    (entry, length)
}

/// A run on an instance ended well: what it installs is there.
pub fn install(world: &mut World, cx: &mut Cx<'_>, id: PipelineId, instance: InstanceId, cause: Entry) {
    let installs = world.pipeline.pipelines[id.index()].installs;
    let starts_process = cx.plan.pipelines[id.index()].starts_process;
    super::deliver(world, cx, instance, (Some(installs), starts_process), cause);
}

/// The pipeline installs this code from now on.
pub fn set_code(world: &mut World, pipeline: PipelineId, code: Code) {
    world.pipeline.pipelines[pipeline.index()].installs = code;
}

/// Runs a pipeline on every instance of its sets.
pub fn run(world: &mut World, cx: &mut Cx<'_>, id: PipelineId, cause: Entry) {
    for &set in &cx.plan.pipelines[id.index()].sets {
        let targets = world.scale_set.sets[set as usize].instances.clone();
        for instance in targets {
            if world.instances.rows[instance.index()].booted {
                mark(&mut world.pipeline.pipelines[id.index()].noticed, instance);
                let entry = cx.record(Fact::PipelineTriggered { pipeline: id, instance }, cause, rules::EX_07);
                world.pipeline.pipelines[id.index()].waiting.push_back((instance, entry));
            }
        }
    }
    begin_waiting(world, cx, id);
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for (state, plan) in world.pipeline.pipelines.iter().zip(&cx.plan.pipelines) {
        if cx.on(rules::OC_05) {
            assert!(state.working.len() <= plan.parallel as usize, "a pipeline works on no more than it may at once");
        }
    }
}
