//! The last moment: the same act a minute later, and again, until it came in fact; from when on it helps no more.

use super::acts::{AFTER_CANCEL, Sweep};
use super::search::{Done, harm_of, standing};
use super::{Named, Source, Tried};
use crate::acts::{self, Fate};
use crate::drill::search::Extent;
use crate::fleets::{Fleet, Fleets, Wanted};
use crate::replay::Replay;
use crate::workers::Workers;
use windtunnel_input::Planned;
use windtunnel_sim::engine::time::{SimDuration, SimTime};

/// So many instants are tried, at most; with so many seeds each.
const POINTS: u64 = 60;
const SEEDS: usize = 20;
/// What helps so little is no moment to look for.
const HELPS: f64 = 0.2;

/// What comes of an act at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// When it comes.
    pub at: SimTime,
    /// Harm in percent, in the mean.
    pub harm: f64,
    /// In how many runs the objective is kept.
    pub held: usize,
    /// With the first seed the act is refused.
    pub refused: bool,
}

/// The same act at one instant after another.
#[derive(Clone, Debug, PartialEq)]
pub struct LastMoment {
    /// The change whose act it is.
    pub title: String,
    /// It goes to all instances at once.
    pub at_once: bool,
    /// Its entry of the timeline.
    pub entry: String,
    /// The set whose upgrade is cancelled before it.
    pub cancel: Option<String>,
    /// How long before.
    pub before: SimDuration,
    /// From one instant to the next.
    pub step: SimDuration,
    /// How many seeds each has.
    pub seeds: usize,
    /// Harm in percent as it was.
    pub own: f64,
    /// When the act came in fact.
    pub was: SimTime,
    /// What comes of it, the earliest first.
    pub points: Vec<Point>,
}

impl LastMoment {
    /// The last instant up to which harm stays within a limit at every one before.
    #[must_use]
    pub fn within(&self, limit: f64) -> Option<&Point> {
        self.points.iter().take_while(|point| point.harm <= limit).last()
    }

    /// Stretches of instants at which the act is refused, each by its first and last.
    #[must_use]
    pub fn refused(&self) -> Vec<&[Point]> {
        self.points.chunk_by(|a, b| a.refused == b.refused).filter(|chunk| chunk[0].refused).collect()
    }
}

/// An act that comes earlier with a change than it did, and when.
fn earlier(tried: &Tried) -> Option<(&Sweep, SimTime)> {
    let sweep = tried.change.sweep.as_ref()?;
    let at = tried.planned.plan.timeline.iter().find(|action| action.name == sweep.entry)?.at;
    (at < sweep.was).then_some((sweep, at))
}

/// Looks for the last moment of the act that helps most.
pub(super) fn last(
    source: &Source<'_>,
    own: &Planned,
    singles: &[Done],
    extent: Extent,
    workers: &dyn Workers,
) -> anyhow::Result<Option<LastMoment>> {
    let able = singles.iter().filter(|one| one.tried.worth.helps() && one.tried.removed >= HELPS);
    let earlier = able.filter_map(|one| Some((one, earlier(&one.tried)?)));
    let best = earlier.max_by(|a, b| a.0.tried.removed.total_cmp(&b.0.tried.removed));
    let Some((best, (sweep, from))) = best else { return Ok(None) };
    let minute = AFTER_CANCEL.ms();
    // People think in whole minutes.
    let from = SimTime::ZERO + SimDuration::from_ms(from.ms().div_ceil(minute) * minute);
    let whole = sweep.was.since(from).ms() / minute;
    let step = SimDuration::from_ms(minute * whole.div_ceil(POINTS).max(1));
    let instants: Vec<SimTime> =
        (0..=whole * minute / step.ms()).map(|n| from + step.times(n)).filter(|at| *at <= sweep.was).collect();
    let policies: Vec<Named> = instants.iter().map(|at| (format!("at {at}"), sweep.at(*at))).collect();
    let (able, _) = source.suitable(&[], &policies);
    let policies: Vec<Named> = able.iter().map(|at| policies[*at].clone()).collect();
    let loaded = source.load(&[], &policies)?;
    let plans: Vec<(SimTime, &Planned)> = able
        .iter()
        .zip(&policies)
        .filter_map(|(at, (name, _))| Some((instants[*at], loaded.plan(name).ok()?)))
        .collect();
    let seeds = SEEDS.min(extent.runs);
    let mut fleets = vec![Fleet { name: "as it was".to_owned(), plans: vec![Some(own)] }];
    fleets.extend(plans.iter().map(|(at, plan)| Fleet { name: at.to_string(), plans: vec![Some(plan)] }));
    let mut runs = Fleets::new(extent.first_seed, fleets, vec![None]);
    let all: Vec<Wanted> = (0..=plans.len()).map(|fleet| Wanted { incident: 0, fleet, runs: seeds }).collect();
    runs.make(&all, workers)?;
    let point = |(place, (at, planned)): (usize, &(SimTime, &Planned))| {
        let with = standing(&runs, 0, place + 1, seeds);
        let replay = Replay::new(&planned.plan, extent.first_seed);
        let of = acts::of(&replay).into_iter().filter(|act| replay.names.action(act.action) == sweep.entry);
        let refused = of.into_iter().any(|act| matches!(act.fate, Fate::Refused(_)));
        Point { at: *at, harm: harm_of(&with), held: with.held, refused }
    };
    Ok(Some(LastMoment {
        title: best.tried.change.title.clone(),
        at_once: sweep.with.is_some(),
        entry: sweep.entry.clone(),
        cancel: sweep.cancel.clone(),
        before: AFTER_CANCEL,
        step,
        seeds,
        own: harm_of(&standing(&runs, 0, 0, seeds)),
        was: sweep.was,
        points: plans.iter().enumerate().map(point).collect(),
    }))
}
