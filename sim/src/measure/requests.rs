//! The requests of all entry points: what the fleet changes of their backends.

use super::backends::{Backend, Backends, Waiting};
use super::entry_point::{Stretch, Totals};
use super::fleet::{Change, FleetView, InstanceView};
use crate::engine::time::SimTime;
use crate::plan::{Plan, WHOLE};
use crate::rules;
use crate::world::entry_points::Leading;
use crate::world::fact::{Fact, FlowFact, Flows, GatewayFact, Record, Service, WriteFact};
use crate::world::ids::{EntryPointId, GatewayId, InstanceId, PoolId};
use std::collections::BTreeMap;

/// The backends of every entry point that has traffic.
#[derive(Clone, Debug)]
pub struct Requests<'p> {
    plan: &'p Plan,
    /// By entry point.
    entries: Vec<Option<Backends<'p>>>,
    leading: Leading,
    /// Where entry points lead that a write leads elsewhere, or to nobody.
    led: BTreeMap<EntryPointId, Led>,
    /// How many instances of each gateway take requests, where their count moves.
    instances: Vec<u16>,
    /// Names with users, and the parts of them that are led elsewhere.
    names: Vec<(EntryPointId, Vec<EntryPointId>)>,
}

/// An entry point that leads to several pools, or to nobody, one after the other: its backends are those of all of them.
#[derive(Clone, Debug)]
struct Led {
    now: Option<PoolId>,
    /// The numbers of its backends, in the order in which they joined, by the pool and the number there.
    joined: BTreeMap<(PoolId, usize), usize>,
}

impl Led {
    fn join(&mut self, pool: PoolId, backend: usize) {
        let number = self.joined.len();
        self.joined.insert((pool, backend), number);
    }

    fn index(&self, pool: PoolId, backend: usize) -> usize {
        *self.joined.get(&(pool, backend)).expect("an instance joins before it does anything")
    }

    /// What a backend of a pool is here, and whether it leads there now.
    fn met(&self, pool: PoolId, (backend, of): Met) -> (Met, bool) {
        let leads = self.now == Some(pool);
        ((self.index(pool, backend), Backend { taking: of.taking && leads, ..of }), leads)
    }
}

/// A backend that a record is about, with its number among those of its pool.
type Met = (usize, Backend);

impl<'p> Requests<'p> {
    /// No backend yet.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        let backends =
            plan.entries().map(|(id, entry)| Some(Backends::new(plan, (id, entry), entry.traffic.as_ref()?)));
        let named = plan.entries().filter(|(_, entry)| entry.is_name() && entry.traffic.is_some());
        let names = named.map(|(id, _)| (id, plan.served_from(id).collect())).collect();
        let led = plan.entries().filter(|(_, entry)| !entry.later.is_empty());
        let led = led.map(|(id, entry)| (id, Led { now: entry.pool(), joined: BTreeMap::new() })).collect();
        let instances = plan.gateways.iter().map(|of| of.least).collect();
        Self { plan, entries: backends.collect(), leading: Leading::new(plan), led, instances, names }
    }

    /// The backends of an entry point; `None` where it has no traffic.
    #[must_use]
    pub fn of(&self, entry_point: EntryPointId) -> Option<&Backends<'p>> {
        self.entries[entry_point.index()].as_ref()
    }

    /// The entry points in which something changed since that was last asked.
    pub fn take_changed(&mut self) -> impl Iterator<Item = EntryPointId> {
        let entries = self.entries.iter_mut().enumerate();
        entries.filter_map(|(at, entry)| entry.as_mut()?.take_changed().then_some(EntryPointId(at as u16)))
    }

    /// What came of the requests of each entry point; nothing where it has no traffic.
    pub fn totals(&self) -> impl Iterator<Item = Totals> {
        self.entries.iter().map(|entry| entry.as_ref().map_or_else(Totals::default, Backends::totals))
    }

    /// When users of a name next fare by another line, after an instant and up to another, and which.
    #[must_use]
    pub fn turn(&self, after: SimTime, to: SimTime) -> Option<(SimTime, EntryPointId)> {
        self.names.iter().filter_map(|(name, _)| Some((self.of(*name)?.turn(after, to)?, *name))).min()
    }

    /// Integrates up to this instant.
    pub fn advance(&mut self, to: SimTime) {
        for entry in self.entries.iter_mut().flatten() {
            entry.advance(to);
        }
    }

    /// How the users of names fare now, wherever they are led.
    #[inline]
    fn fare(&mut self, at: SimTime) {
        if !self.names.is_empty() {
            self.fare_of_names(at);
        }
    }

    #[inline(never)]
    fn fare_of_names(&mut self, at: SimTime) {
        for (name, parts) in &self.names {
            // Of what is led to a listener each instance of the gateway has its part of that.
            let whole = self.entries[name.index()].as_ref().map_or(1.0, Backends::share);
            let led: Vec<(f64, Stretch)> = parts
                .iter()
                .filter_map(|part| self.entries[part.index()].as_ref())
                .filter(|backends| backends.share() > 0.0)
                .map(|backends| (backends.share() / whole, backends.now(at).later(at)))
                .collect();
            if let Some(users) = &mut self.entries[name.index()] {
                users.fare(at, led);
            }
        }
    }

    /// Takes in a record, which the fleet has taken in: it changed this of an instance.
    #[inline(always)]
    pub fn record(&mut self, record: &Record, fleet: &FleetView<'_>, change: Option<&Change>) {
        let at = record.time;
        match record.fact {
            // These look at the users of names themselves.
            Fact::ServiceChanged { instance, to } => {
                return self.serve(fleet, at, (instance, to), change.and_then(|change| change.before.said));
            }
            Fact::InRotation { instance, pool, .. } => {
                return self.rotate(fleet, at, (instance, pool), change, (true, Flows::Kept));
            }
            Fact::OutOfRotation { instance, pool, flows, .. } => {
                return self.rotate(fleet, at, (instance, pool), change, (false, flows));
            }
            Fact::JoinedPool { instance, pool } => self.join(fleet, at, instance, pool),
            Fact::LeftPool { instance, pool } => self.leave(fleet, at, (instance, pool), change),
            Fact::ConnectionsClosed { instance, entry_point } => {
                if let Some(pool) = self.plan.entry_point(entry_point).pool() {
                    self.close(fleet, at, entry_point, (instance, pool));
                }
            }
            Fact::Flow(fact) => self.flow(fleet, at, fact),
            Fact::Write(WriteFact::Led { entry_point, pool, flows }) => {
                self.lead(fleet, at, entry_point, (Some(pool), flows));
            }
            Fact::Write(WriteFact::Closed { instance, entry_point, pool }) => {
                self.close(fleet, at, entry_point, (instance, pool));
            }
            Fact::Write(WriteFact::Off { entry_point, flows }) => self.lead(fleet, at, entry_point, (None, flows)),
            Fact::Gateway(GatewayFact::Has { gateway, instances }) => self.scale(at, gateway, instances),
            _ => return,
        }
        self.fare(at);
    }

    /// An instance serves like this from now on, and did so before.
    #[inline(always)]
    pub(super) fn serve(
        &mut self,
        fleet: &FleetView<'_>,
        at: SimTime,
        (instance, to): (InstanceId, Service),
        was: Option<Service>,
    ) {
        let service = was.unwrap_or_default();
        for membership in fleet.memberships(&fleet.instances[instance.index()]) {
            let met = (membership.backend as usize, Backend { taking: membership.in_rotation, service });
            self.each(membership.pool, met, |backends, met, _| backends.serve(at, met, to));
        }
        self.fare(at);
    }

    /// New connections go to a backend, or no longer, and this becomes of those that it has.
    #[inline(always)]
    pub(super) fn rotate(
        &mut self,
        fleet: &FleetView<'_>,
        at: SimTime,
        of: (InstanceId, PoolId),
        change: Option<&Change>,
        (taking, flows): (bool, Flows),
    ) {
        self.member(fleet, of, change, |backends, met, leads| {
            // Where it leads elsewhere, only what is still open there matters.
            if leads || !taking {
                backends.rotate(at, met, taking, flows);
            }
        });
        self.fare(at);
    }

    #[inline(never)]
    fn leave(&mut self, fleet: &FleetView<'_>, at: SimTime, of: (InstanceId, PoolId), change: Option<&Change>) {
        let kept = if self.plan.rules.on(rules::LB_23) { Flows::Cut } else { Flows::Kept };
        self.member(fleet, of, change, |backends, met, _| backends.leave(at, met, kept));
    }

    #[inline(never)]
    fn close(&mut self, fleet: &FleetView<'_>, at: SimTime, entry_point: EntryPointId, of: (InstanceId, PoolId)) {
        if let Some(backends) = &mut self.entries[entry_point.index()] {
            let met = met(fleet, of, None);
            backends.close(at, self.led.get(&entry_point).map_or(met, |led| led.met(of.1, met).0));
        }
    }

    /// So many instances of a gateway share its backends from now on.
    #[inline(never)]
    fn scale(&mut self, at: SimTime, gateway: GatewayId, instances: u16) {
        self.instances[gateway.index()] = instances;
        for (id, entry) in self.plan.entries() {
            if let Some(backends) = &mut self.entries[id.index()]
                && self.plan.is_of(id, gateway)
                && self.plan.rules.on(rules::WT_10)
            {
                backends.hold(at, self.plan.capacity_at(entry, |_| instances));
            }
        }
    }

    #[inline(never)]
    fn flow(&mut self, fleet: &FleetView<'_>, at: SimTime, fact: FlowFact) {
        match fact {
            FlowFact::Remapped { entry_point } => {
                if let Some(backends) = &mut self.entries[entry_point.index()] {
                    backends.remap(at);
                }
            }
            FlowFact::Routed { to, share } => {
                if let Some(backends) = &mut self.entries[to.index()] {
                    backends.lead(at, f64::from(share) / f64::from(WHOLE));
                }
            }
            FlowFact::Outlived { entry_point, share } => {
                if let Some(backends) = &mut self.entries[entry_point.index()] {
                    backends.end(at, f64::from(share) / f64::from(WHOLE));
                }
            }
            FlowFact::Draining { .. } => {}
            FlowFact::Retried { entry_point, rate } => {
                if let Some(backends) = &mut self.entries[entry_point.index()] {
                    backends.retry(at, f64::from(rate) / 1000.0);
                }
            }
            FlowFact::Waits { entry_point, late, full } => {
                if let Some(backends) = &mut self.entries[entry_point.index()] {
                    backends.queue(at, Some(Waiting { late, full }));
                }
            }
            FlowFact::WaitsNoMore { entry_point } => {
                if let Some(backends) = &mut self.entries[entry_point.index()] {
                    backends.queue(at, None);
                }
            }
            FlowFact::TooLate { instance, pool } => {
                self.member(fleet, (instance, pool), None, |backends, met, _| backends.wait(at, met, true));
            }
            FlowFact::InTime { instance, pool } => {
                self.member(fleet, (instance, pool), None, |backends, met, _| backends.wait(at, met, false));
            }
            FlowFact::Errs { instance, pool } => {
                self.member(fleet, (instance, pool), None, |backends, met, _| backends.err(at, met, true));
            }
            FlowFact::ErrsNoMore { instance, pool } => {
                self.member(fleet, (instance, pool), None, |backends, met, _| backends.err(at, met, false));
            }
            FlowFact::Silent { instance, pool } => {
                self.member(fleet, (instance, pool), None, |backends, met, _| backends.silence(at, met.0, true));
            }
            FlowFact::Speaks { instance, pool } => {
                self.member(fleet, (instance, pool), None, |backends, met, _| backends.silence(at, met.0, false));
            }
            FlowFact::Hung { instance, pool } => {
                self.member(fleet, (instance, pool), None, |backends, met, _| backends.hang(at, met.0, true));
            }
            FlowFact::Resumed { instance, pool } => {
                self.member(fleet, (instance, pool), None, |backends, met, _| backends.hang(at, met.0, false));
            }
            FlowFact::Reset { instance, pool } => self.member(fleet, (instance, pool), None, |backends, met, _| {
                backends.hang(at, met.0, false);
                backends.close(at, met);
            }),
        }
    }

    #[inline(never)]
    fn join(&mut self, fleet: &FleetView<'_>, at: SimTime, instance: InstanceId, pool: PoolId) {
        let unit = &fleet.instances[instance.index()];
        let backend = fleet.member(unit, pool).expect("it has just joined").backend as usize;
        for (id, led) in &mut self.led {
            if self.plan.entry_point(*id).pools().any(|of| of == pool) {
                led.join(pool, backend);
            }
        }
        self.each(pool, (backend, Backend::default()), |backends, met, leads| {
            assert_eq!(backends.join(at), met.0, "the entry points of a pool have its backends");
            if !leads {
                backends.belong(met.0, false);
            }
            if let Some(service) = unit.said {
                backends.serve(at, met, service);
            }
        });
    }

    /// An entry point leads there from now on, and this became of what was open where it led before.
    #[inline(never)]
    fn lead(
        &mut self,
        fleet: &FleetView<'_>,
        at: SimTime,
        entry_point: EntryPointId,
        (to, flows): (Option<PoolId>, Flows),
    ) {
        let of = |pool: PoolId| {
            let members = fleet.instances.iter().flat_map(move |unit| {
                let there = fleet.pools(unit).filter(move |membership| membership.pool == pool);
                there.map(move |membership| (membership, unit.said.unwrap_or_default()))
            });
            members.collect::<Vec<_>>()
        };
        for id in self.plan.with_routed(entry_point) {
            let (Some(led), Some(backends)) = (self.led.get_mut(&id), &mut self.entries[id.index()]) else { continue };
            backends.change(at);
            for (membership, service) in led.now.map(of).unwrap_or_default() {
                let index = led.index(membership.pool, membership.backend as usize);
                let was = Backend { taking: membership.in_rotation, service };
                backends.rotate(at, (index, was), false, flows);
                backends.belong(index, false);
            }
            led.now = to;
            for (membership, service) in to.map(of).unwrap_or_default() {
                let index = led.index(membership.pool, membership.backend as usize);
                backends.belong(index, true);
                backends.rotate(at, (index, Backend { taking: false, service }), membership.in_rotation, Flows::Kept);
            }
            backends.remap(at);
        }
    }

    /// The requests a second that one backend takes of those of an entry point now.
    #[must_use]
    pub fn capacity(&self, entry_point: EntryPointId) -> Option<f64> {
        self.plan.capacity_at(self.plan.entry_point(entry_point), |gateway| self.instances[gateway.index()])
    }

    /// Whether it takes requests: not the part of an instance of a gateway that is not there, or is drained.
    #[must_use]
    pub fn takes(&self, entry_point: EntryPointId) -> bool {
        let of = self.plan.scaling(entry_point);
        of.is_none_or(|(gateway, number)| number < self.instances[gateway.index()])
    }

    /// The pool that an entry point leads to now.
    #[must_use]
    pub fn leads(&self, entry_point: EntryPointId) -> Option<PoolId> {
        let led = self.led.get(&entry_point);
        led.map_or_else(|| self.plan.entry_point(entry_point).pool(), |led| led.now)
    }

    /// Whether users meet an instance: new connections of theirs go to it, or they keep connections on which it answers. Of one to which
    /// nobody ever comes, whether it is in rotation.
    #[must_use]
    pub(super) fn meets(&self, fleet: &FleetView<'_>, unit: &InstanceView) -> bool {
        fleet.memberships(unit).any(|membership| {
            let (pool, taking) = (membership.pool, membership.in_rotation);
            let met = (membership.backend as usize, Backend { taking, service: unit.service() });
            let by = |entry_point: &EntryPointId| {
                let Some(backends) = self.entries[entry_point.index()].as_ref().filter(|of| of.share() > 0.0) else {
                    return false;
                };
                let ((index, of), _) = self.led.get(entry_point).map_or((met, true), |led| led.met(pool, met));
                of.taking || of.service != Service::Cannot && backends.has_open(index)
            };
            self.leading.to(pool).iter().any(by) || taking && fleet.counts_alone(pool)
        })
    }

    /// Whether somebody is led to an entry point now.
    #[must_use]
    pub(super) fn has_users(&self, entry_point: EntryPointId) -> bool {
        self.of(entry_point).is_some_and(|backends| backends.share() > 0.0)
    }

    /// Does something with the backends of each entry point that leads to a pool at some time: what one of the pool is among them, and
    /// whether it leads there now.
    #[inline(always)]
    fn each(&mut self, pool: PoolId, met: Met, with: impl Fn(&mut Backends<'p>, Met, bool)) {
        for &entry_point in self.leading.to(pool) {
            if let Some(backends) = &mut self.entries[entry_point.index()] {
                let (met, leads) = self.led.get(&entry_point).map_or((met, true), |led| led.met(pool, met));
                with(backends, met, leads);
            }
        }
    }

    /// Does something with the backends of each entry point that leads to a pool, and what an instance was among them.
    #[inline(always)]
    fn member(
        &mut self,
        fleet: &FleetView<'_>,
        of: (InstanceId, PoolId),
        change: Option<&Change>,
        with: impl Fn(&mut Backends<'p>, Met, bool),
    ) {
        self.each(of.1, met(fleet, of, change), with);
    }
}

/// What an instance was among the backends of a pool, before this change of it.
#[inline]
fn met(fleet: &FleetView<'_>, (instance, pool): (InstanceId, PoolId), change: Option<&Change>) -> Met {
    let unit = &fleet.instances[instance.index()];
    let membership = fleet.member(unit, pool).expect("an instance joins a pool before it does anything in it");
    let taking = change.map_or(membership.in_rotation, |change| change.was_in);
    (membership.backend as usize, Backend { taking, service: unit.said.unwrap_or_default() })
}
