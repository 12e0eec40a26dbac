//! Azure Traffic Manager: names that lead users to endpoints that answer.
//!
//! Modelled: TM-01…TM-11. What enough of the places hold that probe an endpoint ([`outside_probes`](super::outside_probes)) is its
//! status. A name answers with what its profile then chooses, and resolvers keep that answer until it expires: clients are
//! cohorts whose answers expire together.
//!
//! Left out: real user measurements, custom headers, IPv6, and the time that Traffic Manager's own name servers take to agree.

mod answers;
mod resolvers;
mod written;

use crate::engine::queue::Key;
use crate::engine::time::SimTime;
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, MonitorStatus, NameFact};
use crate::world::ids::{ActionId, Entry, ProfileId, TargetId};
use resolvers::Name;

pub use written::{configure, endpoint, look, profile};

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// By profile.
    profiles: Vec<ProfileState>,
    /// The endpoints of all profiles, one profile after the other.
    endpoints: Vec<EndpointState>,
    /// Who asks for which name.
    names: Vec<Name>,
    /// How many places must hold an endpoint down.
    agree: usize,
}

/// A profile.
#[derive(Clone, Copy, Debug)]
struct ProfileState {
    /// The number of its first endpoint among all.
    first: u16,
    /// None of its endpoints is available, and it answers as if all were (TM-08).
    failed_open: bool,
    /// The write that made it what it is, by the place of the change.
    written: Option<(ActionId, u8)>,
}

/// An endpoint of a profile.
#[derive(Clone, Copy, Debug)]
struct EndpointState {
    profile: ProfileId,
    /// Its number there.
    number: u16,
    /// `endpointMonitorStatus`.
    status: MonitorStatus,
}

/// Something about a name is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The answer that resolvers hold expires, and the name has another.
    Expire {
        /// Which of the names.
        name: u16,
        /// Which of its cohorts.
        cohort: u16,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        let Self::Expire { name, cohort } = self;
        Key::new(time, class, u32::from(name), 0, cohort.into())
    }
}

impl State {
    /// No name answers yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let plan = cx.plan;
        if plan.profiles.is_empty() {
            return Self::default();
        }
        let agree = if cx.on(rules::TM_05) { cx.assume(key::TmPlacesAgree) as usize } else { 1 };
        let mut state = Self { agree: agree.min(places(cx)), ..Self::default() };
        for (at, profile) in plan.profiles.iter().enumerate() {
            let first = state.endpoints.len() as u16;
            state.profiles.push(ProfileState { first, failed_open: false, written: None });
            let endpoints = (0..profile.endpoints.len()).map(|number| EndpointState {
                profile: ProfileId(at as u16),
                number: number as u16,
                status: MonitorStatus::CheckingEndpoint,
            });
            state.endpoints.extend(endpoints);
        }
        state
    }

    /// The endpoint of a profile with this number.
    fn id(&self, profile: ProfileId, number: u16) -> TargetId {
        TargetId(self.profiles[profile.index()].first + number)
    }

    /// The status of an endpoint of a profile.
    #[must_use]
    pub fn status(&self, profile: ProfileId, number: u16) -> MonitorStatus {
        self.endpoints[self.id(profile, number).index()].status
    }
}

/// Whether places and resolvers each have a phase of their own.
pub(super) fn is_seeded(cx: &mut Cx<'_>) -> bool {
    cx.assume(key::TmPhase) == choice::Phase::Seeded
}

/// From how many places each endpoint is probed.
pub(super) fn places(cx: &mut Cx<'_>) -> usize {
    if cx.on(rules::TM_05) { cx.assume(key::TmPlaces) as usize } else { 1 }
}

/// The names answer from t = 0 on.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for at in 0..world.traffic_manager.endpoints.len() {
        let endpoint = TargetId(at as u16);
        let to = answers::status(world, cx, endpoint);
        world.traffic_manager.endpoints[at].status = to;
        cx.record(Fact::Name(NameFact::EndpointStatus { endpoint, to }), cause, rules::TM_01);
    }
    answers::nested(world, cx, cause);
    resolvers::begin(world, cx, cause);
}

/// Something about a name falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    let Event::Expire { name, cohort } = event;
    resolvers::expire(world, cx, name, cohort);
}

// Verbs.

/// A place that probes an endpoint changed its mind; what enough of them hold is the status of the endpoint.
pub fn turned(world: &mut World, cx: &mut Cx<'_>, id: TargetId, cause: Entry) {
    let to = answers::status(world, cx, id);
    let row = &mut world.traffic_manager.endpoints[id.index()];
    if row.status == to {
        return;
    }
    row.status = to;
    let several = world.outside_probes.opinions(id).count() > 1;
    let rule = if several { rules::TM_05 } else { rules::TM_02 };
    let entry = cx.record(Fact::Name(NameFact::EndpointStatus { endpoint: id, to }), cause, rule);
    answers::nested(world, cx, entry);
    resolvers::look(world, cx, entry);
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for at in 0..world.traffic_manager.endpoints.len() {
        let id = TargetId(at as u16);
        let row = &world.traffic_manager.endpoints[at];
        assert_eq!(row.status, answers::status(world, cx, id), "a status is what its places hold");
    }
    resolvers::check(world, cx);
}
