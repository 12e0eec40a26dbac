//! Where the users of a name are led, and which instance of a gateway takes which part of the requests of a listener.

use super::{Part, settle, settle_names};
use crate::azure::load_balancer;
use crate::engine::time::SimTime;
use crate::plan::{Plan, Segment, Share, WHOLE};
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, FlowFact};
use crate::world::ids::{Entry, EntryPointId, GatewayId};
use std::collections::BTreeMap;

/// Leads users of a name to these entry points and no others, so many billionths of them to each, by a rule.
pub fn route(
    world: &mut World,
    cx: &mut Cx<'_>,
    name: EntryPointId,
    to: &BTreeMap<EntryPointId, Share>,
    (cause, rule): (Entry, RuleId),
) {
    let Some(traffic) = &cx.plan.entry_point(name).traffic else { return };
    let mut last = cause;
    let mut led = Vec::new();
    for (id, routed) in cx.plan.routed_from(name) {
        let instances = match cx.plan.scaling(id) {
            Some((gateway, _)) if !cx.plan.entry_point(id).is_name() => load_balancer::instances(world, gateway),
            _ => routed.part.1,
        };
        let share = routed.part_of(to.get(&EntryPointId(routed.to)).copied().unwrap_or(0), instances);
        let scale = f64::from(share) / f64::from(WHOLE);
        let part = |of: &Segment| Segment { start: of.start, rps: of.rps * scale, slope: of.slope * scale };
        let routed = &mut world.traffic.routed[id.index()];
        if routed.share == share {
            continue;
        }
        let at_start = if cx.now() == SimTime::ZERO { share } else { routed.at_start };
        *routed = Part { share, at_start, demand: traffic.demand.iter().map(part).collect() };
        last = cx.record(Fact::Flow(FlowFact::Routed { to: id, share }), cause, rule);
        led.push((id, last));
    }
    for (id, entry) in led {
        if cx.plan.entry_point(id).is_name() {
            route_parts(world, cx, id, (entry, rules::AG_04));
        } else {
            settle(world, cx, id, entry);
        }
    }
    settle_names(world, cx, name, last);
}

/// Leads the requests of a listener, or what of those of a name comes there, to the instances of its gateway.
pub(super) fn route_parts(world: &mut World, cx: &mut Cx<'_>, listener: EntryPointId, by: (Entry, RuleId)) {
    let all = whole(world, cx.plan, listener);
    let parts = cx.plan.routed_from(listener).map(|(_, routed)| (EntryPointId(routed.to), all)).collect();
    route(world, cx, listener, &parts, by);
}

/// The share of its traffic that a name has to lead on: of users of another one, those that come here.
pub(super) fn whole(world: &World, plan: &Plan, name: EntryPointId) -> Share {
    match plan.entry_point(name).routed {
        Some(_) => world.traffic.routed[name.index()].share,
        None => WHOLE,
    }
}

/// The count of the instances of a gateway is another one: what was led to it is spread over as many.
pub fn spread(world: &mut World, cx: &mut Cx<'_>, gateway: GatewayId, by: (Entry, RuleId)) {
    let plan = cx.plan;
    let parts = plan.entries().filter(|(id, _)| plan.is_of(*id, gateway));
    let mut from: Vec<u16> = parts.filter_map(|(_, entry)| Some(entry.routed?.from)).collect();
    from.sort_unstable();
    from.dedup();
    for name in from.into_iter().map(EntryPointId) {
        if plan.entry_point(name).gateway.is_some() {
            route_parts(world, cx, name, by);
            continue;
        }
        let mut to: BTreeMap<EntryPointId, Share> = BTreeMap::new();
        for (id, routed) in plan.routed_from(name) {
            *to.entry(EntryPointId(routed.to)).or_default() += world.traffic.routed[id.index()].share;
        }
        route(world, cx, name, &to, by);
    }
}

/// What is sent to an entry point: all that its users send, or what of that is led there.
#[must_use]
pub fn sent<'w>(world: &'w World, plan: &'w Plan, entry_point: EntryPointId) -> &'w [Segment] {
    let entry = plan.entry_point(entry_point);
    match entry.routed {
        Some(_) => &world.traffic.routed[entry_point.index()].demand,
        None => {
            match world.traffic.again.get(entry_point.index()).and_then(Option::as_ref).and_then(|of| of.demand()) {
                Some(with_retries) => with_retries,
                None => entry.traffic.as_ref().map_or(&[], |traffic| &traffic.demand),
            }
        }
    }
}

/// Requests a second that are sent to an entry point again, since they failed before (WT-19).
#[must_use]
pub fn again(world: &World, entry_point: EntryPointId) -> f64 {
    world.traffic.again.get(entry_point.index()).and_then(Option::as_ref).map_or(0.0, |of| of.rps())
}

/// The share of its traffic that an entry point gets: all, where its users are its own.
#[must_use]
pub fn share(world: &World, cx: &Cx<'_>, entry_point: EntryPointId) -> f64 {
    match cx.plan.entry_point(entry_point).routed {
        Some(_) => f64::from(world.traffic.routed[entry_point.index()].share) / f64::from(WHOLE),
        None => 1.0,
    }
}

/// The share of the users of a name that each entry point had at the start of the run; nothing without names.
#[must_use]
pub fn shares_at_start(world: &World) -> Vec<f64> {
    world.traffic.routed.iter().map(|part| f64::from(part.at_start) / f64::from(WHOLE)).collect()
}
