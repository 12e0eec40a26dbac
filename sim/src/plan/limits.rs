//! How much a run may come to before it is stopped.

use super::Plan;

/// Entries of the ledger, where a scenario does not say: some gigabytes where a run is written out.
const ENTRIES: u32 = 10_000_000;
/// Or so many for each instance that stands at the beginning, if that is more: a large fleet has much to say.
const ENTRIES_AN_INSTANCE: u32 = 20;
/// Events, where a scenario does not say: most of them probes, of which a thousand instances send as many in a fortnight.
const EVENTS: u64 = 300_000_000;

/// What a scenario says of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Entries of the ledger.
    pub entries: Option<u32>,
    /// Events that are handled.
    pub events: Option<u64>,
}

impl Plan {
    /// A run is stopped when its ledger has more entries.
    #[must_use]
    pub fn entries_most(&self) -> u32 {
        let of_fleet = u32::try_from(self.standing()).unwrap_or(u32::MAX).saturating_mul(ENTRIES_AN_INSTANCE);
        self.limits.entries.unwrap_or_else(|| ENTRIES.max(of_fleet))
    }

    /// A run is stopped when it has handled more events.
    #[must_use]
    pub fn events_most(&self) -> u64 {
        self.limits.events.unwrap_or(EVENTS)
    }
}
