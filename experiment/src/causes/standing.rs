//! The fleet at an instant, and what last befell each instance.

use crate::replay::Replay;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::{FleetView, InstanceView, Observer, Watched};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::ids::{EntryPointId, InstanceId, PoolId};
use windtunnel_sim::world::run::Sink;

/// What befell an instance.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Life {
    /// By which it came to serve users as it does.
    pub(super) service: Option<Record>,
    /// By which its process last started.
    pub(super) started: Option<Record>,
    /// By which it was created.
    pub(super) created: Option<Record>,
    /// By which it failed to come up.
    pub(super) failed: Option<Record>,
    /// By which it left rotation.
    pub(super) out: Option<Record>,
}

/// The fleet at an instant.
pub(super) struct Standing<'p> {
    /// The instant.
    pub(super) at: SimTime,
    /// The fleet when all of it has happened.
    pub(super) fleet: FleetView<'p>,
    /// By instance.
    pub(super) lives: Vec<Life>,
    /// The capacity of each set.
    pub(super) capacity: Vec<u32>,
    /// How many entries there are by then.
    pub(super) entries: usize,
}

impl<'p> Standing<'p> {
    pub(super) fn at(replay: &Replay<'p>, at: SimTime) -> Self {
        let plan = replay.plan();
        let entries = replay.ledger.partition_point(|record| record.time <= at);
        let mut walk = Watched::new(plan, Lives::default());
        replay.ledger[..entries].iter().for_each(|record| walk.record(record));
        let mut capacity: Vec<u32> = plan.sets.iter().map(|set| set.capacity).collect();
        for record in &replay.ledger[..entries] {
            if let Fact::CapacitySet { set, to, .. } = record.fact {
                capacity[set.index()] = to;
            }
        }
        Self { at, fleet: walk.fleet, lives: walk.observers.0, capacity, entries }
    }

    /// The instances behind an entry point that are not gone, with what each is.
    pub(super) fn behind(&self, entry_point: EntryPointId) -> impl Iterator<Item = (InstanceId, &InstanceView)> {
        let plan = self.fleet.plan();
        let pools: Vec<PoolId> = plan.pools_behind(entry_point).collect();
        let units = self.fleet.instances.iter().enumerate().filter(|(_, unit)| !unit.is_gone());
        let units = units.map(|(at, unit)| (InstanceId(at as u32), unit));
        units.filter(move |(_, unit)| sets_behind(plan, &pools, unit.set.index()))
    }

    /// The pool of an entry point in which new connections go to an instance.
    pub(super) fn pool(&self, entry_point: EntryPointId, unit: &InstanceView) -> Option<(PoolId, bool)> {
        let pools: Vec<PoolId> = self.fleet.plan().pools_behind(entry_point).collect();
        let mut of = self.fleet.pools(unit).filter(|of| of.in_rotation && pools.contains(&of.pool));
        of.next().map(|of| (of.pool, of.held_up))
    }

    /// What befell an instance.
    pub(super) fn life(&self, instance: InstanceId) -> Life {
        self.lives.get(instance.index()).copied().unwrap_or_default()
    }
}

/// Whether a set is in one of these pools.
fn sets_behind(plan: &Plan, pools: &[PoolId], set: usize) -> bool {
    pools.iter().any(|pool| plan.joins(set, pool.0))
}

/// What befell each, record by record.
#[derive(Default)]
struct Lives(Vec<Life>);

impl Observer for Lives {
    fn before(&mut self, _: &FleetView<'_>, record: &Record) {
        let Some(instance) = record.fact.instance() else { return };
        if self.0.len() <= instance.index() {
            self.0.resize(instance.index() + 1, Life::default());
        }
        let life = &mut self.0[instance.index()];
        match record.fact {
            Fact::ServiceChanged { .. } => life.service = Some(*record),
            Fact::ProcessStarted { .. } => life.started = Some(*record),
            Fact::InstanceCreated { .. } | Fact::InstancePresent { .. } => life.created = Some(*record),
            Fact::OutOfRotation { .. } | Fact::LeftPool { .. } => life.out = Some(*record),
            ref fact if fails(fact) => life.failed = Some(*record),
            Fact::UpdateStarted { .. } => life.failed = None,
            _ => {}
        }
    }
}

/// Whether an instance does not come up with an entry.
pub(super) const fn fails(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::BootFailed { .. }
            | Fact::ExtensionFailed { .. }
            | Fact::ExtensionsTimedOut { .. }
            | Fact::UpdateRefused { .. }
    )
}
