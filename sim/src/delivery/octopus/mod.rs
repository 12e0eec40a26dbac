//! Octopus Deploy: instances register as deployment targets, machine policies check and clean them up, triggers deploy to those
//! that come, and projects work through their steps on them.
//!
//! Rules: OC-01…OC-24, EX-08. Targets are in `targets.rs`, the queue of tasks and what triggers put there in `queue.rs`, how far
//! releases have come in `lifecycle.rs`, a deployment in `tasks.rs`, what its steps do on targets in `steps.rs`, and the step
//! template that waits for a scale set in `provision.rs`. A health check and a scan for triggers take no time. Left out: workers
//! and the task cap of a server, channels, releases that people block and the retention of old ones, steps that run side by side,
//! child steps, retries that are set on a step, disabled targets, and Calamari that grows old.

mod lifecycle;
mod provision;
mod queue;
mod steps;
mod targets;
mod tasks;

pub use lifecycle::{Progress, act, created, progress};
pub use targets::{Target, find, target_name};
pub use tasks::{Stage, Task};

use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::ids::{Entry, InstanceId};

/// Triggers are looked at this often (OC-01).
const SCAN: SimDuration = SimDuration::from_secs(30);

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// What is known of the registration of each instance.
    slots: Vec<targets::Slot>,
    /// Every target there ever was.
    pub targets: Vec<Target>,
    /// When policies check next, those that do.
    checks: Vec<Option<SimTime>>,
    /// The phase of the scan.
    phase: SimDuration,
    /// The next scan, if one is on the queue.
    scan: Option<SimTime>,
    /// Events that triggers have not been looked at for.
    pending: Vec<queue::Pending>,
    /// How far releases have come in their lifecycles.
    releases: lifecycle::Releases,
    /// By project and place, places side by side.
    queues: Vec<queue::Queue>,
    /// Every deployment that was ever asked for.
    pub tasks: Vec<Task>,
    /// The number of the next timer of a task.
    timers: u32,
}

/// Something is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// What registers an instance is done.
    Register {
        /// The instance.
        instance: InstanceId,
        /// The operation that gave it its disk.
        epoch: u32,
        /// The entry by which it was ready for that.
        cause: Entry,
    },
    /// The first check of a target that was just registered.
    FirstCheck {
        /// The target.
        target: u32,
        /// How often it was registered.
        nth: u32,
        /// The entry of that.
        cause: Entry,
    },
    /// The health check of a policy.
    HealthCheck {
        /// The policy.
        policy: u16,
    },
    /// Triggers are looked at.
    Scan,
    /// Something in a deployment.
    Timer {
        /// The task.
        task: u32,
        /// The number of the timer.
        timer: u32,
        /// The entry by which it was set.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Timer { task, timer, .. } => Key::new(time, class, task, 0, timer),
            Self::Register { instance, epoch, .. } => Key::new(time, class, instance.0, 1, epoch),
            Self::FirstCheck { target, nth, .. } => Key::new(time, class, target, 2, nth),
            Self::HealthCheck { policy } => Key::new(time, class, u32::from(policy), 3, 0),
            // Last of an entity that no other has: it sees all that happened in the round, and takes what happened before.
            Self::Scan => Key::new(time, class, u32::MAX, 4, 0),
        }
    }
}

impl State {
    /// No target yet; every place has the release that the plan says.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let plan = &cx.plan.octopus;
        if !plan.is_there() {
            return Self::default();
        }
        let how = cx.assume(key::OctopusScanPhase);
        let phase = phase(cx, how, (0, 0), SCAN);
        let places = plan.projects.iter().flat_map(|project| plan.places.iter().map(move |_| project.deployed));
        let queues = places.map(queue::Queue::new).collect();
        let (checks, releases) = (vec![None; plan.policies.len()], lifecycle::Releases::new(plan));
        let mut state = Self { phase, queues, checks, releases, ..Self::default() };
        queue::begin_to_scan(&mut state, cx);
        state
    }
}

/// An instance came further, or its machine went: is it to be registered, or does what runs on it come to its end?
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    targets::reconcile(world, cx, instance, cause);
    steps::reconcile(world, cx, instance, cause);
}

/// Something falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Register { instance, epoch, cause } => targets::register(world, cx, (instance, epoch), cause),
        Event::FirstCheck { target, nth, cause } => targets::first_check(world, cx, (target, nth), cause),
        Event::HealthCheck { policy } => targets::health_check(world, cx, policy),
        Event::Scan => queue::scan(world, cx),
        Event::Timer { task, timer, cause } => tasks::timer(world, cx, (task, timer), cause),
    }
}

/// The phase of something that is done again and again.
fn phase(cx: &Cx<'_>, how: choice::Phase, (cause, ordinal): (u64, u32), interval: SimDuration) -> SimDuration {
    let subject = Subject { place: name("octopus"), cause, ordinal };
    match how {
        choice::Phase::Seeded => {
            SimDuration::from_ms(cx.stream(Purpose::OctopusPhase, subject, 0).below(interval.ms()))
        }
        choice::Phase::Aligned => SimDuration::ZERO,
    }
}

/// The first instant of something that is done again and again, after now.
fn next_of(cx: &Cx<'_>, phase: SimDuration, interval: SimDuration) -> SimTime {
    let now = cx.now().ms();
    let rounds = if now < phase.ms() { 0 } else { (now - phase.ms()) / interval.ms() + 1 };
    SimTime::ZERO + phase + interval.times(rounds)
}

/// Sets a timer of a task, and gives its number.
fn set_timer(world: &mut World, cx: &mut Cx<'_>, task: u32, (after, what): (SimDuration, tasks::Timer), cause: Entry) {
    let timer = world.octopus.timers;
    world.octopus.timers += 1;
    world.octopus.tasks[task as usize].timers.push((timer, what));
    cx.after(after, Due::Octopus(Event::Timer { task, timer, cause }));
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    let state = &world.octopus;
    for (number, task) in state.tasks.iter().enumerate() {
        let executing = state.queues[task.queue(cx.plan)].executing.contains(&(number as u32));
        assert_eq!(executing, task.stage == Stage::Executing, "a deployment that runs has its place in the queue");
        assert!(
            task.stage == Stage::Executing || task.timers.is_empty(),
            "nothing waits in a deployment that does not run"
        );
        let limited = cx.on(rules::OC_05);
        assert!(!limited || task.running.len() <= task.window, "a step runs on no more targets than it may at once");
    }
    for queue in &state.queues {
        assert!(
            !cx.on(rules::OC_04) || queue.executing.len() <= 1,
            "deployments of a project to a place run one at a time"
        );
    }
    for (number, target) in state.targets.iter().enumerate() {
        let known = state.slots[target.instance.index()].target;
        assert!(target.removed || known == Some(number as u32), "an instance knows the target that it is");
    }
}
