//! What happened around automatic upgrades of OS images, before and after the upgrade itself.

use super::field::{Field, Fields, Pack, Packed, Shown};
use super::row::facts;
use crate::words;
use crate::world::ids::{ImageId, InstanceId, SetId};

facts! {
    /// What happened around an upgrade of OS images.
    OsUpgradeFact:

    /// Automatic OS upgrade was enabled on a set.
    133 "osUpgradeEnabled" Enabled { set: SetId => subject };
    /// It was disabled.
    134 "osUpgradeDisabled" Disabled { set: SetId => subject } in Rollout Tick "osUpgradeDisabled" Work;
    /// Something keeps automatic OS upgrade from working on a set; with `image`, from this version.
    135 "osUpgradePrevented" Prevented { set: SetId => subject, why: Unmet, image: Option<ImageId> }
        in Rollout Tick "os" Bad;
    /// A set is eligible for a newer version: Azure may notice it from now on.
    136 "osUpgradeEligible" Eligible { set: SetId => subject, image: ImageId } in Rollout Tick "osUpgradeEligible" Work;
    /// Azure noticed that a set has a newer version to go to.
    137 "osUpgradeDetected" Detected { set: SetId => subject, image: ImageId } in Rollout Tick "osUpgradeDetected" Work;
    /// Every instance runs the newest version already.
    138 "alreadyNewest" AlreadyNewest { set: SetId => subject, image: ImageId };
    /// An upgrade that is due, or under way, waits for something.
    139 "osUpgradeWaits" Waits { set: SetId => subject, image: ImageId, why: WaitsFor => "for" }
        in Rollout Tick "os" Wait;
    /// What an upgrade was to bring is not what is to be rolled out any more; it had not begun.
    210 "osUpgradeDropped" Dropped { set: SetId => subject, image: ImageId } in Rollout Tick "os" Bad;
    /// A maintenance window opened for an upgrade that waited.
    211 "maintenanceWindowOpened" WindowOpened { set: SetId => subject } in Rollout Tick "window" Work;
    /// An instance got the tag `Platform.PendingOSUpgrade`.
    212 "pendingOSUpgradeTagged" Tagged { instance: InstanceId => subject } in Rollout Tick "tag" Wait;
    /// Upgrades that wait for approval were approved, on so many instances.
    213 "osUpgradeApproved" Approved { set: SetId => subject, count: u32 => "instances" }
        in Rollout Tick "osUpgradeApproved" Work;
    /// Somebody asked for an upgrade by `osRollingUpgrade`.
    214 "osUpgradeRequested" Requested { set: SetId => subject, image: ImageId }
        in Rollout Tick "osUpgradeRequested" Work;
    /// A call did nothing.
    215 "osUpgradeCallRefused" CallRefused { set: SetId => subject, why: NoCall }
        in Rollout Tick "osUpgradeCallRefused" Bad;
    /// An attempt went into the history: so many instances have their old disk again, and so many could not get it.
    216 "osUpgradeAttemptEnded" AttemptEnded { set: SetId => subject, restored: u32, unrestored: u32 }
        in Rollout End "osUpgradeAttempt" Good;
    /// The version is to be tried again after a while.
    217 "osUpgradeRetryPlanned" RetryPlanned { set: SetId => subject, image: ImageId }
        in Rollout Tick "osUpgradeRetryPlanned" Work;
    /// The activity log has a notice of an OS upgrade (RS-10).
    219 "osUpgradeLogged" Logged { set: SetId => subject, image: ImageId, what: OsNotice }
        in Rollout Tick "osUpgradeLogged" Work;
}

words! {
    /// A notice of an OS upgrade in the activity log (RS-10).
    pub enum OsNotice {
        /// The request was submitted.
        Submitted = 0 => "submitted",
        /// The submission was accepted.
        Accepted = 1 => "accepted",
        /// It was not: the gate before the first batch is closed.
        Refused = 2 => "refused",
        /// The upgrade is complete.
        Succeeded = 3 => "succeeded",
        /// It ended otherwise.
        Failed = 4 => "failed",
    }
}

/// What keeps automatic OS upgrade from working.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// The model names a version, and not `latest` (OS-01).
    Pinned,
    /// Nobody says whether an instance is healthy (OS-03).
    NoHealthSource,
    /// Two do (UM-06).
    TwoHealthSources,
    /// The set is Flexible (OS-07).
    Flexible,
    /// The set is Flexible, and its policy says `maxSurge` (MS-07).
    FlexibleSurge,
    /// Under mode Manual, so many instances were not brought to the model since it was enabled (OS-05).
    BehindModel(u32),
    /// The version is excluded from `latest` (OS-08).
    Excluded,
    /// An upgrade to it did not go well in a region of an earlier phase (OS-10).
    EarlierPhase,
}

impl Unmet {
    /// The word that tables have for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pinned => "versionPinned",
            Self::NoHealthSource => "noHealthSource",
            Self::TwoHealthSources => "twoHealthSources",
            Self::Flexible => "flexible",
            Self::FlexibleSurge => "maxSurgeOnFlexible",
            Self::BehindModel(_) => "instancesBehindModel",
            Self::Excluded => "excludedFromLatest",
            Self::EarlierPhase => "earlierPhase",
        }
    }

    const fn number(self) -> u8 {
        match self {
            Self::Pinned => 0,
            Self::NoHealthSource => 1,
            Self::TwoHealthSources => 2,
            Self::Flexible => 3,
            Self::FlexibleSurge => 4,
            Self::BehindModel(_) => 5,
            Self::Excluded => 6,
            Self::EarlierPhase => 7,
        }
    }

    /// Whether it is the same obstacle, however many it concerns.
    #[must_use]
    pub const fn is_same(self, other: Self) -> bool {
        self.number() == other.number()
    }
}

impl Packed for Unmet {
    fn pack(self, into: &mut Pack<'_>) {
        self.number().pack(into);
        if let Self::BehindModel(count) = self {
            count.pack(into);
        }
    }
}

impl Shown for Unmet {
    fn show(self, name: &'static str, fields: &mut Fields) {
        fields.push((name, Field::Word(self.word())));
        if let Self::BehindModel(count) = self {
            fields.push(("instances", count.into()));
        }
    }
}

words! {
    /// What an upgrade waits for.
    pub enum WaitsFor {
        /// The end of the upgrade that runs.
        Upgrade = 0 => "runningUpgrade",
        /// The next maintenance window (OS-14).
        Window = 1 => "maintenanceWindow",
        /// A call of `ApproveRollingUpgrade` (OS-15).
        Approval = 2 => "approval",
    }
}

words! {
    /// Why a call did nothing.
    pub enum NoCall {
        /// Nothing waits for approval.
        NothingToApprove = 0 => "nothingToApprove",
        /// The model names a version, so that there is no newest to go to.
        Pinned = 1 => "versionPinned",
        /// There is no version in the region.
        NoImage = 2 => "noImage",
        /// The set is Flexible (OS-07).
        Flexible = 3 => "flexible",
        /// No instance that is not protected follows `latest`.
        NoneEligible = 4 => "noUnprotectedInstanceOnLatest",
    }
}

impl OsUpgradeFact {
    /// Whether it says that an upgrade that is wanted does not begin now.
    #[must_use]
    pub const fn keeps_from_beginning(&self) -> bool {
        matches!(
            self,
            Self::Prevented { .. }
                | Self::AlreadyNewest { .. }
                | Self::Dropped { .. }
                | Self::CallRefused { .. }
                | Self::Waits { why: WaitsFor::Window | WaitsFor::Approval, .. }
        )
    }
}
