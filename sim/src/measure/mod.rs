//! Facts become numbers. Nothing here reads the world: what the measures know, the ledger says.

mod affinity;
mod backends;
mod bill;
pub mod catalogue;
pub mod census;
pub mod columns;
mod connections;
pub mod entry_point;
pub mod fleet;
pub mod lanes;
pub mod octopus;
mod places;
pub mod repairs;
pub mod requests;
pub mod rollout;
pub mod scope;
pub mod series;
pub mod slots;
pub mod standby;
#[cfg(test)]
mod testing;
pub mod value;

use crate::engine::time::SimTime;
use crate::plan::{self, Plan, Users};
use crate::world::fact::{Fact, Record};
use crate::world::ids::EntryPointId;
use crate::world::run::Sink;
use bill::Bill;
use census::Census;
use entry_point::Totals;
use octopus::Deployments;
use repairs::Repairs;
use requests::Requests;
use rollout::Rollouts;
pub use scope::{Part, Scope, ScopeKind};
use standby::Standby;
pub use value::{Measure, Seen, Stored, Unit, Value};

/// The measures of a run, streamed from its facts.
#[derive(Clone, Debug)]
pub struct Measures<'p> {
    plan: &'p Plan,
    requests: Requests<'p>,
    census: Census<'p>,
    rollouts: Rollouts,
    repairs: Repairs,
    standby: Standby<'p>,
    deployments: Deployments<'p>,
    bill: Bill<'p>,
    moments: Moments,
    /// By entry point.
    open: Vec<Open>,
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
    id: EntryPointId,
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
        Self {
            plan,
            requests: Requests::new(plan),
            census: Census::new(plan),
            rollouts: Rollouts::new(plan.sets.iter().map(|set| set.upgrade.os.enabled)),
            repairs: Repairs::new(plan),
            standby: Standby::new(plan),
            deployments: Deployments::new(plan),
            bill: Bill::new(plan),
            moments: Moments::default(),
            open: vec![Open::default(); plan.entry_points.len()],
        }
    }

    /// What came of the requests at each entry point that has any.
    #[must_use]
    pub fn totals(&self) -> Vec<(&'p str, Totals)> {
        self.entries().into_iter().map(|entry| (entry.name, entry.totals)).collect()
    }

    /// The entry points that have traffic, with what came of it and what is still open.
    fn entries(&self) -> Vec<EntryPoint<'p>> {
        let entries = self.plan.entries().zip(&self.open);
        let entry = |((id, of), &open): ((EntryPointId, &'p plan::EntryPoint), &Open)| {
            let (backends, users) = (self.requests.of(id)?, of.traffic.as_ref()?.users);
            Some(EntryPoint {
                id,
                name: &of.resource,
                totals: backends.totals(),
                open,
                users,
                users_hit: backends.users_hit().unwrap_or(0.0),
                idle_dropped: backends.idle_dropped(),
            })
        };
        entries.filter_map(entry).collect()
    }

    #[inline]
    fn count(&mut self, record: &Record) {
        self.census.record(record);
        match record.fact {
            Fact::InstanceCreated { set, .. } => self.rollouts.moved(set),
            Fact::UpdateStarted { instance, .. } => self.rollouts.moved(self.census.known(instance).set()),
            _ => self.rollouts.record(record),
        }
        self.standby.record(record);
        self.deployments.record(record);
        self.requests.record(record, &mut self.census);
    }

    /// Hands a fact to those who may count it.
    fn hand_on(&mut self, record: &Record) {
        match record.fact {
            Fact::ActionTaken { .. } => self.bill.record(record),
            Fact::HarmStarted { .. }
            | Fact::HarmEnded { .. }
            | Fact::OutageStarted { .. }
            | Fact::OutageEnded { .. }
            | Fact::ProbeDown { .. } => self.moments(record),
            // Who takes users, and how they are served.
            Fact::ServiceChanged { .. } | Fact::InRotation { .. } | Fact::OutOfRotation { .. } => {
                self.census.record_service(record);
                self.requests.record(record, &mut self.census);
            }
            _ => {
                self.bill.record(record);
                self.count(record);
            }
        }
    }

    fn moments(&mut self, record: &Record) {
        let moments = &mut self.moments;
        match record.fact {
            Fact::OutageStarted { entry_point } => self.open[entry_point.index()].outage = true,
            Fact::OutageEnded { entry_point } => self.open[entry_point.index()].outage = false,
            Fact::HarmStarted { entry_point } => {
                self.open[entry_point.index()].harm = true;
                moments.first_harm.get_or_insert(record.time);
                moments.open += 1;
            }
            Fact::HarmEnded { entry_point } => {
                self.open[entry_point.index()].harm = false;
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
    #[inline]
    fn record(&mut self, record: &Record) {
        self.repairs.record(record);
        match record.fact {
            // What most facts of a long run are, and no measure counts: a test holds this to those who count.
            Fact::ActionEnded { .. }
            | Fact::ProcessStarted { .. }
            | Fact::ProcessStopped { .. }
            | Fact::HealthChanged { .. }
            | Fact::HealthReported { .. }
            | Fact::ProbeUp { .. } => {}
            _ => self.hand_on(record),
        }
    }

    fn end(&mut self, at: SimTime) {
        self.census.end(at);
        self.standby.end(at);
        self.deployments.end(at);
        self.bill.end(at);
        self.requests.advance(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator;
    use crate::world::run::{Options, run};
    use std::collections::BTreeMap;

    /// The measures where everybody who counts is handed every fact.
    struct Whole<'p>(Measures<'p>);

    impl Sink for Whole<'_> {
        fn record(&mut self, record: &Record) {
            self.0.repairs.record(record);
            self.0.bill.record(record);
            self.0.moments(record);
            self.0.count(record);
        }

        fn end(&mut self, at: SimTime) {
            self.0.end(at);
        }
    }

    /// How many facts there were of each kind.
    #[derive(Default)]
    struct Kinds(BTreeMap<&'static str, u32>);

    impl Sink for Kinds {
        fn record(&mut self, record: &Record) {
            *self.0.entry(record.fact.kind().variant).or_default() += 1;
        }

        fn end(&mut self, _: SimTime) {}
    }

    /// Which facts no measure counts is written by hand in [`Measures::record`]. A measure that comes to count one of them makes
    /// the two differ.
    #[test]
    fn what_is_kept_from_the_measures_changes_none() {
        let mut kinds = Kinds::default();
        for number in 0..300 {
            let plan = generator::scenario(number);
            let mut sinks = ((Measures::new(&plan), Whole(Measures::new(&plan))), std::mem::take(&mut kinds));
            run(&plan, number, Options::default(), &mut sinks);
            let ((measures, whole), seen) = sinks;
            kinds = seen;
            assert_eq!(measures.measures(), whole.0.measures(), "scenario {number}");
        }
        // A kind that never came would prove nothing.
        let kept = [
            "ActionTaken",
            "ActionEnded",
            "ProcessStarted",
            "ProcessStopped",
            "HealthChanged",
            "HealthReported",
            "ProbeUp",
            "HarmStarted",
            "HarmEnded",
            "OutageStarted",
            "OutageEnded",
            "ProbeDown",
            "ServiceChanged",
            "InRotation",
            "OutOfRotation",
        ];
        for kind in kept {
            assert!(kinds.0.get(kind).is_some_and(|&times| times >= 50), "{kind}: {:?}", kinds.0.get(kind));
        }
    }
}
