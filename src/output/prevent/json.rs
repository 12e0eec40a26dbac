//! What would have prevented an incident, for programs.

use super::Sheet;
use crate::experiment::drill::card::Came;
use crate::experiment::prevent::moment::Point;
use crate::experiment::prevent::{Kind, Tried, Worth};
use crate::experiment::statistics::CONFIDENCE;
use crate::input::formats;
use crate::input::identity::MODEL_VERSION;
use crate::output::scorecard::json::paired_json;
use serde_json::{Value, json};
use windtunnel_words::clock::timestamp;

/// All of it.
#[must_use]
pub fn json(sheet: &Sheet<'_>) -> Value {
    let found = sheet.found;
    let start = found.own.plan.start_unix_ms;
    let none = Vec::new();
    let tried = found.tried.iter().enumerate();
    let last = found.last.as_ref().map(|last| {
        json!({
            "act": last.entry,
            "cancels": last.cancel,
            "cancelBefore_s": last.before.seconds(),
            "replications": last.seeds,
            "was": timestamp(start, last.was),
            "was_s": last.was.seconds(),
            "sentences": sheet.last(),
            "points": last.points.iter().map(|point| point_json(start, point)).collect::<Vec<_>>(),
        })
    });
    json!({
        formats::KEY: formats::PREVENTED.version,
        "tool": { "name": "windtunnel", "version": env!("CARGO_PKG_VERSION"), "modelVersion": MODEL_VERSION },
        "title": sheet.title,
        "firstSeed": found.first_seed,
        "replications": found.runs,
        "confidence": CONFIDENCE,
        "measure": found.measure,
        "objective": found.allowed.map(|allowed| json!({ "measure": found.measure, "atMost": allowed })),
        "finding": sheet.finding(),
        "noticed": found.notice.as_ref().map(|notice| json!({
            "at": timestamp(start, notice.at), "at_s": notice.at.seconds(), "by": notice.by,
        })),
        "asItWas": found.standing.harm.or(found.standing.instances_pct).map(came_json),
        "changes": tried.map(|(at, one)| tried_json(one, sheet.effects.get(at).unwrap_or(&none))).collect::<Vec<_>>(),
        "pairsTried": found.pairs,
        "notPossible": found.dropped.iter().map(|(change, why)| json!({ "change": change, "why": why })).collect::<Vec<_>>(),
        "otherIncidents": found.incidents.iter().map(|(policy, path)| json!({ "policy": policy, "changes": path })).collect::<Vec<_>>(),
        "lastMoment": last,
    })
}

fn came_json(came: Came) -> Value {
    json!({ "min": came.least, "mean": came.mean, "max": came.most, "open": came.open, "runs": came.runs })
}

fn point_json(start: i64, point: &Point) -> Value {
    json!({
        "at": timestamp(start, point.at),
        "at_s": point.at.seconds(),
        "harm_pct": point.harm,
        "objectiveKept": point.held,
        "refused": point.refused,
    })
}

fn tried_json(tried: &Tried, effects: &[String]) -> Value {
    let standing = &tried.standing;
    let worse = tried.worse.iter().map(|(column, paired)| {
        let mut json = paired_json(paired);
        json["measure"] = column.name.clone().into();
        json
    });
    json!({
        "kind": tried.change.kind.word(),
        "title": tried.change.title,
        "policy": tried.change.policy,
        "patch": tried.change.patch.as_ref().filter(|_| tried.change.kind != Kind::Policy),
        "worth": tried.worth.word(),
        "advised": tried.worth.helps(),
        "notAdvisedBecause": tried.barred.as_ref().filter(|_| tried.worth == Worth::Barred),
        "replications": tried.seeds,
        "harm": standing.harm.or(standing.instances_pct).map(came_json),
        "removed": tried.removed,
        "difference": tried.harm.as_ref().map(paired_json),
        "objectiveKept": standing.held,
        "goodRolloutLonger_s": tried.longer.as_ref().and_then(|paired| paired.difference).map(|by| by.mean),
        "instanceHours": tried.hours,
        "credits": tried.credits,
        "worse": worse.collect::<Vec<_>>(),
        "sideEffects": effects,
    })
}
