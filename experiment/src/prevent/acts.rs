//! What people could have done otherwise: leave an act out, do it when the harm was noticed, cancel the upgrade before a write that was
//! refused since it ran, or cancel it when the harm was noticed.

use super::{Change, Kind, Notice};
use crate::acts::{self, Fate};
use crate::harm;
use crate::replay::Replay;
use serde_json::{Value as Json, json};
use windtunnel_input::Planned;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{Act, Note, NoteKind, UpgradeMode};
use windtunnel_sim::world::fact::{Fact, RolloutFact};
use windtunnel_sim::world::ids::SetId;
use windtunnel_words::clock::civil;

/// A write comes so long after the cancel before it.
pub const AFTER_CANCEL: SimDuration = SimDuration::from_mins(1);
/// An alarm is about harm that begins so long after it at most: clocks differ, and a replay is no copy.
const EARLY: SimDuration = SimDuration::from_mins(10);

/// An act that may come at any time.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// Its entry of the timeline.
    pub entry: String,
    /// The set whose upgrade is cancelled before it, where one is.
    pub cancel: Option<String>,
    /// What else changes with it.
    pub with: Option<Json>,
    /// When it came in fact.
    pub was: SimTime,
}

impl Sweep {
    /// The patch with which it comes at an instant.
    #[must_use]
    pub fn at(&self, at: SimTime) -> Json {
        let mut own = self.with.clone().unwrap_or_else(|| json!({ "name": self.entry }));
        own["at"] = json!(instant(at));
        let mut timeline = vec![own];
        if let Some(set) = &self.cancel {
            let before = SimTime::ZERO + at.since(SimTime::ZERO).less(AFTER_CANCEL);
            timeline.push(cancel(set, before));
        }
        json!({ "timeline": timeline })
    }
}

/// An entry by which the upgrade of a set is cancelled.
fn cancel(set: &str, at: SimTime) -> Json {
    json!({ "name": format!("cancel the upgrade of {set}"), "at": instant(at), "cancelUpgrade": { "scaleSet": set } })
}

/// An instant as a scenario has it: whole seconds, and none before what it is of.
fn instant(at: SimTime) -> String {
    SimDuration::from_secs(at.ms().div_ceil(1000)).to_string()
}

/// When the harm was noticed, and by what: an alarm or a page that the scenario notes, or else what noticed it in the run; where nothing
/// did, it is taken to be noticed as it begins.
#[must_use]
pub fn notice(replay: &Replay<'_>) -> Option<Notice> {
    let main = harm::main(replay)?;
    if let Some(note) = noted(replay, &main) {
        return Some(note);
    }
    Some(match &main.noticed {
        Some((by, record)) => Notice { at: record.time, by: by.shown().to_owned() },
        None => Notice { at: main.from(), by: "its beginning, since nothing noticed it".to_owned() },
    })
}

/// The first alarm or page that the scenario notes of a window of harm.
#[must_use]
pub fn noted(replay: &Replay<'_>, main: &harm::Course) -> Option<Notice> {
    let tells = |note: &&Note| matches!(note.kind, NoteKind::Alarm | NoteKind::Page);
    let is_near = |note: &&Note| note.at + EARLY >= main.from() && note.at <= main.until;
    let first = replay.plan().notes.iter().filter(tells).filter(is_near).min_by_key(|note| note.at)?;
    Some(Notice { at: first.at, by: format!("“{}” ({})", first.name, first.kind.shown()) })
}

/// An act of the timeline, as far as it matters here.
struct Entry<'a> {
    name: &'a str,
    at: SimTime,
    /// What stands in the scenario.
    written: &'a Json,
    /// The set that it writes to.
    set: Option<&'a str>,
    /// It was refused since an upgrade ran.
    refused: bool,
    /// It changes the image of a set that goes through rolling upgrades.
    rolls: bool,
}

/// What people could have done otherwise.
#[must_use]
pub fn of(own: &Planned, replay: &Replay<'_>, notice: Option<&Notice>) -> Vec<Change> {
    let plan = &own.plan;
    let began = began(replay);
    let entries = entries(own, replay);
    let reactions = later(&entries, began);
    let mut all = Vec::new();
    for entry in entries {
        let (name, at) = (entry.name, civil(plan, entry.at));
        let mut without = act(format!("no “{name}” ({at})"), json!({ "timeline": removals([name]) }));
        if began.is_none_or(|began| entry.at <= began) {
            // What was done about the harm may have nothing to change then, and a write without a change is refused.
            let gone = std::iter::once(name).chain(reactions.iter().copied());
            without.patch = Some(json!({ "timeline": removals(gone) }));
            without.barred = Some("what was wanted before there was any harm is then never done".to_owned());
            all.push(without);
            continue;
        }
        all.push(without);
        let Some(set) = entry.set else { continue };
        if entry.refused {
            let first = SimTime::ZERO + entry.at.since(SimTime::ZERO).less(AFTER_CANCEL);
            let what = format!("the upgrade of {set} is cancelled at {}, before “{name}”", civil(plan, first));
            all.extend(both(&entry, set, what, entry.at));
        }
        let Some(notice) = notice.filter(|notice| notice.at + AFTER_CANCEL < entry.at) else { continue };
        let runs = set_of(own, set).is_some_and(|set| upgrade_runs(replay, set, notice.at));
        let when = if runs { notice.at + AFTER_CANCEL } else { notice.at };
        let noticed = civil(plan, notice.at);
        let what = match runs {
            true => {
                format!(
                    "“{name}” at {}; the upgrade of {set} is cancelled when the harm is noticed, at {noticed}",
                    civil(plan, when)
                )
            }
            false => format!("“{name}” when the harm is noticed, at {noticed}"),
        };
        all.extend(both(&Entry { refused: runs, ..entry }, set, what, when));
    }
    all.extend(notice.into_iter().flat_map(|notice| cancels(own, replay, notice)));
    all
}

/// A change of acts.
fn act(title: String, patch: Json) -> Change {
    Change { kind: Kind::Act, title, policy: None, patch: Some(patch), of: Vec::new(), barred: None, sweep: None }
}

/// An act at an instant, and the same to all instances at once where it goes in batches.
fn both(entry: &Entry<'_>, set: &str, what: String, at: SimTime) -> Vec<Change> {
    let cancel = entry.refused.then(|| set.to_owned());
    let change = |title: String, with: Option<Json>| {
        let sweep = Sweep { entry: entry.name.to_owned(), cancel: cancel.clone(), with, was: entry.at };
        Change { sweep: Some(sweep.clone()), ..act(title, sweep.at(at)) }
    };
    let mut all = vec![change(what.clone(), None)];
    if let Some(with) = at_once(entry, set).filter(|_| entry.rolls) {
        all.push(change(format!("{what}; and it goes to all instances at once, without pauses"), Some(with)));
    }
    all
}

/// What makes a write go to all instances at once.
fn at_once(entry: &Entry<'_>, set: &str) -> Option<Json> {
    let rolling = json!({ "maxBatchInstancePercent": 100, "pauseTimeBetweenBatches": "PT0S" });
    let properties = json!({ "upgradePolicy": { "rollingUpgradePolicy": rolling } });
    if entry.written.get("updateModel").is_some() {
        return Some(json!({ "name": entry.name, "updateModel": { "properties": properties } }));
    }
    let write = entry.written.get("write")?;
    write.get(set)?;
    Some(json!({ "name": entry.name, "write": { set: { "properties": properties } } }))
}

/// The entries of the timeline that people write, each with what became of it.
fn entries<'a>(own: &'a Planned, replay: &Replay<'_>) -> Vec<Entry<'a>> {
    let plan = &own.plan;
    let fates = acts::of(replay);
    let written = own.effective["timeline"].as_array().map_or(&[][..], Vec::as_slice);
    let by_people = written.iter().filter(|one| !crate::incident::is_of_nobody(one));
    let entry = |one: &'a Json| {
        let name = one["name"].as_str()?;
        let at = plan.timeline.iter().position(|action| action.name == name)?;
        let action = &plan.timeline[at];
        let set = match &action.what {
            Act::ChangeModel { set, .. } | Act::SetCapacity { set, .. } | Act::StartUpgrade { set } => Some(*set),
            _ => None,
        };
        let rolls = match &action.what {
            Act::ChangeModel { set, change } => {
                change.image.is_some() && plan.sets[usize::from(*set)].upgrade.mode == UpgradeMode::Rolling
            }
            _ => false,
        };
        let fate = fates.iter().find(|act| act.action.index() == at).map(|act| act.fate);
        let refused = matches!(fate, Some(Fate::Refused(by))
            if matches!(by.fact, Fact::Rollout(RolloutFact::WriteRefused { .. })));
        let set = set.map(|set| plan.sets[usize::from(set)].name.as_str());
        Some(Entry { name, at: action.at, written: one, set, refused, rolls })
    };
    by_people.filter_map(entry).collect()
}

/// When the harm began that was the longest.
fn began(replay: &Replay<'_>) -> Option<SimTime> {
    harm::main(replay).map(|main| main.from())
}

fn set_of(own: &Planned, name: &str) -> Option<SetId> {
    own.plan.sets.iter().position(|set| set.name == name).map(|at| SetId(at as u16))
}

/// Whether an upgrade of a set runs at an instant.
fn upgrade_runs(replay: &Replay<'_>, of: SetId, at: SimTime) -> bool {
    let mut runs = false;
    for record in replay.ledger.iter().take_while(|record| record.time <= at) {
        match record.fact {
            Fact::Rollout(RolloutFact::Started { set, .. }) if set == of => runs = true,
            Fact::Rollout(RolloutFact::Ended { set, .. }) if set == of => runs = false,
            _ => {}
        }
    }
    runs
}

/// Cancels of the upgrades that run when the harm is noticed.
fn cancels(own: &Planned, replay: &Replay<'_>, notice: &Notice) -> Vec<Change> {
    let sets = own.plan.sets.iter().enumerate();
    let running = sets.filter(|(at, _)| upgrade_runs(replay, SetId(*at as u16), notice.at));
    let change = |(_, set): (usize, &windtunnel_sim::plan::ScaleSet)| {
        let at = civil(&own.plan, notice.at);
        let title = format!("the upgrade of {} is cancelled when the harm is noticed, at {at}", set.name);
        act(title, json!({ "timeline": [cancel(&set.name, notice.at)] }))
    };
    running.map(change).collect()
}

/// The acts that were done about the harm: there are none where a version is good.
#[must_use]
pub fn reactions(own: &Planned, replay: &Replay<'_>) -> Vec<String> {
    later(&entries(own, replay), began(replay)).into_iter().map(str::to_owned).collect()
}

/// The entries after the harm began.
fn later<'a>(entries: &[Entry<'a>], began: Option<SimTime>) -> Vec<&'a str> {
    let late = entries.iter().filter(|entry| began.is_some_and(|began| entry.at > began));
    late.map(|entry| entry.name).collect()
}

/// Entries that are taken out of the timeline.
pub fn removals<'n>(names: impl IntoIterator<Item = &'n str>) -> Json {
    names.into_iter().map(|name| json!({ "name": name, "$remove": true })).collect()
}
