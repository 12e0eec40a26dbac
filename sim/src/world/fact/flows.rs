//! What happens to the connections of clients.

use super::field::Field;
use super::row::facts;
use crate::world::ids::{EntryPointId, InstanceId, PoolId};

facts! {
    /// What happened to connections.
    FlowFact:

    /// The clients of an entry point with affinity are mapped to its backends anew.
    201 "clientsRemapped" Remapped { entry_point: EntryPointId => subject } in Users Tick "remapped" Work;
    /// So many billionths of the users of a name are led to another entry point from now on.
    376 "requestsRouted" Routed { to: EntryPointId => subject, share: u32 => ["share" = Field::Percent(share / 100_000)] }
        in Users Tick "routed" Work;
    /// The connections to a backend hang: nobody answers on them, and nobody ends them.
    202 "connectionsHung" Hung { instance: InstanceId => subject, pool: PoolId };
    /// The connections that hung go on.
    203 "connectionsResumed" Resumed { instance: InstanceId => subject, pool: PoolId };
    /// A backend that was removed from the pool of a gateway gets nothing new, and what it has may end (AG-06).
    430 "backendDraining" Draining { instance: InstanceId => subject, pool: PoolId };
    /// A gateway ends this share, in billionths, of the connections of an entry point: those that outlived the drain of an update.
    431 "connectionsOutlived" Outlived { entry_point: EntryPointId => subject, share: u32 => ["share" = Field::Percent(share / 100_000)] }
        in Users Tick "outlived" Work;
    /// A backend answers later than a gateway waits: its requests fail (AG-10).
    432 "answersTooLate" TooLate { instance: InstanceId => subject, pool: PoolId };
    /// It answers in time again.
    433 "answersInTime" InTime { instance: InstanceId => subject, pool: PoolId };
    /// A backend answers requests of a gateway with an error, which that passes on: it tries none of them again (AG-10).
    450 "answersErrors" Errs { instance: InstanceId => subject, pool: PoolId };
    /// It does so no longer.
    451 "answersNoErrors" ErrsNoMore { instance: InstanceId => subject, pool: PoolId };
    /// A backend takes the connections of a gateway and answers nothing on them, so that the gateway waits (AG-10).
    456 "answersNothing" Silent { instance: InstanceId => subject, pool: PoolId };
    /// It answers, or takes no connections.
    457 "answersAgain" Speaks { instance: InstanceId => subject, pool: PoolId };
    /// The machine is back, knows nothing of the connections that hung, and resets them.
    204 "connectionsReset" Reset { instance: InstanceId => subject, pool: PoolId };
    /// So many thousandths of a request a second are sent to an entry point again from now on, since they failed before (WT-19).
    470 "requestsRetried" Retried { entry_point: EntryPointId => subject, rate: u32 => ["rps" = Field::Decimal(rate as f32 / 1000.0)] };
    /// Requests wait at an entry point: for longer than their clients do, or not; and in a queue that is full, or not (WT-20).
    471 "requestsWait" Waits { entry_point: EntryPointId => subject, late: bool, full: bool } in Users Tick "waiting" Work;
    /// No request waits any more.
    472 "requestsWaitNoMore" WaitsNoMore { entry_point: EntryPointId => subject } in Users Tick "waiting" Work;
}
