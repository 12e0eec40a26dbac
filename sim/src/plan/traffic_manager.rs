//! Profiles of Traffic Manager: names that lead users to one of several endpoints.

use super::{EntryPoint, FrontDoor, ProbeProtocol, Routed, Share};
use crate::engine::time::SimDuration;

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// `profileStatus` is Enabled; a disabled one answers NXDOMAIN (TM-08).
    pub enabled: bool,
    /// How an endpoint is chosen (TM-10).
    pub method: RoutingMethod,
    /// How its endpoints are probed.
    pub monitor: Monitor,
    /// How long resolvers may keep an answer (TM-07).
    pub ttl: SimDuration,
    /// The most endpoints that an answer of `MultiValue` has.
    pub max_return: u32,
    /// Its endpoints, in the order in which they are chosen where the method has one.
    pub endpoints: Vec<ProfileEndpoint>,
    /// Who asks for the name, where it is asked for: the shares sum to [`WHOLE`].
    pub users: Vec<UserGroup>,
    /// Where its users arrive; `None` where nobody asks for its name.
    pub entry_point: Option<u16>,
}

crate::words! {
    /// How a profile chooses an endpoint (TM-10).
    pub enum RoutingMethod {
        /// The first that is available.
        Priority => "Priority",
        /// By weight.
        Weighted => "Weighted",
        /// The closest that is available.
        Performance => "Performance",
        /// The one of the region from which the query comes.
        Geographic => "Geographic",
        /// Several that are available.
        MultiValue => "MultiValue",
        /// The one of the addresses from which the query comes.
        Subnet => "Subnet",
    }
}

/// How what is behind a name is probed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    /// Over what.
    pub protocol: ProbeProtocol,
    /// The endpoint of the application that is asked for.
    pub endpoint: u16,
    /// From one probe to the next (TM-01).
    pub interval: SimDuration,
    /// How long a probe waits at most (TM-03).
    pub timeout: SimDuration,
    /// By what of the results.
    pub judging: Judging,
    /// The ranges of status codes that are good (TM-04, AFD-01).
    pub good: Vec<(u16, u16)>,
}

/// What results count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judging {
    /// So many failures in a row are tolerated, and the next one degrades (TM-02).
    Tolerated(u32),
    /// Of the last `size` at least `required` are good (AFD-02).
    Window {
        /// `sampleSize`.
        size: u8,
        /// `successfulSamplesRequired`.
        required: u8,
    },
}

/// An endpoint of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileEndpoint {
    /// Its name.
    pub name: String,
    /// Where it leads.
    pub target: LeadsTo,
    /// The entry point that its probes meet, on the port of the monitor: the one to which it leads, unless users come by another
    /// port. `None` where nobody listens there, and for another profile.
    pub probed: Option<u16>,
    /// `endpointStatus` is Enabled.
    pub enabled: bool,
    /// `alwaysServe` is Enabled: it is not probed, and always answers.
    pub always_serve: bool,
    /// Its weight among those of `Weighted`.
    pub weight: u32,
}

/// Where an endpoint leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadsTo {
    /// To an entry point.
    EntryPoint(u16),
    /// To the answers of another profile, which has at least so many endpoints available where it is online.
    Nested {
        /// The profile.
        child: u16,
        /// `minChildEndpoints`.
        least: u32,
    },
}

/// Users that are in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserGroup {
    /// Their share of the users of the name.
    pub share: Share,
    /// What each profile would answer them, by profile: its endpoints in order, the first first. Under `Geographic` and `Subnet` it
    /// is the one endpoint of theirs, if there is one.
    pub order: Vec<Vec<u16>>,
}

impl Monitor {
    /// What Traffic Manager takes where a profile says nothing: every 30 s, within 10 s, three failures tolerated, 200 alone.
    #[must_use]
    pub fn plain(endpoint: u16) -> Self {
        Self {
            protocol: ProbeProtocol::Http,
            endpoint,
            interval: SimDuration::from_secs(30),
            timeout: SimDuration::from_secs(10),
            judging: Judging::Tolerated(3),
            good: vec![(200, 200)],
        }
    }
}

impl ProfileEndpoint {
    /// An enabled endpoint that leads to an entry point.
    #[must_use]
    pub fn plain(name: &str, to: u16) -> Self {
        let target = LeadsTo::EntryPoint(to);
        Self { name: name.into(), target, probed: Some(to), enabled: true, always_serve: false, weight: 1 }
    }
}

/// Adds an entry point for each to which a name that is asked for may lead its users, however deep its profiles are nested, and each
/// to which a route of Front Door may.
pub fn lead_names(entry_points: &mut Vec<EntryPoint>, profiles: &[Profile], front_doors: &[FrontDoor]) {
    let names: Vec<String> = (0..entry_points.len()).map(|at| called(entry_points, at)).collect();
    let by_name = profiles.iter().enumerate().filter_map(|(at, profile)| {
        let mut leads = Vec::new();
        reach(at, profiles, &mut leads);
        Some((profile.entry_point?, leads))
    });
    let by_edge = front_doors.iter().map(|front_door| {
        let leads = front_door.origins.iter().map(|origin| origin.to);
        (front_door.entry_point, leads.collect())
    });
    for (from, mut leads) in by_name.chain(by_edge).collect::<Vec<(u16, Vec<u16>)>>() {
        if entry_points[usize::from(from)].traffic.is_none() {
            continue;
        }
        leads.sort_unstable();
        leads.dedup();
        for to in leads {
            let name = entry_points[usize::from(from)].clone();
            // Of several routes of an endpoint, each has its own.
            let is_route = |of: &&EntryPoint| of.is_root() && of.resource == name.resource;
            let is_alone = entry_points.iter().filter(is_route).count() == 1;
            let own = if is_alone { String::new() } else { format!("{}/", name.name) };
            let here = u16::try_from(entry_points.len()).unwrap_or(u16::MAX);
            // Of a listener of several instances of a gateway, each takes its part, as it does of what the users of the listener send.
            let part = |at: u16| entry_points[usize::from(at)].routed.filter(|of| of.from == to);
            let parts = (0..names.len() as u16).filter_map(|at| Some((at, Routed { from: here, to: at, ..part(at)? })));
            let led = std::iter::once((to, Routed { from, to, part: (0, 1) })).chain(parts);
            let called = |at: u16| format!("{own}{}", names[usize::from(at)]);
            let row = |(at, of)| EntryPoint::routed(&name, (&entry_points[usize::from(at)], &called(at)), of);
            let rows: Vec<EntryPoint> = led.map(row).collect();
            entry_points.extend(rows);
        }
    }
}

/// The entry points that a profile leads to, and those that it is nested over.
fn reach(at: usize, profiles: &[Profile], leads: &mut Vec<u16>) {
    for endpoint in &profiles[at].endpoints {
        match endpoint.target {
            LeadsTo::EntryPoint(to) => leads.push(to),
            LeadsTo::Nested { child, .. } => reach(usize::from(child), profiles, leads),
        }
    }
}

/// The name of an entry point among all: that of its resource, with its own where that has several. A listener has its own, however many
/// instances its gateway has.
fn called(entry_points: &[EntryPoint], at: usize) -> String {
    let entry = &entry_points[at];
    let others = entry_points.iter().filter(|other| other.resource == entry.resource).count();
    if others > 1 || entry.gateway.is_some() { entry.own_name() } else { entry.resource.clone() }
}
