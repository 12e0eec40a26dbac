//! Jobs: work that takes long, which instances do one at a time and lose with their machine.
//!
//! Jobs come to the queue of a set; the lowest instance that serves, is free and does not drain takes the next. What
//! stops its process or takes its machine loses the job, with all the work on it (LB-23 for what goes with an instance,
//! WT-05 for what a fault takes). Rules: IP-01, for an application that protects its instance while it works. A freeze
//! delays no job here, and a lost job does not come again.

use crate::azure::instances::{self, Protection};
use crate::azure::scheduled_events;
use crate::demand::application;
use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::SimTime;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, JobFact};
use crate::world::ids::{Entry, InstanceId, SetId};
use std::collections::VecDeque;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The set whose instances work, where there is work.
    set: Option<SetId>,
    /// Jobs that wait, with the entry of their coming.
    queue: VecDeque<(u32, Entry)>,
    /// Per instance: the job it does.
    busy: Vec<Option<Job>>,
}

/// A job under way.
#[derive(Clone, Copy, Debug)]
struct Job {
    number: u32,
    since: SimTime,
    began: Entry,
}

/// Something about a job is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A job comes.
    Comes {
        /// Its number.
        job: u32,
    },
    /// A job is done.
    Done {
        /// Its number.
        job: u32,
        /// Who does it.
        instance: InstanceId,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Done { job, .. } => Key::new(time, class, job, 0, 0),
            Self::Comes { job } => Key::new(time, class, job, 1, 0),
        }
    }
}

impl State {
    /// No job yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let set = cx.plan.application.jobs.as_ref().map(|jobs| SetId(jobs.set));
        if set.is_some() {
            expect(cx, 0);
        }
        Self { set, ..Self::default() }
    }

    /// The set whose instances work.
    #[must_use]
    pub const fn set(&self) -> Option<SetId> {
        self.set
    }
}

/// What the draws of a job are keyed by: its number, and no instance.
fn subject(job: u32) -> Subject {
    Subject { place: name("jobs"), cause: 0, ordinal: job }
}

/// Puts the coming of a job on the queue.
fn expect(cx: &mut Cx<'_>, job: u32) {
    let Some(jobs) = &cx.plan.application.jobs else { return };
    let length = cx.draw(Purpose::JobArrival, subject(job), 0, &jobs.every);
    cx.after(length, Due::Job(Event::Comes { job }));
}

/// Whether an instance does a job.
#[must_use]
pub fn works(world: &World, instance: InstanceId) -> bool {
    world.jobs.busy.get(instance.index()).is_some_and(Option::is_some)
}

/// Something is due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Comes { job } => {
            let entry = cx.record(Fact::Job(JobFact::Queued { job }), Entry(1), rules::WT_01);
            world.jobs.queue.push_back((job, entry));
            expect(cx, job + 1);
        }
        Event::Done { job, instance } => {
            let done = world.jobs.busy[instance.index()].filter(|doing| doing.number == job);
            let Some(done) = done else { return };
            let entry = cx.record(Fact::Job(JobFact::Ended { instance, job }), done.began, rules::WT_02);
            release(world, cx, instance, entry);
            scheduled_events::done(world, cx, instance);
        }
    }
}

fn release(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    world.jobs.busy[instance.index()] = None;
    let protects = cx.plan.application.jobs.as_ref().is_some_and(|jobs| jobs.protects);
    if protects && instances::is_present(&world.instances.rows[instance.index()]) {
        let from_scale_set_actions = world.instances.rows[instance.index()].protection.from_scale_set_actions;
        let protection = Protection { from_scale_in: false, from_scale_set_actions };
        instances::protect(world, cx, instance, protection, cause);
    }
}

/// Looks at an instance that may work or not any more, and gives out what waits.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if let Some(Some(job)) = world.jobs.busy.get(instance.index()).copied()
        && !application::works(world, instance)
    {
        let worked_ms = cx.now().since(job.since).ms();
        let gone = !application::exists(world, instance);
        let rule = if gone { rules::LB_23 } else { rules::WT_05 };
        let entry = cx.record(Fact::Job(JobFact::Lost { instance, job: job.number, worked_ms }), cause, rule);
        release(world, cx, instance, entry);
    }
    give_out(world, cx);
}

/// Gives jobs that wait to whoever is free.
fn give_out(world: &mut World, cx: &mut Cx<'_>) {
    let (Some(jobs), Some(set)) = (&cx.plan.application.jobs, world.jobs.set) else { return };
    while let Some(&(job, queued)) = world.jobs.queue.front() {
        let mut present = world.scale_set.sets[set.index()].instances.iter().copied();
        let free = |instance: &InstanceId| application::takes_work(world, *instance) && !works(world, *instance);
        let Some(instance) = present.find(free) else { return };
        world.jobs.queue.pop_front();
        let began = cx.record(Fact::Job(JobFact::Started { instance, job }), queued, rules::WT_02);
        let busy = &mut world.jobs.busy;
        if busy.len() <= instance.index() {
            busy.resize(instance.index() + 1, None);
        }
        busy[instance.index()] = Some(Job { number: job, since: cx.now(), began });
        if jobs.protects {
            let from_scale_set_actions = world.instances.rows[instance.index()].protection.from_scale_set_actions;
            let protection = Protection { from_scale_in: true, from_scale_set_actions };
            instances::protect(world, cx, instance, protection, began);
        }
        let length = cx.draw(Purpose::JobLength, subject(job), 0, &jobs.duration);
        cx.after(length, Due::Job(Event::Done { job, instance }));
    }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for (index, job) in world.jobs.busy.iter().enumerate().filter(|(_, job)| job.is_some()) {
        let instance = InstanceId(index as u32);
        assert!(application::works(world, instance), "nobody works without a process: {job:?}");
    }
}
