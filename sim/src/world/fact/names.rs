//! What happens to names: what Traffic Manager makes of endpoints, and what it answers.

use super::ProbeFailure;
use super::lane::LaneTone;
use super::row::facts;
use crate::words;
use crate::world::ids::{EntryPointId, ProfileEndpointId, ProfileId};

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

facts! {
    /// What happened to names.
    NameFact:

    /// What Traffic Manager makes of an endpoint changed, or is said as the run begins.
    370 "endpointMonitorStatus" EndpointStatus { endpoint: ProfileEndpointId => subject, to: MonitorStatus }
        in Users Stage "endpoint" (to.tone());
    /// A place from which an endpoint is probed holds it down.
    371 "probingPlaceFailed" PlaceFailed { endpoint: ProfileEndpointId => subject, place: u8, why: ProbeFailure };
    /// It holds it up.
    372 "probingPlaceRecovered" PlaceRecovered { endpoint: ProfileEndpointId => subject, place: u8 };
    /// A name answers otherwise from now on: with so many entry points, of which this is the first.
    373 "answerChanged" AnswerChanged { profile: ProfileId => subject, first: Option<EntryPointId> => "to", of: u16 }
        in Users Tick "answer" Work;
    /// None of the endpoints of a profile is available, and it answers as if all that are probed were.
    374 "profileFailedOpen" FailedOpen { profile: ProfileId => subject } in Users Begin "open" Wait;
    /// One of them is available again.
    375 "profileFailOpenEnded" FailOpenEnded { profile: ProfileId => subject } in Users End "open" Wait;
}
