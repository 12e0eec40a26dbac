//! Profiles of Traffic Manager: where each endpoint leads, how it is probed, and what is answered to users in each place.

use super::balancers::{Balancers, endpoint_of, never_good};
use super::keys::{traffic as key, user_group};
use super::traffic::own_name;
use super::{Context, Names, on_a_circle, outside, user_groups, write};
use crate::address::Address;
use crate::arm::reference::{reference_name, split_id};
use crate::arm::shape::TRAFFIC_MANAGER;
use crate::arm::shape::traffic_manager::{
    ALWAYS_SERVE, CODE_MAX, CODE_MIN, CODES, ENDPOINT_STATUS, ENDPOINTS, GEOGRAPHY, INTERVAL, LEAST_CHILDREN,
    MAX_RETURN, METHOD, MonitorProtocol, PATH, PORT, PRIORITY, PROFILE_STATUS, PROTOCOL, RESOURCE, SUBNETS, Switch,
    TOLERATED, TTL, WEIGHT,
};
use crate::problem::{About, Problem};
use crate::scenario::legality::traffic_manager::{self as legal, Block, ProfileFacts};
use crate::scenario::legality::{self, Legality};
use crate::tree::{Node, Span};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Application, Change, EntryPoint, Judging, LeadsTo, Monitor, ProbeProtocol, Profile, ProfileEndpoint, RoutingMethod,
    UserGroup,
};
use windtunnel_sim::rules;

/// Reads every profile, and adds the entry point of each to those of the balancers.
pub fn read(application: &mut Application, balancers: &mut Balancers, cx: &mut Context<'_>) -> Vec<Profile> {
    let resources: Vec<&Node> = cx.resources(TRAFFIC_MANAGER).collect();
    let names = names(&resources);
    let mut profiles = Vec::new();
    for resource in &resources {
        let Some(mut profile) = one((resource, &resources), &names, application, balancers, cx) else { continue };
        let given = port_given((&profile.name, &resources), cx);
        // What only a write adds is until then as what is disabled (TM-11).
        for node in write::added(resource, |of| ENDPOINTS.items(of).to_vec(), cx) {
            let endpoint = endpoint((&node, 0), (resource, given), &names, balancers, cx);
            profile.endpoints.extend(endpoint.map(|(_, of)| ProfileEndpoint { enabled: false, ..of }));
        }
        profiles.push(profile);
    }
    if profiles.len() < resources.len() || has_circle(&resources, &profiles, cx) {
        return Vec::new();
    }
    for profile in &mut profiles {
        profile.entry_point = u16::try_from(balancers.entry_points.len()).ok();
        balancers.entry_points.push(EntryPoint::name(&profile.name, None));
    }
    users(&resources, &mut profiles, cx);
    profiles
}

fn names(resources: &[&Node]) -> Names {
    Names(resources.iter().filter_map(|of| of.name()).map(str::to_owned).collect())
}

fn one(
    (resource, all): (&Node, &[&Node]),
    names: &Names,
    application: &mut Application,
    balancers: &Balancers,
    cx: &mut Context<'_>,
) -> Option<Profile> {
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    legality::check_ranges(resource, &RESOURCE, &mut say);
    legal::profile(ProfileFacts { resource, all }, &mut say);
    let is_tcp = PROTOCOL.value(resource) == MonitorProtocol::Tcp;
    let monitor = Monitor {
        protocol: if is_tcp { ProbeProtocol::Tcp } else { ProbeProtocol::Http },
        endpoint: if is_tcp { 0 } else { path(resource, application, cx)? },
        interval: SimDuration::from_secs(INTERVAL.value(resource).into()),
        timeout: SimDuration::from_secs(legal::timeout(resource).value.into()),
        judging: Judging::Tolerated(TOLERATED.value(resource)),
        good: codes(resource),
    };
    let given = port_given((resource.name().unwrap_or_default(), all), cx);
    let mut endpoints: Vec<(u32, ProfileEndpoint)> = Vec::new();
    for (at, node) in ENDPOINTS.items(resource).iter().enumerate() {
        endpoints.push(endpoint((node, at), (resource, given), names, balancers, cx)?);
    }
    if METHOD.value(resource) == RoutingMethod::Priority {
        endpoints.sort_by_key(|(priority, _)| *priority);
    }
    Some(Profile {
        name: resource.name()?.to_owned(),
        enabled: PROFILE_STATUS.value(resource) == Switch::Enabled,
        method: METHOD.value(resource),
        monitor,
        ttl: SimDuration::from_secs(TTL.value(resource).into()),
        max_return: MAX_RETURN.value(resource),
        endpoints: endpoints.into_iter().map(|(_, endpoint)| endpoint).collect(),
        users: Vec::new(),
        entry_point: None,
    })
}

/// The endpoint at this place of a profile, after its priority.
fn endpoint(
    (node, at): (&Node, usize),
    of: (&Node, Option<i64>),
    names: &Names,
    balancers: &Balancers,
    cx: &mut Context<'_>,
) -> Option<(u32, ProfileEndpoint)> {
    let (target, probed) = target(node, of, names, balancers, cx)?;
    let endpoint = ProfileEndpoint {
        name: node.name().unwrap_or("endpoint").to_owned(),
        target,
        probed,
        enabled: ENDPOINT_STATUS.value(node) == Switch::Enabled,
        always_serve: ALWAYS_SERVE.value(node) == Switch::Enabled,
        weight: WEIGHT.value(node),
    };
    // Azure gives those without a priority the next ones, in their order.
    Some((PRIORITY.or(node, at as u32 + 1).value, endpoint))
}

/// A profile as a write finds or leaves it, beside all of the file. Its endpoints stand as they stand in the plan: users come by the
/// port by which they came, and what is not there is as what is disabled.
pub fn again(
    resource: &Node,
    application: &mut Application,
    balancers: &Balancers,
    cx: &mut Context<'_>,
) -> Option<Written> {
    let all: Vec<&Node> = cx.resources(TRAFFIC_MANAGER).collect();
    let mut profile = one((resource, &all), &names(&all), application, balancers, cx)?;
    let id = balancers.profiles.iter().position(|of| of.name == profile.name)?;
    let first = &balancers.profiles[id];
    let place = |known: &ProfileEndpoint| profile.endpoints.iter().position(|now| now.name == known.name);
    let places: Vec<Option<usize>> = first.endpoints.iter().map(place).collect();
    let in_plan = |at: u16| places.iter().position(|place| *place == Some(at.into())).map(|at| at as u16);
    let of_group = |group: Option<&Node>| order(&profile, resource, group).into_iter().filter_map(in_plan).collect();
    let of_name = |name: &Profile| groups(&name.name, cx).into_iter().map(of_group).collect();
    let orders = balancers.profiles.iter().map(of_name).collect();
    let endpoints = places.iter().zip(&first.endpoints).map(|(place, known)| {
        let Some(place) = *place else { return ProfileEndpoint { enabled: false, ..known.clone() } };
        let now = &profile.endpoints[place];
        let target = match (known.target, now.target) {
            (LeadsTo::EntryPoint(_), _) => known.target,
            (LeadsTo::Nested { .. }, target) => target,
        };
        ProfileEndpoint { target, ..now.clone() }
    });
    profile.endpoints = endpoints.collect();
    Some(Written { id, now: Profile { entry_point: first.entry_point, ..profile }, orders })
}

/// A profile as a write has it.
#[derive(PartialEq)]
pub struct Written {
    /// Its place among all.
    id: usize,
    now: Profile,
    /// What it answers, by name and group of its users.
    orders: Vec<Vec<Vec<u16>>>,
}

/// The change to a profile as it is after a write. Says what its users must say so that it can choose, and do not.
pub fn change(written: Written, (at, balancers): (&Node, &Balancers), cx: &mut Context<'_>) -> Option<Change> {
    let Written { id, now, orders } = written;
    let mut profiles = balancers.profiles.clone();
    profiles[id] = now.clone();
    for (of, profile) in profiles.iter().enumerate() {
        let is_asked = outside::traffic_of(&profile.name, cx).is_some();
        if let Some(group) = missing(of, &profiles, &groups(&profile.name, cx)).filter(|_| is_asked) {
            unplaced((&profile.name, group), (&at.span, "this write"), cx);
            return None;
        }
    }
    Some(Change::Profile { profile: u16::try_from(id).ok()?, now: Box::new(now), orders })
}

/// What the scenario says of each group of the users of a name; of everybody nothing, where it does not tell them apart.
fn groups<'n>(name: &str, cx: &Context<'n>) -> Vec<Option<&'n Node>> {
    let groups = key::FROM.items(outside::traffic_of(name, cx));
    if groups.is_empty() { vec![None] } else { groups.iter().map(Some).collect() }
}

/// The endpoint of the application that HTTP probes ask for: the root where nothing is said.
fn path(resource: &Node, application: &mut Application, cx: &mut Context<'_>) -> Option<u16> {
    let root = Node::scalar(&resource.span, "/");
    let path = PATH.node(resource).unwrap_or(&root);
    let at = endpoint_of(path, "Traffic Manager", application, cx)?;
    let good = codes(resource);
    let is_good = |status| good.iter().any(|(least, most)| (least..=most).contains(&&status));
    never_good(path, &application.endpoints[usize::from(at)], is_good, cx);
    Some(at)
}

/// The status codes that are good answers: 200 alone where nothing is said.
fn codes(resource: &Node) -> Vec<(u16, u16)> {
    let items = CODES.items(resource);
    let code = |value: u32| u16::try_from(value).unwrap_or(u16::MAX);
    let range = |node: &Node| (code(CODE_MIN.or(node, 200).value), code(CODE_MAX.or(node, 200).value));
    if items.is_empty() { vec![(200, 200)] } else { items.iter().map(range).collect() }
}

/// Where an endpoint leads, and which entry point its probes meet; `given` is the port by which the users of the profile come, where
/// the scenario says it.
fn target(
    node: &Node,
    (resource, given): (&Node, Option<i64>),
    names: &Names,
    balancers: &Balancers,
    cx: &mut Context<'_>,
) -> Option<(LeadsTo, Option<u16>)> {
    let Some(of) = legal::target(node) else {
        let problem = Problem::error("E0502", "the endpoint has no `targetResourceId`").about(About::Parts);
        let help = "write the id of a public IP, or of a nested profile";
        cx.problems.push(problem.at(&node.span, "this endpoint").help(help));
        return None;
    };
    let id = of.text().unwrap_or_default();
    let kind = split_id(id).map(|(kind, _)| kind.to_ascii_lowercase()).unwrap_or_default();
    let is_profile = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    if kind.ends_with("trafficmanagerprofiles") || kind.is_empty() && is_profile(id) {
        let name = reference_name(id);
        let child = names.iter().position(|known| known.eq_ignore_ascii_case(name));
        if let Some(child) = child {
            return Some((LeadsTo::Nested { child: child as u16, least: LEAST_CHILDREN.value(node) }, None));
        }
    }
    let found = outside::reached(of, "endpoint", (balancers, names.iter()), cx)?;
    let name = resource.name().unwrap_or_default();
    let monitor = PORT.value(resource);
    let to = match given.or_else(|| port_of_users(monitor, &found, balancers, cx)) {
        Some(port) => {
            let to = outside::listener(of, port, &found, balancers, cx).ok()?;
            if to.is_none() {
                let key = format!("traffic: {{ {name}: {{ port: 443 }} }}");
                outside::nobody_listens(of, ("endpoint", port, &key), &found, balancers, cx);
            }
            to?
        }
        None => outside::only(of, &found, balancers, cx).ok()??,
    };
    let probed = outside::listener(of, monitor, &found, balancers, cx).ok()?;
    let users = || own_name(&balancers.entry_points[usize::from(to)]);
    if probed.is_none() {
        let message = format!("the monitor of `{name}` probes port {monitor} of this endpoint, where no rule listens");
        let help = "set `monitorConfig.port` to the port of a rule: as it is, every probe fails";
        Legality { rules: cx.rules, problems: cx.problems }.warn(rules::TM_04, &of.span, &message, help);
    } else if probed != Some(to) && given.is_none() {
        let message =
            format!("the users of `{name}` are taken to come by `{}`, and the probes to port {monitor}", users());
        let problem = Problem::note("N0312", message).at(&of.span, "this endpoint");
        cx.problems.push(problem.help(format!("write the port beside `demand` of `{name}`, as `port: {monitor}`")));
    }
    Some((LeadsTo::EntryPoint(to), probed))
}

/// The port by which users come, where the traffic of a profile, or of one that it is nested in, says so.
fn port_given((name, all): (&str, &[&Node]), cx: &Context<'_>) -> Option<i64> {
    let mut over = vec![name];
    let mut next = 0;
    while let Some(name) = over.get(next).copied() {
        if let Some(port) = outside::traffic_of(name, cx).and_then(|traffic| key::PORT.given(traffic)) {
            return Some(port.into());
        }
        let is_here = |to: &str| reference_name(to).eq_ignore_ascii_case(name);
        let leads_here = |end: &Node| legal::target(end).and_then(Node::text).is_some_and(is_here);
        for other in all.iter().filter(|other| ENDPOINTS.items(other).iter().any(leads_here)).filter_map(|of| of.name())
        {
            if !over.contains(&other) {
                over.push(other);
            }
        }
        next += 1;
    }
    None
}

/// The port by which users are taken to come: that of the monitor if it is one for users, 443 or 80; else 443, 80 or the monitor's,
/// whichever is the first on which somebody listens.
fn port_of_users(monitor: i64, found: &[usize], balancers: &Balancers, cx: &Context<'_>) -> Option<i64> {
    let is_open = |port: &i64| found.iter().any(|at| outside::listens(*at, *port, balancers, cx));
    let order = if matches!(monitor, 80 | 443) { [monitor, 443, 80] } else { [443, 80, monitor] };
    order.into_iter().find(is_open)
}

/// Whether a profile is nested in itself, however deep; says so.
fn has_circle(resources: &[&Node], profiles: &[Profile], cx: &mut Context<'_>) -> bool {
    let below = |at: usize| {
        profiles[at].endpoints.iter().filter_map(|endpoint| match endpoint.target {
            LeadsTo::Nested { child, .. } => Some(usize::from(child)),
            LeadsTo::EntryPoint(_) => None,
        })
    };
    let Some(at) = on_a_circle(profiles.len(), below) else { return false };
    let message = format!("the profile `{}` is nested in itself", profiles[at].name);
    let problem = Problem::error("E0501", message).at(&resources[at].span, "this profile");
    cx.problems.push(problem.help("Azure refuses a circle of profiles"));
    true
}

/// Who asks for each name, and what every profile would answer them.
fn users(resources: &[&Node], profiles: &mut [Profile], cx: &mut Context<'_>) {
    for at in 0..profiles.len() {
        let name = profiles[at].name.clone();
        let node = outside::traffic_of(&name, cx);
        outside::refuse_kept(node, &name, "Traffic Manager moves no connection that is open (TM-07)", cx);
        let all = outside::groups(node, &name, cx);
        let of = all.iter().map(|(share, group)| {
            let order = (0..profiles.len()).map(|of| order(&profiles[of], resources[of], *group)).collect();
            UserGroup { share: *share, order }
        });
        let of: Vec<UserGroup> = of.collect();
        let all: Vec<Option<&Node>> = all.into_iter().map(|(_, group)| group).collect();
        if let Some((node, group)) = node.zip(missing(at, profiles, &all)) {
            unplaced((&name, group), (&node.span, "its traffic"), cx);
        }
        user_groups::check(at, profiles, &all, &of, cx);
        profiles[at].users = of;
    }
}

fn unplaced((name, group): (&str, &str), (at, what): (&Span, &str), cx: &mut Context<'_>) {
    let problem = Problem::error("E0502", format!("nothing says where the users of `{name}` are"));
    let help = format!("write `from: [{{ share: 100%, {group} }}]` beside `demand`");
    cx.problems.push(problem.at(at, what).help(help));
}

/// What a group must say so that a profile, or one below it, can choose; `None` if all of them say it.
fn missing(at: usize, profiles: &[Profile], groups: &[Option<&Node>]) -> Option<&'static str> {
    let says = |is: &dyn Fn(&Node) -> bool| groups.iter().all(|group| group.is_some_and(is));
    let profile = &profiles[at];
    let own = match profile.method {
        RoutingMethod::Performance
            if profile.endpoints.len() > 1
                && !says(&|of| user_group::NEAREST.given(of).is_some_and(|of| !of.is_empty())) =>
        {
            Some("nearest: [west, east]")
        }
        RoutingMethod::Geographic if !says(&|of| user_group::GEOGRAPHY.is_in(of)) => {
            Some("geography: [FR, GEO-EU, WORLD]")
        }
        RoutingMethod::Subnet if !says(&|of| user_group::ADDRESS.is_in(of)) => Some("address: 203.0.113.7"),
        _ => None,
    };
    own.or_else(|| {
        profile.endpoints.iter().find_map(|endpoint| match endpoint.target {
            LeadsTo::Nested { child, .. } => missing(usize::from(child), profiles, groups),
            LeadsTo::EntryPoint(_) => None,
        })
    })
}

/// The endpoints of a profile in the order in which a group of users gets them.
fn order(profile: &Profile, resource: &Node, group: Option<&Node>) -> Vec<u16> {
    let all: Vec<u16> = (0..profile.endpoints.len() as u16).collect();
    let texts = |field: &[Node]| field.iter().filter_map(Node::text).map(str::to_owned).collect::<Vec<_>>();
    let number = |node: &Node| {
        let own = |endpoint: &ProfileEndpoint| node.name() == Some(endpoint.name.as_str());
        profile.endpoints.iter().position(own).map(|at| at as u16)
    };
    let nodes = ENDPOINTS.items(resource);
    match profile.method {
        RoutingMethod::Priority | RoutingMethod::Weighted | RoutingMethod::MultiValue => all,
        RoutingMethod::Performance => {
            let nearest = group.and_then(|of| user_group::NEAREST.given(of)).map(texts).unwrap_or_default();
            let rank = |at: &u16| {
                let name = &profile.endpoints[usize::from(*at)].name;
                nearest.iter().position(|near| near.eq_ignore_ascii_case(name)).unwrap_or(nearest.len())
            };
            let mut order = all;
            order.sort_by_key(rank);
            order
        }
        RoutingMethod::Geographic => {
            let mut codes = group.and_then(|of| user_group::GEOGRAPHY.given(of)).map(texts).unwrap_or_default();
            codes.push("WORLD".into());
            let has = |node: &&Node, code: &str| {
                GEOGRAPHY.items(node).iter().filter_map(Node::text).any(|own| own.eq_ignore_ascii_case(code))
            };
            let found = codes.iter().find_map(|code| nodes.iter().find(|node| has(node, code)));
            found.and_then(number).into_iter().collect()
        }
        RoutingMethod::Subnet => {
            let address = group.and_then(|of| user_group::ADDRESS.given(of)).and_then(Address::of);
            let within = |node: &&Node| {
                address.is_some_and(|of| {
                    SUBNETS.items(node).iter().any(|range| Block::of(range).is_ok_and(|block| block.holds(of)))
                })
            };
            let fallback = || nodes.iter().find(|node| SUBNETS.items(node).is_empty());
            nodes.iter().find(within).or_else(fallback).and_then(number).into_iter().collect()
        }
    }
}
