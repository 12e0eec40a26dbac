//! What happened in standby pools, and to the spread of sets over their zones.

use crate::world::ids::{ActionId, InstanceId, SetId};

/// Why a machine of a standby pool is there no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum StandbyEnd {
    /// The pool is to be smaller (SB-02).
    Shrunk = 0,
    /// It did not come up (SB-07).
    Failed = 1,
    /// It was made from an older model than the set has now (IX-05).
    Outdated = 2,
}

/// Why a standby pool cannot make machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum StandbyTrouble {
    /// There is no capacity where it is to stand.
    Allocation = 0,
    /// A quota of the subscription is used up.
    Quota = 1,
    /// There is no version of the image.
    Image = 2,
    /// Its system or an extension failed.
    Provisioning = 3,
}

/// How the move of a machine to another zone ended (ZN-13, ZN-14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum MoveEnd {
    /// The new machine is healthy, and the old one goes.
    Moved = 0,
    /// The new machine was not healthy in time, and goes.
    NewUnhealthy = 1,
    /// Neither was healthy, and the old one goes.
    BothUnhealthy = 2,
    /// Something else went first, and the new machine goes.
    Cancelled = 3,
}

/// What happened to where machines stand and wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum PlaceFact {
    /// A machine is made for the standby pool of a set.
    StandbyCreated { set: SetId, machine: u32, zone: u8 },
    /// It is in the state in which the pool gives machines out.
    StandbyReady { set: SetId, machine: u32, zone: u8 },
    /// It is in the set from now on, as this instance.
    StandbyTaken { set: SetId, machine: u32, instance: InstanceId },
    /// It is there no more.
    StandbyDeleted { set: SetId, machine: u32, why: StandbyEnd },
    /// The pool is Degraded: it makes nothing for 30 s.
    StandbyDegraded { set: SetId, why: StandbyTrouble },
    /// It is Healthy again.
    StandbyRecovered { set: SetId },
    /// A new machine in another zone is to stand for an instance.
    MoveBegan { set: SetId, source: InstanceId, new: InstanceId },
    /// That is over.
    MoveEnded { set: SetId, source: InstanceId, new: InstanceId, how: MoveEnd },
    /// A scale-in of autoscale waits for the end of a move.
    ScaleInHeldBack { set: SetId, to: u32 },
    /// The zones of a set that is strictly balanced are this far apart, by what went of itself.
    ZonesUneven { set: SetId, by: u32 },
    /// An instance has the size that this action gave the model; `None` for the one that the run began with.
    Sized { set: SetId, instance: InstanceId, by: Option<ActionId> },
}

impl PlaceFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::StandbyTaken { instance, .. } | Self::Sized { instance, .. } => Some(instance),
            Self::MoveBegan { new, .. } | Self::MoveEnded { new, .. } => Some(new),
            Self::StandbyCreated { .. }
            | Self::StandbyReady { .. }
            | Self::StandbyDeleted { .. }
            | Self::StandbyDegraded { .. }
            | Self::StandbyRecovered { .. }
            | Self::ScaleInHeldBack { .. }
            | Self::ZonesUneven { .. } => None,
        }
    }

    /// The set it concerns.
    #[must_use]
    pub const fn set(&self) -> SetId {
        match *self {
            Self::StandbyCreated { set, .. }
            | Self::StandbyReady { set, .. }
            | Self::StandbyTaken { set, .. }
            | Self::StandbyDeleted { set, .. }
            | Self::StandbyDegraded { set, .. }
            | Self::StandbyRecovered { set }
            | Self::MoveBegan { set, .. }
            | Self::MoveEnded { set, .. }
            | Self::ScaleInHeldBack { set, .. }
            | Self::ZonesUneven { set, .. }
            | Self::Sized { set, .. } => set,
        }
    }

    /// The words of the digest; the kinds are 53 and 246 to 255.
    pub(super) const fn words(self) -> [u64; 3] {
        let set = self.set().0 as u64;
        match self {
            Self::StandbyCreated { machine, zone, .. } => [246, set, (zone as u64) << 32 | machine as u64],
            Self::StandbyReady { machine, zone, .. } => [247, set, (zone as u64) << 32 | machine as u64],
            Self::StandbyTaken { machine, instance, .. } => [248, instance.0 as u64, set << 32 | machine as u64],
            Self::StandbyDeleted { machine, why, .. } => [249, set, (why as u64) << 32 | machine as u64],
            Self::StandbyDegraded { why, .. } => [250, set, why as u64],
            Self::StandbyRecovered { .. } => [251, set, 0],
            Self::MoveBegan { source, new, .. } => [252, new.0 as u64, set << 32 | source.0 as u64],
            Self::MoveEnded { source, new, how, .. } => {
                [253, new.0 as u64, (how as u64) << 48 | set << 32 | source.0 as u64]
            }
            Self::ScaleInHeldBack { to, .. } => [254, set, to as u64],
            Self::ZonesUneven { by, .. } => [255, set, by as u64],
            Self::Sized { instance, by, .. } => {
                let by = match by {
                    Some(action) => action.0 as u64 + 1,
                    None => 0,
                };
                [53, instance.0 as u64, set << 32 | by]
            }
        }
    }
}
