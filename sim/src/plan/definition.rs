//! What a definition of images says beside its name, and what an act does to it.

use super::Plan;
use crate::engine::time::SimDuration;

/// What a definition of images says, and its gallery (GA-01).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definition {
    /// The region of its gallery (GA-22); `None` where nobody says.
    pub home: Option<u16>,
    /// `osState` is Specialized: the first boot was done before (GA-24).
    pub specialized: bool,
    /// Its versions are validated for Trusted Launch before they are copied (GA-23).
    pub validated: bool,
    /// The gallery keeps what is deleted (GA-21).
    pub soft_delete: Option<SoftDelete>,
}

/// How long a gallery keeps what is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoftDelete {
    /// `retentionPeriodInDays`.
    pub retention: SimDuration,
    /// `gracePeriodInDays`.
    pub grace: SimDuration,
}

crate::words! {
    /// A field of a definition that cannot change (GA-01).
    pub enum FixedField {
        /// `osType`.
        OsType = 0 => "osType",
        /// `osState`.
        OsState = 1 => "osState",
        /// `hyperVGeneration`.
        Generation = 2 => "hyperVGeneration",
        /// `features[SecurityType]`.
        SecurityType = 3 => "securityType",
        /// `identifier`: publisher, offer and SKU.
        Identifier = 4 => "identifier",
    }
}

/// What an act does in a gallery, beside publishing, excluding and deleting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GalleryAct {
    /// Restore a version that was deleted.
    Restore {
        /// The version, an index into [`Plan::images`].
        image: u16,
    },
    /// Write a definition with another value of a field that cannot change; `None`: of others alone.
    WriteDefinition {
        /// The definition.
        definition: u16,
        /// The field.
        changes: Option<FixedField>,
    },
}

impl Plan {
    /// What a definition says; where nothing is declared, nothing.
    #[must_use]
    pub fn definition(&self, of: u16) -> Definition {
        self.gallery.get(usize::from(of)).cloned().unwrap_or_default()
    }
}
