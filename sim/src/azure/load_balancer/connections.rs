//! What becomes of the connections of clients, but for those of a backend that is probed down: whose hang, and when the
//! clients of an entry point with affinity are mapped anew.
//!
//! Rules: LB-26, LB-28. A machine that is paused, or that went without shutting its system down, ends no connection, and
//! the balancer sends no reset for it: its clients wait until their own system gives up. An orderly stop ends what is open.

use crate::demand::application;
use crate::engine::time::SimTime;
use crate::plan::{EntryPoint, Plan};
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, FlowFact, Flows, WriteFact};
use crate::world::ids::{Entry, EntryPointId, InstanceId, MemberId, PoolId};

/// Whether the machine of an instance went without a farewell to its clients, and is not back.
#[must_use]
pub fn is_abandoned(world: &World, instance: InstanceId) -> bool {
    world.load_balancer.abandoned.contains(&instance)
}

/// Looks whether the connections to a backend hang now, or go on. A machine that is back after it went without a farewell
/// knows nothing of them, and resets them.
#[inline]
pub(super) fn look(world: &mut World, cx: &mut Cx<'_>, member: MemberId, back: (CameBack, Entry)) {
    let pool = world.load_balancer.members[member.index()].pool;
    if world.load_balancer.pools[pool.index()].keeps {
        look_at_kept(world, cx, member, back);
    }
}

#[inline(never)]
fn look_at_kept(world: &mut World, cx: &mut Cx<'_>, member: MemberId, (came_back, cause): (CameBack, Entry)) {
    let row = &world.load_balancer.members[member.index()];
    let (instance, pool) = (row.instance, row.pool);
    // A gateway does not wait for what hangs: it sends the next request to another backend.
    if cx.plan.pools[pool.index()].prober.gateway().is_some() || !cx.on(rules::LB_28) {
        return;
    }
    let still = application::is_frozen(world, instance) || is_abandoned(world, instance);
    // What hung when it was removed hangs for good.
    if row.hung == still || row.left && row.hung {
        return;
    }
    let row = &mut world.load_balancer.members[member.index()];
    row.hung = still;
    let fact = match came_back {
        _ if still => FlowFact::Hung { instance, pool },
        CameBack::No => FlowFact::Resumed { instance, pool },
        CameBack::Yes => {
            row.flows = Flows::Cut;
            FlowFact::Reset { instance, pool }
        }
    };
    cx.record(Fact::Flow(fact), cause, rules::LB_28);
}

/// Whether a change of the rotation alone maps the clients of a pool anew (`lb.rehash_on_probe_down`). As the run begins nobody is mapped
/// yet.
pub(super) fn follows_rotation(world: &World, cx: &mut Cx<'_>, pool: PoolId) -> bool {
    !world.load_balancer.pools[pool.index()].sticky.is_empty()
        && cx.now() > SimTime::ZERO
        && cx.assume(key::LbRehashOnProbeDown)
}

/// The clients of a pool's entry points with affinity are mapped anew (LB-26).
pub(super) fn remap(world: &World, cx: &mut Cx<'_>, pool: PoolId, cause: Entry) {
    if cx.on(rules::LB_26) {
        let sticky = world.load_balancer.pools[pool.index()].sticky.iter().copied();
        for entry_point in sticky.filter(|&entry_point| super::leads(world, entry_point) == Some(pool)) {
            cx.record(Fact::Flow(FlowFact::Remapped { entry_point }), cause, rules::LB_26);
        }
    }
}

/// Whether the clients of an entry point stay on one backend (LB-25).
pub(super) const fn is_sticky(entry: &EntryPoint) -> bool {
    entry.rule.distribution.is_sticky()
}

/// Whether a machine that went without a farewell is back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CameBack {
    Yes,
    No,
}

/// Forgets that a machine went without a farewell, if it is back.
pub(super) fn come_back(world: &mut World, instance: InstanceId) -> CameBack {
    let back = application::runs(world, instance) && world.load_balancer.abandoned.remove(&instance);
    if back { CameBack::Yes } else { CameBack::No }
}

/// That the last connections of an entry point to a backend of a pool closed. Of several pools, in which one instance may be, it says
/// which.
#[must_use]
pub fn closed(plan: &Plan, entry_point: EntryPointId, instance: InstanceId, pool: PoolId) -> Fact {
    if plan.entry_point(entry_point).has_one_pool() {
        Fact::ConnectionsClosed { instance, entry_point }
    } else {
        Fact::Write(WriteFact::Closed { instance, entry_point, pool })
    }
}

// Verbs.

/// The machine of an instance is about to go without shutting its system down.
pub fn abandon(world: &mut World, instance: InstanceId) {
    world.load_balancer.abandoned.insert(instance);
}
