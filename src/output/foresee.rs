//! What a plan alone says of automatic OS upgrades: which numbers they use, and what will never move.

use super::envelope::batches;
use windtunnel_sim::plan::{
    Act, Action, HealthSource, ImageReference, OrchestrationMode, Plan, RollingPolicy, ScaleSet,
};
use windtunnel_sim::rules::{self, RuleId, choice, key};

/// A line for every set on which automatic OS upgrade is enabled, and for every version that none of them is brought to.
pub fn os_upgrades(plan: &Plan) -> Vec<String> {
    let enabled: Vec<&ScaleSet> = plan.sets.iter().filter(|set| set.upgrade.os.enabled).collect();
    let mut lines: Vec<String> = enabled.iter().map(|set| one(plan, set)).collect();
    let followed = |definition: u16| {
        enabled.iter().any(|set| match set.image {
            ImageReference::Definition(of) | ImageReference::PlatformLatest(of) => of == definition,
            ImageReference::Version(_) => false,
        })
    };
    for (at, image) in plan.images.iter().enumerate() {
        if followed(image.version.definition) && is_excluded(plan, at as u16) {
            let rule = rules::OS_08;
            lines.push(format!(
                "image {}: excluded from `latest`, no OS upgrade brings a set to it ({rule})",
                image.name
            ));
        }
    }
    lines
}

/// A line for every entry of the timeline that publishes a version to which Azure brings no set, or that asks for an OS
/// upgrade which it refuses, by the models that the run begins with.
pub fn acts(plan: &Plan) -> Vec<String> {
    plan.timeline.iter().filter_map(|action| idle(plan, action)).collect()
}

fn idle(plan: &Plan, Action { name, what, .. }: &Action) -> Option<String> {
    match what {
        Act::Publish(publish) => {
            let image = &plan.images[usize::from(publish.image)];
            let follows = |set: &&ScaleSet| match set.image {
                ImageReference::Definition(of) | ImageReference::PlatformLatest(of) => of == image.version.definition,
                ImageReference::Version(_) => false,
            };
            let idle = plan.sets.iter().filter(|set| !set.upgrade.os.enabled).filter(follows);
            let sets: Vec<&str> = idle.map(|set| set.name.as_str()).collect();
            let (sets, rule) = (sets.join(", "), rules::UM_13);
            (!sets.is_empty()).then(|| {
                format!("`{name}` moves nobody of {sets} by itself: automatic OS upgrade is not enabled ({rule})")
            })
        }
        Act::StartOsUpgrade { set } => {
            let set = &plan.sets[usize::from(*set)];
            let flexible = set.mode == OrchestrationMode::Flexible && !plan.assumptions.get(key::OsUpgradeFlexible);
            let (why, rule) = match set.image {
                _ if flexible => ("it is Flexible", rules::OS_07),
                ImageReference::Version(_) => ("its model names a version", rules::RS_11),
                ImageReference::Definition(_) | ImageReference::PlatformLatest(_) => return None,
            };
            Some(format!("`{name}` starts nothing on {}: {why} ({rule})", set.name))
        }
        _ => None,
    }
}

/// Whether a version is excluded from `latest` everywhere, and nothing on the timeline says otherwise.
fn is_excluded(plan: &Plan, image: u16) -> bool {
    let mut excluded = plan.images[usize::from(image)].version.excluded;
    for action in &plan.timeline {
        match &action.what {
            Act::Publish(what) if what.image == image => excluded = what.excluded.unwrap_or(excluded),
            Act::Exclude { image: of, regions, excluded: now } if *of == image && (regions.is_empty() || !now) => {
                excluded = *now;
            }
            _ => {}
        }
    }
    excluded
}

fn one(plan: &Plan, set: &ScaleSet) -> String {
    let name = &set.name;
    if let Some((why, rule)) = never(plan, set) {
        return format!("scale set {name}: automatic OS upgrade never begins, {why} ({rule})");
    }
    let by_flag = plan.assumptions.get(key::OsUpgradePolicy) == choice::OsUpgradePolicy::Flag;
    let own = set.upgrade.os.use_rolling_policy || !by_flag;
    let policy = if own { set.upgrade.rolling } else { RollingPolicy::default() };
    let whose = if own { "the policy of the set" } else { "the default policy" };
    let surge = if policy.max_surge { ", with surge" } else { "" };
    let (batches, rule) = (batches(&policy), rules::OS_21);
    format!("scale set {name}: automatic OS upgrade by {whose}, {batches}{surge} ({rule})")
}

/// Why a set is never moved, as its model is when the run begins.
fn never(plan: &Plan, set: &ScaleSet) -> Option<(&'static str, RuleId)> {
    let flexible = set.mode == OrchestrationMode::Flexible;
    match () {
        () if matches!(set.image, ImageReference::Version(_)) => Some(("its model names a version", rules::OS_01)),
        () if set.profile.health_source == HealthSource::None => Some(("it has no health source", rules::OS_03)),
        () if set.profile.health_source == HealthSource::Conflict => Some(("it has two health sources", rules::UM_06)),
        () if flexible && !plan.assumptions.get(key::OsUpgradeFlexible) => Some(("it is Flexible", rules::OS_07)),
        () if flexible && set.upgrade.rolling.max_surge => Some(("it is Flexible and has maxSurge", rules::MS_07)),
        () => None,
    }
}
