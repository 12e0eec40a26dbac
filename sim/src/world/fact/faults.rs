//! What goes wrong in the world outside, and which quota a request would exceed.

use crate::world::ids::RegionId;

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
}

impl FaultFact {
    /// The words of the digest; the kinds are 230 to 245.
    pub(super) const fn words(self) -> [u64; 3] {
        match self {
            Self::ZoneLost { region, zone } => [230, region.0 as u64, zone as u64],
            Self::ZoneBack { region, zone } => [231, region.0 as u64, zone as u64],
        }
    }
}
