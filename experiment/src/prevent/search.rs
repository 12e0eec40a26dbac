//! The search: every change with a few seeds, those that seem to help with all; then pairs of the most helpful with every other one.

use super::acts;
use super::changes;
use super::moment;
use super::patch::{good, together};
use super::{Change, Kind, Named, Notice, Prevented, Source, Tried, Worth, node};
use crate::assessment::{MATTERS_FROM, allowed};
use crate::column::Column;
use crate::drill::card::{HOURS, Standing};
use crate::drill::search::Extent;
use crate::fleets::{Fleet, Fleets, Wanted};
use crate::limits::Stopped;
use crate::reached::{Followed, Reached};
use crate::replay::Replay;
use crate::statistics::{Paired, Verdict};
use crate::workers::Workers;
use serde_json::Value as Json;
use windtunnel_input::drill::Rollout;
use windtunnel_input::read::read_text;
use windtunnel_input::tree::Node;
use windtunnel_input::{AS_WRITTEN, Loaded, Planned, Problems, Report};
use windtunnel_sim::measure::catalogue::{DURATION, HARMED, INSTANCES_SHARE};

/// Seeds that every change is tried with.
pub const FEW: usize = 6;
/// A change is tried with all seeds that takes away this share of the harm with a few.
const PROMISING: f64 = 0.05;
/// So many are, at most.
const FINALISTS: usize = 24;
/// Pairs are made of so many of the most helpful settings, and of so many of the most helpful acts; twice, once of those that help most
/// and once of those that help a part.
const HEADS: usize = 3;
/// So many pairs of settings are tried with all seeds, and so many with an act.
const PAIRS: usize = 5;
/// A pair is of use that leaves this share of the harm, at most, that the better of the two leaves.
const BETTER: f64 = 0.8;
/// From which share of the harm on a change helps, and helps most.
const PART: f64 = 0.1;
const MOST: f64 = 0.9;
/// What instances cost.
const CREDITS: &str = "cost.credits";
/// Why there is no good version to measure prices by.
const NONE_IS_BAD: &str =
    "no version is marked `bad: true`, so that there is no good one by which to tell how long a rollout takes";
/// The two worlds: the incident, and the same with a good version.
const INCIDENT: usize = 0;
const GOOD: usize = 1;
/// The place of the scenario as it is written.
const OWN: usize = 0;

/// Looks for what would have prevented an incident.
///
/// # Errors
///
/// The scenario is wrong, a run came to more than it may, or there can be no workers.
pub fn prevent(source: Source<'_>, extent: Extent, workers: &dyn Workers) -> anyhow::Result<Prevented> {
    let loaded = source.load(&[], &[])?;
    let own = loaded.plan(AS_WRITTEN)?.clone();
    let replay = Replay::new(&own.plan, extent.first_seed);
    Stopped::check(&own.plan, extent.first_seed, &replay.outcome).map_err(|stopped| stopped.report(&own.work))?;
    let notice = acts::notice(&replay);
    let (mut all, incidents) = changes::policies(&loaded, &own, source.text);
    let known: Vec<Json> = all.iter().filter_map(|one| one.patch.clone()).collect();
    all.extend(changes::settings(&own)?);
    all.extend(acts::of(&own, &replay, notice.as_ref()));
    let mut seen: Vec<Json> = Vec::new();
    all.retain(|one| {
        let is_new = one
            .patch
            .as_ref()
            .is_none_or(|patch| !seen.contains(patch) && (one.kind == Kind::Policy || !known.contains(patch)));
        seen.extend(one.patch.clone());
        is_new
    });
    let (good, no_good) = match good(&own.effective) {
        None => (None, Some(NONE_IS_BAD.to_owned())),
        Some((patch, names)) => match World::good(&source, (&own, &replay), patch, &names) {
            Ok(world) => (Some(world), None),
            Err(report) => {
                let why = report.problems().first_error().map_or_else(String::new, |error| error.message.clone());
                (None, Some(format!("with a good version the scenario cannot be so: {why}")))
            }
        },
    };
    let worlds = Worlds { source, good };
    let mut search = Search { worlds: &worlds, extent, notice, dropped: Vec::new() };
    let singles = search.batch(all, workers, &[])?;
    let pairs = pairs(&singles);
    let count = pairs.len();
    let pairs = search.batch(pairs, workers, &singles)?;
    let first = singles.first().map(|one| one.without.clone());
    let standing = match first {
        Some(standing) => standing,
        None => search.alone(&own, workers)?,
    };
    let last = moment::last(&source, &own, &singles, extent, workers)?;
    let mut tried: Vec<Tried> = singles.into_iter().chain(pairs).map(|one| one.tried).collect();
    tried.sort_by(|a, b| rank(a).cmp(&rank(b)).then(b.removed.total_cmp(&a.removed)));
    once(&mut tried);
    let measure = if standing.harm.is_some() { HARMED } else { INSTANCES_SHARE };
    Ok(Prevented {
        standing,
        measure,
        allowed: allowed(own.plan.objective),
        first_seed: extent.first_seed,
        runs: extent.runs,
        notice: search.notice,
        no_good,
        tried,
        pairs: count,
        dropped: search.dropped,
        incidents,
        last,
        own,
    })
}

/// Of changes of a kind that come to the same in every run, the simplest stays: what the others change beside does nothing.
fn once(tried: &mut Vec<Tried>) {
    let same = |a: &Tried, b: &Tried| {
        let by = |one: &Tried| one.harm.as_ref().and_then(|paired| paired.difference).map(|by| by.mean);
        a.change.kind == b.change.kind && by(a) == by(b) && a.hours == b.hours && a.standing.harm == b.standing.harm
    };
    let is_simplest = |at: usize| {
        let own = &tried[at];
        let length = |one: &Tried| one.change.title.len();
        let other =
            |(other, one): (usize, &Tried)| other != at && same(one, own) && (length(one), other) < (length(own), at);
        !own.worth.helps() || !matches!(own.change.kind, Kind::Act | Kind::Pair) || !tried.iter().enumerate().any(other)
    };
    let stays: Vec<bool> = (0..tried.len()).map(is_simplest).collect();
    let mut stays = stays.into_iter();
    tried.retain(|_| stays.next().unwrap_or(true));
}

/// Those that are tried with all seeds first, by what they are worth.
const fn rank(tried: &Tried) -> u8 {
    match tried.worth {
        Worth::Prevents => 0,
        Worth::Most | Worth::Part => 1,
        Worth::Undecided => 2,
        Worth::Little => 3,
        Worth::Worse => 4,
        Worth::Barred => 5,
    }
}

/// The harm of an incident in percent of requests, or of instances where there are no users.
pub(super) fn harm_of(standing: &Standing) -> f64 {
    standing.harm.or(standing.instances_pct).map_or(0.0, |came| came.mean)
}

/// The world with a good version: what is laid over the scenario, the acts that the scenario has then, and the rollout whose end is
/// looked for.
struct World {
    over: Node,
    acts: Vec<String>,
    followed: Option<Followed>,
}

impl World {
    fn good(
        source: &Source<'_>,
        (own, replay): (&Planned, &Replay<'_>),
        mut patch: Json,
        names: &[String],
    ) -> Result<Self, Report> {
        let reactions = acts::reactions(own, replay);
        if !reactions.is_empty() {
            patch["timeline"] = acts::removals(reactions.iter().map(String::as_str));
        }
        // Policies and what is expected of them may name acts that are gone; the changes are laid beside it one by one.
        let written = read_text("the scenario", source.text.to_owned(), &mut Problems::new());
        for key in ["policies", "expect"] {
            if written.as_ref().is_some_and(|root| root.get(key).is_some()) {
                patch[key] = Json::Null;
            }
        }
        let timeline = own.effective["timeline"].as_array().map_or(&[][..], Vec::as_slice);
        let acts = timeline.iter().filter_map(|entry| entry["name"].as_str().map(str::to_owned));
        let acts = acts.filter(|name| !reactions.contains(name)).collect();
        let over = node(&patch)?;
        source.load(std::slice::from_ref(&over), &[])?;
        Ok(Self { over, acts, followed: followed(own, names) })
    }

    /// What a change does where the version is good: all but what would be done about the harm. None where that is nothing.
    fn of(&self, change: &Change) -> Option<Json> {
        let mut patch = change.patch.clone().filter(|_| change.kind != Kind::Act)?;
        if let Some(timeline) = patch.get_mut("timeline").and_then(Json::as_array_mut) {
            timeline.retain(|entry| entry["name"].as_str().is_some_and(|name| self.acts.iter().any(|own| own == name)));
        }
        let keys = patch.as_object_mut()?;
        keys.retain(|key, value| key != "timeline" || value.as_array().is_none_or(|all| !all.is_empty()));
        (!keys.is_empty()).then_some(patch)
    }
}

/// The rollout of a bad version, where the timeline has one that says which.
fn followed(own: &Planned, names: &[String]) -> Option<Followed> {
    let entries = own.effective["timeline"].as_array()?;
    entries.iter().find_map(|entry| {
        let act = &entry["updateModel"];
        let image = &act["properties"]["virtualMachineProfile"]["storageProfile"]["imageReference"]["id"];
        let version = image.as_str().filter(|image| names.iter().any(|name| name == image))?;
        let name = entry["name"].as_str()?;
        let at = own.plan.timeline.iter().find(|action| action.name == name)?.at;
        Some(Followed { set: act["scaleSet"].as_str()?.to_owned(), version: version.to_owned(), from: at })
    })
}

struct Worlds<'a> {
    source: Source<'a>,
    good: Option<World>,
}

/// A change that was tried, and the scenario without it with the same seeds.
pub(super) struct Done {
    pub(super) tried: Tried,
    pub(super) without: Standing,
}

struct Search<'a> {
    worlds: &'a Worlds<'a>,
    extent: Extent,
    notice: Option<Notice>,
    dropped: Vec<(String, String)>,
}

/// The name under which a change is a policy beside those of the scenario.
fn key(at: usize) -> String {
    format!("change {at}")
}

impl Search<'_> {
    /// Tries changes, alone or as pairs of those that were tried before.
    fn batch(&mut self, changes: Vec<Change>, workers: &dyn Workers, before: &[Done]) -> anyhow::Result<Vec<Done>> {
        let source = self.worlds.source;
        let named = |at: &usize| -> Option<Named> {
            let own = changes[*at].policy.is_none();
            changes[*at].patch.clone().filter(|_| own).map(|patch| (key(*at), patch))
        };
        let own: Vec<usize> = (0..changes.len()).filter(|at| named(at).is_some()).collect();
        let all: Vec<Named> = own.iter().filter_map(named).collect();
        let (able, not) = source.suitable(&[], &all);
        if before.is_empty() {
            self.dropped.extend(not.into_iter().map(|(at, why)| (changes[own[at]].title.clone(), why)));
        }
        let able: Vec<Named> = able.into_iter().map(|at| all[at].clone()).collect();
        let loaded = source.load(&[], &able)?;
        let good = self.worlds.good.as_ref().map(|world| {
            let over = std::slice::from_ref(&world.over);
            let of = |(at, change): (usize, &Change)| Some((key(at), world.of(change)?));
            let all: Vec<Named> = changes.iter().enumerate().filter_map(of).collect();
            let (fits, _) = source.suitable(over, &all);
            let fits: Vec<Named> = fits.into_iter().map(|at| all[at].clone()).collect();
            source.load(over, &fits)
        });
        let good = good.transpose()?;
        let plan = |loaded: &Loaded, name: &str| loaded.plan(name).ok().cloned();
        let plans: Vec<(Change, Planned, Option<Planned>)> = (0..changes.len())
            .filter_map(|at| {
                let good = good.as_ref().and_then(|good| plan(good, &key(at)));
                let name = changes[at].policy.clone().unwrap_or_else(|| key(at));
                Some((changes[at].clone(), plan(&loaded, &name)?, good))
            })
            .collect();
        let as_written = (loaded.plan(AS_WRITTEN)?, good.as_ref().and_then(|good| good.plan(AS_WRITTEN).ok()));
        self.tried(as_written, &plans, workers, before)
    }

    fn tried(
        &self,
        (own, own_good): (&Planned, Option<&Planned>),
        plans: &[(Change, Planned, Option<Planned>)],
        workers: &dyn Workers,
        before: &[Done],
    ) -> anyhow::Result<Vec<Done>> {
        let fleet = |name: &str, plan, good| Fleet { name: name.to_owned(), plans: vec![Some(plan), good] };
        let mut fleets = vec![fleet(AS_WRITTEN, own, own_good)];
        fleets.extend(plans.iter().map(|(change, plan, good)| fleet(&change.title, plan, good.as_ref())));
        let followed = self.worlds.good.as_ref().and_then(|world| world.followed.clone());
        let mut runs = Fleets::new(self.extent.first_seed, fleets, vec![None, followed]);
        let count = plans.len();
        let all = self.extent.runs;
        let few = FEW.min(all);
        let wanted = |incident: usize, fleet: usize, runs: usize| Wanted { incident, fleet, runs };
        let mut make: Vec<Wanted> = (1..=count).map(|fleet| wanted(INCIDENT, fleet, few)).collect();
        make.extend([wanted(INCIDENT, OWN, all), wanted(GOOD, OWN, few)]);
        runs.make(&make, workers)?;
        let view = View { runs: &runs, plans, before };
        let mut order: Vec<usize> = (0..count).filter(|at| view.promises(*at, few)).collect();
        order.sort_by(|a, b| view.removed(*b, few).total_cmp(&view.removed(*a, few)).then(a.cmp(b)));
        if before.is_empty() {
            order.truncate(FINALISTS);
        } else {
            // What can be changed for good is not to be crowded out by what could have been done that day.
            let is_act = |at: &usize| plans[*at].0.of.iter().any(|of| before[*of].tried.change.kind == Kind::Act);
            let (acts, settings): (Vec<usize>, Vec<usize>) = order.into_iter().partition(is_act);
            order = settings.into_iter().take(PAIRS).chain(acts.into_iter().take(PAIRS)).collect();
        }
        let finalists =
            order.iter().flat_map(|at| [wanted(INCIDENT, at + 1, all), wanted(GOOD, at + 1, few)]).collect::<Vec<_>>();
        runs.make(&finalists, workers)?;
        let view = View { runs: &runs, plans, before };
        let shown = |at: &usize| before.is_empty() || order.contains(at);
        let done = (0..count).filter(shown).map(|at| view.done(at, if order.contains(&at) { all } else { few }));
        // A pair is shown only where it is better than either of the two.
        let of_use = |done: &Done| before.is_empty() || done.tried.worth.helps();
        Ok(done.filter(of_use).collect())
    }

    /// What the scenario as it is written comes to, where there is nothing to change.
    fn alone(&self, own: &Planned, workers: &dyn Workers) -> anyhow::Result<Standing> {
        let fleets = vec![Fleet { name: AS_WRITTEN.to_owned(), plans: vec![Some(own)] }];
        let mut runs = Fleets::new(self.extent.first_seed, fleets, vec![None]);
        runs.make(&[Wanted { incident: INCIDENT, fleet: OWN, runs: self.extent.runs }], workers)?;
        Ok(standing(&runs, INCIDENT, OWN, self.extent.runs))
    }
}

pub(super) fn standing(runs: &Fleets<'_>, world: usize, fleet: usize, count: usize) -> Standing {
    let rollout = Some(if world == GOOD { Rollout::Good } else { Rollout::Bad });
    Standing::of(&runs.of_first(world, fleet, count.min(runs.made(world, fleet))), rollout)
}

/// Runs, and what they are of.
struct View<'v, 'p> {
    runs: &'v Fleets<'p>,
    plans: &'v [(Change, Planned, Option<Planned>)],
    before: &'v [Done],
}

impl View<'_, '_> {
    /// The share of the harm that a change takes away, over the first seeds.
    fn removed(&self, at: usize, seeds: usize) -> f64 {
        let (own, with) = self.both(at, seeds);
        let own = harm_of(&own);
        if own > 0.0 { (own - harm_of(&with)) / own } else { 0.0 }
    }

    fn both(&self, at: usize, seeds: usize) -> (Standing, Standing) {
        (standing(self.runs, INCIDENT, OWN, seeds), standing(self.runs, INCIDENT, at + 1, seeds))
    }

    /// Whether a change is worth all seeds: of a pair, whether it leaves less harm than the better of the two.
    fn promises(&self, at: usize, few: usize) -> bool {
        let (own, with) = self.both(at, few);
        let removed = self.removed(at, few);
        let parts = self.plans[at].0.of.iter().map(|of| self.before[*of].tried.removed);
        let best = parts.fold(0.0, f64::max);
        let left = |removed: f64| 1.0 - removed;
        (removed >= PROMISING || with.held > own.held) && (best == 0.0 || left(removed) <= BETTER * left(best))
    }

    fn done(&self, at: usize, seeds: usize) -> Done {
        let (without, with) = self.both(at, seeds);
        let fleet = at + 1;
        let (change, planned, _) = &self.plans[at];
        let measure = if without.harm.is_some() { HARMED } else { INSTANCES_SHARE };
        let difference = |world: usize, column: &Column| self.runs.difference(world, OWN, fleet, column);
        let harm = difference(INCIDENT, &Column::new(measure, None, "%"));
        let removed = self.removed(at, seeds);
        let barred = change.barred.clone().or_else(|| self.barred(fleet, &with));
        let worth = worth(&with, harm.as_ref(), removed, barred.is_some());
        let mean = |measure: &str| {
            let column = self.runs.columns(INCIDENT, fleet).iter().find(|column| column.is(measure, None))?;
            difference(INCIDENT, column)?.difference.map(|difference| difference.mean)
        };
        let hours = HOURS.map(mean).into_iter().flatten().reduce(|a, b| a + b);
        let longer = difference(GOOD, &Reached::column()).filter(has_value);
        let longer = longer.or_else(|| difference(GOOD, &Column::new(DURATION, None, "s")).filter(has_value));
        let tried = Tried {
            worth,
            seeds: seeds.min(self.runs.made(INCIDENT, fleet)),
            removed,
            harm,
            longer,
            hours,
            credits: mean(CREDITS),
            worse: self.worse(fleet, measure),
            barred,
            standing: with,
            change: change.clone(),
            planned: planned.clone(),
        };
        Done { tried, without }
    }

    /// Why a change is not advised: with it nothing begins that was wanted, or a good version does not come through.
    fn barred(&self, fleet: usize, with: &Standing) -> Option<String> {
        let own = standing(self.runs, INCIDENT, OWN, usize::MAX);
        if let (Some(why), None) = (&with.why, &own.why) {
            return Some(format!("with it {why}"));
        }
        let made = self.runs.made(GOOD, fleet);
        if made == 0 {
            return None;
        }
        let with = standing(self.runs, GOOD, fleet, made);
        let own = standing(self.runs, GOOD, OWN, made);
        let came = |of: &Standing| of.reached.max(of.outcomes.completed);
        if came(&with) >= came(&own) {
            return None;
        }
        Some(match &with.why {
            Some(why) => format!("with it {why}, not even of a good version"),
            None => format!("with it a good version comes to its end in {} of {made} runs", came(&with)),
        })
    }

    /// Other measures of harm that are surely worse.
    fn worse(&self, fleet: usize, judged: &str) -> Vec<(Column, Paired)> {
        let all = self.runs.differences(INCIDENT, OWN, fleet).into_iter();
        let is_harm = |column: &Column| {
            column.part.is_none()
                && column.measure != judged
                && column.definition().is_some_and(|row| row.unharmed.is_some() || row.is_judged)
        };
        let own = self.runs.of_first(INCIDENT, OWN, usize::MAX);
        let matters = |column: &Column, paired: &Paired| {
            let had = own.column(&column.name).and_then(|at| own.policies[OWN].summaries[at].mean);
            let had = had.map_or(0.0, |mean| mean.mean.abs());
            paired.difference.is_none_or(|difference| difference.mean.abs() > MATTERS_FROM * had)
        };
        all.filter(|(column, paired)| is_harm(column) && paired.verdict == Verdict::Worse && matters(column, paired))
            .collect()
    }
}

/// Whether two fleets have a measure in some pair of runs.
fn has_value(paired: &Paired) -> bool {
    paired.pairs > 0
}

fn worth(with: &Standing, harm: Option<&Paired>, removed: f64, is_barred: bool) -> Worth {
    let verdict = harm.map(|paired| paired.verdict);
    match verdict {
        _ if is_barred => Worth::Barred,
        Some(Verdict::Worse) if removed < 0.0 => Worth::Worse,
        _ if removed > 0.0 && with.harm.is_some_and(|harm| harm.most <= 0.0) => Worth::Prevents,
        Some(Verdict::Better) if with.runs > 0 && with.held == with.runs => Worth::Prevents,
        Some(Verdict::Better) if removed >= MOST => Worth::Most,
        Some(Verdict::Better) if removed >= PART => Worth::Part,
        Some(Verdict::Inconclusive) if removed >= PART => Worth::Undecided,
        _ => Worth::Little,
    }
}

/// Pairs of the most helpful changes with every other one, each once.
fn pairs(singles: &[Done]) -> Vec<Change> {
    let mut heads: Vec<usize> = (0..singles.len()).filter(|at| singles[*at].tried.worth.helps()).collect();
    heads.sort_by(|a, b| singles[*b].tried.removed.total_cmp(&singles[*a].tried.removed).then(a.cmp(b)));
    // What prevents the incident alone needs no other.
    heads.retain(|at| singles[*at].tried.worth != Worth::Prevents);
    // One that helps a little is the more in want of another.
    let (most, part): (Vec<usize>, Vec<usize>) =
        heads.into_iter().partition(|at| singles[*at].tried.worth == Worth::Most);
    // Settings and acts have heads of their own: those of a day are many, and each helps for that day alone.
    let some = |of: Vec<usize>| {
        let (acts, settings): (Vec<usize>, Vec<usize>) =
            of.into_iter().partition(|at| singles[*at].tried.change.kind == Kind::Act);
        settings.into_iter().take(HEADS).chain(acts.into_iter().take(HEADS))
    };
    let heads: Vec<usize> = some(part).chain(some(most)).collect();
    let mut all: Vec<Change> = Vec::new();
    let mut seen: Vec<Json> = Vec::new();
    for &head in &heads {
        for (other, done) in singles.iter().enumerate() {
            let taken = heads.iter().take_while(|one| **one != head).any(|one| *one == other);
            if other == head || taken || done.tried.barred.is_some() {
                continue;
            }
            let (a, b) = (&singles[head].tried.change, &done.tried.change);
            let (Some(one), Some(two)) = (&a.patch, &b.patch) else { continue };
            let Some(both) = together(one, two).filter(|both| both != one && both != two) else { continue };
            if seen.contains(&both) {
                continue;
            }
            seen.push(both.clone());
            all.push(Change {
                kind: Kind::Pair,
                title: format!("{} + {}", a.title, b.title),
                policy: None,
                patch: Some(both),
                of: vec![head, other],
                barred: None,
                sweep: None,
            });
        }
    }
    all
}
