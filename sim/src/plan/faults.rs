//! What goes wrong in a world, by the timeline or at random.

use super::Act;
use crate::engine::random::Dist;
use crate::engine::time::SimDuration;

/// Availability zones of a region are lost for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneOutage {
    /// The region.
    pub region: u16,
    /// The zones, 1 to 3.
    pub zones: Vec<u8>,
    /// The share of the machines of each zone that it takes, 0 to 1.
    pub share: f64,
    /// New machines can be had in the zones all the same.
    pub allocates: bool,
    /// How long; `None` for the rest of the run.
    pub length: Option<SimDuration>,
    /// How much later than the zone each of its machines is back.
    pub tail: Option<Dist>,
    /// The chance that an action of autoscale in the region succeeds meanwhile, 0 to 1 (DI-19).
    pub autoscale_success: f64,
}

/// A fault that comes at random.
#[derive(Clone, Debug)]
pub struct RandomFault {
    /// Its name, which keys its draws.
    pub name: String,
    /// From the beginning of one to that of the next.
    pub every: Dist,
    /// How long each lasts; `None` for what ends by itself.
    pub length: Option<Dist>,
    /// What happens.
    pub what: Act,
}
