//! How many instances a gateway has, and between which counts it scales by itself.

use crate::arm::shape::GATEWAY;
use crate::arm::shape::gateway::{CAPACITY, LEAST, MOST, SKU_NAME, SKU_TIER};
use crate::problem::{Problem, Problems};
use crate::scenario::lower::Context;
use crate::scenario::lower::balancers::Balancers;
use crate::scenario::lower::keys::{scenario, traffic as key};
use crate::scenario::lower::traffic;
use crate::scenario::lower::write::Part;
use crate::tree::{Node, Span};
use windtunnel_sim::azure::gateways::{needed_at_peak, unit_rps};
use windtunnel_sim::demand::traffic::peak;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{Connections, GATEWAY_UNITS, Plan, ScalingGateway, Tier, UNIT_BYTES, UNIT_CONNECTIONS};

/// The most instances that a gateway can have.
const MOST_INSTANCES: u32 = 125;
/// What a gateway scales by.
const SCALES: &str = "autoscaleConfiguration";

/// How many instances it may have.
struct Bounds {
    least: u16,
    most: u16,
    /// Its count is followed: it moves with the traffic, or may be too small for it.
    is_followed: bool,
    /// The most that it may have whatever its traffic, and where that is written.
    allowed: (u16, Span),
}

/// How many instances it has, and its place among the gateways whose count is followed: where that moves, or its traffic may need more.
/// Where it scales by itself these are the most that all traffic of the scenario can need, and where writes give it another count, the
/// most of all.
pub fn instances(
    (name, resource): (&str, &Node),
    tier: Tier,
    balancers: &mut Balancers,
    cx: &mut Context<'_>,
) -> (u16, Option<u16>) {
    let at = balancers.gateways.iter().position(|of| of.name == name).unwrap_or(balancers.gateways.len());
    let is_new = at == balancers.gateways.len();
    let Bounds { least, most, is_followed, allowed } = bounds(resource, tier, is_new, cx);
    let written = if tier == Tier::V2 { most_written((name, resource), cx) } else { None };
    if !is_followed && written.is_none() {
        return (most, None);
    }
    if is_new {
        let ever = written.unwrap_or(most).max(most);
        balancers.gateways.push(ScalingGateway {
            name: name.to_owned(),
            least,
            most,
            ever,
            waf: has_firewall(resource),
        });
        balancers.allowed.push(allowed);
    }
    balancers.bounds = Some((at as u16, least, most));
    (balancers.gateways[at].ever, Some(at as u16))
}

/// How many instances it may have as it is written here.
fn bounds(resource: &Node, tier: Tier, is_new: bool, cx: &mut Context<'_>) -> Bounds {
    let fixed = |has, is_followed, at: &Span| Bounds { least: has, most: has, is_followed, allowed: (has, at.clone()) };
    let Some(from) = LEAST.get(resource) else {
        let capacity = CAPACITY.get(resource);
        let has = capacity.as_ref().map_or(1, |at| count(at.value));
        let at = capacity.as_ref().map_or(&resource.span, |at| &at.span);
        return fixed(has, tier == Tier::V2 && most_needed(has_firewall(resource), cx) > has, at);
    };
    let most = MOST.value(resource);
    if most < from.value {
        let message = format!("`maxCapacity` {most} is less than `minCapacity` {}", from.value);
        let problem = Problem::error("E0501", message).at(&from.span, "Azure refuses this");
        cx.problems.push(problem.help("write a greater `maxCapacity`"));
    }
    if tier == Tier::V1 {
        let problem =
            Problem::error("E0501", "a gateway of v1 does not scale by itself").at(&from.span, "its autoscale");
        cx.problems.push(problem.help("write `sku: { capacity: 2 }`, or a SKU of v2"));
        return fixed(count(from.value), false, &from.span);
    }
    let least = at_least(from.value);
    let waf = has_firewall(resource);
    let (allowed, needed) = (count(most), most_needed(waf, cx));
    let most = allowed.min(needed);
    if most <= least {
        return fixed(least, needed > least, &from.span);
    }
    if is_new {
        let message = format!("the gateway scales by itself between {least} and {most} instances");
        let problem =
            Problem::note("N0311", message).at(&from.span, "what it loses while it is short of them is not modelled");
        cx.problems.push(problem.help("`gateways.short_s` says how long that is"));
    }
    let at = MOST.node(resource).map_or(&from.span, |node| &node.span);
    Bounds { least, most, is_followed: true, allowed: (allowed, at.clone()) }
}

fn count(count: u32) -> u16 {
    count.clamp(1, MOST_INSTANCES) as u16
}

/// What `minCapacity` comes to.
fn at_least(written: u32) -> u16 {
    if written == 0 { 2 } else { count(written) }
}

/// The most instances that any order of the writes of the timeline may give a gateway, where one of them changes how many it has.
fn most_written((name, resource): (&str, &Node), cx: &mut Context<'_>) -> Option<u16> {
    let autoscale = |patch: &Node| patch.arm("properties").is_some_and(|of| of.arm_given(SCALES).is_some());
    let is_meant = |part: &&Part<'_>| {
        let of_it = part.of_type(GATEWAY).is_some_and(|of| of.name() == Some(name));
        of_it && (CAPACITY.node(part.patch).is_some() || autoscale(part.patch))
    };
    let patches: Vec<&Node> = cx.parts.iter().filter(is_meant).map(|part| part.patch).collect();
    if patches.is_empty() {
        return None;
    }
    let all = || patches.iter().copied().chain([resource]);
    let fixed = all().filter_map(|of| CAPACITY.get(of)).map(|at| count(at.value));
    let least = all().filter_map(|of| LEAST.get(of)).map(|at| at_least(at.value));
    // One that is not written is the default.
    let most = all().map(|of| count(MOST.value(of))).max().unwrap_or(1);
    fixed.chain(least).chain([most.min(most_needed(has_firewall(resource), cx))]).max()
}

/// Whether it has a web application firewall.
fn has_firewall(resource: &Node) -> bool {
    SKU_TIER.text(resource).or(SKU_NAME.text(resource)).is_some_and(|of| of.eq_ignore_ascii_case("WAF_v2"))
}

/// Warns of gateways that can have no more than so many instances where the peaks of what they may be sent need more, from wherever their
/// users come.
pub fn say_too_small(plan: &Plan, allowed: &[(u16, Span)], cx: &mut Context<'_>) {
    for (gateway, (most, at)) in plan.gateways.iter().zip(allowed) {
        let (name, needed) =
            (&gateway.name, needed_at_peak(plan, &gateway.name, gateway.waf).min(count(MOST_INSTANCES)));
        // A write may give it more.
        let most = (*most).max(gateway.ever);
        if needed <= most {
            continue;
        }
        let message =
            format!("the traffic of `{name}` needs {needed} instances at its peak, and it has at most {most}");
        let problem = Problem::warning("W0515", message).at(at, "too few; what that delays or loses is not modelled");
        cx.problems.push(problem.help("give it more instances; `gateways.short_s` says for how long it has too few"));
    }
}

/// How many instances take the peaks of all traffic of the scenario at once: no gateway needs more.
fn most_needed(waf: bool, cx: &mut Context<'_>) -> u16 {
    let per_unit = cx.assumptions.get(unit_rps(waf));
    let horizon = SimTime::ZERO + scenario::HORIZON.given(cx.scenario).unwrap_or_default();
    let mut units = 0.0;
    for (_, node) in scenario::TRAFFIC.entries(cx.scenario) {
        // What is wrong with it is said where it is read.
        let mut unsaid = Problems::new();
        let Some(traffic) = traffic::traffic(node, &mut Context { problems: &mut unsaid, ..cx.again() }) else {
            continue;
        };
        let bytes = key::BYTES_PER_REQUEST.given(node).unwrap_or(0.0);
        let sockets = traffic.users.filter(|_| traffic.connections == Connections::WebSocket);
        let sockets = sockets.map_or(0.0, |users| 1.0 / users.rps_each / UNIT_CONNECTIONS);
        units += peak(&traffic.demand, horizon) * (1.0 / per_unit).max(sockets).max(bytes / UNIT_BYTES);
    }
    (units / GATEWAY_UNITS).ceil().min(f64::from(MOST_INSTANCES)) as u16
}
