//! Facts become numbers. Nothing here reads the world: what the measures know, the ledger says.

mod affinity;
pub mod agents;
pub mod answers;
mod backends;
mod bill;
pub mod catalogue;
pub mod census;
pub mod columns;
mod connections;
mod curve;
pub mod entry_point;
pub mod fleet;
mod gateways;
pub mod lanes;
mod meeting;
mod names;
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
mod totals;
pub mod value;
mod versions;
mod watched;
pub mod windows;

use crate::engine::time::SimTime;
use crate::plan::{self, Plan, Users};
use crate::world::fact::{
    Fact, FlowFact, Flows, GalleryFact, GuestFact, OperatorFact, PlaceFact, PowerFact, Record, Service,
};
use crate::world::ids::{EntryPointId, InstanceId, PoolId};
use crate::world::run::Sink;
use agents::Agents;
use bill::Bill;
use census::Census;
use entry_point::{Stretch, Totals};
use fleet::{Change, FleetView};
use gateways::Gateways;
use octopus::Deployments;
use repairs::Repairs;
use requests::Requests;
use rollout::Rollouts;
pub use scope::{Part, Scope, ScopeKind};
use standby::Standby;
pub use value::{Measure, Seen, Stored, Unit, Value};
use versions::Versions;
use windows::Windows;

/// The measures of a run, streamed from its facts.
#[derive(Clone, Debug)]
pub struct Measures<'p> {
    plan: &'p Plan,
    /// The fleet, but for what no measure reads of it.
    fleet: FleetView<'p>,
    requests: Requests<'p>,
    census: Census<'p>,
    versions: Versions,
    rollouts: Rollouts,
    repairs: Repairs,
    standby: Standby<'p>,
    deployments: Deployments<'p>,
    agents: Agents,
    gateways: Gateways,
    bill: Bill<'p>,
    moments: Moments,
    windows: Windows<'p>,
    /// By entry point.
    open: Vec<Open>,
}

/// Instants that matter.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    first_harm: Option<SimTime>,
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
    /// Demand is more than the ready backends in rotation can serve; known at the end of a run only.
    shortfall: bool,
}

/// Whether demand is more than the ready backends in rotation can serve.
fn is_short(now: Stretch, at: SimTime) -> bool {
    now.demand_at(at) > now.ready_room()
}

impl<'p> Measures<'p> {
    /// The measures of a run of `plan`, at its start.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            fleet: FleetView::new(plan),
            requests: Requests::new(plan),
            census: Census::new(plan),
            versions: Versions::new(plan),
            rollouts: Rollouts::new(plan.sets.iter().map(|set| set.upgrade.os.enabled)),
            repairs: Repairs::new(plan),
            standby: Standby::new(plan),
            deployments: Deployments::new(plan),
            agents: Agents::default(),
            gateways: Gateways::new(plan),
            bill: Bill::new(plan),
            moments: Moments::default(),
            windows: Windows::new(plan),
            open: vec![Open::default(); plan.entry_points.len()],
        }
    }

    /// What came of the requests at each entry point that has any.
    #[must_use]
    pub fn totals(&self) -> Vec<(&'p str, Totals)> {
        self.entries().into_iter().map(|entry| (entry.name, entry.totals)).collect()
    }

    /// The same by the entry points themselves.
    #[must_use]
    pub fn totals_of(&self) -> Vec<(EntryPointId, Totals)> {
        self.entries().into_iter().map(|entry| (entry.id, entry.totals)).collect()
    }

    /// The entry points that have traffic and are no part of another, with what came of it and what is still open: first those whose
    /// users are their own.
    fn entries(&self) -> Vec<EntryPoint<'p>> {
        let entries = self.plan.entries().zip(&self.open);
        let entry = |((id, of), &open): ((EntryPointId, &'p plan::EntryPoint), &Open)| {
            let (backends, users) =
                (self.requests.of(id).filter(|_| !self.plan.is_part(id))?, of.traffic.as_ref()?.users);
            Some(EntryPoint {
                id,
                name: &of.resource,
                totals: backends.totals(),
                open: Open { shortfall: is_short(backends.now(self.plan.horizon), self.plan.horizon), ..open },
                users,
                users_hit: backends.users_hit().unwrap_or(0.0),
                idle_dropped: backends.idle_dropped(),
            })
        };
        let mut all: Vec<EntryPoint<'p>> = entries.filter_map(entry).collect();
        all.sort_by_key(|entry| !self.plan.entry_point(entry.id).is_root());
        all
    }

    /// Hands a fact to those who count it: most that count say who takes users, and how they are served.
    fn hand_on(&mut self, record: &Record) {
        match record.fact {
            Fact::ServiceChanged { instance, to } => self.serve(record.time, instance, to),
            Fact::InRotation { instance, pool, probed_up } => {
                self.rotate(record.time, (instance, pool), (true, Flows::Kept), probed_up);
            }
            Fact::OutOfRotation { instance, pool, flows, probed_up } => {
                self.rotate(record.time, (instance, pool), (false, flows), probed_up);
            }
            Fact::HarmStarted { .. }
            | Fact::HarmEnded { .. }
            | Fact::OutageStarted { .. }
            | Fact::OutageEnded { .. } => self.moments(record),
            Fact::ProbeDown { instance, pool, .. } => {
                self.fleet.hold(instance, pool, false);
                self.moments(record);
            }
            Fact::ActionTaken { action } => self.bill.action(action),
            _ => self.count(record),
        }
    }

    /// An instance serves like this from now on.
    fn serve(&mut self, now: SimTime, instance: InstanceId, to: Service) {
        self.census.settle(&self.fleet, now);
        let Some(change) = self.fleet.serve(instance, to) else { return };
        self.census.change(instance, &change.before, &self.fleet.instances[instance.index()], now);
        self.requests.serve(&self.fleet, now, (instance, to), change.before.said);
        self.versions.look(now, &self.fleet, &self.requests, instance);
    }

    /// New connections of a pool go to an instance, or no longer, and this becomes of those that it has.
    fn rotate(&mut self, now: SimTime, of: (InstanceId, PoolId), to: (bool, Flows), probed_up: bool) {
        self.census.settle(&self.fleet, now);
        let Some(change) = self.fleet.rotate(of, to.0, probed_up) else { return };
        self.census.change(of.0, &change.before, &self.fleet.instances[of.0.index()], now);
        self.requests.rotate(&self.fleet, now, of, Some(&change), to);
        self.versions.look(now, &self.fleet, &self.requests, of.0);
    }

    /// The same of what comes now and then. What is not named here counts for requests, or for nobody.
    #[inline(never)]
    fn count(&mut self, record: &Record) {
        self.census.settle(&self.fleet, record.time);
        let change = self.fleet.take(record);
        self.deployments.record(record);
        if self.plan.has_jobs() {
            self.agents.record(record);
        }
        let had_users = self.is_led(record);
        self.hand_out(record, change.as_ref());
        for (instance, before) in self.fleet.turned() {
            self.census.change(*instance, before, &self.fleet.instances[instance.index()], record.time);
        }
        let led = self.is_led(record) != had_users;
        self.versions.record(record, &self.fleet, &self.requests, led);
    }

    /// Whether users are led now to where a record leads some.
    fn is_led(&self, record: &Record) -> bool {
        matches!(record.fact, Fact::Flow(FlowFact::Routed { to, .. }) if self.requests.has_users(to))
    }

    /// Hands a fact on that the fleet has taken in: it changed this of an instance.
    fn hand_out(&mut self, record: &Record, change: Option<&Change>) {
        let (now, fleet) = (record.time, &self.fleet);
        match record.fact {
            Fact::InstancePresent { instance, .. } => self.come(now, instance, true),
            Fact::InstanceCreated { instance, set, surges, .. } => {
                self.come(now, instance, false);
                self.rollouts.moved(set);
                self.standby.create(set);
                if surges {
                    self.census.surge(set, instance);
                }
            }
            Fact::InstanceRunning { instance } => self.census.run(instance, now),
            Fact::InstanceDeleting { instance, why } => {
                self.bill.leave(instance, fleet.instances[instance.index()].set, why, now);
                self.census.leave(fleet, instance, why, now);
            }
            Fact::InstanceDeleted { instance } => {
                self.bill.gone(instance, fleet.instances[instance.index()].set, now);
            }
            Fact::DeletionFailed { instance, again: false, .. } => self.census.stay(fleet, instance, now),
            Fact::UpdateStarted { instance, .. } => self.rollouts.moved(fleet.instances[instance.index()].set),
            Fact::DiskSwapped { instance, image, .. } => {
                self.change(now, instance, change);
                self.census.swap(&self.fleet, instance, image);
            }
            Fact::CodeInstalled { instance, .. } => {
                self.change(now, instance, change);
                self.census.hit_by_code(&self.fleet, instance);
            }
            Fact::Guest(GuestFact::ReleaseChanged { instance, action, back: false, .. }) => {
                self.census.release(fleet, instance, action);
            }
            Fact::LeftPool { instance, .. } => {
                self.change(now, instance, change);
                self.requests.record(record, &self.fleet, change);
            }
            Fact::Power(PowerFact::Deallocating { instance }) => self.census.stop_billing(fleet, instance, now),
            Fact::Operator(OperatorFact::PlacedAnew { at, .. }) => {
                change.into_iter().for_each(|change| self.census.place(change, at, now));
            }
            Fact::Place(PlaceFact::Sized { instance, by, .. }) => self.census.resize(fleet, instance, by, now),
            Fact::Place(fact) => self.standby.place(fact, now),
            Fact::Spot(fact) => self.census.market(fleet, fact, now),
            Fact::Job(fact) => self.census.job(fact),
            Fact::Gateway(fact) => {
                self.gateways.record(now, fact);
                self.requests.record(record, fleet, change);
            }
            Fact::CapacitySet { set, from, to, by } => self.census.scale(set, (from, to), by, now),
            Fact::Gallery(fact) => {
                if let GalleryFact::InstancesStay { set, .. } = fact {
                    self.rollouts.stay(set, record.rule);
                }
                self.bill.gallery(fact, now);
            }
            Fact::Build(fact) => self.bill.build(fact, now),
            Fact::Rollout(fact) => self.rollouts.upgrade(fact, record),
            Fact::OsUpgrade(fact) => self.rollouts.automatic(fact, record.rule),
            _ => self.requests.record(record, fleet, change),
        }
    }

    /// An instance comes: asked for, or up from before the run began.
    fn come(&mut self, now: SimTime, instance: InstanceId, at_start: bool) {
        self.census.come(&self.fleet, instance, now, at_start);
        self.bill.come(instance, self.fleet.instances[instance.index()].set, now, at_start);
    }

    /// An instance changed, as those see it who count what is in rotation.
    #[inline]
    fn change(&mut self, now: SimTime, instance: InstanceId, change: Option<&Change>) {
        if let Some(change) = change {
            self.census.change(instance, &change.before, &self.fleet.instances[instance.index()], now);
        }
    }

    #[inline(always)]
    fn moments(&mut self, record: &Record) {
        self.windows.take(&self.fleet, record);
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
            _ => {}
        }
    }
}

impl Sink for Measures<'_> {
    #[inline]
    fn record(&mut self, record: &Record) {
        self.repairs.record(&self.fleet, record);
        match record.fact {
            // What most facts of a long run are, and changes nothing that a measure reads: a test holds this to those who count.
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
        self.census.end(&self.fleet, at);
        self.versions.advance(at);
        self.standby.end(at);
        self.deployments.end(at);
        self.agents.end(at);
        self.gateways.end(at);
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
            self.0.repairs.record(&self.0.fleet, record);
            self.0.hand_on(record);
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
        let kept = ["ActionEnded", "ProcessStarted", "ProcessStopped", "HealthChanged", "HealthReported", "ProbeUp"];
        for kind in kept {
            assert!(kinds.0.get(kind).is_some_and(|&times| times >= 50), "{kind}: {:?}", kinds.0.get(kind));
        }
    }
}
