//! Facts become numbers. Nothing here reads the world: what the measures know, the ledger says.

pub mod catalogue;
pub mod census;
pub mod fleet;
pub mod flow;
pub mod lanes;
pub mod series;
#[cfg(test)]
mod testing;
pub mod value;

use crate::engine::time::SimTime;
use crate::plan::Plan;
use crate::world::fact::{Fact, Flows, Record};
use crate::world::run::Sink;
use census::Census;
use flow::{Flow, Totals};
pub use value::{Measure, Unit, Value};

/// The measures of a run, streamed from its facts.
#[derive(Clone, Debug)]
pub struct Measures<'p> {
    plan: &'p Plan,
    flows: Vec<Option<Flow<'p>>>,
    census: Census<'p>,
    moments: Moments,
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

impl<'p> Measures<'p> {
    /// The measures of a run of `plan`, at its start.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        let flows =
            plan.pools.iter().map(|pool| pool.traffic.as_ref().map(|traffic| Flow::new(plan, traffic))).collect();
        Self { plan, flows, census: Census::new(plan), moments: Moments::default() }
    }

    /// What came of the requests at each entry point that has any.
    #[must_use]
    pub fn totals(&self) -> Vec<(&'p str, Totals)> {
        let named = self.plan.pools.iter().zip(&self.flows);
        named.filter_map(|(pool, flow)| Some((pool.balancer.as_str(), flow.as_ref()?.totals()))).collect()
    }

    fn flow(&mut self, record: &Record) {
        let at = record.time;
        let (instance, pool) = match record.fact {
            Fact::InRotation { instance, pool }
            | Fact::OutOfRotation { instance, pool, .. }
            | Fact::LeftPool { instance, pool }
            | Fact::ConnectionsClosed { instance, pool } => (instance.index(), Some(pool.index())),
            Fact::ServiceChanged { instance, .. } => (instance.index(), None),
            _ => return,
        };
        if let Fact::ServiceChanged { to, .. } = record.fact {
            for flow in self.flows.iter_mut().flatten() {
                flow.serve(at, instance, to);
            }
            return;
        }
        let Some(flow) = pool.and_then(|pool| self.flows[pool].as_mut()) else { return };
        match record.fact {
            Fact::InRotation { .. } => flow.rotate(at, instance, true, Flows::Kept),
            Fact::OutOfRotation { flows, .. } => flow.rotate(at, instance, false, flows),
            Fact::LeftPool { .. } => flow.rotate(at, instance, false, Flows::Cut),
            _ => flow.close(at, instance),
        }
    }

    fn moments(&mut self, record: &Record) {
        let moments = &mut self.moments;
        match record.fact {
            Fact::HarmBegan { .. } => {
                moments.first_harm.get_or_insert(record.time);
                moments.open += 1;
            }
            Fact::HarmEnded { .. } => {
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
        self.census.advance(record.time);
        self.census.record(record);
        self.flow(record);
        self.moments(record);
    }

    fn end(&mut self, at: SimTime) {
        self.census.end(at);
        for flow in self.flows.iter_mut().flatten() {
            flow.advance(at);
        }
    }
}
