//! Jobs: work that takes long, which instances do one at a time and lose with their machine.
//!
//! Jobs come to a line. In that of a set, the lowest instance that serves, is free and does not drain takes the next; in that of
//! a pool of agents, its lowest idle agent. What stops its process or takes its machine loses the job, with all the work on it
//! (LB-23 for what goes with an instance, WT-05 for what a fault takes). Rules: IP-01, for an application that protects its
//! instance while it works. A freeze delays no job here, and a lost job does not come again.

use crate::azure::instances::{self, Protection};
use crate::azure::scheduled_events;
use crate::delivery::agent_pools;
use crate::demand::application;
use crate::engine::queue::Key;
use crate::engine::random::{Dist, Purpose, Subject, name};
use crate::engine::time::SimTime;
use crate::plan::{JobStream, Jobs, Plan};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, JobFact};
use crate::world::ids::{AgentPoolId, Entry, InstanceId, SetId};
use std::collections::{BTreeMap, VecDeque};

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Where jobs wait: that of the application, and one of each pool of agents.
    lines: Vec<Line>,
    /// The streams of jobs, each with the line that it comes to.
    streams: Vec<(u16, Source)>,
    /// Per instance: the job it does.
    busy: Vec<Option<Job>>,
    /// How many jobs have come.
    count: u32,
    /// How many were given to each agent.
    given: BTreeMap<InstanceId, u32>,
}

/// Jobs that wait for the same workers.
#[derive(Clone, Debug)]
struct Line {
    who: Workers,
    queue: VecDeque<Waiting>,
}

/// Who does the jobs of a line.
#[derive(Clone, Copy, Debug)]
enum Workers {
    /// The instances of a set, as far as they serve.
    Set(SetId),
    /// The agents of a pool.
    Agents(AgentPoolId),
}

/// Where the jobs of a stream are planned.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// With the application.
    Application,
    /// With a pool of agents: which of its streams.
    Pool(AgentPoolId, u16),
}

/// A job that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    number: u32,
    stream: u16,
    ordinal: u32,
    queued: Entry,
}

/// A job under way.
#[derive(Clone, Copy, Debug)]
struct Job {
    number: u32,
    line: u16,
    since: SimTime,
    began: Entry,
}

/// Something about a job is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A job comes.
    Comes {
        /// Its stream.
        stream: u16,
        /// Its number within the stream.
        ordinal: u32,
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
            Self::Comes { stream, ordinal } => Key::new(time, class, ordinal, 1, stream.into()),
        }
    }
}

impl Source {
    /// From one job to the next, and how long a job runs.
    fn lengths(self, plan: &Plan) -> Option<(&Dist, &Dist)> {
        match self {
            Self::Application => plan.application.jobs.as_ref().map(|Jobs { every, duration, .. }| (every, duration)),
            Self::Pool(..) => self.of_pool(plan).map(|JobStream { every, duration, .. }| (every, duration)),
        }
    }

    /// The stream of a pool.
    fn of_pool(self, plan: &Plan) -> Option<&JobStream> {
        let Self::Pool(pool, stream) = self else { return None };
        Some(&plan.agent_pools[pool.index()].jobs[usize::from(stream)])
    }

    /// What the draws of a job are keyed by: its stream and its number in it, and no instance.
    fn subject(self, plan: &Plan, ordinal: u32) -> Subject {
        match self {
            Self::Application => Subject { place: name("jobs"), cause: 0, ordinal },
            Self::Pool(pool, stream) => {
                let pool = &plan.agent_pools[pool.index()];
                Subject { place: name(&pool.name), cause: name(&pool.jobs[usize::from(stream)].name), ordinal }
            }
        }
    }
}

impl State {
    /// No job yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let (mut lines, mut streams) = (Vec::new(), Vec::new());
        if let Some(jobs) = &cx.plan.application.jobs {
            lines.push(Line { who: Workers::Set(SetId(jobs.set)), queue: VecDeque::new() });
            streams.push((0, Source::Application));
            expect(cx, 0, Source::Application, 0);
        }
        for (id, pool) in cx.plan.agent_pools.iter().enumerate() {
            let id = AgentPoolId(id as u16);
            lines.push(Line { who: Workers::Agents(id), queue: VecDeque::new() });
            for (at, stream) in pool.jobs.iter().enumerate().filter(|(_, stream)| stream.count != Some(0)) {
                if stream.until.is_none_or(|until| stream.from < until) {
                    let event = Event::Comes { stream: streams.len() as u16, ordinal: 0 };
                    cx.at(stream.from, Due::Job(event));
                }
                streams.push((lines.len() as u16 - 1, Source::Pool(id, at as u16)));
            }
        }
        Self { lines, streams, ..Self::default() }
    }
}

/// Puts the coming of a job on the queue, as long after the one before as its stream says.
fn expect(cx: &mut Cx<'_>, stream: u16, source: Source, ordinal: u32) {
    let Some((every, _)) = source.lengths(cx.plan) else { return };
    let length = cx.draw(Purpose::JobArrival, source.subject(cx.plan, ordinal), 0, every);
    if let Some(JobStream { until, count, .. }) = source.of_pool(cx.plan)
        && (until.is_some_and(|until| cx.now() + length >= until) || count.is_some_and(|count| ordinal >= count))
    {
        return;
    }
    cx.after(length, Due::Job(Event::Comes { stream, ordinal }));
}

/// An instance for each line in which jobs wait, which may be asked whether it takes one: any of those that could will do.
pub fn asked(world: &World) -> impl Iterator<Item = InstanceId> + '_ {
    let waiting = world.jobs.lines.iter().filter(|line| !line.queue.is_empty());
    waiting.filter_map(|line| match line.who {
        Workers::Set(set) => world.scale_set.sets[set.index()].instances.first().copied(),
        Workers::Agents(pool) => agent_pools::free(world, pool),
    })
}

/// How many jobs wait for the agents of a pool, and the entry of the one that came first.
#[must_use]
pub fn waiting(world: &World, pool: AgentPoolId) -> Option<(u32, Entry)> {
    let is = |line: &&Line| matches!(line.who, Workers::Agents(of) if of == pool);
    let queue = &world.jobs.lines.iter().find(is)?.queue;
    queue.front().map(|first| (queue.len() as u32, first.queued))
}

/// How many jobs were given to an agent so far.
#[must_use]
pub fn given(world: &World, instance: InstanceId) -> u32 {
    world.jobs.given.get(&instance).copied().unwrap_or(0)
}

/// Whether an instance does a job.
#[must_use]
pub fn works(world: &World, instance: InstanceId) -> bool {
    world.jobs.busy.get(instance.index()).is_some_and(Option::is_some)
}

/// Something is due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Comes { stream, ordinal } => {
            let state = &mut world.jobs;
            let (number, (line, source)) = (state.count, state.streams[usize::from(stream)]);
            state.count += 1;
            let fact = match source {
                Source::Application => JobFact::Queued { job: number },
                Source::Pool(pool, stream) => JobFact::QueuedFor { pool, stream, job: number },
            };
            let queued = cx.record(Fact::Job(fact), Entry(1), rules::WT_01);
            state.lines[usize::from(line)].queue.push_back(Waiting { number, stream, ordinal, queued });
            expect(cx, stream, source, ordinal + 1);
        }
        Event::Done { job, instance } => {
            let done = world.jobs.busy[instance.index()].filter(|doing| doing.number == job);
            let Some(done) = done else { return };
            let entry = cx.record(Fact::Job(JobFact::Ended { instance, job }), done.began, rules::WT_02);
            release(world, cx, (instance, done), entry);
            scheduled_events::done(world, cx, instance);
        }
    }
}

/// Whether the workers of a line protect their instances while they work.
fn protects(world: &World, cx: &Cx<'_>, line: u16) -> bool {
    matches!(world.jobs.lines[usize::from(line)].who, Workers::Set(_))
        && cx.plan.application.jobs.as_ref().is_some_and(|jobs| jobs.protects)
}

fn release(world: &mut World, cx: &mut Cx<'_>, (instance, job): (InstanceId, Job), cause: Entry) {
    world.jobs.busy[instance.index()] = None;
    if protects(world, cx, job.line) && instances::is_present(&world.instances.rows[instance.index()]) {
        let from_scale_set_actions = world.instances.rows[instance.index()].protection.from_scale_set_actions;
        let protection = Protection { from_scale_in: false, from_scale_set_actions };
        instances::protect(world, cx, instance, protection, cause);
    }
}

/// Whether an instance can go on with a job.
fn goes_on(world: &World, instance: InstanceId, job: &Job) -> bool {
    match world.jobs.lines[usize::from(job.line)].who {
        Workers::Set(_) => application::works(world, instance),
        Workers::Agents(_) => agent_pools::is_online(world, instance),
    }
}

/// Looks at an instance that may work or not any more, and gives out what waits.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if let Some(Some(job)) = world.jobs.busy.get(instance.index()).copied()
        && !goes_on(world, instance, &job)
    {
        let worked_ms = cx.now().since(job.since).ms();
        let gone = !application::exists(world, instance);
        let rule = if gone { rules::LB_23 } else { rules::WT_05 };
        let entry = cx.record(Fact::Job(JobFact::Lost { instance, job: job.number, worked_ms }), cause, rule);
        release(world, cx, (instance, job), entry);
    }
    for line in 0..world.jobs.lines.len() as u16 {
        give_out(world, cx, line);
    }
}

/// Who takes the next job of a line.
fn free(world: &World, who: Workers) -> Option<InstanceId> {
    match who {
        Workers::Set(set) => {
            let mut standing = world.scale_set.sets[set.index()].instances.iter().copied();
            standing.find(|instance| application::takes_work(world, *instance) && !works(world, *instance))
        }
        Workers::Agents(pool) => agent_pools::free(world, pool),
    }
}

/// Gives jobs that wait to whoever is free.
fn give_out(world: &mut World, cx: &mut Cx<'_>, line: u16) {
    let at = usize::from(line);
    while let Some(&Waiting { number, stream, ordinal, queued }) = world.jobs.lines[at].queue.front() {
        let Some(instance) = free(world, world.jobs.lines[at].who) else { return };
        world.jobs.lines[at].queue.pop_front();
        let began = cx.record(Fact::Job(JobFact::Started { instance, job: number }), queued, rules::WT_02);
        let busy = &mut world.jobs.busy;
        if busy.len() <= instance.index() {
            busy.resize(instance.index() + 1, None);
        }
        busy[instance.index()] = Some(Job { number, line, since: cx.now(), began });
        if let Workers::Agents(_) = world.jobs.lines[at].who {
            *world.jobs.given.entry(instance).or_default() += 1;
        }
        if protects(world, cx, line) {
            let from_scale_set_actions = world.instances.rows[instance.index()].protection.from_scale_set_actions;
            let protection = Protection { from_scale_in: true, from_scale_set_actions };
            instances::protect(world, cx, instance, protection, began);
        }
        let source = world.jobs.streams[usize::from(stream)].1;
        let (_, duration) = source.lengths(cx.plan).expect("a job that came is planned");
        let length = cx.draw(Purpose::JobLength, source.subject(cx.plan, ordinal), 0, duration);
        cx.after(length, Due::Job(Event::Done { job: number, instance }));
    }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for (index, job) in world.jobs.busy.iter().enumerate() {
        if let Some(job) = job {
            let instance = InstanceId(index as u32);
            assert!(goes_on(world, instance, job), "nobody works without a process: {job:?}");
        }
    }
}
