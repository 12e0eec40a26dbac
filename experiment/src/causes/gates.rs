//! Why a rolling upgrade goes on while instances that it brought harm users.

use super::standing::Standing;
use super::{Kind, Reason, who};
use crate::replay::Replay;
use windtunnel_sim::plan::{Act, Action, HealthSource};
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::{Health, Record};
use windtunnel_sim::world::ids::{InstanceId, SetId};

/// What the conditions of an upgrade do not see when a batch begins.
pub(super) fn reasons(replay: &Replay<'_>, set: SetId, batch: &Record) -> Option<Reason> {
    let standing = Standing::at(replay, batch.time);
    let units = standing.fleet.instances.iter().enumerate();
    let harming: Vec<InstanceId> = units
        .filter(|(_, unit)| unit.set == set && unit.is_up() && unit.lane().is_some_and(|lane| lane.harms()))
        .map(|(at, _)| InstanceId(at as u32))
        .collect();
    if harming.is_empty() {
        return None;
    }
    let names = &replay.names;
    let those = who(names, &harming);
    let health = |one: &InstanceId| standing.fleet.unit(*one).and_then(|unit| unit.health);
    let healthy = harming.iter().all(|one| health(one) == Some(Health::Healthy));
    let cannot = if harming.len() == 1 { "which does not serve users well" } else { "which do not serve users well" };
    let plan = replay.plan();
    let source = plan.sets[set.index()].profile.health_source;
    // Where the model gets another source on the way, which of the two it is then is not looked for.
    let is_changed = |action: &Action| match &action.what {
        Act::ChangeModel { set: of, change } if *of == set.0 => {
            change.profile.as_ref().is_some_and(|profile| profile.health_source != source)
        }
        _ => false,
    };
    if plan.timeline.iter().any(is_changed) {
        return None;
    }
    let why = match source {
        HealthSource::None => format!("without a health source who runs counts as healthy, such as {those}, {cannot}"),
        HealthSource::Extension if healthy => format!("the health extension holds {those} Healthy, {cannot}"),
        HealthSource::Probe(pool) if healthy => {
            let of = &plan.pools[usize::from(pool)];
            let probe = of.probe.as_ref().map_or("?", |probe| probe.name.as_str());
            format!("the probe “{probe}” of {} holds {those} Healthy, {cannot}", of.balancer)
        }
        HealthSource::Conflict | HealthSource::Extension | HealthSource::Probe(_) => return None,
    };
    Some(Reason::new(Kind::Absent, format!("nothing halts the upgrade: {why}"), rules::RU_27))
}
