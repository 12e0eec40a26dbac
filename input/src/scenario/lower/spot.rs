//! Spot, scheduled events, jobs, prices, and the acts about them.

use super::keys::{
    FOR, INSTANCES, SCALE_SET, application, evict, jobs, maintenance, price, prices, scenario, scheduled_events,
    set_mix, spot_market as market, timeline_entry as entry,
};
use super::{Context, limits};
use crate::arm::shape::scale_set::{
    EVICTION_POLICY, MAX_PRICE, MIX_BASE, MIX_PERCENT, PRIORITY_MIX, RESTORE_ENABLED, RESTORE_TIMEOUT,
};
use crate::problem::{Problem, suggest};
use crate::scenario::legality::{Legality, SetFacts, os_image};
use crate::tree::Node;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{
    Act, EventListener, HostWork, Jobs, PowerAct, Prices, PriorityMix, Region, ScaleSet, SpotAct, SpotMarket,
    SpotPolicy, Word,
};
use windtunnel_sim::rules;

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
    let mut all = scenario::PRICES.entries(cx.scenario).iter();
    let (_, node) = all.find(|(name, _)| name.text.eq_ignore_ascii_case(size))?;
    Some(Prices { regular: prices::REGULAR.given(node)?, spot: prices::SPOT.given(node)? })
}

/// Reads the `spot` section; a set that pays less at most than the first price cannot be deployed (SP-04).
pub fn markets(regions: &[Region], facts: &[SetFacts], sets: &[ScaleSet], cx: &mut Context<'_>) -> Vec<SpotMarket> {
    simulated(sets, cx);
    let mut list = Vec::new();
    for (name, node) in scenario::SPOT.entries(cx.scenario) {
        let Some(region) = regions.iter().position(|region| region.name == name.text) else {
            let problem = Problem::error("E0206", format!("no scale set is in `{}`", name.text));
            let help = suggest(&name.text, regions.iter().map(|region| region.name.as_str()));
            cx.problems.push(problem.at(&name.span, "unknown region").maybe_help(help));
            continue;
        };
        let mut prices: Vec<(SimTime, f64)> = Vec::new();
        for price in market::PRICES.items(node) {
            let (Some(at), Some(value)) = (price::AT.given(price), price::PRICE.given(price)) else {
                continue;
            };
            // The first price holds from the start.
            let at = if prices.is_empty() { SimTime::ZERO } else { SimTime::ZERO + at };
            if prices.last().is_some_and(|&(last, _)| last >= at) {
                let problem = Problem::error("E0115", format!("the price at {at} must be after the one before it"));
                cx.problems.push(problem.at(&price.span, "this price").help("write the prices in the order of time"));
            }
            prices.push((at, value));
        }
        let first = prices.first().map(|&(_, price)| price);
        for (facts, set) in facts.iter().zip(sets) {
            let (Some(span), Some(max), Some(price)) = (facts.spot(), set.spot.max_price, first) else { continue };
            if max < price {
                let message = format!("`{}` pays at most {max}, but Spot costs {price}", facts.name());
                let mut say = Legality { rules: cx.rules, problems: cx.problems };
                say.refuse(rules::SP_04, &span, &message, "raise `maxPrice`, or write -1");
            }
        }
        list.push(SpotMarket { region: region as u16, hourly: market::EVICTION_RATE.read(node), prices });
    }
    list
}

/// What the application does about scheduled events.
pub fn listener(node: &Node) -> EventListener {
    let on = scheduled_events::ON.read(node).into_iter().fold(0, |bits, kind| bits | 1 << kind as u8);
    EventListener {
        poll: scheduled_events::POLL_EVERY.given(node),
        on,
        admin_down: scheduled_events::ADMIN_STATE.is_in(node),
        approve_after: scheduled_events::APPROVE_AFTER.given(node),
        when_idle: scheduled_events::WHEN_IDLE.read(node),
        unfiltered: !scheduled_events::FILTERS_BY_RESOURCES.read(node),
    }
}

/// Long-running work.
pub fn jobs(cx: &mut Context<'_>) -> Option<Jobs> {
    let node = application::JOBS.node(scenario::APPLICATION.node(cx.scenario))?;
    let set = cx.set_of(node)?;
    let every = limits::every((&jobs::EVERY, node), "jobs", cx.problems)?;
    Some(Jobs { set, every, duration: jobs::DURATION.given(node)?, protects: jobs::PROTECTS.read(node) })
}

/// An act about Spot, power or hosts, if it is one.
pub fn act(node: &Node, cx: &mut Context<'_>) -> Option<Act> {
    if let Some(act) = entry::EVICT.node(node) {
        let (zones, share) = (evict::ZONES.given(act).unwrap_or_default(), evict::SHARE.read(act));
        return Some(Act::Spot(SpotAct::Evict { set: cx.set_of(act)?, zones, share, length: FOR.given(act) }));
    }
    if let Some(act) = entry::SIMULATE_EVICTION.node(node) {
        return Some(Act::Spot(SpotAct::Simulate { set: cx.set_of(act)?, which: INSTANCES.read(act) }));
    }
    if let Some(act) = entry::SET_PRIORITY_MIX.node(node) {
        let base = set_mix::BASE_REGULAR_PRIORITY_COUNT.read(act);
        let percent = set_mix::REGULAR_PRIORITY_PERCENTAGE_ABOVE_BASE.read(act);
        return Some(Act::Spot(SpotAct::SetMix { set: cx.set_of(act)?, mix: PriorityMix { base, percent } }));
    }
    for how in PowerAct::ALL {
        if let Some(act) = node.get(how.word()) {
            return Some(Act::Power { set: cx.set_of(act)?, which: INSTANCES.read(act), how: *how });
        }
    }
    let act = entry::MAINTENANCE.node(node)?;
    let (kind, which) = (maintenance::KIND.given(act)?, INSTANCES.read(act));
    Some(Act::Maintain(HostWork { set: cx.set_of(act)?, kind, which, length: FOR.given(act) }))
}

/// Says of `simulateEviction` on a set without Spot instances that Azure will refuse it (SP-19).
fn simulated(sets: &[ScaleSet], cx: &mut Context<'_>) {
    for node in scenario::TIMELINE.items(cx.scenario) {
        let Some(of) = SCALE_SET.node(entry::SIMULATE_EVICTION.node(node)) else { continue };
        let Some(set) = of.text().and_then(|name| cx.sets.id(name)) else { continue };
        if sets.get(usize::from(set)).is_some_and(|set| !set.spot.spot) && cx.rules.on(rules::SP_19) {
            let message = format!(
                "`simulateEviction` will be refused: `{}` has no Spot instances (SP-19)",
                of.text().unwrap_or_default()
            );
            let help = "use a set with `priority: Spot`, or delete instances with `deleteInstances`";
            cx.problems.push(Problem::warning("W0578", message).at(&of.span, "a regular set").help(help));
        }
    }
}
