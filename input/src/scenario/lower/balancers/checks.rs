//! What Azure refuses of the parts of a load balancer: names that are there twice, references to nothing, ports that two rules use.

use super::references_of;
use crate::arm::reference::reference_name;
use crate::arm::shape::field::{Objects, Optional};
use crate::arm::shape::load_balancer::{
    BACKEND_PORT, FLOATING, FRONTEND_ADDRESS, FRONTEND_PORT, FRONTENDS, POOLS, PROBE_PATH, PROBE_PROTOCOL, PROBES,
    Protocol, RULE_FRONTEND, RULE_PROTOCOL, RULES, Transport,
};
use crate::problem::Problem;
use crate::scenario::lower::{Context, meant};
use crate::tree::{Node, Span};

/// Looks at all of it.
pub fn look(resource: &Node, cx: &mut Context<'_>) {
    let lists: [(&Optional<Objects>, &str); 4] =
        [(&FRONTENDS, "frontends"), (&POOLS, "pools"), (&PROBES, "probes"), (&RULES, "rules")];
    for (list, what) in lists {
        twice(list.items(resource), what, cx);
    }
    for probe in PROBES.items(resource) {
        if let Some(path) = PROBE_PATH.node(probe).filter(|_| PROBE_PROTOCOL.value(probe) == Protocol::Tcp) {
            let name = probe.name().unwrap_or_default();
            let message =
                format!("the probe `{name}` is of Tcp and has a path: Azure answers ProbeRequestPathIsNotNull");
            refused(message, &path.span, "remove `requestPath`, or write `protocol: Http`", cx);
        }
    }
    let rules = RULES.items(resource);
    for (at, rule) in rules.iter().enumerate() {
        frontend(resource, rule, cx);
        all_ports(resource, rule, cx);
        for other in &rules[..at] {
            two_rules(other, rule, cx);
        }
    }
}

fn refused(message: String, span: &Span, help: &str, cx: &mut Context<'_>) {
    cx.problems.push(Problem::error("E0501", message).at(span, "Azure refuses this").help(help));
}

/// Parts of one kind that have one name.
fn twice(items: &[Node], what: &str, cx: &mut Context<'_>) {
    for (at, item) in items.iter().enumerate() {
        let Some(name) = item.name() else { continue };
        if items[..at].iter().any(|other| other.is_named(name)) {
            let message = format!("two {what} have the name `{name}`: Azure answers DuplicateResourceName");
            refused(message, &item.span, "give each a name of its own", cx);
        }
    }
}

/// The frontend of a rule is there.
fn frontend<'n>(resource: &'n Node, rule: &Node, cx: &mut Context<'_>) -> Option<&'n Node> {
    let (frontends, named) = (FRONTENDS.items(resource), RULE_FRONTEND.id(rule)?);
    if frontends.is_empty() {
        return None;
    }
    meant(frontends, ("rule", rule, Some(named)), ("balancer", "a frontend IP configuration"), cx)
}

/// A rule for all ports: HA ports.
fn all_ports(resource: &Node, rule: &Node, cx: &mut Context<'_>) {
    let ports = [FRONTEND_PORT.get(rule), BACKEND_PORT.get(rule)];
    let Some(protocol) = RULE_PROTOCOL.get(rule) else { return };
    let name = rule.name().unwrap_or_default();
    if protocol.value != Transport::All {
        if let Some(port) = ports.into_iter().flatten().find(|port| port.value == 0) {
            let message = format!("the rule `{name}` has port 0, which is all ports, and is not of all protocols");
            refused(message, &port.span, "write `protocol: All`, or a port", cx);
        }
        return;
    }
    if let Some(port) = ports.into_iter().flatten().find(|port| port.value != 0) {
        let message = format!("the rule `{name}` is of all protocols, and port {} is one port", port.value);
        refused(message, &port.span, "write `frontendPort: 0` and `backendPort: 0`, or `protocol: Tcp`", cx);
    }
    let own = RULE_FRONTEND.id(rule).map(|(id, _)| reference_name(id));
    let mut frontends = FRONTENDS.items(resource).iter();
    if frontends.any(|of| own.is_some_and(|own| of.is_named(own)) && FRONTEND_ADDRESS.id(of).is_some()) {
        let message =
            format!("the rule `{name}` is for all ports of a public address: only an internal balancer has such");
        refused(message, &protocol.span, "write a rule for each port, with `protocol: Tcp`", cx);
    }
    if RULES.items(resource).len() > 1 && !FLOATING.value(rule) {
        let message = format!("the rule `{name}` is for all ports, beside other rules of the balancer");
        let help = "without a floating IP it must be its only rule: write a rule for each port, or remove the others";
        refused(message, &protocol.span, help, cx);
    }
}

/// Two rules with one port of a frontend, or of a pool.
fn two_rules(one: &Node, other: &Node, cx: &mut Context<'_>) {
    let name = |rule: &Node| rule.name().unwrap_or_default().to_owned();
    let protocol = |rule: &Node| RULE_PROTOCOL.get(rule).map(|of| of.value);
    let is_same = protocol(one).is_some() && protocol(one) == protocol(other);
    let frontend = |rule: &Node| RULE_FRONTEND.id(rule).map(|(id, _)| reference_name(id).to_ascii_lowercase());
    let port = |rule: &Node| FRONTEND_PORT.get(rule).map(|of| of.value);
    if let (Some(at), true) = (FRONTEND_PORT.get(other), is_same && frontend(one).is_some())
        && frontend(one) == frontend(other)
        && port(one) == Some(at.value)
    {
        let message = format!("the rules `{}` and `{}` use port {} of one frontend", name(one), name(other), at.value);
        return refused(message, &at.span, "give one of them another port, or a frontend of its own", cx);
    }
    let floats = FLOATING.value(one) || FLOATING.value(other);
    let backend = |rule: &Node| BACKEND_PORT.get(rule).map(|of| of.value);
    let pools = references_of(one);
    if let (Some(at), true) = (BACKEND_PORT.get(other), is_same && !floats)
        && backend(one) == Some(at.value)
        && references_of(other).iter().any(|pool| pools.contains(pool))
    {
        let message = format!(
            "the rules `{}` and `{}` use port {} of one pool: Azure answers RulesUseSameBackendPortProtocolAndPool",
            name(one),
            name(other),
            at.value
        );
        refused(message, &at.span, "give one of them another `backendPort`, or a pool of its own", cx);
    }
}
