//! The words for the small sets of values that facts carry: keys for tables, and short phrases.

use windtunnel_sim::world::fact::{
    AdminState, Deletion, Flows, Health, Operation, Placement, ProbeFailure, Refusal, Service,
};

/// The reason of a deletion as a key.
#[must_use]
pub const fn deletion_code(why: Deletion) -> &'static str {
    match why {
        Deletion::ScaleIn => "scaleIn",
        Deletion::Surplus => "surplus",
        Deletion::Surge => "surge",
        Deletion::Repair => "repair",
        Deletion::Evicted => "evicted",
        Deletion::RolledBack => "rolledBack",
        Deletion::Retried => "retried",
        Deletion::Moved => "moved",
        Deletion::ByHand => "byHand",
    }
}

/// The reason of a deletion, after “is being deleted”.
pub(super) const fn deletion_sentence(why: Deletion) -> &'static str {
    match why {
        Deletion::ScaleIn => " by the scale-in",
        Deletion::Surplus => ": it is surplus of overprovisioning",
        Deletion::Surge => ": a surge replaces it, or did not come to need it",
        Deletion::Repair => ": its repair replaces it",
        Deletion::Evicted => " by its eviction",
        Deletion::ByHand => ": an operator named it",
        Deletion::RolledBack => ": the scale-out that made it failed",
        Deletion::Retried => ": it did not come up, and another is made",
        Deletion::Moved => ": another one, in a zone that had fewer, takes its place",
    }
}

/// What is done to an instance, as a key.
pub(super) const fn operation_code(how: Operation) -> &'static str {
    match how {
        Operation::Create => "create",
        Operation::Swap => "osDiskSwap",
        Operation::Reimage => "reimage",
        Operation::Restore => "osDiskRestore",
        Operation::Restart => "restart",
        Operation::Extensions => "extensions",
        Operation::Start => "start",
        Operation::Heal => "serviceHealing",
    }
}

/// Why something was refused.
pub(super) const fn refusal_reason(why: Refusal) -> &'static str {
    match why {
        Refusal::TooMany => "the set may hold no more",
        Refusal::AllocationFailed => "the region has no capacity (AllocationFailed)",
        Refusal::ZonalAllocationFailed => "the zone has no capacity (ZonalAllocationFailed)",
        Refusal::ZoneBalance => "strict zone balance forbids it",
        Refusal::ZonesUnavailable => "two or more zones are unavailable",
        Refusal::NoLatestImage => "no latest image version exists",
        Refusal::ImageNotInRegion => "the image is not available in the region",
        Refusal::ImageDeleted => "the image version is deleted",
        Refusal::Protected => "everyone who is left is protected from scale-in",
        Refusal::SpotPrice => "the Spot price is above what the set pays at most",
        Refusal::NoSpotCapacity => "there is no Spot capacity",
        Refusal::QuotaExceeded => "it would exceed the quota (QuotaExceeded)",
        Refusal::ImageStorageLost => "the image is on LRS storage in a zone that is lost",
        Refusal::FixedSpreading => {
            "there is room in fewer fault domains than platformFaultDomainCount asks for (AllocationFailed)"
        }
        Refusal::ZoneShare => "the zones that have room hold as much of the set as automatic zone placement allows",
    }
}

/// The error code Azure gives for a refusal.
pub(super) const fn refusal_code(why: Refusal) -> &'static str {
    match why {
        Refusal::TooMany => "TooManyInstances",
        Refusal::AllocationFailed | Refusal::FixedSpreading => "AllocationFailed",
        Refusal::ZonalAllocationFailed => "ZonalAllocationFailed",
        Refusal::ZoneBalance => "ZoneBalance",
        Refusal::ZonesUnavailable => "ZonesUnavailable",
        Refusal::NoLatestImage => "NoLatestImageVersion",
        Refusal::ImageNotInRegion => "ImageNotAvailableInRegion",
        Refusal::ImageDeleted => "ImageVersionDeleted",
        Refusal::Protected => "Protected",
        Refusal::SpotPrice => "SpotPriceAboveMaxPrice",
        Refusal::NoSpotCapacity => "SkuNotAvailable",
        Refusal::QuotaExceeded => "QuotaExceeded",
        Refusal::ImageStorageLost => "ImageStorageUnavailable",
        Refusal::ZoneShare => "PartialAllocationFailed",
    }
}

pub(super) const fn service_code(to: Service) -> &'static str {
    match to {
        Service::Cannot => "cannot",
        Service::Stale => "stale",
        Service::Ready => "ready",
    }
}

pub(super) const fn probe_code(why: ProbeFailure) -> &'static str {
    match why {
        ProbeFailure::Refused => "refused",
        ProbeFailure::Silent => "silent",
    }
}

pub(super) const fn admin_code(to: AdminState) -> &'static str {
    match to {
        AdminState::None => "None",
        AdminState::Up => "Up",
        AdminState::Down => "Down",
    }
}

/// The word of Azure for a state of health.
pub(super) const fn health_word(to: Health) -> &'static str {
    match to {
        Health::Initializing => "Initializing",
        Health::Healthy => "Healthy",
        Health::Unhealthy => "Unhealthy",
        Health::Unknown => "Unknown",
    }
}

pub(super) const fn flows_code(flows: Flows) -> &'static str {
    match flows {
        Flows::Kept => "kept",
        Flows::Cut => "cut",
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
