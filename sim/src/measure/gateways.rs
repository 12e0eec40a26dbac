//! The count of the instances of gateways: how many there were at most, and for how long there were too few.

use crate::engine::time::SimTime;
use crate::plan::Plan;
use crate::world::fact::GatewayFact;
use crate::world::ids::GatewayId;

/// What became of the gateways whose count of instances moves.
#[derive(Clone, Debug, Default)]
pub struct Gateways(Vec<Gateway>);

/// One gateway.
#[derive(Clone, Copy, Debug, Default)]
pub struct Gateway {
    has: u16,
    needs: u16,
    last: SimTime,
    /// The most that took requests at once.
    pub most: u16,
    /// How long fewer took requests than its load needed, in milliseconds.
    pub short_ms: u64,
}

impl Gateways {
    /// As the run begins.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let of = |least: u16| Gateway { has: least, most: least, ..Gateway::default() };
        Self(plan.gateways.iter().map(|gateway| of(gateway.least)).collect())
    }

    /// Takes in a fact.
    pub fn record(&mut self, at: SimTime, fact: GatewayFact) {
        match fact {
            GatewayFact::Needs { gateway, instances } => {
                let row = self.upto(at, gateway);
                row.needs = instances;
            }
            GatewayFact::Has { gateway, instances } => {
                let row = self.upto(at, gateway);
                row.has = instances;
                row.most = row.most.max(instances);
            }
            GatewayFact::ScalesOut { .. } | GatewayFact::Drained { .. } | GatewayFact::Bounded { .. } => {}
        }
    }

    fn upto(&mut self, at: SimTime, gateway: GatewayId) -> &mut Gateway {
        let row = &mut self.0[gateway.index()];
        row.advance(at);
        row
    }

    /// The run is over.
    pub fn end(&mut self, at: SimTime) {
        self.0.iter_mut().for_each(|row| row.advance(at));
    }

    /// Every gateway, with its place in the plan.
    pub fn all(&self) -> impl Iterator<Item = (GatewayId, &Gateway)> {
        self.0.iter().enumerate().map(|(at, row)| (GatewayId(at as u16), row))
    }
}

impl Gateway {
    fn advance(&mut self, to: SimTime) {
        if self.needs > self.has {
            self.short_ms += to.since(self.last).ms();
        }
        self.last = to;
    }
}
