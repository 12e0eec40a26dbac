//! The lanes of events under the heat map: facts of the ledger as bars and ticks on the shared time axis.
//!
//! This is the place where a fact gets its lane. [`TABLE`] says it by the name that the fact has in tables
//! ([`describe::what`](windtunnel_words::describe::what)). A fact that the table does not have is placed by the grammar of
//! such names, so that a new fact shows without a change here:
//!
//! - `…Began`, `…Started` open a bar, and `…Ended`, `…Completed`, `…Succeeded`, `…Failed`, `…Halted`, `…Cancelled`,
//!   `…Canceled` close the bar of the same stem and subject; the last four of them in the colour of what went wrong.
//! - `…Paused` and `…Resumed` open and close a bar of their own stem, in the colour of what waits.
//! - What tells of upgrades and batches stands in the lane "rollout", of repairs, evictions and restores in "repairs and
//!   evictions", of autoscale in "scaling"; anything else that is about no instance, in "other".
//! - A fact about an instance that is none of these has no lane: the heat map shows it.
//!
//! To give a fact a better place or better words, add a row to the table.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use windtunnel_sim::measure::fleet::instance_of;
use windtunnel_sim::world::fact::Record;
use windtunnel_words::describe::{Fields, Names, fields};

/// What a fact does in its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Opens a bar.
    Begin,
    /// Closes it.
    End,
    /// Closes the bar that is open and opens the next, as a stage does.
    Stage,
    /// A mark at one instant.
    Tick,
    /// A mark, which becomes a bar if something closes it.
    Act,
    /// Nothing.
    Silent,
}

/// How it is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tone {
    /// Work under way.
    Work = 0,
    /// It went well.
    Good = 1,
    /// It waits.
    Wait = 2,
    /// It went wrong, or users are harmed.
    Bad = 3,
    /// Someone did it.
    Act = 4,
}

use Part::{Act, Begin, End, Silent, Stage, Tick};

const ROLLOUT: &str = "rollout";
const REPAIRS: &str = "repairs and evictions";
const SCALING: &str = "scaling";
const PIPELINES: &str = "pipelines";
const IMAGES: &str = "images";
const JOBS: &str = "jobs";
const USERS: &str = "users";
const WORLD: &str = "timeline and faults";
const OTHER: &str = "other";

/// The stem of the steps of an upgrade. When an upgrade ends, so does its step.
const STEP: &str = "step";

/// The lanes, from top to bottom.
const LANES: [&str; 9] = [WORLD, ROLLOUT, SCALING, REPAIRS, PIPELINES, IMAGES, JOBS, USERS, OTHER];

/// The stem of the capacities of a set: each holds until the next.
const CAPACITY: &str = "capacity";

/// The name of a fact, its lane, the stem that its bar has in common with the fact that closes it, and what it does there.
type Row = (&'static str, &'static str, &'static str, Part, Tone);

/// Facts that have a place of their own.
const TABLE: &[Row] = &[
    ("runBegan", OTHER, "", Silent, Tone::Work),
    ("loopFound", OTHER, "loop", Tick, Tone::Bad),
    ("actionTaken", WORLD, "action", Act, Tone::Act),
    ("actionEnded", WORLD, "action", End, Tone::Act),
    ("faultStruck", WORLD, "fault", Begin, Tone::Bad),
    ("faultPassed", WORLD, "fault", End, Tone::Bad),
    ("controlPlaneSlowed", WORLD, "control plane", Tick, Tone::Wait),
    ("bootsChanged", WORLD, "boots", Tick, Tone::Wait),
    ("deletesChanged", WORLD, "deletes", Tick, Tone::Wait),
    ("extensionPublished", WORLD, "extension", Tick, Tone::Act),
    ("payloadExpired", WORLD, "payload", Begin, Tone::Bad),
    ("payloadRenewed", WORLD, "payload", End, Tone::Bad),
    ("zoneLost", WORLD, "zone", Begin, Tone::Bad),
    ("zoneBack", WORLD, "zone", End, Tone::Bad),
    ("codeReleased", WORLD, "release", Silent, Tone::Act),
    ("dependencyDown", WORLD, "dependency", Begin, Tone::Bad),
    ("dependencyUp", WORLD, "dependency", End, Tone::Bad),
    ("probesBlocked", WORLD, "blocked", Begin, Tone::Wait),
    ("probesUnblocked", WORLD, "blocked", End, Tone::Wait),
    ("modelChanged", WORLD, "model", Silent, Tone::Act),
    ("upgradeStarted", ROLLOUT, "upgrade", Begin, Tone::Work),
    ("upgradeEnded", ROLLOUT, "upgrade", End, Tone::Good),
    // Batches and the waits between them are the steps of an upgrade: the next ends the one before.
    ("batchBegan", ROLLOUT, STEP, Stage, Tone::Work),
    ("batchEnded", ROLLOUT, STEP, End, Tone::Good),
    ("upgradePaused", ROLLOUT, STEP, Stage, Tone::Wait),
    ("emptyDomainsWatched", ROLLOUT, STEP, Stage, Tone::Wait),
    ("upgradeWentOn", ROLLOUT, "goes on", Tick, Tone::Wait),
    ("surgeInPlace", ROLLOUT, "surge", Tick, Tone::Wait),
    ("leftMixed", ROLLOUT, "mixed", Tick, Tone::Bad),
    ("cancelRequested", ROLLOUT, "cancel", Tick, Tone::Act),
    ("leftOutOfUpgrade", ROLLOUT, "left out", Tick, Tone::Wait),
    ("instanceUpgraded", ROLLOUT, "", Silent, Tone::Good),
    ("instanceFailed", ROLLOUT, "instance", Tick, Tone::Bad),
    ("updateRefused", ROLLOUT, "instance", Tick, Tone::Bad),
    ("osUpgradePrevented", ROLLOUT, "os", Tick, Tone::Bad),
    ("osUpgradeDropped", ROLLOUT, "os", Tick, Tone::Bad),
    ("osUpgradeWaits", ROLLOUT, "os", Tick, Tone::Wait),
    ("osUpgradeEnabled", ROLLOUT, "", Silent, Tone::Work),
    ("alreadyNewest", ROLLOUT, "", Silent, Tone::Work),
    ("maintenanceWindowOpened", ROLLOUT, "window", Tick, Tone::Work),
    ("pendingOSUpgradeTagged", ROLLOUT, "tag", Tick, Tone::Wait),
    ("capacitySet", SCALING, CAPACITY, Stage, Tone::Work),
    ("scaleRefused", SCALING, "refused", Tick, Tone::Bad),
    ("quotaExceeded", SCALING, "quota", Tick, Tone::Bad),
    ("standbyCreated", SCALING, "", Silent, Tone::Work),
    ("standbyReady", SCALING, "", Silent, Tone::Work),
    ("standbyTaken", SCALING, "standby", Tick, Tone::Good),
    ("standbyDeleted", SCALING, "", Silent, Tone::Work),
    ("standbyDegraded", SCALING, "standby pool", Begin, Tone::Bad),
    ("standbyRecovered", SCALING, "standby pool", End, Tone::Bad),
    ("zoneMoveBegan", REPAIRS, "zone balance", Begin, Tone::Work),
    ("zoneMoveEnded", REPAIRS, "zone balance", End, Tone::Good),
    ("zonesUneven", SCALING, "uneven", Tick, Tone::Wait),
    ("scaleInHeldBack", SCALING, "held back", Tick, Tone::Wait),
    ("autoscaleBegan", SCALING, "", Silent, Tone::Work),
    ("profileChosen", SCALING, "profile", Tick, Tone::Work),
    ("demandSeen", SCALING, "", Silent, Tone::Work),
    ("metricRead", SCALING, "", Silent, Tone::Work),
    ("metricLost", SCALING, "metric", Tick, Tone::Bad),
    ("metricRecovered", SCALING, "metric", Tick, Tone::Good),
    ("scaleRuleEvaluated", SCALING, "", Silent, Tone::Work),
    ("scaleDecided", SCALING, "", Silent, Tone::Work),
    ("scaleDeferred", SCALING, "deferred", Tick, Tone::Wait),
    ("flapping", SCALING, "flapping", Tick, Tone::Wait),
    ("flappingOccurred", SCALING, "flapping", Tick, Tone::Bad),
    ("scaleActionRecorded", SCALING, "", Silent, Tone::Work),
    ("scaleActionFailed", SCALING, "failed", Tick, Tone::Bad),
    ("forecastBeingTrained", SCALING, "", Silent, Tone::Work),
    ("forecastTrained", SCALING, "forecast", Tick, Tone::Good),
    ("forecast", SCALING, "", Silent, Tone::Work),
    ("spotCapacityShut", WORLD, "spot capacity", Begin, Tone::Wait),
    ("spotCapacityOpened", WORLD, "spot capacity", End, Tone::Wait),
    ("evictionWave", REPAIRS, "wave", Tick, Tone::Wait),
    ("evictionDecided", REPAIRS, "", Silent, Tone::Bad),
    ("evicted", REPAIRS, "evicted", Tick, Tone::Bad),
    ("restoreFailed", REPAIRS, "restore", Tick, Tone::Wait),
    ("restoreEnded", REPAIRS, "restore", Tick, Tone::Bad),
    ("repairsEnabled", REPAIRS, "", Silent, Tone::Work),
    ("repairsPrevented", REPAIRS, "repairs", Tick, Tone::Bad),
    ("repairsSuspended", REPAIRS, "repairs", Tick, Tone::Bad),
    ("repairLeftOut", REPAIRS, "left out", Tick, Tone::Wait),
    ("repairReplaced", REPAIRS, "", Silent, Tone::Work),
    ("startRefused", REPAIRS, "start", Tick, Tone::Bad),
    ("impactBegan", REPAIRS, "impact", Begin, Tone::Wait),
    ("impactEnded", REPAIRS, "impact", End, Tone::Wait),
    ("jobQueued", JOBS, "", Silent, Tone::Work),
    ("jobLost", JOBS, "lost", Tick, Tone::Bad),
    ("bootFailed", REPAIRS, "boot", Tick, Tone::Bad),
    ("deletionFailed", REPAIRS, "delete", Tick, Tone::Bad),
    ("extensionFailed", REPAIRS, "extension", Tick, Tone::Bad),
    ("extensionsTimedOut", REPAIRS, "extension", Tick, Tone::Bad),
    ("pipelineTriggered", PIPELINES, "pipeline", Silent, Tone::Work),
    ("pipelineStarted", PIPELINES, "pipeline", Begin, Tone::Work),
    ("pipelineSucceeded", PIPELINES, "pipeline", End, Tone::Good),
    ("pipelineFailed", PIPELINES, "pipeline", End, Tone::Bad),
    ("pipelineLost", PIPELINES, "pipeline", End, Tone::Bad),
    ("buildBegan", IMAGES, "build", Begin, Tone::Work),
    ("buildStageEntered", IMAGES, "build", Stage, Tone::Work),
    ("buildEnded", IMAGES, "build", End, Tone::Good),
    ("buildSourceResolved", IMAGES, "", Silent, Tone::Work),
    ("customizerDone", IMAGES, "", Silent, Tone::Work),
    ("validatorPassed", IMAGES, "", Silent, Tone::Work),
    ("versionNumbered", IMAGES, "", Silent, Tone::Work),
    ("failureSwallowed", IMAGES, "customizer", Tick, Tone::Bad),
    ("customizerFailed", IMAGES, "customizer", Tick, Tone::Bad),
    ("validatorFailed", IMAGES, "validator", Tick, Tone::Bad),
    ("buildCancelAsked", IMAGES, "cancel", Tick, Tone::Act),
    ("buildRefused", IMAGES, "refused", Tick, Tone::Bad),
    ("versionPublished", IMAGES, "published", Tick, Tone::Act),
    ("replicationBegan", IMAGES, "replication", Begin, Tone::Work),
    ("replicationCompleted", IMAGES, "replication", End, Tone::Good),
    ("replicationFailed", IMAGES, "replication", End, Tone::Bad),
    ("aggregateChanged", IMAGES, "", Silent, Tone::Work),
    ("instancesStay", IMAGES, "", Silent, Tone::Work),
    ("imageResolved", IMAGES, "resolved", Tick, Tone::Work),
    ("exclusionSet", IMAGES, "exclusion", Tick, Tone::Act),
    ("latestMoved", IMAGES, "latest", Tick, Tone::Good),
    ("latestLost", IMAGES, "latest", Tick, Tone::Bad),
    ("endOfLifePassed", IMAGES, "life", Tick, Tone::Wait),
    ("versionDeleted", IMAGES, "deleted", Tick, Tone::Act),
    ("writeRefused", IMAGES, "refused", Tick, Tone::Bad),
    ("harmBegan", USERS, "harm", Begin, Tone::Bad),
    ("harmEnded", USERS, "harm", End, Tone::Bad),
    ("outageBegan", USERS, "outage", Begin, Tone::Bad),
    ("outageEnded", USERS, "outage", End, Tone::Bad),
    ("failedOpen", USERS, "open", Begin, Tone::Wait),
    ("failedOpenEnded", USERS, "open", End, Tone::Wait),
    ("loadStepped", USERS, "load", Silent, Tone::Wait),
];

/// The place of a fact by the grammar of names.
fn by_grammar(what: &str, about_instance: bool) -> Option<(&'static str, String, Part, Tone)> {
    const ENDINGS: [(&str, Part, Tone); 12] = [
        ("Began", Begin, Tone::Work),
        ("Started", Begin, Tone::Work),
        ("Ended", End, Tone::Good),
        ("Completed", End, Tone::Good),
        ("Succeeded", End, Tone::Good),
        ("Finished", End, Tone::Good),
        ("Failed", End, Tone::Bad),
        ("Halted", End, Tone::Bad),
        ("Cancelled", End, Tone::Bad),
        ("Canceled", End, Tone::Bad),
        ("Paused", Begin, Tone::Wait),
        ("Resumed", End, Tone::Wait),
    ];
    let name = what.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let lane = match () {
        () if has(&["upgrade", "rollout", "batch", "rollback"]) => ROLLOUT,
        () if has(&["repair", "evict", "preempt", "restore", "reimage", "redeploy", "maintenance", "terminat"]) => {
            REPAIRS
        }
        () if has(&["autoscale", "scale"]) => SCALING,
        () if about_instance => return None,
        () => OTHER,
    };
    for (ending, part, tone) in ENDINGS {
        if let Some(stem) = what.strip_suffix(ending) {
            // A pause is a bar of its own within that of what is paused.
            let stem = if tone == Tone::Wait { format!("pause of {stem}") } else { stem.to_owned() };
            return Some((lane, stem, part, tone));
        }
    }
    let tone = if has(&["refused", "lost", "unhealthy", "evict", "preempt"]) { Tone::Bad } else { Tone::Work };
    Some((lane, what.to_owned(), Tick, tone))
}

/// Where a fact belongs and how it is meant there: a fact of the table, or one that its name places.
fn placed(record: &Record) -> Option<(&'static str, String, Part, Tone)> {
    let what = windtunnel_words::describe::what(&record.fact);
    let row = TABLE.iter().find(|row| row.0 == what);
    let placed = row.map(|row| (row.1, row.2.to_owned(), row.3, row.4));
    placed.or_else(|| by_grammar(what, instance_of(&record.fact).is_some())).filter(|placed| placed.2 != Silent)
}

/// Whether something goes wrong by this fact, as its colour in the lanes says.
#[must_use]
pub fn is_trouble(names: &Names<'_>, record: &Record) -> bool {
    let of = placed(record);
    of.is_some_and(|(.., part, tone)| outcome(part, tone, &fields(names, &record.fact).detail) == Tone::Bad)
}

/// A bar or a mark.
struct Item {
    lane: usize,
    from: u64,
    /// Its end; the same as `from` for a mark, and `None` while it is open.
    until: Option<u64>,
    tone: Tone,
    entry: u32,
    end: u32,
    words: String,
}

/// More bars and marks than this in one lane nobody tells apart, and no file should hold.
const MOST: usize = 12_000;

/// The lanes of a run: for each its title and its items in columns, in the order in which they began.
#[must_use]
pub fn json(names: &Names<'_>, ledger: &[Record], horizon_ms: u64) -> Value {
    let mut items: Vec<Item> = Vec::new();
    let mut open: BTreeMap<(String, String), Vec<(String, usize)>> = BTreeMap::new();
    let mut left_out = 0_usize;
    let mut counts = [0_usize; LANES.len()];
    for record in ledger {
        let Some((lane, stem, part, tone)) = placed(record) else { continue };
        let fields = fields(names, &record.fact);
        let key = (format!("{lane} {stem}"), fields.subject.clone());
        let now = record.time.ms();
        let tone = outcome(part, tone, &fields.detail);
        if matches!(part, End | Stage) {
            if part == End && lane == ROLLOUT && stem != STEP {
                let step = open.get_mut(&(format!("{ROLLOUT} {STEP}"), fields.subject.clone()));
                if let Some(at) = step.and_then(|began| take(began, "")) {
                    (items[at].until, items[at].end) = (Some(now), record.entry.0);
                }
            }
            let began = open.get_mut(&key).and_then(|began| take(began, &fields.detail));
            if let Some(at) = began {
                items[at].until = Some(now);
                // What begins says nothing of how the one before it went.
                items[at].tone = if part == End { items[at].tone.max(tone) } else { items[at].tone };
                items[at].end = record.entry.0;
            }
            // What ends though nothing of it began is a mark.
            if part == End && began.is_some() {
                continue;
            }
        }
        let lane = LANES.iter().position(|known| *known == lane).unwrap_or(LANES.len() - 1);
        if counts[lane] >= MOST {
            left_out += 1;
            continue;
        }
        counts[lane] += 1;
        let opens = matches!(part, Begin | Stage | Act);
        if opens {
            open.entry(key).or_default().push((fields.detail.clone(), items.len()));
        }
        let until = if matches!(part, Begin | Stage) { None } else { Some(now) };
        let words = words(&fields, &stem);
        items.push(Item { lane, from: now, until, tone, entry: record.entry.0, end: 0, words });
    }
    let lanes = LANES.iter().enumerate().filter_map(|(lane, title)| {
        let own: Vec<&Item> = items.iter().filter(|item| item.lane == lane).collect();
        (!own.is_empty()).then(|| lane_json(title, &own, horizon_ms))
    });
    json!({ "lanes": lanes.collect::<Vec<_>>(), "leftOut": left_out })
}

/// How it ended, where the detail says so in Azure's words.
fn outcome(part: Part, tone: Tone, detail: &str) -> Tone {
    const WRONG: [&str; 9] = [
        "how=notReplaced",
        "how=failed",
        "code=Faulted",
        "code=Cancelled",
        "state=Failed",
        "state=Canceled",
        "state=PartiallySucceeded",
        "code=Failed",
        "error=",
    ];
    let failed = detail.split("; ").find_map(|pair| pair.strip_prefix("failed=")).is_some_and(|count| count != "0");
    if part == End && (failed || WRONG.iter().any(|word| detail.contains(word))) { Tone::Bad } else { tone }
}

/// Takes the bar that a fact closes: the last with the same detail, such as the region, or else the last.
fn take(open: &mut Vec<(String, usize)>, detail: &str) -> Option<usize> {
    let same = open.iter().rposition(|(known, _)| known == detail);
    let at = same.or(open.len().checked_sub(1))?;
    Some(open.remove(at).1)
}

/// What stands on a bar: the stage or place where the detail has one, and the subject.
fn words(fields: &Fields, stem: &str) -> String {
    let of = |key: &str| {
        fields.detail.split("; ").find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')).map(str::to_owned)
    };
    let short = ["stage", "batch", "pipeline", "region"].iter().find_map(|key| of(key));
    match short {
        None if stem == STEP => "wait".to_owned(),
        Some(short) if stem == STEP => format!("batch {short}"),
        _ if stem == CAPACITY => of("to").unwrap_or_default(),
        Some(short) if stem == "pipeline" => format!("{short} · {}", fields.subject),
        Some(short) => short,
        None => fields.subject.clone(),
    }
}

fn lane_json(title: &str, items: &[&Item], horizon_ms: u64) -> Value {
    // Words repeat: each is written once.
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let mut texts: Vec<&str> = Vec::new();
    let mut words = Vec::with_capacity(items.len());
    for item in items {
        let at = *known.entry(&item.words).or_insert_with(|| {
            texts.push(&item.words);
            texts.len() - 1
        });
        words.push(at);
    }
    json!({
        "title": title,
        "from": items.iter().map(|item| item.from).collect::<Vec<_>>(),
        "length": items.iter().map(|item| item.until.unwrap_or(horizon_ms) - item.from).collect::<Vec<_>>(),
        "tone": items.iter().map(|item| item.tone as u8).collect::<Vec<_>>(),
        "entry": items.iter().map(|item| item.entry).collect::<Vec<_>>(),
        "end": items.iter().map(|item| item.end).collect::<Vec<_>>(),
        "words": words,
        "texts": texts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_that_nobody_listed_finds_its_lane_by_its_name() {
        let placed = |what| by_grammar(what, false);
        let at = |lane, stem: &str, part, tone| Some((lane, stem.to_owned(), part, tone));
        assert_eq!(placed("rollingUpgradeStarted"), at(ROLLOUT, "rollingUpgrade", Begin, Tone::Work));
        assert_eq!(placed("rollingUpgradeHalted"), at(ROLLOUT, "rollingUpgrade", End, Tone::Bad));
        assert_eq!(placed("rollingUpgradePaused"), at(ROLLOUT, "pause of rollingUpgrade", Begin, Tone::Wait));
        assert_eq!(placed("batchEnded"), at(ROLLOUT, "batch", End, Tone::Good));
        assert_eq!(placed("repairStarted"), at(REPAIRS, "repair", Begin, Tone::Work));
        assert_eq!(placed("instanceEvicted"), at(REPAIRS, "instanceEvicted", Tick, Tone::Bad));
        assert_eq!(placed("autoscaleScaledOut"), at(SCALING, "autoscaleScaledOut", Tick, Tone::Work));
        assert_eq!(placed("somethingHappened"), at(OTHER, "somethingHappened", Tick, Tone::Work));
        assert_eq!(by_grammar("warmed", true), None);
    }

    #[test]
    fn a_bar_is_closed_by_the_fact_with_the_same_detail() {
        let mut open = vec![("region=eastus".to_owned(), 0), ("region=westus".to_owned(), 1)];
        assert_eq!(take(&mut open, "region=eastus"), Some(0));
        assert_eq!(take(&mut open, "else"), Some(1));
        assert_eq!(take(&mut open, "else"), None);
    }

    #[test]
    fn every_name_of_the_table_stands_there_once() {
        for (at, row) in TABLE.iter().enumerate() {
            assert!(TABLE[..at].iter().all(|other| other.0 != row.0), "{} stands twice", row.0);
            assert!(LANES.contains(&row.1), "{} is no lane", row.1);
        }
    }
}
