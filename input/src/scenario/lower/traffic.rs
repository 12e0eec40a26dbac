//! What users send to each entry point: demand as straight segments.

use super::balancers::{Balancers, is_type};
use super::keys::{
    application as app, demand as shape, history as past, queue, retries as again, scenario, step, traffic as key,
    users,
};
use super::{Context, outside};
use crate::arm::shape::gateway::LISTENERS;
use crate::arm::shape::{FRONT_DOOR, GATEWAY, LOAD_BALANCER, TRAFFIC_MANAGER, front_door};
use crate::problem::{Problem, suggest, words};
use crate::quantity;
use crate::scenario::field::{Rate, Reads};
use crate::scenario::instants;
use crate::scenario::legality::{self, Legality};
use crate::tree::{Key, Node};
use std::collections::BTreeSet;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{
    Connections, EntryPoint, History, Pool, Queue, Retries, ScaleSet, Segment, Traffic, Users, lead_names,
};
use windtunnel_sim::world::entry_points::entry_points_named;
use windtunnel_sim::world::ids::EntryPointId;

/// The entry points with their traffic.
pub fn read(balancers: &Balancers, sets: (&[ScaleSet], &[u16]), cx: &mut Context<'_>) -> Vec<EntryPoint> {
    let mut entry_points = balancers.entry_points.clone();
    for (name, node) in scenario::TRAFFIC.entries(cx.scenario) {
        let Some(at) = entry_point(name, &balancers.pools, &entry_points, cx) else { continue };
        let traffic = traffic(node, cx);
        unread(at, (&entry_points[at], node), balancers, cx);
        if entry_points[at].traffic.is_some() {
            let problem = Problem::error("E0212", format!("the entry point `{}` has traffic twice", name.text));
            cx.problems.push(problem.at(&name.span, "the second time").help("list each entry point once"));
        }
        let traffic = traffic.map(|of| tried(carried(of, &entry_points[at], node, cx), &entry_points[at], node, cx));
        for part in with_parts(at, &entry_points) {
            entry_points[part].traffic.clone_from(&traffic);
        }
    }
    if let Some((key, _)) =
        scenario::USERS.entry_in(cx.scenario).filter(|_| entry_points.iter().all(|entry| entry.traffic.is_none()))
    {
        cx.problems
            .push(Problem::warning("W0205", "`users` without traffic are not counted").at(&key.span, "these users"));
    }
    lead_names(&mut entry_points, &balancers.profiles, &balancers.front_doors);
    check_pools(balancers, sets, &entry_points, cx);
    entry_points
}

/// What the traffic of an entry point says and nothing there reads: `from` where no name or edge chooses by it, and `port` where users
/// come by the one that the entry point has.
fn unread(at: usize, (entry, node): (&EntryPoint, &Node), balancers: &Balancers, cx: &mut Context<'_>) {
    let is_edge = balancers.front_doors.iter().any(|of| usize::from(of.entry_point) == at);
    let is_name = entry.is_name() && entry.gateway.is_none();
    for (key, is_read) in [(key::FROM.entry.key, is_name), (key::PORT.entry.key, is_name && !is_edge)] {
        let Some((key, _)) = node.entry(key).filter(|_| !is_read) else { continue };
        let message = format!("`{}` has no effect at `{}`: it is for the users of a name", key.text, own_name(entry));
        let problem = Problem::warning("W0217", message).at(&key.span, "nobody reads it");
        cx.problems.push(
            problem.help("remove it, or give the traffic to a Traffic Manager profile or an endpoint of Front Door"),
        );
    }
}

/// A gateway ends the connections of its clients but for web sockets, which nobody else tells from other connections.
fn carried(of: Traffic, entry: &EntryPoint, node: &Node, cx: &mut Context<'_>) -> Traffic {
    let is_web_socket = of.connections == Connections::WebSocket;
    if entry.gateway.is_some() {
        return if is_web_socket { of } else { Traffic { connections: Connections::PerRequest, ..of } };
    }
    if is_web_socket {
        let message = "web sockets are modelled at the listener of an application gateway only";
        let problem = Problem::error("E0505", message).at(&node.span, "its traffic");
        cx.problems.push(problem.help("write `keepAlive`: a load balancer treats all kept connections alike"));
    }
    of
}

/// Retries and queues are modelled where requests are spread over the backends of one pool, each by a connection of its own.
fn tried(of: Traffic, entry: &EntryPoint, node: &Node, cx: &mut Context<'_>) -> Traffic {
    let entries = [key::RETRIES.entry_in(node), key::QUEUE.entry_in(node)];
    let Some((key, _)) = entries.into_iter().flatten().next() else { return of };
    let (message, help) = if entry.is_name() || entry.gateway.is_some() || entry.pool().is_none() {
        let message =
            format!("`{}` is modelled at the rule of a load balancer, which `{}` is not", key.text, own_name(entry));
        (message, "give the traffic to the rule behind it; a gateway of version 2 itself tries once more (AG-10)")
    } else if of.connections != Connections::PerRequest {
        let message = format!("`{}` is modelled for a new connection for each request only", key.text);
        (message, "write `connections: perRequest`")
    } else {
        return of;
    };
    cx.problems.push(Problem::error("E0517", message).at(&key.span, "not modelled").help(help));
    of
}

/// An entry point, and what is led of it: by a name to others, and by a listener to the instances of its gateway.
fn with_parts(at: usize, entry_points: &[EntryPoint]) -> Vec<usize> {
    let mut all = vec![at];
    for (other, entry) in entry_points.iter().enumerate() {
        // What leads comes before what it leads to.
        if entry.routed.is_some_and(|of| all.contains(&usize::from(of.from))) {
            all.push(other);
        }
    }
    all
}

/// What is said of pools that have nobody in them, or one; and of instances to which several entry points lead.
fn check_pools(
    balancers: &Balancers,
    (sets, later): (&[ScaleSet], &[u16]),
    entry_points: &[EntryPoint],
    cx: &mut Context<'_>,
) {
    check_load(balancers, sets, entry_points, cx);
    for (at, pool) in balancers.pools.iter().enumerate() {
        let span = &balancers.spans[at];
        let is_this = |of: usize| {
            let other = &balancers.pools[of];
            (&other.balancer, &other.name) == (&pool.balancer, &pool.name)
        };
        // One pool that several probes look at is spoken of once.
        if at > 0 && is_this(at - 1) {
            continue;
        }
        let of = || sets.iter().filter(|set| set.pools.iter().any(|pool| usize::from(*pool) == at));
        let members = of().count() > 0 || later.iter().any(|pool| usize::from(*pool) == at);
        let used = entry_points
            .iter()
            .any(|entry| entry.traffic.is_some() && entry.pool().is_some_and(|pool| is_this(pool.index())));
        let of_gateway = pool.prober.gateway().is_some();
        if of().map(|set| set.capacity).sum::<u32>() == 1 && used && !of_gateway {
            let mut say = Legality { rules: cx.rules, problems: cx.problems };
            legality::connections::pool_of_one(span, &pool.name, &mut say);
        }
        // A reference that was not understood may be the one that leads here.
        if !members && !cx.problems.has_errors() {
            let problem =
                Problem::warning("W0201", format!("no scale set puts its instances into the pool `{}`", pool.name));
            let key = if of_gateway { "applicationGateway" } else { "loadBalancer" };
            let help = format!("name it in `{key}BackendAddressPools` of a network interface");
            cx.problems.push(problem.at(span, "this pool").help(help));
        }
    }
}

/// Each entry point presses on the whole capacity of its backends: what comes by another one is not taken off.
fn check_load(balancers: &Balancers, sets: &[ScaleSet], entry_points: &[EntryPoint], cx: &mut Context<'_>) {
    let has_capacity = app::CAPACITY.node(scenario::APPLICATION.node(cx.scenario)).is_some();
    for set in sets.iter().filter(|_| has_capacity) {
        let sends = |entry: &&EntryPoint| {
            entry.traffic.is_some() && entry.pool().is_some_and(|pool| set.pools.contains(&pool.0))
        };
        let mut names: Vec<String> =
            entry_points.iter().filter(sends).map(|entry| format!("`{}`", own_name(entry))).collect();
        names.dedup();
        let Some(pool) = set.pools.first().filter(|_| names.len() > 1) else { continue };
        let message = format!("{} send requests to the instances of `{}`", names.join(" and "), set.name);
        let problem = Problem::note("N0309", message).at(&balancers.spans[usize::from(*pool)], "one of their pools");
        cx.problems.push(problem.help("the requests of each are compared with the whole `capacity`"));
    }
}

/// The entry point that a key means: the one of a balancer, or `balancer/rule`, `balancer/frontend`, `balancer/pool`.
fn entry_point(key: &Key, pools: &[Pool], entry_points: &[EntryPoint], cx: &mut Context<'_>) -> Option<usize> {
    let mut found = named(&key.text, pools, entry_points);
    found.retain(|at| entry_points[*at].is_root());
    let Some((&first, others)) = found.split_first() else {
        let problem = unknown(&key.text, entry_points, cx);
        cx.problems.0.extend(problem.map(|of| of.at(&key.span, "unknown entry point")));
        return None;
    };
    if others.iter().all(|other| entry_points[first].is_like(&entry_points[*other])) {
        return Some(first);
    }
    let names: BTreeSet<String> = found.iter().map(|at| own_name(&entry_points[*at])).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // Several rules of one listener are refused where they are read.
    if names.len() == 1 && cx.problems.has_errors() {
        return None;
    }
    let problem = Problem::error("E0214", format!("`{}` leads to several entry points", key.text));
    cx.problems.push(problem.at(&key.span, "ambiguous").help(format!("write {}", words(&names))));
    None
}

/// What is wrong with a name that no entry point has; nothing where it is the name of a resource of which an error is said already.
fn unknown(name: &str, entry_points: &[EntryPoint], cx: &Context<'_>) -> Option<Problem> {
    let (resource, part) = name.split_once('/').map_or((name, None), |(resource, part)| (resource, Some(part)));
    let roots = || entry_points.iter().filter(|entry| entry.is_root());
    let mut of = roots().filter(|entry| entry.resource.eq_ignore_ascii_case(resource));
    if let Some((one, part)) = of.clone().next().zip(part) {
        let (what, parts) = if one.gateway.is_some() {
            ("application gateway", "listener")
        } else if one.pool().is_some() {
            ("load balancer", "rule, frontend or pool")
        } else if one.name != one.resource {
            ("endpoint of Front Door", "route")
        } else {
            let message = format!("the users of `{resource}` are given as a whole, and not as `{name}`");
            return Some(Problem::error("E0205", message).help(format!("write `{resource}`")));
        };
        if one.gateway.is_some() && has_listener(resource, part, cx) {
            let message = format!("the listener `{part}` of `{resource}` leads to no backends that are modelled");
            let help =
                "give the traffic to a listener whose rule leads to a pool; a rule that redirects is not modelled";
            return Some(Problem::error("E0205", message).help(help));
        }
        let names: Vec<String> = of.map(own_name).collect();
        let known = names.iter().map(|name| name.split_once('/').map_or(name.as_str(), |(_, part)| part));
        let problem = Problem::error("E0205", format!("the {what} `{resource}` has no {parts} `{part}`"));
        return Some(problem.maybe_help(suggest(part, known)));
    }
    let edges = || cx.resources(FRONT_DOOR).flat_map(|profile| front_door::ENDPOINTS.items(profile));
    if of.next().is_none()
        && (cx.resources_named(resource).any(is_entrance) || edges().any(|edge| edge.is_named(resource)))
    {
        let message = if resource == name {
            format!("`{name}` leads to nobody")
        } else {
            format!("`{resource}` leads to no pool, and so `{name}` to nobody")
        };
        let problem = || Problem::error("E0205", message.clone());
        return (!cx.problems.has_errors()).then(|| problem().maybe_help(not_an_entry_point(resource, cx)));
    }
    let listeners: Vec<String> = outside::listeners_at(name, cx.scenario);
    if listeners.len() > 1 {
        let listeners: Vec<&str> = listeners.iter().map(String::as_str).collect();
        let problem = Problem::error("E0214", format!("`{name}` is the address of several listeners"));
        return Some(problem.help(format!("write {}", words(&listeners))));
    }
    let names: Vec<String> = roots().map(|entry| shortest_name(entry, entry_points)).collect();
    let help = suggest(name, names.iter().map(String::as_str)).or_else(|| not_an_entry_point(name, cx));
    let help = help.unwrap_or_else(|| "no load balancer of the scenario leads anywhere".into());
    Some(Problem::error("E0205", format!("there is no entry point `{name}`")).help(help))
}

/// Whether a gateway has a listener of this name.
fn has_listener(gateway: &str, name: &str, cx: &Context<'_>) -> bool {
    let mut of = cx.resources(GATEWAY).filter(|one| one.is_named(gateway)).flat_map(|one| LISTENERS.items(one));
    of.any(|listener| listener.is_named(name))
}

/// Whether users can enter by a resource.
fn is_entrance(resource: &Node) -> bool {
    [LOAD_BALANCER, GATEWAY, TRAFFIC_MANAGER].iter().any(|kind| is_type(resource, kind))
}

/// The name by which an entry point can be written: that of its resource, where all of it is the same.
pub fn shortest_name(entry: &EntryPoint, entry_points: &[EntryPoint]) -> String {
    let is_other = |other: &EntryPoint| other.is_root() && other.resource == entry.resource && other.name != entry.name;
    let like = |other: &EntryPoint| !is_other(other) || other.is_like(entry);
    if entry_points.iter().all(like) { entry.resource.clone() } else { own_name(entry) }
}

/// The name that leads to an entry point alone; that of its listener for a part of a gateway.
pub fn own_name(entry: &EntryPoint) -> String {
    match entry.frontend.as_deref().filter(|_| entry.gateway.is_some()) {
        Some(listener) => format!("{}/{listener}", entry.resource),
        None => entry.own_name(),
    }
}

/// The entry points that a name means.
pub fn named(text: &str, pools: &[Pool], entry_points: &[EntryPoint]) -> Vec<usize> {
    entry_points_named(text, pools, entry_points).into_iter().map(EntryPointId::index).collect()
}

/// What stands in the way of an entry point that is no load balancer.
fn not_an_entry_point(name: &str, cx: &Context<'_>) -> Option<String> {
    const BEFORE: &str = "an entry point is a load balancer, an application gateway, a Traffic Manager profile or an \
         endpoint of Front Door";
    let named = || cx.resources_named(name);
    if let Some(one) = named().find(|one| is_entrance(one)) {
        let kind = one.arm("type").and_then(Node::text).unwrap_or_default();
        return Some(format!("`{name}` is of type {kind}, and no rule of it leads to a pool"));
    }
    if let Some(profile) = named().find(|one| is_type(one, FRONT_DOOR)) {
        let endpoint = front_door::ENDPOINTS.items(profile).iter().find_map(Node::name);
        return endpoint.map(|endpoint| format!("users of the profile know its endpoint: write `{endpoint}`"));
    }
    if let Some(kind) = named().next().and_then(|one| one.arm("type")).and_then(Node::text) {
        return Some(format!("`{name}` is of type {kind}: {BEFORE}"));
    }
    let has_balancer = cx.resources(LOAD_BALANCER).next().is_some();
    (!has_balancer).then(|| format!("the scenario has no load balancer, and {BEFORE}"))
}

/// What users send, by what is written of it.
pub fn traffic(node: &Node, cx: &mut Context<'_>) -> Option<Traffic> {
    let node_of_users = key::USERS.node(node).or_else(|| scenario::USERS.node(cx.scenario));
    let users = node_of_users.and_then(|node| {
        let count = users::COUNT.given(node).map(f64::from)?;
        Some(Users { count, rps_each: users::REQUESTS_PER_USER.given(node)? })
    });
    let during = Clock::of_run(cx)?;
    let demand = demand(key::DEMAND.node(node)?, during, cx)?;
    let (retries, queue) = (retries(node, cx), queue(node, cx));
    Some(Traffic { connections: key::CONNECTIONS.read(node), users, retries, queue, ..Traffic::new(demand) })
}

/// What clients do about a request that failed.
fn retries(node: &Node, cx: &mut Context<'_>) -> Option<Retries> {
    let node = key::RETRIES.node(node)?;
    let after = again::AFTER.given(node)?;
    let shortest = SimDuration::from_ms(100);
    if after < shortest {
        let message = format!("clients try again after {after}, and what is less than 100 ms is not modelled");
        let span = again::AFTER.node(node).map_or(&node.span, |node| &node.span);
        cx.problems.push(Problem::error("E0517", message).at(span, "too short").help("write `after: 100ms` or more"));
    }
    Some(Retries {
        per_failure: again::PER_FAILURE.read(node),
        after: after.max(shortest),
        factor: again::FACTOR.read(node),
        times: again::TIMES.given(node),
        budget: again::BUDGET.given(node),
    })
}

/// Where requests wait that come while all backends are busy. Without a capacity none ever is.
fn queue(node: &Node, cx: &mut Context<'_>) -> Option<Queue> {
    let (key, node) = (key::QUEUE.entry_in(node)?.0, key::QUEUE.node(node)?);
    if app::CAPACITY.node(scenario::APPLICATION.node(cx.scenario)).is_none() {
        let problem =
            Problem::warning("W0231", "nothing ever waits in `queue`: instances serve any number of requests");
        cx.problems
            .push(problem.at(&key.span, "no effect").help("say what one serves: `application: { capacity: 40 rps }`"));
    }
    Some(Queue { requests: f64::from(queue::REQUESTS.given(node)?), timeout: queue::TIMEOUT.given(node)? })
}

/// When a shape begins, and how long it goes on.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Civil time of its beginning.
    pub start_unix_ms: i64,
    /// Its length.
    pub length: SimDuration,
}

impl Clock {
    /// That of the run.
    pub fn of_run(cx: &Context<'_>) -> Option<Self> {
        let start_unix_ms = instants::start(cx.scenario);
        Some(Self { start_unix_ms, length: scenario::HORIZON.given(cx.scenario)? })
    }
}

/// What was before t = 0.
pub fn history(pools: &[Pool], entry_points: &[EntryPoint], cx: &mut Context<'_>) -> History {
    let Some(node) = scenario::HISTORY.node(cx.scenario) else { return History::default() };
    let (Some(length), Some(run)) = (past::LENGTH.given(node), Clock::of_run(cx)) else {
        return History::default();
    };
    let before = run.start_unix_ms - length.ms().cast_signed();
    let clock = Clock { start_unix_ms: before, length };
    // A daily shape goes back; any other had the value of t = 0.
    let stood = |entry: &EntryPoint| {
        let first = entry.traffic.as_ref().and_then(|traffic| traffic.demand.first());
        first.map(|first| vec![Segment { slope: 0.0, ..*first }]).unwrap_or_default()
    };
    let mut demand_of: Vec<Vec<Segment>> = entry_points.iter().map(stood).collect();
    for (name, node) in scenario::TRAFFIC.entries(cx.scenario) {
        let of_day = key::DEMAND.node(node).filter(|of| shape::DAILY.is_in(of));
        if let (Some(of_day), [at, ..]) = (of_day, named(&name.text, pools, entry_points).as_slice()) {
            let of_day = demand(of_day, clock, cx).unwrap_or_default();
            give(&mut demand_of, *at, entry_points, &of_day);
        }
    }
    for (name, node) in past::TRAFFIC.entries(node) {
        let Some(at) = entry_point(name, pools, entry_points, cx) else { continue };
        let before = demand(node, clock, cx).unwrap_or_default();
        give(&mut demand_of, at, entry_points, &before);
    }
    History { length, demand: demand_of }
}

/// Gives a demand to an entry point and its parts.
fn give(demand_of: &mut [Vec<Segment>], at: usize, entry_points: &[EntryPoint], demand: &[Segment]) {
    for part in with_parts(at, entry_points) {
        demand_of[part] = demand.to_vec();
    }
}

/// Demand as segments that begin at 0.
fn demand(node: &Node, clock: Clock, cx: &mut Context<'_>) -> Option<Vec<Segment>> {
    let factor = shape::FACTOR.read(node);
    let times = |of: Segment| Segment { start: of.start, rps: of.rps * factor, slope: of.slope * factor };
    Some(unscaled(node, clock, cx)?.into_iter().map(times).collect())
}

fn unscaled(node: &Node, clock: Clock, cx: &mut Context<'_>) -> Option<Vec<Segment>> {
    if node.text().is_some() {
        return Some(vec![Segment { start: SimTime::ZERO, rps: Rate::of(node)?, slope: 0.0 }]);
    }
    if let Some(list) = shape::STEPS.node(node) {
        let rows = rows(list, cx)?;
        return Some(rows.into_iter().map(|(start, rps)| Segment { start, rps, slope: 0.0 }).collect());
    }
    if let Some(list) = shape::POINTS.node(node) {
        return Some(joined(&rows(list, cx)?));
    }
    daily(shape::DAILY.node(node)?, clock, cx)
}

/// Instants and rates, which must rise from 0.
fn rows(list: &Node, cx: &mut Context<'_>) -> Option<Vec<(SimTime, f64)>> {
    let mut rows: Vec<(SimTime, f64)> = Vec::new();
    for node in list.items() {
        let at = SimTime::ZERO + step::AT.given(node)?;
        let wrong = match rows.last() {
            None if at > SimTime::ZERO => Some(format!("demand must begin at PT0S, got {at}")),
            Some((last, _)) if at <= *last => Some(format!("demand at {at} must be after {last}")),
            _ => None,
        };
        if let Some(message) = wrong {
            cx.problems.push(
                Problem::error("E0115", message)
                    .at(&node.span, "this row")
                    .help("begin with `at: PT0S`, and write the times in ascending order"),
            );
            return None;
        }
        rows.push((at, step::RPS.given(node)?));
    }
    if rows.is_empty() {
        cx.problems.push(
            Problem::error("E0115", "demand has no rows").at(&list.span, "this list").help("begin with `at: PT0S`"),
        );
        return None;
    }
    Some(rows)
}

/// Straight lines from point to point; the last value stays.
pub fn joined(points: &[(SimTime, f64)]) -> Vec<Segment> {
    let mut segments = Vec::with_capacity(points.len());
    for (at, (start, rps)) in points.iter().enumerate() {
        let slope = points.get(at + 1).map_or(0.0, |(next, to)| (to - rps) / next.since(*start).seconds());
        segments.push(Segment { start: *start, rps: *rps, slope });
    }
    segments
}

/// A day has this many milliseconds.
const DAY: u64 = 86_400_000;

/// Linear between times of day, and on over midnight, to the end.
fn daily(node: &Node, clock: Clock, cx: &mut Context<'_>) -> Option<Vec<Segment>> {
    let mut points = Vec::new();
    for (key, value) in node.entries() {
        points.push((quantity::time_of_day(&key.text).ok()?, Rate::of(value)?));
    }
    over_days(points, clock, node, cx)
}

/// Values at times of day as straight lines, day after day.
pub fn over_days(mut points: Vec<(u64, f64)>, clock: Clock, node: &Node, cx: &mut Context<'_>) -> Option<Vec<Segment>> {
    points.sort_by_key(|(time, _)| *time);
    if points.is_empty() {
        cx.problems.push(
            Problem::error("E0115", "the list has no times of day")
                .at(&node.span, "this mapping")
                .help("write `\"00:00\": 100 rps`"),
        );
        return None;
    }
    let into_day = u64::try_from(clock.start_unix_ms.rem_euclid(DAY.cast_signed())).unwrap_or(0);
    let end = clock.length;
    let days = (end + SimDuration::from_ms(into_day)).ms() / DAY + 2;
    if days.saturating_mul(points.len() as u64) > 1_000_000 {
        cx.problems.push(
            Problem::error(
                "E0213",
                format!("{} times of day over {days} days exceed the limit of 1,000,000", points.len()),
            )
            .at(&node.span, "this mapping"),
        );
        return None;
    }
    // Days are counted from the one before t = 0, so that there is a point on either side of it.
    let all: Vec<(i128, f64)> = (0..=days)
        .flat_map(|day| {
            points.iter().map(move |(time, value)| (i128::from(day * DAY + time) - i128::from(into_day + DAY), *value))
        })
        .collect();
    let first = all.iter().rposition(|(at, _)| *at <= 0)?;
    let (before, after) = (all[first], *all.get(first + 1)?);
    let share = -before.0 as f64 / (after.0 - before.0) as f64;
    let mut line = vec![(SimTime::ZERO, before.1 + (after.1 - before.1) * share)];
    for (at, value) in &all[first + 1..] {
        line.push((SimTime::from_ms(u64::try_from(*at).ok()?.min(SimTime::FAR.ms())), *value));
        if u128::try_from(*at).is_ok_and(|at| at > u128::from(end.ms())) {
            break;
        }
    }
    Some(joined(&line))
}
