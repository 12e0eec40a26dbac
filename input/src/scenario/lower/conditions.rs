//! Clauses of endpoints that nobody can ever meet, or that nobody reaches: looked for once the plan is whole.

use super::Context;
use super::keys::choices::Own;
use super::keys::{Condition, application as key, clause, scenario};
use crate::problem::{Problem, suggest};
use crate::tree::Node;
use std::collections::BTreeSet;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::ids::PoolId;

/// Looks at every clause of every endpoint.
pub fn check(plan: &Plan, cx: &mut Context<'_>) {
    let node = scenario::APPLICATION.node(cx.scenario);
    for (path, clauses) in key::ENDPOINTS.entries(node) {
        for (at, node) in clauses.items().iter().enumerate() {
            let Some(when) = clause::WHEN.node(node) else { continue };
            for condition in clause::WHEN.given(node).unwrap_or_default() {
                cx.problems.0.extend(never(&condition, plan, cx).map(|of| of.at(&when.span, "these conditions")));
                if matches!(condition, Condition::AsksForOwn(Own::Slot)) {
                    without_slot(&path.text, when, plan, cx);
                }
            }
            let earlier = clauses.items()[..at].iter().filter_map(|node| clause::WHEN.node(node));
            if let Some(first) = earlier.into_iter().find(|earlier| implied(when, earlier)) {
                let message = "nobody reaches this clause: whoever meets its conditions meets those of one before it";
                let problem = Problem::warning("W0218", message).at(&when.span, "these conditions");
                let help = "put the clause with more conditions first";
                cx.problems.push(problem.also(&first.span, "meets them").help(help));
            }
        }
    }
}

/// Why a condition never holds. Another policy may have the zone or the image; a slot is the same under all.
fn never(condition: &Condition<'_>, plan: &Plan, cx: &Context<'_>) -> Option<Problem> {
    let zones: BTreeSet<u8> = plan.sets.iter().flat_map(|set| set.zones.iter().copied()).collect();
    match condition {
        Condition::Zone(zone) if !zones.contains(zone) => {
            let known: Vec<String> = zones.iter().map(u8::to_string).collect();
            let help = suggest("", known.iter().map(String::as_str));
            let problem = Problem::warning(
                "W0218",
                format!("no scale set is in the zone {zone}, so that nobody meets the condition"),
            );
            Some(problem.help(help.unwrap_or_else(|| "give a scale set `zones`, or remove the condition".into())))
        }
        Condition::AsksForOwn(Own::Zone) if zones.is_empty() => {
            let problem = Problem::warning("W0218", "who asks must name the zone, and no scale set is in one");
            Some(problem.help("give a scale set `zones`, or remove the condition"))
        }
        Condition::AsksForOwn(Own::Slot) if key::SLOTS.entries(scenario::APPLICATION.node(cx.scenario)).is_empty() => {
            let problem = Problem::error("E0232", "who asks must name the slot, and no scale set has one");
            Some(problem.help("write `slots: { vmss-blue: blue, vmss-green: green }` under `application`"))
        }
        Condition::Image(text) => {
            let names = || plan.images.iter().map(|image| image.name.as_str());
            let is_known = |name: &str| name == *text || name.split_once('/').is_some_and(|(name, _)| name == *text);
            let problem =
                || Problem::warning("W0218", format!("there is no image `{text}`, so that nobody meets the condition"));
            (!names().any(is_known)).then(|| problem().maybe_help(suggest(text, names())))
        }
        _ => None,
    }
}

/// Sets without a slot whose backends are asked for it.
fn without_slot(path: &str, when: &Node, plan: &Plan, cx: &mut Context<'_>) {
    let slots = key::SLOTS.entries(scenario::APPLICATION.node(cx.scenario));
    let asks = |pool: &u16| {
        let probe = plan.pools[PoolId(*pool).index()].probe.as_ref();
        let asked = probe.and_then(|probe| plan.application.endpoints.get(usize::from(probe.endpoint)));
        asked.is_some_and(|of| of.path.split('?').next() == Some(path))
    };
    let is_without = |name: &str| !slots.iter().any(|(set, _)| set.text.eq_ignore_ascii_case(name));
    for set in plan.sets.iter().filter(|set| !slots.is_empty() && is_without(&set.name) && set.pools.iter().any(asks)) {
        let message = format!("`{}` has no slot, so that its instances never meet the condition", set.name);
        let problem = Problem::warning("W0218", message).at(&when.span, "these conditions");
        cx.problems.push(problem.help(format!("write `slots: {{ {}: SLOT }}` under `application`", set.name)));
    }
}

/// Whether whoever meets some conditions meets others, since these are among them.
fn implied(when: &Node, others: &Node) -> bool {
    let all = |node: &Node| {
        let items = if node.items().is_empty() { std::slice::from_ref(node) } else { node.items() };
        items.iter().map(|of| of.to_json().to_string()).collect::<BTreeSet<String>>()
    };
    all(others).is_subset(&all(when))
}
