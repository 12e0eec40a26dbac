//! What Azure refuses or ignores about connections at a balancer.

use super::Legality;
use crate::tree::Span;
use windtunnel_sim::rules;

/// `drainPeriodInSeconds` of a pool (LB-22).
pub fn drain_period(span: &Span, say: &mut Legality<'_>) {
    let message =
        "drainPeriodInSeconds is in the API, but no page says that a load balancer drains connections: it is ignored";
    let help = "fail the probe or set admin state Down, wait, then delete: `application.events` with `adminDown`";
    say.warn(rules::LB_22, span, message, help);
}

/// A frontend of one zone (LB-30).
pub fn zonal_frontend(span: &Span, say: &mut Legality<'_>) {
    let message = "a frontend in one zone fails with the zone, which is not modelled: it is treated as zone-redundant";
    say.warn(rules::LB_30, span, message, "write all zones of the region, or keep it in mind for zone outages");
}

/// A pool that holds one instance (LB-30).
pub fn pool_of_one(span: &Span, pool: &str, say: &mut Legality<'_>) {
    let message = format!(
        "the pool `{pool}` has one instance: when its probe fails, no backend is left and its connections \
            are cut"
    );
    say.warn(rules::LB_30, span, &message, "a pool should hold at least two");
}
