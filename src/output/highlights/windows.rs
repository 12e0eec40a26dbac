//! The windows of harm of a run, as a line on the terminal and in `summary.json`.

use super::moments::how_long;
use crate::experiment::harm::{HarmWindow, Step};
use serde_json::{Value, json};
use windtunnel_sim::world::fact::Record;
use windtunnel_words::clock::{civil, spoken, timestamp};
use windtunnel_words::describe::{Names, sentence};
use windtunnel_words::number::{count, grouped, percent};

/// A window in a line: when and where, how much, and who noticed it.
pub fn words(names: &Names<'_>, window: &HarmWindow) -> String {
    let (course, extent) = (&window.course, &window.extent);
    let plan = names.plan();
    let mut text = format!("from {} {}", civil(plan, course.from()), how_long(course));
    text += &format!(" at {}: ", names.entry_point(course.entry_point));
    text += &format!("{} of requests at worst", percent(100.0 * extent.peak));
    if !extent.instances.is_empty() {
        text += &format!(", {}", count(extent.instances.len(), "instance"));
    }
    text += &format!(", {} requests", grouped((extent.failed + extent.stale).round() as u64));
    text + &match &course.noticed {
        Some((by, record)) => {
            format!("; noticed after {} by {}", spoken(record.time.since(course.from())), by.shown())
        }
        None => "; noticed by nobody".to_owned(),
    }
}

/// A window as data.
pub fn json(names: &Names<'_>, window: &HarmWindow) -> Value {
    let (course, extent) = (&window.course, &window.extent);
    let start = names.plan().start_unix_ms;
    let entry = |record: &Record| {
        json!({
            "entry": record.entry.0,
            "at_s": record.time.seconds(),
            "what": sentence(names, &record.fact),
            "rule": record.rule.word(),
        })
    };
    let step = |step: &Step| {
        json!({
            "at_s": step.at.seconds(),
            "from_pct": 100.0 * step.from,
            "to_pct": 100.0 * step.to,
            "entry": step.entry.map(|entry| entry.0),
        })
    };
    let regions = extent.regions.iter().map(|region| names.plan().regions[usize::from(*region)].name.as_str());
    json!({
        "entryPoint": names.entry_point(course.entry_point),
        "from_s": course.from().seconds(),
        "from": timestamp(start, course.from()),
        "until_s": course.until.seconds(),
        "until": timestamp(start, course.until),
        "goesOn": course.ended.is_none(),
        "began": entry(&course.began),
        "ended": course.ended.as_ref().map(entry),
        "endedBy": course.relieved.as_ref().map(entry),
        "firstAct": course.act.as_ref().map(entry),
        "noticed": course.noticed.as_ref().map(|(by, record)| {
            let mut of = entry(record);
            of["by"] = by.word().into();
            of["after_s"] = record.time.since(course.from()).seconds().into();
            of
        }),
        "requestsOffered": extent.offered,
        "requestsFailed": extent.failed,
        "requestsStale": extent.stale,
        "harmed_pct": 100.0 * extent.share(),
        "peak_pct": 100.0 * extent.peak,
        "steps": extent.steps.iter().map(step).collect::<Vec<_>>(),
        "instances": extent.instances.iter().map(|instance| names.instance(*instance)).collect::<Vec<_>>(),
        "regions": regions.collect::<Vec<_>>(),
    })
}
