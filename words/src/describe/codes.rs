//! Short phrases for the values that facts carry.

use crate::number::counted;
use windtunnel_sim::world::fact::{Deletion, Placement, Refusal};

/// The reason of a deletion, after “is being deleted”.
pub(super) const fn deletion_sentence(why: Deletion) -> &'static str {
    match why {
        Deletion::ScaleIn => " by the scale-in",
        Deletion::Surplus => ": it is surplus of overprovisioning",
        Deletion::Surge => ": a surge replaces it, or does not need it",
        Deletion::Repair => ": its repair replaces it",
        Deletion::Evicted => " by its eviction",
        Deletion::ByHand => ": an operator named it",
        Deletion::AgentPool => ": its agent pool named it",
        Deletion::RolledBack => ": the scale-out that made it failed",
        Deletion::Retried => ": it does not come up, and another is created",
        Deletion::Moved => ": another instance, in a zone with fewer, replaces it",
    }
}

/// Why something was refused.
pub(super) const fn refusal_reason(why: Refusal) -> &'static str {
    match why {
        Refusal::TooMany => "the set is at its maximum size",
        Refusal::AllocationFailed => "the region has no capacity (AllocationFailed)",
        Refusal::ZonalAllocationFailed => "the zone has no capacity (ZonalAllocationFailed)",
        Refusal::ZoneBalance => "strict zone balance forbids it",
        Refusal::ZonesUnavailable => "two or more zones are unavailable",
        Refusal::NoLatestImage => "no latest image version exists",
        Refusal::ImageNotInRegion => "the image is not available in the region",
        Refusal::ImageDeleted => "the image version is deleted",
        Refusal::Protected => "all remaining instances are protected from scale-in",
        Refusal::SpotPrice => "the Spot price is above the max price of the set",
        Refusal::NoSpotCapacity => "there is no Spot capacity",
        Refusal::QuotaExceeded => "it would exceed the quota (QuotaExceeded)",
        Refusal::ImageStorageLost => "the image is on LRS storage in a lost zone",
        Refusal::FixedSpreading => {
            "fewer fault domains have room than platformFaultDomainCount needs (AllocationFailed)"
        }
        Refusal::ZoneShare => "the zones with room already have as many instances as automatic zone placement allows",
    }
}

/// The zone that a batch is held to, in words.
pub(super) fn place_of_zone(zone: u8) -> String {
    if zone == 0 { String::new() } else { format!(" in zone {zone}") }
}

pub(super) fn place(at: Placement) -> String {
    if at.zone == 0 {
        format!("fault domain {}", at.fault_domain)
    } else {
        format!("zone {}, fault domain {}", at.zone, at.fault_domain)
    }
}

pub(super) fn instances(count: u32) -> String {
    counted(count, "instance", "instances")
}
