//! What goes wrong in the world outside, and which quota a request would exceed.

use crate::engine::time::SimDuration;
use crate::world::ids::{FaultId, InstanceId, RegionId, SetId};

/// A quota of a subscription in a region (AL-05, SP-15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaPool {
    /// Of all regular cores.
    Total,
    /// Of a size family, by its place among the quotas of the region.
    Family(u16),
    /// Of all Spot cores.
    Spot,
}

impl QuotaPool {
    /// The quota as a number for the digest.
    pub(super) const fn word(self) -> u32 {
        match self {
            Self::Total => 0,
            Self::Spot => 1,
            Self::Family(family) => 2 + family as u32,
        }
    }
}

/// What went wrong in the world outside.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum FaultFact {
    /// An availability zone is lost.
    ZoneLost { region: RegionId, zone: u8 },
    /// It is back.
    ZoneBack { region: RegionId, zone: u8 },
    /// A fault came at random.
    Struck { fault: FaultId, nth: u32 },
    /// It passed.
    Passed { fault: FaultId, nth: u32 },
    /// The endpoints of an instance, or one, answer later by this much; by nothing, if it is over.
    Slowed { instance: InstanceId, by: SimDuration, endpoint: Option<u16> },
    /// They never answer.
    FellSilent { instance: InstanceId, endpoint: Option<u16> },
    /// They answer again.
    SpokeUp { instance: InstanceId, endpoint: Option<u16> },
    /// No packet gets to an instance.
    CutOff { instance: InstanceId },
    /// Packets get to it again.
    Reached { instance: InstanceId },
    /// The process of an instance hangs: it takes connections and never answers.
    Hung { instance: InstanceId },
    /// It goes on by itself.
    WokeUp { instance: InstanceId },
    /// The control plane takes so many percent of its usual time from now on.
    ControlPlaneSlowed { percent: u32 },
    /// The boots of a set take so many percent of their usual time, and so many in a thousand of them fail.
    BootsChanged { set: SetId, percent: u32, failing: u32 },
    /// So many in a thousand of the deletes of a set fail from now on.
    DeletesChanged { set: SetId, failing: u32 },
}

impl FaultFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::Slowed { instance, .. }
            | Self::FellSilent { instance, .. }
            | Self::SpokeUp { instance, .. }
            | Self::Hung { instance }
            | Self::WokeUp { instance }
            | Self::CutOff { instance }
            | Self::Reached { instance } => Some(instance),
            Self::ZoneLost { .. }
            | Self::ZoneBack { .. }
            | Self::Struck { .. }
            | Self::Passed { .. }
            | Self::ControlPlaneSlowed { .. }
            | Self::BootsChanged { .. }
            | Self::DeletesChanged { .. } => None,
        }
    }

    /// The words of the digest; the kinds are 220 to 229, 240, 241, and 61 and 62.
    pub(super) const fn words(self) -> [u64; 3] {
        match self {
            Self::ZoneLost { region, zone } => [220, region.0 as u64, zone as u64],
            Self::ZoneBack { region, zone } => [221, region.0 as u64, zone as u64],
            Self::Struck { fault, nth } => [222, fault.0 as u64, nth as u64],
            Self::Passed { fault, nth } => [223, fault.0 as u64, nth as u64],
            Self::Slowed { instance, by, endpoint } => [224, instance.0 as u64, by.ms() << 17 | path(endpoint)],
            Self::FellSilent { instance, endpoint } => [225, instance.0 as u64, path(endpoint)],
            Self::SpokeUp { instance, endpoint } => [226, instance.0 as u64, path(endpoint)],
            Self::CutOff { instance } => [227, instance.0 as u64, 0],
            Self::Reached { instance } => [228, instance.0 as u64, 0],
            Self::Hung { instance } => [61, instance.0 as u64, 0],
            Self::WokeUp { instance } => [62, instance.0 as u64, 0],
            Self::ControlPlaneSlowed { percent } => [229, 0, percent as u64],
            Self::BootsChanged { set, percent, failing } => {
                [240, set.0 as u64, (percent as u64) << 16 | failing as u64]
            }
            Self::DeletesChanged { set, failing } => [241, set.0 as u64, failing as u64],
        }
    }
}

/// An endpoint as a number: 0 for all.
const fn path(endpoint: Option<u16>) -> u64 {
    match endpoint {
        Some(endpoint) => endpoint as u64 + 1,
        None => 0,
    }
}
