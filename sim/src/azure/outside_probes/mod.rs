//! Probes from outside the regions: those of the places of Traffic Manager, and of the edge sites of Front Door.
//!
//! Modelled: TM-01 to TM-06, TM-09, TM-11, AFD-01 to AFD-03, AFD-06. Each target is probed from several places, each of which counts for
//! itself, in its own phase; the rooms below make something of what they hold. A probe goes where a user's request would: to one of
//! the backends in rotation behind the target. Where there is none, nobody answers, but for a gateway, which refuses.
//!
//! Left out: custom headers, IPv6, and edge sites that no users reach. A HEAD request is answered as a GET.

pub mod place;
pub mod ticking;
mod written;

use crate::azure::load_balancer::observer::Reply;
use crate::azure::load_balancer::{self, ProbeEngine};
use crate::azure::{front_door, traffic_manager};
use crate::demand::application;
use crate::engine::queue::Key;
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Judging, LeadsTo, Monitor, Plan};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::entry_points::Target as Planned;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, NameFact, ProbeFailure};
use crate::world::ids::{ActionId, Entry, EntryPointId, InstanceId, TargetId};
use crate::world::wake::in_order;
use place::{Judge, Opinion, Pace, Place, Turn};
use ticking::Ticker;

pub use written::write;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    targets: Vec<Target>,
}

/// What is probed.
#[derive(Clone, Debug)]
struct Target {
    pace: Pace,
    /// How long its probes wait.
    timeout: SimDuration,
    /// The entry points that have backends, and that it leads to.
    parts: Vec<EntryPointId>,
    /// A gateway, which answers where no backend does.
    is_gateway: bool,
    /// What its probes get; `None` where that depends on which backend they meet.
    reply: Option<Reply>,
    /// What each place holds of it; empty where nobody probes it.
    places: Vec<View>,
    /// How often its places have begun to probe anew: what they did before counts no more.
    era: u8,
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

/// Something about a target is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A counted place changes its mind, or sends a probe that is answered by chance.
    Place {
        /// The target.
        target: TargetId,
        /// The place.
        place: u8,
        /// The era of its probes.
        era: u8,
        /// The epoch of the forecast.
        epoch: u32,
    },
    /// A ticking place sends a probe.
    Send {
        /// The target.
        target: TargetId,
        /// The place.
        place: u8,
        /// The era of its probes.
        era: u8,
        /// The number of the probe.
        number: u32,
    },
    /// Its result lands.
    Land {
        /// The target.
        target: TargetId,
        /// The place.
        place: u8,
        /// The era of its probes.
        era: u8,
        /// The number of the probe.
        number: u32,
    },
    /// What is written of a profile of Traffic Manager counts.
    Written {
        /// The write.
        action: ActionId,
        /// The entry of its beginning.
        cause: Entry,
    },
}

/// So many eras have keys of their own.
const ERAS: u8 = 128;

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        let of = |target: TargetId, place: u8| u32::from(target.0) << 8 | u32::from(place);
        match self {
            Self::Place { target, place, era, epoch } => Key::new(time, class, of(target, place), 2 * era, epoch),
            Self::Send { target, place, era, number } => Key::new(time, class, of(target, place), 2 * era, number),
            Self::Land { target, place, era, number } => Key::new(time, class, of(target, place), 2 * era + 1, number),
            // After the probes of the instant, which are asked as before.
            Self::Written { action, .. } => Key::new(time, class, u32::MAX, 0, action.0),
        }
    }
}

impl State {
    /// Nobody probes yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let plan = cx.plan;
        let target = |of: Planned<'_>| {
            let (pace, timeout) = pace(cx, of);
            let (parts, is_gateway) = parts(plan, of);
            Target { pace, timeout, parts, is_gateway, reply: None, places: Vec::new(), era: 0 }
        };
        Self { targets: plan.targets().map(target).collect() }
    }

    /// What the places hold of a target, in their order.
    pub fn opinions(&self, id: TargetId) -> impl Iterator<Item = Opinion> {
        self.targets[id.index()].places.iter().map(View::opinion)
    }

    /// What a place holds of a target; nothing where it does not probe it.
    #[must_use]
    pub fn opinion(&self, id: TargetId, place: usize) -> Opinion {
        self.targets[id.index()].places.get(place).map_or(Opinion::None, View::opinion)
    }
}

/// A target, as it is now.
fn planned<'p>(world: &World, plan: &'p Plan, id: TargetId) -> Planned<'p> {
    match plan.targets().nth(id.index()).expect("a target is planned") {
        Planned::Endpoint(..) => {
            let (profile, endpoint) = traffic_manager::endpoint(world, plan, id);
            Planned::Endpoint(profile, endpoint)
        }
        origin @ Planned::Origin(..) => origin,
    }
}

/// The entry points that have backends, and that the probes of a target meet; and whether it is a gateway.
fn parts(plan: &Plan, of: Planned<'_>) -> (Vec<EntryPointId>, bool) {
    let to = meets(of);
    let parts = to.into_iter().flat_map(|to| plan.with_parts(to)).collect();
    (parts, to.is_some_and(|to| plan.entry_point(to).gateway.is_some()))
}

/// The entry point that the probes of a target meet; none where nobody listens, and for another profile.
fn meets(of: Planned<'_>) -> Option<EntryPointId> {
    match of {
        Planned::Endpoint(_, endpoint) => endpoint.probed.map(EntryPointId),
        Planned::Origin(_, origin) => Some(EntryPointId(origin.to)),
    }
}

/// How a target is probed.
fn monitor(of: Planned<'_>) -> &Monitor {
    match of {
        Planned::Endpoint(profile, _) => &profile.monitor,
        Planned::Origin(front_door, _) => &front_door.monitor,
    }
}

/// Who a place is, as a subject of draws.
fn subject(of: Planned<'_>, place: u8) -> Subject {
    let (around, own) = match of {
        Planned::Endpoint(profile, endpoint) => (name(&profile.name), &endpoint.name),
        Planned::Origin(front_door, origin) => {
            (name(&format!("{}/{}", front_door.profile, front_door.group)), &origin.name)
        }
    };
    Subject { place: around, cause: name(own), ordinal: place.into() }
}

/// From how many places a target is probed; none if nobody does.
fn places(cx: &mut Cx<'_>, of: Planned<'_>) -> usize {
    match of {
        Planned::Endpoint(profile, endpoint) => {
            let is_probed = profile.enabled && endpoint.enabled && !endpoint.always_serve;
            match is_probed && !matches!(endpoint.target, LeadsTo::Nested { .. }) {
                true => traffic_manager::places(cx),
                false => 0,
            }
        }
        Planned::Origin(front_door, origin) if origin.probed || !cx.on(rules::AFD_06) => {
            front_door::edges(cx, front_door)
        }
        Planned::Origin(..) => 0,
    }
}

/// The numbers by which the places of a target judge, and how long their probes wait.
fn pace(cx: &mut Cx<'_>, of: Planned<'_>) -> (Pace, SimDuration) {
    let Monitor { interval, timeout, judging, .. } = *monitor(of);
    match judging {
        Judging::Tolerated(tolerated) => {
            let interval = if cx.on(rules::TM_01) { interval } else { SimDuration::from_secs(30) };
            let timeout = if cx.on(rules::TM_03) { timeout } else { SimDuration::from_secs(5) };
            let from_result = cx.assume(key::TmNextProbe) == choice::TmNextProbe::Result;
            let down = if cx.on(rules::TM_02) { tolerated + 1 } else { 1 };
            let up = if cx.on(rules::TM_09) { 1 } else { down };
            let from_result = from_result || !cx.on(rules::TM_06);
            (Pace { interval, from_result, judge: Judge::InARow { down, up } }, timeout)
        }
        Judging::Window { size, required } => {
            let [whole, needed] = [size, required].map(u32::from);
            let judge = match () {
                () if !cx.on(rules::AFD_03) => Judge::InARow { down: whole, up: whole },
                () if !cx.on(rules::AFD_02) => {
                    Judge::InARow { down: (whole + 1).saturating_sub(needed).max(1), up: needed }
                }
                () => Judge::Window { size, required },
            };
            let interval = if cx.on(rules::AFD_01) { interval } else { SimDuration::from_secs(30) };
            let timeout = timeout.min(interval).min(cx.assume(key::FrontDoorProbeTimeout));
            (Pace { interval, from_result: false, judge }, timeout)
        }
    }
}

/// The places are in the middle of their probing.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for (at, of) in cx.plan.targets().enumerate() {
        probe(world, cx, TargetId(at as u16), of, cause);
    }
}

/// The places begin to probe a target.
fn probe(world: &mut World, cx: &mut Cx<'_>, id: TargetId, of: Planned<'_>, cause: Entry) {
    let places = places(cx, of);
    if places == 0 {
        return;
    }
    let reply = seen(world, cx, id);
    let pace = world.outside_probes.targets[id.index()].pace;
    // No window holds more good samples than it has samples (W0216).
    let hopeless = matches!(pace.judge, Judge::Window { size, required } if required > size);
    let bad = hopeless || reply.is_some_and(|reply| reply.result.is_err());
    let opinion = match (cx.plan.cold_start, monitor(of).judging) {
        (true, Judging::Tolerated(_)) => Opinion::None,
        (_, Judging::Window { .. }) if hopeless => Opinion::Bad,
        (false, _) if bad => Opinion::Bad,
        (true | false, _) => Opinion::Good,
    };
    observe(world, cx, id, of, &vec![opinion; places], cause);
}

/// The places of a target begin to probe it, and hold this of it.
fn observe(world: &mut World, cx: &mut Cx<'_>, id: TargetId, of: Planned<'_>, opinions: &[Opinion], cause: Entry) {
    let reply = seen(world, cx, id);
    let Target { pace, era, .. } = world.outside_probes.targets[id.index()];
    let interval = pace.interval.ms();
    let seeded = match of {
        Planned::Endpoint(..) => traffic_manager::is_seeded(cx),
        Planned::Origin(..) => cx.assume(key::FrontDoorPhase) == choice::Phase::Seeded,
    };
    let mut views = Vec::with_capacity(opinions.len());
    for (place, opinion) in (0_u8..).zip(opinions.iter().copied()) {
        let draw = || cx.stream(Purpose::PlacePhase, subject(of, place), era.into()).below(interval) + 1;
        let first = cx.now() + SimDuration::from_ms(if seeded { draw() } else { interval });
        views.push(match cx.engine {
            ProbeEngine::Counting => {
                let of = Counted { place: Place::new(first, opinion, reply, (&pace, cause)), epoch: 0 };
                forecast(cx, (id, place, era), &of, &pace);
                View::Counted(of)
            }
            ProbeEngine::Ticking => {
                cx.at(first, Due::OutsideProbes(Event::Send { target: id, place, era, number: 0 }));
                View::Ticked(Box::new(Ticker::new(opinion, cause)))
            }
        });
    }
    let row = &mut world.outside_probes.targets[id.index()];
    (row.reply, row.places) = (reply, views);
}

/// Puts the next that a counted place does on the queue.
fn forecast(cx: &mut Cx<'_>, (target, place, era): (TargetId, u8, u8), of: &Counted, pace: &Pace) {
    if let Some(at) = of.place.forecast(pace) {
        cx.at(at, Due::OutsideProbes(Event::Place { target, place, era, epoch: of.epoch }));
    }
}

/// Something about a target falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    let is_over = |target: TargetId, era: u8| world.outside_probes.targets[target.index()].era != era;
    match event {
        Event::Place { target, era, .. } | Event::Send { target, era, .. } | Event::Land { target, era, .. }
            if is_over(target, era) => {}
        Event::Place { target, place, epoch, .. } => counted(world, cx, target, place, epoch),
        Event::Send { target, place, number, .. } => send(world, cx, target, place, number),
        Event::Land { target, place, .. } => land(world, cx, target, place),
        Event::Written { action, cause } => written::counts(world, cx, action, cause),
    }
}

/// What a counted place holds.
fn counted_mut(world: &mut World, id: TargetId, place: u8) -> &mut Counted {
    match &mut world.outside_probes.targets[id.index()].places[usize::from(place)] {
        View::Counted(of) => of,
        View::Ticked(_) => unreachable!("an event of the other engine"),
    }
}

/// A counted place changes its mind, or sends a probe that is answered by chance.
fn counted(world: &mut World, cx: &mut Cx<'_>, id: TargetId, place: u8, epoch: u32) {
    let Target { pace, era, .. } = world.outside_probes.targets[id.index()];
    let now = cx.now();
    if counted_mut(world, id, place).epoch != epoch {
        return;
    }
    // A probe that goes out as a result lands is answered before anyone acts on that result.
    let due = counted_mut(world, id, place).place.due(now).map(|number| drawn(world, cx, id, place, number));
    fold(world, cx, id, place, &pace);
    if let Some(reply) = due {
        counted_mut(world, id, place).place.send(reply, &pace);
        fold(world, cx, id, place, &pace);
    }
    let of = counted_mut(world, id, place);
    of.epoch += 1;
    let of = *of;
    forecast(cx, (id, place, era), &of, &pace);
}

/// Takes in what a counted place learnt by now.
fn fold(world: &mut World, cx: &mut Cx<'_>, id: TargetId, place: u8, pace: &Pace) {
    while let Some(turn) = counted_mut(world, id, place).place.fold(cx.now(), pace) {
        assert_eq!(turn.at, cx.now(), "a place changes its mind when it was forecast to");
        turned(world, cx, id, place, turn);
    }
}

/// What a ticking place holds.
fn ticked_mut(world: &mut World, id: TargetId, place: u8) -> &mut Ticker {
    match &mut world.outside_probes.targets[id.index()].places[usize::from(place)] {
        View::Ticked(of) => of,
        View::Counted(_) => unreachable!("an event of the other engine"),
    }
}

/// A ticking place sends a probe. A result that takes no time lands at once.
fn send(world: &mut World, cx: &mut Cx<'_>, target: TargetId, place: u8, number: u32) {
    let row = &world.outside_probes.targets[target.index()];
    let (now, pace, reply, era) = (cx.now(), row.pace, row.reply, row.era);
    let reply = reply.unwrap_or_else(|| drawn(world, cx, target, place, number));
    let (lands, next) = ticked_mut(world, target, place).send(now, reply, &pace);
    if lands == now {
        land(world, cx, target, place);
    } else {
        cx.at(lands, Due::OutsideProbes(Event::Land { target, place, era, number }));
    }
    let number = number.wrapping_add(1);
    cx.at(next, Due::OutsideProbes(Event::Send { target, place, era, number }));
}

/// A result lands at a ticking place.
fn land(world: &mut World, cx: &mut Cx<'_>, target: TargetId, place: u8) {
    let (now, pace) = (cx.now(), world.outside_probes.targets[target.index()].pace);
    if let Some(turn) = ticked_mut(world, target, place).land(now, &pace) {
        turned(world, cx, target, place, turn);
    }
}

/// A place changed its mind; whoever leads users by it looks again.
fn turned(world: &mut World, cx: &mut Cx<'_>, id: TargetId, place: u8, turn: Turn) {
    let of = planned(world, cx.plan, id);
    let fact = match turn.failure {
        None => NameFact::PlaceRecovered { endpoint: id, place },
        Some(why) => NameFact::PlaceFailed { endpoint: id, place, why },
    };
    let entry = cx.record(Fact::Name(fact), turn.cause, rule_of(world, id, of, turn.failure));
    match of {
        Planned::Endpoint(..) => traffic_manager::turned(world, cx, id, entry),
        Planned::Origin(..) => front_door::turned(world, cx, id, entry),
    }
}

/// The rule by which a place changed its mind.
fn rule_of(world: &World, id: TargetId, of: Planned<'_>, failure: Option<ProbeFailure>) -> RuleId {
    let down = match world.outside_probes.targets[id.index()].pace.judge {
        Judge::InARow { down, .. } => down,
        // Of more samples than there are one bad result is enough (W0216).
        Judge::Window { size, required } => u32::from(size.saturating_sub(required)) + 1,
    };
    match (of, failure) {
        (Planned::Endpoint(..), None) => rules::TM_09,
        (Planned::Endpoint(..), Some(ProbeFailure::Refused)) => rules::TM_04,
        (Planned::Endpoint(..), Some(ProbeFailure::Silent)) if down > 1 => rules::TM_06,
        (Planned::Endpoint(..), Some(ProbeFailure::Silent)) => rules::TM_03,
        (Planned::Origin(..), Some(ProbeFailure::Refused)) => rules::AFD_01,
        (Planned::Origin(..), None | Some(ProbeFailure::Silent)) => rules::AFD_03,
    }
}

/// The backends that a probe of a target may meet.
fn backends(world: &World, id: TargetId) -> impl Iterator<Item = InstanceId> {
    let room = &world.load_balancer;
    let parts = world.outside_probes.targets[id.index()].parts.iter();
    let pools = parts.filter_map(|part| load_balancer::leads(world, *part));
    let pools = pools.filter(|pool| load_balancer::takes(world, *pool));
    let rows = pools.flat_map(|pool| &room.pools[pool.index()].members).map(|member| &room.members[member.index()]);
    rows.filter(|member| member.in_rotation).map(|member| member.instance)
}

/// What a probe that is sent like this gets of a backend that it meets.
fn reply_of(world: &World, cx: &Cx<'_>, (of, timeout): (&Monitor, SimDuration), instance: InstanceId) -> Reply {
    if application::is_cut_off(world, instance) {
        return Reply::silent(timeout);
    }
    let answer = application::answer(world, cx, instance, of.endpoint);
    Reply::of(answer, of.protocol, timeout, |status| is_good(cx, of, status))
}

/// Whether a status is a good answer: one of the ranges that are listed (TM-04), or 200 (AFD-01).
fn is_good(cx: &Cx<'_>, monitor: &Monitor, status: u16) -> bool {
    let listed = monitor.good.iter().any(|(from, to)| (*from..=*to).contains(&status));
    let rule = if let Judging::Tolerated(_) = monitor.judging { rules::TM_04 } else { rules::AFD_01 };
    if cx.on(rule) { listed } else { listed || (200..400).contains(&status) }
}

/// What a probe gets where nobody is in rotation: a gateway says so (AG-11), a balancer leaves it unanswered.
fn unserved(target: &Target) -> Reply {
    match target.is_gateway {
        true => Reply { result: Err(ProbeFailure::Refused), after: SimDuration::ZERO },
        false => Reply::silent(target.timeout),
    }
}

/// What every probe of a target would get now; `None` if that depends on which backend it meets.
fn seen(world: &World, cx: &Cx<'_>, id: TargetId) -> Option<Reply> {
    let target = &world.outside_probes.targets[id.index()];
    let sent = (monitor(planned(world, cx.plan, id)), target.timeout);
    let mut replies = backends(world, id).map(|instance| reply_of(world, cx, sent, instance));
    let Some(first) = replies.next() else { return Some(unserved(target)) };
    replies.all(|reply| reply == first).then_some(first)
}

/// What a probe gets that is answered by chance: of the backend that it meets.
fn drawn(world: &World, cx: &Cx<'_>, id: TargetId, place: u8, number: u32) -> Reply {
    let met: Vec<InstanceId> = backends(world, id).collect();
    let target = &world.outside_probes.targets[id.index()];
    if met.is_empty() {
        return unserved(target);
    }
    let of = planned(world, cx.plan, id);
    let item = u64::from(target.era) << 32 | u64::from(number);
    let at = cx.stream(Purpose::PlaceMeets, subject(of, place), item).below(met.len() as u64);
    reply_of(world, cx, (monitor(of), target.timeout), met[at as usize])
}

/// Instances would perhaps answer otherwise now, or are in another rotation: looks at the targets that lead to them.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instances: &[(u32, Entry)]) {
    let mut changed: Vec<(u16, Entry)> = Vec::new();
    for &(instance, cause) in instances {
        for member in world.load_balancer.of(InstanceId(instance)) {
            let pool = world.load_balancer.members[member.index()].pool;
            let all = (0_u16..).zip(&world.outside_probes.targets);
            let leads = |part: &EntryPointId| cx.plan.entry_point(*part).pools().any(|of| of == pool);
            changed.extend(all.filter(|(_, target)| target.parts.iter().any(leads)).map(|(at, _)| (at, cause)));
        }
    }
    in_order(&mut changed);
    for (at, cause) in changed {
        answer_otherwise(world, cx, TargetId(at), cause);
    }
}

/// The backends behind a target changed: its probes get another answer from now on.
fn answer_otherwise(world: &mut World, cx: &mut Cx<'_>, id: TargetId, cause: Entry) {
    let row = &world.outside_probes.targets[id.index()];
    if !row.places.is_empty() && seen(world, cx, id) != row.reply {
        let pace = row.pace;
        go_on(world, cx, id, pace, cause);
    }
}

/// The places of a target go on at this pace, and their probes get what the backends answer now.
fn go_on(world: &mut World, cx: &mut Cx<'_>, id: TargetId, pace: Pace, cause: Entry) {
    let (now, reply) = (cx.now(), seen(world, cx, id));
    let row = &mut world.outside_probes.targets[id.index()];
    let (before, era) = (std::mem::replace(&mut row.pace, pace), row.era);
    let is_other = std::mem::replace(&mut row.reply, reply) != reply;
    for (place, view) in (0_u8..).zip(&mut row.places) {
        match view {
            View::Ticked(ticker) if is_other => ticker.cause = cause,
            View::Ticked(_) => {}
            View::Counted(of) => {
                let early = of.place.fold(now, &before);
                assert!(early.is_none(), "a place changed its mind unforecast");
                if is_other {
                    of.place.set_reply(reply, cause);
                }
                of.epoch += 1;
                forecast(cx, (id, place, era), of, &pace);
            }
        }
    }
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for (at, target) in world.outside_probes.targets.iter().enumerate().filter(|(_, target)| !target.places.is_empty())
    {
        let seen = seen(world, cx, TargetId(at as u16));
        assert_eq!(target.reply, seen, "what probes get is what the backends would answer");
    }
}
