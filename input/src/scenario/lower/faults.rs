//! What goes wrong in the world outside, and how much of it a subscription may use.

use super::gallery::Places;
use super::model::which;
use super::{Context, limits, section, spot, timeline, values};
use crate::problem::{Problem, suggest};
use crate::quantity;
use crate::tree::Node;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Act, Disturbance, Endpoint, HostWork, Pool, Quota, RandomFault, Region, ScaleSet, Which, ZoneOutage, family,
    same_family,
};
use windtunnel_sim::rules::published::Published;
use windtunnel_sim::rules::{self, key};

/// Reads the `quota` of a region.
pub fn quota(region: Option<&Node>) -> Quota {
    let Some(node) = region.and_then(|region| region.get("quota")) else { return Quota::default() };
    if node.text().is_some() {
        return Quota { total: region.and_then(|region| values::whole(region, "quota")), ..Quota::default() };
    }
    let limit = |node: &Node| node.text().and_then(quantity::integer).and_then(|limit| u32::try_from(limit).ok());
    let families = node.get("families").map_or(&[][..], Node::entries).iter();
    Quota {
        total: values::whole(node, "total"),
        spot: values::whole(node, "spot"),
        families: families.filter_map(|(key, value)| Some((key.text.clone(), limit(value)?))).collect(),
    }
}

/// Holds the quotas against the fleet that stands when the run begins (AL-05), and against the sizes that there are.
pub fn hold_quotas(regions: &[Region], sets: &[ScaleSet], cx: &mut Context<'_>) {
    for (key, described) in section(cx.scenario, "regions") {
        let Some(node) = described.get("quota") else { continue };
        let at = regions.iter().position(|region| region.name == key.text);
        let Some(at) = at.and_then(|at| u16::try_from(at).ok()) else { continue };
        let quota = &regions[usize::from(at)].quota;
        let here: Vec<&ScaleSet> = sets.iter().filter(|set| set.region == at).collect();
        for (name, _) in &quota.families {
            let families: Vec<String> = here.iter().map(|set| family(&set.size)).collect();
            if families.iter().all(|family| !same_family(family, name)) {
                let problem =
                    Problem::warning("W0215", format!("no scale set in {} is of the family `{name}`", key.text));
                let near = suggest(name, families.iter().map(String::as_str));
                cx.problems.push(problem.at(&node.span, "this quota limits nothing").maybe_help(near));
            }
        }
        let spot = |set: &ScaleSet| match (set.spot.spot, &set.spot.mix) {
            (false, _) => 0,
            (true, None) => set.capacity,
            (true, Some(mix)) => set.capacity - mix.regular(set.capacity),
        };
        let cores = |of: &dyn Fn(&ScaleSet) -> u32| here.iter().map(|set| of(set) * set.cores).sum::<u32>();
        let regular = |set: &ScaleSet| set.capacity - spot(set);
        let mut all = vec![("cores", quota.total, cores(&regular)), ("Spot cores", quota.spot, cores(&spot))];
        for (name, limit) in &quota.families {
            let of_family = |set: &ScaleSet| if same_family(&family(&set.size), name) { regular(set) } else { 0 };
            all.push((name, Some(*limit), cores(&of_family)));
        }
        for (what, limit, used) in all {
            if let Some(limit) = limit.filter(|limit| used > *limit && cx.rules.on(rules::AL_05)) {
                let problem = Problem::error(
                    "E0501",
                    format!("the fleet has {used} {what} in {}, and the quota is {limit} (AL-05)", key.text),
                );
                cx.problems.push(
                    problem.at(&node.span, "QuotaExceeded").help("raise the quota, or start with fewer instances"),
                );
            }
        }
    }
}

/// The acts of the timeline that are read here.
pub const ACTS: [&str; 5] = ["zoneOutage", "slowControlPlane", "worseBoots", "failDeletes", "disturb"];

/// Reads one of them.
pub fn act(node: &Node, (places, endpoints): (&mut Places<'_>, &[Endpoint]), cx: &mut Context<'_>) -> Option<Act> {
    if let Some(act) = node.get("zoneOutage") {
        return zone_outage(act, places, cx).map(Act::ZoneOutage);
    }
    if let Some(act) = node.get("slowControlPlane") {
        return Some(Act::SlowControlPlane { percent: factor(act, "factor"), length: values::duration(act, "for") });
    }
    if let Some(act) = node.get("worseBoots") {
        return Some(Act::WorseBoots {
            set: cx.sets.resolve(act.get("scaleSet")?, "E0201", "scale set", cx.problems)?,
            percent: factor(act, "factor"),
            failing: values::percent(act, "failing").unwrap_or(0.0),
            length: values::duration(act, "for"),
        });
    }
    if let Some(act) = node.get("failDeletes") {
        return Some(Act::FailDeletes {
            set: cx.sets.resolve(act.get("scaleSet")?, "E0201", "scale set", cx.problems)?,
            failing: values::percent(act, "failing").unwrap_or(1.0),
            length: values::duration(act, "for"),
        });
    }
    let act = node.get("disturb")?;
    let set = cx.sets.resolve(act.get("scaleSet")?, "E0201", "scale set", cx.problems)?;
    let which = which(act, cx)?;
    let how = disturbance(act, act.get("how")?.text()?, values::duration(act, "by"), endpoints, cx)?;
    Some(Act::Disturb { set, which, how, length: values::duration(act, "for") })
}

/// A factor in percent.
fn factor(act: &Node, key: &str) -> u32 {
    values::number(act, key).map_or(100, |factor| (factor * 100.0).round() as u32)
}

/// What happens to instances, by its word.
fn disturbance(
    act: &Node,
    how: &str,
    by: Option<SimDuration>,
    endpoints: &[Endpoint],
    cx: &mut Context<'_>,
) -> Option<Disturbance> {
    let endpoint = match act.get("endpoint") {
        None => None,
        Some(node) => {
            let text = node.text().unwrap_or_default();
            let at = endpoints.iter().position(|endpoint| endpoint.path == text && !text.is_empty());
            if at.is_none() {
                let near = suggest(text, endpoints.iter().map(|endpoint| endpoint.path.as_str()));
                let problem = Problem::error("E0217", format!("the application has no endpoint `{text}`"));
                cx.problems.push(problem.at(&node.span, "unknown").maybe_help(near));
                return None;
            }
            at.and_then(|at| u16::try_from(at).ok())
        }
    };
    if how == "slow" && by.is_none() {
        let problem = Problem::error("E0109", "nothing says how slow they are");
        cx.problems.push(problem.at(&act.span, "`how: slow`").help("add `by: 6s`"));
        return None;
    }
    Some(match how {
        "freeze" => Disturbance::Freeze,
        "hang" => Disturbance::Hang,
        "corruptDisk" => Disturbance::CorruptDisk,
        "slow" => Disturbance::Slow { by: by.unwrap_or_default(), endpoint },
        "unresponsive" => Disturbance::Unresponsive { endpoint },
        "unreachable" => Disturbance::Unreachable,
        _ => Disturbance::ProcessDown,
    })
}

/// Reads the `faults` section.
pub fn random(
    pools: &[Pool],
    (places, endpoints): (&mut Places<'_>, &[Endpoint]),
    cx: &mut Context<'_>,
) -> Vec<RandomFault> {
    let mut faults = Vec::new();
    for (key, node) in section(cx.scenario, "faults") {
        let every = limits::every(node, "faults", cx.problems);
        let length = limits::lasts(node, &key.text, cx.problems);
        if node.get("for").is_none() && node.get("host").is_none() {
            let problem = Problem::error("E0109", format!("nothing says how long `{}` lasts", key.text));
            cx.problems.push(problem.at(&key.span, "this fault").help("add `for: PT10M`, or a distribution"));
        }
        let Some(every) = every else { continue };
        for what in trouble(node, &key.text, pools, (places, endpoints), cx) {
            faults.push(RandomFault { name: key.text.clone(), every, length, what });
        }
    }
    faults
}

/// What a random fault does; one that is about the probes of a balancer is one a pool.
fn trouble(
    node: &Node,
    name: &str,
    pools: &[Pool],
    (places, endpoints): (&mut Places<'_>, &[Endpoint]),
    cx: &mut Context<'_>,
) -> Vec<Act> {
    if let Some(dependency) = node.get("dependency") {
        let found = cx.dependencies.resolve(dependency, "E0202", "dependency", cx.problems);
        return found.map(|dependency| Act::DependencyDown { dependency, length: None }).into_iter().collect();
    }
    if let Some(of) = node.get("probesOf") {
        return timeline::block_pool(of, None, pools, cx);
    }
    if node.get("zones").is_some() {
        return zone_outage(node, places, cx)
            .map(|of| Act::ZoneOutage(ZoneOutage { length: None, ..of }))
            .into_iter()
            .collect();
    }
    if node.get("controlPlane").is_some() {
        return vec![Act::SlowControlPlane { percent: factor(node, "controlPlane"), length: None }];
    }
    let Some(set) = node.get("in") else {
        let problem = Problem::error("E0109", format!("nothing says which scale set `{name}` hits"));
        cx.problems.push(problem.at(&node.span, "this fault").help("add `in: vmss-web`"));
        return Vec::new();
    };
    let Some(set) = cx.sets.resolve(set, "E0201", "scale set", cx.problems) else { return Vec::new() };
    if node.get("boots").is_some() {
        let failing = values::percent(node, "failing").unwrap_or(0.0);
        return vec![Act::WorseBoots { set, percent: factor(node, "boots"), failing, length: None }];
    }
    let which = match node.get("instances") {
        None => Some(Which::Drawn),
        Some(_) => which(node, cx),
    };
    let Some(which) = which else { return Vec::new() };
    if let Some(kind) = node.get("host").and_then(Node::text) {
        return vec![Act::Maintain(HostWork { set, kind: spot::host_kind(kind), which, length: None })];
    }
    let slows = values::duration(node, "slows");
    let how = if slows.is_some() { "slow" } else { node.get("how").and_then(Node::text).unwrap_or_default() };
    let how = disturbance(node, how, slows, endpoints, cx);
    how.map(|how| Act::Disturb { set, which, how, length: None }).into_iter().collect()
}

/// Reads a `zoneOutage`.
fn zone_outage(act: &Node, places: &mut Places<'_>, cx: &mut Context<'_>) -> Option<ZoneOutage> {
    let region = match act.get("region") {
        Some(region) => places.region(region, cx)?,
        None if places.regions.len() == 1 => 0,
        None => {
            let names: Vec<&str> = places.regions.iter().map(|region| region.name.as_str()).collect();
            let problem = Problem::error("E0109", "the outage does not say which region it is in");
            let help = format!("add `region`: one of {}", names.join(", "));
            cx.problems.push(problem.at(&act.span, "this outage").help(help));
            return None;
        }
    };
    let zone = |zone: &Node| zone.text().and_then(quantity::integer).and_then(|zone| u8::try_from(zone).ok());
    let mut zones: Vec<u8> = act.get("zones")?.items().iter().filter_map(zone).collect();
    zones.sort_unstable();
    zones.dedup();
    if zones.is_empty() {
        let problem = Problem::error("E0110", "no zones are named");
        cx.problems.push(problem.at(&act.get("zones")?.span, "this list").help("write `zones: [1]`"));
        return None;
    }
    let shape = match values::published(act) {
        Some(Published::Outage(shape)) => Some(shape),
        _ => None,
    };
    let assumed = |of| cx.assumptions.get(of);
    let share = values::percent(act, "share").or(shape.map(|_| assumed(key::ZoneOutageShare)));
    let fails = shape.filter(|shape| shape.autoscale_fails).map(|_| assumed(key::ZoneOutageAutoscaleSuccess));
    Some(ZoneOutage {
        region,
        zones,
        share: share.unwrap_or(1.0),
        allocates: values::flag(act, "allocates"),
        length: values::duration(act, "for").or(shape.map(|shape| shape.length)),
        autoscale_success: values::percent(act, "autoscaleSuccess").or(fails).unwrap_or(1.0),
        tail: values::dist_of(act, "tail", cx.problems).or(shape.map(|shape| shape.tail)),
    })
}
