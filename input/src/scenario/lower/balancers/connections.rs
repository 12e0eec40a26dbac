//! What the rules of a balancer say of connections, and what of it is not modelled.

use super::Context;
use crate::arm::shape::load_balancer::{
    DISTRIBUTION, DRAIN_PERIOD, FRONTEND_ZONES, FRONTENDS, IDLE_TIMEOUT, TCP_RESET,
};
use crate::scenario::legality::{Legality, connections as legal};
use crate::tree::Node;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::BalancingRule;

/// What a rule says of connections.
pub(super) fn of_rule(rule: &Node) -> BalancingRule {
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
