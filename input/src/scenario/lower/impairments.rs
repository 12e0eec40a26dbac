//! Impairments: what goes wrong in the world outside, by the timeline or at random.

use super::Context;
use super::gallery::Places;
use super::keys::choices::Impairment;
use super::keys::{
    BY, ENDPOINT, FOR, HOW, INSTANCES, block_probes, dependency_down, fail_deletes, published, slow_control_plane,
    timeline_entry as entry, worse_boots, zone_outage as outage,
};
use crate::problem::{Problem, suggest};
use crate::tree::Node;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Act, Disturbance, Endpoint, Pool, ZoneOutage};
use windtunnel_sim::rules::key;
use windtunnel_sim::rules::published::Published;

/// Reads an impairment of the timeline; none where the entry is of another kind. Blocking the probes of a balancer is one act
/// a pool.
pub fn acts(
    node: &Node,
    pools: &[Pool],
    (places, endpoints): (&mut Places<'_>, &[Endpoint]),
    cx: &mut Context<'_>,
) -> Option<Vec<Act>> {
    if let Some(act) = entry::BLOCK_PROBES.node(node) {
        return Some(blocked_probes(act, pools, cx));
    }
    let found = if let Some(act) = entry::DEPENDENCY_DOWN.node(node) {
        let dependency = dependency_down::DEPENDENCY.node(act);
        let dependency = dependency.and_then(|node| cx.dependencies.resolve(node, "E0202", "dependency", cx.problems));
        dependency.map(|dependency| Act::DependencyDown { dependency, length: FOR.given(act) })
    } else if let Some(act) = entry::ZONE_OUTAGE.node(node) {
        let zones = outage::ZONES.given(act);
        zones.and_then(|zones| zone_outage(act, zones, places, cx)).map(Act::ZoneOutage)
    } else if let Some(act) = entry::SLOW_CONTROL_PLANE.node(node) {
        let factor = slow_control_plane::FACTOR.given(act);
        factor.map(|factor| Act::SlowControlPlane { percent: in_percent(factor), length: FOR.given(act) })
    } else if let Some(act) = entry::WORSE_BOOTS.node(node) {
        let (percent, failing) = (in_percent(worse_boots::FACTOR.read(act)), worse_boots::FAILING.read(act));
        cx.set_of(act).map(|set| Act::WorseBoots { set, percent, failing, length: FOR.given(act) })
    } else if let Some(act) = entry::FAIL_DELETES.node(node) {
        let failing = fail_deletes::FAILING.read(act);
        cx.set_of(act).map(|set| Act::FailDeletes { set, failing, length: FOR.given(act) })
    } else {
        disturb(entry::DISTURB.node(node)?, endpoints, cx)
    };
    Some(found.into_iter().collect())
}

fn disturb(act: &Node, endpoints: &[Endpoint], cx: &mut Context<'_>) -> Option<Act> {
    let set = cx.set_of(act)?;
    let how = disturbance(act, HOW.given(act)?, endpoints, cx)?;
    Some(Act::Disturb { set, which: INSTANCES.read(act), how, length: FOR.given(act) })
}

/// A factor in percent.
pub fn in_percent(factor: f64) -> u32 {
    (factor * 100.0).round() as u32
}

/// The endpoint that is impaired; all where none is named.
pub fn endpoint(node: &Node, endpoints: &[Endpoint], cx: &mut Context<'_>) -> Option<Option<u16>> {
    let Some(named) = ENDPOINT.at(node) else { return Some(None) };
    let at = endpoints.iter().position(|endpoint| endpoint.path == named.value && !named.value.is_empty());
    if at.is_none() {
        let near = suggest(named.value, endpoints.iter().map(|endpoint| endpoint.path.as_str()));
        let problem = Problem::error("E0217", format!("the application has no endpoint `{}`", named.value));
        cx.problems.push(problem.at(&named.span, "unknown").maybe_help(near));
    }
    at.map(|at| u16::try_from(at).ok())
}

/// What happens to instances.
pub fn disturbance(node: &Node, how: Impairment, endpoints: &[Endpoint], cx: &mut Context<'_>) -> Option<Disturbance> {
    let endpoint = endpoint(node, endpoints, cx)?;
    Some(match how {
        Impairment::ProcessDown => Disturbance::ProcessDown,
        Impairment::Hang => Disturbance::Hang,
        Impairment::CorruptDisk => Disturbance::CorruptDisk,
        Impairment::Freeze => Disturbance::Freeze,
        Impairment::Unresponsive => Disturbance::Unresponsive { endpoint },
        Impairment::Unreachable => Disturbance::Unreachable,
        Impairment::Slow => {
            let Some(by) = BY.given(node) else {
                let problem = Problem::error("E0109", "`by` is missing: the scenario must say how slow they are");
                cx.problems.push(problem.at(&node.span, "`how: slow`").help("add `by: 6s`"));
                return None;
            };
            Disturbance::Slow { by, endpoint }
        }
    })
}

/// An outage of zones.
pub fn zone_outage(act: &Node, zones: Vec<u8>, places: &mut Places<'_>, cx: &mut Context<'_>) -> Option<ZoneOutage> {
    let region = match outage::REGION.node(act) {
        Some(region) => places.region(region, cx)?,
        None if places.regions.len() == 1 => 0,
        None => {
            let names: Vec<&str> = places.regions.iter().map(|region| region.name.as_str()).collect();
            let problem = Problem::error("E0109", "`region` is missing: the outage must say in which region it is");
            let help = format!("add `region`: one of {}", names.join(", "));
            cx.problems.push(problem.at(&act.span, "this outage").help(help));
            return None;
        }
    };
    let shape = match published(act) {
        Some(Published::Outage(shape)) => Some(shape),
        _ => None,
    };
    let assumed = |of| cx.assumptions.get(of);
    let share = outage::SHARE.given(act).or(shape.map(|_| assumed(key::ZoneOutageShare)));
    let fails = shape.filter(|shape| shape.autoscale_fails).map(|_| assumed(key::ZoneOutageAutoscaleSuccess));
    let success = outage::AUTOSCALE_SUCCESS.given(act).or(fails);
    Some(ZoneOutage {
        region,
        zones,
        share: share.unwrap_or_else(|| outage::SHARE.read(None)),
        allocates: outage::ALLOCATES.read(act),
        length: FOR.given(act).or(shape.map(|shape| shape.length)),
        autoscale_success: success.unwrap_or_else(|| outage::AUTOSCALE_SUCCESS.read(None)),
        tail: outage::TAIL.given(act).or(shape.map(|shape| shape.tail)),
    })
}

fn blocked_probes(act: &Node, pools: &[Pool], cx: &mut Context<'_>) -> Vec<Act> {
    let length = FOR.given(act);
    match (block_probes::LOAD_BALANCER.node(act), block_probes::POOL.node(act)) {
        (Some(node), _) => {
            let known = pools.iter().map(|pool| pool.balancer.as_str());
            blocked(node, (pools_of(node.text().unwrap_or_default(), pools), known), length, cx)
        }
        (None, Some(node)) => block_pool(node, length, pools, cx),
        (None, None) => Vec::new(),
    }
}

/// The probes of a pool, by its name or as `balancer/pool`, get no answer.
pub fn block_pool(node: &Node, length: Option<SimDuration>, pools: &[Pool], cx: &mut Context<'_>) -> Vec<Act> {
    let text = node.text().unwrap_or_default();
    let by_name = |at: &usize| pools[*at].name.eq_ignore_ascii_case(text);
    let found = if text.contains('/') { pools_of(text, pools) } else { (0..pools.len()).filter(by_name).collect() };
    blocked(node, (found, pools.iter().map(|pool| pool.name.as_str())), length, cx)
}

fn blocked<'a>(
    node: &Node,
    (found, known): (Vec<usize>, impl Iterator<Item = &'a str>),
    length: Option<SimDuration>,
    cx: &mut Context<'_>,
) -> Vec<Act> {
    if found.is_empty() {
        let text = node.text().unwrap_or_default();
        let problem = Problem::error("E0205", format!("there is no load balancer or pool `{text}`"));
        cx.problems.push(problem.at(&node.span, "unknown").maybe_help(suggest(text, known)));
    }
    found.into_iter().filter_map(|at| u16::try_from(at).ok()).map(|pool| Act::BlockProbes { pool, length }).collect()
}

/// The pools that `balancer` or `balancer/pool` names.
fn pools_of(text: &str, pools: &[Pool]) -> Vec<usize> {
    let (balancer, name) = text.split_once('/').map_or((text, None), |(balancer, name)| (balancer, Some(name)));
    let is = |pool: &Pool| {
        pool.balancer.eq_ignore_ascii_case(balancer) && name.is_none_or(|name| pool.name.eq_ignore_ascii_case(name))
    };
    (0..pools.len()).filter(|at| is(&pools[*at])).collect()
}
