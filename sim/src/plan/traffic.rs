//! What users send.

use crate::engine::time::SimTime;

/// What users send to an entry point.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// Piecewise linear demand: the segments join without a gap and begin at 0.
    pub demand: Vec<Segment>,
    /// How connections live.
    pub connections: Connections,
    /// Who the users are, where users are to be counted.
    pub users: Option<Users>,
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

/// How connections live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connections {
    /// A new connection for each request: every request follows the rotation of its instant.
    PerRequest,
    /// Connections are kept: they stay on their instance (LB-17, LB-21).
    KeepAlive,
}

/// The users behind the requests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Users {
    /// How many.
    pub count: f64,
    /// Requests a second of each.
    pub rps_each: f64,
}
