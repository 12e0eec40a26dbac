//! What happens to names: what Traffic Manager makes of endpoints, and what it answers.

use super::ProbeFailure;
use super::lane::LaneTone;
use super::row::facts;
use crate::words;
use crate::world::ids::{EntryPointId, FrontDoorId, ProfileId, TargetId};

words! {
    /// `endpointMonitorStatus` of an endpoint.
    #[derive(PartialOrd, Ord)]
    pub enum MonitorStatus {
        /// Its first probe is not answered yet.
        CheckingEndpoint = 0 => "CheckingEndpoint",
        /// It answers.
        Online = 1 => "Online",
        /// It does not.
        Degraded = 2 => "Degraded",
        /// It is not to be used.
        Disabled = 3 => "Disabled",
        /// Its profile is not to be used.
        Inactive = 4 => "Inactive",
        /// What it leads to does not run.
        Stopped = 5 => "Stopped",
        /// It is always given out, and not probed.
        Unmonitored = 6 => "Unmonitored",
    }
}

impl MonitorStatus {
    /// How it is meant among the lanes of a report.
    pub(super) const fn tone(self) -> LaneTone {
        match self {
            Self::Online | Self::Unmonitored => LaneTone::Good,
            Self::Degraded => LaneTone::Bad,
            Self::CheckingEndpoint | Self::Disabled | Self::Inactive | Self::Stopped => LaneTone::Wait,
        }
    }
}

words! {
    /// What the edge sites of Front Door hold of an origin, all together.
    pub enum OriginHealth {
        /// All of them hold it healthy.
        Healthy = 0 => "Healthy",
        /// Some of them do.
        PartlyHealthy = 1 => "PartlyHealthy",
        /// None does.
        Unhealthy = 2 => "Unhealthy",
        /// It is not to be used.
        Disabled = 3 => "Disabled",
        /// Nobody probes it, and it is used.
        Unprobed = 4 => "Unprobed",
    }
}

impl OriginHealth {
    /// How it is meant among the lanes of a report.
    pub(super) const fn tone(self) -> LaneTone {
        match self {
            Self::Healthy | Self::Unprobed => LaneTone::Good,
            Self::Unhealthy => LaneTone::Bad,
            Self::PartlyHealthy | Self::Disabled => LaneTone::Wait,
        }
    }
}

facts! {
    /// What happened to names.
    NameFact:

    /// What Traffic Manager makes of an endpoint changed, or is said as the run begins.
    370 "endpointMonitorStatus" EndpointStatus { endpoint: TargetId => subject, to: MonitorStatus }
        in Users Stage "endpoint" (to.tone());
    /// A place from which an endpoint or an origin is probed holds it down.
    371 "probingPlaceFailed" PlaceFailed { endpoint: TargetId => subject, place: u8, why: ProbeFailure };
    /// It holds it up.
    372 "probingPlaceRecovered" PlaceRecovered { endpoint: TargetId => subject, place: u8 };
    /// A name answers otherwise from now on: with so many entry points, of which this is the first.
    373 "answerChanged" AnswerChanged { profile: ProfileId => subject, first: Option<EntryPointId> => "to", of: u16 }
        in Users Tick "answer" Work;
    /// None of the endpoints of a profile is available, and it answers as if all that are probed were.
    374 "profileFailedOpen" FailedOpen { profile: ProfileId => subject } in Users Begin "open" Wait;
    /// One of them is available again.
    375 "profileFailOpenEnded" FailOpenEnded { profile: ProfileId => subject } in Users End "open" Wait;
    /// What was written of a profile counts.
    444 "profileWritten" ProfileWritten { profile: ProfileId => subject } in Users Tick "configuration" Work;
    /// What the edge sites of Front Door hold of an origin changed, or is said as the run begins.
    380 "originHealth" OriginHealth { origin: TargetId => subject, to: OriginHealth } in Users Stage "origin" (to.tone());
    /// No origin is healthy for an edge site, and it takes all that are enabled for usable.
    381 "originsFailedOpen" OriginsFailedOpen { front_door: FrontDoorId => subject } in Users Begin "open" Wait;
    /// Every edge site has an origin that is healthy again.
    382 "originsFailOpenEnded" OriginsFailOpenEnded { front_door: FrontDoorId => subject } in Users End "open" Wait;
    /// A configuration reached an edge site.
    383 "edgeConfigured" EdgeConfigured { front_door: FrontDoorId => subject, edge: u8 };
    /// It has reached all of them.
    384 "configurationDeployed" ConfigurationDeployed { front_door: FrontDoorId => subject } in Users Tick "configuration" Work;
}
