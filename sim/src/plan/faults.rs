//! What goes wrong in a world: zones that are lost.

use crate::engine::luck::Dist;
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
}
