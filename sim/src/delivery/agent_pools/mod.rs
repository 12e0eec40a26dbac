//! Pools of scale set agents: Azure Pipelines makes the instances of a set, gives jobs to the agents on them, and deletes them.
//!
//! Rules: DO-01…DO-06. A new machine is an agent once the extension has installed and started it (`agents.startup`). It is
//! idle while it is online and has no job. Where the pool recycles, it goes offline after its job, and its machine is made anew.
//! What does not come online, or goes offline by itself, is unhealthy: it is deleted, or one is saved. `sizing.rs` has what the pool
//! does when it samples. Left out: the job that sets the configuration of the set back every two hours, the maintenance job of
//! agents, agents that a person disables, and demands of jobs that only some agents meet. An agent on a frozen machine, or on one
//! that no packet reaches, stays online.

mod sizing;

use crate::azure::instances::{Provisioning, is_present};
use crate::azure::scale_set;
use crate::demand::{application, jobs};
use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{AgentFact, Deletion, Fact, WentOffline, WhyUnhealthy};
use crate::world::ids::{AgentPoolId, Entry, InstanceId, SetId};
use std::collections::BTreeMap;

/// How often a pool is sampled (DO-03).
pub const SAMPLE: SimDuration = SimDuration::from_mins(5);

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The pools of the plan.
    pools: Vec<PoolState>,
    /// The pool of each set that has one; empty where there is no pool at all.
    of_set: Vec<Option<AgentPoolId>>,
    /// Every machine that is, or is to be, an agent.
    agents: BTreeMap<InstanceId, Agent>,
}

/// One pool.
#[derive(Clone, Debug)]
struct PoolState {
    /// It has taken the set over.
    exists: bool,
    /// The step of growth that is under way.
    step: Option<Step>,
    /// Since when samples have found more idle agents than are to stand by.
    excess_since: Option<SimTime>,
    /// It was said that it cannot grow.
    full: bool,
    /// It wanted to grow while a step was under way.
    held: bool,
    /// The last entry by which its count of idle agents changed.
    because: Entry,
}

/// A step of growth: its machines are waited for.
#[derive(Clone, Debug)]
struct Step {
    began: SimTime,
    made: Vec<InstanceId>,
}

/// A machine of a pool.
#[derive(Clone, Copy, Debug)]
struct Agent {
    pool: AgentPoolId,
    stage: Stage,
    /// How often it began anew; what was on its way for an earlier time is stale.
    epoch: u32,
    /// The jobs that it had been given when it was last looked at.
    given: u32,
}

/// Where an agent is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its machine is made, or its agent is not online yet: the system is up since then.
    Starting(Option<SimTime>),
    /// Its agent is being installed and started.
    Configuring(SimTime),
    /// It is online: at work, or idle since then.
    Online(SimTime),
    /// It is offline after its job, and its machine is to be made anew.
    Used,
    /// That was asked for, and the old system is not down yet.
    Recycling,
    /// It is of no use, and to be deleted.
    Unhealthy,
    /// It is of no use, and kept for a person to look at.
    Saved,
}

/// Something about a pool is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The pool is created.
    Create {
        /// The pool.
        pool: AgentPoolId,
    },
    /// It looks at its agents and machines.
    Sample {
        /// The pool.
        pool: AgentPoolId,
    },
    /// An agent is installed and started.
    Configured {
        /// The machine.
        instance: InstanceId,
        /// Which of its beginnings.
        epoch: u32,
        /// The entry from which it follows.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Configured { instance, epoch, .. } => Key::new(time, class, instance.0, 0, epoch),
            Self::Create { pool } => Key::new(time, class, pool.0.into(), 1, 0),
            Self::Sample { pool } => Key::new(time, class, pool.0.into(), 2, 0),
        }
    }
}

impl State {
    /// The pools of the plan; those that are there already begin to sample.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let plan = cx.plan;
        if plan.agent_pools.is_empty() {
            return Self::default();
        }
        let (mut pools, mut of_set) = (Vec::new(), vec![None; plan.sets.len()]);
        for (id, pool) in plan.agent_pools.iter().enumerate() {
            let id = AgentPoolId(id as u16);
            of_set[usize::from(pool.set)] = Some(id);
            match pool.created {
                None => sample_first(cx, id),
                Some(at) => cx.at(at, Due::AgentPools(Event::Create { pool: id })),
            }
            let exists = pool.created.is_none();
            pools.push(PoolState {
                exists,
                step: None,
                excess_since: None,
                full: false,
                held: false,
                because: Entry(1),
            });
        }
        Self { pools, of_set, agents: BTreeMap::new() }
    }

    /// The machines of a pool with the stage of each.
    pub fn of(&self, pool: AgentPoolId) -> impl Iterator<Item = (InstanceId, Stage)> + '_ {
        let agents = self.agents.iter().filter(move |(_, agent)| agent.pool == pool);
        agents.map(|(&instance, agent)| (instance, agent.stage))
    }

    /// Whether a pool has taken its set over.
    #[must_use]
    pub fn exists(&self, pool: AgentPoolId) -> bool {
        self.pools[pool.index()].exists
    }

    /// How many samples have found the step of growth of a pool under way: `sizingAttempts`.
    #[must_use]
    pub fn attempts(&self, pool: AgentPoolId, now: SimTime) -> u64 {
        let step = self.pools[pool.index()].step.as_ref();
        step.map_or(0, |step| 1 + now.since(step.began).ms() / SAMPLE.ms())
    }
}

/// The first sample of a pool; the others follow every five minutes.
fn sample_first(cx: &mut Cx<'_>, pool: AgentPoolId) {
    if !cx.on(rules::DO_03) {
        return;
    }
    let subject = Subject { place: name(&cx.plan.agent_pools[pool.index()].name), cause: 0, ordinal: 0 };
    let phase = cx.stream(Purpose::AgentSample, subject, 0).below(SAMPLE.ms());
    let seeded = cx.assume(key::AgentsSamplePhase) == choice::Phase::Seeded;
    let first = if seeded { SimDuration::from_ms(phase) } else { SAMPLE };
    cx.after(first, Due::AgentPools(Event::Sample { pool }));
}

/// The pool that the machines of a set belong to now.
fn pool_of(world: &World, set: SetId) -> Option<AgentPoolId> {
    let pool = world.agent_pools.of_set.get(set.index()).copied().flatten()?;
    world.agent_pools.pools[pool.index()].exists.then_some(pool)
}

/// Whether the system of an instance runs, and so the agent on it can.
fn is_up(world: &World, instance: InstanceId) -> bool {
    world.instances.rows[instance.index()].booted && application::runs(world, instance)
}

/// Whether an instance is an agent that is online.
#[must_use]
pub fn is_online(world: &World, instance: InstanceId) -> bool {
    let agent = world.agent_pools.agents.get(&instance);
    agent.is_some_and(|agent| matches!(agent.stage, Stage::Online(_)))
}

/// The idle agents of a pool, the first first, each with when that began.
fn idle(world: &World, pool: AgentPoolId) -> impl Iterator<Item = (InstanceId, SimTime)> + '_ {
    world.agent_pools.of(pool).filter_map(|(instance, stage)| match stage {
        Stage::Online(since) if !jobs::works(world, instance) => Some((instance, since)),
        _ => None,
    })
}

/// The agent that takes the next job of a pool.
#[must_use]
pub fn free(world: &World, pool: AgentPoolId) -> Option<InstanceId> {
    idle(world, pool).next().map(|(instance, _)| instance)
}

/// Looks at a machine of a pool: is it an agent, and is it one still?
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = world.instances.rows[instance.index()];
    let Some(pool) = pool_of(world, row.set) else { return };
    let known = world.agent_pools.agents.contains_key(&instance);
    if !known && !is_present(&row) {
        return;
    }
    if !known {
        let agent = Agent { pool, stage: Stage::Starting(None), epoch: 0, given: 0 };
        world.agent_pools.agents.insert(instance, agent);
        if row.initial && row.state == Provisioning::Succeeded && cx.on(rules::WT_08) {
            go_online(world, cx, instance, (rules::WT_08, cause));
        }
    }
    let gone = matches!(row.state, Provisioning::Deleted | Provisioning::Stuck)
        || row.state == Provisioning::Deleting && !application::runs(world, instance);
    let (up, agent) = (is_up(world, instance), world.agent_pools.agents[&instance]);
    match agent.stage {
        Stage::Online(_) if gone => {
            go_offline(world, cx, instance, (WentOffline::Deleted, Stage::Unhealthy), cause);
        }
        Stage::Online(_) if !up => {
            let next = if cx.on(rules::DO_04) { Stage::Unhealthy } else { Stage::Starting(None) };
            let entry = go_offline(world, cx, instance, (WentOffline::Lost, next), cause);
            if next == Stage::Unhealthy {
                say_unhealthy(cx, instance, WhyUnhealthy::WentOffline, entry);
            }
        }
        Stage::Online(_) => after_job(world, cx, instance, cause),
        Stage::Starting(_) | Stage::Configuring(_) if !gone => starts(world, cx, instance, (up, cause)),
        Stage::Used | Stage::Recycling if !gone => comes_anew(world, cx, instance, (up, cause)),
        Stage::Starting(_)
        | Stage::Configuring(_)
        | Stage::Used
        | Stage::Recycling
        | Stage::Unhealthy
        | Stage::Saved => {}
    }
    if gone {
        world.agent_pools.agents.remove(&instance);
        world.agent_pools.pools[pool.index()].because = cause;
    }
}

/// A machine comes closer to being an agent, or will never be one.
fn starts(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (up, cause): (bool, Entry)) {
    let (state, agent) = (world.instances.rows[instance.index()].state, world.agent_pools.agents[&instance]);
    if is_useless(world, cx, instance, cause) {
        return;
    }
    if !up {
        if since_of(agent.stage).is_some() {
            begin_anew(world, instance);
        }
        return;
    }
    let Stage::Starting(since) = agent.stage else { return };
    let since = since.unwrap_or(cx.now());
    if state != Provisioning::Succeeded {
        set_stage(world, instance, Stage::Starting(Some(since)));
        return;
    }
    set_stage(world, instance, Stage::Configuring(since));
    let dist = cx.assume(key::AgentsStartup);
    let subject = world.application.subject(instance);
    let length = cx.draw(Purpose::AgentStartup, subject, agent.epoch.into(), &dist);
    cx.after(length, Due::AgentPools(Event::Configured { instance, epoch: agent.epoch, cause }));
}

/// A machine whose provisioning failed, or that was deallocated, is of no use (DO-04).
fn is_useless(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) -> bool {
    let why = match world.instances.rows[instance.index()].state {
        Provisioning::Failed => WhyUnhealthy::ProvisioningFailed,
        Provisioning::Deallocated => WhyUnhealthy::WentOffline,
        _ => return false,
    };
    if cx.on(rules::DO_04) {
        set_stage(world, instance, Stage::Unhealthy);
        say_unhealthy(cx, instance, why, cause);
    }
    cx.on(rules::DO_04)
}

/// A machine that is to be made anew goes down for it; what goes down before that was asked for is of no use.
fn comes_anew(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (up, cause): (bool, Entry)) {
    if is_useless(world, cx, instance, cause) || up {
        return;
    }
    if world.agent_pools.agents[&instance].stage == Stage::Recycling || !cx.on(rules::DO_04) {
        begin_anew(world, instance);
    } else {
        set_stage(world, instance, Stage::Unhealthy);
        say_unhealthy(cx, instance, WhyUnhealthy::WentOffline, cause);
    }
}

/// Since when the system of a machine is up that is no agent yet.
const fn since_of(stage: Stage) -> Option<SimTime> {
    match stage {
        Stage::Starting(since) => since,
        Stage::Configuring(since) => Some(since),
        Stage::Online(_) | Stage::Used | Stage::Recycling | Stage::Unhealthy | Stage::Saved => None,
    }
}

/// The machine of an agent is made anew, or comes up again: its agent has to come online once more.
fn begin_anew(world: &mut World, instance: InstanceId) {
    let agent = world.agent_pools.agents.get_mut(&instance).expect("it is an agent");
    agent.epoch += 1;
    agent.stage = Stage::Starting(None);
}

fn set_stage(world: &mut World, instance: InstanceId, stage: Stage) {
    world.agent_pools.agents.get_mut(&instance).expect("it is an agent").stage = stage;
}

fn go_online(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (rule, cause): (rules::RuleId, Entry)) {
    let entry = cx.record(Fact::Agent(AgentFact::Online { instance }), cause, rule);
    set_stage(world, instance, Stage::Online(cx.now()));
    let pool = world.agent_pools.agents[&instance].pool;
    world.agent_pools.pools[pool.index()].because = entry;
}

fn go_offline(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    (why, next): (WentOffline, Stage),
    cause: Entry,
) -> Entry {
    let rule = if why == WentOffline::Recycled { rules::DO_02 } else { rules::DO_04 };
    let entry = cx.record(Fact::Agent(AgentFact::Offline { instance, why }), cause, rule);
    set_stage(world, instance, next);
    let pool = world.agent_pools.agents[&instance].pool;
    world.agent_pools.pools[pool.index()].because = entry;
    entry
}

fn say_unhealthy(cx: &mut Cx<'_>, instance: InstanceId, why: WhyUnhealthy, cause: Entry) -> Entry {
    cx.record(Fact::Agent(AgentFact::Unhealthy { instance, why }), cause, rules::DO_04)
}

/// An agent that is online may have ended a job: it is idle from now on, or goes offline to be made anew (DO-02).
fn after_job(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let (agent, given) = (world.agent_pools.agents[&instance], jobs::given(world, instance));
    if given == agent.given || jobs::works(world, instance) {
        return;
    }
    world.agent_pools.agents.get_mut(&instance).expect("it is an agent").given = given;
    world.agent_pools.pools[agent.pool.index()].because = cause;
    if !cx.plan.agent_pools[agent.pool.index()].recycle || !cx.on(rules::DO_02) {
        set_stage(world, instance, Stage::Online(cx.now()));
        return;
    }
    let entry = go_offline(world, cx, instance, (WentOffline::Recycled, Stage::Used), cause);
    if cx.assume(key::AgentsRecycle) == choice::AgentsRecycle::AtOnce {
        recycle(world, cx, instance, entry);
    }
}

/// The machine of an agent that has done its job is made anew.
fn recycle(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let row = &world.instances.rows[instance.index()];
    if is_present(row) && row.state != Provisioning::Deallocated {
        set_stage(world, instance, Stage::Recycling);
        scale_set::reimage(world, cx, instance, rules::DO_02, cause);
    }
}

/// Something is due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Create { pool } => create(world, cx, pool),
        Event::Sample { pool } => {
            cx.after(SAMPLE, Due::AgentPools(Event::Sample { pool }));
            sizing::sample(world, cx, pool);
        }
        Event::Configured { instance, epoch, cause } => {
            let agent = world.agent_pools.agents.get(&instance);
            let waits = |agent: &Agent| agent.epoch == epoch && matches!(agent.stage, Stage::Configuring(_));
            if agent.is_some_and(waits) && is_up(world, instance) {
                go_online(world, cx, instance, (rules::DO_03, cause));
            }
        }
    }
}

/// A pool is created: the machines that it finds go, since none of them is an agent, and it makes its own (DO-01).
fn create(world: &mut World, cx: &mut Cx<'_>, pool: AgentPoolId) {
    let set = SetId(cx.plan.agent_pools[pool.index()].set);
    let found = world.scale_set.sets[set.index()].instances.clone();
    let fact = AgentFact::PoolCreated { pool, found: found.len() as u32 };
    let entry = cx.record(Fact::Agent(fact), Entry(1), rules::DO_01);
    let state = &mut world.agent_pools.pools[pool.index()];
    (state.exists, state.because) = (true, entry);
    if cx.on(rules::DO_01) && !found.is_empty() {
        scale_set::delete_named(world, cx, set, (&found, &[]), (Deletion::AgentPool, rules::DO_01), entry);
    }
    sample_first(cx, pool);
    for instance in found {
        reconcile(world, cx, instance, entry);
    }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, _: &Cx<'_>) {
    for (&instance, agent) in &world.agent_pools.agents {
        if let Stage::Online(_) = agent.stage {
            assert!(is_up(world, instance), "an agent is online on a machine that runs");
        }
        let state = world.instances.rows[instance.index()].state;
        let gone = matches!(state, Provisioning::Deleted | Provisioning::Stuck);
        assert!(!gone, "what is gone is no agent of a pool");
    }
}
