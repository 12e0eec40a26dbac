//! What the rules of a balancer say of connections, and what of it is not modelled.

use super::Context;
use crate::problem::Problem;
use crate::scenario::arm_value;
use crate::scenario::legality::{Legality, connections as legal};
use crate::tree::Node;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{BalancingRule, Distribution};

/// What the rules that lead to a pool say of connections: the first of them, since one kind of connection a pool is modelled.
pub(super) fn read(leading: &[&Node], cx: &mut Context<'_>) -> BalancingRule {
    let rules: Vec<BalancingRule> = leading.iter().map(|rule| one(rule, cx)).collect();
    let Some(&first) = rules.first() else { return BalancingRule::default() };
    for (node, _) in leading.iter().zip(&rules).filter(|(_, rule)| **rule != first) {
        let message =
            "two rules lead to one pool with different `loadDistribution`, `idleTimeoutInMinutes` or `enableTcpReset`";
        let label = format!("not acted on: the pool goes by `{}`", leading[0].name().unwrap_or("the first rule"));
        let problem = Problem::warning("W0556", message).at(&node.span, label);
        cx.problems.push(problem.help("write the same into both rules, or give each a pool of its own"));
    }
    first
}

fn one(rule: &Node, cx: &mut Context<'_>) -> BalancingRule {
    let words = ["Default", "SourceIP", "SourceIPProtocol"];
    let distribution = match arm_value::word(rule, &["properties", "loadDistribution"], &words, cx.problems) {
        Some((1, _)) => Distribution::SourceIP,
        Some((2, _)) => Distribution::SourceIPProtocol,
        _ => Distribution::Default,
    };
    let mut read = BalancingRule { distribution, ..BalancingRule::default() };
    if let Some((minutes, node)) = arm_value::whole(rule, &["properties", "idleTimeoutInMinutes"], cx.problems) {
        legal::idle_timeout(&node.span, minutes, &mut Legality { rules: cx.rules, problems: cx.problems });
        read.idle_timeout = SimDuration::from_mins(u64::try_from(minutes).unwrap_or(4));
    }
    if let Some((resets, _)) = arm_value::switch(rule, &["properties", "enableTcpReset"], cx.problems) {
        read.tcp_reset = resets;
    }
    read
}

/// A pool that is to drain: nothing documented does (LB-22).
pub(super) fn draining(pool: &Node, cx: &mut Context<'_>) {
    if let Some((_, node)) = arm_value::whole(pool, &["properties", "drainPeriodInSeconds"], cx.problems) {
        legal::drain_period(&node.span, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
}

/// Frontends that stand in one zone (LB-30).
pub(super) fn frontends(balancer: &Node, cx: &mut Context<'_>) {
    for node in arm_value::list(balancer, &["properties", "frontendIPConfigurations"], cx.problems) {
        if let Some(zones) = node.arm("zones").filter(|zones| zones.items().len() == 1) {
            legal::zonal_frontend(&zones.span, &mut Legality { rules: cx.rules, problems: cx.problems });
        }
    }
}
