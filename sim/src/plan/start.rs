//! What the instances of a set are that are there when a run begins, where that is known.

use super::ImageReference;

/// How a set begins; by default, with instances that are all of its model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// The images that models before the present one mean, the oldest first; nothing else of those models is known.
    pub earlier: Vec<ImageReference>,
    /// The instances that are known, by their numbers; those that are missing to the capacity are of the model.
    pub instances: Vec<Present>,
}

/// An instance that is there when a run begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// Its number within its set.
    pub ordinal: u32,
    /// Its name, where that does not follow from its number.
    pub name: Option<String>,
    /// Its zone, one of the set; absent in a regional one.
    pub zone: Option<u8>,
    /// Its fault domain, where the set has several.
    pub fault_domain: Option<u8>,
    /// The version that it runs; absent, the one that the model means.
    pub image: Option<u16>,
    /// The model that it was last brought to: an index into [`Start::earlier`], or absent for the present one.
    pub model: Option<u16>,
    /// `protectFromScaleIn`.
    pub protect_from_scale_in: bool,
    /// `protectFromScaleSetActions`.
    pub protect_from_scale_set_actions: bool,
    /// Whether its machine runs.
    pub power: PowerAtStart,
    /// It is unhealthy: what ails it, `start.unhealthy` says.
    pub unhealthy: bool,
}

crate::words! {
    /// The power state of an instance that is there when a run begins.
    #[derive(Default)]
    pub enum PowerAtStart {
        /// It runs.
        #[default]
        Running => "running",
        /// It is stopped, and keeps its place.
        Stopped => "stopped",
        /// It is deallocated.
        Deallocated => "deallocated",
    }
}
