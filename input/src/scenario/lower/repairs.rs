//! `automaticRepairsPolicy`, and the call that suspends and resumes repairs.

use super::Context;
use crate::scenario::arm_value as arm;
use crate::scenario::legality::repairs::{REPAIRS_RULES, RepairsFacts};
use crate::scenario::legality::{At, Legality, SetFacts};
use crate::tree::Node;
use windtunnel_sim::plan::{Act, RepairAction, RepairsPolicy, ServiceCall};
use windtunnel_sim::rules;

/// The policy of a set, its defaults filled in, held to what Azure accepts; `None` where its model says nothing of repairs.
pub fn policy(resource: &Node, set: &SetFacts, cx: &mut Context<'_>) -> Option<RepairsPolicy> {
    let at_set = &resource.arm("name").unwrap_or(resource).span;
    let default = RepairsPolicy::default();
    let path = |key: &'static str| ["properties", "automaticRepairsPolicy", key];
    let enabled = arm::switch(resource, &path("enabled"), cx.problems).map(|(on, node)| (on, node.span.clone()));
    let balances = by_zone_balance(resource, cx).filter(|_| enabled.is_none());
    let grace = arm::duration(resource, &path("gracePeriod"), cx.problems);
    let actions = [RepairAction::Replace, RepairAction::Reimage, RepairAction::Restart];
    let words = actions.map(RepairAction::word);
    let action = arm::word(resource, &path("repairAction"), &words, cx.problems);
    let state = arm::word(resource, &path("serviceState"), &["Running", "Suspended"], cx.problems);
    let policy = RepairsPolicy {
        enabled: enabled.as_ref().map_or(balances.is_some(), |(on, _)| *on),
        grace: grace.map_or(default.grace, |(grace, _)| grace),
        action: action.map_or(default.action, |(at, _)| actions[at]),
        suspended: state.is_some_and(|(at, _)| at == 1),
    };
    let facts = RepairsFacts {
        enabled: enabled.filter(|(on, _)| *on).map(|(_, span)| span).or_else(|| balances.clone()),
        grace: At {
            value: policy.grace,
            span: grace.map_or(at_set, |(_, node)| &node.span).clone(),
            given: grace.is_some(),
        },
        action: At {
            value: policy.action,
            span: action.map_or(at_set, |(_, node)| &node.span).clone(),
            given: action.is_some(),
        },
        has_health: set.health_extension.is_some() || set.health_probe.is_some() && !set.flexible.value,
        flexible: set.flexible.value,
        api_version: set.api_version.clone(),
        service_fabric: set.service_fabric.clone(),
    };
    for (rule, check) in REPAIRS_RULES {
        check(*rule, &facts, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
    let says = resource.arm_path(&["properties", "automaticRepairsPolicy"]).is_some();
    (says || balances.is_some()).then_some(policy)
}

/// Automatic zone balance turns repairs on, where nobody says otherwise (AR-19).
fn by_zone_balance(resource: &Node, cx: &mut Context<'_>) -> Option<crate::tree::Span> {
    let path = ["properties", "resiliencyPolicy", "automaticZoneRebalancingPolicy", "enabled"];
    let (on, node) = arm::switch(resource, &path, cx.problems)?;
    (on && cx.rules.on(rules::AR_19)).then(|| node.span.clone())
}

/// The extension of Service Fabric.
pub fn service_fabric(profile: &Node) -> Option<&Node> {
    let list = profile.arm_path(&["extensionProfile", "extensions"])?;
    let is = |extension: &&Node| {
        let publisher = extension.arm_path(&["properties", "publisher"]).and_then(Node::text).unwrap_or_default();
        publisher.eq_ignore_ascii_case("Microsoft.Azure.ServiceFabric")
    };
    list.items().iter().find(is)
}

/// `setOrchestrationServiceState` of the timeline.
pub fn act(node: &Node, cx: &mut Context<'_>) -> Option<Act> {
    let act = node.get("setOrchestrationServiceState")?;
    let set = cx.sets.resolve(act.get("scaleSet")?, "E0201", "scale set", cx.problems)?;
    let call = match act.get("action").and_then(Node::text)? {
        "Suspend" => ServiceCall::Suspend,
        _ => ServiceCall::Resume,
    };
    Some(Act::SetRepairs { set, call })
}
