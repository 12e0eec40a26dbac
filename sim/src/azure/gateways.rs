//! Application gateways that scale by themselves: the count of their instances follows their load.
//!
//! Rules: AG-12, AG-13, AG-14. What is sent to the listeners of a gateway comes to so many capacity units, and an instance takes ten. What
//! is needed beyond what there is and what is being made is made at once; what is not needed for a while is drained, and goes. A write may
//! give a gateway another least and most: what is beyond the most is drained at once.
//!
//! Left out: what an instance with more than its load delays or loses. The measures say how long a gateway was short of instances.

use super::load_balancer;
use crate::demand::traffic::{self, peak};
use crate::engine::queue::Key;
use crate::engine::random::{Dist, Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Connections, GATEWAY_SCALE_IN_DRAIN, GATEWAY_UNITS, Plan, ScalingGateway, Segment, UNIT_BYTES, UNIT_CONNECTIONS,
};
use crate::rules::{self, RuleId, assumptions::Assumed, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, GatewayFact};
use crate::world::ids::{Entry, EntryPointId, GatewayId};

/// What a capacity unit is a measure of: requests, connections and bytes.
const KINDS: usize = 3;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    gateways: Vec<Gateway>,
}

/// A gateway.
#[derive(Clone, Debug, Default)]
struct Gateway {
    /// What is sent to its listeners, and how many capacity units of each kind a request a second of it is.
    load: Vec<(EntryPointId, [f64; KINDS])>,
    /// How many instances its load needs, of those that it may have.
    needs: u16,
    /// How many its load needs, even if it may not have so many.
    wants: u16,
    /// The entry that says so.
    said: Entry,
    /// How many are being made, and how many of these are ready.
    coming: u16,
    ready: u16,
    /// How often it scaled out.
    scaled_out: u32,
    /// Until when instances are drained, and how many there were before they were.
    drained: Vec<(SimTime, u16)>,
    /// It needs fewer than it has.
    is_low: bool,
    /// Raised when the forecast of its load changes, and when it needs all that it has.
    epoch: u32,
    low_epoch: u32,
}

/// Something about a gateway is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Its load needs another count.
    Crossing {
        /// The gateway.
        gateway: GatewayId,
        /// The epoch that this was forecast under.
        epoch: u32,
    },
    /// New instances are ready, and send their first probes.
    Ready {
        /// The gateway.
        gateway: GatewayId,
        /// How many.
        by: u16,
        /// Which of its scale-outs it is.
        number: u32,
        /// The entry of its beginning.
        cause: Entry,
    },
    /// They take requests: at the same instant, when it is settled what they know of their backends.
    Take {
        /// The gateway.
        gateway: GatewayId,
        /// How many.
        by: u16,
        /// Which of its scale-outs it is.
        number: u32,
        /// The entry of its beginning.
        cause: Entry,
    },
    /// It has needed fewer instances for long enough.
    ScaleIn {
        /// The gateway.
        gateway: GatewayId,
        /// The epoch since which that is so.
        epoch: u32,
    },
    /// Instances are drained.
    Drained {
        /// The gateway.
        gateway: GatewayId,
        /// The entry by which that began.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Crossing { gateway, epoch } => Key::new(time, class, gateway.0.into(), 0, epoch),
            Self::Ready { gateway, number, .. } => Key::new(time, class, gateway.0.into(), 1, number),
            Self::ScaleIn { gateway, epoch } => Key::new(time, class, gateway.0.into(), 2, epoch),
            Self::Drained { gateway, cause } => Key::new(time, class, gateway.0.into(), 3, cause.0),
            Self::Take { gateway, number, .. } => Key::new(time, class, gateway.0.into(), 4, number),
        }
    }
}

impl State {
    /// Nobody has asked for anything yet.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let plan = cx.plan;
        let gateway = |of| Gateway { load: load(cx, of), ..Gateway::default() };
        Self { gateways: plan.gateways.iter().map(gateway).collect() }
    }
}

/// Which assumption says how many requests a second a compute unit takes.
#[must_use]
pub const fn unit_rps(waf: bool) -> Assumed<f64> {
    if waf { key::AppgwUnitRpsWaf } else { key::AppgwUnitRps }
}

/// What is sent to the listeners of a gateway: by their own users, and by those of names that are led there.
fn load(cx: &mut Cx<'_>, of: &ScalingGateway) -> Vec<(EntryPointId, [f64; KINDS])> {
    let rps = cx.assume(unit_rps(of.waf));
    cx.plan.sent_to_gateway(&of.name).map(|id| (id, units(cx.plan, id, rps))).collect()
}

/// How many instances take what a gateway is sent when all who may come to it send the most that they ever do, wherever names lead them.
#[must_use]
pub fn needed_at_peak(plan: &Plan, name: &str, waf: bool) -> u16 {
    let rps = plan.assumptions.get(unit_rps(waf));
    let whole = |id: EntryPointId| plan.entry_point(id).routed.map_or(id, |routed| EntryPointId(routed.from));
    let mut from: Vec<EntryPointId> = plan.sent_to_gateway(name).map(whole).collect();
    from.sort_unstable();
    from.dedup();
    let mut lines = [Line::default(); KINDS];
    for id in from {
        let demand = plan.entry_point(id).traffic.as_ref().map_or(&[][..], |traffic| &traffic.demand);
        let most = peak(demand, plan.horizon);
        for (line, units) in lines.iter_mut().zip(units(plan, id, rps)) {
            line.units += most * units;
        }
    }
    instances(&lines)
}

/// How many capacity units of each kind a request a second is that is sent to an entry point.
fn units(plan: &Plan, id: EntryPointId, rps: f64) -> [f64; KINDS] {
    let traffic = plan.entry_point(id).traffic.as_ref();
    let sockets = traffic.filter(|of| of.connections == Connections::WebSocket).and_then(|of| of.users);
    let bytes = plan.bill.bytes_per_request.get(id.index()).copied().flatten().unwrap_or(0.0);
    let [requests, connections] = match sockets {
        // What is sent on a web socket makes no connection, and each user has one.
        Some(users) if users.rps_each > 0.0 => [0.0, 1.0 / users.rps_each / UNIT_CONNECTIONS],
        _ => [1.0 / rps, 0.0],
    };
    [requests, connections, bytes / UNIT_BYTES]
}

/// The instances that the load of the beginning needs are there.
pub fn prepare(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for gateway in (0..cx.plan.gateways.len()).map(|at| GatewayId(at as u16)) {
        let (entry, needs) = look_at_load(world, cx, gateway, cause);
        let more = needs - load_balancer::instances(world, gateway);
        let row = &mut world.gateways.gateways[gateway.index()];
        (row.coming, row.ready) = (more, more);
        load_balancer::set_probing(world, cx, gateway, needs, entry);
    }
}

/// They take what comes as the run begins.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for gateway in (0..cx.plan.gateways.len()).map(|at| GatewayId(at as u16)) {
        let row = &mut world.gateways.gateways[gateway.index()];
        (row.coming, row.ready) = (0, 0);
        take(world, cx, gateway, load_balancer::there(world, gateway), (cause, rules::AG_12));
    }
}

/// Something about a gateway falls due.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Crossing { gateway, epoch } => {
            if world.gateways.gateways[gateway.index()].epoch == epoch {
                reconcile(world, cx, gateway, Entry(1));
            }
        }
        Event::Ready { gateway, by, number, cause } => {
            world.gateways.gateways[gateway.index()].ready += by;
            // A write may have made it less since.
            let has = with_ready(world, gateway).min(load_balancer::bounds(world, gateway).1);
            if has > load_balancer::there(world, gateway) {
                load_balancer::set_probing(world, cx, gateway, has, cause);
            }
            cx.at(cx.now(), Due::Gateways(Event::Take { gateway, by, number, cause }));
        }
        Event::Take { gateway, by, cause, .. } => {
            let row = &mut world.gateways.gateways[gateway.index()];
            (row.coming, row.ready) = (row.coming - by, row.ready - by);
            let before = load_balancer::instances(world, gateway);
            let has = (before + by).min(load_balancer::bounds(world, gateway).1);
            let entry = if has > before { take(world, cx, gateway, has, (cause, rules::AG_13)) } else { cause };
            reconcile(world, cx, gateway, entry);
        }
        Event::ScaleIn { gateway, epoch } => {
            let row = &mut world.gateways.gateways[gateway.index()];
            if row.is_low && row.low_epoch == epoch {
                row.is_low = false;
                let Gateway { needs, said, .. } = *row;
                scale_in(world, cx, gateway, needs, said);
            }
        }
        Event::Drained { gateway, cause } => drained(world, cx, gateway, cause),
    }
}

/// How many instances take requests, with those that do so in a moment.
fn with_ready(world: &World, gateway: GatewayId) -> u16 {
    load_balancer::instances(world, gateway) + world.gateways.gateways[gateway.index()].ready
}

/// Looks what a gateway needs, forecasts when that changes, and says so where it is new; what it needs.
fn look_at_load(world: &mut World, cx: &mut Cx<'_>, gateway: GatewayId, cause: Entry) -> (Entry, u16) {
    let plan = cx.plan;
    let of = &plan.gateways[gateway.index()];
    let (lines, next) = lines(world, plan, &world.gateways.gateways[gateway.index()], cx.now());
    let (least, most) = load_balancer::bounds(world, gateway);
    // What it needs may be more than it may have, and is no more because a write gives it more.
    let fewest = least.min(of.least);
    let wants = if cx.on(rules::AG_12) { instances(&lines).max(fewest) } else { fewest };
    let needs = wants.max(least).min(most);
    let next = lines.iter().filter_map(|line| line.crossing(cx.now())).chain(next).min();
    let row = &mut world.gateways.gateways[gateway.index()];
    row.epoch += 1;
    let epoch = row.epoch;
    row.needs = needs;
    let is_new = std::mem::replace(&mut row.wants, wants) != wants;
    if let Some(at) = next {
        cx.at(at, Due::Gateways(Event::Crossing { gateway, epoch }));
    }
    if !is_new {
        return (cause, needs);
    }
    let entry = cx.record(Fact::Gateway(GatewayFact::Needs { gateway, instances: wants }), cause, rules::AG_12);
    world.gateways.gateways[gateway.index()].said = entry;
    (entry, needs)
}

/// Looks whether a gateway needs more instances than there are and come, or fewer than it has.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, gateway: GatewayId, cause: Entry) {
    let (mut cause, needs) = look_at_load(world, cx, gateway, cause);
    let most = load_balancer::bounds(world, gateway).1;
    if load_balancer::instances(world, gateway) > most {
        cause = scale_in(world, cx, gateway, most, cause);
    }
    let has = load_balancer::instances(world, gateway);
    let row = &mut world.gateways.gateways[gateway.index()];
    if needs > has + row.coming {
        let by = needs - has - row.coming;
        row.coming += by;
        row.scaled_out += 1;
        let number = row.scaled_out;
        let entry = cx.record(Fact::Gateway(GatewayFact::ScalesOut { gateway, by }), cause, rules::AG_13);
        let none = Dist::Constant(SimDuration::ZERO);
        let length = if cx.on(rules::AG_13) { cx.assume(key::AppgwScaleOut) } else { none };
        let subject = Subject { place: name(&cx.plan.gateways[gateway.index()].name), cause: 0, ordinal: number };
        let length = cx.draw(Purpose::GatewayScaleOut, subject, 0, &length);
        cx.after(length, Due::Gateways(Event::Ready { gateway, by, number, cause: entry }));
    }
    let row = &mut world.gateways.gateways[gateway.index()];
    let is_low = needs < has && row.coming == 0;
    if std::mem::replace(&mut row.is_low, is_low) == is_low {
        return;
    }
    row.low_epoch += 1;
    let epoch = row.low_epoch;
    if is_low {
        let after = cx.assume(key::AppgwScaleInAfter);
        cx.after(after, Due::Gateways(Event::ScaleIn { gateway, epoch }));
    }
}

/// A gateway has so many instances that take requests, each of which knows its backends.
fn take(world: &mut World, cx: &mut Cx<'_>, gateway: GatewayId, has: u16, by: (Entry, RuleId)) -> Entry {
    let entry = cx.record(Fact::Gateway(GatewayFact::Has { gateway, instances: has }), by.0, by.1);
    load_balancer::set_taking(world, gateway, has);
    traffic::spread(world, cx, gateway, (entry, by.1));
    entry
}

/// What a gateway does not need, or may not have, is drained: so many are left.
fn scale_in(world: &mut World, cx: &mut Cx<'_>, gateway: GatewayId, to: u16, cause: Entry) -> Entry {
    let before = load_balancer::instances(world, gateway);
    let entry = take(world, cx, gateway, to, (cause, rules::AG_14));
    let drain = if cx.on(rules::AG_14) { GATEWAY_SCALE_IN_DRAIN } else { SimDuration::ZERO };
    world.gateways.gateways[gateway.index()].drained.push((cx.now() + drain, before));
    cx.after(drain, Due::Gateways(Event::Drained { gateway, cause: entry }));
    entry
}

/// A drain is over: who was drained is gone, but for those that take requests again or are drained still.
fn drained(world: &mut World, cx: &mut Cx<'_>, gateway: GatewayId, cause: Entry) {
    let now = cx.now();
    let row = &mut world.gateways.gateways[gateway.index()];
    row.drained.retain(|(until, _)| *until > now);
    let still = row.drained.iter().map(|(_, before)| *before).max().unwrap_or(0);
    let there = load_balancer::there(world, gateway);
    let left = still.max(with_ready(world, gateway).min(load_balancer::bounds(world, gateway).1));
    if left < there {
        let entry = cx.record(Fact::Gateway(GatewayFact::Drained { gateway, instances: left }), cause, rules::AG_14);
        load_balancer::set_probing(world, cx, gateway, left, entry);
    }
}

/// Capacity units as they are now, and how they change until demand becomes another line.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    units: f64,
    /// Of a second.
    slope: f64,
}

/// What is over by this much of an instance is a rounding error.
const NOTHING: f64 = 1e-9;

/// How many instances take so many capacity units.
fn needed(units: f64) -> f64 {
    libm::ceil(units / GATEWAY_UNITS - NOTHING).max(0.0)
}

/// How many instances take what each of these lines says.
fn instances(lines: &[Line]) -> u16 {
    lines.iter().map(|line| needed(line.units)).fold(0.0, f64::max) as u16
}

impl Line {
    /// When it needs another count of instances.
    fn crossing(&self, now: SimTime) -> Option<SimTime> {
        if self.slope == 0.0 {
            return None;
        }
        let needs = needed(self.units);
        // A line that rises needs one more when it is past what its instances take.
        let to = if self.slope > 0.0 { needs + 2.0 * NOTHING } else { needs - 1.0 };
        let ms = libm::ceil((to * GATEWAY_UNITS - self.units) / self.slope * 1000.0);
        (to >= 0.0 && ms < 1e14).then(|| now + SimDuration::from_ms(ms.max(1.0) as u64))
    }
}

/// The load of a gateway by kind, and when the demand of any of it becomes another line.
fn lines(world: &World, plan: &Plan, of: &Gateway, now: SimTime) -> ([Line; KINDS], Option<SimTime>) {
    let (mut lines, mut next) = ([Line::default(); KINDS], None::<SimTime>);
    for (id, units) in &of.load {
        let demand: &[Segment] = traffic::sent(world, plan, *id);
        let after = demand.partition_point(|segment| segment.start <= now);
        next = demand.get(after).map(|segment| segment.start).into_iter().chain(next).min();
        let Some(segment) = after.checked_sub(1).map(|at| &demand[at]) else { continue };
        let rps = traffic::demand_at(demand, now);
        for (line, units) in lines.iter_mut().zip(units) {
            line.units += rps * units;
            // What fell to nothing stays there until the next line begins.
            line.slope += if rps > 0.0 || segment.slope > 0.0 { segment.slope * units } else { 0.0 };
        }
    }
    (lines, next)
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for (at, row) in world.gateways.gateways.iter().enumerate() {
        let has = load_balancer::instances(world, GatewayId(at as u16));
        let most = cx.plan.gateways[at].ever;
        assert!(has.max(row.ready) <= most, "a gateway has no more instances than the plan knows");
        assert!(row.needs <= has + row.coming || has == 0, "what is needed is there, or comes");
    }
}
