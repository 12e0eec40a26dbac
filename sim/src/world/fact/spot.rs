//! What happened to the power of instances, to Spot instances, to hosts and jobs, and what guests were told.

use super::Refusal;
use crate::plan::MaintenanceKind;
use crate::world::ids::{InstanceId, RegionId, SetId};

/// What happened to the power of an instance.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum PowerFact {
    /// It is to be deallocated: its guest shuts down.
    DeallocationBegan { instance: InstanceId },
    /// It was stopped and deallocated: it keeps its disk and its place in the set, and has no machine.
    Deallocated { instance: InstanceId },
    /// It is to be stopped, and to keep its machine: its guest shuts down.
    StopBegan { instance: InstanceId },
    /// It is stopped.
    Stopped { instance: InstanceId },
    /// It was started again: a machine is allocated for it.
    StartBegan { instance: InstanceId },
    /// It could not be started.
    StartRefused { instance: InstanceId, why: Refusal },
}

/// Why a Spot instance is evicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum EvictionCause {
    /// Azure needs the capacity (SP-01).
    Capacity = 0,
    /// The price rose above what the set pays at most (SP-04).
    Price = 1,
    /// `simulateEviction` (SP-17).
    Simulated = 2,
}

/// What happened about Spot.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum SpotFact {
    /// An instance that was created, or stood there from the start, is a Spot instance.
    Placed { instance: InstanceId },
    /// Azure takes capacity back from the Spot instances of a zone.
    WaveCame { region: RegionId, zone: u8 },
    /// There is no Spot capacity in a zone.
    CapacityShut { region: RegionId, zone: u8 },
    /// There is Spot capacity in a zone again.
    CapacityOpened { region: RegionId, zone: u8 },
    /// The price moved, in millionths of a credit an hour.
    PriceMoved { region: RegionId, to: u64 },
    /// An instance is to be evicted.
    EvictionDecided { instance: InstanceId, why: EvictionCause },
    /// It is evicted.
    Evicted { instance: InstanceId, why: EvictionCause },
    /// A try to bring an evicted instance back failed.
    RestoreFailed { instance: InstanceId },
    /// No more tries are made to bring it back.
    RestoreEnded { instance: InstanceId },
    /// The priority mix of a set was written.
    MixSet { set: SetId, base: u32, percent: u32 },
}

/// The kinds of Scheduled Events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "the words are Azure's own")]
pub enum NoticeKind {
    Freeze = 0,
    Reboot = 1,
    Redeploy = 2,
    Preempt = 3,
    Terminate = 4,
    /// An OS image event, before a new OS disk. No page names its type; Azure's list has none that fits but Reboot.
    OsImage = 5,
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

/// What a guest was told, and what it did about it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum NoticeFact {
    /// The first query of an instance is answered: Scheduled Events are on for it.
    ListeningBegan { instance: InstanceId },
    /// The deletion of an instance waits for its approval or for the end of its timeout.
    DeletionDeferred { instance: InstanceId },
    /// A new OS disk of an instance waits until its guest approves, or for the end of its timeout.
    DiskDeferred { instance: InstanceId },
    /// An event is in the list: Scheduled.
    Raised { instance: InstanceId, kind: NoticeKind },
    /// The application on the instance sees it.
    Seen { instance: InstanceId, kind: NoticeKind },
    /// It approved it: `StartRequests`.
    Approved { instance: InstanceId, kind: NoticeKind },
    /// It is approved, and others that are not hold it up.
    Held { instance: InstanceId, kind: NoticeKind },
    /// The event begins: Started.
    Started { instance: InstanceId, kind: NoticeKind },
    /// It is gone from the list.
    Ended { instance: InstanceId, kind: NoticeKind },
    /// The application on another instance of the placement group sees it, and takes it for its own.
    Overheard { instance: InstanceId, of: InstanceId, kind: NoticeKind },
    /// It is gone from the list, or has started, and who took it for its own drains for it no more.
    OverheardEnded { instance: InstanceId, of: InstanceId, kind: NoticeKind },
}

/// What happened to a host.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum MaintenanceFact {
    /// The hosts of a fault domain have their turn.
    TurnCame { set: SetId, zone: u8, fault_domain: u8 },
    /// The host of an instance is at work, or in trouble.
    ImpactBegan { instance: InstanceId, kind: MaintenanceKind },
    /// It is over for the instance.
    ImpactEnded { instance: InstanceId, kind: MaintenanceKind },
}

/// What happened to a job.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
pub enum JobFact {
    /// A job came.
    Queued { job: u32 },
    /// An instance begins it.
    Started { instance: InstanceId, job: u32 },
    /// It is done.
    Finished { instance: InstanceId, job: u32 },
    /// Its instance went away under it, with this much work.
    Lost { instance: InstanceId, job: u32, worked_ms: u64 },
}

const fn w(kind: u64, a: u32, b: u64) -> [u64; 3] {
    [kind, a as u64, b]
}

impl PowerFact {
    /// The instance it concerns.
    #[must_use]
    pub const fn instance(&self) -> InstanceId {
        match *self {
            Self::DeallocationBegan { instance }
            | Self::Deallocated { instance }
            | Self::StopBegan { instance }
            | Self::Stopped { instance }
            | Self::StartBegan { instance }
            | Self::StartRefused { instance, .. } => instance,
        }
    }

    /// The words of the digest; the kinds are 160 to 162, and 58 to 60.
    pub(super) const fn words(self) -> [u64; 3] {
        match self {
            Self::Deallocated { instance } => w(160, instance.0, 0),
            Self::DeallocationBegan { instance } => w(58, instance.0, 0),
            Self::StopBegan { instance } => w(59, instance.0, 0),
            Self::Stopped { instance } => w(60, instance.0, 0),
            Self::StartBegan { instance } => w(161, instance.0, 0),
            Self::StartRefused { instance, why } => w(162, instance.0, why as u64),
        }
    }
}

impl SpotFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::Placed { instance }
            | Self::EvictionDecided { instance, .. }
            | Self::Evicted { instance, .. }
            | Self::RestoreFailed { instance }
            | Self::RestoreEnded { instance } => Some(instance),
            Self::WaveCame { .. }
            | Self::CapacityShut { .. }
            | Self::CapacityOpened { .. }
            | Self::PriceMoved { .. }
            | Self::MixSet { .. } => None,
        }
    }

    /// The words of the digest; the kinds are 163 to 172.
    pub(super) const fn words(self) -> [u64; 3] {
        match self {
            Self::Placed { instance } => w(163, instance.0, 0),
            Self::WaveCame { region, zone } => w(164, region.0 as u32, zone as u64),
            Self::CapacityShut { region, zone } => w(165, region.0 as u32, zone as u64),
            Self::CapacityOpened { region, zone } => w(166, region.0 as u32, zone as u64),
            Self::PriceMoved { region, to } => w(167, region.0 as u32, to),
            Self::EvictionDecided { instance, why } => w(168, instance.0, why as u64),
            Self::Evicted { instance, why } => w(169, instance.0, why as u64),
            Self::RestoreFailed { instance } => w(170, instance.0, 0),
            Self::RestoreEnded { instance } => w(171, instance.0, 0),
            Self::MixSet { set, base, percent } => w(172, set.0 as u32, (base as u64) << 8 | percent as u64),
        }
    }
}

impl NoticeFact {
    /// The instance it concerns.
    #[must_use]
    pub const fn instance(&self) -> InstanceId {
        match *self {
            Self::ListeningBegan { instance }
            | Self::DeletionDeferred { instance }
            | Self::DiskDeferred { instance }
            | Self::Raised { instance, .. }
            | Self::Seen { instance, .. }
            | Self::Approved { instance, .. }
            | Self::Held { instance, .. }
            | Self::Started { instance, .. }
            | Self::Ended { instance, .. }
            | Self::Overheard { instance, .. }
            | Self::OverheardEnded { instance, .. } => instance,
        }
    }

    /// The kind of the event, if it concerns one.
    #[must_use]
    pub const fn kind(&self) -> Option<NoticeKind> {
        match *self {
            Self::ListeningBegan { .. } | Self::DeletionDeferred { .. } | Self::DiskDeferred { .. } => None,
            Self::Raised { kind, .. }
            | Self::Seen { kind, .. }
            | Self::Approved { kind, .. }
            | Self::Held { kind, .. }
            | Self::Started { kind, .. }
            | Self::Ended { kind, .. }
            | Self::Overheard { kind, .. }
            | Self::OverheardEnded { kind, .. } => Some(kind),
        }
    }

    /// The words of the digest; the kinds are 173 to 180, 205, 206 and 218.
    pub(super) const fn words(self) -> [u64; 3] {
        match self {
            Self::DiskDeferred { instance } => w(218, instance.0, 0),
            Self::ListeningBegan { instance } => w(173, instance.0, 0),
            Self::DeletionDeferred { instance } => w(174, instance.0, 0),
            Self::Raised { instance, kind } => w(175, instance.0, kind as u64),
            Self::Seen { instance, kind } => w(176, instance.0, kind as u64),
            Self::Approved { instance, kind } => w(177, instance.0, kind as u64),
            Self::Held { instance, kind } => w(178, instance.0, kind as u64),
            Self::Started { instance, kind } => w(179, instance.0, kind as u64),
            Self::Ended { instance, kind } => w(180, instance.0, kind as u64),
            Self::Overheard { instance, of, kind } => w(205, instance.0, (of.0 as u64) << 8 | kind as u64),
            Self::OverheardEnded { instance, of, kind } => w(206, instance.0, (of.0 as u64) << 8 | kind as u64),
        }
    }
}

impl MaintenanceFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::TurnCame { .. } => None,
            Self::ImpactBegan { instance, .. } | Self::ImpactEnded { instance, .. } => Some(instance),
        }
    }

    /// The words of the digest; the kinds are 181 to 183.
    pub(super) const fn words(self) -> [u64; 3] {
        match self {
            Self::TurnCame { set, zone, fault_domain } => {
                w(181, set.0 as u32, (zone as u64) << 8 | fault_domain as u64)
            }
            Self::ImpactBegan { instance, kind } => w(182, instance.0, kind as u64),
            Self::ImpactEnded { instance, kind } => w(183, instance.0, kind as u64),
        }
    }
}

impl JobFact {
    /// The instance it concerns, if it concerns one.
    #[must_use]
    pub const fn instance(&self) -> Option<InstanceId> {
        match *self {
            Self::Queued { .. } => None,
            Self::Started { instance, .. } | Self::Finished { instance, .. } | Self::Lost { instance, .. } => {
                Some(instance)
            }
        }
    }

    /// The words of the digest; the kinds are 188 to 191.
    pub(super) const fn words(self) -> [u64; 3] {
        match self {
            Self::Queued { job } => w(188, job, 0),
            Self::Started { instance, job } => w(189, instance.0, job as u64),
            Self::Finished { instance, job } => w(190, instance.0, job as u64),
            Self::Lost { instance, job, worked_ms } => w(191, instance.0, (job as u64) << 32 ^ worked_ms),
        }
    }
}
