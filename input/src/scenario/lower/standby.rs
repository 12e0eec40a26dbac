//! Standby pools: which set each is attached to, how large it is, and what its machines are kept in.

use super::Context;
use super::fleet::{Fleet, region_name};
use crate::arm::reference::{reference_name, split_id};
use crate::arm::shape::standby::{
    ATTACHED_SET, DYNAMIC_SIZING, LOCATION, MAX_READY, MIN_READY, POST_PROVISIONING_DELAY, RESOURCE, STATE,
    STATE_DISTRIBUTION,
};
use crate::arm::shape::{STANDBY_POOL, scale_set};
use crate::problem::{Problem, suggest};
use crate::scenario::legality::standby::{STANDBY_RULES, SpotKind, StandbyFacts};
use crate::scenario::legality::{self, Legality};
use crate::tree::{At, Node};
use windtunnel_sim::plan::{Autoscale, EvictionPolicy, StandbyPool};

/// Reads every pool, and attaches it to its set.
pub fn read(fleet: &mut Fleet, settings: &[Autoscale], cx: &mut Context<'_>) {
    for resource in cx.resources(STANDBY_POOL) {
        one(resource, fleet, settings, cx);
    }
}

fn one(resource: &Node, fleet: &mut Fleet, settings: &[Autoscale], cx: &mut Context<'_>) {
    let Some(at) = target(resource, fleet, cx) else { return };
    let name = resource.name_span();
    legality::check_ranges(resource, &RESOURCE, &mut Legality { rules: cx.rules, problems: cx.problems });
    let Some(max_ready) = MAX_READY.get(resource) else {
        let message = format!("`{}` has no `elasticityProfile.maxReadyCapacity`", resource.name().unwrap_or_default());
        let help = "write `elasticityProfile: { maxReadyCapacity: 10 }`";
        cx.problems.push(Problem::error("E0502", message).at(name, "this standby pool").help(help));
        return;
    };
    let min_ready = MIN_READY.read(resource);
    if min_ready.value > max_ready.value {
        let message = format!("minReadyCapacity is {}, above maxReadyCapacity of {}", min_ready.value, max_ready.value);
        let problem = Problem::error("E0110", message).at(&min_ready.span, "this number");
        cx.problems.push(problem.help("the pool cannot be larger than its maximum"));
    }
    let Some(state) = STATE.get(resource) else {
        let message = format!("`{}` has no `virtualMachineState`", resource.name().unwrap_or_default());
        let help = "write `virtualMachineState: Deallocated`, or Running";
        cx.problems.push(Problem::error("E0502", message).at(name, "this standby pool").help(help));
        return;
    };
    not_acted_on(resource, cx);
    let size = |at: &At<i64>| u32::try_from(at.value).unwrap_or(0);
    let name_of_it = resource.name().unwrap_or_default().to_owned();
    let pool = StandbyPool {
        delay: POST_PROVISIONING_DELAY.value(resource),
        ..StandbyPool::new(name_of_it, (size(&max_ready), size(&min_ready)), state.value)
    };
    let set = &fleet.sets[at];
    let region = &fleet.regions[usize::from(set.region)].name;
    let spot = set.spot.spot.then_some(SpotKind {
        mixed: set.spot.mix.is_some(),
        deallocates: set.spot.eviction == EvictionPolicy::Deallocate,
    });
    let facts = StandbyFacts {
        span: name.clone(),
        set: &fleet.facts[at],
        second: set.upkeep.standby.is_some(),
        elsewhere: LOCATION
            .node(resource)
            .filter(|node| node.text().is_some_and(|text| region_name(text) != *region))
            .map(|node| node.span.clone()),
        max_ready,
        min_ready,
        state,
        spot,
        ephemeral: scale_set::EPHEMERAL_OPTION.span(&fleet.facts[at].resource),
        autoscaled: settings.iter().any(|setting| usize::from(setting.set) == at),
    };
    for (rule, check) in STANDBY_RULES {
        check(*rule, &facts, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
    if spot.is_some() {
        let message = format!("in a run, Azure evicts nothing from the standby pool `{}`", pool.name);
        let problem = Problem::warning("W0562", message).at(name, "a pool of Spot instances");
        cx.problems.push(problem.help("keep it in mind when you read how long the pool lasts"));
    }
    fleet.sets[at].upkeep.standby.get_or_insert(pool);
}

/// The set that a pool is attached to.
fn target(resource: &Node, fleet: &Fleet, cx: &mut Context<'_>) -> Option<usize> {
    let name = resource.name().unwrap_or_default();
    let node = ATTACHED_SET.node(resource);
    let Some((node, text)) = node.and_then(|node| Some((node, node.text()?))) else {
        let problem = Problem::error("E0502", format!("`{name}` does not say which scale set it is attached to"));
        let help = "write `attachedVirtualMachineScaleSetId`, the id or the name of a scale set";
        cx.problems.push(problem.at(resource.name_span(), "this standby pool").help(help));
        return None;
    };
    let wanted = reference_name(text);
    let found = fleet.sets.iter().position(|set| set.name.eq_ignore_ascii_case(wanted));
    if found.is_none() && split_id(text).is_some() {
        let problem = Problem::warning(
            "W0563",
            format!(
                "`{name}` is attached to `{wanted}`, which the scenario does \
            not have"
            ),
        );
        cx.problems.push(problem.at(&node.span, "ignored").help(
            "add the scale set, from the output of `az vmss \
            show`",
        ));
        return None;
    }
    if found.is_none() {
        let problem = Problem::error("E0201", format!("there is no scale set `{wanted}`"));
        let known = fleet.sets.iter().map(|set| set.name.as_str());
        cx.problems.push(problem.at(&node.span, "unknown scale set").maybe_help(suggest(wanted, known)));
    }
    found
}

/// What of a pool this release does not model.
fn not_acted_on(resource: &Node, cx: &mut Context<'_>) {
    let keys = [
        (DYNAMIC_SIZING.node(resource), DYNAMIC_SIZING.key),
        (STATE_DISTRIBUTION.node(resource), STATE_DISTRIBUTION.key),
    ];
    for (node, what) in keys {
        if let Some(node) = node {
            let message = format!("{what} of `{}`: ignored in this release", resource.name().unwrap_or_default());
            cx.problems.push(Problem::warning("W0203", message).at(&node.span, "not supported yet"));
        }
    }
}
