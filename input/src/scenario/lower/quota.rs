//! How many cores a subscription may use in a region.

use super::Context;
use super::fleet::known_cores;
use super::keys::{Cores, quota as key, region, scenario};
use crate::arm::shape::{SCALE_SET, scale_set};
use crate::problem::{Problem, suggest};
use crate::scenario::field::Reads;
use crate::tree::Node;
use windtunnel_sim::plan::{Quota, Region, ScaleSet, family, same_family};
use windtunnel_sim::rules;

/// Reads the `quota` of a region.
pub fn read(region: Option<&Node>) -> Quota {
    let Some(node) = region::QUOTA.node(region) else { return Quota::default() };
    if node.text().is_some() {
        return Quota { total: Cores::of(node), ..Quota::default() };
    }
    let families = key::FAMILIES.entries(node).iter();
    Quota {
        total: key::TOTAL.given(node),
        spot: key::SPOT.given(node),
        families: families.filter_map(|(key, value)| Some((key.text.clone(), Cores::of(value)?))).collect(),
    }
}

/// Checks the quotas against the fleet that the run begins with (AL-05), and against the sizes that there are.
pub fn check(regions: &[Region], sets: &[ScaleSet], cx: &mut Context<'_>) {
    for (key, described) in scenario::REGIONS.entries(cx.scenario) {
        let Some(node) = region::QUOTA.node(described) else { continue };
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
        for set in &here {
            let mut resources = cx.resources(SCALE_SET).filter(|of| of.is_named(&set.name));
            let Some(size) = resources.find_map(|of| scale_set::SIZE.node(of)) else { continue };
            if known_cores(&set.size).is_none() {
                let message =
                    format!("the cores of the size `{}` are not known, and {} has a quota", set.size, key.text);
                let problem = Problem::warning("W0230", message).at(&size.span, "counted as one core");
                cx.problems.push(problem.help("write the size as Azure calls it, `Standard_D2s_v5`"));
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
