//! What Azure tells of an upgrade: how many instances are how far.
//!
//! Rules: RS-01, RS-02.

use super::{Progress, Upgrade};

/// The `progress` of an upgrade (RS-01).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// `successfulInstanceCount`.
    pub successful: u32,
    /// `failedInstanceCount`.
    pub failed: u32,
    /// `inProgressInstanceCount`.
    pub in_progress: u32,
    /// `pendingInstanceCount`.
    pub pending: u32,
}

impl Upgrade {
    /// How many instances are how far. Who is left out, or was on the target before, is in no count. Of a pair that
    /// changes places (MS-01) only the new instance counts, and who is gone counts no more.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for member in &self.members {
            match member.progress {
                Progress::Upgraded => counts.successful += 1,
                Progress::Failed => counts.failed += 1,
                Progress::Updating | Progress::Waiting | Progress::Restoring => counts.in_progress += 1,
                Progress::Pending => counts.pending += 1,
                Progress::Replacing | Progress::Gone => {}
            }
        }
        counts
    }

    /// It waits between two batches. Azure has no word for that (RS-02).
    #[must_use]
    pub const fn is_pausing(&self) -> bool {
        self.pausing
    }
}
