//! What is planned about Spot instances, notices to the guest, maintenance and jobs.

use super::Which;
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};

/// What a set says of Spot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpotPolicy {
    /// `virtualMachineProfile.priority` is Spot.
    pub spot: bool,
    /// `evictionPolicy`.
    pub eviction: EvictionPolicy,
    /// `billingProfile.maxPrice`, credits an hour; `None` for −1: never evicted for its price (SP-04).
    pub max_price: Option<f64>,
    /// `spotRestorePolicy`: how long an evicted instance is tried to be brought back (SP-13).
    pub restore: Option<SimDuration>,
    /// `priorityMixPolicy` (SP-08).
    pub mix: Option<PriorityMix>,
}

crate::words! {
    /// `evictionPolicy`.
    #[derive(Default)]
    pub enum EvictionPolicy {
        /// The instance stays, without its machine (SP-02).
        #[default]
        Deallocate => "Deallocate",
        /// The instance is deleted, and the capacity falls (SP-03).
        Delete => "Delete",
    }
}

/// `priorityMixPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriorityMix {
    /// `baseRegularPriorityCount`.
    pub base: u32,
    /// `regularPriorityPercentageAboveBase`.
    pub percent: u32,
}

impl PriorityMix {
    /// How many of this many instances are to be regular: the base, and of the rest the share, rounded down (SP-08).
    #[must_use]
    pub const fn regular(self, of: u32) -> u32 {
        let above = of.saturating_sub(self.base);
        let base = if of < self.base { of } else { self.base };
        base + (above as u64 * self.percent as u64 / 100) as u32
    }
}

/// The market for Spot instances in a region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpotMarket {
    /// The region.
    pub region: u16,
    /// The published eviction rate: the chance of an eviction within an hour, 0 to 1 (SP-06).
    pub hourly: f64,
    /// The price from each instant on, credits an hour, rising in time; none where prices play no part.
    pub prices: Vec<(SimTime, f64)>,
}

/// Prices of an instance, credits an hour (CO-10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prices {
    /// Of a regular instance.
    pub regular: f64,
    /// Of a Spot instance, where the market of its region states no price.
    pub spot: f64,
}

/// What an act does to Spot instances.
#[derive(Clone, Debug, PartialEq)]
pub enum SpotAct {
    /// Azure takes capacity back.
    Evict {
        /// The set.
        set: u16,
        /// From these zones; empty for all of the set.
        zones: Vec<u8>,
        /// This share of the Spot instances of each zone.
        share: f64,
        /// There is no Spot capacity there for so long; `None` if it is to be had at once.
        length: Option<SimDuration>,
    },
    /// `simulateEviction` (SP-17).
    Simulate {
        /// The set.
        set: u16,
        /// Which of its instances.
        which: Which,
    },
    /// Write `priorityMixPolicy` (SP-11).
    SetMix {
        /// The set.
        set: u16,
        /// What it is from now on.
        mix: PriorityMix,
    },
}

crate::words! {
    /// What an operator asks of machines.
    pub enum PowerAct {
        /// Stop and deallocate.
        Deallocate = 0 => "deallocate",
        /// Start again.
        Start = 1 => "start",
        /// Restart.
        Restart = 2 => "restart",
        /// Stop, and keep the machine.
        PowerOff = 3 => "powerOff",
        /// Make the OS disk anew.
        Reimage = 4 => "reimage",
        /// Make all disks anew, of which the OS disk alone has a state here.
        ReimageAll = 5 => "reimageAll",
        /// Move to another host.
        Redeploy = 6 => "redeploy",
        /// Do the maintenance now that waits.
        PerformMaintenance = 7 => "performMaintenance",
        /// Delete for good: `deleteInstances`.
        Delete = 8 => "deleteInstances",
    }
}

/// What the application does about Scheduled Events.
#[derive(Clone, Debug, PartialEq)]
pub struct EventListener {
    /// How often it asks; `None` for the assumption.
    pub poll: Option<SimDuration>,
    /// The kinds of events that it acts on, as bits of their numbers.
    pub on: u8,
    /// It writes admin state Down for its backends while it drains.
    pub admin_down: bool,
    /// How long after it saw an event it approves it; `None` for never.
    pub approve_after: Option<SimDuration>,
    /// It approves only when no job runs on it.
    pub when_idle: bool,
    /// It does not look at whose event it is, and acts on every event of its placement group (SE-07).
    pub unfiltered: bool,
}

/// Work that takes long: it comes to a fleet, and is lost with its instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Jobs {
    /// The set whose instances do it.
    pub set: u16,
    /// From one job to the next.
    pub every: Dist,
    /// How long a job runs.
    pub duration: Dist,
    /// The instance protects itself from scale-in while it works (IP-01).
    pub protects: bool,
}

/// What the platform does to hosts.
#[derive(Clone, Debug, PartialEq)]
pub struct HostWork {
    /// The set whose hosts it concerns.
    pub set: u16,
    /// What is done.
    pub kind: MaintenanceKind,
    /// On the hosts of which instances; it walks over them one fault domain of one zone after another (MT-03).
    pub which: Which,
    /// How long the impact lasts, where that is not the assumption of its kind.
    pub length: Option<SimDuration>,
}

crate::words! {
    /// The kinds of maintenance and of trouble with hosts.
    pub enum MaintenanceKind {
        /// An update of the host while its machines are frozen (MT-01).
        Freeze = 0 => "freeze",
        /// Live migration to another host (MT-02).
        LiveMigration = 1 => "liveMigration",
        /// An update for which machines restart elsewhere (MT-05).
        Reboot = 2 => "reboot",
        /// The software of the host fails; the machines come back on it (MT-06).
        HostFault = 3 => "hostFault",
        /// The host dies; the machines are healed elsewhere (MT-06).
        HostDead = 4 => "hostDead",
        /// The storage is out of reach (MT-07).
        StorageOut = 5 => "storageOut",
        /// The hardware is predicted to fail; the machines are moved before it does (SE-11).
        Degraded = 6 => "degradedHost",
    }
}
