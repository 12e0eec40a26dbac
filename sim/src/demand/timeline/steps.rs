//! Acts in sequence: each begins when the one before has returned, and whoever does them may die between two of them.
//!
//! Rules: VS-03. A write returns when the control plane says so (`arm.write`), which need not be when it takes effect.

use super::Event;
use crate::azure::load_balancer;
use crate::demand::faults;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, Plan, SpotAct, Steps, Write};
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, WriteFact};
use crate::world::ids::{ActionId, Entry};

/// The first step begins, where there is one before whoever does them dies.
pub(super) fn begin(cx: &mut Cx<'_>, action: ActionId, steps: Steps, cause: Entry) {
    go_on(cx, (action, steps), 0, cause);
}

/// So many steps are done, and the next begins.
fn go_on(cx: &mut Cx<'_>, (action, steps): (ActionId, Steps), done: u32, cause: Entry) {
    if steps.dies_after.is_some_and(|most| done >= most) && done < steps.count {
        let fact = WriteFact::Died { action, done, steps: steps.count };
        cx.record(Fact::Write(fact), cause, rules::VS_03);
    } else if done < steps.count {
        let action = ActionId(steps.first + done);
        cx.at(cx.now(), Due::Timeline(Event::Step { action, cause }));
    }
}

/// An act has begun: puts on the queue when it returns, where that takes time or a next step waits for it.
pub(super) fn returns(world: &World, cx: &mut Cx<'_>, action: ActionId, cause: Entry) {
    let planned = &cx.plan.timeline[action.index()];
    let is_step = planned.at == SimTime::FAR;
    let length = match &planned.what {
        Act::Wait(length) => *length,
        Act::Write(Write { gateway: Some(tier), .. }) if world.timeline.outcome(cx.plan, action).refusal.is_none() => {
            load_balancer::gateway_written(world, cx, *tier, &planned.name)
        }
        Act::Write(_) => write(world, cx, &planned.name),
        _ if !is_step => return,
        Act::ChangeModel { .. }
        | Act::SetCapacity { .. }
        | Act::Spot(SpotAct::SetMix { .. })
        | Act::RefusedWrite { .. } => write(world, cx, &planned.name),
        _ => SimDuration::ZERO,
    };
    // In a world without VS-03 all of them are one.
    let length = if is_step && !cx.on(rules::VS_03) { SimDuration::ZERO } else { length };
    cx.after(length, Due::Timeline(Event::Returns { action, cause }));
}

/// How long the control plane takes with a write.
pub(super) fn write(world: &World, cx: &mut Cx<'_>, of: &str) -> SimDuration {
    let dist = cx.assume(key::ArmWrite);
    let length = cx.draw(Purpose::Write, Subject { place: name(of), cause: 0, ordinal: 0 }, 0, &dist);
    faults::stretched(world, cx, length)
}

/// An act returns.
pub(super) fn returned(cx: &mut Cx<'_>, action: ActionId, cause: Entry) {
    let entry = match cx.plan.timeline[action.index()].what {
        Act::Wait(_) => cause,
        _ => cx.record(Fact::Write(WriteFact::Returned { action }), cause, rules::VS_03),
    };
    if let Some((first, steps)) = sequence(cx.plan, action) {
        go_on(cx, (first, steps), action.0 - steps.first + 1, entry);
    }
}

/// The entry whose steps an act is one of.
fn sequence(plan: &Plan, action: ActionId) -> Option<(ActionId, Steps)> {
    plan.timeline.iter().enumerate().find_map(|(at, planned)| match planned.what {
        Act::Steps(steps) if (steps.first..steps.first + steps.count).contains(&action.0) => {
            Some((ActionId(at as u32), steps))
        }
        _ => None,
    })
}
