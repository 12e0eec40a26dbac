//! What a name answers: the status of each endpoint, and the choice of the routing method among those that are available.

use super::written::{self, order};
use crate::azure::outside_probes::place::Opinion;
use crate::plan::{LeadsTo, RoutingMethod, Share, WHOLE, split};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, MonitorStatus, NameFact};
use crate::world::ids::{Entry, EntryPointId, ProfileId, TargetId};

/// What a name answers: where its users are led, and which share of them. What is missing of the whole gets no answer.
pub type Answer = Vec<(EntryPointId, Share)>;

/// `endpointMonitorStatus` of an endpoint, by what the places hold of it or what is below it.
pub(super) fn status(world: &World, cx: &Cx<'_>, id: TargetId) -> MonitorStatus {
    let room = &world.traffic_manager;
    let (profile, endpoint) = written::endpoint(world, cx.plan, id);
    if !endpoint.enabled {
        return MonitorStatus::Disabled;
    }
    if !profile.enabled {
        return MonitorStatus::Inactive;
    }
    if let LeadsTo::Nested { child, least } = endpoint.target {
        return nested_status(world, cx, ProfileId(child), least);
    }
    if endpoint.always_serve {
        return MonitorStatus::Unmonitored;
    }
    let holding = |opinion: Opinion| world.outside_probes.opinions(id).filter(|of| *of == opinion).count();
    match () {
        () if holding(Opinion::Bad) >= room.agree => MonitorStatus::Degraded,
        () if holding(Opinion::Good) + holding(Opinion::Bad) > 0 => MonitorStatus::Online,
        () => MonitorStatus::CheckingEndpoint,
    }
}

/// The status of an endpoint that is another profile: whether enough of that profile's endpoints are available.
fn nested_status(world: &World, cx: &Cx<'_>, child: ProfileId, least: u32) -> MonitorStatus {
    let below = written::profile(world, cx.plan, child);
    let statuses = || (0..below.endpoints.len()).map(|number| world.traffic_manager.status(child, number as u16));
    let online = statuses().filter(|of| matches!(of, MonitorStatus::Online | MonitorStatus::Unmonitored)).count();
    let checking = statuses().filter(|of| *of == MonitorStatus::CheckingEndpoint).count();
    let idle = |of: MonitorStatus| matches!(of, MonitorStatus::Disabled | MonitorStatus::Stopped);
    match least as usize {
        _ if !below.enabled || statuses().all(idle) => MonitorStatus::Stopped,
        least if online >= least => MonitorStatus::Online,
        least if online + checking >= least => MonitorStatus::CheckingEndpoint,
        _ => MonitorStatus::Degraded,
    }
}

/// Brings the endpoints that are other profiles up to date, and says which profiles have no endpoint that is available. A profile
/// comes before those that it is nested in, however deep, after as many looks as there are profiles.
pub(super) fn nested(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for _ in 0..cx.plan.profiles.len() {
        let mut moved = false;
        for at in 0..world.traffic_manager.endpoints.len() {
            let endpoint = TargetId(at as u16);
            let to = status(world, cx, endpoint);
            if world.traffic_manager.endpoints[at].status != to {
                world.traffic_manager.endpoints[at].status = to;
                cx.record(Fact::Name(NameFact::EndpointStatus { endpoint, to }), cause, rules::TM_08);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    for at in 0..cx.plan.profiles.len() {
        let profile = ProfileId(at as u16);
        let is = fails_open(world, cx, profile);
        let state = &mut world.traffic_manager.profiles[at];
        if state.failed_open != is {
            state.failed_open = is;
            let fact = if is { NameFact::FailedOpen { profile } } else { NameFact::FailOpenEnded { profile } };
            cx.record(Fact::Name(fact), cause, rules::TM_08);
        }
    }
}

/// Whether no endpoint of a profile is available, and those that are probed are taken as if they were (TM-08).
fn fails_open(world: &World, cx: &Cx<'_>, profile: ProfileId) -> bool {
    let of = written::profile(world, cx.plan, profile);
    let any = |is: fn(MonitorStatus) -> bool| {
        (0..of.endpoints.len()).any(|number| is(world.traffic_manager.status(profile, number as u16)))
    };
    cx.on(rules::TM_08) && of.enabled && !any(is_available) && any(|status| status == MonitorStatus::Degraded)
}

/// Whether an endpoint with this status is given out. One whose first probe is not answered yet is (TM-08).
const fn is_available(status: MonitorStatus) -> bool {
    matches!(status, MonitorStatus::Online | MonitorStatus::CheckingEndpoint | MonitorStatus::Unmonitored)
}

/// What the users of one of the groups get who ask for a name; where they are led several ways, the shares stand one by one.
pub(super) fn answer(world: &World, cx: &Cx<'_>, name: ProfileId, group: usize) -> Answer {
    let mut answer = Answer::new();
    add(world, cx, name, (name, group), WHOLE, &mut answer);
    answer
}

/// A group of the users of a name: the profile of the name, and the place of the group there.
type Group = (ProfileId, usize);

/// Adds what a share of them gets from a profile, and from those below it.
fn add(world: &World, cx: &Cx<'_>, id: ProfileId, group: Group, share: Share, answer: &mut Answer) {
    let profile = written::profile(world, cx.plan, id);
    if !profile.enabled {
        return;
    }
    for (number, share) in chosen(world, cx, id, group, share) {
        match profile.endpoints[usize::from(number)].target {
            LeadsTo::EntryPoint(to) => answer.push((EntryPointId(to), share)),
            LeadsTo::Nested { child, .. } => add(world, cx, ProfileId(child), group, share, answer),
        }
    }
}

/// The endpoints that a profile gives out, each to a share of those who ask.
fn chosen(world: &World, cx: &Cx<'_>, id: ProfileId, group: Group, share: Share) -> Vec<(u16, Share)> {
    let room = &world.traffic_manager;
    let (profile, order) = (written::profile(world, cx.plan, id), order(world, cx.plan, id, group));
    let open = room.profiles[id.index()].failed_open;
    let given = |number: &u16| {
        let status = room.status(id, *number);
        is_available(status) || open && status == MonitorStatus::Degraded
    };
    let available: Vec<u16> = order.iter().copied().filter(given).collect();
    let even = |of: &[u16]| split(of.iter().map(|number| (*number, 1)), share);
    if !cx.on(rules::TM_10) {
        return even(&available);
    }
    match profile.method {
        RoutingMethod::Priority | RoutingMethod::Performance => even(&available[..available.len().min(1)]),
        RoutingMethod::Weighted => {
            let weight = |number: &u16| u64::from(profile.endpoints[usize::from(*number)].weight);
            split(available.iter().map(|number| (*number, weight(number))), share)
        }
        RoutingMethod::MultiValue => even(&available[..available.len().min(profile.max_return as usize)]),
        // Theirs is the one, whether it answers or not.
        RoutingMethod::Geographic | RoutingMethod::Subnet => {
            let theirs = |number: &&u16| given(number) || room.status(id, **number) == MonitorStatus::Degraded;
            even(order.iter().take(1).filter(theirs).copied().collect::<Vec<_>>().as_slice())
        }
    }
}
