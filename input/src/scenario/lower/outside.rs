//! What leads users in from outside: which entry points a public address means, and who the users are.

use super::Context;
use super::balancers::{Balancers, is_type};
use super::gateways;
use super::keys::{history as past, scenario, traffic as key, user_group};
use crate::arm::reference::{reference_name, split_id};
use crate::arm::shape::{self, GATEWAY, LOAD_BALANCER, PUBLIC_IP, TRAFFIC_MANAGER, gateway, load_balancer as lb};
use crate::problem::{Problem, suggest};
use crate::tree::{Node, Value};
use windtunnel_sim::plan::{Connections, EntryPoint, Share, WHOLE};

/// The entry points, on whatever port, that an endpoint or an origin leads to: rules of a balancer, or listeners of a gateway. `of` names
/// them: the id, the name, the address or the host name of a public IP, or a balancer. Says so where there is none.
pub fn reached<'k>(
    of: &Node,
    what: &str,
    (balancers, others): (&'k Balancers, impl Iterator<Item = &'k str>),
    cx: &mut Context<'_>,
) -> Option<Vec<usize>> {
    let id = of.text().unwrap_or_default();
    let kind = split_id(id).map(|(kind, _)| kind.to_ascii_lowercase()).unwrap_or_default();
    let named = |name| super::traffic::named(name, &balancers.pools, &balancers.entry_points);
    let by_address = || of_address(id, balancers, cx);
    let found = match kind.as_str() {
        "" => Some(named(id)).filter(|found| !found.is_empty()).unwrap_or_else(by_address),
        public if public.ends_with("publicipaddresses") => by_address(),
        _ => named(reference_name(id)),
    };
    if found.is_empty() {
        let message = format!("the {what} leads to `{id}`, which the scenario does not have");
        let known = balancers.entry_points.iter().map(|entry| entry.resource.as_str()).chain(others);
        let help = suggest(id, known).unwrap_or_else(|| {
            "name the public IP of a frontend of a load balancer or a gateway, or the balancer itself".into()
        });
        cx.problems.push(Problem::error("E0504", message).at(&of.span, "unknown target").help(help));
        return None;
    }
    Some(found)
}

/// The one of entry points that listens on a port, if one does. Says so where several do that are not alike.
pub fn listener(
    of: &Node,
    port: i64,
    found: &[usize],
    balancers: &Balancers,
    cx: &mut Context<'_>,
) -> Result<Option<u16>, ()> {
    let open: Vec<usize> = found.iter().copied().filter(|at| listens(*at, port, balancers, cx)).collect();
    only(of, &open, balancers, cx)
}

/// The entry point that all of these are alike, if there is one. Says so where they are not.
pub fn only(of: &Node, found: &[usize], balancers: &Balancers, cx: &mut Context<'_>) -> Result<Option<u16>, ()> {
    let Some(at) = found.first().copied() else { return Ok(None) };
    let like = |other: &usize| *other == at || balancers.entry_points[at].is_like(&balancers.entry_points[*other]);
    if !found.iter().all(like) {
        let names: Vec<String> =
            found.iter().map(|at| format!("`{}`", super::traffic::own_name(&balancers.entry_points[*at]))).collect();
        let message = format!("`{}` leads to several entry points", of.text().unwrap_or_default());
        let problem = Problem::error("E0214", message).at(&of.span, "ambiguous");
        cx.problems.push(problem.help(format!("write {}", names.join(" or "))));
        return Err(());
    }
    Ok(u16::try_from(at).ok())
}

/// Says that nobody listens on a port; `key` is how to write the port of a rule.
pub fn nobody_listens(
    of: &Node,
    (what, port, key): (&str, i64, &str),
    found: &[usize],
    balancers: &Balancers,
    cx: &mut Context<'_>,
) {
    let resource = found.first().map_or("", |at| balancers.entry_points[*at].resource.as_str());
    let message = format!("no rule of `{resource}` has the frontend port {port}, where this {what} leads");
    let help = format!("write the port of a rule: `{key}`");
    cx.problems.push(Problem::error("E0504", message).at(&of.span, format!("this {what}")).help(help));
}

/// The names of the public IPs that an id, a name, an address or a host name may mean. Where the scenario does not have the public IP,
/// its host name begins with its name: `pip-west.westus.cloudapp.azure.com`.
pub fn public_ips<'n>(address: &'n str, scenario: &'n Node) -> Vec<&'n str> {
    let same = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case(address));
    let says = |one: &&Node| {
        let inner = |keys: &[&str]| same(one.arm_path(keys).and_then(Node::text));
        inner(&["properties", "ipAddress"]) || inner(&["properties", "dnsSettings", "fqdn"])
    };
    let is_host = address.to_ascii_lowercase().ends_with(".cloudapp.azure.com");
    let own = if is_host { address.split('.').next().unwrap_or(address) } else { reference_name(address) };
    of_type(scenario, PUBLIC_IP).filter(says).filter_map(Node::name).chain([own]).collect()
}

/// The frontends of a balancer or a gateway that have an address: a private one of their own, or one of these public IPs.
fn frontends_at<'n>(resource: &'n Node, address: &str, public: &[&str]) -> impl Iterator<Item = &'n Node> {
    let all = resource.arm_path(&["properties", "frontendIPConfigurations"]).map_or(&[][..], Node::items);
    all.iter().filter(move |frontend| {
        let named = lb::FRONTEND_ADDRESS.id(frontend).map(|(id, _)| reference_name(id));
        lb::FRONTEND_PRIVATE.text(frontend).is_some_and(|own| own.eq_ignore_ascii_case(address))
            || named.is_some_and(|name| public.iter().any(|known| known.eq_ignore_ascii_case(name)))
    })
}

/// The listeners of gateways that an address means, or those of it that listen on a port: `pip-gw`, `pip-gw/443`. Each as `gw/listener`;
/// where some lead to backends, those alone.
pub fn listeners_at(key: &str, scenario: &Node) -> Vec<String> {
    let (address, port) = key.split_once('/').map_or((key, None), |(address, port)| (address, Some(port)));
    let public = public_ips(address, scenario);
    let (mut all, mut leading) = (Vec::new(), Vec::new());
    for gateway in of_type(scenario, GATEWAY) {
        let frontends: Vec<&str> = frontends_at(gateway, address, &public).filter_map(Node::name).collect();
        for listener in gateway::LISTENERS.items(gateway) {
            let is_at =
                frontend_of(listener).is_some_and(|own| frontends.iter().any(|of| own.eq_ignore_ascii_case(of)));
            let is_on = |port: &str| port_of(gateway, listener).is_some_and(|own| own.to_string() == port);
            let Some(name) = listener.name().filter(|_| is_at && port.is_none_or(is_on)) else { continue };
            let name = format!("{}/{name}", gateway.name().unwrap_or_default());
            if gateways::leads_on(gateway, listener) {
                leading.push(name.clone());
            }
            all.push(name);
        }
    }
    if leading.is_empty() { all } else { leading }
}

/// A scenario in which traffic that is given to the address of one listener of a gateway is given to the listener.
pub fn by_listener(scenario: &Node) -> Node {
    let mut of_listeners = scenario.clone();
    let history = scenario::HISTORY.entry.key;
    for path in [&[scenario::TRAFFIC.entry.key][..], &[history, past::TRAFFIC.entry.key]] {
        let found = path.iter().try_fold(&mut of_listeners, |node, key| value_of(node, key));
        let Some(Value::Map(entries)) = found.map(|node| &mut node.value) else { continue };
        for (key, _) in entries {
            let is_resource = |one: &Node| key.text.split('/').next().is_some_and(|name| one.is_named(name));
            let entrances = [LOAD_BALANCER, GATEWAY, TRAFFIC_MANAGER].into_iter().flat_map(|of| of_type(scenario, of));
            if let ([listener], false) =
                (&listeners_at(&key.text, scenario)[..], entrances.into_iter().any(is_resource))
            {
                key.text.clone_from(listener);
            }
        }
    }
    of_listeners
}

fn value_of<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Node> {
    let Value::Map(entries) = &mut node.value else { return None };
    entries.iter_mut().find(|(known, _)| known.text == key).map(|(_, value)| value)
}

/// The resources of a type.
fn of_type<'n>(scenario: &'n Node, kind: &'static str) -> impl Iterator<Item = &'n Node> {
    scenario::RESOURCES.items(scenario).iter().filter(move |resource| is_type(resource, kind))
}

/// The entry points of the frontends of balancers and gateways that have an address: a private one of their own, or a public IP.
pub fn of_address(address: &str, balancers: &Balancers, cx: &Context<'_>) -> Vec<usize> {
    let public = public_ips(address, cx.scenario);
    let is_public = |name: &str| public.iter().any(|known| known.eq_ignore_ascii_case(name));
    // One that moves is an entry point of its own.
    let is_it = |of: &EntryPoint| of.is_address && is_public(&of.resource);
    let moves: Vec<usize> =
        (0..balancers.entry_points.len()).filter(|at| is_it(&balancers.entry_points[*at])).collect();
    if !moves.is_empty() {
        return moves;
    }
    let mut found = Vec::new();
    for resource in cx.resources(LOAD_BALANCER).chain(cx.resources(GATEWAY)) {
        for frontend in frontends_at(resource, address, &public) {
            let leads = |entry: &EntryPoint| {
                let own = match listener_of(resource, entry) {
                    Some(listener) => frontend_of(listener),
                    None => entry.frontend.as_deref(),
                };
                let is_own = own.zip(frontend.name()).is_none_or(|(own, name)| own.eq_ignore_ascii_case(name));
                entry.is_root() && resource.name() == Some(entry.resource.as_str()) && is_own
            };
            found.extend((0..balancers.entry_points.len()).filter(|at| leads(&balancers.entry_points[*at])));
        }
    }
    found
}

/// The listener of a gateway that an entry point is.
fn listener_of<'n>(resource: &'n Node, entry: &EntryPoint) -> Option<&'n Node> {
    let is_own = |listener: &&Node| listener.name() == entry.frontend.as_deref();
    entry.gateway.and_then(|_| gateway::LISTENERS.items(resource).iter().find(is_own))
}

/// The name of the frontend that a listener refers to.
fn frontend_of(listener: &Node) -> Option<&str> {
    let to = listener.arm_path(&["properties", "frontendIPConfiguration"])?;
    shape::reference(to).map(|(id, _)| reference_name(id))
}

/// The port on which a listener of a gateway listens.
fn port_of(resource: &Node, listener: &Node) -> Option<i64> {
    let (id, _) = gateway::LISTENER_PORT.id(listener)?;
    let mut ports = gateway::FRONTEND_PORTS.items(resource).iter();
    let port = ports.find(|port| port.is_named(reference_name(id)))?;
    port.arm_path(&["properties", "port"])?.text()?.parse().ok()
}

/// The traffic that users send to a name.
pub fn traffic_of<'a>(name: &str, cx: &Context<'a>) -> Option<&'a Node> {
    scenario::TRAFFIC.node(cx.scenario)?.arm_given(name)
}

/// Whether an entry point listens on this port. A rule, or a listener, that gives none listens on any.
pub fn listens(at: usize, port: i64, balancers: &Balancers, cx: &Context<'_>) -> bool {
    let entry = &balancers.entry_points[at];
    if entry.is_address {
        return entry.name == port.to_string();
    }
    let is_this = |one: &&Node| one.name() == Some(entry.resource.as_str());
    let own = if entry.gateway.is_some() {
        cx.resources(GATEWAY).find(is_this).and_then(|resource| port_of(resource, listener_of(resource, entry)?))
    } else {
        let mut rules = cx.resources(LOAD_BALANCER).filter(is_this).flat_map(|one| lb::RULES.items(one));
        let rule = rules.find(|rule| rule.name() == Some(entry.name.as_str()));
        rule.and_then(|rule| lb::FRONTEND_PORT.get(rule)).map(|port| port.value)
    };
    own.is_none_or(|own| own == port || own == 0)
}

/// Says that connections which clients keep are not modelled before a name.
pub fn refuse_kept(traffic: Option<&Node>, name: &str, why: &str, cx: &mut Context<'_>) {
    if let Some(node) = traffic.filter(|node| key::CONNECTIONS.read(*node) != Connections::PerRequest) {
        let message = format!("connections that users of the name `{name}` keep are not modelled");
        let help = format!("write `connections: perRequest`; {why}");
        cx.problems.push(Problem::error("E0505", message).at(&node.span, "kept connections").help(help));
    }
}

/// The groups of users of a name, each with its share of all: everybody, where the traffic does not tell them apart.
pub fn groups<'n>(traffic: Option<&'n Node>, name: &str, cx: &mut Context<'_>) -> Vec<(Share, Option<&'n Node>)> {
    let groups = key::FROM.items(traffic);
    let sum: f64 = groups.iter().filter_map(|group| user_group::SHARE.given(group)).sum();
    if let Some(first) = groups.first().filter(|_| (sum - 1.0).abs() > 1e-9) {
        let message = format!("the shares of the users of `{name}` sum to {:.4} %", sum * 100.0);
        cx.problems.push(Problem::error("E0110", message).at(&first.span, "the first").help("make it 100 %"));
    }
    if groups.is_empty() {
        return vec![(WHOLE, None)];
    }
    let mut left = WHOLE;
    let mut of = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        let share = user_group::SHARE.given(group).unwrap_or(1.0);
        let share = if number + 1 == groups.len() { left } else { ((share * f64::from(WHOLE)) as Share).min(left) };
        left -= share;
        of.push((share, Some(group)));
    }
    of
}
