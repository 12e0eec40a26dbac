//! The search for the one change that would help a fleet most.
//!
//! Every change is tried in the incidents that the fleet does not hold, with a few seeds; those that seem to help most are then run
//! in every incident with all seeds, the same as the fleet itself. A change that keeps the good rollout from coming to its end is
//! never advised, and none without what it costs: a longer rollout, more instance hours.

use super::card::{HOURS, Standing, Verdict};
use super::prepare::{Fit, Prepared, followed, refusal};
use crate::assessment::{MATTERS_FROM, allowed};
use crate::column::Column;
use crate::fleets::{Fleet, Fleets, Wanted};
use crate::reached::{Followed, Reached};
use crate::statistics::{Paired, Verdict as Differs};
use crate::workers::Workers;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use windtunnel_input::drill::{Drill, Rollout};
use windtunnel_sim::measure::catalogue::HARMED;

/// The incident in which nothing goes wrong.
pub const YARDSTICK: usize = 0;
/// Seeds that every change is tried with.
const FEW: usize = 6;
/// Changes that are tried with all.
const FINALISTS: usize = 3;
/// A change helps a fleet that takes away this share of the harm of all incidents together.
const HELPS_FROM: f64 = 0.25;
/// A change helps in an incident that takes away this share of its harm: a slower rollout brings less harm by the end of the run.
const HELPS_ONE_FROM: f64 = 0.5;

/// A change and what came of it.
#[derive(Clone, Debug)]
pub struct Tried {
    /// Which, by place among the changes of the fleet.
    pub change: usize,
    /// How many seeds it was run with.
    pub seeds: usize,
    /// Incidents that the fleet holds with it, of those that it was tried in.
    pub held: usize,
    /// Incidents that it was tried in.
    pub of: usize,
    /// What it comes to in each incident; none where it was not tried.
    pub standings: Vec<Option<Standing>>,
    /// What the fleet without it comes to with the same seeds, where it was tried.
    pub without: Vec<Option<Standing>>,
    /// How many seconds longer the good rollout takes.
    pub longer: Option<Paired>,
    /// How many instance hours more there are in the run with the good rollout.
    pub hours: Option<f64>,
    /// Why it is not advised, whatever it changes.
    pub barred: Option<String>,
}

impl Tried {
    /// How many of the incidents that it was tried in the fleet holds without it, with the same seeds.
    #[must_use]
    pub fn held_without(&self) -> usize {
        let of = self.without.iter().skip(YARDSTICK + 1).flatten();
        of.filter(|one| one.verdict == Verdict::Held).count()
    }
}

/// What one change would do for one incident.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// Which change.
    pub change: usize,
    /// The fleet with it.
    pub standing: Standing,
    /// How the harmed share differs, in points.
    pub harm: Option<Paired>,
}

/// What a drill came to on a fleet.
#[derive(Clone, Debug)]
pub struct Row {
    /// The fleet as it is.
    pub standing: Standing,
    /// The fleet that it is compared with.
    pub before: Option<Standing>,
    /// How the measures of the two differ, seed by seed.
    pub differences: Vec<(Column, Paired)>,
    /// The change that would help most in this incident.
    pub remedy: Option<Remedy>,
    /// The digest of all its runs.
    pub digest: u64,
}

/// In what an incident is worse than for the fleet before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worse {
    /// A good image came to its end before, and never does now.
    Stopped,
    /// It could not happen before, and is not held now.
    New,
    /// It was held before.
    Lost,
    /// It surely harms more.
    Harms,
}

impl Worse {
    /// As programs read it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::New => "newlyPossible",
            Self::Lost => "wasHeld",
            Self::Harms => "harmsMore",
        }
    }
}

/// The scorecard of a fleet.
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// A row a drill; the first is the yardstick.
    pub rows: Vec<Row>,
    /// What was tried, the most helpful first.
    pub tried: Vec<Tried>,
    /// The one change, by place among what was tried.
    pub best: Option<usize>,
    /// Harm in percent that the objective leaves room for.
    pub allowed: Option<f64>,
    /// The first seed.
    pub first_seed: u64,
    /// How many seeds.
    pub runs: usize,
}

/// How much is run.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// The first seed.
    pub first_seed: u64,
    /// How many seeds.
    pub runs: usize,
}

/// Runs every drill on a fleet, beside another one where there is one, and looks for the change that would help most.
///
/// # Errors
///
/// A run came to more than it may, or there can be no workers.
pub fn scorecard(
    drills: &[Drill],
    fleet: &Prepared<'_>,
    before: Option<&Prepared<'_>>,
    extent: Extent,
    workers: &dyn Workers,
) -> anyhow::Result<Scorecard> {
    let mut search = Search::new(drills, fleet, before, extent);
    search.own(workers)?;
    let tried = search.try_all(workers)?;
    let best = search.best(&tried);
    let remedies = search.remedies(&tried, workers)?;
    let rows = remedies.into_iter().enumerate().map(|(incident, remedy)| search.row(incident, remedy)).collect();
    let allowed = allowed(fleet.some_plan().and_then(|plan| plan.objective));
    Ok(Scorecard { rows, tried, best, allowed, first_seed: extent.first_seed, runs: extent.runs })
}

/// The place of the fleet as it is, of the one that it is compared with, and of the first change.
const OWN: usize = 0;
const BEFORE: usize = 1;
const CHANGES: usize = 2;

struct Search<'a, 'p> {
    fleet: &'a Prepared<'p>,
    before: Option<&'a Prepared<'p>>,
    runs: Fleets<'a>,
    /// What is rolled out in each incident.
    rollouts: Vec<Option<Rollout>>,
    extent: Extent,
    /// What the fleet as it is came to.
    own: Vec<Standing>,
    /// What was asked for so far, by incident, fleet and runs: changes are ranked by it again and again.
    known: RefCell<BTreeMap<(usize, usize, usize), Standing>>,
}

impl<'a, 'p> Search<'a, 'p> {
    fn new(drills: &[Drill], fleet: &'a Prepared<'p>, before: Option<&'a Prepared<'p>>, extent: Extent) -> Self {
        let count = drills.len();
        let plans = |of: &'a Prepared<'p>, change: Option<usize>| (0..count).map(|at| of.planned(at, change)).collect();
        let mut fleets = vec![Fleet { name: "as it is".to_owned(), plans: plans(fleet, None) }];
        let beside = before.map_or_else(|| vec![None; count], |before| plans(before, None));
        fleets.push(Fleet { name: "before".to_owned(), plans: beside });
        for (at, candidate) in fleet.candidates.iter().enumerate() {
            fleets.push(Fleet { name: candidate.name.clone(), plans: plans(fleet, Some(at)) });
        }
        let mut followed_all: Vec<Option<Followed>> = vec![None; count];
        if let Some(first) = followed_all.first_mut() {
            *first = followed(&fleet.handles);
        }
        let runs = Fleets::new(extent.first_seed, fleets, followed_all);
        let rollouts = drills.iter().map(|drill| drill.rollout).collect();
        Self { fleet, before, runs, rollouts, extent, own: Vec::new(), known: RefCell::default() }
    }

    fn make(
        &mut self,
        of: impl IntoIterator<Item = (usize, usize, usize)>,
        workers: &dyn Workers,
    ) -> anyhow::Result<()> {
        let wanted: Vec<Wanted> =
            of.into_iter().map(|(incident, fleet, runs)| Wanted { incident, fleet, runs }).collect();
        self.runs.make(&wanted, workers)
    }

    /// Runs the fleet as it is, and the one before, in every incident.
    fn own(&mut self, workers: &dyn Workers) -> anyhow::Result<()> {
        let (count, runs) = (self.runs.incidents(), self.extent.runs);
        self.make((0..count).flat_map(|at| [(at, OWN, runs), (at, BEFORE, runs)]), workers)?;
        self.own = (0..count).map(|at| self.standing(at, OWN)).collect();
        Ok(())
    }

    fn standing(&self, incident: usize, fleet: usize) -> Standing {
        let of = if fleet == BEFORE { self.before.unwrap_or(self.fleet) } else { self.fleet };
        match &of.fits[incident] {
            Fit::Lacks(what) => Standing::without_runs(Verdict::CannotHappen, what.clone()),
            Fit::Refused(report) => Standing::without_runs(Verdict::Refused, refusal(report)),
            Fit::Ready(_) if !self.runs.can(incident, fleet) => {
                Standing::without_runs(Verdict::CannotHappen, "the change does not suit it".to_owned())
            }
            Fit::Ready(_) => self.first(incident, fleet, usize::MAX),
        }
    }

    /// What a fleet came to in the first runs of an incident.
    fn first(&self, incident: usize, fleet: usize, runs: usize) -> Standing {
        let runs = runs.min(self.runs.made(incident, fleet));
        let find = || Standing::of(&self.runs.of_first(incident, fleet, runs), self.rollouts[incident]);
        self.known.borrow_mut().entry((incident, fleet, runs)).or_insert_with(find).clone()
    }

    /// The incidents that the fleet does not hold.
    fn broken(&self) -> Vec<usize> {
        let is = |at: &usize| matches!(self.own[*at].verdict, Verdict::Broke | Verdict::Depends);
        (0..self.own.len()).filter(|at| *at != YARDSTICK).filter(is).collect()
    }

    /// Tries every change, the few that seem to help most in all incidents; the most helpful first.
    fn try_all(&mut self, workers: &dyn Workers) -> anyhow::Result<Vec<Tried>> {
        let broken = self.broken();
        let changes = if broken.is_empty() { 0 } else { self.fleet.candidates.len() };
        let few = FEW.min(self.extent.runs);
        let each = |change: usize| {
            let broken = broken.iter().map(move |at| (*at, CHANGES + change, few));
            broken.chain([(YARDSTICK, CHANGES + change, few)])
        };
        self.make((0..changes).flat_map(each), workers)?;
        let mut order: Vec<usize> = (0..changes).collect();
        order.sort_by_cached_key(|change| self.promise(*change, &broken, few));
        let helps = |change: &usize| {
            let (held, harm) = self.gain(*change, &broken, few);
            (held > 0.0 || harm >= HELPS_FROM) && self.barred(*change).is_none()
        };
        let able: Vec<usize> = order.iter().copied().filter(helps).take(FINALISTS).collect();
        // One that promises far less than the first cannot become the best, and its runs may be long: repairs that never end.
        let promise = |change: &usize| self.gain(*change, &broken, few).0;
        let most = able.first().map_or(0.0, promise);
        let finalists: Vec<usize> = able.into_iter().filter(|change| promise(change) >= most / 2.0).collect();
        let all = self.runs.incidents();
        let runs = self.extent.runs;
        let every = finalists.iter().flat_map(|&change| (0..all).map(move |at| (at, CHANGES + change, runs)));
        self.make(every.collect::<Vec<_>>(), workers)?;
        let incidents: Vec<usize> = (0..all).filter(|at| self.own[*at].verdict.is_judged()).collect();
        let tried = |change: usize| match finalists.contains(&change) {
            true => self.tried(change, &incidents, self.extent.runs),
            false => self.tried(change, &broken, few),
        };
        let (first, rest): (Vec<usize>, Vec<usize>) = order.into_iter().partition(|change| finalists.contains(change));
        let mut first: Vec<Tried> = first.into_iter().map(tried).collect();
        first.sort_by(|a, b| {
            b.held.cmp(&a.held).then(self.harm_of(a).total_cmp(&self.harm_of(b))).then(a.change.cmp(&b.change))
        });
        first.extend(rest.into_iter().map(tried));
        Ok(first)
    }

    /// The order in which changes promise to help; the lower the better.
    fn promise(&self, change: usize, broken: &[usize], few: usize) -> (bool, Reverse<u64>, Reverse<u64>, usize) {
        let (held, harm) = self.gain(change, broken, few);
        let rank = |value: f64| Reverse(((value + 1e3) * 1e6) as u64);
        (self.barred(change).is_some(), rank(held), rank(harm), change)
    }

    /// How many incidents more a fleet holds with a change, counted by their runs, and what share of the harm it takes away, both over
    /// the first seeds.
    fn gain(&self, change: usize, broken: &[usize], few: usize) -> (f64, f64) {
        let (mut held, mut before, mut after) = (0.0, 0.0, 0.0);
        for &incident in broken.iter().filter(|at| self.runs.can(**at, CHANGES + change)) {
            let (own, with) = (self.first(incident, OWN, few), self.first(incident, CHANGES + change, few));
            if with.verdict == Verdict::NeverStarted && own.verdict != Verdict::NeverStarted {
                continue;
            }
            let share = |one: &Standing| one.held as f64 / one.runs.max(1) as f64;
            held += share(&with) - share(&own);
            before += harm_of(&own);
            after += harm_of(&with);
        }
        (held, if before > 0.0 { (before - after) / before } else { 0.0 })
    }

    /// Why a change is not advised: with it the good rollout does not come to its end where it does without.
    fn barred(&self, change: usize) -> Option<String> {
        let fleet = CHANGES + change;
        if !self.runs.can(YARDSTICK, fleet) || !self.runs.can(YARDSTICK, OWN) {
            return None;
        }
        let with = self.first(YARDSTICK, fleet, usize::MAX);
        let own = self.first(YARDSTICK, OWN, with.runs);
        if with.reached >= own.reached {
            return None;
        }
        Some(match &with.why {
            Some(why) => format!("with it {why}"),
            None => format!("with it the good rollout ends in {} of {} runs", with.reached, with.runs),
        })
    }

    fn tried(&self, change: usize, incidents: &[usize], seeds: usize) -> Tried {
        let fleet = CHANGES + change;
        let (mut standings, mut without) = (vec![None; self.runs.incidents()], vec![None; self.runs.incidents()]);
        for &at in incidents.iter().filter(|at| self.runs.can(**at, fleet)) {
            standings[at] = Some(self.first(at, fleet, seeds));
            without[at] = Some(self.first(at, OWN, seeds));
        }
        let counted: Vec<&Standing> = standings
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != YARDSTICK)
            .filter_map(|(_, one)| one.as_ref())
            .collect();
        let held = counted.iter().filter(|one| one.verdict == Verdict::Held).count();
        let of = counted.len();
        let hours =
            HOURS.map(|measure| self.mean_difference(fleet, measure)).into_iter().flatten().reduce(|a, b| a + b);
        Tried {
            change,
            seeds,
            held,
            of,
            longer: self.runs.difference(YARDSTICK, OWN, fleet, &Reached::column()),
            hours,
            barred: self.barred(change),
            standings,
            without,
        }
    }

    /// How much more a change has of a measure in the run with the good rollout, in the mean.
    fn mean_difference(&self, fleet: usize, measure: &str) -> Option<f64> {
        let column = self.runs.columns(YARDSTICK, fleet).iter().find(|column| column.is(measure, None))?;
        let paired = self.runs.difference(YARDSTICK, OWN, fleet, column)?;
        paired.difference.map(|difference| difference.mean)
    }

    fn harm_of(&self, tried: &Tried) -> f64 {
        tried.standings.iter().flatten().map(harm_of).sum()
    }

    /// The one change: that with which the fleet holds most incidents, or is harmed least; none that does not help surely.
    fn best(&self, tried: &[Tried]) -> Option<usize> {
        let judged = |at: &usize| *at != YARDSTICK && self.own[*at].verdict.is_judged();
        let own: Vec<usize> = (0..self.own.len()).filter(judged).collect();
        let held = own.iter().filter(|at| self.own[**at].verdict == Verdict::Held).count();
        let harm: f64 = own.iter().map(|at| harm_of(&self.own[*at])).sum();
        tried.iter().position(|one| {
            let full = one.seeds == self.extent.runs && one.of >= own.len();
            let after: f64 = own.iter().filter_map(|at| one.standings[*at].as_ref()).map(harm_of).sum();
            let less = harm > 0.0 && (harm - after) / harm >= HELPS_FROM;
            full && one.barred.is_none() && (one.held > held || one.held == held && less)
        })
    }

    /// The change that would help most in each incident, run with all seeds.
    fn remedies(&mut self, tried: &[Tried], workers: &dyn Workers) -> anyhow::Result<Vec<Option<Remedy>>> {
        let few = FEW.min(self.extent.runs);
        let mut chosen = vec![None; self.runs.incidents()];
        for at in self.broken() {
            let able = tried.iter().filter(|one| one.barred.is_none() && self.runs.can(at, CHANGES + one.change));
            let gains = able.map(|one| (one.change, self.gain(one.change, &[at], few)));
            let helps = gains.filter(|(_, (held, harm))| *held > 0.0 || *harm >= HELPS_ONE_FROM);
            let order = |a: &(f64, f64), b: &(f64, f64)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
            chosen[at] = helps.max_by(|a, b| order(&a.1, &b.1).then(b.0.cmp(&a.0))).map(|(change, _)| change);
        }
        let runs = self.extent.runs;
        let wanted: Vec<_> =
            chosen.iter().enumerate().filter_map(|(at, change)| Some((at, CHANGES + (*change)?, runs))).collect();
        self.make(wanted, workers)?;
        Ok(chosen.iter().enumerate().map(|(at, change)| self.remedy(at, (*change)?)).collect())
    }

    fn remedy(&self, incident: usize, change: usize) -> Option<Remedy> {
        let standing = self.standing(incident, CHANGES + change);
        let column = Column::new(HARMED, None, "%");
        let harm = self.runs.difference(incident, OWN, CHANGES + change, &column);
        let surely = harm.as_ref().is_none_or(|paired| paired.verdict == Differs::Better);
        let own = &self.own[incident];
        let less = harm_of(&standing) <= (1.0 - HELPS_ONE_FROM) * harm_of(own);
        let helps = standing.held > own.held || surely && less;
        helps.then_some(Remedy { change, standing, harm })
    }

    fn row(&self, incident: usize, remedy: Option<Remedy>) -> Row {
        let before = self.before.map(|_| self.standing(incident, BEFORE));
        let both = self.runs.can(incident, OWN) && self.runs.can(incident, BEFORE);
        let differences = if both { self.runs.differences(incident, BEFORE, OWN) } else { Vec::new() };
        let digest = self.runs.digest(incident, OWN);
        Row { standing: self.own[incident].clone(), before, differences, remedy, digest }
    }
}

/// The harm of an incident in percent of requests, or of instances where there are no users.
fn harm_of(standing: &Standing) -> f64 {
    standing.harm.or(standing.instances_pct).map_or(0.0, |came| came.mean)
}

impl Scorecard {
    /// How many incidents the fleet holds, and of how many that could happen to it. The yardstick is none.
    #[must_use]
    pub fn held(&self) -> (usize, usize) {
        Self::count(self.rows.iter().map(|row| &row.standing))
    }

    /// The same of the fleet that it is compared with.
    #[must_use]
    pub fn held_before(&self) -> Option<(usize, usize)> {
        let before: Option<Vec<&Standing>> = self.rows.iter().map(|row| row.before.as_ref()).collect();
        before.map(|all| Self::count(all.into_iter()))
    }

    /// Whether some incident is surely worse than before.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        (0..self.rows.len()).any(|incident| self.worse(incident).is_some())
    }

    /// In what an incident is surely worse than before, if it is.
    #[must_use]
    pub fn worse(&self, incident: usize) -> Option<Worse> {
        let row = &self.rows[incident];
        let (before, now) = (row.before.as_ref()?, &row.standing);
        let breaks = matches!(now.verdict, Verdict::Broke | Verdict::Depends);
        match before.verdict {
            _ if incident == YARDSTICK && before.reached > 0 && now.reached == 0 => Some(Worse::Stopped),
            // What Azure refused before could not happen either.
            Verdict::CannotHappen | Verdict::Refused if breaks && incident != YARDSTICK => Some(Worse::New),
            Verdict::Held if breaks => Some(Worse::Lost),
            _ => self.changed(row).filter(|paired| paired.verdict == Differs::Worse).map(|_| Worse::Harms),
        }
    }

    fn count<'s>(all: impl Iterator<Item = &'s Standing>) -> (usize, usize) {
        let judged: Vec<&Standing> = all.skip(YARDSTICK + 1).filter(|one| one.verdict.is_judged()).collect();
        (judged.iter().filter(|one| one.verdict == Verdict::Held).count(), judged.len())
    }

    /// How the harm of an incident differs from that of the fleet before, where that is sure and large enough to go by: more than a
    /// tenth of what the objective allows, and of what there was.
    #[must_use]
    pub fn changed<'s>(&self, row: &'s Row) -> Option<&'s Paired> {
        let paired = self.difference(row, HARMED)?;
        let sure = matches!(paired.verdict, Differs::Better | Differs::Worse);
        let before = row.before.as_ref().and_then(|one| one.harm).map_or(0.0, |came| came.mean);
        let margin = MATTERS_FROM * before.max(self.allowed.unwrap_or(0.0));
        let matters = paired.difference.is_none_or(|difference| difference.mean.abs() > margin);
        Some(paired).filter(|_| sure && matters)
    }

    /// The comparison of a measure with the fleet before.
    #[must_use]
    pub fn difference<'s>(&self, row: &'s Row, measure: &str) -> Option<&'s Paired> {
        row.differences.iter().find(|(column, _)| column.is(measure, None)).map(|(_, paired)| paired)
    }
}
