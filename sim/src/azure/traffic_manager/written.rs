//! Profiles that are written during a run.
//!
//! Rules: TM-11. From when a write is through the name answers by what was written, and gives its answers the TTL that was written: what
//! a resolver holds it keeps for as long as it was given for. What the places hold of an endpoint they hold until a result says
//! otherwise; one that was not probed before is given out until its first result is in.

use super::{answers, resolvers};
use crate::plan::{Change, Plan, Profile, ProfileEndpoint};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, NameFact};
use crate::world::ids::{ActionId, Entry, ProfileId, TargetId};

/// A profile, as it is now.
#[must_use]
pub fn profile<'p>(world: &World, plan: &'p Plan, id: ProfileId) -> &'p Profile {
    match world.traffic_manager.profiles[id.index()].written {
        None => &plan.profiles[id.index()],
        Some(by) => written(world, plan, by).0,
    }
}

/// An endpoint with its profile, as both are now.
#[must_use]
pub fn endpoint<'p>(world: &World, plan: &'p Plan, id: TargetId) -> (&'p Profile, &'p ProfileEndpoint) {
    let row = &world.traffic_manager.endpoints[id.index()];
    let profile = profile(world, plan, row.profile);
    (profile, &profile.endpoints[usize::from(row.number)])
}

/// The endpoints of a profile in the order in which users get them who ask for a name, by the place of their group there.
pub(super) fn order<'p>(world: &World, plan: &'p Plan, of: ProfileId, (name, group): (ProfileId, usize)) -> &'p [u16] {
    match world.traffic_manager.profiles[of.index()].written {
        None => &plan.profiles[name.index()].users[group].order[of.index()],
        Some(by) => &written(world, plan, by).1[name.index()][group],
    }
}

/// A profile as a write has it, and what it answers.
fn written<'p>(world: &World, plan: &'p Plan, (action, change): (ActionId, u8)) -> (&'p Profile, &'p [Vec<Vec<u16>>]) {
    let changes = &world.timeline.outcome(plan, action).changes;
    let Change::Profile { now, orders, .. } = &changes[usize::from(change)] else {
        unreachable!("a profile is written by a change of it")
    };
    (now, orders)
}

/// The profiles that a write changes, each with the place of its change.
fn changed(world: &World, plan: &Plan, action: ActionId) -> Vec<(u8, ProfileId)> {
    let changes = (0_u8..).zip(&world.timeline.outcome(plan, action).changes);
    let of_profile = |(at, change): (u8, &Change)| match change {
        Change::Profile { profile, .. } => Some((at, ProfileId(*profile))),
        Change::Origin { .. }
        | Change::Probe { .. }
        | Change::Setting { .. }
        | Change::Gateway { .. }
        | Change::Rule { .. } => None,
    };
    changes.filter_map(of_profile).collect()
}

// Verbs.

/// A write is through: its profiles are as it has them. The endpoints that they have are to be probed by that now.
pub fn configure(world: &mut World, cx: &mut Cx<'_>, action: ActionId, cause: Entry) -> Vec<(TargetId, Entry)> {
    let mut endpoints = Vec::new();
    for (at, id) in changed(world, cx.plan, action) {
        let before = profile(world, cx.plan, id).ttl;
        world.traffic_manager.profiles[id.index()].written = Some((action, at));
        let entry = cx.record(Fact::Name(NameFact::ProfileWritten { profile: id }), cause, rules::TM_11);
        let now = profile(world, cx.plan, id);
        if now.ttl != before {
            resolvers::keep_from_now(world, cx, id);
        }
        endpoints.extend((0..now.endpoints.len()).map(|number| (world.traffic_manager.id(id, number as u16), entry)));
    }
    endpoints
}

/// The places probe by what was written: looks at what it makes of each endpoint, and of the names.
pub fn look(world: &mut World, cx: &mut Cx<'_>, endpoints: &[(TargetId, Entry)]) {
    let Some((_, cause)) = endpoints.last().copied() else { return };
    for &(endpoint, cause) in endpoints {
        let to = answers::status(world, cx, endpoint);
        let row = &mut world.traffic_manager.endpoints[endpoint.index()];
        if row.status != to {
            row.status = to;
            cx.record(Fact::Name(NameFact::EndpointStatus { endpoint, to }), cause, rules::TM_11);
        }
    }
    answers::nested(world, cx, cause);
    resolvers::look(world, cx, cause);
}
