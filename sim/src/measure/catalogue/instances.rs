//! What instances went through: which were hit, how many there were and what they ran, repairs, evictions, jobs, scaling.

use super::super::gateways::Gateway;
use super::{Reading, Scope, Value};
use std::collections::BTreeSet;

/// A number of things.
fn number(count: u32) -> Value {
    Value::Number(f64::from(count))
}

pub(super) fn hit_share(reading: &Reading<'_>, _: Scope) -> Value {
    match reading.of.census.declared_max {
        0 => Value::NotComputed("no capacity is declared"),
        _ => Value::Number(100.0 * reading.of.census.slots.share_max()),
    }
}

pub(super) fn hit(reading: &Reading<'_>, scope: Scope) -> Value {
    number(reading.of.census.places.of(scope).hit)
}

pub(super) fn hit_domains(reading: &Reading<'_>, _: Scope) -> Value {
    Value::count(reading.of.census.hit_places.len())
}

pub(super) fn hit_zones(reading: &Reading<'_>, _: Scope) -> Value {
    let places = &reading.of.census.hit_places;
    Value::count(places.iter().map(|&(region, zone, ..)| (region, zone)).collect::<BTreeSet<_>>().len())
}

pub(super) fn hit_regions(reading: &Reading<'_>, _: Scope) -> Value {
    let hit: BTreeSet<u16> = reading.of.census.hit_places.iter().map(|&(region, ..)| region).collect();
    Value::count(hit.into_iter().chain(reading.of.windows.regions()).collect::<BTreeSet<_>>().len())
}

pub(super) fn hit_sets(reading: &Reading<'_>, _: Scope) -> Value {
    let places = &reading.of.census.hit_places;
    Value::count(places.iter().map(|&(_, _, set, ..)| set).collect::<BTreeSet<_>>().len())
}

pub(super) fn mixed(reading: &Reading<'_>, _: Scope) -> Value {
    Value::so_far(reading.of.versions.mixed_s(), reading.of.versions.is_mixed())
}

pub(super) fn stale(reading: &Reading<'_>, _: Scope) -> Value {
    Value::so_far(reading.of.census.stale_instance_s(), reading.of.census.has_stale())
}

pub(super) fn least_share(reading: &Reading<'_>, _: Scope) -> Value {
    match reading.of.census.serving_share_min {
        share if share.is_finite() => Value::Number(100.0 * share),
        _ => Value::NotComputed("no set that is in a pool has capacity"),
    }
}

pub(super) fn zone_gap(reading: &Reading<'_>, scope: Scope) -> Value {
    reading.of.census.places.gap(scope).map_or(Value::NotComputed("no set is spread over zones"), number)
}

pub(super) fn peak(reading: &Reading<'_>, scope: Scope) -> Value {
    number(reading.of.census.places.of(scope).most)
}

pub(super) fn least(reading: &Reading<'_>, scope: Scope) -> Value {
    match reading.of.census.places.of(scope).least {
        u32::MAX => Value::NotComputed("the run lasted no time"),
        least => number(least),
    }
}

pub(super) fn repairs(reading: &Reading<'_>, scope: Scope) -> Value {
    Value::count(reading.of.repairs.count(scope.set()))
}

pub(super) fn repair_loop(reading: &Reading<'_>, _: Scope) -> Value {
    Value::flag(reading.of.repairs.looped())
}

pub(super) fn evictions(reading: &Reading<'_>, scope: Scope) -> Value {
    number(reading.of.census.places.of(scope).evicted)
}

/// A number of jobs, where the scenario gives any.
fn of_jobs(reading: &Reading<'_>, value: f64) -> Value {
    match reading.of.plan.has_jobs() {
        false => Value::NotComputed("the scenario gives no jobs"),
        true => Value::Number(value),
    }
}

/// How long a job waits: the longest of the shortest so many percent.
fn wait(reading: &Reading<'_>, percent: usize) -> Value {
    match reading.of.plan.has_jobs() {
        false => Value::NotComputed("the scenario gives no jobs"),
        true => reading.of.agents.wait(percent).unwrap_or(Value::NotComputed("no job came")),
    }
}

pub(super) fn wait_median(reading: &Reading<'_>, _: Scope) -> Value {
    wait(reading, 50)
}

pub(super) fn wait_longest(reading: &Reading<'_>, _: Scope) -> Value {
    wait(reading, 95)
}

pub(super) fn most_waiting(reading: &Reading<'_>, _: Scope) -> Value {
    of_jobs(reading, reading.of.agents.most_waiting.into())
}

/// A number about agents, where there are any.
fn of_agents(reading: &Reading<'_>, value: f64) -> Value {
    match reading.of.plan.agent_pools.is_empty() {
        true => Value::NotComputed("the scenario has no agent pool"),
        false => Value::Number(value),
    }
}

/// The greatest number of the gateways whose count moves that a scope is about.
fn of_gateways(reading: &Reading<'_>, scope: Scope, of: fn(&Gateway) -> f64) -> Value {
    let plan = reading.of.plan;
    let asked = |id| match scope {
        Scope::EntryPoint(entry_point) => plan.is_of(entry_point, id),
        _ => true,
    };
    let numbers = reading.of.gateways.all().filter(|(id, _)| asked(*id)).map(|(_, gateway)| of(gateway));
    numbers
        .reduce(f64::max)
        .map_or(Value::NotComputed("no gateway there has a count of instances that moves"), Value::Number)
}

pub(super) fn most_of_gateway(reading: &Reading<'_>, scope: Scope) -> Value {
    of_gateways(reading, scope, |of| of.most.into())
}

pub(super) fn gateway_short(reading: &Reading<'_>, scope: Scope) -> Value {
    of_gateways(reading, scope, |of| of.short_ms as f64 / 1000.0)
}

pub(super) fn idle_agents(reading: &Reading<'_>, _: Scope) -> Value {
    of_agents(reading, reading.of.agents.idle_h())
}

pub(super) fn deleted_busy(reading: &Reading<'_>, _: Scope) -> Value {
    of_agents(reading, reading.of.agents.deleted_busy.into())
}

pub(super) fn jobs_started(reading: &Reading<'_>, _: Scope) -> Value {
    of_jobs(reading, reading.of.census.jobs[0].into())
}

pub(super) fn jobs_finished(reading: &Reading<'_>, _: Scope) -> Value {
    of_jobs(reading, reading.of.census.jobs[1].into())
}

pub(super) fn jobs_lost(reading: &Reading<'_>, _: Scope) -> Value {
    of_jobs(reading, reading.of.census.jobs[2].into())
}

pub(super) fn lost_work(reading: &Reading<'_>, _: Scope) -> Value {
    of_jobs(reading, reading.of.census.lost_work_s)
}

pub(super) fn scale_actions(reading: &Reading<'_>, _: Scope) -> Value {
    number(reading.of.census.scale_actions)
}

pub(super) fn scale_flaps(reading: &Reading<'_>, _: Scope) -> Value {
    number(reading.of.census.scale_flaps)
}

/// A number about standby pools, where there are any.
fn of_standby(reading: &Reading<'_>, value: f64) -> Value {
    match reading.of.plan.sets.iter().any(|set| set.upkeep.standby.is_some()) {
        false => Value::NotComputed("no scale set has a standby pool"),
        true => Value::Number(value),
    }
}

pub(super) fn standby_taken(reading: &Reading<'_>, _: Scope) -> Value {
    of_standby(reading, reading.of.standby.taken.into())
}

pub(super) fn standby_cold(reading: &Reading<'_>, _: Scope) -> Value {
    of_standby(reading, reading.of.standby.cold.into())
}

pub(super) fn standby_running(reading: &Reading<'_>, _: Scope) -> Value {
    of_standby(reading, reading.of.standby.running_s / 3600.0)
}
