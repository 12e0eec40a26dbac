//! What happened in upgrades of scale sets.

use crate::world::ids::{ImageId, InstanceId, SetId};

/// What happened in an upgrade.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum RolloutFact {
    /// An upgrade began; with `image`, it is one of OS images.
    Started { set: SetId, image: Option<ImageId>, by: StartedBy },
    /// An instance is left out of the upgrade.
    LeftOut { instance: InstanceId, why: LeftOut },
    /// A batch began; in zone 0 where it is not held to one zone.
    BatchBegan { set: SetId, batch: u32, size: u32, zone: u8, surge: bool },
    /// A batch that was to surge goes in place, since the quota is short by so many instances.
    SurgeInPlace { set: SetId, short: u32 },
    /// An instance is healthy on what it was brought to.
    InstanceUpgraded { instance: InstanceId },
    /// An instance failed to be brought to it.
    InstanceFailed { instance: InstanceId, why: Failure },
    /// Every instance of the batch is done, well or not.
    BatchEnded { set: SetId, batch: u32, failed: u32 },
    /// The upgrade goes on with failed instances: `RollingUpgradeInProgressWithFailedUpgradedVMs`.
    WentOn { set: SetId, failed: u32 },
    /// The upgrade waits between batches.
    Paused { set: SetId },
    /// Update domains without an instance are watched after the last batch.
    EmptyDomainsWatched { set: SetId, domains: u32 },
    /// The upgrade is over.
    Ended { set: SetId, end: End },
    /// An upgrade that did not run to its end leaves the set with two versions.
    LeftMixed { set: SetId, upgraded: u32, behind: u32 },
    /// Somebody cancelled the upgrade.
    CancelRequested { set: SetId },
    /// A write to the set was refused.
    WriteRefused { set: SetId, why: Conflict },
    /// A write to the set asked for what Azure refuses; the answer is this one of the plan.
    WriteInvalid { set: SetId, refusal: u16 },
}

/// Who began an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum StartedBy {
    /// A write or a call.
    User = 0,
    /// Azure itself.
    Platform = 1,
    /// A call for the newest extensions (RS-13).
    Extensions = 2,
}

/// Why an instance is left out of an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum LeftOut {
    /// `protectFromScaleSetActions` (RU-36).
    Protected = 0,
    /// Its application says `SkipUpgrade` (HD-38).
    SkipUpgrade = 1,
    /// Custom metrics are used, and it is not Healthy (HD-39).
    NotHealthy = 2,
    /// It is deallocated (IX-02, IX-06).
    Deallocated = 3,
}

/// Why an instance failed to be upgraded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Failure {
    /// It was not healthy when the health wait ended.
    NotHealthyInTime = 0,
    /// Its provisioning failed.
    ProvisioningFailed = 1,
    /// It was deleted meanwhile.
    Deleted = 2,
    /// The upgrade was cancelled while it was in hand: `RollingUpgradeCanceled` (RS-12).
    Cancelled = 3,
}

/// How an upgrade ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Completed.
    Completed,
    /// Cancelled.
    Cancelled,
    /// Faulted, for this error, with what was measured in hundredths of a percent, and the limit in percent.
    Faulted {
        /// The error.
        error: UpgradeError,
        /// What was measured, in hundredths of a percent.
        measured: u32,
        /// The limit, in percent.
        limit: u32,
    },
}

/// The errors of an upgrade (RU-20, RU-29, RU-31, RU-38).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum UpgradeError {
    /// Too many instances are unhealthy before it starts.
    MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade = 1,
    /// Too many instances are unhealthy before a further batch.
    MaxUnhealthyInstancePercentExceededInRollingUpgrade = 2,
    /// Too many upgraded instances are unhealthy after a batch.
    MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade = 3,
    /// It took too long.
    RollingUpgradeTimeoutError = 4,
    /// A fault of the service itself (RU-39).
    InternalExecutionError = 5,
}

impl UpgradeError {
    /// Azure's own code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade => {
                "MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade"
            }
            Self::MaxUnhealthyInstancePercentExceededInRollingUpgrade => {
                "MaxUnhealthyInstancePercentExceededInRollingUpgrade"
            }
            Self::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade => {
                "MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade"
            }
            Self::RollingUpgradeTimeoutError => "RollingUpgradeTimeoutError",
            Self::InternalExecutionError => "InternalExecutionError",
        }
    }
}

/// Why a write was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Conflict {
    /// `OperationNotAllowed`: an upgrade runs (RS-08).
    UpgradeRuns = 0,
    /// 409 `OperationNotAllowed`: there is no upgrade to cancel (RS-05).
    NoUpgradeRuns = 1,
}

impl RolloutFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::LeftOut { instance, .. }
            | Self::InstanceUpgraded { instance }
            | Self::InstanceFailed { instance, .. } => Some(instance),
            _ => None,
        }
    }

    /// The set it concerns, if it concerns no single instance.
    #[must_use]
    pub const fn set(&self) -> Option<SetId> {
        match *self {
            Self::Started { set, .. }
            | Self::BatchBegan { set, .. }
            | Self::SurgeInPlace { set, .. }
            | Self::BatchEnded { set, .. }
            | Self::WentOn { set, .. }
            | Self::Paused { set }
            | Self::EmptyDomainsWatched { set, .. }
            | Self::Ended { set, .. }
            | Self::LeftMixed { set, .. }
            | Self::CancelRequested { set }
            | Self::WriteRefused { set, .. }
            | Self::WriteInvalid { set, .. } => Some(set),
            Self::LeftOut { .. } | Self::InstanceUpgraded { .. } | Self::InstanceFailed { .. } => None,
        }
    }

    pub(super) fn words(&self) -> [u64; 3] {
        let w = |kind: u64, a: u32, b: u64| [kind, u64::from(a), b];
        match *self {
            Self::Started { set, image, by } => {
                w(120, set.0.into(), image.map_or(0, |image| 1 + u64::from(image.0)) << 8 | by as u64)
            }
            Self::LeftOut { instance, why } => w(121, instance.0, why as u64),
            Self::BatchBegan { set, batch, size, zone, surge } => w(
                122,
                set.0.into(),
                u64::from(batch) << 28 | u64::from(size) << 12 | u64::from(zone) << 4 | u64::from(surge),
            ),
            Self::SurgeInPlace { set, short } => w(123, set.0.into(), short.into()),
            Self::InstanceUpgraded { instance } => w(124, instance.0, 0),
            Self::InstanceFailed { instance, why } => w(125, instance.0, why as u64),
            Self::BatchEnded { set, batch, failed } => w(126, set.0.into(), u64::from(batch) << 20 | u64::from(failed)),
            Self::WentOn { set, failed } => w(127, set.0.into(), failed.into()),
            Self::Paused { set } => w(128, set.0.into(), 0),
            Self::EmptyDomainsWatched { set, domains } => w(155, set.0.into(), domains.into()),
            Self::Ended { set, end } => w(129, set.0.into(), end.word()),
            Self::LeftMixed { set, upgraded, behind } => {
                w(130, set.0.into(), u64::from(upgraded) << 20 | u64::from(behind))
            }
            Self::CancelRequested { set } => w(131, set.0.into(), 0),
            Self::WriteRefused { set, why } => w(132, set.0.into(), why as u64),
            Self::WriteInvalid { set, refusal } => w(52, set.0.into(), refusal.into()),
        }
    }
}

impl End {
    fn word(self) -> u64 {
        match self {
            Self::Completed => 0,
            Self::Cancelled => 1 << 8,
            Self::Faulted { error, measured, limit } => {
                u64::from(measured) << 24 | u64::from(limit) << 16 | 2 << 8 | error as u64
            }
        }
    }
}
