//! The keys of how much a run may come to.

use super::*;
use windtunnel_sim::plan::EVENTS_MOST;

object! {
    /// How much a run may come to before it is stopped with an error that names what makes it. Raise a limit where you
    /// mean it: an entry takes some hundred bytes of memory where a run is written out.
    mod limits "Limits";
    /// entries of the ledger; absent, 10,000,000, or 20 for each instance that the fleet starts with if that is more
    ENTRIES: Whole<u32, 1_000, 4_000_000_000> = optional("entries");
    /// events, most of which are probes
    EVENTS: Whole<u64, 1_000, 1_000_000_000_000> = default("events", EVENTS_MOST);
}
