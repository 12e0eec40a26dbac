//! Who looks at the fleet as records change it.

use super::fleet::{Change, FleetView};
use crate::engine::time::SimTime;
use crate::plan::Plan;
use crate::world::fact::Record;
use crate::world::run::Sink;

/// Looks at the fleet as records change it.
pub trait Observer {
    /// A record is about to be applied.
    fn before(&mut self, _: &FleetView<'_>, _: &Record) {}

    /// A record was applied, and changed this of an instance.
    fn after(&mut self, _: &FleetView<'_>, _: &Record, _: Option<&Change>) {}

    /// The run is over.
    fn end(&mut self, _: &FleetView<'_>, _: SimTime) {}
}

/// Nobody looks.
impl Observer for () {}

impl<A: Observer, B: Observer> Observer for (A, B) {
    fn before(&mut self, fleet: &FleetView<'_>, record: &Record) {
        self.0.before(fleet, record);
        self.1.before(fleet, record);
    }

    fn after(&mut self, fleet: &FleetView<'_>, record: &Record, change: Option<&Change>) {
        self.0.after(fleet, record, change);
        self.1.after(fleet, record, change);
    }

    fn end(&mut self, fleet: &FleetView<'_>, at: SimTime) {
        self.0.end(fleet, at);
        self.1.end(fleet, at);
    }
}

/// The fleet of a run with those who look at it.
#[derive(Clone, Debug)]
pub struct Watched<'p, O> {
    /// The fleet.
    pub fleet: FleetView<'p>,
    /// Who looks at it.
    pub observers: O,
}

impl<'p, O: Observer> Watched<'p, O> {
    /// No instance yet.
    #[must_use]
    pub fn new(plan: &'p Plan, observers: O) -> Self {
        Self { fleet: FleetView::new(plan), observers }
    }
}

impl<O: Observer> Sink for Watched<'_, O> {
    fn record(&mut self, record: &Record) {
        self.observers.before(&self.fleet, record);
        let change = self.fleet.take(record);
        self.observers.after(&self.fleet, record, change.as_ref());
    }

    fn end(&mut self, at: SimTime) {
        self.observers.end(&self.fleet, at);
    }
}
