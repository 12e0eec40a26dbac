//! Pools of a gateway that have backends by address: an address of a load balancer of the scenario leads there.

use crate::arm::shape::gateway::{BACKEND_ADDRESS, BACKEND_FQDN, SETTING_PORT};
use crate::problem::Problem;
use crate::scenario::lower::Context;
use crate::scenario::lower::balancers::Balancers;
use crate::scenario::lower::keys::scenario;
use crate::scenario::lower::outside::{listens, of_address};
use crate::tree::Node;
use windtunnel_sim::plan::{EntryPoint, GatewayPart, Routed};

/// A listener whose pool has these backends: each gets the same part of its requests.
pub fn listener(
    (gateway, listener, setting): (&str, &str, &Node),
    addresses: &[Node],
    part: GatewayPart,
    balancers: &mut Balancers,
    cx: &mut Context<'_>,
) {
    let port = SETTING_PORT.get(setting).map_or(80, |port| port.value);
    let mut targets = Vec::new();
    for node in addresses {
        let Some(address) = BACKEND_ADDRESS.text(node).or_else(|| BACKEND_FQDN.text(node)) else { continue };
        let mut found = of_address(address, balancers, cx);
        found.retain(|at| balancers.entry_points[*at].gateway.is_none());
        match found.iter().copied().find(|at| listens(*at, port, balancers, cx)) {
            Some(at) => targets.push(at),
            None => unknown((gateway, listener), (node, address, port), !found.is_empty(), cx),
        }
    }
    let (at, of) = (balancers.entry_points.len(), targets.len());
    let (Ok(from), Ok(of)) = (u16::try_from(at), u16::try_from(of)) else { return };
    if of == 0 {
        return;
    }
    let own = EntryPoint::listener(gateway, listener, GatewayPart { instances: 1, scales: None, ..part }, None);
    let rows = targets.iter().zip(0..).map(|(&to, number)| {
        let other = &balancers.entry_points[to];
        EntryPoint::routed(&own, (other, &other.own_name()), Routed { from, to: to as u16, part: (number, of) })
    });
    let rows: Vec<EntryPoint> = rows.collect();
    balancers.entry_points.push(own);
    balancers.entry_points.extend(rows);
    let message = "a gateway leads requests to a balancer whatever its probes find there: these are not played";
    cx.problems.push(Problem::warning("W0511", message).at(&addresses[0].span, "a balancer of the scenario"));
}

/// An address that is nothing of the scenario: an error where users enter by the listener, and a warning else.
fn unknown(
    (gateway, listener): (&str, &str),
    (node, address, port): (&Node, &str, i64),
    has_frontend: bool,
    cx: &mut Context<'_>,
) {
    let asks = |key: &str| {
        let (resource, part) = key.split_once('/').unwrap_or((key, listener));
        resource.eq_ignore_ascii_case(gateway) && part.eq_ignore_ascii_case(listener)
    };
    let is_asked = scenario::TRAFFIC.entries(cx.scenario).iter().any(|(key, _)| asks(&key.text));
    let message = match has_frontend {
        true => format!(
            "no rule of the balancer at `{address}` has the frontend port {port}, which the backend setting names"
        ),
        false => format!("the backend `{address}` belongs to nothing in the scenario"),
    };
    let problem = if is_asked { Problem::error("E0504", message) } else { Problem::warning("W0511", message) };
    let help = "give the address to a frontend of a load balancer, `privateIPAddress`, or name the pool in the network profile of a scale set";
    cx.problems.push(problem.at(&node.span, "this address").help(help));
}
