//! Azure Load Balancer (Standard): probes, rotation, admin state.
//!
//! Modelled: LB-01…LB-12, LB-14, LB-16…LB-20, LB-22…LB-24, LB-26…LB-29. A backend joins a pool when its network interface is
//! created, and the first good probe sends it users, whatever else is still going on with the instance (LB-16). The
//! balancer never sees the truth, only the answers to its probes.
//!
//! Which client has which backend is counted by the measures (LB-25); here it is said when that changes.
//!
//! Left out: outbound rules, inbound NAT, cross-region balancing.

mod connections;
mod control;
mod gateway;
mod judging;
mod led;
mod members;
pub mod observer;
mod parked;
mod rotation;
mod scaled;
pub mod ticking;
mod written;

use crate::demand::{application, faults};
use crate::engine::queue::Key;
use crate::engine::random::{Item, Purpose};
use crate::engine::time::{SimDuration, SimTime};
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event;
pub use crate::world::fact::ProbeFailure;
use crate::world::fact::{AdminState, Fact, Flows};
use crate::world::ids::{ActionId, Entry, EntryPointId, GatewayId, InstanceId, MemberId, PoolId};
pub use connections::{abandon, closed, is_abandoned};
pub use control::{ControlEvent, handle_control};
pub use gateway::{Trouble, written as gateway_written};
pub use judging::block;
use judging::{cadence, phases, reply, timeout};
use led::Lead;
pub use led::{cut_off, is_led_to, leads};
pub use members::change_pools;
use observer::{Cadence, Observer};
pub use parked::{is_parked, know_stopped, park, resume};
pub use rotation::write_admin;
pub use scaled::{bounds, instances, probes, set_probing, set_taking, takes, there};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use ticking::Ticker;
pub use written::{drains_for, probe, write};

/// How probes are computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProbeEngine {
    /// Only the probes that change something, found by counting.
    #[default]
    Counting,
    /// Every probe: the oracle.
    Ticking,
}

/// The balancer's view of a backend, by either engine.
#[derive(Clone, Debug)]
enum View {
    Counted(Observer),
    Ticked(Box<Ticker>),
    /// The rule has no probe (LB-14).
    Unprobed,
    /// Its machine is stopped, and no probe goes out (LB-12); the next one has this number.
    Parked(u32),
}

/// An instance in a pool.
#[derive(Clone, Debug)]
pub struct Member {
    /// The instance.
    pub instance: InstanceId,
    /// The pool.
    pub pool: PoolId,
    /// Its admin state.
    pub admin: AdminState,
    /// New connections go to it.
    pub in_rotation: bool,
    /// It is no longer in the pool.
    pub left: bool,
    /// What became of its connections when it last left rotation.
    pub flows: Flows,
    /// The connections to it hang (LB-28).
    pub hung: bool,
    /// Its machine is stopped: it is not probed and gets nothing new (LB-12).
    parked: bool,
    /// A gateway drains it, and removes it when that is over (AG-06).
    pub draining: bool,
    /// It answers later than a gateway waits (AG-10).
    pub late: bool,
    /// What a gateway meets there where a request fails (AG-10).
    pub trouble: Trouble,
    /// It deserves to be in rotation by itself, whatever its pool does.
    fit: bool,
    view: View,
    /// Raised when the forecast of its probe changes.
    epoch: u32,
    /// The next member of the same instance.
    sibling: MaybeMember,
}

// One is kept for every membership there ever was. What few of them have belongs in a list beside them.
const _: () = assert!(size_of::<Member>() <= 80);

/// A membership or none, in four bytes.
#[derive(Clone, Copy, Debug)]
struct MaybeMember(u32);

impl MaybeMember {
    const NONE: Self = Self(u32::MAX);

    const fn some(self) -> Option<MemberId> {
        if self.0 == u32::MAX { None } else { Some(MemberId(self.0)) }
    }
}

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Every membership there ever was.
    pub members: Vec<Member>,
    /// Pools, as in the plan.
    pub pools: Vec<PoolState>,
    /// Where each entry point leads.
    leads: Vec<Lead>,
    /// Instances whose machine went without a farewell to its clients, and is not back.
    abandoned: BTreeSet<InstanceId>,
    /// The first membership of each instance.
    first: Vec<MaybeMember>,
    /// How many instances there are of each gateway whose count moves.
    scaled: Vec<scaled::Count>,
    /// Listeners with connections that a drain ends, and when one was last begun (AG-08).
    drained: BTreeMap<EntryPointId, SimTime>,
    /// Writes that have not taken effect, by the group of what they write, in the order in which they were made.
    under_way: BTreeMap<u16, VecDeque<UnderWay>>,
    scratch: Vec<MemberId>,
}

/// A write that has not taken effect.
#[derive(Clone, Copy, Debug)]
struct UnderWay {
    action: ActionId,
    /// When it does.
    at: SimTime,
    /// Its entry.
    cause: Entry,
}

/// A pool.
#[derive(Clone, Debug, Default)]
pub struct PoolState {
    /// Members that have not left, in the order of joining.
    pub members: Vec<MemberId>,
    /// How many of them are in rotation.
    pub in_rotation: u32,
    /// How many of them deserve to be, each by itself.
    fit: u32,
    /// All are probed down and `AllProbedUp` spreads packets over them all the same (LB-20).
    pub failed_open: bool,
    /// The write of its probe that took effect last, and which of its changes.
    written: Option<(ActionId, u8)>,
    /// All probed down is all probed up (LB-20).
    all_probed_up: bool,
    /// What keys the phases of its probes.
    phases: u64,
    /// Clients of some entry point of it keep their connections.
    keeps: bool,
    /// How long a gateway waits for its backends.
    patience: Option<SimDuration>,
    /// The instance of a gateway that probes, where their count moves.
    of: Option<(GatewayId, u16)>,
    /// Entry points of it whose clients stay on one backend (LB-25).
    sticky: Vec<EntryPointId>,
    /// How many faults block its probes.
    blocked: u32,
    cadence: Option<Cadence>,
}

/// A probe is due.
#[derive(Clone, Copy, Debug)]
pub enum ProbeEvent {
    /// The counted probe that changes the balancer's mind takes effect.
    Flip {
        /// The backend.
        member: MemberId,
        /// The epoch the forecast was made under.
        epoch: u32,
    },
    /// The ticking balancer sends a probe.
    Send {
        /// The backend.
        member: MemberId,
        /// The number of the probe.
        number: u32,
    },
    /// The ticking balancer hears the result of a probe, if it takes effect now.
    Land {
        /// The backend.
        member: MemberId,
        /// The number of the probe.
        number: u32,
    },
}

impl ProbeEvent {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Send { member, number } => Key::new(time, class, member.0, 0, number),
            Self::Flip { member, epoch } => Key::new(time, class, member.0, 1, epoch),
            Self::Land { member, number } => Key::new(time, class, member.0, 1, number),
        }
    }
}

/// Whether clients of some entry point of a pool keep their connections.
#[inline]
#[must_use]
pub fn keeps(world: &World, pool: PoolId) -> bool {
    world.load_balancer.pools[pool.index()].keeps
}

impl State {
    /// The pools of the plan, empty.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let plan = cx.plan;
        let present = |pool: usize| {
            let sets = plan.sets.iter().filter(|set| set.pools.contains(&(pool as u16)));
            sets.map(|set| set.capacity as usize).sum::<usize>()
        };
        let pools: Vec<PoolState> = (0..plan.pools.len())
            .map(|pool| PoolState {
                members: Vec::with_capacity(present(pool)),
                cadence: plan.pools[pool].probe.as_ref().map(|probe| cadence(cx, &plan.pools[pool].prober, probe)),
                all_probed_up: plan.pools[pool].all_probed_up,
                phases: phases(plan, pool),
                patience: plan.pools[pool].prober.gateway().map(|of| of.patience),
                of: plan.instance_at(PoolId(pool as u16)),
                keeps: plan.leading_to(PoolId(pool as u16)).any(|(_, entry)| entry.keeps()),
                sticky: plan
                    .leading_to(PoolId(pool as u16))
                    .filter(|(_, of)| connections::is_sticky(of))
                    .map(|(id, _)| id)
                    .collect(),
                ..PoolState::default()
            })
            .collect();
        let members = Vec::with_capacity(pools.iter().map(|pool| pool.members.capacity()).sum());
        let first = Vec::with_capacity(if members.capacity() == 0 { 0 } else { plan.initial_instances() });
        Self {
            members,
            pools,
            first,
            leads: led::from_start(plan),
            scaled: scaled::from_start(plan),
            ..Self::default()
        }
    }

    /// The memberships of an instance, past and present.
    pub fn of(&self, instance: InstanceId) -> impl Iterator<Item = MemberId> + '_ {
        let first = self.first.get(instance.index()).and_then(|first| first.some());
        std::iter::successors(first, |&member| self.after(member))
    }

    /// Whether an instance of this gateway probes a pool.
    #[must_use]
    pub fn is_of(&self, pool: PoolId, gateway: GatewayId) -> bool {
        self.pools[pool.index()].of.is_some_and(|(of, _)| of == gateway)
    }

    /// A backend, with the numbers of its pool.
    fn probed(&mut self, member: MemberId) -> (&mut Member, &Cadence) {
        let row = &mut self.members[member.index()];
        let cadence = self.pools[row.pool.index()].cadence.as_ref();
        (row, cadence.expect("a probed pool has a cadence"))
    }

    /// The next membership of the same instance.
    #[must_use]
    pub fn after(&self, member: MemberId) -> Option<MemberId> {
        self.members[member.index()].sibling.some()
    }

    /// Whether the balancer's probe holds a backend up; `None` without a probe.
    #[must_use]
    pub fn probed_up(&self, member: MemberId) -> Option<bool> {
        match &self.members[member.index()].view {
            View::Counted(observer) => Some(observer.up),
            View::Ticked(ticker) => Some(ticker.up),
            View::Parked(_) => Some(false),
            View::Unprobed => None,
        }
    }
}

/// A probe falls due.
pub fn handle_probe(world: &mut World, cx: &mut Cx<'_>, event: ProbeEvent) {
    let (ProbeEvent::Flip { member, .. } | ProbeEvent::Send { member, .. } | ProbeEvent::Land { member, .. }) = event;
    let (row, cadence) = world.load_balancer.probed(member);
    if row.left {
        return;
    }
    match (event, &mut row.view) {
        (ProbeEvent::Flip { epoch, .. }, View::Counted(_)) if epoch == row.epoch => flip(world, cx, member),
        // The probes of before a stop come to nothing (LB-12).
        (ProbeEvent::Flip { .. }, _) | (_, View::Parked(_)) => {}
        (ProbeEvent::Send { number, .. }, View::Ticked(ticker)) if number != ticker.next().1 => {}
        (ProbeEvent::Send { .. }, View::Ticked(ticker)) => {
            let (number, lands) = ticker.send(cadence);
            let (next, next_number) = ticker.next();
            if lands > cx.now() {
                cx.at(lands, Event::Probe(ProbeEvent::Land { member, number }));
            }
            tick(cx, member, next, next_number);
        }
        (ProbeEvent::Land { number, .. }, View::Ticked(ticker)) => {
            let (flip, repeated) = gateway::land(ticker, number, cx.now(), cadence);
            if let Some((number, lands)) = repeated {
                let (next, next_number) = ticker.next();
                tick(cx, member, next, next_number);
                if lands > cx.now() {
                    cx.at(lands, Event::Probe(ProbeEvent::Land { member, number }));
                }
            }
            if let Some(flip) = flip {
                rotation::probed(world, cx, member, flip);
            }
        }
        _ => unreachable!("an event of the other engine"),
    }
}

/// Puts a probe of the ticking balancer on the queue, with the landing of a result that takes no time.
fn tick(cx: &mut Cx<'_>, member: MemberId, at: SimTime, number: u32) {
    cx.at(at, Event::Probe(ProbeEvent::Send { member, number }));
    cx.at(at, Event::Probe(ProbeEvent::Land { member, number }));
}

/// The counted probe that changes the balancer's mind takes effect; and so may a second one, at the same instant.
fn flip(world: &mut World, cx: &mut Cx<'_>, member: MemberId) {
    let now = cx.now();
    loop {
        let (row, cadence) = world.load_balancer.probed(member);
        // Whoever was drained leaves its pool with the probe that finds it down: nobody waits for the result of another.
        if row.left {
            return;
        }
        let View::Counted(observer) = &mut row.view else { unreachable!("only counted probes are forecast") };
        let Some(flip) = observer.fold(now, cadence) else { return forecast(cx, member, row, cadence) };
        assert_eq!(flip.at, now, "a probe flips when it was forecast to");
        rotation::probed(world, cx, member, flip);
    }
}

/// Puts the next change of the balancer's mind on the queue, if there is one to come.
fn forecast(cx: &mut Cx<'_>, member: MemberId, row: &mut Member, cadence: &Cadence) {
    row.epoch += 1;
    let View::Counted(observer) = &row.view else { unreachable!("only counted probes are forecast") };
    if let Some(at) = observer.forecast(cadence) {
        let epoch = row.epoch;
        cx.at(at, Event::Probe(ProbeEvent::Flip { member, epoch }));
    }
}

/// An instance would perhaps answer otherwise now: looks, and counts the probes that went out before.
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let came_back = connections::come_back(world, instance);
    let mut next = world.load_balancer.of(instance).next();
    while let Some(member) = next {
        let row = &world.load_balancer.members[member.index()];
        next = row.sibling.some();
        if row.left {
            continue;
        }
        connections::look(world, cx, member, (came_back, cause));
        gateway::wait(world, cx, member, cause);
        let row = &world.load_balancer.members[member.index()];
        // Without a probe it is the running machine that counts; and in a world where users wait for the pipeline (IN-02
        // switched off), the end of its run.
        if matches!(row.view, View::Unprobed) || !cx.on(rules::IN_02) {
            rotation::settle(world, cx, member, cause);
        }
        let row = &world.load_balancer.members[member.index()];
        if matches!(row.view, View::Unprobed | View::Parked(_)) {
            continue;
        }
        let reply = reply(world, cx, row.pool, instance);
        let (row, cadence) = world.load_balancer.probed(member);
        match &mut row.view {
            View::Ticked(ticker) if ticker.reply != reply => (ticker.reply, ticker.reply_cause) = (reply, cause),
            View::Counted(observer) if !observer.has_reply(reply) => {
                let early = observer.fold(cx.now(), cadence);
                assert!(early.is_none(), "a probe changed the balancer's mind unforecast");
                observer.set_reply(reply, cause);
                forecast(cx, member, row, cadence);
            }
            _ => {}
        }
    }
}

/// The network interface of a new instance is created; it joins its pools after the assumed delay.
pub fn join(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, pool: PoolId, cause: Entry) {
    let delay = gateway::join_delay(world, cx, instance, pool);
    if delay == SimDuration::ZERO {
        if members::member(world, instance, pool).is_none() {
            enlist(world, cx, instance, pool, cause);
        }
    } else {
        cx.after(delay, Event::Balancer(ControlEvent::Join { instance, pool, cause }));
    }
}

/// An instance starts in the pool in steady state: held as its answer deserves, its probes under way.
pub fn start_steady(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, pool: PoolId, cause: Entry) {
    let joined = cx.record(Fact::JoinedPool { instance, pool }, cause, rules::WT_08);
    add(world, cx, instance, pool, joined, true);
}

fn enlist(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, pool: PoolId, cause: Entry) {
    let of_gateway = cx.plan.pools[pool.index()].prober.gateway().is_some();
    let rule = if of_gateway { rules::AG_04 } else { rules::LB_16 };
    let joined = cx.record(Fact::JoinedPool { instance, pool }, cause, rule);
    connections::remap(world, cx, pool, joined);
    gateway::updated(world, cx, pool, joined);
    add(world, cx, instance, pool, joined, false);
}

fn add(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, pool: PoolId, cause: Entry, steady: bool) {
    let member = MemberId(u32::try_from(world.load_balancer.members.len()).expect("fewer than 2³² memberships"));
    let state = &mut world.load_balancer;
    if state.first.len() <= instance.index() {
        state.first.resize(instance.index() + 1, MaybeMember::NONE);
    }
    let sibling = std::mem::replace(&mut state.first[instance.index()], MaybeMember(member.0));
    state.members.push(Member {
        instance,
        pool,
        admin: AdminState::None,
        in_rotation: false,
        left: false,
        flows: Flows::Cut,
        hung: false,
        parked: false,
        draining: false,
        late: false,
        trouble: Trouble::None,
        fit: false,
        view: View::Unprobed,
        epoch: 0,
        sibling,
    });
    state.pools[pool.index()].members.push(member);
    gateway::wait(world, cx, member, cause);
    let is_probed = probe(world, cx.plan, pool).is_some();
    if is_probed && led::sleeps(world, cx.plan, pool) {
        world.load_balancer.members[member.index()].view = View::Parked(0);
    } else if is_probed {
        let phase = (Purpose::ProbePhase, world.load_balancer.pools[pool.index()].phases);
        let up = if steady { None } else { Some(false) };
        observe(world, cx, member, phase, (up, 0), cause);
    }
    rotation::settle(world, cx, member, cause);
}

/// The probes of a backend get under way. Until the first result it passes for up or down, or for what it would answer now, and a prober
/// that ticks goes on with this number. The phase of the first probe is drawn for the instance, not in step with any other (LB-08,
/// `lb.probe_phase`).
fn observe(
    world: &mut World,
    cx: &mut Cx<'_>,
    member: MemberId,
    (purpose, item): (Purpose, Item),
    (up, next): (Option<bool>, u32),
    cause: Entry,
) {
    let Member { pool, instance, .. } = world.load_balancer.members[member.index()];
    let reply = reply(world, cx, pool, instance);
    let up = up.unwrap_or(reply.result.is_ok());
    let interval = probe(world, cx.plan, pool).expect("only a probed backend is observed").interval;
    let aligned = cx.assume(key::LbProbePhase) == choice::Phase::Aligned;
    let first = if aligned || !cx.on(rules::LB_08) {
        cx.now() + interval
    } else {
        let phase = cx.stream(purpose, world.application.subject(instance), item).below(interval.ms()) + 1;
        cx.now() + SimDuration::from_ms(phase)
    };
    let row = &mut world.load_balancer.members[member.index()];
    match cx.engine {
        ProbeEngine::Counting => {
            row.view = View::Counted(Observer::new(first, up, reply, cause));
            let (row, cadence) = world.load_balancer.probed(member);
            forecast(cx, member, row, cadence);
        }
        ProbeEngine::Ticking => {
            row.view = View::Ticked(Box::new(Ticker::new(first, up, reply, cause, next)));
            tick(cx, member, first, next);
        }
    }
}

/// An instance goes: its network interface leaves its pools after the assumed delay, and its flows go with it (LB-23).
pub fn leave(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let delay = cx.assume(key::LbLeaveDelay);
    gateway::deregister(world, cx, instance, cause);
    if delay == SimDuration::ZERO {
        delist(world, cx, instance, cause);
    } else {
        cx.after(delay, Event::Balancer(ControlEvent::Leave { instance, cause }));
    }
}

fn delist(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let mut members = std::mem::take(&mut world.load_balancer.scratch);
    members.extend(world.load_balancer.of(instance).filter(|member| !gateway::looks_at(world, cx, *member)));
    members.sort_unstable();
    for member in members.drain(..) {
        rotation::remove(world, cx, member, cause);
    }
    world.load_balancer.scratch = members;
}

/// How long the control plane takes to spread a write.
fn propagation(world: &World, cx: &mut Cx<'_>) -> SimDuration {
    let usual = cx.assume(key::LbPropagation);
    faults::stretched(world, cx, usual)
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    let leaves_at_once = cx.plan.assumptions.get(key::LbLeaveDelay) == SimDuration::ZERO;
    scaled::check(world, cx.plan);
    for (at, pool) in world.load_balancer.pools.iter().enumerate() {
        let leaves_at_once = leaves_at_once && cx.plan.pools[at].prober.gateway().is_none();
        let members = pool.members.iter().map(|member| &world.load_balancer.members[member.index()]);
        let in_rotation = members.clone().filter(|member| member.in_rotation).count();
        assert_eq!(in_rotation, pool.in_rotation as usize, "the count of backends in rotation is right");
        assert!(members.clone().all(|member| !member.left), "who left a pool is not a member of it");
        for member in members {
            let there = application::exists(world, member.instance);
            assert!(there || !leaves_at_once, "nothing that is deleted is in a pool");
            assert!(!member.in_rotation || member.admin != AdminState::Down, "admin state Down is out of rotation");
            assert!(!member.in_rotation || !member.parked, "what is stopped is out of rotation");
            let gets = || reply(world, cx, member.pool, member.instance);
            let is_known = match &member.view {
                View::Counted(observer) => observer.has_reply(gets()),
                View::Ticked(ticker) => ticker.reply == gets(),
                View::Unprobed | View::Parked(_) => true,
            };
            assert!(is_known, "what a probe of {:?} gets changed without a fact", member.instance);
            assert!(!member.in_rotation || !member.draining, "what is drained is out of rotation");
            assert!(!member.in_rotation || probes(world, member.pool), "who is not there sends nothing anywhere");
            assert_eq!(member.late, gateway::is_late(world, cx, member), "who answers too late is known");
            assert_eq!(
                member.trouble,
                gateway::trouble(world, cx, member),
                "who errs, and who answers nothing, is known"
            );
        }
    }
}
