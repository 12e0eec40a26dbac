//! What happened around automatic instance repairs.

use crate::plan::{RepairAction, ServiceCall};
use crate::world::ids::{InstanceId, SetId};

/// Why repairs do not run on a set though they are enabled (AR-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Obstacle {
    /// Nobody says whether an instance is healthy.
    NoHealthSource = 0,
    /// The extension and a probe both do (UM-06).
    TwoHealthSources = 1,
}

/// Why an instance in trouble is not repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Spared {
    /// It is protected (AR-13).
    Protected = 0,
    /// Its provisioning failed (AR-03).
    ProvisioningFailed = 1,
    /// It has no machine that could say anything (AR-20).
    Deallocated = 2,
    /// It is in the batch of an upgrade that runs (AR-21).
    InBatch = 3,
    /// An upgrade of its set runs (AR-21).
    UpgradeRuns = 4,
}

/// How a repair ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum RepairEnd {
    /// What was to be done is done; whether that helped is another matter.
    Done = 0,
    /// No instance could be had to take the place of the one that is gone.
    NotReplaced = 1,
    /// The instance did not come up again.
    Failed = 2,
    /// The instance was deleted or deallocated meanwhile, or the capacity was lowered below its place.
    Overtaken = 3,
}

/// What happened around repairs.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum RepairsFact {
    /// Repairs run on a set: `serviceState` is Running.
    Enabled { set: SetId },
    /// They do not run any more: `serviceState` is NotRunning.
    Disabled { set: SetId },
    /// They are enabled on a set, and cannot run.
    Prevented { set: SetId, why: Obstacle },
    /// They suspended themselves, since an instance was not healthy after so many repairs.
    SuspendedThemselves { set: SetId, instance: InstanceId, repairs: u32 },
    /// Somebody suspended or resumed them.
    ServiceSet { set: SetId, call: ServiceCall },
    /// Somebody wanted to, and there was nothing to suspend or resume.
    CallRefused { set: SetId, call: ServiceCall },
    /// An instance is in trouble, and is not repaired.
    LeftOut { instance: InstanceId, why: Spared },
    /// The repair of an instance began; it is the n-th of its place without a healthy time in between.
    Started { instance: InstanceId, action: RepairAction, nth: u32 },
    /// A new instance takes the place of one that is being deleted, or is gone.
    Replaced { instance: InstanceId, by: InstanceId },
    /// The repair of an instance is over.
    Ended { instance: InstanceId, how: RepairEnd },
}

const fn w(kind: u64, a: u32, b: u64) -> [u64; 3] {
    [kind, a as u64, b]
}

impl RepairsFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::SuspendedThemselves { instance, .. }
            | Self::LeftOut { instance, .. }
            | Self::Started { instance, .. }
            | Self::Replaced { instance, .. }
            | Self::Ended { instance, .. } => Some(instance),
            Self::Enabled { .. }
            | Self::Disabled { .. }
            | Self::Prevented { .. }
            | Self::ServiceSet { .. }
            | Self::CallRefused { .. } => None,
        }
    }

    /// The set it concerns as a whole, if it does.
    #[must_use]
    pub const fn set(&self) -> Option<SetId> {
        match *self {
            Self::Enabled { set }
            | Self::Disabled { set }
            | Self::Prevented { set, .. }
            | Self::SuspendedThemselves { set, .. }
            | Self::ServiceSet { set, .. }
            | Self::CallRefused { set, .. } => Some(set),
            Self::LeftOut { .. } | Self::Started { .. } | Self::Replaced { .. } | Self::Ended { .. } => None,
        }
    }

    /// The words of the digest; the kinds are 230 to 239.
    pub(super) const fn words(self) -> [u64; 3] {
        match self {
            Self::Enabled { set } => w(230, set.0 as u32, 0),
            Self::Disabled { set } => w(231, set.0 as u32, 0),
            Self::Prevented { set, why } => w(232, set.0 as u32, why as u64),
            Self::SuspendedThemselves { set, instance, repairs } => {
                w(233, instance.0, (set.0 as u64) << 32 | repairs as u64)
            }
            Self::ServiceSet { set, call } => w(234, set.0 as u32, call as u64),
            Self::CallRefused { set, call } => w(235, set.0 as u32, call as u64),
            Self::LeftOut { instance, why } => w(236, instance.0, why as u64),
            Self::Started { instance, action, nth } => w(237, instance.0, (nth as u64) << 8 | action as u64),
            Self::Replaced { instance, by } => w(238, instance.0, by.0 as u64),
            Self::Ended { instance, how } => w(239, instance.0, how as u64),
        }
    }
}
