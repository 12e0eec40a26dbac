//! What Azure refuses or ignores about connections at a balancer.

use super::Legality;
use crate::tree::Span;
use windtunnel_sim::rules::{Area, RuleId};

/// `drainPeriodInSeconds` of a pool (LB-22).
pub fn drain_period(span: &Span, say: &mut Legality<'_>) {
    let message =
        "drainPeriodInSeconds stands in the API, and no page says that a load balancer drains: it is not acted on";
    let help = "fail the probe or write admin state Down, wait, and delete then: `application.events` with `adminDown`";
    say.warn(RuleId::new(Area::LB, 22), span, message, help);
}

/// A frontend of one zone (LB-30).
pub fn zonal_frontend(span: &Span, say: &mut Legality<'_>) {
    let message = "a frontend of one zone goes down with it, which is not modelled: it is taken as zone-redundant";
    say.warn(
        RuleId::new(Area::LB, 30),
        span,
        message,
        "write all zones of the region, or read zone outages with that in mind",
    );
}

/// A pool that holds one instance (LB-30).
pub fn pool_of_one(span: &Span, pool: &str, say: &mut Legality<'_>) {
    let message =
        format!("the pool `{pool}` holds one instance: when its probe fails nobody is left, and its flows are cut");
    say.warn(RuleId::new(Area::LB, 30), span, &message, "a pool should hold at least two");
}
