//! Events of others: every guest of a placement group reads them, whatever its zone, and is to pass them over (SE-07, TN-10).
//! One that does not drains for each of them, and approves it for all.

use super::{Event, drain, drain_less, is_moot, is_open, next_query};
use crate::azure::instances;
use crate::demand::application;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, NoticeFact};
use crate::world::ids::{Entry, InstanceId};

/// An event was raised: whoever of the placement group does not filter sees it too, when it next asks.
pub(super) fn spread(world: &World, cx: &mut Cx<'_>, id: u32) {
    if !cx.plan.application.events.as_ref().is_some_and(|listener| listener.unfiltered) {
        return;
    }
    let of = world.scheduled_events.notices[id as usize].instance;
    let row = &world.instances.rows[of.index()];
    for &by in &world.scale_set.sets[row.set.index()].instances {
        let other = &world.instances.rows[by.index()];
        if by == of || other.at.group != row.at.group || !instances::is_present(other) {
            continue;
        }
        if let Some(at) = next_query(world, cx, by) {
            cx.at(at, Due::Notice(Event::ForeignSeen { notice: id, by }));
        }
    }
}

/// The application on another instance asks: it drains, and approves when it is done.
pub(super) fn act(world: &mut World, cx: &mut Cx<'_>, id: u32, by: InstanceId) {
    let Some(listener) = &cx.plan.application.events else { return };
    let notice = world.scheduled_events.notices[id as usize];
    let (of, kind) = (notice.instance, notice.kind);
    let acts = listener.on & 1 << kind.as_read() as u8 != 0;
    if !acts || !is_open(world, id) || is_moot(world, id) || !application::asks(world, cx, by) {
        return;
    }
    let zone = |instance: InstanceId| world.instances.rows[instance.index()].at.zone;
    let rule = if zone(of) == zone(by) { rules::TN_10 } else { rules::SE_07 };
    if !cx.on(rule) {
        return;
    }
    cx.record(Fact::Notice(NoticeFact::ForeignSeen { instance: by, of, kind }), notice.raised, rule);
    world.scheduled_events.foreign.push((id, by));
    drain(world, by);
    if let Some(after) = listener.approve_after {
        cx.after(after, Due::Notice(Event::Agreed { notice: id, by }));
    }
}

/// The event is gone, or what it announced is done: nobody drains for it any more.
pub(super) fn forget(world: &mut World, cx: &mut Cx<'_>, id: u32, cause: Entry) {
    let notice = world.scheduled_events.notices[id as usize];
    let mut who = std::mem::take(&mut world.scheduled_events.foreign);
    who.retain(|&(of, by)| {
        if of == id {
            let fact = NoticeFact::ForeignEnded { instance: by, of: notice.instance, kind: notice.kind };
            cx.record(Fact::Notice(fact), cause, rules::SE_07);
            drain_less(world, by);
        }
        of != id
    });
    world.scheduled_events.foreign = who;
}
