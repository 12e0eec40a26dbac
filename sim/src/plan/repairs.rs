//! Automatic instance repairs, as the model of a set has them.

use crate::engine::time::SimDuration;

/// `automaticRepairsPolicy`, its defaults filled in (AR-01, AR-04, AR-08).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepairsPolicy {
    /// `enabled`.
    pub enabled: bool,
    /// `gracePeriod`: how long an instance is left alone after a change of its state. Azure takes 10 to 90 minutes.
    pub grace: SimDuration,
    /// `repairAction`.
    pub action: RepairAction,
    /// `serviceState` is Suspended from the moment at which repairs are enabled.
    pub suspended: bool,
}

crate::words! {
    /// What is done to an instance that is to be repaired (AR-04, AR-06).
    #[derive(Default)]
    pub enum RepairAction {
        /// It is deleted, and another one is made from the newest model.
        #[default]
        Replace = 0 => "Replace",
        /// Its OS disk is made anew.
        Reimage = 1 => "Reimage",
        /// It restarts.
        Restart = 2 => "Restart",
    }
}

impl RepairsPolicy {
    /// What Azure takes where a model says nothing.
    pub const DEFAULT: Self =
        Self { enabled: false, grace: SimDuration::from_mins(10), action: RepairAction::Replace, suspended: false };
}

impl Default for RepairsPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}

crate::words! {
    /// A call to `setOrchestrationServiceState` (AR-11).
    pub enum ServiceCall {
        /// Repairs are suspended.
        Suspend = 0 => "Suspend",
        /// Repairs go on.
        Resume = 1 => "Resume",
    }
}
