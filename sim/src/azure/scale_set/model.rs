//! Revisions of the model of a set.

use crate::plan::{ExtensionNumber, ImageReference, Plan, Reach, ScaleSet, VmProfile};
use crate::world::ids::{ActionId, Entry, SetId};

/// A revision of the model of a set: what instances have to be brought to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    /// `imageReference`.
    pub image: ImageReference,
    /// The action that changed what instances are given beside the image; `None` for what the run began with.
    pub profile: Option<ActionId>,
    /// The action that changed the pools; `None` for those that the run began with.
    pub pools: Option<ActionId>,
    /// The action that changed the size; `None` for the one that the run began with.
    pub size: Option<ActionId>,
    /// What the rest of what changed takes on an instance (UM-09).
    pub rest: Reach,
    /// The entry that says so; `Entry::NONE` for what the run began with.
    pub said: Entry,
}

impl Model {
    /// What the run began with.
    pub(super) const fn first(set: &ScaleSet) -> Self {
        Self { image: set.image, profile: None, pools: None, size: None, rest: Reach::Nothing, said: Entry::NONE }
    }

    /// What instances are given beside the image.
    #[must_use]
    pub fn profile<'p>(&self, plan: &'p Plan, set: SetId) -> &'p VmProfile {
        plan.profile(set.index(), self.profile.map(ActionId::index))
    }

    /// The pools that its network interfaces are in.
    #[must_use]
    pub fn pools<'p>(&self, plan: &'p Plan, set: SetId) -> &'p [u16] {
        plan.pools_of(set.index(), self.pools.map(ActionId::index))
    }

    /// The index of the action that changed its size.
    #[must_use]
    pub fn by_size(&self) -> Option<usize> {
        self.size.map(ActionId::index)
    }

    /// What the ledger calls this extension of it.
    #[must_use]
    pub fn extension(&self, index: u16) -> ExtensionNumber {
        ExtensionNumber::new(self.profile.map(ActionId::index), index)
    }
}
