//! `scorecard.json`: the whole scorecard for programs.

use super::Sheet;
use crate::experiment::drill::card::{Came, Standing};
use crate::experiment::drill::search::{Row, Tried, Worse};
use crate::experiment::statistics::{CONFIDENCE, Interval, Paired};
use crate::input::drill::{Drill, Handle, Value as Parameter};
use crate::input::formats;
use serde_json::{Value, json};
use windtunnel_sim::measure::catalogue::HARMED;
use windtunnel_sim::plan::Word as _;

/// The scorecard as JSON.
#[must_use]
pub fn json(sheet: &Sheet<'_>) -> Value {
    let card = sheet.card;
    let (held, of) = card.held();
    let handles: serde_json::Map<String, Value> = Handle::ALL
        .iter()
        .filter_map(|handle| Some((handle.word().to_owned(), sheet.fleet.handles.get(*handle)?.text().into())))
        .collect();
    let rows = sheet.drills.iter().zip(&card.rows);
    let dropped = sheet.fleet.dropped.iter();
    json!({
        formats::KEY: formats::SCORECARD.version,
        "tool": { "name": "windtunnel", "version": env!("CARGO_PKG_VERSION"), "modelVersion": crate::input::identity::MODEL_VERSION },
        "fleet": handles,
        "instances": sheet.fleet.most_instances(),
        "before": sheet.before.map(|(_, from)| from),
        "firstSeed": card.first_seed,
        "replications": card.runs,
        "confidence": CONFIDENCE,
        "horizon": sheet.fleet.horizon.to_string(),
        "objective": sheet.allowed().filter(|_| sheet.has_users()).map(|allowed| json!({ "measure": HARMED, "atMost": allowed })),
        "finding": sheet.title(),
        "held": held,
        "of": of,
        "heldBefore": card.held_before().map(|(held, of)| json!({ "held": held, "of": of })),
        "guesses": sheet.guesses,
        "incidents": rows.enumerate().map(|(at, (drill, row))| row_json(sheet, at, drill, row)).collect::<Vec<_>>(),
        "best": sheet.best().map(|tried| tried_json(sheet, tried)),
        "tried": card.tried.iter().map(|tried| tried_json(sheet, tried)).collect::<Vec<_>>(),
        "notPossible": dropped.map(|(candidate, why)| json!({ "change": candidate.name, "why": why })).collect::<Vec<_>>(),
    })
}

fn row_json(sheet: &Sheet<'_>, at: usize, drill: &Drill, row: &Row) -> Value {
    let parameters: serde_json::Map<String, Value> =
        drill.parameters.iter().map(|(name, value)| (name.clone(), Parameter::text(value).into())).collect();
    json!({
        "drill": drill.name,
        "title": drill.title,
        "rollout": drill.rollout.map(|rollout| rollout.word()),
        "parameters": parameters,
        "fleet": standing_json(&row.standing),
        "before": row.before.as_ref().map(standing_json),
        "worse": sheet.card.worse(at).map(Worse::key),
        "differences": row.differences.iter().filter(|(_, paired)| paired.less + paired.more > 0).map(|(column, paired)| {
            let mut json = paired_json(paired);
            json["measure"] = column.name.clone().into();
            json
        }).collect::<Vec<_>>(),
        "wouldHelp": row.remedy.as_ref().map(|remedy| json!({
            "change": sheet.fleet.candidates[remedy.change].name,
            "fleet": standing_json(&remedy.standing),
            "harm": remedy.harm.as_ref().map(paired_json),
        })),
        "digest": format!("{:016x}", row.digest),
    })
}

fn standing_json(one: &Standing) -> Value {
    json!({
        "verdict": one.verdict.key(),
        "why": one.why,
        "runs": one.runs,
        "held": one.held,
        "share": one.share.map(interval),
        "harmedPct": one.harm.map(came),
        "downtimeFullS": one.full_s.map(came),
        "downtimeDegradedS": one.degraded_s.map(came),
        "instances": one.instances.map(came),
        "instancesPct": one.instances_pct.map(came),
        "timeToHaltS": one.halt_s.map(came),
        "rollout": { "completed": one.outcomes.completed, "halted": one.outcomes.halted, "running": one.outcomes.running },
        "everyInstanceAfterS": one.reached_s.map(came),
        "everyInstance": one.reached_s.map(|_| one.reached),
        "instanceHours": one.hours.map(came),
    })
}

fn tried_json(sheet: &Sheet<'_>, tried: &Tried) -> Value {
    let candidate = sheet.candidate(tried);
    json!({
        "change": candidate.name,
        "title": candidate.title,
        "patch": candidate.policy.1.to_json(),
        "seeds": tried.seeds,
        "held": tried.held,
        "heldWithout": tried.held_without(),
        "of": tried.of,
        "rolloutLongerS": tried.longer.as_ref().map(paired_json),
        "instanceHoursMore": tried.hours,
        "notAdvised": tried.barred,
    })
}

fn came(came: Came) -> Value {
    json!({ "mean": came.mean, "least": came.least, "most": came.most, "open": came.open, "runs": came.runs })
}

fn interval(interval: Interval) -> Value {
    json!([interval.low, interval.high])
}

pub(in crate::output) fn paired_json(paired: &Paired) -> Value {
    json!({
        "verdict": paired.verdict.words(),
        "difference": paired.difference.map(|difference| difference.mean),
        "interval": paired.interval.map(interval),
        "method": paired.method.words(),
        "less": paired.less,
        "equal": paired.equal,
        "more": paired.more,
        "why": paired.why,
    })
}
