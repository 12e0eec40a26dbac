//! Users: a fluid of requests that meets whatever the rotation and the truth have left it.
//!
//! Rules: LB-21, LB-24, LB-27, LB-28, IN-02, IN-04, WT-06, WT-07, WT-10. Demand is piecewise linear; new connections are
//! spread evenly over the backends in rotation (LB-24). This room says when users begin and cease to be harmed, and how load presses on the
//! answers; how much harm that was is counted by the measures, from the facts.
//!
//! With kept connections the load of a backend is taken as the average of its pool (approximated: connections that
//! linger on a backend out of rotation are left out of the average). Load is that of one entry point: of two that lead to one
//! backend, each meets the whole capacity.

mod retries;
mod routing;
mod shape;
mod spread;

use crate::azure::load_balancer;
use crate::engine::queue::Key;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{EntryPoint, LoadStep, Segment, Share, WHOLE};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::entry_points::Leading;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, Flows, Service};
use crate::world::ids::{Entry, EntryPointId, InstanceId, MemberId, PoolId};
use crate::world::wake::in_order;
use retries::Again;
pub use routing::{again, route, sent, share, shares_at_start, spread};
use shape::level;
pub use shape::{demand_at, peak};
pub use spread::{room, spread_over};

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// By backend, in lanes: the first is for the first entry point with traffic of its pool, and so on.
    rows: Vec<Vec<Row>>,
    flows: Vec<Flow>,
    leading: Leading,
    dirty: Vec<(EntryPointId, Entry)>,
    /// By entry point, what of the users of a name is led there; empty without names.
    routed: Vec<Part>,
    /// By entry point, what is sent again there or waits; empty where nothing ever is or does.
    again: Vec<Option<Box<Again>>>,
}

/// The part of the users of a name that is led to an entry point.
#[derive(Clone, Debug, Default)]
struct Part {
    /// In billionths.
    share: Share,
    /// The same at the start of the run.
    at_start: Share,
    /// What they send.
    demand: Vec<Segment>,
}

/// What users meet at one backend.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    /// New connections go to it.
    taking: bool,
    /// Connections that were made before it left rotation are still on it.
    lingering: bool,
    /// The connections to it hang.
    hung: bool,
    /// It answers with an error what comes by a gateway, which passes that on.
    errs: bool,
    service: Option<Service>,
    epoch: u32,
}

impl Row {
    /// Whether it counts for as much as another one: of who takes nothing and has nothing it does not matter what he would do.
    #[inline]
    fn counts_as(&self, other: &Self) -> bool {
        let same = (self.taking, self.lingering, self.errs) == (other.taking, other.lingering, other.errs);
        same && (self.service == other.service || !self.taking && !self.lingering)
    }
}

/// What users meet at an entry point.
#[derive(Clone, Copy, Debug, Default)]
struct Flow {
    /// Backends that take new connections, by what they do with a request: cannot, stale, ready.
    taking: [u32; 3],
    /// Backends with lingering connections, likewise.
    lingering: [u32; 3],
    /// Those of both that answer with errors, which nobody tries again.
    erring: u32,
    /// How many steps of load are exceeded.
    step: u8,
    harmed: bool,
    out: bool,
    /// What is counted changed since that was last looked at.
    moved: bool,
    epoch: u32,
}

/// Users are to be looked at again.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Demand crosses a line, or a segment of it begins.
    Crossing {
        /// The entry point.
        entry_point: EntryPointId,
        /// The epoch it was forecast under.
        epoch: u32,
    },
    /// What failed at an entry point may come again.
    Again {
        /// The entry point.
        entry_point: EntryPointId,
    },
    /// The last kept connections to a backend close.
    Closed {
        /// The backend.
        member: MemberId,
        /// Which of the entry points of its pool.
        lane: u8,
        /// The epoch it left rotation under.
        epoch: u32,
        /// The entry by which it left rotation, or by which they hang.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Closed { member, lane, epoch, .. } => Key::new(time, class, member.0, 2 * lane, epoch),
            Self::Again { entry_point } => Key::new(time, class, entry_point.0.into(), 3, 0),
            Self::Crossing { entry_point, epoch } => Key::new(time, class, entry_point.0.into(), 1, epoch),
        }
    }
}

impl State {
    /// Reads the line on which a backend is kept: [`World::fetch`].
    pub(crate) fn fetch(&self, member: MemberId) -> u32 {
        self.rows.first().and_then(|lane| lane.get(member.index())).map_or(0, |row| row.epoch)
    }

    /// What is kept of a backend, which may be new.
    #[inline]
    fn row(&mut self, lane: usize, member: MemberId) -> Row {
        if self.rows[lane].len() <= member.index() {
            self.grow(lane, member);
        }
        self.rows[lane][member.index()]
    }

    #[cold]
    fn grow(&mut self, lane: usize, member: MemberId) {
        self.rows[lane].resize(member.index() + 1, Row::default());
    }

    /// No users yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let memberships = cx.plan.sets.iter().map(|set| set.pools.len() * set.capacity as usize).sum();
        let leading = Leading::new(cx.plan);
        let mut rows = vec![Vec::new(); leading.most()];
        if let Some(first) = rows.first_mut() {
            *first = Vec::with_capacity(memberships);
        }
        let entries = cx.plan.entry_points.len();
        let leads = cx.plan.entry_points.iter().any(|entry| entry.routed.is_some());
        let routed = vec![Part::default(); if leads { entries } else { 0 }];
        let again = Again::all(cx.plan);
        Self { rows, flows: vec![Flow::default(); entries], leading, dirty: Vec::new(), routed, again }
    }
}

/// How much longer an instance takes to answer under its load (WT-07).
#[must_use]
#[inline]
pub fn delay(world: &World, cx: &Cx<'_>, instance: InstanceId) -> SimDuration {
    let steps = &cx.plan.application.under_load;
    if steps.is_empty() || !cx.on(rules::WT_07) { SimDuration::ZERO } else { delay_by(world, steps, instance) }
}

#[inline(never)]
fn delay_by(world: &World, steps: &[LoadStep], instance: InstanceId) -> SimDuration {
    let traffic = &world.traffic;
    let of_member = |member: MemberId| {
        let row = &world.load_balancer.members[member.index()];
        let all = traffic.leading.to(row.pool).iter();
        let here = all.filter(|entry_point| load_balancer::leads(world, **entry_point) == Some(row.pool));
        let step = here.map(|entry_point| traffic.flows[entry_point.index()].step).max().unwrap_or(0);
        if row.in_rotation && step > 0 { steps[step as usize - 1].delay } else { SimDuration::ZERO }
    };
    world.load_balancer.of(instance).map(of_member).max().unwrap_or_default()
}

/// The first users arrive: every entry point is looked at.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for (entry_point, entry) in cx.plan.entries() {
        if entry.gateway.is_some() && entry.is_name() {
            routing::route_parts(world, cx, entry_point, (cause, rules::AG_04));
        } else {
            settle(world, cx, entry_point, cause);
        }
    }
}

/// Looks at the instances whose rotation or truth changed, then once at each entry point they belong to.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instances: &[(u32, Entry)]) {
    for &(instance, cause) in instances {
        let instance = InstanceId(instance);
        let mut next = world.load_balancer.of(instance).next();
        while let Some(member) = next {
            next = world.load_balancer.after(member);
            update(world, cx, member, cause);
        }
    }
    let mut dirty = std::mem::take(&mut world.traffic.dirty);
    in_order(&mut dirty);
    for &(entry_point, cause) in &dirty {
        // Of level demand users meet what they met, as long as the same is counted of their backends.
        let moved = std::mem::take(&mut world.traffic.flows[entry_point.index()].moved);
        let traffic = cx.plan.entry_point(entry_point).traffic.as_ref();
        if moved || traffic.is_some_and(|of| level(&of.demand, cx.now()).is_none()) {
            settle(world, cx, entry_point, cause);
        }
    }
    dirty.clear();
    world.traffic.dirty = dirty;
}

/// Takes in what changed at one backend.
fn update(world: &mut World, cx: &mut Cx<'_>, member: MemberId, cause: Entry) {
    let backend = &world.load_balancer.members[member.index()];
    let service = world.application.truths[backend.instance.index()].service;
    let service = if backend.late { Service::Cannot } else { service };
    let (in_rotation, hung) = (backend.in_rotation, backend.hung);
    let errs = backend.trouble == load_balancer::Trouble::Errs;
    let pool = backend.pool;
    let lanes = world.traffic.leading.to(pool).len();
    for lane in 0..lanes {
        let entry_point = world.traffic.leading.to(pool)[lane];
        let taking = in_rotation && load_balancer::leads(world, entry_point) == Some(pool);
        let keeps = load_balancer::keeps(world, pool) && cx.plan.entry_point(entry_point).keeps();
        let before = world.traffic.row(lane, member);
        let mut row = Row { taking, hung, errs, service: Some(service), ..before };
        if keeps {
            linger(world, cx, (member, lane, entry_point), (&before, &mut row), cause);
        }
        if !row.counts_as(&before) {
            retries::catch_up(world, cx, entry_point);
        }
        let state = &mut world.traffic;
        if !row.counts_as(&before) {
            let flow = &mut state.flows[entry_point.index()];
            count(flow, &before, false);
            count(flow, &row, true);
            flow.moved = true;
        }
        state.rows[lane][member.index()] = row;
        match state.dirty.last_mut() {
            Some(last) if last.0 == entry_point => last.1 = last.1.max(cause),
            _ => state.dirty.push((entry_point, cause)),
        }
    }
}

/// Whether kept connections linger on a backend; if so, puts the instant at which they close on the queue.
fn linger(
    world: &World,
    cx: &mut Cx<'_>,
    (member, lane, entry_point): (MemberId, usize, EntryPointId),
    (before, row): (&Row, &mut Row),
    cause: Entry,
) {
    let backend = &world.load_balancer.members[member.index()];
    let (left, instance, drains) = (backend.left, backend.instance, backend.draining);
    let stays = if cx.plan.entry_point(entry_point).gateway.is_some() { rules::AG_09 } else { rules::LB_21 };
    let is_led = load_balancer::leads(world, entry_point) == Some(backend.pool);
    // Where its entry point leads elsewhere, what is open goes on all the same, unless the machine or the address went.
    let cut_off = !is_led && load_balancer::cut_off(world, entry_point);
    let flows = if is_led || !backend.in_rotation { backend.flows } else { Flows::Kept };
    if row.taking || cut_off || (left || !is_led) && flows == Flows::Cut {
        row.lingering = false;
    } else if before.taking && flows == Flows::Kept && (row.hung || cx.on(stays)) {
        row.lingering = true;
    } else if before.hung && !row.hung && flows == Flows::Cut {
        row.lingering = false;
    }
    // Whoever is drained because he was removed leaves the pool when that is over.
    if row.lingering && !drains && (!before.lingering || row.hung != before.hung) {
        row.epoch += 1;
        let mut length = match (row.hung, load_balancer::drains_for(world, cx.plan, backend.pool)) {
            (true, _) => cx.assume(key::ClientTcpGivesUp),
            (false, Some(drain)) => drain,
            (false, None) => cx.assume(key::ClientKeepaliveCap),
        };
        if row.hung && load_balancer::is_abandoned(world, instance) {
            length = length.min(reset_after(cx, entry_point).unwrap_or(length));
        }
        cx.after(length, Due::Traffic(Event::Closed { member, lane: lane as u8, epoch: row.epoch, cause }));
    }
}

/// When the balancer resets a flow to a backend that is no more, if its rule does that (LB-27).
fn reset_after(cx: &mut Cx<'_>, entry_point: EntryPointId) -> Option<SimDuration> {
    let rule = cx.plan.entry_point(entry_point).rule;
    let resets = rule.tcp_reset && cx.on(rules::LB_27);
    (resets && cx.assume(key::LbTcpResetEndsHung)).then_some(rule.idle_timeout)
}

fn count(flow: &mut Flow, row: &Row, add: bool) {
    let Some(service) = row.service else { return };
    let by = if add { 1 } else { u32::MAX };
    if row.taking {
        let cell = &mut flow.taking[service as usize];
        *cell = cell.wrapping_add(by);
    }
    if row.lingering {
        let cell = &mut flow.lingering[service as usize];
        *cell = cell.wrapping_add(by);
    }
    if row.errs && (row.taking || row.lingering) {
        flow.erring = flow.erring.wrapping_add(by);
    }
}

/// An event falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Crossing { entry_point, epoch } => {
            if world.traffic.flows[entry_point.index()].epoch == epoch {
                settle(world, cx, entry_point, Entry(1));
            }
        }
        Event::Again { entry_point } => retries::tick(world, cx, entry_point),
        Event::Closed { member, lane, epoch, cause } => {
            let lane = usize::from(lane);
            let row = world.traffic.rows[lane][member.index()];
            if row.epoch != epoch || !row.lingering {
                return;
            }
            let backend = &world.load_balancer.members[member.index()];
            let (instance, pool) = (backend.instance, backend.pool);
            let entry_point = world.traffic.leading.to(pool)[lane];
            let of_gateway = cx.plan.entry_point(entry_point).gateway.is_some();
            let rule = match row.hung {
                false if of_gateway => rules::AG_07,
                false => rules::LB_21,
                // The reset is what ends them where it comes before the client gives up.
                true if load_balancer::is_abandoned(world, instance)
                    && reset_after(cx, entry_point)
                        .is_some_and(|reset| reset < cx.plan.assumptions.get(key::ClientTcpGivesUp)) =>
                {
                    rules::LB_27
                }
                true => rules::LB_28,
            };
            let mut after = row;
            after.lingering = false;
            count(&mut world.traffic.flows[entry_point.index()], &row, false);
            count(&mut world.traffic.flows[entry_point.index()], &after, true);
            world.traffic.rows[lane][member.index()] = after;
            let entry = cx.record(load_balancer::closed(cx.plan, entry_point, instance, pool), cause, rule);
            settle(world, cx, entry_point, entry);
        }
    }
}

/// What demand and the backends make of each other at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Condition {
    wanted: bool,
    step: u8,
    sheds: bool,
}

/// The requests a second that so many backends take of those of an entry point.
fn room_at(world: &World, cx: &Cx<'_>, entry: &EntryPoint, taking: u32) -> f64 {
    room(cx.plan.capacity_at(entry, |gateway| load_balancer::instances(world, gateway)), taking)
}

fn condition(cx: &Cx<'_>, room: f64, demand: f64) -> Condition {
    let above = |share: f64| room > 0.0 && demand > share * room;
    let steps = cx.plan.application.under_load.iter().take_while(|step| above(step.above)).count();
    Condition { wanted: demand > 0.0, step: steps as u8, sheds: above(1.0) && cx.on(rules::WT_10) }
}

/// States what users meet at an entry point now, where that is new, and forecasts when demand alone will change it.
fn settle(world: &mut World, cx: &mut Cx<'_>, entry_point: EntryPointId, cause: Entry) {
    let entry = cx.plan.entry_point(entry_point);
    let Some(traffic) = &entry.traffic else { return };
    if !cx.on(rules::WT_06) {
        return;
    }
    if let Some(again) = world.traffic.again.get(entry_point.index()).and_then(Option::as_ref) {
        let demand = again.demand().unwrap_or(&traffic.demand).to_vec();
        settle_for(world, cx, entry_point, &demand, cause);
    } else if world.traffic.routed.is_empty() || entry.is_root() && !entry.is_name() {
        settle_for(world, cx, entry_point, &traffic.demand, cause);
    } else if entry.is_name() {
        settle_name(world, cx, entry_point, cause);
    } else {
        settle_routed(world, cx, entry_point, cause);
    }
}

/// The same for the users of a name who are led here, and then for the name.
#[inline(never)]
fn settle_routed(world: &mut World, cx: &mut Cx<'_>, entry_point: EntryPointId, cause: Entry) {
    let before = world.traffic.flows[entry_point.index()];
    let demand = std::mem::take(&mut world.traffic.routed[entry_point.index()].demand);
    settle_for(world, cx, entry_point, &demand, cause);
    world.traffic.routed[entry_point.index()].demand = demand;
    let flow = world.traffic.flows[entry_point.index()];
    if (before.harmed, before.out) != (flow.harmed, flow.out)
        && let Some(routed) = cx.plan.entry_point(entry_point).routed
    {
        settle_names(world, cx, EntryPointId(routed.from), cause);
    }
}

/// States what users of a name meet now, and those of the name whose users they are, if they are led here.
fn settle_names(world: &mut World, cx: &mut Cx<'_>, name: EntryPointId, cause: Entry) {
    settle_name(world, cx, name, cause);
    if let Some(routed) = cx.plan.entry_point(name).routed {
        settle_name(world, cx, EntryPointId(routed.from), cause);
    }
}

/// States what users of a name meet now, wherever they are led, where that is new.
fn settle_name(world: &mut World, cx: &mut Cx<'_>, name: EntryPointId, cause: Entry) {
    let Some(traffic) = &cx.plan.entry_point(name).traffic else { return };
    let all = routing::whole(world, cx.plan, name);
    let wanted = all > 0 && demand_at(&traffic.demand, cx.now()) > 0.0;
    let parts = cx.plan.served_from(name).map(|id| (world.traffic.routed[id.index()].share, id));
    let met: Vec<(Share, Flow)> = parts.map(|(share, id)| (share, world.traffic.flows[id.index()])).collect();
    let led: u64 = met.iter().map(|(share, _)| u64::from(*share)).sum();
    let mut led_to = met.iter().filter(|(share, _)| *share > 0);
    let harmed = wanted && (led < u64::from(all) || led_to.clone().any(|(_, flow)| flow.harmed));
    let out = wanted && led_to.all(|(_, flow)| flow.out);
    let rule = match () {
        () if cx.plan.entry_point(name).gateway.is_some() => rules::AG_04,
        () if cx.plan.front_doors.iter().any(|of| of.entry_point == name.0) => rules::AFD_05,
        () => rules::TM_07,
    };
    let is = Met { harmed, out, rule };
    state(world, cx, name, is, cause);
    let flow = &mut world.traffic.flows[name.index()];
    flow.epoch += 1;
    let epoch = flow.epoch;
    let condition = condition(cx, 0.0, demand_at(&traffic.demand, cx.now()));
    if level(&traffic.demand, cx.now()).is_none()
        && let Some(at) = crossing(cx, 0.0, &traffic.demand, condition)
    {
        cx.at(at, Due::Traffic(Event::Crossing { entry_point: name, epoch }));
    }
}

/// What users meet, and the rule by which they are harmed if they are.
#[derive(Clone, Copy, Debug)]
struct Met {
    harmed: bool,
    out: bool,
    rule: RuleId,
}

/// States it where it is new.
#[inline]
fn state(world: &mut World, cx: &mut Cx<'_>, entry_point: EntryPointId, is: Met, cause: Entry) {
    let flow = &world.traffic.flows[entry_point.index()];
    if (is.harmed, is.out) != (flow.harmed, flow.out) {
        state_anew(world, cx, entry_point, is, cause);
    }
}

#[inline(never)]
fn state_anew(world: &mut World, cx: &mut Cx<'_>, entry_point: EntryPointId, is: Met, mut cause: Entry) {
    let Met { harmed, out, rule } = is;
    let flow = world.traffic.flows[entry_point.index()];
    if harmed && !flow.harmed {
        cause = cx.record(Fact::HarmStarted { entry_point }, cause, rule);
    }
    if out != flow.out {
        let fact = if out { Fact::OutageStarted { entry_point } } else { Fact::OutageEnded { entry_point } };
        cx.record(fact, cause, rules::WT_06);
    }
    if !harmed && flow.harmed {
        cx.record(Fact::HarmEnded { entry_point }, cause, rules::WT_06);
    }
    let flow = &mut world.traffic.flows[entry_point.index()];
    (flow.harmed, flow.out) = (harmed, out);
}

/// States what users who send this meet at an entry point now, and forecasts when demand alone will change it.
fn settle_for(world: &mut World, cx: &mut Cx<'_>, entry_point: EntryPointId, demand: &[Segment], cause: Entry) {
    let now = cx.now();
    let flow = world.traffic.flows[entry_point.index()];
    let taking = flow.taking.iter().sum();
    let entry = cx.plan.entry_point(entry_point);
    let room = room_at(world, cx, entry, taking);
    let (rps, mut cause) = (demand_at(demand, now), cause);
    let condition = condition(cx, room, rps);
    let waiting = retries::wait(world, cx, entry_point, rps, &mut cause);
    // Whoever has requests to work on that wait is as busy as can be.
    let busy = if waiting.any { self::condition(cx, room, rps.max(room)) } else { condition };
    if busy.step != flow.step {
        world.traffic.flows[entry_point.index()].step = busy.step;
        cause = cx.record(Fact::LoadStepped { entry_point, step: busy.step }, cause, rules::WT_07);
    }
    let sheds = condition.sheds && (!waiting.any || waiting.full);
    let touches = || cx.plan.application.requires.map_or(1.0, |requires| requires.touches) > 0.0;
    let [cannot, stale, ready] = [0, 1, 2].map(|i| flow.taking[i] + flow.lingering[i]);
    // A retry finds another backend: one that does not answer harms nobody where all others can serve.
    let of_others = flow.taking[0].saturating_sub(u32::from(flow.lingering[0] == 0));
    let saved = entry.retries(cx.plan) && flow.erring == 0 && of_others == 0 && taking > u32::from(flow.taking[0] > 0);
    let fails = cannot > 0 && !saved;
    let unserved = taking == 0 || fails || sheds || waiting.late;
    let harmed = condition.wanted && (unserved || stale > 0 && touches());
    let out = condition.wanted && (stale + ready == 0 || waiting.late);
    let rule = match (stale > 0, fails) {
        _ if waiting.late => rules::WT_20,
        (true, _) => rules::IN_04,
        (false, true) if entry.gateway.is_some() && cannot > flow.erring => rules::AG_10,
        (false, true) => rules::LB_24,
        (false, false) if sheds => rules::WT_10,
        (false, false) => rules::WT_06,
    };
    state(world, cx, entry_point, Met { harmed, out, rule }, cause);
    if condition.wanted && unserved {
        retries::begin(world, cx, entry_point, cause);
    }
    let flow = &mut world.traffic.flows[entry_point.index()];
    flow.epoch += 1;
    let epoch = flow.epoch;
    let turns = if level(demand, now).is_none() { crossing(cx, room, demand, condition) } else { None };
    let fills = retries::crossing(world, cx, entry_point, demand);
    if let Some(at) = turns.into_iter().chain(fills).min() {
        cx.at(at, Due::Traffic(Event::Crossing { entry_point, epoch }));
    }
}

/// The next instant at which demand, with these backends, makes another condition; or a segment ends. Rounded up to the
/// millisecond.
#[inline(never)]
fn crossing(cx: &Cx<'_>, room: f64, demand: &[Segment], is: Condition) -> Option<SimTime> {
    let now = cx.now();
    let after = demand.partition_point(|segment| segment.start <= now);
    let next = demand.get(after).map(|segment| segment.start);
    let Some(segment) = after.checked_sub(1).map(|i| &demand[i]) else { return next };
    if segment.slope == 0.0 {
        return next;
    }
    let steps = cx.plan.application.under_load.iter().map(|step| step.above);
    let lines = std::iter::once(0.0).chain(std::iter::once(1.0).chain(steps).map(|share| share * room));
    let reaches = lines.filter_map(|line| {
        let ms = libm::ceil((line - segment.rps) / segment.slope * 1000.0);
        // At the instant itself demand may still equal the line: then it is past it a millisecond later.
        (0.0..1e14).contains(&ms).then(|| [ms as u64, ms as u64 + 1])
    });
    reaches
        .flatten()
        .map(|ms| segment.start + SimDuration::from_ms(ms))
        .chain(next)
        .filter(|&at| at > now && next.is_none_or(|next| at <= next))
        .filter(|&at| Some(at) == next || condition(cx, room, demand_at(demand, at)) != is)
        .min()
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for (name, _) in cx.plan.entries().filter(|(_, entry)| entry.is_name()) {
        let shares = cx.plan.routed_from(name).map(|(id, _)| u64::from(world.traffic.routed[id.index()].share));
        assert!(shares.sum::<u64>() <= u64::from(WHOLE), "no user is led twice");
    }
    for (pool, state) in world.load_balancer.pools.iter().enumerate() {
        for entry_point in world.traffic.leading.to(PoolId(pool as u16)) {
            let taking: u32 = world.traffic.flows[entry_point.index()].taking.iter().sum();
            let there = load_balancer::leads(world, *entry_point) == Some(PoolId(pool as u16));
            assert!(
                !there || taking == state.in_rotation,
                "users are spread over the backends in rotation, and no others"
            );
        }
    }
}
