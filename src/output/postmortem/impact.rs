//! What the incident came to: the sentence, and the numbers.

use super::{Block, Line, Sources, Span, Table, Within, begin, requests, text};
use crate::experiment::acts::Fate;
use crate::experiment::causes::{self, Kind};
use crate::experiment::prevent::acts;
use crate::experiment::replay::Replay;
use crate::input::AS_WRITTEN;
use crate::output::highlights::windows;
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::Value as Measured;
use windtunnel_sim::measure::catalogue::{DEGRADED, FULL, SHORTFALL};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::assumptions::Value;
use windtunnel_sim::world::fact::Fact;
use windtunnel_sim::world::ids::{ImageId, InstanceId};
use windtunnel_words::clock::{civil, spoken, spoken_s};
use windtunnel_words::number::{count, percent};

/// What was bad in the run: of the versions that are, those that an instance ran, and that began to fail where they work for a while.
fn came_to_pass(of: &Sources<'_>) -> Vec<String> {
    let replay = of.run.replay;
    let mut image_of: BTreeMap<InstanceId, ImageId> = BTreeMap::new();
    let mut ran: BTreeSet<ImageId> = BTreeSet::new();
    let mut failed: BTreeSet<ImageId> = BTreeSet::new();
    for record in &replay.ledger {
        match record.fact {
            Fact::InstancePresent { instance, image, .. }
            | Fact::InstanceCreated { instance, image, .. }
            | Fact::UpdateStarted { instance, image, .. }
            | Fact::DiskSwapped { instance, image, .. } => {
                image_of.insert(instance, image);
                ran.insert(image);
            }
            Fact::Degraded { instance } => failed.extend(image_of.get(&instance)),
            _ => {}
        }
    }
    let plan = of.plan();
    let did = |at: usize| {
        let image = ImageId(at as u16);
        if plan.images[at].degrades.is_some() { failed.contains(&image) } else { ran.contains(&image) }
    };
    bad(plan).filter(|(at, _)| did(*at)).map(|(_, said)| said).collect()
}

/// What is bad about the versions that are, a sentence each without its end.
pub(super) fn bad_versions(plan: &Plan) -> Vec<String> {
    bad(plan).map(|(_, said)| said).collect()
}

/// The same with the place of the version.
fn bad(plan: &Plan) -> impl Iterator<Item = (usize, String)> {
    let named = move |mask: u32| -> String {
        let all = plan.application.dependencies.iter().enumerate();
        let own: Vec<&str> = all.filter(|(at, _)| mask >> at & 1 == 1).map(|(_, name)| name.as_str()).collect();
        own.join(" and ")
    };
    let bad = plan.images.iter().enumerate().filter(|(_, image)| image.bad || image.degrades.is_some());
    bad.map(move |(at, image)| {
        let name = &image.name;
        let said = match (&image.degrades, image.cannot) {
            (Some(degrades), _) => format!(
                "{name} cannot reach {} any more once its process has run for {}",
                named(degrades.cannot),
                length(&degrades.after)
            ),
            (None, 0) if image.boot_failure > 0.0 => {
                format!("{name} fails to boot in {} of all boots", percent(100.0 * image.boot_failure))
            }
            (None, 0) => format!("{name} is bad"),
            (None, mask) => format!("{name} cannot reach {}", named(mask)),
        };
        (at, said)
    })
}

/// A length of time as a scenario has it.
fn length(of: &Dist) -> String {
    match of {
        Dist::Constant(length) => spoken(*length),
        other => Value::Dist(*other).to_string(),
    }
}

/// All of it in a sentence or two: what broke, why nobody noticed, who made it worse, what was refused, what it came to.
pub(super) fn sentence(of: &Sources<'_>, made_worse: &[String]) -> Line {
    let names = &of.run.replay.names;
    let Some(main) = of.main() else { return unharmed(of) };
    let mut line = Line::new();
    if of.plan().policy != AS_WRITTEN {
        let said =
            format!("This is what would have happened under the policy {}, and not the incident. ", of.plan().policy);
        line.push(Span::Strong(said));
    }
    let mut say = |said: String| line.push(Span::Text(said));
    let mut broke = came_to_pass(of);
    let at = worst(of).map_or(main.course.from(), |(from, ..)| from);
    let reasons =
        causes::harm_at(of.run.replay, main.course.entry_point, at).map_or_else(Vec::new, |harm| harm.reasons);
    if broke.is_empty() {
        broke.extend(reasons.iter().find(|reason| reason.kind == Kind::Cause).map(|reason| reason.text.clone()));
    }
    for said in broke {
        say(format!("{}. ", begin(of.plan(), &said)));
    }
    // What had not happened yet at the beginning is no cause of the whole; what did not happen to the end is.
    let early = causes::harm_at(of.run.replay, main.course.entry_point, main.course.from());
    let absent = reasons.into_iter().chain(early.map_or_else(Vec::new, |harm| harm.reasons));
    if let Some(reason) = absent.into_iter().find(super::why::is_absent_to_the_end) {
        say(format!("{}. ", begin(of.plan(), &reason.text)));
    }
    for said in of.run.headline.rollouts.iter().map(|one| one.words(names)) {
        say(format!("{}. ", begin(of.plan(), &said)));
    }
    for said in made_worse {
        say(format!("{}. ", begin(of.plan(), said)));
    }
    let refused = of.run.headline.acts.iter().filter(|act| matches!(act.fate, Fate::Refused(_)));
    let refused: Vec<String> = refused.filter_map(|act| act.words(names)).collect();
    line.extend(refused.into_iter().map(|said| Span::Strong(format!("{}. ", begin(of.plan(), &said)))));
    if let Some(total) = total(of) {
        line.push(Span::Strong(format!("{total}.")));
        line.push(Span::Text(" [s]".to_owned()));
    }
    line
}

/// The sentence where the replay harms nobody: what was observed may say otherwise.
fn unharmed(of: &Sources<'_>) -> Line {
    let mut line = text(format!("{} [s].", begin(of.plan(), &of.run.sentence())));
    let off = of.judged.iter().filter(|one| one.within == Within::No).count();
    if off > 0 {
        let said = format!(
            " {off} of {} do not fit: this is not what was observed.",
            count(of.judged.len(), "observed value")
        );
        line.push(Span::Strong(said));
    }
    line
}

/// Shares that differ by less are the same.
const SAME: f64 = 0.005;

/// The longest stretch of the longest window over which harm was greatest, and how great.
pub(super) fn worst(of: &Sources<'_>) -> Option<(SimTime, SimTime, f64)> {
    let main = of.main()?;
    let mut pieces: Vec<(SimTime, SimTime, f64)> = Vec::new();
    for (row, until) in of.run.replay.series.spans(main.course.entry_point) {
        let Some(stretch) = row.requests else { continue };
        let (mut at, until) = (row.time.max(main.course.from()), until.min(main.course.until));
        while at < until {
            let next = if stretch.moves() { (at + SimDuration::from_mins(1)).min(until) } else { until };
            pieces.push((at, next, stretch.at(at).harmed_share()));
            at = next;
        }
    }
    let peak = pieces.iter().map(|(.., share)| *share).fold(0.0, f64::max);
    let mut runs: Vec<(SimTime, SimTime)> = Vec::new();
    for (from, until, _) in pieces.into_iter().filter(|(.., share)| *share >= peak - SAME) {
        match runs.last_mut().filter(|(_, end)| *end == from) {
            Some((_, end)) => *end = until,
            None => runs.push((from, until)),
        }
    }
    // The first of the longest.
    let longest = runs.into_iter().rev().max_by_key(|(from, until)| until.since(*from))?;
    Some((longest.0, longest.1, peak))
}

/// The requests of a run, whichever entry point they came to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    /// All of them.
    offered: f64,
    /// Those that failed.
    failed: f64,
    /// Those that old code served.
    stale: f64,
}

impl Totals {
    pub(super) fn harmed(self) -> f64 {
        self.failed + self.stale
    }
}

pub(super) fn totals(replay: &Replay<'_>) -> Totals {
    let plan = replay.plan();
    let each = plan.entries().filter(|(id, _)| !plan.is_part(*id)).map(|(id, _)| replay.series.totals(id));
    each.fold(Totals::default(), |sum, one| Totals {
        offered: sum.offered + one.offered,
        failed: sum.failed + one.failed,
        stale: sum.stale + one.stale,
    })
}

/// `3.65 of 4.92 million requests failed (74 %)`.
fn total(of: &Sources<'_>) -> Option<String> {
    let Totals { offered, failed, stale } = totals(of.run.replay);
    let harmed = failed + stale;
    if offered <= 0.0 {
        return None;
    }
    let did = match (failed > 0.0, stale > 0.0) {
        (true, true) => "failed or were served by old code",
        (false, true) => "were served by old code",
        _ => "failed",
    };
    let share = percent(100.0 * harmed / offered);
    let (some, all) = (requests(harmed), requests(offered));
    let some = some.strip_suffix(" million").filter(|_| all.ends_with(" million")).map_or(some.clone(), str::to_owned);
    Some(format!("{some} of {all} requests {did} ({share})"))
}

pub(super) fn blocks(of: &Sources<'_>) -> Vec<Block> {
    let (replay, plan) = (of.run.replay, of.plan());
    let names = &replay.names;
    let mut rows: Vec<Vec<Line>> = Vec::new();
    let mut row = |what: &str, said: String| rows.push(vec![text(what), text(said)]);
    if let Some(total) = total(of) {
        row("requests", format!("{total} [s]"));
    } else {
        row("requests", "the scenario gives none: what users met is not known".to_owned());
    }
    row(
        "users",
        "the scenario gives requests, and no users: a share of the ones is a share of the others where all ask alike"
            .to_owned(),
    );
    if let Some(objective) = of.run.objective {
        row("objective", objective.sentence());
    }
    for window in &of.run.windows {
        row("harm", format!("{} [s]", windows::words(names, window).replace("by nobody", "by nothing in the replay")));
    }
    if let Some(notice) = of.main().and_then(|main| acts::noted(replay, &main.course)) {
        row("noticed by people", format!("at {}, by {} [o]", civil(plan, notice.at), notice.by));
    }
    if let Some(at) = worst(of) {
        let (from, until, share) = at;
        let share = percent(100.0 * share);
        let end = if until >= replay.outcome.end { "the end of the run".to_owned() } else { civil(plan, until) };
        row("worst", format!("{share} of the requests, from {} until {end} [s]", civil(plan, from)));
    }
    for (what, name) in [("nobody served", FULL), ("objective missed", DEGRADED), ("too little capacity", SHORTFALL)] {
        if let Some(said) = replay.measure(name).and_then(|value| seconds(&value)) {
            row(what, format!("{said} [s]"));
        }
    }
    if let Some(main) = of.main() {
        let regions: Vec<&str> =
            main.extent.regions.iter().map(|at| plan.regions[usize::from(*at)].name.as_str()).collect();
        let all = replay.lanes.lanes.len();
        row(
            "instances",
            format!(
                "{} of {all} that there were, in {}",
                count(main.extent.instances.len(), "instance"),
                regions.join(", ")
            ),
        );
    }
    vec![Block::Table(Table { head: vec![String::new(), String::new()], rows, ..Table::default() })]
}

/// A length that is not zero, with its bound.
fn seconds(value: &Measured) -> Option<String> {
    match value {
        Measured::Number(some) if *some > 0.0 => Some(spoken_s(*some)),
        Measured::AtLeast(some) => Some(format!("≥ {}, still when the run ends", spoken_s(*some))),
        _ => None,
    }
}
