//! What the rules of a balancer say of connections, and what of it is not modelled.

use super::Context;
use crate::arm::shape::load_balancer::{
    DISTRIBUTION, DRAIN_PERIOD, FRONTEND_ZONES, FRONTENDS, IDLE_TIMEOUT, TCP_RESET,
};
use crate::problem::Problem;
use crate::scenario::legality::{Legality, connections as legal};
use crate::tree::Node;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::BalancingRule;

/// What the rules that lead to a pool say of connections: the first of them, since one kind of connection a pool is modelled.
pub(super) fn read(leading: &[&Node], cx: &mut Context<'_>) -> BalancingRule {
    let rules: Vec<BalancingRule> = leading.iter().map(|rule| one(rule)).collect();
    let Some(&first) = rules.first() else { return BalancingRule::default() };
    for (node, _) in leading.iter().zip(&rules).filter(|(_, rule)| **rule != first) {
        let message =
            "two rules lead to one pool with different `loadDistribution`, `idleTimeoutInMinutes` or `enableTcpReset`";
        let label = format!("ignored: the pool uses `{}`", leading[0].name().unwrap_or("the first rule"));
        let problem = Problem::warning("W0556", message).at(&node.span, label);
        cx.problems.push(problem.help("write the same into both rules, or give each a pool of its own"));
    }
    first
}

fn one(rule: &Node) -> BalancingRule {
    BalancingRule {
        distribution: DISTRIBUTION.value(rule),
        idle_timeout: SimDuration::from_mins(IDLE_TIMEOUT.value(rule).into()),
        tcp_reset: TCP_RESET.value(rule),
    }
}

/// A pool that is to drain: nothing documented does (LB-22).
pub(super) fn draining(pool: &Node, cx: &mut Context<'_>) {
    if let Some(span) = DRAIN_PERIOD.span(pool) {
        legal::drain_period(&span, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
}

/// Frontends that are in one zone (LB-30).
pub(super) fn frontends(balancer: &Node, cx: &mut Context<'_>) {
    for node in FRONTENDS.items(balancer) {
        if let Some(zones) = FRONTEND_ZONES.node(node).filter(|zones| zones.items().len() == 1) {
            legal::zonal_frontend(&zones.span, &mut Legality { rules: cx.rules, problems: cx.problems });
        }
    }
}
