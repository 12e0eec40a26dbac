//! Repair loops in words, and as a machine reads them.

use super::highlights::moments::Moment;
use crate::experiment::repair_loop::{Ends, Found};
use serde_json::{Value, json};
use windtunnel_sim::measure::repairs::LOOP;
use windtunnel_sim::plan::RepairAction;
use windtunnel_words::clock::spoken;
use windtunnel_words::describe::Names;

/// A loop as two moments to look at: when it closed, and what ends it.
pub fn moments(names: &Names<'_>, found: &Found) -> [Moment; 2] {
    let of = &found.of;
    let closed = of.row[LOOP as usize - 1];
    let at = Some((closed.at, closed.entry));
    let first = names.instance(of.row[0].instance);
    let (period, even) = of.period();
    let every = if even { "every" } else { "about every" };
    // What is most telling comes first: a narrow screen cuts the rest.
    let replaces = of.action == RepairAction::Replace;
    let (of_what, others) = match (of.in_place, of.places.len()) {
        (false, _) => (format!("{first} and then others"), String::new()),
        (true, places) => {
            let affected = if replaces { format!("{first} and its replacements") } else { first.to_owned() };
            (affected, if places > 1 { format!(", in {places} places") } else { String::new() })
        }
    };
    let (repairs, period, word) = (of.repairs, spoken(period), of.action.word());
    let sentence = format!("{repairs} repairs, {every} {period}{others}: {word} of {of_what}");
    [Moment { label: "repair loop", at, sentence }, Moment { label: "what ends it", at, sentence: ends(found) }]
}

/// What ends a loop.
fn ends(found: &Found) -> String {
    let of = |ends: Ends, whose: &str| match ends {
        Ends::From(grace) => Some(format!("{whose} grace of {} ({})", spoken(grace), grace.iso())),
        Ends::No | Ends::NotThere | Ends::NotComputed => None,
    };
    match (of(found.repairs, "a repair"), of(found.extension, "a health")) {
        (Some(repairs), Some(extension)) => format!("{repairs}, or {extension}"),
        (Some(repairs), None) => repairs,
        (None, Some(extension)) => format!("{extension}, and none of repairs"),
        (None, None) if found.repairs == Ends::NotComputed => {
            "not computed: the run is too large to repeat so often".to_owned()
        }
        (None, None) => "no grace period that Azure accepts".to_owned(),
    }
}

/// A loop for `summary.json`.
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
        "places": of.places.iter().map(|place| place.iter().map(|&one| names.instance(one)).collect::<Vec<_>>()).collect::<Vec<_>>(),
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
