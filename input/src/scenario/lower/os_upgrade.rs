//! What is known of automatic OS upgrades before anything runs: which numbers they use, and which sets they never move.

use super::Context;
use crate::arm::shape::scale_set::{OS_UPGRADE, ROLLING};
use crate::problem::Problem;
use crate::tree::Node;
use windtunnel_sim::plan::{OrchestrationMode, RollingPolicy, ScaleSet};
use windtunnel_sim::rules::{self, choice, key};

/// Warns of what the writer of a set may not mean by its automatic OS upgrades.
pub fn foresee(resource: &Node, set: &ScaleSet, cx: &mut Context<'_>) {
    if !set.upgrade.os.enabled {
        return;
    }
    let at = OS_UPGRADE.find(resource).unwrap_or(resource);
    let never = never(set, cx);
    if let Some((rule, why, help)) = never {
        let message = format!("automatic OS upgrade is enabled on `{}` but will never start: {why} ({rule})", set.name);
        cx.problems.push(Problem::warning("W0560", message).at(&at.span, "enabled here").help(help));
        return;
    }
    let Some(numbers) = ROLLING.find(resource) else { return };
    // Where both readings come to the same, there is nothing to say.
    if set.upgrade.os.use_rolling_policy
        || set.upgrade.rolling == RollingPolicy::default()
        || !cx.rules.on(rules::OS_21)
    {
        return;
    }
    let message = match cx.assumptions.get(key::OsUpgradePolicy) {
        choice::OsUpgradePolicy::Flag => format!(
            "automatic OS upgrades of `{}` do not use these numbers, but 20/20/20, no pause and no surge: \
             `useRollingUpgradePolicy` is not true",
            set.name
        ),
        choice::OsUpgradePolicy::RollingPolicy => format!(
            "automatic OS upgrades of `{}` are assumed to use these numbers, although `useRollingUpgradePolicy` is \
             not true",
            set.name
        ),
    };
    let help = "Azure's pages disagree whether the flag is needed; write `useRollingUpgradePolicy: true`, on which \
        they agree, or set the assumption `os_upgrade.policy`";
    let problem = Problem::warning("W0559", format!("{message} ({})", rules::OS_21));
    cx.problems.push(problem.at(&numbers.span, "this policy").help(help));
}

/// Why no automatic OS upgrade of a set will ever begin, by which rule, and what to do about it.
fn never(set: &ScaleSet, cx: &Context<'_>) -> Option<(rules::RuleId, &'static str, &'static str)> {
    if set.mode == OrchestrationMode::Uniform {
        return None;
    }
    if !cx.assumptions.get(key::OsUpgradeFlexible) && cx.rules.on(rules::OS_07) {
        let help = "use Uniform; or, if your subscription has the preview, set the assumption `os_upgrade.flexible: \
            true`";
        return Some((rules::OS_07, "the set is Flexible, which does not support it", help));
    }
    if set.upgrade.rolling.max_surge && cx.rules.on(rules::MS_07) {
        let help = "remove `maxSurge`, or use Uniform";
        return Some((rules::MS_07, "in Flexible it cannot be combined with `maxSurge`", help));
    }
    None
}
