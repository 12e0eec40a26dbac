//! Writes to what leads users in from outside: profiles of Front Door and of Traffic Manager. They are read once it is known where their
//! origins and endpoints lead.

use super::orders::{Course, Made};
use super::{Part, added, one};
use crate::arm::shape::front_door::{GROUPS, HOST, ORIGINS};
use crate::arm::shape::traffic_manager::ENDPOINTS;
use crate::arm::shape::{self, FRONT_DOOR, TRAFFIC_MANAGER};
use crate::problem::Problem;
use crate::scenario::legality::traffic_manager::target;
use crate::scenario::lower::balancers::Balancers;
use crate::scenario::lower::{Context, front_door, traffic_manager};
use crate::tree::Node;
use windtunnel_sim::plan::{Act, Application, Change, FrontDoor, OriginSetting};

/// Reads the writes to profiles. What is wrong with the name of a resource was said.
pub fn read(balancers: &Balancers, application: &mut Application, cx: &mut Context<'_>) -> Vec<(String, Act)> {
    let parts = cx.parts;
    let mut courses: Vec<(&Node, Course<Node>)> = Vec::new();
    let mut write = |at: usize, found: &Node, cx: &mut Context<'_>| {
        let (part, with) = (&parts[at], (balancers, &mut *application));
        match part.of_type(FRONT_DOOR) {
            Some(_) => of_edge(part, found, with, cx),
            None => of_name(part, found, with, cx),
        }
    };
    for (at, part) in parts.iter().enumerate() {
        let Some(resource) = part.of_type(FRONT_DOOR).or_else(|| part.of_type(TRAFFIC_MANAGER)) else { continue };
        let known = courses.iter().position(|(of, _)| std::ptr::eq(*of, resource)).unwrap_or(courses.len());
        if known == courses.len() {
            // Behind the numbers of what they lead to.
            let number = u16::MAX - u16::try_from(known).unwrap_or_default();
            courses.push((resource, Course::new(number, resource.clone())));
        }
        courses[known].1.write(at, cx, &mut write);
    }
    courses.iter_mut().for_each(|(_, course)| course.in_other_orders(cx, &mut write));
    let acts = (0..parts.len()).filter_map(|at| courses.iter().find_map(|(_, course)| course.act(at, cx)));
    acts.collect()
}

/// What a write makes of a profile of Front Door: of the origins of its routes.
fn of_edge(
    part: &Part<'_>,
    before: &Node,
    (balancers, application): (&Balancers, &mut Application),
    cx: &mut Context<'_>,
) -> Option<Made<Node>> {
    let read = |resource: &Node, cx: &mut Context<'_>| front_door::one(resource, application, balancers, cx);
    let (after, [was, now]) = match one(part, before, &shape::front_door::RESOURCE, read, cx)? {
        Ok(written) => written,
        Err(refusal) => return Some(Made::refused(Some(refusal))),
    };
    let origins = |of: &Node| GROUPS.items(of).iter().flat_map(|group| ORIGINS.items(group).to_vec()).collect();
    if leads_elsewhere(part, (origins, &after), (|node| HOST.node(node), "an origin"), cx) {
        return None;
    }
    let own = (0_u16..).zip(&balancers.front_doors).filter(|(_, route)| before.is_named(&route.profile));
    let pairs = own.zip(was.iter().zip(&now)).flat_map(|((number, route), (was, now))| {
        (0_u16..).zip(&route.origins).map(move |(origin, known)| {
            // What is not there is as what is disabled.
            let setting = |of: &FrontDoor| {
                let found = of.origins.iter().find(|of| of.name == known.name);
                found.map_or(OriginSetting { enabled: false, ..known.setting }, |of| of.setting)
            };
            (number, origin, setting(was), setting(now))
        })
    });
    let other = pairs.filter(|(.., was, now)| was != now);
    let changes =
        other.map(|(front_door, origin, _, setting)| Change::Origin { front_door, origin, setting }).collect();
    Some(Made { after: Some(after), changes, refusal: None })
}

/// What a write makes of a profile of Traffic Manager.
fn of_name(
    part: &Part<'_>,
    before: &Node,
    (balancers, application): (&Balancers, &mut Application),
    cx: &mut Context<'_>,
) -> Option<Made<Node>> {
    let read = |resource: &Node, cx: &mut Context<'_>| traffic_manager::again(resource, application, balancers, cx);
    let (after, [was, now]) = match one(part, before, &shape::traffic_manager::RESOURCE, read, cx)? {
        Ok(written) => written,
        Err(refusal) => return Some(Made::refused(Some(refusal))),
    };
    let endpoints = |of: &Node| ENDPOINTS.items(of).to_vec();
    if leads_elsewhere(part, (endpoints, &after), (target, "an endpoint"), cx) {
        return None;
    }
    // What is wrong with a profile as the file has it was said.
    let (was, now) = was.zip(now)?;
    let changes =
        if was == now { Vec::new() } else { vec![traffic_manager::change(now, (part.patch, balancers), cx)?] };
    Some(Made { after: Some(after), changes, refusal: None })
}

/// Says of what a write adds that it has the name of one that was there before, and leads elsewhere: the plan has one of each name.
fn leads_elsewhere(
    part: &Part<'_>,
    (items, after): (impl Fn(&Node) -> Vec<Node>, &Node),
    (target, what): (fn(&Node) -> Option<&Node>, &str),
    cx: &mut Context<'_>,
) -> bool {
    let Ok(resource) = part.resource else { return false };
    let mut known = items(resource);
    known.extend(added(resource, &items, cx));
    let leads = |node: &Node| target(node).and_then(Node::text).map(str::to_ascii_lowercase);
    let is_other = |node: &&Node| {
        let mut named = known.iter().filter(|of| node.name().is_some_and(|name| of.is_named(name))).peekable();
        named.peek().is_some() && named.all(|of| leads(of) != leads(node))
    };
    let all = items(after);
    let Some(node) = all.iter().find(is_other) else { return false };
    let name = node.name().unwrap_or_default();
    let message = format!("the write adds {what} `{name}` that leads elsewhere than the one of that name before");
    let problem = Problem::error("E0505", message).at(&part.patch.span, "this write");
    cx.problems.push(problem.help("give it a name of its own, with which it may lead to anything in the scenario"));
    true
}
