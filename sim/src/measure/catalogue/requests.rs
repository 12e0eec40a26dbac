//! What became of requests: the functions of `blast_radius.requests_pct`, `downtime.*`, `slo.*`, and their like.

use super::super::answers::Answered;
use super::super::entry_point::Totals;
use super::super::{EntryPoint, Open};
use super::{Reading, Scope, Value};
use crate::plan::Traffic;

const NO_TRAFFIC: Value = Value::NotComputed("the scenario gives no traffic");
const NO_OBJECTIVE: Value = Value::NotComputed("the scenario states no objective");
const NO_REQUEST: Value = Value::NotComputed("no request was offered");
const NO_USERS: Value = Value::NotComputed("the scenario gives no users");

/// The entry points asked for; what is to be said where there is none.
fn asked<'r, 'm>(reading: &'r Reading<'m>, scope: Scope) -> Result<&'r [EntryPoint<'m>], Value> {
    let entries = reading.entries(scope);
    if entries.is_empty() { Err(NO_TRAFFIC) } else { Ok(entries) }
}

/// The worst of the entry points.
fn worst(entries: &[EntryPoint<'_>], of: fn(&Totals) -> f64) -> f64 {
    entries.iter().map(|entry| of(&entry.totals)).fold(0.0, f64::max)
}

/// The worst of the entry points; what goes on at one at the horizon may yet grow, so that it is at least this.
fn so_far(entries: &[EntryPoint<'_>], of: fn(&Totals) -> f64, goes_on: fn(&Open) -> bool) -> Value {
    Value::so_far(worst(entries, of), entries.iter().any(|entry| goes_on(&entry.open)))
}

/// Requests that were harmed, and requests that were offered.
fn harm(reading: &Reading<'_>, entries: &[EntryPoint<'_>]) -> (f64, f64) {
    let harmed = entries.iter().map(|entry| entry.totals.failed + entry.totals.stale).sum();
    (harmed, entries.iter().map(|entry| reading.offered[entry.id.index()]).sum())
}

/// Both ways to come to a value are one.
fn either(value: Result<Value, Value>) -> Value {
    value.unwrap_or_else(|why| why)
}

pub(super) fn harmed(reading: &Reading<'_>, scope: Scope) -> Value {
    either(asked(reading, scope).map(|entries| match harm(reading, entries) {
        (_, 0.0) => NO_REQUEST,
        (harmed, offered) => Value::Number(100.0 * harmed / offered),
    }))
}

pub(super) fn budget(reading: &Reading<'_>, scope: Scope) -> Value {
    either(asked(reading, scope).map(|entries| match (reading.of.plan.objective, harm(reading, entries)) {
        (None, _) => NO_OBJECTIVE,
        (Some(objective), _) if objective >= 1.0 => Value::NotComputed("an objective of 100 % leaves no budget"),
        (Some(_), (_, 0.0)) => NO_REQUEST,
        (Some(objective), (harmed, offered)) => Value::Number(100.0 * harmed / (offered * (1.0 - objective))),
    }))
}

pub(super) fn peak(reading: &Reading<'_>, scope: Scope) -> Value {
    either(asked(reading, scope).map(|entries| Value::Number(100.0 * worst(entries, |totals| totals.peak))))
}

pub(super) fn users(reading: &Reading<'_>, scope: Scope) -> Value {
    either(asked(reading, scope).map(|entries| {
        let (mut users, mut harmed) = (0.0, 0.0);
        for entry in entries {
            let Some(of) = entry.users else { continue };
            users += of.count;
            harmed += of.count * entry.users_hit;
        }
        if users == 0.0 { NO_USERS } else { Value::Number(100.0 * harmed / users) }
    }))
}

pub(super) fn full(reading: &Reading<'_>, scope: Scope) -> Value {
    either(asked(reading, scope).map(|entries| so_far(entries, |totals| totals.full_s, |open| open.outage)))
}

pub(super) fn degraded(reading: &Reading<'_>, scope: Scope) -> Value {
    either(asked(reading, scope).map(|entries| match reading.of.plan.objective {
        None => NO_OBJECTIVE,
        Some(_) => so_far(entries, |totals| totals.degraded_s, |open| open.harm),
    }))
}

pub(super) fn equivalent(reading: &Reading<'_>, scope: Scope) -> Value {
    either(asked(reading, scope).map(|entries| so_far(entries, |totals| totals.equivalent_s, |open| open.harm)))
}

pub(super) fn shortfall(reading: &Reading<'_>, scope: Scope) -> Value {
    either(asked(reading, scope).map(|entries| match reading.of.plan.application.capacity_rps {
        None => Value::NotComputed("the scenario gives no capacity of an instance"),
        Some(_) => so_far(entries, |totals| totals.shortfall_s, |open| open.shortfall),
    }))
}

pub(super) fn idle_dropped(reading: &Reading<'_>, scope: Scope) -> Value {
    either(asked(reading, scope).map(|entries| {
        let (mut offered, mut dropped) = (0.0, 0.0);
        for entry in entries {
            let Some(share) = entry.idle_dropped else { continue };
            offered += entry.totals.offered;
            dropped += entry.totals.offered * share;
        }
        match entries.iter().any(|entry| entry.users.is_some()) {
            false => NO_USERS,
            true if offered == 0.0 => Value::NotComputed("no client keeps its connections"),
            true => Value::Number(100.0 * dropped / offered),
        }
    }))
}

/// What gateways answered of this kind to requests that failed; of the fleet, wherever users come by one.
fn answered(reading: &Reading<'_>, scope: Scope, kind: Answered) -> Value {
    let asked = |entry: &&EntryPoint<'_>| match scope {
        Scope::EntryPoint(id) => entry.id == id,
        _ => true,
    };
    let mut sum = None;
    for entry in reading.entries.iter().filter(asked) {
        if reading.of.plan.is_answered(entry.id) {
            *sum.get_or_insert(0.0) += entry.totals.answers[kind as usize];
        }
    }
    sum.map_or(Value::NotComputed("no application gateway answers users here from pools of its own"), Value::Number)
}

pub(super) fn answered_502(reading: &Reading<'_>, scope: Scope) -> Value {
    answered(reading, scope, Answered::BadGateway)
}

pub(super) fn answered_504(reading: &Reading<'_>, scope: Scope) -> Value {
    answered(reading, scope, Answered::TimedOut)
}

pub(super) fn answered_errors(reading: &Reading<'_>, scope: Scope) -> Value {
    answered(reading, scope, Answered::PassedOn)
}

/// The entry points asked for of which this holds; what is to be said where there is none.
fn which<'r, 'm>(
    reading: &'r Reading<'m>,
    scope: Scope,
    (is, why): (fn(&Traffic) -> bool, &'static str),
) -> Result<Vec<&'r EntryPoint<'m>>, Value> {
    let plan = reading.of.plan;
    let holds = |entry: &&EntryPoint<'_>| plan.entry_point(entry.id).traffic.as_ref().is_some_and(is);
    let entries: Vec<_> = asked(reading, scope)?.iter().filter(holds).collect();
    if entries.is_empty() { Err(Value::NotComputed(why)) } else { Ok(entries) }
}

const TRIES: (fn(&Traffic) -> bool, &str) =
    (|traffic| traffic.retries.is_some(), "the scenario says of no client that it sends a request again");
const QUEUES: (fn(&Traffic) -> bool, &str) = (|traffic| traffic.queue.is_some(), "the scenario gives no queue");

pub(super) fn retried(reading: &Reading<'_>, scope: Scope) -> Value {
    either(
        which(reading, scope, TRIES)
            .map(|entries| Value::Number(entries.iter().map(|entry| entry.totals.retried).sum())),
    )
}

pub(super) fn given_up(reading: &Reading<'_>, scope: Scope) -> Value {
    either(which(reading, scope, TRIES).map(|entries| {
        let sum = |of: fn(&Totals) -> f64| entries.iter().map(|entry| of(&entry.totals)).sum::<f64>();
        let (first, lost) = (sum(|of| of.offered - of.retried), sum(|of| of.failed - of.retried));
        // Where several layers try again, more are sent again than fail.
        if first > 0.0 { Value::Number((100.0 * lost / first).clamp(0.0, 100.0)) } else { NO_REQUEST }
    }))
}

pub(super) fn late(reading: &Reading<'_>, scope: Scope) -> Value {
    either(which(reading, scope, QUEUES).map(|entries| {
        let seconds = entries.iter().map(|entry| entry.totals.late_s).fold(0.0, f64::max);
        let goes_on = entries.iter().any(|entry| entry.open.harm && entry.totals.late_s > 0.0);
        if goes_on { Value::AtLeast(seconds) } else { Value::Number(seconds) }
    }))
}
