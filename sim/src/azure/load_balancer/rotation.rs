//! Rotation: which backends get new connections, and what becomes of the established ones.

use super::observer::Flip;
use super::{MemberId, View};
use crate::demand::application;
use crate::rules::{self, A, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{AdminState, Fact, Flows};
use crate::world::ids::Entry;

/// The probe changed the balancer's mind about a backend.
pub(super) fn probed(world: &mut World, cx: &mut Cx<'_>, member: MemberId, flip: Flip) {
    let row = &world.load_balancer.members[member.index()];
    let (instance, pool) = (row.instance, row.pool);
    let entry = match flip.result {
        Ok(()) => cx.say(Fact::ProbeUp { instance, pool }, flip.cause, rules::LB_08),
        Err(why) => {
            let rule = match why {
                super::ProbeFailure::Refused => rules::LB_05,
                super::ProbeFailure::Silent => rules::LB_09,
            };
            cx.say(Fact::ProbeDown { instance, pool, why }, flip.cause, rule)
        }
    };
    settle(world, cx, member, entry);
}

/// An admin state takes effect (LB-29). It works only on rules that have a probe.
pub(super) fn set_admin(world: &mut World, cx: &mut Cx<'_>, member: MemberId, to: AdminState, cause: Entry) {
    let row = &mut world.load_balancer.members[member.index()];
    if row.left || row.admin == to || matches!(row.view, View::Unprobed) || !cx.on(rules::LB_29) {
        return;
    }
    row.admin = to;
    let entry = cx.say(Fact::AdminStateSet { instance: row.instance, pool: row.pool, to }, cause, rules::LB_29);
    settle(world, cx, member, entry);
}

/// Whether new connections may go to a backend, and by which rule.
fn eligible(world: &World, cx: &Cx<'_>, member: MemberId) -> (bool, RuleId) {
    let row = &world.load_balancer.members[member.index()];
    if row.left {
        return (false, rules::LB_23);
    }
    match (row.admin, world.load_balancer.probed_up(member)) {
        (_, None) => (cx.on(rules::LB_14) && application::runs(world, row.instance), rules::LB_14),
        (AdminState::Up, _) => (true, rules::LB_29),
        (AdminState::Down, _) => (false, rules::LB_29),
        (AdminState::None, Some(true)) => (true, rules::LB_16),
        (AdminState::None, Some(false)) => (false, rules::LB_17),
    }
}

/// Puts a backend in or out of rotation, as it deserves now.
pub(super) fn settle(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let (wanted, rule) = eligible(world, cx, member);
    let row = &mut world.load_balancer.members[member.index()];
    if row.in_rotation == wanted {
        return;
    }
    row.in_rotation = wanted;
    let (instance, pool) = (row.instance, row.pool);
    let state = &mut world.load_balancer.pools[pool.index()];
    let entry = if wanted {
        state.in_rotation += 1;
        cx.say(Fact::InRotation { instance, pool }, cause, rule)
    } else {
        state.in_rotation -= 1;
        let (alone, last) = (state.members.len() == 1, state.in_rotation == 0);
        let (flows, rule) = flows(cx, rule, alone, last);
        cx.say(Fact::OutOfRotation { instance, pool, flows }, cause, rule)
    };
    settle_fail_open(world, cx, member, entry);
}

/// What becomes of the established connections of a backend that is out of rotation but still there.
fn flows(cx: &mut Cx<'_>, rule: RuleId, alone: bool, last: bool) -> (Flows, RuleId) {
    if rule == rules::LB_29 || rule == rules::LB_14 {
        return (Flows::Kept, rule);
    }
    let keeps_alone = cx.plan.assumptions.switch(cx.assume(A::LbSingleBackendDownKeepsTcp));
    let (rule, kept) = if alone && cx.on(rules::LB_19) {
        (rules::LB_19, keeps_alone)
    } else if last {
        (rules::LB_18, cx.on(rules::LB_18))
    } else {
        (rules::LB_17, cx.on(rules::LB_17))
    };
    (if kept { Flows::Kept } else { Flows::Cut }, rule)
}

/// When every backend is probed down, `AllProbedUp` spreads new packets over all of them (LB-20).
fn settle_fail_open(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let pool = world.load_balancer.members[member.index()].pool;
    let behaves = cx.plan.pools[pool.index()].all_probed_up && cx.on(rules::LB_20);
    let state = &mut world.load_balancer.pools[pool.index()];
    let open = behaves && state.in_rotation == 0 && !state.members.is_empty();
    if open != state.failed_open {
        state.failed_open = open;
        let fact = if open { Fact::FailedOpen { pool } } else { Fact::FailedOpenEnded { pool } };
        cx.say(fact, cause, rules::LB_20);
    }
}

/// A backend leaves its pool for good: its connections go with it (LB-23).
pub(super) fn remove(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let row = &mut world.load_balancer.members[member.index()];
    if row.left {
        return;
    }
    row.left = true;
    row.epoch += 1;
    let (instance, pool, was_in) = (row.instance, row.pool, std::mem::take(&mut row.in_rotation));
    let state = &mut world.load_balancer.pools[pool.index()];
    state.members.retain(|&other| other != member);
    if was_in {
        state.in_rotation -= 1;
    }
    let entry = cx.say(Fact::LeftPool { instance, pool }, cause, rules::LB_23);
    settle_fail_open(world, cx, member, entry);
}
