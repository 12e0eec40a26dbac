//! A run that is stopped at an instant, to be asked what Azure would answer then.

use windtunnel_sim::azure::instances;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::World;
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::run::{Options, Run};
use windtunnel_words::describe::Names;

/// A run, stopped once everything of an instant has happened.
#[derive(Debug)]
pub struct Instant<'p> {
    /// Its random seed.
    pub seed: u64,
    /// The instant.
    pub at: SimTime,
    /// The world as it then is.
    pub world: World,
    /// Every fact up to then, in order.
    pub ledger: Vec<Record>,
    /// The names of everything there is by then.
    pub names: Names<'p>,
}

/// The run never came that far: controllers undid each other for ever (WT-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the run was stopped at {at}, where controllers undo each other without end: ask for an earlier instant")]
pub struct Looped {
    /// Where it was stopped.
    pub at: SimTime,
}

impl<'p> Instant<'p> {
    /// Runs `plan` with `seed` up to this instant.
    ///
    /// # Errors
    /// Where the run is stopped before.
    pub fn new(plan: &'p Plan, seed: u64, at: SimTime) -> Result<Self, Looped> {
        let mut ledger: Vec<Record> = Vec::new();
        let mut run = Run::new(plan, seed, Options::default(), &mut ledger);
        run.advance(at, &mut ledger);
        if let Some(last) = ledger.last().filter(|last| matches!(last.fact, Fact::LoopFound { .. })) {
            return Err(Looped { at: last.time });
        }
        let names = Names::new(plan, instances::names(&run.world, plan));
        Ok(Self { seed, at, world: run.world, ledger, names })
    }

    /// The plan it runs.
    #[must_use]
    pub const fn plan(&self) -> &'p Plan {
        self.names.plan()
    }
}
