//! What goes on when a run ends, and no objective sees: repairs without end, machines of a bad version, machines that cannot
//! serve. A run that met its objective need not be well.

use crate::experiment::replay::Replay;
use std::collections::BTreeMap;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::lanes::Lane;
use windtunnel_sim::world::fact::{Fact, Record, RepairsFact};
use windtunnel_sim::world::ids::InstanceId;

/// What a verdict says before anything of the kind.
pub const AT_THE_END: &str = "at the end";

/// What goes on at the end of a run, beside its rollouts; `None` where nothing does.
#[must_use]
pub fn told(replay: &Replay<'_>) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(harm(&replay.ledger));
    parts.extend(repairs(replay));
    parts.extend(machines(replay));
    let (last, rest) = parts.split_last()?;
    let list = if rest.is_empty() { last.clone() } else { format!("{} and {last}", rest.join(", ")) };
    Some(format!("{AT_THE_END} {list}"))
}

/// Harm that is not over.
fn harm(ledger: &[Record]) -> Option<String> {
    let mut open = 0_i64;
    for record in ledger {
        match record.fact {
            Fact::HarmBegan { .. } => open += 1,
            Fact::HarmEnded { .. } => open -= 1,
            _ => {}
        }
    }
    (open > 0).then(|| "users are still harmed".to_owned())
}

/// Repairs that are under way, and those of a loop that goes on.
fn repairs(replay: &Replay<'_>) -> Option<String> {
    let mut open: BTreeMap<InstanceId, Option<InstanceId>> = BTreeMap::new();
    let (mut begun, mut last) = (0_u32, SimTime::ZERO);
    for record in &replay.ledger {
        match record.fact {
            Fact::Repairs(RepairsFact::Started { instance, .. }) => {
                open.insert(instance, None);
                (begun, last) = (begun + 1, record.time);
            }
            Fact::Repairs(RepairsFact::Replaced { instance, by }) => {
                open.entry(instance).and_modify(|one| *one = Some(by));
            }
            Fact::Repairs(RepairsFact::Ended { instance, .. }) => {
                open.remove(&instance);
            }
            _ => {}
        }
    }
    // What is gone and has no successor is repaired no more, though nothing says so.
    let gone = |instance: &InstanceId| replay.lanes.lanes.get(instance.index()).is_some_and(|lane| lane.end.is_some());
    open.retain(|instance, by| by.is_some() || !gone(instance));
    let now = replay.outcome.end;
    let going_on = begun > 1
        && replay.repair_loops().iter().any(|found| now.since(last) <= found.of.period().0 + found.of.period().0);
    match (going_on, open.len()) {
        (true, _) => Some(format!("repairs still undo each other ({begun} so far)")),
        (false, 0) => None,
        (false, 1) => Some("1 repair still runs".to_owned()),
        (false, n) => Some(format!("{n} repairs still run")),
    }
}

/// Machines of a bad version that stand, and machines that cannot serve.
fn machines(replay: &Replay<'_>) -> Vec<String> {
    let plan = replay.plan();
    let standing = || replay.lanes.lanes.iter().filter(|lane| lane.end.is_none() && lane.deletion.is_none());
    let is_bad = |lane: &&Lane| {
        let image = lane.images.last().is_some_and(|(_, image)| plan.images[image.index()].bad);
        image || plan.application.flaw(lane.codes.last().and_then(|code| code.1)).bad
    };
    let state = |lane: &Lane| lane.intervals.last().map(|last| last.state);
    let comes =
        |lane: &&Lane| matches!(state(lane), Some(LaneState::Creating | LaneState::Booting | LaneState::Starting));
    let mut parts = Vec::new();
    let (bad, coming) = (standing().filter(is_bad).count(), standing().filter(is_bad).filter(comes).count());
    match (bad, coming) {
        (0, _) => {}
        (1, 0) => parts.push("1 machine of a bad version stands".to_owned()),
        (1, _) => parts.push("1 machine of a bad version still comes up".to_owned()),
        (n, 0) => parts.push(format!("{n} machines of a bad version stand")),
        (n, _) if n == coming => parts.push(format!("{n} machines of a bad version still come up")),
        (n, 1) => parts.push(format!("{n} machines of a bad version stand, 1 of which still comes up")),
        (n, k) => parts.push(format!("{n} machines of a bad version stand, {k} of which still come up")),
    }
    let down = |lane: &&Lane| {
        matches!(state(lane), Some(LaneState::NotServing | LaneState::Out | LaneState::Failed)) && !is_bad(lane)
    };
    match (standing().filter(down).count(), standing().count()) {
        (0, _) => {}
        (n, all) => parts.push(format!("{n} of {all} machines cannot serve")),
    }
    parts
}
