//! What becomes of writes to resources of the network, and of acts in sequence.

use super::Flows;
use super::row::facts;
use crate::world::ids::{ActionId, EntryPointId, InstanceId, PoolId};

facts! {
    /// What became of a write.
    WriteFact:

    /// A write returned, and the next step may begin.
    300 "writeReturned" Returned { action: ActionId => subject };
    /// The balancer probes a pool as was written from now on.
    301 "probeWritten" ProbeWritten { pool: PoolId => subject } in Timeline Tick "probe" Work;
    /// A gateway treats the backends of a pool as was written from now on: how long it waits for an answer, and how long it drains.
    448 "settingWritten" SettingWritten { pool: PoolId => subject } in Timeline Tick "setting" Work;
    /// An entry point leads to this pool from now on.
    304 "entryPointLed" Led { entry_point: EntryPointId => subject, pool: PoolId => "to", flows: Flows } in Users Tick "led" Work;
    /// An entry point leads nowhere from now on, and this became of what was open.
    305 "entryPointOff" Off { entry_point: EntryPointId => subject, flows: Flows } in Users Tick "led" Wait;
    /// The last connections of an entry point to a backend of one of the pools that it leads to at some time closed.
    306 "connectionsEnded" Closed { instance: InstanceId => subject, entry_point: EntryPointId, pool: PoolId };
    /// Nobody probes a backend any more that was held up; whether it is in rotation is decided by something else.
    307 "probesEnded" ProbesEnded { instance: InstanceId => subject, pool: PoolId };
    /// Whoever does steps one after another died after so many of them.
    302 "stepsDied" Died { action: ActionId => subject, done: u32, steps: u32 } in Timeline Tick "died" Bad;
    /// Azure refused a write.
    303 "changeRefused" Refused { action: ActionId => subject, refusal: u16 => _ } in Timeline Tick "refused" Bad;
}
