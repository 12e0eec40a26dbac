//! What bears on automatic OS upgrades beside the policies of the sets: maintenance windows, and the way of platform
//! images over the regions.

use crate::engine::time::SimTime;

/// What bears on automatic OS upgrades beside the policies of the sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OsUpgrades {
    /// The maintenance configurations that are assigned to sets.
    pub maintenance: Vec<Maintenance>,
    /// The regions as a new platform image reaches them, a list a phase (`os_upgrade.phase_length`). Regions that are not named come in one
    /// phase after the last; where there is no phase at all, every region is reached at once.
    pub phases: Vec<Vec<u16>>,
}

/// A maintenance configuration: when the OS images of some sets may be upgraded (OS-14).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maintenance {
    /// Its name.
    pub name: String,
    /// The sets it is assigned to.
    pub sets: Vec<u16>,
    /// Its windows within the run, in the order of time; none overlaps another.
    pub windows: Vec<Window>,
}

/// A time in which maintenance may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its first instant.
    pub opens: SimTime,
    /// The first instant after it.
    pub closes: SimTime,
}

impl OsUpgrades {
    /// The windows of a set; `None` where nothing limits it.
    #[must_use]
    pub fn windows(&self, set: u16) -> Option<&[Window]> {
        self.maintenance.iter().find(|one| one.sets.contains(&set)).map(|one| one.windows.as_slice())
    }

    /// The phase in which a platform image reaches a region.
    #[must_use]
    pub fn phase(&self, region: u16) -> usize {
        self.phases.iter().position(|phase| phase.contains(&region)).unwrap_or(self.phases.len())
    }
}
