//! What becomes of writes to resources of the network, and of acts in sequence.

use super::row::facts;
use crate::world::ids::{ActionId, PoolId};

facts! {
    /// What became of a write.
    WriteFact:

    /// A write returned, and the next step may begin.
    300 "writeReturned" Returned { action: ActionId => subject };
    /// The balancer probes a pool as was written from now on.
    301 "probeWritten" ProbeWritten { pool: PoolId => subject } in Timeline Tick "probe" Work;
    /// Whoever does steps one after another died after so many of them.
    302 "stepsDied" Died { action: ActionId => subject, done: u32, steps: u32 } in Timeline Tick "died" Bad;
    /// Azure refused a write.
    303 "changeRefused" Refused { action: ActionId => subject, refusal: u16 => _ } in Timeline Tick "refused" Bad;
}
