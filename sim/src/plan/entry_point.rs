//! Where requests arrive, and the backends that answer there.
//!
//! An entry point of a load balancer is one of its rules. Rules that lead to one pool by one probe share what that probe holds of the
//! backends; a rule with another probe has a rotation of its own. So a row of the plan's pools is a pool as one probe sees it.

use super::{BalancingRule, Connections, GatewayPart, Plan, Probe, Prober, Tier, Traffic};
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
    /// It is the part of the users of a name that is led to another entry point; its traffic is that of the name, of which it
    /// gets a share that moves.
    pub routed: Option<Routed>,
}

/// The users of one entry point who are led to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routed {
    /// Whose users they are: an entry point with [`Behind::Routes`].
    pub from: u16,
    /// Where they are led.
    pub to: u16,
}

/// Who answers at an entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// The backends of this pool that are in rotation.
    Pool(u16),
    /// Other entry points, each with a share.
    Routes,
}

impl EntryPoint {
    /// Whether a connection that clients keep stays on its backend. A gateway ends the connections of its clients, and takes one of the
    /// backends in rotation for each request.
    #[must_use]
    pub fn keeps(&self) -> bool {
        let keeps = |traffic: &Traffic| traffic.connections == Connections::KeepAlive;
        self.gateway.is_none() && self.traffic.as_ref().is_some_and(keeps)
    }

    /// Whether a request that got no answer is sent to another backend once (AG-10).
    #[must_use]
    pub fn retries(&self, plan: &Plan) -> bool {
        self.gateway.is_some_and(|part| part.tier == Tier::V2) && plan.rules.on(rules::AG_10)
    }

    /// The entry point of a name, which leads to others.
    #[must_use]
    pub fn name(name: &str, traffic: Option<Traffic>) -> Self {
        Self {
            resource: name.into(),
            name: name.into(),
            frontend: None,
            behind: Behind::Routes,
            rule: BalancingRule::DEFAULT,
            traffic,
            gateway: None,
            routed: None,
        }
    }

    /// The users of a name that are led to another entry point; `from` and `to` are the places of the two.
    #[must_use]
    pub fn routed((from, name): (u16, &Self), (to, other, called): (u16, &Self, &str)) -> Self {
        Self {
            resource: name.resource.clone(),
            name: called.into(),
            frontend: None,
            behind: other.behind,
            rule: other.rule,
            traffic: name.traffic.clone(),
            gateway: other.gateway,
            routed: Some(Routed { from, to }),
        }
    }

    /// Whether requests count here and at no other entry point as well.
    #[must_use]
    pub const fn is_root(&self) -> bool {
        self.routed.is_none()
    }

    /// Whether users meet the same at another one: the same backends, by rules that say the same of connections.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        (self.behind, self.rule) == (other.behind, other.rule)
    }
}
