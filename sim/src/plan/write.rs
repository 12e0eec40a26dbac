//! Writes to resources of the network, and acts in sequence.

use super::{OriginSetting, Probe};

/// A write to a resource, as what it changes of the plan.
#[derive(Clone, Debug)]
pub struct Write {
    /// The resource.
    pub resource: String,
    /// What changes; nothing where the model acts on nothing of it, as of tags.
    pub changes: Vec<Change>,
    /// Azure refuses it: an index into [`super::Plan::refusals`].
    pub refusal: Option<u16>,
}

/// A change.
#[derive(Clone, Debug)]
pub enum Change {
    /// The probe of a pool is another one.
    Probe {
        /// The pool.
        pool: u16,
        /// What it is now.
        probe: Box<Probe>,
        /// `noHealthyBackendsBehavior` is `AllProbedUp` (LB-20).
        all_probed_up: bool,
    },
    /// An origin of Front Door is configured otherwise.
    Origin {
        /// The route.
        front_door: u16,
        /// The number of the origin.
        origin: u16,
        /// What it is now.
        setting: OriginSetting,
    },
}

/// Acts one after another, each when the one before has returned. They are entries of the timeline that have no time of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// The place of the first in the timeline.
    pub first: u32,
    /// How many there are.
    pub count: u32,
    /// After how many of them whoever does them dies; `None` if that does not happen.
    pub dies_after: Option<u32>,
}
