//! What goes wrong in the world outside, and how much of it a subscription may use.

use super::gallery::Places;
use super::{Context, section, values};
use crate::input::problem::{Problem, suggest};
use crate::input::quantity;
use crate::input::tree::Node;
use windtunnel_sim::plan::{Quota, Region, ScaleSet, ZoneOutage, family, same_family};
use windtunnel_sim::rules;

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

/// Reads a `zoneOutage`.
pub fn zone_outage(act: &Node, places: &mut Places<'_>, cx: &mut Context<'_>) -> Option<ZoneOutage> {
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
    Some(ZoneOutage {
        region,
        zones,
        share: values::percent(act, "share").unwrap_or(1.0),
        allocates: values::flag(act, "allocates"),
        length: values::duration(act, "for"),
        tail: values::dist_of(act, "tail", cx.problems),
    })
}
