//! Names that lead users, and their endpoints, in words.

use super::Names;
use windtunnel_sim::world::fact::{MonitorStatus, NameFact, ProbeFailure};
use windtunnel_sim::world::ids::{ProfileEndpointId, ProfileId};

impl Names<'_> {
    /// A profile of Traffic Manager.
    #[must_use]
    pub fn profile_of_traffic(&self, id: ProfileId) -> &str {
        &self.plan.profiles[id.index()].name
    }

    /// An endpoint of a profile: `tm-web/west`.
    #[must_use]
    pub fn profile_endpoint(&self, id: ProfileEndpointId) -> String {
        let mut before = id.index();
        for profile in &self.plan.profiles {
            match profile.endpoints.get(before) {
                Some(endpoint) => return format!("{}/{}", profile.name, endpoint.name),
                None => before -= profile.endpoints.len(),
            }
        }
        "an unknown endpoint".into()
    }
}

const fn status_words(status: MonitorStatus) -> &'static str {
    match status {
        MonitorStatus::CheckingEndpoint => "its first probe is not answered yet, and it gets users",
        MonitorStatus::Online => "it gets users",
        MonitorStatus::Degraded => "it is no longer given out",
        MonitorStatus::Disabled => "it is neither probed nor given out",
        MonitorStatus::Inactive => "its profile is disabled",
        MonitorStatus::Stopped => "nothing runs where it leads",
        MonitorStatus::Unmonitored => "it is always given out, and not probed",
    }
}

/// A fact as a sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &NameFact) -> String {
    match *fact {
        NameFact::EndpointStatus { to, .. } => format!("the endpoint {who} is {}: {}", to.word(), status_words(to)),
        NameFact::PlaceFailed { place, why, .. } => {
            let why = match why {
                ProbeFailure::Refused => "a wrong answer or none at all on a connection",
                ProbeFailure::Silent => "no answer in time",
            };
            format!("probing place {} holds the endpoint {who} down: {why}", u32::from(place) + 1)
        }
        NameFact::PlaceRecovered { place, .. } => {
            format!("probing place {} holds the endpoint {who} up: it answered", u32::from(place) + 1)
        }
        NameFact::AnswerChanged { first: None, .. } => format!("{who} does not resolve: nothing is given out for it"),
        NameFact::AnswerChanged { first: Some(to), of: 1, .. } => {
            format!("{who} resolves to {}; resolvers learn of it as their answers expire", names.entry_point(to))
        }
        NameFact::AnswerChanged { first: Some(to), of, .. } => {
            let others = if of == 2 { "one other".to_owned() } else { format!("{} others", of - 1) };
            format!(
                "{who} resolves to {} and {others}; resolvers learn of it as their answers expire",
                names.entry_point(to)
            )
        }
        NameFact::FailedOpen { .. } => {
            format!("no endpoint of {who} is available, and it answers as if those that are Degraded were Online")
        }
        NameFact::FailOpenEnded { .. } => format!("{who} answers by the status of its endpoints again"),
    }
}
