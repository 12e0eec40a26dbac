//! Requests at one entry point: offered, failed, stale, integrated exactly between changes.
//!
//! Demand is piecewise linear and the backends change only at facts, so every integral here has a closed form; nothing is
//! sampled. With a new connection for each request (LB-24) demand `d` is spread evenly over the `e` backends in rotation;
//! each serves at most its capacity `c`. With kept connections (LB-17, LB-21) each backend holds a share of them that
//! relaxes exponentially towards the even spread; shedding then goes by the average load of the pool, and a product of
//! the two is integrated by Gauss and Legendre's rule (approximated: to about one part in 10⁹). Connections that hang
//! (LB-28) stay where they are until somebody ends them.

use super::affinity::{Clock, Cohorts};
use super::kept::{Fates, Kept};
use crate::engine::time::SimTime;
use crate::plan::{Connections, Plan, Pool, Segment, Traffic};
use crate::rules::{self, A};
use crate::world::fact::{Flows, Service};

/// What came of the requests of an entry point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// Requests offered.
    pub offered: f64,
    /// Requests that failed.
    pub failed: f64,
    /// Requests served by code older than users need.
    pub stale: f64,
    /// The largest harmed share.
    pub peak: f64,
    /// Seconds with demand and nothing served.
    pub full_s: f64,
    /// Seconds with a harmed share above the objective.
    pub degraded_s: f64,
    /// The integral of the harmed share over the seconds with demand.
    pub equivalent_s: f64,
    /// Seconds in which demand was more than the ready backends in rotation could serve.
    pub shortfall_s: f64,
    /// What demand and load made of it, whoever serves.
    pub clock: Clock,
}

/// One backend, as its users meet it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Backend {
    pub(super) taking: bool,
    pub(super) service: Service,
}

/// The flow of one entry point.
#[derive(Clone, Debug)]
pub struct Flow<'p> {
    traffic: &'p Traffic,
    capacity: f64,
    touches: f64,
    tolerated: Option<f64>,
    even: bool,
    backends: Vec<Backend>,
    /// The connections that are kept, where clients keep them.
    kept: Option<Kept>,
    /// After how many idle seconds the balancer drops a connection and says nothing.
    idle_after_s: Option<f64>,
    /// Users who stay on one backend, where they do.
    cohorts: Option<Cohorts>,
    /// Backends in rotation, by what they do with a request: cannot, stale, ready.
    taking: [u32; 3],
    /// The segment of demand that `last` lies in.
    segment: usize,
    last: SimTime,
    totals: Totals,
}

/// How the requests of an instant fare, apart from load: the shares that fail and that are stale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fate {
    pub(super) failing: f64,
    pub(super) stale: f64,
}

impl<'p> Flow<'p> {
    /// No requests yet.
    #[must_use]
    pub fn new(plan: &'p Plan, pool: &Pool, traffic: &'p Traffic) -> Self {
        let touches = plan.application.requires.map_or(1.0, |requires| requires.touches);
        let keeps = traffic.connections == Connections::KeepAlive && plan.rules.on(rules::LB_21);
        let sticks = pool.rule.distribution.is_sticky() && plan.rules.on(rules::LB_25);
        Self {
            traffic,
            capacity: plan.application.capacity_rps.filter(|_| plan.rules.on(rules::WT_10)).unwrap_or(f64::INFINITY),
            touches,
            tolerated: plan.objective.map(|objective| 1.0 - objective),
            even: plan.rules.on(rules::LB_24),
            backends: Vec::new(),
            kept: keeps.then(|| Kept::new(plan.assumptions.time(A::ClientKeepalive).seconds())),
            idle_after_s: (!pool.rule.tcp_reset && plan.rules.on(rules::LB_27))
                .then(|| pool.rule.idle_timeout.seconds()),
            cohorts: traffic.users.filter(|_| sticks).map(|users| Cohorts::new(users.rps_each, touches)),
            taking: [0; 3],
            segment: 0,
            last: SimTime::ZERO,
            totals: Totals::default(),
        }
    }

    /// What came of the requests so far.
    #[must_use]
    pub const fn totals(&self) -> Totals {
        self.totals
    }

    /// The share of the users that had at least one request harmed, where users are counted.
    #[must_use]
    pub fn users_hit(&self) -> Option<f64> {
        let users = self.traffic.users?;
        let alike = || 1.0 - libm::exp(-users.rps_each * self.totals.equivalent_s);
        Some(self.cohorts.as_ref().map_or_else(alike, |cohorts| cohorts.hit(self.totals.clock)))
    }

    /// The share of the requests that meet a connection which the balancer dropped as idle and said nothing (LB-27): the pause
    /// before them was longer than the idle timeout, and the client still held the connection. `None` where no client keeps any.
    #[must_use]
    pub fn idle_dropped(&self) -> Option<f64> {
        let users = self.traffic.users?;
        let lifetime_s = self.kept.as_ref()?.lifetime_s();
        let ends = users.rps_each + 1.0 / lifetime_s;
        Some(self.idle_after_s.map_or(0.0, |after| users.rps_each / ends * libm::exp(-ends * after)))
    }

    /// A backend takes new connections, or no longer; what became of the ones it had.
    pub fn rotate(&mut self, at: SimTime, seat: usize, taking: bool, flows: Flows) {
        self.advance(at);
        let backend = &mut self.backends[seat];
        let service = backend.service;
        if std::mem::replace(&mut backend.taking, taking) != taking {
            let count = &mut self.taking[service as usize];
            *count = if taking { *count + 1 } else { *count - 1 };
        }
        let cut = !taking && flows == Flows::Cut;
        if let Some(kept) = &mut self.kept
            && cut
        {
            kept.cut(seat);
        }
        let clock = self.totals.clock;
        let keeps = self.kept.is_some();
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.rotate(seat, (taking, taking || keeps && !cut), clock);
        }
        self.reconnect();
    }

    /// A backend leaves the pool; its connections are cut, but for those that hang.
    pub fn leave(&mut self, at: SimTime, seat: usize, flows: Flows) {
        let hangs = self.kept.as_ref().is_some_and(|kept| kept.hangs(seat));
        self.rotate(at, seat, false, if hangs { Flows::Kept } else { flows });
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.leave(seat);
        }
    }

    /// What a backend does with a request changed.
    pub fn serve(&mut self, at: SimTime, seat: usize, service: Service) {
        self.advance(at);
        let backend = &mut self.backends[seat];
        let before = std::mem::replace(&mut backend.service, service);
        if backend.taking {
            self.taking[before as usize] -= 1;
            self.taking[service as usize] += 1;
        }
        let clock = self.totals.clock;
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.serve(seat, service, clock);
        }
    }

    /// The last kept connections of a backend closed.
    pub fn close(&mut self, at: SimTime, seat: usize) {
        self.advance(at);
        let (taking, clock) = (self.backends[seat].taking, self.totals.clock);
        if let Some(kept) = &mut self.kept {
            kept.cut(seat);
        }
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.rotate(seat, (taking, taking), clock);
        }
        self.reconnect();
    }

    /// The connections of a backend hang from now on, or go on.
    pub fn hang(&mut self, at: SimTime, seat: usize, hangs: bool) {
        self.advance(at);
        if let Some(kept) = &mut self.kept {
            kept.hang(seat, hangs);
        }
    }

    /// The clients of the pool are mapped to its backends anew.
    pub fn remap(&mut self, at: SimTime) {
        if self.cohorts.is_some() {
            self.advance(at);
        }
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.remap();
        }
    }

    /// A backend joins; its seat among the others.
    pub fn join(&mut self, at: SimTime) -> u32 {
        if self.cohorts.is_some() {
            self.advance(at);
        }
        self.backends.push(Backend::default());
        if let Some(kept) = &mut self.kept {
            kept.join();
        }
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.join(self.totals.clock);
        }
        self.backends.len() as u32 - 1
    }

    /// Users without a connection make one, if there is a backend to take it.
    fn reconnect(&mut self) {
        let begins = self.last == SimTime::ZERO;
        if let Some(kept) = &mut self.kept {
            kept.reconnect(&self.backends, begins);
        }
    }

    fn in_rotation(&self) -> f64 {
        f64::from(self.taking.iter().sum::<u32>())
    }

    /// Integrates up to this instant.
    pub fn advance(&mut self, to: SimTime) {
        if to <= self.last {
            return;
        }
        let from = std::mem::replace(&mut self.last, to);
        let clock = self.totals.clock;
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.pass(clock);
        }
        let demand = &self.traffic.demand;
        while demand.get(self.segment + 1).is_some_and(|next| next.start <= from) {
            self.segment += 1;
        }
        for (i, segment) in demand.iter().enumerate().skip(self.segment) {
            let end = demand.get(i + 1).map_or(to, |next| next.start).min(to);
            let start = segment.start.max(from);
            if start >= to {
                break;
            }
            if end > start {
                self.piece(segment, start, end, from);
            }
        }
        if let Some(kept) = &mut self.kept {
            kept.relax(&self.backends, to.since(from).seconds());
        }
    }

    /// Integrates a stretch in which demand is linear and the backends are the same.
    fn piece(&mut self, segment: &Segment, start: SimTime, end: SimTime, from: SimTime) {
        let offset = start.since(segment.start).seconds();
        let length = end.since(start).seconds();
        let line = Line { d0: segment.rps + segment.slope * offset, slope: segment.slope, length };
        // No backend has no room, however much one could serve.
        let room_of = |backends: f64| if backends == 0.0 { 0.0 } else { backends * self.capacity };
        let room = room_of(self.in_rotation());
        let ready_room = room_of(f64::from(self.taking[Service::Ready as usize]));
        if line.slope == 0.0 && self.kept.is_none() {
            self.level(&line, room, ready_room);
            return;
        }
        let fates = self.kept.as_ref().map(|kept| kept.fates(&self.backends, self.touches));
        let now = match &fates {
            None => Some(self.spread()),
            Some(fates) => fates.constant(),
        };
        for line in line.split_at(0.0) {
            if line.middle() <= 0.0 {
                continue;
            }
            for part in line.split_at(ready_room) {
                self.totals.shortfall_s += if part.middle() > ready_room { part.length } else { 0.0 };
            }
            let mut elapsed = start.since(from).seconds();
            for part in line.split_at(room) {
                self.totals.offered += part.area();
                match (now, &fates) {
                    (None, Some(fates)) => self.moving(&part, room, elapsed, fates),
                    (fate, _) => self.steady(&part, room, fate.expect("what does not move is constant")),
                }
                elapsed += part.length;
            }
        }
    }

    /// The same where demand is level and every request makes its own connection, which is what most stretches are.
    fn level(&mut self, line: &Line, room: f64, ready_room: f64) {
        if line.d0 <= 0.0 {
            return;
        }
        self.totals.shortfall_s += if line.d0 > ready_room { line.length } else { 0.0 };
        self.totals.offered += line.d0 * line.length;
        self.steady(line, room, self.spread());
    }

    /// How requests fare that are spread over the backends in rotation: evenly (LB-24).
    fn spread(&self) -> Fate {
        let e = self.in_rotation();
        if e == 0.0 {
            return Fate { failing: 1.0, stale: 0.0 };
        }
        if !self.even {
            // A world without LB-24: all to the first.
            let first = self.backends.iter().find(|backend| backend.taking).map(|backend| backend.service);
            let is = |service| f64::from(u8::from(first == Some(service)));
            return Fate { failing: is(Service::Cannot), stale: is(Service::Stale) * self.touches };
        }
        let [cannot, stale, _] = self.taking.map(f64::from);
        Fate { failing: cannot / e, stale: stale / e * self.touches }
    }

    /// A stretch in which the shares do not move and demand lies wholly below or wholly above the room.
    fn steady(&mut self, part: &Line, room: f64, fate: Fate) {
        let totals = &mut self.totals;
        let offered = part.area();
        let served_all = 1.0 - fate.failing;
        totals.clock.wanted_s += part.length;
        if part.middle() <= room || room == 0.0 {
            totals.failed += offered * fate.failing;
            totals.stale += offered * fate.stale;
            let harmed = fate.failing + fate.stale;
            totals.equivalent_s += harmed * part.length;
            totals.peak = totals.peak.max(harmed);
            totals.full_s += if served_all <= 0.0 { part.length } else { 0.0 };
            totals.degraded_s += if self.tolerated.is_some_and(|t| harmed > t + 1e-12) { part.length } else { 0.0 };
            return;
        }
        // Above the room each backend serves its capacity and sheds the rest: the harmed share is 1 − k ÷ demand.
        let served = room * served_all;
        let stale = room * fate.stale;
        let k = served - stale;
        totals.clock.shed_s += part.length - room * part.inverse_area();
        totals.failed += offered - served * part.length;
        totals.stale += stale * part.length;
        totals.equivalent_s += part.length - k * part.inverse_area();
        totals.peak = totals.peak.max(1.0 - k / part.d0.max(part.d1()));
        totals.full_s += if served <= 0.0 { part.length } else { 0.0 };
        if let Some(tolerated) = self.tolerated {
            // 1 − k ÷ d is above what is tolerated when d is above k ÷ (1 − tolerated).
            let line = k / (1.0 - tolerated);
            for part in part.split_at(line) {
                totals.degraded_s += if part.middle() > line { part.length } else { 0.0 };
            }
        }
    }

    /// A stretch in which kept connections move from backend to backend.
    fn moving(&mut self, part: &Line, room: f64, elapsed: f64, fates: &Fates) {
        let pieces = libm::ceil(part.length / fates.lifetime_s()).clamp(1.0, 64.0);
        let step = part.length / pieces;
        let at = |t: f64| {
            let Fate { failing, stale } = fates.at(elapsed + t);
            let demand = part.d0 + part.slope * t;
            let shed = if demand > room && room > 0.0 { 1.0 - room / demand } else { 0.0 };
            (demand, failing + (1.0 - failing) * shed, stale * (1.0 - shed), shed)
        };
        let mut start = 0.0;
        while start < part.length - 1e-9 {
            for (x, w) in GAUSS_LEGENDRE {
                let (demand, failed, stale, shed) = at(start + step * x);
                let seconds = w * step;
                let harmed = failed + stale;
                self.totals.clock.wanted_s += seconds;
                self.totals.clock.shed_s += shed * seconds;
                self.totals.failed += demand * failed * seconds;
                self.totals.stale += demand * stale * seconds;
                self.totals.equivalent_s += harmed * seconds;
                self.totals.full_s += if failed >= 1.0 { seconds } else { 0.0 };
                self.totals.degraded_s +=
                    if self.tolerated.is_some_and(|t| harmed > t + 1e-12) { seconds } else { 0.0 };
            }
            start += step;
        }
        for t in [0.0, part.length] {
            let (_, failed, stale, _) = at(t);
            self.totals.peak = self.totals.peak.max(failed + stale);
        }
    }
}

/// Nodes and weights of Gauss and Legendre's rule with eight points on [0, 1] (Abramowitz and Stegun, table 25.4).
const GAUSS_LEGENDRE: [(f64, f64); 8] = [
    (0.019_855_071_751_231_88, 0.050_614_268_145_188_13),
    (0.101_666_761_293_186_63, 0.111_190_517_226_687_24),
    (0.237_233_795_041_835_5, 0.156_853_322_938_943_64),
    (0.408_282_678_752_175_1, 0.181_341_891_689_181),
    (0.591_717_321_247_825, 0.181_341_891_689_181),
    (0.762_766_204_958_164_5, 0.156_853_322_938_943_64),
    (0.898_333_238_706_813_4, 0.111_190_517_226_687_24),
    (0.980_144_928_248_768_1, 0.050_614_268_145_188_13),
];

/// Linear demand over a stretch.
#[derive(Clone, Copy, Debug)]
struct Line {
    d0: f64,
    slope: f64,
    length: f64,
}

impl Line {
    fn d1(&self) -> f64 {
        self.d0 + self.slope * self.length
    }

    fn middle(&self) -> f64 {
        f64::midpoint(self.d0, self.d1())
    }

    fn area(&self) -> f64 {
        self.middle() * self.length
    }

    /// The integral of one over demand.
    fn inverse_area(&self) -> f64 {
        let growth = self.slope * self.length / self.d0;
        // Nearly level demand: the logarithm would lose all its digits.
        if growth.abs() < 1e-9 { self.length / self.middle() } else { libm::log1p(growth) / self.slope }
    }

    /// The stretch before and after demand crosses a level; one of the two only, if it does not.
    fn split_at(&self, level: f64) -> impl Iterator<Item = Self> + use<> {
        let cut = if self.slope == 0.0 || !level.is_finite() { 0.0 } else { (level - self.d0) / self.slope };
        let whole = *self;
        let (first, second) = if cut > 0.0 && cut < self.length {
            let rest = Self { d0: level, slope: self.slope, length: self.length - cut };
            (Self { length: cut, ..whole }, Some(rest))
        } else {
            (whole, None)
        };
        std::iter::once(first).chain(second)
    }
}
