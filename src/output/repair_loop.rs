//! Repair loops in words, and as a machine reads them.

use super::clock::spoken;
use super::describe::Names;
use super::moments::Moment;
use crate::experiment::repair_loop::{Ends, Found};
use serde_json::{Value, json};
use windtunnel_sim::measure::repairs::LOOP;
use windtunnel_sim::plan::RepairAction;

/// A loop as two moments to look at: when it closed, and what ends it.
#[must_use]
pub fn moments(names: &Names<'_>, found: &Found) -> [Moment; 2] {
    let of = &found.of;
    let closed = of.row[LOOP as usize - 1];
    let at = Some((closed.at, closed.entry));
    let first = names.instance(of.row[0].instance);
    let (period, even) = of.period();
    let replaces = of.action == RepairAction::Replace;
    let others = if of.places > 1 { format!(", and {} other places like it", of.places - 1) } else { String::new() };
    let who = match (of.in_place, replaces) {
        (true, true) => format!("{first} and what comes in its place{others}"),
        (true, false) => format!("{first} again and again{others}"),
        (false, _) => format!("{first} and then one after another of {}", names.set(of.set)),
    };
    let every = if even { "every" } else { "on average every" };
    let sentence = format!("{who}, {every} {}: {} repairs by {}", spoken(period), of.repairs, of.action.word());
    [Moment { label: "repair loop", at, sentence }, Moment { label: "what ends it", at, sentence: ends(found) }]
}

/// What ends a loop.
fn ends(found: &Found) -> String {
    let of = |ends: Ends, whose: &str| match ends {
        Ends::From(grace) => Some(format!("{whose} of {} or more", grace.iso())),
        Ends::No | Ends::NotThere | Ends::NotComputed => None,
    };
    let repairs = of(found.repairs, "a grace of repairs");
    let extension = of(found.extension, "one of the health extension");
    match (repairs, extension) {
        (Some(repairs), Some(extension)) => format!("{repairs}, or {extension}"),
        (Some(repairs), None) => repairs,
        (None, Some(extension)) => format!("{extension}; none of repairs does"),
        (None, None) if found.repairs == Ends::NotComputed => {
            "not computed: the run is too large to repeat so often".to_owned()
        }
        (None, None) => "no grace period that Azure accepts: the cause is not a slow start".to_owned(),
    }
}

/// A loop for `summary.json`.
#[must_use]
pub fn json(names: &Names<'_>, found: &Found) -> Value {
    let of = &found.of;
    let (period, even) = of.period();
    let ends = |ends: Ends| match ends {
        Ends::From(grace) => json!({ "from": grace.iso().to_string() }),
        Ends::No => json!({ "notFound": "there is a loop with the longest that Azure accepts" }),
        Ends::NotThere => json!({ "notFound": "there is no such setting" }),
        Ends::NotComputed => json!({ "notComputed": "the run is too large to be repeated so often" }),
    };
    json!({
        "scaleSet": names.set(of.set),
        "repairAction": of.action.word(),
        "repairs": of.repairs,
        "places": of.places,
        "onePlace": of.in_place,
        "period_s": period.seconds(),
        "evenPeriod": even,
        "row": of.row.iter().map(|step| json!({
            "instance": names.instance(step.instance),
            "at_s": step.at.seconds(),
            "entry": step.entry.0,
        })).collect::<Vec<_>>(),
        "endsWith": { "automaticRepairsPolicy.gracePeriod": ends(found.repairs), "healthExtension.gracePeriod": ends(found.extension) },
    })
}
