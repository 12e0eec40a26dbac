//! `upgradePolicy`: how changes reach the instances of a set.

use super::Context;
use crate::arm::shape::scale_set::{
    CROSS_ZONE, MAX_BATCH, MAX_SURGE, MAX_UNHEALTHY, MAX_UNHEALTHY_UPGRADED, OS_DEFERRAL, OS_ROLLBACK_DISABLED,
    OS_UPGRADE_ENABLED, OS_USES_ROLLING_POLICY, PAUSE, PRIORITIZE_UNHEALTHY, ROLLBACK_ON_BREACH, ROLLING, UPGRADE_MODE,
};
use crate::scenario::legality::upgrade::{UPGRADE_RULES, flexible_mode};
use crate::scenario::legality::{Legality, SetFacts};
use crate::tree::Node;
use windtunnel_sim::plan::{OsUpgradePolicy, RollingPolicy, UpgradePolicy};

/// The policy of a set, its defaults filled in.
pub fn policy(resource: &Node) -> UpgradePolicy {
    UpgradePolicy {
        mode: UPGRADE_MODE.value(resource),
        rolling: RollingPolicy {
            max_batch_percent: MAX_BATCH.value(resource),
            max_unhealthy_percent: MAX_UNHEALTHY.value(resource),
            max_unhealthy_upgraded_percent: MAX_UNHEALTHY_UPGRADED.value(resource),
            pause: PAUSE.value(resource),
            prioritize_unhealthy: PRIORITIZE_UNHEALTHY.value(resource),
            cross_zone: CROSS_ZONE.value(resource),
            max_surge: MAX_SURGE.value(resource),
            rollback_on_breach: ROLLBACK_ON_BREACH.value(resource),
        },
        rolling_given: ROLLING.find(resource).is_some(),
        os: OsUpgradePolicy {
            enabled: OS_UPGRADE_ENABLED.value(resource),
            disable_rollback: OS_ROLLBACK_DISABLED.value(resource),
            use_rolling_policy: OS_USES_ROLLING_POLICY.value(resource),
            deferral: OS_DEFERRAL.value(resource),
        },
    }
}

/// Checks the policy of a set against what Azure accepts.
pub fn check_upgrade_policy(set: &SetFacts, cx: &mut Context<'_>) {
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    flexible_mode(set, &mut say);
    for (rule, check) in UPGRADE_RULES {
        check(*rule, set, &mut say);
    }
}
