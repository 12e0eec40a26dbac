//! Where requests arrive, and the backends that answer there.
//!
//! An entry point of a load balancer is one of its rules. Rules that lead to one pool by one probe share what that probe holds of the
//! backends; a rule with another probe has a rotation of its own. So a row of the plan's pools is a pool as one probe sees it.

use super::{BalancingRule, GatewayPart, Plan, Probe, Prober, Tier, Traffic};
use crate::rules;

/// A backend pool, as one probe sees it.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Name of the load balancer, or of the gateway.
    pub balancer: String,
    /// Name of the pool.
    pub name: String,
    /// The probe of the rules that lead here; `None` for rules without one (LB-14).
    pub probe: Option<Probe>,
    /// `noHealthyBackendsBehavior` is `AllProbedUp` (LB-20).
    pub all_probed_up: bool,
    /// Who looks at the backends.
    pub prober: Prober,
}

/// Where requests arrive.
#[derive(Clone, Debug)]
pub struct EntryPoint {
    /// The resource that users know: the load balancer.
    pub resource: String,
    /// Its name there: that of the load-balancing rule.
    pub name: String,
    /// The frontend that the rule belongs to, where it names one.
    pub frontend: Option<String>,
    /// Who answers.
    pub behind: Behind,
    /// What the rule says of connections.
    pub rule: BalancingRule,
    /// The part of a gateway that it is; `None` for a rule of a load balancer.
    pub gateway: Option<GatewayPart>,
    /// What users send here; `None` where the scenario gives no traffic.
    pub traffic: Option<Traffic>,
}

/// Who answers at an entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// The backends of this pool that are in rotation.
    Pool(u16),
}

impl EntryPoint {
    /// Whether a request that got no answer is sent to another backend once (AG-10).
    #[must_use]
    pub fn retries(&self, plan: &Plan) -> bool {
        self.gateway.is_some_and(|part| part.tier == Tier::V2) && plan.rules.on(rules::AG_10)
    }

    /// Whether users meet the same at another one: the same backends, by rules that say the same of connections.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        (self.behind, self.rule) == (other.behind, other.rule)
    }
}
