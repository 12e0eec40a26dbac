//! What Azure said of upgrades (`az vmss rolling-upgrade get-latest`, `get-os-upgrade-history`) beside what a run says of its own,
//! line by line, with the batches of the run, which Azure does not list.

use super::ask::Question;
use super::{Answer, View, facts};
use crate::input::quantity::timestamp;
use serde_json::Value;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::world::fact::{Fact, RolloutFact};
use windtunnel_sim::world::ids::SetId;
use windtunnel_words::clock::spoken;

/// A line: what is compared, what was recorded, and what the run says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What.
    pub what: String,
    /// As recorded.
    pub recorded: String,
    /// In the run.
    pub run: String,
}

/// The upgrades in a body, whatever the case of its keys: one, or a list, the newest first.
fn upgrades(body: &Value) -> Vec<Value> {
    let body = lower(body);
    let list = body.get("value").unwrap_or(&body);
    let items = list.as_array().cloned().unwrap_or_else(|| vec![list.clone()]);
    let inner = |item: Value| match item.get("properties") {
        Some(properties @ Value::Object(_)) => properties.clone(),
        _ => item,
    };
    items.into_iter().map(inner).filter(|item| item["runningstatus"].is_object()).collect()
}

/// The same with the names of all keys in small letters: PowerShell writes them large.
fn lower(value: &Value) -> Value {
    match value {
        Value::Object(entries) => entries
            .iter()
            .map(|(key, value)| (key.to_ascii_lowercase(), lower(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(lower).collect(),
        other => other.clone(),
    }
}

/// The comparison; `None` where the file has no upgrade, or nobody was asked about upgrades of a run.
pub fn rows(view: &View<'_, '_>, recorded: &Value, answers: &[Answer]) -> Option<Vec<Row>> {
    let recorded = upgrades(recorded);
    let asked = answers.iter().find_map(|answer| match answer.question {
        Question::Upgrade(set) | Question::History(set) => Some((set, upgrades(&answer.body))),
        _ => None,
    });
    let (set, mut ours) = asked.filter(|_| !recorded.is_empty())?;
    // The answer for the last upgrade does not say when it ended; the run knows.
    let last = view.instant.world.rolling_upgrade.upgrades[set.index()].last();
    if let (Some((_, ended)), [only]) = (last.and_then(|upgrade| upgrade.ended), &mut ours[..]) {
        only["runningstatus"]["endtime"] = view.time(ended).into();
    }
    let mut rows = Vec::new();
    for (nth, theirs) in recorded.iter().enumerate() {
        let name = if recorded.len() > 1 { format!("upgrade {}: ", nth + 1) } else { String::new() };
        let none = Value::Null;
        compare(&name, theirs, ours.get(nth).unwrap_or(&none), &mut rows);
    }
    rows.extend(batches(view, set));
    Some(rows)
}

/// What both say of one upgrade.
fn compare(name: &str, recorded: &Value, run: &Value, rows: &mut Vec<Row>) {
    let text = |value: &Value| match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut row = |what: &str, of: &dyn Fn(&Value) -> String| {
        rows.push(Row { what: format!("{name}{what}"), recorded: of(recorded), run: of(run) });
    };
    row("state", &|of| text(&of["runningstatus"]["code"]));
    row("length", &|of| length(&of["runningstatus"]).map_or_else(|| "–".to_owned(), spoken));
    for (what, key) in [
        ("successful", "successfulinstancecount"),
        ("failed", "failedinstancecount"),
        ("in progress", "inprogressinstancecount"),
        ("pending", "pendinginstancecount"),
    ] {
        row(what, &|of| text(&of["progress"][key]));
    }
    row("error", &|of| text(&of["error"]["code"]));
    for (what, key) in [
        ("batch", "maxbatchinstancepercent"),
        ("unhealthy at most", "maxunhealthyinstancepercent"),
        ("upgraded unhealthy at most", "maxunhealthyupgradedinstancepercent"),
        ("pause", "pausetimebetweenbatches"),
    ] {
        let differs = recorded["policy"].is_object()
            && run["policy"].is_object()
            && recorded["policy"][key] != run["policy"][key];
        if differs {
            row(what, &|of| text(&of["policy"][key]));
        }
    }
    for (what, key) in
        [("rolled back", "successfullyrolledbackinstancecount"), ("not rolled back", "failedrolledbackinstancecount")]
    {
        if recorded["rollbackinfo"].is_object() {
            row(what, &|of| text(&of["rollbackinfo"][key]));
        }
    }
}

/// From the start of an upgrade to its end, where both are said. What Azure calls the last action is that of a user.
fn length(status: &Value) -> Option<SimDuration> {
    let at = |key: &str| status[key].as_str().and_then(|text| timestamp(text).ok());
    let end = at("endtime").or_else(|| at("completedtime"))?;
    u64::try_from(end - at("starttime")?).ok().map(SimDuration::from_ms)
}

/// The batches of the last upgrade of a set: how many instances each had, when it began, and how long it took.
fn batches(view: &View<'_, '_>, set: SetId) -> Vec<Row> {
    let number = view.instant.world.rolling_upgrade.upgrades[set.index()].len();
    let Some(number) = number.checked_sub(1) else { return Vec::new() };
    let ledger = facts::of_upgrade(&view.instant.ledger, set, number);
    let began = ledger.first().map_or(SimTime::ZERO, |record| record.time);
    let mut rows = Vec::new();
    for (at, record) in ledger.iter().enumerate() {
        let Fact::Rollout(RolloutFact::BatchStarted { set: of, batch, size, .. }) = record.fact else { continue };
        if of != set {
            continue;
        }
        let ended = ledger[at..].iter().find_map(|later| match later.fact {
            Fact::Rollout(RolloutFact::BatchEnded { set: of, batch: ended, failed }) if of == set && ended == batch => {
                Some((later.time, failed))
            }
            _ => None,
        });
        let done = match ended {
            None => "not done yet".to_owned(),
            Some((end, 0)) => format!("done in {}", spoken(end.since(record.time))),
            Some((end, failed)) => format!("done in {}, {failed} failed", spoken(end.since(record.time))),
        };
        let run = format!("{size} after {}, {done}", spoken(record.time.since(began)));
        rows.push(Row { what: format!("batch {}", rows.len() + 1), recorded: "–".into(), run });
    }
    rows
}
