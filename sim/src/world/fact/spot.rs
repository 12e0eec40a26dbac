//! What happened to the power of instances, to Spot instances, to hosts and jobs, and the notices that guests get.

use super::Refusal;
use super::field::Field;
use super::row::facts;
use crate::plan::MaintenanceKind;
use crate::words;
use crate::world::ids::{AgentPoolId, InstanceId, RegionId, SetId};

facts! {
    /// What happened to the power of an instance.
    PowerFact:

    /// It is to be deallocated: its guest shuts down.
    58 "deallocating" Deallocating { instance: InstanceId => subject };
    /// It was stopped and deallocated: it keeps its disk and its place in the set, and has no machine.
    160 "deallocated" Deallocated { instance: InstanceId => subject };
    /// It is to be stopped, and to keep its machine: its guest shuts down.
    59 "stopping" Stopping { instance: InstanceId => subject };
    /// It is stopped.
    60 "stopped" Stopped { instance: InstanceId => subject };
    /// It was started again: a machine is allocated for it.
    161 "starting" Starting { instance: InstanceId => subject };
    /// It could not be started.
    162 "startRefused" StartRefused { instance: InstanceId => subject, why: Refusal } in Repairs Tick "start" Bad;
}

words! {
    /// Why a Spot instance is evicted.
    pub enum EvictionCause {
        /// Azure needs the capacity (SP-01).
        Capacity = 0 => "capacity",
        /// The price rose above what the set pays at most (SP-04).
        Price = 1 => "price",
        /// `simulateEviction` (SP-17).
        Simulated = 2 => "simulateEviction",
    }
}

facts! {
    /// What happened about Spot.
    SpotFact:

    /// An instance that was created, or was there from the start, is a Spot instance.
    163 "spotPlaced" Placed { instance: InstanceId => subject };
    /// Azure takes capacity back from the Spot instances of a zone.
    164 "evictionWave" WaveCame { region: RegionId => subject, zone: u8 } in Repairs Tick "wave" Wait;
    /// There is no Spot capacity in a zone.
    165 "spotCapacityShut" CapacityShut { region: RegionId => subject, zone: u8 }
        in Timeline Begin "spot capacity" Wait;
    /// There is Spot capacity in a zone again.
    166 "spotCapacityOpened" CapacityOpened { region: RegionId => subject, zone: u8 }
        in Timeline End "spot capacity" Wait;
    /// The price moved, in millionths of a credit an hour.
    167 "spotPriceMoved" PriceMoved { region: RegionId => subject, to: u64 => ["to" = Field::Price(to)] }
        in Timeline Tick "spot price" Work;
    /// An instance is to be evicted.
    168 "evictionDecided" EvictionDecided { instance: InstanceId => subject, why: EvictionCause };
    /// It is evicted.
    169 "evicted" Evicted { instance: InstanceId => subject, why: EvictionCause } in Repairs Tick "evicted" Bad;
    /// A try to bring an evicted instance back failed.
    170 "restoreFailed" RestoreFailed { instance: InstanceId => subject } in Repairs Tick "restore" Wait;
    /// No more tries are made to bring it back.
    171 "restoreEnded" RestoreEnded { instance: InstanceId => subject } in Repairs Tick "restore" Bad;
    /// The priority mix of a set was written.
    172 "priorityMixSet" MixSet { set: SetId => subject, base: u32, percent: u32 => "percentAbove" }
        in Scaling Tick "mix" Act;
}

words! {
    /// The kinds of Scheduled Events.
    #[expect(missing_docs, reason = "the words are Azure's own")]
    pub enum NoticeKind {
        Freeze = 0 => "Freeze",
        Reboot = 1 => "Reboot",
        Redeploy = 2 => "Redeploy",
        Preempt = 3 => "Preempt",
        Terminate = 4 => "Terminate",
        /// An OS image event, before a new OS disk. No page names its type; Azure's list has none that fits but Reboot.
        OsImage = 5 => "Reboot",
    }
}

impl NoticeKind {
    /// The type that the guest reads.
    #[must_use]
    pub const fn as_read(self) -> Self {
        match self {
            Self::OsImage => Self::Reboot,
            other => other,
        }
    }
}

facts! {
    /// The notices of a guest, and what it did about them.
    NoticeFact:

    /// The first query of an instance is answered: Scheduled Events are on for it.
    173 "scheduledEventsOn" ListeningStarted { instance: InstanceId => subject };
    /// The deletion of an instance waits for its approval or for the end of its timeout.
    174 "deletionDeferred" DeletionDeferred { instance: InstanceId => subject };
    /// A new OS disk of an instance waits until its guest approves, or for the end of its timeout.
    218 "osDiskDeferred" DiskDeferred { instance: InstanceId => subject };
    /// An event is in the list: Scheduled.
    175 "eventScheduled" Raised { instance: InstanceId => subject, kind: NoticeKind => "eventType" };
    /// The application on the instance sees it.
    176 "eventSeen" Seen { instance: InstanceId => subject, kind: NoticeKind => "eventType" };
    /// It approved it: `StartRequests`.
    177 "eventApproved" Approved { instance: InstanceId => subject, kind: NoticeKind => "eventType" };
    /// It is approved, and others that are not hold it up.
    178 "eventHeld" Held { instance: InstanceId => subject, kind: NoticeKind => "eventType" };
    /// The event begins: Started.
    179 "eventStarted" Started { instance: InstanceId => subject, kind: NoticeKind => "eventType" };
    /// It is gone from the list.
    180 "eventGone" Ended { instance: InstanceId => subject, kind: NoticeKind => "eventType" };
    /// The application on another instance of the placement group sees it, and takes it for its own.
    205 "foreignEventSeen" ForeignSeen { instance: InstanceId => subject, kind: NoticeKind => "eventType", of: InstanceId };
    /// It is gone from the list, or has started, and who took it for its own drains for it no more.
    206 "foreignEventGone" ForeignEnded {
        instance: InstanceId => subject, kind: NoticeKind => "eventType", of: InstanceId,
    };
}

facts! {
    /// What happened to a host.
    MaintenanceFact:

    /// The hosts of a fault domain have their turn.
    181 "maintenanceTurn" TurnCame { set: SetId => subject, zone: u8, fault_domain: u8 => "domain" }
        in Repairs Tick "maintenanceTurn" Work;
    /// The host of an instance is at work, or in trouble.
    182 "impactStarted" ImpactStarted { instance: InstanceId => subject, kind: MaintenanceKind }
        in Repairs Begin "impact" Wait;
    /// It is over for the instance.
    183 "impactEnded" ImpactEnded { instance: InstanceId => subject, kind: MaintenanceKind }
        in Repairs End "impact" Wait;
}

facts! {
    /// What happened to a job.
    JobFact:

    /// A job came.
    188 "jobQueued" Queued { job: u32 };
    /// A job of a stream came for a pool of agents.
    419 "agentJobQueued" QueuedFor {
        pool: AgentPoolId => subject, stream: u16 => ["stream" = Field::JobStream(pool, stream)], job: u32,
    };
    /// An instance begins it.
    189 "jobStarted" Started { instance: InstanceId => subject, job: u32 } in Jobs Begin "job" Work;
    /// It is done.
    190 "jobEnded" Ended { instance: InstanceId => subject, job: u32 } in Jobs End "job" Good;
    /// Its instance went away under it, with this much work.
    191 "jobLost" Lost {
        instance: InstanceId => subject, job: u32, worked_ms: u64 => ["worked_s" = Field::Seconds(worked_ms)],
    } in Jobs End "job" Bad;
}
