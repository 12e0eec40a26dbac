//! `trace.json`: a run in the trace event format, for Perfetto (ui.perfetto.dev) and `chrome://tracing`.
//!
//! A zone of a set is a process, an instance a thread, what it is a slice; demand, capacity and harmed share are counters,
//! entries of the timeline and the three moments are instants. Times are microseconds since the start.
//!
//! One event a line, so that the file can be read with line tools. More than [`EVENTS_MOST`] events open in no viewer: then
//! the first instances are kept, and a note in `otherData` and on the first track says so.

use crate::experiment::replay::Replay;
use crate::output::highlights::Highlights;
use crate::output::plots::fleet::meaning;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::lanes::Lane;
use windtunnel_sim::world::fact::Fact;
use windtunnel_words::describe::{Names, sentence};

/// At most so many events.
pub const EVENTS_MOST: usize = 200_000;
/// The process of what is not about an instance.
const RUN: u64 = 1;

/// Writes the trace.
pub fn write(run: &Highlights<'_>, most: usize, mut out: impl Write) -> io::Result<()> {
    let replay = run.replay;
    let (events, note) = events(run, most);
    let other = json!({
        "scenario": replay.plan().title,
        "policy": replay.plan().policy,
        "seed": replay.seed,
        "digest": format!("{:016x}", replay.outcome.digest),
        "note": note,
    });
    writeln!(out, r#"{{"displayTimeUnit":"ms","otherData":{other},"traceEvents":["#)?;
    for (index, event) in events.iter().enumerate() {
        let comma = if index + 1 < events.len() { "," } else { "" };
        writeln!(out, "{event}{comma}")?;
    }
    writeln!(out, "]}}")
}

/// Microseconds.
const fn micros(at: SimTime) -> u64 {
    at.ms() * 1000
}

/// The events, and what was left out.
fn events(run: &Highlights<'_>, most: usize) -> (Vec<Value>, Option<String>) {
    let replay = run.replay;
    let names = &replay.names;
    let mut events = vec![name("process_name", RUN, 0, "the run"), name("thread_name", RUN, 1, "timeline")];
    markers(run, &mut events);
    let before = events.len();
    let processes = processes(names, &replay.lanes.lanes);
    for (place, (title, _)) in processes.iter().enumerate() {
        events.push(name("process_name", RUN + 1 + place as u64, 0, title));
    }
    // Counters come first: they say what the instances come to.
    let left_out = counters(replay, most.saturating_sub(events.len()) / 2, &mut events);
    let mut kept = 0;
    let all = replay.lanes.lanes.len();
    'lanes: for (place, (_, lanes)) in processes.iter().enumerate() {
        for lane in lanes {
            if events.len() + lane.intervals.len() + 1 > most {
                break 'lanes;
            }
            slices(names, lane, RUN + 1 + place as u64, &mut events);
            kept += 1;
        }
    }
    let mut notes = Vec::new();
    if kept < all {
        notes.push(format!("{kept} of {all} instances are here"));
    }
    if left_out > 0 {
        notes.push(format!("{left_out} changes of counters are left out"));
    }
    let note = (!notes.is_empty()).then(|| format!("capped at {most} events: {}", notes.join(", ")));
    if let Some(note) = &note {
        events.insert(before, instant(SimTime::ZERO, note, json!({})));
    }
    (events, note)
}

/// The instances by set and zone, in order.
fn processes<'l>(names: &Names<'_>, lanes: &'l [Lane]) -> Vec<(String, Vec<&'l Lane>)> {
    let mut groups: BTreeMap<(u16, u8), Vec<&Lane>> = BTreeMap::new();
    for lane in lanes {
        groups.entry((lane.set.0, lane.at.zone)).or_default().push(lane);
    }
    let title = |(set, zone): (u16, u8)| {
        let set = names.plan().sets[usize::from(set)].name.as_str();
        if zone == 0 { set.to_owned() } else { format!("{set}, zone {zone}") }
    };
    groups.into_iter().map(|(key, lanes)| (title(key), lanes)).collect()
}

/// A name of a process or a thread.
fn name(what: &str, process: u64, thread: u64, name: &str) -> Value {
    json!({ "ph": "M", "name": what, "pid": process, "tid": thread, "ts": 0, "args": { "name": name } })
}

/// A mark at one instant, on the track of the run.
fn instant(at: SimTime, name: &str, args: Value) -> Value {
    json!({ "ph": "i", "s": "g", "name": name, "cat": "marker", "pid": RUN, "tid": 1, "ts": micros(at), "args": args })
}

/// What was done by hand, and the three moments.
fn markers(run: &Highlights<'_>, events: &mut Vec<Value>) {
    let names = &run.replay.names;
    for record in &run.replay.ledger {
        if let Fact::ActionTaken { .. } | Fact::ActionEnded { .. } | Fact::LoopFound { .. } = record.fact {
            events.push(instant(record.time, &sentence(names, &record.fact), json!({ "entry": record.entry.0 })));
        }
    }
    for moment in &run.moments {
        if let Some((at, entry)) = moment.at {
            let args = if moment.is_note() { json!({ "note": true }) } else { json!({ "entry": entry.0 }) };
            events.push(instant(at, &format!("{}: {}", moment.label, moment.sentence), args));
        }
    }
}

/// The thread of an instance: what it was, from its creation to its end.
fn slices(names: &Names<'_>, lane: &Lane, process: u64, events: &mut Vec<Value>) {
    let thread = u64::from(lane.instance.0) + 1;
    events.push(name("thread_name", process, thread, names.instance(lane.instance)));
    for interval in &lane.intervals {
        let (from, until) = (micros(interval.from), micros(interval.until));
        events.push(json!({
            "ph": "X",
            "name": meaning(names.plan(), interval.state),
            "cat": if interval.state.harms() { "harm" } else { "state" },
            "pid": process,
            "tid": thread,
            "ts": from,
            "dur": until - from,
            "cname": viewer_colour(interval.state),
            "args": { "state": interval.state.key(), "faultDomain": lane.at.fault_domain },
        }));
    }
}

/// A colour by the names that the viewers know.
const fn viewer_colour(state: LaneState) -> &'static str {
    match state {
        LaneState::Creating | LaneState::Deleting => "grey",
        LaneState::Booting => "generic_work",
        LaneState::Starting => "thread_state_runnable",
        LaneState::Ready => "thread_state_iowait",
        LaneState::Serving => "good",
        LaneState::StaleServing => "bad",
        LaneState::NotServing => "terrible",
        LaneState::Out => "olive",
        LaneState::Failed => "black",
    }
}

/// Demand, capacity and harmed share of each entry point; how many changes there was no room for.
fn counters(replay: &Replay<'_>, room: usize, events: &mut Vec<Value>) -> usize {
    let mut left_out = 0;
    let end = events.len() + room;
    for row in &replay.series.entries {
        if events.len() + 2 > end {
            left_out += 1;
            continue;
        }
        let name = replay.names.entry_point(row.entry_point);
        let counter = |name: String, args: Value| json!({ "ph": "C", "name": name, "pid": RUN, "tid": 0, "ts": micros(row.time), "args": args });
        let mut rates = json!({ "in rotation": row.in_rotation() });
        if let Some(of) = row.rates() {
            rates = json!({ "demand": of.demand });
        }
        if let Some(capacity) = row.capacity {
            rates["capacity"] = capacity.into();
        }
        events.push(counter(format!("{name}, requests a second"), rates));
        if let Some(rates) = row.rates() {
            events.push(counter(format!("{name}, harmed share"), json!({ "harmed": rates.harmed_share() })));
        }
    }
    left_out
}
