//! The backends of one entry point, as its users meet them, and what came of their requests: integrated from change to change
//! by the one model of them ([`Stretch`]). Nothing is sampled.

use super::affinity::Cohorts;
use super::answers::Troubles;
use super::connections::Kept;
use super::entry_point::{Shares, Stretch, Totals};
use super::names;
use crate::demand::traffic::{room, spread_over};
use crate::engine::time::SimTime;
use crate::plan::{EntryPoint, Plan, Segment, Traffic};
use crate::rules::{self, key};
use crate::world::fact::{Flows, Service};
use crate::world::ids::EntryPointId;
use std::collections::BTreeSet;

/// One backend, as its users meet it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Backend {
    /// New connections go to it.
    pub taking: bool,
    /// What it does with a request.
    pub service: Service,
}

/// Requests that wait for a backend that has time.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// They wait for longer than their clients do.
    pub late: bool,
    /// No more of them can wait.
    pub full: bool,
}

/// The backends of one entry point.
#[derive(Clone, Debug)]
pub struct Backends<'p> {
    traffic: &'p Traffic,
    /// Requests a second that one backend takes, where that is limited.
    capacity: Option<f64>,
    touches: f64,
    tolerated: f64,
    even: bool,
    /// A request that got no answer at all is sent to another backend once.
    retries: bool,
    /// By number, where it matters which of them serve how: where connections are kept, and where the first gets all.
    backends: Vec<Backend>,
    /// How many ever joined.
    joined: usize,
    /// What a gateway meets at backends that do not serve.
    troubles: Troubles,
    /// A gateway answers here.
    by_gateway: bool,
    /// How many of those that answer with errors are in rotation.
    erring: u32,
    /// The connections that are kept, where clients keep them.
    kept: Option<Kept>,
    /// Whoever is bound to a backend that is drained stays there.
    stays: bool,
    /// After how many idle seconds the balancer drops a connection and says nothing.
    idle_after_s: Option<f64>,
    /// Users who stay on one backend, where they do.
    cohorts: Option<Cohorts>,
    /// The demand of the whole run, where it is level and nothing moves between two changes of the backends: neither kept
    /// connections nor users who stay, nor users of a name.
    level: Option<Segment>,
    /// Backends in rotation, by what they do with a request: cannot, stale, ready.
    taking: [u32; 3],
    /// The segment of demand that `last` lies in.
    segment: usize,
    last: SimTime,
    totals: Totals,
    /// Something of it changed since that was last asked.
    changed: bool,
    /// The share of the traffic that comes here: all of it, but of the users of a name.
    share: f64,
    /// Requests a second that are sent again, since they failed before (WT-19).
    again: f64,
    /// What waits for a backend that has time, if anything does (WT-20).
    waiting: Option<Waiting>,
    /// Where the users of a name are led, a share of them to each; `None` where they are served here.
    led: Option<Vec<(f64, Stretch)>>,
}

impl<'p> Backends<'p> {
    /// No requests yet.
    #[must_use]
    pub fn new(plan: &'p Plan, (id, entry): (EntryPointId, &EntryPoint), traffic: &'p Traffic) -> Self {
        let touches = plan.application.requires.map_or(1.0, |requires| requires.touches);
        let keeps = entry.keeps() && (entry.gateway.is_some() || plan.rules.on(rules::LB_21));
        let cookie = entry.gateway.is_some_and(|part| part.cookie);
        let life = if cookie { key::AppgwSession } else { key::ClientKeepalive };
        let sticks = entry.rule.distribution.is_sticky() && plan.rules.on(rules::LB_25);
        let level = match traffic.demand[..] {
            [only] if only.start == SimTime::ZERO && only.slope == 0.0 && !keeps && !sticks => Some(only),
            _ => None,
        };
        Self {
            traffic,
            capacity: plan
                .capacity_at(entry, |of| plan.gateways[of.index()].least)
                .filter(|_| plan.rules.on(rules::WT_10)),
            touches,
            tolerated: plan.objective.map_or(f64::INFINITY, |objective| 1.0 - objective),
            even: plan.rules.on(rules::LB_24),
            retries: entry.retries(plan),
            backends: Vec::new(),
            joined: 0,
            troubles: Troubles::new(plan, entry),
            by_gateway: plan.is_answered(id),
            erring: 0,
            kept: keeps.then(|| Kept::new(plan.assumptions.get(life).seconds())),
            stays: !cookie || plan.rules.on(rules::AG_09),
            idle_after_s: (!entry.rule.tcp_reset && entry.gateway.is_none() && plan.rules.on(rules::LB_27))
                .then(|| entry.rule.idle_timeout.seconds()),
            cohorts: traffic.users.filter(|_| sticks).map(|users| Cohorts::new(users.rps_each, touches)),
            level,
            taking: [0; 3],
            segment: 0,
            last: SimTime::ZERO,
            totals: Totals::default(),
            changed: false,
            share: if entry.routed.is_some() { 0.0 } else { 1.0 },
            led: None,
            again: 0.0,
            waiting: None,
        }
    }

    /// So many requests a second are sent again from now on.
    pub fn retry(&mut self, at: SimTime, rps: f64) {
        self.change(at);
        self.again = rps;
    }

    /// Requests wait from now on, or none.
    pub fn queue(&mut self, at: SimTime, waiting: Option<Waiting>) {
        self.change(at);
        self.waiting = waiting;
    }

    /// Another share of the traffic comes here from now on.
    pub fn lead(&mut self, at: SimTime, share: f64) {
        self.change(at);
        self.share = share;
    }

    /// A backend takes so many requests a second of those that come here from now on.
    pub fn hold(&mut self, at: SimTime, capacity: Option<f64>) {
        self.change(at);
        self.capacity = capacity;
    }

    /// The users of a name are led to these places from now on, a share of them to each.
    pub fn fare(&mut self, at: SimTime, led: Vec<(f64, Stretch)>) {
        let of = |&(share, of): &(f64, Stretch)| (share, of.shares, of.room, of.ready_room);
        if !self.led.as_ref().is_some_and(|before| before.iter().map(of).eq(led.iter().map(of))) {
            self.change(at);
            (self.led, self.level) = (Some(led), None);
        }
    }

    /// When the users of a name next fare by another line, after an instant and up to another.
    #[must_use]
    pub fn turn(&self, after: SimTime, to: SimTime) -> Option<SimTime> {
        names::turn((self.led.as_ref()?, self.share), &self.traffic.demand, after, to)
    }

    /// The share of the traffic that comes here.
    #[must_use]
    pub const fn share(&self) -> f64 {
        self.share
    }

    /// Whether users who come here have connections to a backend on which it can answer.
    #[inline]
    pub fn has_open(&self, index: usize) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.are_open(index))
    }

    /// The part of a segment of demand that comes here.
    #[inline]
    fn part(&self, of: Segment) -> Segment {
        Segment { start: of.start, rps: of.rps * self.share + self.again, slope: of.slope * self.share }
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
    pub fn rotate(&mut self, at: SimTime, (index, was): (usize, Backend), taking: bool, flows: Flows) {
        self.change(at);
        if let Some(row) = self.backends.get_mut(index) {
            row.taking = taking;
        }
        if was.taking != taking {
            let count = &mut self.taking[self.met(index, was.service) as usize];
            *count = if taking { *count + 1 } else { *count - 1 };
            self.erring = match (self.troubles.errs.contains(&index), taking) {
                (false, _) => self.erring,
                (true, true) => self.erring + 1,
                (true, false) => self.erring - 1,
            };
        }
        let cut = !taking && (flows == Flows::Cut || !self.stays);
        if let Some(kept) = &mut self.kept
            && cut
        {
            kept.cut(index);
        }
        let clock = self.totals.clock;
        let keeps = self.kept.is_some();
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.rotate(index, (taking, taking || keeps && !cut), clock);
        }
        self.reconnect();
    }

    /// This share of the connections of every backend ends; they are made anew.
    pub fn end(&mut self, at: SimTime, share: f64) {
        self.change(at);
        if let Some(kept) = &mut self.kept {
            kept.end(share);
        }
        self.reconnect();
    }

    /// A backend leaves the pool; its connections are cut, but for those that hang.
    pub fn leave(&mut self, at: SimTime, met: (usize, Backend), flows: Flows) {
        let index = met.0;
        let hangs = self.kept.as_ref().is_some_and(|kept| kept.hangs(index));
        self.rotate(at, met, false, if hangs { Flows::Kept } else { flows });
        self.belong(index, false);
    }

    /// A backend is one of those that users with affinity are mapped to, or no longer.
    pub fn belong(&mut self, index: usize, member: bool) {
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.belong(index, member);
        }
    }

    /// What a backend does with a request changed.
    pub fn serve(&mut self, at: SimTime, (index, was): (usize, Backend), service: Service) {
        let (was, service) = (Backend { service: self.met(index, was.service), ..was }, self.met(index, service));
        self.become_of(at, (index, was), service);
    }

    /// A backend answers later than the gateway waits, or in time again.
    pub fn wait(&mut self, at: SimTime, (index, is): (usize, Backend), late: bool) {
        let was = Backend { service: self.met(index, is.service), ..is };
        // What was before is summed before it is forgotten.
        self.change(at);
        put(&mut self.troubles.late, index, late);
        let service = self.met(index, is.service);
        self.become_of(at, (index, was), service);
    }

    /// A backend answers requests with errors, or does so no longer.
    pub fn err(&mut self, at: SimTime, (index, is): (usize, Backend), errs: bool) {
        self.change(at);
        if put(&mut self.troubles.errs, index, errs) && is.taking {
            self.erring = if errs { self.erring + 1 } else { self.erring - 1 };
        }
    }

    /// A backend takes connections of a gateway and answers nothing, or does so no longer.
    pub fn silence(&mut self, at: SimTime, index: usize, silent: bool) {
        self.change(at);
        put(&mut self.troubles.silent, index, silent);
    }

    /// What its users meet at a backend that does this with a request.
    #[inline]
    fn met(&self, index: usize, service: Service) -> Service {
        if self.troubles.late.is_empty() || !self.troubles.late.contains(&index) { service } else { Service::Cannot }
    }

    #[inline]
    fn become_of(&mut self, at: SimTime, (index, was): (usize, Backend), service: Service) {
        self.change(at);
        if let Some(row) = self.backends.get_mut(index) {
            row.service = service;
        }
        if was.taking {
            self.taking[was.service as usize] -= 1;
            self.taking[service as usize] += 1;
        }
        let clock = self.totals.clock;
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.serve(index, service, clock);
        }
    }

    /// The last kept connections of a backend closed.
    pub fn close(&mut self, at: SimTime, (index, was): (usize, Backend)) {
        self.change(at);
        let (taking, clock) = (was.taking, self.totals.clock);
        if let Some(kept) = &mut self.kept {
            kept.cut(index);
        }
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.rotate(index, (taking, taking), clock);
        }
        self.reconnect();
    }

    /// The connections of a backend hang from now on, or go on.
    pub fn hang(&mut self, at: SimTime, index: usize, hangs: bool) {
        self.change(at);
        if let Some(kept) = &mut self.kept {
            kept.hang(index, hangs);
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

    /// A backend joins; its index among the others.
    pub fn join(&mut self, at: SimTime) -> usize {
        if self.cohorts.is_some() {
            self.advance(at);
        }
        if self.kept.is_some() || !self.even || self.by_gateway {
            self.backends.push(Backend::default());
        }
        if let Some(kept) = &mut self.kept {
            kept.join();
        }
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.join(self.totals.clock);
        }
        self.joined += 1;
        self.joined - 1
    }

    /// Users without a connection make one, if there is a backend to take it.
    fn reconnect(&mut self) {
        let begins = self.last == SimTime::ZERO;
        if let Some(kept) = &mut self.kept {
            kept.reconnect(&self.backends, begins);
        }
    }

    /// Something is about to change.
    pub(super) fn change(&mut self, at: SimTime) {
        self.advance(at);
        self.changed = true;
    }

    /// Integrates up to this instant.
    pub fn advance(&mut self, to: SimTime) {
        if to <= self.last {
            return;
        }
        let from = std::mem::replace(&mut self.last, to);
        match self.level {
            Some(demand) => self
                .own_stretch(self.part(demand), self.spread(), from)
                .add_level(to.since(from).seconds(), &mut self.totals),
            None => self.integrate(from, to),
        }
    }

    /// The same where demand changes, or something moves between two changes of the backends.
    fn integrate(&mut self, from: SimTime, to: SimTime) {
        if self.led.is_some() {
            return self.integrate_led(from, to);
        }
        let clock = self.totals.clock;
        if let Some(cohorts) = &mut self.cohorts {
            cohorts.pass(clock);
        }
        let demand = &self.traffic.demand;
        while demand.get(self.segment + 1).is_some_and(|next| next.start <= from) {
            self.segment += 1;
        }
        let mut stretch: Option<Stretch> = None;
        for (i, segment) in demand.iter().enumerate().skip(self.segment) {
            let end = demand.get(i + 1).map_or(to, |next| next.start).min(to);
            let start = segment.start.max(from);
            if start >= to {
                break;
            }
            if end > start {
                let stretch = stretch.get_or_insert_with(|| self.stretch(*segment, self.shares(), from));
                stretch.demand = self.part(*segment);
                stretch.add(start, end, &mut self.totals);
            }
        }
        if let Some(kept) = &mut self.kept {
            kept.relax(&self.backends, to.since(from).seconds());
        }
    }

    /// The same of the users of a name.
    #[inline(never)]
    fn integrate_led(&mut self, from: SimTime, to: SimTime) {
        let mut at = from;
        while at < to {
            let until = self.turn(at, to).unwrap_or(to);
            self.now(at).add(at, until, &mut self.totals);
            at = until;
        }
    }

    /// How requests fare now.
    fn shares(&self) -> Shares {
        let troubles = (&self.troubles, self.retries);
        self.kept.as_ref().map_or_else(|| self.spread(), |kept| kept.shares(&self.backends, self.touches, troubles))
    }

    /// What holds from an instant of this segment of demand on, until something changes. The shares are those of `from`.
    fn stretch(&self, demand: Segment, shares: Shares, from: SimTime) -> Stretch {
        match &self.led {
            Some(parts) => Stretch {
                tolerated: self.tolerated,
                by_gateway: self.by_gateway,
                ..Stretch::of_parts(parts, demand, from)
            },
            None => self.own_stretch(demand, shares, from),
        }
    }

    /// The same of users who are served here.
    #[inline]
    fn own_stretch(&self, demand: Segment, shares: Shares, from: SimTime) -> Stretch {
        let in_rotation = self.taking.iter().sum();
        let room_of_all = room(self.capacity, in_rotation);
        let (late, waits) = self.waiting.map_or((false, false), |of| (of.late, !of.full));
        Stretch {
            demand,
            from,
            // Whoever waits for too long is gone when the answer comes.
            shares: if late { Shares::still(1.0, 0.0) } else { shares },
            room: if waits && in_rotation > 0 { f64::INFINITY } else { room_of_all },
            again: self.again,
            late,
            ready_room: room(self.capacity, self.taking[Service::Ready as usize]),
            tolerated: self.tolerated,
            held: [0.0; 2],
            held_answers: [0.0; 3],
            by_gateway: self.by_gateway,
        }
    }

    /// What holds from `now` on, until something changes.
    #[must_use]
    pub fn now(&self, now: SimTime) -> Stretch {
        let after = self.traffic.demand.partition_point(|segment| segment.start <= now);
        let none = Segment { start: SimTime::ZERO, rps: 0.0, slope: 0.0 };
        let demand = after.checked_sub(1).map_or(none, |at| self.part(self.traffic.demand[at]));
        self.stretch(demand, self.shares(), if self.led.is_some() { now } else { self.last })
    }

    /// Whether something of it changed since that was last asked.
    pub const fn take_changed(&mut self) -> bool {
        std::mem::replace(&mut self.changed, false)
    }

    /// How requests fare that are spread over the backends in rotation: evenly (LB-24).
    #[inline]
    fn spread(&self) -> Shares {
        let e = f64::from(self.taking.iter().sum::<u32>());
        let shares = self.spread_over(e);
        if self.by_gateway { shares.answered(self.troubles.spread(&self.backends, e, self.retries)) } else { shares }
    }

    #[inline]
    fn spread_over(&self, e: f64) -> Shares {
        if e == 0.0 {
            return Shares::still(1.0, 0.0);
        }
        if !self.even {
            // A world without LB-24: all to the first.
            let first = self.backends.iter().find(|backend| backend.taking).map(|backend| backend.service);
            let is = |service| f64::from(u8::from(first == Some(service)));
            return Shares::still(is(Service::Cannot), is(Service::Stale) * self.touches);
        }
        let [failing, stale] = spread_over(self.taking, self.erring, self.retries);
        Shares::still(failing, stale * self.touches)
    }
}

/// Puts a backend among some, or takes it away; whether it was not so before.
fn put(among: &mut BTreeSet<usize>, index: usize, is: bool) -> bool {
    if is { among.insert(index) } else { among.remove(&index) }
}
