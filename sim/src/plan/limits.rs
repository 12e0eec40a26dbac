//! How much a run may come to before it is stopped.

use super::Plan;

/// Entries of the ledger, where a scenario does not say: some gigabytes where a run is written out.
const ENTRIES_MOST: u32 = 10_000_000;
/// Or so many for each instance that is at the beginning, if that is more: a large fleet has much to say.
const ENTRIES_AN_INSTANCE: u32 = 20;
/// Events, where a scenario does not say: most of them probes, of which a thousand instances send as many in a fortnight.
pub const EVENTS_MOST: u64 = 300_000_000;

/// What a scenario says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries of the ledger.
    pub entries: Option<u32>,
    /// Events that are handled.
    pub events: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: None, events: EVENTS_MOST }
    }
}

impl Plan {
    /// A run is stopped when its ledger has more entries.
    #[must_use]
    pub fn entries_most(&self) -> u32 {
        let of_fleet = u32::try_from(self.initial_instances()).unwrap_or(u32::MAX).saturating_mul(ENTRIES_AN_INSTANCE);
        self.limits.entries.unwrap_or_else(|| ENTRIES_MOST.max(of_fleet))
    }

    /// A run is stopped when it has handled more events.
    #[must_use]
    pub fn events_most(&self) -> u64 {
        self.limits.events
    }
}
