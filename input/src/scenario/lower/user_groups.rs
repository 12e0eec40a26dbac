//! What a scenario says of the users of a name, held to what the profiles behind it choose by.

use super::Context;
use super::keys::user_group;
use crate::address::Address;
use crate::problem::{Problem, suggest};
use crate::scenario::legality::Legality;
use crate::scenario::legality::traffic_manager::{REGIONS, is_region};
use crate::tree::Node;
use std::collections::BTreeSet;
use windtunnel_sim::plan::{LeadsTo, Profile, RoutingMethod, UserGroup};
use windtunnel_sim::rules;

/// What a group says, and by which method a profile reads it.
static SAYS: [(RoutingMethod, &str); 3] = [
    (RoutingMethod::Performance, "nearest"),
    (RoutingMethod::Geographic, "geography"),
    (RoutingMethod::Subnet, "address"),
];

/// Holds the groups of users of a profile to it, and to those below it; `users` is what they get.
pub fn check(at: usize, profiles: &[Profile], groups: &[Option<&Node>], users: &[UserGroup], cx: &mut Context<'_>) {
    let mut below = BTreeSet::new();
    reach(at, profiles, &mut below);
    let near = below.iter().map(|of| &profiles[*of]).filter(|of| of.method == RoutingMethod::Performance);
    let near: Vec<&str> = near.flat_map(|of| &of.endpoints).map(|endpoint| endpoint.name.as_str()).collect();
    for (group, user) in groups.iter().zip(users) {
        let Some(group) = group else { continue };
        let is_read = |method| below.iter().any(|of| profiles[*of].method == method);
        let read = SAYS.iter().filter(|(method, _)| is_read(*method)).map(|(_, key)| *key);
        unread(group, &read.collect::<Vec<_>>(), &profiles[at].name, cx);
        values(group, &near, cx);
        let is_chosen = |of: usize| matches!(profiles[of].method, RoutingMethod::Geographic | RoutingMethod::Subnet);
        let is_lost = |of: &&usize| is_chosen(**of) && user.order[**of].is_empty();
        if let Some(of) = below.iter().find(is_lost).filter(|_| !cx.problems.has_errors()) {
            let message = format!("no endpoint of `{}` is for these users, who get no answer", profiles[*of].name);
            let help = match profiles[*of].method {
                RoutingMethod::Geographic => "map their region, or `WORLD`, to an endpoint",
                _ => "add their range, or an endpoint without `subnets`",
            };
            Legality { rules: cx.rules, problems: cx.problems }.warn(rules::TM_10, &group.span, &message, help);
        }
    }
}

/// Says what of a group nothing behind the name reads; `read` is what is read.
pub fn unread(group: &Node, read: &[&str], name: &str, cx: &mut Context<'_>) {
    let keys = SAYS.iter().map(|(_, key)| *key).chain([user_group::LATENCY.entry.key]);
    for key in keys.filter(|key| !read.contains(key)) {
        let Some((key, _)) = group.entry(key) else { continue };
        let message = format!("`{}` has no effect: nothing behind `{name}` chooses by it", key.text);
        let problem = Problem::warning("W0217", message).at(&key.span, "nobody reads it");
        cx.problems.push(problem.help("remove it, or change what leads the users"));
    }
}

/// The values of a group.
fn values(group: &Node, near: &[&str], cx: &mut Context<'_>) {
    for node in user_group::NEAREST.given(group).unwrap_or_default().iter().filter(|_| !near.is_empty()) {
        let text = node.text().unwrap_or_default();
        if !near.iter().any(|known| known.eq_ignore_ascii_case(text)) {
            let problem = Problem::error("E0504", format!("no endpoint behind this name is called `{text}`"));
            cx.problems
                .push(problem.at(&node.span, "unknown endpoint").maybe_help(suggest(text, near.iter().copied())));
        }
    }
    for node in user_group::GEOGRAPHY.given(group).unwrap_or_default() {
        let text = node.text().unwrap_or_default();
        if !is_region(text) {
            let problem = Problem::error("E0112", format!("Traffic Manager has no region `{text}`"));
            cx.problems.push(problem.at(&node.span, "unknown region").help(REGIONS));
        }
    }
    let address = user_group::ADDRESS.node(group).filter(|node| node.text().and_then(Address::of).is_none());
    if let Some(node) = address {
        let problem = Problem::error("E0108", format!("`{}` is no IP address", node.text().unwrap_or_default()));
        cx.problems.push(problem.at(&node.span, "this address").help("write `address: 203.0.113.7`"));
    }
}

/// A profile, and all that are nested in it.
fn reach(at: usize, profiles: &[Profile], found: &mut BTreeSet<usize>) {
    found.insert(at);
    for endpoint in &profiles[at].endpoints {
        if let LeadsTo::Nested { child, .. } = endpoint.target {
            reach(usize::from(child), profiles, found);
        }
    }
}
