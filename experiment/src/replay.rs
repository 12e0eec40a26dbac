//! One run with everything that a person wants to see of it: ledger, measures, series, lanes.

use super::repair_loop::{self, Found};
use std::sync::OnceLock;
use windtunnel_sim::azure::instances;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::catalogue::{HARMED, NEVER_STARTED_BY};
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::measure::lanes::Lanes;
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::measure::{Measure, Measures, Value};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::run::{Options, Outcome, Run};
use windtunnel_words::describe::Names;

/// A run, replayed for people.
#[derive(Debug)]
pub struct Replay<'p> {
    /// Its random seed.
    pub seed: u64,
    /// What it came to.
    pub outcome: Outcome,
    /// Every fact, in order.
    pub ledger: Vec<Record>,
    /// Every measure.
    pub measures: Vec<Measure>,
    /// What users met over time.
    pub series: Series<'p>,
    /// What each instance was over time.
    pub lanes: Lanes,
    /// The names of everything.
    pub names: Names<'p>,
    loops: OnceLock<Vec<Found>>,
}

impl<'p> Replay<'p> {
    /// Replays `plan` with `seed`.
    #[must_use]
    pub fn new(plan: &'p Plan, seed: u64) -> Self {
        Self::watched(plan, seed, std::iter::once(plan.horizon), &mut |_| ())
    }

    /// The same; `at_instant` is called at the start, and at each of these instants when the run has come so far. The last is the
    /// horizon.
    #[must_use]
    pub fn watched(
        plan: &'p Plan,
        seed: u64,
        instants: impl Iterator<Item = SimTime>,
        at_instant: &mut dyn FnMut(SimTime),
    ) -> Self {
        let watched = Watched::new(plan, (Series::new(plan), Lanes::new(plan)));
        let mut sink = (Vec::new(), (Measures::new(plan), watched));
        let mut run = Run::new(plan, seed, Options::default(), &mut sink);
        at_instant(SimTime::ZERO);
        for instant in instants {
            run.advance(instant, &mut sink);
            at_instant(instant);
        }
        let names = Names::new(plan, instances::names(&run.world, plan));
        let outcome = run.finish(&mut sink);
        let (ledger, (measures, Watched { observers: (series, lanes), .. })) = sink;
        let loops = OnceLock::new();
        Self { seed, outcome, ledger, measures: measures.measures(), series, lanes, names, loops }
    }

    /// Its repair loops, with what ends each. They are looked for when they are first asked for.
    #[must_use]
    pub fn repair_loops(&self) -> &[Found] {
        self.loops.get_or_init(|| repair_loop::find(self))
    }

    /// What a measure of the whole fleet came to.
    #[must_use]
    pub fn measure(&self, name: &str) -> Option<Value> {
        Measure::of_fleet(&self.measures, name)
    }

    /// The harmed share of requests in percent, where it is a number.
    #[must_use]
    pub fn harmed_pct(&self) -> Option<f64> {
        self.measure(HARMED)?.least()
    }

    /// Whether a rollout was wanted and none began.
    #[must_use]
    pub fn never_started(&self) -> bool {
        self.measures.iter().any(|one| one.name() == NEVER_STARTED_BY && one.value.word().is_some())
    }

    /// The plan it ran.
    #[must_use]
    pub const fn plan(&self) -> &'p Plan {
        self.names.plan()
    }
}
