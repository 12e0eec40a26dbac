//! What happened in upgrades of scale sets.

use super::field::{Field, Fields, Pack, Packed, Shown};
use super::row::facts;
use crate::words;
use crate::world::ids::{ImageId, InstanceId, SetId};

facts! {
    /// What happened in an upgrade.
    RolloutFact:

    /// An upgrade began; with `image`, it is one of OS images.
    120 "upgradeStarted" Started {
        set: SetId => subject, image: Option<ImageId> => {upgraded_to(image, by)}, by: StartedBy => "startedBy",
    } in Rollout Begin "upgrade" Work;
    /// An instance is left out of the upgrade.
    121 "leftOutOfUpgrade" LeftOut { instance: InstanceId => subject, why: LeftOut } in Rollout Tick "left out" Wait;
    /// A batch began; in zone 0 where it is not held to one zone.
    122 "batchStarted" BatchStarted { set: SetId => subject, batch: u32, size: u32, zone: u8, surge: bool }
        in Rollout Stage "step" Work;
    /// A batch that was to surge goes in place, since the quota is short by so many instances.
    123 "surgeInPlace" SurgeInPlace { set: SetId => subject, short: u32 } in Rollout Tick "surge" Wait;
    /// An instance is healthy on what it was brought to.
    124 "instanceUpgraded" InstanceUpgraded { instance: InstanceId => subject };
    /// An instance failed to be brought to it.
    125 "instanceFailed" InstanceFailed { instance: InstanceId => subject, why: Failure }
        in Rollout Tick "instance" Bad;
    /// Every instance of the batch is done, well or not.
    126 "batchEnded" BatchEnded { set: SetId => subject, batch: u32, failed: u32 }
        in Rollout End "step" LaneTone::good_if(failed == 0);
    /// The upgrade goes on with failed instances: `RollingUpgradeInProgressWithFailedUpgradedVMs`.
    127 "upgradeContinued" Continued { set: SetId => subject, failed: u32 } in Rollout Tick "goes on" Wait;
    /// The upgrade waits between batches.
    128 "upgradePaused" Paused { set: SetId => subject } in Rollout Stage "step" Wait;
    /// Update domains without an instance are watched after the last batch.
    155 "emptyDomainsWatched" EmptyDomainsWatched { set: SetId => subject, domains: u32 } in Rollout Stage "step" Wait;
    /// The upgrade is over.
    129 "upgradeEnded" Ended { set: SetId => subject, end: End }
        in Rollout End "upgrade" LaneTone::good_if(end == End::Completed);
    /// An upgrade that did not run to its end leaves the set with two versions.
    130 "leftMixed" LeftMixed { set: SetId => subject, upgraded: u32, behind: u32 } in Rollout Tick "mixed" Bad;
    /// Somebody cancelled the upgrade.
    131 "cancelRequested" CancelRequested { set: SetId => subject } in Rollout Tick "cancel" Act;
    /// A write to the set was refused.
    132 "writeRefused" WriteRefused { set: SetId => subject, why: Conflict => "error" } in Rollout Tick "refused" Bad;
    /// A write to the set asked for what Azure refuses; the answer is this one of the plan.
    52 "writeInvalid" WriteInvalid {
        set: SetId => subject,
        refusal: u16 => ["error" = Field::RefusalCode(refusal), "message" = Field::RefusalText(refusal)],
    } in Rollout Tick "refused" Bad;
}

words! {
    /// Who began an upgrade.
    pub enum StartedBy {
        /// A write or a call.
        User = 0 => "User",
        /// Azure itself.
        Platform = 1 => "Platform",
        /// A call for the newest extensions (RS-13).
        Extensions = 2 => "User",
    }
}

words! {
    /// Why an instance is left out of an upgrade.
    pub enum LeftOut {
        /// `protectFromScaleSetActions` (RU-36).
        Protected = 0 => "protectFromScaleSetActions",
        /// Its application says `SkipUpgrade` (HD-38).
        SkipUpgrade = 1 => "SkipUpgrade",
        /// Custom metrics are used, and it is not Healthy (HD-39).
        NotHealthy = 2 => "notHealthy",
        /// It is deallocated (IX-02, IX-06).
        Deallocated = 3 => "deallocated",
    }
}

words! {
    /// Why an instance failed to be upgraded.
    pub enum Failure {
        /// It was not healthy when the health wait ended.
        NotHealthyInTime = 0 => "notHealthyInTime",
        /// Its provisioning failed.
        ProvisioningFailed = 1 => "provisioningFailed",
        /// It was deleted meanwhile.
        Deleted = 2 => "deleted",
        /// The upgrade was cancelled while it was in hand: `RollingUpgradeCanceled` (RS-12).
        Cancelled = 3 => "RollingUpgradeCanceled",
    }
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

words! {
    /// The errors of an upgrade (RU-20, RU-29, RU-31, RU-38).
    pub enum UpgradeError {
        /// Too many instances are unhealthy before it starts.
        MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade = 1 => "MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade",
        /// Too many instances are unhealthy before a further batch.
        MaxUnhealthyInstancePercentExceededInRollingUpgrade = 2 => "MaxUnhealthyInstancePercentExceededInRollingUpgrade",
        /// Too many upgraded instances are unhealthy after a batch.
        MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade = 3 => "MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade",
        /// It took too long.
        RollingUpgradeTimeoutError = 4 => "RollingUpgradeTimeoutError",
        /// A fault of the service itself (RU-39).
        InternalExecutionError = 5 => "InternalExecutionError",
    }
}

words! {
    /// Why a write was refused.
    pub enum Conflict {
        /// `OperationNotAllowed`: an upgrade runs (RS-08).
        UpgradeRuns = 0 => "OperationNotAllowed",
        /// 409 `OperationNotAllowed`: there is no upgrade to cancel (RS-05).
        NoUpgradeRuns = 1 => "OperationNotAllowed",
    }
}

/// What an upgrade goes to.
fn upgraded_to(image: Option<ImageId>, by: StartedBy) -> [(&'static str, Field); 1] {
    let other = if by == StartedBy::Extensions { "the newest extensions" } else { "the newest model" };
    [("to", image.map_or(Field::Word(other), Field::Image))]
}

impl End {
    /// `runningStatus.code` (RS-02).
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Completed => "Completed",
            Self::Cancelled => "Cancelled",
            Self::Faulted { .. } => "Faulted",
        }
    }
}

impl Packed for End {
    fn pack(self, into: &mut Pack<'_>) {
        match self {
            Self::Completed => 0_u8.pack(into),
            Self::Cancelled => 1_u8.pack(into),
            Self::Faulted { error, measured, limit } => {
                2_u8.pack(into);
                error.pack(into);
                measured.pack(into);
                limit.pack(into);
            }
        }
    }
}

impl Shown for End {
    fn show(self, _: &'static str, fields: &mut Fields) {
        fields.push(("code", Field::Word(self.word())));
        let Self::Faulted { error, measured, limit } = self else { return };
        fields.push(("error", Field::Word(error.word())));
        match error {
            UpgradeError::InternalExecutionError => {}
            UpgradeError::RollingUpgradeTimeoutError => fields.push(("after", Field::RollingTimeout)),
            UpgradeError::MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade
            | UpgradeError::MaxUnhealthyInstancePercentExceededInRollingUpgrade
            | UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade => {
                fields.extend([("measured", Field::Percent(measured)), ("limit", Field::Percent(limit * 100))]);
            }
        }
    }
}
