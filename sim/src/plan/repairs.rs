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

/// What is done to an instance that is to be repaired (AR-04, AR-06).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum RepairAction {
    /// It is deleted, and another one is made from the newest model.
    #[default]
    Replace = 0,
    /// Its OS disk is made anew.
    Reimage = 1,
    /// It restarts.
    Restart = 2,
}

crate::words! { RepairAction { Replace = "Replace", Reimage = "Reimage", Restart = "Restart" } }

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

/// A call to `setOrchestrationServiceState` (AR-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ServiceCall {
    /// Repairs are suspended.
    Suspend = 0,
    /// Repairs go on.
    Resume = 1,
}

crate::words! { ServiceCall { Suspend = "Suspend", Resume = "Resume" } }
