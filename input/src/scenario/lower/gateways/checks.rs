//! What Azure refuses of an application gateway, and what of one leads nowhere.

use super::part_of;
use crate::arm::reference::reference_name;
use crate::arm::shape::gateway::{
    CAPACITY, FRONTEND_PORTS, LEAST, LISTENER_PORT, LISTENERS, PROBE_PATH, PROBES, RULE_LISTENER, RULE_PRIORITY, RULES,
    SKU_NAME, SKU_TIER,
};
use crate::problem::{Problem, suggest};
use crate::scenario::lower::Context;
use crate::tree::Node;
use std::collections::BTreeMap;
use windtunnel_sim::plan::Tier;

/// The names of SKUs, each with its tier.
const SKUS: [(&str, &str); 8] = [
    ("Standard_v2", "Standard_v2"),
    ("WAF_v2", "WAF_v2"),
    ("Basic", "Basic"),
    ("Standard_Small", "Standard"),
    ("Standard_Medium", "Standard"),
    ("Standard_Large", "Standard"),
    ("WAF_Medium", "WAF"),
    ("WAF_Large", "WAF"),
];

/// The most instances of a gateway of v1.
const V1_MOST: u32 = 32;

/// Looks at all of it.
pub fn look(resource: &Node, tier: Tier, cx: &mut Context<'_>) {
    sku(resource, tier, cx);
    listeners(resource, cx);
    let mut priorities: BTreeMap<u32, &str> = BTreeMap::new();
    for rule in RULES.items(resource) {
        let Some(priority) = RULE_PRIORITY.get(rule) else { continue };
        let name = rule.name().unwrap_or_default();
        if let Some(other) = priorities.insert(priority.value, name) {
            let message = format!("the rules `{other}` and `{name}` have the same priority {}", priority.value);
            refused(message, &priority.span, "give each rule a priority of its own", cx);
        }
    }
    for path in PROBES.items(resource).iter().filter_map(|probe| PROBE_PATH.node(probe)) {
        let text = path.text().unwrap_or_default();
        if !text.starts_with('/') {
            let message = format!("the path `{text}` of a probe does not begin with `/`");
            refused(message, &path.span, &format!("write `/{text}`"), cx);
        }
    }
}

fn refused(message: String, span: &crate::tree::Span, help: &str, cx: &mut Context<'_>) {
    cx.problems.push(Problem::error("E0501", message).at(span, "Azure refuses this").help(help));
}

/// Its SKU, which says its tier, and how many instances it has.
fn sku(resource: &Node, tier: Tier, cx: &mut Context<'_>) {
    let (name, tier_node) = (SKU_NAME.node(resource), SKU_TIER.node(resource));
    let of_name = known(name, SKUS.map(|(name, _)| name), "sku", cx);
    let of_tier = known(tier_node, SKUS.map(|(_, tier)| tier), "tier", cx);
    if let (Some(at), Some(tier_at), Some(node)) = (of_name, of_tier, tier_node)
        && SKUS[at].1 != SKUS[tier_at].1
    {
        let (name, tier) = (SKUS[at].0, SKUS[tier_at].1);
        let message = format!("the SKU `{name}` is of the tier `{}`, and not of `{tier}`", SKUS[at].1);
        refused(message, &node.span, &format!("write `tier: {}`", SKUS[at].1), cx);
    }
    match CAPACITY.get(resource) {
        Some(count) if tier == Tier::V1 && count.value > V1_MOST => {
            let message = format!("a gateway of v1 has at most {V1_MOST} instances, not {}", count.value);
            refused(message, &count.span, "write a smaller count, or a SKU of v2", cx);
        }
        None if LEAST.get(resource).is_none() => {
            let message = "the gateway does not say how many instances it has: one is taken";
            let problem = Problem::warning("W0511", message).at(&resource.span, "this gateway");
            cx.problems.push(problem.help("write `sku: { capacity: 2 }`"));
        }
        _ => {}
    }
}

/// The place of a word among those that are known, whatever the case of its letters; says so where it is none of them.
fn known(node: Option<&Node>, words: [&'static str; 8], what: &str, cx: &mut Context<'_>) -> Option<usize> {
    let (node, text) = node.and_then(|node| Some((node, node.text()?)))?;
    let at = words.iter().position(|word| word.eq_ignore_ascii_case(text));
    if at.is_none() {
        let problem = Problem::error("E0503", format!("a gateway has no {what} `{text}`"));
        let mut words = words.to_vec();
        words.dedup();
        cx.problems.push(problem.at(&node.span, format!("unknown {what}")).maybe_help(suggest(text, words)));
    }
    at
}

/// Each listener has a port that is there, and one rule.
fn listeners(resource: &Node, cx: &mut Context<'_>) {
    let named = |rule: &'_ Node| RULE_LISTENER.id(rule).map(|(id, _)| reference_name(id).to_ascii_lowercase());
    for listener in LISTENERS.items(resource) {
        if let Some(port) = LISTENER_PORT.id(listener).filter(|_| !FRONTEND_PORTS.items(resource).is_empty()) {
            part_of(resource, (listener, Some(port)), ("a frontend port", &FRONTEND_PORTS), cx);
        }
        let name = listener.name().unwrap_or_default();
        let own = name.to_ascii_lowercase();
        let mut rules = RULES.items(resource).iter().filter(|rule| named(rule).as_deref() == Some(&own));
        match (rules.next(), rules.next()) {
            (None, _) => {
                let problem = Problem::warning("W0511", format!("no rule leads on from the listener `{name}`"));
                cx.problems.push(problem.at(&listener.span, "leads nowhere").help("name it in a request routing rule"));
            }
            (Some(_), Some(second)) => {
                let message =
                    format!("the listener `{name}` has a second rule, `{}`", second.name().unwrap_or_default());
                refused(message, &second.span, "a listener has one rule: a path map leads to several pools", cx);
            }
            (Some(_), None) => {}
        }
    }
}
