//! What Azure refuses of an application gateway, and what of one leads nowhere.

use super::part_of;
use crate::arm::reference::reference_name;
use crate::arm::shape::gateway::{
    BODY, CAPACITY, FRONTEND_PORTS, LEAST, LISTENER_CERTIFICATE, LISTENER_PORT, LISTENER_PROTOCOL, LISTENERS,
    ListenerProtocol, PROBE_INTERVAL, PROBE_PATH, PROBE_TIMEOUT, PROBES, RULE_LISTENER, RULE_PRIORITY, RULES,
    SETTING_PROBE, SETTINGS, SKU_NAME, SKU_TIER,
};
use crate::problem::{Problem, suggest};
use crate::scenario::lower::Context;
use crate::scenario::lower::keys::scenario;
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
        let name = rule.name().unwrap_or_default();
        let Some(priority) = RULE_PRIORITY.get(rule) else {
            if tier == Tier::V2 && wants_priority(resource) {
                let message = format!("the rule `{name}` has no priority: Azure answers {NO_PRIORITY}");
                refused(message, &rule.span, "write `priority`, from 1 to 20000", cx);
            }
            continue;
        };
        if let Some(other) = priorities.insert(priority.value, name) {
            let message = format!("the rules `{other}` and `{name}` have the same priority {}", priority.value);
            refused(message, &priority.span, "give each rule a priority of its own", cx);
        }
    }
    PROBES.items(resource).iter().for_each(|probe| look_at_probe(resource, probe, cx));
}

/// What Azure answers where a rule has no priority, since this version of its interface.
const NO_PRIORITY: &str = "ApplicationGatewayRequestRoutingRulePriorityCannotBeEmpty";
const NO_PRIORITY_SINCE: &str = "2021-08-01";

/// Whether a resource is written for an interface that wants priorities: the newest, where it does not say.
fn wants_priority(resource: &Node) -> bool {
    resource.arm("apiVersion").and_then(Node::text).is_none_or(|version| version >= NO_PRIORITY_SINCE)
}

/// The most characters of the text that a probe looks for (AG-05).
const MOST_TEXT: usize = 4090;

fn look_at_probe(resource: &Node, probe: &Node, cx: &mut Context<'_>) {
    let name = probe.name().unwrap_or_default();
    if let Some((path, text)) = PROBE_PATH.node(probe).and_then(|path| Some((path, path.text()?)))
        && !text.starts_with('/')
    {
        let message = format!("the path `{text}` of a probe does not begin with `/`");
        refused(message, &path.span, &format!("write `/{text}`"), cx);
    }
    if let Some((body, text)) = BODY.node(probe).and_then(|body| Some((body, body.text()?)))
        && text.chars().count() > MOST_TEXT
    {
        let message = format!("the text of `match` has {} characters", text.chars().count());
        refused(message, &body.span, &format!("write at most {MOST_TEXT}"), cx);
    }
    let (interval, timeout) = (PROBE_INTERVAL.value(probe), PROBE_TIMEOUT.value(probe));
    if timeout > interval {
        let message = format!(
            "the probe `{name}` waits {timeout} s and goes out every {interval} s: it is played as waiting {interval} s"
        );
        let problem = Problem::warning("W0511", message).at(&probe.span, "`timeout` is longer than `interval`");
        cx.problems.push(problem.help("write a `timeout` that is no longer than the `interval`"));
    }
    let names =
        |setting| SETTING_PROBE.id(setting).is_some_and(|(id, _)| reference_name(id).eq_ignore_ascii_case(name));
    // A write may name it.
    let is_written = scenario::TIMELINE.node(cx.scenario).is_some_and(|of| mentions(of, name));
    if !SETTINGS.items(resource).iter().any(names) && !is_written {
        let message = format!("no backend setting uses the probe `{name}`, so it has no effect");
        let problem = Problem::warning("W0513", message).at(&probe.span, "asks nobody");
        cx.problems.push(problem.help(format!("name it in a backend setting: `probe: {{ id: {name} }}`")));
    }
}

/// Whether a part of a scenario refers to something of this name.
fn mentions(node: &Node, name: &str) -> bool {
    let is_name = node.text().is_some_and(|text| reference_name(text).eq_ignore_ascii_case(name));
    is_name
        || node.items().iter().any(|inner| mentions(inner, name))
        || node.entries().iter().any(|(_, inner)| mentions(inner, name))
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

/// What Azure answers where a listener of Https names no certificate.
const NO_CERTIFICATE: &str = "ApplicationGatewayHttpsListenerMustReferenceSslCert";

/// What Azure answers where two listeners that want no host are at one port of one frontend.
const SAME_PORT: &str = "ApplicationGatewayHttpListenersUsingSameFrontendPortAndFrontendIpConfiguration";

/// The port and the frontend of a listener that takes users of any host; `None` of one that is for a host, or has no port.
fn stands_at(listener: &Node) -> Option<(String, String)> {
    let properties = listener.arm("properties")?;
    let is_written = |key: &str| properties.arm(key).is_some_and(|of| !of.is_null() && of.text() != Some(""));
    let has_hosts = properties.arm("hostNames").is_some_and(|of| !of.items().is_empty()) || is_written("hostName");
    let frontend = properties.arm("frontendIPConfiguration").and_then(|of| of.arm("id")).and_then(Node::text);
    let name = |id: &str| reference_name(id).to_ascii_lowercase();
    let (port, _) = LISTENER_PORT.id(listener).filter(|_| !has_hosts)?;
    Some((name(port), frontend.map(name).unwrap_or_default()))
}

/// Listeners at one port of one frontend differ by their hosts.
fn one_place_each(resource: &Node, cx: &mut Context<'_>) {
    let mut known: BTreeMap<(String, String), &str> = BTreeMap::new();
    for listener in LISTENERS.items(resource) {
        let Some(place) = stands_at(listener) else { continue };
        let name = listener.name().unwrap_or_default();
        if let Some(other) = known.insert(place, name) {
            let message = format!(
                "the listeners `{other}` and `{name}` have one frontend port, and no host: Azure answers {SAME_PORT}"
            );
            refused(message, &listener.span, "give it a port of its own, or write a `hostName` in each of them", cx);
        }
    }
}

/// Each listener has a port that is there, and a rule.
fn listeners(resource: &Node, cx: &mut Context<'_>) {
    one_place_each(resource, cx);
    let named = |rule: &'_ Node| RULE_LISTENER.id(rule).map(|(id, _)| reference_name(id).to_ascii_lowercase());
    for listener in LISTENERS.items(resource) {
        if let Some(port) = LISTENER_PORT.id(listener).filter(|_| !FRONTEND_PORTS.items(resource).is_empty()) {
            part_of(resource, (listener, Some(port)), ("a frontend port", &FRONTEND_PORTS), cx);
        }
        let name = listener.name().unwrap_or_default();
        let own = name.to_ascii_lowercase();
        let mut rules = RULES.items(resource).iter().filter(|rule| named(rule).as_deref() == Some(&own));
        if rules.next().is_none() {
            let problem = Problem::warning("W0511", format!("no rule leads on from the listener `{name}`"));
            cx.problems.push(problem.at(&listener.span, "leads nowhere").help("name it in a request routing rule"));
        }
        let protocol = LISTENER_PROTOCOL.get(listener).map(|of| of.value);
        if protocol == Some(ListenerProtocol::Https) && LISTENER_CERTIFICATE.id(listener).is_none() {
            let message =
                format!("the listener `{name}` speaks Https and names no certificate: Azure answers {NO_CERTIFICATE}");
            refused(message, &listener.span, "write `sslCertificate: { id: ... }`, or `protocol: Http`", cx);
        }
    }
}
