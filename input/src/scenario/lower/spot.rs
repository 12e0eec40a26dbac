//! Spot, scheduled events, jobs, prices, and the acts about them.

use super::model::which;
use super::{AT_ONCE, Context, limits, section, values};
use crate::arm::shape::scale_set::{
    EVICTION_POLICY, MAX_PRICE, MIX_BASE, MIX_PERCENT, PRIORITY_MIX, RESTORE_ENABLED, RESTORE_TIMEOUT,
};
use crate::problem::{Problem, suggest};
use crate::quantity;
use crate::scenario::legality::{Legality, SetFacts, os_image};
use crate::tree::Node;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{
    Act, EventListener, HostWork, Jobs, MaintenanceKind, PowerAct, Prices, PriorityMix, Region, SpotAct, SpotMarket,
    SpotPolicy,
};
use windtunnel_sim::rules::{self, published::Published};

/// The kinds of events, by their numbers.
const KINDS: [&str; 5] = ["Freeze", "Reboot", "Redeploy", "Preempt", "Terminate"];
/// Preempt and Terminate.
const DEFAULT_KINDS: u8 = 1 << 3 | 1 << 4;

/// What a set says of Spot.
pub fn policy(resource: &Node, facts: &SetFacts, cx: &mut Context<'_>) -> SpotPolicy {
    // Where autoscale is on, try-restore is off (SP-13, AS-28).
    let restore = RESTORE_ENABLED.on(resource).map(|_| RESTORE_TIMEOUT.value(resource));
    let switched_off = facts.autoscaled.is_some() && cx.rules.on(rules::SP_13) && cx.rules.on(rules::AS_28);
    let mix = PRIORITY_MIX
        .find(resource)
        .map(|_| PriorityMix { base: MIX_BASE.value(resource), percent: MIX_PERCENT.value(resource).min(100) });
    SpotPolicy {
        spot: facts.spot().is_some(),
        eviction: EVICTION_POLICY.value(resource),
        max_price: MAX_PRICE.get(resource).map(|price| price.value).filter(|&price| price >= 0.0),
        restore: restore.filter(|_| !switched_off),
        mix,
    }
}

/// `osImageNotificationProfile`, where the size has such events (SE-16).
pub fn os_image(facts: &SetFacts, on: &rules::RuleSet) -> Option<SimDuration> {
    let without = os_image::is_without(facts.size()) && on.on(rules::SE_16);
    facts.os_image().filter(|_| !without).map(|timeout| timeout.value)
}

/// What instances of a size cost.
pub fn prices(size: &str, cx: &Context<'_>) -> Option<Prices> {
    let (_, node) = section(cx.scenario, "prices").find(|(key, _)| key.text.eq_ignore_ascii_case(size))?;
    Some(Prices { regular: values::number(node, "regular")?, spot: values::number(node, "spot")? })
}

/// Reads the `spot` section; a set that pays less at most than the first price cannot be deployed (SP-04).
pub fn markets(regions: &[Region], facts: &[SetFacts], sets: &[SpotPolicy], cx: &mut Context<'_>) -> Vec<SpotMarket> {
    simulated(sets, cx);
    let mut list = Vec::new();
    for (key, node) in section(cx.scenario, "spot") {
        let Some(region) = regions.iter().position(|region| region.name == key.text) else {
            let problem = Problem::error("E0206", format!("no scale set lives in `{}`", key.text));
            let help = suggest(&key.text, regions.iter().map(|region| region.name.as_str()));
            cx.problems.push(problem.at(&key.span, "unknown region").maybe_help(help));
            continue;
        };
        let mut prices: Vec<(SimTime, f64)> = Vec::new();
        for price in node.get("prices").map_or(&[][..], Node::items) {
            let (Some(at), Some(value)) = (values::duration(price, "at"), values::number(price, "price")) else {
                continue;
            };
            // The first price holds from the start.
            let at = if prices.is_empty() { SimTime::ZERO } else { SimTime::ZERO + at };
            if prices.last().is_some_and(|&(last, _)| last >= at) {
                let problem =
                    Problem::error("E0115", format!("the price at {at} does not come after the one before it"));
                cx.problems.push(problem.at(&price.span, "this price").help("write the prices in the order of time"));
            }
            prices.push((at, value));
        }
        let first = prices.first().map(|&(_, price)| price);
        for (facts, policy) in facts.iter().zip(sets) {
            let (Some(span), Some(max), Some(price)) = (facts.spot(), policy.max_price, first) else { continue };
            if max < price {
                let message = format!("`{}` pays {max} at most, and Spot costs {price}", facts.name());
                let mut say = Legality { rules: cx.rules, problems: cx.problems };
                say.refuse(rules::SP_04, &span, &message, "raise `maxPrice`, or write -1");
            }
        }
        list.push(SpotMarket { region: region as u16, hourly: eviction_rate(node), prices });
    }
    list
}

/// The chance of an eviction within an hour, in so many words or as it was published (SP-06, DI-14).
fn eviction_rate(market: &Node) -> f64 {
    match market.get("evictionRate").and_then(values::published) {
        Some(Published::Hourly(rate)) => rate,
        _ => values::percent(market, "evictionRate").unwrap_or(0.0),
    }
}

/// What the application does about scheduled events.
pub fn listener(application: &Node) -> Option<EventListener> {
    let node = application.get("scheduledEvents")?;
    let bit = |item: &Node| KINDS.iter().position(|kind| Some(*kind) == item.text()).map_or(0, |at| 1 << at);
    let on = node.get("on").map(|list| list.items().iter().map(bit).fold(0, |bits, bit| bits | bit));
    Some(EventListener {
        poll: values::duration(node, "pollEvery"),
        on: on.unwrap_or(DEFAULT_KINDS),
        admin_down: node.get("adminState").is_some(),
        approve_after: values::duration(node, "approveAfter"),
        when_idle: values::flag(node, "whenIdle"),
        unfiltered: node.get("filtersByResources").and_then(Node::text) == Some("false"),
    })
}

/// Long-running work.
pub fn jobs(cx: &mut Context<'_>) -> Option<Jobs> {
    let node = cx.scenario.get("application")?.get("jobs")?;
    let set = cx.sets.resolve(node.get("scaleSet")?, "E0201", "scale set", cx.problems)?;
    let every = limits::every(node, "jobs", cx.problems)?;
    let duration = values::dist_of(node, "duration", cx.problems).unwrap_or(AT_ONCE);
    Some(Jobs { set, every, duration, protects: values::flag(node, "protects") })
}

/// The calls on machines, by their keys.
const CALLS: [(&str, PowerAct); 9] = [
    ("deallocate", PowerAct::Deallocate),
    ("start", PowerAct::Start),
    ("restart", PowerAct::Restart),
    ("powerOff", PowerAct::PowerOff),
    ("reimage", PowerAct::Reimage),
    ("reimageAll", PowerAct::ReimageAll),
    ("redeploy", PowerAct::Redeploy),
    ("performMaintenance", PowerAct::PerformMaintenance),
    ("deleteInstances", PowerAct::Delete),
];

/// An act about Spot, power or hosts, if it is one.
pub fn act(node: &Node, cx: &mut Context<'_>) -> Option<Act> {
    if let Some(act) = node.get("evict") {
        let set = set_of(act, cx)?;
        let zones = act.get("zones").map_or(&[][..], Node::items);
        let zone = |zone: &Node| zone.text().and_then(quantity::integer).and_then(|zone| u8::try_from(zone).ok());
        let share = values::percent(act, "share").unwrap_or(1.0);
        let zones = zones.iter().filter_map(zone).collect();
        return Some(Act::Spot(SpotAct::Evict { set, zones, share, length: values::duration(act, "for") }));
    }
    if let Some(act) = node.get("simulateEviction") {
        return Some(Act::Spot(SpotAct::Simulate { set: set_of(act, cx)?, which: which(act, cx)? }));
    }
    if let Some(act) = node.get("setPriorityMix") {
        let base = values::whole(act, "baseRegularPriorityCount").unwrap_or(0);
        let percent = values::whole(act, "regularPriorityPercentageAboveBase").unwrap_or(0);
        return Some(Act::Spot(SpotAct::SetMix { set: set_of(act, cx)?, mix: PriorityMix { base, percent } }));
    }
    for (key, how) in CALLS {
        if let Some(act) = node.get(key) {
            return Some(Act::Power { set: set_of(act, cx)?, which: which(act, cx)?, how });
        }
    }
    let act = node.get("maintenance")?;
    let kind = host_kind(act.get("kind")?.text()?);
    let (set, which) = (set_of(act, cx)?, which(act, cx)?);
    Some(Act::Maintain(HostWork { set, kind, which, length: values::duration(act, "for") }))
}

/// Says of `simulateEviction` on a set without Spot instances that Azure will refuse it (SP-19).
fn simulated(policies: &[SpotPolicy], cx: &mut Context<'_>) {
    for node in cx.scenario.get("timeline").map_or(&[][..], Node::items) {
        let Some(of) = node.get("simulateEviction").and_then(|act| act.get("scaleSet")) else { continue };
        let Some(set) = of.text().and_then(|name| cx.sets.id(name)) else { continue };
        if policies.get(usize::from(set)).is_some_and(|policy| !policy.spot) && cx.rules.on(rules::SP_19) {
            let message = format!(
                "`simulateEviction` will be refused: `{}` has no Spot instances (SP-19)",
                of.text().unwrap_or_default()
            );
            let help = "take a set with `priority: Spot`, or delete instances with `deleteInstances`";
            cx.problems.push(Problem::warning("W0578", message).at(&of.span, "a regular set").help(help));
        }
    }
}

fn set_of(act: &Node, cx: &mut Context<'_>) -> Option<u16> {
    cx.sets.resolve(act.get("scaleSet")?, "E0201", "scale set", cx.problems)
}

/// What happens to hosts, by its word.
pub fn host_kind(word: &str) -> MaintenanceKind {
    match word {
        "freeze" => MaintenanceKind::Freeze,
        "liveMigration" => MaintenanceKind::LiveMigration,
        "reboot" => MaintenanceKind::Reboot,
        "hostFault" => MaintenanceKind::HostFault,
        "hostDead" => MaintenanceKind::HostDead,
        "degradedHost" => MaintenanceKind::Degraded,
        _ => MaintenanceKind::StorageOut,
    }
}
