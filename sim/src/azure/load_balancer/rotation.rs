//! Rotation: which backends get new connections, and what becomes of the established ones.

use super::connections::{self, CameBack};
use super::observer::Flip;
use super::written::probing;
use super::{ControlEvent, ProbeFailure, View, gateway, leads, members, parked};
use crate::delivery::pipeline;
use crate::demand::application;
use crate::plan::{Probe, ProbeProtocol, Prober};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event;
use crate::world::fact::{AdminState, Fact, Flows};
use crate::world::ids::{Entry, InstanceId, MemberId, PoolId};

/// The probe changed the balancer's mind about a backend.
pub(super) fn probed(world: &mut World, cx: &mut Cx<'_>, member: MemberId, flip: Flip) {
    let row = &world.load_balancer.members[member.index()];
    let (instance, pool) = (row.instance, row.pool);
    let rule = decided_by(world, cx, (pool, instance), &flip);
    let fact = match flip.result {
        Ok(()) => Fact::ProbeUp { instance, pool },
        Err(why) => Fact::ProbeDown { instance, pool, why },
    };
    let entry = cx.record(fact, flip.cause, rule);
    // Whoever is drained and sick is drained no longer.
    if flip.result.is_err() && world.load_balancer.members[member.index()].draining {
        return remove(world, cx, member, entry);
    }
    settle(world, cx, member, entry);
}

/// The rule that decided when the balancer changed its mind: the most particular one.
fn decided_by(world: &World, cx: &Cx<'_>, (pool, instance): (PoolId, InstanceId), flip: &Flip) -> RuleId {
    let (probe, prober) = probing(world, cx.plan, pool);
    let (probe, of_gateway) = (probe.expect("only probes change its mind"), prober.gateway());
    let cadence = world.load_balancer.pools[pool.index()].cadence.as_ref().expect("a probed pool has a cadence");
    match flip.result {
        Ok(()) if flip.held => rules::LB_10,
        // Whether it is the one that is asked for: what it learnt as it started, where it came up in the run.
        Ok(()) | Err(ProbeFailure::Refused) if asks_who(cx, probe) => {
            if world.instances.rows[instance.index()].initial { rules::VS_01 } else { rules::VS_02 }
        }
        Ok(()) if of_gateway.is_some_and(|of| !of.codes.is_empty() || !of.text.is_empty()) => rules::AG_05,
        Ok(()) if of_gateway.is_some() => rules::AG_01,
        Err(_) if of_gateway.is_some() => rules::AG_02,
        Ok(()) if cadence.up > 1 => rules::LB_07,
        Ok(()) if probe.protocol == ProbeProtocol::Tcp => rules::LB_03,
        Ok(()) => rules::LB_08,
        Err(ProbeFailure::Refused) if cadence.down_refused > 1 => rules::LB_07,
        Err(ProbeFailure::Refused) => rules::LB_05,
        // A probe that gives up before the next goes out: only HTTP over a long interval does.
        Err(ProbeFailure::Silent) if super::timeout(cx, probe) < probe.interval => rules::LB_04,
        Err(ProbeFailure::Silent) => rules::LB_09,
    }
}

/// Whether the answer to a probe depends on who is asked.
fn asks_who(cx: &Cx<'_>, probe: &Probe) -> bool {
    let application = &cx.plan.application;
    let clauses = || application.endpoints[usize::from(probe.endpoint)].clauses.iter();
    !application.who.is_empty() && clauses().any(|clause| clause.when.who.is_some())
}

/// An admin state takes effect (LB-29). It works only on rules that have a probe.
pub(super) fn set_admin(world: &mut World, cx: &mut Cx<'_>, member: MemberId, to: AdminState, cause: Entry) {
    let row = &mut world.load_balancer.members[member.index()];
    if row.left || row.admin == to || matches!(row.view, View::Unprobed) || !cx.on(rules::LB_29) {
        return;
    }
    row.admin = to;
    let entry = cx.record(Fact::AdminStateSet { instance: row.instance, pool: row.pool, to }, cause, rules::LB_29);
    settle(world, cx, member, entry);
}

/// Whether a backend deserves new connections by itself, and by which rule.
fn fit(world: &World, cx: &Cx<'_>, member: MemberId) -> (bool, RuleId) {
    let row = &world.load_balancer.members[member.index()];
    match (row.admin, world.load_balancer.probed_up(member)) {
        // Whoever has no machine gets nothing, whatever anybody says of it (LB-12).
        _ if row.parked => (false, rules::LB_12),
        _ if row.draining => (false, rules::AG_06),
        _ if !super::probes(world, row.pool) => (false, rules::AG_14),
        (_, None) => {
            let runs = application::runs(world, row.instance) || parked::waits(world, cx, member);
            (cx.on(rules::LB_14) && runs, rules::LB_14)
        }
        (AdminState::Up, _) => (true, rules::LB_29),
        (AdminState::Down, _) => (false, rules::LB_29),
        (AdminState::None, Some(true)) if pipeline::is_due(world, cx, row.instance) => {
            (cx.on(rules::IN_02), rules::IN_02)
        }
        (AdminState::None, Some(up)) if gateway::looks_at(world, cx, member) => {
            (up, if up { rules::AG_03 } else { rules::AG_02 })
        }
        (AdminState::None, Some(true)) => (true, rules::LB_16),
        (AdminState::None, Some(false)) => (false, rules::LB_17),
    }
}

/// Looks at a backend that may deserve otherwise now, and at its pool, which may fail open or cease to (LB-20).
pub(super) fn settle(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let (fits, rule) = fit(world, cx, member);
    let row = &mut world.load_balancer.members[member.index()];
    let pool = row.pool;
    if row.fit != fits {
        row.fit = fits;
        let count = &mut world.load_balancer.pools[pool.index()].fit;
        *count = if fits { *count + 1 } else { *count - 1 };
    }
    if !settle_fail_open(world, cx, pool, cause) {
        rotate(world, cx, member, rule, cause);
    }
}

/// Puts a backend in or out of rotation.
fn rotate(world: &mut World, cx: &mut Cx<'_>, member: MemberId, rule: RuleId, cause: Entry) {
    let abandoned = connections::is_abandoned(world, world.load_balancer.members[member.index()].instance);
    let row = &mut world.load_balancer.members[member.index()];
    let state = &mut world.load_balancer.pools[row.pool.index()];
    let opened = state.failed_open && row.admin != AdminState::Down && !row.parked;
    let (wanted, rule) = if row.fit {
        (true, rule)
    } else if opened {
        (true, rules::LB_20)
    } else {
        (false, rule)
    };
    if row.in_rotation == wanted {
        return;
    }
    row.in_rotation = wanted;
    let (instance, pool) = (row.instance, row.pool);
    if wanted {
        state.in_rotation += 1;
    } else {
        state.in_rotation -= 1;
    }
    let (alone, last) = (state.members.len() == 1, state.in_rotation == 0);
    let keeps = state.keeps;
    let probed_up = world.load_balancer.probed_up(member) == Some(true);
    let entry = if wanted {
        cx.record(Fact::InRotation { instance, pool, probed_up }, cause, rule)
    } else {
        let of_gateway = gateway::flows(cx, rule, (pool, keeps), last);
        let (flows, rule) = of_gateway.unwrap_or_else(|| flows(cx, rule, abandoned, (alone, last)));
        world.load_balancer.members[member.index()].flows = flows;
        cx.record(Fact::OutOfRotation { instance, pool, flows, probed_up }, cause, rule)
    };
    if connections::follows_rotation(world, cx, pool) {
        connections::remap(world, cx, pool, entry);
    }
}

/// What becomes of the established connections of a backend that is out of rotation but still there.
fn flows(cx: &mut Cx<'_>, rule: RuleId, abandoned: bool, (alone, last): (bool, bool)) -> (Flows, RuleId) {
    if rule == rules::LB_29 || rule == rules::LB_14 {
        return (Flows::Kept, rule);
    }
    if rule == rules::LB_12 {
        // A system that shuts down ends what is open; one that was taken away does not.
        return (if abandoned { Flows::Kept } else { Flows::Cut }, rule);
    }
    let keeps_alone = cx.assume(key::LbSingleBackendDownKeepsTcp);
    let (rule, kept) = if alone && cx.on(rules::LB_19) {
        (rules::LB_19, keeps_alone)
    } else if last {
        (rules::LB_18, cx.on(rules::LB_18))
    } else {
        (rules::LB_17, cx.on(rules::LB_17))
    };
    (if kept { Flows::Kept } else { Flows::Cut }, rule)
}

/// When every backend is probed down, `AllProbedUp` spreads new packets over all of them (LB-20). True if that began or
/// ended, and every backend was put in or out of rotation accordingly.
fn settle_fail_open(world: &mut World, cx: &mut Cx<'_>, pool: PoolId, cause: Entry) -> bool {
    let behaves = match cx.plan.pools[pool.index()].prober {
        Prober::Balancer => world.load_balancer.pools[pool.index()].all_probed_up && cx.on(rules::LB_20),
        // A world in which a gateway fails open.
        Prober::Gateway(_) => !cx.on(rules::AG_11),
    };
    let balancer = &mut world.load_balancer;
    let state = &mut balancer.pools[pool.index()];
    let open = behaves && state.fit == 0 && state.members.iter().any(|at| !balancer.members[at.index()].parked);
    if open == state.failed_open {
        return false;
    }
    state.failed_open = open;
    let members = state.members.clone();
    let fact = if open { Fact::FailOpenStarted { pool } } else { Fact::FailOpenEnded { pool } };
    let entry = cx.record(fact, cause, rules::LB_20);
    let ends = open && cx.plan.keeps_connections() && !cx.assume(key::LbAllProbedUpKeepsTcp);
    for member in members {
        if ends {
            let instance = world.load_balancer.members[member.index()].instance;
            let leading = cx.plan.leading_to(pool).map(|(id, _)| id);
            for entry_point in leading.filter(|id| leads(world, *id) == Some(pool)) {
                cx.record(connections::closed(cx.plan, entry_point, instance, pool), entry, rules::LB_20);
            }
        }
        let rule = fit(world, cx, member).1;
        rotate(world, cx, member, rule, entry);
    }
    true
}

/// A backend leaves its pool for good: its connections go with it, without any grace (LB-23).
pub(super) fn remove(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let row = &mut world.load_balancer.members[member.index()];
    if row.left {
        return;
    }
    row.left = true;
    row.epoch += 1;
    let (instance, pool) = (row.instance, row.pool);
    connections::look(world, cx, member, (CameBack::No, cause));
    let row = &mut world.load_balancer.members[member.index()];
    let by = if row.draining { rules::AG_06 } else { rules::LB_23 };
    // What hangs goes on hanging: there is nobody left to end it.
    row.flows = if cx.on(rules::LB_23) && !row.hung { Flows::Cut } else { Flows::Kept };
    let (was_fit, was_in) = (std::mem::take(&mut row.fit), std::mem::take(&mut row.in_rotation));
    let state = &mut world.load_balancer.pools[pool.index()];
    state.members.retain(|&other| other != member);
    state.fit -= u32::from(was_fit);
    state.in_rotation -= u32::from(was_in);
    let stays = application::exists(world, instance) && !members::is_wanted(world, cx, instance, pool);
    let by = if stays { rules::VS_12 } else { by };
    let entry = cx.record(Fact::LeftPool { instance, pool }, cause, by);
    connections::remap(world, cx, pool, entry);
    settle_fail_open(world, cx, pool, entry);
}

// Verbs.

/// Writes the admin state of an instance in all its pools; it takes effect when the control plane has spread it.
pub fn write_admin(world: &World, cx: &mut Cx<'_>, instance: InstanceId, to: AdminState, cause: Entry) {
    let delay = super::propagation(world, cx);
    for member in world.load_balancer.of(instance) {
        if gateway::looks_at(world, cx, member) {
            continue;
        }
        cx.after(delay, Event::Balancer(ControlEvent::Admin { member, to, cause }));
    }
}
