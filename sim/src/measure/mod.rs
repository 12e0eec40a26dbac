//! Facts become numbers. Nothing here reads the world: what the measures know, the ledger says.

mod affinity;
mod bill;
pub mod catalogue;
pub mod census;
pub mod fleet;
pub mod flow;
mod kept;
pub mod lanes;
pub mod repairs;
pub mod rollout;
pub mod series;
pub mod slots;
mod spread;
pub mod standby;
#[cfg(test)]
mod testing;
pub mod value;

use crate::engine::time::SimTime;
use crate::plan::{Plan, Pool, Users};
use crate::rules;
use crate::world::fact::{Fact, FlowFact, Flows, Record};
use crate::world::ids::{InstanceId, PoolId};
use crate::world::run::Sink;
use bill::Bill;
use census::Census;
use flow::{Flow, Totals};
use repairs::Repairs;
use rollout::Rollouts;
use spread::Spread;
use standby::Standby;
pub use value::{Measure, Unit, Value};

/// The measures of a run, streamed from its facts.
#[derive(Clone, Debug)]
pub struct Measures<'p> {
    plan: &'p Plan,
    flows: Vec<Option<Flow<'p>>>,
    /// The seats that instances had in flows before their last.
    seats: Vec<Seat>,
    census: Census<'p>,
    rollouts: Rollouts,
    repairs: Repairs,
    standby: Standby<'p>,
    bill: Bill<'p>,
    spread: Spread<'p>,
    moments: Moments,
    /// By pool.
    open: Vec<Open>,
}

/// The seat of an instance in the flow of a pool.
#[derive(Clone, Copy, Debug)]
struct Seat {
    number: u32,
    /// The seat of the same instance before it: a place in the table, counted from 1; 0 if it had none.
    before: u32,
    pool: PoolId,
}

/// Instants that matter.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    first_harm: Option<SimTime>,
    detected: Option<SimTime>,
    last_end: Option<SimTime>,
    /// Entry points at which users are being harmed.
    open: u32,
}

/// An entry point at the end of a run.
#[derive(Clone, Copy, Debug)]
struct EntryPoint<'p> {
    name: &'p str,
    totals: Totals,
    open: Open,
    users: Option<Users>,
    /// The share of them that had at least one request harmed.
    users_hit: f64,
    /// The share of the requests that meet a connection which was dropped as idle.
    idle_dropped: Option<f64>,
}

/// What goes on at an entry point; at the end of a run, what is still open.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    harm: bool,
    outage: bool,
}

impl<'p> Measures<'p> {
    /// The measures of a run of `plan`, at its start.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        let flows =
            plan.pools.iter().map(|pool| pool.traffic.as_ref().map(|traffic| Flow::new(plan, pool, traffic))).collect();
        Self {
            plan,
            flows,
            seats: Vec::new(),
            census: Census::new(plan),
            rollouts: Rollouts::new(plan.sets.iter().map(|set| set.upgrade.os.enabled)),
            repairs: Repairs::new(plan),
            standby: Standby::new(plan),
            bill: Bill::new(plan),
            spread: Spread::new(plan),
            moments: Moments::default(),
            open: vec![Open::default(); plan.pools.len()],
        }
    }

    /// What came of the requests at each entry point that has any.
    #[must_use]
    pub fn totals(&self) -> Vec<(&'p str, Totals)> {
        self.entries().into_iter().map(|entry| (entry.name, entry.totals)).collect()
    }

    /// The entry points that have traffic, with what came of it and what is still open.
    fn entries(&self) -> Vec<EntryPoint<'p>> {
        let pools = self.plan.pools.iter().zip(&self.flows).zip(&self.open);
        let entry = |((pool, flow), &open): ((&'p Pool, &Option<Flow<'p>>), &Open)| {
            let (flow, users) = (flow.as_ref()?, pool.traffic.as_ref()?.users);
            let users_hit = flow.users_hit().unwrap_or(0.0);
            Some(EntryPoint {
                name: &pool.balancer,
                totals: flow.totals(),
                open,
                users,
                users_hit,
                idle_dropped: flow.idle_dropped(),
            })
        };
        pools.filter_map(entry).collect()
    }

    fn flow(&mut self, record: &Record) {
        let at = record.time;
        match record.fact {
            Fact::ServiceChanged { instance, to } => {
                let mut next = self.census.known(instance).seat();
                while let Some(seat) = next {
                    next = self.before(seat);
                    if let Some(flow) = &mut self.flows[seat.pool.index()] {
                        flow.serve(at, seat.number as usize, to);
                    }
                }
            }
            Fact::JoinedPool { instance, pool } => {
                let Some(flow) = &mut self.flows[pool.index()] else { return };
                let number = flow.join(at);
                let known = self.census.known(instance);
                let before = known.seat().map_or(0, |seat| {
                    self.seats.push(seat);
                    self.seats.len() as u32
                });
                known.sit(Seat { number, before, pool });
                let service = known.service;
                if let Some((service, flow)) = service.zip(self.flows[pool.index()].as_mut()) {
                    flow.serve(at, number as usize, service);
                }
            }
            Fact::InRotation { instance, pool } => {
                self.seated(instance, pool, |flow, seat| flow.rotate(at, seat, true, Flows::Kept));
            }
            Fact::OutOfRotation { instance, pool, flows } => {
                self.seated(instance, pool, |flow, seat| flow.rotate(at, seat, false, flows));
            }
            Fact::LeftPool { instance, pool } => {
                let kept = if self.plan.rules.on(rules::LB_23) { Flows::Cut } else { Flows::Kept };
                self.seated(instance, pool, |flow, seat| flow.leave(at, seat, kept));
            }
            Fact::ConnectionsClosed { instance, pool } => {
                self.seated(instance, pool, |flow, seat| flow.close(at, seat));
            }
            Fact::Flow(fact) => self.connections(at, fact),
            _ => {}
        }
    }

    fn connections(&mut self, at: SimTime, fact: FlowFact) {
        match fact {
            FlowFact::Remapped { pool } => {
                if let Some(flow) = &mut self.flows[pool.index()] {
                    flow.remap(at);
                }
            }
            FlowFact::Hung { instance, pool } => self.seated(instance, pool, |flow, seat| flow.hang(at, seat, true)),
            FlowFact::Resumed { instance, pool } => {
                self.seated(instance, pool, |flow, seat| flow.hang(at, seat, false));
            }
            FlowFact::Reset { instance, pool } => self.seated(instance, pool, |flow, seat| {
                flow.hang(at, seat, false);
                flow.close(at, seat);
            }),
        }
    }

    /// Does something with the flow of a pool and the seat that an instance has in it.
    fn seated(&mut self, instance: InstanceId, pool: PoolId, with: impl FnOnce(&mut Flow<'p>, usize)) {
        if self.flows[pool.index()].is_none() {
            return;
        }
        let mut next = self.census.known(instance).seat();
        loop {
            let seat = next.expect("an instance joins a pool before it does anything in it");
            if seat.pool == pool {
                with(self.flows[pool.index()].as_mut().expect("it was just seen"), seat.number as usize);
                return;
            }
            next = self.before(seat);
        }
    }

    /// The seat that an instance had before this one.
    fn before(&self, seat: Seat) -> Option<Seat> {
        Some(self.seats[seat.before.checked_sub(1)? as usize])
    }

    fn moments(&mut self, record: &Record) {
        let moments = &mut self.moments;
        match record.fact {
            Fact::OutageBegan { pool } => self.open[pool.index()].outage = true,
            Fact::OutageEnded { pool } => self.open[pool.index()].outage = false,
            Fact::HarmBegan { pool } => {
                self.open[pool.index()].harm = true;
                moments.first_harm.get_or_insert(record.time);
                moments.open += 1;
            }
            Fact::HarmEnded { pool } => {
                self.open[pool.index()].harm = false;
                moments.open -= 1;
                moments.last_end = Some(record.time);
            }
            Fact::ProbeDown { .. } if moments.first_harm.is_some() => {
                moments.detected.get_or_insert(record.time);
            }
            _ => {}
        }
    }
}

impl Sink for Measures<'_> {
    fn record(&mut self, record: &Record) {
        self.repairs.record(record);
        self.bill.record(record);
        self.spread.record(record);
        match record.fact {
            // What most facts of a long run are, and no measure counts.
            Fact::ActionTaken { .. }
            | Fact::ActionEnded { .. }
            | Fact::ProcessStarted { .. }
            | Fact::ProcessStopped { .. }
            | Fact::HealthChanged { .. }
            | Fact::HealthReported { .. }
            | Fact::ProbeUp { .. } => {}
            Fact::HarmBegan { .. }
            | Fact::HarmEnded { .. }
            | Fact::OutageBegan { .. }
            | Fact::OutageEnded { .. }
            | Fact::ProbeDown { .. } => self.moments(record),
            _ => {
                self.census.record(record);
                match record.fact {
                    Fact::InstanceCreated { set, .. } => self.rollouts.moved(set),
                    Fact::UpdateBegan { instance, .. } => self.rollouts.moved(self.census.known(instance).set()),
                    _ => self.rollouts.record(record),
                }
                self.standby.record(record);
                self.flow(record);
            }
        }
    }

    fn end(&mut self, at: SimTime) {
        self.census.end(at);
        self.standby.end(at);
        self.bill.end(at);
        self.spread.end(at);
        for flow in self.flows.iter_mut().flatten() {
            flow.advance(at);
        }
    }
}
