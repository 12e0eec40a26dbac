//! What happened inside guests beside their extensions, and to what extensions need from outside.

use crate::plan::ExtensionNumber;
use crate::world::ids::{ActionId, InstanceId, SetId};

/// What happened inside a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum GuestFact {
    /// cloud-init is done with the custom data of an instance.
    CustomDataDone { instance: InstanceId },
    /// It failed, of which Azure learns nothing.
    CustomDataFailed { instance: InstanceId },
    /// What an extension of a set needs from outside cannot be had from now on.
    PayloadExpired { set: SetId, extension: ExtensionNumber },
    /// A publisher brought out a release of an extension of a set.
    ReleasePublished { set: SetId, action: ActionId },
    /// An instance has that release from now on, or has the one before it again.
    ReleaseChanged { instance: InstanceId, set: SetId, action: ActionId, back: bool },
    /// It can be had again.
    PayloadRenewed { set: SetId, extension: ExtensionNumber },
}

impl GuestFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::CustomDataDone { instance }
            | Self::CustomDataFailed { instance }
            | Self::ReleaseChanged { instance, .. } => Some(instance),
            Self::PayloadExpired { .. } | Self::PayloadRenewed { .. } | Self::ReleasePublished { .. } => None,
        }
    }

    /// The words of the digest; the kinds are 192 to 200.
    pub(super) const fn words(self) -> [u64; 3] {
        match self {
            Self::CustomDataDone { instance } => [192, instance.0 as u64, 0],
            Self::CustomDataFailed { instance } => [193, instance.0 as u64, 0],
            Self::PayloadExpired { set, extension } => [194, set.0 as u64, extension.0 as u64],
            Self::ReleasePublished { set, action } => [196, set.0 as u64, action.0 as u64],
            Self::ReleaseChanged { instance, action, back, .. } => {
                [197, instance.0 as u64, (action.0 as u64) << 1 | back as u64]
            }
            Self::PayloadRenewed { set, extension } => [195, set.0 as u64, extension.0 as u64],
        }
    }
}
