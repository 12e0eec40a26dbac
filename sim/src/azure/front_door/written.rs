//! Origins that are written during a run (AFD-07).
//!
//! A write reaches each edge site in its own time, within minutes; until then the site goes on as before. While a write of a profile is
//! under way the next one waits.

use super::Event;
use crate::demand::faults;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::SimDuration;
use crate::plan::{Change, OriginSetting, Plan};
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::ids::{ActionId, Entry, FrontDoorId};

/// What a write changes of the origins of a route.
pub(super) fn changes<'p>(
    world: &World,
    plan: &'p Plan,
    action: ActionId,
    of: FrontDoorId,
) -> impl Iterator<Item = (u16, OriginSetting)> + use<'p> {
    world.timeline.outcome(plan, action).changes.iter().filter_map(move |change| match change {
        Change::Origin { front_door, origin, setting } if *front_door == of.0 => Some((*origin, *setting)),
        Change::Origin { .. }
        | Change::Probe { .. }
        | Change::Profile { .. }
        | Change::Setting { .. }
        | Change::Gateway { .. }
        | Change::Rule { .. } => None,
    })
}

// Verbs.

/// Somebody writes to a profile: it takes effect at each edge site when it has got there.
pub fn write(world: &mut World, cx: &mut Cx<'_>, action: ActionId, cause: Entry) {
    let touched = |door: &FrontDoorId| changes(world, cx.plan, action, *door).next().is_some();
    let doors: Vec<FrontDoorId> = (0..world.front_door.doors.len() as u16).map(FrontDoorId).filter(touched).collect();
    let Some(first) = doors.first() else { return };
    let profile = &cx.plan.front_doors[first.index()].profile;
    let lead = cx.plan.front_doors.iter().position(|door| door.profile == *profile).unwrap_or_default();
    let begins = world.front_door.doors[lead].busy.max(cx.now());
    let propagation = cx.assume(key::FrontDoorPropagation);
    let act = name(&cx.plan.timeline[action.index()].name);
    let mut sites = Vec::new();
    for front_door in doors {
        let of = name(&format!("{profile}/{}", cx.plan.front_doors[front_door.index()].route));
        for edge in 0..world.front_door.doors[front_door.index()].edges.len() as u32 {
            let subject = Subject { place: of, cause: act, ordinal: edge };
            let takes = cx.draw(Purpose::EdgeConfigured, subject, action.0.into(), &propagation);
            let takes = if cx.on(rules::AFD_07) { faults::stretched(world, cx, takes) } else { SimDuration::ZERO };
            sites.push((begins + takes, front_door, edge as u8));
        }
    }
    for (at, front_door, edge) in &sites {
        let later = |other: &(_, FrontDoorId, u8)| other.1 == *front_door && (other.0, other.2) > (*at, *edge);
        let last = !sites.iter().any(later);
        let event = Event { action, front_door: *front_door, edge: *edge, last, cause };
        cx.at(*at, Due::FrontDoor(event));
    }
    world.front_door.doors[lead].busy = sites.iter().map(|(at, ..)| *at).max().unwrap_or(begins);
}
