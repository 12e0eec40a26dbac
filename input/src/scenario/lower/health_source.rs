//! Who says whether an instance is healthy: the extension, a probe, nobody, or two at once; and what Azure refuses of that.

use super::balancers::Balancers;
use super::balancers::references::LOAD_BALANCERS;
use super::{Context, fleet, images, repairs};
use crate::arm::reference::{self, reference_name};
use crate::arm::shape::scale_set::{HANDLER_VERSION, HEALTH_PROBE};
use crate::problem::{Problem, suggest};
use crate::scenario::legality::os_upgrade::{OS_UPGRADE_RULES, OsUpgradeFacts};
use crate::scenario::legality::{Legality, SetFacts};
use crate::tree::Node;
use windtunnel_sim::plan::{HealthSource, Pool};

/// What `networkProfile.healthProbe` refers to. One without an id refers to nothing.
pub fn probe(resource: &Node) -> Option<(&str, &Node)> {
    HEALTH_PROBE.id(resource).filter(|(id, _)| !id.trim().is_empty())
}

/// The health source of a model.
pub fn of(resource: &Node, facts: &SetFacts, balancers: &Balancers, cx: &mut Context<'_>) -> HealthSource {
    match (probe(resource), &facts.health_extension) {
        (Some(_), Some(_)) => HealthSource::Conflict,
        (None, Some(_)) => HealthSource::Extension,
        (None, None) => {
            if let Some(node) = HEALTH_PROBE.node(resource) {
                let problem = Problem::warning("W0512", "`healthProbe` names no probe, so it is not a health source");
                cx.problems.push(problem.at(&node.span, "without an `id`").help("write `healthProbe: { id: … }`"));
            }
            HealthSource::None
        }
        (Some((id, node)), None) => probe_source(resource, (id, node), balancers, cx),
    }
}

/// The probe that `networkProfile.healthProbe` names.
fn probe_source(
    resource: &Node,
    (id, node): (&str, &Node),
    balancers: &Balancers,
    cx: &mut Context<'_>,
) -> HealthSource {
    let (balancer, name) = reference::probe(id).unwrap_or((None, reference_name(id)));
    let several = balancers.share_probe(balancer, name);
    if !several.is_empty() {
        let names: Vec<String> = several.iter().map(|of| format!("{of}/{name}")).collect();
        let problem = Problem::error("E0214", format!("several load balancers have a probe `{name}`"));
        cx.problems.push(problem.at(&node.span, "ambiguous").help(format!("write {}", names.join(" or "))));
        return HealthSource::None;
    }
    // Of the pools that it looks at, that of the set.
    let own = balancers.probed_pools(balancer, name).find(|pool| joins(resource, &balancers.pools[usize::from(*pool)]));
    if let Some(pool) = own.or_else(|| balancers.probed_pool(balancer, name)) {
        return HealthSource::Probe(pool);
    }
    if balancers.idle_probe(id).is_some() {
        return HealthSource::None; // Azure refuses that (UM-21).
    }
    if !balancers.is_elsewhere(&LOAD_BALANCERS, (id, balancer), &node.span, cx) {
        let problem = Problem::error("E0504", format!("no rule of a load balancer uses a probe `{name}`"));
        let known = balancers.pools.iter().filter_map(|pool| pool.probe.as_ref()).map(|probe| probe.name.as_str());
        let problem = problem.at(&node.span, "this health probe");
        cx.problems.push(match suggest(name, known) {
            Some(help) => problem.help(help),
            None => problem.help(OF_A_BALANCER),
        });
    }
    HealthSource::None
}

/// What a health probe can be: the model of the REST interface says so.
const OF_A_BALANCER: &str = "name a probe of a load balancer, `…/loadBalancers/LB/probes/PROBE`; a probe of an \
    application gateway is not a health source: use the Application Health extension";

/// Checks a set against what Azure accepts of its health source and its OS upgrades.
pub fn check_health_source(resource: &Node, set: &SetFacts, balancers: &Balancers, cx: &mut Context<'_>) {
    let probe = probe(resource);
    let of = probe.and_then(|(id, _)| probed(id, balancers));
    let facts = OsUpgradeFacts {
        set,
        pinned: images::pinned(resource),
        fabric_version: repairs::service_fabric(resource).map(|node| {
            let version = HANDLER_VERSION.node(node);
            let text = version.and_then(Node::text).unwrap_or_default();
            (text.to_owned(), version.unwrap_or(node).span.clone())
        }),
        probe_elsewhere: of.clone().filter(|(balancer, _)| !is_in_a_pool_of(balancer, resource, balancers)),
        probe_idle: probe.and_then(|(id, _)| balancers.idle_probe(id)),
        probe_interval: probe.and_then(|(id, _)| {
            let (balancer, name) = reference::probe(id).unwrap_or((None, reference_name(id)));
            let pool = balancers.probed_pool(balancer, name)?;
            let probe = balancers.pools[usize::from(pool)].probe.as_ref()?;
            i64::try_from(probe.interval.ms() / 1000).ok()
        }),
    };
    for (rule, check) in OS_UPGRADE_RULES {
        check(*rule, &facts, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
}

/// The balancer and the probe that an id means, where both are known.
fn probed(id: &str, balancers: &Balancers) -> Option<(String, String)> {
    let (balancer, name) = reference::probe(id).unwrap_or((None, reference_name(id)));
    let balancer = balancer.map(str::to_owned).or_else(|| {
        let pool = balancers.probed_pool(None, name)?;
        Some(balancers.pools[usize::from(pool)].balancer.clone())
    });
    balancer.map(|balancer| (balancer, name.to_owned()))
}

/// Whether the instances of a set join this pool.
fn joins(resource: &Node, pool: &Pool) -> bool {
    fleet::pool_references(resource).any(|(id, _)| {
        let (owner, name) = reference::backend_pool(id).unwrap_or((None, reference_name(id)));
        name.eq_ignore_ascii_case(&pool.name) && owner.is_none_or(|owner| owner.eq_ignore_ascii_case(&pool.balancer))
    })
}

/// Whether the instances of a set join a pool of this balancer.
fn is_in_a_pool_of(balancer: &str, resource: &Node, balancers: &Balancers) -> bool {
    fleet::pool_references(resource).any(|(id, _)| {
        let (owner, name) = reference::backend_pool(id).unwrap_or((None, reference_name(id)));
        match owner {
            Some(owner) => owner.eq_ignore_ascii_case(balancer),
            None => balancers.has_pool(balancer, name),
        }
    })
}
