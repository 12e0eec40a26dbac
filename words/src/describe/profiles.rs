//! Names that lead users, and their endpoints, in words.

use super::Names;
use windtunnel_sim::world::entry_points::Target;
use windtunnel_sim::world::fact::{MonitorStatus, NameFact, OriginHealth, ProbeFailure};
use windtunnel_sim::world::ids::{EntryPointId, FrontDoorId, ProfileId, TargetId};

impl Names<'_> {
    /// A profile of Traffic Manager.
    #[must_use]
    pub fn profile_of_traffic(&self, id: ProfileId) -> &str {
        &self.plan.profiles[id.index()].name
    }

    /// What is probed from outside: `tm-web/west` of Traffic Manager, `group/west` of Front Door.
    #[must_use]
    pub fn target(&self, id: TargetId) -> String {
        match self.plan.targets().nth(id.index()) {
            Some(Target::Endpoint(profile, endpoint)) => format!("{}/{}", profile.name, endpoint.name),
            Some(Target::Origin(front_door, origin)) => format!("{}/{}", front_door.group, origin.name),
            None => "an unknown endpoint".into(),
        }
    }

    /// A route of Front Door: the name by which its entry point is known.
    #[must_use]
    pub fn front_door(&self, id: FrontDoorId) -> String {
        self.entry_point(EntryPointId(self.plan.front_doors[id.index()].entry_point)).to_owned()
    }

    /// Who probes a target, and what that is.
    fn probed(&self, id: TargetId) -> (&'static str, &'static str) {
        match self.plan.targets().nth(id.index()) {
            Some(Target::Origin(..)) => ("edge site", "origin"),
            Some(Target::Endpoint(..)) | None => ("probing place", "endpoint"),
        }
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

const fn health_words(health: OriginHealth) -> &'static str {
    match health {
        OriginHealth::Healthy => "healthy: every edge site may send it requests",
        OriginHealth::PartlyHealthy => "healthy for some edge sites, and not for others",
        OriginHealth::Unhealthy => "unhealthy: no edge site chooses it while another is healthy",
        OriginHealth::Disabled => "disabled: no edge site sends it requests",
        OriginHealth::Unprobed => "not probed, and taken for healthy",
    }
}

/// A fact as a sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &NameFact) -> String {
    match *fact {
        NameFact::EndpointStatus { to, .. } => format!("the endpoint {who} is {}: {}", to.word(), status_words(to)),
        NameFact::PlaceFailed { endpoint, place, why } => {
            let (prober, target) = names.probed(endpoint);
            let why = match why {
                ProbeFailure::Refused => "a wrong answer or none at all on a connection",
                ProbeFailure::Silent => "no answer in time",
            };
            format!("{prober} {} holds the {target} {who} down: {why}", u32::from(place) + 1)
        }
        NameFact::PlaceRecovered { endpoint, place } => {
            let (prober, target) = names.probed(endpoint);
            format!("{prober} {} holds the {target} {who} up: it answered", u32::from(place) + 1)
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
        NameFact::ProfileWritten { .. } => {
            format!("{who} is as was written; what resolvers hold of it they keep for as long as it was given for")
        }
        NameFact::OriginHealth { to, .. } => format!("the origin {who} is {}", health_words(to)),
        NameFact::OriginsFailedOpen { .. } => {
            format!("an edge site of {who} holds no origin healthy, and sends requests to those that are enabled")
        }
        NameFact::OriginsFailOpenEnded { .. } => format!("every edge site of {who} holds an origin healthy again"),
        NameFact::EdgeConfigured { edge, .. } => {
            format!("the new configuration of {who} reached edge site {}", u32::from(edge) + 1)
        }
        NameFact::ConfigurationDeployed { .. } => format!("the new configuration of {who} has reached every edge site"),
    }
}
