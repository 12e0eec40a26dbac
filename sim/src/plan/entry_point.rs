//! Where requests arrive, and the backends that answer there.
//!
//! An entry point of a load balancer is one of its rules. Rules that lead to one pool by one probe share what that probe holds of the
//! backends; a rule with another probe has a rotation of its own. So a row of the plan's pools is a pool as one probe sees it.

use super::{BalancingRule, Connections, GatewayPart, Plan, Probe, Prober, Share, Tier, Traffic};
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
    /// Who answers, from the start.
    pub behind: Behind,
    /// Where only a write in the middle of the run leads it: other pools, or nobody.
    pub later: Vec<Option<u16>>,
    /// What the rule says of connections.
    pub rule: BalancingRule,
    /// It is an address, which may be that of one balancer now and of another then.
    pub is_address: bool,
    /// What of a gateway it is, a listener or a part of one; `None` for a rule of a load balancer.
    pub gateway: Option<GatewayPart>,
    /// What users send here; `None` where the scenario gives no traffic.
    pub traffic: Option<Traffic>,
    /// It is the part of the users of a name that is led to another entry point; its traffic is that of the name, of which it
    /// gets a share that moves.
    pub routed: Option<Routed>,
}

/// The users of one entry point who are led to another.
///
/// Users of a name who are led to a listener of a gateway of several instances are one entry point, with a part for each instance as the
/// listener has them: each leads to the same part of the listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routed {
    /// Whose users they are: an entry point with [`Behind::Routes`].
    pub from: u16,
    /// Where they are led; a part of a listener leads to itself.
    pub to: u16,
    /// Where an instance of a gateway takes its part of them: which one, and of how many; where the count moves, of how many at most.
    pub part: (u16, u16),
}

impl Routed {
    /// What comes here of a share that is led to so many instances. The parts sum to the share.
    #[must_use]
    pub fn part_of(&self, share: Share, instances: u16) -> Share {
        let (number, of) = (u64::from(self.part.0), u64::from(instances.max(1)));
        if number >= of {
            return 0;
        }
        let upto = |number: u64| u64::from(share) * number / of;
        (upto(number + 1) - upto(number)) as Share
    }
}

/// Who answers at an entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// The backends of this pool that are in rotation.
    Pool(u16),
    /// Other entry points, each with a share.
    Routes,
    /// Nobody yet: a write leads it somewhere.
    Nobody,
}

impl EntryPoint {
    /// Whether clients stay on a backend: by a connection that they keep or, at a gateway, by a cookie. A gateway ends the connections
    /// of its clients but for web sockets, and takes one of the backends in rotation for each request.
    #[must_use]
    pub fn keeps(&self) -> bool {
        let Some(traffic) = &self.traffic else { return false };
        match self.gateway {
            None => traffic.connections == Connections::KeepAlive,
            Some(part) => part.cookie || traffic.connections == Connections::WebSocket,
        }
    }

    /// Whether a request that got no answer at all is sent to another backend once (AG-10).
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
            later: Vec::new(),
            rule: BalancingRule::DEFAULT,
            traffic,
            is_address: false,
            gateway: None,
            routed: None,
        }
    }

    /// The users of a name that are led to another entry point.
    #[must_use]
    pub fn routed(name: &Self, (other, called): (&Self, &str), routed: Routed) -> Self {
        Self {
            resource: name.resource.clone(),
            name: called.into(),
            frontend: None,
            behind: other.behind,
            later: other.later.clone(),
            rule: other.rule,
            traffic: name.traffic.clone(),
            is_address: other.is_address,
            gateway: other.gateway,
            routed: Some(routed),
        }
    }

    /// A listener of a gateway of several instances, which leads a part of its requests to each. The parts, [`Self::part`], follow it.
    #[must_use]
    pub fn listener(gateway: &str, listener: &str, part: GatewayPart, traffic: Option<Traffic>) -> Self {
        let frontend = Some(listener.to_owned());
        Self { name: listener.into(), frontend, gateway: Some(part), ..Self::name(gateway, traffic) }
    }

    /// What an instance of a gateway takes of the requests of a listener: the backends of this pool answer. The listener is at this
    /// place.
    #[must_use]
    pub fn part(listener: &Self, at: u16, number: u16, pool: u16) -> Self {
        let of = listener.gateway.map_or(1, |part| part.instances);
        Self {
            name: format!("{}#{number}", listener.name),
            behind: Behind::Pool(pool),
            routed: Some(Routed { from: at, to: at + 1 + number, part: (number, of) }),
            ..listener.clone()
        }
    }

    /// Its name with that of its resource: that of its rule, or of its listener.
    #[must_use]
    pub fn own_name(&self) -> String {
        format!("{}/{}", self.resource, self.name)
    }

    /// Whether it leads its users to others, as a name does, or an edge.
    #[must_use]
    pub fn is_name(&self) -> bool {
        self.behind == Behind::Routes
    }

    /// A write leads it to this pool, or to nobody.
    pub fn may_lead(&mut self, to: Option<u16>) {
        if self.behind != to.map_or(Behind::Nobody, Behind::Pool) && !self.later.contains(&to) {
            self.later.push(to);
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
        let of = |one: &Self| (one.behind, one.rule);
        !self.is_name() && of(self) == of(other) && self.later == other.later
    }
}

/// Whether one entry point leads where another one leads, and goes with it: what is led there, or to what is.
#[must_use]
pub fn follows(entry_points: &[EntryPoint], at: u16, to: u16) -> bool {
    let mut next = Some(at);
    while let Some(here) = next {
        let routed = entry_points[usize::from(here)].routed;
        if routed.is_some_and(|of| of.to == to) {
            return here != to;
        }
        next = routed.map(|of| of.to).filter(|then| *then != here);
    }
    false
}

/// Whether an entry point is what one instance of a gateway takes of the requests of a listener.
#[must_use]
pub fn is_part(entry_points: &[EntryPoint], at: u16) -> bool {
    let to = |at: u16| entry_points[usize::from(at)].routed.map(|of| of.to);
    to(at).is_some_and(|own| own == at || to(own) == Some(own))
}
