//! Profiles that are written during a run, as their places see it.
//!
//! Rules: TM-11. The next probe goes out when it would have gone out, and asks as was written. Where the interval is another one, or
//! nobody probed an endpoint before, its places begin anew, each in a phase of its own; what was on its way is forgotten.

use super::place::Opinion;
use super::{ERAS, Event, View, go_on, observe, pace, parts, places, planned};
use crate::azure::traffic_manager;
use crate::engine::time::SimTime;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::ids::{ActionId, Entry, TargetId};

/// A write counts from now on.
pub(super) fn counts(world: &mut World, cx: &mut Cx<'_>, action: ActionId, cause: Entry) {
    let endpoints = traffic_manager::configure(world, cx, action, cause);
    for &(id, cause) in &endpoints {
        probe_otherwise(world, cx, id, cause);
    }
    traffic_manager::look(world, cx, &endpoints);
}

/// An endpoint is probed as its profile has it now.
fn probe_otherwise(world: &mut World, cx: &mut Cx<'_>, id: TargetId, cause: Entry) {
    let of = planned(world, cx.plan, id);
    let (count, (to, timeout)) = (places(cx, of), pace(cx, of));
    let row = &mut world.outside_probes.targets[id.index()];
    let (held, before): (Vec<Opinion>, _) = (row.places.iter().map(View::opinion).collect(), row.pace);
    row.timeout = timeout;
    (row.parts, row.is_gateway) = parts(cx.plan, of);
    if count == held.len() && to.interval == before.interval {
        return go_on(world, cx, id, to, cause);
    }
    row.pace = to;
    row.era = (row.era + 1) % ERAS;
    row.places.clear();
    match (count, held.is_empty()) {
        (0, _) => row.reply = None,
        (_, true) => observe(world, cx, id, of, &vec![Opinion::None; count], cause),
        (_, false) => observe(world, cx, id, of, &held, cause),
    }
}

// Verbs.

/// Somebody writes to profiles of Traffic Manager: that counts from this instant on.
pub fn write(_: &mut World, cx: &mut Cx<'_>, action: ActionId, at: SimTime, cause: Entry) {
    cx.at(at, Due::OutsideProbes(Event::Written { action, cause }));
}
