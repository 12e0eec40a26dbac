//! What happened around automatic upgrades of OS images, before and after the upgrade itself.

use crate::world::ids::{ImageId, InstanceId, SetId};

/// What happened around an upgrade of OS images.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum OsUpgradeFact {
    /// Automatic OS upgrade was enabled on a set.
    Enabled { set: SetId },
    /// It was disabled.
    Disabled { set: SetId },
    /// Something keeps automatic OS upgrade from working on a set; with `image`, from this version.
    Prevented { set: SetId, image: Option<ImageId>, why: Unmet },
    /// A set is eligible for a newer version: Azure may notice it from now on.
    Eligible { set: SetId, image: ImageId },
    /// Azure noticed that a set has a newer version to go to.
    Detected { set: SetId, image: ImageId },
    /// Every instance runs the newest version already.
    AlreadyNewest { set: SetId, image: ImageId },
    /// An upgrade that is due, or under way, waits for something.
    Waits { set: SetId, image: ImageId, why: WaitsFor },
    /// What an upgrade was to bring is not what is to be rolled out any more; it had not begun.
    Dropped { set: SetId, image: ImageId },
    /// A maintenance window opened for an upgrade that waited.
    WindowOpened { set: SetId },
    /// An instance got the tag `Platform.PendingOSUpgrade`.
    Tagged { instance: InstanceId },
    /// Upgrades that wait for approval were approved, on so many instances.
    Approved { set: SetId, count: u32 },
    /// Somebody asked for an upgrade by `osRollingUpgrade`.
    Requested { set: SetId, image: ImageId },
    /// A call did nothing.
    CallRefused { set: SetId, why: NoCall },
    /// An attempt went into the history: so many instances have their old disk again, and so many could not get it.
    AttemptEnded { set: SetId, restored: u32, unrestored: u32 },
    /// The version is to be tried again after a while.
    RetryPlanned { set: SetId, image: ImageId },
    /// The activity log has a notice of an OS upgrade (RS-10).
    Logged { set: SetId, image: ImageId, what: OsNotice },
}

/// A notice of an OS upgrade in the activity log (RS-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum OsNotice {
    /// The request was submitted.
    Submitted = 0,
    /// The submission was accepted.
    Accepted = 1,
    /// It was not: the gate before the first batch is closed.
    Refused = 2,
    /// The upgrade is complete.
    Succeeded = 3,
    /// It ended otherwise.
    Failed = 4,
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
    const fn word(self) -> u64 {
        match self {
            Self::Pinned => 0,
            Self::NoHealthSource => 1,
            Self::TwoHealthSources => 2,
            Self::Flexible => 3,
            Self::FlexibleSurge => 4,
            Self::BehindModel(count) => 5 | (count as u64) << 8,
            Self::Excluded => 6,
            Self::EarlierPhase => 7,
        }
    }

    /// Whether it is the same obstacle, however many it concerns.
    #[must_use]
    pub const fn is_same(self, other: Self) -> bool {
        self.word() & 0xff == other.word() & 0xff
    }
}

/// What an upgrade waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum WaitsFor {
    /// The end of the upgrade that runs.
    Upgrade = 0,
    /// The next maintenance window (OS-14).
    Window = 1,
    /// A call of `ApproveRollingUpgrade` (OS-15).
    Approval = 2,
}

/// Why a call did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum NoCall {
    /// Nothing waits for approval.
    NothingToApprove = 0,
    /// The model names a version, so that there is no newest to go to.
    Pinned = 1,
    /// There is no version in the region.
    NoImage = 2,
    /// The set is Flexible (OS-07).
    Flexible = 3,
    /// No instance that is not protected follows `latest`.
    NoneEligible = 4,
}

impl OsUpgradeFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::Tagged { instance } => Some(instance),
            _ => None,
        }
    }

    /// The set it concerns, if it concerns no single instance.
    #[must_use]
    pub const fn set(&self) -> Option<SetId> {
        match *self {
            Self::Enabled { set }
            | Self::Disabled { set }
            | Self::Prevented { set, .. }
            | Self::Eligible { set, .. }
            | Self::Detected { set, .. }
            | Self::AlreadyNewest { set, .. }
            | Self::Waits { set, .. }
            | Self::Dropped { set, .. }
            | Self::WindowOpened { set }
            | Self::Approved { set, .. }
            | Self::Requested { set, .. }
            | Self::CallRefused { set, .. }
            | Self::AttemptEnded { set, .. }
            | Self::RetryPlanned { set, .. }
            | Self::Logged { set, .. } => Some(set),
            Self::Tagged { .. } => None,
        }
    }

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

    /// The words of the digest; the kinds are 133 to 139, 210 to 217 and 219.
    pub(super) fn words(&self) -> [u64; 3] {
        let w = |kind: u64, set: SetId, b: u64| [kind, u64::from(set.0), b];
        match *self {
            Self::Enabled { set } => w(133, set, 0),
            Self::Disabled { set } => w(134, set, 0),
            Self::Prevented { set, image, why } => {
                w(135, set, image.map_or(0, |image| 1 + u64::from(image.0)) << 32 | why.word())
            }
            Self::Eligible { set, image } => w(136, set, image.0.into()),
            Self::Detected { set, image } => w(137, set, image.0.into()),
            Self::AlreadyNewest { set, image } => w(138, set, image.0.into()),
            Self::Waits { set, image, why } => w(139, set, u64::from(image.0) << 8 | why as u64),
            Self::Dropped { set, image } => w(210, set, image.0.into()),
            Self::WindowOpened { set } => w(211, set, 0),
            Self::Tagged { instance } => [212, u64::from(instance.0), 0],
            Self::Approved { set, count } => w(213, set, count.into()),
            Self::Requested { set, image } => w(214, set, image.0.into()),
            Self::CallRefused { set, why } => w(215, set, why as u64),
            Self::AttemptEnded { set, restored, unrestored } => {
                w(216, set, u64::from(restored) << 20 | u64::from(unrestored))
            }
            Self::RetryPlanned { set, image } => w(217, set, image.0.into()),
            Self::Logged { set, image, what } => w(219, set, u64::from(image.0) << 8 | what as u64),
        }
    }
}
