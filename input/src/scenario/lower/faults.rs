//! Faults that come at random.

use super::gallery::Places;
use super::impairments::{self, in_percent};
use super::keys::{fault as key, scenario, worse_boots};
use super::{Context, limits};
use crate::problem::Problem;
use crate::tree::{Key, Node};
use windtunnel_sim::plan::{Act, Disturbance, Endpoint, HostWork, Pool, RandomFault, ZoneOutage};

/// Reads the `faults` section.
pub fn read(
    pools: &[Pool],
    (places, endpoints): (&mut Places<'_>, &[Endpoint]),
    cx: &mut Context<'_>,
) -> Vec<RandomFault> {
    let mut faults = Vec::new();
    for (name, node) in scenario::FAULTS.entries(cx.scenario) {
        let every = limits::every((&key::EVERY, node), "faults", cx.problems);
        let length = limits::lasts((&key::FOR, node), &name.text, cx.problems);
        if !key::FOR.is_in(node) && !key::HOST.is_in(node) {
            let problem = Problem::error(
                "E0109",
                format!(
                    "`for` is missing: the scenario must say how long `{}` \
                lasts",
                    name.text
                ),
            );
            cx.problems.push(problem.at(&name.span, "this fault").help("add `for: PT10M`, or a distribution"));
        }
        let Some(every) = every else { continue };
        for what in acts(node, name, pools, (places, endpoints), cx) {
            faults.push(RandomFault { name: name.text.clone(), every, length, what });
        }
    }
    faults
}

/// What a random fault does; one that is about the probes of a balancer is one a pool.
fn acts(
    node: &Node,
    name: &Key,
    pools: &[Pool],
    (places, endpoints): (&mut Places<'_>, &[Endpoint]),
    cx: &mut Context<'_>,
) -> Vec<Act> {
    if let Some(dependency) = key::DEPENDENCY.node(node) {
        let found = cx.dependencies.resolve(dependency, "E0202", "dependency", cx.problems);
        return found.map(|dependency| Act::DependencyDown { dependency, length: None }).into_iter().collect();
    }
    if let Some(of) = key::PROBES_OF.node(node) {
        return impairments::block_pool(of, None, pools, cx);
    }
    if let Some(zones) = key::ZONES.given(node) {
        let outage = impairments::zone_outage(node, zones, places, cx);
        return outage.map(|of| Act::ZoneOutage(ZoneOutage { length: None, ..of })).into_iter().collect();
    }
    if let Some(factor) = key::SLOW_CONTROL_PLANE.given(node) {
        return vec![Act::SlowControlPlane { percent: in_percent(factor), length: None }];
    }
    of_set(node, name, endpoints, cx).into_iter().collect()
}

/// What a fault does to a scale set.
fn of_set(node: &Node, name: &Key, endpoints: &[Endpoint], cx: &mut Context<'_>) -> Option<Act> {
    let Some(set) = key::IN.node(node) else {
        let problem = Problem::error(
            "E0109",
            format!(
                "`in` is missing: the scenario must say which scale set `{}` \
            affects",
                name.text
            ),
        );
        cx.problems.push(problem.at(&node.span, "this fault").help("add `in: vmss-web`"));
        return None;
    };
    let set = cx.sets.resolve(set, "E0201", "scale set", cx.problems)?;
    if let Some(factor) = key::WORSE_BOOTS.given(node) {
        let failing = worse_boots::FAILING.read(node);
        return Some(Act::WorseBoots { set, percent: in_percent(factor), failing, length: None });
    }
    let which = key::INSTANCES.read(node);
    if let Some(kind) = key::HOST.given(node) {
        return Some(Act::Maintain(HostWork { set, kind, which, length: None }));
    }
    let how = match key::SLOWS.given(node) {
        Some(by) => Disturbance::Slow { by, endpoint: impairments::endpoint(node, endpoints, cx)? },
        None => impairments::disturbance(node, key::HOW.given(node)?, endpoints, cx)?,
    };
    Some(Act::Disturb { set, which, how, length: None })
}
