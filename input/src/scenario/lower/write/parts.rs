//! What of a write to a balancer is said by itself: parts that something needs and that it removes, and what Azure takes and ignores.

use super::Part;
use crate::arm::reference::{child_of, reference_name};
use crate::arm::shape::SCALE_SET;
use crate::arm::shape::gateway::CAPACITY;
use crate::arm::shape::load_balancer::{NUMBER_OF_PROBES, POOLS, PROBE_THRESHOLD, PROBES, RULES};
use crate::problem::{Answer, Problem};
use crate::scenario::legality::Legality;
use crate::scenario::lower::balancers::leads_to;
use crate::scenario::lower::fleet::pool_references;
use crate::scenario::lower::{Context, gateways};
use crate::tree::{Node, Span};
use windtunnel_sim::plan::Tier;
use windtunnel_sim::rules;

/// What Azure answers where a pool that something needs is gone after a write.
pub fn pool_in_use_goes(part: &Part<'_>, [before, after]: [&Node; 2], cx: &Context<'_>) -> Option<Problem> {
    let is_there = |name: &str, resource: &Node| POOLS.items(resource).iter().any(|pool| pool.is_named(name));
    for pool in POOLS.items(before).iter().filter_map(Node::name).filter(|name| !is_there(name, after)) {
        let rule = RULES.items(after).iter().find(|rule| leads_to(rule, pool));
        let set = cx.resources(SCALE_SET).find(|set| is_joined(set, (before, pool)) && !joins_otherwise(set, cx));
        let (who, of, help) = match (rule, set) {
            (Some(rule), _) => (
                format!("which the rule `{}` leads to", called(rule)),
                rule,
                "lead the rule to another pool in the same write, or remove it, too",
            ),
            (None, Some(set)) => (
                format!("which the instances of `{}` are in", called(set)),
                set,
                "take the scale set out of the pool before, by a write of its `networkProfile`",
            ),
            (None, None) => continue,
        };
        let message = format!("the write of `{}` removes the pool `{pool}`, {who}", part.key.text);
        let problem = Problem::error("E0501", message.clone()).at(place_of(pool, part), "Azure refuses this");
        let problem = problem.also(&of.span, "needs it").help(help);
        // What the other case answers is not known.
        let answer = rule.map(|_| Answer::new("InvalidResourceReference", message));
        return Some(Problem { answer, ..problem });
    }
    None
}

fn called(node: &Node) -> &str {
    node.name().unwrap_or_default()
}

/// Where a write names a pool.
fn place_of<'n>(pool: &str, part: &Part<'n>) -> &'n Span {
    POOLS.items(part.patch).iter().find(|of| of.is_named(pool)).map_or(&part.patch.span, |of| &of.span)
}

/// Whether the instances of a set join a pool of a balancer by the model of the file.
fn is_joined(set: &Node, (balancer, pool): (&Node, &str)) -> bool {
    let own = balancer.name().unwrap_or_default();
    pool_references(set).any(|(id, _)| {
        let (owner, name) = child_of(id, "loadBalancers", "backendAddressPools").unwrap_or((None, reference_name(id)));
        name.eq_ignore_ascii_case(pool) && owner.is_none_or(|owner| owner.eq_ignore_ascii_case(own))
    })
}

/// Whether a write may take a set out of its pools before.
fn joins_otherwise(set: &Node, cx: &Context<'_>) -> bool {
    let is_written = |part: &Part<'_>| {
        let network = part.patch.arm_path(&["properties", "virtualMachineProfile", "networkProfile"]);
        network.is_some() && part.of_type(SCALE_SET).is_some_and(|of| std::ptr::eq(of, set))
    };
    cx.parts.iter().any(is_written)
}

/// Says where a write gives a gateway of v1 another count of instances; whether it does.
pub fn counts_of_v1(part: &Part<'_>, [before, after]: [&Node; 2], cx: &mut Context<'_>) -> bool {
    let count = |of: &Node| CAPACITY.get(of).map(|at| at.value);
    if gateways::tier(before) != Tier::V1 || count(before) == count(after) {
        return false;
    }
    let message =
        format!("the model does not change how many instances the gateway `{}` of v1 has during a run", called(before));
    let at = CAPACITY.node(part.patch).map_or(&part.patch.span, |node| &node.span);
    let problem = Problem::error("E0505", message).at(at, "this write");
    cx.problems.push(problem.help("make it a policy, which applies from the start, or write a SKU of v2"));
    true
}

/// Says where a write sets how many probes decide by the key that the platform ignores (LB-06).
pub fn ignored_number(part: &Part<'_>, before: &Node, cx: &mut Context<'_>) {
    for probe in PROBES.items(part.patch) {
        let Some(number) = NUMBER_OF_PROBES.get(probe).filter(|_| PROBE_THRESHOLD.get(probe).is_none()) else {
            continue;
        };
        let was = PROBES.items(before).iter().find(|of| probe.name().is_some_and(|name| of.is_named(name)));
        if was.and_then(|was| NUMBER_OF_PROBES.get(was)).is_some_and(|was| was.value == number.value) {
            continue;
        }
        let message = format!("the platform ignores numberOfProbes ({}): the write does not change it", number.value);
        let mut say = Legality { rules: cx.rules, problems: cx.problems };
        say.warn(rules::LB_06, &number.span, &message, "write `probeThreshold`");
    }
}
