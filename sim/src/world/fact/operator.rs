//! What became of the calls of operators on single instances.

use super::Placement;
use crate::plan::PowerAct;
use crate::world::ids::{InstanceId, SetId};

/// A call on instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Of the machine.
    Machine(PowerAct),
    /// `simulateEviction`.
    SimulateEviction,
    /// `manualupgrade`.
    Upgrade,
    /// A write of the protection policy.
    Protect,
}

impl Call {
    const fn word(self) -> u64 {
        match self {
            Self::Machine(how) => how as u64,
            Self::SimulateEviction => 64,
            Self::Upgrade => 65,
            Self::Protect => 66,
        }
    }
}

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CallRefusal {
    /// No active instance has this id (OR-21).
    NoSuchInstance = 0,
    /// It is not a Spot instance (SP-19).
    NotSpot = 1,
    /// Its machine does not run.
    NotRunning = 2,
    /// No maintenance waits for it.
    NoMaintenance = 3,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum OperatorFact {
    /// A call on the instance of a set with this id is refused.
    Refused { set: SetId, ordinal: u32, call: Call, why: CallRefusal },
    /// A call on its set spares an instance, which is protected from that.
    Spared { instance: InstanceId, how: PowerAct },
    /// An instance that is started stands elsewhere than before.
    PlacedAnew { instance: InstanceId, at: Placement },
}

impl OperatorFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::Refused { .. } => None,
            Self::Spared { instance, .. } | Self::PlacedAnew { instance, .. } => Some(instance),
        }
    }

    /// The words of the digest; the kinds are 63 to 65.
    pub(super) const fn words(self) -> [u64; 3] {
        match self {
            Self::Refused { set, ordinal, call, why } => {
                [63, set.0 as u64, (ordinal as u64) << 16 | call.word() << 8 | why as u64]
            }
            Self::Spared { instance, how } => [64, instance.0 as u64, how as u64],
            Self::PlacedAnew { instance, at } => {
                [65, instance.0 as u64, (at.zone as u64) << 16 | (at.fault_domain as u64) << 8 | at.group as u64]
            }
        }
    }
}
