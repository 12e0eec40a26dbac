//! Azure Traffic Manager: names that lead users to endpoints that answer.
//!
//! Modelled: TM-01…TM-10. Each endpoint is probed from several places, each of which counts for itself; what enough of them hold is its
//! status. A probe goes where a user's request would: to one of the backends in rotation behind the endpoint, and to nobody where
//! there is none. A name answers with what its profile then chooses, and resolvers keep that answer until it expires: clients are
//! cohorts whose answers expire together.
//!
//! Left out: real user measurements, custom headers, IPv6, and the time that Traffic Manager's own name servers take to agree.

mod answers;
pub mod place;
mod resolvers;
pub mod ticking;

use crate::azure::load_balancer::ProbeEngine;
use crate::azure::load_balancer::observer::Reply;
use crate::demand::application;
use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{LeadsTo, Monitor, Plan, Profile, ProfileEndpoint};
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, MonitorStatus, NameFact, ProbeFailure};
use crate::world::ids::{Entry, EntryPointId, InstanceId, PoolId, ProfileEndpointId, ProfileId};
use crate::world::wake::in_order;
use place::{Opinion, Pace, Place, Turn};
use resolvers::Name;
use ticking::Ticker;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// By profile.
    profiles: Vec<ProfileState>,
    /// The endpoints of all profiles, one profile after the other.
    pub endpoints: Vec<EndpointState>,
    /// Who asks for which name.
    names: Vec<Name>,
    /// How many places must hold an endpoint down.
    agree: usize,
}

/// A profile.
#[derive(Clone, Copy, Debug)]
struct ProfileState {
    pace: Pace,
    /// How long its probes wait.
    timeout: SimDuration,
    /// The number of its first endpoint among all.
    first: u16,
    /// None of its endpoints is available, and it answers as if all were (TM-08).
    failed_open: bool,
}

/// An endpoint of a profile.
#[derive(Clone, Debug)]
pub struct EndpointState {
    /// Its profile.
    pub profile: ProfileId,
    /// Its number there.
    pub number: u16,
    /// `endpointMonitorStatus`.
    pub status: MonitorStatus,
    /// What its probes get; `None` where that depends on which backend they meet.
    reply: Option<Reply>,
    /// What each place holds of it; empty where nobody probes it.
    places: Vec<View>,
}

/// What a place holds, by either engine.
#[derive(Clone, Debug)]
enum View {
    Counted(Counted),
    Ticked(Box<Ticker>),
}

/// A place by counting, and the epoch of its forecast.
#[derive(Clone, Copy, Debug)]
struct Counted {
    place: Place,
    epoch: u32,
}

impl View {
    const fn opinion(&self) -> Opinion {
        match self {
            Self::Counted(of) => of.place.opinion,
            Self::Ticked(ticker) => ticker.opinion,
        }
    }
}

/// Something about a name is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A counted place changes its mind, or sends a probe that is answered by chance.
    Place {
        /// The endpoint.
        endpoint: ProfileEndpointId,
        /// The place.
        place: u8,
        /// The epoch of the forecast.
        epoch: u32,
    },
    /// A ticking place sends a probe.
    Send {
        /// The endpoint.
        endpoint: ProfileEndpointId,
        /// The place.
        place: u8,
        /// The number of the probe.
        number: u32,
    },
    /// Its result lands.
    Land {
        /// The endpoint.
        endpoint: ProfileEndpointId,
        /// The place.
        place: u8,
        /// The number of the probe.
        number: u32,
    },
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
        let of = |endpoint: ProfileEndpointId, place: u8| u32::from(endpoint.0) << 8 | u32::from(place);
        match self {
            Self::Place { endpoint, place, epoch } => Key::new(time, class, of(endpoint, place), 0, epoch),
            Self::Send { endpoint, place, number } => Key::new(time, class, of(endpoint, place), 0, number),
            Self::Land { endpoint, place, number } => Key::new(time, class, of(endpoint, place), 1, number),
            Self::Expire { name, cohort } => {
                Key::new(time, class, u32::MAX, 2, u32::from(name) << 16 | u32::from(cohort))
            }
        }
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
            let (pace, timeout) = pace(cx, &profile.monitor);
            state.profiles.push(ProfileState { pace, timeout, first, failed_open: false });
            let endpoints = (0..profile.endpoints.len()).map(|number| EndpointState {
                profile: ProfileId(at as u16),
                number: number as u16,
                status: MonitorStatus::CheckingEndpoint,
                reply: None,
                places: Vec::new(),
            });
            state.endpoints.extend(endpoints);
        }
        state
    }

    /// An endpoint with what the plan says of it.
    fn of<'p>(&self, plan: &'p Plan, id: ProfileEndpointId) -> (&'p Profile, &'p ProfileEndpoint) {
        let row = &self.endpoints[id.index()];
        let profile = &plan.profiles[row.profile.index()];
        (profile, &profile.endpoints[usize::from(row.number)])
    }

    /// The endpoint of a profile with this number.
    fn id(&self, profile: ProfileId, number: u16) -> ProfileEndpointId {
        ProfileEndpointId(self.profiles[profile.index()].first + number)
    }

    /// The status of an endpoint of a profile.
    #[must_use]
    pub fn status(&self, profile: ProfileId, number: u16) -> MonitorStatus {
        self.endpoints[self.id(profile, number).index()].status
    }
}

/// Whether places and resolvers each have a phase of their own.
fn is_seeded(cx: &mut Cx<'_>) -> bool {
    cx.assume(key::TmPhase) == choice::Phase::Seeded
}

/// From how many places each endpoint is probed.
fn places(cx: &mut Cx<'_>) -> usize {
    if cx.on(rules::TM_05) { cx.assume(key::TmPlaces) as usize } else { 1 }
}

/// The numbers by which the places of a profile judge, and how long their probes wait.
fn pace(cx: &mut Cx<'_>, monitor: &Monitor) -> (Pace, SimDuration) {
    let interval = if cx.on(rules::TM_01) { monitor.interval } else { SimDuration::from_secs(30) };
    let timeout = if cx.on(rules::TM_03) { monitor.timeout } else { SimDuration::from_secs(5) };
    let from_result = cx.assume(key::TmNextProbe) == choice::TmNextProbe::Result;
    let down = if cx.on(rules::TM_02) { monitor.tolerated + 1 } else { 1 };
    let up = if cx.on(rules::TM_09) { 1 } else { down };
    (Pace { interval, from_result: from_result || !cx.on(rules::TM_06), down, up }, timeout)
}

/// The names answer from t = 0 on, and the places are in the middle of their probing.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    if cx.plan.profiles.is_empty() {
        return;
    }
    let places = places(cx);
    for at in 0..world.traffic_manager.endpoints.len() {
        probe(world, cx, ProfileEndpointId(at as u16), places, cause);
    }
    for at in 0..world.traffic_manager.endpoints.len() {
        let endpoint = ProfileEndpointId(at as u16);
        let to = answers::status(world, cx, endpoint);
        world.traffic_manager.endpoints[at].status = to;
        cx.record(Fact::Name(NameFact::EndpointStatus { endpoint, to }), cause, rules::TM_01);
    }
    answers::nested(world, cx, cause);
    resolvers::begin(world, cx, cause);
}

/// The places begin to probe an endpoint.
fn probe(world: &mut World, cx: &mut Cx<'_>, id: ProfileEndpointId, places: usize, cause: Entry) {
    let (profile, endpoint) = world.traffic_manager.of(cx.plan, id);
    if !profile.enabled
        || !endpoint.enabled
        || endpoint.always_serve
        || matches!(endpoint.target, LeadsTo::Nested { .. })
    {
        return;
    }
    let reply = seen(world, cx, id);
    let bad = reply.is_some_and(|reply| reply.result.is_err());
    let opinion = match cx.plan.cold_start {
        true => Opinion::None,
        false if bad => Opinion::Bad,
        false => Opinion::Good,
    };
    let row = &world.traffic_manager.endpoints[id.index()];
    let pace = world.traffic_manager.profiles[row.profile.index()].pace;
    let interval = pace.interval.ms();
    let seeded = is_seeded(cx);
    let mut views = Vec::with_capacity(places);
    for at in 0..places {
        let subject = Subject { place: name(&profile.name), cause: name(&endpoint.name), ordinal: at as u32 };
        let phase = if seeded { cx.stream(Purpose::PlacePhase, subject, 0).below(interval) + 1 } else { interval };
        let first = cx.now() + SimDuration::from_ms(phase);
        let place = at as u8;
        views.push(match cx.engine {
            ProbeEngine::Counting => {
                let of = Counted { place: Place::new(first, opinion, reply, cause), epoch: 0 };
                forecast(cx, id, place, &of, &pace);
                View::Counted(of)
            }
            ProbeEngine::Ticking => {
                cx.at(first, Due::TrafficManager(Event::Send { endpoint: id, place, number: 0 }));
                View::Ticked(Box::new(Ticker::new(opinion, cause)))
            }
        });
    }
    let row = &mut world.traffic_manager.endpoints[id.index()];
    (row.reply, row.places) = (reply, views);
}

/// Puts the next that a counted place does on the queue.
fn forecast(cx: &mut Cx<'_>, endpoint: ProfileEndpointId, place: u8, of: &Counted, pace: &Pace) {
    if let Some(at) = of.place.forecast(pace) {
        cx.at(at, Due::TrafficManager(Event::Place { endpoint, place, epoch: of.epoch }));
    }
}

/// Something about a name falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Place { endpoint, place, epoch } => counted(world, cx, endpoint, place, epoch),
        Event::Send { endpoint, place, number } => send(world, cx, endpoint, place, number),
        Event::Land { endpoint, place, .. } => land(world, cx, endpoint, place),
        Event::Expire { name, cohort } => resolvers::expire(world, cx, name, cohort),
    }
}

/// The numbers by which the places of an endpoint judge.
fn pace_of(world: &World, id: ProfileEndpointId) -> Pace {
    let room = &world.traffic_manager;
    room.profiles[room.endpoints[id.index()].profile.index()].pace
}

/// What a counted place holds.
fn counted_mut(world: &mut World, id: ProfileEndpointId, place: u8) -> &mut Counted {
    match &mut world.traffic_manager.endpoints[id.index()].places[usize::from(place)] {
        View::Counted(of) => of,
        View::Ticked(_) => unreachable!("an event of the other engine"),
    }
}

/// A counted place changes its mind, or sends a probe that is answered by chance.
fn counted(world: &mut World, cx: &mut Cx<'_>, id: ProfileEndpointId, place: u8, epoch: u32) {
    let (now, pace) = (cx.now(), pace_of(world, id));
    if counted_mut(world, id, place).epoch != epoch {
        return;
    }
    fold(world, cx, id, place, &pace);
    if let Some(number) = counted_mut(world, id, place).place.due(now) {
        let reply = drawn(world, cx, id, place, number);
        counted_mut(world, id, place).place.send(reply, &pace);
        fold(world, cx, id, place, &pace);
    }
    let of = counted_mut(world, id, place);
    of.epoch += 1;
    let of = *of;
    forecast(cx, id, place, &of, &pace);
}

/// Takes in what a counted place learnt by now.
fn fold(world: &mut World, cx: &mut Cx<'_>, id: ProfileEndpointId, place: u8, pace: &Pace) {
    while let Some(turn) = counted_mut(world, id, place).place.fold(cx.now(), pace) {
        assert_eq!(turn.at, cx.now(), "a place changes its mind when it was forecast to");
        turned(world, cx, id, place, turn);
    }
}

/// What a ticking place holds.
fn ticked_mut(world: &mut World, id: ProfileEndpointId, place: u8) -> &mut Ticker {
    match &mut world.traffic_manager.endpoints[id.index()].places[usize::from(place)] {
        View::Ticked(of) => of,
        View::Counted(_) => unreachable!("an event of the other engine"),
    }
}

/// A ticking place sends a probe. A result that takes no time lands at once.
fn send(world: &mut World, cx: &mut Cx<'_>, endpoint: ProfileEndpointId, place: u8, number: u32) {
    let (now, pace) = (cx.now(), pace_of(world, endpoint));
    let reply = world.traffic_manager.endpoints[endpoint.index()].reply;
    let reply = reply.unwrap_or_else(|| drawn(world, cx, endpoint, place, number));
    let (lands, next) = ticked_mut(world, endpoint, place).send(now, reply, &pace);
    if lands == now {
        land(world, cx, endpoint, place);
    } else {
        cx.at(lands, Due::TrafficManager(Event::Land { endpoint, place, number }));
    }
    cx.at(next, Due::TrafficManager(Event::Send { endpoint, place, number: number.wrapping_add(1) }));
}

/// A result lands at a ticking place.
fn land(world: &mut World, cx: &mut Cx<'_>, endpoint: ProfileEndpointId, place: u8) {
    let (now, pace) = (cx.now(), pace_of(world, endpoint));
    if let Some(turn) = ticked_mut(world, endpoint, place).land(now, &pace) {
        turned(world, cx, endpoint, place, turn);
    }
}

/// A place changed its mind; what enough of them hold is the status of the endpoint.
fn turned(world: &mut World, cx: &mut Cx<'_>, id: ProfileEndpointId, place: u8, turn: Turn) {
    let (fact, rule) = match turn.failure {
        None => (NameFact::PlaceRecovered { endpoint: id, place }, rules::TM_09),
        Some(why) => {
            let rule = match why {
                ProbeFailure::Refused => rules::TM_04,
                ProbeFailure::Silent if pace_of(world, id).down > 1 => rules::TM_06,
                ProbeFailure::Silent => rules::TM_03,
            };
            (NameFact::PlaceFailed { endpoint: id, place, why }, rule)
        }
    };
    let entry = cx.record(Fact::Name(fact), turn.cause, rule);
    let to = answers::status(world, cx, id);
    let row = &mut world.traffic_manager.endpoints[id.index()];
    if row.status == to {
        return;
    }
    row.status = to;
    let rule = if row.places.len() > 1 { rules::TM_05 } else { rules::TM_02 };
    let entry = cx.record(Fact::Name(NameFact::EndpointStatus { endpoint: id, to }), entry, rule);
    answers::nested(world, cx, entry);
    resolvers::look(world, cx, entry);
}

/// The pools behind an endpoint, where it leads to some.
fn pools_behind<'p>(world: &World, cx: &Cx<'p>, id: ProfileEndpointId) -> impl Iterator<Item = PoolId> + use<'p> {
    let to = match world.traffic_manager.of(cx.plan, id).1.target {
        LeadsTo::EntryPoint(to) => Some(EntryPointId(to)),
        LeadsTo::Nested { .. } => None,
    };
    let plan = cx.plan;
    to.into_iter().flat_map(move |to| plan.pools_behind(to))
}

/// The backends that a probe of an endpoint may meet.
fn backends<'w>(world: &'w World, cx: &Cx<'_>, id: ProfileEndpointId) -> impl Iterator<Item = InstanceId> + 'w {
    let room = &world.load_balancer;
    let pools: Vec<PoolId> = pools_behind(world, cx, id).collect();
    let members = pools.into_iter().flat_map(|pool| &room.pools[pool.index()].members);
    let rows = members.map(|member| &room.members[member.index()]);
    rows.filter(|member| member.in_rotation).map(|member| member.instance)
}

/// What a probe gets of a backend that it meets.
fn reply_of(world: &World, cx: &Cx<'_>, id: ProfileEndpointId, instance: InstanceId) -> Reply {
    if application::is_cut_off(world, instance) {
        return Reply::silent(timeout(world, id));
    }
    let monitor = &world.traffic_manager.of(cx.plan, id).0.monitor;
    let answer = application::answer(world, cx, instance, monitor.endpoint);
    Reply::of(answer, monitor.protocol, timeout(world, id), |status| is_good(cx, monitor, status))
}

/// Whether a status is a good answer: one of the ranges that the profile gives (TM-04).
fn is_good(cx: &Cx<'_>, monitor: &Monitor, status: u16) -> bool {
    let listed = monitor.good.iter().any(|(from, to)| (*from..=*to).contains(&status));
    if cx.on(rules::TM_04) { listed } else { listed || (200..400).contains(&status) }
}

/// How long a probe of an endpoint waits.
fn timeout(world: &World, id: ProfileEndpointId) -> SimDuration {
    let room = &world.traffic_manager;
    room.profiles[room.endpoints[id.index()].profile.index()].timeout
}

/// What every probe of an endpoint would get now; `None` if that depends on which backend it meets.
fn seen(world: &World, cx: &Cx<'_>, id: ProfileEndpointId) -> Option<Reply> {
    let mut replies = backends(world, cx, id).map(|instance| reply_of(world, cx, id, instance));
    let Some(first) = replies.next() else { return Some(Reply::silent(timeout(world, id))) };
    replies.all(|reply| reply == first).then_some(first)
}

/// What a probe gets that is answered by chance: of the backend that it meets.
fn drawn(world: &World, cx: &Cx<'_>, id: ProfileEndpointId, place: u8, number: u32) -> Reply {
    let met: Vec<InstanceId> = backends(world, cx, id).collect();
    if met.is_empty() {
        return Reply::silent(timeout(world, id));
    }
    let (profile, endpoint) = world.traffic_manager.of(cx.plan, id);
    let subject = Subject { place: name(&profile.name), cause: name(&endpoint.name), ordinal: place.into() };
    let at = cx.stream(Purpose::PlaceMeets, subject, number.into()).below(met.len() as u64);
    reply_of(world, cx, id, met[at as usize])
}

/// Instances would perhaps answer otherwise now, or are in another rotation: looks at the endpoints that lead to them.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instances: &[(u32, Entry)]) {
    let mut changed: Vec<(u16, Entry)> = Vec::new();
    for &(instance, cause) in instances {
        for member in world.load_balancer.of(InstanceId(instance)) {
            let pool = world.load_balancer.members[member.index()].pool;
            let all = 0..world.traffic_manager.endpoints.len() as u16;
            let leads = |at: &u16| pools_behind(world, cx, ProfileEndpointId(*at)).any(|of| of == pool);
            changed.extend(all.filter(leads).map(|at| (at, cause)));
        }
    }
    in_order(&mut changed);
    for (at, cause) in changed {
        answer_otherwise(world, cx, ProfileEndpointId(at), cause);
    }
}

/// The backends behind an endpoint changed: its probes get another answer from now on.
fn answer_otherwise(world: &mut World, cx: &mut Cx<'_>, id: ProfileEndpointId, cause: Entry) {
    let row = &world.traffic_manager.endpoints[id.index()];
    if row.places.is_empty() {
        return;
    }
    let (before, pace) = (row.reply, pace_of(world, id));
    let reply = seen(world, cx, id);
    if reply == before {
        return;
    }
    let now = cx.now();
    let row = &mut world.traffic_manager.endpoints[id.index()];
    row.reply = reply;
    for (at, view) in row.places.iter_mut().enumerate() {
        match view {
            View::Ticked(ticker) => ticker.cause = cause,
            View::Counted(of) => {
                let early = of.place.fold(now, &pace);
                assert!(early.is_none(), "a place changed its mind unforecast");
                of.place.set_reply(reply, cause);
                of.epoch += 1;
                forecast(cx, id, at as u8, of, &pace);
            }
        }
    }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for at in 0..world.traffic_manager.endpoints.len() {
        let id = ProfileEndpointId(at as u16);
        let row = &world.traffic_manager.endpoints[at];
        assert_eq!(row.status, answers::status(world, cx, id), "a status is what its places hold");
        let is_known = row.places.is_empty() || row.reply == seen(world, cx, id);
        assert!(is_known, "what a probe of endpoint {at} gets changed without a fact");
    }
    resolvers::check(world, cx);
}
