//! What a pool does when it samples: it grows by steps, clears away what is of no use, and deletes idle agents that it names.
//!
//! Rules: DO-02…DO-06. A pool does one thing at a time (DO-05): while a step of growth is under way it does nothing else, but for
//! machines that are made anew after their job; it grows before it deletes the unhealthy, and deletes those before idle ones.

use super::{Stage, Step, idle, recycle, say_unhealthy, set_stage, since_of};
use crate::azure::instances::{Provisioning, is_present};
use crate::azure::scale_set;
use crate::demand::jobs;
use crate::engine::random::name;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::AgentPool;
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{AgentFact, Deletion, Fact, WhyUnhealthy};
use crate::world::ids::{AgentPoolId, Entry, InstanceId, SetId};

/// How long a step of growth may take before the pool goes on without it (DO-03).
const STEP: SimDuration = SimDuration::from_mins(20);
/// How long an agent may take to come online on a system that is up (DO-04).
const ONLINE_WITHIN: SimDuration = SimDuration::from_mins(10);

/// A pool looks at its agents and machines, and does what is next.
pub(super) fn sample(world: &mut World, cx: &mut Cx<'_>, id: AgentPoolId) {
    find_unhealthy(world, cx, id);
    recycle_used(world, cx, id);
    if is_growing(world, cx, id) && cx.on(rules::DO_05) {
        world.agent_pools.pools[id.index()].held |= wants(world, cx, id).is_some();
        return;
    }
    let one_at_a_time = cx.on(rules::DO_05);
    let grows = grow(world, cx, id);
    if grows && one_at_a_time {
        return;
    }
    let deletes = delete_unhealthy(world, cx, id);
    if deletes && one_at_a_time {
        return;
    }
    shrink(world, cx, id);
}

/// The machines of a pool in stages of which this holds.
fn in_stage(world: &World, id: AgentPoolId, is: impl Fn(Stage) -> bool) -> Vec<InstanceId> {
    world.agent_pools.of(id).filter(|&(_, stage)| is(stage)).map(|(instance, _)| instance).collect()
}

/// An agent that does not come online in time is unhealthy; one is saved where the pool keeps one (DO-04).
fn find_unhealthy(world: &mut World, cx: &mut Cx<'_>, id: AgentPoolId) {
    if !cx.on(rules::DO_04) {
        return;
    }
    let late = |stage| since_of(stage).is_some_and(|since| cx.now().since(since) >= ONLINE_WITHIN);
    for instance in in_stage(world, id, late) {
        let because = world.agent_pools.pools[id.index()].because;
        let entry = say_unhealthy(cx, instance, WhyUnhealthy::NotOnline, because);
        let saved = in_stage(world, id, |stage| stage == Stage::Saved).len();
        let saves = (saved as u32) < cx.plan.agent_pools[id.index()].max_saved && cx.on(rules::DO_02);
        if saves {
            cx.record(Fact::Agent(AgentFact::Saved { instance }), entry, rules::DO_02);
        }
        set_stage(world, instance, if saves { Stage::Saved } else { Stage::Unhealthy });
    }
}

/// Machines whose agents have done their job are made anew.
fn recycle_used(world: &mut World, cx: &mut Cx<'_>, id: AgentPoolId) {
    let because = world.agent_pools.pools[id.index()].because;
    for instance in in_stage(world, id, |stage| stage == Stage::Used) {
        recycle(world, cx, instance, because);
    }
}

/// Whether a step of growth is under way: one of its machines is neither online yet nor of no use, and its time is not over.
fn is_growing(world: &mut World, cx: &mut Cx<'_>, id: AgentPoolId) -> bool {
    let Some(step) = &world.agent_pools.pools[id.index()].step else { return false };
    let agents = &world.agent_pools.agents;
    let waits = |instance: &&InstanceId| {
        agents.get(instance).is_some_and(|agent| matches!(agent.stage, Stage::Starting(_) | Stage::Configuring(_)))
    };
    let missing = step.made.iter().filter(waits).count() as u32;
    if missing > 0 && cx.now() < step.began + STEP {
        return true;
    }
    let because = world.agent_pools.pools[id.index()].because;
    world.agent_pools.pools[id.index()].step = None;
    if missing > 0 {
        cx.record(Fact::Agent(AgentFact::StepTimedOut { pool: id, missing }), because, rules::DO_03);
    }
    false
}

/// By how many machines a pool grows in one step: a share of its maximum, at least one.
fn step_of(cx: &mut Cx<'_>, pool: &AgentPool) -> u32 {
    let share = cx.assume(key::AgentsGrowthStep);
    (libm::ceil(f64::from(pool.max_capacity) * share) as u32).max(1)
}

/// Why a pool wants more agents.
struct Want {
    idle: u32,
    waiting: u32,
    because: Entry,
}

/// Whether fewer agents are idle than are to stand by, or none is and jobs wait (DO-03).
fn wants(world: &World, cx: &Cx<'_>, id: AgentPoolId) -> Option<Want> {
    let idle = idle(world, id).count() as u32;
    let (waiting, queued) = jobs::waiting(world, id).unwrap_or((0, Entry::NONE));
    let because = if waiting > 0 { queued } else { world.agent_pools.pools[id.index()].because };
    let wants = idle < cx.plan.agent_pools[id.index()].desired_idle || idle == 0 && waiting > 0;
    wants.then_some(Want { idle, waiting, because })
}

/// Grows where more agents are wanted.
fn grow(world: &mut World, cx: &mut Cx<'_>, id: AgentPoolId) -> bool {
    let (pool, wants) = (&cx.plan.agent_pools[id.index()], wants(world, cx, id));
    let set = SetId(pool.set);
    let size = world.scale_set.sets[set.index()].capacity;
    let is_full = size >= pool.max_capacity;
    let state = &mut world.agent_pools.pools[id.index()];
    let was_full = std::mem::replace(&mut state.full, wants.is_some() && is_full);
    let held = std::mem::take(&mut state.held);
    let Some(Want { idle, waiting, because }) = wants else { return false };
    if is_full {
        if !was_full {
            cx.record(Fact::Agent(AgentFact::PoolFull { pool: id, idle, waiting }), because, rules::DO_02);
        }
        return false;
    }
    let to = (size + step_of(cx, pool)).min(pool.max_capacity);
    // It is later than it would be, where a step before it was under way.
    let rule = if held { rules::DO_05 } else { rules::DO_03 };
    let entry = cx.record(Fact::Agent(AgentFact::PoolGrows { pool: id, to, idle, waiting }), because, rule);
    scale_set::set_capacity(world, cx, set, to, (name(&pool.name), Some(rules::DO_03)), entry);
    let agents = &world.agent_pools.agents;
    let now: Vec<InstanceId> = world.scale_set.sets[set.index()].instances.clone();
    let made: Vec<InstanceId> = now.into_iter().filter(|instance| !agents.contains_key(instance)).collect();
    // The room would look at them at the end of this round; the step has to know them before.
    for &instance in &made {
        super::reconcile(world, cx, instance, entry);
    }
    world.agent_pools.pools[id.index()].step = Some(Step { began: cx.now(), made });
    true
}

/// Deletes what is unhealthy and not saved.
fn delete_unhealthy(world: &mut World, cx: &mut Cx<'_>, id: AgentPoolId) -> bool {
    let because = world.agent_pools.pools[id.index()].because;
    let mut unhealthy = in_stage(world, id, |stage| stage == Stage::Unhealthy);
    unhealthy.retain(|&instance| can_go(world, instance));
    delete(world, cx, id, (&unhealthy, rules::DO_04), because);
    !unhealthy.is_empty()
}

/// Whether an instance is not on its way out already.
fn can_go(world: &World, instance: InstanceId) -> bool {
    let row = &world.instances.rows[instance.index()];
    is_present(row) && row.state != Provisioning::Deleting
}

/// Deletes these instances of a pool, by their ids: Azure chooses nobody (DO-06).
fn delete(world: &mut World, cx: &mut Cx<'_>, id: AgentPoolId, (who, rule): (&[InstanceId], RuleId), cause: Entry) {
    let pool = &cx.plan.agent_pools[id.index()];
    let set = SetId(pool.set);
    if who.is_empty() {
        return;
    }
    if cx.on(rules::DO_06) {
        scale_set::delete_named(world, cx, set, (who, &[]), (Deletion::AgentPool, rule), cause);
    } else {
        // A world in which the pool writes a count, and the scale-in policy picks.
        let to = world.scale_set.sets[set.index()].capacity.saturating_sub(who.len() as u32);
        scale_set::set_capacity(world, cx, set, to, (name(&pool.name), Some(rule)), cause);
    }
}

/// Deletes idle agents where there have been more than are to stand by for long (DO-03).
fn shrink(world: &mut World, cx: &mut Cx<'_>, id: AgentPoolId) {
    let (pool, now) = (&cx.plan.agent_pools[id.index()], cx.now());
    let mut idle: Vec<(SimTime, InstanceId)> = idle(world, id)
        .filter(|&(instance, _)| can_go(world, instance))
        .map(|(instance, since)| (since, instance))
        .collect();
    let excess = idle.len().saturating_sub(pool.desired_idle as usize);
    let state = &mut world.agent_pools.pools[id.index()];
    if excess == 0 {
        state.excess_since = None;
        return;
    }
    let since = *state.excess_since.get_or_insert(now);
    let because = state.because;
    let wait = if cx.on(rules::DO_02) { pool.time_to_live } else { AgentPool::TIME_TO_LIVE };
    let number = match cx.assume(key::AgentsExcess) {
        choice::AgentsExcess::Pool if now.since(since) > wait => excess,
        choice::AgentsExcess::Pool => 0,
        choice::AgentsExcess::Agent => excess.min(idle.iter().filter(|(since, _)| now.since(*since) > wait).count()),
    };
    if number == 0 {
        return;
    }
    // Those that have been idle longest go.
    idle.sort_unstable();
    let who: Vec<InstanceId> = idle.into_iter().take(number).map(|(_, instance)| instance).collect();
    let fact =
        AgentFact::PoolShrinks { pool: id, by: who.len() as u32, idle: (excess + pool.desired_idle as usize) as u32 };
    let entry = cx.record(Fact::Agent(fact), because, rules::DO_03);
    world.agent_pools.pools[id.index()].excess_since = None;
    delete(world, cx, id, (&who, rules::DO_06), entry);
}
