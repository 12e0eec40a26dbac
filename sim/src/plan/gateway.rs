//! Application gateways. Each instance of a gateway probes for itself, so each has a row of its own among the plan's pools, and an entry
//! point that takes its part of the requests.

use crate::engine::time::SimDuration;

crate::words! {
    /// The generation of a gateway.
    pub enum Tier {
        /// `Standard` and `WAF`.
        V1 => "v1",
        /// `Standard_v2` and `WAF_v2`.
        V2 => "v2",
    }
}

/// Who looks at the backends of a pool, and whose rules hold there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prober {
    /// A load balancer.
    Balancer,
    /// An instance of an application gateway.
    Gateway(GatewayProber),
}

impl Prober {
    /// The instance of a gateway that probes.
    #[must_use]
    pub const fn gateway(&self) -> Option<&GatewayProber> {
        match self {
            Self::Balancer => None,
            Self::Gateway(of) => Some(of),
        }
    }

    /// Whether it judges backends by the same as another one, whatever it does with those that it uses.
    #[must_use]
    pub fn asks_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Gateway(one), Self::Gateway(other)) => {
                (one.timeout, &one.codes, &one.text) == (other.timeout, &other.codes, &other.text)
            }
            _ => self == other,
        }
    }
}

/// How an instance of a gateway judges a backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayProber {
    /// The generation of the gateway.
    pub tier: Tier,
    /// The backend setting whose probe it is.
    pub setting: String,
    /// Which of its instances it is, counted from 0.
    pub instance: u16,
    /// `timeout` of the probe; no more than its interval.
    pub timeout: SimDuration,
    /// The codes that are good, as ranges with both ends (AG-05); none for the usual ones.
    pub codes: Vec<(u16, u16)>,
    /// The text that the body of a good answer has in it (AG-05); empty where none is asked for.
    pub text: String,
    /// How long a backend that is removed is drained (AG-06).
    pub drain: SimDuration,
    /// `requestTimeout` of the backend setting: how long a request waits for an answer (AG-10).
    pub patience: SimDuration,
}

impl GatewayProber {
    /// Whether a code is one of those that are good.
    #[must_use]
    pub fn takes(&self, status: u16) -> bool {
        let within = |(first, last): (u16, u16)| (first..=last).contains(&status);
        if self.codes.is_empty() { within(GATEWAY_CODES) } else { self.codes.iter().copied().any(within) }
    }
}

/// `interval` of the default probe (AG-01).
pub const GATEWAY_INTERVAL: SimDuration = SimDuration::from_secs(30);
/// `timeout` of the default probe (AG-01).
pub const GATEWAY_TIMEOUT: SimDuration = SimDuration::from_secs(30);
/// `unhealthyThreshold` of the default probe (AG-01).
pub const GATEWAY_THRESHOLD: u32 = 3;
/// How long a backend that is removed is drained where `connectionDraining` is not enabled (AG-06).
pub const GATEWAY_DRAIN: SimDuration = SimDuration::from_secs(30);
/// `requestTimeout` where a backend setting does not say (AG-10).
pub const GATEWAY_PATIENCE: SimDuration = SimDuration::from_secs(20);
/// The codes that are good where a probe does not say (AG-01).
pub const GATEWAY_CODES: (u16, u16) = (200, 399);

/// What of a gateway an entry point is: a listener, or what one of its instances does with the requests of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatewayPart {
    /// The generation of the gateway.
    pub tier: Tier,
    /// How many instances share the requests.
    pub instances: u16,
    /// `cookieBasedAffinity` of the backend setting is Enabled: a cookie holds a user to one backend (AG-09).
    pub cookie: bool,
    /// Its place in [`super::Plan::gateways`], where the count of instances moves; `instances` is then the most there can ever be.
    pub scales: Option<u16>,
}

/// A gateway whose count of instances moves: by itself, with its traffic (AG-12), or because a write gives it another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScalingGateway {
    /// Its name.
    pub name: String,
    /// The fewest instances: `minCapacity`, or two where that is 0; `capacity` where it does not scale by itself.
    pub least: u16,
    /// The most: `maxCapacity`, or what all traffic of the scenario needs at its peak where that is less; `capacity` likewise.
    pub most: u16,
    /// The most that a write in the middle of the run may give it: so many there are in the plan.
    pub ever: u16,
    /// It has a web application firewall, by which a compute unit takes fewer requests.
    pub waf: bool,
}

/// The capacity units of an instance (AG-12).
pub const GATEWAY_UNITS: f64 = 10.0;
/// The connections that a capacity unit keeps (AG-12).
pub const UNIT_CONNECTIONS: f64 = 2500.0;
/// The bytes a second that a capacity unit passes on: 2.22 Mbps (AG-12).
pub const UNIT_BYTES: f64 = 277_500.0;
/// How long an instance of a gateway that scales in is drained (AG-14).
pub const GATEWAY_SCALE_IN_DRAIN: SimDuration = SimDuration::from_mins(5);
/// `maxCapacity` where nothing is written.
pub const GATEWAY_MOST: u32 = 10;
