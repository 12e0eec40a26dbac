//! What users send.

use crate::engine::time::{SimDuration, SimTime};

/// What a load-balancing rule says of the connections that it leads to a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalancingRule {
    /// `loadDistribution` (LB-24).
    pub distribution: Distribution,
    /// `idleTimeoutInMinutes` (LB-27).
    pub idle_timeout: SimDuration,
    /// `enableTcpReset` (LB-27).
    pub tcp_reset: bool,
}

impl BalancingRule {
    /// What Azure takes where a rule says nothing.
    pub const DEFAULT: Self =
        Self { distribution: Distribution::Default, idle_timeout: SimDuration::from_mins(4), tcp_reset: false };
}

impl Default for BalancingRule {
    fn default() -> Self {
        Self::DEFAULT
    }
}

crate::words! {
    /// What a rule takes the hash of to find a backend (LB-24).
    pub enum Distribution {
        /// Five fields, the source port among them: each connection finds a backend of its own.
        Default => "Default",
        /// Two: a client stays on one backend.
        SourceIP => "SourceIP",
        /// Three: a client stays on one backend for each protocol.
        SourceIPProtocol => "SourceIPProtocol",
    }
}

impl Distribution {
    /// Whether a client stays on one backend as long as the pool is the same (LB-25). Users speak TCP alone, so the two
    /// modes are one.
    #[must_use]
    pub const fn is_sticky(self) -> bool {
        !matches!(self, Self::Default)
    }
}

impl super::Plan {
    /// Whether any client keeps its connections.
    #[must_use]
    pub fn keeps_connections(&self) -> bool {
        self.entry_points.iter().any(super::EntryPoint::keeps)
    }
}

/// What users send to an entry point.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// Piecewise linear demand: the segments join without a gap and begin at 0.
    pub demand: Vec<Segment>,
    /// How connections live.
    pub connections: Connections,
    /// Who the users are, where users are to be counted.
    pub users: Option<Users>,
    /// What clients do about a request that failed; `None` where they do nothing.
    pub retries: Option<Retries>,
    /// Where requests wait that come while all are busy; `None` where they fail.
    pub queue: Option<Queue>,
}

impl Traffic {
    /// What users send who keep no connection, send no request twice and wait in no queue.
    #[must_use]
    pub const fn new(demand: Vec<Segment>) -> Self {
        Self { demand, connections: Connections::PerRequest, users: None, retries: None, queue: None }
    }
}

/// What clients do about a request that failed (WT-19).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retries {
    /// How many are sent again for each that failed: below 1 where some clients give up, above 1 where several layers try.
    pub per_failure: f64,
    /// How long after the failure a client sends the request again.
    pub after: SimDuration,
    /// How many times as long before each further try.
    pub factor: f64,
    /// How often a request is sent again at most.
    pub times: Option<u32>,
    /// No more requests than this share of those that are sent for the first time are sent again.
    pub budget: Option<f64>,
}

/// Where requests wait while all backends are busy (WT-20).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Queue {
    /// How many requests wait at most; what comes then fails.
    pub requests: f64,
    /// How long a client waits for an answer.
    pub timeout: SimDuration,
}

/// From `start` on, demand is `rps` and changes by `slope` a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// Start of the segment.
    pub start: SimTime,
    /// Requests a second at its start.
    pub rps: f64,
    /// Change of that, a second.
    pub slope: f64,
}

crate::words! {
    /// How connections live.
    pub enum Connections {
        /// A new connection for each request: every request follows the rotation of its instant.
        PerRequest => "perRequest",
        /// Connections are kept: they stay on their instance (LB-17, LB-21).
        KeepAlive => "keepAlive",
        /// Connections that a gateway carries through to a backend, and ends when a drain is over (AG-06, AG-08).
        WebSocket => "webSocket",
    }
}

/// The users behind the requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Users {
    /// How many.
    pub count: f64,
    /// Requests a second of each.
    pub rps_each: f64,
}
