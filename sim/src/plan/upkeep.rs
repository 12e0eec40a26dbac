//! What keeps a set ready and even beside its policies: a standby pool, automatic zone balance, automatic zone placement.

use crate::engine::time::SimDuration;

/// What keeps a set ready and even.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upkeep {
    /// The standby pool that is attached to it.
    pub standby: Option<StandbyPool>,
    /// `resiliencyPolicy.automaticZoneRebalancingPolicy` is enabled (ZN-13).
    pub rebalances: bool,
    /// Azure chooses among the zones, and puts at most this many percent of the capacity into one (ZN-15).
    pub zone_percent: Option<u8>,
}

/// `Microsoft.StandbyPool/standbyVirtualMachinePools`: machines that are prepared before anybody asks for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandbyPool {
    /// Its name.
    pub name: String,
    /// `maxReadyCapacity`: as many machines as this are in the set and the pool together (SB-02).
    pub max_ready: u32,
    /// `minReadyCapacity`: the pool never has fewer (SB-02).
    pub min_ready: u32,
    /// `virtualMachineState`: what its machines are kept in.
    pub state: StandbyState,
    /// `postProvisioningDelay`: a machine is left alone for this long before it counts as ready (SB-08).
    pub delay: SimDuration,
}

impl StandbyPool {
    /// A pool that says no more than it must: its name, how many machines stand ready at most and at least, and in which state.
    #[must_use]
    pub const fn new(name: String, (max_ready, min_ready): (u32, u32), state: StandbyState) -> Self {
        Self { name, max_ready, min_ready, state, delay: SimDuration::ZERO }
    }
}

crate::words! {
    /// What the machines of a standby pool are kept in (SB-03).
    pub enum StandbyState {
        /// They run.
        Running => "Running",
        /// They are shut down, and have no machine.
        Deallocated => "Deallocated",
        /// What was in their memory is on their disk.
        Hibernated => "Hibernated",
    }
}
