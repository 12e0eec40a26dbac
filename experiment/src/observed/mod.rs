//! How near a run comes to what was observed: the value of the run on the grid of each observation, what is left of the difference, and
//! how likely the observations are if the run is what happened.
//!
//! A value of the run over an interval is an integral of the series, which are straight lines between their rows, and no sample.
//!
//! The model of error: an observed number is the true one and an error of a normal distribution, whose standard deviation is half of the
//! tolerance and, in quadrature, the error of counting: √(p (1 − p) ÷ n) of a share of n requests, √n of a count. An observed
//! instant has such an error in time. A state is seen rightly. But one value in a hundred is wrong in a way that nobody foresees, and
//! then anything in its range: so a single wrong minute does not decide everything, and no logarithm is infinite.

mod counterpart;
mod likelihood;

use crate::limits::Stopped;
use crate::replay::Replay;
pub use likelihood::{COARSE, Likelihood, has_residuals};
use std::borrow::Cow;
use windtunnel_claims::observed::{Metric, Observation, Observed, Point, Value};
use windtunnel_sim::azure::instances;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::{Change, FleetView, Observer, Watched};
use windtunnel_sim::measure::lanes::{Lane, Lanes};
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{Health, Record};
use windtunnel_sim::world::ids::InstanceId;
use windtunnel_sim::world::run::{Options, Run, Sink};
use windtunnel_words::describe::Names;

/// What is kept of a run to compare it with what was observed.
#[derive(Debug)]
pub struct Seen<'r, 'p> {
    plan: &'p Plan,
    series: Cow<'r, Series<'p>>,
    /// By id; empty where nobody observed an instance.
    lanes: Cow<'r, [Lane]>,
    /// The changes of health, in the order of time.
    health: Vec<(SimTime, InstanceId, Option<Health>)>,
    /// Of the ledger, what observed events are compared with.
    events: Vec<Record>,
    names: Cow<'r, Names<'p>>,
    end: SimTime,
}

/// How near a run comes to all that was observed.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// One an observation, in the order of the scenario.
    pub rows: Vec<Scored>,
    /// How many values are within their tolerance.
    pub within: usize,
    /// Of so many that were compared.
    pub of: usize,
    /// The natural logarithm of the likelihood.
    pub log_likelihood: f64,
}

/// How near a run comes to one observation.
#[derive(Clone, Debug)]
pub struct Scored {
    /// What the author calls it.
    pub name: String,
    /// Each value.
    pub points: Vec<ScoredPoint>,
    /// How many are within their tolerance.
    pub within: usize,
    /// Of so many that were compared.
    pub of: usize,
    /// The natural logarithm of the likelihood.
    pub log_likelihood: f64,
    /// Why nothing of it could be compared.
    pub missing: Option<String>,
}

/// How near a run comes to one value.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredPoint {
    /// From here.
    pub from: SimTime,
    /// To here.
    pub until: SimTime,
    /// What was seen.
    pub observed: Value,
    /// What the run has; of an event when it happened, in seconds after the start. `None` where there is nothing to compare with.
    pub simulated: Option<Simulated>,
    /// Observed less simulated; of events, in seconds.
    pub residual: Option<f64>,
    /// How far it may be, in the unit of the residual.
    pub tolerance: f64,
    /// Whether it is within; `None` where it was not compared.
    pub within: Option<bool>,
    /// The natural logarithm of its likelihood; 0 where it was not compared.
    pub log_likelihood: f64,
}

/// What a run has where something was observed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Simulated {
    /// A number in the unit of the metric.
    Number(f64),
    /// The value of a state or a health; `None` where the instance is not there.
    Value(Option<Value>),
    /// When it happened; `None` where it never did.
    At(Option<SimTime>),
}

impl Simulated {
    /// The number, where it is one.
    #[must_use]
    pub const fn number(self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(value),
            Self::Value(_) | Self::At(_) => None,
        }
    }
}

/// Keeps what observations need.
struct Watch<'w> {
    observed: &'w Observed,
    instances: bool,
    health: Vec<(SimTime, InstanceId, Option<Health>)>,
    events: Vec<Record>,
}

impl<'w> Watch<'w> {
    fn new(observed: &'w Observed) -> Self {
        let instances = observed.rows.iter().any(|row| matches!(row.metric, Metric::Health { .. }));
        Self { observed, instances, health: Vec::new(), events: Vec::new() }
    }

    fn is_wanted(&self, record: &Record) -> bool {
        let name = record.fact.kind().name;
        self.observed.rows.iter().any(|row| matches!(&row.metric, Metric::Event { fact, .. } if fact == name))
    }
}

impl Observer for Watch<'_> {
    fn after(&mut self, fleet: &FleetView<'_>, record: &Record, _: Option<&Change>) {
        if self.is_wanted(record) {
            self.events.push(*record);
        }
        if let Some((instance, unit)) = record.fact.instance().and_then(|id| Some((id, fleet.unit(id)?)))
            && self.instances
        {
            let last = self.health.iter().rev().find(|(_, id, _)| *id == instance).map(|(.., health)| *health);
            let now = unit.health.filter(|_| !unit.is_gone());
            if last != Some(now) {
                self.health.push((record.time, instance, now));
            }
        }
    }
}

/// Lanes, where an instance was observed.
struct MaybeLanes(Option<Lanes>);

impl Observer for MaybeLanes {
    fn after(&mut self, fleet: &FleetView<'_>, record: &Record, change: Option<&Change>) {
        if let Some(lanes) = &mut self.0 {
            lanes.after(fleet, record, change);
        }
    }

    fn end(&mut self, fleet: &FleetView<'_>, at: SimTime) {
        if let Some(lanes) = &mut self.0 {
            lanes.end(fleet, at);
        }
    }
}

/// Runs a plan, and keeps what is compared with the observations and nothing else: no ledger, no measure.
///
/// # Errors
///
/// The run was stopped for its size.
pub fn run<'p>(plan: &'p Plan, seed: u64, observed: &Observed) -> Result<Seen<'p, 'p>, Stopped> {
    let lanes = observed.rows.iter().any(|row| matches!(row.metric, Metric::State { .. }));
    let lanes = MaybeLanes(lanes.then(|| Lanes::new(plan)));
    let mut sink = Watched::new(plan, ((Series::new(plan), lanes), Watch::new(observed)));
    let mut run = Run::new(plan, seed, Options::default(), &mut sink);
    run.advance(plan.horizon, &mut sink);
    let names = Names::new(plan, instances::names(&run.world, plan));
    let outcome = run.finish(&mut sink);
    Stopped::check(plan, seed, &outcome)?;
    let Watched { observers: ((series, lanes), watch), .. } = sink;
    Ok(Seen {
        plan,
        series: Cow::Owned(series),
        lanes: Cow::Owned(lanes.0.map_or_else(Vec::new, |lanes| lanes.lanes)),
        health: watch.health,
        events: watch.events,
        names: Cow::Owned(names),
        end: outcome.end,
    })
}

/// How near a run of a plan comes to what was observed.
///
/// # Errors
///
/// The run was stopped for its size.
pub fn score(plan: &Plan, seed: u64, observed: &Observed) -> Result<Score, Stopped> {
    run(plan, seed, observed).map(|seen| seen.score(observed))
}

impl<'r, 'p> Seen<'r, 'p> {
    /// What was kept of a whole run.
    #[must_use]
    pub fn of(replay: &'r Replay<'p>, observed: &Observed) -> Self {
        let plan = replay.plan();
        let mut walk = Watched::new(plan, Watch::new(observed));
        replay.ledger.iter().for_each(|record| walk.record(record));
        Self {
            plan,
            series: Cow::Borrowed(&replay.series),
            lanes: Cow::Borrowed(&replay.lanes.lanes),
            health: walk.observers.health,
            events: walk.observers.events,
            names: Cow::Borrowed(&replay.names),
            end: replay.outcome.end,
        }
    }

    /// How near it comes to what was observed.
    #[must_use]
    pub fn score(&self, observed: &Observed) -> Score {
        let rows: Vec<Scored> = observed.rows.iter().map(|row| self.scored(row)).collect();
        Score {
            within: rows.iter().map(|row| row.within).sum(),
            of: rows.iter().map(|row| row.of).sum(),
            log_likelihood: rows.iter().map(|row| row.log_likelihood).sum(),
            rows,
        }
    }

    /// The natural logarithm of the likelihood of what was observed, if this run is what happened.
    #[must_use]
    pub fn log_likelihood(&self, observed: &Observed) -> f64 {
        self.score(observed).log_likelihood
    }

    fn scored(&self, row: &Observation) -> Scored {
        let counterpart = counterpart::Counterpart::new(self, row);
        let (counterpart, missing) = match counterpart {
            Ok(counterpart) => (Some(counterpart), None),
            Err(missing) => (None, Some(missing)),
        };
        let points: Vec<ScoredPoint> = row
            .points
            .iter()
            .map(|point| likelihood::scored(row, point, counterpart.as_ref().and_then(|of| of.at(point))))
            .collect();
        Scored {
            name: row.name.clone(),
            within: points.iter().filter(|point| point.within == Some(true)).count(),
            of: points.iter().filter(|point| point.within.is_some()).count(),
            log_likelihood: points.iter().map(|point| point.log_likelihood).sum(),
            points,
            missing,
        }
    }
}

/// Whether a point lies in a run that ends at an instant.
fn is_within(point: &Point, end: SimTime) -> bool {
    point.until <= end
}
